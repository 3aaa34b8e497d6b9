//! What is decided about a plan, as programs say it and are told it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::Change;
use super::word::{Described, Word};
use crate::app;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::plan::entry::{CourseWord, DecisionEntry, PlanEntry};
use crate::domain::plan::{Course, PlanInput};

impl Described for CourseWord {
    const SCHEMA: &'static str = "PlanCourse";
    const MEANING: &'static str =
        "What is decided about an activity: it is finished in a quarter, left out, or provided by another team.";
}

type CourseWordWord = Word<CourseWord>;

/// What a team can do, where it differs.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PlanCapacityException {
    /// The number of the team; null: all of them.
    team: Option<i64>,
    /// The quarter; null: all of them. One of the two is always said.
    #[schema(example = "2027-Q3")]
    quarter: Option<String>,
    /// How many points of effort.
    #[schema(minimum = 0, maximum = 100000)]
    capacity: f64,
}

/// A target that differs from that of the roadmap.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PlanTarget {
    /// The number of the stage.
    stage: usize,
    /// The name of the dimension.
    dimension: String,
    /// The level to reach.
    #[schema(minimum = 0, maximum = 5)]
    level: u8,
}

/// A date that differs from that of the roadmap.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PlanWish {
    /// The number of the stage.
    stage: usize,
    /// The quarter by the end of which it should be reached; null: no date.
    #[schema(example = "2027-Q4")]
    wished: Option<String>,
}

/// What is decided about an activity.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PlanDecision {
    /// The id of the activity.
    #[schema(min_length = 1)]
    activity: String,
    /// The number of the team that it is decided for; null: all of them.
    team: Option<i64>,
    /// What is decided.
    course: CourseWordWord,
    /// Of what is locked: the quarter in which it is finished.
    #[serde(default)]
    quarter: Option<String>,
    /// Of what is provided: the number of the team that does it.
    #[serde(default)]
    by: Option<i64>,
}

/// What was decided about a plan.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct PlanInputSeen {
    /// The first quarter in which something is done.
    #[schema(example = "2027-Q1")]
    start: String,
    /// How many points of effort each team can do in a quarter.
    capacity: f64,
    /// Where that differs.
    capacity_exceptions: Vec<PlanCapacityException>,
    /// The numbers of the teams that the plan is not about.
    left_out: Vec<i64>,
    /// Targets that differ from those of the roadmap.
    targets: Vec<PlanTarget>,
    /// Dates that differ from those of the roadmap.
    wishes: Vec<PlanWish>,
    /// What is decided about single activities.
    decisions: Vec<PlanDecision>,
}

impl From<&PlanInput> for PlanInputSeen {
    fn from(input: &PlanInput) -> Self {
        let mut capacity_exceptions: Vec<PlanCapacityException> = Vec::new();
        for ((team, quarter), points) in &input.capacity.exceptions {
            let (team, quarter) = (team.map(|team| team.0), quarter.map(|quarter| quarter.to_string()));
            capacity_exceptions.push(PlanCapacityException { team, quarter, capacity: points.value() });
        }
        let decision = |((activity, team), course): (&(_, Option<_>), &Course)| decided(activity, *team, *course);
        let target = |((stage, dimension), level): (&(crate::domain::roadmap::StageNumber, String), &u8)| PlanTarget {
            stage: stage.0,
            dimension: dimension.clone(),
            level: *level,
        };
        let wishes = input.wishes.iter();
        Self {
            start: input.start.to_string(),
            capacity: input.capacity.each.value(),
            capacity_exceptions,
            left_out: input.left_out.iter().map(|team| team.0).collect(),
            targets: input.targets.iter().map(target).collect(),
            wishes: wishes
                .map(|(stage, wished)| PlanWish { stage: stage.0, wished: wished.map(|quarter| quarter.to_string()) })
                .collect(),
            decisions: input.decisions.iter().filter_map(decision).collect(),
        }
    }
}

fn decided(
    activity: &crate::domain::catalog::ActivityId,
    team: Option<crate::domain::organization::TeamId>,
    course: Course,
) -> Option<PlanDecision> {
    let (word, quarter, by) = match course {
        Course::Planned => return None,
        Course::Locked(quarter) => (CourseWord::Locked, Some(quarter.to_string()), None),
        Course::Excluded => (CourseWord::Excluded, None, None),
        Course::ProvidedBy(by) => (CourseWord::Provided, None, Some(by.0)),
    };
    let team = team.map(|team| team.0);
    Some(PlanDecision { activity: activity.0.clone(), team, course: Word(word), quarter, by })
}

