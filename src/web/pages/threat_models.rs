//! `/threat-models/{id}`: a threat model, made step by step and part by part, looked at again, put aside.

use actix_web::http::header;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::{Fields as Posted, Outcome, local, see_other, wrong};
use crate::app::{self, PartChange};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::threat_model::PartId;
use crate::domain::threat_model::diagram::ImageDigest;
use crate::domain::threat_model::entry::{self, Fields};
use crate::domain::threat_model::freshness::RecordForm;
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::register::ThreatModelId;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::steps::Step;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::threat_model as views;
use crate::web::views::{Wrong, with_parameter};
use crate::web::visit::Visit;

/// An empty form for a new model.
pub(in crate::web) async fn new(visit: Visit, selection: Selection, asked: Query<Posted>) -> Result<Markup, Failure> {
    let mut fields = Fields::default();
    for (name, value) in asked.into_inner().into_iter().filter(|(name, _)| ["title", "team"].contains(&name.as_str())) {
        fields.add(&name, value);
    }
    fields.add("methods", "STRIDE");
    begun(&visit, selection, &fields, &Wrong::default()).await
}

pub(in crate::web) async fn add(visit: Visit, form: Form<Posted>) -> Outcome {
    let fields: Fields = form.into_inner().into_iter().collect();
    let team = team_of(&fields)?;
    let entered = fields.clone();
    match visit.ask(move |cairn, caller| cairn.add_threat_model(caller, team, &entered)).await {
        Ok(id) => Ok(Either::Right(see_other(&views::step_address(id, Step::IdentifyAssets)))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((begun(&visit, Selection::ORGANIZATION, &fields, &wrong).await?, status)))
        }
    }
}

/// The team that was chosen.
pub(super) fn team_of(fields: &Fields) -> Result<TeamId, Failure> {
    let team =
        fields.text("team").parse().map_err(|_| app::Error::invalid("team", "choose the team whose model it is"))?;
    Ok(TeamId(team))
}

async fn begun(visit: &Visit, selection: Selection, fields: &Fields, wrong: &Wrong) -> Result<Markup, Failure> {
    let teams = visit.ask(move |cairn, caller| cairn.teams_to_model(caller, selection)).await?;
    Ok(views::about::new(&visit.frame(selection), &teams, fields, wrong))
}

pub(in crate::web) async fn show(visit: Visit, id: Path<i64>) -> Result<Markup, Failure> {
    let kept = kept(&visit, ThreatModelId(*id)).await?;
    Ok(views::page(&visit.frame(Selection::ORGANIZATION), &kept, &Fields::default(), &Wrong::default()))
}

pub(super) async fn kept(visit: &Visit, id: ThreatModelId) -> Result<KeptModel, Failure> {
    visit.ask(move |cairn, caller| cairn.threat_model(caller, id)).await
}

/// A model for somebody who may change it.
pub(super) async fn to_change(visit: &Visit, id: ThreatModelId) -> Result<KeptModel, Failure> {
    let kept = kept(visit, id).await?;
    visit.caller.actor.authorize_for(Action::Assess, &kept.team).map_err(app::Error::from)?;
    Ok(kept)
}

pub(in crate::web) async fn about(visit: Visit, id: Path<i64>) -> Result<Markup, Failure> {
    let kept = to_change(&visit, ThreatModelId(*id)).await?;
    let fields = entry::fields_about(&kept.model, kept.registered.interval_days);
    Ok(views::about::edit(&visit.frame(Selection::ORGANIZATION), &kept, &fields, &Wrong::default()))
}

pub(in crate::web) async fn change(visit: Visit, id: Path<i64>, form: Form<Posted>) -> Outcome {
    let id = ThreatModelId(*id);
    let fields: Fields = form.into_inner().into_iter().collect();
    let (seen, entered) = (seen(&fields)?, fields.clone());
    match visit.ask(move |cairn, caller| cairn.change_threat_model(caller, id, seen, &entered)).await {
        Ok(()) => Ok(Either::Right(see_other(&views::model_address(id)))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let kept = to_change(&visit, id).await?;
            let page = views::about::edit(&visit.frame(Selection::ORGANIZATION), &kept, &fields, &wrong);
            Ok(Either::Left((page, status)))
        }
    }
}

/// The revision that the person saw.
fn seen(fields: &Fields) -> Result<u32, Failure> {
    let seen = fields.text("seen").parse();
    seen.map_err(|_| app::Error::invalid("seen", "which revision was seen is missing; load the page again").into())
}

