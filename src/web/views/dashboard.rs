//! “Where do we stand?”: levels, scores and what holds them back; what is next; how it developed.

use maud::{Markup, PreEscaped, html};

use super::components::{
    activity_link, answered, blockers, count, ladder, level, moved, nothing_yet, percent, reminders, score,
};
use super::gaps::gaps_address;
use super::layout::{self, Frame, address, scope_word, with_parameter};
use super::stages::stage_path;
use super::{downloads, pictures, threat_models, why};
use crate::charts;
use crate::domain::access::Action;
use crate::domain::answer::Assessment;
use crate::domain::catalog::Catalog;
use crate::domain::gap::{NextStep, NextSteps};
use crate::domain::organization::ScopeId;
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageProgress};
use crate::domain::scoring::{Scorecard, Scored};
use crate::domain::standing::{Overview, Standing, TrendPoint};
use crate::domain::view::{Dashboard, Seen, Selection, View};

/// How many next steps the dashboard shows.
const STEPS: usize = 8;
/// Up to how many teams are named.
const NAMED: usize = 20;

/// The page. `drafts` are the assessments of the present quarter that are under way in the scope; `submitted`: one
/// was handed in just now.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &Seen<Dashboard>,
    drafts: &[Assessment],
    submitted: bool,
) -> Markup {
    let Seen { view, catalog, roadmap, content, .. } = seen;
    // Until something is submitted anywhere, the page says how to get there.
    let is_first = view.periods.is_empty();
    let body = html! {
        @if !view.teams.is_empty() { (layout::picker(frame, view, &html! {})) }
        @match content {
            None if is_first => (first_visit(frame, view, catalog, drafts)),
            None => (nothing_yet(view)),
            Some(dashboard) => {
                @if submitted { (receipt(frame, view, &dashboard.overview)) }
                (filled(frame, view, catalog, dashboard, roadmap))
            },
        }
    };
    let action = html! {
        @if content.is_some() {
            a.button.quiet href=(address("/report", view.selection)) { "Report" }
        }
        @if !is_first { (assess(frame, view, drafts)) }
    };
    layout::page(frame, "Where do we stand?", &action, &body)
}

/// The way to the assessment of a team that is under way, or to those of all teams of the scope.
fn assess(frame: &Frame<'_>, view: &View, drafts: &[Assessment]) -> Markup {
    let is_own =
        |draft: &Assessment| view.teams.iter().any(|team| team.id == draft.team && frame.may_for(Action::Assess, team));
    let list = address("/assessments", Selection { period: None, ..view.selection });
    let is_one_team = view.selection.scope.is_team();
    let mut own = drafts.iter().filter(|draft| is_own(draft));
    html! {
        @match (own.next(), own.next()) {
            (Some(draft), None) if is_one_team || view.periods.is_empty() => a.button href=(format!("/assessments/{}", draft.id)) { "Continue " (draft.period) },
            (Some(draft), Some(_)) if view.periods.is_empty() => a.button href=(list) { "Continue " (draft.period) },
            _ if frame.may(Action::Assess) => a.button href=(list) { "Assess" },
            _ => a.button href=(list) { "Assessments" },
        }
    }
}

/// What was submitted just now, and what can be done next.
fn receipt(frame: &Frame<'_>, view: &View, overview: &Overview) -> Markup {
    let [standing] = overview.standings.as_slice() else { return html! {} };
    let team = view.teams.iter().find(|team| team.id == standing.team);
    let may_reopen = team.is_some_and(|team| frame.may_for(Action::Reopen, team));
    html! {
        @if !standing.is_carried(overview.period) {
            div.notice.good.receipt role="status" {
                p { strong { (overview.period) " of " (standing.team_name) " is submitted." } " It counts from now on." }
                p {
                    "What next? See " a href="#changes" { "what changed" } ", and the " a href=(address("/gaps", view.selection)) { "gaps" } " that are left. "
                    @if may_reopen { "Was it too early? You can " a href=(format!("/assessments/{}#reopen", standing.assessment)) { "reopen it" } "." }
                    @else { "If it was too early, an administrator can reopen it." }
                }
            }
        }
    }
}

