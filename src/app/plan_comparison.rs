//! Two kept plans side by side.

use std::cmp::Reverse;

use super::eye::Eye;
use super::plans::{kept, kept_plan, plans_seen};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::plan::comparison::{PlanComparison, PlanSide};
use crate::domain::plan::saved::{PlanId, SavedPlan};
use crate::domain::plan::seen::{KeptPlan, PlansCompared, TwoPlans};
use crate::domain::view::Selection;

/// A plan and one of its versions; `None`: the latest.
type Asked = (PlanId, Option<u32>);

impl Cairn {
    /// Compares two versions of kept plans, of each the latest when none is named. Each is seen for the scope that it
    /// is made for, as far as the caller sees that. A plan that is not named is the one that was saved last beside the
    /// other.
    pub fn compare_plans(&self, caller: &Caller, asked: [Option<Asked>; 2]) -> Result<PlansCompared, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let plans = plans_seen(snapshot, sight, caller)?;
            let Some([a, b]) = chosen(asked, &plans) else { return Ok(PlansCompared { plans, two: None }) };
            let mut side = |(id, version): Asked| {
                let plan = kept(snapshot, caller, id)?;
                let selection = Selection { scope: plan.scope, period: None };
                let mut eye = Eye::new(self, snapshot, sight, selection, caller.at.date_naive())?;
                kept_plan(&mut eye, caller, plan, version)
            };
            let sides: [KeptPlan; 2] = [side(a)?, side(b)?];
            let compared = sides.each_ref().map(|kept| PlanSide {
                version: &kept.version,
                catalog: &kept.catalog,
                course: kept.course.as_ref(),
            });
            let comparison = PlanComparison::new(compared, &snapshot.teams(sight)?);
            Ok(PlansCompared { plans, two: Some(Box::new(TwoPlans { sides, comparison })) })
        })
    }
}

/// The two that are compared, where there are two.
fn chosen([a, b]: [Option<Asked>; 2], plans: &[(SavedPlan, String)]) -> Option<[Asked; 2]> {
    let last_beside = |other: Option<Asked>| {
        let others = plans.iter().map(|(plan, _)| plan).filter(|plan| Some(plan.id) != other.map(|(id, _)| id));
        let last = others.max_by_key(|plan| (plan.archived_at.is_none(), plan.saved_at, Reverse(plan.id)));
        last.map(|plan| (plan.id, None))
    };
    let a = a.or_else(|| last_beside(b))?;
    Some([a, b.or_else(|| last_beside(Some(a)))?])
}
