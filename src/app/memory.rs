//! What was computed once and holds until something is submitted, or a team, a group or a setting changes.
//!
//! A thousand teams with five years of assessments are four million answers. Nobody wants to wait until
//! they are counted again for every page. So what a scope's standings are is kept, as far as anybody asked
//! for it, under the epoch of the database that it was computed in. With the next epoch that which may have changed is
//! let go of: a submission leaves the quarters before its own as they were. What a submission says never changes, so
//! that is kept over epochs, until the assessment is reopened.
//!
//! What is computed for a reader is kept by what that reader sees: who sees less never meets what was
//! computed for somebody who sees more. What single submissions say is kept for all. It is asked for by
//! submissions, which come from what the caller sees; what it says of other teams, as from whom an answer is
//! taken, is for those who ask to leave out where the caller does not see them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};

use super::register::{OfTeam, Register};
use crate::domain::access::Sight;
use crate::domain::answer::{Assessment, AssessmentId, Sheet};
use crate::domain::attribution::Attribution;
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::evidence::Support;
use crate::domain::forecast::{Forecast, NoForecast};
use crate::domain::freshness::Freshness;
use crate::domain::gap::NextSteps;
use crate::domain::organization::{Group, Name, ScopeId, Settings, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::plan::seen::{Estimates, Proposal};
use crate::domain::roadmap::profiles::Roadmaps;
use crate::domain::scale::ProgressScale;
use crate::domain::scoring::Threshold;
use crate::domain::spread::SpreadPoint;
use crate::domain::standing::Overview;
use crate::domain::unusual::BulkEdit;
use crate::domain::view::is_in;
use crate::mutex::lock;
use crate::store::Epoch;

/// For how many different sights something is kept at a time.
const SIGHTS: usize = 16;
/// For how many scopes of one sight.
const SCOPES: usize = 64;
/// Under how many progress scales sheets are kept: the one in force, and one that is being tried.
const SCALES: usize = 2;
/// Of how many submissions something is kept; a sheet takes about half a kilobyte.
const SUBMISSIONS: usize = 100_000;

/// For how many different sets of teams and days the evidence is kept.
const SUPPORTS: usize = 16;

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
    pub(super) submitted: BTreeMap<TeamId, OfTeam>,
    /// How often assessments were reopened, of those that ever were.
    reopened: Arc<HashMap<AssessmentId, usize>>,
    /// The scale and the threshold.
    pub(super) settings: Settings,
    /// The stages, with the targets of each team.
    pub(super) roadmaps: Roadmaps,
    histories: Mutex<HashMap<ScopeId, Arc<History>>>,
}

impl Ground {
    /// The ground of some teams and all their submissions.
    pub(super) fn new(
        sight: &Sight,
        teams: Vec<Team>,
        groups: Vec<Group>,
        register: &Register,
        settings: Settings,
        roadmaps: Roadmaps,
    ) -> Self {
        let (mut submitted, mut periods) = (BTreeMap::new(), BTreeSet::new());
        for team in &teams {
            let mut of_team = register.of_teams.get(&team.id).cloned().unwrap_or_default();
            periods.extend(of_team.iter().map(|assessment| assessment.period));
            if of_team.iter().any(|assessment| !team.is_active_in(assessment.period)) {
                Arc::make_mut(&mut of_team).retain(|assessment| team.is_active_in(assessment.period));
            }
            submitted.insert(team.id, of_team);
        }
        let periods = periods.into_iter().rev().collect();
        let (sight, reopened) = (sight.clone(), Arc::clone(&register.reopened));
        Self { sight, teams, groups, periods, submitted, reopened, settings, roadmaps, histories: Mutex::default() }
    }

    /// The same for other settings, with nothing computed yet.
    pub(super) fn with(&self, settings: Settings) -> Self {
        let Self { sight, teams, groups, periods, submitted, reopened, roadmaps, .. } = self;
        Self {
            sight: sight.clone(),
            teams: teams.clone(),
            groups: groups.clone(),
            periods: periods.clone(),
            submitted: submitted.clone(),
            reopened: Arc::clone(reopened),
            settings,
            roadmaps: roadmaps.clone(),
            histories: Mutex::default(),
        }
    }