/// What to do until the first assessment is submitted.
fn first_visit(frame: &Frame<'_>, view: &View, catalog: &Catalog, drafts: &[Assessment]) -> Markup {
    let may_add = frame.may_add_teams(&view.groups);
    let has_teams = !view.teams.is_empty();
    html! {
        section.card.welcome {
            h2 { "Welcome to Cairn" }
            p {
                "Cairn shows how mature your development, security and operations are, measured against the OWASP DevSecOps Maturity Model: "
                (catalog.len()) " activities in " (catalog.dimensions().len()) " dimensions, on five levels. "
                "Every quarter each team answers which of them it really does. From that come levels, the gaps that matter most, and the trend."
            }
            @if has_teams {
                p.lead { @if view.is_limited { "None of your teams has" } @else { "No team has" } " submitted an assessment yet." }
            } @else if view.is_limited && !may_add {
                p.lead { "You see no team yet. An administrator says which teams are yours." }
            }
            @if may_add || frame.may(Action::Assess) {
                ol.steps {
                    li { strong { "Add a team." } " A team is whatever you assess together: a group of people, or an application." @if has_teams { " " span.state.done { "done" } } }
                    li { strong { "Open its assessment" } " for the present quarter and answer one dimension. Twenty minutes are enough for a start." @if !drafts.is_empty() { " " span.state.draft { "under way" } } }
                    li { strong { "Submit it." } " Then this page shows where the team stands, what holds the next level back, and what to do first." }
                }
            }
            p.actions {
                @if has_teams { (assess(frame, view, drafts)) } @else if may_add { a.button href="/teams" { "Add the first team" } }
                a href="/guide" { "How to assess well" }
            }
            @if !has_teams && !may_add && !view.is_limited { p.quiet { "Whoever manages teams, or an administrator, adds the first one." } }
            @if may_add && !has_teams {
                p.quiet {
                    "Just looking? " code { "cairn demo --listen 127.0.0.1:8081" } " serves a made-up organization with two years of history. "
                    "Answers that you have already can be brought in with " code { "cairn import" } "."
                }
            }
        }
    }
}

fn filled(frame: &Frame<'_>, view: &View, catalog: &Catalog, dashboard: &Dashboard, roadmap: &Roadmap) -> Markup {
    let Dashboard { overview, before, next: steps, teams: cards, due, .. } = dashboard;
    html! {
        (coverage(overview))
        @if let Some(due) = due { (reminders(frame, due, view.selection)) }
        (figures(overview, before.as_deref()))
        div.pair {
            figure.card.chart {
                header.card-head {
                    h2 { "Where we are" }
                    (downloads::picture("radar", view.selection))
                }
                (PreEscaped(pictures::radar(overview, before.as_deref(), roadmap, "radar").svg()))
            }
            (changes(view, catalog, dashboard))
        }
        section.card {
            header.card-head {
                h2 { "Levels by dimension" }
                (downloads::table("levels", view.selection))
            }
            p.explain {
                "A level is reached when everything that applies on it and below is fully implemented. "
                "Each bar has a segment for each of the five levels, filled as far as that level is done."
            }
            (levels_table(catalog, overview, before.as_deref(), view.selection))
        }
        div.pair {
            section.card {
                header.card-head {
                    h2 { "What to do next" }
                    @match steps {
                        Some(next) => a href=(gaps_address(view.selection, next.stage, true)) { "All " (next.steps.len()) " that are ready now" },
                        None => a href=(address("/gaps", view.selection)) { "Gaps" },
                    }
                }
                (next(view, catalog, overview, steps.as_deref(), roadmap))
            }
            section.card {
                header.card-head {
                    h2 { "How far the stages are" }
                    (downloads::table("stages", view.selection))
                }
                (stages(&dashboard.stages, roadmap, view.selection))
                p { a href=(address("/roadmap", view.selection)) { "To the roadmap" } }
            }
        }
        div.pair {
            (balance(view, dashboard))
            figure.card.chart {
                header.card-head {
                    h2 { "How it developed" }
                    a href=(address("/trend", view.selection)) { "Trend by dimension" }
                }
                p.explain { "The line is the score, the steps beneath it the level reached; hollow points rest on an earlier quarter." }
                @if let Some(chart) = charts::trend(&dashboard.trend, roadmap, "trend").first() { (PreEscaped(chart.svg())) }
            }
        }
        @if overview.standings.len() + overview.missing.len() > 1 { (teams(overview, cards, view.selection)) }
    }
}

