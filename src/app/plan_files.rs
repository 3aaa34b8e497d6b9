//! What of plans and forecasts leaves as a file.

use std::sync::Arc;

use serde_json::Value;

use super::eye::Eye;
use super::plans::{DraftFrom, nearness, plan_or_proposal, ready};
use super::{Cairn, Error, ExportKind};
use crate::domain::access::Caller;
use crate::domain::catalog::ActivityId;
use crate::domain::forecast::{Forecast, NoForecast};
use crate::domain::organization::{Name, TeamId};
use crate::domain::period::Period;
use crate::domain::plan::PlanInput;
use crate::domain::plan::listing::PlanListing;
use crate::domain::plan::progress::PlanProgress;
use crate::domain::plan::saved::PlanId;
use crate::domain::plan::seen::{Followed, KeptPlan, MadePlan, PlanCourse};
use crate::domain::roadmap::StageNumber;
use crate::domain::standing::Overview;
use crate::domain::view::{Seen, Selection};
use crate::formats;
use crate::formats::table::Table;

/// The most work items that one file holds. Their descriptions are long, and no tracker takes more at a time.
const WORK_ITEMS: usize = 20_000;

/// A kept plan that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct AskedPlan {
    /// Which.
    pub id: PlanId,
    /// In which version; `None`: the latest.
    pub version: Option<u32>,
    /// For a part of those that it is made for, or as of another quarter; `None`: all of it, as of the latest.
    pub part: Option<Selection>,
}

/// Where the pages of activities are.
#[derive(Debug, Clone)]
pub struct Links {
    /// The address of the service.
    pub base: String,
    /// The address of an activity's page for a team, from there.
    pub activity: fn(&ActivityId, TeamId) -> String,
}

impl Cairn {
    /// The number of the plan of this name: of the plans of a scope or, where it has none of this name, of those that it
    /// takes part in.
    pub fn plan_named(&self, caller: &Caller, selection: Selection, name: &str) -> Result<PlanId, Error> {
        let wanted = Name::new(name).map_err(|error| Error::invalid("plan", error))?;
        let plans = self.plans(caller)?;
        self.look(caller, selection, |eye| {
            let near = plans.iter().filter_map(|(plan, _)| Some((nearness(&eye.view, plan.scope)?, plan)));
            let near: Vec<_> = near.collect();
            let named = near.iter().filter(|(_, plan)| plan.name.key() == wanted.key());
            let nearest = named.min_by_key(|(nearness, plan)| (*nearness, plan.id));
            nearest.map(|(_, plan)| plan.id).ok_or_else(|| {
                let names: Vec<String> = near.iter().map(|(_, plan)| format!("“{}”", plan.name)).collect();
                let hint = if names.is_empty() {
                    "no plan is kept".to_owned()
                } else {
                    format!("there are {}", names.join(", "))
                };
                Error::invalid("plan", format!("there is no plan called “{wanted}” of {}; {hint}", eye.view.scope.name))
            })
        })
    }

    /// A plan as a list: the one asked for, or else the one that is followed or proposed. `up_to`: without later stages.
    pub fn plan_listing(
        &self,
        caller: &Caller,
        selection: Selection,
        asked: Option<AskedPlan>,
        up_to: Option<StageNumber>,
    ) -> Result<PlanListing, Error> {
        let seen = self.see_plan(caller, selection, asked, |eye, _, overview, followed| {
            PlanListing::new(overview, followed, &eye.view.teams).map_err(Error::Invalid)
        })?;
        let listing = seen.content.ok_or(Error::NothingSubmitted)?;
        let Some(last) = up_to else { return Ok(listing) };
        let count = listing.roadmap.stages().len();
        let missing = || Error::invalid("stage", format!("the roadmap has the stages 1 to {count}"));
        listing.up_to(last).ok_or_else(missing)
    }

    /// What was decided about a plan that is being made, and the roadmap that follows from it. Nothing is kept.
    pub fn drafted_roadmap(
        &self,
        caller: &Caller,
        selection: Selection,
        from: DraftFrom,
    ) -> Result<(PlanInput, Value), Error> {
        let seen = self.draft_plan(caller, selection, from)?;
        let draft = seen.content.ok_or(Error::NothingSubmitted)?;
        let entered = draft.entry.name.clone();
        let (_, made) = ready(draft, &entered)?;
        let (input, overview) = (made.input.clone(), Arc::clone(&made.overview));
        let listing = PlanListing::new(overview, Followed::Proposed(Arc::new(Ok(made))), &seen.view.teams);
        let value = formats::plan::value(&listing.map_err(Error::Invalid)?);
        Ok((input, value.map_err(|error| Error::Broken(error.to_string()))?))
    }

    /// The practices of a plan that are still to be done, as work items.
    pub(super) fn work_items(&self, listing: &PlanListing, links: Option<&Links>) -> Result<Table, Error> {
        let count = listing.practices().iter().filter(|practice| practice.is_open()).count();
        if count > WORK_ITEMS {
            return Err(Error::Refused(format!(
                "these are {count} work items, and at most {WORK_ITEMS} go into a file: take those of one team, of a group \
                 or up to a stage"
            )));
        }
        let link = |activity: &ActivityId, team: TeamId| {
            links.map(|links| format!("{}{}", links.base.trim_end_matches('/'), (links.activity)(activity, team)))
        };
        Ok(formats::work_items::table(listing, &link))
    }

