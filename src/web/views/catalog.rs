//! “What is asked?”: the activities of the catalog, and each of them alone.

use std::collections::{BTreeMap, HashSet};

use maud::{Markup, PreEscaped, html};

use super::components::{activity_address, activity_link, choice_of, count, day, question_id, status_name};
use super::layout::{self, Frame, address, with_parameter};
use super::markdown::markdown;
use crate::charts;
use crate::domain::answer::Status;
use crate::domain::catalog::{Activity, ActivityIndex, Capability, Catalog, Dimension, Lens, Level, MAX_LEVEL};
use crate::domain::guide::Guide;
use crate::domain::named::Named;
use crate::domain::organization::ScopeId;
use crate::domain::roadmap::Stage;
use crate::domain::scale::ProgressScale;
use crate::domain::view::{ActivitySeen, Currency, Selection, TeamAnswer};

/// Which activities are wanted; nothing: all.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Filter {
    /// In the dimension of this name.
    pub(in crate::web) dimension: Option<String>,
    /// Of this level.
    pub(in crate::web) level: Option<Level>,
    /// Through this lens.
    pub(in crate::web) lens: Option<Lens>,
    /// Carried by tools or by people.
    pub(in crate::web) capability: Option<Capability>,
    /// With this tag.
    pub(in crate::web) tag: Option<String>,
    /// With all of these words, in any of their texts.
    pub(in crate::web) text: Option<String>,
}

impl Filter {
    /// Whether it wants an activity of this dimension.
    pub(in crate::web) fn takes(&self, activity: &Activity, dimension: &str) -> bool {
        self.dimension.as_ref().is_none_or(|name| name == dimension)
            && self.level.is_none_or(|level| level == activity.level)
            && self.lens.is_none_or(|lens| Some(lens) == activity.lens)
            && self.capability.is_none_or(|capability| Some(capability) == activity.capability)
            && self.tag.as_ref().is_none_or(|tag| activity.tags.contains(tag))
            && self.text.as_ref().is_none_or(|text| activity.has_words(text))
    }
}

/// All activities: a table for each dimension, with a row for each sub-dimension and a column for each level.
pub(in crate::web) fn list(frame: &Frame<'_>, catalog: &Catalog, guide: &Guide, filter: &Filter) -> Markup {
    let wanted: HashSet<ActivityIndex> = catalog
        .homes()
        .filter(|(index, home)| filter.takes(catalog.activity(*index), &home.dimension.name))
        .map(|(index, _)| index)
        .collect();
    let body = html! {
        p.explain {
            (count(catalog.len(), "activity", "activities"))
            @if let Some(version) = catalog.version() { " of version " (version) }
            ", by the level they belong to. This work is based on the "
            a href="https://dsomm.owasp.org/" rel="noreferrer" { "OWASP DevSecOps Maturity Model" } "."
        }
        (filters(frame, catalog, filter))
        @if wanted.len() < catalog.len() { p.coverage { (count(wanted.len(), "activity matches", "activities match")) "." } }
        @if wanted.is_empty() {
            section.card.empty { p.lead { "No activity is like that." } p { a.button href=(address(frame.path, frame.selection)) { "Show all" } } }
        }
        @for dimension in catalog.dimensions() { (matrix(frame, catalog, guide, dimension, &wanted)) }
        (levels(guide))
    };
    let action = html! {
        a.button.quiet href=(address("/catalogs", frame.selection)) { "Versions" }
        a.button.quiet href=(address("/guide", frame.selection)) { "How to assess well" }
    };
    layout::page(frame, "What is asked?", &action, &body)
}

fn filters(frame: &Frame<'_>, catalog: &Catalog, filter: &Filter) -> Markup {
    let mut tags: Vec<&String> = catalog.activities().flat_map(|(_, activity)| &activity.tags).collect();
    tags.sort();
    tags.dedup();
    html! {
        form.picker method="get" action=(frame.path) role="search" {
            (layout::kept(frame.selection))
            label { span { "Search" } input type="search" name="text" value=[filter.text.as_ref()] maxlength="100"; }
            label {
                span { "Dimension" }
                select name="dimension" {
                    option value="" { "all" }
                    @for d in catalog.dimensions() { option selected[filter.dimension.as_ref() == Some(&d.name)] { (d.name) } }
                }
            }
            label {
                span { "Level" }
                select name="level" {
                    option value="" { "all" }
                    @for level in 1..=MAX_LEVEL { option selected[filter.level == Some(level)] { (level) } }
                }
            }
            (choice_of("Lens", "lens", filter.lens))
            (choice_of("Capability", "capability", filter.capability))
            @if !tags.is_empty() {
                label {
                    span { "Tag" }
                    select name="tag" {
                        option value="" { "all" }
                        @for tag in tags { option selected[filter.tag.as_ref() == Some(tag)] { (tag) } }
                    }
                }
            }
            button { "Show" }
        }
    }
}

