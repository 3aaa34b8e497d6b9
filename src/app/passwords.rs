//! Passwords: which are good enough, and hashing and comparing them.

use std::cell::RefCell;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher, PasswordVerifier, try_generate_salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use zxcvbn::{Score, zxcvbn};

use super::Error;
use crate::domain::account::User;
use crate::mutex::lock;

/// How many passwords are hashed at the same time. Each takes 19 MiB and a core for a moment, so that
/// many tries at once must not take the machine.
const AT_ONCE: usize = 2;

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
    desks: Mutex<Desks>,
    done: Condvar,
}

/// Where hashing is done.
#[derive(Debug, Default)]
struct Desks {
    taken: usize,
    free: Vec<Desk>,
}

/// The memory that hashing fills. It is kept: what each thread would allocate for itself would mostly not be given back
/// to the system, and many threads come to hash.
#[derive(Debug, Default)]
struct Desk(RefCell<Vec<Block>>);

impl CustomizedPasswordHasher<PasswordHash> for Desk {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let (salt, long) = (Salt::new(salt)?, params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN));
        let mut blocks = self.0.borrow_mut();
        blocks.resize(params.block_count(), Block::default());
        let (said, argon2) = (ParamsString::try_from(&params)?, Argon2::new(algorithm, version, params));
        let mut hash = vec![0; long];
        argon2.hash_password_into_with_memory(password, &salt, &mut hash, blocks.as_mut_slice())?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: said,
            salt: Some(salt),
            hash: Some(Output::new(&hash)?),
        })
    }
}

/// A desk of one's own for a while.
struct Place<'a> {
    hasher: &'a Hasher,
    desk: Desk,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut desks = self.hasher.desks();
        desks.taken -= 1;
        desks.free.push(std::mem::take(&mut self.desk));
        self.hasher.done.notify_one();
    }
}

impl Hasher {
    fn desks(&self) -> MutexGuard<'_, Desks> {
        lock(&self.desks)
    }

    fn place(&self) -> Result<Place<'_>, Error> {
        let is_full = |desks: &mut Desks| desks.taken >= AT_ONCE;
        let waited = self.done.wait_timeout_while(self.desks(), PATIENCE, is_full);
        let (mut desks, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && desks.taken >= AT_ONCE {
            return Err(Error::Busy);
        }
        desks.taken += 1;
        Ok(Place { hasher: self, desk: desks.free.pop().unwrap_or_default() })
    }

    /// The hash of a password, with its parameters and a new salt.
    pub(super) fn hash(&self, password: &str) -> Result<String, Error> {
        let broken = |error: String| Error::Broken(format!("a password cannot be hashed: {error}"));
        let place = self.place()?;
        let salt = try_generate_salt().map_err(|error| broken(error.to_string()))?;
        let hash = place.desk.hash_password_customized(password.as_bytes(), &salt, None, None, Params::default());
        hash.map(|hash| hash.to_string()).map_err(|error| broken(error.to_string()))
    }

    /// Whether a password is the one of a hash. Without a hash it is not, and that takes as long.
    pub(super) fn is_right(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let place = self.place()?;
        let known = PasswordHash::new(hash.unwrap_or(NOBODYS));
        let is_the_same = known.is_ok_and(|known| place.desk.verify_password(password.as_bytes(), &known).is_ok());
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
        let parsed = PasswordHash::new(NOBODYS).unwrap();
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
