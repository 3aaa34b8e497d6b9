//! Which teams something is about: said in words, and chosen. Accounts and tokens share it.

use maud::{Markup, html};

use super::components::{count, described_by, explained, field_faults};
use crate::domain::access::Reach;
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Group, GroupId, Team, TeamId};

/// How many names stand in a row of a table.
const NAMED: usize = 3;

/// How many teams are shown at once; more are behind a summary until one of them is chosen.
const SHOWN: usize = 40;

/// The teams that a person chose.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct ChosenReach {
    /// Whether it is all of them; `None`: nothing is chosen yet.
    pub(in crate::web) everything: Option<bool>,
    /// Single teams.
    pub(in crate::web) teams: Vec<TeamId>,
    /// Groups, for what can be about groups.
    pub(in crate::web) groups: Vec<GroupId>,
}

impl ChosenReach {
    /// What is recorded, as a person would have chosen it.
    pub(in crate::web) fn of(reach: &Reach) -> Self {
        match reach {
            Reach::Everything => Self { everything: Some(true), ..Self::default() },
            Reach::Some { teams, groups } => Self {
                everything: Some(false),
                teams: teams.iter().copied().collect(),
                groups: groups.iter().copied().collect(),
            },
        }
    }
}

/// The teams as a cell of a table says them.
pub(super) fn in_words(reach: &Reach, teams: &[Team], groups: &[Group]) -> Markup {
    let Reach::Some { teams: chosen, groups: chosen_groups } = reach else { return html! { "all teams" } };
    let of_groups = groups.iter().filter(|group| chosen_groups.contains(&group.id));
    let of_groups = of_groups.map(|group| format!("the teams of {}", group.name));
    let single = teams.iter().filter(|team| chosen.contains(&team.id)).map(|team| team.name.to_string());
    let all: Vec<String> = of_groups.chain(single).collect();
    let rest = all.len().saturating_sub(NAMED);
    html! {
        @if all.is_empty() { span.quiet { "no team any more" } }
        @if rest > 0 {
            span title=(all.join(", ")) { (all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ")) " and " (rest) " more" }
        } @else {
            (all.join(", "))
        }
    }
}

/// Chooses all teams, or some of them. `groups` is `None` where it cannot be about groups.
pub(super) fn chooser(
    question: &str,
    all: &str,
    chosen: &ChosenReach,
    teams: &[Team],
    groups: Option<&[Group]>,
    faults: &[FieldFault],
) -> Markup {
    let some = if groups.is_some() { "Chosen teams and groups" } else { "Chosen teams" };
    let some_words = if groups.is_some() {
        "A group stands for the teams that are in it at the time, so that it need not be changed here when teams come and go."
    } else {
        "Nothing of any other team is seen or changed."
    };
    let is_chosen = |team: &Team| chosen.teams.contains(&team.id);
    // Who is retired is offered only where it is chosen already.
    let offered: Vec<&Team> = teams.iter().filter(|team| team.retired_at.is_none() || is_chosen(team)).collect();
    let is_open = offered.len() <= SHOWN || !chosen.teams.is_empty();
    html! {
        fieldset.explained-choices.reach aria-describedby=[described_by(faults, "reach")] {
            legend { (question) }
            (explained("reach", "all", chosen.everything == Some(true), "All teams", all))
            (explained("reach", "some", chosen.everything == Some(false), some, some_words))
            div.reach-list {
                @if let Some(groups) = groups.filter(|groups| !groups.is_empty()) {
                    h3 { "Groups" }
                    div.choice-columns {
                        @for group in groups {
                            label { input type="checkbox" name="group" value=(group.id) checked[chosen.groups.contains(&group.id)]; span { (group.name) } }
                        }
                    }
                }
                @if offered.is_empty() {
                    p.quiet { "There is no team yet." }
                } @else {
                    details open[is_open] {
                        summary { (count(offered.len(), "team", "teams")) }
                        div.choice-columns.long[offered.len() > SHOWN] {
                            @for team in offered {
                                label { input type="checkbox" name="team" value=(team.id) checked[is_chosen(team)]; span { (team.name) @if team.retired_at.is_some() { " " small { "retired" } } } }
                            }
                        }
                    }
                }
            }
        }
        (field_faults(faults, "reach"))
    }
}
