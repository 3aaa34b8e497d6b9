//! What is missing: the applicable activities of a team that are not fully implemented.

use std::collections::BTreeMap;

use super::answer::{Answer, Mark, Status};
use super::catalog::{Activity, ActivityIndex, Catalog, Home, Level};
use super::listing::{Column, Order, Sorting};
use super::named::Named;
use super::organization::TeamId;
use super::period::Period;
use super::roadmap::StageNumber;
use super::roadmap::profiles::{PracticeFinder, Roadmaps};
use super::scale::ProgressScale;
use super::scoring::Measure;
use super::standing::Standing;

/// One activity that a team has not fully implemented.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// The team.
    pub team_id: TeamId,
    /// Its name.
    pub team: String,
    /// The period of the assessment that says so.
    pub assessed: Period,
    /// The activity.
    pub activity: ActivityIndex,
    /// What the team answered.
    pub status: Status,
    /// How far it is, v(a) in [0, 1].
    pub progress: f64,
    /// The stage of the roadmap that asks for it; `None` when no stage does.
    pub stage: Option<StageNumber>,
    /// The level that this stage wants in the activity's dimension.
    pub target: Option<Level>,
    /// Usefulness for the remaining effort: usefulness · (1 − v) / effort · 100. From 0 to 167.
    pub priority: f64,
    /// The prerequisites that are not fully implemented, which should come first.
    pub blocked_by: Vec<ActivityIndex>,
    /// What the person noted.
    pub note: String,
    /// The titles of the valid evidence for what is done so far. The finder leaves them out, since
    /// answers do not have them.
    pub evidence: Vec<String>,
}

/// An activity that some teams have not fully implemented, with all of these together.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityGaps {
    /// The activity.
    pub activity: ActivityIndex,
    /// How many teams they are, at least one.
    pub teams: usize,
    /// How many of them can do it now: nothing that has to be done before is open.
    pub ready: usize,
    /// How far they are, the mean of v(a) in [0, 1].
    pub progress: f64,
    /// The first stage in which a roadmap of theirs asks for it; `None` when none does.
    pub stage: Option<StageNumber>,
    /// The sum of the priorities that it has in these teams.
    pub priority: f64,
    /// The gaps of the first of them, at most [`ActivityGaps::FIRST`], in the order of the standings; without notes
    /// and evidence.
    pub first: Vec<Gap>,
}

impl ActivityGaps {
    /// Of how many teams the gaps are told.
    pub const FIRST: usize = 20;
}

/// A column by which activities are sorted that are not fully implemented.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum GapSort {
    /// The name of the activity.
    Activity,
    /// How many teams have it open.
    Teams,
    /// Its level.
    Level,
    /// The stage that asks for it.
    Stage,
    /// How far it is.
    Progress,
    /// How many teams can do it now.
    Ready,
    /// Its effort.
    Effort,
    /// Its usefulness.
    Usefulness,
    /// Its priority.
    #[default]
    Priority,
}

impl Named for GapSort {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("activity", Self::Activity),
        ("teams", Self::Teams),
        ("level", Self::Level),
        ("stage", Self::Stage),
        ("progress", Self::Progress),
        ("ready", Self::Ready),
        ("effort", Self::Effort),
        ("usefulness", Self::Usefulness),
        ("priority", Self::Priority),
    ];
}

impl Column for GapSort {
    fn word(&self) -> &str {
        self.name()
    }

    /// What is easy, early or little first, and of what counts for an activity the greatest.
    fn usual_order(&self) -> Order {
        match self {
            Self::Activity | Self::Level | Self::Stage | Self::Effort => Order::Ascending,
            Self::Teams | Self::Progress | Self::Ready | Self::Usefulness | Self::Priority => Order::Descending,
        }
    }
}

