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

/// The course of the score from 0 to 5, with a dot at its end, over the line of 0. The points are those of one line,
/// by quarter; `label` says of what they are. It needs no id: a table has many.
pub fn sparkline(points: &[&TrendPoint], label: &str) -> Chart {
    let frame = Frame {
        size: SIZE,
        across: 4..SIZE.0 - 4,
        down: 4..SIZE.1 - 3,
        x: 0.0..(points.len().max(LEAST_QUARTERS) - 1) as f64,
        y: 0.0..f64::from(MAX_LEVEL),
    };
    let course: Vec<(f64, f64)> = (0..).map(f64::from).zip(points.iter().map(|point| bounded(point.score))).collect();
    let end = course.last().copied();
    let ground = Shape::Line(vec![(0.0, 0.0), (frame.x.end, 0.0)], &palette::GRID, 1.0);
    let mut content = frame.draw(&[ground, Shape::Line(course, &palette::LINE, 1.5)]);
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
        description: "The line is the score, from 0 to 5.",
        content: &content,
    })
}
