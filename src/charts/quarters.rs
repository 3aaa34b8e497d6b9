//! The ground of all panels over the quarters: head, axes and grid, with quarters across, and upwards levels, on the
//! same scales so that panels can be compared at a glance, or points of work.

use std::fmt::Write;
use std::ops::Range;

use super::frame::{Frame, Shape};
use super::markup::{Label, escape, fitted, width};
use super::palette;
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::period::Period;

/// The size of a panel, in user units. A page that shows it wider or narrower scales its text too,
/// so it is made for 300 to 500 pixels, from a phone to a third of a wide screen.
pub(super) const SIZE: (i32, i32) = (320, 200);
/// From the left edge to the plot: the figures of the levels stand in it.
const LEFT: i32 = 20;
/// From the upper edge to the plot: name and value stand in it.
const TOP: i32 = 34;
/// Below the plot, for the quarters.
const BOTTOM: i32 = 30;
/// From the plot to the right edge.
const RIGHT: i32 = 4;
/// The size of the name and the value.
const NAME: u8 = 13;
/// The size of the text at the axes.
pub(super) const NOTE: u8 = 11;
/// What the label of a quarter takes.
const LABEL: f64 = 58.0;
/// Fewer quarters do not fill the plot: a first assessment is a beginning, not a whole width.
const LEAST_QUARTERS: usize = 4;

/// How many lines a scale of points has, about.
const LINES: f64 = 5.0;
/// What is drawn as if it were endless.
const ENDLESS: f64 = 1e12;

/// The quarters of a panel, rising, and the frame that they make.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    quarters: &'a [Period],
    /// The values that have a line, with what stands beside it.
    ticks: Vec<(f64, String)>,
    /// Where the plot lies.
    pub(super) frame: Frame,
}

impl<'a> Ground<'a> {
    /// The ground of levels over some quarters, with so much more space at the right.
    pub(super) fn new(quarters: &'a [Period], aside: i32) -> Self {
        let ticks = (0..=MAX_LEVEL).map(|level| (f64::from(level), level.to_string())).collect();
        Self::on(quarters, ticks, 0.0..f64::from(MAX_LEVEL), LEFT, aside)
    }

    /// The ground of points of work over some quarters, for values of which some are given, and 0.
    pub(super) fn of_points(quarters: &'a [Period], values: impl IntoIterator<Item = f64>) -> Self {
        let (least, most) = values
            .into_iter()
            .map(endless)
            .fold((0.0_f64, 1.0_f64), |(least, most), value| (least.min(value), most.max(value)));
        let step = step(most - least);
        let (first, last) = ((least / step).floor(), (most / step).ceil());
        let ticks =
            std::iter::successors(Some(first), |number| Some(number + 1.0)).take_while(|number| *number <= last);
        let ticks: Vec<(f64, String)> = ticks.map(|number| (number * step, short(number * step))).collect();
        let widest = ticks.iter().map(|(_, label)| width(label, NOTE)).fold(0.0, f64::max);
        // The lint would have a checked conversion; `as` saturates, and labels are short.
        let left = LEFT.max((widest + 9.0).ceil() as i32);
        Self::on(quarters, ticks, first * step..last * step, left, 0)
    }

    fn on(quarters: &'a [Period], ticks: Vec<(f64, String)>, y: Range<f64>, left: i32, aside: i32) -> Self {
        let span = quarters.len().max(LEAST_QUARTERS) as f64;
        let frame = Frame {
            size: SIZE,
            across: left..SIZE.0 - RIGHT - aside,
            down: TOP..SIZE.1 - BOTTOM,
            x: -0.5..span - 0.5,
            y,
        };
        Self { quarters, ticks, frame }
    }

    /// Where the plot ends across, as a value.
    pub(super) fn end(&self) -> f64 {
        self.frame.x.end
    }

    /// Where a quarter stands across: its number.
    pub(super) fn across(&self, period: Period) -> f64 {
        self.quarters.binary_search(&period).unwrap_or_default() as f64
    }

    /// The number of a quarter, if it is one of the panel's.
    pub(super) fn number(&self, period: Period) -> Option<f64> {
        self.quarters.binary_search(&period).ok().map(|number| number as f64)
    }

    /// Whether a quarter is the latest of the panel.
    pub(super) fn is_latest(&self, period: Period) -> bool {
        self.quarters.last() == Some(&period)
    }

    /// From one quarter to the next, in user units.
    pub(super) fn apart(&self) -> f64 {
        f64::from(self.frame.across.end - self.frame.across.start) / (self.frame.x.end - self.frame.x.start)
    }

    /// The name at the left, the latest value at the right.
    pub(super) fn head(name: &str, value: &str) -> String {
        let right = f64::from(SIZE.0 - RIGHT);
        let base = f64::from(NAME) + 2.0;
        let name = fitted(name, NAME, right - width(value, NAME) - f64::from(NAME));
        let label = |x, anchor, text: &str, weight| {
            Label { at: (x, base), anchor, size: NAME, weight, ink: &palette::TEXT, text }.svg()
        };
        label(0.0, "start", &name, Some(600)) + &label(right, "end", value, None)
    }

