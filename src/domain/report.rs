//! What a report tells others: where a scope stands and what it leaves open. What each clause of another
//! standard rests on is in `statement`.
//!
//! A report is bounded, so that that of a thousand teams can be read, too: teams are named where they are
//! few and counted where they are many, and whatever is left out is counted.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::answer::{AssessmentId, Mark, Reopening, Submission};
use super::attribution::Attribution;
use super::audit::Head;
use super::balance::Balance;
use super::catalog::{ActivityId, ActivityIndex};
use super::freshness::Freshness;
use super::gap::{NextSteps, priority};
use super::named::Named;
use super::organization::TeamId;
use super::period::Period;
use super::roadmap::profiles::{PracticeFinder, Roadmaps};
use super::roadmap::{StageNumber, StageProgress};
use super::scoring::{Measure, Scorecard, Threshold};
use super::spread::SpreadPoint;
use super::standing::{Overview, Standing, Trend};
use super::statement::{Mapping, Teams};
use super::threat_model::listing::ThreatFigures;

/// How much a report tells; each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// What whoever decides has to know, on a page or two.
    #[default]
    Management,
    /// Besides, all parts of the model, all teams, and what is missing.
    Full,
    /// Besides, what each clause of another standard rests on, and who submitted what.
    Auditor,
}

impl Depth {
    /// What it is called on a page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Management => "Management",
            Self::Full => "Full",
            Self::Auditor => "Auditor",
        }
    }
}

impl Named for Depth {
    const NAMED: &'static [(&'static str, Self)] =
        &[("management", Self::Management), ("full", Self::Full), ("auditor", Self::Auditor)];
}

/// What a report consists of.
#[derive(Debug, Clone)]
pub struct Report {
    /// How much it tells.
    pub depth: Depth,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The day as of which evidence is judged.
    pub day: NaiveDate,
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// Where it stood in the quarter before, if it was assessed by then.
    pub before: Option<Arc<Overview>>,
    /// Why its scores moved since.
    pub attribution: Option<Arc<Attribution>>,
    /// How it developed up to then.
    pub trend: Trend,
    /// How far the stages of the roadmap are.
    pub stages: Vec<StageProgress>,
    /// The stage that is worked on; `None`: all are reached.
    pub present: Option<StageNumber>,
    /// What can be done next; `None` when nothing is missing.
    pub next: Option<Arc<NextSteps>>,
    /// What tools carry and what people carry; `None` when the catalog does not say.
    pub balance: Option<Balance>,
    /// The same in the quarter before.
    pub balance_before: Option<Balance>,
    /// Which teams have a threat model that was reviewed in time, and which threats are open.
    pub threat_models: ThreatFigures,
    /// What goes stale.
    pub freshness: Arc<Freshness>,
    /// What the full report has besides.
    pub details: Option<Details>,
    /// What the auditor's report has besides.
    pub audit: Option<Audit>,
}

/// What the full report has besides.
#[derive(Debug, Clone)]
pub struct Details {
    /// The teams: all in the order of their names where they are few, else those with the lowest scores.
    pub teams: Vec<TeamCard>,
    /// How many teams are not among them.
    pub teams_left_out: usize,
    /// How all teams are spread, the whole first.
    pub spread: Vec<SpreadPoint>,
    /// The activities of the stages up to the present one that are not fully implemented by every team, most
    /// urgent first.
    pub open: Vec<OpenActivity>,
    /// What does not apply, in the order of the catalog.
    pub not_applicable: Vec<NotApplicable>,
}

/// A team of a scope with its scores.
#[derive(Debug, Clone)]
pub struct TeamCard {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// The quarter of the assessment that it stands on.
    pub assessed: Period,
    /// Its scores.
    pub scorecard: Scorecard,
    /// How many activities it did not answer.
    pub unanswered: usize,
    /// How many do not apply to it.
    pub not_applicable: usize,
}

/// An activity that is not fully implemented by every team to which it applies.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenActivity {
    /// The activity.
    pub activity: ActivityIndex,
    /// The stage of the roadmap that asks for it.
    pub stage: StageNumber,
    /// The teams that have not fully implemented it.
    pub teams: Teams,
    /// To how many teams it applies.
    pub applies: usize,
    /// How many of them did not answer it.
    pub unanswered: usize,
    /// The mean worth over the teams to which it applies, in [0, 1].
    pub progress: f64,
    /// The sum of the priorities that it has in the teams.
    pub priority: f64,
}

/// An activity that does not apply to some team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotApplicable {
    /// The activity.
    pub activity: ActivityIndex,
    /// To how many teams it does not apply.
    pub teams: usize,
    /// The reasons with the teams that gave them, the most frequent first; at most [`NotApplicable::REASONS`].
    pub reasons: Vec<(String, Teams)>,
    /// How many other reasons there are.
    pub more: usize,
}

impl NotApplicable {
    /// How many reasons are told for one activity.
    pub const REASONS: usize = 3;
}

/// What the auditor's report has besides.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The clauses, and what they rest on.
    pub mapping: Mapping,
    /// Who submitted what the teams stand on, in the order of their names; at most [`Audit::SUBMISSIONS`].
    pub submissions: Vec<SubmittedAssessment>,
    /// How many submissions are not among them.
    pub submissions_left_out: usize,
    /// The head of the audit record when the report was made; `None` where whoever asks may not see it.
    pub head: Option<Head>,
}

