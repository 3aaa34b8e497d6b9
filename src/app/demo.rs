//! Fills an empty database with the demo organization.

mod evidence;
mod growth;
mod history;
mod people;
mod plans;
mod profiles;
mod proposals;
mod roadmap;
mod threat_models;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use super::accounts::about_rights;
use super::assessments::about;
use super::evidence::about as about_evidence;
use super::sign_in::random;
use super::{Cairn, Error, passwords};
use crate::domain::access::{Action, Actor, Caller, Reach, Role, Sight, TokenScope};
use crate::domain::account::Token;
use crate::domain::answer::Answer;
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::EvidenceContent;
use crate::domain::named::Named;
use crate::domain::organization::{GroupId, Name, TeamId};
use crate::domain::period::Period;
use crate::store::{ActivityKeys, Change};
use evidence::{PIECES, Piece};
pub use history::DemoSize;
use history::{DemoAssessment, DemoOrganization, DemoTeam};
use people::{CHAMPIONS, PEOPLE, PROGRAMS};
use profiles::{GROUPS, PROFILES, PROVIDER};

/// The demo is the same every time, but for its dates.
const SEED: u64 = 1;

/// How long before the end of a quarter its assessment is made.
const DAYS_BEFORE_THE_END: Days = Days::new(12);

/// How long before the first assessment the organization begins to use Cairn.
const DAYS_BEFORE_THE_FIRST: Days = Days::new(20);

/// In how many sittings an assessment is filled in.
const SITTINGS: usize = 5;

/// How long ago nothing happened any more but assessments: everything else is younger.
const DAYS_OF_ASSESSMENTS_ALONE: Days = Days::new(600);

/// Of how many teams beyond the usual ones one has a piece of evidence, and how many of these there are at most.
const EVIDENCE: (usize, usize) = (4, 500);

/// Of how many teams beyond the usual ones one has a threat model, and how many of these there are at most.
const THREAT_MODELS: (usize, usize) = (25, 60);

/// What was done in the demo organization: by whom and when.
type History = Vec<(Caller, Event)>;

/// What a database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeUp {
    /// Nothing at all.
    Nothing,
    /// A demo organization, as large as it is now.
    Demo(DemoSize),
    /// Records of a real one.
    Real,
}

impl Cairn {
    /// Whether what is recorded was made up by the demo, as the beginning of the audit record says.
    pub fn made_up(&self, caller: &Caller) -> Result<MadeUp, Error> {
        self.read(caller, Action::ManageTeams, |snapshot, sight| {
            let first = snapshot.first_audit_entry()?;
            let teams = snapshot.teams(sight)?.len();
            Ok(match first {
                None if teams == 0 => MadeUp::Nothing,
                Some(first) if first.means == Actor::demo().means().word() => {
                    MadeUp::Demo(DemoSize { teams, quarters: snapshot.periods(sight)?.len() })
                }
                _ => MadeUp::Real,
            })
        })
    }

    /// Adds the usual demo organization, with a history that ends in the present quarter. The database
    /// must be empty.
    pub fn fill_with_demo(&self, caller: &Caller) -> Result<(), Error> {
        self.fill_with_demo_of(caller, DemoSize::default(), |_| ())
    }

