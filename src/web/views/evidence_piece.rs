//! A piece of evidence: what it says and what became of it, and the form to add or change one.

use std::collections::HashSet;

use chrono::NaiveDate;
use maud::{Markup, html};

use super::components::{Wrong, calendar_day, day, described_by, field_faults};
use super::evidence::{activity_links, end, state_tag, team_links};
use super::layout::{self, Frame, address};
use crate::domain::access::Action;
use crate::domain::catalog::{Activity, ActivityId, Catalog, Dimension};
use crate::domain::evidence::{Aspect, Evidence, EvidenceContent, NOTICE_DAYS};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Team, TeamId};
use crate::domain::view::{EvidenceHistory, EvidenceSubjects};

/// What a person entered.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// What it is.
    pub(in crate::web) title: String,
    /// Where it is.
    pub(in crate::web) link: String,
    /// What it says.
    pub(in crate::web) text: String,
    /// The day on which it was true.
    pub(in crate::web) recorded_on: String,
    /// The first day on which it is not valid any more.
    pub(in crate::web) expires_on: String,
    /// Who looked at it.
    pub(in crate::web) reviewer: String,
    /// The chosen activities.
    pub(in crate::web) activities: Vec<ActivityId>,
    /// The chosen teams.
    pub(in crate::web) teams: Vec<TeamId>,
    /// The page to go to after saving; empty: that of the evidence.
    pub(in crate::web) back: String,
}

/// The page of a piece of evidence. `reason` is what was entered for a withdrawal.
pub(in crate::web) fn show(
    frame: &Frame<'_>,
    history: &EvidenceHistory,
    today: NaiveDate,
    reason: &str,
    wrong: &Wrong,
) -> Markup {
    let EvidenceHistory { current, subjects, .. } = history;
    let may_change = subjects.authorize(frame.actor, Action::Assess, &current.content.teams).is_ok();
    let body = html! {
        p.coverage { a href=(address("/evidence", frame.selection)) { "Evidence" } " · " (state_tag(current.state_on(today))) }
        @if let Some(message) = &wrong.refused { div.notice.bad role="alert" { p { (message) "." } } }
        @if let Some(reason) = &current.withdrawn {
            div.notice { p.plain-text { "Withdrawn: " (reason) } }
        }
        section.card {
            h2 { "What it says" }
            (facts(frame, subjects, &current.content))
        }
        (versions(subjects, &history.versions))
        @if may_change {
            (withdrawal(current, reason, wrong))
        } @else {
            p.quiet { "It can be changed or withdrawn by whoever assesses all of its teams." }
        }
    };
    let action = html! {
        @if current.withdrawn.is_none() && may_change { a.button href=(address(&format!("/evidence/{}/edit", current.id), frame.selection)) { "Edit" } }
    };
    layout::page(frame, &current.content.title, &action, &body)
}

/// Takes it out of what counts, or lets it count again.
fn withdrawal(current: &Evidence, reason: &str, wrong: &Wrong) -> Markup {
    html! {
        section.card #withdraw {
            @if current.withdrawn.is_some() {
                h2 { "Take the withdrawal back" }
                p.explain { "It counts again from then on, as long as it has not expired." }
                form method="post" action=(format!("/evidence/{}/restore", current.id)) {
                    input type="hidden" name="seen" value=(current.version);
                    button.quiet { "Let it count again" }
                }
            } @else {
                h2 { "Withdraw" }
                p.explain { "For evidence that should not have counted. It stays here with the reason. What has only grown old needs no withdrawal: it expires." }
                form.fields method="post" action=(format!("/evidence/{}/withdraw", current.id)) {
                    input type="hidden" name="seen" value=(current.version);
                    label { span { "Why" } textarea name="reason" rows="2" required maxlength=(Evidence::REASON_LIMIT) aria-invalid=[invalid(&wrong.faults, "reason")] aria-describedby=[described_by(&wrong.faults, "reason")] { (reason) } }
                    (field_faults(&wrong.faults, "reason"))
                    button.quiet { "Withdraw it" }
                }
            }
        }
    }
}

