//! Where teams stand in a period, alone and together, and how that developed.
//!
//! In a period a team stands where its latest submitted assessment of that period or before puts
//! it; when that assessment is older than the period, the standing is *carried*.

use std::collections::HashSet;
use std::sync::Arc;

use super::answer::{AssessmentId, Mark, MarkSum, Sheet};
use super::catalog::Catalog;
use super::organization::{Scope, TeamId};
use super::period::Period;
use super::scoring::{LevelCompletions, Measure, Score, Scorecard, Scored, Scores, Threshold, combine, mark_sums};

/// Where one team stands in a period.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: String,
    /// The assessment it rests on.
    pub assessment: AssessmentId,
    /// The period of that assessment.
    pub assessed: Period,
    /// Its marks, in the order of the catalog of the overview.
    pub sheet: Arc<Sheet>,
    /// The catalog that the assessment was made with and its marks in that order, where it is another one than
    /// that of the overview.
    pub original: Option<(Arc<Catalog>, Arc<Sheet>)>,
}

impl Standing {
    /// All scores of the team alone. `catalog` is the one that its sheet belongs to.
    pub fn scorecard(&self, catalog: &Catalog, threshold: Threshold) -> Scorecard {
        Scorecard::new(catalog, &combine(catalog, &[&self.sheet]), threshold)
    }

    /// The same without names.
    pub fn scores(&self, catalog: &Catalog, threshold: Threshold) -> Scores {
        Scores::of_sheet(catalog, &self.sheet, threshold)
    }

    /// Its marks in the order of another catalog. `seen` is the one that its sheet belongs to. What the assessment
    /// said is not lost where only `seen` does not have the activity.
    pub fn sheet_in(&self, seen: &Catalog, other: &Catalog) -> Sheet {
        let (own, sheet) = self.own(seen);
        sheet.translated(own, other)
    }

    /// The catalog that the assessment was made with and its marks in that order. `seen` is the one that its sheet
    /// belongs to.
    pub fn own<'a>(&'a self, seen: &'a Catalog) -> (&'a Catalog, &'a Sheet) {
        match &self.original {
            Some((own, sheet)) => (own, sheet),
            None => (seen, &self.sheet),
        }
    }

    /// Whether it is carried from an earlier period than the one looked at.
    pub fn is_carried(&self, period: Period) -> bool {
        self.assessed < period
    }
}

/// Where a scope stands in a period.
#[derive(Debug, Clone)]
pub struct Overview {
    /// Of whom this is.
    pub scope: Scope,
    /// The period looked at.
    pub period: Period,
    /// Its teams that have been assessed by then, in the order of their names.
    pub standings: Vec<Standing>,
    /// The names of those that have not.
    pub missing: Vec<String>,
    /// The catalog in which it is seen, and to which its measures and indexes belong.
    pub catalog: Arc<Catalog>,
    /// One measure for each activity.
    pub measures: Vec<Measure>,
    /// All scores.
    pub scorecard: Scorecard,
    /// How many answers there should be and what became of them.
    pub answers: AnswerCount,
}

/// What became of the answers of all teams of a scope: one for each team and activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnswerCount {
    /// All of them.
    pub asked: usize,
    /// Those that were not given, and count as not done.
    pub unanswered: usize,
    /// Those that say the activity does not apply, and are left out.
    pub not_applicable: usize,
}

impl AnswerCount {
    fn of(sums: &[MarkSum]) -> Self {
        let total = |count: fn(&MarkSum) -> u32| sums.iter().map(|sum| count(sum) as usize).sum();
        Self {
            asked: total(|sum| sum.marks),
            unanswered: total(|sum| sum.unanswered),
            not_applicable: total(|sum| sum.marks - sum.applicable),
        }
    }
}

impl Overview {
    /// Combines the standings of a scope's teams.
    pub fn new(
        catalog: Arc<Catalog>,
        threshold: Threshold,
        scope: Scope,
        period: Period,
        standings: Vec<Standing>,
        missing: Vec<String>,
    ) -> Self {
        let sheets: Vec<&Sheet> = standings.iter().map(|standing| &*standing.sheet).collect();
        let sums = mark_sums(&catalog, &sheets);
        let measures: Vec<Measure> = sums.iter().map(MarkSum::measure).collect();
        let scorecard = Scorecard::new(&catalog, &measures, threshold);
        let answers = AnswerCount::of(&sums);
        Self { scope, period, standings, missing, catalog, measures, scorecard, answers }
    }

