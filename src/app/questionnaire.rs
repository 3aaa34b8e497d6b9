//! Reading assessments: everything that is needed to fill one in, or to look at one of its questions.

use std::collections::HashMap;
use std::sync::Arc;

use super::assessments::{before, current_answers, find, scorecard};
use super::decisions::detections;
use super::evidence::support_of;
use super::threat_support::support_by_models;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Assessment, AssessmentId, RecordedAnswer, Status};
use crate::domain::catalog::{Activity, ActivityId, Catalog};
use crate::domain::catalog_change::{CatalogChange, Changed};
use crate::domain::organization::TeamId;
use crate::domain::scoring::Scorecard;
use crate::domain::threat_model::seen::ModelSupport;
use crate::domain::view::{Anew, AskedAnew, Before, Provider, Question, Questionnaire};
use crate::store::Snapshot;

impl Cairn {
    /// An assessment with its answers and scores, and what the one before said.
    pub fn questionnaire(&self, caller: &Caller, id: AssessmentId) -> Result<Questionnaire, Error> {
        self.read(caller, Action::View, |snapshot, sight| self.questionnaire_at(snapshot, sight, caller, id))
    }

    /// An assessment with everything about it, at the moment of a snapshot.
    fn questionnaire_at(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
        caller: &Caller,
        id: AssessmentId,
    ) -> Result<Questionnaire, Error> {
        let assessment = find(snapshot, sight, id)?;
        let team = snapshot.team(sight, assessment.team)?.ok_or(Error::NotFound("team"))?;
        let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
        let (answers, settings) = (current_answers(snapshot, id)?, snapshot.settings()?);
        let scorecard =
            scorecard(&settings, &catalog, answers.iter().map(|(id, recorded)| (id, &recorded.answer.status)));
        let (before, asked_anew) = self.compared_with_before(snapshot, &assessment, &catalog)?;
        let names: HashMap<TeamId, String> =
            snapshot.teams(sight)?.into_iter().map(|team| (team.id, team.name.to_string())).collect();
        let mut relying: HashMap<ActivityId, Vec<String>> = HashMap::new();
        for (follower, activity) in snapshot.relying_on(sight, assessment.team, assessment.period)? {
            relying.entry(activity).or_default().extend(names.get(&follower).cloned());
        }
        let reopenings = snapshot.reopenings(id)?;
        let roadmap = Arc::clone(self.ground(snapshot, sight)?.roadmaps.of_team(team.id));
        let today = caller.at.date_naive();
        let support = support_of(snapshot, team.id, today)?;
        // What was submitted is of its time; the models of today say nothing about it.
        let models = match assessment.submitted {
            None => support_by_models(snapshot, sight, team.id, today)?,
            Some(_) => ModelSupport::default(),
        };
        let detected = detections(snapshot, &assessment, today)?;
        Ok(Questionnaire {
            assessment,
            team,
            catalog,
            settings,
            roadmap,
            answers,
            scorecard,
            before,
            asked_anew,
            names,
            relying,
            support,
            models,
            detected,
            today,
            reopenings,
        })
    }

    /// How far an assessment is: the scores of its present answers.
    pub fn progress(&self, caller: &Caller, id: AssessmentId) -> Result<Scorecard, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let assessment = find(snapshot, sight, id)?;
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let statuses = snapshot.statuses(&[id])?.remove(&id).unwrap_or_default();
            let settings = snapshot.settings()?;
            Ok(scorecard(&settings, &catalog, statuses.iter().map(|(id, status)| (id, status))))
        })
    }

    /// One question of an assessment: what is asked, what was answered over time, and from whom the
    /// answer can be taken.
    pub fn question(&self, caller: &Caller, id: AssessmentId, activity: &ActivityId) -> Result<Question, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let questionnaire = self.questionnaire_at(snapshot, sight, caller, id)?;
            let index = questionnaire.catalog.find(activity).ok_or(Error::NotFound("question"))?;
            let (team, period) = (questionnaire.assessment.team, questionnaire.assessment.period);
            let history = snapshot.records_of(team, activity)?;
            let of_period = snapshot.assessments_in(sight, period)?;
            let ids: Vec<AssessmentId> = of_period.iter().map(|assessment| assessment.id).collect();
            let mut answers = snapshot.answers_to(activity, &ids)?;
            let mut providers: Vec<Provider> = of_period
                .iter()
                .filter(|assessment| assessment.team != team)
                .filter_map(|assessment| {
                    let answer = answers.remove(&assessment.id)?.answer;
                    let can_provide = answer.inherited_from.is_none() && answer.status != Status::Unanswered;
                    let name = questionnaire.names.get(&assessment.team)?.clone();
                    can_provide.then_some(Provider { team: assessment.team, name, status: answer.status })
                })
                .collect();
            providers.sort_by_key(|provider| provider.name.to_lowercase());
            let mut evidence = snapshot.evidence_of(&[team])?;
            evidence.retain(|piece| piece.content.activities.contains(activity));
            let proposals = snapshot.proposals_about(team, activity)?;
            Ok(Question { questionnaire, index, history, evidence, proposals, providers })
        })
    }

    /// What the assessment before said, by the activities of this one's catalog, and what this catalog
    /// asks anew since then: activities that are new and such that changed in a way which may change the
    /// answer.
    fn compared_with_before(
        &self,
        snapshot: &mut Snapshot<'_>,
        assessment: &Assessment,
        catalog: &Catalog,
    ) -> Result<(Option<Before>, Vec<AskedAnew>), Error> {
        let Some(before) = before(snapshot, assessment.team, assessment.period)? else { return Ok((None, Vec::new())) };
        let mut answers = current_answers(snapshot, before.id)?;
        let (id, period) = (before.id, before.period);
        if before.catalog == assessment.catalog {
            return Ok((Some(Before { id, period, answers }), Vec::new()));
        }
        let (old, new) = (self.catalog_of(snapshot, &before.catalog)?.content(), catalog.content());
        let change = CatalogChange::between(&old, &new);
        let because = |changed: &Changed<'_>| match changed {
            renamed if renamed.is_renamed() => Anew::Renamed,
            relevelled if relevelled.is_relevelled() => Anew::Relevelled,
            _ => Anew::Reworded,
        };
        let added = change.added.iter().map(|placed| (placed.activity, Anew::New));
        let changed = change.kept_and(Changed::asks_anew).map(|changed| (changed.new.activity, because(changed)));
        let find =
            |(activity, because): (&Activity, Anew)| Some(AskedAnew { activity: catalog.find(&activity.id)?, because });
        let asked_anew = added.chain(changed).filter_map(find).collect();
        let answers: HashMap<ActivityId, RecordedAnswer> = change
            .kept
            .iter()
            .filter_map(|kept| Some((kept.new.activity.id.clone(), answers.remove(&kept.old.activity.id)?)))
            .collect();
        Ok((Some(Before { id, period, answers }), asked_anew))
    }
}
