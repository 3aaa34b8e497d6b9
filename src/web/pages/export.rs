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

pub(in crate::web) async fn download(
    visit: Visit,
    file: Path<String>,
    selection: Selection,
    (wanted, standard): (Query<Wanted>, Query<WantedStandard>),
    (teams, sides): (Query<WantedTeams>, Query<WantedSides>),
    (plan, version): (Query<WantedPlan>, Query<WantedVersion>),
) -> Result<HttpResponse, Failure> {
    let (kind_name, format_name) = file.split_once('.').ok_or(Failure::NoSuchPage)?;
    let kind = ExportKind::from_name(kind_name).ok_or(Failure::NoSuchPage)?;
    let format = ExportFormat::from_name(format_name).ok_or(Failure::NoSuchPage)?;
    if !kind.comes_as(format) {
        return Err(Failure::NoSuchPage);
    }
    let plan = plan.asked(&version, selection)?;
    let what = plan.map_or_else(|| kind_name.to_owned(), |plan| format!("{kind_name}-plan-{}", plan.id.0));
    let request = ExportRequest {
        kind,
        format,
        selection,
        filter: wanted.into_inner().filter()?,
        standard: standard.standard()?,
        portfolio: teams.into_inner().filter()?,
        comparison: sides.into_inner().filter()?,
        plan,
        links: visit.site.reached.public_url.as_ref().map(links),
    };
    let bytes = visit.ask(move |cairn, caller| cairn.export(caller, request)).await?;
    let content_type = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Json => "application/json",
        ExportFormat::Yaml => "application/yaml",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&what, selection, None, format_name)))
        .body(bytes))
}
