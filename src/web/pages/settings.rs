//! `/settings`: the progress scale and the threshold.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Query};
use maud::Markup;
use serde::Deserialize;

use super::{Outcome, see_other, wrong};
use crate::domain::scale::ProgressScale;
use crate::domain::settings::{SettingsInput, SettingsPreview, StepInput};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the address says after a change.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Changed {
    changed: Option<String>,
}

pub(in crate::web) async fn show(
    visit: Visit,
    selection: Selection,
    changed: Query<Changed>,
) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.settings(caller)).await?;
    let is_changed = changed.changed.is_some();
    Ok(views::settings::page(&visit.frame(selection), &seen, &SettingsInput::of(&seen.settings), is_changed))
}

/// Shows what the settings that were entered would do or, when that was seen, puts them into force.
pub(in crate::web) async fn change(visit: Visit, form: Form<Vec<(String, String)>>) -> Outcome {
    let (input, is_decided) = read(form.into_inner())?;
    let entered = input.clone();
    let result = if is_decided {
        visit.ask(move |cairn, caller| cairn.change_settings(caller, &input)).await.map(|()| None)
    } else {
        visit.ask(move |cairn, caller| cairn.preview_settings(caller, &input)).await.map(Some)
    };
    match result {
        Ok(None) => Ok(Either::Right(see_other("/settings?changed=1"))),
        Ok(Some(preview)) => Ok(Either::Left((previewed(&visit, &entered, &preview), StatusCode::OK))),
        Err(failure) => again(&visit, entered, failure).await,
    }
}

fn previewed(visit: &Visit, entered: &SettingsInput, preview: &SettingsPreview) -> Markup {
    views::settings::preview(&visit.frame(Selection::ORGANIZATION), entered, preview)
}

/// The form with everything that was entered. Whoever was overtaken goes on from the settings as they are now, which the
/// page shows beside it.
async fn again(visit: &Visit, mut entered: SettingsInput, failure: Failure) -> Outcome {
    let (wrong, status) = wrong(failure)?;
    let seen = visit.ask(|cairn, caller| cairn.settings(caller)).await?;
    entered.seen = seen.settings.fingerprint();
    let page = views::settings::again(&visit.frame(Selection::ORGANIZATION), &seen, &entered, &wrong);
    Ok(Either::Left((page, status)))
}

/// What was entered, and whether it is to be put into force.
fn read(fields: Vec<(String, String)>) -> Result<(SettingsInput, bool), Failure> {
    let mut input =
        SettingsInput { steps: vec![StepInput::default(); ProgressScale::MOST], ..SettingsInput::default() };
    let mut is_decided = false;
    for (field, value) in fields {
        match field.as_str() {
            SettingsInput::SEEN => input.seen = value,
            "threshold" => input.threshold = value,
            "do" => is_decided = value == "apply",
            _ => {
                let row = field.split_once('-').and_then(|(part, row)| {
                    let at = row.parse::<usize>().ok()?.checked_sub(1)?;
                    Some((part, input.steps.get_mut(at)?))
                });
                match row {
                    Some(("key", step)) => step.key = value,
                    Some(("name", step)) => step.name = value,
                    Some(("percent", step)) => step.percent = value,
                    _ => return Err(Failure::unreadable("the form has a field that is not known here")),
                }
            }
        }
    }
    Ok((input, is_decided))
}
