//! `/teams` and `/groups`: who is assessed.

use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::see_other;
use crate::app::{self, TeamInput};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{GroupId, TeamId};
use crate::domain::period::Period;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::teams::Entered;
use crate::web::visit::Visit;

/// A page with what was entered and what is wrong with it, or the way on.
type Outcome = Result<Either<(Markup, actix_web::http::StatusCode), HttpResponse>, Failure>;

/// The name of a group.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct GroupForm {
    name: String,
}

/// What the address says after a team was added.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Added {
    added: Option<i64>,
}

pub(in crate::web) async fn list(visit: Visit, selection: Selection, added: Query<Added>) -> Result<Markup, Failure> {
    let entered = Entered { added: added.added.map(TeamId), ..Entered::default() };
    listed(&visit, selection, &entered, &[]).await
}

pub(in crate::web) async fn add(visit: Visit, form: Form<Vec<(String, String)>>) -> Outcome {
    let input = team_input(form.into_inner())?;
    let entered = entered(&input);
    match visit.ask(move |cairn, caller| cairn.add_team(caller, &input)).await {
        Ok(id) => Ok(Either::Right(see_other(&format!("/teams?added={id}")))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            again(listed(&visit, Selection::ORGANIZATION, &entered, &faults).await?)
        }
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn edit(visit: Visit, id: Path<i64>, selection: Selection) -> Result<Markup, Failure> {
    edited(&visit, selection, TeamId(*id), None, &[]).await
}

pub(in crate::web) async fn update(visit: Visit, id: Path<i64>, form: Form<Vec<(String, String)>>) -> Outcome {
    let id = TeamId(*id);
    let input = team_input(form.into_inner())?;
    let entered = entered(&input);
    match visit.ask(move |cairn, caller| cairn.update_team(caller, id, &input, None)).await {
        Ok(()) => Ok(Either::Right(see_other("/teams"))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            again(edited(&visit, Selection::ORGANIZATION, id, Some(&entered), &faults).await?)
        }
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn retire(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = TeamId(*id);
    visit.ask(move |cairn, caller| cairn.retire_team(caller, id)).await?;
    Ok(see_other("/teams#retired"))
}

pub(in crate::web) async fn bring_back(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = TeamId(*id);
    visit.ask(move |cairn, caller| cairn.bring_back_team(caller, id)).await?;
    Ok(see_other("/teams"))
}

pub(in crate::web) async fn add_group(visit: Visit, form: Form<GroupForm>) -> Outcome {
    let name = form.into_inner().name;
    let entered = Entered { group: name.clone(), ..Entered::default() };
    match visit.ask(move |cairn, caller| cairn.add_group(caller, &name)).await {
        Ok(_) => Ok(Either::Right(see_other("/teams#groups"))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let faults: Vec<_> =
                faults.into_iter().map(|fault| FieldFault { field: "group_name".into(), ..fault }).collect();
            again(listed(&visit, Selection::ORGANIZATION, &entered, &faults).await?)
        }
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn rename_group(visit: Visit, id: Path<i64>, form: Form<GroupForm>) -> Outcome {
    let (id, name) = (GroupId(*id), form.into_inner().name);
    let sent = name.clone();
    match visit.ask(move |cairn, caller| cairn.rename_group(caller, id, &name, None)).await {
        Ok(()) => Ok(Either::Right(see_other("/teams#groups"))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            let field = format!("group_name[{id}]");
            let faults: Vec<FieldFault> =
                faults.into_iter().map(|fault| FieldFault::new(&field, fault.message)).collect();
            let entered = Entered { renamed: Some((id, sent)), ..Entered::default() };
            again(listed(&visit, Selection::ORGANIZATION, &entered, &faults).await?)
        }
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn remove_group(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = GroupId(*id);
    visit.ask(move |cairn, caller| cairn.remove_group(caller, id)).await?;
    Ok(see_other("/teams#groups"))
}

async fn listed(
    visit: &Visit,
    selection: Selection,
    entered: &Entered,
    faults: &[FieldFault],
) -> Result<Markup, Failure> {
    let (teams, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    Ok(views::teams::list(
        &visit.frame(selection),
        &teams,
        &groups,
        Period::containing(visit.caller.at),
        entered,
        faults,
    ))
}

async fn edited(
    visit: &Visit,
    selection: Selection,
    id: TeamId,
    entered: Option<&Entered>,
    faults: &[FieldFault],
) -> Result<Markup, Failure> {
    let (teams, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let team = teams.iter().find(|team| team.id == id).ok_or(app::Error::NotFound("team"))?;
    let recorded = Entered {
        name: team.name.to_string(),
        description: team.description.clone(),
        groups: team.groups.clone(),
        ..Entered::default()
    };
    let current = Period::containing(visit.caller.at);
    let reliance = visit.ask(move |cairn, caller| cairn.relying_on(caller, id)).await?;
    let (frame, entered) = (visit.frame(selection), entered.unwrap_or(&recorded));
    Ok(views::teams::edit(&frame, team, &groups, reliance.as_ref(), current, entered, faults))
}

fn again(page: Markup) -> Outcome {
    Ok(Either::Left((page, actix_web::http::StatusCode::UNPROCESSABLE_ENTITY)))
}

/// A form with any number of fields called `group`.
fn team_input(fields: Vec<(String, String)>) -> Result<TeamInput, Failure> {
    let mut input = TeamInput::default();
    for (field, value) in fields {
        match field.as_str() {
            "name" => input.name = value,
            "description" => input.description = value,
            "group" => input
                .groups
                .push(GroupId(value.parse().map_err(|_| Failure::unreadable("a group is chosen by its number"))?)),
            _ => {}
        }
    }
    Ok(input)
}

fn entered(input: &TeamInput) -> Entered {
    Entered {
        name: input.name.clone(),
        description: input.description.clone(),
        groups: input.groups.clone(),
        ..Entered::default()
    }
}
