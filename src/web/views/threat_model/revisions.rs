//! What became of a threat model: its revisions, and what changed in one of them.

use maud::{Markup, html};

use super::form::readable;
use super::{model_address, path};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::changes::{AspectChange, Change, Changes, What};
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::register::RevisionHead;
use crate::domain::threat_model::seen::ModelRevision;
use crate::web::views::components::{Wrong, count, moment};
use crate::web::views::layout::{self, Frame};

/// How many revisions are listed before the rest is behind a summary.
const SHOWN: usize = 50;

/// How many changes of a kind are listed before the rest is behind a summary.
const CHANGES_SHOWN: usize = 50;

/// The page: a revision with what changed in it, and all revisions.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &ModelRevision, wrong: &Wrong) -> Markup {
    let ModelRevision { registered, team, heads, revision, before } = seen;
    let id = registered.id;
    let head = &revision.head;
    let is_latest = head.number == registered.latest.number;
    let nothing = ThreatModel::default();
    let changes = Changes::between(before.as_ref().map_or(&nothing, |before| &before.model), &revision.model);
    let may_change = registered.archived_at.is_none() && frame.may_for(Action::Assess, team);
    let body = html! {
        (super::tabs_of(id, "Revisions"))
        p.coverage { a href=(model_address(id)) { (registered.latest.facts.title) } " of " (team.name) }
        (wrong.notice())
        section.card #changes {
            div.card-head {
                h2 { "Revision " (head.number) @if is_latest { ", the latest" } }
                @if !is_latest && may_change {
                    form method="post" action=(path(id, &format!("revisions/{}/take-back", head.number))) { button.quiet { "Make the model this again" } }
                }
            }
            p { (moment(head.saved_at)) " by " (head.saved_by) ": " (head.summary) (origin(head)) "." }
            (warnings(&revision.warnings))
            @if before.is_none() {
                p { "The first revision: " (changes.summary()) "." }
            } @else {
                (changed(&changes))
            }
        }
        section.card #revisions {
            h2 { (count(heads.len(), "revision", "revisions")) }
            @let (first, rest) = heads.split_at_checked(SHOWN).unwrap_or((heads, &[]));
            (list(seen, first))
            @if !rest.is_empty() { details { summary { (rest.len()) " earlier ones" } (list(seen, rest)) } }
        }
    };
    layout::page(frame, &format!("What became of “{}”?", registered.latest.facts.title), &html! {}, &body)
}

/// What was odd in the file that a revision comes from.
fn warnings(warnings: &[String]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            div.notice {
                details open[warnings.len() <= 10] {
                    summary { (count(warnings.len(), "thing was", "things were")) " odd in the file" }
                    ul { @for warning in warnings { li { (warning) } } }
                }
            }
        }
    }
}

fn origin(head: &RevisionHead) -> String {
    head.file.as_ref().map_or(String::new(), |file| format!(" (from “{}”, {})", file.name, file.format.title()))
}

fn list(seen: &ModelRevision, heads: &[RevisionHead]) -> Markup {
    let id = seen.registered.id;
    html! {
        div.table-wrap {
            table.stack {
                thead { tr { th scope="col" { "Revision" } th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } th.num scope="col" { "Threats" } th.num scope="col" { "Open" } } }
                tbody {
                    @for head in heads {
                        tr {
                            th scope="row" { a href=(path(id, &format!("revisions/{}", head.number))) aria-current=[(head.number == seen.revision.head.number).then_some("true")] { (head.number) } }
                            td data-name="When" { (moment(head.saved_at)) }
                            td data-name="Who" { (head.saved_by) }
                            td data-name="What" { (head.summary) (origin(head)) }
                            td.num data-name="Threats" { (head.facts.all_threats()) }
                            td.num data-name="Open" { (head.facts.open_threats()) }
                        }
                    }
                }
            }
        }
    }
}

/// What changed, by kinds of parts.
fn changed(changes: &Changes) -> Markup {
    html! {
        @if changes.is_empty() { p { "It says the same as the one before." } }
        @if !changes.of_model.is_empty() {
            h3 { "The model as a whole" }
            ul { @for aspect in &changes.of_model { li { (difference(aspect)) } } }
        }
        @for (_, kind) in PartKind::NAMED {
            @let parts: Vec<&Change> = changes.parts.iter().filter(|part| part.kind == *kind).collect();
            @if !parts.is_empty() {
                h3 { (readable(kind.name())) }
                @let (first, rest) = parts.split_at_checked(CHANGES_SHOWN).unwrap_or((&parts, &[]));
                (parts_changed(first))
                @if !rest.is_empty() { details { summary { (rest.len()) " more" } (parts_changed(rest)) } }
            }
        }
    }
}

fn parts_changed(parts: &[&Change]) -> Markup {
    html! {
        ul.plain {
            @for part in parts {
                li {
                    @match &part.what {
                        What::Added => { span.state.done { "Added" } " " (named(part)) }
                        What::Removed => { span.state.expired { "Taken out" } " " s { (named(part)) } }
                        What::Changed(aspects) => {
                            span.state.draft { "Changed" } " " (named(part))
                            ": " @for (i, aspect) in aspects.iter().enumerate() { @if i > 0 { "; " } (difference(aspect)) }
                        }
                    }
                }
            }
        }
    }
}

fn named(part: &Change) -> &str {
    if part.name.is_empty() { "without a name" } else { &part.name }
}

fn difference(aspect: &AspectChange) -> Markup {
    html! {
        (aspect.aspect)
        @if !aspect.from.is_empty() || !aspect.to.is_empty() {
            " " @if aspect.from.is_empty() { span.quiet { "nothing" } } @else { s { (aspect.from) } }
            " → " @if aspect.to.is_empty() { span.quiet { "nothing" } } @else { (aspect.to) }
        }
    }
}
