//! “How far is this quarter?”: every team in one quarter, and what is to do.

use maud::{Markup, html};

use super::components::{answered, count, day, ladder, level, percent, score};
use super::layout::{self, Frame, address};
use crate::domain::answer::Assessment;
use crate::domain::organization::{ScopeId, Team};
use crate::domain::period::Period;
use crate::domain::scoring::Scorecard;
use crate::domain::view::{Quarter, Selection};

/// How many quarters back the page offers to open.
const PAST_QUARTERS: usize = 8;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, quarter: &Quarter) -> Markup {
    let submitted = quarter.rows.iter().filter(|row| is(row.assessment.as_ref(), true)).count();
    let drafts = quarter.rows.iter().filter(|row| is(row.assessment.as_ref(), false)).count();
    let body = html! {
        (quarters(frame, quarter))
        @if quarter.rows.is_empty() {
            section.card.empty {
                p.lead { "There is no team yet." }
                p { "An assessment is about one team in one quarter, so add a team first." }
                p { a.button href="/teams" { "Add a team" } }
            }
        } @else {
            p.coverage {
                @if quarter.selection.scope != ScopeId::Organization { (quarter.scope.name) " in " }
                (quarter.period) ": " (submitted) " of " (count(quarter.rows.len(), "team", "teams")) " submitted"
                @if drafts > 0 { ", " (count(drafts, "draft", "drafts")) " under way" }
                "."
            }
            section.card {
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Team" }
                                th scope="col" { "State" }
                                th.num scope="col" { "Answered" }
                                th.num scope="col" { "Level" }
                                th.ladder-head.plain scope="col" { "Levels 1 to 5" }
                                th.num scope="col" { "Score" }
                                th.num scope="col" { "Completion" }
                                th scope="col" { span.visually-hidden { "Action" } }
                            }
                        }
                        tbody {
                            @for row in &quarter.rows { (team_row(&row.team, row.assessment.as_ref(), quarter.period)) }
                        }
                    }
                }
            }
        }
    };
    let action = html! { a.button.quiet href=(address("/guide", frame.selection)) { "First assessment" } };
    layout::page(frame, "How far is this quarter?", &action, &body)
}

fn is(assessment: Option<&(Assessment, Scorecard)>, submitted: bool) -> bool {
    assessment.is_some_and(|(assessment, _)| assessment.submitted.is_some() == submitted)
}

/// Chooses the quarter: the present one, those that have assessments, and a few before.
fn quarters(frame: &Frame<'_>, quarter: &Quarter) -> Markup {
    let mut offered: Vec<Period> =
        std::iter::successors(Some(quarter.current), |period| Some(period.previous())).take(PAST_QUARTERS).collect();
    offered.extend(quarter.periods.iter().copied().chain([quarter.period]));
    offered.sort_unstable_by(|a, b| b.cmp(a));
    offered.dedup();
    html! {
        form.picker method="get" action=(frame.path) {
            (layout::kept(Selection { period: None, ..quarter.selection }))
            label {
                span { "Quarter" }
                select name="period" {
                    @for period in offered {
                        option value=(period) selected[period == quarter.period] {
                            (period) @if period == quarter.current { " (now)" }
                        }
                    }
                }
            }
            button { "Show" }
            @if quarter.selection.scope != ScopeId::Organization {
                a href=(address(frame.path, Selection { scope: ScopeId::Organization, ..quarter.selection })) { "Show all teams" }
            }
        }
    }
}

fn team_row(team: &Team, assessment: Option<&(Assessment, Scorecard)>, period: Period) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(address("/", Selection { scope: ScopeId::Team(team.id), period: None })) { (team.name) } }
            @match assessment {
                None => {
                    td { span.state.none { "Not opened" } }
                    td.num {} td.num {} td {} td.num {} td.num {}
                    td.action {
                        form method="post" action="/assessments" {
                            input type="hidden" name="team" value=(team.id);
                            input type="hidden" name="period" value=(period);
                            button { "Start" span.visually-hidden { " the assessment of " (team.name) } }
                        }
                    }
                }
                Some((assessment, card)) => {
                    @let total = &card.overall.score;
                    td {
                        @match &assessment.submitted {
                            Some(submission) => { span.state.done { "Submitted" } " " small { (day(submission.at)) } },
                            None => span.state.draft { "Draft" },
                        }
                    }
                    td.num data-name="Answered" { (answered(total)) }
                    td.num data-name="Level" { (level(total.level)) }
                    td.ladder-cell { (ladder(total)) }
                    td.num data-name="Score" { (score(total.score)) }
                    td.num data-name="Completion" { (percent(total.completion)) }
                    td.action {
                        a.button.quiet[assessment.submitted.is_some()] href=(format!("/assessments/{}", assessment.id)) {
                            @if assessment.submitted.is_some() { "View" } @else { "Fill in" }
                            span.visually-hidden { " the assessment of " (team.name) }
                        }
                    }
                }
            }
        }
    }
}
