//! What the demo's threat models are written down in. All days are counted back from the present.

use crate::domain::threat_model::category::{Linddun, Stride};
use crate::domain::threat_model::format::Format;
use crate::domain::threat_model::rating::{Factor, Scale};
use crate::domain::threat_model::register::RecordKind;
use crate::domain::threat_model::words::{
    Criticality, ElementKind, Method, MitigationStatus, Need, Severity, StoryKind, ThreatStatus, Validity,
};

/// A threat model through its time.
#[derive(Debug)]
pub(super) struct DemoModel {
    /// A position in [`PROFILES`](crate::app::demo::profiles::PROFILES).
    pub(super) team: usize,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) objectives: &'static str,
    pub(super) owner: &'static str,
    pub(super) reviewer: &'static str,
    pub(super) participants: &'static [&'static str],
    pub(super) methods: &'static [Method],
    pub(super) criticality: Option<Criticality>,
    pub(super) scale: Scale,
    pub(super) interval_days: Option<u32>,
    /// The file that it comes from, of the Microsoft Threat Modeling Tool.
    pub(super) file: Option<(Format, &'static str)>,
    pub(super) diagram: &'static str,
    pub(super) assets: &'static [DemoAsset],
    pub(super) elements: &'static [DemoElement],
    /// Their numbers are their places, from 1.
    pub(super) threats: &'static [DemoThreat],
    pub(super) mitigations: &'static [DemoMitigation],
    pub(super) assumptions: &'static [(&'static str, Validity, &'static [&'static str])],
    pub(super) stories: &'static [DemoStory],
    /// On which days it was saved, the first first, and what changed.
    pub(super) revisions: &'static [(u64, &'static str)],
    pub(super) records: &'static [DemoRecord],
    /// On which day it was put aside.
    pub(super) aside: Option<u64>,
}

/// What holds for a model unless it says otherwise.
pub(super) const MODEL: DemoModel = DemoModel {
    team: 0,
    title: "",
    description: "",
    objectives: "",
    owner: "",
    reviewer: "",
    participants: &[],
    methods: &[Method::Stride],
    criticality: None,
    scale: Scale::Three,
    interval_days: None,
    file: None,
    diagram: "",
    assets: &[],
    elements: &[],
    threats: &[],
    mitigations: &[],
    assumptions: &[],
    stories: &[],
    revisions: &[],
    records: &[],
    aside: None,
};

/// Something worth protecting.
#[derive(Debug)]
pub(super) struct DemoAsset {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    /// That it stays secret, right and there.
    pub(super) needs: (Need, Need, Need),
}

/// A part of a diagram.
#[derive(Debug)]
pub(super) struct DemoElement {
    pub(super) kind: ElementKind,
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    /// To the right, down, wide, high.
    pub(super) place: Option<(f64, f64, f64, f64)>,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) protocol: &'static str,
    pub(super) encrypted: bool,
    pub(super) public_network: bool,
    pub(super) is_log: bool,
    /// Why threats to it are not looked for.
    pub(super) out_of_scope: &'static str,
    /// Since which day it is there.
    pub(super) since: u64,
}

/// There from the beginning.
const ALWAYS: u64 = 10_000;

const ELEMENT: DemoElement = DemoElement {
    kind: ElementKind::Unclassified,
    id: "",
    name: "",
    text: "",
    place: None,
    from: "",
    to: "",
    protocol: "",
    encrypted: true,
    public_network: false,
    is_log: false,
    out_of_scope: "",
    since: ALWAYS,
};

/// Somebody or something outside.
pub(super) const fn actor(id: &'static str, name: &'static str, x: f64, y: f64) -> DemoElement {
    DemoElement { kind: ElementKind::Actor, id, name, place: Some((x, y, 150.0, 64.0)), ..ELEMENT }
}

/// What works on data.
pub(super) const fn process(id: &'static str, name: &'static str, x: f64, y: f64) -> DemoElement {
    DemoElement { kind: ElementKind::Process, id, name, place: Some((x, y, 140.0, 100.0)), ..ELEMENT }
}

/// Where data stays.
pub(super) const fn store(id: &'static str, name: &'static str, x: f64, y: f64) -> DemoElement {
    DemoElement { kind: ElementKind::DataStore, id, name, place: Some((x, y, 150.0, 70.0)), ..ELEMENT }
}

