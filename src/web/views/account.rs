//! “Who am I here?”: one's own password and sessions.

use maud::{Markup, html};

use super::components::{described_by, field_faults, moment};
use super::layout::{self, Frame};
use super::sign_in::new_password;
use crate::domain::access::{Action, Role};
use crate::domain::account::{Session, SessionId, User};
use crate::domain::fault::FieldFault;

/// The page. `done`: what was done just now.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    user: &User,
    reach: &str,
    sessions: &[Session],
    done: Option<&str>,
    faults: &[FieldFault],
) -> Markup {
    let done = match done {
        Some("password") => Some("Your password is changed, and you are signed out everywhere else."),
        Some("sessions") => Some("You are signed out there."),
        _ => None,
    };
    let body = html! {
        @if let Some(done) = done { div.notice.good role="status" { p { (done) } } }
        section.card {
            h2 { (user.name) }
            p { (what_a_role_is(user.role)) @if user.role != Role::Administrator { " This is about: " strong { (reach) } "." } }
            @if frame.may(Action::ManageAccounts) {
                p.quiet { "This can be changed under " a href=(format!("/admin/users/{}", user.id)) { "Accounts" } "." }
            } @else {
                p.quiet { "An administrator can change this." }
            }
        }
        section.card #password {
            h2 { "Change the password" }
            form.fields method="post" action="/account/password" {
                // For password managers, which need to know whose password it is.
                input.visually-hidden type="text" name="name" value=(user.name) autocomplete="username" tabindex="-1" aria-hidden="true" readonly;
                label {
                    span { "Present password" }
                    input type="password" name="current" autocomplete="current-password" required aria-describedby=[described_by(faults, "current")];
                    (field_faults(faults, "current"))
                }
                (new_password(faults))
                button { "Change the password" }
            }
        }
        section.card #sessions {
            h2 { "Where you are signed in" }
            p.explain { "A session ends when it is not used for " (Session::IDLE.num_hours()) " hours, and after " (Session::LIFETIME.num_days()) " days in any case." }
            (table(sessions, frame.actor.session()))
            @if sessions.len() > 1 {
                form method="post" action="/account/sessions" { button.quiet { "Sign out everywhere else" } }
            }
        }
    };
    layout::page(frame, "Who am I here?", &html! {}, &body)
}

/// Open sessions; `present`: that of whoever looks, who can end the others.
pub(super) fn table(sessions: &[Session], present: Option<SessionId>) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead { tr { th scope="col" { "Browser" } th scope="col" { "Signed in" } th scope="col" { "Last used" } th scope="col" { "From" } @if present.is_some() { th scope="col" { span.visually-hidden { "Action" } } } } }
                tbody {
                    @for session in sessions {
                        tr {
                            th scope="row" { (browser(&session.browser)) @if Some(session.id) == present { " " small { "this one" } } }
                            td data-name="Signed in" { (moment(session.created_at)) }
                            td data-name="Last used" { (moment(session.last_seen_at)) }
                            td data-name="From" { (session.from) }
                            @if present.is_some() {
                                td.action {
                                    @if Some(session.id) != present {
                                        form method="post" action="/account/sessions" {
                                            input type="hidden" name="session" value=(session.id);
                                            button.quiet { "Sign out" span.visually-hidden { " there" } }
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
}

/// What a role lets somebody do, in a sentence.
pub(super) fn what_a_role_is(role: Role) -> &'static str {
    match role {
        Role::Viewer => "As a viewer you see assessments and what follows from them.",
        Role::Assessor => "As an assessor you fill in and submit assessments, and keep evidence.",
        Role::Manager => "As a manager you fill in and submit assessments, keep evidence, and add and change teams.",
        Role::Administrator => "As an administrator you may do everything.",
    }
}

/// What kind of browser it is, as far as it says so.
fn browser(agent: &str) -> String {
    let names =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&names), find(&systems)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        (None, _) if agent.is_empty() => "Unknown".to_owned(),
        (None, _) => agent.chars().take(40).collect(),
    }
}
