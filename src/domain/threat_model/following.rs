//! What a model becomes when its file is read again. The file says what it has a place for; what it has none for is
//! kept from before, since a file cannot say that it is gone.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::changes::{Known, same};
use super::format::{Format, Part, ReadModel};
use super::words::{MitigationStatus, Origin};
use super::{Element, Mitigation, PartId, Threat, ThreatModel};

/// What a model is that is read for the first time: a threat of which the file does not say when it was found was
/// found today.
pub fn begun(read: ReadModel, today: NaiveDate) -> ThreatModel {
    following(&ThreatModel::default(), read, today)
}

/// What a model becomes by a file of it. Reading the same file once more changes nothing.
pub fn following(previous: &ThreatModel, read: ReadModel, today: NaiveDate) -> ThreatModel {
    let ReadModel { format, model: mut new, .. } = read;
    if format != Format::Cairn {
        keep_what_it_says_of_itself(previous, &mut new, format);
        // Links of what is kept lead to parts as they are called now.
        let renamed = renamed(previous, &new);
        keep_elements(previous, &mut new, format);
        keep_threats(previous, &mut new, format);
        keep_mitigations(previous, &mut new, format, &renamed);
        keep_the_rest(previous, &mut new, format, &renamed);
    }
    let known = same(&previous.threats, &new.threats);
    let known: HashMap<PartId, Option<NaiveDate>> =
        known.into_iter().map(|(id, old)| (id.clone(), old.identified_on)).collect();
    for threat in &mut new.threats {
        threat.identified_on = match known.get(&threat.id) {
            Some(day) => day.or(threat.identified_on),
            None => threat.identified_on.or(Some(today)),
        };
    }
    new.settle();
    new
}

/// Whether two models say the same, so that there is no need to keep the second.
pub fn is_same(one: &ThreatModel, other: &ThreatModel) -> bool {
    one == other
}

fn keep_what_it_says_of_itself(previous: &ThreatModel, new: &mut ThreatModel, format: Format) {
    let text = |new: &mut String, old: &String| {
        if new.is_empty() {
            new.clone_from(old);
        }
    };
    text(&mut new.title, &previous.title);
    text(&mut new.description, &previous.description);
    text(&mut new.objectives, &previous.objectives);
    text(&mut new.owner, &previous.owner);
    text(&mut new.reviewer, &previous.reviewer);
    text(&mut new.version, &previous.version);
    if new.participants.is_empty() {
        new.participants.clone_from(&previous.participants);
    }
    if new.methods.is_empty() {
        new.methods.clone_from(&previous.methods);
    }
    new.criticality = new.criticality.or(previous.criticality);
    new.stated_date = new.stated_date.or(previous.stated_date);
    if !previous.threats.is_empty() || !format.can_say(Part::Ratings) {
        new.scale = previous.scale;
    }
}

/// What parts that stay were called before, and are called now.
fn renamed(previous: &ThreatModel, new: &ThreatModel) -> HashMap<PartId, PartId> {
    fn note<T: Known>(renamed: &mut HashMap<PartId, PartId>, before: &[T], after: &[T]) {
        renamed.extend(same(before, after).into_iter().map(|(new, old)| (old.id().clone(), new.clone())));
    }
    let mut renamed = HashMap::new();
    note(&mut renamed, &previous.elements, &new.elements);
    note(&mut renamed, &previous.assets, &new.assets);
    note(&mut renamed, &previous.threats, &new.threats);
    note(&mut renamed, &previous.mitigations, &new.mitigations);
    renamed
}

/// Follows links to what parts are called now.
fn relink(links: &mut [PartId], renamed: &HashMap<PartId, PartId>) {
    for link in links {
        if let Some(now) = renamed.get(link) {
            link.clone_from(now);
        }
    }
}

/// What each part of a file was before, by its present id.
fn before<T: Known + Clone>(previous: &[T], new: &[T]) -> HashMap<PartId, T> {
    same(previous, new).into_iter().map(|(id, old)| (id.clone(), old.clone())).collect()
}

/// Adds those parts from before that the file does not bring.
fn add_others<T: Known + Clone>(new: &mut Vec<T>, previous: &[T], known: &HashMap<PartId, T>) {
    let stayed: HashSet<&PartId> = known.values().map(Known::id).collect();
    new.extend(previous.iter().filter(|part| !stayed.contains(part.id())).cloned());
}

fn keep_elements(previous: &ThreatModel, new: &mut ThreatModel, format: Format) {
    let known = before(&previous.elements, &new.elements);
    for element in &mut new.elements {
        if let Some(old) = known.get(&element.id) {
            keep_element(element, old, format);
        }
    }
    if !format.can_say(Part::Elements) {
        add_others(&mut new.elements, &previous.elements, &known);
    }
    // A drawing that elements stand in stays with them, and so do all where the file has none.
    let shown: HashSet<&PartId> = new.elements.iter().filter_map(|element| element.diagram.as_ref()).collect();
    let drawn: HashSet<&PartId> = new.diagrams.iter().map(|diagram| &diagram.id).collect();
    let has_none = new.diagrams.is_empty();
    let kept = previous.diagrams.iter().filter(|diagram| !drawn.contains(&diagram.id));
    let kept: Vec<_> = kept.filter(|diagram| has_none || shown.contains(&diagram.id)).cloned().collect();
    new.diagrams.extend(kept);
}

