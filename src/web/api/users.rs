//! `/api/v1/users`: who can come in, and `/api/v1/separation`: who sees which teams.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::Change;
use super::paging::{Paged, Paging};
use super::problem::renamed;
use super::tagged::{IfMatch, Tagged, told_once};
use super::word::{Described, Word};
use crate::app::Rights;
use crate::domain::access::{Reach, Role, Separation};
use crate::domain::account::{self, UserId};
use crate::domain::digits::state;
use crate::domain::organization::{GroupId, TeamId};
use crate::web::failure::Failure;
use crate::web::visit::Visit;

impl Described for Role {
    const SCHEMA: &'static str = "Role";
    const MEANING: &'static str = "What somebody is trusted with: each role may what the one before it may, and more.";
}

impl Described for Separation {
    const SCHEMA: &'static str = "Separation";
    const MEANING: &'static str = "Which teams people see: all of them, or only those that their role is about.";
}

type RoleWord = Word<Role>;
type SeparationWord = Word<Separation>;

/// The teams that somebody is trusted with.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(in crate::web) struct ReachSeen {
    /// Whether it is all of them, now and later.
    everything: bool,
    /// The numbers of the teams, if not.
    teams: BTreeSet<i64>,
    /// The numbers of the groups whose teams it is, if not all.
    groups: BTreeSet<i64>,
}

impl From<&Reach> for ReachSeen {
    fn from(reach: &Reach) -> Self {
        match reach {
            Reach::Everything => Self { everything: true, ..Self::default() },
            Reach::Some { teams, groups } => Self {
                everything: false,
                teams: teams.iter().map(|team| team.0).collect(),
                groups: groups.iter().map(|group| group.0).collect(),
            },
        }
    }
}

/// A person with an account.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct User {
    /// Their number.
    id: i64,
    /// The name with which they sign in.
    name: String,
    /// What they are trusted with.
    role: RoleWord,
    /// The teams that this is about.
    reach: ReachSeen,
    /// When the account was made.
    created_at: DateTime<Utc>,
    /// Since when they cannot sign in any more.
    disabled_at: Option<DateTime<Utc>>,
    /// Whether they have set a password.
    has_password: bool,
}

impl From<&account::User> for User {
    fn from(user: &account::User) -> Self {
        Self {
            id: user.id.0,
            name: user.name.to_string(),
            role: Word(user.role),
            reach: ReachSeen::from(&user.reach),
            created_at: user.created_at,
            disabled_at: user.disabled_at,
            has_password: user.has_password,
        }
    }
}

/// A person with an account, and when they were here.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct UserEntry {
    #[serde(flatten)]
    user: User,
    /// When they were last seen.
    last_seen_at: Option<DateTime<Utc>>,
}

/// What somebody is to be trusted with.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct RightsInput {
    /// As what. An administrator is always trusted with all teams.
    role: RoleWord,
    /// Whether that is about all teams. If not, name at least one team or group.
    #[serde(default)]
    everything: bool,
    /// The numbers of the teams that it is about.
    #[serde(default)]
    teams: Vec<i64>,
    /// The numbers of the groups whose teams it is about.
    #[serde(default)]
    groups: Vec<i64>,
}

type RightsInputChange = Change<RightsInput>;

impl From<&account::User> for RightsInput {
    fn from(user: &account::User) -> Self {
        let ReachSeen { everything, teams, groups } = ReachSeen::from(&user.reach);
        let (teams, groups) = (teams.into_iter().collect(), groups.into_iter().collect());
        Self { role: Word(user.role), everything, teams, groups }
    }
}

impl From<RightsInput> for Rights {
    fn from(input: RightsInput) -> Self {
        let RightsInput { role, everything, teams, groups } = input;
        Self {
            role: role.0,
            everything,
            teams: teams.into_iter().map(TeamId).collect(),
            groups: groups.into_iter().map(GroupId).collect(),
        }
    }
}

/// The fields of an account that forms call otherwise.
const NAMES: &[(&str, &str)] = &[("reach", "everything, teams, groups")];

/// Who is to have an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct UserInput {
    /// The name with which they will sign in, unique whatever the case of its letters.
    #[schema(min_length = 1, max_length = 100, example = "Ada")]
    name: String,
    /// As what they are trusted. An administrator is always trusted with all teams.
    role: RoleWord,
    /// Whether that is about all teams. If not, name at least one team or group.
    #[serde(default)]
    everything: bool,
    /// The numbers of the teams that it is about.
    #[serde(default)]
    teams: Vec<i64>,
    /// The numbers of the groups whose teams it is about.
    #[serde(default)]
    groups: Vec<i64>,
}

