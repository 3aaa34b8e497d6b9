//! What a model becomes when its file is read again. The file says what it has a place for; what it has none for is
//! kept from before, since a file cannot say that it is gone.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::changes::{Known, same};
use super::format::{Format, Part, ReadModel};
use super::rating::Rating;
use super::words::{ElementKind, MitigationStatus, Origin, ThreatStatus};
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
        let previous = &as_called_now(previous, &new);
        keep_elements(previous, &mut new, format);
        keep_threats(previous, &mut new, format);
        keep_mitigations(previous, &mut new, format);
        keep_the_rest(previous, &mut new, format);
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

/// The model with the ids that its parts have now: those that stay have that of the file, and others of which the file
/// has the id for something else have one of their own.
fn as_called_now(previous: &ThreatModel, new: &ThreatModel) -> ThreatModel {
    fn note<T: Known>(names: &mut HashMap<PartId, PartId>, before: &[T], after: &[T]) {
        names.extend(same(before, after).into_iter().map(|(new, old)| (old.id().clone(), new.clone())));
    }
    let mut names = HashMap::new();
    note(&mut names, &previous.diagrams, &new.diagrams);
    note(&mut names, &previous.assets, &new.assets);
    note(&mut names, &previous.elements, &new.elements);
    note(&mut names, &previous.threats, &new.threats);
    note(&mut names, &of_files(previous), &new.mitigations);
    note(&mut names, &previous.assumptions, &new.assumptions);
    note(&mut names, &previous.abuse_stories, &new.abuse_stories);
    let of_new: HashSet<&PartId> = new.ids().collect();
    let mut taken: HashSet<PartId> = new.ids().chain(previous.ids()).cloned().collect();
    for id in previous.ids().filter(|id| of_new.contains(id)) {
        if !names.contains_key(id) {
            let mut others = (2_u32..).map(|number| PartId(format!("{id}~{number}")));
            let free = others.find(|other| taken.insert(other.clone())).unwrap_or_default();
            names.insert(id.clone(), free);
        }
    }
    let mut previous = previous.clone();
    previous.rename(&names);
    previous
}

/// The mitigations that come from files. What was entered here is never what a file calls by the same id or name.
fn of_files(model: &ThreatModel) -> Vec<Mitigation> {
    model.mitigations.iter().filter(|one| one.origin != Origin::ByHand).cloned().collect()
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
    if matches!(format, Format::ThreatDragon2 | Format::ThreatDragon1) {
        use ElementKind::{Process, TrustBoundary, TrustZone, Unclassified};
        element.zone = element.zone.take().or_else(|| old.zone.clone());
        if matches!((element.kind, old.kind), (TrustBoundary, TrustZone) | (Process, Unclassified)) {
            element.kind = old.kind;
            element.raw_kind.clone_from(&old.raw_kind);
        }
    }
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
        if element.kind == ElementKind::Unclassified {
            element.kind = old.kind;
        }
    }
}

