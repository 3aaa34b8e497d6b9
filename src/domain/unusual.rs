//! What somebody should look at: assessments that differ from what is usual in a way that may have a good
//! reason, and mostly has. Rules, not judgements.
//!
//! Only assessments of the quarter looked at are examined, each in the catalog that it was made with.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::answer::{AssessmentId, Mark, Sheet};
use super::catalog::{ActivityId, Catalog};
use super::evidence::Support;
use super::organization::TeamId;
use super::period::Period;
use super::scoring::{Measure, Threshold, overall};
use super::standing::Overview;

/// By how much a score must rise in the quarter to be a large rise.
pub const RISE_SCORE: f64 = 0.5;

/// How many activities that are raised to fully implemented in the quarter are a large rise, too.
pub const RISE_ACTIVITIES: usize = 10;

/// A large rise is listed when less than one in so many raised answers has valid evidence.
pub const EVIDENCE_ONE_IN: usize = 3;

/// By how many percentage points the share of not applicable must rise in the quarter.
pub const NOT_APPLICABLE_POINTS: u64 = 5;

/// Or in how many quarters in a row it must have risen at all.
pub const NOT_APPLICABLE_QUARTERS: usize = 3;

/// How many answers that are recorded just before the submission are many.
pub const BULK_ANSWERS: usize = 30;

/// How many minutes before the submission are just before it.
pub const BULK_MINUTES: i64 = 15;

/// What is computed may miss a threshold by this much and still reach it.
const TOLERANCE: f64 = 1e-9;

/// What was found in a quarter.
#[derive(Debug, Clone)]
pub struct Unusual {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// How many teams have an assessment of the quarter, and were looked at.
    pub examined: usize,
    /// Large rises of which little is shown by evidence, the largest first.
    pub rises: Vec<Rise>,
    /// Growing shares of not applicable, the largest growth first.
    pub not_applicable: Vec<NotApplicableGrowth>,
    /// Many answers just before the submission, the most first.
    pub bulk: Vec<BulkEdit>,
}

/// What was found of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// The assessment that was examined.
    pub assessment: AssessmentId,
}

/// A team with what it said in the quarter looked at and before.
#[derive(Debug, Clone)]
pub struct Course {
    /// The team.
    pub who: Who,
    /// Where it stood in the quarter looked at, in the one before, and so on, as far back as it was
    /// assessed; at most [`Course::QUARTERS`].
    pub quarters: Vec<Said>,
}

impl Course {
    /// How many quarters are looked at: the last one and those that its shares are compared with.
    pub const QUARTERS: usize = NOT_APPLICABLE_QUARTERS + 1;
}

/// What a team stood on in a quarter.
#[derive(Debug, Clone)]
pub struct Said {
    /// The quarter of the assessment, which may be an earlier one.
    pub assessed: Period,
    /// The catalog that it was made with.
    pub catalog: Arc<Catalog>,
    /// The marks, in the order of that catalog.
    pub sheet: Arc<Sheet>,
}

impl Said {
    fn share(&self) -> Share {
        let marks = self.sheet.marks();
        let asked = marks.len();
        let not_applicable = marks.filter(|mark| *mark == Mark::NotApplicable).count();
        Share { assessed: self.assessed, not_applicable, asked }
    }
}

/// A large rise of which little is shown by evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Rise {
    /// Who.
    pub who: Who,
    /// Since the assessment of which quarter.
    pub since: Period,
    /// The score of the whole then, of what was asked both times.
    pub before: f64,
    /// The score now.
    pub now: f64,
    /// The activities whose answers claim more than before.
    pub raised: Vec<ActivityId>,
    /// How many of them are fully implemented now.
    pub to_full: usize,
    /// How many of them have valid evidence.
    pub with_evidence: usize,
}

