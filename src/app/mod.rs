//! What Cairn can do: the use cases that pages, interfaces and the command line share.
//!
//! Every use case takes the caller (who, and when) and asks whether they may before anything
//! else. Each is one transaction: one moment of reading or one change. Use cases know nothing of
//! requests and pages; they take and give domain types.

mod access;
mod accounts;
mod answer_rows;
mod answers;
mod assessments;
mod audit;
mod backups;
mod catalogs;
mod comparison;
mod course;
mod decisions;
mod demo;
mod dsomm_files;
mod error;
mod evidence;
mod export;
mod eye;
mod heatmap;
mod import;
mod maturity;
mod memory;
mod operations;
mod passwords;
mod plan_comparison;
mod plan_files;
mod plans;
mod portfolio;
mod proposals;
mod proposed_evidence;
mod quarters;
mod questionnaire;
mod register;
mod report;
mod roadmap;
mod settings;
mod sign_in;
mod tables;
mod teams;
mod threat_model_files;
mod threat_models;
mod threat_portfolio;
mod threat_support;
mod throttle;
mod unusual;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rust_embed::RustEmbed;

pub use accounts::{Rights, TokenInput};
pub use answer_rows::AnswerKey;
pub use answers::{Also, AnswerChange, SavedAnswers, Saving};
pub use assessments::OpenFrom;
pub use catalogs::{CatalogFile, CatalogUse, LeaveOut, ReadCatalog};
pub use decisions::{Choice, ProposalFilter};
pub use demo::{DemoSize, MadeUp};
pub use error::Error;
pub use evidence::EvidenceInput;
pub use export::{ExportFormat, ExportKind, ExportRequest};
pub use import::{ImportOptions, ImportOutcome, ImportSummary};
pub use passwords::check as check_password;
pub use plan_files::{AskedPlan, Links};
pub use plans::DraftFrom;
pub use proposals::{ProposalInput, Proposed, Received, Standing};
pub use proposed_evidence::{EvidenceFate, ProposedEvidence};
pub use quarters::{AssessmentSeen, AssessmentState, QuarterCount};
pub use sign_in::{Credentials, Recognized};
pub use teams::TeamInput;
pub use threat_model_files::{ImportInto, ModelFile, ThreatModelImport};
pub use threat_models::PartChange;

pub use crate::formats::catalog::Kind as CatalogKind;
pub use crate::formats::{Source, round};
pub use crate::store::{Beat, Epoch, Existing, Holder, Missing, OpenOptions, Pulse, Restored};

use crate::domain::account::SecretDigest;
use crate::domain::backup::{BackupFailure, BackupSchedule};
use crate::domain::catalog::{Catalog, CatalogDigest};
use crate::domain::fault::Faults;
use crate::domain::guide::Guide;
use crate::domain::roadmap::Roadmap;
use crate::formats;
use crate::mutex::lock;
use crate::store::{self, Snapshot, Store};

/// The files of `data/`, as they were when the program was built.
#[derive(RustEmbed)]
#[folder = "data"]
struct Data;

/// The service: an open database with the bundled data.
pub struct Cairn {
    store: Store,
    bundled: Arc<Catalog>,
    guide: Guide,
    /// The stages where nobody set others.
    bundled_roadmap: Arc<Roadmap>,
    /// Other catalogs, as far as they were needed so far. Catalogs never change.
    catalogs: Mutex<HashMap<CatalogDigest, Arc<Catalog>>>,
    memory: memory::Memory,
    hasher: passwords::Hasher,
    throttle: Mutex<throttle::Throttle>,
    /// The link with which the first administrator is made, while there is none.
    set_up: Mutex<Option<SecretDigest>>,
    backup_schedule: Option<BackupSchedule>,
    /// The last one of a scheduled backup since the service was started.
    backup_failure: Mutex<Option<BackupFailure>>,
}

