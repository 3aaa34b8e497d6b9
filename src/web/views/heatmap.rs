//! “What is done, and where?”: the round heatmap with its activities, and the teams by sub-dimension.

use maud::{Markup, PreEscaped, html};

use super::components::{activity_link, count, heat, level, nothing_yet, percent, score};
use super::downloads;
use super::layout::{self, Frame, address, with_parameter};
use crate::charts;
use crate::domain::answer::Mark;
use crate::domain::catalog::{ActivityIndex, Catalog, Level, MAX_LEVEL};
use crate::domain::heat::{Cell, TeamRow};
use crate::domain::organization::ScopeId;
use crate::domain::standing::Overview;
use crate::domain::view::{Heatmap, Seen, Selection, View};

/// A level of a sub-dimension that is looked at closely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Sector {
    /// The name of the dimension.
    pub(in crate::web) dimension: String,
    /// The name of the sub-dimension.
    pub(in crate::web) part: String,
    /// The level.
    pub(in crate::web) level: Level,
}

impl Sector {
    fn is(&self, cell: &Cell) -> bool {
        (&self.dimension, &self.part, self.level) == (&cell.dimension, &cell.sub_dimension, cell.level)
    }
}

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Heatmap>, sector: Option<&Sector>) -> Markup {
    let Seen { view, catalog, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &html! {}))
        @match content {
            None => (nothing_yet(view)),
            Some(heatmap) => (filled(view, catalog, heatmap, sector)),
        }
    };
    let action = html! { @if content.is_some() { (downloads::table("heatmap", view.selection)) } };
    layout::page(frame, "What is done, and where?", &action, &body)
}

fn filled(view: &View, catalog: &Catalog, heatmap: &Heatmap, sector: Option<&Sector>) -> Markup {
    let chosen = sector.and_then(|sector| heatmap.cells.iter().find(|cell| sector.is(cell)));
    html! {
        div.pair.heat {
            figure.card.chart {
                (chart(catalog, &heatmap.overview, view.selection))
                figcaption { (downloads::picture("heatmap", view.selection)) }
            }
            section.card #activities tabindex="-1" {
                @match chosen {
                    Some(cell) => (activities(catalog, &heatmap.overview, cell, view.selection)),
                    None => (hint(sector, heatmap)),
                }
            }
        }
        section.card {
            header.card-head { h2 { "The same as a table" } }
            p.explain { "How far the activities of each level are, as far as they apply. A dash means that the model has none there." }
            (levels(catalog, heatmap, chosen, view.selection))
        }
        @if !view.selection.scope.is_team() { (matrix(catalog, heatmap, view.selection)) }
    }
}

/// The round heatmap, each sector leading to its activities. A narrow screen has a form of its own.
pub(super) fn chart(catalog: &Catalog, overview: &Overview, selection: Selection) -> Markup {
    let link = |dimension: usize, part: usize, level: Level| {
        let dimension = catalog.dimensions().get(dimension);
        let part = dimension.and_then(|dimension| dimension.sub_dimensions.get(part));
        let (dimension, part) = (dimension.map_or("", |d| &d.name), part.map_or("", |part| &part.name));
        sector_address(dimension, part, level, selection)
    };
    let Overview { scorecard, measures, scope, .. } = overview;
    html! {
        div.wide-chart { (PreEscaped(charts::heatmap(catalog, scorecard, measures, &link, &scope.name, "heatmap").svg())) }
        div.narrow-chart { (PreEscaped(charts::narrow_heatmap(catalog, scorecard, measures, &link, &scope.name, "narrow-heatmap").svg())) }
    }
}

fn sector_address(dimension: &str, part: &str, level: Level, selection: Selection) -> String {
    let parameters = [("dimension", dimension), ("part", part), ("level", &level.to_string())];
    let address = address("/heatmap", selection);
    let address = parameters.iter().fold(address, |address, (name, value)| with_parameter(&address, name, value));
    format!("{address}#activities")
}

