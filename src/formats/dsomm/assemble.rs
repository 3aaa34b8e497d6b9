//! Puts together what the files of one call say: the scale first, since stages are read with it, then who
//! the teams are, then what they reached, quarter by quarter, and their evidence.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::document::{Document, Member};
use super::pieces::Piece;
use super::{MAX_ANSWERS, scale};
use crate::domain::answer::Status;
use crate::domain::catalog::ActivityIndex;
use crate::domain::evidence::EvidenceContent;
use crate::domain::fault::{Faults, Place};
use crate::domain::organization::Name;
use crate::domain::period::Period;
use crate::domain::reached::{self, Reached};
use crate::domain::scale::ProgressScale;
use crate::formats::Reading;
use crate::formats::incoming::Known;
use crate::formats::intake::{AnswerRow, At, EvidenceRow, Intake, Passed, TeamRow};

/// The steps of one activity that a team reached, by their position, with the places where it is said.
type Steps = BTreeMap<usize, (Reached, Place)>;

/// What a team reached, by activity.
#[derive(Default)]
struct OfTeam {
    reached: BTreeMap<ActivityIndex, Steps>,
}

/// Puts it together, or gives everything that is wrong.
pub(super) fn assemble(mut document: Document, context: Known<'_>) -> Result<Reading<Intake>, Faults> {
    let stages = std::mem::take(&mut document.stages);
    let said = stages.first().map(|stage| At::Place(Box::new(stage.place.clone())));
    let scale = said.and_then(|at| Some((at, scale::scale(&stages, context.scale, &mut document.faults)?)));
    let in_force = scale.as_ref().map_or(context.scale, |(_, scale)| scale);

    let mut teams = Teams::new(&mut document);
    let by_team = by_team(&mut document, &mut teams, in_force, context);
    let answers = answers(&mut document, by_team, &teams, in_force, context);
    let evidence = evidence(&mut document, &mut teams, context);
    let intake = Intake { scale, teams: teams.rows(), answers, evidence };
    let Document { faults, listed, .. } = document;
    faults.from_top_to_bottom().or(Reading { value: intake, warnings: listed.warnings() })
}

/// The teams that the files speak of.
struct Teams {
    /// Whether a file lists them all, so that others are none.
    are_listed: bool,
    /// By the key of the name: where it stands first, and how it is written there.
    known: HashMap<String, (Place, Name)>,
    /// The keys in the order in which they came.
    order: Vec<String>,
    /// By the key of the name: the groups; `None`: no file tells.
    groups: Option<HashMap<String, Vec<Name>>>,
}

impl Teams {
    fn new(document: &mut Document) -> Self {
        let (listed, members) = (document.teams.take(), document.members.take());
        let mut teams = Self { are_listed: listed.is_some(), known: HashMap::new(), order: Vec::new(), groups: None };
        for (place, name) in listed.into_iter().flatten() {
            teams.add(place, name);
        }
        let Some(members) = members else { return teams };
        let mut groups: HashMap<String, Vec<Name>> = HashMap::new();
        let mut seen: HashSet<(String, String)> = HashSet::new();
        for Member { place, group, team } in members {
            let key = team.key();
            if teams.are_listed && !teams.known.contains_key(&key) {
                let message = format!("{team} is in the group {group} but not among the teams; not taken");
                document.listed.note(|| place, message);
                continue;
            }
            teams.add(place, team);
            if seen.insert((group.key(), key.clone())) {
                groups.entry(key).or_default().push(group);
            }
        }
        teams.groups = Some(groups);
        teams
    }

    fn add(&mut self, place: Place, name: Name) {
        let key = name.key();
        if !self.known.contains_key(&key) {
            self.order.push(key.clone());
            self.known.insert(key, (place, name));
        }
    }

    /// Whether this is a team; one that is not among those that are listed is itself listed as not taken.
    fn take(&mut self, place: &Place, name: &Name, document: &mut Document) -> bool {
        if self.are_listed && !self.known.contains_key(&name.key()) {
            let message = format!(
                "{name} is not among the teams, so what is said of it is not taken; add it there, or import \
                 without the file that lists the teams"
            );
            document.listed.note(|| place.clone(), message);
            return false;
        }
        self.add(place.clone(), name.clone());
        true
    }

    fn rows(self) -> Vec<TeamRow> {
        let Self { mut known, order, mut groups, .. } = self;
        let row = |key: String| {
            let (place, name) = known.remove(&key)?;
            let groups = groups.as_mut().map(|groups| groups.remove(&key).unwrap_or_default());
            let at = At::Place(Box::new(place));
            Some(TeamRow { at, name, description: None, groups, keeps_groups: true, retired_on: None })
        };
        order.into_iter().filter_map(row).collect()
    }
}

