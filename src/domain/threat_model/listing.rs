//! The list of threat models of a scope: which are wanted, and in which order.

use chrono::NaiveDate;

use super::freshness::{Freshness, FreshnessState};
use super::portfolio::{Portfolio, Quarter};
use super::register::{Registered, ThreatModelId};
use super::words::Severity;
use crate::domain::listing::{Column, Order, Sorting, has_words};
use crate::domain::named::Named;
use crate::domain::organization::Team;
use crate::domain::view::View;

/// The threat models of a scope, as they are seen on a day.
#[derive(Debug, Clone)]
pub struct ThreatPortfolio {
    /// The scope and the quarter, and what else can be chosen.
    pub view: View,
    /// The day: today, or the last of the quarter that was asked for.
    pub day: NaiveDate,
    /// All of them in figures.
    pub portfolio: Portfolio,
    /// The same quarter by quarter up to that day; empty before the first model.
    pub quarters: Vec<Quarter>,
    /// The models that were asked for, in the order that was asked for.
    pub rows: Vec<ModelRow>,
    /// How many models the scope has that are not put aside.
    pub all: usize,
    /// The models whose review is due, the longest first.
    pub overdue: Vec<ModelRow>,
    /// The models that are put aside, in the order of their teams.
    pub aside: Vec<ModelRow>,
    /// The teams of the scope that have no model, in the order of their names.
    pub without: Vec<Team>,
}

/// What dashboards and reports say of the threat models of a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreatFigures {
    /// All of them in figures.
    pub portfolio: Portfolio,
    /// The models whose review is due, the longest first.
    pub overdue: Vec<ModelRow>,
}

/// One threat model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRow {
    /// What the register said of it on the day.
    pub registered: Registered,
    /// The name of its team.
    pub team: String,
    /// How it stood on the day.
    pub freshness: Freshness,
}

impl ModelRow {
    /// Its number.
    pub fn id(&self) -> ThreatModelId {
        self.registered.id
    }

    /// What it models.
    pub fn title(&self) -> &str {
        &self.registered.latest.facts.title
    }

    /// How many of its open threats are so severe.
    pub fn open(&self, severity: Severity) -> u32 {
        self.registered.latest.facts.open.get(&severity).copied().unwrap_or(0)
    }

    /// Until when it is fresh, or since when it is due; `None`: nobody knows.
    pub fn due(&self) -> Option<NaiveDate> {
        match self.freshness.state {
            FreshnessState::Unknown => None,
            FreshnessState::Fresh { until } => Some(until),
            FreshnessState::Due { since, .. } => Some(since),
        }
    }

    /// The state of its freshness.
    pub fn state(&self) -> Standing {
        match self.freshness.state {
            FreshnessState::Unknown => Standing::Unknown,
            FreshnessState::Fresh { .. } => Standing::Fresh,
            FreshnessState::Due { .. } => Standing::Due,
        }
    }

    /// The names of its methods.
    pub fn methods(&self) -> String {
        let names: Vec<&str> = self.registered.latest.facts.methods.iter().map(|method| method.name()).collect();
        names.join(", ")
    }

    /// Whether all of the words stand in its title, in the name of its team or in that of its owner.
    fn has_words(&self, text: &str) -> bool {
        let facts = &self.registered.latest.facts;
        has_words(&format!("{}\n{}\n{}", facts.title, self.team, facts.owner), text)
    }
}

/// Whether a threat model can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It can.
    Fresh,
    /// It is to be looked at.
    Due,
    /// Nobody says as of which day it was right.
    Unknown,
}

impl Named for Standing {
    const NAMED: &'static [(&'static str, Self)] =
        &[("fresh", Self::Fresh), ("due", Self::Due), ("unknown", Self::Unknown)];
}

/// A column by which threat models are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ModelSort {
    /// The name of the team.
    #[default]
    Team,
    /// The title.
    Title,
    /// Who answers for it.
    Owner,
    /// How threats are looked for.
    Method,
    /// How much depends on it.
    Criticality,
    /// Its open threats, the critical ones first.
    Open,
    /// When the next review is due.
    Due,
    /// When it was saved.
    Saved,
}

impl Named for ModelSort {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("team", Self::Team),
        ("title", Self::Title),
        ("owner", Self::Owner),
        ("method", Self::Method),
        ("criticality", Self::Criticality),
        ("open", Self::Open),
        ("due", Self::Due),
        ("saved", Self::Saved),
    ];
}

impl Column for ModelSort {
    fn word(&self) -> &str {
        self.name()
    }

    /// Names and days from the beginning, the rest from the greatest.
    fn usual_order(&self) -> Order {
        match self {
            Self::Criticality | Self::Open | Self::Saved => Order::Descending,
            Self::Team | Self::Title | Self::Owner | Self::Method | Self::Due => Order::Ascending,
        }
    }
}

/// Which threat models are wanted, and in which order; nothing: all, by team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelFilter {
    /// Those that stand so.
    pub state: Option<Standing>,
    /// Those with an open threat that is at least so severe.
    pub severity: Option<Severity>,
    /// Those with all of these words in title, team or owner.
    pub text: Option<String>,
    /// How they are sorted.
    pub sorting: Sorting<ModelSort>,
}

impl ModelFilter {
    /// Whether a model is wanted.
    fn takes(&self, row: &ModelRow) -> bool {
        let is_severe = |least: Severity| row.registered.latest.facts.open.keys().any(|severity| *severity >= least);
        self.state.is_none_or(|state| row.state() == state)
            && self.severity.is_none_or(is_severe)
            && self.text.as_ref().is_none_or(|text| row.has_words(text))
    }

    /// Takes the wanted models, sorted. Whatever the order, those of which there is nothing to compare come last, and
    /// equal ones keep the order that they had.
    pub fn apply(&self, mut rows: Vec<ModelRow>) -> Vec<ModelRow> {
        rows.retain(|row| self.takes(row));
        let (sort, order) = self.sorting.chosen();
        rows.sort_by(|a, b| order.compare(key(a, sort).as_ref(), key(b, sort).as_ref(), Key::cmp));
        rows
    }
}

/// What is compared; of one column, all are of one kind.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Day(NaiveDate),
    Numbers(Vec<i64>),
}

/// `None`: there is nothing to compare.
fn key(row: &ModelRow, sort: ModelSort) -> Option<Key> {
    let facts = &row.registered.latest.facts;
    let text = |text: &str| Some(text.to_lowercase()).filter(|text| !text.is_empty()).map(Key::Text);
    match sort {
        ModelSort::Team => text(&row.team),
        ModelSort::Title => text(&facts.title),
        ModelSort::Owner => text(&facts.owner),
        ModelSort::Method => text(&row.methods()),
        ModelSort::Criticality => facts.criticality.map(|one| Key::Numbers(vec![one as i64])),
        ModelSort::Open => {
            let by_severity = Severity::NAMED.iter().rev().map(|(_, severity)| i64::from(row.open(*severity)));
            Some(Key::Numbers(by_severity.chain([i64::from(facts.open_unrated)]).collect()))
        }
        ModelSort::Due => row.due().map(Key::Day),
        ModelSort::Saved => Some(Key::Numbers(vec![row.registered.latest.saved_at.timestamp()])),
    }
}
