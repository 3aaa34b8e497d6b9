//! One version of the maturity model: dimensions, sub-dimensions and activities, checked once and
//! immutable from then on.
//!
//! [`Content`] is the plain nested form that files and the database hold; [`Catalog::new`] checks
//! it and makes the indexed form that everything else works with.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::digits::hex;
use super::listing;
use super::named::Named;

/// The id of an activity: an opaque text. Most are UUIDs, but not all, so nothing is assumed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActivityId(pub String);

impl fmt::Display for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A maturity level, 1 to 5; as the level reached also 0.
pub type Level = u8;

/// The greatest level of the model.
pub const MAX_LEVEL: Level = 5;

/// What it takes to implement an activity, each 1 (little) to 5 (much).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difficulty {
    /// Knowledge that is needed.
    pub knowledge: u8,
    /// Time that it takes.
    pub time: u8,
    /// Resources: systems, licences, budget.
    pub resources: u8,
}

impl Difficulty {
    /// Effort in points, 3 to 15: the sum of the three ratings.
    pub fn effort(self) -> u8 {
        self.knowledge + self.time + self.resources
    }
}

/// Where an activity looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lens {
    /// At what is not in production yet: design, code, build and test.
    ShiftLeft,
    /// At what runs: deployment, hardening, monitoring, response.
    StayRight,
    /// At how people decide and behave: culture, policy, education, priorities.
    DoRight,
}

impl Named for Lens {
    const NAMED: &'static [(&'static str, Self)] =
        &[("shift left", Self::ShiftLeft), ("stay right", Self::StayRight), ("do right", Self::DoRight)];
}

/// Who carries an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Tools: it would go on if the people left and the tool kept running.
    Tooling,
    /// People and process: the essential part would be missing if only the tool were bought.
    Organic,
}

impl Named for Capability {
    const NAMED: &'static [(&'static str, Self)] = &[("tooling", Self::Tooling), ("organic", Self::Organic)];
}

/// A tool or text that helps to implement an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Where to find it, as written in the catalog: not checked, so pages link it only if it is http(s).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// What it is, when the name does not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// Clauses of other standards that an activity serves. Ids are kept exactly as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct References {
    /// OWASP SAMM 2, for example `I-SB-A-1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub samm2: Vec<String>,
    /// ISO/IEC 27001:2017, for example `14.2.6`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub iso27001_2017: Vec<String>,
    /// ISO/IEC 27001:2022, for example `8.31`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub iso27001_2022: Vec<String>,
    /// Links into OpenCRE.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_cre: Vec<String>,
}

/// How many characters each text of an activity, or of a tool, may have. The longest published one has less
/// than half of it; without limits a hostile catalog could make every page slow.
pub const TEXT_LIMIT: usize = 10_000;

/// How many characters a tag, a clause, and the name or link of a tool may have.
pub const WORD_LIMIT: usize = 2_000;

/// How many tags, tools, or clauses of one standard an activity may have.
pub const LIST_LIMIT: usize = 100;

