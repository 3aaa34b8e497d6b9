//! The page that says what went wrong.

use maud::{Markup, html};

use super::layout::{self, Frame};
use crate::domain::access::Means;

/// A page for an error: what is wrong, and what to do. With the number of the request whoever runs the
/// service finds in the log what happened.
pub(in crate::web) fn page(frame: &Frame<'_>, status: u16, message: &str, hint: &str, number: Option<&str>) -> Markup {
    let body = html! {
        section.card.empty data-status=(status) {
            p.lead { @for (i, line) in message.lines().enumerate() { @if i > 0 { br; } (sentence(line)) } }
            p { (hint) }
            @if let Some(number) = number {
                p { "Give this number to whoever runs Cairn: " code { (number) } }
            }
            p.quiet { "Status " (status) }
            @match frame.actor.means() {
                Means::Nobody if status < 500 => p { a.button href="/sign-in" { "Sign in" } },
                _ => p { a.button href="/" { "To the dashboard" } },
            }
        }
    };
    let question = match status {
        404 => "Nothing here",
        409 => "Not as things are now",
        401 => "Who are you?",
        403 | 421 => "Not allowed",
        410 => "This link is over",
        500.. => "Cairn could not do it",
        _ => "That did not work",
    };
    match frame.actor.means() {
        Means::Nobody => layout::entrance(question, &body),
        _ => layout::page(frame, question, &html! {}, &body),
    }
}

/// A message with a capital letter and a full stop.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
