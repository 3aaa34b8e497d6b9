//! Importing answers: all of a file or nothing of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::answers::{answer_of, follow_events};
use super::assessments::{current_answers, has_begun};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Answer, Assessment, AssessmentId};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::organization::{Name, TeamId};
use crate::domain::period::Period;
use crate::formats::answers::Row;
use crate::formats::{self, Source};
use crate::store::{self, ActivityKeys, Change};

/// How to import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Submit the assessments that the files speak of.
    pub submit: bool,
    /// Pass over answers to activities that the catalog does not have, with a warning.
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
    /// How many rows say what is recorded already.
    pub unchanged: usize,
    /// How many assessments were submitted.
    pub submitted: usize,
    /// What was passed over.
    pub warnings: Vec<Fault>,
}

impl ImportSummary {
    /// The same, without what tells which answers and assessments were there before.
    fn without_what_was_there(self) -> Self {
        Self { opened: 0, recorded: self.recorded + self.unchanged, unchanged: 0, ..self }
    }
}

/// How many characters of the name of a file are recorded.
const NAME_KEPT: usize = 100;

/// The names of how many files are recorded.
const FILES_KEPT: usize = 20;

/// How a transaction of an import ends without effect.
enum End {
    DryRun(ImportSummary),
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
            Self::DryRun(_) => None,
        }
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The name of a file and what is in it.
type File<'a> = (&'a str, Vec<Row>);

/// The answers of one team in one quarter, with the file they come from.
struct Batch<'a> {
    team: &'a Name,
    period: Period,
    rows: Vec<(&'a str, &'a Row)>,
}

impl Cairn {
    /// Imports files of answers together: teams and assessments that are missing are made, answers
    /// are added to those that are there. Nothing is changed if any file has a fault. Who imports for some
    /// teams only adds no teams, and learns nothing of others.
    pub fn import(
        &self,
        caller: &Caller,
        sources: &[Source<'_>],
        options: ImportOptions,
    ) -> Result<ImportSummary, Error> {
        caller.actor.authorize(Action::Import)?;
        if options.submit {
            caller.actor.authorize(Action::Assess)?;
        }
        let (files, warnings) = self.read_files(sources)?;
        let batches = batches(&files);
        let result = self.change(caller, |change, events| {
            let summary = ImportSummary { warnings, ..ImportSummary::default() };
            let summary = Import::new(self, change, caller, options, summary, events).run(&batches)?;
            if options.dry_run { Err(End::DryRun(summary)) } else { Ok(summary) }
        });
        let summary = match result {
            Ok(summary) | Err(End::DryRun(summary)) => summary,
            Err(End::Error(error)) => return Err(error),
        };
        // Who may not see anything is not told what was there before.
        Ok(if caller.actor.may(Action::View) { summary } else { summary.without_what_was_there() })
    }

    /// The rows of all files and what was passed over in them, or the faults of all files.
    fn read_files<'a>(&self, sources: &[Source<'a>]) -> Result<(Vec<File<'a>>, Vec<Fault>), Error> {
        let scale = self.store.read(|snapshot| snapshot.settings())?.scale;
        let (mut files, mut warnings, mut faults) = (Vec::new(), Vec::new(), Faults::default());
        for source in sources {
            if !formats::answers::is_answers(source.bytes) {
                let head = formats::answers::COLUMNS.join(",");
                let message =
                    format!("this is not a file that can be imported; answers are a CSV file with the head {head}");
                faults.push(Place { source: source.name.to_owned(), ..Place::default() }, message);
                continue;
            }
            match formats::answers::read(*source, &scale) {
                Ok(reading) => {
                    warnings.extend(reading.warnings);
                    files.push((source.name, reading.value));
                }
                Err(found) => faults.extend(found),
            }
        }
        Ok(faults.or((files, warnings))?)
    }
}

/// An import under way, in one change of the database.
struct Import<'a, 'c> {
    cairn: &'a Cairn,
    change: &'a mut Change<'c>,
    caller: &'a Caller,
    options: ImportOptions,
    summary: ImportSummary,
    events: &'a mut Vec<Event>,
    faults: Faults,
    keys: ActivityKeys,
    /// All teams by the key of their names.
    teams: HashMap<String, TeamId>,
    /// By team and quarter, the answers that the files speak of.
    recorded: BTreeMap<(TeamId, Period), Vec<(AssessmentId, ActivityId)>>,
}

