//! Bytes to domain and back: catalogs, roadmaps, and the files that people import and export.
//!
//! Every reader takes the name of its source and the bytes, has its limits, finds all faults it
//! can with their places, and never panics; warnings are about what was read but not understood.
//! Every writer gives the same bytes for the same input. Nothing here opens a file.

pub mod answers;
pub mod attribution;
pub mod audit;
pub mod balance;
pub mod catalog;
pub mod catalog_change;
pub mod comparison;
pub mod dsomm;
pub mod evidence;
pub mod forecast;
pub mod gaps;
pub mod guide;
pub mod heatmap;
pub mod incoming;
pub mod intake;
pub mod levels;
pub mod leverage;
pub mod mappings;
pub mod plan;
pub mod plan_progress;
pub mod portfolio;
pub mod practices;
pub mod roadmap;
mod sheet;
pub mod stages;
pub mod statement;
pub mod table;
pub mod teams;
pub mod template;
pub mod threat_model;
pub mod threats;
pub mod trend;
pub mod unusual;
pub mod work_items;
pub mod xlsx;
mod yaml;

use crate::domain::fault::{Fault, Faults, Place};

/// A named piece of input.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// How the person knows it: a file name, mostly.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// What was read, and what in the input was passed over.
#[derive(Debug)]
pub struct Reading<T> {
    /// The value.
    pub value: T,
    /// What was not understood but does no harm.
    pub warnings: Vec<Fault>,
}

/// A number as our files and interfaces write it: at most twelve digits after the point, so that
/// what a person computes by hand compares equal to what they read.
pub fn round(value: f64) -> f64 {
    // Adding zero takes the sign off a zero.
    (value * 1e12).round() / 1e12 + 0.0
}

/// What is wrong with a source of more than `limit` bytes, if it is that large.
fn too_large(source: Source<'_>, limit: usize) -> Result<(), Faults> {
    if source.bytes.len() <= limit {
        return Ok(());
    }
    let place = Place { source: source.name.to_owned(), ..Place::default() };
    Err(Faults::one(place, format!("larger than {} MB, which is the most that is read", limit / 1_000_000)))
}
