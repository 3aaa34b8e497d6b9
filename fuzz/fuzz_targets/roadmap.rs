//! Any bytes as the stages of the transformation.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::bundled::roadmap(bytes));
