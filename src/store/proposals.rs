//! Answers that programs propose. What nobody decided about and a program took back itself is kept only as far
//! as it tells something; decisions stand in the audit record, too.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::AsSelect;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::schema::{activities, proposals};
use super::{ActivityKeys, CHUNK, Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::answer::{AssessmentId, Revision};
use crate::domain::catalog::ActivityId;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::proposal::{Decision, Detection, Proposal, ProposalId, Verdict};

#[derive(Queryable, Selectable)]
#[diesel(table_name = proposals)]
struct Row {
    id: i64,
    team_id: i64,
    proposed_by: String,
    status: String,
    note: String,
    link: String,
    first_on: NaiveDate,
    last_on: NaiveDate,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    times: i64,
    superseded_at: Option<DateTime<Utc>>,
    decision: Option<String>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<String>,
    reason: String,
    answer_id: Option<i64>,
    assessment_id: Option<i64>,
}

impl Row {
    fn proposal(self, activity: String) -> Result<Proposal, Error> {
        let decision = match (self.decision, self.decided_at, self.decided_by) {
            (Some(word), Some(at), Some(by)) => Some(Decision {
                verdict: Verdict::from_name(&word).ok_or_else(|| Error::Damaged(format!("the decision “{word}”")))?,
                at,
                by,
                reason: self.reason,
                became: self.assessment_id.map(AssessmentId).zip(self.answer_id.map(Revision)),
            }),
            _ => None,
        };
        Ok(Proposal {
            id: ProposalId(self.id),
            team: TeamId(self.team_id),
            activity: ActivityId(activity),
            by: self.proposed_by,
            detected: Detection { status: self.status, note: self.note, link: self.link, on: self.last_on },
            first_on: self.first_on,
            first_at: self.first_at,
            last_at: self.last_at,
            times: self.times,
            superseded_at: self.superseded_at,
            decision,
        })
    }
}

fn read(rows: Vec<(Row, String)>) -> Result<Vec<Proposal>, Error> {
    rows.into_iter().map(|(row, activity)| row.proposal(activity)).collect()
}

/// Every proposal with the id of its activity.
#[diesel::dsl::auto_type]
fn with_activity() -> _ {
    let row: AsSelect<Row, Sqlite> = Row::as_select();
    proposals::table.inner_join(activities::table).select((row, activities::activity_id))
}

impl Snapshot<'_> {
    /// The last that each program said about each activity of a team.
    pub fn proposals_of(&mut self, team: TeamId) -> Result<Vec<Proposal>, Error> {
        let rows = with_activity()
            .filter(proposals::team_id.eq(team.0))
            .filter(proposals::superseded_at.is_null())
            .order(proposals::id)
            .load(self.connection)?;
        read(rows)
    }

    /// Everything that programs said about one activity of a team, as far as it is kept, latest first.
    pub fn proposals_about(&mut self, team: TeamId, activity: &ActivityId) -> Result<Vec<Proposal>, Error> {
        let rows = with_activity()
            .filter(proposals::team_id.eq(team.0))
            .filter(activities::activity_id.eq(&activity.0))
            .order(proposals::id.desc())
            .load(self.connection)?;
        read(rows)
    }

    /// The last that a program said about one activity of a team.
    pub fn last_proposal(&mut self, team: TeamId, activity: &ActivityId, by: &str) -> Result<Option<Proposal>, Error> {
        let row = with_activity()
            .filter(proposals::team_id.eq(team.0))
            .filter(activities::activity_id.eq(&activity.0))
            .filter(proposals::proposed_by.eq(by))
            .filter(proposals::superseded_at.is_null())
            .first::<(Row, String)>(self.connection)
            .optional()?;
        row.map(|(row, activity)| row.proposal(activity)).transpose()
    }

    /// The proposal with this number, if it is for a team that is seen.
    pub fn proposal(&mut self, sight: &Sight, id: ProposalId) -> Result<Option<Proposal>, Error> {
        let row = with_activity().filter(proposals::id.eq(id.0)).first::<(Row, String)>(self.connection).optional()?;
        let proposal = row.map(|(row, activity)| row.proposal(activity)).transpose()?;
        Ok(proposal.filter(|proposal| sight.sees(proposal.team)))
    }

    /// Some proposals with greater numbers than one, for one team or all that are seen, replaced ones too; and from
    /// which number on there may be more.
    pub fn proposals_after(
        &mut self,
        sight: &Sight,
        team: Option<TeamId>,
        after: ProposalId,
    ) -> Result<(Vec<Proposal>, Option<ProposalId>), Error> {
        const BATCH: i64 = 1_000;
        let after = with_activity().filter(proposals::id.gt(after.0)).order(proposals::id).limit(BATCH);
        let rows = match team {
            Some(team) => after.filter(proposals::team_id.eq(team.0)).load(self.connection)?,
            None => after.load(self.connection)?,
        };
        let mut found = read(rows)?;
        let more = usize::try_from(BATCH).is_ok_and(|batch| found.len() == batch);
        let next = found.last().filter(|_| more).map(|last| last.id);
        found.retain(|proposal| sight.sees(proposal.team));
        Ok((found, next))
    }

    /// The proposals for some teams that nobody has decided about and that were not replaced, by team.
    pub fn open_proposals(&mut self, teams: &[TeamId]) -> Result<HashMap<TeamId, Vec<Proposal>>, Error> {
        let mut all: HashMap<TeamId, Vec<Proposal>> = HashMap::new();
        for chunk in teams.chunks(CHUNK) {
            let rows = with_activity()
                .filter(proposals::team_id.eq_any(chunk.iter().map(|team| team.0)))
                .filter(proposals::superseded_at.is_null())
                .filter(proposals::decision.is_null())
                .order(proposals::id)
                .load(self.connection)?;
            for proposal in read(rows)? {
                all.entry(proposal.team).or_default().push(proposal);
            }
        }
        Ok(all)
    }

    /// How many of a program's proposals nobody has decided about.
    pub fn count_open_proposals(&mut self, by: &str) -> Result<usize, Error> {
        let count: i64 = proposals::table
            .filter(proposals::proposed_by.eq(by))
            .filter(proposals::superseded_at.is_null())
            .filter(proposals::decision.is_null())
            .count()
            .get_result(self.connection)?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }
}

