//! Why a score moved between two periods: the change, split into its causes without a remainder.
//!
//! The way from the earlier to the later state is walked in fixed steps, each of which changes one
//! thing, and the formula is applied after each of them:
//!
//! 1. the **catalog**: the earlier answers, read with the later catalog;
//! 2. teams that **left** are taken out;
//! 3. answers that became **not applicable**, or applicable again, are as they are later;
//! 4. the other **answers** of the teams that stayed are as they are later;
//! 5. teams that **joined** are added with their later answers.
//!
//! What a step changes in the score is what its cause contributed, so the contributions sum to the
//! whole change. In step 4 the same activities apply before and after, and the score is linear in
//! their worths: so the contribution of the answers splits further, exactly, into one for each activity.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::answer::{Mark, Sheet};
use super::catalog::{ActivityIndex, Catalog, Level};
use super::catalog_change::CatalogChange;
use super::organization::TeamId;
use super::period::Period;
use super::scoring::{LevelCompletion, Measure, Score, Scorecard, Threshold, combine, hundredths};
use super::standing::{Overview, Standing, version_of};

/// What can change a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Another catalog: activities that were added, removed or moved to another level.
    Catalog,
    /// Teams that are not in the scope any more.
    Left,
    /// Activities that do not apply any more, or apply again.
    NotApplicable,
    /// Answers that are worth more than before.
    Raised,
    /// Answers that are worth less than before.
    Lowered,
    /// Teams that were assessed for the first time.
    Joined,
}

impl Cause {
    /// All of them, in the order in which the way from the earlier to the later score is walked.
    pub const ALL: [Self; 6] =
        [Self::Catalog, Self::Left, Self::NotApplicable, Self::Raised, Self::Lowered, Self::Joined];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Catalog => "Catalog",
            Self::Left => "Teams that left",
            Self::NotApplicable => "Not applicable",
            Self::Raised => "Answers raised",
            Self::Lowered => "Answers lowered",
            Self::Joined => "Teams that joined",
        }
    }
}

/// Why the scores of a scope moved from one period to a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// The earlier period.
    pub from: Period,
    /// The later period.
    pub to: Period,
    /// The scores: first the whole, then the dimensions, in the order of the later catalog.
    pub moves: Vec<ScoreMove>,
    /// What became of the catalog; `None`: nothing.
    pub catalog: Option<CatalogMove>,
    /// The names of the teams that joined.
    pub joined: Vec<String>,
    /// The names of the teams that left.
    pub left: Vec<String>,
    /// The activities of which it changed to whom they apply, in the order of the catalog.
    pub applicability: Vec<ApplicabilityMove>,
    /// The activities whose answers changed otherwise, those first that moved the whole most.
    pub answers: Vec<AnswerMove>,
}

/// How one score moved.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreMove {
    /// The name of the dimension, or `overall`.
    pub name: String,
    /// The earlier score; 0 for a dimension that the earlier catalog does not have.
    pub before: f64,
    /// The later score.
    pub after: f64,
    /// The earlier level.
    pub level_before: Level,
    /// The later level.
    pub level_after: Level,
    /// What each cause contributed, in the order of [`Cause::ALL`]. With `before` they sum to `after`.
    pub causes: [(Cause, f64); 6],
}

impl ScoreMove {
    /// What a cause contributed.
    pub fn by(&self, cause: Cause) -> f64 {
        self.causes.iter().find(|(other, _)| *other == cause).map_or(0.0, |(_, by)| *by)
    }

    /// The causes with what they contributed in hundredths, as people read it. Rounding is such that
    /// these, too, sum to the change between the two scores as they are [`shown`](super::scoring::shown).
    pub fn steps(&self) -> [(Cause, i64); 6] {
        let (mut exact, mut last) = (self.before, hundredths(self.before));
        self.causes.map(|(cause, by)| {
            exact += by;
            let here = hundredths(exact);
            (cause, here - std::mem::replace(&mut last, here))
        })
    }

    /// The change in hundredths, as the difference of the two scores as they are shown.
    pub fn total(&self) -> i64 {
        self.steps().iter().map(|(_, by)| by).sum()
    }
}

/// What became of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogMove {
    /// The version before.
    pub from: String,
    /// The version after.
    pub to: String,
    /// How many activities are new.
    pub added: usize,
    /// How many are gone.
    pub removed: usize,
    /// How many belong to another level.
    pub relevelled: usize,
}

