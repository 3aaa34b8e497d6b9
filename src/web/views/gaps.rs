//! “What is missing?”: everything not fully implemented, most urgent first.

use maud::{Markup, html};

use super::components::{activity_link, count, percent};
use super::layout::{self, Frame, address};
use crate::domain::answer::Status;
use crate::domain::catalog::{Catalog, Home};
use crate::domain::gap::Gap;
use crate::domain::organization::ScopeId;
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{Gaps, Seen, Selection, View};

/// How many rows a page shows; the file has them all.
const SHOWN: usize = 200;

/// What the list is narrowed down to.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Filter<'a> {
    /// Up to this stage of the roadmap.
    pub(in crate::web) stage: Option<StageNumber>,
    /// In this dimension.
    pub(in crate::web) dimension: Option<&'a str>,
}

/// The page.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &Seen<Gaps>,
    roadmap: &Roadmap,
    scale: &ProgressScale,
    filter: Filter<'_>,
) -> Markup {
    let Seen { view, catalog, content } = seen;
    let body = html! {
        (layout::picker(frame, view))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is nothing to compare with yet." }
                    p { "Gaps are what a submitted assessment leaves open. Submit one, and the list is here." }
                    p { a.button href="/assessments" { "To the assessments" } }
                }
            }
            Some(gaps) => {
                (filters(frame, view, catalog, roadmap, filter))
                (list(view, catalog, &gaps.gaps, roadmap, scale, filter))
            }
        }
    };
    let action = html! {
        @if content.is_some() { a.button.quiet href=(download(view.selection, filter.stage)) { "Gaps as CSV" } }
    };
    layout::page(frame, "What is missing?", &action, &body)
}

fn download(selection: Selection, stage: Option<StageNumber>) -> String {
    let address = address("/export/gaps.csv", selection);
    match stage {
        None => address,
        Some(StageNumber(number)) => {
            let separator = if address.contains('?') { '&' } else { '?' };
            format!("{address}{separator}stage={number}")
        }
    }
}

fn filters(frame: &Frame<'_>, view: &View, catalog: &Catalog, roadmap: &Roadmap, filter: Filter<'_>) -> Markup {
    html! {
        form.picker method="get" action=(frame.path) {
            @match view.selection.scope {
                ScopeId::Organization => {},
                ScopeId::Group(id) => input type="hidden" name="group" value=(id);,
                ScopeId::Team(id) => input type="hidden" name="team" value=(id);,
            }
            @if let Some(period) = view.selection.period { input type="hidden" name="period" value=(period); }
            label {
                span { "Stage" }
                select name="stage" {
                    option value="" selected[filter.stage.is_none()] { "All" }
                    @for (i, stage) in roadmap.stages().iter().enumerate() {
                        option value=(i + 1) selected[filter.stage == Some(StageNumber(i + 1))] { "Up to " (i + 1) ", " (stage.name) }
                    }
                }
            }
            label {
                span { "Dimension" }
                select name="dimension" {
                    option value="" selected[filter.dimension.is_none()] { "All" }
                    @for dimension in catalog.dimensions() {
                        option selected[filter.dimension == Some(dimension.name.as_str())] { (dimension.name) }
                    }
                }
            }
            button { "Filter" }
        }
    }
}

fn list(
    view: &View,
    catalog: &Catalog,
    gaps: &[Gap],
    roadmap: &Roadmap,
    scale: &ProgressScale,
    filter: Filter<'_>,
) -> Markup {
    let homes: Vec<Home<'_>> = catalog.homes().map(|(_, home)| home).collect();
    let home = |gap: &Gap| homes.get(gap.activity.position());
    let shown: Vec<&Gap> = gaps
        .iter()
        .filter(|gap| filter.dimension.is_none_or(|wanted| home(gap).is_some_and(|home| home.dimension.name == wanted)))
        .collect();
    let one_team = matches!(view.selection.scope, ScopeId::Team(_));
    html! {
        p.coverage {
            (count(shown.len(), "gap", "gaps"))
            @if let Some(period) = view.period { " as of " (period) }
            @if shown.len() > SHOWN { "; the first " (SHOWN) " are shown, the file has all" }
            ". Priority is the usefulness for the effort that remains: usefulness × what is missing ÷ effort × 100."
        }
        @if shown.is_empty() {
            section.card.empty { p.lead { "Nothing is missing here." } p { "Everything that applies is fully implemented." } }
        } @else {
            section.card {
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Activity" }
                                @if !one_team { th scope="col" { "Team" } }
                                th.num scope="col" { "Level" }
                                th scope="col" { "Stage" }
                                th scope="col" { "Status" }
                                th.num scope="col" { "Effort" }
                                th.num scope="col" { "Usefulness" }
                                th.num scope="col" { "Priority" }
                                th scope="col" { "First needs" }
                            }
                        }
                        tbody {
                            @for gap in shown.into_iter().take(SHOWN) {
                                @let activity = catalog.activity(gap.activity);
                                tr {
                                    th scope="row" {
                                        (activity_link(catalog, gap.activity))
                                        @if let Some(home) = home(gap) { br; small { (home.dimension.name) " · " (home.sub_dimension.name) } }
                                    }
                                    @if !one_team { td data-name="Team" { (gap.team) } }
                                    td.num data-name="Level" { (activity.level) }
                                    td data-name="Stage" { (gap.stage.and_then(|stage| roadmap.stage(stage)).map_or("—", |stage| &stage.name)) }
                                    td data-name="Status" { (status(gap, scale)) }
                                    td.num data-name="Effort" { (activity.difficulty.effort()) }
                                    td.num data-name="Usefulness" { (activity.usefulness) }
                                    td.num data-name="Priority" { (gap.priority.round()) }
                                    td.blockers data-name=[(!gap.blocked_by.is_empty()).then_some("First needs")] {
                                        @for (i, &needed) in gap.blocked_by.iter().enumerate() {
                                            @if i > 0 { ", " } (activity_link(catalog, needed))
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

fn status(gap: &Gap, scale: &ProgressScale) -> Markup {
    html! {
        @match &gap.status {
            Status::Step(key) => { (scale.step(key).map_or(key.as_str(), |step| &step.name)) @if gap.progress > 0.0 { " " small { (percent(gap.progress)) } } },
            _ => span.quiet { "Unanswered" },
        }
    }
}
