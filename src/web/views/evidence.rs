//! “What shows that it is true?”: the evidence of a scope, and what its age does to the scores.
//! A piece of its own is in `evidence_piece`.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::components::{Part, activity_address, activity_link, calendar_day, count, moved, score};
use super::downloads;
use super::layout::{self, Frame, address, with_parameter};
use super::listing::{Holds, SortedList, order_choice};
use crate::domain::access::Action;
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::{Evidence, EvidenceFilter, EvidenceSort, EvidenceState, NOTICE_DAYS};
use crate::domain::freshness::{AgeingAnswer, Freshness};
use crate::domain::mapping::Standard;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::view::{EvidenceSeen, EvidenceSubjects, Selection};

/// How many pieces a page shows.
const PAGE: usize = 100;

/// How many answers a list of ageing ones shows at once.
const AGEING_SHOWN: usize = 8;

/// How many activities or teams a row names.
const NAMED: usize = 3;

/// The page with this number, from 1 on.
pub(in crate::web) fn list(frame: &Frame<'_>, seen: &EvidenceSeen, filter: &EvidenceFilter, number: usize) -> Markup {
    let all: usize = seen.counts.values().sum();
    let new = new_address(frame.selection, None, None);
    let may_add = frame.may(Action::Assess);
    let body = html! {
        (layout::picker(frame, &seen.view, &filters(seen, filter)))
        @if seen.view.teams.is_empty() {
            section.card.empty {
                p.lead { "There is nobody yet to show evidence for." }
                p { "Evidence belongs to teams and activities: a link to a scan, minutes of a threat-modeling session, a screenshot of a setting." }
                @if frame.may_add_teams(&seen.view.groups) { p { a.button href="/teams" { "Add a team" } } }
            }
        } @else if all == 0 {
            section.card.empty {
                p.lead { "No evidence is recorded here yet." }
                p { "An answer is as good as what shows that it is true: a link to a scan, minutes of a threat-modeling session, a screenshot of a setting. One piece may be for several teams and activities, and carries over from quarter to quarter until it expires." }
                @if may_add { p { a.button href=(new) { "Add the first evidence" } } }
            }
        } @else {
            @if let Some(freshness) = &seen.freshness { (scores(frame, freshness, seen)) }
            (pieces(seen, filter, all, number))
        }
    };
    let action = html! {
        @if all > 0 { (downloads::table("evidence", seen.view.selection)) }
        @if all > 0 && may_add { a.button href=(new) { "Add evidence" } }
    };
    layout::page(frame, "What shows that it is true?", &action, &body)
}

/// Where evidence is added; a team and an activity may be chosen already.
fn new_address(selection: Selection, team: Option<TeamId>, activity: Option<&ActivityId>) -> String {
    let of_scope = match selection.scope {
        ScopeId::Team(id) => Some(id),
        ScopeId::Organization | ScopeId::Group(_) => None,
    };
    let team = team.or(of_scope).map_or(ScopeId::Organization, ScopeId::Team);
    let new = address("/evidence/new", Selection { scope: team, period: None });
    activity.map_or_else(|| new.clone(), |id| with_parameter(&new, "activity", &id.0))
}

/// What the list can be narrowed down to, as a part of the picker.
fn filters(seen: &EvidenceSeen, filter: &EvidenceFilter) -> Markup {
    let not_listed = filter.activity.as_ref().filter(|id| !seen.activities.contains(id));
    html! {
        label {
            span { "State" }
            select name="state" {
                option value="" { "all" }
                @for (word, state) in EvidenceState::NAMED { option value=(word) selected[filter.state == Some(*state)] { (state_name(*state)) } }
            }
        }
        label {
            span { "For" }
            select name="activity" {
                option value="" { "all activities" }
                @for id in not_listed.into_iter().chain(&seen.activities) {
                    option value=(id) selected[filter.activity.as_ref() == Some(id)] { (seen.subjects.name_of(id)) }
                }
            }
        }
        label { span { "Search" } input type="search" name="text" value=[filter.text.as_ref()] maxlength="100"; }
        @if let Some((standard, clause)) = &filter.clause {
            input type="hidden" name="standard" value=(standard.name());
            input type="hidden" name="clause" value=(clause);
        }
        (order_choice(&filter.sorting, COLUMNS))
    }
}