fn facts(frame: &Frame<'_>, subjects: &EvidenceSubjects, content: &EvidenceContent) -> Markup {
    html! {
        dl.clauses {
            @if !content.link.is_empty() { dt { "Link" } dd { (link(&content.link)) } }
            dt { "True on" } dd { (calendar_day(content.recorded_on)) }
            dt { "Expires" } dd { (end(content.expires_on)) }
            @if !content.reviewer.is_empty() { dt { "Reviewed by" } dd { (content.reviewer) } }
            dt { "Of" } dd { (team_links(subjects, &content.teams, usize::MAX)) }
            dt { "For" } dd { (activity_links(subjects, &content.activities, usize::MAX, frame.selection)) }
            @if !content.text.is_empty() { dt { "Text" } dd { p.plain-text { (content.text) } } }
        }
    }
}

/// A link into the web; anything else, which cannot be recorded, would stay a text.
fn link(address: &str) -> Markup {
    let lower = address.to_lowercase();
    html! {
        @if lower.starts_with("https://") || lower.starts_with("http://") { a href=(address) rel="noreferrer" { (address) } } @else { (address) }
    }
}

/// What became of it, the latest first.
fn versions(subjects: &EvidenceSubjects, versions: &[Evidence]) -> Markup {
    let before = std::iter::once(None).chain(versions.iter().map(Some));
    let mut changes: Vec<(Option<&Evidence>, &Evidence)> = before.zip(versions).collect();
    changes.reverse();
    html! {
        section.card #history {
            h2 { "History" }
            div.table-wrap {
                table.stack.history {
                    thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } } }
                    tbody {
                        @for (before, after) in changes {
                            tr {
                                th.date scope="row" { (day(after.at)) " " small { (after.at.format("%H:%M")) } }
                                td data-name="Who" { (after.by) }
                                td {
                                    @match before {
                                        None => "Added",
                                        Some(before) => ul.plain { @for aspect in before.differences(after) { li { (difference(subjects, aspect, before, after)) } } },
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

/// What one version has in place of what the one before had.
fn difference(subjects: &EvidenceSubjects, aspect: Aspect, before: &Evidence, after: &Evidence) -> Markup {
    let (old, new) = (&before.content, &after.content);
    let team = |id: &TeamId| subjects.team(*id).map_or_else(|| id.to_string(), |team| team.name.to_string());
    let activity = |id: &ActivityId| subjects.name_of(id).to_owned();
    match aspect {
        Aspect::Withdrawal => html! {
            @match &after.withdrawn { Some(reason) => { "Withdrawn: " span.plain-text { (reason) } }, None => "Withdrawal taken back" }
        },
        Aspect::Title => replaced("Title", &old.title, &new.title),
        Aspect::Link => replaced("Link", &old.link, &new.link),
        Aspect::Text => {
            html! { details { summary { "Text changed; before:" } p.plain-text.quiet { @if old.text.is_empty() { "none" } @else { (old.text) } } } }
        }
        Aspect::RecordedOn => {
            html! { "True on: " s { (calendar_day(old.recorded_on)) } " → " (calendar_day(new.recorded_on)) }
        }
        Aspect::ExpiresOn => html! { "Expires: " s { (end(old.expires_on)) } " → " (end(new.expires_on)) },
        Aspect::Reviewer => replaced("Reviewed by", &old.reviewer, &new.reviewer),
        Aspect::Teams => added_and_removed("Teams", &old.teams, &new.teams, &team),
        Aspect::Activities => added_and_removed("Activities", &old.activities, &new.activities, &activity),
    }
}

fn replaced(name: &str, old: &str, new: &str) -> Markup {
    let shown = |text: &str| html! { @if text.is_empty() { span.quiet { "none" } } @else { (text) } };
    html! { (name) ": " s { (shown(old)) } " → " (shown(new)) }
}

fn added_and_removed<T: PartialEq>(title: &str, old: &[T], new: &[T], name: &dyn Fn(&T) -> String) -> Markup {
    let names =
        |of: &[T], without: &[T]| -> Vec<String> { of.iter().filter(|one| !without.contains(one)).map(name).collect() };
    let (added, removed) = (names(new, old), names(old, new));
    html! {
        (title) ": "
        @if !added.is_empty() { "added " (added.join(", ")) }
        @if !added.is_empty() && !removed.is_empty() { "; " }
        @if !removed.is_empty() { "removed " s { (removed.join(", ")) } }
    }
}

/// The page on which evidence is added.
pub(in crate::web) fn add(
    frame: &Frame<'_>,
    subjects: &EvidenceSubjects,
    today: NaiveDate,
    entered: &Entered,
    wrong: &Wrong,
) -> Markup {
    let body = html! {
        section.card {
            form.fields.wide method="post" action="/evidence" {
                (fields(frame, subjects, today, entered, wrong))
                div.actions { button { "Add the evidence" } a href=(back(frame, entered, "/evidence")) { "Back without saving" } }
            }
        }
    };
    layout::page(frame, "What shows it?", &html! {}, &body)
}

/// The page on which evidence is changed. After a conflict it shows what is recorded now as well.
pub(in crate::web) fn edit(
    frame: &Frame<'_>,
    history: &EvidenceHistory,
    today: NaiveDate,
    entered: &Entered,
    wrong: &Wrong,
) -> Markup {
    let EvidenceHistory { current, subjects, .. } = history;
    let own = format!("/evidence/{}", current.id);
    let body = html! {
        section.card {
            form.fields.wide method="post" action=(own) {
                input type="hidden" name="seen" value=(current.version);
                (fields(frame, subjects, today, entered, wrong))
                div.actions { button { "Save" } a href=(back(frame, entered, &own)) { "Back without saving" } }
            }
        }
        @if wrong.refused.is_some() {
            section.card #recorded {
                h2 { "What is recorded now" }
                p.explain { "By " (current.by) " on " (day(current.at)) ". What you entered is in the form above; saving it replaces this." }
                p { strong { (current.content.title) } }
                (facts(frame, subjects, &current.content))
            }
        }
    };
    let question = format!("What has changed about “{}”?", current.content.title);
    layout::page(frame, &question, &html! {}, &body)
}

fn back(frame: &Frame<'_>, entered: &Entered, usual: &str) -> String {
    if entered.back.is_empty() { address(usual, frame.selection) } else { entered.back.clone() }
}

fn fields(
    frame: &Frame<'_>,
    subjects: &EvidenceSubjects,
    today: NaiveDate,
    entered: &Entered,
    wrong: &Wrong,
) -> Markup {
    let faults = &wrong.faults[..];
    html! {
        @if let Some(message) = &wrong.refused { div.notice.bad role="alert" { p { (message) "." } } }
        @if !faults.is_empty() {
            div.notice.bad role="alert" { p { "Nothing is saved yet: " (faults.len()) @if faults.len() == 1 { " field needs" } @else { " fields need" } " a correction. What you entered is still here." } }
        }
        @if !entered.back.is_empty() { input type="hidden" name="back" value=(entered.back); }
        (line(faults, "title", html! { "What it is" }, html! { input type="text" name="title" value=(entered.title) required maxlength=(EvidenceContent::TITLE_LIMIT) autocomplete="off" aria-invalid=[invalid(faults, "title")] aria-describedby=[described_by(faults, "title")]; }))
        (line(faults, "link", html! { "Where it is " small { "(https://…, may be left empty)" } }, html! { input type="text" inputmode="url" name="link" value=(entered.link) maxlength=(EvidenceContent::LINK_LIMIT) autocomplete="off" aria-invalid=[invalid(faults, "link")] aria-describedby=[described_by(faults, "link")]; }))
        (line(faults, "text", html! { "What it says " small { "(may be left empty)" } }, html! { textarea name="text" rows="5" maxlength=(EvidenceContent::TEXT_LIMIT) aria-invalid=[invalid(faults, "text")] aria-describedby=[described_by(faults, "text")] { (entered.text) } }))
        div.field-row {
            div { (line(faults, "recorded_on", html! { "True on" }, html! { input type="date" name="recorded_on" value=(entered.recorded_on) required max=(today) aria-invalid=[invalid(faults, "recorded_on")] aria-describedby=[described_by(faults, "recorded_on")]; })) }
            div { (line(faults, "expires_on", html! { "Expires on " small { "(empty: never)" } }, html! { input type="date" name="expires_on" value=(entered.expires_on) aria-invalid=[invalid(faults, "expires_on")] aria-describedby=[described_by(faults, "expires_on")]; })) }
            div { (line(faults, "reviewer", html! { "Reviewed by " small { "(may be left empty)" } }, html! { input type="text" name="reviewer" value=(entered.reviewer) maxlength=(EvidenceContent::REVIEWER_LIMIT) autocomplete="off" aria-invalid=[invalid(faults, "reviewer")] aria-describedby=[described_by(faults, "reviewer")]; })) }
        }
        p.explain { "“True on” is the day of the scan or the meeting, not of entering it here. From the day on which it expires the answers that rest on it alone are stale; " (NOTICE_DAYS) " days before, Cairn begins to warn." }
        (teams(frame, subjects, entered, faults))
        (activities(subjects, entered, faults))
    }
}

/// A field with its name before and what is wrong with it after it.
fn line(faults: &[FieldFault], field: &str, name: Markup, control: Markup) -> Markup {
    html! { label { span { (name) } (control) } (field_faults(faults, field)) }
}

fn invalid(faults: &[FieldFault], field: &str) -> Option<&'static str> {
    described_by(faults, field).map(|_| "true")
}

/// The teams that whoever asks may assess. One that is not assessed any more is offered only where it is
/// chosen already.
fn teams(frame: &Frame<'_>, subjects: &EvidenceSubjects, entered: &Entered, faults: &[FieldFault]) -> Markup {
    let is_chosen = |team: &Team| entered.teams.contains(&team.id);
    let offered: Vec<&Team> = subjects
        .teams
        .iter()
        .filter(|team| frame.may_for(Action::Assess, team) && (team.retired_at.is_none() || is_chosen(team)))
        .collect();
    html! {
        fieldset.checks aria-describedby=[described_by(faults, "team")] {
            legend { "Teams it is for" }
            @if offered.is_empty() {
                p.quiet {
                    @if !subjects.teams.is_empty() { "There is no team that you assess." }
                    @else if frame.may(Action::ManageTeams) { "There is no team yet; " a href="/teams" { "add one" } " first." }
                    @else { "There is no team yet." }
                }
            }
            @for team in offered {
                label { input type="checkbox" name="team" value=(team.id) checked[is_chosen(team)]; span { (team.name) } }
            }
        }
        (field_faults(faults, "team"))
    }
}

/// The activities: the chosen ones first, the others of the catalog in use by its parts.
fn activities(subjects: &EvidenceSubjects, entered: &Entered, faults: &[FieldFault]) -> Markup {
    let mut seen = HashSet::new();
    let chosen: Vec<&ActivityId> = entered.activities.iter().filter(|id| seen.insert(*id)).collect();
    let others = subjects.catalogs.first();
    html! {
        fieldset.checks.activities aria-describedby=[described_by(faults, "activity")] {
            legend { "Activities it is for" }
            @if chosen.is_empty() { p.quiet { "None is chosen yet; open a dimension and tick what it shows." } }
            @for id in chosen { (choice(id, subjects.name_of(id), subjects.activity(id), true)) }
            @if let Some(catalog) = others {
                @for dimension in catalog.dimensions() { (choices(catalog, dimension, &entered.activities)) }
            }
        }
        (field_faults(faults, "activity"))
    }
}

fn choices(catalog: &Catalog, dimension: &Dimension, chosen: &[ActivityId]) -> Markup {
    let of_parts: Vec<(&str, Vec<&Activity>)> = dimension
        .sub_dimensions
        .iter()
        .map(|sub| {
            let all = sub.activities().map(|index| catalog.activity(index));
            (sub.name.as_str(), all.filter(|activity| !chosen.contains(&activity.id)).collect())
        })
        .collect();
    let number: usize = of_parts.iter().map(|(_, activities)| activities.len()).sum();
    html! {
        @if number > 0 {
            details {
                summary { (dimension.name) " " small { (number) } }
                @for (name, activities) in of_parts.iter().filter(|(_, activities)| !activities.is_empty()) {
                    h3 { (name) }
                    div.choice-columns { @for activity in activities { (choice(&activity.id, &activity.name, Some(activity), false)) } }
                }
            }
        }
    }
}

fn choice(id: &ActivityId, name: &str, activity: Option<&Activity>, is_chosen: bool) -> Markup {
    html! {
        label {
            input type="checkbox" name="activity" value=(id) checked[is_chosen];
            span { (name) @if let Some(activity) = activity { " " small { "level " (activity.level) } } }
        }
    }
}
