//! A threat model: what is built, what could go wrong with it, and what is done about that.
//!
//! One structure for whatever tool or form it comes from. The nouns are those of the OWASP Threat Model
//! Library, the elements those of data-flow diagrams. Every word is of one vocabulary, and what a file said
//! in its own is kept beside it. The JSON of these types is the format that Cairn exports and keeps.

pub mod analysis;
pub mod category;
pub mod changes;
pub mod crossings;
pub mod diagram;
pub mod entry;
pub mod following;
pub mod format;
pub mod freshness;
pub mod listing;
pub mod merging;
pub mod part;
pub mod pasta;
pub mod portfolio;
pub mod rating;
pub mod register;
#[cfg(test)]
pub(crate) mod samples;
pub mod seen;
mod settle;
pub mod steps;
pub mod support;
pub mod words;

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use self::category::Category;
use self::diagram::{Diagram, Shape};
use self::rating::{Rating, Scale};
use self::words::{
    Basis, Criticality, ElementKind, Method, MitigationStatus, Need, Origin, Severity, StoryKind, ThreatStatus,
    Validity,
};

/// What identifies a part of a threat model: opaque, not empty, and of no other part of the same model.
/// Files bring their own, so that the same part is recognized when a file is read again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartId(pub String);

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a threat model says. Texts are empty where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThreatModel {
    /// What is modeled, in a few words.
    pub title: String,
    /// The scope: what belongs to it, and what does not.
    pub description: String,
    /// What the business wants of it, and what it must not lose.
    pub objectives: String,
    /// Who answers for the model.
    pub owner: String,
    /// Who looks it over.
    pub reviewer: String,
    /// Who else took part.
    pub participants: Vec<String>,
    /// How threats are looked for.
    pub methods: Vec<Method>,
    /// Which version of the model it is, in the words of who made it; no version of a tool.
    pub version: String,
    /// How much depends on what is modeled.
    pub criticality: Option<Criticality>,
    /// How likelihood and impact are rated.
    pub scale: Scale,
    /// The day as of which a file says that the model is right.
    pub stated_date: Option<StatedDate>,
    /// The diagrams, in the order of the file.
    pub diagrams: Vec<Diagram>,
    /// What is worth protecting.
    pub assets: Vec<Asset>,
    /// What the diagrams are made of.
    pub elements: Vec<Element>,
    /// What could go wrong.
    pub threats: Vec<Threat>,
    /// What is done about it.
    pub mitigations: Vec<Mitigation>,
    /// What is taken to be so.
    pub assumptions: Vec<Assumption>,
    /// How somebody would abuse it.
    pub abuse_stories: Vec<AbuseStory>,
}

/// A day that a file states, and what it is the day of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedDate {
    /// The day.
    pub on: NaiveDate,
    /// What the file calls it.
    pub basis: Basis,
}

/// Something worth protecting.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asset {
    /// Its id.
    pub id: PartId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// How much harm there is when others see it.
    pub confidentiality: Option<Need>,
    /// How much harm there is when it is changed.
    pub integrity: Option<Need>,
    /// How much harm there is when it is not there.
    pub availability: Option<Need>,
    /// How sensitive it is, in the words of the file.
    pub sensitivity: String,
}

/// A part of a diagram.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Element {
    /// Its id.
    pub id: PartId,
    /// What it is.
    pub kind: ElementKind,
    /// What the file calls its kind.
    pub raw_kind: String,
    /// What it is called.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Whether threats to it are not looked for.
    pub out_of_scope: bool,
    /// Why they are not.
    pub reason: String,
    /// The trust zone or boundary around it, where that is said; the geometry may say it, too.
    pub zone: Option<PartId>,
    /// The diagram that it stands in.
    pub diagram: Option<PartId>,
    /// Where it stands.
    pub shape: Option<Shape>,
    /// Of a flow: where it begins.
    pub source: Option<PartId>,
    /// Of a flow: where it ends.
    pub target: Option<PartId>,
    /// Of a flow: whether data goes both ways.
    pub bidirectional: bool,
    /// Of a flow: how it is sent.
    pub protocol: String,
    /// Whether what it carries or keeps is encrypted.
    pub encrypted: Option<bool>,
    /// Of a flow: whether it crosses a network that everybody is in.
    pub public_network: Option<bool>,
    /// Of a store: whether it keeps a log, which somebody may want to deny.
    pub is_log: bool,
}

/// Something that could go wrong.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Threat {
    /// Its id.
    pub id: PartId,
    /// Its number in the model, from 1, as people call it.
    pub number: u32,
    /// What goes wrong, in a few words.
    pub title: String,
    /// What goes wrong: who does what to what, and how.
    pub description: String,
    /// What kinds of threat it is of.
    pub categories: Vec<Category>,
    /// The elements that it is about.
    pub affects: Vec<PartId>,
    /// The assets that it harms.
    pub assets: Vec<PartId>,
    /// How it stands.
    pub status: ThreatStatus,
    /// Why it stands so: the reason of a decision.
    pub reason: String,
    /// What it does to the business or to people.
    pub impact: String,
    /// Who does it.
    pub actor: String,
    /// How severe it is, where that is said without a rating.
    pub severity: Option<Severity>,
    /// A score in the words of the file.
    pub score: String,
    /// How likely it is, and what it does.
    pub rating: Option<Rating>,
    /// Weaknesses by their numbers of CWE.
    pub cwe: Vec<u32>,
    /// Attack patterns by their numbers of CAPEC.
    pub capec: Vec<u32>,
    /// The day on which it was found: as the file says, or on which it came here.
    pub identified_on: Option<NaiveDate>,
    /// Whether a tool made it and nobody looked at it yet.
    pub is_untouched: bool,
    /// What the file said in its own words.
    pub raw: Raw,
}

