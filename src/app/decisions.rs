//! What becomes of the answers that programs propose: who sees them, and who takes or declines them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::answers::{Recorder, SavedAnswers, conflict};
use super::assessments::{about, current_answers, draft, name_of};
use super::proposals::{Present, answer_of, decide, refused};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Assessment, AssessmentId, Revision, Status};
use crate::domain::audit::Deed;
use crate::domain::catalog::ActivityId;
use crate::domain::organization::{TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::proposal::{Bearing, Detections, Proposal, ProposalId, Verdict};
use crate::domain::view::{ProposalSeen, QuarterRow};
use crate::store::Snapshot;

/// A proposal that somebody decides about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub proposal: ProposalId,
    /// The record of the answer that they saw.
    pub seen: Revision,
}

/// Which proposals are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProposalFilter {
    /// Those for this team.
    pub team: Option<TeamId>,
    /// Those that stand like this to the present answers.
    pub bearing: Option<Bearing>,
    /// Those about which this was decided.
    pub verdict: Option<Verdict>,
}

impl ProposalFilter {
    fn takes(&self, seen: &ProposalSeen) -> bool {
        let verdict = seen.proposal.decision.as_ref().map(|decision| decision.verdict);
        self.bearing.is_none_or(|bearing| bearing == seen.bearing())
            && self.verdict.is_none_or(|wanted| Some(wanted) == verdict)
    }
}

impl Cairn {
    /// Some of the proposals that are wanted, with greater numbers than one, in the order of their numbers.
    pub fn proposals(
        &self,
        caller: &Caller,
        filter: ProposalFilter,
        after: ProposalId,
        limit: usize,
    ) -> Result<Vec<ProposalSeen>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let mut present = Presents::new(self, snapshot, sight, caller)?;
            let (mut found, mut from) = (Vec::new(), Some(after));
            while let Some(after) = from.filter(|_| found.len() < limit) {
                let (batch, next) = snapshot.proposals_after(sight, filter.team, after)?;
                for proposal in batch {
                    found.extend(Some(present.seen(snapshot, proposal)?).filter(|seen| filter.takes(seen)));
                }
                from = next;
            }
            found.truncate(limit);
            Ok(found)
        })
    }

    /// One proposal.
    pub fn proposal(&self, caller: &Caller, id: ProposalId) -> Result<ProposalSeen, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let proposal = snapshot.proposal(sight, id)?.ok_or(Error::NotFound("proposal"))?;
            Presents::new(self, snapshot, sight, caller)?.seen(snapshot, proposal)
        })
    }

    /// Makes proposals the answers of a draft, as the caller's own. What somebody else answered since the caller saw
    /// it is a conflict: nothing is overwritten unseen. How many were taken.
    pub fn take_proposals(&self, caller: &Caller, id: AssessmentId, chosen: &[Choice]) -> Result<usize, Error> {
        self.change(caller, |change, events| {
            let (assessment, team) = draft(change, caller, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            let scale = change.settings()?.scale;
            let current = current_answers(change, id)?;
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            let (mut saved, mut conflicts, mut about) = (SavedAnswers::default(), Vec::new(), HashSet::new());
            for choice in each_choice_once(chosen)? {
                let proposal = open_proposal(change, &assessment, choice.proposal)?;
                let (activity, step) = (&proposal.activity, &proposal.detected.status);
                let name = name_of(&catalog, activity);
                if catalog.find(activity).is_none() {
                    return refused(format!("this assessment does not ask for “{name}”"));
                }
                if scale.step(step).is_none() {
                    return refused(format!("the scale has no step “{step}” any more; decline it for “{name}”"));
                }
                if !about.insert(activity.clone()) {
                    return refused(format!("two of the chosen ones are about “{name}”; take one of them"));
                }
                let recorded = current.get(activity);
                if let Some(theirs) = recorded.filter(|recorded| recorded.revision != choice.seen) {
                    conflicts.push(conflict(&catalog, activity, theirs.clone(), false));
                    continue;
                }
                let answer = answer_of(&proposal, recorded);
                let revision = recorder.record(change, activity, &answer)?.revision;
                saved.note(activity, revision);
                decide(change, caller, &proposal, Verdict::Taken, "", Some((id, revision)))?;
            }
            if !conflicts.is_empty() {
                return Err(Error::Conflict(conflicts));
            }
            events.extend(saved.event_of(Deed::ProposalsTaken, &team, &assessment, &catalog));
            events.extend(recorder.followed(change)?);
            Ok(saved.recorded.len())
        })
    }

    /// Declines proposals for the team of a draft: they do not ask again until the program says another step. How
    /// many were declined.
    pub fn decline_proposals(
        &self,
        caller: &Caller,
        id: AssessmentId,
        chosen: &[Choice],
        reason: &str,
    ) -> Result<usize, Error> {
        let reason = tidy_text(reason, Proposal::REASON_LIMIT).map_err(|error| Error::invalid("reason", error))?;
        self.change(caller, |change, events| {
            let (assessment, team) = draft(change, caller, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            let chosen = each_choice_once(chosen)?;
            let mut names = Vec::new();
            for choice in &chosen {
                let proposal = open_proposal(change, &assessment, choice.proposal)?;
                decide(change, caller, &proposal, Verdict::Declined, &reason, None)?;
                names.push(format!("{} by {}", name_of(&catalog, &proposal.activity), proposal.by));
            }
            let event = about(Deed::ProposalsDeclined, &team, &assessment).with("proposals", names);
            events.push(if reason.is_empty() { event } else { event.with("reason", reason.as_str()) });
            Ok(chosen.len())
        })
    }

    /// Counts what waits for a decision in the drafts of a quarter, or for one to be opened.
    pub(super) fn count_waiting(
        &self,
        snapshot: &mut Snapshot<'_>,
        period: Period,
        rows: &mut [QuarterRow],
    ) -> Result<(), Error> {
        let takes = |row: &QuarterRow| row.assessment.as_ref().is_none_or(|(of, _)| of.submitted.is_none());
        let teams: Vec<TeamId> = rows.iter().filter(|row| takes(row)).map(|row| row.team.id).collect();
        let open = snapshot.open_proposals(&teams)?;
        let drafts: Vec<AssessmentId> = rows
            .iter()
            .filter(|row| open.contains_key(&row.team.id))
            .filter_map(|row| Some(row.assessment.as_ref()?.0.id))
            .collect();
        let mut statuses = snapshot.statuses(&drafts)?;
        for row in rows {
            let Some(proposals) = open.get(&row.team.id) else { continue };
            let id = row.assessment.as_ref().map(|(assessment, _)| assessment.id);
            let answers = id.and_then(|id| statuses.remove(&id)).unwrap_or_default();
            let answers: HashMap<ActivityId, Status> = answers.into_iter().collect();
            let catalog = match &row.assessment {
                Some((assessment, _)) => self.catalog_of(snapshot, &assessment.catalog)?,
                None => self.catalog_in_use(snapshot)?,
            };
            let waits = |proposal: &&Proposal| {
                proposal.is_of(period.last_day())
                    && catalog.find(&proposal.activity).is_some()
                    && proposal.bearing(answers.get(&proposal.activity)) == Bearing::Waits
            };
            row.waiting = proposals.iter().filter(waits).count();
        }
        Ok(())
    }
}

/// Where the teams are in the present quarter, each looked up once.
struct Presents<'a> {
    cairn: &'a Cairn,
    caller: &'a Caller,
    names: HashMap<TeamId, String>,
    known: HashMap<TeamId, Present>,
}

