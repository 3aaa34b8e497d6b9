//! Threat models for tests: small ones by hand, and any by chance.

use proptest::prelude::*;

use super::category::{Category, Stride};
use super::diagram::{Diagram, Point, Shape};
use super::rating::{Rating, Scale};
use super::words::{ElementKind, MitigationStatus, Origin, Severity, ThreatStatus};
use super::{AbuseStory, Asset, Assumption, Element, Mitigation, PartId, Threat, ThreatModel};
use crate::domain::named::Named;

pub(crate) fn id(text: &str) -> PartId {
    PartId(text.to_owned())
}

pub(crate) fn ids(texts: &[&str]) -> Vec<PartId> {
    texts.iter().map(|text| id(text)).collect()
}

/// An element with its id as its name.
pub(crate) fn element(kind: ElementKind, name: &str) -> Element {
    Element { id: id(name), kind, name: name.into(), ..Element::default() }
}

/// An element in a box of 10 by 10 around a point, or in a larger one.
pub(crate) fn boxed(kind: ElementKind, name: &str, (x, y): (f64, f64), size: f64) -> Element {
    let shape = Shape::of_box(x - size / 2.0, y - size / 2.0, size, size);
    Element { shape, ..element(kind, name) }
}

/// A line through points.
pub(crate) fn path(points: &[(f64, f64)]) -> Option<Shape> {
    Shape::of_path(points.iter().map(|&(x, y)| Point { x, y }).collect(), false)
}

/// A flow from one element to another.
pub(crate) fn flow(name: &str, source: &str, target: &str) -> Element {
    Element { source: Some(id(source)), target: Some(id(target)), ..element(ElementKind::DataFlow, name) }
}

/// A threat with its id as its title.
pub(crate) fn threat(name: &str, status: ThreatStatus, affects: &[&str]) -> Threat {
    Threat { id: id(name), title: name.into(), status, affects: ids(affects), ..Threat::default() }
}

/// A mitigation with its id as its title.
pub(crate) fn mitigation(name: &str, origin: Origin, status: MitigationStatus, threats: &[&str]) -> Mitigation {
    Mitigation { id: id(name), title: name.into(), origin, status, threats: ids(threats), ..Mitigation::default() }
}

fn word<T: Named + std::fmt::Debug>() -> impl Strategy<Value = T> {
    prop::sample::select(T::NAMED.iter().map(|(_, value)| *value).collect::<Vec<T>>())
}

/// A name of few, so that names and ids meet each other.
fn name(prefix: &'static str) -> impl Strategy<Value = String> {
    (0_u8..6).prop_map(move |number| if number == 0 { String::new() } else { format!("{prefix}{number}") })
}

fn links(prefix: &'static str) -> impl Strategy<Value = Vec<PartId>> {
    prop::collection::vec(name(prefix).prop_map(PartId), 0..4)
}

fn some_element() -> impl Strategy<Value = Element> {
    let shape =
        prop::option::of((-50.0..50.0, -50.0..50.0, 0.0..60.0, any::<bool>()).prop_map(|(x, y, size, is_box)| {
            if is_box { Shape::of_box(x, y, size, size) } else { path(&[(x, y), (x + size, y - size)]) }
        }));
    let link = || prop::option::of(name("e").prop_map(PartId));
    (name("e"), name("E"), word(), shape, (link(), link(), link()), any::<(bool, bool, Option<bool>)>()).prop_map(
        |(id, name, kind, shape, (zone, source, target), (out_of_scope, is_log, encrypted))| Element {
            id: PartId(id),
            name,
            kind,
            shape: shape.flatten(),
            zone,
            source,
            target,
            out_of_scope,
            is_log,
            encrypted,
            ..Element::default()
        },
    )
}

fn some_threat() -> impl Strategy<Value = Threat> {
    let kinds = prop::collection::vec(word::<Stride>().prop_map(Category::Stride), 0..3);
    let rating = prop::option::of((1_u8..5, 1_u8..5).prop_map(|(likelihood, impact)| Rating::Steps {
        scale: Scale::Three,
        likelihood,
        impact,
    }));
    let severity = prop::option::of(word::<Severity>());
    (name("t"), name("T"), 0_u32..4, word(), kinds, (links("e"), links("a")), rating, severity).prop_map(
        |(id, title, number, status, categories, (affects, assets), rating, severity)| Threat {
            id: PartId(id),
            title,
            number,
            status,
            categories,
            affects,
            assets,
            rating,
            severity,
            ..Threat::default()
        },
    )
}

fn some_mitigation() -> impl Strategy<Value = Mitigation> {
    (name("m"), name("M"), 0_u32..4, word(), word(), links("t")).prop_map(
        |(id, title, number, status, origin, threats)| Mitigation {
            id: PartId(id),
            title,
            number,
            status,
            origin,
            threats,
            ..Mitigation::default()
        },
    )
}

/// Any model, as a reader may make one: with parts of the same id, and links to nothing.
pub(crate) fn unsettled() -> impl Strategy<Value = ThreatModel> {
    fn few<T: Strategy>(part: T) -> impl Strategy<Value = Vec<T::Value>>
    where
        T::Value: std::fmt::Debug,
    {
        prop::collection::vec(part, 0..6)
    }
    let diagrams = few(name("d").prop_map(|id| Diagram { id: PartId(id), ..Diagram::default() }));
    let assets = few((name("a"), name("A")).prop_map(|(id, name)| Asset { id: PartId(id), name, ..Asset::default() }));
    let assumptions = few((name("t"), name("is"), links("e")).prop_map(|(id, text, about)| Assumption {
        id: PartId(id),
        text,
        about,
        ..Assumption::default()
    }));
    let stories = few((name("s"), name("S"), links("t")).prop_map(|(id, title, threats)| AbuseStory {
        id: PartId(id),
        title,
        threats,
        ..AbuseStory::default()
    }));
    let parts = (few(some_element()), few(some_threat()), few(some_mitigation()));
    (name("Shop"), name("owner"), diagrams, assets, parts, assumptions, stories).prop_map(
        |(title, owner, diagrams, assets, (elements, threats, mitigations), assumptions, abuse_stories)| ThreatModel {
            title,
            owner,
            diagrams,
            assets,
            elements,
            threats,
            mitigations,
            assumptions,
            abuse_stories,
            ..ThreatModel::default()
        },
    )
}

/// Any model as it is kept.
pub(crate) fn any_model() -> impl Strategy<Value = ThreatModel> {
    unsettled().prop_map(|mut model| {
        model.settle();
        model
    })
}
