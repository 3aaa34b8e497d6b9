//! What a person enters about a threat model and its parts: the fields of forms, until they are found to be good.

use std::collections::{BTreeMap, BTreeSet};

use super::category::{Category, Linddun, Stride};
use super::part::{Part, PartKind};
use super::rating::{Factor, Rating, Scale};
use super::words::{ElementKind, Severity, ThreatStatus};
use super::{AbuseStory, Asset, Assumption, Element, Mitigation, PartId, Threat, ThreatModel};
use crate::domain::digits;
use crate::domain::fault::FieldFault;
use crate::domain::named::{Named, expected};
use crate::domain::organization::tidy_text;

/// The most days that may lie between two reviews: five years.
pub const MOST_DAYS: u32 = 1_826;

/// How many weaknesses, attack patterns or people may be named.
const LIST_LIMIT: usize = 100;

/// The fields of a form, each with what was entered; a field may be there several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(entries: I) -> Self {
        let mut fields = Self::default();
        for (name, value) in entries {
            fields.add(&name, value);
        }
        fields
    }
}

impl Fields {
    /// Adds something that was entered.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.entry(name.to_owned()).or_default().push(value.into());
    }

    /// What was entered in a field; empty when nothing was.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// Everything that was entered in a field.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether this says the same as what a form showed, whatever became of white space and of the order of choices.
    pub fn say_the_same(&self, shown: &Self) -> bool {
        let tidy = |fields: &Self, name: &str| {
            let words = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let said: BTreeSet<String> = fields.all(name).iter().map(words).filter(|text| !text.is_empty()).collect();
            said
        };
        let mut names: BTreeSet<&String> = self.0.keys().chain(shown.0.keys()).collect();
        names.retain(|name| !Self::NOT_OF_A_PART.contains(&name.as_str()));
        names.into_iter().all(|name| tidy(self, name) == tidy(shown, name))
    }

    /// What a form sends besides what it asks about a part.
    const NOT_OF_A_PART: [&str; 5] = ["seen", "back", "another", "rating_scale", "inside_asked"];

    /// Whether this is among what was entered in a field.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|other| other == value)
    }
}

/// What a model is about, and when it is to be looked at again.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// A model with what was entered; its parts are those of the model before.
    pub model: ThreatModel,
    /// After how many days it is to be looked at again; `None`: as its criticality asks for.
    pub interval_days: Option<u32>,
}

/// Reads fields, and notes what is wrong with them.
struct Reader<'a> {
    fields: &'a Fields,
    faults: Vec<FieldFault>,
}

impl<'a> Reader<'a> {
    fn new(fields: &'a Fields) -> Self {
        Self { fields, faults: Vec::new() }
    }

    fn fault(&mut self, field: &str, message: impl ToString) {
        self.faults.push(FieldFault::new(field, message));
    }

    fn text(&mut self, field: &str, limit: usize) -> String {
        tidy_text(self.fields.text(field), limit).unwrap_or_else(|error| {
            self.fault(field, error);
            String::new()
        })
    }

