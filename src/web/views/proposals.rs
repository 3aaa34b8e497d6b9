//! “What did programs detect?”: the answers that they propose, beside what people said, for a person to take or
//! to decline: all of a draft on one page, and each on the page of its question.

use std::collections::HashSet;

use maud::{Markup, html};

use super::components::{
    Wrong, calendar_day, count, day, described_by, field_faults, moment, question_id, status_name,
};
use super::layout::{self, Frame, encoded};
use super::question::Context;
use crate::domain::access::Action;
use crate::domain::answer::{AssessmentId, RecordedAnswer, Status};
use crate::domain::catalog::{Activity, ActivityIndex};
use crate::domain::proposal::{Bearing, Decision, Proposal, ProposalId, Verdict};
use crate::domain::scale::ProgressScale;
use crate::domain::view::{Question, Questionnaire};

/// What a person chose.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// The proposals.
    pub(in crate::web) chosen: HashSet<ProposalId>,
    /// Whether it is all of them.
    pub(in crate::web) all: bool,
    /// Why they are declined.
    pub(in crate::web) reason: String,
}

/// What was done just now.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Done {
    /// What.
    pub(in crate::web) verdict: Verdict,
    /// To how many.
    pub(in crate::web) count: usize,
}

/// The page with everything that is proposed for an assessment.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    asked: &Questionnaire,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<Done>,
) -> Markup {
    let back = format!("/assessments/{}", asked.assessment.id);
    let waiting = asked.proposals(Bearing::Waits);
    let is_draft = asked.assessment.submitted.is_none();
    let body = html! {
        p.coverage {
            a href=(back) { (asked.team.name) ", " (asked.assessment.period) }
            ". " @if is_draft { "What programs detect is not an answer before somebody takes it, unless an administrator trusts the program for the activity." } @else { "It is submitted; what programs detected does not change it any more." }
        }
        @if let Some(done) = done { (done_notice(done)) }
        @if !wrong.faults.is_empty() || wrong.refused.is_some() {
            div.notice.bad role="alert" {
                p { strong { "Nothing is changed yet." } @if let Some(message) = &wrong.refused { " " (message) "." } }
                @if !wrong.faults.is_empty() { ul { @for fault in &wrong.faults { li { (fault.message) } } } }
            }
        }
        section.card #waiting {
            @if waiting.is_empty() {
                p.lead { "Nothing waits for a decision." }
                p { "A pipeline sends what it detects with one call; “What may programs do?” tells an administrator how." }
            } @else {
                h2 { (count(waiting.len(), "answer is", "answers are")) " proposed" @if !is_draft { " for the next assessment" } }
                @if is_draft && frame.may_for(Action::Assess, &asked.team) {
                    (decide_form(asked, &waiting, entered, wrong))
                } @else {
                    (table(asked, &waiting, None))
                    p.quiet { @if is_draft { "Whoever assesses the team takes or declines them." } @else { "This assessment is submitted and takes no more answers. They wait for the next one." } }
                }
            }
        }
        (others(asked, Bearing::Contradicts, "Decided otherwise"))
        (others(asked, Bearing::Confirms, "Detected as it was answered"))
    };
    let action = html! { a.button.quiet href=(back) { "Back to all questions" } };
    layout::page(frame, "What did programs detect?", &action, &body)
}

fn done_notice(done: Done) -> Markup {
    html! {
        div.notice.good role="status" {
            @match done.verdict {
                Verdict::Declined => p { (count(done.count, "proposal is", "proposals are")) " declined, and does not ask again until something else is detected." },
                Verdict::Taken | Verdict::Trusted => p { (count(done.count, "answer is", "answers are")) " recorded as yours. Their notes say where they come from." },
            }
        }
    }
}

