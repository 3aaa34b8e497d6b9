//! “Where does the transformation lead?”: the stages of a scope, what it does quarter by quarter, and when it will be there.

use maud::{Markup, PreEscaped, html};

use super::components::{count, nothing_yet, percent};
use super::downloads::{self, PlanFiles};
use super::layout::{self, Frame, address};
use super::plan::quarters_of;
use super::plan_calendar::{Calendar, calendar};
use super::plan_course;
use super::plan_dates;
use super::plans::plan_address;
use super::stages::stage_path;
use super::why;
use crate::charts::{self, Projected};
use crate::domain::fault::FieldFault;
use crate::domain::forecast::{Done, Forecast, NoForecast, StageForecast};
use crate::domain::period::Period;
use crate::domain::plan::Plan;
use crate::domain::plan::calendar::PlannedQuarter;
use crate::domain::plan::seen::{Followed, KeptPlan, MadePlan, Transformation};
use crate::domain::roadmap::stage::is_late;
use crate::domain::roadmap::{Roadmap, Stage, StageNumber, StageProgress};
use crate::domain::view::Seen;

const QUESTION: &str = "Where does the transformation lead?";

pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Transformation>, from: Option<Period>) -> Markup {
    let body = html! {
        (layout::picker(frame, &seen.view, &html! {}))
        @match &seen.content {
            None => (nothing_yet(&seen.view)),
            Some(transformation) => {
                (stages(frame, seen, transformation))
                (course(frame, seen, transformation, from))
                (forecast(&transformation.forecast, seen))
            }
        }
    };
    let action = html! {
        @if let Some(transformation) = &seen.content {
            @if transformation.followed.plan().is_some() { (PlanFiles { selection: seen.view.selection, kept: None }.whole()) }
        }
        a.button.quiet href=(address("/roadmap/stages", frame.selection)) { "Stages and targets" }
    };
    layout::page(frame, QUESTION, &action, &body)
}

fn stages(frame: &Frame<'_>, seen: &Seen<Transformation>, transformation: &Transformation) -> Markup {
    let present = transformation.stages.iter().find(|stage| !stage.is_reached).map(|stage| stage.number);
    let forecast = transformation.forecast.as_ref().as_ref().ok();
    let (now, plan) = (transformation.overview.period, transformation.followed.plan());
    html! {
        ol.lanes {
            @for progress in &transformation.stages {
                @if let Some(stage) = seen.roadmap.stage(progress.number) {
                    li.card aria-current=[(present == Some(progress.number)).then_some("step")] {
                        h2 { a href=(address(&stage_path(progress.number), frame.selection)) { (progress.number.0) ". " (stage.name) } }
                        p.stage-head {
                            @if progress.is_reached { span.state.submitted { "reached" } }
                            @else if present == Some(progress.number) { span.state.draft { "under way" } }
                            @else { span.state { "ahead" } }
                            @if is_overdue(stage, progress, plan, now) { " " span.state.late { "overdue" } }
                        }
                        p { (stage.goal) }
                        progress max="100" value=(format!("{:.0}", (progress.to_target * 100.0).floor())) aria-label="Percent to target" {}
                        p.quiet {
                            (percent(progress.to_target)) " to target; " (progress.done) " of " (count(progress.activities, "activity", "activities")) " fully implemented."
                            @if !progress.behind.is_empty() { " Behind: " (why::listed(&progress.behind)) "." }
                        }
                        (dates(stage, progress, transformation.followed.plan(), forecast.and_then(|forecast| of_stage(forecast, progress.number))))
                    }
                }
            }
        }
    }
}

/// Whether it was wished or planned by the end of a quarter that is over, and is not reached.
fn is_overdue(stage: &Stage, progress: &StageProgress, plan: Option<&Plan>, now: Period) -> bool {
    let planned = plan.and_then(|plan| plan.span(progress.number)).map(|(_, until)| until);
    is_late(stage, progress, now) || !progress.is_reached && planned.is_some_and(|until| until < now)
}

fn of_stage(forecast: &Forecast, number: StageNumber) -> Option<&StageForecast> {
    forecast.stages.iter().find(|stage| stage.number == number)
}

