//! `/admin/users`: who can come in, and `/admin/separation`: who sees which teams.

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;

use super::{Done, Fields, Outcome, see_other, seen, wrong};
use crate::app::{self, Rights};
use crate::domain::access::{Role, Separation};
use crate::domain::account::{Secret, User, UserId};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::{GroupId, TeamId};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::accounts::Entered;
use crate::web::views::reach::ChosenReach;
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection, done: Query<Done>) -> Result<Markup, Failure> {
    listed(&visit, selection, &Entered::default(), &Wrong::default(), done.done.as_deref()).await
}

/// Adds an account. The link stands in the answer only, so that it is in no address and no log.
pub(in crate::web) async fn add(visit: Visit, form: Form<Fields>) -> Result<(Markup, StatusCode), Failure> {
    let entered = read(&form)?;
    let result = match rights(&entered) {
        Ok(rights) => {
            let name = entered.name.clone();
            visit.ask(move |cairn, caller| cairn.add_user(caller, &name, &rights)).await
        }
        Err(fault) => {
            let name = User::name(&entered.name).err().map(|error| FieldFault::new("name", error));
            Err(app::Error::Invalid(name.into_iter().chain([fault]).collect()).into())
        }
    };
    match result {
        Ok((id, link)) => Ok((link_page(&visit, id, &link, true).await?, StatusCode::OK)),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok((listed(&visit, Selection::ORGANIZATION, &entered, &wrong, None).await?, status))
        }
    }
}

pub(in crate::web) async fn show(
    visit: Visit,
    id: Path<i64>,
    selection: Selection,
    done: Query<Done>,
) -> Result<Markup, Failure> {
    shown(&visit, selection, UserId(*id), None, &Wrong::default(), done.done.as_deref()).await
}

pub(in crate::web) async fn update(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let id = UserId(*id);
    let (entered, seen) = (read(&form)?, seen(&form));
    let result = match rights(&entered) {
        Ok(rights) => visit.ask(move |cairn, caller| cairn.change_rights(caller, id, &rights, seen.as_deref())).await,
        Err(fault) => Err(app::Error::Invalid(vec![fault]).into()),
    };
    // Who gives up being an administrator cannot see this page any more.
    let is_given_up = visit.caller.actor.user_id() == Some(id) && entered.role != Some(Role::Administrator);
    match result {
        Ok(()) if is_given_up => Ok(Either::Right(see_other("/account"))),
        result => changed(&visit, id, result, Some(&entered), "rights").await,
    }
}

/// Makes a link to set the password, and shows it in the answer only.
pub(in crate::web) async fn make_link(visit: Visit, id: Path<i64>) -> Result<(Markup, StatusCode), Failure> {
    let id = UserId(*id);
    match visit.ask(move |cairn, caller| cairn.make_password_link(caller, id)).await {
        Ok(link) => Ok((link_page(&visit, id, &link, false).await?, StatusCode::OK)),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok((shown(&visit, Selection::ORGANIZATION, id, None, &wrong, None).await?, status))
        }
    }
}

pub(in crate::web) async fn sign_out(visit: Visit, id: Path<i64>) -> Outcome {
    let id = UserId(*id);
    let result = visit.ask(move |cairn, caller| cairn.end_sessions_of(caller, id)).await;
    changed(&visit, id, result, None, "signed-out").await
}

pub(in crate::web) async fn disable(visit: Visit, id: Path<i64>) -> Outcome {
    let id = UserId(*id);
    let result = visit.ask(move |cairn, caller| cairn.disable_user(caller, id)).await;
    changed(&visit, id, result, None, "disabled").await
}

pub(in crate::web) async fn enable(visit: Visit, id: Path<i64>) -> Outcome {
    let id = UserId(*id);
    let result = visit.ask(move |cairn, caller| cairn.enable_user(caller, id)).await;
    changed(&visit, id, result, None, "enabled").await
}

/// Who loads the answer to a form again is led to the page of the account.
pub(in crate::web) async fn back(id: Path<i64>) -> HttpResponse {
    see_other(&format!("/admin/users/{id}"))
}

