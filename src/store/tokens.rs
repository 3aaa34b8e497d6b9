//! Tokens of programs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::{activities, token_teams, token_trusted, tokens};
use super::teams::stored_name;
use super::{ActivityKeys, Change, Error, Snapshot};
use crate::domain::access::{Caller, Reach, TokenScope};
use crate::domain::account::{SecretDigest, Token, TokenId};
use crate::domain::catalog::ActivityId;
use crate::domain::named::Named;
use crate::domain::organization::{Name, TeamId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tokens)]
struct Row {
    id: i64,
    name: String,
    scope: String,
    is_of_all: bool,
    created_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    last_used_from: Option<String>,
    revoked_at: Option<DateTime<Utc>>,
}

impl Snapshot<'_> {
    /// All tokens, latest first.
    pub fn tokens(&mut self) -> Result<Vec<Token>, Error> {
        let rows = tokens::table.order(tokens::id.desc()).select(Row::as_select()).load(self.connection)?;
        rows.into_iter().map(|row| self.token_of(row)).collect()
    }

    /// The token with this number.
    pub fn token(&mut self, id: TokenId) -> Result<Option<Token>, Error> {
        let row = tokens::table.find(id.0).select(Row::as_select()).first(self.connection).optional()?;
        row.map(|row| self.token_of(row)).transpose()
    }

    /// The token with this digest, revoked and expired ones too.
    pub fn token_with(&mut self, digest: &SecretDigest) -> Result<Option<Token>, Error> {
        let row = tokens::table
            .filter(tokens::digest.eq(&**digest))
            .select(Row::as_select())
            .first(self.connection)
            .optional()?;
        row.map(|row| self.token_of(row)).transpose()
    }

    /// The token of this name, whatever the case of its letters.
    pub fn token_named(&mut self, name: &Name) -> Result<Option<TokenId>, Error> {
        let id = tokens::table.filter(tokens::name_key.eq(name.key())).select(tokens::id).first(self.connection);
        Ok(id.optional()?.map(TokenId))
    }

    fn token_of(&mut self, row: Row) -> Result<Token, Error> {
        let reach = if row.is_of_all {
            Reach::Everything
        } else {
            let teams: Vec<i64> = token_teams::table
                .filter(token_teams::token_id.eq(row.id))
                .select(token_teams::team_id)
                .load(self.connection)?;
            Reach::Some { teams: teams.into_iter().map(TeamId).collect(), groups: BTreeSet::new() }
        };
        let trusted: Vec<String> = token_trusted::table
            .inner_join(activities::table)
            .filter(token_trusted::token_id.eq(row.id))
            .select(activities::activity_id)
            .load(self.connection)?;
        Ok(Token {
            id: TokenId(row.id),
            name: stored_name(&row.name)?,
            scope: TokenScope::from_name(&row.scope)
                .ok_or_else(|| Error::Damaged(format!("the scope “{}”", row.scope)))?,
            reach,
            trusted_for: trusted.into_iter().map(ActivityId).collect(),
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used: row.last_used_at.zip(row.last_used_from),
            revoked_at: row.revoked_at,
        })
    }
}

impl Change<'_> {
    /// Adds a token. Its name must be free.
    pub fn add_token(
        &mut self,
        name: &Name,
        digest: &SecretDigest,
        scope: TokenScope,
        teams: Option<&BTreeSet<TeamId>>,
        caller: &Caller,
        expires_at: DateTime<Utc>,
    ) -> Result<TokenId, Error> {
        let id = diesel::insert_into(tokens::table)
            .values((
                tokens::name.eq(name.as_str()),
                tokens::name_key.eq(name.key()),
                tokens::digest.eq(&**digest),
                tokens::scope.eq(scope.name()),
                tokens::is_of_all.eq(teams.is_none()),
                tokens::created_by.eq(caller.actor.name()),
                tokens::created_at.eq(caller.at),
                tokens::expires_at.eq(expires_at),
            ))
            .returning(tokens::id)
            .get_result(self.connection)?;
        let teams: Vec<_> = teams
            .into_iter()
            .flatten()
            .map(|team| (token_teams::token_id.eq(id), token_teams::team_id.eq(team.0)))
            .collect();
        diesel::insert_into(token_teams::table).values(teams).execute(self.connection)?;
        Ok(TokenId(id))
    }

    /// Says for which activities what a token proposes needs no person; no others stay.
    pub fn set_trust(&mut self, id: TokenId, activities: &BTreeSet<ActivityId>) -> Result<(), Error> {
        diesel::delete(token_trusted::table.filter(token_trusted::token_id.eq(id.0))).execute(self.connection)?;
        let mut keys = ActivityKeys::default();
        let mut rows = Vec::new();
        for activity in activities {
            let key = self.activity_key(&mut keys, activity)?;
            rows.push((token_trusted::token_id.eq(id.0), token_trusted::activity.eq(key)));
        }
        diesel::insert_into(token_trusted::table).values(rows).execute(self.connection)?;
        Ok(())
    }

    /// Notes when and from where a token was used.
    pub fn touch_token(&mut self, id: TokenId, from: &str, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::update(tokens::table.find(id.0))
            .set((tokens::last_used_at.eq(at), tokens::last_used_from.eq(from)))
            .execute(self.connection)?;
        Ok(())
    }

    /// Revokes a token, unless it was revoked before.
    pub fn revoke_token(&mut self, id: TokenId, at: DateTime<Utc>) -> Result<(), Error> {
        diesel::update(tokens::table.find(id.0))
            .filter(tokens::revoked_at.is_null())
            .set(tokens::revoked_at.eq(at))
            .execute(self.connection)?;
        Ok(())
    }
}
