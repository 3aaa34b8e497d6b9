//! Links to what can be taken away: tables as CSV and XLSX, charts as SVG and PNG.

use maud::{Markup, html};

use super::layout::{address, with_parameter};
use crate::domain::view::Selection;

/// A table of an export, as CSV and as a workbook.
pub(super) fn table(kind: &str, selection: Selection) -> Markup {
    formats(&["CSV", "XLSX"], &format!("Table “{kind}”"), |extension| {
        address(&format!("/export/{kind}.{extension}"), selection)
    })
}

/// A chart.
pub(super) fn picture(name: &str, selection: Selection) -> Markup {
    picture_of(name, None, selection)
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
