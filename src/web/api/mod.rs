//! The interface for programs, under `/api/v1`. It speaks JSON, errors too.

pub(super) mod imports;
pub(super) mod threat_models;