/// What is trusted alike, inside a box: to the right, down, wide, high.
pub(super) const fn boundary(id: &'static str, name: &'static str, place: (f64, f64, f64, f64)) -> DemoElement {
    DemoElement { kind: ElementKind::TrustBoundary, id, name, place: Some(place), ..ELEMENT }
}

/// Data on its way, encrypted and within a network.
pub(super) const fn flow(
    id: &'static str,
    name: &'static str,
    from: &'static str,
    to: &'static str,
    protocol: &'static str,
) -> DemoElement {
    DemoElement { kind: ElementKind::DataFlow, id, name, from, to, protocol, ..ELEMENT }
}

/// The same through a network that everybody is in.
pub(super) const fn public(
    id: &'static str,
    name: &'static str,
    from: &'static str,
    to: &'static str,
    protocol: &'static str,
) -> DemoElement {
    DemoElement { public_network: true, ..flow(id, name, from, to, protocol) }
}

/// How a threat is rated.
#[derive(Debug, Clone, Copy)]
pub(super) enum DemoRating {
    None,
    /// Likelihood and impact on the scale of the model.
    Steps(u8, u8),
    Factors(&'static [(Factor, u8)]),
}

/// Something that could go wrong.
#[derive(Debug)]
pub(super) struct DemoThreat {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) stride: &'static [Stride],
    pub(super) linddun: &'static [Linddun],
    /// Ids of elements.
    pub(super) affects: &'static [&'static str],
    /// Ids of assets.
    pub(super) assets: &'static [&'static str],
    pub(super) actor: &'static str,
    pub(super) impact: &'static str,
    pub(super) severity: Option<Severity>,
    pub(super) rating: DemoRating,
    pub(super) cwe: &'static [u32],
    pub(super) capec: &'static [u32],
    /// On which day it was found.
    pub(super) found: u64,
    /// How it stood at first.
    pub(super) status: ThreatStatus,
    /// On which days that changed, the first first, to what and why.
    pub(super) course: &'static [(u64, ThreatStatus, &'static str)],
}

/// What holds for a threat unless it says otherwise.
pub(super) const THREAT: DemoThreat = DemoThreat {
    title: "",
    text: "",
    stride: &[],
    linddun: &[],
    affects: &[],
    assets: &[],
    actor: "",
    impact: "",
    severity: None,
    rating: DemoRating::None,
    cwe: &[],
    capec: &[],
    found: 0,
    status: ThreatStatus::Open,
    course: &[],
};

/// Something that is done.
#[derive(Debug)]
pub(super) struct DemoMitigation {
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    /// Numbers of threats.
    pub(super) threats: &'static [u32],
    pub(super) owner: &'static str,
    pub(super) link: &'static str,
    /// On which day it was thought of.
    pub(super) since: u64,
    /// How far it was at first.
    pub(super) status: MitigationStatus,
    /// On which days that changed, the first first, and to what.
    pub(super) course: &'static [(u64, MitigationStatus)],
}

/// What holds for a mitigation unless it says otherwise.
pub(super) const MITIGATION: DemoMitigation = DemoMitigation {
    title: "",
    text: "",
    threats: &[],
    owner: "",
    link: "",
    since: 0,
    status: MitigationStatus::Proposed,
    course: &[],
};

/// How somebody would abuse it.
#[derive(Debug)]
pub(super) struct DemoStory {
    pub(super) kind: StoryKind,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    /// Numbers of threats.
    pub(super) threats: &'static [u32],
}

/// What was recorded.
#[derive(Debug)]
pub(super) struct DemoRecord {
    pub(super) kind: RecordKind,
    pub(super) ago: u64,
    pub(super) note: &'static str,
    pub(super) participants: &'static str,
}

/// Somebody went through it.
pub(super) const fn review(ago: u64, note: &'static str, participants: &'static str) -> DemoRecord {
    DemoRecord { kind: RecordKind::Review, ago, note, participants }
}

/// What is modeled changed.
pub(super) const fn significant_change(ago: u64, note: &'static str) -> DemoRecord {
    DemoRecord { kind: RecordKind::SignificantChange, ago, note, participants: "" }
}
