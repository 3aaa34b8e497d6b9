//! “Who knows what could go wrong?”: the threat models of a scope, which teams have a fresh one, what is overdue, and
//! how many threats are open.

use maud::{Markup, PreEscaped, html};

use super::components::{Part, calendar_day, count, day, percent};
use super::layout::{self, Frame, address, with_parameter};
use super::listing::{Holds, SortedList, order_choice};
use super::threat_model::{freshness_tag, model_address, readable, severity};
use super::{downloads, pictures};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, Team, TeamId};
use crate::domain::threat_model::freshness::{DueReason, FreshnessState};
use crate::domain::threat_model::listing::{ModelFilter, ModelRow, ModelSort, Standing, ThreatPortfolio};
use crate::domain::threat_model::portfolio::{OpenCount, Portfolio, TeamRow};
use crate::domain::threat_model::words::Severity;
use crate::domain::view::{Selection, View};

/// How many models a page shows.
const PAGE: usize = 100;

/// How many models that are overdue, and teams without any, are named.
const NAMED: usize = 12;

/// The severities, the most severe first.
pub(super) const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Note];

/// The page with this number, from 1 on.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &ThreatPortfolio, filter: &ModelFilter, number: usize) -> Markup {
    let ThreatPortfolio { view, all, aside, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &filters(filter)))
        @if *all == 0 {
            (empty(frame, seen))
        } @else {
            (figures(seen))
            (coverage(seen))
            @if !seen.overdue.is_empty() { (overdue(view, &seen.overdue)) }
            (open(view, seen))
            (models(view, seen, filter, number))
            (without(frame, seen))
        }
        @if !aside.is_empty() { (put_aside(view, aside)) }
    };
    let action = html! {
        @if frame.may(Action::Assess) {
            a.button.quiet href=(address("/threat-models/import", now(view))) { "Import" }
            a.button href=(address("/threat-models/new", now(view))) { "Begin a threat model" }
        }
    };
    layout::page(frame, "Who knows what could go wrong?", &action, &body)
}

/// What is looked at, today.
fn now(view: &View) -> Selection {
    Selection { period: None, ..view.selection }
}

/// What the list can be narrowed down to, and how it is sorted, as a part of the picker.
fn filters(filter: &ModelFilter) -> Markup {
    html! {
        label {
            span { "Review" }
            select name="state" {
                option value="" { "any" }
                @for (word, state) in Standing::NAMED { option value=(word) selected[filter.state == Some(*state)] { (standing(*state)) } }
            }
        }
        label {
            span { "Open threats" }
            select name="severity" {
                option value="" { "any" }
                @for severity in SEVERITIES {
                    option value=(severity.name()) selected[filter.severity == Some(severity)] {
                        (readable(severity.name())) @if severity != Severity::Critical { " or worse" }
                    }
                }
            }
        }
        label { span { "Search" } input type="search" name="q" value=[filter.text.as_ref()] maxlength="100" size="12"; }
        (order_choice(&filter.sorting, COLUMNS))
    }
}

fn standing(state: Standing) -> &'static str {
    match state {
        Standing::Fresh => "Fresh",
        Standing::Due => "Review due",
        Standing::Unknown => "Never reviewed",
    }
}

/// What threat modeling is for, and what to do first.
fn empty(frame: &Frame<'_>, seen: &ThreatPortfolio) -> Markup {
    let view = &seen.view;
    let may_assess = frame.may(Action::Assess);
    let of_whom = match view.selection.scope {
        ScopeId::Organization if view.is_limited => "None of your teams has a".to_owned(),
        ScopeId::Organization => "No team has a".to_owned(),
        ScopeId::Group(_) => format!("No team of {} has a", view.scope.name),
        ScopeId::Team(_) => format!("{} has no", view.scope.name),
    };
    html! {
        section.card.empty {
            p.lead {
                (of_whom) " threat model that counts"
                @if view.selection.period.is_some() { " as of " (calendar_day(seen.day)) }
                @else { " yet" }
                "."
            }
            p {
                "A threat model says what is built, what could go wrong with it, and what is done about that. "
                "No tool finds that out: it takes people who know the system and talk about it, again whenever it changes."
            }
            ol.steps {
                li { strong { "Take one system that matters." } " An hour with two people who know it is enough for a start." }
                li { strong { "Go through the ten steps" } ", from what is worth protecting to what is done about it. Each says what it is for." }
                li { strong { "Record the review." } " From then on this page says when the next one is due, and who has none." }
            }
            p.quiet { "Models of other tools can be imported: Threat Dragon, Threat Composer, the Microsoft Threat Modeling Tool, draw.io and others." }
            p.actions {
                @if may_assess {
                    a.button href=(address("/threat-models/new", now(view))) { "Begin the first one" }
                    a href=(address("/threat-models/import", now(view))) { "Import a file" }
                }
            }
            @if !may_assess { p.quiet { "Whoever assesses a team begins its first one." } }
        }
    }
}

