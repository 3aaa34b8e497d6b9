//! The files of the DSOMM application, made of what is recorded here.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::answer_rows::place;
use super::export::ExportKind;
use super::eye::scope;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Assessment, RecordedAnswer, Status};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::organization::{Group, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::reached;
use crate::domain::scale::ProgressScale;
use crate::domain::view::{self, Selection};
use crate::formats::dsomm::{self, ProgressFile, WrittenActivity, WrittenEvidence};
use crate::store::Snapshot;

/// The days on which a team reached steps, by the position of the step; with the name of the team.
type Days<'a> = (&'a str, BTreeMap<usize, NaiveDate>);

/// What was recorded of one activity of a team, in the order of time.
#[derive(Default)]
struct Course {
    /// The position of the step, or `None` for what says nothing of progress; the day; whether it was said.
    records: Vec<(Option<usize>, NaiveDate, bool)>,
    /// Whether it does not apply, as the last record says.
    is_left_out: bool,
}

impl Cairn {
    /// One of the files, of the teams of a scope; with a period as of its end.
    pub(super) fn dsomm_file(&self, caller: &Caller, kind: ExportKind, selection: Selection) -> Result<Vec<u8>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            scope(snapshot, sight, selection.scope, &teams, &groups)?;
            let teams: Vec<Team> = teams.into_iter().filter(|team| view::is_in(team, selection.scope)).collect();
            let text = match kind {
                ExportKind::TeamProgress => self.team_progress(snapshot, sight, &teams, selection.period)?,
                ExportKind::TeamEvidence => self.team_evidence(snapshot, &teams, selection.period)?,
                ExportKind::Meta => dsomm::meta(&snapshot.settings()?.scale),
                _ => teams_file(&teams, &groups),
            };
            Ok(text.into_bytes())
        })
    }

    fn team_progress(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
        teams: &[Team],
        until: Option<Period>,
    ) -> Result<String, Error> {
        let (scale, catalog) = (snapshot.settings()?.scale, self.catalog_in_use(snapshot)?);
        let mut of_team: HashMap<TeamId, Vec<Assessment>> = HashMap::new();
        for assessment in snapshot.assessments(sight)? {
            if until.is_none_or(|until| assessment.period <= until) {
                of_team.entry(assessment.team).or_default().push(assessment);
            }
        }
        let mut by_activity: HashMap<ActivityId, Vec<Days<'_>>> = HashMap::new();
        let mut not_applicable = 0;
        for team in teams {
            let mut assessments = of_team.remove(&team.id).unwrap_or_default();
            assessments.sort_by_key(|assessment| assessment.period);
            for (activity, course) in courses(snapshot, &assessments, &scale)? {
                not_applicable += usize::from(course.is_left_out);
                let days = reached::after(course.records.into_iter().map(|(step, day, _)| (step, day)));
                if !days.is_empty() {
                    by_activity.entry(activity).or_default().push((team.name.as_str(), days));
                }
            }
        }
        let ids = in_order(&catalog, by_activity.keys());
        let activities = ids.iter().map(|(id, name)| {
            let teams = by_activity.get(id).cloned().unwrap_or_default();
            WrittenActivity { id: &id.0, name, teams }
        });
        Ok(dsomm::progress(&ProgressFile { activities: activities.collect(), scale: &scale, not_applicable }))
    }

    fn team_evidence(
        &self,
        snapshot: &mut Snapshot<'_>,
        teams: &[Team],
        until: Option<Period>,
    ) -> Result<String, Error> {
        let catalog = self.catalog_in_use(snapshot)?;
        let names: HashMap<TeamId, &str> = teams.iter().map(|team| (team.id, team.name.as_str())).collect();
        let mut pieces = snapshot.evidence_of(&teams.iter().map(|team| team.id).collect::<Vec<_>>())?;
        pieces.retain(|piece| piece.withdrawn.is_none());
        pieces.retain(|piece| until.is_none_or(|until| piece.content.recorded_on <= until.last_day()));
        pieces.sort_by_key(|piece| (piece.content.recorded_on, piece.id));
        let owners: Vec<Vec<&str>> = pieces
            .iter()
            .map(|piece| {
                let mut owners: Vec<&str> =
                    piece.content.teams.iter().filter_map(|team| names.get(team).copied()).collect();
                owners.sort_unstable();
                owners
            })
            .collect();
        let written: Vec<WrittenEvidence<'_>> = pieces
            .iter()
            .zip(&owners)
            .map(|(piece, teams)| WrittenEvidence { id: piece.id.0, content: &piece.content, teams })
            .collect();
        let ids = in_order(&catalog, pieces.iter().flat_map(|piece| &piece.content.activities));
        let ids: Vec<(&str, &str)> = ids.iter().map(|(id, name)| (id.0.as_str(), *name)).collect();
        Ok(dsomm::evidence(&ids, &written))
    }
}