fn carried_by(capability: Capability) -> &'static str {
    match capability {
        Capability::Tooling => "tools carry it",
        Capability::Organic => "people and process carry it",
    }
}

fn matrix(
    frame: &Frame<'_>,
    catalog: &Catalog,
    guide: &Guide,
    dimension: &Dimension,
    wanted: &HashSet<ActivityIndex>,
) -> Markup {
    let of_sub = |sub: &crate::domain::catalog::SubDimension| -> Vec<ActivityIndex> {
        sub.activities().filter(|index| wanted.contains(index)).collect()
    };
    let rows: Vec<_> =
        dimension.sub_dimensions.iter().map(|sub| (sub, of_sub(sub))).filter(|(_, found)| !found.is_empty()).collect();
    html! {
        @if !rows.is_empty() {
            section.card {
                h2 { (dimension.name) }
                @let about = guide.dimension(&dimension.name);
                @if !about.is_empty() { div.explain { (markdown(about)) } }
                div.table-wrap {
                    table.matrix {
                        thead { tr { th scope="col" { span.visually-hidden { "Sub-dimension" } } @for level in 1..=MAX_LEVEL { th scope="col" { "Level " (level) } } } }
                        tbody {
                            @for (sub, found) in rows {
                                tr {
                                    th scope="row" {
                                        (sub.name)
                                        @let about = guide.sub_dimension(&dimension.name, &sub.name);
                                        @if !about.is_empty() { details.about-part { summary { "About" span.visually-hidden { " " (sub.name) } } (markdown(about)) } }
                                    }
                                    @for level in 1..=MAX_LEVEL {
                                        td data-level=(format!("Level {level}")) {
                                            ul {
                                                @for &index in found.iter().filter(|&&index| catalog.activity(index).level == level) {
                                                    li { (activity_link(catalog, index, frame.selection)) (mark(catalog.activity(index))) }
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
        }
    }
}

/// Marks what people carry, since that is what is overlooked.
fn mark(activity: &Activity) -> Markup {
    html! { @if activity.capability == Some(Capability::Organic) { " " span.state title="People and process carry it" { "organic" } } }
}

/// What each level means.
fn levels(guide: &Guide) -> Markup {
    html! {
        @if !guide.levels.is_empty() {
            section.card {
                h2 { "What the levels mean" }
                dl.level-list {
                    @for (level, meaning) in (1..).zip(&guide.levels) {
                        dt { span class=(format!("level l{level}")) { (level) } " " (meaning.name) }
                        dd { (markdown(&meaning.description)) }
                    }
                }
            }
        }
    }
}

/// One activity with everything that is known about it.
pub(in crate::web) fn activity(frame: &Frame<'_>, seen: &ActivitySeen, guide: &Guide) -> Markup {
    let (catalog, index, roadmap) = (&*seen.catalog, seen.index, &*seen.roadmap);
    let activity = catalog.activity(index);
    let home = catalog.home(index);
    let stage =
        roadmap.assign(catalog).get(index.position()).copied().flatten().and_then(|number| roadmap.stage(number));
    let body = html! {
        p.coverage {
            a href=(address("/catalog", frame.selection)) { "Catalog" }
            @if let Some(home) = home { " · " (home.dimension.name) " · " (home.sub_dimension.name) }
        }
        (not_in_use(frame, seen))
        (facts(activity, stage, guide))
        div.texts {
            @for (title, text) in [("What it is", &activity.description), ("The risk without it", &activity.risk), ("What to do", &activity.measure), ("How to assess it", &activity.assessment)] {
                @if !text.is_empty() { section.card { h2 { (title) } (markdown(text)) } }
            }
        }
        (answers(seen))
        (prerequisites(frame, catalog, index))
        (tools(activity))
        (clauses(activity))
    };
    let evidence = with_parameter(&address("/evidence", frame.selection), "activity", &activity.id.0);
    layout::page(frame, &activity.name, &html! { a.button.quiet href=(evidence) { "Evidence" } }, &body)
}

/// That another catalog is shown than the one in use.
fn not_in_use(frame: &Frame<'_>, seen: &ActivitySeen) -> Markup {
    let version = seen.catalog.version().map_or_else(String::new, |version| format!(", version {version}"));
    html! {
        @match seen.now {
            Currency::InUse => {},
            Currency::Older => p.notice {
                "This is how an older catalog has it" (version) ". "
                a href=(activity_address(&seen.catalog.activity(seen.index).id, Selection { period: None, ..frame.selection })) { "See it in the catalog in use" } "."
            },
            Currency::Gone => p.notice {
                "The catalog in use does not have this activity any more. It is shown as an older one has it" (version) ", and new assessments do not ask for it."
            },
        }
    }
}

/// A rating from 1 to 5 in a word.
fn rated(rating: u8) -> &'static str {
    match rating {
        0 | 1 => "very low",
        2 => "low",
        3 => "medium",
        4 => "high",
        _ => "very high",
    }
}

fn facts(activity: &Activity, stage: Option<&Stage>, guide: &Guide) -> Markup {
    let difficulty = activity.difficulty;
    html! {
        dl.figures {
            div {
                dt { "Level" }
                dd { (activity.level) }
                dd.note { (guide.level(activity.level).map_or("of the model's five", |level| &level.name)) }
            }
            div { dt { "Usefulness" } dd { (activity.usefulness) } dd.note { (rated(activity.usefulness)) ", from 1 to 5" } }
            div {
                dt { "Effort" }
                dd { (difficulty.effort()) }
                dd.note { "knowledge " (rated(difficulty.knowledge)) ", time " (rated(difficulty.time)) ", resources " (rated(difficulty.resources)) }
            }
            @if let Some(capability) = activity.capability {
                div { dt { "Capability" } dd.text { (capability.name()) } dd.note { (carried_by(capability)) } }
            }
            @if let Some(lens) = activity.lens { div { dt { "Lens" } dd.text { (lens.name()) } } }
            div { dt { "Stage" } dd.text { (stage.map_or("beyond the roadmap", |stage| &stage.name)) } }
        }
    }
}

/// How far each team is.
fn answers(seen: &ActivitySeen) -> Markup {
    html! {
        @if !seen.answers.is_empty() {
            section.card {
                h2 { "How far the teams are" }
                div.table-wrap {
                    table.stack {
                        thead { tr { th scope="col" { "Team" } th scope="col" { "Answer" } th scope="col" { "Assessed" } th scope="col" { "Note" } } }
                        tbody {
                            @for found in &seen.answers {
                                @let team = Selection { scope: ScopeId::Team(found.team.id), period: None };
                                tr {
                                    th scope="row" { a href=(address("/", team)) { (found.team.name) } }
                                    td { (answer(found, &seen.scale)) }
                                    td {
                                        a href=(assessment_address(found)) { (found.assessed) }
                                        @if let Some(recorded) = &found.answer { " " small { (day(recorded.at)) } }
                                    }
                                    td { @if let Some(recorded) = &found.answer { (recorded.answer.note) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The question in the assessment, or the assessment where it has no such question.
fn assessment_address(found: &TeamAnswer) -> String {
    match found.asked {
        Some(index) => format!("/assessments/{}#{}", found.assessment, question_id(index)),
        None => format!("/assessments/{}", found.assessment),
    }
}

fn answer(found: &TeamAnswer, scale: &ProgressScale) -> Markup {
    html! {
        @match found.answer.as_ref().map(|recorded| &recorded.answer.status) {
            _ if found.asked.is_none() => span.quiet { "Not asked: the catalog of that assessment does not have it" },
            Some(status) if *status != Status::Unanswered => {
                (status_name(scale, Some(status)))
                @if !status.reason().is_empty() { ": " (status.reason()) }
            },
            unanswered => span.quiet { (status_name(scale, unanswered)) },
        }
    }
}

/// What hangs together, as a graph where it can be read, and as a list.
fn prerequisites(frame: &Frame<'_>, catalog: &Catalog, index: ActivityIndex) -> Markup {
    let link = |index: ActivityIndex| activity_address(&catalog.activity(index).id, frame.selection);
    let graph = charts::prerequisites(catalog, index, &link, "graph");
    let (needs, needed_for) = (catalog.all_prerequisites(index), catalog.all_dependents(index));
    let is_direct = |other| catalog.prerequisites(index).contains(&other) || catalog.dependents(index).contains(&other);
    html! {
        @if !needs.is_empty() || !needed_for.is_empty() {
            section.card {
                h2 { "Prerequisites" }
                @if let Some(graph) = &graph {
                    p.explain { "What it builds on stands at the left, what builds on it at the right. The number is the level." }
                    div.graph tabindex="0" role="region" aria-label="Graph of prerequisites" { (PreEscaped(graph.svg())) }
                }
                details open[graph.is_none()] {
                    summary { "As a list" }
                    (links(frame, catalog, "Builds on", &needs, &is_direct))
                    (links(frame, catalog, "Needed for", &needed_for, &is_direct))
                }
            }
        }
    }
}

/// Activities at the end of some steps, the nearest first.
fn links(
    frame: &Frame<'_>,
    catalog: &Catalog,
    title: &str,
    ways: &BTreeMap<ActivityIndex, usize>,
    is_direct: &dyn Fn(ActivityIndex) -> bool,
) -> Markup {
    let mut nearest: Vec<ActivityIndex> = ways.keys().copied().collect();
    nearest.sort_by_key(|index| (!is_direct(*index), ways.get(index).copied(), *index));
    html! {
        @if !nearest.is_empty() {
            h3 { (title) }
            ul {
                @for &index in &nearest {
                    li {
                        (activity_link(catalog, index, frame.selection)) " "
                        small { "level " (catalog.activity(index).level) @if !is_direct(index) { ", through others" } }
                    }
                }
            }
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
