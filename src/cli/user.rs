//! `cairn user`: accounts, also while no service runs.

use std::io::Read;
use std::path::Path;

use serde_json::{Value, json};

use super::printed::As;
use super::serve::BaseArguments;
use super::{Failure, open, operator, print};
use crate::app::{self, Cairn, Missing, Rights};
use crate::clock::Clock;
use crate::domain::access::{Caller, Reach, Role};
use crate::domain::account::{PasswordLink, Secret, User, UserId};
use crate::domain::named::Named;
use crate::domain::organization::Name;
use crate::domain::view::AccountsSeen;

/// What to do with accounts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add an account and print the link with which its owner sets the password
    Add {
        /// The name to sign in with
        name: String,
        #[command(flatten)]
        rights: RightsArguments,
        #[command(flatten)]
        password: PasswordArguments,
        #[command(flatten)]
        printed: As,
    },
    /// List all accounts
    List {
        #[command(flatten)]
        printed: As,
    },
    /// Give an account another role, and say which teams it is about
    Role {
        /// The name of the account
        name: String,
        #[command(flatten)]
        rights: RightsArguments,
        #[command(flatten)]
        printed: As,
    },
    /// Print a link with which the owner of an account sets another password
    Password {
        /// The name of the account
        name: String,
        #[command(flatten)]
        password: PasswordArguments,
        #[command(flatten)]
        printed: As,
    },
    /// Disable an account and sign it out
    Disable {
        /// The name of the account
        name: String,
        #[command(flatten)]
        printed: As,
    },
    /// Enable a disabled account again
    Enable {
        /// The name of the account
        name: String,
        #[command(flatten)]
        printed: As,
    },
}

impl Command {
    /// How the result is printed.
    pub(super) fn printed(&self) -> As {
        match self {
            Self::Add { printed, .. }
            | Self::List { printed }
            | Self::Role { printed, .. }
            | Self::Password { printed, .. }
            | Self::Disable { printed, .. }
            | Self::Enable { printed, .. } => *printed,
        }
    }
}

/// What somebody may do.
#[derive(Debug, clap::Args)]
pub(super) struct RightsArguments {
    /// What they are trusted with; each role includes those before it
    #[arg(long, value_parser = super::one_of::<Role>())]
    role: Role,
    /// A team that the role is about; without teams and groups it is about all
    #[arg(long)]
    team: Vec<String>,
    /// A group whose teams the role is about
    #[arg(long)]
    group: Vec<String>,
}

/// How the password is set.
#[derive(Debug, clap::Args)]
pub(super) struct PasswordArguments {
    /// Read the password from standard input instead of printing a link
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    link: BaseArguments,
}

pub(super) fn run(command: &Command, database: &Path, clock: Clock) -> Result<(), Failure> {
    let caller = operator(clock);
    // The first account may come before anything else.
    let missing = if matches!(command, Command::Add { .. }) { Missing::Create } else { Missing::Refuse };
    let cairn = open(database, missing)?;
    let printed = command.printed();
    match command {
        Command::Add { name, rights, password, .. } => {
            let given = password.password_stdin.then(read_password).transpose()?;
            let rights = rights.resolve(&cairn, &caller)?;
            if let Some(given) = &given {
                // Before there is an account that nobody could use.
                app::check_password(name, given)?;
            }
            let (id, link) = cairn.add_user(&caller, name, &rights)?;
            match given {
                Some(given) => set_password(&cairn, &caller, id, &given, printed),
                None => print_link(&password.link.base(), &link, printed),
            }
        }
        Command::List { .. } => {
            let seen = cairn.accounts(&caller)?;
            let json = || seen.users.iter().map(|user| in_json(user, &seen)).collect();
            printed.print(json, || {
                print("name\trole\tteams\tstate\tlast seen")?;
                seen.users.iter().try_for_each(|user| print(&line(user, &seen)))
            })
        }
        Command::Role { name, rights, .. } => {
            let user = cairn.account_named(&caller, name)?;
            let rights = rights.resolve(&cairn, &caller)?;
            cairn.change_rights(&caller, user.id, &rights, None)?;
            say(&cairn, &caller, &user, printed, &format!("is {} now", rights.role.name()))
        }
        Command::Password { name, password, .. } => {
            let user = cairn.account_named(&caller, name)?;
            match password.password_stdin.then(read_password).transpose()? {
                Some(given) => set_password(&cairn, &caller, user.id, &given, printed),
                None => print_link(&password.link.base(), &cairn.make_password_link(&caller, user.id)?, printed),
            }
        }
        Command::Disable { name, .. } => {
            let user = cairn.account_named(&caller, name)?;
            cairn.disable_user(&caller, user.id)?;
            say(&cairn, &caller, &user, printed, "cannot sign in any more")
        }
        Command::Enable { name, .. } => {
            let user = cairn.account_named(&caller, name)?;
            cairn.enable_user(&caller, user.id)?;
            say(&cairn, &caller, &user, printed, "can sign in again")
        }
    }
}

