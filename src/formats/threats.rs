//! Threat models as tables: the register with a row for each model, and the threats and mitigations of one or many.

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, SecondsFormat};

use super::table::{Cell, Table};
use crate::domain::named::Named;
use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::freshness::ReviewBasis;
use crate::domain::threat_model::listing::ModelRow;
use crate::domain::threat_model::rating::{Band, Rating};
use crate::domain::threat_model::words::Severity;
use crate::domain::threat_model::{Mitigation, PartId, Threat, ThreatModel};

/// What stands between several values in one cell.
const AND: &str = "; ";

/// The register: a row for each model.
pub fn register(rows: &[ModelRow]) -> Table {
    let mut table = Table::new(&[
        "team",
        "title",
        "owner",
        "reviewer",
        "method",
        "criticality",
        "reviewed_on",
        "basis",
        "freshness",
        "due",
        "open",
        "critical",
        "high",
        "medium",
        "low",
        "note",
        "unrated",
        "threats",
        "treated_without_mitigation",
        "revision",
        "saved_at",
    ]);
    for row in rows {
        let latest = &row.registered.latest;
        let facts = &latest.facts;
        let basis = row.freshness.basis.as_ref();
        table.push([
            row.team.as_str().into(),
            facts.title.as_str().into(),
            facts.owner.as_str().into(),
            facts.reviewer.as_str().into(),
            row.methods().as_str().into(),
            facts.criticality.map(Named::name).into(),
            basis.map(|basis| basis.on().to_string()).as_deref().into(),
            basis.map(basis_name).into(),
            row.freshness.state.name().into(),
            row.due().map(|due| due.to_string()).as_deref().into(),
            facts.open_threats().into(),
            row.open(Severity::Critical).into(),
            row.open(Severity::High).into(),
            row.open(Severity::Medium).into(),
            row.open(Severity::Low).into(),
            row.open(Severity::Note).into(),
            facts.open_unrated.into(),
            facts.all_threats().into(),
            facts.treated_without_mitigation.into(),
            latest.number.into(),
            latest.saved_at.to_rfc3339_opts(SecondsFormat::Secs, true).as_str().into(),
        ]);
    }
    table
}

/// Who says as of which day a model was right: a review that is recorded here, or what a file calls its day.
fn basis_name(basis: &ReviewBasis) -> &'static str {
    match basis {
        ReviewBasis::Recorded { .. } => "recorded",
        ReviewBasis::Stated(stated) => stated.basis.name(),
    }
}

/// The threats of some models, each with the name of its team: a row for each threat, in the order of its model.
/// `today` is the day from which ages are counted.
pub fn threats(models: &[(&str, &ThreatModel)], today: NaiveDate) -> Table {
    let mut table = Table::new(&[
        "team",
        "model",
        "number",
        "threat_id",
        "title",
        "description",
        "categories",
        "elements",
        "assets",
        "status",
        "raw_status",
        "severity",
        "raw_severity",
        "likelihood",
        "impact",
        "scale",
        "reason",
        "cwe",
        "capec",
        "identified_on",
        "age_days",
        "mitigations",
    ]);
    for (team, model) in models {
        let names = Names::of(model);
        for threat in &model.threats {
            table.push(threat_row(team, model, threat, &names, today));
        }
    }
    table
}

/// What the parts of a model are called, and which mitigations each threat has.
struct Names<'a> {
    elements: HashMap<&'a PartId, &'a str>,
    assets: HashMap<&'a PartId, &'a str>,
    threats: HashMap<&'a PartId, String>,
    mitigations: BTreeMap<&'a PartId, Vec<&'a Mitigation>>,
}

impl<'a> Names<'a> {
    fn of(model: &'a ThreatModel) -> Self {
        let mut mitigations: BTreeMap<&PartId, Vec<&Mitigation>> = BTreeMap::new();
        for mitigation in &model.mitigations {
            for threat in &mitigation.threats {
                mitigations.entry(threat).or_default().push(mitigation);
            }
        }
        Self {
            elements: model.elements.iter().map(|part| (&part.id, part.name.as_str())).collect(),
            assets: model.assets.iter().map(|part| (&part.id, part.name.as_str())).collect(),
            threats: model.threats.iter().map(|part| (&part.id, part.label())).collect(),
            mitigations,
        }
    }
}