/// When it is wished, planned and likely.
fn dates(stage: &Stage, progress: &StageProgress, plan: Option<&Plan>, forecast: Option<&StageForecast>) -> Markup {
    let is_planned = plan.is_some();
    let planned = plan.and_then(|plan| plan.span(progress.number)).map(|(_, until)| until);
    let is_late = |date: Period| stage.wished.is_some_and(|wished| date > wished);
    html! {
        dl.dates {
            div { dt { "Wished by" } dd { @match stage.wished { Some(wished) => (wished), None => span.quiet { "no date" } } } }
            div {
                dt { "Planned by" }
                dd { @match planned { Some(until) => { (until) @if is_late(until) { " " span.state.late { "late" } } }, None if is_planned => span.quiet { "nothing left" }, None => span.quiet { "no plan" } } }
            }
            @if let Some(forecast) = forecast {
                div { dt { "Likely by" } dd { (likely(forecast)) } }
            }
        }
    }
}

/// By when a stage is done in 80 of 100 cases.
fn likely(forecast: &StageForecast) -> Markup {
    html! {
        @match forecast.done {
            Done::Already => span.quiet { "nothing left" },
            Done::By { eighty: Some(date), .. } => { (date) " " small { "(80 %)" } },
            Done::By { half: Some(date), .. } => { (date) " " small { "(50 %), 80 % beyond ten years" } },
            Done::By { .. } => "not within ten years",
        }
    }
}

fn course(
    frame: &Frame<'_>,
    seen: &Seen<Transformation>,
    transformation: &Transformation,
    from: Option<Period>,
) -> Markup {
    match &transformation.followed {
        Followed::Kept(kept) => of_kept(frame, kept, from),
        Followed::Proposed(made) => match made.as_ref() {
            Ok(made) => proposed(frame, seen, made, from),
            Err(faults) => not_proposed(frame, faults),
        },
    }
}

fn of_kept(frame: &Frame<'_>, kept: &KeptPlan, from: Option<Period>) -> Markup {
    let quarters = kept.version.plan.calendar(&kept.version.input);
    let here = address("/roadmap", frame.selection);
    html! {
        section.card #plan {
            div.card-head {
                h2 { "Plan “" a href=(address(&plan_address(kept.plan.id), frame.selection)) { (kept.plan.name) } "”" }
                span { "version " (kept.version.number) ", of " (kept.of.name) " " (workload_files(frame, &kept.version.plan)) }
            }
            @if let Some(progress) = &kept.progress {
                p.lead {
                    "Of " (count(progress.items, "planned practice", "planned practices")) ", counted for each team, " (progress.finished) " " @if progress.finished == 1 { "is" } @else { "are" } " done, "
                    strong { (progress.slipped.len()) " " @if progress.slipped.len() == 1 { "is" } @else { "are" } " late" }
                    " and " (progress.to_come()) " " @if progress.to_come() == 1 { "is" } @else { "are" } " due after " (progress.due) "."
                }
            }
            (work(&quarters, &kept.version.roadmap))
            @if let Some(course) = &kept.course {
                h3 { "Where it leads" }
                (plan_course::course(&[Projected { name: kept.plan.name.as_str(), trend: course }], &kept.version.roadmap, Some(PlanFiles { selection: frame.selection, kept: None })))
            }
            (quarters_of(kept, &quarters, frame.selection, from, &here))
        }
    }
}

fn proposed(frame: &Frame<'_>, seen: &Seen<Transformation>, made: &MadePlan, from: Option<Period>) -> Markup {
    let quarters = made.plan.calendar(&made.input);
    let here = address("/roadmap", frame.selection);
    html! {
        section.card #plan {
            div.card-head {
                h2 { "What Cairn proposes" }
                span { (workload_files(frame, &made.plan)) " " a.button href=(address("/roadmap/plans/new", frame.selection)) { "Change it and save it as a plan" } }
            }
            @if made.plan.end().is_none() { p { "Nothing is left to do in any stage." } }
            @else {
                p.explain {
                    "No plan is kept for " (seen.view.scope.name) " yet. This is what follows if every team goes on as it did in the past quarters, "
                    "from the next quarter on, and gets through all stages in ten years at the latest: stage by stage, inside a stage in the order that brings the most usefulness early."
                }
                (plan_dates::dates(plan_dates::Dates { made, catalog: &seen.catalog, selection: frame.selection }))
                (work(&quarters, &made.roadmap))
                h3 { "Where it leads" }
                (plan_course::course(&[Projected { name: "as proposed", trend: &made.course }], &made.roadmap, Some(PlanFiles { selection: frame.selection, kept: None })))
                (calendar(Calendar {
                    plan: &made.plan,
                    quarters: &quarters,
                    catalog: &seen.catalog,
                    roadmap: &made.roadmap,
                    selection: frame.selection,
                    from: from.unwrap_or(made.plan.start),
                    here: Some(&here),
                    kept: None,
                    beside: None,
                }))
            }
        }
    }
}

