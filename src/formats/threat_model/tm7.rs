//! The Microsoft Threat Modeling Tool: diagrams in XML, with the threats that the tool made for their flows.
//!
//! A threat is about an interaction: it affects its flow and what the flow leads from and to.

use std::collections::{BTreeMap, BTreeSet};

use super::notes::{Notes, clip, tidy};
use super::stated::{category, day, folded, headline, methods, text_of_html};
use super::xml::{self, Element as Node};
use crate::domain::fault::Faults;
use crate::domain::threat_model::diagram::{Diagram, Point, Shape};
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::words::{
    Basis, ElementKind, MitigationStatus, Origin, Severity, ThreatStatus, Validity,
};
use crate::domain::threat_model::{Assumption, Element, Mitigation, PartId, StatedDate, Threat, ThreatModel};

/// The id that stands for no element.
const NOTHING: &str = "00000000-0000-0000-0000-000000000000";
/// The longest id that is kept.
const ID_LIMIT: usize = 200;
/// How many parents of a kind of element are looked up; templates have two or three.
const PARENTS_LIMIT: usize = 10;

/// Reads a file.
pub(super) fn read(name: &str, text: &str, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let root = xml::parse(name, text, is_needed)?;
    let mut model = ThreatModel::default();
    let surfaces = root.find(&["DrawingSurfaceList"]);
    if surfaces.is_none() && root.child("ThreatInstances").is_none() {
        return Err(notes.refuse("", "a model of the Microsoft Threat Modeling Tool without diagrams and threats"));
    }
    meta(&root, &mut model, notes);
    let template = Template::of(&root);
    for (i, surface) in surfaces.into_iter().flat_map(|list| list.all("DrawingSurfaceModel")).enumerate() {
        diagram(surface, i, &template, &mut model, notes);
    }
    let mut reader = Threats { names: names(&model), labels: labels(&root), latest: None, notes };
    for (i, entry) in root.child("ThreatInstances").into_iter().flat_map(Node::children).enumerate() {
        reader.read(entry, i, &mut model);
    }
    model.stated_date = reader.latest.map(|on| StatedDate { on, basis: Basis::Decided });
    model.methods = methods(&model.threats);
    Ok(ReadModel { format: Format::Tm7, model, images: Vec::new() })
}

/// Of the template that stands in the file, which may be many megabytes, only what tells what its kinds of elements
/// and its properties are.
fn is_needed(path: &[String]) -> bool {
    let names: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
    match names.as_slice() {
        ["Validations" | "Profile" | "Notes", ..] => false,
        ["KnowledgeBase"] | ["KnowledgeBase", "GenericElements" | "StandardElements" | "ThreatMetaData"] => true,
        ["KnowledgeBase", "GenericElements" | "StandardElements", rest @ ..] => {
            matches!(rest, ["ElementType"] | ["ElementType", "Id" | "ParentId" | "Representation"])
        }
        ["KnowledgeBase", "ThreatMetaData", rest @ ..] => matches!(
            rest,
            ["PropertiesMetaData"]
                | ["PropertiesMetaData", "ThreatMetaDatum"]
                | ["PropertiesMetaData", "ThreatMetaDatum", "Name" | "Label"]
        ),
        ["KnowledgeBase", ..] => false,
        _ => true,
    }
}

/// What is said of the model as a whole.
fn meta(root: &Node, model: &mut ThreatModel, notes: &mut Notes) {
    let Some(meta) = root.child("MetaInformation") else { return };
    let path = |name: &str| format!("MetaInformation.{name}");
    let mut name = |key: &str| notes.cut(meta.text_of(key), ThreatModel::NAME_LIMIT, || path(key));
    model.title = name("ThreatModelName");
    model.owner = name("Owner");
    model.reviewer = name("Reviewer");
    let people = meta.text_of("Contributors").split([',', ';', '\n']);
    model.participants = people.map(|person| clip(&tidy(person), ThreatModel::NAME_LIMIT)).collect();
    model.participants.retain(|person| !person.is_empty());
    model.participants.truncate(ThreatModel::LINKS_LIMIT);
    let description = meta.text_of("HighLevelSystemDescription");
    let outside = meta.text_of("ExternalDependencies");
    let whole = match (description.is_empty(), outside.is_empty()) {
        (_, true) => description.to_owned(),
        (true, false) => format!("External dependencies: {outside}"),
        (false, false) => format!("{description}\n\nExternal dependencies: {outside}"),
    };
    model.description = notes.cut(&whole, ThreatModel::TEXT_LIMIT, || path("HighLevelSystemDescription"));
    let assumptions = meta.text_of("Assumptions").lines().map(str::trim).filter(|line| !line.is_empty());
    for (i, line) in assumptions.take(ThreatModel::PARTS_LIMIT).enumerate() {
        model.assumptions.push(Assumption {
            id: PartId(format!("assumption-{}", i + 1)),
            text: notes.cut(line, ThreatModel::TEXT_LIMIT, || path("Assumptions")),
            validity: Validity::Unchecked,
            about: Vec::new(),
        });
    }
}

