//! Tables of answers: one row for each answer.

use std::collections::HashMap;

use super::incoming::Incoming;
use super::intake::{AnswerRow, At};
use super::sheet::{Columns, Grid, Row, checked};
use super::table::{Cell, Table};
use crate::domain::answer::{Answer, Status};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::{Faults, Place};
use crate::domain::organization::{Name, tidy_text};
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;

/// The columns, in the order of the file. `activity` is for the reader; it counts only where the
/// catalog does not have the id, as with old catalogs that gave one id to several activities.
pub const COLUMNS: [&str; 8] =
    ["team", "period", "activity_id", "activity", "status", "not_applicable_reason", "note", "inherited_from"];

/// What such a table is known by. What places an activity in the catalog is for people.
pub(super) const TABLE: Columns = Columns {
    kind: "answers",
    known: &COLUMNS,
    needed: &["team", "period", "activity_id", "status"],
    passed_over: &["dimension", "sub_dimension", "level"],
};

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

/// Reads the rows of a table. Steps are those of `scale`; whether activities exist is for the caller to check.
pub(super) fn read(grid: &Grid, scale: &ProgressScale, incoming: &mut Incoming) {
    let mut seen: HashMap<(String, Period, ActivityId, String), At> = HashMap::new();
    for row in grid.rows(&TABLE, incoming) {
        let Some(answer) = answer(&row, scale, &mut incoming.faults) else { continue };
        if let Some(first) = seen.get(&answer.key()) {
            let hint = if row.cell("activity").is_none() {
                ", or add the column activity with the names if an old catalog gave one id to several"
            } else {
                ""
            };
            let message =
                format!("the same team, quarter and activity as in {}; keep one of them{hint}", within(&first.place()));
            incoming.faults.push(answer.at.place(), message);
            continue;
        }
        seen.insert(answer.key(), answer.at.clone());
        incoming.intake.answers.push(answer);
    }
}

/// A place in words for somebody who knows the file.
fn within(place: &Place) -> String {
    if place.line > 0 { format!("line {}", place.line) } else { place.path.clone() }
}

/// One row, unless something is wrong with it.
fn answer(row: &Row<'_>, scale: &ProgressScale, faults: &mut Faults) -> Option<AnswerRow> {
    if !row.is_whole(faults) {
        return None;
    }
    let (at, before) = (&row.at, faults.total());
    let mut cell = |column: &str| row.text(column, faults).unwrap_or_default();
    let (team, period, id) = (cell("team"), cell("period"), cell("activity_id"));
    let (status, reason, name) = (cell("status"), cell("not_applicable_reason"), cell("activity"));
    let (note, provider) = (row.text_if_any("note", faults)?, row.text_if_any("inherited_from", faults)?);
    if faults.total() > before {
        return None;
    }
    let team = checked(at, "team", Name::new(&team), faults);
    let period = checked(at, "period", period.trim().parse(), faults);
    let status = Status::parse(word(status.trim(), scale), &reason, scale);
    let status = checked(at, "status", status, faults);
    let activity = id.trim();
    if activity.is_empty() {
        faults.push(at.cell("activity_id"), "an activity is needed");
        return None;
    }
    let note = match note {
        None => None,
        Some(note) => Some(checked(at, "note", tidy_text(&note, Answer::NOTE_LIMIT), faults)?),
    };
    let inherited_from = match provider.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(name) => Some(Some(checked(at, "inherited_from", Name::new(name), faults)?)),
    };
    Some(AnswerRow {
        at: at.clone(),
        team: team?,
        period: period?,
        activity: ActivityId(activity.to_owned()),
        activity_name: name.trim().to_owned(),
        status: status?,
        note,
        inherited_from,
        since: None,
        passed: Vec::new(),
        is_history: false,
    })
}

/// The word of a status, which people may also write as pages do.
fn word<'a>(text: &'a str, scale: &'a ProgressScale) -> &'a str {
    let lower = text.to_lowercase();
    let is_called = |name: &str| name.to_lowercase() == lower;
    if scale.step(text).is_some() {
        return text;
    }
    match scale.steps().iter().find(|step| is_called(&step.name)) {
        Some(step) => &step.key,
        None if is_called("not applicable") || is_called(Status::NOT_APPLICABLE) => Status::NOT_APPLICABLE,
        None if is_called(Status::UNANSWERED) => Status::UNANSWERED,
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::{Source, sheet};

    fn nowhere() -> At {
        At::Place(Box::default())
    }

    fn read_all(text: &[u8]) -> Incoming {
        let mut incoming = Incoming::default();
        for grid in sheet::open(Source { name: "answers.csv", bytes: text }, &[TABLE], &mut incoming) {
            read(&grid, &ProgressScale::default(), &mut incoming);
        }
        incoming
    }

    fn read_text(text: &[u8]) -> Result<Vec<AnswerRow>, Vec<String>> {
        let Incoming { intake, faults, .. } = read_all(text);
        faults.or(intake.answers).map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn columns_may_come_in_any_order_and_unknown_ones_are_passed_over() {
        let text =
            "status,activity_id,period,team,colour\r\nstarted,a,2026-Q4,Payments,red\r\n,b,2026-Q4,Payments,\r\n";
        let reading = read_all(text.as_bytes());
        let answers = &reading.intake.answers;
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[1].status, Status::Unanswered);
        assert_eq!((&answers[0].note, &answers[0].inherited_from), (&None, &None), "missing is not empty");
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
Payments,2026-Q4,f,Name
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
            "answers.csv:9: 4 cells where the head has 8",
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
        assert!(read_text(&vec![b'x'; 32_000_001]).unwrap_err()[0].contains("larger than 32 MB"));
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
