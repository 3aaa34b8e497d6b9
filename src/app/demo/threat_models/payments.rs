//! Threat models of the payments team: one that is looked after, and one that everybody forgot.

use super::parts::{
    DemoAsset, DemoElement, DemoMitigation, DemoModel, DemoRating, DemoStory, DemoThreat, MITIGATION, MODEL, THREAT,
    actor, boundary, flow, process, public, review, store,
};
use crate::domain::threat_model::category::Stride::{
    DenialOfService, ElevationOfPrivilege, InformationDisclosure, Repudiation, Spoofing, Tampering,
};
use crate::domain::threat_model::rating::Scale;
use crate::domain::threat_model::words::{
    Criticality, MitigationStatus as Is, Need, StoryKind, ThreatStatus as Stands, Validity,
};

/// What the business lives from, gone through twice a year.
pub(super) const CARDS: DemoModel = DemoModel {
    team: 1,
    title: "Card payments",
    description: "From the order of the shop to the matched payment. Card numbers are entered at the processor and never \
                  come to us. The shop itself is modeled by its own team.",
    objectives: "Take every payment exactly once, and pay out only what somebody may pay out.",
    owner: "Clara Benedetti",
    reviewer: "Maren Lindqvist",
    participants: &["Jonas Weber", "Ruth Adeyemi, finance", "Noor Haddad"],
    criticality: Some(Criticality::Critical),
    scale: Scale::Five,
    diagram: "Order, payment and matching",
    assets: &[
        DemoAsset {
            id: "money",
            name: "Money of customers",
            description: "Paid once, refunded to whom it belongs.",
            needs: (Need::Low, Need::Critical, Need::High),
        },
        DemoAsset {
            id: "records",
            name: "Payment records",
            description: "Who paid what, when and for which order.",
            needs: (Need::High, Need::Critical, Need::Medium),
        },
        DemoAsset {
            id: "keys",
            name: "Keys of the processor",
            description: "With them anybody can order payments in our name.",
            needs: (Need::Critical, Need::High, Need::Medium),
        },
    ],
    elements: &[
        boundary("network", "Payments network", (250.0, 30.0, 540.0, 590.0)),
        DemoElement { out_of_scope: "The web shop team models it.", ..process("shop", "Shop checkout", 40.0, 90.0) },
        actor("processor", "Card processor", 860.0, 90.0),
        actor("bank", "Bank", 860.0, 330.0),
        actor("clerk", "Finance clerk", 40.0, 430.0),
        process("service", "Payment service", 300.0, 90.0),
        process("matching", "Matching job", 610.0, 315.0),
        process("console", "Refund console", 300.0, 410.0),
        store("payments", "Payment records", 470.0, 200.0),
        DemoElement { is_log: true, ..store("journal", "Audit journal", 600.0, 520.0) },
        flow("order", "Payment order", "shop", "service", "HTTPS"),
        public("session", "Payment session", "service", "processor", "HTTPS"),
        public("notice", "Payment notice", "processor", "service", "HTTPS"),
        public("statement", "Statement file", "bank", "matching", "SFTP"),
        flow("state", "State of payments", "service", "payments", "SQL over TLS"),
        flow("due", "Open payments", "payments", "matching", "SQL over TLS"),
        flow("decision", "Refund decision", "clerk", "console", "HTTPS"),
        flow("refund", "Refund order", "console", "service", "HTTPS"),
        flow("trace", "Who decided what", "console", "journal", "syslog over TLS"),
    ],
    threats: CARD_THREATS,
    mitigations: CARD_MITIGATIONS,
    assumptions: &[
        ("The processor tells us of every payment within a minute.", Validity::Confirmed, &["notice"]),
        ("Finance clerks use no private computers.", Validity::Refuted, &["clerk"]),
        ("The bank signs its statement files.", Validity::Unchecked, &["statement"]),
    ],
    stories: &[
        DemoStory {
            kind: StoryKind::Simple,
            title: "Shopping for nothing",
            text: "As a customer who knows our address for notices, I report my own order as paid, so that the parcel \
                   leaves before anybody misses the money.",
            threats: &[1, 13],
        },
        DemoStory {
            kind: StoryKind::Persona,
            title: "The clerk who is leaving",
            text: "Has rights, knows every shortcut, and nobody looks at the last week.",
            threats: &[3, 7, 12],
        },
    ],
    revisions: &[
        (520, "First model, from a morning with the whole team"),
        (430, "Decisions of the follow-up"),
        (345, "Second pass: the refund console is in"),
        (262, "Statement files of the new bank"),
        (170, "Half-yearly review"),
        (88, "Signed journal is in place"),
        (24, "Half-yearly review: two new threats around notices and matching"),
    ],
    records: &[
        review(520, "First model of all flows.", "Clara Benedetti, Jonas Weber and the whole team"),
        review(345, "With the refund console.", "Clara Benedetti, Jonas Weber, Ruth Adeyemi"),
        review(170, "All open threats decided again.", "Clara Benedetti, Ruth Adeyemi, Maren Lindqvist"),
        review(24, "Went through STRIDE for every flow that crosses the network.", "Clara Benedetti, Noor Haddad"),
    ],
    ..MODEL
};

