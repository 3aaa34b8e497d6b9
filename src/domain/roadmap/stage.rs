//! One stage closely: how far a scope is with it, what is left of it, and which teams have reached it.

use std::cmp::Ordering;
use std::sync::Arc;

use super::profiles::{PracticeFinder, Roadmaps};
use super::{Roadmap, Stage, StageNumber, StageProgress};
use crate::domain::answer::Mark;
use crate::domain::catalog::{ActivityId, ActivityIndex, Level};
use crate::domain::gap::priority;
use crate::domain::listing::{Column, Order, Sorting, has_words};
use crate::domain::named::Named;
use crate::domain::organization::{Name, TeamId};
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::scoring::{Measure, Score, Threshold};
use crate::domain::standing::{Overview, Standing};

/// How far a scope and its teams are with a stage.
#[derive(Debug, Clone)]
pub struct StageStanding {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// Which stage.
    pub number: StageNumber,
    /// How far the scope is, by the targets that hold for it.
    pub progress: StageProgress,
    /// What some team has left of it, what brings most for its work first.
    pub practices: Vec<Practice>,
    /// What belongs to it by the targets of the scope and no team has left, in the order of the catalog.
    pub done: Vec<ActivityIndex>,
    /// The teams in the order of the standings.
    pub teams: Vec<TeamAtStage>,
}

/// An activity that some teams have left in a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Practice {
    /// The activity.
    pub activity: ActivityIndex,
    /// The places of the teams that have it left, in the order of the standings.
    pub teams: Vec<usize>,
    /// To how many teams it applies.
    pub applies: usize,
    /// Whether the stage asks for it by a target, for some of these teams at least; otherwise as a prerequisite.
    pub is_asked: bool,
    /// The work that is left of it.
    pub points: Points,
    /// The sum of the priorities that it has in these teams.
    pub priority: f64,
}

/// How far one team is with a stage, by its own targets.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamAtStage {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// The name of its target profile; `None`: it has the organization's targets.
    pub profile: Option<Name>,
    /// The quarter of the assessment that says so.
    pub assessed: Period,
    /// The stage that it works on; `None`: it has reached all.
    pub present: Option<StageNumber>,
    /// Whether it has reached this stage and all before it.
    pub is_reached: bool,
    /// The dimensions that hold it back in this stage.
    pub behind: Vec<Behind>,
    /// How many practices it has left in this stage.
    pub left: usize,
    /// The work that is left of these.
    pub points: Points,
    /// Percent to target, in [0, 1], as in [`StageProgress`].
    pub to_target: f64,
}

/// A dimension below its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// The name of the dimension.
    pub dimension: String,
    /// The level reached.
    pub level: Level,
    /// The level that the stage asks for.
    pub target: Level,
}

impl StageStanding {
    /// How far a scope is with a stage. `roadmap` has the targets that hold for it, `roadmaps` those of its teams.
    /// `None`: there is no such stage.
    pub fn new(
        overview: Arc<Overview>,
        roadmaps: &Roadmaps,
        roadmap: &Roadmap,
        number: StageNumber,
        threshold: Threshold,
    ) -> Option<Self> {
        let Overview { catalog, measures, scorecard, standings, .. } = &*overview;
        let mut all = roadmap.progress(catalog, measures, scorecard).into_iter();
        let progress = all.find(|progress| progress.number == number)?;
        let finder = PracticeFinder::new(catalog, roadmaps);
        let mut practices: Vec<Practice> = catalog.activities().map(|(index, _)| Practice::of(index)).collect();
        let homes: Vec<&str> = catalog.homes().map(|(_, home)| home.dimension.name.as_str()).collect();
        let mut teams = Vec::with_capacity(standings.len());
        for (place, standing) in standings.iter().enumerate() {
            let own = roadmaps.of_team(standing.team);
            let Some(stage) = own.stage(number) else { continue };
            let mut team = TeamAtStage::new(&overview, standing, own, number, threshold);
            team.profile = roadmaps.profile_of(standing.team).map(|profile| profile.name.clone());
            let found = finder.of(standing);
            for (((practice, of), (index, activity)), home) in
                practices.iter_mut().zip(found).zip(catalog.activities()).zip(&homes)
            {
                let mark = standing.sheet.mark(index);
                practice.applies += usize::from(mark != Mark::NotApplicable);
                if of == Some(number) {
                    let points = Points::remaining(activity, mark);
                    practice.teams.push(place);
                    practice.is_asked |= activity.level <= stage.target(home);
                    practice.points += points;
                    practice.priority += priority(activity, Measure::from(mark).value());
                    team.left += 1;
                    team.points += points;
                }
            }
            teams.push(team);
        }
        let assigned = roadmap.assign(catalog);
        let is_done = |(practice, of): &(&Practice, &Option<StageNumber>)| {
            practice.teams.is_empty() && practice.applies > 0 && **of == Some(number)
        };
        let done = practices.iter().zip(&assigned).filter(is_done).map(|(practice, _)| practice.activity).collect();
        practices.retain(|practice| !practice.teams.is_empty());
        // The order of the catalog decides between equal ones.
        practices.sort_by(|a, b| b.priority.total_cmp(&a.priority));
        Some(Self { number, progress, practices, done, teams, overview })
    }

