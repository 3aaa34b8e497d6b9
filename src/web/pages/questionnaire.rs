//! `/assessments/{id}`: filling in an assessment, question by question, and handing it in.

use std::collections::{HashMap, HashSet};

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpRequest, HttpResponse};
use maud::Markup;
use serde::Deserialize;
use serde_json::json;

use super::see_other;
use crate::app::{self, Also, AnswerChange, SavedAnswers, Saving};
use crate::domain::access::Action;
use crate::domain::answer::{AssessmentId, Revision};
use crate::domain::catalog::{ActivityId, Capability, Lens};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::scoring::Scorecard;
use crate::domain::view::{Questionnaire, Selection};
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::question::{Entered, EnteredAnswer, Outcome};
use crate::web::views::questionnaire::{Filter, Show, section_id};
use crate::web::visit::Visit;

/// What the address says after a form was saved, and which questions are wanted.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    saved: Option<usize>,
    undo: Option<String>,
    show: Option<String>,
    lens: Option<String>,
    capability: Option<String>,
    text: Option<String>,
    parts: Option<String>,
}

impl Wanted {
    /// What became of the last save.
    fn outcome(&self) -> Outcome {
        let range = self.undo.as_deref().and_then(read_range);
        self.saved.map_or(Outcome::None, |saved| Outcome::Saved(saved, range))
    }

    /// The questions that are wanted. Words that are not known ask for nothing.
    fn filter(&self) -> Filter {
        let given =
            |value: &Option<String>| value.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        Filter {
            show: given(&self.show).and_then(|text| Show::from_name(&text)),
            lens: given(&self.lens).and_then(|text| Lens::from_name(&text)),
            capability: given(&self.capability).and_then(|text| Capability::from_name(&text)),
            text: given(&self.text),
            unfolded: self.parts.as_deref() == Some("unfolded"),
        }
    }
}

