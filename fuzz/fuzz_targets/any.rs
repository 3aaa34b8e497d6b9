//! Any bytes as a file of a kind that is to be found out.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::threat_models::read(bytes));
