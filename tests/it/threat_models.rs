//! Files of threat models: what is read of each format, and what is refused.

mod files;
mod xml_formats;
mod yaml_formats;
