//! “What would this file do?”: answers from a file, looked at before anything is changed.

use maud::{Markup, html};

use super::components::count;
use super::layout::{self, Frame};
use crate::domain::access::Action;
use crate::domain::fault::Fault;

/// What a file would do.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Preview<'a> {
    /// The name of the file.
    pub(in crate::web) name: &'a str,
    /// What is in it, which is sent again to be imported.
    pub(in crate::web) content: &'a str,
    /// Whether the assessments are to be submitted.
    pub(in crate::web) submit: bool,
    /// The names of the teams that would be added.
    pub(in crate::web) teams_added: &'a [String],
    /// How many assessments would be opened, answers recorded, rows change nothing, assessments submitted.
    pub(in crate::web) opened: usize,
    /// See above.
    pub(in crate::web) recorded: usize,
    /// See above.
    pub(in crate::web) unchanged: usize,
    /// See above.
    pub(in crate::web) submitted: usize,
    /// What would be passed over.
    pub(in crate::web) warnings: &'a [Fault],
}

/// Chooses a file; with what was wrong with the last one.
pub(in crate::web) fn choose(frame: &Frame<'_>, faults: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(faults) = faults {
            div.notice.bad role="alert" {
                p { strong { "Nothing was changed." } " This is wrong:" }
                ul { @for fault in faults.lines() { li { (fault) } } }
            }
        }
        form.card.fields method="post" action="/import" enctype="multipart/form-data" {
            p {
                "A CSV file of answers with the head " code { "team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from" }
                ", as the export writes it. Assessments that are missing are made"
                @if frame.actor.may_for_all(Action::ManageTeams) { ", and teams, too" }
                "."
            }
            label { "File" input type="file" name="file" accept=".csv,text/csv" required; }
            fieldset.checks { label { input type="checkbox" name="submit" value="yes"; span { "Submit the assessments that it speaks of" } } }
            button { "See what it would do" }
            p.quiet { "Up to 1 MB. Larger files are imported with " code { "cairn import" } "." }
        }
    };
    let action = html! { a.button.quiet href="/export/answers.csv" { "All answers as CSV" } };
    layout::page(frame, "What would this file do?", &action, &body)
}

/// What it would do, and the way to do it.
pub(in crate::web) fn preview(frame: &Frame<'_>, preview: &Preview<'_>) -> Markup {
    let nothing = preview.opened + preview.recorded + preview.submitted + preview.teams_added.len() == 0;
    let body = html! {
        p.coverage { "Nothing is changed yet. This is what " strong { (preview.name) } " would do:" }
        section.card {
            ul {
                li { (count(preview.teams_added.len(), "team", "teams")) " added" @if !preview.teams_added.is_empty() { ": " (preview.teams_added.join(", ")) } }
                li { (count(preview.opened, "assessment", "assessments")) " opened" }
                li { (count(preview.recorded, "answer", "answers")) " recorded" }
                li { (count(preview.unchanged, "row says", "rows say")) " what is recorded already" }
                @if preview.submit { li { (count(preview.submitted, "assessment", "assessments")) " submitted" } }
            }
            @if !preview.warnings.is_empty() {
                details open[preview.warnings.len() <= 10] {
                    summary { (count(preview.warnings.len(), "warning", "warnings")) }
                    ul { @for warning in preview.warnings { li { (warning.to_string()) } } }
                }
            }
            form method="post" action="/import/confirm" {
                input type="hidden" name="name" value=(preview.name);
                input type="hidden" name="content" value=(preview.content);
                @if preview.submit { input type="hidden" name="submit" value="yes"; }
                div.actions {
                    @if !nothing { button { "Import it" } }
                    a.button.quiet href="/import" { "Choose another file" }
                }
            }
        }
    };
    layout::page(frame, "What would this file do?", &html! {}, &body)
}