/// What the scores rest on, and what they would be if nothing were refreshed.
fn scores(frame: &Frame<'_>, freshness: &Freshness, seen: &EvidenceSeen) -> Markup {
    let Freshness { now, without_stale, stale, going, claims, supported, .. } = freshness;
    let (now, without) = (&now.overall.score, &without_stale.overall.score);
    html! {
        dl.figures #freshness {
            div {
                dt { "Score as answered" }
                dd { (score(now.score)) }
                dd.note { "level " (now.level) }
            }
            div {
                dt { "Without stale answers" }
                dd { (score(without.score)) " " (moved(without.score, now.score)) }
                dd.note { "level " (without.level) }
            }
            div {
                dt { "With valid evidence" }
                dd { (supported) small { " of " (claims) } }
                dd.note { "answers that something is done" }
            }
            div {
                dt { "Stale now" }
                dd { (stale.len()) }
                dd.note { "all their evidence has expired" }
            }
            div {
                dt { "Stale in " (NOTICE_DAYS) " days" }
                dd { (going.len()) }
                dd.note { "unless they are refreshed" }
            }
        }
        @if !stale.is_empty() || !going.is_empty() {
            div.pair {
                section.card #stale {
                    h2 { "What has gone stale" }
                    @if stale.is_empty() {
                        p.quiet { "No answer rests on evidence that has expired." }
                    } @else {
                        p.explain {
                            (count(stale.len(), "answer rests", "answers rest")) " on evidence that has expired; without "
                            (if stale.len() == 1 { "it" } else { "them" }) " the score would be "
                            strong { (score(without.score)) } " instead of " strong { (score(now.score)) } "."
                        }
                        (ageing(frame, freshness, stale, "Expired", seen))
                    }
                }
                section.card #going {
                    h2 { "What goes stale in the next " (NOTICE_DAYS) " days" }
                    @if going.is_empty() {
                        p.quiet { "Nothing." }
                    } @else {
                        (ageing(frame, freshness, going, "Expires", seen))
                    }
                }
            }
        }
    }
}

/// Answers whose evidence has an end; all but the first behind a summary.
fn ageing(
    frame: &Frame<'_>,
    freshness: &Freshness,
    answers: &[AgeingAnswer],
    when: &str,
    seen: &EvidenceSeen,
) -> Markup {
    let (first, rest) = answers.split_at_checked(AGEING_SHOWN).unwrap_or((answers, &[]));
    html! {
        (ageing_table(frame, freshness, first, when, seen))
        @if !rest.is_empty() {
            details { summary { (rest.len()) " more" } (ageing_table(frame, freshness, rest, when, seen)) }
        }
    }
}

