//! Importing answers: all of a file or nothing of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{Answer, Assessment, AssessmentId, RecordedAnswer};
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

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The answers of one team in one quarter, with the file they come from.
struct Batch<'a> {
    team: &'a Name,
    period: Period,
    rows: Vec<(&'a str, &'a Row)>,
}

impl Cairn {
    /// Imports files of answers together: teams and assessments that are missing are made, answers
    /// are added to those that are there. Nothing is changed if any file has a fault.
    pub fn import(
        &self,
        caller: &Caller,
        sources: &[Source<'_>],
        options: ImportOptions,
    ) -> Result<ImportSummary, Error> {
        caller.actor.authorize(Action::Assess)?;
        caller.actor.authorize(Action::ManageTeams)?;
        let mut warnings = Vec::new();
        let mut files = Vec::new();
        for source in sources {
            if !formats::answers::is_answers(source.bytes) {
                let head = formats::answers::COLUMNS.join(",");
                let message =
                    format!("this is not a file that can be imported; answers are a CSV file with the head {head}");
                return Err(Faults::one(Place { source: source.name.to_owned(), ..Place::default() }, message).into());
            }
            let reading = formats::answers::read(*source, &self.settings.scale)?;
            warnings.extend(reading.warnings);
            files.push((source.name, reading.value));
        }
        let batches = batches(&files)?;
        let result = self.store.write(|change| {
            let mut summary = ImportSummary { warnings, ..ImportSummary::default() };
            self.import_batches(change, caller, &batches, options, &mut summary)?;
            if options.dry_run { Err(End::DryRun(summary)) } else { Ok(summary) }
        });
        match result {
            Ok(summary) | Err(End::DryRun(summary)) => Ok(summary),
            Err(End::Error(error)) => Err(error),
        }
    }

    fn import_batches(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        batches: &[Batch<'_>],
        options: ImportOptions,
        summary: &mut ImportSummary,
    ) -> Result<(), Error> {
        let teams = make_teams(change, caller, batches, summary)?;
        let id_of = |name: &Name| teams.get(&name.key()).copied().ok_or(Error::NotFound("team"));
        let mut faults = Faults::default();
        let mut keys = ActivityKeys::default();
        for batch in batches {
            let assessment = self.open_or_find(change, caller, id_of(batch.team)?, batch.period, summary)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            let current = change.answers(&[assessment.id])?.remove(&assessment.id).unwrap_or_default();
            let current: HashMap<&ActivityId, &RecordedAnswer> = current.iter().map(|r| (&r.activity, r)).collect();
            for (source, row) in &batch.rows {
                let place = |path: &str| Place {
                    source: (*source).to_owned(),
                    line: row.line,
                    column: 0,
                    path: path.to_owned(),
                };
                if catalog.find(&row.activity).is_none() {
                    faults.push(place("activity_id"), unknown_activity(&row.activity, &catalog));
                    continue;
                }
                let inherited_from = row.inherited_from.as_ref().map(&id_of).transpose()?;
                if inherited_from == Some(assessment.team) {
                    faults.push(place("inherited_from"), "a team cannot inherit from itself");
                    continue;
                }
                let answer = Answer { status: row.status.clone(), note: row.note.clone(), inherited_from };
                let recorded = current.get(&row.activity);
                if recorded.map_or_else(|| answer.is_blank(), |recorded| recorded.answer == answer) {
                    summary.unchanged += 1;
                } else if assessment.submitted.is_some() {
                    let message = format!(
                        "the assessment of {} for {} is submitted and does not change any more",
                        batch.team, batch.period
                    );
                    faults.push(place(""), message);
                } else if faults.is_empty() {
                    change.record_answer(
                        &mut keys,
                        assessment.id,
                        &row.activity,
                        &answer,
                        caller.actor.name(),
                        caller.at,
                    )?;
                    summary.recorded += 1;
                }
            }
            if options.submit && assessment.submitted.is_none() {
                change.submit_assessment(assessment.id, caller.actor.name(), caller.at)?;
                summary.submitted += 1;
            }
        }
        faults.or(()).map_err(Error::Faulty)
    }

    fn open_or_find(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        team: TeamId,
        period: Period,
        summary: &mut ImportSummary,
    ) -> Result<Assessment, Error> {
        if let Some(assessment) = change.assessment_of(team, period)? {
            return Ok(assessment);
        }
        let id: AssessmentId = change.open_assessment(team, period, &self.catalog, caller.actor.name(), caller.at)?;
        summary.opened += 1;
        change.assessment(id)?.ok_or(Error::NotFound("assessment"))
    }
}

fn unknown_activity(id: &ActivityId, catalog: &Catalog) -> String {
    let shown: String = id.0.chars().take(60).collect();
    format!("there is no activity “{shown}” in the catalog {}", catalog.version().unwrap_or("in use"))
}

/// Sorts the rows of all files by team and quarter. Two files that answer the same activity are a fault.
fn batches<'a>(files: &'a [(&'a str, Vec<Row>)]) -> Result<Vec<Batch<'a>>, Faults> {
    let mut faults = Faults::default();
    let mut sorted: BTreeMap<(String, Period), Batch<'a>> = BTreeMap::new();
    let mut seen: HashMap<(String, Period, &ActivityId), (&str, u64)> = HashMap::new();
    for (source, rows) in files {
        for row in rows {
            let key = (row.team.key(), row.period);
            if let Some((other, line)) = seen.insert((key.0.clone(), key.1, &row.activity), (source, row.line)) {
                let place = Place { source: (*source).to_owned(), line: row.line, ..Place::default() };
                faults
                    .push(place, format!("the same team, quarter and activity as in {other}:{line}; keep one of them"));
            }
            let batch =
                sorted.entry(key).or_insert_with(|| Batch { team: &row.team, period: row.period, rows: Vec::new() });
            batch.rows.push((source, row));
        }
    }
    faults.or(sorted.into_values().collect())
}

/// The teams of all rows by the key of their names; those that are missing are added, in the order of their names.
fn make_teams(
    change: &mut Change<'_>,
    caller: &Caller,
    batches: &[Batch<'_>],
    summary: &mut ImportSummary,
) -> Result<HashMap<String, TeamId>, Error> {
    let mut teams: HashMap<String, TeamId> =
        change.teams()?.into_iter().map(|team| (team.name.key(), team.id)).collect();
    let rows = || batches.iter().flat_map(|batch| &batch.rows);
    let mut wanted: Vec<&Name> = batches.iter().map(|batch| batch.team).collect();
    wanted.extend(rows().filter_map(|(_, row)| row.inherited_from.as_ref()));
    wanted.sort();
    let mut seen = HashSet::new();
    for name in wanted {
        if !teams.contains_key(&name.key()) && seen.insert(name.key()) {
            let id = change.add_team(name, "", caller.at)?;
            teams.insert(name.key(), id);
            summary.teams_added.push(name.to_string());
        }
    }
    Ok(teams)
}
