//! What whoever decides has to know, on a page or two.

use maud::{Markup, PreEscaped, html};

use super::Paper;
use crate::charts;
use crate::domain::freshness::Freshness;
use crate::domain::gap::NextStep;
use crate::domain::roadmap::Stage;
use crate::domain::scoring::{Score, Scorecard, Scored};
use crate::domain::threat_model::listing::ThreatFigures;
use crate::web::views::components::{activity_link, calendar_day, count, ladder, level, moved, percent, score};
use crate::web::views::threat_model::model_address;
use crate::web::views::{pictures, threat_models, why};

/// How many next steps are told.
const STEPS: usize = 5;
/// How many answers that go stale are told.
const AGEING: usize = 3;
/// How many threat models that are to be looked at again are told.
const REVIEWS: usize = 10;

/// The sections.
pub(super) fn sections(paper: &Paper<'_>) -> Markup {
    let report = paper.report;
    html! {
        (figures(paper))
        section.report-pair {
            div {
                h2 { "Level and score by dimension" }
                (dimensions(paper))
                @if let Some((number, stage)) = present(paper) { p.quiet { "The target is the level that stage " (number) ", " (stage.name) ", wants." } }
            }
            figure.chart { (radar(paper)) }
        }
        section.report-pair {
            div {
                h2 { "What changed and why" }
                @match &report.attribution {
                    Some(attribution) => (why::changed(attribution, paper.catalog, paper.selection)),
                    None => p { "This is the first quarter with an assessment, so there is nothing to compare with yet." },
                }
            }
            @if let Some(chart) = charts::trend(&report.trend, paper.roadmap, "report-trend").first() {
                figure.chart { (PreEscaped(chart.svg())) }
            }
        }
        @if let Some(balance) = &report.balance {
            @let before = report.balance_before.as_ref().zip(report.before.as_ref()).map(|(balance, before)| (balance, before.period));
            section.report-pair {
                div { h2 { "Do people keep up with tools?" } (why::balance(balance, before)) }
                figure.chart { (PreEscaped(charts::balance(balance, before, &paper.view.scope.name, "report-balance").svg())) }
            }
        }
        (threats(paper))
        (stages(paper))
        (steps(paper))
        (stale(paper, &report.freshness))
    }
}

/// The whole in a few figures.
fn figures(paper: &Paper<'_>) -> Markup {
    let now = &paper.report.overview.scorecard.overall.score;
    let before = paper.report.before.as_ref().map(|before| (&before.scorecard.overall.score, before.period));
    html! {
        dl.figures {
            div {
                dt { "Level" }
                dd { (level(now.level)) " " small { "of " (now.ceiling) } }
                @if let Some((before, period)) = before { dd.note { (before.level) " in " (period) } }
            }
            div {
                dt { "Score" }
                dd { (score(now.score)) @if let Some((before, _)) = before { " " (moved(now.score, before.score)) } }
                @if let Some((before, period)) = before { dd.note { (score(before.score)) " in " (period) } }
            }
            div {
                dt { "Completion" }
                dd { (percent(now.completion)) }
                @if let Some((before, period)) = before { dd.note { (percent(before.completion)) " in " (period) } }
            }
            div {
                dt { "With not applicable as 0" }
                dd { (score(now.score_with_not_applicable_as_zero)) }
                dd.note { "the score if nothing were left out" }
            }
        }
    }
}

/// The stage that is worked on.
fn present<'a>(paper: &Paper<'a>) -> Option<(usize, &'a Stage)> {
    let number = paper.report.present?;
    Some((number.0, paper.roadmap.stage(number)?))
}

