//! Accounts, their passwords and links, and sessions.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::TimestamptzSqlite;

use super::schema::{password_links, passwords, sessions, user_groups, user_teams, users};
use super::teams::stored_name;
use super::{Change, Error, Snapshot};
use crate::domain::access::{Reach, Role};
use crate::domain::account::{PasswordLink, SecretDigest, Session, SessionId, User, UserId};
use crate::domain::named::Named;
use crate::domain::organization::{GroupId, Name, TeamId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct UserRow {
    id: i64,
    name: String,
    role: String,
    is_of_all: bool,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: i64,
    user_id: i64,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    address: String,
    browser: String,
    ended_at: Option<DateTime<Utc>>,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId(row.id),
            user: UserId(row.user_id),
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            from: row.address,
            browser: row.browser,
            ended_at: row.ended_at,
        }
    }
}

impl Snapshot<'_> {
    /// All accounts, in the order of their names.
    pub fn users(&mut self) -> Result<Vec<User>, Error> {
        let rows =
            users::table.order((users::name_key, users::id)).select(UserRow::as_select()).load(self.connection)?;
        self.with_reach(rows)
    }

    /// The account with this number.
    pub fn user(&mut self, id: UserId) -> Result<Option<User>, Error> {
        let rows = users::table.find(id.0).select(UserRow::as_select()).load(self.connection)?;
        Ok(self.with_reach(rows)?.pop())
    }

    /// The account of this name, whatever the case of its letters.
    pub fn user_named(&mut self, name: &Name) -> Result<Option<User>, Error> {
        let named = users::table.filter(users::name_key.eq(name.key()));
        let rows = named.select(UserRow::as_select()).load(self.connection)?;
        Ok(self.with_reach(rows)?.pop())
    }

    /// Whether there is any account.
    pub fn has_users(&mut self) -> Result<bool, Error> {
        Ok(diesel::select(diesel::dsl::exists(users::table.select(users::id))).get_result(self.connection)?)
    }

    /// How many administrators can sign in, this one left out.
    pub fn other_administrators(&mut self, id: UserId) -> Result<i64, Error> {
        let others = users::table
            .inner_join(passwords::table)
            .filter(users::id.ne(id.0))
            .filter(users::role.eq(Role::Administrator.name()))
            .filter(users::disabled_at.is_null());
        Ok(others.count().get_result(self.connection)?)
    }

    /// The hash of an account's password.
    pub fn password_hash(&mut self, id: UserId) -> Result<Option<String>, Error> {
        Ok(passwords::table.find(id.0).select(passwords::hash).first(self.connection).optional()?)
    }

    /// The link with this digest.
    pub fn password_link(&mut self, digest: &SecretDigest) -> Result<Option<PasswordLink>, Error> {
        let row: Option<(i64, DateTime<Utc>)> = password_links::table
            .filter(password_links::digest.eq(&**digest))
            .select((password_links::user_id, password_links::expires_at))
            .first(self.connection)
            .optional()?;
        Ok(row.map(|(user, expires_at)| PasswordLink { user: UserId(user), expires_at }))
    }

    /// The session with this digest, ended or not.
    pub fn session(&mut self, digest: &SecretDigest) -> Result<Option<Session>, Error> {
        let row = sessions::table
            .filter(sessions::digest.eq(&**digest))
            .select(SessionRow::as_select())
            .first(self.connection)
            .optional()?;
        Ok(row.map(Session::from))
    }

    /// The session with this number, ended or not.
    pub fn session_with(&mut self, id: SessionId) -> Result<Option<Session>, Error> {
        let row = sessions::table.find(id.0).select(SessionRow::as_select()).first(self.connection).optional()?;
        Ok(row.map(Session::from))
    }

    /// All sessions of an account that are kept, latest first.
    pub fn sessions_of(&mut self, user: UserId) -> Result<Vec<Session>, Error> {
        let rows = sessions::table
            .filter(sessions::user_id.eq(user.0))
            .order((sessions::last_seen_at.desc(), sessions::id.desc()))
            .select(SessionRow::as_select())
            .load(self.connection)?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// One account, or all of them.
    fn with_reach(&mut self, rows: Vec<UserRow>) -> Result<Vec<User>, Error> {
        // A range and not a list: SQLite parses this once, whoever is looked for, and that happens for every request.
        let ids = || rows.iter().map(|row| row.id);
        let (Some(first), Some(last)) = (ids().min(), ids().max()) else { return Ok(Vec::new()) };
        let mut teams: Vec<(i64, i64)> = Vec::new();
        let mut groups: Vec<(i64, i64)> = Vec::new();
        if rows.iter().any(|row| !row.is_of_all) {
            teams = user_teams::table
                .filter(user_teams::user_id.between(first, last))
                .select((user_teams::user_id, user_teams::team_id))
                .load(self.connection)?;
            groups = user_groups::table
                .filter(user_groups::user_id.between(first, last))
                .select((user_groups::user_id, user_groups::group_id))
                .load(self.connection)?;
        }
        let with_password: Vec<i64> = passwords::table
            .filter(passwords::user_id.between(first, last))
            .select(passwords::user_id)
            .load(self.connection)?;
        // diesel has no `max` for this type; the texts of times sort as the times do.
        let seen: Vec<(i64, DateTime<Utc>)> = sessions::table
            .filter(sessions::user_id.between(first, last))
            .group_by(sessions::user_id)
            .select((sessions::user_id, sql::<TimestamptzSqlite>("max(last_seen_at)")))
            .load(self.connection)?;
        let seen: HashMap<i64, DateTime<Utc>> = seen.into_iter().collect();
        let of = |pairs: &[(i64, i64)], id: i64| -> Vec<i64> {
            pairs.iter().filter(|(user, _)| *user == id).map(|(_, other)| *other).collect()
        };
        rows.into_iter()
            .map(|row| {
                let reach = if row.is_of_all {
                    Reach::Everything
                } else {
                    let teams: BTreeSet<TeamId> = of(&teams, row.id).into_iter().map(TeamId).collect();
                    let groups: BTreeSet<GroupId> = of(&groups, row.id).into_iter().map(GroupId).collect();
                    Reach::Some { teams, groups }
                };
                Ok(User {
                    id: UserId(row.id),
                    name: stored_name(&row.name)?,
                    role: Role::from_name(&row.role)
                        .ok_or_else(|| Error::Damaged(format!("the role “{}”", row.role)))?,
                    reach,
                    created_at: row.created_at,
                    disabled_at: row.disabled_at,
                    has_password: with_password.contains(&row.id),
                    last_seen_at: seen.get(&row.id).copied(),
                })
            })
            .collect()
    }
}

