//! The ten steps of a threat model, each with what it is for, how far it is, and the way to do it.

use maud::{Markup, html};

use super::about::scale_title;
use super::form::readable;
use super::parts::new_address;
use super::{diagram, model_address, path, records, step_address, tables, tabs, ten_steps};
use crate::domain::named::Named;
use crate::domain::threat_model::analysis::Analysis;
use crate::domain::threat_model::entry::Fields;
use crate::domain::threat_model::freshness::Freshness;
use crate::domain::threat_model::part::PartKind;
use crate::domain::threat_model::pasta;
use crate::domain::threat_model::seen::KeptModel;
use crate::domain::threat_model::steps::{self as ten, State, Step};
use crate::domain::threat_model::words::{Method, MitigationStatus, ThreatStatus};
use crate::domain::threat_model::{Mitigation, Threat};
use crate::web::views::layout::{self, Frame};

/// The page of a step.
pub(in crate::web) fn page(frame: &Frame<'_>, kept: &KeptModel, step: Step) -> Markup {
    let id = kept.registered.id;
    let analysis = Analysis::of(&kept.model, kept.today);
    let freshness = Freshness::of(&kept.registered, kept.today);
    let progress = ten::progress(&kept.model, &analysis, &freshness);
    let may = super::may_change(frame, kept);
    let own = progress.iter().find(|(other, _)| *other == step).map(|(_, progress)| progress);
    let following = step.following();
    let body = html! {
        (tabs(kept, "Ten steps"))
        p.coverage { a href=(model_address(id)) { (kept.model.title) } " of " (kept.team.name) }
        div.with-steps {
            div {
                section.card {
                    div.card-head {
                        h2 { "What it is for" }
                        @if let Some(own) = own {
                            @let class = match own.state { State::Done => "done", State::Begun => "draft", State::NotBegun => "late" };
                            span class=(format!("state {class}")) { (own.state.title()) }
                        }
                    }
                    p.lead { (step.purpose()) }
                    p { (step.task()) }
                    @if let Some(own) = own { p.coverage { (own.found) } }
                }
                (content(kept, step, &analysis, &freshness, may))
                p.step-on { "Then: " a.button href=(step_address(id, following)) { (following.number()) ". " (following.title()) } }
            }
            (ten_steps(kept, &progress, Some(step)))
        }
    };
    layout::page(frame, &format!("Step {} of 10: {}", step.number(), step.title()), &html! {}, &body)
}

/// What is worked on in a step.
fn content(kept: &KeptModel, step: Step, analysis: &Analysis<'_>, freshness: &Freshness, may: bool) -> Markup {
    let back = step_address(kept.registered.id, step);
    let add = |kind: PartKind, text: &str, about: &[(&str, &str)]| {
        html! { @if may { a.button href=(new_address(kept, kind, about, &back)) { (text) } } }
    };
    match step {
        Step::IdentifyAssets => html! {
            (card("Assets", &add(PartKind::Asset, "Add an asset", &[]), &tables::assets(kept)))
            (card("Assumptions", &add(PartKind::Assumption, "Add an assumption", &[]), &tables::assumptions(kept)))
        },
        Step::DefineThreats => html! {
            (card("Threats", &add(PartKind::Threat, "Add a threat", &[]), &threats(kept, |_| true, may)))
            (card("Abuse stories", &add(PartKind::AbuseStory, "Add an abuse story", &[]), &tables::abuse_stories(kept)))
        },
        Step::DataFlowDiagram => html! {
            (diagram::elements(kept, may, &back))
            (diagram::section(kept))
        },
        Step::TrustBoundaries => html! {
            @if may { p.actions {
                a.button href=(new_address(kept, PartKind::Element, &[("kind", "trust_boundary")], &back)) { "Add a trust boundary" }
                a.button.quiet href=(new_address(kept, PartKind::Element, &[("kind", "trust_zone")], &back)) { "Add a trust zone" }
            } }
            (card("Flows across a boundary", &html! {}, &super::analysis::crossings(kept, analysis, may, &back)))
            (diagram::section(kept))
        },
        Step::ApplyFramework => html! {
            (card("STRIDE per element", &html! {}, &super::analysis::coverage(kept, analysis, may, &back)))
            @if kept.model.methods.contains(&Method::Pasta) { (pasta_stages(kept)) }
        },
        Step::ImpactAndLikelihood => html! {
            p.explain { "Rated " (scale_title(kept.model.scale)) "; another scale is chosen in " a href=(path(kept.registered.id, "about")) { "what the model is about" } "." }
            (card("Not rated yet", &html! {}, &threats(kept, |threat| threat.rating.is_none() && threat.status != ThreatStatus::NotApplicable, may)))
            (card("Risk", &html! {}, &super::analysis::matrix(kept, analysis)))
        },
        Step::Prioritize => {
            let mut open: Vec<&Threat> = kept.model.threats.iter().filter(|threat| threat.status.is_open()).collect();
            open.sort_by_key(|threat| std::cmp::Reverse(threat.severity()));
            card("Open threats, the most severe first", &html! {}, &tables::threats(kept, &open, may))
        }
        Step::DefineMitigations => html! {
            (card("Open threats without a mitigation", &html! {}, &unmitigated(kept, may, &back)))
            (card("Mitigations", &add(PartKind::Mitigation, "Add a mitigation", &[]), &tables::mitigations(kept)))
        },
        Step::ImplementControls => html! {
            (card("Mitigations that are not in place", &html! {}, &not_in_place(kept)))
            (card("Said to be treated, not to be seen", &html! {}, &super::analysis::treated(kept, analysis)))
        },
        Step::MonitorAndReview => records::section(kept, freshness, may, &Fields::default()),
    }
}

