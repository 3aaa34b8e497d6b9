//! “What is missing?”: everything not fully implemented, most urgent first.

use maud::{Markup, html};

use super::components::{activity_link, count, percent, status_name};
use super::layout::{self, Frame, address, with_parameter};
use crate::domain::answer::Status;
use crate::domain::catalog::{Catalog, Home};
use crate::domain::gap::Gap;
use crate::domain::organization::ScopeId;
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{GapFilter, Gaps, Seen, Selection, View};

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Gaps>, filter: &GapFilter) -> Markup {
    let Seen { view, catalog, settings, roadmap, content } = seen;
    let body = html! {
        (layout::picker(frame, view, &filters(catalog, roadmap, filter)))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is nothing to compare with yet." }
                    p { "Gaps are what a submitted assessment leaves open. Submit one, and the list is here." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(gaps) => (list(view, catalog, gaps, roadmap, &settings.scale)),
        }
    };
    let action = html! {
        @if content.is_some() { a.button.quiet href=(download(view.selection, filter)) { "These gaps as CSV" } }
    };
    layout::page(frame, "What is missing?", &action, &body)
}

fn download(selection: Selection, filter: &GapFilter) -> String {
    let stage = filter.up_to.map(|StageNumber(number)| ("stage", number.to_string()));
    let dimension = filter.dimension.as_ref().map(|name| ("dimension", name.clone()));
    let all = address("/export/gaps.csv", selection);
    stage.into_iter().chain(dimension).fold(all, |address, (name, value)| with_parameter(&address, name, &value))
}

/// What the list can be narrowed down to, as a part of the picker.
fn filters(catalog: &Catalog, roadmap: &Roadmap, filter: &GapFilter) -> Markup {
    html! {
        label {
            span { "in" }
            select name="dimension" {
                option value="" selected[filter.dimension.is_none()] { "all dimensions" }
                @for dimension in catalog.dimensions() {
                    option selected[filter.dimension.as_ref() == Some(&dimension.name)] { (dimension.name) }
                }
            }
        }
        label {
            span { "for" }
            select name="stage" {
                option value="" selected[filter.up_to.is_none()] { "all stages and beyond" }
                @for (i, stage) in roadmap.stages().iter().enumerate() {
                    option value=(i + 1) selected[filter.up_to == Some(StageNumber(i + 1))] {
                        @if i > 0 { "stages up to " } @else { "stage " } (i + 1) ", " (stage.name)
                    }
                }
            }
        }
    }
}

fn list(view: &View, catalog: &Catalog, gaps: &Gaps, roadmap: &Roadmap, scale: &ProgressScale) -> Markup {
    let homes: Vec<Home<'_>> = catalog.homes().map(|(_, home)| home).collect();
    let home = |gap: &Gap| homes.get(gap.activity.position());
    let one_team = matches!(view.selection.scope, ScopeId::Team(_));
    html! {
        p.coverage {
            (count(gaps.count, "gap", "gaps"))
            @if let Some(period) = view.period { " as of " (period) }
            @if gaps.count > gaps.gaps.len() { "; the first " (gaps.gaps.len()) " are shown, the file has all" }
            ". Priority is the usefulness for the effort that remains: usefulness × what is missing ÷ effort × 100."
        }
        @if gaps.count == 0 {
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
                                th scope="col" { "Blocked by" }
                            }
                        }
                        tbody {
                            @for gap in &gaps.gaps {
                                @let activity = catalog.activity(gap.activity);
                                tr {
                                    th scope="row" {
                                        (activity_link(catalog, gap.activity, view.selection))
                                        @if let Some(home) = home(gap) { br; small { (home.dimension.name) " · " (home.sub_dimension.name) } }
                                    }
                                    @if !one_team { td data-name="Team" { (gap.team) } }
                                    td.num data-name="Level" { (activity.level) }
                                    td data-name="Stage" { (gap.stage.and_then(|stage| roadmap.stage(stage)).map_or("—", |stage| &stage.name)) }
                                    td data-name="Status" { (status(gap, scale)) }
                                    td.num data-name="Effort" { (activity.difficulty.effort()) }
                                    td.num data-name="Usefulness" { (activity.usefulness) }
                                    td.num data-name="Priority" { (gap.priority.round()) }
                                    td.blockers data-name=[(!gap.blocked_by.is_empty()).then_some("Blocked by")] {
                                        @for (i, &needed) in gap.blocked_by.iter().enumerate() {
                                            @if i > 0 { ", " } (activity_link(catalog, needed, view.selection))
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
        span.quiet[gap.status == Status::Unanswered] { (status_name(scale, Some(&gap.status))) }
        @if gap.progress > 0.0 { " " small { (percent(gap.progress)) } }
    }
}
