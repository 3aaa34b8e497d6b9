//! The one formula for maturity: level, score and completion of any set of activities.
//!
//! For a set S of activities, with v(a) the worth of activity a:
//!
//! - c(l) = mean of v over the applicable activities of level l, for levels that have any.
//! - **Level** = the greatest level l that has applicable activities such that c(k) reaches the
//!   threshold for every such level k ≤ l; 0 if there is none.
//! - **Ceiling** = the greatest level that has applicable activities.
//! - **Score** = Σ over such levels l of (l − the such level before it) · c(l), from 0 to the ceiling.
//! - **Completion** = mean of v over all applicable activities.
//!
//! An unanswered activity is worth 0; one that is not applicable is left out. For several teams,
//! v(a) is the mean over the teams to which a applies, and then the same formula holds.
//!
//! Worths are kept in percent. Those of one team are whole numbers, whose sums floating-point
//! numbers hold exactly, so for one team levels and scores are exact; for several teams the error
//! is far below the tolerance of the comparison with the threshold.

use std::ops::Range;

use arrayvec::ArrayVec;

use super::answer::{Mark, MarkSum, PackedSum, Sheet};
use super::catalog::{ActivityIndex, Catalog, Dimension, Level, MAX_LEVEL};
use super::scale::Percent;

/// By how many percentage points a mean of means may miss the threshold and still reach it. It
/// absorbs rounding: means of n whole percentages that differ do so by far more.
const TOLERANCE: f64 = 1e-9;

/// How complete a level must be, in percent, to count as reached: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(Percent);

impl Threshold {
    /// A threshold of 1 to 100 percent.
    pub fn new(percent: Percent) -> Option<Self> {
        (1..=100).contains(&percent).then_some(Self(percent))
    }

    /// The threshold in percent.
    pub fn percent(self) -> Percent {
        self.0
    }
}

impl Default for Threshold {
    /// Everything must be done.
    fn default() -> Self {
        Self(100)
    }
}

/// What one activity contributes to a scope, from one team or as the mean of several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// v(a) in percent, the mean over the teams to which it applies; `None` when it applies to none.
    pub worth: Option<f64>,
    /// The mean over all teams, where not applicable counts as 0.
    pub worth_with_not_applicable_as_zero: f64,
    /// Whether every team to which it applies has answered.
    pub answered: bool,
}

impl Measure {
    /// Whether it counts and leaves something to do.
    pub fn is_open(&self) -> bool {
        self.worth.is_some_and(|worth| worth < 100.0)
    }

    /// v(a) in [0, 1]; 0 when it is not applicable.
    pub fn value(&self) -> f64 {
        self.worth.unwrap_or(0.0) / 100.0
    }
}

impl From<Mark> for Measure {
    fn from(mark: Mark) -> Self {
        let (worth, answered) = match mark {
            Mark::Unanswered => (Some(0.0), false),
            Mark::NotApplicable => (None, true),
            Mark::Worth(percent) => (Some(f64::from(percent)), true),
        };
        Self { worth, worth_with_not_applicable_as_zero: worth.unwrap_or(0.0), answered }
    }
}

/// The measures of some teams' sheets of one catalog, one for each activity. No sheet at all makes
/// every activity unanswered.
pub fn combine(catalog: &Catalog, sheets: &[&Sheet]) -> Vec<Measure> {
    mark_sums(catalog, sheets).iter().map(MarkSum::measure).collect()
}

/// The marks of some teams' sheets of one catalog, counted for each activity.
pub(super) fn mark_sums(catalog: &Catalog, sheets: &[&Sheet]) -> Vec<MarkSum> {
    // Sheet by sheet, since a thousand teams' marks of one activity lie far apart in memory.
    let mut sums = vec![MarkSum::default(); catalog.len()];
    for some in sheets.chunks(PackedSum::MOST) {
        let mut packed = vec![PackedSum::default(); catalog.len()];
        for sheet in some {
            packed.iter_mut().zip(sheet.counted(0..catalog.len())).for_each(|(sum, mark)| *sum += mark);
        }
        sums.iter_mut().zip(packed).for_each(|(sum, packed)| *sum += packed.into());
    }
    sums
}

