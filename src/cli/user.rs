//! `cairn user`: accounts, also while no service runs.

use std::io::Read;
use std::path::Path;

use super::{Failure, open, operator, print};
use crate::app::{self, Cairn, Missing, Rights};
use crate::clock::Clock;
use crate::domain::access::{Caller, Reach, Role};
use crate::domain::account::{PasswordLink, Secret, User, UserId};
use crate::domain::named::Named;

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
    },
    /// List all accounts
    List,
    /// Give an account another role, and say which teams it is about
    Role {
        /// The name of the account
        name: String,
        #[command(flatten)]
        rights: RightsArguments,
    },
    /// Print a link with which the owner of an account sets another password
    Password {
        /// The name of the account
        name: String,
        #[command(flatten)]
        password: PasswordArguments,
    },
    /// Disable an account and sign it out
    Disable {
        /// The name of the account
        name: String,
    },
    /// Enable a disabled account again
    Enable {
        /// The name of the account
        name: String,
    },
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
}

pub(super) fn run(command: &Command, database: &Path, base: &str, clock: Clock) -> Result<(), Failure> {
    let caller = operator(clock);
    // The first account may come before anything else.
    let missing = if matches!(command, Command::Add { .. }) { Missing::Create } else { Missing::Refuse };
    let cairn = open(database, missing)?;
    match command {
        Command::Add { name, rights, password } => {
            let given = password.password_stdin.then(read_password).transpose()?;
            let rights = rights.resolve(&cairn, &caller)?;
            if let Some(given) = &given {
                // Before there is an account that nobody could use.
                app::check_password(name, given)?;
            }
            let (id, link) = cairn.add_user(&caller, name, &rights)?;
            match given {
                Some(given) => set_password(&cairn, &caller, id, &given),
                None => print_link(base, &link),
            }
        }
        Command::List => {
            let seen = cairn.accounts(&caller)?;
            let group = |id| seen.groups.iter().find(|group| group.id == id).map(|group| group.name.as_str());
            let team = |id| seen.teams.iter().find(|team| team.id == id).map(|team| team.name.as_str());
            print("name\trole\tteams\tstate\tlast seen")?;
            for user in &seen.users {
                let about = match &user.reach {
                    Reach::Everything => "all".to_owned(),
                    Reach::Some { teams, groups } => {
                        let groups = groups.iter().filter_map(|id| group(*id)).map(|name| format!("group {name}"));
                        let teams = teams.iter().filter_map(|id| team(*id)).map(str::to_owned);
                        groups.chain(teams).collect::<Vec<_>>().join(", ")
                    }
                };
                let seen = user.last_seen_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
                print(&format!("{}\t{}\t{about}\t{}\t{seen}", user.name, user.role.name(), state(user)))?;
            }
            Ok(())
        }
        Command::Role { name, rights } => {
            let user = cairn.account_named(&caller, name)?;
            let rights = rights.resolve(&cairn, &caller)?;
            cairn.change_rights(&caller, user.id, &rights, None)?;
            eprintln!("{} is {} now", user.name, rights.role.name());
            Ok(())
        }
        Command::Password { name, password } => {
            let user = cairn.account_named(&caller, name)?;
            match password.password_stdin.then(read_password).transpose()? {
                Some(given) => set_password(&cairn, &caller, user.id, &given),
                None => print_link(base, &cairn.make_password_link(&caller, user.id)?),
            }
        }
        Command::Disable { name } => {
            let user = cairn.account_named(&caller, name)?;
            cairn.disable_user(&caller, user.id)?;
            eprintln!("{} cannot sign in any more", user.name);
            Ok(())
        }
        Command::Enable { name } => {
            let user = cairn.account_named(&caller, name)?;
            cairn.enable_user(&caller, user.id)?;
            eprintln!("{} can sign in again", user.name);
            Ok(())
        }
    }
}

fn set_password(cairn: &Cairn, caller: &Caller, id: UserId, given: &str) -> Result<(), Failure> {
    cairn.set_password(caller, id, given)?;
    eprintln!("The password is set");
    Ok(())
}

fn print_link(base: &str, link: &Secret) -> Result<(), Failure> {
    let hours = PasswordLink::LIFETIME.num_hours();
    eprintln!("Whoever opens this link within {hours} hours sets the password; it works once:");
    print(&format!("{base}/welcome/{}", link.reveal()))
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