/// The work of each quarter as a picture.
pub(super) fn work(quarters: &[PlannedQuarter<'_>], roadmap: &Roadmap) -> Markup {
    html! {
        @if let Some(chart) = charts::workload(quarters, roadmap, "workload") {
            div.chart-scroll tabindex="0" role="region" aria-label="Work by quarter" { (PreEscaped(chart.svg())) }
        }
    }
}

/// The work by quarter as a picture, where there is any.
fn workload_files(frame: &Frame<'_>, plan: &Plan) -> Markup {
    let files = PlanFiles { selection: frame.selection, kept: None };
    html! { @if plan.end().is_some() { (files.picture("workload")) } }
}

fn not_proposed(frame: &Frame<'_>, faults: &[FieldFault]) -> Markup {
    html! {
        section.card {
            h2 { "No plan can be proposed" }
            ul { @for fault in faults { li { (fault.message) } } }
            p { a.button href=(address("/roadmap/plans/new", frame.selection)) { "Make a plan" } }
        }
    }
}

fn forecast(forecast: &Result<Forecast, NoForecast>, seen: &Seen<Transformation>) -> Markup {
    html! {
        section.card #forecast {
            header.card-head {
                h2 { "When will the stages be reached?" }
                @if forecast.is_ok() { (downloads::table("forecast", seen.view.selection)) }
            }
            @match forecast {
                Err(why) => p { "There is no forecast: " (why) "." },
                Ok(forecast) => {
                    p.explain {
                        "Drawn from what " (seen.view.scope.name) " did in its own past quarters, "
                        (count(forecast.steps.len(), "step", "steps")) " from one to the next, over and over: in half of all ways, in 80 of 100 and in 95 of 100 "
                        "a stage is done by these dates. Each team goes on as it did in the quarter drawn, stage by stage, and does no work "
                        "of another: a stage is done when the last team has done it. It knows nothing of what is planned."
                    }
                    div.table-wrap {
                        table.stack {
                            thead {
                                tr {
                                    th scope="col" { "Stage" }
                                    th.num scope="col" { "Points left" }
                                    th scope="col" { "50 %" }
                                    th scope="col" { "80 %" }
                                    th scope="col" { "95 %" }
                                }
                            }
                            tbody {
                                @for stage in &forecast.stages {
                                    tr {
                                        th scope="row" { (stage.number.0) ". " (seen.roadmap.stage(stage.number).map_or("", |stage| &stage.name)) }
                                        td.num data-name="Points left" { (stage.left) }
                                        @for (likelihood, date) in stage.dates() {
                                            td data-name={ (likelihood) " %" } {
                                                @match (stage.done, date) {
                                                    (Done::Already, _) => span.quiet { "done" },
                                                    (_, Some(date)) => (date),
                                                    (_, None) => "beyond ten years",
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    div.charts {
                        @for (number, chart) in forecast.open().zip(charts::forecast(forecast, &seen.roadmap, "forecast")) {
                            figure.chart {
                                (PreEscaped(chart.svg()))
                                figcaption { (downloads::forecast(number, seen.view.selection)) }
                            }
                        }
                    }
                    @if forecast.open().next().is_some() {
                        p.actions { "What will be left, quarter by quarter: " (downloads::table("forecast-fan", seen.view.selection)) }
                    }
                    (check(forecast))
                }
            }
        }
    }
}

/// What the forecast would have been worth in the past.
fn check(forecast: &Forecast) -> Markup {
    html! {
        @match &forecast.check {
            None => p.explain { "How good such forecasts are here cannot be told yet: there are too few quarters to try them on." },
            Some(check) => {
                @let [half, eighty, ninety_five] = check.all.shares();
                p.explain {
                    "Tried on the past: of " (count(check.all.cases, "case", "cases")) " that " (count(check.forecasts, "forecast", "forecasts"))
                    " from past quarters looked at, one to four quarters ahead, what happened lay in the range of 50 % in " (percent(half))
                    ", in that of 80 % in " (percent(eighty)) " and in that of 95 % in " (percent(ninety_five))
                    "; the median was off by " (percent(check.all.median_error)) " of what was left then, in the middle case."
                }
            }
        }
    }
}
