//! The answers CSV: one row for each recorded answer.

use std::collections::HashMap;
use std::sync::Arc;

use super::intake::{AnswerRow, At, SheetHead};
use super::table::{Cell, Table, unguard};
use super::{Reading, Source, too_large};
use crate::domain::answer::{Answer, Status};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::organization::{Name, tidy_text};
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;

/// The columns, in the order of the file. `activity` is for the reader; it counts only where the
/// catalog does not have the id, as with old catalogs that gave one id to several activities.
pub const COLUMNS: [&str; 8] =
    ["team", "period", "activity_id", "activity", "status", "not_applicable_reason", "note", "inherited_from"];

/// The largest file that is read: about 250,000 answers.
pub const MAX_BYTES: usize = 32_000_000;

/// One row to write.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// The name of the team.
    pub team: &'a str,
    /// The quarter.
    pub period: Period,
    /// The activity.
    pub activity: &'a ActivityId,
    /// Its name, for the reader; empty when the catalog does not know it.
    pub activity_name: &'a str,
    /// The answer.
    pub answer: &'a Answer,
    /// The name of the team that it is taken from.
    pub inherited_from: Option<&'a str>,
}

/// The table without rows.
pub fn table() -> Table {
    Table::new(&COLUMNS)
}

/// Adds the row of an answer.
pub fn push(table: &mut Table, row: Written<'_>) {
    table.push([
        row.team.into(),
        row.period.to_string().as_str().into(),
        row.activity.0.as_str().into(),
        row.activity_name.into(),
        row.answer.status.word().into(),
        row.answer.status.reason().into(),
        row.answer.note.as_str().into(),
        row.inherited_from.map_or(Cell::Empty, Cell::from),
    ]);
}

/// Whether the first line is the head of such a file.
pub fn is_answers(bytes: &[u8]) -> bool {
    let head = bytes.split(|&b| b == b'\n').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    ["team", "period", "activity_id", "status"].iter().all(|column| head.contains(column))
}

/// Reads the rows of a file. Steps are those of `scale`; whether activities exist is for the caller to check.
pub fn read(source: Source<'_>, scale: &ProgressScale) -> Result<Reading<Vec<AnswerRow>>, Faults> {
    let place = |line, path: &str| Place { source: source.name.to_owned(), line, column: 0, path: path.to_owned() };
    too_large(source, MAX_BYTES)?;
    let bytes = source.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source.bytes);
    if let Some((line, message)) = stray_quote(bytes) {
        return Err(Faults::one(place(line, ""), message));
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let head = reader.byte_headers().map_err(|e| Faults::one(place(1, ""), e.to_string()))?.clone();
    let (columns, warnings) = Columns::find(&head, place(1, ""))?;
    let sheet = Arc::new(SheetHead { source: source.name.to_owned(), ..SheetHead::default() });

    let mut faults = Faults::default();
    let mut rows = Vec::new();
    let mut seen: HashMap<(String, Period, ActivityId, String), u64> = HashMap::new();
    for record in reader.into_byte_records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(place(error.position().map_or(0, csv::Position::line), ""), "not readable as CSV");
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != head.len() {
            let message = format!("{} cells where the head has {}", record.len(), head.len());
            faults.push(place(line, ""), message);
            continue;
        }
        let Some(row) =
            columns.row(&record, At::Row { sheet: Arc::clone(&sheet), number: line }, scale, &mut |column, message| {
                faults.push(place(line, column), message)
            })
        else {
            continue;
        };
        if let Some(first) = seen.insert(row.key(), line) {
            let hint = if columns.activity.is_none() {
                ", or add the column activity with the names if an old catalog gave one id to several"
            } else {
                ""
            };
            faults.push(
                place(line, ""),
                format!("the same team, quarter and activity as in line {first}; keep one of them{hint}"),
            );
        }
        rows.push(row);
    }
    faults.or(Reading { value: rows, warnings })
}

/// The first quote that breaks the rules, with its line. The reader would take what follows it for
/// text of the same cell, and rows would be lost without a word.
fn stray_quote(bytes: &[u8]) -> Option<(u64, &'static str)> {
    enum In {
        Start,
        Plain,
        Quotes(u64),
        /// After a quote inside quotes: the end of the cell, or the first half of a doubled one.
        Quote(u64),
    }
    let (mut line, mut state) = (1, In::Start);
    for byte in bytes {
        state = match (state, byte) {
            (In::Start, b'"') => In::Quotes(line),
            (In::Start | In::Plain | In::Quote(_), b',' | b'\n' | b'\r') => In::Start,
            (In::Start | In::Plain, _) => In::Plain,
            (In::Quotes(opened), b'"') => In::Quote(opened),
            (In::Quotes(opened), _) => In::Quotes(opened),
            (In::Quote(opened), b'"') => In::Quotes(opened),
            (In::Quote(opened), _) => {
                return Some((opened, "text follows a closing quote; double the quotes inside a quoted cell"));
            }
        };
        line += u64::from(*byte == b'\n');
    }
    match state {
        In::Quotes(opened) => Some((opened, "a quote opens here and is never closed")),
        _ => None,
    }
}