pub(in crate::web) async fn step(visit: Visit, at: Path<(i64, String)>) -> Result<Markup, Failure> {
    let (id, word) = at.into_inner();
    let step = Step::from_name(&word).ok_or(Failure::NoSuchPage)?;
    let kept = kept(&visit, ThreatModelId(id)).await?;
    Ok(views::steps::page(&visit.frame(Selection::ORGANIZATION), &kept, step))
}

/// The element whose threats are looked at.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct OfElement {
    element: Option<String>,
}

pub(in crate::web) async fn analysis(visit: Visit, id: Path<i64>, of: Query<OfElement>) -> Result<Markup, Failure> {
    let kept = kept(&visit, ThreatModelId(*id)).await?;
    let element = of.into_inner().element.map(PartId);
    Ok(views::analysis::page(&visit.frame(Selection::ORGANIZATION), &kept, element.as_ref()))
}

/// An empty form for a new part, with what the address says that it is about.
pub(in crate::web) async fn new_part(
    visit: Visit,
    at: Path<(i64, String)>,
    asked: Query<Posted>,
) -> Result<Markup, Failure> {
    let (id, kind) = at.into_inner();
    let kind = PartKind::from_name(&kind).ok_or(Failure::NoSuchPage)?;
    let kept = to_change(&visit, ThreatModelId(id)).await?;
    let asked: Fields = asked.into_inner().into_iter().collect();
    let mut fields = entry::starting_fields(kind, &asked);
    fields.add("back", local(asked.text("back").to_owned()));
    if kind == PartKind::Threat {
        fields.add("status", "open");
    }
    Ok(views::parts::page(&visit.frame(Selection::ORGANIZATION), &kept, kind, None, &fields, &Wrong::default()))
}

pub(in crate::web) async fn part(
    visit: Visit,
    at: Path<(i64, String, String)>,
    asked: Query<Posted>,
) -> Result<Markup, Failure> {
    let (id, kind, part) = at.into_inner();
    let kind = PartKind::from_name(&kind).ok_or(Failure::NoSuchPage)?;
    let kept = kept(&visit, ThreatModelId(id)).await?;
    let part = kept.model.part(kind, &PartId(part)).ok_or(app::Error::NotFound("part of this threat model"))?;
    let asked: Fields = asked.into_inner().into_iter().collect();
    let mut fields = entry::fields_in(&kept.model, &part);
    fields.add("back", local(asked.text("back").to_owned()));
    let frame = visit.frame(Selection::ORGANIZATION);
    Ok(views::parts::page(&frame, &kept, kind, Some(&part), &fields, &Wrong::default()))
}

pub(in crate::web) async fn add_part(visit: Visit, at: Path<(i64, String)>, form: Form<Posted>) -> Outcome {
    let (id, kind) = at.into_inner();
    let kind = PartKind::from_name(&kind).ok_or(Failure::NoSuchPage)?;
    let fields: Fields = form.into_inner().into_iter().collect();
    changed(visit, ThreatModelId(id), kind, fields.clone(), PartChange::Add(fields)).await
}

pub(in crate::web) async fn change_part(visit: Visit, at: Path<(i64, String, String)>, form: Form<Posted>) -> Outcome {
    let (id, kind, part) = at.into_inner();
    let kind = PartKind::from_name(&kind).ok_or(Failure::NoSuchPage)?;
    let fields: Fields = form.into_inner().into_iter().collect();
    changed(visit, ThreatModelId(id), kind, fields.clone(), PartChange::Change(PartId(part), fields)).await
}

pub(in crate::web) async fn remove_part(visit: Visit, at: Path<(i64, String, String)>, form: Form<Posted>) -> Outcome {
    let (id, kind, part) = at.into_inner();
    let kind = PartKind::from_name(&kind).ok_or(Failure::NoSuchPage)?;
    let fields: Fields = form.into_inner().into_iter().collect();
    changed(visit, ThreatModelId(id), kind, fields, PartChange::Remove(PartId(part))).await
}

/// Who loads the address of a form again is led to the part that it was about.
pub(in crate::web) async fn back_to_part(at: Path<(i64, String, String)>) -> Result<HttpResponse, Failure> {
    let (id, kind, part) = at.into_inner();
    let kind = PartKind::from_name(&kind).ok_or(Failure::NoSuchPage)?;
    Ok(see_other(&views::part_address(ThreatModelId(id), kind, &PartId(part))))
}

