//! The progress scale: the steps that an answer can take, and what each is worth.

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

/// Why some steps do not make a scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAScale {
    /// Fewer than two steps or more than nine.
    #[error("a scale has 2 to 9 steps, not {0}")]
    Count(usize),
    /// The first is not worth 0 % or the last not 100 %.
    #[error("the first step is worth 0 % and the last 100 %")]
    Ends,
    /// A step is not worth more than the one before it.
    #[error("“{0}” must be worth more than the step before it")]
    NotRising(String),
    /// A key that is empty, repeated, reserved, or not of lower-case letters, digits and `_`.
    #[error(
        "“{0}” cannot be the key of a step: use lower-case letters, digits and _, each key once, and not “unanswered” or “not_applicable”"
    )]
    Key(String),
}

impl ProgressScale {
    /// A scale of these steps.
    pub fn new(steps: Vec<Step>) -> Result<Self, NotAScale> {
        if !(2..=9).contains(&steps.len()) {
            return Err(NotAScale::Count(steps.len()));
        }
        let ends = (steps.first().map(|s| s.percent), steps.last().map(|s| s.percent));
        if ends != (Some(0), Some(100)) {
            return Err(NotAScale::Ends);
        }
        for (before, step) in steps.iter().zip(steps.iter().skip(1)) {
            if step.percent <= before.percent {
                return Err(NotAScale::NotRising(step.name.clone()));
            }
        }
        let mut seen = std::collections::HashSet::from(["unanswered", "not_applicable"]);
        for step in &steps {
            let plain = !step.key.is_empty()
                && step.key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !plain || !seen.insert(&step.key) {
                return Err(NotAScale::Key(step.key.clone()));
            }
        }
        Ok(Self { steps })
    }

    /// The steps, from 0 % to 100 %.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step with this key.
    pub fn step(&self, key: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == key)
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

    #[test]
    fn a_scale_rises_from_nothing_to_everything() {
        assert_eq!(ProgressScale::new(steps(&[("no", 0)])), Err(NotAScale::Count(1)));
        assert_eq!(ProgressScale::new(steps(&[("no", 1), ("yes", 100)])), Err(NotAScale::Ends));
        assert_eq!(ProgressScale::new(steps(&[("no", 0), ("yes", 99)])), Err(NotAScale::Ends));
        assert_eq!(
            ProgressScale::new(steps(&[("no", 0), ("half", 50), ("also_half", 50), ("yes", 100)])),
            Err(NotAScale::NotRising("also_half".into()))
        );
    }

    #[test]
    fn keys_are_plain_and_unique() {
        for key in ["", "No", "not applicable", "not_applicable", "unanswered"] {
            assert_eq!(ProgressScale::new(steps(&[(key, 0), ("yes", 100)])), Err(NotAScale::Key(key.into())));
        }
        assert_eq!(ProgressScale::new(steps(&[("yes", 0), ("yes", 100)])), Err(NotAScale::Key("yes".into())));
    }
}
