//! “What changed and why?” and “Do people keep up with tools?” in plain words, for every page that tells it.

use maud::{Markup, html};

use super::components::{activity_link, change, count, percent, score};
use crate::domain::attribution::{AnswerMove, ApplicabilityMove, Attribution, CatalogMove, Cause, ScoreMove};
use crate::domain::balance::{Balance, Leaning};
use crate::domain::catalog::{Catalog, Lens};
use crate::domain::period::Period;
use crate::domain::scoring::Score;
use crate::domain::view::Selection;

/// How many activities or teams a sentence names; it says how many more there are.
const NAMED: usize = 4;

/// What changed between two quarters and why: how the score and the levels moved in a sentence or two, then
/// an entry for each cause, whose contributions sum to the whole change. `catalog` is the later one, that of
/// the indexes in the attribution.
pub(super) fn changed(attribution: &Attribution, catalog: &Catalog, selection: Selection) -> Markup {
    let Attribution { from, to, .. } = attribution;
    if attribution.is_nothing() {
        return html! { p { "Nothing changed between " (from) " and " (to) ": every answer, every team and the catalog are the same." } };
    }
    html! {
        @if let Some(overall) = attribution.overall() {
            p {
                "From " (from) " to " (to) " the score " (moved_to(overall)) ". " (level_moved(overall)) (dimensions(attribution))
            }
            ul.causes {
                @for (cause, by) in overall.steps() {
                    @let what = because(attribution, catalog, selection, cause);
                    @if what.is_some() || by != 0 {
                        li { (change(by as f64 / 100.0)) " " span { strong { (cause.title()) ". " } (what.unwrap_or_default()) } }
                    }
                }
            }
            p.quiet { "What the causes contributed sums to the whole change of " (change(overall.total() as f64 / 100.0)) "." }
        }
    }
}

/// How the score moved, as the rest of a sentence.
fn moved_to(moved: &ScoreMove) -> String {
    let (before, after) = (score(moved.before), score(moved.after));
    let by = format!("{:.2}", moved.total().unsigned_abs() as f64 / 100.0);
    match moved.total() {
        0 => format!("stayed at {after}"),
        1.. => format!("rose by {by}, from {before} to {after}"),
        _ => format!("fell by {by}, from {before} to {after}"),
    }
}

fn level_moved(moved: &ScoreMove) -> String {
    let ScoreMove { level_before: before, level_after: after, .. } = moved;
    match after.cmp(before) {
        std::cmp::Ordering::Equal => format!("The level reached stays {after}. "),
        std::cmp::Ordering::Greater => format!("The level reached rose from {before} to {after}. "),
        std::cmp::Ordering::Less => format!("The level reached fell from {before} to {after}. "),
    }
}

/// The dimensions whose level moved, and those whose score rose and fell most.
fn dimensions(attribution: &Attribution) -> Markup {
    let dimensions = || attribution.moves.iter().skip(1);
    let of_level = |moved: &ScoreMove| format!("{} from {} to {}", moved.name, moved.level_before, moved.level_after);
    let rose: Vec<String> = dimensions().filter(|moved| moved.level_after > moved.level_before).map(of_level).collect();
    let fell: Vec<String> = dimensions().filter(|moved| moved.level_after < moved.level_before).map(of_level).collect();
    let most = dimensions().max_by_key(|moved| moved.total()).filter(|moved| moved.total() > 0);
    let least = dimensions().min_by_key(|moved| moved.total()).filter(|moved| moved.total() < 0);
    let in_score =
        |moved: &ScoreMove| html! { strong { (moved.name) } " (" (change(moved.total() as f64 / 100.0)) ")" };
    html! {
        @if !rose.is_empty() { "A level was gained in " (listed(&rose)) ". " }
        @if !fell.is_empty() { "A level was lost in " (listed(&fell)) ". " }
        @match (most, least) {
            (Some(most), Some(least)) => { "Most was gained in " (in_score(most)) ", most lost in " (in_score(least)) "." },
            (Some(most), None) => { "Most was gained in " (in_score(most)) "." },
            (None, Some(least)) => { "Most was lost in " (in_score(least)) "." },
            (None, None) => {},
        }
    }
}

