//! The files that threat models are kept in elsewhere, and what each of them can say.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::category::{Category, Stride};
use super::diagram::Image;
use super::words::Origin;
use super::{PartId, ThreatModel};
use crate::domain::fault::Fault;
use crate::domain::named::{Named, named_in_files};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The JSON that Cairn exports.
    Cairn,
    /// OWASP Threat Dragon, version 2.
    ThreatDragon2,
    /// OWASP Threat Dragon, version 1.
    ThreatDragon1,
    /// AWS Threat Composer.
    ThreatComposer,
    /// The Microsoft Threat Modeling Tool.
    Tm7,
    /// Diagrams of draw.io.
    DrawIo,
    /// The OWASP Threat Model Library.
    TmBom,
    /// A model of Threagile.
    Threagile,
    /// The risks that Threagile found in a model.
    ThreagileRisks,
    /// The Open Threat Model.
    Otm,
}

impl Named for Format {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("cairn", Self::Cairn),
        ("threat-dragon-v2", Self::ThreatDragon2),
        ("threat-dragon-v1", Self::ThreatDragon1),
        ("threat-composer", Self::ThreatComposer),
        ("tm7", Self::Tm7),
        ("drawio", Self::DrawIo),
        ("tm-bom", Self::TmBom),
        ("threagile", Self::Threagile),
        ("threagile-risks-json", Self::ThreagileRisks),
        ("otm", Self::Otm),
    ];
}

named_in_files!(Format);

impl Format {
    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cairn => "Cairn",
            Self::ThreatDragon2 => "Threat Dragon",
            Self::ThreatDragon1 => "Threat Dragon 1",
            Self::ThreatComposer => "Threat Composer",
            Self::Tm7 => "Microsoft Threat Modeling Tool",
            Self::DrawIo => "draw.io",
            Self::TmBom => "OWASP Threat Model Library",
            Self::Threagile => "Threagile",
            Self::ThreagileRisks => "Threagile risks",
            Self::Otm => "Open Threat Model",
        }
    }

    /// Whether such a file has a place for something. What it has no place for is kept from before when the model is
    /// read again: a file cannot say that it is gone.
    pub fn can_say(self, part: Part) -> bool {
        use Part::{
            AbuseStories, Assets, Assumptions, Criticality, Elements, Mitigations, Owner, Ratings, Reviewer, Threats,
        };
        match self {
            Self::Cairn => true,
            Self::ThreatDragon2 | Self::ThreatDragon1 => {
                matches!(part, Elements | Threats | Owner | Reviewer)
            }
            Self::ThreatComposer => matches!(part, Assets | Threats | Mitigations | Assumptions),
            Self::Tm7 => matches!(part, Elements | Threats | Owner | Reviewer | Assumptions),
            Self::DrawIo => matches!(part, Elements),
            Self::TmBom => {
                matches!(part, Assets | Elements | Threats | Mitigations | Assumptions | Ratings | Criticality)
            }
            Self::Threagile => {
                matches!(part, Assets | Elements | Owner | Criticality | AbuseStories)
            }
            Self::ThreagileRisks => matches!(part, Threats | Ratings),
            Self::Otm => matches!(part, Assets | Elements | Threats | Mitigations | Ratings | Owner),
        }
    }
}

/// Something that a file has a place for, or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// What is worth protecting.
    Assets,
    /// Diagrams and what they are made of.
    Elements,
    /// What could go wrong.
    Threats,
    /// Likelihood and impact of threats.
    Ratings,
    /// Mitigations as things of their own, not as a text at a threat.
    Mitigations,
    /// What is taken to be so.
    Assumptions,
    /// How somebody would abuse it.
    AbuseStories,
    /// Who answers for it.
    Owner,
    /// Who looks it over.
    Reviewer,
    /// How much depends on it.
    Criticality,
}

/// What was read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadModel {
    /// What kind of file it is.
    pub format: Format,
    /// What it says.
    pub model: ThreatModel,
    /// The pictures that its diagrams name.
    pub images: Vec<Image>,
}

/// What a file holds, in figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// What kind of file it is.
    pub format: Format,
    /// What it is called in itself.
    pub title: String,
    /// How many elements of each kind it has.
    pub elements: BTreeMap<&'static str, usize>,
    /// How many threats it has.
    pub threats: usize,
    /// How many of them stand how.
    pub status: BTreeMap<&'static str, usize>,
    /// How many are of each kind of STRIDE, by its letter; `none`: of no kind of it.
    pub stride: BTreeMap<String, usize>,
    /// How many threats have something that is done about them, or is meant to be.
    pub with_mitigation: usize,
    /// What was odd in the file, and where.
    pub warnings: Vec<Fault>,
}

impl Inspection {
    /// Counts what a file holds.
    pub fn new(read: &ReadModel, warnings: Vec<Fault>) -> Self {
        let ReadModel { format, model, .. } = read;
        let (mut elements, mut status, mut stride) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for element in &model.elements {
            *elements.entry(element.kind.name()).or_insert(0) += 1;
        }
        for threat in &model.threats {
            *status.entry(threat.status.name()).or_insert(0) += 1;
            let mut kinds: Vec<Stride> = threat.categories.iter().filter_map(Category::stride).collect();
            kinds.sort();
            kinds.dedup();
            for kind in &kinds {
                *stride.entry(kind.letter().to_string()).or_insert(0) += 1;
            }
            if kinds.is_empty() {
                *stride.entry("none".to_owned()).or_insert(0) += 1;
            }
        }
        let meant = model.mitigations.iter().filter(|mitigation| mitigation.origin != Origin::Template);
        let mitigated: HashSet<&PartId> = meant.flat_map(|mitigation| &mitigation.threats).collect();
        let with_mitigation = model.threats.iter().filter(|threat| mitigated.contains(&threat.id)).count();
        let (title, threats) = (model.title.clone(), model.threats.len());
        Self { format: *format, title, elements, threats, status, stride, with_mitigation, warnings }
    }
}

impl Category {
    /// The kind of STRIDE that it is, if it is one.
    pub fn stride(&self) -> Option<Stride> {
        match self {
            Self::Stride(kind) => Some(*kind),
            Self::Linddun(_) | Self::Other(_) => None,
        }
    }
}
