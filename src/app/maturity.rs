//! Looking at maturity: where a scope stands, what is missing, how it developed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::access::sight;
use super::assessments::{due, has_begun};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Assessment, AssessmentId, RecordedAnswer, Sheet};
use crate::domain::catalog::{ActivityId, ActivityIndex, Catalog};
use crate::domain::evidence::valid_titles;
use crate::domain::gap::{self, Gap, GapFinder};
use crate::domain::organization::{Scope, ScopeId, Settings, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::scoring::{Scorecard, combine};
use crate::domain::standing::{Overview, Standing, Trend};
use crate::domain::view::{Dashboard, GapFilter, Gaps, Seen, Selection, View};
use crate::store::Snapshot;

impl Cairn {
    /// Where a scope stands, how it came there and what is next.
    pub fn dashboard(&self, caller: &Caller, selection: Selection) -> Result<Seen<Dashboard>, Error> {
        self.see(caller, selection, |eye, period| {
            let history = eye.history(period)?;
            let trend = Trend::new(eye.view.scope.clone(), &history);
            let mut latest_first = history.into_iter().rev();
            // Of teams that are all retired by then there is history, but nothing as of this quarter.
            let Some(overview) = latest_first.next().filter(|overview| overview.period == period) else {
                return Ok(None);
            };
            let before = latest_first.next();
            let gaps = eye.gaps(&overview)?;
            let threshold = eye.settings.threshold;
            let catalog = &overview.catalog;
            let card = |standing: &Standing| Scorecard::new(catalog, &combine(catalog, &[&standing.sheet]), threshold);
            let teams = overview.standings.iter().map(card).collect();
            let due = match eye.view.selection.period {
                None => Some(due(eye, Period::containing(caller.at))?),
                Some(_) => None,
            };
            Ok(Some(Dashboard { overview, before, trend, gaps, teams, due }))
        })
    }

    /// Where a scope stands.
    pub fn overview(&self, caller: &Caller, selection: Selection) -> Result<Seen<Overview>, Error> {
        self.see(caller, selection, |eye, period| eye.overview(period))
    }

    /// What is missing in a scope.
    pub fn gaps(&self, caller: &Caller, selection: Selection, filter: &GapFilter) -> Result<Seen<Gaps>, Error> {
        if filter.up_to.is_some_and(|stage| self.roadmap.stage(stage).is_none()) {
            let count = self.roadmap.stages().len();
            return Err(Error::invalid("stage", format!("the roadmap has the stages 1 to {count}")));
        }
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let mut gaps = eye.gaps(&overview)?;
            if let Some(last) = filter.up_to {
                gaps.retain(|gap| gap.stage.is_some_and(|stage| stage <= last));
            }
            if let Some(name) = &filter.dimension {
                let wanted = activities_of(&overview.catalog, name)?;
                gaps.retain(|gap| wanted.contains(&gap.activity));
            }
            Ok(Some(Gaps { overview, gaps }))
        })
    }

    /// How a scope developed up to the quarter looked at.
    pub fn trend(&self, caller: &Caller, selection: Selection) -> Result<Seen<Trend>, Error> {
        self.see(caller, selection, |eye, period| {
            let history = eye.history(period)?;
            Ok((!history.is_empty()).then(|| Trend::new(eye.view.scope.clone(), &history)))
        })
    }

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
    ) -> Result<Vec<Overview>, Error> {
        let eye = Eye::new(self, snapshot, &Sight::Everything, Selection::ORGANIZATION, caller.at.date_naive())?;
        let mut eye = Eye { settings, ..eye };
        eye.view.period.map_or_else(|| Ok(Vec::new()), |latest| eye.history(latest))
    }

    /// Resolves what was asked for and looks at a quarter of it, all at one moment.
    fn see<T>(
        &self,
        caller: &Caller,
        selection: Selection,
        look: impl FnOnce(&mut Eye<'_, '_>, Period) -> Result<Option<T>, Error>,
    ) -> Result<Seen<T>, Error> {
        self.look(caller, selection, |mut eye| {
            let (catalog, content) = match eye.view.period {
                Some(period) => (eye.catalog(period)?, look(&mut eye, period)?),
                None => (self.catalog_in_use(eye.snapshot)?, None),
            };
            Ok(Seen { view: eye.view, catalog, settings: eye.settings, content })
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
}

/// One look at the organization at one moment.
pub(super) struct Eye<'a, 's> {
    cairn: &'a Cairn,
    pub(super) snapshot: &'a mut Snapshot<'s>,
    pub(super) sight: Sight,
    pub(super) view: View,
    pub(super) settings: Settings,
    today: NaiveDate,
    /// The submitted assessments of each team of the scope, by period. Those of quarters after the one in
    /// which the team was retired are left out: it is not part of the scope then.
    submitted: BTreeMap<TeamId, Vec<Assessment>>,
    /// Each with the catalog that its assessment was made with.
    sheets: HashMap<AssessmentId, (Arc<Catalog>, Sheet)>,
}

impl<'a, 's> Eye<'a, 's> {
    pub(super) fn new(
        cairn: &'a Cairn,
        snapshot: &'a mut Snapshot<'s>,
        sight: &Sight,
        selection: Selection,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let scope = scope(snapshot, sight, selection.scope)?;
        let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
        let is_limited = *sight != Sight::Everything;
        let mut view =
            View { selection, scope, period: selection.period, teams, groups, periods: Vec::new(), is_limited };

        let mut submitted: BTreeMap<TeamId, Vec<Assessment>> =
            view.teams_in_scope().map(|team| (team.id, Vec::new())).collect();
        let mut latest_in_scope = None;
        for assessment in snapshot.assessments(sight)?.into_iter().filter(|assessment| assessment.submitted.is_some()) {
            if view.periods.last() != Some(&assessment.period) {
                view.periods.push(assessment.period);
            }
            let is_active =
                view.teams.iter().any(|team| team.id == assessment.team && team.is_active_in(assessment.period));
            if let Some(of_team) = submitted.get_mut(&assessment.team).filter(|_| is_active) {
                latest_in_scope = Some(assessment.period);
                of_team.push(assessment);
            }
        }
        view.periods.reverse();
        view.period = selection.period.or(latest_in_scope);

        let settings = snapshot.settings()?;
        Ok(Self { cairn, snapshot, sight: sight.clone(), view, settings, today, submitted, sheets: HashMap::new() })
    }

    /// The day as of which evidence is looked at: today, or the last of the quarter that was asked for.
    pub(super) fn day(&self) -> NaiveDate {
        self.view.selection.period.map_or(self.today, |period| period.last_day().min(self.today))
    }

    /// The teams of the scope that are assessed in a period.
    fn active_teams(&self, period: Period) -> impl Iterator<Item = &Team> {
        self.view.teams_in_scope().filter(move |team| team.is_active_in(period))
    }

    /// The assessment that each team of the scope stands on in a period: its latest of then or before.
    fn standing_on(&self, period: Period) -> BTreeMap<TeamId, Assessment> {
        let latest = |team: &Team| self.submitted.get(&team.id)?.iter().rev().find(|found| found.period <= period);
        self.active_teams(period).filter_map(|team| Some((team.id, latest(team)?.clone()))).collect()
    }

    /// The catalog in which a period is seen: that of the latest assessment that a team stands on then,
    /// into which older ones are translated. What is assessed later does not change it, so a past
    /// quarter stays what it was. Without any assessment it is the catalog in use.
    fn catalog(&mut self, period: Period) -> Result<Arc<Catalog>, Error> {
        let standing_on = self.standing_on(period);
        let latest = standing_on.values().max_by_key(|assessment| (assessment.period, assessment.id));
        Ok(match latest {
            Some(assessment) => self.cairn.catalog_of(self.snapshot, &assessment.catalog)?,
            None => self.cairn.catalog_in_use(self.snapshot)?,
        })
    }

    /// Loads the sheets of some assessments that are not loaded yet.
    fn load(&mut self, wanted: Vec<Assessment>) -> Result<(), Error> {
        let wanted: Vec<_> =
            wanted.into_iter().filter(|assessment| !self.sheets.contains_key(&assessment.id)).collect();
        let ids: Vec<_> = wanted.iter().map(|assessment| assessment.id).collect();
        let mut statuses = self.snapshot.statuses(&ids)?;
        for assessment in wanted {
            let own = self.cairn.catalog_of(self.snapshot, &assessment.catalog)?;
            let answers = statuses.remove(&assessment.id).unwrap_or_default();
            let sheet = Sheet::new(&own, &self.settings.scale, answers.iter().map(|(id, status)| (id, status)));
            self.sheets.insert(assessment.id, (own, sheet));
        }
        Ok(())
    }

    /// Where the scope stands in a period; `None` when no team was assessed by then.
    pub(super) fn overview(&mut self, period: Period) -> Result<Option<Overview>, Error> {
        let chosen = self.standing_on(period);
        if chosen.is_empty() {
            return Ok(None);
        }
        self.load(chosen.values().cloned().collect())?;
        let catalog = self.catalog(period)?;
        let (mut standings, mut missing) = (Vec::new(), Vec::new());
        for team in self.active_teams(period) {
            match chosen.get(&team.id).and_then(|assessment| Some((assessment, self.sheets.get(&assessment.id)?))) {
                Some((assessment, (own, sheet))) => standings.push(Standing {
                    team: team.id,
                    team_name: team.name.to_string(),
                    assessment: assessment.id,
                    assessed: assessment.period,
                    sheet: sheet.translated(own, &catalog),
                }),
                None => missing.push(team.name.to_string()),
            }
        }
        let threshold = self.settings.threshold;
        Ok(Some(Overview::new(catalog, threshold, self.view.scope.clone(), period, standings, missing)))
    }

    /// The overviews of all quarters from the first assessment to `last`, oldest first.
    fn history(&mut self, last: Period) -> Result<Vec<Overview>, Error> {
        let Some(first) = self.submitted.values().flatten().map(|assessment| assessment.period).min() else {
            return Ok(Vec::new());
        };
        self.load(self.submitted.values().flatten().filter(|assessment| assessment.period <= last).cloned().collect())?;
        let mut history = Vec::new();
        let mut period = first;
        while period <= last {
            history.extend(self.overview(period)?);
            period = period.next();
        }
        Ok(history)
    }

    fn gaps(&mut self, overview: &Overview) -> Result<Vec<Gap>, Error> {
        let ids: Vec<_> = overview.standings.iter().map(|standing| standing.assessment).collect();
        let answers = self.snapshot.answers(&ids)?;
        let teams: Vec<_> = overview.standings.iter().map(|standing| standing.team).collect();
        let (evidence, day) = (self.snapshot.evidence_of(&teams)?, self.day());
        let finder = GapFinder::new(&overview.catalog, &self.cairn.roadmap);
        let mut all = Vec::new();
        for standing in &overview.standings {
            let recorded = answers.get(&standing.assessment).map_or(&[][..], Vec::as_slice);
            let by_id: HashMap<&ActivityId, &RecordedAnswer> = recorded.iter().map(|r| (&r.activity, r)).collect();
            let titles = valid_titles(&evidence, standing.team, day);
            for mut gap in finder.gaps(standing, |id| Some(&by_id.get(id)?.answer)) {
                let of_activity = titles.get(&overview.catalog.activity(gap.activity).id);
                gap.evidence = of_activity.into_iter().flatten().map(|&title| title.to_owned()).collect();
                all.push(gap);
            }
        }
        gap::sort(&mut all, &overview.catalog);
        Ok(all)
    }
}

/// The activities of the dimension of this name.
fn activities_of(catalog: &Catalog, name: &str) -> Result<HashSet<ActivityIndex>, Error> {
    let dimension = catalog.dimensions().iter().find(|dimension| dimension.name == name);
    let dimension = dimension.ok_or(Error::NotFound("dimension"))?;
    Ok(dimension.sub_dimensions.iter().flat_map(|sub| sub.activities()).collect())
}

/// A scope by its number, with its name. Where only a part of it is seen, the name says so.
pub(super) fn scope(snapshot: &mut Snapshot<'_>, sight: &Sight, id: ScopeId) -> Result<Scope, Error> {
    let name = match id {
        ScopeId::Organization if *sight == Sight::Everything => return Ok(Scope::organization()),
        ScopeId::Organization => "Your teams".to_owned(),
        ScopeId::Group(group) => {
            let found = snapshot.groups(sight)?.into_iter().find(|other| other.id == group);
            let name = found.ok_or(Error::NotFound(id.kind()))?.name;
            let seen = snapshot.teams(sight)?.iter().filter(|team| team.groups.contains(&group)).count();
            let is_whole = *sight == Sight::Everything || snapshot.teams_in_group(group)? == seen as i64;
            if is_whole { name.to_string() } else { format!("Your teams in {name}") }
        }
        ScopeId::Team(team) => snapshot.team(sight, team)?.ok_or(Error::NotFound(id.kind()))?.name.to_string(),
    };
    Ok(Scope { id, name })
}
