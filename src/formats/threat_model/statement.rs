//! What a file says in one text where we have a title and a description.

use super::notes::clip;
use crate::domain::threat_model::ThreatModel;

/// A title and a description of a text: its first line and, if there is more, the whole.
pub(super) fn split(text: &str) -> (String, String) {
    let first = text.lines().next().unwrap_or_default().trim();
    let title = clip(first, ThreatModel::NAME_LIMIT);
    let description = if title.len() == text.len() { String::new() } else { text.to_owned() };
    (title, description)
}

/// One text of a title and a description: the description alone where it begins with the title.
pub(super) fn join(title: &str, description: &str) -> String {
    match (title, description) {
        (title, "") => title.to_owned(),
        (title, description) if description.starts_with(title) => description.to_owned(),
        (title, description) => format!("{title}\n{description}"),
    }
}

/// Two texts as paragraphs, or the one that says something; together as long as a text may be.
pub(super) fn paragraphs(one: &str, other: &str) -> String {
    match (one, other) {
        (one, "") => one.to_owned(),
        ("", other) => other.to_owned(),
        (one, other) => clip(&format!("{one}\n\n{other}"), ThreatModel::TEXT_LIMIT),
    }
}
