//! Answers that programs propose, and evidence that they record: one call takes them in, and people decide.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::access::sight;
use super::answers::{Recorder, SavedAnswers};
use super::assessments::current_answers;
use super::evidence::{self, EvidenceInput, each_once, one_line, wrong_number};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Means, Sight};
use crate::domain::answer::{Answer, Assessment, AssessmentId, RecordedAnswer, Revision, Status};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::evidence::{Evidence, EvidenceContent, EvidenceId, link};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Name, Team, TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::proposal::{Bearing, Decision, Detection, Fate, Ground, Proposal, Verdict, fate};
use crate::domain::view::EvidenceSubjects;
use crate::store::{ActivityKeys, Change, Snapshot};

/// How many pieces of evidence one program may record for a team.
const PIECES_LIMIT: usize = 500;

/// What a program sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposalInput {
    /// The name of the team.
    pub team: String,
    /// The activities that it is about.
    pub activities: Vec<ActivityId>,
    /// The key of the step that it proposes; empty: it only records evidence.
    pub status: String,
    /// What it found.
    pub note: String,
    /// Where that can be seen.
    pub link: String,
    /// The day on which it was so, like 2026-11-26; empty: today.
    pub detected_on: String,
    /// What it records as evidence.
    pub evidence: Option<ProposedEvidence>,
}

/// Evidence that a program records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposedEvidence {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub link: String,
    /// What it says.
    pub text: String,
    /// The first day on which it is not valid any more; empty: said otherwise, or it stays valid.
    pub expires_on: String,
    /// For how many days it is valid.
    pub valid_for_days: Option<u64>,
}

/// What became of what a program sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The team that it is for.
    pub team: String,
    /// What became of the answers that are proposed.
    pub proposals: Vec<Proposed>,
    /// What became of the evidence, if there is any.
    pub evidence: Option<EvidenceFate>,
}

/// What became of a proposed answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The activity.
    pub activity: ActivityId,
    /// How it stands. `None` for who may not see what is recorded: it would tell what the answer is.
    pub standing: Option<Standing>,
}

/// How a proposed answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It waits for a person.
    Waiting,
    /// The answer says so already.
    Confirming,
    /// It is the answer now, since the program is trusted.
    Applied,
    /// It was decided about before, and the answer says something else.
    Decided(Verdict),
    /// The program itself told something else of a later day; nothing is recorded.
    Outdated,
}

/// What became of evidence that a program sent. `None` in its place is for who may not see what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceFate {
    /// It is a new piece.
    Added(EvidenceId),
    /// It is a new version of a piece that the program recorded before.
    Renewed(EvidenceId),
    /// It was recorded on this day or a later one already.
    Known(EvidenceId),
    /// Somebody withdrew it; it stays withdrawn.
    Withdrawn(EvidenceId),
    /// It is recorded; who may not see what is recorded is told no more.
    Recorded,
}

/// What was sent, checked.
struct Checked {
    team: Team,
    activities: Vec<ActivityId>,
    detection: Option<Detection>,
    evidence: Option<EvidenceContent>,
}

/// Where a team is in the present quarter.
pub(super) struct Present {
    assessment: Option<Assessment>,
    pub(super) answers: HashMap<ActivityId, RecordedAnswer>,
    /// The catalog in use, and that of the assessment where it is another one.
    pub(super) catalogs: Vec<Arc<Catalog>>,
}

impl Present {
    pub(super) fn draft(&self) -> Option<&Assessment> {
        self.assessment.as_ref().filter(|assessment| assessment.submitted.is_none())
    }
}

impl Cairn {
    /// Takes in what a program found out: answers that it proposes, and evidence. All of it or, when something is
    /// wrong with any part, nothing.
    pub fn propose(&self, caller: &Caller, input: &ProposalInput) -> Result<Received, Error> {
        caller.actor.authorize(Action::Propose)?;
        let tells = caller.actor.may(Action::View);
        self.change(caller, |change, events| {
            let team = team_for(change, caller, &input.team)?;
            let present = self.present(change, caller, team.as_ref().ok().map(|team| team.id))?;
            let Checked { team, activities, detection, evidence } = check(change, caller, &present, team, input)?;
            let evidence = match &evidence {
                Some(content) => Some(record_evidence(change, caller, content, events)?),
                None => None,
            };
            let proposals = match &detection {
                Some(detection) => record_proposals(change, caller, &team, &present, &activities, detection, events)?,
                None => Vec::new(),
            };
            let told = |(activity, standing)| Proposed { activity, standing: tells.then_some(standing) };
            Ok(Received {
                team: team.name.to_string(),
                proposals: proposals.into_iter().map(told).collect(),
                evidence: evidence.map(|fate| if tells { fate } else { EvidenceFate::Recorded }),
            })
        })
    }

