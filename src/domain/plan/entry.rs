//! What a person enters about a plan: texts, until they are found to be good.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Points;
use super::decision::{About, Capacity, Course, PlanFault, PlanInput};
use crate::domain::catalog::{ActivityId, ActivityIndex, Catalog, Level, MAX_LEVEL};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::{Name, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageNumber};

/// For which team and in which quarter a capacity is; `None`: for all teams, or in all quarters.
type Whose = (Option<TeamId>, Option<Period>);

/// How many activities something can be decided about by hand.
pub const DECISIONS: usize = 500;

/// The most points that a team can do in a quarter, by far.
const MOST_POINTS: u32 = 100_000;

/// How many characters of what was entered are repeated in a fault.
const SHOWN: usize = 80;

/// How many characters the exceptions and the names of teams have at most: about one for each of 10,000 teams.
const LONGEST_TEXT: usize = 500_000;

/// How many faults of one of these texts are said.
const FAULTS_SAID: usize = 20;

/// What a person entered about a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanEntry {
    /// The name of the plan.
    pub name: String,
    /// The number of the version that the person saw; empty for a plan that is not kept yet.
    pub seen: String,
    /// The first quarter.
    pub start: String,
    /// The points that each team can do in a quarter.
    pub each: String,
    /// What differs from that, one in a line: team, quarter or both, and points, set apart by semicolons or tabs.
    pub exceptions: String,
    /// The names of teams that the plan is not about, one in a line.
    pub left_out: String,
    /// Targets by stage and dimension; empty: as in the roadmap. The level that the roadmap has is something else: it
    /// lowers those of teams with higher ones.
    pub targets: BTreeMap<(usize, String), String>,
    /// Dates by stage; empty: as in the roadmap; [`PlanEntry::NO_DATE`]: none.
    pub wishes: BTreeMap<usize, String>,
    /// What is decided about activities.
    pub decisions: Vec<DecisionEntry>,
}

/// What a person entered about an activity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionEntry {
    /// Its name or id.
    pub activity: String,
    /// The name of the team; empty: all teams.
    pub team: String,
    /// The word of a [`CourseWord`]; empty: nothing is decided.
    pub course: String,
    /// The quarter, or the name of the team that provides it.
    pub value: String,
}

/// What can be decided about an activity, without the when and who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourseWord {
    /// It is finished in a quarter.
    Locked,
    /// It is left out.
    Excluded,
    /// Another team does it for this one.
    Provided,
}

impl Named for CourseWord {
    const NAMED: &'static [(&'static str, Self)] =
        &[("locked", Self::Locked), ("excluded", Self::Excluded), ("provided", Self::Provided)];
}

/// What the texts of an entry can be about.
#[derive(Debug)]
pub struct Subjects<'a> {
    catalog: &'a Catalog,
    roadmap: &'a Roadmap,
    present: Period,
    /// The teams of the scope, by what their names have in common with what people write.
    teams: HashMap<String, TeamId>,
    names: HashMap<TeamId, &'a Name>,
}

impl<'a> Subjects<'a> {
    /// The catalog and the stages of a plan, and the teams of its scope; it begins in the present quarter or later.
    pub fn new(catalog: &'a Catalog, roadmap: &'a Roadmap, teams: &'a [Team], present: Period) -> Self {
        let names = teams.iter().map(|team| (team.id, &team.name)).collect();
        let teams = teams.iter().map(|team| (team.name.key(), team.id)).collect();
        Self { catalog, roadmap, present, teams, names }
    }

    fn team(&self, name: &str) -> Option<TeamId> {
        let key = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        self.teams.get(&key).copied()
    }

    fn team_name(&self, id: TeamId) -> String {
        self.names.get(&id).map(ToString::to_string).unwrap_or_default()
    }

    /// The activity that is called so or has this id; an error when several are called so.
    fn activity(&self, text: &str) -> Result<ActivityIndex, String> {
        let text = text.trim();
        if let Some(index) = self.catalog.find(&ActivityId(text.to_owned())) {
            return Ok(index);
        }
        let key = text.to_lowercase();
        let mut named = self.catalog.activities().filter(|(_, activity)| activity.name.to_lowercase() == key);
        match (named.next(), named.next()) {
            (Some((index, _)), None) => Ok(index),
            (Some(_), Some(_)) => Err(format!("several activities are called “{}”: enter the id of one", shown(text))),
            (None, _) => Err(format!("the catalog has no activity called “{}”: choose one from the list", shown(text))),
        }
    }
}

