//! CSV: cells between commas, semicolons or tabs, as spreadsheets in all languages write it.

use super::text::{Encoding, decode};
use super::{CELL_LIMIT, Columns, Grid, Line, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Value, column_name};
use crate::domain::fault::{Fault, Faults, Place};
use crate::formats::{Source, too_large};

/// The largest file that is read: about 250,000 answers.
pub(in crate::formats) const MAX_BYTES: usize = 32_000_000;

/// How much of a file is looked at to see what it is.
const HEAD_BYTES: usize = 16_000;

/// The names in the first line of a text, as readers know them; `None`: it is no text.
pub(super) fn head(bytes: &[u8], heads: &[Columns]) -> Option<Vec<String>> {
    let mut start = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    // A cut may go through a character.
    if bytes.len() > HEAD_BYTES {
        let end = start.iter().rposition(|byte| *byte == b'\n' || *byte == b'\r');
        start = start.get(..end.unwrap_or(start.len())).unwrap_or(start);
    }
    let (text, _) = decode(start);
    if text.contains('\0') {
        return None;
    }
    let (_, rest, delimiter) = shape(&text, heads);
    names(rest, delimiter)
}

/// Reads the whole of a text.
pub(super) fn read(source: Source<'_>, heads: &[Columns], warnings: &mut Vec<Fault>) -> Result<Grid, Faults> {
    let place = |line| Place { source: source.name.to_owned(), line, ..Place::default() };
    too_large(source, MAX_BYTES)?;
    let (text, encoding) = decode(source.bytes);
    if text.contains('\0') {
        return Err(Faults::one(place(0), "this is no text; save it as CSV in UTF-8, or as a workbook (.xlsx)"));
    }
    if encoding == Encoding::Windows {
        let message = "this is not UTF-8, so it was read as Windows-1252, as older spreadsheets write it; look at \
                       the letters with accents";
        warnings.push(Fault { place: place(0), message: message.to_owned() });
    }
    let (skipped, rest, delimiter) = shape(&text, heads);
    if let Some((line, message)) = broken(rest, delimiter) {
        return Err(Faults::one(place(line + skipped), message));
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(rest.as_bytes());
    let (mut lines, mut ends, mut cells) = (Vec::new(), LineEnds::new(rest), 0);
    let mut record = csv::StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let number = ends.line_of_row(record.position().map_or(0, csv::Position::byte)) + skipped;
        if lines.len() > MOST_ROWS {
            return Err(Faults::one(
                place(number),
                format!("more than {MOST_ROWS} rows, which is the most that is read"),
            ));
        }
        cells += record.len();
        if cells > MOST_CELLS {
            return Err(Faults::one(
                place(number),
                format!("more than {MOST_CELLS} cells, which is the most that is read"),
            ));
        }
        lines.push(Line { number, cells: record.iter().map(value).collect() });
    }
    Ok(Grid::new(source.name, None, lines))
}

fn value(text: &str) -> Value {
    match text.len() > CELL_LIMIT && text.chars().count() > CELL_LIMIT {
        true => Value::Fault(format!("more than {CELL_LIMIT} characters in one cell")),
        false => Value::Text(text.to_owned()),
    }
}

/// How many lines come before the head, what follows them, and what stands between cells.
fn shape<'t>(text: &'t str, heads: &[Columns]) -> (u64, &'t str, u8) {
    // What some spreadsheets write to tell each other.
    if let Some(said) = text.strip_prefix("sep=").or_else(|| text.strip_prefix("\"sep="))
        && let Some(delimiter) = said.bytes().next().filter(u8::is_ascii)
        && let Some((line, rest)) = said.split_once(['\n', '\r'])
        && line.len() <= 2
    {
        let is_pair = said.get(line.len()..).is_some_and(|end| end.starts_with("\r\n"));
        let rest = if is_pair { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
        return (1, rest, delimiter);
    }
    let known = |delimiter: u8| {
        let names = names(text, delimiter).unwrap_or_default();
        let of = |columns: &Columns| names.iter().filter(|name| columns.has(name)).count();
        heads.iter().map(of).max().unwrap_or_default()
    };
    // Of several that fit as well the first.
    let best = [b',', b';', b'\t'].into_iter().rev().max_by_key(|delimiter| known(*delimiter)).unwrap_or(b',');
    (0, text, best)
}

/// Tells in which line of a text a row begins. The line numbers of the `csv` crate are those of where it begins
/// to look for the row, which is before the ends of lines that it passes over.
#[derive(Debug)]
struct LineEnds<'t> {
    bytes: std::iter::Peekable<std::iter::Enumerate<std::str::Bytes<'t>>>,
    line: u64,
    is_after_return: bool,
}

impl<'t> LineEnds<'t> {
    fn new(text: &'t str) -> Self {
        Self { bytes: text.bytes().enumerate().peekable(), line: 1, is_after_return: false }
    }

