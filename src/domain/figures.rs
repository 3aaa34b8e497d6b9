//! Numbers about the service as a whole, for whoever watches over it.

/// How much is recorded, and how the database fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Teams that are assessed.
    pub teams: u64,
    /// Teams that are not assessed any more.
    pub retired_teams: u64,
    /// Assessments that are being filled in.
    pub drafts: u64,
    /// Assessments that were submitted.
    pub submitted: u64,
    /// The size of the database in bytes, without its write-ahead log.
    pub database_bytes: u64,
    /// Changes that wait for another one to end.
    pub waiting_changes: u64,
    /// How often, since the start, the database could not be read or written, by the word for the reason.
    pub failures: Vec<(&'static str, u64)>,
}