/// What changed since the quarter before, and why.
fn changes(view: &View, catalog: &Catalog, dashboard: &Dashboard) -> Markup {
    let Dashboard { attribution, overview, .. } = dashboard;
    html! {
        section.card #changes {
            header.card-head {
                h2 { "What changed, and why" }
                @if attribution.is_some() {
                    (downloads::table("changes", view.selection))
                    (downloads::picture("waterfall", view.selection))
                }
            }
            @match attribution {
                None => p.explain { "This is the first quarter that was assessed. From the next one on, this says what moved the score." },
                Some(attribution) => {
                    @if let Some(chart) = pictures::waterfall(dashboard, Scorecard::OVERALL).filter(|_| !attribution.is_nothing()) {
                        div.chart { (PreEscaped(chart.svg())) }
                    }
                    (why::changed(attribution, catalog, view.selection))
                    p.quiet {
                        a href=(compare(view, attribution.from, overview.period)) { "Activity by activity" }
                    }
                },
            }
        }
    }
}

/// Where two quarters of the scope stand side by side.
fn compare(view: &View, from: Period, to: Period) -> String {
    let scope = scope_word(view.selection.scope);
    let (from, to) = (from.to_string(), to.to_string());
    let sides = [("a", scope.as_str()), ("a_period", &from), ("b", &scope), ("b_period", &to)];
    sides
        .iter()
        .fold(address("/compare", view.selection), |address, (name, value)| with_parameter(&address, name, value))
}

/// Whether people keep up with the tools.
fn balance(view: &View, dashboard: &Dashboard) -> Markup {
    let before = dashboard.balance_before.as_ref();
    let before = before.zip(dashboard.before.as_ref()).map(|(balance, before)| (balance, before.period));
    html! {
        section.card #balance {
            header.card-head {
                h2 { "Do people keep up with the tools?" }
                @if dashboard.balance.is_some() {
                    (downloads::table("balance", view.selection))
                    (downloads::picture("balance", view.selection))
                }
            }
            @match &dashboard.balance {
                None => p.explain { "The catalog that this quarter was assessed with does not say which activities tools carry and which people do." },
                Some(balance) => {
                    @if let Some(chart) = pictures::balance(dashboard) { div.chart { (PreEscaped(chart.svg())) } }
                    (why::balance(balance, before))
                },
            }
            div.threat-summary {
                h3 { a href=(address("/threat-models", view.selection)) { "Threat models" } }
                (threat_models::summary(&dashboard.threat_models.portfolio))
            }
        }
    }
}

/// How far each stage of the roadmap is.
fn stages(stages: &[StageProgress], roadmap: &Roadmap, selection: Selection) -> Markup {
    let present = stages.iter().find(|stage| !stage.is_reached).map(|stage| stage.number);
    html! {
        p.explain { "A stage is reached when every dimension is at the level that the stage asks for, or at its ceiling." }
        ol.stages {
            @for progress in stages {
                li {
                    p.stage-head {
                        strong { a href=(address(&stage_path(progress.number), selection)) { (roadmap.stage(progress.number).map_or("", |stage| &stage.name)) } }
                        @if progress.is_reached { span.state.submitted { "reached" } }
                        @else if present == Some(progress.number) { span.state.draft { "under way" } }
                    }
                    progress max="100" value=(format!("{:.0}", (progress.to_target * 100.0).floor())) aria-label="Percent to target" {}
                    p.quiet {
                        (percent(progress.to_target)) " to target; " (progress.done) " of " (count(progress.activities, "activity", "activities")) " fully implemented."
                        @if !progress.behind.is_empty() { " Behind: " (why::listed(&progress.behind)) "." }
                    }
                }
            }
        }
    }
}

