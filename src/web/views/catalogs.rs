//! “What changed in the catalog?”: the versions that assessments were made with.

use maud::{Markup, html};

use super::components::count;
use super::layout::{self, Frame, address, with_parameter};
use crate::domain::catalog::{Catalog, Content};
use crate::domain::catalog_change::{CatalogChange, Changed, Placed};
use crate::domain::view::CatalogsSeen;

/// The page; with a comparison when one was chosen.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &CatalogsSeen,
    compared: Option<(&Catalog, &Content, &Content)>,
) -> Markup {
    let body = html! {
        section.card {
            h2 { "In use" }
            p { (describe(&seen.in_use)) ". New assessments are made with it; those that are there keep theirs." }
            p.quiet {
                "An administrator puts another one to use with " code { "cairn catalog use FILE" }
                ": a whole catalog in the form of the model's own file, or an overlay that adds, changes, moves or leaves out activities."
            }
        }
        @if !seen.others.is_empty() {
            section.card {
                h2 { "Others" }
                ul {
                    @for known in &seen.others {
                        li {
                            (describe(&known.catalog)) ", "
                            @if known.assessments > 0 { (count(known.assessments, "assessment", "assessments")) } @else { "bundled" }
                            ": "
                            a href=(with_parameter(&address(frame.path, frame.selection), "from", known.catalog.digest().as_str())) { "what changed since" }
                        }
                    }
                }
            }
        }
        @if let Some((from, old, new)) = compared { (changes(from, &CatalogChange::between(old, new))) }
    };
    layout::page(frame, "What changed in the catalog?", &html! {}, &body)
}

fn describe(catalog: &Catalog) -> Markup {
    html! {
        @match catalog.version() { Some(version) => { "Version " (version) }, None => "A catalog without a version" }
        " (" (count(catalog.len(), "activity", "activities")) ", digest " code { (catalog.digest().to_string()) } ")"
    }
}

fn changes(from: &Catalog, change: &CatalogChange<'_>) -> Markup {
    html! {
        section.card {
            h2 { "Since " (describe(from)) }
            (list("Added", change.added.iter().map(with_home).collect()))
            (list("Removed", change.removed.iter().map(with_home).collect()))
            (list("Renamed", change.kept_and(|c| c.is_renamed()).map(|c| html! { (c.old.activity.name) " → " (c.new.activity.name) }).collect()))
            (list("Moved", change.kept_and(|c| c.is_moved()).map(|c| html! { (c.new.activity.name) ": " (home(&c.old)) " → " (home(&c.new)) }).collect()))
            (list("Re-levelled", change.kept_and(|c| c.is_relevelled()).map(relevelled).collect()))
            (list("Reworded", change.kept_and(|c| c.is_reworded()).map(|c| html! { (c.new.activity.name) }).collect()))
            (list("With other changes", change.kept_and(|c| !c.otherwise().is_empty()).map(|c| html! { (c.new.activity.name) ": " (c.otherwise().join(", ")) }).collect()))
        }
    }
}

fn relevelled(changed: &Changed<'_>) -> Markup {
    html! { (changed.new.activity.name) ": level " (changed.old.activity.level) " → " (changed.new.activity.level) }
}

fn list(title: &str, lines: Vec<Markup>) -> Markup {
    html! {
        h3 { (title) ": " (lines.len()) }
        @if !lines.is_empty() { ul { @for line in lines { li { (line) } } } }
    }
}

fn home(placed: &Placed<'_>) -> String {
    format!("{} > {}", placed.dimension, placed.sub_dimension)
}

fn with_home(placed: &Placed<'_>) -> Markup {
    html! { (placed.activity.name) " " small { (home(placed)) ", level " (placed.activity.level) } }
}
