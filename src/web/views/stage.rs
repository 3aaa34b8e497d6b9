//! “Have we reached this stage?”: its goal, what holds it back, what is left of it, and which team is how far.

use maud::{Markup, html};

use super::components::{Part, activity_link, blockers, count, heat, level, mark_name, nothing_yet, percent, score};
use super::layout::{self, Frame, address, with_parameter};
use super::listing::{Holds, SortedList, order_choice};
use super::stages::{about, stage_path};
use super::{downloads, why};
use crate::domain::catalog::{ActivityId, Catalog, Home};
use crate::domain::named::Named;
use crate::domain::organization::ScopeId;
use crate::domain::roadmap::stage::{
    Arrival, Behind, Practice, StageFilter, StageSort, StageStanding, TeamAtStage, is_late,
};
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{Seen, Selection, View};

/// How many teams a page shows.
const PAGE: usize = 100;

/// Up to how many teams that have a practice left are named.
const NAMED: usize = 3;

/// How many activities that hold a dimension back are named.
const BLOCKERS: usize = 3;

/// The page, with the part of the teams that has this number, from 1 on.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &Seen<StageStanding>,
    number: StageNumber,
    filter: &StageFilter,
    part: usize,
) -> Markup {
    let Seen { view, catalog, settings, roadmap, content } = seen;
    let blank = Stage::default();
    let stage = roadmap.stage(number).unwrap_or(&blank);
    let body = html! {
        (layout::picker(frame, view, &html! {}))
        (ways(view, roadmap, number))
        section.card { (about(stage)) }
        @match content {
            None => (nothing_yet(view)),
            Some(standing) => {
                (reached(view, stage, standing))
                (dimensions(view, catalog, stage, standing))
                (practices(view, catalog, &settings.scale, standing))
                @if !view.selection.scope.is_team() { (teams(view, catalog, roadmap, standing, filter, part)) }
            },
        }
    };
    let action = html! {
        @if content.is_some() { (downloads::export("Practices", &of_stage("/export/practices", view.selection, number))) }
        a.button.quiet href=(address("/roadmap/stages", view.selection)) { "All stages" }
    };
    layout::page(frame, &format!("Have we reached stage {}, {}?", number.0, stage.name), &action, &body)
}

/// An address that asks for a stage.
fn of_stage(path: &str, selection: Selection, number: StageNumber) -> String {
    with_parameter(&address(path, selection), "stage", &number.0.to_string())
}

/// The ways to the other stages.
fn ways(view: &View, roadmap: &Roadmap, number: StageNumber) -> Markup {
    html! {
        nav.jump aria-label="The stages" {
            @for (other, stage) in (1..).map(StageNumber).zip(roadmap.stages()) {
                @if other == number { strong aria-current="page" { (other.0) ". " (stage.name) } }
                @else { a href=(address(&stage_path(other), view.selection)) { (other.0) ". " (stage.name) } }
            }
        }
    }
}

/// Whether it is reached, and the figures.
fn reached(view: &View, stage: &Stage, standing: &StageStanding) -> Markup {
    let StageStanding { overview, number, progress, practices, teams, .. } = standing;
    let is_late = is_late(stage, progress, overview.period);
    let left = teams.iter().map(|team| team.left).sum::<usize>();
    html! {
        section.card #reached {
            h2 {
                @if progress.is_reached { "Reached" } @else { "Not reached" } " as of " (overview.period)
                " " @if progress.is_reached { span.state.done { "reached" } } @else if is_late { span.state.expired { "late" } }
            }
            p {
                @if progress.is_reached { "Every dimension is at its target level, or at its ceiling, in this stage and in those before it." }
                @else if progress.behind.is_empty() { "Every dimension is at its target level, but a stage before this one is not reached." }
                @else { (why::listed(&progress.behind)) " " @if progress.behind.len() == 1 { "is" } @else { "are" } " below the target." }
                @if let (true, Some(wished)) = (is_late, stage.wished) { " It was wished by the end of " (wished) "." }
            }
            dl.figures {
                div { dt { "To target" } dd { (percent(progress.to_target)) } dd.note { "of the levels that it asks for" } }
                div { dt { "Fully implemented" } dd { (progress.done) small { " of " (progress.activities) } } dd.note { "activities" } }
                @if view.selection.scope.is_team() {
                    div { dt { "Left" } dd { (practices.len()) } dd.note { "practices" } }
                } @else {
                    div { dt { "Teams that reached it" } dd { (standing.reached()) small { " of " (teams.len()) } } dd.note { "each by its own targets" } }
                    div { dt { "Left" } dd { (left) } dd.note { "practices of all teams" } }
                }
                div { dt { "Work left" } dd { (standing.points()) } dd.note { "effort points" } }
            }
            p { a href=(of_stage("/gaps", view.selection, *number)) { "The gaps up to this stage" } }
        }
    }
}

