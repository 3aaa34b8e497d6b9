//! What somebody looks at: the scope and the quarter they chose, and what there is to see then.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::access::{Action, Actor, Forbidden, Separation};
use super::account::{Token, User};
use super::answer::{Assessment, AssessmentId, PastAnswer, RecordedAnswer, Reopening, Status};
use super::attribution::Attribution;
use super::balance::Balance;
use super::catalog::{Activity, ActivityId, ActivityIndex, Catalog};
use super::evidence::{Evidence, EvidenceState, Support};
use super::freshness::Freshness;
use super::gap::NextSteps;
use super::heat::{Cell, TeamRow};
use super::mapping::{Clause, EvidenceCount};
use super::organization::{Group, Scope, ScopeId, Settings, Team, TeamId};
use super::period::Period;
use super::proposal::{Bearing, Detections, Proposal};
use super::roadmap::{Roadmap, StageNumber, StageProgress};
use super::scale::ProgressScale;
use super::scoring::Scorecard;
use super::spread::SpreadPoint;
use super::standing::{Overview, Trend, TrendPoint};
use super::threat_model::listing::ThreatFigures;
use super::threat_model::seen::ModelSupport;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// Of whom.
    pub scope: ScopeId,
    /// When; `None`: the latest quarter in which the scope was assessed.
    pub period: Option<Period>,
}

impl Selection {
    /// The organization at its latest.
    pub const ORGANIZATION: Self = Self { scope: ScopeId::Organization, period: None };
}

/// What is looked at, and what else could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// What was asked for.
    pub selection: Selection,
    /// Of whom.
    pub scope: Scope,
    /// When; `None` while no team of the scope has a submitted assessment and no quarter was asked for.
    pub period: Option<Period>,
    /// All teams, in the order of their names.
    pub teams: Vec<Team>,
    /// All groups, in the order of their names.
    pub groups: Vec<Group>,
    /// The quarters in which any team was assessed, latest first.
    pub periods: Vec<Period>,
    /// Whether whoever looks sees only some of the teams that there are.
    pub is_limited: bool,
}

impl View {
    /// The teams of the scope.
    pub fn teams_in_scope(&self) -> impl Iterator<Item = &Team> {
        self.teams.iter().filter(|team| is_in(team, self.scope.id))
    }
}

/// Whether a team belongs to a scope.
pub fn is_in(team: &Team, scope: ScopeId) -> bool {
    match scope {
        ScopeId::Organization => true,
        ScopeId::Group(group) => team.groups.contains(&group),
        ScopeId::Team(id) => team.id == id,
    }
}

/// What was looked at, with the catalog that its indexes belong to.
#[derive(Debug, Clone)]
pub struct Seen<T> {
    /// The scope and the quarter, and what else can be chosen.
    pub view: View,
    /// The catalog in which the quarter is seen: that of the indexes in the content, or the one in use.
    pub catalog: Arc<Catalog>,
    /// The scale and the threshold that apply.
    pub settings: Settings,
    /// The stages with the targets that hold for the scope.
    pub roadmap: Arc<Roadmap>,
    /// `None` while no team of the scope has a submitted assessment by then.
    pub content: Option<T>,
}

/// Which gaps are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GapFilter {
    /// Those of the stages of the roadmap up to this one.
    pub up_to: Option<StageNumber>,
    /// Those of this dimension.
    pub dimension: Option<String>,
    /// Those that can be closed now: nothing that has to be done before is open.
    pub is_ready: bool,
    /// Those of activities with all of these words, in any of their texts.
    pub text: Option<String>,
}

/// The clauses of another standard, as far as a scope has them.
#[derive(Debug, Clone)]
pub struct ClausesSeen {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// The clauses in their natural order, each with how much evidence there is.
    pub clauses: Vec<(Clause, EvidenceCount)>,
}

/// Everything that the first page shows.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// Where it stood a quarter before, if it was assessed by then.
    pub before: Option<Arc<Overview>>,
    /// Why its scores moved since.
    pub attribution: Option<Arc<Attribution>>,
    /// How it developed up to then.
    pub trend: Trend,
    /// How far the stages of the roadmap are.
    pub stages: Vec<StageProgress>,
    /// What can be done next; `None` when nothing is missing.
    pub next: Option<Arc<NextSteps>>,
    /// What tools carry and what people carry; `None` when the catalog does not say.
    pub balance: Option<Balance>,
    /// The same a quarter before.
    pub balance_before: Option<Balance>,
    /// Which teams have a threat model that was reviewed in time, and which threats are open.
    pub threat_models: ThreatFigures,
    /// The scores of the first teams, at most [`Dashboard::TEAMS`], in the order of the overview's standings, each
    /// with the line of its whole over the quarters.
    pub teams: Vec<(Scorecard, Vec<TrendPoint>)>,
    /// What is to be done in the present quarter; `None` when another quarter was asked for.
    pub due: Option<Due>,
}

