//! Where everything of a diagram is drawn: by its file, and where that says nothing by [`super::layout`].

use std::collections::HashMap;

use super::geometry::{Form, Outline, Place, Rect, Route};
use super::layout::{Block, layout};
use super::route::{Router, STUB};
use super::sheet::Sheet;
use crate::charts::markup::width;
use crate::domain::threat_model::diagram::Shape;
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId};

/// The size of names.
pub(super) const NAME: u8 = 12;
/// What an element is wide and high at least.
const LEAST: f64 = 14.0;
/// An element is drawn as a circle unless it is so much wider than high.
const WIDE: f64 = 1.35;
/// How deep zones stand in each other.
const DEEPEST: usize = 8;
/// Below what a file places, before what it does not.
const BELOW: f64 = 60.0;

/// An element that takes room: an actor, a process, a store or a note.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) element: &'a Element,
    pub(super) outline: Outline,
}

/// A zone or boundary that is drawn as a box.
#[derive(Debug)]
pub(super) struct Area<'a> {
    pub(super) element: &'a Element,
    pub(super) rect: Rect,
}

/// A flow, or a boundary that is drawn as a line.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) element: &'a Element,
    pub(super) route: Route,
}

/// A diagram with places.
#[derive(Debug, Default)]
pub(super) struct Picture<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    /// The largest first.
    pub(super) areas: Vec<Area<'a>>,
    pub(super) boundaries: Vec<Line<'a>>,
    pub(super) flows: Vec<Line<'a>>,
    /// How many flows have neither ends nor a line.
    pub(super) left_out: usize,
}

impl<'a> Picture<'a> {
    /// Where the elements of a diagram are drawn.
    pub(super) fn new(elements: &[&'a Element]) -> Self {
        let (flows, others): (Vec<&Element>, Vec<&Element>) =
            elements.iter().partition(|element| element.kind == ElementKind::DataFlow);
        let (lines, boxes): (Vec<&Element>, Vec<&Element>) =
            others.into_iter().partition(|e| e.kind.divides() && matches!(e.shape, Some(Shape::Path { .. })));
        let sheet = sheet(&boxes);
        let mut places: HashMap<&PartId, Rect> =
            boxes.iter().filter_map(|e| Some((&e.id, placed(&sheet, e)?))).collect();
        around_members(&boxes, &mut places);
        let by_file = places.len();
        lay_out(&boxes, &flows, &mut places);
        let mut picture = Self::default();
        for element in boxes {
            let Some(&rect) = places.get(&element.id) else { continue };
            if element.kind.divides() {
                picture.areas.push(Area { element, rect });
            } else {
                picture.nodes.push(Node { element, outline: Outline { rect, form: form(element, &rect) } });
            }
        }
        picture.areas.sort_by(|a, b| (b.rect.width * b.rect.height).total_cmp(&(a.rect.width * a.rect.height)));
        let of_file = |element: &Element| match sound_shape(element) {
            Some(Shape::Path { points, smooth }) => {
                let places = thinned(points.iter().map(|point| sheet.place((point.x, point.y))).collect());
                (places, *smooth)
            }
            _ => (Vec::new(), false),
        };
        let boundary = |element: &&'a Element| {
            let (places, smooth) = of_file(element);
            Line { element, route: Route { places, smooth } }
        };
        picture.boundaries = lines.iter().map(boundary).filter(|line| line.route.places.len() > 1).collect();
        let router = Router::new(&picture.nodes, &picture.areas, by_file == 0);
        picture.flows = router.routed(&flows, &of_file);
        picture.left_out = flows.len() - picture.flows.len();
        picture
    }

    /// What the picture takes, without texts.
    pub(super) fn bounds(&self) -> Option<Rect> {
        let nodes = self.nodes.iter().map(|node| node.outline.rect);
        let boxes = nodes.chain(self.areas.iter().map(|area| area.rect)).flat_map(|rect| rect.corners());
        let lines = self.flows.iter().chain(&self.boundaries);
        Rect::holding(boxes.chain(lines.flat_map(|line| line.route.flat())))
    }
}

/// How the places of the file are drawn.
fn sheet(boxes: &[&Element]) -> Sheet {
    let rects = |is: &dyn Fn(ElementKind) -> bool| -> Vec<Rect> {
        boxes.iter().filter(|element| is(element.kind)).filter_map(|element| stated_box(element)).collect()
    };
    let is_note = |kind| kind == ElementKind::Text;
    Sheet::new(&rects(&ElementKind::is_node), &rects(&is_note), &rects(&ElementKind::divides))
}

/// The shape of an element, if it is one that can be drawn.
fn sound_shape(element: &Element) -> Option<&Shape> {
    element.shape.as_ref().filter(|shape| shape.is_sound())
}

/// Where the file has an element: its box, or the one around its line.
pub(super) fn stated_box(element: &Element) -> Option<Rect> {
    match sound_shape(element)? {
        &Shape::Box { x, y, width, height } => Some(Rect { x, y, width, height }),
        Shape::Path { points, .. } => Rect::holding(points.iter().map(|point| (point.x, point.y))),
    }
}

