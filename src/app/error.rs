//! Why a use case did not do what was asked. Pages, interfaces and the command line each turn
//! these into their own form; the words are written here, once.

use chrono::TimeDelta;

use crate::domain::access::Forbidden;
use crate::domain::answer::Conflict;
use crate::domain::fault::{Faults, FieldFault};
use crate::store;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller may not do it.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was named does not exist.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Fields of what was sent are wrong.
    #[error("{}", .0.iter().map(|fault| format!("{}: {}", fault.field, fault.message)).collect::<Vec<_>>().join("\n"))]
    Invalid(Vec<FieldFault>),
    /// It cannot be done in the state that things are in.
    #[error("{0}")]
    Refused(String),
    /// Somebody else was faster: it is not any more as the caller saw it.
    #[error("{0}")]
    Overtaken(String),
    /// There is nothing to compute from.
    #[error("no assessment was submitted by then")]
    NothingSubmitted,
    /// Somebody else changed the same answers meanwhile.
    #[error("{}", changed(.0))]
    Conflict(Vec<Conflict>),
    /// The name or the password is not right; which of them is not said.
    #[error("the name or the password is not right")]
    WrongSignIn,
    /// The caller is not signed in any more, or what they may do was changed while they asked.
    #[error("you were signed out, or what you may do was changed meanwhile; nothing was done")]
    SignedOut,
    /// There were too many failed tries.
    #[error("there were too many failed tries; try again {}", in_words(*.0))]
    TooManyTries(TimeDelta),
    /// A link is not one that Cairn made, or opens nothing any more.
    #[error("this link was used already, is too old, or was replaced by another")]
    DeadLink,
    /// Too many passwords are looked at just now.
    #[error("too many people sign in at the same moment")]
    Busy,
    /// Something that cannot fail did.
    #[error("{0}")]
    Broken(String),
    /// A file has faults.
    #[error(transparent)]
    Faulty(#[from] Faults),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl store::Cause for Error {
    fn cause(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl Error {
    /// One field is wrong.
    pub fn invalid(field: &str, message: impl ToString) -> Self {
        Self::Invalid(vec![FieldFault::new(field, message)])
    }
}

/// What somebody else changed: how much, and then each with what is recorded now.
fn changed(conflicts: &[Conflict]) -> String {
    let answers = match conflicts.len() {
        1 => "1 answer was".to_owned(),
        many => format!("{many} answers were"),
    };
    conflicts.iter().fold(format!("{answers} changed by somebody else meanwhile"), |so_far, conflict| {
        let Conflict { activity, name, theirs, .. } = conflict;
        let (by, status, revision) = (&theirs.by, theirs.answer.status.word(), theirs.revision.0);
        format!("{so_far}\nanswer[{activity}]: {name}: {by} recorded {status} as revision {revision}")
    })
}

/// A wait as people say it, rounded up.
fn in_words(wait: TimeDelta) -> String {
    match wait.num_seconds() + 1 {
        seconds @ ..90 => format!("in {seconds} seconds"),
        seconds => format!("in {} minutes", (seconds + 59) / 60),
    }
}
