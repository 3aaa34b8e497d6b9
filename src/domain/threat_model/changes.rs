//! What changed between two models: parts that came, went, or say something else. A part is the same by its id or,
//! where a tool gave new ids, by a name that only one of its kind has on either side.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Debug;

use super::analysis::mitigations_by_threat;
use super::diagram::Diagram;
use super::part::PartKind;
use super::steps::count;
use super::words::ThreatStatus;
use super::{AbuseStory, Asset, Assumption, Element, Mitigation, PartId, Threat, ThreatModel};
use crate::domain::named::Named;

/// What changed from one model to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What differs in what the model says of itself.
    pub of_model: Vec<AspectChange>,
    /// The parts that came, went or changed: by kind, those that are there in their order, then those that went.
    pub parts: Vec<Change>,
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of what kind it is.
    pub kind: PartKind,
    /// Its id: the present one, or that which it had.
    pub id: PartId,
    /// What it is called.
    pub name: String,
    /// What became of it.
    pub what: What,
}

/// What became of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else; at least one aspect.
    Changed(Vec<AspectChange>),
}

/// Something that was different before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AspectChange {
    /// What differs, in words for people.
    pub aspect: &'static str,
    /// What it was; empty where it was nothing, and of long texts, links and places.
    pub from: String,
    /// What it is.
    pub to: String,
}

impl AspectChange {
    fn long(aspect: &'static str) -> Self {
        Self { aspect, from: String::new(), to: String::new() }
    }
}

/// A part that can be recognized in another model.
pub(super) trait Known {
    /// Its id.
    fn id(&self) -> &PartId;
    /// What recognizes it where its id is another; empty where nothing does.
    fn key(&self) -> (&'static str, &str);
}

macro_rules! known_by {
    ($($type:ident: $field:ident),+) => {$(
        impl Known for $type {
            fn id(&self) -> &PartId {
                &self.id
            }

            fn key(&self) -> (&'static str, &str) {
                ("", &self.$field)
            }
        }
    )+};
}

known_by!(Diagram: title, Asset: name, Threat: title, Assumption: text, AbuseStory: title);

impl Known for Mitigation {
    fn id(&self) -> &PartId {
        &self.id
    }

    /// A text at a threat may say the same as a mitigation of its own.
    fn key(&self) -> (&'static str, &str) {
        (self.origin.name(), &self.title)
    }
}

impl Known for Element {
    fn id(&self) -> &PartId {
        &self.id
    }

    fn key(&self) -> (&'static str, &str) {
        (self.kind.name(), &self.name)
    }
}

/// What each part was before, by its present id.
pub(super) fn same<'a, T: Known>(before: &'a [T], after: &'a [T]) -> HashMap<&'a PartId, &'a T> {
    let by_id: HashMap<&PartId, &T> = before.iter().map(|part| (part.id(), part)).collect();
    let found = after.iter().filter_map(|part| Some((part.id(), *by_id.get(part.id())?)));
    let mut same: HashMap<&PartId, &T> = found.collect();
    let taken: HashSet<&PartId> = same.keys().copied().collect();
    let earlier = only_ones(before);
    for (key, part) in only_ones(after) {
        match earlier.get(&key) {
            Some(old) if !same.contains_key(part.id()) && !taken.contains(old.id()) => {
                same.insert(part.id(), old);
            }
            _ => {}
        }
    }
    same
}

