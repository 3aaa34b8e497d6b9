//! One question of an assessment: as fields while it can be answered, as text afterwards. The page of
//! the whole assessment shows all of them, and each has a page of its own with everything about it.

use std::collections::{HashMap, HashSet};

use maud::{Markup, html};

use super::components::{
    activity_address, calendar_day, count, day, described_by, field_faults, question_id, status_name,
};
use super::layout::{self, Frame, encoded, with_parameter};
use super::markdown::markdown;
use super::{proposals, question_models};
use crate::domain::access::Action;
use crate::domain::answer::{Answer, Conflict, PastAnswer, RecordedAnswer, Revision, Status};
use crate::domain::catalog::{Activity, ActivityId, ActivityIndex};
use crate::domain::evidence::Support;
use crate::domain::fault::FieldFault;
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{Question, Questionnaire};
use crate::web::assets;

/// What a person entered but could not save.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// The answers.
    pub(in crate::web) answers: HashMap<ActivityId, EnteredAnswer>,
    /// The questions that are selected.
    pub(in crate::web) picked: HashSet<ActivityId>,
    /// By part of the page, the status and the reason for those that are selected.
    pub(in crate::web) set: HashMap<String, (String, String)>,
    /// Why a submitted assessment is to be reopened.
    pub(in crate::web) reopen: String,
}

/// An answer that a person entered but could not save.
#[derive(Debug, Clone)]
pub(in crate::web) struct EnteredAnswer {
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
    /// So many answers were recorded; and the records by which that can be undone.
    Saved(usize, Option<(i64, i64)>),
    /// Nothing was saved, since some fields are wrong.
    Invalid(Vec<FieldFault>),
    /// Nothing was saved, since somebody else changed some answers.
    Conflict(Vec<Conflict>),
    /// Something else was not done, since some fields are wrong.
    Refused(Vec<FieldFault>),
}

/// What all questions of a page need.
pub(super) struct Context<'a> {
    pub(super) roadmap: &'a Roadmap,
    /// The stage of each activity, in the order of the catalog.
    pub(super) stages: Vec<Option<StageNumber>>,
    pub(super) asked: &'a Questionnaire,
    pub(super) entered: &'a Entered,
    pub(super) outcome: &'a Outcome,
    takes_answers: bool,
    /// Whether the one who looks assesses the team, now or when it is a draft again.
    is_assessed: bool,
    pub(super) can_be_reopened: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(frame: &Frame<'_>, asked: &'a Questionnaire, entered: &'a Entered, outcome: &'a Outcome) -> Self {
        let is_draft = asked.assessment.submitted.is_none();
        let is_assessed = frame.may_for(Action::Assess, &asked.team);
        Self {
            roadmap: &asked.roadmap,
            stages: asked.roadmap.assign(&asked.catalog),
            asked,
            entered,
            outcome,
            takes_answers: is_draft && is_assessed,
            is_assessed,
            can_be_reopened: !is_draft && frame.may_for(Action::Reopen, &asked.team),
        }
    }

    pub(super) fn scale(&self) -> &ProgressScale {
        &self.asked.settings.scale
    }

    /// Whether the one who looks can answer: it is a draft, and they may.
    pub(super) fn takes_answers(&self) -> bool {
        self.takes_answers
    }

    /// What is wrong with fields of the page.
    pub(super) fn faults(&self) -> &[FieldFault] {
        match self.outcome {
            Outcome::Invalid(faults) | Outcome::Refused(faults) => faults,
            _ => &[],
        }
    }

    fn support(&self, id: &ActivityId) -> Support {
        self.asked.support.get(id).copied().unwrap_or_default()
    }

    fn status(&self, id: &ActivityId) -> Option<&Status> {
        self.asked.answers.get(id).map(|recorded| &recorded.answer.status)
    }

    /// The address of the page about one question.
    pub(super) fn question_address(&self, id: &ActivityId) -> String {
        format!("/assessments/{}/questions/{}", self.asked.assessment.id, encoded(&id.0))
    }
}

