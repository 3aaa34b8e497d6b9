//! “What does that mean for other standards?”: clauses, the activities that serve them, and how far they are.

use maud::{Markup, html};

use super::components::{activity_link, count, percent};
use super::downloads;
use super::evidence::clause_address;
use super::layout::{self, Frame, address, with_parameter};
use crate::domain::catalog::Catalog;
use crate::domain::mapping::{Clause, EvidenceCount, Standard};
use crate::domain::named::Named;
use crate::domain::standing::Overview;
use crate::domain::view::{ClausesSeen, Seen, Selection};

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<ClausesSeen>, standard: Standard) -> Markup {
    let Seen { view, catalog, content, .. } = seen;
    let body = html! {
        (layout::picker(frame, view, &choice(standard)))
        @match content {
            None => {
                section.card.empty {
                    p.lead { "There is nothing to map yet." }
                    p { "Clauses are as far as the activities that serve them. Submit an assessment first." }
                    p { a.button href=(address("/assessments", Selection { period: None, ..view.selection })) { "To the assessments" } }
                }
            }
            Some(ClausesSeen { overview, clauses }) => (table(frame, catalog, overview, clauses, standard)),
        }
    };
    let file = with_parameter(&address("/export/mappings", view.selection), "standard", standard.name());
    let action = html! { @if content.is_some() { (downloads::export("Mappings", &file)) } };
    layout::page(frame, "How far are other standards?", &action, &body)
}

fn choice(standard: Standard) -> Markup {
    html! {
        label {
            span { "for" }
            select name="standard" {
                @for (name, other) in Standard::NAMED { option value=(name) selected[*other == standard] { (other.title()) } }
            }
        }
    }
}

fn table(
    frame: &Frame<'_>,
    catalog: &Catalog,
    overview: &Overview,
    clauses: &[(Clause, EvidenceCount)],
    standard: Standard,
) -> Markup {
    html! {
        p.coverage {
            (count(clauses.len(), "clause", "clauses")) " of " (standard.title()) " as of " (overview.period)
            ". A clause is as far as the mean of the activities that serve it. That they serve a clause does not mean that they fulfil it: "
            "the mapping helps to find evidence, it is no certificate. "
            @if standard != Standard::Samm2 { "What a clause is about is said in words of our own; what it asks for stands in the standard." }
        }
        section.card {
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Clause" } th.num scope="col" { "Completion" } th.num scope="col" { "Evidence" } th scope="col" { "Activities that serve it" } } }
                    tbody {
                        @for (clause, evidence) in clauses {
                            tr id=(format!("c-{}", clause.id)) {
                                th scope="row" { (clause.id) @if let Some(about) = standard.about(&clause.id) { small.below { " " (about) } } }
                                td.num data-name="Completion" { @match clause.completion { Some(share) => (percent(share)), None => span.quiet { "n/a" } } }
                                td.num data-name="Evidence" {
                                    @if evidence.pieces == 0 { span.quiet { "none" } }
                                    @else {
                                        a href=(clause_address(frame.selection, standard, &clause.id)) { (count(evidence.pieces, "piece", "pieces")) span.visually-hidden { " of evidence for clause " (clause.id) } }
                                        small.below { " " (evidence.valid) " valid" }
                                    }
                                }
                                td {
                                    ul.plain {
                                        @for &index in &clause.activities {
                                            @let worth = overview.measures.get(index.position()).and_then(|measure| measure.worth);
                                            li {
                                                (activity_link(catalog, index, frame.selection)) " "
                                                small { @match worth { Some(worth) => (percent(worth / 100.0)), None => "n/a" } }
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
}
