//! `/report`: what is told to others, as a page and as a file of its own.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use super::catalog::WantedStandard;
use crate::app;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::report::Depth;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::report_file;
use crate::web::views;
use crate::web::visit::Visit;

/// How deep the address wants the report.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct WantedDepth {
    depth: Option<String>,
}

impl WantedDepth {
    /// That depth, or else what fits on a page or two.
    fn depth(&self) -> Result<Depth, Failure> {
        match self.depth.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(Depth::default()),
            Some(name) => Depth::from_name(name).ok_or_else(|| {
                let fault = FieldFault::new("depth", "a report is for management, full, or for an auditor");
                Failure::App(app::Error::Invalid(vec![fault]))
            }),
        }
    }
}

pub(in crate::web) async fn show(
    visit: Visit,
    selection: Selection,
    depth: Query<WantedDepth>,
    standard: Query<WantedStandard>,
) -> Result<Markup, Failure> {
    let (depth, standard) = (depth.depth()?, standard.standard()?);
    let seen = visit.ask(move |cairn, caller| cairn.report(caller, selection, depth, standard)).await?;
    Ok(views::report::page(&visit.frame(selection), &seen, depth, standard))
}

pub(in crate::web) async fn download(
    visit: Visit,
    selection: Selection,
    depth: Query<WantedDepth>,
    standard: Query<WantedStandard>,
) -> Result<HttpResponse, Failure> {
    let (depth, standard) = (depth.depth()?, standard.standard()?);
    let seen = visit.ask(move |cairn, caller| cairn.report(caller, selection, depth, standard)).await?;
    let public_url = visit.site.reached.public_url.as_ref();
    let file = report_file(&seen, public_url).ok_or(app::Error::NothingSubmitted)?;
    let name = views::report::file_name(&seen);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        // The only style is that in the file; it can load and run nothing.
        .insert_header((header::CONTENT_SECURITY_POLICY, super::ALONE))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(file))
}
