//! The history of an organization that does not exist, for people who want to look around.
//!
//! This is the engine; `profiles` says who the teams are. Every team has put the activities of the
//! catalog into an order of its own, mostly level by level, and walks along it with its own pace.
//! Since a level counts only when all of it is done, answers thrown at random would never reach
//! one; an order with a front that moves through it does.
//!
//! Everything is made of integers, and chance comes from a small generator of our own: the same
//! seed gives the same organization on every machine and with every version of every library.

use std::collections::{HashMap, HashSet};

use crate::domain::answer::{Answer, Status};
use crate::domain::catalog::{Activity, ActivityId, ActivityIndex, Catalog, Home};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;

use super::growth;
use super::profiles::{
    Exemption, FULLY_NOTES, GROUPS, Latest, PARTLY_NOTES, PROFILES, PROVIDER, Profile, STARTED_NOTES,
};

/// How large a demo organization is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSize {
    /// How many teams it has. Those of the usual demo come first.
    pub teams: usize,
    /// How many quarters it looks back on, with the present one.
    pub quarters: usize,
}

impl Default for DemoSize {
    fn default() -> Self {
        Self { teams: PROFILES.len(), quarters: USUAL_QUARTERS }
    }
}

/// How many quarters the history of the usual demo has.
pub(super) const USUAL_QUARTERS: usize = 8;

/// A team of the demo organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct DemoTeam {
    /// Its name.
    pub name: String,
    /// A sentence about what it builds or runs.
    pub description: String,
    /// The groups it belongs to, as positions in [`DemoOrganization::groups`].
    pub groups: Vec<usize>,
    /// The last quarter in which it was assessed before it was retired; `None`: it is not retired.
    pub retired_after: Option<Period>,
    /// Whether it enters everything in the last minutes before it submits.
    pub is_hasty: bool,
}

/// What a team answered in one quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct DemoAssessment {
    /// The team, as a position in [`DemoOrganization::teams`].
    pub team: usize,
    /// The quarter.
    pub period: Period,
    /// The answers, in the order of the catalog; activities without an answer are not in it.
    pub answers: Vec<(ActivityId, Answer)>,
    /// Whether it was submitted; if not, it is a draft.
    pub submitted: bool,
    /// The activities whose answers are taken over from the [`PROVIDER`].
    pub taken_over: HashSet<ActivityId>,
}

impl DemoAssessment {
    /// The same, with the provider named in the answers that are taken over.
    pub(in crate::app) fn taking_over_from(mut self, provider: Option<TeamId>) -> Self {
        for (id, answer) in &mut self.answers {
            answer.inherited_from = provider.filter(|_| self.taken_over.contains(id));
        }
        self
    }
}

/// An organization with its history, of which one assessment is made at a time: all of them would be millions of
/// answers.
pub(in crate::app) struct DemoOrganization<'a> {
    catalog: &'a Catalog,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// The teams.
    pub teams: Vec<DemoTeam>,
    /// The ways of the teams.
    courses: Vec<Course<'a>>,
    /// The quarters, oldest first.
    pub periods: Vec<Period>,
}

impl<'a> DemoOrganization<'a> {
    /// Makes up an organization whose last quarter is `last`. Equal arguments give equal organizations.
    pub(in crate::app) fn new(catalog: &'a Catalog, last: Period, size: DemoSize, seed: u64) -> Self {
        let back = std::iter::successors(Some(last), |period| Some(period.previous()));
        let mut periods: Vec<Period> = back.take(size.quarters).collect();
        periods.reverse();
        let mut groups: Vec<String> = GROUPS.map(String::from).to_vec();
        groups.extend((0..growth::groups(size)).map(growth::group_name));
        let ago = |quarters: usize| periods.iter().rev().nth(quarters).copied();
        let (mut teams, mut courses) = (Vec::new(), Vec::new());
        for number in 0..size.teams {
            let dice = Dice(seed).mixed(Topic::Team as u64).mixed(number as u64);
            let (profile, (name, description), groups) = match PROFILES.get(number) {
                Some(&usual) => (usual, (usual.name.into(), usual.description.into()), usual.groups.to_vec()),
                None => {
                    let number = number.saturating_sub(PROFILES.len());
                    (growth::profile(size, dice), growth::team(number), growth::groups_of(size, number, dice))
                }
            };
            let (retired_after, is_hasty) = (profile.retired.and_then(ago), profile.is_hasty);
            teams.push(DemoTeam { name, description, groups, retired_after, is_hasty });
            courses.push(Course::new(catalog, profile, size, dice));
        }
        Self { catalog, groups, teams, courses, periods }
    }

