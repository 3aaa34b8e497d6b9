//! The diagrams of a threat model on its page: drawn, as pictures that came with a file, and in words.

use maud::{Markup, PreEscaped, html};

use super::tables::{element_link, name_of};
use super::{part_address, path};
use crate::charts::{Links, data_flow_diagram, data_flow_parts, diagrams};
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId};
use crate::web::views::components::count;
use crate::web::views::layout::encoded;
use crate::web::views::pictures::{self, Format};

/// All diagrams.
pub(super) fn section(kept: &KeptModel) -> Markup {
    let id = kept.registered.id;
    let drawn = diagrams(&kept.model);
    let pictures = kept.model.diagrams.iter().filter_map(|diagram| Some((diagram, diagram.image.as_ref()?)));
    html! {
        section.card #diagram {
            div.card-head {
                h2 { "Data-flow diagram" }
                @if !drawn.is_empty() { span.quiet { "Badges: threats; with “!” some are open. Dashed: boundaries." } }
            }
            @if drawn.is_empty() && kept.model.diagrams.iter().all(|diagram| diagram.image.is_none()) {
                p { "Nothing is drawn yet. Add what it is made of: the actors, processes and data stores first, then the flows between them; the diagram is drawn from that." }
            }
            @for (i, part) in drawn.iter().enumerate() {
                @if drawn.len() > 1 || !part.title.is_empty() { h3 { @if part.title.is_empty() { "Elements without a diagram" } @else { (part.title) } } }
                (one(kept, part.id, i))
            }
            @for (diagram, image) in pictures {
                figure {
                    img.diagram-picture src=(path(id, &format!("images/{image}"))) alt=(format!("Picture “{}”; what it shows is not known to Cairn", diagram.title)) loading="lazy";
                    figcaption.quiet { (diagram.title) @if !diagram.description.is_empty() { ": " (diagram.description) } }
                }
            }
        }
    }
}

/// A diagram as a file; `None` when there is nothing to draw. Fails with a sentence when it cannot be painted.
pub(in crate::web) fn diagram_file(
    kept: &KeptModel,
    diagram: Option<&PartId>,
    format: Format,
) -> Option<Result<Vec<u8>, String>> {
    let chart = data_flow_diagram(&kept.model, diagram, &Links::NONE, "").ok()?;
    Some(pictures::file(&chart, format))
}

/// One diagram, with the way to take it away and the same in words.
fn one(kept: &KeptModel, diagram: Option<&PartId>, number: usize) -> Markup {
    let id = kept.registered.id;
    let element = |part: &PartId| part_address(id, PartKind::Element, part);
    let threats = |part: &PartId| format!("{}?element={}#threats", path(id, "analysis"), encoded(&part.0));
    let links = Links { element: &element, threats: &threats };
    let parts = data_flow_parts(&kept.model, diagram);
    let file = |extension: &str| {
        let of = diagram.map(|diagram| format!("?diagram={}", encoded(&diagram.0))).unwrap_or_default();
        path(id, &format!("files/diagram.{extension}{of}"))
    };
    html! {
        @match data_flow_diagram(&kept.model, diagram, &links, &format!("diagram-{number}")) {
            Ok(chart) => {
                div.graph tabindex="0" role="region" aria-label="Data-flow diagram" { (PreEscaped(chart.svg())) }
                p.downloads { a href=(file("svg")) download { span.visually-hidden { "Diagram as " } "SVG" } a href=(file("png")) download { span.visually-hidden { "Diagram as " } "PNG" } }
            }
            Err(reason) => p { (reason.to_string()) }
        }
        details {
            summary { "The same in words: " (count(parts.len(), "element", "elements")) }
            div.table-wrap {
                table.stack.dense {
                    thead { tr { th scope="col" { "Element" } th scope="col" { "Kind" } th scope="col" { "Within, or from and to" } th.num scope="col" { "Threats" } th.num scope="col" { "Open" } } }
                    tbody {
                        @for part in &parts {
                            tr {
                                th scope="row" { (element_link(kept, part.element)) }
                                td data-name="Kind" { (part.element.kind.title()) @if part.element.out_of_scope { " " small.quiet { "out of scope" } } }
                                td data-name="Where" {
                                    @if part.element.kind == ElementKind::DataFlow {
                                        (end(part.from)) @if part.element.bidirectional { " ↔ " } @else { " → " } (end(part.to))
                                    } @else { (end(part.zone)) }
                                }
                                td.num data-name="Threats" { (part.threats.all) }
                                td.num data-name="Open" { (part.threats.open) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn end(element: Option<&Element>) -> String {
    element.map_or_else(|| "–".to_owned(), |element| name_of(element).to_owned())
}

/// The elements by hand: what there is, and the way to more.
pub(super) fn elements(kept: &KeptModel, frame_may: bool, back: &str) -> Markup {
    let new = |kind: &str| super::parts::new_address(kept, PartKind::Element, &[("kind", kind)], back);
    html! {
        @if frame_may {
            p.actions.add-elements {
                "Add "
                @for (kind, name) in [("actor", "an actor"), ("process", "a process"), ("data_store", "a data store"), ("data_flow", "a data flow"), ("trust_boundary", "a trust boundary"), ("trust_zone", "a trust zone")] {
                    a.button.quiet href=(new(kind)) { (name) }
                }
            }
        }
    }
}
