//! Plans of the transformation: made for a scope as it stands, tried, kept, and made anew.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::access::{authorized, is_as_seen};
use super::eye::{Eye, scope};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{GroupId, Name, ScopeId, TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::plan::entry::{PlanEntry, Subjects};
use crate::domain::plan::practice::PracticeSeen;
use crate::domain::plan::progress::PlanProgress;
use crate::domain::plan::projection::projection;
use crate::domain::plan::saved::{BaselineDimension, PlanId, PlanVersion, SavedPlan};
use crate::domain::plan::seen::{Draft, Estimates, Followed, KeptPlan, MadePlan, Proposal, Transformation};
use crate::domain::plan::{
    Capacity, Course, PlanFault, PlanInput, PlannedTeam, Points, feasibility, schedule, work_left,
};
use crate::domain::roadmap::{NotARoadmap, Roadmap, StageNumber};
use crate::domain::standing::{Overview, Standing};
use crate::domain::view::{Seen, Selection, View};
use crate::store::{Change, Snapshot};

/// How many points a team is taken to do in a quarter while nothing is known of it: about two activities.
const UNKNOWN_CAPACITY: u32 = 12;

/// In how many quarters a proposed plan is done at the latest: ten years.
const LONGEST: u32 = 40;

/// How long the name of an owner may be.
const OWNER_LIMIT: usize = 100;

/// What a draft begins with.
#[derive(Debug, Clone, Default)]
pub struct DraftFrom {
    /// The kept plan that is made anew.
    pub plan: Option<PlanId>,
    /// What was entered; `None`: what the plan says, or what is proposed.
    pub entry: Option<PlanEntry>,
    /// An activity that something is to be decided about, and for whom.
    pub about: Option<(ActivityId, Option<TeamId>)>,
}

impl Cairn {
    /// The kept plans that the caller sees, in the order of their names.
    pub fn plans(&self, caller: &Caller) -> Result<Vec<(SavedPlan, String)>, Error> {
        self.read(caller, Action::View, |snapshot, sight| plans_seen(snapshot, sight, caller))
    }

    /// A plan that is being made: what follows from what was entered. Nothing is kept.
    pub fn draft_plan(&self, caller: &Caller, selection: Selection, from: DraftFrom) -> Result<Seen<Draft>, Error> {
        let (kept, selection) = self.to_draft(caller, selection, from.plan)?;
        self.see(caller, selection, |eye, period| draft(eye, caller, period, kept, from))
    }

    /// What a plan that is being made begins with: what a kept one says, or what is proposed.
    pub fn plan_entry(&self, caller: &Caller, selection: Selection, plan: Option<PlanId>) -> Result<PlanEntry, Error> {
        let (kept, selection) = self.to_draft(caller, selection, plan)?;
        let seen = self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let (present, roadmap, teams) = (Period::containing(caller.at), eye.roadmap(), eye.view.teams.clone());
            let subjects = Subjects::new(&overview.catalog, &roadmap, &teams, present);
            let (entry, _) = begun(eye, &overview, (period, present), &subjects, kept.as_ref())?;
            Ok(Some(entry))
        })?;
        seen.content.ok_or(Error::NothingSubmitted)
    }

    /// The kept plan that is to be made anew, if any, and the scope that it is made for.
    fn to_draft(
        &self,
        caller: &Caller,
        selection: Selection,
        plan: Option<PlanId>,
    ) -> Result<(Option<(SavedPlan, PlanVersion)>, Selection), Error> {
        let latest = |id| self.read(caller, Action::View, |snapshot, sight| self.latest(snapshot, sight, caller, id));
        let kept = plan.map(latest).transpose()?;
        let selection = kept.as_ref().map_or(selection, |(plan, _)| Selection { scope: plan.scope, period: None });
        Ok((kept, selection))
    }

    /// Keeps a plan: as a new one, or as the next version of a kept one.
    pub fn save_plan(&self, caller: &Caller, selection: Selection, from: DraftFrom) -> Result<PlanId, Error> {
        caller.actor.authorize(Action::Plan)?;
        let (id, seen_version) = (from.plan, from.entry.as_ref().map(|entry| entry.seen.clone()).unwrap_or_default());
        let entered = from.entry.as_ref().map(|entry| entry.name.clone()).unwrap_or_default();
        // What a plan comes to can take seconds, in which others change other things.
        let seen = self.draft_plan(caller, selection, from)?;
        let (scope, draft) = (seen.view.scope.id, seen.content.ok_or(Error::NothingSubmitted)?);
        self.change(caller, |change, events| {
            let (id, event) = keep(change, caller, (scope, id, &seen_version), &entered, draft)?;
            events.push(event);
            Ok(id)
        })
    }

    /// The same inside a change, as of a quarter; and what is to be recorded of it.
    pub(super) fn save_plan_as_of(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        selection: Selection,
        from: DraftFrom,
    ) -> Result<(PlanId, Event), Error> {
        let sight = super::access::sight(change, caller)?;
        let before = from.plan.map(|id| self.latest(change, &sight, caller, id)).transpose()?;
        let (id, entry) = (from.plan, from.entry.clone().unwrap_or_default());
        let mut eye = Eye::new(self, change, &sight, selection, caller.at.date_naive())?;
        let period = eye.view.period.ok_or(Error::NothingSubmitted)?;
        let draft = draft(&mut eye, caller, period, before, from)?.ok_or(Error::NothingSubmitted)?;
        keep(change, caller, (selection.scope, id, &entry.seen), &entry.name, draft)
    }

    /// A version of a kept plan, the latest when none is named, for a part of those that it is made for.
    pub fn plan(
        &self,
        caller: &Caller,
        selection: Option<Selection>,
        id: PlanId,
        version: Option<u32>,
    ) -> Result<Seen<KeptPlan>, Error> {
        let plan = self.kept_plan(caller, id)?;
        let selection = selection.unwrap_or(Selection { scope: plan.scope, period: None });
        self.look(caller, selection, |mut eye| {
            let content = kept_plan(&mut eye, caller, plan, version)?;
            let (settings, roadmap) = (eye.settings().clone(), eye.roadmap());
            let catalog = Arc::clone(&content.catalog);
            Ok(Seen { view: eye.view, catalog, settings, roadmap, content: Some(content) })
        })
    }

    /// A practice of a team in the latest version of a kept plan.
    pub fn plan_item(
        &self,
        caller: &Caller,
        id: PlanId,
        team: TeamId,
        activity: &ActivityId,
    ) -> Result<Seen<PracticeSeen>, Error> {
        let missing = || Error::NotFound("practice in this plan");
        let selection = Selection { scope: ScopeId::Team(team), period: None };
        let Seen { view, catalog, settings, roadmap, content } = self.plan(caller, Some(selection), id, None)?;
        let of = view.teams.iter().find(|other| other.id == team).ok_or_else(missing)?;
        let content = content.and_then(|kept| PracticeSeen::new(kept, of.clone(), activity, &view.teams));
        Ok(Seen { content: Some(content.ok_or_else(missing)?), view, catalog, settings, roadmap })
    }

    /// How a scope transforms: its stages, what it does quarter by quarter, and when it will be there.
    pub fn transformation(&self, caller: &Caller, selection: Selection) -> Result<Seen<Transformation>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let roadmap = eye.roadmap();
            let stages = roadmap.progress(&overview.catalog, &overview.measures, &overview.scorecard);
            let forecast = eye.forecast(period)?;
            let followed = plan_or_proposal(eye, caller, period, None, None)?;
            Ok(Some(Transformation { overview, stages, followed, forecast }))
        })
    }

    /// Puts a plan aside.
    pub fn archive_plan(&self, caller: &Caller, id: PlanId) -> Result<(), Error> {
        self.set_aside(caller, id, true)
    }

    /// Takes a plan up again that was put aside.
    pub fn restore_plan(&self, caller: &Caller, id: PlanId) -> Result<(), Error> {
        self.set_aside(caller, id, false)
    }

    fn set_aside(&self, caller: &Caller, id: PlanId, aside: bool) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let plan = kept(change, caller, id)?;
            authorize(change, caller, plan.scope)?;
            if plan.archived_at.is_some() == aside {
                return Ok(());
            }
            change.archive_plan(id, aside.then_some(caller.at))?;
            let deed = if aside { Deed::PlanArchived } else { Deed::PlanRestored };
            events.push(Event::new(deed, plan.name.as_str()).with("plan", id.0));
            Ok(())
        })
    }

    /// Says who takes care of an activity in a plan, for a team; nobody when `owner` is empty. `seen`: the
    /// [`state`](crate::domain::digits::state) of the owner that the caller saw, when that may not have changed since.
    pub fn set_plan_owner(
        &self,
        caller: &Caller,
        id: PlanId,
        team: TeamId,
        activity: &ActivityId,
        owner: &str,
        seen: Option<&str>,
    ) -> Result<(), Error> {
        let owner = owner.split_whitespace().collect::<Vec<_>>().join(" ");
        let owner = tidy_text(&owner, OWNER_LIMIT).map_err(|error| Error::invalid("owner", error))?;
        self.change(caller, |change, events| {
            let plan = kept(change, caller, id)?;
            // Who manages a team may say who does what in it, also in a plan of more than this team.
            authorized(change, caller, Action::Plan, team)?;
            let (version, catalog) = version_of(self, change, &Sight::Teams([team].into()), id, plan.versions)?;
            let index = catalog.find(activity);
            let mut items = version.plan.items();
            if !items.any(|(_, item)| Some(item.activity) == index) {
                return Err(Error::NotFound("practice in this plan"));
            }
            if seen.is_some() {
                let owners = change.plan_owners(&Sight::Teams([team].into()), id)?;
                let present = owners.get(&(team, activity.clone())).map_or("", String::as_str);
                is_as_seen(&present, seen)?;
            }
            change.set_plan_owner(id, team, activity, &owner)?;
            events.push(owned((id, plan.name.as_str()), team, activity, &owner));
            Ok(())
        })
    }

    /// The kept plan of this number, without what it says.
    pub(super) fn kept_plan(&self, caller: &Caller, id: PlanId) -> Result<SavedPlan, Error> {
        self.read(caller, Action::View, |snapshot, _| kept(snapshot, caller, id))
    }

    /// The kept plan of this number with its latest version.
    fn latest(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
        caller: &Caller,
        id: PlanId,
    ) -> Result<(SavedPlan, PlanVersion), Error> {
        let plan = kept(snapshot, caller, id)?;
        let (version, _) = version_of(self, snapshot, sight, id, plan.versions)?;
        Ok((plan, version))
    }
}