impl MarkSum {
    /// What one activity contributes, whose marks these are.
    pub(super) fn measure(&self) -> Measure {
        let mean = |count: u32| if count == 0 { 0.0 } else { f64::from(self.percent) / f64::from(count) };
        Measure {
            worth: (self.applicable > 0 || self.marks == 0).then(|| mean(self.applicable)),
            worth_with_not_applicable_as_zero: mean(self.marks),
            answered: self.unanswered == 0 && self.marks > 0,
        }
    }
}

/// The measure of one activity over the marks that some teams' sheets have for it.
pub fn measure(marks: impl IntoIterator<Item = Mark>) -> Measure {
    let mut sum = MarkSum::default();
    marks.into_iter().for_each(|mark| sum += mark.into());
    sum.measure()
}

/// A score as people read it: with two digits, rounded down, so that a level is never shown before
/// it is reached.
pub fn shown(score: f64) -> String {
    format!("{:.2}", hundredths(score) as f64 / 100.0)
}

/// A score in whole hundredths, as it is [`shown`].
pub fn hundredths(score: f64) -> i64 {
    // What is added is less than any two scores differ by, and makes up for 0.57 being 0.5699….
    (score * 100.0 + 1e-6).floor() as i64
}

/// By how much a score moved: the difference of the two as they are [`shown`], so that a reader who subtracts
/// them finds the same.
pub fn moved(now: f64, before: f64) -> f64 {
    (hundredths(now) - hundredths(before)) as f64 / 100.0
}

/// How far one level of a scope is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelCompletion {
    /// The level, 1 to 5.
    pub level: Level,
    /// How many applicable activities it has; at least 1.
    pub activities: u32,
    /// c(l) in [0, 1].
    pub completion: f64,
}

/// How far the levels of a scope are, as far as they have applicable activities, rising.
pub type LevelCompletions = ArrayVec<LevelCompletion, { MAX_LEVEL as usize }>;

/// The result of the formula for one scope.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The level reached, 0 to 5.
    pub level: Level,
    /// The greatest level that has applicable activities, 0 to 5.
    pub ceiling: Level,
    /// From 0 to the ceiling; at a threshold of 100 % never below the level.
    pub score: f64,
    /// The score if activities that are not applicable counted as not done.
    pub score_with_not_applicable_as_zero: f64,
    /// Mean worth of the applicable activities in [0, 1]; 0 when there is none.
    pub completion: f64,
    /// How many activities are applicable.
    pub activities: u32,
    /// How many of those are answered (for several teams: by all of them to which they apply).
    pub answered: u32,
    /// How many activities are not applicable (for several teams: to none of them).
    pub not_applicable: u32,
    /// The levels that have applicable activities, rising.
    pub levels: LevelCompletions,
}

impl Score {
    /// How many applicable activities have no answer.
    pub fn unanswered(&self) -> u32 {
        self.activities - self.answered
    }

    /// The level that must be reached next: the first after the level reached that has applicable
    /// activities; `None` at the ceiling.
    pub fn next_level(&self) -> Option<Level> {
        self.levels.iter().map(|l| l.level).find(|&level| level > self.level)
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct LevelTally {
    worth: f64,
    worth_with_not_applicable_as_zero: f64,
    applicable: u32,
    answered: u32,
    not_applicable: u32,
}

impl From<MarkSum> for LevelTally {
    fn from(MarkSum { marks, applicable, unanswered, percent }: MarkSum) -> Self {
        Self {
            worth: percent.into(),
            worth_with_not_applicable_as_zero: percent.into(),
            applicable,
            answered: applicable - unanswered,
            not_applicable: marks - applicable,
        }
    }
}

/// Sums from which a score is made. Tallies of disjoint sets of activities can be merged, so one
/// pass over a catalog serves its sub-dimensions, its dimensions and the whole.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    levels: [LevelTally; MAX_LEVEL as usize],
}

impl Tally {
    /// Counts activities of these levels with their measures.
    fn of(levels: &[Level], measures: &[Measure]) -> Self {
        let mut tally = Self::default();
        levels.iter().zip(measures).for_each(|(&level, measure)| tally.add(level, measure));
        tally
    }

