//! What holds for the whole organization.

use diesel::prelude::*;

use super::schema::settings;
use super::{Change, Error, Snapshot};
use crate::domain::catalog::CatalogDigest;

/// The name under which the catalog in use is kept.
const CATALOG: &str = "catalog";

impl Snapshot<'_> {
    /// The identity of the catalog in use; `None`: the bundled one.
    pub fn catalog_in_use(&mut self) -> Result<Option<CatalogDigest>, Error> {
        let value = settings::table.find(CATALOG).select(settings::value).first(self.connection);
        Ok(value.optional()?.map(CatalogDigest::stored))
    }
}

impl Change<'_> {
    /// Puts a catalog to use, which must be kept; `None`: the bundled one.
    pub fn set_catalog_in_use(&mut self, digest: Option<&CatalogDigest>) -> Result<(), Error> {
        match digest {
            None => diesel::delete(settings::table.find(CATALOG)).execute(self.connection)?,
            Some(digest) => diesel::replace_into(settings::table)
                .values((settings::name.eq(CATALOG), settings::value.eq(digest.as_str())))
                .execute(self.connection)?,
        };
        Ok(())
    }
}
