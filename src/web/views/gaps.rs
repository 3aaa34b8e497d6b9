//! “What is missing?”: the activities that are not fully implemented, most urgent first.

use maud::{Markup, html};

use super::components::{Part, activity_address, activity_link, count, percent, status_name};
use super::downloads;
use super::layout::{self, Frame, address, with_parameter};
use super::listing::{Holds, SortedList, order_choice};
use crate::domain::answer::Status;
use crate::domain::catalog::{Catalog, Home};
use crate::domain::gap::{ActivityGaps, Gap, GapSort};
use crate::domain::listing::Sorting;
use crate::domain::organization::ScopeId;
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{GapFilter, Seen, Selection, View};

/// How many activities a page shows.
const PAGE: usize = 100;

/// The page with this number, from 1 on.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &Seen<Vec<ActivityGaps>>,
    filter: &GapFilter,
    sorting: &Sorting<GapSort>,
    number: usize,
) -> Markup {
    let Seen { view, catalog, roadmap, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &html! { (filters(catalog, roadmap, filter)) (order_choice(sorting, columns(view))) }))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is nothing to compare with yet." }
                    p { "Gaps are what a submitted assessment leaves open. Submit one, and the list is here." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(gaps) => (list(seen, gaps, filter, sorting, number)),
        }
    };
    let action = html! {
        @if content.is_some() { (downloads::export("Gaps", &narrowed(&address("/export/gaps", view.selection), filter))) }
    };
    layout::page(frame, "What is missing?", &action, &body)
}

/// An address with all that narrows the list down.
fn narrowed(address: &str, filter: &GapFilter) -> String {
    let stage = filter.up_to.map(|StageNumber(number)| ("stage", number.to_string()));
    let dimension = filter.dimension.clone().map(|name| ("dimension", name));
    let ready = filter.is_ready.then(|| ("ready", "1".to_owned()));
    let text = filter.text.clone().map(|text| ("q", text));
    let all = stage.into_iter().chain(dimension).chain(ready).chain(text);
    all.fold(address.to_owned(), |address, (name, value)| with_parameter(&address, name, &value))
}

/// The list of the gaps of a stage and of those before it, or of all; of those alone that can be closed now, or not.
pub(super) fn gaps_address(selection: Selection, up_to: Option<StageNumber>, is_ready: bool) -> String {
    narrowed(&address("/gaps", selection), &GapFilter { up_to, is_ready, ..GapFilter::default() })
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
        label { span { "Search" } input type="search" name="q" value=[filter.text.as_ref()] maxlength="100" size="12"; }
        label.pick { input type="checkbox" name="ready" value="1" checked[filter.is_ready]; span { "ready now" } }
    }
}

/// The columns by which the list can be sorted, with their names. How many teams there are and how many can begin
/// says nothing of one team.
fn columns(view: &View) -> Vec<(&'static str, GapSort)> {
    let all = [
        ("Activity", GapSort::Activity),
        ("Teams", GapSort::Teams),
        ("Level", GapSort::Level),
        ("Stage", GapSort::Stage),
        (if view.selection.scope.is_team() { "Status" } else { "Progress" }, GapSort::Progress),
        ("Effort", GapSort::Effort),
        ("Usefulness", GapSort::Usefulness),
        ("Priority", GapSort::Priority),
        ("Ready now", GapSort::Ready),
    ];
    let is_shown = |column| !view.selection.scope.is_team() || !matches!(column, GapSort::Teams | GapSort::Ready);
    all.into_iter().filter(|(_, column)| is_shown(*column)).collect()
}

fn holds(column: GapSort, view: &View) -> Holds {
    match column {
        GapSort::Activity | GapSort::Stage | GapSort::Teams => Holds::Texts,
        GapSort::Progress if view.selection.scope.is_team() => Holds::Texts,
        _ => Holds::Figures,
    }
}

