//! Who works at the demo organization, and which programs: nothing but data, with times counted back from the
//! present. Nobody can sign in as one of them.

use crate::domain::access::{Role, TokenScope};

/// Somebody with an account.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) role: Role,
    /// Positions in [`PROFILES`](super::profiles::PROFILES); none of these and of the groups: all teams.
    pub(super) teams: &'static [usize],
    /// Positions in [`GROUPS`](super::profiles::GROUPS).
    pub(super) groups: &'static [usize],
    /// How many days ago the account was made; `None`: with the first assessments.
    pub(super) since: Option<u64>,
    /// How many minutes ago they signed in, each time with what, the latest last; never: no password is set.
    pub(super) seen: &'static [(i64, &'static str)],
    /// The address that they come from.
    pub(super) from: &'static str,
    /// How many days ago the account was disabled.
    pub(super) disabled: Option<u64>,
}

/// A program with a token.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: &'static str,
    pub(super) scope: TokenScope,
    /// Positions in [`PROFILES`](super::profiles::PROFILES); none: all teams.
    pub(super) teams: &'static [usize],
    /// How many days ago it was made.
    pub(super) ago: u64,
    /// For how many days it is valid.
    pub(super) lasts: u64,
    /// How many minutes ago it was used, and from where.
    pub(super) used: Option<(i64, &'static str)>,
    /// How many days ago it was revoked.
    pub(super) revoked: Option<u64>,
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1";

const DAY: i64 = 24 * 60;

/// What holds for a person unless it is said otherwise.
const USUAL: Person = Person {
    name: "",
    role: Role::Viewer,
    teams: &[],
    groups: &[],
    since: None,
    seen: &[],
    from: "10.20.4.17",
    disabled: None,
};

/// The first one lets the others in.
pub(super) const PEOPLE: [Person; 10] = [
    Person {
        name: "Maren Lindqvist",
        role: Role::Administrator,
        seen: &[(3 * DAY, SAFARI), (95, FIREFOX), (12, SAFARI)],
        ..USUAL
    },
    Person {
        name: "Ifeoma Okafor",
        role: Role::Administrator,
        since: Some(420),
        seen: &[(2 * DAY, CHROME)],
        from: "10.20.4.31",
        ..USUAL
    },
    Person {
        name: "Tomás Varga",
        role: Role::Manager,
        groups: &[0],
        since: Some(300),
        seen: &[(5 * DAY, CHROME), (130, CHROME)],
        from: "10.20.6.8",
        ..USUAL
    },
    Person {
        name: "Yuki Sato",
        role: Role::Assessor,
        teams: &[0],
        seen: &[(41, FIREFOX)],
        from: "10.20.8.102",
        ..USUAL
    },
    Person {
        name: "Clara Benedetti",
        role: Role::Assessor,
        teams: &[1],
        seen: &[(6 * DAY, CHROME)],
        from: "10.20.8.77",
        ..USUAL
    },
    Person {
        name: "Noor Haddad",
        role: Role::Assessor,
        teams: &[2, 3],
        seen: &[(DAY, FIREFOX)],
        from: "10.20.9.5",
        ..USUAL
    },
    Person {
        name: "Pavel Dvořák",
        role: Role::Assessor,
        teams: &[4, 5],
        groups: &[2],
        seen: &[(4 * DAY, CHROME)],
        from: "10.20.9.44",
        ..USUAL
    },
    Person { name: "Amara Nwosu", since: Some(60), seen: &[(9 * DAY, CHROME)], from: "10.30.1.9", ..USUAL },
    Person {
        name: "Jonas Weber",
        role: Role::Assessor,
        teams: &[1],
        since: Some(500),
        seen: &[(80 * DAY, FIREFOX)],
        from: "10.20.8.51",
        disabled: Some(75),
        ..USUAL
    },
    Person { name: "Leila Farouk", role: Role::Assessor, groups: &[1], since: Some(1), ..USUAL },
];

/// Who assesses each team: positions in [`PEOPLE`], in the order of the teams.
pub(super) const CHAMPIONS: [usize; 6] = [3, 4, 5, 5, 6, 6];

/// All made by the first administrator.
pub(super) const PROGRAMS: [Program; 6] = [
    Program {
        name: "Levels for the wall display",
        scope: TokenScope::Read,
        teams: &[],
        ago: 160,
        lasts: 90,
        used: Some((72 * DAY, "10.20.4.200")),
        revoked: None,
    },
    Program {
        name: "Old pipeline",
        scope: TokenScope::Import,
        teams: &[],
        ago: 140,
        lasts: 366,
        used: Some((101 * DAY, "10.40.0.3")),
        revoked: Some(100),
    },
    Program {
        name: "Answers from the payment pipeline",
        scope: TokenScope::Import,
        teams: &[1],
        ago: 30,
        lasts: 90,
        used: Some((55, "10.40.0.12")),
        revoked: None,
    },
    Program {
        name: "Levels for the wall display, 2",
        scope: TokenScope::Read,
        teams: &[],
        ago: 68,
        lasts: 90,
        used: Some((4, "10.20.4.200")),
        revoked: None,
    },
    Program {
        name: "Checks in the pipelines",
        scope: TokenScope::Propose,
        teams: &[],
        ago: 40,
        lasts: 90,
        used: Some((38, "10.40.0.12")),
        revoked: None,
    },
    Program {
        name: "Team list from the directory",
        scope: TokenScope::Administer,
        teams: &[0, 1, 2],
        ago: 5,
        lasts: 30,
        used: None,
        revoked: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::demo::profiles::{GROUPS, PROFILES};

    #[test]
    fn everybody_is_about_teams_that_there_are() {
        for person in &PEOPLE {
            assert!(person.teams.iter().all(|&team| team < PROFILES.len()), "{}", person.name);
            assert!(person.groups.iter().all(|&group| group < GROUPS.len()), "{}", person.name);
        }
        assert!(PROGRAMS.iter().all(|program| program.teams.iter().all(|&team| team < PROFILES.len())));
        assert_eq!(CHAMPIONS.len(), PROFILES.len());
        for (team, &champion) in CHAMPIONS.iter().enumerate() {
            assert!(PEOPLE[champion].teams.contains(&team) && PEOPLE[champion].role == Role::Assessor, "{team}");
        }
        assert_eq!(PEOPLE[0].role, Role::Administrator);
    }
}
