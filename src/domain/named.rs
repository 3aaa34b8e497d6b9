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

/// Lets types with few values be written in files by their words, and be read from them.
macro_rules! named_in_files {
    ($($name:ident),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(crate::domain::named::Named::name(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                <Self as crate::domain::named::Named>::from_name(&word)
                    .ok_or_else(|| serde::de::Error::custom(crate::domain::named::expected::<Self>(&word)))
            }
        }
    )+};
}
pub(super) use named_in_files;

/// What is wrong with a word that is none of a type's.
pub fn expected<T: Named>(word: &str) -> String {
    let words: Vec<&str> = T::NAMED.iter().map(|(name, _)| *name).collect();
    let shown: String = word.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("“{shown}” is not one of {}", words.join(", "))
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
