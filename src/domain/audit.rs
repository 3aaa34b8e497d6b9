//! The audit record: who did what, when and from where, chained so that what was changed afterwards shows.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::access::Caller;
use super::answer::{Assessment, RecordedAnswer};
use super::digits::hex;
use super::fault::FieldFault;
use super::named::Named;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// The first administrator was made with the link of the first start.
    SetUp,
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to and was refused.
    SignInRefused,
    /// Somebody signed out.
    SignedOut,
    /// Sessions were ended by somebody.
    SessionsEnded,
    /// A password was set or changed.
    PasswordSet,
    /// A link to set a password was made.
    PasswordLinkMade,
    /// An account was added.
    UserAdded,
    /// What an account may do was changed.
    UserChanged,
    /// An account was disabled.
    UserDisabled,
    /// An account was enabled again.
    UserEnabled,
    /// A token was made.
    TokenMade,
    /// It was said for which activities a token is trusted.
    TokenTrusted,
    /// A token was revoked.
    TokenRevoked,
    /// A team was added.
    TeamAdded,
    /// A team was changed.
    TeamChanged,
    /// A team was retired.
    TeamRetired,
    /// A retired team was brought back.
    TeamBroughtBack,
    /// A group was added.
    GroupAdded,
    /// A group was renamed.
    GroupRenamed,
    /// A group was removed.
    GroupRemoved,
    /// An assessment was opened.
    AssessmentOpened,
    /// Answers of a draft were recorded.
    AnswersRecorded,
    /// A person made proposals the answers of a draft.
    ProposalsTaken,
    /// A person declined proposals.
    ProposalsDeclined,
    /// What a program proposes became answers of a draft, since it is trusted.
    ProposalsTrusted,
    /// An assessment was submitted.
    AssessmentSubmitted,
    /// A submitted assessment was made a draft again.
    AssessmentReopened,
    /// Files were imported.
    Imported,
    /// Evidence was added.
    EvidenceAdded,
    /// Evidence was changed.
    EvidenceChanged,
    /// Evidence was withdrawn.
    EvidenceWithdrawn,
    /// A withdrawal of evidence was taken back.
    EvidenceRestored,
    /// A plan was saved: the first time, or another version of it.
    PlanSaved,
    /// A plan was put aside.
    PlanArchived,
    /// A plan was taken up again.
    PlanRestored,
    /// Somebody was named who takes care of a practice of a plan.
    PlanOwnerSet,
    /// A threat model was added.
    ThreatModelAdded,
    /// A threat model was changed: it has another revision.
    ThreatModelChanged,
    /// A review of a threat model was recorded, or a change of what it models.
    ThreatModelReviewed,
    /// A threat model was put aside.
    ThreatModelArchived,
    /// A threat model was taken up again.
    ThreatModelRestored,
    /// Another catalog was put to use.
    CatalogUsed,
    /// The scale, the threshold or the separation of teams was changed.
    SettingsChanged,
    /// The stages or the target profiles were changed.
    RoadmapChanged,
    /// Teams were given a target profile, or the targets of the organization.
    ProfileAssigned,
    /// A backup was made.
    BackedUp,
    /// A backup was restored.
    Restored,
}

impl Named for Deed {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("set-up", Self::SetUp),
        ("signed-in", Self::SignedIn),
        ("sign-in-refused", Self::SignInRefused),
        ("signed-out", Self::SignedOut),
        ("sessions-ended", Self::SessionsEnded),
        ("password-set", Self::PasswordSet),
        ("password-link-made", Self::PasswordLinkMade),
        ("user-added", Self::UserAdded),
        ("user-changed", Self::UserChanged),
        ("user-disabled", Self::UserDisabled),
        ("user-enabled", Self::UserEnabled),
        ("token-made", Self::TokenMade),
        ("token-trusted", Self::TokenTrusted),
        ("token-revoked", Self::TokenRevoked),
        ("team-added", Self::TeamAdded),
        ("team-changed", Self::TeamChanged),
        ("team-retired", Self::TeamRetired),
        ("team-brought-back", Self::TeamBroughtBack),
        ("group-added", Self::GroupAdded),
        ("group-renamed", Self::GroupRenamed),
        ("group-removed", Self::GroupRemoved),
        ("assessment-opened", Self::AssessmentOpened),
        ("answers-recorded", Self::AnswersRecorded),
        ("proposals-taken", Self::ProposalsTaken),
        ("proposals-declined", Self::ProposalsDeclined),
        ("proposals-trusted", Self::ProposalsTrusted),
        ("assessment-submitted", Self::AssessmentSubmitted),
        ("assessment-reopened", Self::AssessmentReopened),
        ("imported", Self::Imported),
        ("evidence-added", Self::EvidenceAdded),
        ("evidence-changed", Self::EvidenceChanged),
        ("evidence-withdrawn", Self::EvidenceWithdrawn),
        ("evidence-restored", Self::EvidenceRestored),
        ("plan-saved", Self::PlanSaved),
        ("plan-archived", Self::PlanArchived),
        ("plan-restored", Self::PlanRestored),
        ("plan-owner-set", Self::PlanOwnerSet),
        ("threat-model-added", Self::ThreatModelAdded),
        ("threat-model-changed", Self::ThreatModelChanged),
        ("threat-model-reviewed", Self::ThreatModelReviewed),
        ("threat-model-archived", Self::ThreatModelArchived),
        ("threat-model-restored", Self::ThreatModelRestored),
        ("catalog-used", Self::CatalogUsed),
        ("settings-changed", Self::SettingsChanged),
        ("roadmap-changed", Self::RoadmapChanged),
        ("profile-assigned", Self::ProfileAssigned),
        ("backed-up", Self::BackedUp),
        ("restored", Self::Restored),
    ];
}