    /// How many teams have reached it.
    pub fn reached(&self) -> usize {
        self.teams.iter().filter(|team| team.is_reached).count()
    }

    /// The work that is left of it, of all teams together.
    pub fn points(&self) -> Points {
        self.teams.iter().map(|team| team.points).sum()
    }
}

impl Practice {
    fn of(activity: ActivityIndex) -> Self {
        let (points, priority) = (Points::ZERO, 0.0);
        Self { activity, teams: Vec::new(), applies: 0, is_asked: false, points, priority }
    }
}

impl TeamAtStage {
    /// How far a team is, without what it has left.
    fn new(
        overview: &Overview,
        standing: &Standing,
        roadmap: &Roadmap,
        number: StageNumber,
        threshold: Threshold,
    ) -> Self {
        let catalog = &overview.catalog;
        let scores = standing.scores(catalog, threshold).dimensions;
        let named: Vec<(&str, &Score)> =
            catalog.dimensions().iter().map(|dimension| dimension.name.as_str()).zip(&scores).collect();
        let present = roadmap.present_at(&named);
        let (mut behind, mut target, mut missing) = (Vec::new(), 0.0, 0.0);
        let stage = roadmap.stage(number).cloned().unwrap_or_default();
        for (dimension, score) in named {
            let wanted = stage.target(dimension).min(score.ceiling);
            target += f64::from(wanted);
            missing += (f64::from(wanted) - score.score).max(0.0);
            if stage.is_behind(dimension, score) {
                behind.push(Behind { dimension: dimension.to_owned(), level: score.level, target: wanted });
            }
        }
        Self {
            team: standing.team,
            name: standing.team_name.clone(),
            profile: None,
            assessed: standing.assessed,
            present,
            is_reached: present.is_none_or(|present| present > number),
            behind,
            left: 0,
            points: Points::ZERO,
            to_target: if target > 0.0 { 1.0 - missing / target } else { 1.0 },
        }
    }
}

/// By what the teams at a stage are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum StageSort {
    /// Their names.
    #[default]
    Team,
    /// The stage that they work on.
    Present,
    /// Percent to target.
    Target,
    /// How many practices they have left.
    Left,
    /// The work that is left.
    Points,
}

impl Named for StageSort {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("team", Self::Team),
        ("present", Self::Present),
        ("target", Self::Target),
        ("left", Self::Left),
        ("points", Self::Points),
    ];
}

impl Column for StageSort {
    fn word(&self) -> &str {
        self.name()
    }

    /// Who has most left comes first.
    fn usual_order(&self) -> Order {
        match self {
            Self::Team | Self::Present | Self::Target => Order::Ascending,
            Self::Left | Self::Points => Order::Descending,
        }
    }
}

/// Whether a team has reached a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// It has.
    Reached,
    /// It has not.
    Behind,
}

impl Named for Arrival {
    const NAMED: &'static [(&'static str, Self)] = &[("reached", Self::Reached), ("behind", Self::Behind)];
}

/// Which teams at a stage are wanted, and in which order; nothing: all, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageFilter {
    /// Those that have reached it, or have not.
    pub arrival: Option<Arrival>,
    /// Those with all of these words in their name, whatever their case.
    pub text: Option<String>,
    /// Those that have this activity left in the stage.
    pub practice: Option<ActivityId>,
    /// How they are sorted.
    pub sorting: Sorting<StageSort>,
}

