//! The words of Threagile and what they are here.

use crate::domain::threat_model::rating::{Rating, Scale};
use crate::domain::threat_model::words::{Criticality, Need, Severity, ThreatStatus};
use crate::domain::threat_model::{Threat, ThreatModel};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{Notes, clip};
use crate::formats::threat_model::stated::{folded, text_of_html};

/// A text, which may be written for a browser.
pub(super) fn text(at: Option<At<'_>>, notes: &mut Notes) -> String {
    plain(at, ThreatModel::TEXT_LIMIT, notes)
}

/// A title, which may be written for a browser.
pub(super) fn title(text: &str, path: &str, notes: &mut Notes) -> String {
    notes.cut(&text_of_html(text).replace('\n', " "), ThreatModel::NAME_LIMIT, || path.to_owned())
}

fn plain(at: Option<At<'_>>, limit: usize, notes: &mut Notes) -> String {
    let Some(at) = at else { return String::new() };
    notes.cut(&text_of_html(&at.text()), limit, || at.path())
}

/// How far people are with a threat.
pub(super) fn status(at: Option<At<'_>>, notes: &mut Notes) -> ThreatStatus {
    let Some(at) = at else { return ThreatStatus::Undetermined };
    match folded(&at.text()).as_str() {
        "" | "unchecked" => ThreatStatus::Undetermined,
        "indiscussion" => ThreatStatus::Open,
        "accepted" => ThreatStatus::Accepted,
        "inprogress" => ThreatStatus::InProgress,
        "mitigated" => ThreatStatus::Mitigated,
        "falsepositive" => ThreatStatus::NotApplicable,
        _ => {
            let message = format!("“{}” is no status of Threagile; it counts as unchecked", clip(&at.text(), 60));
            notes.warn(at.path(), message);
            ThreatStatus::Undetermined
        }
    }
}

/// How sensitive data is when others see it.
pub(super) fn confidentiality(word: &str) -> Option<Need> {
    Some(match folded(word).as_str() {
        "public" => Need::Low,
        "internal" | "restricted" => Need::Medium,
        "confidential" => Need::High,
        "strictlyconfidential" => Need::Critical,
        _ => return None,
    })
}

/// How much harm there is when data is changed or not there.
pub(super) fn need(word: &str) -> Option<Need> {
    Some(match folded(word).as_str() {
        "archive" => Need::Low,
        "operational" => Need::Medium,
        "important" => Need::High,
        "critical" | "missioncritical" => Need::Critical,
        _ => return None,
    })
}

/// How much depends on what is modeled.
pub(super) fn criticality(word: &str) -> Option<Criticality> {
    Some(match folded(word).as_str() {
        "archive" => Criticality::Low,
        "operational" => Criticality::Medium,
        "important" => Criticality::High,
        "critical" | "missioncritical" => Criticality::Critical,
        _ => return None,
    })
}

/// Reads how severe a threat is, and how likely and how bad.
pub(super) fn rate(threat: &mut Threat, at: &At<'_>, notes: &mut Notes) {
    threat.raw.severity = notes.name(at.get("severity"));
    threat.severity = match folded(&threat.raw.severity).as_str() {
        "low" => Some(Severity::Low),
        "medium" => Some(Severity::Medium),
        "elevated" | "high" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => None,
    };
    let likelihood = match folded(&at.text_of("exploitation_likelihood")).as_str() {
        "unlikely" => Some(1),
        "likely" => Some(2),
        "verylikely" => Some(3),
        "frequent" => Some(4),
        _ => None,
    };
    let impact = match folded(&at.text_of("exploitation_impact")).as_str() {
        "low" => Some(1),
        "medium" => Some(2),
        "high" => Some(3),
        "veryhigh" => Some(4),
        _ => None,
    };
    threat.rating = likelihood.zip(impact).and_then(|(l, i)| Rating::of(Scale::Four, l, i));
    let follows = threat.rating.as_ref().and_then(Rating::severity);
    if follows.is_some() && threat.severity.is_some() && follows != threat.severity {
        let message = format!(
            "the severity “{}” is not what follows from likelihood and impact; those count",
            clip(&threat.raw.severity, 60)
        );
        notes.warn(at.path_to("severity"), message);
    }
}
