//! The stages of the transformation and the target profiles: looking at them and changing them.
//!
//! A change of them changes what every team has left. So it is shown before it is made.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::eye::Eye;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::Level;
use crate::domain::gap::Gap;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::change::{
    Dimensions, ProfileInput, RoadmapChange, RoadmapInput, RoadmapPreview, RoadmapSeen,
};
use crate::domain::roadmap::profiles::{Profile, ProfileId, Roadmaps};
use crate::domain::roadmap::stage::StageStanding;
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};
use crate::domain::view::{GapFilter, Seen, Selection};
use crate::store::{Change, Snapshot};

impl Cairn {
    /// The stages with the targets that hold for a scope.
    pub fn roadmap(&self, caller: &Caller, selection: Selection) -> Result<Arc<Roadmap>, Error> {
        self.read(caller, Action::View, |snapshot, sight| self.roadmap_at(snapshot, sight, caller, selection))
    }

    /// The same at the moment of a snapshot.
    pub(super) fn roadmap_at(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
        caller: &Caller,
        selection: Selection,
    ) -> Result<Arc<Roadmap>, Error> {
        Ok(Eye::new(self, snapshot, sight, selection, caller.at.date_naive())?.roadmap())
    }

    /// The stages, the profiles, and which of the teams that somebody sees has which.
    pub(super) fn roadmaps_of(&self, snapshot: &mut Snapshot<'_>, sight: &Sight) -> Result<Roadmaps, Error> {
        let (roadmap, profiles) = match snapshot.roadmap()? {
            Some((roadmap, profiles)) => (Arc::new(roadmap), profiles),
            None => (Arc::clone(&self.bundled_roadmap), Vec::new()),
        };
        let teams = snapshot.profiles_of_teams(sight)?;
        Ok(Roadmaps::new(roadmap, profiles, &teams))
    }

