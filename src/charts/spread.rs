//! How the teams are spread over the quarters: from the least to the greatest score, with the half in the
//! middle as a box and the median across it.
//!
//! The box plot of plotters ends its whiskers at one and a half times the height of the box, and takes the values
//! themselves; here they end at the least and the greatest team, and the five numbers are known. So it is drawn
//! from lines and areas.

use std::collections::BTreeSet;

use super::frame::Shape;
use super::quarters::{Ground, SIZE};
use super::{Chart, Parts, bounded, called, count, palette};
use crate::domain::period::Period;
use crate::domain::scoring::shown;
use crate::domain::spread::{FiveNumbers, SpreadPoint};

/// How much of a quarter a box is wide, and at most, in user units.
const SHARE: f64 = 0.56;
const WIDEST: f64 = 22.0;

/// The spread of the teams' scores in a dimension, or in the whole, quarter by quarter. Points of other dimensions
/// are left out; `None` when there is none.
pub fn spread(points: &[SpreadPoint], dimension: &str, scope: &str, id: &str) -> Option<Chart> {
    let mut points: Vec<&SpreadPoint> = points.iter().filter(|point| point.dimension == dimension).collect();
    points.sort_by_key(|point| point.period);
    let last = *points.last()?;
    let quarters: BTreeSet<Period> = points.iter().map(|point| point.period).collect();
    let quarters: Vec<Period> = quarters.into_iter().collect();
    let ground = Ground::new(&quarters, 0);
    let mut shapes: Vec<Shape> = ground.grid().collect();
    shapes.extend(points.iter().flat_map(|point| draw(&ground, point)));
    let value = format!("median {} · {}", shown(bounded(last.scores.median)), count(last.teams(), "team", "teams"));
    let told: String = points.iter().map(|point| ground.point(point.period, &told(point), "")).collect();
    let content =
        [Ground::head(called(dimension), &value), ground.axes(), ground.frame.draw(&shapes), "\n".into(), told];
    Some(Chart::new(&Parts {
        id,
        size: SIZE,
        natural: false,
        role: "img",
        title: &format!("Spread of the teams, {}, {scope}. {}", called(dimension), self::told(last)),
        description: "For each quarter the thin line goes from the least to the greatest score of a team, the box holds the \
                      half in the middle, and the thick line across it is the median.",
        content: &content.concat(),
    }))
}

/// The line from the least to the greatest, the box of the half in the middle, and the median.
fn draw(ground: &Ground<'_>, point: &SpreadPoint) -> Vec<Shape> {
    let x = ground.across(point.period);
    let half = SHARE.min(WIDEST / ground.apart()) / 2.0;
    let FiveNumbers { least, lower_quartile, median, upper_quartile, greatest } = point.scores;
    let [least, lower, median, upper, greatest] =
        [least, lower_quartile, median, upper_quartile, greatest].map(bounded);
    let cap = |y| Shape::Line(vec![(x - half / 2.0, y), (x + half / 2.0, y)], &palette::LEVEL, 1.0);
    let outline = vec![(x - half, lower), (x + half, lower), (x + half, upper), (x - half, upper), (x - half, lower)];
    vec![
        Shape::Line(vec![(x, least), (x, greatest)], &palette::LEVEL, 1.0),
        cap(least),
        cap(greatest),
        Shape::Area(outline.clone(), &palette::AREA),
        Shape::Line(outline, &palette::LEVEL, 1.0),
        Shape::Line(vec![(x - half, median), (x + half, median)], &palette::LINE, 2.5),
    ]
}

/// A point in words.
fn told(point: &SpreadPoint) -> String {
    let FiveNumbers { least, lower_quartile, median, upper_quartile, greatest } = point.scores;
    let [least, lower, median, upper, greatest] =
        [least, lower_quartile, median, upper_quartile, greatest].map(|score| shown(bounded(score)));
    format!(
        "{}: median {median}, half of the teams from {lower} to {upper}, all {} from {least} to {greatest}",
        point.period,
        point.teams()
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};

    fn points(quarters: usize, dimension: &str) -> Vec<SpreadPoint> {
        let last: Period = "2026-Q4".parse().unwrap();
        let periods = std::iter::successors(Some(last), |period| Some(period.previous()));
        let point = |(i, period): (usize, Period)| SpreadPoint {
            period,
            dimension: dimension.to_owned(),
            teams_at: [1, 2, 3, 0, 0, 0],
            scores: FiveNumbers::of(vec![0.0, 1.0, 2.0 + i as f64 / 20.0, 3.0, 5.0]).unwrap(),
        };
        periods.take(quarters).enumerate().map(point).collect()
    }

    #[test]
    fn a_spread_is_drawn_as_it_always_was() {
        let chart = spread(&points(4, "overall"), "overall", "Payments & <b>", "s").unwrap();
        assert_golden("spread.svg", chart.svg());
        let told = "<title>2026-Q4: median 2.00, half of the teams from 1.00 to 3.00, all 6 from 0.00 to 5.00</title>";
        assert!(chart.svg().contains(told));
        assert!(chart.svg().contains("Spread of the teams, Overall, Payments &amp; &lt;b&gt;. 2026-Q4: median 2.00"));
    }

    #[test]
    fn only_the_dimension_is_drawn_over_as_many_quarters_as_it_has() {
        let mut all = points(20, HOSTILE);
        all.extend(points(3, "Other"));
        let told = |dimension| spread(&all, dimension, "All", "s").map(|chart| chart.svg().matches("<title>").count());
        assert_eq!((told(HOSTILE), told("Other"), told("None")), (Some(20), Some(3), None));
        assert!(is_sound(&spread(&all, HOSTILE, HOSTILE, "s").unwrap()));
        assert!(is_sound(&spread(&points(1, "x"), "x", "All", "s").unwrap()));
    }

    proptest! {
        #[test]
        fn any_values_make_a_sound_chart(values in prop::array::uniform5(prop::num::f64::ANY), name in any::<String>()) {
            let [least, lower_quartile, median, upper_quartile, greatest] = values;
            let mut drawn = points(2, &name);
            drawn[0].scores = FiveNumbers { least, lower_quartile, median, upper_quartile, greatest };
            prop_assert!(is_sound(&spread(&drawn, &name, &name, &name).unwrap()));
        }
    }
}
