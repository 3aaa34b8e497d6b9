//! “What does the team really do?”: one assessment, to fill in or to read.
//!
//! All activities are one form, so that whichever button saves, nothing that was entered elsewhere
//! on the page is lost. A script saves every change as it is made.

use maud::{Markup, html};

use super::components::{
    choice_of, count, day, described_by, field_faults, ladder, level, moment, percent, question_id, score,
};
use super::layout::{self, Frame, address, encoded};
use super::markdown::markdown;
use super::proposals;
use super::question::{Context, Entered, Outcome, question};
use crate::domain::answer::{Reopening, Status};
use crate::domain::catalog::{ActivityId, ActivityIndex, Capability, Lens, SubDimension};
use crate::domain::fault::FieldFault;
use crate::domain::guide::Guide;
use crate::domain::named::Named;
use crate::domain::organization::ScopeId;
use crate::domain::roadmap::StageNumber;
use crate::domain::scoring::Scored;
use crate::domain::view::{Anew, Questionnaire, Selection};
use crate::web::assets;

/// Which questions are wanted by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Show {
    /// Those without an answer.
    Unanswered,
    /// Those whose answer is from the assessment before and not confirmed.
    Unconfirmed,
    /// Those whose answer is another one than in the assessment before.
    Changed,
    /// Those that the present stage of the roadmap and the stages before it want.
    Stage,
}

impl Named for Show {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("unanswered", Self::Unanswered),
        ("unconfirmed", Self::Unconfirmed),
        ("changed", Self::Changed),
        ("stage", Self::Stage),
    ];
}

/// Which questions are wanted; nothing: all.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Filter {
    /// By what became of them.
    pub(in crate::web) show: Option<Show>,
    /// Through this lens.
    pub(in crate::web) lens: Option<Lens>,
    /// Carried by tools or by people.
    pub(in crate::web) capability: Option<Capability>,
    /// With all of these words, in any of their texts.
    pub(in crate::web) text: Option<String>,
    /// Whether all parts are unfolded.
    pub(in crate::web) unfolded: bool,
}

impl Filter {
    /// Whether all questions are wanted.
    fn is_empty(&self) -> bool {
        self.show.is_none() && self.lens.is_none() && self.capability.is_none() && self.text.is_none()
    }