fn card(title: &str, action: &Markup, content: &Markup) -> Markup {
    html! { section.card { div.card-head { h2 { (title) } (action) } (content) } }
}

fn threats(kept: &KeptModel, wanted: impl Fn(&Threat) -> bool, may: bool) -> Markup {
    let found: Vec<&Threat> = kept.model.threats.iter().filter(|threat| wanted(threat)).collect();
    tables::threats(kept, &found, may)
}

/// Open threats against which nothing is done or meant, each with the way to say what is.
fn unmitigated(kept: &KeptModel, may: bool, back: &str) -> Markup {
    let linked: std::collections::HashSet<_> =
        kept.model.mitigations.iter().flat_map(|mitigation| &mitigation.threats).collect();
    let bare: Vec<&Threat> =
        kept.model.threats.iter().filter(|threat| threat.status.is_open() && !linked.contains(&threat.id)).collect();
    html! {
        @if bare.is_empty() { p { "None." } } @else {
            ul.plain {
                @for threat in bare {
                    li { (tables::threat_link(kept, threat)) " " (tables::severity(threat.severity())) @if may { " " a href=(new_address(kept, PartKind::Mitigation, &[("threats", &threat.id.0)], back)) { "Say what is done" span.visually-hidden { " about " (threat.label()) } } } }
                }
            }
        }
    }
}

/// Mitigations that are not in place, by how far they are.
fn not_in_place(kept: &KeptModel) -> Markup {
    let is_waiting =
        |one: &&Mitigation| !matches!(one.status, MitigationStatus::Implemented | MitigationStatus::Rejected);
    let waiting: Vec<&Mitigation> = kept.model.mitigations.iter().filter(is_waiting).collect();
    tables::mitigation_table(kept, &waiting, "None.")
}

/// The seven stages of PASTA, for a model that is made by it.
pub(super) fn pasta_stages(kept: &KeptModel) -> Markup {
    html! {
        section.card {
            h2 { "PASTA: seven stages" }
            div.table-wrap {
                table.stack {
                    thead { tr { th scope="col" { "Stage" } th scope="col" { "What it is for" } th scope="col" { "How far" } } }
                    tbody {
                        @for (stage, progress) in pasta::progress(&kept.model) {
                            tr {
                                th scope="row" { (stage.title()) }
                                td data-name="What it is for" { (stage.purpose()) }
                                td data-name="How far" { strong { (readable(progress.state.name())) } ". " (progress.found) }
                            }
                        }
                    }
                }
            }
        }
    }
}