    pub(super) fn present(
        &self,
        snapshot: &mut Snapshot<'_>,
        caller: &Caller,
        team: Option<TeamId>,
    ) -> Result<Present, Error> {
        let mut catalogs = vec![self.catalog_in_use(snapshot)?];
        let assessment = match team {
            Some(team) => snapshot.assessment_of(team, Period::containing(caller.at))?,
            None => None,
        };
        let mut answers = HashMap::new();
        if let Some(assessment) = &assessment {
            let of_assessment = self.catalog_of(snapshot, &assessment.catalog)?;
            catalogs.retain(|catalog| catalog.digest() != of_assessment.digest());
            catalogs.push(of_assessment);
            answers = current_answers(snapshot, assessment.id)?;
        }
        Ok(Present { assessment, answers, catalogs })
    }
}

/// The team that is proposed for, or what is wrong with its name. Who may not see the teams is not told whether there
/// is one that is not theirs.
fn team_for(snapshot: &mut Snapshot<'_>, caller: &Caller, name: &str) -> Result<Result<Team, FieldFault>, Error> {
    let fault = |message: String| Ok(Err(FieldFault::new("team", message)));
    let wanted = match Name::new(name) {
        Ok(wanted) => wanted,
        Err(error) => return fault(error.to_string()),
    };
    let sees = caller.actor.may(Action::View);
    let sight = if sees { sight(snapshot, caller)? } else { Sight::Everything };
    let team = match snapshot.team_named(&wanted)? {
        Some(id) => snapshot.team(&sight, id)?,
        None => None,
    };
    let team = team.filter(|team| sees || caller.actor.may_for(Action::Propose, team));
    let Some(team) = team else {
        return fault(format!("there is no team “{wanted}”, or it is not one that you propose for"));
    };
    caller.actor.authorize_for(Action::Propose, &team)?;
    if team.is_active_in(Period::containing(caller.at)) {
        return Ok(Ok(team));
    }
    fault(format!("{} is retired and not assessed any more", team.name))
}

