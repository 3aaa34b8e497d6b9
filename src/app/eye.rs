//! The look at the organization that everything computed from submissions begins with: what somebody sees of it, at
//! one moment, and what was computed of it before.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::access::sight;
use super::assessments::has_begun;
use super::evidence::support_by_team;
use super::memory::{Ground, KeptSheet, Moment};
use super::register::Register;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Assessment, AssessmentId};
use crate::domain::attribution::Attribution;
use crate::domain::catalog::Catalog;
use crate::domain::forecast::{self, Forecast, NoForecast};
use crate::domain::freshness::Freshness;
use crate::domain::gap::{GapFinder, NextSteps};
use crate::domain::organization::{Group, Scope, ScopeId, Settings, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::plan::seen::Estimates;
use crate::domain::roadmap::Roadmap;
use crate::domain::roadmap::profiles::Roadmaps;
use crate::domain::spread::{SpreadPoint, spread};
use crate::domain::standing::{Overview, Standing, Trend};
use crate::domain::view::{Seen, Selection, View};
use crate::store::{Epoch, Snapshot};

impl Cairn {
    /// The catalog in which a scope is seen in a quarter.
    pub(super) fn catalog_then(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
        caller: &Caller,
        selection: Selection,
        period: Period,
    ) -> Result<Arc<Catalog>, Error> {
        Eye::new(self, snapshot, sight, selection, caller.at.date_naive())?.catalog(period)
    }

    /// Where the organization stood in each quarter up to the latest, counted by these settings.
    pub(super) fn history_by(
        &self,
        snapshot: &mut Snapshot<'_>,
        caller: &Caller,
        settings: Settings,
    ) -> Result<Vec<Arc<Overview>>, Error> {
        let mut eye = Eye::new(self, snapshot, &Sight::Everything, Selection::ORGANIZATION, caller.at.date_naive())?;
        if settings != eye.ground.settings {
            let ground = eye.ground.with(settings);
            ground.inherit(&eye.ground);
            eye.ground = Arc::new(ground);
        }
        eye.view.period.map_or_else(|| Ok(Vec::new()), |latest| eye.history(latest))
    }

    /// Resolves what was asked for and looks at a quarter of it, all at one moment.
    pub(super) fn see<T>(
        &self,
        caller: &Caller,
        selection: Selection,
        look: impl FnOnce(&mut Eye<'_, '_>, Period) -> Result<Option<T>, Error>,
    ) -> Result<Seen<T>, Error> {
        self.look(caller, selection, |mut eye| {
            let catalog = eye.catalog_seen()?;
            let content = eye.view.period.map_or(Ok(None), |period| look(&mut eye, period))?;
            let (settings, roadmap) = (eye.settings().clone(), eye.roadmap());
            Ok(Seen { view: eye.view, catalog, settings, roadmap, content })
        })
    }

    /// Resolves what was asked for and looks at it, all at one moment.
    pub(super) fn look<T>(
        &self,
        caller: &Caller,
        selection: Selection,
        look: impl FnOnce(Eye<'_, '_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        caller.actor.authorize(Action::View)?;
        if let Some(period) = selection.period {
            has_begun(caller, period).map_err(|message| Error::invalid("period", message))?;
        }
        self.store.read(|snapshot| {
            let sight = sight(snapshot, caller)?;
            look(Eye::new(self, snapshot, &sight, selection, caller.at.date_naive())?)
        })
    }

    /// What the standings that somebody sees are computed from.
    pub(super) fn ground(&self, snapshot: &mut Snapshot<'_>, sight: &Sight) -> Result<Arc<Ground>, Error> {
        let epoch = snapshot.standings_epoch()?;
        let earlier = match self.memory.ground(sight) {
            Some((of, ground)) if epoch == Some(of) => return Ok(ground),
            earlier => earlier.map(|(_, ground)| ground),
        };
        let register = self.register(snapshot, epoch)?;
        let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
        let (settings, roadmaps) = (snapshot.settings()?, self.roadmaps_of(snapshot, sight)?);
        let ground = Arc::new(Ground::new(sight, teams, groups, &register, settings, roadmaps));
        if let Some(epoch) = epoch {
            if let Some(earlier) = earlier {
                ground.inherit(&earlier);
            }
            self.memory.keep_ground(epoch, &ground);
        }
        Ok(ground)
    }

    /// The submissions at the moment of a snapshot.
    fn register(&self, snapshot: &mut Snapshot<'_>, epoch: Option<Epoch>) -> Result<Arc<Register>, Error> {
        let known = self.memory.register(epoch);
        let register = Arc::new(known.with(snapshot.submissions_since(known.known)?));
        if let Some(epoch) = epoch {
            self.memory.keep_register(epoch, &register);
        }
        Ok(register)
    }
}

/// One look at the organization at one moment.
pub(super) struct Eye<'a, 's> {
    pub(super) cairn: &'a Cairn,
    pub(super) snapshot: &'a mut Snapshot<'s>,
    pub(super) sight: Sight,
    pub(super) view: View,
    today: NaiveDate,
    ground: Arc<Ground>,
}

impl<'a, 's> Eye<'a, 's> {
    pub(super) fn new(
        cairn: &'a Cairn,
        snapshot: &'a mut Snapshot<'s>,
        sight: &Sight,
        selection: Selection,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let ground = cairn.ground(snapshot, sight)?;
        let scope = scope(snapshot, sight, selection.scope, &ground.teams, &ground.groups)?;
        let mut view = View {
            selection,
            scope,
            period: selection.period,
            teams: ground.teams.clone(),
            groups: ground.groups.clone(),
            periods: ground.periods.clone(),
            is_limited: *sight != Sight::Everything,
        };
        let latest = |team: &Team| Some(ground.submitted.get(&team.id)?.last()?.period);
        view.period = selection.period.or_else(|| view.teams_in_scope().filter_map(latest).max());
        Ok(Self { cairn, snapshot, sight: sight.clone(), view, today, ground })
    }

    /// The same look at another scope.
    pub(super) fn at(&mut self, id: ScopeId) -> Result<Eye<'_, 's>, Error> {
        let (selection, period) = (Selection { scope: id, ..self.view.selection }, self.view.period);
        let mut eye = self.with(selection)?;
        eye.view.period = period;
        Ok(eye)
    }

    /// A look at something else at the same moment.
    pub(super) fn with(&mut self, selection: Selection) -> Result<Eye<'_, 's>, Error> {
        Eye::new(self.cairn, self.snapshot, &self.sight, selection, self.today)
    }

    /// What everything is computed from.
    pub(super) fn ground(&self) -> Arc<Ground> {
        Arc::clone(&self.ground)
    }

    /// The scale and the threshold that apply.
    pub(super) fn settings(&self) -> &Settings {
        &self.ground.settings
    }

    /// The stages with the targets that hold for the scope.
    pub(super) fn roadmap(&self) -> Arc<Roadmap> {
        let roadmaps = &self.ground.roadmaps;
        let period = self.view.period;
        let teams = || self.view.teams_in_scope().filter(|team| period.is_none_or(|period| team.is_active_in(period)));
        let found = match self.view.scope.id {
            ScopeId::Organization => roadmaps.organization(),
            ScopeId::Team(team) => roadmaps.of_team(team),
            ScopeId::Group(_) => roadmaps.of_teams(teams().map(|team| team.id)),
        };
        Arc::clone(found)
    }

    /// The stages with the targets of each team.
    pub(super) fn roadmaps(&self) -> &Roadmaps {
        &self.ground.roadmaps
    }

    /// The day as of which evidence is looked at: today, or the last of the quarter that was asked for.
    pub(super) fn day(&self) -> NaiveDate {
        self.view.selection.period.map_or(self.today, |period| period.last_day().min(self.today))
    }

    /// The teams of the scope that are assessed in a period.
    pub(super) fn active_teams(&self, period: Period) -> impl Iterator<Item = &Team> {
        self.view.teams_in_scope().filter(move |team| team.is_active_in(period))
    }

    /// The assessment that a team stands on in a period: its latest of then or before.
    pub(super) fn standing_on(&self, team: TeamId, period: Period) -> Option<&Assessment> {
        self.ground.submitted.get(&team)?.iter().rev().find(|found| found.period <= period)
    }

    /// The submitted assessment that a standing rests on.
    pub(super) fn assessment_of(&self, standing: &Standing) -> Option<&Assessment> {
        self.ground.submitted.get(&standing.team)?.iter().find(|found| found.id == standing.assessment)
    }

    /// The catalog in which a period is seen: that of the latest assessment that a team stands on then,
    /// into which older ones are translated. What is assessed later does not change it, so a past
    /// quarter stays what it was. Without any assessment it is the catalog in use.
    pub(super) fn catalog(&mut self, period: Period) -> Result<Arc<Catalog>, Error> {
        let standing_on = self.active_teams(period).filter_map(|team| self.standing_on(team.id, period));
        let latest = standing_on.max_by_key(|assessment| (assessment.period, assessment.id));
        Ok(match latest.map(|assessment| assessment.catalog.clone()) {
            Some(digest) => self.cairn.catalog_of(self.snapshot, &digest)?,
            None => self.cairn.catalog_in_use(self.snapshot)?,
        })
    }

    /// The catalog in which the quarter that is looked at is seen; the one in use while there is none.
    pub(super) fn catalog_seen(&mut self) -> Result<Arc<Catalog>, Error> {
        match self.view.period {
            Some(period) => self.catalog(period),
            None => Ok(self.cairn.catalog_in_use(self.snapshot)?),
        }
    }

    /// The sheets of some submissions.
    pub(super) fn sheets(&mut self, wanted: &[Assessment]) -> Result<HashMap<AssessmentId, KeptSheet>, Error> {
        let (cairn, ground) = (self.cairn, Arc::clone(&self.ground));
        let scale = &ground.settings.scale;
        cairn.memory.sheets(scale).of(&ground, wanted, |missing| {
            let ids: Vec<_> = missing.iter().map(|assessment| assessment.id).collect();
            let summaries = self.snapshot.summaries(&ids)?;
            let submitted = missing.iter().filter_map(|assessment| Some((assessment, summaries.get(&assessment.id)?)));
            let kept = submitted.map(|(assessment, summary)| {
                let catalog = cairn.catalog_of(self.snapshot, &assessment.catalog)?;
                let sheet = Arc::new(summary.sheet(scale));
                let taken_over: Vec<_> = summary.taken_from(&catalog).collect();
                let taken_over = (!taken_over.is_empty()).then(|| taken_over.into());
                Ok((assessment.id, KeptSheet { catalog, sheet, taken_over }))
            });
            kept.collect()
        })
    }

    /// Where the scope stands in a period; `None` when no team was assessed by then.
    pub(super) fn overview(&mut self, period: Period) -> Result<Option<Arc<Overview>>, Error> {
        Ok(self.moment(period)?.map(|moment| Arc::clone(&moment.overview)))
    }

    /// How the teams of the scope are spread in a period, the whole first; empty when none was assessed by then.
    pub(super) fn spread(&mut self, period: Period) -> Result<Vec<SpreadPoint>, Error> {
        let threshold = self.settings().threshold;
        let of = |moment: &Moment| moment.spread.get_or_init(|| spread(&moment.overview, threshold)).clone();
        Ok(self.moment(period)?.map_or_else(Vec::new, |moment| of(&moment)))
    }

    /// How the scope developed up to a period; without points when no team was assessed by then.
    pub(super) fn trend(&mut self, last: Period) -> Result<Trend, Error> {
        let history = self.history(last)?;
        Ok(Trend::new(self.view.scope.clone(), history.iter().map(|overview| &**overview)))
    }

    /// How the teams of the scope were spread in each period up to one.
    pub(super) fn spreads(&mut self, last: Period) -> Result<Vec<SpreadPoint>, Error> {
        let mut spreads = Vec::new();
        for overview in self.history(last)? {
            spreads.extend(self.spread(overview.period)?);
        }
        Ok(spreads)
    }

    /// The last overview before a period.
    pub(super) fn before(&mut self, period: Period) -> Result<Option<Arc<Overview>>, Error> {
        Ok(self.history(period)?.into_iter().rev().find(|overview| overview.period < period))
    }

    /// Why the scores of the scope moved to a period since the last overview before it; `None` when there is none.
    pub(super) fn attribution(&mut self, period: Period) -> Result<Option<Arc<Attribution>>, Error> {
        let Some(before) = self.before(period)? else { return Ok(None) };
        let threshold = self.settings().threshold;
        let since = |after: &Overview| Arc::new(Attribution::between(&before, after, threshold));
        let of = |moment: &Moment| Arc::clone(moment.attribution.get_or_init(|| since(&moment.overview)));
        Ok(self.moment(period)?.map(|moment| of(&moment)))
    }

    /// What the teams of the scope can do next as of a period; `None` when nothing is missing.
    pub(super) fn next_steps(&mut self, period: Period) -> Result<Option<Arc<NextSteps>>, Error> {
        let ground = self.ground();
        let found = |Overview { catalog, standings, .. }: &Overview| {
            GapFinder::new(catalog, &ground.roadmaps).next_steps(standings).map(Arc::new)
        };
        Ok(self.moment(period)?.and_then(|moment| moment.next.get_or_init(|| found(&moment.overview)).clone()))
    }

    /// When the stages are done, judged by the past of the scope up to a period.
    pub(super) fn forecast(&mut self, last: Period) -> Result<Arc<Result<Forecast, NoForecast>>, Error> {
        let (history, stages) = (self.history(last)?, self.roadmap().stages().len());
        let Some(moment) = self.moment(last)? else { return Ok(Arc::new(Err(NoForecast::Nothing))) };
        let roadmap_of = |team| &**self.ground.roadmaps.of_team(team);
        let found = || Arc::new(forecast::forecast(forecast::settled(&history), roadmap_of, stages));
        Ok(Arc::clone(moment.forecast.get_or_init(found)))
    }

    /// What the teams of the scope can do in a quarter, judged by what they did up to a period.
    pub(super) fn estimates(&mut self, last: Period) -> Result<Arc<Estimates>, Error> {
        let history = self.history(last)?;
        let Some(moment) = self.moment(last)? else { return Ok(Arc::default()) };
        let found = || Arc::new(Estimates::new(forecast::paces(forecast::settled(&history))));
        Ok(Arc::clone(moment.estimates.get_or_init(found)))
    }

    /// How fresh the evidence of the scope is on a day; `None` when it was never assessed.
    pub(super) fn freshness(&mut self, day: NaiveDate) -> Result<Option<Arc<Freshness>>, Error> {
        let Some(period) = self.view.period else { return Ok(None) };
        let Some(moment) = self.moment(period)? else { return Ok(None) };
        let epoch = self.snapshot.evidence_epoch()?;
        if let Some(known) = epoch.and_then(|epoch| moment.freshness(epoch, day)) {
            return Ok(Some(known));
        }
        let teams: Vec<TeamId> = moment.overview.standings.iter().map(|standing| standing.team).collect();
        let support = support_by_team(self, &teams, day)?;
        let freshness = Arc::new(Freshness::new(&moment.overview, self.settings().threshold, &support, day));
        if let Some(epoch) = epoch {
            moment.keep_freshness(epoch, day, &freshness);
        }
        Ok(Some(freshness))
    }

    /// The submitted assessment of a team in a period.
    pub(super) fn submission(&self, team: TeamId, period: Period) -> Option<&Assessment> {
        self.standing_on(team, period).filter(|found| found.period == period)
    }

    pub(super) fn moment(&mut self, period: Period) -> Result<Option<Arc<Moment>>, Error> {
        let history = self.ground.history(self.view.scope.id);
        if let Some(known) = history.at(period) {
            return Ok(known);
        }
        let overview = self.computed(period)?;
        Ok(history.keep(period, overview))
    }

    fn computed(&mut self, period: Period) -> Result<Option<Overview>, Error> {
        let teams: Vec<(TeamId, String)> =
            self.active_teams(period).map(|team| (team.id, team.name.to_string())).collect();
        let chosen: Vec<Option<Assessment>> =
            teams.iter().map(|(team, _)| self.standing_on(*team, period).cloned()).collect();
        let found: Vec<Assessment> = chosen.iter().flatten().cloned().collect();
        if found.is_empty() {
            return Ok(None);
        }
        let (sheets, catalog) = (self.sheets(&found)?, self.catalog(period)?);
        let (mut standings, mut missing) = (Vec::new(), Vec::new());
        for ((team, team_name), assessment) in teams.into_iter().zip(chosen) {
            let kept = assessment.and_then(|assessment| Some((sheets.get(&assessment.id)?, assessment)));
            match kept {
                Some((KeptSheet { catalog: own, sheet, .. }, assessment)) => standings.push(Standing {
                    team,
                    team_name,
                    assessment: assessment.id,
                    assessed: assessment.period,
                    original: (own.digest() != catalog.digest()).then(|| (Arc::clone(own), Arc::clone(sheet))),
                    sheet: match own.digest() == catalog.digest() {
                        true => Arc::clone(sheet),
                        false => Arc::new(sheet.translated(own, &catalog)),
                    },
                }),
                None => missing.push(team_name),
            }
        }
        let (threshold, scope) = (self.settings().threshold, self.view.scope.clone());
        Ok(Some(Overview::new(catalog, threshold, scope, period, standings, missing)))
    }

    /// The overviews of all quarters from the first assessment to `last`, oldest first.
    pub(super) fn history(&mut self, last: Period) -> Result<Vec<Arc<Overview>>, Error> {
        let of_scope = || {
            self.view
                .teams_in_scope()
                .filter_map(|team| self.ground.submitted.get(&team.id))
                .flat_map(|of_team| of_team.iter())
        };
        let Some(first) = of_scope().map(|assessment| assessment.period).min() else { return Ok(Vec::new()) };
        // All that is needed at once, rather than quarter by quarter.
        if self.ground.history(self.view.scope.id).at(first).is_none() {
            let wanted: Vec<Assessment> = of_scope().filter(|assessment| assessment.period <= last).cloned().collect();
            self.sheets(&wanted)?;
        }
        let mut history = Vec::new();
        let mut period = first;
        while period <= last {
            history.extend(self.overview(period)?);
            period = period.next();
        }
        Ok(history)
    }
}

/// A scope by its number, with its name, among the teams and groups that somebody sees. Where only a part of it
/// is seen, the name says so.
pub(super) fn scope(
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    id: ScopeId,
    teams: &[Team],
    groups: &[Group],
) -> Result<Scope, Error> {
    let missing = || Error::NotFound(id.kind());
    let name = match id {
        ScopeId::Organization if *sight == Sight::Everything => return Ok(Scope::organization()),
        ScopeId::Organization => "Your teams".to_owned(),
        ScopeId::Group(group) => {
            let name = &groups.iter().find(|other| other.id == group).ok_or_else(missing)?.name;
            let seen = teams.iter().filter(|team| team.groups.contains(&group)).count();
            let is_whole = *sight == Sight::Everything || snapshot.teams_in_group(group)? == seen as i64;
            if is_whole { name.to_string() } else { format!("Your teams in {name}") }
        }
        ScopeId::Team(team) => teams.iter().find(|other| other.id == team).ok_or_else(missing)?.name.to_string(),
    };
    Ok(Scope { id, name })
}
