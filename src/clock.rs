//! The one place where the time is read. Everything else is given the time.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// Where the present time comes from; tests put a fixed one in its place.
pub type Clock = fn() -> DateTime<Utc>;

/// The present time of this machine.
#[expect(clippy::disallowed_methods, reason = "the edge")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Measures how long something takes, whatever happens to the time of the machine meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to measure.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long after it another one was started.
    pub fn until(self, other: Self) -> Duration {
        other.0.saturating_duration_since(self.0)
    }

    /// How long ago that was.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
