//! Workbooks of Excel and of whoever writes the same. How large one becomes when it is unpacked is found out
//! before it is read, and its cells are read one after the other, so that none takes more memory than it may.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use chrono::NaiveDate;
use zip::ZipArchive;

use super::{CELL_LIMIT, Grid, Line, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Value, parts};
use crate::domain::fault::{Faults, Place};
use crate::formats::{Source, too_large};

/// The largest file that is read.
const MAX_BYTES: usize = 16_000_000;

/// How large all that is packed in it may be.
const UNPACKED: u64 = 64_000_000;

/// How large a part may be that is neither a sheet nor the texts of all sheets.
const SMALL_PART: u64 = 4_000_000;

/// How many files may be packed in it.
const MOST_PARTS: usize = 1_000;

/// How many sheets it may have.
const MOST_SHEETS: usize = 50;

/// How many bytes of text all its cells may have together, however often they use the same one.
const TEXT_LIMIT: usize = 64_000_000;

/// What is wrong with a formula that nobody has computed: programs that write workbooks often store none of its
/// value, which is not the same as an empty cell.
const NOT_STORED: &str = "this is a formula whose value is not stored; open the workbook in a spreadsheet program and \
                          save it, or write the value";

/// The tables on its sheets. Hidden sheets and rows are read as others are.
pub(super) fn read(source: Source<'_>) -> Result<Vec<Grid>, Faults> {
    let place = Place { source: source.name.to_owned(), ..Place::default() };
    let fault = |message: String| Faults::one(place.clone(), message);
    too_large(source, MAX_BYTES)?;
    look_through(source.bytes).map_err(fault)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(source.bytes)).map_err(|error| fault(unreadable(&error)))?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if sheets.len() > MOST_SHEETS {
        return Err(fault(format!("{} sheets; at most {MOST_SHEETS} are read", sheets.len())));
    }
    let (mut grids, mut faults, mut room) = (Vec::new(), Faults::default(), Room::default());
    for name in sheets {
        match lines(&mut workbook, &name, &mut room) {
            Ok(lines) => grids.push(Grid::new(source.name, Some(name), lines)),
            Err(message) => faults.push(Place { path: name, ..place.clone() }, message),
        }
    }
    faults.or(grids)
}

/// How much was read of what may be.
#[derive(Debug, Default)]
struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    /// Takes room for cells, those included that are empty and stand before others, and for bytes of text.
    fn take(&mut self, cells: usize, text: usize) -> Result<(), String> {
        self.cells += cells;
        self.text += text;
        if self.cells > MOST_CELLS || self.text > TEXT_LIMIT {
            return Err(format!("more than {MOST_CELLS} cells or {} MB of text", TEXT_LIMIT / 1_000_000));
        }
        Ok(())
    }
}

/// The rows of a sheet that have something in them.
fn lines(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, room: &mut Room) -> Result<Vec<Line>, String> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
    let mut lines: Vec<Line> = Vec::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|error| unreadable(&error))? {
        let (row, column) = cell.pos;
        // A formula whose value is an empty text has that text stored.
        let is_unknown = cell.formula.is_some() && cell.value == DataRef::Empty;
        let value = if is_unknown { Value::Fault(NOT_STORED.to_owned()) } else { value(&cell.value) };
        if value.is_empty() {
            continue;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            return Err(format!("more than {MOST_COLUMNS} columns, which is the most that is read"));
        }
        let number = u64::from(row) + 1;
        match lines.last() {
            Some(last) if last.number > number => return Err("its rows are not in their order".to_owned()),
            Some(last) if last.number == number => {}
            _ if lines.len() > MOST_ROWS => {
                return Err(format!("more than {MOST_ROWS} rows, which is the most that is read"));
            }
            _ => lines.push(Line { number, cells: Vec::new() }),
        }
        if let Some(line) = lines.last_mut() {
            let text = if let Value::Text(text) | Value::Fault(text) = &value { text.len() } else { 0 };
            room.take((column + 1).saturating_sub(line.cells.len()), text)?;
            if line.cells.len() <= column {
                line.cells.resize(column + 1, Value::Text(String::new()));
            }
            if let Some(cell) = line.cells.get_mut(column) {
                *cell = value;
            }
        }
    }
    // A workbook has no ends of lines: what is empty there is not missing.
    let widest = lines.first().map_or(0, |head| head.cells.len());
    for line in &mut lines {
        if line.cells.len() < widest {
            room.take(widest - line.cells.len(), 0)?;
            line.cells.resize(widest, Value::Text(String::new()));
        }
    }
    Ok(lines)
}