    /// The assessments of a quarter, in the order of the teams. It is the position in the quarters.
    pub(in crate::app) fn assessments(&self, quarter: usize) -> impl Iterator<Item = DemoAssessment> {
        let period = self.periods.get(quarter).copied();
        let provider = self.courses.get(PROVIDER);
        let provided = provider.map_or_else(Vec::new, |provider| provider.answers(quarter, self.catalog.len()));
        let provided: HashMap<ActivityId, Status> =
            provided.into_iter().map(|(id, answer)| (id, answer.status)).collect();
        self.courses.iter().enumerate().filter_map(move |(team, course)| {
            let (extent, submitted) = course.assessed(quarter)?;
            let answers = course.answers(quarter, extent);
            let taken_over = if team == PROVIDER { HashSet::new() } else { course.taken_over(&answers, &provided) };
            Some(DemoAssessment { team, period: period?, answers, submitted, taken_over })
        })
    }
}

/// How far an activity is: the steps of the default scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Nothing,
    Started,
    Partly,
    Fully,
}

impl Step {
    fn key(self) -> &'static str {
        match self {
            Self::Nothing => "not_implemented",
            Self::Started => "started",
            Self::Partly => "partly_implemented",
            Self::Fully => "fully_implemented",
        }
    }

    fn one_back(self) -> Self {
        match self {
            Self::Nothing | Self::Started => Self::Nothing,
            Self::Partly => Self::Started,
            Self::Fully => Self::Partly,
        }
    }

    /// What people may write beside it.
    fn notes(self) -> &'static [&'static str] {
        match self {
            Self::Nothing => &[],
            Self::Started => &STARTED_NOTES,
            Self::Partly => &PARTLY_NOTES,
            Self::Fully => &FULLY_NOTES,
        }
    }
}

/// What a roll of the dice decides; each use has its own rolls.
#[derive(Debug, Clone, Copy)]
pub(super) enum Topic {
    Team,
    Taste,
    Favour,
    Patience,
    Delay,
    Oversight,
    Disturbance,
    Loss,
    Recovery,
    Remark,
    Wording,
    Character,
    Habit,
    Neighbour,
}

/// Chance without a state: a roll depends on the seed, the topic and a number only, so that a
/// decision does not shift when another is added before it.
///
/// It is the finalizer of the public SplitMix64 generator. The `rand` crate would be the usual
/// choice, but it does not promise the same numbers from one version to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dice(u64);

impl Dice {
    fn mixed(self, value: u64) -> Self {
        let mut z = self.0.wrapping_add(value.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(z ^ (z >> 31))
    }

    /// A number from 0 to `sides` - 1. The remainder favours small ones, by far too little to be seen.
    pub(super) fn roll(self, topic: Topic, number: usize, sides: u32) -> i64 {
        let value = self.mixed(topic as u64).mixed(number as u64).0;
        i64::try_from(value % u64::from(sides.max(1))).unwrap_or(0)
    }
}

/// What a team makes of one activity. Places on the way are in thousandths of all its effort.
#[derive(Debug, Clone, Copy)]
enum Plan {
    NotApplicable(&'static str),
    Work { start: i64, length: i64 },
}

/// The way of one team through the catalog.
struct Course<'a> {
    catalog: &'a Catalog,
    profile: Profile,
    size: DemoSize,
    dice: Dice,
    /// One for each activity of the catalog, in its order.
    plans: Vec<Plan>,
    /// The activities that it leaves to the [`PROVIDER`], in the same order.
    left: Vec<bool>,
}

impl<'a> Course<'a> {
    fn new(catalog: &'a Catalog, profile: Profile, size: DemoSize, dice: Dice) -> Self {
        let reasons: Vec<_> = catalog.activities().map(|(_, activity)| exemption(&profile, &activity.name)).collect();
        let mut ranks: Vec<i64> =
            catalog.homes().map(|(index, home)| rank(&profile, catalog.activity(index), index, home, dice)).collect();
        put_prerequisites_first(catalog, &reasons, &mut ranks);
        let mut order: Vec<(i64, ActivityIndex)> =
            ranks.into_iter().zip(catalog.activities()).map(|(rank, (index, _))| (rank, index)).collect();
        order.sort_unstable();
        let is_left = |home: Home<'_>| {
            let place = place(home);
            profile.takes_over.iter().any(|word| place.contains(word))
        };
        let left = catalog.homes().map(|(_, home)| is_left(home)).collect();
        Self { catalog, profile, size, dice, plans: plan(catalog, &reasons, &order, dice), left }
    }