/// Reads the records that can be undone, like `101-112`.
fn read_range(text: &str) -> Option<(i64, i64)> {
    let (first, last) = text.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

pub(in crate::web) async fn show(visit: Visit, id: Path<i64>, wanted: Query<Wanted>) -> Result<Markup, Failure> {
    shown(&visit, AssessmentId(*id), &wanted.filter(), &Entered::default(), &wanted.outcome()).await
}

/// Who loads the address of a form again is led to the page that it was on.
pub(in crate::web) async fn back(id: Path<i64>) -> HttpResponse {
    see_other(&format!("/assessments/{id}"))
}

/// Saves the form of the questionnaire and does what its button says: stays there, goes on to the review,
/// confirms answers of the assessment before, or sets several at once. A script that saves in the background is
/// answered with JSON.
pub(in crate::web) async fn save(
    visit: Visit,
    request: HttpRequest,
    id: Path<i64>,
    wanted: Query<Wanted>,
    form: Form<Vec<(String, String)>>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let id = AssessmentId(*id);
    let posted = Posted::read(form.into_inner());
    let saving =
        Saving { changes: posted.changes.clone(), touched: posted.touched, also: also(&visit, id, &posted).await? };
    if request.headers().get(header::ACCEPT) == Some(&HeaderValue::from_static("application/json")) {
        let saved = visit.ask(move |cairn, caller| {
            let saved = cairn.save_answers(caller, id, &saving)?;
            Ok((saved, cairn.progress(caller, id)?))
        });
        return Ok(Either::Right(in_background(&visit, saved.await)?));
    }
    let saved = visit.ask(move |cairn, caller| cairn.save_answers(caller, id, &saving)).await;
    let (outcome, status) = match saved {
        Ok(_) if posted.button == "review" => {
            return Ok(Either::Right(see_other(&format!("/assessments/{id}/review"))));
        }
        Ok(saved) => return Ok(Either::Right(see_other(&after(id, &wanted.filter(), &posted, &saved)))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let faults = faults.into_iter().map(|fault| in_part(fault, posted.part())).collect();
            (Outcome::Invalid(faults), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(Failure::App(app::Error::Conflict(conflicts))) => (Outcome::Conflict(conflicts), StatusCode::CONFLICT),
        Err(failure) => return Err(failure),
    };
    let Posted { changes, picked, set, question, .. } = posted;
    let answers = changes.into_iter().filter_map(|change| entered(change, &outcome)).collect();
    let entered = Entered { answers, picked, set, ..Entered::default() };
    let page = match question {
        Some(activity) => shown_one(&visit, id, activity, &entered, &outcome).await?,
        None => shown(&visit, id, &wanted.filter(), &entered, &outcome).await?,
    };
    Ok(Either::Left((page, status)))
}

/// What the button wants beside saving, for those questions of its part that are on the page.
async fn also(visit: &Visit, id: AssessmentId, posted: &Posted) -> Result<Also, Failure> {
    let what = posted.button.split_once('-').map(|(what, _)| what);
    if what != Some("confirm") && what != Some("set") {
        return Ok(Also::Nothing);
    }
    let asked = visit.ask(move |cairn, caller| cairn.questionnaire(caller, id)).await?;
    let mut activities = activities_of(&asked, posted.part());
    activities.retain(|id| posted.changes.iter().any(|change| change.activity == *id));
    if what == Some("confirm") {
        return Ok(Also::Confirm(activities));
    }
    activities.retain(|id| posted.picked.contains(id));
    let (status, reason) = posted.set.get(posted.part()).cloned().unwrap_or_default();
    Ok(Also::Set { activities, status, reason })
}

/// A fault of what several are set to, named after the part of the page that it stands in.
fn in_part(fault: FieldFault, part: &str) -> FieldFault {
    match fault.field.as_str() {
        "pick" | "set-status" | "set-reason" => FieldFault { field: format!("{}[{part}]", fault.field), ..fault },
        _ => fault,
    }
}

/// The activities of a part of the page: `s12` a sub-dimension, `a12` a single question.
fn activities_of(asked: &Questionnaire, part: &str) -> Vec<ActivityId> {
    let subs = asked.catalog.dimensions().iter().flat_map(|dimension| &dimension.sub_dimensions);
    let of_sub = subs.filter(|sub| section_id(sub) == part).flat_map(|sub| sub.activities());
    let single = asked.catalog.activities().map(|(index, _)| index).filter(|&index| views::question_id(index) == part);
    of_sub.chain(single).map(|index| asked.catalog.activity(index).id.clone()).collect()
}

/// Where a save leads: back to the same questions, with what was saved and how to undo it.
fn after(id: AssessmentId, filter: &Filter, posted: &Posted, saved: &SavedAnswers) -> String {
    let place = match &posted.question {
        Some(activity) => format!("/assessments/{id}/questions/{}", views::encoded(&activity.0)),
        None => format!("/assessments/{id}{}", filter.query()),
    };
    let mut address = views::with_parameter(&place, "saved", &saved.recorded.len().to_string());
    if let Some((first, last)) = saved.range {
        address = views::with_parameter(&address, "undo", &format!("{first}-{last}"));
    }
    format!("{address}#{}", posted.part())
}

/// The answer to a script: what was recorded and where the assessment stands now, or what is wrong.
fn in_background(visit: &Visit, saved: Result<(SavedAnswers, Scorecard), Failure>) -> Result<HttpResponse, Failure> {
    match saved {
        Ok((saved, asked)) => {
            let score = &asked.overall.score;
            let numbers = |answers: &[(ActivityId, Revision)]| -> HashMap<String, i64> {
                answers.iter().map(|(activity, revision)| (activity.0.clone(), revision.0)).collect()
            };
            Ok(HttpResponse::Ok().json(json!({
                "at": visit.caller.at.to_rfc3339(),
                "answers": numbers(&saved.recorded),
                "unchanged": numbers(&saved.unchanged),
                "answered": score.answered,
                "applicable": score.activities,
                "not_applicable": score.not_applicable,
                "level": score.level,
                "score": views::score(score.score),
            })))
        }
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let faults: Vec<_> =
                faults.iter().map(|fault| json!({"field": fault.field, "message": fault.message})).collect();
            Ok(HttpResponse::UnprocessableEntity().json(json!({ "faults": faults })))
        }
        Err(Failure::App(app::Error::Conflict(conflicts))) => {
            let theirs: Vec<_> = conflicts
                .iter()
                .map(|conflict| {
                    let theirs = &conflict.theirs;
                    json!({
                        "activity": conflict.activity.0,
                        "revision": theirs.revision.0,
                        "status": theirs.answer.status.word(),
                        "reason": theirs.answer.status.reason(),
                        "note": theirs.answer.note,
                        "by": theirs.by,
                        "at": theirs.at.to_rfc3339(),
                    })
                })
                .collect();
            Ok(HttpResponse::Conflict().json(json!({ "conflicts": theirs })))
        }
        Err(failure) => Err(failure),
    }
}

/// The records to undo.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Undo {
    range: String,
}

/// Takes back what the last save did.
pub(in crate::web) async fn undo(visit: Visit, id: Path<i64>, form: Form<Undo>) -> Result<HttpResponse, Failure> {
    let id = AssessmentId(*id);
    let (first, last) = read_range(&form.range).ok_or(Failure::unreadable("the form does not say what to undo"))?;
    let saved = visit.ask(move |cairn, caller| cairn.undo_answers(caller, id, first..=last)).await?;
    Ok(see_other(&format!("/assessments/{id}?saved={}", saved.recorded.len())))
}

/// One question with everything about it.
pub(in crate::web) async fn question(
    visit: Visit,
    path: Path<(i64, String)>,
    wanted: Query<Wanted>,
) -> Result<Markup, Failure> {
    let (id, activity) = path.into_inner();
    shown_one(&visit, AssessmentId(id), ActivityId(activity), &Entered::default(), &wanted.outcome()).await
}

/// Who loads the address of a form about a question again is led to its page.
pub(in crate::web) async fn back_to_question(path: Path<(i64, String)>) -> HttpResponse {
    let (id, activity) = path.into_inner();
    see_other(&format!("/assessments/{id}/questions/{}", views::encoded(&activity)))
}

/// From whom an answer is inherited.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct ProviderForm {
    provider: i64,
    seen: Option<i64>,
}

