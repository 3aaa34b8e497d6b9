//! Catalogs: the one in use, putting another to use, and what is known about its activities.

use std::sync::Arc;

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::Assessment;
use crate::domain::catalog::{Activity, ActivityId, Capability, Catalog, Lens};
use crate::domain::fault::Fault;
use crate::domain::organization::Team;
use crate::domain::view::{ActivitySeen, CatalogsSeen, KnownCatalog, TeamAnswer};
use crate::formats::{self, Source};
use crate::store::Snapshot;

/// What putting a catalog to use did.
#[derive(Debug)]
pub struct CatalogUse {
    /// The catalog that is in use now.
    pub catalog: Arc<Catalog>,
    /// The one before.
    pub before: Arc<Catalog>,
    /// Whether the file was an overlay over the bundled catalog.
    pub is_overlay: bool,
    /// How many activities that teams have answered are not in it; their answers stay where they are
    /// and are not carried into new assessments.
    pub left_out: usize,
    /// What was passed over in the file.
    pub warnings: Vec<Fault>,
}

impl Cairn {
    /// The catalog that new assessments are made with.
    pub fn catalog(&self, caller: &Caller) -> Result<Arc<Catalog>, Error> {
        caller.actor.authorize(Action::View)?;
        Ok(self.store.read(|snapshot| self.catalog_in_use(snapshot))?)
    }

    /// Puts a file to use: a whole catalog, or an overlay over the bundled one. Assessments that are
    /// there keep the catalog that they were made with. A catalog that has none of the activities that
    /// teams have answered is refused: it would orphan every answer.
    pub fn use_catalog(&self, caller: &Caller, source: Source<'_>) -> Result<CatalogUse, Error> {
        caller.actor.authorize(Action::ManageCatalog)?;
        let is_overlay = formats::overlay::is_overlay(source);
        let base = self.bundled.content();
        let reading =
            if is_overlay { formats::overlay::read(source, &base)? } else { formats::catalog::read(&[source])? };
        let catalog = Arc::new(self.classified(&reading.value));
        self.store.write(|change| {
            let before = self.catalog_in_use(change)?;
            let left_out = left_out(change, &catalog)?;
            change.keep_catalog(&catalog, caller.at)?;
            change.set_catalog_in_use(Some(catalog.digest()).filter(|digest| *digest != self.bundled.digest()))?;
            Ok(CatalogUse { catalog: Arc::clone(&catalog), before, is_overlay, left_out, warnings: reading.warnings })
        })
    }

    /// Goes back to the bundled catalog.
    pub fn use_bundled_catalog(&self, caller: &Caller) -> Result<CatalogUse, Error> {
        caller.actor.authorize(Action::ManageCatalog)?;
        self.store.write(|change| {
            let before = self.catalog_in_use(change)?;
            let catalog = Arc::clone(&self.bundled);
            let left_out = left_out(change, &catalog)?;
            change.set_catalog_in_use(None)?;
            Ok(CatalogUse { catalog, before, is_overlay: false, left_out, warnings: Vec::new() })
        })
    }

    /// Published files do not say through which lens an activity looks and who carries it. Where the
    /// bundled catalog has the activity, it does.
    fn classified(&self, catalog: &Catalog) -> Catalog {
        let known = |activity: &Activity| -> (Option<Lens>, Option<Capability>) {
            let bundled = self.bundled.find(&activity.id).map(|index| self.bundled.activity(index));
            bundled.map_or((None, None), |bundled| (bundled.lens, bundled.capability))
        };
        let mut content = catalog.content();
        for activity in content.activities_mut() {
            let (lens, capability) = known(activity);
            activity.lens = activity.lens.or(lens);
            activity.capability = activity.capability.or(capability);
        }
        // It was sound before, and neither property can make it unsound.
        Catalog::new(content).unwrap_or_else(|_| catalog.clone())
    }

    /// An activity of the catalog in use, or of one that assessments were made with, with what the
    /// teams last answered.
    pub fn activity(&self, caller: &Caller, id: &ActivityId) -> Result<ActivitySeen, Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| {
            let assessments = snapshot.assessments()?;
            let mut catalog = self.catalog_in_use(snapshot)?;
            let mut older = assessments.iter().rev().map(|assessment| &assessment.catalog);
            while catalog.find(id).is_none() {
                let Some(digest) = older.find(|digest| *digest != catalog.digest()) else { break };
                catalog = self.catalog_of(snapshot, digest)?;
            }
            let index = catalog.find(id).ok_or(Error::NotFound("activity"))?;
            let answers = team_answers(snapshot, &assessments, id)?;
            Ok(ActivitySeen { catalog, index, answers })
        })
    }

    /// The catalogs that assessments were made with, beside the one in use.
    pub fn catalogs(&self, caller: &Caller) -> Result<CatalogsSeen, Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| {
            let in_use = self.catalog_in_use(snapshot)?;
            let mut others: Vec<KnownCatalog> = Vec::new();
            for assessment in snapshot.assessments()? {
                match others.iter_mut().find(|known| *known.catalog.digest() == assessment.catalog) {
                    Some(known) => known.assessments += 1,
                    None => others.push(KnownCatalog {
                        catalog: self.catalog_of(snapshot, &assessment.catalog)?,
                        assessments: 1,
                    }),
                }
            }
            if *in_use.digest() != *self.bundled.digest()
                && others.iter().all(|k| k.catalog.digest() != self.bundled.digest())
            {
                others.push(KnownCatalog { catalog: Arc::clone(&self.bundled), assessments: 0 });
            }
            others.retain(|known| known.catalog.digest() != in_use.digest());
            Ok(CatalogsSeen { in_use, others })
        })
    }
}

/// How many of the answered activities a catalog does not have; it is an error if it has none of them.
fn left_out(snapshot: &mut Snapshot<'_>, catalog: &Catalog) -> Result<usize, Error> {
    let answered = snapshot.answered_activities()?;
    let left_out = answered.iter().filter(|id| catalog.find(id).is_none()).count();
    if left_out > 0 && left_out == answered.len() {
        let message = format!(
            "none of the {left_out} activities that teams have answered is in this catalog, so no answer could be \
             carried over; nothing was changed"
        );
        return Err(Error::Refused(message));
    }
    Ok(left_out)
}

/// What each team's last submitted assessment says about an activity.
fn team_answers(
    snapshot: &mut Snapshot<'_>,
    assessments: &[Assessment],
    id: &ActivityId,
) -> Result<Vec<TeamAnswer>, Error> {
    let last_of = |team: &Team| assessments.iter().rfind(|a| a.team == team.id && a.submitted.is_some());
    let teams = snapshot.teams()?;
    let last: Vec<(Team, &Assessment)> =
        teams.into_iter().filter_map(|team| last_of(&team).map(|assessment| (team, assessment))).collect();
    let ids: Vec<_> = last.iter().map(|(_, assessment)| assessment.id).collect();
    let mut answers = snapshot.answers_to(id, &ids)?;
    let seen = last.into_iter().map(|(team, assessment)| TeamAnswer {
        team,
        assessment: assessment.id,
        assessed: assessment.period,
        answer: answers.remove(&assessment.id),
    });
    Ok(seen.collect())
}
