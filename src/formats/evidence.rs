//! Tables of evidence: one row for each piece.

use super::incoming::Incoming;
use super::intake::EvidenceRow;
use super::sheet::{Columns, Days, Grid, Row, checked, list};
use super::table::{Cell, Table};
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::EvidenceContent;
use crate::domain::fault::Faults;
use crate::domain::organization::Name;

/// The columns, in the order of the file. `activity_ids` and `teams` may have several, as in `a; b`.
pub const COLUMNS: [&str; 8] =
    ["title", "link", "text", "recorded_on", "expires_on", "reviewer", "activity_ids", "teams"];

/// What such a table is known by.
pub(super) const TABLE: Columns = Columns {
    kind: "evidence",
    known: &COLUMNS,
    needed: &["title", "recorded_on", "activity_ids", "teams"],
    passed_over: &[],
};

/// The table without rows.
pub fn table() -> Table {
    Table::new(&COLUMNS)
}

/// Adds the row of a piece of evidence, with the names of its teams.
pub fn push(table: &mut Table, content: &EvidenceContent, teams: &[&str]) {
    let mut activities: Vec<&str> = content.activities.iter().map(|id| id.0.as_str()).collect();
    activities.sort_unstable();
    table.push([
        content.title.as_str().into(),
        content.link.as_str().into(),
        content.text.as_str().into(),
        content.recorded_on.to_string().as_str().into(),
        content.expires_on.map_or(Cell::Empty, |day| Cell::Text(day.to_string())),
        content.reviewer.as_str().into(),
        list::join(activities).as_str().into(),
        list::join(teams.iter().copied()).as_str().into(),
    ]);
}

/// Reads the rows of a table. Whether its texts can be kept, and whether activities exist, is for the caller to
/// check.
pub(super) fn read(grid: &Grid, incoming: &mut Incoming) {
    let rows = grid.rows(&TABLE, incoming);
    let days = [Days::of("recorded_on", &rows), Days::of("expires_on", &rows)];
    for row in &rows {
        incoming.intake.evidence.extend(piece(row, days, &mut incoming.faults));
    }
}

fn piece(row: &Row<'_>, days: [Days; 2], faults: &mut Faults) -> Option<EvidenceRow> {
    if !row.is_whole(faults) {
        return None;
    }
    let (at, before) = (&row.at, faults.total());
    let mut text = |column: &str| row.text(column, faults).unwrap_or_default().into_owned();
    let (title, link, body, reviewer) = (text("title"), text("link"), text("text"), text("reviewer"));
    let (activities, teams) = (text("activity_ids"), text("teams"));
    let [recorded_on, expires_on] = days.map(|days| days.read(row, faults));
    if recorded_on == Some(None) {
        faults.push(at.cell("recorded_on"), "the day on which it was true is needed");
    }
    let activities = checked(at, "activity_ids", list::split(&activities), faults).unwrap_or_default();
    let names = checked(at, "teams", list::split(&teams), faults).unwrap_or_default();
    let teams: Vec<Name> = names.iter().filter_map(|name| checked(at, "teams", Name::new(name), faults)).collect();
    if faults.total() > before {
        return None;
    }
    Some(EvidenceRow {
        at: at.clone(),
        title,
        link,
        text: body,
        recorded_on: recorded_on??,
        expires_on: expires_on?,
        reviewer,
        activities: activities.into_iter().map(ActivityId).collect(),
        teams,
    })
}
