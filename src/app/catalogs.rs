//! Catalogs: the one in use, putting another to use, and what is known about its activities.

use std::sync::Arc;

use super::{Cairn, Error, bundled_catalog};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::Assessment;
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{Activity, ActivityId, Capability, Catalog, Lens};
use crate::domain::fault::Fault;
use crate::domain::organization::Team;
use crate::domain::period::Period;
use crate::domain::view::{ActivitySeen, CatalogsSeen, Currency, KnownCatalog, Selection, TeamAnswer};
use crate::formats::catalog::{Built, File, Kind};
use crate::formats::{self, Source};
use crate::store::Snapshot;

/// A file that may become the catalog in use, and how to understand it.
#[derive(Debug, Clone, Default)]
pub struct CatalogFile<'a> {
    /// The sources, taken as one file in their order.
    pub sources: Vec<Source<'a>>,
    /// Whether it is a catalog of its own or changes another; `None`: as it looks.
    pub kind: Option<Kind>,
    /// The sources of the catalog that an overlay changes; none: the bundled one.
    pub over: Vec<Source<'a>>,
}

impl CatalogFile<'_> {
    /// Reads it and puts it together. Needs no database, so that a file can be checked anywhere.
    pub fn read(&self) -> Result<ReadCatalog, Error> {
        let under = if self.over.is_empty() {
            bundled_catalog()?.content()
        } else {
            formats::catalog::read(&self.over)?.value.content()
        };
        let file = File::read(&self.sources, self.kind);
        Ok(ReadCatalog { kind: file.kind(), built: file.build(&under) })
    }
}

/// A file that was read, and how it was understood.
#[derive(Debug)]
pub struct ReadCatalog {
    /// As what.
    pub kind: Kind,
    /// What became of it.
    pub built: Built,
}

/// What to do when answered activities are not in a catalog that is put to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveOut {
    /// Refuse it.
    Refuse,
    /// That is wanted.
    Wanted,
}

/// What putting a catalog to use did.
#[derive(Debug)]
pub struct CatalogUse {
    /// The catalog that is in use now.
    pub catalog: Arc<Catalog>,
    /// The one before.
    pub before: Arc<Catalog>,
    /// How many activities that teams have answered are not in it; their answers stay where they are
    /// and are not carried into new assessments.
    pub left_out: usize,
}

impl Cairn {
    /// The catalog that new assessments are made with.
    pub fn catalog(&self, caller: &Caller) -> Result<Arc<Catalog>, Error> {
        self.read(caller, Action::View, |snapshot, _| Ok(self.catalog_in_use(snapshot)?))
    }

    /// Puts a catalog to use. Assessments that are there keep the one that they were made with. One that
    /// leaves out what teams have answered is refused unless that is wanted: an overlay for any answered
    /// activity, a whole catalog, where a newer version may well lack some, for more than half of them.
    pub fn use_catalog(
        &self,
        caller: &Caller,
        catalog: &Catalog,
        kind: Kind,
        leave_out: LeaveOut,
    ) -> Result<CatalogUse, Error> {
        caller.actor.authorize(Action::ManageCatalog)?;
        let catalog = Arc::new(self.classified(catalog));
        self.long_change(caller, |change, events| {
            let used = self.weighed(change, catalog, kind, leave_out)?;
            change.keep_catalog(&used.catalog, caller.at)?;
            change.set_catalog_in_use(Some(used.catalog.digest()).filter(|digest| *digest != self.bundled.digest()))?;
            events.push(put_to_use(&used));
            Ok(used)
        })
    }

    /// What putting a catalog to use would do. Changes nothing, and refuses what [`Cairn::use_catalog`] refuses.
    pub fn look_at_catalog(
        &self,
        caller: &Caller,
        catalog: &Catalog,
        kind: Kind,
        leave_out: LeaveOut,
    ) -> Result<CatalogUse, Error> {
        let catalog = Arc::new(self.classified(catalog));
        self.read(caller, Action::ManageCatalog, |snapshot, _| self.weighed(snapshot, catalog, kind, leave_out))
    }

