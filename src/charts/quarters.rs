//! The ground of all panels over the quarters: head, axes and grid, with quarters across and levels upwards,
//! on the same scales so that panels can be compared at a glance.

use std::fmt::Write;

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

/// The quarters of a panel, rising, and the frame that they make.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    quarters: &'a [Period],
    /// Where the plot lies.
    pub(super) frame: Frame,
}

impl<'a> Ground<'a> {
    /// The ground over some quarters, with so much more space at the right.
    pub(super) fn new(quarters: &'a [Period], aside: i32) -> Self {
        let span = quarters.len().max(LEAST_QUARTERS) as f64;
        let frame = Frame {
            size: SIZE,
            across: LEFT..SIZE.0 - RIGHT - aside,
            down: TOP..SIZE.1 - BOTTOM,
            x: -0.5..span - 0.5,
            y: 0.0..f64::from(MAX_LEVEL),
        };
        Self { quarters, frame }
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

    /// The figures of the levels at the left and the names of quarters below.
    pub(super) fn axes(&self) -> String {
        let note =
            |at, anchor, text: &str| Label { at, anchor, size: NOTE, weight: None, ink: &palette::MUTED, text }.svg();
        let mut axes = String::new();
        for level in 0..=MAX_LEVEL {
            let (_, y) = self.frame.place(0.0, f64::from(level));
            axes += &note((f64::from(LEFT) - 7.0, y + f64::from(NOTE) * 0.35), "end", &level.to_string());
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

    /// The lines of the levels.
    pub(super) fn grid(&self) -> impl Iterator<Item = Shape> {
        let ends = [self.frame.x.start, self.end()];
        (0..=MAX_LEVEL).map(move |level| {
            let y = f64::from(level);
            Shape::Line(ends.map(|x| (x, y)).to_vec(), &palette::GRID, 1.0)
        })
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
