//! Fills an empty database with the demo organization.

mod evidence;
mod history;
mod profiles;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::assessments::about;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::EvidenceContent;
use crate::domain::organization::{GroupId, Name, TeamId};
use crate::domain::period::Period;
use crate::store::{ActivityKeys, Change};
use evidence::{PIECES, Piece};
use history::{DemoAssessment, generate};

/// The demo is the same every time, but for its dates.
const SEED: u64 = 1;

/// How long before the end of a quarter its assessment is made.
const DAYS_BEFORE_THE_END: Days = Days::new(12);

impl Cairn {
    /// Adds the demo organization, with a history that ends in the present quarter. The database
    /// must be empty.
    pub fn fill_with_demo(&self, caller: &Caller) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        caller.actor.authorize(Action::Assess)?;
        let demo = generate(&self.bundled, Period::containing(caller.at), SEED);
        let name = |text: &str| Name::new(text).map_err(|error| Error::invalid("name", error));
        self.change(caller, |change, _| {
            if !change.teams(&Sight::Everything)?.is_empty() {
                return Err(Error::Refused("the demo needs an empty database".into()));
            }
            let beginning = demo.assessments.first().map_or(caller.at, |first| assessment_day(first.period));
            let first = Caller { at: beginning.min(caller.at), ..caller.clone() };
            let mut groups: Vec<GroupId> = Vec::new();
            for group in &demo.groups {
                groups.push(change.add_group(&name(group)?, first.at)?);
                change.record_event(&first, &Event::new(Deed::GroupAdded, group.as_str()))?;
            }
            let mut teams: Vec<TeamId> = Vec::new();
            for team in &demo.teams {
                let id = change.add_team(&name(&team.name)?, &team.description, caller.at)?;
                let of_team: Vec<GroupId> =
                    team.groups.iter().filter_map(|&group| groups.get(group).copied()).collect();
                change.set_groups_of_team(id, &of_team)?;
                change.record_event(&first, &Event::new(Deed::TeamAdded, team.name.as_str()).with("team", id.0))?;
                teams.push(id);
            }
            let mut keys = ActivityKeys::default();
            for assessment in &demo.assessments {
                let team = teams.get(assessment.team).copied().ok_or(Error::NotFound("team"))?;
                self.add_demo_assessment(change, &mut keys, caller, team, assessment)?;
            }
            for piece in &PIECES {
                self.add_demo_evidence(change, caller, &teams, piece)?;
            }
            Ok(())
        })
    }

    fn add_demo_assessment(
        &self,
        change: &mut Change<'_>,
        keys: &mut ActivityKeys,
        caller: &Caller,
        team: TeamId,
        assessment: &DemoAssessment,
    ) -> Result<(), Error> {
        let at = assessment_day(assessment.period).min(caller.at);
        let caller = Caller { at, ..caller.clone() };
        let of = change.team(&Sight::Everything, team)?.ok_or(Error::NotFound("team"))?;
        let (opened, _) = self.open_or_find(change, &caller, team, assessment.period)?;
        change.record_event(&caller, &about(Deed::AssessmentOpened, &of, &opened))?;
        if !assessment.submitted {
            // A draft begins as for everybody: with what was said before, to be confirmed.
            self.carry_over(change, &caller, &opened)?;
        }
        for (activity, answer) in &assessment.answers {
            change.record_answer(keys, opened.id, activity, answer, caller.actor.name(), at)?;
        }
        let recorded = about(Deed::AnswersRecorded, &of, &opened).with("answers", assessment.answers.len());
        change.record_event(&caller, &recorded)?;
        if assessment.submitted
            && let Some(event) = self.submit(change, &caller, &opened, &of)?
        {
            change.record_event(&caller, &event)?;
        }
        Ok(())
    }

    fn add_demo_evidence(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        teams: &[TeamId],
        piece: &Piece,
    ) -> Result<(), Error> {
        let before = |days: u64| caller.at.checked_sub_days(Days::new(days)).unwrap_or(caller.at);
        let recorded_on = before(piece.ago).date_naive();
        let activities: Vec<ActivityId> = self
            .bundled
            .activities()
            .filter(|(_, activity)| piece.activities.contains(&activity.name.as_str()))
            .map(|(_, activity)| activity.id.clone())
            .collect();
        let content = EvidenceContent {
            title: piece.title.into(),
            link: piece.link.into(),
            text: piece.text.into(),
            recorded_on,
            expires_on: piece.lasts.and_then(|days| recorded_on.checked_add_days(Days::new(days))),
            reviewer: piece.reviewer.into(),
            activities,
            teams: piece.teams.iter().filter_map(|&team| teams.get(team).copied()).collect(),
        };
        if content.activities.is_empty() || content.teams.is_empty() {
            return Ok(());
        }
        let by = caller.actor.name();
        let title = piece.first_title.unwrap_or(piece.title).into();
        let id = change.add_evidence(&EvidenceContent { title, ..content.clone() }, by, before(piece.ago))?;
        if piece.first_title.is_some() {
            change.change_evidence(id, &content, None, by, before(piece.ago / 2))?;
        }
        if let Some((days, reason)) = piece.withdrawn {
            change.change_evidence(id, &content, Some(reason), by, before(days))?;
        }
        Ok(())
    }
}

fn assessment_day(period: Period) -> DateTime<Utc> {
    let last = period.last_day();
    let day = last.checked_sub_days(DAYS_BEFORE_THE_END).unwrap_or(last);
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::app::bundled_catalog;
    use profiles::PROFILES;

    #[test]
    fn evidence_is_for_activities_and_teams_that_there_are() {
        let catalog = bundled_catalog().unwrap();
        let names: HashSet<&str> = catalog.activities().map(|(_, activity)| activity.name.as_str()).collect();
        for piece in &PIECES {
            for name in piece.activities {
                assert!(names.contains(name), "{}: {name}", piece.title);
            }
            assert!(!piece.activities.is_empty() && !piece.teams.is_empty(), "{}", piece.title);
            assert!(piece.teams.iter().all(|&team| team < PROFILES.len()), "{}", piece.title);
        }
    }
}