/// Where the columns are. Their order is free.
struct Columns {
    team: usize,
    period: usize,
    activity_id: usize,
    activity: Option<usize>,
    status: usize,
    reason: Option<usize>,
    note: Option<usize>,
    inherited_from: Option<usize>,
}

impl Columns {
    fn find(head: &csv::ByteRecord, place: Place) -> Result<(Self, Vec<Fault>), Faults> {
        let mut faults = Faults::default();
        let mut warnings = Vec::new();
        let mut found: HashMap<&str, usize> = HashMap::new();
        for (i, name) in head.iter().enumerate() {
            let name = String::from_utf8_lossy(name);
            let name = name.trim();
            match COLUMNS.iter().find(|column| **column == name) {
                Some(column) if found.insert(column, i).is_some() => {
                    faults.push(place.clone(), format!("the column {column} is there twice"));
                }
                Some(_) => {}
                None => {
                    let shown: String = name.chars().take(60).collect();
                    warnings.push(Fault {
                        place: place.clone(),
                        message: format!("the column “{shown}” is not known and was not read"),
                    });
                }
            }
        }
        let mut needed = |column: &str| {
            found.get(column).copied().unwrap_or_else(|| {
                faults
                    .push(place.clone(), format!("the column {column} is missing; the head is {}", COLUMNS.join(",")));
                0
            })
        };
        let columns = Self {
            team: needed("team"),
            period: needed("period"),
            activity_id: needed("activity_id"),
            activity: found.get("activity").copied(),
            status: needed("status"),
            reason: found.get("not_applicable_reason").copied(),
            note: found.get("note").copied(),
            inherited_from: found.get("inherited_from").copied(),
        };
        faults.or((columns, warnings))
    }

    /// One row, unless something is wrong with it, which is told to `fault` with the column.
    fn row(
        &self,
        record: &csv::ByteRecord,
        at: At,
        scale: &ProgressScale,
        fault: &mut dyn FnMut(&str, String),
    ) -> Option<AnswerRow> {
        let cells: Option<Vec<&str>> = record.iter().map(|cell| std::str::from_utf8(cell).ok().map(unguard)).collect();
        let Some(cells) = cells else {
            fault("", "not UTF-8 text; save the file as UTF-8".to_owned());
            return None;
        };
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();

        let team = checked("team", Name::new(cell(self.team)), fault);
        let period = checked("period", cell(self.period).trim().parse(), fault);
        let status = Status::parse(cell(self.status).trim(), self.reason.map_or("", cell), scale);
        let status = checked("status", status, fault);
        let activity = cell(self.activity_id).trim();
        if activity.is_empty() {
            fault("activity_id", "an activity is needed".to_owned());
            return None;
        }
        let note = match self.note {
            None => None,
            Some(column) => Some(checked("note", tidy_text(cell(column), Answer::NOTE_LIMIT), fault)?),
        };
        let inherited_from = match self.inherited_from.map(cell) {
            None => None,
            Some("") => Some(None),
            Some(name) => Some(Some(checked("inherited_from", Name::new(name), fault)?)),
        };
        let activity = ActivityId(activity.to_owned());
        let activity_name = self.activity.map_or("", cell).trim().to_owned();
        Some(AnswerRow {
            at,
            team: team?,
            period: period?,
            activity,
            activity_name,
            status: status?,
            note,
            inherited_from,
            since: None,
            passed: Vec::new(),
            is_history: false,
        })
    }
}