fn figures(seen: &ThreatPortfolio) -> Markup {
    let (coverage, open) = (seen.portfolio.coverage, &seen.portfolio.open);
    let several = coverage.teams() != 1;
    let fresh = seen.portfolio.teams.iter().map(|row| row.fresh).sum::<u32>();
    html! {
        dl.figures {
            @if several {
                div {
                    dt { "Teams with a fresh model" }
                    dd { (coverage.fresh) " " small { "of " (coverage.teams()) } }
                    @if let Some(share) = coverage.share() { dd.note { (percent(share)) " of the teams" } }
                }
                div {
                    dt { "Teams without any" }
                    dd { (coverage.none) }
                    dd.note { (coverage.only_stale) " more with none that is fresh" }
                }
            }
            div {
                dt { "Fresh models" }
                dd { (fresh) " " small { "of " (seen.all) } }
                @if !seen.portfolio.unknown.is_empty() { dd.note { (seen.portfolio.unknown.len()) " never reviewed" } }
            }
            div {
                dt { "Reviews due" }
                dd { (seen.overdue.len()) }
                @if let Some(first) = seen.overdue.first().and_then(ModelRow::due) { dd.note { "the longest since " (calendar_day(first)) } }
            }
            div {
                dt { "Open threats" }
                dd { (open.total()) }
                dd.note { (severe(open)) " critical or high" }
            }
        }
    }
}

/// How many open threats are critical or high.
pub(super) fn severe(open: &OpenCount) -> u32 {
    open.with(Severity::Critical).saturating_add(open.with(Severity::High))
}

/// Who has what and which threats are open, in sentences.
pub(super) fn summary(portfolio: &Portfolio) -> Markup {
    let Portfolio { coverage, overdue, unknown, open, .. } = portfolio;
    let models: u32 = portfolio.teams.iter().map(TeamRow::models).sum();
    html! {
        @if models == 0 {
            p { "There is no threat model. No tool finds out what could go wrong: it takes people who talk about it." }
        } @else {
            p {
                @if coverage.teams() == 1 {
                    strong { (portfolio.teams.iter().map(|team| team.fresh).sum::<u32>()) " of " (count(models as usize, "threat model", "threat models")) }
                    " reviewed in time. "
                } @else {
                    strong { (coverage.fresh) " of " (count(coverage.teams(), "team", "teams")) }
                    " with a threat model that was reviewed in time, " (coverage.none) " without any. "
                }
                @if !overdue.is_empty() { strong { (count(overdue.len(), "review", "reviews")) " due" } ". " }
                @if !unknown.is_empty() { (count(unknown.len(), "model", "models")) " never reviewed. " }
                @if open.total() == 0 { "No threat is open." } @else {
                    strong { (count(open.total() as usize, "open threat", "open threats")) }
                    @if severe(open) > 0 { ", " (severe(open)) " of them critical or high" }
                    "."
                }
            }
        }
    }
}

/// Who has what, in words.
fn coverage(seen: &ThreatPortfolio) -> Markup {
    let coverage = seen.portfolio.coverage;
    let treated = seen.portfolio.treated_without_mitigation as usize;
    html! {
        p.coverage {
            "As of " (calendar_day(seen.day)) ": "
            @if coverage.teams() == 1 {
                (count(seen.all, "threat model", "threat models")) " of " (seen.view.scope.name) ". "
            } @else {
                (coverage.fresh) " of " (count(coverage.teams(), "team", "teams")) " know what could go wrong, by a model that was reviewed in time; "
                (coverage.only_stale) " rely on one that was not, and " (count(coverage.none, "team has", "teams have")) " none. "
            }
            @if treated > 0 {
                strong { (count(treated, "threat is", "threats are")) " said to be treated" }
                " while nothing is in place against " @if treated == 1 { "it" } @else { "them" } ". "
            }
            @if seen.rows.len() != seen.all { strong { (count(seen.rows.len(), "model is", "models are")) " like what you look for." } }
        }
    }
}