fn value(cell: &DataRef<'_>) -> Value {
    match cell {
        DataRef::Empty => Value::Text(String::new()),
        DataRef::String(text) => text_value(text),
        DataRef::SharedString(text) => text_value(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_value(text),
        DataRef::Int(number) => Value::Text(number.to_string()),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::Bool(flag) => Value::Text(flag.to_string()),
        DataRef::Error(error) => Value::Fault(format!("the formula here gives {error}; mend it, or write the value")),
        DataRef::DateTime(moment) => {
            if !(0.0..3_000_000.0).contains(&moment.as_f64()) {
                return Value::Fault("this is no day".to_owned());
            }
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            day.map_or_else(|| Value::Fault("this is no day".to_owned()), Value::Day)
        }
    }
}

fn text_value(text: &str) -> Value {
    match text.len() > CELL_LIMIT && text.chars().count() > CELL_LIMIT {
        true => Value::Fault(format!("more than {CELL_LIMIT} characters in one cell")),
        false => Value::Text(text.to_owned()),
    }
}

fn unreadable(error: &XlsxError) -> String {
    match error {
        XlsxError::Password => "this workbook has a password; save it without one".to_owned(),
        error => {
            let why: String = error.to_string().chars().take(200).collect();
            format!("not readable as a workbook (.xlsx): {why}")
        }
    }
}

/// Finds out how large an archive is when it is unpacked: first by what it says of itself, then by unpacking it
/// without keeping anything, since what it says may be wrong; and whether its parts are what they say.
fn look_through(bytes: &[u8]) -> Result<(), String> {
    let unreadable = |why: String| format!("not readable as a workbook (.xlsx): {why}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(error.to_string()))?;
    if archive.len() > MOST_PARTS {
        return Err(format!("{} files are packed in it; at most {MOST_PARTS} are read", archive.len()));
    }
    if archive.index_for_name("mimetype").is_some() || archive.index_for_name("content.xml").is_some() {
        return Err("this is an OpenDocument file; save it as a workbook (.xlsx) or as CSV".to_owned());
    }
    if archive.index_for_name("[Content_Types].xml").is_none() {
        return Err("this is an archive, but no workbook (.xlsx)".to_owned());
    }
    let said = archive.decompressed_size().unwrap_or_default();
    if said > u128::from(UNPACKED) {
        return Err(too_much());
    }
    let mut room = UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| unreadable(error.to_string()))?;
        let name = part.name().map_err(|error| unreadable(error.to_string()))?.to_lowercase();
        let is_large = name.contains("worksheets/") || name.ends_with("sharedstrings.xml") || name.contains("media/");
        let limit = if is_large { room } else { room.min(SMALL_PART) };
        let mut limited = part.take(limit + 1);
        parts::look_through(&mut limited)?;
        // What follows the place where it ends to be XML.
        std::io::copy(&mut limited, &mut std::io::sink()).map_err(|error| unreadable(error.to_string()))?;
        let unpacked = limit + 1 - limited.limit();
        if unpacked > limit {
            return Err(if limit < room { format!("its part {name} is too large to be read") } else { too_much() });
        }
        room -= unpacked;
    }
    Ok(())
}

fn too_much() -> String {
    format!("larger than {} MB when it is unpacked, which is the most that is read", UNPACKED / 1_000_000)
}
