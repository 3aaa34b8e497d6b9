//! Slowing down whoever guesses passwords, without locking out who knows them.
//!
//! Failed tries are counted in three ways, and each makes its own wait longer: those of one address for
//! one account, those of one address for any account, and those for one account from anywhere. The last
//! does not hold for addresses that the account was signed in from before. So somebody who guesses from
//! many addresses is slowed down, and its owner at their usual place is not.
//!
//! It is kept in memory: whoever can restart the service needs no password.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

/// How many counts are kept before old ones are forgotten.
const MOST: usize = 50_000;
/// How long a count is kept after the last failure.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// The first wait.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(10);
/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Both { account: String, address: String },
    Address(String),
    Account(String),
}

impl Key {
    /// How many failures are free.
    fn free(&self) -> u32 {
        match self {
            Self::Both { .. } => 5,
            Self::Address(_) => 30,
            Self::Account(_) => 20,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: DateTime<Utc>,
    /// The one before, for a try that turns out to be none.
    before: DateTime<Utc>,
}

/// A try to sign in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Try<'a> {
    /// The key of the name, whether there is such an account or not.
    pub account: &'a str,
    /// The address it comes from.
    pub address: &'a str,
    /// Whether the account was signed in from there before.
    pub is_known_place: bool,
    /// When.
    pub at: DateTime<Utc>,
}

impl Try<'_> {
    fn keys(&self) -> Vec<Key> {
        let address = network(self.address);
        let account = self.account.to_owned();
        let mut keys = vec![Key::Both { account: account.clone(), address: address.clone() }, Key::Address(address)];
        if !self.is_known_place {
            keys.push(Key::Account(account));
        }
        keys
    }
}

/// The counts of failed tries.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    counts: HashMap<Key, Count>,
}

impl Throttle {
    /// How long somebody has to wait before they may try; `None`: they may.
    pub(super) fn wait(&self, attempt: Try<'_>) -> Option<TimeDelta> {
        let left = attempt.keys().into_iter().filter_map(|key| {
            let count = self.counts.get(&key).filter(|count| attempt.at < count.last + KEPT)?;
            let until = count.last + wait_after(count.failures.checked_sub(key.free())?);
            (attempt.at < until).then(|| until - attempt.at)
        });
        left.max()
    }

    /// Counts a try before its password is looked at, so that many at once are counted as well.
    pub(super) fn failed(&mut self, attempt: Try<'_>) {
        if self.counts.len() >= MOST {
            self.counts.retain(|_, count| attempt.at < count.last + KEPT);
        }
        if self.counts.len() >= MOST {
            // Somebody makes up names or addresses. What makes nobody wait yet matters least.
            self.counts.retain(|key, count| count.failures >= key.free());
        }
        for key in attempt.keys() {
            let count = self.counts.entry(key).or_insert(Count { failures: 0, last: attempt.at, before: attempt.at });
            let is_old = attempt.at >= count.last + KEPT;
            let failures = if is_old { 1 } else { count.failures.saturating_add(1) };
            *count = Count { failures, last: attempt.at, before: count.last };
        }
    }

    /// Takes a try back that was counted and not made.
    pub(super) fn take_back(&mut self, attempt: Try<'_>) {
        for key in attempt.keys() {
            if let Some(count) = self.counts.get_mut(&key) {
                *count = Count { failures: count.failures.saturating_sub(1), last: count.before, ..*count };
            }
        }
    }

    /// Takes a try back that was counted and turned out right. What this address failed for other accounts
    /// stays counted: otherwise an account of one's own would be a way to try those of others.
    pub(super) fn succeeded(&mut self, attempt: Try<'_>) {
        self.take_back(attempt);
        for key in attempt.keys().into_iter().filter(|key| matches!(key, Key::Both { .. })) {
            self.counts.remove(&key);
        }
    }
}

