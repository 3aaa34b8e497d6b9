//! Who acts, and what they may do and see. Every use case in `app` asks here before it does anything.
//!
//! Who somebody is and what they may do are separate questions: an [`Actor`] is made of a name, of
//! what they are trusted with, and of the teams that this is about, whatever way they were recognized.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use chrono::{DateTime, Utc};

use super::account::{SessionId, TokenId, UserId};
use super::named::Named;
use super::organization::{GroupId, Team, TeamId};

/// What a person is trusted with; each role includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// See.
    Viewer,
    /// Fill in and submit assessments, and keep evidence, for their teams.
    Assessor,
    /// Besides, add and change their teams and the teams of their groups.
    Manager,
    /// Everything.
    Administrator,
}

impl Named for Role {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("viewer", Self::Viewer),
        ("assessor", Self::Assessor),
        ("manager", Self::Manager),
        ("administrator", Self::Administrator),
    ];
}

/// What a program is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenScope {
    /// See, as a viewer does.
    Read,
    /// Propose answers and record evidence, and see nothing.
    Propose,
    /// Import answers, and see nothing.
    Import,
    /// Everything, as an administrator.
    Administer,
}

impl Named for TokenScope {
    const NAMED: &'static [(&'static str, Self)] =
        &[("read", Self::Read), ("propose", Self::Propose), ("import", Self::Import), ("administer", Self::Administer)];
}

/// The teams that somebody's role is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of them, also such as are added later.
    Everything,
    /// Some teams, and those that are in some groups now.
    Some {
        /// The teams.
        teams: BTreeSet<TeamId>,
        /// The groups.
        groups: BTreeSet<GroupId>,
    },
}

impl Reach {
    /// Whether a team is among them.
    pub fn covers(&self, team: &Team) -> bool {
        match self {
            Self::Everything => true,
            Self::Some { teams, groups } => {
                teams.contains(&team.id) || team.groups.iter().any(|group| groups.contains(group))
            }
        }
    }

    /// Whether the whole of a group is, now and later.
    pub fn covers_group(&self, group: GroupId) -> bool {
        match self {
            Self::Everything => true,
            Self::Some { groups, .. } => groups.contains(&group),
        }
    }
}

/// Which teams people see who are signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separation {
    /// Everybody sees all teams; what they may change depends on their role.
    #[default]
    Open,
    /// Everybody sees only the teams that their role is about.
    Separated,
}

impl Named for Separation {
    const NAMED: &'static [(&'static str, Self)] = &[("open", Self::Open), ("separated", Self::Separated)];
}

/// The teams that somebody sees. Everything that is read of teams is read through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// All of them.
    Everything,
    /// These; the others are as good as not there.
    Teams(HashSet<TeamId>),
}

impl Sight {
    /// Whether a team is seen.
    pub fn sees(&self, team: TeamId) -> bool {
        match self {
            Self::Everything => true,
            Self::Teams(teams) => teams.contains(&team),
        }
    }
}

/// How somebody was recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Means {
    /// They have an account, and are signed in with this session unless they are just about to be.
    User(UserId, Option<SessionId>),
    /// A program that showed a token.
    Token(TokenId),
    /// They can run commands on the database file.
    Operator,
    /// They look at a made-up organization.
    Demo,
    /// Nobody is recognized yet.
    Nobody,
}

impl Means {
    /// The word of the audit record: `user`, `token`, `operator`, `demo` or `nobody`.
    pub fn word(self) -> &'static str {
        match self {
            Self::User(..) => "user",
            Self::Token(_) => "token",
            Self::Operator => "operator",
            Self::Demo => "demo",
            Self::Nobody => "nobody",
        }
    }
}

/// What an actor is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Trust {
    Nothing,
    Role(Role),
    /// To propose answers and record evidence, and to see none.
    Propose,
    /// The same, and to put answers in, and to see none.
    Import,
}

/// The one on whose behalf something happens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    name: String,
    means: Means,
    trust: Trust,
    reach: Reach,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See teams, answers and everything computed from them.
    View,
    /// Open assessments, answer, submit, keep evidence.
    Assess,
    /// Put answers in from a file.
    Import,
    /// Propose answers, and record evidence with them.
    Propose,
    /// Make a submitted assessment a draft again.
    Reopen,
    /// Add and change teams and groups.
    ManageTeams,
    /// Make plans of the transformation.
    Plan,
    /// Put another catalog to use.
    ManageCatalog,
    /// Change what holds for the whole organization.
    ManageSettings,
    /// Change the stages, their targets, and which team has which.
    ManageRoadmap,
    /// Add and change accounts and tokens.
    ManageAccounts,
    /// See who did what.
    Audit,
    /// Back up and restore, and see how the service runs.
    Operate,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "see this",
            Self::Assess => "assess",
            Self::Import => "import answers",
            Self::Propose => "propose answers",
            Self::Reopen => "reopen assessments",
            Self::ManageTeams => "manage teams",
            Self::Plan => "make plans",
            Self::ManageCatalog => "manage the catalog",
            Self::ManageSettings => "change the settings",
            Self::ManageRoadmap => "change the roadmap",
            Self::ManageAccounts => "manage accounts",
            Self::Audit => "see the audit record",
            Self::Operate => "operate the service",
        })
    }
}

