//! Recognizing people and programs: signing in and out, sessions, passwords, links, tokens.
//!
//! Whoever is recognized becomes an [`Actor`]; what that one may do is asked elsewhere, so that another
//! way to be recognized needs nothing but another function here.

use chrono::{DateTime, Utc};

use super::access::{actor_of, enabled, person, program};
use super::passwords;
use super::throttle::{Try, network};
use super::{Cairn, Error};
use crate::domain::access::{Action, Actor, Caller, Reach, Role, Sight};
use crate::domain::account::{PasswordLink, Secret, Session, SessionId, Token, User, UserId};
use crate::domain::audit::{Deed, Event};
use crate::domain::fault::FieldFault;
use crate::domain::organization::Name;
use crate::mutex::lock;
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

/// Somebody who was recognized.
#[derive(Debug, Clone)]
pub struct Recognized {
    /// Who.
    pub actor: Actor,
    /// Until when that holds, unless accounts are changed; after that it is to be asked again, were it only so that it
    /// is noted when they were seen.
    pub until: DateTime<Utc>,
}

impl Cairn {
    /// Makes the link with which the first administrator is made, while there is no account. It is kept
    /// nowhere but in memory: when the service starts again there is another.
    pub fn begin_set_up(&self) -> Result<Option<Secret>, Error> {
        if self.store.read(|snapshot| snapshot.has_users())? {
            return Ok(None);
        }
        let secret = random("")?;
        *lock(&self.set_up) = Some(secret.digest());
        Ok(Some(secret))
    }

    /// Whether nobody has an account yet, so that nobody can sign in.
    pub fn awaits_set_up(&self) -> Result<bool, Error> {
        Ok(!self.store.read(|snapshot| snapshot.has_users())?)
    }

    /// Whether a text is that of the link with which the first administrator is made.
    pub fn can_set_up(&self, shown: &Secret) -> Result<bool, Error> {
        let is_the_link = lock(&self.set_up).as_ref() == Some(&shown.digest());
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
        *lock(&self.set_up) = None;
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
        self.check_password(caller, &account, user.as_ref(), &input.password)?;
        let user = user.ok_or(Error::WrongSignIn)?;
        let secret = random("")?;
        self.store.write(|change| {
            // It may have been disabled since it was looked at.
            let user = enabled(change, user.id)?.ok_or(Error::WrongSignIn)?;
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
        let throttle = || lock(&self.throttle);
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
            let session = snapshot.session(&shown.digest())?;
            Ok::<_, Error>(person(snapshot, session.as_ref(), caller.at)?.zip(session))
        })?;
        let Some((actor, session)) = found else { return Ok(None) };
        let mut noted = session.last_seen_at;
        if caller.at - noted >= Session::NOTED_EVERY {
            // Whether it can be noted does not matter for what is asked for.
            let _ = self.store.write_unless_busy(|change| change.touch_session(session.id, caller.at));
            noted = caller.at;
        }
        let until = (noted + Session::NOTED_EVERY).min(session.created_at + Session::LIFETIME);
        Ok(Some(Recognized { actor, until }))
    }

    /// Which program shows the secret of a token, if it is valid.
    pub fn recognize_token(&self, shown: &Secret, caller: &Caller) -> Result<Option<Recognized>, Error> {
        if !shown.reveal().starts_with(Token::PREFIX) {
            return Ok(None);
        }
        let found = self.store.read(|snapshot| snapshot.token_with(&shown.digest()))?;
        let Some((actor, token)) = program(found.as_ref(), caller.at).zip(found) else { return Ok(None) };
        let noted = token.last_used.as_ref().filter(|(_, from)| *from == caller.from).map(|(at, _)| *at);
        let noted = noted.filter(|at| caller.at - *at < Session::NOTED_EVERY).unwrap_or_else(|| {
            let _ = self.store.write_unless_busy(|change| change.touch_token(token.id, &caller.from, caller.at));
            caller.at
        });
        let until = (noted + Session::NOTED_EVERY).min(token.expires_at);
        Ok(Some(Recognized { actor, until }))
    }

    /// Ends the session of the caller.
    pub fn sign_out(&self, caller: &Caller) -> Result<(), Error> {
        let (_, session) = own_session(caller)?;
        self.change(caller, |change, events| {
            change.end_session(session, caller.at)?;
            events.push(Event::new(Deed::SignedOut, caller.actor.name()));
            Ok(())
        })
    }

