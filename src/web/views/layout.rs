//! What stands around every page: head, navigation, the picker of scope and quarter.

use maud::{DOCTYPE, Markup, html};

use crate::domain::access::{Action, Actor, Means, Reach};
use crate::domain::organization::{Group, ScopeId, Team};
use crate::domain::period::Period;
use crate::domain::view::{Selection, View};
use crate::web::assets;

/// What a page needs to know about its surroundings.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Frame<'a> {
    /// The path of the page.
    pub(in crate::web) path: &'a str,
    /// What becomes of a demo when the program stops, where it is one.
    pub(in crate::web) demo: Option<&'a str>,
    /// Who looks at it.
    pub(in crate::web) actor: &'a Actor,
    /// Of whom and when the pages speak; links keep it.
    pub(in crate::web) selection: Selection,
}

impl Frame<'_> {
    /// Whether the one who looks may do something, for some team at least; what they may not is not offered.
    pub(super) fn may(&self, action: Action) -> bool {
        self.actor.may(action)
    }

    /// Whether they may do it for this team.
    pub(super) fn may_for(&self, action: Action, team: &Team) -> bool {
        self.actor.may_for(action, team)
    }

    /// Whether they may make plans for all of a scope.
    pub(super) fn may_plan(&self, scope: ScopeId, teams: &[Team]) -> bool {
        match scope {
            ScopeId::Organization => self.actor.may_for_all(Action::Plan),
            ScopeId::Group(group) => self.may(Action::Plan) && self.actor.reach().covers_group(group),
            ScopeId::Team(id) => teams.iter().any(|team| team.id == id && self.may_for(Action::Plan, team)),
        }
    }

    /// Whether they may add a team: to any of these groups at least, where they do not manage all teams.
    pub(super) fn may_add_teams(&self, groups: &[Group]) -> bool {
        let reach = self.actor.reach();
        self.may(Action::ManageTeams)
            && (*reach == Reach::Everything || groups.iter().any(|group| reach.covers_group(group.id)))
    }
}

/// A page in the navigation: path and name, and what one must be allowed to see it.
type Link = (&'static str, &'static str, Action);

/// The pages in the navigation, in groups with their names.
const PAGES: [(Option<&str>, &[Link]); 5] = [
    (
        None,
        &[
            ("/", "Dashboard", Action::View),
            ("/assessments", "Assessments", Action::View),
            ("/gaps", "Gaps", Action::View),
            ("/evidence", "Evidence", Action::View),
            ("/threat-models", "Threat models", Action::View),
        ],
    ),
    (
        Some("Maturity"),
        &[
            ("/heatmap", "Heatmap", Action::View),
            ("/trend", "Trend", Action::View),
            ("/portfolio", "Portfolio", Action::View),
            ("/compare", "Compare", Action::View),
            ("/unusual", "Unusual", Action::View),
            ("/report", "Report", Action::View),
        ],
    ),
    (Some("Transformation"), &[("/roadmap", "Roadmap", Action::View), ("/roadmap/plans", "Plans", Action::View)]),
    (
        Some("Foundations"),
        &[
            ("/teams", "Teams", Action::View),
            ("/catalog", "Catalog", Action::View),
            ("/mappings", "Mappings", Action::View),
            ("/settings", "Settings", Action::View),
            ("/api/docs", "API", Action::View),
        ],
    ),
    (
        Some("Administration"),
        &[
            ("/admin/users", "Accounts", Action::ManageAccounts),
            ("/admin/tokens", "Tokens", Action::ManageAccounts),
            ("/admin/audit", "Audit record", Action::Audit),
            ("/admin/backups", "Backups", Action::Operate),
        ],
    ),
];

/// A path with the selection as every view takes it: `?team=3&period=2026-Q4`.
pub(in crate::web) fn address(path: &str, selection: Selection) -> String {
    let scope = match selection.scope {
        ScopeId::Organization => None,
        ScopeId::Group(id) => Some(format!("group={id}")),
        ScopeId::Team(id) => Some(format!("team={id}")),
    };
    let period = selection.period.map(|period| format!("period={period}"));
    let query: Vec<String> = scope.into_iter().chain(period).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// An address with one more parameter.
pub(in crate::web) fn with_parameter(address: &str, name: &str, value: &str) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{}={}", encoded(name), encoded(value))
}

