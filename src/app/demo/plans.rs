//! The plans of the demo organization: one that the organization follows since some quarters, one with more people to
//! compare it with, and one of a team. They were made in quarters that are over, of what was known then.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::History;
use crate::app::plans::{DraftFrom, owned};
use crate::app::{Cairn, Error};
use crate::domain::access::Caller;
use crate::domain::catalog::ActivityId;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::period::Period;
use crate::domain::plan::entry::{CourseWord, DecisionEntry, PlanEntry};
use crate::domain::plan::saved::PlanId;
use crate::domain::view::Selection;
use crate::store::Change;

use super::profiles::{PROFILES, PROVIDER};

/// How many quarters ago the organization planned.
pub(super) const PLANNED_AGO: usize = 3;

/// Somebody saves a plan.
struct DemoPlan {
    name: &'static str,
    /// Whether it is the next version of the plan that was saved before it.
    is_next_version: bool,
    /// A position in [`PROFILES`]; `None`: the organization.
    team: Option<usize>,
    /// Who saves it: a position in [`PEOPLE`](super::people::PEOPLE).
    by: usize,
    /// In which quarter, counted back from the present one; it begins then, too.
    ago: usize,
    /// On which day of it.
    day: u64,
    /// What each team can do.
    each: &'static str,
    /// What differs: a position in [`PROFILES`] and the points.
    exceptions: &'static [(usize, u32)],
    /// What is decided.
    decisions: &'static [DemoDecision],
    /// Who takes care of what, some days later: a position in [`PROFILES`], the name of the activity, and the name.
    owners: &'static [(usize, &'static str, &'static str)],
}

