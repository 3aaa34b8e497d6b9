//! The threat models of all teams of a scope: who has a fresh one, what is overdue, and how many threats are open.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::eye::Eye;
use super::threat_models::latest;
use super::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::organization::{ScopeId, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::freshness::Freshness;
use crate::domain::threat_model::listing::{ModelFilter, ModelRow, ThreatFigures, ThreatPortfolio};
use crate::domain::threat_model::portfolio::{PastRevision, Portfolio, trend};
use crate::domain::threat_model::register::{Registered, RevisionHead, ThreatModelId};
use crate::domain::view::Selection;

/// How many quarters the course of open threats has, at most.
const QUARTERS: u32 = 12;

/// Revisions without their contents, in the order in which they were saved.
type Heads = Vec<(ThreatModelId, TeamId, RevisionHead)>;

impl Cairn {
    /// The threat models of a scope, as far as a filter wants them. Of a quarter of the past: what they were at its
    /// end.
    pub fn threat_portfolio(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &ModelFilter,
    ) -> Result<ThreatPortfolio, Error> {
        self.look(caller, selection, |mut eye| {
            let day = eye.day();
            let teams = modeling_teams(&eye, day);
            let (models, heads) = (models(&mut eye)?, heads(&mut eye)?);
            let history: Vec<PastRevision<'_>> = heads.iter().map(past).collect();
            let quarters = match heads.iter().map(|(.., head)| head).min_by_key(|head| head.saved_at) {
                Some(first) => trend(&models, &history, quarters(first, day), day),
                None => Vec::new(),
            };
            let models = as_of(models, &heads, day);
            let portfolio = Portfolio::of(&teams.iter().map(|team| team.id).collect::<Vec<_>>(), &models, day);
            let (rows, aside): (Vec<ModelRow>, Vec<ModelRow>) =
                rows(&teams, models, day).into_iter().partition(|row| row.registered.archived_at.is_none());
            let by_id: HashMap<ThreatModelId, &ModelRow> = rows.iter().map(|row| (row.id(), row)).collect();
            let overdue = portfolio.overdue.iter().filter_map(|overdue| by_id.get(&overdue.model).copied());
            let overdue = overdue.cloned().collect();
            let having: HashSet<TeamId> = rows.iter().map(|row| row.registered.team).collect();
            let without = teams.into_iter().filter(|team| !having.contains(&team.id)).collect();
            let (all, rows) = (rows.len(), filter.apply(rows));
            let view = eye.view;
            Ok(ThreatPortfolio { view, day, portfolio, quarters, rows, all, overdue, aside, without })
        })
    }

    /// What the models of a scope say that are not put aside, each with the name of its team, and the day as of which.
    pub(super) fn threat_models_in(
        &self,
        caller: &Caller,
        selection: Selection,
    ) -> Result<(NaiveDate, Vec<(String, ThreatModel)>), Error> {
        self.look(caller, selection, |mut eye| {
            let day = eye.day();
            let teams = modeling_teams(&eye, day);
            let (models, heads) = (models(&mut eye)?, heads(&mut eye)?);
            let rows = rows(&teams, as_of(models, &heads, day), day);
            let mut all = Vec::new();
            for row in rows.into_iter().filter(|row| row.registered.archived_at.is_none()) {
                all.push((row.team, latest(eye.snapshot, &row.registered)?.model));
            }
            Ok((day, all))
        })
    }
}

/// What the dashboard and reports say of the threat models of a scope.
pub(super) fn figures(eye: &mut Eye<'_, '_>) -> Result<ThreatFigures, Error> {
    let day = eye.day();
    let teams = modeling_teams(eye, day);
    let models = models(eye)?;
    // Today is what is kept last; only the past has to be looked up.
    let models = if eye.view.selection.period.is_some() { as_of(models, &heads(eye)?, day) } else { models };
    let portfolio = Portfolio::of(&teams.iter().map(|team| team.id).collect::<Vec<_>>(), &models, day);
    let due: HashSet<ThreatModelId> = portfolio.overdue.iter().map(|overdue| overdue.model).collect();
    let mut overdue = rows(&teams, models.into_iter().filter(|model| due.contains(&model.id)).collect(), day);
    overdue.sort_by_key(|row| (row.due(), row.id()));
    Ok(ThreatFigures { portfolio, overdue })
}

/// The teams of the scope that are there on a day; a team that was asked for by itself may be retired.
fn modeling_teams(eye: &Eye<'_, '_>, day: NaiveDate) -> Vec<Team> {
    match eye.view.scope.id {
        ScopeId::Team(_) => eye.view.teams_in_scope().cloned().collect(),
        _ => eye.active_teams(Period::of_day(day)).cloned().collect(),
    }
}

/// The models of the scope as they are now.
fn models(eye: &mut Eye<'_, '_>) -> Result<Vec<Registered>, Error> {
    let sight = eye.sight.clone();
    if let ScopeId::Team(team) = eye.view.scope.id {
        return Ok(eye.snapshot.threat_models_of(&sight, team)?);
    }
    let teams: HashSet<TeamId> = eye.view.teams_in_scope().map(|team| team.id).collect();
    let mut models = eye.snapshot.threat_models(&sight)?;
    models.retain(|model| teams.contains(&model.team));
    Ok(models)
}

/// All revisions of the models of the scope.
fn heads(eye: &mut Eye<'_, '_>) -> Result<Heads, Error> {
    let sight = eye.sight.clone();
    let teams: HashSet<TeamId> = eye.view.teams_in_scope().map(|team| team.id).collect();
    let mut heads = eye.snapshot.threat_model_history(&sight)?;
    heads.retain(|(_, team, _)| teams.contains(team));
    Ok(heads)
}

fn past((model, _, head): &(ThreatModelId, TeamId, RevisionHead)) -> PastRevision<'_> {
    PastRevision { model: *model, saved_at: head.saved_at, facts: &head.facts }
}

