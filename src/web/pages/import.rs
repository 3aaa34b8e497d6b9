//! `/import`: files of answers, looked at before anything is changed.

use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use actix_web::Either;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Form;
use maud::Markup;
use serde::Deserialize;

use super::{see_other, uploads};
use crate::app::{self, ImportOptions, ImportSummary, Source};
use crate::domain::access::{Action, Caller};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::import::Preview;
use crate::web::visit::Visit;

/// The largest file that a page takes: about 6,000 answers. Larger ones are for the command line.
const MAX_FILE: usize = 1_000_000;

/// How much is read of what is sent with a file.
pub(in crate::web) fn limits() -> MultipartFormConfig {
    uploads(MAX_FILE)
}

/// A file that was chosen.
#[derive(Debug, MultipartForm)]
pub(in crate::web) struct Upload {
    file: Bytes,
    submit: Option<Text<String>>,
}

/// The file as the preview sends it again.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Confirmed {
    name: String,
    content: String,
    submit: Option<String>,
}

pub(in crate::web) async fn choose(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    Ok(views::import::choose(&visit.frame(selection), None))
}

/// Says what the file would do, or what is wrong with it.
pub(in crate::web) async fn preview(
    visit: Visit,
    upload: MultipartForm<Upload>,
) -> Result<(Markup, StatusCode), Failure> {
    let Upload { file, submit } = upload.into_inner();
    let name = super::called(file.file_name);
    let frame = visit.frame(Selection::ORGANIZATION);
    let content = match String::from_utf8(file.data.to_vec()) {
        Ok(content) if !content.is_empty() => content,
        Ok(_) => return Ok(refused(&frame, "Choose a file that has something in it.".to_owned())),
        Err(_) => return Ok(refused(&frame, format!("{name}: not UTF-8 text; save the file as UTF-8"))),
    };
    let submit = submit.is_some();
    match run(&visit, name.clone(), content.clone(), submit, true).await {
        Ok(summary) => {
            let ImportSummary { teams_added, opened, recorded, unchanged, submitted, warnings, .. } = &summary;
            let (opened, recorded, unchanged, submitted) = (*opened, *recorded, *unchanged, *submitted);
            let (name, content) = (name.as_str(), content.as_str());
            let preview =
                Preview { name, content, submit, teams_added, opened, recorded, unchanged, submitted, warnings };
            Ok((views::import::preview(&frame, &preview), StatusCode::OK))
        }
        Err(Failure::App(app::Error::Faulty(faults))) => Ok(refused(&frame, faults.to_string())),
        Err(failure) => Err(failure),
    }
}

/// Imports what was looked at.
pub(in crate::web) async fn confirm(
    visit: Visit,
    form: Form<Confirmed>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let Confirmed { name, content, submit } = form.into_inner();
    match run(&visit, name, content, submit.is_some(), false).await {
        Ok(_) => Ok(Either::Right(see_other("/assessments"))),
        Err(Failure::App(app::Error::Faulty(faults))) => {
            Ok(Either::Left(refused(&visit.frame(Selection::ORGANIZATION), faults.to_string())))
        }
        Err(failure) => Err(failure),
    }
}

fn refused(frame: &views::Frame<'_>, faults: String) -> (Markup, StatusCode) {
    (views::import::choose(frame, Some(&faults)), StatusCode::UNPROCESSABLE_ENTITY)
}

async fn run(
    visit: &Visit,
    name: String,
    content: String,
    submit: bool,
    dry_run: bool,
) -> Result<ImportSummary, Failure> {
    // A browser sends line ends of its own in a field; the reader takes either.
    let options = ImportOptions { submit, skip_unknown: false, dry_run };
    let import = move |cairn: &app::Cairn, caller: &Caller| {
        cairn.import(caller, &[Source { name: &name, bytes: content.as_bytes() }], options)
    };
    visit.ask(import).await
}
