//! Passwords: which are good enough, and hashing and comparing them.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use zxcvbn::{Score, zxcvbn};

use super::Error;
use crate::domain::account::User;

/// How many passwords are hashed at the same time. Each takes 19 MiB and a core for a moment, so that
/// many tries at once must not take the machine.
const AT_ONCE: usize = 8;

/// How long to wait for a place: when many come to work at once, that is a moment.
const PATIENCE: Duration = Duration::from_secs(2);

/// What somebody who is not there is compared with: a hash of a random text that nobody knows, made with
/// the parameters that are used for everybody, so that it takes as long.
pub(super) const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$VxK9wUq0mZ3rT8yLcJ2pNA$8rmXzJt9bGqLw0s3f5YkDhVnE7cQp2aUo4iTxR6MlZs";

/// Hashes passwords with Argon2id, in the version and with the parameters that OWASP recommends: 19 MiB,
/// two passes, one lane.
#[derive(Debug, Default)]
pub(super) struct Hasher {
    at_work: Mutex<usize>,
    done: Condvar,
}

/// One of the places to hash in.
struct Place<'a>(&'a Hasher);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.done.notify_one();
    }
}

impl Hasher {
    fn place(&self) -> Result<Place<'_>, Error> {
        let at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |at_work: &mut usize| *at_work >= AT_ONCE;
        let waited = self.done.wait_timeout_while(at_work, PATIENCE, is_full);
        let (mut at_work, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && *at_work >= AT_ONCE {
            return Err(Error::Busy);
        }
        *at_work += 1;
        Ok(Place(self))
    }

    /// The hash of a password, with its parameters and a new salt.
    pub(super) fn hash(&self, password: &str) -> Result<String, Error> {
        let _place = self.place()?;
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string())
            .map_err(|error| Error::Broken(format!("a password cannot be hashed: {error}")))
    }

    /// Whether a password is the one of a hash. Without a hash it is not, and that takes as long.
    pub(super) fn is_right(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let _place = self.place()?;
        let is_the_same = Argon2::default().verify_password(password.as_bytes(), hash.unwrap_or(NOBODYS)).is_ok();
        Ok(is_the_same && hash.is_some())
    }
}

/// What is wrong with a password that somebody wants to have. Length counts and how hard it is to guess,
/// also for somebody who knows the name of the account; which kinds of characters it has does not.
pub(super) fn fault(password: &str, name: &str) -> Option<String> {
    let long = password.chars().count();
    if long < User::PASSWORD_LEAST {
        return Some(format!(
            "a password needs at least {} characters; several words are easy to keep",
            User::PASSWORD_LEAST
        ));
    }
    if long > User::PASSWORD_MOST {
        return Some(format!("a password has at most {} characters", User::PASSWORD_MOST));
    }
    let parts: Vec<&str> = name.split_whitespace().collect();
    let known: Vec<&str> =
        [name, "cairn", "dsomm", "owasp", "devsecops", "maturity"].into_iter().chain(parts).collect();
    let entropy = zxcvbn(password, &known);
    if entropy.score() >= Score::Three {
        return None;
    }
    let because = entropy.feedback().and_then(|feedback| feedback.warning()).map(|warning| warning.to_string());
    let because = because.unwrap_or_else(|| "It is close to what many people choose.".into());
    let because = because.trim_end_matches('.');
    Some(format!("this password is easy to guess ({because}); take several words that do not belong together"))
}

/// An error unless a password is good enough for an account of this name.
pub fn check(name: &str, password: &str) -> Result<(), Error> {
    fault(password, name).map_or(Ok(()), |fault| Err(Error::invalid("password", fault)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hashed_slowly_and_each_differently() {
        let hasher = Hasher::default();
        let hash = hasher.hash("four horses eat blue snow").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash("four horses eat blue snow").unwrap());
        assert!(hasher.is_right("four horses eat blue snow", Some(&hash)).unwrap());
        assert!(!hasher.is_right("four horses eat blue sno", Some(&hash)).unwrap());
        assert!(!hasher.is_right("four horses eat blue snow", None).unwrap());
    }

    #[test]
    fn nobody_takes_as_long_as_somebody() {
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        let hash = Hasher::default().hash("four horses eat blue snow").unwrap();
        assert_eq!(parameters(NOBODYS), parameters(&hash));
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODYS).unwrap();
        assert!(parsed.hash.is_some_and(|hash| hash.as_bytes().len() == 32), "it is compared in full");
    }

    #[test]
    fn only_so_many_are_hashed_at_once() {
        let hasher = Hasher::default();
        let places: Vec<_> = (0..AT_ONCE).map(|_| hasher.place().unwrap()).collect();
        assert!(matches!(hasher.hash("x"), Err(Error::Busy)));
        drop(places);
        assert!(hasher.place().is_ok());
    }

    #[test]
    fn what_is_easy_to_guess_is_refused() {
        for weak in
            ["", "short", "passwordpassword", "123456789012345", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "Ada Lovelace1815"]
        {
            assert!(fault(weak, "Ada Lovelace").is_some(), "{weak}");
        }
        assert_eq!(fault("four horses eat blue snow", "Ada Lovelace"), None);
        assert_eq!(fault("vielleicht ein grüner Elefant", "Ada Lovelace"), None);
        assert!(fault(&"four horses ".repeat(22), "Ada").is_some(), "too long");
    }
}
