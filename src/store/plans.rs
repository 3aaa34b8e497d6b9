//! Kept plans: append-only, each time one is saved it gets another version.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::assessments::stored_period;
use super::roadmap::KeptStage;
use super::schema::{activities, catalogs, plan_owners, plan_version_teams, plan_versions, plans, teams};
use super::teams::stored_name;
use super::{ActivityKeys, Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::catalog::{ActivityId, ActivityIndex, Catalog, CatalogDigest, Level};
use crate::domain::organization::{GroupId, Name, ScopeId, TeamId};
use crate::domain::period::Period;
use crate::domain::plan::saved::{BaselineDimension, PlanId, PlanVersion, SavedPlan, VersionHead};
use crate::domain::plan::seen::Owners;
use crate::domain::plan::{Because, Capacity, Course, Item, Plan, PlanInput, Points, Provided, TeamPlan, Then, There};
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};

/// A plan as it is listed: what identifies it, and its latest version.
type Listed = (i64, String, Option<i64>, Option<i64>, Option<DateTime<Utc>>, i64, DateTime<Utc>, String);

impl Snapshot<'_> {
    /// All plans, in the order of their names.
    pub fn plans(&mut self) -> Result<Vec<SavedPlan>, Error> {
        let rows: Vec<Listed> = plan_versions::table
            .inner_join(plans::table)
            .order((plans::name_key, plans::id, plan_versions::number))
            .select((
                plans::id,
                plans::name,
                plans::team_id,
                plans::group_id,
                plans::archived_at,
                plan_versions::number,
                plan_versions::saved_at,
                plan_versions::saved_by,
            ))
            .load(self.connection)?;
        let mut found: Vec<SavedPlan> = Vec::new();
        for (id, name, team, group, archived_at, number, saved_at, saved_by) in rows {
            let plan = SavedPlan {
                id: PlanId(id),
                name: stored_name(&name)?,
                scope: scope(team, group),
                versions: u32::try_from(number).unwrap_or_default(),
                saved_at,
                saved_by,
                archived_at,
            };
            // The versions of a plan follow each other; the last is the latest.
            match found.last_mut().filter(|last| last.id == plan.id) {
                Some(last) => *last = plan,
                None => found.push(plan),
            }
        }
        Ok(found)
    }

    /// The catalog in which a version of a plan counts activities; `None` when there is no such version.
    pub fn catalog_of_plan(&mut self, plan: PlanId, version: u32) -> Result<Option<CatalogDigest>, Error> {
        let digest: Option<String> = plan_versions::table
            .inner_join(catalogs::table)
            .filter(plan_versions::plan_id.eq(plan.0).and(plan_versions::number.eq(i64::from(version))))
            .select(catalogs::digest)
            .first(self.connection)
            .optional()?;
        Ok(digest.map(CatalogDigest::stored))
    }

    /// All that was decided in a version of a plan, also about teams that somebody does not see.
    pub fn plan_input(&mut self, plan: PlanId, version: u32) -> Result<Option<PlanInput>, Error> {
        let content: Option<String> = plan_versions::table
            .filter(plan_versions::plan_id.eq(plan.0).and(plan_versions::number.eq(i64::from(version))))
            .select(plan_versions::content)
            .first(self.connection)
            .optional()?;
        content.map(|content| Ok(StoredVersion::read(&content, plan, version)?.0)).transpose()
    }

    /// A version of a plan with the teams that somebody sees. `catalog` is the one in which it counts activities.
    pub fn plan_version(
        &mut self,
        sight: &Sight,
        plan: PlanId,
        version: u32,
        catalog: &Catalog,
    ) -> Result<Option<PlanVersion>, Error> {
        type Row = (i64, DateTime<Utc>, String, String, String);
        let row: Option<Row> = plan_versions::table
            .filter(plan_versions::plan_id.eq(plan.0).and(plan_versions::number.eq(i64::from(version))))
            .select((
                plan_versions::id,
                plan_versions::saved_at,
                plan_versions::saved_by,
                plan_versions::period,
                plan_versions::content,
            ))
            .first(self.connection)
            .optional()?;
        let Some((id, saved_at, saved_by, period, content)) = row else { return Ok(None) };
        let (mut input, roadmap, dimensions) = StoredVersion::read(&content, plan, version)?;
        input.forget_unseen(sight);
        let rows: Vec<(i64, String, String)> = plan_version_teams::table
            .inner_join(teams::table)
            .filter(plan_version_teams::version_id.eq(id))
            .order(plan_version_teams::place)
            .select((plan_version_teams::team_id, teams::name, plan_version_teams::content))
            .load(self.connection)?;
        let indexes: Vec<ActivityIndex> = catalog.activities().map(|(index, _)| index).collect();
        let mut of_teams = Vec::new();
        for (team, name, content) in rows.into_iter().filter(|(team, ..)| sight.sees(TeamId(*team))) {
            let stored: Option<StoredTeam> = serde_json::from_str(&content).ok();
            let restored = stored.and_then(|of| of.restored(TeamId(team), name, input.start, catalog, &indexes));
            of_teams.push(restored.ok_or_else(|| unreadable(plan, version))?);
        }
        Ok(Some(PlanVersion {
            number: version,
            saved_at,
            saved_by,
            plan: Plan { start: input.start, teams: of_teams },
            input,
            catalog: catalog.digest().clone(),
            period: stored_period(&period)?,
            roadmap,
            dimensions,
        }))
    }

    /// The versions of a plan, the latest first.
    pub fn plan_heads(&mut self, plan: PlanId) -> Result<Vec<VersionHead>, Error> {
        let rows: Vec<(i64, DateTime<Utc>, String, String)> = plan_versions::table
            .filter(plan_versions::plan_id.eq(plan.0))
            .order(plan_versions::number.desc())
            .select((plan_versions::number, plan_versions::saved_at, plan_versions::saved_by, plan_versions::content))
            .load(self.connection)?;
        let head = |(number, saved_at, saved_by, content): (i64, DateTime<Utc>, String, String)| {
            let damaged = || Error::Damaged(format!("version {number} of plan {} cannot be read", plan.0));
            let StoredStart { start } = serde_json::from_str(&content).map_err(|_| damaged())?;
            let number = u32::try_from(number).map_err(|_| damaged())?;
            Ok(VersionHead { number, saved_at, saved_by, start: stored_period(&start)? })
        };
        rows.into_iter().map(head).collect()
    }

    /// Who takes care of what in a plan, for the teams that somebody sees.
    pub fn plan_owners(&mut self, sight: &Sight, plan: PlanId) -> Result<Owners, Error> {
        let rows: Vec<(i64, String, String)> = plan_owners::table
            .inner_join(activities::table)
            .filter(plan_owners::plan_id.eq(plan.0))
            .select((plan_owners::team_id, activities::activity_id, plan_owners::owner))
            .load(self.connection)?;
        let seen = rows.into_iter().filter(|(team, ..)| sight.sees(TeamId(*team)));
        Ok(seen.map(|(team, activity, owner)| ((TeamId(team), ActivityId(activity)), owner)).collect())
    }
}