/// The targets and what stands against them.
fn dimensions(view: &View, catalog: &Catalog, stage: &Stage, standing: &StageStanding) -> Markup {
    let card = &standing.overview.scorecard;
    html! {
        section.card #dimensions {
            h2 { "Where each dimension stands" }
            @if !view.selection.scope.is_team() {
                p.explain { "The level of all teams together: it is reached when each of them has done what it takes, as far as it applies." }
            }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Dimension" }
                            th.num scope="col" { "Target" }
                            th.num scope="col" { "Level now" }
                            th.num scope="col" { "Score" }
                            th scope="col" { "What holds it back" }
                        }
                    }
                    tbody {
                        @for dimension in &card.dimensions {
                            @let scored = &dimension.total;
                            @let target = stage.target(&scored.name);
                            tr {
                                th scope="row" { (scored.name) }
                                td.num data-name="Target" { (level(target)) }
                                td.num data-name="Level now" { (level(scored.score.level)) }
                                td.num data-name="Score" { (score(scored.score.score)) }
                                td.blockers data-name="What holds it back" {
                                    @if stage.is_behind(&scored.name, &scored.score) { (blockers(catalog, scored, BLOCKERS, view.selection)) }
                                    @else if target > scored.score.ceiling { span.quiet { "nothing: it is at its ceiling, " (scored.score.ceiling) } }
                                    @else { span.quiet { "nothing" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is left, and what is done.
fn practices(view: &View, catalog: &Catalog, scale: &ProgressScale, standing: &StageStanding) -> Markup {
    let StageStanding { practices, done, .. } = standing;
    let homes: Vec<Home<'_>> = catalog.homes().map(|(_, home)| home).collect();
    html! {
        section.card #practices {
            h2 { "What is left of it" }
            @if practices.is_empty() {
                p { "Nothing: no practice of this stage is left." }
            } @else {
                p.explain {
                    "Its practices: the activities that the stage asks for and that are not fully implemented, with what they need. What belongs to an earlier stage stands there. "
                    "What brings the most for its work comes first."
                }
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Practice" }
                                th.num scope="col" { "Level" }
                                @if view.selection.scope.is_team() { th scope="col" { "Status" } th scope="col" { "Waits for" } }
                                @else { th.num scope="col" { "Done" } th scope="col" { "Left at" } }
                                th.num scope="col" { "Usefulness" }
                                th.num scope="col" { "Points left" }
                            }
                        }
                        tbody { @for practice in practices { (row(view, catalog, &homes, scale, standing, practice)) } }
                    }
                }
            }
            @if !done.is_empty() {
                details {
                    summary { (count(done.len(), "activity", "activities")) " of this stage " @if done.len() == 1 { "is" } @else { "are" } " fully implemented" }
                    ul.plain.columns { @for index in done { li { (activity_link(catalog, *index, view.selection)) } } }
                }
            }
        }
    }
}

fn row(
    view: &View,
    catalog: &Catalog,
    homes: &[Home<'_>],
    scale: &ProgressScale,
    standing: &StageStanding,
    practice: &Practice,
) -> Markup {
    let activity = catalog.activity(practice.activity);
    let mark = standing.overview.standings.first().map(|only| only.sheet.mark(practice.activity));
    let waits = catalog.prerequisites(practice.activity).iter();
    let waits: Vec<_> =
        waits.filter(|needed| standing.practices.iter().any(|other| other.activity == **needed)).collect();
    let worth = standing.overview.measures.get(practice.activity.position()).and_then(|measure| measure.worth);
    html! {
        tr {
            th scope="row" {
                (activity_link(catalog, practice.activity, view.selection))
                @if let Some(home) = homes.get(practice.activity.position()) { br; small { (home.dimension.name) " · " (home.sub_dimension.name) } }
                @if !practice.is_asked { br; small { "above the target: others of the stage need it" } }
            }
            td.num data-name="Level" { (activity.level) }
            @if view.selection.scope.is_team() {
                td data-name="Status" { (mark.map_or("", |mark| mark_name(scale, mark))) }
                td.blockers data-name=[(!waits.is_empty()).then_some("Waits for")] {
                    @for (i, needed) in waits.into_iter().enumerate() { @if i > 0 { ", " } (activity_link(catalog, *needed, view.selection)) }
                }
            } @else {
                td.num data-name="Done" { (heat(worth.map(|worth| worth / 100.0))) }
                td data-name="Left at" { (left_at(view, standing, practice, &activity.id)) }
            }
            td.num data-name="Usefulness" { (activity.usefulness) }
            td.num data-name="Points left" { (practice.points) }
        }
    }
}

/// Who has a practice left: a few are named, and many are a list of their own.
fn left_at(view: &View, standing: &StageStanding, practice: &Practice, id: &ActivityId) -> Markup {
    let named = practice.teams.iter().filter_map(|place| standing.teams.get(*place));
    let filter = StageFilter { practice: Some(id.clone()), ..StageFilter::default() };
    html! {
        @if practice.teams.len() <= NAMED {
            @for (i, team) in named.enumerate() { @if i > 0 { ", " } (team_link(view, standing.number, team)) }
        } @else {
            a href=(filtered(view, standing.number, &filter).address()) { (practice.teams.len()) " of " (count(practice.applies, "team", "teams")) }
        }
    }
}

/// A team, leading to the same stage of it.
fn team_link(view: &View, number: StageNumber, team: &TeamAtStage) -> Markup {
    let of_team = Selection { scope: ScopeId::Team(team.team), ..view.selection };
    html! { a href=(address(&stage_path(number), of_team)) { (team.name) } }
}

/// The list of teams with all that a filter asks for.
fn filtered<'a>(view: &View, number: StageNumber, filter: &'a StageFilter) -> SortedList<'a, StageSort> {
    let arrival = filter.arrival.map(|arrival| ("show", arrival.name()));
    let text = filter.text.as_deref().map(|text| ("q", text));
    let practice = filter.practice.as_ref().map(|id| ("practice", id.0.as_str()));
    let all = arrival.into_iter().chain(text).chain(practice);
    let here = address(&stage_path(number), view.selection);
    let narrowed = all.fold(here, |address, (name, value)| with_parameter(&address, name, value));
    SortedList { narrowed, part: "#teams", sorting: &filter.sorting }
}