fn threat_row(team: &str, model: &ThreatModel, threat: &Threat, names: &Names<'_>, today: NaiveDate) -> [Cell; 22] {
    let rating = threat.rating.as_ref();
    let named = |ids: &[PartId], all: &HashMap<&PartId, &str>| -> String {
        // What has no name of its own, as many a flow, is called by its id.
        let name = |id: &PartId| {
            all.get(id).copied().filter(|name| !name.is_empty()).map_or_else(|| id.0.clone(), str::to_owned)
        };
        ids.iter().map(name).collect::<Vec<_>>().join(AND)
    };
    let numbers = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(AND);
    let categories: Vec<&str> = threat.categories.iter().map(category).collect();
    let mitigations = names.mitigations.get(&threat.id).map_or(&[][..], Vec::as_slice);
    let mitigations: Vec<String> =
        mitigations.iter().map(|one| format!("{} {} ({})", one.label(), one.title, one.status.name())).collect();
    let age = |on: NaiveDate| Cell::Integer((today - on).num_days().max(0));
    [
        team.into(),
        model.title.as_str().into(),
        threat.number.into(),
        threat.id.0.as_str().into(),
        threat.title.as_str().into(),
        threat.description.as_str().into(),
        categories.join(AND).as_str().into(),
        named(&threat.affects, &names.elements).as_str().into(),
        named(&threat.assets, &names.assets).as_str().into(),
        threat.status.name().into(),
        threat.raw.status.as_str().into(),
        threat.severity().map(Named::name).into(),
        threat.raw.severity.as_str().into(),
        rating.and_then(|rating| value(rating, true)).as_deref().into(),
        rating.and_then(|rating| value(rating, false)).as_deref().into(),
        rating.map(|rating| rating.scale().name()).into(),
        threat.reason.as_str().into(),
        numbers(&threat.cwe).as_str().into(),
        numbers(&threat.capec).as_str().into(),
        threat.identified_on.map(|on| on.to_string()).as_deref().into(),
        threat.identified_on.filter(|_| threat.status.is_open()).map_or(Cell::Empty, age),
        mitigations.join(AND).as_str().into(),
    ]
}

/// The word of a category; of another taxonomy, what the file says.
fn category(category: &Category) -> &str {
    match category {
        Category::Stride(kind) => kind.name(),
        Category::Linddun(kind) => kind.name(),
        Category::Other(text) => text,
    }
}

/// Likelihood or impact as it was rated: the value on its scale; of factors, what they come to.
fn value(rating: &Rating, is_likelihood: bool) -> Option<String> {
    let band = |band: Option<Band>| band.map(|band| band.title().to_lowercase());
    match rating {
        Rating::Steps { likelihood, impact, .. } => {
            Some(if is_likelihood { likelihood.to_string() } else { impact.to_string() })
        }
        Rating::Factors(_) if is_likelihood => band(rating.likelihood()),
        Rating::Factors(_) => band(rating.impact()),
    }
}

/// The mitigations of some models, each with the name of its team: a row for each, in the order of its model.
pub fn mitigations(models: &[(&str, &ThreatModel)]) -> Table {
    let mut table = Table::new(&[
        "team",
        "model",
        "number",
        "mitigation_id",
        "title",
        "description",
        "status",
        "raw_status",
        "origin",
        "owner",
        "link",
        "threats",
    ]);
    for (team, model) in models {
        let names = Names::of(model);
        for mitigation in &model.mitigations {
            let threats: Vec<&str> =
                mitigation.threats.iter().filter_map(|id| names.threats.get(id).map(String::as_str)).collect();
            table.push([
                (*team).into(),
                model.title.as_str().into(),
                mitigation.number.into(),
                mitigation.id.0.as_str().into(),
                mitigation.title.as_str().into(),
                mitigation.description.as_str().into(),
                mitigation.status.name().into(),
                mitigation.raw_status.as_str().into(),
                mitigation.origin.name().into(),
                mitigation.owner.as_str().into(),
                mitigation.link.as_str().into(),
                threats.join(AND).as_str().into(),
            ]);
        }
    }
    table
}