/// A text as a part of an address: everything unusual in it is encoded.
pub(in crate::web) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// A whole page. `question` is what the page answers, and its title.
pub(super) fn page(frame: &Frame<'_>, question: &str, action: &Markup, body: &Markup) -> Markup {
    paper(frame, question, None, action, body)
}

/// A whole page that is made to be printed: `running` stands at the top of each sheet. The style sheet can read
/// it from the root only.
pub(super) fn paper(
    frame: &Frame<'_>,
    question: &str,
    running: Option<&str>,
    action: &Markup,
    body: &Markup,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-running=[running] {
            (head(question))
            body {
                a.skip href="#main" { "Skip to the content" }
                (navigation(frame))
                main #main tabindex="-1" {
                    @if let Some(fate) = frame.demo {
                        p.banner role="note" {
                            strong { "Demo. " }
                            "A made-up organization to look around in. You act as its administrator, and " (fate) "."
                        }
                    }
                    header.page-head {
                        h1 { (question) }
                        div.actions { (action) }
                    }
                    (body)
                }
            }
        }
    }
}

fn navigation(frame: &Frame<'_>) -> Markup {
    let is_signed_in = matches!(frame.actor.means(), Means::User(..));
    html! {
        header.side {
            a.brand href=(address("/", frame.selection)) {
                img src=(assets::address("cairn.svg")) alt="" width="28" height="28";
                span { "Cairn" }
            }
            // On wide screens the list is beside the page; on narrow ones behind this summary.
            nav.menu aria-label="Pages" {
                details {
                    summary { "Menu" }
                    (links(frame))
                    @if is_signed_in { (account(frame)) }
                }
            }
            nav.pages aria-label="Pages" { (links(frame)) }
            @if is_signed_in { (account(frame)) }
            p.side-foot { "OWASP DSOMM, quarter after quarter" }
        }
    }
}

fn links(frame: &Frame<'_>) -> Markup {
    html! {
        @for (name, pages) in PAGES {
            @if let Some(pages) = list_of(frame, pages) {
                @if let Some(name) = name { p.group { (name) } }
                (pages)
            }
        }
    }
}

/// The pages that may be seen; `None` where there is none.
fn list_of(frame: &Frame<'_>, pages: &[Link]) -> Option<Markup> {
    let is_in = |path: &str| match path {
        "/" => frame.path == "/",
        _ => frame.path == path || frame.path.starts_with(&format!("{path}/")),
    };
    // Of pages below each other, the one that is nearest.
    let here = pages.iter().map(|(path, ..)| *path).filter(|path| is_in(path)).max_by_key(|path| path.len());
    let seen: Vec<_> = pages.iter().filter(|(.., action)| frame.may(*action)).collect();
    (!seen.is_empty()).then(|| {
        html! {
            ul {
                @for (path, name, _) in seen {
                    li { a href=(address(path, frame.selection)) aria-current=[(here == Some(*path)).then_some("page")] { (name) } }
                }
            }
        }
    })
}

/// Who is signed in, and the way out.
fn account(frame: &Frame<'_>) -> Markup {
    html! {
        div.account {
            a href="/account" aria-current=[(frame.path == "/account").then_some("page")] {
                span.visually-hidden { "Your account: " } span.who { (frame.actor.name()) }
            }
            form method="post" action="/sign-out" { button.quiet { "Sign out" } }
        }
    }
}

/// A page for somebody who is not signed in: the brand, a question and a form.
pub(super) fn entrance(question: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(question))
            body.entrance {
                main #main {
                    p.brand { img src=(assets::address("cairn.svg")) alt="" width="36" height="36"; span { "Cairn" } }
                    section.card { h1 { (question) } (body) }
                    p.quiet { "OWASP DSOMM, quarter after quarter" }
                }
            }
        }
    }
}

