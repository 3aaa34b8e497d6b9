//! “Who is assessed?”: teams and groups.

use maud::{Markup, html};

use super::components::{Wrong, count, day, described_by, field_faults, seen};
use super::downloads;
use super::layout::{self, Frame, address};
use crate::domain::access::{Action, Reach};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Group, GroupId, ScopeId, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::view::{Reliance, Selection};

/// What a person entered.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// The name of the team.
    pub(in crate::web) name: String,
    /// Its description.
    pub(in crate::web) description: String,
    /// Its groups.
    pub(in crate::web) groups: Vec<GroupId>,
    /// The team that was added just now.
    pub(in crate::web) added: Option<TeamId>,
    /// The name of a new group.
    pub(in crate::web) group: String,
    /// A group with the name that it was to have.
    pub(in crate::web) renamed: Option<(GroupId, String)>,
}

/// The page of all teams and groups.
pub(in crate::web) fn list(
    frame: &Frame<'_>,
    teams: &[Team],
    groups: &[Group],
    current: Period,
    entered: &Entered,
    wrong: &Wrong,
) -> Markup {
    let faults = &wrong.faults;
    let may_add = frame.may_add_teams(groups);
    let may_group = frame.actor.may_for_all(Action::ManageTeams);
    let (retired, assessed): (Vec<&Team>, Vec<&Team>) = teams.iter().partition(|team| team.retired_at.is_some());
    let body = html! {
        (wrong.notice())
        @for team in teams.iter().filter(|team| Some(team.id) == entered.added && frame.may_for(Action::Assess, team)) { (welcome(team, current)) }
        section.card {
            h2 { (count(assessed.len(), "team", "teams")) }
            @if teams.is_empty() {
                p { "No team yet. A team is whatever you assess together: a group of people, or an application." }
                @if !may_add { p { "Whoever manages teams, or an administrator, adds the first one." } }
            } @else if assessed.is_empty() {
                p { "All teams are retired. Add one, or bring one back." }
            } @else {
                (table(frame, &assessed, groups))
            }
        }
        @if may_add {
            section.card #add {
                h2 { "Add a team" }
                form.fields method="post" action="/teams" { (fields(frame, groups, entered, faults, teams.is_empty())) button { "Add the team" } }
            }
        }
        @if !retired.is_empty() {
            section.card #retired {
                h2 { (count(retired.len(), "retired team", "retired teams")) }
                p.explain { "A retired team is not assessed any more. It counts up to and including the quarter in which it was retired, and its history stays." }
                (table(frame, &retired, groups))
            }
        }
        @if !teams.is_empty() || !groups.is_empty() {
            section.card #groups {
                h2 { "Groups" }
                p.explain { "A group is a set of teams that is looked at together, such as a department or everything that faces customers. A team may be in several." }
                @if may_group {
                    @for group in groups { (group_row(group, teams, entered, faults)) }
                    form.inline method="post" action="/groups" {
                        label { span { "Name of a new group" } input type="text" name="name" value=(entered.group) required maxlength="100"; }
                        button { "Add the group" }
                    }
                    (field_faults(faults, "group_name"))
                } @else if groups.is_empty() {
                    p.quiet { "There is none yet." }
                } @else {
                    ul.plain { @for group in groups { li.group-row { (group_link(group)) (members(group, teams)) } } }
                }
            }
        }
    };
    let action = html! {
        @if !teams.is_empty() { (downloads::table("teams", Selection::ORGANIZATION)) }
        @if !teams.is_empty() && may_add { a.button href="#add" { "Add a team" } }
    };
    layout::page(frame, "Who is assessed?", &action, &body)
}