/// One activity: what an assessment asks about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id, unique in the catalog.
    pub id: ActivityId,
    /// Its name, unique in its sub-dimension.
    pub name: String,
    /// The level it belongs to, 1 to 5.
    pub level: Level,
    /// What it takes.
    pub difficulty: Difficulty,
    /// How much it helps, 1 to 5.
    pub usefulness: u8,
    /// Where it looks; published models do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lens: Option<Lens>,
    /// Who carries it; published models do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capability: Option<Capability>,
    /// Ids of the activities that should be done before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<ActivityId>,
    /// What it is. Markdown, like the following texts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What goes wrong without it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub risk: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub measure: String,
    /// What to look at and ask when assessing it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub assessment: String,
    /// Tools and texts that help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// Clauses of other standards.
    #[serde(default)]
    pub references: References,
    /// Free tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Activity {
    /// An activity of which only id and name are known: at the lowest level, with the least ratings and no texts.
    pub fn named(id: ActivityId, name: String) -> Self {
        Self {
            id,
            name,
            level: 1,
            difficulty: Difficulty { knowledge: 1, time: 1, resources: 1 },
            usefulness: 1,
            lens: None,
            capability: None,
            depends_on: Vec::new(),
            description: String::new(),
            risk: String::new(),
            measure: String::new(),
            assessment: String::new(),
            tools: Vec::new(),
            references: References::default(),
            tags: Vec::new(),
        }
    }

    /// Its texts, each with the name of its field.
    pub fn texts(&self) -> [(&'static str, &str); 4] {
        [
            ("description", &self.description),
            ("risk", &self.risk),
            ("measure", &self.measure),
            ("assessment", &self.assessment),
        ]
    }

    /// Whether all words stand in its name, its texts or the names of its tools, whatever their case.
    pub fn has_words(&self, words: &str) -> bool {
        let texts = self.texts().map(|(_, text)| text);
        let tools = self.tools.iter().map(|tool| tool.name.as_str());
        let all: Vec<&str> = [self.name.as_str()].into_iter().chain(texts).chain(tools).collect();
        listing::has_words(&all.join(" "), words)
    }
}

/// The plain form of a sub-dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubDimensionContent {
    /// Its name, unique in its dimension.
    pub name: String,
    /// Its activities, in the order of the file.
    pub activities: Vec<Activity>,
}

/// The plain form of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DimensionContent {
    /// Its name, unique in the catalog.
    pub name: String,
    /// Its parts.
    pub sub_dimensions: Vec<SubDimensionContent>,
}

/// The plain form of a catalog: what is stored, exported and hashed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What the publisher calls this version; not an identity, since one string was used for several contents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The dimensions, in the order of the file.
    pub dimensions: Vec<DimensionContent>,
}

impl Content {
    /// All activities, in order.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.dimensions.iter().flat_map(|dimension| &dimension.sub_dimensions).flat_map(|sub| &sub.activities)
    }

    /// All activities, in order, to change them where they stand.
    pub fn activities_mut(&mut self) -> impl Iterator<Item = &mut Activity> {
        let subs = self.dimensions.iter_mut().flat_map(|dimension| &mut dimension.sub_dimensions);
        subs.flat_map(|sub| &mut sub.activities)
    }
}

/// Something that keeps a [`Content`] from being a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFault {
    /// The activity it is about, counted through the whole content; `None`: the catalog as a whole.
    pub activity: Option<usize>,
    /// Other activities that it is about as much.
    pub with: Vec<usize>,
    /// The field, named as in the model's YAML (`uuid`, `level`, `dependsOn`, …).
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
}

/// The position of an activity in its catalog; valid only together with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivityIndex(usize);

impl ActivityIndex {
    /// The position as a number from 0.
    pub fn position(self) -> usize {
        self.0
    }
}

/// A sub-dimension of a checked catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubDimension {
    /// Its name.
    pub name: String,
    activities: Range<usize>,
}

impl SubDimension {
    /// Where its activities stand among those of the catalog.
    pub(super) fn place(&self) -> Range<usize> {
        self.activities.clone()
    }

    /// Its activities, in the order of the catalog.
    pub fn activities(&self) -> impl ExactSizeIterator<Item = ActivityIndex> + use<> {
        self.activities.clone().map(ActivityIndex)
    }
}

/// A dimension of a checked catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// Its name.
    pub name: String,
    /// Its parts.
    pub sub_dimensions: Vec<SubDimension>,
}

/// Where in the catalog an activity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home<'a> {
    /// The dimension it is in.
    pub dimension: &'a Dimension,
    /// The sub-dimension it is in.
    pub sub_dimension: &'a SubDimension,
}

/// The identity of a catalog: SHA-256 over its content, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CatalogDigest(String);

impl CatalogDigest {
    /// A digest that was computed before and kept.
    pub fn stored(digest: String) -> Self {
        Self(digest)
    }

    /// All 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CatalogDigest {
    /// The first twelve digits, enough to tell catalogs apart on a page.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get(..12).unwrap_or(&self.0))
    }
}