impl Change<'_> {
    /// Adds an account without a password. Its name must be free.
    pub fn add_user(&mut self, name: &Name, role: Role, reach: &Reach, at: DateTime<Utc>) -> Result<UserId, Error> {
        let id = diesel::insert_into(users::table)
            .values((
                users::name.eq(name.as_str()),
                users::name_key.eq(name.key()),
                users::role.eq(role.name()),
                users::is_of_all.eq(*reach == Reach::Everything),
                users::created_at.eq(at),
            ))
            .returning(users::id)
            .get_result(self.connection)?;
        self.set_reach(UserId(id), reach)?;
        Ok(UserId(id))
    }

    /// Gives an account another role and reach.
    pub fn update_user(&mut self, id: UserId, role: Role, reach: &Reach) -> Result<(), Error> {
        diesel::update(users::table.find(id.0))
            .set((users::role.eq(role.name()), users::is_of_all.eq(*reach == Reach::Everything)))
            .execute(self.connection)?;
        self.set_reach(id, reach)
    }

    fn set_reach(&mut self, id: UserId, reach: &Reach) -> Result<(), Error> {
        diesel::delete(user_teams::table.filter(user_teams::user_id.eq(id.0))).execute(self.connection)?;
        diesel::delete(user_groups::table.filter(user_groups::user_id.eq(id.0))).execute(self.connection)?;
        if let Reach::Some { teams, groups } = reach {
            let teams: Vec<_> =
                teams.iter().map(|team| (user_teams::user_id.eq(id.0), user_teams::team_id.eq(team.0))).collect();
            let groups: Vec<_> =
                groups.iter().map(|group| (user_groups::user_id.eq(id.0), user_groups::group_id.eq(group.0))).collect();
            diesel::insert_into(user_teams::table).values(teams).execute(self.connection)?;
            diesel::insert_into(user_groups::table).values(groups).execute(self.connection)?;
        }
        Ok(())
    }

    /// Disables an account from a time on, or enables it again.
    pub fn set_disabled(&mut self, id: UserId, at: Option<DateTime<Utc>>) -> Result<(), Error> {
        diesel::update(users::table.find(id.0)).set(users::disabled_at.eq(at)).execute(self.connection)?;
        Ok(())
    }

    /// Sets the hash of an account's password, and takes the link to set one away.
    pub fn set_password_hash(&mut self, id: UserId, hash: &str, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::replace_into(passwords::table)
            .values((passwords::user_id.eq(id.0), passwords::hash.eq(hash), passwords::changed_at.eq(at)))
            .execute(self.connection)?;
        self.remove_password_link(id)
    }

    /// Makes a link to set an account's password; one that was there before opens nothing any more.
    pub fn set_password_link(&mut self, id: UserId, digest: &SecretDigest, until: DateTime<Utc>) -> Result<(), Error> {
        diesel::replace_into(password_links::table)
            .values((
                password_links::user_id.eq(id.0),
                password_links::digest.eq(&**digest),
                password_links::expires_at.eq(until),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// Takes the link to set an account's password away.
    pub fn remove_password_link(&mut self, id: UserId) -> Result<(), Error> {
        diesel::delete(password_links::table.find(id.0)).execute(self.connection)?;
        Ok(())
    }

    /// Takes all links to set a password away.
    pub fn remove_password_links(&mut self) -> Result<(), Error> {
        diesel::delete(password_links::table).execute(self.connection)?;
        Ok(())
    }

    /// Begins a session.
    pub fn add_session(
        &mut self,
        user: UserId,
        digest: &SecretDigest,
        from: &str,
        browser: &str,
        at: DateTime<Utc>,
    ) -> Result<SessionId, Error> {
        let id = diesel::insert_into(sessions::table)
            .values((
                sessions::user_id.eq(user.0),
                sessions::digest.eq(&**digest),
                sessions::created_at.eq(at),
                sessions::last_seen_at.eq(at),
                sessions::address.eq(from),
                sessions::browser.eq(browser),
            ))
            .returning(sessions::id)
            .get_result(self.connection)?;
        Ok(SessionId(id))
    }

    /// Notes that a session was used.
    pub fn touch_session(&mut self, id: SessionId, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::update(sessions::table.find(id.0)).set(sessions::last_seen_at.eq(at)).execute(self.connection)?;
        Ok(())
    }

    /// Ends a session, unless it was ended before.
    pub fn end_session(&mut self, id: SessionId, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::update(sessions::table.find(id.0))
            .filter(sessions::ended_at.is_null())
            .set(sessions::ended_at.eq(at))
            .execute(self.connection)?;
        Ok(())
    }

    /// Ends the sessions of an account, except one that is kept.
    pub fn end_sessions(&mut self, user: UserId, kept: Option<SessionId>, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::update(sessions::table)
            .filter(sessions::user_id.eq(user.0))
            .filter(sessions::id.ne(kept.map_or(-1, |kept| kept.0)))
            .filter(sessions::ended_at.is_null())
            .set(sessions::ended_at.eq(at))
            .execute(self.connection)?;
        Ok(())
    }

    /// Ends the sessions of everybody.
    pub fn end_all_sessions(&mut self, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::update(sessions::table)
            .filter(sessions::ended_at.is_null())
            .set(sessions::ended_at.eq(at))
            .execute(self.connection)?;
        Ok(())
    }

    /// Forgets sessions that were last used before a time.
    pub fn forget_sessions(&mut self, before: DateTime<Utc>) -> Result<(), Error> {
        diesel::delete(sessions::table.filter(sessions::last_seen_at.lt(before))).execute(self.connection)?;
        Ok(())
    }
}