    /// The same with an organization of any size. `made` is told how many of the quarters there are, each time that
    /// there is one more.
    pub fn fill_with_demo_of(&self, caller: &Caller, size: DemoSize, mut made: impl FnMut(usize)) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        caller.actor.authorize(Action::Assess)?;
        let demo = DemoOrganization::new(&self.bundled, Period::containing(caller.at), size, SEED);
        self.long_change(caller, |change, _| {
            if !change.teams(&Sight::Everything)?.is_empty() {
                return Err(Error::Refused("the demo needs an empty database".into()));
            }
            let alone = caller.at.checked_sub_days(DAYS_OF_ASSESSMENTS_ALONE).unwrap_or(caller.at);
            let beginning = demo.periods.first().map_or(caller.at, |first| assessment_day(*first));
            let beginning = beginning.checked_sub_days(DAYS_BEFORE_THE_FIRST).unwrap_or(beginning);
            let first = Caller { at: beginning.min(alone), ..caller.clone() };
            let mut history = History::new();
            let groups = add_groups(change, &first, &demo, &mut history)?;
            let mut teams: Vec<TeamId> = Vec::new();
            for team in &demo.teams {
                let id = change.add_team(&name(&team.name)?, &team.description, caller.at)?;
                let of_team: Vec<GroupId> = team.groups.iter().filter_map(|group| groups.get(group).copied()).collect();
                change.set_groups_of_team(id, &of_team)?;
                history.push((first.clone(), Event::new(Deed::TeamAdded, team.name.as_str()).with("team", id.0)));
                teams.push(id);
            }
            let people = add_people(change, &first, caller.at, &teams, &groups, &mut history)?;
            let champions = add_champions(change, people.get(&0).unwrap_or(&first), &groups, &mut history)?;
            let champion = |team: usize| match CHAMPIONS.get(team) {
                Some(person) => people.get(person).unwrap_or(&first),
                None => {
                    let group = demo.teams.get(team).and_then(|team| team.groups.first());
                    group.and_then(|group| champions.get(group)).unwrap_or(&first)
                }
            };
            let mut keys = ActivityKeys::default();
            for (quarter, &period) in demo.periods.iter().enumerate() {
                let at = assessment_day(period).min(caller.at);
                for assessment in demo.assessments(quarter) {
                    let team = teams.get(assessment.team).copied().ok_or(Error::NotFound("team"))?;
                    let is_hasty = demo.teams.get(assessment.team).is_some_and(|team| team.is_hasty);
                    let by = Caller { at, ..champion(assessment.team).clone() };
                    let assessment = assessment.taking_over_from(teams.get(PROVIDER).copied());
                    self.add_demo_assessment(change, &mut keys, &by, (team, is_hasty), &assessment, &mut history)?;
                }
                retire(change, people.get(&0).unwrap_or(&first), period, &demo.teams, &teams, &mut history)?;
                // What nothing comes before any more need not be kept in mind.
                record(change, &mut history, Some(alone.min(assessment_day(period))))?;
                made(quarter + 1);
            }
            for piece in &PIECES {
                let by = piece.teams.first().map_or(&first, |&team| champion(team));
                let of_teams = piece.teams.iter().filter_map(|&team| teams.get(team).copied()).collect();
                self.add_demo_evidence(change, (by, caller.at), of_teams, piece, &mut history)?;
            }
            for (piece, team) in PIECES.iter().cycle().zip(chosen(&demo.teams, EVIDENCE)) {
                let neighbours = team..team.saturating_add(piece.teams.len());
                let of_teams = teams.get(neighbours).unwrap_or_default().to_vec();
                self.add_demo_evidence(change, (champion(team), caller.at), of_teams, piece, &mut history)?;
            }
            let others = chosen(&demo.teams, THREAT_MODELS);
            threat_models::add_demo_threat_models(change, caller.at, &teams, others, champion, &mut history)?;
            if let Some(administrator) = people.get(&0) {
                let administrator = Caller { at: caller.at, ..administrator.clone() };
                let programs = self.add_programs(change, &administrator, &teams, &mut history)?;
                for program in &programs {
                    self.add_demo_proposals(change, caller.at, program, &teams, champion, &mut history)?;
                }
                self.add_demo_roadmap(change, &administrator, &teams, &mut history)?;
                if size == DemoSize::default() {
                    self.add_demo_plans(change, caller.at, &people, &teams, &mut history)?;
                }
            }
            record(change, &mut history, None)
        })
    }

    /// Adds the tokens; what they open nobody knows. What comes back are the programs that propose, as such who act.
    fn add_programs(
        &self,
        change: &mut Change<'_>,
        administrator: &Caller,
        teams: &[TeamId],
        history: &mut History,
    ) -> Result<Vec<Actor>, Error> {
        let mut proposing = Vec::new();
        for program in &PROGRAMS {
            let by = days_before(administrator, program.ago);
            let expires_at = by.at.checked_add_days(Days::new(program.lasts)).unwrap_or(by.at);
            let chosen: BTreeSet<TeamId> = program.teams.iter().filter_map(|&team| teams.get(team).copied()).collect();
            if chosen.is_empty() && !program.teams.is_empty() {
                // None of its teams is there.
                continue;
            }
            let limit = (!chosen.is_empty()).then_some(&chosen);
            let secret = random(Token::PREFIX)?;
            let id = change.add_token(&name(program.name)?, &secret.digest(), program.scope, limit, &by, expires_at)?;
            let event =
                Event::new(Deed::TokenMade, program.name).with("token", id.0).with("scope", program.scope.name());
            history.push((by.clone(), event.with("expires", expires_at.date_naive().to_string())));
            if program.scope == TokenScope::Propose {
                let trusted = self.activities_named(&proposals::TRUSTED);
                change.set_trust(id, &trusted.into_iter().collect())?;
                let event = Event::new(Deed::TokenTrusted, program.name).with("token", id.0);
                history.push((by, event.with("activities", proposals::TRUSTED.to_vec())));
                let teams = chosen.iter().copied().collect();
                let reach = if program.teams.is_empty() {
                    Reach::Everything
                } else {
                    Reach::Some { teams, groups: BTreeSet::new() }
                };
                proposing.push(Actor::token(id, program.name, program.scope, reach));
            }
            if let Some((minutes, from)) = program.used {
                change.touch_token(id, from, administrator.at - TimeDelta::minutes(minutes))?;
            }
            if let Some(days) = program.revoked {
                let by = days_before(administrator, days);
                change.revoke_token(id, by.at)?;
                history.push((by, Event::new(Deed::TokenRevoked, program.name).with("token", id.0)));
            }
        }
        Ok(proposing)
    }

    fn add_demo_assessment(
        &self,
        change: &mut Change<'_>,
        keys: &mut ActivityKeys,
        by: &Caller,
        (team, is_hasty): (TeamId, bool),
        assessment: &DemoAssessment,
        history: &mut History,
    ) -> Result<(), Error> {
        let of = change.team(&Sight::Everything, team)?.ok_or(Error::NotFound("team"))?;
        let sittings = sittings(by, is_hasty, assessment);
        let opening = sittings.first().map_or(by, |(opening, _)| opening);
        let (opened, _) = self.open_or_find(change, opening, team, assessment.period)?;
        history.push((opening.clone(), about(Deed::AssessmentOpened, &of, &opened)));
        if !assessment.submitted {
            // A draft begins as for everybody: with what was said before, to be confirmed.
            self.carry_over(change, opening, &opened, &HashSet::new())?;
        }
        for (sitting, answers) in &sittings {
            let name = sitting.actor.name();
            if assessment.submitted {
                change.record_first_answers(keys, opened.id, answers, name, sitting.at)?;
            } else {
                for (activity, answer) in *answers {
                    change.record_answer(keys, opened.id, activity, answer, name, sitting.at)?;
                }
            }
            let recorded = about(Deed::AnswersRecorded, &of, &opened).with("answers", answers.len());
            history.push((sitting.clone(), recorded));
        }
        if assessment.submitted
            && let Some(event) = self.submit(change, by, &opened, &of)?
        {
            history.push((by.clone(), event));
        }
        Ok(())
    }

    fn add_demo_evidence(
        &self,
        change: &mut Change<'_>,
        (by, now): (&Caller, DateTime<Utc>),
        teams: Vec<TeamId>,
        piece: &Piece,
        history: &mut History,
    ) -> Result<(), Error> {
        let by = Caller { at: now, ..by.clone() };
        let then = |days: u64| days_before(&by, days);
        let recorded_on = then(piece.ago).at.date_naive();
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
            teams,
        };
        if content.activities.is_empty() || content.teams.is_empty() {
            return Ok(());
        }
        let name = by.actor.name();
        let first = EvidenceContent { title: piece.first_title.unwrap_or(piece.title).into(), ..content.clone() };
        let added = then(piece.ago);
        let id = change.add_evidence(&first, name, added.at)?;
        history.push((added, about_evidence(Deed::EvidenceAdded, id, &first)));
        if piece.first_title.is_some() {
            let changed = then(piece.ago / 2);
            change.change_evidence(id, &content, None, name, changed.at)?;
            history.push((changed, about_evidence(Deed::EvidenceChanged, id, &content)));
        }
        if let Some((days, reason)) = piece.withdrawn {
            let withdrawn = then(days);
            change.change_evidence(id, &content, Some(reason), name, withdrawn.at)?;
            let event = about_evidence(Deed::EvidenceWithdrawn, id, &content).with("reason", reason);
            history.push((withdrawn, event));
        }
        Ok(())
    }
}

