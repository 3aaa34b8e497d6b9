//! “What may programs do?”: the tokens that they show instead of a password.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use super::components::{self, Wrong, count, day, described_by, explained, field_faults, moment, shown_once};
use super::layout::{self, Frame};
use super::reach::{self, ChosenReach};
use super::trust;
use crate::domain::access::TokenScope;
use crate::domain::account::{Secret, Token};
use crate::domain::catalog::ActivityId;
use crate::domain::named::Named;
use crate::domain::view::{AccountsSeen, TokenSeen};

/// What a person entered about a token.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// What it is for.
    pub(in crate::web) name: String,
    /// What it is trusted with; `None`: nothing is chosen yet.
    pub(in crate::web) scope: Option<TokenScope>,
    /// The teams that it is about.
    pub(in crate::web) reach: ChosenReach,
    /// For how many days it is valid.
    pub(in crate::web) days: String,
    /// The activities that it is trusted for.
    pub(in crate::web) trusted_for: Vec<ActivityId>,
}

/// The page of all tokens. `done`: what was done just now.
pub(in crate::web) fn list(
    frame: &Frame<'_>,
    seen: &AccountsSeen,
    now: DateTime<Utc>,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<&str>,
) -> Markup {
    let faults = &wrong.faults[..];
    let invalid = |field: &str| described_by(faults, field).map(|_| "true");
    let body = html! {
        @if done == Some("revoked") { div.notice.good role="status" { p { "The token is revoked. It opens nothing any more." } } }
        (wrong.notice())
        section.card {
            @if seen.tokens.is_empty() {
                p.lead { "No program has a token yet." }
                p { "A pipeline that sends answers, a dashboard that reads levels, a script that looks after teams: each gets a token of its own, for what it needs and no more. It sends it as " code { "Authorization: Bearer cairn_…" } "." }
            } @else {
                (table(seen, now))
            }
        }
        section.card #add {
            h2 { "Make a token" }
            form.fields.wide method="post" action="/admin/tokens" {
                label.narrow {
                    span { "What it is for" }
                    input type="text" name="name" value=(entered.name) required maxlength="100" autocomplete="off" aria-invalid=[invalid("name")] aria-describedby=[described_by(faults, "name")];
                    small { "It stands with everything that is done with it, as “token …”. Names are not used twice." }
                    (field_faults(faults, "name"))
                }
                fieldset.explained-choices aria-describedby=[described_by(faults, "scope")] {
                    legend { "What may it do?" }
                    @for (word, scope) in TokenScope::NAMED {
                        (explained("scope", word, entered.scope == Some(*scope), scope_name(*scope), what_it_lets(*scope)))
                    }
                }
                (field_faults(faults, "scope"))
                (reach::chooser("For which teams?", "Also such as are added later.", &entered.reach, &seen.teams, None, faults))
                (trust::chooser(&seen.catalog, &entered.trusted_for, faults))
                label.narrow {
                    span { "Valid for how many days?" }
                    input.short type="text" inputmode="numeric" name="days" value=(entered.days) required maxlength="5" autocomplete="off" aria-invalid=[invalid("days")] aria-describedby=[described_by(faults, "days")];
                    small { "At most " (Token::MOST_DAYS) ". Then it is replaced by a new one." }
                    (field_faults(faults, "days"))
                }
                button { "Make the token" }
            }
        }
    };
    let action = html! { a.button href="#add" { "Make a token" } };
    layout::page(frame, "What may programs do?", &action, &body)
}

fn table(seen: &AccountsSeen, now: DateTime<Utc>) -> Markup {
    html! {
        div.table-wrap {
            table.stack.names {
                thead {
                    tr {
                        th scope="col" { "For" }
                        th scope="col" { "May" }
                        th scope="col" { "About" }
                        th scope="col" { "State" }
                        th scope="col" { "Expires" }
                        th scope="col" { "Last used" }
                        th scope="col" { "Made by" }
                        th scope="col" { span.visually-hidden { "Action" } }
                    }
                }
                tbody { @for token in &seen.tokens { (row(token, seen, now)) } }
            }
        }
    }
}

fn row(token: &Token, seen: &AccountsSeen, now: DateTime<Utc>) -> Markup {
    let is_open = token.is_open_at(now);
    html! {
        tr.withdrawn[!is_open] {
            th scope="row" { a href=(format!("/admin/tokens/{}", token.id)) { (token.name) } }
            td data-name="May" {
                (scope_name(token.scope))
                @if !token.trusted_for.is_empty() { " " small.below { "trusted for " (count(token.trusted_for.len(), "activity", "activities")) } }
            }
            td data-name="About" { (reach::in_words(&token.reach, &seen.teams, &seen.groups)) }
            td {
                @match token.revoked_at {
                    Some(at) => { span.state.expired { "Revoked" } " " small.date { (day(at)) } },
                    None if is_open => span.state.done { "Valid" },
                    None => span.state { "Expired" },
                }
            }
            td.date data-name="Expires" { (day(token.expires_at)) }
            td.date data-name="Last used" {
                @match &token.last_used {
                    Some((at, from)) => { (moment(*at)) @if !from.is_empty() { " " small.below { "from " (from) } } },
                    None => span.quiet { "never" },
                }
            }
            td.by data-name="Made by" { (token.created_by) " " small.below { (day(token.created_at)) } }
            td.action {
                @if is_open {
                    details.confirm {
                        summary { "Revoke" span.visually-hidden { " the token " (token.name) } " …" }
                        form method="post" action=(format!("/admin/tokens/{}/revoke", token.id)) { button.quiet { "Revoke it for good" } }
                    }
                }
            }
        }
    }
}

