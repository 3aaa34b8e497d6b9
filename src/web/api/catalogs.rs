//! `/api/v1/catalogs` and `/api/v1/activities`: what is asked, and what it means.

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Json, Path, Payload, Query};
use actix_web::{HttpRequest, Responder};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body;
use super::catalog_changes::CatalogChanges;
use super::paging::{Paged, Paging};
use super::tagged::Tagged;
use super::word::{Described, Word};
use crate::app::{self, CatalogFile, CatalogKind, CatalogUse, LeaveOut, Source};
use crate::domain::access::Action;
use crate::domain::catalog::{self, ActivityId, ActivityIndex, Capability, CatalogDigest, Home, Lens};
use crate::domain::view::{Currency, Selection};
use crate::web::failure::Failure;
use crate::web::views::catalog::Filter;
use crate::web::visit::Visit;

/// The largest catalog that is read; the published ones have about half a megabyte.
const MAX_BYTES: usize = 8_000_000;

impl Described for Lens {
    const SCHEMA: &'static str = "Lens";
    const MEANING: &'static str =
        "Where an activity looks: at what is not in production yet, at what runs, or at how people decide.";
}

impl Described for Capability {
    const SCHEMA: &'static str = "Capability";
    const MEANING: &'static str = "Who carries an activity: tools, or people and process.";
}

type LensWord = Word<Lens>;
type CapabilityWord = Word<Capability>;

/// A version of the model.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Catalog {
    /// What tells it from all others: the SHA-256 of its content, as 64 hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    digest: String,
    /// What its publisher calls it. One word was used for several contents.
    version: Option<String>,
    /// How many activities it has.
    activities: usize,
    /// Whether new assessments are made with it.
    in_use: bool,
}

impl Catalog {
    fn of(catalog: &catalog::Catalog, in_use: bool) -> Self {
        Self {
            digest: catalog.digest().as_str().to_owned(),
            version: catalog.version().map(ToOwned::to_owned),
            activities: catalog.len(),
            in_use,
        }
    }
}

/// What an activity takes, each from 1 (little) to 5 (much).
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Difficulty {
    /// Knowledge.
    #[schema(minimum = 1, maximum = 5)]
    knowledge: u8,
    /// Time.
    #[schema(minimum = 1, maximum = 5)]
    time: u8,
    /// Systems, licences, budget.
    #[schema(minimum = 1, maximum = 5)]
    resources: u8,
}

/// An activity, without its texts.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ActivityEntry {
    /// Its id, which stays the same from version to version.
    id: String,
    /// Its name.
    name: String,
    /// The dimension that it is in.
    dimension: String,
    /// The sub-dimension that it is in.
    sub_dimension: String,
    /// The level that it belongs to.
    #[schema(minimum = 1, maximum = 5)]
    level: u8,
    /// What it takes.
    difficulty: Difficulty,
    /// The effort in points: knowledge, time and resources together.
    #[schema(minimum = 3, maximum = 15)]
    effort: u8,
    /// How much it helps.
    #[schema(minimum = 1, maximum = 5)]
    usefulness: u8,
    /// Where it looks, if that is known.
    lens: Option<LensWord>,
    /// Who carries it, if that is known.
    capability: Option<CapabilityWord>,
    /// The ids of the activities that should be done before it.
    prerequisites: Vec<String>,
    /// Free words.
    tags: Vec<String>,
}

impl ActivityEntry {
    fn of(activity: &catalog::Activity, home: Home<'_>) -> Self {
        let catalog::Difficulty { knowledge, time, resources } = activity.difficulty;
        Self {
            id: activity.id.0.clone(),
            name: activity.name.clone(),
            dimension: home.dimension.name.clone(),
            sub_dimension: home.sub_dimension.name.clone(),
            level: activity.level,
            difficulty: Difficulty { knowledge, time, resources },
            effort: activity.difficulty.effort(),
            usefulness: activity.usefulness,
            lens: activity.lens.map(Word),
            capability: activity.capability.map(Word),
            prerequisites: activity.depends_on.iter().map(|id| id.0.clone()).collect(),
            tags: activity.tags.clone(),
        }
    }
}

/// A tool or a text that helps.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Tool {
    /// Its name.
    name: String,
    /// Where to find it, as the catalog says it: it is not checked. May be empty.
    url: String,
    /// What it is; may be empty.
    description: String,
}

/// Clauses of other standards, exactly as the catalog writes them.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct References {
    /// OWASP SAMM 2.
    samm2: Vec<String>,
    /// ISO/IEC 27001:2017.
    iso27001_2017: Vec<String>,
    /// ISO/IEC 27001:2022.
    iso27001_2022: Vec<String>,
    /// Links into OpenCRE.
    open_cre: Vec<String>,
}

