//! “What differs between these plans?”: two kept plans side by side, or one with an earlier version of itself.

use maud::{Markup, PreEscaped, html};

use super::components::{count, level, score};
use super::layout::{self, Frame, address, encoded, with_parameter};
use super::plans::plan_address;
use crate::charts;
use crate::domain::organization::ScopeId;
use crate::domain::plan::comparison::{
    CoursePair, DecidedOtherwise, Moved, OnlyHere, PlanComparison, StagePair, StageSide,
};
use crate::domain::plan::saved::{PlanId, SavedPlan};
use crate::domain::plan::seen::{KeptPlan, PlansCompared, TwoPlans};
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::Scorecard;
use crate::domain::standing::Trend;
use crate::domain::view::Selection;

/// How many practices are listed.
const LISTED: usize = 30;
/// Up to how many teams are named.
const NAMED: usize = 5;

/// The address of a comparison; no version is the latest.
pub(super) fn comparison_address([a, b]: [(PlanId, Option<u32>); 2]) -> String {
    let version = |name, version: Option<u32>| version.map(|number| (name, i64::from(number)));
    let parameters = [Some(("a", a.0.0)), version("a_version", a.1), Some(("b", b.0.0)), version("b_version", b.1)];
    let parameters = parameters.into_iter().flatten();
    parameters.fold("/roadmap/plans/compare".to_owned(), |so_far, (name, value)| {
        with_parameter(&so_far, name, &value.to_string())
    })
}

pub(in crate::web) fn page(frame: &Frame<'_>, compared: &PlansCompared) -> Markup {
    let body = html! {
        @match &compared.two {
            Some(two) => (side_by_side(frame, two, &compared.plans)),
            None => section.card.empty {
                p.lead { "There are no two plans yet." }
                p { "Keep plans of different targets or capacities, and see here what they lead to. A plan that was made anew can be compared with what it was." }
                p { a.button href=(address("/roadmap/plans/new", frame.selection)) { "Make a plan" } }
            },
        }
    };
    let action = html! { a.button.quiet href=(address("/roadmap/plans", frame.selection)) { "All plans" } };
    layout::page(frame, "What differs between these plans?", &action, &body)
}

fn side_by_side(frame: &Frame<'_>, two: &TwoPlans, plans: &[(SavedPlan, String)]) -> Markup {
    let TwoPlans { sides, comparison } = two;
    let [a, b] = sides;
    let names = names(sides);
    html! {
        (form(frame, a, b, plans))
        p.coverage {
            @for (i, (kept, name)) in sides.iter().zip(&names).enumerate() {
                @if i > 0 { " " }
                a href=(version_address(kept)) { (name) } ": of " (kept.of.name) ", saved by " (kept.version.saved_by) ", from " (kept.version.plan.start) " on."
            }
        }
        @if a.of.id != b.of.id {
            div.notice role="note" {
                p { "They are plans of different scopes, so their scores and points are not of the same teams. What moves is shown for teams that both plan for." }
            }
        }
        @if comparison.is_same() {
            section.card.empty {
                p.lead { "Nothing differs." }
                p { "Both have the same decisions and finish the same practices in the same quarters. Choose another plan or version above." }
            }
        } @else {
            (stages(comparison, &names))
            (decided(&comparison.decided, &names))
            (course(comparison, sides, &names))
            (only(comparison, &names, frame.selection))
            (moved(comparison, &names, frame.selection))
        }
    }
}

/// What the two are called: by name, and by version where that is needed to tell them apart.
fn names([a, b]: &[KeptPlan; 2]) -> [String; 2] {
    let is_one = a.plan.id == b.plan.id;
    [a, b].map(|kept| match is_one {
        true => format!("Version {}", kept.version.number),
        false if kept.version.number == kept.plan.versions => kept.plan.name.to_string(),
        false => format!("{}, version {}", kept.plan.name, kept.version.number),
    })
}

fn version_address(kept: &KeptPlan) -> String {
    with_parameter(&plan_address(kept.plan.id), "version", &kept.version.number.to_string())
}

/// Chooses both.
fn form(frame: &Frame<'_>, a: &KeptPlan, b: &KeptPlan, plans: &[(SavedPlan, String)]) -> Markup {
    let swapped = [b, a].map(|kept| (kept.plan.id, Some(kept.version.number)));
    html! {
        form.picker.sides method="get" action=(frame.path) {
            (choice(a, plans, ["a", "a_version"], "Compare"))
            (choice(b, plans, ["b", "b_version"], "with"))
            div.side-row { button { "Compare" } }
        }
        p.jump.shortcuts { a href=(comparison_address(swapped)) { "Swap the sides" } }
    }
}

