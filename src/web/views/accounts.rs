//! “Who can come in?”: accounts, what each may do, and who sees which teams.

use maud::{Markup, html};

use super::account;
use super::components::{self, Wrong, day, described_by, explained, field_faults, moment, shown_once};
use super::layout::{self, Frame, address};
use super::reach::{self, ChosenReach};
use crate::domain::access::{Role, Separation};
use crate::domain::account::{PasswordLink, Secret, Session, User};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::view::AccountsSeen;

/// The question that the page answers.
const QUESTION: &str = "Who can come in?";

/// What a person entered about an account.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// The name to sign in with.
    pub(in crate::web) name: String,
    /// What they are trusted with; `None`: nothing is chosen yet.
    pub(in crate::web) role: Option<Role>,
    /// The teams that it is about.
    pub(in crate::web) reach: ChosenReach,
}

/// The page of all accounts. `done`: what was done just now.
pub(in crate::web) fn list(
    frame: &Frame<'_>,
    seen: &AccountsSeen,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<&str>,
) -> Markup {
    let body = html! {
        @if done == Some("separation") { div.notice.good role="status" { p { "Saved. It holds from now on." } } }
        (wrong.notice())
        section.card {
            @if seen.users.is_empty() {
                p { "Nobody has an account yet. Add the first one below." }
            } @else {
                (table(frame, seen))
            }
        }
        section.card #add {
            h2 { "Add an account" }
            p.explain { "You get a link with which its owner sets the password; nobody else ever knows it." }
            form.fields.wide method="post" action="/admin/users" {
                label.narrow {
                    span { "Name" }
                    input type="text" name="name" value=(entered.name) required maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false" aria-invalid=[described_by(&wrong.faults, "name").map(|_| "true")] aria-describedby=[described_by(&wrong.faults, "name")];
                    small { "They sign in with it, and it stands with everything that they do. It stays as it is." }
                    (field_faults(&wrong.faults, "name"))
                }
                (rights(seen, entered, &wrong.faults))
                button { "Add the account" }
            }
        }
        (separation(seen.separation, &wrong.faults))
    };
    let action = html! { a.button href="#add" { "Add an account" } };
    layout::page(frame, QUESTION, &action, &body)
}

fn table(frame: &Frame<'_>, seen: &AccountsSeen) -> Markup {
    html! {
        div.table-wrap {
            table.stack.names {
                thead {
                    tr {
                        th scope="col" { "Name" }
                        th scope="col" { "Role" }
                        th scope="col" { "About" }
                        th scope="col" { "State" }
                        th scope="col" { "Last seen" }
                    }
                }
                tbody {
                    @for user in &seen.users {
                        tr.withdrawn[user.disabled_at.is_some()] {
                            th scope="row" {
                                a href=(address(&format!("/admin/users/{}", user.id), frame.selection)) { (user.name) }
                                @if is_own(frame, user) { " " span.state { "you" } }
                            }
                            td data-name="Role" { (role_name(user.role)) }
                            td data-name="About" { (reach::in_words(&user.reach, &seen.teams, &seen.groups)) }
                            td { (state(user)) }
                            td.date data-name="Last seen" { (last_seen(user)) }
                        }
                    }
                }
            }
        }
    }
}

/// The page of one account. `done`: what was done just now.
pub(in crate::web) fn account(
    frame: &Frame<'_>,
    user: &User,
    sessions: &[Session],
    seen: &AccountsSeen,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<&str>,
) -> Markup {
    let own = format!("/admin/users/{}", user.id);
    let body = html! {
        p.coverage { a href=(address("/admin/users", frame.selection)) { "Accounts" } " · " (state(user)) @if is_own(frame, user) { " · this is your own account" } }
        @if let Some(done) = done.and_then(done_in_words) { div.notice.good role="status" { p { (done) } } }
        (wrong.notice())
        dl.figures {
            div { dt { "Role" } dd.text { (role_name(user.role)) } }
            div { dt { "About" } dd.text { (reach::in_words(&user.reach, &seen.teams, &seen.groups)) } }
            div { dt { "Account since" } dd.text { (day(user.created_at)) } }
            div { dt { "Last seen" } dd.text { (last_seen(user)) } }
        }
        section.card #rights {
            h2 { "Role and teams" }
            form.fields.wide method="post" action=(own) {
                (components::seen(&user.rights()))
                (rights(seen, entered, &wrong.faults))
                button { "Save" }
            }
        }
        section.card #password {
            h2 { "Password" }
            @if user.disabled_at.is_some() {
                p.explain { "This account is disabled. Enable it first, then its owner can get a link." }
            } @else {
                p.explain {
                    "With a link its owner sets " (if user.has_password { "another" } else { "the" }) " password. It is valid for "
                    (PasswordLink::LIFETIME.num_hours()) " hours and works once; one that was made before opens nothing any more."
                    @if user.has_password { " The present password stays valid until then." }
                }
                form method="post" action=(format!("{own}/link")) { button.quiet { "Make a link" } }
            }
        }
        section.card #sessions {
            h2 { "Where " (user.name) " is signed in" }
            @if sessions.is_empty() {
                p.quiet { "Nowhere." }
            } @else {
                (account::table(sessions, None))
                div.card-foot { form method="post" action=(format!("{own}/sign-out")) { button.quiet { "Sign out everywhere" } } }
            }
        }
        (disabling(user, &own))
    };
    layout::page(frame, &format!("What may {} do?", user.name), &html! {}, &body)
}

