//! Threat models of the web shop: one with STRIDE, one along the stages of PASTA with an eye on privacy.

use super::parts::{
    DemoAsset, DemoElement, DemoMitigation, DemoModel, DemoRating, DemoStory, DemoThreat, MITIGATION, MODEL, THREAT,
    actor, boundary, flow, process, public, review, store,
};
use crate::domain::threat_model::category::Linddun;
use crate::domain::threat_model::category::Stride::{
    DenialOfService, ElevationOfPrivilege, InformationDisclosure, Repudiation, Spoofing, Tampering,
};
use crate::domain::threat_model::rating::{Factor, Scale};
use crate::domain::threat_model::words::{
    Criticality, Method, MitigationStatus as Is, Need, StoryKind, ThreatStatus as Stands, Validity,
};

/// What customers see in the browser.
pub(super) const CHECKOUT: DemoModel = DemoModel {
    team: 2,
    title: "Search and checkout",
    description: "The pages from the search to the order. Payments begin where the payment service is called.",
    objectives: "Customers find and order; nobody orders in the name of another.",
    owner: "Noor Haddad",
    reviewer: "Tomás Varga",
    participants: &["Elif Kaya", "Clara Benedetti"],
    criticality: Some(Criticality::High),
    diagram: "Browser, pages and orders",
    assets: &[
        DemoAsset {
            id: "orders",
            name: "Orders",
            description: "What is to be delivered to whom.",
            needs: (Need::High, Need::High, Need::High),
        },
        DemoAsset {
            id: "prices",
            name: "Prices",
            description: "What the customer pays is what the page said.",
            needs: (Need::Low, Need::High, Need::Medium),
        },
    ],
    elements: &[
        boundary("edge", "Shop network", (250.0, 30.0, 520.0, 420.0)),
        actor("customer", "Customer", 40.0, 190.0),
        process("pages", "Shop pages", 300.0, 70.0),
        process("checkout", "Checkout", 300.0, 300.0),
        store("index", "Product index", 570.0, 85.0),
        store("baskets", "Baskets and orders", 570.0, 315.0),
        DemoElement {
            out_of_scope: "The payments team models it.",
            ..process("payment", "Payment service", 860.0, 160.0)
        },
        public("search", "Search", "customer", "pages", "HTTPS"),
        public("ordering", "Order", "customer", "checkout", "HTTPS"),
        flow("query", "Query", "pages", "index", "HTTPS"),
        flow("basket", "Basket", "checkout", "baskets", "SQL over TLS"),
        flow("paying", "Payment order", "checkout", "payment", "HTTPS"),
    ],
    threats: CHECKOUT_THREATS,
    mitigations: &[
        DemoMitigation {
            title: "Take prices from the index, never from the form",
            threats: &[1],
            owner: "Elif Kaya",
            since: 480,
            status: Is::InProgress,
            course: &[(300, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Encode what reviews say",
            threats: &[2],
            owner: "Elif Kaya",
            link: "https://tickets.example/SHOP-51",
            since: 480,
            course: &[(300, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Tell bots apart in the search",
            threats: &[3],
            owner: "Noor Haddad",
            since: 300,
            course: &[(130, Is::InProgress)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Bind baskets to the session",
            threats: &[4],
            owner: "Noor Haddad",
            since: 300,
            status: Is::InProgress,
            course: &[(130, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Least rights for the account of the checkout",
            threats: &[7],
            owner: "Elif Kaya",
            link: "https://tickets.example/SHOP-96",
            since: 130,
            ..MITIGATION
        },
    ],
    assumptions: &[
        ("Everybody may see every price.", Validity::Confirmed, &["prices"]),
        ("The payment service refuses an order that it has seen before.", Validity::Confirmed, &["paying"]),
    ],
    stories: &[DemoStory {
        kind: StoryKind::Simple,
        title: "The cheap television",
        text: "As a customer with developer tools, I change the price in the form, so that I pay a tenth.",
        threats: &[1],
    }],
    revisions: &[
        (480, "First model at the start of the new checkout"),
        (300, "After the pages moved to the cluster"),
        (130, "Yearly review, brought forward for the audit"),
        (45, "Basket threats closed, one found by a tester"),
    ],
    records: &[
        review(480, "First model of the new checkout.", "Noor Haddad, Elif Kaya"),
        review(130, "All elements, with a guest from payments.", "Noor Haddad, Elif Kaya, Clara Benedetti"),
    ],
    ..MODEL
};

const CHECKOUT_THREATS: &[DemoThreat] = &[
    DemoThreat {
        title: "The price is changed in the form",
        text: "The checkout trusts the price that the browser sends.",
        stride: &[Tampering],
        affects: &["ordering", "checkout"],
        assets: &["prices"],
        rating: DemoRating::Steps(3, 3),
        cwe: &[602],
        found: 480,
        course: &[(300, Stands::Mitigated, "The price comes from the index.")],
        ..THREAT
    },
    DemoThreat {
        title: "A review of a product runs as script",
        text: "Reviews are shown as they were written, to everybody.",
        stride: &[ElevationOfPrivilege, Tampering],
        affects: &["pages", "search"],
        assets: &["orders"],
        rating: DemoRating::Steps(3, 2),
        cwe: &[79],
        found: 480,
        course: &[(300, Stands::Mitigated, "All texts are encoded; the pages allow no foreign scripts.")],
        ..THREAT
    },
    DemoThreat {
        title: "Bots wear the search out",
        text: "Scrapers ask for every product every hour.",
        stride: &[DenialOfService],
        affects: &["pages", "query", "index"],
        rating: DemoRating::Steps(3, 2),
        found: 300,
        course: &[(130, Stands::InProgress, "")],
        ..THREAT
    },
    DemoThreat {
        title: "The basket of another is opened by its number",
        text: "Numbers of baskets count up.",
        stride: &[InformationDisclosure],
        affects: &["checkout", "baskets"],
        assets: &["orders"],
        rating: DemoRating::Steps(3, 2),
        cwe: &[639],
        found: 300,
        course: &[(130, Stands::InProgress, ""), (45, Stands::Mitigated, "Baskets belong to a session.")],
        ..THREAT
    },
    DemoThreat {
        title: "A customer denies an order",
        text: "There is no proof beyond the order itself.",
        stride: &[Repudiation],
        affects: &["customer", "checkout"],
        rating: DemoRating::Steps(1, 2),
        found: 300,
        course: &[(130, Stands::Accepted, "Within the law they may send it back anyway. Decided by sales.")],
        ..THREAT
    },
    DemoThreat {
        title: "Search words tell what somebody looks for",
        text: "They stand in addresses and so in the logs of others.",
        stride: &[InformationDisclosure],
        affects: &["search", "query"],
        rating: DemoRating::Steps(2, 1),
        found: 130,
        ..THREAT
    },
    DemoThreat {
        title: "The checkout may read all orders",
        text: "Its account in the database was made for the migration.",
        stride: &[ElevationOfPrivilege, InformationDisclosure],
        affects: &["basket", "baskets", "checkout"],
        assets: &["orders"],
        rating: DemoRating::Steps(2, 3),
        cwe: &[250],
        found: 130,
        ..THREAT
    },
    DemoThreat {
        title: "A voucher is used by many at once",
        text: "Between check and use there is time for a second order. A tester found it.",
        stride: &[Tampering],
        affects: &["checkout", "basket"],
        assets: &["prices"],
        rating: DemoRating::Steps(2, 2),
        cwe: &[367],
        found: 45,
        ..THREAT
    },
    DemoThreat {
        title: "Somebody passes as a customer",
        text: "Accounts are modeled on their own.",
        stride: &[Spoofing],
        affects: &["customer"],
        found: 130,
        course: &[(130, Stands::NotApplicable, "See the model of customer accounts.")],
        ..THREAT
    },
];

/// Rated by the factors of the OWASP Risk Rating: who does it, how easy it is, what it costs.
pub(super) const ACCOUNTS: DemoModel = DemoModel {
    team: 2,
    title: "Customer accounts",
    description: "Signing up, signing in, and what we know of a customer. Not the orders.",
    objectives: "Customers stay with us because they can trust us with their names and addresses. A leak would cost more \
                 than a bad year.",
    owner: "Elif Kaya",
    reviewer: "Noor Haddad",
    participants: &["Hanna Roth, data protection"],
    methods: &[Method::Pasta, Method::Linddun],
    criticality: Some(Criticality::High),
    scale: Scale::Owasp,
    diagram: "Accounts",
    assets: &[DemoAsset {
        id: "people",
        name: "Data about customers",
        description: "Names, addresses, birthdays.",
        needs: (Need::Critical, Need::High, Need::Medium),
    }],
    elements: &[
        boundary("realm", "Accounts", (270.0, 30.0, 460.0, 390.0)),
        actor("visitor", "Customer", 40.0, 90.0),
        actor("marketing", "Marketing", 40.0, 310.0),
        process("sign-in", "Sign-in", 310.0, 70.0),
        process("export", "Campaign export", 310.0, 290.0),
        store("accounts", "Accounts", 540.0, 180.0),
        public("credentials", "Address and password", "visitor", "sign-in", "HTTPS"),
        flow("lookup", "Account", "sign-in", "accounts", "SQL over TLS"),
        flow("selection", "Selected customers", "accounts", "export", "SQL over TLS"),
        DemoElement { encrypted: false, ..flow("list", "List for a campaign", "export", "marketing", "file share") },
    ],
    threats: ACCOUNT_THREATS,
    mitigations: &[
        DemoMitigation {
            title: "Slow down and lock after failed tries",
            threats: &[1],
            owner: "Elif Kaya",
            since: 250,
            status: Is::InProgress,
            course: &[(66, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Offer passkeys",
            threats: &[1],
            owner: "Noor Haddad",
            link: "https://tickets.example/SHOP-140",
            since: 66,
            status: Is::InProgress,
            ..MITIGATION
        },
        DemoMitigation {
            title: "Change addresses only after a sign-in",
            threats: &[4],
            owner: "Elif Kaya",
            since: 66,
            status: Is::Implemented,
            ..MITIGATION
        },
        DemoMitigation {
            title: "Hand out lists without birthdays",
            threats: &[2, 3],
            owner: "Hanna Roth",
            since: 66,
            ..MITIGATION
        },
    ],
    assumptions: &[("Marketing deletes lists after a campaign.", Validity::Refuted, &["list"])],
    stories: &[DemoStory {
        kind: StoryKind::AttackTree,
        title: "Take over an account",
        text: "Get a password that the customer uses elsewhere, or have a link for a new one sent: to a mailbox that is \
               taken over, or to an address that was changed by telephone.",
        threats: &[1, 4],
    }],
    revisions: &[(250, "First model along PASTA"), (66, "Review with data protection")],
    records: &[
        review(250, "All seven stages once.", "Elif Kaya, Noor Haddad"),
        review(66, "Privacy of lists and exports.", "Elif Kaya, Hanna Roth"),
    ],
    ..MODEL
};

const ACCOUNT_THREATS: &[DemoThreat] = &[
    DemoThreat {
        title: "Passwords from elsewhere are tried",
        text: "Lists of stolen passwords are tried one after the other.",
        stride: &[Spoofing],
        affects: &["sign-in", "credentials", "visitor"],
        assets: &["people"],
        actor: "Whoever sells accounts",
        impact: "Somebody else orders in the name of a customer.",
        rating: DemoRating::Factors(&[
            (Factor::SkillLevel, 6),
            (Factor::Motive, 7),
            (Factor::Opportunity, 7),
            (Factor::Size, 9),
            (Factor::EaseOfDiscovery, 9),
            (Factor::EaseOfExploit, 8),
            (Factor::Awareness, 9),
            (Factor::IntrusionDetection, 3),
            (Factor::FinancialDamage, 3),
            (Factor::ReputationDamage, 5),
            (Factor::NonCompliance, 5),
            (Factor::PrivacyViolation, 5),
        ]),
        cwe: &[307],
        capec: &[600],
        found: 250,
        course: &[(66, Stands::InProgress, "")],
        ..THREAT
    },
    DemoThreat {
        title: "A list of customers leaves the house",
        text: "The file share is open to everybody in the office, and files stay there.",
        stride: &[InformationDisclosure],
        linddun: &[Linddun::Linking, Linddun::Identifying],
        affects: &["list", "marketing", "export"],
        assets: &["people"],
        rating: DemoRating::Factors(&[
            (Factor::Motive, 4),
            (Factor::Opportunity, 9),
            (Factor::EaseOfExploit, 9),
            (Factor::IntrusionDetection, 9),
            (Factor::ReputationDamage, 9),
            (Factor::NonCompliance, 7),
            (Factor::PrivacyViolation, 7),
        ]),
        cwe: &[312],
        found: 66,
        ..THREAT
    },
    DemoThreat {
        title: "Birthdays are kept that nobody needs",
        text: "They were asked for once for a campaign.",
        linddun: &[Linddun::NonCompliance],
        affects: &["accounts"],
        assets: &["people"],
        rating: DemoRating::Factors(&[
            (Factor::Motive, 1),
            (Factor::EaseOfDiscovery, 3),
            (Factor::NonCompliance, 5),
            (Factor::PrivacyViolation, 4),
        ]),
        cwe: &[359],
        found: 66,
        ..THREAT
    },
    DemoThreat {
        title: "A link for a new password goes to the wrong mailbox",
        text: "Support changes mail addresses by telephone.",
        stride: &[Spoofing],
        affects: &["sign-in", "visitor"],
        assets: &["people"],
        rating: DemoRating::Factors(&[
            (Factor::SkillLevel, 4),
            (Factor::Motive, 4),
            (Factor::EaseOfDiscovery, 4),
            (Factor::EaseOfExploit, 5),
            (Factor::ReputationDamage, 4),
            (Factor::PrivacyViolation, 4),
        ]),
        cwe: &[640],
        found: 250,
        course: &[(66, Stands::Mitigated, "Support cannot change addresses any more.")],
        ..THREAT
    },
];
