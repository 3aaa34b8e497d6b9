//! What the score is made of, quarter by quarter: the share of each level, one on another.

use super::frame::Shape;
use super::markup::Label;
use super::quarters::{Ground, NOTE, SIZE};
use super::{Chart, Parts, called, palette, percent};
use crate::domain::catalog::{Level, MAX_LEVEL};
use crate::domain::period::Period;
use crate::domain::scoring::shown;
use crate::domain::standing::{Trend, TrendPoint};

/// How much of a quarter its stack is wide, and at most, in user units.
const SHARE: f64 = 0.8;
const WIDEST: f64 = 44.0;
/// Right of the plot, for the figures of the levels, each on a chip of its colour.
const ASIDE: i32 = 26;
/// A share below this has no seam, which would hide it.
const THIN: f64 = 0.1;
const CHIP: (f64, f64) = (16.0, 14.0);

/// The score in a dimension, or in the whole, as a stack of what its levels contribute: (l − the level before it
/// with activities) · c(l). So the stack is as high as the score. `None` when the trend has no such dimension.
pub fn levels(trend: &Trend, dimension: &str, id: &str) -> Option<Chart> {
    let stacks: Vec<Stack> = trend.line(dimension).map(Stack::new).collect();
    let last = stacks.last()?;
    let quarters: Vec<Period> = stacks.iter().map(|stack| stack.period).collect();
    let ground = Ground::new(&quarters, ASIDE);
    let mut shapes: Vec<Shape> = ground.grid().collect();
    shapes.extend(stacks.iter().flat_map(|stack| stack.draw(&ground)));
    let told: String = stacks.iter().map(|stack| ground.point(stack.period, &stack.told, "")).collect();
    let value = format!("score {}", shown(last.top()));
    let content = [
        Ground::head(called(dimension), &value),
        ground.axes(),
        ground.frame.draw(&shapes),
        "\n".to_owned(),
        last.figures(&ground),
        told,
    ];
    Some(Chart::new(&Parts {
        id,
        size: SIZE,
        natural: false,
        role: "img",
        title: &format!("Score by level, {}, {}. {}", called(dimension), trend.scope.name, last.told),
        description: "Each stack is as high as the score of its quarter and is made of what the levels contribute, \
                      level 1 at the bottom.",
        content: &content.concat(),
    }))
}

/// The levels of one quarter.
struct Stack {
    period: Period,
    /// Each level with where its share begins and ends, from the bottom.
    shares: Vec<(Level, f64, f64)>,
    /// All of it in words.
    told: String,
}

impl Stack {
    fn new(point: &TrendPoint) -> Self {
        let (mut before, mut bottom) = (0, 0.0);
        let mut shares = Vec::new();
        let mut words = Vec::new();
        for part in point.levels.iter().filter(|part| part.level <= MAX_LEVEL) {
            let completion = if part.completion.is_nan() { 0.0 } else { part.completion.clamp(0.0, 1.0) };
            let top = bottom + f64::from(part.level.saturating_sub(before)) * completion;
            shares.push((part.level, bottom, top));
            words.push(format!("level {} {}", part.level, percent(completion)));
            (before, bottom) = (part.level, top);
        }
        let words = if words.is_empty() { "nothing applies".to_owned() } else { words.join(", ") };
        Self { period: point.period, shares, told: format!("{}: score {}; {words}", point.period, shown(bottom)) }
    }

    /// The score.
    fn top(&self) -> f64 {
        self.shares.last().map_or(0.0, |(_, _, top)| *top)
    }

    fn draw(&self, ground: &Ground<'_>) -> Vec<Shape> {
        let x = ground.across(self.period);
        let half = SHARE.min(WIDEST / ground.apart()) / 2.0;
        let band = |&(level, from, to): &(Level, f64, f64)| {
            let outline = vec![(x - half, from), (x + half, from), (x + half, to), (x - half, to)];
            Shape::Area(outline, palette::ramp(level).0)
        };
        let seam = |&(_, from, _): &(Level, f64, f64)| {
            Shape::Line(vec![(x - half, from), (x + half, from)], &palette::SURFACE, 1.0)
        };
        let filled = || self.shares.iter().filter(|(_, from, to)| to > from);
        let seams = filled().skip(1).filter(|(_, from, to)| to - from > THIN).map(seam);
        filled().map(band).chain(seams).collect()
    }

