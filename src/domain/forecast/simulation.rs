//! Many ways in which the coming quarters can go, made from the past ones.
//!
//! Each coming quarter is one of the past quarters, drawn by chance for all teams at once, so that what they have in common
//! is kept: a quarter that was bad for many teams stays so. Every team then does what it did in that quarter, stage by stage
//! in their order, as in a plan: points are worth the same in all stages, and no team does the work of another. What was
//! drawn is put back twice (Pólya's urn): within one way, a quarter that came is more likely to come again. Drawing so is the
//! Bayesian bootstrap (Rubin, 1981): it allows for the few past quarters not being all that can happen, so that ranges are
//! wider than from drawing evenly, the more so the fewer quarters there are and the further ahead it looks.
//!
//! Beside the n past quarters there are two more lots in the urn: a quarter unlike any before, which differs from one of
//! them as far as that one from another, for each team. Of n + 1 quarters in any order the last is the least or the greatest
//! in two of n + 1 cases, so without them the range of 95 % would be too narrow for a short past, however it is drawn.

use std::rc::Rc;

/// What counts as nothing, in points: less than half of the least difference that answers can make.
pub(super) const NOTHING: f64 = 0.005;

/// A small generator of numbers by chance: SplitMix64 (Steele, Lea, Flood, 2014). The same seed gives the same numbers.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below a limit; 0 when that is 0.
    fn below(&mut self, limit: usize) -> usize {
        // The high half of the product is below the limit.
        let product = u128::from(self.next()) * limit as u128;
        (product >> 64) as usize
    }
}

/// How many lots there are for a quarter unlike any before.
const UNLIKE: usize = 2;

/// What each of some teams does in a quarter, in points of all stages.
pub(super) type Lot = Rc<[f64]>;

/// What can be drawn for a quarter.
struct Urn(Vec<Lot>);

impl Urn {
    /// Draws, and puts it back twice. `None` from an empty urn.
    fn draw(&mut self, chance: &mut Chance) -> Option<Lot> {
        let known = self.0.len();
        let drawn = match self.0.get(chance.below(known + UNLIKE)) {
            Some(lot) => Rc::clone(lot),
            None => {
                let (one, other) = (self.0.get(chance.below(known))?, self.0.get(chance.below(known))?);
                one.iter().zip(other.iter()).map(|(one, other)| one + (one - other)).collect()
            }
        };
        self.0.push(Rc::clone(&drawn));
        Some(drawn)
    }
}

/// Where some teams stand, in points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Start {
    stages: usize,
    /// Of each team, what is left of all stages.
    left: Vec<f64>,
    /// Of each team and then of each stage, how much of that is of the stages after it.
    after: Vec<f64>,
    /// Of each team and then of each stage, how much can be left of all stages while this is the first that is not done.
    most: Vec<f64>,
}

impl Start {
    /// Nobody, with so many stages.
    pub(super) fn new(stages: usize) -> Self {
        Self { stages, left: Vec::new(), after: Vec::new(), most: Vec::new() }
    }

    /// Adds a team: what is left of all stages up to each, and what there could be at most.
    pub(super) fn add(&mut self, left: &[f64], most: &[f64]) {
        let all = left.last().copied().unwrap_or_default();
        self.left.push(all);
        self.after.extend(left.iter().map(|left| all - left));
        // Of no stage is ever more left than all of it, be it the first that is not done or a later one.
        let bounds = left.iter().zip(most).rev().scan(f64::INFINITY, |least, (left, most)| {
            *least = least.min(all - left + most.max(*left));
            Some(*least)
        });
        let bounds: Vec<f64> = bounds.collect();
        self.most.extend(bounds.into_iter().rev());
    }

