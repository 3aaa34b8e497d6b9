//! Besides what management sees: all parts of the model, all teams, and what is missing.

use maud::{Markup, PreEscaped, html};

use super::Paper;
use crate::charts;
use crate::domain::attribution::ScoreMove;
use crate::domain::catalog::{Level, MAX_LEVEL};
use crate::domain::organization::ScopeId;
use crate::domain::report::{Details, NotApplicable, OpenActivity, TeamCard};
use crate::domain::scoring::{Score, Scorecard, Scored};
use crate::domain::spread::SpreadPoint;
use crate::domain::view::Selection;
use crate::web::views::components::{activity_link, answered, count, level, moved, percent, score};
use crate::web::views::layout::{address, with_parameter};

/// How many open activities are listed.
const OPEN: usize = 250;
/// Of how many activities it is told why they do not apply.
const NOT_APPLICABLE: usize = 250;

/// The sections.
pub(super) fn sections(paper: &Paper<'_>, details: &Details) -> Markup {
    html! {
        (parts(paper))
        (waterfalls(paper))
        (heatmap(paper))
        @if !paper.is_one_team() { (teams(paper, details)) }
        (open(paper, &details.open))
        (not_applicable(paper, &details.not_applicable))
    }
}

/// All sub-dimensions, each level with how far it is.
fn parts(paper: &Paper<'_>) -> Markup {
    let before = paper.report.before.as_ref();
    let earlier = |dimension: &str, sub: Option<&str>| -> Option<f64> {
        let found = before?.scorecard.dimensions.iter().find(|other| other.total.name == dimension)?;
        let scored = match sub {
            None => &found.total,
            Some(name) => found.sub_dimensions.iter().find(|other| other.name == name)?,
        };
        Some(scored.score.score)
    };
    html! {
        section.begins-page {
            h2 { "All parts of the model" }
            p.explain { "How far each level is, in percent of what applies on it. A level is reached when it and all below it are complete enough." }
            div.table-wrap {
                table.stack.parts {
                    thead {
                        tr {
                            th scope="col" { "Dimension and sub-dimension" }
                            th.num scope="col" { "Level" }
                            @for level in 1..=MAX_LEVEL { th.num scope="col" { "L" (level) } }
                            th.num scope="col" { "Score" }
                            @if before.is_some() { th.num scope="col" { "Change" } }
                            th.num scope="col" { @if paper.is_one_team() { "Answered" } @else { "Answered by all" } }
                        }
                    }
                    @for dimension in &paper.report.overview.scorecard.dimensions {
                        @let name = &dimension.total.name;
                        tbody {
                            tr.dimension { (part(&dimension.total, before.is_some(), earlier(name, None))) }
                            @for sub in &dimension.sub_dimensions {
                                tr { (part(sub, before.is_some(), earlier(name, Some(&sub.name)))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn part(scored: &Scored, compared: bool, earlier: Option<f64>) -> Markup {
    let now = &scored.score;
    html! {
        th scope="row" { (scored.name) }
        td.num data-name="Level" { (level(now.level)) }
        @for level in 1..=MAX_LEVEL { td.num data-name=(format!("L{level}")) { (completion(now, level)) } }
        td.num data-name="Score" { (score(now.score)) }
        @if compared { td.num data-name="Change" { @match earlier { Some(earlier) => (moved(now.score, earlier)), None => span.quiet { "new" } } } }
        td.num data-name="Answered" { (answered(now)) }
    }
}

/// How far a level is; a dash where nothing applies.
fn completion(score: &Score, level: Level) -> Markup {
    let found = score.levels.iter().find(|found| found.level == level);
    html! { @match found { Some(found) => (percent(found.completion)), None => span.quiet { "—" } } }
}

fn heatmap(paper: &Paper<'_>) -> Markup {
    let (overview, dimensions) = (&paper.report.overview, paper.catalog.dimensions());
    let link = |dimension: usize, _: usize, level: Level| {
        let all = address("/catalog", paper.selection);
        let name = dimensions.get(dimension).map_or("", |dimension| &dimension.name);
        with_parameter(&with_parameter(&all, "dimension", name), "level", &level.to_string())
    };
    let chart = charts::heatmap(
        paper.catalog,
        &overview.scorecard,
        &overview.measures,
        &link,
        &paper.view.scope.name,
        "report-heatmap",
    );
    html! {
        section.whole {
            h2 { "Heatmap" }
            p.explain { "The sub-dimensions stand around, the levels go from the inside outwards; the darker, the further. The table above has the figures." }
            figure.chart.wheel { (PreEscaped(chart.svg())) }
        }
    }
}

/// What moved the score of the whole and of each dimension.
fn waterfalls(paper: &Paper<'_>) -> Markup {
    let Some(attribution) = &paper.report.attribution else { return html! {} };
    let chart = |(i, moved): (usize, &ScoreMove)| {
        let id = format!("report-waterfall-{i}");
        let name = if moved.name == Scorecard::OVERALL { "Overall" } else { &moved.name };
        Some((name.to_owned(), charts::waterfall(attribution, &moved.name, &paper.view.scope.name, &id)?))
    };
    let charts: Vec<_> = attribution.moves.iter().enumerate().filter_map(chart).collect();
    html! {
        @if !charts.is_empty() {
            section {
                h2 { "What moved the scores" }
                p.explain { "From " (attribution.from) " to " (attribution.to) ". What each cause contributed sums to the change." }
                div.report-charts { @for (name, chart) in &charts { div { h3 { (name) } figure.chart { (PreEscaped(chart.svg())) } } } }
            }
        }
    }
}

/// The teams with their levels in each dimension.
fn teams(paper: &Paper<'_>, details: &Details) -> Markup {
    let Details { teams, teams_left_out, spread, .. } = details;
    let dimensions = &paper.report.overview.scorecard.dimensions;
    html! {
        section {
            h2 { "Teams by dimension" }
            (spread_table(spread))
            @if *teams_left_out > 0 {
                p.explain {
                    "Of " (teams.len() + teams_left_out) " teams the " (teams.len()) " with the lowest scores are listed; the other "
                    (teams_left_out) " are in the figures above. Reports of groups have more of them."
                }
            }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Team" }
                            th.num scope="col" { "Level" }
                            th.num scope="col" { "Score" }
                            @for dimension in dimensions { th.num.wrap scope="col" { (dimension.total.name) } }
                            th.num.wrap scope="col" { "Unanswered" }
                            th.num.wrap scope="col" { "Not applicable" }
                            th scope="col" { "Assessed" }
                        }
                    }
                    tbody { @for card in teams { (team_row(paper, card)) } }
                }
            }
        }
    }
}

fn team_row(paper: &Paper<'_>, card: &TeamCard) -> Markup {
    let team = Selection { scope: ScopeId::Team(card.team), ..paper.selection };
    html! {
        tr {
            th scope="row" { a href=(address("/", team)) { (card.name) } }
            td.num data-name="Level" { (level(card.scorecard.overall.score.level)) }
            td.num data-name="Score" { (score(card.scorecard.overall.score.score)) }
            @for dimension in &card.scorecard.dimensions { td.num data-name=(dimension.total.name) { (level(dimension.total.score.level)) } }
            td.num data-name="Unanswered" { (card.unanswered) }
            td.num data-name="Not applicable" { (card.not_applicable) }
            td data-name="Assessed" { (card.assessed) @if card.assessed < paper.period() { " " span.state.draft { "carried" } } }
        }
    }
}

fn spread_table(spread: &[SpreadPoint]) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "How many teams are at level" }
                        @for level in 0..=MAX_LEVEL { th.num scope="col" { (level) } }
                        th.num scope="col" { "Lowest score" }
                        th.num scope="col" { "Median" }
                        th.num scope="col" { "Highest" }
                    }
                }
                tbody {
                    @for point in spread {
                        tr {
                            th scope="row" { @if point.dimension == Scorecard::OVERALL { "Overall" } @else { (point.dimension) } }
                            @for (level, teams) in (0..=MAX_LEVEL).zip(point.teams_at) {
                                td.num data-name=(format!("Level {level}")) { @if teams == 0 { span.quiet { "0" } } @else { (teams) } }
                            }
                            td.num data-name="Lowest" { (score(point.scores.least)) }
                            td.num data-name="Median" { (score(point.scores.median)) }
                            td.num data-name="Highest" { (score(point.scores.greatest)) }
                        }
                    }
                }
            }
        }
    }
}

