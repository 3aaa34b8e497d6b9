//! The threat models of many teams: who has a fresh one, what is overdue, and how many threats are open, now and from
//! quarter to quarter. It looks at what revisions come to, not into them, so that a thousand teams are cheap.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::freshness::{Freshness, FreshnessState, interval};
use super::register::{Facts, Registered, ThreatModelId};
use super::words::Severity;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;

/// The threat models of a scope on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portfolio {
    /// The teams, in the order in which they were given.
    pub teams: Vec<TeamRow>,
    /// How many teams have which models.
    pub coverage: Coverage,
    /// The models whose review is due, the longest first.
    pub overdue: Vec<Overdue>,
    /// The models of which nobody says when they were right, in their order.
    pub unknown: Vec<ThreatModelId>,
    /// The open threats of all.
    pub open: OpenCount,
    /// How many threats are said to be treated while nothing is in place against them.
    pub treated_without_mitigation: u32,
}

/// One team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// The team.
    pub team: TeamId,
    /// How many models it has that are fresh.
    pub fresh: u32,
    /// How many of its models are to be reviewed.
    pub due: u32,
    /// Of how many nobody says when they were right.
    pub unknown: u32,
    /// Its open threats.
    pub open: OpenCount,
}

impl TeamRow {
    /// How many models it has.
    pub fn models(&self) -> u32 {
        self.fresh + self.due + self.unknown
    }

    /// What it has.
    pub fn has(&self) -> Has {
        match (self.fresh, self.models()) {
            (_, 0) => Has::None,
            (0, _) => Has::OnlyStale,
            _ => Has::Fresh,
        }
    }
}

/// What threat models a team has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Has {
    /// None.
    None,
    /// Some, and none is fresh.
    OnlyStale,
    /// At least one that is fresh.
    Fresh,
}

/// How many teams have which threat models.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// At least one that is fresh.
    pub fresh: usize,
    /// Some, and none is fresh.
    pub only_stale: usize,
    /// None.
    pub none: usize,
}

impl Coverage {
    /// How many teams there are.
    pub fn teams(self) -> usize {
        self.fresh + self.only_stale + self.none
    }

    /// The share of the teams that has a fresh one, in [0, 1]; `None` without any team.
    pub fn share(self) -> Option<f64> {
        super::analysis::share(self.fresh, self.teams())
    }
}

/// A model whose review is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The model.
    pub model: ThreatModelId,
    /// Whose it is.
    pub team: TeamId,
    /// What it models.
    pub title: String,
    /// The first day on which it was due.
    pub since: NaiveDate,
}

/// How many threats are open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenCount {
    /// Of each severity, as far as there are any.
    pub by_severity: BTreeMap<Severity, u32>,
    /// Of which nobody says how severe they are.
    pub unrated: u32,
}

impl OpenCount {
    /// How many there are.
    pub fn total(&self) -> u32 {
        self.by_severity.values().fold(self.unrated, |sum, count| sum.saturating_add(*count))
    }

    /// How many are so severe.
    pub fn with(&self, severity: Severity) -> u32 {
        self.by_severity.get(&severity).copied().unwrap_or(0)
    }

    fn add(&mut self, facts: &Facts) {
        for (severity, count) in &facts.open {
            let sum = self.by_severity.entry(*severity).or_default();
            *sum = sum.saturating_add(*count);
        }
        self.unrated = self.unrated.saturating_add(facts.open_unrated);
    }
}

impl Portfolio {
    /// The models of some teams on a day. Those of other teams, and those that are put aside, do not count.
    pub fn of<'a>(teams: &[TeamId], models: impl IntoIterator<Item = &'a Registered>, today: NaiveDate) -> Self {
        let row = |&team: &TeamId| TeamRow { team, fresh: 0, due: 0, unknown: 0, open: OpenCount::default() };
        let mut portfolio = Self { teams: teams.iter().map(row).collect(), ..Self::default() };
        let places: HashMap<TeamId, usize> = teams.iter().enumerate().map(|(at, team)| (*team, at)).collect();
        for model in models.into_iter().filter(|model| model.archived_at.is_none()) {
            if let Some(&at) = places.get(&model.team) {
                portfolio.add(at, model, today);
            }
        }
        for row in &portfolio.teams {
            match row.has() {
                Has::Fresh => portfolio.coverage.fresh += 1,
                Has::OnlyStale => portfolio.coverage.only_stale += 1,
                Has::None => portfolio.coverage.none += 1,
            }
        }
        portfolio.overdue.sort_by_key(|overdue| (overdue.since, overdue.model));
        portfolio
    }

    fn add(&mut self, at: usize, model: &Registered, today: NaiveDate) {
        let Some(row) = self.teams.get_mut(at) else { return };
        let facts = &model.latest.facts;
        match Freshness::of(model, today).state {
            FreshnessState::Fresh { .. } => row.fresh += 1,
            FreshnessState::Unknown => {
                row.unknown += 1;
                self.unknown.push(model.id);
            }
            FreshnessState::Due { since, .. } => {
                row.due += 1;
                self.overdue.push(Overdue { model: model.id, team: model.team, title: facts.title.clone(), since });
            }
        }
        row.open.add(facts);
        self.open.add(facts);
        let treated = facts.treated_without_mitigation;
        self.treated_without_mitigation = self.treated_without_mitigation.saturating_add(treated);
    }
}

