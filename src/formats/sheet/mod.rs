//! Tables that people keep: CSV as spreadsheets write it, and the sheets of workbooks, each as rows of cells
//! with its columns found by their names.

mod day;
mod delimited;
pub(super) mod list;
mod parts;
mod text;
mod workbook;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

pub(super) use self::day::Days;
use super::Source;
use super::incoming::Incoming;
use super::intake::{At, SheetHead};
use super::table::unguard;
use crate::domain::fault::{Fault, Faults, Place};

/// How many columns a table may have.
const MOST_COLUMNS: usize = 256;

/// How many rows a table may have.
const MOST_ROWS: usize = 250_000;

/// How many cells a file may have, those included that are empty: hardly anything may stand between them.
const MOST_CELLS: usize = 4_000_000;

/// How many characters a cell may have: what spreadsheets take.
const CELL_LIMIT: usize = 32_767;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text; empty: nothing.
    Text(String),
    /// A number that is not formatted as a day.
    Number(f64),
    /// A day.
    Day(NaiveDate),
    /// What cannot be read, and why.
    Fault(String),
}

impl Value {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// A row and its number, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    number: u64,
    cells: Vec<Value>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// Its file, its sheet, and the names of its columns in small letters.
    head: Arc<SheetHead>,
    /// The number of the row with the names.
    head_number: u64,
    /// The names as they are written.
    names: Vec<String>,
    lines: Vec<Line>,
}

/// The columns that a kind of table has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// What it is called, which also is the name of its sheet.
    pub(super) kind: &'static str,
    /// All that are read.
    pub(super) known: &'static [&'static str],
    /// Those that cannot be missing.
    pub(super) needed: &'static [&'static str],
    /// Those that help people and are not read.
    pub(super) passed_over: &'static [&'static str],
}

impl Columns {
    fn has(&self, name: &str) -> bool {
        self.known.contains(&name)
    }
}

/// Whether something begins like a workbook or another archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The tables of a source; what is wrong goes into the faults. A text that is no table has one all the same.
/// `heads`: the columns by which the character between the cells is found.
pub(super) fn open(source: Source<'_>, heads: &[Columns], incoming: &mut Incoming) -> Vec<Grid> {
    let opened = if is_archive(source.bytes) {
        workbook::read(source)
    } else {
        delimited::read(source, heads, &mut incoming.warnings).map(|grid| vec![grid])
    };
    opened.unwrap_or_else(|faults| {
        incoming.faults.extend(faults);
        Vec::new()
    })
}

/// Whether the first line of a text names columns of one of these kinds.
pub(super) fn is_delimited(bytes: &[u8], heads: &[Columns]) -> bool {
    delimited::head(bytes, heads).is_some_and(|names| heads.iter().any(|columns| is_head(&names, columns)))
}

/// Whether names are those of a kind of table: at least two of the columns that it needs, or all.
fn is_head(names: &[String], columns: &Columns) -> bool {
    let needed = columns.needed.iter().filter(|name| names.iter().any(|other| other == *name)).count();
    let known = names.iter().filter(|name| columns.has(name)).count();
    needed >= columns.needed.len().min(2) && known >= 2
}

/// The name of a column as readers know it: small letters, and `_` between words.
fn column_name(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '_' || c == '-').collect();
    words.iter().filter(|word| !word.is_empty()).map(|word| word.to_lowercase()).collect::<Vec<_>>().join("_")
}

impl Grid {
    /// A table whose first line with something in it is its head.
    fn new(source: &str, sheet: Option<String>, lines: Vec<Line>) -> Self {
        let mut lines = lines.into_iter().skip_while(|line| line.cells.iter().all(Value::is_empty));
        let first = lines.next().unwrap_or(Line { number: 1, cells: Vec::new() });
        let names: Vec<String> = first
            .cells
            .iter()
            .map(|cell| match cell {
                Value::Text(text) => unguard(text).trim().to_owned(),
                _ => String::new(),
            })
            .collect();
        let columns = names.iter().map(|name| column_name(name)).collect();
        let head = Arc::new(SheetHead { source: source.to_owned(), sheet, columns });
        let lines = lines.filter(|line| !line.cells.iter().all(Value::is_empty)).collect();
        Self { head, head_number: first.number, names, lines }
    }