impl Rise {
    /// The rise of a team's score within the quarter, if it is large. What the catalog of then did not ask
    /// is no rise. Nobody has looked for evidence yet.
    pub fn of(course: &Course, threshold: Threshold) -> Option<Self> {
        let [now, before, ..] = course.quarters.as_slice() else { return None };
        let catalog = &now.catalog;
        let (mut earlier, mut raised, mut to_full) = (Vec::new(), Vec::new(), 0);
        for (index, activity) in catalog.activities() {
            let mark = now.sheet.mark(index);
            let Some(then) = before.catalog.find(&activity.id).map(|index| before.sheet.mark(index)) else {
                earlier.push(mark);
                continue;
            };
            earlier.push(then);
            if claim(mark) > claim(then) {
                raised.push(activity.id.clone());
                to_full += usize::from(mark == Mark::Worth(100));
            }
        }
        let score = |marks: &mut dyn Iterator<Item = Mark>| overall(catalog, marks.map(Measure::from), threshold).score;
        let (before_score, now_score) = (score(&mut earlier.into_iter()), score(&mut now.sheet.marks()));
        let is_large = now_score - before_score + TOLERANCE >= RISE_SCORE || to_full >= RISE_ACTIVITIES;
        (is_large && !raised.is_empty()).then(|| Self {
            who: course.who.clone(),
            since: before.assessed,
            before: before_score,
            now: now_score,
            raised,
            to_full,
            with_evidence: 0,
        })
    }

    /// The rise, if too little of it is shown by valid evidence.
    pub fn without_evidence(mut self, support: &HashMap<ActivityId, Support>) -> Option<Self> {
        let has_evidence = |id: &&ActivityId| support.get(*id).is_some_and(|found| found.valid > 0);
        self.with_evidence = self.raised.iter().filter(has_evidence).count();
        (self.with_evidence * EVIDENCE_ONE_IN < self.raised.len()).then_some(self)
    }
}

/// What an answer claims to be done, in percent: nothing where it does not apply.
fn claim(mark: Mark) -> u8 {
    match mark {
        Mark::Unanswered | Mark::NotApplicable => 0,
        Mark::Worth(percent) => percent,
    }
}

/// How many of the answers said that an activity does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// In the assessment of which quarter.
    pub assessed: Period,
    /// How many do not apply.
    pub not_applicable: usize,
    /// Of how many that were asked.
    pub asked: usize,
}

impl Share {
    /// The share in [0, 1].
    pub fn of_all(self) -> f64 {
        if self.asked == 0 { 0.0 } else { self.not_applicable as f64 / self.asked as f64 }
    }

    /// Whether it is greater than another by at least so many percentage points; with 0: greater at all.
    fn exceeds(self, other: Self, points: u64) -> bool {
        let [mine, all, theirs, of] =
            [self.not_applicable, self.asked, other.not_applicable, other.asked].map(|n| n as u64);
        mine * of > theirs * all && (mine * of).saturating_sub(theirs * all) * 100 >= points * all * of
    }
}

/// A share of not applicable that grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotApplicableGrowth {
    /// Who.
    pub who: Who,
    /// The shares, the latest first: as many as were compared.
    pub shares: Vec<Share>,
}

impl NotApplicableGrowth {
    /// The growth of a team's share, if it is large in the quarter or goes on for several.
    pub fn of(course: &Course) -> Option<Self> {
        let mut shares: Vec<Share> = course.quarters.iter().map(Said::share).collect();
        let grows = |pair: &[Share]| matches!(pair, [later, earlier] if later.exceeds(*earlier, 0));
        let goes_on = shares.len() > NOT_APPLICABLE_QUARTERS && shares.windows(2).all(grows);
        let leaps = matches!(shares.as_slice(), [now, before, ..] if now.exceeds(*before, NOT_APPLICABLE_POINTS));
        if !goes_on {
            shares.truncate(2);
        }
        (goes_on || leaps).then(|| Self { who: course.who.clone(), shares })
    }

    /// The share now and the first that it is compared with.
    pub fn ends(&self) -> Option<(Share, Share)> {
        Some((*self.shares.first()?, *self.shares.last()?))
    }

    /// By how much it grew since the quarter before, in [0, 1].
    fn growth(&self) -> f64 {
        match self.shares.as_slice() {
            [now, before, ..] => now.of_all() - before.of_all(),
            _ => 0.0,
        }
    }
}