    /// The caller's own account, the teams that it is about as people say it, and its open sessions, latest
    /// first.
    pub fn own_account(&self, caller: &Caller) -> Result<(User, String, Vec<Session>), Error> {
        let (id, _) = own_session(caller)?;
        self.store.read(|snapshot| {
            let user = snapshot.user(id)?.ok_or(Error::NotFound("account"))?;
            let reach = reach_in_words(snapshot, caller.actor.reach())?;
            Ok((user, reach, open_sessions(snapshot, caller, id)?))
        })
    }

    /// Ends one of the caller's own sessions, or all but the present one.
    pub fn end_own_sessions(&self, caller: &Caller, one: Option<SessionId>) -> Result<(), Error> {
        let (user, present) = own_session(caller)?;
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
    pub fn change_password(&self, caller: &Caller, current: &str, wanted: &str) -> Result<(), Error> {
        let (id, present) = own_session(caller)?;
        let user = self.store.read(|snapshot| snapshot.user(id))?.ok_or(Error::NotFound("account"))?;
        passwords::check(user.name.as_str(), wanted)?;
        self.check_password(caller, &user.name.key(), Some(&user), current).map_err(|error| match error {
            Error::WrongSignIn => Error::invalid("current", "this is not your present password"),
            other => other,
        })?;
        let hash = self.hasher.hash(wanted)?;
        self.change(caller, |change, events| {
            events.push(put_password(change, caller, &user, &hash, Some(present))?);
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
        passwords::check(user.name.as_str(), &input.password)?;
        let hash = self.hasher.hash(&input.password)?;
        let secret = random("")?;
        self.store.write(|change| {
            let user = account_of_link(change, caller, shown)?;
            let event = put_password(change, caller, &user, &hash, None)?;
            let own = Caller { actor: actor_of(&user), ..caller.clone() };
            change.record_event(&own, &event)?;
            begin_session(change, &own, user.id, &secret, &input.browser)
        })?;
        Ok(secret)
    }

    /// Sets the password of an account, for whoever runs commands on the machine, and ends its sessions.
    pub fn set_password(&self, caller: &Caller, id: UserId, password: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageAccounts)?;
        let user = self.store.read(|snapshot| snapshot.user(id))?.ok_or(Error::NotFound("account"))?;
        passwords::check(user.name.as_str(), password)?;
        let hash = self.hasher.hash(password)?;
        self.change(caller, |change, events| {
            events.push(put_password(change, caller, &user, &hash, None)?);
            Ok(())
        })
    }
}

/// The caller's own account, and the session that they are signed in with.
fn own_session(caller: &Caller) -> Result<(UserId, SessionId), Error> {
    let own = caller.actor.user_id().zip(caller.actor.session());
    own.ok_or_else(|| Error::Refused("this needs somebody who is signed in with an account".into()))
}

/// Gives an account a password and ends its sessions but one. What the record says of it.
fn put_password(
    change: &mut Change<'_>,
    caller: &Caller,
    user: &User,
    hash: &str,
    kept: Option<SessionId>,
) -> Result<Event, Error> {
    change.set_password_hash(user.id, hash, caller.at)?;
    change.end_sessions(user.id, kept, caller.at)?;
    Ok(Event::new(Deed::PasswordSet, user.name.as_str()).with("user", user.id.0))
}

/// The teams that what somebody may do is about, as people say it.
fn reach_in_words(snapshot: &mut Snapshot<'_>, reach: &Reach) -> Result<String, Error> {
    let Reach::Some { teams, groups } = reach else { return Ok("all teams".into()) };
    let named_teams = snapshot.teams(&Sight::Everything)?.into_iter().filter(|team| teams.contains(&team.id));
    let named_groups = snapshot.groups(&Sight::Everything)?.into_iter().filter(|group| groups.contains(&group.id));
    let of_groups = named_groups.map(|group| format!("the teams of {}", group.name));
    let all: Vec<String> = named_teams.map(|team| team.name.to_string()).chain(of_groups).collect();
    Ok(if all.is_empty() { "no team".to_owned() } else { all.join(", ") })
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
    enabled(snapshot, link.user)?.ok_or(Error::DeadLink)
}
