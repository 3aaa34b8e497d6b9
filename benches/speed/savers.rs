//! People who save answers in drafts, and what became of what was acknowledged to them.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use cairn::app::{Cairn, OpenFrom, OpenOptions};
use cairn::clock;
use cairn::domain::access::{Actor, Caller};
use cairn::domain::organization::TeamId;
use cairn::domain::period::Period;
use cairn::domain::view::{QuarterRow, Selection};
use serde_json::Value;

use super::client::{Visitor, post};
use super::service::Copy;

const STATUSES: [&str; 4] = ["not_implemented", "started", "partly_implemented", "fully_implemented"];

/// What notes begin with that are saved here.
const MARK: &str = "load ";

/// A question of a draft. Nobody else answers it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) assessment: i64,
    pub(crate) team: i64,
    team_name: String,
    activity: String,
}

/// The database of a copy, and its operator.
fn opened(copy: &Copy) -> (Cairn, Caller) {
    let caller = Caller { actor: Actor::operator(), at: clock::now(), from: String::new() };
    (Cairn::open(&copy.database(), OpenOptions::default()).unwrap(), caller)
}

/// The teams with their assessments of the present quarter.
fn rows(cairn: &Cairn, caller: &Caller) -> Vec<QuarterRow> {
    let selection = Selection { period: Some(Period::containing(caller.at)), ..Selection::ORGANIZATION };
    cairn.quarter(caller, selection).unwrap().rows
}

/// An assessment of the present quarter that is submitted.
pub(crate) fn submitted(copy: &Copy) -> i64 {
    let (cairn, caller) = opened(copy);
    let mut assessments = rows(&cairn, &caller).into_iter().filter_map(|row| row.assessment);
    assessments.find(|(assessment, _)| assessment.submitted.is_some()).unwrap().0.id.0
}

/// So many questions of drafts of the present quarter, in all of its drafts. Teams that have none yet get one.
pub(crate) fn places(copy: &Copy, wanted: usize) -> Vec<Place> {
    let (cairn, caller) = opened(copy);
    let missing = rows(&cairn, &caller).into_iter().filter(|row| row.assessment.is_none());
    let missing: Vec<TeamId> = missing.map(|row| row.team.id).collect();
    if !missing.is_empty() {
        cairn.open_assessments(&caller, &missing, Period::containing(caller.at), OpenFrom::Previous).unwrap();
    }
    let drafts: Vec<_> = rows(&cairn, &caller)
        .into_iter()
        .filter_map(|row| row.assessment.map(|(assessment, _)| (assessment, row.team)))
        .filter(|(assessment, _)| assessment.submitted.is_none())
        .collect();
    assert!(!drafts.is_empty(), "the organization has no drafts");
    let catalog = cairn::app::bundled_catalog().unwrap();
    let activities: Vec<String> = catalog.activities().map(|(_, activity)| activity.id.0.clone()).collect();
    let place = |n: usize| {
        let (assessment, team) = &drafts[n % drafts.len()];
        Place {
            assessment: assessment.id.0,
            team: team.id.0,
            team_name: team.name.to_string(),
            activity: activities[n / drafts.len()].clone(),
        }
    };
    (0..wanted).map(place).collect()
}

/// Somebody who answers one question again and again.
pub(crate) struct Saver {
    pub(crate) place: Place,
    /// The revision that they saw last.
    seen: String,
    /// How often they tried to save.
    tried: u64,
    /// Which of these was acknowledged last.
    acknowledged: Option<u64>,
    /// How many were.
    count: usize,
}

/// What became of a save.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Fate {
    Acknowledged,
    /// Refused with 503, and with the time after which to try again.
    PutOff,
    /// Answered in another way.
    Failed(u16),
    /// Not answered.
    Broken(io::ErrorKind),
}

impl Saver {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, seen: String::new(), tried: 0, acknowledged: None, count: 0 }
    }

    /// Saves another answer, as the script of the page does. How long it took is told with what became of it.
    pub(crate) fn save(&mut self, visitor: &mut Visitor, cookie: &str) -> (Fate, Duration) {
        self.tried += 1;
        let Place { assessment, activity, .. } = &self.place;
        let status = STATUSES[usize::try_from(self.tried).unwrap() % STATUSES.len()];
        loop {
            let fields = [
                (&*format!("status[{activity}]"), status),
                (&*format!("note[{activity}]"), &*format!("{MARK}{}", self.tried)),
                (&*format!("seen[{activity}]"), &*self.seen),
                ("touched", "1"),
            ];
            let request = post(&format!("/assessments/{assessment}/answers"), cookie, "application/json", &fields);
            let began = Instant::now();
            let answer = match visitor.ask(&request) {
                Ok(answer) => answer,
                Err(error) => return (Fate::Broken(error.kind()), began.elapsed()),
            };
            let took = began.elapsed();
            let fate = match answer.status {
                200 => Fate::Acknowledged,
                409 => {
                    // What stood there before is seen from now on.
                    let json: Value = serde_json::from_slice(answer.body).unwrap();
                    self.seen = json["conflicts"][0]["revision"].to_string();
                    continue;
                }
                503 if answer.header("retry-after").is_some() => Fate::PutOff,
                status => Fate::Failed(status),
            };
            if fate == Fate::Acknowledged {
                let json: Value = serde_json::from_slice(answer.body).unwrap();
                self.seen = json["answers"][activity].to_string();
                self.acknowledged = Some(self.tried);
                self.count += 1;
            }
            return (fate, took);
        }
    }
}

/// How many saves were acknowledged, and whose last acknowledged answer is not found again in an export of the answers.
pub(crate) fn lost(savers: &[Saver], csv: &str) -> (usize, Vec<String>) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|other| other == name).unwrap();
    let (team, activity, note) = (column("team"), column("activity_id"), column("note"));
    let mut kept: HashMap<(String, String), u64> = HashMap::new();
    for row in reader.records().map(Result::unwrap) {
        if let Some(number) = row[note].strip_prefix(MARK) {
            kept.insert((row[team].to_owned(), row[activity].to_owned()), number.parse().unwrap());
        }
    }
    let acknowledged = savers.iter().filter_map(|saver| Some((saver, saver.acknowledged?)));
    let is_kept = |(saver, number): &(&Saver, u64)| {
        let place = (saver.place.team_name.clone(), saver.place.activity.clone());
        // What was sent after it may be there without being acknowledged.
        kept.get(&place).is_some_and(|kept| (*number..=saver.tried).contains(kept))
    };
    let lost = acknowledged.clone().filter(|one| !is_kept(one));
    let lost = lost.map(|(saver, number)| format!("{number} at {:?}", saver.place)).collect();
    (savers.iter().map(|saver| saver.count).sum(), lost)
}

/// Looks for everything that was acknowledged in the database of a service that is stopped or not.
pub(crate) fn lost_in(copy: &Copy, savers: &[Saver]) -> (usize, Vec<String>) {
    let period = Period::containing(clock::now()).to_string();
    lost(savers, &copy.run(&["export", "answers", "--period", &period]))
}

/// Chance that is the same in every run: the same number for the same place.
pub(crate) fn draw(place: [u64; 2], sides: u64) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for part in place {
        state = (state ^ part).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 29;
        state = state.wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^= state >> 31;
    }
    state % sides.max(1)
}
