//! The page that says what went wrong.

use std::borrow::Cow;

use maud::{Markup, html};

use super::layout::{self, Frame};
use crate::domain::access::Means;

/// A page for an error: what is wrong, and what to do. With the number of the request whoever runs the
/// service finds in the log what happened. `latest` is the address of the same page at the latest quarter, where one
/// was asked for that is not shown.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    status: u16,
    message: &str,
    hint: &str,
    number: Option<&str>,
    latest: Option<&str>,
) -> Markup {
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
                _ if latest.is_some() => p { a.button href=[latest] { "Show the latest quarter" } },
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

/// A message with a capital letter and a full stop. What programs send as a period, people know as a quarter.
fn sentence(message: &str) -> String {
    let message = message.strip_prefix("period: ").map_or(Cow::from(message), |rest| format!("quarter: {rest}").into());
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
