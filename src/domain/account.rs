//! Accounts, sessions, links and tokens: how people and programs are recognized.
//!
//! A password is one way of several in which a person can be recognized, so it is not a part of the
//! [`User`]. What somebody may do is said in `access`.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::access::{Reach, Role, TokenScope};
use super::catalog::ActivityId;
use super::digits::hex;
use super::organization::{Name, NotAName};

/// The number of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub i64);

/// The number of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub i64);

/// The number of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their number.
    pub id: UserId,
    /// The name with which they sign in and that is recorded with what they do.
    pub name: Name,
    /// What they are trusted with.
    pub role: Role,
    /// The teams that this is about.
    pub reach: Reach,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// Since when they cannot sign in any more.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether they have set a password.
    pub has_password: bool,
    /// When they were last seen.
    pub last_seen_at: Option<DateTime<Utc>>,
}

impl User {
    /// How short a password may be, in characters.
    pub const PASSWORD_LEAST: usize = 12;
    /// How long one may be, in characters.
    pub const PASSWORD_MOST: usize = 256;

    /// What they are trusted with.
    pub fn rights(&self) -> (Role, &Reach) {
        (self.role, &self.reach)
    }

    /// A name for an account. Names under which others act are not free.
    pub fn name(text: &str) -> Result<Name, NotAUserName> {
        let name = Name::new(text)?;
        let key = name.key();
        let is_taken = ["operator", "demo", "nobody", "system", "token"].contains(&key.as_str());
        if is_taken || key.starts_with("token ") { Err(NotAUserName::Reserved(name.to_string())) } else { Ok(name) }
    }
}

/// Why a text cannot be the name of an account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAUserName {
    /// It is no name at all.
    #[error(transparent)]
    Name(#[from] NotAName),
    /// It would be mistaken for somebody else in the audit record.
    #[error("“{0}” is a name that Cairn uses itself; choose another")]
    Reserved(String),
}

/// A random text that opens something to whoever has it. It is never shown when it is printed for
/// debugging, and only its digest is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// How many random bytes it is made of: too many to guess.
    pub const BYTES: usize = 32;

    /// Makes one of random bytes.
    pub fn new(prefix: &str, random: [u8; Self::BYTES]) -> Self {
        Self(format!("{prefix}{}", hex(&random)))
    }

    /// One that somebody shows.
    pub fn shown(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text itself, to be given to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. It has so much randomness that a plain hash cannot be turned back.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest(hex(&Sha256::digest(&self.0)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The SHA-256 of a secret, in hexadecimal digits. Looking one up by it does not depend on how much of
/// the secret is right, so that time tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecretDigest(String);

impl Deref for SecretDigest {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Somebody who is signed in with a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// The network address that they signed in from.
    pub from: String,
    /// What the browser says it is.
    pub browser: String,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Session {
    /// How long it lasts without being used.
    pub const IDLE: TimeDelta = TimeDelta::hours(8);
    /// How long it lasts in any case.
    pub const LIFETIME: TimeDelta = TimeDelta::days(7);
    /// How often its last use is written down.
    pub const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

    /// Whether it still opens anything.
    pub fn is_open_at(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.last_seen_at + Self::IDLE && now < self.created_at + Self::LIFETIME
    }
}

/// What a program shows instead of a person's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// What it is for.
    pub name: Name,
    /// What it is trusted with.
    pub scope: TokenScope,
    /// The teams that this is about.
    pub reach: Reach,
    /// The activities for which what it proposes is put into a draft without a person.
    pub trusted_for: BTreeSet<ActivityId>,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute, and from which address.
    pub last_used: Option<(DateTime<Utc>, String)>,
    /// Since when it is revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    /// What every token begins with, so that people and scanners know one when they see it.
    pub const PREFIX: &'static str = "cairn_";
    /// For how many days a token is valid when nothing else is said.
    pub const DAYS: i64 = 90;
    /// For how many days at most.
    pub const MOST_DAYS: i64 = 366;

    /// Whether it still opens anything.
    pub fn is_open_at(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A link that lets somebody set the password of an account, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// Of which account.
    pub user: UserId,
    /// From when on it opens nothing.
    pub expires_at: DateTime<Utc>,
}

impl PasswordLink {
    /// How long it can be used.
    pub const LIFETIME: TimeDelta = TimeDelta::hours(72);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_session_ends_by_idleness_age_and_force() {
        let session = Session {
            id: SessionId(1),
            user: UserId(1),
            created_at: at("2026-11-24T08:00:00Z"),
            last_seen_at: at("2026-11-24T08:00:00Z"),
            from: String::new(),
            browser: String::new(),
            ended_at: None,
        };
        assert!(session.is_open_at(at("2026-11-24T15:59:59Z")));
        assert!(!session.is_open_at(at("2026-11-24T16:00:00Z")));
        let used = Session { last_seen_at: at("2026-12-01T07:59:00Z"), ..session.clone() };
        assert!(used.is_open_at(at("2026-12-01T07:59:59Z")));
        assert!(!used.is_open_at(at("2026-12-01T08:00:00Z")));
        let ended = Session { ended_at: Some(at("2026-11-24T08:00:00Z")), ..session };
        assert!(!ended.is_open_at(at("2026-11-24T08:00:01Z")));
    }

    #[test]
    fn secrets_do_not_show_by_accident() {
        let secret = Secret::new(Token::PREFIX, [0xab; Secret::BYTES]);
        assert_eq!(secret.reveal(), format!("cairn_{}", "ab".repeat(32)));
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_ne!(&*secret.digest(), secret.reveal());
        assert_eq!(Secret::shown(secret.reveal()).digest(), secret.digest());
    }

    #[test]
    fn nobody_can_pose_as_cairn_itself() {
        for taken in ["operator", "Operator", "token ci", "Token  CI", "demo"] {
            assert!(matches!(User::name(taken), Err(NotAUserName::Reserved(_))), "{taken}");
        }
        assert_eq!(User::name(" Ada  Lovelace ").unwrap().as_str(), "Ada Lovelace");
        assert_eq!(User::name("tokenizer").unwrap().as_str(), "tokenizer");
    }
}