/// One question among all others.
pub(super) fn question(context: &Context<'_>, index: ActivityIndex) -> Markup {
    let activity = context.asked.catalog.activity(index);
    let recorded = context.asked.answers.get(&activity.id);
    let anchor = question_id(index);
    html! {
        @if context.takes_answers() {
            fieldset.question id=(anchor) {
                legend { (heading(context, index, recorded)) }
                (about(activity))
                (prerequisites(context, index, &|needed| format!("#{}", question_id(needed))))
                (question_models::line(context, activity))
                (proposals::line(context, activity))
                (fields(context, activity, recorded, true))
            }
        } @else {
            div.question id=(anchor) {
                p.legend { (heading(context, index, recorded)) }
                (about(activity))
                (given(context, activity, recorded))
                (proposals::line(context, activity))
            }
        }
    }
}

fn heading(context: &Context<'_>, index: ActivityIndex, recorded: Option<&RecordedAnswer>) -> Markup {
    let activity = context.asked.catalog.activity(index);
    html! {
        span.level-tag { "Level " (activity.level) }
        " " (activity.name) " "
        @if recorded.is_some_and(|recorded| recorded.answer.carried) { span.state.draft { "not yet confirmed" } " " }
        (tags(context, index))
    }
}

/// What is special about an answer: from whom it is inherited, who inherits it, what its evidence is worth.
fn tags(context: &Context<'_>, index: ActivityIndex) -> Markup {
    let activity = context.asked.catalog.activity(index);
    let asked = context.asked;
    let provider = asked.answers.get(&activity.id).and_then(|recorded| recorded.answer.inherited_from);
    let provider = provider.and_then(|team| asked.names.get(&team));
    let support = context.support(&activity.id);
    html! {
        @if let Some(provider) = provider { span.state { "inherited from " (provider) } " " }
        @if let Some(teams) = asked.relying.get(&activity.id) {
            span.state title=(teams.join(", ")) { (count(teams.len(), "team inherits", "teams inherit")) " it from here" } " "
        }
        @if let Some(origin) = asked.answers.get(&activity.id).and_then(|recorded| proposals::origin(asked.detected_about(&activity.id), recorded)) { span.state { (origin) } " " }
        @if support.is_stale() { span.state.bad { "evidence expired" } " " }
        @if support.valid > 0 {
            span.state.done title=[support.until.map(|until| format!("until {until}"))] { (support.valid) " evidence" } " "
        }
    }
}

/// What it is in a sentence, so that most can be answered without leaving the page; the whole text, with
/// how to assess it, opens on demand.
fn about(activity: &Activity) -> Markup {
    html! { @if !activity.description.is_empty() { div.what { (markdown(first_sentence(&activity.description))) } } }
}

/// The text up to the end of its first sentence: a point before white space and a capital letter that does
/// not belong to an abbreviation.
fn first_sentence(text: &str) -> &str {
    let mut end = text.find("\n\n").unwrap_or(text.len());
    for (at, _) in text.match_indices(". ").chain(text.match_indices(".\n")) {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        let word = before.rsplit(|c: char| c.is_whitespace() || c == '.').next().unwrap_or_default();
        let starts_anew = after.trim_start().starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '*' | '`'));
        let is_short = word.chars().count() < 2 || matches!(word, "etc" | "vs" | "cf" | "al");
        if !is_short && starts_anew {
            end = end.min(at + 1);
        }
    }
    text.get(..end).unwrap_or(text)
}

/// What it builds on and how far that is, leading to where `link` says.
fn prerequisites(context: &Context<'_>, index: ActivityIndex, link: &dyn Fn(ActivityIndex) -> String) -> Markup {
    let needed = context.asked.catalog.prerequisites(index);
    html! {
        @if !needed.is_empty() {
            p.needs {
                "Builds on "
                @for (i, &needed) in needed.iter().enumerate() {
                    @if i > 0 { ", " }
                    @let activity = context.asked.catalog.activity(needed);
                    a href=(link(needed)) { (activity.name) }
                    " (" span data-status-of=(activity.id) { (status_name(context.scale(), context.status(&activity.id)).to_lowercase()) } ")"
                }
            }
        }
    }
}