    /// How many quarters before the last one this is.
    fn before_last(&self, quarter: usize) -> usize {
        self.size.quarters.saturating_sub(quarter + 1)
    }

    fn first_quarter(&self) -> usize {
        self.profile.joined.map_or(0, |before_last| self.size.quarters.saturating_sub(before_last + 1))
    }

    fn setback_quarter(&self) -> Option<usize> {
        self.profile.setback.and_then(|before_last| self.size.quarters.checked_sub(before_last + 1))
    }

    /// What the team does about its assessment in a quarter: how many activities it answers at the
    /// most, from the first on, and whether it submits. `None`: it does not open it.
    fn assessed(&self, quarter: usize) -> Option<(usize, bool)> {
        let before_last = self.before_last(quarter);
        let all = self.catalog.len();
        match (before_last, self.profile.latest) {
            _ if quarter < self.first_quarter() || self.profile.skipped.contains(&before_last) => None,
            _ if self.profile.retired.is_some_and(|retired| before_last < retired) => None,
            (0, Latest::NotOpened) => None,
            (0, Latest::Draft) => Some((first_half(self.catalog), false)),
            _ => Some((all, true)),
        }
    }

    /// The answers of a quarter to the first `extent` activities.
    fn answers(&self, quarter: usize, extent: usize) -> Vec<(ActivityId, Answer)> {
        let front = self.front(quarter);
        let activities = self.catalog.homes().zip(&self.plans).take(extent);
        activities
            .filter_map(|((index, home), plan)| {
                let plan = self.handed_over(quarter, index).map_or(*plan, Plan::NotApplicable);
                let answer = match plan {
                    Plan::NotApplicable(reason) => {
                        Answer { status: Status::NotApplicable { reason: reason.into() }, ..Answer::default() }
                    }
                    Plan::Work { start, length } => {
                        self.answer(quarter, index, home, progress(front - start, length))?
                    }
                };
                Some((self.catalog.activity(index).id.clone(), answer))
            })
            .collect()
    }

