//! `/catalog`, `/catalogs`, `/guide` and `/mappings`: what is asked, and what it means.

use actix_web::web::{Path, Query};
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::catalog::{ActivityId, Capability, CatalogDigest, Lens};
use crate::domain::fault::FieldFault;
use crate::domain::mapping::Standard;
use crate::domain::named::Named;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the filter of the catalog sends; empty: no filter.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    dimension: Option<String>,
    level: Option<String>,
    lens: Option<String>,
    capability: Option<String>,
    tag: Option<String>,
    text: Option<String>,
}

impl Wanted {
    fn filter(self) -> Result<views::catalog::Filter, Failure> {
        let given = |value: Option<String>| value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let wrong =
            |field: &str, message: &str| Failure::App(app::Error::Invalid(vec![FieldFault::new(field, message)]));
        let level = given(self.level).map(|text| text.parse()).transpose();
        let lens = given(self.lens).map(|text| Lens::from_name(&text).ok_or(()));
        let capability = given(self.capability).map(|text| Capability::from_name(&text).ok_or(()));
        Ok(views::catalog::Filter {
            dimension: given(self.dimension),
            level: level.map_err(|_| wrong("level", "a level is a number from 1 to 5"))?,
            lens: lens.transpose().map_err(|()| wrong("lens", "there is no such lens"))?,
            capability: capability.transpose().map_err(|()| wrong("capability", "tooling or organic"))?,
            tag: given(self.tag),
            text: given(self.text),
        })
    }
}

pub(in crate::web) async fn list(visit: Visit, selection: Selection, wanted: Query<Wanted>) -> Result<Markup, Failure> {
    let filter = wanted.into_inner().filter()?;
    let catalog = visit.ask(|cairn, caller| cairn.catalog(caller)).await?;
    Ok(views::catalog::list(&visit.frame(selection), &catalog, visit.cairn().guide(), &filter))
}

pub(in crate::web) async fn show(visit: Visit, id: Path<String>, selection: Selection) -> Result<Markup, Failure> {
    let id = ActivityId(id.into_inner());
    let seen = visit.ask(move |cairn, caller| cairn.activity(caller, &id, selection)).await?;
    Ok(views::catalog::activity(&visit.frame(selection), &seen, visit.cairn().guide()))
}

/// Which catalog to compare with the one in use.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Compared {
    from: Option<String>,
}

pub(in crate::web) async fn versions(
    visit: Visit,
    selection: Selection,
    compared: Query<Compared>,
) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.catalogs(caller)).await?;
    let from = compared.into_inner().from.map(CatalogDigest::stored);
    let old = match &from {
        None => None,
        Some(digest) => {
            let known = seen.others.iter().find(|known| known.catalog.digest() == digest);
            Some(known.ok_or(app::Error::NotFound("catalog"))?.catalog.clone())
        }
    };
    let (new, old_content) = (seen.in_use.content(), old.as_ref().map(|old| old.content()));
    let compared = old.as_deref().zip(old_content.as_ref()).map(|(old, content)| (old, content, &new));
    Ok(views::catalogs::page(&visit.frame(selection), &seen, compared))
}

pub(in crate::web) async fn guide(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let roadmap = visit.ask(move |cairn, caller| cairn.roadmap(caller, selection)).await?;
    Ok(views::guide::page(&visit.frame(selection), visit.cairn().guide(), &roadmap))
}

/// The standard that the address asks for.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct WantedStandard {
    standard: Option<String>,
}

impl WantedStandard {
    /// That standard, or else the newest.
    pub(super) fn standard(&self) -> Result<Standard, Failure> {
        match self.standard.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(Standard::Iso27001V2022),
            Some(name) => Standard::from_name(name).ok_or(Failure::App(app::Error::NotFound("standard"))),
        }
    }
}

pub(in crate::web) async fn mappings(
    visit: Visit,
    selection: Selection,
    wanted: Query<WantedStandard>,
) -> Result<Markup, Failure> {
    let standard = wanted.standard()?;
    let seen = visit.ask(move |cairn, caller| cairn.clauses(caller, selection, standard)).await?;
    Ok(views::mappings::page(&visit.frame(selection), &seen, standard))
}
