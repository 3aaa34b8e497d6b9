//! “What becomes of this practice?”: a practice of a team in a kept plan, why it is there, and who takes care of it.

use maud::{Markup, html};

use super::components::{self, Wrong, activity_link, described_by, field_faults, mark_name, percent, question_id};
use super::layout::{self, Frame, address, encoded, with_parameter};
use super::plan::state_tag;
use super::plans::{plan_address, practice_address};
use crate::domain::access::Action;
use crate::domain::catalog::ActivityIndex;
use crate::domain::plan::practice::{Needed, PracticeSeen};
use crate::domain::view::Seen;

/// The page. `owner` is what was entered, or who it is.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<PracticeSeen>, owner: Option<&str>, wrong: &Wrong) -> Markup {
    let Some(practice) = &seen.content else { return layout::page(frame, "Practice", &html! {}, &html! {}) };
    let PracticeSeen { kept, team, item, .. } = practice;
    let activity = kept.catalog.activity(item.activity);
    let plan = address(&plan_address(kept.plan.id), frame.selection);
    let body = html! {
        p.coverage {
            a href=(plan) { (kept.plan.name) } " · " (team.name) " · version " (kept.version.number) " · " (state_tag(practice.state))
        }
        (wrong.notice())
        section.card #why {
            h2 { "Why there, and why then?" }
            p.lead { (item.reason(&kept.catalog, stage(practice))) }
            (facts(practice, seen))
            p.jump.shortcuts {
                a href=(address(&format!("/catalog/{}", encoded(&activity.id.0)), frame.selection)) { "What it is about" }
                @if let Some(assessment) = practice.assessment {
                    a href=(format!("/assessments/{assessment}#{}", question(practice))) { "What " (team.name) " answered" }
                }
                @if frame.may(Action::Plan) { a href=(decide(practice)) { "Lock it, leave it out or let others provide it" } }
            }
        }
        (neighbours(frame, practice))
        (owned(frame, practice, owner, wrong))
    };
    let action = html! { a.button.quiet href=(plan) { "Back to the plan" } };
    layout::page(frame, &activity.name, &action, &body)
}

fn stage(practice: &PracticeSeen) -> &str {
    practice.kept.version.roadmap.stage(practice.item.stage).map_or("", |stage| &stage.name)
}

/// The anchor of its question, in the catalog that the team is seen in now.
fn question(practice: &PracticeSeen) -> String {
    let PracticeSeen { kept, item, .. } = practice;
    let now = kept.now.as_ref().and_then(|now| now.catalog.find(&kept.catalog.activity(item.activity).id));
    question_id(now.unwrap_or(item.activity))
}

/// Where something can be decided about it.
fn decide(practice: &PracticeSeen) -> String {
    let PracticeSeen { kept, team, item, .. } = practice;
    let edit = format!("{}/edit", plan_address(kept.plan.id));
    let about = with_parameter(&edit, "activity", &kept.catalog.activity(item.activity).id.0);
    with_parameter(&about, "of", &team.id.to_string())
}

/// What was planned and what is.
fn facts(practice: &PracticeSeen, seen: &Seen<PracticeSeen>) -> Markup {
    let PracticeSeen { kept, item, .. } = practice;
    html! {
        dl.facts {
            div { dt { "Stage" } dd { (stage(practice)) } }
            div { dt { "When planned" } dd { (percent(item.progress)) " done, " (item.effort) " points left" } }
            div {
                dt { "Now" }
                dd {
                    @match practice.mark { Some(mark) => (mark_name(&seen.settings.scale, mark)), None => "not assessed any more" }
                    @if let Some(period) = kept.now.as_ref().map(|now| now.period) { ", as of " (period) }
                }
            }
            div {
                dt { "Work" }
                dd {
                    @for (i, (period, points)) in item.work.iter().enumerate() {
                        @if i > 0 { ", " }
                        (points) " points in " (period)
                    }
                }
            }
            div { dt { "Usefulness" } dd { (item.usefulness) " of 5" } }
        }
    }
}

/// What it waits for, and what waits for it.
fn neighbours(frame: &Frame<'_>, practice: &PracticeSeen) -> Markup {
    html! {
        section.card #needs {
            h2 { "What does it wait for, and what waits for it?" }
            @if practice.needs.is_empty() { p { "It needs nothing before it." } }
            @else {
                h3 { "It needs" }
                ul {
                    @for (activity, needed) in &practice.needs {
                        li { (link(frame, practice, *activity, matches!(needed, Needed::Planned(_)))) ": " (when(needed)) }
                    }
                }
            }
            @if practice.opens.is_empty() { p { "Nothing in the plan of " (practice.team.name) " waits for it." } }
            @else {
                h3 { "It opens the way for" }
                ul {
                    @for (activity, from) in &practice.opens { li { (link(frame, practice, *activity, true)) ": begun in " (from) } }
                }
            }
        }
    }
}

/// Another practice of the plan, or an activity that is none.
fn link(frame: &Frame<'_>, practice: &PracticeSeen, activity: ActivityIndex, is_planned: bool) -> Markup {
    let PracticeSeen { kept, team, .. } = practice;
    let of = kept.catalog.activity(activity);
    html! {
        @if is_planned { a href=(practice_address(kept.plan.id, team.id, &of.id)) { (of.name) } }
        @else { (activity_link(&kept.catalog, activity, frame.selection)) }
    }
}

fn when(needed: &Needed) -> Markup {
    html! {
        @match needed {
            Needed::Planned(until) => { "finished in " (until) },
            Needed::Provided(by, ready) => {
                "provided by " @match by { Some(team) => (team), None => "another team" }
                @match ready { Some(period) => { ", ready in " (period) }, None => ", which had it when the plan was made" }
            },
            Needed::Before => "nothing was left of it when the plan was made",
        }
    }
}

/// Who takes care of it.
fn owned(frame: &Frame<'_>, practice: &PracticeSeen, entered: Option<&str>, wrong: &Wrong) -> Markup {
    let PracticeSeen { kept, team, item, .. } = practice;
    let id = &kept.catalog.activity(item.activity).id;
    let owner = kept.owners.get(&(team.id, id.clone())).map(String::as_str);
    html! {
        section.card #owner {
            h2 { "Who takes care of it?" }
            @if frame.may_for(Action::Plan, team) {
                @if wrong.refused.is_some() { p { "As it is now: " @match owner { Some(owner) => (owner), None => "nobody yet" } "." } }
                form.inline method="post" action=(practice_address(kept.plan.id, team.id, id)) {
                    (components::seen(&owner.unwrap_or_default()))
                    label {
                        span { "Owner" }
                        input type="text" name="owner" value=(entered.or(owner).unwrap_or_default()) maxlength="100" autocomplete="off"
                            aria-describedby=[described_by(&wrong.faults, "owner")];
                    }
                    button { "Save" }
                }
                (field_faults(&wrong.faults, "owner"))
                p.explain { "A person, a role or a group, by name; empty: nobody yet. It stays when the plan is made anew." }
            } @else {
                p { @match owner { Some(owner) => (owner), None => span.quiet { "Nobody yet." } } }
            }
        }
    }
}
