//! The forms of the parts of a threat model: assets, elements, threats, mitigations, assumptions, abuse stories.

use maud::{Markup, html};

use super::form::{Choice, Form, choice};
use super::{model_address, part_address, path};
use crate::domain::named::Named;
use crate::domain::threat_model::category::{Linddun, Stride};
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::part::{Part, PartKind};
use crate::domain::threat_model::rating::{Factor, Scale};
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::{
    ElementKind, MitigationStatus, Need, Severity, StoryKind, ThreatStatus, Validity,
};
use crate::domain::threat_model::{Element, ThreatModel};
use crate::web::views::components::Wrong;
use crate::web::views::layout::{self, Frame, encoded};

/// The page on which a part is added or changed. `part`: the one that is changed; `None`: a new one.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    kept: &KeptModel,
    kind: PartKind,
    part: Option<&Part>,
    fields: &Fields,
    wrong: &Wrong,
) -> Markup {
    let id = kept.registered.id;
    let to =
        part.map_or_else(|| path(id, &format!("{}/new", kind.name())), |part| part_address(id, part.kind(), part.id()));
    let form = Form { fields, faults: &wrong.faults };
    let back = fields.text("back");
    let back = if back.is_empty() { model_address(id) } else { back.to_owned() };
    let body = html! {
        p.coverage { a href=(model_address(id)) { (kept.model.title) } " of " (kept.team.name) }
        (wrong.notice())
        section.card {
            form.fields.wide method="post" action=(to) {
                input type="hidden" name="seen" value=(kept.registered.latest.number);
                input type="hidden" name="back" value=(fields.text("back"));
                (fields_of(form, kept, kind, part))
                div.actions {
                    button { @if part.is_some() { "Save" } @else { "Add the " (kind.noun()) } }
                    @if part.is_none() { button.quiet name="another" value="yes" { "Add it and enter another" } }
                    a href=(back) { "Back without saving" }
                }
            }
        }
        @if let Some(part) = part {
            section.card {
                details.confirm {
                    summary.quiet { "Take this " (kind.noun()) " out" }
                    p.explain { (removal(kept, part)) " It stays in earlier revisions." }
                    form method="post" action=(format!("{to}/remove")) {
                        input type="hidden" name="seen" value=(kept.registered.latest.number);
                        input type="hidden" name="back" value=(fields.text("back"));
                        button.quiet { "Take it out" }
                    }
                }
            }
        }
    };
    layout::page(frame, &question(kind, part), &html! {}, &body)
}

fn question(kind: PartKind, part: Option<&Part>) -> String {
    match (kind, part) {
        (_, Some(part)) => {
            let kind = kind.noun();
            format!("What is there to say about {kind} {}?", part.title())
        }
        (PartKind::Asset, None) => "What is worth protecting?".to_owned(),
        (PartKind::Element, None) => "What is it made of?".to_owned(),
        (PartKind::Threat, None) => "What could go wrong?".to_owned(),
        (PartKind::Mitigation, None) => "What is done about it?".to_owned(),
        (PartKind::Assumption, None) => "What is taken to be so?".to_owned(),
        (PartKind::AbuseStory, None) => "How would somebody abuse it?".to_owned(),
    }
}

/// What goes with a part that is taken out.
fn removal(kept: &KeptModel, part: &Part) -> String {
    let id = part.id();
    let threats = kept.model.threats.iter().filter(|threat| threat.affects.contains(id) || threat.assets.contains(id));
    let flows = kept
        .model
        .elements
        .iter()
        .filter(|element| element.source.as_ref() == Some(id) || element.target.as_ref() == Some(id));
    let mitigations = kept.model.mitigations_of(id).count();
    let linked = threats.count() + mitigations + flows.count();
    match linked {
        0 => "Nothing is linked to it.".to_owned(),
        1 => "One part is linked to it; it stays, without the link.".to_owned(),
        linked => format!("{linked} parts are linked to it; they stay, without the link."),
    }
}

fn fields_of(form: Form<'_>, kept: &KeptModel, kind: PartKind, part: Option<&Part>) -> Markup {
    let model = &kept.model;
    match kind {
        PartKind::Asset => html! {
            (form.line("name", "What it is", "(data, a function, trust…)", true))
            (form.area("description", "More about it", "(may be left empty)", 3))
            p.explain { "How much harm is done when it is lost in each way?" }
            div.field-row {
                div { (form.word::<Need>("confidentiality", "Others see it", "", Some("Not rated"))) }
                div { (form.word::<Need>("integrity", "It is changed", "", Some("Not rated"))) }
                div { (form.word::<Need>("availability", "It is not there", "", Some("Not rated"))) }
            }
        },
        PartKind::Element => element(form, model, part),
        PartKind::Threat => threat(form, kept),
        PartKind::Mitigation => html! {
            (form.line("title", "What is done", "", true))
            (form.area("description", "How, and how it is checked", "(may be left empty)", 4))
            div.field-row {
                div { (form.word::<MitigationStatus>("status", "How far it is", "", None)) }
                div { (form.line("owner", "Who does it", "(may be left empty)", false)) }
                div { (form.line("link", "Ticket or page", "(https://…)", false)) }
            }
            (form.checks("threats", "Threats it is against", "There is no threat yet.", &threats(model)))
        },
        PartKind::Assumption => html! {
            (form.area("text", "What is taken to be so", "", 3))
            (form.word::<Validity>("validity", "Did it turn out to be so?", "", None))
            (form.checks("about", "What rests on it", "There is nothing yet.", &everything(model)))
        },
        PartKind::AbuseStory => html! {
            (form.word::<StoryKind>("kind", "What kind of story it is", "", None))
            (form.line("title", "The story in a sentence", "(As a …, I … so that …)", true))
            (form.area("description", "Its steps, or who this is and what they want and can", "(may be left empty)", 5))
            (form.checks("threats", "Threats that it leads to", "There is no threat yet.", &threats(model)))
        },
    }
}

