//! `/teams` and `/groups`: who is assessed.

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::{Fields, Outcome, see_other, seen, wrong};
use crate::app::{self, TeamInput};
use crate::domain::organization::{GroupId, TeamId};
use crate::domain::period::Period;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::teams::Entered;
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

/// The name of a group, and the state in which it was seen.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct GroupForm {
    name: String,
    seen: Option<String>,
}

/// What the address says after a team was added.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Added {
    added: Option<i64>,
}

pub(in crate::web) async fn list(visit: Visit, selection: Selection, added: Query<Added>) -> Result<Markup, Failure> {
    let entered = Entered { added: added.added.map(TeamId), ..Entered::default() };
    listed(&visit, selection, &entered, &Wrong::default()).await
}

pub(in crate::web) async fn add(visit: Visit, form: Form<Fields>) -> Outcome {
    let input = team_input(&form)?;
    let entered = entered(&input);
    match visit.ask(move |cairn, caller| cairn.add_team(caller, &input)).await {
        Ok(id) => Ok(Either::Right(see_other(&format!("/teams?added={id}")))),
        Err(failure) => again(&visit, &entered, wrong(failure)?).await,
    }
}

pub(in crate::web) async fn edit(visit: Visit, id: Path<i64>, selection: Selection) -> Result<Markup, Failure> {
    edited(&visit, selection, TeamId(*id), None, &Wrong::default()).await
}

pub(in crate::web) async fn update(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let id = TeamId(*id);
    let (input, seen) = (team_input(&form)?, seen(&form));
    let entered = entered(&input);
    match visit.ask(move |cairn, caller| cairn.update_team(caller, id, &input, seen.as_deref())).await {
        Ok(()) => Ok(Either::Right(see_other("/teams"))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((edited(&visit, Selection::ORGANIZATION, id, Some(&entered), &wrong).await?, status)))
        }
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
        Err(failure) => again(&visit, &entered, named(wrong(failure)?, "group_name")).await,
    }
}

pub(in crate::web) async fn rename_group(visit: Visit, id: Path<i64>, form: Form<GroupForm>) -> Outcome {
    let (id, GroupForm { name, seen }) = (GroupId(*id), form.into_inner());
    let entered = Entered { renamed: Some((id, name.clone())), ..Entered::default() };
    match visit.ask(move |cairn, caller| cairn.rename_group(caller, id, &name, seen.as_deref())).await {
        Ok(()) => Ok(Either::Right(see_other("/teams#groups"))),
        Err(failure) => again(&visit, &entered, named(wrong(failure)?, &format!("group_name[{id}]"))).await,
    }
}

pub(in crate::web) async fn remove_group(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = GroupId(*id);
    visit.ask(move |cairn, caller| cairn.remove_group(caller, id)).await?;
    Ok(see_other("/teams#groups"))
}

async fn listed(visit: &Visit, selection: Selection, entered: &Entered, wrong: &Wrong) -> Result<Markup, Failure> {
    let (teams, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let current = Period::containing(visit.caller.at);
    Ok(views::teams::list(&visit.frame(selection), &teams, &groups, current, entered, wrong))
}

/// The list again, with what was entered and what is wrong with it.
async fn again(visit: &Visit, entered: &Entered, (wrong, status): (Wrong, StatusCode)) -> Outcome {
    Ok(Either::Left((listed(visit, Selection::ORGANIZATION, entered, &wrong).await?, status)))
}

/// What is wrong with the name of a group, beside the field that it was entered in.
fn named((mut wrong, status): (Wrong, StatusCode), field: &str) -> (Wrong, StatusCode) {
    for fault in &mut wrong.faults {
        field.clone_into(&mut fault.field);
    }
    (wrong, status)
}

async fn edited(
    visit: &Visit,
    selection: Selection,
    id: TeamId,
    entered: Option<&Entered>,
    wrong: &Wrong,
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
    Ok(views::teams::edit(&frame, team, &groups, reliance.as_ref(), current, entered, wrong))
}

/// A form with any number of fields called `group`.
fn team_input(fields: &Fields) -> Result<TeamInput, Failure> {
    let mut input = TeamInput::default();
    for (field, value) in fields {
        match field.as_str() {
            "name" => value.clone_into(&mut input.name),
            "description" => value.clone_into(&mut input.description),
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
