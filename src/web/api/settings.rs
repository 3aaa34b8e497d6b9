//! `/api/v1/settings`: the progress scale and the threshold.

use actix_web::web::{Json, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::Change;
use super::problem::renamed;
use super::tagged::{IfMatch, Tagged};
use crate::domain::organization;
use crate::domain::period::Period;
use crate::domain::scale;
use crate::domain::settings::{self, Effect, SettingsInput, StepInput};
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// A step of the progress scale.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Step {
    /// The word in files: lower-case letters, digits and `_`.
    #[schema(min_length = 1, pattern = "^[a-z0-9_]+$", example = "started")]
    key: String,
    /// The words on pages.
    #[schema(min_length = 1, max_length = 40, example = "Started")]
    name: String,
    /// What it is worth, in percent.
    #[schema(minimum = 0, maximum = 100)]
    percent: u8,
}

/// What holds for the whole organization.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Settings {
    /// The steps that an answer can take, from 0 % to 100 %, each worth more than the one before. A step that answers
    /// take stays, with whatever name and worth.
    #[schema(min_items = 2, max_items = 9)]
    scale: Vec<Step>,
    /// The share of a level, in percent, from which on it counts as reached.
    #[schema(minimum = 1, maximum = 100)]
    threshold: u8,
}

type SettingsChange = Change<Settings>;

impl From<&organization::Settings> for Settings {
    fn from(settings: &organization::Settings) -> Self {
        let step = |step: &scale::Step| Step { key: step.key.clone(), name: step.name.clone(), percent: step.percent };
        Self { scale: settings.scale.steps().iter().map(step).collect(), threshold: settings.threshold.percent() }
    }
}

/// Where a scope stands.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Reached {
    /// The level that it has reached.
    level: u8,
    /// The score.
    score: f64,
}

impl From<settings::Reached> for Reached {
    fn from(settings::Reached { level, score }: settings::Reached) -> Self {
        Self { level, score }
    }
}

/// What a change does to the organization in a quarter.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct EffectOnQuarter {
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// Where it stands before.
    before: Reached,
    /// Where it stands after.
    after: Reached,
}

impl From<Effect<Period>> for EffectOnQuarter {
    fn from(Effect { of, before, after }: Effect<Period>) -> Self {
        Self { period: of.to_string(), before: before.into(), after: after.into() }
    }
}

/// What a change does to the organization in a dimension, in the latest quarter.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct EffectOnDimension {
    /// The dimension.
    dimension: String,
    /// Where it stands before.
    before: Reached,
    /// Where it stands after.
    after: Reached,
}

impl From<Effect<String>> for EffectOnDimension {
    fn from(Effect { of, before, after }: Effect<String>) -> Self {
        Self { dimension: of, before: before.into(), after: after.into() }
    }
}

/// What a change of the settings did, or would do.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct SettingsChanged {
    /// Whether nothing was changed, as was asked for.
    dry_run: bool,
    /// The settings afterwards.
    settings: Settings,
    /// What it does to the organization in each quarter, the latest first; past ones too.
    quarters: Vec<EffectOnQuarter>,
    /// What it does to each dimension in the latest quarter.
    dimensions: Vec<EffectOnDimension>,
}

/// Whether anything is changed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct How {
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Gives the settings.
#[utoipa::path(get, path = "/api/v1/settings", tag = "Settings",
    responses((status = 200, description = "The settings", body = Settings)))]
pub(in crate::web) async fn show(visit: Visit) -> Result<Tagged<Settings>, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.settings(caller)).await?;
    Ok(Tagged(Settings::from(&seen.settings)))
}

/// Changes the settings, which changes every score, past ones too. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/settings", tag = "Settings", params(IfMatch, How), request_body = SettingsChange,
    responses((status = 200, description = "What was done, or would be", body = SettingsChanged)))]
pub(in crate::web) async fn change(
    visit: Visit,
    seen: IfMatch,
    how: Query<How>,
    input: Json<SettingsChange>,
) -> Result<Json<SettingsChanged>, Failure> {
    let present = visit.ask(|cairn, caller| cairn.settings(caller)).await?.settings;
    let dry_run = how.dry_run;
    seen.check(&Settings::from(&present))?;
    let Settings { scale, threshold } = input.into_inner().of(&Settings::from(&present))?;
    let step = |Step { key, name, percent }| StepInput { key, name, percent: percent.to_string() };
    let steps = scale.into_iter().map(step).collect();
    let input = SettingsInput { seen: present.fingerprint(), steps, threshold: threshold.to_string() };
    let preview = visit
        .ask(move |cairn, caller| {
            let preview = cairn.preview_settings(caller, &input)?;
            if !dry_run {
                cairn.change_settings(caller, &input)?;
            }
            Ok(preview)
        })
        .await
        .map_err(renamed(&[("steps", "scale")]))?;
    Ok(Json(SettingsChanged {
        dry_run,
        settings: Settings::from(&preview.wanted),
        quarters: preview.quarters.into_iter().map(EffectOnQuarter::from).collect(),
        dimensions: preview.dimensions.into_iter().map(EffectOnDimension::from).collect(),
    }))
}