/// Something that was done, by a caller who is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub deed: Deed,
    /// To what, in words, such as “Payments 2026-Q4”.
    pub subject: String,
    /// What else there is to know, by name. Never a secret.
    pub details: Map<String, Value>,
}

impl Event {
    /// Something that was done to something.
    pub fn new(deed: Deed, subject: impl Into<String>) -> Self {
        Self { deed, subject: subject.into(), details: Map::new() }
    }

    /// With one more thing to know.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }
}

/// A row of the audit record. Everything but the number is text, as it is kept and hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number: 1, 2, 3 … without gaps.
    pub number: i64,
    /// When, in UTC, as `2026-11-24T12:00:00.000000Z`.
    pub at: String,
    /// How the one who did it was recognized: `user`, `token`, `operator`, `demo` or `nobody`.
    pub means: String,
    /// Who did it.
    pub actor: String,
    /// From which network address; empty on the machine itself.
    pub from: String,
    /// The word of what was done.
    pub deed: String,
    /// To what.
    pub subject: String,
    /// What else there is to know, as a JSON object.
    pub details: String,
    /// The hash of this row and all before it.
    pub hash: Hash,
}

/// The SHA-256 of a row and of the hash before it, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash(String);

impl Hash {
    /// What stands before the first row.
    pub fn start() -> Self {
        Self("0".repeat(64))
    }