    /// Why an activity does not apply any more since a quarter; `None`: it still does, or never did.
    fn handed_over(&self, quarter: usize, index: ActivityIndex) -> Option<&'static str> {
        if self.profile.handed_over.is_empty() {
            return None;
        }
        let before_last = self.before_last(quarter);
        let name = self.catalog.activity(index).name.to_ascii_lowercase();
        let is_by_then = |&&(since, (words, _)): &&(usize, Exemption)| {
            since >= before_last && words.iter().any(|word| name.contains(word))
        };
        self.profile.handed_over.iter().find(is_by_then).map(|&(_, (_, reason))| reason)
    }

    /// The activities whose answers the team takes over from a provider: of those that it leaves to it, such as
    /// both give the same answer to. So what anybody answers does not change.
    fn taken_over(
        &self,
        answers: &[(ActivityId, Answer)],
        provided: &HashMap<ActivityId, Status>,
    ) -> HashSet<ActivityId> {
        let is_left = |id: &ActivityId| {
            self.catalog.find(id).is_some_and(|index| self.left.get(index.position()).copied().unwrap_or_default())
        };
        let taken = answers.iter().filter(|(id, answer)| is_left(id) && provided.get(id) == Some(&answer.status));
        taken.map(|(id, _)| id.clone()).collect()
    }

    /// How far the team has come. It is behind its pace by up to most of a quarter, each time by
    /// another amount, and never goes back: that makes plateaus with a leap after them. In a
    /// quarter with a setback it stands still.
    fn front(&self, quarter: usize) -> i64 {
        let Profile { start, pace, .. } = self.profile;
        // In a longer history everybody comes as far, but takes longer.
        let (usual, steps) = (USUAL_QUARTERS.saturating_sub(1), self.size.quarters.saturating_sub(1));
        let length = |quarters: usize| i64::try_from(quarters).unwrap_or(i64::MAX);
        let (usual, steps_in_all) = (length(usual), length(steps.max(usual)));
        let lag = u32::try_from(pace * usual / steps_in_all).unwrap_or(0);
        let at = |(past, steps): (usize, i64)| {
            start + pace * steps * usual / steps_in_all - self.dice.roll(Topic::Delay, past, lag)
        };
        let setback = self.setback_quarter();
        (0..=quarter).zip(0..).filter(|&(past, _)| Some(past) != setback).map(at).max().unwrap_or(start)
    }

    /// The answer to an activity that applies; `None` when the team leaves it out.
    fn answer(&self, quarter: usize, index: ActivityIndex, home: Home<'_>, reached: Step) -> Option<Answer> {
        let position = index.position();
        // What nobody works on is what people overlook, the higher levels more, and ever less of it.
        let practice = i64::try_from(quarter.saturating_sub(self.first_quarter())).unwrap_or(0);
        let overlooked = 240 * i64::from(self.catalog.activity(index).level) / (2 + practice);
        let is_usual = self.size == DemoSize::default();
        if is_usual && reached == Step::Nothing && self.dice.roll(Topic::Oversight, position, 1_000) < overlooked {
            return None;
        }
        let step = if self.is_set_back(quarter, index, home) { reached.one_back() } else { reached };
        // The note belongs to the step, so it stays for as long as the step does.
        let occasion = position * 4 + step as usize;
        let notes = if self.dice.roll(Topic::Remark, occasion, 10) == 0 { step.notes() } else { &[] };
        let choice = self.dice.roll(Topic::Wording, occasion, u32::try_from(notes.len()).unwrap_or(0));
        let note = usize::try_from(choice).ok().and_then(|choice| notes.get(choice)).copied().unwrap_or_default();
        Some(Answer {
            status: Status::Step(step.key().into()),
            note: note.into(),
            inherited_from: None,
            carried: false,
            since: None,
        })
    }

    /// Whether a setback of the team weighs on the activity in this quarter. It hits some
    /// sub-dimensions, and it takes one to three quarters until an activity has recovered.
    fn is_set_back(&self, quarter: usize, index: ActivityIndex, home: Home<'_>) -> bool {
        let Some(since) = self.setback_quarter().and_then(|hit| quarter.checked_sub(hit)) else { return false };
        let position = index.position();
        self.dice.roll(Topic::Disturbance, number_of(home, index), 2) == 0
            && self.dice.roll(Topic::Loss, position, 2) == 0
            && i64::try_from(since).is_ok_and(|since| since <= self.dice.roll(Topic::Recovery, position, 3))
    }
}

/// How far an activity is after some of the way; a third of its length is a start.
fn progress(way: i64, length: i64) -> Step {
    if way < 0 {
        Step::Nothing
    } else if way < length / 3 {
        Step::Started
    } else if way < length {
        Step::Partly
    } else {
        Step::Fully
    }
}

/// Why an activity with this name does not apply to a team; `None`: it does.
fn exemption(profile: &Profile, activity: &str) -> Option<&'static str> {
    let name = activity.to_ascii_lowercase();
    let exemption = profile.exemptions.iter().find(|(words, _)| words.iter().any(|word| name.contains(word)));
    exemption.map(|&(_, reason)| reason)
}

/// The place of an activity in the team's order: the level first, in hundredths; what is cheap
/// and useful a little earlier; what the team cares for earlier or later by up to levels.
fn rank(profile: &Profile, activity: &Activity, index: ActivityIndex, home: Home<'_>, dice: Dice) -> i64 {
    let place = place(home);
    let emphasis: i64 = profile.emphasis.iter().filter(|(word, _)| place.contains(word)).map(|(_, by)| by).sum();
    let favour = dice.roll(Topic::Favour, number_of(home, index), 90);
    let taste = dice.roll(Topic::Taste, index.position(), 60);
    let value = 3 * i64::from(activity.difficulty.effort()) - 8 * i64::from(activity.usefulness);
    100 * i64::from(activity.level) + value + taste - favour - emphasis
}

/// Where an activity stands, in lower case.
fn place(home: Home<'_>) -> String {
    format!("{} / {}", home.dimension.name, home.sub_dimension.name).to_ascii_lowercase()
}

