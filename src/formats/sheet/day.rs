//! Days as people and spreadsheets write them.

use chrono::NaiveDate;

use super::{Row, Value};
use crate::domain::digits;
use crate::domain::fault::Faults;
use crate::formats::table::unguard;

/// How the days of a column are written where a slash separates the numbers, as all of it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// None decides it.
    Unknown,
    DayFirst,
    MonthFirst,
    /// Some are written so and others otherwise.
    Both,
}

/// The days of a column.
#[derive(Debug, Clone, Copy)]
pub(in crate::formats) struct Days {
    column: &'static str,
    order: Order,
}

impl Days {
    /// Looks at a whole column, which may decide how its days are written.
    pub(in crate::formats) fn of(column: &'static str, rows: &[Row<'_>]) -> Self {
        let mut order = Order::Unknown;
        for row in rows {
            let Some(Some(Value::Text(text))) = row.cell(column) else { continue };
            let Some((first, second, _)) = slashed(unguard(text)) else { continue };
            order = match (order, first > 12, second > 12) {
                (Order::Unknown | Order::DayFirst, true, false) => Order::DayFirst,
                (Order::Unknown | Order::MonthFirst, false, true) => Order::MonthFirst,
                (order, false, false) | (order, true, true) => order,
                _ => Order::Both,
            };
        }
        Self { column, order }
    }

    /// The day of a row; the inner `None`: the cell is empty; the outer: it is no day, which is a fault.
    pub(in crate::formats) fn read(self, row: &Row<'_>, faults: &mut Faults) -> Option<Option<NaiveDate>> {
        let read = match row.cell(self.column).flatten() {
            None => Ok(None),
            Some(Value::Day(day)) => digits::sensible(*day).map(Some).ok_or_else(|| format!("{day} is no day; {HOW}")),
            Some(Value::Number(serial)) => {
                of_serial(*serial).map(Some).ok_or_else(|| format!("{serial} is no day; {HOW}"))
            }
            Some(Value::Text(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::Text(text)) => self.parse(unguard(text)).map(Some),
            Some(Value::Fault(message)) => Err(message.clone()),
        };
        read.map_err(|message| faults.push(row.at.cell(self.column), message)).ok()
    }

    fn parse(self, text: &str) -> Result<NaiveDate, String> {
        let text = without_midnight(text.trim());
        let shown: String = text.chars().take(40).collect();
        let no_day = || format!("“{shown}” is no day; {HOW}");
        if let Some(day) = digits::day(&text.replace('/', "-")).or_else(|| dotted(text)) {
            return Ok(day);
        }
        let (first, second, year) = slashed(text).ok_or_else(no_day)?;
        let (day_first, month_first) = (day(year, second, first), day(year, first, second));
        match (day_first, month_first, self.order) {
            (Some(one), Some(other), _) if one == other => Ok(one),
            (Some(one), Some(other), Order::Unknown | Order::Both) => {
                Err(format!("“{shown}” may be {} or {}; {HOW}", digits::written(one), digits::written(other)))
            }
            (Some(day), _, Order::DayFirst) | (_, Some(day), Order::MonthFirst) => Ok(day),
            (Some(day), None, _) | (None, Some(day), _) => Ok(day),
            (None, None, _) => Err(no_day()),
        }
    }
}

const HOW: &str = "write it like 2026-11-27";

/// The text without the time at the end, if that is midnight.
fn without_midnight(text: &str) -> &str {
    [" 00:00:00", "T00:00:00", " 00:00", " 0:00"].iter().find_map(|time| text.strip_suffix(time)).unwrap_or(text)
}

/// A day like 27.11.2026.
fn dotted(text: &str) -> Option<NaiveDate> {
    let (first, second, year) = numbers(text, '.')?;
    day(year, second, first)
}

/// The numbers of a day like 27/11/2026.
fn slashed(text: &str) -> Option<(u32, u32, u32)> {
    numbers(without_midnight(text.trim()), '/')
}

fn numbers(text: &str, between: char) -> Option<(u32, u32, u32)> {
    let parts: Vec<&str> = text.split(between).map(str::trim).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let is_plain = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_plain)
    };
    Some((number(first, 1..=2)?, number(second, 1..=2)?, number(year, 4..=4)?))
}

fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    digits::sensible(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?)
}

/// The day that a workbook keeps as a number: how many days after the end of 1899. It counts a 29th of
/// February 1900, which there was not.
fn of_serial(serial: f64) -> Option<NaiveDate> {
    if !(1.0..=400_000.0).contains(&serial) {
        return None;
    }
    let days = serial.floor();
    let days = if days < 60.0 { days + 1.0 } else { days };
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    // It is in the range above.
    digits::sensible(start.checked_add_days(chrono::Days::new(days as u64))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, order: Order) -> Result<String, String> {
        Days { column: "day", order }.parse(text).map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for text in ["2026-11-27", " 27.11.2026", "27/11/2026", "11/27/2026", "2026/11/27", "2026-11-27 00:00:00"] {
            assert_eq!(parse(text, Order::Unknown).as_deref(), Ok("2026-11-27"), "{text}");
        }
        assert_eq!(parse("3/4/2026", Order::DayFirst).as_deref(), Ok("2026-04-03"));
        assert_eq!(parse("3/4/2026", Order::MonthFirst).as_deref(), Ok("2026-03-04"));
        assert_eq!(parse("4/4/2026", Order::Both).as_deref(), Ok("2026-04-04"));
        assert_eq!(
            parse("3/4/2026", Order::Unknown).unwrap_err(),
            "“3/4/2026” may be 3 Apr 2026 or 4 Mar 2026; write it like 2026-11-27"
        );
        for wrong in ["27.11.26", "31.02.2026", "13/13/2026", "soon", "2026-11-27 10:00", "١/٢/٢٠٢٦", "1/1/0001"]
        {
            assert!(parse(wrong, Order::DayFirst).unwrap_err().ends_with(HOW), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_days_as_workbooks_count_them() {
        let day = |serial| of_serial(serial).map(|day| day.to_string());
        assert_eq!(day(1.0).as_deref(), Some("1900-01-01"));
        assert_eq!(day(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(day(46_353.5).as_deref(), Some("2026-11-27"));
        assert_eq!([day(0.0), day(-1.0), day(f64::NAN), day(f64::INFINITY), day(1e300)], [const { None }; 5]);
    }
}