/// What to do with the heatmap, and where it is coldest.
fn hint(sector: Option<&Sector>, heatmap: &Heatmap) -> Markup {
    let open = |level: Level| {
        let of_level = heatmap.cells.iter().filter(move |cell| cell.level == level);
        of_level.map(|cell| cell.extent.applicable - cell.extent.done).sum::<usize>()
    };
    html! {
        h2 { "How to read it" }
        @if let Some(sector) = sector {
            p.fault { "The model has no activities at level " (sector.level) " of “" (sector.part) "” in “" (sector.dimension) "”." }
        }
        p { "Each slice is a sub-dimension, each ring a level: level 1 in the middle, level 5 outside. The darker a sector, the more of it is done." }
        p { "Choose a sector to see its activities." }
        h3 { "Not fully implemented yet" }
        dl.level-list {
            @for level in 1..=MAX_LEVEL {
                dt { "Level " (level) }
                dd { (count(open(level), "activity", "activities")) }
            }
        }
    }
}

/// The activities of a sector, and how far they are.
fn activities(catalog: &Catalog, overview: &Overview, cell: &Cell, selection: Selection) -> Markup {
    let is_team = selection.scope.is_team();
    html! {
        h2 { (cell.sub_dimension) ", level " (cell.level) }
        p.explain {
            (cell.dimension) ". "
            @match cell.extent.completion {
                Some(completion) => { (cell.extent.done) " of " (count(cell.extent.applicable, "activity", "activities")) " fully implemented, " (percent(completion)) " in all." },
                None => "Nothing of it applies.",
            }
        }
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Activity" }
                        th.num scope="col" { "Done" }
                        @if !is_team {
                            th.num scope="col" { "Fully" }
                            th.num scope="col" { "Unanswered" }
                            th.num scope="col" { "Not applicable" }
                        }
                    }
                }
                tbody {
                    @for &index in &cell.activities { (activity(catalog, overview, index, is_team, selection)) }
                }
            }
        }
    }
}

fn activity(
    catalog: &Catalog,
    overview: &Overview,
    index: ActivityIndex,
    is_team: bool,
    selection: Selection,
) -> Markup {
    let measure = overview.measures.get(index.position());
    let teams = |wanted: &dyn Fn(Mark) -> bool| {
        overview.standings.iter().filter(|standing| wanted(standing.sheet.mark(index))).count()
    };
    html! {
        tr {
            th scope="row" { (activity_link(catalog, index, selection)) }
            td.num data-name="Done" {
                @match measure.and_then(|measure| measure.worth) {
                    None => span.quiet { "not applicable" },
                    Some(_) if is_team && measure.is_some_and(|measure| !measure.answered) => span.quiet { "unanswered" },
                    Some(worth) => (heat(Some(worth / 100.0))),
                }
            }
            @if !is_team {
                td.num data-name="Fully" { (teams(&|mark| mark == Mark::Worth(100))) " of " (count(overview.standings.len(), "team", "teams")) }
                td.num data-name="Unanswered" { (teams(&|mark| mark == Mark::Unanswered)) }
                td.num data-name="Not applicable" { (teams(&|mark| mark == Mark::NotApplicable)) }
            }
        }
    }
}

