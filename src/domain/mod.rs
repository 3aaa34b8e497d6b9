//! The knowledge of the field: what a catalog, a period, an answer and a maturity level are.
//!
//! Everything here is pure. No clock, no file, no randomness, no database and no web: whatever
//! changes from run to run is passed in. `store`, `formats` and `charts` build on this part;
//! it builds on none of them.

pub mod access;
pub mod account;
pub mod answer;
pub mod attribution;
pub mod audit;
pub mod backup;
pub mod balance;
pub mod catalog;
pub mod catalog_change;
pub mod comparison;
pub mod digits;
pub mod evidence;
pub mod fault;
pub mod figures;
pub mod forecast;
pub mod freshness;
pub mod gap;
pub mod guide;
pub mod heat;
pub mod import;
pub mod leverage;
pub mod listing;
pub mod mapping;
pub mod named;
pub mod organization;
pub mod period;
pub mod plan;
pub mod portfolio;
pub mod proposal;
pub mod reached;
pub mod report;
pub mod roadmap;
pub mod scale;
pub mod scoring;
pub mod settings;
pub mod spread;
pub mod standing;
pub mod statement;
pub mod submission;
pub mod threat_model;
pub mod unusual;
pub mod view;
