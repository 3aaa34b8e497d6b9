//! Assessments and the answers in them.

use std::fmt;
use std::ops::{AddAssign, Range, SubAssign};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::catalog::{Activity, ActivityId, ActivityIndex, Catalog, CatalogDigest};
use super::organization::{TeamId, tidy_text};
use super::period::Period;
use super::scale::{Percent, ProgressScale};

/// The number of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AssessmentId(pub i64);

impl fmt::Display for AssessmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One team in one period against one catalog. A draft until it is submitted, immutable after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Its number.
    pub id: AssessmentId,
    /// The team assessed.
    pub team: TeamId,
    /// The quarter it speaks about.
    pub period: Period,
    /// The catalog whose activities were asked.
    pub catalog: CatalogDigest,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When and by whom it was submitted; `None` while it is a draft.
    pub submitted: Option<Submission>,
}

/// The end of an assessment's time as a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// How a submitted assessment became a draft again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reopening {
    /// The submission that it took back.
    pub submission: Submission,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Why; never empty.
    pub reason: String,
}

impl Reopening {
    /// How many characters the reason may have.
    pub const REASON_LIMIT: usize = 2_000;
}

/// What an answer says about an activity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing was said, or what was said was taken back.
    Unanswered,
    /// The activity makes no sense for this team.
    NotApplicable {
        /// Why; never empty.
        reason: String,
    },
    /// A step of the progress scale, by its key.
    Step(String),
}

impl Status {
    /// The word of files and forms for an answer that says nothing.
    pub const UNANSWERED: &'static str = "unanswered";
    /// The word of files and forms for an activity that does not apply.
    pub const NOT_APPLICABLE: &'static str = "not_applicable";
    /// How many characters a reason may have.
    pub const REASON_LIMIT: usize = 2_000;

    /// Reads the word of a file or form. The reason belongs to `not_applicable` and to no other.
    pub fn parse(word: &str, reason: &str, scale: &ProgressScale) -> Result<Self, NotAStatus> {
        let reason = tidy_text(reason, Self::REASON_LIMIT).map_err(|e| NotAStatus::Reason(e.to_string()))?;
        match word {
            Self::NOT_APPLICABLE if reason.is_empty() => Err(NotAStatus::ReasonMissing),
            Self::NOT_APPLICABLE => Ok(Self::NotApplicable { reason }),
            _ if !reason.is_empty() => Err(NotAStatus::ReasonStray),
            "" | Self::UNANSWERED => Ok(Self::Unanswered),
            step if scale.step(step).is_some() => Ok(Self::Step(step.to_owned())),
            other => Err(NotAStatus::Word {
                found: other.chars().take(60).collect(),
                known: scale.steps().iter().map(|step| step.key.clone()).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// The word of files and forms.
    pub fn word(&self) -> &str {
        match self {
            Self::Unanswered => Self::UNANSWERED,
            Self::NotApplicable { .. } => Self::NOT_APPLICABLE,
            Self::Step(key) => key,
        }
    }

    /// Why it does not apply; empty unless it is `not_applicable`.
    pub fn reason(&self) -> &str {
        match self {
            Self::NotApplicable { reason } => reason,
            Self::Unanswered | Self::Step(_) => "",
        }
    }
}

/// Why words do not make a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAStatus {
    /// No step of the scale is called so.
    #[error("“{found}” is not a status; use one of {known}, not_applicable or unanswered")]
    Word {
        /// What was found.
        found: String,
        /// The steps of the scale.
        known: String,
    },
    /// Not applicable without a reason.
    #[error("not applicable needs a reason, so that others can follow it")]
    ReasonMissing,
    /// A reason beside another status.
    #[error("a reason for not applicable is given, but the status is another one; move the text to the note")]
    ReasonStray,
    /// The reason is too long or has control characters.
    #[error("the reason: {0}")]
    Reason(String),
}

/// What is recorded about one activity in one assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub status: Status,
    /// What the person added; may be empty.
    pub note: String,
    /// The team whose answer was taken over, when it provides this activity for others.
    pub inherited_from: Option<TeamId>,
    /// Whether it was taken over from the assessment before and nobody has touched it since.
    pub carried: bool,
    /// The day from which it was so, where somebody said it; `None`: only when it was recorded is known.
    /// It stays for as long as the status does.
    pub since: Option<NaiveDate>,
}

impl Answer {
    /// How many characters a note may have.
    pub const NOTE_LIMIT: usize = 10_000;

    /// Whether a person would take it for the same answer: equal but for how it came here.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.status == other.status && self.note == other.note
    }

    /// Whether there is nothing in it: as good as no answer.
    pub fn is_blank(&self) -> bool {
        self.status == Status::Unanswered && self.note.is_empty() && self.inherited_from.is_none()
    }
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: Status::Unanswered, note: String::new(), inherited_from: None, carried: false, since: None }
    }
}

