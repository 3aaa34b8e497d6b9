//! “What would these files do?”: answers, evidence and teams from files, looked at before anything is changed.

use maud::{Markup, html};

use super::components::count;
use super::downloads;
use super::layout::{self, Frame};
use crate::domain::access::Action;
use crate::domain::fault::{Fault, Faults};
use crate::domain::import::{Change, Changes, Difference, Fate, Subject};
use crate::domain::named::Named;
use crate::domain::view::Selection;

/// How many things that stay the same are named.
const SAME_SHOWN: usize = 50;

/// What files would do.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Preview<'a> {
    /// The files: their names, and what is in them as it is sent again to be imported.
    pub(in crate::web) files: &'a [(&'a str, String)],
    /// Whether the assessments are to be submitted.
    pub(in crate::web) submit: bool,
    /// How much there is to do.
    pub(in crate::web) counts: Counts<'a>,
    /// What would become of everything.
    pub(in crate::web) changes: &'a Changes,
    /// What is wrong; then nothing can be imported.
    pub(in crate::web) faults: &'a Faults,
    /// What would be passed over.
    pub(in crate::web) warnings: &'a [Fault],
    /// Whether somebody looked at it before, when it was something else.
    pub(in crate::web) is_other: bool,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Counts<'a> {
    /// The names of the teams that would be added.
    pub(in crate::web) teams_added: &'a [String],
    /// How many assessments would be opened.
    pub(in crate::web) opened: usize,
    /// How many answers would be recorded.
    pub(in crate::web) recorded: usize,
    /// How many answers are recorded already.
    pub(in crate::web) unchanged: usize,
    /// How many assessments would be submitted.
    pub(in crate::web) submitted: usize,
}

/// Chooses files; with what was wrong with the last ones.
pub(in crate::web) fn choose(frame: &Frame<'_>, wrong: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(wrong) = wrong {
            div.notice.bad role="alert" {
                p { strong { "Nothing was changed." } " This is wrong:" }
                ul { li { (wrong) } }
            }
        }
        (form(frame))
        @if frame.may(Action::View) { (the_same_way_out()) }
    };
    layout::page(frame, TITLE, &html! {}, &body)
}

/// The files that come in here, as they go out.
fn the_same_way_out() -> Markup {
    html! {
        section.card {
            h2 { "The same files, to take along" }
            dl.clauses {
                dt { "Tables" }
                dd {
                    @for kind in ["answers", "evidence", "teams"] {
                        span.quiet { (kind) } " " (downloads::table(kind, Selection::ORGANIZATION)) " "
                    }
                }
                dt { "For the DSOMM application" }
                dd {
                    @for (i, kind) in ["team-progress", "team-evidence", "teams", "meta"].iter().enumerate() {
                        @if i > 0 { ", " }
                        a href={ "/export/" (kind) ".yaml" } download { (kind) ".yaml" }
                    }
                }
            }
        }
    }
}

const TITLE: &str = "What would these files do?";

fn form(frame: &Frame<'_>) -> Markup {
    html! {
        form.card.fields method="post" action="/import" enctype="multipart/form-data" {
            p {
                "Tables of answers, of evidence and of teams, as CSV or as sheets of a workbook (XLSX), and the files of the DSOMM application (YAML). What a file is is seen from its content. Assessments that are missing are made"
                @if frame.actor.may_for_all(Action::ManageTeams) { ", and teams, too" }
                ". You see everything that would change before anything does."
            }
            label { "Files" input type="file" name="file" accept=".csv,.tsv,.txt,.xlsx,.yaml,.yml,text/csv" multiple required; }
            fieldset.checks { label { input type="checkbox" name="submit" value="yes"; span { "Submit the assessments that they speak of" } } }
            button { "See what they would do" }
            p.quiet { "Up to 1 MB together. Larger files are imported with " code { "cairn import" } "." }
            p.quiet { "The exports are such files. A workbook to fill in, with lists to choose from, is on the page of each team and of each open assessment." }
            details {
                summary { "What the columns and files are called" }
                dl {
                    dt { "Answers" } dd { code { "team, period, activity_id, activity, status, not_applicable_reason, note, inherited_from" } }
                    dt { "Evidence" } dd { code { "title, link, text, recorded_on, expires_on, reviewer, activity_ids, teams" } }
                    dt { "Teams" } dd { code { "name, description, groups, retired_on" } }
                }
                p {
                    "Of the DSOMM application choose all that you have: "
                    code { "team-progress.yaml" } ", " code { "team-evidence.yaml" } ", " code { "teams.yaml" } " and "
                    code { "meta.yaml" } ", or the older " code { "generated.yaml" } "."
                }
            }
        }
    }
}

