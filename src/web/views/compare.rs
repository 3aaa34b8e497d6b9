//! “What differs?”: two scopes or quarters side by side, and activity by activity.

use maud::{Markup, html};

use super::components::{activity_link, count, level, mark_name, moved, percent, score};
use super::downloads;
use super::layout::{self, Frame, address, period_options, scope_options, scope_word, with_parameter};
use crate::domain::catalog::{Catalog, Home};
use crate::domain::comparison::{
    ActivityPair, Compared, Comparison, ComparisonFilter, Held, ScorePair, Side, SideSeen, Translated,
};
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, Team};
use crate::domain::scale::ProgressScale;
use crate::domain::scoring::Scorecard;
use crate::domain::view::{Selection, View};

/// How many other teams are offered to compare with.
const OTHERS: usize = 8;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, compared: &Compared, filter: &ComparisonFilter) -> Markup {
    let [a, b] = &compared.sides;
    let body = html! {
        (form(frame, compared, filter))
        (shortcuts(&compared.view, a, b, filter))
        @match &compared.comparison {
            None => (nothing(&compared.view, a, b)),
            Some(comparison) => {
                @if let Some(translated) = &comparison.translated { (other_catalog(translated, a, b)) }
                (scores(comparison, a, b))
                (activities(compared, comparison, filter))
            }
        }
    };
    let action = html! {
        @if compared.comparison.is_some() { (downloads::export("Differences", &filtered("/export/comparison", [a.selection, b.selection], filter))) }
    };
    layout::page(frame, "What differs?", &action, &body)
}

/// The address of a comparison of two sides.
fn sides_at(path: &str, [a, b]: [Selection; 2]) -> String {
    let period = |selection: Selection| selection.period.map(|period| period.to_string()).unwrap_or_default();
    let parameters =
        [("a", scope_word(a.scope)), ("a_period", period(a)), ("b", scope_word(b.scope)), ("b_period", period(b))];
    parameters.iter().fold(path.to_owned(), |address, (name, value)| with_parameter(&address, name, value))
}

/// The same with all else that is asked for.
fn filtered(path: &str, sides: [Selection; 2], filter: &ComparisonFilter) -> String {
    let dimension = filter.dimension.clone().map(|name| ("dimension", name));
    let ahead = filter.ahead.map(|side| ("ahead", side.name().to_owned()));
    let all = filter.all.then(|| ("all", "1".to_owned()));
    let parameters = dimension.into_iter().chain(ahead).chain(all);
    parameters.fold(sides_at(path, sides), |address, (name, value)| with_parameter(&address, name, &value))
}

/// A side in words.
fn name(side: &SideSeen) -> String {
    let period = side.period.map(|period| format!(", {period}")).unwrap_or_default();
    format!("{}{period}", side.scope.name)
}

/// Chooses both sides and what of them is shown.
fn form(frame: &Frame<'_>, compared: &Compared, filter: &ComparisonFilter) -> Markup {
    let Compared { view, sides: [a, b], comparison, .. } = compared;
    html! {
        form.picker.sides method="get" action=(frame.path) {
            (side_choice(view, a, ["a", "a_period"], "Compare"))
            (side_choice(view, b, ["b", "b_period"], "with"))
            div.side-row {
                @if let Some(comparison) = comparison {
                    label {
                        span { "in" }
                        select name="dimension" {
                            option value="" { "all dimensions" }
                            @for dimension in comparison.catalog.dimensions() {
                                option selected[filter.dimension.as_ref() == Some(&dimension.name)] { (dimension.name) }
                            }
                        }
                    }
                }
                label {
                    span { "where" }
                    select name="ahead" {
                        option value="" { "either is ahead" }
                        option value="a" selected[filter.ahead == Some(Side::A)] { "the first is ahead" }
                        option value="b" selected[filter.ahead == Some(Side::B)] { "the second is ahead" }
                    }
                }
                label.pick { input type="checkbox" name="all" value="1" checked[filter.all]; span { "also what does not differ" } }
                button { "Compare" }
            }
        }
        p.print-only { (name(a)) " and " (name(b)) }
    }
}

fn side_choice(view: &View, side: &SideSeen, [of, when]: [&str; 2], word: &str) -> Markup {
    html! {
        div.side-row {
            label { span { (word) } select name=(of) { (scope_options(view, side.selection.scope)) } }
            label { span { "as of" } select name=(when) { (period_options(view, side.selection.period, side.period)) } }
        }
    }
}

