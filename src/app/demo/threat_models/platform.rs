//! Threat models of the platform team: the most important one is late, and an old one is put aside.

use super::parts::{
    DemoAsset, DemoElement, DemoMitigation, DemoModel, DemoRating, DemoThreat, MITIGATION, MODEL, THREAT, actor,
    boundary, flow, process, public, review, store,
};
use crate::domain::threat_model::category::Stride::{
    DenialOfService, ElevationOfPrivilege, InformationDisclosure, Repudiation, Spoofing, Tampering,
};
use crate::domain::threat_model::words::{
    Criticality, MitigationStatus as Is, Need, Severity, ThreatStatus as Stands, Validity,
};

/// Everything is deployed through it, and the half-yearly review did not take place.
pub(super) const DEPLOYMENT: DemoModel = DemoModel {
    team: 0,
    title: "Build and deployment",
    description: "From the push of a developer to the running container. What the containers do is modeled by their teams.",
    objectives: "Only what was reviewed runs, and everybody can see what runs.",
    owner: "Yuki Sato",
    reviewer: "Ifeoma Okafor",
    participants: &["Leila Farouk"],
    criticality: Some(Criticality::Critical),
    diagram: "From push to production",
    assets: &[
        DemoAsset {
            id: "artifacts",
            name: "Images",
            description: "What runs in production.",
            needs: (Need::Medium, Need::Critical, Need::High),
        },
        DemoAsset {
            id: "secrets",
            name: "Secrets of deployments",
            description: "Keys and passwords of all teams.",
            needs: (Need::Critical, Need::High, Need::High),
        },
    ],
    elements: &[
        boundary("inside", "Company network", (270.0, 30.0, 380.0, 480.0)),
        boundary("cluster", "Production cluster", (720.0, 30.0, 250.0, 480.0)),
        actor("developer", "Developer", 40.0, 100.0),
        actor("mirror", "Package mirrors of the world", 40.0, 380.0),
        process("forge", "Code forge", 310.0, 80.0),
        process("runner", "Build runner", 310.0, 350.0),
        store("registry", "Image registry", 480.0, 220.0),
        process("deployer", "Deployer", 770.0, 80.0),
        store("vault", "Vault", 770.0, 370.0),
        public("push", "Push", "developer", "forge", "SSH"),
        public("packages", "Packages", "mirror", "runner", "HTTPS"),
        flow("job", "Build job", "forge", "runner", "HTTPS"),
        flow("image", "Image", "runner", "registry", "HTTPS"),
        flow("release", "Image of a release", "registry", "deployer", "HTTPS"),
        flow("secret", "Secrets", "vault", "deployer", "mutual TLS"),
    ],
    threats: DEPLOYMENT_THREATS,
    mitigations: &[
        DemoMitigation {
            title: "Fresh runner for each build",
            threats: &[1],
            owner: "Yuki Sato",
            since: 420,
            status: Is::InProgress,
            course: &[(231, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Mirror with a waiting time for new packages",
            threats: &[2],
            owner: "Leila Farouk",
            link: "https://tickets.example/PLAT-77",
            since: 231,
            course: &[(95, Is::InProgress)],
            ..MITIGATION
        },
        DemoMitigation {
            title: "Run only signed images",
            threats: &[3],
            owner: "Yuki Sato",
            since: 231,
            status: Is::InProgress,
            course: &[(95, Is::Implemented)],
            ..MITIGATION
        },
        DemoMitigation { title: "Second review for pipeline files", threats: &[4], since: 231, ..MITIGATION },
    ],
    assumptions: &[("The identity provider locks accounts of people who leave.", Validity::Unchecked, &["developer"])],
    revisions: &[
        (420, "First model, for the move to the new clusters"),
        (231, "Half-yearly review"),
        (95, "Signed images are enforced"),
    ],
    records: &[
        review(420, "First model.", "Yuki Sato, Leila Farouk"),
        review(231, "Went through all threats; four new ones.", "Yuki Sato, Ifeoma Okafor"),
    ],
    ..MODEL
};

const DEPLOYMENT_THREATS: &[DemoThreat] = &[
    DemoThreat {
        title: "A build reads what the one before left",
        text: "Runners were shared, with the files and keys of other teams on their disks.",
        stride: &[InformationDisclosure, ElevationOfPrivilege],
        affects: &["runner"],
        assets: &["secrets"],
        rating: DemoRating::Steps(3, 3),
        found: 420,
        course: &[(231, Stands::Mitigated, "Each build gets a fresh machine.")],
        ..THREAT
    },
    DemoThreat {
        title: "A package is replaced by a harmful one",
        text: "Somebody takes over a package that many builds load.",
        stride: &[Tampering],
        affects: &["packages", "runner", "mirror"],
        assets: &["artifacts"],
        actor: "Whoever earns money with stolen computing time",
        impact: "Harmful code runs in production at all teams.",
        rating: DemoRating::Steps(2, 3),
        capec: &[538],
        found: 420,
        course: &[(95, Stands::InProgress, "")],
        ..THREAT
    },
    DemoThreat {
        title: "An image is pushed past the build",
        text: "The registry takes images from everybody with a password.",
        stride: &[Spoofing, Tampering],
        affects: &["registry", "release"],
        assets: &["artifacts"],
        rating: DemoRating::Steps(2, 3),
        found: 231,
        course: &[(95, Stands::Mitigated, "The cluster refuses images without our signature.")],
        ..THREAT
    },
    DemoThreat {
        title: "A changed pipeline file prints secrets",
        text: "Whoever may push a branch may change what its build does.",
        stride: &[InformationDisclosure],
        affects: &["job", "forge"],
        assets: &["secrets"],
        rating: DemoRating::Steps(3, 3),
        cwe: &[94],
        found: 231,
        // Nobody did it, and still it was ticked off.
        course: &[(95, Stands::Mitigated, "Agreed in the review.")],
        ..THREAT
    },
    DemoThreat {
        title: "The deployer may do everything in the cluster",
        text: "Its account was made in a hurry.",
        stride: &[ElevationOfPrivilege],
        affects: &["deployer"],
        assets: &["artifacts", "secrets"],
        rating: DemoRating::Steps(2, 3),
        found: 231,
        ..THREAT
    },
    DemoThreat {
        title: "A stolen laptop pushes code",
        text: "Keys of developers have no passphrase.",
        stride: &[Spoofing],
        affects: &["developer", "push"],
        rating: DemoRating::Steps(2, 2),
        found: 231,
        ..THREAT
    },
    DemoThreat {
        title: "Nobody knows who released what",
        text: "The deployer acts under one name for all teams.",
        stride: &[Repudiation],
        affects: &["deployer"],
        rating: DemoRating::Steps(2, 1),
        found: 420,
        ..THREAT
    },
    DemoThreat {
        title: "The vault does not answer",
        text: "Without it nothing can be deployed, not even a fix.",
        stride: &[DenialOfService],
        affects: &["vault", "secret"],
        severity: Some(Severity::Medium),
        found: 95,
        ..THREAT
    },
];

/// What it was about has been switched off.
pub(super) const OLD_SERVERS: DemoModel = DemoModel {
    team: 0,
    title: "Old build servers",
    description: "The three machines on which everything was built before the clusters.",
    owner: "Yuki Sato",
    criticality: Some(Criticality::Low),
    diagram: "The old machines",
    elements: &[
        process("server", "Build server", 260.0, 60.0),
        actor("person", "Developer", 40.0, 80.0),
        DemoElement { encrypted: false, ..flow("login", "Login", "person", "server", "telnet") },
    ],
    threats: &[DemoThreat {
        title: "The password is read on the network",
        stride: &[InformationDisclosure],
        affects: &["login"],
        rating: DemoRating::Steps(3, 2),
        found: 540,
        ..THREAT
    }],
    revisions: &[(540, "Noted before the move")],
    records: &[review(540, "", "Yuki Sato")],
    aside: Some(210),
    ..MODEL
};
