//! The answers of files.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::Import;
use crate::app::Error;
use crate::app::answers::{answer_of, follow_events};
use crate::app::assessments::{current_answers, has_begun};
use crate::domain::access::{Action, Sight};
use crate::domain::answer::{Answer, Assessment, AssessmentId, RecordedAnswer, Status};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::Place;
use crate::domain::import::{Difference, Fate, Subject};
use crate::domain::organization::{Name, TeamId};
use crate::domain::period::Period;
use crate::formats::intake::{AnswerRow, Passed};

/// How many characters of the name of a file are recorded.
const NAME_KEPT: usize = 100;

/// The names of how many files are recorded.
const FILES_KEPT: usize = 20;

/// The answers of one team in one quarter.
pub(super) struct Batch<'a> {
    team: &'a Name,
    period: Period,
    rows: Vec<&'a AnswerRow>,
}

impl Import<'_, '_> {
    /// Records the answers, and opens and submits the assessments that they belong to.
    pub(super) fn take_answers(&mut self, batches: &[Batch<'_>]) -> Result<(), Error> {
        let (mut said, mut of_teams) = (HashSet::new(), BTreeMap::new());
        for batch in batches {
            let before = said.len();
            self.batch(batch, &mut said)?;
            if said.len() > before {
                of_teams.insert((self.team(batch.team)?, batch.period), batch);
            }
        }
        // Only now is every provider there that the files speak of.
        for ((team, period), batch) in of_teams {
            self.check_hops(batch, team)?;
            self.let_follow(team, period, &said)?;
        }
        Ok(())
    }

    /// The answers of one team in one quarter. What they speak of is added to what is said.
    fn batch(&mut self, batch: &Batch<'_>, said: &mut HashSet<(AssessmentId, ActivityId)>) -> Result<(), Error> {
        if let Err(message) = has_begun(self.caller, batch.period) {
            for row in &batch.rows {
                self.faults.push(row.at.cell("period"), message.as_str());
            }
            return Ok(());
        }
        let team = self.team(batch.team)?;
        if !self.is_assessed(batch, team)? {
            return Ok(());
        }
        let (assessment, opened) = self.cairn.open_or_find(self.change, self.caller, team, batch.period)?;
        let first = batch.rows.first().map(|row| row.at.place()).unwrap_or_default();
        if opened {
            self.summary.opened += 1;
            self.note(first, Subject::Assessment, Fate::New, batch.name(), Vec::new());
        }
        let recorded_before = self.summary.recorded;
        let catalog = self.cairn.catalog_of(self.change, &assessment.catalog)?;
        let current = current_answers(self.change, assessment.id)?;
        let mut answered: HashMap<ActivityId, Place> = HashMap::new();
        for row in &batch.rows {
            let Some(activity) = self.activity(row, &catalog) else { continue };
            if let Some(other) = answered.insert(activity.clone(), row.at.place()) {
                let message = format!("the same team, quarter and activity as in {other}; keep one of them");
                self.faults.push(row.at.place(), message);
                continue;
            }
            let recorded = current.get(&activity);
            said.insert((assessment.id, activity.clone()));
            self.row(row, &activity, &Of { batch, assessment: &assessment, catalog: &catalog }, recorded)?;
        }
        let recorded = self.summary.recorded - recorded_before;
        let is_history = batch.rows.iter().any(|row| row.is_history);
        let present = Period::containing(self.caller.at);
        let is_over = is_history && batch.period < present;
        // A draft of the present quarter begins as for everybody, but for what the files say; where they bring the
        // quarters before, too, they say all there is.
        let brings_all = !is_history && self.opened.contains(&team);
        if opened {
            self.opened.insert(team);
        }
        if opened && batch.period == present && !brings_all {
            let answered: HashSet<ActivityId> = answered.into_keys().collect();
            self.cairn.carry_over(self.change, self.caller, &assessment, &answered)?;
        }
        if recorded > 0 || opened {
            // The record is kept for ever, and names of files can be of any length.
            let short = |row: &&AnswerRow| row.at.source().chars().take(NAME_KEPT).collect::<String>();
            let files: BTreeSet<String> = batch.rows.iter().map(short).collect();
            let event = Event::new(Deed::Imported, batch.name());
            let event = event.with("assessment", assessment.id.0).with("answers", recorded);
            self.events.push(event.with("files", files.into_iter().take(FILES_KEPT).collect::<Vec<_>>()));
        }
        if assessment.submitted.is_some() {
            return Ok(());
        }
        if self.options.submit {
            return self.submit(batch, &assessment);
        }
        if is_over {
            // What says since when it is so came from such a file before.
            let by_people = |answer: &Answer| !answer.is_blank() && !answer.carried && answer.since.is_none();
            let was_begun = current.values().any(|recorded| by_people(&recorded.answer));
            self.submit_history(batch, &assessment, was_begun)?;
        }
        Ok(())
    }

    /// Submits what a history says of a quarter that is over, unless people answered something in it.
    fn submit_history(&mut self, batch: &Batch<'_>, assessment: &Assessment, was_begun: bool) -> Result<(), Error> {
        let place = batch.rows.first().map(|row| row.at.place()).unwrap_or_default();
        let name = batch.name();
        if was_begun {
            let message =
                format!("the assessment {name} was begun before, so it stays a draft; look at it, then submit it");
            self.warn(place, message);
        } else if self.caller.actor.authorize(Action::Assess).is_err() {
            self.warn(place, format!("the assessment {name} stays a draft, since you may not submit it"));
        } else {
            self.submit(batch, assessment)?;
        }
        Ok(())
    }

    /// Whether a team has an assessment in a quarter or can have one. Where a retired one cannot, that is a fault, but
    /// for what a history says, which is listed.
    fn is_assessed(&mut self, batch: &Batch<'_>, team: TeamId) -> Result<bool, Error> {
        let found = self.change.team(&Sight::Everything, team)?.ok_or(Error::NotFound("team"))?;
        if found.is_active_in(batch.period) || self.change.assessment_of(team, batch.period)?.is_some() {
            return Ok(true);
        }
        let message = format!("{} was retired before {} and is not assessed in it", found.name, batch.period);
        for row in &batch.rows {
            if row.is_history {
                self.warn(row.at.cell("team"), format!("{message}; not taken"));
            } else {
                self.faults.push(row.at.cell("team"), message.as_str());
            }
        }
        Ok(false)
    }

    /// Finds answers of a team that are taken from another which takes them from a third.
    fn check_hops(&mut self, batch: &Batch<'_>, team: TeamId) -> Result<(), Error> {
        let period = batch.period;
        let relied_on: HashSet<ActivityId> = self
            .change
            .relying_on(&Sight::Everything, team, period)?
            .into_iter()
            .map(|(_, activity)| activity)
            .collect();
        for row in &batch.rows {
            let Some(Some(provider)) = &row.inherited_from else { continue };
            let provider = self.team(provider)?;
            let theirs = answer_of(self.change, provider, period, &row.activity)?;
            let message = if theirs.is_some_and(|theirs| theirs.inherited_from.is_some()) {
                "that team itself inherits this answer from another; inherit it from there"
            } else if relied_on.contains(&row.activity) {
                "other teams take this answer from here, so it cannot be taken from somewhere else"
            } else {
                continue;
            };
            self.faults.push(row.at.cell("inherited_from"), message);
        }
        Ok(())
    }

    /// Lets the drafts follow that take answers from a team, but for what the files themselves say of them.
    fn let_follow(
        &mut self,
        team: TeamId,
        period: Period,
        said: &HashSet<(AssessmentId, ActivityId)>,
    ) -> Result<(), Error> {
        let followers = self.change.followers(team, period)?;
        let assessment = if followers.is_empty() { None } else { self.change.assessment_of(team, period)? };
        let Some(assessment) = assessment else { return Ok(()) };
        let current = current_answers(self.change, assessment.id)?;
        let mut followed: BTreeMap<AssessmentId, usize> = BTreeMap::new();
        for (activity, followers) in followers {
            let Some(theirs) = current.get(&activity) else { continue };
            for (follower, mut answer) in followers {
                if answer.status != theirs.answer.status && !said.contains(&(follower, activity.clone())) {
                    answer.status = theirs.answer.status.clone();
                    answer.since = theirs.answer.since;
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
    fn activity(&mut self, row: &AnswerRow, catalog: &Catalog) -> Option<ActivityId> {
        if catalog.find(&row.activity).is_some() {
            return Some(row.activity.clone());
        }
        let mut named = catalog.activities().filter(|(_, activity)| activity.name == row.activity_name);
        if let (Some((_, found)), None) = (named.next(), named.next()) {
            let message = format!("“{}” is not known by this id, but by its name", row.activity_name);
            self.warn(row.at.cell("activity_id"), message);
            return Some(found.id.clone());
        }
        let (place, message) = (row.at.cell("activity_id"), unknown_activity(&row.activity, catalog));
        if self.options.skip_unknown || row.is_history {
            self.warn(place, format!("{message}; the row was not read"));
        } else {
            self.faults.push(place, message);
        }
        None
    }

    /// One answer. What the file has no column for stays as it is.
    fn row(
        &mut self,
        row: &AnswerRow,
        activity: &ActivityId,
        of: &Of<'_>,
        recorded: Option<&RecordedAnswer>,
    ) -> Result<(), Error> {
        let assessment = of.assessment;
        let kept = recorded.map(|recorded| recorded.answer.clone()).unwrap_or_default();
        let inherited_from = match &row.inherited_from {
            None => kept.inherited_from.filter(|_| kept.status == row.status),
            Some(name) => name.as_ref().map(|name| self.team(name)).transpose()?,
        };
        if inherited_from == Some(assessment.team) {
            self.faults.push(row.at.cell("inherited_from"), "a team cannot inherit from itself");
            return Ok(());
        }
        if let Status::Step(key) = &row.status
            && self.scale.step(key).is_none()
        {
            self.faults.push(row.at.cell("status"), format!("“{key}” is not a step of the progress scale"));
            return Ok(());
        }
        let note = row.note.clone().unwrap_or_else(|| kept.note.clone());
        let since = row.since.or(kept.since.filter(|_| kept.status == row.status));
        let answer = Answer { status: row.status.clone(), note, inherited_from, carried: false, since };
        // Who sees nothing must not learn by trying which answers are recorded.
        let tells = self.caller.actor.may(Action::View);
        let same = kept == answer;
        if assessment.submitted.is_some() && !(same && tells) {
            let Batch { team, period, .. } = of.batch;
            let message = format!("the assessment of {team} for {period} is submitted and does not change any more");
            if row.is_history {
                self.warn(row.at.place(), format!("{message}; not taken"));
            } else {
                self.faults.push(row.at.place(), message);
            }
            return Ok(());
        }
        if row.is_history
            && !same
            && let Some(day) = recorded.and_then(|recorded| answered_after(recorded, row, self.caller.at.date_naive()))
        {
            let message = format!("{}: answered otherwise on {day}, which is later; not taken", of.name(activity));
            self.warn(row.at.place(), message);
            return Ok(());
        }
        let fate = match recorded {
            _ if same => Fate::Same,
            None => Fate::New,
            Some(_) => Fate::Changed,
        };
        let differences = self.differences(&kept, &answer);
        self.note(row.at.place(), Subject::Answer, fate, of.name(activity), differences);
        if same {
            self.summary.unchanged += 1;
            return Ok(());
        }
        let (by, at) = (self.caller.actor.name(), self.caller.at);
        for Passed { status, since } in &row.passed {
            let passed = Answer { status: status.clone(), since: *since, ..answer.clone() };
            self.change.record_answer(&mut self.keys, assessment.id, activity, &passed, by, at)?;
        }
        // Most of a large file is about what was never answered.
        match recorded {
            None if row.passed.is_empty() => {
                self.change.record_first_answer(&mut self.keys, assessment.id, activity, &answer, by, at)?
            }
            _ => self.change.record_answer(&mut self.keys, assessment.id, activity, &answer, by, at)?,
        };
        self.summary.recorded += 1;
        Ok(())
    }

    /// In what two answers differ, by the columns of the file.
    fn differences(&self, from: &Answer, to: &Answer) -> Vec<Difference> {
        let provider = |answer: &Answer| answer.inherited_from.map_or("", |team| self.name_of(team)).to_owned();
        let carried = |answer: &Answer| if answer.carried { "yes" } else { "" };
        let since = |answer: &Answer| answer.since.map(|day| day.to_string()).unwrap_or_default();
        let compared = [
            Difference::between("status", from.status.word(), to.status.word()),
            Difference::between("not_applicable_reason", from.status.reason(), to.status.reason()),
            Difference::between("note", &from.note, &to.note),
            Difference::between("inherited_from", &provider(from), &provider(to)),
            Difference::between("carried", carried(from), carried(to)),
            Difference::between("since", &since(from), &since(to)),
        ];
        compared.into_iter().flatten().collect()
    }

    fn submit(&mut self, batch: &Batch<'_>, assessment: &Assessment) -> Result<(), Error> {
        let team = self.change.team(&Sight::Everything, assessment.team)?.ok_or(Error::NotFound("team"))?;
        if let Some(event) = self.cairn.submit(self.change, self.caller, assessment, &team)? {
            self.events.push(event);
            self.summary.submitted += 1;
            let place = batch.rows.first().map(|row| row.at.place()).unwrap_or_default();
            let submitted = Difference::between("submitted", "", "yes").into_iter().collect();
            self.note(place, Subject::Assessment, Fate::Changed, batch.name(), submitted);
        } else if let Some(row) = batch.rows.first() {
            let message = format!("{} in {}: nothing is answered, so it stays a draft", batch.team, batch.period);
            self.warn(row.at.place(), message);
        }
        Ok(())
    }
}

/// The day on which something else was answered than a history says, where that is after the day of the history.
fn answered_after(recorded: &RecordedAnswer, row: &AnswerRow, today: NaiveDate) -> Option<NaiveDate> {
    let answer = &recorded.answer;
    if answer.is_blank() || answer.carried || answer.status == row.status {
        return None;
    }
    let day = answer.since.unwrap_or_else(|| recorded.at.date_naive());
    (day > row.since.unwrap_or(today)).then_some(day)
}

/// What an answer belongs to.
struct Of<'a> {
    batch: &'a Batch<'a>,
    assessment: &'a Assessment,
    catalog: &'a Catalog,
}

impl Of<'_> {
    /// What people call an answer to an activity.
    fn name(&self, activity: &ActivityId) -> String {
        let name = self.catalog.find(activity).map(|index| &self.catalog.activity(index).name);
        format!("{}: {}", self.batch.name(), name.unwrap_or(&activity.0))
    }
}

impl Batch<'_> {
    /// What people call the assessment.
    fn name(&self) -> String {
        format!("{} {}", self.team, self.period)
    }
}

pub(super) fn unknown_activity(id: &ActivityId, catalog: &Catalog) -> String {
    let shown: String = id.0.chars().take(60).collect();
    format!("there is no activity “{shown}” in the catalog {}", catalog.version().unwrap_or("in use"))
}

/// Sorts the rows of all files by team and quarter.
pub(super) fn batches(rows: &[AnswerRow]) -> Vec<Batch<'_>> {
    let mut sorted: BTreeMap<(String, Period), Batch<'_>> = BTreeMap::new();
    for row in rows {
        let key = (row.team.key(), row.period);
        let batch =
            sorted.entry(key).or_insert_with(|| Batch { team: &row.team, period: row.period, rows: Vec::new() });
        batch.rows.push(row);
    }
    sorted.into_values().collect()
}
