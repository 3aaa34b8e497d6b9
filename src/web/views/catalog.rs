//! “What is asked?”: the activities of the catalog, and each of them alone.

use maud::{Markup, html};

use super::components::activity_link;
use super::layout::{self, Frame, address};
use crate::domain::catalog::{Activity, ActivityIndex, Catalog, Dimension, Level, MAX_LEVEL};
use crate::domain::roadmap::Roadmap;

/// All activities: a table for each dimension, with a row for each sub-dimension and a column for each level.
pub(in crate::web) fn list(frame: &Frame<'_>, catalog: &Catalog) -> Markup {
    let body = html! {
        p.explain {
            (catalog.len()) " activities"
            @if let Some(version) = catalog.version() { " of version " (version) }
            ", by the level they belong to. This work is based on the "
            a href="https://dsomm.owasp.org/" rel="noreferrer" { "OWASP DevSecOps Maturity Model" } "."
        }
        nav.jump aria-label="Dimensions" {
            @for (i, dimension) in catalog.dimensions().iter().enumerate() { a href=(format!("#d{i}")) { (dimension.name) } " " }
        }
        @for (i, dimension) in catalog.dimensions().iter().enumerate() { (matrix(frame, catalog, i, dimension)) }
    };
    layout::page(frame, "What is asked?", &html! {}, &body)
}

fn matrix(frame: &Frame<'_>, catalog: &Catalog, number: usize, dimension: &Dimension) -> Markup {
    let of_level = |activities: &mut dyn Iterator<Item = ActivityIndex>, level: Level| -> Vec<ActivityIndex> {
        activities.filter(|&index| catalog.activity(index).level == level).collect()
    };
    html! {
        section.card id=(format!("d{number}")) {
            h2 { (dimension.name) }
            div.table-wrap {
                table.matrix {
                    thead { tr { th scope="col" { span.visually-hidden { "Sub-dimension" } } @for level in 1..=MAX_LEVEL { th scope="col" { "Level " (level) } } } }
                    tbody {
                        @for sub in &dimension.sub_dimensions {
                            tr {
                                th scope="row" { (sub.name) }
                                @for level in 1..=MAX_LEVEL {
                                    td data-level=(format!("Level {level}")) {
                                        ul { @for index in of_level(&mut sub.activities(), level) { li { (activity_link(catalog, index, frame.selection)) } } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One activity with everything that is known about it.
pub(in crate::web) fn activity(
    frame: &Frame<'_>,
    catalog: &Catalog,
    index: ActivityIndex,
    roadmap: &Roadmap,
) -> Markup {
    let activity = catalog.activity(index);
    let home = catalog.homes().find(|(other, _)| *other == index).map(|(_, home)| home);
    let stage =
        roadmap.assign(catalog).get(index.position()).copied().flatten().and_then(|number| roadmap.stage(number));
    let dependents: Vec<ActivityIndex> = catalog
        .activities()
        .map(|(other, _)| other)
        .filter(|&other| catalog.prerequisites(other).contains(&index))
        .collect();
    let body = html! {
        p.coverage {
            a href=(address("/catalog", frame.selection)) { "Catalog" }
            @if let Some(home) = home { " · " (home.dimension.name) " · " (home.sub_dimension.name) }
        }
        (facts(activity, stage.map(|stage| stage.name.as_str())))
        @for (title, text) in [("What it is", &activity.description), ("The risk without it", &activity.risk), ("What to do", &activity.measure), ("How to assess it", &activity.assessment)] {
            @if !text.is_empty() { section.card { h2 { (title) } p.plain-text { (text) } } }
        }
        @if !catalog.prerequisites(index).is_empty() || !dependents.is_empty() {
            section.card {
                h2 { "Prerequisites" }
                (links(frame, catalog, "Builds on", catalog.prerequisites(index)))
                (links(frame, catalog, "Needed for", &dependents))
            }
        }
        (tools(activity))
        (clauses(activity))
    };
    layout::page(frame, &activity.name, &html! {}, &body)
}

fn facts(activity: &Activity, stage: Option<&str>) -> Markup {
    let difficulty = activity.difficulty;
    html! {
        dl.figures {
            div { dt { "Level" } dd { (activity.level) } dd.note { "of the model's five" } }
            div { dt { "Usefulness" } dd { (activity.usefulness) } dd.note { "from 1 to 5" } }
            div {
                dt { "Effort" }
                dd { (difficulty.effort()) }
                dd.note { "knowledge " (difficulty.knowledge) ", time " (difficulty.time) ", resources " (difficulty.resources) }
            }
            div { dt { "Stage" } dd.text { (stage.unwrap_or("beyond the roadmap")) } }
        }
    }
}

fn links(frame: &Frame<'_>, catalog: &Catalog, title: &str, activities: &[ActivityIndex]) -> Markup {
    html! {
        @if !activities.is_empty() {
            h3 { (title) }
            ul { @for &index in activities { li { (activity_link(catalog, index, frame.selection)) " " small { "level " (catalog.activity(index).level) } } } }
        }
    }
}

fn tools(activity: &Activity) -> Markup {
    let is_link = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if !activity.tools.is_empty() {
            section.card {
                h2 { "Tools and texts that help" }
                ul {
                    @for tool in &activity.tools {
                        li {
                            @if is_link(&tool.url) { a href=(tool.url) rel="noreferrer" { (tool.name) } } @else { (tool.name) }
                            @if !tool.description.is_empty() { ": " (tool.description) }
                        }
                    }
                }
            }
        }
    }
}

fn clauses(activity: &Activity) -> Markup {
    let references = &activity.references;
    let standards = [
        ("OWASP SAMM 2", &references.samm2),
        ("ISO/IEC 27001:2022", &references.iso27001_2022),
        ("ISO/IEC 27001:2017", &references.iso27001_2017),
    ];
    html! {
        section.card {
            h2 { "In other standards" }
            dl.clauses {
                @for (name, clauses) in standards.iter().filter(|(_, clauses)| !clauses.is_empty()) {
                    dt { (name) } dd { (clauses.join(", ")) }
                }
                @if !activity.tags.is_empty() { dt { "Tags" } dd { (activity.tags.join(", ")) } }
                dt { "Id" } dd { code { (activity.id) } }
            }
        }
    }
}

impl maud::Render for crate::domain::catalog::ActivityId {
    fn render_to(&self, buffer: &mut String) {
        self.0.as_str().render_to(buffer);
    }
}