/// What the template says of its kinds of elements: how each is drawn, and of what kind it is itself.
struct Template<'a> {
    kinds: BTreeMap<&'a str, (&'a str, &'a str)>,
}

impl<'a> Template<'a> {
    fn of(root: &'a Node) -> Self {
        let lists = ["GenericElements", "StandardElements"].into_iter();
        let kinds = lists.filter_map(|list| root.find(&["KnowledgeBase", list])).flat_map(Node::children);
        let entry = |kind: &'a Node| (kind.text_of("Id"), (kind.text_of("Representation"), kind.text_of("ParentId")));
        Self { kinds: kinds.map(entry).collect() }
    }

    /// The kind of element that an id of the template stands for, by itself or one of its parents.
    fn kind(&self, id: &str) -> Option<ElementKind> {
        let mut id = id;
        for _ in 0..PARENTS_LIMIT {
            if let Some(kind) = generic_kind(id) {
                return Some(kind);
            }
            let (drawn, parent) = self.kinds.get(id)?;
            if let Some(kind) = drawn_kind(drawn) {
                return Some(kind);
            }
            id = parent;
        }
        None
    }
}

/// The kinds that every template has.
fn generic_kind(id: &str) -> Option<ElementKind> {
    Some(match id {
        "GE.EI" => ElementKind::Actor,
        "GE.P" => ElementKind::Process,
        "GE.DS" => ElementKind::DataStore,
        "GE.DF" => ElementKind::DataFlow,
        "GE.TB" | "GE.TB.B" | "GE.TB.L" => ElementKind::TrustBoundary,
        "GE.A" => ElementKind::Text,
        _ => return None,
    })
}

/// What is meant by how something is drawn, in the words of elements and of templates.
fn drawn_kind(drawn: &str) -> Option<ElementKind> {
    Some(match drawn {
        "StencilRectangle" | "Rectangle" => ElementKind::Actor,
        "StencilEllipse" | "Ellipse" => ElementKind::Process,
        "StencilParallelLines" | "ParallelLines" => ElementKind::DataStore,
        "Connector" | "Line" => ElementKind::DataFlow,
        "BorderBoundary" | "LineBoundary" => ElementKind::TrustBoundary,
        "Annotation" => ElementKind::Text,
        _ => return None,
    })
}

/// Reads a diagram with its elements.
fn diagram(surface: &Node, number: usize, template: &Template<'_>, model: &mut ThreatModel, notes: &mut Notes) {
    let path = format!("DrawingSurfaceList[{number}]");
    let id = part_id(&[surface.text_of("Guid")], "diagram", number);
    let properties = Properties::of(surface);
    let given = [properties.value("Name"), surface.text_of("Header")];
    let title = given.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let title = notes.cut(title, ThreatModel::NAME_LIMIT, || path.clone());
    model.diagrams.push(Diagram { id: id.clone(), title, ..Diagram::default() });
    let before = model.elements.len();
    for list in ["Borders", "Lines"] {
        for (i, entry) in surface.child(list).into_iter().flat_map(Node::children).enumerate() {
            if model.elements.len() > ThreatModel::PARTS_LIMIT {
                return;
            }
            let path = format!("{path}.{list}[{i}]");
            let Some(value) = entry.child("Value") else {
                notes.warn_on(entry.line, path, "an entry without a value was not read");
                continue;
            };
            let given = [value.text_of("Guid"), entry.text_of("Key")];
            let part = part_id(&given, "element", model.elements.len());
            let element = Element { id: part, diagram: Some(id.clone()), ..Element::default() };
            let element = element_of(value, element, &path, template, notes);
            model.elements.push(element);
        }
    }
    loose_flows(model.elements.get(before..).unwrap_or_default(), &path, notes);
}

/// Notes the flows of a diagram that lead from or to something that is not in it.
fn loose_flows(elements: &[Element], path: &str, notes: &mut Notes) {
    let here: BTreeSet<&PartId> = elements.iter().map(|element| &element.id).collect();
    for flow in elements {
        for (end, what) in [(&flow.source, "begins"), (&flow.target, "ends")] {
            if end.as_ref().is_some_and(|end| !here.contains(end)) {
                let name = clip(&flow.name, 60);
                notes.warn(path, format!("flow “{name}” {what} at something that is not in the diagram"));
            }
        }
    }
}

