//! `cairn token`: what programs show instead of a person's password.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::printed::As;
use super::{Failure, open, operator, print};
use crate::app::{Missing, TokenInput};
use crate::clock::Clock;
use crate::domain::access::{Reach, TokenScope};
use crate::domain::account::Token;
use crate::domain::catalog::ActivityId;
use crate::domain::named::Named;
use crate::domain::view::AccountsSeen;

/// What to do with tokens.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token and print it; it is kept nowhere
    Create {
        /// What it is for
        name: String,
        /// To see, to propose answers or to put them in and see nothing, or to do everything
        #[arg(long, value_parser = super::one_of::<TokenScope>())]
        scope: TokenScope,
        /// A team that it is limited to
        #[arg(long)]
        team: Vec<String>,
        /// For how many days it is valid
        #[arg(long, default_value_t = Token::DAYS, value_parser = clap::value_parser!(i64).range(1..=Token::MOST_DAYS))]
        days: i64,
        /// The id of an activity for which what it proposes is put into a draft without a person
        #[arg(long, value_name = "ACTIVITY_ID", num_args = 1..)]
        trust: Vec<String>,
        #[command(flatten)]
        printed: As,
    },
    /// Say for which activities what a token proposes is put into a draft without a person; for no others any more
    Trust {
        /// Its name
        name: String,
        /// The ids of the activities; none: for nothing
        #[arg(value_name = "ACTIVITY_ID")]
        activities: Vec<String>,
        #[command(flatten)]
        printed: As,
    },
    /// List all tokens
    List {
        #[command(flatten)]
        printed: As,
    },
    /// Revoke a token at once and for good
    Revoke {
        /// Its name
        name: String,
        #[command(flatten)]
        printed: As,
    },
}

impl Command {
    /// How the result is printed.
    pub(super) fn printed(&self) -> As {
        match self {
            Self::Create { printed, .. }
            | Self::Trust { printed, .. }
            | Self::List { printed }
            | Self::Revoke { printed, .. } => *printed,
        }
    }
}

pub(super) fn run(command: &Command, database: &Path, clock: Clock) -> Result<(), Failure> {
    let caller = operator(clock);
    let cairn = open(database, Missing::Refuse)?;
    let printed = command.printed();
    match command {
        Command::Create { name, scope, team, days, trust, .. } => {
            let teams = team.iter().map(|name| cairn.team_named(&caller, name)).collect::<Result<_, _>>()?;
            let everything = team.is_empty();
            let trusted_for = trust.iter().cloned().map(ActivityId).collect();
            let input = TokenInput { name: name.clone(), scope: *scope, everything, teams, days: *days, trusted_for };
            let secret = cairn.create_token(&caller, &input)?;
            printed.print(
                || json!({ "token": secret.reveal(), "valid_for_days": days }),
                || {
                    tell!("Keep it now: it is shown once, and is valid for {days} days");
                    print(secret.reveal())
                },
            )
        }
        Command::List { .. } => {
            let seen = cairn.accounts(&caller)?;
            let json = || seen.tokens.iter().map(|token| in_json(token, &seen, caller.at)).collect();
            printed.print(json, || {
                print("name\tscope\tteams\tstate\texpires\tlast used\tmade by\ttrusted for")?;
                seen.tokens.iter().try_for_each(|token| print(&line(token, &seen, caller.at)))
            })
        }
        Command::Trust { name, activities, .. } => {
            let id = cairn.token_named(&caller, name)?;
            let activities: Vec<ActivityId> = activities.iter().cloned().map(ActivityId).collect();
            cairn.trust_token(&caller, id, &activities, None)?;
            let message = match activities.len() {
                0 => format!("What {name} proposes waits for a person"),
                1 => format!("{name} is trusted for 1 activity"),
                many => format!("{name} is trusted for {many} activities"),
            };
            printed.say(|| json!({ "name": name, "trusted_for": activities }), &message)
        }
        Command::Revoke { name, .. } => {
            let id = cairn.token_named(&caller, name)?;
            cairn.revoke_token(&caller, id)?;
            printed.say(|| json!({ "name": name, "state": "revoked" }), &format!("{name} opens nothing any more"))
        }
    }
}

/// A line of the list.
fn line(token: &Token, seen: &AccountsSeen, at: DateTime<Utc>) -> String {
    let about = match &token.reach {
        Reach::Everything => "all".to_owned(),
        Reach::Some { .. } => teams(token, seen).join(", "),
    };
    let used = token.last_used.as_ref();
    let used = used.map(|(at, from)| format!("{} from {from}", at.format("%Y-%m-%d %H:%M"))).unwrap_or_default();
    let expires = token.expires_at.format("%Y-%m-%d");
    let trusted_for = token.trusted_for.iter().map(|activity| activity.0.as_str()).collect::<Vec<_>>().join(" ");
    let (name, scope, state, by) = (&token.name, token.scope.name(), state(token, at), &token.created_by);
    format!("{name}\t{scope}\t{about}\t{state}\t{expires}\t{used}\t{by}\t{trusted_for}")
}

/// A token for programs. Without teams it is about all.
fn in_json(token: &Token, seen: &AccountsSeen, at: DateTime<Utc>) -> Value {
    json!({
        "name": token.name,
        "scope": token.scope.name(),
        "everything": token.reach == Reach::Everything,
        "teams": teams(token, seen),
        "state": state(token, at),
        "expires_at": token.expires_at,
        "last_used_at": token.last_used.as_ref().map(|(at, _)| at),
        "last_used_from": token.last_used.as_ref().map(|(_, from)| from),
        "created_by": token.created_by,
        "trusted_for": token.trusted_for,
    })
}

/// The names of the teams that a token is limited to.
fn teams<'a>(token: &Token, seen: &'a AccountsSeen) -> Vec<&'a str> {
    let Reach::Some { teams, .. } = &token.reach else { return Vec::new() };
    seen.teams.iter().filter(|team| teams.contains(&team.id)).map(|team| team.name.as_str()).collect()
}

fn state(token: &Token, at: DateTime<Utc>) -> &'static str {
    match token.revoked_at {
        Some(_) => "revoked",
        None if token.is_open_at(at) => "valid",
        None => "expired",
    }
}
