//! `/api/v1/threat-models`: which team has which threat models, how they stand, and new ones from files.

use std::collections::BTreeMap;

use actix_web::web::{Json, Path, Payload, Query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body;
use super::files::ThreatModelFile;
use super::paging::{Paged, Paging};
use super::scope::OfScope;
use super::tagged::Tagged;
use super::threat_model_imports::ThreatModelImported;
use super::word::{Described, Word};
use crate::app::{self, ImportInto, ModelFile, Source};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::domain::threat_model::format::Format;
use crate::domain::threat_model::freshness::{
    DueReason, Freshness, FreshnessState, NewRecord, RecordForm, ReviewBasis,
};
use crate::domain::threat_model::listing::{ModelFilter, ModelRow, Standing};
use crate::domain::threat_model::register::{RecordKind, ReviewRecord, ThreatModelId};
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::words::{Criticality, Method, Severity};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// The largest body: what the readers of threat models take as well.
const MAX_BYTES: usize = 32_000_000;

macro_rules! described {
    ($($type:ident = $schema:literal $meaning:literal;)+) => {$(
        impl Described for $type {
            const SCHEMA: &'static str = $schema;
            const MEANING: &'static str = $meaning;
        }
    )+};
}

described! {
    Standing = "ThreatModelFreshness" "Whether a threat model can be relied on, is due for a review, or nobody says when it was right.";
    Severity = "ThreatSeverity" "How severe a threat is.";
    Criticality = "ThreatModelCriticality" "How much depends on what is modeled.";
    Method = "ThreatModelMethod" "How threats are looked for.";
    Format = "ThreatModelFormat" "A kind of file that threat models are kept in.";
    RecordKind = "ThreatModelRecordKind" "What happened to a threat model: it was reviewed, or what it models changed much.";
}

type StandingWord = Word<Standing>;
type SeverityWord = Word<Severity>;
pub(super) type CriticalityWord = Word<Criticality>;
pub(super) type MethodWord = Word<Method>;
pub(super) type FormatWord = Word<Format>;
type RecordKindWord = Word<RecordKind>;

/// A threat model in the register: whose it is, and how it stands.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ThreatModelState {
    /// Its number.
    id: i64,
    /// The number of its team.
    team: i64,
    /// The name of its team.
    team_name: String,
    /// What it models.
    title: String,
    /// Who answers for it; may be empty.
    owner: String,
    /// Who looks it over; may be empty.
    reviewer: String,
    /// How threats are looked for.
    methods: Vec<MethodWord>,
    /// How much depends on it, if that is known.
    criticality: Option<CriticalityWord>,
    /// The number of its latest revision, from 1.
    revision: u32,
    /// When that was saved.
    saved_at: DateTime<Utc>,
    /// Who saved it.
    saved_by: String,
    /// Since when it is put aside.
    archived_at: Option<DateTime<Utc>>,
    /// Whether it can be relied on.
    freshness: StandingWord,
    /// The last day on which it is fresh, or the first on which it was due; missing where nobody knows.
    due: Option<NaiveDate>,
    /// Why it is due: `age`, or `significant-change`.
    due_because: Option<String>,
    /// The day as of which it was right.
    reviewed_on: Option<NaiveDate>,
    /// Who says so: `recorded` by somebody here, or what a file says that it is the day of.
    basis: Option<String>,
    /// After how many days it is to be reviewed again.
    review_interval_days: u32,
    /// How many threats it has.
    threats: u32,
    /// How many of them are open.
    open: u32,
    /// How many threats stand how, by the words for that.
    threats_by_status: BTreeMap<String, u32>,
    /// How many open threats are how severe, by the words for that.
    open_by_severity: BTreeMap<String, u32>,
    /// How many open threats nobody rated.
    open_unrated: u32,
    /// How many threats are said to be treated while what is done against them is not in place.
    treated_without_mitigation: u32,
}

impl From<&ModelRow> for ThreatModelState {
    fn from(row: &ModelRow) -> Self {
        let (registered, latest) = (&row.registered, &row.registered.latest);
        let facts = &latest.facts;
        let basis = row.freshness.basis.as_ref();
        Self {
            id: registered.id.0,
            team: registered.team.0,
            team_name: row.team.clone(),
            title: facts.title.clone(),
            owner: facts.owner.clone(),
            reviewer: facts.reviewer.clone(),
            methods: facts.methods.iter().copied().map(Word).collect(),
            criticality: facts.criticality.map(Word),
            revision: latest.number,
            saved_at: latest.saved_at,
            saved_by: latest.saved_by.clone(),
            archived_at: registered.archived_at,
            freshness: Word(row.state()),
            due: row.due(),
            due_because: because(&row.freshness.state).map(ToOwned::to_owned),
            reviewed_on: basis.map(ReviewBasis::on),
            basis: basis.map(|basis| basis_word(basis).to_owned()),
            review_interval_days: row.freshness.interval_days,
            threats: facts.all_threats(),
            open: facts.open_threats(),
            threats_by_status: counted(&facts.threats),
            open_by_severity: counted(&facts.open),
            open_unrated: facts.open_unrated,
            treated_without_mitigation: facts.treated_without_mitigation,
        }
    }
}

