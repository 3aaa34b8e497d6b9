//! “Is this what happens?”: a draft as it will be submitted, to be looked at once more.

use maud::{Markup, html};

use super::components::{count, ladder, level, percent, question_id, score, status_name};
use super::layout::{self, Frame};
use super::proposals;
use crate::domain::answer::Status;
use crate::domain::catalog::{Activity, ActivityIndex};
use crate::domain::scale::ProgressScale;
use crate::domain::scoring::ScoredDimension;
use crate::domain::view::{Before, Questionnaire};

/// How many activities a list shows at once; more are folded up.
const LISTED: usize = 20;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, asked: &Questionnaire) -> Markup {
    let back = format!("/assessments/{}", asked.assessment.id);
    let total = &asked.scorecard.overall.score;
    let submit = format!("Submit {} for {}", asked.assessment.period, asked.team.name);
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
                            th.ladder-head scope="col" { "Levels 1 to 5" }
                            th.num scope="col" { "Score" }
                            th.num scope="col" { "Unanswered" }
                            th.num scope="col" { "Not applicable" }
                        }
                    }
                    tbody { @for dimension in &asked.scorecard.dimensions { (row(dimension)) } }
                }
            }
        }
        (changes(asked, &back))
        (unanswered(asked, &back))
        (unconfirmed(asked, &back))
        (not_applicable(asked, &back))
        (early(asked, &back))
        (proposals::waiting_card(asked))
        (without_evidence(asked, &back))
        (jumps(asked, &back))
        section.card {
            form #submit method="post" action=(format!("{back}/review")) {
                // What is answered after this was loaded has to be looked at first.
                input type="hidden" name="seen" value=(asked.answers.values().map(|recorded| recorded.revision.0).max().unwrap_or(0));
                div.actions {
                    button { (submit) }
                    a href=(back) { "Back to the answers" }
                }
            }
        }
    };
    // The list between the head and the foot may be long.
    let action = html! {
        a.button.quiet href=(back) { "Back to the answers" }
        button form="submit" { (submit) }
    };
    layout::page(frame, "Is this what really happens?", &action, &body)
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

/// Answers of the assessment before that are not confirmed: they are submitted as they are.
fn unconfirmed(asked: &Questionnaire, back: &str) -> Markup {
    let carried: Vec<ActivityIndex> = asked
        .catalog
        .activities()
        .filter(|(_, activity)| asked.answers.get(&activity.id).is_some_and(|recorded| recorded.answer.carried))
        .map(|(index, _)| index)
        .collect();
    folded(
        asked,
        &carried,
        ("answer is", "answers are"),
        "not yet confirmed and will be submitted as the assessment before had it",
        back,
    )
}

/// What the assessment before said about an activity; nothing is the same as unanswered.
fn status_before<'a>(before: &'a Before, activity: &Activity) -> &'a Status {
    before.answers.get(&activity.id).map_or(&Status::Unanswered, |recorded| &recorded.answer.status)
}

/// What an answer is worth in percent; `None`: it does not apply.
fn worth(scale: &ProgressScale, status: &Status) -> Option<u8> {
    match status {
        Status::NotApplicable { .. } => None,
        Status::Unanswered => Some(0),
        Status::Step(key) => Some(scale.step(key).map_or(0, |step| step.percent)),
    }
}

