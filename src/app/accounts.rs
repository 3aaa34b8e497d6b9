//! Who may come in, and what they are trusted with: accounts, tokens, and the separation of teams.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::access::is_as_seen;
use super::assessments::name_of;
use super::sign_in::{open_sessions, random};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Reach, Role, Separation, Sight, TokenScope};
use crate::domain::account::{PasswordLink, Secret, Session, Token, TokenId, User, UserId};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::{Faults, FieldFault};
use crate::domain::named::Named;
use crate::domain::organization::{GroupId, Name, TeamId};
use crate::domain::view::{AccountsSeen, TokenSeen};
use crate::store::{Change, Snapshot};

/// What an administrator enters about what somebody may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    /// What they are trusted with.
    pub role: Role,
    /// Whether that is about all teams; then the chosen ones do not matter.
    pub everything: bool,
    /// The teams it is about.
    pub teams: Vec<TeamId>,
    /// The groups whose teams it is about.
    pub groups: Vec<GroupId>,
}

/// What an administrator enters about a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenInput {
    /// What it is for.
    pub name: String,
    /// What it is trusted with.
    pub scope: TokenScope,
    /// Whether that is about all teams; then the chosen ones do not matter.
    pub everything: bool,
    /// The teams that it is about.
    pub teams: Vec<TeamId>,
    /// For how many days it is valid.
    pub days: i64,
    /// The activities for which what it proposes is put into a draft without a person.
    pub trusted_for: Vec<ActivityId>,
}

impl Cairn {
    /// All accounts and tokens.
    pub fn accounts(&self, caller: &Caller) -> Result<AccountsSeen, Error> {
        self.read(caller, Action::ManageAccounts, |snapshot, sight| {
            Ok(AccountsSeen {
                users: snapshot.users()?,
                tokens: snapshot.tokens()?,
                teams: snapshot.teams(sight)?,
                groups: snapshot.groups(sight)?,
                catalog: self.catalog_in_use(snapshot)?,
                separation: snapshot.separation()?,
            })
        })
    }

    /// An account and its open sessions.
    pub fn account(&self, caller: &Caller, id: UserId) -> Result<(User, Vec<Session>), Error> {
        self.read(caller, Action::ManageAccounts, |snapshot, _| {
            Ok((find(snapshot, id)?, open_sessions(snapshot, caller, id)?))
        })
    }

    /// The account of this name.
    pub fn account_named(&self, caller: &Caller, name: &str) -> Result<User, Error> {
        let key = Name::new(name).map_err(|error| Error::invalid("name", error))?;
        self.read(caller, Action::ManageAccounts, |snapshot, _| {
            snapshot.user_named(&key)?.ok_or_else(|| Error::invalid("name", format!("there is no account “{key}”")))
        })
    }

