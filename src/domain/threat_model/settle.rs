//! What a threat model may be: texts of a length that people read, as many parts as a program can handle, and no
//! link that leads nowhere. Whatever a reader made of a file, and whatever was entered, is brought to this.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::rating::Rating;
use super::{PartId, ThreatModel};

impl ThreatModel {
    /// Brings the model to what it may be, and says what was changed for it: an id that two parts have is given another
    /// name, what is too much is left out, a link to nothing is taken out.
    pub fn settle(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        self.leave_out_too_many(&mut problems);
        self.leave_what_stands_in_no_address();
        self.tell_apart(&mut problems);
        self.unlink(&mut problems);
        self.number();
        problems
    }

    fn leave_out_too_many(&mut self, problems: &mut Vec<String>) {
        let limit = Self::PARTS_LIMIT;
        let mut cut = |count: usize, what: &str| {
            if count > limit {
                note(problems, || format!("more than {limit} {what}; the rest is left out"));
            }
        };
        cut(self.diagrams.len(), "diagrams");
        cut(self.assets.len(), "assets");
        cut(self.elements.len(), "elements");
        cut(self.threats.len(), "threats");
        cut(self.mitigations.len(), "mitigations");
        cut(self.assumptions.len(), "assumptions");
        cut(self.abuse_stories.len(), "abuse stories");
        self.diagrams.truncate(limit);
        self.assets.truncate(limit);
        self.elements.truncate(limit);
        self.threats.truncate(limit);
        self.mitigations.truncate(limit);
        self.assumptions.truncate(limit);
        self.abuse_stories.truncate(limit);
    }

    /// The ids of all parts, to be changed.
    fn ids_mut(&mut self) -> impl Iterator<Item = &mut PartId> {
        let elements = self.elements.iter_mut().map(|part| &mut part.id);
        elements
            .chain(self.diagrams.iter_mut().map(|part| &mut part.id))
            .chain(self.assets.iter_mut().map(|part| &mut part.id))
            .chain(self.threats.iter_mut().map(|part| &mut part.id))
            .chain(self.mitigations.iter_mut().map(|part| &mut part.id))
            .chain(self.assumptions.iter_mut().map(|part| &mut part.id))
            .chain(self.abuse_stories.iter_mut().map(|part| &mut part.id))
    }

    /// Gives parts other ids, and lets links follow.
    pub(super) fn rename(&mut self, names: &HashMap<PartId, PartId>) {
        let rename = |id: &mut PartId| {
            if let Some(name) = names.get(id) {
                id.clone_from(name);
            }
        };
        self.ids_mut().for_each(rename);
        for threat in &mut self.threats {
            threat.affects.iter_mut().chain(&mut threat.assets).for_each(rename);
        }
        self.mitigations.iter_mut().flat_map(|mitigation| &mut mitigation.threats).for_each(rename);
        self.assumptions.iter_mut().flat_map(|assumption| &mut assumption.about).for_each(rename);
        self.abuse_stories.iter_mut().flat_map(|story| &mut story.threats).for_each(rename);
        for element in &mut self.elements {
            let links = [&mut element.zone, &mut element.source, &mut element.target, &mut element.diagram];
            links.into_iter().flatten().for_each(rename);
        }
    }

    /// Gives those parts another id whose id is none that an address can end in: browsers take dots for folders, and the
    /// form of a new part is at “new”.
    fn leave_what_stands_in_no_address(&mut self) {
        let all: BTreeSet<PartId> = self.ids().cloned().collect();
        let reserved = [".", "..", "new"].map(|id| PartId(id.to_owned()));
        let free = |id: &PartId| {
            let mut others = (1_u32..).map(|number| PartId(format!("{id}~{number}")));
            others.find(|other| !all.contains(other)).unwrap_or_default()
        };
        let names: HashMap<PartId, PartId> =
            reserved.into_iter().filter(|id| all.contains(id)).map(|id| (id.clone(), free(&id))).collect();
        if !names.is_empty() {
            self.rename(&names);
        }
    }

    /// Gives every part an id of its own. Links go to the first that had it.
    fn tell_apart(&mut self, problems: &mut Vec<String>) {
        let mut taken: BTreeSet<PartId> = BTreeSet::new();
        let mut repeated: BTreeMap<PartId, u32> = BTreeMap::new();
        let all: BTreeSet<PartId> = self.ids().cloned().collect();
        for id in self.ids_mut() {
            if id.0.is_empty() || taken.contains(id) {
                let next = repeated.entry(id.clone()).or_insert(1);
                let mut free = id.clone();
                while free.0.is_empty() || taken.contains(&free) || all.contains(&free) {
                    *next += 1;
                    free = PartId(format!("{}~{next}", id.0));
                }
                if !id.0.is_empty() {
                    note(problems, || format!("two parts have the id “{id}”; the second is called “{free}” here"));
                }
                *id = free;
            }
            taken.insert(id.clone());
        }
    }