impl<'a, 'c> Import<'a, 'c> {
    fn new(
        cairn: &'a Cairn,
        change: &'a mut Change<'c>,
        caller: &'a Caller,
        options: ImportOptions,
        summary: ImportSummary,
        events: &'a mut Vec<Event>,
    ) -> Self {
        let (faults, keys, teams) = (Faults::default(), ActivityKeys::default(), HashMap::new());
        Self { cairn, change, caller, options, summary, events, faults, keys, teams, recorded: BTreeMap::new() }
    }

    fn run(mut self, batches: &[Batch<'_>]) -> Result<ImportSummary, Error> {
        self.make_teams(batches)?;
        if !self.faults.is_empty() {
            return Ok(self.faults.or(self.summary)?);
        }
        for batch in batches {
            self.batch(batch)?;
        }
        // Only now is every provider there that the files speak of.
        for (team, period) in self.recorded.keys().copied().collect::<Vec<_>>() {
            self.check_hops(batches, team, period)?;
            self.let_follow(team, period)?;
        }
        Ok(self.faults.or(self.summary)?)
    }

    /// Adds the teams that are missing, in the order of their names.
    fn make_teams(&mut self, batches: &[Batch<'_>]) -> Result<(), Error> {
        let actor = &self.caller.actor;
        let mut teams = self.change.teams(&Sight::Everything)?;
        // Who may not add teams is told the same of one that is not theirs and of one that is not there.
        if !actor.may_for_all(Action::ManageTeams) {
            teams.retain(|team| actor.may_for(Action::Import, team));
            let own: HashSet<String> = teams.iter().map(|team| team.name.key()).collect();
            for (source, row) in batches.iter().flat_map(|batch| &batch.rows) {
                if !own.contains(&row.team.key()) {
                    let message = format!("{} is not a team that you may import answers for", row.team);
                    self.faults.push(place(source, row, "team"), message);
                }
                if let Some(Some(provider)) = &row.inherited_from
                    && !own.contains(&provider.key())
                {
                    let message = format!("{provider} is not a team that you may import answers for");
                    self.faults.push(place(source, row, "inherited_from"), message);
                }
            }
            if !self.faults.is_empty() {
                return Ok(());
            }
        }
        self.teams = teams.into_iter().map(|team| (team.name.key(), team.id)).collect();
        let rows = batches.iter().flat_map(|batch| &batch.rows);
        let providers = rows.filter_map(|(_, row)| row.inherited_from.as_ref()?.as_ref());
        let mut wanted: Vec<&Name> = batches.iter().map(|batch| batch.team).chain(providers).collect();
        wanted.sort();
        for name in wanted {
            if !self.teams.contains_key(&name.key()) {
                let id = self.change.add_team(name, "", self.caller.at)?;
                self.teams.insert(name.key(), id);
                self.summary.teams_added.push(name.to_string());
                self.events.push(Event::new(Deed::TeamAdded, name.as_str()).with("team", id.0));
            }
        }
        Ok(())
    }

    fn team(&self, name: &Name) -> Result<TeamId, Error> {
        self.teams.get(&name.key()).copied().ok_or(Error::NotFound("team"))
    }

    /// The answers of one team in one quarter.
    fn batch(&mut self, batch: &Batch<'_>) -> Result<(), Error> {
        if let Err(message) = has_begun(self.caller, batch.period) {
            for (source, row) in &batch.rows {
                self.faults.push(place(source, row, "period"), message.as_str());
            }
            return Ok(());
        }
        let team = self.team(batch.team)?;
        let (assessment, opened) = self.cairn.open_or_find(self.change, self.caller, team, batch.period)?;
        self.summary.opened += usize::from(opened);
        let recorded_before = self.summary.recorded;
        let catalog = self.cairn.catalog_of(self.change, &assessment.catalog)?;
        let current = self.change.answers(&[assessment.id])?.remove(&assessment.id).unwrap_or_default();
        let current: HashMap<&ActivityId, &Answer> = current.iter().map(|r| (&r.activity, &r.answer)).collect();
        let mut answered: HashMap<ActivityId, (&str, u64)> = HashMap::new();
        for (source, row) in &batch.rows {
            let Some(activity) = self.activity(source, row, &catalog) else { continue };
            if let Some((other, line)) = answered.insert(activity.clone(), (source, row.line)) {
                let message = format!("the same team, quarter and activity as in {other}:{line}; keep one of them");
                self.faults.push(place(source, row, ""), message);
                continue;
            }
            let recorded = current.get(&activity).copied();
            self.recorded.entry((team, batch.period)).or_default().push((assessment.id, activity.clone()));
            self.row(source, row, &activity, batch, &assessment, recorded)?;
        }
        let recorded = self.summary.recorded - recorded_before;
        if recorded > 0 || opened {
            // The record is kept for ever, and names of files can be of any length.
            let short = |source: &&str| source.chars().take(NAME_KEPT).collect::<String>();
            let files: BTreeSet<String> = batch.rows.iter().map(|(source, _)| short(source)).collect();
            let event = Event::new(Deed::Imported, format!("{} {}", batch.team, batch.period));
            let event = event.with("assessment", assessment.id.0).with("answers", recorded);
            self.events.push(event.with("files", files.into_iter().take(FILES_KEPT).collect::<Vec<_>>()));
        }
        if self.options.submit && assessment.submitted.is_none() {
            self.submit(batch, &assessment)?;
        }
        Ok(())
    }

    /// Finds answers that are taken from a team which takes them from another.
    fn check_hops(&mut self, batches: &[Batch<'_>], team: TeamId, period: Period) -> Result<(), Error> {
        let relied_on: HashSet<ActivityId> = self
            .change
            .relying_on(&Sight::Everything, team, period)?
            .into_iter()
            .map(|(_, activity)| activity)
            .collect();
        let is_of_team =
            |batch: &&Batch<'_>| batch.period == period && self.teams.get(&batch.team.key()) == Some(&team);
        let of_team: Vec<&Batch<'_>> = batches.iter().filter(is_of_team).collect();
        for (source, row) in of_team.into_iter().flat_map(|batch| &batch.rows) {
            let Some(Some(provider)) = &row.inherited_from else { continue };
            let provider = self.team(provider)?;
            let theirs = answer_of(self.change, provider, period, &row.activity)?;
            let message = if theirs.is_some_and(|theirs| theirs.inherited_from.is_some()) {
                "that team itself takes this answer from another; take it from there"
            } else if relied_on.contains(&row.activity) {
                "other teams take this answer from here, so it cannot be taken from somewhere else"
            } else {
                continue;
            };
            self.faults.push(place(source, row, "inherited_from"), message);
        }
        Ok(())
    }

    /// Lets the drafts follow that take answers from a team, but for what the files themselves say of them.
    fn let_follow(&mut self, team: TeamId, period: Period) -> Result<(), Error> {
        let followers = self.change.followers(team, period)?;
        let assessment = if followers.is_empty() { None } else { self.change.assessment_of(team, period)? };
        let Some(assessment) = assessment else { return Ok(()) };
        let current = current_answers(self.change, assessment.id)?;
        let mut followed: BTreeMap<AssessmentId, usize> = BTreeMap::new();
        let said: HashSet<(AssessmentId, ActivityId)> = self.recorded.values().flatten().cloned().collect();
        for (activity, followers) in followers {
            let Some(theirs) = current.get(&activity) else { continue };
            for (follower, mut answer) in followers {
                if answer.status != theirs.answer.status && !said.contains(&(follower, activity.clone())) {
                    answer.status = theirs.answer.status.clone();
                    let (by, at) = (self.caller.actor.name(), self.caller.at);
                    self.change.record_answer(&mut self.keys, follower, &activity, &answer, by, at)?;
                    *followed.entry(follower).or_default() += 1;
                }
            }
        }
        self.events.extend(follow_events(self.change, &followed)?);
        Ok(())
    }

    /// The activity that a row is about: that of its id. Where the catalog does not have the id, the only
    /// activity that is called as the row says, since old catalogs gave one id to several activities.
    fn activity(&mut self, source: &str, row: &Row, catalog: &Catalog) -> Option<ActivityId> {
        if catalog.find(&row.activity).is_some() {
            return Some(row.activity.clone());
        }
        let mut named = catalog.activities().filter(|(_, activity)| activity.name == row.activity_name);
        if let (Some((_, found)), None) = (named.next(), named.next()) {
            let message = format!("“{}” is not known by this id, but by its name", row.activity_name);
            self.warn(place(source, row, "activity_id"), message);
            return Some(found.id.clone());
        }
        let (place, message) = (place(source, row, "activity_id"), unknown_activity(&row.activity, catalog));
        if self.options.skip_unknown {
            self.warn(place, format!("{message}; the row was not read"));
        } else {
            self.faults.push(place, message);
        }
        None
    }

    /// Notes what was passed over. A file with nothing but such rows must not fill the memory.
    fn warn(&mut self, place: Place, message: String) {
        if self.summary.warnings.len() < 10 * Faults::KEPT {
            self.summary.warnings.push(Fault { place, message });
        }
    }

    /// One answer. What the file has no column for stays as it is.
    fn row(
        &mut self,
        source: &str,
        row: &Row,
        activity: &ActivityId,
        batch: &Batch<'_>,
        assessment: &Assessment,
        recorded: Option<&Answer>,
    ) -> Result<(), Error> {
        let kept = recorded.cloned().unwrap_or_default();
        let inherited_from = match &row.inherited_from {
            None => kept.inherited_from.filter(|_| kept.status == row.status),
            Some(name) => name.as_ref().map(|name| self.team(name)).transpose()?,
        };
        if inherited_from == Some(assessment.team) {
            self.faults.push(place(source, row, "inherited_from"), "a team cannot inherit from itself");
            return Ok(());
        }
        let note = row.note.clone().unwrap_or_else(|| kept.note.clone());
        let answer = Answer { status: row.status.clone(), note, inherited_from, carried: false };
        // Who sees nothing must not learn by trying which answers are recorded.
        let tells = self.caller.actor.may(Action::View);
        if kept == answer && (tells || assessment.submitted.is_none()) {
            self.summary.unchanged += 1;
        } else if assessment.submitted.is_some() {
            let (team, period) = (batch.team, batch.period);
            let message = format!("the assessment of {team} for {period} is submitted and does not change any more");
            self.faults.push(place(source, row, ""), message);
        } else if self.faults.is_empty() {
            let (by, at) = (self.caller.actor.name(), self.caller.at);
            self.change.record_answer(&mut self.keys, assessment.id, activity, &answer, by, at)?;
            self.summary.recorded += 1;
        }
        Ok(())
    }

    fn submit(&mut self, batch: &Batch<'_>, assessment: &Assessment) -> Result<(), Error> {
        let team = self.change.team(&Sight::Everything, assessment.team)?.ok_or(Error::NotFound("team"))?;
        if let Some(event) = self.cairn.submit(self.change, self.caller, assessment, &team)? {
            self.events.push(event);
            self.summary.submitted += 1;
        } else if let Some((source, row)) = batch.rows.first() {
            let message = format!("{} in {}: nothing is answered, so it stays a draft", batch.team, batch.period);
            self.summary.warnings.push(Fault { place: place(source, row, ""), message });
        }
        Ok(())
    }
}

fn place(source: &str, row: &Row, column: &str) -> Place {
    Place { source: source.to_owned(), line: row.line, column: 0, path: column.to_owned() }
}

fn unknown_activity(id: &ActivityId, catalog: &Catalog) -> String {
    let shown: String = id.0.chars().take(60).collect();
    format!("there is no activity “{shown}” in the catalog {}", catalog.version().unwrap_or("in use"))
}

/// Sorts the rows of all files by team and quarter.
fn batches<'a>(files: &'a [File<'a>]) -> Vec<Batch<'a>> {
    let mut sorted: BTreeMap<(String, Period), Batch<'a>> = BTreeMap::new();
    for (source, rows) in files {
        for row in rows {
            let key = (row.team.key(), row.period);
            let batch =
                sorted.entry(key).or_insert_with(|| Batch { team: &row.team, period: row.period, rows: Vec::new() });
            batch.rows.push((source, row));
        }
    }
    sorted.into_values().collect()
}