/// What is said of progress, sorted by team and activity. What does not count is listed.
fn by_team(
    document: &mut Document,
    teams: &mut Teams,
    scale: &ProgressScale,
    context: Known<'_>,
) -> BTreeMap<String, OfTeam> {
    let steps: HashMap<String, usize> =
        scale.steps().iter().enumerate().map(|(at, step)| (step.name.to_lowercase(), at)).collect();
    let first_day = Period::FIRST.first_day();
    let mut all: BTreeMap<String, OfTeam> = BTreeMap::new();
    for said in std::mem::take(&mut document.reached) {
        let title = Name::new(&said.title).map_or_else(|_| said.title.clone(), |title| title.to_string());
        let Some(&step) = steps.get(&title.to_lowercase()) else {
            let title = super::document::clip(&title);
            let message = format!(
                "no step of the scale is called “{title}”, so its days are not taken; import meta.yaml with it, \
                 or add the step in the settings"
            );
            document.listed.note(|| said.place, message);
            continue;
        };
        if said.day > context.today {
            let message = format!("a day after today, {}; not taken", context.today);
            document.listed.note(|| said.place, message);
            continue;
        }
        if said.day < first_day {
            document.listed.note(|| said.place, format!("a day before {first_day}, when quarters begin; not taken"));
            continue;
        }
        if !teams.take(&said.place, &said.team, document) {
            continue;
        }
        let of_team = all.entry(said.team.key()).or_default();
        let of_activity = of_team.reached.entry(said.activity).or_default();
        let reached = Reached { day: said.day, step, is_said: true };
        match of_activity.get(&step) {
            Some((other, _)) if other.day == said.day => {}
            Some((other, at)) => {
                let message = format!("the same stage has another day, {}, at {at}; keep one of them", other.day);
                document.faults.push(said.place, message);
            }
            None => {
                of_activity.insert(step, (reached, said.place));
            }
        }
    }
    let last = scale.steps().len().saturating_sub(1);
    for said in std::mem::take(&mut document.implemented) {
        if teams.take(&said.place, &said.team, document) {
            let of_activity = all.entry(said.team.key()).or_default().reached.entry(said.activity).or_default();
            let reached = Reached { day: context.today, step: last, is_said: false };
            of_activity.entry(last).or_insert((reached, said.place));
        }
    }
    all
}

/// For each team and each quarter in which something changed, what held at its end.
fn answers(
    document: &mut Document,
    by_team: BTreeMap<String, OfTeam>,
    teams: &Teams,
    scale: &ProgressScale,
    context: Known<'_>,
) -> Vec<AnswerRow> {
    let status = |reached: &Reached| {
        scale.steps().get(reached.step).map_or(Status::Unanswered, |step| Status::Step(step.key.clone()))
    };
    let since = |reached: &Reached| reached.is_said.then_some(reached.day);
    let mut rows = Vec::new();
    for (key, of_team) in by_team {
        let Some((_, team)) = teams.known.get(&key) else { continue };
        let mut quarters: BTreeSet<Period> = BTreeSet::new();
        let mut rising: Vec<(ActivityIndex, Vec<Reached>, Steps)> = Vec::new();
        for (activity, reached) in of_team.reached {
            let (rises, idle) = reached::rising(reached.values().map(|(reached, _)| *reached).collect());
            for idle in idle.iter().filter(|idle| idle.is_said) {
                let place = reached.get(&idle.step).map(|(_, place)| place.clone()).unwrap_or_default();
                let message = "a higher stage was reached before that day, so it says nothing; not taken";
                document.listed.note(|| place, message);
            }
            quarters.extend(rises.iter().map(|reached| Period::of_day(reached.day)));
            rising.push((activity, rises, reached));
        }
        for period in quarters {
            for (activity, rises, places) in &rising {
                let Some(held) = reached::at_the_end(period, rises) else { continue };
                let place = places.get(&held.held.step).map(|(_, place)| place.clone()).unwrap_or_default();
                if rows.len() == MAX_ANSWERS {
                    let message =
                        format!("these files become more than {MAX_ANSWERS} answers; import fewer teams at once");
                    document.faults.push(place, message);
                    return Vec::new();
                }
                let activity = context.catalog.activity(*activity);
                let passed =
                    held.passed.iter().map(|reached| Passed { status: status(reached), since: since(reached) });
                rows.push(AnswerRow {
                    at: At::Place(Box::new(place)),
                    team: team.clone(),
                    period,
                    activity: activity.id.clone(),
                    activity_name: activity.name.clone(),
                    status: status(&held.held),
                    note: None,
                    inherited_from: None,
                    since: since(&held.held),
                    passed: passed.collect(),
                    is_history: true,
                });
            }
        }
    }
    rows
}

/// The evidence; what stands alike at several activities is one piece.
fn evidence(document: &mut Document, teams: &mut Teams, context: Known<'_>) -> Vec<EvidenceRow> {
    let mut rows: Vec<EvidenceRow> = Vec::new();
    let mut alike: HashMap<[String; 7], usize> = HashMap::new();
    for piece in std::mem::take(&mut document.pieces) {
        if piece.recorded_on > context.today {
            document.listed.note(|| piece.place, format!("a day after today, {}; not taken", context.today));
            continue;
        }
        let Piece { place, id, activity, teams: mut of, title, link, text, recorded_on, reviewer } = piece;
        if of.is_empty() {
            document.listed.note(|| place, "a piece of evidence of no team; not taken");
            continue;
        }
        of.retain(|team| teams.take(&place, team, document));
        let mut seen = HashSet::new();
        of.retain(|team| seen.insert(team.key()));
        if of.is_empty() {
            continue;
        }
        let activity = context.catalog.activity(activity).id.clone();
        let mut keys: Vec<String> = seen.into_iter().collect();
        keys.sort();
        let key = [
            id.clone(),
            title.clone(),
            link.clone(),
            text.clone(),
            recorded_on.to_string(),
            reviewer.clone(),
            keys.join("\n"),
        ];
        let known = alike.get(&key).copied().filter(|_| !id.is_empty());
        match known.and_then(|at| rows.get_mut(at)) {
            Some(row) if row.activities.len() < EvidenceContent::LINKS_LIMIT => {
                if !row.activities.contains(&activity) {
                    row.activities.push(activity);
                }
            }
            _ => {
                alike.insert(key, rows.len());
                let at = At::Place(Box::new(place));
                let (activities, expires_on) = (vec![activity], None);
                rows.push(EvidenceRow {
                    at,
                    title,
                    link,
                    text,
                    recorded_on,
                    expires_on,
                    reviewer,
                    activities,
                    teams: of,
                });
            }
        }
    }
    rows
}
