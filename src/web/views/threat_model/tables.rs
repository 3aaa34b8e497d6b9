//! The parts of a threat model as tables.

use std::collections::HashMap;

use maud::{Markup, html};

use super::form::readable;
use super::part_address;
use crate::domain::named::Named;
use crate::domain::threat_model::analysis::mitigations_by_threat;
use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::{ElementKind, MitigationStatus, Need, Severity, ThreatStatus};
use crate::domain::threat_model::{Element, Mitigation, PartId, Threat};
use crate::web::views::components::count;

/// How many threats stand in a table before the rest is behind a summary.
const SHOWN: usize = 100;

/// Threats, each with its mitigations.
pub(super) fn threats(kept: &KeptModel, threats: &[&Threat], may_change: bool) -> Markup {
    let (first, rest) = threats.split_at_checked(SHOWN).unwrap_or((threats, &[]));
    let by_threat = mitigations_by_threat(&kept.model);
    let elements: HashMap<&PartId, &Element> = kept.model.elements.iter().map(|one| (&one.id, one)).collect();
    let lookup = Lookup { by_threat: &by_threat, elements: &elements };
    html! {
        @if threats.is_empty() {
            p { "None." }
        } @else {
            (threat_table(kept, first, lookup, may_change))
            @if !rest.is_empty() { details { summary { (rest.len()) " more" } (threat_table(kept, rest, lookup, may_change)) } }
        }
    }
}

/// What stands beside threats.
#[derive(Clone, Copy)]
struct Lookup<'a> {
    by_threat: &'a HashMap<&'a PartId, Vec<&'a Mitigation>>,
    elements: &'a HashMap<&'a PartId, &'a Element>,
}