impl Change<'_> {
    /// Adds a proposal, which takes the place of what the same program said before. Of that only the last
    /// [`Proposal::KEPT`] stay.
    pub fn add_proposal(
        &mut self,
        keys: &mut ActivityKeys,
        team: TeamId,
        activity: &ActivityId,
        by: &str,
        detected: &Detection,
        at: DateTime<Utc>,
    ) -> Result<ProposalId, Error> {
        let key = self.activity_key(keys, activity)?;
        let of_program = proposals::table
            .filter(proposals::team_id.eq(team.0))
            .filter(proposals::activity.eq(key))
            .filter(proposals::proposed_by.eq(by));
        diesel::update(of_program.filter(proposals::superseded_at.is_null()))
            .set(proposals::superseded_at.eq(Some(at)))
            .execute(self.connection)?;
        let kept = i64::try_from(Proposal::KEPT).unwrap_or(i64::MAX);
        let old: Vec<i64> = of_program
            .order(proposals::id.desc())
            .offset(kept - 1)
            .limit(kept)
            .select(proposals::id)
            .load(self.connection)?;
        diesel::delete(proposals::table.filter(proposals::id.eq_any(old))).execute(self.connection)?;
        let id = diesel::insert_into(proposals::table)
            .values((
                proposals::team_id.eq(team.0),
                proposals::activity.eq(key),
                proposals::proposed_by.eq(by),
                proposals::status.eq(&detected.status),
                proposals::note.eq(&detected.note),
                proposals::link.eq(&detected.link),
                proposals::first_on.eq(detected.on),
                proposals::last_on.eq(detected.on),
                proposals::first_at.eq(at),
                proposals::last_at.eq(at),
                proposals::times.eq(1),
                proposals::reason.eq(""),
            ))
            .returning(proposals::id)
            .get_result(self.connection)?;
        Ok(ProposalId(id))
    }

    /// Notes that a program said the same again. What it found stays that of the latest day.
    pub fn see_proposal_again(
        &mut self,
        last: &Proposal,
        detected: &Detection,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let latest = if detected.on < last.detected.on { &last.detected } else { detected };
        diesel::update(proposals::table.find(last.id.0))
            .set((
                proposals::note.eq(&latest.note),
                proposals::link.eq(&latest.link),
                proposals::first_on.eq(last.first_on.min(detected.on)),
                proposals::last_on.eq(latest.on),
                proposals::last_at.eq(at),
                proposals::times.eq(proposals::times + 1),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// Decides about a proposal.
    pub fn decide_proposal(&mut self, id: ProposalId, decision: &Decision) -> Result<(), Error> {
        diesel::update(proposals::table.find(id.0))
            .set((
                proposals::decision.eq(Some(decision.verdict.name())),
                proposals::decided_at.eq(Some(decision.at)),
                proposals::decided_by.eq(Some(&decision.by)),
                proposals::reason.eq(&decision.reason),
                proposals::assessment_id.eq(decision.became.map(|(assessment, _)| assessment.0)),
                proposals::answer_id.eq(decision.became.map(|(_, revision)| revision.0)),
            ))
            .execute(self.connection)?;
        Ok(())
    }
}
