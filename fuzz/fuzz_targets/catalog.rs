//! Any bytes as a catalog of its own.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::catalogs::whole(bytes));