impl Change<'_> {
    /// Adds a plan, which is to get its first version.
    pub fn add_plan(&mut self, name: &Name, scope: ScopeId) -> Result<PlanId, Error> {
        let (team, group) = match scope {
            ScopeId::Organization => (None, None),
            ScopeId::Group(id) => (None, Some(id.0)),
            ScopeId::Team(id) => (Some(id.0), None),
        };
        let id = diesel::insert_into(plans::table)
            .values((
                plans::name.eq(name.as_str()),
                plans::name_key.eq(name.key()),
                plans::team_id.eq(team),
                plans::group_id.eq(group),
            ))
            .returning(plans::id)
            .get_result(self.connection)?;
        Ok(PlanId(id))
    }

    /// Gives a plan another name.
    pub fn rename_plan(&mut self, plan: PlanId, name: &Name) -> Result<(), Error> {
        diesel::update(plans::table.find(plan.0))
            .set((plans::name.eq(name.as_str()), plans::name_key.eq(name.key())))
            .execute(self.connection)?;
        Ok(())
    }

    /// Adds a version to a plan. `catalog` is the one that it counts activities in.
    pub fn add_plan_version(&mut self, plan: PlanId, version: &PlanVersion, catalog: &Catalog) -> Result<(), Error> {
        let catalog = self.keep_catalog(catalog, version.saved_at)?;
        let json = |error: serde_json::Error| Error::Other(error.to_string());
        let content = serde_json::to_string(&StoredVersion::of(version)).map_err(json)?;
        let id: i64 = diesel::insert_into(plan_versions::table)
            .values((
                plan_versions::plan_id.eq(plan.0),
                plan_versions::number.eq(i64::from(version.number)),
                plan_versions::saved_at.eq(version.saved_at),
                plan_versions::saved_by.eq(&version.saved_by),
                plan_versions::period.eq(version.period.to_string()),
                plan_versions::catalog_id.eq(catalog),
                plan_versions::content.eq(content),
            ))
            .returning(plan_versions::id)
            .get_result(self.connection)?;
        for (place, team) in (0..).zip(&version.plan.teams) {
            let content = serde_json::to_string(&StoredTeam::of(team, version.plan.start)).map_err(json)?;
            diesel::insert_into(plan_version_teams::table)
                .values((
                    plan_version_teams::version_id.eq(id),
                    plan_version_teams::team_id.eq(team.team.0),
                    plan_version_teams::place.eq(place),
                    plan_version_teams::content.eq(content),
                ))
                .execute(self.connection)?;
        }
        Ok(())
    }

    /// Puts a plan aside, or takes it up again (`None`).
    pub fn archive_plan(&mut self, plan: PlanId, at: Option<DateTime<Utc>>) -> Result<(), Error> {
        diesel::update(plans::table.find(plan.0)).set(plans::archived_at.eq(at)).execute(self.connection)?;
        Ok(())
    }

    /// Says who takes care of an activity in a plan, for a team; nobody when `owner` is empty.
    pub fn set_plan_owner(
        &mut self,
        plan: PlanId,
        team: TeamId,
        activity: &ActivityId,
        owner: &str,
    ) -> Result<(), Error> {
        let key = self.activity_key(&mut ActivityKeys::default(), activity)?;
        if owner.is_empty() {
            diesel::delete(plan_owners::table.find((plan.0, team.0, key))).execute(self.connection)?;
            return Ok(());
        }
        diesel::replace_into(plan_owners::table)
            .values((
                plan_owners::plan_id.eq(plan.0),
                plan_owners::team_id.eq(team.0),
                plan_owners::activity.eq(key),
                plan_owners::owner.eq(owner),
            ))
            .execute(self.connection)?;
        Ok(())
    }
}

