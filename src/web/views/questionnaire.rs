//! “What does the team really do?”: one assessment, to fill in or to read.
//!
//! All activities are one form, so that whichever button saves, nothing that was entered elsewhere
//! on the page is lost.

use std::collections::HashMap;

use maud::{Markup, html};

use super::components::{
    activity_address, count, day, described_by, field_faults, ladder, level, percent, question_id, score, status_name,
};
use super::layout::{self, Frame, address};
use super::markdown::markdown;
use crate::domain::answer::{Conflict, RecordedAnswer, Revision, Status};
use crate::domain::catalog::{Activity, ActivityId, ActivityIndex, SubDimension};
use crate::domain::fault::FieldFault;
use crate::domain::guide::Guide;
use crate::domain::scale::ProgressScale;
use crate::domain::scoring::Scored;
use crate::domain::view::{Anew, Questionnaire};

/// What a person entered but could not save.
#[derive(Debug, Clone)]
pub(in crate::web) struct Entered {
    /// The record that they have seen.
    pub(in crate::web) seen: Revision,
    /// The word of the status.
    pub(in crate::web) status: String,
    /// The reason for not applicable.
    pub(in crate::web) reason: String,
    /// The note.
    pub(in crate::web) note: String,
}

/// What became of the last save.
#[derive(Debug)]
pub(in crate::web) enum Outcome {
    /// There was none.
    None,
    /// So many answers were recorded.
    Saved(usize),
    /// Nothing was saved, since some fields are wrong.
    Invalid(Vec<FieldFault>),
    /// Nothing was saved, since somebody else changed some answers.
    Conflict(Vec<Conflict>),
}

/// What all parts of the page need.
struct Context<'a> {
    frame: &'a Frame<'a>,
    guide: &'a Guide,
    asked: &'a Questionnaire,
    scale: &'a ProgressScale,
    entered: &'a HashMap<ActivityId, Entered>,
    outcome: &'a Outcome,
}

/// The page.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    asked: &Questionnaire,
    guide: &Guide,
    entered: &HashMap<ActivityId, Entered>,
    outcome: &Outcome,
) -> Markup {
    let context = Context { frame, guide, asked, scale: &asked.settings.scale, entered, outcome };
    let is_draft = asked.assessment.submitted.is_none();
    let body = html! {
        p.coverage {
            "Assessment for " (asked.assessment.period) " "
            @match &asked.assessment.submitted {
                Some(submission) => { span.state.done { "Submitted" } " " (day(submission.at)) " by " (submission.by) ". It does not change any more." },
                None => { span.state.draft { "Draft" } " Answer for what really happens today, not for what is planned. Unanswered activities count as not done." },
            }
        }
        (notice(&context))
        (anew(&context))
        (contents(&context))
        @if is_draft {
            form.questions #questions method="post" action=(format!("/assessments/{}/answers", asked.assessment.id)) {
                // The first button is the one that the return key presses: it saves and goes nowhere else.
                button.visually-hidden tabindex="-1" aria-hidden="true" { "Save" }
                (questions(&context))
                section.card {
                    h2 { "Ready?" }
                    p { "The review saves everything above and shows what will be submitted. Nothing is submitted before you say so there." }
                    button name="button" value="review" { "Save and review" }
                }
            }
        } @else {
            div.questions { (questions(&context)) }
        }
    };
    let action = html! {
        @if is_draft {
            button form="questions" name="button" value="review" { "Save and review" }
        } @else {
            a.button.quiet href=(address("/gaps", frame.selection)) { "Gaps" }
            a.button href=(address("/", frame.selection)) { "Where " (asked.team.name) " stands" }
        }
    };
    layout::page(frame, &format!("What does {} really do?", asked.team.name), &action, &body)
}

