//! Whether the dates of the stages are met, by how much not, and what would help.

use maud::{Markup, html};

use super::components::{activity_link, count};
use super::why::listed;
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::organization::TeamId;
use crate::domain::plan::feasibility::{Cause, Dropping, Late, Lowering, ShortTeam, StageDate, Waiting};
use crate::domain::plan::seen::MadePlan;
use crate::domain::view::Selection;

/// How many ways of a kind, teams and activities are listed.
const LISTED: usize = 5;

/// What is said about them.
#[derive(Clone, Copy)]
pub(super) struct Dates<'a> {
    pub(super) made: &'a MadePlan,
    pub(super) catalog: &'a Catalog,
    pub(super) selection: Selection,
}

/// The stages that have a date; nothing where none has.
pub(super) fn dates(all: Dates<'_>) -> Markup {
    html! {
        @for date in &all.made.dates {
            @if let Some(late) = &date.late { (of_late(all, date, late)) }
        }
    }
}

fn name<'a>(all: Dates<'a>, date: &StageDate) -> &'a str {
    all.made.roadmap.stage(date.stage).map_or("", |stage| &stage.name)
}

fn of_late(all: Dates<'_>, date: &StageDate, late: &Late) -> Markup {
    html! {
        details.notice.late-stage {
            summary {
                strong { "“" (name(all, date)) "” is not done by the end of " (date.wished) "." }
                @if let Some(end) = date.end { " The plan finishes it in " (end) ", " (count(end.quarters_after(date.wished) as usize, "quarter", "quarters")) " later." }
            }
            @if let Some(bottleneck) = late.bottleneck() { (short(late, bottleneck)) }
            @for waiting in late.waiting.iter().take(LISTED) { p { (waits(all, late, waiting)) } }
            p { strong { "What would help, each by itself:" } }
            ul {
                li {
                    "Move the date to " strong { (late.earliest) } ", the earliest that works"
                    @if !late.overtaken.is_empty() { ", and with it " @if late.overtaken.len() == 1 { "the date of a later stage" } @else { "the dates of " (late.overtaken.len()) " later stages" } " that would come before it" }
                    "."
                }
                @if late.raising_helps { (raise(late)) }
                @for lowering in late.lowering.iter().take(LISTED) { li { (lower(lowering)) } }
                @if !late.dropping.is_empty() { li { (drop(all, late)) } }
            }
            @if late.lowering.is_empty() && late.dropping.is_empty() { p { "Lower targets or fewer activities of this stage alone are not enough." } }
        }
    }
}

/// By what factor the capacity falls short.
fn short(late: &Late, bottleneck: &ShortTeam) -> Markup {
    html! {
        p {
            @match bottleneck.factor() {
                Some(factor) => {
                    (bottleneck.name) " has " (bottleneck.needed) " points to do until then and can do " (bottleneck.available) ": "
                    strong { (format!("{:.2}", (factor * 100.0).ceil() / 100.0)) " times its capacity" } " would be needed."
                },
                None => { (bottleneck.name) " has " (bottleneck.needed) " points to do until then and no capacity." },
            }
            @if late.short.len() > 1 {
                " " (late.short.len()) " teams fall short, by " (late.missing()) " points in all"
                @if let Some(factor) = late.factor_together() { "; all teams together have " (format!("{factor:.2}")) " times the work that they can do" }
                "."
            }
        }
    }
}

fn raise(late: &Late) -> Markup {
    let ways: Vec<String> = late
        .short
        .iter()
        .take(LISTED)
        .filter_map(|short| {
            let now = short.now.map(|now| format!(" instead of {now}")).unwrap_or_default();
            Some(format!("{} {}{now}", short.name, short.each?))
        })
        .collect();
    html! {
        @if !ways.is_empty() {
            li {
                "More points in each quarter: " (listed(&ways))
                @if late.short.len() > LISTED { ", and more for " (count(late.short.len() - LISTED, "other team", "other teams")) }
                "."
            }
        }
    }
}

fn lower(lowering: &Lowering) -> Markup {
    let targets: Vec<String> = lowering
        .targets
        .iter()
        .map(|target| format!("{} from level {} to {}", target.dimension, target.from, target.to))
        .collect();
    html! {
        "Lower the target of " (listed(&targets)) ": " (count(lowering.practices.len(), "practice leaves", "practices leave"))
        " the stage, usefulness " (lowering.usefulness) " is given up and " (lowering.saved) " points are saved."
    }
}

fn drop(all: Dates<'_>, late: &Late) -> Markup {
    let saved = |dropping: &Dropping| html! { " (usefulness " (dropping.usefulness) ", " (dropping.saved) " points)" };
    html! {
        "Leave out what brings least:"
        ul {
            @for dropping in late.dropping.iter().take(LISTED) {
                li {
                    (dropping.name) ": "
                    @for (at, activity) in dropping.activities.iter().take(LISTED).enumerate() { @if at > 0 { ", " } (link(all, *activity)) }
                    @if dropping.activities.len() > LISTED { " and " (dropping.activities.len() - LISTED) " more" }
                    (saved(dropping))
                }
            }
            @if late.dropping.len() > LISTED { li { "and something of " (count(late.dropping.len() - LISTED, "other team", "other teams")) } }
        }
    }
}

fn link(all: Dates<'_>, activity: ActivityIndex) -> Markup {
    activity_link(all.catalog, activity, all.selection)
}

fn waits(all: Dates<'_>, late: &Late, waiting: &Waiting) -> Markup {
    let team = |id: &TeamId| {
        all.made.plan.teams.iter().find(|team| team.team == *id).map_or("another team", |team| &team.name)
    };
    let is_short = late.short.iter().any(|short| short.team == waiting.team);
    html! {
        (waiting.name) @if is_short { " also waits" } @else { " could do its work in time but waits" }
        @for (at, cause) in waiting.causes.iter().take(LISTED).enumerate() {
            @if at == 0 { ": " } @else { "; " }
            @match cause {
                Cause::Locked(activity, period) => { (link(all, *activity)) " is locked to " (period) },
                Cause::Provided(activity, by, period) => { (link(all, *activity)) " comes from " (team(by)) " only in " (period) },
            }
        }
        "."
    }
}
