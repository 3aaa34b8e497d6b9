//! Catalogs, and overlays that change one.

use std::sync::LazyLock;

use crate::domain::catalog::{Catalog, Content};
use crate::domain::catalog_change::CatalogChange;
use crate::formats::catalog::{self, Built, File, Kind};
use crate::formats::{Source, catalog_change};

use super::{accepted, source};

/// The catalog that overlays change and that answers are about.
pub static SMALL: LazyLock<Catalog> = LazyLock::new(|| {
    let bytes = include_bytes!("../../tests/samples/small-catalog.yaml");
    catalog::read(&[Source { name: "small-catalog.yaml", bytes }]).expect("the sample is a catalog").value
});

/// Reads bytes as a catalog of its own.
pub fn whole(bytes: &[u8]) {
    follow(File::read(&[source(bytes)], Some(Kind::Whole)).build(&Content::default()));
}

/// Reads bytes as changes to another catalog, and once more as activities to add to it.
pub fn overlay(bytes: &[u8]) {
    let there = SMALL.content();
    follow(File::read(&[source(bytes)], Some(Kind::Overlay)).build(&there));
    let (file, _) = File::read(&[source(bytes)], None).only_new(&there);
    follow(file.build(&there));
}

/// What the service does with what became of a file: it is compared with the one before, kept, and read again.
fn follow(built: Built) {
    let _ = catalog_change::text(&CatalogChange::between(&SMALL.content(), &built.content));
    let Some(catalog) = accepted(built.catalog) else { return };
    let kept = serde_json::to_string(&catalog.content()).expect("any catalog can be kept");
    let content: Content = serde_json::from_str(&kept).expect("what is kept can be read");
    assert_eq!(content, catalog.content());
    let again = Catalog::new(content).expect("what was a catalog is one");
    assert_eq!(again.digest(), catalog.digest());
}
