//! Two kept plans side by side.

use super::maturity::Eye;
use super::plans::{kept, kept_plan, plans_seen};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::plan::comparison::{PlanComparison, PlanSide};
use crate::domain::plan::saved::PlanId;
use crate::domain::plan::seen::{KeptPlan, PlansCompared};
use crate::domain::view::Selection;

impl Cairn {
    /// Compares two versions of kept plans, of each the latest when none is named. Each is seen for the scope that it
    /// is made for, as far as the caller sees that.
    pub fn compare_plans(&self, caller: &Caller, asked: [(PlanId, Option<u32>); 2]) -> Result<PlansCompared, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let mut side = |(id, version): (PlanId, Option<u32>)| {
                let plan = kept(snapshot, caller, id)?;
                let selection = Selection { scope: plan.scope, period: None };
                let mut eye = Eye::new(self, snapshot, sight, selection, caller.at.date_naive())?;
                kept_plan(&mut eye, caller, plan, version)
            };
            let [a, b] = asked;
            let sides: [KeptPlan; 2] = [side(a)?, side(b)?];
            let compared = sides.each_ref().map(|kept| PlanSide {
                version: &kept.version,
                catalog: &kept.catalog,
                course: kept.course.as_ref(),
            });
            let comparison = PlanComparison::new(compared, &snapshot.teams(sight)?);
            Ok(PlansCompared { sides, comparison, plans: plans_seen(snapshot, sight, caller)? })
        })
    }
}