    /// The stages and profiles as they are.
    pub fn stages(&self, caller: &Caller) -> Result<RoadmapSeen, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let roadmaps = self.ground(snapshot, sight)?.roadmaps.clone();
            let dimensions = self.dimensions(snapshot, &roadmaps)?;
            let (default, present) = ((*self.bundled_roadmap).clone(), Period::containing(caller.at));
            Ok(RoadmapSeen { roadmaps, default, dimensions, present })
        })
    }

    /// The same for somebody who may change them.
    pub fn stages_to_change(&self, caller: &Caller) -> Result<RoadmapSeen, Error> {
        caller.actor.authorize(Action::ManageRoadmap)?;
        self.stages(caller)
    }

    /// How far a scope and its teams are with a stage.
    pub fn stage(
        &self,
        caller: &Caller,
        selection: Selection,
        number: StageNumber,
    ) -> Result<Seen<StageStanding>, Error> {
        let seen = self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let (roadmap, threshold) = (eye.roadmap(), eye.settings().threshold);
            Ok(StageStanding::new(overview, eye.roadmaps(), &roadmap, number, threshold))
        })?;
        if seen.roadmap.stage(number).is_none() {
            return Err(Error::NotFound("stage"));
        }
        Ok(seen)
    }

    /// What the teams of a scope have left of a stage, or of all stages, most urgent first.
    pub(super) fn practices(
        &self,
        caller: &Caller,
        selection: Selection,
        stage: Option<StageNumber>,
        dimension: Option<String>,
    ) -> Result<Seen<Vec<Gap>>, Error> {
        let filter = GapFilter { up_to: stage, dimension, ..GapFilter::default() };
        let mut seen = self.gaps(caller, selection, &filter)?;
        if let Some(gaps) = &mut seen.content {
            gaps.retain(|gap| gap.stage.is_some() && (stage.is_none() || gap.stage == stage));
            gaps.sort_by_key(|gap| gap.stage);
        }
        Ok(seen)
    }

    /// What other stages would do.
    pub fn preview_stages(&self, caller: &Caller, input: &RoadmapInput) -> Result<RoadmapPreview, Error> {
        self.read(caller, Action::ManageRoadmap, |snapshot, _| {
            let (current, change) = self.check_stages(snapshot, caller, input)?;
            let wanted = current.with(Arc::new(change.roadmap), change.profiles);
            self.preview(snapshot, caller, current, wanted, &change.was)
        })
    }

    /// Puts other stages into force.
    pub fn change_stages(&self, caller: &Caller, input: &RoadmapInput) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageRoadmap)?;
        self.change(caller, |change, events| {
            let (current, RoadmapChange { roadmap, profiles, .. }) = self.check_stages(change, caller, input)?;
            if roadmap == **current.organization() {
                return Ok(());
            }
            self.set_roadmap(change, &roadmap, &profiles)?;
            let event = Event::new(Deed::RoadmapChanged, "Stages").with("stages", in_words(roadmap.stages()));
            events.push(event.with("stages_before", in_words(current.organization().stages())));
            Ok(())
        })
    }

    /// What another profile would do: a new one (`None`), or one that is there with other targets.
    pub fn preview_profile(
        &self,
        caller: &Caller,
        id: Option<ProfileId>,
        input: &ProfileInput,
    ) -> Result<RoadmapPreview, Error> {
        self.read(caller, Action::ManageRoadmap, |snapshot, _| {
            let (current, profile) = self.check_profile(snapshot, id, input)?;
            let wanted = current.with(Arc::clone(current.organization()), replaced(&current, id, Some(profile)));
            let was: Vec<_> = (1..=current.organization().stages().len()).map(|n| Some(StageNumber(n))).collect();
            self.preview(snapshot, caller, current, wanted, &was)
        })
    }

    /// Adds a profile (`None`), or changes one that is there.
    pub fn change_profile(
        &self,
        caller: &Caller,
        id: Option<ProfileId>,
        input: &ProfileInput,
    ) -> Result<ProfileId, Error> {
        caller.actor.authorize(Action::ManageRoadmap)?;
        self.change(caller, |change, events| {
            let (current, profile) = self.check_profile(change, id, input)?;
            let before = id.and_then(|id| current.profile(id));
            if before != Some(&profile) {
                let profiles = replaced(&current, id, Some(profile.clone()));
                self.set_roadmap(change, current.organization(), &profiles)?;
                events.push(changed(&current, before, Some(&profile)));
            }
            Ok(profile.id)
        })
    }

    /// Removes a profile; `seen` is the fingerprint of what the caller saw. The teams that had it have the targets
    /// of the organization from then on.
    pub fn remove_profile(&self, caller: &Caller, id: ProfileId, seen: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageRoadmap)?;
        self.change(caller, |change, events| {
            let current = self.seen_as(change, seen)?;
            let before = current.profile(id).ok_or(Error::NotFound("profile"))?;
            let had: Vec<TeamId> = change.teams(&Sight::Everything)?.iter().map(|team| team.id).collect();
            let had = had.into_iter().filter(|team| current.profile_of(*team) == Some(before)).collect::<Vec<_>>();
            events.extend(assigned(change, &current, &had, None)?);
            self.set_roadmap(change, current.organization(), &replaced(&current, Some(id), None))?;
            events.push(changed(&current, Some(before), None));
            Ok(())
        })
    }

    /// Gives some teams a profile; `None`: the targets of the organization. `seen` is the fingerprint of what the
    /// caller saw. Gives how many had another before.
    pub fn assign_profile(
        &self,
        caller: &Caller,
        teams: &[TeamId],
        profile: Option<ProfileId>,
        seen: &str,
    ) -> Result<usize, Error> {
        caller.actor.authorize(Action::ManageRoadmap)?;
        if teams.is_empty() {
            return Err(Error::invalid("team", "choose at least one team"));
        }
        self.change(caller, |change, events| {
            let current = self.seen_as(change, seen)?;
            if profile.is_some_and(|id| current.profile(id).is_none()) {
                return Err(Error::invalid("profile", "there is no such profile any more: choose another"));
            }
            let is_other = |team: &TeamId| current.profile_of(*team).map(|profile| profile.id) != profile;
            let mut others: Vec<TeamId> = teams.iter().copied().filter(is_other).collect();
            others.sort_unstable();
            others.dedup();
            events.extend(assigned(change, &current, &others, profile)?);
            change.set_profile_of(&others, profile)?;
            Ok(others.len())
        })
    }

    /// The stages and profiles that apply, and those that a person entered. What was entered for stages that
    /// somebody else changed meanwhile is not looked at.
    fn check_stages(
        &self,
        snapshot: &mut Snapshot<'_>,
        caller: &Caller,
        input: &RoadmapInput,
    ) -> Result<(Roadmaps, RoadmapChange), Error> {
        let current = self.seen_as(snapshot, &input.seen)?;
        let dimensions = self.dimensions(snapshot, &current)?;
        let change = input.check(&current, &dimensions, Period::containing(caller.at)).map_err(Error::Invalid)?;
        Ok((current, change))
    }

    fn check_profile(
        &self,
        snapshot: &mut Snapshot<'_>,
        id: Option<ProfileId>,
        input: &ProfileInput,
    ) -> Result<(Roadmaps, Profile), Error> {
        let current = self.seen_as(snapshot, &input.seen)?;
        if id.is_some_and(|id| current.profile(id).is_none()) {
            return Err(Error::NotFound("profile"));
        }
        let dimensions = self.dimensions(snapshot, &current)?;
        let profile = input.check(id, &current, &dimensions).map_err(Error::Invalid)?;
        Ok((current, profile))
    }

    /// What applies, if a person who wants to change it saw it as it is.
    fn seen_as(&self, snapshot: &mut Snapshot<'_>, seen: &str) -> Result<Roadmaps, Error> {
        let current = self.roadmaps_of(snapshot, &Sight::Everything)?;
        if seen != current.fingerprint() {
            let message = "the roadmap was changed by somebody else meanwhile, so nothing was done";
            return Err(Error::Overtaken(message.to_owned()));
        }
        Ok(current)
    }

    fn dimensions(&self, snapshot: &mut Snapshot<'_>, roadmaps: &Roadmaps) -> Result<Dimensions, Error> {
        Ok(Dimensions::new(&*self.catalog_in_use(snapshot)?, roadmaps))
    }

    fn preview(
        &self,
        snapshot: &mut Snapshot<'_>,
        caller: &Caller,
        current: Roadmaps,
        wanted: Roadmaps,
        was: &[Option<StageNumber>],
    ) -> Result<RoadmapPreview, Error> {
        let (dimensions, in_use) = (self.dimensions(snapshot, &current)?, self.catalog_in_use(snapshot)?);
        let today = caller.at.date_naive();
        let mut eye = Eye::new(self, snapshot, &Sight::Everything, Selection::ORGANIZATION, today)?;
        let overview = match eye.view.period {
            Some(period) => eye.overview(period)?,
            None => None,
        };
        let (overview, threshold) = (overview.as_deref(), eye.settings().threshold);
        let catalog = overview.map_or(&*in_use, |overview| &*overview.catalog);
        Ok(RoadmapPreview::new(current, wanted, was, dimensions, catalog, overview, threshold))
    }

    /// Keeps stages and profiles. As long as they are what they would be anyway, nothing is kept, so that better
    /// defaults of a later version take their place.
    pub(super) fn set_roadmap(
        &self,
        change: &mut Change<'_>,
        roadmap: &Roadmap,
        profiles: &[Profile],
    ) -> Result<(), Error> {
        let is_default = *roadmap == *self.bundled_roadmap && profiles.is_empty();
        Ok(change.set_roadmap((!is_default).then_some((roadmap, profiles)))?)
    }
}

