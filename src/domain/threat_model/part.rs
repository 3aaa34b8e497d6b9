//! The parts of a threat model one by one: found, put in and taken out.

use super::{AbuseStory, Asset, Assumption, Element, Mitigation, PartId, Threat, ThreatModel};
use crate::domain::named::Named;

/// The kinds of parts that people enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// Something worth protecting.
    Asset,
    /// A part of a diagram.
    Element,
    /// Something that could go wrong.
    Threat,
    /// Something that is done about it.
    Mitigation,
    /// Something that is taken to be so.
    Assumption,
    /// How somebody would abuse it.
    AbuseStory,
}

impl Named for PartKind {
    /// The words stand in addresses.
    const NAMED: &'static [(&'static str, Self)] = &[
        ("assets", Self::Asset),
        ("elements", Self::Element),
        ("threats", Self::Threat),
        ("mitigations", Self::Mitigation),
        ("assumptions", Self::Assumption),
        ("abuse-stories", Self::AbuseStory),
    ];
}

impl PartKind {
    /// What one is called within a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Element => "element",
            Self::Threat => "threat",
            Self::Mitigation => "mitigation",
            Self::Assumption => "assumption",
            Self::AbuseStory => "abuse story",
        }
    }

    /// What the ids of those begin with that are entered here.
    fn prefix(self) -> &'static str {
        match self {
            Self::Asset => "asset-",
            Self::Element => "element-",
            Self::Threat => "threat-",
            Self::Mitigation => "mitigation-",
            Self::Assumption => "assumption-",
            Self::AbuseStory => "story-",
        }
    }
}

/// A part of whatever kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Something worth protecting.
    Asset(Asset),
    /// A part of a diagram.
    Element(Element),
    /// Something that could go wrong.
    Threat(Threat),
    /// Something that is done about it.
    Mitigation(Mitigation),
    /// Something that is taken to be so.
    Assumption(Assumption),
    /// How somebody would abuse it.
    AbuseStory(AbuseStory),
}

impl Part {
    /// Of what kind it is.
    pub fn kind(&self) -> PartKind {
        match self {
            Self::Asset(_) => PartKind::Asset,
            Self::Element(_) => PartKind::Element,
            Self::Threat(_) => PartKind::Threat,
            Self::Mitigation(_) => PartKind::Mitigation,
            Self::Assumption(_) => PartKind::Assumption,
            Self::AbuseStory(_) => PartKind::AbuseStory,
        }
    }

    /// Its id.
    pub fn id(&self) -> &PartId {
        match self {
            Self::Asset(part) => &part.id,
            Self::Element(part) => &part.id,
            Self::Threat(part) => &part.id,
            Self::Mitigation(part) => &part.id,
            Self::Assumption(part) => &part.id,
            Self::AbuseStory(part) => &part.id,
        }
    }

    /// What people call it.
    pub fn title(&self) -> String {
        let named = |name: &str| if name.is_empty() { "without a name".to_owned() } else { format!("“{name}”") };
        match self {
            Self::Asset(part) => named(&part.name),
            Self::Element(part) => named(&part.name),
            Self::Threat(part) => format!("{} {}", part.label(), named(&part.title)),
            Self::Mitigation(part) => format!("{} {}", part.label(), named(&part.title)),
            Self::Assumption(part) => named(&part.text.chars().take(60).collect::<String>()),
            Self::AbuseStory(part) => named(&part.title),
        }
    }
}

impl ThreatModel {
    /// The part of a kind with this id.
    pub fn part(&self, kind: PartKind, id: &PartId) -> Option<Part> {
        match kind {
            PartKind::Asset => self.assets.iter().find(|part| part.id == *id).cloned().map(Part::Asset),
            PartKind::Element => self.element(id).cloned().map(Part::Element),
            PartKind::Threat => self.threat(id).cloned().map(Part::Threat),
            PartKind::Mitigation => self.mitigations.iter().find(|part| part.id == *id).cloned().map(Part::Mitigation),
            PartKind::Assumption => self.assumptions.iter().find(|part| part.id == *id).cloned().map(Part::Assumption),
            PartKind::AbuseStory => {
                self.abuse_stories.iter().find(|part| part.id == *id).cloned().map(Part::AbuseStory)
            }
        }
    }

    /// A new part of a kind, with an id and a number of its own; it is not in the model yet.
    pub fn new_part(&self, kind: PartKind) -> Part {
        let id = self.free_id(kind.prefix());
        match kind {
            PartKind::Asset => Part::Asset(Asset { id, ..Asset::default() }),
            PartKind::Element => Part::Element(Element { id, ..Element::default() }),
            PartKind::Threat => Part::Threat(Threat { id, number: self.next_threat(), ..Threat::default() }),
            PartKind::Mitigation => {
                Part::Mitigation(Mitigation { id, number: self.next_mitigation(), ..Mitigation::default() })
            }
            PartKind::Assumption => Part::Assumption(Assumption { id, ..Assumption::default() }),
            PartKind::AbuseStory => Part::AbuseStory(AbuseStory { id, ..AbuseStory::default() }),
        }
    }

    /// Puts a part in: in the place of the one with its id, or at the end.
    pub fn put(&mut self, part: Part) {
        fn place<T>(parts: &mut Vec<T>, part: T, is_same: impl Fn(&T) -> bool) {
            match parts.iter_mut().find(|other| is_same(other)) {
                Some(old) => *old = part,
                None => parts.push(part),
            }
        }
        let id = part.id().clone();
        match part {
            Part::Asset(part) => place(&mut self.assets, part, |other| other.id == id),
            Part::Element(part) => place(&mut self.elements, part, |other| other.id == id),
            Part::Threat(part) => place(&mut self.threats, part, |other| other.id == id),
            Part::Mitigation(part) => place(&mut self.mitigations, part, |other| other.id == id),
            Part::Assumption(part) => place(&mut self.assumptions, part, |other| other.id == id),
            Part::AbuseStory(part) => place(&mut self.abuse_stories, part, |other| other.id == id),
        }
    }

    /// Takes a part out, with the links to it.
    pub fn remove(&mut self, id: &PartId) {
        self.assets.retain(|part| part.id != *id);
        self.elements.retain(|part| part.id != *id);
        self.threats.retain(|part| part.id != *id);
        self.mitigations.retain(|part| part.id != *id);
        self.assumptions.retain(|part| part.id != *id);
        self.abuse_stories.retain(|part| part.id != *id);
        // What was linked to it is not any more.
        self.settle();
    }
}