    /// As a part of an address, beginning with `?`, so that a save leads back to the same questions.
    pub(in crate::web) fn query(&self) -> String {
        let text = self.text.as_deref().map(encoded);
        let parts = [
            self.show.map(|show| format!("show={}", show.name())),
            self.lens.map(|lens| format!("lens={}", encoded(lens.name()))),
            self.capability.map(|capability| format!("capability={}", capability.name())),
            text.map(|text| format!("text={text}")),
            self.unfolded.then(|| "parts=unfolded".to_owned()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }

    fn takes(&self, context: &Context<'_>, present: Option<StageNumber>, index: ActivityIndex) -> bool {
        let asked = context.asked;
        let activity = asked.catalog.activity(index);
        let answer = asked.answers.get(&activity.id).map(|recorded| &recorded.answer);
        let is_shown = match self.show {
            None => true,
            Some(Show::Unanswered) => answer.is_none_or(|answer| answer.status == Status::Unanswered),
            Some(Show::Unconfirmed) => answer.is_some_and(|answer| answer.carried),
            Some(Show::Changed) => {
                let before = asked.before.as_ref().and_then(|before| before.answers.get(&activity.id));
                let before = before.map_or(&Status::Unanswered, |recorded| &recorded.answer.status);
                answer.map_or(&Status::Unanswered, |answer| &answer.status) != before
            }
            Some(Show::Stage) => match (context.stages.get(index.position()).copied().flatten(), present) {
                (Some(stage), Some(present)) => stage <= present,
                (stage, None) => stage.is_some(),
                (None, Some(_)) => false,
            },
        };
        is_shown
            && self.lens.is_none_or(|lens| Some(lens) == activity.lens)
            && self.capability.is_none_or(|capability| Some(capability) == activity.capability)
            && self.text.as_ref().is_none_or(|text| activity.has_words(text))
    }
}

/// The page.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    asked: &Questionnaire,
    guide: &Guide,
    filter: &Filter,
    entered: &Entered,
    outcome: &Outcome,
) -> Markup {
    let context = Context::new(frame, asked, entered, outcome);
    let present = asked.roadmap.present(&asked.scorecard);
    let wanted: Vec<bool> =
        asked.catalog.activities().map(|(index, _)| filter.takes(&context, present, index)).collect();
    let shown = wanted.iter().filter(|wanted| **wanted).count();
    let body = html! {
        p.coverage {
            "Assessment for " (asked.assessment.period) " "
            @match &asked.assessment.submitted {
                Some(submission) => { span.state.done { "Submitted" } " " (day(submission.at)) " by " (submission.by) ". It does not change any more." },
                None => {
                    span.state.draft { "Draft" }
                    @if context.takes_answers() { " Answer for what really happens today, not for what is planned. Unanswered activities count as not done." }
                    @else { " It counts for nothing until it is submitted. You can look at it, and others fill it in." }
                },
            }
        }
        (notice(&context))
        (reopenings(&asked.reopenings))
        (anew(&context))
        (proposals::waiting_line(frame, asked))
        (contents(&context))
        (filters(&context, filter, present))
        @if context.takes_answers() {
            p.keys-hint.no-print {
                kbd { "j" } " " kbd { "k" } " next and previous question, " kbd { "1" } " … " kbd { "9" } " answer, " kbd { "u" } " next unanswered, " kbd { "?" } " all keys"
            }
        }
        @if filter.is_empty() {
            p.coverage.no-print {
                @if filter.unfolded { "All parts are unfolded. " a href=(format!("/assessments/{}", asked.assessment.id)) { "Fold them" } }
                @else { "Each part unfolds when it is chosen. " a href=(format!("/assessments/{}?parts=unfolded", asked.assessment.id)) { "Unfold all" } }
            }
        }
        @if !filter.is_empty() {
            p.coverage {
                (count(shown, "question is", "questions are")) " like that. "
                a href=(format!("/assessments/{}", asked.assessment.id)) { "Show all" }
            }
        }
        @if context.takes_answers() {
            form.questions #questions method="post" autocomplete="off" action=(format!("/assessments/{}/answers{}", asked.assessment.id, filter.query())) data-assessment=(shelf(frame, asked)) {
                (questions(&context, guide, filter, &wanted))
                section.card {
                    h2 { "Ready?" }
                    p { "The review saves everything above and shows what will be submitted. Nothing is submitted before you say so there." }
                    button name="button" value="review" { "Save and review" }
                    p.quiet {
                        "Rather in a spreadsheet? Take this quarter "
                        a href=(workbook(asked)) download { "as a workbook to fill in" } ", and " a href="/import" { "import it" } "."
                    }
                }
            }
            (save_state())
            (keys())
            script src=(assets::address("questionnaire.js")) defer {}
        } @else {
            div.unsaved.notice.bad data-assessment=(shelf(frame, asked)) hidden {}
            div.questions { (questions(&context, guide, filter, &wanted)) }
            @if context.can_be_reopened { (reopen(&context)) }
            script src=(assets::address("questionnaire.js")) defer {}
        }
    };
    let action = html! {
        @if context.takes_answers() {
            // The first button is the one that the return key presses: it saves and goes nowhere else.
            button.visually-hidden form="questions" tabindex="-1" aria-hidden="true" { "Save" }
            button form="questions" name="button" value="review" { "Save and review" }
        } @else {
            a.button.quiet href=(address("/gaps", frame.selection)) { "Gaps" }
            a.button href=(address("/", frame.selection)) { "Where " (asked.team.name) " stands" }
        }
    };
    layout::page(frame, &format!("What does {} really do?", asked.team.name), &action, &body)
}

/// Where the assessment is to be had as a workbook.
fn workbook(asked: &Questionnaire) -> String {
    let selection = Selection { scope: ScopeId::Team(asked.team.id), period: Some(asked.assessment.period) };
    address("/export/template.xlsx", selection)
}

/// The name under which the script keeps what is not saved. The time is in it, so that what was entered
/// into an assessment of another database at the same address never comes up here, and who entered it, so
/// that nobody else is shown it.
pub(super) fn shelf(frame: &Frame<'_>, asked: &Questionnaire) -> String {
    let whose = frame.actor.user_id().map_or(0, |user| user.0);
    format!("{}-{}-{whose}", asked.assessment.id, asked.assessment.opened_at.timestamp_millis())
}

/// Where the script says whether everything is saved.
pub(super) fn save_state() -> Markup {
    html! { div.save-state role="status" aria-live="polite" hidden {} }
}