/// What files of this kind do not say of an element.
fn keep_element(element: &mut Element, old: &Element, format: Format) {
    element.encrypted = element.encrypted.or(old.encrypted);
    element.public_network = element.public_network.or(old.public_network);
    if element.shape.is_none() {
        element.shape.clone_from(&old.shape);
        element.diagram = element.diagram.take().or_else(|| old.diagram.clone());
    }
    if !matches!(format, Format::ThreatDragon2 | Format::ThreatDragon1) {
        element.is_log |= old.is_log;
    }
    if matches!(format, Format::DrawIo | Format::Otm | Format::TmBom) && !element.out_of_scope {
        element.out_of_scope = old.out_of_scope;
        element.reason.clone_from(&old.reason);
    }
    if format == Format::DrawIo {
        element.description.clone_from(&old.description);
        element.protocol.clone_from(&old.protocol);
        if element.kind == super::words::ElementKind::Unclassified {
            element.kind = old.kind;
        }
    }
}

fn keep_threats(previous: &ThreatModel, new: &mut ThreatModel, format: Format) {
    let known = before(&previous.threats, &new.threats);
    let numbers: HashSet<u32> = known.values().map(|old| old.number).collect();
    for threat in &mut new.threats {
        match known.get(&threat.id) {
            Some(old) => keep_threat(threat, old, format),
            // What people call a threat stays with it; the new one gets the next free number.
            None if numbers.contains(&threat.number) => threat.number = 0,
            None => {}
        }
    }
    if !format.can_say(Part::Threats) {
        add_others(&mut new.threats, &previous.threats, &known);
    }
}

/// What files of this kind do not say of a threat.
fn keep_threat(threat: &mut Threat, old: &Threat, format: Format) {
    threat.number = old.number;
    if !format.can_say(Part::Ratings) {
        threat.rating = threat.rating.take().or_else(|| old.rating.clone());
    }
    if !format.can_say(Part::Assets) {
        threat.assets.clone_from(&old.assets);
    }
    if !format.can_say(Part::Elements) && threat.affects.is_empty() {
        threat.affects.clone_from(&old.affects);
    }
    if threat.reason.is_empty() && threat.status == old.status {
        threat.reason.clone_from(&old.reason);
    }
    if !matches!(format, Format::ThreatComposer | Format::TmBom) {
        for (new, old) in [(&mut threat.impact, &old.impact), (&mut threat.actor, &old.actor)] {
            if new.is_empty() {
                new.clone_from(old);
            }
        }
    }
    if threat.cwe.is_empty() && !matches!(format, Format::TmBom | Format::Otm) {
        threat.cwe.clone_from(&old.cwe);
    }
    if threat.capec.is_empty() && format != Format::TmBom {
        threat.capec.clone_from(&old.capec);
    }
}

fn keep_mitigations(previous: &ThreatModel, new: &mut ThreatModel, format: Format, renamed: &HashMap<PartId, PartId>) {
    // What was entered here is never what a file calls by the same id or name.
    let of_files: Vec<Mitigation> =
        previous.mitigations.iter().filter(|one| one.origin != Origin::ByHand).cloned().collect();
    let known = before(&of_files, &new.mitigations);
    let numbers: HashSet<u32> = known.values().map(|old| old.number).collect();
    for mitigation in &mut new.mitigations {
        match known.get(&mitigation.id) {
            Some(old) => keep_mitigation(mitigation, old),
            None if numbers.contains(&mitigation.number) => mitigation.number = 0,
            None => {}
        }
    }
    let stayed: HashSet<&PartId> = known.values().map(|old| &old.id).collect();
    let threats: HashSet<&PartId> = new.threats.iter().map(|threat| &threat.id).collect();
    let can_be_gone = |one: &Mitigation| match one.origin {
        Origin::ByHand => false,
        // A text at a threat goes with what the file says of the threat.
        Origin::FreeText | Origin::Template => format.can_say(Part::Threats),
        Origin::Stated => format.can_say(Part::Mitigations),
    };
    let mut kept = Vec::new();
    for old in previous.mitigations.iter().filter(|one| !stayed.contains(&one.id) && !can_be_gone(one)) {
        let mut old = old.clone();
        relink(&mut old.threats, renamed);
        let was_linked = !old.threats.is_empty();
        old.threats.retain(|threat| threats.contains(threat));
        if !was_linked || !old.threats.is_empty() {
            kept.push(old);
        }
    }
    new.mitigations.extend(kept);
}

/// What was said here of a mitigation that a file brings.
fn keep_mitigation(mitigation: &mut Mitigation, old: &Mitigation) {
    mitigation.number = old.number;
    for (new, old) in [(&mut mitigation.owner, &old.owner), (&mut mitigation.link, &old.link)] {
        if new.is_empty() {
            new.clone_from(old);
        }
    }
    let says_the_same = mitigation.title == old.title && mitigation.description == old.description;
    if mitigation.status == MitigationStatus::Unknown && says_the_same {
        mitigation.status = old.status;
    }
}

fn keep_the_rest(previous: &ThreatModel, new: &mut ThreatModel, format: Format, renamed: &HashMap<PartId, PartId>) {
    if !format.can_say(Part::Assets) {
        let known = before(&previous.assets, &new.assets);
        add_others(&mut new.assets, &previous.assets, &known);
    }
    if !format.can_say(Part::Assumptions) {
        let known = before(&previous.assumptions, &new.assumptions);
        add_others(&mut new.assumptions, &previous.assumptions, &known);
        for assumption in &mut new.assumptions {
            relink(&mut assumption.about, renamed);
        }
    }
    if !format.can_say(Part::AbuseStories) {
        let known = before(&previous.abuse_stories, &new.abuse_stories);
        add_others(&mut new.abuse_stories, &previous.abuse_stories, &known);
        for story in &mut new.abuse_stories {
            relink(&mut story.threats, renamed);
        }
    }
}
