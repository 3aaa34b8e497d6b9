//! Days as files write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Reads a day: alone, as `2026-04-01` or `2026-4-1`, or with a time, which counts in UTC, as the
/// application takes it. `None`: it is none between the years 1 and 9999.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    // The longest form has nine digits after the point and a zone.
    if text.len() > 40 || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let in_zone = |format: &str| DateTime::parse_from_str(text, format).ok().map(|at| at.naive_utc().date());
    let without = |format: &str| NaiveDateTime::parse_from_str(text, format).ok().map(|at| at.date());
    let day = text
        .parse::<NaiveDate>()
        .ok()
        .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.naive_utc().date()))
        .or_else(|| in_zone("%Y-%m-%d %H:%M:%S%.f %#z"))
        .or_else(|| without("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| without("%Y-%m-%d %H:%M:%S%.f"))?;
    (1..=9999).contains(&chrono::Datelike::year(&day)).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_all_its_forms() {
        for text in [
            "2026-04-01",
            "2026-4-1",
            " 2026-04-01 ",
            "2026-04-01T00:00:00.000Z",
            "2026-04-01T23:59:59Z",
            "2026-04-01 12:00:00",
            "2026-04-01T12:00:00.5",
            "2026-04-02T01:00:00+02:00",
            "2026-04-02 01:00:00 +02:00",
        ] {
            assert_eq!(day(text), NaiveDate::from_ymd_opt(2026, 4, 1), "{text}");
        }
        for wrong in ["", "true", "2026", "2026-13-01", "2026-02-30", "01.04.2026", "+12026-01-01", "2026-04-01x", "1"]
        {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        assert_eq!(day(&"2".repeat(10_000)), None);
    }
}
