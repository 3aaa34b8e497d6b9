//! “Where do we stand with this plan?”: a kept plan, and how far it is.

use maud::{Markup, html};

use super::components::{day, nothing_yet};
use super::downloads::PlanFiles;
use super::layout::{self, Frame, address, with_parameter};
use super::plan_calendar::{Calendar, calendar};
use super::plan_draft::spans;
use super::plan_progress;
use super::plans::{plan_address, set_aside};
use super::roadmap::work;
use crate::domain::access::Action;
use crate::domain::period::Period;
use crate::domain::plan::seen::KeptPlan;
use crate::domain::view::Seen;

/// The page, with the quarters from one on.
pub(in crate::web) fn page(frame: &Frame<'_>, seen: &Seen<KeptPlan>, from: Option<Period>) -> Markup {
    let Some(kept) = &seen.content else { return layout::page(frame, "Plan", &html! {}, &nothing_yet(&seen.view)) };
    let plan = &kept.plan;
    let here = with_parameter(&address(frame.path, frame.selection), "version", &kept.version.number.to_string());
    let files = PlanFiles { selection: frame.selection, kept: Some((plan.id, kept.version.number)) };
    let body = html! {
        (layout::picker(frame, &seen.view, &html! {}))
        p.coverage {
            "Of " (kept.of.name) ", version " (kept.version.number) " of " (plan.versions) ", saved " (day(kept.version.saved_at)) " by " (kept.version.saved_by)
            ", from " (kept.version.plan.start) " on."
            @if plan.archived_at.is_some() { " " strong { "This plan is put aside." } }
        }
        @if let Some(progress) = &kept.progress {
            section.card #progress {
                header.card-head {
                    h2 { "How far it is" }
                    span { (files.table("burn-up")) " " (files.picture("burn-up")) }
                }
                (plan_progress::progress(
                    progress,
                    kept.version.plan.start,
                    &kept.catalog,
                    &kept.version.roadmap,
                    files,
                ))
            }
        }
        section.card {
            header.card-head {
                h2 { "Quarter by quarter" }
                @if kept.progress.is_some() { span { (files.whole()) @if kept.version.plan.end().is_some() { " " (files.picture("workload")) } } }
            }
            (spans(&kept.version.plan, &kept.version.roadmap))
            (work(&kept.version.plan, &kept.version.input, &kept.version.roadmap))
            (calendar(Calendar {
                plan: &kept.version.plan,
                input: &kept.version.input,
                catalog: &kept.catalog,
                roadmap: &kept.version.roadmap,
                selection: frame.selection,
                from,
                here: Some(&here),
                beside: None,
            }))
        }
    };
    let action = html! {
        @if frame.may(Action::Plan) {
            (set_aside(plan))
            a.button href=(format!("{}/edit", plan_address(plan.id))) { "Plan anew from here" }
        }
    };
    layout::page(frame, plan.name.as_str(), &action, &body)
}
