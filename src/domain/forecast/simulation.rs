//! Many ways in which the coming quarters can go, made from the past ones.
//!
//! Each coming quarter is one of the past quarters, drawn by chance, with what was done of all stages in it. What was drawn
//! is put back twice (Pólya's urn): within one way, a quarter that came is more likely to come again. Drawing so is the
//! Bayesian bootstrap (Rubin, 1981): it allows for the few past quarters not being all that can happen, so that ranges are
//! wider than from drawing evenly, the more so the fewer quarters there are and the further ahead it looks.
//!
//! Beside the n past quarters there are two more lots in the urn: a quarter unlike any before, which differs from one of
//! them as far as that one from another. Of n + 1 quarters in any order the last is the least or the greatest in two of
//! n + 1 cases, so without them the range of 95 % would be too narrow for a short past, however it is drawn.

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

/// What can be drawn for a quarter: what is done in it of the stages up to each.
struct Urn {
    stages: usize,
    /// One after the other.
    lots: Vec<f64>,
}

impl Urn {
    fn fill(&mut self, steps: &[Vec<f64>]) {
        self.lots.clear();
        self.lots.extend(steps.iter().flat_map(|step| step.iter().take(self.stages)));
    }

    fn len(&self) -> usize {
        self.lots.len() / self.stages
    }

    fn lot(&self, number: usize) -> &[f64] {
        self.lots.chunks(self.stages).nth(number).unwrap_or_default()
    }

    /// Draws, and puts it back twice. `None` from an empty urn.
    fn draw(&mut self, chance: &mut Chance) -> Option<&[f64]> {
        let known = self.len();
        if known == 0 {
            return None;
        }
        let number = chance.below(known + UNLIKE);
        if number < known {
            let first = number * self.stages;
            self.lots.extend_from_within(first..first + self.stages);
        } else {
            let (one, other) = (self.lot(chance.below(known)), self.lot(chance.below(known)));
            let unlike: Vec<f64> = one.iter().zip(other).map(|(one, other)| one + (one - other)).collect();
            self.lots.extend(unlike);
        }
        Some(self.lot(known))
    }
}

/// Where some teams stand, in points: what is left of all stages up to each, and what there could be at most.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Start {
    pub(super) left: Vec<f64>,
    pub(super) most: Vec<f64>,
}

impl Start {
    /// One quarter further, when so much is done of the stages up to each. What is reached stays so; nothing is reached
    /// before what comes before it; and never more is left than all of it.
    pub(super) fn follow(&self, left: &mut [f64], done: &[f64]) {
        let mut before: f64 = 0.0;
        for ((left, done), most) in left.iter_mut().zip(done).zip(&self.most) {
            if *left > NOTHING {
                *left = (*left - done).min(*most).max(before);
            }
            if *left <= NOTHING {
                *left = 0.0;
            }
            before = *left;
        }
    }

    /// So many ways, so many quarters far: by quarter, then by stage, what is left in each of the ways, rising. `steps` are
    /// what was done in the past quarters; without any, nothing happens.
    pub(super) fn ways(&self, steps: &[Vec<f64>], runs: usize, quarters: usize, chance: &mut Chance) -> Vec<Vec<Ways>> {
        let mut all = vec![vec![Ways(Vec::with_capacity(runs)); self.left.len()]; quarters];
        let mut urn = Urn { stages: self.left.len().max(1), lots: Vec::new() };
        for _ in 0..runs {
            urn.fill(steps);
            let mut left = self.left.clone();
            for of_quarter in &mut all {
                if let Some(drawn) = urn.draw(chance) {
                    self.follow(&mut left, drawn);
                }
                for (ways, left) in of_quarter.iter_mut().zip(&left) {
                    ways.0.push(*left);
                }
            }
        }
        for ways in all.iter_mut().flatten() {
            ways.0.sort_unstable_by(f64::total_cmp);
        }
        all
    }
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
    fn what_is_reached_stays_so_and_nothing_is_before_what_comes_before_it() {
        let start = Start { left: vec![4.0, 10.0], most: vec![20.0, 30.0] };
        let mut left = start.left.clone();
        start.follow(&mut left, &[1.0, 9.0]);
        assert_eq!(left, [3.0, 3.0], "not less than of the stage before");
        start.follow(&mut left, &[3.0, 1.0]);
        assert_eq!(left, [0.0, 2.0]);
        start.follow(&mut left, &[-5.0, -50.0]);
        assert_eq!(left, [0.0, 30.0], "not more than all of it");
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

    proptest! {
        #[test]
        fn ways_never_leave_their_bounds(
            of_stages in prop::collection::vec((0.0..100.0_f64, 0.0..100.0_f64), 1..4),
            steps in prop::collection::vec(prop::collection::vec(-20.0..40.0_f64, 3), 0..5)
        ) {
            let mut sum = (0.0, 0.0);
            let sums: Vec<(f64, f64)> = of_stages.iter().map(|(left, done)| { sum = (sum.0 + left, sum.1 + left + done); sum }).collect();
            let start = Start { left: sums.iter().map(|s| s.0).collect(), most: sums.iter().map(|s| s.1).collect() };
            let ways = start.ways(&steps, 50, 6, &mut Chance::new(7));
            prop_assert_eq!(ways.len(), 6);
            for of_quarter in ways {
                let mut before = 0.0;
                for (ways, most) in of_quarter.iter().zip(&start.most) {
                    let (least, greatest, median) = (ways.quantile(0.0), ways.quantile(1.0), ways.quantile(0.5));
                    prop_assert!(0.0 <= least && greatest <= *most && median >= before);
                    before = median;
                }
            }
        }
    }
}