/// The teams that were asked for, a part of them.
fn teams(
    view: &View,
    catalog: &Catalog,
    roadmap: &Roadmap,
    standing: &StageStanding,
    filter: &StageFilter,
    part: usize,
) -> Markup {
    let found = filter.apply(standing);
    let part = Part::new(found.len(), PAGE, part);
    let shown: Vec<&&TeamAtStage> = part.of(&found);
    let here = address(&stage_path(standing.number), view.selection);
    let list = filtered(view, standing.number, filter);
    let practice = filter.practice.as_ref();
    let practice = practice.map(|id| catalog.find(id).map_or(id.0.as_str(), |index| &catalog.activity(index).name));
    let has_profiles = standing.teams.iter().any(|team| team.profile.is_some());
    html! {
        section.card #teams {
            h2 { "Which team has reached it" }
            p {
                (standing.reached()) " of " (count(standing.teams.len(), "team", "teams")) " reached it, each by its own targets."
                @if let Some(name) = practice { " " strong { "These have “" (name) "” left." } " " a href=(format!("{here}#teams")) { "Show all teams" } }
            }
            (narrow(view, standing.number, filter))
            @if shown.is_empty() {
                p { "No team is like that. " a href=(format!("{here}#teams")) { "Show all teams" } }
            } @else {
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                (list.head("Team", &StageSort::Team, Holds::Texts))
                                @if has_profiles { th scope="col" { "Targets" } }
                                (list.head("Works on", &StageSort::Present, Holds::Texts))
                                (list.head("To target", &StageSort::Target, Holds::Figures))
                                th scope="col" { "What holds it back" }
                                (list.head("Practices left", &StageSort::Left, Holds::Figures))
                                (list.head("Points left", &StageSort::Points, Holds::Figures))
                            }
                        }
                        tbody { @for team in &shown { (team_row(view, roadmap, standing, team, has_profiles)) } }
                    }
                }
            }
            (part.paging("Part", |number| list.part(number)))
        }
    }
}