impl Dashboard {
    /// Of how many teams it has the scores.
    pub const TEAMS: usize = 12;
}

/// How far a scope is in each part of the model.
#[derive(Debug, Clone)]
pub struct Heatmap {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// The levels of the sub-dimensions.
    pub cells: Vec<Cell>,
    /// The teams of one page, at most [`Heatmap::TEAMS`], in the order of their names.
    pub teams: Vec<TeamRow>,
    /// The number of that page, from 0.
    pub page: usize,
}

impl Heatmap {
    /// How many teams stand on a page.
    pub const TEAMS: usize = 100;

    /// How many pages the teams take.
    pub fn pages(&self) -> usize {
        self.overview.standings.len().div_ceil(Self::TEAMS)
    }
}

/// How a scope developed.
#[derive(Debug, Clone)]
pub struct Course {
    /// The scope itself.
    pub trend: Trend,
    /// Others to compare it with, in the order asked for, with the roadmap of each.
    pub others: Vec<(Trend, Arc<Roadmap>)>,
    /// How its teams were spread, by quarter; the whole first, then the dimensions.
    pub spread: Vec<SpreadPoint>,
}

impl Course {
    /// How many other scopes can stand beside one.
    pub const BESIDE: usize = 11;
}

/// An assessment with everything that is needed to show it or fill it in.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    /// The assessment.
    pub assessment: Assessment,
    /// The team it is about.
    pub team: Team,
    /// The catalog whose activities it asks.
    pub catalog: Arc<Catalog>,
    /// The scale and the threshold that apply.
    pub settings: Settings,
    /// The stages with the team's targets.
    pub roadmap: Arc<Roadmap>,
    /// What is recorded so far.
    pub answers: HashMap<ActivityId, RecordedAnswer>,
    /// The scores that these answers give.
    pub scorecard: Scorecard,
    /// What the team's last submitted assessment before it said.
    pub before: Option<Before>,
    /// What is to be looked at because the catalog changed since the assessment before.
    pub asked_anew: Vec<AskedAnew>,
    /// The names of all teams, for answers that are taken from others.
    pub names: HashMap<TeamId, String>,
    /// The names of the teams that take an answer from this one in the same quarter.
    pub relying: HashMap<ActivityId, Vec<String>>,
    /// What evidence there is for each activity on that day.
    pub support: HashMap<ActivityId, Support>,
    /// What the team's threat models say on that day.
    pub models: ModelSupport,
    /// The last that each program proposed for each activity by the end of the quarter; nothing where the assessment
    /// is of its time.
    pub detected: Detections,
    /// The day on which this is looked at.
    pub today: NaiveDate,
    /// When and why it became a draft again.
    pub reopenings: Vec<Reopening>,
}

impl Questionnaire {
    /// What a proposal says about the present answer.
    pub fn bearing(&self, proposal: &Proposal) -> Bearing {
        proposal.bearing(self.answers.get(&proposal.activity).map(|recorded| &recorded.answer.status))
    }

    /// What was detected about an activity, in the order in which it was proposed.
    pub fn detected_about(&self, id: &ActivityId) -> &[Proposal] {
        self.detected.get(id).map_or(&[], Vec::as_slice)
    }

    /// The proposals that stand to the answers in one way, in the order of the catalog.
    pub fn proposals(&self, bearing: Bearing) -> Vec<(ActivityIndex, &Proposal)> {
        let about = |(index, activity): (ActivityIndex, &Activity)| (index, activity.id.clone());
        let all = self.catalog.activities().map(about);
        all.flat_map(|(index, id)| self.detected_about(&id).iter().map(move |proposal| (index, proposal)))
            .filter(|(_, proposal)| self.bearing(proposal) == bearing)
            .collect()
    }
}

/// An assessment before the one that is looked at.
#[derive(Debug, Clone)]
pub struct Before {
    /// Its number.
    pub id: AssessmentId,
    /// Its quarter.
    pub period: Period,
    /// What it says, by the activities of the catalog that is looked at.
    pub answers: HashMap<ActivityId, RecordedAnswer>,
}

