//! Small parts that several pages share: levels, scores, percentages, faults.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, PreEscaped, html};

use super::layout::{Frame, address, encoded};
use crate::domain::access::Action;
use crate::domain::answer::{Mark, Status};
use crate::domain::catalog::{ActivityId, ActivityIndex, Catalog, Level, MAX_LEVEL};
use crate::domain::digits::{state, written};
use crate::domain::fault::FieldFault;
use crate::domain::heat::step;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::scale::ProgressScale;
pub(in crate::web) use crate::domain::scoring::shown as score;
use crate::domain::scoring::{self, Score, Scored};
use crate::domain::view::{Due, Selection, View};
use crate::web::assets;

/// A level as a number on a step of the ramp.
pub(super) fn level(level: Level) -> Markup {
    html! { span class=(format!("level l{level}")) { (level) } }
}

/// A share in whole percent, rounded down so that 100 % means all of it.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0 + 1e-6).floor())
}

/// How far something is, as a share on a step of the ramp: not at all, below a quarter, a half, three quarters,
/// all, and all of it. `None`: it does not apply.
pub(super) fn heat(share: Option<f64>) -> Markup {
    let Some(share) = share else { return html! { span.heat-cell.none { "n/a" } } };
    html! { span class=(format!("heat-cell l{}", step(share))) { (percent(share)) } }
}

/// A change of a score, with its sign.
pub(super) fn change(difference: f64) -> Markup {
    let (class, text) = match difference {
        d if d >= 0.005 => ("up", format!("+{d:.2}")),
        d if d <= -0.005 => ("down", format!("−{:.2}", -d)),
        _ => ("same", "±0".to_owned()),
    };
    html! { span class=(format!("change {class}")) { (text) } }
}

/// The change between two scores, with its sign.
pub(super) fn moved(now: f64, before: f64) -> Markup {
    change(scoring::moved(now, before))
}

/// The five levels as segments, each filled as far as its activities are done. Levels without
/// applicable activities are left as gaps.
pub(super) fn ladder(score: &Score) -> Markup {
    const WIDTH: f64 = 38.0;
    let mut words = Vec::new();
    let mut shapes = String::new();
    for level in 1..=MAX_LEVEL {
        let x = f64::from(level - 1) * (WIDTH + 2.0);
        let Some(found) = score.levels.iter().find(|l| l.level == level) else {
            shapes.push_str(&format!("<path class=\"none\" d=\"M{x} 6h{WIDTH}\"/>"));
            continue;
        };
        words.push(format!("level {level} {}", percent(found.completion)));
        let class = if level <= score.level { "full" } else { "part" };
        shapes.push_str(&format!("<rect class=\"track\" x=\"{x}\" width=\"{WIDTH}\" height=\"12\" rx=\"2\"/>"));
        if found.completion > 0.0 {
            let filled = (WIDTH * found.completion * 10.0).floor() / 10.0;
            shapes.push_str(&format!("<rect class=\"{class}\" x=\"{x}\" width=\"{filled}\" height=\"12\" rx=\"2\"/>"));
        }
    }
    let words = if words.is_empty() { "nothing applies".to_owned() } else { words.join(", ") };
    html! {
        svg.ladder viewBox="0 0 198 12" preserveAspectRatio="none" role="img" aria-label=(words) {
            title { (words) }
            (PreEscaped(shapes))
        }
    }
}

/// How many of the applicable activities are answered, and how many are not applicable.
pub(super) fn answered(score: &Score) -> Markup {
    html! {
        (score.answered) " of " (score.activities)
        @if score.not_applicable > 0 { " " small.below { (score.not_applicable) " n/a" } }
    }
}

/// The first activities that hold the next level back.
pub(super) fn blockers(catalog: &Catalog, scored: &Scored, shown: usize, selection: Selection) -> Markup {
    let rest = scored.blockers.len().saturating_sub(shown);
    html! {
        @match scored.score.next_level() {
            None if scored.score.activities == 0 => span.quiet { "nothing applies" },
            None => span.quiet { "at its ceiling" },
            Some(next) if shown == 0 => span.quiet { "to level " (next) ": " (count(scored.blockers.len(), "activity", "activities")) },
            Some(next) => {
                span.quiet { "to level " (next) ": " }
                @for (i, &index) in scored.blockers.iter().take(shown).enumerate() {
                    @if i > 0 { ", " }
                    (activity_link(catalog, index, selection))
                }
                @if rest > 0 { span.quiet { " and " (rest) " more" } }
            }
        }
    }
}

/// The name of an activity, leading to its page.
pub(super) fn activity_link(catalog: &Catalog, index: ActivityIndex, selection: Selection) -> Markup {
    let activity = catalog.activity(index);
    html! { a href=(activity_address(&activity.id, selection)) { (activity.name) } }
}

/// The address of an activity's page. Ids are opaque and may hold anything.
pub(super) fn activity_address(id: &ActivityId, selection: Selection) -> String {
    address(&format!("/catalog/{}", encoded(&id.0)), selection)
}

/// The address of an activity's page for a team.
pub(in crate::web) fn activity_of_team(id: &ActivityId, team: TeamId) -> String {
    activity_address(id, Selection { scope: ScopeId::Team(team), period: None })
}

