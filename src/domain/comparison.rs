//! Two scopes or quarters side by side: their scores, and activity by activity what differs.

use std::sync::Arc;

use super::answer::{Mark, Sheet};
use super::catalog::{ActivityIndex, Catalog, Level};
use super::named::Named;
use super::organization::{Scope, ScopeId, Settings};
use super::period::Period;
use super::scoring::{Scorecard, Threshold, combine, measure};
use super::standing::{Overview, version_of};
use super::view::{Selection, View};

/// By how many percentage points two means must differ to be different: what is less is rounding.
const TOLERANCE: f64 = 1e-9;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl Named for Side {
    const NAMED: &'static [(&'static str, Self)] = &[("a", Self::A), ("b", Self::B)];
}

/// A side as it was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AskedSide {
    /// Of whom; `None`: nothing was said about it.
    pub scope: Option<ScopeId>,
    /// When; `None`: nothing was said about it. The inner `None` is the latest quarter.
    pub period: Option<Option<Period>>,
}

/// What is to be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComparisonFilter {
    /// The two sides.
    pub sides: [AskedSide; 2],
    /// Only activities of this dimension.
    pub dimension: Option<String>,
    /// Only those in which this side is ahead.
    pub ahead: Option<Side>,
    /// Those that do not differ, too.
    pub all: bool,
}

/// Two sides as they are looked at.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The first side with what else could be chosen.
    pub view: View,
    /// The scale and the threshold that apply.
    pub settings: Settings,
    /// The two.
    pub sides: [SideSeen; 2],
    /// What differs; `None` while one of them has not been assessed by then.
    pub comparison: Option<Comparison>,
}

/// One of the sides.
#[derive(Debug, Clone)]
pub struct SideSeen {
    /// What it is.
    pub selection: Selection,
    /// Of whom.
    pub scope: Scope,
    /// When; `None` while the scope has not been assessed at all.
    pub period: Option<Period>,
    /// Where it stands; `None` while it has not been assessed by then.
    pub overview: Option<Arc<Overview>>,
}

/// What differs between two sides.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The catalog in which both are seen: the later one.
    pub catalog: Arc<Catalog>,
    /// What became of the side that has another catalog; `None`: both have the same.
    pub translated: Option<Translated>,
    /// The scores: first the whole, then the dimensions, in the order of the catalog.
    pub scores: Vec<ScorePair>,
    /// The activities that are wanted, in the order of the catalog.
    pub activities: Vec<ActivityPair>,
    /// How many activities differ in all, wanted or not.
    pub differing: usize,
}

/// What became of a side that is seen in a catalog which is not its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Translated {
    /// Which.
    pub side: Side,
    /// The version of its own catalog.
    pub from: String,
    /// The version of the later one.
    pub to: String,
    /// The score of the whole in its own catalog.
    pub own_score: f64,
    /// The names of the activities that only its own catalog knows, and which are not compared.
    pub only: Vec<String>,
}

/// The scores of both sides in the whole or a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePair {
    /// The name of the dimension, or `overall`.
    pub name: String,
    /// Level and score of each side.
    pub sides: [(Level, f64); 2],
}

impl ScorePair {
    /// By how much the first side is ahead; negative where the second is.
    pub fn difference(&self) -> f64 {
        let [a, b] = self.sides;
        a.1 - b.1
    }
}

/// An activity on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityPair {
    /// The activity.
    pub activity: ActivityIndex,
    /// What each side has; `None` where its catalog does not know the activity.
    pub sides: [Option<Held>; 2],
    /// Whether they differ.
    pub differs: bool,
}

impl ActivityPair {
    /// By how many percentage points the first side is ahead; negative where the second is. `None` where one
    /// of them does not know the activity, or it does not apply there.
    pub fn difference(&self) -> Option<f64> {
        match &self.sides {
            [Some(a), Some(b)] => Some(a.worth? - b.worth?),
            _ => None,
        }
    }