/// What a file said of a threat in its own words; empty where it said nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    /// How it stands.
    pub status: String,
    /// How severe it is.
    pub severity: String,
    /// Of what kind it is.
    pub category: String,
}

/// Something that is done against threats.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mitigation {
    /// Its id.
    pub id: PartId,
    /// Its number in the model, from 1, as people call it.
    pub number: u32,
    /// What is done.
    pub title: String,
    /// The same at length.
    pub description: String,
    /// How far it is.
    pub status: MitigationStatus,
    /// How far it is, in the words of the file.
    pub raw_status: String,
    /// The threats that it is against.
    pub threats: Vec<PartId>,
    /// Where it comes from.
    pub origin: Origin,
    /// Who does it.
    pub owner: String,
    /// Where it is followed up: an address with http or https.
    pub link: String,
}

/// Something that is taken to be so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assumption {
    /// Its id.
    pub id: PartId,
    /// What is taken to be so.
    pub text: String,
    /// Whether it turned out to be.
    pub validity: Validity,
    /// The parts of the model that rest on it.
    pub about: Vec<PartId>,
}

/// How somebody would abuse what is modeled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AbuseStory {
    /// Its id.
    pub id: PartId,
    /// Of what kind it is.
    pub kind: StoryKind,
    /// What happens, in a few words.
    pub title: String,
    /// The story.
    pub description: String,
    /// The threats that it leads to.
    pub threats: Vec<PartId>,
}

impl Default for PartId {
    /// No id yet.
    fn default() -> Self {
        Self(String::new())
    }
}

impl ThreatModel {
    /// How many characters a title or a name may have.
    pub const NAME_LIMIT: usize = 300;
    /// How many characters any other text may have.
    pub const TEXT_LIMIT: usize = 20_000;
    /// How many parts of one kind there may be.
    pub const PARTS_LIMIT: usize = 20_000;
    /// How many links a part may have.
    pub const LINKS_LIMIT: usize = 1_000;

    /// The element with this id.
    pub fn element(&self, id: &PartId) -> Option<&Element> {
        self.elements.iter().find(|element| element.id == *id)
    }

    /// The threat with this id.
    pub fn threat(&self, id: &PartId) -> Option<&Threat> {
        self.threats.iter().find(|threat| threat.id == *id)
    }

    /// The mitigations of a threat, whatever became of them.
    pub fn mitigations_of<'a>(&'a self, threat: &'a PartId) -> impl Iterator<Item = &'a Mitigation> {
        self.mitigations.iter().filter(move |mitigation| mitigation.threats.contains(threat))
    }

    /// The threats to an element.
    pub fn threats_to<'a>(&'a self, element: &'a PartId) -> impl Iterator<Item = &'a Threat> {
        self.threats.iter().filter(move |threat| threat.affects.contains(element))
    }

    /// The ids of all parts.
    pub fn ids(&self) -> impl Iterator<Item = &PartId> {
        let elements = self.elements.iter().map(|part| &part.id);
        elements
            .chain(self.diagrams.iter().map(|part| &part.id))
            .chain(self.assets.iter().map(|part| &part.id))
            .chain(self.threats.iter().map(|part| &part.id))
            .chain(self.mitigations.iter().map(|part| &part.id))
            .chain(self.assumptions.iter().map(|part| &part.id))
            .chain(self.abuse_stories.iter().map(|part| &part.id))
    }

    /// An id that no part has yet: the prefix with the first number that is free.
    pub fn free_id(&self, prefix: &str) -> PartId {
        let taken: BTreeSet<&str> = self.ids().map(|id| id.0.as_str()).collect();
        let count = u32::try_from(taken.len()).unwrap_or(u32::MAX);
        let candidates = (1..=count.saturating_add(1)).map(|number| format!("{prefix}{number}"));
        PartId(candidates.into_iter().find(|id| !taken.contains(id.as_str())).unwrap_or_default())
    }

    /// The number of the next threat.
    pub fn next_threat(&self) -> u32 {
        self.threats.iter().map(|threat| threat.number).max().unwrap_or(0).saturating_add(1)
    }

    /// The number of the next mitigation.
    pub fn next_mitigation(&self) -> u32 {
        self.mitigations.iter().map(|mitigation| mitigation.number).max().unwrap_or(0).saturating_add(1)
    }
}

impl Asset {
    /// Whether it is said how much harm there is when it is lost.
    pub fn says_what_it_needs(&self) -> bool {
        self.confidentiality.is_some()
            || self.integrity.is_some()
            || self.availability.is_some()
            || !self.sensitivity.is_empty()
    }
}

impl Threat {
    /// How severe it is: by its rating or, without one, as it was said.
    pub fn severity(&self) -> Option<Severity> {
        self.rating.as_ref().and_then(Rating::severity).or(self.severity)
    }

    /// What people call it, like `T12`.
    pub fn label(&self) -> String {
        format!("T{}", self.number)
    }
}

impl Mitigation {
    /// What people call it, like `M3`.
    pub fn label(&self) -> String {
        format!("M{}", self.number)
    }
}
