//! What leaves to come back, beside answers: the tables of evidence and teams, and the workbook to fill in.

use std::collections::HashMap;

use super::assessments::{before, current_answers};
use super::eye::scope;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::Answer;
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::Evidence;
use crate::domain::organization::{GroupId, ScopeId, TeamId};
use crate::domain::period::Period;
use crate::domain::view::{self, Selection};
use crate::formats;
use crate::formats::table::Table;
use crate::formats::template::{Question, Template};
use crate::store::Snapshot;

impl Cairn {
    /// The evidence of a scope that is not withdrawn, in the order in which it was added. With a period, what was
    /// true by its end.
    pub(super) fn evidence_table(&self, caller: &Caller, selection: Selection) -> Result<Table, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            scope(snapshot, sight, selection.scope, &teams, &groups)?;
            let in_scope: Vec<TeamId> =
                teams.iter().filter(|team| view::is_in(team, selection.scope)).map(|team| team.id).collect();
            let mut table = formats::evidence::table();
            for piece in counting(snapshot, &in_scope)? {
                if selection.period.is_none_or(|period| piece.content.recorded_on <= period.last_day()) {
                    // Teams that are not seen are not named.
                    let of_piece = teams.iter().filter(|team| piece.content.teams.contains(&team.id));
                    let names: Vec<&str> = of_piece.map(|team| team.name.as_str()).collect();
                    formats::evidence::push(&mut table, &piece.content, &names);
                }
            }
            Ok(table)
        })
    }

    /// The teams of a scope, in the order of their names.
    pub(super) fn teams_table(&self, caller: &Caller, selection: Selection) -> Result<Table, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            scope(snapshot, sight, selection.scope, &teams, &groups)?;
            let names: HashMap<GroupId, &str> = groups.iter().map(|group| (group.id, group.name.as_str())).collect();
            let mut table = formats::teams::table();
            for team in teams.iter().filter(|team| view::is_in(team, selection.scope)) {
                let groups: Vec<&str> = team.groups.iter().filter_map(|id| names.get(id).copied()).collect();
                formats::teams::push(&mut table, team, &groups);
            }
            Ok(table)
        })
    }

    /// A workbook with every activity of the catalog and what one team answered in one quarter, the present one
    /// unless another is asked for.
    pub(super) fn template(&self, caller: &Caller, selection: Selection) -> Result<Vec<u8>, Error> {
        let ScopeId::Team(id) = selection.scope else {
            return Err(Error::invalid("team", "a template is for one team; say for which"));
        };
        let period = selection.period.unwrap_or_else(|| Period::containing(caller.at));
        self.read(caller, Action::View, |snapshot, sight| {
            let team = snapshot.team(sight, id)?.ok_or(Error::NotFound("team"))?;
            let teams = snapshot.teams(sight)?;
            let names: HashMap<TeamId, &str> = teams.iter().map(|team| (team.id, team.name.as_str())).collect();
            let assessment = snapshot.assessment_of(id, period)?;
            let catalog = match &assessment {
                Some(assessment) => self.catalog_of(snapshot, &assessment.catalog)?,
                None => self.catalog_in_use(snapshot)?,
            };
            let answers: HashMap<ActivityId, Answer> = match (&assessment, before(snapshot, id, period)?) {
                (Some(assessment), _) => {
                    let current = current_answers(snapshot, assessment.id)?;
                    current.into_iter().map(|(id, recorded)| (id, recorded.answer)).collect()
                }
                // What it will begin with when it is opened.
                (None, Some(before)) => self.to_carry(snapshot, &before, &catalog)?.into_iter().collect(),
                (None, None) => HashMap::new(),
            };
            let mut evidence = counting(snapshot, &[id])?;
            evidence.retain(|piece| piece.content.teams.iter().all(|team| sight.sees(*team)));
            let settings = snapshot.settings()?;
            let questions = catalog.homes().map(|(index, home)| {
                let activity = catalog.activity(index);
                let answer = answers.get(&activity.id);
                let provider = answer.and_then(|answer| answer.inherited_from);
                let place = [home.dimension.name.as_str(), home.sub_dimension.name.as_str()];
                Question { place, activity, answer, inherited_from: provider.and_then(|id| names.get(&id).copied()) }
            });
            let of_piece = |piece: &Evidence| -> Vec<&str> {
                let of_piece = teams.iter().filter(|team| piece.content.teams.contains(&team.id));
                of_piece.map(|team| team.name.as_str()).collect()
            };
            let template = Template {
                team: team.name.as_str(),
                period,
                scale: &settings.scale,
                questions: questions.collect(),
                evidence: evidence.iter().map(|piece| (&piece.content, of_piece(piece))).collect(),
            };
            formats::template::workbook(&template)
                .map_err(|error| Error::Refused(format!("no workbook can hold it ({error}); take CSV")))
        })
    }
}

/// The evidence of some teams that is not withdrawn.
fn counting(snapshot: &mut Snapshot<'_>, teams: &[TeamId]) -> Result<Vec<Evidence>, Error> {
    let mut evidence = snapshot.evidence_of(teams)?;
    evidence.retain(|piece| piece.withdrawn.is_none());
    Ok(evidence)
}
