//! The register of threat models: what a team models, changed part by part, looked at again, put aside.

use super::access::{authorized, sight};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::named::Named as _;
use crate::domain::organization::{Team, TeamId};
use crate::domain::threat_model::analysis;
use crate::domain::threat_model::diagram::{Image, ImageDigest};
use crate::domain::threat_model::entry::{self, Fields};
use crate::domain::threat_model::freshness::{NewRecord, RecordForm};
use crate::domain::threat_model::part::{Part, PartKind};
use crate::domain::threat_model::register::{
    Facts, FileOrigin, Registered, ReviewRecord, Revision, RevisionHead, ThreatModelId,
};
use crate::domain::threat_model::seen::{KeptModel, ModelRevision};
use crate::domain::threat_model::{PartId, ThreatModel};
use crate::domain::view::Selection;
use crate::store::{Change, Snapshot};

/// How many threat models a team can have that are not put aside.
const MODELS_LIMIT: usize = 200;

/// What is done with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartChange {
    /// A new one is added.
    Add(Fields),
    /// It is changed.
    Change(PartId, Fields),
    /// It is taken out.
    Remove(PartId),
}

/// What a revision is to be kept with.
pub(super) struct NewRevision {
    pub(super) model: ThreatModel,
    pub(super) summary: String,
    pub(super) file: Option<FileOrigin>,
    pub(super) warnings: Vec<String>,
    pub(super) images: Vec<Image>,
}

impl NewRevision {
    /// One that was entered here.
    pub(super) fn by_hand(model: ThreatModel, summary: String) -> Self {
        Self { model, summary, file: None, warnings: Vec::new(), images: Vec::new() }
    }
}

