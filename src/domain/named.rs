//! Values that files, addresses and commands call by a word each.

/// A type with few values, each of which has one word.
pub trait Named: Copy + PartialEq + 'static {
    /// All values with their words, in the order in which they are offered.
    const NAMED: &'static [(&'static str, Self)];

    /// Its word.
    fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, other)| *other == self).map_or("", |(name, _)| name)
    }

    /// The value of a word, written exactly so.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{Capability, Lens};
    use crate::domain::mapping::Standard;

    fn there_and_back<T: Named + std::fmt::Debug>() {
        for (name, value) in T::NAMED {
            assert_eq!((value.name(), T::from_name(name)), (*name, Some(*value)), "the words are unique");
        }
    }

    #[test]
    fn every_value_has_a_word_of_its_own() {
        there_and_back::<Lens>();
        there_and_back::<Capability>();
        there_and_back::<Standard>();
        assert_eq!(Lens::from_name("Shift left"), None);
    }
}
