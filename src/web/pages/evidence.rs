//! `/evidence`: what shows that answers are true.

use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use chrono::NaiveDate;
use maud::Markup;
use serde::Deserialize;

use super::catalog::WantedStandard;
use super::listing::{WantedPage, chosen, sorting, sound, words};
use super::{Fields, Outcome, local, see_other, wrong};
use crate::app::{self, EvidenceInput};
use crate::domain::access::Action;
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::{Evidence, EvidenceFilter, EvidenceId};
use crate::domain::mapping::Standard;
use crate::domain::organization::TeamId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::evidence_piece::Entered;
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

/// What the address says about which evidence is wanted; empty: all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    state: String,
    activity: String,
    clause: String,
    text: String,
    sort: String,
    order: String,
}

impl Wanted {
    /// The filter that the address asks for, or everything that is wrong with it.
    fn filter(self, standard: Standard) -> Result<EvidenceFilter, Failure> {
        let mut faults = Vec::new();
        // Ids are opaque, so nothing is taken off them.
        let id = |text: String| Some(text).filter(|id| !id.is_empty());
        let filter = EvidenceFilter {
            state: chosen("state", &self.state, &mut faults),
            activity: id(self.activity).map(ActivityId),
            clause: id(self.clause).map(|clause| (standard, clause)),
            text: words("text", &self.text, &mut faults),
            sorting: sorting(&self.sort, &self.order, &mut faults),
        };
        sound(filter, faults)
    }
}

pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<Wanted>,
    standard: Query<WantedStandard>,
    page: Query<WantedPage>,
) -> Result<Markup, Failure> {
    let (filter, number) = (wanted.into_inner().filter(standard.standard()?)?, page.number()?);
    let asked = filter.clone();
    let seen = visit.ask(move |cairn, caller| cairn.evidence(caller, selection, &asked)).await?;
    Ok(views::evidence::list(&visit.frame(selection), &seen, &filter, number))
}

/// An empty form, with what the address chooses already.
pub(in crate::web) async fn new(visit: Visit, selection: Selection, chosen: Query<Fields>) -> Result<Markup, Failure> {
    visit.caller.actor.authorize(Action::Assess).map_err(app::Error::from)?;
    let Posted { mut entered, .. } = Posted::read(chosen.into_inner())?;
    if entered.recorded_on.is_empty() {
        entered.recorded_on = today(&visit).to_string();
    }
    added(&visit, selection, &entered, &Wrong::default()).await
}

pub(in crate::web) async fn add(visit: Visit, form: Form<Fields>) -> Outcome {
    let Posted { entered, .. } = Posted::read(form.into_inner())?;
    let input = input(&entered);
    match visit.ask(move |cairn, caller| cairn.add_evidence(caller, &input)).await {
        Ok(id) => on(&entered, id),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((added(&visit, Selection::ORGANIZATION, &entered, &wrong).await?, status)))
        }
    }
}

pub(in crate::web) async fn show(visit: Visit, id: Path<i64>, selection: Selection) -> Result<Markup, Failure> {
    shown(&visit, EvidenceId(*id), selection, "", &Wrong::default()).await
}

/// What the address of the form to change evidence says.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct From {
    back: Option<String>,
}

pub(in crate::web) async fn edit(
    visit: Visit,
    id: Path<i64>,
    selection: Selection,
    from: Query<From>,
) -> Result<Markup, Failure> {
    let back = from.into_inner().back.map(local).unwrap_or_default();
    edited(&visit, EvidenceId(*id), selection, |current| Entered { back, ..recorded(current) }, &Wrong::default()).await
}

pub(in crate::web) async fn update(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let id = EvidenceId(*id);
    let Posted { entered, seen, .. } = Posted::read(form.into_inner())?;
    let input = input(&entered);
    match visit.ask(move |cairn, caller| cairn.edit_evidence(caller, id, seen, &input)).await {
        Ok(()) => on(&entered, id),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let page = edited(&visit, id, Selection::ORGANIZATION, |_| entered, &wrong).await?;
            Ok(Either::Left((page, status)))
        }
    }
}

pub(in crate::web) async fn withdraw(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let id = EvidenceId(*id);
    let Posted { seen, reason, .. } = Posted::read(form.into_inner())?;
    let given = reason.clone();
    let outcome = visit.ask(move |cairn, caller| cairn.withdraw_evidence(caller, id, seen, &given)).await;
    changed(&visit, id, outcome, &reason).await
}

pub(in crate::web) async fn restore(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let id = EvidenceId(*id);
    let Posted { seen, .. } = Posted::read(form.into_inner())?;
    let outcome = visit.ask(move |cairn, caller| cairn.restore_evidence(caller, id, seen)).await;
    changed(&visit, id, outcome, "").await
}

