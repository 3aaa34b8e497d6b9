//! Holds requests to the description of the interface: a parameter that an operation does not have is
//! refused, since a filter that is misspelt would otherwise give everything. So is one that is of another kind.

use std::collections::HashMap;
use std::sync::OnceLock;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::QueryPayloadError;
use actix_web::middleware::Next;
use actix_web::web::Query;
use actix_web::{Error, ResponseError};
use utoipa::Number;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{Object, Schema, SchemaType, Type};

use super::document;
use crate::web::failure::Failure;

/// The middleware.
pub(super) async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match held(&request) {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(failure) => Ok(request.into_response(failure.error_response())),
    }
}

/// An error unless every parameter behind the question mark is one that the operation has, and is there once.
fn held(request: &ServiceRequest) -> Result<(), Failure> {
    let known = request.match_pattern().and_then(|pattern| parameters().get(&(method(request), pattern)));
    let Some(known) = known else { return Ok(()) };
    let sent = Query::<Vec<(String, String)>>::from_query(request.query_string());
    let sent = sent.map_err(|error| unreadable(&error))?;
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in sent.iter() {
        let Some((_, kind)) = known.iter().find(|(known, _)| known == name) else {
            let known: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let name: String = name.chars().take(60).collect();
            return Err(Failure::unreadable(format!("there is no parameter “{name}” here; there are {known}")));
        };
        if seen.contains(&name.as_str()) {
            return Err(Failure::unreadable(format!("the parameter “{name}” is there twice")));
        }
        seen.push(name);
        if !kind.allows(value) {
            let value: String = value.chars().take(60).collect();
            return Err(Failure::unreadable(format!("{name}: “{value}” is not {}", kind.expected())));
        }
    }
    Ok(())
}

/// What stands behind the question mark and cannot be read.
pub(super) fn unreadable(error: &QueryPayloadError) -> Failure {
    match error {
        QueryPayloadError::Deserialize(error) => {
            Failure::unreadable(format!("what stands behind the question mark cannot be read: {error}"))
        }
        _ => Failure::unreadable("what stands behind the question mark cannot be read"),
    }
}

/// What a parameter can be, as far as it is looked at here; the handlers look at the rest.
enum Kind {
    Text,
    Switch,
    /// One of these words.
    Words(Vec<String>),
    /// A whole number in these bounds.
    Number(i64, i64),
}

impl Kind {
    fn of(parameter: &Parameter) -> Self {
        let Some(RefOr::T(Schema::Object(object))) = &parameter.schema else { return Self::Text };
        let is = |wanted: Type| match &object.schema_type {
            SchemaType::Type(kind) => *kind == wanted,
            SchemaType::Array(kinds) => kinds.contains(&wanted),
            SchemaType::AnyValue => false,
        };
        match () {
            () if is(Type::Boolean) => Self::Switch,
            () if is(Type::Integer) => Self::number(object),
            () => Self::words(object),
        }
    }

    fn words(object: &Object) -> Self {
        let words = object.enum_values.iter().flatten();
        let words: Vec<String> = words.filter_map(|word| word.as_str().map(str::to_owned)).collect();
        if words.is_empty() { Self::Text } else { Self::Words(words) }
    }

    fn number(object: &Object) -> Self {
        let bound = |number: &Option<Number>, unless: i64| match number {
            Some(Number::Int(bound)) => i64::try_from(*bound).unwrap_or(unless),
            Some(Number::UInt(bound)) => i64::try_from(*bound).unwrap_or(unless),
            _ => unless,
        };
        Self::Number(bound(&object.minimum, i64::MIN), bound(&object.maximum, i64::MAX))
    }

    fn allows(&self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Switch => ["true", "false"].contains(&value),
            Self::Words(words) => words.iter().any(|word| word == value),
            Self::Number(least, most) => value.parse().is_ok_and(|number| (*least..=*most).contains(&number)),
        }
    }

    /// What is expected, after “is not”.
    fn expected(&self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Switch => "true or false".to_owned(),
            Self::Words(words) => format!("one of {}", words.join(", ")),
            Self::Number(i64::MIN, _) => "a whole number".to_owned(),
            Self::Number(least, i64::MAX) => format!("a whole number from {least} on"),
            Self::Number(least, most) => format!("a whole number from {least} to {most}"),
        }
    }
}

fn method(request: &ServiceRequest) -> String {
    match request.method().as_str() {
        "HEAD" => "GET".to_owned(),
        other => other.to_owned(),
    }
}

/// The parameters that an operation has behind the question mark, with their kinds.
type Parameters = Vec<(String, Kind)>;

/// The parameters of each operation, by method and pattern.
fn parameters() -> &'static HashMap<(String, String), Parameters> {
    static PARAMETERS: OnceLock<HashMap<(String, String), Parameters>> = OnceLock::new();
    PARAMETERS.get_or_init(|| {
        let mut parameters = HashMap::new();
        for (path, item) in document::document().paths.paths {
            let methods = [
                ("GET", item.get),
                ("POST", item.post),
                ("PUT", item.put),
                ("PATCH", item.patch),
                ("DELETE", item.delete),
            ];
            for (method, operation) in methods {
                let Some(operation) = operation else { continue };
                let all = operation.parameters.unwrap_or_default().into_iter();
                let asked = all.filter(|parameter| parameter.parameter_in == ParameterIn::Query);
                let known = asked.map(|parameter| (parameter.name.clone(), Kind::of(&parameter))).collect();
                parameters.insert((method.to_owned(), path.clone()), known);
            }
        }
        parameters
    })
}
