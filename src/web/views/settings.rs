//! “How is progress counted?”: the progress scale and the threshold, and what another would change.

use maud::{Markup, html};

use super::components::{Wrong, count, described_by, field_faults, level, moved, score};
use super::layout::{self, Frame};
use crate::domain::access::Action;
use crate::domain::fault::FieldFault;
use crate::domain::organization::Settings;
use crate::domain::scale::{NAME_LIMIT, ProgressScale, Step};
use crate::domain::settings::{Effect, Reached, SettingsInput, SettingsPreview, SettingsSeen, StepInput, StepUses};

/// The question that the page answers.
const QUESTION: &str = "How is progress counted?";

/// The page with the settings that apply.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &SettingsSeen,
    entered: &SettingsInput,
    is_changed: bool,
) -> Markup {
    let body = html! {
        @if is_changed {
            div.notice.good role="status" { p { "The settings are changed. All scores, past ones too, are counted by them." } }
        }
        @if frame.may(Action::ManageSettings) { (form(&seen.uses, entered, &[])) } @else { (in_force(seen)) }
    };
    layout::page(frame, QUESTION, &html! {}, &body)
}

/// The settings that apply, for those who may not change them.
fn in_force(seen: &SettingsSeen) -> Markup {
    html! {
        section.card {
            h2 { "The progress scale" }
            p.explain { "An answer takes one of these steps, and each is worth a share of the activity. An administrator can change them." }
            div.table-wrap {
                table.stack {
                    thead {
                        tr {
                            th scope="col" { "Name" }
                            th.num scope="col" { "Worth" }
                            th scope="col" { "Word in files" }
                            // Where teams are kept apart, how often others take a step is not for everybody.
                            @if !seen.uses.is_empty() { th.num scope="col" { "Recorded answers" } }
                        }
                    }
                    tbody {
                        @for step in seen.settings.scale.steps() {
                            tr {
                                th scope="row" { (step.name) }
                                td.num data-name="Worth" { (step.percent) " %" }
                                td data-name="Word in files" { code { (step.key) } }
                                @if !seen.uses.is_empty() { td.num data-name="Recorded answers" { (seen.uses.get(&step.key).copied().unwrap_or_default()) } }
                            }
                        }
                    }
                }
            }
            h2.form-part { "The threshold" }
            p { "A level is reached from " strong { (seen.settings.threshold.percent()) " %" } " on: when it and every level below are complete to this share." }
        }
    }
}

/// The page with what was entered and what is wrong with it.
pub(in crate::web) fn again(frame: &Frame<'_>, seen: &SettingsSeen, entered: &SettingsInput, wrong: &Wrong) -> Markup {
    let body = html! {
        (wrong.notice())
        @if wrong.refused.is_some() { section.card { h2 { "As it is now" } (in_words(&seen.settings)) } }
        (form(&seen.uses, entered, &wrong.faults))
    };
    layout::page(frame, QUESTION, &html! {}, &body)
}

/// The page with what the settings that were entered would do.
pub(in crate::web) fn preview(frame: &Frame<'_>, entered: &SettingsInput, preview: &SettingsPreview) -> Markup {
    let body = html! {
        @if preview.changes_something() {
            (consequences(entered, preview))
        } @else {
            div.notice role="status" { p { "This is how it is already: nothing would change." } }
        }
        (form(&preview.uses, entered, &[]))
    };
    layout::page(frame, QUESTION, &html! {}, &body)
}

/// Settings in one sentence each.
fn in_words(settings: &Settings) -> Markup {
    html! {
        p {
            @for (i, step) in settings.scale.steps().iter().enumerate() {
                @if i > 0 { " · " } (step.name) " " small { (step.percent) " %" }
            }
        }
        p { "A level is reached from " (settings.threshold.percent()) " % on." }
    }
}

