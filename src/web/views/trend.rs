//! “How did we develop?”: scores and levels over the quarters, others beside it, and how the teams are spread.

use maud::{Markup, PreEscaped, html};

use super::components::{count, level, nothing_yet, percent, score};
use super::downloads;
use super::layout::{self, Frame, address, scope_word, with_parameter};
use crate::charts;
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::organization::ScopeId;
use crate::domain::period::Period;
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::Scorecard;
use crate::domain::spread::SpreadPoint;
use crate::domain::standing::{Marker, Trend};
use crate::domain::view::{Course, Seen, Selection, View};

/// Up to how many teams a marker names.
const NAMED: usize = 5;

/// What else the address asks for.
#[derive(Debug, Clone)]
pub(in crate::web) struct Wanted {
    /// The teams and groups that stand beside.
    pub(in crate::web) beside: Vec<ScopeId>,
    /// The dimension that is looked at closely, or the whole.
    pub(in crate::web) dimension: String,
}

impl Wanted {
    /// The address of the page with these wishes.
    fn address(&self, selection: Selection) -> String {
        let whole = address("/trend", selection);
        let whole = match self.dimension.as_str() {
            Scorecard::OVERALL => whole,
            dimension => with_parameter(&whole, "dimension", dimension),
        };
        self.beside.iter().fold(whole, |address, scope| with_parameter(&address, "with", &scope_word(*scope)))
    }
}

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Course>, wanted: &Wanted) -> Markup {
    let Seen { view, roadmap, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &choices(content.as_ref(), wanted)))
        @match content {
            None => (nothing_yet(view)),
            Some(course) => (filled(view, course, roadmap, wanted)),
        }
    };
    let action = html! { @if content.is_some() { (downloads::table("trend", view.selection)) } };
    layout::page(frame, "How did we develop?", &action, &body)
}

/// Which dimension is looked at closely. Who stands beside is kept.
fn choices(course: Option<&Course>, wanted: &Wanted) -> Markup {
    html! {
        @for scope in &wanted.beside { input type="hidden" name="with" value=(scope_word(*scope)); }
        @if let Some(course) = course {
            label {
                span { "in detail" }
                select name="dimension" {
                    @for name in course.trend.dimensions() { option value=(value(name)) selected[name == wanted.dimension] { (label(name)) } }
                }
            }
        }
    }
}

fn filled(view: &View, course: &Course, roadmap: &Roadmap, wanted: &Wanted) -> Markup {
    let Course { trend, spread, .. } = course;
    let dimension = wanted.dimension.as_str();
    let several = spread.iter().any(|point| point.teams() > 1);
    html! {
        p.explain {
            "The line is the score, the steps beneath it the level reached. A hollow point means that at least one team "
            "was not assessed in that quarter and stands where it stood before. Dashed lines are the levels that the stages of the roadmap "
            "ask for, for the whole the lowest of them; an upright line marks a quarter in which the catalog or the teams changed."
        }
        div.charts {
            @for (chart, name) in charts::trend(trend, roadmap, "trend").iter().zip(trend.dimensions()) {
                figure.card.chart {
                    (PreEscaped(chart.svg()))
                    figcaption { (downloads::picture_of("trend", Some(name), view.selection)) }
                }
            }
        }
        (beside(view, course, roadmap, wanted))
        div.pair {
            @if let Some(chart) = charts::levels(trend, dimension, "levels") {
                figure.card.chart {
                    header.card-head { h2 { "What the score is made of: " (label(dimension)) } (downloads::picture_of("levels", Some(dimension), view.selection)) }
                    p.explain { "Each band is what a level contributes; together they are the score." }
                    (PreEscaped(chart.svg()))
                }
            }
            @if several {
                @if let Some(chart) = charts::spread(spread, dimension, &trend.scope.name, "spread") {
                    figure.card.chart {
                        header.card-head { h2 { "How far the teams are apart: " (label(dimension)) } (downloads::picture_of("spread", Some(dimension), view.selection)) }
                        p.explain { "From the lowest score to the highest; the box holds the middle half of the teams, the stroke in it is the median." }
                        (PreEscaped(chart.svg()))
                    }
                }
            }
        }
        @if !trend.markers.is_empty() { (markers(&trend.markers)) }
        section.card {
            header.card-head { h2 { "Level and score by quarter" } (downloads::table("trend", view.selection)) }
            (table(trend))
        }
        section.card {
            header.card-head { h2 { "Completion by level: " (label(dimension)) } (downloads::table("completion", view.selection)) }
            (completion(trend, dimension))
        }
        @if several {
            section.card {
                header.card-head { h2 { "The teams’ scores: " (label(dimension)) } (downloads::table("spread", view.selection)) }
                (spread_table(spread, dimension))
            }
        }
    }
}