const CARD_THREATS: &[DemoThreat] = &[
    DemoThreat {
        title: "Forged payment notice",
        text: "Somebody on the internet sends a notice as if it came from the processor, and the order is released.",
        stride: &[Spoofing, Tampering],
        affects: &["notice", "service"],
        assets: &["money"],
        actor: "A customer who does not want to pay",
        impact: "Goods leave without a payment.",
        rating: DemoRating::Steps(3, 5),
        cwe: &[345],
        found: 520,
        course: &[
            (430, Stands::InProgress, ""),
            (345, Stands::Mitigated, "Notices without a valid signature are refused."),
        ],
        ..THREAT
    },
    DemoThreat {
        title: "The same order is paid twice",
        text: "A retry after a timeout opens a second session, and the customer pays again.",
        stride: &[Tampering],
        affects: &["service", "session"],
        assets: &["money"],
        rating: DemoRating::Steps(4, 3),
        found: 520,
        course: &[(430, Stands::Mitigated, "Each order has one key, which the processor accepts once.")],
        ..THREAT
    },
    DemoThreat {
        title: "A clerk refunds to an account of their own",
        text: "The console lets a clerk enter where the money goes.",
        stride: &[Tampering, ElevationOfPrivilege],
        affects: &["console", "decision"],
        assets: &["money"],
        actor: "A clerk",
        rating: DemoRating::Steps(2, 4),
        found: 345,
        course: &[
            (262, Stands::InProgress, ""),
            (170, Stands::Mitigated, "Refunds go to the card that paid, and a second clerk confirms them."),
        ],
        ..THREAT
    },
    DemoThreat {
        title: "Support reads payments of everybody",
        text: "The read-only account for support sees all records instead of those of the case.",
        stride: &[InformationDisclosure],
        affects: &["payments", "state"],
        assets: &["records"],
        rating: DemoRating::Steps(3, 4),
        cwe: &[284],
        found: 345,
        course: &[(170, Stands::Mitigated, "The account is gone; support asks the service for one order.")],
        ..THREAT
    },
    DemoThreat {
        title: "A statement file is swapped on its way",
        text: "Whoever gets into the drop folder can add payments that never came.",
        stride: &[Tampering],
        affects: &["statement", "matching"],
        assets: &["money", "records"],
        rating: DemoRating::Steps(2, 5),
        found: 262,
        course: &[(88, Stands::InProgress, "")],
        ..THREAT
    },
    DemoThreat {
        title: "A flood of payment orders",
        text: "Bots open sessions until the processor slows us down.",
        stride: &[DenialOfService],
        affects: &["service", "order"],
        rating: DemoRating::Steps(3, 3),
        found: 345,
        course: &[(
            170,
            Stands::Accepted,
            "The shop limits checkouts per customer; half an hour of delay is bearable. Decided by the product owner.",
        )],
        ..THREAT
    },
    DemoThreat {
        title: "Nobody can say who ordered a refund",
        text: "The journal can be edited by whoever runs the console.",
        stride: &[Repudiation, Tampering],
        affects: &["clerk", "journal", "console", "trace"],
        assets: &["records"],
        rating: DemoRating::Steps(3, 3),
        found: 170,
        course: &[(88, Stands::Mitigated, "Entries are signed and go to a machine of the platform team.")],
        ..THREAT
    },
    DemoThreat {
        title: "The key of the processor is read from the configuration",
        text: "The key stands in a file that every deployment can read.",
        stride: &[Spoofing, InformationDisclosure],
        affects: &["service", "processor"],
        assets: &["keys"],
        rating: DemoRating::Steps(2, 5),
        cwe: &[522],
        found: 170,
        course: &[(24, Stands::Mitigated, "The key comes from the vault and changes every month.")],
        ..THREAT
    },
    DemoThreat {
        title: "The processor is down on a busy day",
        text: "No session can be opened, and customers leave.",
        stride: &[DenialOfService],
        affects: &["session"],
        rating: DemoRating::Steps(2, 4),
        found: 345,
        course: &[(262, Stands::Transferred, "The contract pays for lost sales beyond one hour.")],
        ..THREAT
    },
    DemoThreat {
        title: "Card numbers in our records",
        text: "The form posted the number through our service.",
        stride: &[InformationDisclosure],
        affects: &["payments", "session"],
        assets: &["records"],
        rating: DemoRating::Steps(4, 5),
        found: 520,
        course: &[(430, Stands::Eliminated, "The processor hosts the page; no number reaches us any more.")],
        ..THREAT
    },
    DemoThreat {
        title: "Two payments of the same amount are mixed up",
        text: "Matching compares amount and day only when the reference is missing.",
        stride: &[Tampering],
        affects: &["matching", "due"],
        assets: &["records"],
        rating: DemoRating::Steps(2, 3),
        found: 24,
        ..THREAT
    },
    DemoThreat {
        title: "Payout without an order",
        text: "The old console could send money to any account.",
        stride: &[ElevationOfPrivilege],
        affects: &["console", "refund"],
        assets: &["money"],
        rating: DemoRating::Steps(2, 5),
        found: 345,
        course: &[(262, Stands::Avoided, "We switched the function off; finance uses the portal of the bank.")],
        ..THREAT
    },
    DemoThreat {
        title: "An old notice is sent again",
        text: "A notice stays valid for ever, so a copied one marks another try of the same order as paid.",
        stride: &[Spoofing],
        affects: &["notice", "processor"],
        assets: &["money"],
        impact: "An order that was cancelled is delivered.",
        rating: DemoRating::Steps(3, 4),
        capec: &[60],
        found: 24,
        ..THREAT
    },
    DemoThreat {
        title: "A known weakness of a library is used",
        text: "All three programs parse what comes from outside.",
        stride: &[Spoofing, Tampering, ElevationOfPrivilege],
        affects: &["service", "matching", "console"],
        assets: &["money", "records"],
        rating: DemoRating::Steps(3, 4),
        found: 345,
        course: &[(170, Stands::Mitigated, "Libraries are checked each night and updated within a week.")],
        ..THREAT
    },
    DemoThreat {
        title: "Somebody listens inside the network",
        text: "Whoever is in could read along between the programs.",
        stride: &[InformationDisclosure],
        affects: &[
            "matching",
            "console",
            "journal",
            "order",
            "due",
            "decision",
            "refund",
            "trace",
            "statement",
            "notice",
        ],
        assets: &["records"],
        rating: DemoRating::Steps(1, 4),
        found: 345,
        course: &[(262, Stands::Mitigated, "Every flow is encrypted, inside as well.")],
        ..THREAT
    },
    DemoThreat {
        title: "A machine of ours stands still",
        text: "Nothing is matched and nothing refunded meanwhile.",
        stride: &[DenialOfService],
        affects: &[
            "matching",
            "console",
            "payments",
            "journal",
            "state",
            "due",
            "decision",
            "refund",
            "trace",
            "statement",
        ],
        rating: DemoRating::Steps(2, 2),
        found: 170,
        course: &[(170, Stands::Accepted, "Payments wait for a day without harm. Decided by the product owner.")],
        ..THREAT
    },
    DemoThreat {
        title: "Bank or processor deny a message",
        text: "Then it is our word against theirs.",
        stride: &[Repudiation, Spoofing],
        affects: &["bank", "processor", "service", "matching"],
        assets: &["records"],
        rating: DemoRating::Steps(1, 3),
        found: 170,
        course: &[(88, Stands::Transferred, "The contracts say whose record counts.")],
        ..THREAT
    },
];