fn table(frame: &Frame<'_>, teams: &[&Team], groups: &[Group]) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead { tr { th scope="col" { "Team" } th scope="col" { "Groups" } th scope="col" { span.visually-hidden { "Action" } } } }
                tbody {
                    @for team in teams {
                        tr {
                            th scope="row" {
                                a href=(address("/", Selection { scope: ScopeId::Team(team.id), period: None })) { (team.name) }
                                @if let Some(at) = team.retired_at { " " small { "retired on " (day(at)) ", counts up to " (Period::containing(at)) } }
                                @if !team.description.is_empty() { br; small { (team.description) } }
                            }
                            td { (group_names(team, groups)) }
                            td.action {
                                @let may_change = frame.may_for(Action::ManageTeams, team);
                                @if team.retired_at.is_some() && may_change { (bring_back(team)) " " }
                                a.button.quiet href=(format!("/teams/{}", team.id)) { @if may_change { "Edit" } @else { "View" } span.visually-hidden { " " (team.name) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn bring_back(team: &Team) -> Markup {
    html! {
        form method="post" action=(format!("/teams/{}/bring-back", team.id)) {
            button.quiet { "Bring back" span.visually-hidden { " " (team.name) } }
        }
    }
}

/// What to do with a team that was added just now.
fn welcome(team: &Team, current: Period) -> Markup {
    html! {
        div.notice.good role="status" {
            p { strong { (team.name) } " is added. Start with its assessment, or add the next team below." }
            form method="post" action="/assessments" {
                input type="hidden" name="team" value=(team.id);
                input type="hidden" name="period" value=(current);
                button { "Start the assessment for " (current) }
            }
        }
    }
}

/// The page of one team.
pub(in crate::web) fn edit(
    frame: &Frame<'_>,
    team: &Team,
    groups: &[Group],
    reliance: Option<&Reliance>,
    current: Period,
    entered: &Entered,
    wrong: &Wrong,
) -> Markup {
    let may_change = frame.may_for(Action::ManageTeams, team);
    let body = html! {
        (wrong.notice())
        @if may_change {
            @if wrong.refused.is_some() { (facts(team, groups, current)) }
            section.card {
                form.fields method="post" action=(format!("/teams/{}", team.id)) {
                    (seen(team))
                    (fields(frame, groups, entered, &wrong.faults, false))
                    div.actions { button { "Save" } a href="/teams" { "Back without saving" } }
                }
            }
        } @else {
            (facts(team, groups, current))
        }
        @if let Some(reliance) = reliance { (relying(team, reliance)) }
        @if may_change { (retirement(team, current)) }
    };
    let question = format!("Who is {}?", team.name);
    let of_team = Selection { scope: ScopeId::Team(team.id), period: None };
    let action = html! {
        @if frame.may_for(Action::Import, team) {
            a.button.quiet href=(address("/export/template.xlsx", of_team)) download { "Workbook to fill in" }
        }
    };
    layout::page(frame, &question, &action, &body)
}

/// What is recorded about a team, for those who may not change it, or were overtaken when they did.
fn facts(team: &Team, groups: &[Group], current: Period) -> Markup {
    html! {
        section.card {
            dl.clauses {
                dt { "Name" }
                dd { (team.name) }
                dt { "What it builds or runs" }
                dd { @if team.description.is_empty() { span.quiet { "not said" } } @else { (team.description) } }
                dt { "Groups" }
                dd { @if team.groups.is_empty() { span.quiet { "none" } } @else { (group_names(team, groups)) } }
                @if let Some(at) = team.retired_at {
                    dt { "Retired" }
                    dd { "on " (day(at)) ", counts up to " (Period::containing(at)) }
                }
            }
            div.card-foot {
                a.button href=(address("/", Selection { scope: ScopeId::Team(team.id), period: None })) { "Where it stands" }
                @if team.is_active_in(current) { a href=(address("/assessments", Selection { scope: ScopeId::Team(team.id), period: None })) { "Its assessment" } }
            }
        }
    }
}

/// Who inherits answers from the team, so that nobody changes one without knowing whom it concerns.
fn relying(team: &Team, reliance: &Reliance) -> Markup {
    html! {
        section.card #relying {
            h2 { "Who relies on it" }
            @if reliance.followers.is_empty() {
                p.explain { "No team inherits an answer from " (team.name) " in " (reliance.period) ". Where it provides something for others, they can inherit its answer on the page of the question." }
            } @else {
                p.explain { "In " (reliance.period) " these teams inherit answers from " (team.name) ". Their drafts follow when it changes one." }
                ul {
                    @for (follower, activities) in &reliance.followers {
                        li {
                            a href=(format!("/teams/{}", follower.id)) { (follower.name) } ": "
                            (count(activities.len(), "activity", "activities")) span.quiet { " (" (activities.join(", ")) ")" }
                        }
                    }
                }
            }
        }
    }
}

/// Takes a team out of assessment, or back in.
fn retirement(team: &Team, current: Period) -> Markup {
    html! {
        section.card #retire {
            @if let Some(at) = team.retired_at {
                h2 { "Retired on " (day(at)) }
                p.explain {
                    "It counts up to and including " (Period::containing(at)) ". When it is brought back it counts in every quarter again, as if it had never been retired."
                }
                (bring_back(team))
            } @else {
                h2 { "Retire the team" }
                p.explain {
                    "For a team or an application that does not exist any more. It still counts in " (current) "; from " (current.next())
                    " on it is not assessed and not missed. Its answers and its history stay, and it can be brought back."
                }
                details.confirm {
                    summary { "Retire " (team.name) " …" }
                    form method="post" action=(format!("/teams/{}/retire", team.id)) { button.quiet { "Retire the team" } }
                }
            }
        }
    }
}

/// Who does not manage all groups can choose among their own. The others that the team is in are sent along
/// as they are, so that saving does not take it out of them. The name of the first team there is waits for the keys.
fn fields(frame: &Frame<'_>, groups: &[Group], entered: &Entered, faults: &[FieldFault], is_first: bool) -> Markup {
    let reach = frame.actor.reach();
    let (own, others): (Vec<&Group>, Vec<&Group>) = groups.iter().partition(|group| reach.covers_group(group.id));
    let kept: Vec<&GroupId> = entered.groups.iter().filter(|id| !reach.covers_group(**id)).collect();
    let names = others.iter().filter(|group| kept.contains(&&group.id)).map(|group| group.name.to_string());
    let names = names.collect::<Vec<_>>().join(", ");
    html! {
        label { span { "Name" } input type="text" name="name" value=(entered.name) aria-invalid=[invalid(faults, "name")] aria-describedby=[described_by(faults, "name")] required maxlength="100" autocomplete="off" autofocus[is_first]; }
        (field_faults(faults, "name"))
        label { span { "What it builds or runs " small { "(may be left empty)" } } input type="text" name="description" value=(entered.description) aria-invalid=[invalid(faults, "description")] aria-describedby=[described_by(faults, "description")] maxlength="500"; }
        (field_faults(faults, "description"))
        @for id in &kept { input type="hidden" name="group" value=(id); }
        @if !own.is_empty() {
            fieldset.checks {
                legend { "Groups" }
                @for group in &own {
                    label { input type="checkbox" name="group" value=(group.id) checked[entered.groups.contains(&group.id)]; span { (group.name) } }
                }
            }
        }
        (field_faults(faults, "group"))
        @if *reach != Reach::Everything && !(own.is_empty() && names.is_empty()) {
            p.explain {
                @if !own.is_empty() { "These are the groups that you manage; a team that you add is in at least one of them. " }
                @if !names.is_empty() { "It is also in " (names) ", and stays there." }
            }
        }
    }
}

fn invalid(faults: &[FieldFault], field: &str) -> Option<&'static str> {
    described_by(faults, field).map(|_| "true")
}

fn group_link(group: &Group) -> Markup {
    html! { a href=(address("/", Selection { scope: ScopeId::Group(group.id), period: None })) { (group.name) } }
}

/// How many of the teams that are seen belong to a group.
fn members(group: &Group, teams: &[Team]) -> Markup {
    let of_group = teams.iter().filter(|team| team.groups.contains(&group.id));
    let (retired, members): (Vec<_>, Vec<_>) = of_group.partition(|team| team.retired_at.is_some());
    html! {
        span.quiet {
            (count(members.len(), "team", "teams"))
            @if !retired.is_empty() { ", " (retired.len()) " retired" }
        }
    }
}

fn group_names(team: &Team, groups: &[Group]) -> Markup {
    html! {
        @for (i, group) in groups.iter().filter(|group| team.groups.contains(&group.id)).enumerate() {
            @if i > 0 { ", " }
            (group_link(group))
        }
    }
}

fn group_row(group: &Group, teams: &[Team], entered: &Entered, faults: &[FieldFault]) -> Markup {
    let field = format!("group_name[{}]", group.id);
    let wanted = entered.renamed.as_ref().filter(|(id, _)| *id == group.id).map(|(_, name)| name.as_str());
    html! {
        div.group-row {
            form.inline method="post" action=(format!("/groups/{}", group.id)) {
                (seen(group))
                label { span.visually-hidden { "Name of the group" } input type="text" name="name" value=(wanted.unwrap_or(group.name.as_str())) aria-invalid=[invalid(faults, &field)] aria-describedby=[described_by(faults, &field)] required maxlength="100"; }
                button.quiet { "Rename" span.visually-hidden { " the group " (group.name) } }
            }
            (field_faults(faults, &field))
            (members(group, teams))
            details.confirm {
                summary { "Remove" span.visually-hidden { " the group " (group.name) } " …" }
                form method="post" action=(format!("/groups/{}/remove", group.id)) {
                    "Its teams and their answers stay. " button.quiet { "Remove the group" }
                }
            }
        }
    }
}