/// One question of an assessment, with everything about it.
#[derive(Debug, Clone)]
pub struct Question {
    /// The assessment.
    pub questionnaire: Questionnaire,
    /// The activity it asks about.
    pub index: ActivityIndex,
    /// Everything that was ever recorded about it for this team, latest first.
    pub history: Vec<PastAnswer>,
    /// The evidence for it, withdrawn or not.
    pub evidence: Vec<Evidence>,
    /// Everything that programs proposed for it, as far as it is kept, latest first.
    pub proposals: Vec<Proposal>,
    /// The teams from which the answer can be taken, in the order of their names.
    pub providers: Vec<Provider>,
}

/// Who takes answers from a team in a quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reliance {
    /// The quarter.
    pub period: Period,
    /// The teams, in the order of their names, with the names of the activities.
    pub followers: Vec<(Team, Vec<String>)>,
}

/// A team whose answer another can take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// What it answered.
    pub status: Status,
}

/// How a catalog that is shown stands to the one in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currency {
    /// It is the one in use.
    InUse,
    /// It is another, but the one in use has the activity as well.
    Older,
    /// It is another, and the one in use does not have the activity.
    Gone,
}

/// An activity with what the teams last answered.
#[derive(Debug, Clone)]
pub struct ActivitySeen {
    /// The catalog that it is shown from.
    pub catalog: Arc<Catalog>,
    /// The activity.
    pub index: ActivityIndex,
    /// How that catalog stands to the one in use.
    pub now: Currency,
    /// The steps that answers can take.
    pub scale: ProgressScale,
    /// The stages with the targets that hold for the scope.
    pub roadmap: Arc<Roadmap>,
    /// One entry for each team that has a submitted assessment, in the order of their names.
    pub answers: Vec<TeamAnswer>,
}

/// What a team last answered about an activity.
#[derive(Debug, Clone)]
pub struct TeamAnswer {
    /// The team.
    pub team: Team,
    /// The assessment that says so.
    pub assessment: AssessmentId,
    /// Of which quarter.
    pub assessed: Period,
    /// Where the catalog of that assessment has the activity; `None`: it did not ask for it.
    pub asked: Option<ActivityIndex>,
    /// What was recorded; `None`: nothing.
    pub answer: Option<RecordedAnswer>,
}

/// The catalog in use, and others that matter.
#[derive(Debug, Clone)]
pub struct CatalogsSeen {
    /// The one that new assessments are made with.
    pub in_use: Arc<Catalog>,
    /// Others: those of older assessments, and the bundled one.
    pub others: Vec<KnownCatalog>,
}

/// A catalog, and how many assessments were made with it.
#[derive(Debug, Clone)]
pub struct KnownCatalog {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// How many assessments.
    pub assessments: usize,
}

/// An activity that the catalog of an assessment asks anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedAnew {
    /// The activity.
    pub activity: ActivityIndex,
    /// Why.
    pub because: Anew,
}

/// Why an activity is asked anew; where several reasons hold, the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anew {
    /// The catalog before did not have it.
    New,
    /// It has another name.
    Renamed,
    /// It belongs to another level.
    Relevelled,
    /// Its texts are others.
    Reworded,
}

/// A team in a quarter: whether it is assessed, and how far.
#[derive(Debug, Clone)]
pub struct QuarterRow {
    /// The team.
    pub team: Team,
    /// Its assessment with the scores of its present answers; `None` until one is opened.
    pub assessment: Option<(Assessment, Scorecard)>,
    /// How many proposals of programs wait for a decision in its draft, or for the draft to be opened.
    pub waiting: usize,
}

/// What is to be done in the present quarter, so that it stands on pages before somebody has to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The present quarter; its assessments are due by its last day.
    pub period: Period,
    /// How many teams have submitted.
    pub submitted: usize,
    /// The teams whose assessment is a draft, with its number.
    pub drafts: Vec<(String, AssessmentId)>,
    /// The teams that have none yet.
    pub missing: Vec<Team>,
    /// How many answers rest on evidence that has expired.
    pub stale: usize,
    /// How many answers rest on evidence that expires soon.
    pub going: usize,
}