/// The actor may not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} may not {action}{}", .team.as_ref().map(|team| format!(" for {team}")).unwrap_or_default())]
pub struct Forbidden {
    name: String,
    action: Action,
    team: Option<String>,
}

impl Actor {
    /// A person who is signed in.
    pub fn user(id: UserId, name: &str, role: Role, reach: Reach) -> Self {
        let reach = if role == Role::Administrator { Reach::Everything } else { reach };
        Self { name: name.to_owned(), means: Means::User(id, None), trust: Trust::Role(role), reach }
    }

    /// The same person, signed in with a session.
    #[must_use]
    pub fn with_session(self, session: SessionId) -> Self {
        match self.means {
            Means::User(id, _) => Self { means: Means::User(id, Some(session)), ..self },
            _ => self,
        }
    }

    /// A program that showed a token.
    pub fn token(id: TokenId, name: &str, scope: TokenScope, reach: Reach) -> Self {
        let trust = match scope {
            TokenScope::Read => Trust::Role(Role::Viewer),
            TokenScope::Propose => Trust::Propose,
            TokenScope::Import => Trust::Import,
            TokenScope::Administer => Trust::Role(Role::Administrator),
        };
        Self { name: format!("token {name}"), means: Means::Token(id), trust, reach }
    }

    /// Whoever can run commands on the database file: may do everything, since nothing could stop them.
    pub fn operator() -> Self {
        Self {
            name: "operator".into(),
            means: Means::Operator,
            trust: Trust::Role(Role::Administrator),
            reach: Reach::Everything,
        }
    }

    /// Whoever looks at the demo.
    pub fn demo() -> Self {
        Self { name: "demo".into(), means: Means::Demo, ..Self::operator() }
    }

    /// Somebody who is not recognized, under the name that they give.
    pub fn nobody(name: &str) -> Self {
        let reach = Reach::Some { teams: BTreeSet::new(), groups: BTreeSet::new() };
        Self { name: name.to_owned(), means: Means::Nobody, trust: Trust::Nothing, reach }
    }

    /// The name that is recorded with what they do.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How they were recognized.
    pub fn means(&self) -> Means {
        self.means
    }

    /// The account that they are signed in with, if they are.
    pub fn user_id(&self) -> Option<UserId> {
        match self.means {
            Means::User(id, _) => Some(id),
            _ => None,
        }
    }

    /// The session that they are signed in with, if they are.
    pub fn session(&self) -> Option<SessionId> {
        match self.means {
            Means::User(_, session) => session,
            _ => None,
        }
    }

    /// The teams that what they are trusted with is about.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether they may do it at all, for some team at least.
    pub fn may(&self, action: Action) -> bool {
        let least = match action {
            Action::View => Role::Viewer,
            Action::Assess | Action::Import | Action::Propose => Role::Assessor,
            Action::ManageTeams | Action::Plan => Role::Manager,
            Action::Reopen
            | Action::ManageCatalog
            | Action::ManageSettings
            | Action::ManageRoadmap
            | Action::ManageAccounts
            | Action::Audit
            | Action::Operate => Role::Administrator,
        };
        // A token that administers may be limited to teams; what is about the whole is not for it then.
        let is_of_the_whole = least == Role::Administrator && action != Action::Reopen;
        match self.trust {
            Trust::Nothing => false,
            Trust::Propose => action == Action::Propose,
            Trust::Import => matches!(action, Action::Import | Action::Propose),
            Trust::Role(role) => role >= least && !(is_of_the_whole && self.reach != Reach::Everything),
        }
    }

    /// Whether they may do it for this team.
    pub fn may_for(&self, action: Action, team: &Team) -> bool {
        self.may(action) && self.reach.covers(team)
    }

    /// Whether they may do it for the organization as a whole.
    pub fn may_for_all(&self, action: Action) -> bool {
        self.may(action) && self.reach == Reach::Everything
    }

    /// An error unless they may do it, for some team at least.
    pub fn authorize(&self, action: Action) -> Result<(), Forbidden> {
        if self.may(action) { Ok(()) } else { Err(self.forbidden(action, None)) }
    }