    /// Counts activities of these levels with their marks in one sheet: sums of whole numbers, which take less time.
    fn of_marks(levels: &[Level], marks: impl Iterator<Item = PackedSum>) -> Self {
        const { assert!(Catalog::MAX_ACTIVITIES <= PackedSum::MOST) };
        // Of every level that three bits can write, so that there is one for each without looking.
        let mut sums = [PackedSum::default(); 8];
        for (&level, mark) in levels.iter().zip(marks) {
            if let Some(sum) = sums.get_mut(usize::from(level & 7)) {
                *sum += mark;
            }
        }
        let [_, levels @ .., _, _] = sums;
        Self { levels: levels.map(|sum| MarkSum::from(sum).into()) }
    }

    /// Counts an activity of a level.
    pub fn add(&mut self, level: Level, measure: &Measure) {
        let Some(tally) = self.levels.get_mut(usize::from(level).wrapping_sub(1)) else { return };
        let is_applicable = measure.worth.is_some();
        tally.worth += measure.worth.unwrap_or(0.0);
        tally.worth_with_not_applicable_as_zero += measure.worth_with_not_applicable_as_zero;
        tally.applicable += u32::from(is_applicable);
        tally.answered += u32::from(is_applicable && measure.answered);
        tally.not_applicable += u32::from(!is_applicable);
    }

    /// Counts all that another tally has counted.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.levels.iter_mut().zip(&other.levels) {
            mine.worth += theirs.worth;
            mine.worth_with_not_applicable_as_zero += theirs.worth_with_not_applicable_as_zero;
            mine.applicable += theirs.applicable;
            mine.answered += theirs.answered;
            mine.not_applicable += theirs.not_applicable;
        }
    }

    /// Applies the formula.
    pub fn score(&self, threshold: Threshold) -> Score {
        let mut result = Score {
            level: 0,
            ceiling: 0,
            score: 0.0,
            score_with_not_applicable_as_zero: 0.0,
            completion: 0.0,
            activities: 0,
            answered: 0,
            not_applicable: 0,
            levels: ArrayVec::new(),
        };
        let mut worth = 0.0;
        let mut reached_so_far = true;
        let mut last_with_any = 0;
        for (level, tally) in (1..).zip(&self.levels) {
            result.not_applicable += tally.not_applicable;
            let all = tally.applicable + tally.not_applicable;
            if all == 0 {
                continue;
            }
            let mean = if tally.applicable > 0 { tally.worth / f64::from(tally.applicable) } else { 0.0 };
            let completion = mean / 100.0;
            let with_not_applicable = tally.worth_with_not_applicable_as_zero;
            let applies_to_all = tally.not_applicable == 0 && with_not_applicable == tally.worth;
            // As nearly always. Divisions are what takes the time here.
            let lesser = if applies_to_all { completion } else { with_not_applicable / f64::from(all) / 100.0 };
            result.score_with_not_applicable_as_zero += f64::from(level - last_with_any) * lesser;
            last_with_any = level;
            if tally.applicable == 0 {
                continue;
            }
            result.score += f64::from(level - result.ceiling) * completion;
            result.ceiling = level;
            result.activities += tally.applicable;
            result.answered += tally.answered;
            worth += tally.worth;
            reached_so_far &= mean + TOLERANCE >= f64::from(threshold.percent());
            if reached_so_far {
                result.level = level;
            }
            result.levels.push(LevelCompletion { level, activities: tally.applicable, completion });
        }
        if result.activities > 0 {
            result.completion = worth / f64::from(result.activities) / 100.0;
        }
        result
    }
}

/// The scores of a whole catalog and of its parts, without names, as for many teams.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// The whole catalog.
    pub overall: Score,
    /// Its dimensions, in its order.
    pub dimensions: Vec<Score>,
    /// The sub-dimensions of all of them, in its order.
    pub sub_dimensions: Vec<Score>,
}

impl Scores {
    /// The scores of several teams. `measures` has one entry for each activity.
    pub fn new(catalog: &Catalog, measures: &[Measure], threshold: Threshold) -> Self {
        let part = |levels: &[Level], place: Range<usize>| Tally::of(levels, measures.get(place).unwrap_or_default());
        Self::of_parts(catalog, part, threshold)
    }

    /// The scores of one team.
    pub fn of_sheet(catalog: &Catalog, sheet: &Sheet, threshold: Threshold) -> Self {
        let part = |levels: &[Level], place: Range<usize>| Tally::of_marks(levels, sheet.counted(place));
        Self::of_parts(catalog, part, threshold)
    }

