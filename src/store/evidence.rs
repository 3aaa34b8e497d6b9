//! Evidence, append-only: a change adds a version and marks the one before as superseded.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::schema::{activities, evidence, evidence_activities, evidence_teams, evidence_versions};
use super::{ActivityKeys, CHUNK, Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::{Evidence, EvidenceContent, EvidenceId};
use crate::domain::organization::TeamId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = evidence_versions)]
struct Row {
    id: i64,
    evidence_id: i64,
    title: String,
    link: String,
    text: String,
    recorded_on: NaiveDate,
    expires_on: Option<NaiveDate>,
    reviewer: String,
    withdrawn: Option<String>,
    changed_at: DateTime<Utc>,
    changed_by: String,
}

impl Snapshot<'_> {
    /// The evidence of some teams as it is now, withdrawn or not, in the order in which it was added.
    pub fn evidence_of(&mut self, teams: &[TeamId]) -> Result<Vec<Evidence>, Error> {
        let mut rows: BTreeMap<i64, Row> = BTreeMap::new();
        for chunk in teams.chunks(CHUNK) {
            let of_teams = evidence_teams::table
                .filter(evidence_teams::team_id.eq_any(chunk.iter().map(|team| team.0)))
                .select(evidence_teams::version_id);
            let found: Vec<Row> = evidence_versions::table
                .filter(evidence_versions::superseded_at.is_null())
                .filter(evidence_versions::id.eq_any(of_teams))
                .select(Row::as_select())
                .load(self.connection)?;
            rows.extend(found.into_iter().map(|row| (row.evidence_id, row)));
        }
        self.with_links(rows.into_values().collect())
    }

    /// The evidence of a team as it is now that was added by somebody, whoever changed it since.
    pub fn evidence_added_by(&mut self, by: &str, team: TeamId) -> Result<Vec<Evidence>, Error> {
        let of_team =
            evidence_teams::table.filter(evidence_teams::team_id.eq(team.0)).select(evidence_teams::version_id);
        let rows = evidence_versions::table
            .inner_join(evidence::table)
            .filter(evidence::added_by.eq(by))
            .filter(evidence_versions::superseded_at.is_null())
            .filter(evidence_versions::id.eq_any(of_team))
            .order(evidence_versions::evidence_id)
            .select(Row::as_select())
            .load(self.connection)?;
        self.with_links(rows)
    }

    /// All versions of a piece of evidence, oldest first; empty when there is none of this number, or when
    /// it is not for any team that is seen now.
    pub fn evidence_versions(&mut self, sight: &Sight, id: EvidenceId) -> Result<Vec<Evidence>, Error> {
        let rows = evidence_versions::table
            .filter(evidence_versions::evidence_id.eq(id.0))
            .order(evidence_versions::id)
            .select(Row::as_select())
            .load(self.connection)?;
        let mut versions = self.with_links(rows)?;
        let is_seen = |piece: &Evidence| piece.content.teams.iter().any(|team| sight.sees(*team));
        if !versions.last().is_some_and(is_seen) {
            return Ok(Vec::new());
        }
        // What it was when it was for others only is theirs.
        versions.retain(is_seen);
        Ok(versions)
    }

    /// Puts the activities and teams to their versions.
    fn with_links(&mut self, rows: Vec<Row>) -> Result<Vec<Evidence>, Error> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut activities_of: HashMap<i64, Vec<ActivityId>> = HashMap::new();
        let mut teams_of: HashMap<i64, Vec<TeamId>> = HashMap::new();
        for chunk in ids.chunks(CHUNK) {
            let found: Vec<(i64, String)> = evidence_activities::table
                .inner_join(activities::table)
                .filter(evidence_activities::version_id.eq_any(chunk))
                .order((evidence_activities::version_id, evidence_activities::activity))
                .select((evidence_activities::version_id, activities::activity_id))
                .load(self.connection)?;
            for (version, activity) in found {
                activities_of.entry(version).or_default().push(ActivityId(activity));
            }
            let found: Vec<(i64, i64)> = evidence_teams::table
                .filter(evidence_teams::version_id.eq_any(chunk))
                .order((evidence_teams::version_id, evidence_teams::team_id))
                .select((evidence_teams::version_id, evidence_teams::team_id))
                .load(self.connection)?;
            for (version, team) in found {
                teams_of.entry(version).or_default().push(TeamId(team));
            }
        }
        Ok(rows
            .into_iter()
            .map(|row| Evidence {
                id: EvidenceId(row.evidence_id),
                version: row.id,
                content: EvidenceContent {
                    title: row.title,
                    link: row.link,
                    text: row.text,
                    recorded_on: row.recorded_on,
                    expires_on: row.expires_on,
                    reviewer: row.reviewer,
                    activities: activities_of.remove(&row.id).unwrap_or_default(),
                    teams: teams_of.remove(&row.id).unwrap_or_default(),
                },
                withdrawn: row.withdrawn,
                by: row.changed_by,
                at: row.changed_at,
            })
            .collect())
    }
}

impl Change<'_> {
    /// Adds evidence.
    pub fn add_evidence(
        &mut self,
        content: &EvidenceContent,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<EvidenceId, Error> {
        let id = diesel::insert_into(evidence::table)
            .values((evidence::added_at.eq(at), evidence::added_by.eq(by)))
            .returning(evidence::id)
            .get_result(self.connection)?;
        self.add_version(EvidenceId(id), content, None, by, at)?;
        Ok(EvidenceId(id))
    }

    /// Gives evidence a new version, which supersedes the one before. `withdrawn`: why it does not
    /// count any more.
    pub fn change_evidence(
        &mut self,
        id: EvidenceId,
        content: &EvidenceContent,
        withdrawn: Option<&str>,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        diesel::update(evidence_versions::table)
            .filter(evidence_versions::evidence_id.eq(id.0))
            .filter(evidence_versions::superseded_at.is_null())
            .set(evidence_versions::superseded_at.eq(Some(at)))
            .execute(self.connection)?;
        self.add_version(id, content, withdrawn, by, at)
    }

    fn add_version(
        &mut self,
        id: EvidenceId,
        content: &EvidenceContent,
        withdrawn: Option<&str>,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        let version: i64 = diesel::insert_into(evidence_versions::table)
            .values((
                evidence_versions::evidence_id.eq(id.0),
                evidence_versions::title.eq(&content.title),
                evidence_versions::link.eq(&content.link),
                evidence_versions::text.eq(&content.text),
                evidence_versions::recorded_on.eq(content.recorded_on),
                evidence_versions::expires_on.eq(content.expires_on),
                evidence_versions::reviewer.eq(&content.reviewer),
                evidence_versions::withdrawn.eq(withdrawn),
                evidence_versions::changed_at.eq(at),
                evidence_versions::changed_by.eq(by),
            ))
            .returning(evidence_versions::id)
            .get_result(self.connection)?;
        let mut keys = ActivityKeys::default();
        let mut of_version = Vec::new();
        for activity in &content.activities {
            let key = self.activity_key(&mut keys, activity)?;
            of_version.push((evidence_activities::version_id.eq(version), evidence_activities::activity.eq(key)));
        }
        diesel::insert_or_ignore_into(evidence_activities::table).values(of_version).execute(self.connection)?;
        let teams = content
            .teams
            .iter()
            .map(|team| (evidence_teams::version_id.eq(version), evidence_teams::team_id.eq(team.0)));
        diesel::insert_or_ignore_into(evidence_teams::table)
            .values(teams.collect::<Vec<_>>())
            .execute(self.connection)?;
        Ok(())
    }
}
