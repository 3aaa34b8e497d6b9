//! The words of threat models: each a closed vocabulary with one name for each value, the same on pages, in
//! files and in the database.

use crate::domain::named::{Named, named_in_files};

/// How threats are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// By six kinds of threat to each element of a data-flow diagram.
    Stride,
    /// In seven stages from the aims of the business to its risks.
    Pasta,
    /// By seven kinds of threat to the privacy of people.
    Linddun,
    /// In another way.
    Other,
}

impl Named for Method {
    const NAMED: &'static [(&'static str, Self)] =
        &[("STRIDE", Self::Stride), ("PASTA", Self::Pasta), ("LINDDUN", Self::Linddun), ("other", Self::Other)];
}

/// How much depends on what is modeled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criticality {
    /// Nobody would miss it for days.
    Low,
    /// It would be missed.
    Medium,
    /// An important part of the business depends on it.
    High,
    /// The business or people's safety depends on it.
    Critical,
}

impl Named for Criticality {
    const NAMED: &'static [(&'static str, Self)] =
        &[("low", Self::Low), ("medium", Self::Medium), ("high", Self::High), ("critical", Self::Critical)];
}

/// What a file's day is the day of, the better proof first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// A review.
    Reviewed,
    /// The last time that somebody decided about a threat.
    Decided,
    /// A release of the model.
    Released,
    /// The document itself.
    Written,
}

impl Named for Basis {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("reviewed", Self::Reviewed),
        ("decided", Self::Decided),
        ("released", Self::Released),
        ("written", Self::Written),
    ];
}

/// What an element of a diagram is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ElementKind {
    /// Somebody or something outside that takes part.
    Actor,
    /// What works on data.
    Process,
    /// Where data stays.
    DataStore,
    /// Data on its way from one element to another.
    DataFlow,
    /// Where trust changes, as a line or around what is inside.
    TrustBoundary,
    /// What is trusted alike.
    TrustZone,
    /// A note.
    Text,
    /// What cannot be told to be any of these.
    #[default]
    Unclassified,
}

impl Named for ElementKind {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("actor", Self::Actor),
        ("process", Self::Process),
        ("data_store", Self::DataStore),
        ("data_flow", Self::DataFlow),
        ("trust_boundary", Self::TrustBoundary),
        ("trust_zone", Self::TrustZone),
        ("text", Self::Text),
        ("unclassified", Self::Unclassified),
    ];
}

impl ElementKind {
    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Actor => "Actor",
            Self::Process => "Process",
            Self::DataStore => "Data store",
            Self::DataFlow => "Data flow",
            Self::TrustBoundary => "Trust boundary",
            Self::TrustZone => "Trust zone",
            Self::Text => "Note",
            Self::Unclassified => "Unclassified",
        }
    }

    /// Whether it can be threatened: an actor, a process, a store or a flow.
    pub fn can_be_threatened(self) -> bool {
        matches!(self, Self::Actor | Self::Process | Self::DataStore | Self::DataFlow)
    }

    /// Whether flows begin and end at it.
    pub fn is_node(self) -> bool {
        matches!(self, Self::Actor | Self::Process | Self::DataStore | Self::Unclassified)
    }

    /// Whether it divides what is trusted differently.
    pub fn divides(self) -> bool {
        matches!(self, Self::TrustBoundary | Self::TrustZone)
    }
}

/// How a threat stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ThreatStatus {
    /// Nobody decided what to do about it.
    Open,
    /// It was decided, and something is being done.
    InProgress,
    /// Something is done that makes it unlikely or harmless.
    Mitigated,
    /// Somebody took the risk.
    Accepted,
    /// Somebody else took the risk.
    Transferred,
    /// What was threatened is not done.
    Avoided,
    /// It cannot happen any more.
    Eliminated,
    /// A tool calls it settled and does not say how; it may as well have been accepted.
    Resolved,
    /// It does not concern what is modeled.
    NotApplicable,
    /// Nobody looked at it.
    #[default]
    Undetermined,
}

impl Named for ThreatStatus {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("open", Self::Open),
        ("in-progress", Self::InProgress),
        ("mitigated", Self::Mitigated),
        ("accepted", Self::Accepted),
        ("transferred", Self::Transferred),
        ("avoided", Self::Avoided),
        ("eliminated", Self::Eliminated),
        ("resolved", Self::Resolved),
        ("not-applicable", Self::NotApplicable),
        ("undetermined", Self::Undetermined),
    ];
}

impl ThreatStatus {
    /// Whether something is still to be done or decided, or nobody looked at it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::InProgress | Self::Undetermined)
    }

    /// Whether it was decided what is done about it.
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Open | Self::Undetermined)
    }

    /// Whether it is said that something was done against it.
    pub fn is_said_to_be_treated(self) -> bool {
        matches!(self, Self::Mitigated | Self::Eliminated | Self::Resolved)
    }
}

/// How severe a threat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Little.
    Low,
    /// Somewhat.
    Medium,
    /// Very.
    High,
    /// As severe as it gets.
    Critical,
}

impl Named for Severity {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("note", Self::Note),
        ("low", Self::Low),
        ("medium", Self::Medium),
        ("high", Self::High),
        ("critical", Self::Critical),
    ];
}

/// How far a mitigation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MitigationStatus {
    /// Somebody thought of it.
    Proposed,
    /// It is being done.
    InProgress,
    /// It is done and works.
    Implemented,
    /// It was decided against.
    Rejected,
    /// Nothing is said.
    #[default]
    Unknown,
}

impl Named for MitigationStatus {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("proposed", Self::Proposed),
        ("in-progress", Self::InProgress),
        ("implemented", Self::Implemented),
        ("rejected", Self::Rejected),
        ("unknown", Self::Unknown),
    ];
}

/// Where a mitigation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Origin {
    /// It was entered here.
    #[default]
    ByHand,
    /// A file has it as a thing of its own.
    Stated,
    /// A file has it as a text at a threat.
    FreeText,
    /// A tool proposes it for all threats of a kind; nobody decided for it.
    Template,
}

impl Named for Origin {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("by-hand", Self::ByHand),
        ("stated", Self::Stated),
        ("free-text", Self::FreeText),
        ("template", Self::Template),
    ];
}

/// How much harm there is when something is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// None to speak of.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// As much as there can be.
    Critical,
}

impl Named for Need {
    const NAMED: &'static [(&'static str, Self)] =
        &[("low", Self::Low), ("medium", Self::Medium), ("high", Self::High), ("critical", Self::Critical)];
}

/// Whether an assumption turned out to be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Validity {
    /// Nobody checked.
    #[default]
    Unchecked,
    /// It is so.
    Confirmed,
    /// It is not so.
    Refuted,
}

impl Named for Validity {
    const NAMED: &'static [(&'static str, Self)] =
        &[("unchecked", Self::Unchecked), ("confirmed", Self::Confirmed), ("refuted", Self::Refuted)];
}

/// Of what kind an abuse story is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum StoryKind {
    /// A sentence about who would do what.
    #[default]
    Simple,
    /// A tree or path of steps by which an attack gets there.
    AttackTree,
    /// Somebody who attacks, with what they want and can.
    Persona,
}

impl Named for StoryKind {
    const NAMED: &'static [(&'static str, Self)] =
        &[("simple", Self::Simple), ("attack-tree", Self::AttackTree), ("persona", Self::Persona)];
}

named_in_files!(
    Method,
    Criticality,
    Basis,
    ElementKind,
    ThreatStatus,
    Severity,
    MitigationStatus,
    Origin,
    Need,
    Validity,
    StoryKind
);
