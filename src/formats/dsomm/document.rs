//! Reads the YAML of the application's files into what they say, each with its place. What it means with
//! a scale and with all files together is decided later.

use chrono::NaiveDate;

use super::day::day;
use super::listed::Listed;
use super::model::{self, ModelActivity};
use super::pieces::{self, Piece};
use crate::domain::catalog::{ActivityId, ActivityIndex};
use crate::domain::fault::{Faults, Place};
use crate::domain::organization::Name;
use crate::formats::Source;
use crate::formats::incoming::Known;
use crate::formats::yaml::{self, Entry, Node, Value};

/// Keys at the top that say nothing of teams: how the application looks and where its files are.
const PASSED_OVER: [&str; 13] = [
    "$schema",
    "activityFiles",
    "allowChangeTeamNameInBrowser",
    "browserSettings",
    "checkForDsommUpdates",
    "dimensionIcons",
    "lang",
    "meta",
    "strings",
    "teamEvidenceFile",
    "teamProgressFile",
    "title",
    "version",
];

/// What all files of one call say.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) stages: Vec<Stage>,
    /// The teams; `None`: no file lists them.
    pub(super) teams: Option<Vec<(Place, Name)>>,
    /// Who is in which group; `None`: no file tells.
    pub(super) members: Option<Vec<Member>>,
    pub(super) reached: Vec<Reached>,
    pub(super) implemented: Vec<Implemented>,
    pub(super) pieces: Vec<Piece>,
    pub(super) faults: Faults,
    pub(super) listed: Listed,
}

/// A stage of the progress definition.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) place: Place,
    pub(super) title: String,
    /// Where its worth stands, and what it is as written; `None`: it is missing.
    pub(super) score: Option<(Place, String)>,
}

/// A team in a group.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) place: Place,
    pub(super) group: Name,
    pub(super) team: Name,
}

/// A stage that a team reached.
#[derive(Debug)]
pub(super) struct Reached {
    pub(super) place: Place,
    pub(super) activity: ActivityIndex,
    pub(super) team: Name,
    pub(super) title: String,
    pub(super) day: NaiveDate,
}

/// What a team is said to have implemented, nobody says since when.
#[derive(Debug)]
pub(super) struct Implemented {
    pub(super) place: Place,
    pub(super) activity: ActivityIndex,
    pub(super) team: Name,
}

/// Reads all sources. A source that cannot be parsed is a fault, and the others are still read.
pub(super) fn read(sources: &[Source<'_>], context: Known<'_>) -> Document {
    let mut reader = Reader { source: String::new(), context, document: Document::default() };
    for source in sources {
        source.name.clone_into(&mut reader.source);
        match yaml::parse(*source) {
            Ok(documents) => reader.documents(documents),
            Err(faults) => reader.document.faults.extend(faults),
        }
    }
    reader.document
}

/// Reads one source after the other.
pub(super) struct Reader<'a> {
    source: String,
    pub(super) context: Known<'a>,
    pub(super) document: Document,
}

