//! Threagile: its models in YAML, and the risks that it found in them, in JSON.
//!
//! A model holds what people found themselves; what Threagile finds is only in the other file. Both name threats and
//! elements alike, so that they fit together.

mod model;
mod risks;
mod words;

pub(super) use self::model::read;
pub(super) use self::risks::read_risks;
