//! Threat models in the files of other tools.

mod files;
mod json_formats;
mod tables;
mod xml_formats;