/// The number of a recorded answer. Later records have greater numbers; 0 stands for “none yet”.
/// Whoever changes an answer says which record they saw, so that nobody overwrites unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Revision(pub i64);

/// An answer as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// Which record this is.
    pub revision: Revision,
    /// The activity it is about.
    pub activity: ActivityId,
    /// What was recorded.
    pub answer: Answer,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A record in the history of one activity of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAnswer {
    /// The assessment that it belongs to.
    pub assessment: AssessmentId,
    /// The quarter of that assessment.
    pub period: Period,
    /// What was recorded.
    pub recorded: RecordedAnswer,
    /// When the next record took its place; `None`: it is the last one of its assessment.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// An answer that somebody else changed since the caller saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub name: String,
    /// What is recorded now.
    pub theirs: RecordedAnswer,
    /// Whether the caller entered something else for it, rather than wanting to set it with others, to
    /// confirm it or to take it from another team.
    pub touched: bool,
}

/// What an activity is worth in one assessment, as far as scoring cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Counts as 0 and is counted as unanswered.
    Unanswered,
    /// Is left out.
    NotApplicable,
    /// Counts as the worth of its step.
    Worth(Percent),
}

impl Mark {
    /// Whether somebody says that something is done, be it in part.
    pub fn is_claim(self) -> bool {
        matches!(self, Self::Worth(1..))
    }

    /// What the word of a status stands for under a scale. A step that the scale does not have counts as nothing.
    pub fn of_word(word: &str, scale: &ProgressScale) -> Self {
        match word {
            Status::UNANSWERED => Self::Unanswered,
            Status::NOT_APPLICABLE => Self::NotApplicable,
            step => Self::Worth(scale.step(step).map_or(0, |step| step.percent)),
        }
    }

    /// The word of files for the status that it stands for under the scale that it was made with.
    pub fn word(self, scale: &ProgressScale) -> &str {
        match self {
            Self::Unanswered => Status::UNANSWERED,
            Self::NotApplicable => Status::NOT_APPLICABLE,
            Self::Worth(percent) => scale.step_worth(percent).map_or("", |step| &step.key),
        }
    }
}

impl Mark {
    /// The status that it stands for under the scale that it was made with. Reasons are not among it.
    pub fn status(self, scale: &ProgressScale) -> Status {
        match self {
            Self::Unanswered => Status::Unanswered,
            Self::NotApplicable => Status::NotApplicable { reason: String::new() },
            Self::Worth(_) => Status::Step(self.word(scale).to_owned()),
        }
    }
}

/// The marks of one assessment: one for each activity of a catalog, in its order. Each takes one byte, since an
/// organization with some years of assessments has millions of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet(Box<[MarkByte]>);

/// A mark as one byte: its percentage, or one of two numbers that are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MarkByte(u8);

impl MarkByte {
    const NOT_APPLICABLE: Self = Self(u8::MAX - 1);
    const UNANSWERED: Self = Self(u8::MAX);
}

impl From<Mark> for MarkByte {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Unanswered => Self::UNANSWERED,
            Mark::NotApplicable => Self::NOT_APPLICABLE,
            Mark::Worth(percent) => Self(percent),
        }
    }
}

impl From<MarkByte> for Mark {
    fn from(byte: MarkByte) -> Self {
        match byte {
            MarkByte::UNANSWERED => Self::Unanswered,
            MarkByte::NOT_APPLICABLE => Self::NotApplicable,
            MarkByte(percent) => Self::Worth(percent),
        }
    }
}

