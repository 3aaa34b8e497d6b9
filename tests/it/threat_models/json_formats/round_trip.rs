//! Models that go to Threat Dragon and come back.

use std::collections::{BTreeMap, BTreeSet};

use cairn::domain::named::Named;
use cairn::domain::threat_model::category::{Category, Linddun, Stride};
use cairn::domain::threat_model::diagram::{Diagram, Point, Shape};
use cairn::domain::threat_model::rating::{Rating, Scale};
use cairn::domain::threat_model::words::{ElementKind, MitigationStatus, Origin, Severity, ThreatStatus};
use cairn::domain::threat_model::{Element, Mitigation, PartId, Threat, ThreatModel};
use cairn::formats::threat_model;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::read;

fn id(prefix: &str, number: usize) -> PartId {
    PartId(format!("{prefix}-{number}"))
}

fn any_of<T: Named + std::fmt::Debug>() -> impl Strategy<Value = T> {
    prop::sample::select(T::NAMED).prop_map(|(_, value)| value)
}

fn words() -> impl Strategy<Value = String> {
    "[a-zA-ZÄ世.<>&'\" \n]{0,30}".prop_map(|text| text.trim().to_owned())
}

fn line() -> impl Strategy<Value = String> {
    "[a-zA-ZÄ世.<>&'\"]{0,20}"
}

fn place() -> impl Strategy<Value = f64> {
    (-2_000_i32..2_000).prop_map(|tenths| f64::from(tenths) / 4.0)
}

fn boxed() -> impl Strategy<Value = Shape> {
    (place(), place(), 10_u16..300, 10_u16..300).prop_map(|(x, y, width, height)| Shape::Box {
        x,
        y,
        width: width.into(),
        height: height.into(),
    })
}

fn path() -> impl Strategy<Value = Shape> {
    let point = (place(), place()).prop_map(|(x, y)| Point { x, y });
    (prop::collection::vec(point, 2..5), any::<bool>()).prop_map(|(points, smooth)| Shape::Path { points, smooth })
}

prop_compose! {
    fn node()(
        kind in any_of::<ElementKind>(),
        name in line(),
        description in words(),
        shape in prop::option::of(prop_oneof![3 => boxed(), 1 => path()]),
        (out_of_scope, is_log) in any::<(bool, bool)>(),
        reason in words(),
        diagram in prop::option::of(0_usize..3),
        zone in prop::option::of(0_usize..8),
    ) -> Element {
        let kind = if kind == ElementKind::DataFlow { ElementKind::Process } else { kind };
        // Only what can be threatened can be out of scope, and only stores keep logs.
        let is_store = kind == ElementKind::DataStore;
        let is_subject = kind.is_node();
        Element {
            kind, name, description,
            out_of_scope: out_of_scope && is_subject,
            reason: if is_subject { reason } else { String::new() },
            is_log: is_log && is_store,
            encrypted: is_store.then_some(out_of_scope),
            diagram: diagram.map(|i| id("diagram", i)),
            zone: zone.map(|i| id("node", i)),
            shape,
            ..Element::default()
        }
    }
}

type Flow = (Element, Option<Index>, Option<Index>);

fn flow() -> impl Strategy<Value = Flow> {
    let ends = (prop::option::of(any::<Index>()), prop::option::of(any::<Index>()));
    let flags = any::<(bool, bool, bool)>();
    (line(), line(), flags, prop::option::of(path()), ends).prop_map(
        |(name, protocol, (bidirectional, encrypted, public), shape, (source, target))| {
            let element = Element {
                kind: ElementKind::DataFlow,
                name,
                protocol,
                bidirectional,
                encrypted: Some(encrypted),
                public_network: Some(public),
                shape,
                ..Element::default()
            };
            (element, source, target)
        },
    )
}

fn category() -> impl Strategy<Value = Category> {
    prop_oneof![
        any_of::<Stride>().prop_map(Category::Stride),
        any_of::<Linddun>().prop_map(Category::Linddun),
        "[a-z]{12,20}".prop_map(Category::Other),
    ]
}

prop_compose! {
    fn threat()(
        title in line(),
        (description, reason) in (words(), words()),
        categories in prop::collection::vec(category(), 0..3),
        status in any_of::<ThreatStatus>(),
        severity in prop::option::of(any_of::<Severity>()),
        rating in prop::option::of((1_u8..=5, 1_u8..=5)),
        score in line(),
        affects in prop::collection::vec(any::<Index>(), 0..3),
    ) -> (Threat, Vec<Index>) {
        let rating = rating.and_then(|(likelihood, impact)| Rating::of(Scale::Five, likelihood, impact));
        let threat = Threat { title, description, reason, categories, status, severity, rating, score, ..Threat::default() };
        (threat, affects)
    }
}

