//! The quarters of a plan as a table: what is done when, by whom, and why then.

use maud::{Markup, html};

use super::components::{activity_link, count};
use super::layout::with_parameter;
use super::plans::practice_address;
use crate::domain::catalog::Catalog;
use crate::domain::period::Period;
use crate::domain::plan::Plan;
use crate::domain::plan::calendar::{PlannedQuarter, PlannedRow, PlannedWork};
use crate::domain::plan::saved::PlanId;
use crate::domain::roadmap::Roadmap;
use crate::domain::view::Selection;

/// How many practices are shown at a time; whole quarters, and one at least.
const ROWS: usize = 60;

/// Up to how many teams are named with their reasons.
const TEAMS: usize = 4;

/// A plan whose quarters are shown.
#[derive(Clone, Copy)]
pub(super) struct Calendar<'a> {
    pub(super) plan: &'a Plan,
    pub(super) quarters: &'a [PlannedQuarter<'a>],
    pub(super) catalog: &'a Catalog,
    pub(super) roadmap: &'a Roadmap,
    pub(super) selection: Selection,
    /// From which quarter on. Those before are only counted.
    pub(super) from: Period,
    /// The address of this page without a quarter to begin with; `None`: what it shows has no address.
    pub(super) here: Option<&'a str>,
    /// The kept plan whose practices have pages of their own; `None`: they have none.
    pub(super) kept: Option<PlanId>,
    /// What stands at the end of a team's practice, such as who takes care of it.
    pub(super) beside: Option<&'a Beside<'a>>,
}

/// What stands beside the practice of a team.
pub(super) type Beside<'a> = dyn Fn(&PlannedRow<'_>, &PlannedWork<'_>) -> Markup + 'a;

/// The quarters, as many as a page holds.
pub(super) fn calendar(calendar: Calendar<'_>) -> Markup {
    // Of a plan that is over, the last quarter is shown.
    let from = calendar.quarters.last().map_or(calendar.from, |last| calendar.from.min(last.period));
    let earlier: Vec<&PlannedQuarter<'_>> = calendar.quarters.iter().filter(|quarter| quarter.period < from).collect();
    let mut rows = 0;
    let mut shown: Vec<&PlannedQuarter<'_>> = Vec::new();
    let mut later: Vec<&PlannedQuarter<'_>> = Vec::new();
    for quarter in calendar.quarters.iter().filter(|quarter| quarter.period >= from) {
        if later.is_empty() && (shown.is_empty() || rows + quarter.rows.len() <= ROWS) {
            rows += quarter.rows.len();
            shown.push(quarter);
        } else {
            later.push(quarter);
        }
    }
    html! {
        @if !earlier.is_empty() { (summary(calendar, &earlier, "earlier")) }
        @for quarter in shown { (of_quarter(calendar, quarter)) }
        @if !later.is_empty() { (summary(calendar, &later, "later")) }
    }
}

fn of_quarter(calendar: Calendar<'_>, quarter: &PlannedQuarter<'_>) -> Markup {
    let is_of_one = calendar.plan.teams.len() == 1;
    html! {
        section.planned-quarter {
            h3 {
                (quarter.period) " "
                small { (quarter.work) " of " (quarter.capacity) " points" }
            }
            @if quarter.rows.is_empty() { p.quiet { "Nothing can be done in this quarter." } }
            @else {
                div.table-wrap {
                    table.stack.planned {
                        thead {
                            tr {
                                th scope="col" { "Practice" }
                                th scope="col" { "Stage" }
                                th scope="col" { @if is_of_one { "Finished" } @else { "Teams" } }
                                th.num scope="col" { "Points" }
                                @if is_of_one && calendar.beside.is_some() { th scope="col" { "Owner and state" } }
                            }
                        }
                        tbody { @for row in &quarter.rows { (of_row(calendar, quarter.period, row, is_of_one)) } }
                    }
                }
            }
        }
    }
}

