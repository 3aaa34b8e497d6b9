//! “Which team stands where?”: the teams of a scope side by side, and what one of them could lift at others.

use maud::{Markup, html};

use super::components::{Part, activity_link, count, level, mark_name, moved, percent, score};
use super::downloads;
use super::layout::{self, Frame, address, with_parameter};
use super::listing::{Holds, SortedList, order_choice};
use crate::domain::catalog::{Catalog, Home, MAX_LEVEL};
use crate::domain::leverage::Lever;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::portfolio::{DueState, Place, Portfolio, PortfolioFilter, PortfolioRow, PortfolioSort, SortColumn};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{Seen, Selection, View};

/// How many teams a page shows.
const PAGE: usize = 100;

/// How many levers the page shows; the file has them all.
const LEVERS: usize = 15;

/// Up to how many teams that inherit an answer are named.
const NAMED: usize = 4;

/// The page with this number, from 1 on.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &Seen<Portfolio>,
    filter: &PortfolioFilter,
    number: usize,
) -> Markup {
    let Seen { view, catalog, settings, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &filters(catalog, content.as_ref(), filter)))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "No team stands anywhere yet." }
                    p { "Teams are compared by their submitted assessments. Submit one, and the team is here." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(portfolio) => {
                (coverage(portfolio))
                (teams(view, catalog, portfolio, filter, number))
                (leverage(view, catalog, &portfolio.levers, &settings.scale))
            }
        }
    };
    let action = html! {
        @if content.is_some() { (downloads::export("Teams", &filtered(&address("/export/portfolio", view.selection), filter).address())) }
    };
    layout::page(frame, "Which team stands where?", &action, &body)
}

/// The list under an address with all that a filter asks for.
fn filtered<'a>(address: &str, filter: &'a PortfolioFilter) -> SortedList<'a, PortfolioSort> {
    let due = filter.due.map(|due| ("due", due.name().to_owned()));
    let level = filter.level.map(|level| ("level", level.to_string()));
    let text = filter.text.clone().map(|text| ("q", text));
    let all = due.into_iter().chain(level).chain(text);
    let narrowed = all.fold(address.to_owned(), |address, (name, value)| with_parameter(&address, name, &value));
    SortedList { narrowed, part: "", sorting: &filter.sorting }
}

fn due_name(state: DueState) -> &'static str {
    match state {
        DueState::Submitted => "Submitted",
        DueState::Draft => "Draft",
        DueState::NotBegun => "Not opened",
    }
}

/// What the list can be narrowed down to, and how it is sorted, as a part of the picker.
fn filters(catalog: &Catalog, portfolio: Option<&Portfolio>, filter: &PortfolioFilter) -> Markup {
    let is_due_known = portfolio.is_none_or(|portfolio| portfolio.due.is_some());
    html! {
        label {
            span { "Level" }
            select name="level" {
                option value="" { "any" }
                @for level in 0..=MAX_LEVEL { option selected[filter.level == Some(level)] { (level) } }
            }
        }
        @if is_due_known {
            label {
                span { "This quarter" }
                select name="due" {
                    option value="" { "any" }
                    @for (word, state) in DueState::NAMED { option value=(word) selected[filter.due == Some(*state)] { (due_name(*state)) } }
                }
            }
        }
        label { span { "Search" } input type="search" name="q" value=[filter.text.as_ref()] maxlength="100" size="12"; }
        (order_choice(&filter.sorting, columns(catalog)))
    }
}