/// Where an element is drawn that the file has a place for. What has no size is given one.
fn placed(sheet: &Sheet, element: &Element) -> Option<Rect> {
    let stated = stated_box(element)?;
    let rect = sheet.rect(&stated);
    if stated.width < 1.0 && stated.height < 1.0 {
        return Some(Rect::around(rect.middle(), size(element)));
    }
    Some(Rect::around(rect.middle(), (rect.width.max(LEAST), rect.height.max(LEAST))))
}

/// Gives zones without a place one around what stands in them, as often as zones stand in each other.
fn around_members<'a>(boxes: &[&'a Element], places: &mut HashMap<&'a PartId, Rect>) {
    let bare: Vec<&Element> =
        boxes.iter().copied().filter(|e| e.kind.divides() && !places.contains_key(&e.id)).collect();
    if places.is_empty() {
        return;
    }
    for _ in 0..DEEPEST {
        let mut corners: HashMap<&PartId, Vec<Place>> = HashMap::new();
        for member in boxes {
            if let (Some(zone), Some(rect)) = (&member.zone, places.get(&member.id)) {
                corners.entry(zone).or_default().extend(rect.corners());
            }
        }
        for zone in &bare {
            if let Some(rect) = corners.remove(&zone.id).and_then(Rect::holding) {
                let rect = rect.grown(24.0);
                places.insert(&zone.id, Rect { y: rect.y - 16.0, height: rect.height + 16.0, ..rect });
            }
        }
    }
}

/// Lays out what has no place yet, below what has one.
fn lay_out<'a>(boxes: &[&'a Element], flows: &[&'a Element], places: &mut HashMap<&'a PartId, Rect>) {
    let bare: Vec<&Element> = boxes.iter().copied().filter(|element| !places.contains_key(&element.id)).collect();
    let numbers: HashMap<&PartId, usize> = bare.iter().enumerate().map(|(i, element)| (&element.id, i)).collect();
    let number = |id: &Option<PartId>| id.as_ref().and_then(|id| numbers.get(id)).copied();
    let mut room: Vec<(f64, f64)> = vec![(0.0, 0.0); bare.len()];
    for flow in flows {
        // An end that is not in the diagram is drawn beside the other one.
        let is_there =
            |id: &Option<PartId>| id.as_ref().is_some_and(|id| numbers.contains_key(id) || places.contains_key(id));
        let (at_source, at_target) = (number(&flow.source), number(&flow.target));
        if let Some(room) = at_source.filter(|_| !is_there(&flow.target)).and_then(|n| room.get_mut(n)) {
            room.1 = STUB;
        }
        if let Some(room) = at_target.filter(|_| !is_there(&flow.source)).and_then(|n| room.get_mut(n)) {
            room.0 = STUB;
        }
    }
    let block = |(element, (left, right)): (&&Element, &(f64, f64))| {
        let (width, height) = size(element);
        let is_area = element.kind.divides();
        let aside = if is_area { 0.0 } else { left + right };
        Block { size: (width + aside, height), within: number(&element.zone), is_area }
    };
    let blocks: Vec<Block> = bare.iter().zip(&room).map(block).collect();
    let links: Vec<(usize, usize)> =
        flows.iter().filter_map(|flow| Some((number(&flow.source)?, number(&flow.target)?))).collect();
    let above = Rect::holding(places.values().flat_map(Rect::corners));
    let (left, top) = above.map_or((0.0, 0.0), |above| (above.x, above.bottom() + BELOW));
    for ((element, (before, after)), rect) in bare.iter().zip(&room).zip(layout(&blocks, &links)) {
        let (before, aside) = if element.kind.divides() { (0.0, 0.0) } else { (*before, before + after) };
        let (x, y) = (rect.x + left + before, rect.y + top);
        places.insert(&element.id, Rect { x, y, width: rect.width - aside, ..rect });
    }
}

/// How large an element is drawn that no file gives a size.
fn size(element: &Element) -> (f64, f64) {
    let name = width(&element.name, NAME);
    match element.kind {
        ElementKind::Process if name < 200.0 => (104.0, 104.0),
        ElementKind::Process => (168.0, 84.0),
        ElementKind::DataStore => (144.0, 56.0),
        ElementKind::Text => (200.0, (name / 180.0).ceil().clamp(1.0, 8.0) * 16.0 + 8.0),
        ElementKind::TrustBoundary | ElementKind::TrustZone => (name.clamp(120.0, 320.0) + 32.0, 56.0),
        _ => (144.0, 60.0),
    }
}

/// How an element is drawn.
fn form(element: &Element, rect: &Rect) -> Form {
    match element.kind {
        ElementKind::Process if rect.width > rect.height * WIDE || rect.height > rect.width * WIDE => Form::Pill,
        ElementKind::Process => Form::Round,
        _ => Form::Angular,
    }
}

/// Not more places of a line than can be told apart.
fn thinned(places: Vec<Place>) -> Vec<Place> {
    const ENOUGH: usize = 32;
    const APART: f64 = 6.0;
    let step = places.len().div_ceil(ENOUGH).max(1);
    let last = places.last().copied();
    let mut kept: Vec<Place> = Vec::new();
    for (x, y) in places.into_iter().step_by(step).chain(last.filter(|_| step > 1)) {
        if kept.last().is_none_or(|before| (before.0 - x).hypot(before.1 - y) >= APART) {
            kept.push((x, y));
        }
    }
    kept
}
