//! Cairn.
pub mod app;
pub mod domain;
pub mod formats;
pub mod store;
