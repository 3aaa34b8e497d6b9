//! “How far is this quarter?”: every team in one quarter, and what is to do.

use maud::{Markup, html};

use super::components::{answered, count, day, described_by, field_faults, ladder, level, percent, reminders, score};
use super::layout::{self, Frame, address};
use super::proposals;
use crate::domain::access::Action;
use crate::domain::answer::Assessment;
use crate::domain::fault::FieldFault;
use crate::domain::organization::{ScopeId, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::scoring::Scorecard;
use crate::domain::view::{Quarter, QuarterRow, Selection};

/// How many quarters back the page offers to open.
const PAST_QUARTERS: usize = 8;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, quarter: &Quarter) -> Markup {
    let submitted = quarter.rows.iter().filter(|row| is(row.assessment.as_ref(), true)).count();
    let drafts = quarter.rows.iter().filter(|row| is(row.assessment.as_ref(), false)).count();
    // What is due says as well how many are submitted.
    let is_told = quarter.due.as_ref().is_some_and(|due| !(due.drafts.is_empty() && due.missing.is_empty()));
    let body = html! {
        (quarters(frame, quarter))
        @if quarter.rows.is_empty() {
            (no_team(frame))
        } @else {
            @if let Some(due) = &quarter.due { (reminders(frame, due, quarter.selection)) }
            @if quarter.selection.scope != ScopeId::Organization || !is_told {
                p.coverage {
                    @if quarter.selection.scope != ScopeId::Organization { (quarter.scope.name) " in " }
                    (quarter.period)
                    @if !is_told {
                        ": " (submitted) " of " (count(quarter.rows.len(), "team", "teams")) " submitted"
                        @if drafts > 0 { ", " (count(drafts, "draft", "drafts")) " under way" }
                    }
                    "."
                }
            }
            @if !quarter.has_begun() { (not_begun(frame, quarter)) }
            section.card {
                div.table-wrap {
                    table.stack {
                        thead {
                            tr {
                                th scope="col" { "Team" }
                                th scope="col" { "State" }
                                th.num scope="col" { "Answered" }
                                th.num scope="col" { "Level" }
                                th.ladder-head scope="col" { "Levels 1 to 5" }
                                th.num scope="col" { "Score" }
                                th.num scope="col" { "Completion" }
                                th scope="col" { span.visually-hidden { "Action" } }
                            }
                        }
                        tbody {
                            @for row in &quarter.rows { (team_row(frame, row, quarter)) }
                        }
                    }
                }
            }
        }
    };
    let waits = |row: &QuarterRow| row.assessment.is_none() && frame.may_for(Action::Assess, &row.team);
    let may_open = quarter.has_begun()
        && (!quarter.rows.is_empty() && frame.actor.may_for_all(Action::Assess) || quarter.rows.iter().any(waits));
    let action = html! {
        a.button.quiet href=(address("/guide", frame.selection)) { "How to assess well" }
        @if may_open { a.button href=(address("/assessments/new", Selection { period: Some(quarter.period), ..quarter.selection })) { "Open for several" } }
    };
    layout::page(frame, "How far is this quarter?", &action, &body)
}

/// What was chosen to be opened.
#[derive(Debug, Clone)]
pub(in crate::web) struct Chosen {
    /// For which teams; `None`: all that wait.
    pub(in crate::web) teams: Option<Vec<TeamId>>,
    /// The word of what they begin with.
    pub(in crate::web) from: String,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { teams: None, from: "previous".into() }
    }
}

