//! The diagrams of a threat model on its page: drawn, as pictures that came with a file, and in words.

use maud::{Markup, PreEscaped, html};

use super::tables::{element_link, name_of};
use super::{part_address, path};
use crate::charts::{DiagramPart, Diagrams, Links, data_flow_diagram};
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::register::ThreatModelId;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId};
use crate::web::views::components::count;
use crate::web::views::layout::encoded;
use crate::web::views::pictures::{self, Format};

/// How many diagrams are drawn on the page, and how many elements they may have together: after that a browser takes
/// long to show them.
const MOST_DRAWN: usize = 30;
const MOST_ELEMENTS: usize = 3_000;

/// How many of the diagrams are drawn on the page: the first in any case.
fn drawn_at_once(list: &[DiagramPart<'_>]) -> usize {
    let together = list.iter().scan(0_usize, |sum, part| {
        *sum = sum.saturating_add(part.elements);
        Some(*sum)
    });
    together.take_while(|sum| *sum <= MOST_ELEMENTS).take(MOST_DRAWN).count().max(1)
}

/// All diagrams.
pub(super) fn section(kept: &KeptModel) -> Markup {
    let id = kept.registered.id;
    let diagrams = Diagrams::new(&kept.model);
    let drawn = diagrams.list();
    let at_once = drawn_at_once(&drawn);
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
            @for (i, part) in drawn.iter().enumerate().take(at_once) {
                @if drawn.len() > 1 || !part.title.is_empty() { h3 { @if part.title.is_empty() { "Elements without a diagram" } @else { (part.title) } } }
                (one(kept, &diagrams, part, i))
            }
            @if drawn.len() > at_once {
                details {
                    summary { (count(drawn.len() - at_once, "more diagram", "more diagrams")) ", as files" }
                    ul { @for part in drawn.iter().skip(at_once) { li { a href=(file(id, part.id, "svg")) download { @if part.title.is_empty() { "Diagram without a title" } @else { (part.title) } } " " small.quiet { (count(part.elements, "element", "elements")) } } } }
                }
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

/// The address of a diagram as a file.
fn file(id: ThreatModelId, diagram: Option<&PartId>, extension: &str) -> String {
    let of = diagram.map(|diagram| format!("?diagram={}", encoded(&diagram.0))).unwrap_or_default();
    path(id, &format!("files/diagram.{extension}{of}"))
}

/// One diagram, with the way to take it away and the same in words.
fn one(kept: &KeptModel, diagrams: &Diagrams<'_>, part: &DiagramPart<'_>, number: usize) -> Markup {
    let id = kept.registered.id;
    let element = |part: &PartId| part_address(id, PartKind::Element, part);
    let threats = |part: &PartId| format!("{}?element={}#threats", path(id, "analysis"), encoded(&part.0));
    let links = Links { element: &element, threats: &threats };
    let parts = diagrams.parts(part.id);
    let file = |extension: &str| file(id, part.id, extension);
    html! {
        @match diagrams.draw(part.id, part.title, &links, &format!("diagram-{number}")) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_draws_the_first_diagrams_and_only_so_many_elements() {
        let parts = |sizes: &[usize]| -> usize {
            let part = |&elements: &usize| DiagramPart { id: None, title: "", elements };
            drawn_at_once(&sizes.iter().map(part).collect::<Vec<_>>())
        };
        assert_eq!(parts(&[20, 30]), 2);
        assert_eq!(parts(&[5_000, 1]), 1, "the first in any case");
        assert_eq!(parts(&[1_500, 1_500, 1, 1]), 2);
        assert_eq!(parts(&[1; 20_000]), MOST_DRAWN);
    }
}