fn notice(context: &Context<'_>) -> Markup {
    html! {
        @match context.outcome {
            Outcome::None => {},
            Outcome::Saved(0) => p.notice role="status" { "Nothing to save: everything is recorded like that already." },
            Outcome::Saved(n) => p.notice.good role="status" { (count(*n, "answer", "answers")) " saved." },
            Outcome::Invalid(faults) => {
                div.notice.bad role="alert" {
                    p { strong { "Nothing is saved yet." } " Everything you entered is still below. Correct this and save again:" }
                    ul { @for fault in faults { li { (fault_link(context, fault)) } } }
                }
            }
            Outcome::Conflict(conflicts) => {
                div.notice.bad role="alert" {
                    p {
                        strong { "Nothing is saved yet." }
                        " Somebody else changed these answers since you loaded the page. Both versions are shown below: choose, and save again:"
                    }
                    ul {
                        @for conflict in conflicts { li { a href=(question_link(context, &conflict.activity)) { (conflict.name) } } }
                    }
                }
            }
        }
    }
}

/// What the catalog asks anew since the assessment before, and what was taken over from that.
fn anew(context: &Context<'_>) -> Markup {
    let asked = context.asked;
    let list = |because: Anew| -> Vec<ActivityIndex> {
        asked.asked_anew.iter().filter(|anew| anew.because == because).map(|anew| anew.activity).collect()
    };
    let carried = asked.answers.values().filter(|recorded| recorded.answer.carried).count();
    html! {
        @if asked.assessment.submitted.is_none() && carried > 0 {
            p.explain {
                (count(carried, "answer was", "answers were")) " taken over from the assessment before, each marked "
                span.state.draft { "taken over" } ". Change what is different now; the rest is submitted as it is."
            }
        }
        @if !asked.asked_anew.is_empty() {
            section.card {
                h2 { "The catalog has changed since the assessment before" }
                @for (title, because) in [("New", Anew::New), ("With another name", Anew::Renamed), ("On another level", Anew::Relevelled), ("In other words", Anew::Reworded)] {
                    @let found = list(because);
                    @if !found.is_empty() {
                        details open[found.len() <= 10] {
                            summary { (title) ": " (found.len()) }
                            ul.columns { @for index in found { li { a href=(format!("#{}", question_id(index))) { (asked.catalog.activity(index).name) } } } }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong, leading to the activity that it is about.
fn fault_link(context: &Context<'_>, fault: &FieldFault) -> Markup {
    let id = fault.field.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or_default();
    html! { a href=(question_link(context, &ActivityId(id.to_owned()))) { (fault.message) } }
}

/// The way to an activity on this page.
fn question_link(context: &Context<'_>, id: &ActivityId) -> String {
    context.asked.catalog.find(id).map_or_else(|| "#main".to_owned(), |index| format!("#{}", question_id(index)))
}

/// Every sub-dimension with how far it is, as a list to jump from.
fn contents(context: &Context<'_>) -> Markup {
    let catalog = &context.asked.catalog;
    let total = &context.asked.scorecard.overall;
    html! {
        nav.card.contents aria-label="Parts of the assessment" {
            header.card-head {
                h2 {
                    (total.score.answered) " of " (total.score.activities) " answered"
                    @if total.score.not_applicable > 0 { small { ", " (total.score.not_applicable) " not applicable" } }
                }
                span { "level " (level(total.score.level)) " score " (score(total.score.score)) }
            }
            div.columns {
                @for (dimension, scored) in catalog.dimensions().iter().zip(&context.asked.scorecard.dimensions) {
                    section {
                        h3 { (dimension.name) " " (level(scored.total.score.level)) }
                        ul {
                            @for (sub, scored) in dimension.sub_dimensions.iter().zip(&scored.sub_dimensions) {
                                (contents_row(sub, scored))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn contents_row(sub: &SubDimension, scored: &Scored) -> Markup {
    let complete = scored.score.unanswered() == 0;
    html! {
        li {
            a href=(format!("#{}", section_id(sub))) { (sub.name) }
            span class=(if complete { "state done" } else { "state none" }) {
                (scored.score.answered + scored.score.not_applicable) " / " (sub.activities().len())
            }
        }
    }
}

/// Named after its first activity: names may be alike, or have nothing that can stand in an id.
fn section_id(sub: &SubDimension) -> String {
    format!("s{}", sub.activities().next().map_or(0, ActivityIndex::position))
}

fn questions(context: &Context<'_>) -> Markup {
    let catalog = &context.asked.catalog;
    html! {
        @for (dimension, scored) in catalog.dimensions().iter().zip(&context.asked.scorecard.dimensions) {
            h2.dimension-head { (dimension.name) }
            @for (sub, scored) in dimension.sub_dimensions.iter().zip(&scored.sub_dimensions) {
                (section(context, &dimension.name, sub, scored))
            }
        }
    }
}

fn section(context: &Context<'_>, dimension: &str, sub: &SubDimension, scored: &Scored) -> Markup {
    let id = section_id(sub);
    let mut activities: Vec<ActivityIndex> = sub.activities().collect();
    // By level, since a level counts only when those below it are done.
    activities.sort_by_key(|&index| context.asked.catalog.activity(index).level);
    html! {
        section.card id=(id) {
            header.card-head {
                h3 { (sub.name) }
                span.summary {
                    "level " (level(scored.score.level)) " "
                    (ladder(&scored.score)) " "
                    (percent(scored.score.completion))
                }
            }
            @let about = context.guide.sub_dimension(dimension, &sub.name);
            @if !about.is_empty() { div.explain { (markdown(about)) } }
            @for index in activities { (question(context, index)) }
            @if context.asked.assessment.submitted.is_none() {
                footer.card-foot {
                    button name="button" value=(id) { "Save" span.visually-hidden { " and stay at " (sub.name) } }
                    a href="#main" { "Back to the top" }
                }
            }
        }
    }
}

/// One activity: as fields while it can be answered, as text afterwards.
fn question(context: &Context<'_>, index: ActivityIndex) -> Markup {
    let activity = context.asked.catalog.activity(index);
    let recorded = context.asked.answers.get(&activity.id);
    let anchor = question_id(index);
    html! {
        @if context.asked.assessment.submitted.is_none() {
            fieldset.question id=(anchor) {
                legend { (heading(context, activity, recorded)) }
                (about(activity))
                (prerequisites(context, index))
                (fields(context, activity, recorded))
            }
        } @else {
            div.question id=(anchor) {
                p.legend { (heading(context, activity, recorded)) }
                (about(activity))
                (prerequisites(context, index))
                (given(context, recorded))
            }
        }
    }
}

fn heading(context: &Context<'_>, activity: &Activity, recorded: Option<&RecordedAnswer>) -> Markup {
    html! {
        span.level-tag { "Level " (activity.level) }
        " " (activity.name) " "
        // In a window of its own, so that nothing entered here is lost.
        a.about target="_blank" rel="noopener" href=(activity_address(&activity.id, context.frame.selection)) {
            "How to assess it" span.visually-hidden { ": " (activity.name) ", in a new window" }
        }
        @if recorded.is_some_and(|recorded| recorded.answer.carried) { " " span.state.draft { "taken over" } }
    }
}

/// What it is, so that most can be answered without leaving the page.
fn about(activity: &Activity) -> Markup {
    html! { @if !activity.description.is_empty() { div.what { (markdown(&activity.description)) } } }
}

fn prerequisites(context: &Context<'_>, index: ActivityIndex) -> Markup {
    let needed = context.asked.catalog.prerequisites(index);
    html! {
        @if !needed.is_empty() {
            p.needs {
                "Builds on "
                @for (i, &needed) in needed.iter().enumerate() {
                    @if i > 0 { ", " }
                    @let activity = context.asked.catalog.activity(needed);
                    a href=(format!("#{}", question_id(needed))) { (activity.name) }
                    " (" (status_name(context.scale, context.asked.answers.get(&activity.id).map(|recorded| &recorded.answer.status)).to_lowercase()) ")"
                }
            }
        }
    }
}

fn fields(context: &Context<'_>, activity: &Activity, recorded: Option<&RecordedAnswer>) -> Markup {
    let id = &activity.id.0;
    let shown = context.entered.get(&activity.id).cloned().unwrap_or_else(|| Entered {
        seen: recorded.map(|recorded| recorded.revision).unwrap_or_default(),
        status: recorded.map_or(Status::UNANSWERED, |recorded| recorded.answer.status.word()).to_owned(),
        reason: recorded.map_or("", |recorded| recorded.answer.status.reason()).to_owned(),
        note: recorded.map_or("", |recorded| &recorded.answer.note).to_owned(),
    });
    let faults: &[FieldFault] = match context.outcome {
        Outcome::Invalid(faults) => faults,
        _ => &[],
    };
    let choice = |word: &str, name: &str, hint: Option<String>| {
        let checked = shown.status == word || (shown.status.is_empty() && word == Status::UNANSWERED);
        html! {
            label title=[hint] {
                input type="radio" name=(format!("status[{id}]")) value=(word) checked[checked];
                span { (name) }
            }
        }
    };
    html! {
        input type="hidden" name=(format!("seen[{id}]")) value=(shown.seen.0);
        (theirs(context, activity))
        div.choices {
            (choice(Status::UNANSWERED, "Unanswered", None))
            @for step in context.scale.steps() { (choice(&step.key, &step.name, Some(format!("counts {} %", step.percent)))) }
            (choice(Status::NOT_APPLICABLE, "Not applicable", Some("left out of the score; needs a reason".into())))
        }
        (field_faults(faults, &format!("status[{id}]")))
        label.reason {
            span { "Why it does not apply" }
            input type="text" name=(format!("reason[{id}]")) value=(shown.reason) maxlength=(Status::REASON_LIMIT)
                aria-invalid=[described_by(faults, &format!("reason[{id}]")).map(|_| "true")]
                aria-describedby=[described_by(faults, &format!("reason[{id}]"))];
        }
        (field_faults(faults, &format!("reason[{id}]")))
        @let note_faults = field_faults(faults, &format!("note[{id}]"));
        @let note_fault = described_by(faults, &format!("note[{id}]"));
        details.note.blank[shown.note.is_empty()] open[!shown.note.is_empty()] {
            summary { "Note" }
            textarea name=(format!("note[{id}]")) rows="2" aria-label=(format!("Note on {}", activity.name))
                aria-invalid=[note_fault.as_ref().map(|_| "true")] aria-describedby=[note_fault] { (shown.note) }
        }
        (note_faults)
    }
}

/// In a conflict: what is recorded now.
fn theirs(context: &Context<'_>, activity: &Activity) -> Markup {
    let conflicts: &[Conflict] = match context.outcome {
        Outcome::Conflict(conflicts) => conflicts,
        _ => &[],
    };
    html! {
        @for conflict in conflicts.iter().filter(|conflict| conflict.activity == activity.id) {
            div.notice.bad {
                p {
                    "Recorded " (day(conflict.theirs.at)) " by " (conflict.theirs.by) ": "
                    strong { (status_name(context.scale, Some(&conflict.theirs.answer.status))) }
                    @if !conflict.theirs.answer.note.is_empty() { " — “" (conflict.theirs.answer.note) "”" }
                }
                p { "Yours is below." }
            }
        }
    }
}

/// A recorded answer as text.
fn given(context: &Context<'_>, recorded: Option<&RecordedAnswer>) -> Markup {
    html! {
        p.given {
            strong { (status_name(context.scale, recorded.map(|recorded| &recorded.answer.status))) }
            @if let Some(recorded) = recorded {
                @if !recorded.answer.status.reason().is_empty() { ": " (recorded.answer.status.reason()) }
                span.quiet { " · " (day(recorded.at)) " by " (recorded.by) }
            }
        }
        @if let Some(recorded) = recorded.filter(|recorded| !recorded.answer.note.is_empty()) {
            p.note-text { (recorded.answer.note) }
        }
    }
}
