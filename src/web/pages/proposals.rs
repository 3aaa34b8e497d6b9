//! `/assessments/{id}/proposals`: what programs detected for a draft, to be taken or declined.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::{Fields, see_other, wrong};
use crate::app::{self, Choice};
use crate::domain::answer::{AssessmentId, Revision};
use crate::domain::named::Named;
use crate::domain::organization::ScopeId;
use crate::domain::proposal::{ProposalId, Verdict};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::proposals::{Done, Entered};
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

/// What the address says was done, and whether all are to be chosen.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    done: Option<String>,
    count: Option<usize>,
    all: Option<String>,
}

pub(in crate::web) async fn show(visit: Visit, id: Path<i64>, wanted: Query<Wanted>) -> Result<Markup, Failure> {
    let verdict = wanted.done.as_deref().and_then(Verdict::from_name);
    let done = verdict.zip(wanted.count).map(|(verdict, count)| Done { verdict, count });
    let entered = Entered { all: wanted.all.is_some(), ..Entered::default() };
    shown(&visit, AssessmentId(*id), &entered, &Wrong::default(), done).await
}

/// Takes or declines what was chosen.
pub(in crate::web) async fn decide(
    visit: Visit,
    id: Path<i64>,
    form: Form<Fields>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let id = AssessmentId(*id);
    let Posted { choices, verdict, reason, question } = Posted::read(&form);
    let verdict = verdict.ok_or(Failure::unreadable("the form does not say what to do"))?;
    let entered =
        Entered { chosen: choices.iter().map(|choice| choice.proposal).collect(), all: false, reason: reason.clone() };
    let decided = visit.ask(move |cairn, caller| match verdict {
        Verdict::Declined => cairn.decline_proposals(caller, id, &choices, &reason),
        Verdict::Taken | Verdict::Trusted => cairn.take_proposals(caller, id, &choices),
    });
    let (wrong, status) = match decided.await {
        Ok(count) => {
            let place = match question {
                Some(question) => return Ok(Either::Right(see_other(&one(id, &question, verdict, count)))),
                None => format!("/assessments/{id}/proposals"),
            };
            let word = verdict.name();
            return Ok(Either::Right(see_other(&format!("{place}?done={word}&count={count}"))));
        }
        Err(Failure::App(app::Error::Conflict(conflicts))) => {
            let names: Vec<String> = conflicts.iter().map(|conflict| format!("“{}”", conflict.name)).collect();
            let message = format!(
                "somebody changed the answers to {} since you loaded the page; they are shown below as they are now. Look at \
                 them, then take what still holds",
                names.join(", ")
            );
            (Wrong { faults: Vec::new(), refused: Some(message) }, StatusCode::CONFLICT)
        }
        Err(failure) => wrong(failure)?,
    };
    Ok(Either::Left((shown(&visit, id, &entered, &wrong, None).await?, status)))
}

/// The page of the question that the form was on.
fn one(id: AssessmentId, question: &str, verdict: Verdict, count: usize) -> String {
    let place = format!("/assessments/{id}/questions/{}", views::encoded(question));
    match verdict {
        Verdict::Declined => format!("{place}#proposals"),
        Verdict::Taken | Verdict::Trusted => format!("{place}?saved={count}"),
    }
}

async fn shown(
    visit: &Visit,
    id: AssessmentId,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<Done>,
) -> Result<Markup, Failure> {
    let asked = visit.ask(move |cairn, caller| cairn.questionnaire(caller, id)).await?;
    let frame = visit.frame(Selection { scope: ScopeId::Team(asked.team.id), period: None });
    Ok(views::proposals::page(&frame, &asked, entered, wrong, done))
}

/// A form with fields `proposal`, and `seen[ID]` for each that it shows.
struct Posted {
    choices: Vec<Choice>,
    verdict: Option<Verdict>,
    reason: String,
    /// The question whose page the form is on.
    question: Option<String>,
}

impl Posted {
    fn read(fields: &Fields) -> Self {
        let mut posted = Self { choices: Vec::new(), verdict: None, reason: String::new(), question: None };
        let mut seen: HashMap<i64, i64> = HashMap::new();
        let mut chosen = Vec::new();
        for (field, value) in fields {
            match field.as_str() {
                "do" if value == "take" => posted.verdict = Some(Verdict::Taken),
                "do" if value == "decline" => posted.verdict = Some(Verdict::Declined),
                "reason" => value.clone_into(&mut posted.reason),
                "question" => posted.question = Some(value.clone()),
                // What is no number is the number of nothing.
                "proposal" => chosen.push(value.parse().unwrap_or(0)),
                _ => {
                    let number = field.strip_prefix("seen[").and_then(|rest| rest.strip_suffix(']'));
                    let number = number.and_then(|number| number.parse::<i64>().ok());
                    if let Some((number, value)) = number.zip(value.parse::<i64>().ok()) {
                        seen.insert(number, value);
                    }
                }
            }
        }
        let choice =
            |id: i64| Choice { proposal: ProposalId(id), seen: Revision(seen.get(&id).copied().unwrap_or_default()) };
        posted.choices = chosen.into_iter().map(choice).collect();
        posted
    }
}
