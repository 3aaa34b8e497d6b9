//! The reviews of a threat model and the changes of what it models: what was recorded, and the form for more.

use maud::{Markup, html};

use super::path;
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::freshness::{Freshness, NewRecord};
use crate::domain::threat_model::register::RecordKind;
use crate::domain::threat_model::seen::KeptModel;
use crate::web::views::components::calendar_day;

/// What was recorded, the latest first, and the way to record more.
/// `entered`: what was entered and could not be recorded.
pub(super) fn section(kept: &KeptModel, freshness: &Freshness, may_change: bool, entered: &Fields) -> Markup {
    html! {
        section.card #reviews {
            h2 { "Reviews and changes" }
            p.explain { "A review is due every " (freshness.interval_days) " days, and whenever what is modeled changes so much that somebody should look again. That a file is imported is no review." }
            @if kept.registered.records.is_empty() {
                p { "Nothing is recorded yet." }
            } @else {
                div.table-wrap {
                    table.stack {
                        thead { tr { th scope="col" { "On" } th scope="col" { "What" } th scope="col" { "Note" } th scope="col" { "Who took part" } th scope="col" { "Recorded by" } } }
                        tbody {
                            @for record in kept.registered.records.iter().rev() {
                                tr {
                                    th.date scope="row" { (calendar_day(record.on)) }
                                    td data-name="What" { @match record.kind { RecordKind::Review => "Review", RecordKind::SignificantChange => "Significant change" } }
                                    td data-name="Note" { span.plain-text { (record.note) } }
                                    td data-name="Who took part" { (record.participants) }
                                    td data-name="Recorded by" { (record.by) }
                                }
                            }
                        }
                    }
                }
            }
            @if may_change { (form(kept, entered)) }
        }
    }
}

/// The form to record a review or a change.
fn form(kept: &KeptModel, entered: &Fields) -> Markup {
    let to = path(kept.registered.id, "records");
    let today = kept.today.to_string();
    let of = |kind: &str, field: &str| {
        if entered.text("kind") == kind { entered.text(field).to_owned() } else { String::new() }
    };
    let on = |kind: &str| Some(of(kind, "on")).filter(|on| !on.is_empty()).unwrap_or_else(|| today.clone());
    html! {
        div.pair.no-print {
            form.fields method="post" action=(to) {
                h3 { "Somebody went through it" }
                input type="hidden" name="kind" value="review";
                label { span { "On" } input type="date" name="on" value=(on("review")) max=(today) required; }
                label { span { "Who took part " small { "(names)" } } input type="text" name="participants" value=(of("review", "participants")) maxlength=(NewRecord::PARTICIPANTS_LIMIT) autocomplete="off"; }
                label { span { "What was looked at " small { "(may be left empty)" } } textarea name="note" rows="2" maxlength=(NewRecord::NOTE_LIMIT) { (of("review", "note")) } }
                button { "Record the review" }
            }
            form.fields method="post" action=(to) {
                h3 { "What it models changed" }
                input type="hidden" name="kind" value="significant-change";
                label { span { "On" } input type="date" name="on" value=(on("significant-change")) max=(today) required; }
                label { span { "What changed" } textarea name="note" rows="2" required maxlength=(NewRecord::NOTE_LIMIT) { (of("significant-change", "note")) } }
                button.quiet { "Record the change" }
                p.quiet { "A new flow, store or boundary, another way to sign in, a new kind of data: a review is due from that day." }
            }
        }
    }
}