    /// Applies the formula to everything. `part` counts the activities of a sub-dimension, by their levels and places.
    fn of_parts(catalog: &Catalog, part: impl Fn(&[Level], Range<usize>) -> Tally, threshold: Threshold) -> Self {
        let parts = catalog.dimensions().iter().map(|dimension| dimension.sub_dimensions.len()).sum();
        let (mut dimensions, mut sub_dimensions) =
            (Vec::with_capacity(catalog.dimensions().len()), Vec::with_capacity(parts));
        let mut overall = Tally::default();
        for dimension in catalog.dimensions() {
            let mut total = Tally::default();
            for sub in &dimension.sub_dimensions {
                let place = sub.place();
                let tally = part(catalog.levels().get(place.clone()).unwrap_or_default(), place);
                total.merge(&tally);
                sub_dimensions.push(tally.score(threshold));
            }
            overall.merge(&total);
            dimensions.push(total.score(threshold));
        }
        Self { overall: overall.score(threshold), dimensions, sub_dimensions }
    }
}

/// The score of the whole catalog, without its parts. `measures` has one entry for each activity.
pub fn overall(catalog: &Catalog, measures: impl IntoIterator<Item = Measure>, threshold: Threshold) -> Score {
    let mut tally = Tally::default();
    for (&level, measure) in catalog.levels().iter().zip(measures) {
        tally.add(level, &measure);
    }
    tally.score(threshold)
}

/// A named scope with its score and what holds it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The name of the dimension or sub-dimension, or `overall`.
    pub name: String,
    /// The result of the formula.
    pub score: Score,
    /// The activities that hold the next level back, in the order of the catalog.
    pub blockers: Vec<ActivityIndex>,
}

/// A dimension with its sub-dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredDimension {
    /// The dimension itself.
    pub total: Scored,
    /// Its sub-dimensions, in the order of the catalog.
    pub sub_dimensions: Vec<Scored>,
}

/// All scores of one team, group or organization at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// The whole catalog.
    pub overall: Scored,
    /// The dimensions, in the order of the catalog.
    pub dimensions: Vec<ScoredDimension>,
}

impl Scorecard {
    /// The name of the scope that is the whole catalog.
    pub const OVERALL: &'static str = "overall";

