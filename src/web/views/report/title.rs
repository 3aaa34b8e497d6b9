//! What stands above the report: of whom, when, by what it is measured, and how complete that is.

use maud::{Markup, html};

use super::Paper;
use crate::domain::report::Depth;
use crate::domain::standing::version_of;
use crate::web::views::components::{calendar_day, count, moment};
use crate::web::views::why::listed;

/// The title, and what one must know before one reads on.
pub(super) fn block(paper: &Paper<'_>) -> Markup {
    let Paper { view, catalog, settings, report, .. } = paper;
    let overview = &report.overview;
    let all = overview.standings.len() + overview.missing.len();
    let carried: Vec<String> =
        overview.carried().map(|standing| format!("{} ({})", standing.team_name, standing.assessed)).collect();
    let answers = overview.answers;
    let name = html! { (view.scope.name) span.report-period { (paper.period()) } };
    html! {
        header.report-title {
            p.report-kind {
                @match report.depth {
                    Depth::Management => "DevSecOps maturity report",
                    Depth::Full => "Full DevSecOps maturity report",
                    Depth::Auditor => "DevSecOps maturity report for auditors",
                }
            }
            // On the page of the service the question is the first heading.
            @if paper.is_file { h1.report-name { (name) } } @else { p.report-name { (name) } }
            dl.facts {
                div { dt { "Quarter" } dd { (paper.period()) @if let Some(before) = &report.before { ", compared with " (before.period) } } }
                div { dt { "Made on" } dd { (moment(report.made_at)) " UTC" } }
                div { dt { "Measured with" } dd { "OWASP DSOMM " (version_of(catalog)) ", " (count(catalog.len(), "activity", "activities")) } }
                div { dt { "A level counts from" } dd { (settings.threshold.percent()) " % of its activities" } }
                @if !paper.is_one_team() { div { dt { "Teams" } dd { (overview.standings.len()) " of " (all) " assessed" } } }
                div {
                    dt { "Carried" }
                    dd {
                        @match (paper.is_one_team(), carried.as_slice()) {
                            (_, []) => "none",
                            (true, _) => { "from the assessment of " @for standing in overview.carried() { (standing.assessed) } },
                            (false, _) => { (carried.len()) ": " (listed(&carried)) },
                        }
                    }
                }
                @if !paper.is_one_team() {
                    div { dt { "Not assessed yet" } dd { @if overview.missing.is_empty() { "none" } @else { (overview.missing.len()) ": " (listed(&overview.missing)) } } }
                }
                div { dt { "Unanswered" } dd { (answers.unanswered) " of " (count(answers.asked, "answer", "answers")) ", count as not done" } }
                div { dt { "Not applicable" } dd { (answers.not_applicable) " of " (count(answers.asked, "answer", "answers")) ", are left out" } }
                div { dt { "Evidence as of" } dd { (calendar_day(report.day)) } }
            }
            @if view.is_limited {
                p.notice { "It is about the teams that whoever made it may see; there may be others." }
            }
        }
    }
}
