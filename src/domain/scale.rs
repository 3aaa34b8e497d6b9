//! The progress scale: the steps that an answer can take, and what each is worth.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// A share in whole percent, 0 to 100.
pub type Percent = u8;

/// One named step of the progress scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The word in files and in the database, for example `partly_implemented`.
    pub key: String,
    /// The words on pages, for example “Partly implemented”.
    pub name: String,
    /// What the step is worth.
    pub percent: Percent,
}

/// The ordered steps of progress. The first is worth 0 %, the last 100 %, and each is worth more
/// than the one before. Two to nine steps, so that each has a digit on the keyboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgressScale {
    steps: Vec<Step>,
}

/// Why some steps do not make a scale. `step` is the position of the one that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAScale {
    /// Fewer than two steps or more than nine.
    #[error("a scale has 2 to 9 steps, not {0}")]
    Count(usize),
    /// The first is not worth 0 %.
    #[error("the first step must be worth 0 %, so that what is not done does not count")]
    Start,
    /// The last is not worth 100 %.
    #[error("the last step must be worth 100 %, so that what is done counts fully")]
    End {
        /// The last.
        step: usize,
    },
    /// A step is not worth more than the one before it.
    #[error("it must be worth more than the step before it, and not more than 100 %")]
    NotRising {
        /// Which.
        step: usize,
    },
    /// A key that is empty, repeated, reserved, or not of lower-case letters, digits and `_`.
    #[error("use lower-case letters, digits and _, each word once, and not “unanswered” or “not_applicable”")]
    Key {
        /// Which.
        step: usize,
    },
    /// A name that is empty, too long for a button, or that of another step.
    #[error("each step has a name of its own, of 1 to {NAME_LIMIT} characters")]
    Name {
        /// Which.
        step: usize,
    },
}

/// How many characters the name of a step may have: it stands on a button.
pub const NAME_LIMIT: usize = 40;

impl NotAScale {
    /// The position of the step that is wrong, and the field of [`Step`]; `None`: all of them together.
    pub fn place(&self) -> Option<(usize, &'static str)> {
        match *self {
            Self::Count(_) => None,
            Self::Start => Some((0, "percent")),
            Self::End { step } | Self::NotRising { step } => Some((step, "percent")),
            Self::Key { step } => Some((step, "key")),
            Self::Name { step } => Some((step, "name")),
        }
    }
}

impl ProgressScale {
    /// The most steps that a scale can have.
    pub const MOST: usize = 9;

    /// A scale of these steps.
    pub fn new(steps: Vec<Step>) -> Result<Self, NotAScale> {
        match Self::faults(&steps).into_iter().next() {
            None => Ok(Self { steps }),
            Some(fault) => Err(fault),
        }
    }

    /// Everything that keeps some steps from being a scale.
    pub fn faults(steps: &[Step]) -> Vec<NotAScale> {
        let mut faults = Vec::new();
        if !(2..=Self::MOST).contains(&steps.len()) {
            faults.push(NotAScale::Count(steps.len()));
        }
        if steps.first().is_some_and(|first| first.percent != 0) {
            faults.push(NotAScale::Start);
        }
        if steps.last().is_some_and(|last| last.percent < 100) {
            faults.push(NotAScale::End { step: steps.len() - 1 });
        }
        let (mut keys, mut names) = (HashSet::from(["unanswered", "not_applicable"]), HashSet::new());
        let mut before = None;
        for (at, step) in steps.iter().enumerate() {
            if before.is_some_and(|before| step.percent <= before) || step.percent > 100 {
                faults.push(NotAScale::NotRising { step: at });
            }
            before = Some(step.percent);
            let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if step.key.is_empty() || !step.key.bytes().all(is_plain) || !keys.insert(&step.key) {
                faults.push(NotAScale::Key { step: at });
            }
            let long = step.name.chars().count();
            if !(1..=NAME_LIMIT).contains(&long) || !names.insert(step.name.to_lowercase()) {
                faults.push(NotAScale::Name { step: at });
            }
        }
        faults
    }