fn threat_table(kept: &KeptModel, threats: &[&Threat], lookup: Lookup<'_>, may_change: bool) -> Markup {
    html! {
        div.table-wrap {
            table.stack.threats {
                thead { tr { th scope="col" { "Threat" } th scope="col" { "Kind" } th scope="col" { "To" } th scope="col" { "Severity" } th scope="col" { "Status" } th scope="col" { "Mitigations" } } }
                tbody {
                    @for threat in threats {
                        tr id=(threat.label()) {
                            th scope="row" { (threat_link(kept, threat)) @if !may_change && !threat.description.is_empty() { p.quiet.plain-text { (threat.description) } } }
                            td data-name="Kind" { (categories(threat)) }
                            td data-name="To" { (affected(threat, lookup.elements)) }
                            td data-name="Severity" { (severity(threat.severity())) }
                            td data-name="Status" { (status(threat)) }
                            td data-name="Mitigations" {
                                @match lookup.by_threat.get(&threat.id) {
                                    Some(mitigations) => ul.plain { @for mitigation in mitigations { li { (mitigation_link(kept, mitigation)) " " (mitigation_status(mitigation)) } } },
                                    None => span.quiet { "none" },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The name of a threat, leading to its form.
pub(super) fn threat_link(kept: &KeptModel, threat: &Threat) -> Markup {
    let title = if threat.title.is_empty() { "without a title" } else { &threat.title };
    html! { a href=(part_address(kept.registered.id, PartKind::Threat, &threat.id)) { (threat.label()) " " (title) } }
}

fn mitigation_link(kept: &KeptModel, mitigation: &Mitigation) -> Markup {
    let title = if mitigation.title.is_empty() { "without a title" } else { &mitigation.title };
    html! { a href=(part_address(kept.registered.id, PartKind::Mitigation, &mitigation.id)) { (mitigation.label()) " " (title) } }
}

/// The name of an element, leading to its form.
pub(super) fn element_link(kept: &KeptModel, element: &Element) -> Markup {
    html! { a href=(part_address(kept.registered.id, PartKind::Element, &element.id)) { (name_of(element)) } }
}

/// What an element is called.
pub(super) fn name_of(element: &Element) -> &str {
    match element.kind {
        _ if !element.name.is_empty() => &element.name,
        ElementKind::DataFlow => "a data flow without a name",
        ElementKind::TrustBoundary | ElementKind::TrustZone => "a boundary without a name",
        _ => "an element without a name",
    }
}

fn categories(threat: &Threat) -> String {
    threat.categories.iter().map(Category::title).collect::<Vec<_>>().join(", ")
}

fn affected(threat: &Threat, elements: &HashMap<&PartId, &Element>) -> String {
    let names = threat.affects.iter().filter_map(|id| elements.get(id)).map(|element| name_of(element));
    names.collect::<Vec<_>>().join(", ")
}

/// A severity as a tag; the word says it, too.
pub(in crate::web::views) fn severity(severity: Option<Severity>) -> Markup {
    html! {
        @match severity {
            Some(severity) => span class=(format!("state severity-{}", severity.name())) { (readable(severity.name())) },
            None => span.quiet { "not rated" },
        }
    }
}

/// How a threat stands, with the words of its file where they say more.
fn status(threat: &Threat) -> Markup {
    let class = match threat.status {
        ThreatStatus::Open => "bad",
        ThreatStatus::InProgress | ThreatStatus::Undetermined => "draft",
        _ => "done",
    };
    html! {
        span class=(format!("state {class}")) { (readable(threat.status.name())) }
        @if !threat.reason.is_empty() { p.quiet.plain-text { (threat.reason) } }
    }
}

fn mitigation_status(mitigation: &Mitigation) -> Markup {
    let class = if mitigation.status == MitigationStatus::Implemented { "done" } else { "draft" };
    let word = if mitigation.status == MitigationStatus::Unknown {
        "not known whether in place"
    } else {
        mitigation.status.name()
    };
    html! { span class=(format!("state {class}")) { (readable(word)) } }
}

/// All mitigations.
pub(super) fn mitigations(kept: &KeptModel) -> Markup {
    let all: Vec<&Mitigation> = kept.model.mitigations.iter().collect();
    mitigation_table(kept, &all, "None yet.")
}

/// Mitigations, each with the threats that it is against; `none` is said where there are none.
pub(super) fn mitigation_table(kept: &KeptModel, mitigations: &[&Mitigation], none: &str) -> Markup {
    let threats: HashMap<&PartId, &Threat> = kept.model.threats.iter().map(|one| (&one.id, one)).collect();
    html! {
        @if mitigations.is_empty() { p { (none) } } @else {
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Mitigation" } th scope="col" { "Against" } th scope="col" { "How far" } th scope="col" { "Who" } } }
                    tbody {
                        @for mitigation in mitigations {
                            tr {
                                th scope="row" { (mitigation_link(kept, mitigation)) @if !mitigation.link.is_empty() { " " a href=(mitigation.link) rel="noreferrer" { small { "follow-up" } } } }
                                td data-name="Against" { @let against: Vec<Markup> = mitigation.threats.iter().filter_map(|id| threats.get(id)).map(|threat| threat_link(kept, threat)).collect(); @if against.is_empty() { span.quiet { "no threat" } } @else { ul.plain { @for threat in against { li { (threat) } } } } }
                                td data-name="How far" { (mitigation_status(mitigation)) }
                                td data-name="Who" { (mitigation.owner) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Assets, with how much they matter.
pub(super) fn assets(kept: &KeptModel) -> Markup {
    let mut harmed: HashMap<&PartId, usize> = HashMap::new();
    for asset in kept.model.threats.iter().flat_map(|threat| &threat.assets) {
        *harmed.entry(asset).or_default() += 1;
    }
    let need = |need: Option<Need>| need.map_or("–".to_owned(), |need| readable(need.name()));
    html! {
        @if kept.model.assets.is_empty() { p { "None yet." } } @else {
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Asset" } th scope="col" { "Others see it" } th scope="col" { "It is changed" } th scope="col" { "It is not there" } th.num scope="col" { "Threats" } } }
                    tbody {
                        @for asset in &kept.model.assets {
                            tr {
                                th scope="row" { a href=(part_address(kept.registered.id, PartKind::Asset, &asset.id)) { (asset.name) } @if !asset.sensitivity.is_empty() { " " small.quiet { (asset.sensitivity) } } }
                                td data-name="Others see it" { (need(asset.confidentiality)) }
                                td data-name="It is changed" { (need(asset.integrity)) }
                                td data-name="It is not there" { (need(asset.availability)) }
                                td.num data-name="Threats" { (harmed.get(&asset.id).copied().unwrap_or_default()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Assumptions, with whether they are true.
pub(super) fn assumptions(kept: &KeptModel) -> Markup {
    html! {
        @if kept.model.assumptions.is_empty() { p { "None yet." } } @else {
            ul.plain {
                @for assumption in &kept.model.assumptions {
                    li { a href=(part_address(kept.registered.id, PartKind::Assumption, &assumption.id)) { (assumption.text) } " " small.quiet { (readable(assumption.validity.name())) } }
                }
            }
        }
    }
}

/// Abuse stories, with the threats that they lead to.
pub(super) fn abuse_stories(kept: &KeptModel) -> Markup {
    html! {
        @if kept.model.abuse_stories.is_empty() { p { "None yet." } } @else {
            ul.plain {
                @for story in &kept.model.abuse_stories {
                    li {
                        a href=(part_address(kept.registered.id, PartKind::AbuseStory, &story.id)) { (story.title) }
                        " " small.quiet { (readable(story.kind.name())) @if !story.threats.is_empty() { ", leads to " (count(story.threats.len(), "threat", "threats")) } }
                    }
                }
            }
        }
    }
}
