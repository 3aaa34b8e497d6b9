//! What the threat models say about the questions of an assessment.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Error;
use super::threat_models::latest;
use crate::domain::access::Sight;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::freshness::Freshness;
use crate::domain::threat_model::register::{Registered, RevisionHead};
use crate::domain::threat_model::seen::ModelSupport;
use crate::domain::threat_model::support::{ModelFacts, OrganizationFacts, TeamModel, proposals};
use crate::store::Snapshot;

/// What the models of a team propose on a day, and those of all teams that are seen for what the organization does.
pub(super) fn support_by_models(
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    team: TeamId,
    today: NaiveDate,
) -> Result<ModelSupport, Error> {
    let mut all = snapshot.threat_models(sight)?;
    all.retain(|model| model.archived_at.is_none());
    let organization = organization(snapshot, sight, &all, today)?;
    all.retain(|model| model.team == team);
    let mut contents: Vec<(Registered, ThreatModel, Vec<RevisionHead>)> = Vec::new();
    for registered in all {
        let (model, heads) = (latest(snapshot, &registered)?.model, snapshot.threat_model_heads(registered.id)?);
        contents.push((registered, model, heads));
    }
    let models: Vec<TeamModel<'_>> =
        contents.iter().map(|(registered, model, heads)| TeamModel::new(registered, model, heads, today)).collect();
    let titles: BTreeMap<_, _> =
        contents.iter().map(|(registered, model, _)| (registered.id, model.title.clone())).collect();
    Ok(ModelSupport { proposals: proposals(&models, &organization), titles })
}

fn organization(
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    models: &[Registered],
    today: NaiveDate,
) -> Result<OrganizationFacts, Error> {
    let present = Period::of_day(today);
    let teams = snapshot.teams(sight)?.iter().filter(|team| team.is_active_in(present)).count();
    let with_freshness: Vec<(&Registered, Freshness)> =
        models.iter().map(|model| (model, Freshness::of(model, today))).collect();
    let facts = with_freshness.iter().map(|(model, freshness)| ModelFacts {
        team: model.team,
        facts: &model.latest.facts,
        freshness,
        has_interval: model.interval_days.is_some(),
    });
    Ok(OrganizationFacts::of(teams, facts))
}