    /// A text on one line.
    fn line(&mut self, field: &str) -> String {
        let text = self.text(field, ThreatModel::NAME_LIMIT);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A text on one line that must not be empty.
    fn needed(&mut self, field: &str, what: &str) -> String {
        let line = self.line(field);
        let is_faulty = self.faults.iter().any(|fault| fault.field == field);
        if line.is_empty() && !is_faulty {
            self.fault(field, format!("{what} is needed"));
        }
        line
    }

    fn long(&mut self, field: &str) -> String {
        self.text(field, ThreatModel::TEXT_LIMIT)
    }

    /// A word of a vocabulary; nothing when nothing was chosen.
    fn choice<T: Named>(&mut self, field: &str) -> Option<T> {
        let word = self.fields.text(field).trim();
        let found = T::from_name(word);
        if found.is_none() && !word.is_empty() {
            self.fault(field, expected::<T>(word));
        }
        found
    }

    fn flag(&self, field: &str) -> bool {
        !self.fields.text(field).is_empty()
    }

    fn yes_or_no(&mut self, field: &str) -> Option<bool> {
        match self.fields.text(field) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// Links to parts that are there.
    fn links(&mut self, field: &str, is_there: impl Fn(&PartId) -> bool) -> Vec<PartId> {
        let ids: Vec<PartId> =
            self.fields.all(field).iter().filter(|id| !id.is_empty()).map(|id| PartId(id.clone())).collect();
        if ids.iter().any(|id| !is_there(id)) {
            self.fault(field, "one of these is not there any more; choose again");
        }
        let mut kept: Vec<PartId> = ids.into_iter().filter(is_there).take(ThreatModel::LINKS_LIMIT).collect();
        kept.dedup();
        kept
    }

    fn link(&mut self, field: &str, is_there: impl Fn(&PartId) -> bool) -> Option<PartId> {
        self.links(field, is_there).pop()
    }

    /// Numbers, set apart by commas or white space; letters before them, as in CWE-79, are passed over.
    fn numbers(&mut self, field: &str, of: &str) -> Vec<u32> {
        let text = self.fields.text(field).to_owned();
        let words = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|word| !word.is_empty());
        let mut numbers = Vec::new();
        for word in words.take(LIST_LIMIT) {
            match word.trim_start_matches(|c: char| c.is_alphabetic() || c == '-').parse::<u32>() {
                Ok(number) if (1..100_000).contains(&number) => numbers.push(number),
                _ => {
                    let message = format!("numbers of {of} are wanted, like 79, 89");
                    self.fault(field, message);
                    break;
                }
            }
        }
        numbers.dedup();
        numbers
    }

    /// A whole number within a range; `None` when nothing was entered.
    fn number(&mut self, field: &str, least: u32, most: u32) -> Option<u32> {
        let text = self.fields.text(field).trim();
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.fault(field, format!("a whole number from {least} to {most} is wanted"));
        }
        number
    }

    fn address(&mut self, field: &str) -> String {
        let text = self.text(field, 2_000);
        let is_address = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
        let has_blanks = text.contains(|c: char| c.is_whitespace() || c.is_control());
        if !text.is_empty() && (!is_address || has_blanks) {
            self.fault(field, "an address begins with https:// or http:// and has no spaces");
        }
        text
    }

    fn or<T>(self, value: T) -> Result<T, Vec<FieldFault>> {
        if self.faults.is_empty() { Ok(value) } else { Err(self.faults) }
    }
}

/// Reads what was entered about a model as a whole.
pub fn read_about(fields: &Fields, before: &ThreatModel) -> Result<About, Vec<FieldFault>> {
    let mut reader = Reader::new(fields);
    let people = reader.long("participants");
    let participants: Vec<String> = people
        .split(['\n', ',', ';'])
        .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|name| !name.is_empty())
        .collect();
    if participants.len() > LIST_LIMIT || participants.iter().any(|name| name.chars().count() > 100) {
        reader.fault("participants", format!("at most {LIST_LIMIT} names of at most 100 characters"));
    }
    let mut methods = Vec::new();
    for word in fields.all("methods") {
        match Named::from_name(word) {
            Some(method) => methods.push(method),
            None => reader.fault("methods", expected::<super::words::Method>(word)),
        }
    }
    methods.sort();
    methods.dedup();
    let model = ThreatModel {
        title: reader.needed("title", "a title"),
        description: reader.long("description"),
        objectives: reader.long("objectives"),
        owner: reader.line("owner"),
        reviewer: reader.line("reviewer"),
        participants,
        methods,
        version: reader.line("version"),
        criticality: reader.choice("criticality"),
        scale: reader.choice("scale").unwrap_or_default(),
        ..before.clone()
    };
    let interval_days = reader.number("interval_days", 1, MOST_DAYS);
    reader.or(About { model, interval_days })
}

/// The fields of a form about a model as a whole.
pub fn fields_about(model: &ThreatModel, interval_days: Option<u32>) -> Fields {
    let mut fields = Fields::default();
    fields.add("title", &model.title);
    fields.add("description", &model.description);
    fields.add("objectives", &model.objectives);
    fields.add("owner", &model.owner);
    fields.add("reviewer", &model.reviewer);
    fields.add("participants", model.participants.join("\n"));
    for method in &model.methods {
        fields.add("methods", method.name());
    }
    fields.add("version", &model.version);
    fields.add("criticality", word(model.criticality));
    fields.add("scale", model.scale.name());
    fields.add("interval_days", interval_days.map(|days| days.to_string()).unwrap_or_default());
    fields
}