prop_compose! {
    fn mitigation()(
        title in line(),
        description in words(),
        status in any_of::<MitigationStatus>(),
        origin in any_of::<Origin>(),
        threats in prop::collection::vec(any::<Index>(), 0..3),
    ) -> (Mitigation, Vec<Index>) {
        (Mitigation { title, description, status, origin, ..Mitigation::default() }, threats)
    }
}

prop_compose! {
    fn model()(
        title in line(),
        (owner, reviewer, description) in (line(), line(), words()),
        methods in prop::collection::vec(prop::sample::select(vec!["STRIDE", "LINDDUN", "CIA", "Generic", ""]), 0..3),
        nodes in prop::collection::vec(node(), 0..8),
        flows in prop::collection::vec(flow(), 0..6),
        threats in prop::collection::vec(threat(), 0..8),
        mitigations in prop::collection::vec(mitigation(), 0..6),
    ) -> ThreatModel {
        let mut model = ThreatModel { title, owner, reviewer, description, ..ThreatModel::default() };
        for (i, method) in methods.into_iter().enumerate() {
            let raw_method = method.to_owned();
            model.diagrams.push(Diagram { id: id("diagram", i), title: raw_method.clone(), raw_method, ..Diagram::default() });
        }
        let home = |node: &Element| node.diagram.clone().filter(|id| model.diagrams.iter().any(|d| d.id == *id));
        let nodes: Vec<Element> =
            nodes.into_iter().enumerate().map(|(i, node)| Element { id: id("node", i), diagram: home(&node), ..node }).collect();
        for (i, (flow, source, target)) in flows.into_iter().enumerate() {
            let ends: Vec<&Element> = nodes.iter().filter(|node| node.kind.is_node()).collect();
            let at = |index: Option<Index>| index.filter(|_| !ends.is_empty()).map(|index| ends[index.index(ends.len())]);
            // Lines of Threat Dragon stay within a diagram.
            let source = at(source);
            let diagram = source.and_then(|node| node.diagram.clone());
            let target = at(target).filter(|node| node.diagram == diagram);
            let (source, target) = (source.map(|node| node.id.clone()), target.map(|node| node.id.clone()));
            model.elements.push(Element { id: id("flow", i), diagram, source, target, ..flow });
        }
        model.elements.extend(nodes);
        let elements: Vec<PartId> = model.elements.iter().map(|element| element.id.clone()).collect();
        let some = |of: &[PartId], which: Vec<Index>| -> Vec<PartId> {
            which.into_iter().filter(|_| !of.is_empty()).map(|index| of[index.index(of.len())].clone()).collect()
        };
        for (i, (threat, affects)) in threats.into_iter().enumerate() {
            model.threats.push(Threat { id: id("threat", i), affects: some(&elements, affects), ..threat });
        }
        let threats: Vec<PartId> = model.threats.iter().map(|threat| threat.id.clone()).collect();
        for (i, (mitigation, against)) in mitigations.into_iter().enumerate() {
            model.mitigations.push(Mitigation { id: id("mitigation", i), threats: some(&threats, against), ..mitigation });
        }
        model.settle();
        model
    }
}

/// What Threat Dragon can say of an element.
fn element_seen(element: &Element) -> Value {
    let kind = match element.kind {
        ElementKind::TrustZone => ElementKind::TrustBoundary,
        ElementKind::Unclassified => ElementKind::Process,
        kind => kind,
    };
    let is_line = kind == ElementKind::DataFlow || kind == ElementKind::TrustBoundary;
    // Where a line meets an element is computed; where it bends is kept.
    let shape = match &element.shape {
        Some(Shape::Box { x, y, width, height }) if kind != ElementKind::DataFlow => {
            format!("{x} {y} {width} {height}")
        }
        Some(Shape::Path { points, smooth }) if is_line => format!("{:?} {smooth}", &points[1..points.len() - 1]),
        _ => "somewhere".to_owned(),
    };
    serde_json::json!([
        element.id,
        kind,
        element.name,
        element.description,
        element.out_of_scope,
        element.reason,
        element.source,
        element.target,
        element.bidirectional,
        element.protocol,
        // A box that is not ticked says nothing.
        element.encrypted == Some(true),
        element.public_network == Some(true),
        element.is_log,
        shape,
    ])
}