    /// Scores the whole catalog and all its parts. `measures` has one entry for each activity.
    pub fn new(catalog: &Catalog, measures: &[Measure], threshold: Threshold) -> Self {
        let scored = |name: &str, score: Score, activities: &mut dyn Iterator<Item = ActivityIndex>| {
            let next = score.next_level();
            let is_open = |index: ActivityIndex| measures.get(index.position()).is_some_and(Measure::is_open);
            let is_next = |index: &ActivityIndex| Some(catalog.activity(*index).level) == next && is_open(*index);
            Scored { name: name.to_owned(), score, blockers: activities.filter(is_next).collect() }
        };
        let Scores { overall, dimensions, sub_dimensions } = Scores::new(catalog, measures, threshold);
        let mut parts = sub_dimensions.into_iter();
        let dimension = |(dimension, total): (&Dimension, Score)| {
            let subs = dimension.sub_dimensions.iter().zip(parts.by_ref());
            let sub_dimensions = subs.map(|(sub, score)| scored(&sub.name, score, &mut sub.activities())).collect();
            let mut activities = dimension.sub_dimensions.iter().flat_map(|sub| sub.activities());
            ScoredDimension { total: scored(&dimension.name, total, &mut activities), sub_dimensions }
        };
        let dimensions = catalog.dimensions().iter().zip(dimensions).map(dimension).collect();
        let mut activities = catalog.activities().map(|(index, _)| index);
        Self { overall: scored(Self::OVERALL, overall, &mut activities), dimensions }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalog::{ActivityId, samples};

    fn score_of(levels: &[Level], marks: &[Mark], threshold: u8) -> Score {
        let mut tally = Tally::default();
        for (&level, &mark) in levels.iter().zip(marks) {
            tally.add(level, &mark.into());
        }
        tally.score(Threshold::new(threshold).unwrap())
    }

    const DONE: Mark = Mark::Worth(100);

    #[test]
    fn a_scope_that_starts_at_level_two_reaches_it_from_nothing() {
        // Like “Test KPI”: nothing at level 1, so level 2 weighs double.
        let levels = [2, 2, 3, 4];
        let score = score_of(&levels, &[DONE, DONE, Mark::Worth(50), Mark::Unanswered], 100);
        assert_eq!((score.level, score.ceiling), (2, 4));
        assert_eq!(score.score, 2.0 + 0.5);
        assert_eq!(score.completion, 2.5 / 4.0);
        assert_eq!((score.activities, score.answered, score.unanswered()), (4, 3, 1));
        assert_eq!(score.next_level(), Some(3));
        let none = score_of(&levels, &[Mark::Worth(50), DONE, DONE, DONE], 100);
        assert_eq!(none.level, 0, "a level does not count while one below it is open");
        assert_eq!(none.score, 2.0 * 0.75 + 1.0 + 1.0);
    }

    #[test]
    fn a_scope_that_ends_at_level_three_is_full_there() {
        // Like “Process”.
        let score = score_of(&[1, 2, 3], &[DONE; 3], 100);
        assert_eq!((score.level, score.ceiling, score.score, score.completion), (3, 3, 3.0, 1.0));
        assert_eq!(score.next_level(), None);
    }

    #[test]
    fn a_scope_without_applicable_activities_is_nothing() {
        let score = score_of(&[1, 2], &[Mark::NotApplicable; 2], 100);
        assert_eq!((score.level, score.ceiling, score.score, score.completion), (0, 0, 0.0, 0.0));
        assert_eq!((score.activities, score.not_applicable), (0, 2));
        assert!(score.levels.is_empty());
        assert_eq!(score.score_with_not_applicable_as_zero, 0.0);
    }

    #[test]
    fn not_applicable_moves_the_steps_but_is_shown_as_zero_beside_them() {
        let score = score_of(&[1, 2, 3], &[DONE, Mark::NotApplicable, DONE], 100);
        assert_eq!((score.level, score.ceiling, score.score), (3, 3, 3.0));
        assert_eq!(score.score_with_not_applicable_as_zero, 2.0);
        assert_eq!(score.levels.iter().map(|l| l.level).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn a_lower_threshold_is_met_exactly() {
        // (20 + 50 + 50 + 100) / 4 = 55.
        let marks = [Mark::Worth(20), Mark::Worth(50), Mark::Worth(50), DONE];
        assert_eq!(score_of(&[1; 4], &marks, 55).level, 1);
        assert_eq!(score_of(&[1; 4], &marks, 56).level, 0);
    }

    #[test]
    fn teams_are_averaged_where_an_activity_applies() {
        let catalog = samples::catalog(&[&[1, 1, 2]]);
        let sheet = |words: [&str; 3]| {
            let scale = crate::domain::scale::ProgressScale::default();
            let answers: Vec<_> = words
                .iter()
                .enumerate()
                .map(|(i, word)| {
                    let reason = if *word == "not_applicable" { "why" } else { "" };
                    let status = crate::domain::answer::Status::parse(word, reason, &scale).unwrap();
                    (ActivityId(format!("a{i}")), status)
                })
                .collect();
            Sheet::new(&catalog, &scale, answers.iter().map(|(id, status)| (id, status)))
        };
        let one = sheet(["fully_implemented", "not_applicable", "not_applicable"]);
        let two = sheet(["partly_implemented", "fully_implemented", "not_applicable"]);
        let three = sheet(["unanswered", "started", "not_applicable"]);
        let measures = combine(&catalog, &[&one, &two, &three]);
        assert_eq!(
            measures[0],
            Measure { worth: Some(50.0), worth_with_not_applicable_as_zero: 50.0, answered: false }
        );
        assert_eq!(measures[1], Measure { worth: Some(60.0), worth_with_not_applicable_as_zero: 40.0, answered: true });
        assert_eq!(measures[2], Measure { worth: None, worth_with_not_applicable_as_zero: 0.0, answered: true });
        let card = Scorecard::new(&catalog, &measures, Threshold::default());
        assert_eq!(card.overall.score.score, 0.55);
        assert_eq!(card.overall.score.answered, 1);
        assert_eq!(card.overall.blockers.len(), 2);
    }

    #[test]
    fn no_team_at_all_means_nothing_answered() {
        let catalog = samples::catalog(&[&[1, 2]]);
        let card = Scorecard::new(&catalog, &combine(&catalog, &[]), Threshold::default());
        assert_eq!((card.overall.score.activities, card.overall.score.answered), (2, 0));
    }

    fn marks() -> impl Strategy<Value = Mark> {
        prop_oneof![
            Just(Mark::Unanswered),
            Just(Mark::NotApplicable),
            prop::sample::select(vec![0, 20, 50, 100]).prop_map(Mark::Worth),
            (0u8..=100).prop_map(Mark::Worth),
        ]
    }

    fn scope() -> impl Strategy<Value = (Vec<Level>, Vec<Mark>)> {
        prop::collection::vec((1u8..=5, marks()), 1..30).prop_map(|pairs| pairs.into_iter().unzip())
    }

    /// An independent reading of the formula, in fractions of whole numbers.
    fn by_hand(levels: &[Level], marks: &[Mark], threshold: u32) -> (Level, Level, num::Fraction, num::Fraction) {
        let worths = |level: Option<Level>| -> Vec<u32> {
            levels
                .iter()
                .zip(marks)
                .filter(|(l, _)| level.is_none() || Some(**l) == level)
                .filter_map(|(_, mark)| match mark {
                    Mark::NotApplicable => None,
                    Mark::Unanswered => Some(0),
                    Mark::Worth(percent) => Some(u32::from(*percent)),
                })
                .collect()
        };
        let with_any: Vec<Level> = (1..=5).filter(|&l| !worths(Some(l)).is_empty()).collect();
        let reached = |l: Level| worths(Some(l)).iter().sum::<u32>() >= threshold * worths(Some(l)).len() as u32;
        let level =
            with_any.iter().copied().filter(|&l| with_any.iter().all(|&k| k > l || reached(k))).max().unwrap_or(0);
        let ceiling = with_any.last().copied().unwrap_or(0);
        let mut score = num::Fraction::ZERO;
        let mut before = 0;
        for &l in &with_any {
            let mean =
                num::Fraction::new(worths(Some(l)).iter().sum::<u32>().into(), worths(Some(l)).len() as u64 * 100);
            score = score.plus(mean.times(u64::from(l - before)));
            before = l;
        }
        let all = worths(None);
        let completion = if all.is_empty() {
            num::Fraction::ZERO
        } else {
            num::Fraction::new(all.iter().sum::<u32>().into(), all.len() as u64 * 100)
        };
        (level, ceiling, score, completion)
    }

    mod num {
        /// Just enough of fractions to check the formula without floating point.
        #[derive(Debug, Clone, Copy)]
        pub(super) struct Fraction(u64, u64);

        impl Fraction {
            pub(super) const ZERO: Self = Self(0, 1);

            pub(super) fn new(a: u64, b: u64) -> Self {
                let divisor = (1..=b).rev().find(|d| a.is_multiple_of(*d) && b.is_multiple_of(*d)).unwrap_or(1);
                Self(a / divisor, b / divisor)
            }

            pub(super) fn plus(self, other: Self) -> Self {
                Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
            }

            pub(super) fn times(self, factor: u64) -> Self {
                Self::new(self.0 * factor, self.1)
            }

            pub(super) fn value(self) -> f64 {
                self.0 as f64 / self.1 as f64
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_formula_in_fractions((levels, marks) in scope(), threshold in 1u8..=100) {
            let levels: Vec<_> = levels.into_iter().take(8).collect();
            let score = score_of(&levels, &marks, threshold);
            let (level, ceiling, exact, completion) = by_hand(&levels, &marks[..levels.len()], threshold.into());
            prop_assert_eq!((score.level, score.ceiling), (level, ceiling));
            prop_assert!((score.score - exact.value()).abs() < 1e-12, "{} {:?}", score.score, exact);
            prop_assert!((score.completion - completion.value()).abs() < 1e-12);
        }

        #[test]
        fn the_score_is_never_below_the_level_nor_above_the_ceiling((levels, marks) in scope()) {
            let score = score_of(&levels, &marks, 100);
            prop_assert!(f64::from(score.level) <= score.score);
            prop_assert!(score.score <= f64::from(score.ceiling));
            prop_assert!(score.level <= score.ceiling);
            prop_assert!((0.0..=1.0).contains(&score.completion));
        }

        #[test]
        fn everything_done_is_the_ceiling_and_nothing_done_is_zero((levels, marks) in scope()) {
            let with = |mark: Mark| marks.iter().map(|&m| if m == Mark::NotApplicable { m } else { mark }).collect::<Vec<_>>();
            let full = score_of(&levels, &with(DONE), 100);
            prop_assert_eq!(full.level, full.ceiling);
            prop_assert_eq!(full.score, f64::from(full.ceiling));
            for nothing in [Mark::Worth(0), Mark::Unanswered] {
                let none = score_of(&levels, &with(nothing), 100);
                prop_assert_eq!((none.level, none.score, none.completion), (0, 0.0, 0.0));
                prop_assert_eq!(none.ceiling, full.ceiling);
            }
        }

        #[test]
        fn raising_an_answer_never_lowers_anything((levels, marks) in scope(), which in any::<prop::sample::Index>(), threshold in 1u8..=100) {
            let i = which.index(marks.len());
            let worth = match marks[i] {
                Mark::NotApplicable => return Ok(()),
                Mark::Unanswered => 0,
                Mark::Worth(percent) => percent,
            };
            let before = score_of(&levels, &marks, threshold);
            for higher in worth..=100 {
                let mut raised = marks.clone();
                raised[i] = Mark::Worth(higher);
                let after = score_of(&levels, &raised, threshold);
                prop_assert!(after.level >= before.level);
                prop_assert!(after.score >= before.score);
                prop_assert!(after.completion >= before.completion);
                prop_assert!(after.score_with_not_applicable_as_zero >= before.score_with_not_applicable_as_zero);
                prop_assert!(after.levels.iter().zip(&before.levels).all(|(a, b)| a.completion >= b.completion));
                prop_assert_eq!((after.ceiling, after.activities, after.not_applicable), (before.ceiling, before.activities, before.not_applicable));
            }
        }

        #[test]
        fn not_applicable_is_as_if_the_activity_were_not_there((levels, marks) in scope()) {
            let (kept_levels, kept_marks): (Vec<_>, Vec<_>) =
                levels.iter().zip(&marks).filter(|(_, mark)| **mark != Mark::NotApplicable).unzip();
            let with = score_of(&levels, &marks, 100);
            let without = score_of(&kept_levels, &kept_marks, 100);
            prop_assert_eq!((with.level, with.ceiling, with.score, with.completion), (without.level, without.ceiling, without.score, without.completion));
            prop_assert_eq!(&with.levels, &without.levels);
            prop_assert_eq!(with.activities + with.not_applicable, u32::try_from(levels.len()).unwrap());
        }

        #[test]
        fn the_order_of_the_activities_does_not_matter((levels, marks) in scope()) {
            let (reversed_levels, reversed_marks): (Vec<_>, Vec<_>) = levels.iter().zip(&marks).rev().unzip();
            prop_assert_eq!(score_of(&levels, &marks, 100), score_of(&reversed_levels, &reversed_marks, 100));
        }

        #[test]
        fn several_equal_teams_score_like_one(marks in prop::collection::vec(marks(), 6), teams in 1usize..5) {
            let catalog = samples::catalog(&[&[1, 2, 2], &[3, 4, 5]]);
            let scale = crate::domain::scale::ProgressScale::default();
            let answers: Vec<_> = marks.iter().enumerate().map(|(i, mark)| {
                let status = match mark {
                    Mark::Unanswered => crate::domain::answer::Status::Unanswered,
                    Mark::NotApplicable => crate::domain::answer::Status::NotApplicable { reason: "r".into() },
                    Mark::Worth(percent) => crate::domain::answer::Status::Step(scale.steps()[usize::from(*percent) % 4].key.clone()),
                };
                (ActivityId(format!("a{i}")), status)
            }).collect();
            let sheet = Sheet::new(&catalog, &scale, answers.iter().map(|(id, status)| (id, status)));
            let measures = combine(&catalog, &[&sheet]);
            let (quick, other) = (Scores::of_sheet(&catalog, &sheet, Threshold::default()), Scores::new(&catalog, &measures, Threshold::default()));
            prop_assert_eq!(quick, other);
            let one = Scorecard::new(&catalog, &measures, Threshold::default());
            let many = Scorecard::new(&catalog, &combine(&catalog, &vec![&sheet; teams]), Threshold::default());
            prop_assert_eq!(one, many);
        }
    }
}