/// The times at which the answers of an assessment are entered, the first first: mostly over some days, the last a
/// few hours before the submission. A hasty team does it in the minutes before.
fn sittings<'a>(
    by: &Caller,
    is_hasty: bool,
    assessment: &'a DemoAssessment,
) -> Vec<(Caller, &'a [(ActivityId, Answer)])> {
    let ago = |sitting: usize| {
        let left = i32::try_from(SITTINGS.saturating_sub(sitting)).unwrap_or_default();
        if is_hasty { TimeDelta::minutes(2) * left } else { TimeDelta::hours(22) * left - TimeDelta::hours(19) }
    };
    let chunk = assessment.answers.len().div_ceil(SITTINGS).max(1);
    let chunks = assessment.answers.chunks(chunk).enumerate();
    chunks.map(|(sitting, answers)| (Caller { at: by.at - ago(sitting), ..by.clone() }, answers)).collect()
}

/// The positions of teams beyond the usual ones: each one after so many, and at most so many. What nobody works on any
/// more is left out.
fn chosen(teams: &[DemoTeam], (each, most): (usize, usize)) -> impl Iterator<Item = usize> {
    let others = teams.iter().enumerate().skip(PROFILES.len());
    let active = others.filter(|(_, team)| team.retired_after.is_none()).map(|(position, _)| position);
    active.skip(each / 2).step_by(each).take(most)
}