/// An answer that somebody gave: recorded by hand or by import, and not taken over from the quarter before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Many answers just before the submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkEdit {
    /// Who.
    pub who: Who,
    /// How many answers.
    pub answers: usize,
    /// Of how many that the team gave in this assessment.
    pub of: usize,
    /// When the first of them was recorded.
    pub first: DateTime<Utc>,
    /// When the last of them was recorded.
    pub last: DateTime<Utc>,
    /// Who recorded them, whoever recorded most first.
    pub by: Vec<String>,
    /// When the assessment was submitted.
    pub submitted: DateTime<Utc>,
}

impl BulkEdit {
    /// The last answers before a submission, if they are many. `given` has each answer once, as it was
    /// submitted.
    pub fn of(who: &Who, given: &[Given], submitted: DateTime<Utc>) -> Option<Self> {
        let since = submitted.checked_sub_signed(TimeDelta::minutes(BULK_MINUTES))?;
        let late = || given.iter().filter(|given| given.at >= since && given.at <= submitted);
        let (first, last) = (late().map(|given| given.at).min()?, late().map(|given| given.at).max()?);
        let mut people: HashMap<&str, usize> = HashMap::new();
        for given in late() {
            *people.entry(&given.by).or_default() += 1;
        }
        let mut people: Vec<(&str, usize)> = people.into_iter().collect();
        people.sort_by(|(a, many), (b, more)| more.cmp(many).then(a.cmp(b)));
        let answers = late().count();
        (answers >= BULK_ANSWERS).then(|| Self {
            who: who.clone(),
            answers,
            of: given.len(),
            first,
            last,
            by: people.into_iter().map(|(name, _)| name.to_owned()).collect(),
            submitted,
        })
    }

    /// In how many minutes they were recorded, rounded up; at least 1.
    pub fn minutes(&self) -> i64 {
        ((self.last - self.first).num_seconds().max(1) + 59) / 60
    }
}