impl PlanEntry {
    /// The name of the field with the version that was seen.
    pub const SEEN: &str = "seen";
    /// The word for a stage without a date.
    pub const NO_DATE: &str = "none";

    /// An input as a person would have entered it.
    pub fn of(input: &PlanInput, subjects: &Subjects<'_>) -> Self {
        let name = |team: Option<TeamId>| team.map(|team| subjects.team_name(team));
        let exception = |(&(team, period), points): (&(Option<TeamId>, Option<Period>), &Points)| {
            let parts = [name(team), period.map(|period| period.to_string()), Some(points.to_string())];
            parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
        };
        let mut exceptions: Vec<String> = input.capacity.exceptions.iter().map(exception).collect();
        exceptions.sort();
        let left_out: Vec<String> = input.left_out.iter().map(|team| subjects.team_name(*team)).collect();
        let decision = |((activity, team), decided): (&(ActivityId, Option<TeamId>), &Course)| {
            let (course, value) = match *decided {
                Course::Planned => return None,
                Course::Locked(period) => (CourseWord::Locked, period.to_string()),
                Course::Excluded => (CourseWord::Excluded, String::new()),
                Course::ProvidedBy(team) => (CourseWord::Provided, subjects.team_name(team)),
            };
            let found = subjects.catalog.find(activity).map(|index| subjects.catalog.activity(index).name.clone());
            // A name that several have would not be found again.
            let called = found.filter(|name| subjects.activity(name).is_ok()).unwrap_or_else(|| activity.0.clone());
            let team = name(*team).unwrap_or_default();
            Some(DecisionEntry { activity: called, team, course: course.name().to_owned(), value })
        };
        let wish =
            |wished: &Option<Period>| wished.map_or_else(|| Self::NO_DATE.to_owned(), |period| period.to_string());
        Self {
            name: String::new(),
            seen: String::new(),
            start: input.start.to_string(),
            each: input.capacity.each.to_string(),
            exceptions: exceptions.join("\n"),
            left_out: left_out.join("\n"),
            targets: input
                .targets
                .iter()
                // Of a dimension that the catalog does not have any more there is nothing to choose.
                .filter(|((_, name), _)| subjects.catalog.dimensions().iter().any(|known| known.name == *name))
                .map(|((stage, name), level)| ((stage.0, name.clone()), level.to_string()))
                .collect(),
            wishes: input.wishes.iter().map(|(stage, wished)| (stage.0, wish(wished))).collect(),
            decisions: input.decisions.iter().filter_map(decision).collect(),
        }
    }

    /// With a row for an activity that something is to be decided about, unless there is one.
    pub fn with_row(mut self, activity: &ActivityId, team: Option<TeamId>, subjects: &Subjects<'_>) -> Self {
        if let Some(index) = subjects.catalog.find(activity) {
            let activity = subjects.catalog.activity(index).name.clone();
            let team = team.map(|team| subjects.team_name(team)).unwrap_or_default();
            if !self.decisions.iter().any(|row| row.activity == activity && row.team == team) {
                self.decisions.push(DecisionEntry { activity, team, ..DecisionEntry::default() });
            }
        }
        self
    }

    /// The input that was entered, or everything that is wrong with it. The fields are `start`, `capacity`,
    /// `exceptions`, `teams`, `targets`, `target-N-Dimension`, `wished-N` and `decision-N`, for the decision in row N.
    pub fn check(&self, subjects: &Subjects<'_>) -> Result<PlanInput, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let start = self.checked_start(subjects, &mut faults);
        let each = points(&self.each).map_err(|message| faults.push(FieldFault::new("capacity", message)));
        if each == Ok(Points::ZERO) {
            let message = "a team that can do nothing gets nowhere: enter how many points it can do in a quarter";
            faults.push(FieldFault::new("capacity", message));
        }
        let exceptions = self.checked_exceptions(subjects, &mut faults);
        let left_out = self.checked_left_out(subjects, &mut faults);
        let targets = self.checked_targets(subjects, &mut faults);
        let wishes = self.checked_wishes(subjects, &mut faults);
        let decisions = self.checked_decisions(subjects, &mut faults);
        match (start, each) {
            (Some(start), Ok(each)) if faults.is_empty() => {
                Ok(PlanInput { start, capacity: Capacity { each, exceptions }, targets, wishes, left_out, decisions })
            }
            _ => Err(faults),
        }
    }

