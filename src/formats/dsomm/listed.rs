//! What is listed and not taken: each thing once, with the place where it was first found and how often it
//! was, rather than a line for each of thousands of days.

use std::collections::HashMap;

use crate::domain::fault::{Fault, Faults, Place};

/// The list.
#[derive(Debug, Default)]
pub(super) struct Listed {
    items: Vec<(Place, String, usize)>,
    /// Where each message stands in the list.
    known: HashMap<String, usize>,
    /// How many different ones are only counted.
    further: usize,
}

impl Listed {
    /// Lists something, unless it is listed already.
    pub(super) fn note(&mut self, place: impl FnOnce() -> Place, message: impl Into<String>) {
        let message = message.into();
        if let Some(item) = self.known.get(&message).and_then(|&at| self.items.get_mut(at)) {
            item.2 += 1;
        } else if self.items.len() < 10 * Faults::KEPT {
            self.known.insert(message.clone(), self.items.len());
            self.items.push((place(), message, 1));
        } else {
            self.further += 1;
        }
    }

    /// The list as warnings.
    pub(super) fn warnings(self) -> Vec<Fault> {
        let source = self.items.first().map(|(place, ..)| place.source.clone()).unwrap_or_default();
        let said = self.items.into_iter().map(|(place, message, count)| {
            let message = if count > 1 { format!("{message} ({count} times)") } else { message };
            Fault { place, message }
        });
        let further = (self.further > 0).then(|| Fault {
            place: Place { source, ..Place::default() },
            message: format!("and {} more of this kind", self.further),
        });
        said.chain(further).collect()
    }
}
