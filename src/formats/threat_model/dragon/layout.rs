//! Places for elements that have none, so that Threat Dragon can show them: rows below whatever is drawn, and around
//! those of a zone the zone.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::Frame;
use crate::domain::threat_model::diagram::{Point, Shape};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId};

/// How many elements stand in a row at least.
const COLUMNS: usize = 4;
/// From one element to the next.
const STEP: (f64, f64) = (220.0, 150.0);
/// How large an element is.
const SIZE: (f64, f64) = (150.0, 80.0);
/// What is left free around elements, and for the name of a zone.
const MARGIN: f64 = 40.0;

/// The places of the elements of a diagram, given or found.
pub(super) struct Places<'e> {
    given: BTreeMap<&'e PartId, Frame>,
    next: f64,
}

impl<'e> Places<'e> {
    /// Finds places for all elements that are drawn as boxes.
    pub(super) fn of(elements: &[&'e Element]) -> Self {
        let mut places = Self { given: BTreeMap::new(), next: MARGIN };
        for element in elements {
            places.keep(element);
        }
        let homeless: Vec<&&Element> =
            elements.iter().filter(|e| is_box(e) && !places.given.contains_key(&e.id)).collect();
        let zones: BTreeSet<&PartId> = homeless.iter().filter(|e| e.kind.divides()).map(|e| &e.id).collect();
        let mut within: BTreeMap<Option<&PartId>, Vec<&'e PartId>> = BTreeMap::new();
        for element in homeless.iter().filter(|e| !e.kind.divides()) {
            let zone = element.zone.as_ref().filter(|zone| zones.contains(zone));
            within.entry(zone).or_default().push(&element.id);
        }
        for element in homeless.iter().filter(|e| e.kind.divides()) {
            let members = within.remove(&Some(&element.id)).unwrap_or_default();
            places.zone(&element.id, &members);
        }
        for members in within.values() {
            places.rows(members);
        }
        places
    }

    /// The place of an element.
    pub(super) fn frame(&self, id: &PartId) -> Option<Frame> {
        self.given.get(id).copied()
    }

    /// A place for a line that nothing holds.
    pub(super) fn line(&mut self) -> [Point; 2] {
        let y = self.next;
        self.next += MARGIN;
        [Point { x: MARGIN, y }, Point { x: MARGIN + SIZE.0, y }]
    }

    fn keep(&mut self, element: &'e Element) {
        let bottom = match &element.shape {
            Some(Shape::Box { x, y, width, height }) => {
                // Threat Dragon wants ten at least.
                let (width, height) = (width.max(10.0), height.max(10.0));
                self.given.insert(&element.id, Frame { x: *x, y: *y, width, height });
                y + height
            }
            Some(Shape::Path { points, .. }) => points.iter().map(|point| point.y).fold(f64::MIN, f64::max),
            None => return,
        };
        self.next = self.next.max(bottom + MARGIN);
    }

    /// A zone, with those that are in it.
    fn zone(&mut self, id: &'e PartId, members: &[&'e PartId]) {
        let y = self.next;
        self.next += MARGIN;
        self.rows(members);
        let bottom = if members.is_empty() { self.next + SIZE.1 } else { self.next - MARGIN };
        let width = columns(members.len()).min(members.len().max(1)) as f64 * STEP.0 + MARGIN;
        self.given.insert(id, Frame { x: MARGIN / 2.0, y, width, height: bottom - y });
        self.next = bottom + MARGIN;
    }

    /// Elements in rows.
    fn rows(&mut self, members: &[&'e PartId]) {
        for row in members.chunks(columns(members.len())) {
            for (column, id) in row.iter().enumerate() {
                let x = MARGIN + column as f64 * STEP.0;
                self.given.insert(id, Frame { x, y: self.next, width: SIZE.0, height: SIZE.1 });
            }
            self.next += STEP.1;
        }
    }
}

/// How many of so many elements stand in a row, so that many of them are about as wide as high.
fn columns(count: usize) -> usize {
    COLUMNS.max(count.isqrt())
}

/// Whether an element is drawn as a box: all but flows, and boundaries that are lines.
pub(super) fn is_box(element: &Element) -> bool {
    let is_curve = element.kind.divides() && matches!(element.shape, Some(Shape::Path { .. }));
    element.kind != ElementKind::DataFlow && !is_curve
}