/// Whether everybody is in it, and how old what is shown is.
fn coverage(overview: &Overview) -> Markup {
    let all = overview.standings.len() + overview.missing.len();
    let carried: Vec<&Standing> = overview.carried().collect();
    html! {
        p.coverage {
            @if let ([standing], 1) = (overview.standings.as_slice(), all) {
                @if standing.is_carried(overview.period) {
                    "As of " (overview.period) ", carried from the assessment of "
                    a href=(format!("/assessments/{}", standing.assessment)) { (standing.assessed) } "."
                } @else {
                    "As of the assessment of " a href=(format!("/assessments/{}", standing.assessment)) { (standing.assessed) } "."
                }
            } @else {
                "As of " (overview.period) ": " (overview.standings.len()) " of " (count(all, "team", "teams")) " assessed"
                @if !carried.is_empty() {
                    ", " (carried.len()) " of them carried from an earlier quarter ("
                    @for (i, standing) in carried.iter().enumerate().take(5) {
                        @if i > 0 { ", " } (standing.team_name) " " (standing.assessed)
                    }
                    @if carried.len() > 5 { ", …" }
                    ")"
                }
                @if !overview.missing.is_empty() { ". Not assessed yet: " (overview.missing.iter().take(5).cloned().collect::<Vec<_>>().join(", ")) @if overview.missing.len() > 5 { ", …" } }
                "."
            }
        }
    }
}

fn figures(overview: &Overview, before: Option<&Overview>) -> Markup {
    let now = &overview.scorecard.overall.score;
    let answers = overview.answers;
    html! {
        dl.figures {
            div {
                dt { "Level" }
                dd { (level(now.level)) " " small { "of " (now.ceiling) } }
            }
            div {
                dt { "Score" }
                dd {
                    (score(now.score))
                    @if let Some(before) = before { " " (moved(now.score, before.scorecard.overall.score.score)) }
                }
                @if let Some(before) = before { dd.note { "since " (before.period) } }
            }
            div {
                dt { "Completion" }
                dd { (percent(now.completion)) }
                dd.note { "of all that applies" }
            }
            div {
                dt { "Unanswered" }
                dd { (answers.unanswered) " " small { "of " (answers.asked) " answers" } }
                dd.note { "count as not done" }
            }
            div {
                dt { "Not applicable" }
                dd { (answers.not_applicable) " " small { "of " (answers.asked) " answers" } }
                dd.note { "score with them as 0: " (score(now.score_with_not_applicable_as_zero)) }
            }
        }
    }
}

/// The dimensions with their sub-dimensions.
fn levels_table(catalog: &Catalog, overview: &Overview, before: Option<&Overview>, selection: Selection) -> Markup {
    let earlier = |name: &str| {
        let mut dimensions = before?.scorecard.dimensions.iter();
        dimensions.find(|dimension| dimension.total.name == name).map(|dimension| dimension.total.score.score)
    };
    html! {
        div.table-wrap {
            table.levels {
                thead {
                    tr {
                        th scope="col" { "Dimension" }
                        th.num scope="col" { "Level" }
                        th.ladder-head.numbered scope="col" { span aria-hidden="true" { "1" } span aria-hidden="true" { "2" } span aria-hidden="true" { "3" } span aria-hidden="true" { "4" } span aria-hidden="true" { "5" } span.visually-hidden { "Completion of each level" } }
                        th.num scope="col" { "Score" }
                        th.num scope="col" { "Completion" }
                        th.num scope="col" { @if overview.standings.len() > 1 { "Answered by all" } @else { "Answered" } }
                        th scope="col" { "What holds the next level back" }
                    }
                }
                @for dimension in &overview.scorecard.dimensions {
                    tbody {
                        (row(catalog, &dimension.total, true, earlier(&dimension.total.name), selection))
                        @for sub in &dimension.sub_dimensions { (row(catalog, sub, false, None, selection)) }
                    }
                }
            }
        }
    }
}

fn row(catalog: &Catalog, scored: &Scored, is_dimension: bool, earlier: Option<f64>, selection: Selection) -> Markup {
    html! {
        tr.dimension[is_dimension] {
            th scope="row" { (scored.name) }
            td.num { (level(scored.score.level)) }
            td.ladder-cell { (ladder(&scored.score)) }
            td.num {
                (score(scored.score.score))
                @if let Some(earlier) = earlier { " " span.below { (moved(scored.score.score, earlier)) } }
            }
            td.num { (percent(scored.score.completion)) }
            td.num { (answered(&scored.score)) }
            td.blockers { (blockers(catalog, scored, if is_dimension { 0 } else { 2 }, selection)) }
        }
    }
}