fn choice(chosen: &KeptPlan, plans: &[(SavedPlan, String)], [of, which]: [&str; 2], word: &str) -> Markup {
    let is_latest = chosen.version.number == chosen.plan.versions;
    html! {
        div.side-row {
            label {
                span { (word) }
                select name=(of) {
                    @for (plan, scope) in plans {
                        option value=(plan.id.0) selected[plan.id == chosen.plan.id] {
                            (plan.name) ", " (scope) @if plan.archived_at.is_some() { " (put aside)" }
                        }
                    }
                }
            }
            label {
                span { "version" }
                input.short type="text" inputmode="numeric" name=(which) maxlength="6" placeholder="latest" value=[(!is_latest).then_some(chosen.version.number)];
            }
        }
    }
}

fn stages(comparison: &PlanComparison, names: &[String; 2]) -> Markup {
    html! {
        section.card #stages {
            h2 { "When are the stages done?" }
            div.table-wrap {
                table.stack.versus {
                    (head("Stage", names, Some("Difference")))
                    tbody {
                        @for pair in &comparison.stages {
                            tr {
                                th scope="row" { (pair.number.0) ". " (stage_name(pair)) }
                                @for (side, name) in pair.sides.iter().zip(names) { td data-name=(name) { (stage_side(side.as_ref())) } }
                                td data-name="Difference" { (later(pair.later(), &names[1])) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn head(first: &str, names: &[String; 2], last: Option<&str>) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { (first) }
                @for name in names { th.wrap scope="col" { (name) } }
                @if let Some(last) = last { th scope="col" { (last) } }
            }
        }
    }
}

fn stage_name(pair: &StagePair) -> &str {
    pair.sides.iter().flatten().next().map_or("", |side| &side.name)
}

fn stage_side(side: Option<&StageSide>) -> Markup {
    html! {
        @match side {
            None => span.quiet { "no such stage" },
            Some(side) => {
                @match side.span {
                    None => span.quiet { "nothing left" },
                    Some((from, until)) => {
                        strong { (from) " to " (until) }
                        @if let Some(wished) = side.wished.filter(|wished| until > *wished) { " " span.state.late { "late" } " " small { "wished by " (wished) } }
                        br;
                        small { (count(side.practices, "practice", "practices")) ", " (side.points) " points" }
                    }
                }
            }
        }
    }
}

/// By how many quarters something is later in the second plan.
fn later(quarters: Option<i64>, second: &str) -> Markup {
    html! {
        @match quarters {
            None => span.quiet { "—" },
            Some(0) => span.quiet { "same quarter" },
            Some(later) => {
                (count(later.unsigned_abs() as usize, "quarter", "quarters")) @if later > 0 { " later" } @else { " earlier" }
                span.visually-hidden { " in " (second) }
            }
        }
    }
}

fn decided(decided: &[DecidedOtherwise], names: &[String; 2]) -> Markup {
    html! {
        section.card #decided {
            h2 { "What is decided differently?" }
            @if decided.is_empty() {
                p { "Nothing: both follow from the same decisions. What differs comes from what the teams had done when each was saved." }
            } @else {
                div.table-wrap {
                    table.stack.versus {
                        (head("About", names, None))
                        tbody {
                            @for one in decided.iter().take(LISTED) {
                                tr {
                                    th scope="row" { (one.about) }
                                    @for (says, name) in one.sides.iter().zip(names) { td data-name=(name) { (says) } }
                                }
                            }
                        }
                    }
                }
                (rest(decided.len()))
            }
        }
    }
}

/// How many are not listed.
fn rest(many: usize) -> Markup {
    html! { @if many > LISTED { p.quiet { "and " (count(many - LISTED, "other", "others")) "." } } }
}

/// The projected scores of both.
fn course(comparison: &PlanComparison, sides: &[KeptPlan; 2], names: &[String; 2]) -> Markup {
    let trends: Vec<(Trend, &Roadmap)> =
        sides.iter().zip(names).filter_map(|(kept, name)| called(kept, name)).collect();
    let scopes: Vec<(&Trend, &Roadmap)> = trends.iter().map(|(trend, roadmap)| (trend, *roadmap)).collect();
    html! {
        section.card #course {
            h2 { "How would the scores rise?" }
            @if comparison.course.is_empty() {
                p { "This cannot be told: the teams are seen in another catalog now than when the plans were made." }
            } @else {
                p.explain {
                    "Level and score of the whole if everything is done as planned, each from where its scope stood when it was saved. "
                    "After its end a plan stays where it led."
                }
                @if trends.len() < sides.len() { p.explain { "Of one of them it cannot be told: its teams are seen in another catalog now than when it was made." } }
                div.charts {
                    @for chart in charts::trend_of(&scopes, Scorecard::OVERALL, "course") { figure.chart { (PreEscaped(chart.svg())) } }
                }
                details {
                    summary { "Quarter by quarter" }
                    div.table-wrap {
                        table.stack.versus {
                            (head("Quarter", names, None))
                            tbody { @for pair in &comparison.course { (course_row(pair, names)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The projected scores of a plan under the name by which it is told from the other.
fn called<'a>(kept: &'a KeptPlan, name: &str) -> Option<(Trend, &'a Roadmap)> {
    let mut trend = kept.course.clone()?;
    trend.scope.name = name.to_owned();
    Some((trend, &kept.version.roadmap))
}

fn course_row(pair: &CoursePair, names: &[String; 2]) -> Markup {
    html! {
        tr {
            th scope="row" { (pair.period) }
            @for (side, name) in pair.sides.iter().zip(names) {
                td data-name=(name) {
                    @match side { Some((reached, points)) => { (level(*reached)) " " span.figure { (score(*points)) } }, None => span.quiet { "not begun" } }
                }
            }
        }
    }
}

fn moved(comparison: &PlanComparison, names: &[String; 2], selection: Selection) -> Markup {
    let moved = &comparison.moved;
    let earlier = moved.iter().filter(|moved| moved.later() < 0).count();
    html! {
        section.card #moved {
            h2 { "What moves?" }
            p {
                (count(moved.len(), "practice is", "practices are")) " finished in another quarter, " (earlier) " earlier and " (moved.len() - earlier) " later in "
                (names[1]) "; " (comparison.unmoved) " in the same."
            }
            @if !moved.is_empty() {
                div.table-wrap {
                    table.stack.versus {
                        thead {
                            tr {
                                th scope="col" { "Practice" }
                                th scope="col" { "Team" }
                                @for name in names { th.wrap scope="col" { (name) } }
                                th scope="col" { "Difference" }
                            }
                        }
                        tbody { @for one in moved.iter().take(LISTED) { (moved_row(one, names, selection)) } }
                    }
                }
                (rest(moved.len()))
            }
        }
    }
}

fn moved_row(moved: &Moved, names: &[String; 2], selection: Selection) -> Markup {
    let of_team = Selection { scope: ScopeId::Team(moved.team), ..selection };
    html! {
        tr {
            th scope="row" { a href=(address(&format!("/catalog/{}", encoded(&moved.activity.0)), of_team)) { (moved.name) } }
            td data-name="Team" { (moved.team_name) }
            @for (until, name) in moved.until.iter().zip(names) { td data-name=(name) { (until) } }
            td data-name="Difference" { (later(Some(moved.later()), &names[1])) }
        }
    }
}

/// What only one of them has.
fn only(comparison: &PlanComparison, names: &[String; 2], selection: Selection) -> Markup {
    let has_any =
        comparison.only.iter().any(|only| !only.is_empty()) || comparison.teams.iter().any(|teams| !teams.is_empty());
    html! {
        section.card #only {
            h2 { "What does only one of them have?" }
            @if !has_any { p { "Nothing: both have the same practices for the same teams." } }
            @for ((only, teams), name) in comparison.only.iter().zip(&comparison.teams).zip(names) {
                @if !only.is_empty() || !teams.is_empty() {
                    h3 { "Only in " (name) }
                    @if !teams.is_empty() { p { (count(teams.len(), "team", "teams")) " that the other is not about: " (some(teams)) "." } }
                    @if !only.is_empty() {
                        ul {
                            @for one in only.iter().take(LISTED) { (only_row(one, selection)) }
                        }
                        (rest(only.len()))
                    }
                }
            }
        }
    }
}

fn only_row(only: &OnlyHere, selection: Selection) -> Markup {
    html! { li { a href=(address(&format!("/catalog/{}", encoded(&only.activity.0)), selection)) { (only.name) } " " small { "(" (some(&only.teams)) ")" } } }
}

/// Some names, and how many others there are.
fn some(names: &[String]) -> String {
    let (named, others) = names.split_at(names.len().min(NAMED));
    let rest = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
    named.join(", ") + &rest
}