/// What happened that belongs to a cause; `None`: nothing.
fn because(attribution: &Attribution, catalog: &Catalog, selection: Selection, cause: Cause) -> Option<Markup> {
    let of_answers = |wanted: &dyn Fn(&AnswerMove) -> bool| {
        let moves: Vec<&AnswerMove> = attribution.answers.iter().filter(|answer| wanted(answer)).collect();
        (!moves.is_empty()).then_some(moves)
    };
    match cause {
        Cause::Catalog => attribution.catalog.as_ref().map(catalog_moved),
        Cause::Left => teams(&attribution.left, "not assessed any more:"),
        Cause::Joined => teams(&attribution.joined, "assessed for the first time:"),
        Cause::NotApplicable => applicability(attribution, catalog, selection),
        Cause::Raised => {
            let moves =
                of_answers(&|answer| answer.overall > 0.0 || (answer.overall == 0.0 && answer.rose >= answer.fell))?;
            Some(answers_moved(&moves, catalog, selection, |answer| answer.rose))
        }
        Cause::Lowered => {
            let moves =
                of_answers(&|answer| answer.overall < 0.0 || (answer.overall == 0.0 && answer.rose < answer.fell))?;
            Some(answers_moved(&moves, catalog, selection, |answer| answer.fell))
        }
    }
}

fn catalog_moved(moved: &CatalogMove) -> Markup {
    let CatalogMove { from, to, added, removed, relevelled } = moved;
    html! {
        "It is measured with " (to) " instead of " (from) ": "
        (count(*added, "activity is new", "activities are new")) ", " (removed) " gone, " (relevelled) " on another level."
    }
}

fn teams(names: &[String], what: &str) -> Option<Markup> {
    (!names.is_empty()).then(|| html! { (count(names.len(), "team", "teams")) " " (what) " " (listed(names)) "." })
}

fn applicability(attribution: &Attribution, catalog: &Catalog, selection: Selection) -> Option<Markup> {
    let with = |wanted: fn(&ApplicabilityMove) -> usize| -> Vec<(&ApplicabilityMove, usize)> {
        let moves = attribution.applicability.iter().map(|moved| (moved, wanted(moved)));
        moves.filter(|(_, teams)| *teams > 0).collect()
    };
    let (dropped, regained) = (with(|moved| moved.dropped), with(|moved| moved.regained));
    let list = |moves: &[(&ApplicabilityMove, usize)]| {
        let names = moves.iter().map(|(moved, teams)| html! { (activity_link(catalog, moved.activity, selection)) (for_teams(*teams, selection)) });
        listed_markup(names.collect())
    };
    (!attribution.applicability.is_empty()).then(|| {
        html! {
            @if !dropped.is_empty() { "No longer applicable: " (list(&dropped)) ". " }
            @if !regained.is_empty() { "Applicable again: " (list(&regained)) "." }
        }
    })
}

fn answers_moved(
    moves: &[&AnswerMove],
    catalog: &Catalog,
    selection: Selection,
    teams: fn(&AnswerMove) -> usize,
) -> Markup {
    let entry = |answer: &&AnswerMove| {
        html! {
            (activity_link(catalog, answer.activity, selection))
            (for_teams(teams(answer), selection))
        }
    };
    html! {
        (count(moves.len(), "activity", "activities"))
        @if moves.len() > 1 { ", with the most weight " } @else { ": " }
        (listed_markup(moves.iter().map(entry).collect())) "."
    }
}

/// For how many teams something holds, where there can be several.
fn for_teams(teams: usize, selection: Selection) -> Markup {
    html! { @if !selection.scope.is_team() { " " small { "(" (count(teams, "team", "teams")) ")" } } }
}

/// Names in a sentence: the first few, and how many more there are.
pub(super) fn listed(names: &[String]) -> Markup {
    listed_markup(names.iter().map(|name| html! { (name) }).collect())
}

