//! What is wrong with something that was read, and where. Readers go on after the first fault,
//! so that a person can mend a file in one round.

use std::fmt;

use serde::Serialize;

/// Where in a file or a request something was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// File name, as the person named it.
    pub source: String,
    /// Line, counted from 1; 0 when the place is not a line.
    pub line: u64,
    /// Column, counted from 1 in characters; 0 when only the line is known.
    pub column: u64,
    /// The way down to the value, for example `Build > Signing of code > level`.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        Ok(())
    }
}

/// One thing that is wrong, in a sentence that says what was found and what is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where it was found.
    pub place: Place,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Something wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The name of the field.
    pub field: String,
    /// What is wrong and what is expected.
    pub message: String,
}

impl FieldFault {
    /// A fault of a field.
    pub fn new(field: impl Into<String>, message: impl ToString) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }
}

/// All faults found in one reading: at least one, at most [`Faults::KEPT`] with their text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    kept: Vec<Fault>,
    total: usize,
}

impl Faults {
    /// How many faults are kept with their text; further ones are only counted, so that a hostile
    /// file cannot fill the memory with messages about itself.
    pub const KEPT: usize = 100;

    /// Notes a fault.
    pub fn push(&mut self, place: Place, message: impl Into<String>) {
        self.total += 1;
        if self.kept.len() < Self::KEPT {
            self.kept.push(Fault { place, message: message.into() });
        }
    }

    /// Notes all faults of another reading.
    pub fn extend(&mut self, other: Faults) {
        self.total += other.total;
        let room = Self::KEPT.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// The same faults, those of one source from its top to its bottom.
    pub fn from_top_to_bottom(mut self) -> Self {
        let mut sources: Vec<String> = Vec::new();
        for Fault { place, .. } in &self.kept {
            if !sources.contains(&place.source) {
                sources.push(place.source.clone());
            }
        }
        let source = |place: &Place| sources.iter().position(|source| *source == place.source);
        self.kept.sort_by_key(|fault| (source(&fault.place), fault.place.line, fault.place.column));
        self
    }

    /// A reading that ended at its only fault.
    pub fn one(place: Place, message: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.push(place, message);
        faults
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// How many faults there are, those included that are only counted.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The faults that are kept with their text, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.kept.iter()
    }

    /// The value, if nothing was wrong with it.
    pub fn or<T>(self, value: T) -> Result<T, Faults> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.kept.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        let more = self.total - self.kept.len();
        if more > 0 {
            write!(f, "\n… and {more} more")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
