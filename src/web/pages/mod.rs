//! The handlers, named after what they do: they read the request, ask `app`, and show a view.

pub(super) mod account;
pub(super) mod accounts;
pub(super) mod api_docs;
pub(super) mod assessments;
pub(super) mod audit;
pub(super) mod backups;
pub(super) mod catalog;
pub(super) mod charts;
pub(super) mod compare;
pub(super) mod dashboard;
pub(super) mod evidence;
pub(super) mod export;
pub(super) mod gaps;
pub(super) mod heatmap;
pub(super) mod import;
mod listing;
pub(super) mod operations;
pub(super) mod plans;
pub(super) mod portfolio;
pub(super) mod profiles;
pub(super) mod proposals;
pub(super) mod questionnaire;
pub(super) mod report;
pub(super) mod roadmap;
pub(super) mod scopes;
pub(super) mod settings;
pub(super) mod sign_in;
pub(super) mod stage;
pub(super) mod stages;
pub(super) mod teams;
pub(super) mod threat_model_files;
pub(super) mod threat_model_revisions;
pub(super) mod threat_models;
pub(super) mod threat_portfolio;
pub(super) mod tokens;
pub(super) mod trend;
pub(super) mod unusual;

use actix_multipart::form::MultipartFormConfig;
use actix_web::http::{StatusCode, header};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::failure::Failure;
use super::views::{Wrong, scope_word};
use crate::app;
use crate::domain::scoring::Scorecard;
use crate::domain::view::Selection;

/// What a form comes to: a page with what was entered and what is wrong with it, or the way on.
type Outcome = Result<Either<(Markup, StatusCode), HttpResponse>, Failure>;

/// A form or an address with any number of fields of one name.
type Fields = Vec<(String, String)>;

/// What the address says was done before the page was loaded.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// Everything that has no route.
pub(super) async fn not_found() -> Result<HttpResponse, Failure> {
    Err(Failure::NoSuchPage)
}

/// What a browser lets a picture or a page do that is opened alone: nothing but to look as it does.
const ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// What a file that was sent is called, without what cannot be printed.
fn called(name: Option<String>) -> String {
    let name: String = name.unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
    if name.is_empty() { "the file".to_owned() } else { name }
}

/// Forms with a file of at most this size, and little else.
fn uploads(largest: usize) -> MultipartFormConfig {
    const REST: usize = 10_000;
    MultipartFormConfig::default()
        .total_limit(largest + REST)
        .memory_limit(largest + REST)
        .error_handler(|error, _| Failure::from(error).into())
}

/// Sends the browser on after a change, so that loading the page again does not repeat it.
fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}

/// An address of this site to go back to; empty when it leads, or could be read as leading, elsewhere.
fn local(address: String) -> String {
    let is_path = address.starts_with('/') && !address.starts_with("//");
    // Browsers read a backslash as a slash, and leave out tabs and line ends.
    let is_plain = address.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_path && is_plain && address.len() <= 2_000 { address } else { String::new() }
}

/// The state of a thing that a form was made from, where it says so.
fn seen(fields: &Fields) -> Option<String> {
    fields.iter().find(|(field, _)| field == "seen").map(|(_, value)| value.clone())
}

/// What the page says about a failure that a person can mend, and its status; other failures pass.
fn wrong(failure: Failure) -> Result<(Wrong, StatusCode), Failure> {
    match failure {
        Failure::App(app::Error::Invalid(faults)) => {
            Ok((Wrong { faults, refused: None }, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Failure::App(app::Error::Refused(message)) => {
            Ok((Wrong { faults: Vec::new(), refused: Some(message) }, StatusCode::CONFLICT))
        }
        Failure::App(app::Error::Overtaken(message)) => {
            let message =
                format!("{message}. What you entered is still there; look at how things are now and decide again");
            Ok((Wrong { faults: Vec::new(), refused: Some(message) }, StatusCode::CONFLICT))
        }
        failure => Err(failure),
    }
}

/// How a browser keeps a download: under a name that says what it is, of whom, of which dimension and when.
fn attachment(what: &str, selection: Selection, dimension: Option<&str>, extension: &str) -> String {
    let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric(), "-").to_ascii_lowercase();
    let dimension = dimension.filter(|name| *name != Scorecard::OVERALL).map(plain);
    let period = selection.period.map(|period| period.to_string());
    let parts = [Some(what.to_owned()), Some(scope_word(selection.scope)), dimension, period];
    let name = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    format!("attachment; filename=\"cairn-{name}.{extension}\"")
}