/// Others beside the scope, in the same dimension and on the same scale.
fn beside(view: &View, course: &Course, roadmap: &Roadmap, wanted: &Wanted) -> Markup {
    let selection = view.selection;
    let of = |beside: Vec<ScopeId>| Wanted { beside, dimension: wanted.dimension.clone() }.address(selection);
    let without =
        |all: Vec<ScopeId>| -> Vec<ScopeId> { all.into_iter().filter(|scope| *scope != selection.scope).collect() };
    let groups = without(view.groups.iter().map(|group| ScopeId::Group(group.id)).collect());
    let teams = without(
        view.teams_in_scope().filter(|team| team.retired_at.is_none()).map(|team| ScopeId::Team(team.id)).collect(),
    );
    let others = course.others.iter().map(|(trend, roadmap)| (trend, &**roadmap));
    let scopes: Vec<(&Trend, &Roadmap)> = std::iter::once((&course.trend, roadmap)).chain(others).collect();
    html! {
        section.card #beside {
            header.card-head {
                h2 { "Side by side: " (label(&wanted.dimension)) }
                span.downloads {
                    @if !groups.is_empty() && groups.len() <= Course::BESIDE { a href=(format!("{}#beside", of(groups))) { "All groups" } }
                    @if !teams.is_empty() && teams.len() <= Course::BESIDE { a href=(format!("{}#beside", of(teams))) { "All teams" } }
                    @if !wanted.beside.is_empty() { a href=(of(Vec::new())) { "None" } }
                }
            }
            @if course.others.is_empty() {
                p.explain { "Put teams or groups beside " (course.trend.scope.name) ", on the same scale." }
            } @else {
                div.charts {
                    @for (chart, (trend, _)) in charts::trend_of(&scopes, &wanted.dimension, "beside").iter().zip(&scopes) {
                        figure.chart {
                            (PreEscaped(chart.svg()))
                            figcaption {
                                (downloads::picture_of("trend", Some(&wanted.dimension), Selection { scope: trend.scope.id, ..selection }))
                                @if trend.scope.id != selection.scope { " "
                                    a href=(of(wanted.beside.iter().copied().filter(|scope| *scope != trend.scope.id).collect())) { "Remove" span.visually-hidden { " " (trend.scope.name) } }
                                }
                            }
                        }
                    }
                }
            }
            @if course.others.len() < Course::BESIDE { (add(view, wanted)) }
        }
    }
}

/// Puts one more beside.
fn add(view: &View, wanted: &Wanted) -> Markup {
    let free = |scope: ScopeId| scope != view.selection.scope && !wanted.beside.contains(&scope);
    html! {
        form.inline.action method="get" action="/trend#beside" {
            @match view.selection.scope {
                ScopeId::Organization => {},
                ScopeId::Group(id) => input type="hidden" name="group" value=(id);,
                ScopeId::Team(id) => input type="hidden" name="team" value=(id);,
            }
            @if let Some(period) = view.selection.period { input type="hidden" name="period" value=(period); }
            @if wanted.dimension != Scorecard::OVERALL { input type="hidden" name="dimension" value=(wanted.dimension); }
            @for scope in &wanted.beside { input type="hidden" name="with" value=(scope_word(*scope)); }
            label {
                span { "Team or group" }
                select name="with" required {
                    option value="" { "choose" }
                    @let groups: Vec<_> = view.groups.iter().filter(|group| free(ScopeId::Group(group.id))).collect();
                    @if !groups.is_empty() {
                        optgroup label="Groups" { @for group in groups { option value=(scope_word(ScopeId::Group(group.id))) { (group.name) } } }
                    }
                    optgroup label="Teams" {
                        @for team in view.teams.iter().filter(|team| free(ScopeId::Team(team.id))) { option value=(scope_word(ScopeId::Team(team.id))) { (team.name) } }
                    }
                }
            }
            button.quiet { "Put beside" }
        }
    }
}

