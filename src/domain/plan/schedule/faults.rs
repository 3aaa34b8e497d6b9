//! Collects what keeps some teams from having a plan, and says the same of several teams only once.

use std::collections::BTreeMap;

use crate::domain::plan::Points;
use crate::domain::plan::decision::{About, PlanFault};

/// How many teams are named in a sentence.
const NAMED: usize = 3;

/// What is wrong with an input, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: BTreeMap<(About, String), Vec<String>>,
    too_small: BTreeMap<About, TooSmall>,
}

/// Teams that are not finished within the longest time that a plan may take.
#[derive(Debug, Default)]
struct TooSmall {
    teams: Vec<String>,
    done: Points,
    left: Points,
}

impl Faults {
    /// Something wrong that has nothing to do with single teams.
    pub(super) fn add(&mut self, about: About, sentence: impl Into<String>) {
        self.found.entry((about, sentence.into())).or_default();
    }

    /// Something wrong for a team.
    pub(super) fn add_for(&mut self, team: &str, about: About, sentence: impl Into<String>) {
        self.found.entry((about, sentence.into())).or_default().push(team.to_owned());
    }

    /// A team that would do only some of what is left.
    pub(super) fn add_too_small(&mut self, team: &str, about: About, done: Points, left: Points) {
        let entry = self.too_small.entry(about).or_default();
        entry.teams.push(team.to_owned());
        entry.done += done;
        entry.left += left;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.too_small.is_empty()
    }

    /// The faults, by what they are about.
    pub(super) fn into_vec(self) -> Vec<PlanFault> {
        let found = self.found.into_iter().map(|((about, sentence), teams)| {
            let message = if teams.is_empty() { sentence } else { format!("{}: {sentence}", names(&teams)) };
            PlanFault { about, message }
        });
        let too_small = self.too_small.into_iter().map(|(about, TooSmall { teams, done, left })| {
            let message = format!(
                "{}: in {} years, the longest that a plan may take, {done} of {left} points would be done; raise the \
                 capacity, lower targets or leave activities out",
                names(&teams),
                super::MAX_QUARTERS / 4,
            );
            PlanFault { about, message }
        });
        let mut faults: Vec<PlanFault> = found.chain(too_small).collect();
        faults.sort_by(|one, other| one.about.cmp(&other.about));
        faults
    }
}

/// Some names, and how many more there are.
pub(super) fn names(all: &[String]) -> String {
    let more = all.len().saturating_sub(NAMED);
    match all {
        [one] => one.clone(),
        [rest @ .., last] if more == 0 => format!("{} and {last}", rest.join(", ")),
        _ => format!("{} and {more} more", all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ")),
    }
}