/// What can be done now, in the first stage that is not finished.
fn next(view: &View, catalog: &Catalog, overview: &Overview, next: Option<&NextSteps>, roadmap: &Roadmap) -> Markup {
    let Some(next) = next else {
        return html! { p { "Nothing is missing: everything that applies is fully implemented." } };
    };
    let stage = next.stage.and_then(|number| Some((number.0, roadmap.stage(number)?)));
    let one_team = view.selection.scope.is_team();
    html! {
        p.explain {
            @match stage {
                Some((number, stage)) => { "Stage " (number) ", " strong { (stage.name) } ", has " a href=(gaps_address(view.selection, next.stage, false)) { (count(next.left, "gap", "gaps")) " left" } ". " },
                None => "All stages of the roadmap are done; what is left lies beyond. ",
            }
            "These need nothing else first, the most useful for their effort on top."
        }
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Activity" }
                        th.num scope="col" { "Level" }
                        @if !one_team { th scope="col" { "For" } }
                        th.num scope="col" { "Effort" }
                        th.num scope="col" { "Usefulness" }
                        th.num scope="col" { "Priority" }
                    }
                }
                tbody { @for step in next.steps.iter().take(STEPS) { (next_row(catalog, overview, step, view.selection)) } }
            }
        }
    }
}

fn next_row(catalog: &Catalog, overview: &Overview, step: &NextStep, selection: Selection) -> Markup {
    let one_team = selection.scope.is_team();
    let activity = catalog.activity(step.activity);
    html! {
        tr {
            th scope="row" { (activity_link(catalog, step.activity, selection)) }
            td.num data-name="Level" { (activity.level) }
            @if !one_team {
                td data-name="For" {
                    @let names = overview.standings.iter().filter(|standing| step.teams.contains(&standing.team)).map(|standing| standing.team_name.as_str()).take(NAMED + 1).collect::<Vec<_>>();
                    @if let [team] = names.as_slice() { (team) } @else { span title=[(names.len() <= NAMED).then(|| names.join(", "))] { (step.teams.len()) " teams" } }
                }
            }
            td.num data-name="Effort" { (activity.difficulty.effort()) }
            td.num data-name="Usefulness" { (activity.usefulness) }
            td.num data-name="Priority" { (step.priority.round()) }
        }
    }
}

/// The teams of a group or the organization side by side.
fn teams(overview: &Overview, cards: &[(Scorecard, Vec<TrendPoint>)], selection: Selection) -> Markup {
    let dimensions = &overview.scorecard.dimensions;
    html! {
        section.card {
            header.card-head {
                h2 { "Teams" }
                a href=(address("/portfolio", selection)) { "All teams, sorted and filtered" }
            }
            div.table-wrap.wide {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Team" }
                            th.num scope="col" { "Level" }
                            th.num scope="col" { "Score" }
                            th scope="col" { "Course" }
                            @for dimension in dimensions { th.num.wrap scope="col" { (dimension.total.name) } }
                            th scope="col" { "Assessed" }
                        }
                    }
                    tbody {
                        @for (standing, (card, course)) in overview.standings.iter().zip(cards) { (team_row(overview, standing, card, course, selection)) }
                        @for name in overview.missing.iter().take(Dashboard::TEAMS.saturating_sub(cards.len())) {
                            tr { th scope="row" { (name) } td colspan=(dimensions.len() + 3) {} td { span.state { "not yet" } } }
                        }
                    }
                }
            }
            @if overview.standings.len() > cards.len() { p.quiet { "The first " (cards.len()) " of " (overview.standings.len()) " teams, by name." } }
        }
    }
}

fn team_row(
    overview: &Overview,
    standing: &Standing,
    card: &Scorecard,
    course: &[TrendPoint],
    selection: Selection,
) -> Markup {
    let team = Selection { scope: ScopeId::Team(standing.team), ..selection };
    let carried = standing.is_carried(overview.period);
    html! {
        tr {
            th scope="row" { a href=(address("/", team)) { (standing.team_name) } }
            td.num data-name="Level" { (level(card.overall.score.level)) }
            td.num data-name="Score" { (score(card.overall.score.score)) }
            td { (PreEscaped(charts::sparkline(&course.iter().collect::<Vec<_>>(), &standing.team_name).svg())) }
            @for dimension in &card.dimensions { td.num data-name=(dimension.total.name) { (level(dimension.total.score.level)) } }
            td data-name="Assessed" { (standing.assessed) @if carried { " " span.state.draft { "carried" } } }
        }
    }
}
