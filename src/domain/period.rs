//! Calendar quarters, the periods in which teams are assessed.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Serialize, Serializer};

/// The year of the first quarter that can be written.
const FIRST_YEAR: u16 = 2000;

/// A calendar quarter, written `2026-Q4`. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: u16,
    quarter: u8,
}

/// The text was not a quarter of the form `2026-Q4` between the years 2000 and 2999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a quarter; write it like 2026-Q4")]
pub struct NotAPeriod(pub String);

impl Period {
    /// The first quarter that can be written.
    pub const FIRST: Self = Self { year: FIRST_YEAR, quarter: 1 };

    /// The last quarter that can be written.
    pub const LAST: Self = Self { year: 2999, quarter: 4 };

    /// The quarter that contains `at`, in UTC.
    pub fn containing(at: DateTime<Utc>) -> Self {
        Self::of_day(at.date_naive())
    }

    /// The quarter of a day.
    pub fn of_day(day: NaiveDate) -> Self {
        let quarter = u8::try_from(day.month0() / 3 + 1).unwrap_or(1);
        Self { year: u16::try_from(day.year()).unwrap_or(2000), quarter }
    }

    /// The quarter before this one; the first that there is comes before itself.
    pub fn previous(self) -> Self {
        if self.quarter > 1 {
            Self { quarter: self.quarter - 1, ..self }
        } else if self.year <= FIRST_YEAR {
            self
        } else {
            Self { year: self.year - 1, quarter: 4 }
        }
    }

    /// The quarter after this one.
    pub fn next(self) -> Self {
        if self.quarter < 4 {
            Self { quarter: self.quarter + 1, ..self }
        } else {
            Self { year: self.year + 1, quarter: 1 }
        }
    }

    /// The quarter so many after this one; at most two hundred and fifty years.
    pub fn plus(self, quarters: u32) -> Self {
        (0..quarters.min(1_000)).fold(self, |period, _| period.next())
    }

    /// How many quarters it is after an earlier one; 0 when it is not after it.
    pub fn quarters_after(self, earlier: Self) -> u32 {
        let number = |period: Self| u32::from(period.year) * 4 + u32::from(period.quarter);
        number(self).saturating_sub(number(earlier))
    }

    /// The first day of the quarter.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.year), u32::from(self.quarter) * 3 - 2, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day of the quarter.
    pub fn last_day(self) -> NaiveDate {
        let next = self.next();
        NaiveDate::from_ymd_opt(i32::from(next.year), u32::from(next.quarter) * 3 - 2, 1)
            .and_then(|day| day.pred_opt())
            .unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAPeriod(text.chars().take(40).collect());
        let (year, quarter) = text.split_once("-Q").ok_or_else(wrong)?;
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let year: u16 = year.parse().map_err(|_| wrong())?;
        let quarter = match quarter {
            "1" => 1,
            "2" => 2,
            "3" => 3,
            "4" => 4,
            _ => return Err(wrong()),
        };
        if !(FIRST_YEAR..3000).contains(&year) {
            return Err(wrong());
        }
        Ok(Self { year, quarter })
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn quarters_follow_each_other_over_the_year() {
        assert_eq!(period("2026-Q4").next(), period("2027-Q1"));
        assert_eq!(period("2026-Q1").previous(), period("2025-Q4"));
        assert!(period("2025-Q4") < period("2026-Q1"));
        assert_eq!(period("2027-Q1").quarters_after(period("2025-Q4")), 5);
        assert_eq!(period("2025-Q4").quarters_after(period("2027-Q1")), 0);
        assert_eq!(period("2024-Q1").last_day().to_string(), "2024-03-31");
        assert_eq!(period("2024-Q4").last_day().to_string(), "2024-12-31");
    }

    #[test]
    fn a_moment_belongs_to_its_quarter() {
        for (moment, quarter) in [
            ("2026-01-01T00:00:00Z", "2026-Q1"),
            ("2026-06-30T23:59:59Z", "2026-Q2"),
            ("2026-11-24T12:00:00Z", "2026-Q4"),
        ] {
            assert_eq!(Period::containing(moment.parse().unwrap()), period(quarter));
        }
    }

    #[test]
    fn only_the_written_form_is_a_period() {
        for wrong in [
            "", "2026", "2026-Q5", "2026-Q0", "2026-q4", "26-Q4", "2026Q4", "2026-Q41", "+026-Q1", " 2026-Q4",
            "1999-Q4",
        ] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
        assert_eq!(period("2026-Q4").to_string(), "2026-Q4");
    }
}
