//! Which activities a team would have to leave out for a date to be met.

use std::collections::BTreeMap;

use super::reach::Set;
use super::{Change, Dropping, Member, Scope, ShortTeam, Sums};
use crate::domain::catalog::ActivityIndex;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::plan::{Item, Points, TeamPlan, Then};
use crate::domain::roadmap::StageNumber;

/// What each short team would have to leave out, in their order; empty when there is no such way for some of them.
pub(super) fn find(
    scope: &Scope<'_>,
    sums: &[Sums<'_>],
    short: &[ShortTeam],
    stage: StageNumber,
    wished: Period,
) -> Vec<Dropping> {
    let members: BTreeMap<TeamId, &Member<'_>> = sums.iter().map(|sums| (sums.member.plan.team, sums.member)).collect();
    let of_team = |team: &ShortTeam| Work::new(scope, members.get(&team.team)?, stage).enough(team.missing());
    let found: Vec<Dropping> = short.iter().map(of_team).collect::<Option<_>>().unwrap_or_default();
    let dropped = found.iter().map(|dropping| (dropping.team, dropping.activities.clone())).collect();
    let helps = !found.is_empty() && scope.helps_entangled(stage, wished, &Change { dropped, ..Change::default() });
    if helps { found } else { Vec::new() }
}

/// The items of a plan, by their position in it, with how they need each other.
struct Work<'a> {
    plan: &'a TeamPlan,
    stage: StageNumber,
    needs: Vec<Vec<usize>>,
    needed_by: Vec<Vec<usize>>,
    /// Whether the targets ask for it; if not, it is there only because others need it.
    is_asked: Vec<bool>,
}

/// What leaves a stage.
#[derive(Debug, Clone, Copy, Default)]
struct Loss {
    saved: Points,
    usefulness: u64,
}

impl<'a> Work<'a> {
    fn new(scope: &Scope<'_>, member: &'a Member<'a>, stage: StageNumber) -> Self {
        let Member { given, plan, .. } = member;
        let place: BTreeMap<ActivityIndex, usize> =
            plan.items.iter().enumerate().map(|(place, item)| (item.activity, place)).collect();
        let places = |all: &[ActivityIndex]| all.iter().filter_map(|index| place.get(index).copied()).collect();
        let needs = plan.items.iter().map(|item| places(scope.catalog.prerequisites(item.activity)));
        let needed_by = plan.items.iter().map(|item| places(scope.catalog.dependents(item.activity)));
        let is_asked = plan.items.iter().map(|item| {
            let dimension = scope.dimensions.get(item.activity.position()).copied().unwrap_or_default();
            let target = given.roadmap.stage(stage).map_or(0, |stage| stage.target(dimension));
            scope.catalog.activity(item.activity).level <= target
        });
        let (needs, needed_by, is_asked) = (needs.collect(), needed_by.collect(), is_asked.collect());
        Self { plan, stage, needs, needed_by, is_asked }
    }

    fn none(&self) -> Set {
        Set::empty(self.plan.items.len())
    }

    fn item(&self, place: usize) -> Option<&Item> {
        self.plan.items.get(place)
    }

    fn is_asked(&self, place: usize) -> bool {
        self.is_asked.get(place).copied().unwrap_or(false)
    }

    fn needs(&self, place: usize) -> &[usize] {
        self.needs.get(place).map_or(&[], Vec::as_slice)
    }

    fn needed_by(&self, place: usize) -> &[usize] {
        self.needed_by.get(place).map_or(&[], Vec::as_slice)
    }

    /// Whether an item can be dropped beside others: nobody locked it, and nothing that stays needs it.
    fn can_go(&self, place: usize, dropped: &Set) -> bool {
        let is_free = |item: &Item| item.stage <= self.stage && item.because.then != Then::Locked;
        self.item(place).is_some_and(is_free)
            && self.is_asked(place)
            && self.needed_by(place).iter().all(|other| dropped.contains(*other))
    }