    /// An error unless they may do it for this team.
    pub fn authorize_for(&self, action: Action, team: &Team) -> Result<(), Forbidden> {
        self.authorize(action)?;
        if self.may_for(action, team) { Ok(()) } else { Err(self.forbidden(action, Some(team.name.to_string()))) }
    }

    /// An error unless they may do it for the organization as a whole.
    pub fn authorize_for_all(&self, action: Action) -> Result<(), Forbidden> {
        if self.may_for_all(action) { Ok(()) } else { Err(self.forbidden(action, None)) }
    }

    fn forbidden(&self, action: Action, team: Option<String>) -> Forbidden {
        Forbidden { name: self.name.clone(), action, team }
    }
}

/// Who calls a use case, when, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// On whose behalf.
    pub actor: Actor,
    /// The time of the call.
    pub at: DateTime<Utc>,
    /// The network address that it came from; empty for commands on the machine itself.
    pub from: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::organization::Name;

    fn team(id: i64, groups: &[i64]) -> Team {
        Team {
            id: TeamId(id),
            name: Name::new(&format!("Team {id}")).unwrap(),
            description: String::new(),
            groups: groups.iter().copied().map(GroupId).collect(),
            retired_at: None,
        }
    }

    fn some(teams: &[i64], groups: &[i64]) -> Reach {
        let (teams, groups) = (teams.iter().copied().map(TeamId), groups.iter().copied().map(GroupId));
        Reach::Some { teams: teams.collect(), groups: groups.collect() }
    }

    #[test]
    fn reach_follows_teams_into_groups() {
        let reach = some(&[1], &[10]);
        assert!(reach.covers(&team(1, &[])));
        assert!(reach.covers(&team(2, &[9, 10])));
        assert!(!reach.covers(&team(2, &[9])));
        assert!(!some(&[], &[]).covers(&team(1, &[10])));
        assert!(Reach::Everything.covers(&team(7, &[])));
    }

    #[test]
    fn each_role_includes_those_before_it() {
        const ACTIONS: [Action; 13] = [
            Action::View,
            Action::Assess,
            Action::Import,
            Action::Propose,
            Action::Reopen,
            Action::ManageTeams,
            Action::Plan,
            Action::ManageCatalog,
            Action::ManageSettings,
            Action::ManageRoadmap,
            Action::ManageAccounts,
            Action::Audit,
            Action::Operate,
        ];
        let actor = |role| Actor::user(UserId(1), "Ada", role, Reach::Everything);
        let allowed = |role| ACTIONS.iter().filter(|action| actor(role).may(**action)).count();
        let roles = Role::NAMED.iter().map(|(_, role)| allowed(*role)).collect::<Vec<_>>();
        assert_eq!(roles, [1, 4, 6, 13]);
        assert!(ACTIONS.iter().all(|action| !Actor::nobody("x").may(*action)));
    }

    #[test]
    fn a_role_is_about_its_teams_only() {
        let assessor = Actor::user(UserId(1), "Ada", Role::Assessor, some(&[1], &[]));
        assert!(assessor.authorize_for(Action::Assess, &team(1, &[])).is_ok());
        let refused = assessor.authorize_for(Action::Assess, &team(2, &[])).unwrap_err().to_string();
        assert_eq!(refused, "Ada may not assess for Team 2");
        assert!(!assessor.may_for_all(Action::Assess));
    }

    #[test]
    fn an_administrator_is_about_everything_and_a_limited_token_is_not() {
        let administrator = Actor::user(UserId(1), "Ada", Role::Administrator, some(&[1], &[]));
        assert!(administrator.may_for(Action::Reopen, &team(2, &[])) && administrator.may(Action::Audit));
        let token = Actor::token(TokenId(1), "ci", TokenScope::Administer, some(&[1], &[]));
        assert!(token.may_for(Action::Reopen, &team(1, &[])) && !token.may_for(Action::Reopen, &team(2, &[])));
        assert!(!token.may(Action::Audit) && !token.may(Action::ManageAccounts) && !token.may(Action::ManageSettings));
    }

    #[test]
    fn an_import_token_sees_nothing() {
        let token = Actor::token(TokenId(1), "ci", TokenScope::Import, Reach::Everything);
        assert!(token.may(Action::Import) && token.may(Action::Propose));
        assert!(!token.may(Action::View) && !token.may(Action::Assess));
    }

    #[test]
    fn a_token_to_propose_does_nothing_else() {
        let token = Actor::token(TokenId(1), "ci", TokenScope::Propose, some(&[1], &[]));
        assert!(token.may_for(Action::Propose, &team(1, &[])) && !token.may_for(Action::Propose, &team(2, &[])));
        assert!(!token.may(Action::Import) && !token.may(Action::View) && !token.may(Action::Assess));
    }
}