/// Takes or declines those that are chosen.
fn decide_form(
    asked: &Questionnaire,
    waiting: &[(ActivityIndex, &Proposal)],
    entered: &Entered,
    wrong: &Wrong,
) -> Markup {
    let here = address_of(asked.assessment.id);
    let faults = &wrong.faults;
    html! {
        form method="post" action=(here) autocomplete="off" {
            (table(asked, waiting, Some(entered)))
            (field_faults(faults, "proposal"))
            footer.card-foot {
                button name="do" value="take" { "Take the chosen ones" }
                details.bulk open[!entered.reason.is_empty() || described_by(faults, "reason").is_some()] {
                    summary { "Decline the chosen ones" }
                    div.inline {
                        label {
                            "Why (may be left empty)"
                            input type="text" name="reason" value=(entered.reason) maxlength=(Proposal::REASON_LIMIT) aria-invalid=[described_by(faults, "reason").map(|_| "true")] aria-describedby=[described_by(faults, "reason")];
                        }
                        button.quiet name="do" value="decline" { "Decline" }
                    }
                    (field_faults(faults, "reason"))
                }
                @if waiting.len() > 1 && !entered.all { a href={ (here) "?all=yes#waiting" } { "Choose all" } }
            }
        }
    }
}

/// `entered`: what is chosen, where something can be.
fn table(asked: &Questionnaire, proposals: &[(ActivityIndex, &Proposal)], entered: Option<&Entered>) -> Markup {
    html! {
        div.table-wrap {
            table.stack.proposals {
                thead {
                    tr {
                        @if entered.is_some() { th scope="col" { span.visually-hidden { "Choose" } } }
                        th scope="col" { "Activity" }
                        th scope="col" { "Proposed" }
                        th scope="col" { "Answer now" }
                        th scope="col" { "Detected" }
                    }
                }
                tbody { @for (index, proposal) in proposals { (row(asked, *index, proposal, entered)) } }
            }
        }
    }
}

fn row(asked: &Questionnaire, index: ActivityIndex, proposal: &Proposal, entered: Option<&Entered>) -> Markup {
    let activity = asked.catalog.activity(index);
    let recorded = asked.answers.get(&activity.id);
    let (id, scale) = (proposal.id, &asked.settings.scale);
    html! {
        tr id=(format!("proposal-{id}")) {
            @if let Some(entered) = entered {
                td.choose {
                    input type="checkbox" name="proposal" value=(id) id=(format!("choose-{id}")) checked[entered.all || entered.chosen.contains(&id)];
                    label for=(format!("choose-{id}")) { span.visually-hidden { "Choose “" (step_name(scale, proposal)) "” for " (activity.name) } }
                    input type="hidden" name=(format!("seen[{id}]")) value=(recorded.map_or(0, |recorded| recorded.revision.0));
                }
            }
            th scope="row" { a href=(question_address(asked.assessment.id, activity)) { (activity.name) } }
            td data-name="Proposed" { strong { (step_name(scale, proposal)) } }
            td data-name="Answer now" {
                (status_name(scale, recorded.map(|recorded| &recorded.answer.status)))
                @if let Some(recorded) = recorded.filter(|recorded| recorded.answer.status != Status::Unanswered) {
                    " " small.below {
                        @if recorded.answer.carried { "not yet confirmed" } @else { (day(recorded.at)) " by " (recorded.by) }
                    }
                }
            }
            td data-name="Detected" {
                "by " (who(&proposal.by)) ", " (when(proposal))
                @if recorded.is_some_and(|recorded| !recorded.answer.carried && proposal.is_later_than(recorded)) { " " span.state { "later than the answer" } }
                (details(proposal))
                @if let Some(decision) = &proposal.decision { small.below { (decided(decision)) } }
            }
        }
    }
}

/// Proposals about which nothing is to be done.
fn others(asked: &Questionnaire, bearing: Bearing, title: &str) -> Markup {
    const OPEN: usize = 5;
    let found = asked.proposals(bearing);
    html! {
        @if !found.is_empty() {
            section.card {
                h2 { (title) }
                details open[found.len() <= OPEN] {
                    summary { (count(found.len(), "activity", "activities")) }
                    (table(asked, &found, None))
                }
            }
        }
    }
}

