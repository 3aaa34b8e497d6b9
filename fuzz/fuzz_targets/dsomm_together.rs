//! Any bytes as several files of the DSOMM application that belong together.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::imports::together(bytes));
