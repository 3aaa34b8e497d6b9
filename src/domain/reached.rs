//! The days on which steps of progress were reached, as the DSOMM application keeps them, and the answers
//! of quarters, as they are kept here: from one to the other and back.
//!
//! There, an activity of a team has a day for each step that was reached, and stands at the highest of
//! them; going back takes the days of the steps above away. Here, each quarter has an answer.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::period::Period;

/// A step that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// On which day; the day of the reading where nobody said it.
    pub day: NaiveDate,
    /// Its position in the scale, from 0.
    pub step: usize,
    /// Whether somebody said the day.
    pub is_said: bool,
}

/// What held at the end of a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The step.
    pub held: Reached,
    /// The steps that were reached in the same quarter before it, in their order.
    pub passed: Vec<Reached>,
}

/// The steps that changed something when they were reached, in the order of time, and those that changed
/// nothing, since a higher one was reached before. The highest step whose day has come is what counts.
pub fn rising(mut reached: Vec<Reached>) -> (Vec<Reached>, Vec<Reached>) {
    reached.sort();
    let mut highest = None;
    reached.into_iter().partition(|reached| {
        let rises = highest.is_none_or(|highest| reached.step > highest);
        if rises {
            highest = Some(reached.step);
        }
        rises
    })
}

/// What held at the end of a quarter, by steps that rise; `None`: none was reached by then.
pub fn at_the_end(period: Period, rising: &[Reached]) -> Option<Held> {
    let by_then = rising.iter().take_while(|reached| Period::of_day(reached.day) <= period);
    let mut passed: Vec<Reached> = by_then.copied().collect();
    let held = passed.pop()?;
    passed.retain(|reached| Period::of_day(reached.day) == period);
    Some(Held { held, passed })
}

/// The day of each step above the first that is reached after some records, in the order in which they
/// were made: the position of a step, or `None` for what says nothing of progress, with its day.
///
/// Whoever is at a step does not have those above it. A step keeps the first day on which it was reached,
/// and no step is reached later than a higher one.
pub fn after(records: impl IntoIterator<Item = (Option<usize>, NaiveDate)>) -> BTreeMap<usize, NaiveDate> {
    let mut reached: BTreeMap<usize, NaiveDate> = BTreeMap::new();
    for (step, day) in records {
        let step = step.unwrap_or_default();
        reached.split_off(&(step + 1));
        if step > 0 && !reached.contains_key(&step) {
            for earlier in reached.values_mut() {
                *earlier = day.min(*earlier);
            }
            reached.insert(step, day);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn said(step: usize, text: &str) -> Reached {
        Reached { day: day(text), step, is_said: true }
    }

    #[test]
    fn the_highest_step_whose_day_has_come_counts() {
        let (rising, idle) = rising(vec![said(3, "2025-08-20"), said(1, "2025-02-03"), said(2, "2025-09-01")]);
        assert_eq!(rising, [said(1, "2025-02-03"), said(3, "2025-08-20")]);
        assert_eq!(idle, [said(2, "2025-09-01")]);
        let at = |period: &str| at_the_end(period.parse().unwrap(), &rising).map(|held| held.held.step);
        assert_eq!(["2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3"].map(at), [None, Some(1), Some(1), Some(3)]);
    }

    #[test]
    fn what_was_passed_in_one_quarter_is_kept() {
        let (rising, _) = rising(vec![said(1, "2025-02-03"), said(3, "2025-05-02"), said(2, "2025-05-02")]);
        let held = at_the_end("2025-Q2".parse().unwrap(), &rising).unwrap();
        assert_eq!((held.held, held.passed), (said(3, "2025-05-02"), vec![said(2, "2025-05-02")]));
        assert_eq!(at_the_end("2025-Q3".parse().unwrap(), &rising).unwrap().passed, []);
    }

    #[test]
    fn going_back_takes_away_what_is_above() {
        let records = [(Some(1), "2025-01-05"), (Some(3), "2025-02-05"), (Some(2), "2025-03-05")];
        let records = records.map(|(step, text)| (step, day(text)));
        assert_eq!(after(records), BTreeMap::from([(1, day("2025-01-05")), (2, day("2025-03-05"))]));
        assert_eq!(after(records.into_iter().chain([(None, day("2025-04-01"))])), BTreeMap::new());
        assert_eq!(after(records.into_iter().chain([(Some(0), day("2025-04-01"))])), BTreeMap::new());
    }

    #[test]
    fn no_step_is_reached_later_than_a_higher_one() {
        let records = [(Some(1), day("2025-05-05")), (Some(3), day("2025-02-05"))];
        assert_eq!(after(records), BTreeMap::from([(1, day("2025-02-05")), (3, day("2025-02-05"))]));
    }

    fn days() -> impl Strategy<Value = BTreeMap<usize, NaiveDate>> {
        let some_day = (0u64..1_500).prop_map(|after| day("2022-11-20") + chrono::Days::new(after));
        prop::collection::btree_map(0usize..6, some_day, 0..6)
    }

    proptest! {
        #[test]
        fn days_become_quarters_and_days_again(days in days()) {
            let all = days.iter().map(|(&step, &day)| Reached { day, step, is_said: true }).collect();
            let (rising, _) = rising(all);
            let quarters: BTreeSet<Period> = rising.iter().map(|reached| Period::of_day(reached.day)).collect();
            let mut records = Vec::new();
            for &period in &quarters {
                let Held { held, passed } = at_the_end(period, &rising).unwrap();
                let by_then = days.iter().filter(|(_, day)| **day <= period.last_day());
                prop_assert_eq!(Some(held.step), by_then.map(|(&step, _)| step).max());
                records.extend(passed.iter().chain([&held]).map(|reached| (Some(reached.step), reached.day)));
            }
            let expected = rising.iter().filter(|reached| reached.step > 0);
            prop_assert_eq!(after(records), expected.map(|reached| (reached.step, reached.day)).collect::<BTreeMap<_, _>>());
        }

        #[test]
        fn days_rise_with_the_steps(records in prop::collection::vec((prop::option::of(0usize..5), 0u64..900), 0..12)) {
            let reached = after(records.into_iter().map(|(step, at)| (step, day("2024-01-01") + chrono::Days::new(at))));
            prop_assert!(reached.values().is_sorted());
        }
    }
}