impl Sorting<GapSort> {
    /// Sorts activities. Equal ones are in the order of their levels, and of the catalog. What no stage asks for
    /// comes after all stages.
    pub fn apply(&self, rows: &mut [ActivityGaps], catalog: &Catalog) {
        let (by, order) = self.chosen();
        let activity = |row: &ActivityGaps| catalog.activity(row.activity);
        let number = |row: &ActivityGaps| match by {
            GapSort::Activity => Some(0.0),
            GapSort::Teams => Some(row.teams as f64),
            GapSort::Level => Some(f64::from(activity(row).level)),
            GapSort::Stage => row.stage.map(|stage| stage.0 as f64),
            GapSort::Progress => Some(row.progress),
            GapSort::Ready => Some(row.ready as f64),
            GapSort::Effort => Some(f64::from(activity(row).difficulty.effort())),
            GapSort::Usefulness => Some(f64::from(activity(row).usefulness)),
            GapSort::Priority => Some(row.priority),
        };
        let name = |row: &ActivityGaps| (by == GapSort::Activity).then(|| activity(row).name.to_lowercase());
        rows.sort_by_cached_key(|row| (activity(row).level, row.activity));
        rows.sort_by(|a, b| {
            order
                .compare(number(a).as_ref(), number(b).as_ref(), f64::total_cmp)
                .then_with(|| order.compare(name(a).as_ref(), name(b).as_ref(), String::cmp))
        });
    }
}

/// A gap as far as it takes to put it in order with a hundred thousand others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GapPlace {
    /// The place of the team's standing among those looked at.
    standing: usize,
    /// The activity.
    pub activity: ActivityIndex,
    /// The stage of the roadmap that asks for it; `None` when no stage does.
    pub stage: Option<StageNumber>,
    /// As that of the [`Gap`].
    priority: f64,
}

/// Finds the gaps of teams against one catalog, each with the stages of its own roadmap.
#[derive(Debug)]
pub struct GapFinder<'a> {
    catalog: &'a Catalog,
    homes: Vec<Home<'a>>,
    roadmaps: &'a Roadmaps,
    practices: PracticeFinder<'a>,
}

impl<'a> GapFinder<'a> {
    /// Finds out what is the same for all teams, once.
    pub fn new(catalog: &'a Catalog, roadmaps: &'a Roadmaps) -> Self {
        let homes = catalog.homes().map(|(_, home)| home).collect();
        Self { catalog, homes, roadmaps, practices: PracticeFinder::new(catalog, roadmaps) }
    }

    /// Where the gaps of some teams are, team by team in the order of the catalog.
    pub fn places(&self, standings: &[Standing]) -> Vec<GapPlace> {
        let mut places = Vec::new();
        for (at, standing) in standings.iter().enumerate() {
            let stages = self.practices.of(standing);
            for ((activity, content), stage) in self.catalog.activities().zip(stages) {
                let mark = standing.sheet.mark(activity);
                if is_open(mark) {
                    let priority = priority(content, Measure::from(mark).value());
                    places.push(GapPlace { standing: at, activity, stage, priority });
                }
            }
        }
        places
    }

    /// Some gaps, most urgent first: by priority, then by level, team and catalog, so that equal input gives equal
    /// order.
    pub fn by_urgency(&self, standings: &[Standing], mut places: Vec<GapPlace>) -> Vec<GapPlace> {
        let mut by_name: Vec<(usize, &str)> =
            standings.iter().map(|standing| standing.team_name.as_str()).enumerate().collect();
        by_name.sort_by_key(|(_, name)| *name);
        let mut ranks = vec![0; standings.len()];
        for (rank, (at, _)) in by_name.into_iter().enumerate() {
            if let Some(of_standing) = ranks.get_mut(at) {
                *of_standing = rank;
            }
        }
        let rank = |place: &GapPlace| ranks.get(place.standing).copied().unwrap_or_default();
        let level = |place: &GapPlace| self.catalog.activity(place.activity).level;
        places.sort_unstable_by(|a, b| {
            let urgent = b.priority.total_cmp(&a.priority).then_with(|| level(a).cmp(&level(b)));
            urgent.then_with(|| rank(a).cmp(&rank(b))).then_with(|| a.activity.cmp(&b.activity))
        });
        places
    }

    /// Whether a gap can be closed now: nothing that has to be done before it is open.
    pub fn is_ready(&self, standings: &[Standing], place: &GapPlace) -> bool {
        standings.get(place.standing).is_some_and(|standing| !waits(self.catalog, standing, place.activity))
    }

