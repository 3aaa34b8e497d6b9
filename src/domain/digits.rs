//! Numbers and days as text: how digests are written, and how people write days.

use std::fmt::Debug;

use chrono::{Datelike, NaiveDate};
use sha2::{Digest as _, Sha256};

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What tells these bytes from others: the first half of their SHA-256, in hexadecimal.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// What tells this state of a thing from others, so that a person can say which they saw.
pub fn state(thing: &impl Debug) -> String {
    // This form writes every text in quotes, so that nothing can pose as something else.
    fingerprint(format!("{thing:?}").as_bytes())
}

/// Reads a day of the calendar, written like 2026-11-24. The database keeps years of four digits.
pub fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(sensible)
}

/// A day that somebody may mean: in a year with four digits, and not so far away that it can only be a slip.
pub fn sensible(day: NaiveDate) -> Option<NaiveDate> {
    (1900..3000).contains(&day.year()).then_some(day)
}

/// A day as people read it, like 24 Nov 2026.
pub fn written(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_of_the_calendar() {
        assert_eq!(day("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for wrong in ["", "2025-02-29", "24.12.2025", "0000-01-01", "9999-01-01", "+12026-01-01", "-1-01-01", "x"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(hex(&[0x00, 0x0a, 0xff]), "000aff");
    }
}