    /// The side that is ahead; `None`: neither, or there is nothing to compare.
    pub fn ahead(&self) -> Option<Side> {
        match self.difference()? {
            ahead if ahead > TOLERANCE => Some(Side::A),
            behind if behind < -TOLERANCE => Some(Side::B),
            _ => None,
        }
    }
}

/// What a side has of one activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The one mark, where the side is one team.
    pub mark: Option<Mark>,
    /// How many teams there are.
    pub teams: usize,
    /// How many of them say fully implemented.
    pub full: usize,
    /// How many say that it does not apply.
    pub not_applicable: usize,
    /// How many have not answered.
    pub unanswered: usize,
    /// The mean worth in percent over those to which it applies; `None` when it applies to none.
    pub worth: Option<f64>,
}

impl Held {
    fn of(marks: &[Mark]) -> Self {
        let count = |wanted: Mark| marks.iter().filter(|mark| **mark == wanted).count();
        Self {
            mark: if let [mark] = marks { Some(*mark) } else { None },
            teams: marks.len(),
            full: count(Mark::Worth(100)),
            not_applicable: count(Mark::NotApplicable),
            unanswered: count(Mark::Unanswered),
            worth: measure(marks.iter().copied()).worth,
        }
    }

    /// Whether a person would say that it is something else. Two teams differ in what they say; where several
    /// are behind a side, in what it is worth.
    fn differs_from(&self, other: &Self) -> bool {
        match (self.mark, other.mark, self.worth, other.worth) {
            (Some(mine), Some(theirs), ..) => mine != theirs,
            (.., Some(mine), Some(theirs)) => (mine - theirs).abs() > TOLERANCE,
            (.., mine, theirs) => mine.is_some() != theirs.is_some(),
        }
    }
}

impl Comparison {
    /// Compares two sides. The dimension of the filter must be one of the catalog, or nothing is found.
    pub fn new(sides: [&Overview; 2], threshold: Threshold, filter: &ComparisonFilter) -> Self {
        let [a, b] = sides;
        let (later, other) = if latest(a) >= latest(b) { (a, Side::B) } else { (b, Side::A) };
        let catalog = Arc::clone(&later.catalog);
        let seen = sides.map(|side| Translation::of(side, &catalog));
        let translated = (a.catalog.digest() != b.catalog.digest()).then(|| {
            let own = if other == Side::A { a } else { b };
            let only = own.catalog.activities().filter(|(_, activity)| catalog.find(&activity.id).is_none());
            Translated {
                side: other,
                from: version_of(&own.catalog),
                to: version_of(&catalog),
                own_score: own.scorecard.overall.score.score,
                only: only.map(|(_, activity)| activity.name.clone()).collect(),
            }
        });
        let cards = seen.each_ref().map(|side| side.scorecard(&catalog, threshold));
        let (mut activities, mut differing) = (Vec::new(), 0);
        for (index, home) in catalog.homes() {
            let held = seen.each_ref().map(|side| side.held(&catalog, index));
            let differs = match &held {
                [Some(a), Some(b)] => a.differs_from(b),
                [a, b] => a.is_some() != b.is_some(),
            };
            differing += usize::from(differs);
            let pair = ActivityPair { activity: index, sides: held, differs };
            let is_here = filter.dimension.as_ref().is_none_or(|name| *name == home.dimension.name);
            let is_ahead = filter.ahead.is_none_or(|side| pair.ahead() == Some(side));
            if is_here && is_ahead && (differs || filter.all) {
                activities.push(pair);
            }
        }
        Self { translated, scores: pairs(&cards), activities, differing, catalog }
    }
}

/// What decides which of two overviews has the later catalog: the last assessment that it rests on.
fn latest(overview: &Overview) -> Option<(Period, i64)> {
    overview.standings.iter().map(|standing| (standing.assessed, standing.assessment.0)).max()
}