    /// The same by another threshold.
    pub fn with_threshold(&self, threshold: Threshold) -> Self {
        Self { scorecard: Scorecard::new(&self.catalog, &self.measures, threshold), ..self.clone() }
    }

    /// The names of the dimensions in which no team has answered anything: their scores say nothing yet.
    pub fn unanswered_dimensions(&self) -> Vec<&str> {
        let is_answered = |index| self.standings.iter().any(|standing| standing.sheet.mark(index) != Mark::Unanswered);
        let dimensions = self.catalog.dimensions().iter();
        let open = dimensions
            .filter(|dimension| !dimension.sub_dimensions.iter().flat_map(|sub| sub.activities()).any(is_answered));
        open.map(|dimension| dimension.name.as_str()).collect()
    }

    /// The standings that are carried from an earlier period.
    pub fn carried(&self) -> impl Iterator<Item = &Standing> {
        self.standings.iter().filter(|standing| standing.is_carried(self.period))
    }
}

/// One dimension of a scope, or the whole, in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// When.
    pub period: Period,
    /// The name of the dimension, or `overall`.
    pub dimension: String,
    /// The level reached.
    pub level: u8,
    /// The greatest level that applies.
    pub ceiling: u8,
    /// The score.
    pub score: f64,
    /// The completion in [0, 1].
    pub completion: f64,
    /// How far each level is that has applicable activities, rising.
    pub levels: LevelCompletions,
    /// Whether at least one team's standing is carried from an earlier period.
    pub carried: bool,
}

impl TrendPoint {
    /// The points of a quarter: the whole, then the dimensions.
    pub(super) fn of_card(period: Period, card: &Scorecard, carried: bool) -> impl Iterator<Item = Self> {
        let scored = std::iter::once(&card.overall).chain(card.dimensions.iter().map(|dimension| &dimension.total));
        scored.map(move |scored| Self::new(period, scored, carried))
    }

    fn new(period: Period, scored: &Scored, carried: bool) -> Self {
        let Score { level, ceiling, score, completion, levels, .. } = scored.score.clone();
        Self { period, dimension: scored.name.clone(), level, ceiling, score, completion, levels, carried }
    }
}

/// How a scope developed: for each period the whole and then each dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Of whom this is.
    pub scope: Scope,
    /// The points, by period and then in the order of the catalog, the whole first.
    pub points: Vec<TrendPoint>,
    /// What changed beside the answers, by period.
    pub markers: Vec<Marker>,
}

/// What changed from one quarter to the next in what is measured, so that a jump is not taken for progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The first quarter in which it holds.
    pub period: Period,
    /// What the scope is measured with from then on, if that changed: the version of the catalog.
    pub catalog: Option<String>,
    /// The names of the teams that are assessed since then.
    pub joined: Vec<String>,
    /// The names of the teams that are not in it any more.
    pub left: Vec<String>,
}

impl Marker {
    /// What changed between two overviews of one scope; `None`: nothing.
    pub fn between(before: &Overview, after: &Overview) -> Option<Self> {
        let teams = |overview: &Overview| overview.standings.iter().map(|standing| standing.team).collect::<Vec<_>>();
        let are_same = teams(before) == teams(after);
        let differ = |here: &Overview, there: &Overview| -> Vec<String> {
            // As nearly always.
            if are_same {
                return Vec::new();
            }
            let others: HashSet<TeamId> = there.standings.iter().map(|standing| standing.team).collect();
            let new = here.standings.iter().filter(|standing| !others.contains(&standing.team));
            new.map(|standing| standing.team_name.clone()).collect()
        };
        let is_other = before.catalog.digest() != after.catalog.digest();
        let catalog = is_other.then(|| version_of(&after.catalog));
        let marker = Self { period: after.period, catalog, joined: differ(after, before), left: differ(before, after) };
        let is_any = marker.catalog.is_some() || !marker.joined.is_empty() || !marker.left.is_empty();
        is_any.then_some(marker)
    }
}

/// The version of a catalog, or the beginning of its digest where it has none.
pub fn version_of(catalog: &Catalog) -> String {
    catalog.version().map_or_else(|| catalog.digest().to_string(), ToOwned::to_owned)
}

