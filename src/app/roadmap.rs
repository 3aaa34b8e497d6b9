//! The stages of the transformation and the target profiles: looking at them and changing them.

use std::sync::Arc;

use super::maturity::Eye;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::roadmap::Roadmap;
use crate::domain::roadmap::profiles::Roadmaps;
use crate::domain::view::Selection;
use crate::store::Snapshot;

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
}
