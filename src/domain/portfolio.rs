//! The teams of a scope side by side: where each stands, how it moved, how much of it is answered and
//! shown by evidence, how old that is, and whether it has handed in the present quarter.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::answer::{AssessmentId, Mark};
use super::catalog::{ActivityId, Catalog, Level};
use super::evidence::Support;
use super::leverage::Lever;
use super::named::Named;
use super::organization::TeamId;
use super::period::Period;
use super::scoring::{Score, Scores, Threshold};
use super::standing::{Overview, Standing};

/// The teams that were asked for, and what all teams of the scope could gain from each other.
#[derive(Debug, Clone)]
pub struct Portfolio {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// The present quarter, when its state is told; `None` when another quarter was asked for.
    pub due: Option<Period>,
    /// The teams that were asked for, in the order that was asked for.
    pub rows: Vec<PortfolioRow>,
    /// How many teams the scope has.
    pub all: usize,
    /// What a change at one team would lift at those that take its answers over, the greatest gain first.
    pub levers: Vec<Lever>,
}

/// One team.
#[derive(Debug, Clone, PartialEq)]
pub struct PortfolioRow {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// The names of its groups.
    pub groups: Vec<String>,
    /// Where it stands; `None` until it is assessed.
    pub place: Option<Place>,
    /// What it has done about the present quarter; `None` when that is not asked, or the team is retired.
    pub due: Option<(DueState, Option<AssessmentId>)>,
}

/// Where a team stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The assessment that it stands on.
    pub assessment: AssessmentId,
    /// The quarter of that assessment.
    pub assessed: Period,
    /// How many quarters ago that was; 0 when it is not carried.
    pub age: u32,
    /// The score of the whole.
    pub overall: Score,
    /// Level and score of each dimension, in the order of the catalog.
    pub dimensions: Vec<(Level, f64)>,
    /// How the score of the whole changed since the quarter before; `None` when it was not assessed by then.
    pub change: Option<f64>,
    /// How many answers say that something is done, be it in part.
    pub claims: usize,
    /// How many of these have valid evidence.
    pub supported: usize,
    /// How many answers rest on evidence that has expired.
    pub stale: usize,
}

impl Place {
    /// The share of the applicable activities that is answered, in [0, 1].
    pub fn answered(&self) -> f64 {
        share(self.overall.answered as usize, self.overall.activities as usize)
    }

    /// The share of the claims that has valid evidence, in [0, 1].
    pub fn evidence(&self) -> f64 {
        share(self.supported, self.claims)
    }
}

/// All of nothing is 1: there is nothing to be done about it.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// What a team has done about the present quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueState {
    /// It has no assessment yet.
    NotBegun,
    /// Its assessment is a draft.
    Draft,
    /// It has submitted.
    Submitted,
}

impl Named for DueState {
    const NAMED: &'static [(&'static str, Self)] =
        &[("submitted", Self::Submitted), ("draft", Self::Draft), ("not-begun", Self::NotBegun)];
}

/// A column by which teams are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortColumn {
    /// The name.
    Team,
    /// The level of the whole, and within it the score.
    Level,
    /// The score of the whole.
    Score,
    /// How it changed.
    Change,
    /// The share that is answered.
    Answered,
    /// The share of the claims that has valid evidence.
    Evidence,
    /// How many answers rest on evidence that has expired.
    Stale,
    /// The quarter of the assessment.
    Assessed,
    /// What was done about the present quarter.
    Due,
}

impl Named for SortColumn {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("team", Self::Team),
        ("level", Self::Level),
        ("score", Self::Score),
        ("change", Self::Change),
        ("answered", Self::Answered),
        ("evidence", Self::Evidence),
        ("stale", Self::Stale),
        ("assessed", Self::Assessed),
        ("due", Self::Due),
    ];
}

/// By what teams are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortfolioSort {
    /// A column that there always is.
    Column(SortColumn),
    /// Level and score of the dimension of this name.
    Dimension(String),
}

impl PortfolioSort {
    /// The word of addresses: that of the column, or the name of the dimension.
    pub fn name(&self) -> &str {
        match self {
            Self::Column(column) => column.name(),
            Self::Dimension(name) => name,
        }
    }

    /// Reads the word of an address. Whether there is such a dimension shows only with a catalog.
    pub fn from_name(word: &str) -> Self {
        SortColumn::from_name(word).map_or_else(|| Self::Dimension(word.to_owned()), Self::Column)
    }

