//! Importing files: all that they say together, or nothing of it.

mod answers;
mod evidence;
mod scale;
mod teams;

use std::collections::{HashMap, HashSet};

use self::answers::batches;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::audit::Event;
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::import::{self, Changes, Difference, Fate, Subject};
use crate::domain::organization::{Name, TeamId};
use crate::domain::scale::ProgressScale;
use crate::formats::Source;
use crate::formats::incoming::{self, Incoming, Known};
use crate::formats::intake::Intake;
use crate::store::{self, ActivityKeys, Change};

/// How to import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Submit the assessments that the files speak of.
    pub submit: bool,
    /// Pass over what is about activities that the catalog does not have, with a warning.
    pub skip_unknown: bool,
    /// Find out what would happen, but change nothing.
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// The names of the teams that were added.
    pub teams_added: Vec<String>,
    /// How many assessments were opened.
    pub opened: usize,
    /// How many answers were recorded.
    pub recorded: usize,
    /// How many answers say what is recorded already.
    pub unchanged: usize,
    /// How many assessments were submitted.
    pub submitted: usize,
    /// What was passed over.
    pub warnings: Vec<Fault>,
    /// What became of everything.
    pub changes: Changes,
}

impl ImportSummary {
    /// The same, without what tells which answers and assessments were there before.
    fn without_what_was_there(self) -> Self {
        let (recorded, changes) = (self.recorded + self.unchanged, Changes::default());
        Self { opened: 0, recorded, unchanged: 0, changes, ..self }
    }
}

/// What came of an import.
#[derive(Debug, Clone)]
pub struct ImportOutcome {
    /// What was done or, if it was not, would be done if nothing were wrong.
    pub summary: ImportSummary,
    /// What is wrong; then nothing was done.
    pub faults: Faults,
    /// Whether it was done.
    pub is_done: bool,
}

/// How a transaction of an import ends without effect.
enum End {
    /// It was only a trial, there are faults, or it would do something else than was expected.
    Trial(Box<ImportOutcome>),
    Error(Error),
}

impl From<store::Error> for End {
    fn from(error: store::Error) -> Self {
        Self::Error(error.into())
    }
}

impl store::Cause for End {
    fn cause(&self) -> Option<&store::Error> {
        match self {
            Self::Error(error) => error.cause(),
            Self::Trial(_) => None,
        }
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Cairn {
    /// Imports files together: teams and assessments that are missing are made, answers and evidence are
    /// added to those that are there. Nothing is changed if any file has a fault. Who imports for some
    /// teams only adds no teams, and learns nothing of others.
    pub fn import(
        &self,
        caller: &Caller,
        sources: &[Source<'_>],
        options: ImportOptions,
    ) -> Result<ImportSummary, Error> {
        let ImportOutcome { summary, faults, .. } = self.try_import(caller, sources, options, None)?;
        let summary = faults.or(summary)?;
        // Who may not see anything is not told what was there before.
        Ok(if caller.actor.may(Action::View) { summary } else { summary.without_what_was_there() })
    }

    /// What an import would do, and what of it cannot be done: then nothing would be done at all.
    pub fn preview_import(
        &self,
        caller: &Caller,
        sources: &[Source<'_>],
        options: ImportOptions,
    ) -> Result<ImportOutcome, Error> {
        caller.actor.authorize(Action::View)?;
        self.try_import(caller, sources, ImportOptions { dry_run: true, ..options }, None)
    }

    /// Imports, but only what somebody saw: the changes with this fingerprint. If there are faults, or if something
    /// else would change by now, nothing is done. Who may not see anything had no preview, and is told what
    /// [`Cairn::import`] tells.
    pub fn import_as_seen(
        &self,
        caller: &Caller,
        sources: &[Source<'_>],
        options: ImportOptions,
        seen: &str,
    ) -> Result<ImportOutcome, Error> {
        if !caller.actor.may(Action::View) {
            let summary = self.import(caller, sources, options)?;
            return Ok(ImportOutcome { summary, faults: Faults::default(), is_done: true });
        }
        self.try_import(caller, sources, options, Some(seen))
    }

    fn try_import(
        &self,
        caller: &Caller,
        sources: &[Source<'_>],
        options: ImportOptions,
        seen: Option<&str>,
    ) -> Result<ImportOutcome, Error> {
        caller.actor.authorize(Action::Import)?;
        if options.submit {
            caller.actor.authorize(Action::Assess)?;
        }
        let (scale, catalog) =
            self.store.read(|snapshot| Ok::<_, Error>((snapshot.settings()?.scale, self.catalog_in_use(snapshot)?)))?;
        let known = Known { scale: &scale, catalog: &catalog, today: caller.at.date_naive() };
        let Incoming { intake, warnings, faults } = incoming::read(sources, known);
        let result = self.long_change(caller, |change, events| {
            let summary = ImportSummary { warnings, ..ImportSummary::default() };
            let import = Import {
                cairn: self,
                change,
                caller,
                options,
                summary,
                events,
                faults,
                keys: ActivityKeys::default(),
                scale,
                teams: HashMap::new(),
                names: HashMap::new(),
                opened: HashSet::new(),
            };
            let (summary, faults) = import.run(&intake)?;
            let is_as_seen = seen.is_none_or(|seen| seen == summary.changes.fingerprint());
            let is_done = is_as_seen && faults.is_empty() && !options.dry_run;
            let outcome = ImportOutcome { summary, faults, is_done };
            if is_done { Ok(outcome) } else { Err(End::Trial(Box::new(outcome))) }
        });
        match result {
            Ok(outcome) => Ok(outcome),
            Err(End::Trial(outcome)) => Ok(*outcome),
            Err(End::Error(error)) => Err(error),
        }
    }
}

/// An import under way, in one change of the database. It goes on after a fault, so that all are found;
/// what it did by then is taken back.
struct Import<'a, 'c> {
    cairn: &'a Cairn,
    change: &'a mut Change<'c>,
    caller: &'a Caller,
    options: ImportOptions,
    summary: ImportSummary,
    events: &'a mut Vec<Event>,
    faults: Faults,
    keys: ActivityKeys,
    /// The steps that answers take.
    scale: ProgressScale,
    /// All teams by the key of their names.
    teams: HashMap<String, TeamId>,
    /// Their names.
    names: HashMap<TeamId, Name>,
    /// The teams for which it opened an assessment.
    opened: HashSet<TeamId>,
}

impl Import<'_, '_> {
    fn run(mut self, intake: &Intake) -> Result<(ImportSummary, Faults), Error> {
        if let Some((at, scale)) = &intake.scale {
            self.take_scale(at, scale)?;
        }
        if self.take_teams(intake)? {
            self.take_answers(&batches(&intake.answers))?;
            self.take_evidence(&intake.evidence)?;
        }
        Ok((self.summary, self.faults))
    }

    fn team(&self, name: &Name) -> Result<TeamId, Error> {
        self.teams.get(&name.key()).copied().ok_or(Error::NotFound("team"))
    }

    /// The name of a team, as it is recorded.
    fn name_of(&self, team: TeamId) -> &str {
        self.names.get(&team).map_or("", Name::as_str)
    }

    /// Notes what was passed over. A file with nothing but such rows must not fill the memory.
    fn warn(&mut self, place: Place, message: String) {
        if self.summary.warnings.len() < 10 * Faults::KEPT {
            self.summary.warnings.push(Fault { place, message });
        }
    }

    /// Notes what becomes of something.
    fn note(&mut self, place: Place, subject: Subject, fate: Fate, name: String, differences: Vec<Difference>) {
        self.summary.changes.note(import::Change { place, subject, fate, name, differences });
    }
}
