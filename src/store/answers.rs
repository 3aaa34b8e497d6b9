//! Answers, append-only: a change adds a row and marks the one before as superseded.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::AsSelect;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::assessments::stored_period;
use super::schema::{activities, answers, assessments};
use super::{CHUNK, Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::answer::{Answer, AssessmentId, PastAnswer, RecordedAnswer, Revision, Status};
use crate::domain::catalog::ActivityId;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::unusual::Given;

/// The rows of activities that were looked up already while many answers are recorded.
#[derive(Debug, Default)]
pub struct ActivityKeys(HashMap<ActivityId, i64>);

#[derive(Queryable, Selectable)]
#[diesel(table_name = answers)]
struct Row {
    id: i64,
    assessment_id: i64,
    status: String,
    not_applicable_reason: String,
    note: String,
    inherited_from: Option<i64>,
    carried: bool,
    answered_at: DateTime<Utc>,
    answered_by: String,
    since: Option<NaiveDate>,
}

fn status(word: String, reason: String) -> Status {
    match word.as_str() {
        Status::UNANSWERED => Status::Unanswered,
        Status::NOT_APPLICABLE => Status::NotApplicable { reason },
        _ => Status::Step(word),
    }
}

impl Row {
    fn recorded(self, activity: String) -> RecordedAnswer {
        RecordedAnswer {
            revision: Revision(self.id),
            activity: ActivityId(activity),
            answer: Answer {
                status: status(self.status, self.not_applicable_reason),
                note: self.note,
                inherited_from: self.inherited_from.map(TeamId),
                carried: self.carried,
                since: self.since,
            },
            by: self.answered_by,
            at: self.answered_at,
        }
    }
}

/// Every answer, current or superseded, with the id of its activity.
#[diesel::dsl::auto_type]
fn with_activity() -> _ {
    let row: AsSelect<Row, Sqlite> = Row::as_select();
    answers::table.inner_join(activities::table).select((row, activities::activity_id))
}

/// Puts rows to the assessments that they are of.
fn sort_into(all: &mut HashMap<AssessmentId, Vec<RecordedAnswer>>, rows: Vec<(Row, String)>) {
    for (row, activity) in rows {
        all.entry(AssessmentId(row.assessment_id)).or_default().push(row.recorded(activity));
    }
}

impl Snapshot<'_> {
    /// The current answers of some assessments.
    pub fn answers(
        &mut self,
        assessments: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Vec<RecordedAnswer>>, Error> {
        let mut all: HashMap<AssessmentId, Vec<RecordedAnswer>> = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let current = with_activity().filter(answers::superseded_at.is_null());
            let rows: Vec<(Row, String)> = match chunk {
                // SQLite parses this once, and lists of any length each time.
                [id] => current.filter(answers::assessment_id.eq(id.0)).load(self.connection)?,
                ids => {
                    current.filter(answers::assessment_id.eq_any(ids.iter().map(|id| id.0))).load(self.connection)?
                }
            };
            sort_into(&mut all, rows);
        }
        Ok(all)
    }

    /// The current answer of an assessment to an activity.
    pub fn answer(&mut self, assessment: AssessmentId, activity: &ActivityId) -> Result<Option<RecordedAnswer>, Error> {
        let row = with_activity()
            .filter(activities::activity_id.eq(&activity.0))
            .filter(answers::assessment_id.eq(assessment.0))
            .filter(answers::superseded_at.is_null())
            .first::<(Row, String)>(self.connection)
            .optional()?;
        Ok(row.map(|(row, id)| row.recorded(id)))
    }

    /// Why activities do not apply, as some assessments say.
    pub fn reasons_not_applicable(
        &mut self,
        assessments: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Vec<(ActivityId, String)>>, Error> {
        let mut all: HashMap<AssessmentId, Vec<(ActivityId, String)>> = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows: Vec<(i64, String, String)> = answers::table
                .inner_join(activities::table)
                .filter(answers::assessment_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(answers::superseded_at.is_null())
                .filter(answers::status.eq(Status::NOT_APPLICABLE))
                .order((answers::assessment_id, answers::activity))
                .select((answers::assessment_id, activities::activity_id, answers::not_applicable_reason))
                .load(self.connection)?;
            for (assessment, activity, reason) in rows {
                all.entry(AssessmentId(assessment)).or_default().push((ActivityId(activity), reason));
            }
        }
        Ok(all)
    }

    /// The current answers of some assessments to one activity.
    pub fn answers_to(
        &mut self,
        activity: &ActivityId,
        assessments: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, RecordedAnswer>, Error> {
        let mut all = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows = with_activity()
                .filter(activities::activity_id.eq(&activity.0))
                .filter(answers::assessment_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(answers::superseded_at.is_null())
                .load::<(Row, String)>(self.connection)?;
            all.extend(rows.into_iter().map(|(row, id)| (AssessmentId(row.assessment_id), row.recorded(id))));
        }
        Ok(all)
    }

    /// Everything that was ever recorded in some assessments, the first record first.
    pub fn records(
        &mut self,
        assessments: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Vec<RecordedAnswer>>, Error> {
        let mut all: HashMap<AssessmentId, Vec<RecordedAnswer>> = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows = with_activity()
                .filter(answers::assessment_id.eq_any(chunk.iter().map(|id| id.0)))
                .order(answers::id)
                .load::<(Row, String)>(self.connection)?;
            sort_into(&mut all, rows);
        }
        Ok(all)
    }

    /// The activities to which any answer is recorded now.
    pub fn answered_activities(&mut self) -> Result<Vec<ActivityId>, Error> {
        let ids: Vec<String> = answers::table
            .inner_join(activities::table)
            .filter(answers::superseded_at.is_null())
            .select(activities::activity_id)
            .distinct()
            .load(self.connection)?;
        Ok(ids.into_iter().map(ActivityId).collect())
    }

    /// A record of an assessment, current or superseded.
    pub fn record(&mut self, assessment: AssessmentId, revision: Revision) -> Result<Option<RecordedAnswer>, Error> {
        let row = with_activity()
            .filter(answers::id.eq(revision.0))
            .filter(answers::assessment_id.eq(assessment.0))
            .first::<(Row, String)>(self.connection)
            .optional()?;
        Ok(row.map(|(row, activity)| row.recorded(activity)))
    }

    /// Everything that was ever recorded about one activity of one team, latest quarter and record first.
    pub fn records_of(&mut self, team: TeamId, activity: &ActivityId) -> Result<Vec<PastAnswer>, Error> {
        let rows = with_activity()
            .inner_join(assessments::table)
            .filter(activities::activity_id.eq(&activity.0))
            .filter(assessments::team_id.eq(team.0))
            .order((assessments::period.desc(), answers::id.desc()))
            .select((Row::as_select(), activities::activity_id, assessments::period, answers::superseded_at))
            .load::<(Row, String, String, Option<DateTime<Utc>>)>(self.connection)?;
        rows.into_iter()
            .map(|(row, id, period, superseded_at)| {
                Ok(PastAnswer {
                    assessment: AssessmentId(row.assessment_id),
                    period: stored_period(&period)?,
                    recorded: row.recorded(id),
                    superseded_at,
                })
            })
            .collect()
    }

    /// The answers of drafts of a quarter that are taken from a team, by activity.
    pub fn followers(
        &mut self,
        provider: TeamId,
        period: Period,
    ) -> Result<HashMap<ActivityId, Vec<(AssessmentId, Answer)>>, Error> {
        let rows = with_activity()
            .inner_join(assessments::table)
            .filter(answers::inherited_from.eq(provider.0))
            .filter(answers::superseded_at.is_null())
            .filter(assessments::period.eq(period.to_string()))
            .filter(assessments::submitted_at.is_null())
            .load::<(Row, String)>(self.connection)?;
        let mut all: HashMap<ActivityId, Vec<(AssessmentId, Answer)>> = HashMap::new();
        for (row, activity) in rows {
            let assessment = AssessmentId(row.assessment_id);
            let recorded = row.recorded(activity);
            all.entry(recorded.activity).or_default().push((assessment, recorded.answer));
        }
        Ok(all)
    }

    /// Which teams that somebody sees take which activities from a team in a quarter.
    pub fn relying_on(
        &mut self,
        sight: &Sight,
        provider: TeamId,
        period: Period,
    ) -> Result<Vec<(TeamId, ActivityId)>, Error> {
        let rows: Vec<(i64, String)> = answers::table
            .inner_join(activities::table)
            .inner_join(assessments::table)
            .filter(answers::inherited_from.eq(provider.0))
            .filter(answers::superseded_at.is_null())
            .filter(assessments::period.eq(period.to_string()))
            .order((assessments::team_id, answers::activity))
            .select((assessments::team_id, activities::activity_id))
            .load(self.connection)?;
        let relying = rows.into_iter().map(|(team, activity)| (TeamId(team), ActivityId(activity)));
        Ok(relying.filter(|(team, _)| sight.sees(*team)).collect())
    }

    /// By whom and when the current answers of some assessments were given: those that say something and were
    /// not taken over from the quarter before. An assessment without one is not in it.
    pub fn given_answers(&mut self, assessments: &[AssessmentId]) -> Result<HashMap<AssessmentId, Vec<Given>>, Error> {
        let mut all: HashMap<AssessmentId, Vec<Given>> = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows: Vec<(i64, String, DateTime<Utc>)> = answers::table
                .filter(answers::assessment_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(answers::superseded_at.is_null())
                .filter(answers::carried.eq(false))
                .filter(answers::status.ne(Status::UNANSWERED))
                .select((answers::assessment_id, answers::answered_by, answers::answered_at))
                .load(self.connection)?;
            for (assessment, by, at) in rows {
                all.entry(AssessmentId(assessment)).or_default().push(Given { by, at });
            }
        }
        Ok(all)
    }

    /// What each of somebody's current answers in a range of records superseded; an answer that
    /// superseded nothing comes with `None`.
    pub fn superseded_by(
        &mut self,
        assessment: AssessmentId,
        range: RangeInclusive<i64>,
        by: &str,
    ) -> Result<Vec<(ActivityId, Option<Answer>)>, Error> {
        let current = with_activity()
            .filter(answers::answered_by.eq(by))
            .filter(answers::assessment_id.eq(assessment.0))
            .filter(answers::id.between(*range.start(), *range.end()))
            .filter(answers::superseded_at.is_null())
            .order(answers::id)
            .load::<(Row, String)>(self.connection)?;
        let mut all = Vec::new();
        for (row, activity) in current {
            let before = with_activity()
                .filter(answers::assessment_id.eq(assessment.0))
                .filter(activities::activity_id.eq(&activity))
                .filter(answers::id.lt(row.id.min(*range.start())))
                .order(answers::id.desc())
                .first::<(Row, String)>(self.connection)
                .optional()?;
            all.push((ActivityId(activity), before.map(|(row, id)| row.recorded(id).answer)));
        }
        Ok(all)
    }

    /// What the current answers of some assessments say, without everything else about them.
    pub fn statuses(
        &mut self,
        assessments: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Vec<(ActivityId, Status)>>, Error> {
        if let [id] = assessments {
            let rows: Vec<(String, String, String)> = answers::table
                .inner_join(activities::table)
                .filter(answers::assessment_id.eq(id.0))
                .filter(answers::superseded_at.is_null())
                .select((activities::activity_id, answers::status, answers::not_applicable_reason))
                .load(self.connection)?;
            let statuses =
                rows.into_iter().map(|(activity, word, reason)| (ActivityId(activity), status(word, reason)));
            return Ok(HashMap::from([(*id, statuses.collect())]));
        }
        // Of the few hundred activities there are, none is looked up for each of a million answers.
        let known: Vec<(i64, String)> = activities::table.load(self.connection)?;
        let known: HashMap<i64, ActivityId> = known.into_iter().map(|(key, id)| (key, ActivityId(id))).collect();
        let mut all: HashMap<AssessmentId, Vec<(ActivityId, Status)>> = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows: Vec<(i64, i64, String, String)> = answers::table
                .filter(answers::assessment_id.eq_any(chunk.iter().map(|id| id.0)))
                .filter(answers::superseded_at.is_null())
                .select((answers::assessment_id, answers::activity, answers::status, answers::not_applicable_reason))
                .load(self.connection)?;
            for (assessment, key, word, reason) in rows {
                let Some(activity) = known.get(&key) else { continue };
                all.entry(AssessmentId(assessment)).or_default().push((activity.clone(), status(word, reason)));
            }
        }
        Ok(all)
    }
}

impl Change<'_> {
    /// Records an answer and supersedes the one before it, if any. The assessment must be a draft.
    pub fn record_answer(
        &mut self,
        keys: &mut ActivityKeys,
        assessment: AssessmentId,
        activity: &ActivityId,
        answer: &Answer,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<Revision, Error> {
        let key = self.activity_key(keys, activity)?;
        diesel::update(answers::table)
            .filter(answers::assessment_id.eq(assessment.0))
            .filter(answers::activity.eq(key))
            .filter(answers::superseded_at.is_null())
            .set(answers::superseded_at.eq(Some(at)))
            .execute(self.connection)?;
        self.record_first_answer(keys, assessment, activity, answer, by, at)
    }

    /// Records an answer to an activity that has none so far, which saves looking for it.
    pub fn record_first_answer(
        &mut self,
        keys: &mut ActivityKeys,
        assessment: AssessmentId,
        activity: &ActivityId,
        answer: &Answer,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<Revision, Error> {
        let key = self.activity_key(keys, activity)?;
        let id = diesel::insert_into(answers::table)
            .values((
                answers::assessment_id.eq(assessment.0),
                answers::activity.eq(key),
                answers::status.eq(answer.status.word()),
                answers::not_applicable_reason.eq(answer.status.reason()),
                answers::note.eq(&answer.note),
                answers::inherited_from.eq(answer.inherited_from.map(|team| team.0)),
                answers::carried.eq(answer.carried),
                answers::answered_at.eq(at),
                answers::answered_by.eq(by),
                answers::since.eq(answer.since),
            ))
            .returning(answers::id)
            .get_result(self.connection)?;
        Ok(Revision(id))
    }

    /// Records the first answers of a draft to some activities, to none of which it has any: all by one statement,
    /// which is much faster than one by one.
    pub fn record_first_answers(
        &mut self,
        keys: &mut ActivityKeys,
        assessment: AssessmentId,
        first: &[(ActivityId, Answer)],
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut rows = Vec::with_capacity(first.len());
        for (activity, answer) in first {
            let key = self.activity_key(keys, activity)?;
            rows.push((
                answers::assessment_id.eq(assessment.0),
                answers::activity.eq(key),
                answers::status.eq(answer.status.word()),
                answers::not_applicable_reason.eq(answer.status.reason()),
                answers::note.eq(&answer.note),
                answers::inherited_from.eq(answer.inherited_from.map(|team| team.0)),
                answers::carried.eq(answer.carried),
                answers::answered_at.eq(at),
                answers::answered_by.eq(by),
                answers::since.eq(answer.since),
            ));
        }
        diesel::insert_into(answers::table).values(rows).execute(self.connection)?;
        Ok(())
    }

    pub(super) fn activity_key(&mut self, keys: &mut ActivityKeys, activity: &ActivityId) -> Result<i64, Error> {
        if let Some(&key) = keys.0.get(activity) {
            return Ok(key);
        }
        let known = activities::table.filter(activities::activity_id.eq(&activity.0)).select(activities::id);
        let key = match known.first(self.connection).optional()? {
            Some(key) => key,
            None => diesel::insert_into(activities::table)
                .values(activities::activity_id.eq(&activity.0))
                .returning(activities::id)
                .get_result(self.connection)?,
        };
        keys.0.insert(activity.clone(), key);
        Ok(key)
    }
}