    /// The figures of the scale at the left and the names of quarters below.
    pub(super) fn axes(&self) -> String {
        let note =
            |at, anchor, text: &str| Label { at, anchor, size: NOTE, weight: None, ink: &palette::MUTED, text }.svg();
        let mut axes = String::new();
        for (value, label) in &self.ticks {
            let (_, y) = self.frame.place(0.0, *value);
            axes += &note((f64::from(self.frame.across.start) - 7.0, y + f64::from(NOTE) * 0.35), "end", label);
        }
        for (x, quarter) in self.labels() {
            axes += &note((x, f64::from(SIZE.1) - 10.0), "middle", &quarter.to_string());
        }
        axes
    }

    /// The quarters that have room for a label, with its middle: all, or else the first, the last,
    /// and between them those that begin a year.
    fn labels(&self) -> Vec<(f64, Period)> {
        let (room, half) = (LABEL, LABEL * 0.45);
        let all: Vec<(f64, Period)> = self
            .quarters
            .iter()
            .enumerate()
            .map(|(i, quarter)| (self.frame.place(i as f64, 0.0).0.clamp(half, f64::from(SIZE.0) - half), *quarter))
            .collect();
        let &[first, ref between @ .., last] = all.as_slice() else { return all };
        if self.apart() >= room {
            return all;
        }
        let mut labels = vec![first];
        let mut taken = first.0;
        for &(x, quarter) in between.iter().filter(|(_, quarter)| quarter.to_string().ends_with("-Q1")) {
            if x - taken >= room && last.0 - x >= room {
                labels.push((x, quarter));
                taken = x;
            }
        }
        labels.push(last);
        labels
    }

    /// The lines of the scale.
    pub(super) fn grid(&self) -> impl Iterator<Item = Shape> {
        let ends = [self.frame.x.start, self.end()];
        self.ticks.iter().map(move |(y, _)| Shape::Line(ends.map(|x| (x, *y)).to_vec(), &palette::GRID, 1.0))
    }

    /// What a quarter shows and its value in words. Its whole height tells it, so that nobody has to hit a dot of a
    /// few pixels.
    pub(super) fn point(&self, period: Period, told: &str, content: &str) -> String {
        let apart = self.apart();
        let (top, height) = (self.frame.down.start, self.frame.down.end - self.frame.down.start);
        let (x, _) = self.frame.place(self.across(period), 0.0);
        let mut point = String::new();
        // Writing into a string cannot fail.
        let _ = writeln!(
            point,
            "<g class=\"chart-point\"><title>{}</title>\
             <rect x=\"{:.2}\" y=\"{top}\" width=\"{apart:.2}\" height=\"{height}\" fill=\"none\" pointer-events=\"all\"/>\
             {content}</g>",
            escape(told),
            x - apart / 2.0,
        );
        point
    }
}

/// A number of points, kept where it can be drawn whatever was stored.
pub(super) fn endless(points: f64) -> f64 {
    if points.is_nan() { 0.0 } else { points.clamp(-ENDLESS, ENDLESS) }
}

/// A number of points as it is told: whole where it is large.
pub(super) fn told(points: f64) -> String {
    let points = endless(points);
    let digits = if points.abs() < 100.0 { 10.0 } else { 1.0 };
    // Adding 0 makes what was rounded to −0 a plain 0.
    format!("{}", (points * digits).round() / digits + 0.0)
}

/// From one line of the scale to the next: 1, 2 or 5 times a power of ten, but no less than 1.
fn step(span: f64) -> f64 {
    let wanted = span / LINES;
    let power = 10_f64.powf(wanted.log10().floor()).max(1.0);
    [1.0, 2.0, 5.0].map(|times| times * power).into_iter().find(|step| *step >= wanted).unwrap_or(10.0 * power)
}

/// A value of the scale in few characters.
fn short(value: f64) -> String {
    let of = |unit: f64, name: &str| format!("{}{name}", value / unit + 0.0);
    match value.abs() {
        size if size >= 1e6 => of(1e6, "M"),
        size if size >= 1e4 => of(1e3, "k"),
        _ => of(1.0, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_of_points_has_few_round_lines_around_all_values() {
        let quarters = ["2026-Q4".parse().unwrap()];
        let labels = |values: &[f64]| {
            let ground = Ground::of_points(&quarters, values.iter().copied());
            ground.ticks.iter().map(|(_, label)| label.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(labels(&[]), "0 1");
        assert_eq!(labels(&[0.4, 7.0]), "0 2 4 6 8");
        assert_eq!(labels(&[162.7]), "0 50 100 150 200");
        assert_eq!(labels(&[4_100.0, -300.0]), "-1000 0 1000 2000 3000 4000 5000");
        assert_eq!(labels(&[458_427.0]), "0 100k 200k 300k 400k 500k");
        assert_eq!(labels(&[2_600_000.0]), "0 1M 2M 3M");
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
            assert!(labels(&[odd]).split(' ').count() < 9, "{odd}");
        }
    }

    #[test]
    fn points_are_told_without_digits_that_say_nothing() {
        assert_eq!([162.74, 99.94, 7.5, -0.04, 0.0, f64::NAN].map(told), ["163", "99.9", "7.5", "0", "0", "0"]);
    }
}