    /// Some gaps by their activities, in the order of the catalog.
    pub fn by_activity(&self, standings: &[Standing], places: &[GapPlace], scale: &ProgressScale) -> Vec<ActivityGaps> {
        let mut of_activity: BTreeMap<ActivityIndex, Vec<&GapPlace>> = BTreeMap::new();
        for place in places {
            of_activity.entry(place.activity).or_default().push(place);
        }
        let gaps = |(activity, places): (ActivityIndex, Vec<&GapPlace>)| {
            let progress = places.iter().filter_map(|place| standings.get(place.standing)).map(|standing| {
                let mark = standing.sheet.mark(activity);
                Measure::from(mark).value()
            });
            ActivityGaps {
                activity,
                teams: places.len(),
                ready: places.iter().filter(|place| self.is_ready(standings, place)).count(),
                progress: progress.sum::<f64>() / places.len() as f64,
                stage: places.iter().filter_map(|place| place.stage).min(),
                priority: places.iter().map(|place| place.priority).sum(),
                first: places
                    .iter()
                    .take(ActivityGaps::FIRST)
                    .filter_map(|place| self.gap(standings, place, scale, None))
                    .collect(),
            }
        };
        of_activity.into_iter().map(gaps).collect()
    }

    /// A gap in full. `answer` is what its assessment records about the activity; without it the gap has no note,
    /// and the status that its mark stands for.
    pub fn gap(
        &self,
        standings: &[Standing],
        place: &GapPlace,
        scale: &ProgressScale,
        answer: Option<&Answer>,
    ) -> Option<Gap> {
        let GapPlace { standing, activity: index, stage, priority } = *place;
        let standing = standings.get(standing)?;
        let (mark, home) = (standing.sheet.mark(index), self.homes.get(index.position())?);
        let target = stage.and_then(|number| self.roadmaps.of_team(standing.team).stage(number));
        let needed = self.catalog.prerequisites(index).iter().copied();
        Some(Gap {
            team_id: standing.team,
            team: standing.team_name.clone(),
            assessed: standing.assessed,
            activity: index,
            status: answer.map_or_else(|| mark.status(scale), |answer| answer.status.clone()),
            progress: Measure::from(mark).value(),
            stage,
            target: target.map(|stage| stage.target(&home.dimension.name)),
            priority,
            blocked_by: needed.filter(|&needed| is_open(standing.sheet.mark(needed))).collect(),
            note: answer.map(|answer| answer.note.clone()).unwrap_or_default(),
            evidence: Vec::new(),
        })
    }

    /// Of whose standing a gap is.
    pub fn standing<'b>(&self, standings: &'b [Standing], place: &GapPlace) -> Option<&'b Standing> {
        standings.get(place.standing)
    }
}

/// What can be done next: the gaps of the first stage that has any, as far as nothing has to be
/// done before them, with the teams that have them.
#[derive(Debug, Clone, PartialEq)]
pub struct NextSteps {
    /// The stage; `None`: only activities beyond the roadmap are left.
    pub stage: Option<StageNumber>,
    /// How many gaps this stage has, those included that must wait.
    pub left: usize,
    /// How many gaps there are in all stages and beyond.
    pub gaps: usize,
    /// The activities, most urgent first.
    pub steps: Vec<NextStep>,
}

/// An activity that some teams can do next.
#[derive(Debug, Clone, PartialEq)]
pub struct NextStep {
    /// The activity.
    pub activity: ActivityIndex,
    /// The teams, in the order of the standings.
    pub teams: Vec<TeamId>,
    /// The sum of the priorities that it has in these teams.
    pub priority: f64,
}