impl StageFilter {
    /// The wanted teams of a stage, sorted; equal ones stay in the order of their names.
    pub fn apply<'a>(&self, stage: &'a StageStanding) -> Vec<&'a TeamAtStage> {
        let practice = self.practice.as_ref().map(|id| stage.overview.catalog.find(id));
        let practice = practice.map(|index| stage.practices.iter().find(|practice| Some(practice.activity) == index));
        let words = self.text.as_deref().unwrap_or_default();
        let is_wanted = |(place, team): &(usize, &TeamAtStage)| {
            self.arrival.is_none_or(|arrival| (arrival == Arrival::Reached) == team.is_reached)
                && has_words(&team.name, words)
                // The places rise.
                && practice.is_none_or(|practice| practice.is_some_and(|p| p.teams.binary_search(place).is_ok()))
        };
        let mut teams: Vec<&TeamAtStage> =
            stage.teams.iter().enumerate().filter(is_wanted).map(|(_, team)| team).collect();
        let present = |team: &TeamAtStage| team.present.map_or(usize::MAX, |stage| stage.0);
        let (sort, order) = self.sorting.chosen();
        let by = |a: &&TeamAtStage, b: &&TeamAtStage| match sort {
            StageSort::Team => Ordering::Equal,
            StageSort::Present => present(a).cmp(&present(b)),
            StageSort::Target => a.to_target.total_cmp(&b.to_target),
            StageSort::Left => a.left.cmp(&b.left),
            StageSort::Points => a.points.cmp(&b.points),
        };
        match (sort, order) {
            (StageSort::Team, Order::Descending) => teams.reverse(),
            _ => teams.sort_by(|a, b| order.compare(Some(a), Some(b), by)),
        }
        teams
    }
}

