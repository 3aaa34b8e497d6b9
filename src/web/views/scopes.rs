//! “Of whom?”: all of whom a page can speak, to be searched.

use maud::{Markup, html};

use super::components::Part;
use super::layout::{self, Frame, address, with_parameter};
use crate::domain::listing::has_words;
use crate::domain::organization::{Group, ScopeId, Team};
use crate::domain::view::Selection;

/// How many teams a page shows.
const PAGE: usize = 100;

/// What is looked for, and for which page.
#[derive(Debug, Clone)]
pub(in crate::web) struct Asked {
    /// The path of the page that is to speak of somebody else.
    pub(in crate::web) path: String,
    /// What else its address says.
    pub(in crate::web) kept: Vec<(String, String)>,
    /// With all of these words in the name.
    pub(in crate::web) find: Option<String>,
}

impl Asked {
    /// An address with all that the page is asked besides whom it speaks of.
    fn with_kept(&self, address: String) -> String {
        self.kept.iter().fold(address, |address, (name, value)| with_parameter(&address, name, value))
    }

    /// The page, speaking of somebody.
    fn of(&self, scope: ScopeId) -> String {
        self.with_kept(address(&self.path, Selection { scope, period: None }))
    }

    /// This list, from one of its pages on.
    fn part(&self, number: usize) -> String {
        let here = self.with_kept(with_parameter("/scopes", "to", &self.path));
        let found = self.find.iter().fold(here, |address, words| with_parameter(&address, "find", words));
        with_parameter(&found, "page", &number.to_string())
    }

    fn takes(&self, name: &str) -> bool {
        self.find.as_ref().is_none_or(|words| has_words(name, words))
    }
}

/// The page with this number, from 1 on.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    teams: &[Team],
    groups: &[Group],
    asked: &Asked,
    number: usize,
) -> Markup {
    let groups: Vec<&Group> = groups.iter().filter(|group| asked.takes(group.name.as_str())).collect();
    let teams: Vec<&Team> = teams.iter().filter(|team| asked.takes(team.name.as_str())).collect();
    let part = Part::new(teams.len(), PAGE, number);
    let link = |scope: ScopeId, name: &str| {
        let is_present = frame.selection.scope == scope;
        html! { a href=(asked.of(scope)) aria-current=[is_present.then_some("true")] { (name) } }
    };
    let body = html! {
        form.picker method="get" action="/scopes" {
            input type="hidden" name="to" value=(asked.path);
            @for (name, value) in &asked.kept { input type="hidden" name=(name) value=(value); }
            label { span { "Search" } input type="search" name="find" value=[asked.find.as_ref()] maxlength="100"; }
            button { "Show" }
        }
        p { (link(ScopeId::Organization, "All teams together")) }
        @if !groups.is_empty() {
            section.card #groups {
                h2 { "Groups" }
                ul.plain.columns { @for group in groups { li { (link(ScopeId::Group(group.id), group.name.as_str())) } } }
            }
        }
        section.card #teams {
            h2 { "Teams" }
            @if teams.is_empty() { p.quiet { "No team is called like that." } }
            ul.plain.columns {
                @for team in part.of(&teams) {
                    li { (link(ScopeId::Team(team.id), team.name.as_str())) @if team.retired_at.is_some() { " " small { "retired" } } }
                }
            }
            (part.paging("Page", |number| asked.part(number)))
        }
    };
    layout::page(frame, "Of whom?", &html! {}, &body)
}