/// A checked catalog. Invariants: ids are unique, levels and ratings are in range, every
/// prerequisite exists, and no activity is its own prerequisite over any number of steps.
#[derive(Debug, Clone)]
pub struct Catalog {
    version: Option<String>,
    digest: CatalogDigest,
    dimensions: Vec<Dimension>,
    activities: Vec<Activity>,
    levels: Vec<Level>,
    prerequisites: Vec<Vec<ActivityIndex>>,
    dependents: Vec<Vec<ActivityIndex>>,
    by_id: HashMap<ActivityId, ActivityIndex>,
}

impl Catalog {
    /// How many activities a catalog may have. The published model has 194; the limit keeps a
    /// hostile file from making every page slow.
    pub const MAX_ACTIVITIES: usize = 5_000;

    /// Checks the content and indexes it. All faults are reported, not just the first.
    pub fn new(content: Content) -> Result<Self, Vec<ContentFault>> {
        let digest = digest(&content);
        Self::known(content, digest)
    }

    /// A catalog whose identity was computed before: it stays what it was, even where a later
    /// version of this program would write the same content in another way.
    pub fn known(content: Content, digest: CatalogDigest) -> Result<Self, Vec<ContentFault>> {
        let mut dimensions = Vec::new();
        let mut activities = Vec::new();
        for dimension in content.dimensions {
            let mut sub_dimensions = Vec::new();
            for sub_dimension in dimension.sub_dimensions {
                let first = activities.len();
                activities.extend(sub_dimension.activities);
                sub_dimensions.push(SubDimension { name: sub_dimension.name, activities: first..activities.len() });
            }
            dimensions.push(Dimension { name: dimension.name, sub_dimensions });
        }
        let mut faults = Vec::new();
        if activities.is_empty() || activities.len() > Self::MAX_ACTIVITIES {
            faults.push(ContentFault {
                activity: None,
                with: Vec::new(),
                field: "activities",
                message: format!("{} activities; a catalog has 1 to {}", activities.len(), Self::MAX_ACTIVITIES),
            });
            return Err(faults);
        }
        let by_id = index(&activities, &mut faults);
        check_names(&dimensions, &activities, &mut faults);
        for (i, activity) in activities.iter().enumerate() {
            check_ratings(i, activity, &mut faults);
            check_texts(i, activity, &mut faults);
        }
        let prerequisites = resolve_prerequisites(&activities, &by_id, &mut faults);
        check_cycles(&activities, &prerequisites, &mut faults);
        if faults.is_empty() {
            let dependents = reversed(&prerequisites);
            let levels = activities.iter().map(|activity| activity.level).collect();
            let version = content.version;
            Ok(Self { version, digest, dimensions, activities, levels, prerequisites, dependents, by_id })
        } else {
            faults.sort_by_key(|fault| fault.activity);
            Err(faults)
        }
    }