fn dimensions(paper: &Paper<'_>) -> Markup {
    let report = paper.report;
    let present = present(paper);
    let before = |name: &str| -> Option<&Score> {
        let mut dimensions = report.before.as_ref()?.scorecard.dimensions.iter();
        dimensions.find(|dimension| dimension.total.name == name).map(|dimension| &dimension.total.score)
    };
    let row = |scored: &Scored, before: Option<&Score>, target: Option<u8>| {
        let now = &scored.score;
        html! {
            th scope="row" { @if scored.name == Scorecard::OVERALL { "Overall" } @else { (scored.name) } }
            td.num data-name="Level" {
                (level(now.level))
                @if let Some(before) = before.filter(|before| before.level != now.level) { " " small { "was " (before.level) } }
            }
            @if present.is_some() { td.num data-name="Target" { @if let Some(target) = target { (target) } } }
            td.ladder-cell { (ladder(now)) }
            td.num data-name="Score" { (score(now.score)) }
            td.num data-name="Change" { @match before { Some(before) => (moved(now.score, before.score)), None => span.quiet { "—" } } }
        }
    };
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Dimension" }
                        th.num scope="col" { "Level" }
                        @if let Some((number, stage)) = present { th.num scope="col" { "Target" span.visually-hidden { " of stage " (number) ", " (stage.name) } } }
                        th scope="col" { "Levels 1–5" }
                        th.num scope="col" { "Score" }
                        th.num scope="col" { "Change" }
                    }
                }
                tbody {
                    @for dimension in &report.overview.scorecard.dimensions {
                        @let name = &dimension.total.name;
                        tr { (row(&dimension.total, before(name), present.map(|(_, stage)| stage.target(name)))) }
                    }
                }
                tbody {
                    tr.total { (row(&report.overview.scorecard.overall, report.before.as_ref().map(|before| &before.scorecard.overall.score), None)) }
                }
            }
        }
    }
}

fn radar(paper: &Paper<'_>) -> Markup {
    let report = paper.report;
    let chart = pictures::radar(&report.overview, report.before.as_deref(), paper.roadmap, "report-radar");
    html! { (PreEscaped(chart.svg())) }
}

