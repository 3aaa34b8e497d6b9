//! What the threat models say about a question: facts that hold or do not, the answer that they support, and what only
//! a person can judge. They propose; whoever answers decides.

use maud::{Markup, html};

use super::question::Context;
use super::threat_model::model_address;
use crate::domain::answer::{Answer, Status};
use crate::domain::catalog::Activity;
use crate::domain::threat_model::support::{Fact, Holds, Proposal, Supported};

/// In a line, where a question stands among all others.
pub(super) fn line(context: &Context<'_>, activity: &Activity) -> Markup {
    let Some(proposal) = context.asked.models.of(&activity.id) else { return html! {} };
    html! {
        @if let Some(step) = proposal.step(context.scale()) {
            p.needs.proposed {
                "The threat models support “" (step.name) "”"
                @if let Some(confirmed) = proposal.step_if_confirmed(context.scale()).filter(|confirmed| confirmed.percent > step.percent) { ", and “" (confirmed.name) "” if you confirm what only you can judge" }
                ". "
                a href=(format!("{}#threat-models", context.question_address(&activity.id))) target="_blank" rel="noopener" { "Why" span.visually-hidden { ": " (activity.name) } }
                @if claims_more(context, activity, proposal) { " " span.state.bad { "the answer claims more" } }
            }
        }
    }
}

/// At length, on the page of the question.
pub(super) fn section(context: &Context<'_>, activity: &Activity) -> Markup {
    let Some(proposal) = context.asked.models.of(&activity.id) else { return html! {} };
    let team = &context.asked.team;
    html! {
        section.card #threat-models {
            div.card-head {
                h2 { "What the threat models say" }
                @if claims_more(context, activity, proposal) { span.state.bad { "The answer claims more" } }
            }
            @if context.asked.models.titles.is_empty() {
                p {
                    (team.name) " has no threat model in Cairn. "
                    @if context.takes_answers() { a href=(format!("/threat-models/new?team={}", team.id)) { "Begin one" } " or " a href=(format!("/threat-models/import?team={}", team.id)) { "import one" } "." }
                }
            }
            @if proposal.proposes.is_some() { p.lead { "They support " (proposal.text(context.scale())) } }
            ul.plain.facts-list { @for fact in &proposal.facts { li { (held(context, fact)) } } }
            p.quiet { "Only models that are fresh count: when a review is due they stop supporting an answer. Nothing is answered by itself." }
            @if context.takes_answers() { (accept(context, activity, proposal)) }
        }
    }
}

/// A fact, with whether it holds and of which models it does not.
fn held(context: &Context<'_>, fact: &Fact) -> Markup {
    let (mark, class, word) = match fact.holds {
        Holds::Yes => ("✓", "done", "Holds"),
        Holds::No => ("✗", "bad", "Does not hold"),
        Holds::NotKnown => ("?", "draft", "Not known"),
        Holds::OnlyAPerson => ("☐", "", "For you to judge"),
    };
    let models = fact.models.iter().filter_map(|id| Some((id, context.asked.models.titles.get(id)?)));
    let models: Vec<_> = models.collect();
    html! {
        span class=(format!("state {class}")) { span aria-hidden="true" { (mark) " " } (word) } " " (fact.text)
        @if !models.is_empty() {
            span.quiet { " Not of " @for (i, (id, title)) in models.iter().enumerate() { @if i > 0 { ", " } a href=(model_address(**id)) { (title) } } "." }
        }
    }
}

/// The ways to take what is proposed as the answer: a person presses the button, and the note says what it rests on.
fn accept(context: &Context<'_>, activity: &Activity, proposal: &Proposal) -> Markup {
    let asked = context.asked;
    let id = &activity.id.0;
    let recorded = asked.answers.get(&activity.id);
    let seen = recorded.map_or(0, |recorded| recorded.revision.0);
    let before = recorded.map(|recorded| recorded.answer.note.as_str()).unwrap_or_default();
    let note = |is_confirmed| basis(context, proposal, is_confirmed, before);
    let steps = [proposal.step(context.scale()), proposal.step_if_confirmed(context.scale())];
    let mut steps: Vec<_> = steps.into_iter().flatten().collect();
    steps.dedup_by_key(|step| &step.key);
    steps.retain(|step| !is_answered(context, activity, &step.key));
    html! {
        @if !steps.is_empty() {
            div.actions {
                @for (i, step) in steps.iter().enumerate() {
                    form method="post" action=(format!("/assessments/{}/answers", asked.assessment.id)) {
                        input type="hidden" name="question" value=(id);
                        input type="hidden" name=(format!("seen[{id}]")) value=(seen);
                        input type="hidden" name=(format!("status[{id}]")) value=(step.key);
                        input type="hidden" name=(format!("reason[{id}]")) value="";
                        input type="hidden" name=(format!("note[{id}]")) value=(note(i > 0));
                        @if i == 0 { button.quiet { "Answer “" (step.name) "”" } }
                        @else { button.quiet { "I find the rest to be so: answer “" (step.name) "”" } }
                    }
                }
            }
        }
    }
}

/// What an answer rests on, after what its note says already: what held, what did not, and what was confirmed.
fn basis(context: &Context<'_>, proposal: &Proposal, is_confirmed: bool, before: &str) -> String {
    let of = |holds: &[Holds]| -> String {
        let facts = proposal.facts.iter().filter(|fact| holds.contains(&fact.holds));
        facts.map(|fact| fact.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    let mut lines = vec![before.to_owned(), format!("As the threat models show on {}:", context.asked.today)];
    for (name, facts) in [
        ("Holds", of(&[Holds::Yes])),
        ("Does not hold or is not known", of(&[Holds::No, Holds::NotKnown])),
        ("Confirmed", if is_confirmed { of(&[Holds::OnlyAPerson]) } else { String::new() }),
    ] {
        if !facts.is_empty() {
            lines.push(format!("{name}: {facts}"));
        }
    }
    let text = lines.join("\n");
    text.trim().chars().take(Answer::NOTE_LIMIT).collect()
}

fn is_answered(context: &Context<'_>, activity: &Activity, key: &str) -> bool {
    let status = context.asked.answers.get(&activity.id).map(|recorded| &recorded.answer.status);
    matches!(status, Some(Status::Step(step)) if step == key)
}

/// Whether the answer claims more than the models support, even with what only a person can judge. Without any model
/// nothing is said: the team may model elsewhere.
fn claims_more(context: &Context<'_>, activity: &Activity, proposal: &Proposal) -> bool {
    let scale = context.scale();
    let status = context.asked.answers.get(&activity.id).map(|recorded| &recorded.answer.status);
    let Some(Status::Step(key)) = status else { return false };
    let answered = scale.step(key).map_or(0, |step| step.percent);
    let supported = proposal.step_if_confirmed(scale).map_or(0, |step| step.percent);
    let is_shown_by_models = Supported::of(&activity.id).is_some_and(|of| of != Supported::Targets);
    !context.asked.models.titles.is_empty() && is_shown_by_models && answered > supported
}
