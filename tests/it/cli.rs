//! The commands, run as a person runs them.

mod bad_input;
mod catalog;
mod database;
mod export;
mod import;
mod serve;
mod usage;
