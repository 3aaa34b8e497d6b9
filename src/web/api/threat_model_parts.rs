//! The parts of threat models one by one, and what a threat model is about.

use actix_web::HttpResponse;
use actix_web::web::{Json, Path, Query};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::change::{Change, completed};
use super::files::ThreatModelPart;
use super::paging::{Paged, Paging};
use super::tagged::{Created, IfMatch, Tagged};
use super::threat_models::{CriticalityWord, MethodWord, OfModel, kept};
use super::word::{Described, Word};
use crate::app::{self, PartChange};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::domain::threat_model::entry::{self, Fields};
use crate::domain::threat_model::part::{Part, PartKind};
use crate::domain::threat_model::rating::Scale;
use crate::domain::threat_model::register::ThreatModelId;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::{PartId, ThreatModel};
use crate::web::failure::Failure;
use crate::web::views::encoded;
use crate::web::visit::Visit;

impl Described for PartKind {
    const SCHEMA: &'static str = "ThreatModelPartKind";
    const MEANING: &'static str = "A kind of parts of a threat model.";
}

impl Described for Scale {
    const SCHEMA: &'static str = "ThreatModelScale";
    const MEANING: &'static str = "How likelihood and impact are rated.";
}

pub(super) type PartKindWord = Word<PartKind>;
type ScaleWord = Word<Scale>;

/// A part as it stands in a file of ours.
pub(in crate::web) struct Written(Part);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Part::Asset(part) => part.serialize(serializer),
            Part::Element(part) => part.serialize(serializer),
            Part::Threat(part) => part.serialize(serializer),
            Part::Mitigation(part) => part.serialize(serializer),
            Part::Assumption(part) => part.serialize(serializer),
            Part::AbuseStory(part) => part.serialize(serializer),
        }
    }
}

/// What a threat model is about, and when it is to be looked at again.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ThreatModelAbout {
    /// What is modeled, in a few words.
    #[schema(min_length = 1, max_length = 300)]
    title: String,
    /// The scope: what belongs to it, and what does not.
    #[serde(default)]
    #[schema(max_length = 20000)]
    description: String,
    /// What the business wants of it, and what it must not lose.
    #[serde(default)]
    #[schema(max_length = 20000)]
    objectives: String,
    /// Who answers for the model.
    #[serde(default)]
    #[schema(max_length = 300)]
    owner: String,
    /// Who looks it over.
    #[serde(default)]
    #[schema(max_length = 300)]
    reviewer: String,
    /// Who else took part: names without commas and semicolons.
    #[serde(default)]
    #[schema(max_items = 100)]
    participants: Vec<String>,
    /// How threats are looked for.
    #[serde(default)]
    methods: Vec<MethodWord>,
    /// Which version of the model it is.
    #[serde(default)]
    #[schema(max_length = 300)]
    version: String,
    /// How much depends on what is modeled.
    #[serde(default)]
    criticality: Option<CriticalityWord>,
    /// How likelihood and impact are rated.
    scale: ScaleWord,
    /// After how many days it is to be looked at again; null: as its criticality asks for.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1826)]
    review_interval_days: Option<u32>,
}

type ThreatModelAboutChange = Change<ThreatModelAbout>;

impl From<&KeptModel> for ThreatModelAbout {
    fn from(kept: &KeptModel) -> Self {
        let model = &kept.model;
        Self {
            title: model.title.clone(),
            description: model.description.clone(),
            objectives: model.objectives.clone(),
            owner: model.owner.clone(),
            reviewer: model.reviewer.clone(),
            participants: model.participants.clone(),
            methods: model.methods.iter().copied().map(Word).collect(),
            version: model.version.clone(),
            criticality: model.criticality.map(Word),
            scale: Word(model.scale),
            review_interval_days: kept.registered.interval_days,
        }
    }
}