    /// In which order people look at it first: names from the beginning, most figures from the greatest.
    pub fn usual_order(&self) -> Order {
        match self {
            Self::Column(SortColumn::Team | SortColumn::Assessed | SortColumn::Due) => Order::Ascending,
            _ => Order::Descending,
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl Order {
    /// The other one.
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

impl Named for Order {
    const NAMED: &'static [(&'static str, Self)] = &[("ascending", Self::Ascending), ("descending", Self::Descending)];
}

/// Which teams are wanted, and in which order; nothing: all, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioFilter {
    /// Those that have done this about the present quarter. Passed over when another quarter is looked at.
    pub due: Option<DueState>,
    /// Those at this level of the whole.
    pub level: Option<Level>,
    /// Those with all of these words in their name or the names of their groups.
    pub text: Option<String>,
    /// By what they are sorted; `None`: by name.
    pub sort: Option<PortfolioSort>,
    /// In which order; `None`: the usual one.
    pub order: Option<Order>,
}

impl PortfolioFilter {
    /// By what they are sorted, and in which order.
    pub fn sorted(&self) -> (PortfolioSort, Order) {
        let sort = self.sort.clone().unwrap_or(PortfolioSort::Column(SortColumn::Team));
        let order = self.order.unwrap_or_else(|| sort.usual_order());
        (sort, order)
    }

    /// Whether a team is wanted.
    fn takes(&self, row: &PortfolioRow, is_due_known: bool) -> bool {
        let at_level = |level| row.place.as_ref().is_some_and(|place| place.overall.level == level);
        let due = self.due.filter(|_| is_due_known);
        self.level.is_none_or(at_level)
            && due.is_none_or(|due| row.due.is_some_and(|(state, _)| state == due))
            && self.text.as_ref().is_none_or(|text| row.has_words(text))
    }