/// Marks, counted: those of one activity in the sheets of some teams, or of some activities in one sheet. Whole
/// percentages add up exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MarkSum {
    pub(super) marks: u32,
    pub(super) applicable: u32,
    pub(super) unanswered: u32,
    pub(super) percent: u32,
}

impl From<Mark> for MarkSum {
    fn from(mark: Mark) -> Self {
        PackedSum::from(MarkByte::from(mark)).into()
    }
}

/// A [`MarkSum`] of some thousand marks in one number, whose four counts one addition adds to. From its low bits on: 22
/// for the percentages, then 14 for each of the marks, the applicable and the unanswered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PackedSum(u64);

impl PackedSum {
    /// How many marks can be counted without a count that reaches into the next.
    pub(super) const MOST: usize = (1 << 14) - 1;

    /// What each mark counts, by its byte.
    #[expect(clippy::indexing_slicing, reason = "computed by the compiler, which would say so")]
    const OF_BYTES: [u64; 256] = {
        let mut of_bytes = [0; 256];
        let mut byte = 0;
        while byte < of_bytes.len() {
            let is_applicable = byte != MarkByte::NOT_APPLICABLE.0 as usize;
            let is_unanswered = byte == MarkByte::UNANSWERED.0 as usize;
            let percent = if byte <= 100 { byte as u64 } else { 0 };
            of_bytes[byte] = percent | 1 << 22 | (is_applicable as u64) << 36 | (is_unanswered as u64) << 50;
            byte += 1;
        }
        of_bytes
    };
}

impl From<MarkByte> for PackedSum {
    fn from(byte: MarkByte) -> Self {
        // Looked up, since to guess which mark comes next takes longer.
        Self(Self::OF_BYTES.get(usize::from(byte.0)).copied().unwrap_or_default())
    }
}

impl AddAssign for PackedSum {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }
}

impl From<PackedSum> for MarkSum {
    fn from(PackedSum(sum): PackedSum) -> Self {
        let part = |first: u32, bits: u32| u32::try_from(sum >> first & ((1 << bits) - 1)).unwrap_or(u32::MAX);
        Self { percent: part(0, 22), marks: part(22, 14), applicable: part(36, 14), unanswered: part(50, 14) }
    }
}

impl AddAssign for MarkSum {
    fn add_assign(&mut self, other: Self) {
        self.marks += other.marks;
        self.applicable += other.applicable;
        self.unanswered += other.unanswered;
        self.percent += other.percent;
    }
}

impl SubAssign for MarkSum {
    /// Takes back what was added.
    fn sub_assign(&mut self, other: Self) {
        self.marks = self.marks.saturating_sub(other.marks);
        self.applicable = self.applicable.saturating_sub(other.applicable);
        self.unanswered = self.unanswered.saturating_sub(other.unanswered);
        self.percent = self.percent.saturating_sub(other.percent);
    }
}

impl FromIterator<Mark> for Sheet {
    fn from_iter<I: IntoIterator<Item = Mark>>(marks: I) -> Self {
        Self(marks.into_iter().map(MarkByte::from).collect())
    }
}