    /// A hash that was stored or noted.
    pub fn stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Entry {
    /// The row that follows `before`, the number and hash of the last one.
    pub fn following(before: &Head, caller: &Caller, event: &Event) -> Self {
        let mut entry = Self {
            number: before.number + 1,
            at: caller.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            means: caller.actor.means().word().to_owned(),
            actor: caller.actor.name().to_owned(),
            from: caller.from.clone(),
            deed: event.deed.name().to_owned(),
            subject: event.subject.clone(),
            details: Value::Object(event.details.clone()).to_string(),
            hash: Hash::start(),
        };
        entry.hash = entry.hash_after(&before.hash);
        entry
    }

    /// The hash that it must have after a row with this one: the SHA-256 of a JSON array of the hash
    /// before, the number as text, and the fields in their order. JSON keeps fields apart, whatever is in
    /// them, and anybody can compute it.
    pub fn hash_after(&self, before: &Hash) -> Hash {
        let number = self.number.to_string();
        let fields = [
            before.as_str(),
            &number,
            &self.at,
            &self.means,
            &self.actor,
            &self.from,
            &self.deed,
            &self.subject,
            &self.details,
        ];
        let text = Value::from(fields.to_vec()).to_string();
        Hash(hex(&Sha256::digest(text)))
    }

    /// The end of the chain when it is the last row.
    pub fn head(&self) -> Head {
        Head { number: self.number, hash: self.hash.clone() }
    }

    /// When it was; `None` if somebody put something else there.
    pub fn moment(&self) -> Option<DateTime<Utc>> {
        self.at.parse().ok()
    }

    /// A detail of it.
    pub fn detail(&self, name: &str) -> Option<Value> {
        serde_json::from_str::<Map<String, Value>>(&self.details).ok()?.remove(name)
    }
}

/// The end of the chain: what is worth noting elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the last row; 0: there is none.
    pub number: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Default for Head {
    fn default() -> Self {
        Self { number: 0, hash: Hash::start() }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

/// Reads a head as it is printed: the number, a colon and the hash.
impl std::str::FromStr for Head {
    type Err = NotAHead;

    fn from_str(text: &str) -> Result<Self, NotAHead> {
        let (number, hash) = text.trim().split_once(':').ok_or(NotAHead)?;
        let number = number.parse().map_err(|_| NotAHead)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash && number >= 0 { Ok(Self { number, hash: Hash(hash.to_lowercase()) }) } else { Err(NotAHead) }
    }
}

/// A text is not the head of an audit record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a head is a number, a colon and 64 hexadecimal digits, as `cairn audit verify` prints it")]
pub struct NotAHead;

/// Goes over a record row by row and finds what does not fit.
#[derive(Debug, Default)]
pub struct Verifier {
    head: Head,
    /// A head that was noted elsewhere, until it is found.
    noted: Option<Head>,
    faults: Vec<String>,
}

impl Verifier {
    /// One that looks for a head that was noted, too.
    pub fn new(noted: Option<Head>) -> Self {
        Self { noted: noted.filter(|head| head.number > 0), ..Self::default() }
    }

    /// Looks at the next row.
    pub fn look_at(&mut self, entry: &Entry) {
        let expected = self.head.number + 1;
        if entry.number > expected {
            let missing = if entry.number == expected + 1 {
                format!("row {expected} is")
            } else {
                format!("rows {expected} to {} are", entry.number - 1)
            };
            self.faults.push(format!("{missing} missing"));
        }
        // After a gap the row before is not known, so that it cannot be checked against it.
        if entry.number == expected && entry.hash_after(&self.head.hash) != entry.hash {
            let Entry { number, at, deed, subject, .. } = entry;
            self.faults.push(format!("row {number} ({at}, {deed}, {subject}) was altered, or stands in another place"));
        }
        if let Some(noted) = self.noted.take_if(|noted| noted.number <= entry.number)
            && (noted.number != entry.number || noted.hash != entry.hash)
        {
            self.faults.push(format!("row {} is not the one whose hash was noted", noted.number));
        }
        // The rows after an altered one are checked against what it says it is, so that each fault is told once.
        self.head = entry.head();
    }

    /// What was found, and where the record ends.
    pub fn finish(mut self) -> (Head, Vec<String>) {
        if let Some(noted) = self.noted {
            let last = self.head.number;
            self.faults.push(format!(
                "the record ends with row {last}, but row {} was noted: rows were removed",
                noted.number
            ));
        }
        (self.head, self.faults)
    }
}

/// The digest of a submitted assessment: of whom and when, in which catalog, and every answer. It is kept
/// with the submission and in the audit record, and tells whether an answer was changed behind Cairn's back.
pub fn assessment_digest(assessment: &Assessment, answers: &[RecordedAnswer]) -> String {
    let Assessment { id, team, period, catalog, .. } = assessment;
    let mut sorted: Vec<&RecordedAnswer> = answers.iter().collect();
    sorted.sort_by(|a, b| a.activity.cmp(&b.activity));
    let mut hash = Sha256::new();
    let mut line = |fields: Vec<String>| {
        hash.update(Value::from(fields).to_string());
        hash.update("\n");
    };
    line(vec![id.to_string(), team.to_string(), period.to_string(), catalog.as_str().to_owned()]);
    for recorded in sorted {
        let answer = &recorded.answer;
        let mut fields = vec![
            recorded.activity.0.clone(),
            answer.status.word().to_owned(),
            answer.status.reason().to_owned(),
            answer.note.clone(),
            answer.inherited_from.map(|team| team.to_string()).unwrap_or_default(),
            recorded.by.clone(),
            recorded.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        ];
        fields.extend(answer.since.map(|day| day.to_string()));
        line(fields);
    }
    hex(&hash.finalize())
}

/// Which rows of the record are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Done by this one.
    pub actor: Option<String>,
    /// What was done.
    pub deed: Option<Deed>,
    /// On this day or later.
    pub since: Option<chrono::NaiveDate>,
    /// On this day or before.
    pub until: Option<chrono::NaiveDate>,
    /// With these words in the subject or the details.
    pub text: Option<String>,
    /// Older than the row with this number, for paging.
    pub before: Option<i64>,
}

impl AuditFilter {
    /// How many characters the words may have that are looked for.
    pub const TEXT_LIMIT: usize = 100;

    /// What is wrong with what is wanted, each with its field.
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        if self.since.zip(self.until).is_some_and(|(since, until)| until < since) {
            faults.push(FieldFault::new("until", "the last day must not be before the first"));
        }
        if self.text.as_ref().is_some_and(|text| text.chars().count() > Self::TEXT_LIMIT) {
            faults.push(FieldFault::new("text", format!("look for at most {} characters", Self::TEXT_LIMIT)));
        }
        faults
    }
}

/// A part of the audit record as somebody looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSeen {
    /// The rows, latest first.
    pub entries: Vec<Entry>,
    /// Whether there are older ones that are wanted.
    pub more: bool,
    /// Everybody who ever did something.
    pub actors: Vec<String>,
    /// The end of the whole record.
    pub head: Head,
}

