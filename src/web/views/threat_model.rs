//! A threat model: what it is about, how far it is, its diagram and its threats. Around it the pages on which it
//! is made: its steps, its parts, what follows from it, and what became of it.

pub(in crate::web) mod about;
pub(in crate::web) mod analysis;
mod diagram;
mod form;
pub(in crate::web) mod import;
pub(in crate::web) mod parts;
mod records;
pub(in crate::web) mod revisions;
pub(in crate::web) mod steps;
mod tables;

use maud::{Markup, html};

pub(in crate::web) use diagram::diagram_file;
pub(super) use form::readable;
pub(super) use tables::severity;

use super::components::{Wrong, calendar_day, count, moment};
use super::layout::{self, Frame, encoded};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::domain::threat_model::analysis::Analysis;
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::freshness::{DueReason, Freshness, FreshnessState};
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::register::{Facts, ThreatModelId};
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::steps::{self as ten, Progress, State, Step};
use crate::domain::threat_model::words::Severity;
use crate::domain::threat_model::{PartId, ThreatModel};

/// The address of a threat model.
pub(in crate::web) fn model_address(id: ThreatModelId) -> String {
    format!("/threat-models/{id}")
}

/// The address of something of a threat model.
pub(in crate::web) fn path(id: ThreatModelId, of: &str) -> String {
    format!("/threat-models/{id}/{of}")
}

/// The address of a part. Ids are opaque and may hold anything.
pub(in crate::web) fn part_address(id: ThreatModelId, kind: PartKind, part: &PartId) -> String {
    path(id, &format!("{}/{}", kind.name(), encoded(&part.0)))
}

/// The address of a step.
pub(in crate::web) fn step_address(id: ThreatModelId, step: Step) -> String {
    path(id, &format!("steps/{}", step.name()))
}

/// Whether the one who looks may change a model.
fn may_change(frame: &Frame<'_>, kept: &KeptModel) -> bool {
    kept.registered.archived_at.is_none() && kept.team.retired_at.is_none() && frame.may_for(Action::Assess, &kept.team)
}

/// The pages of a model, and which of them is looked at.
fn tabs(kept: &KeptModel, here: &str) -> Markup {
    tabs_of(kept.registered.id, here)
}

fn tabs_of(id: ThreatModelId, here: &str) -> Markup {
    let pages = [
        (model_address(id), "Overview"),
        (step_address(id, Step::IdentifyAssets), "Ten steps"),
        (path(id, "analysis"), "Analysis"),
        (path(id, "revisions"), "Revisions"),
    ];
    html! {
        nav.tabs aria-label="Threat model" {
            ul { @for (to, name) in pages { li { a href=(to) aria-current=[(name == here).then_some("page")] { (name) } } } }
        }
    }
}

