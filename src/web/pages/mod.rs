//! The handlers, named after what they do: they read the request, ask `app`, and show a view.

pub(super) mod account;
pub(super) mod assessments;
pub(super) mod backups;
pub(super) mod catalog;
pub(super) mod dashboard;
pub(super) mod evidence;
pub(super) mod export;
pub(super) mod gaps;
pub(super) mod import;
pub(super) mod operations;
pub(super) mod questionnaire;
pub(super) mod settings;
pub(super) mod sign_in;
pub(super) mod teams;
pub(super) mod trend;

use actix_web::HttpResponse;
use actix_web::http::header;

use super::failure::Failure;

/// Everything that has no route.
pub(super) async fn not_found() -> Result<HttpResponse, Failure> {
    Err(Failure::NoSuchPage)
}

/// Sends the browser on after a change, so that loading the page again does not repeat it.
fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
}