impl ThreatModelAbout {
    /// The same as the fields of a form.
    fn fields(self) -> Fields {
        let model = ThreatModel {
            title: self.title,
            description: self.description,
            objectives: self.objectives,
            owner: self.owner,
            reviewer: self.reviewer,
            participants: self.participants,
            methods: self.methods.iter().map(|word| word.0).collect(),
            version: self.version,
            criticality: self.criticality.map(|word| word.0),
            scale: self.scale.0,
            ..ThreatModel::default()
        };
        entry::fields_about(&model, self.review_interval_days)
    }
}

/// Which kind of parts of which threat model.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfKind {
    /// The number of the threat model.
    model: i64,
    /// The kind of the parts.
    #[param(inline)]
    kind: PartKindWord,
}

/// Which part of which threat model.
#[derive(Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfPart {
    /// The number of the threat model.
    model: i64,
    /// The kind of the part.
    #[param(inline)]
    kind: PartKindWord,
    /// The id of the part.
    part: String,
}

/// Gives what a threat model is about.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/about", tag = "Threat models", params(OfModel),
    responses((status = 200, description = "What it is about", body = ThreatModelAbout)))]
pub(in crate::web) async fn about(visit: Visit, of: Path<OfModel>) -> Result<Tagged<ThreatModelAbout>, Failure> {
    Ok(Tagged(ThreatModelAbout::from(&kept(&visit, of.id()).await?)))
}

/// Changes what a threat model is about. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/threat-models/{model}/about", tag = "Threat models", params(OfModel, IfMatch),
    request_body = ThreatModelAboutChange,
    responses((status = 200, description = "What it is about now", body = ThreatModelAbout)))]
pub(in crate::web) async fn change_about(
    visit: Visit,
    of: Path<OfModel>,
    seen: IfMatch,
    input: Json<ThreatModelAboutChange>,
) -> Result<Tagged<ThreatModelAbout>, Failure> {
    let (id, present) = (of.id(), kept(&visit, of.id()).await?);
    let now = ThreatModelAbout::from(&present);
    seen.check(&now)?;
    let (fields, revision) = (input.into_inner().of(&now)?.fields(), present.registered.latest.number);
    visit.ask(move |cairn, caller| cairn.change_threat_model(caller, id, revision, &fields)).await?;
    about(visit, of).await
}

/// Lists the parts of a kind that a threat model has.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/{kind}", tag = "Threat models", params(OfKind, Paging),
    responses((status = 200, description = "A page of the parts, in the order of the model", body = [ThreatModelPart])))]
pub(in crate::web) async fn list(
    visit: Visit,
    of: Path<OfKind>,
    paging: Query<Paging>,
) -> Result<Paged<Written>, Failure> {
    let model = kept(&visit, ThreatModelId(of.model)).await?.model;
    let parts: Vec<(usize, Part)> = parts(model, of.kind.0).into_iter().enumerate().collect();
    Ok(paging.page(parts, |(place, _)| *place)?.map(|(_, part)| Written(part)))
}

fn parts(model: ThreatModel, kind: PartKind) -> Vec<Part> {
    match kind {
        PartKind::Asset => model.assets.into_iter().map(Part::Asset).collect(),
        PartKind::Element => model.elements.into_iter().map(Part::Element).collect(),
        PartKind::Threat => model.threats.into_iter().map(Part::Threat).collect(),
        PartKind::Mitigation => model.mitigations.into_iter().map(Part::Mitigation).collect(),
        PartKind::Assumption => model.assumptions.into_iter().map(Part::Assumption).collect(),
        PartKind::AbuseStory => model.abuse_stories.into_iter().map(Part::AbuseStory).collect(),
    }
}

/// Gives one part of a threat model.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/{kind}/{part}", tag = "Threat models", params(OfPart),
    responses((status = 200, description = "The part", body = ThreatModelPart)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfPart>) -> Result<Tagged<Written>, Failure> {
    let model = kept(&visit, ThreatModelId(of.model)).await?.model;
    Ok(Tagged(Written(find(&model, &of)?)))
}

fn find(model: &ThreatModel, of: &OfPart) -> Result<Part, Failure> {
    let part = model.part(of.kind.0, &PartId(of.part.clone()));
    Ok(part.ok_or(app::Error::NotFound("part of this threat model"))?)
}

