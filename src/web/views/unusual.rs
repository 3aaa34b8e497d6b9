//! “What should somebody look at?”: what differs from the usual, with the innocent explanation beside it.

use maud::{Markup, html};

use super::components::{count, moment, moved, percent, score};
use super::downloads;
use super::layout::{self, Frame, address, scope_word, with_parameter};
use crate::domain::access::Action;
use crate::domain::organization::ScopeId;
use crate::domain::period::Period;
use crate::domain::unusual::{
    BULK_ANSWERS, BULK_MINUTES, BulkEdit, EVIDENCE_ONE_IN, NOT_APPLICABLE_POINTS, NOT_APPLICABLE_QUARTERS,
    NotApplicableGrowth, RISE_ACTIVITIES, RISE_SCORE, Rise, Unusual, Who,
};
use crate::domain::view::{Seen, Selection, View};

/// How many entries of a kind the page shows; the file has them all.
const SHOWN: usize = 100;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<Unusual>) -> Markup {
    let Seen { view, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &html! {}))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is nothing to look at yet." }
                    p { "What teams submit is compared with what they submitted before. Submit an assessment, and the list begins." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(unusual) => (lists(frame, view, unusual)),
        }
    };
    let action = html! { @if content.is_some() { (downloads::table("unusual", view.selection)) } };
    layout::page(frame, "What should somebody look at?", &action, &body)
}

fn lists(frame: &Frame<'_>, view: &View, unusual: &Unusual) -> Markup {
    let Unusual { overview, examined, rises, not_applicable, bulk } = unusual;
    let found = rises.len() + not_applicable.len() + bulk.len();
    html! {
        p.coverage {
            (overview.period) ": " (count(*examined, "assessment was", "assessments were")) " submitted and looked at"
            @let carried = overview.standings.len() - examined;
            @if carried > 0 { "; " (count(carried, "team that stands", "teams that stand")) " on an earlier quarter " @if carried == 1 { "is" } @else { "are" } " not" }
            ". " strong { @if found == 0 { "Nothing is unusual." } @else { (count(found, "entry", "entries")) "." } }
        }
        div.notice role="note" {
            p {
                strong { "To be looked at, not accused. " }
                "What stands here differs from what is usual, no more. Mostly there is a good reason, and asking the team for it is all that is needed."
            }
        }
        section.card #rises {
            h2 { "Large rises without evidence" }
            p.explain {
                "A score that rose by " (format!("{RISE_SCORE:.1}")) " or more since the assessment before, or " (RISE_ACTIVITIES)
                " or more activities that became fully implemented, where fewer than one in " (EVIDENCE_ONE_IN) " of the raised answers have valid evidence."
            }
            p.explain { (innocent()) "the work was done and nobody has recorded what shows it, or the assessment before was too modest." }
            @if rises.is_empty() { p.quiet { "None." } } @else { (rise_table(view, overview.period, rises)) }
        }
        section.card #not-applicable {
            h2 { "A growing share of not applicable" }
            p.explain {
                "The share of the answers that say an activity does not apply rose by " (NOT_APPLICABLE_POINTS) " percentage points or more since the assessment before, or in each of the last "
                (NOT_APPLICABLE_QUARTERS) " quarters."
            }
            p.explain { (innocent()) "the team gave a part of its work to others, changed what it runs on, or has gone through reasons that it had put off." }
            @if not_applicable.is_empty() { p.quiet { "None." } } @else { (growth_table(overview.period, not_applicable)) }
        }
        section.card #bulk {
            h2 { "Many answers just before the submission" }
            p.explain {
                (BULK_ANSWERS) " or more answers that were recorded within the last " (BULK_MINUTES)
                " minutes before the submission. What was carried over from the quarter before does not count."
            }
            p.explain { (innocent()) "the answers were agreed on elsewhere, in a meeting or a spreadsheet, and entered or imported in one go." }
            @if bulk.is_empty() { p.quiet { "None." } } @else { (bulk_table(frame, view, bulk)) }
        }
    }
}

fn innocent() -> Markup {
    html! { strong { "Usually innocent: " } }
}

/// The team with the way to its assessment.
fn who(who: &Who) -> Markup {
    html! { a href=(format!("/assessments/{}", who.assessment)) { (who.name) } }
}