/// Who loads the address of a form again is led to the page that it was on.
pub(in crate::web) async fn back(id: Path<i64>) -> HttpResponse {
    see_other(&format!("/evidence/{id}"))
}

/// The page again after something other than its content was changed, or was not.
async fn changed(visit: &Visit, id: EvidenceId, outcome: Result<(), Failure>, reason: &str) -> Outcome {
    match outcome {
        Ok(()) => Ok(Either::Right(see_other(&format!("/evidence/{id}")))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((shown(visit, id, Selection::ORGANIZATION, reason, &wrong).await?, status)))
        }
    }
}

/// After saving: to where the person came from, or to the evidence.
fn on(entered: &Entered, id: EvidenceId) -> Outcome {
    let own = format!("/evidence/{id}");
    Ok(Either::Right(see_other(if entered.back.is_empty() { &own } else { &entered.back })))
}

async fn added(visit: &Visit, selection: Selection, entered: &Entered, wrong: &Wrong) -> Result<Markup, Failure> {
    let subjects = visit.ask(|cairn, caller| cairn.subjects_of_evidence(caller)).await?;
    Ok(views::evidence_piece::add(&visit.frame(selection), &subjects, today(visit), entered, wrong))
}

async fn shown(
    visit: &Visit,
    id: EvidenceId,
    selection: Selection,
    reason: &str,
    wrong: &Wrong,
) -> Result<Markup, Failure> {
    let history = visit.ask(move |cairn, caller| cairn.evidence_history(caller, id)).await?;
    Ok(views::evidence_piece::show(&visit.frame(selection), &history, today(visit), reason, wrong))
}

/// The form with what `entered` makes of the evidence as it is now.
async fn edited(
    visit: &Visit,
    id: EvidenceId,
    selection: Selection,
    entered: impl FnOnce(&Evidence) -> Entered,
    wrong: &Wrong,
) -> Result<Markup, Failure> {
    let history = visit.ask(move |cairn, caller| cairn.evidence_to_edit(caller, id)).await?;
    let entered = entered(&history.current);
    Ok(views::evidence_piece::edit(&visit.frame(selection), &history, today(visit), &entered, wrong))
}

fn today(visit: &Visit) -> NaiveDate {
    visit.caller.at.date_naive()
}

/// What was sent about a piece of evidence.
#[derive(Debug, Default)]
struct Posted {
    entered: Entered,
    /// The version that the person saw; 0: none.
    seen: i64,
    /// Why it is withdrawn.
    reason: String,
}

impl Posted {
    /// Reads fields in any number and order.
    fn read(fields: Fields) -> Result<Self, Failure> {
        let mut read = Self::default();
        let entered = &mut read.entered;
        for (field, value) in fields {
            match field.as_str() {
                "title" => entered.title = value,
                "link" => entered.link = value,
                "text" => entered.text = value,
                "recorded_on" => entered.recorded_on = value,
                "expires_on" => entered.expires_on = value,
                "reviewer" => entered.reviewer = value,
                "team" if value.is_empty() => {}
                "team" => entered
                    .teams
                    .push(TeamId(value.parse().map_err(|_| Failure::unreadable("a team is chosen by its number"))?)),
                "activity" => entered.activities.push(ActivityId(value)),
                "back" => entered.back = local(value),
                "seen" => read.seen = value.parse().unwrap_or(0),
                "reason" => read.reason = value,
                _ => {}
            }
        }
        Ok(read)
    }
}

fn input(entered: &Entered) -> EvidenceInput {
    EvidenceInput {
        title: entered.title.clone(),
        link: entered.link.clone(),
        text: entered.text.clone(),
        recorded_on: entered.recorded_on.clone(),
        expires_on: entered.expires_on.clone(),
        reviewer: entered.reviewer.clone(),
        activities: entered.activities.clone(),
        teams: entered.teams.clone(),
    }
}

/// What is recorded, as a form holds it.
fn recorded(evidence: &Evidence) -> Entered {
    let content = evidence.content.clone();
    Entered {
        title: content.title,
        link: content.link,
        text: content.text,
        recorded_on: content.recorded_on.to_string(),
        expires_on: content.expires_on.map(|day| day.to_string()).unwrap_or_default(),
        reviewer: content.reviewer,
        activities: content.activities,
        teams: content.teams,
        back: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_site() {
        for good in ["/", "/assessments/3?saved=1#a7", "/evidence?text=a%20b"] {
            assert_eq!(local(good.into()), good);
        }
        for bad in [
            "",
            "evidence",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/a b",
            "/ü",
            "javascript:alert(1)",
        ] {
            assert_eq!(local(bad.into()), "", "{bad:?}");
        }
        assert_eq!(local(format!("/{}", "a".repeat(2_000))), "");
    }
}