fn checked<T, E: std::fmt::Display>(
    column: &str,
    value: Result<T, E>,
    fault: &mut dyn FnMut(&str, String),
) -> Option<T> {
    value.map_err(|error| fault(column, error.to_string())).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn nowhere() -> At {
        At::Place(Box::default())
    }

    fn read_text(text: &[u8]) -> Result<Vec<AnswerRow>, Vec<String>> {
        read(Source { name: "answers.csv", bytes: text }, &ProgressScale::default())
            .map(|reading| reading.value)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn columns_may_come_in_any_order_and_unknown_ones_are_passed_over() {
        let text =
            "status,activity_id,period,team,colour\r\nstarted,a,2026-Q4,Payments,red\r\n,b,2026-Q4,Payments,\r\n";
        let reading = read(Source { name: "answers.csv", bytes: text.as_bytes() }, &ProgressScale::default()).unwrap();
        assert_eq!(reading.value.len(), 2);
        assert_eq!(reading.value[1].status, Status::Unanswered);
        assert_eq!((&reading.value[0].note, &reading.value[0].inherited_from), (&None, &None), "missing is not empty");
        assert_eq!(reading.warnings.len(), 1);
        assert!(reading.warnings[0].to_string().starts_with("answers.csv:1: the column “colour”"));
    }

    #[test]
    fn every_fault_names_its_line_and_column() {
        let text = "\
team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from
Payments,2026-Q4,a,Name,done,,,
Payments,2026-Q5,b,Name,started,,,
,2026-Q4,c,Name,started,,,
Payments,2026-Q4,d,Name,not_applicable,,,
Payments,2026-Q4,e,Name,started,,,
PAYMENTS,2026-Q4,e,Name,started,,,
Payments,2026-Q4,,Name,started,,,
Payments,2026-Q4,f,Name,started
Payments,2026-Q4,g,Name,started,,\"bell\u{7}\",
";
        let faults = read_text(text.as_bytes()).unwrap_err();
        let starts = [
            "answers.csv:2: status: “done” is not a status; use one of not_implemented, started",
            "answers.csv:3: period: “2026-Q5” is not a quarter",
            "answers.csv:4: team: a name is needed",
            "answers.csv:5: status: not applicable needs a reason",
            "answers.csv:7: the same team, quarter and activity as in line 6",
            "answers.csv:8: activity_id: an activity is needed",
            "answers.csv:9: 5 cells where the head has 8",
            "answers.csv:10: note: no control",
        ];
        assert_eq!(faults.len(), starts.len(), "{faults:#?}");
        for (fault, start) in faults.iter().zip(starts) {
            assert!(fault.starts_with(start), "{fault} / {start}");
        }
    }

    #[test]
    fn other_files_are_refused_with_the_head_that_is_expected() {
        let faults = read_text(b"name;value\nx;1\n").unwrap_err();
        assert_eq!(faults.len(), 4);
        assert!(faults[0].contains("the column team is missing; the head is team,period,activity_id"));
        assert!(read_text(b"").is_err());
        assert!(
            read_text(b"team,period,activity_id,status\nP\xff,2026-Q4,a,started\n").unwrap_err()[0]
                .contains(":2: not UTF-8")
        );
        assert!(read_text(&vec![b'x'; MAX_BYTES + 1]).unwrap_err()[0].contains("larger than 32 MB"));
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            "[='+@,\"a-z\u{e4}\n ;-]{1,12}".prop_map(|text| tidy_text(&text, 100).unwrap())
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            rows in prop::collection::vec((0usize..6, texts(), texts(), "[a-z='+@-][a-z ]{0,5}"), 1..20)
        ) {
            let scale = ProgressScale::default();
            let expected: Vec<AnswerRow> = rows.iter().enumerate().map(|(i, (status, reason, note, from))| AnswerRow {
                at: nowhere(),
                team: Name::new(&format!("=Team {}", i % 3)).unwrap(),
                period: "2026-Q4".parse().unwrap(),
                activity: ActivityId(format!("a{i}")),
                activity_name: "+name".into(),
                status: match (*status, reason.as_str()) {
                    (0, _) => Status::Unanswered,
                    (1, "") => Status::NotApplicable { reason: "-".into() },
                    (1, reason) => Status::NotApplicable { reason: reason.into() },
                    (n, _) => Status::Step(scale.steps()[n - 2].key.clone()),
                },
                note: Some(note.clone()),
                inherited_from: Some(Some(Name::new(from).unwrap())),
                since: None,
                passed: Vec::new(),
                is_history: false,
            }).collect();
            let answers: Vec<Answer> = expected.iter()
                .map(|row| Answer { status: row.status.clone(), note: row.note.clone().unwrap(), inherited_from: None, carried: false, since: None }).collect();
            let mut table = table();
            for (row, answer) in expected.iter().zip(&answers) {
                push(&mut table, Written {
                    team: row.team.as_str(), period: row.period, activity: &row.activity, activity_name: "+name",
                    answer, inherited_from: row.inherited_from.as_ref().unwrap().as_ref().map(Name::as_str),
                });
            }
            let csv = table.to_csv();
            let read = read_text(&csv).unwrap();
            let read: Vec<AnswerRow> = read.into_iter().map(|row| AnswerRow { at: nowhere(), ..row }).collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), with_head: bool) {
            let mut text = if with_head { COLUMNS.join(",").into_bytes() } else { Vec::new() };
            text.extend(bytes);
            let _ = read_text(&text);
        }
    }
}
