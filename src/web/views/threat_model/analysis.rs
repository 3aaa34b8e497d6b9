//! What follows from a threat model: kinds of threat that nobody thought of, flows that nobody looked at, risk, and
//! threats that are said to be treated while that is not to be seen.

use std::collections::HashMap;

use maud::{Markup, html};

use super::parts::new_address;
use super::steps::pasta_stages;
use super::{path, tables, tabs};
use crate::domain::named::Named;
use crate::domain::threat_model::analysis::Analysis;
use crate::domain::threat_model::category::Stride;
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::rating::{Band, severity_of};
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::Severity;
use crate::domain::threat_model::{Element, PartId, Threat};
use crate::web::views::components::{count, percent};
use crate::web::views::layout::{self, Frame};

/// How many rows stand in a list before the rest is behind a summary.
const SHOWN: usize = 50;

/// The page. `element`: the one whose threats are looked at.
pub(in crate::web) fn page(frame: &Frame<'_>, kept: &KeptModel, element: Option<&PartId>) -> Markup {
    let analysis = Analysis::of(&kept.model, kept.today);
    let may = super::may_change(frame, kept);
    let back = path(kept.registered.id, "analysis");
    let body = html! {
        (tabs(kept, "Analysis"))
        @if let Some(element) = element.and_then(|id| kept.model.element(id)) {
            section.card #threats {
                div.card-head {
                    h2 { "Threats to “" (tables::name_of(element)) "”" }
                    @if may { a.button.quiet href=(new_address(kept, PartKind::Threat, &[("affects", &element.id.0)], &back)) { "Add one" } }
                }
                (tables::threats(kept, &kept.model.threats_to(&element.id).collect::<Vec<_>>(), may))
                p { a href=(back) { "All of the analysis" } }
            }
        }
        div.pair {
            section.card { h2 { "Open threats by severity" } (by_severity(&analysis)) }
            section.card { h2 { "Risk of the open threats" } (matrix(kept, &analysis)) }
        }
        section.card #treated {
            h2 { "Said to be treated, not to be seen" }
            p.explain { "These count as mitigated, eliminated or resolved, while what is done against them is not known to be in place." }
            (treated(kept, &analysis))
        }
        section.card #crossings {
            h2 { "Flows across a boundary" }
            (crossings(kept, &analysis, may, &back))
        }
        section.card #stride {
            h2 { "STRIDE per element" }
            (coverage(kept, &analysis, may, &back))
        }
        section.card #ages {
            h2 { "How long the open threats are known" }
            (ages(kept, &analysis))
        }
        (pasta_stages(kept))
    };
    layout::page(frame, &format!("What does “{}” leave open?", kept.model.title), &html! {}, &body)
}

fn by_severity(analysis: &Analysis<'_>) -> Markup {
    html! {
        @if analysis.open.total() == 0 { p { "No threat is open." } } @else {
            table {
                thead { tr { th scope="col" { "Severity" } th.num scope="col" { "Open" } } }
                tbody {
                    @for (_, severity) in Severity::NAMED.iter().rev() {
                        tr { th scope="row" { (tables::severity(Some(*severity))) } td.num { (analysis.open.with(*severity).len()) } }
                    }
                    tr { th scope="row" { (tables::severity(None)) } td.num { (analysis.open.unrated.len()) } }
                }
            }
        }
    }
}