/// What a revision of the past came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastRevision<'a> {
    /// Of which model.
    pub model: ThreatModelId,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
    /// What it came to.
    pub facts: &'a Facts,
}

/// How the threat models stood at the end of a quarter, or stand today in the present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarter {
    /// The quarter.
    pub period: Period,
    /// How many models there were.
    pub models: u32,
    /// How many of them were fresh, by what is known today of their reviews.
    pub fresh: u32,
    /// The threats that were open.
    pub open: OpenCount,
}

/// How many quarters are looked at, at most.
const QUARTERS_LIMIT: u32 = 400;

/// How the models stood from quarter to quarter, up to the present one. Each model counts with its latest revision of
/// that time, from its first on, until it is put aside.
pub fn trend<'a>(
    models: impl IntoIterator<Item = &'a Registered>,
    history: &[PastRevision<'_>],
    (first, last): (Period, Period),
    today: NaiveDate,
) -> Vec<Quarter> {
    let mut revisions: HashMap<ThreatModelId, Vec<&PastRevision<'_>>> = HashMap::new();
    for revision in history {
        revisions.entry(revision.model).or_default().push(revision);
    }
    for of_model in revisions.values_mut() {
        of_model.sort_by_key(|revision| revision.saved_at);
    }
    let models: Vec<&Registered> = models.into_iter().collect();
    let count = (last.quarters_after(first) + u32::from(first <= last)).min(QUARTERS_LIMIT);
    let periods = std::iter::successors(Some(first), |period| Some(period.next()));
    let quarter = |period: Period| {
        let day = period.last_day().min(today);
        let mut quarter = Quarter { period, models: 0, fresh: 0, open: OpenCount::default() };
        for model in &models {
            let of_model = revisions.get(&model.id).map_or(&[][..], Vec::as_slice);
            if let Some(facts) = facts_on(model, of_model, day) {
                quarter.models += 1;
                quarter.fresh += u32::from(was_fresh(model, facts, day));
                quarter.open.add(facts);
            }
        }
        quarter
    };
    periods.take(usize::try_from(count).unwrap_or(0)).map(quarter).collect()
}

/// What a model came to at the end of a day; `None` if it was not there.
fn facts_on<'a>(model: &Registered, revisions: &[&PastRevision<'a>], day: NaiveDate) -> Option<&'a Facts> {
    if model.archived_at.is_some_and(|at| at.date_naive() <= day) {
        return None;
    }
    let until = revisions.partition_point(|revision| revision.saved_at.date_naive() <= day);
    Some(revisions.get(until.checked_sub(1)?)?.facts)
}

