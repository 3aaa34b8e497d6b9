//! The forms about a threat model as a whole: a new one, and what one is about.

use maud::{Markup, html};

use super::form::{Choice, Form, choice};
use super::{model_address, path};
use crate::domain::named::Named;
use crate::domain::organization::Team;
use crate::domain::threat_model::PartId;
use crate::domain::threat_model::entry::{Fields, MOST_DAYS};
use crate::domain::threat_model::rating::Scale;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::{Criticality, Method};
use crate::web::views::components::Wrong;
use crate::web::views::layout::{self, Frame, address};

/// The page on which a model is begun: by hand, or from a file.
pub(in crate::web) fn new(frame: &Frame<'_>, teams: &[Team], fields: &Fields, wrong: &Wrong) -> Markup {
    let form = Form { fields, faults: &wrong.faults };
    let body = html! {
        (wrong.notice())
        @if teams.is_empty() {
            section.card.empty {
                p.lead { "There is no team whose threats you model." }
                p { "Threat models belong to teams. " a href=(address("/teams", frame.selection)) { "See the teams" } }
            }
        } @else {
            p.lead { "Is there a file of a tool already? " a href=(address("/threat-models/import", frame.selection)) { "Import it" } " instead." }
            section.card {
                form.fields.wide method="post" action="/threat-models" {
                    (form.select("team", "Whose it is", "", None, &teams_to_choose(teams)))
                    (fields_about(form))
                    div.actions { button { "Begin the threat model" } a href=(address("/threat-models", frame.selection)) { "Back without saving" } }
                }
            }
        }
    };
    layout::page(frame, "What is to be modeled?", &html! {}, &body)
}

/// The page on which it is changed what a model is about.
pub(in crate::web) fn edit(frame: &Frame<'_>, kept: &KeptModel, fields: &Fields, wrong: &Wrong) -> Markup {
    let form = Form { fields, faults: &wrong.faults };
    let id = kept.registered.id;
    let body = html! {
        p.coverage { a href=(model_address(id)) { (kept.model.title) } " of " (kept.team.name) }
        (wrong.notice())
        section.card {
            form.fields.wide method="post" action=(path(id, "about")) {
                input type="hidden" name="seen" value=(kept.registered.latest.number);
                (fields_about(form))
                div.actions { button { "Save" } a href=(model_address(id)) { "Back without saving" } }
            }
        }
    };
    layout::page(frame, &format!("What is “{}” about?", kept.model.title), &html! {}, &body)
}

/// The teams that can be chosen.
pub(super) fn teams_to_choose(teams: &[Team]) -> Vec<Choice> {
    teams.iter().map(|team| choice(&PartId(team.id.to_string()), team.name.as_str())).collect()
}

fn fields_about(form: Form<'_>) -> Markup {
    html! {
        (form.line("title", "What is modeled", "(an application, a feature, a process)", true))
        (form.area("description", "Scope", "(what belongs to it, and what does not)", 4))
        (form.area("objectives", "What the business wants of it, and must not lose", "(may be left empty)", 3))
        div.field-row {
            div { (form.line("owner", "Owner", "(who answers for it)", false)) }
            div { (form.line("reviewer", "Reviewer", "(who looks it over)", false)) }
            div { (form.line("version", "Version", "(may be left empty)", false)) }
        }
        (form.area("participants", "Who else took part", "(one name in a line)", 3))
        (form.checks("methods", "Method", "", &methods()))
        div.field-row {
            div { (form.word::<Criticality>("criticality", "Criticality", "(how much depends on it)", Some("Not said"))) }
            div { (form.select("scale", "Likelihood and impact are rated", "", None, &scales())) }
            div { (form.number("interval_days", "Days between reviews", "(empty: 365, or 180 where it is critical)", 1, MOST_DAYS)) }
        }
    }
}

fn methods() -> Vec<Choice> {
    let title = |method: Method| match method {
        Method::Stride => "STRIDE: six kinds of threat to each element",
        Method::Pasta => "PASTA: from the aims of the business to its risks, in seven stages",
        Method::Linddun => "LINDDUN: the privacy of people",
        Method::Other => "Another one",
    };
    Method::NAMED.iter().map(|(word, method)| ((*word).to_owned(), title(*method).to_owned())).collect()
}

/// A scale of ratings as people read it, after “rated”.
pub(super) fn scale_title(scale: Scale) -> &'static str {
    match scale {
        Scale::Three => "low, medium, high",
        Scale::Owasp => "by the factors of the OWASP Risk Rating",
        Scale::Four => "1 to 4 (Threagile)",
        Scale::Five => "1 to 5 (OWASP Threat Model Library)",
        Scale::Percent => "0 to 100 (Open Threat Model)",
    }
}

fn scales() -> Vec<Choice> {
    Scale::NAMED.iter().map(|(word, scale)| ((*word).to_owned(), scale_title(*scale).to_owned())).collect()
}