/// In a line for each program, where a question stands among all others.
pub(super) fn line(context: &Context<'_>, activity: &Activity) -> Markup {
    let asked = context.asked;
    html! {
        @for proposal in asked.detected_about(&activity.id) {
            @let bearing = asked.bearing(proposal);
            p.needs.proposed {
                @if bearing == Bearing::Confirms {
                    "Detected by " (who(&proposal.by)) " as well, " (when(proposal)) ". "
                } @else {
                    "Detected by " (who(&proposal.by)) ": “" (step_name(context.scale(), proposal)) "”, " (when(proposal)) ". "
                }
                @if bearing == Bearing::Waits && context.takes_answers() {
                    a href=(format!("{}#proposal-{}", address_of(asked.assessment.id), proposal.id)) target="_blank" rel="noopener" { "Take or decline" span.visually-hidden { " what was detected for " (activity.name) } }
                } @else {
                    a href=(format!("{}#proposals", context.question_address(&activity.id))) target="_blank" rel="noopener" { "What it found" span.visually-hidden { " for " (activity.name) } }
                }
                @if bearing == Bearing::Contradicts { " " span.state { "the answer says something else" } }
            }
        }
    }
}

/// At length, on the page of the question.
pub(super) fn section(context: &Context<'_>, seen: &Question) -> Markup {
    let asked = context.asked;
    let activity = asked.catalog.activity(seen.index);
    let detected = asked.detected_about(&activity.id);
    let is_shown = |proposal: &&Proposal| detected.iter().any(|shown| shown.id == proposal.id);
    let earlier: Vec<&Proposal> = seen.proposals.iter().filter(|proposal| !is_shown(proposal)).collect();
    html! {
        @if !seen.proposals.is_empty() {
            section.card #proposals {
                h2 { "What programs detected" }
                ul.plain.evidence-list { @for proposal in detected { li { (at_length(context, activity, proposal)) } } }
                @if !earlier.is_empty() {
                    details {
                        summary { "Before: " (earlier.len()) }
                        ul.plain.evidence-list { @for proposal in earlier { li { (told(context.scale(), proposal)) (details(proposal)) } } }
                    }
                }
            }
        }
    }
}

fn at_length(context: &Context<'_>, activity: &Activity, proposal: &Proposal) -> Markup {
    let asked = context.asked;
    let recorded = asked.answers.get(&activity.id);
    let bearing = asked.bearing(proposal);
    html! {
        p {
            (told(context.scale(), proposal)) " "
            @match bearing {
                Bearing::Confirms => span.state.done { "the answer says so" },
                Bearing::Contradicts => span.state { "the answer says something else" },
                Bearing::Waits | Bearing::Replaced => {
                    span.state.draft { @if asked.assessment.submitted.is_none() { "waits for a decision" } @else { "waits for the next assessment" } }
                    @if recorded.is_some_and(|recorded| !recorded.answer.carried && proposal.is_later_than(recorded)) { " " span.state { "later than the answer" } }
                },
            }
        }
        (details(proposal))
        @if bearing == Bearing::Waits && context.takes_answers() {
            form method="post" action=(address_of(asked.assessment.id)) {
                input type="hidden" name="question" value=(activity.id);
                input type="hidden" name="proposal" value=(proposal.id);
                input type="hidden" name=(format!("seen[{}]", proposal.id)) value=(recorded.map_or(0, |recorded| recorded.revision.0));
                div.decide {
                    button.quiet name="do" value="take" { "Take “" (step_name(context.scale(), proposal)) "”" }
                    label { "Why not (may be left empty)" input type="text" name="reason" maxlength=(Proposal::REASON_LIMIT); }
                    button.quiet name="do" value="decline" { "Decline" }
                }
            }
        }
    }
}

/// What was detected, by whom and when, and what became of it.
fn told(scale: &ProgressScale, proposal: &Proposal) -> Markup {
    html! {
        strong { (step_name(scale, proposal)) }
        span.quiet {
            ", detected by " (who(&proposal.by)) ", "
            span title=(format!("told {} since {}", count(usize::try_from(proposal.times).unwrap_or_default(), "time", "times"), proposal.first_at.format("%Y-%m-%d %H:%M UTC"))) { (when(proposal)) }
            @if let Some(decision) = &proposal.decision { "; " (decided(decision)) }
            @if let Some(at) = proposal.superseded_at { "; something else since " (moment(at)) }
        }
    }
}

/// The day or days on which it was detected.
fn when(proposal: &Proposal) -> Markup {
    html! {
        @if proposal.first_on == proposal.detected.on { "on " (calendar_day(proposal.detected.on)) }
        @else { "from " (calendar_day(proposal.first_on)) " to " (calendar_day(proposal.detected.on)) }
    }
}

