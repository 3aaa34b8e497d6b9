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

#[test]
fn what_a_diagram_says_is_said_without_sight_too() {
    let chart = drawn(&shop());
    let svg = chart.svg();
    for told in [
        "Web shop, process, 2 threats, 1 open",
        "Browser, actor, 1 threat, none open",
        "Order, data flow from Browser to Web shop, encrypted, over a public network, 1 threat, 1 open",
        "Payment, data flow between Orders and what was paid and Payment provider, no threats",
        "Payment provider, actor, out of scope: run by others, no threats",
        "Inside, trust boundary",
    ] {
        assert!(svg.contains(&format!(" aria-label=\"{told}\"><title>{told}</title>")), "{told}");
    }
    assert!(svg.contains("href=\"#element-Web shop\" aria-label=\"Web shop, process"));
    assert!(
        svg.contains(
            "href=\"?element=Web shop&amp;open#threats\" aria-label=\"Threats to Web shop: 2 threats, 1 open\""
        )
    );
    assert!(svg.contains("<title id=\"d-title\">Data-flow diagram: Shop</title>"));
    assert!(svg.contains("2 actors, 2 processes, 1 data store, 6 data flows, 2 trust boundaries, 1 note. 5 elements have threats, 2 of them open ones."));
    assert!(svg.contains("role=\"group\""), "an image would hide its links");
}

#[test]
fn open_threats_are_told_by_more_than_colour() {
    let svg = drawn(&shop()).svg().to_owned();
    let of = |name: &str| {
        let (_, rest) = svg.split_once(&format!("aria-label=\"{name}, ")).unwrap();
        rest.split_once("</a>").unwrap().0.to_owned()
    };
    assert!(of("Web shop").contains("stroke-width=\"2.5\"") && !of("Browser").contains("stroke-width=\"2.5\""));
    assert!(of("Payment provider").contains("stroke-dasharray"));
    assert!(svg.contains(">2!</text>") && svg.contains(">1</text>"));
}

#[test]
fn a_file_of_its_own_has_no_links_to_the_page() {
    let chart = data_flow_diagram(&shop(), None, &Links::NONE, "").unwrap();
    assert!(!chart.svg().contains("href") && chart.svg().contains("<g role=\"img\" aria-label=\"Web shop, process"));
    assert!(chart.png(1.0).is_ok());
}

#[test]
fn each_diagram_has_its_own_elements() {
    let mut model = shop();
    let ids = [("d1", "Front"), ("d2", ""), ("d3", "Nothing")].map(|(name, title)| (id(name), title.to_owned()));
    model.diagrams = ids.map(|(id, title)| Diagram { id, title, ..Diagram::default() }).into();
    for (element, diagram) in model.elements.iter_mut().zip([Some("d2"), Some("d1"), None].into_iter().cycle()) {
        element.diagram = diagram.map(id);
    }
    let all = Diagrams::new(&model);
    let parts = all.list();
    let found: Vec<_> = parts.iter().map(|part| (part.id.map(|id| id.0.as_str()), part.title, part.elements)).collect();
    assert_eq!(found, [(Some("d1"), "Front", 5), (Some("d2"), "", 5), (None, "", 4)]);
    let title =
        |diagram: &str| data_flow_diagram(&model, Some(&id(diagram)), &Links::NONE, "").unwrap().svg().to_owned();
    assert!(title("d1").contains("Data-flow diagram: Front") && title("d2").contains("Data-flow diagram: Shop"));
    assert_eq!(data_flow_diagram(&model, Some(&id("d3")), &Links::NONE, ""), Err(NoDiagram::Empty));
    assert_eq!(all.parts(Some(&id("d1"))).len(), 5);
}