/// What Threat Dragon can say of a threat.
fn threat_seen(model: &ThreatModel, threat: &Threat) -> Value {
    use ThreatStatus::{
        Accepted, Avoided, InProgress, Mitigated, NotApplicable, Open, Resolved, Transferred, Undetermined,
    };
    let status = match threat.status {
        InProgress | Undetermined => Open,
        Resolved => Mitigated,
        status => status,
    };
    let severity = threat.severity().map(|severity| severity.max(Severity::Low));
    let texts = model
        .mitigations_of(&threat.id)
        .filter(|m| m.status != MitigationStatus::Rejected && m.origin != Origin::Template)
        .map(|m| match (m.title.as_str(), m.description.as_str()) {
            (title, "") => title.to_owned(),
            (title, description) if description.starts_with(title) => description.to_owned(),
            (title, description) => format!("{title}\n{description}"),
        });
    let is_reason = matches!(threat.status, Accepted | Avoided | NotApplicable | Transferred);
    let reason = is_reason.then(|| threat.reason.clone());
    let text: Vec<String> = reason.into_iter().chain(texts).filter(|text| !text.is_empty()).collect();
    let affects: BTreeSet<&PartId> = threat.affects.iter().collect();
    serde_json::json!([
        threat.id,
        threat.number,
        threat.title,
        threat.description,
        threat.categories.first(),
        status,
        severity,
        threat.score,
        affects,
        text.join("\n\n"),
    ])
}

fn seen(model: &ThreatModel) -> (Vec<Value>, BTreeMap<String, Value>) {
    let mut elements: Vec<Value> = model.elements.iter().map(element_seen).collect();
    elements.sort_by_key(|element| element[0].to_string());
    let threats = model.threats.iter().map(|threat| (threat.id.to_string(), threat_seen(model, threat))).collect();
    (elements, threats)
}