/// All columns with their names.
fn columns(catalog: &Catalog) -> Vec<(&str, PortfolioSort)> {
    let fixed = |(name, column): (&'static str, SortColumn)| (name, PortfolioSort::Column(column));
    let first = [
        ("Team", SortColumn::Team),
        ("Level", SortColumn::Level),
        ("Score", SortColumn::Score),
        ("Change", SortColumn::Change),
    ];
    let last = [
        ("Answered", SortColumn::Answered),
        ("Evidence", SortColumn::Evidence),
        ("Stale", SortColumn::Stale),
        ("Assessed", SortColumn::Assessed),
        ("This quarter", SortColumn::Due),
    ];
    let dimensions = catalog.dimensions().iter();
    let dimensions =
        dimensions.map(|dimension| (dimension.name.as_str(), PortfolioSort::Dimension(dimension.name.clone())));
    first.into_iter().map(fixed).chain(dimensions).chain(last.into_iter().map(fixed)).collect()
}

fn coverage(portfolio: &Portfolio) -> Markup {
    let overview = &portfolio.overview;
    let carried = overview.carried().count();
    let state = |wanted| portfolio.rows.iter().filter(|row| row.due.is_some_and(|(state, _)| state == wanted)).count();
    let is_whole = portfolio.rows.len() == portfolio.all;
    html! {
        p.coverage {
            "As of " (overview.period) ": " (overview.standings.len()) " of " (count(portfolio.all, "team", "teams")) " assessed"
            @if carried > 0 { ", " (carried) " of them carried from an earlier quarter" }
            ". "
            @if let (Some(current), true) = (portfolio.due, is_whole) {
                "For " (current) ": " (state(DueState::Submitted)) " submitted, " (count(state(DueState::Draft), "draft", "drafts")) ", "
                (state(DueState::NotBegun)) " not opened. "
            }
            @if !is_whole { strong { (count(portfolio.rows.len(), "team is", "teams are")) " like what you look for." } }
        }
    }
}

/// The teams that were asked for, a page of them.
fn teams(view: &View, catalog: &Catalog, portfolio: &Portfolio, filter: &PortfolioFilter, number: usize) -> Markup {
    let here = address("/portfolio", view.selection);
    let list = filtered(&here, filter);
    let part = Part::new(portfolio.rows.len(), PAGE, number);
    let shown: Vec<&PortfolioRow> = part.of(&portfolio.rows);
    html! {
        @if shown.is_empty() {
            section.card.empty {
                p.lead { "No team is like that." }
                p { a href=(here) { "Show all " (count(portfolio.all, "team", "teams")) } }
            }
        } @else {
            section.card #teams {
                div.table-wrap.wide {
                    table.stack.dense {
                        thead { tr { @for (name, column) in columns(catalog) { @if is_shown(&column, portfolio) { (list.head(name, &column, holds(&column))) } } } }
                        tbody { @for row in &shown { (team(view, catalog, portfolio, row)) } }
                    }
                }
                (part.paging("Page", |page| list.part(page)))
                p.explain {
                    "The change is since the quarter before. Answered: of what applies. Evidence: of the answers that say something is done, "
                    "those with valid evidence. Stale: answers whose evidence has all expired. "
                    "All teams are seen in one catalog, that of the latest assessment."
                }
            }
        }
    }
}

fn is_shown(column: &PortfolioSort, portfolio: &Portfolio) -> bool {
    portfolio.due.is_some() || *column != PortfolioSort::Column(SortColumn::Due)
}

fn holds(column: &PortfolioSort) -> Holds {
    match column {
        PortfolioSort::Column(SortColumn::Team | SortColumn::Assessed | SortColumn::Due) => Holds::Texts,
        PortfolioSort::Column(_) => Holds::Figures,
        PortfolioSort::Dimension(_) => Holds::FiguresUnderLongName,
    }
}

fn team(view: &View, catalog: &Catalog, portfolio: &Portfolio, row: &PortfolioRow) -> Markup {
    let dimensions = catalog.dimensions();
    html! {
        tr {
            th scope="row" {
                a href=(dashboard(row.team, view.selection)) { (row.name) }
                @if !row.groups.is_empty() { small.below { " " (row.groups.join(", ")) } }
            }
            @match &row.place {
                None => { td.quiet colspan=(dimensions.len() + 7) { "not assessed yet" } },
                Some(place) => {
                    td.num data-name="Level" { (level(place.overall.level)) }
                    td.num data-name="Score" { (score(place.overall.score)) }
                    td.num data-name="Change" { @match place.change { Some(by) => (moved(place.overall.score, place.overall.score - by)), None => span.quiet { "new" } } }
                    @for (dimension, (reached, points)) in dimensions.iter().zip(&place.dimensions) {
                        td.num data-name=(dimension.name) { span title=(format!("score {}", score(*points))) { (level(*reached)) } }
                    }
                    td.num data-name="Answered" { (percent(place.answered())) small.below { " " (place.overall.answered) " of " (place.overall.activities) } }
                    td.num data-name="Evidence" { (evidence(place)) }
                    td.num data-name="Stale" { @if place.stale > 0 { (place.stale) } @else { span.quiet { "0" } } }
                    td data-name="Assessed" {
                        span.date { (place.assessed) }
                        @if place.age > 0 { small.below.carried { " " (count(place.age as usize, "quarter", "quarters")) " ago" } }
                    }
                }
            }
            @if let Some(current) = portfolio.due { td data-name=(current) { (due(row)) } }
        }
    }
}

