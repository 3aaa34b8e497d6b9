//! `/roadmap/plans`: plans of the transformation, made, tried, kept and compared.

use std::str::FromStr;

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::listing::sound;
use super::roadmap::FromQuarter;
use super::{Outcome, see_other, wrong};
use crate::app::DraftFrom;
use crate::domain::catalog::ActivityId;
use crate::domain::fault::FieldFault;
use crate::domain::organization::TeamId;
use crate::domain::plan::entry::{DECISIONS, DecisionEntry, PlanEntry};
use crate::domain::plan::saved::PlanId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let plans = visit.ask(|cairn, caller| cairn.plans(caller)).await?;
    Ok(views::plans::list(&visit.frame(selection), &plans))
}

/// An activity that something is to be decided about.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct About {
    activity: Option<String>,
    of: Option<i64>,
}

impl About {
    fn found(self) -> Option<(ActivityId, Option<TeamId>)> {
        Some((ActivityId(self.activity?), self.of.map(TeamId)))
    }
}

pub(in crate::web) async fn propose(
    visit: Visit,
    selection: Selection,
    about: Query<About>,
) -> Result<Markup, Failure> {
    let from = DraftFrom { about: about.into_inner().found(), ..DraftFrom::default() };
    Ok(drafted(&visit, latest(selection), from, &Wrong::default()).await?.0)
}

pub(in crate::web) async fn edit(visit: Visit, id: Path<i64>, about: Query<About>) -> Result<Markup, Failure> {
    let from = DraftFrom { plan: Some(PlanId(*id)), about: about.into_inner().found(), entry: None };
    Ok(drafted(&visit, Selection::ORGANIZATION, from, &Wrong::default()).await?.0)
}

pub(in crate::web) async fn make(visit: Visit, selection: Selection, form: Form<Vec<(String, String)>>) -> Outcome {
    decide(visit, latest(selection), None, form).await
}

/// A plan is made of how things are, whatever quarter was looked at before.
fn latest(selection: Selection) -> Selection {
    Selection { period: None, ..selection }
}

pub(in crate::web) async fn remake(visit: Visit, id: Path<i64>, form: Form<Vec<(String, String)>>) -> Outcome {
    decide(visit, Selection::ORGANIZATION, Some(PlanId(*id)), form).await
}

/// Shows what follows from what was entered or, when that is wanted, keeps it.
async fn decide(
    visit: Visit,
    selection: Selection,
    plan: Option<PlanId>,
    form: Form<Vec<(String, String)>>,
) -> Outcome {
    let (entry, is_to_be_kept) = read(form.into_inner())?;
    let from = DraftFrom { plan, entry: Some(entry), about: None };
    if !is_to_be_kept {
        let (page, is_sound) = drafted(&visit, selection, from, &Wrong::default()).await?;
        let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(Either::Left((page, status)));
    }
    let entered = from.clone();
    match visit.ask(move |cairn, caller| cairn.save_plan(caller, selection, from)).await {
        Ok(id) => Ok(Either::Right(see_other(&views::plans::plan_address(id)))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((drafted(&visit, selection, entered, &wrong).await?.0, status)))
        }
    }
}

/// The page of a draft with what is wrong beside what it finds itself, and whether nothing is wrong. Whoever was overtaken
/// goes on from the version that there is now.
async fn drafted(
    visit: &Visit,
    selection: Selection,
    from: DraftFrom,
    wrong: &Wrong,
) -> Result<(Markup, bool), Failure> {
    let mut seen = visit.ask(move |cairn, caller| cairn.draft_plan(caller, selection, from)).await?;
    let own: Vec<FieldFault> = match seen.content.as_ref().map(|draft| &draft.made) {
        Some(Err(own)) => own.clone(),
        _ => Vec::new(),
    };
    let mut more = wrong.clone();
    more.faults.retain(|fault| !own.contains(fault));
    if let Some(draft) = seen.content.as_mut().filter(|_| wrong.refused.is_some())
        && let Some(plan) = &draft.kept
    {
        draft.entry.seen = plan.versions.to_string();
    }
    let selection = seen.view.selection;
    let is_sound = own.is_empty() && more.faults.is_empty() && more.refused.is_none();
    Ok((views::plan_draft::page(&visit.frame(selection), &seen, &more), is_sound))
}

/// Which version, and whether a scope is named.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Wanted {
    pub(super) version: Option<u32>,
    scope: Option<String>,
    team: Option<String>,
    group: Option<String>,
}

impl Wanted {
    /// The selection, where the address says of whom; `None`: all of those that the plan is made for.
    pub(super) fn part(&self, selection: Selection) -> Option<Selection> {
        (self.scope.is_some() || self.team.is_some() || self.group.is_some()).then_some(selection)
    }
}

pub(in crate::web) async fn show(
    visit: Visit,
    id: Path<i64>,
    selection: Selection,
    wanted: Query<Wanted>,
    from: Query<FromQuarter>,
) -> Result<Markup, Failure> {
    let (id, from) = (PlanId(*id), from.quarter()?);
    let (version, asked) = (wanted.version, wanted.part(selection));
    let seen = visit.ask(move |cairn, caller| cairn.plan(caller, asked, id, version)).await?;
    Ok(views::plan::page(&visit.frame(seen.view.selection), &seen, from))
}

/// Which two plans, and which versions of them; none is the latest.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct WantedPlans {
    a: Option<String>,
    a_version: Option<String>,
    b: Option<String>,
    b_version: Option<String>,
}

/// A plan, and one of its versions.
type Side = (PlanId, Option<u32>);

