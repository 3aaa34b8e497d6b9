//! `cairn token`: what programs show instead of a person's password.

use std::path::Path;

use super::{Failure, open, operator, print};
use crate::app::{Missing, TokenInput};
use crate::clock::Clock;
use crate::domain::access::{Reach, TokenScope};
use crate::domain::account::Token;
use crate::domain::catalog::ActivityId;
use crate::domain::named::Named;

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
    },
    /// Say for which activities what a token proposes is put into a draft without a person; for no others any more
    Trust {
        /// Its name
        name: String,
        /// The ids of the activities; none: for nothing
        #[arg(value_name = "ACTIVITY_ID")]
        activities: Vec<String>,
    },
    /// List all tokens
    List,
    /// Revoke a token at once and for good
    Revoke {
        /// Its name
        name: String,
    },
}

pub(super) fn run(command: &Command, database: &Path, clock: Clock) -> Result<(), Failure> {
    let caller = operator(clock);
    let cairn = open(database, Missing::Refuse)?;
    match command {
        Command::Create { name, scope, team, days, trust } => {
            let teams = team.iter().map(|name| cairn.team_named(&caller, name)).collect::<Result<_, _>>()?;
            let everything = team.is_empty();
            let trusted_for = trust.iter().cloned().map(ActivityId).collect();
            let input = TokenInput { name: name.clone(), scope: *scope, everything, teams, days: *days, trusted_for };
            let secret = cairn.create_token(&caller, &input)?;
            eprintln!("Keep it now: it is shown once, and is valid for {days} days");
            print(secret.reveal())?;
        }
        Command::List => {
            let seen = cairn.accounts(&caller)?;
            print("name\tscope\tteams\tstate\texpires\tlast used\tmade by\ttrusted for")?;
            for token in &seen.tokens {
                let about = match &token.reach {
                    Reach::Everything => "all".to_owned(),
                    Reach::Some { teams, .. } => {
                        let names = seen.teams.iter().filter(|team| teams.contains(&team.id));
                        names.map(|team| team.name.to_string()).collect::<Vec<_>>().join(", ")
                    }
                };
                let state = match token.revoked_at {
                    Some(_) => "revoked",
                    None if token.is_open_at(caller.at) => "valid",
                    None => "expired",
                };
                let used = token.last_used.as_ref();
                let used = used.map(|(at, from)| format!("{} from {from}", at.format("%Y-%m-%d %H:%M")));
                print(&format!(
                    "{}\t{}\t{about}\t{state}\t{}\t{}\t{}\t{}",
                    token.name,
                    token.scope.name(),
                    token.expires_at.format("%Y-%m-%d"),
                    used.unwrap_or_default(),
                    token.created_by,
                    token.trusted_for.iter().map(|activity| activity.0.as_str()).collect::<Vec<_>>().join(" ")
                ))?;
            }
        }
        Command::Trust { name, activities } => {
            let id = cairn.token_named(&caller, name)?;
            let activities: Vec<ActivityId> = activities.iter().cloned().map(ActivityId).collect();
            cairn.trust_token(&caller, id, &activities)?;
            match activities.len() {
                0 => eprintln!("What {name} proposes waits for a person"),
                1 => eprintln!("{name} is trusted for 1 activity"),
                many => eprintln!("{name} is trusted for {many} activities"),
            }
        }
        Command::Revoke { name } => {
            let id = cairn.token_named(&caller, name)?;
            cairn.revoke_token(&caller, id)?;
            eprintln!("{name} opens nothing any more");
        }
    }
    Ok(())
}
