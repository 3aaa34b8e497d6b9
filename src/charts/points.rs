//! The ground of charts that show points over quarters: figures at the left, quarters below, lines between.

use super::frame::{Frame, Shape};
use super::markup::{Label, escape};
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
/// What the label of a quarter takes.
const LABEL: f64 = 62.0;

/// The ground over some quarters that follow each other.
#[derive(Debug)]
pub(super) struct PointGround<'a> {
    pub(super) frame: Frame,
    quarters: &'a [Period],
}

impl<'a> PointGround<'a> {
    /// The ground on a chart of a size, with so much space above, up to a value at least.
    pub(super) fn new(size: (i32, i32), top: i32, quarters: &'a [Period], highest: f64) -> Self {
        let frame = Frame {
            size,
            across: LEFT..size.0,
            down: top..size.1 - BOTTOM,
            x: -0.5..quarters.len().max(LEAST) as f64 - 0.5,
            y: 0.0..nice(highest),
        };
        Self { frame, quarters }
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
        steps(self.frame.y.end).map(move |value| Shape::Line(ends.map(|x| (x, value)).to_vec(), &palette::GRID, 1.0))
    }

    /// The figures at the left, and the quarters that have room for a label below.
    pub(super) fn axes(&self) -> String {
        let figure = |value: f64| {
            let (_, y) = self.frame.place(0.0, value);
            note((f64::from(LEFT) - 8.0, y + f64::from(NOTE) * 0.35), "end", &format!("{value}"))
        };
        let (width, height) = self.frame.size;
        let figures: String = steps(self.frame.y.end).map(figure).collect();
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
        let (anchor, beside) = if x > f64::from(self.frame.size.0) * 0.8 { ("end", -4.0) } else { ("start", 4.0) };
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

/// The values that have a line.
fn steps(end: f64) -> impl Iterator<Item = f64> {
    (0..=4).map(move |step| end * f64::from(step) / 4.0)
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
}