/// What would be different, and the button that does it.
fn consequences(entered: &SettingsInput, preview: &SettingsPreview) -> Markup {
    html! {
        section.card #preview {
            h2 { "What would change" }
            p.lead { (in_short(preview)) }
            p.explain { "Nothing is changed yet. Answers stay as they are; what is counted from them changes, past quarters too." }
            (steps(preview))
            @if preview.current.threshold != preview.wanted.threshold {
                p {
                    "A level is reached from " strong { (preview.wanted.threshold.percent()) " %" } " on, instead of "
                    (preview.current.threshold.percent()) " %."
                }
            }
            @if preview.quarters.is_empty() {
                p { "No assessment is submitted yet, so there is no score that could change." }
            } @else {
                div.pair {
                    div {
                        h3 { "The organization, quarter by quarter" }
                        (effects("Quarter", &preview.quarters))
                    }
                    @if let Some(latest) = preview.quarters.first() {
                        div {
                            h3 { "Its dimensions in " (latest.of) }
                            (effects("Dimension", &preview.dimensions))
                        }
                    }
                }
            }
            form.card-foot method="post" action="/settings" {
                // What is put into force is what was shown, whatever was entered below meanwhile.
                (hidden(entered))
                button name="do" value="apply" { "Change the settings" }
                a href="/settings" { "Leave everything as it is" }
            }
        }
    }
}

/// What happens to the organization's latest score, and how much else changes.
fn in_short(preview: &SettingsPreview) -> String {
    let Some(Effect { of: period, before, after }) = preview.quarters.first() else {
        return "No score changes.".to_owned();
    };
    let quarters = preview.quarters.iter().filter(|effect| effect.before != effect.after).count();
    let dimensions = preview.dimensions.iter().filter(|effect| effect.before != effect.after).count();
    if quarters + dimensions == 0 {
        return "No level and no score changes.".to_owned();
    }
    let level = match (before.level, after.level) {
        (before, after) if before < after => format!("rises from level {before} to {after}"),
        (before, after) if before > after => format!("falls from level {before} to {after}"),
        (_, after) => format!("stays at level {after}"),
    };
    let (before, after) = (score(before.score), score(after.score));
    let its_score = if before == after {
        format!("its score stays {after}")
    } else {
        format!("its score goes from {before} to {after}")
    };
    format!(
        "In {period} the organization {level}, and {its_score}. {quarters} of {} and {dimensions} of {} change.",
        count(preview.quarters.len(), "quarter", "quarters"),
        count(preview.dimensions.len(), "dimension", "dimensions"),
    )
}

