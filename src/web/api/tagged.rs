//! One thing as an answer, with an ETag that tells its state, and the changes that name the state they are for.
//!
//! The ETag is a digest of the JSON, so whatever a program can see of a thing is part of its state.

use std::future::{Ready, ready};

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};

use crate::app;
use crate::domain::digits::fingerprint;
use crate::web::failure::Failure;

/// One thing. Who has it already is told so.
pub(super) struct Tagged<T>(pub(super) T);

/// A thing that was made, with the address under which it is now.
pub(super) struct Created<T> {
    /// The thing.
    pub(super) made: T,
    /// Where it is.
    pub(super) address: String,
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let Some((json, tag)) = written(&self.0) else { return broken() };
        if names(request.headers(), &header::IF_NONE_MATCH).is_some_and(|known| known.include(&tag)) {
            return HttpResponse::NotModified().insert_header((header::ETAG, quoted(&tag))).finish();
        }
        answer(StatusCode::OK, json, &tag)
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Some((json, tag)) = written(&self.made) else { return broken() };
        let mut response = answer(StatusCode::CREATED, json, &tag);
        if let Ok(address) = self.address.parse() {
            response.headers_mut().insert(header::LOCATION, address);
        }
        response
    }
}

/// A thing that was made together with a secret, which is told this once. The answer has no ETag, since it is not
/// what the thing will be given as.
pub(super) fn told_once(told: &impl Serialize, address: &str) -> HttpResponse {
    HttpResponse::Created().insert_header((header::LOCATION, address)).json(told)
}

fn answer(status: StatusCode, json: Vec<u8>, tag: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, "application/json")).insert_header((header::ETAG, quoted(tag)));
    response.body(json)
}

/// What can only be if a value cannot be written as JSON, which none of ours is.
fn broken() -> HttpResponse {
    HttpResponse::InternalServerError().finish()
}

/// A thing as JSON, and what tells this state of it.
fn written(thing: &impl Serialize) -> Option<(Vec<u8>, String)> {
    let json = serde_json::to_vec(thing).ok()?;
    let tag = fingerprint(&json);
    Some((json, tag))
}

fn quoted(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// The header `If-Match`: which states of a thing a change is for. A change without it is refused, since it
/// might undo unseen what somebody else did.
pub(super) struct IfMatch(Names);

/// The states that a header names.
enum Names {
    /// Whatever there is.
    Any,
    These(Vec<String>),
}

impl Names {
    fn include(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|known| known == tag),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(names(request.headers(), &header::IF_MATCH).map(Self).ok_or(Failure::StateNeeded))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        let header = ParameterBuilder::new().name("If-Match").parameter_in(ParameterIn::Header);
        let header = header.required(Required::True).schema(Some(text));
        vec![
            header
                .description(Some("The ETag of the state that is changed, or `*` for whatever state it is in."))
                .build(),
        ]
    }
}

impl IfMatch {
    /// An error unless the present state of a thing is one that the change is for.
    pub(super) fn check(&self, present: &impl Serialize) -> Result<(), Failure> {
        let (_, tag) = written(present).ok_or_else(|| Failure::Broken("a value is not JSON".into()))?;
        if self.0.include(&tag) {
            return Ok(());
        }
        let message = "it is not as it was any more: somebody changed it meanwhile";
        Err(app::Error::Overtaken(message.to_owned()).into())
    }
}

/// What a header names. Proxies that compress call tags weak, which changes nothing here.
fn names(headers: &HeaderMap, name: &HeaderName) -> Option<Names> {
    let values: Vec<&str> = headers.get_all(name).filter_map(|value| value.to_str().ok()).collect();
    if values.is_empty() {
        return None;
    }
    let all = values.join(",");
    if all.trim() == "*" {
        return Some(Names::Any);
    }
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    Some(Names::These(all.split(',').map(bare).collect()))
}
