//! The balance of what tools and what people carry, and of the three lenses.
//!
//! The multistage approach holds that tools alone do not make an organization secure: threat
//! modeling, review, training and the like are capabilities that people carry, and automation that
//! runs ahead of them produces findings that nobody understands or mends. So both are measured by
//! the same formula, side by side.

use super::catalog::{Activity, Capability, Catalog, Lens};
use super::named::Named;
use super::scoring::{Measure, Score, Tally, Threshold};

/// By how many percentage points the completion of one side must exceed that of the other to be ahead of it.
pub const LEAD: i64 = 10;

/// How far each side is.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// What tools carry.
    pub tooling: Score,
    /// What people and process carry.
    pub organic: Score,
    /// The three lenses, in their order.
    pub lenses: Vec<(Lens, Score)>,
    /// How many activities the catalog does not say it of, and which are left out.
    pub unjudged: usize,
}

/// Which side is ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaning {
    /// Neither, by more than [`LEAD`].
    Even,
    /// The tools.
    Tooling,
    /// The people.
    Organic,
}

impl Balance {
    /// The balance of some measures, one for each activity of the catalog; `None` when the catalog says of no
    /// activity who carries it.
    pub fn new(catalog: &Catalog, measures: &[Measure], threshold: Threshold) -> Option<Self> {
        let score = |belongs: &dyn Fn(&Activity) -> bool| {
            let mut tally = Tally::default();
            for ((_, activity), measure) in catalog.activities().zip(measures) {
                if belongs(activity) {
                    tally.add(activity.level, measure);
                }
            }
            tally.score(threshold)
        };
        let of = |capability| score(&|activity| activity.capability == Some(capability));
        let lens = |&(_, lens): &(&str, Lens)| (lens, score(&|activity| activity.lens == Some(lens)));
        let unjudged = catalog.activities().filter(|(_, activity)| activity.capability.is_none()).count();
        (unjudged < catalog.len()).then(|| Self {
            tooling: of(Capability::Tooling),
            organic: of(Capability::Organic),
            lenses: Lens::NAMED.iter().map(lens).collect(),
            unjudged,
        })
    }

    /// By how many percentage points the completion of what tools carry exceeds that of what people carry, from −100
    /// to 100, as the difference of the two as they are shown, which is rounded down; 0 where nothing of one side
    /// applies.
    pub fn lead(&self) -> i64 {
        if self.tooling.activities == 0 || self.organic.activities == 0 {
            return 0;
        }
        let shown = |score: &Score| (score.completion * 100.0 + 1e-6).floor() as i64;
        shown(&self.tooling) - shown(&self.organic)
    }

    /// Which side is ahead.
    pub fn leaning(&self) -> Leaning {
        match self.lead() {
            lead if lead >= LEAD => Leaning::Tooling,
            lead if lead <= -LEAD => Leaning::Organic,
            _ => Leaning::Even,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::Mark;
    use crate::domain::catalog::samples;

    fn balance(percents: [u8; 4]) -> Balance {
        let mut content = samples::content(&[&[1, 2, 1, 2]]);
        let activities = content.dimensions[0].sub_dimensions[0].activities.iter_mut();
        let sides = [Capability::Tooling, Capability::Tooling, Capability::Organic, Capability::Organic];
        for (activity, capability) in activities.zip(sides) {
            activity.capability = Some(capability);
            activity.lens = Some(if capability == Capability::Tooling { Lens::ShiftLeft } else { Lens::DoRight });
        }
        let catalog = Catalog::new(content).unwrap();
        let measures = percents.map(|percent| Measure::from(Mark::Worth(percent)));
        Balance::new(&catalog, &measures, Threshold::default()).unwrap()
    }

    #[test]
    fn the_side_that_is_clearly_further_is_ahead() {
        let tools = balance([100, 50, 50, 0]);
        assert_eq!((tools.tooling.level, tools.tooling.score, tools.organic.score), (1, 1.5, 0.5));
        assert_eq!((tools.lead(), tools.leaning()), (50, Leaning::Tooling));
        assert_eq!(tools.lenses.iter().map(|(_, score)| score.activities).collect::<Vec<_>>(), [2, 0, 2]);
        assert_eq!(balance([0, 0, 20, 0]).leaning(), Leaning::Organic);
        assert_eq!(balance([50, 20, 50, 20]).leaning(), Leaning::Even);
    }

    #[test]
    fn a_catalog_that_does_not_say_has_no_balance() {
        let catalog = samples::catalog(&[&[1, 2]]);
        assert_eq!(Balance::new(&catalog, &[Mark::Worth(100).into(); 2], Threshold::default()), None);
    }
}
