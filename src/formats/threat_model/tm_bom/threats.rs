//! Threats of the Threat Model Library, with who would do them, what is done against them, and how great the risks are.

use std::collections::BTreeMap;

use super::{Names, RAW_KEPT, unknown};
use crate::domain::threat_model::rating::{Rating, Scale};
use crate::domain::threat_model::words::{MitigationStatus, Origin, Severity, StoryKind};
use crate::domain::threat_model::{AbuseStory, Mitigation, PartId, Threat, ThreatModel};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{Notes, clip, tidy};
use crate::formats::threat_model::statement;

/// The words for how likely something is, the least first.
const LIKELIHOOD: [&str; 5] = ["rare", "unlikely", "possible", "likely", "certain"];
/// The words for what it does, the least first.
const IMPACT: [&str; 5] = ["negligible", "minor", "moderate", "major", "severe"];

/// Reads what could go wrong and what is done about it.
pub(super) fn read(at: &At<'_>, model: &mut ThreatModel, names: &mut Names, notes: &mut Notes) {
    let personas = personas(at, model, names, notes);
    for (i, at) in at.list("threats").enumerate() {
        let threat = threat(&at, i, names, notes);
        let persona = names.linked("threat_persona", at.get("threat_persona"), notes);
        let story = persona.and_then(|id| personas.get(&id)).and_then(|&index| model.abuse_stories.get_mut(index));
        let threat = match story {
            Some(story) => {
                story.threats.push(threat.id.clone());
                Threat { actor: story.title.clone(), ..threat }
            }
            None => threat,
        };
        model.threats.push(threat);
    }
    for (i, at) in at.list("controls").enumerate() {
        let control = control(&at, i, names, notes);
        model.mitigations.push(control);
    }
    risks(at, model, names, notes);
}

/// Those who would do it, and where in the abuse stories each of them stands.
fn personas(at: &At<'_>, model: &mut ThreatModel, names: &mut Names, notes: &mut Notes) -> BTreeMap<PartId, usize> {
    const SAID: [(&str, &str); 4] = [
        ("skill_level", "Skill: "),
        ("access_level", "Access: "),
        ("applicability_to_org", "Concerns the organization: "),
        ("malicious_intent", "Means harm: "),
    ];
    let mut positions = BTreeMap::new();
    for (i, at) in at.list("threat_personas").enumerate() {
        let said = SAID.iter().map(|(key, what)| (what, clip(&tidy(&at.text_of(key)), 60).replace('_', " ")));
        let said: Vec<String> =
            said.filter(|(_, word)| !word.is_empty()).map(|(what, word)| format!("{what}{word}.")).collect();
        let story = AbuseStory {
            id: names.give("threat_persona", &at, i),
            kind: StoryKind::Persona,
            title: notes.name(at.get("title")),
            description: statement::paragraphs(&notes.text(at.get("description")), &said.join(" ")),
            threats: Vec::new(),
        };
        positions.insert(story.id.clone(), model.abuse_stories.len());
        model.abuse_stories.push(story);
    }
    positions
}

fn threat(at: &At<'_>, position: usize, names: &mut Names, notes: &mut Notes) -> Threat {
    let title = notes.name(at.get("title"));
    if title.is_empty() {
        notes.warn(at.path_to("title"), "the threat has no title");
    }
    let event = notes.text(at.get("event"));
    let event = if event.is_empty() { event } else { format!("Event: {event}") };
    let affected = at.list("components_affected").take(ThreatModel::LINKS_LIMIT);
    let affects = affected.filter_map(|at| {
        let found = names.find_element(&at.text());
        if found.is_none() {
            unknown(&at, "component", notes);
        }
        found
    });
    let affects = affects.collect();
    Threat {
        id: names.give("threat", at, position),
        title,
        description: statement::paragraphs(&notes.text(at.get("description")), &event),
        affects,
        cwe: numbers(at, "weaknesses", "cwe_id"),
        capec: numbers(at, "attack_mechanisms", "capec_id"),
        ..Threat::default()
    }
}