fn scope(team: Option<i64>, group: Option<i64>) -> ScopeId {
    match (team, group) {
        (Some(team), _) => ScopeId::Team(TeamId(team)),
        (None, Some(group)) => ScopeId::Group(GroupId(group)),
        (None, None) => ScopeId::Organization,
    }
}

/// What is stored was checked when it was written.
fn unreadable(plan: PlanId, version: u32) -> Error {
    Error::Damaged(format!("version {version} of plan {} cannot be read", plan.0))
}

/// The first quarter of a version, read alone.
#[derive(Deserialize)]
struct StoredStart {
    start: String,
}

/// What a version says beside its teams. Points are hundredths.
#[derive(Serialize, Deserialize)]
struct StoredVersion {
    start: String,
    each: Points,
    exceptions: Vec<(Option<i64>, Option<String>, Points)>,
    targets: Vec<(usize, String, Level)>,
    wishes: Vec<(usize, Option<String>)>,
    left_out: Vec<i64>,
    decisions: Vec<(String, Option<i64>, StoredCourse)>,
    stages: Vec<KeptStage>,
    dimensions: Vec<(String, Level, f64)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredCourse {
    Locked(String),
    Excluded,
    ProvidedBy(i64),
}

impl StoredVersion {
    /// Reads what was stored of a version of a plan.
    fn read(content: &str, plan: PlanId, version: u32) -> Result<(PlanInput, Roadmap, Vec<BaselineDimension>), Error> {
        let stored: Option<Self> = serde_json::from_str(content).ok();
        stored.and_then(Self::restored).ok_or_else(|| unreadable(plan, version))
    }