/// Adds the groups that have teams, and gives them by their positions.
fn add_groups(
    change: &mut Change<'_>,
    first: &Caller,
    demo: &DemoOrganization<'_>,
    history: &mut History,
) -> Result<BTreeMap<usize, GroupId>, Error> {
    let needed: BTreeSet<usize> = demo.teams.iter().flat_map(|team| team.groups.iter().copied()).collect();
    let mut groups = BTreeMap::new();
    for (position, group) in demo.groups.iter().enumerate().filter(|(position, _)| needed.contains(position)) {
        groups.insert(position, change.add_group(&name(group)?, first.at)?);
        history.push((first.clone(), Event::new(Deed::GroupAdded, group.as_str())));
    }
    Ok(groups)
}

/// Retires the teams that were assessed the last time in a quarter, early in the next one.
fn retire(
    change: &mut Change<'_>,
    administrator: &Caller,
    period: Period,
    demo: &[DemoTeam],
    teams: &[TeamId],
    history: &mut History,
) -> Result<(), Error> {
    let at = plans::day_of(period.next(), 5);
    for (team, id) in demo.iter().zip(teams).filter(|(team, _)| team.retired_after == Some(period)) {
        change.set_retired(*id, Some(at))?;
        let event = Event::new(Deed::TeamRetired, team.name.as_str()).with("team", id.0);
        history.push((Caller { at, ..administrator.clone() }, event));
    }
    Ok(())
}

/// Records what was done before a moment, or all of it, in the order of time, and forgets it.
fn record(change: &mut Change<'_>, history: &mut History, before: Option<DateTime<Utc>>) -> Result<(), Error> {
    history.sort_by_key(|(by, _)| by.at);
    let settled = before.map_or(history.len(), |before| history.partition_point(|(by, _)| by.at < before));
    history.drain(..settled).try_for_each(|(by, event)| Ok(change.record_event(&by, &event)?))
}

