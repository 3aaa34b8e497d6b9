//! Which quarters and assessments there are, and how one assessment stands, for those who read them one by one.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::assessments::{current_answers, find, scorecard};
use super::eye::scope;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Answer, Assessment, AssessmentId, PastAnswer, RecordedAnswer, Reopening, Revision};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::named::Named;
use crate::domain::period::Period;
use crate::domain::scoring::Scorecard;
use crate::domain::view::{Selection, is_in};

/// A quarter, and how many of its assessments somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarterCount {
    /// The quarter.
    pub period: Period,
    /// Whether it is the present one.
    pub is_current: bool,
    /// How many assessments are drafts.
    pub drafts: usize,
    /// How many are submitted.
    pub submitted: usize,
}

/// Whether an assessment can still be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentState {
    /// It can.
    Draft,
    /// It does not change any more.
    Submitted,
}

impl Named for AssessmentState {
    const NAMED: &'static [(&'static str, Self)] = &[("draft", Self::Draft), ("submitted", Self::Submitted)];
}

impl AssessmentState {
    /// That of an assessment.
    pub fn of(assessment: &Assessment) -> Self {
        if assessment.submitted.is_some() { Self::Submitted } else { Self::Draft }
    }
}

/// An assessment with its answers and what they come to.
#[derive(Debug, Clone)]
pub struct AssessmentSeen {
    /// The assessment.
    pub assessment: Assessment,
    /// The catalog whose activities it asks.
    pub catalog: Arc<Catalog>,
    /// What is recorded so far.
    pub answers: HashMap<ActivityId, RecordedAnswer>,
    /// The scores that these answers give.
    pub scorecard: Scorecard,
    /// When and why it became a draft again.
    pub reopenings: Vec<Reopening>,
}

impl AssessmentSeen {
    /// The latest record in it; 0 when there is none.
    pub fn latest(&self) -> Revision {
        self.answers.values().map(|recorded| recorded.revision).max().unwrap_or_default()
    }
}

impl Cairn {
    /// The quarters that have assessments which the caller sees, and the present one, oldest first.
    pub fn quarters(&self, caller: &Caller) -> Result<Vec<QuarterCount>, Error> {
        let current = Period::containing(caller.at);
        self.read(caller, Action::View, |snapshot, sight| {
            let mut counts: BTreeMap<Period, (usize, usize)> = BTreeMap::from([(current, (0, 0))]);
            for assessment in snapshot.assessments(sight)? {
                let (drafts, submitted) = counts.entry(assessment.period).or_default();
                match AssessmentState::of(&assessment) {
                    AssessmentState::Draft => *drafts += 1,
                    AssessmentState::Submitted => *submitted += 1,
                }
            }
            let count = |(period, (drafts, submitted))| QuarterCount {
                period,
                is_current: period == current,
                drafts,
                submitted,
            };
            Ok(counts.into_iter().map(count).collect())
        })
    }

    /// The assessments of a scope by their numbers: of all quarters, unless one is asked for, and in whatever
    /// state, unless one is.
    pub fn assessments(
        &self,
        caller: &Caller,
        selection: Selection,
        state: Option<AssessmentState>,
    ) -> Result<Vec<Assessment>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let (mut teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            scope(snapshot, sight, selection.scope, &teams, &groups)?;
            teams.retain(|team| is_in(team, selection.scope));
            let teams = Sight::Teams(teams.iter().map(|team| team.id).collect());
            let mut found = match selection.period {
                Some(period) => snapshot.assessments_in(&teams, period)?,
                None => snapshot.assessments(&teams)?,
            };
            found.retain(|assessment| state.is_none_or(|state| state == AssessmentState::of(assessment)));
            found.sort_by_key(|assessment| assessment.id);
            Ok(found)
        })
    }

    /// An assessment with its answers and scores.
    pub fn assessment(&self, caller: &Caller, id: AssessmentId) -> Result<AssessmentSeen, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let assessment = find(snapshot, sight, id)?;
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let (mut answers, settings) = (current_answers(snapshot, id)?, snapshot.settings()?);
            answers.values_mut().for_each(|recorded| hide_provider(&mut recorded.answer, sight));
            let scorecard =
                scorecard(&settings, &catalog, answers.iter().map(|(id, recorded)| (id, &recorded.answer.status)));
            let reopenings = snapshot.reopenings(id)?;
            Ok(AssessmentSeen { assessment, catalog, answers, scorecard, reopenings })
        })
    }

    /// What an assessment says about one activity, if anything was recorded, and the catalog that asks it.
    pub fn answer(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activity: &ActivityId,
    ) -> Result<(Arc<Catalog>, Option<RecordedAnswer>), Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let assessment = find(snapshot, sight, id)?;
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let mut recorded = snapshot.answer(id, activity)?;
            recorded.iter_mut().for_each(|recorded| hide_provider(&mut recorded.answer, sight));
            Ok((catalog, recorded))
        })
    }

    /// Everything that was ever recorded about an activity in an assessment, oldest first.
    pub fn answer_history(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activity: &ActivityId,
    ) -> Result<Vec<PastAnswer>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let assessment = find(snapshot, sight, id)?;
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            catalog.find(activity).ok_or(Error::NotFound("question"))?;
            let mut records = snapshot.records_of(assessment.team, activity)?;
            records.retain(|record| record.assessment == id);
            records.reverse();
            records.iter_mut().for_each(|record| hide_provider(&mut record.recorded.answer, sight));
            Ok(records)
        })
    }
}

/// Does not tell of a team that is not seen.
fn hide_provider(answer: &mut Answer, sight: &Sight) {
    answer.inherited_from = answer.inherited_from.filter(|team| sight.sees(*team));
}