/// The wait after so many failures more than are free: twice as long each time.
fn wait_after(failures: u32) -> TimeDelta {
    let doubled = 2_i32.checked_pow(failures).and_then(|times| FIRST_WAIT.checked_mul(times));
    doubled.map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// The address as far as it tells somebody apart: people usually have a whole /64 of IPv6.
pub(super) fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn attempt<'a>(account: &'a str, address: &'a str, seconds: i64) -> Try<'a> {
        Try { account, address, is_known_place: false, at: at(seconds) }
    }

    /// How many of many tries in a row are let through when whoever makes them waits as long as is asked.
    fn tries_in(seconds: i64, addresses: usize) -> usize {
        let (mut throttle, mut tried) = (Throttle::default(), 0);
        let addresses: Vec<String> = (0..addresses).map(|n| format!("10.0.{}.{}", n / 250, n % 250)).collect();
        for second in (0..seconds).step_by(10) {
            for address in &addresses {
                let attempt = attempt("ada", address, second);
                if throttle.wait(attempt).is_none() {
                    throttle.failed(attempt);
                    tried += 1;
                }
            }
        }
        tried
    }

    #[test]
    fn guessing_is_slow_from_one_address_and_from_many() {
        let day = 24 * 3600;
        let (from_one, from_many) = (tries_in(day, 1), tries_in(day, 50));
        assert!((90..120).contains(&from_one), "{from_one}");
        assert!((90..170).contains(&from_many), "{from_many}");
    }

    #[test]
    fn the_owner_at_their_usual_place_is_not_locked_out() {
        let mut throttle = Throttle::default();
        for n in 0..200 {
            throttle.failed(attempt("ada", &format!("10.0.0.{n}"), 0));
        }
        assert!(throttle.wait(attempt("ada", "192.0.2.1", 1)).is_some());
        assert_eq!(throttle.wait(Try { is_known_place: true, ..attempt("ada", "192.0.2.1", 1) }), None);
        assert_eq!(throttle.wait(attempt("ada", "192.0.2.1", 15 * 60)), None, "and elsewhere not for good");
    }

    #[test]
    fn a_success_frees_the_account_but_not_the_address() {
        let mut throttle = Throttle::default();
        for n in 0..31 {
            throttle.failed(attempt(&format!("user {n}"), "10.0.0.1", 0));
        }
        for _ in 0..4 {
            throttle.failed(attempt("eve", "10.0.0.1", 0));
        }
        let own = attempt("eve", "10.0.0.1", 900);
        assert_eq!(throttle.wait(own), None);
        throttle.failed(own);
        throttle.succeeded(own);
        throttle.failed(attempt("bob", "10.0.0.1", 901));
        assert!(throttle.wait(attempt("ada", "10.0.0.1", 902)).is_some(), "what was failed before still counts");
    }

    #[test]
    fn who_gets_in_makes_nobody_wait() {
        let mut throttle = Throttle::default();
        for n in 0..31 {
            throttle.failed(attempt(&format!("user {n}"), "10.0.0.1", 0));
        }
        for second in [30, 31, 1000] {
            let own = attempt("ada", "10.0.0.1", second);
            assert_eq!(throttle.wait(own), None, "{second}");
            throttle.failed(own);
            throttle.succeeded(own);
        }
        assert_eq!(throttle.wait(attempt("bob", "10.0.0.1", 1001)), None);
        let later = attempt("bob", "10.0.0.1", 3601);
        throttle.failed(later);
        assert_eq!(throttle.wait(attempt("bob", "10.0.0.1", 3601)), None, "and does not keep what others failed");
    }

    #[test]
    fn waits_double_and_end() {
        let mut throttle = Throttle::default();
        let mut waits = Vec::new();
        let mut now = 0;
        for _ in 0..14 {
            let wait = throttle.wait(attempt("ada", "10.0.0.1", now)).map_or(0, |wait| wait.num_seconds());
            waits.push(wait);
            now += wait;
            throttle.failed(attempt("ada", "10.0.0.1", now));
        }
        assert_eq!(waits, [0, 0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(throttle.wait(attempt("ada", "10.0.0.1", now + 3600)), None, "an hour of peace forgets");
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let mut throttle = Throttle::default();
        for n in 0..6 {
            throttle.failed(attempt("ada", &format!("2001:db8::{n}"), 0));
        }
        assert!(throttle.wait(attempt("ada", "2001:db8::ffff", 1)).is_some());
        assert!(throttle.wait(attempt("ada", "2001:db8:0:1::1", 1)).is_none());
    }

    #[test]
    fn made_up_names_do_not_fill_the_memory() {
        let mut throttle = Throttle::default();
        for n in 0..60_000 {
            throttle.failed(attempt(&format!("name {n}"), "10.0.0.1", 0));
        }
        assert!(throttle.counts.len() <= MOST + 3);
        assert!(throttle.wait(attempt("name 1", "10.0.0.1", 1)).is_some(), "what makes somebody wait is kept");
    }
}