/// The page of a threat model. `entered`: what was entered of a review and could not be recorded.
pub(in crate::web) fn page(frame: &Frame<'_>, kept: &KeptModel, entered: &Fields, wrong: &Wrong) -> Markup {
    let KeptModel { registered, model, team, today } = kept;
    let id = registered.id;
    let (analysis, freshness) = (Analysis::of(model, *today), Freshness::of(registered, *today));
    let progress = ten::progress(model, &analysis, &freshness);
    let may_change = may_change(frame, kept);
    let body = html! {
        (tabs(kept, "Overview"))
        (wrong.notice())
        @if let Some(at) = registered.archived_at { div.notice { p { "Put aside on " (super::components::day(at)) ": what it models is not there any more. It counts nowhere." } } }
        section.card {
            div.card-head { h2 { "Where it stands" } (freshness_tag(&freshness)) }
            p { (freshness_text(&freshness)) }
            (figures(kept, &analysis))
            dl.clauses {
                dt { "Team" } dd { a href=(format!("/threat-models?team={}", team.id)) { (team.name) } }
                (said("Owner", &model.owner)) (said("Reviewer", &model.reviewer)) (said("Took part", &model.participants.join(", ")))
                @if !model.methods.is_empty() { dt { "Method" } dd { (model.methods.iter().map(|method| method.name()).collect::<Vec<_>>().join(", ")) } }
                @if let Some(criticality) = model.criticality { dt { "Criticality" } dd { (readable(criticality.name())) } }
                (said("Version", &model.version))
                @if !model.description.is_empty() { dt { "Scope" } dd { p.plain-text { (model.description) } } }
                @if !model.objectives.is_empty() { dt { "Objectives" } dd { p.plain-text { (model.objectives) } } }
                dt { "Last changed" } dd { (moment(registered.latest.saved_at)) " by " (registered.latest.saved_by) ": " a href=(path(id, "revisions")) { (registered.latest.summary) } }
            }
        }
        (ten_steps(kept, &progress, None))
        (diagram::section(kept))
        section.card #threats {
            div.card-head {
                h2 { (count(model.threats.len(), "threat", "threats")) }
                @if may_change { a.button.quiet href=(parts::new_address(kept, PartKind::Threat, &[], &model_address(id))) { "Add a threat" } }
            }
            (tables::threats(kept, &model.threats.iter().collect::<Vec<_>>(), may_change))
        }
        (others(kept, may_change))
        (records::section(kept, &freshness, may_change, entered))
        (files(kept))
        (aside(frame, kept))
    };
    let action = html! {
        @if may_change {
            a.button.quiet href=(path(id, "about")) { "Edit" }
            a.button.quiet href=(path(id, "import")) { "Import a revision" }
            @if let Some(next) = ten::next(&progress) { a.button href=(step_address(id, next)) { "Go on: " (next.title()) } }
        }
    };
    layout::page(frame, &format!("What could go wrong with “{}”?", model.title), &action, &body)
}

fn said(name: &str, text: &str) -> Markup {
    html! { @if !text.is_empty() { dt { (name) } dd { (text) } } }
}

/// The state of freshness as a tag.
pub(in crate::web) fn freshness_tag(freshness: &Freshness) -> Markup {
    match freshness.state {
        FreshnessState::Fresh { .. } => html! { span.state.done { "Fresh" } },
        FreshnessState::Due { .. } => html! { span.state.bad { "Review due" } },
        FreshnessState::Unknown => html! { span.state.draft { "Never reviewed" } },
    }
}

/// Since when and why, in a sentence.
pub(in crate::web) fn freshness_text(freshness: &Freshness) -> Markup {
    html! {
        @match &freshness.state {
            FreshnessState::Unknown => "Nobody says as of which day it was right, so that it cannot be relied on. Record a review when somebody went through it. ",
            FreshnessState::Fresh { until } => { "The next review is due after " (calendar_day(*until)) ". " }
            FreshnessState::Due { since, because: DueReason::Age } => { "A review is due since " (calendar_day(*since)) ", " (freshness.interval_days) " days after the last one. " }
            FreshnessState::Due { because: DueReason::SignificantChange { note, on }, .. } => { "What it models changed on " (calendar_day(*on)) ": " (note) ". Go through it again. " }
        }
        @if let Some(basis) = &freshness.basis { span.quiet { "As of " (calendar_day(basis.on())) ": " (basis.text()) "." } }
    }
}

/// The open threats in figures.
fn figures(kept: &KeptModel, analysis: &Analysis<'_>) -> Markup {
    let facts: &Facts = &kept.registered.latest.facts;
    let severe = analysis.open.with(Severity::Critical).len() + analysis.open.with(Severity::High).len();
    html! {
        dl.figures {
            div { dt { "Open threats" } dd { (analysis.open.total()) small { " of " (facts.all_threats()) } } }
            div { dt { "Critical or high" } dd { (severe) } }
            div { dt { "Said to be treated, not to be seen" } dd { (analysis.treated.len()) } }
            div { dt { "Flows across a boundary without a threat" } dd { (analysis.crossings.without_threat().count()) small { " of " (analysis.crossings.flows.len()) } } }
            div { dt { "STRIDE per element" } dd { @match analysis.stride.share() { Some(share) => (super::components::percent(share)), None => "–" } } }
        }
    }
}

