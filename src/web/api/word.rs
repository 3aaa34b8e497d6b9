//! Words that stand for one of a few values, described as such.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::named::{self, Named};

/// Values that the description calls by a name of their own.
pub(super) trait Described: Named {
    /// What the schema is called.
    const SCHEMA: &'static str;
    /// What the words say.
    const MEANING: &'static str;
}

/// A value, written as its word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::web) struct Word<T>(pub(super) T);

impl<T: Named> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de, T: Named> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <Cow<'de, str> as Deserialize>::deserialize(deserializer)?;
        T::from_name(&word).map(Self).ok_or_else(|| serde::de::Error::custom(named::expected::<T>(&word)))
    }
}

impl<T: Described> PartialSchema for Word<T> {
    fn schema() -> RefOr<Schema> {
        let words = T::NAMED.iter().map(|(word, _)| *word);
        let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words));
        schema.description(Some(T::MEANING)).into()
    }
}

impl<T: Described> ToSchema for Word<T> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed(T::SCHEMA)
    }
}
