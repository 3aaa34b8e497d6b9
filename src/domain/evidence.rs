//! What shows that answers are true: documents, links, test results, each with the day on which it
//! was true and the day on which it stops to be.
//!
//! Evidence belongs to teams and activities, not to an assessment, so it carries over from quarter to
//! quarter with its own dates. An answer is *stale* when there is evidence for it and none of it is
//! valid any more.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::Hash;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Serialize;

use super::catalog::{ActivityId, Catalog};
use super::listing::{Column, Order, Sorting, has_words};
use super::mapping::{self, Standard};
use super::named::Named;
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// How many activities it may be for, and how many teams.
    pub const LINKS_LIMIT: usize = 500;

    /// Whether it is still valid on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.expires_on.is_none_or(|expires| day < expires)
    }

    /// Whether all words stand in its texts, whatever their case.
    fn has_words(&self, words: &str) -> bool {
        let Self { title, link, text, reviewer, .. } = self;
        has_words(&[title, link, text, reviewer].map(String::as_str).join(" "), words)
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
    /// How many characters the reason for a withdrawal may have.
    pub const REASON_LIMIT: usize = 2_000;

    /// Whether it counts and is still valid on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.withdrawn.is_none() && self.content.is_valid_on(day)
    }

    /// What it is worth on a day.
    pub fn state_on(&self, day: NaiveDate) -> EvidenceState {
        let soon = self.content.expires_on.is_some_and(|expires| expires <= soon_after(day));
        match self.withdrawn {
            Some(_) => EvidenceState::Withdrawn,
            None if !self.content.is_valid_on(day) => EvidenceState::Expired,
            None if soon => EvidenceState::Expiring,
            None => EvidenceState::Valid,
        }
    }

    /// In what two versions differ, in the order in which people read it.
    pub fn differences(&self, later: &Self) -> Vec<Aspect> {
        let (old, new) = (&self.content, &later.content);
        let compared = [
            (Aspect::Withdrawal, self.withdrawn == later.withdrawn),
            (Aspect::Title, old.title == new.title),
            (Aspect::Link, old.link == new.link),
            (Aspect::Text, old.text == new.text),
            (Aspect::RecordedOn, old.recorded_on == new.recorded_on),
            (Aspect::ExpiresOn, old.expires_on == new.expires_on),
            (Aspect::Reviewer, old.reviewer == new.reviewer),
            (Aspect::Teams, same(&old.teams, &new.teams)),
            (Aspect::Activities, same(&old.activities, &new.activities)),
        ];
        compared.into_iter().filter(|(_, equal)| !equal).map(|(aspect, _)| aspect).collect()
    }
}

/// Whether two lists hold the same, in whatever order.
fn same<T: Eq + Hash>(a: &[T], b: &[T]) -> bool {
    HashSet::<&T>::from_iter(a) == HashSet::from_iter(b)
}

/// How many days ahead people are warned.
pub const NOTICE_DAYS: u64 = 30;

/// The last day of the time after `day` for which people are warned.
pub fn soon_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(NOTICE_DAYS)).unwrap_or(NaiveDate::MAX)
}

/// What a piece of evidence is worth on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceState {
    /// It counts, and will for longer than people are warned ahead.
    Valid,
    /// It counts, and soon will not.
    Expiring,
    /// It does not count any more.
    Expired,
    /// It was taken out, and counts for nothing.
    Withdrawn,
}

impl Named for EvidenceState {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("valid", Self::Valid),
        ("expiring", Self::Expiring),
        ("expired", Self::Expired),
        ("withdrawn", Self::Withdrawn),
    ];
}

/// What can differ between two versions of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Whether it is withdrawn, and why.
    Withdrawal,
    /// The title.
    Title,
    /// The link.
    Link,
    /// The text.
    Text,
    /// The day on which it was true.
    RecordedOn,
    /// The day on which it stops to be valid.
    ExpiresOn,
    /// Who looked at it.
    Reviewer,
    /// The teams it is for.
    Teams,
    /// The activities it is for.
    Activities,
}

/// A column by which evidence is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum EvidenceSort {
    /// The title.
    Title,
    /// The day on which it was true.
    #[default]
    Recorded,
    /// The day on which it stops to be valid; what never does comes last.
    Expires,
    /// What it is worth.
    State,
}