fn list(
    seen: &Seen<Vec<ActivityGaps>>,
    found: &[ActivityGaps],
    filter: &GapFilter,
    sorting: &Sorting<GapSort>,
    number: usize,
) -> Markup {
    let Seen { view, catalog, settings, roadmap, .. } = seen;
    let homes: Vec<Home<'_>> = catalog.homes().map(|(_, home)| home).collect();
    let here = address("/gaps", view.selection);
    let list = SortedList { narrowed: narrowed(&here, filter), part: "", sorting };
    let part = Part::new(found.len(), PAGE, number);
    let gaps: usize = found.iter().map(|row| row.teams).sum();
    let is_narrowed = *filter != GapFilter::default();
    html! {
        p.coverage {
            (count(gaps, "gap", "gaps"))
            @if !view.selection.scope.is_team() { " of teams, in " (count(found.len(), "activity", "activities")) }
            @if let Some(period) = view.period { " as of " (period) }
            ". "
            @if filter.is_ready { "Nothing has to be done before these. " }
            "Priority is the usefulness for the effort that remains: usefulness × what is missing ÷ effort × 100"
            @if !view.selection.scope.is_team() { ", summed up over the teams" }
            ". "
            @if is_narrowed { a href=(here) { "Show all" } }
        }
        @if found.is_empty() {
            section.card.empty {
                @if is_narrowed { p.lead { "No gap is like that." } p { a href=(here) { "Show all gaps" } } }
                @else { p.lead { "Nothing is missing here." } p { "Everything that applies is fully implemented." } }
            }
        } @else {
            section.card {
                div.table-wrap {
                    table.stack.gaps {
                        thead {
                            tr {
                                @for (name, column) in columns(view) { (list.head(name, &column, holds(column, view))) }
                                @if view.selection.scope.is_team() { th scope="col" { "Blocked by" } }
                            }
                        }
                        tbody {
                            @for gaps in part.of(found) { (row(view, catalog, roadmap, &settings.scale, homes.get(gaps.activity.position()), gaps)) }
                        }
                    }
                }
                (part.paging_of("Activities", "Page", |page| list.part(page)))
            }
        }
    }
}

fn row(
    view: &View,
    catalog: &Catalog,
    roadmap: &Roadmap,
    scale: &ProgressScale,
    home: Option<&Home<'_>>,
    gaps: &ActivityGaps,
) -> Markup {
    let activity = catalog.activity(gaps.activity);
    let of_one = gaps.first.first().filter(|_| view.selection.scope.is_team());
    html! {
        tr {
            th scope="row" {
                (activity_link(catalog, gaps.activity, view.selection))
                @if let Some(home) = home { br; small { (home.dimension.name) " · " (home.sub_dimension.name) } }
            }
            @if of_one.is_none() { td data-name="Teams" { (teams(view, catalog, scale, gaps)) } }
            td.num data-name="Level" { (activity.level) }
            td data-name="Stage" { (gaps.stage.and_then(|stage| roadmap.stage(stage)).map_or("—", |stage| &stage.name)) }
            @match of_one {
                Some(gap) => td data-name="Status" { (status(gap, scale)) },
                None => td.num data-name="Progress" { (percent(gaps.progress)) },
            }
            td.num data-name="Effort" { (activity.difficulty.effort()) }
            td.num data-name="Usefulness" { (activity.usefulness) }
            td.num data-name="Priority" { (gaps.priority.round()) }
            @match of_one {
                Some(gap) => {
                    td.blockers data-name=[(!gap.blocked_by.is_empty()).then_some("Blocked by")] {
                        @for (i, &needed) in gap.blocked_by.iter().enumerate() {
                            @if i > 0 { ", " } (activity_link(catalog, needed, view.selection))
                        }
                    }
                }
                None => td.num data-name="Ready now" { (gaps.ready) small { " of " (gaps.teams) } },
            }
        }
    }
}

/// The teams that have it open: one is named, several are folded.
fn teams(view: &View, catalog: &Catalog, scale: &ProgressScale, gaps: &ActivityGaps) -> Markup {
    let of_team = |gap: &Gap| address("/gaps", Selection { scope: ScopeId::Team(gap.team_id), ..view.selection });
    let rest = gaps.teams.saturating_sub(gaps.first.len());
    let activity = catalog.activity(gaps.activity);
    html! {
        @match gaps.first.as_slice() {
            [gap] => a href=(of_team(gap)) { (gap.team) },
            first => {
                details.stays-folded {
                    summary { (gaps.teams) " teams" span.visually-hidden { " with a gap in " (activity.name) } }
                    ul.plain {
                        @for gap in first { li { a href=(of_team(gap)) { (gap.team) } " " small { (status(gap, scale)) } } }
                        @if rest > 0 { li { a href=(activity_address(&activity.id, view.selection)) { "and " (rest) " more" } } }
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
