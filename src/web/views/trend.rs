//! “How did we develop?”: scores and levels over the quarters, as charts and as a table.

use maud::{Markup, PreEscaped, html};

use super::components::{level, percent, score};
use super::layout::{self, Frame, address, with_parameter};
use crate::charts;
use crate::domain::period::Period;
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::Scorecard;
use crate::domain::standing::Trend;
use crate::domain::view::{Seen, Selection, View};

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Trend>, roadmap: &Roadmap) -> Markup {
    let Seen { view, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &html! {}))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is no history yet." }
                    p { "Each submitted assessment adds a point. With the second quarter it becomes a line." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(trend) => {
                p.explain {
                    "The line is the score, the steps beneath it the level reached. A hollow point means that at least one team "
                    "was not assessed in that quarter and stands where it stood before."
                }
                div.charts {
                    @for (chart, dimension) in charts::trend(trend, roadmap, "trend").iter().zip(trend.dimensions()) {
                        figure.card.chart {
                            (PreEscaped(chart.svg()))
                            figcaption { a href=(picture_address(view, dimension)) download { "SVG" span.visually-hidden { " of " (label(dimension)) } } }
                        }
                    }
                }
                section.card {
                    h2 { "The same as a table" }
                    (table(trend))
                }
            }
        }
    };
    let action = html! {
        @if content.is_some() { a.button.quiet href=(address("/export/trend.csv", view.selection)) { "Trend as CSV" } }
    };
    layout::page(frame, "How did we develop?", &action, &body)
}

/// The chart of a dimension, or of the whole, as a file.
pub(in crate::web) fn picture(trend: &Trend, roadmap: &Roadmap, wanted: &str) -> Option<String> {
    let mut charts = charts::trend(trend, roadmap, "trend").into_iter().zip(trend.dimensions());
    charts.find(|(_, dimension)| *dimension == wanted).map(|(chart, _)| chart.standalone())
}

/// The address of a chart as a file.
fn picture_address(view: &View, dimension: &str) -> String {
    with_parameter(&address("/trend.svg", view.selection), "dimension", dimension)
}

/// The name of a line on a page.
fn label(dimension: &str) -> &str {
    if dimension == Scorecard::OVERALL { "Overall" } else { dimension }
}

/// A row for each quarter, latest first, with level and score of the whole and of each dimension.
fn table(trend: &Trend) -> Markup {
    let names = trend.dimensions();
    let mut periods: Vec<Period> = trend.points.iter().map(|point| point.period).collect();
    periods.dedup();
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Quarter" }
                        @for name in &names { th.num.wrap scope="col" { (label(name)) } }
                        th.num scope="col" { "Completion" }
                    }
                }
                tbody {
                    @for period in periods.iter().rev() {
                        @let of_period: Vec<_> = trend.points.iter().filter(|point| point.period == *period).collect();
                        tr {
                            th scope="row" {
                                (period)
                                @if of_period.first().is_some_and(|point| point.carried) { " " small { "partly carried" } }
                            }
                            @for name in &names {
                                td.num data-name=(label(name)) {
                                    // A dimension may be new, or have had another name then.
                                    @match of_period.iter().find(|point| point.dimension == *name) {
                                        Some(point) => { (level(point.level)) " " (score(point.score)) },
                                        None => span.quiet { "—" },
                                    }
                                }
                            }
                            td.num data-name="Completion" { (of_period.first().map(|point| percent(point.completion)).unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}