/// All that is known of an activity.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Activity {
    #[serde(flatten)]
    entry: ActivityEntry,
    /// What it is, in Markdown, like the texts after it; each may be empty.
    description: String,
    /// What goes wrong without it.
    risk: String,
    /// What to do.
    measure: String,
    /// What to look at and to ask when it is assessed.
    assessment: String,
    /// What helps.
    tools: Vec<Tool>,
    /// Clauses of other standards.
    references: References,
    /// The ids of the activities that have it as a prerequisite.
    needed_for: Vec<String>,
    /// The digest of the catalog that says this: the one in use where it has the activity, else an older one.
    catalog: String,
    /// Whether that catalog is in use.
    in_use: bool,
}

impl Activity {
    fn of(catalog: &catalog::Catalog, index: ActivityIndex, in_use: bool) -> Option<Self> {
        let activity = catalog.activity(index);
        let tool = |tool: &catalog::Tool| {
            let catalog::Tool { name, url, description } = tool.clone();
            Tool { name, url, description }
        };
        let catalog::References { samm2, iso27001_2017, iso27001_2022, open_cre } = activity.references.clone();
        Some(Self {
            entry: ActivityEntry::of(activity, catalog.home(index)?),
            description: activity.description.clone(),
            risk: activity.risk.clone(),
            measure: activity.measure.clone(),
            assessment: activity.assessment.clone(),
            tools: activity.tools.iter().map(tool).collect(),
            references: References { samm2, iso27001_2017, iso27001_2022, open_cre },
            needed_for: catalog.dependents(index).iter().map(|index| catalog.activity(*index).id.0.clone()).collect(),
            catalog: catalog.digest().as_str().to_owned(),
            in_use,
        })
    }
}

/// What putting a catalog to use did, or would do.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct CatalogUsed {
    /// Whether nothing was changed, as was asked for.
    dry_run: bool,
    /// The catalog.
    catalog: Catalog,
    /// What differs from the one that was in use before.
    changes: CatalogChanges,
    /// How many activities that teams have answered are not in it. Their answers stay where they are and are not
    /// carried into new assessments.
    left_out: usize,
    /// What was not understood in the file but does no harm, with its place.
    warnings: Vec<String>,
}

/// Which activities.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only those of the dimension of this name.
    dimension: Option<String>,
    /// Only those of this level.
    #[param(minimum = 1, maximum = 5)]
    level: Option<u8>,
    /// Only those that look there.
    #[param(inline)]
    lens: Option<LensWord>,
    /// Only those that these carry.
    #[param(inline)]
    capability: Option<CapabilityWord>,
    /// Only those with this tag.
    tag: Option<String>,
    /// Only those in whose name, texts and tools all these words stand, whatever the case of their letters.
    text: Option<String>,
}

/// Which activity.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfActivity {
    /// The id of the activity.
    activity: String,
}

/// Which catalog.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfCatalog {
    /// The digest of the catalog.
    catalog: String,
}

/// How a file is understood.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum As {
    /// As a catalog of its own.
    Whole,
    /// As changes to the bundled catalog.
    Overlay,
}

/// What is put to use, and how.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct ToUse {
    /// Go back to the bundled catalog; no file is sent then.
    #[serde(default)]
    bundled: bool,
    /// How the file is understood. Unless it is said, one that names its version or has at least 100 activities is
    /// a whole catalog, and any other changes the bundled one.
    #[serde(rename = "as")]
    #[param(inline)]
    kind: Option<As>,
    /// Also if activities that teams have answered are left out.
    #[serde(default)]
    leave_out_answered: bool,
    /// What the file is called, for messages.
    file: Option<String>,
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Lists the catalogs that are known: the one in use first, then those that assessments were made with.
#[utoipa::path(get, path = "/api/v1/catalogs", tag = "Catalog", params(Paging),
    responses((status = 200, description = "A page of the catalogs", body = [Catalog])))]
pub(in crate::web) async fn list(visit: Visit, paging: Query<Paging>) -> Result<Paged<Catalog>, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.catalogs(caller)).await?;
    let others = seen.others.iter().map(|known| Catalog::of(&known.catalog, false));
    let all: Vec<(usize, Catalog)> =
        std::iter::once(Catalog::of(&seen.in_use, true)).chain(others).enumerate().collect();
    Ok(paging.page(all, |(place, _)| *place)?.map(|(_, catalog)| catalog))
}

/// Puts another catalog to use: new assessments are made with it, those that are there keep theirs.
#[utoipa::path(post, path = "/api/v1/catalogs", tag = "Catalog", params(ToUse),
    request_body(content = Option<String>, content_type = "application/yaml",
        description = "A catalog, or an overlay over the bundled one, in the form of DSOMM's own `model.yaml`."),
    responses((status = 200, description = "What was done, or would be", body = CatalogUsed)))]