/// The parts of which no other one has the name.
fn only_ones<T: Known>(parts: &[T]) -> HashMap<(&'static str, &str), &T> {
    let mut found: HashMap<(&'static str, &str), Option<&T>> = HashMap::new();
    for part in parts.iter().filter(|part| !part.key().1.is_empty()) {
        found.entry(part.key()).and_modify(|only| *only = None).or_insert(Some(part));
    }
    found.into_iter().filter_map(|(key, only)| Some((key, only?))).collect()
}

impl Changes {
    /// What changed from one model to a later one.
    pub fn between(before: &ThreatModel, after: &ThreatModel) -> Self {
        let elements = same(&before.elements, &after.elements);
        let assets = same(&before.assets, &after.assets);
        let threats = same(&before.threats, &after.threats);
        let mitigations = same(&before.mitigations, &after.mitigations);
        let assumptions = same(&before.assumptions, &after.assumptions);
        let stories = same(&before.abuse_stories, &after.abuse_stories);
        // Links are compared by what their ends are called now.
        let mut renamed = Renamed::default();
        renamed.note(&elements);
        renamed.note(&assets);
        renamed.note(&threats);
        renamed.note(&mitigations);
        renamed.note(&assumptions);
        renamed.note(&stories);
        let (linked, links) = (mitigations_by_threat(before), mitigations_by_threat(after));
        let ids = |mitigations: Option<&Vec<&Mitigation>>| -> Vec<PartId> {
            mitigations.into_iter().flatten().map(|mitigation| mitigation.id.clone()).collect()
        };
        let of_threat = |old: &Threat, new: &Threat| {
            let mut aspects = threat(old, new, &renamed);
            let (was, is) = (ids(linked.get(&old.id)), ids(links.get(&new.id)));
            renamed.links(&mut aspects, "mitigations", &was, &is);
            aspects
        };
        let mut all = Self { of_model: of_model(before, after), parts: Vec::new() };
        all.compare(PartKind::Threat, &before.threats, &after.threats, &threats, of_threat);
        all.compare(PartKind::Mitigation, &before.mitigations, &after.mitigations, &mitigations, |old, new| {
            mitigation(old, new, &renamed)
        });
        all.compare(PartKind::Element, &before.elements, &after.elements, &elements, |old, new| {
            element(old, new, &renamed)
        });
        all.compare(PartKind::Asset, &before.assets, &after.assets, &assets, asset);
        all.compare(PartKind::Assumption, &before.assumptions, &after.assumptions, &assumptions, |old, new| {
            assumption(old, new, &renamed)
        });
        all.compare(PartKind::AbuseStory, &before.abuse_stories, &after.abuse_stories, &stories, |old, new| {
            story(old, new, &renamed)
        });
        all
    }

    fn compare<T: Known>(
        &mut self,
        kind: PartKind,
        before: &[T],
        after: &[T],
        same: &HashMap<&PartId, &T>,
        aspects: impl Fn(&T, &T) -> Vec<AspectChange>,
    ) {
        let change = |part: &T, what| Change { kind, id: part.id().clone(), name: part.key().1.to_owned(), what };
        for part in after {
            match same.get(part.id()) {
                None => self.parts.push(change(part, What::Added)),
                Some(old) => match aspects(old, part) {
                    aspects if aspects.is_empty() => {}
                    aspects => self.parts.push(change(part, What::Changed(aspects))),
                },
            }
        }
        let stayed: HashSet<&PartId> = same.values().map(|old| old.id()).collect();
        let gone = before.iter().filter(|part| !stayed.contains(part.id()));
        self.parts.extend(gone.map(|part| change(part, What::Removed)));
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.of_model.is_empty() && self.parts.is_empty()
    }

    /// What changed, in a sentence without its full stop, like “3 threats added, 1 threat mitigated”.
    pub fn summary(&self) -> String {
        let mut said: Vec<String> = Vec::new();
        for kind in [
            PartKind::Threat,
            PartKind::Mitigation,
            PartKind::Element,
            PartKind::Asset,
            PartKind::Assumption,
            PartKind::AbuseStory,
        ] {
            self.summarize(kind, &mut said);
        }
        if !self.of_model.is_empty() {
            let aspects: Vec<&str> = self.of_model.iter().map(|change| change.aspect).collect();
            said.push(format!("{} changed", aspects.join(", ")));
        }
        if said.is_empty() { "Nothing changed".to_owned() } else { said.join(", ") }
    }

    fn summarize(&self, kind: PartKind, said: &mut Vec<String>) {
        let (mut added, mut removed, mut changed) = (0, 0, 0);
        let mut statuses: Vec<(ThreatStatus, usize)> =
            ThreatStatus::NAMED.iter().map(|(_, status)| (*status, 0)).collect();
        for part in self.parts.iter().filter(|part| part.kind == kind) {
            match &part.what {
                What::Added => added += 1,
                What::Removed => removed += 1,
                What::Changed(aspects) => {
                    let status = aspects.iter().find(|change| change.aspect == STATUS).map(|change| change.to.as_str());
                    match statuses
                        .iter_mut()
                        .find(|(other, _)| kind == PartKind::Threat && status == Some(other.name()))
                    {
                        Some((_, count)) => *count += 1,
                        None => changed += 1,
                    }
                }
            }
        }
        let mut say = |number: usize, what: &str| {
            if number > 0 {
                said.push(format!("{} {what}", counted(number, kind)));
            }
        };
        say(added, "added");
        for (status, number) in statuses {
            say(number, became(status));
        }
        say(changed, "changed");
        say(removed, "removed");
    }
}

fn counted(number: usize, kind: PartKind) -> String {
    match (kind, number) {
        (PartKind::AbuseStory, 2..) => format!("{number} abuse stories"),
        _ => count(number, kind.noun()),
    }
}

/// What became of a threat that stands so now.
fn became(status: ThreatStatus) -> &'static str {
    match status {
        ThreatStatus::Open => "opened again",
        ThreatStatus::InProgress => "in progress",
        ThreatStatus::Mitigated => "mitigated",
        ThreatStatus::Accepted => "accepted",
        ThreatStatus::Transferred => "transferred",
        ThreatStatus::Avoided => "avoided",
        ThreatStatus::Eliminated => "eliminated",
        ThreatStatus::Resolved => "resolved",
        ThreatStatus::NotApplicable => "found not to apply",
        ThreatStatus::Undetermined => "not determined any more",
    }
}