/// Disables an account, or enables it again.
fn disabling(user: &User, own: &str) -> Markup {
    html! {
        section.card #disable {
            @if let Some(at) = user.disabled_at {
                h2 { "Disabled on " (day(at)) }
                p.explain { "Enabled again, its owner signs in with the password that they had." }
                form method="post" action=(format!("{own}/enable")) { button.quiet { "Enable the account" } }
            } @else {
                h2 { "Disable the account" }
                p.explain { "For somebody who left. They are signed out at once and cannot sign in any more. What they did stays under their name, and the account can be enabled again." }
                details.confirm {
                    summary { "Disable " (user.name) " …" }
                    form method="post" action=(format!("{own}/disable")) { button.quiet { "Disable the account" } }
                }
            }
        }
    }
}

/// The page with a link that is shown once. `base`: where the service is reached.
pub(in crate::web) fn link(frame: &Frame<'_>, user: &User, base: &str, secret: &Secret, is_new: bool) -> Markup {
    let body = html! {
        section.card.once {
            p.lead {
                @if is_new { strong { (user.name) } " has an account now. " } @else { "The link is made. " }
                "Whoever opens it sets the password of " (user.name) " and is signed in."
            }
            (shown_once("The link", &format!("{base}/welcome/{}", secret.reveal())))
            ul {
                li { "It is valid for " (PasswordLink::LIFETIME.num_hours()) " hours and works once." }
                li { "Give it to its owner over a channel you trust: whoever has it can come in as " (user.name) "." }
                li { "It is shown only now and kept nowhere. If it gets lost, make another." }
            }
            div.card-foot {
                a.button href="/admin/users" { "To the accounts" }
                a href=(format!("/admin/users/{}", user.id)) { "What " (user.name) " may do" }
            }
        }
    };
    layout::page(frame, &format!("How does {} come in?", user.name), &html! {}, &body)
}

/// Role and teams, as a part of a form.
fn rights(seen: &AccountsSeen, entered: &Entered, faults: &[FieldFault]) -> Markup {
    html! {
        fieldset.explained-choices aria-describedby=[described_by(faults, "role")] {
            legend { "What may they do?" }
            @for (word, role) in Role::NAMED {
                (explained("role", word, entered.role == Some(*role), role_name(*role), what_it_lets(*role)))
            }
        }
        (field_faults(faults, "role"))
        (reach::chooser("For which teams?", "Also such as are added later. For an administrator it is always all.", &entered.reach, &seen.teams, Some(&seen.groups), faults))
    }
}

/// Who sees which teams, as a form.
fn separation(present: Separation, faults: &[FieldFault]) -> Markup {
    html! {
        section.card #separation {
            h2 { "Who sees which teams?" }
            p.explain { "What somebody may change is always about their teams only. This is about what they see." }
            form.fields.wide method="post" action="/admin/separation" {
                (components::seen(&present))
                fieldset.explained-choices aria-describedby=[described_by(faults, "separation")] {
                    legend.visually-hidden { "Who sees which teams?" }
                    (explained("separation", Separation::Open.name(), present == Separation::Open, "Everybody sees all teams", "Teams learn from each other and can inherit answers; levels are those of the whole organization."))
                    (explained("separation", Separation::Separated.name(), present == Separation::Separated, "Everybody sees only their own teams", "Other teams are as good as not there, in lists, levels, exports and answers of the interface for programs. Administrators, and whoever is for all teams, see everything."))
                }
                (field_faults(faults, "separation"))
                button.quiet { "Save" }
            }
        }
    }
}

fn done_in_words(done: &str) -> Option<&'static str> {
    match done {
        "rights" => Some("Saved. It holds from the next page on that they open."),
        "signed-out" => Some("Signed out everywhere."),
        "disabled" => Some("The account is disabled, and signed out everywhere."),
        "enabled" => Some("The account is enabled again."),
        _ => None,
    }
}

fn is_own(frame: &Frame<'_>, user: &User) -> bool {
    frame.actor.user_id() == Some(user.id)
}

/// Whether the owner can come in, in a word.
fn state(user: &User) -> Markup {
    match (user.disabled_at, user.has_password) {
        (Some(_), _) => html! { span.state.expired { "Disabled" } },
        (None, true) => html! { span.state.done { "Active" } },
        (None, false) => html! { span.state.draft { "No password yet" } },
    }
}

fn last_seen(user: &User) -> Markup {
    html! { @match user.last_seen_at { Some(at) => (moment(at)), None => span.quiet { "never" } } }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Viewer",
        Role::Assessor => "Assessor",
        Role::Manager => "Manager",
        Role::Administrator => "Administrator",
    }
}

/// What a role lets somebody do, in a sentence.
fn what_it_lets(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Sees assessments and what follows from them.",
        Role::Assessor => "Also fills in and submits the assessments of their teams, and keeps their evidence.",
        Role::Manager => "Also changes their teams, and adds teams to their groups.",
        Role::Administrator => {
            "Does everything, for all teams: reopens assessments, changes settings and the catalog, lets people and programs in."
        }
    }
}