/// Says who sees which teams.
pub(in crate::web) async fn separate(visit: Visit, form: Form<Fields>) -> Outcome {
    let word = form.iter().find(|(field, _)| field == "separation").map_or("", |(_, value)| value.as_str());
    let seen = seen(&form);
    let result = match Separation::from_name(word) {
        Some(wanted) => visit.ask(move |cairn, caller| cairn.set_separation(caller, wanted, seen.as_deref())).await,
        None => {
            let message = "choose whether everybody sees all teams or only their own";
            Err(app::Error::invalid("separation", message).into())
        }
    };
    match result {
        Ok(()) => Ok(Either::Right(see_other("/admin/users?done=separation#separation"))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let page = listed(&visit, Selection::ORGANIZATION, &Entered::default(), &wrong, None).await?;
            Ok(Either::Left((page, status)))
        }
    }
}

/// The page of an account after something was done to it, or was not.
async fn changed(
    visit: &Visit,
    id: UserId,
    result: Result<(), Failure>,
    entered: Option<&Entered>,
    done: &str,
) -> Outcome {
    match result {
        Ok(()) => Ok(Either::Right(see_other(&format!("/admin/users/{id}?done={done}")))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((shown(visit, Selection::ORGANIZATION, id, entered, &wrong, None).await?, status)))
        }
    }
}

async fn listed(
    visit: &Visit,
    selection: Selection,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<&str>,
) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.accounts(caller)).await?;
    Ok(views::accounts::list(&visit.frame(selection), &seen, entered, wrong, done))
}

async fn shown(
    visit: &Visit,
    selection: Selection,
    id: UserId,
    entered: Option<&Entered>,
    wrong: &Wrong,
    done: Option<&str>,
) -> Result<Markup, Failure> {
    let (user, sessions) = visit.ask(move |cairn, caller| cairn.account(caller, id)).await?;
    let seen = visit.ask(|cairn, caller| cairn.accounts(caller)).await?;
    let recorded = Entered { name: user.name.to_string(), role: Some(user.role), reach: ChosenReach::of(&user.reach) };
    let (frame, entered) = (visit.frame(selection), entered.unwrap_or(&recorded));
    Ok(views::accounts::account(&frame, &user, &sessions, &seen, entered, wrong, done))
}

async fn link_page(visit: &Visit, id: UserId, link: &Secret, is_new: bool) -> Result<Markup, Failure> {
    let (user, _) = visit.ask(move |cairn, caller| cairn.account(caller, id)).await?;
    Ok(views::accounts::link(&visit.frame(Selection::ORGANIZATION), &user, &visit.base(), link, is_new))
}

fn read(fields: &Fields) -> Result<Entered, Failure> {
    let mut entered = Entered { reach: reach(fields)?, ..Entered::default() };
    for (field, value) in fields {
        match field.as_str() {
            "name" => value.clone_into(&mut entered.name),
            "role" => entered.role = Role::from_name(value),
            _ => {}
        }
    }
    Ok(entered)
}

/// The teams and groups that a form chooses.
pub(super) fn reach(fields: &Fields) -> Result<ChosenReach, Failure> {
    let mut chosen = ChosenReach::default();
    let number = |value: &str| value.parse().map_err(|_| Failure::unreadable("teams and groups are chosen by number"));
    for (field, value) in fields {
        match (field.as_str(), value.as_str()) {
            ("reach", "all") => chosen.everything = Some(true),
            ("reach", "some") => chosen.everything = Some(false),
            ("team", value) => chosen.teams.push(TeamId(number(value)?)),
            ("group", value) => chosen.groups.push(GroupId(number(value)?)),
            _ => {}
        }
    }
    Ok(chosen)
}

fn rights(entered: &Entered) -> Result<Rights, FieldFault> {
    let role = entered.role.ok_or_else(|| FieldFault::new("role", "choose one of the roles"))?;
    let ChosenReach { everything, teams, groups } = entered.reach.clone();
    Ok(Rights { role, everything: everything == Some(true), teams, groups })
}