fn head(question: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (question) " · Cairn" }
            link rel="stylesheet" href=(assets::address("cairn.css"));
            link rel="icon" type="image/svg+xml" href=(assets::address("cairn.svg"));
        }
    }
}

/// The selection as hidden fields of a form that chooses something else.
pub(super) fn kept(selection: Selection) -> Markup {
    html! {
        @match selection.scope {
            ScopeId::Organization => {},
            ScopeId::Group(id) => input type="hidden" name="group" value=(id);,
            ScopeId::Team(id) => input type="hidden" name="team" value=(id);,
        }
        @if let Some(period) = selection.period { input type="hidden" name="period" value=(period); }
    }
}

/// A scope in one word, as the picker sends it: `team-3`, `group-1`, or nothing for the organization.
pub(in crate::web) fn scope_word(scope: ScopeId) -> String {
    match scope {
        ScopeId::Organization => String::new(),
        ScopeId::Group(id) => format!("group-{id}"),
        ScopeId::Team(id) => format!("team-{id}"),
    }
}

/// Up to how many teams are listed in the head of each page; more are chosen on a page of their own.
const LISTED: usize = 50;

/// Chooses of whom and when the page speaks, and what else the page lets choose.
pub(super) fn picker(frame: &Frame<'_>, view: &View, more: &Markup) -> Markup {
    let chosen = view.selection;
    let is_long = view.teams.len() > LISTED;
    html! {
        form.picker method="get" action=(frame.path) {
            @if is_long {
                span { "Of " strong { (view.scope.name) } }
                (kept(Selection { period: None, ..chosen }))
            } @else {
                label { span { "Of" } select name="scope" { (scope_options(view, chosen.scope)) } }
            }
            label { span { "as of" } select name="period" { (period_options(view, chosen.period, view.period)) } }
            (more)
            button { "Show" }
            // It is the last, since a form is sent by its first button when somebody presses Enter.
            @if is_long { button.quiet formaction="/scopes" name="to" value=(frame.path) { "Another team or group" } }
        }
        // A printed page has no picker, and must say of whom it speaks.
        p.print-only { (view.scope.name) @if let Some(period) = view.period { ", " (period) } }
    }
}

/// Everybody of whom a page can speak, as the options of a choice.
pub(super) fn scope_options(view: &View, chosen: ScopeId) -> Markup {
    let option =
        |scope: ScopeId, name: &str| html! { option value=(scope_word(scope)) selected[chosen == scope] { (name) } };
    html! {
        (option(ScopeId::Organization, if view.is_limited { "Your teams" } else { "Organization" }))
        @if !view.groups.is_empty() {
            optgroup label="Groups" {
                @for group in &view.groups { (option(ScopeId::Group(group.id), group.name.as_str())) }
            }
        }
        @for (label, is_retired) in [("Teams", false), ("Retired teams", true)] {
            @let teams: Vec<_> = view.teams.iter().filter(|team| team.retired_at.is_some() == is_retired).collect();
            @if !teams.is_empty() {
                optgroup label=(label) {
                    @for team in teams { (option(ScopeId::Team(team.id), team.name.as_str())) }
                }
            }
        }
    }
}

/// The quarters as the options of a choice; `latest` is the one that is meant when none is chosen.
pub(super) fn period_options(view: &View, chosen: Option<Period>, latest: Option<Period>) -> Markup {
    html! {
        option value="" selected[chosen.is_none()] {
            "Latest" @if let (None, Some(period)) = (chosen, latest) { " (" (period) ")" }
        }
        @if let Some(period) = chosen.filter(|period| !view.periods.contains(period)) { option selected { (period) } }
        @for period in &view.periods { option selected[chosen == Some(*period)] { (period) } }
    }
}

impl maud::Render for crate::domain::organization::Name {
    fn render_to(&self, buffer: &mut String) {
        self.as_str().render_to(buffer);
    }
}

impl maud::Render for Period {
    fn render_to(&self, buffer: &mut String) {
        // Digits, a hyphen and a Q need no escaping.
        buffer.push_str(&self.to_string());
    }
}
