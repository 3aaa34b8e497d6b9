//! Looking at maturity: where a scope stands, what is missing, how it developed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::assessments::due;
use super::eye::Eye;
use super::{Cairn, Error, threat_portfolio};
use crate::domain::access::Caller;
use crate::domain::answer::{Answer, AssessmentId};
use crate::domain::balance::Balance;
use crate::domain::catalog::{Activity, ActivityId, ActivityIndex, Catalog};
use crate::domain::evidence::valid_titles;
use crate::domain::gap::{ActivityGaps, Gap, GapFinder, GapPlace, GapSort};
use crate::domain::listing::Sorting;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::standing::{Overview, Standing, Trend};
use crate::domain::view::{Dashboard, GapFilter, Seen, Selection};

impl Cairn {
    /// Where a scope stands, how it came there and what is next.
    pub fn dashboard(&self, caller: &Caller, selection: Selection) -> Result<Seen<Dashboard>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let (history, trend) = (eye.history(period)?, eye.trend(period)?);
            let threshold = eye.settings().threshold;
            let catalog = &overview.catalog;
            let card = |standing: &Standing| {
                let course = Trend::of_team(standing.team, history.iter().map(|overview| &**overview), threshold);
                (standing.scorecard(catalog, threshold), course)
            };
            let teams = overview.standings.iter().take(Dashboard::TEAMS).map(card).collect();
            let (before, attribution) = (eye.before(period)?, eye.attribution(period)?);
            let next = eye.next_steps(period)?;
            let stages = eye.roadmap().progress(catalog, &overview.measures, &overview.scorecard);
            let balance_of = |overview: &Overview| Balance::new(&overview.catalog, &overview.measures, threshold);
            let (balance, balance_before) = (balance_of(&overview), before.as_deref().and_then(balance_of));
            let due = match eye.view.selection.period {
                None => Some(due(eye, Period::containing(caller.at))?),
                Some(_) => None,
            };
            Ok(Some(Dashboard {
                overview,
                before,
                attribution,
                trend,
                stages,
                next,
                balance,
                balance_before,
                threat_models: threat_portfolio::figures(eye)?,
                teams,
                due,
            }))
        })
    }

    /// Where a scope stands.
    pub fn overview(&self, caller: &Caller, selection: Selection) -> Result<Seen<Arc<Overview>>, Error> {
        self.see(caller, selection, |eye, period| eye.overview(period))
    }

    /// What is missing in a scope: the gaps of all teams, most urgent first.
    pub fn gaps(&self, caller: &Caller, selection: Selection, filter: &GapFilter) -> Result<Seen<Vec<Gap>>, Error> {
        self.see_gaps(caller, selection, filter, |eye, overview, places| eye.gaps(overview, places))
    }

    /// What is missing in a scope, by the activities.
    pub fn gaps_by_activity(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &GapFilter,
        sorting: &Sorting<GapSort>,
    ) -> Result<Seen<Vec<ActivityGaps>>, Error> {
        self.see_gaps(caller, selection, filter, |eye, overview, places| {
            let finder = GapFinder::new(&overview.catalog, eye.roadmaps());
            let mut found = finder.by_activity(&overview.standings, &places, &eye.settings().scale);
            sorting.apply(&mut found, &overview.catalog);
            Ok(found)
        })
    }

    /// Looks at the gaps that a filter wants.
    fn see_gaps<T>(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &GapFilter,
        look: impl FnOnce(&mut Eye<'_, '_>, &Overview, Vec<GapPlace>) -> Result<Vec<T>, Error>,
    ) -> Result<Seen<Vec<T>>, Error> {
        let seen = self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let Overview { catalog, standings, .. } = &*overview;
            let of_dimension = filter.dimension.as_ref().map(|name| activities_of(catalog, name)).transpose()?;
            let is_asked = |(index, activity): (ActivityIndex, &Activity)| {
                of_dimension.as_ref().is_none_or(|wanted| wanted.contains(&index))
                    && filter.text.as_ref().is_none_or(|words| activity.has_words(words))
            };
            let asked: Vec<bool> = catalog.activities().map(is_asked).collect();
            let finder = GapFinder::new(catalog, eye.roadmaps());
            let mut places = finder.places(standings);
            places.retain(|place| {
                asked.get(place.activity.position()).is_some_and(|is_asked| *is_asked)
                    && filter.up_to.is_none_or(|last| place.stage.is_some_and(|stage| stage <= last))
                    && (!filter.is_ready || finder.is_ready(standings, place))
            });
            look(eye, &overview, places).map(Some)
        })?;
        if filter.up_to.is_some_and(|stage| seen.roadmap.stage(stage).is_none()) {
            let count = seen.roadmap.stages().len();
            return Err(Error::invalid("stage", format!("the roadmap has the stages 1 to {count}")));
        }
        Ok(seen)
    }
}

impl Eye<'_, '_> {
    /// Gaps in full, most urgent first.
    fn gaps(&mut self, overview: &Overview, places: Vec<GapPlace>) -> Result<Vec<Gap>, Error> {
        let (ground, standings) = (self.ground(), &overview.standings);
        let (finder, scale) = (GapFinder::new(&overview.catalog, &ground.roadmaps), &ground.settings.scale);
        let ids: Vec<_> = standings.iter().map(|standing| standing.assessment).collect();
        let answers = self.snapshot.answers(&ids)?;
        let answers: HashMap<(AssessmentId, &ActivityId), &Answer> = answers
            .iter()
            .flat_map(|(id, of)| of.iter().map(|recorded| ((*id, &recorded.activity), &recorded.answer)))
            .collect();
        let teams: Vec<_> = standings.iter().map(|standing| standing.team).collect();
        let (evidence, day) = (self.snapshot.evidence_of(&teams)?, self.day());
        let titles: HashMap<TeamId, _> =
            teams.iter().map(|team| (*team, valid_titles(&evidence, *team, day))).collect();
        let mut gaps = Vec::with_capacity(places.len());
        for place in finder.by_urgency(standings, places) {
            let Some(standing) = finder.standing(standings, &place) else { continue };
            let activity = &overview.catalog.activity(place.activity).id;
            let answer = answers.get(&(standing.assessment, activity)).copied();
            let Some(mut gap) = finder.gap(standings, &place, scale, answer) else { continue };
            let of_activity = titles.get(&standing.team).and_then(|titles| titles.get(activity));
            gap.evidence = of_activity.into_iter().flatten().map(|&title| title.to_owned()).collect();
            gaps.push(gap);
        }
        Ok(gaps)
    }
}

/// The activities of the dimension of this name.
fn activities_of(catalog: &Catalog, name: &str) -> Result<HashSet<ActivityIndex>, Error> {
    let dimension = catalog.dimensions().iter().find(|dimension| dimension.name == name);
    let dimension = dimension.ok_or(Error::NotFound("dimension"))?;
    Ok(dimension.sub_dimensions.iter().flat_map(|sub| sub.activities()).collect())
}
