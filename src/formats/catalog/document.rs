//! Reads the YAML of catalogs and overlays into what it says about each activity, property by
//! property, each with its place. Whether that is enough for a catalog is decided later.

use crate::domain::catalog::{Activity, ActivityId, Capability, Difficulty, Lens, References, Tool};
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::named::Named;
use crate::formats::Source;
use crate::formats::yaml::{self, Entry, Node, Value};

/// Properties of an activity that other programs keep in the same file and that are not part of the catalog.
const NOT_OURS: [&str; 8] =
    ["comments", "comment", "credits", "evidence", "isImplemented", "meta", "teamsEvidence", "teamsImplemented"];

/// How many activities a file may have; published ones have about two hundred.
const MOST_ACTIVITIES: usize = 10_000;

/// How long a key may be, in bytes. What is kept of an activity, and each message about it, repeats the names of its
/// dimension and its sub-dimension.
const LONGEST_KEY: usize = 1_000;

/// What one or more sources say, taken as one file in their order.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) version: Option<String>,
    pub(super) patches: Vec<Patch>,
    pub(super) left_out: Vec<LeftOut>,
    /// Whether a source could not be parsed, so that what is missing tells nothing.
    pub(super) incomplete: bool,
    pub(super) faults: Faults,
    pub(super) warnings: Vec<Fault>,
}

/// What a file says about one activity. `None`: nothing about this property.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) dimension: String,
    pub(super) sub_dimension: String,
    pub(super) name: String,
    pub(super) id: Option<ActivityId>,
    /// Whether it is to be left out.
    pub(super) ignored: bool,
    level: Option<u8>,
    usefulness: Option<u8>,
    difficulty: SomeDifficulty,
    lens: Option<Lens>,
    capability: Option<Capability>,
    depends_on: Option<Vec<ActivityId>>,
    description: Option<String>,
    risk: Option<String>,
    measure: Option<String>,
    assessment: Option<String>,
    tools: Option<Vec<Tool>>,
    references: SomeReferences,
    tags: Option<Vec<String>>,
    pub(super) found: Found,
}

#[derive(Debug, Default)]
struct SomeDifficulty {
    knowledge: Option<u8>,
    time: Option<u8>,
    resources: Option<u8>,
}

#[derive(Debug, Default)]
struct SomeReferences {
    samm2: Option<Vec<String>>,
    iso27001_2017: Option<Vec<String>>,
    iso27001_2022: Option<Vec<String>>,
    open_cre: Option<Vec<String>>,
}

/// A dimension or a sub-dimension that a file leaves out.
#[derive(Debug)]
pub(super) struct LeftOut {
    pub(super) dimension: String,
    pub(super) sub_dimension: Option<String>,
    pub(super) place: Place,
}

/// Where an activity and its properties were found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    source: String,
    path: String,
    at: (u64, u64),
    fields: Vec<(String, (u64, u64))>,
}

impl Found {
    /// The place of a property, or of the activity where it has none.
    pub(super) fn place(&self, field: &str) -> Place {
        let top = field.split('.').next().unwrap_or(field);
        let (line, column) = self.fields.iter().find(|(name, _)| name == top).map_or(self.at, |(_, at)| *at);
        let path = format!("{} > {}", self.path, field.replace('.', " > "));
        Place { source: self.source.clone(), line, column, path }
    }

    /// The place of the activity.
    pub(super) fn whole(&self) -> Place {
        let (line, column) = self.at;
        Place { source: self.source.clone(), line, column, path: self.path.clone() }
    }

    /// The line of the activity, to point at from elsewhere.
    pub(super) fn line(&self) -> String {
        format!("{}:{}", self.source, self.at.0)
    }
}

