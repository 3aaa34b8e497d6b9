//! Any bytes as the guide.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::bundled::guide(bytes));