/// The name of a line on a page.
fn label(dimension: &str) -> &str {
    if dimension == Scorecard::OVERALL { "Overall" } else { dimension }
}

/// The name of a line in an address; the whole needs none.
fn value(dimension: &str) -> &str {
    if dimension == Scorecard::OVERALL { "" } else { dimension }
}

/// What changed beside the answers.
fn markers(markers: &[Marker]) -> Markup {
    let names = |names: &[String]| {
        let shown = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let rest = names.len().saturating_sub(NAMED);
        if rest > 0 { format!("{shown} and {rest} more") } else { shown }
    };
    html! {
        section.card {
            h2 { "What changed beside the answers" }
            p.explain { "A score can move because something else is measured. These quarters are marked in the charts." }
            dl.level-list {
                @for marker in markers.iter().rev() {
                    dt { (marker.period) }
                    dd {
                        @if let Some(version) = &marker.catalog { "Measured with catalog " (version) ". " }
                        @if !marker.joined.is_empty() { (count(marker.joined.len(), "team", "teams")) " joined: " (names(&marker.joined)) ". " }
                        @if !marker.left.is_empty() { (count(marker.left.len(), "team", "teams")) " left: " (names(&marker.left)) ". " }
                    }
                }
            }
        }
    }
}

/// A row for each quarter, latest first, with level and score of the whole and of each dimension.
fn table(trend: &Trend) -> Markup {
    let names = trend.dimensions();
    html! {
        div.table-wrap {
            table.stack.quarters {
                thead {
                    tr {
                        th scope="col" { "Quarter" }
                        @for name in &names { th.num.wrap scope="col" { (label(name)) } }
                        th.num scope="col" { "Completion" }
                    }
                }
                tbody {
                    @for period in periods(trend) {
                        @let of_period: Vec<_> = trend.points.iter().filter(|point| point.period == period).collect();
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

/// The quarters of a trend, latest first.
fn periods(trend: &Trend) -> Vec<Period> {
    let mut periods: Vec<Period> = trend.points.iter().map(|point| point.period).collect();
    periods.dedup();
    periods.reverse();
    periods
}

/// How complete each level was.
fn completion(trend: &Trend, dimension: &str) -> Markup {
    let line: Vec<_> = trend.line(dimension).collect();
    html! {
        div.table-wrap {
            table.stack.quarters {
                thead { tr { th scope="col" { "Quarter" } @for level in 1..=MAX_LEVEL { th.num scope="col" { "Level " (level) } } th.num scope="col" { "Score" } } }
                tbody {
                    @for point in line.iter().rev() {
                        tr {
                            th scope="row" { (point.period) }
                            @for level in 1..=MAX_LEVEL {
                                td.num data-name=(format!("Level {level}")) {
                                    @match point.levels.iter().find(|found| found.level == level) {
                                        Some(found) => (percent(found.completion)),
                                        None => { span.quiet aria-hidden="true" { "–" } span.visually-hidden { "nothing applies" } },
                                    }
                                }
                            }
                            td.num data-name="Score" { (score(point.score)) }
                        }
                    }
                }
            }
        }
    }
}

/// How the teams were spread.
fn spread_table(spread: &[SpreadPoint], dimension: &str) -> Markup {
    let line: Vec<_> = spread.iter().filter(|point| point.dimension == dimension).collect();
    let heads = ["Teams", "Lowest", "Lower quartile", "Median", "Upper quartile", "Highest"];
    html! {
        div.table-wrap {
            table.stack.quarters {
                thead {
                    tr {
                        th scope="col" { "Quarter" }
                        @for head in heads { th.num.wrap scope="col" { (head) } }
                        @for level in 0..=MAX_LEVEL { th.num.wrap scope="col" { "At level " (level) } }
                    }
                }
                tbody {
                    @for point in line.iter().rev() {
                        @let five = point.scores;
                        tr {
                            th scope="row" { (point.period) }
                            td.num data-name="Teams" { (point.teams()) }
                            @for (head, value) in heads.iter().skip(1).zip([five.least, five.lower_quartile, five.median, five.upper_quartile, five.greatest]) {
                                td.num data-name=(head) { (score(value)) }
                            }
                            @for (level, teams) in (0..=MAX_LEVEL).zip(point.teams_at) { td.num data-name=(format!("At level {level}")) { (teams) } }
                        }
                    }
                }
            }
        }
    }
}