/// Reads an element; its id and its diagram are known.
fn element_of(value: &Node, mut element: Element, path: &str, template: &Template<'_>, notes: &mut Notes) -> Element {
    let properties = Properties::of(value);
    let (drawn, generic) = (without_prefix(value.attribute("type")), value.text_of("GenericTypeId"));
    let annotation = (generic == "GE.A").then_some(ElementKind::Text);
    let kind = annotation.or_else(|| drawn_kind(drawn)).or_else(|| template.kind(generic));
    let kind = kind.or_else(|| template.kind(value.text_of("TypeId")));
    if kind.is_none() {
        let what = clip(if drawn.is_empty() { generic } else { drawn }, 60);
        notes.warn_on(value.line, path, format!("“{what}” is no kind of element that is known; it stays unclassified"));
    }
    element.kind = kind.unwrap_or_default();
    let heading = properties.heading();
    let raw = [heading, drawn, generic].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    element.raw_kind = notes.cut(raw, ThreatModel::NAME_LIMIT, || path.to_owned());
    let given = [properties.value("Name"), heading];
    let given = given.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    element.name = notes.cut(given, ThreatModel::NAME_LIMIT, || path.to_owned());
    element.out_of_scope = properties.value("Out Of Scope").eq_ignore_ascii_case("true");
    let reason = properties.value("Reason For Out Of Scope");
    element.reason = notes.cut(reason, ThreatModel::TEXT_LIMIT, || path.to_owned());
    element.is_log = properties.choice("Stores Log Data") == Some(true);
    element.encrypted = properties.choice("Encrypted").or_else(|| properties.choice("Provides Confidentiality"));
    element.shape = shape(value);
    if element.kind == ElementKind::DataFlow {
        let end = |name: &str| Some(value.text_of(name)).filter(|id| !id.is_empty() && *id != NOTHING);
        element.source = end("SourceGuid").map(|id| PartId(clip(id, ID_LIMIT)));
        element.target = end("TargetGuid").map(|id| PartId(clip(id, ID_LIMIT)));
    }
    element
}

/// A box where it has a width, else the curve from its source over its handle to its target.
fn shape(value: &Node) -> Option<Shape> {
    let number = |name: &str| value.text_of(name).parse::<f64>().ok().filter(|number| number.is_finite());
    if let (Some(width), Some(height)) = (number("Width"), number("Height")) {
        return Shape::of_box(number("Left")?, number("Top")?, width, height);
    }
    let point = |x: &str, y: &str| Some(Point { x: number(x)?, y: number(y)? });
    let (from, to) = (point("SourceX", "SourceY")?, point("TargetX", "TargetY")?);
    // A handle at the corner is one that was never set.
    let handle = point("HandleX", "HandleY").filter(|handle| handle.x != 0.0 || handle.y != 0.0);
    Shape::of_path([Some(from), handle, Some(to)].into_iter().flatten().collect(), handle.is_some())
}

/// The properties of an element: a list in which each has the name that the tool shows.
struct Properties<'a>(Vec<&'a Node>);

impl<'a> Properties<'a> {
    fn of(node: &'a Node) -> Self {
        Self(node.child("Properties").into_iter().flat_map(Node::children).collect())
    }

    fn find(&self, name: &str) -> Option<&'a Node> {
        self.0.iter().find(|property| property.text_of("DisplayName").eq_ignore_ascii_case(name)).copied()
    }

    /// The value with a name; empty when there is none.
    fn value(&self, name: &str) -> &'a str {
        self.find(name).map_or("", |property| property.text_of("Value"))
    }

    /// What was chosen from a list of which yes and no are the answers; `None` while nothing was.
    fn choice(&self, name: &str) -> Option<bool> {
        let property = self.find(name)?;
        let chosen = property.text_of("SelectedIndex").parse().ok()?;
        match property.child("Value")?.children().nth(chosen)?.text() {
            "Yes" => Some(true),
            "No" => Some(false),
            _ => None,
        }
    }

    /// What the tool calls the kind of element: the first heading over its properties.
    fn heading(&self) -> &'a str {
        let mut headings =
            self.0.iter().filter(|property| without_prefix(property.attribute("type")) == "HeaderDisplayAttribute");
        headings.next().map_or("", |heading| heading.text_of("DisplayName"))
    }
}