/// Puts what matters most first. Equal ones keep their order.
pub fn sort(rises: &mut [Rise], not_applicable: &mut [NotApplicableGrowth], bulk: &mut [BulkEdit]) {
    rises.sort_by(|a, b| (b.now - b.before).total_cmp(&(a.now - a.before)));
    not_applicable.sort_by(|a, b| b.growth().total_cmp(&a.growth()));
    bulk.sort_by_key(|bulk| std::cmp::Reverse(bulk.answers));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::samples;

    fn who() -> Who {
        Who { team: TeamId(1), name: "Payments".into(), assessment: AssessmentId(7) }
    }

    /// What was said of a catalog of some activities of level 1: `x` fully, `h` half, `n` not applicable.
    fn said(quarter: &str, marks: &str) -> Said {
        let catalog = samples::catalog(&[&vec![1; marks.len()]]);
        let scale = crate::domain::scale::ProgressScale::default();
        let status = |mark| match mark {
            'x' => crate::domain::answer::Status::Step("fully_implemented".into()),
            'h' => crate::domain::answer::Status::Step("partly_implemented".into()),
            'n' => crate::domain::answer::Status::NotApplicable { reason: "no".into() },
            _ => crate::domain::answer::Status::Unanswered,
        };
        let answers: Vec<_> =
            marks.chars().enumerate().map(|(i, mark)| (ActivityId(format!("a{i}")), status(mark))).collect();
        let sheet = Sheet::new(&catalog, &scale, answers.iter().map(|(id, status)| (id, status)));
        Said { assessed: quarter.parse().unwrap(), catalog: Arc::new(catalog), sheet: Arc::new(sheet) }
    }

    /// The course of a team over the quarters before 2026-Q4, the latest first.
    fn course(quarters: &[&str]) -> Course {
        let names = ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"];
        let quarters = names.iter().zip(quarters).map(|(name, marks)| said(name, marks)).collect();
        Course { who: who(), quarters }
    }

    fn rise(quarters: &[&str], with_evidence: usize) -> Option<Rise> {
        let support = |i| (ActivityId(format!("a{i}")), Support { valid: 1, expired: 0, until: None });
        let support: HashMap<_, _> = (0..with_evidence).map(support).collect();
        Rise::of(&course(quarters), Threshold::default())?.without_evidence(&support)
    }

    #[test]
    fn a_large_rise_needs_evidence_for_a_third() {
        let found = rise(&["xxxxx-----", "----------"], 1).unwrap();
        assert_eq!((found.before, found.now, found.raised.len(), found.to_full), (0.0, 0.5, 5, 5));
        assert_eq!((found.with_evidence, found.since.to_string().as_str()), (1, "2026-Q3"));
        assert_eq!(rise(&["xxxxx-----", "----------"], 2), None, "two of five are more than a third");
        assert_eq!(rise(&["xxx---", "------"], 1), None, "one of three is not less than a third");
        assert_eq!(rise(&["xxxxh-----", "----------"], 0), None, "0.45 is less than a half");
        assert_eq!(rise(&["xxxxxxxxxx", "xxxxxxxxxx"], 0), None, "nothing was raised");
        assert_eq!(rise(&["xxxxx-----"], 0), None, "there is nothing before");
    }

    #[test]
    fn many_activities_are_a_large_rise_as_well() {
        let (ten, nine) =
            (format!("{}{}", "x".repeat(10), "h".repeat(30)), format!("{}{}", "x".repeat(9), "h".repeat(31)));
        let before = "h".repeat(40);
        let found = rise(&[&ten, &before], 3).unwrap();
        assert_eq!((found.to_full, found.with_evidence), (10, 3));
        assert!((found.now - found.before - 0.125).abs() < 1e-12);
        assert_eq!(rise(&[&nine, &before], 0), None);
        assert_eq!(rise(&[&ten, &before], 4), None);
    }

    #[test]
    fn what_was_not_asked_before_is_no_rise() {
        assert_eq!(rise(&["xxxxxxxxxx--", "--"], 0), None);
        let found = rise(&["xx--", "n-"], 0).unwrap();
        assert_eq!((found.raised.len(), found.before, found.now), (2, 0.0, 0.5), "what did not apply claimed nothing");
    }

    #[test]
    fn not_applicable_that_leaps_or_goes_on_is_listed() {
        let shares = |quarters: &[&str]| {
            let found = NotApplicableGrowth::of(&course(quarters))?;
            Some(found.shares.iter().map(|share| share.not_applicable).collect::<Vec<_>>())
        };
        let of_twenty = |count: usize| format!("{}{}", "n".repeat(count), "x".repeat(20 - count));
        assert_eq!(shares(&[&of_twenty(3), &of_twenty(2)]), Some(vec![3, 2]), "exactly five points");
        let of_forty = |count: usize| format!("{}{}", "n".repeat(count), "x".repeat(40 - count));
        assert_eq!(shares(&[&of_forty(3), &of_forty(2)]), None, "2.5 points");
        let slowly = [4, 3, 2, 1].map(of_forty);
        let slowly: Vec<&str> = slowly.iter().map(String::as_str).collect();
        assert_eq!(shares(&slowly), Some(vec![4, 3, 2, 1]));
        assert_eq!(shares(&slowly[..3]), None, "two rises are not three");
        let pausing = [4, 3, 3, 1].map(of_forty);
        assert_eq!(shares(&pausing.iter().map(String::as_str).collect::<Vec<_>>()), None);
        assert_eq!(shares(&[&of_twenty(1), &of_twenty(9)]), None, "it fell");
    }

    #[test]
    fn answers_just_before_the_submission_are_counted() {
        let submitted: DateTime<Utc> = "2026-12-01T12:00:00Z".parse().unwrap();
        let given = |by: &str, seconds: i64| Given { by: by.into(), at: submitted - TimeDelta::seconds(seconds) };
        let mut all: Vec<Given> = (0..28).map(|i| given("Ada", 15 * 60 - i)).collect();
        all.extend([given("Bob", 30), given("Ada", 15 * 60 + 1)]);
        assert_eq!(BulkEdit::of(&who(), &all, submitted), None, "29, and one a second too early");
        all.push(given("Bob", 10));
        let found = BulkEdit::of(&who(), &all, submitted).unwrap();
        assert_eq!((found.answers, found.of, found.by.join(" ").as_str()), (30, 31, "Ada Bob"));
        assert_eq!((found.minutes(), found.first, found.last), (15, given("", 900).at, given("", 10).at));
        let at_once: Vec<Given> = (0..30).map(|_| given("import", 0)).collect();
        assert_eq!(BulkEdit::of(&who(), &at_once, submitted).unwrap().minutes(), 1);
    }
}
