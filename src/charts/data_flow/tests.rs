//! Tests of the data-flow diagrams.

use super::*;
use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
use crate::domain::threat_model::Threat;
use crate::domain::threat_model::diagram::{Diagram, Point, Shape};
use crate::domain::threat_model::words::ThreatStatus;

pub(super) fn id(text: &str) -> PartId {
    PartId(text.to_owned())
}

pub(super) fn element(name: &str, kind: ElementKind) -> Element {
    Element { id: id(name), kind, name: name.to_owned(), ..Element::default() }
}

pub(super) fn flow(name: &str, from: &str, to: &str) -> Element {
    Element { source: Some(id(from)), target: Some(id(to)), ..element(name, ElementKind::DataFlow) }
}

pub(super) fn at(element: Element, x: f64, y: f64, width: f64, height: f64) -> Element {
    Element { shape: Shape::of_box(x, y, width, height), ..element }
}

pub(super) fn along(element: Element, points: &[(f64, f64)], smooth: bool) -> Element {
    let points = points.iter().map(|&(x, y)| Point { x, y }).collect();
    Element { shape: Shape::of_path(points, smooth), ..element }
}

pub(super) fn threat(number: u32, affects: &str, status: ThreatStatus) -> Threat {
    Threat { id: id(&format!("t{number}")), number, affects: vec![id(affects)], status, ..Threat::default() }
}

pub(super) fn model(elements: Vec<Element>, threats: Vec<Threat>) -> ThreatModel {
    ThreatModel { title: "Shop".into(), elements, threats, ..ThreatModel::default() }
}

/// A shop as a tool with a canvas has it.
pub(super) fn shop() -> ThreatModel {
    let out = |element: Element| Element { out_of_scope: true, reason: "run by others".into(), ..element };
    let safe = |flow: Element| Element { encrypted: Some(true), public_network: Some(true), ..flow };
    let elements = vec![
        at(element("Inside", ElementKind::TrustBoundary), 260.0, 20.0, 560.0, 360.0),
        along(element("Internet", ElementKind::TrustBoundary), &[(230.0, 0.0), (200.0, 200.0), (240.0, 400.0)], true),
        at(element("Browser", ElementKind::Actor), 0.0, 60.0, 150.0, 80.0),
        at(element("Web shop", ElementKind::Process), 340.0, 50.0, 100.0, 100.0),
        at(element("Orders and what was paid", ElementKind::Process), 320.0, 240.0, 180.0, 80.0),
        at(element("Orders", ElementKind::DataStore), 640.0, 60.0, 150.0, 75.0),
        out(at(element("Payment provider", ElementKind::Actor), 0.0, 250.0, 150.0, 80.0)),
        at(element("Only what is needed is kept.", ElementKind::Text), 620.0, 300.0, 160.0, 60.0),
        safe(flow("Order", "Browser", "Web shop")),
        safe(flow("Page", "Web shop", "Browser")),
        along(flow("New order", "Web shop", "Orders"), &[(440.0, 100.0), (540.0, 40.0), (640.0, 90.0)], true),
        Element { bidirectional: true, ..flow("Payment", "Orders and what was paid", "Payment provider") },
        flow("To be paid", "Orders", "Orders and what was paid"),
        flow("Retry", "Orders and what was paid", "Orders and what was paid"),
    ];
    let threats = vec![
        threat(1, "Browser", ThreatStatus::Mitigated),
        threat(2, "Web shop", ThreatStatus::Open),
        threat(3, "Web shop", ThreatStatus::Accepted),
        threat(4, "Order", ThreatStatus::Open),
        threat(5, "Orders", ThreatStatus::Mitigated),
        threat(6, "New order", ThreatStatus::Mitigated),
    ];
    model(elements, threats)
}

/// The same without places, in zones of which one stands in the other.
pub(super) fn bare() -> ThreatModel {
    let mut model = shop();
    model.elements.retain(|element| !element.name.starts_with("In"));
    for element in &mut model.elements {
        element.shape = None;
        if matches!(element.name.as_str(), "Web shop" | "Orders and what was paid") {
            element.zone = Some(id("Cloud"));
        }
        if element.name == "Orders" {
            element.zone = Some(id("Database network"));
        }
    }
    let zone = |name: &str| element(name, ElementKind::TrustZone);
    model.elements.push(zone("Cloud"));
    model.elements.push(Element { zone: Some(id("Cloud")), ..zone("Database network") });
    model
}

pub(super) fn links() -> (impl Fn(&PartId) -> String, impl Fn(&PartId) -> String) {
    (|id: &PartId| format!("#element-{id}"), |id: &PartId| format!("?element={id}&open#threats"))
}

pub(super) fn drawn(model: &ThreatModel) -> Chart {
    let (element, threats) = links();
    data_flow_diagram(model, None, &Links { element: &element, threats: &threats }, "d").unwrap()
}

#[test]
pub(super) fn a_diagram_with_places_is_drawn_as_it_always_was() {
    let chart = drawn(&shop());
    assert!(is_sound(&chart));
    assert_golden("data-flow.svg", chart.svg());
}

#[test]
pub(super) fn a_diagram_without_places_is_drawn_as_it_always_was() {
    let chart = drawn(&bare());
    assert!(is_sound(&chart));
    assert_golden("data-flow-laid-out.svg", chart.svg());
}

#[test]
pub(super) fn names_are_text() {
    let mut model = bare();
    let names =
        [HOSTILE, "<script>alert(1)</script>", "مرحبا بالعالم", "👩‍👩‍👧 😀", "a]]>b", "&amp;", "x".repeat(300).leak()];
    for (element, name) in model.elements.iter_mut().zip(names.into_iter().cycle()) {
        element.name = name.to_owned();
    }
    let chart = drawn(&model);
    assert!(is_sound(&chart));
    assert!(!chart.svg().contains("<script") && !chart.svg().contains("<b>"));
    assert_golden("data-flow-hostile.svg", chart.svg());
}
