//! Who is assessed and how: teams, groups of teams, and the settings of the organization.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::digits::hex;
use super::period::Period;
use super::scale::ProgressScale;
use super::scoring::Threshold;

/// The number of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TeamId(pub i64);

/// The number of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct GroupId(pub i64);

impl fmt::Display for TeamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is assessed: a team or an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its number.
    pub id: TeamId,
    /// Its name, unique whatever the case of its letters.
    pub name: Name,
    /// A sentence about what it builds or runs; may be empty.
    pub description: String,
    /// The groups it belongs to, in the order of their names.
    pub groups: Vec<GroupId>,
    /// Since when it is not assessed any more; what was assessed until then stays.
    pub retired_at: Option<DateTime<Utc>>,
}

impl Team {
    /// Whether it is assessed in a quarter: it is not retired, or was so only after that quarter began.
    pub fn is_active_in(&self, period: Period) -> bool {
        self.retired_at.is_none_or(|at| Period::containing(at) >= period)
    }
}

/// A named set of teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its number.
    pub id: GroupId,
    /// Its name, unique whatever the case of its letters.
    pub name: Name,
}

/// What holds for the whole organization.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The steps that answers can take.
    pub scale: ProgressScale,
    /// How complete a level must be to count as reached.
    pub threshold: Threshold,
}

impl Settings {
    /// What tells these settings from others, so that a person can say which they saw.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for step in self.scale.steps() {
            // Neither a key nor a name has a line break.
            hash.update(format!("{}\n{}\n{}\n", step.key, step.name, step.percent));
        }
        hash.update(self.threshold.percent().to_string());
        hex(&hash.finalize())
    }
}

/// The name of a team or a group: 1 to 100 characters of any script, no control characters,
/// no white space at the ends and single spaces inside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(String);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// Nothing but white space.
    #[error("a name is needed")]
    Empty,
    /// Longer than 100 characters.
    #[error("a name has at most 100 characters; this has {0}")]
    Long(usize),
    /// Line breaks, direction overrides and the like, which would let one name pose as another.
    #[error("a name has no line breaks, control or direction-changing characters")]
    Control,
}

impl Name {
    /// Tidies white space and checks the rest.
    pub fn new(text: &str) -> Result<Self, NotAName> {
        if text.chars().any(is_unprintable) {
            return Err(NotAName::Control);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match name.chars().count() {
            0 => Err(NotAName::Empty),
            1..=100 => Ok(Self(name)),
            long => Err(NotAName::Long(long)),
        }
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common when people would take them for the same: all letters in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character has no place in a text that people enter on one line: control characters
/// and the marks that override the direction of what follows (zero-width joiners stay, emoji need them).
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{200B}')
}

/// A free text of a person, such as a note or a reason: line ends unified, trimmed, at most `limit`
/// characters, no control characters but line breaks and tabs.
pub fn tidy_text(text: &str, limit: usize) -> Result<String, NotAText> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.chars().any(|c| is_unprintable(c) && c != '\n' && c != '\t') {
        return Err(NotAText::Control);
    }
    match text.chars().count() {
        long if long > limit => Err(NotAText::Long { limit, long }),
        _ => Ok(text.to_owned()),
    }
}

/// Why a text of a person cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAText {
    /// Longer than allowed.
    #[error("at most {limit} characters; this has {long}")]
    Long {
        /// How many characters are allowed.
        limit: usize,
        /// How many there are.
        long: usize,
    },
    /// Control or direction-changing characters.
    #[error("no control or direction-changing characters")]
    Control,
}

/// Of whom something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeId {
    /// All teams.
    Organization,
    /// The teams of a group.
    Group(GroupId),
    /// One team.
    Team(TeamId),
}

impl ScopeId {
    /// Whether it is one team.
    pub fn is_team(self) -> bool {
        matches!(self, Self::Team(_))
    }

    /// The word of files and the API: `organization`, `group` or `team`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Group(_) => "group",
            Self::Team(_) => "team",
        }
    }
}

/// A scope with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Which it is.
    pub id: ScopeId,
    /// The name of the team or group, or “Organization”.
    pub name: String,
}

impl Scope {
    /// The scope of all teams.
    pub fn organization() -> Self {
        Self { id: ScopeId::Organization, name: "Organization".into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_script_and_lose_stray_space() {
        assert_eq!(Name::new("  Müller  &  Söhne's App ").unwrap().as_str(), "Müller & Söhne's App");
        assert_eq!(Name::new("支払い 👩‍💻").unwrap().as_str(), "支払い 👩‍💻");
        assert_eq!(Name::new("مدفوعات").unwrap().as_str(), "مدفوعات");
        assert_eq!(Name::new("ÄPFEL").unwrap().key(), Name::new("äpfel").unwrap().key());
    }

    #[test]
    fn names_that_deceive_are_refused() {
        assert_eq!(Name::new(" \t "), Err(NotAName::Control));
        assert_eq!(Name::new("   "), Err(NotAName::Empty));
        assert_eq!(Name::new("Payments\u{202E}stnemyaP"), Err(NotAName::Control));
        assert_eq!(Name::new("Pay\u{200B}ments"), Err(NotAName::Control));
        assert_eq!(Name::new(&"x".repeat(101)), Err(NotAName::Long(101)));
    }

    #[test]
    fn texts_keep_their_lines() {
        assert_eq!(tidy_text(" one\r\ntwo\rthree\n", 100).unwrap(), "one\ntwo\nthree");
        assert_eq!(tidy_text("bell\u{7}", 100), Err(NotAText::Control));
        assert_eq!(tidy_text("four", 3), Err(NotAText::Long { limit: 3, long: 4 }));
    }
}