    fn of(version: &PlanVersion) -> Self {
        let PlanVersion { input, roadmap, dimensions, .. } = version;
        let text = |period: &Period| period.to_string();
        let exceptions = &input.capacity.exceptions;
        let course = |course: Course| match course {
            Course::Planned => None,
            Course::Locked(period) => Some(StoredCourse::Locked(text(&period))),
            Course::Excluded => Some(StoredCourse::Excluded),
            Course::ProvidedBy(team) => Some(StoredCourse::ProvidedBy(team.0)),
        };
        let decisions = input.decisions.iter().filter_map(|((activity, team), decided)| {
            Some((activity.0.clone(), team.map(|team| team.0), course(*decided)?))
        });
        Self {
            start: text(&input.start),
            each: input.capacity.each,
            exceptions: exceptions
                .iter()
                .map(|((team, period), points)| (team.map(|team| team.0), period.as_ref().map(text), *points))
                .collect(),
            targets: input.targets.iter().map(|((stage, name), level)| (stage.0, name.clone(), *level)).collect(),
            wishes: input.wishes.iter().map(|(stage, wished)| (stage.0, wished.as_ref().map(text))).collect(),
            left_out: input.left_out.iter().map(|team| team.0).collect(),
            decisions: decisions.collect(),
            stages: roadmap.stages().iter().map(KeptStage::of).collect(),
            dimensions: dimensions.iter().map(|d| (d.name.clone(), d.level, d.score)).collect(),
        }
    }

    /// What was stored; `None` when it cannot be read.
    fn restored(self) -> Option<(PlanInput, Roadmap, Vec<BaselineDimension>)> {
        let period = |text: Option<String>| -> Option<Option<Period>> {
            text.map_or(Some(None), |text| text.parse().ok().map(Some))
        };
        let mut exceptions = BTreeMap::new();
        for (team, quarter, points) in self.exceptions {
            exceptions.insert((team.map(TeamId), period(quarter)?), points);
        }
        let mut wishes = BTreeMap::new();
        for (stage, wished) in self.wishes {
            wishes.insert(StageNumber(stage), period(wished)?);
        }
        let mut decisions = BTreeMap::new();
        for (activity, team, course) in self.decisions {
            let course = match course {
                StoredCourse::Locked(quarter) => Course::Locked(quarter.parse().ok()?),
                StoredCourse::Excluded => Course::Excluded,
                StoredCourse::ProvidedBy(team) => Course::ProvidedBy(TeamId(team)),
            };
            decisions.insert((ActivityId(activity), team.map(TeamId)), course);
        }
        let stages: Option<Vec<Stage>> = self.stages.into_iter().map(KeptStage::restored).collect();
        let dimension = |(name, level, score)| BaselineDimension { name, level, score };
        let input = PlanInput {
            start: self.start.parse().ok()?,
            capacity: Capacity { each: self.each, exceptions },
            targets: self.targets.into_iter().map(|(stage, name, level)| ((StageNumber(stage), name), level)).collect(),
            wishes,
            left_out: self.left_out.into_iter().map(TeamId).collect(),
            decisions,
        };
        Some((input, Roadmap::new(stages?).ok()?, self.dimensions.into_iter().map(dimension).collect()))
    }
}

/// What a team was to do. Activities are places in the catalog, and quarters are counted from the start of the plan:
/// a thousand teams are two hundred thousand items.
#[derive(Serialize, Deserialize)]
struct StoredTeam {
    items: Vec<StoredItem>,
    provided: Vec<(usize, usize, i64, Option<u32>)>,
    excluded: Vec<(usize, usize)>,
}

/// Activity, stage, effort, percent, work in quarters, why there, why then, after what.
#[derive(Serialize, Deserialize)]
struct StoredItem(usize, usize, Points, u8, Vec<(u32, Points)>, StoredThere, StoredThen, Option<(usize, u32)>);

#[derive(Serialize, Deserialize)]
enum StoredThere {
    #[serde(rename = "t")]
    Target(Level),
    #[serde(rename = "n")]
    NeededBy(Vec<usize>),
}

#[derive(Serialize, Deserialize)]
enum StoredThen {
    #[serde(rename = "l")]
    Locked,
    #[serde(rename = "f")]
    ForLocked(usize, u32),
    #[serde(rename = "w")]
    Worth,
    #[serde(rename = "o")]
    Opens(Vec<usize>),
}

impl StoredTeam {
    fn of(team: &TeamPlan, start: Period) -> Self {
        let places = |all: &[ActivityIndex]| all.iter().map(|index| index.position()).collect();
        let item = |item: &Item| {
            let there = match &item.because.there {
                There::Target(level) => StoredThere::Target(*level),
                There::NeededBy(all) => StoredThere::NeededBy(places(all)),
            };
            let then = match &item.because.then {
                Then::Locked => StoredThen::Locked,
                Then::ForLocked(index, period) => StoredThen::ForLocked(index.position(), period.quarters_after(start)),
                Then::Worth => StoredThen::Worth,
                Then::Opens(all) => StoredThen::Opens(places(all)),
            };
            let work = item.work.iter().map(|(period, points)| (period.quarters_after(start), *points)).collect();
            let after = item.because.after.map(|(index, period)| (index.position(), period.quarters_after(start)));
            let percent = (item.progress * 100.0).round() as u8;
            StoredItem(item.activity.position(), item.stage.0, item.effort, percent, work, there, then, after)
        };
        let provided = |provided: &Provided| {
            let ready = provided.ready.map(|ready| ready.quarters_after(start));
            (provided.activity.position(), provided.stage.0, provided.by.0, ready)
        };
        Self {
            items: team.items.iter().map(item).collect(),
            provided: team.provided.iter().map(provided).collect(),
            excluded: team.excluded.iter().map(|(index, stage)| (index.position(), stage.0)).collect(),
        }
    }

