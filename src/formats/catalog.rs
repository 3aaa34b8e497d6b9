//! Reads catalogs: the YAML structure of DSOMM's own `model.yaml`, whole or cut into several files.
//!
//! A document maps dimensions to sub-dimensions to activities; a mapping named `meta` carries the
//! version. Older files name prerequisites where newer ones have ids; both are understood.

use std::collections::HashMap;

use super::yaml::{self, Entry, Node, Value};
use super::{Reading, Source};
use crate::domain::catalog::{
    Activity, ActivityId, Capability, Catalog, Content, ContentFault, Difficulty, DimensionContent, Lens, References,
    SubDimensionContent, Tool,
};
use crate::domain::fault::{Fault, Faults, Place};

/// The largest file that is read; the published models have about half a megabyte.
pub const MAX_BYTES: usize = yaml::MAX_BYTES;

/// Properties of an activity that other programs keep in the same file and that are not part of the catalog.
const NOT_OURS: [&str; 8] =
    ["comments", "comment", "credits", "evidence", "isImplemented", "meta", "teamsEvidence", "teamsImplemented"];

/// Reads a catalog from one or more sources, which are taken as one file in their order.
pub fn read(sources: &[Source<'_>]) -> Result<Reading<Catalog>, Faults> {
    read_all(sources).finish(sources.first().map_or("catalog", |source| source.name))
}

/// Reads the content of a catalog even if it has faults, so that it can be compared with another.
/// Fails only where nothing can be read.
pub fn read_content(sources: &[Source<'_>]) -> Result<Content, Faults> {
    let mut reader = read_all(sources);
    if reader.incomplete || reader.found.is_empty() {
        let place = Place { source: reader.source, ..Place::default() };
        reader.faults.push(place, "no activities can be read");
        return Err(reader.faults);
    }
    resolve_names(&mut reader.content);
    Ok(reader.content)
}

/// Reads a file that changes another catalog.
pub(super) fn read_overlay(source: Source<'_>) -> Result<Changes, Faults> {
    let mut reader = Reader { overlay: true, ..Reader::default() };
    reader.source(source);
    reader.faults.or(Changes { patches: reader.patches, ignored: reader.ignored, warnings: reader.warnings })
}

/// What a file changes in a catalog.
pub(super) struct Changes {
    pub(super) patches: Vec<Patch>,
    pub(super) ignored: Vec<Ignored>,
    pub(super) warnings: Vec<Fault>,
}

/// What a file says about one activity: only the properties that it names count.
pub(super) struct Patch {
    pub(super) dimension: String,
    pub(super) sub_dimension: String,
    pub(super) activity: Activity,
    pub(super) found: Found,
}

/// What a file leaves out: a dimension, a sub-dimension, or an activity.
pub(super) struct Ignored {
    pub(super) dimension: String,
    pub(super) sub_dimension: Option<String>,
    /// The id or the name.
    pub(super) activity: Option<String>,
    pub(super) place: Place,
}

fn read_all(sources: &[Source<'_>]) -> Reader {
    let mut reader = Reader::default();
    for source in sources {
        reader.source(*source);
    }
    reader
}

/// Where an activity and its properties were found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    source: String,
    path: String,
    at: (u64, u64),
    fields: HashMap<String, (u64, u64)>,
}

impl Found {
    /// Whether the property is there.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// The place of a property, or of the activity where it has none.
    pub(super) fn place(&self, field: &str) -> Place {
        let top = field.split('.').next().unwrap_or(field);
        let (line, column) = self.fields.get(top).copied().unwrap_or(self.at);
        let path = format!("{} > {}", self.path, field.replace('.', " > "));
        Place { source: self.source.clone(), line, column, path }
    }

    /// The properties that an activity needs and this one lacks.
    pub(super) fn missing(&self) -> impl Iterator<Item = &'static str> {
        ["uuid", "level", "usefulness", "difficultyOfImplementation"].into_iter().filter(|needed| !self.has(needed))
    }
}

#[derive(Default)]
struct Reader {
    source: String,
    /// Whether a source could not be parsed, so that what is missing tells nothing.
    incomplete: bool,
    /// Whether the file changes another catalog: then activities need not have everything.
    overlay: bool,
    patches: Vec<Patch>,
    ignored: Vec<Ignored>,
    content: Content,
    found: Vec<Found>,
    faults: Faults,
    warnings: Vec<Fault>,
}

impl Reader {
    fn source(&mut self, source: Source<'_>) {
        source.name.clone_into(&mut self.source);
        match yaml::parse(source) {
            Ok(documents) => documents.into_iter().for_each(|document| self.document(document)),
            Err(faults) => {
                self.incomplete = true;
                self.faults.extend(faults);
            }
        }
    }

    /// Whether an entry `ignore` says that what it stands in is left out, as only overlays may.
    fn ignores(&mut self, entry: &Entry, path: &str) -> bool {
        let Value::Scalar(text) = &entry.node.value else { return false };
        if !self.overlay {
            self.fault(&entry.node, path, "only an overlay can leave something out");
        }
        text == "true"
    }

    fn ignore(&mut self, entry: &Entry, dimension: &str, sub_dimension: Option<&str>, activity: Option<&str>) {
        let place = self.place((entry.line, entry.column), String::new());
        self.ignored.push(Ignored {
            dimension: dimension.to_owned(),
            sub_dimension: sub_dimension.map(str::to_owned),
            activity: activity.map(str::to_owned),
            place,
        });
    }

    fn place(&self, node: (u64, u64), path: String) -> Place {
        Place { source: self.source.clone(), line: node.0, column: node.1, path }
    }

    fn fault(&mut self, node: &Node, path: &str, message: impl Into<String>) {
        let place = self.place((node.line, node.column), path.to_owned());
        self.faults.push(place, message);
    }

    fn warn(&mut self, at: (u64, u64), path: String, message: impl Into<String>) {
        if self.warnings.len() < Faults::KEPT {
            let place = self.place(at, path);
            self.warnings.push(Fault { place, message: message.into() });
        }
    }

    /// The entries of a mapping; anything else but nothing is a fault.
    fn entries(&mut self, node: Node, path: &str, expected: &str) -> Vec<Entry> {
        match node.value {
            Value::Mapping(entries) => entries,
            Value::Null => Vec::new(),
            _ => {
                self.fault(&node, path, format!("expected {expected}, found {}", node.kind()));
                Vec::new()
            }
        }
    }

    /// The text of a scalar; nothing is the empty text, anything else a fault.
    fn text(&mut self, node: Node, path: &str) -> String {
        match node.value {
            Value::Scalar(text) => text.trim().to_owned(),
            Value::Null => String::new(),
            _ => {
                self.fault(&node, path, format!("expected a text, found {}", node.kind()));
                String::new()
            }
        }
    }

    /// The texts of a list, or of a single scalar.
    fn texts(&mut self, node: Node, path: &str) -> Vec<String> {
        let items = match node.value {
            Value::Sequence(items) => items,
            Value::Null => Vec::new(),
            _ => vec![node],
        };
        items.into_iter().map(|item| self.text(item, path)).filter(|text| !text.is_empty()).collect()
    }

    /// A small whole number. What is none is a fault and read as 1, so that reading can go on.
    fn rating(&mut self, node: Node, path: &str) -> u8 {
        let Value::Scalar(text) = &node.value else {
            self.fault(&node, path, format!("expected a number from 1 to 5, found {}", node.kind()));
            return 1;
        };
        text.parse().unwrap_or_else(|_| {
            let shown: String = text.chars().take(40).collect();
            self.fault(&node, path, format!("expected a number from 1 to 5, found “{shown}”"));
            1
        })
    }

    /// One of some named values.
    fn one_of<T: Copy>(&mut self, node: Node, path: &str, named: &[(&str, T)]) -> Option<T> {
        let found = match &node.value {
            Value::Scalar(text) => named.iter().find(|(name, _)| name == text).map(|(_, value)| *value),
            _ => None,
        };
        if found.is_none() {
            let names: Vec<_> = named.iter().map(|(name, _)| *name).collect();
            self.fault(&node, path, format!("expected one of {}", names.join(", ")));
        }
        found
    }

    fn document(&mut self, document: Node) {
        for entry in self.entries(document, "", "dimensions with their sub-dimensions") {
            if entry.key == "meta" {
                for meta in self.entries(entry.node, "meta", "properties") {
                    if meta.key == "version" {
                        self.content.version = Some(self.text(meta.node, "meta > version"));
                    }
                }
            } else {
                self.dimension(entry);
            }
        }
    }

    fn dimension(&mut self, entry: Entry) {
        let name = entry.key;
        let mut sub_dimensions = Vec::new();
        for sub in self.entries(entry.node, &name, "sub-dimensions with their activities") {
            if sub.key == "ignore" && matches!(sub.node.value, Value::Scalar(_)) {
                if self.ignores(&sub, &name) {
                    self.ignore(&sub, &name, None, None);
                }
                continue;
            }
            let activities = self.sub_dimension(sub.node, &name, &sub.key);
            sub_dimensions.push(SubDimensionContent { name: sub.key, activities });
        }
        // A dimension may be spread over several files.
        match self.content.dimensions.iter_mut().find(|dimension| dimension.name == name) {
            Some(dimension) => dimension.sub_dimensions.extend(sub_dimensions),
            None => self.content.dimensions.push(DimensionContent { name, sub_dimensions }),
        }
    }

    fn sub_dimension(&mut self, node: Node, dimension: &str, name: &str) -> Vec<Activity> {
        let path = format!("{dimension} > {name}");
        let mut activities = Vec::new();
        for entry in self.entries(node, &path, "activities") {
            if entry.key == "ignore" && matches!(entry.node.value, Value::Scalar(_)) {
                if self.ignores(&entry, &path) {
                    self.ignore(&entry, dimension, Some(name), None);
                }
                continue;
            }
            let Some((activity, found)) = self.activity(entry, dimension, name) else { continue };
            if self.overlay {
                let (dimension, sub_dimension) = (dimension.to_owned(), name.to_owned());
                self.patches.push(Patch { dimension, sub_dimension, activity, found });
            } else {
                activities.push(activity);
                self.found.push(found);
            }
        }
        activities
    }

    fn activity(&mut self, entry: Entry, dimension: &str, sub_dimension: &str) -> Option<(Activity, Found)> {
        let path = format!("{dimension} > {sub_dimension} > {}", entry.key);
        let at = (entry.line, entry.column);
        if !matches!(entry.node.value, Value::Mapping(_)) {
            self.fault(
                &entry.node,
                &path,
                format!("expected the properties of an activity, found {}", entry.node.kind()),
            );
            return None;
        }
        // Stands in for an id that is missing, so that the rest can still be checked.
        let stand_in = ActivityId(format!("missing-{}", self.found.len()));
        let mut activity = Activity::named(stand_in, entry.key);
        let mut fields = HashMap::new();
        for Entry { key, line, column, node } in self.entries(entry.node, &path, "properties") {
            fields.insert(key.clone(), (line, column));
            let path = format!("{path} > {key}");
            match key.as_str() {
                "uuid" => activity.id = ActivityId(self.text(node, &path)),
                "level" => activity.level = self.rating(node, &path),
                "usefulness" => activity.usefulness = self.rating(node, &path),
                "difficultyOfImplementation" => activity.difficulty = self.difficulty(node, &path),
                "lens" => activity.lens = self.one_of(node, &path, &Lens::NAMED),
                "capability" => activity.capability = self.one_of(node, &path, &Capability::NAMED),
                "dependsOn" => activity.depends_on = self.texts(node, &path).into_iter().map(ActivityId).collect(),
                "description" => activity.description = self.text(node, &path),
                "risk" => activity.risk = self.text(node, &path),
                "measure" => activity.measure = self.text(node, &path),
                "assessment" => activity.assessment = self.text(node, &path),
                "implementation" => activity.tools = self.tools(node, &path),
                "references" => activity.references = self.references(node, &path),
                "ignore" => {
                    let entry = Entry { key: key.clone(), line, column, node };
                    if self.ignores(&entry, &path) {
                        let id = if fields.contains_key("uuid") { &activity.id.0 } else { &activity.name };
                        self.ignore(&entry, dimension, Some(sub_dimension), Some(id));
                    }
                }
                // The published files write “none” where there is no tag.
                "tags" => activity.tags = self.texts(node, &path).into_iter().filter(|tag| tag != "none").collect(),
                known if NOT_OURS.contains(&known) => {}
                _ => self.warn((line, column), path, "this property is not known and was not read"),
            }
        }
        let found = Found { source: self.source.clone(), path: path.clone(), at, fields };
        for needed in found.missing().filter(|_| !self.overlay) {
            self.faults.push(self.place(at, path.clone()), format!("{needed} is missing"));
        }
        Some((activity, found))
    }

    fn difficulty(&mut self, node: Node, path: &str) -> Difficulty {
        let at = (node.line, node.column);
        let (mut knowledge, mut time, mut resources) = (None, None, None);
        for entry in self.entries(node, path, "knowledge, time and resources") {
            let path = format!("{path} > {}", entry.key);
            match entry.key.as_str() {
                "knowledge" => knowledge = Some(self.rating(entry.node, &path)),
                "time" => time = Some(self.rating(entry.node, &path)),
                "resources" => resources = Some(self.rating(entry.node, &path)),
                _ => self.warn((entry.line, entry.column), path, "this property is not known and was not read"),
            }
        }
        for (name, value) in [("knowledge", knowledge), ("time", time), ("resources", resources)] {
            if value.is_none() {
                let place = self.place(at, path.to_owned());
                self.faults.push(place, format!("{name} is missing"));
            }
        }
        let or_one = |rating: Option<u8>| rating.unwrap_or(1);
        Difficulty { knowledge: or_one(knowledge), time: or_one(time), resources: or_one(resources) }
    }

    fn tools(&mut self, node: Node, path: &str) -> Vec<Tool> {
        let items = match node.value {
            Value::Sequence(items) => items,
            Value::Null => return Vec::new(),
            Value::Scalar(ref text) if text.trim().is_empty() => return Vec::new(),
            _ => vec![node],
        };
        items.into_iter().filter_map(|item| self.tool(item, path)).collect()
    }

    /// A tool; what has no name is passed over with a warning, since no answer hangs on it.
    fn tool(&mut self, node: Node, path: &str) -> Option<Tool> {
        let at = (node.line, node.column);
        let Value::Mapping(entries) = node.value else {
            self.warn(at, path.to_owned(), format!("expected a tool with a name, found {}; not read", node.kind()));
            return None;
        };
        let mut tool = Tool { name: String::new(), url: String::new(), description: String::new() };
        for entry in entries {
            match entry.key.as_str() {
                "name" => tool.name = self.text(entry.node, path),
                "url" => tool.url = self.text(entry.node, path),
                "description" => tool.description = self.text(entry.node, path),
                _ => {}
            }
        }
        if tool.name.is_empty() {
            self.warn(at, path.to_owned(), "a tool without a name was not read");
            return None;
        }
        Some(tool)
    }

    fn references(&mut self, node: Node, path: &str) -> References {
        let mut references = References::default();
        for entry in self.entries(node, path, "clauses of standards") {
            let path = format!("{path} > {}", entry.key);
            match entry.key.as_str() {
                "samm2" => references.samm2 = self.texts(entry.node, &path),
                "iso27001-2017" => references.iso27001_2017 = self.texts(entry.node, &path),
                "iso27001-2022" => references.iso27001_2022 = self.texts(entry.node, &path),
                "openCRE" => references.open_cre = self.texts(entry.node, &path),
                "d3f" => {}
                _ => self.warn((entry.line, entry.column), path, "this standard is not known and was not read"),
            }
        }
        references
    }

    fn finish(mut self, name: &str) -> Result<Reading<Catalog>, Faults> {
        if self.incomplete {
            return Err(self.faults);
        }
        resolve_names(&mut self.content);
        match Catalog::new(self.content) {
            Ok(catalog) => self.faults.or(Reading { value: catalog, warnings: self.warnings }),
            Err(found) => {
                for fault in found {
                    let place = place_of(&fault, &self.found, name);
                    self.faults.push(place, fault.message);
                }
                Err(self.faults)
            }
        }
    }
}

/// Older files give the names of prerequisites; a name that only one activity has becomes its id.
/// Others are left for the catalog to complain about.
pub(super) fn resolve_names(content: &mut Content) {
    let mut ids: HashMap<String, Option<ActivityId>> = HashMap::new();
    for activity in content.activities() {
        ids.entry(activity.name.clone()).and_modify(|id| *id = None).or_insert_with(|| Some(activity.id.clone()));
    }
    for needed in content.activities_mut().flat_map(|activity| &mut activity.depends_on) {
        if let Some(Some(id)) = ids.get(&needed.0) {
            *needed = id.clone();
        }
    }
}

fn place_of(fault: &ContentFault, found: &[Found], name: &str) -> Place {
    match fault.activity.and_then(|activity| found.get(activity)) {
        Some(found) => found.place(fault.field),
        None => Place { source: name.to_owned(), line: 0, column: 0, path: fault.field.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let error = read(&[Source { name: "model.yaml", bytes: text.as_bytes() }]).unwrap_err();
        error.iter().map(ToString::to_string).collect()
    }

    const TWO: &str = "\
Build:
  Part:
    First:
      uuid: one
      level: 1
      usefulness: 3
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      references: {iso27001-2022: [5.10, 8.2], samm2: I-SB-A-1}
      implementation:
        - {name: A tool, url: \"https://tool.example\"}
        - {no-name: x}
      tags: [none]
      teamsImplemented: {Default: false}
      levle: 2
    Second:
      uuid: two
      level: 2
      usefulness: 3
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      dependsOn: [First]
";

    #[test]
    fn reads_the_structure_of_the_published_model() {
        let reading = read(&[Source { name: "model.yaml", bytes: TWO.as_bytes() }]).unwrap();
        let first = reading.value.activities().next().unwrap().1.clone();
        assert_eq!(first.references.iso27001_2022, ["5.10", "8.2"]);
        assert_eq!(first.references.samm2, ["I-SB-A-1"]);
        assert_eq!(first.difficulty.effort(), 6);
        assert_eq!(first.tools.len(), 1);
        assert!(first.tags.is_empty());
        let second = reading.value.find(&ActivityId("two".into())).unwrap();
        assert_eq!(reading.value.prerequisites(second).len(), 1, "a prerequisite may be given by name");
        let warnings: Vec<_> = reading.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "model.yaml:11:11: Build > Part > First > implementation: a tool without a name was not read",
                "model.yaml:14:7: Build > Part > First > levle: this property is not known and was not read",
            ]
        );
    }

    #[test]
    fn several_sources_make_one_catalog() {
        let other = "Build:\n  Other:\n    Third: {uuid: three, level: 1, usefulness: 1, difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}, dependsOn: [two]}\n";
        let meta = "meta:\n  version: 1.2\n";
        let sources =
            [("a", TWO), ("b", other), ("c", meta)].map(|(name, text)| Source { name, bytes: text.as_bytes() });
        let catalog = read(&sources).unwrap().value;
        assert_eq!((catalog.dimensions().len(), catalog.len(), catalog.version()), (1, 3, Some("1.2")));
    }

    #[test]
    fn what_a_broken_source_lacks_is_not_blamed_on_the_others() {
        let needs = TWO.replace("dependsOn: [First]", "dependsOn: [elsewhere]");
        let sources =
            [("a", needs.as_str()), ("b", "Build: [}\n")].map(|(name, text)| Source { name, bytes: text.as_bytes() });
        let faults: Vec<_> = read(&sources).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("b:1:"), "{faults:?}");
    }

    #[test]
    fn all_faults_are_found_with_their_places() {
        let text = "\
Build:
  Part:
    First:
      uuid: one
      level: high
      usefulness: 6
      difficultyOfImplementation: {knowledge: 1, time: 2}
    Second:
      uuid: one
      level: 2
      difficultyOfImplementation: {knowledge: 1, time: 2, resources: 3}
      dependsOn: [nobody]
    Third: done
";
        assert_eq!(
            faults(text),
            [
                "model.yaml:5:14: Build > Part > First > level: expected a number from 1 to 5, found “high”",
                "model.yaml:7:35: Build > Part > First > difficultyOfImplementation: resources is missing",
                "model.yaml:8:5: Build > Part > Second: usefulness is missing",
                "model.yaml:13:12: Build > Part > Third: expected the properties of an activity, found a text",
                "model.yaml:6:7: Build > Part > First > usefulness: 6 is not between 1 and 5",
                "model.yaml:9:7: Build > Part > Second > uuid: the id one is taken by “First”; ids are unique",
                "model.yaml:12:7: Build > Part > Second > dependsOn: there is no activity “nobody”",
            ]
        );
    }

    #[test]
    fn prerequisites_that_go_round_are_named() {
        let text = TWO.replace("      levle: 2\n", "      dependsOn: [two]\n");
        let found = faults(&text);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("model.yaml:14:7: Build > Part > First > dependsOn: “First”, “Second”"),
            "{}",
            found[0]
        );
    }

    #[test]
    fn what_is_no_catalog_is_refused() {
        assert_eq!(faults(""), ["model.yaml: activities: 0 activities; a catalog has 1 to 5000"]);
        assert!(faults("- a\n- b\n")[0].contains("expected dimensions with their sub-dimensions, found a list"));
        assert!(faults("Build: {Part: {First: [}}\n")[0].contains("not readable as YAML"));
    }
}
