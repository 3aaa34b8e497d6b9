//! “How do we begin?”: the guide for a first assessment.

use maud::{Markup, html};

use super::layout::{self, Frame, address};
use super::markdown::markdown;
use crate::domain::guide::Guide;
use crate::domain::roadmap::Roadmap;

/// The page.
pub(in crate::web) fn page(frame: &Frame<'_>, guide: &Guide, roadmap: &Roadmap) -> Markup {
    let body = html! {
        section.card.prose { h2 { "The first assessment" } (markdown(&guide.first_assessment)) }
        section.card {
            h2 { "The stages of the roadmap" }
            ol.steps {
                @for stage in roadmap.stages() {
                    li {
                        h3 { (stage.name) }
                        p { (stage.goal) }
                        p { strong { "Reached when: " } (stage.exit_check) }
                        p.quiet {
                            "Level to reach: "
                            @for (i, (dimension, target)) in stage.targets.iter().enumerate() { @if i > 0 { ", " } (dimension) " " (target) }
                        }
                    }
                }
            }
        }
    };
    let action = html! { a.button href=(address("/assessments", frame.selection)) { "To the assessments" } };
    layout::page(frame, "How do we begin?", &action, &body)
}