impl Named for EvidenceSort {
    const NAMED: &'static [(&'static str, Self)] =
        &[("title", Self::Title), ("recorded", Self::Recorded), ("expires", Self::Expires), ("state", Self::State)];
}

impl Column for EvidenceSort {
    fn word(&self) -> &str {
        self.name()
    }

    /// The latest first, and what expires first.
    fn usual_order(&self) -> Order {
        match self {
            Self::Recorded => Order::Descending,
            Self::Title | Self::Expires | Self::State => Order::Ascending,
        }
    }
}

/// Which evidence is wanted; nothing: all, the latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceFilter {
    /// In this state.
    pub state: Option<EvidenceState>,
    /// For this activity.
    pub activity: Option<ActivityId>,
    /// For any of the activities that serve this clause of a standard.
    pub clause: Option<(Standard, String)>,
    /// With all of these words, in any of its texts.
    pub text: Option<String>,
    /// How it is sorted.
    pub sorting: Sorting<EvidenceSort>,
}

impl EvidenceFilter {
    /// Whether it wants less than all.
    pub fn is_narrow(&self) -> bool {
        *self != Self { sorting: self.sorting.clone(), ..Self::default() }
    }

    /// Takes the wanted pieces in their states of a day, sorted. The clauses are those of a catalog.
    pub fn apply(&self, mut pieces: Vec<Evidence>, day: NaiveDate, catalog: &Catalog) -> Vec<Evidence> {
        let serving = self.clause.as_ref().map(|(standard, clause)| mapping::serving(catalog, *standard, clause));
        pieces.retain(|piece| {
            let serves = |wanted: &HashSet<_>| piece.content.activities.iter().any(|id| wanted.contains(id));
            self.takes(piece, day) && serving.as_ref().is_none_or(serves)
        });
        pieces.sort_by_key(|piece| std::cmp::Reverse((piece.content.recorded_on, piece.id)));
        let (by, order) = self.sorting.chosen();
        pieces.sort_by(|a, b| match by {
            EvidenceSort::Title => {
                let title = |piece: &Evidence| piece.content.title.to_lowercase();
                order.compare(Some(&title(a)), Some(&title(b)), String::cmp)
            }
            EvidenceSort::Recorded => {
                order.compare(Some(&a.content.recorded_on), Some(&b.content.recorded_on), NaiveDate::cmp)
            }
            EvidenceSort::Expires => {
                order.compare(a.content.expires_on.as_ref(), b.content.expires_on.as_ref(), NaiveDate::cmp)
            }
            EvidenceSort::State => order.compare(Some(&a.state_on(day)), Some(&b.state_on(day)), EvidenceState::cmp),
        });
        pieces
    }

