//! The threat model of the app for phones: gone through this year, and overtaken by a change since.

use super::parts::{
    DemoAsset, DemoElement, DemoMitigation, DemoModel, DemoRating, DemoThreat, MITIGATION, MODEL, THREAT, actor,
    boundary, flow, process, public, review, significant_change, store,
};
use crate::domain::threat_model::category::Stride::{
    DenialOfService, ElevationOfPrivilege, InformationDisclosure, Spoofing, Tampering,
};
use crate::domain::threat_model::words::{Criticality, MitigationStatus as Is, Need, ThreatStatus as Stands, Validity};

/// Passkeys came in after the last review.
pub(super) const APP: DemoModel = DemoModel {
    team: 3,
    title: "App on the phone",
    description: "The app itself, what it keeps on the phone, and how it talks to the shop.",
    owner: "Noor Haddad",
    reviewer: "Tomás Varga",
    criticality: Some(Criticality::Medium),
    diagram: "Phone and shop",
    assets: &[DemoAsset {
        id: "session",
        name: "Signed-in sessions",
        description: "Whoever has one acts as the customer.",
        needs: (Need::High, Need::High, Need::Low),
    }],
    elements: &[
        boundary("phone", "Phone of a customer", (250.0, 30.0, 260.0, 400.0)),
        actor("shopper", "Customer", 40.0, 90.0),
        process("app", "App", 310.0, 70.0),
        store("kept", "Kept session", 305.0, 310.0),
        DemoElement { out_of_scope: "The web shop team models it.", ..process("api", "Shop service", 640.0, 70.0) },
        actor("push", "Push service", 640.0, 320.0),
        flow("use", "Taps", "shopper", "app", "screen"),
        flow("keep", "Session", "app", "kept", "file"),
        public("call", "Requests", "app", "api", "HTTPS"),
        public("message", "Messages", "push", "app", "HTTPS"),
    ],
    threats: &[
        DemoThreat {
            title: "The session is read from a backup",
            text: "Backups of the phone hold what the app keeps.",
            stride: &[InformationDisclosure],
            affects: &["kept", "keep"],
            assets: &["session"],
            rating: DemoRating::Steps(2, 2),
            cwe: &[530],
            found: 380,
            course: &[(150, Stands::Mitigated, "It is kept where backups do not reach.")],
            ..THREAT
        },
        DemoThreat {
            title: "A network in between reads requests",
            text: "The app accepted every certificate in its early days.",
            stride: &[InformationDisclosure, Tampering],
            affects: &["call"],
            assets: &["session"],
            rating: DemoRating::Steps(2, 3),
            cwe: &[295],
            found: 380,
            course: &[(150, Stands::InProgress, "")],
            ..THREAT
        },
        DemoThreat {
            title: "A rebuilt app with our name",
            text: "Somebody publishes a copy that sends passwords elsewhere.",
            stride: &[Spoofing],
            affects: &["app", "shopper"],
            rating: DemoRating::Steps(1, 3),
            found: 150,
            ..THREAT
        },
        DemoThreat {
            title: "A message shows what was ordered on a locked screen",
            stride: &[InformationDisclosure],
            affects: &["message", "push"],
            rating: DemoRating::Steps(3, 1),
            found: 150,
            ..THREAT
        },
        DemoThreat {
            title: "A link opens pages inside the app with its rights",
            stride: &[ElevationOfPrivilege],
            affects: &["app"],
            assets: &["session"],
            rating: DemoRating::Steps(2, 3),
            cwe: &[939],
            found: 150,
            ..THREAT
        },
        DemoThreat {
            title: "A large answer freezes the app",
            stride: &[DenialOfService],
            affects: &["app", "call"],
            found: 150,
            ..THREAT
        },
    ],
    mitigations: &[
        DemoMitigation {
            title: "Keep the session in the key store of the phone",
            threats: &[1],
            owner: "Noor Haddad",
            since: 380,
            course: &[(150, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Check certificates, and pin ours",
            threats: &[2],
            since: 150,
            status: Is::InProgress,
            ..MITIGATION
        },
    ],
    assumptions: &[("Phones that are older than five years are not used.", Validity::Unchecked, &["phone"])],
    revisions: &[(380, "First model"), (150, "Yearly review")],
    records: &[
        review(380, "First model.", "Noor Haddad"),
        review(150, "Everything but the new widgets.", "Noor Haddad, Tomás Varga"),
        significant_change(
            16,
            "Customers sign in with passkeys since this release; the kept session works differently.",
        ),
    ],
    ..MODEL
};