impl Trend {
    /// The development over some overviews of one scope, in the order of their periods.
    pub fn new<'a>(scope: Scope, overviews: impl IntoIterator<Item = &'a Overview>) -> Self {
        let (mut points, mut markers) = (Vec::new(), Vec::new());
        let mut before: Option<&Overview> = None;
        for overview in overviews {
            markers.extend(before.and_then(|before| Marker::between(before, overview)));
            before = Some(overview);
            let carried = overview.carried().next().is_some();
            points.extend(TrendPoint::of_card(overview.period, &overview.scorecard, carried));
        }
        Self { scope, points, markers }
    }

    /// The line of the whole of one team among others, over some overviews in the order of their periods.
    pub fn of_team<'a>(
        team: TeamId,
        overviews: impl IntoIterator<Item = &'a Overview>,
        threshold: Threshold,
    ) -> Vec<TrendPoint> {
        let point = |overview: &Overview| {
            let standing = overview.standings.iter().find(|standing| standing.team == team)?;
            let card = standing.scorecard(&overview.catalog, threshold);
            Some(TrendPoint::new(overview.period, &card.overall, standing.is_carried(overview.period)))
        };
        overviews.into_iter().filter_map(point).collect()
    }

    /// The names of the lines in the order in which they first occur: the whole, then the dimensions.
    pub fn dimensions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for point in &self.points {
            if !names.contains(&point.dimension.as_str()) {
                names.push(&point.dimension);
            }
        }
        names
    }

    /// The points of one line, by period.
    pub fn line<'a>(&'a self, dimension: &'a str) -> impl Iterator<Item = &'a TrendPoint> {
        self.points.iter().filter(move |point| point.dimension == dimension)
    }
}

#[cfg(test)]
pub(crate) mod samples {
    //! Small histories for the unit tests of the domain.
    use super::*;
    use crate::domain::answer::Mark;
    use crate::domain::scale::ProgressScale;

    /// The marks of a team: a percentage, `-1` not applicable, `-2` unanswered.
    pub(crate) type Marks<'a> = &'a [i16];

    pub(crate) fn sheet(catalog: &Catalog, marks: Marks<'_>) -> Sheet {
        let mark = |mark: &i16| match *mark {
            -2 => Mark::Unanswered,
            -1 => Mark::NotApplicable,
            percent => Mark::Worth(percent.try_into().unwrap()),
        };
        let indexes = catalog.activities().map(|(index, _)| index);
        Sheet::new(catalog, &ProgressScale::default(), []).with(indexes.zip(marks.iter().map(mark)))
    }

    /// A team that was assessed in a quarter. Each quarter has an assessment of its own.
    pub(crate) fn standing(catalog: &Catalog, team: i64, assessed: Period, marks: Marks<'_>) -> Standing {
        let number = assessed.quarters_after("2000-Q1".parse().unwrap());
        Standing {
            team: TeamId(team),
            team_name: format!("Team {team}"),
            assessment: AssessmentId(team * 10_000 + i64::from(number)),
            assessed,
            sheet: Arc::new(sheet(catalog, marks)),
            original: None,
        }
    }

    pub(crate) fn overview(catalog: &Arc<Catalog>, period: Period, standings: Vec<Standing>) -> Arc<Overview> {
        let (threshold, scope) = (Threshold::default(), Scope::organization());
        Arc::new(Overview::new(Arc::clone(catalog), threshold, scope, period, standings, Vec::new()))
    }

    /// The quarters from 2024-Q1 on, with the marks of their teams. A team with the same marks as before, to the last,
    /// is carried.
    pub(crate) fn history(catalog: &Arc<Catalog>, quarters: &[&[(i64, Marks<'_>)]]) -> Vec<Arc<Overview>> {
        let mut history: Vec<Arc<Overview>> = Vec::new();
        let mut period: Period = "2024-Q1".parse().unwrap();
        for teams in quarters {
            let known = history.last().map_or(&[][..], |overview| overview.standings.as_slice());
            let standings = teams.iter().map(|(team, marks)| {
                let before = known.iter().find(|before| before.team == TeamId(*team));
                let same = before.filter(|before| *before.sheet == sheet(catalog, marks));
                same.cloned().unwrap_or_else(|| standing(catalog, *team, period, marks))
            });
            history.push(overview(catalog, period, standings.collect()));
            period = period.next();
        }
        history
    }
}