#[test]
fn the_parts_say_where_each_element_stands_and_where_each_flow_goes() {
    let (shop, bare) = (shop(), bare());
    let of = |model: &ThreatModel, name: &str| {
        let parts = Diagrams::new(model).parts(None);
        let part = *parts.iter().find(|part| part.element.name == name).unwrap();
        let name = |element: Option<&Element>| element.map_or("-", |element| &element.name).to_owned();
        (name(part.zone), name(part.from), name(part.to), part.threats.all, part.threats.open)
    };
    let expected =
        |zone: &str, from: &str, to: &str, all, open| (zone.to_owned(), from.to_owned(), to.to_owned(), all, open);
    assert_eq!(of(&shop, "Web shop"), expected("Inside", "-", "-", 2, 1), "by its place");
    assert_eq!(of(&shop, "Browser"), expected("-", "-", "-", 1, 0));
    assert_eq!(of(&shop, "Order"), expected("-", "Browser", "Web shop", 1, 1));
    assert_eq!(of(&bare, "Orders"), expected("Database network", "-", "-", 1, 0), "as it is said");
    assert_eq!(of(&bare, "Database network"), expected("Cloud", "-", "-", 0, 0));
}

#[test]
fn what_has_no_place_stands_below_what_has_one() {
    let elements = [
        at(element("Placed", ElementKind::Process), 50.0, 900.0, 100.0, 100.0),
        element("Free", ElementKind::Actor),
        element("Also free", ElementKind::DataStore),
        flow("a", "Placed", "Free"),
        flow("b", "Free", "Also free"),
    ];
    let picture = Picture::new(&elements.iter().collect::<Vec<_>>());
    let rect = |name: &str| picture.nodes.iter().find(|node| node.element.name == name).unwrap().outline.rect;
    assert!(rect("Free").y > rect("Placed").bottom() && rect("Also free").y > rect("Placed").bottom());
    assert!(rect("Also free").x > rect("Free").right());
    assert_eq!((picture.flows.len(), picture.left_out), (2, 0));
}

#[test]
fn a_zone_without_a_place_is_drawn_around_what_is_in_it() {
    let elements = [
        element("Zone", ElementKind::TrustZone),
        Element { zone: Some(id("Zone")), ..at(element("A", ElementKind::Process), 0.0, 0.0, 80.0, 80.0) },
        Element { zone: Some(id("Zone")), ..at(element("B", ElementKind::Process), 300.0, 200.0, 80.0, 80.0) },
    ];
    let picture = Picture::new(&elements.iter().collect::<Vec<_>>());
    let zone = picture.areas[0].rect;
    for node in &picture.nodes {
        assert!(node.outline.rect.corners().into_iter().all(|corner| zone.has(corner)));
    }
}

#[test]
fn flows_end_at_the_borders_of_their_elements_and_stand_apart() {
    let elements = [
        at(element("A", ElementKind::Process), 0.0, 0.0, 100.0, 100.0),
        at(element("B", ElementKind::Actor), 400.0, 0.0, 100.0, 100.0),
        flow("to", "A", "B"),
        flow("fro", "B", "A"),
        flow("self", "A", "A"),
        along(flow("over", "A", "B"), &[(50.0, 50.0), (250.0, 300.0), (450.0, 50.0)], false),
    ];
    let picture = Picture::new(&elements.iter().collect::<Vec<_>>());
    let places = |name: &str| picture.flows.iter().find(|flow| flow.element.name == name).unwrap().route.places.clone();
    let on_circle = |(x, y): (f64, f64)| ((x - 50.0).hypot(y - 50.0) - 50.0).abs() < 0.1;
    let on_box = |(x, y): (f64, f64)| (x - 400.0).abs() < 0.1 || (y - 100.0).abs() < 0.1;
    for name in ["to", "over"] {
        let places = places(name);
        assert!(on_circle(places[0]) && on_box(places[places.len() - 1]), "{name} {places:?}");
    }
    assert!(places("self").iter().all(|&(x, y)| (x - 50.0).hypot(y - 50.0) > 49.9));
    let middle = |name: &str| places(name)[1].1;
    assert!((middle("to") - middle("fro")).abs() > 20.0, "to and fro are told apart");
    assert_eq!(middle("over"), 300.0, "the way of the file is kept");
}