impl Patch {
    /// Makes the activity what the patch says; what it does not say stays.
    pub(super) fn apply(self, to: &mut Activity) {
        fn set<T>(property: &mut T, said: Option<T>) {
            if let Some(said) = said {
                *property = said;
            }
        }
        to.name = self.name;
        set(&mut to.id, self.id);
        set(&mut to.level, self.level);
        set(&mut to.usefulness, self.usefulness);
        let SomeDifficulty { knowledge, time, resources } = self.difficulty;
        let Difficulty { knowledge: had_knowledge, time: had_time, resources: had_resources } = to.difficulty;
        to.difficulty = Difficulty {
            knowledge: knowledge.unwrap_or(had_knowledge),
            time: time.unwrap_or(had_time),
            resources: resources.unwrap_or(had_resources),
        };
        to.lens = self.lens.or(to.lens);
        to.capability = self.capability.or(to.capability);
        set(&mut to.depends_on, self.depends_on);
        set(&mut to.description, self.description);
        set(&mut to.risk, self.risk);
        set(&mut to.measure, self.measure);
        set(&mut to.assessment, self.assessment);
        set(&mut to.tools, self.tools);
        let References { samm2, iso27001_2017, iso27001_2022, open_cre } = &mut to.references;
        set(samm2, self.references.samm2);
        set(iso27001_2017, self.references.iso27001_2017);
        set(iso27001_2022, self.references.iso27001_2022);
        set(open_cre, self.references.open_cre);
        set(&mut to.tags, self.tags);
    }

    /// The properties that a new activity needs and that the patch does not give, each with its place.
    pub(super) fn missing(&self) -> Vec<(&'static str, Place)> {
        let mut missing = Vec::new();
        let mut need = |given: bool, name, place: Place| {
            if !given {
                missing.push((name, place));
            }
        };
        need(self.id.is_some(), "uuid", self.found.whole());
        need(self.level.is_some(), "level", self.found.whole());
        need(self.usefulness.is_some(), "usefulness", self.found.whole());
        let SomeDifficulty { knowledge, time, resources } = self.difficulty;
        if knowledge.or(time).or(resources).is_none() {
            need(false, "difficultyOfImplementation", self.found.whole());
        } else {
            for (name, rating) in [("knowledge", knowledge), ("time", time), ("resources", resources)] {
                need(rating.is_some(), name, self.found.place("difficultyOfImplementation"));
            }
        }
        missing
    }
}