    /// The line, counted from 1, of the first character at or after a byte that ends no line. Bytes are asked
    /// for in their order, so that a text is gone through once.
    fn line_of_row(&mut self, byte: u64) -> u64 {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some((_, next)) = self.bytes.next_if(|&(at, next)| at < start || next == b'\n' || next == b'\r') {
            self.pass(next);
        }
        self.line
    }

    /// Counts a byte: a carriage return, a line feed, and both one after the other each end one line.
    fn pass(&mut self, byte: u8) {
        let ends = byte == b'\r' || byte == b'\n' && !self.is_after_return;
        self.line += u64::from(ends);
        self.is_after_return = byte == b'\r';
    }
}

/// The names in the first line.
fn names(text: &str, delimiter: u8) -> Option<Vec<String>> {
    let line = text.trim_start_matches(['\n', '\r']).split(['\n', '\r']).next()?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().take(MOST_COLUMNS).map(column_name).collect())
}

/// The first place where a text breaks the rules, with its line: a quote that would make the rest of the file
/// one cell, so that rows would be lost without a word, or a line of more cells than any table has.
fn broken(text: &str, delimiter: u8) -> Option<(u64, String)> {
    enum In {
        Start,
        Plain,
        Quotes(u64),
        /// After a quote inside quotes: the end of the cell, or the first half of a doubled one.
        Quote(u64),
    }
    let (mut counted, mut cells, mut state) = (LineEnds::new(""), 1, In::Start);
    for byte in text.bytes() {
        let ends = byte == delimiter || byte == b'\n' || byte == b'\r';
        state = match (state, byte) {
            (In::Start, b'"') => In::Quotes(counted.line),
            (In::Start | In::Plain | In::Quote(_), _) if ends => {
                cells = if byte == delimiter { cells + 1 } else { 1 };
                In::Start
            }
            (In::Start | In::Plain, _) => In::Plain,
            (In::Quotes(opened), b'"') => In::Quote(opened),
            (In::Quotes(opened), _) => In::Quotes(opened),
            (In::Quote(opened), b'"') => In::Quotes(opened),
            (In::Quote(opened), _) => {
                let message = "text follows a closing quote; double the quotes inside a quoted cell";
                return Some((opened, message.to_owned()));
            }
        };
        if cells > MOST_COLUMNS {
            return Some((counted.line, format!("more than {MOST_COLUMNS} columns, which is the most that is read")));
        }
        counted.pass(byte);
    }
    match state {
        In::Quotes(opened) => Some((opened, "a quote opens here and is never closed".to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The numbers of the rows of a text, with what their first cells say.
    fn numbered(text: &str) -> Vec<(u64, String)> {
        let grid = read(Source { name: "a.csv", bytes: text.as_bytes() }, &[], &mut Vec::new()).unwrap();
        let first = |cells: &[Value]| match cells.first() {
            Some(Value::Text(text)) => text.clone(),
            other => panic!("{other:?}"),
        };
        let head = (grid.head_number, grid.names.first().cloned().unwrap_or_default());
        std::iter::once(head).chain(grid.lines.iter().map(|line| (line.number, first(&line.cells)))).collect()
    }

    #[test]
    fn rows_have_the_numbers_that_editors_show() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["head,x", "a,1", "", "\"b", "", "b\",2", "c,3", "\"d\",\"4\"", ""].join(end);
            let found: Vec<u64> = numbered(&text).iter().map(|(number, _)| *number).collect();
            assert_eq!(found, [1, 2, 4, 7, 8], "{end:?}");
            let found = numbered(&format!("sep=,{end}{end}{text}"));
            assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [3, 4, 6, 9, 10], "{end:?}");
            let open = format!("head,x{end}a,1{end}{end}\"b,2{end}");
            let (line, _) = broken(&open, b',').unwrap();
            assert_eq!(line, 4, "{end:?}");
        }
    }

    proptest! {
        #[test]
        fn the_number_of_a_row_is_that_of_its_first_character(
            rows in prop::collection::vec(
                (prop::collection::vec(prop::sample::select(vec!["\n", "\r\n", "\r", "x"]), 0..4), any::<bool>(), 0..3_usize),
                1..12,
            ),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            let (mut text, mut expected, mut line) = (String::new(), Vec::new(), 1);
            for (number, (inside, is_quoted, blank)) in rows.iter().enumerate() {
                let inside: String = inside.iter().map(|&part| if part == "x" { "x" } else { end }).collect();
                let cell = format!("{number}:{}", if *is_quoted { inside.as_str() } else { "" });
                expected.push((line, cell.trim().to_owned()));
                line += 1 + cell.matches(end).count() as u64 + *blank as u64;
                text += &if *is_quoted { format!("\"{cell}\",") } else { format!("{cell},") };
                text += &end.repeat(1 + blank);
            }
            let found: Vec<_> = numbered(&text).into_iter().map(|(n, cell)| (n, cell.trim().to_owned())).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