impl Reader<'_> {
    fn documents(&mut self, documents: Vec<Node>) {
        let mut activities = Vec::new();
        for document in documents {
            for entry in self.entries(document, "", "the keys of a file of the DSOMM application") {
                self.top(entry, &mut activities);
            }
        }
        model::take(self, activities);
    }

    fn top(&mut self, entry: Entry, activities: &mut Vec<ModelActivity>) {
        let key = entry.key.as_str();
        match key {
            "progress" => self.progress(entry.node),
            "evidence" => pieces::take(self, entry.node),
            "teams" => self.teams(entry.node),
            "teamGroups" => self.groups(entry.node),
            "progressDefinition" => self.stages(entry.node),
            known if PASSED_OVER.contains(&known) => {}
            _ if matches!(entry.node.value, Value::Mapping(_)) => {
                let (at, key) = ((entry.line, entry.column), clip(key));
                if !model::dimension(self, entry, activities) {
                    self.list(at, &key, "this key is not known and was not read");
                }
            }
            _ => self.list((entry.line, entry.column), &clip(key), "this key is not known and was not read"),
        }
    }

    /// Activity, then team, then stage, then day.
    fn progress(&mut self, node: Node) {
        for activity in self.entries(node, "progress", "activities with their teams") {
            let path = format!("progress > {}", clip(&activity.key));
            let Some(index) = self.known(&activity.key, (activity.line, activity.column), &path) else { continue };
            for team in self.entries(activity.node, &path, "teams with their stages") {
                let path = format!("{path} > {}", clip(&team.key));
                let Some(name) = self.name(&team.key, (team.line, team.column), &path) else { continue };
                for stage in self.entries(team.node, &path, "stages with their days") {
                    self.reached(stage, &path, index, &name);
                }
            }
        }
    }

    fn reached(&mut self, stage: Entry, path: &str, activity: ActivityIndex, team: &Name) {
        let path = format!("{path} > {}", clip(&stage.key));
        let place = self.place((stage.line, stage.column), &path);
        let day = match &stage.node.value {
            Value::Null => {
                self.document.listed.note(|| place, "a stage without a day is not reached; not taken");
                return;
            }
            Value::Scalar(text) => day(text),
            _ => None,
        };
        let Some(day) = day else {
            let message = format!("expected a day, like 2026-04-01, found {}", shown(&stage.node));
            self.fault(&stage.node, &path, message);
            return;
        };
        self.document.reached.push(Reached { place, activity, team: team.clone(), title: stage.key, day });
    }

    fn teams(&mut self, node: Node) {
        if is_reference(&node) {
            return;
        }
        let mut teams = self.document.teams.take().unwrap_or_default();
        for (place, name) in self.names(node, "teams") {
            teams.push((place, name));
        }
        self.document.teams = Some(teams);
    }

    fn groups(&mut self, node: Node) {
        if is_reference(&node) {
            return;
        }
        let mut members = self.document.members.take().unwrap_or_default();
        for group in self.entries(node, "teamGroups", "groups with their teams") {
            let path = format!("teamGroups > {}", clip(&group.key));
            let Some(name) = self.name(&group.key, (group.line, group.column), &path) else { continue };
            if matches!(group.node.value, Value::Null)
                || matches!(&group.node.value, Value::Sequence(teams) if teams.is_empty())
            {
                self.list((group.line, group.column), &path, "a group without teams is not made");
            }
            for (place, team) in self.names(group.node, &path) {
                members.push(Member { place, group: name.clone(), team });
            }
        }
        self.document.members = Some(members);
    }

    /// The names in a list; nothing is an empty one.
    pub(super) fn names(&mut self, node: Node, path: &str) -> Vec<(Place, Name)> {
        let items = node.into_items().unwrap_or_else(|node| {
            self.fault(&node, path, format!("expected a list of names, found {}", node.kind()));
            Vec::new()
        });
        let mut names = Vec::new();
        for item in items {
            let at = (item.line, item.column);
            match &item.value {
                Value::Scalar(text) => names.extend(self.name(text, at, path).map(|name| (self.place(at, path), name))),
                _ => self.fault(&item, path, format!("expected a name, found {}", item.kind())),
            }
        }
        names
    }

    fn stages(&mut self, node: Node) {
        if is_reference(&node) {
            return;
        }
        for entry in self.entries(node, "progressDefinition", "stages with their score") {
            let path = format!("progressDefinition > {}", clip(&entry.key));
            let place = self.place((entry.line, entry.column), &path);
            let mut score = None;
            for property in self.entries(entry.node, &path, "score and definition") {
                if property.key == "score" {
                    let path = format!("{path} > score");
                    score =
                        Some((self.place((property.line, property.column), &path), self.text(property.node, &path)));
                }
            }
            self.document.stages.push(Stage { place, title: entry.key, score });
        }
    }

    /// The activity of this id, unless the catalog does not have it, which is listed.
    pub(super) fn known(&mut self, id: &str, at: (u64, u64), path: &str) -> Option<ActivityIndex> {
        let found = self.context.catalog.find(&ActivityId(id.trim().to_owned()));
        if found.is_none() {
            let message = format!("there is no activity “{}” in the catalog in use; not taken", clip(id));
            self.list(at, path, message);
        }
        found
    }

    /// A name of a team or group; what cannot be one is a fault.
    pub(super) fn name(&mut self, text: &str, at: (u64, u64), path: &str) -> Option<Name> {
        Name::new(text).map_err(|error| self.document.faults.push(self.place(at, path), error.to_string())).ok()
    }

    pub(super) fn place(&self, (line, column): (u64, u64), path: &str) -> Place {
        Place { source: self.source.clone(), line, column, path: path.to_owned() }
    }

    pub(super) fn fault(&mut self, node: &Node, path: &str, message: impl Into<String>) {
        let place = self.place((node.line, node.column), path);
        self.document.faults.push(place, message);
    }

    /// Lists something that is not taken.
    pub(super) fn list(&mut self, at: (u64, u64), path: &str, message: impl Into<String>) {
        let place = self.place(at, path);
        self.document.listed.note(|| place, message);
    }

    /// The entries of a mapping; anything else but nothing is a fault.
    pub(super) fn entries(&mut self, node: Node, path: &str, expected: &str) -> Vec<Entry> {
        node.into_entries().unwrap_or_else(|node| {
            self.fault(&node, path, format!("expected {expected}, found {}", node.kind()));
            Vec::new()
        })
    }

    /// The text of a scalar; nothing is the empty text, anything else a fault.
    pub(super) fn text(&mut self, node: Node, path: &str) -> String {
        node.into_text().unwrap_or_else(|node| {
            self.fault(&node, path, format!("expected a text, found {}", node.kind()));
            String::new()
        })
    }
}

/// Whether something only says in which file it stands.
fn is_reference(node: &Node) -> bool {
    matches!(&node.value, Value::Mapping(entries)
        if entries.iter().any(|entry| entry.key == "$ref" && matches!(entry.node.value, Value::Scalar(_))))
}

/// A text of a file in a message or a path: short, and without control characters.
pub(super) fn clip(text: &str) -> String {
    let mut shown: String = text.trim().chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

/// What a node is, in the words of messages.
pub(super) fn shown(node: &Node) -> String {
    match &node.value {
        Value::Scalar(text) => format!("“{}”", clip(text)),
        _ => node.kind().to_owned(),
    }
}
