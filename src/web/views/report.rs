//! “What do we tell others?”: the report, on a page with the picker, on paper, and as a file of its own.
//!
//! What it consists of stands in `management`, `full` and `auditor`, one for each depth; `title` is what stands
//! above all, `method` what stands below.

mod auditor;
mod full;
mod management;
mod method;
mod title;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::layout::{self, Frame, address, with_parameter};
use crate::domain::catalog::Catalog;
use crate::domain::mapping::Standard;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, Settings};
use crate::domain::period::Period;
use crate::domain::report::{Depth, Report};
use crate::domain::roadmap::Roadmap;
use crate::domain::statement::Teams;
use crate::domain::view::{Seen, Selection, View};
use crate::web::assets;

/// A report on its way to a page or a file.
#[derive(Clone, Copy)]
struct Paper<'a> {
    view: &'a View,
    catalog: &'a Catalog,
    settings: &'a Settings,
    roadmap: &'a Roadmap,
    report: &'a Report,
    /// What links lead to: in a file always to the quarter of the report.
    selection: Selection,
    /// Whether it is a file of its own.
    is_file: bool,
}

impl Paper<'_> {
    /// The quarter that it speaks of.
    fn period(&self) -> Period {
        self.report.overview.period
    }

    /// Whether it speaks of one team.
    fn is_one_team(&self) -> bool {
        self.selection.scope.is_team()
    }

    /// The names of teams where they are few, else how many there are.
    fn teams(&self, teams: &Teams) -> String {
        match teams.named.as_slice() {
            [] => format!("{} teams", teams.count),
            named => named.join(", "),
        }
    }

    /// What an answer of this worth, in [0, 1], is called.
    fn step(&self, worth: f64) -> String {
        let percent = (worth * 100.0).round();
        let step = self.settings.scale.steps().iter().find(|step| f64::from(step.percent) == percent);
        step.map_or_else(|| format!("{percent} %"), |step| step.name.clone())
    }

    /// Everything that it tells.
    fn content(&self) -> Markup {
        html! {
            article.report {
                (title::block(self))
                (management::sections(self))
                @if let Some(details) = &self.report.details { (full::sections(self, details)) }
                @if let Some(audit) = &self.report.audit { (auditor::sections(self, audit)) }
                @if self.report.depth >= Depth::Full { (method::section(self)) }
            }
        }
    }
}

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Report>, depth: Depth, standard: Standard) -> Markup {
    let Seen { view, catalog, settings, roadmap, content } = seen;
    let body = html! {
        (layout::picker(frame, view, &choices(depth, standard)))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is nothing to report yet." }
                    p { "A report tells where submitted assessments put the teams. Submit one, and it is here." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(report) => {
                p.explain.hint { "Print this page for a PDF: it has page numbers and repeats the heads of tables. The download is one file that opens anywhere." }
                (Paper { view, catalog, settings, roadmap, report, selection: view.selection, is_file: false }.content())
            }
        }
    };
    let action = html! {
        @if content.is_some() {
            a.button href=(download(view.selection, depth, standard)) download { "Download" }
        }
    };
    let running = content.as_ref().map(|report| running(view, report.overview.period));
    layout::paper(frame, "What do we tell others?", running.as_deref(), &action, &body)
}

/// What stands at the top of each printed page.
fn running(view: &View, period: Period) -> String {
    format!("{} · {period} · DSOMM maturity report", view.scope.name)
}

/// Where the report is as a file.
fn download(selection: Selection, depth: Depth, standard: Standard) -> String {
    let file = with_parameter(&address("/report/download", selection), "depth", depth.name());
    if depth == Depth::Auditor { with_parameter(&file, "standard", standard.name()) } else { file }
}

/// How deep, and for auditors of which standard.
fn choices(depth: Depth, standard: Standard) -> Markup {
    html! {
        label {
            span { "for" }
            select name="depth" {
                @for (name, other) in Depth::NAMED { option value=(name) selected[*other == depth] { (other.title()) } }
            }
        }
        @if depth == Depth::Auditor {
            label {
                span { "by" }
                select name="standard" {
                    @for (name, other) in Standard::NAMED { option value=(name) selected[*other == standard] { (other.title()) } }
                }
            }
        }
    }
}

/// The report as a file of its own: nothing has to be fetched for it, and its links lead to the service where its
/// address is known. `None` when there is nothing to report.
pub(in crate::web) fn file(seen: &Seen<Report>, base: Option<&str>) -> Option<String> {
    let Seen { view, catalog, settings, roadmap, content } = seen;
    let report = content.as_ref()?;
    let selection = Selection { period: Some(report.overview.period), ..view.selection };
    let paper = Paper { view, catalog, settings, roadmap, report, selection, is_file: true };
    let running = running(view, paper.period());
    let file = html! {
        (DOCTYPE)
        html lang="en" data-running=(running) {
            head {
                meta charset="utf-8";
                // It comes without headers when it is opened from a disk.
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (running) }
                // The style sheet is ours and has no end tag in it.
                style { (PreEscaped(assets::style_sheet())) }
            }
            body.alone { main { (paper.content()) } }
        }
    };
    Some(with_base(&file.into_string(), base))
}

/// A page with links that lead from anywhere to the service, or nowhere when its address is not known. In the
/// texts of a page quotation marks are escaped, so what looks like an attribute is one.
fn with_base(page: &str, base: Option<&str>) -> String {
    const LINK: &str = " href=\"/";
    let mut pieces = page.split(LINK);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match base {
            Some(base) => whole += &format!(" href=\"{base}/{piece}"),
            None => whole += piece.split_once('"').map_or("", |(_, rest)| rest),
        }
    }
    whole
}

/// How many characters of a note, or of a reason, a report has.
const NOTE: usize = 600;

/// The beginning of a text, and whether there is more of it.
fn shortened(text: &str) -> Markup {
    let end = text.char_indices().nth(NOTE).and_then(|(end, _)| text.get(..end));
    html! { @match end { Some(beginning) => { (beginning) "… " small { "(shortened)" } }, None => (text) } }
}

/// The name of the file, from nothing but letters, digits and hyphens.
pub(in crate::web) fn file_name(seen: &Seen<Report>) -> String {
    let View { scope, period, .. } = &seen.view;
    let mut name = String::new();
    for c in scope.name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => name.push(c.to_ascii_lowercase()),
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    let name = match (name.trim_end_matches('-'), scope.id) {
        // What is not written in these letters has a number.
        ("", ScopeId::Team(id)) => format!("team-{id}"),
        ("", ScopeId::Group(id)) => format!("group-{id}"),
        (name, _) => name.to_owned(),
    };
    let period = period.map(|period| format!("-{period}")).unwrap_or_default();
    format!("cairn-report-{name}{period}.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_service_or_nowhere() {
        let page = "<a href=\"/catalog/a?team=1\">A</a><a class=\"x\" href=\"#c\">c</a><a href=\"https://w.example/\">w</a> href=&quot;/";
        assert_eq!(
            with_base(page, Some("https://cairn.example")),
            "<a href=\"https://cairn.example/catalog/a?team=1\">A</a><a class=\"x\" href=\"#c\">c</a><a href=\"https://w.example/\">w</a> href=&quot;/"
        );
        assert_eq!(
            with_base(page, None),
            "<a>A</a><a class=\"x\" href=\"#c\">c</a><a href=\"https://w.example/\">w</a> href=&quot;/"
        );
    }
}