/// Other comparisons that are one step away.
fn shortcuts(view: &View, a: &SideSeen, b: &SideSeen, filter: &ComparisonFilter) -> Markup {
    let here = a.selection;
    let ahead = filter.ahead.map(|side| if side == Side::A { Side::B } else { Side::A });
    let swapped = ComparisonFilter { ahead, ..filter.clone() };
    // Before the first quarter there is nothing to compare with.
    let earlier = a.period.filter(|period| view.periods.last().is_some_and(|first| first < period));
    let earlier = earlier.map(|period| Selection { period: Some(period.previous()), ..here });
    let others = others(view, here.scope);
    html! {
        p.jump.shortcuts {
            a href=(filtered("/compare", [b.selection, a.selection], &swapped)) { "Swap the sides" }
            @if let Some(earlier) = earlier.filter(|earlier| *earlier != b.selection) {
                a href=(sides_at("/compare", [here, earlier])) { (a.scope.name) ", a quarter ago" }
            }
            @if !others.is_empty() {
                span {
                    "Same quarter, another team: "
                    @for (i, team) in others.iter().enumerate() {
                        @if i > 0 { ", " }
                        a href=(sides_at("/compare", [here, Selection { scope: ScopeId::Team(team.id), period: a.period }])) { (team.name) }
                    }
                }
            }
        }
    }
}

/// Teams that a team is likely to be compared with: those of its groups first. Of a group: its teams.
fn others(view: &View, scope: ScopeId) -> Vec<&Team> {
    let own = view.teams.iter().find(|team| ScopeId::Team(team.id) == scope);
    let is_near = |team: &&Team| match scope {
        ScopeId::Organization => true,
        ScopeId::Group(group) => team.groups.contains(&group),
        ScopeId::Team(_) => own.is_some_and(|own| team.groups.iter().any(|group| own.groups.contains(group))),
    };
    let others = view.teams.iter().filter(|team| team.retired_at.is_none() && ScopeId::Team(team.id) != scope);
    let (close, far): (Vec<&Team>, Vec<&Team>) = others.partition(is_near);
    close.into_iter().chain(far).take(OTHERS).collect()
}

fn nothing(view: &View, a: &SideSeen, b: &SideSeen) -> Markup {
    let missing: Vec<&SideSeen> = [a, b].into_iter().filter(|side| side.overview.is_none()).collect();
    html! {
        section.card.empty {
            @for side in missing {
                p.lead {
                    (side.scope.name) " has no submitted assessment"
                    @if let Some(period) = side.period { " of " (period) " or before" } @else { " yet" }
                    "."
                }
            }
            p { "Two sides can be compared once both were assessed. Choose another team or quarter above." }
            @if view.periods.is_empty() {
                p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
            }
        }
    }
}

/// What becomes of a side whose catalog is not the later one.
fn other_catalog(translated: &Translated, a: &SideSeen, b: &SideSeen) -> Markup {
    let side = if translated.side == Side::A { a } else { b };
    html! {
        div.notice role="note" {
            p {
                (name(side)) " was assessed with the catalog " (translated.from) ". Both sides are shown in the later one, " (translated.to)
                ": what only that one asks counts as not answered there. In its own catalog the score is " (score(translated.own_score)) "."
            }
            @if !translated.only.is_empty() {
                details {
                    summary { (count(translated.only.len(), "activity that only the earlier catalog knows is", "activities that only the earlier catalog knows are")) " not compared" }
                    p { (translated.only.join(", ")) }
                }
            }
        }
    }
}

/// Levels and scores side by side.
fn scores(comparison: &Comparison, a: &SideSeen, b: &SideSeen) -> Markup {
    html! {
        section.card #scores {
            h2 { "Levels and scores" }
            div.table-wrap {
                table.stack.versus {
                    thead {
                        tr {
                            th scope="col" { "Dimension" }
                            th.num.wrap scope="col" { (name(a)) }
                            th.num.wrap scope="col" { (name(b)) }
                            th.num scope="col" { "Difference" }
                        }
                    }
                    tbody { @for pair in &comparison.scores { (score_row(pair, a, b)) } }
                }
            }
            p.explain { "The difference is positive where the first side is ahead." }
        }
    }
}

fn score_row(pair: &ScorePair, a: &SideSeen, b: &SideSeen) -> Markup {
    let is_overall = pair.name == Scorecard::OVERALL;
    let [(_, of_a), (_, of_b)] = pair.sides;
    html! {
        tr {
            th scope="row" { @if is_overall { strong { "Overall" } } @else { (pair.name) } }
            @for (side, (reached, points)) in [a, b].into_iter().zip(pair.sides) {
                td.num data-name=(name(side)) { (level(reached)) " " span.figure { (score(points)) } }
            }
            td.num data-name="Difference" { (moved(of_a, of_b)) }
        }
    }
}