/// The aspect of how something stands.
const STATUS: &str = "status";

/// What parts were called before, by what they are called now.
#[derive(Default)]
struct Renamed<'a>(HashMap<&'a PartId, &'a PartId>);

impl<'a> Renamed<'a> {
    fn note<T: Known>(&mut self, same: &HashMap<&'a PartId, &'a T>) {
        self.0.extend(same.iter().filter(|(new, old)| **new != old.id()).map(|(new, old)| (old.id(), *new)));
    }

    fn now<'b>(&'b self, id: &'b PartId) -> &'b PartId {
        self.0.get(id).copied().unwrap_or(id)
    }

    fn links(&self, aspects: &mut Vec<AspectChange>, aspect: &'static str, before: &[PartId], after: &[PartId]) {
        let was: BTreeSet<&PartId> = before.iter().map(|id| self.now(id)).collect();
        if was != after.iter().collect() {
            aspects.push(AspectChange::long(aspect));
        }
    }

    fn link(
        &self,
        aspects: &mut Vec<AspectChange>,
        aspect: &'static str,
        before: Option<&PartId>,
        after: Option<&PartId>,
    ) {
        if before.map(|id| self.now(id)) != after {
            aspects.push(AspectChange::long(aspect));
        }
    }
}

/// The aspects that differ: those with few words, and those with many.
fn differing(short: &[(&'static str, String, String)], long: &[(&'static str, bool)]) -> Vec<AspectChange> {
    let short = short.iter().filter(|(_, from, to)| from != to);
    let short = short.map(|(aspect, from, to)| AspectChange { aspect, from: from.clone(), to: to.clone() });
    let long = long.iter().filter(|(_, is_same)| !is_same).map(|(aspect, _)| AspectChange::long(aspect));
    short.chain(long).collect()
}

fn word<T: Named>(value: Option<T>) -> String {
    value.map(|value| value.name().to_owned()).unwrap_or_default()
}

fn yes_or_no(value: Option<bool>) -> String {
    value.map(|value| if value { "yes" } else { "no" }.to_owned()).unwrap_or_default()
}

/// A short aspect of two things.
fn pair<T>(aspect: &'static str, before: &T, after: &T, text: impl Fn(&T) -> String) -> (&'static str, String, String) {
    (aspect, text(before), text(after))
}

