//! Cairn assesses an organization against the OWASP DevSecOps Maturity Model (DSOMM), quarter
//! after quarter.
//!
//! # The map
//!
//! ```text
//! domain  <-  formats, store  <-  app  <-  web, cli  <-  main
//!         <-  charts  <------------------  web
//! ```
//!
//! - [`domain`]: what the field knows. Pure: no clock, no file, no randomness, no database.
//! - [`formats`]: bytes to domain and back. Opens no file.
//! - [`charts`]: domain to SVG.
//! - [`store`]: the database; the only part that knows diesel.
//! - [`app`]: the use cases, called with an actor and the time; every permission is checked here.
//!   What is computed from submissions begins with one look at one moment, the `Eye`.
//! - [`web`]: pages over HTTP; the only part that knows actix. Its `views` see domain and charts only.
//! - [`cli`]: the commands.
//! - [`clock`]: the one place where the time is read; [`mutex`]: how locks are taken. Both are there for whoever runs, not
//!   for what only computes.
//!
//! Arrows point at what a part may use; `formats`, `store` and `charts` do not know each other. A test
//! reads the sources and holds these rules.
//!
//! # How it stays fast
//!
//! What a submission says never changes, so it is kept with it in one short row, and in memory as some bytes. The
//! database counts epochs: one for each kind of thing that something is computed from, moved by triggers with every
//! change, whoever makes it. `app` keeps standings with the epoch in which they were computed, and after a submission
//! all of them that are of earlier quarters; `web` keeps whole pages, compressed. Every request asks for the epochs of
//! now: this process moves them before it acknowledges a change, and what other programs move is seen within half a
//! millisecond. So what is kept is used only as long as it is true. Changes that are made at the same time share one
//! commit.
//!
//! # What always holds
//!
//! - An answer is never overwritten: a change adds a row and marks the one before as superseded.
//!   A submitted assessment does not change. The database itself refuses both.
//! - When a change is acknowledged it is on the disk, and in the audit record with who made it.
//! - What is read of teams is read through what the caller sees; the store asks for it.
//! - Who somebody is and what they may do are separate: whatever way they are recognized, an
//!   [`Actor`](domain::access::Actor) comes of it, and `app` asks that one.
//! - Scores come from one formula, in [`domain::scoring`], for every scope.
//! - Input of any kind is hostile: readers have limits, report faults with their places, and never
//!   panic; what is wrong changes nothing.

pub mod app;
pub mod charts;
pub mod cli;
pub mod clock;
pub mod domain;
pub mod formats;
pub mod mutex;
pub mod store;
pub mod web;
