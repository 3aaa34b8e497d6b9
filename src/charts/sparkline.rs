//! A score over the quarters as a line of text is high, for the cells of tables.

use super::frame::{Frame, Shape};
use super::{Chart, Parts, bounded, palette};
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::scoring::shown;
use crate::domain::standing::TrendPoint;

/// The size, in user units and in pixels.
const SIZE: (i32, i32) = (96, 24);
/// Fewer quarters do not fill the width, as in the panels of a trend.
const LEAST_QUARTERS: usize = 4;

/// The course of the score with a dot at its end, as high as it moved, yet at least as if by one level: it tells how,
/// and the number beside it tells where to. The points are those of one line, by quarter; `label` says of what they
/// are. It needs no id: a table has many.
pub fn sparkline(points: &[&TrendPoint], label: &str) -> Chart {
    let scores: Vec<f64> = points.iter().map(|point| bounded(point.score)).collect();
    let (least, most) =
        scores.iter().fold((f64::from(MAX_LEVEL), 0.0), |(least, most), &s| (s.min(least), s.max(most)));
    let spare = ((1.0 - (most - least)) / 2.0).max(0.0);
    let frame = Frame {
        size: SIZE,
        across: 4..SIZE.0 - 4,
        down: 4..SIZE.1 - 4,
        x: 0.0..(points.len().max(LEAST_QUARTERS) - 1) as f64,
        y: if scores.is_empty() { 0.0..1.0 } else { least - spare..most + spare },
    };
    let course: Vec<(f64, f64)> = (0..).map(f64::from).zip(scores).collect();
    let end = course.last().copied();
    let mut content = frame.draw(&[Shape::Line(course, &palette::LINE, 1.5)]);
    if let Some((x, y)) = end.map(|(x, y)| frame.place(x, y)) {
        content += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{}\"/>", palette::LINE.variable);
    }
    let value = |point: &TrendPoint| format!("{} in {}", shown(bounded(point.score)), point.period);
    let course = match points {
        [] => "not measured".to_owned(),
        [only] => value(only),
        [first, .., last] => format!("from {} to {}", value(first), value(last)),
    };
    Chart::new(&Parts {
        id: "",
        size: SIZE,
        natural: true,
        role: "img",
        title: &format!("{label}: {course}"),
        description: "The line is the score over the quarters.",
        content: &content,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::period::Period;

    fn points(scores: &[f64]) -> Vec<TrendPoint> {
        let mut period: Period = "2025-Q1".parse().unwrap();
        let mut point = |&score: &f64| {
            let at = period;
            period = period.next();
            let (dimension, levels) = ("overall".to_owned(), Default::default());
            TrendPoint { period: at, dimension, level: 0, ceiling: 5, score, completion: 0.0, levels, carried: false }
        };
        scores.iter().map(&mut point).collect()
    }

    fn drawn(scores: &[f64], label: &str) -> Chart {
        sparkline(&points(scores).iter().collect::<Vec<_>>(), label)
    }

    #[test]
    fn a_sparkline_is_drawn_as_it_always_was() {
        let chart = drawn(&[0.5, 1.0, 0.75, 2.0, 2.5], "Score of Payments & <b>");
        assert_golden("sparkline.svg", chart.svg());
        let told = "aria-label=\"Score of Payments &amp; &lt;b&gt;: from 0.50 in 2025-Q1 to 2.50 in 2026-Q1\"";
        assert!(chart.svg().contains(told));
        assert!(!chart.svg().contains(" id="), "a table has many");
    }

    #[test]
    fn few_and_even_values_are_drawn_too() {
        let cases: [&[f64]; 6] = [&[], &[2.0], &[0.0; 20], &[5.0; 20], &[0.0, 5.0], &[f64::NAN, f64::INFINITY, -1.0]];
        for scores in cases {
            let chart = drawn(scores, HOSTILE);
            assert!(is_sound(&chart), "{scores:?} {}", chart.svg());
            assert_eq!(chart.svg().matches("<circle").count(), usize::from(!scores.is_empty()));
        }
    }

    #[test]
    fn a_small_change_looks_small() {
        let height = |scores: &[f64]| {
            let svg = drawn(scores, "x").svg().to_owned();
            let (_, rest) = svg.split_once("points=\"").unwrap();
            let places = rest.split_once('"').unwrap().0.split_whitespace();
            let y: Vec<i32> = places.map(|place| place.split_once(',').unwrap().1.parse().unwrap()).collect();
            y.iter().max().unwrap() - y.iter().min().unwrap()
        };
        assert!(height(&[2.0, 2.02, 2.01]) < 8, "a hundredth of a level is no mountain");
        assert!(height(&[1.0, 2.0]) > 100, "a level is as high as the cell");
    }
}