/// An activity of which it changed to whom it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApplicabilityMove {
    /// The activity.
    pub activity: ActivityIndex,
    /// For how many teams it does not apply any more.
    pub dropped: usize,
    /// For how many it applies again.
    pub regained: usize,
}

/// An activity whose answers changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerMove {
    /// The activity.
    pub activity: ActivityIndex,
    /// How many teams answered more than before.
    pub rose: usize,
    /// How many answered less.
    pub fell: usize,
    /// What it contributed to the score of the whole.
    pub overall: f64,
    /// What it contributed to the score of its dimension.
    pub dimension: f64,
}

impl Attribution {
    /// Splits the change between two states of one scope.
    pub fn between(before: &Overview, after: &Overview, threshold: Threshold) -> Self {
        let catalog = &after.catalog;
        let later: HashMap<TeamId, &Arc<Sheet>> = after.standings.iter().map(|s| (s.team, &s.sheet)).collect();
        let earlier: Vec<(TeamId, Sheet)> = before
            .standings
            .iter()
            .map(|standing| (standing.team, standing.sheet_in(&before.catalog, catalog)))
            .collect();
        let stayed: Vec<(&Sheet, &Sheet)> =
            earlier.iter().filter_map(|(team, sheet)| Some((sheet, &***later.get(team)?))).collect();
        let between: Vec<Sheet> = stayed.iter().map(|(earlier, later)| earlier.with_applicability_of(later)).collect();

        let card = |sheets: &[&Sheet]| {
            let measures = combine(catalog, sheets);
            (Scorecard::new(catalog, &measures, threshold), measures)
        };
        let (translated, _) = card(&earlier.iter().map(|(_, sheet)| sheet).collect::<Vec<_>>());
        let (without_left, _) = card(&stayed.iter().map(|(earlier, _)| *earlier).collect::<Vec<_>>());
        let (applicable, measures_before) = card(&between.iter().collect::<Vec<_>>());
        let (answered, measures_after) = card(&stayed.iter().map(|(_, later)| *later).collect::<Vec<_>>());

        let both: Vec<(&Sheet, &Sheet)> = between.iter().zip(stayed.iter().map(|(_, later)| *later)).collect();
        let answers = answers(catalog, &answered, [&measures_before, &measures_after], &both);
        let homes: Vec<&str> = catalog.homes().map(|(_, home)| home.dimension.name.as_str()).collect();
        let lines = |card: &Scorecard| -> HashMap<String, Score> {
            let totals = card.dimensions.iter().map(|dimension| &dimension.total);
            totals.chain([&card.overall]).map(|scored| (scored.name.clone(), scored.score.clone())).collect()
        };
        let ways = [&before.scorecard, &translated, &without_left, &applicable, &answered].map(lines);
        let totals = after.scorecard.dimensions.iter().map(|dimension| &dimension.total);
        let moves = std::iter::once(&after.scorecard.overall)
            .chain(totals)
            .map(|scored| {
                let at = ways.each_ref().map(|way| way.get(&scored.name).map_or(0.0, |score| score.score));
                let [start, translated, without_left, applicable, answered] = at;
                let is_overall = scored.name == Scorecard::OVERALL;
                let mine = answers.iter().filter_map(|answer| match is_overall {
                    true => Some(answer.overall),
                    false => {
                        let is_here = homes.get(answer.activity.position()) == Some(&scored.name.as_str());
                        is_here.then_some(answer.dimension)
                    }
                });
                let lowered: f64 = mine.filter(|by| *by < 0.0).sum();
                let end = scored.score.score;
                let by = |cause| match cause {
                    Cause::Catalog => translated - start,
                    Cause::Left => without_left - translated,
                    Cause::NotApplicable => applicable - without_left,
                    Cause::Raised => answered - applicable - lowered,
                    Cause::Lowered => lowered,
                    Cause::Joined => end - answered,
                };
                ScoreMove {
                    name: scored.name.clone(),
                    before: start,
                    after: end,
                    level_before: ways.first().and_then(|way| way.get(&scored.name)).map_or(0, |score| score.level),
                    level_after: scored.score.level,
                    causes: Cause::ALL.map(|cause| (cause, by(cause))),
                }
            })
            .collect();
        Self {
            from: before.period,
            to: after.period,
            moves,
            catalog: CatalogMove::between(&before.catalog, catalog),
            joined: names_without(&after.standings, &before.standings),
            left: names_without(&before.standings, &after.standings),
            applicability: applicability(catalog, &stayed),
            answers,
        }
    }

