//! “Which plans are there?”: the kept plans of the transformation.

use maud::{Markup, html};

use super::components::day;
use super::layout::{self, Frame, address, encoded};
use crate::domain::access::Action;
use crate::domain::catalog::ActivityId;
use crate::domain::organization::TeamId;
use crate::domain::plan::saved::{PlanId, SavedPlan};

const QUESTION: &str = "Which plans are there?";

/// The address of a plan.
pub(in crate::web) fn plan_address(id: PlanId) -> String {
    format!("/roadmap/plans/{}", id.0)
}

/// The address of a practice of a team in a plan.
pub(in crate::web) fn practice_address(plan: PlanId, team: TeamId, activity: &ActivityId) -> String {
    format!("{}/items/{team}/{}", plan_address(plan), encoded(&activity.0))
}

/// The list.
pub(in crate::web) fn list(frame: &Frame<'_>, plans: &[(SavedPlan, String)]) -> Markup {
    let (aside, kept): (Vec<_>, Vec<_>) = plans.iter().partition(|(plan, _)| plan.archived_at.is_some());
    let body = html! {
        p.explain {
            "A plan places the practices of the stages, the activities that they still ask for, into quarters, as far as the teams can do them. Each time it is saved, what it says "
            "then is kept, and progress is measured against it. Plans of different targets or capacities can be kept beside each other."
        }
        @if plans.is_empty() {
            section.card.empty {
                p.lead { "No plan is kept yet." }
                p { "Begin with what Cairn proposes for the teams as they stand, change what is different for you, and save it." }
                p { a.button href=(address("/roadmap/plans/new", frame.selection)) { "Make a plan" } }
            }
        }
        @if !kept.is_empty() { (table(frame, "Plans", &kept)) }
        @if kept.len() > 1 { (compare(&kept)) }
        @if !aside.is_empty() { (table(frame, "Put aside", &aside)) }
    };
    let action = html! { @if !plans.is_empty() { a.button href=(address("/roadmap/plans/new", frame.selection)) { "Make a plan" } } };
    layout::page(frame, QUESTION, &action, &body)
}

fn table(frame: &Frame<'_>, title: &str, plans: &[&(SavedPlan, String)]) -> Markup {
    html! {
        section.card {
            h2 { (title) }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Plan" }
                            th scope="col" { "Of" }
                            th.num scope="col" { "Version" }
                            th scope="col" { "Saved" }
                            th scope="col" { "By" }
                            @if frame.may(Action::Plan) { th scope="col" { span.visually-hidden { "What can be done" } } }
                        }
                    }
                    tbody {
                        @for (plan, of) in plans {
                            tr {
                                th scope="row" { a href=(plan_address(plan.id)) { (plan.name) } }
                                td data-name="Of" { (of) }
                                td.num data-name="Version" { (plan.versions) }
                                td data-name="Saved" { (day(plan.saved_at)) }
                                td data-name="By" { (plan.saved_by) }
                                @if frame.may(Action::Plan) { td { (set_aside(plan)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The button that puts a plan aside or takes it up again.
pub(super) fn set_aside(plan: &SavedPlan) -> Markup {
    let (what, word) = if plan.archived_at.is_some() { ("restore", "Take up again") } else { ("archive", "Put aside") };
    html! {
        form method="post" action=(format!("{}/{what}", plan_address(plan.id))) {
            button.quiet aria-label=(format!("{word}: {}", plan.name)) { (word) }
        }
    }
}

/// Chooses two plans to see side by side.
fn compare(plans: &[&(SavedPlan, String)]) -> Markup {
    let choice = |name: &str, label: &str, chosen: usize| {
        html! {
            label {
                span { (label) }
                select name=(name) {
                    @for (at, (plan, of)) in plans.iter().enumerate() { option value=(plan.id.0) selected[at == chosen] { (plan.name) ", " (of) } }
                }
            }
        }
    };
    html! {
        section.card {
            h2 { "Compare two plans" }
            form.inline method="get" action="/roadmap/plans/compare" {
                (choice("a", "One", 0))
                (choice("b", "Other", 1))
                button.quiet { "Compare" }
            }
        }
    }
}
