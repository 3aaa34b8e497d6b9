//! How results are printed: as lines for people, or as JSON for programs.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::{Failure, print};

/// The option of every command with a result that is no file.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct As {
    /// How to print the result: lines for people, or JSON for programs
    #[arg(long, default_value = "text")]
    format: Printed,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Printed {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl As {
    /// Whether a program reads it.
    pub(super) fn is_json(self) -> bool {
        self.format == Printed::Json
    }

    /// Prints a result in the one form or the other. Lines may be a message for people, which goes elsewhere.
    pub(super) fn print(
        self,
        json: impl FnOnce() -> Value,
        text: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if self.is_json() { print(&format!("{:#}", json())) } else { text() }
    }

    /// Says what was done: as a message for people, or as a result for programs.
    pub(super) fn say(self, json: impl FnOnce() -> Value, message: &str) -> Result<(), Failure> {
        self.print(json, || {
            tell!("{message}");
            Ok(())
        })
    }
}

/// A result with more in it.
pub(super) fn with<const N: usize>(mut json: Value, more: [(&str, Value); N]) -> Value {
    if let Value::Object(fields) = &mut json {
        fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    json
}
