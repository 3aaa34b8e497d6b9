//! How somebody comes in: signing in, making the first administrator, setting a password with a link.

use maud::{Markup, html};

use super::components::{described_by, field_faults};
use super::layout;
use crate::domain::account::User;
use crate::domain::fault::FieldFault;

/// What somebody entered, but for the password.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::web) struct Entered<'a> {
    /// The name.
    pub(in crate::web) name: &'a str,
    /// Where to go then.
    pub(in crate::web) next: &'a str,
}

/// The page to sign in on. `fault`: why it did not work.
pub(in crate::web) fn page(entered: &Entered<'_>, fault: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(fault) = fault {
            div.notice.bad role="alert" { p { (capital(fault)) "." } }
        }
        form.fields method="post" action="/sign-in" {
            label {
                span { "Name" }
                input type="text" name="name" value=(entered.name) autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[entered.name.is_empty()];
            }
            label {
                span { "Password" }
                input type="password" name="password" autocomplete="current-password" required autofocus[!entered.name.is_empty()];
            }
            @if entered.next != "/" { input type="hidden" name="next" value=(entered.next); }
            button { "Sign in" }
        }
        p.quiet { "Without an account, or without your password? An administrator gives you a link." }
    };
    layout::entrance("Sign in", &body)
}

/// What stands there while nobody can sign in.
pub(in crate::web) fn nobody_yet() -> Markup {
    let body = html! {
        p { "Nobody has an account yet. When the service was started it printed a link, to its terminal or its log; whoever opens that becomes the first administrator." }
        p { "Or on the machine itself:" }
        pre { code { "cairn user add NAME --role administrator" } }
    };
    layout::entrance("Not set up yet", &body)
}

/// The page on which the first administrator is made.
pub(in crate::web) fn set_up(name: &str, faults: &[FieldFault]) -> Markup {
    let body = html! {
        p { "Nobody has an account yet. Whoever sees this page becomes the first administrator, and lets the others in." }
        form.fields method="post" {
            label {
                span { "Name" }
                input type="text" name="name" value=(name) autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required autofocus aria-describedby=[described_by(faults, "name")];
                small { "You sign in with it, and it stands with everything that you do." }
                (field_faults(faults, "name"))
            }
            (new_password(faults))
            button { "Make me the administrator" }
        }
    };
    layout::entrance("Set up Cairn", &body)
}

/// The page on which the owner of an account sets its password.
pub(in crate::web) fn welcome(user: &User, faults: &[FieldFault]) -> Markup {
    let body = html! {
        p {
            @if user.has_password { "Set another password for your account. You are signed out everywhere else then." }
            @else { "An account was made for you. Set its password, then you are signed in." }
        }
        form.fields method="post" {
            label {
                span { "Name" }
                // Sent along for password managers.
                input type="text" name="name" value=(user.name) autocomplete="username" readonly;
            }
            (new_password(faults))
            button { "Set the password" }
        }
    };
    layout::entrance(&format!("Welcome, {}", user.name), &body)
}

/// The fields of a new password.
pub(super) fn new_password(faults: &[FieldFault]) -> Markup {
    html! {
        label {
            span { "New password" }
            input type="password" name="password" autocomplete="new-password" minlength=(User::PASSWORD_LEAST) maxlength=(User::PASSWORD_MOST) required aria-describedby=[described_by(faults, "password")];
            small { "At least " (User::PASSWORD_LEAST) " characters; a few words that do not belong together are good." }
            (field_faults(faults, "password"))
        }
        label {
            span { "New password, again" }
            input type="password" name="again" autocomplete="new-password" maxlength=(User::PASSWORD_MOST) required aria-describedby=[described_by(faults, "again")];
            (field_faults(faults, "again"))
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
