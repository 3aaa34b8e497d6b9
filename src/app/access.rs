//! Reading and changing on somebody's behalf: what they see of the teams, and the record of what they did.

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Reach, Separation, Sight};
use crate::domain::audit::Event;
use crate::domain::organization::Team;
use crate::store::{self, Change, Snapshot};

impl Cairn {
    /// Reads at one moment, for somebody who may do it, what they see of it.
    pub(super) fn read<T>(
        &self,
        caller: &Caller,
        action: Action,
        look: impl FnOnce(&mut Snapshot<'_>, &Sight) -> Result<T, Error>,
    ) -> Result<T, Error> {
        caller.actor.authorize(action)?;
        self.store.read(|snapshot| {
            let sight = sight(snapshot, caller)?;
            look(snapshot, &sight)
        })
    }

    /// Changes something, and in the same transaction records what `make` says was done: a change that
    /// stands in no record is not possible, nor a record of what did not happen.
    pub(super) fn change<T, E: store::Cause>(
        &self,
        caller: &Caller,
        make: impl FnOnce(&mut Change<'_>, &mut Vec<Event>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.write(|change| {
            let mut events = Vec::new();
            let made = make(change, &mut events)?;
            for event in &events {
                change.record_event(caller, event)?;
            }
            Ok(made)
        })
    }
}

/// The teams that somebody sees: all of them, unless the organization keeps its teams apart.
pub(super) fn sight(snapshot: &mut Snapshot<'_>, caller: &Caller) -> Result<Sight, store::Error> {
    let reach = caller.actor.reach();
    if *reach == Reach::Everything || snapshot.separation()? == Separation::Open {
        return Ok(Sight::Everything);
    }
    let teams = snapshot.teams(&Sight::Everything)?;
    Ok(Sight::Teams(teams.iter().filter(|team| reach.covers(team)).map(|team| team.id).collect()))
}

/// The team that something is about, for somebody who sees it and may do it for that team.
pub(super) fn authorized(
    snapshot: &mut Snapshot<'_>,
    caller: &Caller,
    action: Action,
    find: impl FnOnce(&mut Snapshot<'_>, &Sight) -> Result<Option<Team>, store::Error>,
) -> Result<Team, Error> {
    caller.actor.authorize(action)?;
    let sight = sight(snapshot, caller)?;
    let team = find(snapshot, &sight)?.ok_or(Error::NotFound("team"))?;
    caller.actor.authorize_for(action, &team)?;
    Ok(team)
}
