//! Threat models in the files of other tools.

mod json_formats;
mod tables;