    /// Adds an account. What comes back is the link with which its owner sets the password.
    pub fn add_user(&self, caller: &Caller, name: &str, rights: &Rights) -> Result<(UserId, Secret), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        let link = random("")?;
        let id = self.change(caller, |change, events| {
            let mut faults = Vec::new();
            let name = User::name(name).map_err(|error| faults.push(FieldFault::new("name", error))).ok();
            if let Some(name) = &name
                && change.user_named(name)?.is_some()
            {
                faults.push(FieldFault::new("name", format!("there is already an account “{name}”")));
            }
            let reach = check_rights(change, rights)?.map_err(|fault| faults.push(fault)).ok();
            let (Some(name), Some(reach), true) = (name, reach, faults.is_empty()) else {
                return Err(Error::Invalid(faults));
            };
            let id = change.add_user(&name, rights.role, &reach, caller.at)?;
            events.push(about_rights(change, Deed::UserAdded, &name, id, rights.role, &reach)?);
            events.push(make_link(change, caller, &name, id, &link)?);
            Ok(id)
        })?;
        Ok((id, link))
    }

    /// Gives an account another role and reach. `seen`: the [`state`](crate::domain::digits::state) of its
    /// [`User::rights`] that the caller saw, when they may not have changed since.
    pub fn change_rights(&self, caller: &Caller, id: UserId, rights: &Rights, seen: Option<&str>) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let user = find(change, id)?;
            is_as_seen(&user.rights(), seen)?;
            let reach = check_rights(change, rights)?.map_err(|fault| Error::Invalid(vec![fault]))?;
            if user.role == rights.role && user.reach == reach {
                return Ok(());
            }
            if rights.role != Role::Administrator {
                is_not_the_last(change, &user)?;
            }
            change.update_user(id, rights.role, &reach)?;
            let event = about_rights(change, Deed::UserChanged, &user.name, id, rights.role, &reach)?;
            events.push(event.with("role_before", user.role.name()));
            Ok(())
        })
    }

    /// Disables an account: its owner cannot sign in any more, and is signed out. What they did stays theirs.
    pub fn disable_user(&self, caller: &Caller, id: UserId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let user = find(change, id)?;
            if user.disabled_at.is_some() {
                return Ok(());
            }
            is_not_the_last(change, &user)?;
            change.set_disabled(id, Some(caller.at))?;
            change.end_sessions(id, None, caller.at)?;
            change.remove_password_link(id)?;
            events.push(Event::new(Deed::UserDisabled, user.name.as_str()).with("user", id.0));
            Ok(())
        })
    }

    /// Enables a disabled account again, with the password that it had.
    pub fn enable_user(&self, caller: &Caller, id: UserId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let user = find(change, id)?;
            if user.disabled_at.is_some() {
                change.set_disabled(id, None)?;
                events.push(Event::new(Deed::UserEnabled, user.name.as_str()).with("user", id.0));
            }
            Ok(())
        })
    }

    /// Makes a link with which the owner of an account sets another password. The present one stays valid
    /// until then; a link that was made before opens nothing any more.
    pub fn make_password_link(&self, caller: &Caller, id: UserId) -> Result<Secret, Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        let link = random("")?;
        self.change(caller, |change, events| {
            let user = find(change, id)?;
            if user.disabled_at.is_some() {
                return Err(Error::Refused("this account is disabled; enable it first".into()));
            }
            events.push(make_link(change, caller, &user.name, id, &link)?);
            Ok(())
        })?;
        Ok(link)
    }

    /// Signs an account out everywhere.
    pub fn end_sessions_of(&self, caller: &Caller, id: UserId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let user = find(change, id)?;
            let open = open_sessions(change, caller, id)?.len();
            change.end_sessions(id, None, caller.at)?;
            events.push(Event::new(Deed::SessionsEnded, user.name.as_str()).with("user", id.0).with("sessions", open));
            Ok(())
        })
    }

    /// Says who sees which teams. `seen`: the [`state`](crate::domain::digits::state) of it that the caller saw, when it
    /// may not have changed since.
    pub fn set_separation(&self, caller: &Caller, wanted: Separation, seen: Option<&str>) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let before = change.separation()?;
            is_as_seen(&before, seen)?;
            if before != wanted {
                change.set_separation(wanted)?;
                let event = Event::new(Deed::SettingsChanged, "Separation of teams");
                events.push(event.with("separation", wanted.name()).with("before", before.name()));
            }
            Ok(())
        })
    }

    /// Makes a token. What comes back is its text, which is kept nowhere.
    pub fn create_token(&self, caller: &Caller, input: &TokenInput) -> Result<Secret, Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        let secret = random(Token::PREFIX)?;
        self.change(caller, |change, events| {
            let mut faults = Vec::new();
            let name = Name::new(&input.name).map_err(|error| faults.push(FieldFault::new("name", error))).ok();
            if let Some(name) = &name
                && change.token_named(name)?.is_some()
            {
                let message = format!("there is, or was, a token “{name}”; names of tokens are not used twice");
                faults.push(FieldFault::new("name", message));
            }
            if !(1..=Token::MOST_DAYS).contains(&input.days) {
                let message = format!("a token is valid for 1 to {} days", Token::MOST_DAYS);
                faults.push(FieldFault::new("days", message));
            }
            // Nothing chosen must not stand for everything: who forgets to choose would give away too much.
            if !input.everything && input.teams.is_empty() {
                faults.push(FieldFault::new("reach", "choose all teams, or at least one"));
            }
            let chosen: BTreeSet<TeamId> =
                if input.everything { BTreeSet::new() } else { input.teams.iter().copied().collect() };
            let teams = change.teams(&Sight::Everything)?;
            let names: Vec<&str> =
                teams.iter().filter(|team| chosen.contains(&team.id)).map(|team| team.name.as_str()).collect();
            if names.len() != chosen.len() {
                faults.push(FieldFault::new("reach", "a chosen team does not exist any more"));
            }
            let trusted = self.check_trust(change, input.scope, &input.trusted_for, &[], &mut faults)?;
            let (Some(name), true) = (name, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
            let expires_at = caller.at + TimeDelta::days(input.days);
            let limit = (!chosen.is_empty()).then_some(&chosen);
            let id = change.add_token(&name, &secret.digest(), input.scope, limit, caller, expires_at)?;
            let event = Event::new(Deed::TokenMade, name.as_str()).with("token", id.0);
            let event = event.with("scope", input.scope.name());
            let event = if input.everything { event.with("reach", "all teams") } else { event.with("teams", names) };
            events.push(event.with("expires", expires_at.date_naive().to_string()));
            if !trusted.is_empty() {
                events.push(self.set_trust(change, id, &name, &trusted)?);
            }
            Ok::<(), Error>(())
        })?;
        Ok(secret)
    }

    /// The token of this name.
    pub fn token_named(&self, caller: &Caller, name: &str) -> Result<TokenId, Error> {
        let name = Name::new(name).map_err(|error| Error::invalid("name", error))?;
        self.read(caller, Action::ManageAccounts, |snapshot, _| {
            snapshot.token_named(&name)?.ok_or_else(|| Error::invalid("name", format!("there is no token “{name}”")))
        })
    }

    /// The token with this number.
    pub fn token(&self, caller: &Caller, id: TokenId) -> Result<TokenSeen, Error> {
        self.read(caller, Action::ManageAccounts, |snapshot, sight| {
            Ok(TokenSeen {
                token: snapshot.token(id)?.ok_or(Error::NotFound("token"))?,
                teams: snapshot.teams(sight)?,
                catalog: self.catalog_in_use(snapshot)?,
            })
        })
    }

    /// Says for which activities a token is trusted: what it proposes for them is put into a draft without a
    /// person. For no others any more. `seen`: the [`state`](crate::domain::digits::state) of what the caller saw that it
    /// is trusted for, when that may not have changed since.
    pub fn trust_token(
        &self,
        caller: &Caller,
        id: TokenId,
        activities: &[ActivityId],
        seen: Option<&str>,
    ) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let token = change.token(id)?.ok_or(Error::NotFound("token"))?;
            is_as_seen(&token.trusted_for, seen)?;
            if token.revoked_at.is_some() {
                return Err(Error::Refused("this token is revoked and proposes nothing any more".into()));
            }
            let (mut faults, before) = (Vec::new(), &token.trusted_for);
            let kept: Vec<ActivityId> = before.iter().cloned().collect();
            let trusted = self.check_trust(change, token.scope, activities, &kept, &mut faults)?;
            if !faults.is_empty() {
                return Err(Error::Invalid(faults));
            }
            if trusted != *before {
                events.push(self.set_trust(change, id, &token.name, &trusted)?);
            }
            Ok(())
        })
    }

    /// The activities that a token is to be trusted for. `kept` are those for which it is already: they stay possible
    /// where the catalog does not have them any more.
    fn check_trust(
        &self,
        snapshot: &mut Snapshot<'_>,
        scope: TokenScope,
        activities: &[ActivityId],
        kept: &[ActivityId],
        faults: &mut Vec<FieldFault>,
    ) -> Result<BTreeSet<ActivityId>, Error> {
        let catalog = self.catalog_in_use(snapshot)?;
        let trusted: BTreeSet<ActivityId> = activities.iter().cloned().collect();
        if scope == TokenScope::Read && !trusted.is_empty() {
            faults.push(FieldFault::new("trust", "a token that only reads proposes nothing"));
        }
        for unknown in trusted.iter().filter(|id| catalog.find(id).is_none() && !kept.contains(id)).take(Faults::KEPT) {
            let shown: String = unknown.0.chars().filter(|c| !c.is_control()).take(60).collect();
            faults.push(FieldFault::new("trust", format!("the catalog has no activity “{shown}”")));
        }
        Ok(trusted)
    }

    fn set_trust(
        &self,
        change: &mut Change<'_>,
        id: TokenId,
        name: &Name,
        trusted: &BTreeSet<ActivityId>,
    ) -> Result<Event, Error> {
        change.set_trust(id, trusted)?;
        let catalog = self.catalog_in_use(change)?;
        let names: Vec<String> = trusted.iter().map(|activity| name_of(&catalog, activity)).collect();
        Ok(Event::new(Deed::TokenTrusted, name.as_str()).with("token", id.0).with("activities", names))
    }

    /// Revokes a token: it opens nothing any more, from now on and for good.
    pub fn revoke_token(&self, caller: &Caller, id: TokenId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        self.change(caller, |change, events| {
            let token = change.token(id)?.ok_or(Error::NotFound("token"))?;
            if token.revoked_at.is_none() {
                change.revoke_token(id, caller.at)?;
                events.push(Event::new(Deed::TokenRevoked, token.name.as_str()).with("token", id.0));
            }
            Ok(())
        })
    }
}