/// Reads what was entered about a part. `before` is the part as it is, or a new one, and gives what the form does not
/// ask for.
pub fn read_part(fields: &Fields, model: &ThreatModel, before: Part) -> Result<Part, Vec<FieldFault>> {
    let mut reader = Reader::new(fields);
    let part = match before {
        Part::Asset(part) => Part::Asset(asset(&mut reader, part)),
        Part::Element(part) => Part::Element(element(&mut reader, model, part)),
        Part::Threat(part) => Part::Threat(threat(&mut reader, model, part)),
        Part::Mitigation(part) => Part::Mitigation(mitigation(&mut reader, model, part)),
        Part::Assumption(part) => Part::Assumption(Assumption {
            text: {
                let text = reader.long("text");
                if text.is_empty() && reader.faults.is_empty() {
                    reader.fault("text", "what is taken to be so is needed");
                }
                text
            },
            validity: reader.choice("validity").unwrap_or_default(),
            about: reader.links("about", |id| model.ids().any(|other| other == id)),
            ..part
        }),
        Part::AbuseStory(part) => Part::AbuseStory(AbuseStory {
            kind: reader.choice("kind").unwrap_or_default(),
            title: reader.needed("title", "a title"),
            description: reader.long("description"),
            threats: reader.links("threats", |id| model.threat(id).is_some()),
            ..part
        }),
    };
    reader.or(part)
}

fn asset(reader: &mut Reader<'_>, before: Asset) -> Asset {
    Asset {
        name: reader.needed("name", "a name"),
        description: reader.long("description"),
        confidentiality: reader.choice("confidentiality"),
        integrity: reader.choice("integrity"),
        availability: reader.choice("availability"),
        ..before
    }
}

fn element(reader: &mut Reader<'_>, model: &ThreatModel, before: Element) -> Element {
    let is_there = |id: &PartId, fits: fn(ElementKind) -> bool, old: Option<&PartId>| {
        *id != before.id && (old == Some(id) || model.element(id).is_some_and(|element| fits(element.kind)))
    };
    let begins = |id: &PartId| is_there(id, ElementKind::is_node, before.source.as_ref());
    let ends = |id: &PartId| is_there(id, ElementKind::is_node, before.target.as_ref());
    let divides = |id: &PartId| is_there(id, ElementKind::divides, before.zone.as_ref());
    let kind = reader.choice::<ElementKind>("kind").unwrap_or_else(|| {
        reader.fault("kind", "choose what it is");
        before.kind
    });
    let is_flow = kind == ElementKind::DataFlow;
    let (source, target) = (reader.link("source", begins), reader.link("target", ends));
    if is_flow {
        for (field, end) in [("source", &source), ("target", &target)] {
            if end.is_none() && before.shape.is_none() && !reader.faults.iter().any(|fault| fault.field == field) {
                reader.fault(field, "a flow begins and ends at an actor, a process or a store; add those first");
            }
        }
    }
    Element {
        kind,
        name: if is_flow { reader.line("name") } else { reader.needed("name", "a name") },
        description: reader.long("description"),
        out_of_scope: reader.flag("out_of_scope"),
        reason: reader.long("reason"),
        zone: reader.link("zone", divides).filter(|_| !is_flow),
        source: source.filter(|_| is_flow),
        target: target.filter(|_| is_flow),
        bidirectional: is_flow && reader.flag("bidirectional"),
        protocol: reader.line("protocol"),
        encrypted: reader.yes_or_no("encrypted"),
        public_network: reader.yes_or_no("public_network"),
        is_log: reader.flag("is_log"),
        ..before
    }
}

fn threat(reader: &mut Reader<'_>, model: &ThreatModel, before: Threat) -> Threat {
    let status = reader.choice::<ThreatStatus>("status").unwrap_or(ThreatStatus::Open);
    let reason = reader.long("reason");
    let wants_reason = matches!(
        status,
        ThreatStatus::Accepted | ThreatStatus::Transferred | ThreatStatus::Avoided | ThreatStatus::NotApplicable
    );
    // What a file says without a reason stays as it is.
    if wants_reason && reason.is_empty() && (status != before.status || !before.reason.is_empty()) {
        reader.fault("reason", format!("say why it is {}, and who decided it", status.name().replace('-', " ")));
    }
    let identified = reader.fields.text("identified_on").trim().to_owned();
    let identified_on = digits::day(&identified);
    if identified_on.is_none() && !identified.is_empty() {
        reader.fault("identified_on", "a day is written like 2026-11-24");
    }
    Threat {
        title: reader.needed("title", "a title"),
        description: reader.long("description"),
        categories: categories(reader),
        affects: reader.links("affects", |id| model.element(id).is_some()),
        assets: reader.links("assets", |id| model.assets.iter().any(|asset| asset.id == *id)),
        status,
        reason,
        impact: reader.long("impact"),
        actor: reader.line("actor"),
        severity: reader.choice::<Severity>("severity"),
        rating: rating(reader, model.scale, before.rating.as_ref()),
        cwe: reader.numbers("cwe", "CWE"),
        capec: reader.numbers("capec", "CAPEC"),
        identified_on,
        is_untouched: before.is_untouched && status == ThreatStatus::Undetermined,
        ..before
    }
}