#[test]
fn flows_without_an_end_are_drawn_as_far_as_they_are_known() {
    let half = Element { target: None, ..flow("half", "A", "") };
    let none = element("none", ElementKind::DataFlow);
    let line = along(element("line", ElementKind::DataFlow), &[(0.0, 0.0), (100.0, 100.0)], false);
    let elements = vec![element("A", ElementKind::Process), half, none, line];
    let chart = drawn(&model(elements, vec![]));
    assert!(chart.svg().contains("1 flow has no ends and cannot be drawn."));
    assert!(chart.svg().contains("half, data flow from A, no threats"));
    assert_eq!(chart.svg().matches("<polygon").count(), 2);
}

#[test]
fn flows_without_an_end_stand_apart_and_beside_other_elements() {
    let half = |name: &str, of: &str| Element { target: None, ..flow(name, of, "") };
    let elements = [
        element("A", ElementKind::Process),
        element("B", ElementKind::Process),
        half("one", "A"),
        half("two", "A"),
        half("three", "A"),
    ];
    let picture = Picture::new(&elements.iter().collect::<Vec<_>>());
    let ends: Vec<_> = picture.flows.iter().map(|flow| flow.route.places[1]).collect();
    assert!(
        ends.iter().enumerate().all(|(i, a)| ends.iter().skip(i + 1).all(|b| (a.1 - b.1).abs() > 20.0)),
        "{ends:?}"
    );
    for node in &picture.nodes {
        assert!(!ends.iter().any(|&end| node.outline.has(end)), "{ends:?}");
    }
}

#[test]
fn empty_space_is_cut_and_units_are_evened_out() {
    let small = |name: &str, x: f64| at(element(name, ElementKind::Actor), x, 0.0, 0.2, 0.1);
    let tiny = drawn(&model(vec![small("A", 0.0), small("B", 0.5)], vec![]));
    assert!((200..900).contains(&tiny.size.0), "{:?}", tiny.size);
    let far = |name: &str, x: f64| at(element(name, ElementKind::Actor), x, x, 100.0, 60.0);
    let wide = drawn(&model(vec![far("A", -99_000.0), far("B", 0.0), far("C", 99_000.0)], vec![]));
    assert!(wide.size.0 < 1_600 && wide.size.1 < 1_600, "{:?}", wide.size);
    let huge = drawn(&model(vec![at(element("Z", ElementKind::TrustZone), -1e5, -1e5, 1e5, 1e5)], vec![]));
    assert!(huge.size.0 < 9_000, "{:?}", huge.size);
}