/// What is missing of the stages up to the present one.
fn open(paper: &Paper<'_>, open: &[OpenActivity]) -> Markup {
    let stages = match paper.report.present {
        Some(number) if number.0 == 1 => "stage 1".to_owned(),
        Some(number) => format!("the stages 1 to {}", number.0),
        None => "all stages".to_owned(),
    };
    let one_team = paper.is_one_team();
    html! {
        section {
            h2 { "What is missing" }
            @if open.is_empty() {
                p { "Nothing of " (stages) " is missing." }
            } @else {
                p.explain {
                    (count(open.len(), "activity", "activities")) " of " (stages) " " @if open.len() == 1 { "is" } @else { "are" }
                    " not fully implemented"
                    @if !one_team { " by every team to which they apply; teams are named where they are few" }
                    ". The most useful for their effort come first. What belongs to later stages is left out."
                }
                @if open.len() > OPEN { p.quiet { "The first " (OPEN) " are listed; the other " (open.len() - OPEN) " are in the export of gaps." } }
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Activity" }
                                th.num scope="col" { "Level" }
                                th.num scope="col" { "Stage" }
                                @if one_team { th scope="col" { "Answer" } } @else {
                                    th scope="col" { "Missing in" }
                                    th.num scope="col" { "Unanswered" }
                                }
                                th.num scope="col" { "Progress" }
                                th.num scope="col" { "Effort" }
                                th.num scope="col" { "Usefulness" }
                            }
                        }
                        tbody { @for open in open.iter().take(OPEN) { (open_row(paper, open)) } }
                    }
                }
            }
        }
    }
}