pub(in crate::web) async fn put_to_use(
    visit: Visit,
    request: HttpRequest,
    wanted: Query<ToUse>,
    body: Payload,
) -> Result<impl Responder, Failure> {
    visit.caller.actor.authorize(Action::ManageCatalog).map_err(app::Error::from)?;
    let body = body::file(body, MAX_BYTES).await?;
    let wanted = wanted.into_inner();
    if wanted.bundled && !body.is_empty() {
        return Err(Failure::Invalid("bundled: send a file or go back to the bundled catalog, not both".to_owned()));
    }
    if !wanted.bundled && !is_yaml(&request) {
        return Err(Failure::WrongKind("YAML with the content type application/yaml"));
    }
    let dry_run = wanted.dry_run;
    let (used, warnings) = visit.ask(move |cairn, caller| use_or_look(cairn, caller, &wanted, &body)).await?;
    Ok(Json(CatalogUsed {
        dry_run,
        catalog: Catalog::of(&used.catalog, !dry_run || used.catalog.digest() == used.before.digest()),
        changes: CatalogChanges::between(&used.before, &used.catalog),
        left_out: used.left_out,
        warnings,
    }))
}

fn is_yaml(request: &HttpRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let kind = String::from_utf8_lossy(kind).to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"].contains(&kind)
}

fn use_or_look(
    cairn: &app::Cairn,
    caller: &crate::domain::access::Caller,
    wanted: &ToUse,
    body: &[u8],
) -> Result<(CatalogUse, Vec<String>), app::Error> {
    if wanted.bundled {
        let used =
            if wanted.dry_run { cairn.look_at_bundled_catalog(caller) } else { cairn.use_bundled_catalog(caller) };
        return Ok((used?, Vec::new()));
    }
    let name = wanted.file.as_deref().unwrap_or("body");
    let kind = wanted.kind.as_ref().map(|kind| match kind {
        As::Whole => CatalogKind::Whole,
        As::Overlay => CatalogKind::Overlay,
    });
    let read = CatalogFile { sources: vec![Source { name, bytes: body }], kind, over: Vec::new() }.read()?;
    let warnings = read.built.warnings.iter().map(ToString::to_string).collect();
    let catalog = read.built.catalog?;
    let leave_out = if wanted.leave_out_answered { LeaveOut::Wanted } else { LeaveOut::Refuse };
    let used = if wanted.dry_run {
        cairn.look_at_catalog(caller, &catalog, read.kind, leave_out)
    } else {
        cairn.use_catalog(caller, &catalog, read.kind, leave_out)
    };
    Ok((used?, warnings))
}

/// Says what differs between a catalog and the one in use.
#[utoipa::path(get, path = "/api/v1/catalogs/{catalog}/changes", tag = "Catalog", params(OfCatalog),
    responses((status = 200, description = "What is not the same in them", body = CatalogChanges)))]
pub(in crate::web) async fn changes(visit: Visit, of: Path<OfCatalog>) -> Result<Tagged<CatalogChanges>, Failure> {
    let digest = CatalogDigest::stored(of.into_inner().catalog);
    let seen = visit.ask(|cairn, caller| cairn.catalogs(caller)).await?;
    let mut all = std::iter::once(&seen.in_use).chain(seen.others.iter().map(|known| &known.catalog));
    let old = all.find(|catalog| *catalog.digest() == digest).ok_or(app::Error::NotFound("catalog"))?;
    Ok(Tagged(CatalogChanges::between(old, &seen.in_use)))
}

/// Lists the activities of the catalog in use.
#[utoipa::path(get, path = "/api/v1/activities", tag = "Catalog", params(Wanted, Paging),
    responses((status = 200, description = "A page of the activities, in the order of the catalog", body = [ActivityEntry])))]
pub(in crate::web) async fn activities(
    visit: Visit,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<ActivityEntry>, Failure> {
    let Wanted { dimension, level, lens, capability, tag, text } = wanted.into_inner();
    let (lens, capability) = (lens.map(|word| word.0), capability.map(|word| word.0));
    let filter = Filter { dimension, level, lens, capability, tag, text };
    let catalog = visit.ask(|cairn, caller| cairn.catalog(caller)).await?;
    let homes = catalog.homes().map(|(index, home)| (index, catalog.activity(index), home));
    let found = homes.filter(|(_, activity, home)| filter.takes(activity, &home.dimension.name));
    let page = paging.page(found.collect(), |(index, ..)| index.position())?;
    Ok(page.map(|(_, activity, home)| ActivityEntry::of(activity, home)))
}

/// Gives one activity, as the catalog in use has it, or else as the newest has it that an assessment was made with.
#[utoipa::path(get, path = "/api/v1/activities/{activity}", tag = "Catalog", params(OfActivity),
    responses((status = 200, description = "The activity", body = Activity)))]
pub(in crate::web) async fn activity(visit: Visit, of: Path<OfActivity>) -> Result<Tagged<Activity>, Failure> {
    let id = ActivityId(of.into_inner().activity);
    let seen = visit.ask(move |cairn, caller| cairn.activity(caller, &id, Selection::ORGANIZATION)).await?;
    let activity = Activity::of(&seen.catalog, seen.index, seen.now == Currency::InUse);
    Ok(Tagged(activity.ok_or(app::Error::NotFound("activity"))?))
}
