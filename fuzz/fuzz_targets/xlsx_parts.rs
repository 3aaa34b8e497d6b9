//! Any bytes as the parts of a workbook.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::imports::workbook(bytes));