/// A side, seen in a catalog that may be another one than its own.
struct Translation<'a> {
    own: &'a Overview,
    sheets: Vec<Arc<Sheet>>,
}

impl<'a> Translation<'a> {
    fn of(own: &'a Overview, catalog: &Catalog) -> Self {
        let is_own = own.catalog.digest() == catalog.digest();
        let sheets = own.standings.iter().map(|standing| match is_own {
            true => Arc::clone(&standing.sheet),
            false => Arc::new(standing.sheet.translated(&own.catalog, catalog)),
        });
        Self { own, sheets: sheets.collect() }
    }

    fn scorecard(&self, catalog: &Catalog, threshold: Threshold) -> Scorecard {
        let sheets: Vec<&Sheet> = self.sheets.iter().map(|sheet| &**sheet).collect();
        Scorecard::new(catalog, &combine(catalog, &sheets), threshold)
    }

    fn held(&self, catalog: &Catalog, index: ActivityIndex) -> Option<Held> {
        self.own.catalog.find(&catalog.activity(index).id)?;
        let marks: Vec<Mark> = self.sheets.iter().map(|sheet| sheet.mark(index)).collect();
        Some(Held::of(&marks))
    }
}

/// The scores of two cards of one catalog.
fn pairs(cards: &[Scorecard; 2]) -> Vec<ScorePair> {
    let lines = cards.each_ref().map(|card| {
        let totals = card.dimensions.iter().map(|dimension| &dimension.total);
        std::iter::once(&card.overall).chain(totals)
    });
    let [a, b] = lines;
    a.zip(b)
        .map(|(a, b)| ScorePair {
            name: a.name.clone(),
            sides: [a, b].map(|scored| (scored.score.level, scored.score.score)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::{AssessmentId, Status};
    use crate::domain::catalog::{ActivityId, samples};
    use crate::domain::organization::TeamId;
    use crate::domain::scale::ProgressScale;
    use crate::domain::standing::Standing;

    /// An overview of some teams: `x` fully, `h` half, `0` not implemented, `n` not applicable, `-` unanswered.
    fn overview(catalog: &Arc<Catalog>, period: &str, teams: &[&str]) -> Overview {
        let status = |mark| match mark {
            'x' => Status::Step("fully_implemented".into()),
            'h' => Status::Step("partly_implemented".into()),
            '0' => Status::Step("not_implemented".into()),
            'n' => Status::NotApplicable { reason: "no".into() },
            _ => Status::Unanswered,
        };
        let standing = |(team, marks): (i64, &&str)| {
            let answers: Vec<_> = (0..)
                .zip(marks.chars())
                .map(|(i, mark): (usize, _)| (ActivityId(format!("a{i}")), status(mark)))
                .collect();
            Standing {
                team: TeamId(team),
                team_name: format!("Team {team}"),
                assessment: AssessmentId(team),
                assessed: period.parse().unwrap(),
                original: None,
                sheet: Arc::new(Sheet::new(
                    catalog,
                    &ProgressScale::default(),
                    answers.iter().map(|(id, status)| (id, status)),
                )),
            }
        };
        let standings = (1..).zip(teams).map(standing).collect();
        let scope = Scope::organization();
        Overview::new(Arc::clone(catalog), Threshold::default(), scope, period.parse().unwrap(), standings, vec![])
    }

    fn ids(comparison: &Comparison) -> String {
        let id = |pair: &ActivityPair| comparison.catalog.activity(pair.activity).id.0.clone();
        comparison.activities.iter().map(id).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn two_teams_differ_in_what_they_say() {
        let catalog = Arc::new(samples::catalog(&[&[1, 1, 1], &[2, 2, 2]]));
        let (a, b) = (overview(&catalog, "2026-Q2", &["xhn-0x"]), overview(&catalog, "2026-Q1", &["xx00-x"]));
        let compared = |filter: ComparisonFilter| Comparison::new([&a, &b], Threshold::default(), &filter);
        let found = compared(ComparisonFilter::default());
        assert_eq!((ids(&found).as_str(), found.differing), ("a1 a2 a3 a4", 4));
        let ahead: Vec<_> = found.activities.iter().map(ActivityPair::ahead).collect();
        assert_eq!(ahead, [Some(Side::B), None, None, None], "what does not apply is neither ahead nor behind");
        // (1 + 0.5) / 2 of level 1, and one of three of level 2; two of three and one of three.
        let overall = &found.scores[0];
        assert_eq!(overall.name, "overall");
        assert!((overall.sides[0].1 - (0.75 + 1.0 / 3.0)).abs() < 1e-12);
        assert!((overall.difference() - (0.75 - 2.0 / 3.0)).abs() < 1e-12);
        assert_eq!(ids(&compared(ComparisonFilter { all: true, ..ComparisonFilter::default() })), "a0 a1 a2 a3 a4 a5");
        let of =
            |ahead| ids(&compared(ComparisonFilter { ahead: Some(ahead), all: true, ..ComparisonFilter::default() }));
        assert_eq!((of(Side::A), of(Side::B)), (String::new(), "a1".into()));
        let none = ComparisonFilter { dimension: Some("Other".into()), ..ComparisonFilter::default() };
        assert_eq!((ids(&compared(none.clone())), compared(none).differing), (String::new(), 4));
    }

    #[test]
    fn several_teams_differ_in_what_it_is_worth() {
        let catalog = Arc::new(samples::catalog(&[&[1, 1, 1]]));
        let (many, one) =
            (overview(&catalog, "2026-Q2", &["xhn", "0hn", "n-x"]), overview(&catalog, "2026-Q2", &["h0x"]));
        let found = Comparison::new([&many, &one], Threshold::default(), &ComparisonFilter::default());
        assert_eq!(ids(&found), "a1", "two means of 50 % and one of a single team are the same");
        let [Some(held), Some(single)] = &found.activities[0].sides else { panic!() };
        assert_eq!((held.teams, held.full, held.not_applicable, held.unanswered, held.mark), (3, 0, 0, 1, None));
        assert_eq!((held.worth, single.mark), (Some(100.0 / 3.0), Some(Mark::Worth(0))));
        assert_eq!(found.activities[0].ahead(), Some(Side::A));
    }

    #[test]
    fn other_catalogs_are_seen_in_the_later_one() {
        let (old, new) = (Arc::new(samples::catalog(&[&[1, 1, 1]])), Arc::new(samples::catalog(&[&[1], &[2]])));
        let (then, now) = (overview(&old, "2026-Q1", &["xx0"]), overview(&new, "2026-Q2", &["xx"]));
        for sides in [[&now, &then], [&then, &now]] {
            let found = Comparison::new(sides, Threshold::default(), &ComparisonFilter::default());
            assert_eq!(found.catalog.digest(), new.digest());
            let translated = found.translated.as_ref().unwrap();
            assert_eq!(translated.side, if sides[0].period == now.period { Side::B } else { Side::A });
            assert_eq!(translated.only, ["Activity a2"]);
            assert!((translated.own_score - 2.0 / 3.0).abs() < 1e-12);
            assert_eq!(found.scores[0].sides, [(2, 2.0), (2, 2.0)], "level 2 of what both know");
            assert_eq!(found.differing, 0);
        }
        let (then, now) = (overview(&new, "2026-Q1", &["xx"]), overview(&old, "2026-Q2", &["xxx"]));
        let found = Comparison::new([&now, &then], Threshold::default(), &ComparisonFilter::default());
        assert_eq!((ids(&found).as_str(), found.activities[0].sides[1].is_none()), ("a2", true));
        assert_eq!((found.activities[0].ahead(), found.activities[0].difference()), (None, None));
    }
}
