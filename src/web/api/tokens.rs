//! `/api/v1/tokens`: what programs show instead of a person's password.

use actix_web::HttpResponse;
use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::paging::{Paged, Paging};
use super::problem::renamed;
use super::tagged::{IfMatch, Tagged, told_once};
use super::users::ReachSeen;
use super::word::{Described, Word};
use crate::app::{self, TokenInput};
use crate::domain::access::TokenScope;
use crate::domain::account::{self, TokenId};
use crate::domain::catalog::ActivityId;
use crate::domain::digits::state;
use crate::domain::organization::TeamId;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

impl Described for TokenScope {
    const SCHEMA: &'static str = "TokenScope";
    const MEANING: &'static str = "What a program is trusted with.";
}

type TokenScopeWord = Word<TokenScope>;

/// What a program shows, without its secret.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Token {
    /// Its number.
    id: i64,
    /// What it is for.
    name: String,
    /// What it is trusted with.
    scope: TokenScopeWord,
    /// The teams that this is about.
    reach: ReachSeen,
    /// Who made it.
    created_by: String,
    /// When.
    created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: Option<DateTime<Utc>>,
    /// From which network address it was last used.
    last_used_from: Option<String>,
    /// Since when it is revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// The ids of the activities for which what it proposes is put into a draft without a person.
    trusted_for: Vec<String>,
}

impl From<&account::Token> for Token {
    fn from(token: &account::Token) -> Self {
        let (last_used_at, last_used_from) = token.last_used.clone().unzip();
        Self {
            id: token.id.0,
            name: token.name.to_string(),
            scope: Word(token.scope),
            reach: ReachSeen::from(&token.reach),
            created_by: token.created_by.clone(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at,
            last_used_from,
            revoked_at: token.revoked_at,
            trusted_for: token.trusted_for.iter().map(|activity| activity.0.clone()).collect(),
        }
    }
}

/// What a token is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewToken {
    /// What it is for. Names are not used twice.
    #[schema(min_length = 1, max_length = 100, example = "nightly import")]
    name: String,
    /// What it is trusted with.
    scope: TokenScopeWord,
    /// Whether that is about all teams. If not, name at least one.
    #[serde(default)]
    everything: bool,
    /// The numbers of the teams that it is about.
    #[serde(default)]
    teams: Vec<i64>,
    /// For how many days it is valid.
    #[serde(default = "usual_days")]
    #[schema(minimum = 1, maximum = 366)]
    days: i64,
    /// The ids of the activities for which what it proposes is put into a draft without a person.
    #[serde(default)]
    trusted_for: Vec<String>,
}

/// For what a token is to be trusted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Trust {
    /// The ids of all activities for which what it proposes is put into a draft without a person.
    trusted_for: Vec<String>,
}

fn usual_days() -> i64 {
    account::Token::DAYS
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct TokenMade {
    /// The token.
    token: Token,
    /// What the program shows as `Authorization: Bearer …`. It is told this once and kept nowhere.
    secret: String,
}

/// Which token.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfToken {
    /// The number of the token.
    token: i64,
}

/// Lists the tokens, without their secrets; expired and revoked ones too.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "Users and tokens", params(Paging),
    responses((status = 200, description = "A page of the tokens, by their numbers", body = [Token])))]
pub(in crate::web) async fn list(visit: Visit, paging: Query<Paging>) -> Result<Paged<Token>, Failure> {
    let mut tokens = visit.ask(|cairn, caller| cairn.accounts(caller)).await?.tokens;
    tokens.sort_by_key(|token| token.id);
    Ok(paging.page(tokens, |token| token.id.0)?.map(|token| Token::from(&token)))
}

/// Makes a token. Its secret is told in the answer and nowhere else.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "Users and tokens", request_body = NewToken,
    responses((status = 201, description = "The token and its secret", body = TokenMade)))]
pub(in crate::web) async fn make(visit: Visit, input: Json<NewToken>) -> Result<HttpResponse, Failure> {
    let NewToken { name, scope, everything, teams, days, trusted_for } = input.into_inner();
    let called = name.clone();
    let teams = teams.into_iter().map(TeamId).collect();
    let trusted_for = trusted_for.into_iter().map(ActivityId).collect();
    let input = TokenInput { name, scope: scope.0, everything, teams, days, trusted_for };
    let made = visit.ask(move |cairn, caller| cairn.create_token(caller, &input)).await;
    let secret = made.map_err(renamed(&[("reach", "everything, teams")]))?;
    let id = visit.ask(move |cairn, caller| cairn.token_named(caller, &called)).await?;
    let token = find(&visit, id).await?;
    let told = TokenMade { token: Token::from(&token), secret: secret.reveal().to_owned() };
    Ok(told_once(&told, &format!("/api/v1/tokens/{id}")))
}

/// Gives one token, without its secret.
#[utoipa::path(get, path = "/api/v1/tokens/{token}", tag = "Users and tokens", params(OfToken),
    responses((status = 200, description = "The token", body = Token)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfToken>) -> Result<Tagged<Token>, Failure> {
    Ok(Tagged(Token::from(&find(&visit, TokenId(of.token)).await?)))
}

async fn find(visit: &Visit, id: TokenId) -> Result<account::Token, Failure> {
    let tokens = visit.ask(|cairn, caller| cairn.accounts(caller)).await?.tokens;
    let token = tokens.iter().find(|token| token.id == id);
    Ok(token.ok_or(app::Error::NotFound("token"))?.clone())
}

/// Says for which activities a token is trusted; for no others any more.
#[utoipa::path(put, path = "/api/v1/tokens/{token}/trust", tag = "Users and tokens", params(OfToken, IfMatch),
    request_body = Trust, responses((status = 200, description = "The token as it is now", body = Token)))]
pub(in crate::web) async fn trust(
    visit: Visit,
    of: Path<OfToken>,
    seen: IfMatch,
    input: Json<Trust>,
) -> Result<Tagged<Token>, Failure> {
    let id = TokenId(of.token);
    let present = find(&visit, id).await?;
    seen.check(&Token::from(&present))?;
    let activities: Vec<ActivityId> = input.into_inner().trusted_for.into_iter().map(ActivityId).collect();
    let seen = state(&present.trusted_for);
    visit.ask(move |cairn, caller| cairn.trust_token(caller, id, &activities, Some(&seen))).await?;
    show(visit, of).await
}

/// Revokes a token: it opens nothing any more, from now on and for good.
#[utoipa::path(post, path = "/api/v1/tokens/{token}/revoke", tag = "Users and tokens", params(OfToken),
    responses((status = 200, description = "The token as it is now", body = Token)))]
pub(in crate::web) async fn revoke(visit: Visit, of: Path<OfToken>) -> Result<Json<Token>, Failure> {
    let id = TokenId(of.token);
    visit.ask(move |cairn, caller| cairn.revoke_token(caller, id)).await?;
    Ok(Json(Token::from(&find(&visit, id).await?)))
}