/// What the assessment before said, and which stage of the roadmap wants it done.
fn beside(context: &Context<'_>, index: ActivityIndex) -> Markup {
    let activity = context.asked.catalog.activity(index);
    let before = context.asked.before.as_ref();
    let stage = context.stages.get(index.position()).copied().flatten();
    html! {
        @if let Some(before) = before {
            span.before {
                (before.period) ": "
                (status_name(context.scale(), before.answers.get(&activity.id).map(|recorded| &recorded.answer.status)))
            }
        }
        @if let Some(StageNumber(number)) = stage {
            span title=[context.roadmap.stage(StageNumber(number)).map(|stage| &stage.name)] { "Stage " (number) }
        }
    }
}

fn fields(
    context: &Context<'_>,
    activity: &Activity,
    recorded: Option<&RecordedAnswer>,
    is_one_of_many: bool,
) -> Markup {
    let id = &activity.id.0;
    let shown = context.entered.answers.get(&activity.id).cloned().unwrap_or_else(|| EnteredAnswer {
        seen: recorded.map(|recorded| recorded.revision).unwrap_or_default(),
        status: recorded.map_or(Status::UNANSWERED, |recorded| recorded.answer.status.word()).to_owned(),
        reason: recorded.map_or("", |recorded| recorded.answer.status.reason()).to_owned(),
        note: recorded.map_or("", |recorded| &recorded.answer.note).to_owned(),
    });
    let faults = context.faults();
    let choice = |word: &str, name: &str| {
        let checked = shown.status == word || (shown.status.is_empty() && word == Status::UNANSWERED);
        html! {
            label {
                input type="radio" name=(format!("status[{id}]")) value=(word) checked[checked];
                span { (name) }
            }
        }
    };
    let index = context.asked.catalog.find(&activity.id);
    html! {
        input type="hidden" name=(format!("seen[{id}]")) value=(shown.seen.0);
        (theirs(context, activity))
        div.choices {
            (choice(Status::UNANSWERED, "Unanswered"))
            @for step in context.scale().steps() { (choice(&step.key, &step.name)) }
            (choice(Status::NOT_APPLICABLE, "Not applicable"))
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
        details.note open[!shown.note.is_empty()] {
            summary { "Note" }
            textarea name=(format!("note[{id}]")) rows="2" aria-label="Note" maxlength=(Answer::NOTE_LIMIT)
                aria-invalid=[note_fault.as_ref().map(|_| "true")] aria-describedby=[note_fault] { (shown.note) }
        }
        (note_faults)
        p.beside {
            @if let Some(index) = index { (beside(context, index)) }
            @if let Some(index) = index.filter(|_| recorded.is_some_and(|recorded| recorded.answer.carried)) {
                button.link name="button" value=(format!("confirm-{}", question_id(index))) { "Still so" }
            }
            // In a window of its own, so that nothing entered here is lost.
            @if is_one_of_many {
                label.pick { input type="checkbox" name="pick" value=(id) checked[context.entered.picked.contains(&activity.id)]; "Select" }
            }
            @if is_one_of_many { a.more href=(context.question_address(&activity.id)) target="_blank" rel="noopener" { "How to assess it, evidence, history" } }
        }
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
                    strong { (status_name(context.scale(), Some(&conflict.theirs.answer.status))) }
                    @if !conflict.theirs.answer.note.is_empty() { " — “" (conflict.theirs.answer.note) "”" }
                }
                @if conflict.touched { p { "Yours is below." } } @else { p { "It was left as it is. If you still want to change it, do it again." } }
            }
        }
    }
}

/// A recorded answer as text.
fn given(context: &Context<'_>, activity: &Activity, recorded: Option<&RecordedAnswer>) -> Markup {
    html! {
        p.given {
            strong { (status_name(context.scale(), recorded.map(|recorded| &recorded.answer.status))) }
            @if let Some(recorded) = recorded {
                @if !recorded.answer.status.reason().is_empty() { ": " (recorded.answer.status.reason()) }
                span.quiet { " · " (day(recorded.at)) " by " (recorded.by) }
            }
            " "
            a.more href=(context.question_address(&activity.id)) { "Evidence and history" span.visually-hidden { " of " (activity.name) } }
        }
        @if let Some(recorded) = recorded.filter(|recorded| !recorded.answer.note.is_empty()) {
            p.note-text { (recorded.answer.note) }
        }
    }
}