    /// Which of these kinds it is: by its head or else, where a workbook has it, by its name.
    pub(super) fn kind_of<'c>(&self, kinds: &'c [Columns]) -> Option<&'c Columns> {
        let by_head = kinds.iter().filter(|columns| is_head(&self.head.columns, columns));
        let known = |columns: &&Columns| self.head.columns.iter().filter(|name| columns.has(name)).count();
        let by_name = || {
            let name = self.head.sheet.as_deref()?.trim().to_lowercase();
            kinds.iter().find(|columns| columns.kind == name)
        };
        by_head.max_by_key(known).or_else(by_name)
    }

    /// The name of its sheet.
    pub(super) fn sheet(&self) -> Option<&str> {
        self.head.sheet.as_deref()
    }

    fn at(&self, number: u64) -> At {
        At::Row { sheet: Arc::clone(&self.head), number }
    }

    /// The place of its head.
    pub(super) fn head_place(&self) -> Place {
        self.at(self.head_number).place()
    }

    /// Its rows with their columns found, or what is wrong with its head.
    pub(super) fn rows(&self, columns: &Columns, incoming: &mut Incoming) -> Vec<Row<'_>> {
        let Some(found) = self.find(columns, incoming) else { return Vec::new() };
        let found = Arc::new(found);
        let needed = columns.needed.iter().filter_map(|name| found.get(name)).max().copied().unwrap_or_default();
        let wanted = self.names.len();
        let fault = |cells: &[Value]| {
            // Some spreadsheets leave out what is empty at the end of a line.
            let is_whole = cells.len() > needed && cells.iter().skip(wanted).all(Value::is_empty);
            (!is_whole).then(|| format!("{} cells where the head has {wanted}", cells.len()))
        };
        let rows = self.lines.iter().map(|Line { number, cells }| Row {
            at: self.at(*number),
            fault: fault(cells),
            cells,
            found: Arc::clone(&found),
        });
        rows.collect()
    }

    /// Where the columns are. Their order is free.
    fn find(&self, columns: &Columns, incoming: &mut Incoming) -> Option<HashMap<&'static str, usize>> {
        let place = self.head_place();
        let mut found: HashMap<&'static str, usize> = HashMap::new();
        let mut is_good = true;
        for (position, (name, written)) in self.head.columns.iter().zip(&self.names).enumerate() {
            match columns.known.iter().find(|known| *known == name) {
                Some(known) if found.insert(known, position).is_some() => {
                    incoming.faults.push(place.clone(), format!("the column {known} is there twice"));
                    is_good = false;
                }
                Some(_) => {}
                None if name.is_empty() || columns.passed_over.contains(&name.as_str()) => {}
                None => {
                    let shown: String = written.chars().take(60).collect();
                    let message = format!("the column “{shown}” is not known and was not read");
                    incoming.warnings.push(Fault { place: place.clone(), message });
                }
            }
        }
        for needed in columns.needed.iter().filter(|name| !found.contains_key(*name)) {
            let head = columns.known.join(",");
            incoming.faults.push(place.clone(), format!("the column {needed} is missing; the head is {head}"));
            is_good = false;
        }
        is_good.then_some(found)
    }
}

/// A row of a table whose columns are known.
#[derive(Debug, Clone)]
pub(super) struct Row<'g> {
    /// Where it stands.
    pub(super) at: At,
    /// What is wrong with it as a whole.
    fault: Option<String>,
    cells: &'g [Value],
    found: Arc<HashMap<&'static str, usize>>,
}

impl<'g> Row<'g> {
    /// Whether it has the cells that it needs; otherwise that is a fault.
    pub(super) fn is_whole(&self, faults: &mut Faults) -> bool {
        if let Some(message) = &self.fault {
            faults.push(self.at.place(), message.as_str());
        }
        self.fault.is_none()
    }

    /// The cell of a column; `None`: there is no such column.
    pub(super) fn cell(&self, column: &str) -> Option<Option<&'g Value>> {
        self.found.get(column).map(|position| self.cells.get(*position))
    }

    /// The text of a cell, empty where there is none. What cannot be read is a fault.
    pub(super) fn text(&self, column: &str, faults: &mut Faults) -> Option<Cow<'g, str>> {
        Some(match self.cell(column).flatten() {
            None => Cow::Borrowed(""),
            Some(Value::Text(text)) => Cow::Borrowed(unguard(text)),
            Some(Value::Number(number)) => Cow::Owned(number.to_string()),
            Some(Value::Day(day)) => Cow::Owned(day.to_string()),
            Some(Value::Fault(message)) => {
                faults.push(self.at.cell(column), message.as_str());
                return None;
            }
        })
    }

    /// The same, if there is such a column; the outer `None`: it cannot be read.
    pub(super) fn text_if_any(&self, column: &str, faults: &mut Faults) -> Option<Option<Cow<'g, str>>> {
        match self.cell(column) {
            None => Some(None),
            Some(_) => self.text(column, faults).map(Some),
        }
    }
}

/// A value, or its fault at a cell.
pub(super) fn checked<T, E: std::fmt::Display>(
    at: &At,
    column: &str,
    value: Result<T, E>,
    faults: &mut Faults,
) -> Option<T> {
    value.map_err(|error| faults.push(at.cell(column), error.to_string())).ok()
}
