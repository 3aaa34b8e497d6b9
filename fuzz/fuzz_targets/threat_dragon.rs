//! Any bytes as a file of Threat Dragon 2.

#![no_main]

use cairn_fuzz::domain::threat_model::format::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| cairn_fuzz::threat_models::read_as(Format::ThreatDragon2, bytes));