fn of_row(calendar: Calendar<'_>, period: Period, row: &PlannedRow<'_>, is_of_one: bool) -> Markup {
    let stage = calendar.roadmap.stage(row.stage).map_or("", |stage| &stage.name);
    html! {
        tr {
            th scope="row" {
                (activity_link(calendar.catalog, row.activity, calendar.selection))
                @if let (true, [work]) = (is_of_one, row.teams.as_slice()) {
                    br; small.because { (sentence(work, calendar, stage)) }
                }
            }
            td data-name="Stage" { (stage) }
            @if let (true, [work]) = (is_of_one, row.teams.as_slice()) {
                td data-name="Finished" { (when(work, period)) }
            } @else {
                td data-name="Teams" { (teams(calendar, period, row, stage)) }
            }
            td.num data-name="Points" { (row.work) }
            @if let (true, [work], Some(beside)) = (is_of_one, row.teams.as_slice(), calendar.beside) {
                td data-name="Owner and state" { (beside(row, work)) }
            }
        }
    }
}

/// When a practice that is worked on in a quarter is finished.
fn when(work: &PlannedWork<'_>, period: Period) -> Markup {
    html! {
        @match (work.is_continued, work.until > period) {
            (false, false) => "in this quarter",
            (false, true) => { "begun; finished in " (work.until) },
            (true, false) => "continued and finished",
            (true, true) => { "continued; finished in " (work.until) },
        }
    }
}

fn sentence(work: &PlannedWork<'_>, calendar: Calendar<'_>, stage: &str) -> String {
    work.item.reason(calendar.catalog, stage)
}

/// Who works on it, with the reasons of the first of them.
fn teams(calendar: Calendar<'_>, period: Period, row: &PlannedRow<'_>, stage: &str) -> Markup {
    html! {
        details.who-does.stays-folded {
            summary {
                @match row.teams.as_slice() {
                    [one] => (one.name),
                    all => (count(all.len(), "team", "teams")),
                }
                @match row.finishing(period) {
                    all if all == row.teams.len() => "",
                    0 => ", goes on",
                    1 => ", 1 finishes",
                    some => { ", " (some) " finish" },
                }
            }
            ul {
                @for work in row.teams.iter().take(TEAMS) {
                    li { strong { (who(calendar, row, work)) } ": " (work.work) " points, " (when(work, period)) ". " span.because { (sentence(work, calendar, stage)) } }
                }
                @if row.teams.len() > TEAMS { li { "and " (count(row.teams.len() - TEAMS, "other team", "other teams")) "; the table to download names them all" } }
            }
        }
    }
}

/// The name of a team, which leads to its practice where that has a page.
fn who(calendar: Calendar<'_>, row: &PlannedRow<'_>, work: &PlannedWork<'_>) -> Markup {
    let id = &calendar.catalog.activity(row.activity).id;
    html! {
        @match calendar.kept {
            Some(plan) => a href=(practice_address(plan, work.team, id)) { (work.name) },
            None => (work.name),
        }
    }
}

/// Quarters that are only counted, each with the way to it.
fn summary(calendar: Calendar<'_>, quarters: &[&PlannedQuarter<'_>], which: &str) -> Markup {
    html! {
        details.planned-quarter.stays-folded {
            summary { (quarters.len()) " " (which) " " @if quarters.len() == 1 { "quarter" } @else { "quarters" } }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Quarter" }
                            th.num scope="col" { "Practices" }
                            th.num scope="col" { "Points" }
                            th.num scope="col" { "of" }
                        }
                    }
                    tbody {
                        @for quarter in quarters {
                            @let name = quarter.period.to_string();
                            tr {
                                th scope="row" {
                                    @match calendar.here {
                                        Some(here) => a href=(with_parameter(here, "from", &name)) { (name) },
                                        None => (name),
                                    }
                                }
                                td.num data-name="Practices" { (quarter.rows.len()) }
                                td.num data-name="Points" { (quarter.work) }
                                td.num data-name="of" { (quarter.capacity) }
                            }
                        }
                    }
                }
            }
        }
    }
}