/// What is different from the assessment before.
fn changes(asked: &Questionnaire, back: &str) -> Markup {
    let Some(before) = &asked.before else { return html! {} };
    let scale = &asked.settings.scale;
    let (mut raised, mut lowered, mut applies, mut not_any_more, mut open) = (vec![], vec![], vec![], vec![], vec![]);
    for (index, activity) in asked.catalog.activities() {
        let (old, new) = (status_before(before, activity), status(asked, activity));
        match (worth(scale, old), worth(scale, new)) {
            _ if *new == Status::Unanswered && *old != Status::Unanswered => open.push(index),
            (None, Some(_)) => applies.push(index),
            (Some(_), None) => not_any_more.push(index),
            (Some(was), Some(is)) if is > was => raised.push(index),
            (Some(was), Some(is)) if is < was => lowered.push(index),
            _ => {}
        }
    }
    let lists = [
        ("Raised", raised),
        ("Lowered", lowered),
        ("Not applicable now", not_any_more),
        ("Applicable now", applies),
        ("Answered then and not now", open),
    ];
    let all: usize = lists.iter().map(|(_, list)| list.len()).sum();
    html! {
        section.card {
            h2 { "Since " a href=(format!("/assessments/{}", before.id)) { (before.period) } ": " @if all == 0 { "nothing has changed" } @else { (count(all, "change", "changes")) } }
            @for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
                details open[list.len() <= LISTED] {
                    summary { (title) ": " (list.len()) }
                    ul.plain {
                        @for &index in list {
                            @let activity = asked.catalog.activity(index);
                            li {
                                (question(asked, index, back)) span.quiet { ": " (status_name(scale, Some(status_before(before, activity)))) " → " (status_name(scale, Some(status(asked, activity)))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Answers that say everything is done with nothing to show for it.
fn without_evidence(asked: &Questionnaire, back: &str) -> Markup {
    let bare: Vec<ActivityIndex> = asked
        .catalog
        .activities()
        .filter(|(_, activity)| worth(&asked.settings.scale, status(asked, activity)) == Some(100))
        .filter(|(_, activity)| asked.support.get(&activity.id).is_none_or(|support| support.valid == 0))
        .map(|(index, _)| index)
        .collect();
    folded(asked, &bare, ("activity is", "activities are"), "said to be done without valid evidence", back)
}

/// A change by this much in one quarter is worth a second look.
const JUMP: u8 = 80;

/// Large changes in one quarter: rises with nothing to show for them, and falls.
fn jumps(asked: &Questionnaire, back: &str) -> Markup {
    let Some(before) = &asked.before else { return html! {} };
    let scale = &asked.settings.scale;
    let (mut rises, mut falls) = (Vec::new(), Vec::new());
    for (index, activity) in
        asked.catalog.activities().filter(|(_, activity)| before.answers.contains_key(&activity.id))
    {
        let (old, new) = (worth(scale, status_before(before, activity)), worth(scale, status(asked, activity)));
        let (Some(old), Some(new)) = (old, new) else { continue };
        let is_bare = asked.support.get(&activity.id).is_none_or(|support| support.valid == 0);
        if new >= old.saturating_add(JUMP) && is_bare {
            rises.push(index);
        } else if old >= new.saturating_add(JUMP) {
            falls.push(index);
        }
    }
    html! {
        (folded(asked, &rises, ("answer has", "answers have"), "risen from next to nothing to done in one quarter, without evidence", back))
        (folded(asked, &falls, ("answer has", "answers have"), "fallen from done to next to nothing in one quarter", back))
    }
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

fn not_applicable(asked: &Questionnaire, back: &str) -> Markup {
    let left_out: Vec<(ActivityIndex, &str)> = asked
        .catalog
        .activities()
        .map(|(index, activity)| (index, status(asked, activity)))
        .filter(|(_, status)| matches!(status, Status::NotApplicable { .. }))
        .map(|(index, status)| (index, status.reason()))
        .collect();
    html! {
        @if !left_out.is_empty() {
            section.card {
                h2 { (count(left_out.len(), "activity does", "activities do")) " not apply" }
                ul { @for (index, reason) in left_out { li { (question(asked, index, back)) span.quiet { ": " (reason) } } } }
            }
        }
    }
}

/// Activities that are said to be done while something they build on is not: worth a second look.
fn early(asked: &Questionnaire, back: &str) -> Markup {
    let worth = |index: ActivityIndex| worth(&asked.settings.scale, status(asked, asked.catalog.activity(index)));
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