/// The numbers that the entries of a list have under a key.
fn numbers(at: &At<'_>, list: &str, key: &str) -> Vec<u32> {
    let entries = at.list(list).take(ThreatModel::LINKS_LIMIT);
    let mut numbers: Vec<u32> = entries.filter_map(|entry| entry.text_of(key).trim().parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn control(at: &At<'_>, position: usize, names: &mut Names, notes: &mut Notes) -> Mitigation {
    let raw_status = clip(&tidy(&at.text_of("status")), RAW_KEPT);
    let status = match raw_status.as_str() {
        "active" => MitigationStatus::Implemented,
        "suggested" | "under_review" | "approved" => MitigationStatus::Proposed,
        "scheduled" => MitigationStatus::InProgress,
        "wont_do" | "retired" => MitigationStatus::Rejected,
        // That it is there is only taken to be so.
        "assumed" | "" => MitigationStatus::Unknown,
        _ => {
            notes.warn(at.path_to("status"), format!("“{raw_status}” is no status of a control"));
            MitigationStatus::Unknown
        }
    };
    let title = notes.name(at.get("title"));
    if title.is_empty() {
        notes.warn(at.path_to("title"), "the control has no title");
    }
    let against = at.list("threats").take(ThreatModel::LINKS_LIMIT);
    Mitigation {
        title,
        description: notes.text(at.get("description")),
        status,
        raw_status,
        threats: against.filter_map(|at| names.linked("threat", Some(at), notes)).collect(),
        origin: Origin::Stated,
        id: names.give("control", at, position),
        ..Mitigation::default()
    }
}

/// Rates the threats by the risks they belong to; of several the greatest counts.
fn risks(at: &At<'_>, model: &mut ThreatModel, names: &Names, notes: &mut Notes) {
    let positions: BTreeMap<PartId, usize> =
        model.threats.iter().enumerate().map(|(i, threat)| (threat.id.clone(), i)).collect();
    for at in at.list("risks") {
        model.scale = Scale::Five;
        let rating = rating(&at, notes);
        let impact = notes.text(at.get("impact_description"));
        let (score, level) = (clip(&tidy(&at.text_of("score")), RAW_KEPT), clip(&tidy(&at.text_of("level")), RAW_KEPT));
        for named in at.list("threats").take(ThreatModel::LINKS_LIMIT) {
            let id = names.linked("threat", Some(named), notes);
            let index = id.and_then(|id| positions.get(&id)).copied();
            let Some(threat) = index.and_then(|index| model.threats.get_mut(index)) else { continue };
            let is_first = threat.raw.severity.is_empty() && threat.rating.is_none();
            if is_first || product(rating.as_ref()) > product(threat.rating.as_ref()) {
                threat.rating = rating.clone();
                threat.severity = rating.is_none().then(|| severity(&level)).flatten();
                threat.score = score.clone();
                threat.raw.severity = level.clone();
                threat.impact = impact.clone();
            }
        }
    }
}

/// How likely a risk is and what it does. That the score or the level of the file is another one is noted.
fn rating(at: &At<'_>, notes: &mut Notes) -> Option<Rating> {
    let likelihood = step(at, "likelihood", &LIKELIHOOD, notes)?;
    let impact = step(at, "impact", &IMPACT, notes)?;
    let rating = Rating::of(Scale::Five, likelihood, impact)?;
    let product = f64::from(likelihood) * f64::from(impact);
    if let Some(score) = at.get("score").filter(|score| score.number() != Some(product)) {
        let message = format!("the score is {}; likelihood times impact is {product}", clip(&score.text(), 20));
        notes.warn(score.path(), message);
    }
    let level = at.text_of("level");
    if severity(&level).is_some_and(|said| rating.severity() != Some(said)) {
        let message = format!("the level is “{}”; a product of {product} is another", clip(&level, 20));
        notes.warn(at.path_to("level"), message);
    }
    Some(rating)
}

/// The step that a word is, from 1.
fn step(at: &At<'_>, key: &str, words: &[&str], notes: &mut Notes) -> Option<u8> {
    let word = at.text_of(key);
    let position = words.iter().position(|other| *other == word);
    if position.is_none() {
        notes.warn(at.path_to(key), format!("“{}” is not one of {}", clip(&word, 60), words.join(", ")));
    }
    u8::try_from(position? + 1).ok()
}

fn product(rating: Option<&Rating>) -> u32 {
    match rating {
        Some(Rating::Steps { likelihood, impact, .. }) => u32::from(*likelihood) * u32::from(*impact),
        Some(Rating::Factors(_)) | None => 0,
    }
}

/// The severity of a level.
fn severity(level: &str) -> Option<Severity> {
    Some(match level {
        "very_low" => Severity::Note,
        "low" => Severity::Low,
        "medium" => Severity::Medium,
        "high" => Severity::High,
        "very_high" | "critical" => Severity::Critical,
        _ => return None,
    })
}
