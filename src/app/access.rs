//! Reading and changing on somebody's behalf: what they see of the teams, and the record of what they did.

use super::{Cairn, Error};
use crate::domain::access::{Action, Actor, Caller, Means, Reach, Separation, Sight};
use crate::domain::account::User;
use crate::domain::audit::Event;
use crate::domain::organization::{Group, Team};
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

    /// Changes something, if the caller is still who they were when they began to ask: what they send may take
    /// its time, and what they may do may be taken from them meanwhile. In the same transaction it records what `make` says was done: a change that
    /// stands in no record is not possible, nor a record of what did not happen.
    pub(super) fn change<T, E: store::Cause + From<Error>>(
        &self,
        caller: &Caller,
        make: impl FnOnce(&mut Change<'_>, &mut Vec<Event>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.write(|change| {
            is_still_who_they_were(change, caller)?;
            let mut events = Vec::new();
            let made = make(change, &mut events)?;
            for event in &events {
                change.record_event(caller, event)?;
            }
            Ok(made)
        })
    }
}

/// An error if somebody is not signed in any more, or may other things than when they were recognized.
fn is_still_who_they_were(snapshot: &mut Snapshot<'_>, caller: &Caller) -> Result<(), Error> {
    let actor = match caller.actor.means() {
        Means::User(id, session) => {
            if let Some(session) = session {
                let own = snapshot.sessions_of(id)?.into_iter().find(|own| own.id == session);
                own.filter(|own| own.is_open_at(caller.at)).ok_or(Error::SignedOut)?;
            }
            let user = snapshot.user(id)?.filter(|user| user.disabled_at.is_none()).ok_or(Error::SignedOut)?;
            let actor = actor_of(&user);
            session.map_or(actor.clone(), |session| actor.with_session(session))
        }
        Means::Token(id) => {
            let token = snapshot.token(id)?.filter(|token| token.is_open_at(caller.at)).ok_or(Error::SignedOut)?;
            Actor::token(token.id, token.name.as_str(), token.scope, token.reach)
        }
        Means::Operator | Means::Demo | Means::Nobody => return Ok(()),
    };
    if actor == caller.actor { Ok(()) } else { Err(Error::SignedOut) }
}

/// What an account stands for.
pub(super) fn actor_of(user: &User) -> Actor {
    Actor::user(user.id, user.name.as_str(), user.role, user.reach.clone())
}

/// The groups that somebody sees: those in which they see a team, and those that their role is about.
pub(super) fn groups(snapshot: &mut Snapshot<'_>, sight: &Sight, caller: &Caller) -> Result<Vec<Group>, store::Error> {
    let seen = snapshot.groups(sight)?;
    let Reach::Some { groups, .. } = caller.actor.reach() else { return Ok(seen) };
    let mut all = snapshot.groups(&Sight::Everything)?;
    all.retain(|group| seen.contains(group) || groups.contains(&group.id));
    Ok(all)
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
