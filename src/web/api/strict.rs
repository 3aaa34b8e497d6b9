//! Holds requests to the description of the interface: a parameter that an operation does not have is
//! refused, since a filter that is misspelt would otherwise give everything.

use std::collections::HashMap;
use std::sync::OnceLock;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Query;
use actix_web::{Error, ResponseError};

use utoipa::openapi::path::ParameterIn;

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
    let sent = sent.map_err(|error| Failure::unreadable(error.to_string()))?;
    let mut seen: Vec<&str> = Vec::new();
    for (name, _) in sent.iter() {
        if !known.contains(name) {
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let name: String = name.chars().take(60).collect();
            return Err(Failure::unreadable(format!("there is no parameter “{name}” here; there are {known}")));
        }
        if seen.contains(&name.as_str()) {
            return Err(Failure::unreadable(format!("the parameter “{name}” is there twice")));
        }
        seen.push(name);
    }
    Ok(())
}

fn method(request: &ServiceRequest) -> String {
    match request.method().as_str() {
        "HEAD" => "GET".to_owned(),
        other => other.to_owned(),
    }
}

/// The parameters of each operation that stand in an address behind the question mark, by method and pattern.
fn parameters() -> &'static HashMap<(String, String), Vec<String>> {
    static PARAMETERS: OnceLock<HashMap<(String, String), Vec<String>>> = OnceLock::new();
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
                let names = asked.map(|parameter| parameter.name).collect();
                parameters.insert((method.to_owned(), path.clone()), names);
            }
        }
        parameters
    })
}