fn find(snapshot: &mut Snapshot<'_>, id: UserId) -> Result<User, Error> {
    snapshot.user(id)?.ok_or(Error::NotFound("account"))
}

/// Without an administrator who can sign in nobody could let anybody in.
fn is_not_the_last(snapshot: &mut Snapshot<'_>, user: &User) -> Result<(), Error> {
    let is_one = user.role == Role::Administrator && user.disabled_at.is_none();
    if is_one && snapshot.other_administrators(user.id)? == 0 {
        let message = "this is the last administrator who can sign in; make somebody else one first";
        return Err(Error::Refused(message.into()));
    }
    Ok(())
}

/// The reach that was chosen, or what is wrong with it.
fn check_rights(snapshot: &mut Snapshot<'_>, rights: &Rights) -> Result<Result<Reach, FieldFault>, Error> {
    if rights.everything || rights.role == Role::Administrator {
        return Ok(Ok(Reach::Everything));
    }
    let teams: BTreeSet<TeamId> = rights.teams.iter().copied().collect();
    let groups: BTreeSet<GroupId> = rights.groups.iter().copied().collect();
    if teams.is_empty() && groups.is_empty() {
        return Ok(Err(FieldFault::new("reach", "choose all teams, or at least one team or group")));
    }
    let (known_teams, known_groups) = (snapshot.teams(&Sight::Everything)?, snapshot.groups(&Sight::Everything)?);
    let exist = teams.iter().all(|id| known_teams.iter().any(|team| team.id == *id))
        && groups.iter().all(|id| known_groups.iter().any(|group| group.id == *id));
    if !exist {
        return Ok(Err(FieldFault::new("reach", "a chosen team or group does not exist any more")));
    }
    Ok(Ok(Reach::Some { teams, groups }))
}