impl GapFinder<'_> {
    /// The next steps of some teams; `None` when they have no gap.
    pub fn next_steps(&self, standings: &[Standing]) -> Option<NextSteps> {
        // Beyond the roadmap comes after all of its stages.
        let order = |stage: Option<StageNumber>| stage.map_or(usize::MAX, |stage| stage.0);
        let stages: Vec<Vec<Option<StageNumber>>> = standings.iter().map(|s| self.practices.of(s)).collect();
        let mut gaps_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (standing, stages) in standings.iter().zip(&stages) {
            for (&stage, _) in stages.iter().zip(standing.sheet.marks()).filter(|(_, mark)| is_open(*mark)) {
                *gaps_of.entry(order(stage)).or_default() += 1;
            }
        }
        let (&first, &left) = gaps_of.first_key_value()?;
        let mut steps: Vec<NextStep> = Vec::new();
        for (index, _) in self.catalog.activities() {
            let asks =
                |stages: &Vec<Option<StageNumber>>| stages.get(index.position()).map(|s| order(*s)) == Some(first);
            let asked = standings.iter().zip(&stages).filter(|(_, stages)| asks(stages)).map(|(standing, _)| standing);
            steps.extend(Some(self.step(index, asked)).filter(|step| !step.teams.is_empty()));
        }
        let level = |step: &NextStep| self.catalog.activity(step.activity).level;
        steps.sort_by(|a, b| b.priority.total_cmp(&a.priority).then_with(|| level(a).cmp(&level(b))));
        let stage = (first < usize::MAX).then_some(StageNumber(first));
        Some(NextSteps { stage, left, gaps: gaps_of.values().sum(), steps })
    }

    /// An activity with those teams that miss it and nothing that it needs.
    fn step<'b>(&self, activity: ActivityIndex, standings: impl Iterator<Item = &'b Standing>) -> NextStep {
        let mut step = NextStep { activity, teams: Vec::new(), priority: 0.0 };
        for standing in standings {
            let mark = standing.sheet.mark(activity);
            if is_open(mark) && !waits(self.catalog, standing, activity) {
                step.teams.push(standing.team);
                step.priority += priority(self.catalog.activity(activity), Measure::from(mark).value());
            }
        }
        step
    }
}

/// What doing the rest of an activity brings for its effort: usefulness · (1 − v) / effort · 100.
pub(super) fn priority(activity: &Activity, progress: f64) -> f64 {
    f64::from(activity.usefulness) * (1.0 - progress) / f64::from(activity.difficulty.effort()) * 100.0
}

/// Whether a team has to do something else before an activity.
fn waits(catalog: &Catalog, standing: &Standing, activity: ActivityIndex) -> bool {
    catalog.prerequisites(activity).iter().any(|&needed| is_open(standing.sheet.mark(needed)))
}