fn listed_markup(entries: Vec<Markup>) -> Markup {
    // One more is as short as saying that there is one more.
    let shown = if entries.len() <= NAMED + 1 { entries.len() } else { NAMED };
    let rest = entries.len() - shown;
    html! {
        @for (i, entry) in entries.iter().take(shown).enumerate() {
            @if i > 0 { @if i + 1 == shown && rest == 0 { " and " } @else { ", " } }
            (entry)
        }
        @if rest > 0 { " and " (rest) " more" }
    }
}

/// Whether people keep up with tools, in words: a warning where tools are ahead. `before` is the balance of an
/// earlier quarter.
pub(super) fn balance(balance: &Balance, before: Option<(&Balance, Period)>) -> Markup {
    let Balance { tooling, organic, lenses, unjudged } = balance;
    if tooling.activities == 0 || organic.activities == 0 {
        return html! { p { "There is no balance to judge: nothing applies that " @if tooling.activities == 0 { "tools" } @else { "people" } " carry." } };
    }
    let ahead = balance.lead();
    let by =
        |points: i64| count(usize::try_from(points.abs()).unwrap_or_default(), "percentage point", "percentage points");
    html! {
        p {
            "Of what tools carry (tooling), " strong { (share(tooling)) } " is in place; of what people and process carry (organic), "
            strong { (share(organic)) } "."
        }
        @match balance.leaning() {
            Leaning::Tooling => div.notice.warn role="note" {
                p {
                    strong { "Tools are ahead of people by " (by(ahead)) ". " }
                    "What tools report has to be understood, weighed and mended by somebody. Before the next tool, strengthen what people carry: "
                    "threat modeling, reviews, training, and the habit of deciding what a finding means."
                }
            },
            Leaning::Organic => p {
                strong { "People are ahead of tools by " (by(ahead)) ". " }
                "The understanding is there; automate what they still check by hand, so that it holds when they are busy."
            },
            Leaning::Even => p { strong { "Neither side is clearly ahead. " } "Keep it so: with each tool, plan who will act on what it finds." },
        }
        @if let Some((before, period)) = before {
            @let moved = ahead.abs() - before.lead().abs();
            @let is_turned = ahead.signum() * before.lead().signum() < 0;
            p.quiet {
                @match moved {
                    _ if is_turned => { "In " (period) " the other side was further." },
                    0 => { "The distance is the same as in " (period) "." },
                    1.. => { "The distance grew by " (by(moved)) " since " (period) "." },
                    _ => { "The distance shrank by " (by(moved)) " since " (period) "." },
                }
            }
        }
        p { (lens_words(lenses)) }
        @if *unjudged > 0 {
            p.quiet { (count(*unjudged, "activity is", "activities are")) " left out, since the catalog does not say who carries them." }
        }
    }
}

/// A completion in percent that does not break at the end of a line.
fn share(score: &Score) -> String {
    percent(score.completion).replace(' ', "\u{a0}")
}

fn lens_words(lenses: &[(Lens, Score)]) -> Markup {
    let of = |lens: Lens| match lens {
        Lens::ShiftLeft => "Shift left, which looks at design, code and tests",
        Lens::StayRight => "stay right, which looks at what runs",
        Lens::DoRight => "do right, which looks at how people decide",
    };
    html! {
        @for (i, (lens, score)) in lenses.iter().enumerate() {
            @if i > 0 { "; " }
            (of(*lens)) ": " @if score.activities == 0 { "nothing applies" } @else { (share(score)) }
        }
        @if !lenses.is_empty() { "." }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_a_few_and_counts_the_rest() {
        let said = |n: usize| listed(&(1..=n).map(|i| format!("<{i}>")).collect::<Vec<_>>()).into_string();
        assert_eq!(said(1), "&lt;1&gt;");
        assert_eq!(said(2), "&lt;1&gt; and &lt;2&gt;");
        assert!(said(5).ends_with("&lt;4&gt; and &lt;5&gt;"), "{}", said(5));
        assert!(said(6).ends_with("&lt;4&gt; and 2 more"), "{}", said(6));
    }
}