/// Where the answers of a team are compared with those of a quarter before.
fn difference(who: &Who, now: Period, before: Period) -> Markup {
    let team = scope_word(ScopeId::Team(who.team));
    html! { a href=(format!("/compare?a={team}&a_period={now}&b={team}&b_period={before}")) { "What differs" span.visually-hidden { " at " (who.name) } } }
}

fn more(all: usize) -> Markup {
    html! { @if all > SHOWN { p.quiet { "The first " (SHOWN) " of " (all) "; the files have them all." } } }
}

fn rise_table(view: &View, period: Period, rises: &[Rise]) -> Markup {
    let one_team = view.selection.scope.is_team();
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Team" }
                        th.num scope="col" { "Score before" }
                        th.num scope="col" { "Score" }
                        th.num scope="col" { "Raised" }
                        th.num scope="col" { "To fully implemented" }
                        th.num scope="col" { "With valid evidence" }
                        th scope="col" { span.visually-hidden { "Look closer" } }
                    }
                }
                tbody {
                    @for rise in rises.iter().take(SHOWN) {
                        tr {
                            th scope="row" { (who(&rise.who)) }
                            td.num data-name="Score before" { (score(rise.before)) small.below { " " (rise.since) } }
                            td.num data-name="Score" { (score(rise.now)) " " span.below { (moved(rise.now, rise.before)) } }
                            td.num data-name="Raised" { (count(rise.raised.len(), "answer", "answers")) }
                            td.num data-name="To fully implemented" { (rise.to_full) }
                            td.num data-name="With valid evidence" { (rise.with_evidence) " of " (rise.raised.len()) }
                            td.action { (difference(&rise.who, period, rise.since)) }
                        }
                    }
                }
            }
        }
        (more(rises.len()))
        @if one_team { p { a href=(address("/evidence", view.selection)) { "To the evidence" } } }
    }
}

fn growth_table(period: Period, growths: &[NotApplicableGrowth]) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Team" }
                        th.num scope="col" { "Not applicable" }
                        th.num scope="col" { "Share" }
                        th scope="col" { "Before" }
                        th scope="col" { span.visually-hidden { "Look closer" } }
                    }
                }
                tbody {
                    @for growth in growths.iter().take(SHOWN) {
                        @if let Some((now, first)) = growth.ends() {
                            tr {
                                th scope="row" { (who(&growth.who)) }
                                td.num data-name="Not applicable" { (now.not_applicable) " of " (now.asked) }
                                td.num data-name="Share" { (points(now.of_all())) }
                                td data-name="Before" {
                                    @for (i, share) in growth.shares.iter().skip(1).enumerate() {
                                        @if i > 0 { ", " }
                                        span.date { (points(share.of_all())) " in " (share.assessed) }
                                    }
                                }
                                td.action { (difference(&growth.who, period, first.assessed)) }
                            }
                        }
                    }
                }
            }
        }
        (more(growths.len()))
    }
}

/// A share in percent with a digit after the point, since small shares are compared.
fn points(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn bulk_table(frame: &Frame<'_>, view: &View, bulk: &[BulkEdit]) -> Markup {
    let may_audit = frame.may(Action::Audit);
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Team" }
                        th.num scope="col" { "Answers" }
                        th.num scope="col" { "In" }
                        th scope="col" { "By" }
                        th scope="col" { "Submitted" }
                        @if may_audit { th scope="col" { span.visually-hidden { "Look closer" } } }
                    }
                }
                tbody {
                    @for edit in bulk.iter().take(SHOWN) {
                        tr {
                            th scope="row" { (who(&edit.who)) }
                            td.num data-name="Answers" { (edit.answers) " of " (edit.of) small.below { " " (percent(edit.answers as f64 / edit.of.max(1) as f64)) } }
                            td.num data-name="In" { (count(edit.minutes() as usize, "minute", "minutes")) }
                            td data-name="By" { (edit.by.join(", ")) }
                            td data-name="Submitted" { (moment(edit.submitted)) }
                            @if may_audit { td.action { a href=(record(view, &edit.who)) { "Audit record" span.visually-hidden { " of " (edit.who.name) } } } }
                        }
                    }
                }
            }
        }
        (more(bulk.len()))
    }
}

/// Where the audit record says what was done to an assessment.
fn record(view: &View, who: &Who) -> String {
    let period = view.period.map(|period| format!(" {period}")).unwrap_or_default();
    with_parameter("/admin/audit", "text", &format!("{}{period}", who.name))
}