/// The cells as a table, each leading to its activities.
fn levels(catalog: &Catalog, heatmap: &Heatmap, chosen: Option<&Cell>, selection: Selection) -> Markup {
    let at = |dimension: &str, part: &str, level| {
        let mut cells = heatmap.cells.iter();
        cells
            .find(|cell| (cell.dimension.as_str(), cell.sub_dimension.as_str(), cell.level) == (dimension, part, level))
    };
    let card = &heatmap.overview.scorecard;
    html! {
        div.table-wrap {
            table.stack.heat-table {
                thead {
                    tr {
                        th scope="col" { "Sub-dimension" }
                        th.num scope="col" { "Level reached" }
                        @for level in 1..=MAX_LEVEL { th.num scope="col" { "Level " (level) } }
                    }
                }
                @for (dimension, scored) in catalog.dimensions().iter().zip(&card.dimensions) {
                    tbody {
                        tr.dimension { th scope="rowgroup" colspan=(MAX_LEVEL + 2) { (dimension.name) } }
                        @for (part, scored) in dimension.sub_dimensions.iter().zip(&scored.sub_dimensions) {
                            tr {
                                th scope="row" { (part.name) }
                                td.num data-name="Level reached" { (level(scored.score.level)) }
                                @for number in 1..=MAX_LEVEL {
                                    td.num data-name=(format!("Level {number}")) {
                                        @match at(&dimension.name, &part.name, number) {
                                            None => { span.quiet aria-hidden="true" { "–" } span.visually-hidden { "no activities" } },
                                            Some(cell) => {
                                                a.heat-link href=(sector_address(&dimension.name, &part.name, number, selection))
                                                    aria-current=[(chosen == Some(cell)).then_some("true")] { (heat(cell.extent.completion)) }
                                            },
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

/// The teams by sub-dimension.
fn matrix(catalog: &Catalog, heatmap: &Heatmap, selection: Selection) -> Markup {
    let parts = || catalog.dimensions().iter().flat_map(|dimension| &dimension.sub_dimensions);
    html! {
        section.card #teams {
            header.card-head {
                h2 { "Which team, which part" }
                (downloads::table("matrix", selection))
            }
            p.explain { "The level that each team has reached in each sub-dimension, and how far it is in all of what applies to it." }
            div.table-wrap.wide {
                table.heat-matrix {
                    thead {
                        tr {
                            th scope="col" rowspan="2" { "Team" }
                            th.num scope="col" rowspan="2" { "Score" }
                            @for dimension in catalog.dimensions() { th scope="colgroup" colspan=(dimension.sub_dimensions.len()) { (dimension.name) } }
                        }
                        tr { @for part in parts() { th.turned scope="col" { span { (part.name) } } } }
                    }
                    tbody { @for row in &heatmap.teams { (team(row, &heatmap.overview, selection)) } }
                }
            }
            @if heatmap.pages() > 1 || heatmap.teams.is_empty() { (pages(heatmap, selection)) }
        }
    }
}

fn team(row: &TeamRow, overview: &Overview, selection: Selection) -> Markup {
    let of_team = Selection { scope: ScopeId::Team(row.team), ..selection };
    html! {
        tr {
            th scope="row" {
                a href=(address("/heatmap", of_team)) { (row.name) }
                @if row.assessed < overview.period { " " small { "of " (row.assessed) } }
            }
            td.num { (score(row.overall.score)) }
            @for part in &row.parts {
                td.num {
                    @if part.activities == 0 { span.quiet { "n/a" } }
                    @else { (level(part.level)) small.below { (percent(part.completion)) } }
                }
            }
        }
    }
}

/// The way to the other pages of the teams.
fn pages(heatmap: &Heatmap, selection: Selection) -> Markup {
    let to = |page: usize| {
        format!("{}#teams", with_parameter(&address("/heatmap", selection), "page", &(page + 1).to_string()))
    };
    let (from, all) = (heatmap.page * Heatmap::TEAMS, heatmap.overview.standings.len());
    html! {
        nav.card-foot aria-label="Pages of teams" {
            @if heatmap.teams.is_empty() { span { "There is no page " (heatmap.page + 1) ", but only " (heatmap.pages()) "." } }
            @else { span { "Teams " (from + 1) " to " (from + heatmap.teams.len()) " of " (all) } }
            @if heatmap.page > 0 { a href=(to(heatmap.page.min(heatmap.pages()) - 1)) rel="prev" { "Previous" } }
            @if heatmap.page + 1 < heatmap.pages() { a href=(to(heatmap.page + 1)) rel="next" { "Next" } }
        }
    }
}