fn list<T: Debug>(values: &[T], text: impl Fn(&T) -> String) -> String {
    values.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn of_model(before: &ThreatModel, after: &ThreatModel) -> Vec<AspectChange> {
    let pair = |aspect, text: fn(&ThreatModel) -> String| pair(aspect, before, after, text);
    differing(
        &[
            pair("title", |model| model.title.clone()),
            pair("owner", |model| model.owner.clone()),
            pair("reviewer", |model| model.reviewer.clone()),
            pair("participants", |model| model.participants.join(", ")),
            pair("methods", |model| list(&model.methods, |method| method.name().to_owned())),
            pair("version", |model| model.version.clone()),
            pair("criticality", |model| word(model.criticality)),
            pair("scale", |model| word(Some(model.scale))),
            pair("stated date", |model| model.stated_date.map(|stated| stated.on.to_string()).unwrap_or_default()),
        ],
        &[
            ("scope", before.description == after.description),
            ("objectives", before.objectives == after.objectives),
            ("diagrams", before.diagrams == after.diagrams),
        ],
    )
}

fn threat(before: &Threat, after: &Threat, renamed: &Renamed<'_>) -> Vec<AspectChange> {
    let pair = |aspect, text: fn(&Threat) -> String| pair(aspect, before, after, text);
    let mut aspects = differing(
        &[
            pair("title", |threat| threat.title.clone()),
            pair(STATUS, |threat| word(Some(threat.status))),
            pair("severity", |threat| word(threat.severity())),
            pair("categories", |threat| list(&threat.categories, |category| category.title().to_owned())),
            pair("score", |threat| threat.score.clone()),
            pair("number", Threat::label),
            pair("found on", |threat| threat.identified_on.map(|on| on.to_string()).unwrap_or_default()),
            pair("CWE", |threat| list(&threat.cwe, ToString::to_string)),
            pair("CAPEC", |threat| list(&threat.capec, ToString::to_string)),
            pair("looked at", |threat| yes_or_no(Some(!threat.is_untouched))),
        ],
        &[
            ("description", before.description == after.description),
            ("reason", before.reason == after.reason),
            ("impact", before.impact == after.impact),
            ("actor", before.actor == after.actor),
            ("rating", before.rating == after.rating && (before.rating.is_some() || before.severity == after.severity)),
            ("words of the file", before.raw == after.raw),
        ],
    );
    renamed.links(&mut aspects, "elements", &before.affects, &after.affects);
    renamed.links(&mut aspects, "assets", &before.assets, &after.assets);
    aspects
}

fn mitigation(before: &Mitigation, after: &Mitigation, renamed: &Renamed<'_>) -> Vec<AspectChange> {
    let pair = |aspect, text: fn(&Mitigation) -> String| pair(aspect, before, after, text);
    let mut aspects = differing(
        &[
            pair("title", |mitigation| mitigation.title.clone()),
            pair(STATUS, |mitigation| word(Some(mitigation.status))),
            pair("owner", |mitigation| mitigation.owner.clone()),
            pair("link", |mitigation| mitigation.link.clone()),
            pair("origin", |mitigation| word(Some(mitigation.origin))),
            pair("number", Mitigation::label),
        ],
        &[
            ("description", before.description == after.description),
            ("words of the file", before.raw_status == after.raw_status),
        ],
    );
    renamed.links(&mut aspects, "threats", &before.threats, &after.threats);
    aspects
}

fn element(before: &Element, after: &Element, renamed: &Renamed<'_>) -> Vec<AspectChange> {
    let pair = |aspect, text: fn(&Element) -> String| pair(aspect, before, after, text);
    let mut aspects = differing(
        &[
            pair("name", |element| element.name.clone()),
            pair("kind", |element| word(Some(element.kind))),
            pair("in scope", |element| yes_or_no(Some(!element.out_of_scope))),
            pair("protocol", |element| element.protocol.clone()),
            pair("encrypted", |element| yes_or_no(element.encrypted)),
            pair("public network", |element| yes_or_no(element.public_network)),
            pair("both ways", |element| yes_or_no(Some(element.bidirectional))),
            pair("keeps a log", |element| yes_or_no(Some(element.is_log))),
        ],
        &[
            ("description", before.description == after.description),
            ("reason", before.reason == after.reason),
            ("place in the diagram", before.shape == after.shape && before.diagram == after.diagram),
            ("words of the file", before.raw_kind == after.raw_kind),
        ],
    );
    renamed.link(&mut aspects, "zone", before.zone.as_ref(), after.zone.as_ref());
    renamed.link(&mut aspects, "source", before.source.as_ref(), after.source.as_ref());
    renamed.link(&mut aspects, "target", before.target.as_ref(), after.target.as_ref());
    aspects
}

fn asset(before: &Asset, after: &Asset) -> Vec<AspectChange> {
    let pair = |aspect, text: fn(&Asset) -> String| pair(aspect, before, after, text);
    differing(
        &[
            pair("name", |asset| asset.name.clone()),
            pair("confidentiality", |asset| word(asset.confidentiality)),
            pair("integrity", |asset| word(asset.integrity)),
            pair("availability", |asset| word(asset.availability)),
            pair("sensitivity", |asset| asset.sensitivity.clone()),
        ],
        &[("description", before.description == after.description)],
    )
}

fn assumption(before: &Assumption, after: &Assumption, renamed: &Renamed<'_>) -> Vec<AspectChange> {
    let validity = pair("validity", before, after, |assumption| word(Some(assumption.validity)));
    let mut aspects = differing(&[validity], &[("text", before.text == after.text)]);
    renamed.links(&mut aspects, "parts", &before.about, &after.about);
    aspects
}

fn story(before: &AbuseStory, after: &AbuseStory, renamed: &Renamed<'_>) -> Vec<AspectChange> {
    let pair = |aspect, text: fn(&AbuseStory) -> String| pair(aspect, before, after, text);
    let mut aspects = differing(
        &[pair("title", |story| story.title.clone()), pair("kind", |story| word(Some(story.kind)))],
        &[("description", before.description == after.description)],
    );
    renamed.links(&mut aspects, "threats", &before.threats, &after.threats);
    aspects
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_model, element, id, mitigation, threat};
    use super::super::words::{ElementKind, MitigationStatus, Origin, Severity};
    use super::*;

    fn model() -> ThreatModel {
        ThreatModel {
            title: "Shop".into(),
            elements: vec![element(ElementKind::Process, "web"), element(ElementKind::DataStore, "db")],
            threats: vec![threat("t1", ThreatStatus::Open, &["web"]), threat("t2", ThreatStatus::Open, &["db"])],
            mitigations: vec![mitigation("m1", Origin::Stated, MitigationStatus::Proposed, &["t1"])],
            ..ThreatModel::default()
        }
    }

    fn aspects(changes: &Changes, part: &str) -> Vec<String> {
        let found = changes.parts.iter().find(|change| change.id == id(part));
        let Some(Change { what: What::Changed(aspects), .. }) = found else { return Vec::new() };
        aspects.iter().map(|change| format!("{}: {} → {}", change.aspect, change.from, change.to)).collect()
    }

    #[test]
    fn changes_are_told_part_by_part() {
        let before = model();
        let mut after = before.clone();
        after.threats[0].status = ThreatStatus::Mitigated;
        after.threats[0].severity = Some(Severity::High);
        after.threats[1].title = "renamed".into();
        after.threats.push(threat("t3", ThreatStatus::Open, &[]));
        after.threats.push(threat("t4", ThreatStatus::Open, &[]));
        after.elements.remove(1);
        after.mitigations.push(mitigation("m2", Origin::Stated, MitigationStatus::Implemented, &["t2"]));
        after.owner = "Ada".into();
        let changes = Changes::between(&before, &after);
        assert_eq!(
            changes.summary(),
            "2 threats added, 1 threat mitigated, 1 threat changed, 1 mitigation added, 1 element removed, owner changed"
        );
        assert_eq!(aspects(&changes, "t1"), ["status: open → mitigated", "severity:  → high", "rating:  → "]);
        assert_eq!(aspects(&changes, "t2"), ["title: t2 → renamed", "mitigations:  → "]);
        assert_eq!(Changes::between(&before, &before).summary(), "Nothing changed");
    }

    #[test]
    fn parts_with_new_ids_are_recognized_by_names_of_their_own() {
        let before = model();
        let mut after = before.clone();
        for part in &mut after.elements {
            part.id = id(&format!("new {}", part.id));
        }
        for part in &mut after.threats {
            part.id = id(&format!("new {}", part.id));
            part.affects = vec![id(&format!("new {}", part.affects[0]))];
        }
        after.mitigations[0].threats = vec![id("new t1")];
        assert!(Changes::between(&before, &after).is_empty(), "{:?}", Changes::between(&before, &after));
        // Of two with one name nobody knows which is which.
        let twice = |ids: [&str; 2]| ThreatModel {
            threats: ids.map(|id| Threat { title: "same".into(), ..threat(id, ThreatStatus::Open, &[]) }).to_vec(),
            ..ThreatModel::default()
        };
        let changes = Changes::between(&twice(["a", "b"]), &twice(["c", "d"]));
        assert_eq!(changes.summary(), "2 threats added, 2 threats removed");
    }

    #[test]
    fn the_kind_of_an_element_is_part_of_what_it_is_called() {
        let of = |kind, id: &str| ThreatModel {
            elements: vec![Element { name: "shop".into(), ..element(kind, id) }],
            ..ThreatModel::default()
        };
        let changes = Changes::between(&of(ElementKind::Process, "1"), &of(ElementKind::Actor, "2"));
        assert_eq!(changes.summary(), "1 element added, 1 element removed");
    }

    proptest! {
        #[test]
        fn a_model_does_not_differ_from_itself(model in any_model()) {
            prop_assert!(Changes::between(&model, &model).is_empty());
        }

        #[test]
        fn what_is_added_one_way_is_removed_the_other(one in any_model(), other in any_model()) {
            let count = |changes: &Changes, added: bool| {
                changes.parts.iter().filter(|change| if added { change.what == What::Added } else { change.what == What::Removed }).count()
            };
            let (there, back) = (Changes::between(&one, &other), Changes::between(&other, &one));
            prop_assert_eq!(count(&there, true), count(&back, false));
            prop_assert_eq!(count(&there, false), count(&back, true));
        }

        #[test]
        fn whatever_differs_is_told(one in any_model(), other in any_model()) {
            // The order of parts is no difference, nor is an id that another name makes good for.
            let is_told = !Changes::between(&one, &other).is_empty();
            let counts = |model: &ThreatModel| (model.threats.len(), model.elements.len(), model.mitigations.len());
            prop_assert!(is_told || counts(&one) == counts(&other));
        }
    }
}