impl WantedPlans {
    /// What the address asks for, or everything that is wrong with it.
    fn sides(&self) -> Result<[Option<Side>; 2], Failure> {
        let mut faults = Vec::new();
        let mut side = |[of, which]: [&str; 2], id: &Option<String>, version: &Option<String>| {
            let plan = number::<i64>(id).map_err(|_| faults.push(FieldFault::new(of, "a plan is named by its number")));
            let version = number::<u32>(version).map_err(|_| {
                let message = "a version is a number from 1 on, or nothing for the latest";
                faults.push(FieldFault::new(which, message));
            });
            Some((PlanId(plan.ok()??), version.ok()?))
        };
        let sides =
            [side(["a", "a_version"], &self.a, &self.a_version), side(["b", "b_version"], &self.b, &self.b_version)];
        sound(sides, faults)
    }
}

/// A number; `None` when nothing is said.
fn number<N: FromStr>(text: &Option<String>) -> Result<Option<N>, N::Err> {
    let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    text.map(str::parse).transpose()
}

pub(in crate::web) async fn compare(
    visit: Visit,
    selection: Selection,
    wanted: Query<WantedPlans>,
) -> Result<Markup, Failure> {
    let sides = wanted.sides()?;
    let compared = visit.ask(move |cairn, caller| cairn.compare_plans(caller, sides)).await?;
    Ok(views::plan_compare::page(&visit.frame(selection), &compared))
}

/// A practice of a team in a plan.
type PracticePath = Path<(i64, i64, String)>;

/// Who takes care of it.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct OwnerForm {
    owner: String,
    seen: Option<String>,
}

pub(in crate::web) async fn practice(visit: Visit, path: PracticePath) -> Result<Markup, Failure> {
    let (plan, team, activity) = path.into_inner();
    show_practice(&visit, (PlanId(plan), TeamId(team), ActivityId(activity)), None, &Wrong::default()).await
}

async fn show_practice(
    visit: &Visit,
    (plan, team, activity): (PlanId, TeamId, ActivityId),
    owner: Option<&str>,
    wrong: &Wrong,
) -> Result<Markup, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.plan_item(caller, plan, team, &activity)).await?;
    Ok(views::plan_practice::page(&visit.frame(seen.view.selection), &seen, owner, wrong))
}

pub(in crate::web) async fn own(visit: Visit, path: PracticePath, form: Form<OwnerForm>) -> Outcome {
    let (plan, team, activity) = path.into_inner();
    let (plan, team, activity) = (PlanId(plan), TeamId(team), ActivityId(activity));
    let (OwnerForm { owner, seen }, id) = (form.into_inner(), activity.clone());
    let entered = owner.clone();
    match visit.ask(move |cairn, caller| cairn.set_plan_owner(caller, plan, team, &id, &owner, seen.as_deref())).await {
        Ok(()) => Ok(Either::Right(see_other(&views::plans::practice_address(plan, team, &activity)))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            let page = show_practice(&visit, (plan, team, activity), Some(&entered), &wrong).await?;
            Ok(Either::Left((page, status)))
        }
    }
}

pub(in crate::web) async fn archive(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = PlanId(*id);
    visit.ask(move |cairn, caller| cairn.archive_plan(caller, id)).await?;
    Ok(see_other("/roadmap/plans"))
}

pub(in crate::web) async fn restore(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = PlanId(*id);
    visit.ask(move |cairn, caller| cairn.restore_plan(caller, id)).await?;
    Ok(see_other("/roadmap/plans"))
}

/// What was entered, and whether it is to be kept.
fn read(fields: Vec<(String, String)>) -> Result<(PlanEntry, bool), Failure> {
    let mut entry = PlanEntry::default();
    let mut is_to_be_kept = false;
    for (field, value) in fields {
        match field.as_str() {
            PlanEntry::SEEN => entry.seen = value,
            "name" => entry.name = value,
            "start" => entry.start = value,
            "capacity" => entry.each = value,
            "exceptions" => entry.exceptions = value,
            "teams" => entry.left_out = value,
            "do" => is_to_be_kept = value == "save",
            numbered => {
                numbered_field(&mut entry, numbered, value)
                    .ok_or(Failure::unreadable("the form has a field that is not known here"))?;
            }
        }
    }
    // The rows that stand empty below are no part of what was entered.
    let filled = entry.decisions.iter().rposition(|row| *row != DecisionEntry::default());
    entry.decisions.truncate(filled.map_or(0, |last| last + 1));
    Ok((entry, is_to_be_kept))
}

/// A field of a stage or of a decision; `None` when there is none of this name.
fn numbered_field(entry: &mut PlanEntry, field: &str, value: String) -> Option<()> {
    let (kind, rest) = field.split_once('-')?;
    match kind {
        "wished" => {
            let stage = rest.parse().ok()?;
            if !value.is_empty() {
                entry.wishes.insert(stage, value);
            }
        }
        "target" => {
            let (stage, dimension) = rest.split_once('-')?;
            let stage = stage.parse().ok()?;
            if !value.is_empty() {
                entry.targets.insert((stage, dimension.to_owned()), value);
            }
        }
        "decision" => {
            let (part, row) = rest.rsplit_once('-')?;
            let at = row.parse::<usize>().ok()?.checked_sub(1)?;
            // The few beyond the most are for the sentence that says so.
            if at > DECISIONS + 10 {
                return None;
            }
            if entry.decisions.len() <= at {
                entry.decisions.resize(at + 1, DecisionEntry::default());
            }
            let slot = entry.decisions.get_mut(at)?;
            match part {
                "activity" => slot.activity = value,
                "team" => slot.team = value,
                "course" => slot.course = value,
                "value" => slot.value = value,
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}