    /// Takes the wanted teams, sorted. Whatever the order, teams of which there is nothing to compare come
    /// last, and equal ones keep the order that they had.
    pub fn apply(&self, mut rows: Vec<PortfolioRow>, catalog: &Catalog, is_due_known: bool) -> Vec<PortfolioRow> {
        rows.retain(|row| self.takes(row, is_due_known));
        let (sort, order) = self.sorted();
        let dimension = |name: &str| catalog.dimensions().iter().position(|dimension| dimension.name == name);
        let by = match &sort {
            PortfolioSort::Column(column) => Err(*column),
            PortfolioSort::Dimension(name) => Ok(dimension(name)),
        };
        // They come by name, so nothing else is to be done for that.
        if by == Err(SortColumn::Team) {
            if order == Order::Descending {
                rows.reverse();
            }
            return rows;
        }
        let keys = rows.iter().map(|row| match by {
            Ok(dimension) => row.place.as_ref().and_then(|place| {
                let (level, score) = place.dimensions.get(dimension?)?;
                Some([f64::from(*level), *score])
            }),
            Err(column) => row.key(column),
        });
        let mut keyed: Vec<(Option<[f64; 2]>, PortfolioRow)> = keys.collect::<Vec<_>>().into_iter().zip(rows).collect();
        keyed.sort_by(|(a, _), (b, _)| match (a, b) {
            (Some(a), Some(b)) => {
                let compared = a.iter().zip(b).map(|(a, b)| a.total_cmp(b)).find(|found| found.is_ne());
                let compared = compared.unwrap_or(Ordering::Equal);
                if order == Order::Descending { compared.reverse() } else { compared }
            }
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

impl PortfolioRow {
    /// Whether all words stand in its name or those of its groups, whatever their case.
    fn has_words(&self, words: &str) -> bool {
        let all = format!("{} {}", self.name, self.groups.join(" ")).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }

    /// What it is sorted by; `None`: there is nothing to compare.
    fn key(&self, column: SortColumn) -> Option<[f64; 2]> {
        let place = self.place.as_ref();
        let one = |value: f64| Some([value, 0.0]);
        match column {
            SortColumn::Team => None,
            SortColumn::Level => place.map(|place| [f64::from(place.overall.level), place.overall.score]),
            SortColumn::Score => place.and_then(|place| one(place.overall.score)),
            SortColumn::Change => place.and_then(|place| one(place.change?)),
            SortColumn::Answered => place.and_then(|place| one(place.answered())),
            SortColumn::Evidence => place.and_then(|place| one(place.evidence())),
            SortColumn::Stale => place.and_then(|place| one(place.stale as f64)),
            SortColumn::Assessed => place.and_then(|place| one(-f64::from(place.age))),
            SortColumn::Due => self.due.and_then(|(state, _)| one(f64::from(state as u8))),
        }
    }
}

/// Where the teams of an overview stand, in its order. `support` has what evidence there is for each team.
pub fn places(
    overview: &Overview,
    before: Option<&Overview>,
    threshold: Threshold,
    support: &HashMap<TeamId, HashMap<ActivityId, Support>>,
) -> Vec<(TeamId, Place)> {
    let earlier: HashMap<TeamId, f64> = before.map_or_else(HashMap::new, |before| {
        let score = |standing: &Standing| scored(&before.catalog, standing, threshold).0.score;
        before.standings.iter().map(|standing| (standing.team, score(standing))).collect()
    });
    let place = |standing: &Standing| {
        let (overall, dimensions) = scored(&overview.catalog, standing, threshold);
        let change = earlier.get(&standing.team).map(|earlier| overall.score - earlier);
        let (mut supported, mut stale) = (0, 0);
        for (id, found) in support.get(&standing.team).into_iter().flatten() {
            let Some(mark) = overview.catalog.find(id).map(|index| standing.sheet.mark(index)) else { continue };
            supported += usize::from(found.valid > 0 && mark.is_claim());
            stale += usize::from(found.is_stale() && mark != Mark::Unanswered);
        }
        let place = Place {
            assessment: standing.assessment,
            assessed: standing.assessed,
            age: overview.period.quarters_after(standing.assessed),
            overall,
            dimensions,
            change,
            claims: standing.sheet.marks().filter(|mark| mark.is_claim()).count(),
            supported,
            stale,
        };
        (standing.team, place)
    };
    overview.standings.iter().map(place).collect()
}

/// The score of the whole, and level and score of each dimension.
fn scored(catalog: &Catalog, standing: &Standing, threshold: Threshold) -> (Score, Vec<(Level, f64)>) {
    let Scores { overall, dimensions, .. } = standing.scores(catalog, threshold);
    (overall, dimensions.iter().map(|score| (score.level, score.score)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::samples;
    use crate::domain::scoring::Tally;

    fn row(name: &str, groups: &[&str], level_and_score: Option<(Level, f64)>) -> PortfolioRow {
        let place = |(level, score): (Level, f64)| {
            let mut overall = Tally::default().score(Threshold::default());
            (overall.level, overall.score) = (level, score);
            Place {
                assessment: AssessmentId(1),
                assessed: "2026-Q3".parse().unwrap(),
                age: 0,
                overall,
                dimensions: vec![(5 - level, score)],
                change: (score > 1.0).then_some(-score),
                claims: 4,
                supported: usize::from(level),
                stale: 0,
            }
        };
        PortfolioRow {
            team: TeamId(0),
            name: name.into(),
            groups: groups.iter().map(ToString::to_string).collect(),
            place: level_and_score.map(place),
            due: Some((if groups.is_empty() { DueState::Draft } else { DueState::Submitted }, None)),
        }
    }

    fn found(filter: &PortfolioFilter, is_due_known: bool) -> String {
        let rows = vec![
            row("Bank", &["Money"], Some((1, 1.5))),
            row("Cards", &[], None),
            row("Ship", &["Goods"], Some((2, 2.0))),
            row("Shop", &[], Some((1, 0.5))),
        ];
        let rows = filter.apply(rows, &samples::catalog(&[&[1]]), is_due_known);
        rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn teams_with_nothing_to_compare_come_last_in_every_order() {
        let sorted = |word: &str, order: Option<Order>| {
            let sort = Some(PortfolioSort::from_name(word));
            found(&PortfolioFilter { sort, order, ..PortfolioFilter::default() }, true)
        };
        assert_eq!(found(&PortfolioFilter::default(), true), "Bank Cards Ship Shop");
        assert_eq!(sorted("team", Some(Order::Descending)), "Shop Ship Cards Bank");
        assert_eq!(sorted("level", None), "Ship Bank Shop Cards", "the score decides between equal levels");
        assert_eq!(sorted("level", Some(Order::Ascending)), "Shop Bank Ship Cards");
        assert_eq!(sorted("change", None), "Bank Ship Cards Shop");
        assert_eq!(sorted("evidence", Some(Order::Ascending)), "Bank Shop Ship Cards", "equal ones stay by name");
        assert_eq!(sorted("due", None), "Cards Shop Bank Ship", "what is to be done first");
        assert_eq!(sorted("All", None), "Bank Shop Ship Cards", "a dimension");
    }

    #[test]
    fn filters_narrow_down_together() {
        let level = Some(1);
        assert_eq!(found(&PortfolioFilter { level, ..PortfolioFilter::default() }, true), "Bank Shop");
        let filter = PortfolioFilter { due: Some(DueState::Draft), level, ..PortfolioFilter::default() };
        assert_eq!((found(&filter, true), found(&filter, false)), ("Shop".into(), "Bank Shop".into()));
        let text = |text: &str| PortfolioFilter { text: Some(text.into()), ..PortfolioFilter::default() };
        assert_eq!(found(&text("SH"), true), "Ship Shop");
        assert_eq!(found(&text("good sh"), true), "Ship", "the names of groups count as well");
    }
}