/// The value of an attribute that names a type, without the prefix of its namespace.
fn without_prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The first id that is given, or one by the number of the part.
fn part_id(given: &[&str], kind: &str, number: usize) -> PartId {
    let given = given.iter().map(|id| clip(&tidy(id), ID_LIMIT)).find(|id| !id.is_empty());
    PartId(given.unwrap_or_else(|| format!("{kind}-{}", number + 1)))
}

fn names(model: &ThreatModel) -> BTreeMap<PartId, String> {
    model.elements.iter().map(|element| (element.id.clone(), element.name.clone())).collect()
}

/// What the template calls the properties of threats of its own, which have ids instead of names.
fn labels(root: &Node) -> BTreeMap<String, String> {
    let data = root.find(&["KnowledgeBase", "ThreatMetaData", "PropertiesMetaData"]);
    let all = data.into_iter().flat_map(Node::children);
    all.map(|datum| (datum.text_of("Name").to_owned(), folded(datum.text_of("Label")))).collect()
}

/// Reads threats.
struct Threats<'n> {
    /// What the elements are called.
    names: BTreeMap<PartId, String>,
    /// What the properties are called.
    labels: BTreeMap<String, String>,
    /// The last day on which somebody changed a threat.
    latest: Option<chrono::NaiveDate>,
    notes: &'n mut Notes,
}

