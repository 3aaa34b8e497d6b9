//! `/export/KIND.FORMAT`: downloads.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query};
use serde::Deserialize;

use super::attachment;
use super::catalog::WantedStandard;
use super::compare::WantedSides;
use super::gaps::Wanted;
use super::plans::Wanted as WantedVersion;
use super::portfolio::WantedTeams;
use crate::app::{self, AskedPlan, ExportFormat, ExportKind, ExportRequest};
use crate::domain::named::Named;
use crate::domain::plan::saved::PlanId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::links;
use crate::web::visit::Visit;

/// Which kept plan; none: what is followed or proposed.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct WantedPlan {
    plan: Option<String>,
}

impl WantedPlan {
    pub(super) fn asked(&self, version: &WantedVersion, selection: Selection) -> Result<Option<AskedPlan>, app::Error> {
        let wanted = self.plan.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let Some(wanted) = wanted else {
            return match version.version {
                Some(_) => Err(app::Error::invalid("version", "say of which plan, like plan=3")),
                None => Ok(None),
            };
        };
        let id = wanted.parse().map_err(|_| app::Error::invalid("plan", "this is not the number of a plan"))?;
        Ok(Some(AskedPlan { id: PlanId(id), version: version.version, part: version.part(selection) }))
    }
}

/// All that an address can say about what is exported.
pub(in crate::web) type Asked = (
    Selection,
    Query<Wanted>,
    Query<WantedStandard>,
    Query<WantedTeams>,
    Query<WantedSides>,
    Query<WantedPlan>,
    Query<WantedVersion>,
);

/// What an address asks for.
pub(in crate::web) fn request(
    visit: &Visit,
    kind: ExportKind,
    format: ExportFormat,
    asked: Asked,
) -> Result<ExportRequest, Failure> {
    let (selection, wanted, standard, teams, sides, plan, version) = asked;
    Ok(ExportRequest {
        kind,
        format,
        selection,
        filter: wanted.into_inner().filter()?,
        standard: standard.standard()?,
        portfolio: teams.into_inner().filter()?,
        comparison: sides.into_inner().filter()?,
        plan: plan.asked(&version, selection)?,
        links: visit.site.reached.public_url.as_ref().map(links),
    })
}

/// An export as a file that browsers keep.
pub(in crate::web) async fn file(visit: &Visit, request: ExportRequest) -> Result<HttpResponse, Failure> {
    let (kind, format, selection) = (request.kind, request.format, request.selection);
    let plan = request.plan.as_ref().map(|plan| format!("{}-plan-{}", kind.name(), plan.id.0));
    let what = plan.unwrap_or_else(|| kind.name().to_owned());
    let bytes = visit.ask(move |cairn, caller| cairn.export(caller, request)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&what, selection, None, format.name())))
        .body(bytes))
}

pub(in crate::web) async fn download(visit: Visit, name: Path<String>, asked: Asked) -> Result<HttpResponse, Failure> {
    let (kind, format) = name.split_once('.').ok_or(Failure::NoSuchPage)?;
    let kind = ExportKind::from_name(kind).ok_or(Failure::NoSuchPage)?;
    let format = ExportFormat::from_name(format).filter(|format| kind.formats().contains(format));
    let request = request(&visit, kind, format.ok_or(Failure::NoSuchPage)?, asked)?;
    file(&visit, request).await
}