#[test]
fn a_large_diagram_is_drawn_and_a_huge_one_is_not() {
    let many =
        |n: usize| model((0..n).map(|i| element(&format!("Element {i}"), ElementKind::Process)).collect(), vec![]);
    let large = drawn(&many(LARGEST));
    assert!(large.size.0.max(large.size.1) < 12_000, "{:?}", large.size);
    let huge = many(20_000);
    let said = data_flow_diagram(&huge, None, &Links::NONE, "").unwrap_err();
    assert_eq!(
        said.to_string(),
        "The diagram has 20000 elements; more than 2000 are not drawn. They are all in the table."
    );
    assert_eq!(Diagrams::new(&huge).parts(None).len(), 20_000);
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::named::Named;

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![4 => -500.0..1_500.0, 1 => -1e5..1e5, 1 => prop::num::f64::ANY, 1 => Just(0.0)]
    }

    fn shape() -> impl Strategy<Value = Option<Shape>> {
        let point = (number(), number()).prop_map(|(x, y)| Point { x, y });
        let a_box = (number(), number(), number(), number());
        prop_oneof![
            Just(None),
            a_box.prop_map(|(x, y, width, height)| Some(Shape::Box { x, y, width, height })),
            (prop::collection::vec(point, 0..6), any::<bool>())
                .prop_map(|(points, smooth)| Some(Shape::Path { points, smooth })),
        ]
    }

    fn any_element() -> impl Strategy<Value = Element> {
        let link = || prop::option::of((0..14_usize).prop_map(|n| id(&n.to_string())));
        let kinds: Vec<ElementKind> = ElementKind::NAMED.iter().map(|(_, kind)| *kind).collect();
        let flow_or = prop_oneof![Just(ElementKind::DataFlow), prop::sample::select(kinds)];
        let name = prop_oneof![any::<String>(), Just(HOSTILE.to_owned()), Just(String::new())];
        let flags = any::<(bool, bool, bool)>();
        (flow_or, name, shape(), (link(), link(), link()), flags).prop_map(|(kind, name, shape, links, flags)| {
            Element {
                kind,
                reason: name.clone(),
                protocol: name.chars().rev().collect(),
                name,
                shape,
                zone: links.0,
                source: links.1,
                target: links.2,
                out_of_scope: flags.0,
                encrypted: Some(flags.1),
                bidirectional: flags.2,
                public_network: Some(flags.1),
                ..Element::default()
            }
        })
    }

    fn any_model() -> impl Strategy<Value = ThreatModel> {
        let threats = prop::collection::vec((0..14_usize, any::<bool>()), 0..9);
        (prop::collection::vec(any_element(), 1..14), threats).prop_map(|(mut elements, threats)| {
            for (number, element) in elements.iter_mut().enumerate() {
                element.id = id(&number.to_string());
            }
            let status = |open| if open { ThreatStatus::Open } else { ThreatStatus::Mitigated };
            let threats = threats.into_iter().map(|(on, open)| threat(1, &on.to_string(), status(open))).collect();
            model(elements, threats)
        })
    }

    /// The attributes that hold places.
    fn places(svg: &str) -> impl Iterator<Item = &str> {
        [" d=\"", " points=\"", " transform=\"", " x=\"", " y=\"", " cx=\"", " width=\"", " rx=\""]
            .into_iter()
            .flat_map(move |name| svg.split(name).skip(1).filter_map(|rest| rest.split('"').next()))
    }

    proptest! {
        #[test]
        fn any_model_makes_a_sound_diagram(model in any_model()) {
            match data_flow_diagram(&model, None, &Links::NONE, "d") {
                Ok(chart) => {
                    prop_assert!(is_sound(&chart), "{}", chart.svg());
                    prop_assert!(places(chart.svg()).all(|value| !value.contains("NaN") && !value.contains("inf")));
                    prop_assert!(chart.size.0 < 20_000 && chart.size.1 < 20_000, "{:?}", chart.size);
                }
                Err(said) => prop_assert_eq!(said, NoDiagram::Empty),
            }
            prop_assert_eq!(Diagrams::new(&model).parts(None).len(), model.elements.len());
        }

        #[test]
        fn what_is_laid_out_stands_apart_and_inside_its_zone(
            blocks in prop::collection::vec((20.0..300.0, 20.0..200.0, prop::option::of(0..30_usize), any::<bool>()), 1..30),
            links in prop::collection::vec((0..30_usize, 0..30_usize), 0..60)
        ) {
            let block = |&(width, height, within, is_area)| layout::Block { size: (width, height), within, is_area };
            let blocks: Vec<layout::Block> = blocks.iter().map(block).collect();
            let links: Vec<(usize, usize)> =
                links.into_iter().filter(|&(a, b)| a < blocks.len() && b < blocks.len()).collect();
            let rects = layout::layout(&blocks, &links);
            prop_assert_eq!(rects.len(), blocks.len());
            prop_assert_eq!(&rects, &layout::layout(&blocks, &links), "the same each time");
            for (i, a) in rects.iter().enumerate() {
                for (j, b) in rects.iter().enumerate().skip(i + 1) {
                    // Two areas, or an area and what is in it, share all of the smaller one; others share nothing.
                    let shared = a.shared(b);
                    let whole = (a.width * a.height).min(b.width * b.height);
                    let may_hold = blocks[i].is_area || blocks[j].is_area;
                    prop_assert!(shared < 0.01 || (may_hold && (shared - whole).abs() < 0.01 * whole), "{a:?} {b:?}");
                }
            }
        }
    }
}