/// From the first revision, but not from too long ago, up to the quarter of a day.
fn quarters(first: &RevisionHead, day: NaiveDate) -> (Period, Period) {
    let last = Period::of_day(day);
    let earliest = std::iter::successors(Some(last), |period| Some(period.previous())).nth(QUARTERS as usize - 1);
    (Period::containing(first.saved_at).max(earliest.unwrap_or(last)), last)
}

/// What the models were at the end of a day; those that came later are left out.
fn as_of(models: Vec<Registered>, heads: &Heads, day: NaiveDate) -> Vec<Registered> {
    let mut latest: HashMap<ThreatModelId, &RevisionHead> = HashMap::new();
    for (model, _, head) in heads.iter().filter(|(.., head)| head.saved_at.date_naive() <= day) {
        latest.insert(*model, head);
    }
    let then = |model: Registered| {
        let latest = (*latest.get(&model.id)?).clone();
        let archived_at = model.archived_at.filter(|at| at.date_naive() <= day);
        Some(Registered { latest, archived_at, ..model })
    };
    models.into_iter().filter_map(then).collect()
}

/// A row for each model of these teams, in their order.
fn rows(teams: &[Team], models: Vec<Registered>, day: NaiveDate) -> Vec<ModelRow> {
    let places: HashMap<TeamId, (usize, &Team)> =
        teams.iter().enumerate().map(|(place, team)| (team.id, (place, team))).collect();
    let mut rows: Vec<(usize, ModelRow)> = models
        .into_iter()
        .filter_map(|registered| {
            let (place, team) = places.get(&registered.team)?;
            let freshness = Freshness::of(&registered, day);
            Some((*place, ModelRow { registered, team: team.name.to_string(), freshness }))
        })
        .collect();
    rows.sort_by_key(|(place, _)| *place);
    rows.into_iter().map(|(_, row)| row).collect()
}