    /// Takes over what was computed from an earlier ground of the same sight and holds for this one, too.
    pub(super) fn inherit(&self, earlier: &Self) {
        if self.settings.scale != earlier.settings.scale || self.roadmaps != earlier.roadmaps {
            return;
        }
        let threshold = self.settings.threshold;
        let is_rescored = threshold != earlier.settings.threshold;
        let mut histories = lock(&self.histories);
        for (scope, history) in lock(&earlier.histories).iter() {
            // Others have fewer teams. Their scores are computed when somebody looks at them.
            if is_rescored && *scope != ScopeId::Organization {
                continue;
            }
            let history = match self.changed_from(earlier, *scope) {
                None => continue,
                Some(first) if is_rescored => Arc::new(history.before(first).with_threshold(threshold)),
                Some(Some(period)) => Arc::new(history.before(Some(period))),
                Some(None) => Arc::clone(history),
            };
            histories.insert(*scope, history);
        }
    }

    /// The first quarter in which a scope stands otherwise than it did in an earlier ground; `None`: not at all
    /// comparable, since it has other teams or another name; the inner `None`: there is no such quarter.
    fn changed_from(&self, earlier: &Self, scope: ScopeId) -> Option<Option<Period>> {
        if let ScopeId::Group(id) = scope {
            let name =
                |ground: &Self| ground.groups.iter().find(|group| group.id == id).map(|group| group.name.clone());
            // Whether somebody sees the whole of a group, which its name says, depends on teams that they do not see.
            if self.sight != Sight::Everything || name(self) != name(earlier) {
                return None;
            }
        }
        if !self.teams_in(scope).eq(earlier.teams_in(scope)) {
            return None;
        }
        let changes = self.teams.iter().filter(|team| is_in(team, scope)).filter_map(|team| {
            let (now, then) = (self.submitted.get(&team.id)?, earlier.submitted.get(&team.id)?);
            if Arc::ptr_eq(now, then) {
                return None;
            }
            let same = now.iter().zip(then.iter()).take_while(|(now, then)| self.is_same(now, earlier, then)).count();
            let first = [now, then].into_iter().filter_map(|of_team| of_team.get(same));
            first.map(|assessment| assessment.period).min()
        });
        Some(changes.min())
    }

    /// Whether two submissions are one and the same.
    fn is_same(&self, now: &Assessment, earlier: &Self, then: &Assessment) -> bool {
        now == then && self.times_reopened(now.id) == earlier.times_reopened(then.id)
    }

    /// What standings tell of the teams of a scope.
    fn teams_in(&self, scope: ScopeId) -> impl Iterator<Item = (TeamId, &Name, Option<DateTime<Utc>>)> {
        let teams = self.teams.iter().filter(move |team| is_in(team, scope));
        teams.map(|team| (team.id, &team.name, team.retired_at))
    }

    fn times_reopened(&self, assessment: AssessmentId) -> usize {
        self.reopened.get(&assessment).copied().unwrap_or_default()
    }

    /// What is known of the standings of a scope.
    pub(super) fn history(&self, scope: ScopeId) -> Arc<History> {
        let mut histories = lock(&self.histories);
        if histories.len() >= SCOPES && !histories.contains_key(&scope) {
            // The one that takes longest to compute, and that most look at, stays.
            histories.retain(|scope, _| *scope == ScopeId::Organization);
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
    /// When its stages are done, judged by its past up to then.
    pub(super) forecast: OnceLock<Arc<Result<Forecast, NoForecast>>>,
    /// What its teams can do in a quarter, judged by what they did.
    pub(super) estimates: OnceLock<Arc<Estimates>>,
    /// What is proposed for it while it is this quarter.
    proposal: Mutex<Option<(Period, Arc<Proposal>)>>,
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
            forecast: OnceLock::new(),
            estimates: OnceLock::new(),
            proposal: Mutex::default(),
            freshness: Mutex::default(),
        }
    }

