//! Tables of typed cells, and how they become CSV and JSON.
//!
//! CSV is RFC 4180 in UTF-8. A text that a spreadsheet would run as a formula gets an apostrophe
//! before it, which [`unguard`] takes off again; texts that already begin like a guarded one get
//! one more, so that nothing is lost on the way out and back.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::round;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<u8> for Cell {
    fn from(number: u8) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(round(number))
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A table with a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Cow<'static, str>>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.iter().map(|&name| name.into()).collect(), rows: Vec::new() }
    }

    /// An empty table some of whose columns are called after what is in it.
    pub fn with_columns(columns: Vec<Cow<'static, str>>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row with a cell for each column.
    pub fn push<const N: usize>(&mut self, cells: [Cell; N]) {
        self.push_row(cells.into());
    }

    /// Adds a row with a cell for each column, however many there are.
    pub fn push_row(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.rows.push(cells);
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[Cow<'static, str>] {
        &self.columns
    }

    /// The rows, each with a cell for each column.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The table as CSV.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        // Writing into memory cannot fail, and every row has the length of the head.
        let _ = writer.write_record(self.columns.iter().map(|name| guard(name).into_owned()));
        for row in &self.rows {
            let _ = writer.write_record(row.iter().map(|cell| csv_text(cell).into_owned()));
        }
        writer.into_inner().unwrap_or_default()
    }

    /// The table as a JSON list of objects with the columns as names.
    pub fn to_json(&self) -> Json {
        let object = |row: &Vec<Cell>| -> Map<String, Json> {
            self.columns.iter().zip(row).map(|(column, cell)| (column.to_string(), json_value(cell))).collect()
        };
        self.rows.iter().map(|row| Json::Object(object(row))).collect()
    }
}

fn csv_text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => "".into(),
        Cell::Text(text) => guard(text),
        Cell::Integer(number) => number.to_string().into(),
        Cell::Number(number) => number.to_string().into(),
        Cell::Flag(flag) => flag.to_string().into(),
    }
}

fn json_value(cell: &Cell) -> Json {
    match cell {
        Cell::Empty => Json::Null,
        Cell::Text(text) => text.as_str().into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Number(number) => (*number).into(),
        Cell::Flag(flag) => (*flag).into(),
    }
}

/// Whether a spreadsheet would run the text, or would if one apostrophe were taken off.
fn is_dangerous(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Makes a text safe for spreadsheets.
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_dangerous(text) { format!("'{text}").into() } else { text.into() }
}

/// Takes the apostrophe of [`guard`] off.
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_quoted_and_guarded() {
        let mut table = Table::new(&["a", "b", "c"]);
        table.push(["x,\"y\"\nz".into(), 0.1_f64.into(), Cell::Flag(true)]);
        table.push(["=1+1".into(), (1.0 / 3.0).into(), Cell::Empty]);
        table.push(["-5".into(), Cell::Integer(-5), "'quoted'".into()]);
        assert_eq!(
            String::from_utf8(table.to_csv()).unwrap(),
            "a,b,c\r\n\"x,\"\"y\"\"\nz\",0.1,true\r\n'=1+1,0.333333333333,\r\n'-5,-5,'quoted'\r\n"
        );
        assert_eq!(
            table.to_json().to_string(),
            r#"[{"a":"x,\"y\"\nz","b":0.1,"c":true},{"a":"=1+1","b":0.333333333333,"c":null},{"a":"-5","b":-5,"c":"'quoted'"}]"#
        );
    }

    proptest! {
        #[test]
        fn guarding_loses_nothing_and_leaves_no_formula(text in r"['=+@\-\t\r]{0,4}.{0,5}") {
            let guarded = guard(&text).into_owned();
            prop_assert_eq!(unguard(&guarded), &text);
            prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