/// Checks all fields, so that whoever writes a pipeline learns of all faults at once.
fn check(
    snapshot: &mut Snapshot<'_>,
    caller: &Caller,
    present: &Present,
    team: Result<Team, FieldFault>,
    input: &ProposalInput,
) -> Result<Checked, Error> {
    let today = caller.at.date_naive();
    let mut faults = Vec::new();
    let team = team.map_err(|fault| faults.push(fault)).ok();
    let mut fault = |field: &str, message: String| faults.push(FieldFault::new(field, message));

    let activities = each_once(&input.activities);
    if let Some(message) = wrong_number(activities.len(), "activity") {
        fault("activity", message);
    } else {
        let is_known = |id: &ActivityId| present.catalogs.iter().any(|catalog| catalog.find(id).is_some());
        for unknown in activities.iter().filter(|id| !is_known(id)) {
            fault("activity", format!("the catalog has no activity “{}”", shortened(&unknown.0)));
        }
    }
    if input.status.is_empty() && input.evidence.is_none() {
        fault("status", "send a status that you propose, or evidence, or both".into());
    }
    let scale = snapshot.settings()?.scale;
    if !input.status.is_empty() && scale.step(&input.status).is_none() {
        let steps: Vec<&str> = scale.steps().iter().map(|step| step.key.as_str()).collect();
        let found = shortened(&input.status);
        fault("status", format!("“{found}” is no step of the scale; propose one of {}", steps.join(", ")));
    }
    let note = tidy_text(&one_line(&input.note), Proposal::NOTE_LIMIT)
        .map_err(|error| fault("note", error.to_string()))
        .unwrap_or_default();
    let link = link(&input.link).map_err(|error| fault("link", error.to_string())).unwrap_or_default();
    let on = evidence::day(&input.detected_on).map_err(|message| fault("detected_on", message)).ok().flatten();
    let on = on.unwrap_or(today);
    if on > today {
        fault("detected_on", format!("it cannot be detected only later than today, which is {today} in UTC"));
    }
    let content = input.evidence.as_ref().map(|evidence| {
        check_evidence(present, team.as_ref(), &activities, on.min(today), today, evidence)
            .map_err(|found| faults.extend(found))
    });
    let (Some(team), true) = (team, faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    let detection = (!input.status.is_empty()).then(|| Detection { status: input.status.clone(), note, link, on });
    Ok(Checked { team, activities, detection, evidence: content.and_then(Result::ok) })
}

/// Checks the fields of evidence, which is true on the day of the detection.
fn check_evidence(
    present: &Present,
    team: Option<&Team>,
    activities: &[ActivityId],
    on: NaiveDate,
    today: NaiveDate,
    evidence: &ProposedEvidence,
) -> Result<EvidenceContent, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: &str| faults.push(FieldFault::new(format!("evidence.{field}"), message));
    let mut expires_on = evidence.expires_on.clone();
    if let Some(days) = evidence.valid_for_days {
        match on.checked_add_days(Days::new(days)) {
            _ if !evidence.expires_on.is_empty() => {
                fault("valid_for_days", "say for how many days it is valid, or until when, not both");
            }
            Some(day) if (1..=36_500).contains(&days) => expires_on = day.to_string(),
            _ => fault("valid_for_days", "it is valid for 1 to 36500 days"),
        }
    }
    let input = EvidenceInput {
        title: evidence.title.clone(),
        link: evidence.link.clone(),
        text: evidence.text.clone(),
        recorded_on: on.to_string(),
        expires_on,
        reviewer: String::new(),
        activities: activities.to_vec(),
        teams: team.map(|team| team.id).into_iter().collect(),
    };
    let teams = team.cloned().into_iter().collect();
    let subjects = EvidenceSubjects { teams, catalogs: present.catalogs.clone() };
    let checked = evidence::check(&subjects, today, &input, &[]);
    match checked {
        Ok(content) if faults.is_empty() => Ok(content),
        Ok(_) => Err(faults),
        Err(Error::Invalid(found)) => {
            // What it is for and when it was true is said outside of the evidence, and told there.
            let own = found.into_iter().filter(|found| !["team", "activity", "recorded_on"].contains(&&*found.field));
            faults.extend(own.map(|found| FieldFault { field: format!("evidence.{}", found.field), ..found }));
            Err(faults)
        }
        Err(_) => Err(faults),
    }
}

/// Records evidence: a new piece, or a new version of the one with the same title for the same activities that the
/// same program added for the team, at most one for each day.
fn record_evidence(
    change: &mut Change<'_>,
    caller: &Caller,
    content: &EvidenceContent,
    events: &mut Vec<Event>,
) -> Result<EvidenceFate, Error> {
    let name = caller.actor.name();
    let mut own = Vec::new();
    for &team in &content.teams {
        own.extend(change.evidence_added_by(name, team)?);
    }
    let Some(current) = own.iter().find(|piece| is_the_same(piece, content)) else {
        if own.len() >= PIECES_LIMIT {
            let message = format!(
                "{PIECES_LIMIT} pieces of evidence for this team come from here already; give the same thing the same \
                 title each time, then it is a new version of the same piece"
            );
            return Err(Error::invalid("evidence.title", message));
        }
        let id = change.add_evidence(content, name, caller.at)?;
        events.push(evidence::about(Deed::EvidenceAdded, id, content));
        return Ok(EvidenceFate::Added(id));
    };
    if current.withdrawn.is_some() {
        return Ok(EvidenceFate::Withdrawn(current.id));
    }
    if current.content.recorded_on >= content.recorded_on {
        return Ok(EvidenceFate::Known(current.id));
    }
    // Who looked at it before stays; a program does not.
    let renewed = EvidenceContent { reviewer: current.content.reviewer.clone(), ..content.clone() };
    change.change_evidence(current.id, &renewed, None, name, caller.at)?;
    events.push(evidence::about(Deed::EvidenceChanged, current.id, &renewed));
    Ok(EvidenceFate::Renewed(current.id))
}

/// Whether a piece is what a program records again: of the same title, for the same activities and teams.
fn is_the_same(piece: &Evidence, content: &EvidenceContent) -> bool {
    let of = &piece.content;
    of.title == content.title
        && HashSet::<&ActivityId>::from_iter(&of.activities) == HashSet::from_iter(&content.activities)
        && HashSet::<&TeamId>::from_iter(&of.teams) == HashSet::from_iter(&content.teams)
}