    /// The figures of the levels beside the stack, moved apart where shares are low.
    fn figures(&self, ground: &Ground<'_>) -> String {
        let frame = &ground.frame;
        let half = CHIP.1 / 2.0;
        let (top, bottom) = (f64::from(frame.down.start), f64::from(frame.down.end));
        let filled = self.shares.iter().filter(|(_, from, to)| to > from);
        let wanted = filled.map(|&(level, from, to)| (level, frame.place(0.0, (from + to) / 2.0).1));
        let mut below = bottom + half + 1.0;
        let mut places: Vec<(Level, f64)> = wanted
            .map(|(level, y)| {
                below = y.min(below - CHIP.1 - 1.0);
                (level, below)
            })
            .collect();
        // What was moved out at the top comes back in, and moves those below it.
        let mut above = top - half - 1.0;
        for (_, y) in places.iter_mut().rev() {
            above = y.max(above + CHIP.1 + 1.0);
            *y = above;
        }
        let x = f64::from(frame.across.end) + 7.0;
        let chip = |&(level, y): &(Level, f64)| {
            let (surface, ink) = palette::ramp(level);
            let at = (x + CHIP.0 / 2.0, y + f64::from(NOTE) * 0.35);
            let text = level.to_string();
            format!(
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{}\"/>{}",
                y - half,
                CHIP.0,
                CHIP.1,
                surface.variable,
                Label { at, anchor: "middle", size: NOTE, weight: Some(600), ink, text: &text }.svg()
            )
        };
        places.iter().map(chip).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::organization::Scope;
    use crate::domain::scoring::LevelCompletion;

    /// A trend whose quarters have these levels, each with its completion.
    fn of(dimension: &str, quarters: &[&[(Level, f64)]]) -> Trend {
        let last: Period = "2026-Q4".parse().unwrap();
        let mut periods: Vec<Period> =
            std::iter::successors(Some(last), |period| Some(period.previous())).take(quarters.len()).collect();
        periods.reverse();
        let level = |&(level, completion): &(Level, f64)| LevelCompletion { level, activities: 3, completion };
        let point = |(period, levels): (Period, &&[(Level, f64)])| TrendPoint {
            period,
            dimension: dimension.to_owned(),
            level: 0,
            ceiling: 5,
            score: 0.0,
            completion: 0.0,
            levels: levels.iter().map(level).collect(),
            carried: false,
        };
        let points = periods.into_iter().zip(quarters).map(point).collect();
        Trend { scope: Scope::organization(), points, markers: Vec::new() }
    }

    #[test]
    fn levels_are_drawn_as_they_always_were() {
        let quarters: [&[(Level, f64)]; 3] = [&[], &[(1, 0.5), (3, 0.25)], &[(1, 1.0), (2, 0.5), (3, 0.04), (5, 0.3)]];
        let chart = levels(&of("overall", &quarters), "overall", "l").unwrap();
        assert!(is_sound(&chart));
        assert_golden("levels.svg", chart.svg());
        assert!(
            chart
                .svg()
                .contains("<title>2026-Q4: score 2.14; level 1 100 %, level 2 50 %, level 3 4 %, level 5 30 %</title>")
        );
        assert!(chart.svg().contains("<title>2026-Q2: score 0.00; nothing applies</title>"));
    }

    #[test]
    fn a_level_that_stands_alone_carries_those_below_it() {
        let trend = of("Build", &[&[(2, 1.0), (5, 0.5)]]);
        let stack = Stack::new(&trend.points[0]);
        assert_eq!(stack.shares, [(2, 0.0, 2.0), (5, 2.0, 3.5)]);
    }

    #[test]
    fn the_figures_stay_apart_and_inside() {
        for quarter in [[0.0, 0.01, 0.01, 0.01, 0.01], [1.0, 1.0, 1.0, 1.0, 1.0], [0.01, 0.01, 0.01, 0.01, 1.0]] {
            let parts: Vec<(Level, f64)> = (1..).zip(quarter).collect();
            let chart = levels(&of("Build", &[&parts]), "Build", "l").unwrap();
            let mut tops: Vec<f64> = chart
                .svg()
                .split("rx=\"3\"")
                .filter_map(|part| {
                    let (_, y) = part.rsplit_once(" y=\"")?;
                    y.split_once('"')?.0.parse().ok()
                })
                .collect();
            tops.pop();
            assert_eq!(tops.len(), quarter.iter().filter(|share| **share > 0.0).count());
            assert!(tops.windows(2).all(|pair| pair[0] - pair[1] >= CHIP.1), "{tops:?}");
            assert!(tops.iter().all(|top| (30.0..170.0).contains(top)), "{tops:?}");
        }
    }

    #[test]
    fn no_such_dimension_is_no_chart() {
        assert_eq!(levels(&of("Build", &[&[(1, 1.0)]]), "Elsewhere", "l"), None);
        let long = vec![&[(1, 1.0), (4, 0.2)][..]; 20];
        assert!(is_sound(&levels(&of(HOSTILE, &long), HOSTILE, "l").unwrap()));
    }

    proptest! {
        #[test]
        fn any_levels_make_a_sound_chart(parts in prop::collection::vec((any::<u8>(), prop::num::f64::ANY), 0..=usize::from(MAX_LEVEL)), name in any::<String>()) {
            prop_assert!(is_sound(&levels(&of(&name, &[&parts, &parts]), &name, &name).unwrap()));
        }
    }
}
