//! Where plans lead: the projected scores of a plan, or of two side by side.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, html};

use super::components::{level, score};
use super::downloads::PlanFiles;
use crate::charts::{self, Projected};
use crate::domain::period::Period;
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::Scorecard;

/// The scores if everything is done as planned, the whole and each dimension, with the targets of the stages. The first
/// plan is the one that matters. `files` are those of what is shown, where it has any.
pub(super) fn course(plans: &[Projected<'_>], roadmap: &Roadmap, files: Option<PlanFiles>) -> Markup {
    let dimensions = plans.first().map(|plan| plan.trend.dimensions()).unwrap_or_default();
    html! {
        div.charts {
            @for (number, dimension) in dimensions.iter().enumerate() {
                @if let Some(chart) = charts::projection(plans, dimension, roadmap, &format!("course-{number}")) {
                    figure.chart {
                        (PreEscaped(chart.svg()))
                        @if let Some(files) = files { figcaption { (files.projection(dimension)) } }
                    }
                }
            }
        }
        details {
            summary { "The whole, quarter by quarter" }
            (table(plans))
            @if let Some(files) = files { p { (files.table("projection")) } }
        }
    }
}

fn table(plans: &[Projected<'_>]) -> Markup {
    let points = |plan: &Projected<'_>| plan.trend.line(Scorecard::OVERALL).cloned().collect::<Vec<_>>();
    let plans: Vec<_> = plans.iter().map(|plan| (plan.name, points(plan))).collect();
    let quarters: BTreeSet<Period> = plans.iter().flat_map(|(_, points)| points).map(|point| point.period).collect();
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "By the end of" }
                        @for (name, _) in &plans { th scope="col" { (name) } }
                    }
                }
                tbody {
                    @for quarter in quarters {
                        tr {
                            th scope="row" { (quarter) }
                            @for (name, points) in &plans {
                                td data-name=(name) {
                                    @match points.iter().find(|point| point.period == quarter) {
                                        Some(point) => { (level(point.level)) " " span.figure { (score(point.score)) } },
                                        None => span.quiet { "–" },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