fn element(form: Form<'_>, model: &ThreatModel, part: Option<&Part>) -> Markup {
    let own = part.map(Part::id);
    let named = |wanted: &dyn Fn(&Element) -> bool| -> Vec<Choice> {
        let found = model.elements.iter().filter(|element| Some(&element.id) != own && wanted(element));
        found.map(|element| choice(&element.id, element_title(element))).collect()
    };
    let is_chosen =
        |element: &Element, fields: &[&str]| fields.iter().any(|field| form.fields.has(field, &element.id.0));
    let nodes = named(&|element| element.kind.is_node() || is_chosen(element, &["source", "target"]));
    let zones = named(&|element| element.kind.divides() || is_chosen(element, &["zone"]));
    let members: Vec<Choice> = named(&|element| element.kind.is_node());
    let kinds: Vec<Choice> = [
        ElementKind::Actor,
        ElementKind::Process,
        ElementKind::DataStore,
        ElementKind::DataFlow,
        ElementKind::TrustBoundary,
        ElementKind::TrustZone,
        ElementKind::Text,
        ElementKind::Unclassified,
    ]
    .into_iter()
    .map(|kind| (kind.name().to_owned(), kind.title().to_owned()))
    .collect();
    html! {
        div.field-row {
            div { (form.select("kind", "What it is", "", None, &kinds)) }
            div { (form.line("name", "Name", "(of a flow: what is sent)", false)) }
        }
        (form.area("description", "What it does", "(may be left empty)", 2))
        fieldset.part-fields {
            legend { "If it is a data flow" }
            div.field-row {
                div { (form.select("source", "From", "", Some("–"), &nodes)) }
                div { (form.select("target", "To", "", Some("–"), &nodes)) }
                div { (form.line("protocol", "Protocol", "(HTTPS, SQL…)", false)) }
            }
            div.field-row {
                div { (form.yes_or_no("encrypted", "Encrypted")) }
                div { (form.yes_or_no("public_network", "Over a public network")) }
            }
            div.checks { (form.check("bidirectional", "Data goes both ways")) }
        }
        fieldset.part-fields {
            legend { "If it is an actor, a process or a data store" }
            div.field-row { div { (form.select("zone", "Within the boundary or zone", "", Some("None"), &zones)) } }
            div.checks { (form.check("is_log", "It keeps a log, which somebody may want to deny")) }
        }
        fieldset.part-fields {
            legend { "If it is a trust boundary or a trust zone" }
            input type="hidden" name="inside_asked" value="yes";
            (form.checks("inside", "What is within it", "There is no actor, process or data store yet.", &members))
        }
        fieldset.part-fields {
            legend { "Scope" }
            div.checks { (form.check("out_of_scope", "Threats to it are not looked for")) }
            (form.line("reason", "Why not", "(may be left empty)", false))
        }
    }
}

fn threat(form: Form<'_>, kept: &KeptModel) -> Markup {
    let model = &kept.model;
    let elements: Vec<Choice> = model
        .elements
        .iter()
        // What is linked already stays linked, whatever it is.
        .filter(|element| element.kind.can_be_threatened() || form.fields.has("affects", &element.id.0))
        .map(|element| choice(&element.id, element_title(element)))
        .collect();
    let assets: Vec<Choice> = model.assets.iter().map(|asset| choice(&asset.id, &asset.name)).collect();
    html! {
        (form.line("title", "What goes wrong", "(in a few words)", true))
        (form.area("description", "Who does what to what, and how", "(may be left empty)", 3))
        (form.checks("stride", "STRIDE", "", &titled(|kind: Stride| format!("{} ({})", kind.title(), kind.violates()))))
        (linddun(form, model))
        (form.checks("affects", "Elements it is about", "There is no element yet: draw the data-flow diagram first, or leave it empty.", &elements))
        (form.checks("assets", "Assets it harms", "There is no asset yet.", &assets))
        div.field-row {
            div { (form.line("actor", "Who does it", "(may be left empty)", false)) }
            div { (form.day("identified_on", "Found on", "(empty: today)", &kept.today.to_string())) }
        }
        (form.area("impact", "What it does to the business or to people", "(may be left empty)", 2))
        fieldset.part-fields {
            legend { "How likely it is, and what it does" }
            (rating(form, model.scale))
            (form.word::<Severity>("severity", "Severity", "(counts where there is no rating)", Some("Not rated")))
        }
        fieldset.part-fields {
            legend { "Decision" }
            (form.word::<ThreatStatus>("status", "How it stands", "", None))
            (form.area("reason", "Why, and who decided it", "(needed when it is accepted, transferred, avoided or does not apply)", 2))
        }
        div.field-row {
            div { (form.line("cwe", "Weaknesses", "(numbers of CWE: 79, 89)", false)) }
            div { (form.line("capec", "Attack patterns", "(numbers of CAPEC)", false)) }
            div { (form.line("category", "Other kind of threat", "(may be left empty)", false)) }
        }
    }
}