impl Sheet {
    /// The sheet of some answers. Activities without one are unanswered; answers to activities that
    /// the catalog does not have are left aside, and a step that the scale does not have is worth nothing.
    pub fn new<'a>(
        catalog: &Catalog,
        scale: &ProgressScale,
        answers: impl IntoIterator<Item = (&'a ActivityId, &'a Status)>,
    ) -> Self {
        let mut marks = vec![Mark::Unanswered; catalog.len()];
        for (id, status) in answers {
            if let Some(mark) = catalog.find(id).and_then(|index| marks.get_mut(index.position())) {
                *mark = Mark::of_word(status.word(), scale);
            }
        }
        marks.into_iter().collect()
    }

    /// The marks, in the order of the catalog.
    pub fn marks(&self) -> impl ExactSizeIterator<Item = Mark> {
        self.0.iter().map(|&byte| byte.into())
    }

    /// The marks of some activities, each as a sum of one, to be added to at most [`PackedSum::MOST`] others.
    pub(super) fn counted(&self, place: Range<usize>) -> impl ExactSizeIterator<Item = PackedSum> {
        self.0.get(place).unwrap_or_default().iter().map(|&byte| byte.into())
    }

    /// The mark of one activity.
    pub fn mark(&self, index: ActivityIndex) -> Mark {
        self.0.get(index.position()).map_or(Mark::Unanswered, |&byte| byte.into())
    }

    /// The same marks, but for some activities that have others.
    pub fn with(&self, others: impl IntoIterator<Item = (ActivityIndex, Mark)>) -> Self {
        let mut marks = self.0.clone();
        for (index, mark) in others {
            if let Some(slot) = marks.get_mut(index.position()) {
                *slot = mark.into();
            }
        }
        Self(marks)
    }

    /// The same marks, but for activities that apply in only one of two sheets of the same catalog: these are
    /// as in the other one.
    pub fn with_applicability_of(&self, other: &Self) -> Self {
        let applies = |mark: Mark| mark != Mark::NotApplicable;
        let pairs = self.marks().zip(other.marks());
        pairs.map(|(mine, theirs)| if applies(mine) == applies(theirs) { mine } else { theirs }).collect()
    }

    /// The same marks for another catalog, matched by the ids of the activities.
    pub fn translated(&self, from: &Catalog, to: &Catalog) -> Self {
        if from.digest() == to.digest() {
            return self.clone();
        }
        let mark_of = |activity: &Activity| from.find(&activity.id).map_or(Mark::Unanswered, |index| self.mark(index));
        to.activities().map(|(_, activity)| mark_of(activity)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::samples;

    #[test]
    fn a_status_is_read_as_it_is_written() {
        let scale = ProgressScale::default();
        for (word, reason) in [("unanswered", ""), ("not_applicable", "no containers"), ("started", "")] {
            let status = Status::parse(word, reason, &scale).unwrap();
            assert_eq!((status.word(), status.reason()), (word, reason));
        }
        assert_eq!(Status::parse("", "", &scale), Ok(Status::Unanswered));
        assert_eq!(Status::parse("not_applicable", "  ", &scale), Err(NotAStatus::ReasonMissing));
        assert_eq!(Status::parse("started", "because", &scale), Err(NotAStatus::ReasonStray));
        let message = Status::parse("done", "", &scale).unwrap_err().to_string();
        assert!(message.contains("partly_implemented, fully_implemented"), "{message}");
    }

    #[test]
    fn as_many_marks_as_can_be_counted_are_counted_apart() {
        for mark in [Mark::Worth(100), Mark::Worth(0), Mark::NotApplicable, Mark::Unanswered] {
            let (mut packed, mut plain) = (PackedSum::default(), MarkSum::default());
            for _ in 0..PackedSum::MOST {
                packed += MarkByte::from(mark).into();
                plain += MarkSum {
                    marks: 1,
                    applicable: u32::from(mark != Mark::NotApplicable),
                    unanswered: u32::from(mark == Mark::Unanswered),
                    percent: if let Mark::Worth(percent) = mark { percent.into() } else { 0 },
                };
            }
            assert_eq!(MarkSum::from(packed), plain, "{mark:?}");
        }
    }

    #[test]
    fn a_sheet_follows_its_activities_into_another_catalog() {
        let from = samples::catalog(&[&[1, 2]]);
        let to = samples::catalog(&[&[1], &[2, 3]]);
        let scale = ProgressScale::default();
        let (first, second) = (ActivityId("a0".into()), ActivityId("a1".into()));
        let done = Status::Step("fully_implemented".into());
        let not_here = Status::NotApplicable { reason: "no".into() };
        let sheet = Sheet::new(&from, &scale, [(&first, &done), (&second, &not_here)]);
        let marks = |sheet: Sheet| sheet.marks().collect::<Vec<_>>();
        assert_eq!(marks(sheet.clone()), [Mark::Worth(100), Mark::NotApplicable]);
        assert_eq!(marks(sheet.translated(&from, &to)), [Mark::Worth(100), Mark::NotApplicable, Mark::Unanswered]);
    }
}
