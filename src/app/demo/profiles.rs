//! Who the teams of the demo organization are: nothing but data, so that teams can be added here
//! without a look at how their history is made.

/// What a team has done about the last quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latest {
    Submitted,
    Draft,
    NotOpened,
}

/// Words in the names of activities in lower case, and why such an activity does not apply.
pub(super) type Exemption = (&'static [&'static str], &'static str);

/// Who a team is and how it works.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    /// Positions in [`GROUPS`].
    pub(super) groups: &'static [usize],
    /// How far it is in the first quarter, in thousandths of all the effort there is.
    pub(super) start: i64,
    /// How much further it comes in every quarter, in the same measure, where the history has the usual length.
    pub(super) pace: i64,
    /// How many quarters before the last it was assessed for the first time; `None`: always.
    pub(super) joined: Option<usize>,
    /// The last quarter in which it was assessed before it was retired, counted back from the last.
    pub(super) retired: Option<usize>,
    /// The quarters without an assessment, counted back from the last.
    pub(super) skipped: &'static [usize],
    /// The quarter of a reorganization, counted back from the last.
    pub(super) setback: Option<usize>,
    pub(super) latest: Latest,
    /// Words in the names of dimensions and sub-dimensions in lower case, and by how many
    /// hundredths of a level the team is ahead there. A catalog with other names still works: there
    /// the teams differ in pace and by chance only.
    pub(super) emphasis: &'static [(&'static str, i64)],
    /// What does not apply to it.
    pub(super) exemptions: &'static [Exemption],
    /// What it gave to others and does not apply any more, with the quarter since when, counted back from the last.
    pub(super) handed_over: &'static [(usize, Exemption)],
    /// Words in the names of dimensions and sub-dimensions in lower case: where the [`PROVIDER`] says the same,
    /// it takes the answer over from there.
    pub(super) takes_over: &'static [&'static str],
    /// Whether it enters everything in the last minutes before it submits.
    pub(super) is_hasty: bool,
}

/// The team that others take answers over from: a position in [`PROFILES`].
pub(super) const PROVIDER: usize = 0;

impl Profile {
    /// What holds for a team unless its profile says otherwise.
    pub(super) const USUAL: Self = Self {
        name: "",
        description: "",
        groups: &[],
        start: 0,
        pace: 0,
        joined: None,
        retired: None,
        skipped: &[],
        setback: None,
        latest: Latest::Submitted,
        emphasis: &[],
        exemptions: &[],
        handed_over: &[],
        takes_over: &[],
        is_hasty: false,
    };
}

pub(super) const GROUPS: [&str; 3] = ["Customer channels", "Shared services", "Finance and operations"];

