//! “Is this what happens?”: a draft as it will be submitted, to be looked at once more.

use maud::{Markup, html};

use super::components::{count, ladder, level, percent, question_id, score};
use super::layout::{self, Frame};
use crate::domain::answer::Status;
use crate::domain::catalog::{Activity, ActivityIndex};
use crate::domain::scale::ProgressScale;
use crate::domain::scoring::ScoredDimension;
use crate::domain::view::Questionnaire;

/// How many activities a list shows at once; more are folded up.
const LISTED: usize = 20;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, asked: &Questionnaire) -> Markup {
    let back = format!("/assessments/{}", asked.assessment.id);
    let total = &asked.scorecard.overall.score;
    let body = html! {
        p.coverage {
            strong { (asked.team.name) } " in " (asked.assessment.period) ". Everything is saved and nothing is submitted yet. A submitted assessment does not change any more."
        }
        section.card {
            h2 { "What it comes to" }
            p { "Level " (level(total.level)) ", score " (score(total.score)) ", " (percent(total.completion)) " of all that applies." }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Dimension" }
                            th.num scope="col" { "Level" }
                            th.ladder-head.plain scope="col" { "Levels 1 to 5" }
                            th.num scope="col" { "Score" }
                            th.num scope="col" { "Unanswered" }
                            th.num scope="col" { "Not applicable" }
                        }
                    }
                    tbody { @for dimension in &asked.scorecard.dimensions { (row(dimension)) } }
                }
            }
        }
        (unanswered(asked, &back))
        (taken_over(asked, &back))
        (not_applicable(asked))
        (early(asked, &asked.settings.scale, &back))
        section.card {
            form method="post" action=(format!("{back}/review")) {
                div.actions {
                    button { "Submit " (asked.assessment.period) " for " (asked.team.name) }
                    a href=(back) { "Back to the answers" }
                }
            }
        }
    };
    layout::page(frame, "Is this what really happens?", &html! {}, &body)
}

fn row(dimension: &ScoredDimension) -> Markup {
    let total = &dimension.total.score;
    html! {
        tr {
            th scope="row" { (dimension.total.name) }
            td.num data-name="Level" { (level(total.level)) }
            td.ladder-cell { (ladder(total)) }
            td.num data-name="Score" { (score(total.score)) }
            td.num data-name="Unanswered" { (total.unanswered()) }
            td.num data-name="Not applicable" { (total.not_applicable) }
        }
    }
}

fn status<'a>(asked: &'a Questionnaire, activity: &Activity) -> &'a Status {
    asked.answers.get(&activity.id).map_or(&Status::Unanswered, |recorded| &recorded.answer.status)
}

fn question(asked: &Questionnaire, index: ActivityIndex, back: &str) -> Markup {
    html! { a href=(format!("{back}#{}", question_id(index))) { (asked.catalog.activity(index).name) } }
}

fn unanswered(asked: &Questionnaire, back: &str) -> Markup {
    let open: Vec<ActivityIndex> = asked
        .catalog
        .activities()
        .filter(|(_, activity)| *status(asked, activity) == Status::Unanswered)
        .map(|(index, _)| index)
        .collect();
    folded(asked, &open, ("activity is", "activities are"), "unanswered and will count as not done", back)
}

/// Answers that nobody has touched since they were taken over: they are submitted as they are.
fn taken_over(asked: &Questionnaire, back: &str) -> Markup {
    let carried: Vec<ActivityIndex> = asked
        .catalog
        .activities()
        .filter(|(_, activity)| asked.answers.get(&activity.id).is_some_and(|recorded| recorded.answer.carried))
        .map(|(index, _)| index)
        .collect();
    folded(asked, &carried, ("answer is", "answers are"), "as the assessment before had it", back)
}

/// A card that counts some activities and lists them, open while they are few.
fn folded(
    asked: &Questionnaire,
    activities: &[ActivityIndex],
    (one, many): (&str, &str),
    what: &str,
    back: &str,
) -> Markup {
    html! {
        @if !activities.is_empty() {
            section.card {
                h2 { (count(activities.len(), one, many)) " " (what) }
                details open[activities.len() <= LISTED] {
                    summary { "Which ones" }
                    ul.columns { @for &index in activities { li { (question(asked, index, back)) } } }
                }
            }
        }
    }
}

fn not_applicable(asked: &Questionnaire) -> Markup {
    let left_out: Vec<(&Activity, &str)> = asked
        .catalog
        .activities()
        .map(|(_, activity)| (activity, status(asked, activity)))
        .filter(|(_, status)| matches!(status, Status::NotApplicable { .. }))
        .map(|(activity, status)| (activity, status.reason()))
        .collect();
    html! {
        @if !left_out.is_empty() {
            section.card {
                h2 { (count(left_out.len(), "activity does", "activities do")) " not apply" }
                ul { @for (activity, reason) in left_out { li { (activity.name) span.quiet { ": " (reason) } } } }
            }
        }
    }
}

/// Activities that are said to be done while something they build on is not: worth a second look.
fn early(asked: &Questionnaire, scale: &ProgressScale, back: &str) -> Markup {
    let worth = |index: ActivityIndex| match status(asked, asked.catalog.activity(index)) {
        Status::NotApplicable { .. } => None,
        Status::Unanswered => Some(0),
        Status::Step(key) => scale.step(key).map(|step| step.percent),
    };
    let done = asked.catalog.activities().map(|(index, _)| index).filter(|&index| worth(index) == Some(100));
    let early: Vec<(ActivityIndex, Vec<ActivityIndex>)> = done
        .map(|index| {
            let needed = asked.catalog.prerequisites(index).iter().copied();
            (index, needed.filter(|&needed| worth(needed).is_some_and(|worth| worth < 100)).collect())
        })
        .filter(|(_, needed): &(_, Vec<_>)| !needed.is_empty())
        .collect();
    html! {
        @if !early.is_empty() {
            section.card {
                h2 { "Done before what they build on: " (count(early.len(), "activity", "activities")) }
                ul {
                    @for (index, needed) in early {
                        li {
                            (question(asked, index, back)) span.quiet { " builds on " }
                            @for (i, needed) in needed.into_iter().enumerate() { @if i > 0 { ", " } (question(asked, needed, back)) }
                        }
                    }
                }
            }
        }
    }
}
