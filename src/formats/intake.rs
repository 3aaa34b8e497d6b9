//! What files say that is to be taken in, whatever kind of file it was: teams with their groups,
//! answers, evidence, a progress scale. Readers make it of bytes; the import puts it into the database.
//! Everything knows its place, so that whatever is wrong with it later can be told with file, sheet,
//! row and column.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::answer::Status;
use crate::domain::catalog::ActivityId;
use crate::domain::fault::Place;
use crate::domain::organization::Name;
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;

/// Everything that some files say together, in the order in which they say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    /// The scale that the answers are given in, when a file defines one.
    pub scale: Option<(At, ProgressScale)>,
    /// Teams, and the groups that they belong to.
    pub teams: Vec<TeamRow>,
    /// Answers.
    pub answers: Vec<AnswerRow>,
    /// Evidence.
    pub evidence: Vec<EvidenceRow>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// Where it stands.
    pub at: At,
    /// Its name.
    pub name: Name,
    /// What it builds or runs; `None`: the file does not say, so what is known stays.
    pub description: Option<String>,
    /// The names of groups that it belongs to; `None`: the file does not say.
    pub groups: Option<Vec<Name>>,
    /// Whether it stays in groups that are not named, too, as where a file knows only some of them.
    pub keeps_groups: bool,
    /// The day since which it is not assessed any more, if it is so; the outer `None`: the file does not say.
    pub retired_on: Option<Option<NaiveDate>>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// Where it stands.
    pub at: At,
    /// Whose answer it is.
    pub team: Name,
    /// Of which quarter.
    pub period: Period,
    /// To which activity.
    pub activity: ActivityId,
    /// What the activity was called; empty when the file does not say it.
    pub activity_name: String,
    /// What it says.
    pub status: Status,
    /// What was noted; `None`: the file has no place for notes, so what is recorded stays.
    pub note: Option<String>,
    /// The team that it is taken from, if any; the outer `None`: the file has no place for it.
    pub inherited_from: Option<Option<Name>>,
    /// The day from which it was so, when the file says it. It lies in the quarter or before.
    pub since: Option<NaiveDate>,
    /// What was so earlier in the same quarter, in the order of time.
    pub passed: Vec<Passed>,
    /// Whether the file tells how things were quarter by quarter, as those of the DSOMM application do. What
    /// it says of past quarters is over, so that it is submitted; and activities that a catalog does not
    /// have are passed over, as such files practically always have some.
    pub is_history: bool,
}

/// What was so before an answer, in the same quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// What it was.
    pub status: Status,
    /// The day from which it was so, when the file says it.
    pub since: Option<NaiveDate>,
}

impl AnswerRow {
    /// What no two rows may have in common: the team, the quarter, and the activity by id and name, since
    /// old files have one id for several.
    pub fn key(&self) -> (String, Period, ActivityId, String) {
        (self.team.key(), self.period, self.activity.clone(), self.activity_name.clone())
    }
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Where it stands.
    pub at: At,
    /// What it is, in a few words.
    pub title: String,
    /// Where it is: an address with http or https, or empty.
    pub link: String,
    /// What it says.
    pub text: String,
    /// The day on which it was true.
    pub recorded_on: NaiveDate,
    /// The first day on which it is not valid any more.
    pub expires_on: Option<NaiveDate>,
    /// Who looked at it; may be empty.
    pub reviewer: String,
    /// The activities that it is for.
    pub activities: Vec<ActivityId>,
    /// The names of the teams that it is for.
    pub teams: Vec<Name>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// In a row of a table.
    Row {
        /// Of which.
        sheet: Arc<SheetHead>,
        /// The number of its line or row, from 1.
        number: u64,
    },
    /// In a file that is no table.
    Place(Box<Place>),
}

/// What the places of a table have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetHead {
    /// The name of the file.
    pub source: String,
    /// The name of the sheet; `None`: the file is one table, as CSV is.
    pub sheet: Option<String>,
    /// The names of the columns, in their order.
    pub columns: Vec<String>,
}

impl At {
    /// The place itself: the row.
    pub fn place(&self) -> Place {
        self.cell("")
    }

    /// The name of the file.
    pub fn source(&self) -> &str {
        match self {
            Self::Row { sheet, .. } => &sheet.source,
            Self::Place(place) => &place.source,
        }
    }

    /// The place of one of its cells, by the name of the column. What is no table has no cells.
    ///
    /// In a workbook that is the name of the sheet and of the cell, as `Answers!E7: status`.
    pub fn cell(&self, column: &str) -> Place {
        let (head, number) = match self {
            Self::Place(place) => return Place::clone(place),
            Self::Row { sheet, number } => (sheet, *number),
        };
        let source = head.source.clone();
        let Some(sheet) = &head.sheet else {
            return Place { source, line: number, column: 0, path: column.to_owned() };
        };
        let letters = head.columns.iter().position(|name| name == column).map(letters);
        let path = match letters {
            Some(letters) => format!("{sheet}!{letters}{number}: {column}"),
            None if column.is_empty() => format!("{sheet}!{number}"),
            None => format!("{sheet}!{number}: {column}"),
        };
        Place { source, line: 0, column: 0, path }
    }
}

/// The letters of a column in a workbook: A to Z, AA, AB and so on.
pub fn letters(mut position: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(position % 26).unwrap_or_default()));
        match position / 26 {
            0 => break,
            rest => position = rest - 1,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_a_workbook_is_called_as_people_call_it() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
        let columns = vec!["team".to_owned(), "status".to_owned()];
        let head = |sheet: Option<&str>| {
            Arc::new(SheetHead { source: "a.xlsx".into(), sheet: sheet.map(Into::into), columns: columns.clone() })
        };
        let at = At::Row { sheet: head(Some("Answers")), number: 7 };
        assert_eq!(at.cell("status").to_string(), "a.xlsx: Answers!B7: status");
        assert_eq!(at.place().to_string(), "a.xlsx: Answers!7");
        let at = At::Row { sheet: head(None), number: 7 };
        assert_eq!(at.cell("status").to_string(), "a.xlsx:7: status");
    }
}