    fn unlink(&mut self, problems: &mut Vec<String>) {
        let set = |ids: Vec<&PartId>| -> BTreeSet<PartId> { ids.into_iter().cloned().collect() };
        let elements = set(self.elements.iter().map(|part| &part.id).collect());
        let assets = set(self.assets.iter().map(|part| &part.id).collect());
        let threats = set(self.threats.iter().map(|part| &part.id).collect());
        let diagrams = set(self.diagrams.iter().map(|part| &part.id).collect());
        let all = set(self.ids().collect());
        let mut keep = |links: &mut Vec<PartId>, known: &BTreeSet<PartId>, of: &str| {
            let mut seen = BTreeSet::new();
            links.retain(|id| {
                let is_known = known.contains(id);
                if !is_known {
                    note(problems, || format!("{of} is linked to “{id}”, which is not there"));
                }
                is_known && seen.insert(id.clone())
            });
            links.truncate(Self::LINKS_LIMIT);
        };
        for threat in &mut self.threats {
            let of = format!("threat {}", threat.title);
            keep(&mut threat.affects, &elements, &of);
            keep(&mut threat.assets, &assets, &of);
            threat.rating = threat.rating.take().filter(Rating::is_sound);
        }
        for mitigation in &mut self.mitigations {
            keep(&mut mitigation.threats, &threats, &format!("mitigation {}", mitigation.title));
        }
        for assumption in &mut self.assumptions {
            keep(&mut assumption.about, &all, &format!("assumption {}", assumption.text));
        }
        for story in &mut self.abuse_stories {
            keep(&mut story.threats, &threats, &format!("abuse story {}", story.title));
        }
        for element in &mut self.elements {
            let known = |link: &mut Option<PartId>, known: &BTreeSet<PartId>| {
                *link = link.take().filter(|id| known.contains(id) && *id != element.id);
            };
            known(&mut element.zone, &elements);
            known(&mut element.source, &elements);
            known(&mut element.target, &elements);
            known(&mut element.diagram, &diagrams);
            element.shape = element.shape.take().filter(|shape| shape.is_sound());
        }
    }

    /// Gives threats and mitigations numbers of their own, where they have none or another one has it.
    fn number(&mut self) {
        let mut taken = BTreeSet::new();
        let mut next = self.next_threat();
        for threat in &mut self.threats {
            if threat.number == 0 || !taken.insert(threat.number) {
                threat.number = next;
                next = next.saturating_add(1);
            }
        }
        let mut taken = BTreeSet::new();
        let mut next = self.next_mitigation();
        for mitigation in &mut self.mitigations {
            if mitigation.number == 0 || !taken.insert(mitigation.number) {
                mitigation.number = next;
                next = next.saturating_add(1);
            }
        }
    }
}

/// Notes a problem, unless there are more than anybody reads.
fn note(problems: &mut Vec<String>, problem: impl FnOnce() -> String) {
    const ENOUGH: usize = 200;
    if problems.len() < ENOUGH {
        problems.push(problem());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{element, flow, id, ids, mitigation, threat, unsettled};
    use super::super::words::{ElementKind, MitigationStatus, Origin, ThreatStatus};
    use super::*;

    #[test]
    fn parts_are_told_apart_and_links_to_nothing_are_taken_out() {
        let mut model = ThreatModel {
            elements: vec![
                element(ElementKind::Process, "a"),
                element(ElementKind::Actor, "a"),
                flow("f", "a", "gone"),
            ],
            threats: vec![threat("a", ThreatStatus::Open, &["a", "gone", "a"])],
            mitigations: vec![mitigation("m", Origin::Stated, MitigationStatus::Unknown, &["t", "a~3"])],
            ..ThreatModel::default()
        };
        let problems = model.settle();
        let names: Vec<&str> = model.ids().map(|id| id.0.as_str()).collect();
        assert_eq!(names, ["a", "a~2", "f", "a~3", "m"]);
        assert_eq!(model.threats[0].affects, ids(&["a"]), "the first that had the id, once");
        assert_eq!((&model.elements[2].source, &model.elements[2].target), (&Some(id("a")), &None));
        assert_eq!(model.mitigations[0].threats, ids(&["a~3"]));
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert_eq!((model.threats[0].number, model.mitigations[0].number), (1, 1));
    }

    #[test]
    fn what_is_too_much_is_left_out() {
        let element = element(ElementKind::Process, "");
        let mut model = ThreatModel { elements: vec![element; ThreatModel::PARTS_LIMIT + 1], ..ThreatModel::default() };
        assert_eq!(model.settle(), ["more than 20000 elements; the rest is left out"]);
        assert_eq!(model.elements.len(), ThreatModel::PARTS_LIMIT);
    }

    fn are_unique<T: Ord>(values: impl IntoIterator<Item = T>) -> bool {
        let mut seen = BTreeSet::new();
        values.into_iter().all(|value| seen.insert(value))
    }

    proptest! {
        #[test]
        fn a_settled_model_is_sound_and_stays_as_it_is(mut model in unsettled()) {
            model.settle();
            let once = model.clone();
            prop_assert_eq!(model.settle(), Vec::<String>::new());
            prop_assert_eq!(&model, &once);
            prop_assert!(are_unique(model.ids()));
            prop_assert!(model.ids().all(|id| !id.0.is_empty()));
            prop_assert!(are_unique(model.threats.iter().map(|threat| threat.number)));
            prop_assert!(are_unique(model.mitigations.iter().map(|mitigation| mitigation.number)));
            for threat in &model.threats {
                prop_assert!(threat.number > 0 && threat.affects.iter().all(|id| model.element(id).is_some()));
                prop_assert!(threat.assets.iter().all(|id| model.assets.iter().any(|asset| asset.id == *id)));
                prop_assert!(threat.rating.as_ref().is_none_or(Rating::is_sound));
            }
            for mitigation in &model.mitigations {
                prop_assert!(mitigation.threats.iter().all(|id| model.threat(id).is_some()));
            }
            for element in &model.elements {
                let links = [&element.zone, &element.source, &element.target];
                prop_assert!(links.into_iter().flatten().all(|id| *id != element.id && model.element(id).is_some()));
            }
        }
    }
}