impl From<&KeptModel> for ThreatModelState {
    fn from(kept: &KeptModel) -> Self {
        let freshness = Freshness::of(&kept.registered, kept.today);
        Self::from(&ModelRow { registered: kept.registered.clone(), team: kept.team.name.to_string(), freshness })
    }
}

fn counted<T: Named>(counts: &BTreeMap<T, u32>) -> BTreeMap<String, u32> {
    counts.iter().map(|(value, count)| (value.name().to_owned(), *count)).collect()
}

fn because(state: &FreshnessState) -> Option<&'static str> {
    match state {
        FreshnessState::Due { because: DueReason::Age, .. } => Some("age"),
        FreshnessState::Due { because: DueReason::SignificantChange { .. }, .. } => {
            Some(RecordKind::SignificantChange.name())
        }
        FreshnessState::Unknown | FreshnessState::Fresh { .. } => None,
    }
}

fn basis_word(basis: &ReviewBasis) -> &'static str {
    match basis {
        ReviewBasis::Recorded { .. } => "recorded",
        ReviewBasis::Stated(stated) => stated.basis.name(),
    }
}

/// What somebody recorded of a threat model.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ThreatModelRecord {
    /// What happened.
    kind: RecordKindWord,
    /// The day on which it happened.
    on: NaiveDate,
    /// What was looked at, or what changed; may be empty.
    note: String,
    /// Who took part in a review; may be empty.
    participants: String,
    /// Who recorded it.
    by: String,
    /// When it was recorded.
    at: DateTime<Utc>,
}

impl From<ReviewRecord> for ThreatModelRecord {
    fn from(record: ReviewRecord) -> Self {
        let ReviewRecord { kind, on, note, participants, by, at } = record;
        Self { kind: Word(kind), on, note, participants, by, at }
    }
}

/// What is to be recorded of a threat model.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ThreatModelRecordInput {
    /// What happened.
    kind: RecordKindWord,
    /// The day on which it happened, from the year 2000 on and not later than today.
    on: NaiveDate,
    /// What was looked at, or what changed; needed where something changed.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
    /// Who took part in a review.
    #[serde(default)]
    #[schema(max_length = 500)]
    participants: String,
}

/// Which threat models.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only those that stand so.
    #[param(inline)]
    freshness: Option<StandingWord>,
    /// Only those with an open threat that is at least so severe.
    #[param(inline)]
    severity: Option<SeverityWord>,
    /// Only those in whose title, team or owner all these words stand, whatever the case of their letters.
    text: Option<String>,
    /// Those that are put aside, instead of those that are not.
    #[serde(default)]
    archived: bool,
}

/// Which threat model.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfModel {
    /// The number of the threat model.
    model: i64,
}

impl OfModel {
    pub(super) fn id(self) -> ThreatModelId {
        ThreatModelId(self.model)
    }
}

/// Whose the threat model is, what its file is called, and whether anything is changed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct ToImport {
    /// The name of the team whose threat model it is.
    team: String,
    /// What the file is called, for messages.
    file: Option<String>,
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Lists the threat models of a scope, as they were at the end of the quarter or are today.
#[utoipa::path(get, path = "/api/v1/threat-models", tag = "Threat models", params(OfScope, Wanted, Paging),
    responses((status = 200, description = "A page of the threat models, by their numbers", body = [ThreatModelState])))]
pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<ThreatModelState>, Failure> {
    let Wanted { freshness, severity, text, archived } = wanted.into_inner();
    let filter = ModelFilter {
        state: freshness.map(|word| word.0),
        severity: severity.map(|word| word.0),
        text,
        ..ModelFilter::default()
    };
    let asked = filter.clone();
    let seen = visit.ask(move |cairn, caller| cairn.threat_portfolio(caller, selection, &asked)).await?;
    let mut rows = if archived { filter.apply(seen.aside) } else { seen.rows };
    rows.sort_by_key(ModelRow::id);
    Ok(paging.page(rows, |row| row.id().0)?.map(|row| ThreatModelState::from(&row)))
}

/// Takes in the threat model that is the body of the request. What kind of file it is is seen from its content.
#[utoipa::path(post, path = "/api/v1/threat-models", tag = "Threat models", params(ToImport),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "What was done, or would be", body = ThreatModelImported)))]
pub(in crate::web) async fn import(
    visit: Visit,
    wanted: Query<ToImport>,
    body: Payload,
) -> Result<Json<ThreatModelImported>, Failure> {
    let ToImport { team, file, dry_run } = wanted.into_inner();
    taken(&visit, ImportInto::TeamNamed(team), file, dry_run, body).await
}

