//! “Which teams have targets of their own?”: the target profiles, and which team has which.

use maud::{Markup, html};

use super::components::{Part, Wrong, described_by, field_faults};
use super::layout::{self, Frame, address, with_parameter};
use super::stages::{effects, invalid, level_choice, listed};
use crate::domain::access::Action;
use crate::domain::fault::FieldFault;
use crate::domain::listing::has_words;
use crate::domain::organization::{Group, GroupId, Team, TeamId};
use crate::domain::roadmap::change::{ProfileInput, RoadmapInput, RoadmapPreview, RoadmapSeen, target_field};
use crate::domain::roadmap::profiles::{Profile, ProfileId};
use crate::domain::roadmap::{Roadmap, StageNumber};

/// The question that the page answers.
const QUESTION: &str = "Which teams have targets of their own?";

/// How many teams a page shows.
const PAGE: usize = 100;

/// The profiles, with the teams that are seen.
pub(in crate::web) struct Profiles<'a> {
    /// The stages and profiles.
    pub(in crate::web) seen: &'a RoadmapSeen,
    /// The teams that are seen, in the order of their names.
    pub(in crate::web) teams: &'a [Team],
    /// The groups that are seen.
    pub(in crate::web) groups: &'a [Group],
}

impl Profiles<'_> {
    /// How many of the teams that are seen and assessed have a profile.
    fn with(&self, id: ProfileId) -> usize {
        let has = |team: &&Team| team.retired_at.is_none() && self.profile_of(team.id) == Some(id);
        self.teams.iter().filter(has).count()
    }

    fn profile_of(&self, team: TeamId) -> Option<ProfileId> {
        self.seen.roadmaps.profile_of(team).map(|profile| profile.id)
    }
}

/// Which teams are shown; nothing: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct TeamFilter {
    /// Those of this group.
    pub(in crate::web) group: Option<GroupId>,
    /// Those with all of these words in their name, whatever their case.
    pub(in crate::web) text: Option<String>,
    /// Those with this profile; the inner `None`: with the organization's targets.
    pub(in crate::web) profile: Option<Option<ProfileId>>,
}

impl TeamFilter {
    /// The wanted teams that are assessed.
    pub(in crate::web) fn apply<'a>(&self, profiles: &Profiles<'a>) -> Vec<&'a Team> {
        let words = self.text.as_deref().unwrap_or_default();
        let is_wanted = |team: &&Team| {
            team.retired_at.is_none()
                && self.group.is_none_or(|group| team.groups.contains(&group))
                && has_words(team.name.as_str(), words)
                && self.profile.is_none_or(|profile| profiles.profile_of(team.id) == profile)
        };
        profiles.teams.iter().filter(is_wanted).collect()
    }

    /// The address of the page with this filter.
    pub(in crate::web) fn address(&self) -> String {
        let group = self.group.map(|group| ("of", group.to_string()));
        let text = self.text.clone().map(|text| ("q", text));
        let profile = self.profile.map(|profile| ("profile", word(profile)));
        let all = group.into_iter().chain(text).chain(profile);
        all.fold("/roadmap/profiles".to_owned(), |address, (name, value)| with_parameter(&address, name, &value))
    }
}

/// The word of a profile in forms and addresses.
fn word(profile: Option<ProfileId>) -> String {
    profile.map_or_else(|| "none".to_owned(), |id| id.0.to_string())
}