/// An account that was added, and how its owner comes in.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct UserAdded {
    /// The account.
    user: User,
    /// The address at which its owner sets a password, within 72 hours. It is told this once.
    link: String,
}

/// An address at which the owner of an account sets another password.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct PasswordLink {
    /// The address. It is good for 72 hours, once, and told this once; the link before opens nothing any more.
    link: String,
}

/// A browser in which somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Session {
    /// Its number.
    id: i64,
    /// When they signed in.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_seen_at: DateTime<Utc>,
    /// The network address that they signed in from.
    from: String,
    /// What the browser says it is.
    browser: String,
}

/// Who sees which teams.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct SeparationSet {
    /// Which.
    separation: SeparationWord,
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only the account of this name, whatever the case of its letters.
    name: Option<String>,
}

/// Which account.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfUser {
    /// The number of the account.
    user: i64,
}

impl OfUser {
    fn id(self) -> UserId {
        UserId(self.user)
    }
}

/// Lists the accounts, disabled ones too.
#[utoipa::path(get, path = "/api/v1/users", tag = "Users and tokens", params(Wanted, Paging),
    responses((status = 200, description = "A page of the accounts, by their numbers", body = [UserEntry])))]
pub(in crate::web) async fn list(
    visit: Visit,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<UserEntry>, Failure> {
    let mut users = visit.ask(|cairn, caller| cairn.accounts(caller)).await?.users;
    let name = wanted.into_inner().name.map(|name| name.trim().to_lowercase());
    users.retain(|user| name.as_ref().is_none_or(|name| user.name.key() == *name));
    users.sort_by_key(|user| user.id);
    let page = paging.page(users, |user| user.id.0)?;
    Ok(page.map(|user| UserEntry { user: User::from(&user), last_seen_at: user.last_seen_at }))
}

/// Adds an account. Its owner sets the password at the address that the answer tells.
#[utoipa::path(post, path = "/api/v1/users", tag = "Users and tokens", request_body = UserInput,
    responses((status = 201, description = "The account and the address for its owner", body = UserAdded)))]
pub(in crate::web) async fn add(visit: Visit, input: Json<UserInput>) -> Result<HttpResponse, Failure> {
    let UserInput { name, role, everything, teams, groups } = input.into_inner();
    let rights = Rights::from(RightsInput { role, everything, teams, groups });
    let added = visit.ask(move |cairn, caller| cairn.add_user(caller, &name, &rights)).await;
    let (id, secret) = added.map_err(renamed(NAMES))?;
    let user = User::from(&find(&visit, id).await?);
    let link = address(&visit, &secret);
    Ok(told_once(&UserAdded { user, link }, &format!("/api/v1/users/{id}")))
}

fn address(visit: &Visit, secret: &account::Secret) -> String {
    format!("{}/welcome/{}", visit.base().trim_end_matches('/'), secret.reveal())
}

/// Gives one account.
#[utoipa::path(get, path = "/api/v1/users/{user}", tag = "Users and tokens", params(OfUser),
    responses((status = 200, description = "The account", body = User)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfUser>) -> Result<Tagged<User>, Failure> {
    Ok(Tagged(User::from(&find(&visit, of.id()).await?)))
}

async fn find(visit: &Visit, id: UserId) -> Result<account::User, Failure> {
    Ok(visit.ask(move |cairn, caller| cairn.account(caller, id)).await?.0)
}

/// Changes what somebody is trusted with. What is left out stays as it is; who names teams or groups means only those,
/// unless `everything` is said, too.
#[utoipa::path(patch, path = "/api/v1/users/{user}", tag = "Users and tokens", params(OfUser, IfMatch),
    request_body = RightsInputChange,
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(in crate::web) async fn change(
    visit: Visit,
    of: Path<OfUser>,
    seen: IfMatch,
    input: Json<RightsInputChange>,
) -> Result<Tagged<User>, Failure> {
    let present = find(&visit, of.id()).await?;
    seen.check(&User::from(&present))?;
    let change = input.into_inner();
    let is_about_some = (change.says("teams") || change.says("groups")) && !change.says("everything");
    let mut rights = Rights::from(change.of(&RightsInput::from(&present))?);
    rights.everything &= !is_about_some;
    let (id, seen) = (present.id, state(&present.rights()));
    let changed = visit.ask(move |cairn, caller| cairn.change_rights(caller, id, &rights, Some(&seen))).await;
    changed.map_err(renamed(NAMES))?;
    show(visit, of).await
}