/// What the program found and where it can be seen.
fn details(proposal: &Proposal) -> Markup {
    let detected = &proposal.detected;
    html! {
        @if !detected.note.is_empty() || !detected.link.is_empty() {
            p.detail {
                (detected.note)
                @if !detected.link.is_empty() { " " a.address href=(detected.link) rel="noreferrer" { (detected.link) } }
            }
        }
    }
}

fn decided(decision: &Decision) -> Markup {
    html! {
        @match decision.verdict {
            Verdict::Taken => { "taken " (day(decision.at)) " by " (decision.by) },
            Verdict::Trusted => { "recorded by itself " (day(decision.at)) },
            Verdict::Declined => { "declined " (day(decision.at)) " by " (decision.by) },
        }
        @if !decision.reason.is_empty() { ": “" (decision.reason) "”" }
    }
}

/// From which program an answer comes, if it comes from one.
pub(super) fn origin(proposals: &[Proposal], recorded: &RecordedAnswer) -> Option<String> {
    let became = |proposal: &&Proposal| {
        proposal.decision.as_ref().and_then(|decision| decision.became).is_some_and(|(_, it)| it == recorded.revision)
    };
    let proposal = proposals.iter().find(became)?;
    let is_trusted = proposal.decision.as_ref().is_some_and(|decision| decision.verdict == Verdict::Trusted);
    Some(format!("{} by {}", if is_trusted { "detected" } else { "proposed" }, who(&proposal.by)))
}

/// Leads to what waits for a decision, from the page with all questions.
pub(super) fn waiting_line(frame: &Frame<'_>, asked: &Questionnaire) -> Markup {
    let waiting = asked.proposals(Bearing::Waits).len();
    let detected: usize = asked.detected.values().map(Vec::len).sum();
    let decides = asked.assessment.submitted.is_none() && frame.may_for(Action::Assess, &asked.team);
    html! {
        @if detected > 0 {
            p.explain {
                a href=(address_of(asked.assessment.id)) {
                    @if waiting > 0 { (waiting) " proposed by programs" @if asked.assessment.submitted.is_some() { " for the next assessment" } } @else { "What programs detected" }
                }
                @if waiting > 0 && decides { ": what pipelines detected and the answers do not say. Take them or decline them." } @else { "." }
            }
        }
    }
}

/// What waits for a decision, to be looked at before an assessment is submitted.
pub(super) fn waiting_card(asked: &Questionnaire) -> Markup {
    const LISTED: usize = 20;
    let waiting = asked.proposals(Bearing::Waits);
    let scale = &asked.settings.scale;
    html! {
        @if !waiting.is_empty() {
            section.card {
                header.card-head {
                    h2 { (count(waiting.len(), "answer that was detected waits", "answers that were detected wait")) " for a decision" }
                    a.button.quiet href=(address_of(asked.assessment.id)) { "Take or decline" }
                }
                details open[waiting.len() <= LISTED] {
                    summary { "Which ones" }
                    ul.plain {
                        @for (index, proposal) in &waiting {
                            @let activity = asked.catalog.activity(*index);
                            @let status = asked.answers.get(&activity.id).map(|recorded| &recorded.answer.status);
                            li {
                                a href=(format!("/assessments/{}#{}", asked.assessment.id, question_id(*index))) { (activity.name) }
                                span.quiet { ": " (status_name(scale, status)) ", and detected by " (who(&proposal.by)) ": " (step_name(scale, proposal)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The page with everything that is proposed for an assessment.
pub(super) fn address_of(assessment: AssessmentId) -> String {
    format!("/assessments/{assessment}/proposals")
}

fn question_address(assessment: AssessmentId, activity: &Activity) -> String {
    format!("/assessments/{assessment}/questions/{}#proposals", encoded(&activity.id.0))
}

fn step_name<'a>(scale: &'a ProgressScale, proposal: &'a Proposal) -> &'a str {
    let key = &proposal.detected.status;
    scale.step(key).map_or(key, |step| &step.name)
}

/// Who proposes, as people say it.
fn who(by: &str) -> String {
    by.strip_prefix("token ").map_or_else(|| by.to_owned(), |name| format!("token “{name}”"))
}