/// The page of all profiles and of the teams that have them, with the part of these that has this number, from 1 on.
pub(in crate::web) fn list(
    frame: &Frame<'_>,
    profiles: &Profiles<'_>,
    filter: &TeamFilter,
    part: usize,
    done: Option<&str>,
    wrong: &Wrong,
) -> Markup {
    let may_change = frame.may(Action::ManageRoadmap);
    let count = profiles.seen.roadmaps.profiles().len();
    let body = html! {
        @match done {
            Some("assigned") => div.notice.good role="status" { p { "The teams have these targets from now on." } },
            Some("removed") => div.notice.good role="status" { p { "The profile is removed. Its teams have the targets of the organization." } },
            Some(_) => div.notice.good role="status" { p { "The profile is saved." } },
            None => {},
        }
        (wrong.notice())
        section.card {
            h2 { "The target profiles" }
            p.explain {
                "A profile has target levels of its own, for teams of which more or less is asked than of all: such as what only is used inside, "
                "what everybody can reach, or what holds sensitive data. Stages, goals and dates are the same for all."
            }
            @if count == 0 {
                p { "There is none yet: all teams have the targets of the organization." }
            } @else {
                (table(frame, profiles))
            }
        }
        @if count > 0 { (assignment(frame, profiles, filter, part, &wrong.faults)) }
    };
    let action = html! {
        @if may_change { a.button href="/roadmap/profiles/new" { "Add a profile" } }
        a.button.quiet href=(address("/roadmap/stages", frame.selection)) { "The stages" }
    };
    layout::page(frame, QUESTION, &action, &body)
}

