//! What holds for the whole organization.

use diesel::prelude::*;

use super::schema::{settings, step_uses};
use super::{Change, Error, Snapshot};
use crate::domain::access::Separation;
use crate::domain::catalog::CatalogDigest;
use crate::domain::named::Named;
use crate::domain::organization::Settings;
use crate::domain::scale::{ProgressScale, Step};
use crate::domain::scoring::Threshold;
use crate::domain::settings::StepUses;

/// The name under which the catalog in use is kept.
const CATALOG: &str = "catalog";
/// The name under which the steps of the progress scale are kept.
const SCALE: &str = "scale";
/// The name under which the threshold is kept, in percent.
const THRESHOLD: &str = "threshold";
/// The name under which it is kept who sees which teams.
const SEPARATION: &str = "separation";

impl Snapshot<'_> {
    /// The identity of the catalog in use; `None`: the bundled one.
    pub fn catalog_in_use(&mut self) -> Result<Option<CatalogDigest>, Error> {
        Ok(self.setting(CATALOG)?.map(CatalogDigest::stored))
    }

    /// The scale and the threshold; the defaults where nothing else was set.
    pub fn settings(&mut self) -> Result<Settings, Error> {
        // What is stored was checked when it was written.
        let damaged = |name: &str| Error::Damaged(format!("the setting “{name}” cannot be read"));
        let scale = match self.setting(SCALE)? {
            None => ProgressScale::default(),
            Some(json) => {
                let steps: Vec<Step> = serde_json::from_str(&json).map_err(|_| damaged(SCALE))?;
                ProgressScale::new(steps).map_err(|_| damaged(SCALE))?
            }
        };
        let threshold = match self.setting(THRESHOLD)? {
            None => Threshold::default(),
            Some(text) => {
                let percent = text.parse().map_err(|_| damaged(THRESHOLD))?;
                Threshold::new(percent).ok_or_else(|| damaged(THRESHOLD))?
            }
        };
        Ok(Settings { scale, threshold })
    }

    /// Who sees which teams.
    pub fn separation(&mut self) -> Result<Separation, Error> {
        let damaged = || Error::Damaged(format!("the setting “{SEPARATION}” cannot be read"));
        let word = self.setting(SEPARATION)?;
        word.map_or(Ok(Separation::default()), |word| Separation::from_name(&word).ok_or_else(damaged))
    }

    /// How many recorded answers take each step, by its key; superseded ones too.
    pub fn step_uses(&mut self) -> Result<StepUses, Error> {
        let counted: Vec<(String, i64)> = step_uses::table.load(self.connection)?;
        Ok(counted.into_iter().map(|(key, uses)| (key, usize::try_from(uses).unwrap_or(usize::MAX))).collect())
    }

    /// What is kept under a name.
    pub(super) fn setting(&mut self, name: &str) -> Result<Option<String>, Error> {
        Ok(settings::table.find(name).select(settings::value).first(self.connection).optional()?)
    }
}

impl Change<'_> {
    /// Puts a catalog to use, which must be kept; `None`: the bundled one.
    pub fn set_catalog_in_use(&mut self, digest: Option<&CatalogDigest>) -> Result<(), Error> {
        match digest {
            None => self.unset(CATALOG),
            Some(digest) => self.set(CATALOG, digest.as_str()),
        }
    }

    /// Sets the scale and the threshold.
    pub fn set_settings(&mut self, wanted: &Settings) -> Result<(), Error> {
        let steps = serde_json::to_string(wanted.scale.steps()).map_err(|error| Error::Other(error.to_string()))?;
        self.set(SCALE, &steps)?;
        self.set(THRESHOLD, &wanted.threshold.percent().to_string())
    }

    /// Sets who sees which teams.
    pub fn set_separation(&mut self, wanted: Separation) -> Result<(), Error> {
        self.set(SEPARATION, wanted.name())
    }

    /// Keeps nothing under a name any more.
    pub(super) fn unset(&mut self, name: &str) -> Result<(), Error> {
        diesel::delete(settings::table.find(name)).execute(self.connection)?;
        Ok(())
    }

    /// Keeps a value under a name.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        diesel::replace_into(settings::table)
            .values((settings::name.eq(name), settings::value.eq(value)))
            .execute(self.connection)?;
        Ok(())
    }
}