impl Audit {
    /// How many submissions are listed.
    pub const SUBMISSIONS: usize = 250;
}

/// An assessment that a team stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedAssessment {
    /// Its number.
    pub id: AssessmentId,
    /// The name of the team.
    pub team: String,
    /// The quarter that it speaks about.
    pub period: Period,
    /// Who submitted it, and when.
    pub submission: Submission,
    /// The SHA-256 of what was submitted, in hexadecimal.
    pub digest: String,
    /// When and why it became a draft again, oldest first.
    pub reopenings: Vec<Reopening>,
}

/// Up to how many teams a report has a row for each.
const TEAM_ROWS: usize = 60;
/// How many of more teams it has rows for.
const LOWEST: usize = 30;

/// The teams of a scope that a report shows, and how many it does not.
pub fn team_cards(overview: &Overview, threshold: Threshold) -> (Vec<TeamCard>, usize) {
    let catalog = &overview.catalog;
    let card = |standing: &Standing| {
        let count = |mark: Mark| standing.sheet.marks().filter(|other| *other == mark).count();
        TeamCard {
            team: standing.team,
            name: standing.team_name.clone(),
            assessed: standing.assessed,
            scorecard: standing.scorecard(catalog, threshold),
            unanswered: count(Mark::Unanswered),
            not_applicable: count(Mark::NotApplicable),
        }
    };
    let mut cards: Vec<TeamCard> = overview.standings.iter().map(card).collect();
    if cards.len() <= TEAM_ROWS {
        return (cards, 0);
    }
    let score = |card: &TeamCard| card.scorecard.overall.score.score;
    // The order of names decides between equal ones.
    cards.sort_by(|a, b| score(a).total_cmp(&score(b)));
    let left_out = cards.len() - LOWEST;
    cards.truncate(LOWEST);
    (cards, left_out)
}

/// What is not fully implemented of the stages up to one (of all stages: `None`), most urgent first. Each team
/// has its own stages; an activity is listed under the earliest that asks for it.
pub fn open_activities(overview: &Overview, roadmaps: &Roadmaps, up_to: Option<StageNumber>) -> Vec<OpenActivity> {
    let catalog = &overview.catalog;
    let finder = PracticeFinder::new(catalog, roadmaps);
    let stages: Vec<_> = overview.standings.iter().map(|standing| finder.of(standing)).collect();
    let mut all = Vec::new();
    for (index, activity) in catalog.activities() {
        let measure = overview.measures.get(index.position());
        let mut open = OpenActivity {
            activity: index,
            stage: StageNumber(usize::MAX),
            teams: Teams::default(),
            applies: 0,
            unanswered: 0,
            progress: measure.map_or(0.0, Measure::value),
            priority: 0.0,
        };
        for (standing, stages) in overview.standings.iter().zip(&stages) {
            let mark = standing.sheet.mark(index);
            open.applies += usize::from(mark != Mark::NotApplicable);
            open.unanswered += usize::from(mark == Mark::Unanswered);
            let stage = stages.get(index.position()).copied().flatten();
            if let Some(stage) = stage.filter(|stage| up_to.is_none_or(|last| *stage <= last)) {
                open.stage = open.stage.min(stage);
                open.teams.add(&standing.team_name);
                open.priority += priority(activity, Measure::from(mark).value());
            }
        }
        if open.teams.count > 0 {
            all.push(open);
        }
    }
    let level = |open: &OpenActivity| catalog.activity(open.activity).level;
    // The order of the catalog decides between equal ones.
    all.sort_by(|a, b| b.priority.total_cmp(&a.priority).then_with(|| level(a).cmp(&level(b))));
    all
}

/// What does not apply to some team of a scope, with the reasons that the teams gave, by assessment.
pub fn not_applicable(
    overview: &Overview,
    reasons: &HashMap<AssessmentId, Vec<(ActivityId, String)>>,
) -> Vec<NotApplicable> {
    let catalog = &overview.catalog;
    let mut by_activity: BTreeMap<ActivityIndex, BTreeMap<&str, Teams>> = BTreeMap::new();
    for standing in &overview.standings {
        for (id, reason) in reasons.get(&standing.assessment).into_iter().flatten() {
            let Some(index) = catalog.find(id) else { continue };
            by_activity.entry(index).or_default().entry(reason).or_default().add(&standing.team_name);
        }
    }
    let entry = |(activity, reasons): (ActivityIndex, BTreeMap<&str, Teams>)| {
        let teams = reasons.values().map(|teams| teams.count).sum();
        let mut reasons: Vec<(String, Teams)> =
            reasons.into_iter().map(|(reason, teams)| (reason.to_owned(), teams)).collect();
        reasons.sort_by_key(|(_, teams)| std::cmp::Reverse(teams.count));
        let more = reasons.len().saturating_sub(NotApplicable::REASONS);
        reasons.truncate(NotApplicable::REASONS);
        NotApplicable { activity, teams, reasons, more }
    };
    by_activity.into_iter().map(entry).collect()
}
