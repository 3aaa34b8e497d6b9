//! Tables of teams: one row for each.

use super::incoming::Incoming;
use super::intake::TeamRow;
use super::sheet::{Columns, Days, Grid, Row, checked, list};
use super::table::{Cell, Table};
use crate::domain::fault::Faults;
use crate::domain::organization::{Name, Team};

/// The columns, in the order of the file. `groups` may have several, as in `a; b`.
pub const COLUMNS: [&str; 4] = ["name", "description", "groups", "retired_on"];

/// What such a table is known by.
pub(super) const TABLE: Columns = Columns { kind: "teams", known: &COLUMNS, needed: &["name"], passed_over: &[] };

/// The table without rows.
pub fn table() -> Table {
    Table::new(&COLUMNS)
}

/// Adds the row of a team, with the names of its groups.
pub fn push(table: &mut Table, team: &Team, groups: &[&str]) {
    table.push([
        team.name.as_str().into(),
        team.description.as_str().into(),
        list::join(groups.iter().copied()).as_str().into(),
        team.retired_at.map_or(Cell::Empty, |at| Cell::Text(at.date_naive().to_string())),
    ]);
}

/// Reads the rows of a table. What has no column stays as it is.
pub(super) fn read(grid: &Grid, incoming: &mut Incoming) {
    let rows = grid.rows(&TABLE, incoming);
    let retired = Days::of("retired_on", &rows);
    for row in &rows {
        incoming.intake.teams.extend(team(row, retired, &mut incoming.faults));
    }
}

fn team(row: &Row<'_>, retired: Days, faults: &mut Faults) -> Option<TeamRow> {
    if !row.is_whole(faults) {
        return None;
    }
    let (at, before) = (&row.at, faults.total());
    let name = row.text("name", faults).unwrap_or_default();
    let name = checked(at, "name", Name::new(&name), faults);
    let description = row.text_if_any("description", faults)?.map(|text| text.into_owned());
    let groups = match row.text_if_any("groups", faults)? {
        None => None,
        Some(text) => {
            let names = checked(at, "groups", list::split(&text), faults).unwrap_or_default();
            Some(names.iter().filter_map(|name| checked(at, "groups", Name::new(name), faults)).collect())
        }
    };
    let retired_on = retired.read(row, faults);
    if faults.total() > before {
        return None;
    }
    let retired_on = row.cell("retired_on").map(|_| retired_on.flatten());
    Some(TeamRow { at: at.clone(), name: name?, description, groups, keeps_groups: false, retired_on })
}
