//! `/assessments`: where all teams are in a quarter, and opening it for them.

use actix_web::http::StatusCode;
use actix_web::web::Form;
use actix_web::{Either, HttpResponse};
use maud::Markup;

use super::see_other;
use crate::app::{self, OpenFrom};
use crate::domain::access::Action;
use crate::domain::answer::AssessmentId;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::period::{NotAPeriod, Period};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::assessments::Chosen;
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
    Ok(views::assessments::page(&visit.frame(selection), &quarter))
}

/// The form to open a quarter for many.
pub(in crate::web) async fn new(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    visit.caller.actor.authorize(Action::Assess).map_err(app::Error::from)?;
    let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
    Ok(views::assessments::open_page(&visit.frame(selection), &quarter, &Chosen::default(), &[]))
}

/// Opens the assessment of one team or of several. One leads to itself, whether it was there already or
/// not; several lead to the list.
pub(in crate::web) async fn open(
    visit: Visit,
    form: Form<Vec<(String, String)>>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let fields = form.into_inner();
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let teams: Vec<TeamId> = fields
        .iter()
        .filter(|(field, _)| field == "team")
        .filter_map(|(_, value)| value.parse().ok().map(TeamId))
        .collect();
    let many = value("many") == "yes";
    let chosen = Chosen { teams: Some(teams.clone()), from: value("from").to_owned() };
    let period: Result<Period, _> = value("period").parse();
    let selection = Selection { period: period.as_ref().ok().copied(), ..Selection::ORGANIZATION };
    match opened(&visit, teams, period, value("from")).await {
        Ok(opened) => match opened.as_slice() {
            [id] if !many => Ok(Either::Right(see_other(&format!("/assessments/{id}")))),
            _ => Ok(Either::Right(see_other(&views::address("/assessments", selection)))),
        },
        // Shown again where it can be corrected, with what was chosen.
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
            let page = views::assessments::open_page(&visit.frame(selection), &quarter, &chosen, &faults);
            Ok(Either::Left((page, StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Err(failure) => Err(failure),
    }
}

async fn opened(
    visit: &Visit,
    teams: Vec<TeamId>,
    period: Result<Period, NotAPeriod>,
    from: &str,
) -> Result<Vec<AssessmentId>, Failure> {
    let invalid =
        |field: &str, message: String| Failure::App(app::Error::Invalid(vec![FieldFault::new(field, message)]));
    let period = period.map_err(|error| invalid("period", error.to_string()))?;
    let from = match from {
        "" => OpenFrom::Previous,
        word => OpenFrom::from_name(word)
            .ok_or_else(|| invalid("from", "choose the assessment before, or nothing".to_owned()))?,
    };
    visit.ask(move |cairn, caller| cairn.open_assessments(caller, &teams, period, from)).await
}