impl<'a> Presents<'a> {
    fn new(cairn: &'a Cairn, snapshot: &mut Snapshot<'_>, sight: &Sight, caller: &'a Caller) -> Result<Self, Error> {
        let names = snapshot.teams(sight)?.into_iter().map(|team| (team.id, team.name.to_string())).collect();
        Ok(Self { cairn, caller, names, known: HashMap::new() })
    }

    fn seen(&mut self, snapshot: &mut Snapshot<'_>, proposal: Proposal) -> Result<ProposalSeen, Error> {
        let team = proposal.team;
        if !self.known.contains_key(&team) {
            self.known.insert(team, self.cairn.present(snapshot, self.caller, Some(team))?);
        }
        let present = self.known.get(&team).ok_or(Error::NotFound("team"))?;
        let activity = &proposal.activity;
        let name = present.catalogs.iter().find(|catalog| catalog.find(activity).is_some());
        Ok(ProposalSeen {
            team: self.names.get(&team).cloned().unwrap_or_default(),
            activity: name.map_or_else(|| activity.0.clone(), |catalog| name_of(catalog, activity)),
            draft: present.draft().map(|draft| draft.id),
            answer: present.answers.get(activity).cloned(),
            proposal,
        })
    }
}

/// What programs proposed for the team of an assessment, as far as it speaks about its quarter. What was submitted
/// before the present quarter is of its time.
pub(super) fn detections(
    snapshot: &mut Snapshot<'_>,
    assessment: &Assessment,
    today: NaiveDate,
) -> Result<Detections, Error> {
    let mut all = Detections::new();
    if assessment.submitted.is_some() && assessment.period != Period::of_day(today) {
        return Ok(all);
    }
    for proposal in snapshot.proposals_of(assessment.team)? {
        if proposal.is_of(assessment.period.last_day()) {
            all.entry(proposal.activity.clone()).or_default().push(proposal);
        }
    }
    Ok(all)
}

/// A proposal for the team of an assessment that can be decided about.
fn open_proposal(snapshot: &mut Snapshot<'_>, assessment: &Assessment, id: ProposalId) -> Result<Proposal, Error> {
    let of_team = Sight::Teams(HashSet::from([assessment.team]));
    let proposal = snapshot.proposal(&of_team, id)?.ok_or(Error::NotFound("proposal"))?;
    let by = &proposal.by;
    match (&proposal.superseded_at, &proposal.decision) {
        (Some(_), _) => refused(format!("{by} proposes something else by now; look at the page again")),
        (_, Some(decision)) => refused(format!("{} decided about it meanwhile; look at the page again", decision.by)),
        (None, None) => Ok(proposal),
    }
}

fn each_choice_once(chosen: &[Choice]) -> Result<Vec<Choice>, Error> {
    let mut seen = HashSet::new();
    let chosen: Vec<Choice> = chosen.iter().copied().filter(|choice| seen.insert(choice.proposal.0)).collect();
    if chosen.is_empty() {
        return Err(Error::invalid("proposal", "choose at least one of them, with the box beside it"));
    }
    Ok(chosen)
}