/// What was drafted with its name, or everything that is wrong with them.
pub(super) fn ready(draft: Draft, entered: &str) -> Result<(Name, MadePlan), Error> {
    let name = Name::new(entered).map_err(|error| FieldFault::new("name", error));
    match (name, draft.made) {
        (Ok(name), Ok(made)) => Ok((name, made)),
        (name, made) => Err(Error::Invalid(name.err().into_iter().chain(made.err().into_iter().flatten()).collect())),
    }
}

/// Keeps what was drafted for a scope: as a new plan, or as the next version of one of which that version was seen.
fn keep(
    change: &mut Change<'_>,
    caller: &Caller,
    (scope, id, seen): (ScopeId, Option<PlanId>, &str),
    entered: &str,
    draft: Draft,
) -> Result<(PlanId, Event), Error> {
    authorize(change, caller, scope)?;
    let (name, made) = ready(draft, entered)?;
    let plans = change.plans()?;
    let mut others = plans.iter().filter(|plan| plan.scope == scope && Some(plan.id) != id);
    if others.any(|plan| plan.name.key() == name.key()) {
        let message = format!("there is a plan called “{name}” already: choose another name");
        return Err(Error::invalid("name", message));
    }
    let before = id.map(|id| plans.iter().find(|plan| plan.id == id).ok_or(Error::NotFound("plan")));
    let before = before.transpose()?;
    if let Some(before) = before.filter(|before| before.versions.to_string() != seen) {
        let message = format!("{} saved version {} meanwhile, so nothing was done", before.saved_by, before.versions);
        return Err(Error::Overtaken(message));
    }
    if let Some(before) = before {
        nothing_is_lost(change, caller, before)?;
    }
    let id = match before {
        None => change.add_plan(&name, scope)?,
        Some(before) => {
            if before.name != name {
                change.rename_plan(before.id, &name)?;
            }
            before.id
        }
    };
    let catalog = &made.overview.catalog;
    let version = PlanVersion {
        number: before.map_or(1, |before| before.versions + 1),
        saved_at: caller.at,
        saved_by: caller.actor.name().to_owned(),
        input: made.input,
        plan: made.plan,
        catalog: catalog.digest().clone(),
        period: made.overview.period,
        dimensions: BaselineDimension::all_of(&made.overview.scorecard),
        roadmap: made.roadmap,
    };
    change.add_plan_version(id, &version, catalog)?;
    let event = Event::new(Deed::PlanSaved, name.as_str()).with("plan", id.0).with("version", version.number);
    Ok((id, event.with("of", scope_of(scope)).with("start", version.plan.start.to_string())))
}