pub(super) const PROFILES: [Profile; 6] = [
    // Far ahead with tools, and late with threat modeling and everything else that people carry.
    Profile {
        name: "Delivery Platform",
        description: "Runs the build service, the clusters and the monitoring that the other teams deploy on.",
        groups: &[1],
        start: 310,
        pace: 59,
        emphasis: &[("culture", -220), ("build", 90), ("infrastructure", 60), ("information", 40), ("design", -30)],
        exemptions: &[
            (&["client side", "output encoding"], "We write no user interfaces; the tools bring their own."),
            (&["feature toggle"], "Clusters and pipelines have no features to switch on for some users."),
        ],
        ..Profile::USUAL
    },
    // Strong in culture and process, slow to automate.
    Profile {
        name: "Payments",
        description: "Takes card and invoice payments and matches them with the orders.",
        groups: &[1, 2],
        start: 150,
        pace: 42,
        emphasis: &[("culture", 170), ("build", -70), ("test", -40), ("source control", 60), ("consolidation", 60)],
        exemptions: &[
            (&["externals"], "Only employees may work on payments, so there are no externals to train."),
            (&["client side"], "The card processor hosts the payment page; we write no code for browsers."),
        ],
        takes_over: &["patch management", "for infrastructure", "infrastructure hardening", "/ build"],
        ..Profile::USUAL
    },
    // Steady and even.
    Profile {
        name: "Web Shop",
        description: "Builds the search, the product pages and the checkout that customers see in the browser.",
        groups: &[0],
        start: 130,
        pace: 55,
        emphasis: &[("application", 40), ("monitoring", 60), ("culture", -50), ("infrastructure", -40)],
        exemptions: &[
            (&["budget", "costs"], "The platform team pays for the hosting and watches what it costs."),
            (&["isolated networks", "segmentation"], "The platform team draws the networks and is assessed on them."),
        ],
        handed_over: &[
            (2, (&["system events"], "The platform team now watches the machines and is assessed on it.")),
            (1, (&["cluster deployment"], "Our charts moved to the platform team, which tests them.")),
            (0, (&["cloud"], "The cloud accounts went to the platform team.")),
        ],
        takes_over: &["patch management", "for infrastructure", "infrastructure hardening", "/ deployment"],
        ..Profile::USUAL
    },
    // Now and then too busy for an assessment.
    Profile {
        name: "Shopper App",
        description: "Makes the app for phones with which customers order and follow their parcels.",
        groups: &[0],
        start: 90,
        pace: 38,
        skipped: &[6, 3],
        takes_over: &["patch management", "for infrastructure", "monitoring"],
        is_hasty: true,
        emphasis: &[("application", 50), ("information", -40), ("infrastructure", -40)],
        exemptions: &[
            (&["container", "image", "cluster"], "We ship an app to phones; nothing of it runs in a container."),
            (&["blue/green", "rolling update"], "App stores hand out our releases; there is no traffic to shift."),
            (&["server side", "waf"], "The web shop team owns the service that the app calls and assesses it there."),
        ],
        ..Profile::USUAL
    },
    // Thrown back by a reorganization, and behind with the current assessment.
    Profile {
        name: "Data and Forecasting",
        description: "Collects sales and stock figures and forecasts what the warehouses will need.",
        groups: &[1],
        start: 120,
        pace: 38,
        setback: Some(3),
        latest: Latest::Draft,
        emphasis: &[("information", 70), ("test", -50), ("application", -30)],
        exemptions: &[
            (
                &["client side", "headers", "output encoding"],
                "A purchased product shows our reports; we write no pages.",
            ),
            (&["canary", "blue/green"], "Our jobs run at night without users who could be split into two halves."),
        ],
        takes_over: &["patch management", "for infrastructure", "infrastructure hardening"],
        ..Profile::USUAL
    },
    // Bought with another company; has far to go.
    Profile {
        name: "Warehouse Back Office",
        description: "Maintains the stock and shipping program that came with an acquired carrier.",
        groups: &[2],
        start: 20,
        pace: 23,
        joined: Some(5),
        latest: Latest::NotOpened,
        emphasis: &[("process", 60), ("infrastructure", 30), ("test", -40)],
        exemptions: &[
            (&["container", "image", "cluster"], "The program is installed on two servers and uses no containers."),
            (&["cloud"], "It runs in our own server room; there is no cloud account to look at."),
            (&["canary", "blue/green", "rolling update"], "One installation serves all warehouses at the same time."),
            (&["service to service"], "It is a single program without services that call each other."),
        ],
        ..Profile::USUAL
    },
];

pub(super) const STARTED_NOTES: [&str; 6] = [
    "A first trial runs in one repository.",
    "Agreed in planning; the work is in this quarter's backlog.",
    "One of us wrote a proposal, and the team has yet to discuss it.",
    "We are comparing two tools and decide next month.",
    "The head of engineering has approved the time for it.",
    "Done once by hand to learn what it takes.",
];

pub(super) const PARTLY_NOTES: [&str; 6] = [
    "In place for the busiest components; the rest follows next quarter.",
    "Works, but only two people know how.",
    "New work follows it; older code does not yet.",
    "It runs every week, but nobody is named to look at the results.",
    "Waiting for a budget decision before we extend it.",
    "Written down, though not everybody keeps to it.",
];

pub(super) const FULLY_NOTES: [&str; 6] = [
    "Checked in the internal audit without findings.",
    "The setup is described in the team handbook.",
    "Reviewed in the last retrospective; we keep it as it is.",
    "Part of the template that every new repository starts from.",
    "Two people can stand in for each other here.",
    "We showed it to the other teams at the engineering day.",
];
