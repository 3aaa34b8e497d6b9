//! The submissions that hold: which came and went, and what each says in short.

use std::collections::{HashMap, HashSet};

use diesel::connection::DefaultLoadingMode;
use diesel::dsl::max;
use diesel::prelude::*;

use super::assessments::Row;
use super::schema::{assessments, catalogs, reopenings, submissions};
use super::{Error, Snapshot};
use crate::domain::answer::{Assessment, AssessmentId};
use crate::domain::submission::Summary;

/// How far submissions and reopenings are known. The default: not at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    submission: i64,
    reopening: i64,
}

/// What happened to submissions since then, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionNews {
    /// Each reopening: what was submitted before is a draft again.
    pub reopened: Vec<AssessmentId>,
    /// Each submission that holds now, by period.
    pub submitted: Vec<Assessment>,
    /// How far they are known now.
    pub known: Known,
}

impl Snapshot<'_> {
    /// What happened to submissions since they were known so far.
    pub fn submissions_since(&mut self, known: Known) -> Result<SubmissionNews, Error> {
        let latest_reopening: Option<i64> = reopenings::table.select(max(reopenings::id)).first(self.connection)?;
        let latest_submission: Option<i64> = submissions::table.select(max(submissions::id)).first(self.connection)?;
        let reopened: Vec<i64> = reopenings::table
            .filter(reopenings::id.gt(known.reopening))
            .order(reopenings::id)
            .select(reopenings::assessment_id)
            .load(self.connection)?;
        let rows = submissions::table
            .inner_join(assessments::table.inner_join(catalogs::table))
            .filter(submissions::id.gt(known.submission))
            .order((assessments::period, assessments::id))
            .select((Row::as_select(), catalogs::digest))
            .load::<(Row, String)>(self.connection)?;
        let submitted: Result<Vec<Assessment>, Error> =
            rows.into_iter().map(|(row, digest)| row.assessment(digest)).collect();
        Ok(SubmissionNews {
            reopened: reopened.into_iter().map(AssessmentId).collect(),
            submitted: submitted?,
            known: Known {
                submission: latest_submission.unwrap_or_default().max(known.submission),
                reopening: latest_reopening.unwrap_or_default(),
            },
        })
    }

    /// What some submissions say in short.
    pub fn summaries(&mut self, of: &[AssessmentId]) -> Result<HashMap<AssessmentId, Summary>, Error> {
        let wanted: HashSet<AssessmentId> = of.iter().copied().collect();
        let (Some(first), Some(last)) = (wanted.iter().min(), wanted.iter().max()) else { return Ok(HashMap::new()) };
        // Mostly nearly all of them are wanted, or one; to ask for thousands by their numbers takes longer.
        let rows = submissions::table
            .filter(submissions::assessment_id.between(first.0, last.0))
            .select((submissions::assessment_id, submissions::statuses, submissions::taken_over))
            .load_iter::<(i64, String, String), DefaultLoadingMode>(self.connection)?;
        let mut summaries = HashMap::with_capacity(wanted.len());
        for row in rows {
            let (id, statuses, taken_over) = row?;
            let id = AssessmentId(id);
            if wanted.contains(&id) {
                let damaged = || Error::Damaged(format!("what is kept of the submission {id} cannot be read"));
                summaries.insert(id, Summary::read(&statuses, &taken_over).ok_or_else(damaged)?);
            }
        }
        Ok(summaries)
    }
}