/// What was recorded of each activity in some assessments of a team, which are in the order of time.
fn courses(
    snapshot: &mut Snapshot<'_>,
    assessments: &[Assessment],
    scale: &ProgressScale,
) -> Result<BTreeMap<ActivityId, Course>, Error> {
    let ids: Vec<_> = assessments.iter().map(|assessment| assessment.id).collect();
    let mut records = snapshot.records(&ids)?;
    let mut courses: BTreeMap<ActivityId, Course> = BTreeMap::new();
    for assessment in assessments {
        for recorded in records.remove(&assessment.id).unwrap_or_default() {
            let step = match &recorded.answer.status {
                Status::Step(key) => match scale.steps().iter().position(|step| step.key == *key) {
                    Some(step) => Some(step),
                    // A step that the scale does not have any more says nothing.
                    None => continue,
                },
                Status::Unanswered | Status::NotApplicable { .. } => None,
            };
            let (day, is_said) = day_of(&recorded, assessment.period);
            let course = courses.entry(recorded.activity).or_default();
            // Who tries several steps on one day means the last one.
            while course.records.last().is_some_and(|(_, before, said)| !said && !is_said && *before == day) {
                course.records.pop();
            }
            course.records.push((step, day, is_said));
            course.is_left_out = matches!(recorded.answer.status, Status::NotApplicable { .. });
        }
    }
    Ok(courses)
}

/// The day from which an answer was so, and whether somebody said it: otherwise the one on which it was
/// recorded, or the nearest of the quarter that it speaks of.
fn day_of(recorded: &RecordedAnswer, period: Period) -> (NaiveDate, bool) {
    let day = recorded.at.date_naive().clamp(period.first_day(), period.last_day());
    (recorded.answer.since.unwrap_or(day), recorded.answer.since.is_some())
}

/// Activities with their names, each once: those of the catalog in its order, then others by their ids.
fn in_order<'a>(catalog: &'a Catalog, ids: impl IntoIterator<Item = &'a ActivityId>) -> Vec<(&'a ActivityId, &'a str)> {
    let mut ids: Vec<&ActivityId> = ids.into_iter().collect();
    ids.sort_by_cached_key(|id| place(catalog, id));
    ids.dedup();
    let name = |id: &ActivityId| catalog.find(id).map_or("", |index| catalog.activity(index).name.as_str());
    ids.into_iter().map(|id| (id, name(id))).collect()
}

/// The teams that are assessed, and their groups.
fn teams_file(teams: &[Team], groups: &[Group]) -> String {
    let active: Vec<&Team> = teams.iter().filter(|team| team.retired_at.is_none()).collect();
    let names: Vec<&str> = active.iter().map(|team| team.name.as_str()).collect();
    let members = |group: &Group| {
        active.iter().filter(|team| team.groups.contains(&group.id)).map(|team| team.name.as_str()).collect()
    };
    let groups: Vec<(&str, Vec<&str>)> = groups.iter().map(|group| (group.name.as_str(), members(group))).collect();
    dsomm::teams(&names, &groups)
}