    /// What was stored; `None` when it cannot be read. `indexes` are those of the catalog.
    fn restored(
        self,
        team: TeamId,
        name: String,
        start: Period,
        catalog: &Catalog,
        indexes: &[ActivityIndex],
    ) -> Option<TeamPlan> {
        let at = |place: usize| indexes.get(place).copied();
        let all = |places: Vec<usize>| places.into_iter().map(at).collect::<Option<Vec<_>>>();
        let quarter = |offset: u32| start.plus(offset);
        let item = |StoredItem(activity, stage, effort, percent, work, there, then, after): StoredItem| {
            let activity = at(activity)?;
            let there = match there {
                StoredThere::Target(level) => There::Target(level),
                StoredThere::NeededBy(places) => There::NeededBy(all(places)?),
            };
            let then = match then {
                StoredThen::Locked => Then::Locked,
                StoredThen::ForLocked(place, offset) => Then::ForLocked(at(place)?, quarter(offset)),
                StoredThen::Worth => Then::Worth,
                StoredThen::Opens(places) => Then::Opens(all(places)?),
            };
            let after = match after {
                Some((place, offset)) => Some((at(place)?, quarter(offset))),
                None => None,
            };
            Some(Item {
                activity,
                stage: StageNumber(stage),
                effort,
                usefulness: catalog.activity(activity).usefulness,
                progress: f64::from(percent) / 100.0,
                work: work.into_iter().map(|(offset, points)| (quarter(offset), points)).collect(),
                because: Because { there, then, after },
            })
        };
        let provided = |(activity, stage, by, ready): (usize, usize, i64, Option<u32>)| {
            let activity = at(activity)?;
            Some(Provided { activity, stage: StageNumber(stage), by: TeamId(by), ready: ready.map(quarter) })
        };
        let excluded = |(activity, stage): (usize, usize)| Some((at(activity)?, StageNumber(stage)));
        Some(TeamPlan {
            team,
            name,
            items: self.items.into_iter().map(item).collect::<Option<_>>()?,
            provided: self.provided.into_iter().map(provided).collect::<Option<_>>()?,
            excluded: self.excluded.into_iter().map(excluded).collect::<Option<_>>()?,
        })
    }
}
