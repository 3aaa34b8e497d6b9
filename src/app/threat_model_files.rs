//! Threat models from files of other tools, and as files for them.

use std::collections::HashSet;

use super::access::{authorized, sight};
use super::threat_models::{NewRevision, add, found, is_in_use, latest, revise, to_change};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::fault::{Fault, Place};
use crate::domain::named::Named;
use crate::domain::organization::{Name, Team, TeamId};
use crate::domain::threat_model::changes::Changes;
use crate::domain::threat_model::following::begun;
use crate::domain::threat_model::format::{Inspection, ReadModel};
use crate::domain::threat_model::merging::merged;
use crate::domain::threat_model::register::{FileOrigin, Registered, RevisionHead, ThreatModelId};
use crate::domain::threat_model::{PartId, ThreatModel};
use crate::formats::table::Table;
use crate::formats::{self, Source};
use crate::store::Snapshot;

/// How many characters of the name of a file are kept.
const NAME_KEPT: usize = 100;

/// Where a threat model that is read goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportInto {
    /// It is a model of the team of this name, as for [`ImportInto::Team`].
    TeamNamed(String),
    /// It is a model of this team: another revision of the one with its title, or a new one.
    Team(TeamId),
    /// It is another revision of this model.
    Model(ThreatModelId),
}

/// What a file did to the register, or would do.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreatModelImport {
    /// The model; `None`: it would be a new one.
    pub id: Option<ThreatModelId>,
    /// Whether anything changed.
    pub is_change: bool,
    /// What the file holds, with what was odd in it.
    pub inspection: Inspection,
    /// What changes in the model that was there; `None`: it is new.
    pub changes: Option<Changes>,
}

/// A file that was read, and what becomes of it.
struct Incoming {
    name: String,
    /// What it is called: by itself or, where it says nothing, by its file.
    title: String,
    read: ReadModel,
    inspection: Inspection,
}

impl Incoming {
    /// Reads a file. A day that has not come is none.
    fn read(caller: &Caller, source: Source<'_>) -> Result<Self, Error> {
        let formats::Reading { value: mut read, mut warnings } = formats::threat_model::read(source)?;
        let today = caller.at.date_naive();
        let place = || Place { source: source.name.to_owned(), ..Place::default() };
        for threat in read.model.threats.iter_mut().filter(|threat| threat.identified_on.is_some_and(|on| on > today)) {
            threat.identified_on = None;
            let message =
                format!("threat {} was found on a day that has not come yet; the day does not count", threat.title);
            warnings.push(Fault { place: place(), message });
        }
        if let Some(stated) = read.model.stated_date.filter(|stated| stated.on > today) {
            read.model.stated_date = None;
            let message = format!("the day {} has not come yet, and does not count", stated.on);
            warnings.push(Fault { place: place(), message });
        }
        let name = source.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_KEPT).collect();
        let stem = name.split('.').next().map(str::trim).filter(|stem| !stem.is_empty());
        let title = Some(read.model.title.as_str()).filter(|title| !title.is_empty());
        let title = title.or(stem).unwrap_or("Threat model").to_owned();
        let inspection = Inspection::new(&read, warnings);
        Ok(Self { name, title, read, inspection })
    }

    /// What a model becomes by it, and what changes.
    fn upon(
        &self,
        snapshot: &mut Snapshot<'_>,
        registered: &Registered,
        caller: &Caller,
    ) -> Result<(ThreatModel, Changes), Error> {
        let before = latest(snapshot, registered)?.model;
        let last = self.last_time(snapshot, registered)?;
        let mut after = merged(&before, last.as_ref(), self.read.clone(), caller.at.date_naive());
        // It has a number in its title because another model of the team is called the same.
        if before.title.strip_prefix(&self.title).is_some_and(is_number) {
            after.title.clone_from(&before.title);
        }
        let changes = Changes::between(&before, &after);
        Ok((after, changes))
    }

    /// What the model was when a file of this kind was read the last time.
    fn last_time(&self, snapshot: &mut Snapshot<'_>, registered: &Registered) -> Result<Option<ThreatModel>, Error> {
        let heads = snapshot.threat_model_heads(registered.id)?;
        let is_of_this_kind =
            |head: &&RevisionHead| head.file.as_ref().is_some_and(|file| file.format == self.read.format);
        let Some(head) = heads.iter().find(is_of_this_kind) else { return Ok(None) };
        Ok(snapshot.threat_model_revision(registered.id, head.number)?.map(|revision| revision.model))
    }

    /// Whether this is a file of a model: one of its parts has an id of a part of the file, or one of them has none.
    fn is_of(&self, model: &ThreatModel) -> bool {
        let of_file: HashSet<&PartId> = self.read.model.ids().collect();
        of_file.is_empty() || model.ids().next().is_none() || model.ids().any(|id| of_file.contains(id))
    }
}