impl Cairn {
    /// A threat model as it is now, for somebody who sees its team.
    pub fn threat_model(&self, caller: &Caller, id: ThreatModelId) -> Result<KeptModel, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (registered, team) = found(snapshot, sight, id)?;
            let revision = latest(snapshot, &registered)?;
            Ok(KeptModel { registered, team, model: revision.model, today: caller.at.date_naive() })
        })
    }

    /// The revisions of a threat model, and one of them with the one before it: the latest when none is named.
    pub fn threat_model_revision(
        &self,
        caller: &Caller,
        id: ThreatModelId,
        number: Option<u32>,
    ) -> Result<ModelRevision, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (registered, team) = found(snapshot, sight, id)?;
            let number = number.unwrap_or(registered.latest.number);
            let missing = || Error::NotFound("revision of this threat model");
            let revision = snapshot.threat_model_revision(id, number)?.ok_or_else(missing)?;
            let before = match number.checked_sub(1).filter(|&before| before > 0) {
                Some(before) => snapshot.threat_model_revision(id, before)?,
                None => None,
            };
            Ok(ModelRevision { registered, team, heads: snapshot.threat_model_heads(id)?, revision, before })
        })
    }

    /// A picture that came with a threat model.
    pub fn threat_model_image(&self, caller: &Caller, id: ThreatModelId, digest: &ImageDigest) -> Result<Image, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            found(snapshot, sight, id)?;
            snapshot.threat_model_image(id, digest)?.ok_or(Error::NotFound("picture"))
        })
    }

    /// The teams for which somebody may add and change threat models, with what is looked at.
    pub fn teams_to_model(&self, caller: &Caller, selection: Selection) -> Result<Vec<Team>, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.look(caller, selection, |eye| {
            let teams = eye.view.teams.iter().filter(|team| team.retired_at.is_none());
            Ok(teams.filter(|team| caller.actor.may_for(Action::Assess, team)).cloned().collect())
        })
    }

    /// Adds a threat model that is entered here.
    pub fn add_threat_model(&self, caller: &Caller, team: TeamId, fields: &Fields) -> Result<ThreatModelId, Error> {
        caller.actor.authorize(Action::Assess)?;
        let about = entry::read_about(fields, &ThreatModel::default()).map_err(Error::Invalid)?;
        self.change(caller, |change, events| {
            let team = authorized(change, caller, Action::Assess, team)?;
            let new = NewRevision::by_hand(about.model, "Added".to_owned());
            let (id, event) = add(change, caller, &team, about.interval_days, new)?;
            events.push(event);
            Ok(id)
        })
    }

    /// Changes what a model is about. `seen` is the revision that the person saw.
    pub fn change_threat_model(
        &self,
        caller: &Caller,
        id: ThreatModelId,
        seen: u32,
        fields: &Fields,
    ) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let (registered, team) = to_change(change, caller, id)?;
            let current = latest(change, &registered)?.model;
            let about = entry::read_about(fields, &current).map_err(Error::Invalid)?;
            let is_same = about.model == current;
            if !is_same && seen != registered.latest.number {
                let before = change.threat_model_revision(id, seen)?.ok_or_else(overtaken)?.model;
                if entry::fields_about(&before, None) != entry::fields_about(&current, None) {
                    return Err(overtaken());
                }
            }
            is_unique(change, &team, id, &about.model.title)?;
            if about.interval_days != registered.interval_days {
                change.set_threat_model_interval(id, about.interval_days)?;
                if is_same {
                    let event = event(Deed::ThreatModelChanged, &team, &current.title);
                    events.push(event.with("review_interval_days", about.interval_days));
                }
            }
            if !is_same {
                let summary = "Changed what the model is about".to_owned();
                let new = NewRevision::by_hand(about.model, summary);
                events.push(revise(change, caller, &registered, &team, new)?);
            }
            Ok(())
        })
    }

    /// Adds, changes or takes out a part of a model. `seen` is the revision that the person saw: who changes
    /// another part than somebody else meanwhile does not stand in their way.
    pub fn change_threat_model_part(
        &self,
        caller: &Caller,
        id: ThreatModelId,
        kind: PartKind,
        seen: u32,
        part: &PartChange,
    ) -> Result<PartId, Error> {
        self.change(caller, |change, events| {
            let (registered, team) = to_change(change, caller, id)?;
            let mut model = latest(change, &registered)?.model;
            let missing = || Error::NotFound("part of this threat model");
            if let PartChange::Change(part, _) | PartChange::Remove(part) = part
                && seen != registered.latest.number
            {
                let before = change.threat_model_revision(id, seen)?.ok_or_else(overtaken)?.model;
                if before.part(kind, part) != model.part(kind, part) {
                    return Err(overtaken());
                }
            }
            let before = model.clone();
            let (part, summary) = match part {
                PartChange::Add(fields) => {
                    let new = entry::read_part(fields, &model, model.new_part(kind)).map_err(Error::Invalid)?;
                    has_come(&new, caller)?;
                    let new = dated(new, caller);
                    let summary = format!("Added {} {}", kind.noun(), new.title());
                    let id = new.id().clone();
                    model.put(new.clone());
                    entry::put_inside(&mut model, &new, fields);
                    (id, summary)
                }
                PartChange::Change(part, fields) => {
                    let old = model.part(kind, part).ok_or_else(missing)?;
                    let is_as_shown = fields.say_the_same(&entry::fields_in(&model, &old));
                    let new = entry::read_part(fields, &model, old).map_err(Error::Invalid)?;
                    has_come(&new, caller)?;
                    let summary = format!("Changed {} {}", kind.noun(), new.title());
                    // What was not touched stays as its file wrote it, however a form tidies it.
                    if !is_as_shown {
                        model.put(new.clone());
                        entry::put_inside(&mut model, &new, fields);
                    }
                    (part.clone(), summary)
                }
                PartChange::Remove(part) => {
                    let old = model.part(kind, part).ok_or_else(missing)?;
                    model.remove(part);
                    (part.clone(), format!("Took out {} {}", kind.noun(), old.title()))
                }
            };
            model.settle();
            if model != before {
                let new = NewRevision::by_hand(model, summary);
                events.push(revise(change, caller, &registered, &team, new)?);
            }
            Ok(part)
        })
    }

    /// Records that somebody went through a model, or that what it models changed.
    pub fn record_threat_model_review(
        &self,
        caller: &Caller,
        id: ThreatModelId,
        form: RecordForm<'_>,
    ) -> Result<(), Error> {
        caller.actor.authorize(Action::Assess)?;
        let (by, at) = (caller.actor.name().to_owned(), caller.at);
        let new = NewRecord::read(form, at.date_naive()).map_err(Error::Invalid)?;
        let NewRecord { kind, on, note, participants } = new;
        let record = ReviewRecord { kind, on, note, participants, by, at };
        self.change(caller, |change, events| {
            let (registered, team) = to_change(change, caller, id)?;
            change.add_threat_model_record(id, &record)?;
            let event = event(Deed::ThreatModelReviewed, &team, &registered.latest.facts.title);
            events.push(event.with("what", kind.name()).with("on", record.on.to_string()));
            Ok(())
        })
    }

    /// Puts a threat model aside, since what it models is not there any more, or takes it up again.
    pub fn set_threat_model_aside(&self, caller: &Caller, id: ThreatModelId, aside: bool) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let (registered, team) = to_change_even_aside(change, caller, id)?;
            if registered.archived_at.is_some() == aside {
                return Ok(());
            }
            let title = &registered.latest.facts.title;
            if !aside {
                is_unique(change, &team, id, title)?;
            }
            change.archive_threat_model(id, aside.then_some(caller.at))?;
            let deed = if aside { Deed::ThreatModelArchived } else { Deed::ThreatModelRestored };
            events.push(event(deed, &team, title));
            Ok(())
        })
    }
}