    /// The plain form, from which [`Catalog::new`] makes an equal catalog.
    pub fn content(&self) -> Content {
        Content {
            version: self.version.clone(),
            dimensions: self
                .dimensions
                .iter()
                .map(|dimension| DimensionContent {
                    name: dimension.name.clone(),
                    sub_dimensions: dimension
                        .sub_dimensions
                        .iter()
                        .map(|sub| SubDimensionContent {
                            name: sub.name.clone(),
                            activities: self.activities.get(sub.activities.clone()).unwrap_or_default().to_vec(),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    /// What the publisher calls this version.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The identity of the content.
    pub fn digest(&self) -> &CatalogDigest {
        &self.digest
    }

    /// The dimensions, in order.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// All activities with their position, in order.
    pub fn activities(&self) -> impl ExactSizeIterator<Item = (ActivityIndex, &Activity)> {
        self.activities.iter().enumerate().map(|(i, activity)| (ActivityIndex(i), activity))
    }

    /// The levels of all activities, in order: side by side, for what looks at those of a million answers.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// How many activities there are.
    pub fn len(&self) -> usize {
        self.activities.len()
    }

    /// Never true: a catalog has at least one activity.
    pub fn is_empty(&self) -> bool {
        self.activities.is_empty()
    }

    /// The activity at a position of this catalog.
    #[expect(clippy::indexing_slicing, reason = "an index is only handed out by the catalog it belongs to")]
    pub fn activity(&self, index: ActivityIndex) -> &Activity {
        &self.activities[index.0]
    }

    /// The position of the activity with this id.
    pub fn find(&self, id: &ActivityId) -> Option<ActivityIndex> {
        self.by_id.get(id).copied()
    }

    /// What should be done before an activity: its direct prerequisites.
    #[expect(clippy::indexing_slicing, reason = "an index is only handed out by the catalog it belongs to")]
    pub fn prerequisites(&self, index: ActivityIndex) -> &[ActivityIndex] {
        &self.prerequisites[index.0]
    }

    /// What an activity is needed for: the activities that have it as a direct prerequisite, in order.
    #[expect(clippy::indexing_slicing, reason = "an index is only handed out by the catalog it belongs to")]
    pub fn dependents(&self, index: ActivityIndex) -> &[ActivityIndex] {
        &self.dependents[index.0]
    }

    /// Everything that an activity builds on, directly or over others, with the longest way to it in steps.
    pub fn all_prerequisites(&self, index: ActivityIndex) -> BTreeMap<ActivityIndex, usize> {
        longest_ways(index, &|index| self.prerequisites(index))
    }

    /// Everything that builds on an activity, directly or over others, with the longest way to it in steps.
    pub fn all_dependents(&self, index: ActivityIndex) -> BTreeMap<ActivityIndex, usize> {
        longest_ways(index, &|index| self.dependents(index))
    }

    /// Where an activity stands.
    pub fn home(&self, index: ActivityIndex) -> Option<Home<'_>> {
        self.homes().find(|(other, _)| *other == index).map(|(_, home)| home)
    }

    /// Every activity with where it stands, in order.
    pub fn homes(&self) -> impl Iterator<Item = (ActivityIndex, Home<'_>)> {
        self.dimensions.iter().flat_map(|dimension| {
            dimension.sub_dimensions.iter().flat_map(move |sub_dimension| {
                sub_dimension.activities().map(move |index| (index, Home { dimension, sub_dimension }))
            })
        })
    }
}

fn digest(content: &Content) -> CatalogDigest {
    // The JSON of plain structs with fixed field order is a canonical form of the content.
    let json = serde_json::to_vec(content).unwrap_or_default();
    CatalogDigest(hex(&Sha256::digest(&json)))
}

fn fault(activity: usize, field: &'static str, message: impl Into<String>) -> ContentFault {
    ContentFault { activity: Some(activity), with: Vec::new(), field, message: message.into() }
}

fn index(activities: &[Activity], faults: &mut Vec<ContentFault>) -> HashMap<ActivityId, ActivityIndex> {
    let mut by_id: HashMap<ActivityId, ActivityIndex> = HashMap::new();
    for (i, activity) in activities.iter().enumerate() {
        let id = &activity.id;
        if id.0.is_empty() || id.0.len() > 100 || id.0.chars().any(|c| c.is_control() || c.is_whitespace()) {
            faults.push(fault(i, "uuid", "an id has 1 to 100 characters, none of them white space"));
        } else if let Some(first) = by_id.get(id).and_then(|first| activities.get(first.0)) {
            faults.push(fault(i, "uuid", format!("the id {id} is taken by “{}”; ids are unique", first.name)));
        } else {
            by_id.insert(id.clone(), ActivityIndex(i));
        }
    }
    by_id
}

fn check_names(dimensions: &[Dimension], activities: &[Activity], faults: &mut Vec<ContentFault>) {
    let bad_name =
        |name: &str| name.trim() != name || name.is_empty() || name.len() > 200 || name.chars().any(char::is_control);
    for (i, activity) in activities.iter().enumerate() {
        if bad_name(&activity.name) {
            faults.push(fault(i, "name", "a name has 1 to 200 bytes, no line breaks and no space at its ends"));
        }
    }
    let mut seen = std::collections::HashSet::new();
    for dimension in dimensions {
        for part in std::iter::once(&dimension.name).chain(dimension.sub_dimensions.iter().map(|sub| &sub.name)) {
            if bad_name(part) {
                let message = format!("“{part}”: a name has 1 to 200 bytes, no line breaks and no space at its ends");
                faults.push(ContentFault { activity: None, with: Vec::new(), field: "name", message });
            }
        }
        for sub in &dimension.sub_dimensions {
            if !seen.insert((&dimension.name, &sub.name)) {
                let message = format!("{} > {} is there twice", dimension.name, sub.name);
                faults.push(ContentFault { activity: None, with: Vec::new(), field: "name", message });
            }
            let mut names = HashMap::new();
            for (i, activity) in activities.iter().enumerate().take(sub.activities.end).skip(sub.activities.start) {
                if let Some(first) = names.insert(&activity.name, i) {
                    let message = format!("“{}” is there twice in {}", activity.name, sub.name);
                    faults.push(ContentFault { with: vec![first], ..fault(i, "name", message) });
                }
            }
        }
    }
}

fn check_ratings(i: usize, activity: &Activity, faults: &mut Vec<ContentFault>) {
    let Difficulty { knowledge, time, resources } = activity.difficulty;
    for (field, value) in [
        ("level", activity.level),
        ("usefulness", activity.usefulness),
        ("difficultyOfImplementation.knowledge", knowledge),
        ("difficultyOfImplementation.time", time),
        ("difficultyOfImplementation.resources", resources),
    ] {
        if !(1..=5).contains(&value) {
            faults.push(fault(i, field, format!("{value} is not between 1 and 5")));
        }
    }
}

fn check_texts(i: usize, activity: &Activity, faults: &mut Vec<ContentFault>) {
    let mut check = |field: &'static str, text: &str, limit: usize| {
        let long = text.chars().count();
        if long > limit {
            faults.push(fault(i, field, format!("{long} characters where at most {limit} are read")));
        }
    };
    for (field, text) in activity.texts() {
        check(field, text, TEXT_LIMIT);
    }
    for tool in &activity.tools {
        check("implementation", &tool.name, WORD_LIMIT);
        check("implementation", &tool.url, WORD_LIMIT);
        check("implementation", &tool.description, TEXT_LIMIT);
    }
    let References { samm2, iso27001_2017, iso27001_2022, open_cre } = &activity.references;
    let lists = [("tags", &activity.tags)]
        .into_iter()
        .chain([samm2, iso27001_2017, iso27001_2022, open_cre].map(|clauses| ("references", clauses)));
    let mut counts = vec![("implementation", activity.tools.len())];
    for (field, words) in lists {
        words.iter().for_each(|word| check(field, word, WORD_LIMIT));
        counts.push((field, words.len()));
    }
    for (field, count) in counts.into_iter().filter(|(_, count)| *count > LIST_LIMIT) {
        faults.push(fault(i, field, format!("{count} entries where at most {LIST_LIMIT} are read")));
    }
}

fn resolve_prerequisites(
    activities: &[Activity],
    by_id: &HashMap<ActivityId, ActivityIndex>,
    faults: &mut Vec<ContentFault>,
) -> Vec<Vec<ActivityIndex>> {
    let mut all = Vec::with_capacity(activities.len());
    for (i, activity) in activities.iter().enumerate() {
        let mut found = Vec::new();
        for id in &activity.depends_on {
            match by_id.get(id) {
                Some(&index) if found.contains(&index) => {}
                Some(&index) => found.push(index),
                None => faults.push(fault(i, "dependsOn", format!("there is no activity “{id}”"))),
            }
        }
        all.push(found);
    }
    all
}

/// The longest way to each activity that can be reached, in steps. Catalogs have no cycles, so the
/// ways end; every activity is settled once, when all that lead to it are, however dense the graph is.
fn longest_ways<'a>(
    start: ActivityIndex,
    next: &dyn Fn(ActivityIndex) -> &'a [ActivityIndex],
) -> BTreeMap<ActivityIndex, usize> {
    let mut leading: BTreeMap<ActivityIndex, usize> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(index) = open.pop() {
        for &neighbour in next(index) {
            let count = leading.entry(neighbour).or_insert(0);
            if *count == 0 {
                open.push(neighbour);
            }
            *count += 1;
        }
    }
    let mut found: BTreeMap<ActivityIndex, usize> = BTreeMap::new();
    let mut settled = vec![(start, 0)];
    while let Some((index, steps)) = settled.pop() {
        for &neighbour in next(index) {
            let longest = found.entry(neighbour).or_insert(0);
            *longest = (*longest).max(steps + 1);
            if let Some(count) = leading.get_mut(&neighbour) {
                *count -= 1;
                if *count == 0 {
                    settled.push((neighbour, *longest));
                }
            }
        }
    }
    found
}

fn reversed(prerequisites: &[Vec<ActivityIndex>]) -> Vec<Vec<ActivityIndex>> {
    let mut reversed = vec![Vec::new(); prerequisites.len()];
    for (i, needed) in prerequisites.iter().enumerate() {
        for index in needed {
            if let Some(dependents) = reversed.get_mut(index.0) {
                dependents.push(ActivityIndex(i));
            }
        }
    }
    reversed
}

fn check_cycles(activities: &[Activity], prerequisites: &[Vec<ActivityIndex>], faults: &mut Vec<ContentFault>) {
    let mut graph = DiGraph::<usize, ()>::new();
    let nodes: Vec<_> = (0..activities.len()).map(|i| graph.add_node(i)).collect();
    for (&from, needs) in nodes.iter().zip(prerequisites) {
        for need in needs {
            if let Some(&to) = nodes.get(need.0) {
                graph.add_edge(from, to, ());
            }
        }
    }
    for component in tarjan_scc(&graph) {
        let mut members: Vec<usize> = component.iter().filter_map(|&node| graph.node_weight(node).copied()).collect();
        members.sort_unstable();
        let Some(&first) = members.first() else { continue };
        let needs_itself = prerequisites.get(first).is_some_and(|needs| needs.contains(&ActivityIndex(first)));
        if members.len() > 1 || needs_itself {
            let names: Vec<_> =
                members.iter().filter_map(|&i| activities.get(i)).map(|a| format!("“{}”", a.name)).collect();
            let message = format!("{}: each needs the other first; take one prerequisite away", names.join(", "));
            faults.push(ContentFault { with: members, ..fault(first, "dependsOn", message) });
        }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    //! Small catalogs for the unit tests of the domain.
    use super::*;

    /// A catalog of one dimension and the sub-dimensions given, each with activities of the given levels.
    /// Ids are `a0`, `a1`, … through the whole catalog.
    pub(crate) fn catalog(sub_dimensions: &[&[Level]]) -> Catalog {
        Catalog::new(content(sub_dimensions)).unwrap()
    }

    /// The content of [`catalog`].
    pub(crate) fn content(sub_dimensions: &[&[Level]]) -> Content {
        let mut number = 0;
        let sub_dimensions = sub_dimensions
            .iter()
            .enumerate()
            .map(|(i, levels)| SubDimensionContent {
                name: format!("Part {i}"),
                activities: levels
                    .iter()
                    .map(|&level| {
                        let id = format!("a{number}");
                        number += 1;
                        activity(&id, level)
                    })
                    .collect(),
            })
            .collect();
        Content { version: None, dimensions: vec![DimensionContent { name: "All".into(), sub_dimensions }] }
    }

    pub(crate) fn activity(id: &str, level: Level) -> Activity {
        Activity {
            level,
            difficulty: Difficulty { knowledge: 1, time: 2, resources: 2 },
            usefulness: 3,
            ..Activity::named(ActivityId(id.into()), format!("Activity {id}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_two(change: impl FnOnce(&mut Activity, &mut Activity)) -> Vec<ContentFault> {
        let mut content = samples::content(&[&[1, 2, 3]]);
        let [first, second, ..] = &mut content.dimensions[0].sub_dimensions[0].activities[..] else { panic!() };
        change(first, second);
        Catalog::new(content).unwrap_err()
    }

    #[test]
    fn content_and_catalog_are_two_forms_of_one_thing() {
        let content = samples::content(&[&[1, 2], &[3]]);
        let catalog = Catalog::new(content.clone()).unwrap();
        assert_eq!(catalog.content(), content);
        assert_eq!(catalog.len(), 3);
        let json = serde_json::to_string(&content).unwrap();
        assert_eq!(serde_json::from_str::<Content>(&json).unwrap(), content);
    }

    #[test]
    fn the_digest_follows_the_content_and_not_the_version_string_alone() {
        let mut content = samples::content(&[&[1, 2]]);
        let before = Catalog::new(content.clone()).unwrap();
        content.dimensions[0].sub_dimensions[0].activities[0].usefulness = 5;
        let after = Catalog::new(content).unwrap();
        assert_eq!(before.version(), after.version());
        assert_ne!(before.digest(), after.digest());
        assert_eq!(before.digest().as_str().len(), 64);
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let faults = first_two(|first, second| {
            first.level = 6;
            first.usefulness = 0;
            second.id = first.id.clone();
            second.depends_on = vec![ActivityId("nobody".into())];
        });
        let found: Vec<_> = faults.iter().map(|fault| (fault.activity, fault.field)).collect();
        assert_eq!(found, [(Some(0), "level"), (Some(0), "usefulness"), (Some(1), "uuid"), (Some(1), "dependsOn")]);
    }

    #[test]
    fn texts_are_not_without_end() {
        let faults = first_two(|first, second| {
            first.risk = "x".repeat(TEXT_LIMIT + 1);
            second.risk = "x".repeat(TEXT_LIMIT);
        });
        assert_eq!(faults.iter().map(|fault| (fault.activity, fault.field)).collect::<Vec<_>>(), [(Some(0), "risk")]);
    }

    #[test]
    fn lists_and_their_words_are_not_without_end() {
        let faults = first_two(|first, second| {
            first.tags = vec!["x".repeat(WORD_LIMIT + 1)];
            second.references.samm2 = vec!["x".into(); LIST_LIMIT + 1];
        });
        let found: Vec<_> = faults.iter().map(|fault| (fault.activity, fault.field)).collect();
        assert_eq!(found, [(Some(0), "tags"), (Some(1), "references")]);
    }

    #[test]
    fn prerequisites_must_not_go_round() {
        let faults = first_two(|first, second| {
            first.depends_on = vec![second.id.clone()];
            second.depends_on = vec![first.id.clone()];
        });
        assert_eq!(faults.len(), 1);
        assert!(faults[0].message.contains("“Activity a0”, “Activity a1”"), "{}", faults[0].message);
        let faults = first_two(|first, _| first.depends_on = vec![first.id.clone()]);
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn a_dense_graph_is_settled_at_once() {
        let mut content = samples::content(&[&[1; 120]]);
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        for (i, activity) in activities.iter_mut().enumerate() {
            activity.depends_on = (0..i).map(|needed| ActivityId(format!("a{needed}"))).collect();
        }
        let catalog = Catalog::new(content).unwrap();
        let all: Vec<ActivityIndex> = catalog.activities().map(|(index, _)| index).collect();
        let (before, after) = (catalog.all_prerequisites(all[119]), catalog.all_dependents(all[0]));
        assert_eq!((before.len(), before.values().max()), (119, Some(&119)));
        assert_eq!((after.len(), after.get(&all[119])), (119, Some(&119)));
        assert_eq!(catalog.dependents(all[117]), [all[118], all[119]]);
    }

    #[test]
    fn a_catalog_is_neither_empty_nor_without_end() {
        assert_eq!(Catalog::new(Content::default()).unwrap_err()[0].field, "activities");
        let levels = vec![1; Catalog::MAX_ACTIVITIES + 1];
        assert_eq!(Catalog::new(samples::content(&[&levels])).unwrap_err()[0].field, "activities");
    }
}