    /// Where a way begins.
    pub(super) fn way(&self) -> Way<'_> {
        let mut way = Way { start: self, left: self.left.clone(), first: vec![0; self.left.len()] };
        for ((first, left), after) in way.first.iter_mut().zip(&way.left).zip(self.after.chunks(self.stages.max(1))) {
            *first = first_open(*first, *left, after);
        }
        way
    }

    /// So many ways, so many quarters far: by quarter, then by stage, what is left of all stages up to it in each of the
    /// ways, rising. `steps` are what the teams did in the past quarters; without any, there are no ways.
    pub(super) fn ways(&self, steps: &[Lot], runs: usize, quarters: usize, chance: &mut Chance) -> Vec<Vec<Ways>> {
        let mut all = vec![vec![Ways(Vec::with_capacity(runs)); self.stages]; quarters];
        for _ in 0..runs {
            let mut urn = Urn(steps.to_vec());
            let mut way = self.way();
            for of_quarter in &mut all {
                let Some(drawn) = urn.draw(chance) else { break };
                for (ways, left) in of_quarter.iter_mut().zip(way.follow(&drawn)) {
                    ways.0.push(left);
                }
            }
        }
        for ways in all.iter_mut().flatten() {
            ways.0.sort_unstable_by(f64::total_cmp);
        }
        all
    }
}

/// One way of some teams through the coming quarters.
pub(super) struct Way<'a> {
    start: &'a Start,
    /// Of each team, what is left of all stages.
    left: Vec<f64>,
    /// Of each team, the place of the first stage that is not done.
    first: Vec<usize>,
}

impl Way<'_> {
    /// One quarter further, in which each team does so much; gives what is left of all stages up to each. A team works on
    /// its first stage that is not done, and with what remains on the next ones. What it takes back is left of that first
    /// stage again, never more than all of it. What is done stays so.
    pub(super) fn follow(&mut self, done: &[f64]) -> Vec<f64> {
        let (stages, mut sums) = (self.start.stages, vec![0.0; self.start.stages]);
        let (afters, mosts) = (self.start.after.chunks(stages.max(1)), self.start.most.chunks(stages.max(1)));
        let teams = self.left.iter_mut().zip(&mut self.first).zip(done);
        for ((((left, first), done), after), most) in teams.zip(afters).zip(mosts) {
            let Some(most) = most.get(*first) else { continue };
            *left = (*left - done).min(*most);
            *first = first_open(*first, *left, after);
            for (sum, after) in sums.iter_mut().zip(after).skip(*first) {
                *sum += *left - after;
            }
        }
        sums
    }
}

/// The place of the first stage, from one on, of which something is left when so much is left of all.
fn first_open(from: usize, left: f64, after: &[f64]) -> usize {
    from + after.iter().skip(from).take_while(|after| left - **after <= NOTHING).count()
}

/// What is left in each of many ways, rising.
#[derive(Debug, Clone)]
pub(super) struct Ways(Vec<f64>);

impl Ways {
    /// What is not exceeded in this share of the ways: the least value of which that is true.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        // The lint would have a checked conversion; `as` saturates, and the product is small.
        let place = (share * self.0.len() as f64).ceil() as usize;
        self.0.get(place.clamp(1, self.0.len().max(1)) - 1).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_quantile_is_the_least_value_that_a_share_does_not_exceed() {
        let ways = Ways(vec![1.0, 2.0, 3.0, 4.0]);
        let found = [0.0, 0.25, 0.26, 0.5, 0.75, 0.76, 1.0].map(|share| ways.quantile(share));
        assert_eq!(found, [1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0]);
        assert_eq!(Ways(Vec::new()).quantile(0.5), 0.0);
    }

    #[test]
    fn a_team_works_stage_by_stage_and_what_is_done_stays_so() {
        let mut start = Start::new(2);
        start.add(&[4.0, 10.0], &[20.0, 30.0]);
        let mut way = start.way();
        assert_eq!(way.follow(&[1.0]), [3.0, 9.0]);
        assert_eq!(way.follow(&[-2.0]), [5.0, 11.0], "it is left of the first stage again");
        assert_eq!(way.follow(&[-50.0]), [20.0, 26.0], "not more than all of the first stage");
        assert_eq!(way.follow(&[22.0]), [0.0, 4.0], "what remains goes to the next stage");
        assert_eq!(way.follow(&[-50.0]), [0.0, 30.0], "the first stays done");
        assert_eq!(way.follow(&[30.0]), [0.0, 0.0]);
        assert_eq!(way.follow(&[-1.0]), [0.0, 0.0]);
    }

