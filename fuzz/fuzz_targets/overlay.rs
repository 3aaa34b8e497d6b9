//! Any bytes as changes to a catalog.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::catalogs::overlay(bytes));