/// Says what became of an account; programs get it as it is now.
fn say(cairn: &Cairn, caller: &Caller, user: &User, printed: As, what: &str) -> Result<(), Failure> {
    let (now, seen) = (cairn.account_named(caller, user.name.as_str())?, cairn.accounts(caller)?);
    printed.say(|| in_json(&now, &seen), &format!("{} {what}", user.name))
}

/// A line of the list.
fn line(user: &User, seen: &AccountsSeen) -> String {
    let (groups, teams) = reach(user, seen);
    let about = match user.reach {
        Reach::Everything => "all".to_owned(),
        Reach::Some { .. } => {
            let groups = groups.iter().map(|name| format!("group {name}"));
            groups.chain(teams.iter().map(ToString::to_string)).collect::<Vec<_>>().join(", ")
        }
    };
    let last = user.last_seen_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    format!("{}\t{}\t{about}\t{}\t{last}", user.name, user.role.name(), state(user))
}

/// An account for programs. Without teams and groups it is about all teams.
fn in_json(user: &User, seen: &AccountsSeen) -> Value {
    let (groups, teams) = reach(user, seen);
    json!({
        "name": user.name,
        "role": user.role.name(),
        "everything": user.reach == Reach::Everything,
        "groups": groups,
        "teams": teams,
        "state": state(user),
        "last_seen_at": user.last_seen_at,
    })
}

/// The names of the groups and the teams that an account is about.
fn reach<'a>(user: &User, seen: &'a AccountsSeen) -> (Vec<&'a Name>, Vec<&'a Name>) {
    let Reach::Some { teams, groups } = &user.reach else { return (Vec::new(), Vec::new()) };
    let group = |id| seen.groups.iter().find(|group| group.id == id).map(|group| &group.name);
    let team = |id| seen.teams.iter().find(|team| team.id == id).map(|team| &team.name);
    (groups.iter().filter_map(|&id| group(id)).collect(), teams.iter().filter_map(|&id| team(id)).collect())
}

fn set_password(cairn: &Cairn, caller: &Caller, id: UserId, given: &str, printed: As) -> Result<(), Failure> {
    cairn.set_password(caller, id, given)?;
    printed.say(|| json!({ "password": "set" }), "The password is set")
}

fn print_link(base: &str, link: &Secret, printed: As) -> Result<(), Failure> {
    let (hours, link) = (PasswordLink::LIFETIME.num_hours(), format!("{base}/welcome/{}", link.reveal()));
    printed.print(
        || json!({ "link": link, "valid_for_hours": hours }),
        || {
            tell!("Whoever opens this link within {hours} hours sets the password; it works once:");
            print(&link)
        },
    )
}

/// A password from standard input: its first line.
fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().take(10_000).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn state(user: &User) -> &'static str {
    match (user.disabled_at, user.has_password) {
        (Some(_), _) => "disabled",
        (None, true) => "active",
        (None, false) => "no password yet",
    }
}

impl RightsArguments {
    fn resolve(&self, cairn: &Cairn, caller: &Caller) -> Result<Rights, Failure> {
        let teams = self.team.iter().map(|name| cairn.team_named(caller, name)).collect::<Result<_, _>>()?;
        let groups = self.group.iter().map(|name| cairn.group_named(caller, name)).collect::<Result<_, _>>()?;
        let everything = self.team.is_empty() && self.group.is_empty();
        Ok(Rights { role: self.role, everything, teams, groups })
    }
}