/// The steps before and after, with how many answers take each.
fn steps(preview: &SettingsPreview) -> Markup {
    let of = |step: Option<&Step>| match step {
        None => html! { span.quiet { "—" } },
        Some(step) => html! { (step.percent) " %" },
    };
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Step" }
                        th.num scope="col" { "Worth now" }
                        th.num scope="col" { "Then" }
                        th.num scope="col" { "Recorded answers" }
                        th scope="col" { "What happens" }
                    }
                }
                tbody {
                    @for change in preview.steps() {
                        @if let Some(step) = change.step() {
                            tr {
                                th scope="row" { (step.name) " " small { (step.key) } }
                                td.num data-name="Worth now" { (of(change.before)) }
                                td.num data-name="Then" { (of(change.after)) }
                                td.num data-name="Recorded answers" { (preview.uses.get(&step.key).copied().unwrap_or_default()) }
                                td { (fate(change.before, change.after)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn fate(before: Option<&Step>, after: Option<&Step>) -> Markup {
    html! {
        @match (before, after) {
            (None, _) => "new",
            (_, None) => "goes",
            (Some(before), Some(after)) => {
                @if before.name != after.name { "was called “" (before.name) "”" }
                @if before.name != after.name && before.percent != after.percent { ", " }
                @if before.percent != after.percent { "counts " @if after.percent > before.percent { "more" } @else { "less" } }
            }
        }
    }
}

/// Levels and scores before and after.
fn effects<T: maud::Render>(head: &str, effects: &[Effect<T>]) -> Markup {
    let reached = |reached: Reached| html! { (level(reached.level)) " " (score(reached.score)) };
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { (head) }
                        th.num scope="col" { "Now" }
                        th.num scope="col" { "Then" }
                        th.num scope="col" { "Change" }
                    }
                }
                tbody {
                    @for effect in effects {
                        tr {
                            th scope="row" { (effect.of) }
                            td.num data-name="Now" { (reached(effect.before)) }
                            td.num data-name="Then" { (reached(effect.after)) }
                            td.num data-name="Change" { (moved(effect.after.score, effect.before.score)) }
                        }
                    }
                }
            }
        }
    }
}

/// Everything that can be entered.
fn form(uses: &StepUses, entered: &SettingsInput, faults: &[FieldFault]) -> Markup {
    html! {
        section.card {
            form method="post" action="/settings" {
                input type="hidden" name=(SettingsInput::SEEN) value=(entered.seen);
                h2 { "The progress scale" }
                p.explain {
                    "An answer takes one of these steps, and each is worth a share of the activity, from 0 % to 100 %. "
                    "Steps are ordered by what they are worth, wherever their rows stand; an empty row is no step. "
                    "A step that answers take stays, but can get another name and another worth."
                }
                (field_faults(faults, "steps"))
                div.table-wrap {
                    table.stack.entries {
                        thead {
                            tr {
                                th scope="col" { "Name" }
                                th.num scope="col" { "Worth in %" }
                                th scope="col" { "Word in files" }
                                th.num scope="col" { "Recorded answers" }
                            }
                        }
                        tbody {
                            @for row in 1..=ProgressScale::MOST { (step_row(row, entered.steps.get(row - 1), uses, faults)) }
                        }
                    }
                }
                h2.form-part { "The threshold" }
                p.explain {
                    "A level is reached when it and every level below are complete to this share. With 100 % that means that nothing of them is open."
                }
                div.inline {
                    label {
                        span { "Complete enough, in %" }
                        (input("threshold", &entered.threshold, "5", None, faults))
                    }
                }
                (field_faults(faults, "threshold"))
                div.card-foot { button name="do" value="preview" { "Show what would change" } }
            }
        }
    }
}

fn step_row(row: usize, entered: Option<&StepInput>, uses: &StepUses, faults: &[FieldFault]) -> Markup {
    let blank = StepInput::default();
    let step = entered.unwrap_or(&blank);
    let used = uses.get(&step.key).copied().unwrap_or_default();
    let field = |part: &str| format!("{part}-{row}");
    let name = |what: &str| Some(format!("{what} of the step in row {row}"));
    html! {
        tr {
            td data-name="Name" {
                (input(&field("name"), &step.name, &NAME_LIMIT.to_string(), name("Name"), faults))
                (field_faults(faults, &field("name")))
            }
            td.num data-name="Worth in %" {
                (input(&field("percent"), &step.percent, "5", name("Worth in percent"), faults))
                (field_faults(faults, &field("percent")))
            }
            td data-name="Word in files" {
                @if used > 0 {
                    input type="hidden" name=(field("key")) value=(step.key);
                    code { (step.key) }
                } @else {
                    (input(&field("key"), &step.key, "40", name("Word in files"), faults))
                }
                (field_faults(faults, &field("key")))
            }
            td.num data-name="Recorded answers" { @if used > 0 { (used) } }
        }
    }
}

/// A field of one line. `label` is its name where no other text on the page is.
fn input(field: &str, value: &str, limit: &str, label: Option<String>, faults: &[FieldFault]) -> Markup {
    let fault = described_by(faults, field);
    let is_number = field.starts_with("percent") || field == "threshold";
    html! {
        input.short[is_number] type="text" name=(field) value=(value) maxlength=(limit) autocomplete="off" spellcheck="false"
            aria-label=[label]
            inputmode=[is_number.then_some("numeric")]
            aria-invalid=[fault.is_some().then_some("true")] aria-describedby=[fault];
    }
}

/// What was entered, as hidden fields.
fn hidden(entered: &SettingsInput) -> Markup {
    html! {
        input type="hidden" name=(SettingsInput::SEEN) value=(entered.seen);
        input type="hidden" name="threshold" value=(entered.threshold);
        @for (row, step) in (1..).zip(&entered.steps) {
            input type="hidden" name=(format!("key-{row}")) value=(step.key);
            input type="hidden" name=(format!("name-{row}")) value=(step.name);
            input type="hidden" name=(format!("percent-{row}")) value=(step.percent);
        }
    }
}