async fn changed(visit: Visit, id: ThreatModelId, kind: PartKind, fields: Fields, change: PartChange) -> Outcome {
    let seen = seen(&fields)?;
    let asked = change.clone();
    match visit.ask(move |cairn, caller| cairn.change_threat_model_part(caller, id, kind, seen, &asked)).await {
        Ok(_) => {
            let back = local(fields.text("back").to_owned());
            let back = if back.is_empty() { views::model_address(id) } else { back };
            if fields.text("another").is_empty() {
                return Ok(Either::Right(see_other(&back)));
            }
            let again = views::path(id, &format!("{}/new", kind.name()));
            Ok(Either::Right(see_other(&with_parameter(&again, "back", &back))))
        }
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let kept = to_change(&visit, id).await?;
            let part = match &change {
                PartChange::Add(_) => None,
                PartChange::Change(part, _) | PartChange::Remove(part) => {
                    let missing = app::Error::NotFound("part of this threat model");
                    Some(kept.model.part(kind, part).ok_or(missing)?)
                }
            };
            let fields = match (&change, &part) {
                (PartChange::Remove(_), Some(part)) => entry::fields_in(&kept.model, part),
                _ => fields,
            };
            let frame = visit.frame(Selection::ORGANIZATION);
            Ok(Either::Left((views::parts::page(&frame, &kept, kind, part.as_ref(), &fields, &wrong), status)))
        }
    }
}

/// Records a review, or a significant change.
pub(in crate::web) async fn record(visit: Visit, id: Path<i64>, form: Form<Posted>) -> Outcome {
    let id = ThreatModelId(*id);
    let fields: Fields = form.into_inner().into_iter().collect();
    let entered = fields.clone();
    let recorded = visit
        .ask(move |cairn, caller| {
            let form = RecordForm {
                kind: entered.text("kind"),
                on: entered.text("on"),
                note: entered.text("note"),
                participants: entered.text("participants"),
            };
            cairn.record_threat_model_review(caller, id, form)
        })
        .await;
    done(&visit, id, recorded, "#reviews", &fields).await
}

pub(in crate::web) async fn archive(visit: Visit, id: Path<i64>) -> Outcome {
    let id = ThreatModelId(*id);
    let outcome = visit.ask(move |cairn, caller| cairn.set_threat_model_aside(caller, id, true)).await;
    done(&visit, id, outcome, "", &Fields::default()).await
}

pub(in crate::web) async fn restore(visit: Visit, id: Path<i64>) -> Outcome {
    let id = ThreatModelId(*id);
    let outcome = visit.ask(move |cairn, caller| cairn.set_threat_model_aside(caller, id, false)).await;
    done(&visit, id, outcome, "", &Fields::default()).await
}

/// The page of the model after something was done with it, or was not; what is wrong is said at its top.
async fn done(visit: &Visit, id: ThreatModelId, outcome: Result<(), Failure>, part: &str, entered: &Fields) -> Outcome {
    match outcome {
        Ok(()) => Ok(Either::Right(see_other(&format!("{}{part}", views::model_address(id))))),
        Err(failure) => {
            let (mut wrong, status) = wrong(failure)?;
            let said: Vec<String> = wrong.faults.drain(..).map(|fault| fault.message).collect();
            wrong.refused = wrong.refused.or(Some(said.join("; ")));
            let kept = kept(visit, id).await?;
            Ok(Either::Left((views::page(&visit.frame(Selection::ORGANIZATION), &kept, entered, &wrong), status)))
        }
    }
}

/// Who loads the address of a form again is led to the model.
pub(in crate::web) async fn back(id: Path<i64>) -> HttpResponse {
    see_other(&views::model_address(ThreatModelId(*id)))
}

/// A picture that came with a model. Shown as an image only; opened alone, it can load and run nothing.
pub(in crate::web) async fn image(visit: Visit, at: Path<(i64, String)>) -> Result<HttpResponse, Failure> {
    let (id, digest) = at.into_inner();
    let (id, digest) = (ThreatModelId(id), ImageDigest(digest));
    let image = visit.ask(move |cairn, caller| cairn.threat_model_image(caller, id, &digest)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, image.kind.media_type()))
        .insert_header((header::CONTENT_SECURITY_POLICY, super::ALONE))
        .insert_header((header::CACHE_CONTROL, "private, max-age=31536000, immutable"))
        .body(image.bytes))
}