/// Answers, each with the way to newer evidence.
fn ageing_table(
    frame: &Frame<'_>,
    freshness: &Freshness,
    answers: &[AgeingAnswer],
    when: &str,
    seen: &EvidenceSeen,
) -> Markup {
    let selection = seen.view.selection;
    let one_team = selection.scope.is_team();
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Activity" }
                        @if !one_team { th scope="col" { "Team" } }
                        th scope="col" { (when) }
                        th scope="col" { span.visually-hidden { "Action" } }
                    }
                }
                tbody {
                    @for answer in answers {
                        @let activity = freshness.catalog.activity(answer.activity);
                        @let new = new_address(selection, Some(answer.team), Some(&activity.id));
                        tr {
                            th scope="row" { (activity_link(&freshness.catalog, answer.activity, selection)) }
                            @if !one_team { td data-name="Team" { (answer.team_name) } }
                            td.date data-name=(when) { (calendar_day(answer.expires_on)) }
                            td.action {
                                @if seen.subjects.team(answer.team).is_some_and(|team| frame.may_for(Action::Assess, team)) {
                                    a.button.quiet href=(with_parameter(&new, "back", &address("/evidence", selection))) {
                                        "Refresh" span.visually-hidden { " the evidence for " (activity.name) " of " (answer.team_name) }
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

/// The columns by which the list can be sorted, with their names.
const COLUMNS: [(&str, EvidenceSort); 4] = [
    ("Evidence", EvidenceSort::Title),
    ("True on", EvidenceSort::Recorded),
    ("Expires", EvidenceSort::Expires),
    ("State", EvidenceSort::State),
];

/// The list with all that a filter asks for.
fn filtered(selection: Selection, filter: &EvidenceFilter) -> SortedList<'_, EvidenceSort> {
    let state = filter.state.map(|state| ("state", state.name()));
    let activity = filter.activity.as_ref().map(|id| ("activity", id.0.as_str()));
    let clause = filter.clause.as_ref().map(|(standard, id)| [("standard", standard.name()), ("clause", id.as_str())]);
    let text = filter.text.as_deref().map(|text| ("text", text));
    let all = state.into_iter().chain(activity).chain(clause.into_iter().flatten()).chain(text);
    let here = address("/evidence", selection);
    let narrowed = all.fold(here, |address, (name, value)| with_parameter(&address, name, value));
    SortedList { narrowed, part: "#pieces", sorting: &filter.sorting }
}

/// The list of what there is for the activities that serve a clause.
pub(super) fn clause_address(selection: Selection, standard: Standard, clause: &str) -> String {
    let clause = Some((standard, clause.to_owned()));
    filtered(selection, &EvidenceFilter { clause, ..EvidenceFilter::default() }).address()
}

fn pieces(seen: &EvidenceSeen, filter: &EvidenceFilter, all: usize, number: usize) -> Markup {
    let EvidenceSeen { view, found, day, .. } = seen;
    let (here, list) = (address("/evidence", view.selection), filtered(view.selection, filter));
    let part = Part::new(found.len(), PAGE, number);
    html! {
        section.card #pieces {
            div.card-head {
                h2 { (count(all, "piece of evidence", "pieces of evidence")) @if view.selection.period.is_some() { " as of " (calendar_day(*day)) } }
                p.counts {
                    @for (state, number) in &seen.counts {
                        a href=(with_parameter(&here, "state", state.name())) { (number) " " (state.name()) } " "
                    }
                }
            }
            @if filter.is_narrow() {
                p.coverage {
                    (count(found.len(), "piece matches", "pieces match"))
                    @if let Some((standard, clause)) = &filter.clause {
                        ": for the activities that serve clause " (clause) " of " (standard.title())
                        @if let Some(about) = standard.about(clause) { " (" (about) ")" }
                    }
                    ". " a href=(here) { "Show all" }
                }
            }
            @if found.is_empty() {
                p { "No evidence is like that." }
            } @else {
                div.table-wrap {
                    table.stack.pieces {
                        thead {
                            tr {
                                (list.head("Evidence", &EvidenceSort::Title, Holds::Texts))
                                th scope="col" { "For the activities" }
                                th scope="col" { "Of" }
                                (list.head("True on", &EvidenceSort::Recorded, Holds::Texts))
                                (list.head("Expires", &EvidenceSort::Expires, Holds::Texts))
                                (list.head("State", &EvidenceSort::State, Holds::Texts))
                            }
                        }
                        tbody { @for piece in part.of(found) { (row(piece, seen)) } }
                    }
                }
                (part.paging_of("Pieces", "Page", |page| list.part(page)))
            }
        }
    }
}

fn row(piece: &Evidence, seen: &EvidenceSeen) -> Markup {
    let content = &piece.content;
    let state = piece.state_on(seen.day);
    html! {
        tr.withdrawn[state == EvidenceState::Withdrawn] {
            th scope="row" {
                a href=(address(&format!("/evidence/{}", piece.id), seen.view.selection)) { (content.title) }
                @if !content.reviewer.is_empty() { br; small { "reviewed by " (content.reviewer) } }
            }
            td data-name="For" { (activity_links(&seen.subjects, &content.activities, NAMED, seen.view.selection)) }
            td data-name="Of" { (team_links(&seen.subjects, &content.teams, NAMED)) }
            td.date data-name="True on" { (calendar_day(content.recorded_on)) }
            td.date data-name="Expires" { (end(content.expires_on)) }
            td { (state_tag(state)) }
        }
    }
}

/// The day on which something stops to be valid, if it does.
pub(super) fn end(expires_on: Option<NaiveDate>) -> Markup {
    html! { @match expires_on { Some(day) => (calendar_day(day)), None => span.quiet { "never" } } }
}

/// The first of some activities, leading to their pages.
pub(super) fn activity_links(
    subjects: &EvidenceSubjects,
    ids: &[ActivityId],
    shown: usize,
    selection: Selection,
) -> Markup {
    let rest = ids.len().saturating_sub(shown);
    html! {
        @for (i, id) in ids.iter().take(shown).enumerate() {
            @if i > 0 { ", " }
            @if subjects.activity(id).is_some() { a href=(activity_address(id, selection)) { (subjects.name_of(id)) } } @else { (id) }
        }
        @if rest > 0 { span.quiet { " and " (rest) " more" } }
    }
}

/// The first of some teams, leading to where they stand.
pub(super) fn team_links(subjects: &EvidenceSubjects, ids: &[TeamId], shown: usize) -> Markup {
    let rest = ids.len().saturating_sub(shown);
    html! {
        @for (i, team) in ids.iter().filter_map(|id| subjects.team(*id)).take(shown).enumerate() {
            @if i > 0 { ", " }
            a href=(address("/", Selection { scope: ScopeId::Team(team.id), period: None })) { (team.name) }
        }
        @if rest > 0 { span.quiet { " and " (rest) " more" } }
    }
}

fn state_name(state: EvidenceState) -> &'static str {
    match state {
        EvidenceState::Valid => "Valid",
        EvidenceState::Expiring => "Expires soon",
        EvidenceState::Expired => "Expired",
        EvidenceState::Withdrawn => "Withdrawn",
    }
}

/// The state in a word, on a colour of its own.
pub(super) fn state_tag(state: EvidenceState) -> Markup {
    let class = match state {
        EvidenceState::Valid => "state done",
        EvidenceState::Expiring => "state draft",
        EvidenceState::Expired => "state expired",
        EvidenceState::Withdrawn => "state",
    };
    html! { span class=(class) { (state_name(state)) } }
}