/// What they would do, and the way to do it.
pub(in crate::web) fn preview(frame: &Frame<'_>, preview: &Preview<'_>) -> Markup {
    let Preview { files, changes, faults, warnings, .. } = *preview;
    let is_good = faults.is_empty();
    let body = html! {
        @if !is_good {
            div.notice.bad role="alert" {
                p {
                    strong { "Nothing was changed." } " This is wrong; mend it and choose the "
                    @if files.len() == 1 { "file" } @else { "files" } " again:"
                }
                ul {
                    @for fault in faults.iter() { li { (fault.to_string()) } }
                    @let more = faults.total() - faults.iter().count();
                    @if more > 0 { li { "… and " (more) " more" } }
                }
            }
        } @else if preview.is_other {
            div.notice.bad role="alert" {
                p { strong { "Nothing was changed." } " Meanwhile somebody else changed what is recorded, so that this would do something else than what you looked at. Look at it again." }
            }
        }
        @if is_good || changes.count_of(Fate::New) + changes.count_of(Fate::Changed) + changes.count_of(Fate::Same) > 0 {
            p.coverage {
                @if is_good { "Nothing is changed yet. This is what " } @else { "Apart from what is wrong, this is what " }
                strong { (files.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")) } " would do:"
            }
            section.card {
                (counts(preview))
                @if !warnings.is_empty() {
                    details open[warnings.len() <= 10] {
                        summary { (count(warnings.len(), "warning", "warnings")) }
                        ul { @for warning in warnings { li { (warning.to_string()) } } }
                    }
                }
                @if is_good { (confirmation(preview)) }
            }
            (listed("What changes", changes, Fate::Changed))
            (listed("What is new", changes, Fate::New))
            (same(changes))
        }
        @if !is_good { (form(frame)) }
    };
    layout::page(frame, TITLE, &html! {}, &body)
}

fn counts(preview: &Preview<'_>) -> Markup {
    let Counts { teams_added, opened, recorded, unchanged, submitted } = preview.counts;
    let of = |subject, fate| preview.changes.count(subject, fate);
    html! {
        ul {
            @if of(Subject::Scale, Fate::Changed) > 0 { li { "The progress scale changed" } }
            li { (count(teams_added.len(), "team", "teams")) " added" @if !teams_added.is_empty() { ": " (teams_added.join(", ")) } }
            @if of(Subject::Team, Fate::Changed) > 0 { li { (count(of(Subject::Team, Fate::Changed), "team", "teams")) " changed" } }
            @if of(Subject::Group, Fate::New) > 0 { li { (count(of(Subject::Group, Fate::New), "group", "groups")) " added" } }
            li { (count(opened, "assessment", "assessments")) " opened" }
            li { (count(recorded, "answer", "answers")) " recorded" }
            li { (count(unchanged, "row says", "rows say")) " what is recorded already" }
            @let [new, changed, same] = [Fate::New, Fate::Changed, Fate::Same].map(|fate| of(Subject::Evidence, fate));
            @if new + changed + same > 0 {
                li { (count(new, "piece", "pieces")) " of evidence added, " (changed) " changed, " (same) " recorded already" }
            }
            @if preview.submit { li { (count(submitted, "assessment", "assessments")) " submitted" } }
        }
    }
}

fn confirmation(preview: &Preview<'_>) -> Markup {
    html! {
        form method="post" action="/import/confirm" {
            @for (name, content) in preview.files {
                input type="hidden" name="name" value=(name);
                input type="hidden" name="content" value=(content);
            }
            input type="hidden" name="seen" value=(preview.changes.fingerprint());
            @if preview.submit { input type="hidden" name="submit" value="yes"; }
            div.actions {
                @if preview.changes.is_something() { button { "Import it" } }
                a.button.quiet href="/import" { "Choose other files" }
            }
        }
    }
}

/// The things of a fate, with what they would say.
fn listed(title: &str, changes: &Changes, fate: Fate) -> Markup {
    let (shown, all) = (changes.of(fate), changes.count_of(fate));
    if shown.is_empty() {
        return html! {};
    }
    html! {
        section.card {
            h2 { (title) " " span.quiet { "(" (all) ")" } }
            table.stack {
                thead { tr { th scope="col" { "What" } th scope="col" { "It says" } th scope="col" { "Where" } } }
                tbody { @for change in shown { (row(change)) } }
            }
            @if all > shown.len() { p.quiet { (all - shown.len()) " more are not shown here; they are imported all the same." } }
        }
    }
}

fn row(change: &Change) -> Markup {
    let is_change = change.fate == Fate::Changed;
    html! {
        tr {
            th scope="row" { (change.name) @if change.subject != Subject::Scale { " " span.quiet { (change.subject.name()) } } }
            td data-name="It says" {
                @for Difference { field, from, to } in &change.differences {
                    div { (words(field)) ": " @if is_change { del { (or_nothing(from)) } " → " } (or_nothing(to)) }
                }
            }
            td.quiet data-name="Where" { (change.place.to_string()) }
        }
    }
}

/// What stays as it is.
fn same(changes: &Changes) -> Markup {
    let all = changes.count_of(Fate::Same);
    html! {
        @if all > 0 {
            details.card {
                summary { (count(all, "thing stays", "things stay")) " as recorded" }
                ul { @for change in changes.of(Fate::Same).iter().take(SAME_SHOWN) { li { (change.name) } } }
                @if all > SAME_SHOWN { p.quiet { "… and " (all - SAME_SHOWN) " more" } }
            }
        }
    }
}

/// The name of a column as words.
fn words(field: &str) -> String {
    field.replace('_', " ")
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}
