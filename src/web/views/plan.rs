//! “Where do we stand with this plan?”: a kept plan, and how far it is.

use maud::{Markup, html};

use super::components::{day, nothing_yet};
use super::downloads::PlanFiles;
use super::layout::{self, Frame, address, with_parameter};
use super::plan_calendar::{Calendar, calendar};
use super::plan_compare::comparison_address;
use super::plan_course::course;
use super::plan_draft::spans;
use super::plan_progress;
use super::plans::{plan_address, practice_address, set_aside};
use super::roadmap::work;
use crate::charts::Projected;
use crate::domain::period::Period;
use crate::domain::plan::calendar::{PlannedQuarter, PlannedRow, PlannedWork};
use crate::domain::plan::practice::PracticeState;
use crate::domain::plan::seen::KeptPlan;
use crate::domain::view::{Seen, Selection};

/// The page, with the quarters from one on.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<KeptPlan>, from: Option<Period>) -> Markup {
    let Some(kept) = &seen.content else { return layout::page(frame, "Plan", &html! {}, &nothing_yet(&seen.view)) };
    let plan = &kept.plan;
    let is_latest = kept.version.number == plan.versions;
    let here = with_parameter(&address(frame.path, frame.selection), "version", &kept.version.number.to_string());
    let quarters = kept.version.plan.calendar(&kept.version.input);
    let files = PlanFiles { selection: frame.selection, kept: Some((plan.id, kept.version.number)) };
    let body = html! {
        (layout::picker(frame, &seen.view, &html! {}))
        p.coverage {
            "Of " (kept.of.name) ", version " (kept.version.number) " of " (plan.versions) ", saved " (day(kept.version.saved_at)) " by " (kept.version.saved_by)
            ", from " (kept.version.plan.start) " on."
            @if !is_latest { " " a href=(address(frame.path, frame.selection)) { "To the latest version" } "." }
            @if plan.archived_at.is_some() { " " strong { "This plan is put aside." } }
        }
        @if kept.version.plan.teams.is_empty() {
            section.card.empty { p.lead { "This plan has nothing for " (seen.view.scope.name) "." } }
        } @else if let Some(progress) = &kept.progress {
            section.card #progress {
                header.card-head {
                    h2 { "How far it is" }
                    span { (files.table("burn-up")) " " (files.picture("burn-up")) }
                }
                (plan_progress::progress(
                    progress,
                    kept.version.plan.start,
                    &kept.catalog,
                    &kept.version.roadmap,
                    files,
                ))
            }
        }
        @if let Some(trend) = &kept.course {
            section.card #course {
                h2 { "Where it leads" }
                p.explain {
                    "The scores of " (trend.scope.name) " if everything is done as planned, from where it stood in " (kept.version.period) ", when it was saved."
                }
                (course(&[Projected { name: "as planned", trend }], &kept.version.roadmap, Some(files)))
            }
        }
        section.card {
            header.card-head {
                h2 { "Quarter by quarter" }
                @if kept.progress.is_some() { span { (files.whole()) @if kept.version.plan.end().is_some() { " " (files.picture("workload")) } } }
            }
            (spans(&kept.version.plan, &kept.version.roadmap))
            (work(&quarters, &kept.version.roadmap))
            (quarters_of(kept, &quarters, frame.selection, from, &here))
        }
        @if kept.versions.len() > 1 { (versions(kept, frame.selection)) }
    };
    let action = html! {
        @if frame.may_plan(plan.scope, &seen.view.teams) {
            (set_aside(plan))
            a.button href=(format!("{}/edit", plan_address(plan.id))) { "Plan anew from here" }
        }
    };
    layout::page(frame, plan.name.as_str(), &action, &body)
}

/// The quarters of a kept plan, with who takes care of what and how it goes.
pub(super) fn quarters_of(
    kept: &KeptPlan,
    quarters: &[PlannedQuarter<'_>],
    selection: Selection,
    from: Option<Period>,
    here: &str,
) -> Markup {
    calendar(Calendar {
        plan: &kept.version.plan,
        quarters,
        catalog: &kept.catalog,
        roadmap: &kept.version.roadmap,
        selection,
        from: from
            .unwrap_or_else(|| kept.progress.as_ref().map_or(kept.version.plan.start, |progress| progress.due.next())),
        here: Some(here),
        kept: (kept.version.number == kept.plan.versions).then_some(kept.plan.id),
        beside: Some(&|row, work| owner_and_state(kept, row, work)),
    })
}

/// Who takes care of a practice of a team, and how it goes; a link to its page where the plan is the latest.
fn owner_and_state(kept: &KeptPlan, row: &PlannedRow<'_>, work: &PlannedWork<'_>) -> Markup {
    let id = &kept.catalog.activity(row.activity).id;
    let owner = kept.owners.get(&(work.team, id.clone()));
    let owned = html! { @match owner { Some(owner) => (owner), None => "no owner" } };
    html! {
        @if kept.version.number == kept.plan.versions {
            a href=(practice_address(kept.plan.id, work.team, id)) { (owned) span.visually-hidden { ": " (kept.catalog.activity(row.activity).name) } }
        } @else { (owned) }
        " " (state_tag(kept.state(work.team, row.activity, Some(work.until))))
    }
}

/// How a practice goes, in a word.
pub(super) fn state_tag(state: PracticeState) -> Markup {
    html! {
        @match state {
            PracticeState::Done => span.state.done { "done" },
            PracticeState::Late => span.state.late { "late" },
            PracticeState::Open => span.state { "open" },
            PracticeState::NotApplicable => span.state { "does not apply" },
            PracticeState::Gone => span.state { "not assessed" },
        }
    }
}

/// What the plan was each time it was saved.
fn versions(kept: &KeptPlan, selection: Selection) -> Markup {
    let (id, latest) = (kept.plan.id, kept.plan.versions);
    let here = address(&plan_address(id), selection);
    html! {
        section.card #versions {
            h2 { "Versions" }
            p.explain { "Each time the plan is saved, what it says then is kept. Progress is measured against the latest, unless another is looked at." }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Version" }
                            th scope="col" { "Saved" }
                            th scope="col" { "By" }
                            th scope="col" { "From" }
                            th scope="col" { span.visually-hidden { "What can be done" } }
                        }
                    }
                    tbody {
                        @for head in &kept.versions {
                            tr aria-current=[(head.number == kept.version.number).then_some("true")] {
                                th scope="row" {
                                    a href=(with_parameter(&here, "version", &head.number.to_string())) { "Version " (head.number) }
                                    @if head.number == kept.version.number { " " span.quiet { "shown here" } }
                                }
                                td data-name="Saved" { (day(head.saved_at)) }
                                td data-name="By" { (head.saved_by) }
                                td data-name="From" { (head.start) }
                                td {
                                    @if head.number < latest {
                                        a href=(comparison_address([(id, Some(head.number)), (id, Some(latest))])) { "Compare with the latest" span.visually-hidden { ": version " (head.number) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
