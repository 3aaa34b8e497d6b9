//! Recognizing people and programs: signing in and out, sessions, passwords, links, tokens.
//!
//! Whoever is recognized becomes an [`Actor`]; what that one may do is asked elsewhere, so that another
//! way to be recognized needs nothing but another function here.

use std::sync::PoisonError;

use super::access::actor_of;
use super::passwords;
use super::throttle::{Try, network};
use super::{Cairn, Error};
use crate::domain::access::{Action, Actor, Caller, Reach, Role, Sight};
use crate::domain::account::{PasswordLink, Secret, Session, SessionId, Token, User, UserId};
use crate::domain::audit::{Deed, Event};
use crate::domain::fault::FieldFault;
use crate::domain::organization::Name;
use crate::store::{Change, Snapshot};

/// How much of what a browser says it is is kept.
const BROWSER_LIMIT: usize = 200;

/// For how long sessions that are over are kept, in days: they tell from where an account is used.
const SESSIONS_KEPT: u64 = 90;

/// What somebody enters who signs in, or who sets the password of an account with a link.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The name of the account.
    pub name: String,
    /// The password.
    pub password: String,
    /// What the browser says it is.
    pub browser: String,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognized {
    /// On whose behalf they act.
    pub actor: Actor,
    /// The session, for people.
    pub session: Option<SessionId>,
}

