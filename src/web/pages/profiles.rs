//! `/roadmap/profiles`: targets of their own for some teams.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use maud::Markup;
use serde::Deserialize;

use super::listing::WantedPage;
use super::stages::{Part, parted};
use super::{Done, Fields, Outcome, see_other, wrong};
use crate::app;
use crate::domain::organization::{GroupId, TeamId};
use crate::domain::roadmap::StageNumber;
use crate::domain::roadmap::change::{ProfileInput, RoadmapInput};
use crate::domain::roadmap::profiles::ProfileId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::profiles::{Above, Profiles, TeamFilter};
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

/// How long the words that are looked for may be.
const TEXT_LIMIT: usize = 100;

/// Which teams the address asks for; empty: all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct WantedTeams {
    of: String,
    q: String,
    profile: String,
}

impl WantedTeams {
    fn filter(&self) -> Result<TeamFilter, Failure> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let group = given(&self.of).map(|text| text.parse().map(GroupId)).transpose();
        let group = group.map_err(|_| app::Error::invalid("of", "a group is named by its number"))?;
        let text = given(&self.q);
        if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LIMIT) {
            return Err(app::Error::invalid("q", "look for at most 100 characters").into());
        }
        let profile = given(&self.profile).map(|word| profile(&word)).transpose()?;
        Ok(TeamFilter { group, text, profile })
    }
}

/// A profile by its word in forms and addresses; `None`: the organization's targets.
fn profile(word: &str) -> Result<Option<ProfileId>, Failure> {
    match word {
        "none" => Ok(None),
        number => {
            let id = number.parse().map(ProfileId);
            Ok(Some(id.map_err(|_| app::Error::invalid("profile", "a profile is named by its number"))?))
        }
    }
}

pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<WantedTeams>,
    page: Query<WantedPage>,
    done: Query<Done>,
) -> Result<Markup, Failure> {
    let (filter, part) = (wanted.filter()?, page.number()?);
    listed(&visit, selection, &filter, part, done.done.as_deref(), &Wrong::default()).await
}

async fn listed(
    visit: &Visit,
    selection: Selection,
    filter: &TeamFilter,
    part: usize,
    done: Option<&str>,
    wrong: &Wrong,
) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.stages(caller)).await?;
    let (teams, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let profiles = Profiles { seen: &seen, teams: &teams, groups: &groups };
    Ok(views::profiles::list(&visit.frame(selection), &profiles, filter, part, done, wrong))
}

/// Gives teams a profile.
pub(in crate::web) async fn assign(visit: Visit, form: Form<Fields>) -> Outcome {
    let (mut wanted, mut ticked, mut profile_word, mut seen, mut is_all) =
        (WantedTeams::default(), Vec::new(), String::new(), String::new(), false);
    for (field, value) in form.into_inner() {
        match field.as_str() {
            "of" => wanted.of = value,
            "q" => wanted.q = value,
            "with" => wanted.profile = value,
            "profile" => profile_word = value,
            "which" => is_all = value == "found",
            RoadmapInput::SEEN => seen = value,
            "team" => {
                ticked.push(TeamId(value.parse().map_err(|_| Failure::unreadable("a team is chosen by its number"))?))
            }
            _ => {}
        }
    }
    let (filter, profile) = (wanted.filter()?, profile(&profile_word)?);
    let teams = if is_all { found(&visit, &filter).await? } else { ticked };
    match visit.ask(move |cairn, caller| cairn.assign_profile(caller, &teams, profile, &seen)).await {
        Ok(_) => {
            let back = views::with_parameter(&filter.address(), "done", "assigned");
            Ok(Either::Right(see_other(&format!("{back}#teams"))))
        }
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let page = listed(&visit, Selection::ORGANIZATION, &filter, 1, None, &wrong).await?;
            Ok(Either::Left((page, status)))
        }
    }
}

/// All teams that a filter finds.
async fn found(visit: &Visit, filter: &TeamFilter) -> Result<Vec<TeamId>, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.stages(caller)).await?;
    let (teams, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let profiles = Profiles { seen: &seen, teams: &teams, groups: &groups };
    Ok(filter.apply(&profiles).into_iter().map(|team| team.id).collect())
}

pub(in crate::web) async fn new(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    form_of(&visit, selection, None).await
}

pub(in crate::web) async fn show(visit: Visit, id: Path<i64>, selection: Selection) -> Result<Markup, Failure> {
    form_of(&visit, selection, Some(ProfileId(*id))).await
}

async fn form_of(visit: &Visit, selection: Selection, id: Option<ProfileId>) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.stages_to_change(caller)).await?;
    let profile = id.map(|id| seen.roadmaps.profile(id).ok_or(app::Error::NotFound("profile"))).transpose()?;
    let entered = ProfileInput::of(&seen.roadmaps, profile);
    Ok(views::profiles::edit(&visit.frame(selection), &seen, profile, &entered, &Above::Nothing))
}

pub(in crate::web) async fn add(visit: Visit, form: Form<Fields>) -> Outcome {
    change(&visit, None, form.into_inner()).await
}

pub(in crate::web) async fn update(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    change(&visit, Some(ProfileId(*id)), form.into_inner()).await
}

/// Shows what the profile that was entered would do or, when that was seen, saves it.
async fn change(visit: &Visit, id: Option<ProfileId>, fields: Fields) -> Outcome {
    let (mut entered, is_decided) = read(fields)?;
    let input = entered.clone();
    let result = if is_decided {
        visit.ask(move |cairn, caller| cairn.change_profile(caller, id, &input)).await.map(|_| None)
    } else {
        visit.ask(move |cairn, caller| cairn.preview_profile(caller, id, &input)).await.map(Some)
    };
    let seen = visit.ask(|cairn, caller| cairn.stages(caller)).await?;
    let profile = id.and_then(|id| seen.roadmaps.profile(id));
    let frame = visit.frame(Selection::ORGANIZATION);
    match result {
        Ok(None) => Ok(Either::Right(see_other("/roadmap/profiles?done=saved"))),
        Ok(Some(preview)) => {
            let page = views::profiles::edit(&frame, &seen, profile, &entered, &Above::Preview(&preview));
            Ok(Either::Left((page, StatusCode::OK)))
        }
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            entered.seen = seen.roadmaps.fingerprint();
            let page = views::profiles::edit(&frame, &seen, profile, &entered, &Above::Wrong(&wrong));
            Ok(Either::Left((page, status)))
        }
    }
}

pub(in crate::web) async fn remove(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let (input, _) = read(form.into_inner())?;
    let id = ProfileId(*id);
    match visit.ask(move |cairn, caller| cairn.remove_profile(caller, id, &input.seen)).await {
        Ok(()) => Ok(Either::Right(see_other("/roadmap/profiles?done=removed"))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let page = listed(&visit, Selection::ORGANIZATION, &TeamFilter::default(), 1, None, &wrong).await?;
            Ok(Either::Left((page, status)))
        }
    }
}

/// What was entered, and whether it is to be saved.
fn read(fields: Fields) -> Result<(ProfileInput, bool), Failure> {
    let mut input = ProfileInput::default();
    let mut is_decided = false;
    for (field, value) in fields {
        match field.as_str() {
            RoadmapInput::SEEN => input.seen = value,
            "name" => input.name = value,
            "do" => is_decided = value == "apply",
            _ => match parted(&field) {
                Some((Part::Target(dimension), stage)) => {
                    input.targets.insert((StageNumber(stage), dimension.to_owned()), value);
                }
                _ => return Err(Failure::unreadable("the form has a field that is not known here")),
            },
        }
    }
    Ok((input, is_decided))
}