/// What is decided about a plan. What is left out is as the plan before has it or, of a new one, as is proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PlanWanted {
    /// The name of the plan, unique among those of its scope.
    #[schema(min_length = 1, max_length = 100, example = "Two years")]
    name: String,
    /// The first quarter in which something is done: the present one or later.
    #[schema(example = "2027-Q1")]
    start: Option<String>,
    /// How many points of effort each team can do in a quarter.
    #[schema(minimum = 0, maximum = 100000)]
    capacity: Option<f64>,
    /// Where that differs.
    capacity_exceptions: Option<Vec<PlanCapacityException>>,
    /// The numbers of the teams that the plan is not about.
    left_out: Option<Vec<i64>>,
    /// Targets that differ from those of the roadmap.
    targets: Option<Vec<PlanTarget>>,
    /// Dates that differ from those of the roadmap.
    wishes: Option<Vec<PlanWish>>,
    /// What is decided about single activities.
    #[schema(max_items = 500)]
    decisions: Option<Vec<PlanDecision>>,
}

pub(super) type PlanWantedChange = Change<PlanWanted>;

impl PlanWanted {
    /// The same as a person would have entered it who began with `begun`. `names` are those of the teams that whoever
    /// asks sees.
    pub(super) fn entered(self, begun: PlanEntry, names: &HashMap<i64, String>) -> Result<PlanEntry, app::Error> {
        let mut teams = Teams { names, faults: Vec::new() };
        let mut entry = PlanEntry { name: self.name, ..begun };
        if let Some(start) = self.start {
            entry.start = start;
        }
        if let Some(capacity) = self.capacity {
            entry.each = points(capacity);
        }
        if let Some(exceptions) = self.capacity_exceptions {
            let line = |PlanCapacityException { team, quarter, capacity }: PlanCapacityException| {
                let team = team.map(|team| teams.name("capacity_exceptions", team));
                [team, quarter.as_deref().map(one_line), Some(points(capacity))]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            entry.exceptions = exceptions.into_iter().map(line).collect::<Vec<_>>().join("\n");
        }
        if let Some(left_out) = self.left_out {
            let names: Vec<String> = left_out.into_iter().map(|team| teams.name("left_out", team)).collect();
            entry.left_out = names.join("\n");
        }
        if let Some(targets) = self.targets {
            entry.targets = targets.into_iter().map(|of| ((of.stage, of.dimension), of.level.to_string())).collect();
        }
        if let Some(wishes) = self.wishes {
            let word = |wished: Option<String>| wished.unwrap_or_else(|| PlanEntry::NO_DATE.to_owned());
            entry.wishes = wishes.into_iter().map(|PlanWish { stage, wished }| (stage, word(wished))).collect();
        }
        if let Some(decisions) = self.decisions {
            entry.decisions = (1..).zip(decisions).map(|(row, decision)| teams.decision(row, decision)).collect();
        }
        if teams.faults.is_empty() { Ok(entry) } else { Err(app::Error::Invalid(teams.faults)) }
    }
}

/// The teams that somebody sees, and what was wrong with those that were named.
struct Teams<'a> {
    names: &'a HashMap<i64, String>,
    faults: Vec<FieldFault>,
}

impl Teams<'_> {
    fn name(&mut self, field: &str, team: i64) -> String {
        match self.names.get(&team) {
            Some(name) => name.clone(),
            None => {
                self.faults.push(FieldFault::new(field, format!("there is no team with the number {team}")));
                String::new()
            }
        }
    }

    fn decision(&mut self, row: usize, decision: PlanDecision) -> DecisionEntry {
        let PlanDecision { activity, team, course, quarter, by } = decision;
        let field = format!("decision-{row}");
        let mut fault = |message: &str| self.faults.push(FieldFault::new(&field, message));
        if activity.trim().is_empty() {
            fault("the id of an activity is needed");
        }
        let needs = (course.0 == CourseWord::Locked, course.0 == CourseWord::Provided);
        if (quarter.is_some(), by.is_some()) != needs {
            fault("what is locked has a quarter, what is provided a team that does it, and what is excluded neither");
        }
        let team = team.map(|team| self.name(&field, team)).unwrap_or_default();
        let value = by.map(|by| self.name(&field, by)).or(quarter).unwrap_or_default();
        DecisionEntry { activity, team, course: course.0.name().to_owned(), value }
    }
}

/// A number of points as people write it.
fn points(number: f64) -> String {
    format!("{number:.2}")
}

/// A text that cannot become a line of its own.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