impl Cairn {
    /// Makes the link with which the first administrator is made, while there is no account. It is kept
    /// nowhere but in memory: when the service starts again there is another.
    pub fn begin_set_up(&self) -> Result<Option<Secret>, Error> {
        if self.store.read(|snapshot| snapshot.has_users())? {
            return Ok(None);
        }
        let secret = random("")?;
        *self.set_up.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret.digest());
        Ok(Some(secret))
    }

    /// Whether nobody has an account yet, so that nobody can sign in.
    pub fn awaits_set_up(&self) -> Result<bool, Error> {
        Ok(!self.store.read(|snapshot| snapshot.has_users())?)
    }

    /// Whether a text is that of the link with which the first administrator is made.
    pub fn can_set_up(&self, shown: &Secret) -> Result<bool, Error> {
        let is_the_link = self.set_up.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(&shown.digest());
        Ok(is_the_link && !self.store.read(|snapshot| snapshot.has_users())?)
    }

    /// Makes the first administrator, and signs them in. The link opens nothing any more then.
    pub fn set_up(&self, caller: &Caller, shown: &Secret, input: &Credentials) -> Result<Secret, Error> {
        if !self.can_set_up(shown)? {
            return Err(Error::DeadLink);
        }
        let name = User::name(&input.name).map_err(|error| FieldFault::new("name", error));
        let fault = passwords::fault(&input.password, &input.name).map(|fault| FieldFault::new("password", fault));
        let name = match (name, fault) {
            (Ok(name), None) => name,
            (name, fault) => return Err(Error::Invalid(name.err().into_iter().chain(fault).collect())),
        };
        let hash = self.hasher.hash(&input.password)?;
        let secret = random("")?;
        self.store.write(|change| {
            if change.has_users()? {
                return Err(Error::DeadLink);
            }
            let id = change.add_user(&name, Role::Administrator, &Reach::Everything, caller.at)?;
            change.set_password_hash(id, &hash, caller.at)?;
            let own = Caller {
                actor: Actor::user(id, name.as_str(), Role::Administrator, Reach::Everything),
                ..caller.clone()
            };
            change.record_event(&own, &Event::new(Deed::SetUp, name.as_str()).with("user", id.0))?;
            begin_session(change, &own, id, &secret, &input.browser)
        })?;
        *self.set_up.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(secret)
    }

    /// Signs somebody in: what comes back opens their session. Whether there is such an account, it is
    /// disabled, has no password, or the password is another, is answered in the same way and time.
    pub fn sign_in(&self, caller: &Caller, input: &Credentials) -> Result<Secret, Error> {
        let name = Name::new(&input.name).ok();
        let user = self.store.read(|snapshot| match &name {
            Some(name) => snapshot.user_named(name),
            None => Ok(None),
        })?;
        let account = name.as_ref().map(Name::key).unwrap_or_default();
        let user = match self.check_password(caller, &account, user.as_ref(), &input.password) {
            Ok(()) => user.ok_or(Error::WrongSignIn)?,
            Err(error) => return Err(error),
        };
        let secret = random("")?;
        self.store.write(|change| {
            // It may have been disabled since it was looked at.
            let user = change.user(user.id)?.filter(|user| user.disabled_at.is_none()).ok_or(Error::WrongSignIn)?;
            let own = Caller { actor: actor_of(&user), ..caller.clone() };
            begin_session(change, &own, user.id, &secret, &input.browser)
        })?;
        Ok(secret)
    }

    /// An error unless the password is the one of the account; tries are counted and slowed down.
    /// `account` is the key of the name, whether there is such an account or not.
    pub(super) fn check_password(
        &self,
        caller: &Caller,
        account: &str,
        user: Option<&User>,
        password: &str,
    ) -> Result<(), Error> {
        let usable = user.filter(|user| user.disabled_at.is_none());
        let (hash, is_known_place) = self.store.read(|snapshot| {
            let Some(user) = usable else { return Ok::<_, Error>((None, false)) };
            let here = network(&caller.from);
            let is_known = snapshot.sessions_of(user.id)?.iter().any(|session| network(&session.from) == here);
            Ok((snapshot.password_hash(user.id)?, is_known))
        })?;
        let attempt = Try { account, address: &caller.from, is_known_place, at: caller.at };
        let throttle = || self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut throttle = throttle();
            if let Some(wait) = throttle.wait(attempt) {
                return Err(Error::TooManyTries(wait));
            }
            throttle.failed(attempt);
        }
        let fits = password.chars().count() <= User::PASSWORD_MOST;
        match self.hasher.is_right(if fits { password } else { "" }, hash.as_deref()) {
            Ok(true) if fits => {
                throttle().succeeded(attempt);
                Ok(())
            }
            Ok(_) => {
                self.record_refusal(caller, user)?;
                Err(Error::WrongSignIn)
            }
            Err(error) => {
                throttle().take_back(attempt);
                Err(error)
            }
        }
    }

    /// Puts a wrong password into the record.
    fn record_refusal(&self, caller: &Caller, user: Option<&User>) -> Result<(), Error> {
        // A name that no account has may be a password in the wrong field, so it is not written down.
        let tried = user.map_or("an unknown name", |user| user.name.as_str());
        self.change(caller, |_, events| {
            events.push(Event::new(Deed::SignInRefused, tried));
            Ok(())
        })
    }

    /// Who shows the secret of a session, if it is open.
    pub fn recognize_session(&self, shown: &Secret, caller: &Caller) -> Result<Option<Recognized>, Error> {
        let found = self.store.read(|snapshot| {
            let Some(session) = snapshot.session(&shown.digest())?.filter(|session| session.is_open_at(caller.at))
            else {
                return Ok::<_, Error>(None);
            };
            let user = snapshot.user(session.user)?.filter(|user| user.disabled_at.is_none());
            Ok(user.map(|user| (user, session)))
        })?;
        let Some((user, session)) = found else { return Ok(None) };
        if caller.at - session.last_seen_at >= Session::NOTED_EVERY {
            // Whether it can be noted does not matter for what is asked for.
            let _ = self.store.write_unless_busy(|change| change.touch_session(session.id, caller.at));
        }
        Ok(Some(Recognized { actor: actor_of(&user).with_session(session.id), session: Some(session.id) }))
    }

    /// Which program shows the secret of a token, if it is valid.
    pub fn recognize_token(&self, shown: &Secret, caller: &Caller) -> Result<Option<Recognized>, Error> {
        if !shown.reveal().starts_with(Token::PREFIX) {
            return Ok(None);
        }
        let found = self.store.read(|snapshot| snapshot.token_with(&shown.digest()))?;
        let Some(token) = found.filter(|token| token.is_open_at(caller.at)) else { return Ok(None) };
        let was_noted = |(at, from): &(_, String)| caller.at - *at < Session::NOTED_EVERY && *from == caller.from;
        if !token.last_used.as_ref().is_some_and(was_noted) {
            let _ = self.store.write_unless_busy(|change| change.touch_token(token.id, &caller.from, caller.at));
        }
        let actor = Actor::token(token.id, token.name.as_str(), token.scope, token.reach);
        Ok(Some(Recognized { actor, session: None }))
    }

    /// Ends the session of the caller.
    pub fn sign_out(&self, caller: &Caller, session: SessionId) -> Result<(), Error> {
        let user = own_account(caller)?;
        self.change(caller, |change, events| {
            let own = change.sessions_of(user)?.into_iter().find(|own| own.id == session);
            if own.is_some_and(|own| own.ended_at.is_none()) {
                change.end_session(session, caller.at)?;
                events.push(Event::new(Deed::SignedOut, caller.actor.name()));
            }
            Ok(())
        })
    }

    /// The caller's own account and its open sessions, latest first.
    pub fn own_account(&self, caller: &Caller) -> Result<(User, Vec<Session>), Error> {
        let user = own_account(caller)?;
        self.store.read(|snapshot| {
            let account = snapshot.user(user)?.ok_or(Error::NotFound("account"))?;
            Ok((account, open_sessions(snapshot, caller, user)?))
        })
    }

    /// The teams that what the caller may do is about, as people say it.
    pub fn reach_in_words(&self, caller: &Caller) -> Result<String, Error> {
        let Reach::Some { teams, groups } = caller.actor.reach() else { return Ok("all teams".into()) };
        self.store.read(|snapshot| {
            let named_teams = snapshot.teams(&Sight::Everything)?.into_iter().filter(|team| teams.contains(&team.id));
            let named_groups =
                snapshot.groups(&Sight::Everything)?.into_iter().filter(|group| groups.contains(&group.id));
            let of_groups = named_groups.map(|group| format!("the teams of {}", group.name));
            let all: Vec<String> = named_teams.map(|team| team.name.to_string()).chain(of_groups).collect();
            Ok(if all.is_empty() { "no team".to_owned() } else { all.join(", ") })
        })
    }

    /// Ends one of the caller's own sessions, or all but the present one.
    pub fn end_own_sessions(&self, caller: &Caller, present: SessionId, one: Option<SessionId>) -> Result<(), Error> {
        let user = own_account(caller)?;
        self.change(caller, |change, events| {
            let mut open = open_sessions(change, caller, user)?;
            open.retain(|session| one.map_or(session.id != present, |one| session.id == one));
            if open.is_empty() && one.is_some() {
                return Err(Error::NotFound("session"));
            }
            for session in &open {
                change.end_session(session.id, caller.at)?;
            }
            if !open.is_empty() {
                events.push(Event::new(Deed::SessionsEnded, caller.actor.name()).with("sessions", open.len()));
            }
            Ok(())
        })
    }

    /// Gives the caller another password, and ends their other sessions.
    pub fn change_password(
        &self,
        caller: &Caller,
        present: SessionId,
        current: &str,
        wanted: &str,
    ) -> Result<(), Error> {
        let id = own_account(caller)?;
        let user = self.store.read(|snapshot| snapshot.user(id))?.ok_or(Error::NotFound("account"))?;
        if let Some(fault) = passwords::fault(wanted, user.name.as_str()) {
            return Err(Error::invalid("password", fault));
        }
        self.check_password(caller, &user.name.key(), Some(&user), current).map_err(|error| match error {
            Error::WrongSignIn => Error::invalid("current", "this is not your present password"),
            other => other,
        })?;
        let hash = self.hasher.hash(wanted)?;
        self.change(caller, |change, events| {
            change.set_password_hash(id, &hash, caller.at)?;
            change.end_sessions(id, Some(present), caller.at)?;
            events.push(Event::new(Deed::PasswordSet, user.name.as_str()).with("user", id.0));
            Ok(())
        })
    }

    /// Whose password can be set with a link.
    pub fn account_of_link(&self, caller: &Caller, shown: &Secret) -> Result<User, Error> {
        self.store.read(|snapshot| account_of_link(snapshot, caller, shown))
    }

    /// Sets the password of an account with a link, ends its sessions, and signs its owner in.
    pub fn set_password_with_link(
        &self,
        caller: &Caller,
        shown: &Secret,
        input: &Credentials,
    ) -> Result<Secret, Error> {
        let user = self.account_of_link(caller, shown)?;
        if let Some(fault) = passwords::fault(&input.password, user.name.as_str()) {
            return Err(Error::invalid("password", fault));
        }
        let hash = self.hasher.hash(&input.password)?;
        let secret = random("")?;
        self.store.write(|change| {
            let user = account_of_link(change, caller, shown)?;
            change.set_password_hash(user.id, &hash, caller.at)?;
            change.end_sessions(user.id, None, caller.at)?;
            let own = Caller { actor: actor_of(&user), ..caller.clone() };
            change.record_event(&own, &Event::new(Deed::PasswordSet, user.name.as_str()).with("user", user.id.0))?;
            begin_session(change, &own, user.id, &secret, &input.browser)
        })?;
        Ok(secret)
    }

    /// Sets the password of an account, for whoever runs commands on the machine, and ends its sessions.
    pub fn set_password(&self, caller: &Caller, id: UserId, password: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        let user = self.store.read(|snapshot| snapshot.user(id))?.ok_or(Error::NotFound("account"))?;
        if let Some(fault) = passwords::fault(password, user.name.as_str()) {
            return Err(Error::invalid("password", fault));
        }
        let hash = self.hasher.hash(password)?;
        self.change(caller, |change, events| {
            change.set_password_hash(id, &hash, caller.at)?;
            change.end_sessions(id, None, caller.at)?;
            events.push(Event::new(Deed::PasswordSet, user.name.as_str()).with("user", id.0));
            Ok(())
        })
    }
}