/// Records a detection for each of some activities, and puts it into the draft where the program is trusted.
pub(super) fn record_proposals(
    change: &mut Change<'_>,
    caller: &Caller,
    team: &Team,
    present: &Present,
    activities: &[ActivityId],
    detection: &Detection,
    events: &mut Vec<Event>,
) -> Result<Vec<(ActivityId, Standing)>, Error> {
    let by = caller.actor.name();
    let trusted = match caller.actor.means() {
        Means::Token(id) => change.token(id)?.map(|token| token.trusted_for).unwrap_or_default(),
        _ => Default::default(),
    };
    let draft = present.draft();
    let mut recorder = match draft {
        Some(draft) => Some(Recorder::new(change, caller, draft)?),
        None => None,
    };
    let (mut keys, mut saved, mut standings) = (ActivityKeys::default(), SavedAnswers::default(), Vec::new());
    for activity in activities {
        let last = change.last_proposal(team.id, activity, by)?;
        let answer = present.answers.get(activity);
        let ground = Ground {
            last: last.as_ref(),
            draft: draft.map(|draft| draft.id),
            answer,
            is_trusted: trusted.contains(activity),
        };
        let (fate, enters) = fate(ground, detection);
        match (&last, fate) {
            (_, Fate::Outdated) => {
                standings.push((activity.clone(), Standing::Outdated));
                continue;
            }
            (Some(last), Fate::SeenAgain) => change.see_proposal_again(last, detection, caller.at)?,
            (None, Fate::SeenAgain) | (_, Fate::New) => {
                change.add_proposal(&mut keys, team.id, activity, by, detection, caller.at)?;
            }
        }
        let proposal = change.last_proposal(team.id, activity, by)?.ok_or(Error::NotFound("proposal"))?;
        if enters && let (Some(draft), Some(recorder)) = (draft, &mut recorder) {
            let recorded = recorder.record(change, activity, &answer_of(&proposal, answer))?;
            saved.note(activity, recorded.revision);
            decide(change, caller, &proposal, Verdict::Trusted, "", Some((draft.id, recorded.revision)))?;
            standings.push((activity.clone(), Standing::Applied));
        } else {
            standings.push((activity.clone(), standing(&proposal, answer)));
        }
    }
    let open = change.count_open_proposals(by)?;
    if open > Proposal::OPEN_LIMIT {
        return refused(format!(
            "{} proposals from here wait for a decision; nothing is added before somebody took or declined some",
            Proposal::OPEN_LIMIT
        ));
    }
    if let (Some(draft), Some(recorder), Some(catalog)) = (draft, recorder, present.catalogs.last()) {
        events.extend(saved.event_of(Deed::ProposalsTrusted, team, draft, catalog));
        events.extend(recorder.followed(change)?);
    }
    Ok(standings)
}

fn standing(proposal: &Proposal, answer: Option<&RecordedAnswer>) -> Standing {
    match (proposal.bearing(answer.map(|recorded| &recorded.answer.status)), &proposal.decision) {
        (Bearing::Confirms, _) => Standing::Confirming,
        (_, Some(decision)) => Standing::Decided(decision.verdict),
        (_, None) => Standing::Waiting,
    }
}

/// The answer that a proposal becomes: its step, and a note that says where it comes from.
pub(super) fn answer_of(proposal: &Proposal, before: Option<&RecordedAnswer>) -> Answer {
    let note = before.map_or("", |recorded| &recorded.answer.note);
    let status = Status::Step(proposal.detected.status.clone());
    let since = Some(proposal.first_on);
    Answer { status, note: proposal.note_for(note), inherited_from: None, carried: false, since }
}

pub(super) fn decide(
    change: &mut Change<'_>,
    caller: &Caller,
    proposal: &Proposal,
    verdict: Verdict,
    reason: &str,
    became: Option<(AssessmentId, Revision)>,
) -> Result<(), Error> {
    let (at, by, reason) = (caller.at, caller.actor.name().to_owned(), reason.to_owned());
    Ok(change.decide_proposal(proposal.id, &Decision { verdict, at, by, reason, became })?)
}

pub(super) fn refused<T>(message: String) -> Result<T, Error> {
    Err(Error::Refused(message))
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
