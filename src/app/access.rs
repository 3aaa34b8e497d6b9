//! Reading and changing on somebody's behalf: what they see of the teams, and the record of what they did.

use std::fmt::Debug;

use chrono::{DateTime, Utc};

use super::{Cairn, Error};
use crate::domain::access::{Action, Actor, Caller, Means, Reach, Separation, Sight};
use crate::domain::account::{Session, Token, User, UserId};
use crate::domain::audit::Event;
use crate::domain::digits::state;
use crate::domain::organization::{Group, Team, TeamId};
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
    /// its time, and what they may do may be taken from them meanwhile. In the same transaction it records what
    /// `make` says was done: a change that stands in no record is not possible, nor a record of what did not
    /// happen.
    pub(super) fn change<T, E: store::Cause + From<Error>>(
        &self,
        caller: &Caller,
        make: impl FnOnce(&mut Change<'_>, &mut Vec<Event>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.write(recorded(caller, make))
    }

    /// The same for what takes its time, since it goes over many teams, assessments or answers: nobody's change
    /// is kept from the disk by it.
    pub(super) fn long_change<T, E: store::Cause + From<Error>>(
        &self,
        caller: &Caller,
        make: impl FnOnce(&mut Change<'_>, &mut Vec<Event>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.write_alone(recorded(caller, make))
    }
}

/// What is made if the caller is still who they were, with the record of it.
fn recorded<T, E: store::Cause + From<Error>>(
    caller: &Caller,
    make: impl FnOnce(&mut Change<'_>, &mut Vec<Event>) -> Result<T, E>,
) -> impl FnOnce(&mut Change<'_>) -> Result<T, E> {
    move |change| {
        is_still_who_they_were(change, caller)?;
        let mut events = Vec::new();
        let made = make(change, &mut events)?;
        for event in &events {
            change.record_event(caller, event)?;
        }
        Ok(made)
    }
}

/// An error if somebody is not signed in any more, or may other things than when they were recognized.
fn is_still_who_they_were(snapshot: &mut Snapshot<'_>, caller: &Caller) -> Result<(), Error> {
    let actor = match caller.actor.means() {
        Means::User(_, Some(session)) => {
            let session = snapshot.session_with(session)?;
            person(snapshot, session.as_ref(), caller.at)?
        }
        Means::User(id, None) => enabled(snapshot, id)?.as_ref().map(actor_of),
        Means::Token(id) => program(snapshot.token(id)?.as_ref(), caller.at),
        Means::Operator | Means::Demo | Means::Nobody => return Ok(()),
    };
    if actor.as_ref() == Some(&caller.actor) { Ok(()) } else { Err(Error::SignedOut) }
}

/// An error if something is not any more in the [`state`] in which the caller saw it. `seen` is `None` where that does
/// not matter to them.
pub(super) fn is_as_seen(present: &impl Debug, seen: Option<&str>) -> Result<(), Error> {
    match seen {
        Some(seen) if seen != state(present) => {
            Err(Error::Overtaken("somebody else changed it meanwhile, so nothing was done".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whom a session is of, while it is open and they may come in.
pub(super) fn person(
    snapshot: &mut Snapshot<'_>,
    session: Option<&Session>,
    at: DateTime<Utc>,
) -> Result<Option<Actor>, store::Error> {
    let Some(session) = session.filter(|session| session.is_open_at(at)) else { return Ok(None) };
    Ok(enabled(snapshot, session.user)?.map(|user| actor_of(&user).with_session(session.id)))
}

/// Which program a token is of, while it is valid.
pub(super) fn program(token: Option<&Token>, at: DateTime<Utc>) -> Option<Actor> {
    let token = token.filter(|token| token.is_open_at(at))?;
    Some(Actor::token(token.id, token.name.as_str(), token.scope, token.reach.clone()))
}

/// The account with this number, if its owner may come in.
pub(super) fn enabled(snapshot: &mut Snapshot<'_>, id: UserId) -> Result<Option<User>, store::Error> {
    Ok(snapshot.user(id)?.filter(|user| user.disabled_at.is_none()))
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

/// The team with this number, for somebody who sees it and may do something for it.
pub(super) fn authorized(
    snapshot: &mut Snapshot<'_>,
    caller: &Caller,
    action: Action,
    id: TeamId,
) -> Result<Team, Error> {
    caller.actor.authorize(action)?;
    let sight = sight(snapshot, caller)?;
    let team = snapshot.team(&sight, id)?.ok_or(Error::NotFound("team"))?;
    caller.actor.authorize_for(action, &team)?;
    Ok(team)
}
