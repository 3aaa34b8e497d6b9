//! `/api/v1/threat-models/{model}/revisions`: what became of a threat model.

use actix_web::web::{Json, Path, Payload, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::files::ThreatModelContent;
use super::paging::{Falling, Paged, Paging};
use super::tagged::Tagged;
use super::threat_model_parts::PartKindWord;
use super::threat_models::{self, FormatWord, OfModel, ThreatModelImported};
use super::word::Word;
use crate::app::ImportInto;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::changes::{AspectChange, Change, Changes, What};
use crate::domain::threat_model::register::{FileOrigin, RevisionHead, ThreatModelId};
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// The file that a revision comes from.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct RevisionFile {
    /// What kind of file it is.
    format: FormatWord,
    /// What it was called.
    name: String,
}

/// A revision of a threat model, without its content.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ThreatModelRevision {
    /// Its number, from 1 in each model.
    number: u32,
    /// When it was saved.
    saved_at: DateTime<Utc>,
    /// Who saved it.
    saved_by: String,
    /// What changed, in a sentence.
    summary: String,
    /// The file that it comes from, if it does.
    file: Option<RevisionFile>,
    /// How many threats it has.
    threats: u32,
    /// How many of them are open.
    open: u32,
}

impl From<&RevisionHead> for ThreatModelRevision {
    fn from(head: &RevisionHead) -> Self {
        let file = |file: &FileOrigin| RevisionFile { format: Word(file.format), name: file.name.clone() };
        Self {
            number: head.number,
            saved_at: head.saved_at,
            saved_by: head.saved_by.clone(),
            summary: head.summary.clone(),
            file: head.file.as_ref().map(file),
            threats: head.facts.all_threats(),
            open: head.facts.open_threats(),
        }
    }
}

/// Something that was different in the revision before.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ChangedAspect {
    /// What differs, in words for people.
    aspect: String,
    /// What it was; empty where it was nothing, and of long texts, links and places.
    from: String,
    /// What it is.
    to: String,
}

impl From<AspectChange> for ChangedAspect {
    fn from(AspectChange { aspect, from, to }: AspectChange) -> Self {
        Self { aspect: aspect.to_owned(), from, to }
    }
}

/// What became of a part.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Became {
    /// It is new.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed,
}

/// A part that is not what it was in the revision before.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ChangedPart {
    /// Of what kind it is.
    kind: PartKindWord,
    /// Its id.
    id: String,
    /// What it is called; may be empty.
    name: String,
    /// What became of it.
    what: Became,
    /// What of it differs.
    aspects: Vec<ChangedAspect>,
}

impl From<Change> for ChangedPart {
    fn from(Change { kind, id, name, what }: Change) -> Self {
        let (what, aspects) = match what {
            What::Added => (Became::Added, Vec::new()),
            What::Removed => (Became::Removed, Vec::new()),
            What::Changed(aspects) => (Became::Changed, aspects),
        };
        let aspects = aspects.into_iter().map(ChangedAspect::from).collect();
        Self { kind: Word(kind), id: id.0, name, what, aspects }
    }
}

/// A revision of a threat model, with its content and what changed.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct WholeThreatModelRevision {
    #[serde(flatten)]
    head: ThreatModelRevision,
    /// What was odd in the file that it comes from, with its place.
    warnings: Vec<String>,
    /// What differs from the revision before in what the model says of itself.
    changed: Vec<ChangedAspect>,
    /// Which parts differ from the revision before; of the first revision none.
    parts: Vec<ChangedPart>,
    /// What the model was.
    #[schema(value_type = ThreatModelContent)]
    threat_model: ThreatModel,
}

/// Which revision of which threat model.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfRevision {
    /// The number of the threat model.
    model: i64,
    /// The number of the revision.
    number: u32,
}

/// What a file is called, and whether anything is changed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct ToImport {
    /// What the file is called, for messages.
    file: Option<String>,
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Lists the revisions of a threat model, the latest first.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/revisions", tag = "Threat models", params(OfModel, Paging),
    responses((status = 200, description = "A page of the revisions", body = [ThreatModelRevision])))]
pub(in crate::web) async fn list(
    visit: Visit,
    of: Path<OfModel>,
    paging: Query<Paging>,
) -> Result<Paged<ThreatModelRevision>, Failure> {
    let id = of.id();
    let seen = visit.ask(move |cairn, caller| cairn.threat_model_revision(caller, id, None)).await?;
    Ok(paging.page(seen.heads, |head| Falling::new(head.number))?.map(|head| ThreatModelRevision::from(&head)))
}

/// Takes in a file as the next revision of a threat model. What it has no place for is kept from before.
#[utoipa::path(post, path = "/api/v1/threat-models/{model}/revisions", tag = "Threat models", params(OfModel, ToImport),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "What was done, or would be", body = ThreatModelImported)))]
pub(in crate::web) async fn import(
    visit: Visit,
    of: Path<OfModel>,
    wanted: Query<ToImport>,
    body: Payload,
) -> Result<Json<ThreatModelImported>, Failure> {
    let ToImport { file, dry_run } = wanted.into_inner();
    threat_models::taken(&visit, ImportInto::Model(of.id()), file, dry_run, body).await
}

/// Gives a revision of a threat model, with what changed in it.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/revisions/{number}", tag = "Threat models", params(OfRevision),
    responses((status = 200, description = "The revision", body = WholeThreatModelRevision)))]
pub(in crate::web) async fn show(
    visit: Visit,
    of: Path<OfRevision>,
) -> Result<Tagged<WholeThreatModelRevision>, Failure> {
    let OfRevision { model, number } = of.into_inner();
    let id = ThreatModelId(model);
    let seen = visit.ask(move |cairn, caller| cairn.threat_model_revision(caller, id, Some(number))).await?;
    let before = seen.before.map(|before| before.model);
    let changes = before.map(|before| Changes::between(&before, &seen.revision.model)).unwrap_or_default();
    Ok(Tagged(WholeThreatModelRevision {
        head: ThreatModelRevision::from(&seen.revision.head),
        warnings: seen.revision.warnings,
        changed: changes.of_model.into_iter().map(ChangedAspect::from).collect(),
        parts: changes.parts.into_iter().map(ChangedPart::from).collect(),
        threat_model: seen.revision.model,
    }))
}

/// Makes a threat model again what it was in a revision, as another revision.
#[utoipa::path(post, path = "/api/v1/threat-models/{model}/revisions/{number}/take-back", tag = "Threat models", params(OfRevision),
    responses((status = 200, description = "The new revision", body = WholeThreatModelRevision)))]
pub(in crate::web) async fn take_back(
    visit: Visit,
    of: Path<OfRevision>,
) -> Result<Tagged<WholeThreatModelRevision>, Failure> {
    let OfRevision { model, number } = of.into_inner();
    let id = ThreatModelId(model);
    visit.ask(move |cairn, caller| cairn.take_threat_model_back(caller, id, number)).await?;
    let number = threat_models::kept(&visit, id).await?.registered.latest.number;
    show(visit, Path::from(OfRevision { model, number })).await
}