/// Whether a stage is wished by the end of a quarter that is over by another, and is not reached.
pub fn is_late(stage: &Stage, progress: &StageProgress, at: Period) -> bool {
    !progress.is_reached && stage.wished.is_some_and(|wished| wished < at)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::domain::answer::{AssessmentId, Sheet};
    use crate::domain::catalog::{Catalog, samples};
    use crate::domain::organization::Scope;
    use crate::domain::roadmap::profiles::{Profile, ProfileId};
    use crate::domain::scale::ProgressScale;

    /// Levels 1, 1, 2, 3, where the second needs the last; stages to level 1 and to level 2.
    fn standing(teams: &[(&str, [Mark; 4])]) -> StageStanding {
        let mut content = samples::content(&[&[1, 1, 2, 3]]);
        content.dimensions[0].sub_dimensions[0].activities[1].depends_on = vec![ActivityId("a3".into())];
        let catalog = Arc::new(Catalog::new(content).unwrap());
        let stage = |target| Stage { targets: [("All".to_owned(), target)].into(), ..Stage::default() };
        let roadmap = Arc::new(Roadmap::new(vec![stage(1), stage(2)]).unwrap());
        let strict = Profile {
            id: ProfileId(1),
            name: Name::new("Strict").unwrap(),
            targets: [((StageNumber(1), "All".to_owned()), 2)].into(),
        };
        let with: HashMap<TeamId, ProfileId> = [(TeamId(0), ProfileId(1))].into();
        let roadmaps = Roadmaps::new(Arc::clone(&roadmap), vec![strict], &with);
        let standings: Vec<Standing> = teams
            .iter()
            .enumerate()
            .map(|(number, (name, marks))| Standing {
                team: TeamId(number as i64),
                team_name: (*name).to_owned(),
                assessment: AssessmentId(number as i64),
                assessed: "2026-Q4".parse().unwrap(),
                sheet: Arc::new(sheet(&catalog, marks)),
                original: None,
            })
            .collect();
        let (period, threshold) = ("2026-Q4".parse().unwrap(), Threshold::default());
        let overview = Overview::new(catalog, threshold, Scope::organization(), period, standings, Vec::new());
        StageStanding::new(Arc::new(overview), &roadmaps, &roadmap, StageNumber(1), threshold).unwrap()
    }

    fn sheet(catalog: &Catalog, marks: &[Mark]) -> Sheet {
        let blank = Sheet::new(catalog, &ProgressScale::default(), []);
        blank.with(catalog.activities().map(|(index, _)| index).zip(marks.iter().copied()))
    }

    const DONE: Mark = Mark::Worth(100);
    const OPEN: Mark = Mark::Unanswered;

    fn two() -> StageStanding {
        standing(&[("Bank", [DONE, DONE, OPEN, OPEN]), ("Cards", [OPEN, OPEN, OPEN, OPEN]), ("Tills", [DONE; 4])])
    }

    #[test]
    fn each_team_is_looked_at_by_its_own_targets() {
        let stage = two();
        let teams: Vec<_> = stage.teams.iter().map(|t| (t.is_reached, t.left, t.present.map(|s| s.0))).collect();
        // The first has the strict profile, whose first stage asks for level 2.
        assert_eq!(teams, [(false, 1, Some(1)), (false, 3, Some(1)), (true, 0, None)]);
        let [bank, cards, tills] = &stage.teams[..] else { panic!() };
        assert_eq!(bank.behind, [Behind { dimension: "All".into(), level: 1, target: 2 }]);
        assert_eq!((bank.profile.as_ref().unwrap().as_str(), cards.profile.as_ref()), ("Strict", None));
        assert_eq!((cards.to_target, tills.to_target), (0.0, 1.0));
        assert_eq!((stage.reached(), stage.points()), (1, bank.points + cards.points));
    }

    #[test]
    fn practices_say_who_has_them_left_and_why_they_are_there() {
        let stage = two();
        let catalog = &stage.overview.catalog;
        let mut practices: Vec<_> = stage
            .practices
            .iter()
            .map(|p| (catalog.activity(p.activity).id.0.as_str(), p.teams.clone(), p.applies, p.is_asked))
            .collect();
        practices.sort();
        let expected =
            [("a0", vec![1], 3, true), ("a1", vec![1], 3, true), ("a2", vec![0], 3, true), ("a3", vec![1], 3, false)];
        assert_eq!(practices, expected);
        assert_eq!(stage.done, [], "somebody has everything left");
        let all_done =
            standing(&[("Cards", [DONE, DONE, OPEN, DONE]), ("Tills", [DONE, DONE, OPEN, Mark::NotApplicable])]);
        let ids: Vec<_> = all_done.done.iter().map(|index| catalog.activity(*index).id.0.as_str()).collect();
        assert_eq!(ids, ["a0", "a1", "a3"]);
        assert_eq!(all_done.practices.len(), 1, "the strict profile asks for one more");
    }

    #[test]
    fn teams_are_narrowed_down_and_sorted() {
        let stage = two();
        let found = |filter: &StageFilter| {
            filter.apply(&stage).iter().map(|team| team.name.as_str()).collect::<Vec<_>>().join(" ")
        };
        let none = StageFilter::default();
        assert_eq!(found(&none), "Bank Cards Tills");
        assert_eq!(
            found(&StageFilter { sorting: Sorting { by: None, order: Some(Order::Descending) }, ..none.clone() }),
            "Tills Cards Bank"
        );
        assert_eq!(found(&StageFilter { arrival: Some(Arrival::Reached), ..none.clone() }), "Tills");
        assert_eq!(found(&StageFilter { arrival: Some(Arrival::Behind), ..none.clone() }), "Bank Cards");
        assert_eq!(found(&StageFilter { text: Some("CA rd".into()), ..none.clone() }), "Cards");
        let practice = |id: &str| Some(ActivityId(id.into()));
        assert_eq!(found(&StageFilter { practice: practice("a2"), ..none.clone() }), "Bank");
        assert_eq!(found(&StageFilter { practice: practice("gone"), ..none.clone() }), "");
        for (sort, order) in [
            (StageSort::Present, "Bank Cards Tills"),
            (StageSort::Target, "Cards Bank Tills"),
            (StageSort::Left, "Cards Bank Tills"),
            (StageSort::Points, "Cards Bank Tills"),
        ] {
            assert_eq!(
                found(&StageFilter { sorting: Sorting { by: Some(sort), order: None }, ..none.clone() }),
                order,
                "{sort:?}"
            );
        }
    }
}