/// Adds a part to a threat model. Id, number and place are given to it; what a file says in its own words is for files.
#[utoipa::path(post, path = "/api/v1/threat-models/{model}/{kind}", tag = "Threat models", params(OfKind),
    request_body = ThreatModelPart,
    responses((status = 201, description = "The part that was added", body = ThreatModelPart)))]
pub(in crate::web) async fn add(
    visit: Visit,
    of: Path<OfKind>,
    input: Json<Value>,
) -> Result<Created<Written>, Failure> {
    let OfKind { model, kind } = of.into_inner();
    let (id, fields) = (ThreatModelId(model), fields(kind.0, input.into_inner())?);
    let part = visit
        .ask(move |cairn, caller| {
            // What was seen is of no matter for what was not there.
            cairn.change_threat_model_part(caller, id, kind.0, 0, &PartChange::Add(fields))
        })
        .await?;
    let address = format!("/api/v1/threat-models/{model}/{}/{}", kind.0.name(), encoded(&part.0));
    let of = OfPart { model, kind, part: part.0 };
    let made = find(&kept(&visit, id).await?.model, &of)?;
    Ok(Created { made: Written(made), address })
}

/// Changes a part of a threat model. What is left out stays as it is; its id, its number, its place and what a file said
/// in its own words stay anyway.
#[utoipa::path(patch, path = "/api/v1/threat-models/{model}/{kind}/{part}", tag = "Threat models", params(OfPart, IfMatch),
    request_body = ThreatModelPart,
    responses((status = 200, description = "The part as it is now", body = ThreatModelPart)))]
pub(in crate::web) async fn change(
    visit: Visit,
    of: Path<OfPart>,
    seen: IfMatch,
    input: Json<Value>,
) -> Result<Tagged<Written>, Failure> {
    let sent = input.into_inner();
    let change =
        |now: &Written| Ok(PartChange::Change(PartId(of.part.clone()), fields(of.kind.0, completed(sent, now)?)?));
    changed(&visit, &of, seen, change).await?;
    show(visit, of).await
}

/// Takes a part out of a threat model, and out of all other parts that are about it.
#[utoipa::path(delete, path = "/api/v1/threat-models/{model}/{kind}/{part}", tag = "Threat models", params(OfPart, IfMatch),
    responses((status = 204, description = "It is not there any more")))]
pub(in crate::web) async fn remove(visit: Visit, of: Path<OfPart>, seen: IfMatch) -> Result<HttpResponse, Failure> {
    changed(&visit, &of, seen, |_| Ok(PartChange::Remove(PartId(of.part.clone())))).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes a part that is as somebody saw it. `change` says how, from what it is now.
async fn changed(
    visit: &Visit,
    of: &OfPart,
    seen: IfMatch,
    change: impl FnOnce(&Written) -> Result<PartChange, Failure>,
) -> Result<(), Failure> {
    let (id, kind) = (ThreatModelId(of.model), of.kind.0);
    let present = kept(visit, id).await?;
    visit.caller.actor.authorize_for(Action::Assess, &present.team).map_err(app::Error::from)?;
    let now = Written(find(&present.model, of)?);
    seen.check(&now)?;
    let change = change(&now)?;
    let revision = present.registered.latest.number;
    visit.ask(move |cairn, caller| cairn.change_threat_model_part(caller, id, kind, revision, &change)).await?;
    Ok(())
}

/// A part that was sent, as the fields of a form.
fn fields(kind: PartKind, input: Value) -> Result<Fields, Failure> {
    fn read<T: DeserializeOwned>(input: Value) -> Result<T, Failure> {
        serde_json::from_value(input).map_err(|error| Failure::Invalid(error.to_string()))
    }
    let part = match kind {
        PartKind::Asset => Part::Asset(read(input)?),
        PartKind::Element => Part::Element(read(input)?),
        PartKind::Threat => Part::Threat(read(input)?),
        PartKind::Mitigation => Part::Mitigation(read(input)?),
        PartKind::Assumption => Part::Assumption(read(input)?),
        PartKind::AbuseStory => Part::AbuseStory(read(input)?),
    };
    Ok(entry::fields_of(&part))
}
