//! What is noted while a threat model is read: warnings with their places, as many as a person would read, and
//! texts brought to the lengths that are kept.

use super::json::At;
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::threat_model::format::ReadModel;
use crate::domain::threat_model::{PartId, ThreatModel};
use crate::formats::Reading;

/// How many warnings are kept with their text.
const KEPT: usize = 100;

/// The warnings of a reading, and the name of what is read.
pub(super) struct Notes {
    source: String,
    warnings: Vec<Fault>,
    more: usize,
}

impl Notes {
    /// Nothing noted yet about a source.
    pub(super) fn new(source: &str) -> Self {
        Self { source: source.to_owned(), warnings: Vec::new(), more: 0 }
    }

    /// A place in the source.
    pub(super) fn place(&self, path: impl Into<String>) -> Place {
        Place { source: self.source.clone(), path: path.into(), ..Place::default() }
    }

    /// Notes something odd at a place, which is a path of keys and numbers.
    pub(super) fn warn(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.warn_on(0, path, message);
    }

    /// Notes something odd at a place of which the line is known, too.
    pub(super) fn warn_on(&mut self, line: u64, path: impl Into<String>, message: impl Into<String>) {
        if self.warnings.len() < KEPT {
            let place = Place { line, ..self.place(path) };
            self.warnings.push(Fault { place, message: message.into() });
        } else {
            self.more += 1;
        }
    }

    /// A source that cannot be used, and why.
    pub(super) fn refuse(&self, path: impl Into<String>, message: impl Into<String>) -> Faults {
        Faults::one(self.place(path), message)
    }

    /// The text at a place, tidy and at most as long as names are; nothing where there is none.
    pub(super) fn name(&mut self, at: Option<At<'_>>) -> String {
        self.limited(at, ThreatModel::NAME_LIMIT)
    }

    /// The text at a place, tidy and at most as long as texts are; nothing where there is none.
    pub(super) fn text(&mut self, at: Option<At<'_>>) -> String {
        self.limited(at, ThreatModel::TEXT_LIMIT)
    }

    fn limited(&mut self, at: Option<At<'_>>, limit: usize) -> String {
        let Some(at) = at else { return String::new() };
        self.cut(&at.text(), limit, || at.path())
    }

    /// A text, tidy and cut at a length with a warning.
    pub(super) fn cut(&mut self, text: &str, limit: usize, path: impl FnOnce() -> String) -> String {
        let tidy = tidy(text);
        let cut = clip(&tidy, limit);
        if cut.len() < tidy.len() {
            self.warn(path(), format!("longer than {limit} characters; the rest is left out"));
        }
        cut
    }

    /// The reading with its warnings. What a model may not be in size is cut, and links that lead nowhere are taken
    /// out, both with a warning.
    pub(super) fn finish(mut self, mut read: ReadModel) -> Reading<ReadModel> {
        for problem in read.model.settle() {
            self.warn("", problem);
        }
        if self.more > 0 {
            let more = self.more;
            self.warnings.push(Fault { place: self.place(""), message: format!("… and {more} more warnings") });
        }
        Reading { value: read, warnings: self.warnings }
    }
}

/// A text without control characters but the ends of its lines, and without white space around it.
pub(super) fn tidy(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = lines.chars().filter(|&c| c == '\n' || !c.is_control()).collect();
    kept.trim().to_owned()
}

/// The first characters of a text.
pub(super) fn clip(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

/// The id that a file gives a part, with what kind of part it is where the file gives none.
pub(super) fn id(at: Option<At<'_>>, kind: &str, number: usize) -> PartId {
    let given = at.map(|at| clip(&tidy(&at.text()), 200)).filter(|id| !id.is_empty());
    PartId(given.unwrap_or_else(|| format!("{kind}-{}", number + 1)))
}