impl Cairn {
    /// Opens a database and reads the bundled data.
    pub fn open(database: &Path, options: OpenOptions) -> Result<Self, Error> {
        let bundled = Arc::new(bundled_catalog()?);
        let (guide, bundled_roadmap) = (bundled_guide()?, Arc::new(bundled_roadmap()?));
        let store = Store::open(database, options)?;
        Ok(Self {
            store,
            bundled,
            guide,
            bundled_roadmap,
            catalogs: Mutex::default(),
            memory: memory::Memory::default(),
            hasher: passwords::Hasher::default(),
            throttle: Mutex::default(),
            set_up: Mutex::default(),
            backup_schedule: None,
            backup_failure: Mutex::default(),
        })
    }

    /// What tells within microseconds whether anything changed; `None`: it cannot be told that way now.
    pub fn pulse(&self) -> Option<Pulse> {
        self.store.pulse().ok()
    }

    /// What explains the model to people.
    pub fn guide(&self) -> &Guide {
        &self.guide
    }

    /// The catalog that new assessments are made with.
    fn catalog_in_use(&self, snapshot: &mut Snapshot<'_>) -> Result<Arc<Catalog>, store::Error> {
        match snapshot.catalog_in_use()? {
            None => Ok(Arc::clone(&self.bundled)),
            Some(digest) => self.catalog_of(snapshot, &digest),
        }
    }

    /// The catalog of this identity: the bundled one, or one that is kept.
    fn catalog_of(&self, snapshot: &mut Snapshot<'_>, digest: &CatalogDigest) -> Result<Arc<Catalog>, store::Error> {
        if digest == self.bundled.digest() {
            return Ok(Arc::clone(&self.bundled));
        }
        let cache = || lock(&self.catalogs);
        if let Some(catalog) = cache().get(digest) {
            return Ok(Arc::clone(catalog));
        }
        let catalog = Arc::new(snapshot.catalog(digest)?);
        cache().insert(digest.clone(), Arc::clone(&catalog));
        Ok(catalog)
    }
}

/// The catalog in `data/catalog`: a file for each sub-dimension, in the order of their paths.
pub fn bundled_catalog() -> Result<Catalog, Faults> {
    let mut names: Vec<_> =
        Data::iter().filter(|name| name.starts_with("catalog/") && name.ends_with(".yaml")).collect();
    names.sort();
    let files: Vec<_> = names.iter().filter_map(|name| Some((name, Data::get(name)?))).collect();
    let sources: Vec<_> = files.iter().map(|(name, file)| Source { name, bytes: &file.data }).collect();
    formats::catalog::read(&sources).map(|reading| reading.value)
}

fn bundled_guide() -> Result<Guide, Faults> {
    let name = "guide.yaml";
    let file = Data::get(name);
    formats::guide::read(Source { name, bytes: file.as_ref().map_or(&[], |file| &file.data) })
}