/// What a check of the record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerdict {
    /// The end of the record.
    pub head: Head,
    /// How many submitted assessments were compared with their digests.
    pub assessments: usize,
    /// What does not fit; none: all is as it was recorded.
    pub faults: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Actor;

    fn record(events: usize) -> Vec<Entry> {
        let caller = Caller { actor: Actor::operator(), at: DateTime::UNIX_EPOCH, from: String::new() };
        let mut head = Head::default();
        (0..events)
            .map(|n| {
                let event = Event::new(Deed::TeamAdded, format!("Team {n}")).with("n", n);
                let entry = Entry::following(&head, &caller, &event);
                head = entry.head();
                entry
            })
            .collect()
    }

    fn faults(entries: &[Entry], noted: Option<Head>) -> Vec<String> {
        let mut verifier = Verifier::new(noted);
        entries.iter().for_each(|entry| verifier.look_at(entry));
        verifier.finish().1
    }

    #[test]
    fn an_untouched_record_is_sound() {
        let entries = record(5);
        assert_eq!(faults(&entries, None), [""; 0]);
        assert_eq!(faults(&entries, Some(entries[2].head())), [""; 0]);
        assert_eq!(faults(&entries, Some(entries[4].head())), [""; 0]);
        assert_eq!(faults(&[], Some(Head::default())), [""; 0]);
    }

    #[test]
    fn every_field_is_held_by_the_hash() {
        let whole = record(3);
        let changes: [fn(&mut Entry); 7] = [
            |entry| entry.at.push('0'),
            |entry| entry.means = "user".into(),
            |entry| entry.actor = "Eve".into(),
            |entry| entry.from = "10.0.0.1".into(),
            |entry| entry.deed = "team-retired".into(),
            |entry| entry.subject.push('!'),
            |entry| entry.details = "{}".into(),
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut altered = whole.clone();
            change(&mut altered[1]);
            let faults = faults(&altered, None);
            assert!(faults.len() == 1 && faults[0].starts_with("row 2 ("), "{n}: {faults:?}");
        }
    }

    #[test]
    fn a_row_cannot_be_altered_with_its_hash_alone() {
        let mut entries = record(3);
        entries[1].subject = "something else".into();
        entries[1].hash = entries[1].hash_after(&entries[0].hash.clone());
        assert!(faults(&entries, None)[0].starts_with("row 3 "), "the next one does not follow any more");
    }

    #[test]
    fn removed_and_reordered_rows_are_found() {
        let entries = record(5);
        let without = |n: usize| entries.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, e)| e.clone()).collect();
        let removed: Vec<Entry> = without(1);
        assert_eq!(faults(&removed, None), ["row 2 is missing"]);
        let mut swapped = entries.clone();
        let (a, b) = (swapped[1].clone(), swapped[2].clone());
        swapped[1] = Entry { number: 2, ..b };
        swapped[2] = Entry { number: 3, ..a };
        assert!(faults(&swapped, None).len() >= 2);
        let cut = &entries[..3];
        assert_eq!(faults(cut, None), [""; 0], "the end can only be held by a note elsewhere");
        let message = "the record ends with row 3, but row 5 was noted: rows were removed";
        assert_eq!(faults(cut, Some(entries[4].head())), [message]);
    }

    #[test]
    fn a_record_that_was_written_anew_does_not_have_the_noted_hash() {
        let (mut entries, noted) = (record(4), record(4)[3].head());
        let mut head = Head::default();
        for entry in &mut entries {
            entry.actor = "Eve".into();
            entry.hash = entry.hash_after(&head.hash);
            head = entry.head();
        }
        assert_eq!(faults(&entries, None), [""; 0]);
        assert_eq!(faults(&entries, Some(noted)), ["row 4 is not the one whose hash was noted"]);
    }

    #[test]
    fn a_head_is_read_as_it_is_printed() {
        let head = record(2)[1].head();
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in ["", "2", "2:abc", "x:0", "-1:0000000000000000000000000000000000000000000000000000000000000000"] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