    /// How the score of the whole moved.
    pub fn overall(&self) -> Option<&ScoreMove> {
        self.moves.first()
    }

    /// Whether nothing at all moved.
    pub fn is_nothing(&self) -> bool {
        self.catalog.is_none()
            && self.joined.is_empty()
            && self.left.is_empty()
            && self.applicability.is_empty()
            && self.answers.is_empty()
    }
}

impl CatalogMove {
    fn between(before: &Catalog, after: &Catalog) -> Option<Self> {
        if before.digest() == after.digest() {
            return None;
        }
        let (old, new) = (before.content(), after.content());
        let change = CatalogChange::between(&old, &new);
        Some(Self {
            from: version_of(before),
            to: version_of(after),
            added: change.added.len(),
            removed: change.removed.len(),
            relevelled: change.kept_and(|changed| changed.is_relevelled()).count(),
        })
    }
}

/// The names of the teams that stand here and not there.
fn names_without(here: &[Standing], there: &[Standing]) -> Vec<String> {
    let there: HashSet<TeamId> = there.iter().map(|standing| standing.team).collect();
    let only_here = here.iter().filter(|standing| !there.contains(&standing.team));
    only_here.map(|standing| standing.team_name.clone()).collect()
}

fn applicability(catalog: &Catalog, stayed: &[(&Sheet, &Sheet)]) -> Vec<ApplicabilityMove> {
    let mut counts = vec![(0, 0); catalog.len()];
    for (earlier, later) in stayed {
        for ((dropped, regained), (earlier, later)) in counts.iter_mut().zip(earlier.marks().zip(later.marks())) {
            match (earlier == Mark::NotApplicable, later == Mark::NotApplicable) {
                (false, true) => *dropped += 1,
                (true, false) => *regained += 1,
                _ => {}
            }
        }
    }
    let moved = catalog.activities().zip(counts).filter(|(_, counts)| *counts != (0, 0));
    moved.map(|((activity, _), (dropped, regained))| ApplicabilityMove { activity, dropped, regained }).collect()
}

/// What each activity contributed whose answers changed, the greatest contributions to the whole first.
/// `card` and `measures` belong to the teams that stayed: `measures` before and after their answers changed,
/// `sheets` likewise for each team.
fn answers(
    catalog: &Catalog,
    card: &Scorecard,
    measures: [&[Measure]; 2],
    sheets: &[(&Sheet, &Sheet)],
) -> Vec<AnswerMove> {
    let mut counts = vec![(0, 0); catalog.len()];
    for (earlier, later) in sheets {
        for ((rose, fell), (earlier, later)) in counts.iter_mut().zip(earlier.marks().zip(later.marks())) {
            let [earlier, later] = [earlier, later].map(|mark| Measure::from(mark).value());
            *rose += usize::from(later > earlier);
            *fell += usize::from(later < earlier);
        }
    }
    let overall = shares(&card.overall.score);
    let of_dimensions: HashMap<&str, HashMap<Level, f64>> =
        card.dimensions.iter().map(|d| (d.total.name.as_str(), shares(&d.total.score))).collect();
    let mut moves: Vec<AnswerMove> = Vec::new();
    for (((index, home), (rose, fell)), (before, after)) in
        catalog.homes().zip(counts).zip(measures[0].iter().zip(measures[1]))
    {
        if rose + fell > 0 {
            let (by, level) = (after.value() - before.value(), catalog.activity(index).level);
            let of_dimension = of_dimensions.get(home.dimension.name.as_str()).and_then(|shares| shares.get(&level));
            let [overall, dimension] = [overall.get(&level), of_dimension].map(|share| share.unwrap_or(&0.0) * by);
            moves.push(AnswerMove { activity: index, rose, fell, overall, dimension });
        }
    }
    moves.sort_by(|a, b| b.overall.abs().total_cmp(&a.overall.abs()).then(a.activity.cmp(&b.activity)));
    moves
}