/// An error if a threat was found on a day that has not come.
fn has_come(part: &Part, caller: &Caller) -> Result<(), Error> {
    let today = caller.at.date_naive();
    match part {
        Part::Threat(threat) if threat.identified_on.is_some_and(|on| on > today) => {
            Err(Error::invalid("identified_on", format!("it has not come yet; the last possible day is {today}")))
        }
        _ => Ok(()),
    }
}

/// A new threat is found on the day on which it is entered, unless another day is said.
fn dated(part: Part, caller: &Caller) -> Part {
    match part {
        Part::Threat(mut threat) => {
            threat.identified_on = threat.identified_on.or(Some(caller.at.date_naive()));
            Part::Threat(threat)
        }
        other => other,
    }
}

/// A threat model that somebody sees, and its team.
pub(super) fn found(
    snapshot: &mut Snapshot<'_>,
    sight: &Sight,
    id: ThreatModelId,
) -> Result<(Registered, Team), Error> {
    let missing = || Error::NotFound("threat model");
    let registered = snapshot.threat_model(sight, id)?.ok_or_else(missing)?;
    let team = snapshot.team(sight, registered.team)?.ok_or_else(missing)?;
    Ok((registered, team))
}

/// What a threat model is now.
pub(super) fn latest(snapshot: &mut Snapshot<'_>, registered: &Registered) -> Result<Revision, Error> {
    let revision = snapshot.threat_model_revision(registered.id, registered.latest.number)?;
    revision.ok_or_else(|| Error::Broken("a threat model has no revision".to_owned()))
}

/// A threat model for somebody who may change it.
pub(super) fn to_change(
    change: &mut Change<'_>,
    caller: &Caller,
    id: ThreatModelId,
) -> Result<(Registered, Team), Error> {
    let (registered, team) = to_change_even_aside(change, caller, id)?;
    is_in_use(&registered)?;
    Ok((registered, team))
}

/// An error if a model is put aside.
pub(super) fn is_in_use(registered: &Registered) -> Result<(), Error> {
    if registered.archived_at.is_some() {
        return Err(Error::Refused("this threat model is put aside; take it up again first".to_owned()));
    }
    Ok(())
}