/// Takes from the places of a model what it did not have before.
fn with_the_places_of(model: &ThreatModel, before: &ThreatModel) -> ThreatModel {
    let mut model = model.clone();
    for element in &mut model.elements {
        let before = before.element(&element.id).and_then(|element| element.shape.clone());
        let is_kept = match (&before, &element.shape) {
            (Some(Shape::Box { .. }), _) => element.kind != ElementKind::DataFlow,
            (Some(Shape::Path { .. }), Some(Shape::Path { .. })) => true,
            _ => false,
        };
        if !is_kept {
            element.shape = before;
        }
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_threat_dragon_can_say_comes_back(before in model()) {
        let written = threat_model::dragon::write(&before).unwrap();
        let after = read("dragon", written.as_bytes()).value.model;
        prop_assert_eq!(seen(&with_the_places_of(&after, &before)), seen(&before));
        prop_assert_eq!((&after.title, &after.owner, &after.reviewer), (&before.title, &before.owner, &before.reviewer));
        prop_assert!(after.elements.iter().all(|element| element.shape.is_some()), "everything has a place");
    }

    #[test]
    fn the_second_time_nothing_changes(model in model()) {
        let first = read("dragon", threat_model::dragon::write(&model).unwrap().as_bytes()).value.model;
        let written = threat_model::dragon::write(&first).unwrap();
        let second = read("dragon", written.as_bytes()).value.model;
        prop_assert_eq!(&second, &first);
        prop_assert_eq!(threat_model::dragon::write(&second).unwrap(), written, "the same bytes for the same model");
    }

    #[test]
    fn our_own_file_says_all_of_a_model(model in model()) {
        let written = threat_model::own::write(&model).unwrap();
        prop_assert_eq!(read("ours", written.as_bytes()).value.model, model);
    }
}

#[test]
fn elements_without_a_place_get_one_within_their_zone() {
    let zone = Element { id: id("zone", 0), kind: ElementKind::TrustZone, ..Element::default() };
    let part =
        |number, kind| Element { id: id("part", number), kind, zone: Some(zone.id.clone()), ..Element::default() };
    let outside = Element { id: id("part", 9), kind: ElementKind::Actor, ..Element::default() };
    let parts = (0..6).map(|number| part(number, ElementKind::Process));
    let elements: Vec<Element> = parts.chain([zone.clone(), outside.clone()]).collect();
    let model = ThreatModel { elements, ..ThreatModel::default() };
    let after = read("dragon", threat_model::dragon::write(&model).unwrap().as_bytes()).value.model;
    let frame = |id: &PartId| match after.element(id).unwrap().shape {
        Some(Shape::Box { x, y, width, height }) => (x, y, x + width, y + height),
        _ => panic!("{id} has no box"),
    };
    let (left, top, right, bottom) = frame(&zone.id);
    let is_within = |id: &PartId| {
        let (x, y, to_x, to_y) = frame(id);
        x > left && y > top && to_x < right && to_y < bottom
    };
    assert!((0..6).all(|number| is_within(&id("part", number))));
    assert!(!is_within(&outside.id));
    let apart = |one: &PartId, other: &PartId| {
        let (a, b) = (frame(one), frame(other));
        a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1
    };
    let all: Vec<PartId> = (0..6).chain([9]).map(|number| id("part", number)).collect();
    for (i, one) in all.iter().enumerate() {
        assert!(all[i + 1..].iter().all(|other| apart(one, other)), "{one} lies on another");
    }
}

/// Boxes beside each other, almost at one height: lines from middle to middle then leave them almost at their ports.
#[test]
fn lines_that_leave_by_chance_at_a_port_stay_where_they_are() {
    let boxed = |number, x, y, width| Element {
        id: id("part", number),
        kind: ElementKind::Process,
        shape: Some(Shape::Box { x, y, width, height: 40.0 }),
        ..Element::default()
    };
    for distance in (150_u16..450).map(f64::from) {
        let flow = Element {
            id: id("flow", 0),
            kind: ElementKind::DataFlow,
            source: Some(id("part", 0)),
            target: Some(id("part", 1)),
            ..Element::default()
        };
        let elements = vec![boxed(0, 0.0, 0.0, 10.0), boxed(1, distance, 0.25, 150.0), flow];
        let model = ThreatModel { elements, ..ThreatModel::default() };
        let first = read("dragon", threat_model::dragon::write(&model).unwrap().as_bytes()).value.model;
        let second = read("dragon", threat_model::dragon::write(&first).unwrap().as_bytes()).value.model;
        assert_eq!(second, first, "{distance} to the right");
    }
}

#[test]
fn a_file_for_threat_dragon_has_the_parts_that_it_needs() {
    let process =
        Element { id: id("shop", 0), kind: ElementKind::Process, name: "Shop".to_owned(), ..Element::default() };
    let threat = Threat {
        id: id("threat", 0),
        number: 7,
        title: "Changed".to_owned(),
        categories: vec![Category::Stride(Stride::Tampering)],
        affects: vec![process.id.clone()],
        ..Threat::default()
    };
    let loose = Threat { id: id("threat", 1), number: 8, status: ThreatStatus::Mitigated, ..Threat::default() };
    let model = ThreatModel {
        title: "Small".to_owned(),
        participants: vec!["Ada".to_owned()],
        elements: vec![process],
        threats: vec![threat, loose],
        ..ThreatModel::default()
    };
    let written = threat_model::dragon::write(&model).unwrap();
    let file: Value = serde_json::from_str(&written).unwrap();
    assert!(file["version"].as_str().unwrap().starts_with("2."));
    let detail = &file["detail"];
    assert_eq!(detail["contributors"][0]["name"], "Ada");
    assert_eq!((&detail["diagramTop"], &detail["threatTop"]), (&1.into(), &8.into()));
    let diagram = &detail["diagrams"][0];
    assert_eq!(
        (&diagram["title"], &diagram["diagramType"], &diagram["id"]),
        (&"Small".into(), &"Generic".into(), &0.into())
    );
    let cell = &diagram["cells"][0];
    assert_eq!((&cell["shape"], &cell["data"]["type"]), (&"process".into(), &"tm.Process".into()));
    assert_eq!(cell["data"]["hasOpenThreats"], true);
    assert_eq!(cell["attrs"]["body"]["stroke"], "red");
    assert_eq!(cell["ports"]["items"].as_array().unwrap().len(), 4);
    assert!(cell["position"]["x"].is_i64() && cell["size"]["width"].is_i64());
    assert_eq!(cell["data"]["threats"][0]["type"], "Tampering");
    assert_eq!(cell["data"]["threats"][0]["modelType"], "STRIDE");
    let whole = &diagram["cells"][1];
    assert_eq!(whole["data"]["threats"][0]["number"], 8, "a threat to no element stands at one that is made for it");
    let after = read("dragon", written.as_bytes()).value.model;
    assert_eq!((after.elements.len(), after.threats.len()), (1, 2));
    assert_eq!(after.threats[1].affects, []);
}