/// What the last save did, and how to undo it.
pub(super) fn notice(context: &Context<'_>) -> Markup {
    html! {
        @match context.outcome {
            Outcome::None => {},
            Outcome::Saved(0, _) => p.notice role="status" { "Nothing to save: everything is recorded like that already." },
            Outcome::Saved(n, range) => {
                div.notice.good role="status" {
                    (count(*n, "answer", "answers")) " saved. "
                    @if let Some((first, last)) = range {
                        form.undo method="post" action=(format!("/assessments/{}/undo", context.asked.assessment.id)) {
                            input type="hidden" name="range" value=(format!("{first}-{last}"));
                            button.link { "Undo" }
                        }
                    }
                }
            }
            Outcome::Invalid(faults) => {
                div.notice.bad role="alert" {
                    p {
                        strong { (count(faults.len(), "answer needs", "answers need")) " a correction." }
                        " What was saved before stays, and everything you entered is still below. Correct this and save again:"
                    }
                    ul { @for fault in faults { li { (fault_link(context, fault)) } } }
                }
            }
            Outcome::Refused(faults) => {
                div.notice.bad role="alert" { ul { @for fault in faults { li { (fault.message) } } } }
            }
            Outcome::Conflict(conflicts) => {
                div.notice.bad role="alert" {
                    p {
                        strong { (count(conflicts.len(), "answer needs", "answers need")) " a decision." }
                        " What was saved before stays. Somebody else changed these answers since you loaded the page. Both versions are shown below: choose, and save again:"
                    }
                    ul {
                        @for conflict in conflicts { li { a href=(question_link(context, &conflict.activity)) { (conflict.name) } } }
                    }
                }
            }
        }
    }
}

/// Why it is a draft again.
fn reopenings(reopenings: &[Reopening]) -> Markup {
    html! {
        @for reopening in reopenings {
            p.notice {
                "Submitted " (day(reopening.submission.at)) " by " (reopening.submission.by) ", reopened " (moment(reopening.at))
                " by " (reopening.by) ": " (reopening.reason)
            }
        }
    }
}

/// Makes a submitted assessment a draft again.
fn reopen(context: &Context<'_>) -> Markup {
    let faults = context.faults();
    html! {
        section.card.confirm #reopen {
            details open[!faults.is_empty()] {
                summary { "Reopen this assessment" }
                form.fields method="post" action=(format!("/assessments/{}/reopen", context.asked.assessment.id)) {
                    p { "It becomes a draft again and counts for nothing until it is submitted once more. Who reopened it and why stays on record." }
                    label {
                        "Why"
                        input type="text" name="reason" value=(context.entered.reopen) required
                            aria-invalid=[described_by(faults, "reason").map(|_| "true")] aria-describedby=[described_by(faults, "reason")];
                    }
                    (field_faults(faults, "reason"))
                    button.quiet { "Reopen" }
                }
            }
        }
    }
}