/// The page about one question. What stands in `.texts` is also shown inside the page of the whole
/// assessment, where a script asks for it.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Question, entered: &Entered, outcome: &Outcome) -> Markup {
    let asked = &seen.questionnaire;
    let context = Context::new(frame, asked, entered, outcome);
    let activity = asked.catalog.activity(seen.index);
    let recorded = asked.answers.get(&activity.id);
    let back = format!("/assessments/{}", asked.assessment.id);
    let body = html! {
        p.coverage {
            a href=(format!("{back}#{}", question_id(seen.index))) { (asked.team.name) ", " (asked.assessment.period) }
            @if let Some(home) = asked.catalog.home(seen.index) { " · " (home.dimension.name) " · " (home.sub_dimension.name) }
            " · level " (activity.level)
        }
        (super::questionnaire::notice(&context))
        section.card {
            h2 { "Answer" }
            @if context.takes_answers() {
                form.questions method="post" autocomplete="off" action=(format!("{back}/answers")) data-assessment=(super::questionnaire::shelf(frame, asked)) {
                    input type="hidden" name="question" value=(activity.id);
                    fieldset.question { legend.visually-hidden { (activity.name) } (tags(&context, seen.index)) (prerequisites(&context, seen.index, &|needed| context.question_address(&asked.catalog.activity(needed).id))) (fields(&context, activity, recorded, false)) }
                    footer.card-foot { button { "Save" } (super::questionnaire::save_state()) }
                }
            } @else {
                p { (tags(&context, seen.index)) }
                (given(&context, activity, recorded))
            }
        }
        (proposals::section(&context, seen))
        (question_models::section(&context, activity))
        div.texts {
            @for (title, text) in [("What it is", &activity.description), ("The risk without it", &activity.risk), ("What to do", &activity.measure), ("How to assess it", &activity.assessment)] {
                @if !text.is_empty() { section.card { h2 { (title) } (markdown(text)) } }
            }
        }
        (evidence(&context, seen))
        (inheritance(&context, seen))
        (history(&context, seen))
        @if context.takes_answers() { script src=(assets::address("questionnaire.js")) defer {} }
    };
    let action = html! {
        a.button.quiet href=(activity_address(&activity.id, frame.selection)) { "In the catalog" }
        a.button.quiet href=(format!("{back}#{}", question_id(seen.index))) { "Back to all questions" }
    };
    layout::page(frame, &activity.name, &action, &body)
}