/// Looks at the file that is the body of a request, or takes it in.
pub(super) async fn taken(
    visit: &Visit,
    into: ImportInto,
    file: Option<String>,
    dry_run: bool,
    body: Payload,
) -> Result<Json<ThreatModelImported>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    let body = body::file(body, MAX_BYTES).await?;
    let name = file.unwrap_or_else(|| "body".to_owned());
    let import = visit.ask(move |cairn, caller| {
        let source = Source { name: &name, bytes: &body };
        if dry_run {
            cairn.look_at_threat_model(caller, source, &into)
        } else {
            cairn.import_threat_model(caller, source, &into)
        }
    });
    Ok(Json(ThreatModelImported::of(import.await?, dry_run, visit)))
}

/// Gives a whole threat model, as the file that Cairn exports.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}", tag = "Threat models", params(OfModel),
    responses((status = 200, description = "What the threat model says", body = ThreatModelFile)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfModel>) -> Result<Tagged<Value>, Failure> {
    let id = of.id();
    let bytes = visit.ask(move |cairn, caller| cairn.threat_model_file(caller, id, ModelFile::Json)).await?;
    let file = serde_json::from_slice(&bytes).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(Tagged(file))
}

/// Gives what the register says of a threat model.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/state", tag = "Threat models", params(OfModel),
    responses((status = 200, description = "Whose it is, and how it stands", body = ThreatModelState)))]
pub(in crate::web) async fn state(visit: Visit, of: Path<OfModel>) -> Result<Tagged<ThreatModelState>, Failure> {
    Ok(Tagged(ThreatModelState::from(&kept(&visit, of.id()).await?)))
}

/// A threat model as it is now.
pub(super) async fn kept(visit: &Visit, id: ThreatModelId) -> Result<KeptModel, Failure> {
    visit.ask(move |cairn, caller| cairn.threat_model(caller, id)).await
}

/// Puts a threat model aside: what it models is not there any more.
#[utoipa::path(post, path = "/api/v1/threat-models/{model}/archive", tag = "Threat models", params(OfModel),
    responses((status = 200, description = "How it stands now", body = ThreatModelState)))]
pub(in crate::web) async fn archive(visit: Visit, of: Path<OfModel>) -> Result<Tagged<ThreatModelState>, Failure> {
    set_aside(visit, of, true).await
}

/// Takes a threat model up again that was put aside.
#[utoipa::path(post, path = "/api/v1/threat-models/{model}/restore", tag = "Threat models", params(OfModel),
    responses((status = 200, description = "How it stands now", body = ThreatModelState)))]
pub(in crate::web) async fn restore(visit: Visit, of: Path<OfModel>) -> Result<Tagged<ThreatModelState>, Failure> {
    set_aside(visit, of, false).await
}

async fn set_aside(visit: Visit, of: Path<OfModel>, aside: bool) -> Result<Tagged<ThreatModelState>, Failure> {
    let id = of.id();
    visit.ask(move |cairn, caller| cairn.set_threat_model_aside(caller, id, aside)).await?;
    state(visit, of).await
}

/// Lists what was recorded of a threat model: reviews, and changes of what it models.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/records", tag = "Threat models", params(OfModel, Paging),
    responses((status = 200, description = "A page of the records, in the order in which they were made", body = [ThreatModelRecord])))]
pub(in crate::web) async fn records(
    visit: Visit,
    of: Path<OfModel>,
    paging: Query<Paging>,
) -> Result<Paged<ThreatModelRecord>, Failure> {
    let mut records = kept(&visit, of.id()).await?.registered.records;
    records.sort_by_key(|record| record.at);
    let records: Vec<(usize, ReviewRecord)> = records.into_iter().enumerate().collect();
    Ok(paging.page(records, |(place, _)| *place)?.map(|(_, record)| ThreatModelRecord::from(record)))
}

/// Records that somebody reviewed a threat model, or that what it models changed much.
#[utoipa::path(post, path = "/api/v1/threat-models/{model}/records", tag = "Threat models", params(OfModel),
    request_body = ThreatModelRecordInput,
    responses((status = 200, description = "How the threat model stands now", body = ThreatModelState)))]
pub(in crate::web) async fn record(
    visit: Visit,
    of: Path<OfModel>,
    input: Json<ThreatModelRecordInput>,
) -> Result<Tagged<ThreatModelState>, Failure> {
    let (id, input) = (of.id(), input.into_inner());
    let on = input.on.to_string();
    visit
        .ask(move |cairn, caller| {
            let ThreatModelRecordInput { kind, note, participants, .. } = &input;
            let form = RecordForm { kind: kind.0.name(), on: &on, note, participants };
            cairn.record_threat_model_review(caller, id, form)
        })
        .await?;
    state(visit, of).await
}

const _: () =
    assert!(NewRecord::NOTE_LIMIT == 2_000 && NewRecord::PARTICIPANTS_LIMIT == 500, "as the description says");