/// What is decided about an activity: its name, for which team (`None`: all), and what.
type DemoDecision = (&'static str, Option<usize>, DemoCourse);

enum DemoCourse {
    /// It is finished in this quarter, counted from the first of the plan.
    Locked(u32),
    Excluded,
    /// By the [`PROVIDER`].
    Provided,
}

use DemoCourse::{Excluded, Locked, Provided};

const DECISIONS: &[DemoDecision] = &[
    ("Creation of threat modeling processes and standards", Some(1), Locked(4)),
    ("Conduction of build-it, break-it, fix-it contests", None, Excluded),
    ("Usage of a maximum lifetime for images", Some(2), Provided),
    ("Nightly build of images (base images)", Some(2), Provided),
];

/// In the order in which they are saved.
const PLANS: &[DemoPlan] = &[
    DemoPlan {
        name: "With a security engineer in each team",
        is_next_version: false,
        team: None,
        by: 0,
        ago: PLANNED_AGO,
        day: 9,
        each: "85",
        exceptions: &[(0, 90), (2, 100)],
        decisions: DECISIONS,
        owners: &[],
    },
    DemoPlan {
        name: "All teams through the three stages",
        is_next_version: false,
        team: None,
        by: 0,
        ago: PLANNED_AGO,
        day: 10,
        each: "60",
        exceptions: &[(0, 70), (2, 72)],
        decisions: DECISIONS,
        owners: &[
            (0, "Regular security training of security champions", "Yuki Sato"),
            (1, "Creation of threat modeling processes and standards", "Clara Benedetti"),
            (2, "Each team has a security champion", "Noor Haddad"),
            (3, "Each team has a security champion", "Noor Haddad"),
            (4, "Regular security training for all", "Pavel Dvořák"),
            (5, "Each team has a security champion", "Pavel Dvořák"),
        ],
    },
    DemoPlan {
        name: "Until the next audit",
        is_next_version: false,
        team: Some(2),
        by: 2,
        ago: 2,
        day: 11,
        each: "72",
        exceptions: &[],
        decisions: &[("Conduction of simple threat modeling on business level", None, Locked(3))],
        owners: &[],
    },
    DemoPlan {
        name: "Until the next audit",
        is_next_version: true,
        team: Some(2),
        by: 2,
        ago: 1,
        day: 14,
        each: "66",
        exceptions: &[],
        decisions: &[
            ("Conduction of simple threat modeling on business level", None, Locked(2)),
            ("Nightly build of images (base images)", None, Provided),
        ],
        owners: &[
            (2, "MFA", "Noor Haddad"),
            (2, "Targeted alerting", "the operations guild"),
            (2, "Conduction of simple threat modeling on business level", "Noor Haddad"),
        ],
    },
];

impl Cairn {
    /// Keeps the plans. `people` and `teams` are those of the demo, in their order.
    pub(super) fn add_demo_plans(
        &self,
        change: &mut Change<'_>,
        now: DateTime<Utc>,
        people: &BTreeMap<usize, Caller>,
        teams: &[TeamId],
        history: &mut History,
    ) -> Result<(), Error> {
        let mut last: Option<PlanId> = None;
        for plan in PLANS {
            let quarter = back(Period::containing(now), plan.ago);
            let by = people.get(&plan.by).ok_or(Error::NotFound("account"))?;
            let by = Caller { at: day_of(quarter, plan.day).min(now), ..by.clone() };
            let kept = last.filter(|_| plan.is_next_version);
            let entry = plan.entry(quarter, kept.is_some());
            let of_team = plan.team.and_then(|team| teams.get(team));
            let scope = of_team.map_or(ScopeId::Organization, |team| ScopeId::Team(*team));
            let selection = Selection { scope, period: Some(quarter.previous()) };
            let from = DraftFrom { plan: kept, entry: Some(entry), about: None };
            let (id, event) = self.save_plan_as_of(change, &by, selection, from)?;
            history.push((by.clone(), event));
            let later = Caller { at: day_of(quarter, plan.day + 3).min(now), ..by };
            for (team, activity, owner) in plan.owners {
                let team = *teams.get(*team).ok_or(Error::NotFound("team"))?;
                let activity = self.named(activity)?;
                change.set_plan_owner(id, team, &activity, owner)?;
                history.push((later.clone(), owned((id, plan.name), team, &activity, owner)));
            }
            last = Some(id);
        }
        Ok(())
    }

    /// The activity of this name in the bundled catalog.
    fn named(&self, name: &str) -> Result<ActivityId, Error> {
        let mut named = self.bundled.activities().filter(|(_, activity)| activity.name == name);
        named.next().map(|(_, activity)| activity.id.clone()).ok_or(Error::NotFound("activity"))
    }
}

impl DemoPlan {
    /// What the person entered.
    fn entry(&self, start: Period, is_next_version: bool) -> PlanEntry {
        let team = |place: usize| PROFILES.get(place).map_or("", |profile| profile.name);
        let exception = |(place, points): &(usize, u32)| format!("{}; {points}", team(*place));
        let decision = |(activity, of, course): &DemoDecision| {
            let (word, value) = match course {
                Locked(quarters) => (CourseWord::Locked, start.plus(*quarters).to_string()),
                Excluded => (CourseWord::Excluded, String::new()),
                Provided => (CourseWord::Provided, team(PROVIDER).to_owned()),
            };
            DecisionEntry {
                activity: (*activity).to_owned(),
                team: of.map(team).unwrap_or_default().to_owned(),
                course: word.name().to_owned(),
                value,
            }
        };
        PlanEntry {
            name: self.name.to_owned(),
            seen: if is_next_version { "1".to_owned() } else { String::new() },
            start: start.to_string(),
            each: self.each.to_owned(),
            exceptions: self.exceptions.iter().map(exception).collect::<Vec<_>>().join("\n"),
            left_out: String::new(),
            targets: BTreeMap::new(),
            wishes: BTreeMap::new(),
            decisions: self.decisions.iter().map(decision).collect(),
        }
    }
}

/// The quarter so many before.
pub(super) fn back(period: Period, quarters: usize) -> Period {
    std::iter::successors(Some(period), |period| Some(period.previous())).nth(quarters).unwrap_or(period)
}

/// The morning of a day of a quarter, counted from its first.
pub(super) fn day_of(quarter: Period, day: u64) -> DateTime<Utc> {
    let first = quarter.previous().last_day();
    let day = first.checked_add_days(Days::new(day)).unwrap_or(first);
    day.and_time(NaiveTime::from_hms_opt(9, 20, 0).unwrap_or_default()).and_utc()
}