    /// What is proposed while it is a quarter, if that is known.
    pub(super) fn proposal(&self, present: Period) -> Option<Arc<Proposal>> {
        let kept = lock(&self.proposal);
        kept.as_ref().filter(|(of, _)| *of == present).map(|(_, proposal)| Arc::clone(proposal))
    }

    /// Keeps what is proposed, and lets go of what was proposed in another quarter.
    pub(super) fn keep_proposal(&self, present: Period, proposal: &Arc<Proposal>) {
        *lock(&self.proposal) = Some((present, Arc::clone(proposal)));
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

    /// What is known of the quarters before one, or of all.
    fn before(&self, period: Option<Period>) -> Self {
        let mut known = lock(&self.0).clone();
        if let Some(period) = period {
            known.split_off(&period);
        }
        Self(Mutex::new(known))
    }

    /// The standings by another threshold, without anything that was computed from them.
    fn with_threshold(self, threshold: Threshold) -> Self {
        let by_it = |moment: Arc<Moment>| Arc::new(Moment::new(moment.overview.with_threshold(threshold)));
        let known = std::mem::take(&mut *lock(&self.0));
        Self(Mutex::new(known.into_iter().map(|(period, moment)| (period, moment.map(by_it))).collect()))
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
    /// The activities whose answers are taken over from other teams, and from which; `None`: there are none.
    pub(super) taken_over: Option<Arc<[(ActivityId, TeamId)]>>,
}

/// Something about submissions. It never changes, so it is kept over epochs, until there is too much of it.
pub(super) struct OfSubmissions<T>(Mutex<HashMap<AssessmentId, OfSubmission<T>>>);

/// What is known of one.
struct OfSubmission<T> {
    /// How often the assessment had been reopened by then: each time it is submitted with other answers.
    reopened: usize,
    value: T,
}

impl<T> Default for OfSubmissions<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> OfSubmissions<T> {
    /// What is known of some submissions of a ground; what is not is found out and kept. `load` is asked once for
    /// each, however often it is wanted.
    pub(super) fn of<E>(
        &self,
        ground: &Ground,
        wanted: &[Assessment],
        load: impl FnOnce(&[&Assessment]) -> Result<Vec<(AssessmentId, T)>, E>,
    ) -> Result<HashMap<AssessmentId, T>, E> {
        let mut known = self.known(ground, wanted);
        let mut asked = HashSet::new();
        let is_missing = |found: &&Assessment| !known.contains_key(&found.id) && asked.insert(found.id);
        let missing: Vec<&Assessment> = wanted.iter().filter(is_missing).collect();
        if !missing.is_empty() {
            let loaded = load(&missing)?;
            self.keep(ground, &loaded);
            known.extend(loaded);
        }
        Ok(known)
    }

    fn known(&self, ground: &Ground, wanted: &[Assessment]) -> HashMap<AssessmentId, T> {
        let kept = lock(&self.0);
        let found = wanted.iter().filter_map(|assessment| {
            let known = kept.get(&assessment.id)?;
            (known.reopened == ground.times_reopened(assessment.id)).then(|| (assessment.id, known.value.clone()))
        });
        found.collect()
    }

    fn keep(&self, ground: &Ground, found: &[(AssessmentId, T)]) {
        let mut kept = lock(&self.0);
        if kept.len() + found.len() > SUBMISSIONS {
            kept.clear();
        }
        let known = |(id, value): &(AssessmentId, T)| {
            (*id, OfSubmission { reopened: ground.times_reopened(*id), value: value.clone() })
        };
        kept.extend(found.iter().take(SUBMISSIONS).map(known));
    }
}

/// All that is kept.
#[derive(Default)]
pub(super) struct Memory {
    register: Mutex<(Option<Epoch>, Arc<Register>)>,
    grounds: Mutex<Vec<(Epoch, Arc<Ground>)>>,
    /// The sheets of submissions under the scale that gives their marks.
    sheets: Mutex<Vec<(ProgressScale, Arc<OfSubmissions<KeptSheet>>)>>,
    /// How much was answered just before submissions; `None`: not unusually much.
    pub(super) bulk: OfSubmissions<Option<BulkEdit>>,
    supports: Mutex<Vec<KeptSupport>>,
}

/// What evidence there is for the activities of some teams, as far as there is any.
pub(super) type SupportOfTeams = HashMap<TeamId, HashMap<ActivityId, Support>>;

/// The support of some teams on a day, in an epoch of the evidence.
struct KeptSupport {
    epoch: Epoch,
    day: NaiveDate,
    teams: Vec<TeamId>,
    support: Arc<SupportOfTeams>,
}

impl Memory {
    /// The support of exactly these teams, if it is known.
    pub(super) fn support(&self, epoch: Epoch, day: NaiveDate, teams: &[TeamId]) -> Option<Arc<SupportOfTeams>> {
        let kept = lock(&self.supports);
        let mut of_day = kept.iter().filter(|kept| kept.epoch == epoch && kept.day == day);
        of_day.find(|kept| kept.teams == teams).map(|kept| Arc::clone(&kept.support))
    }

    /// Keeps the support of some teams. What is of an earlier epoch is let go of, and what is kept longest when
    /// there is too much.
    pub(super) fn keep_support(&self, epoch: Epoch, day: NaiveDate, teams: &[TeamId], support: &Arc<SupportOfTeams>) {
        let mut kept = lock(&self.supports);
        kept.retain(|kept| kept.epoch >= epoch);
        if kept.len() >= SUPPORTS {
            kept.remove(0);
        }
        kept.push(KeptSupport { epoch, day, teams: teams.to_vec(), support: Arc::clone(support) });
    }

    /// The submissions that are known, unless they are of an epoch after this one. `None`, of a change that is being
    /// made: there is none after it.
    pub(super) fn register(&self, epoch: Option<Epoch>) -> Arc<Register> {
        let kept = lock(&self.register);
        let is_later = epoch.zip(kept.0).is_some_and(|(epoch, kept)| kept > epoch);
        if is_later { Arc::default() } else { Arc::clone(&kept.1) }
    }

    /// Keeps the submissions of an epoch, unless those of a later one are known.
    pub(super) fn keep_register(&self, epoch: Epoch, register: &Arc<Register>) {
        let mut kept = lock(&self.register);
        if kept.0.is_none_or(|kept| kept <= epoch) {
            *kept = (Some(epoch), Arc::clone(register));
        }
    }

    /// The ground that somebody saw last, and of which epoch it is.
    pub(super) fn ground(&self, sight: &Sight) -> Option<(Epoch, Arc<Ground>)> {
        let mut kept = lock(&self.grounds);
        let at = kept.iter().position(|(_, ground)| ground.sight == *sight)?;
        // Those that nobody looks at for longest come first, and go first.
        kept.get_mut(at..)?.rotate_left(1);
        kept.last().cloned()
    }

    /// Keeps a ground in the place of the one of the same sight, unless that is of a later epoch.
    pub(super) fn keep_ground(&self, epoch: Epoch, ground: &Arc<Ground>) {
        let mut kept = lock(&self.grounds);
        let known = kept.iter().position(|(_, other)| other.sight == ground.sight);
        match known.and_then(|at| kept.get_mut(at)) {
            Some((of, _)) if *of >= epoch => {}
            Some(place) => *place = (epoch, Arc::clone(ground)),
            None => {
                if kept.len() >= SIGHTS {
                    kept.remove(0);
                }
                kept.push((epoch, Arc::clone(ground)));
            }
        }
    }

    /// The sheets of submissions under a scale. Those under the one in force are kept while somebody looks what
    /// another would do.
    pub(super) fn sheets(&self, scale: &ProgressScale) -> Arc<OfSubmissions<KeptSheet>> {
        let mut kept = lock(&self.sheets);
        let known = kept.iter().position(|(of, _)| of == scale).map(|at| kept.remove(at));
        let (of, sheets) = known.unwrap_or_else(|| (scale.clone(), Arc::default()));
        if kept.len() >= SCALES {
            kept.remove(0);
        }
        kept.push((of, Arc::clone(&sheets)));
        sheets
    }
}
