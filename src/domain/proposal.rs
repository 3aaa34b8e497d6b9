//! Answers that programs propose: what a pipeline detected, beside what a person said.
//!
//! A proposal is for one activity of one team, and says one step of the progress scale. It waits for a person,
//! unless its program is trusted for the activity. The same program saying the same again is the same proposal,
//! however often; saying another step makes another, which takes the place of the one before.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::answer::{Answer, AssessmentId, RecordedAnswer, Revision, Status};
use super::catalog::ActivityId;
use super::digits;
use super::named::Named;
use super::organization::TeamId;

/// The number of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProposalId(pub i64);

impl fmt::Display for ProposalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a program found out about an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// The key of a step of the progress scale.
    pub status: String,
    /// What was found, in one line; may be empty.
    pub note: String,
    /// Where it can be seen: an address with http or https, or empty.
    pub link: String,
    /// The day on which it was so.
    pub on: NaiveDate,
}

/// An answer that a program proposes, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its number.
    pub id: ProposalId,
    /// For which team.
    pub team: TeamId,
    /// For which activity.
    pub activity: ActivityId,
    /// Who proposes it, as in the audit record.
    pub by: String,
    /// What was detected, as it was the last time.
    pub detected: Detection,
    /// The first day on which it was detected.
    pub first_on: NaiveDate,
    /// When it was told first.
    pub first_at: DateTime<Utc>,
    /// When it was told last.
    pub last_at: DateTime<Utc>,
    /// How often it was told; at least 1.
    pub times: i64,
    /// When the same program said something else; `None`: it is the last that it said.
    pub superseded_at: Option<DateTime<Utc>>,
    /// What was decided about it; `None`: nothing.
    pub decision: Option<Decision>,
}

/// What was decided about a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub verdict: Verdict,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; by the program itself, where it is trusted.
    pub by: String,
    /// Why; may be empty.
    pub reason: String,
    /// The answer that it became, unless it was declined.
    pub became: Option<(AssessmentId, Revision)>,
}

/// How it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A person made it the answer.
    Taken,
    /// It became the answer by itself, since the program is trusted for the activity.
    Trusted,
    /// A person did not want it.
    Declined,
}

impl Named for Verdict {
    const NAMED: &'static [(&'static str, Self)] =
        &[("taken", Self::Taken), ("trusted", Self::Trusted), ("declined", Self::Declined)];
}

/// How a proposal stands to the present answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bearing {
    /// It says something else, and nobody has decided about it.
    Waits,
    /// It says what the answer says.
    Confirms,
    /// It says something else, and somebody has decided about it.
    Contradicts,
    /// The program itself says something else by now.
    Replaced,
}

impl Named for Bearing {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("waiting", Self::Waits),
        ("confirmed", Self::Confirms),
        ("contradicting", Self::Contradicts),
        ("replaced", Self::Replaced),
    ];
}

impl Proposal {
    /// How many characters a note may have. It goes into the note of an answer, beside what a person wrote.
    pub const NOTE_LIMIT: usize = 1_000;
    /// How many characters the reason for declining it may have.
    pub const REASON_LIMIT: usize = 1_000;
    /// How many proposals of one program may wait for a decision.
    pub const OPEN_LIMIT: usize = 5_000;
    /// How many of what one program said about one activity of a team are kept, the last one included.
    pub const KEPT: usize = 20;

    /// How it stands to an answer.
    pub fn bearing(&self, answer: Option<&Status>) -> Bearing {
        match (&self.superseded_at, &self.decision) {
            (Some(_), _) => Bearing::Replaced,
            _ if says(answer, &self.detected.status) => Bearing::Confirms,
            (None, None) => Bearing::Waits,
            (None, Some(_)) => Bearing::Contradicts,
        }
    }

    /// Whether it speaks about a quarter that ends on a day: it was detected by then.
    pub fn is_of(&self, last_day: NaiveDate) -> bool {
        self.first_on <= last_day
    }

    /// Whether it was detected after an answer was given.
    pub fn is_later_than(&self, answer: &RecordedAnswer) -> bool {
        self.detected.on > answer.at.date_naive()
    }