/// The teams of a scope in one quarter.
#[derive(Debug, Clone)]
pub struct Quarter {
    /// What was asked for.
    pub selection: Selection,
    /// Of whom.
    pub scope: Scope,
    /// Which quarter.
    pub period: Period,
    /// The present quarter.
    pub current: Period,
    /// What is to be done, when this is the present quarter.
    pub due: Option<Due>,
    /// The teams, in the order of their names.
    pub rows: Vec<QuarterRow>,
    /// The quarters that have assessments, latest first.
    pub periods: Vec<Period>,
}

impl Quarter {
    /// Whether it can be assessed.
    pub fn has_begun(&self) -> bool {
        self.period <= self.current
    }
}

/// What evidence can be for: teams, and the activities that they are asked for or ever were.
#[derive(Debug, Clone)]
pub struct EvidenceSubjects {
    /// All teams, in the order of their names.
    pub teams: Vec<Team>,
    /// The catalog in use, and then the others that assessments were made with, the latest first.
    pub catalogs: Vec<Arc<Catalog>>,
}

impl EvidenceSubjects {
    /// The team of this number.
    pub fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    /// An error unless somebody may say what evidence for these teams is: it speaks for each of them, so only
    /// who may assess all. Teams that they do not see are not theirs.
    pub fn authorize(&self, actor: &Actor, action: Action, teams: &[TeamId]) -> Result<(), Forbidden> {
        teams.iter().try_for_each(|id| match self.team(*id) {
            Some(team) => actor.authorize_for(action, team),
            None => actor.authorize_for_all(action),
        })
    }

    /// The activity of this id, as the first catalog has it that has it.
    pub fn activity(&self, id: &ActivityId) -> Option<&Activity> {
        self.catalogs.iter().find_map(|catalog| Some(catalog.activity(catalog.find(id)?)))
    }

    /// The name of an activity; its id where no catalog knows it.
    pub fn name_of<'a>(&'a self, id: &'a ActivityId) -> &'a str {
        self.activity(id).map_or(&id.0, |activity| &activity.name)
    }
}

/// The evidence of a scope.
#[derive(Debug, Clone)]
pub struct EvidenceSeen {
    /// Of whom and when.
    pub view: View,
    /// The day as of which it is seen: today, or the last of the quarter that was asked for.
    pub day: NaiveDate,
    /// What it is for.
    pub subjects: EvidenceSubjects,
    /// What was asked for, the latest first.
    pub found: Vec<Evidence>,
    /// How many pieces there are in each state, whatever was asked for.
    pub counts: BTreeMap<EvidenceState, usize>,
    /// The activities that have any evidence, in the order of their names.
    pub activities: Vec<ActivityId>,
    /// What age does to the scores; `None` while no team of the scope has a submitted assessment by then.
    pub freshness: Option<Arc<Freshness>>,
}

/// A piece of evidence with all that became of it.
#[derive(Debug, Clone)]
pub struct EvidenceHistory {
    /// What it is for.
    pub subjects: EvidenceSubjects,
    /// All versions, oldest first; the last one is `current`.
    pub versions: Vec<Evidence>,
    /// As it is now.
    pub current: Evidence,
}

/// A proposal, with where its team is in the present quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalSeen {
    /// The proposal.
    pub proposal: Proposal,
    /// The name of the team.
    pub team: String,
    /// The name of the activity; its id where no catalog in use knows it.
    pub activity: String,
    /// The draft in which it can be decided about, if there is one.
    pub draft: Option<AssessmentId>,
    /// What the assessment of the present quarter says.
    pub answer: Option<RecordedAnswer>,
}

impl ProposalSeen {
    /// How it stands to the answer.
    pub fn bearing(&self) -> Bearing {
        self.proposal.bearing(self.answer.as_ref().map(|recorded| &recorded.answer.status))
    }
}

/// A token, and what can be chosen for it.
#[derive(Debug, Clone)]
pub struct TokenSeen {
    /// The token.
    pub token: Token,
    /// All teams.
    pub teams: Vec<Team>,
    /// The catalog in use.
    pub catalog: Arc<Catalog>,
}

/// The accounts, and what can be chosen for them.
#[derive(Debug, Clone)]
pub struct AccountsSeen {
    /// All accounts, in the order of their names.
    pub users: Vec<User>,
    /// All tokens, latest first.
    pub tokens: Vec<Token>,
    /// All teams.
    pub teams: Vec<Team>,
    /// All groups.
    pub groups: Vec<Group>,
    /// The catalog in use: what tokens can be trusted for.
    pub catalog: Arc<Catalog>,
    /// Who sees which teams.
    pub separation: Separation,
}
