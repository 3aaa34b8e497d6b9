//! A line so small that it fits into a row of a table.

use super::frame::{Frame, Shape};
use super::{Chart, Parts, palette};

const SIZE: (i32, i32) = (96, 24);

/// The course of a value from 0 to `max` over the quarters, for a row of a table, with a dot at the
/// latest one. `label` says whose value it is and becomes the title; `id` is unique on the page.
/// Without points it is empty; values that are no numbers count as 0.
pub fn sparkline(points: &[f64], max: f64, id: &str, label: &str) -> Chart {
    let max = if max.is_finite() && max > 0.0 { max } else { 1.0 };
    let values: Vec<f64> = points.iter().map(|v| if v.is_nan() { 0.0 } else { v.clamp(0.0, max) }).collect();
    let last = values.len().saturating_sub(1).max(1) as f64;
    let frame = Frame { size: SIZE, across: 2..SIZE.0 - 4, down: 4..SIZE.1 - 4, x: 0.0..last, y: 0.0..max };
    let course: Vec<_> = values.iter().enumerate().map(|(i, v)| (i as f64, *v)).collect();
    let dot = course.last().map_or_else(String::new, |&(x, y)| {
        let (x, y) = frame.place(x, y);
        format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"2.5\" fill=\"{}\"/>", palette::LINE.variable)
    });
    let ground = vec![(0.0, 0.0), (last, 0.0)];
    let lines = frame.draw(&[Shape::Line(ground, &palette::GRID, 1.0), Shape::Line(course, &palette::LINE, 1.5)]);
    Chart::new(&Parts {
        id,
        class: "chart-spark",
        size: SIZE,
        title: label,
        description: &describe(&values),
        content: &format!("{lines}\n{dot}"),
    })
}

fn describe(values: &[f64]) -> String {
    match values {
        [] => "No values yet.".to_owned(),
        [only] => format!("One value: {only:.2}."),
        [first, .., last] => format!("{} values, from {first:.2} to {last:.2}.", values.len()),
    }
}