/// The categories: some of STRIDE, some of LINDDUN, and others by their names.
fn categories(reader: &mut Reader<'_>) -> Vec<Category> {
    let mut categories = Vec::new();
    for word in reader.fields.all("stride") {
        categories.extend(Stride::from_name(word).map(Category::Stride));
    }
    for word in reader.fields.all("linddun") {
        categories.extend(Linddun::from_name(word).map(Category::Linddun));
    }
    let others = reader.line("category");
    let others = others.split(',').map(str::trim).filter(|name| !name.is_empty());
    categories.extend(others.take(LIST_LIMIT).map(|name| Category::Other(name.to_owned())));
    categories
}

/// The rating on the scale that the form was about: that of the rating before, or that of the model.
fn rating(reader: &mut Reader<'_>, scale: Scale, before: Option<&Rating>) -> Option<Rating> {
    let scale = match reader.fields.text("rating_scale") {
        "" => before.map_or(scale, Rating::scale),
        _ => reader.choice("rating_scale")?,
    };
    if scale == Scale::Owasp {
        let mut factors = BTreeMap::new();
        for (name, factor) in Factor::NAMED {
            let value = reader.number(name, 0, 9).and_then(|value| u8::try_from(value).ok());
            factors.extend(value.map(|value| (*factor, value)));
        }
        return (!factors.is_empty()).then_some(Rating::Factors(factors));
    }
    let (least, most) = scale.range();
    let mut value = |field: &str| {
        let value = reader.number(field, u32::from(least), u32::from(most))?;
        u8::try_from(value).ok()
    };
    match (value("likelihood"), value("impact_rating")) {
        (Some(likelihood), Some(impact)) => Rating::of(scale, likelihood, impact),
        (None, None) => None,
        (likelihood, _) => {
            let field = if likelihood.is_none() { "likelihood" } else { "impact_rating" };
            if !reader.faults.iter().any(|fault| fault.field == field) {
                reader.fault(field, "a rating needs both likelihood and impact");
            }
            None
        }
    }
}

fn mitigation(reader: &mut Reader<'_>, model: &ThreatModel, before: Mitigation) -> Mitigation {
    Mitigation {
        title: reader.needed("title", "a title"),
        description: reader.long("description"),
        status: reader.choice("status").unwrap_or_default(),
        threats: reader.links("threats", |id| model.threat(id).is_some()),
        owner: reader.line("owner"),
        link: reader.address("link"),
        ..before
    }
}

/// Puts those elements into a boundary or zone that were ticked in its form, and takes the others out of it.
pub fn put_inside(model: &mut ThreatModel, part: &Part, fields: &Fields) {
    let Part::Element(boundary) = part else { return };
    if !boundary.kind.divides() || fields.text("inside_asked").is_empty() {
        return;
    }
    let ticked: BTreeSet<&str> = fields.all("inside").iter().map(String::as_str).collect();
    for element in model.elements.iter_mut().filter(|element| element.kind.is_node()) {
        let is_inside = element.zone.as_ref() == Some(&boundary.id);
        match ticked.contains(element.id.0.as_str()) {
            true => element.zone = Some(boundary.id.clone()),
            false if is_inside => element.zone = None,
            false => {}
        }
    }
}

/// The fields of a form about a part of a model, with what is within it.
pub fn fields_in(model: &ThreatModel, part: &Part) -> Fields {
    let mut fields = fields_of(part);
    let inside = model.elements.iter().filter(|element| element.zone.as_ref() == Some(part.id()));
    for element in inside {
        fields.add("inside", &element.id.0);
    }
    fields
}

