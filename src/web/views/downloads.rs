//! Links to what can be taken away: tables as CSV and XLSX, charts as SVG and PNG.

use maud::{Markup, html};

use super::layout::{address, with_parameter};
use crate::domain::plan::saved::PlanId;
use crate::domain::roadmap::StageNumber;
use crate::domain::view::Selection;

/// What can be taken away of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanFiles {
    /// Of whom.
    pub(super) selection: Selection,
    /// The kept plan in this version; `None`: what is followed or proposed.
    pub(super) kept: Option<(PlanId, u32)>,
}

impl PlanFiles {
    /// A table of it, as CSV and as a workbook.
    pub(super) fn table(self, kind: &str) -> Markup {
        formats(&["CSV", "XLSX"], &format!("Table “{kind}”"), |extension| self.to(kind, extension))
    }

    /// The plan itself, and its work items for an issue tracker.
    pub(super) fn whole(self) -> Markup {
        html! {
            (formats(&["CSV", "XLSX", "JSON"], "Plan", |extension| self.to("roadmap", extension)))
            span.downloads { a href=(self.to("work-items", "csv")) download { "Work items" span.visually-hidden { " as CSV" } } }
        }
    }

    /// A chart of it.
    pub(super) fn picture(self, name: &str) -> Markup {
        formats(&["SVG", "PNG"], &format!("Chart “{name}”"), |extension| {
            self.at(&format!("/charts/{name}.{extension}"))
        })
    }

    /// The chart of where it leads in one dimension, or in the whole.
    pub(super) fn projection(self, dimension: &str) -> Markup {
        formats(&["SVG", "PNG"], &format!("Chart “projection” of {dimension}"), |extension| {
            with_parameter(&self.at(&format!("/charts/projection.{extension}")), "dimension", dimension)
        })
    }

    fn to(self, kind: &str, extension: &str) -> String {
        self.at(&format!("/export/{kind}.{extension}"))
    }

    fn at(self, path: &str) -> String {
        let address = address(path, self.selection);
        match self.kept {
            None => address,
            Some((plan, version)) => {
                let of_plan = with_parameter(&address, "plan", &plan.0.to_string());
                with_parameter(&of_plan, "version", &version.to_string())
            }
        }
    }
}

/// A table of an export, as CSV and as a workbook.
pub(super) fn table(kind: &str, selection: Selection) -> Markup {
    export(&format!("Table “{kind}”"), &address(&format!("/export/{kind}"), selection))
}

/// A table by the address of its export without the ending.
pub(super) fn export(what: &str, address: &str) -> Markup {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let question = if query.is_empty() { "" } else { "?" };
    formats(&["CSV", "XLSX"], what, |extension| format!("{path}.{extension}{question}{query}"))
}

/// The whole audit record.
pub(super) fn record() -> Markup {
    formats(&["CSV", "XLSX", "JSON"], "The whole record", |extension| format!("/export/audit.{extension}"))
}

/// A chart.
pub(super) fn picture(name: &str, selection: Selection) -> Markup {
    picture_of(name, None, selection)
}

/// The forecast of one stage.
pub(super) fn forecast(stage: StageNumber, selection: Selection) -> Markup {
    formats(&["SVG", "PNG"], &format!("Chart “forecast” of stage {}", stage.0), |extension| {
        with_parameter(&address(&format!("/charts/forecast.{extension}"), selection), "stage", &stage.0.to_string())
    })
}

/// The chart of one dimension, or of the whole.
pub(super) fn picture_of(name: &str, dimension: Option<&str>, selection: Selection) -> Markup {
    let what =
        dimension.map_or_else(|| format!("Chart “{name}”"), |dimension| format!("Chart “{name}” of {dimension}"));
    formats(&["SVG", "PNG"], &what, |extension| {
        let address = address(&format!("/charts/{name}.{extension}"), selection);
        dimension.map_or_else(|| address.clone(), |dimension| with_parameter(&address, "dimension", dimension))
    })
}

fn formats(names: &[&str], what: &str, to: impl Fn(&str) -> String) -> Markup {
    html! {
        span.downloads {
            @for name in names {
                a href=(to(&name.to_lowercase())) download { span.visually-hidden { (what) " as " } (name) }
            }
        }
    }
}