    /// Whether a piece is wanted, in its state of a day, whatever clauses it serves.
    fn takes(&self, piece: &Evidence, day: NaiveDate) -> bool {
        self.state.is_none_or(|state| state == piece.state_on(day))
            && self.activity.as_ref().is_none_or(|id| piece.content.activities.contains(id))
            && self.text.as_ref().is_none_or(|text| piece.content.has_words(text))
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
    /// When the last one expires or, where none is valid any more, has expired; `None`: there is none,
    /// or one that stays valid.
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

/// The support of each activity of a team on a day, as far as there is any. What was not true yet on
/// that day supports nothing.
pub fn support<'a>(
    evidence: impl IntoIterator<Item = &'a Evidence>,
    team: TeamId,
    day: NaiveDate,
) -> HashMap<ActivityId, Support> {
    let mut all: HashMap<ActivityId, Support> = HashMap::new();
    let mut for_ever: HashSet<&ActivityId> = HashSet::new();
    for piece in of_team(evidence, team, day) {
        for activity in &piece.content.activities {
            let support = all.entry(activity.clone()).or_default();
            if piece.content.is_valid_on(day) {
                support.valid += 1;
            } else {
                support.expired += 1;
            }
            match piece.content.expires_on {
                Some(expires) => support.until = support.until.max(Some(expires)),
                None => {
                    for_ever.insert(activity);
                }
            }
        }
    }
    for activity in for_ever {
        if let Some(support) = all.get_mut(activity) {
            support.until = None;
        }
    }
    all
}

/// The titles of the valid evidence for each activity of a team on a day, in the order of the evidence.
pub fn valid_titles(evidence: &[Evidence], team: TeamId, day: NaiveDate) -> HashMap<&ActivityId, Vec<&str>> {
    let mut all: HashMap<&ActivityId, Vec<&str>> = HashMap::new();
    for piece in of_team(evidence, team, day).filter(|piece| piece.holds_on(day)) {
        for activity in &piece.content.activities {
            all.entry(activity).or_default().push(&piece.content.title);
        }
    }
    all
}

/// The evidence for a team that is not withdrawn and was true by a day.
fn of_team<'a>(
    evidence: impl IntoIterator<Item = &'a Evidence>,
    team: TeamId,
    day: NaiveDate,
) -> impl Iterator<Item = &'a Evidence> {
    evidence.into_iter().filter(move |piece| {
        piece.withdrawn.is_none() && piece.content.recorded_on <= day && piece.content.teams.contains(&team)
    })
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
        assert_eq!(of(&dated, "2026-07-01").until, Some(day("2026-07-01")), "since when");
        assert_eq!(of(&dated, "2025-12-31"), Support::default(), "it was not true yet");
        assert_eq!(of(&[piece(None, None), piece(Some("2026-06-01"), None)], "2026-05-01").until, None);
        assert_eq!(of(&[piece(None, Some("wrong"))], "2026-05-01"), Support::default(), "withdrawn counts for nothing");
        assert!(support(&dated, TeamId(2), day("2026-05-01")).is_empty());
    }

    #[test]
    fn people_are_warned_before_evidence_expires() {
        let state = |expires_on, withdrawn, on: &str| piece(expires_on, withdrawn).state_on(day(on));
        for (on, expected) in [
            ("2026-05-01", EvidenceState::Valid),
            ("2026-05-02", EvidenceState::Expiring),
            ("2026-05-31", EvidenceState::Expiring),
            ("2026-06-01", EvidenceState::Expired),
        ] {
            assert_eq!(state(Some("2026-06-01"), None, on), expected, "{on}");
            assert_eq!(state(Some("2026-06-01"), Some("wrong"), on), EvidenceState::Withdrawn);
            assert_eq!(state(None, None, on), EvidenceState::Valid);
        }
    }

    #[test]
    fn filters_narrow_down_together() {
        let found = |filter: EvidenceFilter| filter.takes(&piece(Some("2026-06-01"), None), day("2026-05-31"));
        let (expiring, other) = (Some(EvidenceState::Expiring), Some(ActivityId("b".into())));
        assert!(found(EvidenceFilter::default()));
        assert!(found(EvidenceFilter { state: expiring, text: Some("SC an".into()), ..EvidenceFilter::default() }));
        assert!(!found(EvidenceFilter { state: Some(EvidenceState::Valid), ..EvidenceFilter::default() }));
        assert!(!found(EvidenceFilter { state: expiring, activity: other, ..EvidenceFilter::default() }));
        assert!(!found(EvidenceFilter { text: Some("scan nothing".into()), ..EvidenceFilter::default() }));
    }

    #[test]
    fn versions_tell_what_became_of_them() {
        let (old, mut new) = (piece(None, None), piece(Some("2026-06-01"), Some("wrong")));
        assert_eq!(old.differences(&old), []);
        new.content.teams.push(TeamId(2));
        assert_eq!(old.differences(&new), [Aspect::Withdrawal, Aspect::ExpiresOn, Aspect::Teams]);
    }

    #[test]
    fn titles_are_those_of_what_holds() {
        let all = [piece(None, None), piece(Some("2026-06-01"), None), piece(None, Some("wrong"))];
        let titles = |team, on| valid_titles(&all, TeamId(team), day(on)).remove(&ActivityId("a".into()));
        assert_eq!(titles(1, "2026-05-31"), Some(vec!["Scan", "Scan"]));
        assert_eq!(titles(1, "2026-06-01"), Some(vec!["Scan"]));
        assert_eq!((titles(1, "2025-12-31"), titles(2, "2026-05-31")), (None, None));
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