/// Where the question about an activity stands on the page of an assessment. Ids may hold anything,
/// so it is the position in the catalog of that assessment.
pub(in crate::web) fn question_id(index: ActivityIndex) -> String {
    format!("a{}", index.position())
}

/// What an answer says, in the words of the scale.
pub(super) fn status_name<'a>(scale: &'a ProgressScale, status: Option<&'a Status>) -> &'a str {
    match status {
        None | Some(Status::Unanswered) => "Unanswered",
        Some(Status::NotApplicable { .. }) => "Not applicable",
        Some(Status::Step(key)) => scale.step(key).map_or(key, |step| &step.name),
    }
}

/// What a mark says, in the words of the scale.
pub(super) fn mark_name(scale: &ProgressScale, mark: Mark) -> &str {
    match mark {
        Mark::Unanswered => "Unanswered",
        Mark::NotApplicable => "Not applicable",
        Mark::Worth(percent) => scale.step_worth(percent).map_or("", |step| &step.name),
    }
}

/// What is to be done in the present quarter; nothing when all is done. Who may not do it is only told.
pub(super) fn reminders(frame: &Frame<'_>, due: &Due, selection: Selection) -> Markup {
    const NAMED: usize = 8;
    let may_assess = frame.may(Action::Assess);
    let may_open = due.missing.iter().any(|team| frame.may_for(Action::Assess, team));
    let selection = Selection { period: None, ..selection };
    let all = due.submitted + due.drafts.len() + due.missing.len();
    let open = due.drafts.len() + due.missing.len();
    html! {
        @if open > 0 || due.stale + due.going > 0 {
            section.card.due aria-label="What is due" {
                @if open > 0 {
                    p {
                        strong { (due.period) " is due by " (calendar_day(due.period.last_day())) ": " }
                        (due.submitted) " of " (count(all, "assessment", "assessments")) " submitted. "
                        @if !due.drafts.is_empty() {
                            "Drafts: "
                            @for (i, (team, id)) in due.drafts.iter().take(NAMED).enumerate() { @if i > 0 { ", " } a href=(format!("/assessments/{id}")) { (team) } }
                            @if due.drafts.len() > NAMED { " and " (due.drafts.len() - NAMED) " more" }
                            ". "
                        }
                        @if !due.missing.is_empty() {
                            "Not opened: " (due.missing.iter().take(NAMED).map(|team| team.name.as_str()).collect::<Vec<_>>().join(", "))
                            @if due.missing.len() > NAMED { " and " (due.missing.len() - NAMED) " more" }
                            ". "
                            @if may_open { a href=(address("/assessments/new", selection)) { "Open them" } }
                        }
                    }
                }
                @if due.stale + due.going > 0 {
                    p {
                        @if due.stale > 0 { (count(due.stale, "answer rests", "answers rest")) " on evidence that has expired. " }
                        @if due.going > 0 { (count(due.going, "answer goes", "answers go")) " stale within 30 days. " }
                        a href=(address("/evidence", selection)) { @if may_assess { "Refresh the evidence" } @else { "See the evidence" } }
                    }
                }
            }
        }
    }
}

/// What a page says of a scope of which nothing is known by the quarter that is looked at.
pub(super) fn nothing_yet(view: &View) -> Markup {
    let of_whom = match view.selection.scope {
        ScopeId::Organization if view.is_limited => "None of your teams has".to_owned(),
        ScopeId::Organization => "No team has".to_owned(),
        ScopeId::Group(_) => format!("No team of {} has", view.scope.name),
        ScopeId::Team(_) => format!("{} has not", view.scope.name),
    };
    html! {
        section.card.empty {
            p.lead {
                (of_whom) " submitted an assessment"
                @if let Some(period) = view.selection.period { " for " (period) " or before" } @else { " yet" }
                "."
            }
            p { "Levels are computed from submitted assessments, so that nobody mistakes a half-filled form for the state of things." }
            @if let (Some(latest), true) = (view.periods.first(), view.selection.period.is_some()) {
                p { "The latest quarter with assessments is " (latest) "." }
            }
            p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
        }
    }
}

/// A day, with the exact time on hover.
pub(super) fn day(at: DateTime<Utc>) -> Markup {
    html! { time datetime=(at.to_rfc3339()) title=(at.format("%Y-%m-%d %H:%M UTC")) { (at.format("%-d %b %Y")) } }
}

/// Chooses one value of a type for a filter, or all.
pub(super) fn choice_of<T: Named>(label: &str, field: &str, chosen: Option<T>) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(field) {
                option value="" { "all" }
                @for (name, value) in T::NAMED { option selected[chosen == Some(*value)] { (name) } }
            }
        }
    }
}

/// A moment to the minute, with the exact time on hover.
pub(super) fn moment(at: DateTime<Utc>) -> Markup {
    html! { time datetime=(at.to_rfc3339()) title=(at.format("%Y-%m-%d %H:%M:%S UTC")) { (at.format("%-d %b %Y, %H:%M")) } }
}

