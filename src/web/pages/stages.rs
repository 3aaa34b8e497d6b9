//! `/roadmap/stages`: the stages of the transformation.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Query};
use maud::Markup;

use super::{Done, Fields, Outcome, see_other, wrong};
use crate::domain::roadmap::change::{RoadmapInput, StageInput};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What is to be done with what was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Preview,
    Apply,
    /// The preview of the default, whatever was entered.
    Default,
}

pub(in crate::web) async fn show(visit: Visit, selection: Selection, done: Query<Done>) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.stages(caller)).await?;
    let entered = RoadmapInput::of(&seen.roadmaps, seen.roadmaps.organization());
    Ok(views::stages::page(&visit.frame(selection), &seen, &entered, done.done.is_some()))
}

/// Shows what the stages that were entered would do or, when that was seen, puts them into force.
pub(in crate::web) async fn change(visit: Visit, form: Form<Fields>) -> Outcome {
    let (mut entered, wanted) = read(form.into_inner())?;
    let seen = visit.ask(|cairn, caller| cairn.stages(caller)).await?;
    if wanted == Wanted::Default {
        entered.stages = RoadmapInput::of(&seen.roadmaps, &seen.default).stages;
    }
    let input = entered.clone();
    let result = match wanted {
        Wanted::Apply => visit.ask(move |cairn, caller| cairn.change_stages(caller, &input)).await.map(|()| None),
        _ => visit.ask(move |cairn, caller| cairn.preview_stages(caller, &input)).await.map(Some),
    };
    let frame = visit.frame(Selection::ORGANIZATION);
    match result {
        Ok(None) => Ok(Either::Right(see_other("/roadmap/stages?done=changed"))),
        Ok(Some(preview)) => {
            Ok(Either::Left((views::stages::preview(&frame, &seen, &entered, &preview), StatusCode::OK)))
        }
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            // Whoever was overtaken goes on from the stages as they are now, which the page shows beside it.
            entered.seen = seen.roadmaps.fingerprint();
            Ok(Either::Left((views::stages::again(&frame, &seen, &entered, &wrong), status)))
        }
    }
}

/// What was entered, and what is to be done with it.
fn read(fields: Fields) -> Result<(RoadmapInput, Wanted), Failure> {
    let unknown = || Failure::unreadable("the form has a field that is not known here");
    let mut input = RoadmapInput::default();
    let mut wanted = Wanted::Preview;
    for (field, value) in fields {
        match (field.as_str(), value.as_str()) {
            (RoadmapInput::SEEN, _) => input.seen = value,
            ("do", "apply") => wanted = Wanted::Apply,
            ("do", "default") => wanted = Wanted::Default,
            ("do", _) => {}
            _ => {
                let (part, row) = parted(&field).ok_or_else(unknown)?;
                let stage = stage_of_row(&mut input.stages, row).ok_or_else(unknown)?;
                match part {
                    Part::Target(dimension) => _ = stage.targets.insert(dimension.to_owned(), value),
                    Part::Other("was") => stage.was = value,
                    Part::Other("position") => stage.position = value,
                    Part::Other("name") => stage.name = value,
                    Part::Other("goal") => stage.goal = value,
                    Part::Other("exit-check") => stage.exit_check = value,
                    Part::Other("wished") => stage.wished = value,
                    Part::Other(_) => return Err(unknown()),
                }
            }
        }
    }
    Ok((input, wanted))
}

/// What a field is about: the target of a dimension, or something else of a stage.
pub(super) enum Part<'a> {
    /// The dimension.
    Target(&'a str),
    /// Its word.
    Other(&'a str),
}

/// A field and the row that it belongs to: `target-2-Build and Deployment`, `name-3`.
pub(super) fn parted(field: &str) -> Option<(Part<'_>, usize)> {
    if let Some((row, dimension)) = field.strip_prefix("target-").and_then(|rest| rest.split_once('-')) {
        return Some((Part::Target(dimension), row.parse().ok()?));
    }
    let (part, row) = field.rsplit_once('-')?;
    Some((Part::Other(part), row.parse().ok()?))
}

/// The row with this number, from 1; those before it are made as well.
fn stage_of_row(stages: &mut Vec<StageInput>, row: usize) -> Option<&mut StageInput> {
    let at = row.checked_sub(1).filter(|at| *at < RoadmapInput::MOST)?;
    if stages.len() <= at {
        stages.resize_with(at + 1, StageInput::default);
    }
    stages.get_mut(at)
}