impl Cairn {
    /// Says what a file holds and what it would change, and changes nothing.
    pub fn look_at_threat_model(
        &self,
        caller: &Caller,
        source: Source<'_>,
        into: &ImportInto,
    ) -> Result<ThreatModelImport, Error> {
        caller.actor.authorize(Action::Import)?;
        let incoming = Incoming::read(caller, source)?;
        self.read(caller, Action::Import, |snapshot, sight| {
            let Target { registered, .. } = target(snapshot, sight, caller, into, &incoming)?;
            let Some(registered) = registered else {
                return Ok(ThreatModelImport {
                    id: None,
                    is_change: true,
                    inspection: incoming.inspection,
                    changes: None,
                });
            };
            let (_, changes) = incoming.upon(snapshot, &registered, caller)?;
            let (id, is_change) = (Some(registered.id), !changes.is_empty());
            Ok(ThreatModelImport { id, is_change, inspection: incoming.inspection, changes: Some(changes) })
        })
    }

    /// Takes a file in: as a new threat model, or as another revision of one. A file that says what is known already
    /// changes nothing.
    pub fn import_threat_model(
        &self,
        caller: &Caller,
        source: Source<'_>,
        into: &ImportInto,
    ) -> Result<ThreatModelImport, Error> {
        caller.actor.authorize(Action::Import)?;
        let incoming = Incoming::read(caller, source)?;
        self.long_change(caller, |change, events| {
            let sight = sight(change, caller)?;
            let Target { team, registered, title } = target(change, &sight, caller, into, &incoming)?;
            let file = Some(FileOrigin { format: incoming.read.format, name: incoming.name.clone() });
            let images = incoming.read.images.clone();
            let warnings: Vec<String> = incoming.inspection.warnings.iter().map(ToString::to_string).collect();
            let Some(registered) = registered else {
                let mut model = begun(incoming.read, caller.at.date_naive());
                model.title = title;
                let summary = format!("Imported from {}", incoming.inspection.format.title());
                let new = NewRevision { model, summary, file, warnings, images };
                let (id, event) = add(change, caller, &team, None, new)?;
                events.push(event);
                let (id, inspection) = (Some(id), incoming.inspection);
                return Ok(ThreatModelImport { id, is_change: true, inspection, changes: None });
            };
            let (model, changes) = incoming.upon(change, &registered, caller)?;
            let is_change = !changes.is_empty();
            if is_change {
                let new = NewRevision { model, summary: changes.summary(), file, warnings, images };
                events.push(revise(change, caller, &registered, &team, new)?);
            }
            let (id, inspection) = (Some(registered.id), incoming.inspection);
            Ok(ThreatModelImport { id, is_change, inspection, changes: Some(changes) })
        })
    }