/// The form to open a quarter for several teams at once.
pub(in crate::web) fn open_page(
    frame: &Frame<'_>,
    quarter: &Quarter,
    chosen: &Chosen,
    faults: &[FieldFault],
) -> Markup {
    let is_chosen = |team: &Team| chosen.teams.as_ref().is_none_or(|teams| teams.contains(&team.id));
    let waiting = quarter.rows.iter().filter(|row| row.assessment.is_none()).map(|row| &row.team);
    let waiting: Vec<&Team> = waiting.filter(|team| frame.may_for(Action::Assess, team)).collect();
    let is_for_all = quarter.rows.iter().all(|row| frame.may_for(Action::Assess, &row.team));
    let body = html! {
        (quarters(frame, quarter))
        @if quarter.rows.is_empty() {
            (no_team(frame))
        } @else if !quarter.has_begun() {
            (not_begun(frame, quarter))
        } @else if waiting.is_empty() {
            @for fault in faults { p.notice.bad role="alert" { (fault.message) } }
            section.card.empty {
                p.lead { @if is_for_all { "Every team has" } @else { "Every team that you assess has" } " its assessment of " (quarter.period) "." }
                p { a.button href=(address("/assessments", quarter.selection)) { "To the assessments" } }
            }
        } @else {
            form.card.fields method="post" action="/assessments" {
                input type="hidden" name="many" value="yes";
                input type="hidden" name="period" value=(quarter.period);
                fieldset.checks aria-describedby=[described_by(faults, "team")] {
                    legend { "For which teams?" }
                    @for team in &waiting { label { input type="checkbox" name="team" value=(team.id) checked[is_chosen(team)]; span { (team.name) } } }
                }
                (field_faults(faults, "team"))
                fieldset.checks {
                    legend { "What do they begin with?" }
                    label { input type="radio" name="from" value="previous" checked[chosen.from != "blank"]; span { "the assessment before: its answers stay and are marked “not yet confirmed”" } }
                    label { input type="radio" name="from" value="blank" checked[chosen.from == "blank"]; span { "nothing" } }
                }
                (field_faults(faults, "from"))
                (field_faults(faults, "period"))
                button { "Open " (quarter.period) }
            }
        }
        @if frame.may(Action::Import) {
            section.card {
                h2 { "From a file" }
                p {
                    "A file of answers opens the quarters it speaks of, for teams that are there"
                    @if frame.actor.may_for_all(Action::ManageTeams) { " and for new ones" }
                    ". Nothing is changed before you have seen what it would do."
                }
                p { a.button.quiet href="/import" { "Import answers" } }
            }
        }
    };
    layout::page(frame, "For whom is the quarter opened?", &html! {}, &body)
}

/// What to do before there is anybody to assess.
fn no_team(frame: &Frame<'_>) -> Markup {
    html! {
        section.card.empty {
            p.lead { "There is no team yet." }
            p { "An assessment is about one team in one quarter, so add a team first." }
            @if frame.may(Action::ManageTeams) { p { a.button href="/teams" { "Add a team" } } } @else { p { "Whoever manages teams, or an administrator, adds it." } }
        }
    }
}

/// Leads from a quarter of the future to the present one.
fn not_begun(frame: &Frame<'_>, quarter: &Quarter) -> Markup {
    let present = Selection { period: Some(quarter.current), ..quarter.selection };
    html! {
        div.notice.bad role="alert" {
            p { (quarter.period) " has not begun yet; the latest quarter that can be assessed is " (quarter.current) ". " a href=(address(frame.path, present)) { "Show " (quarter.current) } }
        }
    }
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

fn team_row(frame: &Frame<'_>, row: &QuarterRow, quarter: &Quarter) -> Markup {
    let QuarterRow { team, assessment, waiting } = row;
    let may_assess = frame.may_for(Action::Assess, team);
    let draft = assessment.as_ref().map(|(assessment, _)| assessment).filter(|draft| draft.submitted.is_none());
    let link = match draft {
        Some(draft) => format!("/assessments/{}", draft.id),
        None => address("/", Selection { scope: ScopeId::Team(team.id), period: None }),
    };
    html! {
        tr {
            th scope="row" { a href=(link) { (team.name) } }
            @match assessment {
                None => {
                    td { span.state.none { "Not opened" } @if *waiting > 0 { " " small.below { (waiting) " proposed by programs" } } }
                    td.num {} td.num {} td {} td.num {} td.num {}
                    td.action {
                        @if may_assess && quarter.has_begun() {
                            form method="post" action="/assessments" {
                                input type="hidden" name="team" value=(team.id);
                                input type="hidden" name="period" value=(quarter.period);
                                button { "Start" span.visually-hidden { " the assessment of " (team.name) } }
                            }
                        }
                    }
                }
                Some((assessment, card)) => {
                    @let total = &card.overall.score;
                    td {
                        @match &assessment.submitted {
                            Some(submission) => { span.state.done { "Submitted" } " " small { (day(submission.at)) } },
                            None => {
                                span.state.draft { "Draft" }
                                @if *waiting > 0 {
                                    " " small.below { a href=(proposals::address_of(assessment.id)) { (waiting) " proposed" span.visually-hidden { " by programs for " (team.name) } } }
                                }
                            },
                        }
                    }
                    td.num data-name="Answered" { (answered(total)) }
                    td.num data-name="Level" { (level(total.level)) }
                    td.ladder-cell { (ladder(total)) }
                    td.num data-name="Score" { (score(total.score)) }
                    td.num data-name="Completion" { (percent(total.completion)) }
                    td.action {
                        @let is_filled_in = assessment.submitted.is_none() && may_assess;
                        a.button.quiet[!is_filled_in] href=(format!("/assessments/{}", assessment.id)) {
                            @if is_filled_in { "Fill in" } @else { "View" }
                            span.visually-hidden { " the assessment of " (team.name) }
                        }
                    }
                }
            }
        }
    }
}
