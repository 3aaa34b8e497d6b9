//! Bounds what is asked of the database at once. What is more than can be answered in good time is refused at once,
//! before anything is done for it, so that a rush costs little and is over as soon as it ends; otherwise everything
//! would queue, and be answered when nobody waits for it any more.
//!
//! What counts is not that a request has come, but that a use case is to be run for it: then it waits for a thread,
//! a connection and the processor. Who sends a form slowly takes nobody's place meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::failure::Failure;

/// How many requests use cases are run for at once unless the site says otherwise, those included that wait to be run.
/// As many as people wait for, if each takes some milliseconds. And five hundred people who all click in the same moment
/// are not refused.
const LIMIT: usize = 1_000;

/// Counts those that are under way.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    under_way: Arc<AtomicUsize>,
    limit: usize,
}

impl Default for Admission {
    fn default() -> Self {
        Self::of(LIMIT)
    }
}

/// A place among those that are under way, until this goes.
#[derive(Debug)]
pub(super) struct Admitted(Arc<AtomicUsize>);

impl Admission {
    /// Nobody is there yet, and so many may be.
    pub(super) fn of(limit: usize) -> Self {
        Self { under_way: Arc::default(), limit }
    }

    /// Takes a place, if there is one.
    pub(super) fn admit(&self) -> Result<Admitted, Failure> {
        let admitted = Admitted(Arc::clone(&self.under_way));
        let before = self.under_way.fetch_add(1, Ordering::Relaxed);
        if before < self.limit { Ok(admitted) } else { Err(Failure::Overloaded) }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_a_request_is_over() {
        let admission = Admission::of(7);
        let mut admitted: Vec<Admitted> = (0..7).map(|_| admission.admit().unwrap()).collect();
        for _ in 0..3 {
            assert!(matches!(admission.admit(), Err(Failure::Overloaded)));
        }
        admitted.pop();
        admitted.push(admission.admit().unwrap());
        assert!(admission.admit().is_err());
        drop(admitted);
        assert_eq!(admission.under_way.load(Ordering::Relaxed), 0);
    }
}