    /// When the stages are done, by what was done in the past.
    pub fn forecast(&self, caller: &Caller, selection: Selection) -> Result<Seen<Forecast>, Error> {
        self.see(caller, selection, |eye, period| {
            if eye.overview(period)?.is_none() {
                return Ok(None);
            }
            likely(&*eye.forecast(period)?).map(Some)
        })
    }

    /// One of the tables of the forecast.
    pub(super) fn forecast_table(
        &self,
        caller: &Caller,
        kind: ExportKind,
        selection: Selection,
        asked: Option<AskedPlan>,
    ) -> Result<Table, Error> {
        let seen = self.see_plan(caller, selection, asked, |eye, period, _, followed| {
            Ok((likely(&*eye.forecast(period)?)?, followed))
        })?;
        let (forecast, followed) = seen.content.ok_or(Error::NothingSubmitted)?;
        let (scope, roadmap) = (&seen.view.scope, &seen.roadmap);
        Ok(match kind {
            ExportKind::ForecastFan => formats::forecast::fan(scope, roadmap, &forecast),
            _ => formats::forecast::table(scope, roadmap, followed.plan(), &forecast),
        })
    }

    /// The course of the scores that a plan leads to.
    pub fn projection(
        &self,
        caller: &Caller,
        selection: Selection,
        asked: Option<AskedPlan>,
    ) -> Result<PlanCourse, Error> {
        let seen = self.see_plan(caller, selection, asked, |_, _, _, followed| match followed {
            Followed::Kept(kept) => {
                let missing = "the plan is of another catalog than the one that the teams were assessed with";
                let course = kept.course.ok_or_else(|| Error::Refused(missing.to_owned()))?;
                Ok(PlanCourse { name: kept.plan.name.to_string(), roadmap: kept.version.roadmap, course })
            }
            Followed::Proposed(made) => {
                let MadePlan { roadmap, course, .. } = Arc::unwrap_or_clone(made).map_err(Error::Invalid)?;
                Ok(PlanCourse { name: "as proposed".to_owned(), roadmap, course })
            }
        })?;
        seen.content.ok_or(Error::NothingSubmitted)
    }

    /// The kept plan that is asked for, or else the one that is followed, and how it goes.
    pub fn plan_progress(
        &self,
        caller: &Caller,
        selection: Selection,
        asked: Option<AskedPlan>,
    ) -> Result<(Box<KeptPlan>, PlanProgress), Error> {
        let seen = self.see_plan(caller, selection, asked, |eye, _, _, followed| match followed {
            Followed::Kept(kept) => Ok(kept),
            Followed::Proposed(_) => {
                let scope = &eye.view.scope.name;
                Err(Error::Refused(format!("no plan is kept for {scope} yet; save one, and its progress is measured")))
            }
        })?;
        let mut kept = seen.content.ok_or(Error::NothingSubmitted)?;
        let progress = kept.progress.take().ok_or(Error::NothingSubmitted)?;
        Ok((kept, progress))
    }

    /// One of the tables of how a kept plan goes.
    pub(super) fn progress_table(
        &self,
        caller: &Caller,
        kind: ExportKind,
        selection: Selection,
        asked: Option<AskedPlan>,
    ) -> Result<Table, Error> {
        let (kept, progress) = self.plan_progress(caller, selection, asked)?;
        Ok(match kind {
            ExportKind::BurnUp => formats::plan_progress::burn_up(&kept, &progress),
            ExportKind::Slipped => formats::plan_progress::slipped(&kept, &progress),
            ExportKind::PlanTeams => formats::plan_progress::teams(&kept, &progress),
            _ => formats::plan_progress::measures(&kept, &progress),
        })
    }

    /// Looks at the plan that is asked for, or else at the one that is followed or proposed.
    fn see_plan<T>(
        &self,
        caller: &Caller,
        selection: Selection,
        asked: Option<AskedPlan>,
        look: impl FnOnce(&mut Eye<'_, '_>, Period, Arc<Overview>, Followed) -> Result<T, Error>,
    ) -> Result<Seen<T>, Error> {
        let kept = asked.map(|asked| self.kept_plan(caller, asked.id)).transpose()?;
        let (version, part) = asked.map_or((None, None), |asked| (asked.version, asked.part));
        let selection = match &kept {
            Some(plan) => part.unwrap_or(Selection { scope: plan.scope, period: None }),
            None => selection,
        };
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let found = plan_or_proposal(eye, caller, period, kept, version)?;
            look(eye, period, overview, found).map(Some)
        })
    }
}

fn likely(forecast: &Result<Forecast, NoForecast>) -> Result<Forecast, Error> {
    forecast.clone().map_err(|why| Error::Refused(format!("there is no forecast: {why}")))
}