    #[test]
    fn no_team_does_the_work_of_another() {
        let mut start = Start::new(1);
        start.add(&[10.0], &[10.0]);
        start.add(&[10.0], &[10.0]);
        let mut way = start.way();
        let left: Vec<f64> = (0..10).flat_map(|_| way.follow(&[10.0, 1.0])).collect();
        assert_eq!(left, [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn chance_is_even_and_repeats_itself() {
        let draw = |seed| {
            let mut chance = Chance::new(seed);
            (0..6_000).map(|_| chance.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        for side in 0..6 {
            let times = draw(1).iter().filter(|drawn| **drawn == side).count();
            assert!((900..1_100).contains(&times), "{side}: {times}");
        }
        assert_eq!(Chance::new(1).below(0), 0);
    }

    /// What is left of three stages and was done of them before, by team.
    fn teams() -> impl Strategy<Value = Vec<Vec<(f64, f64)>>> {
        prop::collection::vec(prop::collection::vec((0.0..100.0_f64, 0.0..100.0_f64), 3), 1..4)
    }

    fn start(teams: &[Vec<(f64, f64)>]) -> Start {
        let mut start = Start::new(3);
        for of_stages in teams {
            let up_to = |place: usize| of_stages.iter().take(place + 1);
            let left: Vec<f64> = (0..3).map(|place| up_to(place).map(|of| of.0).sum()).collect();
            let most: Vec<f64> = (0..3).map(|place| up_to(place).map(|of| of.0 + of.1).sum()).collect();
            start.add(&left, &most);
        }
        start
    }

    fn steps() -> impl Strategy<Value = Vec<Vec<f64>>> {
        prop::collection::vec(prop::collection::vec(-20.0..60.0_f64, 3), 0..5)
    }

    proptest! {
        #[test]
        fn ways_never_leave_their_bounds(teams in teams(), steps in steps()) {
            let steps: Vec<Lot> = steps.into_iter().map(Lot::from).collect();
            let ways = start(&teams).ways(&steps, 50, 6, &mut Chance::new(7));
            prop_assert_eq!(ways.len(), 6);
            for of_quarter in ways {
                let (mut before, mut most) = (0.0, 0.0);
                for (stage, ways) in of_quarter.iter().enumerate() {
                    most += teams.iter().map(|team| team[stage].0 + team[stage].1).sum::<f64>();
                    let (least, greatest, median) = (ways.quantile(0.0), ways.quantile(1.0), ways.quantile(0.5));
                    prop_assert!(0.0 <= least && greatest <= most + 1e-9 && median >= before);
                    before = median;
                }
            }
        }

        #[test]
        fn no_stage_is_done_before_any_team_has_done_it(teams in teams(), steps in steps()) {
            let all: Vec<Lot> = steps.iter().cloned().map(Lot::from).collect();
            let together = start(&teams).ways(&all, 50, 12, &mut Chance::new(7));
            for (place, team) in teams.iter().enumerate() {
                let own: Vec<Lot> = steps.iter().map(|step| Lot::from([step[place]])).collect();
                let alone = start(std::slice::from_ref(team)).ways(&own, 50, 12, &mut Chance::new(7));
                // What is left in each way together is no less than alone, so neither is it when both are sorted.
                for (together, alone) in together.iter().flatten().zip(alone.iter().flatten()) {
                    prop_assert!(together.0.iter().zip(&alone.0).all(|(together, alone)| together >= alone));
                }
            }
        }
    }
}