/// The columns by which the teams can be sorted, with their names.
const COLUMNS: [(&str, StageSort); 5] = [
    ("Team", StageSort::Team),
    ("Works on", StageSort::Present),
    ("To target", StageSort::Target),
    ("Practices left", StageSort::Left),
    ("Points left", StageSort::Points),
];

/// Narrows the list of teams down.
fn narrow(view: &View, number: StageNumber, filter: &StageFilter) -> Markup {
    html! {
        form.picker method="get" action=(format!("{}#teams", stage_path(number))) {
            (layout::kept(view.selection))
            @if let Some(practice) = &filter.practice { input type="hidden" name="practice" value=(practice); }
            label {
                span { "Show" }
                select name="show" {
                    option value="" { "all teams" }
                    @for (word, arrival) in Arrival::NAMED {
                        option value=(word) selected[filter.arrival == Some(*arrival)] { @if *arrival == Arrival::Reached { "those that reached it" } @else { "those that have not" } }
                    }
                }
            }
            label { span { "Search" } input type="search" name="q" value=[filter.text.as_ref()] maxlength="100" size="16"; }
            (order_choice(&filter.sorting, COLUMNS))
            button { "Narrow down" }
        }
    }
}

fn team_row(
    view: &View,
    roadmap: &Roadmap,
    standing: &StageStanding,
    team: &TeamAtStage,
    has_profiles: bool,
) -> Markup {
    let present = team.present.and_then(|number| Some((number, roadmap.stage(number)?)));
    html! {
        tr {
            th scope="row" {
                (team_link(view, standing.number, team))
                @if team.assessed < standing.overview.period { " " small { "of " (team.assessed) } }
            }
            @if has_profiles { td data-name="Targets" { @match &team.profile { Some(name) => (name), None => span.quiet { "the organization's" } } } }
            td data-name="Works on" {
                @match present {
                    Some((number, stage)) => { span title=(stage.name) { "Stage " (number.0) } },
                    None => "all reached",
                }
                @if team.is_reached { " " span.state.done { "reached" } }
            }
            td.num data-name="To target" { (percent(team.to_target)) }
            td data-name="What holds it back" { (held_back(team)) }
            td.num data-name="Practices left" { (team.left) }
            td.num data-name="Points left" { (team.points) }
        }
    }
}

fn held_back(team: &TeamAtStage) -> Markup {
    html! {
        @match team.behind.as_slice() {
            [] if team.is_reached => span.quiet { "nothing" },
            [] => span.quiet { "an earlier stage" },
            behind => {
                @for (i, Behind { dimension, level, target }) in behind.iter().enumerate() {
                    @if i > 0 { "; " } (dimension) " " small { (level) " of " (target) }
                }
            },
        }
    }
}