fn evidence(context: &Context<'_>, seen: &Question) -> Markup {
    let asked = &seen.questionnaire;
    let activity = asked.catalog.activity(seen.index);
    let add = format!("/evidence/new?team={}&activity={}", asked.team.id, encoded(&activity.id.0));
    let add = with_parameter(&add, "back", &context.question_address(&activity.id));
    html! {
        section.card #evidence {
            header.card-head { h2 { "Evidence" } @if context.is_assessed { a.button.quiet href=(add) { "Add evidence" } } }
            @if seen.evidence.is_empty() {
                p.quiet { "None yet. Evidence belongs to the team and the activity, so it stays from quarter to quarter until its own date of expiry." }
            } @else {
                ul.plain.evidence-list {
                    @for piece in &seen.evidence {
                        li {
                            a href=(format!("/evidence/{}", piece.id)) { (piece.content.title) } " "
                            @if piece.withdrawn.is_some() { span.state { "withdrawn" } }
                            @else if !piece.content.is_valid_on(asked.today) { span.state.bad { "expired" } }
                            @else { span.state.done { "valid" } }
                            span.quiet {
                                " recorded " (calendar_day(piece.content.recorded_on))
                                @if let Some(expires) = piece.content.expires_on { ", until " (calendar_day(expires)) }
                                @if !piece.content.reviewer.is_empty() { ", looked at by " (piece.content.reviewer) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Inherits the answer from another team.
fn inheritance(context: &Context<'_>, seen: &Question) -> Markup {
    let asked = &seen.questionnaire;
    let activity = asked.catalog.activity(seen.index);
    let provider = asked.answers.get(&activity.id).and_then(|recorded| recorded.answer.inherited_from);
    let faults = context.faults();
    html! {
        @if context.takes_answers() {
            section.card #provider {
                h2 { "Inherited from another team" }
                @if let Some(name) = provider.and_then(|team| asked.names.get(&team)) {
                    p { "This answer is inherited from " strong { (name) } " and follows it until this assessment is submitted. Choose another status above to answer for yourselves." }
                }
                @if let Some(teams) = asked.relying.get(&activity.id) {
                    p { "Inherited from here by " (teams.join(", ")) ". Their drafts follow when this answer changes." }
                } @else if seen.providers.is_empty() {
                    p.quiet { "No other team has answered this in " (asked.assessment.period) " yet. Where a platform team provides it for all, the others can inherit its answer." }
                } @else {
                    form.inline method="post" action=(format!("{}/provider", context.question_address(&activity.id))) {
                        input type="hidden" name="seen" data-seen=(activity.id) value=(asked.answers.get(&activity.id).map_or(0, |recorded| recorded.revision.0));
                        label {
                            "Provided for this team by"
                            select name="provider" {
                                @for other in &seen.providers {
                                    option value=(other.team) selected[Some(other.team) == provider] { (other.name) ": " (status_name(context.scale(), Some(&other.status))) }
                                }
                            }
                        }
                        button.quiet { "Inherit this answer" }
                    }
                    (field_faults(faults, "provider"))
                }
            }
        }
    }
}

/// Everything that was ever recorded about it.
fn history(context: &Context<'_>, seen: &Question) -> Markup {
    html! {
        section.card #history {
            h2 { "History" }
            @if seen.history.is_empty() { p.quiet { "Nothing was ever answered here." } } @else {
                div.table-wrap {
                    table.stack {
                        thead { tr { th scope="col" { "Quarter" } th scope="col" { "Answer" } th scope="col" { "Note" } th scope="col" { "By" } th scope="col" { "When" } } }
                        tbody { @for past in &seen.history { (past_row(context, seen, past)) } }
                    }
                }
            }
        }
    }
}

fn past_row(context: &Context<'_>, seen: &Question, past: &PastAnswer) -> Markup {
    let answer = &past.recorded.answer;
    let provider = answer.inherited_from.and_then(|team| context.asked.names.get(&team));
    html! {
        tr.past[past.superseded_at.is_some()] {
            th scope="row" { a href=(format!("/assessments/{}", past.assessment)) { (past.period) } }
            td {
                (status_name(context.scale(), Some(&answer.status)))
                @if !answer.status.reason().is_empty() { ": " (answer.status.reason()) }
                @if answer.carried { " " span.state.draft { "not yet confirmed" } }
                @if let Some(provider) = provider { " " span.state { "inherited from " (provider) } }
            }
            td.note-cell { (answer.note) }
            td { (past.recorded.by) @if let Some(origin) = proposals::origin(&seen.proposals, &past.recorded) { " " small.below { (origin) } } }
            td { (super::components::moment(past.recorded.at)) @if past.superseded_at.is_some() { " " small { "changed since" } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_another_begins() {
        for (text, first) in [
            ("One thing. Another thing.", "One thing."),
            ("Tools, e.g. Trivy, scan it. Then more.", "Tools, e.g. Trivy, scan it."),
            ("Version 2.0 of it is used.\nMore.", "Version 2.0 of it is used."),
            ("No end", "No end"),
            ("A heading\n\nA text. More.", "A heading"),
            ("Ü. ä. Übung macht es. Ende.", "Ü. ä. Übung macht es."),
        ] {
            assert_eq!(first_sentence(text), first);
        }
    }
}
