//! What was computed once and holds until something is submitted, or a team, a group or a setting changes.
//!
//! A thousand teams with five years of assessments are four million answers. Nobody wants to wait until
//! they are counted again for every page. So what a scope's standings are is kept, as far as anybody asked
//! for it, under the epoch of the database that it was computed in; with the next epoch it is let go of.
//! The sheet of a submission never changes, so it is kept over epochs. All is kept by what its reader sees:
//! who sees less never meets what was computed for somebody who sees more.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::access::Sight;
use crate::domain::answer::{Assessment, AssessmentId, Sheet};
use crate::domain::attribution::Attribution;
use crate::domain::catalog::Catalog;
use crate::domain::freshness::Freshness;
use crate::domain::gap::NextSteps;
use crate::domain::organization::{Group, ScopeId, Settings, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;
use crate::domain::spread::SpreadPoint;
use crate::domain::standing::Overview;
use crate::store::Epoch;

/// For how many different sights something is kept at a time.
const SIGHTS: usize = 16;
/// For how many scopes of one sight.
const SCOPES: usize = 64;
/// How many sheets are kept; each takes about half a kilobyte.
const SHEETS: usize = 100_000;

/// What everything about standings is computed from, as far as somebody sees it.
pub(super) struct Ground {
    /// What they see.
    pub(super) sight: Sight,
    /// The teams, in the order of their names.
    pub(super) teams: Vec<Team>,
    /// The groups, in the order of their names.
    pub(super) groups: Vec<Group>,
    /// The quarters in which any of the teams was assessed, latest first.
    pub(super) periods: Vec<Period>,
    /// The submitted assessments of each team, by period. Those of quarters after the one in which the team
    /// was retired are left out: it is not assessed then.
    pub(super) submitted: BTreeMap<TeamId, Vec<Assessment>>,
    /// The scale and the threshold.
    pub(super) settings: Settings,
    histories: Mutex<HashMap<ScopeId, Arc<History>>>,
}

impl Ground {
    /// The ground of some teams and all their assessments, which are in the order of their periods.
    pub(super) fn new(
        sight: &Sight,
        teams: Vec<Team>,
        groups: Vec<Group>,
        assessments: Vec<Assessment>,
        settings: Settings,
    ) -> Self {
        let by_id: HashMap<TeamId, &Team> = teams.iter().map(|team| (team.id, team)).collect();
        let mut submitted: BTreeMap<TeamId, Vec<Assessment>> = teams.iter().map(|team| (team.id, vec![])).collect();
        let mut periods = Vec::new();
        for assessment in assessments.into_iter().filter(|assessment| assessment.submitted.is_some()) {
            if periods.last() != Some(&assessment.period) {
                periods.push(assessment.period);
            }
            let is_active = by_id.get(&assessment.team).is_some_and(|team| team.is_active_in(assessment.period));
            if let Some(of_team) = submitted.get_mut(&assessment.team).filter(|_| is_active) {
                of_team.push(assessment);
            }
        }
        periods.reverse();
        Self { sight: sight.clone(), teams, groups, periods, submitted, settings, histories: Mutex::default() }
    }

    /// The same for other settings, with nothing computed yet.
    pub(super) fn with(&self, settings: Settings) -> Self {
        let Self { sight, teams, groups, periods, submitted, .. } = self;
        Self {
            sight: sight.clone(),
            teams: teams.clone(),
            groups: groups.clone(),
            periods: periods.clone(),
            submitted: submitted.clone(),
            settings,
            histories: Mutex::default(),
        }
    }

    /// What is known of the standings of a scope.
    pub(super) fn history(&self, scope: ScopeId) -> Arc<History> {
        let mut histories = lock(&self.histories);
        if histories.len() >= SCOPES && !histories.contains_key(&scope) {
            histories.clear();
        }
        Arc::clone(histories.entry(scope).or_default())
    }
}

/// The standings of a scope in the quarters that somebody asked for.
#[derive(Default)]
pub(super) struct History(Mutex<BTreeMap<Period, Option<Arc<Moment>>>>);

/// A scope in one quarter, with what was computed for it since somebody asked.
pub(super) struct Moment {
    /// Where it stands.
    pub(super) overview: Arc<Overview>,
    /// How its teams are spread.
    pub(super) spread: OnceLock<Vec<SpreadPoint>>,
    /// Why its scores moved since the last quarter before that has any.
    pub(super) attribution: OnceLock<Arc<Attribution>>,
    /// What can be done next; `None`: nothing is missing.
    pub(super) next: OnceLock<Option<Arc<NextSteps>>>,
    /// How fresh its evidence is on a day, and of which epoch that is.
    freshness: Mutex<Option<(Epoch, NaiveDate, Arc<Freshness>)>>,
}

impl Moment {
    fn new(overview: Overview) -> Self {
        Self {
            overview: Arc::new(overview),
            spread: OnceLock::new(),
            attribution: OnceLock::new(),
            next: OnceLock::new(),
            freshness: Mutex::default(),
        }
    }

    /// How fresh its evidence is on a day, if that is known for this epoch.
    pub(super) fn freshness(&self, epoch: Epoch, day: NaiveDate) -> Option<Arc<Freshness>> {
        let kept = lock(&self.freshness);
        kept.as_ref().filter(|(of, on, _)| (*of, *on) == (epoch, day)).map(|(.., freshness)| Arc::clone(freshness))
    }

    /// Keeps how fresh its evidence is on a day, and lets go of what was kept for another.
    pub(super) fn keep_freshness(&self, epoch: Epoch, day: NaiveDate, freshness: &Arc<Freshness>) {
        *lock(&self.freshness) = Some((epoch, day, Arc::clone(freshness)));
    }
}

impl History {
    /// What is known of a quarter; the inner `None`: no team was assessed by then.
    pub(super) fn at(&self, period: Period) -> Option<Option<Arc<Moment>>> {
        lock(&self.0).get(&period).cloned()
    }

    /// Keeps what was computed for a quarter.
    pub(super) fn keep(&self, period: Period, overview: Option<Overview>) -> Option<Arc<Moment>> {
        let moment = overview.map(|overview| Arc::new(Moment::new(overview)));
        lock(&self.0).insert(period, moment.clone());
        moment
    }
}

/// The sheet of a submission, with the catalog that it was made with.
#[derive(Clone)]
pub(super) struct KeptSheet {
    /// The catalog.
    pub(super) catalog: Arc<Catalog>,
    /// The marks.
    pub(super) sheet: Arc<Sheet>,
    /// When it was submitted: a reopened assessment is submitted again with other answers.
    submitted_at: Option<DateTime<Utc>>,
}

/// All that is kept.
#[derive(Default)]
pub(super) struct Memory {
    grounds: Mutex<Grounds>,
    sheets: Mutex<Sheets>,
}

#[derive(Default)]
struct Grounds {
    epoch: Option<Epoch>,
    grounds: Vec<Arc<Ground>>,
}

#[derive(Default)]
struct Sheets {
    /// What the steps of the answers are worth in them.
    scale: Option<ProgressScale>,
    sheets: HashMap<AssessmentId, KeptSheet>,
}

impl Memory {
    /// The ground as somebody saw it in an epoch.
    pub(super) fn ground(&self, epoch: Epoch, sight: &Sight) -> Option<Arc<Ground>> {
        let kept = lock(&self.grounds);
        let mut of_epoch = kept.grounds.iter().filter(|_| kept.epoch == Some(epoch));
        of_epoch.find(|ground| ground.sight == *sight).cloned()
    }

    /// Keeps a ground, unless a later epoch has begun meanwhile.
    pub(super) fn keep_ground(&self, epoch: Epoch, ground: &Arc<Ground>) {
        let mut kept = lock(&self.grounds);
        if kept.epoch.is_some_and(|other| other > epoch) {
            return;
        }
        if kept.epoch != Some(epoch) || kept.grounds.len() >= SIGHTS {
            *kept = Grounds { epoch: Some(epoch), grounds: Vec::new() };
        }
        kept.grounds.push(Arc::clone(ground));
    }

    /// The sheets of some submissions under a scale, as far as they are kept.
    pub(super) fn sheets<'a>(
        &self,
        scale: &ProgressScale,
        submissions: impl IntoIterator<Item = &'a Assessment>,
    ) -> HashMap<AssessmentId, KeptSheet> {
        let kept = lock(&self.sheets);
        if kept.scale.as_ref() != Some(scale) {
            return HashMap::new();
        }
        let found = submissions.into_iter().filter_map(|assessment| {
            let sheet = kept.sheets.get(&assessment.id)?;
            (sheet.submitted_at == submitted_at(assessment)).then(|| (assessment.id, sheet.clone()))
        });
        found.collect()
    }

    /// Keeps the sheets of some submissions under a scale.
    pub(super) fn keep_sheets(&self, scale: &ProgressScale, sheets: &HashMap<AssessmentId, KeptSheet>) {
        let mut kept = lock(&self.sheets);
        if kept.scale.as_ref() != Some(scale) || kept.sheets.len() + sheets.len() > SHEETS {
            *kept = Sheets { scale: Some(scale.clone()), sheets: HashMap::new() };
        }
        kept.sheets.extend(sheets.iter().map(|(id, sheet)| (*id, sheet.clone())));
    }
}

impl KeptSheet {
    /// The sheet of a submission.
    pub(super) fn new(assessment: &Assessment, catalog: Arc<Catalog>, sheet: Sheet) -> Self {
        Self { catalog, sheet: Arc::new(sheet), submitted_at: submitted_at(assessment) }
    }
}

fn submitted_at(assessment: &Assessment) -> Option<DateTime<Utc>> {
    assessment.submitted.as_ref().map(|submission| submission.at)
}

/// What is kept is whole after every change, so a panic elsewhere does not spoil it.
fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