/// The page of one token: what it may do, and what it is trusted for. `chosen`: what was chosen and could not be
/// recorded.
pub(in crate::web) fn one(
    frame: &Frame<'_>,
    seen: &TokenSeen,
    now: DateTime<Utc>,
    chosen: Option<&[ActivityId]>,
    wrong: &Wrong,
    done: Option<&str>,
) -> Markup {
    let token = &seen.token;
    let recorded: Vec<ActivityId> = token.trusted_for.iter().cloned().collect();
    let body = html! {
        p.coverage { a href="/admin/tokens" { "Tokens" } " · " (token.name) }
        @if done == Some("trusted") { div.notice.good role="status" { p { "Recorded: " (trust::in_words(recorded.len())) "." } } }
        (wrong.notice())
        section.card {
            h2 { "What it may do" }
            dl.clauses {
                dt { "May" } dd { (scope_name(token.scope)) ": " (what_it_lets(token.scope)) }
                dt { "About" } dd { (reach::in_words(&token.reach, &seen.teams, &[])) }
                dt { "Expires" } dd { (day(token.expires_at)) }
                dt { "Made" } dd { (day(token.created_at)) " by " (token.created_by) }
                @if let Some(at) = token.revoked_at { dt { "Revoked" } dd { (day(at)) } }
            }
        }
        section.card #trust {
            @if token.scope == TokenScope::Read {
                h2 { "What it is trusted for" }
                p { "It only reads, and proposes nothing." }
            } @else if !token.is_open_at(now) {
                h2 { "What it is trusted for" }
                p { "It opens nothing any more, and proposes nothing." }
            } @else {
                form.fields.wide method="post" action=(format!("/admin/tokens/{}", token.id)) {
                    @if wrong.refused.is_some() { p { "As it is now, " (trust::in_words(recorded.len())) "." } }
                    (components::seen(&token.trusted_for))
                    (trust::chooser(&seen.catalog, chosen.unwrap_or(&recorded), &wrong.faults))
                    button { "Record" }
                }
            }
        }
    };
    layout::page(frame, &format!("What may {} do?", token.name), &html! {}, &body)
}

/// The page with a token that is shown once. `base`: where the service is reached.
pub(in crate::web) fn made(
    frame: &Frame<'_>,
    name: &str,
    scope: TokenScope,
    days: i64,
    base: &str,
    secret: &Secret,
) -> Markup {
    let header = format!("-H \"Authorization: Bearer {}\"", secret.reveal());
    let example = match scope {
        TokenScope::Read | TokenScope::Administer => format!("curl {header} \\\n  {base}/export/levels.json"),
        TokenScope::Propose => format!(
            "curl {header} \\\n  --json '{{\"team\": \"TEAM\", \"activity\": \"ID\", \"status\": \"fully_implemented\"}}' \\\n  {base}/api/v1/proposals"
        ),
        TokenScope::Import => format!(
            "curl {header} \\\n  -H \"Content-Type: text/csv\" --data-binary @answers.csv \\\n  {base}/api/v1/imports"
        ),
    };
    let body = html! {
        section.card.once {
            p.lead { "Keep it now: it is shown only this once and kept nowhere." }
            (shown_once("The token", secret.reveal()))
            ul {
                li { "It is valid for " (days) " days. Whoever has it may do what it may do, so it belongs where your program keeps its secrets." }
                li { "If it gets lost, or into other hands, revoke it and make another." }
            }
            h2.form-part { "Try it" }
            pre { code { (example) } }
            div.card-foot { a.button href="/admin/tokens" { "To the tokens" } }
        }
    };
    layout::page(frame, &format!("How does {name} come in?"), &html! {}, &body)
}

fn scope_name(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Read => "Read",
        TokenScope::Propose => "Propose",
        TokenScope::Import => "Import",
        TokenScope::Administer => "Administer",
    }
}

/// What a scope lets a program do, in a sentence.
fn what_it_lets(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Read => "Sees what a viewer sees: levels, gaps, answers, exports.",
        TokenScope::Propose => {
            "Proposes answers and records evidence, and sees nothing of what is there. People decide, unless it is trusted. For pipelines."
        }
        TokenScope::Import => "Puts answers in, proposes some, and sees nothing of what is there. For pipelines.",
        TokenScope::Administer => {
            "Does what an administrator does. Limited to teams it does so for them only, and nothing that is about the whole."
        }
    }
}
