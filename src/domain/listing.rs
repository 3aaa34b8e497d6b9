//! What all lists that people look through have in common: in which order they are, and words that are looked for.

use std::cmp::Ordering;

use super::named::Named;

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The least first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl Order {
    /// The other one.
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    /// How two rows follow each other. Whatever the order, those of which there is nothing to compare come last.
    pub fn compare<T>(self, a: Option<&T>, b: Option<&T>, by: impl FnOnce(&T, &T) -> Ordering) -> Ordering {
        match (a, b, self) {
            (Some(a), Some(b), Self::Ascending) => by(a, b),
            (Some(a), Some(b), Self::Descending) => by(b, a),
            (a, b, _) => b.is_some().cmp(&a.is_some()),
        }
    }
}

impl Named for Order {
    const NAMED: &'static [(&'static str, Self)] = &[("ascending", Self::Ascending), ("descending", Self::Descending)];
}

/// A column by which a list can be sorted. The default is the one by which it is sorted until another is asked for.
pub trait Column: Clone + Default + PartialEq {
    /// Its word in addresses.
    fn word(&self) -> &str;

    /// In which order people look at it first.
    fn usual_order(&self) -> Order;
}

/// How a list is to be sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorting<C> {
    /// By what; `None`: by what it is unless something is asked for.
    pub by: Option<C>,
    /// In which order; `None`: the usual one.
    pub order: Option<Order>,
}

impl<C: Column> Sorting<C> {
    /// By what it is sorted, and in which order.
    pub fn chosen(&self) -> (C, Order) {
        let by = self.by.clone().unwrap_or_default();
        let order = self.order.unwrap_or_else(|| by.usual_order());
        (by, order)
    }
}

/// Whether all words stand in a text, whatever their case.
pub fn has_words(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}