/// Adds who assesses the teams beyond the usual ones, for each of their groups, and gives them by its position.
fn add_champions(
    change: &mut Change<'_>,
    administrator: &Caller,
    groups: &BTreeMap<usize, GroupId>,
    history: &mut History,
) -> Result<BTreeMap<usize, Caller>, Error> {
    let mut champions = BTreeMap::new();
    for (&position, &group) in groups.range(GROUPS.len()..) {
        let called = growth::champion_name(position.saturating_sub(GROUPS.len()));
        let (called, role) = (name(&called)?, Role::Assessor);
        let reach = Reach::Some { teams: BTreeSet::new(), groups: BTreeSet::from([group]) };
        let id = change.add_user(&called, role, &reach, administrator.at)?;
        let event = about_rights(change, Deed::UserAdded, &called, id, role, &reach)?;
        history.push((administrator.clone(), event));
        champions
            .insert(position, Caller { actor: Actor::user(id, called.as_str(), role, reach), ..administrator.clone() });
    }
    Ok(champions)
}

/// Adds the accounts of those who have something to do with teams that are there. What comes back is each person as
/// somebody who acts, by their position.
fn add_people(
    change: &mut Change<'_>,
    first: &Caller,
    now: DateTime<Utc>,
    teams: &[TeamId],
    groups: &BTreeMap<usize, GroupId>,
    history: &mut History,
) -> Result<BTreeMap<usize, Caller>, Error> {
    let mut people: BTreeMap<usize, Caller> = BTreeMap::new();
    let present = Caller { at: now, ..first.clone() };
    for (position, person) in PEOPLE.iter().enumerate() {
        let at = person.since.map_or(first.at, |days| days_before(&present, days).at);
        let chosen_teams: BTreeSet<TeamId> = person.teams.iter().filter_map(|&team| teams.get(team).copied()).collect();
        let chosen_groups: BTreeSet<GroupId> =
            person.groups.iter().filter_map(|group| groups.get(group).copied()).collect();
        let reach = match (person.teams, person.groups) {
            ([], []) => Reach::Everything,
            _ if chosen_teams.is_empty() && chosen_groups.is_empty() => continue,
            _ => Reach::Some { teams: chosen_teams, groups: chosen_groups },
        };
        let name = name(person.name)?;
        let id = change.add_user(&name, person.role, &reach, at)?;
        let actor = Actor::user(id, person.name, person.role, reach.clone());
        let own = Caller { actor, at, from: person.from.to_owned() };
        match people.get(&0) {
            None => history.push((own.clone(), Event::new(Deed::SetUp, person.name).with("user", id.0))),
            Some(administrator) => {
                let by = Caller { at, ..administrator.clone() };
                let added = about_rights(change, Deed::UserAdded, &name, id, person.role, &reach)?;
                history.push((by.clone(), added));
                history.push((by, Event::new(Deed::PasswordLinkMade, person.name).with("user", id.0)));
            }
        }
        if !person.seen.is_empty() {
            change.set_password_hash(id, passwords::NOBODYS, at)?;
            history.push((own.clone(), Event::new(Deed::PasswordSet, person.name).with("user", id.0)));
        }
        for (minutes, browser) in person.seen {
            let own = Caller { at: now - TimeDelta::minutes(*minutes), ..own.clone() };
            change.add_session(id, &random("")?.digest(), &own.from, browser, own.at)?;
            history.push((own, Event::new(Deed::SignedIn, person.name)));
        }
        if let (Some(days), Some(administrator)) = (person.disabled, people.get(&0)) {
            let by = days_before(&Caller { at: now, ..administrator.clone() }, days);
            change.set_disabled(id, Some(by.at))?;
            history.push((by, Event::new(Deed::UserDisabled, person.name).with("user", id.0)));
        }
        people.insert(position, own);
    }
    Ok(people)
}

fn name(text: &str) -> Result<Name, Error> {
    Name::new(text).map_err(|error| Error::invalid("name", error))
}

/// The same one, some days before.
fn days_before(caller: &Caller, days: u64) -> Caller {
    Caller { at: caller.at.checked_sub_days(Days::new(days)).unwrap_or(caller.at), ..caller.clone() }
}

