//! Assessments: which team, which quarter, which catalog, draft or submitted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::AsSelect;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::schema::{assessments, catalogs, reopenings, submissions};
use super::{CHUNK, Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::answer::{Assessment, AssessmentId, Reopening, Submission};
use crate::domain::catalog::{Catalog, CatalogDigest};
use crate::domain::organization::TeamId;
use crate::domain::period::{NotAPeriod, Period};
use crate::domain::submission::Summary;

#[derive(Queryable, Selectable)]
#[diesel(table_name = assessments)]
pub(super) struct Row {
    id: i64,
    team_id: i64,
    period: String,
    opened_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    submitted_by: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reopenings)]
struct ReopeningRow {
    submitted_at: DateTime<Utc>,
    submitted_by: String,
    reopened_at: DateTime<Utc>,
    reopened_by: String,
    reason: String,
}

impl From<ReopeningRow> for Reopening {
    fn from(row: ReopeningRow) -> Self {
        Self {
            submission: Submission { at: row.submitted_at, by: row.submitted_by },
            at: row.reopened_at,
            by: row.reopened_by,
            reason: row.reason,
        }
    }
}

/// A stored period was checked when it was written.
pub(super) fn stored_period(text: &str) -> Result<Period, Error> {
    text.parse().map_err(|error: NotAPeriod| Error::Damaged(error.to_string()))
}

impl Row {
    pub(super) fn assessment(self, digest: String) -> Result<Assessment, Error> {
        let period = stored_period(&self.period)?;
        Ok(Assessment {
            id: AssessmentId(self.id),
            team: TeamId(self.team_id),
            period,
            catalog: CatalogDigest::stored(digest),
            opened_at: self.opened_at,
            submitted: self.submitted_at.zip(self.submitted_by).map(|(at, by)| Submission { at, by }),
        })
    }
}

/// The assessments of the teams that somebody sees.
fn seen(rows: Vec<(Row, String)>, sight: &Sight) -> Result<Vec<Assessment>, Error> {
    let seen = rows.into_iter().filter(|(row, _)| sight.sees(TeamId(row.team_id)));
    seen.map(|(row, digest)| row.assessment(digest)).collect()
}

/// Every assessment with the digest of the catalog it was made with.
#[diesel::dsl::auto_type]
fn with_digest() -> _ {
    let row: AsSelect<Row, Sqlite> = Row::as_select();
    assessments::table.inner_join(catalogs::table).select((row, catalogs::digest))
}

impl Snapshot<'_> {
    /// The assessments of the teams that somebody sees, by period and then as they were opened.
    pub fn assessments(&mut self, sight: &Sight) -> Result<Vec<Assessment>, Error> {
        let rows =
            with_digest().order((assessments::period, assessments::id)).load::<(Row, String)>(self.connection)?;
        seen(rows, sight)
    }

    /// The assessments of a team, by period.
    pub fn assessments_of(&mut self, team: TeamId) -> Result<Vec<Assessment>, Error> {
        let rows = with_digest()
            .filter(assessments::team_id.eq(team.0))
            .order(assessments::period)
            .load::<(Row, String)>(self.connection)?;
        rows.into_iter().map(|(row, digest)| row.assessment(digest)).collect()
    }

    /// The assessments of a period that somebody sees, as they were opened.
    pub fn assessments_in(&mut self, sight: &Sight, period: Period) -> Result<Vec<Assessment>, Error> {
        let in_period = assessments::period.eq(period.to_string());
        let rows = with_digest().filter(in_period).order(assessments::id).load::<(Row, String)>(self.connection)?;
        seen(rows, sight)
    }

    /// The assessments of a period that somebody sees and that are not submitted, as they were opened.
    pub fn drafts_in(&mut self, sight: &Sight, period: Period) -> Result<Vec<Assessment>, Error> {
        let rows = with_digest()
            .filter(assessments::period.eq(period.to_string()))
            .filter(assessments::submitted_at.is_null())
            .order(assessments::id)
            .load::<(Row, String)>(self.connection)?;
        seen(rows, sight)
    }

    /// The periods that have assessments which somebody sees, latest first.
    pub fn periods(&mut self, sight: &Sight) -> Result<Vec<Period>, Error> {
        let periods: Vec<(String, i64)> = assessments::table
            .select((assessments::period, assessments::team_id))
            .order(assessments::period.desc())
            .load(self.connection)?;
        let mut seen: Vec<&String> =
            periods.iter().filter(|(_, team)| sight.sees(TeamId(*team))).map(|(period, _)| period).collect();
        seen.dedup();
        seen.into_iter().map(|period| stored_period(period)).collect()
    }

    /// The assessment with this number, if it is seen.
    pub fn assessment(&mut self, sight: &Sight, id: AssessmentId) -> Result<Option<Assessment>, Error> {
        let row = with_digest().filter(assessments::id.eq(id.0)).first::<(Row, String)>(self.connection).optional()?;
        Ok(seen(row.into_iter().collect(), sight)?.pop())
    }

    /// The assessment of a team in a period.
    pub fn assessment_of(&mut self, team: TeamId, period: Period) -> Result<Option<Assessment>, Error> {
        let row = with_digest()
            .filter(assessments::team_id.eq(team.0))
            .filter(assessments::period.eq(period.to_string()))
            .first::<(Row, String)>(self.connection)
            .optional()?;
        row.map(|(row, digest)| row.assessment(digest)).transpose()
    }
}