    /// The note of an answer that it becomes: what the note said before, and where the answer comes from. What an
    /// earlier proposal of the same program left there goes. What a person wrote is never cut off.
    pub fn note_for(&self, before: &str) -> String {
        let beginning = format!("Detected by {} on ", self.by);
        let kept: Vec<&str> = before.lines().filter(|line| !line.starts_with(&beginning)).collect();
        let kept = kept.join("\n").trim().to_owned();
        let origin = format!("{beginning}{}", digits::written(self.detected.on));
        let details = [&self.detected.note, &self.detected.link].map(String::as_str);
        let details: Vec<&str> = details.into_iter().filter(|text| !text.is_empty()).collect();
        let whole = if details.is_empty() { origin.clone() } else { format!("{origin}: {}", details.join(" ")) };
        let with = |line: &str| if kept.is_empty() { line.to_owned() } else { format!("{kept}\n{line}") };
        let fits = |note: &String| note.chars().count() <= Answer::NOTE_LIMIT;
        [with(&whole), with(&origin)].into_iter().find(fits).unwrap_or(kept)
    }
}

/// Whether an answer says a step.
fn says(answer: Option<&Status>, step: &str) -> bool {
    matches!(answer, Some(Status::Step(key)) if key == step)
}

/// What the proposals of some programs come to for one activity, or for all of a team.
pub type Detections = HashMap<ActivityId, Vec<Proposal>>;

/// What there is when a program proposes something.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The last that the same program said about the activity of the team.
    pub last: Option<&'a Proposal>,
    /// The draft of the present quarter, if there is one.
    pub draft: Option<AssessmentId>,
    /// What the assessment of the present quarter says.
    pub answer: Option<&'a RecordedAnswer>,
    /// Whether the program is trusted for the activity.
    pub is_trusted: bool,
}

/// What becomes of something that a program proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing: the program itself said something else of a later day.
    Outdated,
    /// It is the last that was said, once more.
    SeenAgain,
    /// It is a new one.
    New,
}

/// What becomes of a detection, and whether it is put into the draft.
///
/// What somebody decided about in this assessment stays decided: the same step does not ask again, and a program
/// that is trusted does not put in again what a person changed since. Declined stays declined in later quarters,
/// until the program says another step.
pub fn fate(ground: Ground<'_>, detection: &Detection) -> (Fate, bool) {
    let is_wanted = is_wanted(ground, detection);
    let enters = is_wanted && may_enter(ground, detection);
    let Some(last) = ground.last else { return (Fate::New, enters) };
    if last.detected.status != detection.status {
        let is_older = detection.on < last.detected.on;
        return if is_older { (Fate::Outdated, false) } else { (Fate::New, enters) };
    }
    let decided_in = last.decision.as_ref().and_then(|decision| decision.became).map(|(assessment, _)| assessment);
    match (&last.decision, decided_in, ground.draft) {
        (None, ..) => (Fate::SeenAgain, enters),
        (_, Some(earlier), Some(draft)) if is_wanted && earlier != draft => (Fate::New, enters),
        _ => (Fate::SeenAgain, false),
    }
}

/// Whether it says more than the answer: another step or, where the program is trusted, that what was taken over from
/// the quarter before is still so.
fn is_wanted(ground: Ground<'_>, detection: &Detection) -> bool {
    let answer = ground.answer.map(|recorded| &recorded.answer);
    let is_unconfirmed = answer.is_some_and(|answer| answer.carried);
    !says(answer.map(|answer| &answer.status), &detection.status) || ground.is_trusted && is_unconfirmed
}

