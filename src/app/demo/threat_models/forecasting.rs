//! The threat model of the forecasts: read from a file of another tool, whose threats nobody went through.

use super::parts::{
    DemoElement, DemoMitigation, DemoModel, DemoThreat, MITIGATION, MODEL, THREAT, actor, boundary, flow, process,
    public, store,
};
use crate::domain::threat_model::category::Stride::{
    self, DenialOfService, ElevationOfPrivilege, InformationDisclosure, Repudiation, Spoofing, Tampering,
};
use crate::domain::threat_model::format::Format;
use crate::domain::threat_model::words::{Severity, ThreatStatus as Stands};

/// Somebody drew it, and the tool made the threats.
pub(super) const NIGHT_JOBS: DemoModel = DemoModel {
    team: 4,
    title: "Night jobs",
    owner: "",
    file: Some((Format::Tm7, "night-jobs.tm7")),
    diagram: "Night jobs",
    elements: &[
        boundary("hall", "Data center", (240.0, 30.0, 520.0, 380.0)),
        actor("warehouses", "Warehouses", 30.0, 90.0),
        process("loader", "Loader", 290.0, 70.0),
        process("forecast", "Forecast", 290.0, 280.0),
        store("figures", "Sales and stock", 540.0, 170.0),
        actor("reports", "Report product", 840.0, 300.0),
        DemoElement { encrypted: false, ..public("files", "Stock files", "warehouses", "loader", "FTP") },
        flow("rows", "Rows", "loader", "figures", "SQL"),
        flow("series", "Series", "figures", "forecast", "SQL"),
        flow("result", "Forecasts", "forecast", "reports", "HTTPS"),
    ],
    threats: &[
        DemoThreat {
            status: Stands::Open,
            severity: Some(Severity::High),
            ..generated("Stock files can be read on their way", InformationDisclosure, &["files"])
        },
        DemoThreat {
            status: Stands::Mitigated,
            severity: Some(Severity::Medium),
            ..generated("Rows can be changed by an injected query", Tampering, &["rows", "figures"])
        },
        DemoThreat {
            status: Stands::NotApplicable,
            severity: Some(Severity::Low),
            ..generated("A warehouse can deny a delivery of files", Repudiation, &["warehouses"])
        },
        generated("Somebody can pass as a warehouse", Spoofing, &["warehouses", "files"]),
        generated("Stock files can be changed on their way", Tampering, &["files"]),
        generated("The loader can be stopped", DenialOfService, &["loader"]),
        generated("Whoever sends a file can get the rights of the loader", ElevationOfPrivilege, &["loader"]),
        generated("The series can be read by others", InformationDisclosure, &["series", "figures"]),
        generated("The forecast can be stopped", DenialOfService, &["forecast"]),
        generated("Forecasts can be changed on their way", Tampering, &["result"]),
    ],
    mitigations: &[
        DemoMitigation { title: "Send files through an encrypted channel", threats: &[1, 5], since: 40, ..MITIGATION },
        DemoMitigation { title: "Use parameters in queries", threats: &[2], since: 40, ..MITIGATION },
    ],
    revisions: &[(40, "Read from night-jobs.tm7")],
    ..MODEL
};

/// As the tool makes it.
const fn generated(title: &'static str, kind: Stride, affects: &'static [&'static str]) -> DemoThreat {
    // A kind is one of six: its slice has to be written down for each.
    let stride: &'static [Stride] = match kind {
        Spoofing => &[Spoofing],
        Tampering => &[Tampering],
        Repudiation => &[Repudiation],
        InformationDisclosure => &[InformationDisclosure],
        DenialOfService => &[DenialOfService],
        ElevationOfPrivilege => &[ElevationOfPrivilege],
    };
    DemoThreat { title, stride, affects, found: 40, status: Stands::Undetermined, ..THREAT }
}