/// The activities by dimension and sub-dimension.
fn activities(compared: &Compared, comparison: &Comparison, filter: &ComparisonFilter) -> Markup {
    let [a, b] = &compared.sides;
    let catalog = &comparison.catalog;
    let is_narrowed = filter.dimension.is_some() || filter.ahead.is_some();
    let shown = comparison.activities.len();
    let of = |side| comparison.activities.iter().filter(|pair| pair.ahead() == Some(side)).count();
    html! {
        section.card #activities {
            h2 { "Activity by activity" }
            p {
                (count(comparison.differing, "activity differs", "activities differ")) " of " (catalog.len()) "."
                @if is_narrowed || filter.all { " " (shown) " " @if shown == 1 { "is" } @else { "are" } " shown." }
                @if shown > 0 { " " (name(a)) " is ahead in " (of(Side::A)) ", " (name(b)) " in " (of(Side::B)) "." }
                @if comparison.activities.iter().any(|pair| pair.differs && pair.ahead().is_none()) {
                    " Where it does not apply to one of them, neither is; what is not answered counts as not done."
                }
            }
            @if comparison.activities.is_empty() {
                p.quiet {
                    @if a.selection == b.selection { "Both sides are the same. Choose another team or quarter for one of them." }
                    @else if is_narrowed { "None of them is like what you look for." }
                    @else { "Both sides say the same about every activity." }
                }
            } @else {
                (activity_table(compared, catalog, &comparison.activities))
            }
        }
    }
}

fn activity_table(compared: &Compared, catalog: &Catalog, pairs: &[ActivityPair]) -> Markup {
    let [a, b] = &compared.sides;
    let homes: Vec<Home<'_>> = catalog.homes().map(|(_, home)| home).collect();
    let place = |pair: &ActivityPair| {
        homes.get(pair.activity.position()).map(|home| (&home.dimension.name, &home.sub_dimension.name))
    };
    html! {
        div.table-wrap {
            table.stack.versus.comparison {
                thead {
                    tr {
                        th scope="col" { "Activity" }
                        th.wrap scope="col" { (name(a)) }
                        th.wrap scope="col" { (name(b)) }
                        th.num scope="col" { "Difference" }
                    }
                }
                @for part in pairs.chunk_by(|one, next| place(one) == place(next)) {
                    tbody {
                        @if let Some((dimension, sub_dimension)) = part.first().and_then(place) {
                            tr.part { th scope="rowgroup" colspan="4" { (dimension) " · " (sub_dimension) } }
                        }
                        @for pair in part { (activity_row(compared, catalog, pair)) }
                    }
                }
            }
        }
    }
}

fn activity_row(compared: &Compared, catalog: &Catalog, pair: &ActivityPair) -> Markup {
    let scale = &compared.settings.scale;
    let activity = catalog.activity(pair.activity);
    html! {
        tr.same[!pair.differs] {
            th scope="row" {
                span.level-tag { "Level " (activity.level) } " "
                (activity_link(catalog, pair.activity, compared.view.selection))
            }
            @for (side, held) in compared.sides.iter().zip(&pair.sides) {
                td data-name=(name(side)) { (has(held.as_ref(), scale)) }
            }
            td.num data-name="Difference" { (points(pair)) }
        }
    }
}

/// What a side has of an activity, in words.
fn has(held: Option<&Held>, scale: &ProgressScale) -> Markup {
    let Some(held) = held else { return html! { span.quiet { "not in its catalog" } } };
    html! {
        @match (held.mark, held.worth) {
            (Some(mark), _) => (mark_name(scale, mark)),
            (None, None) => "Not applicable to any",
            (None, Some(worth)) => { (percent(worth / 100.0)) " " small { (counted(held)) } },
        }
    }
}

/// How many of how many say what.
fn counted(held: &Held) -> String {
    let mut parts = vec![format!("{} of {} fully", held.full, held.teams - held.not_applicable)];
    if held.not_applicable > 0 {
        parts.push(format!("{} not applicable", held.not_applicable));
    }
    if held.unanswered > 0 {
        parts.push(format!("{} unanswered", held.unanswered));
    }
    parts.join(", ")
}

/// By how many percentage points the first side is ahead.
fn points(pair: &ActivityPair) -> Markup {
    let Some(points) = pair.difference() else { return html! { span.quiet { "—" } } };
    let (class, sign) = match pair.ahead() {
        Some(Side::A) => ("up", "+"),
        Some(Side::B) => ("down", "−"),
        None => ("same", "±"),
    };
    // What is less than a point is still a difference.
    let shown = if (0.0..1.0).contains(&points.abs()) && pair.ahead().is_some() {
        "less than 1".into()
    } else {
        format!("{:.0}", points.abs())
    };
    html! { span class=(format!("change {class}")) { (sign) (shown) " points" } }
}
