//! What shows that answers are true: documents, links, test results, each with the day on which it
//! was true and the day on which it stops to be.
//!
//! Evidence belongs to teams and activities, not to an assessment, so it carries over from quarter to
//! quarter with its own dates. An answer is *stale* when there is evidence for it and none of it is
//! valid any more.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::catalog::ActivityId;
use super::organization::{TeamId, tidy_text};

/// The number of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EvidenceId(pub i64);

impl fmt::Display for EvidenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a piece of evidence says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceContent {
    /// What it is, in a few words; never empty.
    pub title: String,
    /// Where it is: an address with http or https, or empty.
    pub link: String,
    /// What it says; may be empty.
    pub text: String,
    /// The day on which it was true, which may be long before it was entered.
    pub recorded_on: NaiveDate,
    /// The first day on which it is not valid any more; `None`: it stays valid.
    pub expires_on: Option<NaiveDate>,
    /// Who looked at it; may be empty.
    pub reviewer: String,
    /// The activities that it is for; at least one.
    pub activities: Vec<ActivityId>,
    /// The teams that it is for; at least one.
    pub teams: Vec<TeamId>,
}

impl EvidenceContent {
    /// How many characters a title may have.
    pub const TITLE_LIMIT: usize = 200;
    /// How many characters a link may have.
    pub const LINK_LIMIT: usize = 2_000;
    /// How many characters the text may have.
    pub const TEXT_LIMIT: usize = 10_000;
    /// How many characters the name of the reviewer may have.
    pub const REVIEWER_LIMIT: usize = 100;

    /// Whether it is still valid on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.expires_on.is_none_or(|expires| day < expires)
    }
}

/// A piece of evidence as it is recorded now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub id: EvidenceId,
    /// The number of this version; later versions have greater numbers.
    pub version: i64,
    /// What it says.
    pub content: EvidenceContent,
    /// Why it does not count any more; `None`: it counts.
    pub withdrawn: Option<String>,
    /// Who recorded this version.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Evidence {
    /// Whether it counts and is still valid on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.withdrawn.is_none() && self.content.is_valid_on(day)
    }
}

/// Reads a link of evidence: an address with http or https and a host, without white space.
pub fn link(text: &str) -> Result<String, NotALink> {
    let text = tidy_text(text, EvidenceContent::LINK_LIMIT).map_err(|error| NotALink::Text(error.to_string()))?;
    let lower = text.to_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let has_host = rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['));
    match text.as_str() {
        "" => Ok(text),
        _ if !has_host => Err(NotALink::Scheme),
        _ if text.contains(char::is_whitespace) => Err(NotALink::Space),
        _ => Ok(text),
    }
}

/// Why a text is not the link of evidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotALink {
    /// It is too long or has control characters.
    #[error("{0}")]
    Text(String),
    /// Not an address of the web.
    #[error("a link begins with https:// or http:// and the name of a host; put anything else into the text")]
    Scheme,
    /// White space in it.
    #[error("a link has no spaces; write them as %20")]
    Space,
}

/// What evidence there is for one activity of one team, on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Support {
    /// How many pieces are valid.
    pub valid: usize,
    /// How many have expired.
    pub expired: usize,
    /// When the last valid one expires; `None`: there is none, or one that stays valid.
    pub until: Option<NaiveDate>,
}

impl Support {
    /// Whether there is evidence and none of it is valid any more.
    pub fn is_stale(&self) -> bool {
        self.valid == 0 && self.expired > 0
    }

    /// Whether it is valid now and will not be on a later day.
    pub fn goes_stale_by(&self, day: NaiveDate) -> bool {
        self.valid > 0 && self.until.is_some_and(|until| until <= day)
    }
}

/// The support of each activity of a team on a day, as far as there is any.
pub fn support(evidence: &[Evidence], team: TeamId, day: NaiveDate) -> HashMap<ActivityId, Support> {
    let mut all: HashMap<ActivityId, Support> = HashMap::new();
    let mut forever: HashMap<&ActivityId, bool> = HashMap::new();
    for piece in evidence.iter().filter(|piece| piece.withdrawn.is_none() && piece.content.teams.contains(&team)) {
        for activity in &piece.content.activities {
            let support = all.entry(activity.clone()).or_default();
            if !piece.content.is_valid_on(day) {
                support.expired += 1;
                continue;
            }
            support.valid += 1;
            match piece.content.expires_on {
                None => {
                    forever.insert(activity, true);
                }
                Some(expires) => support.until = support.until.max(Some(expires)),
            }
        }
    }
    for activity in forever.into_keys() {
        if let Some(support) = all.get_mut(activity) {
            support.until = None;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn piece(expires_on: Option<&str>, withdrawn: Option<&str>) -> Evidence {
        Evidence {
            id: EvidenceId(1),
            version: 1,
            content: EvidenceContent {
                title: "Scan".into(),
                link: String::new(),
                text: String::new(),
                recorded_on: day("2026-01-01"),
                expires_on: expires_on.map(day),
                reviewer: String::new(),
                activities: vec![ActivityId("a".into())],
                teams: vec![TeamId(1)],
            },
            withdrawn: withdrawn.map(Into::into),
            by: "x".into(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_answer_is_stale_when_all_its_evidence_has_expired() {
        let of = |pieces: &[Evidence], on: &str| {
            support(pieces, TeamId(1), day(on)).get(&ActivityId("a".into())).copied().unwrap_or_default()
        };
        let dated = [piece(Some("2026-06-01"), None), piece(Some("2026-07-01"), None)];
        assert_eq!(of(&dated, "2026-05-31"), Support { valid: 2, expired: 0, until: Some(day("2026-07-01")) });
        assert_eq!(of(&dated, "2026-06-01"), Support { valid: 1, expired: 1, until: Some(day("2026-07-01")) });
        assert!(of(&dated, "2026-06-30").goes_stale_by(day("2026-07-01")));
        assert!(!of(&dated, "2026-06-30").goes_stale_by(day("2026-06-30")) && !of(&dated, "2026-06-30").is_stale());
        assert!(of(&dated, "2026-07-01").is_stale());
        assert_eq!(of(&[piece(None, None), piece(Some("2026-06-01"), None)], "2026-05-01").until, None);
        assert_eq!(of(&[piece(None, Some("wrong"))], "2026-05-01"), Support::default(), "withdrawn counts for nothing");
        assert!(support(&dated, TeamId(2), day("2026-05-01")).is_empty());
    }

    #[test]
    fn links_lead_into_the_web_and_nowhere_else() {
        assert_eq!(link(" https://wiki.example/a?b=c#d "), Ok("https://wiki.example/a?b=c#d".into()));
        assert_eq!(link("HTTP://[::1]/"), Ok("HTTP://[::1]/".into()));
        assert_eq!(link(""), Ok(String::new()));
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "//host", "/path", "https://", "https:///x", "ftp://x", "wiki"]
        {
            assert_eq!(link(bad), Err(NotALink::Scheme), "{bad}");
        }
        assert_eq!(link("https://a.example/b c"), Err(NotALink::Space));
        assert!(matches!(link("https://a\u{202E}b"), Err(NotALink::Text(_))));
        assert!(matches!(link(&format!("https://{}", "a".repeat(2000))), Err(NotALink::Text(_))));
    }
}