fn was_fresh(model: &Registered, facts: &Facts, day: NaiveDate) -> bool {
    let interval = interval(model.interval_days, facts.criticality);
    Freshness::new(interval, facts.stated_date, &model.records, day).is_fresh()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::StatedDate;
    use super::super::register::{RecordKind, ReviewRecord, RevisionHead};
    use super::super::words::{Basis, ThreatStatus};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        day(text).and_hms_opt(12, 0, 0).unwrap().and_utc()
    }

    fn facts(high: u32, unrated: u32) -> Facts {
        Facts {
            threats: [(ThreatStatus::Open, high + unrated)].into(),
            open: [(Severity::High, high)].into(),
            open_unrated: unrated,
            treated_without_mitigation: 1,
            ..Facts::default()
        }
    }

    fn registered(number: i64, team: i64, reviewed: Option<&str>, facts: Facts) -> Registered {
        let review = reviewed.map(|on| ReviewRecord {
            kind: RecordKind::Review,
            on: day(on),
            note: String::new(),
            participants: String::new(),
            by: "Ada".into(),
            at: at(on),
        });
        let latest = RevisionHead {
            number: 1,
            saved_at: at("2025-02-01"),
            saved_by: "Ada".into(),
            summary: String::new(),
            file: None,
            facts,
        };
        let records = review.into_iter().collect();
        Registered {
            id: ThreatModelId(number),
            team: TeamId(team),
            interval_days: None,
            archived_at: None,
            latest,
            records,
        }
    }

    #[test]
    fn teams_are_told_apart_by_the_models_that_they_have() {
        let teams = [1, 2, 3, 4].map(TeamId);
        let mut models = vec![
            registered(1, 1, Some("2026-01-01"), facts(1, 0)),
            registered(2, 1, Some("2024-01-01"), facts(0, 2)),
            registered(3, 2, Some("2023-01-01"), facts(3, 0)),
            registered(4, 2, None, facts(0, 0)),
            registered(5, 3, Some("2026-01-01"), facts(9, 9)),
            registered(6, 9, Some("2026-01-01"), facts(9, 9)),
        ];
        models[4].archived_at = Some(at("2026-02-01"));
        let portfolio = Portfolio::of(&teams, &models, day("2026-06-01"));
        assert_eq!(portfolio.coverage, Coverage { fresh: 1, only_stale: 1, none: 2 });
        assert_eq!(portfolio.coverage.share(), Some(0.25));
        let rows: Vec<(u32, u32, u32, u32)> =
            portfolio.teams.iter().map(|row| (row.fresh, row.due, row.unknown, row.open.total())).collect();
        assert_eq!(rows, [(1, 1, 0, 3), (0, 1, 1, 3), (0, 0, 0, 0), (0, 0, 0, 0)]);
        let overdue: Vec<(i64, String)> =
            portfolio.overdue.iter().map(|one| (one.model.0, one.since.to_string())).collect();
        assert_eq!(overdue, [(3, "2024-01-02".into()), (2, "2025-01-01".into())]);
        assert_eq!(portfolio.unknown, [ThreatModelId(4)]);
        assert_eq!((portfolio.open.with(Severity::High), portfolio.open.unrated, portfolio.open.total()), (4, 2, 6));
        assert_eq!(portfolio.treated_without_mitigation, 4);
    }

    #[test]
    fn a_quarter_counts_what_a_model_was_at_its_end() {
        let mut first = registered(1, 1, Some("2025-06-15"), facts(2, 0));
        first.latest.facts.stated_date = None;
        let mut second = registered(2, 1, None, facts(5, 0));
        second.archived_at = Some(at("2025-11-01"));
        let stated = Some(StatedDate { on: day("2025-01-01"), basis: Basis::Reviewed });
        let (early, late) = (facts(1, 0), facts(2, 0));
        let other = Facts { stated_date: stated, ..facts(5, 1) };
        let past = |model, saved: &str, facts| PastRevision { model: ThreatModelId(model), saved_at: at(saved), facts };
        let history = [past(1, "2025-09-30", &late), past(1, "2025-02-01", &early), past(2, "2025-04-01", &other)];
        let periods = ("2024-Q4".parse().unwrap(), "2026-Q1".parse().unwrap());
        let quarters = trend([&first, &second], &history, periods, day("2026-02-01"));
        let told =
            |quarter: &Quarter| (quarter.period.to_string(), quarter.models, quarter.fresh, quarter.open.total());
        assert_eq!(
            quarters.iter().map(told).collect::<Vec<_>>(),
            [
                ("2024-Q4".into(), 0, 0, 0),
                ("2025-Q1".into(), 1, 0, 1),
                ("2025-Q2".into(), 2, 2, 7),
                ("2025-Q3".into(), 2, 2, 8),
                ("2025-Q4".into(), 1, 1, 2),
                ("2026-Q1".into(), 1, 1, 2),
            ]
        );
        assert_eq!(trend([&first], &history, (periods.1, periods.0), day("2026-02-01")), []);
    }

    proptest! {
        #[test]
        fn every_team_and_every_model_is_counted_once(
            all in prop::collection::vec((0_i64..6, prop::option::of(2020_i32..2027), 0_u32..5), 0..20),
        ) {
            let reviewed = |year: Option<i32>| year.map(|year| format!("{year}-01-01"));
            let models: Vec<Registered> = all
                .into_iter()
                .zip(1..)
                .map(|((team, year, open), number)| registered(number, team, reviewed(year).as_deref(), facts(open, 1)))
                .collect();
            let teams: Vec<TeamId> = (0..4).map(TeamId).collect();
            let portfolio = Portfolio::of(&teams, &models, day("2026-06-01"));
            let within = models.iter().filter(|model| model.team.0 < 4).count();
            let counted: u32 = portfolio.teams.iter().map(TeamRow::models).sum();
            prop_assert_eq!(portfolio.coverage.teams(), teams.len());
            prop_assert_eq!(usize::try_from(counted).unwrap(), within);
            prop_assert_eq!(portfolio.open.total(), portfolio.teams.iter().map(|row| row.open.total()).sum::<u32>());
            let fresh: u32 = portfolio.teams.iter().map(|row| row.fresh).sum();
            prop_assert_eq!(usize::try_from(fresh).unwrap() + portfolio.overdue.len() + portfolio.unknown.len(), within);
        }
    }
}