/// Inherits an answer from another team.
pub(in crate::web) async fn take_from(
    visit: Visit,
    path: Path<(i64, String)>,
    form: Form<ProviderForm>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let (id, activity) = path.into_inner();
    let (id, activity, provider) = (AssessmentId(id), ActivityId(activity), TeamId(form.provider));
    let (wanted, seen) = (activity.clone(), Revision(form.seen.unwrap_or_default()));
    match visit.ask(move |cairn, caller| cairn.inherit_answer(caller, id, &wanted, provider, seen)).await {
        Ok(saved) => {
            let posted = Posted { question: Some(activity), ..Posted::default() };
            Ok(Either::Right(see_other(&after(id, &Filter::default(), &posted, &saved))))
        }
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let outcome = Outcome::Invalid(faults);
            let page = shown_one(&visit, id, activity, &Entered::default(), &outcome).await?;
            Ok(Either::Left((page, StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Err(Failure::App(app::Error::Conflict(conflicts))) => {
            let outcome = Outcome::Conflict(conflicts);
            let page = shown_one(&visit, id, activity, &Entered::default(), &outcome).await?;
            Ok(Either::Left((page, StatusCode::CONFLICT)))
        }
        Err(failure) => Err(failure),
    }
}

/// What will be submitted, to be looked at once more.
pub(in crate::web) async fn review(visit: Visit, id: Path<i64>) -> Result<Either<Markup, HttpResponse>, Failure> {
    let id = AssessmentId(*id);
    let questionnaire = visit.ask(move |cairn, caller| cairn.questionnaire(caller, id)).await?;
    let may = visit.caller.actor.may_for(Action::Assess, &questionnaire.team);
    if questionnaire.assessment.submitted.is_some() || !may {
        return Ok(Either::Right(see_other(&format!("/assessments/{id}"))));
    }
    let frame = visit.frame(of_team(questionnaire.team.id));
    Ok(Either::Left(views::review::page(&frame, &questionnaire)))
}

/// What the review showed.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Reviewed {
    seen: Option<i64>,
}

/// Submits, and leads to where the team stands now, with a receipt.
pub(in crate::web) async fn submit(visit: Visit, id: Path<i64>, form: Form<Reviewed>) -> Result<HttpResponse, Failure> {
    let (id, seen) = (AssessmentId(*id), form.seen.map(Revision));
    let assessment = visit.ask(move |cairn, caller| cairn.submit_assessment(caller, id, seen)).await?;
    let selection = Selection { period: Some(assessment.period), ..of_team(assessment.team) };
    Ok(see_other(&views::with_parameter(&views::address("/", selection), "submitted", "yes")))
}

/// Why an assessment is to become a draft again.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Reopen {
    reason: String,
}

/// Makes a submitted assessment a draft again.
pub(in crate::web) async fn reopen(
    visit: Visit,
    id: Path<i64>,
    form: Form<Reopen>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let (id, reason) = (AssessmentId(*id), form.into_inner().reason);
    let sent = reason.clone();
    match visit.ask(move |cairn, caller| cairn.reopen_assessment(caller, id, &sent)).await {
        Ok(()) => Ok(Either::Right(see_other(&format!("/assessments/{id}")))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let (entered, outcome) = (Entered { reopen: reason, ..Entered::default() }, Outcome::Refused(faults));
            let page = shown(&visit, id, &Filter::default(), &entered, &outcome).await?;
            Ok(Either::Left((page, StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Err(failure) => Err(failure),
    }
}

/// From the page of an assessment, the navigation leads to its team.
fn of_team(team: TeamId) -> Selection {
    Selection { scope: ScopeId::Team(team), period: None }
}

async fn shown(
    visit: &Visit,
    id: AssessmentId,
    filter: &Filter,
    entered: &Entered,
    outcome: &Outcome,
) -> Result<Markup, Failure> {
    let asked = visit.ask(move |cairn, caller| cairn.questionnaire(caller, id)).await?;
    let frame = visit.frame(of_team(asked.team.id));
    Ok(views::questionnaire::page(&frame, &asked, visit.cairn().guide(), filter, entered, outcome))
}

async fn shown_one(
    visit: &Visit,
    id: AssessmentId,
    activity: ActivityId,
    entered: &Entered,
    outcome: &Outcome,
) -> Result<Markup, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.question(caller, id, &activity)).await?;
    let frame = visit.frame(of_team(seen.questionnaire.team.id));
    Ok(views::question::page(&frame, &seen, entered, outcome))
}

/// What a person entered, to be shown again. After a conflict they have seen what is recorded now, so
/// saving once more is their decision; what they did not enter themselves is shown as it is recorded.
fn entered(change: AnswerChange, outcome: &Outcome) -> Option<(ActivityId, EnteredAnswer)> {
    let conflict = match outcome {
        Outcome::Conflict(conflicts) => conflicts.iter().find(|conflict| conflict.activity == change.activity),
        _ => None,
    };
    if conflict.is_some_and(|conflict| !conflict.touched) {
        return None;
    }
    let seen = conflict.map_or(change.seen, |conflict| conflict.theirs.revision);
    let AnswerChange { activity, status, reason, note, .. } = change;
    Some((activity, EnteredAnswer { seen, status, reason, note }))
}

/// A form with fields like `status[ID]`, in any number and order.
#[derive(Debug, Default)]
struct Posted {
    changes: Vec<AnswerChange>,
    /// The button that was pressed: the part of the page to return to, `review`, or `confirm-` or `set-`
    /// with the part of the page that is to be confirmed or set.
    button: String,
    /// The questions that are selected.
    picked: HashSet<ActivityId>,
    /// By part of the page, the status and the reason that the selected ones get.
    set: HashMap<String, (String, String)>,
    /// The one question whose own page the form is on.
    question: Option<ActivityId>,
    /// Whether only what the person touched was sent, as a script does.
    touched: bool,
}

impl Posted {
    /// The part of the page that the button is about.
    fn part(&self) -> &str {
        self.button.split_once('-').map_or(self.button.as_str(), |(_, part)| part)
    }

    fn read(fields: Vec<(String, String)>) -> Self {
        let mut posted = Self::default();
        let mut order = Vec::new();
        let mut changes: HashMap<String, AnswerChange> = HashMap::new();
        for (field, value) in fields {
            match field.as_str() {
                "button" => {
                    posted.button = value.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                    continue;
                }
                "pick" => {
                    posted.picked.insert(ActivityId(value));
                    continue;
                }
                "touched" => {
                    posted.touched = true;
                    continue;
                }
                "question" => {
                    posted.question = Some(ActivityId(value));
                    continue;
                }
                _ => {}
            }
            let Some((name, id)) = field.strip_suffix(']').and_then(|field| field.split_once('[')) else { continue };
            match name {
                "set-status" => posted.set.entry(id.to_owned()).or_default().0 = value,
                "set-reason" => posted.set.entry(id.to_owned()).or_default().1 = value,
                "status" | "reason" | "note" | "seen" | "confirm" => {
                    let change = changes.entry(id.to_owned()).or_insert_with(|| {
                        order.push(id.to_owned());
                        AnswerChange {
                            activity: ActivityId(id.to_owned()),
                            seen: Revision::default(),
                            status: String::new(),
                            reason: String::new(),
                            note: String::new(),
                            confirmed: false,
                        }
                    });
                    match name {
                        "status" => change.status = value,
                        "reason" => change.reason = value,
                        "note" => change.note = value,
                        "confirm" => change.confirmed = true,
                        _ => change.seen = Revision(value.parse().unwrap_or(0)),
                    }
                }
                _ => {}
            }
        }
        posted.changes = order.iter().filter_map(|id| changes.remove(id)).collect();
        posted
    }
}
