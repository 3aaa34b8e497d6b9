//! Links to what can be taken away: tables as CSV and XLSX, charts as SVG and PNG.

use maud::{Markup, html};

use super::layout::{address, with_parameter};
use crate::domain::view::Selection;

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