/// The fields of a form about a part.
pub fn fields_of(part: &Part) -> Fields {
    let mut fields = Fields::default();
    match part {
        Part::Asset(part) => {
            fields.add("name", &part.name);
            fields.add("description", &part.description);
            fields.add("confidentiality", word(part.confidentiality));
            fields.add("integrity", word(part.integrity));
            fields.add("availability", word(part.availability));
        }
        Part::Element(part) => fields_of_element(&mut fields, part),
        Part::Threat(part) => fields_of_threat(&mut fields, part),
        Part::Mitigation(part) => {
            fields.add("title", &part.title);
            fields.add("description", &part.description);
            fields.add("status", part.status.name());
            links(&mut fields, "threats", &part.threats);
            fields.add("owner", &part.owner);
            fields.add("link", &part.link);
        }
        Part::Assumption(part) => {
            fields.add("text", &part.text);
            fields.add("validity", part.validity.name());
            links(&mut fields, "about", &part.about);
        }
        Part::AbuseStory(part) => {
            fields.add("kind", part.kind.name());
            fields.add("title", &part.title);
            fields.add("description", &part.description);
            links(&mut fields, "threats", &part.threats);
        }
    }
    fields
}

fn fields_of_element(fields: &mut Fields, part: &Element) {
    let answer = |answer: Option<bool>| answer.map_or("", |is_so| if is_so { "yes" } else { "no" });
    fields.add("kind", part.kind.name());
    fields.add("name", &part.name);
    fields.add("description", &part.description);
    fields.add("reason", &part.reason);
    links(fields, "zone", part.zone.as_slice());
    links(fields, "source", part.source.as_slice());
    links(fields, "target", part.target.as_slice());
    fields.add("protocol", &part.protocol);
    fields.add("encrypted", answer(part.encrypted));
    fields.add("public_network", answer(part.public_network));
    let flags = [("out_of_scope", part.out_of_scope), ("bidirectional", part.bidirectional), ("is_log", part.is_log)];
    for (name, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
        fields.add(name, "yes");
    }
}

fn fields_of_threat(fields: &mut Fields, part: &Threat) {
    fields.add("title", &part.title);
    fields.add("description", &part.description);
    let mut others = Vec::new();
    for category in &part.categories {
        match category {
            Category::Stride(kind) => fields.add("stride", kind.name()),
            Category::Linddun(kind) => fields.add("linddun", kind.name()),
            Category::Other(name) => others.push(name.as_str()),
        }
    }
    fields.add("category", others.join(", "));
    links(fields, "affects", &part.affects);
    links(fields, "assets", &part.assets);
    fields.add("status", part.status.name());
    fields.add("reason", &part.reason);
    fields.add("impact", &part.impact);
    fields.add("actor", &part.actor);
    fields.add("severity", word(part.severity));
    match &part.rating {
        Some(Rating::Steps { scale, likelihood, impact }) => {
            fields.add("rating_scale", scale.name());
            fields.add("likelihood", likelihood.to_string());
            fields.add("impact_rating", impact.to_string());
        }
        Some(Rating::Factors(factors)) => {
            fields.add("rating_scale", Scale::Owasp.name());
            for (factor, value) in factors {
                fields.add(factor.name(), value.to_string());
            }
        }
        None => {}
    }
    let list = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    fields.add("cwe", list(&part.cwe));
    fields.add("capec", list(&part.capec));
    fields.add("identified_on", part.identified_on.map(|day| day.to_string()).unwrap_or_default());
}

fn links(fields: &mut Fields, name: &str, ids: &[PartId]) {
    for id in ids {
        fields.add(name, &id.0);
    }
}

/// The word of a value; empty when there is none.
fn word<T: Named>(value: Option<T>) -> &'static str {
    value.map_or("", Named::name)
}

/// The fields that a new part begins with, as far as an address may say: what it is about.
pub fn starting_fields(kind: PartKind, asked: &Fields) -> Fields {
    let names: &[&str] = match kind {
        PartKind::Threat => &["affects", "assets", "stride", "linddun", "title"],
        PartKind::Mitigation | PartKind::AbuseStory => &["threats", "title", "kind"],
        PartKind::Element => &["kind", "zone", "source", "target"],
        PartKind::Assumption => &["about"],
        PartKind::Asset => &["name"],
    };
    let mut fields = Fields::default();
    for name in names {
        for value in asked.all(name).iter().take(ThreatModel::LINKS_LIMIT) {
            fields.add(name, value);
        }
    }
    fields
}
