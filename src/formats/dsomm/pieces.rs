//! Evidence in the files of the application: at each activity a list of pieces, each with its teams.

use chrono::NaiveDate;

use super::day::day;
use super::document::{Reader, clip, shown};
use crate::domain::catalog::ActivityIndex;
use crate::domain::evidence::{EvidenceContent, link};
use crate::domain::fault::Place;
use crate::domain::organization::{Name, tidy_text};
use crate::formats::yaml::{Node, Value};

/// A piece as it stands at one activity.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) place: Place,
    pub(super) id: String,
    pub(super) activity: ActivityIndex,
    pub(super) teams: Vec<Name>,
    pub(super) title: String,
    pub(super) link: String,
    pub(super) text: String,
    pub(super) recorded_on: NaiveDate,
    pub(super) reviewer: String,
}

/// Reads everything below `evidence`.
pub(super) fn take(reader: &mut Reader<'_>, node: Node) {
    for activity in reader.entries(node, "evidence", "activities with their evidence") {
        let path = format!("evidence > {}", clip(&activity.key));
        let Some(index) = reader.known(&activity.key, (activity.line, activity.column), &path) else { continue };
        let items = activity.node.into_items().unwrap_or_else(|node| {
            reader.fault(&node, &path, format!("expected a list of evidence, found {}", node.kind()));
            Vec::new()
        });
        for item in items {
            if let Some(piece) = piece(reader, item, &path, index) {
                reader.document.pieces.push(piece);
            }
        }
    }
}

fn piece(reader: &mut Reader<'_>, node: Node, path: &str, activity: ActivityIndex) -> Option<Piece> {
    let at = (node.line, node.column);
    let place = reader.place(at, path);
    if !matches!(node.value, Value::Mapping(_)) {
        reader.fault(&node, path, format!("expected a piece of evidence, found {}", node.kind()));
        return None;
    }
    let (mut id, mut title, mut description, mut reviewer) = <(String, String, String, String)>::default();
    let (mut teams, mut recorded_on, mut attachments, mut is_sound) = (Vec::new(), None, Vec::new(), true);
    for entry in reader.entries(node, path, "a piece of evidence") {
        let path = format!("{path} > {}", clip(&entry.key));
        match entry.key.as_str() {
            "id" => id = reader.text(entry.node, &path),
            "teams" => teams = reader.names(entry.node, &path).into_iter().map(|(_, name)| name).collect(),
            "title" => title = reader.text(entry.node, &path),
            "description" => description = reader.text(entry.node, &path),
            "reviewer" => reviewer = reader.text(entry.node, &path),
            "evidenceRecorded" => {
                recorded_on = match &entry.node.value {
                    Value::Scalar(text) => day(text),
                    _ => None,
                };
                if recorded_on.is_none() && !matches!(entry.node.value, Value::Null) {
                    let message = format!("expected a day, like 2026-04-01, found {}", shown(&entry.node));
                    reader.fault(&entry.node, &path, message);
                    is_sound = false;
                }
            }
            "attachment" => attachments = self::attachments(reader, entry.node, &path),
            _ => reader.list(
                (entry.line, entry.column),
                &path,
                "this property of evidence is not known and was not read",
            ),
        }
    }
    if !is_sound {
        return None;
    }
    let Some(recorded_on) = recorded_on else {
        reader
            .document
            .listed
            .note(|| place, "a piece of evidence without the day on which it was recorded; not taken");
        return None;
    };
    // The first link that people can follow stands beside the text, and what else is attached in it.
    let mut followed = String::new();
    for (kind, to) in attachments {
        match link(&to) {
            Ok(link) if followed.is_empty() => followed = link,
            _ => description.push_str(&format!("\n{}: {to}", if kind.is_empty() { "attachment" } else { &kind })),
        }
    }
    let text = text(reader, &description, &place)?;
    let title = title_of(reader, &title, &text, &place)?;
    let reviewer = within(reader, &reviewer, EvidenceContent::REVIEWER_LIMIT, "the reviewer", &place)?;
    Some(Piece { place, id, activity, teams, title, link: followed, text, recorded_on, reviewer })
}

/// What is attached: of which kind, and where it is.
fn attachments(reader: &mut Reader<'_>, node: Node, path: &str) -> Vec<(String, String)> {
    let items = node.into_items().unwrap_or_else(|node| vec![node]);
    let mut attachments = Vec::new();
    for item in items {
        let (mut kind, mut to) = (String::new(), String::new());
        for entry in reader.entries(item, path, "a type and a link") {
            match entry.key.as_str() {
                "type" => kind = reader.text(entry.node, path),
                "externalLink" => to = reader.text(entry.node, path),
                _ => {}
            }
        }
        if !to.trim().is_empty() {
            attachments.push((kind.trim().to_owned(), to.trim().to_owned()));
        }
    }
    attachments
}

/// The title on one line. Where there is none, the first line of the text is.
fn title_of(reader: &mut Reader<'_>, title: &str, text: &str, place: &Place) -> Option<String> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if !title.is_empty() {
        return within(reader, &title, EvidenceContent::TITLE_LIMIT, "the title", place);
    }
    let line = text.lines().next().unwrap_or_default().trim();
    let line: String = line.chars().take(EvidenceContent::TITLE_LIMIT).collect();
    Some(if line.is_empty() { "Evidence".to_owned() } else { line.trim().to_owned() })
}

/// The text of a piece; one that is too long or cannot be shown is a fault.
pub(super) fn text(reader: &mut Reader<'_>, text: &str, place: &Place) -> Option<String> {
    within(reader, text, EvidenceContent::TEXT_LIMIT, "the description", place)
}

fn within(reader: &mut Reader<'_>, text: &str, limit: usize, what: &str, place: &Place) -> Option<String> {
    let fault = |error| reader.document.faults.push(place.clone(), format!("{what}: {error}"));
    tidy_text(text, limit).map_err(fault).ok()
}