/// Reads all sources.
pub(super) fn read(sources: &[Source<'_>]) -> Document {
    let mut reader = Reader { source: String::new(), document: Document::default() };
    for source in sources {
        reader.source(*source);
    }
    reader.document
}

struct Reader {
    source: String,
    document: Document,
}

impl Reader {
    fn source(&mut self, source: Source<'_>) {
        source.name.clone_into(&mut self.source);
        let long = |documents: Vec<Node>| match documents.iter().find_map(|node| node.key_longer_than(LONGEST_KEY)) {
            Some(at) => {
                let message = format!("a key of more than {LONGEST_KEY} bytes; shorten it");
                Err(Faults::one(self.place(at, String::new()), message))
            }
            None => Ok(documents),
        };
        match yaml::parse(source).and_then(long) {
            Ok(documents) => documents.into_iter().for_each(|document| self.document(document)),
            Err(faults) => {
                self.document.incomplete = true;
                self.document.faults.extend(faults);
            }
        }
    }

    /// Whether an entry `ignore` says that what it stands in is left out.
    fn truth(&mut self, node: &Node, path: &str) -> bool {
        let word = match &node.value {
            Value::Scalar(text) => text.trim().to_lowercase(),
            _ => String::new(),
        };
        match word.as_str() {
            "true" | "yes" | "on" => true,
            "false" | "no" | "off" => false,
            _ => {
                self.fault(node, path, "expected true or false");
                false
            }
        }
    }

    fn place(&self, node: (u64, u64), path: String) -> Place {
        Place { source: self.source.clone(), line: node.0, column: node.1, path }
    }

    fn fault(&mut self, node: &Node, path: &str, message: impl Into<String>) {
        let place = self.place((node.line, node.column), path.to_owned());
        self.document.faults.push(place, message);
    }

    fn warn(&mut self, at: (u64, u64), path: String, message: impl Into<String>) {
        if self.document.warnings.len() < Faults::KEPT {
            let place = self.place(at, path);
            self.document.warnings.push(Fault { place, message: message.into() });
        }
    }

    /// The entries of a mapping; anything else but nothing is a fault.
    fn entries(&mut self, node: Node, path: &str, expected: &str) -> Vec<Entry> {
        node.into_entries().unwrap_or_else(|node| {
            self.fault(&node, path, format!("expected {expected}, found {}", node.kind()));
            Vec::new()
        })
    }

    /// The text of a scalar; nothing is the empty text, anything else a fault.
    fn text(&mut self, node: Node, path: &str) -> String {
        let text = node.into_text().unwrap_or_else(|node| {
            self.fault(&node, path, format!("expected a text, found {}", node.kind()));
            String::new()
        });
        text.trim().to_owned()
    }

    /// The texts of a list, or of a single scalar.
    fn texts(&mut self, node: Node, path: &str) -> Vec<String> {
        let items = node.into_items().unwrap_or_else(|node| vec![node]);
        items.into_iter().map(|item| self.text(item, path)).filter(|text| !text.is_empty()).collect()
    }

    /// The ids of clauses in a list. The published files also have sentences among them, such as that there
    /// is no mapping; those are passed over with a warning.
    fn clauses(&mut self, node: Node, path: &str) -> Vec<String> {
        let at = (node.line, node.column);
        let (clauses, others): (Vec<String>, Vec<String>) =
            self.texts(node, path).into_iter().partition(|text| !text.contains(char::is_whitespace));
        for other in others {
            let shown: String = other.chars().take(60).collect();
            self.warn(at, path.to_owned(), format!("“{shown}” is not the id of a clause and was not read"));
        }
        clauses
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
    fn one_of<T: Named>(&mut self, node: Node, path: &str) -> Option<T> {
        let found = match &node.value {
            Value::Scalar(text) => T::from_name(text),
            _ => None,
        };
        if found.is_none() {
            let names: Vec<_> = T::NAMED.iter().map(|(name, _)| *name).collect();
            self.fault(&node, path, format!("expected one of {}", names.join(", ")));
        }
        found
    }

    fn document(&mut self, document: Node) {
        for entry in self.entries(document, "", "dimensions with their sub-dimensions") {
            if entry.key == "meta" {
                for meta in self.entries(entry.node, "meta", "properties") {
                    if meta.key == "version" {
                        self.document.version = Some(self.text(meta.node, "meta > version"));
                    }
                }
            } else {
                self.dimension(entry);
            }
        }
    }

    fn dimension(&mut self, dimension: Entry) {
        let name = dimension.key;
        for sub in self.entries(dimension.node, &name, "sub-dimensions with their activities") {
            if is_ignore(&sub) {
                self.leave_out(&sub, &name, None);
            } else {
                self.sub_dimension(sub, &name);
            }
        }
    }

    fn sub_dimension(&mut self, sub: Entry, dimension: &str) {
        let name = sub.key;
        let path = format!("{dimension} > {name}");
        for activity in self.entries(sub.node, &path, "activities") {
            if is_ignore(&activity) {
                self.leave_out(&activity, dimension, Some(&name));
            } else if self.document.patches.len() == MOST_ACTIVITIES {
                let message = format!("more than {MOST_ACTIVITIES} activities, which is the most that is read");
                self.fault(&activity.node, &path, message);
                return;
            } else if let Some(patch) = self.activity(activity, dimension, &name) {
                self.document.patches.push(patch);
            }
        }
    }

    fn leave_out(&mut self, entry: &Entry, dimension: &str, sub_dimension: Option<&str>) {
        let path = sub_dimension.map_or_else(|| dimension.to_owned(), |sub| format!("{dimension} > {sub}"));
        if self.truth(&entry.node, &format!("{path} > ignore")) {
            let place = self.place((entry.line, entry.column), path);
            let (dimension, sub_dimension) = (dimension.to_owned(), sub_dimension.map(str::to_owned));
            self.document.left_out.push(LeftOut { dimension, sub_dimension, place });
        }
    }

    fn activity(&mut self, entry: Entry, dimension: &str, sub_dimension: &str) -> Option<Patch> {
        let path = format!("{dimension} > {sub_dimension} > {}", entry.key);
        if !matches!(entry.node.value, Value::Mapping(_)) {
            let message = format!("expected the properties of an activity, found {}", entry.node.kind());
            self.fault(&entry.node, &path, message);
            return None;
        }
        let at = (entry.line, entry.column);
        let mut patch = Patch {
            dimension: dimension.to_owned(),
            sub_dimension: sub_dimension.to_owned(),
            name: entry.key,
            id: None,
            ignored: false,
            level: None,
            usefulness: None,
            difficulty: SomeDifficulty::default(),
            lens: None,
            capability: None,
            depends_on: None,
            description: None,
            risk: None,
            measure: None,
            assessment: None,
            tools: None,
            references: SomeReferences::default(),
            tags: None,
            found: Found { source: self.source.clone(), path: path.clone(), at, fields: Vec::new() },
        };
        for Entry { key, line, column, node } in self.entries(entry.node, &path, "properties") {
            let path = format!("{path} > {key}");
            patch.found.fields.push((key.clone(), (line, column)));
            match key.as_str() {
                // A property with nothing after it says nothing; an empty text or list would clear it.
                _ if matches!(node.value, Value::Null) && key != "ignore" => {}
                "uuid" => patch.id = Some(ActivityId(self.text(node, &path))).filter(|id| !id.0.is_empty()),
                "ignore" => patch.ignored = self.truth(&node, &path),
                "level" => patch.level = Some(self.rating(node, &path)),
                "usefulness" => patch.usefulness = Some(self.rating(node, &path)),
                "difficultyOfImplementation" => patch.difficulty = self.difficulty(node, &path),
                "lens" => patch.lens = self.one_of(node, &path),
                "capability" => patch.capability = self.one_of(node, &path),
                "dependsOn" => patch.depends_on = Some(self.texts(node, &path).into_iter().map(ActivityId).collect()),
                "description" => patch.description = Some(self.text(node, &path)),
                "risk" => patch.risk = Some(self.text(node, &path)),
                "measure" => patch.measure = Some(self.text(node, &path)),
                "assessment" => patch.assessment = Some(self.text(node, &path)),
                "implementation" => patch.tools = Some(self.tools(node, &path)),
                "references" => patch.references = self.references(node, &path),
                // The published files write “none” where there is no tag.
                "tags" => {
                    patch.tags = Some(self.texts(node, &path).into_iter().filter(|tag| tag != "none").collect());
                }
                known if NOT_OURS.contains(&known) => {}
                _ => self.warn((line, column), path, "this property is not known and was not read"),
            }
        }
        Some(patch)
    }

    fn difficulty(&mut self, node: Node, path: &str) -> SomeDifficulty {
        let mut difficulty = SomeDifficulty::default();
        for entry in self.entries(node, path, "knowledge, time and resources") {
            let path = format!("{path} > {}", entry.key);
            match entry.key.as_str() {
                "knowledge" => difficulty.knowledge = Some(self.rating(entry.node, &path)),
                "time" => difficulty.time = Some(self.rating(entry.node, &path)),
                "resources" => difficulty.resources = Some(self.rating(entry.node, &path)),
                _ => self.warn((entry.line, entry.column), path, "this property is not known and was not read"),
            }
        }
        difficulty
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

    fn references(&mut self, node: Node, path: &str) -> SomeReferences {
        let mut references = SomeReferences::default();
        for entry in self.entries(node, path, "clauses of standards") {
            let path = format!("{path} > {}", entry.key);
            match entry.key.as_str() {
                _ if matches!(entry.node.value, Value::Null) => {}
                "samm2" => references.samm2 = Some(self.clauses(entry.node, &path).into_iter().map(samm2).collect()),
                "iso27001-2017" => references.iso27001_2017 = Some(self.clauses(entry.node, &path)),
                "iso27001-2022" => references.iso27001_2022 = Some(self.clauses(entry.node, &path)),
                "openCRE" => references.open_cre = Some(self.texts(entry.node, &path)),
                "d3f" => {}
                _ => self.warn((entry.line, entry.column), path, "this standard is not known and was not read"),
            }
        }
        references
    }
}

/// Whether an entry says that what it stands in is left out, rather than being a part that is called so.
fn is_ignore(entry: &Entry) -> bool {
    entry.key == "ignore" && !matches!(entry.node.value, Value::Mapping(_))
}

/// The id of a SAMM clause. Older files write its level before its stream: `D-SR-1-A` is `D-SR-A-1`.
fn samm2(id: String) -> String {
    match id.split('-').collect::<Vec<_>>().as_slice() {
        [function, practice, level, stream]
            if level.bytes().all(|byte| byte.is_ascii_digit())
                && stream.bytes().all(|byte| byte.is_ascii_uppercase()) =>
        {
            format!("{function}-{practice}-{stream}-{level}")
        }
        _ => id,
    }
}