fn open_row(paper: &Paper<'_>, open: &OpenActivity) -> Markup {
    let activity = paper.catalog.activity(open.activity);
    let home = paper.catalog.home(open.activity);
    html! {
        tr {
            th scope="row" {
                (activity_link(paper.catalog, open.activity, paper.selection))
                @if let Some(home) = home { br; small { (home.dimension.name) " · " (home.sub_dimension.name) } }
            }
            td.num data-name="Level" { (activity.level) }
            td.num data-name="Stage" { (open.stage.0) }
            @if paper.is_one_team() {
                td data-name="Answer" { @if open.unanswered > 0 { "Unanswered" } @else { (paper.step(open.progress)) } }
            } @else {
                td data-name="Missing in" { (open.teams.count) " of " (open.applies) @if !open.teams.named.is_empty() { br; small { (open.teams.named.join(", ")) } } }
                td.num data-name="Unanswered" { (open.unanswered) }
            }
            td.num data-name="Progress" { (percent(open.progress)) }
            td.num data-name="Effort" { (activity.difficulty.effort()) }
            td.num data-name="Usefulness" { (activity.usefulness) }
        }
    }
}

fn not_applicable(paper: &Paper<'_>, all: &[NotApplicable]) -> Markup {
    html! {
        section {
            h2 { "What does not apply, and why" }
            @if all.is_empty() {
                p { "Nothing: every activity of the model applies to everybody." }
            } @else {
                p.explain { "What does not apply is left out of the scores. The reasons are those of the teams; nobody has judged them here." }
                @if all.len() > NOT_APPLICABLE { p.quiet { "The first " (NOT_APPLICABLE) " of " (all.len()) " activities." } }
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Activity" }
                                th.num scope="col" { "Level" }
                                @if !paper.is_one_team() { th.num scope="col" { "Teams" } }
                                th scope="col" { "Reason" }
                            }
                        }
                        tbody {
                            @for entry in all.iter().take(NOT_APPLICABLE) {
                                tr {
                                    th scope="row" { (activity_link(paper.catalog, entry.activity, paper.selection)) }
                                    td.num data-name="Level" { (paper.catalog.activity(entry.activity).level) }
                                    @if !paper.is_one_team() { td.num data-name="Teams" { (entry.teams) } }
                                    td data-name="Reason" { (reasons(paper, entry)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn reasons(paper: &Paper<'_>, entry: &NotApplicable) -> Markup {
    html! {
        @for (reason, teams) in &entry.reasons {
            p.note-cell { (super::shortened(reason)) @if !paper.is_one_team() { " " small { "(" (paper.teams(teams)) ")" } } }
        }
        @if entry.more > 0 { p.quiet { "and " (count(entry.more, "other reason", "other reasons")) } }
    }
}
