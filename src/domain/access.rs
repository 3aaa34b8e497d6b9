//! Who acts, and what they may do. Every use case in `app` asks here before it does anything.

use std::fmt;

use chrono::{DateTime, Utc};

/// The one on whose behalf something happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    name: String,
    role: Role,
}

/// What somebody is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Administrator,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See teams, answers and everything computed from them.
    View,
    /// Open assessments, answer, submit.
    Assess,
    /// Make a submitted assessment a draft again.
    Reopen,
    /// Add and change teams and groups.
    ManageTeams,
    /// Put another catalog to use.
    ManageCatalog,
    /// Change what holds for the whole organization.
    ManageSettings,
    /// Make and restore backups, and see how the service does.
    Operate,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::View => "view this",
            Self::Assess => "assess teams",
            Self::Reopen => "reopen assessments",
            Self::ManageTeams => "manage teams",
            Self::ManageCatalog => "manage the catalog",
            Self::ManageSettings => "change the settings",
            Self::Operate => "operate the service",
        })
    }
}

/// The actor may not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} may not {action}")]
pub struct Forbidden {
    name: String,
    action: Action,
}

impl Actor {
    /// Whoever works at the machine that the service runs on: may do everything. As long as there
    /// are no accounts the service listens on the loopback interface only, so this is everybody.
    pub fn operator() -> Self {
        Self { name: "operator".into(), role: Role::Administrator }
    }

    /// The name that is recorded with what they do.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether they may do it.
    pub fn authorize(&self, action: Action) -> Result<(), Forbidden> {
        let allowed = match (self.role, action) {
            (
                Role::Administrator,
                Action::View
                | Action::Assess
                | Action::Reopen
                | Action::ManageTeams
                | Action::ManageCatalog
                | Action::ManageSettings
                | Action::Operate,
            ) => true,
        };
        if allowed { Ok(()) } else { Err(Forbidden { name: self.name.clone(), action }) }
    }
}

/// Who calls a use case, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// On whose behalf.
    pub actor: Actor,
    /// The time of the call.
    pub at: DateTime<Utc>,
}
