//! The register: which team has which threat models, what they were each time they were saved, and when
//! somebody looked at them.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::format::Format;
use super::words::{Criticality, ElementKind, Method, Severity, ThreatStatus};
use super::{StatedDate, ThreatModel};
use crate::domain::named::{Named, named_in_files};
use crate::domain::organization::TeamId;

/// The number of a threat model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ThreatModelId(pub i64);

impl fmt::Display for ThreatModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A threat model in the register.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// Its number.
    pub id: ThreatModelId,
    /// Whose it is.
    pub team: TeamId,
    /// After how many days it is to be looked at again; `None`: as its criticality asks for.
    pub interval_days: Option<u32>,
    /// Since when it is put aside: it is of something that is not there any more.
    pub archived_at: Option<DateTime<Utc>>,
    /// Its latest revision.
    pub latest: RevisionHead,
    /// What somebody recorded of it, in the order of the days.
    pub records: Vec<ReviewRecord>,
}

/// A revision of a threat model without its content.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionHead {
    /// From 1 in each model.
    pub number: u32,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
    /// Who saved it.
    pub saved_by: String,
    /// What changed, in a sentence.
    pub summary: String,
    /// The file that it comes from; `None`: it was entered here.
    pub file: Option<FileOrigin>,
    /// What it comes to.
    pub facts: Facts,
}

/// The file that a revision comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOrigin {
    /// What kind of file it is.
    pub format: Format,
    /// What it was called.
    pub name: String,
}

/// A revision with its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// When, who and what.
    pub head: RevisionHead,
    /// What was odd in the file that it comes from, a sentence each with its place.
    pub warnings: Vec<String>,
    /// What the model was.
    pub model: ThreatModel,
}

/// What somebody recorded of a model on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRecord {
    /// What happened.
    pub kind: RecordKind,
    /// When it happened.
    pub on: NaiveDate,
    /// What was looked at, or what changed.
    pub note: String,
    /// Who took part in a review; may be empty.
    pub participants: String,
    /// Who recorded it.
    pub by: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// What can be recorded of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// Somebody went through it and it is right.
    Review,
    /// What is modeled changed so much that it is to be gone through again.
    SignificantChange,
}

impl Named for RecordKind {
    const NAMED: &'static [(&'static str, Self)] =
        &[("review", Self::Review), ("significant-change", Self::SignificantChange)];
}

named_in_files!(RecordKind);

/// What a revision comes to: what lists and charts of many models need, computed when it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// What is modeled.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// Who looks it over.
    pub reviewer: String,
    /// How threats are looked for.
    pub methods: Vec<Method>,
    /// How much depends on it.
    pub criticality: Option<Criticality>,
    /// The day as of which a file says that it is right.
    pub stated_date: Option<StatedDate>,
    /// How many elements of each kind it has.
    pub elements: BTreeMap<ElementKind, u32>,
    /// How many threats stand how.
    pub threats: BTreeMap<ThreatStatus, u32>,
    /// How many open threats are how severe.
    pub open: BTreeMap<Severity, u32>,
    /// How many open threats nobody rated.
    pub open_unrated: u32,
    /// How many threats are said to be treated while a mitigation of theirs is not in place.
    pub treated_without_mitigation: u32,
}

impl Facts {
    /// What a model comes to. `treated_without_mitigation` are the threats that are said to be treated while what is
    /// done against them is not in place.
    pub fn of(model: &ThreatModel, treated_without_mitigation: usize) -> Self {
        let mut facts = Self {
            title: model.title.clone(),
            owner: model.owner.clone(),
            reviewer: model.reviewer.clone(),
            methods: model.methods.clone(),
            criticality: model.criticality,
            stated_date: model.stated_date,
            treated_without_mitigation: u32::try_from(treated_without_mitigation).unwrap_or(u32::MAX),
            ..Self::default()
        };
        for element in &model.elements {
            *facts.elements.entry(element.kind).or_default() += 1;
        }
        for threat in &model.threats {
            *facts.threats.entry(threat.status).or_default() += 1;
            match threat.severity().filter(|_| threat.status.is_open()) {
                Some(severity) => *facts.open.entry(severity).or_default() += 1,
                None if threat.status.is_open() => facts.open_unrated += 1,
                None => {}
            }
        }
        facts
    }

    /// How many threats are open: not decided, being worked on, or not looked at.
    pub fn open_threats(&self) -> u32 {
        self.threats.iter().filter(|(status, _)| status.is_open()).map(|(_, count)| count).sum()
    }

    /// How many threats there are.
    pub fn all_threats(&self) -> u32 {
        self.threats.values().sum()
    }
}