const CARD_MITIGATIONS: &[DemoMitigation] = &[
    DemoMitigation {
        title: "Check the signature of notices",
        threats: &[1],
        owner: "Jonas Weber",
        link: "https://tickets.example/PAY-118",
        since: 430,
        status: Is::InProgress,
        course: &[(345, Is::Implemented)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "One key per order",
        threats: &[2],
        owner: "Clara Benedetti",
        since: 430,
        status: Is::Implemented,
        ..MITIGATION
    },
    DemoMitigation {
        title: "Four eyes for refunds above 200",
        threats: &[3, 12],
        owner: "Ruth Adeyemi",
        link: "https://tickets.example/PAY-204",
        since: 345,
        course: &[(262, Is::InProgress), (170, Is::Implemented)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "Let support ask for one order",
        threats: &[4],
        owner: "Clara Benedetti",
        since: 262,
        status: Is::InProgress,
        course: &[(170, Is::Implemented)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "Check the signature of statement files",
        text: "The bank offers signed files from the next format on.",
        threats: &[5],
        owner: "Clara Benedetti",
        link: "https://tickets.example/PAY-311",
        since: 170,
        course: &[(88, Is::InProgress)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "A waiting room before the checkout",
        text: "Too dear for half an hour a year.",
        threats: &[6],
        since: 262,
        course: &[(170, Is::Rejected)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "Signed journal on another machine",
        threats: &[7],
        owner: "Yuki Sato",
        since: 170,
        status: Is::InProgress,
        course: &[(88, Is::Implemented)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "Keep keys in the vault",
        threats: &[8],
        owner: "Yuki Sato",
        since: 88,
        status: Is::InProgress,
        course: &[(24, Is::Implemented)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "Check libraries each night",
        threats: &[14],
        owner: "Clara Benedetti",
        since: 262,
        status: Is::InProgress,
        course: &[(170, Is::Implemented)],
        ..MITIGATION
    },
    DemoMitigation {
        title: "Encrypt between the programs",
        threats: &[15],
        owner: "Yuki Sato",
        since: 262,
        status: Is::Implemented,
        ..MITIGATION
    },
    DemoMitigation {
        title: "Let the processor host the page",
        threats: &[10],
        owner: "Clara Benedetti",
        since: 430,
        status: Is::Implemented,
        ..MITIGATION
    },
    DemoMitigation {
        title: "Refuse notices older than ten minutes",
        threats: &[13],
        owner: "Clara Benedetti",
        link: "https://tickets.example/PAY-377",
        since: 24,
        ..MITIGATION
    },
];

/// Half a day a good year ago, and nobody came back to it.
pub(super) const REFUNDS: DemoModel = DemoModel {
    team: 1,
    title: "Refunds by telephone",
    description: "What happens from the call of a customer to the money on their account.",
    owner: "Clara Benedetti",
    participants: &["Ruth Adeyemi, finance"],
    criticality: Some(Criticality::Medium),
    diagram: "A call about a refund",
    assets: &[DemoAsset {
        id: "goodwill",
        name: "Refunded money",
        description: "Goes back to the one who paid.",
        needs: (Need::Low, Need::High, Need::Low),
    }],
    elements: &[
        boundary("office", "Call center", (270.0, 40.0, 460.0, 200.0)),
        actor("caller", "Customer on the phone", 40.0, 100.0),
        process("agent", "Taking the call", 320.0, 80.0),
        store("notes", "Notes of calls", 540.0, 95.0),
        DemoElement { encrypted: false, ..public("call", "Call", "caller", "agent", "telephone") },
        flow("note", "What was asked for", "agent", "notes", "HTTPS"),
    ],
    threats: &[
        DemoThreat {
            title: "A caller passes as the customer",
            text: "Order number and name are enough, and both stand on the parcel.",
            stride: &[Spoofing],
            affects: &["caller", "call"],
            assets: &["goodwill"],
            rating: DemoRating::Steps(3, 2),
            found: 400,
            ..THREAT
        },
        DemoThreat {
            title: "Notes tell more than they should",
            text: "Agents write down whole account numbers.",
            stride: &[InformationDisclosure],
            affects: &["notes", "note"],
            rating: DemoRating::Steps(2, 2),
            found: 400,
            ..THREAT
        },
        DemoThreat {
            title: "An agent denies having agreed",
            text: "Calls are not recorded.",
            stride: &[Repudiation],
            affects: &["agent"],
            rating: DemoRating::Steps(2, 2),
            found: 400,
            ..THREAT
        },
        DemoThreat {
            title: "All lines are taken",
            text: "After a faulty delivery hundreds call at once.",
            stride: &[DenialOfService],
            affects: &["agent"],
            rating: DemoRating::Steps(2, 1),
            found: 400,
            course: &[(400, Stands::Accepted, "Customers can write instead. Signed by the product owner.")],
            ..THREAT
        },
    ],
    mitigations: &[
        DemoMitigation {
            title: "Call back on the number of the order",
            threats: &[1],
            owner: "Ruth Adeyemi",
            since: 400,
            ..MITIGATION
        },
        DemoMitigation { title: "Mask account numbers in notes", threats: &[2], since: 400, ..MITIGATION },
        DemoMitigation { title: "Confirm by mail what was agreed", threats: &[3], since: 400, ..MITIGATION },
    ],
    revisions: &[(400, "From the session with finance")],
    records: &[review(400, "Half a day with a guest from finance.", "The whole team, Ruth Adeyemi")],
    ..MODEL
};