    /// A fault of the plan at the field that it is about, by the names of [`PlanEntry::check`].
    pub fn at_its_field(&self, fault: PlanFault, subjects: &Subjects<'_>) -> FieldFault {
        let field = match &fault.about {
            About::Start => "start".to_owned(),
            About::Capacity => "capacity".to_owned(),
            About::Exception(..) => "exceptions".to_owned(),
            About::Target(stage, dimension) => format!("target-{}-{dimension}", stage.0),
            About::Wish(stage) => format!("wished-{}", stage.0),
            About::Teams => "teams".to_owned(),
            About::Decision(activity, team) => {
                let about = (activity.clone(), *team);
                let is_row = |entry: &DecisionEntry| entry.checked(subjects).is_ok_and(|(key, _)| key == about);
                let row = self.decisions.iter().position(is_row);
                row.map_or_else(|| "decisions".to_owned(), |row| format!("decision-{}", row + 1))
            }
        };
        FieldFault::new(field, fault.message)
    }

    fn checked_start(&self, subjects: &Subjects<'_>, faults: &mut Vec<FieldFault>) -> Option<Period> {
        let start = self.start.trim().parse::<Period>();
        match start {
            Ok(start) if start >= subjects.present => return Some(start),
            Ok(start) => {
                let present = subjects.present;
                faults.push(FieldFault::new("start", format!("{start} is over: a plan begins in {present} or later")));
            }
            Err(error) => faults.push(FieldFault::new("start", error)),
        }
        None
    }

    fn checked_exceptions(&self, subjects: &Subjects<'_>, faults: &mut Vec<FieldFault>) -> BTreeMap<Whose, Points> {
        let mut found = BTreeMap::new();
        let messages = checked_lines(&self.exceptions, |line| {
            let (key, points) = exception(line, subjects)?;
            found.insert(key, points).map_or(Ok(()), |_| Err("the same is said in a line before".to_owned()))
        });
        faults.extend(messages.into_iter().map(|message| FieldFault::new("exceptions", message)));
        found
    }

    fn checked_left_out(&self, subjects: &Subjects<'_>, faults: &mut Vec<FieldFault>) -> BTreeSet<TeamId> {
        let mut found = BTreeSet::new();
        let messages = checked_lines(&self.left_out, |line| {
            found.insert(subjects.team(line).ok_or_else(|| no_such_team(line))?);
            Ok(())
        });
        faults.extend(messages.into_iter().map(|message| FieldFault::new("teams", message)));
        found
    }

    fn checked_targets(
        &self,
        subjects: &Subjects<'_>,
        faults: &mut Vec<FieldFault>,
    ) -> BTreeMap<(StageNumber, String), Level> {
        let mut found = BTreeMap::new();
        for ((stage, dimension), text) in self.targets.iter().filter(|(_, text)| !text.trim().is_empty()) {
            if !subjects.catalog.dimensions().iter().any(|known| known.name == *dimension) {
                let message = format!("the catalog has no dimension “{}”: take its target away", shown(dimension));
                faults.push(FieldFault::new("targets", message));
                continue;
            }
            let number = StageNumber(*stage);
            let level = text.trim().parse::<Level>().ok().filter(|level| *level <= MAX_LEVEL);
            match (level, subjects.roadmap.stage(number)) {
                (Some(level), Some(_)) => _ = found.insert((number, dimension.clone()), level),
                (None, _) => faults.push(FieldFault::new(
                    format!("target-{stage}-{dimension}"),
                    format!("a target is a level from 0 to {MAX_LEVEL}"),
                )),
                (_, None) => faults.push(no_such_stage(format!("target-{stage}-{dimension}"), *stage, subjects)),
            }
        }
        found
    }

