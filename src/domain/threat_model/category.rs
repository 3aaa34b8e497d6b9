//! Kinds of threats: STRIDE and LINDDUN, which element each concerns, and what other taxonomies say.

use serde::{Deserialize, Serialize};

use super::Element;
use super::words::ElementKind;
use crate::domain::named::{Named, named_in_files};

/// A kind of threat in one taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "taxonomy", content = "category", rename_all = "kebab-case")]
pub enum Category {
    /// One of the six of STRIDE.
    Stride(Stride),
    /// One of the seven of LINDDUN.
    Linddun(Linddun),
    /// Of another taxonomy, in the words of the file.
    Other(String),
}

impl Category {
    /// What pages call it.
    pub fn title(&self) -> &str {
        match self {
            Self::Stride(kind) => kind.title(),
            Self::Linddun(kind) => kind.title(),
            Self::Other(text) => text,
        }
    }
}

/// The six kinds of threat of STRIDE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stride {
    /// Somebody passes as somebody else.
    Spoofing,
    /// Something is changed that should not be.
    Tampering,
    /// Somebody can deny what they did.
    Repudiation,
    /// Somebody sees what they should not.
    InformationDisclosure,
    /// Something is not there when it is needed.
    DenialOfService,
    /// Somebody may do more than they should.
    ElevationOfPrivilege,
}

impl Named for Stride {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("spoofing", Self::Spoofing),
        ("tampering", Self::Tampering),
        ("repudiation", Self::Repudiation),
        ("information-disclosure", Self::InformationDisclosure),
        ("denial-of-service", Self::DenialOfService),
        ("elevation-of-privilege", Self::ElevationOfPrivilege),
    ];
}

impl Stride {
    /// All six, in the order of the letters.
    pub const ALL: [Self; 6] = [
        Self::Spoofing,
        Self::Tampering,
        Self::Repudiation,
        Self::InformationDisclosure,
        Self::DenialOfService,
        Self::ElevationOfPrivilege,
    ];

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Self::Spoofing => 'S',
            Self::Tampering => 'T',
            Self::Repudiation => 'R',
            Self::InformationDisclosure => 'I',
            Self::DenialOfService => 'D',
            Self::ElevationOfPrivilege => 'E',
        }
    }

    /// The kind with a letter, whatever its case.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter.to_ascii_uppercase())
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Spoofing => "Spoofing",
            Self::Tampering => "Tampering",
            Self::Repudiation => "Repudiation",
            Self::InformationDisclosure => "Information disclosure",
            Self::DenialOfService => "Denial of service",
            Self::ElevationOfPrivilege => "Elevation of privilege",
        }
    }

    /// The property that it takes away.
    pub fn violates(self) -> &'static str {
        match self {
            Self::Spoofing => "authenticity",
            Self::Tampering => "integrity",
            Self::Repudiation => "non-repudiation",
            Self::InformationDisclosure => "confidentiality",
            Self::DenialOfService => "availability",
            Self::ElevationOfPrivilege => "authorization",
        }
    }

    /// The kinds that concern an element, by the table of STRIDE per element that OWASP Threat Dragon uses: an actor
    /// can be spoofed and can deny, a process all six, stores and flows can be tampered with, read and held up. A
    /// store that keeps a log can be used to deny, too.
    pub fn concerning(element: &Element) -> &'static [Self] {
        use Stride::{DenialOfService, InformationDisclosure, Repudiation, Spoofing, Tampering};
        if element.out_of_scope {
            return &[];
        }
        match element.kind {
            ElementKind::Actor => &[Spoofing, Repudiation],
            ElementKind::Process => &Self::ALL,
            ElementKind::DataStore if element.is_log => {
                &[Tampering, Repudiation, InformationDisclosure, DenialOfService]
            }
            ElementKind::DataStore | ElementKind::DataFlow => &[Tampering, InformationDisclosure, DenialOfService],
            _ => &[],
        }
    }
}

/// The seven kinds of threat of LINDDUN, which are about the privacy of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Linddun {
    /// Data about somebody can be put together.
    Linking,
    /// It can be told who somebody is.
    Identifying,
    /// Somebody cannot deny what they did.
    NonRepudiation,
    /// It can be told that there is something about somebody.
    Detecting,
    /// More is known of somebody than is needed.
    DataDisclosure,
    /// People do not know, or cannot say, what happens with their data.
    Unawareness,
    /// What is done with data is not what rules ask for.
    NonCompliance,
}

impl Named for Linddun {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("linking", Self::Linking),
        ("identifying", Self::Identifying),
        ("non-repudiation", Self::NonRepudiation),
        ("detecting", Self::Detecting),
        ("data-disclosure", Self::DataDisclosure),
        ("unawareness", Self::Unawareness),
        ("non-compliance", Self::NonCompliance),
    ];
}

impl Linddun {
    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Linking => "Linking",
            Self::Identifying => "Identifying",
            Self::NonRepudiation => "Non-repudiation",
            Self::Detecting => "Detecting",
            Self::DataDisclosure => "Disclosure of information",
            Self::Unawareness => "Unawareness",
            Self::NonCompliance => "Non-compliance",
        }
    }
}

named_in_files!(Stride, Linddun);
