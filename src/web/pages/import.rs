//! `/import`: files with answers, evidence and teams, looked at before anything is changed.

use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use actix_web::Either;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Form;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::Markup;

use super::{Fields, see_other, uploads};
use crate::app::{self, ImportOptions, ImportOutcome, Source};
use crate::domain::access::{Action, Caller};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::import::{Counts, Preview};
use crate::web::visit::Visit;

/// The most that a page takes, all files together: about 6,000 answers. More is for the command line.
const MAX_FILES: usize = 1_000_000;

/// How many files a page takes.
const MOST_FILES: usize = 20;

/// How much is read of what is sent with files.
pub(in crate::web) fn limits() -> MultipartFormConfig {
    uploads(MAX_FILES)
}

/// Files that were chosen.
#[derive(Debug, MultipartForm)]
pub(in crate::web) struct Upload {
    file: Vec<Bytes>,
    submit: Option<Text<String>>,
}

/// A file: its name and what is in it.
type File = (String, Vec<u8>);

/// What is to be imported, and how.
#[derive(Debug, Clone)]
struct Wanted {
    files: Vec<File>,
    submit: bool,
    /// The fingerprint of the changes that somebody looked at; `None`: they are to be looked at.
    seen: Option<String>,
}

impl Wanted {
    /// What the preview sends again.
    fn from_fields(fields: Fields) -> Result<Self, Failure> {
        let (mut files, mut submit, mut seen): (Vec<File>, _, _) = (Vec::new(), false, String::new());
        let mut name = String::new();
        for (field, value) in fields {
            match field.as_str() {
                "name" => name = super::called(Some(value)),
                "content" => {
                    let content = URL_SAFE_NO_PAD.decode(value);
                    let content = content.map_err(|_| app::Error::invalid("content", "it was changed on its way"))?;
                    files.push((std::mem::take(&mut name), content));
                }
                "submit" => submit = true,
                "seen" => seen = value,
                _ => {}
            }
        }
        Ok(Self { files, submit, seen: Some(seen) })
    }

    fn run(&self, cairn: &app::Cairn, caller: &Caller) -> Result<ImportOutcome, app::Error> {
        let sources: Vec<Source<'_>> = self.files.iter().map(|(name, bytes)| Source { name, bytes }).collect();
        let options = ImportOptions { submit: self.submit, ..ImportOptions::default() };
        match &self.seen {
            None => cairn.preview_import(caller, &sources, options),
            Some(seen) => cairn.import_as_seen(caller, &sources, options, seen),
        }
    }
}

pub(in crate::web) async fn choose(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    Ok(views::import::choose(&visit.frame(selection), None))
}

/// Says what the files would do, or what is wrong with them.
pub(in crate::web) async fn preview(
    visit: Visit,
    upload: MultipartForm<Upload>,
) -> Result<(Markup, StatusCode), Failure> {
    let Upload { file, submit } = upload.into_inner();
    let frame = visit.frame(Selection::ORGANIZATION);
    let chosen = file.into_iter().filter(|file| !file.data.is_empty());
    let files: Vec<File> = chosen.map(|file| (super::called(file.file_name), file.data.to_vec())).collect();
    let refused = |why: &str| Ok((views::import::choose(&frame, Some(why)), StatusCode::UNPROCESSABLE_ENTITY));
    match files.len() {
        0 => return refused("Choose a file that has something in it."),
        1..=MOST_FILES => {}
        _ => return refused("Choose at most 20 files at once."),
    }
    let wanted = Wanted { files, submit: submit.is_some(), seen: None };
    let tried = wanted.clone();
    let outcome = visit.ask(move |cairn, caller| tried.run(cairn, caller)).await?;
    Ok(shown(&frame, &wanted, &outcome))
}

/// Imports what was looked at.
pub(in crate::web) async fn confirm(
    visit: Visit,
    fields: Form<Fields>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    let wanted = Wanted::from_fields(fields.into_inner())?;
    let tried = wanted.clone();
    let outcome = visit.ask(move |cairn, caller| tried.run(cairn, caller)).await?;
    if outcome.is_done {
        return Ok(Either::Right(see_other("/assessments")));
    }
    Ok(Either::Left(shown(&visit.frame(Selection::ORGANIZATION), &wanted, &outcome)))
}

/// What would be done, or what is wrong.
fn shown(frame: &views::Frame<'_>, wanted: &Wanted, outcome: &ImportOutcome) -> (Markup, StatusCode) {
    let summary = &outcome.summary;
    let files: Vec<(&str, String)> =
        wanted.files.iter().map(|(name, bytes)| (name.as_str(), URL_SAFE_NO_PAD.encode(bytes))).collect();
    let preview = Preview {
        files: &files,
        submit: wanted.submit,
        counts: Counts {
            teams_added: &summary.teams_added,
            opened: summary.opened,
            recorded: summary.recorded,
            unchanged: summary.unchanged,
            submitted: summary.submitted,
        },
        changes: &summary.changes,
        faults: &outcome.faults,
        warnings: &summary.warnings,
        is_other: wanted.seen.is_some(),
    };
    let status = match (outcome.faults.is_empty(), preview.is_other) {
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::CONFLICT,
        (true, false) => StatusCode::OK,
    };
    (views::import::preview(frame, &preview), status)
}
