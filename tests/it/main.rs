//! Cairn from the outside: over HTTP, over the command line, and on the files that it keeps.
//!
//! `web` has a file for each part of the pages, `cli` one for each command; `browser` does in Chromium
//! what only a real browser shows; `scoring` computes everything again, independently; `planning` says how
//! good plans are; `replication` loses a machine; `threat_models` reads the files of other tools;
//! `upgrade` goes on with what earlier releases kept; `layers` reads the sources, `content` the texts. What they share is in `harness`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected has failed"
)]

mod browser;
mod cli;
mod content;
mod durability;
mod harness;
mod layers;
mod planning;
mod replication;
mod scoring;
mod threat_models;
mod upgrade;
mod web;
