//! Data-flow diagrams of threat models: actors as boxes, processes as circles, stores between two lines, flows as
//! arrows, boundaries and zones dashed. Where a file says no places, they are found.
//!
//! What has threats has a badge with their number; whether any is open is told by a sign, a surface and a thicker
//! edge, not only by the colour. Everything that is drawn is in [`Diagrams::parts`] as well, for a table
//! beside it.

mod draw;
mod geometry;
mod layout;
mod marks;
mod picture;
mod route;
mod sheet;

use std::collections::{BTreeMap, HashMap};

use super::{Chart, Parts, count};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId, ThreatModel};
use picture::Picture;

/// With more elements than this a diagram tells nobody anything, and takes long to be drawn.
const LARGEST: usize = 2_000;
/// How many pairs of elements and zones are looked at to tell which stands in which.
const MOST_PAIRS: usize = 1_000_000;

/// Why there is no diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoDiagram {
    /// It has no elements that could be drawn.
    #[error("There is nothing to draw: the diagram has no elements.")]
    Empty,
    /// It has too many.
    #[error("The diagram has {elements} elements; more than {LARGEST} are not drawn. They are all in the table.")]
    TooLarge {
        /// How many it has.
        elements: usize,
    },
}

/// Where a diagram leads to. An empty address is no link, as in a file of its own.
pub struct Links<'a> {
    /// The address of what is said of an element.
    pub element: &'a dyn Fn(&PartId) -> String,
    /// The address of the threats to an element.
    pub threats: &'a dyn Fn(&PartId) -> String,
}

impl Links<'static> {
    /// No links at all.
    pub const NONE: Self = Self { element: &|_| String::new(), threats: &|_| String::new() };
}

/// How many threats there are to an element.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ThreatCount {
    /// All of them.
    pub all: u32,
    /// Those that are open.
    pub open: u32,
}

/// A diagram of a model that has something in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagramPart<'a> {
    /// Its id; `None`: the elements that are in no diagram.
    pub id: Option<&'a PartId>,
    /// What it is called: may be empty.
    pub title: &'a str,
    /// How many elements it has.
    pub elements: usize,
}

/// What a diagram shows of an element, in words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataFlowPart<'a> {
    /// The element.
    pub element: &'a Element,
    /// The innermost zone or boundary around it.
    pub zone: Option<&'a Element>,
    /// Of a flow: where it begins.
    pub from: Option<&'a Element>,
    /// Of a flow: where it ends.
    pub to: Option<&'a Element>,
    /// The threats to it.
    pub threats: ThreatCount,
}

/// The diagrams of a model, read once: there may be as many diagrams as there are elements.
pub struct Diagrams<'a> {
    model: &'a ThreatModel,
    elements: HashMap<&'a PartId, &'a Element>,
    threats: HashMap<&'a PartId, ThreatCount>,
    shown: HashMap<Option<&'a PartId>, Vec<&'a Element>>,
}

impl<'a> Diagrams<'a> {
    /// The diagrams of a model.
    pub fn new(model: &'a ThreatModel) -> Self {
        let mut shown: HashMap<Option<&PartId>, Vec<&Element>> = HashMap::new();
        for element in &model.elements {
            shown.entry(element.diagram.as_ref()).or_default().push(element);
        }
        let elements = model.elements.iter().map(|element| (&element.id, element)).collect();
        Self { model, elements, threats: threats(model), shown }
    }

    /// Those that have elements, in the order of the model, and at the end what is in no diagram.
    pub fn list(&self) -> Vec<DiagramPart<'a>> {
        let titles = self.model.diagrams.iter().map(|diagram| (Some(&diagram.id), diagram.title.as_str()));
        let part = |(id, title)| Some(DiagramPart { id, title, elements: self.shown.get(&id)?.len() });
        titles.chain([(None, "")]).filter_map(part).collect()
    }

    /// A diagram as a chart; `None`: of what is in no diagram. `title` is what it is called, else it is called like the
    /// model. `id` is unique on the page.
    pub fn draw(&self, diagram: Option<&PartId>, title: &str, links: &Links<'_>, id: &str) -> Result<Chart, NoDiagram> {
        let elements = self.shown.get(&diagram).map_or(&[][..], Vec::as_slice);
        if elements.len() > LARGEST {
            return Err(NoDiagram::TooLarge { elements: elements.len() });
        }
        let picture = Picture::new(elements);
        let pen = draw::Pen { links, threats: &self.threats, elements: &self.elements };
        let drawing = pen.draw(&picture).ok_or(NoDiagram::Empty)?;
        let title = if title.is_empty() { &self.model.title } else { title };
        Ok(Chart::new(&Parts {
            id,
            size: drawing.size,
            natural: true,
            role: "group",
            title: &if title.is_empty() {
                "Data-flow diagram".to_owned()
            } else {
                format!("Data-flow diagram: {title}")
            },
            description: &description(elements, &self.threats, picture.left_out),
            content: &drawing.content,
        }))
    }

    /// What a diagram shows, in words: first what stands in it, then the flows, in the order of the model.
    pub fn parts(&self, diagram: Option<&PartId>) -> Vec<DataFlowPart<'a>> {
        let find = |id: &Option<PartId>| self.elements.get(id.as_ref()?).copied();
        let shown = self.shown.get(&diagram).map_or(&[][..], Vec::as_slice);
        let zones = Zones::new(shown);
        let part = |element: &'a Element| DataFlowPart {
            element,
            zone: find(&element.zone).or_else(|| zones.around(element)),
            from: find(&element.source),
            to: find(&element.target),
            threats: self.threats.get(&element.id).copied().unwrap_or_default(),
        };
        let (flows, others): (Vec<&Element>, Vec<&Element>) =
            shown.iter().partition(|element| element.kind == ElementKind::DataFlow);
        others.into_iter().chain(flows).map(part).collect()
    }
}