    /// What leaves the stage with an item that is dropped after others: itself, and what was there only for it.
    fn going(&self, place: usize, gone: &Set) -> Vec<usize> {
        let mut going = vec![place];
        let mut next = 0;
        while let Some(&last) = going.get(next) {
            next += 1;
            for &needed in self.needs(last) {
                let is_of_stage = |place: &&usize| self.item(**place).is_some_and(|item| item.stage <= self.stage);
                let mut needed_by = self.needed_by(needed).iter().filter(is_of_stage);
                let goes = !self.is_asked(needed)
                    && !gone.contains(needed)
                    && !going.contains(&needed)
                    && needed_by.all(|other| gone.contains(*other) || going.contains(other));
                if goes {
                    going.push(needed);
                }
            }
        }
        going
    }

    /// What that comes to.
    fn loss(&self, place: usize, gone: &Set) -> Loss {
        if self.needs(place).iter().all(|&needed| self.is_asked(needed)) {
            return self.loss_of(&[place]);
        }
        self.loss_of(&self.going(place, gone))
    }

    fn loss_of(&self, going: &[usize]) -> Loss {
        let items = going.iter().filter_map(|&place| self.item(place));
        items.fold(Loss::default(), |loss, item| Loss {
            saved: loss.saved + item.effort,
            usefulness: loss.usefulness + u64::from(item.usefulness),
        })
    }

    /// What leaves the stage with several items; `None` when one of them cannot go.
    fn loss_together(&self, dropped: &[usize]) -> Option<Loss> {
        let (mut all, mut gone, mut before) = (Vec::new(), self.none(), self.none());
        for &place in dropped {
            if !self.can_go(place, &before) {
                return None;
            }
            let going = self.going(place, &gone);
            going.iter().for_each(|&place| gone.insert(place));
            all.extend(going);
            before.insert(place);
        }
        Some(self.loss_of(&all))
    }

    /// What to drop to save enough, with little usefulness lost.
    fn enough(&self, missing: Points) -> Option<Dropping> {
        let loss = |dropped: &Vec<usize>| self.loss_together(dropped).map(|loss| (loss.usefulness, loss.saved));
        let ways = self.one(missing).into_iter().chain(self.several(missing));
        let best = ways.min_by_key(loss)?;
        let Loss { saved, usefulness } = self.loss_together(&best)?;
        let mut activities: Vec<ActivityIndex> =
            best.iter().filter_map(|&place| self.item(place)).map(|item| item.activity).collect();
        activities.sort_unstable();
        Some(Dropping { team: self.plan.team, name: self.plan.name.clone(), activities, usefulness, saved })
    }

    /// The single item that is enough and least useful.
    fn one(&self, missing: Points) -> Option<Vec<usize>> {
        let none = self.none();
        let candidates = (0..self.plan.items.len()).filter(|&place| self.can_go(place, &none));
        let losses = candidates.map(|place| (self.loss(place, &none), place));
        let enough = losses.filter(|(loss, _)| loss.saved >= missing);
        enough.min_by_key(|(loss, _)| (loss.usefulness, loss.saved)).map(|(_, place)| vec![place])
    }

    /// Always the item that loses least usefulness for the work that it saves, until it is enough; and then without
    /// those that are not needed for that.
    fn several(&self, missing: Points) -> Option<Vec<usize>> {
        let (mut dropped, mut gone, mut saved) = (self.none(), self.none(), Points::ZERO);
        let mut order = Vec::new();
        while saved < missing {
            let candidates =
                (0..self.plan.items.len()).filter(|place| !dropped.contains(*place) && self.can_go(*place, &dropped));
            let losses = candidates.map(|place| (self.loss(place, &gone), place));
            let (loss, place) = losses.min_by(|(one, _), (other, _)| {
                let cross =
                    |one: &Loss, other: &Loss| u128::from(one.usefulness) * u128::from(other.saved.in_hundredths());
                cross(one, other).cmp(&cross(other, one))
            })?;
            let going = self.going(place, &gone);
            going.into_iter().for_each(|place| gone.insert(place));
            dropped.insert(place);
            order.push(place);
            saved += loss.saved;
        }
        let mut back = order.clone();
        back.sort_by_key(|&place| std::cmp::Reverse(self.item(place).map(|item| item.usefulness)));
        for place in back {
            // What stays takes at least its own work.
            if saved - self.loss_of(&[place]).saved < missing {
                continue;
            }
            let without: Vec<usize> = order.iter().copied().filter(|other| *other != place).collect();
            if let Some(loss) = self.loss_together(&without).filter(|loss| loss.saved >= missing) {
                (order, saved) = (without, loss.saved);
            }
        }
        Some(order)
    }
}