fn stages(paper: &Paper<'_>) -> Markup {
    html! {
        section.whole {
            h2 { "How far the stages are" }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Stage" }
                            th.num scope="col" { "Fully done" }
                            th.num scope="col" { "Completion" }
                            th.num scope="col" { "To target" }
                            th scope="col" { "State" }
                        }
                    }
                    tbody {
                        @for progress in &paper.report.stages {
                            tr {
                                th scope="row" { (progress.number.0) ". " (paper.roadmap.stage(progress.number).map_or("", |stage| &stage.name)) }
                                td.num data-name="Fully done" { (progress.done) " of " (progress.activities) }
                                td.num data-name="Completion" { (percent(progress.completion)) }
                                td.num data-name="To target" { (percent(progress.to_target)) }
                                td {
                                    @if progress.is_reached { span.state.done { "reached" } }
                                    @else if paper.report.present == Some(progress.number) { span.state.draft { "under way" } " " small { "behind in " (why::listed(&progress.behind)) } }
                                    @else if progress.behind.is_empty() { "its targets are met, an earlier stage is open" }
                                    @else { small { "behind in " (why::listed(&progress.behind)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn steps(paper: &Paper<'_>) -> Markup {
    let next = paper.report.next.as_ref();
    html! {
        section.whole {
            h2 { "The most valuable next steps" }
            @match next {
                None => p { "Nothing is missing: everything that applies is fully implemented." },
                Some(next) => {
                    p.explain {
                        @match next.stage.and_then(|number| Some((number.0, paper.roadmap.stage(number)?))) {
                            Some((number, stage)) => { "Stage " (number) ", " (stage.name) ", has " (count(next.left, "gap", "gaps")) " left, of " (next.gaps) " in all. " },
                            None => { "All stages are done; " (count(next.gaps, "gap lies", "gaps lie")) " beyond. " },
                        }
                        "These wait for nothing else and bring most for their effort."
                    }
                    div.table-wrap {
                        table.stack {
                            thead {
                                tr {
                                    th scope="col" { "Activity" }
                                    th scope="col" { "Dimension" }
                                    th.num scope="col" { "Level" }
                                    @if !paper.is_one_team() { th.num scope="col" { "Teams" } }
                                    th.num scope="col" { "Effort" }
                                    th.num scope="col" { "Usefulness" }
                                }
                            }
                            tbody { @for step in next.steps.iter().take(STEPS) { (step_row(paper, step)) } }
                        }
                    }
                }
            }
        }
    }
}

fn step_row(paper: &Paper<'_>, step: &NextStep) -> Markup {
    let activity = paper.catalog.activity(step.activity);
    html! {
        tr {
            th scope="row" { (activity_link(paper.catalog, step.activity, paper.selection)) }
            td data-name="Dimension" { (paper.catalog.home(step.activity).map_or("", |home| &home.dimension.name)) }
            td.num data-name="Level" { (activity.level) }
            @if !paper.is_one_team() { td.num data-name="Teams" { (step.teams.len()) } }
            td.num data-name="Effort" { (activity.difficulty.effort()) " of 15" }
            td.num data-name="Usefulness" { (activity.usefulness) " of 5" }
        }
    }
}

fn stale(paper: &Paper<'_>, freshness: &Freshness) -> Markup {
    let Freshness { now, without_stale, stale, going, claims, supported, .. } = freshness;
    let ageing: Vec<_> =
        stale.iter().map(|answer| (answer, true)).chain(going.iter().map(|answer| (answer, false))).collect();
    html! {
        section.whole {
            h2 { "What goes stale" }
            p {
                (supported) " of " (count(*claims, "answer that says", "answers that say")) " something is done have valid evidence. "
                @if stale.is_empty() { "None rests on evidence that has expired. " } @else {
                    (count(stale.len(), "answer rests", "answers rest")) " on evidence that has expired; without them the score would be "
                    (score(without_stale.overall.score.score)) " instead of " (score(now.overall.score.score))
                    " and the level " (without_stale.overall.score.level) ". "
                }
                @if going.is_empty() { "None goes stale within 30 days." } @else { (count(going.len(), "goes", "go")) " stale within 30 days." }
            }
            @if !ageing.is_empty() {
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Activity" }
                                @if !paper.is_one_team() { th scope="col" { "Team" } }
                                th scope="col" { "Evidence" }
                            }
                        }
                        tbody {
                            @for (answer, is_stale) in ageing.iter().take(AGEING) {
                                tr {
                                    th scope="row" { (activity_link(paper.catalog, answer.activity, paper.selection)) }
                                    @if !paper.is_one_team() { td data-name="Team" { (answer.team_name) } }
                                    td data-name="Evidence" { @if *is_stale { "expired on " } @else { "expires on " } (calendar_day(answer.expires_on)) }
                                }
                            }
                        }
                    }
                }
                @if ageing.len() > AGEING { p.quiet { "And " (count(ageing.len() - AGEING, "other answer", "other answers")) "." } }
            }
        }
    }
}

/// Who knows what could go wrong, and which models are to be looked at again.
fn threats(paper: &Paper<'_>) -> Markup {
    let ThreatFigures { portfolio, overdue } = &paper.report.threat_models;
    html! {
        section.whole {
            (threat_models::summary(portfolio))
            @if !overdue.is_empty() {
                p {
                    "Models to be looked at again: "
                    @for (i, row) in overdue.iter().take(REVIEWS).enumerate() {
                        @if i > 0 { "; " }
                        a href=(model_address(row.id())) { (row.title()) }
                        @if !paper.is_one_team() { " of " (row.team) }
                        @if let Some(since) = row.due() { " since " (calendar_day(since)) }
                    }
                    @if overdue.len() > REVIEWS { "; and " (count(overdue.len() - REVIEWS, "other", "others")) }
                    "."
                }
            }
        }
    }
}