/// One diagram of a model; `None`: of what is in no diagram. `id` is unique on the page.
pub fn data_flow_diagram(
    model: &ThreatModel,
    diagram: Option<&PartId>,
    links: &Links<'_>,
    id: &str,
) -> Result<Chart, NoDiagram> {
    let found = diagram.and_then(|id| model.diagrams.iter().find(|diagram| diagram.id == *id));
    Diagrams::new(model).draw(diagram, found.map_or("", |found| &found.title), links, id)
}

/// How many threats there are to each element that has any.
fn threats(model: &ThreatModel) -> HashMap<&PartId, ThreatCount> {
    let mut counts: HashMap<&PartId, ThreatCount> = HashMap::new();
    for threat in &model.threats {
        for element in &threat.affects {
            let count = counts.entry(element).or_default();
            count.all += 1;
            count.open += u32::from(threat.status.is_open());
        }
    }
    counts
}

/// The zones of a diagram that have a place as a box, the smallest first.
struct Zones<'a> {
    boxes: Vec<(geometry::Rect, &'a Element)>,
}

impl<'a> Zones<'a> {
    fn new(shown: &[&'a Element]) -> Self {
        let zones = shown.iter().filter(|element| element.kind.divides());
        let mut boxes: Vec<_> = zones.filter_map(|&zone| Some((picture::stated_box(zone)?, zone))).collect();
        if boxes.len().saturating_mul(shown.len()) > MOST_PAIRS {
            boxes.clear();
        }
        boxes.sort_by(|(a, _), (b, _)| (a.width * a.height).total_cmp(&(b.width * b.height)));
        Self { boxes }
    }

    /// The smallest around an element, by its middle; around a zone, by both its corners.
    fn around(&self, element: &Element) -> Option<&'a Element> {
        let own = picture::stated_box(element)?;
        let is_around = |rect: &geometry::Rect, zone: &Element| {
            let is_inside = if element.kind.divides() {
                own.corners().into_iter().all(|corner| rect.has(corner)) && *rect != own
            } else {
                rect.has(own.middle())
            };
            zone.id != element.id && is_inside
        };
        self.boxes.iter().find(|(rect, zone)| is_around(rect, zone)).map(|(_, zone)| *zone)
    }
}

/// What a diagram shows, in a sentence or two.
fn description(elements: &[&Element], threats: &HashMap<&PartId, ThreatCount>, left_out: usize) -> String {
    let mut kinds: BTreeMap<ElementKind, usize> = BTreeMap::new();
    for element in elements {
        *kinds.entry(element.kind).or_default() += 1;
    }
    let counted: Vec<String> = kinds.iter().map(|(kind, &n)| kind_count(*kind, n)).collect();
    let under = |of: &dyn Fn(&ThreatCount) -> u32| {
        elements.iter().filter(|element| threats.get(&element.id).is_some_and(|count| of(count) > 0)).count()
    };
    let (threatened, open) = (under(&|count| count.all), under(&|count| count.open));
    let mut said = match threatened {
        0 => format!("{}. There are no threats to any of it.", counted.join(", ")),
        _ => format!(
            "{}. {} threats, {open} of them open ones.",
            counted.join(", "),
            count(threatened, "element has", "elements have")
        ),
    };
    if left_out > 0 {
        said += &format!(" {} no ends and cannot be drawn.", count(left_out, "flow has", "flows have"));
    }
    said
}

/// How many elements of a kind there are, in words.
fn kind_count(kind: ElementKind, n: usize) -> String {
    match kind {
        ElementKind::Actor => count(n, "actor", "actors"),
        ElementKind::Process => count(n, "process", "processes"),
        ElementKind::DataStore => count(n, "data store", "data stores"),
        ElementKind::DataFlow => count(n, "data flow", "data flows"),
        ElementKind::TrustBoundary => count(n, "trust boundary", "trust boundaries"),
        ElementKind::TrustZone => count(n, "trust zone", "trust zones"),
        ElementKind::Text => count(n, "note", "notes"),
        ElementKind::Unclassified => count(n, "element of unknown kind", "elements of unknown kind"),
    }
}

#[cfg(test)]
mod tests;
