//! A plan against what was done: points planned to be done, and points done, quarter by quarter.

use super::frame::Shape;
use super::markup::width;
use super::points::{NOTE, PointGround, note};
use super::{Chart, Parts, palette};
use crate::domain::period::Period;
use crate::domain::plan::progress::BurnUpPoint;

/// The size of the chart, in user units.
const SIZE: (i32, i32) = (960, 250);
/// Above the plot, for the legend.
const TOP: i32 = 38;
/// How many quarters are drawn.
const MOST: usize = 28;

/// The quarters of a plan, the first 28 of them. `None` when there are none.
pub fn burn_up(points: &[BurnUpPoint], id: &str) -> Option<Chart> {
    let shown = points.get(..MOST).unwrap_or(points);
    let last_known = shown.iter().rev().find_map(|point| Some((point, point.done?)))?;
    let periods: Vec<Period> = shown.iter().map(|point| point.period).collect();
    let highest =
        shown.iter().map(|point| point.done.unwrap_or_default().max(point.planned.value())).fold(1.0, f64::max);
    let ground = PointGround::new(SIZE, TOP, &periods, highest);
    let mut shapes: Vec<Shape> = ground.grid().collect();
    let line = |value: &dyn Fn(&BurnUpPoint) -> Option<f64>| -> Vec<(f64, f64)> {
        // What fell below nothing stays at the bottom; the words say how far.
        shown.iter().filter_map(|point| Some((ground.across(point.period)?, value(point)?.max(0.0)))).collect()
    };
    shapes.push(Shape::Line(line(&|point| Some(point.planned.value())), &palette::MUTED, 1.5));
    let done = line(&|point| point.done);
    shapes.push(Shape::Line(done.clone(), &palette::LINE, 3.0));
    let dots: String = done.iter().map(|&(at, value)| dot(&ground, at, value)).collect();
    let told: String = shown.iter().map(|point| ground.told(point.period, &in_words(point))).collect();
    let content = [legend(), ground.axes(), ground.frame.draw(&shapes), "\n".to_owned(), dots, told].concat();
    let (latest, points) = last_known;
    Some(Chart::new(&Parts {
        id,
        size: SIZE,
        natural: false,
        role: "img",
        title: &format!("Points done by {}: {points:.1}, planned {}", latest.period, latest.planned),
        description: "The thick line with dots is what was done since the plan was saved, the thin line what was planned, \
                      both up to the end of each quarter.",
        content: &content,
    }))
}

fn dot(ground: &PointGround<'_>, at: f64, value: f64) -> String {
    let (x, y) = ground.frame.place(at, value);
    format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{}\"/>", palette::LINE.variable)
}

fn legend() -> String {
    let base = f64::from(NOTE) + 2.0;
    let entry = |x: f64, ink: &palette::Ink, thick: f64, text: &str| {
        let middle = base - 4.0;
        format!(
            "<path d=\"M{x:.1} {middle:.1}h24\" stroke=\"{}\" stroke-width=\"{thick}\" fill=\"none\"/>{}",
            ink.variable,
            note((x + 30.0, base), "start", text)
        )
    };
    let first = "done";
    entry(0.0, &palette::LINE, 3.0, first) + &entry(60.0 + width(first, NOTE), &palette::MUTED, 1.5, "planned")
}

fn in_words(point: &BurnUpPoint) -> String {
    let BurnUpPoint { period, planned, done } = point;
    match done {
        Some(done) => format!("{period}: {done:.1} points done, {planned} planned"),
        None => format!("{period}: {planned} points planned"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{assert_golden, is_sound};
    use crate::domain::plan::Points;

    fn points(done: &[f64], quarters: u32) -> Vec<BurnUpPoint> {
        let start: Period = "2026-Q2".parse().unwrap();
        let point = |at: u32| BurnUpPoint {
            period: start.plus(at),
            planned: Points::whole(at * 12),
            done: done.get(at as usize).copied(),
        };
        (0..quarters).map(point).collect()
    }

    #[test]
    fn it_is_drawn_as_it_always_was() {
        let chart = burn_up(&points(&[0.0, 9.5, 30.25], 12), "b").unwrap();
        assert_golden("burn_up", chart.svg());
        assert!(chart.svg().contains("2026-Q4: 30.2 points done, 24 planned"), "{}", chart.svg());
        assert!(is_sound(&chart));
    }

    #[test]
    fn what_fell_stays_on_the_chart() {
        let chart = burn_up(&points(&[0.0, -4.0], 3), "b").unwrap();
        assert!(chart.svg().contains("2026-Q3: -4.0 points done"));
        assert!(is_sound(&chart));
        assert_eq!(burn_up(&[], "b"), None);
        assert_eq!(burn_up(&points(&[], 3), "b"), None);
    }
}