/// What the catalog asks anew since the assessment before, and which answers are from that.
fn anew(context: &Context<'_>) -> Markup {
    let asked = context.asked;
    let list = |because: Anew| -> Vec<ActivityIndex> {
        asked.asked_anew.iter().filter(|anew| anew.because == because).map(|anew| anew.activity).collect()
    };
    let carried = asked.answers.values().filter(|recorded| recorded.answer.carried).count();
    html! {
        @if asked.assessment.submitted.is_none() && carried > 0 {
            p.explain {
                (count(carried, "answer is", "answers are")) " from "
                @if let Some(before) = &asked.before { a href=(format!("/assessments/{}", before.id)) { (before.period) } } @else { "last quarter" }
                " and marked " span.state.draft { "not yet confirmed" }
                ". Change what is different now, and confirm the rest part by part."
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
    let is_part = id.strip_prefix('s').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let link = if is_part { format!("#{id}") } else { question_link(context, &ActivityId(id.to_owned())) };
    html! { a href=(link) { (fault.message) } }
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
                    span #answered { (total.score.answered) } " of " span #applicable { (total.score.activities) } " answered"
                    small { ", " span #not-applicable { (total.score.not_applicable) } " not applicable" }
                }
                span { "So far level " span #level { (level(total.score.level)) } " score " span #score { (score(total.score.score)) } }
            }
            progress #progress max=(total.score.activities.max(1)) value=(total.score.answered) aria-label="Answered" {}
            div.columns {
                @for (dimension, scored) in catalog.dimensions().iter().zip(&context.asked.scorecard.dimensions) {
                    section {
                        h3 { (dimension.name) " " (level(scored.total.score.level)) }
                        ul {
                            @for (sub, scored) in dimension.sub_dimensions.iter().zip(&scored.sub_dimensions) {
                                (contents_row(context, sub, scored))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn contents_row(context: &Context<'_>, sub: &SubDimension, scored: &Scored) -> Markup {
    html! {
        li {
            a href=(format!("#{}", section_id(sub))) { (sub.name) }
            (how_far(context, sub, scored))
        }
    }
}

/// How many of the applicable activities of a sub-dimension are answered; the script keeps it up to date.
fn how_far(context: &Context<'_>, sub: &SubDimension, scored: &Scored) -> Markup {
    let unconfirmed = unconfirmed(context, sub.activities());
    let state = match scored.score.unanswered() {
        0 if unconfirmed == 0 => "state done",
        0 => "state draft",
        _ => "state none",
    };
    html! {
        span class=(state) data-part=(section_id(sub)) {
            (scored.score.answered) " / " (scored.score.activities)
            @if unconfirmed > 0 { ", " (unconfirmed) " to confirm" }
        }
    }
}

/// How many of some answers are from the assessment before and not confirmed.
fn unconfirmed(context: &Context<'_>, activities: impl Iterator<Item = ActivityIndex>) -> usize {
    let asked = context.asked;
    let recorded = activities.filter_map(|index| asked.answers.get(&asked.catalog.activity(index).id));
    recorded.filter(|recorded| recorded.answer.carried).count()
}

/// Narrows the questions down.
fn filters(context: &Context<'_>, filter: &Filter, present: Option<StageNumber>) -> Markup {
    let stage = present.and_then(|number| context.roadmap.stage(number));
    let up_to = stage.map_or("of the roadmap".to_owned(), |stage| format!("up to {}", stage.name));
    let words = |show: Show| match show {
        Show::Unanswered => "unanswered".to_owned(),
        Show::Unconfirmed => "not yet confirmed".to_owned(),
        Show::Changed => "changed since the assessment before".to_owned(),
        Show::Stage => up_to.clone(),
    };
    html! {
        form.picker.filters method="get" action=(format!("/assessments/{}", context.asked.assessment.id)) role="search" {
            label {
                span { "Questions" }
                select name="show" {
                    option value="" { "all" }
                    @for (name, show) in Show::NAMED { option value=(name) selected[filter.show == Some(*show)] { (words(*show)) } }
                }
            }
            (choice_of("Lens", "lens", filter.lens))
            (choice_of("Capability", "capability", filter.capability))
            label { span { "Search" } input type="search" name="text" value=[filter.text.as_ref()] maxlength="100"; }
            button { "Show" }
        }
    }
}

/// Named after its first activity: names may be alike, or have nothing that can stand in an id.
pub(in crate::web) fn section_id(sub: &SubDimension) -> String {
    format!("s{}", sub.activities().next().map_or(0, ActivityIndex::position))
}

/// All parts. One is unfolded: the first in which something is to be done, so that the page is no longer than what is
/// looked at. Where questions were chosen, or something is wrong, all are.
fn questions(context: &Context<'_>, guide: &Guide, filter: &Filter, wanted: &[bool]) -> Markup {
    let catalog = &context.asked.catalog;
    let is_wanted = |index: &ActivityIndex| wanted.get(index.position()).copied().unwrap_or(true);
    let scored = context.asked.scorecard.dimensions.iter().flat_map(|dimension| &dimension.sub_dimensions);
    let subs = || catalog.dimensions().iter().flat_map(|dimension| &dimension.sub_dimensions);
    let is_open = |(sub, scored): &(&SubDimension, &Scored)| {
        scored.score.unanswered() > 0 || unconfirmed(context, sub.activities()) > 0
    };
    let to_do = subs().zip(scored).find(is_open).map(|(sub, _)| section_id(sub));
    let is_folded =
        filter.is_empty() && !filter.unfolded && !matches!(context.outcome, Outcome::Invalid(_) | Outcome::Conflict(_));
    let mut after = subs().skip(1);
    html! {
        @for (dimension, scored) in catalog.dimensions().iter().zip(&context.asked.scorecard.dimensions) {
            @let has_any = dimension.sub_dimensions.iter().flat_map(|sub| sub.activities()).any(|index| is_wanted(&index));
            @if has_any { h2.dimension-head { (dimension.name) } }
            @for (sub, scored) in dimension.sub_dimensions.iter().zip(&scored.sub_dimensions) {
                @let next = after.next().filter(|_| filter.is_empty());
                @let mut found = sub.activities().filter(is_wanted).collect::<Vec<_>>();
                @if !found.is_empty() {
                    // By level, since a level counts only when those below it are done.
                    @let () = found.sort_by_key(|&index| catalog.activity(index).level);
                    details.card.part open[!is_folded || to_do.as_ref() == Some(&section_id(sub))] {
                        summary {
                            h3 { (sub.name) }
                            span.summary {
                                (how_far(context, sub, scored)) " level " (level(scored.score.level)) " "
                                (ladder(&scored.score)) " "
                                (percent(scored.score.completion))
                            }
                        }
                        (section(context, guide.sub_dimension(&dimension.name, &sub.name), sub, &found, next))
                    }
                }
            }
        }
    }
}

/// What is unfolded. It has the id, not what is folded: where an address leads into it, browsers unfold it.
fn section(
    context: &Context<'_>,
    about: &str,
    sub: &SubDimension,
    found: &[ActivityIndex],
    next: Option<&SubDimension>,
) -> Markup {
    let id = section_id(sub);
    html! {
        section id=(id) aria-label=(sub.name) {
            @if !about.is_empty() { div.explain { (markdown(about)) } }
            @for &index in found { (question(context, index)) }
            @if context.takes_answers() { (section_foot(context, found, &id, next)) }
            @else if let Some(next) = next { footer.card-foot { (next_link(next)) } }
        }
    }
}

/// The way to the part that follows.
fn next_link(next: &SubDimension) -> Markup {
    html! { a href=(format!("#{}", section_id(next))) { "Next: " (next.name) } }
}

/// What can be done with a whole part.
fn section_foot(context: &Context<'_>, found: &[ActivityIndex], id: &str, next: Option<&SubDimension>) -> Markup {
    let unconfirmed = unconfirmed(context, found.iter().copied());
    let faults = context.faults();
    let names = ["pick", "set-status", "set-reason"].map(|field| format!("{field}[{id}]"));
    let is_picked = |index: &ActivityIndex| context.entered.picked.contains(&context.asked.catalog.activity(*index).id);
    let is_wrong = faults.iter().any(|fault| names.contains(&fault.field)) || found.iter().any(is_picked);
    let (chosen, reason) = context.entered.set.get(id).map_or(("", ""), |(status, reason)| (status, reason));
    html! {
        footer.card-foot {
            button name="button" value=(id) { "Save" span.visually-hidden { " and stay here" } }
            @if unconfirmed > 0 {
                button.quiet name="button" value=(format!("confirm-{id}")) { "Confirm " (count(unconfirmed, "answer", "answers")) " from last quarter" }
            }
            details.bulk open[is_wrong] {
                summary { "Set several" }
                div.inline {
                    label {
                        "Those that are selected"
                        select name=(format!("set-status[{id}]")) {
                            @for step in context.scale().steps() { option value=(step.key) selected[step.key == chosen] { (step.name) } }
                            option value=(Status::NOT_APPLICABLE) selected[chosen == Status::NOT_APPLICABLE] { "Not applicable" }
                            option value=(Status::UNANSWERED) selected[chosen == Status::UNANSWERED] { "Unanswered" }
                        }
                    }
                    label { "Why, if not applicable" input type="text" name=(format!("set-reason[{id}]")) value=(reason); }
                    button.quiet name="button" value=(format!("set-{id}")) { "Set" }
                }
                @for name in &names { (field_faults(faults, name)) }
            }
            @if let Some(next) = next { (next_link(next)) }
            a href="#main" { "Back to the top" }
        }
    }
}

/// The keys that the script understands.
fn keys() -> Markup {
    let keys = [
        ("j", "next question"),
        ("k", "previous question"),
        ("1 … 9", "a step of the scale, from not implemented upwards"),
        ("0", "unanswered"),
        ("n", "not applicable, and why"),
        ("y", "still so: confirms the answer from last quarter"),
        ("c", "the note"),
        ("e", "evidence"),
        ("d", "how to assess it"),
        ("x", "select, to set several at once"),
        ("u", "next unanswered"),
        ("/", "search"),
        ("?", "this list"),
        ("Esc", "out of a field, or close"),
    ];
    html! {
        dialog.keys #keys aria-label="Keys" {
            h2 { "Keys" }
            dl { @for (key, what) in keys { dt { kbd { (key) } } dd { (what) } } }
            form method="dialog" { button.quiet { "Close" } }
        }
    }
}