    fn checked_wishes(
        &self,
        subjects: &Subjects<'_>,
        faults: &mut Vec<FieldFault>,
    ) -> BTreeMap<StageNumber, Option<Period>> {
        let mut found = BTreeMap::new();
        for (stage, text) in self.wishes.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let (number, field) = (StageNumber(*stage), format!("wished-{stage}"));
            if subjects.roadmap.stage(number).is_none() {
                faults.push(no_such_stage(field, *stage, subjects));
                continue;
            }
            if text.trim() == Self::NO_DATE {
                found.insert(number, None);
                continue;
            }
            match text.trim().parse::<Period>() {
                Ok(wished) if wished >= subjects.present => _ = found.insert(number, Some(wished)),
                Ok(wished) => faults
                    .push(FieldFault::new(field, format!("{wished} is over: choose {} or later", subjects.present))),
                Err(error) => faults.push(FieldFault::new(field, error)),
            }
        }
        found
    }

    fn checked_decisions(
        &self,
        subjects: &Subjects<'_>,
        faults: &mut Vec<FieldFault>,
    ) -> BTreeMap<(ActivityId, Option<TeamId>), Course> {
        let mut found: HashMap<(ActivityId, Option<TeamId>), usize> = HashMap::new();
        let mut decisions = BTreeMap::new();
        let is_said = |entry: &DecisionEntry| !entry.activity.trim().is_empty() && !entry.course.trim().is_empty();
        for (row, entry) in (1..).zip(&self.decisions).filter(|(_, entry)| is_said(entry)) {
            let mut fault = |message: String| faults.push(FieldFault::new(format!("decision-{row}"), message));
            let read = entry.checked(subjects);
            match read {
                Err(message) => fault(message),
                Ok((key, course)) => match found.insert(key.clone(), row) {
                    Some(before) => fault(format!("row {before} decides about the same; keep one of them")),
                    None => _ = decisions.insert(key, course),
                },
            }
        }
        if decisions.len() > DECISIONS {
            let message = format!("at most {DECISIONS} activities can be decided about in one plan");
            faults.push(FieldFault::new("decisions", message));
        }
        decisions
    }
}

fn no_such_stage(field: String, stage: usize, subjects: &Subjects<'_>) -> FieldFault {
    let stages = subjects.roadmap.stages().len();
    FieldFault::new(field, format!("there is no stage {stage}; the roadmap has the stages 1 to {stages}"))
}

impl DecisionEntry {
    fn checked(&self, subjects: &Subjects<'_>) -> Result<((ActivityId, Option<TeamId>), Course), String> {
        let index = subjects.activity(&self.activity)?;
        let team = match self.team.trim() {
            "" => None,
            name => Some(subjects.team(name).ok_or_else(|| no_such_team(name))?),
        };
        let word = CourseWord::from_name(self.course.trim());
        let course = match word.ok_or("choose what is decided about it")? {
            CourseWord::Excluded => Course::Excluded,
            CourseWord::Locked => {
                let quarter = self.value.trim().parse::<Period>().map_err(|error| error.to_string())?;
                if quarter < subjects.present {
                    return Err(format!("{quarter} is over: choose {} or later", subjects.present));
                }
                Course::Locked(quarter)
            }
            CourseWord::Provided => match self.value.trim() {
                "" => return Err("enter the team that provides it".to_owned()),
                name => Course::ProvidedBy(subjects.team(name).ok_or_else(|| no_such_team(name))?),
            },
        };
        Ok(((subjects.catalog.activity(index).id.clone(), team), course))
    }
}

/// What was entered, as far as a sentence can hold it.
fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Reads a text line by line, and says what is wrong with it.
fn checked_lines(text: &str, mut read: impl FnMut(&str) -> Result<(), String>) -> Vec<String> {
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return vec![format!("at most {LONGEST_TEXT} characters can be entered here")];
    }
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let wrong = lines.filter_map(|(number, line)| Some(format!("line {number}: {}", read(line).err()?)));
    let mut messages: Vec<String> = wrong.collect();
    let more = messages.len().saturating_sub(FAULTS_SAID);
    if more > 0 {
        messages.truncate(FAULTS_SAID);
        messages.push(format!("{more} more lines are wrong"));
    }
    messages
}

