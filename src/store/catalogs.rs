//! Catalogs that assessments were made with.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::catalogs;
use super::{Change, Error, Snapshot};
use crate::domain::catalog::{Catalog, CatalogDigest};

impl Snapshot<'_> {
    /// The catalog of this identity.
    pub fn catalog(&mut self, digest: &CatalogDigest) -> Result<Catalog, Error> {
        let content: String = catalogs::table
            .filter(catalogs::digest.eq(digest.as_str()))
            .select(catalogs::content)
            .first(self.connection)?;
        let unreadable = || Error::Damaged(format!("the catalog {digest} cannot be read"));
        let content = serde_json::from_str(&content).map_err(|_| unreadable())?;
        Catalog::known(content, digest.clone()).map_err(|_| unreadable())
    }
}

impl Change<'_> {
    /// Keeps a catalog, unless it is kept already, and gives its row.
    pub fn keep_catalog(&mut self, catalog: &Catalog, at: DateTime<Utc>) -> Result<i64, Error> {
        let digest = catalog.digest().as_str();
        let kept = catalogs::table.filter(catalogs::digest.eq(digest)).select(catalogs::id).first(self.connection);
        if let Some(id) = kept.optional()? {
            return Ok(id);
        }
        let content = serde_json::to_string(&catalog.content()).map_err(|error| Error::Other(error.to_string()))?;
        let id = diesel::insert_into(catalogs::table)
            .values((catalogs::digest.eq(digest), catalogs::content.eq(content), catalogs::added_at.eq(at)))
            .returning(catalogs::id)
            .get_result(self.connection)?;
        Ok(id)
    }
}
