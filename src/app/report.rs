//! The report: what is told to others about a scope, as deep as they need it.

use std::collections::HashMap;
use std::sync::Arc;

use super::eye::Eye;
use super::{Cairn, Error, threat_portfolio};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{AssessmentId, Mark};
use crate::domain::balance::Balance;
use crate::domain::evidence::Evidence;
use crate::domain::mapping::Standard;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::report::{
    Audit, Depth, Details, Report, SubmittedAssessment, not_applicable, open_activities, team_cards,
};
use crate::domain::standing::{Overview, Standing};
use crate::domain::statement::{Finding, Mapping};
use crate::domain::view::{Seen, Selection};

impl Cairn {
    /// A report about a scope. `standard` is the one whose clauses the auditor's report goes through.
    pub fn report(
        &self,
        caller: &Caller,
        selection: Selection,
        depth: Depth,
        standard: Standard,
    ) -> Result<Seen<Report>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let day = eye.day();
            let Some(freshness) = eye.freshness(day)? else { return Ok(None) };
            let before = eye.before(period)?;
            let threshold = eye.settings().threshold;
            let (catalog, roadmap) = (&overview.catalog, eye.roadmap());
            let balance = |of: &Overview| Balance::new(&of.catalog, &of.measures, threshold);
            let report = Report {
                depth,
                made_at: caller.at,
                day,
                attribution: eye.attribution(period)?,
                trend: eye.trend(period)?,
                stages: roadmap.progress(catalog, &overview.measures, &overview.scorecard),
                present: roadmap.present(&overview.scorecard),
                next: eye.next_steps(period)?,
                balance: balance(&overview),
                balance_before: before.as_deref().and_then(balance),
                threat_models: threat_portfolio::figures(eye)?,
                freshness,
                details: if depth >= Depth::Full { Some(details(eye, &overview, period)?) } else { None },
                audit: if depth >= Depth::Auditor { Some(audit(eye, caller, &overview, standard)?) } else { None },
                before,
                overview,
            };
            Ok(Some(report))
        })
    }

    /// What each clause of a standard rests on in a scope.
    pub(super) fn mapping(
        &self,
        caller: &Caller,
        selection: Selection,
        standard: Standard,
    ) -> Result<Seen<(Arc<Overview>, Mapping)>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let mapping = mapping(eye, &overview, standard)?;
            Ok(Some((overview, mapping)))
        })
    }
}

fn details(eye: &mut Eye<'_, '_>, overview: &Overview, period: Period) -> Result<Details, Error> {
    let (teams, teams_left_out) = team_cards(overview, eye.settings().threshold);
    // Only what says so is read: most of a thousand teams' answers do apply.
    let says_so = |standing: &&Standing| standing.sheet.marks().any(|mark| mark == Mark::NotApplicable);
    let wanted: Vec<AssessmentId> =
        overview.standings.iter().filter(says_so).map(|standing| standing.assessment).collect();
    let reasons = eye.snapshot.reasons_not_applicable(&wanted)?;
    let present = eye.roadmap().present(&overview.scorecard);
    Ok(Details {
        teams,
        teams_left_out,
        open: open_activities(overview, eye.roadmaps(), present),
        not_applicable: not_applicable(overview, &reasons),
        spread: eye.spread(period)?,
    })
}

fn audit(eye: &mut Eye<'_, '_>, caller: &Caller, overview: &Overview, standard: Standard) -> Result<Audit, Error> {
    let listed = overview.standings.iter().take(Audit::SUBMISSIONS);
    let ids: Vec<AssessmentId> = listed.clone().map(|standing| standing.assessment).collect();
    let mut digests = eye.snapshot.digests_of(&ids)?;
    let mut reopenings = eye.snapshot.reopenings_of(&ids)?;
    let submissions = listed.filter_map(|standing| {
        Some(SubmittedAssessment {
            id: standing.assessment,
            team: standing.team_name.clone(),
            period: standing.assessed,
            submission: eye.assessment_of(standing)?.submitted.clone()?,
            digest: digests.remove(&standing.assessment)?,
            reopenings: reopenings.remove(&standing.assessment).unwrap_or_default(),
        })
    });
    let submissions: Vec<SubmittedAssessment> = submissions.collect();
    let may_see = caller.actor.authorize(Action::Audit).is_ok();
    Ok(Audit {
        submissions_left_out: overview.standings.len() - submissions.len(),
        submissions,
        head: if may_see { Some(eye.snapshot.audit_head()?) } else { None },
        mapping: mapping(eye, overview, standard)?,
    })
}

/// What the clauses rest on. Notes are read where the teams are few.
fn mapping(eye: &mut Eye<'_, '_>, overview: &Overview, standard: Standard) -> Result<Mapping, Error> {
    let teams: Vec<TeamId> = overview.standings.iter().map(|standing| standing.team).collect();
    let evidence: Vec<Evidence> = eye.snapshot.evidence_of(&teams)?;
    let answers = if teams.len() <= Finding::NOTES {
        let ids: Vec<AssessmentId> = overview.standings.iter().map(|standing| standing.assessment).collect();
        eye.snapshot.answers(&ids)?
    } else {
        HashMap::new()
    };
    Ok(Mapping::new(overview, standard, &evidence, &answers, eye.day()))
}