impl Threats<'_> {
    fn read(&mut self, entry: &Node, number: usize, model: &mut ThreatModel) {
        if model.threats.len() > ThreatModel::PARTS_LIMIT {
            return;
        }
        let path = format!("ThreatInstances[{number}]");
        let Some(value) = entry.child("Value") else {
            self.notes.warn_on(entry.line, path, "an entry without a value was not read");
            return;
        };
        let said = Said { value, given: self.given(value) };
        let id = part_id(&[entry.text_of("Key")], "threat", number);
        let state = value.text_of("State");
        let status = self.status(state, value.line, &path);
        let changed = day(value.text_of("ModifiedAt")).filter(|day| !is_never(*day));
        if status.is_decided() || status == ThreatStatus::Open {
            self.latest = self.latest.max(changed);
        }
        let raw_category = tidy(said.text("UserThreatCategory", "UserThreatCategory"));
        let mut threat = Threat {
            id: id.clone(),
            number: value.text_of("Id").parse().unwrap_or(0),
            description: self.text(said.text("UserThreatDescription", "UserThreatDescription"), &path),
            categories: category(&raw_category).into_iter().collect(),
            affects: affected(value),
            status,
            reason: self.text(said.text("StateInformation", "StateInformation"), &path),
            is_untouched: status == ThreatStatus::Undetermined && changed.is_none(),
            ..Threat::default()
        };
        let short = said.text("UserThreatShortDescription", "UserThreatShortDescription");
        threat.title = self.title(said.text("Title", "Title"), short, &raw_category, value, &path);
        self.severity(&said, &mut threat, &path);
        threat.raw.status = clip(&tidy(state), ThreatModel::NAME_LIMIT);
        threat.raw.category = clip(&raw_category, ThreatModel::NAME_LIMIT);
        self.mitigations(&said, &threat, model, &path);
        model.threats.push(threat);
    }

    /// The properties of a threat by their names, and by their labels where the name is an id.
    fn given<'a>(&self, value: &'a Node) -> BTreeMap<String, &'a str> {
        let mut given = BTreeMap::new();
        for property in value.child("Properties").into_iter().flat_map(Node::children) {
            let (key, text) = (property.text_of("Key"), property.text_of("Value"));
            if let Some(label) = self.labels.get(key).filter(|_| key.len() == NOTHING.len()) {
                given.entry(label.clone()).or_insert(text);
            }
            given.insert(key.to_owned(), text);
        }
        given
    }

    fn text(&mut self, text: &str, path: &str) -> String {
        self.notes.cut(&text_of_html(text), ThreatModel::TEXT_LIMIT, || path.to_owned())
    }

    /// What the threat is called: by its title or, where that is empty, by what is known of it.
    fn title(&mut self, title: &str, short: &str, category: &str, value: &Node, path: &str) -> String {
        if !title.is_empty() {
            return self.notes.cut(title, ThreatModel::NAME_LIMIT, || path.to_owned());
        }
        self.notes.warn_on(value.line, path, "the threat has no title; it is called by what else is known of it");
        if !short.is_empty() {
            return headline(short);
        }
        let flow = PartId(value.text_of("FlowGuid").to_owned());
        let at = self.names.get(&flow).map(String::as_str).filter(|name| !name.is_empty());
        let what = if category.is_empty() { "Threat" } else { category };
        let title = at.map_or_else(|| what.to_owned(), |at| format!("{what}: {at}"));
        clip(&title, ThreatModel::NAME_LIMIT)
    }

    fn status(&mut self, state: &str, line: u64, path: &str) -> ThreatStatus {
        match folded(state).as_str() {
            "autogenerated" | "notstarted" | "" => ThreatStatus::Undetermined,
            "needsinvestigation" => ThreatStatus::Open,
            "notapplicable" => ThreatStatus::NotApplicable,
            "mitigated" => ThreatStatus::Mitigated,
            _ => {
                let state = clip(state, 60);
                let message = format!("“{state}” is no state that is known; the threat counts as undetermined");
                self.notes.warn_on(line, format!("{path}.State"), message);
                ThreatStatus::Undetermined
            }
        }
    }

    /// The tool shows the property; what stands beside it is what the template proposed.
    fn severity(&mut self, said: &Said<'_>, threat: &mut Threat, path: &str) {
        let shown = said.given.get("Priority").copied().unwrap_or_default();
        let beside = said.value.text_of("Priority");
        if !shown.is_empty() && !beside.is_empty() && folded(shown) != folded(beside) {
            let (shown, beside) = (clip(shown, 60), clip(beside, 60));
            let message =
                format!("the priority is “{shown}” in the properties and “{beside}” beside them; “{shown}” counts");
            self.notes.warn_on(said.value.line, format!("{path}.Priority"), message);
        }
        let raw = if shown.is_empty() { beside } else { shown };
        threat.raw.severity = clip(&tidy(raw), ThreatModel::NAME_LIMIT);
        threat.severity = match folded(raw).as_str() {
            "critical" | "veryhigh" => Some(Severity::Critical),
            "high" => Some(Severity::High),
            "medium" | "moderate" => Some(Severity::Medium),
            "low" => Some(Severity::Low),
            "" => None,
            _ => {
                let message = format!("“{}” is no priority that is known; the threat is not rated", clip(raw, 60));
                self.notes.warn_on(said.value.line, format!("{path}.Priority"), message);
                None
            }
        };
    }

    /// What somebody wrote about a decision is a mitigation in free text; what the template proposes is none that
    /// anybody decided for.
    fn mitigations(&mut self, said: &Said<'_>, threat: &Threat, model: &mut ThreatModel, path: &str) {
        let mut add = |suffix: &str, text: String, origin: Origin, status: MitigationStatus, raw: &str| {
            if text.is_empty() {
                return;
            }
            let title = headline(&text);
            let description = if title == text { String::new() } else { text };
            model.mitigations.push(Mitigation {
                id: PartId(format!("{}-{suffix}", threat.id)),
                title,
                description,
                status,
                raw_status: raw.to_owned(),
                threats: vec![threat.id.clone()],
                origin,
                ..Mitigation::default()
            });
        };
        if threat.status.is_decided() {
            // That it is in place is nowhere said: a threat is called mitigated when that was decided, too.
            add(
                "justification",
                threat.reason.clone(),
                Origin::FreeText,
                MitigationStatus::Unknown,
                &threat.raw.status,
            );
        }
        let own = said.given.get("mitigations").or_else(|| said.given.get("possiblemitigations"));
        let possible = said.given.get("PossibleMitigations").or(own).copied().unwrap_or_default();
        let possible = self.text(possible, path);
        add("possible", possible, Origin::Template, MitigationStatus::Proposed, "");
    }
}

/// What a file says of a threat: in its properties, which the tool shows and people change, and beside them.
struct Said<'a> {
    value: &'a Node,
    given: BTreeMap<String, &'a str>,
}

impl<'a> Said<'a> {
    /// The property, or what stands beside the properties.
    fn text(&self, property: &str, beside: &str) -> &'a str {
        let given = self.given.get(property).copied().filter(|text| !text.is_empty());
        given.unwrap_or_else(|| self.value.text_of(beside))
    }
}

/// Whether a day is the one that stands for never.
fn is_never(day: chrono::NaiveDate) -> bool {
    use chrono::Datelike as _;
    day.year() <= 1
}

/// The flow, and what it leads from and to.
fn affected(value: &Node) -> Vec<PartId> {
    let mut affected: Vec<PartId> = ["FlowGuid", "SourceGuid", "TargetGuid"]
        .into_iter()
        .map(|name| value.text_of(name))
        .filter(|id| !id.is_empty() && *id != NOTHING)
        .map(|id| PartId(clip(id, ID_LIMIT)))
        .collect();
    affected.dedup();
    affected
}
