//! Cairn.
pub mod domain;
pub mod formats;
pub mod store;