/// The models whose review is due.
fn overdue(view: &View, overdue: &[ModelRow]) -> Markup {
    let several = !view.selection.scope.is_team();
    html! {
        section.card #overdue {
            header.card-head {
                h2 { "What is to be looked at again" }
                @if overdue.len() > NAMED { a href=(with_parameter(&address("/threat-models", view.selection), "state", "due")) { "All " (overdue.len()) } }
            }
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Model" } @if several { th scope="col" { "Team" } } th scope="col" { "Due since" } th scope="col" { "Why" } } }
                    tbody {
                        @for row in overdue.iter().take(NAMED) {
                            tr {
                                th scope="row" { a href=(model_address(row.id())) { (row.title()) } }
                                @if several { td data-name="Team" { (team_link(row.registered.team, &row.team, view.selection)) } }
                                td data-name="Due since" { @if let Some(since) = row.due() { span.date { (calendar_day(since)) } } }
                                td data-name="Why" { (why(row)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Why a review is due.
pub(super) fn why(row: &ModelRow) -> String {
    match &row.freshness.state {
        FreshnessState::Due { because: DueReason::SignificantChange { note, .. }, .. } => format!("It changed: {note}"),
        FreshnessState::Due { because: DueReason::Age, .. } => {
            format!("{} days have passed since the last review", row.freshness.interval_days)
        }
        FreshnessState::Unknown | FreshnessState::Fresh { .. } => String::new(),
    }
}

/// The open threats by severity, now and quarter by quarter.
fn open(view: &View, seen: &ThreatPortfolio) -> Markup {
    let chart = pictures::open_threats(&seen.quarters);
    html! {
        section.card #open {
            header.card-head {
                h2 { "Which threats are open" }
                span.card-side {
                    (downloads::table("threats", view.selection))
                    @if chart.is_some() { (downloads::picture("open-threats", view.selection)) }
                }
            }
            p.explain { "Open is what nobody decided yet, what is being worked on, and what nobody looked at." }
            @if let Some(chart) = chart { div.chart.quarters-chart { (PreEscaped(chart.svg())) } }
            div.table-wrap {
                table.stack.quarters {
                    thead {
                        tr {
                            th scope="col" { "At the end of" }
                            @for severity in SEVERITIES { th.num scope="col" { (readable(severity.name())) } }
                            th.num scope="col" { "Not rated" }
                            th.num scope="col" { "Open" }
                            th.num scope="col" { "Models" }
                            th.num.wrap scope="col" { "Fresh of these" }
                        }
                    }
                    tbody {
                        @for (i, quarter) in seen.quarters.iter().rev().enumerate() {
                            tr {
                                th scope="row" { (quarter.period) @if i == 0 && quarter.period.last_day() > seen.day { " " small { "until now" } } }
                                @for severity in SEVERITIES { td.num data-name=(readable(severity.name())) { (figure(quarter.open.with(severity))) } }
                                td.num data-name="Not rated" { (figure(quarter.open.unrated)) }
                                td.num data-name="Open" { strong { (quarter.open.total()) } }
                                td.num data-name="Models" { (quarter.models) }
                                td.num data-name="Fresh of these" { (quarter.fresh) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A number; nothing is quiet.
fn figure(number: u32) -> Markup {
    html! { @if number == 0 { span.quiet { "0" } } @else { (number) } }
}

/// The columns of the list, with their names.
const COLUMNS: [(&str, ModelSort); 8] = [
    ("Team", ModelSort::Team),
    ("Model", ModelSort::Title),
    ("Owner", ModelSort::Owner),
    ("Method", ModelSort::Method),
    ("Criticality", ModelSort::Criticality),
    ("Open threats", ModelSort::Open),
    ("Review", ModelSort::Due),
    ("Last revision", ModelSort::Saved),
];

/// The models that were asked for, a page of them.
fn models(view: &View, seen: &ThreatPortfolio, filter: &ModelFilter, number: usize) -> Markup {
    let list = filtered(view.selection, filter);
    let part = Part::new(seen.rows.len(), PAGE, number);
    let shown: Vec<&ModelRow> = part.of(&seen.rows);
    html! {
        @if shown.is_empty() {
            section.card.empty {
                p.lead { "No threat model is like that." }
                p { a href=(address("/threat-models", view.selection)) { "Show all " (count(seen.all, "model", "models")) } }
            }
        } @else {
            section.card #models {
                header.card-head {
                    h2 { "Threat models" }
                    span.card-side {
                        (downloads::table("threat-models", view.selection))
                        span.quiet.no-print { "their mitigations" } (downloads::table("mitigations", view.selection))
                    }
                }
                div.table-wrap.wide {
                    table.stack.dense {
                        thead { tr { @for (name, column) in COLUMNS { (list.head(name, &column, Holds::Texts)) } } }
                        tbody { @for row in &shown { (model(view, row)) } }
                    }
                }
                (part.paging_of("Models", "Page", |page| list.part(page)))
            }
        }
    }
}

fn model(view: &View, row: &ModelRow) -> Markup {
    let latest = &row.registered.latest;
    let facts = &latest.facts;
    html! {
        tr {
            th scope="row" { (team_link(row.registered.team, &row.team, view.selection)) }
            td data-name="Model" { a href=(model_address(row.id())) { strong { (row.title()) } } }
            td data-name="Owner" { @if facts.owner.is_empty() { span.quiet { "nobody" } } @else { (facts.owner) } }
            td data-name="Method" { (row.methods()) }
            td data-name="Criticality" { @match facts.criticality { Some(one) => (readable(one.name())), None => span.quiet { "not said" } } }
            td data-name="Open threats" { (open_of(row)) }
            td data-name="Review" { (freshness_tag(&row.freshness)) (review(row)) }
            td data-name="Last revision" { (day(latest.saved_at)) small.below { " no. " (latest.number) @if let Some(file) = &latest.file { ", " (file.format.title()) } } }
        }
    }
}

/// The open threats of a model, each severity with its name.
fn open_of(row: &ModelRow) -> Markup {
    let facts = &row.registered.latest.facts;
    html! {
        @if facts.open_threats() == 0 { span.quiet { "none of " (facts.all_threats()) } }
        @for one in SEVERITIES {
            @if row.open(one) > 0 { span.severity-count { (row.open(one)) " " (severity(Some(one))) } " " }
        }
        @if facts.open_unrated > 0 { span.severity-count { (facts.open_unrated) " " (severity(None)) } }
    }
}

/// Until when it is fresh or since when it is due, and what that rests on.
fn review(row: &ModelRow) -> Markup {
    html! {
        @match (&row.freshness.state, row.due()) {
            (FreshnessState::Fresh { .. }, Some(until)) => small.below { " until " (calendar_day(until)) },
            (FreshnessState::Due { .. }, Some(since)) => small.below { " since " (calendar_day(since)) },
            _ => {}
        }
        @if let Some(basis) = &row.freshness.basis { small.below title=(basis.text()) { " as of " (calendar_day(basis.on())) } }
    }
}

/// The list with all that a filter asks for.
fn filtered(selection: Selection, filter: &ModelFilter) -> SortedList<'_, ModelSort> {
    let state = filter.state.map(|state| ("state", state.name()));
    let severity = filter.severity.map(|severity| ("severity", severity.name()));
    let text = filter.text.as_deref().map(|text| ("q", text));
    let all = state.into_iter().chain(severity).chain(text);
    let here = address("/threat-models", selection);
    let narrowed = all.fold(here, |address, (name, value)| with_parameter(&address, name, value));
    SortedList { narrowed, part: "", sorting: &filter.sorting }
}

/// The teams that have no model.
fn without(frame: &Frame<'_>, seen: &ThreatPortfolio) -> Markup {
    let without = &seen.without;
    let is_past = seen.view.selection.period.is_some();
    html! {
        @if !without.is_empty() {
            section.card #without {
                h2 { (count(without.len(), "team has", "teams have")) " no threat model" }
                ul.plain.without {
                    @for team in without.iter().take(NAMED) {
                        li {
                            (team_link(team.id, team.name.as_str(), seen.view.selection))
                            @if !is_past && may_begin(frame, team) { " " a.button.quiet.no-print href=(format!("/threat-models/new?team={}", team.id)) { "Begin one" span.visually-hidden { " for " (team.name) } } }
                        }
                    }
                }
                @if without.len() > NAMED { p.quiet { "The first " (NAMED) " of " (without.len()) ", by name." } }
            }
        }
    }
}

fn may_begin(frame: &Frame<'_>, team: &Team) -> bool {
    team.retired_at.is_none() && frame.may_for(Action::Assess, team)
}

/// The models that are put aside.
fn put_aside(view: &View, aside: &[ModelRow]) -> Markup {
    html! {
        section.card #aside {
            details {
                summary { h2 { (count(aside.len(), "model is", "models are")) " put aside" } }
                p.explain { "What they model is not there any more. They count nowhere." }
                ul.plain {
                    @for row in aside.iter().take(PAGE) {
                        li {
                            a href=(model_address(row.id())) { (row.title()) } " of " (team_link(row.registered.team, &row.team, view.selection))
                            @if let Some(at) = row.registered.archived_at { ", put aside on " (day(at)) }
                        }
                    }
                }
                @if aside.len() > PAGE { p.quiet { "The first " (PAGE) " of " (aside.len()) "." } }
            }
        }
    }
}

/// A team, leading to its models.
fn team_link(team: TeamId, name: &str, selection: Selection) -> Markup {
    let of_team = Selection { scope: ScopeId::Team(team), ..selection };
    html! { a href=(address("/threat-models", of_team)) { (name) } }
}