/// The kinds that are about privacy, open where the model looks for them.
fn linddun(form: Form<'_>, model: &ThreatModel) -> Markup {
    use crate::domain::threat_model::words::Method;
    let is_open = model.methods.contains(&Method::Linddun) || !form.fields.all("linddun").is_empty();
    html! {
        details open[is_open] {
            summary { "LINDDUN: the privacy of people" }
            (form.checks("linddun", "LINDDUN", "", &titled(|kind: Linddun| kind.title().to_owned())))
        }
    }
}

/// The rating on the scale of what is entered, or of the model.
fn rating(form: Form<'_>, of_model: Scale) -> Markup {
    let scale = Scale::from_name(form.fields.text("rating_scale")).unwrap_or(of_model);
    let (least, most) = scale.range();
    html! {
        input type="hidden" name="rating_scale" value=(scale.name());
        @match scale {
            Scale::Owasp => {
                p.explain { "OWASP Risk Rating: 0 to 9 each; leave out what you do not know. The likelihood is the mean of its eight factors. The impact on the business counts where it is known, else the technical one." }
                (factors(form, "Who does it, and the weakness", &Factor::LIKELIHOOD))
                (factors(form, "Technical impact", &Factor::TECHNICAL))
                (factors(form, "Impact on the business", &Factor::BUSINESS))
            }
            Scale::Three => {
                @let steps: Vec<Choice> = [("1", "Low"), ("2", "Medium"), ("3", "High")].map(|(value, title)| (value.to_owned(), title.to_owned())).to_vec();
                div.field-row {
                    div { (form.select("likelihood", "Likelihood", "", Some("Not rated"), &steps)) }
                    div { (form.select("impact_rating", "Impact", "", Some("Not rated"), &steps)) }
                }
            }
            _ => {
                div.field-row {
                    div { (form.number("likelihood", "Likelihood", &format!("({least} to {most})"), least.into(), most.into())) }
                    div { (form.number("impact_rating", "Impact", &format!("({least} to {most})"), least.into(), most.into())) }
                }
            }
        }
    }
}

fn factors(form: Form<'_>, name: &str, factors: &[Factor]) -> Markup {
    html! {
        h3 { (name) }
        div.field-row.factors { @for factor in factors { div { (form.number(factor.name(), factor.title(), "", 0, 9)) } } }
    }
}

/// All values of a type with their titles.
fn titled<T: Named>(title: impl Fn(T) -> String) -> Vec<Choice> {
    T::NAMED.iter().map(|(word, value)| ((*word).to_owned(), title(*value))).collect()
}

fn threats(model: &ThreatModel) -> Vec<Choice> {
    model.threats.iter().map(|threat| choice(&threat.id, format!("{} {}", threat.label(), threat.title))).collect()
}

/// All parts that an assumption may be about.
fn everything(model: &ThreatModel) -> Vec<Choice> {
    let elements = model.elements.iter().map(|element| choice(&element.id, element_title(element)));
    let assets = model.assets.iter().map(|asset| choice(&asset.id, format!("Asset: {}", asset.name)));
    let mitigations = model.mitigations.iter().map(|part| choice(&part.id, format!("{} {}", part.label(), part.title)));
    elements.chain(assets).chain(threats(model)).chain(mitigations).collect()
}

/// What an element is called in a list of them.
pub(super) fn element_title(element: &Element) -> String {
    let name = if element.name.is_empty() { "without a name" } else { &element.name };
    format!("{}: {name}", element.kind.title())
}

/// A link to the form of a new part, with what it is about.
pub(super) fn new_address(kept: &KeptModel, kind: PartKind, about: &[(&str, &str)], back: &str) -> String {
    let mut address = path(kept.registered.id, &format!("{}/new", kind.name()));
    let fields = about.iter().copied().chain([("back", back)]);
    for (i, (name, value)) in fields.enumerate() {
        address.push(if i == 0 { '?' } else { '&' });
        address.push_str(&format!("{}={}", encoded(name), encoded(value)));
    }
    address
}
