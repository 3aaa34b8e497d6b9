//! A threat model from a file of another tool: chosen, looked at, taken in.

use maud::{Markup, html};

use super::about::teams_to_choose;
use super::form::{Form, readable};
use super::{model_address, path};
use crate::domain::fault::Fault;
use crate::domain::organization::Team;
use crate::domain::threat_model::changes::Changes;
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::format::Inspection;
use crate::domain::threat_model::seen::KeptModel;
use crate::web::views::components::{Wrong, count};
use crate::web::views::layout::{self, Frame, address};

/// What a file holds, and what it would change.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Looked<'a> {
    /// The name of the file.
    pub(in crate::web) name: &'a str,
    /// What it holds.
    pub(in crate::web) inspection: &'a Inspection,
    /// What it would change in the model that it belongs to; `None`: it would be a new one.
    pub(in crate::web) changes: Option<&'a Changes>,
}

/// The page on which a file is chosen: for a new model of one of the teams, or for another revision of a model.
pub(in crate::web) fn choose(
    frame: &Frame<'_>,
    teams: &[Team],
    of: Option<&KeptModel>,
    fields: &Fields,
    looked: Option<Looked<'_>>,
    refused: Option<&str>,
    wrong: &Wrong,
) -> Markup {
    let form = Form { fields, faults: &wrong.faults };
    let to = of.map_or_else(|| "/threat-models/import".to_owned(), |kept| path(kept.registered.id, "import"));
    let body = html! {
        @if let Some(kept) = of {
            p.coverage { a href=(model_address(kept.registered.id)) { (kept.model.title) } " of " (kept.team.name) }
        }
        (wrong.notice())
        @if let Some(faults) = refused {
            div.notice.bad role="alert" {
                p { strong { "Nothing was taken in." } " This is wrong:" }
                ul { @for fault in faults.lines() { li { (fault) } } }
            }
        }
        @if let Some(looked) = looked { (found(looked)) }
        @if of.is_none() && teams.is_empty() {
            section.card.empty {
                p.lead { "There is no team whose threats you model." }
                p { "Threat models belong to teams. " a href=(address("/teams", frame.selection)) { "See the teams" } }
            }
        } @else {
            form.card.fields.wide method="post" action=(to) enctype="multipart/form-data" {
                @if of.is_none() { (form.select("team", "Whose it is", "", None, &teams_to_choose(teams))) }
                label { span { "File" } input type="file" name="file" required accept=".json,.tm7,.drawio,.xml,.yaml,.yml"; }
                p.explain {
                    "Threat Dragon (1 and 2), Threat Composer, Microsoft Threat Modeling Tool (.tm7), draw.io, OWASP Threat Model Library, Threagile (model, risks), Open Threat Model, or Cairn. What it is is seen from its content."
                }
                p.explain {
                    @if of.is_some() {
                        "It becomes another revision. What such a file has no place for, and what was entered here by hand, stays."
                    } @else {
                        "If the team has a threat model of this title, it becomes another revision of it."
                    }
                    " That a file is taken in is no review: record one when somebody went through it."
                }
                div.actions {
                    button name="do" value="import" { "Import it" }
                    button.quiet name="do" value="look" { "Only see what it holds" }
                }
                p.quiet { "Up to 16 MB. Larger files are imported with " code { "cairn import" } "." }
            }
        }
    };
    let question = match of {
        Some(kept) => format!("What is new about “{}”?", kept.model.title),
        None => "Which threat model is there already?".to_owned(),
    };
    layout::page(frame, &question, &html! {}, &body)
}

/// What a file holds.
fn found(looked: Looked<'_>) -> Markup {
    let Looked { name, inspection, changes } = looked;
    html! {
        section.card {
            h2 { (name) }
            p.coverage { "Nothing is changed yet. It is a file of " strong { (inspection.format.title()) } @if !inspection.title.is_empty() { ": “" (inspection.title) "”" } "." }
            dl.clauses {
                dt { "Elements" }
                dd { (counted(inspection.elements.iter())) }
                dt { "Threats" }
                dd { (inspection.threats) @if inspection.threats > 0 { ": " (counted(inspection.status.iter())) } }
                dt { "With a mitigation" }
                dd { (inspection.with_mitigation) " of " (inspection.threats) }
                dt { "Afterwards" }
                dd {
                    @match changes {
                        None => "a new threat model",
                        Some(changes) if changes.is_empty() => "nothing changes",
                        Some(changes) => { (changes.summary()) },
                    }
                }
            }
            (warnings(&inspection.warnings))
        }
    }
}

fn counted<'a, N: AsRef<str> + 'a>(counts: impl Iterator<Item = (&'a N, &'a usize)>) -> String {
    let texts: Vec<String> =
        counts.map(|(word, count)| format!("{count} {}", readable(word.as_ref()).to_lowercase())).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

/// What was odd in a file.
pub(super) fn warnings(warnings: &[Fault]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            details open[warnings.len() <= 10] {
                summary { (count(warnings.len(), "warning", "warnings")) }
                ul { @for warning in warnings { li { (warning.to_string()) } } }
            }
        }
    }
}