    /// Makes a threat model again what it was in a revision, as another revision.
    pub fn take_threat_model_back(&self, caller: &Caller, id: ThreatModelId, number: u32) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let (registered, team) = to_change(change, caller, id)?;
            let missing = || Error::NotFound("revision of this threat model");
            let model = change.threat_model_revision(id, number)?.ok_or_else(missing)?.model;
            if model == latest(change, &registered)?.model {
                return Err(Error::Refused(format!("it is what it was in revision {number} already")));
            }
            let summary = format!("Taken back to revision {number}");
            let new = NewRevision::by_hand(model, summary);
            events.push(revise(change, caller, &registered, &team, new)?);
            Ok(())
        })
    }

    /// A threat model as a file.
    pub fn threat_model_file(&self, caller: &Caller, id: ThreatModelId, file: ModelFile) -> Result<Vec<u8>, Error> {
        let (team, model) = self.read(caller, Action::View, |snapshot, sight| {
            let (registered, team) = found(snapshot, sight, id)?;
            Ok((team, latest(snapshot, &registered)?.model))
        })?;
        let broken = |error: &dyn std::fmt::Display| Error::Broken(error.to_string());
        let of = [(team.name.as_str(), &model)];
        let today = caller.at.date_naive();
        let workbook = |table: Table, sheet| formats::xlsx::workbook(&table, sheet).map_err(|error| broken(&error));
        match file {
            ModelFile::Json => {
                formats::threat_model::own::write(&model).map(String::into_bytes).map_err(|error| broken(&error))
            }
            ModelFile::ThreatDragon => {
                formats::threat_model::dragon::write(&model).map(String::into_bytes).map_err(|error| broken(&error))
            }
            ModelFile::ThreatsCsv => Ok(formats::threats::threats(&of, today).to_csv()),
            ModelFile::ThreatsXlsx => workbook(formats::threats::threats(&of, today), "threats"),
            ModelFile::MitigationsCsv => Ok(formats::threats::mitigations(&of).to_csv()),
            ModelFile::MitigationsXlsx => workbook(formats::threats::mitigations(&of), "mitigations"),
        }
    }
}

/// The files of a threat model, by the names under which they are downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelFile {
    /// Everything, in the structure of Cairn.
    Json,
    /// For OWASP Threat Dragon 2.
    ThreatDragon,
    /// The threats, as CSV.
    ThreatsCsv,
    /// The threats, as a workbook.
    ThreatsXlsx,
    /// The mitigations, as CSV.
    MitigationsCsv,
    /// The mitigations, as a workbook.
    MitigationsXlsx,
}

impl Named for ModelFile {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("threat-model.json", Self::Json),
        ("threat-dragon.json", Self::ThreatDragon),
        ("threats.csv", Self::ThreatsCsv),
        ("threats.xlsx", Self::ThreatsXlsx),
        ("mitigations.csv", Self::MitigationsCsv),
        ("mitigations.xlsx", Self::MitigationsXlsx),
    ];
}

/// Whether this is what is put behind the title of another model that is called the same.
fn is_number(rest: &str) -> bool {
    let number = rest.strip_prefix(" (").and_then(|rest| rest.strip_suffix(')'));
    number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
}

/// Where a file goes.
struct Target {
    team: Team,
    /// The model that it is of; `None`: it is new.
    registered: Option<Registered>,
    /// What the model is called.
    title: String,
}

/// Where a file goes, for somebody who may change what is there.
fn target(
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    caller: &Caller,
    into: &ImportInto,
    incoming: &Incoming,
) -> Result<Target, Error> {
    match into {
        ImportInto::Model(id) => {
            let (registered, team) = found(snapshot, sight, *id)?;
            caller.actor.authorize_for(Action::Import, &team)?;
            is_in_use(&registered)?;
            let title = registered.latest.facts.title.clone();
            Ok(Target { team, registered: Some(registered), title })
        }
        ImportInto::TeamNamed(name) => {
            let key = Name::new(name).map_err(|error| Error::invalid("team", error))?.key();
            let team = snapshot.teams(sight)?.into_iter().find(|team| team.name.key() == key);
            target(snapshot, sight, caller, &ImportInto::Team(team.ok_or(Error::NotFound("team"))?.id), incoming)
        }
        ImportInto::Team(id) => {
            let team = authorized(snapshot, caller, Action::Import, *id)?;
            let mut models = snapshot.threat_models_of(sight, *id)?;
            models.retain(|model| model.archived_at.is_none());
            // Tools call every new model the same, so a title alone does not tell whether it is the same model.
            let mut title = incoming.title.clone();
            for number in 2.. {
                let key = title.to_lowercase();
                let found = models.iter().find(|model| model.latest.facts.title.to_lowercase() == key);
                let Some(registered) = found.cloned() else { break };
                if incoming.is_of(&latest(snapshot, &registered)?.model) {
                    return Ok(Target { team, registered: Some(registered), title });
                }
                title = format!("{} ({number})", incoming.title);
            }
            Ok(Target { team, registered: None, title })
        }
    }
}
