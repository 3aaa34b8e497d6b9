//! `/assessments`: opening, answering and submitting.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::see_other;
use crate::app::{self, AnswerChange};
use crate::domain::answer::{AssessmentId, Conflict, Revision};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::FieldFault;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::period::Period;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::questionnaire::{Entered, Outcome};
use crate::web::visit::Visit;

/// Which team and quarter to open.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct OpenForm {
    team: i64,
    period: String,
}

/// What the address says after a form was saved.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Saved {
    saved: Option<usize>,
}

pub(in crate::web) async fn list(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
    Ok(views::assessments::page(&visit.frame(selection), &quarter))
}

/// Opens an assessment, or leads to the one that is there already.
pub(in crate::web) async fn open(visit: Visit, form: Form<OpenForm>) -> Result<HttpResponse, Failure> {
    let OpenForm { team, period } = form.into_inner();
    let period: Period = period.parse().map_err(|error| app::Error::Invalid(vec![FieldFault::new("period", error)]))?;
    let id = visit.ask(move |cairn, caller| cairn.open_assessment(caller, TeamId(team), period)).await?;
    Ok(see_other(&format!("/assessments/{id}")))
}

pub(in crate::web) async fn show(visit: Visit, id: Path<i64>, saved: Query<Saved>) -> Result<Markup, Failure> {
    let outcome = saved.saved.map_or(Outcome::None, Outcome::Saved);
    shown(&visit, AssessmentId(*id), &HashMap::new(), &outcome).await
}

/// Who loads the address of a form again is led to the page that it was on.
pub(in crate::web) async fn back(id: Path<i64>) -> HttpResponse {
    see_other(&format!("/assessments/{id}"))
}

/// Saves the form of the questionnaire, and stays there or goes on to the review.
pub(in crate::web) async fn save(
    visit: Visit,
    id: Path<i64>,
    form: Form<Vec<(String, String)>>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let id = AssessmentId(*id);
    let Posted { changes, button } = Posted::read(form.into_inner());
    let sent = changes.clone();
    let (outcome, status) = match visit.ask(move |cairn, caller| cairn.save_answers(caller, id, &changes)).await {
        Ok(_) if button == "review" => return Ok(Either::Right(see_other(&format!("/assessments/{id}/review")))),
        Ok(saved) => {
            let address = format!("/assessments/{id}?saved={}#{button}", saved.recorded);
            return Ok(Either::Right(see_other(&address)));
        }
        Err(Failure::App(app::Error::Invalid(faults))) => (Outcome::Invalid(faults), StatusCode::UNPROCESSABLE_ENTITY),
        Err(Failure::App(app::Error::Conflict(conflicts))) => (Outcome::Conflict(conflicts), StatusCode::CONFLICT),
        Err(failure) => return Err(failure),
    };
    let entered = sent.into_iter().map(|change| entered(change, &outcome)).collect();
    Ok(Either::Left((shown(&visit, id, &entered, &outcome).await?, status)))
}

/// What will be submitted, to be looked at once more.
pub(in crate::web) async fn review(visit: Visit, id: Path<i64>) -> Result<Either<Markup, HttpResponse>, Failure> {
    let id = AssessmentId(*id);
    let questionnaire = visit.ask(move |cairn, caller| cairn.questionnaire(caller, id)).await?;
    if questionnaire.assessment.submitted.is_some() {
        return Ok(Either::Right(see_other(&format!("/assessments/{id}"))));
    }
    let frame = visit.frame(of_team(questionnaire.team.id));
    Ok(Either::Left(views::review::page(&frame, &questionnaire)))
}

/// Submits, and leads to where the team stands now.
pub(in crate::web) async fn submit(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = AssessmentId(*id);
    let assessment = visit.ask(move |cairn, caller| cairn.submit_assessment(caller, id)).await?;
    let selection = Selection { period: Some(assessment.period), ..of_team(assessment.team) };
    Ok(see_other(&views::address("/", selection)))
}

/// From the page of an assessment, the navigation leads to its team.
fn of_team(team: TeamId) -> Selection {
    Selection { scope: ScopeId::Team(team), period: None }
}

async fn shown(
    visit: &Visit,
    id: AssessmentId,
    entered: &HashMap<ActivityId, Entered>,
    outcome: &Outcome,
) -> Result<Markup, Failure> {
    let questionnaire = visit.ask(move |cairn, caller| cairn.questionnaire(caller, id)).await?;
    let frame = visit.frame(of_team(questionnaire.team.id));
    Ok(views::questionnaire::page(&frame, &questionnaire, visit.cairn().guide(), entered, outcome))
}

/// What a person entered, to be shown again. After a conflict they have seen what is recorded now,
/// so saving once more is their decision.
fn entered(change: AnswerChange, outcome: &Outcome) -> (ActivityId, Entered) {
    let theirs = |conflicts: &[Conflict]| {
        conflicts.iter().find(|conflict| conflict.activity == change.activity).map(|conflict| conflict.theirs.revision)
    };
    let seen = match outcome {
        Outcome::Conflict(conflicts) => theirs(conflicts).unwrap_or(change.seen),
        _ => change.seen,
    };
    (change.activity, Entered { seen, status: change.status, reason: change.reason, note: change.note })
}

/// A form with fields like `status[ID]`, in any number and order.
struct Posted {
    changes: Vec<AnswerChange>,
    /// The button that was pressed: the part of the page to return to, or `review`.
    button: String,
}

impl Posted {
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut button = String::new();
        let mut order = Vec::new();
        let mut changes: HashMap<String, AnswerChange> = HashMap::new();
        for (field, value) in fields {
            if field == "button" {
                button = value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                continue;
            }
            let Some((name, id)) = field.strip_suffix(']').and_then(|field| field.split_once('[')) else { continue };
            let change = changes.entry(id.to_owned()).or_insert_with(|| {
                order.push(id.to_owned());
                AnswerChange {
                    activity: ActivityId(id.to_owned()),
                    seen: Revision::default(),
                    status: String::new(),
                    reason: String::new(),
                    note: String::new(),
                }
            });
            match name {
                "status" => change.status = value,
                "reason" => change.reason = value,
                "note" => change.note = value,
                "seen" => change.seen = Revision(value.parse().unwrap_or(0)),
                _ => {}
            }
        }
        Self { changes: order.iter().filter_map(|id| changes.remove(id)).collect(), button }
    }
}