/// A day of the calendar.
pub(super) fn calendar_day(day: NaiveDate) -> Markup {
    html! { time datetime=(day) { (written(day)) } }
}

/// What is wrong with a field, beside it.
pub(super) fn field_faults(faults: &[FieldFault], field: &str) -> Markup {
    html! {
        @for fault in faults.iter().filter(|fault| fault.field == field) {
            p.fault id=(fault_id(field)) { (fault.message) }
        }
    }
}

/// The id of what is wrong with a field, for the field to point to; `None` when nothing is.
pub(super) fn described_by(faults: &[FieldFault], field: &str) -> Option<String> {
    faults.iter().any(|fault| fault.field == field).then(|| fault_id(field))
}

/// Names of dimensions in it can have white space, which separates ids.
fn fault_id(field: &str) -> String {
    format!("fault-{}", field.replace(char::is_whitespace, "_"))
}

/// The part of a form that says from which state of a thing it was made, so that nobody overwrites unseen what somebody
/// else changed meanwhile.
pub(super) fn seen(thing: &impl Debug) -> Markup {
    html! { input type="hidden" name="seen" value=(state(thing)); }
}

/// What is wrong with what was entered.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Wrong {
    /// With single fields.
    pub(in crate::web) faults: Vec<FieldFault>,
    /// With the whole.
    pub(in crate::web) refused: Option<String>,
}

impl Wrong {
    /// Says above a form that nothing was done.
    pub(super) fn notice(&self) -> Markup {
        html! {
            @if let Some(message) = &self.refused {
                div.notice.bad role="alert" { p { strong { "Not done: " } (message) "." } }
            }
            @if !self.faults.is_empty() {
                div.notice.bad role="alert" {
                    p { strong { "Nothing is saved yet. " } (count(self.faults.len(), "field needs", "fields need")) " a correction; what you entered is still there." }
                }
            }
        }
    }
}

/// Which part of a long list is shown.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Its number, from 1 to [`Part::all`].
    pub(super) number: usize,
    /// How many there are, at least 1.
    pub(super) all: usize,
    /// How many entries a part has.
    size: usize,
    /// How many entries the list has.
    entries: usize,
}

impl Part {
    /// The part of this number, or the last where there are not so many.
    pub(super) fn new(entries: usize, size: usize, number: usize) -> Self {
        let all = entries.div_ceil(size).max(1);
        Self { number: number.clamp(1, all), all, size, entries }
    }

    /// The entries of it.
    pub(super) fn of<T>(self, list: impl IntoIterator<Item = T>) -> Vec<T> {
        list.into_iter().skip((self.number - 1) * self.size).take(self.size).collect()
    }

    /// The way to the other parts of a list of teams; nothing where there is only one. `word` is what a part is called,
    /// and `to` the address of one.
    pub(super) fn paging(self, word: &str, to: impl Fn(usize) -> String) -> Markup {
        self.paging_of("Teams", word, to)
    }

    /// The same of a list of something else.
    pub(super) fn paging_of(self, entries: &str, word: &str, to: impl Fn(usize) -> String) -> Markup {
        let first = (self.number - 1) * self.size;
        html! {
            @if self.all > 1 {
                nav.paging aria-label={ (word) "s of the list" } {
                    span { (entries) " " (first + 1) " to " (self.entries.min(first + self.size)) " of " (self.entries) }
                    @for number in 1..=self.all {
                        @if number == self.number { strong aria-current="page" { (number) } }
                        @else { a href=(to(number)) { span.visually-hidden { (word) " " } (number) } }
                    }
                }
            }
        }
    }
}

/// One of several choices, with a sentence that explains it.
pub(super) fn explained(field: &str, value: &str, is_chosen: bool, title: &str, explanation: &str) -> Markup {
    html! {
        label.explained {
            input type="radio" name=(field) value=(value) checked[is_chosen] required;
            span { strong { (title) } small { (explanation) } }
        }
    }
}

/// Something that is shown once: a link or a token, in a field that is easy to copy from.
pub(super) fn shown_once(label: &str, secret: &str) -> Markup {
    html! {
        label.shown-once {
            span { (label) }
            input type="text" value=(secret) readonly autocomplete="off" spellcheck="false" data-copy;
        }
        script src=(assets::address("copy.js")) defer {}
    }
}

/// A number with the right form of its noun.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_never_rounded_up_over_a_border() {
        assert_eq!(percent(0.999), "99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.29), "29 %");
        assert_eq!(score(1.999), "1.99");
        assert_eq!(score(2.0), "2.00");
        assert_eq!(score(0.57), "0.57");
        assert_eq!(change(-0.3).into_string(), "<span class=\"change down\">−0.30</span>");
        assert_eq!(moved(1.1096, 1.1004).into_string(), "<span class=\"change same\">±0</span>");
        assert_eq!(moved(1.11, 1.1099).into_string(), "<span class=\"change up\">+0.01</span>");
    }

    #[test]
    fn ids_of_any_kind_make_addresses() {
        let address = activity_address(&ActivityId("a/b ü".into()), Selection::ORGANIZATION);
        assert_eq!(address, "/catalog/a%2Fb%20%C3%BC");
    }
}
