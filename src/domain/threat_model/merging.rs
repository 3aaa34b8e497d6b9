//! A file of a model that was changed here since the file was read the last time. What the file says as it said it then
//! is no news, so what was decided here since stays; what it says otherwise is news, and counts.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::changes::Known;
use super::following::following;
use super::format::{Format, ReadModel};
use super::{PartId, ThreatModel};

/// What a model becomes by a file. `base`: what it was when a file of this kind was read the last time; `None`: none was.
///
/// Parts that were added here stay, parts that were taken out here stay out as long as the file says nothing new about
/// them, and where both changed the same part the file goes before. A file of Cairn says everything, and is taken as it is.
pub fn merged(previous: &ThreatModel, base: Option<&ThreatModel>, read: ReadModel, today: NaiveDate) -> ThreatModel {
    let Some(base) = base.filter(|_| read.format != Format::Cairn) else { return following(previous, read, today) };
    let theirs = following(base, read.clone(), today);
    let mut new = following(previous, read, today);
    macro_rules! kept {
        ($($field:ident),+) => {$(
            if theirs.$field == base.$field {
                new.$field.clone_from(&previous.$field);
            }
        )+};
    }
    kept!(
        title,
        description,
        objectives,
        owner,
        reviewer,
        participants,
        methods,
        version,
        criticality,
        scale,
        stated_date
    );
    new.diagrams = parts(&previous.diagrams, &base.diagrams, &theirs.diagrams, new.diagrams);
    new.assets = parts(&previous.assets, &base.assets, &theirs.assets, new.assets);
    new.elements = parts(&previous.elements, &base.elements, &theirs.elements, new.elements);
    new.threats = parts(&previous.threats, &base.threats, &theirs.threats, new.threats);
    new.mitigations = parts(&previous.mitigations, &base.mitigations, &theirs.mitigations, new.mitigations);
    new.assumptions = parts(&previous.assumptions, &base.assumptions, &theirs.assumptions, new.assumptions);
    new.abuse_stories = parts(&previous.abuse_stories, &base.abuse_stories, &theirs.abuse_stories, new.abuse_stories);
    new.settle();
    new
}

/// The parts of one kind. `theirs` is what the file makes of those of the last time, `new` what it makes of the present.
fn parts<T: Known + Clone + PartialEq>(previous: &[T], base: &[T], theirs: &[T], new: Vec<T>) -> Vec<T> {
    let (previous_by_id, base, theirs) = (by_id(previous), by_id(base), by_id(theirs));
    let mut kept: Vec<T> = Vec::with_capacity(new.len());
    for part in new {
        let is_no_news = base.get(part.id()).is_some_and(|old| theirs.get(part.id()) == Some(old));
        match previous_by_id.get(part.id()) {
            Some(present) if is_no_news => kept.push((*present).clone()),
            None if is_no_news => {}
            _ => kept.push(part),
        }
    }
    let there: HashSet<PartId> = kept.iter().map(|part| part.id().clone()).collect();
    let added_here = |part: &&T| !there.contains(part.id()) && !base.contains_key(part.id());
    kept.extend(previous.iter().filter(added_here).cloned());
    kept
}

fn by_id<T: Known>(parts: &[T]) -> HashMap<&PartId, &T> {
    parts.iter().map(|part| (part.id(), part)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_model, element, threat};
    use super::super::words::{ElementKind, ThreatStatus};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn read(model: &ThreatModel) -> ReadModel {
        ReadModel { format: Format::ThreatDragon2, model: model.clone(), images: Vec::new() }
    }

    /// What a file of Threat Dragon says, and what the register made of it.
    fn imported() -> (ThreatModel, ThreatModel) {
        let mut file = ThreatModel { title: "Shop".into(), ..ThreatModel::default() };
        file.elements = vec![element(ElementKind::Process, "shop")];
        file.threats = vec![threat("t", ThreatStatus::Open, &["shop"]), threat("u", ThreatStatus::Open, &["shop"])];
        let kept = following(&ThreatModel::default(), read(&file), day("2026-01-01"));
        (file, kept)
    }

    #[test]
    fn what_the_file_says_as_before_does_not_undo_what_was_decided_here() {
        let (file, base) = imported();
        let mut here = base.clone();
        here.threats[0].status = ThreatStatus::Accepted;
        here.threats[0].reason = "The board took the risk".into();
        here.threats.remove(1);
        here.elements.push(element(ElementKind::DataStore, "added"));
        here.owner = "Ada".into();
        assert_eq!(merged(&here, Some(&base), read(&file), day("2026-02-01")), here);
    }

    #[test]
    fn what_the_file_says_otherwise_counts() {
        let (mut file, base) = imported();
        let mut here = base.clone();
        here.threats[0].status = ThreatStatus::Accepted;
        file.threats[0].title = "Another title".into();
        file.threats[0].status = ThreatStatus::Mitigated;
        file.threats.push(threat("v", ThreatStatus::Open, &[]));
        file.threats.remove(1);
        let new = merged(&here, Some(&base), read(&file), day("2026-02-01"));
        assert_eq!(new.threats.iter().map(|threat| threat.id.0.as_str()).collect::<Vec<_>>(), ["t", "v"]);
        assert_eq!((new.threats[0].title.as_str(), new.threats[0].status), ("Another title", ThreatStatus::Mitigated));
    }

    proptest! {
        #[test]
        fn the_same_file_again_changes_nothing_of_what_anybody_made_of_it(
            file in any_model(), decided in prop::collection::vec(any::<bool>(), 8), gone in 0_usize..4,
        ) {
            let base = following(&ThreatModel::default(), read(&file), day("2026-01-01"));
            prop_assert_eq!(merged(&base, Some(&base), read(&file), day("2026-02-01")), base.clone());
            let mut here = base.clone();
            for (threat, _) in here.threats.iter_mut().zip(decided).filter(|(_, is_decided)| *is_decided) {
                threat.status = ThreatStatus::Accepted;
                threat.reason = "decided here".into();
            }
            here.assets.truncate(gone);
            here.mitigations.truncate(gone);
            here.settle();
            prop_assert_eq!(merged(&here, Some(&base), read(&file), day("2026-02-01")), here);
        }
    }
}