/// Lists the browsers in which somebody is signed in.
#[utoipa::path(get, path = "/api/v1/users/{user}/sessions", tag = "Users and tokens", params(OfUser, Paging),
    responses((status = 200, description = "A page of the open sessions, by their numbers", body = [Session])))]
pub(in crate::web) async fn sessions(
    visit: Visit,
    of: Path<OfUser>,
    paging: Query<Paging>,
) -> Result<Paged<Session>, Failure> {
    let id = of.id();
    let (_, mut sessions) = visit.ask(move |cairn, caller| cairn.account(caller, id)).await?;
    sessions.sort_by_key(|session| session.id);
    let page = paging.page(sessions, |session| session.id.0)?;
    Ok(page.map(|session| {
        let account::Session { id, created_at, last_seen_at, from, browser, .. } = session;
        Session { id: id.0, created_at, last_seen_at, from, browser }
    }))
}

/// Makes an address at which the owner of an account sets another password.
#[utoipa::path(post, path = "/api/v1/users/{user}/link", tag = "Users and tokens", params(OfUser),
    responses((status = 200, description = "The address", body = PasswordLink)))]
pub(in crate::web) async fn link(visit: Visit, of: Path<OfUser>) -> Result<Json<PasswordLink>, Failure> {
    let id = of.id();
    let secret = visit.ask(move |cairn, caller| cairn.make_password_link(caller, id)).await?;
    Ok(Json(PasswordLink { link: address(&visit, &secret) }))
}

/// Signs somebody out everywhere.
#[utoipa::path(post, path = "/api/v1/users/{user}/sign-out", tag = "Users and tokens", params(OfUser),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(in crate::web) async fn sign_out(visit: Visit, of: Path<OfUser>) -> Result<Tagged<User>, Failure> {
    let id = of.id();
    visit.ask(move |cairn, caller| cairn.end_sessions_of(caller, id)).await?;
    show(visit, of).await
}

/// Disables an account: its owner is signed out and cannot come in any more. What they did stays theirs.
#[utoipa::path(post, path = "/api/v1/users/{user}/disable", tag = "Users and tokens", params(OfUser),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(in crate::web) async fn disable(visit: Visit, of: Path<OfUser>) -> Result<Tagged<User>, Failure> {
    let id = of.id();
    visit.ask(move |cairn, caller| cairn.disable_user(caller, id)).await?;
    show(visit, of).await
}

/// Enables a disabled account again, with the password that it had.
#[utoipa::path(post, path = "/api/v1/users/{user}/enable", tag = "Users and tokens", params(OfUser),
    responses((status = 200, description = "The account as it is now", body = User)))]
pub(in crate::web) async fn enable(visit: Visit, of: Path<OfUser>) -> Result<Tagged<User>, Failure> {
    let id = of.id();
    visit.ask(move |cairn, caller| cairn.enable_user(caller, id)).await?;
    show(visit, of).await
}

/// Says who sees which teams.
#[utoipa::path(get, path = "/api/v1/separation", tag = "Users and tokens",
    responses((status = 200, description = "Who sees which", body = SeparationSet)))]
pub(in crate::web) async fn separation(visit: Visit) -> Result<Tagged<SeparationSet>, Failure> {
    let separation = visit.ask(|cairn, caller| cairn.accounts(caller)).await?.separation;
    Ok(Tagged(SeparationSet { separation: Word(separation) }))
}

/// Lets everybody see all teams, or only their own.
#[utoipa::path(put, path = "/api/v1/separation", tag = "Users and tokens", params(IfMatch), request_body = SeparationSet,
    responses((status = 200, description = "Who sees which now", body = SeparationSet)))]
pub(in crate::web) async fn separate(
    visit: Visit,
    seen: IfMatch,
    input: Json<SeparationSet>,
) -> Result<Tagged<SeparationSet>, Failure> {
    let present = visit.ask(|cairn, caller| cairn.accounts(caller)).await?.separation;
    seen.check(&SeparationSet { separation: Word(present) })?;
    let (wanted, seen) = (input.into_inner().separation.0, state(&present));
    visit.ask(move |cairn, caller| cairn.set_separation(caller, wanted, Some(&seen))).await?;
    separation(visit).await
}

const _: () = assert!(account::PasswordLink::LIFETIME.num_hours() == 72, "as the description says");