/// What was done to the rights of an account, with the names of what they are about.
pub(super) fn about_rights(
    snapshot: &mut Snapshot<'_>,
    deed: Deed,
    name: &Name,
    id: UserId,
    role: Role,
    reach: &Reach,
) -> Result<Event, Error> {
    let event = Event::new(deed, name.as_str()).with("user", id.0).with("role", role.name());
    let Reach::Some { teams, groups } = reach else { return Ok(event.with("reach", "all teams")) };
    let all_teams = snapshot.teams(&Sight::Everything)?;
    let all_groups = snapshot.groups(&Sight::Everything)?;
    let teams: Vec<&str> = all_teams.iter().filter(|t| teams.contains(&t.id)).map(|t| t.name.as_str()).collect();
    let groups: Vec<&str> = all_groups.iter().filter(|g| groups.contains(&g.id)).map(|g| g.name.as_str()).collect();
    Ok(event.with("teams", teams).with("groups", groups))
}

fn make_link(change: &mut Change<'_>, caller: &Caller, name: &Name, id: UserId, link: &Secret) -> Result<Event, Error> {
    change.set_password_link(id, &link.digest(), caller.at + PasswordLink::LIFETIME)?;
    Ok(Event::new(Deed::PasswordLinkMade, name.as_str()).with("user", id.0))
}
