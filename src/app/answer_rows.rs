//! The answers of many assessments as rows: all of them for a file, or some at a time.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::eye::scope;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{Assessment, RecordedAnswer};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::organization::{Team, TeamId};
use crate::domain::period::Period;
use crate::domain::view::{Selection, is_in};
use crate::formats;
use crate::formats::table::Table;
use crate::store::Snapshot;

/// Of how many assessments the answers are in memory at once.
const AT_A_TIME: usize = 50;

/// Where an answer stands among all answers: by the number of its team, then by quarter, then by its activity in
/// the order of the catalog. None of these ever changes, whatever is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerKey {
    /// Whose it is.
    pub team: TeamId,
    /// Of which quarter.
    pub period: Period,
    /// To which activity.
    pub activity: ActivityId,
}

impl Cairn {
    /// All answers of a scope: by team, then by quarter, then in the order of the catalog.
    pub(super) fn answers_table(&self, caller: &Caller, selection: Selection) -> Result<Table, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            scope(snapshot, sight, selection.scope, &teams, &groups)?;
            let names = names(&teams);
            let mut by_team: HashMap<TeamId, Vec<_>> = HashMap::new();
            for assessment in snapshot.assessments(sight)? {
                if selection.period.is_none_or(|period| period == assessment.period) {
                    by_team.entry(assessment.team).or_default().push(assessment);
                }
            }
            let in_scope = teams.iter().filter(|team| is_in(team, selection.scope));
            let assessments: Vec<_> = in_scope.flat_map(|team| by_team.remove(&team.id).unwrap_or_default()).collect();
            let mut table = formats::answers::table();
            for some in assessments.chunks(AT_A_TIME) {
                let ids: Vec<_> = some.iter().map(|assessment| assessment.id).collect();
                let mut answers = snapshot.answers(&ids)?;
                for assessment in some {
                    let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
                    let recorded = in_order(&catalog, answers.remove(&assessment.id).unwrap_or_default());
                    recorded.iter().for_each(|recorded| push(&mut table, &names, assessment, &catalog, recorded));
                }
            }
            Ok(table)
        })
    }

    /// At most so many answers of a scope after one of them, as rows of JSON with where each stands.
    pub fn answers_after(
        &self,
        caller: &Caller,
        selection: Selection,
        after: Option<&AnswerKey>,
        limit: usize,
    ) -> Result<Vec<(AnswerKey, Json)>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            scope(snapshot, sight, selection.scope, &teams, &groups)?;
            let names = names(&teams);
            let mut wanted: Vec<TeamId> =
                teams.iter().filter(|team| is_in(team, selection.scope)).map(|team| team.id).collect();
            wanted.retain(|team| after.is_none_or(|after| *team >= after.team));
            wanted.sort_unstable();
            let (mut keys, mut table) = (Vec::new(), formats::answers::table());
            for team in wanted {
                if keys.len() >= limit {
                    break;
                }
                for assessment in assessments_after(snapshot, team, selection.period, after)? {
                    let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
                    let answers = snapshot.answers(&[assessment.id])?.remove(&assessment.id).unwrap_or_default();
                    let begun = after.filter(|after| after.team == team && after.period == assessment.period);
                    let last = begun.map(|after| place(&catalog, &after.activity));
                    let rest = in_order(&catalog, answers).into_iter();
                    let rest = rest.filter(|recorded| {
                        last.as_ref().is_none_or(|last| place(&catalog, &recorded.activity) > *last)
                    });
                    for recorded in rest.take(limit - keys.len()) {
                        push(&mut table, &names, &assessment, &catalog, &recorded);
                        keys.push(AnswerKey { team, period: assessment.period, activity: recorded.activity });
                    }
                    if keys.len() >= limit {
                        break;
                    }
                }
            }
            let rows = if let Json::Array(rows) = table.to_json() { rows } else { Vec::new() };
            Ok(keys.into_iter().zip(rows).collect())
        })
    }
}

/// The assessments of a team that can have answers after one, by quarter.
fn assessments_after(
    snapshot: &mut Snapshot<'_>,
    team: TeamId,
    period: Option<Period>,
    after: Option<&AnswerKey>,
) -> Result<Vec<Assessment>, Error> {
    let after = after.filter(|after| after.team == team);
    let mut assessments = snapshot.assessments_of(team)?;
    assessments.retain(|assessment| {
        period.is_none_or(|period| period == assessment.period)
            && after.is_none_or(|after| assessment.period >= after.period)
    });
    Ok(assessments)
}

fn names(teams: &[Team]) -> HashMap<TeamId, &str> {
    teams.iter().map(|team| (team.id, team.name.as_str())).collect()
}

/// Where an activity stands in a catalog; what is in none comes last.
pub(super) fn place(catalog: &Catalog, activity: &ActivityId) -> (usize, ActivityId) {
    (catalog.find(activity).map_or(usize::MAX, |index| index.position()), activity.clone())
}

/// The answers that say anything, in the order of the catalog.
fn in_order(catalog: &Catalog, mut answers: Vec<RecordedAnswer>) -> Vec<RecordedAnswer> {
    answers.retain(|recorded| !recorded.answer.is_blank());
    answers.sort_by_cached_key(|recorded| place(catalog, &recorded.activity));
    answers
}

/// Adds the row of an answer. `names` has the teams that are seen; another is not named.
fn push(
    table: &mut Table,
    names: &HashMap<TeamId, &str>,
    assessment: &Assessment,
    catalog: &Catalog,
    recorded: &RecordedAnswer,
) {
    let activity_name = catalog.find(&recorded.activity).map_or("", |index| &catalog.activity(index).name);
    let row = formats::answers::Written {
        team: names.get(&assessment.team).copied().unwrap_or_default(),
        period: assessment.period,
        activity: &recorded.activity,
        activity_name,
        answer: &recorded.answer,
        inherited_from: recorded.answer.inherited_from.and_then(|team| names.get(&team).copied()),
    };
    formats::answers::push(table, row);
}
