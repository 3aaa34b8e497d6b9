//! What differs between two catalogs.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::catalog::{self, Content};
use crate::domain::catalog_change::{CatalogChange, Changed, Placed};

/// An activity that only one of two catalogs has.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct PlacedActivity {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The dimension that it is in.
    dimension: String,
    /// The sub-dimension that it is in.
    sub_dimension: String,
    /// The level that it belongs to.
    level: u8,
}

impl From<&Placed<'_>> for PlacedActivity {
    fn from(placed: &Placed<'_>) -> Self {
        Self {
            id: placed.activity.id.0.clone(),
            name: placed.activity.name.clone(),
            dimension: placed.dimension.to_owned(),
            sub_dimension: placed.sub_dimension.to_owned(),
            level: placed.activity.level,
        }
    }
}

/// An activity that both of two catalogs have, and that is not the same in them.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ChangedActivity {
    /// As it was.
    before: PlacedActivity,
    /// As it is.
    now: PlacedActivity,
    /// Which properties are not what they were: `name`, `place`, `level`, `texts`, `difficulty`, `usefulness`,
    /// `lens`, `capability`, `prerequisites`, `tools`, `references` or `tags`.
    changed: Vec<String>,
    /// Whether an answer that was given before should be looked at again.
    asks_anew: bool,
}

impl ChangedActivity {
    /// `None`: it is what it was.
    fn of(changed: &Changed<'_>) -> Option<Self> {
        let properties = [
            ("name", changed.is_renamed()),
            ("place", changed.is_moved()),
            ("level", changed.is_relevelled()),
            ("texts", changed.is_reworded()),
        ];
        let differing = properties.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name);
        let names: Vec<String> = differing.chain(changed.otherwise()).map(ToOwned::to_owned).collect();
        (!names.is_empty()).then(|| Self {
            before: PlacedActivity::from(&changed.old),
            now: PlacedActivity::from(&changed.new),
            changed: names,
            asks_anew: changed.asks_anew(),
        })
    }
}

/// What differs between two catalogs.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct CatalogChanges {
    /// The digest of the older one.
    before: String,
    /// The digest of the newer one.
    now: String,
    /// What only the newer one has.
    added: Vec<PlacedActivity>,
    /// What only the older one has.
    removed: Vec<PlacedActivity>,
    /// What both have, where it is not the same.
    changed: Vec<ChangedActivity>,
    /// How many activities are what they were.
    unchanged: usize,
}

impl CatalogChanges {
    pub(super) fn between(before: &catalog::Catalog, now: &catalog::Catalog) -> Self {
        let (old, new): (Content, Content) = (before.content(), now.content());
        let change = CatalogChange::between(&old, &new);
        let changed: Vec<ChangedActivity> = change.kept.iter().filter_map(ChangedActivity::of).collect();
        Self {
            before: before.digest().as_str().to_owned(),
            now: now.digest().as_str().to_owned(),
            added: change.added.iter().map(PlacedActivity::from).collect(),
            removed: change.removed.iter().map(PlacedActivity::from).collect(),
            unchanged: change.kept.len() - changed.len(),
            changed,
        }
    }
}
