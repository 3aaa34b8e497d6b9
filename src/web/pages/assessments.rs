//! `/assessments`: where all teams are in a quarter, and opening it for them.

use actix_web::http::StatusCode;
use actix_web::web::Form;
use actix_web::{Either, HttpResponse};
use maud::Markup;

use super::see_other;
use crate::app::{self, OpenFrom};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
    Ok(views::assessments::page(&visit.frame(selection), &quarter))
}

/// The form to open a quarter for many.
pub(in crate::web) async fn new(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
    Ok(views::assessments::open_page(&visit.frame(selection), &quarter, &[]))
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
    let invalid = |fault: FieldFault| Failure::App(app::Error::Invalid(vec![fault]));
    let period: Period = value("period").parse().map_err(|error| invalid(FieldFault::new("period", error)))?;
    let from = match value("from") {
        "" => OpenFrom::Previous,
        word => OpenFrom::from_name(word)
            .ok_or_else(|| invalid(FieldFault::new("from", "from the assessment before, or blank")))?,
    };
    let wanted = teams.clone();
    let opened = visit.ask(move |cairn, caller| cairn.open_assessments(caller, &wanted, period, from)).await;
    let selection = Selection { period: Some(period), ..Selection::ORGANIZATION };
    match opened {
        Ok(opened) => match opened.as_slice() {
            [id] if !many => Ok(Either::Right(see_other(&format!("/assessments/{id}")))),
            _ => Ok(Either::Right(see_other(&views::address("/assessments", selection)))),
        },
        Err(Failure::App(app::Error::Invalid(faults))) if many => {
            let quarter = visit.ask(move |cairn, caller| cairn.quarter(caller, selection)).await?;
            let page = views::assessments::open_page(&visit.frame(selection), &quarter, &faults);
            Ok(Either::Left((page, StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Err(failure) => Err(failure),
    }
}
