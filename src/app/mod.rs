//! What Cairn can do: the use cases that pages, interfaces and the command line share.
//!
//! Every use case takes the caller (who, and when) and asks whether they may before anything
//! else. Each is one transaction: one moment of reading or one change. Use cases know nothing of
//! requests and pages; they take and give domain types.

mod assessments;
mod catalogs;
mod demo;
mod error;
mod export;
mod import;
mod maturity;
mod teams;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rust_embed::RustEmbed;

pub use assessments::{AnswerChange, SavedAnswers};
pub use catalogs::CatalogUse;
pub use error::Error;
pub use export::{ExportFormat, ExportKind, ExportRequest};
pub use import::{ImportOptions, ImportSummary};
pub use teams::TeamInput;

pub use crate::store::{Missing, OpenOptions};

use crate::domain::catalog::{Catalog, CatalogDigest};
use crate::domain::fault::Faults;
use crate::domain::guide::Guide;
use crate::domain::organization::Settings;
use crate::domain::roadmap::Roadmap;
use crate::formats::{self, Source};
use crate::store::{self, Snapshot, Store};

/// The files of `data/`, as they were when the program was built.
#[derive(RustEmbed)]
#[folder = "data"]
struct Data;

/// The service: an open database with the catalog, the roadmap and the settings in use.
pub struct Cairn {
    store: Store,
    bundled: Arc<Catalog>,
    guide: Guide,
    roadmap: Roadmap,
    settings: Settings,
    /// Other catalogs, as far as they were needed so far. Catalogs never change.
    catalogs: Mutex<HashMap<CatalogDigest, Arc<Catalog>>>,
}

impl Cairn {
    /// Opens a database and reads the bundled data.
    pub fn open(database: &Path, options: OpenOptions) -> Result<Self, Error> {
        let bundled = Arc::new(bundled_catalog()?);
        let (guide, roadmap) = (bundled_guide()?, bundled_roadmap()?);
        let store = Store::open(database, options)?;
        let (settings, catalogs) = (Settings::default(), Mutex::default());
        Ok(Self { store, bundled, guide, roadmap, settings, catalogs })
    }

    /// What explains the model to people.
    pub fn guide(&self) -> &Guide {
        &self.guide
    }

    /// The stages of the transformation.
    pub fn roadmap(&self) -> &Roadmap {
        &self.roadmap
    }

    /// What holds for the whole organization.
    pub fn settings(&self) -> &Settings {
        &self.settings
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
        let cache = || self.catalogs.lock().unwrap_or_else(PoisonError::into_inner);
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
}