/// What is recorded when somebody is named who takes care of an activity.
pub(super) fn owned(plan: (PlanId, &str), team: TeamId, activity: &ActivityId, owner: &str) -> Event {
    let event = Event::new(Deed::PlanOwnerSet, plan.1).with("plan", plan.0.0).with("team", team.0);
    event.with("activity", activity.0.as_str()).with("owner", owner)
}

/// The kept plans that somebody sees, in the order of their names, with the names of their scopes.
pub(super) fn plans_seen(
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    caller: &Caller,
) -> Result<Vec<(SavedPlan, String)>, Error> {
    let (teams, groups) = (snapshot.teams(sight)?, super::access::groups(snapshot, sight, caller)?);
    let mut found = Vec::new();
    for plan in snapshot.plans()? {
        match scope(snapshot, sight, plan.scope, &teams, &groups) {
            Ok(of) => found.push((plan, of.name)),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// A kept plan or, where none is named, the one that is followed, or else what is proposed.
pub(super) fn plan_or_proposal(
    eye: &mut Eye<'_, '_>,
    caller: &Caller,
    period: Period,
    plan: Option<SavedPlan>,
    version: Option<u32>,
) -> Result<Followed, Error> {
    let plan = match plan {
        Some(plan) => Some(plan),
        None => followed(eye)?,
    };
    Ok(match plan {
        Some(plan) => Followed::Kept(Box::new(kept_plan(eye, caller, plan, version)?)),
        None => Followed::Proposed(proposal(eye, caller, period)?),
    })
}

/// What is proposed for the scope that is looked at.
fn proposal(eye: &mut Eye<'_, '_>, caller: &Caller, period: Period) -> Result<Arc<Proposal>, Error> {
    let (present, moment) = (Period::containing(caller.at), eye.moment(period)?.ok_or(Error::NothingSubmitted)?);
    if let Some(known) = moment.proposal(present) {
        return Ok(known);
    }
    let draft = draft(eye, caller, period, None, DraftFrom::default())?.ok_or(Error::NothingSubmitted)?;
    let proposal = Arc::new(draft.made);
    moment.keep_proposal(present, &proposal);
    Ok(proposal)
}

/// The plan that a scope follows: of those that are not put aside, the one that was saved last; its own before those of
/// a group or of the whole.
fn followed(eye: &mut Eye<'_, '_>) -> Result<Option<SavedPlan>, Error> {
    let asked = eye.view.selection.period;
    // Nobody followed a plan before it was saved.
    let was_there = |plan: &SavedPlan| asked.is_none_or(|asked| Period::containing(plan.saved_at) <= asked);
    let plans = eye.snapshot.plans()?.into_iter().filter(|plan| plan.archived_at.is_none() && was_there(plan));
    let near = plans.filter_map(|plan| Some((nearness(&eye.view, plan.scope)?, plan)));
    let nearest = near.min_by_key(|(nearness, plan)| (*nearness, std::cmp::Reverse((plan.saved_at, plan.id))));
    Ok(nearest.map(|(_, plan)| plan))
}

/// How near a plan of one scope is to the scope that is looked at: 0 its own, 1 that of a group it is in, 2 that of the
/// whole; `None` for plans of others.
pub(super) fn nearness(view: &View, of: ScopeId) -> Option<u8> {
    let is_in = |group: &GroupId| match view.scope.id {
        ScopeId::Team(id) => view.teams.iter().any(|team| team.id == id && team.groups.contains(group)),
        _ => false,
    };
    match of {
        of if of == view.scope.id => Some(0),
        ScopeId::Group(group) if is_in(&group) => Some(1),
        ScopeId::Organization => Some(2),
        _ => None,
    }
}

/// A version of a kept plan, the latest when none is named, for the scope that is looked at.
pub(super) fn kept_plan(
    eye: &mut Eye<'_, '_>,
    caller: &Caller,
    plan: SavedPlan,
    version: Option<u32>,
) -> Result<KeptPlan, Error> {
    let number = version.unwrap_or(plan.versions);
    let (mut version, catalog) = version_of(eye.cairn, eye.snapshot, &eye.sight, plan.id, number)?;
    let in_scope: HashSet<TeamId> = eye.view.teams_in_scope().map(|team| team.id).collect();
    version.plan.teams.retain(|team| in_scope.contains(&team.team));
    let (mut progress, mut course, mut now) = (None, None, None);
    if let Some(period) = eye.view.period {
        let is_part = eye.view.scope.id != plan.scope;
        if is_part {
            let of_plan = eye.at(plan.scope)?.roadmap();
            version.roadmap = version.input.applied_to_team(&eye.roadmap(), &of_plan).unwrap_or(version.roadmap);
        }
        if is_part || eye.view.is_limited {
            // What was kept of the dimensions is of the whole that the plan is made for, of which others see a part.
            let then = eye.overview(version.period)?;
            version.dimensions = then.map(|then| BaselineDimension::all_of(&then.scorecard)).unwrap_or_default();
        }
        now = eye.overview(period)?;
        let over = Period::containing(caller.at).previous();
        let due = eye.view.selection.period.map_or(over, |asked| asked.min(over));
        // Before it was made nothing could be done of it.
        if period >= version.period {
            progress = PlanProgress::new(&version.baseline(&catalog), &eye.history(period)?, due);
        }
        if let Some(then) = eye.overview(version.period)?
            && then.catalog.digest() == catalog.digest()
        {
            let (scope, threshold) = (eye.view.scope.clone(), eye.settings().threshold);
            course = Some(projection(&catalog, scope, &then.standings, &version.plan, threshold));
        }
    }
    let of = eye.at(plan.scope)?.view.scope;
    let owners = eye.snapshot.plan_owners(&eye.sight.clone(), plan.id)?;
    let versions = eye.snapshot.plan_heads(plan.id)?;
    Ok(KeptPlan { plan, of, version, catalog, versions, owners, now, progress, course })
}

/// The kept plan of this number, for somebody who sees those that it is made for.
pub(super) fn kept(snapshot: &mut Snapshot<'_>, caller: &Caller, id: PlanId) -> Result<SavedPlan, Error> {
    let sight = super::access::sight(snapshot, caller)?;
    let plan = snapshot.plans()?.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound("plan"))?;
    let (teams, groups) = (snapshot.teams(&sight)?, super::access::groups(snapshot, &sight, caller)?);
    match scope(snapshot, &sight, plan.scope, &teams, &groups) {
        Ok(_) => Ok(plan),
        Err(Error::NotFound(_)) => Err(Error::NotFound("plan")),
        Err(error) => Err(error),
    }
}

/// A version of a plan and the catalog that it counts activities in.
fn version_of(
    cairn: &Cairn,
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    id: PlanId,
    version: u32,
) -> Result<(PlanVersion, Arc<Catalog>), Error> {
    let missing = || Error::NotFound("version of this plan");
    let digest = snapshot.catalog_of_plan(id, version)?.ok_or_else(missing)?;
    let catalog = cairn.catalog_of(snapshot, &digest)?;
    let version = snapshot.plan_version(sight, id, version, &catalog)?.ok_or_else(missing)?;
    Ok((version, catalog))
}

/// An error where somebody would make the next version of a plan that is put aside, or that says something about teams
/// which they do not see: what they do not see they would leave out.
fn nothing_is_lost(snapshot: &mut Snapshot<'_>, caller: &Caller, plan: &SavedPlan) -> Result<(), Error> {
    if plan.archived_at.is_some() {
        return Err(Error::invalid("name", "this plan is put aside: take it up again first, or choose another name"));
    }
    let sight = super::access::sight(snapshot, caller)?;
    let whole = snapshot.plan_input(plan.id, plan.versions)?.ok_or(Error::NotFound("plan"))?;
    let mut seen = whole.clone();
    seen.forget_unseen(&sight);
    if seen != whole {
        let message = "this plan decides about teams that you do not see, which would be lost: somebody who sees all of them \
                       has to make it anew";
        return Err(Error::Refused(message.to_owned()));
    }
    Ok(())
}

/// An error unless somebody may make plans for all of a scope.
fn authorize(snapshot: &mut Snapshot<'_>, caller: &Caller, scope: ScopeId) -> Result<(), Error> {
    match scope {
        ScopeId::Organization => caller.actor.authorize_for_all(Action::Plan)?,
        ScopeId::Group(group) if caller.actor.reach().covers_group(group) => caller.actor.authorize(Action::Plan)?,
        ScopeId::Group(_) => caller.actor.authorize_for_all(Action::Plan)?,
        ScopeId::Team(team) => _ = authorized(snapshot, caller, Action::Plan, team)?,
    }
    Ok(())
}

fn scope_of(scope: ScopeId) -> String {
    match scope {
        ScopeId::Organization => scope.kind().to_owned(),
        ScopeId::Group(id) => format!("group {id}"),
        ScopeId::Team(id) => format!("team {id}"),
    }
}

/// What follows from what was entered, for the scope that is looked at.
fn draft(
    eye: &mut Eye<'_, '_>,
    caller: &Caller,
    period: Period,
    kept: Option<(SavedPlan, PlanVersion)>,
    from: DraftFrom,
) -> Result<Option<Draft>, Error> {
    let Some(overview) = eye.overview(period)? else { return Ok(None) };
    let present = Period::containing(caller.at);
    let (roadmap, estimates) = (eye.roadmap(), eye.estimates(period)?);
    let (catalog, teams) = (Arc::clone(&overview.catalog), eye.view.teams.clone());
    let subjects = Subjects::new(&catalog, &roadmap, &teams, present);
    let (entry, proposed) = match from.entry {
        Some(entry) => (entry, None),
        None => begun(eye, &overview, (period, present), &subjects, kept.as_ref())?,
    };
    let input = proposed.map_or_else(|| entry.check(&subjects), Ok);
    let entry = match from.about {
        Some((activity, team)) => entry.with_row(&activity, team, &subjects),
        None => entry,
    };
    let made = match input {
        Ok(input) => match made(eye, &overview, input)? {
            Ok(made) => Ok(made),
            Err(Unplannable::Roadmap(error)) => Err(vec![FieldFault::new("targets", error)]),
            Err(Unplannable::Plan(faults)) => {
                Err(faults.into_iter().map(|fault| entry.at_its_field(fault, &subjects)).collect())
            }
        },
        Err(faults) => Err(faults),
    };
    let efforts = catalog.activities().map(|(_, activity)| f64::from(activity.difficulty.effort()));
    let mean_effort = efforts.sum::<f64>() / catalog.len().max(1) as f64;
    let course_before = match &kept {
        // In another catalog its activities are others.
        Some((_, version)) if version.catalog == *catalog.digest() => {
            let (scope, threshold) = (overview.scope.clone(), eye.settings().threshold);
            Some(projection(&catalog, scope, &overview.standings, &version.plan, threshold))
        }
        _ => None,
    };
    let kept = kept.map(|(plan, _)| plan);
    Ok(Some(Draft { kept, present, entry, made, course_before, estimates, mean_effort }))
}

/// What a plan begins with: what a kept one says, or what is proposed, which is sound as it is.
fn begun(
    eye: &mut Eye<'_, '_>,
    overview: &Overview,
    (period, present): (Period, Period),
    subjects: &Subjects<'_>,
    kept: Option<&(SavedPlan, PlanVersion)>,
) -> Result<(PlanEntry, Option<PlanInput>), Error> {
    let Some((plan, version)) = kept else {
        let estimates = eye.estimates(period)?;
        let input = proposed(eye, overview, present, &estimates);
        return Ok((PlanEntry::of(&input, subjects), Some(input)));
    };
    // Made anew, it begins now.
    let input = PlanInput { start: version.input.start.max(present), ..version.input.clone() };
    let (name, seen) = (plan.name.to_string(), plan.versions.to_string());
    Ok((PlanEntry { name, seen, ..PlanEntry::of(&input, subjects) }, None))
}

/// What is proposed while nobody decided anything: from the next quarter on, each team as much as it did so far, and at
/// least so much that it gets through all stages within [`LONGEST`].
fn proposed(eye: &Eye<'_, '_>, overview: &Overview, present: Period, estimates: &Estimates) -> PlanInput {
    let least = |standing: &Standing| {
        let roadmap = eye.roadmaps().of_team(standing.team);
        let left = work_left(&overview.catalog, &planned(standing, roadmap), StageNumber(roadmap.stages().len()));
        (standing.team, Points::hundredths(left.in_hundredths().div_ceil(u64::from(LONGEST) * 100) * 100))
    };
    let least: Vec<(TeamId, Points)> = overview.standings.iter().map(least).collect();
    let usual = estimates.median.unwrap_or_else(|| {
        let most = least.iter().map(|(_, points)| *points).max().unwrap_or_default();
        most.max(Points::whole(UNKNOWN_CAPACITY))
    });
    let own = least.into_iter().map(|(team, least)| {
        let known = estimates.teams.get(&team).copied().filter(|points| !points.is_zero());
        (team, known.unwrap_or(usual).max(least))
    });
    let exceptions = own.filter(|(_, points)| *points != usual).map(|(team, points)| ((Some(team), None), points));
    PlanInput {
        start: present.next(),
        capacity: Capacity { each: usual, exceptions: exceptions.collect() },
        targets: BTreeMap::new(),
        wishes: BTreeMap::new(),
        left_out: Default::default(),
        decisions: BTreeMap::new(),
    }
}

/// Why no plan follows from an input.
enum Unplannable {
    /// The targets do not make a roadmap.
    Roadmap(NotARoadmap),
    /// What is decided cannot be planned.
    Plan(Vec<PlanFault>),
}

/// The plan that follows from an input, or what is wrong with that.
fn made(
    eye: &mut Eye<'_, '_>,
    overview: &Arc<Overview>,
    input: PlanInput,
) -> Result<Result<MadePlan, Unplannable>, Error> {
    let (own, others) = (&overview.standings, providers(eye, overview, &input)?);
    let of_scope = eye.roadmap();
    let roadmap = match input.applied_to(&of_scope) {
        Ok(roadmap) => roadmap,
        Err(error) => return Ok(Err(Unplannable::Roadmap(error))),
    };
    // As many as there are profiles, which are few.
    let mut applied: Vec<(Arc<Roadmap>, Roadmap)> = Vec::new();
    for standing in own.iter().chain(&others) {
        let of_team = eye.roadmaps().of_team(standing.team);
        if applied.iter().any(|(known, _)| Arc::ptr_eq(known, of_team)) {
            continue;
        }
        match input.applied_to_team(of_team, &of_scope) {
            Ok(changed) => applied.push((Arc::clone(of_team), changed)),
            Err(error) => return Ok(Err(Unplannable::Roadmap(error))),
        }
    }
    let roadmap_of = |team: TeamId| {
        let of_team = eye.roadmaps().of_team(team);
        applied.iter().find(|(known, _)| Arc::ptr_eq(known, of_team)).map_or(&roadmap, |(_, changed)| changed)
    };
    let catalog = &overview.catalog;
    let teams: Vec<PlannedTeam<'_>> =
        own.iter().chain(&others).map(|standing| planned(standing, roadmap_of(standing.team))).collect();
    // Those that only provide something are not planned here.
    let mut considered = input.clone();
    considered.left_out.extend(others.iter().map(|standing| standing.team));
    Ok(match schedule::plan(catalog, &teams, &considered) {
        Ok(plan) => {
            let (scope, threshold) = (overview.scope.clone(), eye.settings().threshold);
            let course = projection(catalog, scope, own, &plan, threshold);
            let dates = feasibility::dates(catalog, &roadmap, &teams, &considered, &plan);
            Ok(MadePlan { overview: Arc::clone(overview), roadmap: roadmap.clone(), input, plan, dates, course })
        }
        Err(faults) => Err(Unplannable::Plan(faults)),
    })
}

fn planned<'a>(standing: &'a Standing, roadmap: &'a Roadmap) -> PlannedTeam<'a> {
    PlannedTeam { team: standing.team, name: &standing.team_name, sheet: &standing.sheet, roadmap }
}

/// Where teams outside the scope stand that provide something for it, in the catalog of the scope.
fn providers(eye: &mut Eye<'_, '_>, overview: &Overview, input: &PlanInput) -> Result<Vec<Standing>, Error> {
    let is_inside = |team: TeamId| overview.standings.iter().any(|standing| standing.team == team);
    let mut wanted: Vec<TeamId> = input
        .decisions
        .values()
        .filter_map(|course| match course {
            Course::ProvidedBy(team) if !is_inside(*team) => Some(*team),
            _ => None,
        })
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = Vec::new();
    for team in wanted {
        let Some(of_team) = eye.at(ScopeId::Team(team))?.overview(overview.period)? else { continue };
        for standing in &of_team.standings {
            let sheet = standing.sheet_in(&of_team.catalog, &overview.catalog);
            found.push(Standing { sheet: Arc::new(sheet), original: None, ..standing.clone() });
        }
    }
    Ok(found)
}