/// The profiles with one replaced (`None`: added) or removed.
fn replaced(current: &Roadmaps, id: Option<ProfileId>, by: Option<Profile>) -> Vec<Profile> {
    let mut profiles: Vec<Profile> = current.profiles().map(|(profile, _)| profile.clone()).collect();
    match (profiles.iter().position(|profile| Some(profile.id) == id), by) {
        (Some(place), Some(by)) => profiles.iter_mut().skip(place).take(1).for_each(|profile| *profile = by.clone()),
        (Some(place), None) => _ = profiles.remove(place),
        (None, by) => profiles.extend(by),
    }
    profiles
}

/// What is recorded of a profile that was added, changed or removed.
pub(super) fn changed(current: &Roadmaps, before: Option<&Profile>, after: Option<&Profile>) -> Event {
    let name = after.or(before).map(|profile| profile.name.as_str()).unwrap_or_default();
    let stages = current.organization();
    let target = |((stage, dimension), level): (&(StageNumber, String), &Level)| {
        let name = stages.stage(*stage).map_or("", |stage| &stage.name);
        format!("{name}: {dimension} {level}")
    };
    let targets = |profile: &Profile| -> Vec<String> { profile.targets.iter().map(target).collect() };
    let mut event = Event::new(Deed::RoadmapChanged, format!("Profile {name}"));
    if let Some(before) = before {
        event = event.with("name_before", before.name.as_str()).with("targets_before", targets(before));
    }
    match after {
        Some(after) => event.with("name", after.name.as_str()).with("targets", targets(after)),
        None => event.with("removed", true),
    }
}

/// What is recorded of teams that are given a profile; nothing when there is none. An error if one of them is not
/// there.
pub(super) fn assigned(
    snapshot: &mut Snapshot<'_>,
    current: &Roadmaps,
    teams: &[TeamId],
    profile: Option<ProfileId>,
) -> Result<Option<Event>, Error> {
    const NONE: &str = "the organization's targets";
    if teams.is_empty() {
        return Ok(None);
    }
    let name_of = |profile: Option<&Profile>| profile.map_or(NONE.to_owned(), |profile| profile.name.to_string());
    let names: BTreeMap<TeamId, String> =
        snapshot.teams(&Sight::Everything)?.into_iter().map(|team| (team.id, team.name.to_string())).collect();
    let mut before: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for team in teams {
        let name = names.get(team).ok_or(Error::NotFound("team"))?.clone();
        before.entry(format!("before: {}", name_of(current.profile_of(*team)))).or_default().push(name);
    }
    let after = name_of(profile.and_then(|id| current.profile(id)));
    let event = Event::new(Deed::ProfileAssigned, after).with("teams", teams.len());
    Ok(Some(before.into_iter().fold(event, |event, (name, teams)| event.with(&name, teams))))
}

/// Stages in a line each.
pub(super) fn in_words(stages: &[Stage]) -> Vec<String> {
    let line = |stage: &Stage| {
        let targets = stage.targets.iter().map(|(dimension, level)| format!("{dimension} {level}"));
        let targets = targets.collect::<Vec<_>>().join(", ");
        let wished = stage.wished.map(|period| format!(", by {period}")).unwrap_or_default();
        format!("{}: {targets}{wished}. Goal: {} Exit check: {}", stage.name, stage.goal, stage.exit_check)
    };
    stages.iter().map(line).collect()
}
