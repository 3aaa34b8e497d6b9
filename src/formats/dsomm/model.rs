//! The older single file, `generated.yaml`: the model itself with what teams have implemented and their
//! evidence at each activity. Of the model only the ids and names are read here; `catalog` reads the rest.

use std::collections::HashMap;

use super::document::{Implemented, Reader, clip, shown};
use super::pieces::{self, Piece};
use crate::domain::catalog::{ActivityId, ActivityIndex};
use crate::domain::organization::Name;
use crate::formats::yaml::{Entry, Node, Value};

/// Keys that make a mapping an activity.
const OF_AN_ACTIVITY: [&str; 4] = ["uuid", "level", "teamsImplemented", "teamsEvidence"];

/// The title of evidence that had none.
const TITLE: &str = "Evidence from the DSOMM application";

/// An activity of a file, and what teams say of it.
pub(super) struct ModelActivity {
    at: (u64, u64),
    path: String,
    id: String,
    name: String,
    implemented: Vec<((u64, u64), Name)>,
    evidence: Vec<((u64, u64), Name, String)>,
}

/// Reads the activities of a dimension. Whether it is one: there is an activity in it, or nothing.
pub(super) fn dimension(reader: &mut Reader<'_>, dimension: Entry, activities: &mut Vec<ModelActivity>) -> bool {
    let Value::Mapping(subs) = dimension.node.value else { return false };
    let is_dimension = subs.iter().any(|sub| match &sub.node.value {
        Value::Mapping(inner) => inner.iter().any(|entry| is_activity(&entry.node)),
        _ => false,
    });
    let before = activities.len();
    for sub in subs {
        let Value::Mapping(inner) = sub.node.value else { continue };
        for entry in inner.into_iter().filter(|entry| is_activity(&entry.node)) {
            let path = format!("{} > {} > {}", clip(&dimension.key), clip(&sub.key), clip(&entry.key));
            let activity = activity(reader, entry, path);
            activities.push(activity);
        }
    }
    is_dimension || activities.len() > before
}

fn is_activity(node: &Node) -> bool {
    matches!(&node.value, Value::Mapping(entries)
        if entries.iter().any(|entry| OF_AN_ACTIVITY.contains(&entry.key.as_str())))
}

fn activity(reader: &mut Reader<'_>, entry: Entry, path: String) -> ModelActivity {
    let at = (entry.line, entry.column);
    let (mut id, mut implemented, mut evidence) = (String::new(), Vec::new(), Vec::new());
    for property in reader.entries(entry.node, &path, "the properties of an activity") {
        let path = format!("{path} > {}", clip(&property.key));
        match property.key.as_str() {
            "uuid" => reader.text(property.node, &path).trim().clone_into(&mut id),
            "teamsImplemented" => {
                for team in reader.entries(property.node, &path, "teams with true or false") {
                    let path = format!("{path} > {}", clip(&team.key));
                    let at = (team.line, team.column);
                    if truth(reader, &team.node, &path)
                        && let Some(name) = reader.name(&team.key, at, &path)
                    {
                        implemented.push((at, name));
                    }
                }
            }
            "teamsEvidence" => {
                for team in reader.entries(property.node, &path, "teams with their evidence") {
                    let path = format!("{path} > {}", clip(&team.key));
                    let at = (team.line, team.column);
                    let text = reader.text(team.node, &path);
                    if !text.trim().is_empty()
                        && let Some(name) = reader.name(&team.key, at, &path)
                    {
                        evidence.push((at, name, text));
                    }
                }
            }
            _ => {}
        }
    }
    ModelActivity { at, path, id, name: entry.key, implemented, evidence }
}

/// Whether a team has implemented an activity. What is neither true nor false is a fault.
fn truth(reader: &mut Reader<'_>, node: &Node, path: &str) -> bool {
    let word = match &node.value {
        Value::Null => return false,
        Value::Scalar(text) => text.trim().to_lowercase(),
        _ => String::new(),
    };
    match word.as_str() {
        "true" | "yes" | "on" => true,
        "false" | "no" | "off" | "" if !matches!(node.value, Value::Mapping(_) | Value::Sequence(_)) => false,
        _ => {
            reader.fault(node, path, format!("expected true or false, found {}", shown(node)));
            false
        }
    }
}

/// Takes what teams say of the activities of one file. Those that the catalog does not have are listed.
pub(super) fn take(reader: &mut Reader<'_>, activities: Vec<ModelActivity>) {
    let catalog = reader.context.catalog;
    let mut named: HashMap<&str, Option<ActivityIndex>> = HashMap::new();
    for (index, activity) in catalog.activities() {
        named.entry(&activity.name).and_modify(|only| *only = None).or_insert(Some(index));
    }
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for activity in &activities {
        *ids.entry(&activity.id).or_default() += 1;
    }
    // Old files gave one id to several activities, which then are known by their names.
    let found: Vec<Option<ActivityIndex>> = activities
        .iter()
        .map(|activity| {
            let by_name = named.get(activity.name.as_str()).copied().flatten();
            let by_id = catalog.find(&ActivityId(activity.id.clone()));
            let is_shared = ids.get(activity.id.as_str()).is_some_and(|count| *count > 1);
            if is_shared { by_name } else { by_id.or(by_name) }
        })
        .collect();
    let unknown: Vec<&ModelActivity> =
        activities.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(activity, _)| activity).collect();
    if let Some(first) = unknown.first() {
        let names: Vec<String> = unknown.iter().take(5).map(|activity| format!("“{}”", clip(&activity.name))).collect();
        let more = if unknown.len() > names.len() { " …" } else { "" };
        let message = format!(
            "{} of its activities are not in the catalog in use, so what teams say of them is not taken: {}{more}; \
             `cairn catalog add` with this file makes them part of it, then import again",
            unknown.len(),
            names.join(", ")
        );
        let (at, path) = (first.at, first.path.clone());
        reader.list(at, &path, message);
    }
    for (activity, found) in activities.into_iter().zip(found) {
        if let Some(index) = found {
            take_one(reader, activity, index);
        }
    }
}

fn take_one(reader: &mut Reader<'_>, activity: ModelActivity, index: ActivityIndex) {
    let path = &activity.path;
    for (at, team) in activity.implemented {
        let place = reader.place(at, &format!("{path} > teamsImplemented > {}", clip(team.as_str())));
        reader.document.implemented.push(Implemented { place, activity: index, team });
    }
    for (at, team, text) in activity.evidence {
        let place = reader.place(at, &format!("{path} > teamsEvidence > {}", clip(team.as_str())));
        let Some(text) = pieces::text(reader, &text, &place) else { continue };
        let recorded_on = reader.context.today;
        reader.document.pieces.push(Piece {
            place,
            id: String::new(),
            activity: index,
            teams: vec![team],
            title: TITLE.to_owned(),
            link: String::new(),
            text,
            recorded_on,
            reviewer: String::new(),
        });
    }
}
