//! What somebody should look at: the assessments of a quarter, gone over by the rules of `domain::unusual`.

use std::collections::HashMap;

use super::evidence::support_by_team;
use super::eye::Eye;
use super::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::answer::Assessment;
use crate::domain::organization::TeamId;
use crate::domain::standing::{Overview, Standing};
use crate::domain::unusual::{self, BulkEdit, Course, NotApplicableGrowth, Rise, Said, Unusual, Who};
use crate::domain::view::{Seen, Selection};

impl Cairn {
    /// What is unusual about the assessments that the teams of a scope made in a quarter.
    pub fn unusual(&self, caller: &Caller, selection: Selection) -> Result<Seen<Unusual>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let courses = courses(eye, &overview)?;
            let threshold = eye.settings().threshold;
            let large: Vec<Rise> = courses.iter().filter_map(|course| Rise::of(course, threshold)).collect();
            let teams: Vec<TeamId> = large.iter().map(|rise| rise.who.team).collect();
            let day = eye.day();
            let support = support_by_team(eye, &teams, day)?;
            let none = HashMap::new();
            let shown = |rise: Rise| {
                let support = support.get(&rise.who.team).unwrap_or(&none);
                rise.without_evidence(support)
            };
            let mut rises: Vec<Rise> = large.into_iter().filter_map(shown).collect();
            let mut not_applicable: Vec<_> = courses.iter().filter_map(NotApplicableGrowth::of).collect();
            let mut bulk = bulk_edits(eye, &courses, &overview)?;
            unusual::sort(&mut rises, &mut not_applicable, &mut bulk);
            Ok(Some(Unusual { examined: courses.len(), overview, rises, not_applicable, bulk }))
        })
    }
}

/// What each team that was assessed in the quarter said then and in the quarters before.
fn courses(eye: &mut Eye<'_, '_>, overview: &Overview) -> Result<Vec<Course>, Error> {
    let of_quarter = |standing: &&Standing| !standing.is_carried(overview.period);
    let stood_on = |standing: &Standing| -> (Who, Vec<Assessment>) {
        let Standing { team, team_name, assessment, .. } = standing;
        let who = Who { team: *team, name: team_name.clone(), assessment: *assessment };
        let quarters = std::iter::successors(Some(overview.period), |period| Some(period.previous()));
        // A team that was not assessed in a quarter stands there where it stood before.
        let found = quarters.take(Course::QUARTERS).map_while(|period| eye.standing_on(*team, period).cloned());
        (who, found.collect())
    };
    let of_teams: Vec<(Who, Vec<Assessment>)> = overview.standings.iter().filter(of_quarter).map(stood_on).collect();
    let wanted: Vec<Assessment> = of_teams.iter().flat_map(|(_, found)| found).cloned().collect();
    let sheets = eye.sheets(&wanted)?;
    let said = |assessment: &Assessment| {
        let kept = sheets.get(&assessment.id)?;
        let (catalog, sheet) = (kept.catalog.clone(), kept.sheet.clone());
        Some(Said { assessed: assessment.period, catalog, sheet })
    };
    let course =
        |(who, found): (Who, Vec<Assessment>)| Course { who, quarters: found.iter().filter_map(said).collect() };
    Ok(of_teams.into_iter().map(course).collect())
}

/// The many answers that were given just before submissions.
fn bulk_edits(eye: &mut Eye<'_, '_>, courses: &[Course], overview: &Overview) -> Result<Vec<BulkEdit>, Error> {
    let submissions: Vec<Assessment> =
        courses.iter().filter_map(|course| eye.standing_on(course.who.team, overview.period).cloned()).collect();
    let by_id: HashMap<_, &Who> = courses.iter().map(|course| (course.who.assessment, &course.who)).collect();
    let ground = eye.ground();
    let mut known = eye.cairn.memory.bulk.of(&ground, &submissions, |missing| {
        let ids: Vec<_> = missing.iter().map(|assessment| assessment.id).collect();
        let given = eye.snapshot.given_answers(&ids)?;
        let found = missing.iter().filter_map(|assessment| {
            let (who, submission) = (by_id.get(&assessment.id)?, assessment.submitted.as_ref()?);
            let given = given.get(&assessment.id).map_or(&[][..], Vec::as_slice);
            Some((assessment.id, BulkEdit::of(who, given, submission.at)))
        });
        Ok::<_, Error>(found.collect())
    })?;
    // A team may have been renamed since, so the name is that of now.
    let named = |course: &Course| {
        let bulk = known.remove(&course.who.assessment)??;
        Some(BulkEdit { who: course.who.clone(), ..bulk })
    };
    Ok(courses.iter().filter_map(named).collect())
}
