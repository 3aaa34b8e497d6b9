//! `/threat-models/import` and `/threat-models/{id}/files`: threat models from files, and as files.

use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_multipart::form::{MultipartForm, MultipartFormConfig};
use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::threat_models::{kept, team_of, to_change};
use super::{Fields as Posted, Outcome, see_other, uploads, wrong};
use crate::app::{self, ImportInto, ModelFile, Source, ThreatModelImport};
use crate::domain::named::Named;
use crate::domain::threat_model::PartId;
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::register::ThreatModelId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::pictures::Format;
use crate::web::views::threat_model as views;
use crate::web::views::threat_model::import::Looked;
use crate::web::views::{Frame, Wrong};
use crate::web::visit::{Visit, aside};

/// The largest file that a page takes. Larger ones are for the command line.
const MAX_FILE: usize = 16_000_000;

/// How much is read of what is sent with a file.
pub(in crate::web) fn limits() -> MultipartFormConfig {
    uploads(MAX_FILE)
}

/// A file that was chosen, and what is to be done with it: `import`, or `look`.
#[derive(Debug, MultipartForm)]
pub(in crate::web) struct Upload {
    file: Bytes,
    team: Option<Text<String>>,
    #[multipart(rename = "do")]
    what: Option<Text<String>>,
}

pub(in crate::web) async fn choose(
    visit: Visit,
    selection: Selection,
    asked: Query<Posted>,
) -> Result<Markup, Failure> {
    let fields: Fields = asked.into_inner().into_iter().filter(|(name, _)| name == "team").collect();
    let page = Page { selection, of: None, fields };
    page.show(&visit, None, None, &Wrong::default()).await
}

pub(in crate::web) async fn choose_revision(visit: Visit, id: Path<i64>) -> Result<Markup, Failure> {
    let page = Page { selection: Selection::ORGANIZATION, of: Some(ThreatModelId(*id)), fields: Fields::default() };
    page.show(&visit, None, None, &Wrong::default()).await
}

pub(in crate::web) async fn import(visit: Visit, upload: MultipartForm<Upload>) -> Outcome {
    let upload = upload.into_inner();
    let mut fields = Fields::default();
    fields.add("team", upload.team.as_ref().map(|team| team.0.clone()).unwrap_or_default());
    let into = ImportInto::Team(team_of(&fields)?);
    let page = Page { selection: Selection::ORGANIZATION, of: None, fields };
    taken(visit, page, into, upload).await
}

pub(in crate::web) async fn import_revision(visit: Visit, id: Path<i64>, upload: MultipartForm<Upload>) -> Outcome {
    let id = ThreatModelId(*id);
    let page = Page { selection: Selection::ORGANIZATION, of: Some(id), fields: Fields::default() };
    taken(visit, page, ImportInto::Model(id), upload.into_inner()).await
}

/// The page on which a file is chosen.
struct Page {
    selection: Selection,
    of: Option<ThreatModelId>,
    fields: Fields,
}

impl Page {
    async fn show(
        &self,
        visit: &Visit,
        looked: Option<(&str, &ThreatModelImport)>,
        refused: Option<&str>,
        wrong: &Wrong,
    ) -> Result<Markup, Failure> {
        let selection = self.selection;
        let (teams, of) = match self.of {
            Some(id) => (Vec::new(), Some(to_change(visit, id).await?)),
            None => (visit.ask(move |cairn, caller| cairn.teams_to_model(caller, selection)).await?, None),
        };
        let looked = looked.map(|(name, import)| Looked {
            name,
            inspection: &import.inspection,
            changes: import.changes.as_ref(),
        });
        let frame: Frame<'_> = visit.frame(selection);
        Ok(views::import::choose(&frame, &teams, of.as_ref(), &self.fields, looked, refused, wrong))
    }
}

/// Looks at a file or takes it in, as was asked.
async fn taken(visit: Visit, page: Page, into: ImportInto, upload: Upload) -> Outcome {
    let name = super::called(upload.file.file_name);
    let only_look = upload.what.is_some_and(|what| what.0 == "look");
    let (data, called) = (upload.file.data, name.clone());
    let imported = visit
        .ask(move |cairn, caller| {
            let source = Source { name: &called, bytes: &data };
            if only_look {
                cairn.look_at_threat_model(caller, source, &into)
            } else {
                cairn.import_threat_model(caller, source, &into)
            }
        })
        .await;
    match imported {
        Ok(import) if only_look || !import.is_change => {
            let markup = page.show(&visit, Some((&name, &import)), None, &Wrong::default()).await?;
            Ok(Either::Left((markup, StatusCode::OK)))
        }
        Ok(import) => {
            let to = import.id.map_or_else(|| "/threat-models".to_owned(), |id| views::path(id, "revisions"));
            Ok(Either::Right(see_other(&to)))
        }
        Err(Failure::App(app::Error::Faulty(faults))) => {
            let markup = page.show(&visit, None, Some(&faults.to_string()), &Wrong::default()).await?;
            Ok(Either::Left((markup, StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((page.show(&visit, None, None, &wrong).await?, status)))
        }
    }
}

/// Which diagram is wanted; none: that of the elements without one.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct OfDiagram {
    diagram: Option<String>,
}

pub(in crate::web) async fn download(
    visit: Visit,
    at: Path<(i64, String)>,
    of: Query<OfDiagram>,
) -> Result<HttpResponse, Failure> {
    let (id, name) = at.into_inner();
    file(&visit, ThreatModelId(id), &name, of.into_inner().diagram.map(PartId)).await
}

/// A threat model, or a diagram of it, as a file of this name.
pub(in crate::web) async fn file(
    visit: &Visit,
    id: ThreatModelId,
    name: &str,
    of: Option<PartId>,
) -> Result<HttpResponse, Failure> {
    if let Some(extension) = name.strip_prefix("diagram.") {
        let format = Format::from_name(extension).ok_or(Failure::NoSuchPage)?;
        return diagram(visit, id, of, format).await;
    }
    let file = ModelFile::from_name(name).ok_or(Failure::NoSuchPage)?;
    let bytes = visit.ask(move |cairn, caller| cairn.threat_model_file(caller, id, file)).await?;
    let media_type = match name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/json",
    };
    let kept_as = format!("attachment; filename=\"cairn-threat-model-{id}-{name}\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, kept_as))
        .body(bytes))
}

/// A diagram as a picture. Opened alone, it can load and run nothing.
async fn diagram(
    visit: &Visit,
    id: ThreatModelId,
    diagram: Option<PartId>,
    format: Format,
) -> Result<HttpResponse, Failure> {
    let kept = kept(visit, id).await?;
    let drawn = aside(move || views::diagram_file(&kept, diagram.as_ref(), format)).await?;
    let bytes = drawn.ok_or(Failure::NoSuchPage)?.map_err(Failure::Broken)?;
    let kept_as = format!("attachment; filename=\"cairn-threat-model-{id}-diagram.{}\"", format.name());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_SECURITY_POLICY, super::ALONE))
        .insert_header((header::CONTENT_DISPOSITION, kept_as))
        .body(bytes))
}