fn evidence(place: &Place) -> Markup {
    html! {
        @if place.claims == 0 { span.quiet { "—" } }
        @else { (percent(place.evidence())) small.below { " " (place.supported) " of " (place.claims) } }
    }
}

fn due(row: &PortfolioRow) -> Markup {
    html! {
        @match row.due {
            None => span.quiet { "retired" },
            Some((DueState::Submitted, _)) => span.state.done { "Submitted" },
            Some((state, None)) => span.state { (due_name(state)) },
            Some((state, Some(id))) => a.state.draft href=(format!("/assessments/{id}")) { (due_name(state)) },
        }
    }
}

/// The dashboard of a team in the quarter that is looked at.
fn dashboard(team: TeamId, selection: Selection) -> String {
    address("/", Selection { scope: ScopeId::Team(team), ..selection })
}

/// By how much a score would rise.
fn gain(by: f64) -> String {
    if by < 0.01 { "less than 0.01".into() } else { format!("+{}", score(by)) }
}

/// What one team could lift at those that inherit its answers.
fn leverage(view: &View, catalog: &Catalog, levers: &[Lever], scale: &ProgressScale) -> Markup {
    let homes: Vec<Home<'_>> = catalog.homes().map(|(_, home)| home).collect();
    html! {
        section.card #leverage {
            header.card-head {
                h2 { "What one team could lift at others" }
                @if !levers.is_empty() { (downloads::table("leverage", view.selection)) }
            }
            @match levers.first() {
                None => {
                    p { "No team inherits an answer that its provider could still raise." }
                    p.explain {
                        "Where one team does something for others, as a platform does, they can inherit its answer on the page of the question. "
                        "Then this list says what one change there would be worth."
                    }
                }
                Some(first) => {
                    p {
                        "One change at " strong { (first.provider_name) } " lifts " strong { (count(first.lifted, "team", "teams")) } ": with “"
                        (activity_link(catalog, first.activity, view.selection)) "” fully implemented there, the score of " (view.scope.name) " would rise by "
                        strong { (gain(first.gain).trim_start_matches('+')) } "."
                    }
                    p.explain {
                        "For each answer that teams inherit and that is not fully implemented at its provider: what the score of all would gain if it were, "
                        "there and wherever it is inherited."
                    }
                    div.table-wrap {
                        table.stack {
                            thead {
                                tr {
                                    th scope="col" { "Activity" }
                                    th scope="col" { "Provider" }
                                    th scope="col" { "There now" }
                                    th scope="col" { "Inherited by" }
                                    th.num scope="col" { "Lifts" }
                                    th.num scope="col" { "Gain in all" }
                                }
                            }
                            tbody { @for lever in levers.iter().take(LEVERS) { (lever_row(view, catalog, &homes, lever, scale)) } }
                        }
                    }
                    @if levers.len() > LEVERS { p.quiet { "The first " (LEVERS) " of " (levers.len()) "; the files have them all." } }
                }
            }
        }
    }
}

fn lever_row(view: &View, catalog: &Catalog, homes: &[Home<'_>], lever: &Lever, scale: &ProgressScale) -> Markup {
    let names = &lever.followers;
    html! {
        tr {
            th scope="row" {
                (activity_link(catalog, lever.activity, view.selection))
                @if let Some(home) = homes.get(lever.activity.position()) { br; small { (home.dimension.name) " · " (home.sub_dimension.name) } }
            }
            td data-name="Provider" { a href=(dashboard(lever.provider, view.selection)) { (lever.provider_name) } }
            td data-name="There now" { @match lever.mark { Some(mark) => (mark_name(scale, mark)), None => span.quiet { "not assessed" } } }
            td data-name="Inherited by" {
                @if names.len() <= NAMED { (names.join(", ")) }
                @else { span title=(names.join(", ")) { (names.iter().take(NAMED - 1).cloned().collect::<Vec<_>>().join(", ")) " and " (names.len() + 1 - NAMED) " more" } }
            }
            td.num data-name="Lifts" { (count(lever.lifted, "team", "teams")) }
            td.num data-name="Gain in all" { (gain(lever.gain)) }
        }
    }
}