/// The profiles with their targets.
fn table(frame: &Frame<'_>, profiles: &Profiles<'_>) -> Markup {
    let roadmaps = &profiles.seen.roadmaps;
    let may_change = frame.may(Action::ManageRoadmap);
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Profile" }
                        th.num scope="col" { "Teams" }
                        th scope="col" { "What differs from the organization" }
                        @if may_change { th scope="col" { span.visually-hidden { "Action" } } }
                    }
                }
                tbody {
                    @for (profile, roadmap) in roadmaps.profiles() {
                        tr {
                            th scope="row" { (profile.name) }
                            td.num data-name="Teams" {
                                a href=(format!("{}#teams", TeamFilter { profile: Some(Some(profile.id)), ..TeamFilter::default() }.address())) {
                                    (profiles.with(profile.id)) span.visually-hidden { " with the profile " (profile.name) }
                                }
                            }
                            td data-name="What differs" { (differences(roadmaps.organization(), roadmap)) }
                            @if may_change {
                                td.action { a.button.quiet href=(format!("/roadmap/profiles/{}", profile.id.0)) { "Change" span.visually-hidden { " " (profile.name) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where two roadmaps with the same stages have other targets.
fn differences(organization: &Roadmap, own: &Roadmap) -> Markup {
    let mut all = Vec::new();
    for (ours, theirs) in organization.stages().iter().zip(own.stages()) {
        let differing = theirs.targets.iter().filter(|(dimension, target)| ours.target(dimension) != **target);
        let differing: Vec<_> = differing.collect();
        if !differing.is_empty() {
            all.push((&theirs.name, ours, differing));
        }
    }
    html! {
        @if all.is_empty() { span.quiet { "nothing yet" } }
        ul.plain {
            @for (stage, ours, differing) in &all {
                li {
                    (stage) ": "
                    @for (i, (dimension, target)) in differing.iter().enumerate() {
                        @if i > 0 { ", " } (dimension) " " strong { (target) } " " small { "instead of " (ours.target(dimension)) }
                    }
                }
            }
        }
    }
}

/// Which team has which profile, and giving some of them another.
fn assignment(
    frame: &Frame<'_>,
    profiles: &Profiles<'_>,
    filter: &TeamFilter,
    part: usize,
    faults: &[FieldFault],
) -> Markup {
    let may_change = frame.may(Action::ManageRoadmap);
    let found = filter.apply(profiles);
    let part = Part::new(found.len(), PAGE, part);
    let shown: Vec<&&Team> = part.of(&found);
    html! {
        section.card #teams {
            h2 { "Which team has which" }
            (narrow(profiles, filter))
            @if shown.is_empty() {
                p { "No team is like that. " a href="/roadmap/profiles#teams" { "Show all teams" } }
            } @else if may_change {
                form method="post" action="/roadmap/profiles/teams" {
                    input type="hidden" name=(RoadmapInput::SEEN) value=(profiles.seen.roadmaps.fingerprint());
                    @if let Some(group) = filter.group { input type="hidden" name="of" value=(group); }
                    @if let Some(text) = &filter.text { input type="hidden" name="q" value=(text); }
                    @if let Some(profile) = filter.profile { input type="hidden" name="with" value=(word(profile)); }
                    (team_table(profiles, &shown, true))
                    (field_faults(faults, "team"))
                    div.card-foot.inline {
                        label {
                            span { "Which" }
                            select name="which" {
                                option value="ticked" { "The teams that are ticked" }
                                option value="found" { @if found.len() == 1 { "The one team found" } @else { "All " (found.len()) " teams found" } }
                            }
                        }
                        label {
                            span { "get" }
                            select name="profile" aria-invalid=[invalid(faults, "profile")] aria-describedby=[described_by(faults, "profile")] {
                                @for (profile, _) in profiles.seen.roadmaps.profiles() { option value=(profile.id.0) { (profile.name) } }
                                option value="none" { "the organization's targets" }
                            }
                        }
                        button { "Give them these targets" }
                    }
                    (field_faults(faults, "profile"))
                }
            } @else {
                (team_table(profiles, &shown, false))
            }
            (part.paging("Part", |number| format!("{}#teams", with_parameter(&filter.address(), "page", &number.to_string()))))
        }
    }
}

fn team_table(profiles: &Profiles<'_>, shown: &[&&Team], can_be_ticked: bool) -> Markup {
    let groups = |team: &Team| -> String {
        let of_team = profiles.groups.iter().filter(|group| team.groups.contains(&group.id));
        of_team.map(|group| group.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    html! {
        div.table-wrap {
            table.stack {
                thead { tr { th scope="col" { "Team" } th scope="col" { "Groups" } th scope="col" { "Targets" } } }
                tbody {
                    @for team in shown {
                        tr {
                            th scope="row" {
                                @if can_be_ticked { label.pick { input type="checkbox" name="team" value=(team.id); span { (team.name) } } } @else { (team.name) }
                            }
                            td data-name="Groups" { (groups(team)) }
                            td data-name="Targets" {
                                @match profiles.seen.roadmaps.profile_of(team.id) {
                                    Some(profile) => (profile.name),
                                    None => span.quiet { "the organization's" },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Narrows the list of teams down.
fn narrow(profiles: &Profiles<'_>, filter: &TeamFilter) -> Markup {
    html! {
        form.picker method="get" action="/roadmap/profiles#teams" {
            label { span { "Search" } input type="search" name="q" value=[filter.text.as_ref()] maxlength="100" size="16"; }
            @if !profiles.groups.is_empty() {
                label {
                    span { "Group" }
                    select name="of" {
                        option value="" { "all" }
                        @for group in profiles.groups { option value=(group.id) selected[filter.group == Some(group.id)] { (group.name) } }
                    }
                }
            }
            label {
                span { "Targets" }
                select name="profile" {
                    option value="" { "any" }
                    option value="none" selected[filter.profile == Some(None)] { "the organization's" }
                    @for (profile, _) in profiles.seen.roadmaps.profiles() {
                        option value=(profile.id.0) selected[filter.profile == Some(Some(profile.id))] { (profile.name) }
                    }
                }
            }
            button { "Narrow down" }
        }
    }
}

/// What is shown above the form of a profile.
pub(in crate::web) enum Above<'a> {
    /// Nothing.
    Nothing,
    /// What is wrong with what was entered.
    Wrong(&'a Wrong),
    /// What it would do.
    Preview(&'a RoadmapPreview),
}

/// The page of one profile, or of a new one.
pub(in crate::web) fn edit(
    frame: &Frame<'_>,
    seen: &RoadmapSeen,
    profile: Option<&Profile>,
    entered: &ProfileInput,
    above: &Above<'_>,
) -> Markup {
    let faults: &[FieldFault] = if let Above::Wrong(wrong) = above { &wrong.faults } else { &[] };
    let body = html! {
        @match above {
            Above::Nothing => {},
            Above::Wrong(wrong) => (wrong.notice()),
            Above::Preview(preview) => (previewed(profile, entered, preview)),
        }
        (form(seen, profile, entered, faults))
        @if let Some(profile) = profile { (removal(profile, seen)) }
    };
    let question = match profile {
        Some(profile) => format!("What is asked of {}?", profile.name),
        None => "What is asked of some teams?".to_owned(),
    };
    let action = html! { a.button.quiet href=(address("/roadmap/profiles", frame.selection)) { "All profiles" } };
    layout::page(frame, &question, &action, &body)
}

fn path(profile: Option<&Profile>) -> String {
    format!("/roadmap/profiles/{}", profile.map_or("new".to_owned(), |profile| profile.id.0.to_string()))
}

fn previewed(profile: Option<&Profile>, entered: &ProfileInput, preview: &RoadmapPreview) -> Markup {
    html! {
        @if preview.changes_something() {
            section.card #preview {
                h2 { "What would change" }
                p.explain { "Nothing is changed yet. What the stages ask of the teams with this profile changes; a new profile has no teams until you give it some." }
                (effects(preview))
                form.card-foot method="post" action=(path(profile)) {
                    // What is saved is what was shown, whatever was entered below meanwhile.
                    input type="hidden" name=(RoadmapInput::SEEN) value=(entered.seen);
                    input type="hidden" name="name" value=(entered.name);
                    @for ((stage, dimension), level) in &entered.targets { input type="hidden" name=(target_field(stage.0, dimension)) value=(level); }
                    button name="do" value="apply" { "Save the profile" }
                    a href="/roadmap/profiles" { "Leave everything as it is" }
                }
            }
        } @else {
            div.notice role="status" { p { "This is how it is already: nothing would change." } }
        }
    }
}

fn form(seen: &RoadmapSeen, profile: Option<&Profile>, entered: &ProfileInput, faults: &[FieldFault]) -> Markup {
    let organization = seen.roadmaps.organization();
    let stages = || (1..).map(StageNumber).zip(organization.stages());
    let entered_at = |number: StageNumber, dimension: &str| {
        entered.targets.get(&(number, dimension.to_owned())).cloned().unwrap_or_default()
    };
    html! {
        section.card {
            form method="post" action=(path(profile)) {
                input type="hidden" name=(RoadmapInput::SEEN) value=(entered.seen);
                div.fields {
                    label {
                        span { "Name" }
                        input type="text" name="name" value=(entered.name) maxlength="100" autocomplete="off" required
                            aria-invalid=[invalid(faults, "name")] aria-describedby=[described_by(faults, "name")];
                    }
                    (field_faults(faults, "name"))
                }
                h2.form-part { "The target levels" }
                p.explain {
                    "Choose a level where something else is asked of these teams than of the organization. Targets never fall from one stage to the next: "
                    "where nothing is chosen and the stage before asks for more, that holds."
                }
                div.table-wrap {
                    table.stack.entries.targets {
                        thead { tr { th scope="col" { "Dimension" } @for (_, stage) in stages() { th.wrap scope="col" { (stage.name) } } } }
                        tbody {
                            @for dimension in &seen.dimensions.asked {
                                tr {
                                    th scope="row" { (dimension) }
                                    @for (number, stage) in stages() {
                                        td data-name=(stage.name) {
                                            @let field = target_field(number.0, dimension);
                                            @let blank = format!("as all: {}", stage.target(dimension));
                                            (level_choice(&field, &entered_at(number, dimension), Some(&blank), &format!("{dimension}, {}", stage.name), faults))
                                            (field_faults(faults, &field))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                @if !seen.dimensions.kept.is_empty() {
                    p.explain { "The catalog in use does not have " (listed(&seen.dimensions.kept)) "; such targets are kept as they are." }
                    @for dimension in &seen.dimensions.kept {
                        @for (number, _) in stages() { input type="hidden" name=(target_field(number.0, dimension)) value=(entered_at(number, dimension)); }
                    }
                }
                div.card-foot { button name="do" value="preview" { "Show what would change" } }
            }
        }
    }
}

fn removal(profile: &Profile, seen: &RoadmapSeen) -> Markup {
    html! {
        section.card #remove {
            h2 { "Remove the profile" }
            p.explain { "The teams that have it get the targets of the organization. Their answers stay." }
            details.confirm {
                summary { "Remove " (profile.name) " …" }
                form method="post" action=(format!("{}/remove", path(Some(profile)))) {
                    input type="hidden" name=(RoadmapInput::SEEN) value=(seen.roadmaps.fingerprint());
                    button.quiet { "Remove the profile" }
                }
            }
        }
    }
}