impl Snapshot<'_> {
    /// The digests that are kept with some submissions.
    pub fn digests_of(&mut self, assessments: &[AssessmentId]) -> Result<HashMap<AssessmentId, String>, Error> {
        let mut all = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows: Vec<(i64, Option<String>)> = assessments::table
                .filter(assessments::id.eq_any(chunk.iter().map(|id| id.0)))
                .select((assessments::id, assessments::digest))
                .load(self.connection)?;
            all.extend(rows.into_iter().filter_map(|(id, digest)| Some((AssessmentId(id), digest?))));
        }
        Ok(all)
    }

    /// When and why some assessments became drafts again, oldest first.
    pub fn reopenings_of(
        &mut self,
        assessments: &[AssessmentId],
    ) -> Result<HashMap<AssessmentId, Vec<Reopening>>, Error> {
        let mut all: HashMap<AssessmentId, Vec<Reopening>> = HashMap::new();
        for chunk in assessments.chunks(CHUNK) {
            let rows: Vec<(i64, ReopeningRow)> = reopenings::table
                .filter(reopenings::assessment_id.eq_any(chunk.iter().map(|id| id.0)))
                .order(reopenings::id)
                .select((reopenings::assessment_id, ReopeningRow::as_select()))
                .load(self.connection)?;
            for (id, row) in rows {
                all.entry(AssessmentId(id)).or_default().push(row.into());
            }
        }
        Ok(all)
    }

    /// When and why an assessment became a draft again, oldest first.
    pub fn reopenings(&mut self, id: AssessmentId) -> Result<Vec<Reopening>, Error> {
        Ok(self.reopenings_of(&[id])?.remove(&id).unwrap_or_default())
    }
}

impl Change<'_> {
    /// Opens a draft. The team must not have an assessment in the period.
    pub fn open_assessment(
        &mut self,
        team: TeamId,
        period: Period,
        catalog: &Catalog,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<AssessmentId, Error> {
        let catalog = self.keep_catalog(catalog, at)?;
        let id = diesel::insert_into(assessments::table)
            .values((
                assessments::team_id.eq(team.0),
                assessments::period.eq(period.to_string()),
                assessments::catalog_id.eq(catalog),
                assessments::opened_at.eq(at),
                assessments::opened_by.eq(by),
            ))
            .returning(assessments::id)
            .get_result(self.connection)?;
        Ok(AssessmentId(id))
    }

    /// Makes a submitted assessment a draft again, and keeps why and what its submission was.
    pub fn reopen_assessment(
        &mut self,
        id: AssessmentId,
        submission: &Submission,
        reason: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        diesel::insert_into(reopenings::table)
            .values((
                reopenings::assessment_id.eq(id.0),
                reopenings::submitted_at.eq(submission.at),
                reopenings::submitted_by.eq(&submission.by),
                reopenings::reopened_at.eq(at),
                reopenings::reopened_by.eq(by),
                reopenings::reason.eq(reason),
            ))
            .execute(self.connection)?;
        diesel::update(assessments::table.find(id.0))
            .set((
                assessments::submitted_at.eq(None::<DateTime<Utc>>),
                assessments::submitted_by.eq(None::<String>),
                assessments::digest.eq(None::<String>),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// Submits a draft, with the digest of what is submitted and its summary. From then on the database refuses
    /// answers to it.
    pub fn submit_assessment(
        &mut self,
        id: AssessmentId,
        digest: &str,
        summary: &Summary,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        diesel::update(assessments::table.find(id.0))
            .set((assessments::submitted_at.eq(at), assessments::submitted_by.eq(by), assessments::digest.eq(digest)))
            .execute(self.connection)?;
        diesel::insert_into(submissions::table)
            .values((
                submissions::assessment_id.eq(id.0),
                submissions::statuses.eq(summary.statuses()),
                submissions::taken_over.eq(summary.taken_over()),
            ))
            .execute(self.connection)?;
        Ok(())
    }
}
