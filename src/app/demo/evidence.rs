//! What the demo organization can show for its answers: nothing but data, with days counted back
//! from the present, so that some of it has always just expired and some is about to.

/// A piece of evidence of the demo organization.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) title: &'static str,
    pub(super) link: &'static str,
    pub(super) text: &'static str,
    pub(super) reviewer: &'static str,
    /// How many days ago it was true.
    pub(super) ago: u64,
    /// For how many days it is valid; `None`: for ever.
    pub(super) lasts: Option<u64>,
    /// Positions in [`PROFILES`](super::profiles::PROFILES).
    pub(super) teams: &'static [usize],
    /// Names of activities. One that the catalog does not have is left out.
    pub(super) activities: &'static [&'static str],
    /// The title that it was added with, if it was changed later.
    pub(super) first_title: Option<&'static str>,
    /// How many days ago it was withdrawn, and why.
    pub(super) withdrawn: Option<(u64, &'static str)>,
}

/// What holds for a piece unless it says otherwise.
const USUAL: Piece = Piece {
    title: "",
    link: "",
    text: "",
    reviewer: "",
    ago: 0,
    lasts: None,
    teams: &[],
    activities: &[],
    first_title: None,
    withdrawn: None,
};

pub(super) const PIECES: [Piece; 18] = [
    Piece {
        title: "Patch policy of last year",
        link: "https://wiki.example/policies/patching-1",
        text: "Critical patches within seven days, everything else within a month.",
        reviewer: "I. Okafor",
        ago: 500,
        lasts: Some(365),
        teams: &[0, 1, 2],
        activities: &["A patch policy is defined"],
        ..USUAL
    },
    Piece {
        title: "Threat-modeling session on refunds",
        link: "https://wiki.example/payments/threat-models/refunds",
        text: "Half a day with the whole team and a guest from finance.\n\nFour threats, three of them with a \
               countermeasure in the backlog; the fourth is accepted and signed by the product owner.",
        reviewer: "M. Lindqvist",
        ago: 400,
        lasts: Some(365),
        teams: &[1],
        activities: &[
            "Conduction of simple threat modeling on technical level",
            "Conduction of simple threat modeling on business level",
            "Creation of simple abuse stories",
        ],
        ..USUAL
    },
    Piece {
        title: "Attendance list of the secure-coding days",
        text: "All developers of the three teams but two, who were on leave and join the next one.",
        reviewer: "R. Sato",
        ago: 330,
        lasts: Some(365),
        teams: &[1, 2, 3],
        activities: &["Ad-Hoc Security trainings for software developers", "Regular security training for all"],
        ..USUAL
    },
    Piece {
        title: "Walk-through of logging and alerting",
        link: "https://wiki.example/data/operations/logging",
        text: "Traced one failed night job from the log line to the phone that rang.",
        ago: 250,
        lasts: Some(240),
        teams: &[4],
        activities: &["Centralized system logging", "Alerting"],
        ..USUAL
    },
    Piece {
        title: "Scan report of the staging shop",
        link: "https://reports.example/shop/staging-scan.html",
        text: "Nothing of high severity; the two findings of medium severity are tickets.",
        reviewer: "I. Okafor",
        ago: 220,
        lasts: Some(180),
        teams: &[2],
        activities: &["Simple Scan"],
        ..USUAL
    },
    Piece {
        title: "Definitions of the build and deployment pipelines",
        link: "https://git.example/platform/pipelines",
        text: "Every repository builds from the shared template; exceptions need an entry in the list beside it.",
        reviewer: "M. Lindqvist",
        ago: 200,
        lasts: Some(365),
        teams: &[0, 2],
        activities: &["Defined build process", "Defined deployment process", "Automated deployment process"],
        ..USUAL
    },
    Piece {
        title: "Restore drill of the order database",
        text: "Restored last night's copy on an empty machine in 48 minutes and compared the totals.",
        reviewer: "R. Sato",
        ago: 170,
        lasts: Some(180),
        teams: &[1],
        activities: &["Backup", "Definition of simple BCDR practices for critical components"],
        ..USUAL
    },
    Piece {
        title: "Penetration test of the app, summary",
        link: "https://reports.example/app/pentest-summary.pdf",
        ago: 150,
        lasts: Some(365),
        teams: &[3],
        activities: &["Simple Scan"],
        withdrawn: Some((20, "The report is about the beta of another app; ours was not in its scope.")),
        ..USUAL
    },
    Piece {
        title: "Patch policy of this year",
        link: "https://wiki.example/policies/patching-2",
        text: "Replaces the one of last year for the platform; the other teams have yet to adopt it.",
        reviewer: "I. Okafor",
        ago: 130,
        lasts: Some(365),
        teams: &[0],
        activities: &["A patch policy is defined"],
        ..USUAL
    },
    Piece {
        title: "Review of administrator accounts",
        text: "Compared the accounts with the list of employees; three were closed. All others use a second factor.",
        reviewer: "M. Lindqvist",
        ago: 100,
        lasts: Some(120),
        teams: &[0, 1, 2, 4],
        activities: &["MFA for admins", "Simple access control for systems"],
        ..USUAL
    },
    Piece {
        title: "Branch rules, exported",
        link: "https://git.example/settings/export/branch-rules.json",
        ago: 90,
        lasts: Some(180),
        teams: &[2, 3],
        activities: &["Version control", "Require a PR before merging", "Block force pushes"],
        ..USUAL
    },
    Piece {
        title: "Search for secrets in all repositories",
        link: "https://reports.example/secrets/latest",
        text: "Two old test passwords, both without use since the migration; removed and replaced.",
        reviewer: "R. Sato",
        ago: 60,
        lasts: Some(180),
        teams: &[0, 2],
        activities: &["Test for stored secrets in code"],
        ..USUAL
    },
    Piece {
        title: "Inventory of both servers and what runs on them",
        text: "Walked through the server room with the list in hand.",
        reviewer: "I. Okafor",
        ago: 55,
        teams: &[5],
        activities: &["Inventory of production components"],
        first_title: Some("Inventory of the servers"),
        ..USUAL
    },
    Piece {
        title: "Security champions by name",
        link: "https://wiki.example/security/champions",
        text: "One for each team, with a deputy, and a day each month for the task.",
        ago: 45,
        teams: &[0, 1, 2, 3, 4],
        activities: &["Each team has a security champion"],
        ..USUAL
    },
    Piece {
        title: "Parts list of the last release",
        link: "https://artifacts.example/platform/latest/parts.json",
        ago: 24,
        lasts: Some(30),
        teams: &[0],
        activities: &["SBOM of components"],
        ..USUAL
    },
    Piece {
        title: "Board of open findings",
        link: "https://boards.example/payments/findings",
        text: "Kept by the champion, looked at every second Tuesday.",
        reviewer: "M. Lindqvist",
        ago: 15,
        lasts: Some(90),
        teams: &[1],
        activities: &["Simple visualization of defects", "Treatment of defects with high or critical severity"],
        ..USUAL
    },
    Piece {
        title: "What the shop changed this quarter, with links",
        link: "https://wiki.example/shop/quarter/changes",
        text: "A line for each change with the merge request, the run that shows it, and who looked at it.",
        reviewer: "M. Lindqvist",
        ago: 10,
        lasts: Some(365),
        teams: &[2],
        activities: &[
            "Building and testing of artifacts in virtual environments",
            "Pinning of artifacts",
            "Rolling update on deployment",
            "Backup",
            "Baseline Hardening of the environment",
            "Usage of an security account",
            "Virtual environments are limited",
            "Coverage of hidden endpoints",
            "Test of virtualized environments",
            "Test the definition of virtualized environments",
        ],
        ..USUAL
    },
    Piece {
        title: "Tour of the platform, minutes",
        link: "https://wiki.example/platform/tours/latest",
        text: "Two hours with the security office; each point was shown on the running system.",
        reviewer: "I. Okafor",
        ago: 8,
        lasts: Some(180),
        teams: &[0],
        activities: &[
            "Usage of a short maximum lifetime for images",
            "Screens with metric visualization",
            "Patching mean time to resolution via production",
            "Integration of vulnerability issues into the development process",
            "Treatment of defects per protection requirement",
            "Load tests",
            "Static analysis for all self written components",
            "Deactivating of unneeded tests",
            "Software Composition Analysis",
        ],
        ..USUAL
    },
];