fn no_such_team(name: &str) -> String {
    format!("no team here is called “{}”", shown(name))
}

/// A line of the exceptions: team, quarter or both, and last the points.
fn exception(line: &str, subjects: &Subjects<'_>) -> Result<(Whose, Points), String> {
    let form = "write a team, a quarter or both, and the points, like “Payments; 2027-Q1; 8”";
    let mut parts: Vec<&str> = line.split([';', '\t']).map(str::trim).collect();
    let capacity = points(parts.pop().unwrap_or_default())?;
    let period = parts.last().and_then(|text| text.parse::<Period>().ok());
    if period.is_some() {
        parts.pop();
    }
    // A semicolon can be a part of a name.
    let team = match parts.join("; ").as_str() {
        "" if period.is_some() => None,
        "" => return Err(form.to_owned()),
        name => Some(subjects.team(name).ok_or_else(|| format!("{}; {form}", no_such_team(name)))?),
    };
    Ok(((team, period), capacity))
}

/// A number of points with at most two digits after the point.
fn points(text: &str) -> Result<Points, String> {
    let text = text.trim();
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    let wrong = || format!("“{}” is not a number of points: write it like 12 or 7.5, not below 0", shown(text));
    if whole.is_empty() || !is_plain(whole) || !is_plain(rest) || rest.len() > 2 || whole.len() > 9 {
        return Err(wrong());
    }
    let whole: u32 = whole.parse().map_err(|_| wrong())?;
    if whole > MOST_POINTS {
        return Err(format!("at most {MOST_POINTS} points"));
    }
    let hundredths: u64 = format!("{rest:0<2}").parse().map_err(|_| wrong())?;
    Ok(Points::whole(whole) + Points::hundredths(hundredths))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::samples;
    use crate::domain::roadmap::Stage;

    fn team(id: i64, name: &str) -> Team {
        let name = Name::new(name).unwrap();
        Team { id: TeamId(id), name, description: String::new(), groups: vec![], retired_at: None }
    }

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn with<T>(look: impl FnOnce(&Subjects<'_>) -> T) -> T {
        let catalog = samples::catalog(&[&[1, 2, 3]]);
        let stage = |target| Stage {
            name: format!("to {target}"),
            targets: [("All".to_owned(), target)].into(),
            ..Stage::default()
        };
        let roadmap = Roadmap::new(vec![stage(1), stage(3)]).unwrap();
        let teams = [team(1, "Payments"), team(2, "Web; shop")];
        look(&Subjects::new(&catalog, &roadmap, &teams, period("2026-Q4")))
    }

    fn entered(catalog: &Catalog) -> PlanInput {
        let id = |n: usize| catalog.activities().nth(n).unwrap().1.id.clone();
        PlanInput {
            start: period("2027-Q1"),
            capacity: Capacity {
                each: Points::whole(12),
                exceptions: [
                    ((Some(TeamId(1)), None), Points::hundredths(750)),
                    ((Some(TeamId(2)), None), Points::whole(1)),
                    ((None, Some(period("2027-Q3"))), Points::ZERO),
                    ((Some(TeamId(1)), Some(period("2027-Q2"))), Points::whole(3)),
                ]
                .into(),
            },
            targets: [((StageNumber(2), "All".to_owned()), 2)].into(),
            wishes: [(StageNumber(1), None), (StageNumber(2), Some(period("2028-Q1")))].into(),
            left_out: [TeamId(2)].into(),
            decisions: [
                ((id(0), None), Course::Excluded),
                ((id(1), Some(TeamId(1))), Course::Locked(period("2027-Q2"))),
                ((id(2), Some(TeamId(1))), Course::ProvidedBy(TeamId(2))),
            ]
            .into(),
        }
    }

    #[test]
    fn what_is_decided_can_be_entered_again() {
        with(|subjects| {
            let input = entered(subjects.catalog);
            let entry = PlanEntry::of(&input, subjects);
            assert_eq!(entry.exceptions, "2027-Q3; 0\nPayments; 2027-Q2; 3\nPayments; 7.5\nWeb; shop; 1");
            assert_eq!(entry.check(subjects), Ok(input));
        });
    }

    #[test]
    fn a_level_that_is_entered_is_kept_also_when_the_roadmap_has_it() {
        with(|subjects| {
            let mut entry = PlanEntry::of(&entered(subjects.catalog), subjects);
            entry.targets = [((1, "All".into()), "1".into()), ((2, "All".into()), String::new())].into();
            let input = entry.check(subjects).unwrap();
            assert_eq!(input.targets, [((StageNumber(1), "All".to_owned()), 1)].into());
            assert_eq!(PlanEntry::of(&input, subjects).check(subjects), Ok(input));
        });
    }

    #[test]
    fn faults_stay_short_whatever_is_entered() {
        with(|subjects| {
            let good = PlanEntry::of(&entered(subjects.catalog), subjects);
            let long = "ä".repeat(150_000);
            let decision = |activity: &str, team: &str| DecisionEntry {
                activity: activity.into(),
                team: team.into(),
                course: "provided".into(),
                value: long.clone(),
            };
            for (entry, fields) in [
                (PlanEntry { exceptions: format!("{long}; 5"), ..good.clone() }, 1),
                (PlanEntry { exceptions: long.clone(), ..good.clone() }, 1),
                (PlanEntry { exceptions: "x\n".repeat(90_000), ..good.clone() }, 21),
                (PlanEntry { exceptions: "\n".repeat(500_001), ..good.clone() }, 1),
                (PlanEntry { left_out: long.clone(), ..good.clone() }, 1),
                (PlanEntry { left_out: long.repeat(4), ..good.clone() }, 1),
                (PlanEntry { start: long.clone(), each: long.clone(), ..good.clone() }, 2),
                (PlanEntry { targets: [((1, long.clone()), "1".into())].into(), ..good.clone() }, 1),
                (PlanEntry { wishes: [(1, long.clone())].into(), ..good.clone() }, 1),
                (
                    PlanEntry {
                        decisions: vec![decision(&long, ""), decision("a0", &long), decision("a0", "")],
                        ..good
                    },
                    3,
                ),
            ] {
                let faults = entry.check(subjects).unwrap_err();
                assert_eq!(faults.len(), fields);
                assert!(faults.iter().all(|fault| fault.field.len() + fault.message.len() < 400));
            }
        });
    }

    #[test]
    fn every_fault_is_at_its_field() {
        with(|subjects| {
            let decision = |activity: &str, team: &str, course: &str, value: &str| DecisionEntry {
                activity: activity.into(),
                team: team.into(),
                course: course.into(),
                value: value.into(),
            };
            let entry = PlanEntry {
                start: "2026-Q3".into(),
                each: "0".into(),
                exceptions: "Payments; 5\nNobody; 5\n\nPayments; -3\n5\nPayments;5".into(),
                left_out: "Payments\nNobody".into(),
                targets: [
                    ((1, "All".into()), "6".into()),
                    ((2, "Nope".into()), "3".into()),
                    ((7, "All".into()), "1".into()),
                ]
                .into(),
                wishes: [(1, "2026-Q1".into()), (2, "soon".into())].into(),
                decisions: vec![
                    decision("a0", "", "excluded", ""),
                    decision("a9", "", "excluded", ""),
                    decision("a0", "", "locked", "2027-Q1"),
                    decision("a1", "Payments", "locked", "2020-Q1"),
                    decision("a1", "Payments", "provided", ""),
                    decision("a1", "Payments", "", "ignored"),
                ],
                ..PlanEntry::default()
            };
            let faults = entry.check(subjects).unwrap_err();
            let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
            assert_eq!(
                fields,
                [
                    "start",
                    "capacity",
                    "exceptions",
                    "exceptions",
                    "exceptions",
                    "exceptions",
                    "teams",
                    "target-1-All",
                    "targets",
                    "target-7-All",
                    "wished-1",
                    "wished-2",
                    "decision-2",
                    "decision-3",
                    "decision-4",
                    "decision-5",
                ]
            );
            assert!(faults[3].message.starts_with("line 4: “-3” is not a number of points"), "{}", faults[3].message);
        });
    }
}