/// A number for the sub-dimension that an activity is in: the position of its first one.
fn number_of(home: Home<'_>, index: ActivityIndex) -> usize {
    home.sub_dimension.activities().next().unwrap_or(index).position()
}

/// How many activities the first half of the sub-dimensions has.
fn first_half(catalog: &Catalog) -> usize {
    let sizes: Vec<usize> =
        catalog.dimensions().iter().flat_map(|d| &d.sub_dimensions).map(|sub| sub.activities().len()).collect();
    sizes.iter().take(sizes.len().div_ceil(2)).sum()
}

/// Moves activities behind what they need. A few passes settle nearly all of it, and real teams
/// do not get it all right either.
fn put_prerequisites_first(catalog: &Catalog, reasons: &[Option<&'static str>], ranks: &mut [i64]) {
    for _ in 0..8 {
        for (index, _) in catalog.activities() {
            let applies = |need: &&ActivityIndex| reasons.get(need.position()).is_some_and(Option::is_none);
            let needs = catalog.prerequisites(index).iter().filter(applies);
            let latest = needs.filter_map(|need| ranks.get(need.position())).max().copied();
            if let (Some(latest), Some(rank)) = (latest, ranks.get_mut(index.position())) {
                *rank = (*rank).max(latest + 1);
            }
        }
    }
}

/// Lays the activities one after another along the way, each as long as its effort; but every one
/// also takes its time, so that several are under way at once.
fn plan(catalog: &Catalog, reasons: &[Option<&'static str>], order: &[(i64, ActivityIndex)], dice: Dice) -> Vec<Plan> {
    let reason = |index: ActivityIndex| reasons.get(index.position()).copied().flatten();
    let effort = |index: ActivityIndex| i64::from(catalog.activity(index).difficulty.effort());
    let work = || order.iter().map(|&(_, index)| index).filter(|&index| reason(index).is_none());
    let total = work().map(effort).sum::<i64>().max(1);
    let mut plans: Vec<Plan> =
        catalog.activities().map(|(index, _)| Plan::NotApplicable(reason(index).unwrap_or_default())).collect();
    let mut before = 0;
    for index in work() {
        let patience = dice.roll(Topic::Patience, index.position(), 100);
        // One in sixteen drags on.
        let length = (20 + 5 * effort(index) + patience / 3) * if patience < 6 { 2 } else { 1 };
        if let Some(plan) = plans.get_mut(index.position()) {
            *plan = Plan::Work { start: before * 1_000 / total, length };
        }
        before += effort(index);
    }
    plans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::{Mark, Sheet};
    use crate::domain::catalog::{Content, DimensionContent, SubDimensionContent, samples};
    use crate::domain::scale::ProgressScale;
    use crate::domain::scoring::{Scorecard, Threshold, combine};

    /// Four dimensions of two parts each, with names that the profiles know and names that they do
    /// not; every activity needs the one before it in its part.
    fn catalog() -> Catalog {
        let names = ["Culture", "Infrastructure", "Testing", "Something else"];
        let mut content = Content::default();
        for (i, name) in names.into_iter().enumerate() {
            let mut sub_dimensions = Vec::new();
            for part in 0..2 {
                let mut activities: Vec<Activity> = Vec::new();
                for number in 0_u8..10 {
                    let mut activity = samples::activity(&format!("{i}-{part}-{number}"), number / 2 + 1);
                    activity.depends_on = activities.last().map(|before| before.id.clone()).into_iter().collect();
                    if number % 4 == 3 {
                        activity.name = format!("Container images, take {number}");
                    }
                    activities.push(activity);
                }
                sub_dimensions.push(SubDimensionContent { name: format!("Part {part}"), activities });
            }
            content.dimensions.push(DimensionContent { name: name.into(), sub_dimensions });
        }
        Catalog::new(content).unwrap()
    }

    #[derive(Debug, PartialEq, Eq)]
    struct Made {
        groups: Vec<String>,
        teams: Vec<DemoTeam>,
        assessments: Vec<DemoAssessment>,
    }

    fn made(catalog: &Catalog, last: Period, size: DemoSize, seed: u64) -> Made {
        let demo = DemoOrganization::new(catalog, last, size, seed);
        let assessments = (0..size.quarters).flat_map(|quarter| demo.assessments(quarter)).collect();
        Made { assessments, groups: demo.groups, teams: demo.teams }
    }

    fn generate(catalog: &Catalog, last: Period, seed: u64) -> Made {
        made(catalog, last, DemoSize::default(), seed)
    }

    fn last() -> Period {
        "2026-Q2".parse().unwrap()
    }

    fn scorecard(catalog: &Catalog, assessment: &DemoAssessment) -> Scorecard {
        let answers = assessment.answers.iter().map(|(id, answer)| (id, &answer.status));
        let sheet = Sheet::new(catalog, &ProgressScale::default(), answers);
        Scorecard::new(catalog, &combine(catalog, &[&sheet]), Threshold::default())
    }

    /// The scores of a team from its first to its last submitted assessment.
    fn scores(catalog: &Catalog, organization: &Made, team: usize) -> Vec<f64> {
        let of_team = |a: &&DemoAssessment| a.team == team && a.submitted;
        organization.assessments.iter().filter(of_team).map(|a| scorecard(catalog, a).overall.score.score).collect()
    }

    #[test]
    fn the_seed_decides_everything() {
        let catalog = catalog();
        assert_eq!(generate(&catalog, last(), 7), generate(&catalog, last(), 7));
        assert_ne!(generate(&catalog, last(), 7), generate(&catalog, last(), 8));
        // Known outputs of SplitMix64 with the seed 0: the stream must never change.
        assert_eq!((Dice(0).mixed(0).0, Dice(0).mixed(1).0), (0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4));
    }

    #[test]
    fn an_organization_of_any_size_is_whole() {
        let catalog = catalog();
        for (teams, quarters) in [(1, 1), (5, 3), (7, 80), (300, 6)] {
            let size = DemoSize { teams, quarters };
            let demo = made(&catalog, last(), size, 1);
            assert_eq!(demo, made(&catalog, last(), size, 1), "the same each time");
            assert_eq!(demo.teams.len(), teams);
            assert!(demo.teams.iter().flat_map(|team| &team.groups).all(|&group| group < demo.groups.len()));
            let submitted = || demo.assessments.iter().filter(|assessment| assessment.submitted);
            assert!(submitted().all(|assessment| assessment.answers.len() == catalog.len()), "nothing is left out");
            let periods: HashSet<Period> = submitted().map(|assessment| assessment.period).collect();
            assert_eq!(periods.len(), quarters);
            // Nearly all teams are assessed in nearly all quarters.
            assert!(submitted().count() * 20 >= teams * quarters * 17, "{size:?}: {}", submitted().count());
            for (number, team) in demo.teams.iter().enumerate() {
                let after = |assessment: &&DemoAssessment| team.retired_after.is_some_and(|at| assessment.period > at);
                assert!(!demo.assessments.iter().filter(|of| of.team == number).any(|of| after(&of)), "{team:?}");
            }
        }
        let large = made(&catalog, last(), DemoSize { teams: 300, quarters: 6 }, 1);
        assert!(large.assessments.iter().any(|assessment| !assessment.submitted), "some are drafts");
        assert!(large.teams.iter().any(|team| team.retired_after.is_some()), "some are retired");
        assert!(large.teams.iter().any(|team| team.groups.len() > 1), "some are in several groups");
        let ways: HashSet<Vec<&ActivityId>> = (0..large.teams.len())
            .map(|team| {
                let mut of_team = large.assessments.iter().filter(|of| of.team == team);
                let done = |answer: &Answer| answer.status == Status::Step("fully_implemented".into());
                let last = of_team.next_back().map(|last| &last.answers);
                last.into_iter().flatten().filter(|(_, answer)| done(answer)).map(|(id, _)| id).collect()
            })
            .collect();
        assert!(ways.len() > 250, "each goes its own way: {}", ways.len());
    }

    #[test]
    fn the_organization_is_whole() {
        let catalog = catalog();
        let demo = generate(&catalog, last(), 1);
        assert_eq!((demo.teams.len(), demo.groups.len()), (6, 3));
        for group in 0..demo.groups.len() {
            assert!(demo.teams.iter().any(|team| team.groups.contains(&group)), "{group}");
        }
        assert!(demo.teams.iter().flat_map(|team| &team.groups).all(|&group| group < demo.groups.len()));
        let mut periods: Vec<Period> = demo.assessments.iter().map(|a| a.period).collect();
        assert!(periods.is_sorted());
        periods.dedup();
        assert_eq!(
            (periods.len(), periods.first(), periods.last()),
            (8, "2024-Q3".parse().ok().as_ref(), Some(&last()))
        );
        let drafts: Vec<_> = demo.assessments.iter().filter(|a| !a.submitted).collect();
        assert_eq!((drafts.len(), drafts[0].period), (1, last()));
        let half = first_half(&catalog);
        assert!(drafts[0].answers.iter().all(|(id, _)| catalog.find(id).unwrap().position() < half));
        assert_eq!(demo.assessments.iter().filter(|a| a.period == last()).count(), 5);
    }

    #[test]
    fn every_answer_could_have_been_given_by_a_person() {
        let (catalog, scale) = (catalog(), ProgressScale::default());
        let demo = generate(&catalog, last(), 3);
        let answers = || demo.assessments.iter().flat_map(|a| &a.answers);
        for (id, Answer { status, note, inherited_from, .. }) in answers() {
            assert!(catalog.find(id).is_some());
            assert_eq!(Status::parse(status.word(), status.reason(), &scale).as_ref(), Ok(status));
            assert!(note.len() <= Answer::NOTE_LIMIT && inherited_from.is_none());
        }
        assert!(answers().any(|(_, answer)| !answer.note.is_empty()));
        assert!(answers().any(|(_, answer)| !answer.status.reason().is_empty()));
        for step in scale.steps() {
            assert!(answers().any(|(_, answer)| answer.status.word() == step.key), "{}", step.key);
        }
    }

    #[test]
    fn what_does_not_apply_never_applies() {
        let demo = generate(&catalog(), last(), 4);
        for team in 0..demo.teams.len() {
            let submitted = || demo.assessments.iter().filter(|a| a.team == team && a.submitted);
            let exempt = |a: &DemoAssessment| -> Vec<(ActivityId, Answer)> {
                a.answers.iter().filter(|(_, answer)| !answer.status.reason().is_empty()).cloned().collect()
            };
            let first = exempt(submitted().next().unwrap());
            assert!(submitted().all(|a| exempt(a) == first));
        }
    }

    #[test]
    fn what_is_needed_first_is_mostly_done_first() {
        let (catalog, scale) = (catalog(), ProgressScale::default());
        let (mut pairs, mut early) = (0, 0);
        for assessment in &generate(&catalog, last(), 5).assessments {
            let answers = assessment.answers.iter().map(|(id, answer)| (id, &answer.status));
            let sheet = Sheet::new(&catalog, &scale, answers);
            for (index, _) in catalog.activities() {
                for &need in catalog.prerequisites(index) {
                    let (Mark::Worth(worth), Mark::Worth(first)) = (sheet.mark(index), sheet.mark(need)) else {
                        continue;
                    };
                    pairs += 1;
                    early += u32::from(worth > first);
                }
            }
        }
        assert!(pairs > 100 && early * 20 < pairs, "{early} of {pairs}");
    }

    #[test]
    fn teams_get_better_and_reach_levels() {
        let catalog = catalog();
        for seed in 0..20 {
            let demo = generate(&catalog, last(), seed);
            for (team, profile) in PROFILES.iter().enumerate() {
                let scores = scores(&catalog, &demo, team);
                assert!(scores.first() < scores.last(), "{scores:?}");
                // Only the team with the reorganization ever falls back.
                assert!(scores.is_sorted() || profile.setback.is_some(), "{scores:?}");
            }
            let levels = demo.assessments.iter().map(|a| scorecard(&catalog, a).overall.score.level);
            assert!(levels.max() >= Some(1));
        }
    }

    #[test]
    fn any_catalog_will_do() {
        let mut content = samples::content(&[&[5]]);
        content.dimensions[0].sub_dimensions[0].activities[0].name = "Container in the cloud".into();
        for catalog in
            [Catalog::new(content).unwrap(), samples::catalog(&[&[], &[3, 3, 1]]), samples::catalog(&[&[1; 900]])]
        {
            for seed in [0, 1, u64::MAX] {
                assert!(!generate(&catalog, last(), seed).assessments.is_empty());
            }
        }
    }
}