fn bundled_roadmap() -> Result<Roadmap, Faults> {
    let name = "roadmap.yaml";
    let file = Data::get(name);
    formats::roadmap::read(Source { name, bytes: file.as_ref().map_or(&[], |file| &file.data) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{Capability, Lens};
    use crate::domain::named::Named;
    use crate::domain::roadmap::StageNumber;

    #[test]
    fn the_bundled_catalog_is_complete() {
        let catalog = bundled_catalog().unwrap();
        assert_eq!((catalog.version(), catalog.len(), catalog.dimensions().len()), (Some("4.3.1"), 194, 5));
        let counts: Vec<String> = catalog
            .dimensions()
            .iter()
            .flat_map(|dimension| dimension.sub_dimensions.iter().map(move |sub| (dimension, sub)))
            .map(|(dimension, sub)| {
                let of_level = |level| sub.activities().filter(|&index| catalog.activity(index).level == level).count();
                let levels: Vec<_> = (1..=5).map(|level| of_level(level).to_string()).collect();
                format!("{} > {}: {}", dimension.name, sub.name, levels.join(" "))
            })
            .collect();
        insta::assert_snapshot!(counts.join("\n"));
    }

    #[test]
    fn the_bundled_roadmap_fits_the_catalog() {
        let (catalog, roadmap) = (bundled_catalog().unwrap(), bundled_roadmap().unwrap());
        let names: Vec<_> = catalog.dimensions().iter().map(|dimension| dimension.name.as_str()).collect();
        for stage in roadmap.stages() {
            assert_eq!(stage.targets.keys().map(String::as_str).collect::<Vec<_>>(), names, "{}", stage.name);
        }
        let stages = roadmap.assign(&catalog);
        let sizes: Vec<_> =
            (0..=3).map(|n| stages.iter().filter(|stage| stage.map_or(0, |stage| stage.0) == n).count()).collect();
        assert_eq!(sizes, [19, 33, 83, 59], "activities beyond all stages, then of each stage");
    }

    #[test]
    fn every_activity_can_be_understood_and_answered() {
        let catalog = bundled_catalog().unwrap();
        let mut seen: HashMap<String, String> = HashMap::new();
        for (_, activity) in catalog.activities() {
            let name = &activity.name;
            assert!(activity.lens.is_some() && activity.capability.is_some(), "{name}");
            for (field, text) in activity.texts() {
                let (least, most) = match field {
                    "description" => (80, 500),
                    "risk" => (60, 400),
                    "measure" => (120, 900),
                    _ => (350, 1400),
                };
                let long = text.chars().count();
                assert!((least..=most).contains(&long), "{name}: {field} has {long} characters");
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                if let Some(other) = seen.insert(words, format!("{name}: {field}")) {
                    panic!("{other} and {name}: {field} are the same");
                }
            }
            let steps = activity.measure.lines().filter(|line| line.starts_with("- ")).count();
            assert!((2..=5).contains(&steps), "{name}: {steps} steps");
            for part in ["- **Started**: ", "- **Partly**: ", "- **Fully**: ", "- **Evidence**: "] {
                assert_eq!(activity.assessment.matches(part).count(), 1, "{name}: {part}");
            }
        }
    }

    #[test]
    fn every_part_is_explained() {
        let (catalog, guide) = (bundled_catalog().unwrap(), bundled_guide().unwrap());
        for (_, home) in catalog.homes() {
            let (dimension, sub) = (&home.dimension.name, &home.sub_dimension.name);
            assert!((100..=450).contains(&guide.dimension(dimension).chars().count()), "{dimension}");
            assert!((60..=350).contains(&guide.sub_dimension(dimension, sub).chars().count()), "{dimension} > {sub}");
        }
        assert_eq!(guide.dimensions.len(), catalog.dimensions().len(), "nothing is explained that is not there");
        assert_eq!(guide.levels.len(), 5);
        assert!(guide.levels.iter().all(|level| !level.name.is_empty() && level.description.len() > 100));
        assert!(guide.first_assessment.len() > 1_000);
    }

    #[test]
    fn lenses_and_capabilities_are_as_they_were_judged() {
        let catalog = bundled_catalog().unwrap();
        let mut counts: std::collections::BTreeMap<(usize, Option<Capability>, Option<Lens>), usize> =
            Default::default();
        for (index, home) in catalog.homes() {
            let activity = catalog.activity(index);
            let dimension = catalog.dimensions().iter().position(|d| d.name == home.dimension.name).unwrap();
            *counts.entry((dimension, activity.capability, activity.lens)).or_default() += 1;
        }
        let lines = counts.iter().map(|((dimension, capability, lens), count)| {
            let dimension = &catalog.dimensions()[*dimension].name;
            format!(
                "{dimension}: {}, {}: {count}",
                capability.map_or("-", Capability::name),
                lens.map_or("-", Lens::name)
            )
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn threat_modeling_is_organic_and_begins_in_the_first_stage() {
        let (catalog, roadmap) = (bundled_catalog().unwrap(), bundled_roadmap().unwrap());
        let stages = roadmap.assign(&catalog);
        let modeling: Vec<_> =
            catalog.activities().filter(|(_, activity)| activity.name.contains("threat modeling")).collect();
        assert_eq!(modeling.len(), 4);
        assert!(modeling.iter().all(|(_, activity)| activity.capability == Some(Capability::Organic)));
        assert!(modeling.iter().any(|(index, _)| stages[index.position()] == Some(StageNumber(1))));
        for (index, _) in catalog.activities() {
            for needed in catalog.prerequisites(index) {
                let (stage, before) = (stages[index.position()], stages[needed.position()]);
                assert!(
                    stage.is_none() || before.is_some_and(|before| Some(before) <= stage),
                    "a prerequisite comes later"
                );
            }
        }
    }
}
