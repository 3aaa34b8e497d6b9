//! How far a kept plan is: what was planned, what was done, what slipped.

use maud::{Markup, PreEscaped, html};

use super::components::{count, percent, score};
use super::downloads::PlanFiles;
use super::layout::{address, encoded};
use crate::charts;
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::organization::ScopeId;
use crate::domain::period::Period;
use crate::domain::plan::progress::{LeftOut, PlanProgress, StageMeasure};
use crate::domain::roadmap::Roadmap;
use crate::domain::view::Selection;

/// How many slipped practices and teams are listed.
const LISTED: usize = 20;

/// Everything that is measured.
pub(super) fn progress(
    progress: &PlanProgress,
    start: Period,
    catalog: &Catalog,
    roadmap: &Roadmap,
    files: PlanFiles,
) -> Markup {
    html! {
        @if progress.due < start { p.lead { "The plan begins in " (start) "; nothing is due yet." } }
        (figures(progress))
        @if let Some(chart) = charts::burn_up(progress, "burn-up") {
            div.chart-scroll tabindex="0" role="region" aria-label="Planned and done" { (PreEscaped(chart.svg())) }
        }
        (stages(&progress.stages, roadmap, files))
        (slipped(progress, catalog, files))
        @if progress.teams.len() > 1 { (teams(progress, files)) }
    }
}

fn figures(progress: &PlanProgress) -> Markup {
    let (done, due) = (progress.done_share(), progress.due_share());
    html! {
        dl.figures {
            div {
                dt { "Done of the plan" }
                dd { (percent(done)) }
                dd.note { (format!("{:.1}", progress.done)) " of " (progress.planned) " points" }
            }
            div {
                dt { "Planned by the end of " (progress.due) }
                dd { (percent(due)) }
                dd.note { (progress.planned_to_date) " points" }
            }
            div {
                dt { "Slipped" }
                dd { (progress.slipped.len()) }
                dd.note { (count(progress.slipped.len(), "practice is", "practices are")) " late" }
            }
            div {
                dt { "Ahead" }
                dd { (progress.ahead.len()) }
                dd.note { (count(progress.ahead.len(), "practice is", "practices are")) " done before their time" }
            }
        }
        (left_out(&progress.left_out))
    }
}

/// What is not counted, so that nobody misses it.
fn left_out(left_out: &LeftOut) -> Markup {
    let all = left_out.not_applicable + left_out.gone + left_out.of_other_teams;
    html! {
        @if all > 0 {
            p.explain {
                "Not counted: " (count(all, "planned practice", "planned practices")) " of " (left_out.points) " points, "
                (left_out.not_applicable) " not applicable any more, " (left_out.gone) " no longer in the catalog, "
                (left_out.of_other_teams) " of teams that are not assessed here now."
            }
        }
    }
}

/// Percent to target and progress to date, by stage and dimension.
fn stages(stages: &[StageMeasure], roadmap: &Roadmap, files: PlanFiles) -> Markup {
    let to_date = |share: Option<f64>| share.map_or_else(|| "—".to_owned(), percent);
    html! {
        header.card-head { h3 { "Stages and dimensions" } (files.table("plan-progress")) }
        p.explain {
            "Percent to target: how much of the way from nothing to the target is gone. Progress to date: how much of the way from where the plan began; "
            "a dash stands where the target was reached then already."
        }
        @for measure in stages {
            @let name = roadmap.stage(measure.number).map_or("", |stage| &stage.name);
            details.stage-measure open[measure.to_target < 1.0 && stages.iter().take_while(|other| other.number < measure.number).all(|other| other.to_target >= 1.0)] {
                summary { strong { (measure.number.0) ". " (name) } ": " (percent(measure.to_target)) " to target, " (to_date(measure.to_date)) " to date" }
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Dimension" }
                                th.num scope="col" { "At the start" }
                                th.num scope="col" { "Now" }
                                th.num scope="col" { "Target" }
                                th.num scope="col" { "To target" }
                                th.num scope="col" { "To date" }
                            }
                        }
                        tbody {
                            @for dimension in &measure.dimensions {
                                tr {
                                    th scope="row" { (dimension.dimension) }
                                    td.num data-name="At the start" { @match dimension.baseline { Some(baseline) => (score(baseline)), None => "—" } }
                                    td.num data-name="Now" { (score(dimension.current)) }
                                    td.num data-name="Target" { (dimension.target) }
                                    td.num data-name="To target" { (percent(dimension.to_target)) }
                                    td.num data-name="To date" { (to_date(dimension.to_date)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn slipped(progress: &PlanProgress, catalog: &Catalog, files: PlanFiles) -> Markup {
    let name = |id: &ActivityId| catalog.find(id).map_or(id.0.clone(), |index| catalog.activity(index).name.clone());
    html! {
        header.card-head {
            h3 { "What slipped" }
            @if !progress.slipped.is_empty() { (files.table("slipped")) }
        }
        @if progress.slipped.is_empty() { p { "Nothing that was planned to be finished by the end of " (progress.due) " is open." } }
        @else {
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Practice" }
                            th scope="col" { "Team" }
                            th scope="col" { "Planned" }
                            th.num scope="col" { "Quarters late" }
                            th.num scope="col" { "Points left" }
                        }
                    }
                    tbody {
                        @for slipped in progress.slipped.iter().take(LISTED) {
                            tr {
                                th scope="row" { a href=(address(&format!("/catalog/{}", encoded(&slipped.activity.0)), files.selection)) { (name(&slipped.activity)) } }
                                td data-name="Team" { (slipped.team_name) }
                                td data-name="Planned" { (slipped.until) }
                                td.num data-name="Quarters late" { (slipped.late) }
                                td.num data-name="Points left" { (slipped.left) }
                            }
                        }
                    }
                }
            }
            @if progress.slipped.len() > LISTED { p.quiet { "and " (count(progress.slipped.len() - LISTED, "other", "others")) "." } }
        }
    }
}

/// The teams, those first that are furthest behind.
fn teams(progress: &PlanProgress, files: PlanFiles) -> Markup {
    html! {
        details open[progress.teams.len() <= LISTED] {
            summary { "Team by team" }
            p { (files.table("plan-teams")) }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Team" }
                            th.num scope="col" { "Points done" }
                            th.num scope="col" { "Planned by now" }
                            th.num scope="col" { "In all" }
                            th.num scope="col" { "Slipped" }
                        }
                    }
                    tbody {
                        @for team in progress.teams.iter().take(LISTED) {
                            tr {
                                th scope="row" { a href=(address("/roadmap", Selection { scope: ScopeId::Team(team.team), ..files.selection })) { (team.name) } }
                                td.num data-name="Points done" { (format!("{:.1}", team.done)) }
                                td.num data-name="Planned by now" { (team.planned_to_date) }
                                td.num data-name="In all" { (team.planned) }
                                td.num data-name="Slipped" { (team.slipped) }
                            }
                        }
                    }
                }
            }
            @if progress.teams.len() > LISTED { p.quiet { "The " (LISTED) " that are furthest behind, of " (progress.teams.len()) "." } }
        }
    }
}
