//! Writes the files of the DSOMM application so that it reads them as it reads its own.
//!
//! Whatever people entered stands in double quotes with everything escaped that could be taken for
//! something else, so that a name like `yes`, `2026-01-01` or `Tom's: "App" #1` stays a name. Days of
//! stages stand without quotes, since the application wants days there and no texts.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::domain::evidence::EvidenceContent;
use crate::domain::scale::ProgressScale;

/// An activity with what teams reached in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenActivity<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name, for the reader; empty when the catalog does not know it.
    pub name: &'a str,
    /// The teams, each with the days on which it reached steps above the first, by their position.
    pub teams: Vec<(&'a str, BTreeMap<usize, NaiveDate>)>,
}

/// What is written into a progress file.
#[derive(Debug, Clone)]
pub struct ProgressFile<'a> {
    /// The activities, in the order of the file.
    pub activities: Vec<WrittenActivity<'a>>,
    /// The scale that the steps belong to.
    pub scale: &'a ProgressScale,
    /// How many answers say that an activity does not apply, which is left out.
    pub not_applicable: usize,
}

/// A piece of evidence to write.
#[derive(Debug, Clone, Copy)]
pub struct WrittenEvidence<'a> {
    /// What no other piece has.
    pub id: i64,
    /// What it says; the application does not know until when it is valid.
    pub content: &'a EvidenceContent,
    /// The names of its teams.
    pub teams: &'a [&'a str],
}

/// The file of progress.
pub fn progress(file: &ProgressFile<'_>) -> String {
    let mut text = String::new();
    if file.not_applicable > 0 {
        let answers =
            if file.not_applicable == 1 { "1 answer".to_owned() } else { format!("{} answers", file.not_applicable) };
        let _ = writeln!(text, "# Left out, as there is no stage for it: “not applicable” in {answers}.");
    }
    text.push_str("progress:\n");
    for activity in &file.activities {
        let teams: Vec<_> = activity.teams.iter().filter(|(_, days)| !days.is_empty()).collect();
        if teams.is_empty() {
            continue;
        }
        let _ = writeln!(text, "  {}:{}", quoted(activity.id), comment(activity.name));
        for (team, days) in teams {
            let _ = writeln!(text, "    {}:", quoted(team));
            for (step, day) in days {
                let Some(step) = file.scale.steps().get(*step) else { continue };
                let _ = writeln!(text, "      {}: {day}", quoted(&step.name));
            }
        }
    }
    text
}

/// The file of evidence: at each activity its pieces. A piece for several activities stands at each of them.
/// The activities come with their names, in the order of the file.
pub fn evidence(activities: &[(&str, &str)], pieces: &[WrittenEvidence<'_>]) -> String {
    let mut by_activity: HashMap<&str, Vec<&WrittenEvidence<'_>>> = HashMap::new();
    for piece in pieces {
        for activity in &piece.content.activities {
            by_activity.entry(&activity.0).or_default().push(piece);
        }
    }
    let mut text = String::new();
    for (id, name) in activities {
        let Some(pieces) = by_activity.get(id) else { continue };
        let _ = writeln!(text, "  {}:{}", quoted(id), comment(name));
        for piece in pieces {
            entry(&mut text, piece);
        }
    }
    if text.is_empty() { "evidence: {}\n".to_owned() } else { format!("evidence:\n{text}") }
}

fn entry(text: &mut String, piece: &WrittenEvidence<'_>) {
    let WrittenEvidence { id, content, teams } = piece;
    let teams: Vec<String> = teams.iter().map(|team| quoted(team)).collect();
    let _ = writeln!(text, "    - id: {}", quoted(&format!("cairn-{id}")));
    let _ = writeln!(text, "      teams: [{}]", teams.join(", "));
    let _ = writeln!(text, "      title: {}", quoted(&content.title));
    let _ = writeln!(text, "      description: {}", quoted(&content.text));
    let _ = writeln!(text, "      evidenceRecorded: {}", quoted(&content.recorded_on.to_string()));
    if !content.reviewer.is_empty() {
        let _ = writeln!(text, "      reviewer: {}", quoted(&content.reviewer));
    }
    if !content.link.is_empty() {
        let link = quoted(&content.link);
        let _ = writeln!(text, "      attachment:\n        - type: \"link\"\n          externalLink: {link}");
    }
}

/// The file of teams and groups; the groups come with the names of their teams.
pub fn teams(teams: &[&str], groups: &[(&str, Vec<&str>)]) -> String {
    let mut text = String::new();
    list(&mut text, "teams", "", teams);
    let groups: Vec<_> = groups.iter().filter(|(_, teams)| !teams.is_empty()).collect();
    if groups.is_empty() {
        text.push_str("teamGroups: {}\n");
        return text;
    }
    text.push_str("teamGroups:\n");
    for (group, teams) in groups {
        list(&mut text, &quoted(group), "  ", teams);
    }
    text
}

fn list(text: &mut String, key: &str, indent: &str, items: &[&str]) {
    if items.is_empty() {
        let _ = writeln!(text, "{indent}{key}: []");
        return;
    }
    let _ = writeln!(text, "{indent}{key}:");
    for item in items {
        let _ = writeln!(text, "{indent}  - {}", quoted(item));
    }
}

/// The file that holds the others together, with the stages of progress.
pub fn meta(scale: &ProgressScale) -> String {
    let mut text = String::from("progressDefinition:\n");
    for step in scale.steps() {
        let _ = writeln!(text, "  {}:\n    score: \"{}%\"\n    definition: \"\"", quoted(&step.name), step.percent);
    }
    text.push_str(
        "teams:\n  $ref: \"teams.yaml#/teams\"\n\
         teamGroups:\n  $ref: \"teams.yaml#/teamGroups\"\n\
         teamProgressFile: \"team-progress.yaml\"\n\
         teamEvidenceFile: \"team-evidence.yaml\"\n\
         # The file with the model, as the application has it.\n\
         activityFiles:\n  - \"model.yaml\"\n",
    );
    text
}

/// A comment that says a name, after two spaces.
fn comment(name: &str) -> String {
    let name: String = name.chars().map(|c| if is_plain(c) { c } else { ' ' }).collect();
    let name = name.trim();
    if name.is_empty() { String::new() } else { format!("  # {name}") }
}

/// A text in double quotes, as YAML of every version reads it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_plain(c) => quoted.push(c),
            c if u32::from(c) <= 0xFFFF => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character may stand in a YAML file as it is and is seen there.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{200B}')
        && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