/// The caller's own account.
fn own_account(caller: &Caller) -> Result<UserId, Error> {
    caller.actor.user_id().ok_or_else(|| Error::Refused("this needs somebody who is signed in with an account".into()))
}

/// A text that nobody can guess.
pub(super) fn random(prefix: &str) -> Result<Secret, Error> {
    let mut bytes = [0; Secret::BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Error::Broken(format!("the system gives no random bytes: {error}")))?;
    Ok(Secret::new(prefix, bytes))
}

/// Begins a session for its owner, who is the caller. Its secret is new, whatever the browser had before.
fn begin_session(
    change: &mut Change<'_>,
    own: &Caller,
    user: UserId,
    secret: &Secret,
    browser: &str,
) -> Result<(), Error> {
    let browser: String = browser.chars().filter(|c| !c.is_control()).take(BROWSER_LIMIT).collect();
    if let Some(before) = own.at.checked_sub_days(chrono::Days::new(SESSIONS_KEPT)) {
        change.forget_sessions(before)?;
    }
    change.add_session(user, &secret.digest(), &own.from, &browser, own.at)?;
    Ok(change.record_event(own, &Event::new(Deed::SignedIn, own.actor.name()))?)
}

pub(super) fn open_sessions(snapshot: &mut Snapshot<'_>, caller: &Caller, user: UserId) -> Result<Vec<Session>, Error> {
    let mut sessions = snapshot.sessions_of(user)?;
    sessions.retain(|session| session.is_open_at(caller.at));
    Ok(sessions)
}

fn account_of_link(snapshot: &mut Snapshot<'_>, caller: &Caller, shown: &Secret) -> Result<User, Error> {
    let link: Option<PasswordLink> = snapshot.password_link(&shown.digest())?;
    let link = link.filter(|link| caller.at < link.expires_at).ok_or(Error::DeadLink)?;
    let user = snapshot.user(link.user)?.filter(|user| user.disabled_at.is_none());
    user.ok_or(Error::DeadLink)
}
