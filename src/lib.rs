//! Cairn.
pub mod domain;
