//! The one place where the time is read. Everything else is given the time.

use chrono::{DateTime, Utc};

/// Where the present time comes from; tests put a fixed one in its place.
pub type Clock = fn() -> DateTime<Utc>;

/// The present time of this machine.
#[expect(clippy::disallowed_methods, reason = "the edge")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