/// The matrix of likelihood and impact, with the threats in their places.
pub(super) fn matrix(kept: &KeptModel, analysis: &Analysis<'_>) -> Markup {
    let matrix = &analysis.matrix;
    let labels = |threats: &[&Threat]| {
        html! {
            @for (i, threat) in threats.iter().take(SHOWN).enumerate() {
                @if i > 0 { " " }
                a href=(super::part_address(kept.registered.id, PartKind::Threat, &threat.id)) title=(threat.title) { (threat.label()) }
            }
            @if threats.len() > SHOWN { " and " (threats.len() - SHOWN) " more" }
        }
    };
    html! {
        @if matrix.rated() == 0 { p { "No open threat is rated yet." } } @else {
            div.table-wrap {
                table.risk-matrix {
                    caption.visually-hidden { "Open threats by likelihood and impact" }
                    thead { tr { th scope="col" { "Impact" } @for likelihood in Band::ALL { th scope="col" { (likelihood.title()) " likelihood" } } } }
                    tbody {
                        @for impact in Band::ALL.into_iter().rev() {
                            tr {
                                th scope="row" { (impact.title()) }
                                @for likelihood in Band::ALL {
                                    @let severity = severity_of(likelihood, impact);
                                    td { (tables::severity(Some(severity))) div { (labels(matrix.at(likelihood, impact))) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !matrix.unrated.is_empty() { p.quiet { (count(matrix.unrated.len(), "open threat is", "open threats are")) " not rated by likelihood and impact." } }
    }
}

/// Threats that are said to be treated while that is not to be seen.
pub(super) fn treated(kept: &KeptModel, analysis: &Analysis<'_>) -> Markup {
    html! {
        @if analysis.treated.is_empty() { p { "None." } } @else {
            ul.plain {
                @for treated in analysis.treated.iter().take(200) {
                    li {
                        (tables::threat_link(kept, treated.threat)) ": " (treated.gap.text())
                        @if !treated.mitigations.is_empty() { " " span.quiet { (treated.mitigations.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ")) } }
                    }
                }
            }
            @if analysis.treated.len() > 200 { p.quiet { (analysis.treated.len() - 200) " more." } }
        }
    }
}

/// The flows that cross a boundary, those without a threat first.
pub(super) fn crossings(kept: &KeptModel, analysis: &Analysis<'_>, may: bool, back: &str) -> Markup {
    let flows = &analysis.crossings.flows;
    let elements: HashMap<&PartId, &Element> = kept.model.elements.iter().map(|one| (&one.id, one)).collect();
    let mut threats: HashMap<&PartId, usize> = HashMap::new();
    for element in kept.model.threats.iter().flat_map(|threat| &threat.affects) {
        *threats.entry(element).or_default() += 1;
    }
    let mut sorted: Vec<_> = flows.iter().collect();
    sorted.sort_by_key(|crossing| crossing.has_threat);
    html! {
        @if flows.is_empty() {
            p { "No flow crosses a boundary. That is seen from the zone of its ends, or from where they are drawn." }
        } @else {
            p { (analysis.crossings.without_threat().count()) " of " (count(flows.len(), "flow has", "flows have")) " no threat: nobody asked yet what could go wrong there." }
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Flow" } th scope="col" { "Crosses" } th scope="col" { "Threats" } } }
                    tbody {
                        @for crossing in sorted {
                            tr {
                                th scope="row" { (flow(kept, crossing.flow, &elements)) }
                                td data-name="Crosses" { (crossing.boundaries.iter().map(|boundary| tables::name_of(boundary)).collect::<Vec<_>>().join(", ")) }
                                td data-name="Threats" {
                                    @if crossing.has_threat { (count(threats.get(&crossing.flow.id).copied().unwrap_or_default(), "threat", "threats")) }
                                    @else if crossing.flow.out_of_scope { span.quiet { "out of scope" } }
                                    @else { span.state.bad { "None" } @if may { " " a href=(new_address(kept, PartKind::Threat, &[("affects", &crossing.flow.id.0)], back)) { "Add one" span.visually-hidden { " to " (tables::name_of(crossing.flow)) } } } }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !analysis.crossings.is_complete { p.quiet { "The diagram is too large for all of its flows to be looked at." } }
    }
}

/// A flow with its ends.
fn flow(kept: &KeptModel, flow: &Element, elements: &HashMap<&PartId, &Element>) -> Markup {
    let end = |id: &Option<PartId>| {
        id.as_ref().and_then(|id| elements.get(id)).map_or("?", |element| tables::name_of(element)).to_owned()
    };
    html! { (tables::element_link(kept, flow)) " " small.quiet { (end(&flow.source)) " → " (end(&flow.target)) } }
}

/// Which kinds of threat were looked for at each element.
pub(super) fn coverage(kept: &KeptModel, analysis: &Analysis<'_>, may: bool, back: &str) -> Markup {
    let stride = &analysis.stride;
    let (first, rest) = stride.rows.split_at_checked(SHOWN).unwrap_or((&stride.rows, &[]));
    let table = |rows: &[crate::domain::threat_model::analysis::StrideRow<'_>]| {
        html! {
            div.table-wrap {
                table.dense.stride {
                    thead { tr { th scope="col" { "Element" } @for kind in Stride::ALL { th scope="col" { abbr title=(kind.title()) { (kind.letter()) } } } } }
                    tbody {
                        @for row in rows {
                            tr {
                                th scope="row" { (tables::element_link(kept, row.element)) " " small.quiet { (row.element.kind.title()) } }
                                @for kind in Stride::ALL {
                                    td {
                                        @if row.covered.contains(&kind) { span.covered { "✓" span.visually-hidden { (kind.title()) ": has a threat" } } }
                                        @else if row.left.contains(&kind) {
                                            @if may {
                                                a.left href=(new_address(kept, PartKind::Threat, &[("affects", &row.element.id.0), ("stride", kind.name())], back)) { "+" span.visually-hidden { " Add a threat: " (kind.title()) " of " (tables::name_of(row.element)) } }
                                            } @else { span.left { "?" span.visually-hidden { (kind.title()) ": no threat" } } }
                                        } @else { span.quiet aria-hidden="true" { "·" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    html! {
        @match stride.share() {
            None => p { "There is no element yet that could be threatened; draw the data-flow diagram first." },
            Some(share) => {
                p { (stride.covered) " of " (count(stride.applicable, "pair", "pairs")) " of an element and a kind of threat that concerns it " @if stride.covered == 1 { "has" } @else { "have" } " a threat: " (percent(share)) ". "
                    span.quiet { "Spoofing, Tampering, Repudiation, Information disclosure, Denial of service, Elevation of privilege. ✓ has a threat, + nobody thought of one, · does not concern it." } }
                (table(first))
                @if !rest.is_empty() { details { summary { (rest.len()) " more elements" } (table(rest)) } }
            }
        }
    }
}

fn ages(kept: &KeptModel, analysis: &Analysis<'_>) -> Markup {
    html! {
        @if analysis.ages.is_empty() { p { "No threat is open." } } @else {
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Threat" } th scope="col" { "Severity" } th.num scope="col" { "Days" } } }
                    tbody {
                        @for aged in analysis.ages.iter().take(SHOWN) {
                            tr {
                                th scope="row" { (tables::threat_link(kept, aged.threat)) }
                                td data-name="Severity" { (tables::severity(aged.threat.severity())) }
                                td.num data-name="Days" { @match aged.days { Some(days) => (days), None => span.quiet { "not known" } } }
                            }
                        }
                    }
                }
            }
            @if analysis.ages.len() > SHOWN { p.quiet { "The oldest " (SHOWN) " of " (analysis.ages.len()) " are shown." } }
        }
    }
}
