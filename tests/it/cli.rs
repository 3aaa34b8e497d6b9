//! The commands, run as a person runs them.

mod accounts;
mod audit;
mod backup;
mod bad_input;
mod catalog;
mod database;
mod demo;
mod dsomm;
mod export;
mod import;
mod restore;
mod schedule;
mod serve;
mod shell;
mod spreadsheets;
mod threat_model;
mod usage;