    /// The steps, from 0 % to 100 %.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step with this key.
    pub fn step(&self, key: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// The step that is worth this much; each is worth something else.
    pub fn step_worth(&self, percent: Percent) -> Option<&Step> {
        self.steps.iter().find(|step| step.percent == percent)
    }
}

impl Default for ProgressScale {
    /// The scale of the DSOMM application: 0, 20, 50 and 100 %.
    fn default() -> Self {
        let step = |key: &str, name: &str, percent| Step { key: key.into(), name: name.into(), percent };
        Self {
            steps: vec![
                step("not_implemented", "Not implemented", 0),
                step("started", "Started", 20),
                step("partly_implemented", "Partly implemented", 50),
                step("fully_implemented", "Fully implemented", 100),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(worth: &[(&str, Percent)]) -> Vec<Step> {
        worth.iter().map(|&(key, percent)| Step { key: key.into(), name: key.into(), percent }).collect()
    }

    #[test]
    fn the_default_scale_obeys_its_own_rules() {
        let scale = ProgressScale::default();
        assert_eq!(ProgressScale::new(scale.steps().to_vec()), Ok(scale));
    }

    fn refused(worth: &[(&str, Percent)]) -> Vec<NotAScale> {
        let steps = steps(worth);
        let faults = ProgressScale::faults(&steps);
        assert_eq!(ProgressScale::new(steps).err(), faults.first().cloned());
        faults
    }

    #[test]
    fn a_scale_rises_from_nothing_to_everything() {
        assert_eq!(refused(&[]), [NotAScale::Count(0)]);
        assert_eq!(refused(&[("no", 0)]), [NotAScale::Count(1), NotAScale::End { step: 0 }]);
        assert_eq!(refused(&[("no", 1), ("yes", 100)]), [NotAScale::Start]);
        assert_eq!(refused(&[("no", 0), ("yes", 99)]), [NotAScale::End { step: 1 }]);
        assert_eq!(
            refused(&[("no", 0), ("half", 50), ("also_half", 50), ("yes", 100)]),
            [NotAScale::NotRising { step: 2 }]
        );
        assert_eq!(refused(&[("no", 0), ("yes", 101)]), [NotAScale::NotRising { step: 1 }]);
    }

    #[test]
    fn a_scale_has_at_most_nine_steps() {
        let many = |count: u8| -> Vec<Step> {
            let step = |i: u8| Step {
                key: format!("s{i}"),
                name: format!("S{i}"),
                percent: if i + 1 == count { 100 } else { i },
            };
            (0..count).map(step).collect()
        };
        assert!(ProgressScale::new(many(9)).is_ok());
        assert_eq!(ProgressScale::new(many(10)), Err(NotAScale::Count(10)));
    }

    #[test]
    fn keys_are_plain_and_unique() {
        for key in ["No", "not applicable", "not_applicable", "unanswered", "ü"] {
            assert_eq!(refused(&[(key, 0), ("yes", 100)]), [NotAScale::Key { step: 0 }]);
        }
        assert_eq!(refused(&[("", 0), ("yes", 100)]), [NotAScale::Key { step: 0 }, NotAScale::Name { step: 0 }]);
        assert_eq!(refused(&[("yes", 0), ("yes", 100)]), [NotAScale::Key { step: 1 }, NotAScale::Name { step: 1 }]);
    }

    #[test]
    fn names_tell_steps_apart() {
        let named = |names: [&str; 2]| -> Vec<NotAScale> {
            let step = |(name, key): (&str, &str), percent| Step { key: key.into(), name: name.into(), percent };
            let [first, last] = names;
            ProgressScale::faults(&[step((first, "no"), 0), step((last, "yes"), 100)])
        };
        assert_eq!(named(["Done", "DONE"]), [NotAScale::Name { step: 1 }]);
        assert_eq!(named(["", "Done"]), [NotAScale::Name { step: 0 }]);
        assert_eq!(named(["Open", &"x".repeat(41)]), [NotAScale::Name { step: 1 }]);
        assert_eq!(named(["Open", &"ü".repeat(40)]), []);
    }
}