fn keep_threats(previous: &ThreatModel, new: &mut ThreatModel, format: Format) {
    let known = before(&previous.threats, &new.threats);
    let numbers: HashSet<u32> = previous.threats.iter().map(|old| old.number).collect();
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

/// Whether a status is all that a file of this kind can say of a threat that stands in a more exact way.
fn says_no_more(new: ThreatStatus, old: ThreatStatus, format: Format) -> bool {
    use ThreatStatus::{InProgress, Mitigated, Open, Resolved, Undetermined};
    match format {
        Format::ThreatDragon2 | Format::ThreatDragon1 => {
            matches!((new, old), (Open, InProgress | Undetermined) | (Mitigated, Resolved))
        }
        Format::ThreatComposer => matches!((new, old), (Open, InProgress)) || (new == Resolved && !old.is_open()),
        _ => false,
    }
}

/// What files of this kind do not say of a threat.
fn keep_threat(threat: &mut Threat, old: &Threat, format: Format) {
    threat.number = old.number;
    if says_no_more(threat.status, old.status, format) {
        threat.status = old.status;
        threat.is_untouched = old.is_untouched;
    }
    if !format.can_say(Part::Ratings) {
        threat.rating = threat.rating.take().or_else(|| old.rating.clone());
        // What follows from the rating is not said once more.
        if threat.severity == threat.rating.as_ref().and_then(Rating::severity) {
            threat.severity = old.severity;
        }
    }
    // There is room for one kind of threat only.
    if matches!(format, Format::ThreatDragon2 | Format::ThreatDragon1)
        && threat.categories.len() <= 1
        && threat.categories.iter().all(|category| old.categories.contains(category))
    {
        threat.categories.clone_from(&old.categories);
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

fn keep_mitigations(previous: &ThreatModel, new: &mut ThreatModel, format: Format) {
    for mitigation in new.mitigations.iter_mut().filter(|one| one.origin == Origin::ByHand) {
        mitigation.origin = Origin::Stated;
    }
    let known = before(&of_files(previous), &new.mitigations);
    let kept = kept_mitigations(previous, new, format, &known);
    say_once(new, &kept);
    let numbers: HashSet<u32> = previous.mitigations.iter().map(|old| old.number).collect();
    for mitigation in &mut new.mitigations {
        match known.get(&mitigation.id) {
            Some(old) => keep_mitigation(mitigation, old),
            None if numbers.contains(&mitigation.number) => mitigation.number = 0,
            None => {}
        }
    }
    new.mitigations.extend(kept);
}

/// The mitigations from before that the file does not bring and cannot have taken out, as long as a threat of theirs is
/// there.
fn kept_mitigations(
    previous: &ThreatModel,
    new: &ThreatModel,
    format: Format,
    known: &HashMap<PartId, Mitigation>,
) -> Vec<Mitigation> {
    let stayed: HashSet<&PartId> = known.values().map(|old| &old.id).collect();
    let threats: HashSet<&PartId> = new.threats.iter().map(|threat| &threat.id).collect();
    let can_be_gone = |one: &Mitigation| match one.origin {
        Origin::ByHand => false,
        // A text at a threat goes with what the file says of the threat.
        Origin::FreeText => format.can_say(Part::Threats),
        // Only these have them.
        Origin::Template => matches!(format, Format::Tm7 | Format::Threagile),
        Origin::Stated => format.can_say(Part::Mitigations),
    };
    let mut kept = Vec::new();
    for old in previous.mitigations.iter().filter(|one| !stayed.contains(&one.id) && !can_be_gone(one)) {
        let mut old = old.clone();
        let was_linked = !old.threats.is_empty();
        old.threats.retain(|threat| threats.contains(threat));
        if !was_linked || !old.threats.is_empty() {
            kept.push(old);
        }
    }
    kept
}

/// Takes out of the texts at threats what kept mitigations say already: a model that was exported has the texts of all
/// its mitigations there, with an empty line between them.
fn say_once(new: &mut ThreatModel, kept: &[Mitigation]) {
    let mut said: HashMap<&PartId, Vec<String>> = HashMap::new();
    for mitigation in kept {
        let text = full_text(mitigation);
        for threat in mitigation.threats.iter().filter(|_| !text.is_empty()) {
            said.entry(threat).or_default().push(text.clone());
        }
    }
    let without = |text: &str, threat: &PartId| {
        said.get(threat)?.iter().fold(None, |rest: Option<String>, one| {
            let before = rest.as_deref().unwrap_or(text);
            without_paragraphs(before, one).or(rest)
        })
    };
    for threat in &mut new.threats {
        if let Some(rest) = without(&threat.reason, &threat.id) {
            threat.reason = rest;
        }
    }
    new.mitigations.retain_mut(|mitigation| {
        let (Origin::FreeText, [threat]) = (mitigation.origin, mitigation.threats.as_slice()) else { return true };
        let Some(rest) = without(&full_text(mitigation), threat) else { return true };
        mitigation.title = rest.lines().next().unwrap_or_default().chars().take(ThreatModel::NAME_LIMIT).collect();
        mitigation.description = if rest == mitigation.title { String::new() } else { rest };
        !mitigation.title.is_empty()
    });
}

/// What a mitigation says as one text: readers put the whole of a longer text into the description.
fn full_text(mitigation: &Mitigation) -> String {
    let Mitigation { title, description, .. } = mitigation;
    match description.as_str() {
        "" => title.clone(),
        description if description.starts_with(title.as_str()) => description.to_owned(),
        description => format!("{title}\n{description}"),
    }
}

/// A text without some of its paragraphs; `None` if it does not have them.
fn without_paragraphs(text: &str, paragraphs: &str) -> Option<String> {
    let (text, paragraphs) = (format!("\n\n{text}\n\n"), format!("\n\n{paragraphs}\n\n"));
    let (before, after) = text.split_once(&paragraphs)?;
    Some(format!("{before}\n\n{after}").trim().to_owned())
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

fn keep_the_rest(previous: &ThreatModel, new: &mut ThreatModel, format: Format) {
    if !format.can_say(Part::Assets) {
        let known = before(&previous.assets, &new.assets);
        add_others(&mut new.assets, &previous.assets, &known);
    }
    if !format.can_say(Part::Assumptions) {
        let known = before(&previous.assumptions, &new.assumptions);
        add_others(&mut new.assumptions, &previous.assumptions, &known);
    }
    if !format.can_say(Part::AbuseStories) {
        let known = before(&previous.abuse_stories, &new.abuse_stories);
        add_others(&mut new.abuse_stories, &previous.abuse_stories, &known);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::diagram::Diagram;
    use super::super::rating::{Rating, Scale};
    use super::super::samples::{any_model, boxed, element, id, ids, mitigation, threat};
    use super::super::words::Criticality;
    use super::super::{AbuseStory, Asset, Assumption};
    use super::*;
    use crate::domain::named::Named;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(format: Format, model: ThreatModel) -> ReadModel {
        ReadModel { format, model, images: Vec::new() }
    }

    /// What a file of a drawing tool says, and what people added to it here.
    fn kept() -> ThreatModel {
        let mut model = begun(read(Format::ThreatDragon2, file()), day("2026-01-01"));
        model.criticality = Some(Criticality::High);
        model.objectives = "Sell things.".into();
        model.assets = vec![Asset { id: id("orders"), name: "orders".into(), ..Asset::default() }];
        model.assumptions =
            vec![Assumption { id: id("vpn"), text: "VPN".into(), about: ids(&["web"]), ..Assumption::default() }];
        model.abuse_stories =
            vec![AbuseStory { id: id("story"), title: "theft".into(), threats: ids(&["t1"]), ..AbuseStory::default() }];
        model.threats[0].rating = Rating::of(Scale::Three, 3, 3);
        model.threats[0].assets = ids(&["orders"]);
        model.mitigations.push(mitigation("by hand", Origin::ByHand, MitigationStatus::Implemented, &["t1"]));
        model.mitigations[0].status = MitigationStatus::Implemented;
        model.settle();
        model
    }

    fn file() -> ThreatModel {
        ThreatModel {
            title: "Shop".into(),
            diagrams: vec![Diagram { id: id("d"), ..Diagram::default() }],
            elements: vec![Element { diagram: Some(id("d")), ..boxed(ElementKind::Process, "web", (0.0, 0.0), 10.0) }],
            threats: vec![threat("t1", ThreatStatus::Open, &["web"]), threat("t2", ThreatStatus::Open, &["web"])],
            mitigations: vec![mitigation("free", Origin::FreeText, MitigationStatus::Unknown, &["t1"])],
            ..ThreatModel::default()
        }
    }

    #[test]
    fn reading_a_file_again_changes_nothing() {
        let kept = kept();
        let again = following(&kept, read(Format::ThreatDragon2, file()), day("2026-06-01"));
        assert_eq!(again, kept);
        assert_eq!(again, kept);
    }

    #[test]
    fn a_new_threat_was_found_today_and_has_a_number_of_its_own() {
        let mut file = file();
        file.threats.insert(0, Threat { number: 1, ..threat("t3", ThreatStatus::Open, &[]) });
        file.threats[1].status = ThreatStatus::Accepted;
        // The day on which a threat came here stays, whatever a file says later.
        file.threats[1].identified_on = Some(day("2026-03-01"));
        let after = following(&kept(), read(Format::ThreatDragon2, file), day("2026-06-01"));
        let found: Vec<(&str, u32, Option<NaiveDate>)> =
            after.threats.iter().map(|threat| (threat.title.as_str(), threat.number, threat.identified_on)).collect();
        let (then, now) = (Some(day("2026-01-01")), Some(day("2026-06-01")));
        assert_eq!(found, [("t3", 3, now), ("t1", 1, then), ("t2", 2, then)]);
        assert_eq!(after.threats[1].status, ThreatStatus::Accepted, "the file says so");
        assert!(after.threats[1].rating.is_some(), "and has no place for ratings");
    }

    #[test]
    fn a_word_that_says_less_does_not_replace_one_that_says_more() {
        use ThreatStatus::{Accepted, InProgress, Mitigated, NotApplicable, Open, Resolved, Undetermined};
        let (dragon, composer) = (Format::ThreatDragon2, Format::ThreatComposer);
        for (format, old, new, expected) in [
            (dragon, InProgress, Open, InProgress),
            (dragon, Undetermined, Open, Undetermined),
            (dragon, Resolved, Mitigated, Resolved),
            (dragon, Accepted, Open, Open),
            (composer, Accepted, Resolved, Accepted),
            (composer, InProgress, Resolved, Resolved),
            (composer, Undetermined, Open, Open),
            (composer, Accepted, NotApplicable, NotApplicable),
            (Format::Threagile, InProgress, Open, Open),
        ] {
            let with = |status| ThreatModel { threats: vec![threat("t", status, &[])], ..ThreatModel::default() };
            let mut kept = begun(read(format, with(old)), day("2026-01-01"));
            kept.threats[0].reason = "because".into();
            let after = following(&kept, read(format, with(new)), day("2026-06-01"));
            assert_eq!(after.threats[0].status, expected, "{format:?}: {old:?}, {new:?}");
            assert_eq!(after.threats[0].reason.is_empty(), expected != old, "the reason is that of the status");
        }
    }

    #[test]
    fn what_was_entered_here_goes_with_its_threat() {
        let mut file = file();
        file.threats.remove(0);
        file.mitigations.clear();
        let after = following(&kept(), read(Format::ThreatDragon2, file), day("2026-06-01"));
        assert_eq!(after.mitigations, []);
        assert_eq!((after.assets.len(), after.abuse_stories[0].threats.len()), (1, 0));
    }

    #[test]
    fn links_follow_parts_that_have_new_ids() {
        let mut file = file();
        file.threats[0].id = id("other");
        file.mitigations[0].threats = ids(&["other"]);
        let after = following(&kept(), read(Format::ThreatDragon2, file), day("2026-06-01"));
        assert_eq!(after.mitigations.iter().filter(|one| one.threats == ids(&["other"])).count(), 2);
        assert_eq!(after.abuse_stories[0].threats, ids(&["other"]));
        assert_eq!(after.threats[0].identified_on, Some(day("2026-01-01")));
    }

    #[test]
    fn files_without_drawings_leave_drawings_alone() {
        let statements = ThreatModel {
            threats: vec![threat("t1", ThreatStatus::Resolved, &[])],
            diagrams: vec![Diagram { id: id("picture"), ..Diagram::default() }],
            ..ThreatModel::default()
        };
        let after = following(&kept(), read(Format::ThreatComposer, statements), day("2026-06-01"));
        assert_eq!(after.elements, kept().elements);
        let diagrams: Vec<&str> = after.diagrams.iter().map(|diagram| diagram.id.0.as_str()).collect();
        assert_eq!(diagrams, ["picture", "d"]);
        let threats: Vec<(&str, &[PartId])> =
            after.threats.iter().map(|threat| (threat.title.as_str(), threat.affects.as_slice())).collect();
        assert_eq!(threats, [("t1", &ids(&["web"])[..])]);
        assert_eq!((after.title.as_str(), after.assets.len()), ("Shop", 0), "it has a place for assets");
    }

    #[test]
    fn risks_bring_only_threats() {
        let risks = ThreatModel { threats: vec![threat("risk", ThreatStatus::Open, &[])], ..ThreatModel::default() };
        let after = following(&kept(), read(Format::ThreagileRisks, risks), day("2026-06-01"));
        let kept = kept();
        assert_eq!((&after.elements, &after.assets, &after.diagrams), (&kept.elements, &kept.assets, &kept.diagrams));
        assert_eq!((after.assumptions, after.objectives), (kept.assumptions, kept.objectives));
        assert_eq!(after.threats.len(), 1);
        assert_eq!(after.mitigations, []);
    }

    #[test]
    fn a_drawing_leaves_threats_alone_and_keeps_what_it_cannot_say_of_elements() {
        let mut kept = kept();
        kept.elements[0] =
            Element { encrypted: Some(true), is_log: true, description: "the shop".into(), ..kept.elements[0].clone() };
        let drawing = ThreatModel {
            elements: vec![element(ElementKind::Unclassified, "web"), element(ElementKind::Actor, "user")],
            ..ThreatModel::default()
        };
        let after = following(&kept, read(Format::DrawIo, drawing), day("2026-06-01"));
        assert_eq!(after.elements[0], kept.elements[0]);
        assert_eq!((after.elements.len(), &after.threats, &after.mitigations), (2, &kept.threats, &kept.mitigations));
    }

    #[test]
    fn what_was_entered_here_is_never_taken_for_what_a_file_says() {
        let mut kept = kept();
        kept.mitigations.push(mitigation("m", Origin::ByHand, MitigationStatus::Proposed, &["t2"]));
        let mut file = file();
        file.mitigations.push(mitigation("m", Origin::FreeText, MitigationStatus::Unknown, &["t1"]));
        let after = following(&kept, read(Format::ThreatDragon2, file), day("2026-06-01"));
        let found: Vec<(&str, Origin)> = after.mitigations.iter().map(|one| (one.id.0.as_str(), one.origin)).collect();
        let expected =
            [("free", Origin::FreeText), ("m", Origin::FreeText), ("by hand", Origin::ByHand), ("m~2", Origin::ByHand)];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_exported_and_comes_back_is_said_once() {
        let mut exported = file();
        exported.mitigations[0].title = "free".into();
        exported.mitigations[0].description = "free\n\nby hand".into();
        let after = following(&kept(), read(Format::ThreatDragon2, exported.clone()), day("2026-06-01"));
        assert_eq!(after, kept());
        exported.mitigations[0].description = "free, and more\n\nby hand".into();
        exported.threats[1].reason = "by hand".into();
        let after = following(&kept(), read(Format::ThreatDragon2, exported.clone()), day("2026-06-01"));
        assert_eq!(after.mitigations[0].title, "free, and more");
        assert_eq!(after.threats[1].reason, "by hand", "of another threat");
        let mut only = kept();
        only.mitigations.remove(0);
        exported.mitigations[0].description = "by hand".into();
        exported.mitigations[0].title = "by hand".into();
        exported.threats[0].reason = "Enough.\n\nby hand".into();
        let after = following(&only, read(Format::ThreatDragon2, exported), day("2026-06-01"));
        assert_eq!(after.mitigations, only.mitigations);
        assert_eq!(after.threats[0].reason, "Enough.");
    }

    #[test]
    fn our_own_file_says_everything() {
        let after = following(&kept(), read(Format::Cairn, file()), day("2026-06-01"));
        assert_eq!((after.assets, after.objectives.as_str(), after.criticality), (Vec::new(), "", None));
        assert_eq!(after.threats[0].identified_on, Some(day("2026-01-01")));
    }

    fn any_format() -> impl Strategy<Value = Format> {
        prop::sample::select(Format::NAMED.iter().map(|(_, format)| *format).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn reading_a_file_twice_is_the_same_as_once(
            previous in any_model(), file in any_model(), format in any_format(),
        ) {
            let once = following(&previous, read(format, file.clone()), day("2026-01-01"));
            let twice = following(&once, read(format, file), day("2026-01-02"));
            prop_assert_eq!(twice, once);
        }

        #[test]
        fn what_it_becomes_is_settled_and_has_all_that_the_file_has(
            previous in any_model(), file in any_model(), format in any_format(),
        ) {
            let after = following(&previous, read(format, file.clone()), day("2026-01-01"));
            let mut settled = after.clone();
            settled.settle();
            prop_assert_eq!(&settled, &after);
            prop_assert!(after.threats.len() >= file.threats.len());
            prop_assert!(after.elements.len() >= file.elements.len());
            prop_assert!(after.mitigations.len() >= file.mitigations.len());
        }

        #[test]
        fn what_a_file_has_no_place_for_is_kept(previous in any_model(), file in any_model(), format in any_format()) {
            let after = following(&previous, read(format, file), day("2026-01-01"));
            if !format.can_say(Part::Elements) {
                prop_assert!(after.elements.len() >= previous.elements.len());
            }
            if !format.can_say(Part::Assets) {
                prop_assert!(after.assets.len() >= previous.assets.len());
            }
            if !format.can_say(Part::Threats) {
                prop_assert!(after.mitigations.len() >= previous.mitigations.iter().filter(|one| one.origin == Origin::ByHand).count());
            }
        }
    }
}
