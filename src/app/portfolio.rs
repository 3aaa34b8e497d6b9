//! All teams of a scope side by side, and what one of them could lift at the others.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::evidence::support_by_team;
use super::eye::Eye;
use super::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::answer::Assessment;
use crate::domain::catalog::Catalog;
use crate::domain::leverage::{Lever, Provider, TakenOver, leverage};
use crate::domain::organization::{ScopeId, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::portfolio::{DueState, Place, Portfolio, PortfolioFilter, PortfolioRow, PortfolioSort, places};
use crate::domain::standing::Overview;
use crate::domain::view::{Seen, Selection};

impl Cairn {
    /// Where the teams of a scope stand, as far as a filter wants them, and what they could lift at each other.
    pub fn portfolio(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &PortfolioFilter,
    ) -> Result<Seen<Portfolio>, Error> {
        let current = Period::containing(caller.at);
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            is_sortable(&overview.catalog, filter)?;
            let before = eye.overview(period.previous())?;
            let teams: Vec<TeamId> = overview.standings.iter().map(|standing| standing.team).collect();
            let day = eye.day();
            let support = support_by_team(eye, &teams, day)?;
            let places = places(&overview, before.as_deref(), eye.settings().threshold, &support);
            let due = if selection.period.is_none() { Some(current) } else { None };
            let rows = rows(eye, period, places, due)?;
            let (all, catalog) = (rows.len(), &overview.catalog);
            let rows = filter.apply(rows, catalog, due.is_some());
            let levers = levers(eye, &overview)?;
            Ok(Some(Portfolio { overview, due, rows, all, levers }))
        })
    }

    /// What the teams of a scope could lift at each other.
    pub fn leverage(&self, caller: &Caller, selection: Selection) -> Result<Seen<Vec<Lever>>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            levers(eye, &overview).map(Some)
        })
    }
}

/// An error if teams are to be sorted by what there is not.
fn is_sortable(catalog: &Catalog, filter: &PortfolioFilter) -> Result<(), Error> {
    match &filter.sorting.by {
        Some(PortfolioSort::Dimension(name)) if catalog.dimensions().iter().all(|other| other.name != *name) => {
            let message =
                "sort by team, level, score, change, answered, evidence, stale, assessed, due, or a dimension";
            Err(Error::invalid("sort", message))
        }
        _ => Ok(()),
    }
}

/// A row for each team of the scope that is assessed in the period, in the order of their names.
fn rows(
    eye: &mut Eye<'_, '_>,
    period: Period,
    places: Vec<(TeamId, Place)>,
    due: Option<Period>,
) -> Result<Vec<PortfolioRow>, Error> {
    let of_quarter: HashMap<TeamId, Assessment> = match due {
        Some(current) => {
            let assessments = eye.snapshot.assessments_in(&eye.sight, current)?;
            assessments.into_iter().map(|assessment| (assessment.team, assessment)).collect()
        }
        None => HashMap::new(),
    };
    let groups: HashMap<_, &str> = eye.view.groups.iter().map(|group| (group.id, group.name.as_str())).collect();
    let mut places: HashMap<TeamId, Place> = places.into_iter().collect();
    let state = |team: &Team, current| match of_quarter.get(&team.id) {
        Some(assessment) if assessment.submitted.is_some() => Some((DueState::Submitted, Some(assessment.id))),
        Some(assessment) => Some((DueState::Draft, Some(assessment.id))),
        None => team.is_active_in(current).then_some((DueState::NotBegun, None)),
    };
    let row = |team: &Team| PortfolioRow {
        team: team.id,
        name: team.name.to_string(),
        groups: team.groups.iter().filter_map(|id| groups.get(id)).map(ToString::to_string).collect(),
        place: places.remove(&team.id),
        due: due.and_then(|current| state(team, current)),
    };
    Ok(eye.active_teams(period).map(row).collect())
}

/// What the teams of an overview could gain through those whose answers they take over, as far as these are
/// seen.
fn levers(eye: &mut Eye<'_, '_>, overview: &Overview) -> Result<Vec<Lever>, Error> {
    let stand_on = |eye: &Eye<'_, '_>, team| eye.standing_on(team, overview.period).cloned();
    let assessments: Vec<Assessment> =
        overview.standings.iter().filter_map(|standing| stand_on(eye, standing.team)).collect();
    let sheets = eye.sheets(&assessments)?;
    let mut taken = Vec::new();
    for standing in &overview.standings {
        let taken_over = sheets.get(&standing.assessment).and_then(|kept| kept.taken_over.as_ref());
        for (activity, provider) in taken_over.into_iter().flat_map(|taken_over| taken_over.iter()) {
            // What the catalog does not have any more is no lever.
            let activity = overview.catalog.find(activity);
            let follower = standing.team;
            taken.extend(activity.map(|activity| TakenOver { follower, activity, provider: *provider }));
        }
    }
    let providers = providers(eye, overview, &taken)?;
    Ok(leverage(overview, eye.settings().threshold, &providers, &taken))
}

/// The teams that answers are taken over from, as far as they are seen; they need not be of the scope.
fn providers(
    eye: &mut Eye<'_, '_>,
    overview: &Overview,
    taken: &[TakenOver],
) -> Result<HashMap<TeamId, Provider>, Error> {
    let wanted: HashSet<TeamId> = taken.iter().map(|taken| taken.provider).collect();
    // A team that is retired by then cannot do it.
    let is_there = |team: &&Team| wanted.contains(&team.id) && team.is_active_in(overview.period);
    let teams = eye.view.teams.iter().filter(is_there);
    let names: Vec<(TeamId, String)> = teams.map(|team| (team.id, team.name.to_string())).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let everybody = eye.at(ScopeId::Organization)?.overview(overview.period)?;
    let sheet = |team: TeamId| {
        let everybody = everybody.as_ref()?;
        let standing = everybody.standings.iter().find(|standing| standing.team == team)?;
        Some(Arc::new(standing.sheet.translated(&everybody.catalog, &overview.catalog)))
    };
    Ok(names.into_iter().map(|(id, name)| (id, Provider { name, sheet: sheet(id) })).collect())
}
