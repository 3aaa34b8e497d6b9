//! The ground of charts that show points over quarters: figures at the left, quarters below, lines between.

use super::frame::{Frame, Shape};
use super::markup::{Label, escape, width};
use super::palette;
use crate::domain::period::Period;

/// The size of the text.
pub(super) const NOTE: u8 = 12;
/// From the left edge to the plot: the figures stand in it.
const LEFT: i32 = 44;
/// Below the plot, for the quarters.
const BOTTOM: i32 = 28;
/// Fewer quarters do not fill the plot.
const LEAST: usize = 6;
/// How many parts the axis has above 0.
const STEPS: f64 = 4.0;
/// What is drawn as if it were endless.
const ENDLESS: f64 = 1e12;
/// What the label of a quarter takes.
const LABEL: f64 = 62.0;

/// The ground over some quarters that follow each other.
#[derive(Debug)]
pub(super) struct PointGround<'a> {
    pub(super) frame: Frame,
    quarters: &'a [Period],
    /// From one line to the next.
    step: f64,
}

impl<'a> PointGround<'a> {
    /// The ground on a chart of a size, with so much space above, up to a value at least.
    pub(super) fn new(size: (i32, i32), top: i32, quarters: &'a [Period], highest: f64) -> Self {
        Self::from(size, top, quarters, (0.0, highest))
    }

    /// The same, from a value at most that may be below 0.
    pub(super) fn from(size: (i32, i32), top: i32, quarters: &'a [Period], (least, highest): (f64, f64)) -> Self {
        let step = nice(drawable(highest).max(-drawable(least) / 2.0)) / STEPS;
        let frame = Frame {
            size,
            across: LEFT..size.0,
            down: top..size.1 - BOTTOM,
            x: -0.5..quarters.len().max(LEAST) as f64 - 0.5,
            y: (drawable(least).min(0.0) / step).floor() * step..step * STEPS,
        };
        Self { frame, quarters, step }
    }

    /// Where a quarter stands across, if it is one of these.
    pub(super) fn across(&self, period: Period) -> Option<f64> {
        self.quarters.binary_search(&period).ok().map(|place| place as f64)
    }

    /// From one quarter to the next, in user units.
    pub(super) fn apart(&self) -> f64 {
        f64::from(self.frame.across.end - self.frame.across.start) / (self.frame.x.end - self.frame.x.start)
    }

    /// The lines of the figures.
    pub(super) fn grid(&self) -> impl Iterator<Item = Shape> {
        let ends = [self.frame.x.start, self.frame.x.end];
        self.lines().map(move |value| Shape::Line(ends.map(|x| (x, value)).to_vec(), &palette::GRID, 1.0))
    }

    /// The values that have a line.
    fn lines(&self) -> impl Iterator<Item = f64> {
        let (first, step) = ((self.frame.y.start / self.step).round(), self.step);
        let numbers = std::iter::successors(Some(first), |number| Some(number + 1.0));
        numbers.take_while(|number| *number <= STEPS).map(move |number| number * step)
    }

    /// The figures at the left, and the quarters that have room for a label below.
    pub(super) fn axes(&self) -> String {
        let figure = |value: f64| {
            let (_, y) = self.frame.place(0.0, value);
            note((f64::from(LEFT) - 8.0, y + f64::from(NOTE) * 0.35), "end", &short(value))
        };
        let (width, height) = self.frame.size;
        let figures: String = self.lines().map(figure).collect();
        let (mut labels, mut free) = (String::new(), f64::MIN);
        for (place, quarter) in self.quarters.iter().enumerate() {
            let (x, _) = self.frame.place(place as f64, 0.0);
            if x - LABEL / 2.0 >= free && x + LABEL / 2.0 <= f64::from(width) + 8.0 {
                labels += &note((x, f64::from(height) - 8.0), "middle", &quarter.to_string());
                free = x + LABEL / 2.0;
            }
        }
        figures + &labels
    }