fn assessment_day(period: Period) -> DateTime<Utc> {
    let last = period.last_day();
    let day = last.checked_sub_days(DAYS_BEFORE_THE_END).unwrap_or(last);
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};
    use std::sync::Arc;

    use super::*;
    use crate::app::{bundled_catalog, bundled_roadmap};
    use crate::domain::answer::{AssessmentId, Sheet};
    use crate::domain::catalog::Catalog;
    use crate::domain::forecast::forecast;
    use crate::domain::organization::Scope;
    use crate::domain::scale::ProgressScale;
    use crate::domain::scoring::Threshold;
    use crate::domain::standing::{Overview, Standing};

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

    /// Where the teams of a made-up organization stood in each quarter.
    fn overviews(catalog: &Arc<Catalog>, organization: &DemoOrganization<'_>) -> Vec<Arc<Overview>> {
        let assessments = (0..organization.periods.len()).flat_map(|quarter| organization.assessments(quarter));
        let submitted: Vec<DemoAssessment> = assessments.filter(|of| of.submitted).collect();
        let periods: BTreeSet<Period> = submitted.iter().map(|assessment| assessment.period).collect();
        let (scale, teams) = (ProgressScale::default(), 0..organization.teams.len());
        let standing = |period: Period, team: usize| {
            let mut assessments = submitted.iter().enumerate().rev();
            let (number, found) = assessments.find(|(_, of)| of.team == team && of.period <= period)?;
            let answers = found.answers.iter().map(|(id, answer)| (id, &answer.status));
            Some(Standing {
                team: TeamId(i64::try_from(team).unwrap()),
                team_name: organization.teams[team].name.clone(),
                assessment: AssessmentId(i64::try_from(number).unwrap()),
                assessed: found.period,
                sheet: Arc::new(Sheet::new(catalog, &scale, answers)),
                original: None,
            })
        };
        let overview = |period: Period| {
            let standings = teams.clone().filter_map(|team| standing(period, team)).collect();
            let (threshold, scope) = (Threshold::default(), Scope::organization());
            Arc::new(Overview::new(Arc::clone(catalog), threshold, scope, period, standings, Vec::new()))
        };
        periods.into_iter().map(overview).collect()
    }

    #[test]
    fn nothing_new_is_made_for_retired_teams() {
        let catalog = bundled_catalog().unwrap();
        let size = DemoSize { teams: 1_000, quarters: 20 };
        let demo = DemoOrganization::new(&catalog, "2026-Q4".parse().unwrap(), size, SEED);
        for (choice, least) in [(EVIDENCE, 200), (THREAT_MODELS, 30)] {
            let chosen: Vec<usize> = chosen(&demo.teams, choice).collect();
            assert!(chosen.len() >= least && chosen.len() <= choice.1);
            assert!(chosen.iter().all(|&team| team >= PROFILES.len() && demo.teams[team].retired_after.is_none()));
        }
        assert!(demo.teams.iter().any(|team| team.retired_after.is_some()));
    }

    #[test]
    fn forecasts_from_the_past_of_such_organizations_would_have_been_right_at_least_about_as_often_as_they_say() {
        let (catalog, roadmap) = (Arc::new(bundled_catalog().unwrap()), bundled_roadmap().unwrap());
        let (mut cases, mut within) = (0.0, [0.0; 3]);
        for seed in 1..=12 {
            let last = "2026-Q4".parse().unwrap();
            let organization = DemoOrganization::new(&catalog, last, DemoSize::default(), seed);
            let history = overviews(&catalog, &organization);
            let check = forecast(&history, |_| &roadmap, roadmap.stages().len()).unwrap().check.unwrap();
            cases += check.all.cases as f64;
            for (sum, share) in within.iter_mut().zip(check.all.shares()) {
                *sum += share * check.all.cases as f64;
            }
            assert!(check.all.median_error < 0.15, "{seed}: {check:?}");
        }
        let shares = within.map(|within| within / cases);
        // Ranges are rather too wide than too narrow here, most of all that of 50 %.
        let expected = [0.5..=0.75, 0.78..=0.93, 0.93..=1.0];
        assert!(shares.iter().zip(&expected).all(|(share, range)| range.contains(share)), "{shares:?}");
    }
}
