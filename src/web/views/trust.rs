//! The activities for which what a token proposes needs no person: said in words, and chosen.

use maud::{Markup, html};

use super::components::{count, described_by, field_faults};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::FieldFault;

/// How far a token is trusted.
pub(super) fn in_words(activities: usize) -> String {
    match activities {
        0 => "what it proposes waits for a person".to_owned(),
        some => format!("it is trusted for {}", count(some, "activity", "activities")),
    }
}

/// Chooses activities, part by part. What the catalog does not have any more stays chosen until it is taken out.
pub(super) fn chooser(catalog: &Catalog, chosen: &[ActivityId], faults: &[FieldFault]) -> Markup {
    let is_chosen = |id: &ActivityId| chosen.contains(id);
    let gone: Vec<&ActivityId> = chosen.iter().filter(|id| catalog.find(id).is_none()).collect();
    let choice = |id: &ActivityId, name: &str| {
        html! { label { input type="checkbox" name="trust" value=(id) checked[is_chosen(id)]; span { (name) } } }
    };
    html! {
        fieldset.explained-choices.trust aria-describedby=[described_by(faults, "trust")] {
            legend { "For which activities is it trusted?" }
            p.explain {
                "What a program proposes waits for a person. For the activities that are chosen here it goes straight into the draft of the quarter, "
                "and says that it was detected. Choose only what a program can tell better than people."
            }
            details open[!chosen.is_empty() || described_by(faults, "trust").is_some()] {
                summary { @if chosen.is_empty() { "For none" } @else { "For " (count(chosen.len(), "activity", "activities")) } }
                @for dimension in catalog.dimensions() {
                    @for sub in &dimension.sub_dimensions {
                        @let any = sub.activities().any(|index| is_chosen(&catalog.activity(index).id));
                        details.part open[any] {
                            summary { (dimension.name) " · " (sub.name) }
                            div.choice-columns { @for index in sub.activities() { (choice(&catalog.activity(index).id, &catalog.activity(index).name)) } }
                        }
                    }
                }
                @if !gone.is_empty() {
                    p { "Not in the catalog any more:" }
                    div.choice-columns { @for id in gone { (choice(id, &id.0)) } }
                }
            }
        }
        (field_faults(faults, "trust"))
    }
}
