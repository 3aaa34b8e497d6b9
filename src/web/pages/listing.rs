//! What addresses say about lists: which part of them, in which order, and the words that are looked for.

use serde::Deserialize;

use crate::app;
use crate::domain::fault::FieldFault;
use crate::domain::listing::{Order, Sorting};
use crate::domain::named::{Named, expected};
use crate::web::failure::Failure;

/// How long the words that are looked for may be.
const TEXT_LIMIT: usize = 100;

/// The text of a field; `None`: it is empty.
pub(super) fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The words that are looked for.
pub(super) fn words(field: &str, text: &str, faults: &mut Vec<FieldFault>) -> Option<String> {
    let text = given(text);
    if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LIMIT) {
        faults.push(FieldFault::new(field, "look for at most 100 characters"));
    }
    text
}

/// The value of a word; `None`: the field is empty, or the word is a fault.
pub(super) fn chosen<T: Named>(field: &str, word: &str, faults: &mut Vec<FieldFault>) -> Option<T> {
    let word = word.trim();
    let value = T::from_name(word);
    if value.is_none() && !word.is_empty() {
        faults.push(FieldFault::new(field, expected::<T>(word)));
    }
    value
}

/// How a list is to be sorted.
pub(super) fn sorting<C: Named>(sort: &str, order: &str, faults: &mut Vec<FieldFault>) -> Sorting<C> {
    Sorting { by: chosen("sort", sort, faults), order: chosen::<Order>("order", order, faults) }
}

/// What was read, unless something is wrong with it: then all of that.
pub(super) fn sound<T>(read: T, faults: Vec<FieldFault>) -> Result<T, Failure> {
    if faults.is_empty() { Ok(read) } else { Err(app::Error::Invalid(faults).into()) }
}

/// Which part of a list is wanted.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct WantedPage {
    page: Option<String>,
}

impl WantedPage {
    pub(super) fn number(&self) -> Result<usize, Failure> {
        let text = self.page.as_deref().and_then(given);
        let number = text.map_or(Some(1), |text| text.parse().ok()).filter(|number| *number > 0);
        Ok(number.ok_or_else(|| app::Error::invalid("page", "a page is named by its number, from 1 on"))?)
    }
}