/// Whether it goes into the draft without a person. What a person said of a later day stays, and so does what only a
/// person can say: that it does not apply, or that another team provides it.
fn may_enter(ground: Ground<'_>, detection: &Detection) -> bool {
    let leaves_room = |recorded: &RecordedAnswer| {
        let Answer { status, inherited_from, .. } = &recorded.answer;
        let is_a_persons = matches!(status, Status::NotApplicable { .. }) || inherited_from.is_some();
        !is_a_persons && recorded.at.date_naive() <= detection.on
    };
    ground.is_trusted && ground.draft.is_some() && ground.answer.is_none_or(leaves_room)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn detection(status: &str, on: &str) -> Detection {
        Detection { status: status.into(), note: String::new(), link: String::new(), on: day(on) }
    }

    fn proposal(status: &str, on: &str) -> Proposal {
        Proposal {
            id: ProposalId(1),
            team: TeamId(1),
            activity: ActivityId("a".into()),
            by: "token ci".into(),
            detected: detection(status, on),
            first_on: day(on),
            first_at: DateTime::UNIX_EPOCH,
            last_at: DateTime::UNIX_EPOCH,
            times: 1,
            superseded_at: None,
            decision: None,
        }
    }

    fn decided(verdict: Verdict, assessment: Option<i64>) -> Proposal {
        let became = assessment.map(|id| (AssessmentId(id), Revision(1)));
        let decision = Decision { verdict, at: DateTime::UNIX_EPOCH, by: "Ada".into(), reason: String::new(), became };
        Proposal { decision: Some(decision), ..proposal("started", "2026-11-01") }
    }

    fn answer(status: Status, at: &str) -> RecordedAnswer {
        RecordedAnswer {
            revision: Revision(7),
            activity: ActivityId("a".into()),
            answer: Answer { status, ..Answer::default() },
            by: "Ada".into(),
            at: day(at).and_time(chrono::NaiveTime::MIN).and_utc(),
        }
    }

    fn step(key: &str) -> Status {
        Status::Step(key.into())
    }

    const NOTHING: Ground<'static> =
        Ground { last: None, draft: Some(AssessmentId(5)), answer: None, is_trusted: false };

    #[test]
    fn a_proposal_waits_until_the_answer_says_the_same_or_somebody_decided() {
        let open = proposal("started", "2026-11-01");
        assert_eq!(open.bearing(None), Bearing::Waits);
        assert_eq!(open.bearing(Some(&step("done"))), Bearing::Waits);
        assert_eq!(open.bearing(Some(&step("started"))), Bearing::Confirms);
        let declined = decided(Verdict::Declined, None);
        assert_eq!(declined.bearing(Some(&step("done"))), Bearing::Contradicts);
        assert_eq!(declined.bearing(Some(&step("started"))), Bearing::Confirms);
        let replaced = Proposal { superseded_at: Some(DateTime::UNIX_EPOCH), ..open };
        assert_eq!(replaced.bearing(Some(&step("started"))), Bearing::Replaced);
    }

    #[test]
    fn what_is_said_again_is_the_same_proposal() {
        let (open, declined) = (proposal("started", "2026-11-01"), decided(Verdict::Declined, None));
        let again = detection("started", "2026-11-20");
        for last in [&open, &declined, &decided(Verdict::Taken, Some(5)), &decided(Verdict::Trusted, Some(5))] {
            assert_eq!(fate(Ground { last: Some(last), ..NOTHING }, &again), (Fate::SeenAgain, false));
            let other = fate(Ground { last: Some(last), ..NOTHING }, &detection("done", "2026-11-20"));
            assert_eq!(other, (Fate::New, false), "another step is another proposal");
            let older = fate(Ground { last: Some(last), ..NOTHING }, &detection("done", "2026-10-31"));
            assert_eq!(older, (Fate::Outdated, false));
        }
        // What was taken in the quarter before asks again where the new draft says something else.
        let earlier = decided(Verdict::Taken, Some(4));
        assert_eq!(fate(Ground { last: Some(&earlier), ..NOTHING }, &again), (Fate::New, false));
        let same = answer(step("started"), "2026-11-01");
        let ground = Ground { last: Some(&earlier), answer: Some(&same), ..NOTHING };
        assert_eq!(fate(ground, &again), (Fate::SeenAgain, false));
    }

    #[test]
    fn what_is_trusted_goes_into_a_draft_and_past_nobody() {
        let again = detection("started", "2026-11-20");
        let trusted = Ground { is_trusted: true, ..NOTHING };
        assert_eq!(fate(trusted, &again), (Fate::New, true));
        assert_eq!(fate(Ground { draft: None, ..trusted }, &again), (Fate::New, false));
        let open = proposal("started", "2026-11-01");
        assert_eq!(fate(Ground { last: Some(&open), ..trusted }, &again), (Fate::SeenAgain, true));
        let with = |answer: &RecordedAnswer| fate(Ground { answer: Some(answer), ..trusted }, &again);
        assert_eq!(with(&answer(step("done"), "2026-11-20")), (Fate::New, true));
        assert_eq!(with(&answer(step("done"), "2026-11-21")), (Fate::New, false), "a person said so later");
        assert_eq!(with(&answer(step("started"), "2026-11-01")), (Fate::New, false), "it says so already");
        let no = Status::NotApplicable { reason: "no".into() };
        assert_eq!(with(&answer(no, "2026-11-01")), (Fate::New, false));
        let mut provided = answer(step("done"), "2026-11-01");
        provided.answer.inherited_from = Some(TeamId(2));
        assert_eq!(with(&provided), (Fate::New, false));
        // What was taken over from the quarter before is confirmed.
        let mut carried = answer(step("started"), "2026-11-01");
        carried.answer.carried = true;
        assert_eq!(with(&carried), (Fate::New, true));
        let earlier = decided(Verdict::Trusted, Some(4));
        let ground = Ground { last: Some(&earlier), answer: Some(&carried), ..trusted };
        assert_eq!(fate(ground, &again), (Fate::New, true));
        assert_eq!(fate(Ground { is_trusted: false, ..ground }, &again), (Fate::SeenAgain, false));
        // A person changed it since, or declined it.
        let changed = answer(step("done"), "2026-11-10");
        for last in [decided(Verdict::Trusted, Some(5)), decided(Verdict::Declined, None)] {
            let ground = Ground { last: Some(&last), answer: Some(&changed), ..trusted };
            assert_eq!(fate(ground, &again), (Fate::SeenAgain, false));
        }
    }

    #[test]
    fn the_note_says_where_the_answer_comes_from_once() {
        let mut taken = proposal("started", "2026-11-01");
        assert_eq!(taken.note_for(""), "Detected by token ci on 1 Nov 2026");
        let first = taken.note_for("We scan everything.");
        assert_eq!(first, "We scan everything.\nDetected by token ci on 1 Nov 2026");
        taken.detected.on = day("2026-11-20");
        (taken.detected.note, taken.detected.link) = ("12 rules".into(), "https://ci.example/1".into());
        let again = taken.note_for(&first);
        assert_eq!(again, "We scan everything.\nDetected by token ci on 20 Nov 2026: 12 rules https://ci.example/1");
        let long = "x".repeat(Answer::NOTE_LIMIT - 40);
        assert_eq!(taken.note_for(&long), format!("{long}\nDetected by token ci on 20 Nov 2026"));
        let full = "x".repeat(Answer::NOTE_LIMIT);
        assert_eq!(taken.note_for(&full), full);
    }

    proptest! {
        #[test]
        fn a_note_fits_and_keeps_what_a_person_wrote(before in "[a-z \n]{0,200}", note in "[a-z]{0,1000}", times in 1..4) {
            let mut taken = proposal("started", "2026-11-01");
            taken.detected.note = note;
            let mut text = before.clone();
            for _ in 0..times {
                text = taken.note_for(&text);
            }
            prop_assert!(text.chars().count() <= Answer::NOTE_LIMIT);
            prop_assert!(text.starts_with(before.trim()));
            prop_assert_eq!(text.matches("Detected by token ci").count(), 1);
            prop_assert_eq!(taken.note_for(&text), text);
        }

        #[test]
        fn what_was_decided_in_a_draft_is_not_put_in_again(
            status in "[ab]", trusted: bool, said in proptest::option::of("[abc]"), verdict in 0..3_usize,
        ) {
            let last = Proposal {
                detected: detection(&status, "2026-11-01"),
                ..decided(Verdict::NAMED[verdict].1, (verdict < 2).then_some(5))
            };
            let answer = said.map(|said| answer(step(&said), "2026-11-02"));
            let ground = Ground { last: Some(&last), answer: answer.as_ref(), is_trusted: trusted, ..NOTHING };
            prop_assert_eq!(fate(ground, &detection(&status, "2026-11-20")), (Fate::SeenAgain, false));
        }
    }
}