fn is_open(mark: Mark) -> bool {
    Measure::from(mark).is_open()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use super::*;
    use crate::domain::answer::{AssessmentId, Sheet};
    use crate::domain::catalog::{ActivityId, samples};
    use crate::domain::roadmap::{Roadmap, Stage};

    fn of_all(stages: Vec<Stage>) -> Roadmaps {
        Roadmaps::new(Arc::new(Roadmap::new(stages).unwrap()), vec![], &HashMap::new())
    }

    #[test]
    fn gaps_are_what_applies_and_is_not_done() {
        let mut content = samples::content(&[&[1, 1, 2, 2, 3]]);
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        activities[2].depends_on = ["a0", "a1", "a3"].map(|id| ActivityId(id.into())).to_vec();
        let catalog = Catalog::new(content).unwrap();
        let scale = ProgressScale::default();
        let answers: Vec<(ActivityId, Answer)> =
            [("a0", "fully_implemented", ""), ("a1", "partly_implemented", ""), ("a3", "not_applicable", "r")]
                .map(|(id, word, reason)| {
                    let status = Status::parse(word, reason, &scale).unwrap();
                    (ActivityId(id.into()), Answer { status, note: format!("note on {id}"), ..Answer::default() })
                })
                .to_vec();
        let standing = Standing {
            team: TeamId(1),
            team_name: "Payments".into(),
            assessment: AssessmentId(1),
            assessed: "2026-Q4".parse().unwrap(),
            original: None,
            sheet: Arc::new(Sheet::new(&catalog, &scale, answers.iter().map(|(id, answer)| (id, &answer.status)))),
        };
        let targets = [("All".to_owned(), 2)].into();
        let stage = Stage { name: "one".into(), targets, ..Stage::default() };
        let roadmaps = of_all(vec![stage]);
        let finder = GapFinder::new(&catalog, &roadmaps);
        let standings = [standing];
        let gap = |place: &GapPlace| {
            let id = &catalog.activity(place.activity).id;
            let answer = answers.iter().find(|(of, _)| of == id).map(|(_, answer)| answer);
            finder.gap(&standings, place, &scale, answer).unwrap()
        };
        let places = finder.places(&standings);
        let found: Vec<Gap> = places.iter().map(gap).collect();
        let ids: Vec<_> = found.iter().map(|gap| catalog.activity(gap.activity).id.0.as_str()).collect();
        assert_eq!(ids, ["a1", "a2", "a4"]);
        assert_eq!(found[0].priority, 3.0 * 0.5 / 5.0 * 100.0);
        assert_eq!(found[0].note, "note on a1");
        assert_eq!((found[0].stage, found[0].target), (Some(StageNumber(1)), Some(2)));
        assert_eq!(found[1].blocked_by, [found[0].activity], "done and not applicable prerequisites do not block");
        assert_eq!((found[2].stage, found[2].target), (None, None));
        assert_eq!(found[2].status, Status::Unanswered);
        let without = finder.gap(&standings, &places[0], &scale, None).unwrap();
        assert_eq!((without.status, without.note.as_str()), (found[0].status.clone(), ""));
        let sorted = finder.by_urgency(&standings, places.clone());
        let ids: Vec<_> = sorted.iter().map(|place| catalog.activity(place.activity).id.0.as_str()).collect();
        assert_eq!(ids, ["a2", "a4", "a1"]);
    }

    #[test]
    fn next_is_what_the_first_open_stage_leaves_and_nothing_blocks() {
        // Levels 1, 1, 2, 2, 3; the fourth needs the third.
        let mut content = samples::content(&[&[1, 1, 2, 2, 3]]);
        content.dimensions[0].sub_dimensions[0].activities[3].depends_on = vec![ActivityId("a2".into())];
        let catalog = Catalog::new(content).unwrap();
        let stage = |target| Stage {
            name: format!("to {target}"),
            targets: [("All".to_owned(), target)].into(),
            ..Stage::default()
        };
        let roadmaps = of_all(vec![stage(1), stage(2)]);
        let finder = GapFinder::new(&catalog, &roadmaps);
        let standing = |team: i64, percents: [u8; 5]| {
            let scale = ProgressScale::default();
            let statuses = percents.map(|percent| {
                Status::Step(scale.steps().iter().find(|step| step.percent == percent).unwrap().key.clone())
            });
            let ids: Vec<ActivityId> = catalog.activities().map(|(_, activity)| activity.id.clone()).collect();
            Standing {
                team: TeamId(team),
                team_name: format!("Team {team}"),
                assessment: AssessmentId(team),
                assessed: "2026-Q4".parse().unwrap(),
                original: None,
                sheet: Arc::new(Sheet::new(&catalog, &scale, ids.iter().zip(&statuses))),
            }
        };
        let shown = |standings: &[Standing]| {
            let next = finder.next_steps(standings)?;
            let step =
                |step: &NextStep| (catalog.activity(step.activity).id.0.clone(), step.teams.len(), step.priority);
            Some((
                next.stage.map(|stage| stage.0),
                next.left,
                next.gaps,
                next.steps.iter().map(step).collect::<Vec<_>>(),
            ))
        };
        let (done, second) = (standing(1, [100; 5]), standing(2, [100, 100, 50, 0, 0]));
        let third = standing(3, [100, 100, 0, 0, 100]);
        let both = shown(&[second.clone(), third]).unwrap();
        assert_eq!(both, (Some(2), 4, 5, vec![("a2".to_owned(), 2, 90.0)]));
        assert_eq!(shown(&[standing(4, [0, 100, 100, 100, 100]), second]).unwrap().0, Some(1));
        assert_eq!(shown(&[standing(5, [100, 100, 100, 100, 20])]).unwrap().0, None, "beyond the roadmap");
        assert_eq!(shown(&[done]), None);
    }
}
