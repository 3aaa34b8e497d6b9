//! A threat at an element, with the text that says what is done about it.

use std::collections::BTreeSet;

use super::words::{self, Kind};
use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::words::{MitigationStatus, Origin, Severity, ThreatStatus};
use crate::domain::threat_model::{Mitigation, PartId, Raw, Threat};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{self, Notes, clip, tidy};
use crate::formats::threat_model::statement;

/// How many characters of a word of a file are kept beside ours.
const RAW_KEPT: usize = 100;

/// Reads a threat, and the mitigation that its text is. `ids` are those that the element has already.
pub(super) fn read(
    at: &At<'_>,
    element: &PartId,
    method: &str,
    ids: &mut BTreeSet<PartId>,
    notes: &mut Notes,
) -> (Threat, Option<Mitigation>) {
    let raw = raw(at);
    let title = notes.name(at.get("title"));
    if title.is_empty() {
        notes.warn(at.path(), "the threat has no title");
    }
    let description = notes.text(at.get("description"));
    let mut threat = Threat {
        id: id(at, element, &title, ids),
        number: number(at),
        title,
        description: if words::is_placeholder(&description) { String::new() } else { description },
        categories: category(at, &raw.category, method, notes).into_iter().collect(),
        status: status(at, &raw.status, notes),
        severity: severity(at, &raw.severity, notes),
        score: notes.name(at.get("score")),
        raw,
        ..Threat::default()
    };
    let mitigation = mitigation(at, &mut threat, notes);
    (threat, mitigation)
}

/// Whether two threats with the same id are one, whatever they are about.
pub(super) fn are_same(one: &Threat, other: &Threat) -> bool {
    let key = |threat: &Threat| Threat { affects: Vec::new(), ..threat.clone() };
    key(one) == key(other)
}

fn raw(at: &At<'_>) -> Raw {
    let word = |key: &str| clip(&tidy(&at.text_of(key)), RAW_KEPT);
    let category = match word("type") {
        category if category.is_empty() => card(at),
        category => category,
    };
    Raw { status: word("status"), severity: word("severity"), category }
}

/// The card of a game that a threat comes from, which has no other category.
fn card(at: &At<'_>) -> String {
    let parts = ["eopGameId", "cardSuit", "cardNumber"].map(|key| tidy(&at.text_of(key)));
    let given: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    tidy(&clip(&given.join(" "), RAW_KEPT))
}

/// The id that a threat has or, without one, one of its element and its title or number: the same each time.
fn id(at: &At<'_>, element: &PartId, title: &str, ids: &mut BTreeSet<PartId>) -> PartId {
    let given = at.get("id").or_else(|| at.get("threatId")).filter(|at| !at.text().trim().is_empty());
    if given.is_some() {
        return notes::id(given, "threat", 0);
    }
    let name = if title.is_empty() { at.text_of("number") } else { clip(title, 100) };
    let name = tidy(&name);
    let mut id = PartId(format!("{element}:{name}"));
    let mut count = 1_usize;
    while !ids.insert(id.clone()) {
        // Of many threats that are called alike, the count of those before is a good guess at once.
        count = if count == 1 { ids.len() } else { count } + 1;
        id = PartId(format!("{element}:{name}:{count}"));
    }
    id
}

fn number(at: &At<'_>) -> u32 {
    let number = at.number_of("number").filter(|number| (0.0..=1_000_000_000.0).contains(number));
    number.map_or(0, |number| number as u32)
}

fn category(at: &At<'_>, raw: &str, method: &str, notes: &mut Notes) -> Option<Category> {
    let method = match at.text_of("modelType") {
        own if own.trim().is_empty() => method.to_owned(),
        own => own,
    };
    if raw.is_empty() {
        notes.warn(at.path_to("type"), "the threat has no category");
        return None;
    }
    let suit = tidy(&at.text_of("cardSuit"));
    let word = if at.text_of("type").trim().is_empty() && !suit.is_empty() { &suit } else { raw };
    match words::category(word, &method) {
        Kind::Known(category) => Some(category),
        Kind::OfAnother => Some(Category::Other(clip(word, RAW_KEPT))),
        Kind::Unknown => {
            notes.warn(at.path_to("type"), format!("“{word}” is no category of {}", clip(&method, 40)));
            Some(Category::Other(clip(word, RAW_KEPT)))
        }
    }
}

fn status(at: &At<'_>, raw: &str, notes: &mut Notes) -> ThreatStatus {
    words::status(raw).unwrap_or_else(|| {
        let found =
            if raw.is_empty() { "the threat has no status".to_owned() } else { format!("“{raw}” is no status") };
        notes.warn(at.path_to("status"), format!("{found}; it counts as not looked at"));
        ThreatStatus::Undetermined
    })
}

fn severity(at: &At<'_>, raw: &str, notes: &mut Notes) -> Option<Severity> {
    words::severity(raw).unwrap_or_else(|| {
        notes.warn(at.path_to("severity"), format!("“{raw}” is no severity; the threat counts as not rated"));
        None
    })
}

/// The mitigation that the text of a threat is. Of a threat that is decided in another way it is the reason, as the
/// form of Threat Dragon asks for.
fn mitigation(at: &At<'_>, threat: &mut Threat, notes: &mut Notes) -> Option<Mitigation> {
    let text = notes.text(at.get("mitigation"));
    let is_placeholder = words::is_placeholder(&text);
    if text.is_empty() || is_placeholder {
        if threat.status.is_said_to_be_treated() {
            let what = if is_placeholder { "only the placeholder" } else { "nothing" };
            let message = format!("the threat is said to be mitigated, and {what} says how");
            notes.warn(at.path_to("mitigation"), message);
        }
        return None;
    }
    if words::explains(threat.status) {
        threat.reason = text;
        return None;
    }
    let (title, description) = statement::split(&text);
    Some(Mitigation {
        id: PartId(format!("{}/mitigation", threat.id)),
        title,
        description,
        status: MitigationStatus::Unknown,
        threats: vec![threat.id.clone()],
        origin: Origin::FreeText,
        ..Mitigation::default()
    })
}