    /// Adds the activities of a file that the catalog in use does not have, and changes no other. What was
    /// not understood of them comes along.
    pub fn add_activities(&self, caller: &Caller, sources: &[Source<'_>]) -> Result<(CatalogUse, Vec<Fault>), Error> {
        caller.actor.authorize(Action::ManageCatalog)?;
        let there = self.store.read(|snapshot| self.catalog_in_use(snapshot))?.content();
        let (file, new) = File::read(sources, Some(Kind::Overlay)).only_new(&there);
        let Built { catalog, warnings, .. } = file.build(&there);
        match catalog {
            Err(faults) if new > 0 || faults.total() > 1 => Err(faults.into()),
            Err(_) => Err(Error::Refused("the catalog in use has every activity of this file already".into())),
            Ok(catalog) => Ok((self.use_catalog(caller, &catalog, Kind::Overlay, LeaveOut::Refuse)?, warnings)),
        }
    }

    /// Goes back to the bundled catalog.
    pub fn use_bundled_catalog(&self, caller: &Caller) -> Result<CatalogUse, Error> {
        caller.actor.authorize(Action::ManageCatalog)?;
        self.long_change(caller, |change, events| {
            let used = self.weighed(change, Arc::clone(&self.bundled), Kind::Whole, LeaveOut::Wanted)?;
            change.set_catalog_in_use(None)?;
            events.push(put_to_use(&used));
            Ok(used)
        })
    }

    /// What going back to the bundled catalog would do. Changes nothing.
    pub fn look_at_bundled_catalog(&self, caller: &Caller) -> Result<CatalogUse, Error> {
        self.read(caller, Action::ManageCatalog, |snapshot, _| {
            self.weighed(snapshot, Arc::clone(&self.bundled), Kind::Whole, LeaveOut::Wanted)
        })
    }

    /// A catalog beside the one in use; an error if it leaves out too much of what was answered.
    fn weighed(
        &self,
        snapshot: &mut Snapshot<'_>,
        catalog: Arc<Catalog>,
        kind: Kind,
        leave_out: LeaveOut,
    ) -> Result<CatalogUse, Error> {
        let before = self.catalog_in_use(snapshot)?;
        let left_out = left_out(snapshot, &before, &catalog, kind, leave_out)?;
        Ok(CatalogUse { catalog, before, left_out })
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

    /// An activity with what the teams last answered: as the catalog of the quarter has it that was
    /// asked for, or else as the one in use has it, or else any that an assessment was made with.
    pub fn activity(&self, caller: &Caller, id: &ActivityId, selection: Selection) -> Result<ActivitySeen, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let assessments = snapshot.assessments(sight)?;
            let in_use = self.catalog_in_use(snapshot)?;
            let asked_for = match selection.period {
                Some(period) => self.catalog_then(snapshot, sight, caller, selection, period)?,
                None => Arc::clone(&in_use),
            };
            let (mut catalog, mut index) = (Arc::clone(&asked_for), asked_for.find(id));
            let newer = std::iter::once(in_use.digest());
            for digest in newer.chain(assessments.iter().rev().map(|assessment| &assessment.catalog)) {
                if index.is_none() && digest != catalog.digest() {
                    catalog = self.catalog_of(snapshot, digest)?;
                    index = catalog.find(id);
                }
            }
            let index = index.ok_or(Error::NotFound("activity"))?;
            let now = if catalog.digest() == in_use.digest() {
                Currency::InUse
            } else {
                in_use.find(id).map_or(Currency::Gone, |_| Currency::Older)
            };
            let answers = self.team_answers(snapshot, sight, caller, &assessments, id)?;
            let (scale, roadmap) = (snapshot.settings()?.scale, self.roadmap_at(snapshot, sight, caller, selection)?);
            Ok(ActivitySeen { catalog, index, now, scale, roadmap, answers })
        })
    }

    /// The catalogs that assessments were made with, beside the one in use.
    pub fn catalogs(&self, caller: &Caller) -> Result<CatalogsSeen, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let in_use = self.catalog_in_use(snapshot)?;
            let mut others: Vec<KnownCatalog> = Vec::new();
            for assessment in snapshot.assessments(sight)? {
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

    /// What the last submitted assessment of each team that is not retired says about an activity.
    fn team_answers(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
        caller: &Caller,
        assessments: &[Assessment],
        id: &ActivityId,
    ) -> Result<Vec<TeamAnswer>, Error> {
        let last_of = |team: &Team| assessments.iter().rfind(|a| a.team == team.id && a.submitted.is_some());
        let mut teams = snapshot.teams(sight)?;
        teams.retain(|team| team.is_active_in(Period::containing(caller.at)));
        let last: Vec<(Team, &Assessment)> =
            teams.into_iter().filter_map(|team| last_of(&team).map(|assessment| (team, assessment))).collect();
        let ids: Vec<_> = last.iter().map(|(_, assessment)| assessment.id).collect();
        let mut answers = snapshot.answers_to(id, &ids)?;
        let mut seen = Vec::new();
        for (team, assessment) in last {
            seen.push(TeamAnswer {
                team,
                assessment: assessment.id,
                assessed: assessment.period,
                asked: self.catalog_of(snapshot, &assessment.catalog)?.find(id),
                answer: answers.remove(&assessment.id),
            });
        }
        Ok(seen)
    }
}

/// Another catalog is in use.
fn put_to_use(CatalogUse { catalog, before, left_out }: &CatalogUse) -> Event {
    Event::new(Deed::CatalogUsed, catalog.version().unwrap_or("a catalog without a version"))
        .with("catalog", catalog.digest().as_str())
        .with("before", before.digest().as_str())
        .with("left_out", *left_out)
}

/// How many of the answered activities a catalog does not have; an error if those are too many.
fn left_out(
    snapshot: &mut Snapshot<'_>,
    before: &Catalog,
    catalog: &Catalog,
    kind: Kind,
    leave_out: LeaveOut,
) -> Result<usize, Error> {
    const NAMED: usize = 5;
    let answered = snapshot.answered_activities()?;
    let left_out: Vec<&ActivityId> = answered.iter().filter(|id| catalog.find(id).is_none()).collect();
    let allowed = match kind {
        Kind::Overlay => 0,
        Kind::Whole => answered.len() / 2,
    };
    if leave_out == LeaveOut::Refuse && left_out.len() > allowed {
        let name = |id: &&ActivityId| match before.find(id) {
            Some(index) => format!("“{}”", before.activity(index).name),
            None => format!("the one with the id {id}"),
        };
        let names: Vec<String> = left_out.iter().take(NAMED).map(name).collect();
        let more = left_out.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        return Err(Error::Refused(format!(
            "{} of the {} activities that teams have answered would not be asked any more: {}{more}. Their answers would \
             stay in the assessments that have them, but not be carried on. Nothing was changed; say that answered \
             activities may be left out if you want it so",
            left_out.len(),
            answered.len(),
            names.join(", "),
        )));
    }
    Ok(left_out.len())
}