fn to_change_even_aside(
    change: &mut Change<'_>,
    caller: &Caller,
    id: ThreatModelId,
) -> Result<(Registered, Team), Error> {
    caller.actor.authorize(Action::Assess)?;
    let sight = sight(change, caller)?;
    let (registered, team) = found(change, &sight, id)?;
    caller.actor.authorize_for(Action::Assess, &team)?;
    Ok((registered, team))
}

/// That somebody else was faster.
fn overtaken() -> Error {
    Error::Overtaken("somebody else changed this meanwhile, so nothing was done".to_owned())
}

/// An error if the team has another model of this title that is not put aside.
fn is_unique(snapshot: &mut Snapshot<'_>, team: &Team, id: ThreatModelId, title: &str) -> Result<(), Error> {
    let mut others = in_use(snapshot, team)?;
    others.retain(|other| other.id != id);
    is_of_none(&others, team, title)
}

/// The models of a team that are not put aside.
fn in_use(snapshot: &mut Snapshot<'_>, team: &Team) -> Result<Vec<Registered>, Error> {
    let mut models = snapshot.threat_models_of(&Sight::Everything, team.id)?;
    models.retain(|model| model.archived_at.is_none());
    Ok(models)
}

/// An error if one of these models of a team has this title.
fn is_of_none(models: &[Registered], team: &Team, title: &str) -> Result<(), Error> {
    if models.iter().any(|model| model.latest.facts.title.to_lowercase() == title.to_lowercase()) {
        let message = format!("{} has a threat model of this title already", team.name);
        return Err(Error::invalid("title", message));
    }
    Ok(())
}

/// Adds a threat model to the register, and says what is to be recorded of it.
pub(super) fn add(
    change: &mut Change<'_>,
    caller: &Caller,
    team: &Team,
    interval_days: Option<u32>,
    new: NewRevision,
) -> Result<(ThreatModelId, Event), Error> {
    if team.retired_at.is_some() {
        return Err(Error::Refused(format!("{} is retired", team.name)));
    }
    let models = in_use(change, team)?;
    is_of_none(&models, team, &new.model.title)?;
    if models.len() >= MODELS_LIMIT {
        let message = format!("{} has {MODELS_LIMIT} threat models; put some aside first", team.name);
        return Err(Error::Refused(message));
    }
    let id = change.add_threat_model(team.id, interval_days)?;
    let event = with_file(event(Deed::ThreatModelAdded, team, &new.model.title), new.file.as_ref());
    keep(change, caller, id, 1, new)?;
    Ok((id, event))
}

/// Gives a threat model another revision, and says what is to be recorded of it.
pub(super) fn revise(
    change: &mut Change<'_>,
    caller: &Caller,
    registered: &Registered,
    team: &Team,
    new: NewRevision,
) -> Result<Event, Error> {
    let number = registered.latest.number.saturating_add(1);
    let event = event(Deed::ThreatModelChanged, team, &new.model.title).with("revision", number);
    let event = with_file(event.with("what", new.summary.as_str()), new.file.as_ref());
    keep(change, caller, registered.id, number, new)?;
    Ok(event)
}

fn keep(
    change: &mut Change<'_>,
    caller: &Caller,
    id: ThreatModelId,
    number: u32,
    new: NewRevision,
) -> Result<(), Error> {
    let NewRevision { mut model, summary, file, warnings, images } = new;
    model.settle();
    let facts = Facts::of(&model, analysis::treated_without_mitigation(&model));
    let saved_by = caller.actor.name().to_owned();
    let head = RevisionHead { number, saved_at: caller.at, saved_by, summary, file, facts };
    change.add_threat_model_revision(id, &Revision { head, warnings, model }, &images)?;
    Ok(())
}

/// Something that is to be recorded of a threat model.
pub(super) fn event(deed: Deed, team: &Team, title: &str) -> Event {
    Event::new(deed, format!("{title} of {}", team.name))
}

fn with_file(event: Event, file: Option<&FileOrigin>) -> Event {
    match file {
        Some(file) => event.with("file", file.name.as_str()).with("format", file.format.title()),
        None => event,
    }
}