/// The ten steps with how far each is; `here`: the one that is looked at.
fn ten_steps(kept: &KeptModel, progress: &[(Step, Progress)], here: Option<Step>) -> Markup {
    let done = progress.iter().filter(|(_, progress)| progress.state == State::Done).count();
    let id = kept.registered.id;
    html! {
        section.card #steps {
            div.card-head { h2 { "Ten steps, again and again" } span.quiet { (done) " of " (progress.len()) " done" } }
            ol.process {
                @for (step, progress) in progress {
                    li class=(progress.state.name()) {
                        a href=(step_address(id, *step)) aria-current=[(here == Some(*step)).then_some("step")] {
                            span.number aria-hidden="true" { (step.number()) }
                            span { strong { (step.title()) } small { (state_mark(progress.state)) " " (progress.found) } }
                        }
                    }
                }
            }
            p.quiet { "After the tenth step comes the second again: what is built changes, and so do those who attack it." }
        }
    }
}

/// A state in words, with a mark that is seen without colour.
fn state_mark(state: State) -> Markup {
    let mark = match state {
        State::Done => "✓",
        State::Begun => "◐",
        State::NotBegun => "○",
    };
    html! { span aria-hidden="true" { (mark) } span.visually-hidden { (state.title()) ":" } }
}

/// What else there is besides threats.
fn others(kept: &KeptModel, may_change: bool) -> Markup {
    let ThreatModel { assets, mitigations, assumptions, abuse_stories, .. } = &kept.model;
    let part = |kind: PartKind, name: String, table: Markup| {
        let new = parts::new_address(kept, kind, &[], &model_address(kept.registered.id));
        html! {
            section.card id=(kind.name()) {
                details {
                    summary { h2 { (name) } }
                    (table)
                    @if may_change { p { a href=(new) { "Add " (article(kind)) " " (kind.noun()) } } }
                }
            }
        }
    };
    html! {
        (part(PartKind::Mitigation, count(mitigations.len(), "mitigation", "mitigations"), tables::mitigations(kept)))
        (part(PartKind::Asset, count(assets.len(), "asset", "assets"), tables::assets(kept)))
        (part(PartKind::Assumption, count(assumptions.len(), "assumption", "assumptions"), tables::assumptions(kept)))
        (part(PartKind::AbuseStory, count(abuse_stories.len(), "abuse story", "abuse stories"), tables::abuse_stories(kept)))
    }
}

fn article(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Asset | PartKind::Element | PartKind::Assumption | PartKind::AbuseStory => "an",
        PartKind::Threat | PartKind::Mitigation => "a",
    }
}

/// The ways out: a model can be taken to other tools.
fn files(kept: &KeptModel) -> Markup {
    let id = kept.registered.id;
    let files = [
        ("threat-model.json", "JSON", "everything, in the structure of Cairn"),
        ("threat-dragon.json", "Threat Dragon", "to be edited there and imported again"),
        ("threats.csv", "Threats (CSV)", ""),
        ("threats.xlsx", "Threats (XLSX)", ""),
        ("mitigations.csv", "Mitigations (CSV)", ""),
        ("mitigations.xlsx", "Mitigations (XLSX)", ""),
    ];
    html! {
        section.card #files {
            h2 { "Take it with you" }
            ul.plain.files {
                @for (file, name, what) in files { li { a href=(path(id, &format!("files/{file}"))) download { (name) } @if !what.is_empty() { span.quiet { ": " (what) } } } }
            }
        }
    }
}

/// Puts it aside, or takes it up again.
fn aside(frame: &Frame<'_>, kept: &KeptModel) -> Markup {
    let id = kept.registered.id;
    let is_aside = kept.registered.archived_at.is_some();
    html! {
        @if frame.may_for(Action::Assess, &kept.team) {
            section.card.no-print {
                @if is_aside {
                    h2 { "Take it up again" }
                    p.explain { "It counts again from then on." }
                    form method="post" action=(path(id, "restore")) { button.quiet { "Take it up again" } }
                } @else {
                    details.confirm {
                        summary.quiet { "Put this threat model aside" }
                        p.explain { "For what is not there any more. It counts nowhere then, stays to be seen, and can be taken up again." }
                        form method="post" action=(path(id, "archive")) { button.quiet { "Put it aside" } }
                    }
                }
            }
        }
    }
}