/// What one activity of each level adds to a score when it is fully implemented: an activity of level l
/// weighs (l − the level before that has any) / how many activities of level l there are.
fn shares(score: &Score) -> HashMap<Level, f64> {
    let mut last = 0;
    let share = |level: &LevelCompletion| {
        let step = level.level - std::mem::replace(&mut last, level.level);
        (level.level, f64::from(step) / f64::from(level.activities))
    };
    score.levels.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::answer::{AssessmentId, Status};
    use crate::domain::catalog::{ActivityId, samples};
    use crate::domain::organization::Scope;
    use crate::domain::scale::ProgressScale;

    /// An overview of teams with the marks of the catalog's activities: a percentage of the default scale,
    /// `-1` not applicable, `-2` unanswered.
    fn overview(catalog: &Arc<Catalog>, period: &str, teams: &[(i64, Vec<i16>)]) -> Overview {
        let scale = ProgressScale::default();
        let standing = |(team, marks): &(i64, Vec<i16>)| {
            let statuses: Vec<Status> = marks
                .iter()
                .map(|mark| match mark {
                    -2 => Status::Unanswered,
                    -1 => Status::NotApplicable { reason: "no".into() },
                    percent => {
                        let step = scale.steps().iter().find(|step| i16::from(step.percent) == *percent);
                        Status::Step(step.unwrap().key.clone())
                    }
                })
                .collect();
            let ids: Vec<ActivityId> = catalog.activities().map(|(_, activity)| activity.id.clone()).collect();
            Standing {
                team: TeamId(*team),
                team_name: format!("Team {team}"),
                assessment: AssessmentId(*team),
                assessed: period.parse().unwrap(),
                original: None,
                sheet: Arc::new(Sheet::new(catalog, &scale, ids.iter().zip(&statuses))),
            }
        };
        let standings = teams.iter().map(standing).collect();
        let (threshold, scope) = (Threshold::default(), Scope::organization());
        Overview::new(Arc::clone(catalog), threshold, scope, period.parse().unwrap(), standings, vec![])
    }

    fn between(before: &Overview, after: &Overview) -> Attribution {
        Attribution::between(before, after, Threshold::default())
    }

    fn moved(attribution: &Attribution) -> Vec<(Cause, f64)> {
        let moved = attribution.overall().unwrap().causes.into_iter();
        moved.filter(|(_, by)| by.abs() > 1e-12).map(|(cause, by)| (cause, (by * 1000.0).round() / 1000.0)).collect()
    }

    #[test]
    fn each_cause_gets_what_it_changed() {
        let old = Arc::new(samples::catalog(&[&[1, 1, 2]]));
        let new = Arc::new(samples::catalog(&[&[1, 1, 2, 2]]));
        let before = overview(&old, "2026-Q1", &[(1, vec![100, 0, 0])]);
        let same = overview(&old, "2026-Q2", &[(1, vec![100, 0, 0])]);
        assert!(between(&before, &same).is_nothing() && moved(&between(&before, &same)).is_empty());

        let answered = between(&before, &overview(&old, "2026-Q2", &[(1, vec![50, 100, 100])]));
        assert_eq!(moved(&answered), [(Cause::Raised, 1.5), (Cause::Lowered, -0.25)]);
        let positions: Vec<_> = answered.answers.iter().map(|a| (a.activity.position(), a.rose, a.fell)).collect();
        assert_eq!(positions, [(2, 1, 0), (1, 1, 0), (0, 0, 1)], "the greatest contribution comes first");

        let dropped = between(&before, &overview(&old, "2026-Q2", &[(1, vec![100, -1, 0])]));
        assert_eq!(moved(&dropped), [(Cause::NotApplicable, 0.5)]);
        let [applicability] = dropped.applicability[..] else { panic!() };
        assert_eq!((applicability.activity.position(), applicability.dropped, applicability.regained), (1, 1, 0));

        let full = overview(&old, "2026-Q1", &[(1, vec![100, 100, 100])]);
        let upgraded = between(&full, &overview(&new, "2026-Q2", &[(1, vec![100, 100, 100, -2])]));
        assert_eq!(moved(&upgraded), [(Cause::Catalog, -0.5)]);
        assert_eq!(upgraded.catalog.map(|catalog| (catalog.added, catalog.removed)), Some((1, 0)));

        let grown = between(&before, &overview(&old, "2026-Q2", &[(1, vec![100, 0, 0]), (2, vec![0, 0, 0])]));
        assert_eq!((moved(&grown), grown.joined), (vec![(Cause::Joined, -0.25)], vec!["Team 2".to_owned()]));
        let replaced = between(&before, &overview(&old, "2026-Q2", &[(2, vec![100, 100, 0])]));
        assert_eq!(moved(&replaced), [(Cause::Left, -0.5), (Cause::Joined, 1.0)]);
        assert_eq!((replaced.left, replaced.joined), (vec!["Team 1".to_owned()], vec!["Team 2".to_owned()]));
    }

    #[test]
    fn what_only_the_catalog_between_does_not_have_was_answered_before() {
        let (own, after) = (Arc::new(samples::catalog(&[&[1, 1]])), Arc::new(samples::catalog(&[&[1, 1, 2]])));
        let between_them = Arc::new(samples::catalog(&[&[1]]));
        let assessed = overview(&own, "2026-Q1", &[(1, vec![100, 100])]);
        let original = Some((Arc::clone(&own), Arc::clone(&assessed.standings[0].sheet)));
        let seen_in = |catalog: &Arc<Catalog>, period: &str| {
            let sheet = Arc::new(assessed.standings[0].sheet.translated(&own, catalog));
            let standings = vec![Standing { original: original.clone(), sheet, ..assessed.standings[0].clone() }];
            let (threshold, scope) = (Threshold::default(), Scope::organization());
            Overview::new(Arc::clone(catalog), threshold, scope, period.parse().unwrap(), standings, vec![])
        };
        let attribution = between(&seen_in(&between_them, "2026-Q2"), &seen_in(&after, "2026-Q3"));
        assert!(attribution.answers.is_empty(), "nobody answered anything: {attribution:?}");
        assert_eq!(attribution.catalog.map(|catalog| catalog.added), Some(2));
    }

    const LEVELS: [u8; 8] = [1, 1, 2, 2, 3, 3, 4, 5];

    fn marks() -> impl Strategy<Value = Vec<i16>> {
        prop::collection::vec(prop::sample::select(vec![-2, -1, 0, 20, 50, 100]), LEVELS.len())
    }

    fn teams() -> impl Strategy<Value = Vec<(i64, Vec<i16>)>> {
        prop::collection::btree_map(1..6_i64, marks(), 0..5).prop_map(|teams| teams.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_causes_sum_to_the_change(
            before in teams(),
            after in teams(),
            split in 1..7_usize,
            upgrade in any::<bool>(),
            moved_level in 1..=5_u8,
        ) {
            let (left, right) = LEVELS.split_at(split);
            let old = samples::content(&[left, right]);
            let mut new = old.clone();
            if upgrade {
                let activities = &mut new.dimensions[0].sub_dimensions[0].activities;
                activities[0].level = moved_level;
                let mut added = samples::activity("new", 3);
                added.name = "New".into();
                activities.push(added);
            }
            let (old, new) = (Arc::new(Catalog::new(old).unwrap()), Arc::new(Catalog::new(new).unwrap()));
            let after: Vec<_> = after
                .into_iter()
                .map(|(team, mut marks)| {
                    if upgrade { marks.insert(split, 50); }
                    (team, marks)
                })
                .collect();
            let (before, after) = (overview(&old, "2026-Q1", &before), overview(&new, "2026-Q2", &after));
            let attribution = between(&before, &after);
            prop_assert_eq!(attribution.moves.len(), 2);
            for (position, moved) in attribution.moves.iter().enumerate() {
                let sum: f64 = moved.causes.iter().map(|(_, by)| by).sum();
                prop_assert!((moved.before + sum - moved.after).abs() < 1e-9, "{moved:?}");
                prop_assert!(moved.by(Cause::Raised) > -1e-9 && moved.by(Cause::Lowered) < 1e-9);
                let answers: f64 = attribution
                    .answers
                    .iter()
                    .map(|answer| if position == 0 { answer.overall } else { answer.dimension })
                    .sum();
                prop_assert!((answers - moved.by(Cause::Raised) - moved.by(Cause::Lowered)).abs() < 1e-9);
                prop_assert_eq!(moved.total(), hundredths(moved.after) - hundredths(moved.before));
            }
            prop_assert!((attribution.moves[0].before - before.scorecard.overall.score.score).abs() < 1e-12);
            prop_assert!((attribution.moves[0].after - after.scorecard.overall.score.score).abs() < 1e-12);
        }
    }
}