    /// A quarter in words; its whole height tells it.
    pub(super) fn told(&self, period: Period, words: &str) -> String {
        let Some(at) = self.across(period) else { return String::new() };
        let ((left, top), (right, bottom)) =
            (self.frame.place(at - 0.5, self.frame.y.end), self.frame.place(at + 0.5, 0.0));
        format!(
            "<g class=\"chart-point\"><title>{}</title><rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" \
             height=\"{:.1}\" fill=\"none\" pointer-events=\"all\"/></g>\n",
            escape(words),
            right - left,
            bottom - top,
        )
    }

    /// An upright line at the end of a quarter, with a word at its upper end.
    pub(super) fn upright(&self, period: Period, word: &str) -> String {
        let Some(at) = self.across(period) else { return String::new() };
        let ((x, top), (_, bottom)) = (self.frame.place(at + 0.5, self.frame.y.end), self.frame.place(at, 0.0));
        let ink = palette::MUTED.variable;
        let has_room = x + 4.0 + width(word, NOTE) <= f64::from(self.frame.size.0);
        let (anchor, beside) = if has_room { ("start", 4.0) } else { ("end", -4.0) };
        format!(
            "<path d=\"M{x:.1} {top:.1}V{bottom:.1}\" stroke=\"{ink}\" stroke-dasharray=\"4 3\" fill=\"none\"/>{}",
            note((x + beside, top + f64::from(NOTE)), anchor, word)
        )
    }
}

/// A text at the axes or in a legend.
pub(super) fn note(at: (f64, f64), anchor: &'static str, text: &str) -> String {
    Label { at, anchor, size: NOTE, weight: None, ink: &palette::MUTED, text }.svg()
}

/// The end of the axis: a round number that is not below the value.
fn nice(value: f64) -> f64 {
    let unit = 10_f64.powf(value.max(1.0).log10().floor());
    let factor = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].into_iter().find(|factor| factor * unit >= value);
    factor.unwrap_or(10.0) * unit
}

/// A number of points, kept where it can be drawn whatever was stored.
pub(super) fn drawable(points: f64) -> f64 {
    if points.is_nan() { 0.0 } else { points.clamp(-ENDLESS, ENDLESS) }
}

/// A number of points as it is told: whole where it is large.
pub(super) fn told(points: f64) -> String {
    let points = drawable(points);
    let digits = if points.abs() < 100.0 { 10.0 } else { 1.0 };
    // Adding 0 makes what was rounded to −0 a plain 0.
    format!("{}", (points * digits).round() / digits + 0.0)
}

/// A figure of the axis in few characters.
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
    fn an_axis_ends_at_a_round_number() {
        for (value, end) in [(0.5, 1.0), (1.0, 1.0), (15.0, 20.0), (71.5, 80.0), (301.0, 400.0), (9_999.0, 10_000.0)] {
            assert_eq!(nice(value), end);
        }
    }

    #[test]
    fn an_axis_has_few_lines_around_all_values() {
        let quarters = ["2026-Q4".parse().unwrap()];
        let labels = |least: f64, highest: f64| {
            let ground = PointGround::from((400, 200), 0, &quarters, (least, highest));
            ground.lines().map(short).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(labels(0.0, 162.7), "0 50 100 150 200");
        assert_eq!(labels(-20.0, 90.0), "-25 0 25 50 75 100");
        assert_eq!(labels(0.0, 458_427.0), "0 150k 300k 450k 600k");
        assert_eq!(labels(-1_000.0, 0.0), "-1050 -900 -750 -600 -450 -300 -150 0 150 300 450 600");
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1.0] {
            assert!((5..20).contains(&labels(odd, odd).split(' ').count()), "{odd}: {}", labels(odd, odd));
        }
    }

    #[test]
    fn points_are_told_without_digits_that_say_nothing() {
        assert_eq!([162.74, 99.94, 7.5, -0.04, 0.0, f64::NAN].map(told), ["163", "99.9", "7.5", "0", "0", "0"]);
    }
}
