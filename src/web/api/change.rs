//! Changes of things that are there: what a program leaves out stays as it is.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::app;
use crate::domain::fault::FieldFault;
use crate::web::failure::Failure;

/// Some fields of what a thing is to be. In the description it is what makes a new one, with nothing required.
pub(in crate::web) struct Change<T> {
    said: Map<String, Value>,
    whole: PhantomData<T>,
}

impl<'de, T> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { said: Map::deserialize(deserializer)?, whole: PhantomData })
    }
}

impl<T: ToSchema + DeserializeOwned> Change<T> {
    /// Whether it says something about a field.
    pub(super) fn says(&self, field: &str) -> bool {
        self.said.contains_key(field)
    }

    /// What the thing is to be as a whole, when it is `present` now. All fields that cannot be read are told.
    pub(super) fn of(self, present: &impl Serialize) -> Result<T, Failure> {
        let known = fields(T::schema());
        if let Some(name) = self.said.keys().find(|name| !known.contains(name)) {
            let (name, known): (String, _) = (name.chars().take(60).collect(), known.join(", "));
            return Err(Failure::Invalid(format!("there is no field “{name}” here; there are {known}")));
        }
        let mut whole = object(present)?;
        whole.retain(|name, _| known.contains(name));
        let mut faults = Vec::new();
        for (name, value) in self.said {
            let before = whole.insert(name.clone(), value);
            if let Err(error) = T::deserialize(&whole) {
                faults.push(FieldFault::new(&name, error));
                match before {
                    Some(before) => whole.insert(name, before),
                    None => whole.remove(&name),
                };
            }
        }
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults).into());
        }
        T::deserialize(&whole).map_err(|error| Failure::Invalid(error.to_string()))
    }
}

impl<T: ToSchema> PartialSchema for Change<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            let meaning = object.description.take().unwrap_or_default();
            object.description = Some(format!("{meaning} What is left out stays as it is.").trim_start().to_owned());
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Change<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Change", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// What was sent about a thing, with what the `present` one has and was not sent.
pub(super) fn completed(sent: Value, present: &impl Serialize) -> Result<Value, Failure> {
    let Value::Object(sent) = sent else { return Ok(sent) };
    let mut whole = object(present)?;
    whole.extend(sent);
    Ok(Value::Object(whole))
}

/// Reads a field that is there, so that `null` is told from what is left out.
pub(super) fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The names of the fields that a schema has.
fn fields(schema: RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.properties.into_keys().collect(),
        _ => Vec::new(),
    }
}

fn object(thing: &impl Serialize) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(thing) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Failure::Broken("a thing is not a JSON object".into())),
    }
}
