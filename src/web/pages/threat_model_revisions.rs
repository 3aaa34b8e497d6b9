//! `/threat-models/{id}/revisions`: what became of a threat model.

use actix_web::web::Path;
use actix_web::{Either, HttpResponse};
use maud::Markup;

use super::{Outcome, see_other, wrong};
use crate::domain::threat_model::register::ThreatModelId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::Wrong;
use crate::web::views::threat_model as views;
use crate::web::visit::Visit;

pub(in crate::web) async fn latest(visit: Visit, id: Path<i64>) -> Result<Markup, Failure> {
    shown(&visit, ThreatModelId(*id), None, &Wrong::default()).await
}

pub(in crate::web) async fn show(visit: Visit, at: Path<(i64, u32)>) -> Result<Markup, Failure> {
    let (id, number) = at.into_inner();
    shown(&visit, ThreatModelId(id), Some(number), &Wrong::default()).await
}

async fn shown(visit: &Visit, id: ThreatModelId, number: Option<u32>, wrong: &Wrong) -> Result<Markup, Failure> {
    let revision = visit.ask(move |cairn, caller| cairn.threat_model_revision(caller, id, number)).await?;
    Ok(views::revisions::page(&visit.frame(Selection::ORGANIZATION), &revision, wrong))
}

/// Makes the model again what it was.
pub(in crate::web) async fn take_back(visit: Visit, at: Path<(i64, u32)>) -> Outcome {
    let (id, number) = at.into_inner();
    let id = ThreatModelId(id);
    match visit.ask(move |cairn, caller| cairn.take_threat_model_back(caller, id, number)).await {
        Ok(()) => Ok(Either::Right(see_other(&views::path(id, "revisions")))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((shown(&visit, id, Some(number), &wrong).await?, status)))
        }
    }
}

/// Who loads the address of the form again is led to the revision.
pub(in crate::web) async fn back(at: Path<(i64, u32)>) -> HttpResponse {
    let (id, number) = at.into_inner();
    see_other(&views::path(ThreatModelId(id), &format!("revisions/{number}")))
}
