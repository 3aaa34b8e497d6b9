//! Horizontal bars with a name above and a number beside, for charts that compare a few shares. A tick
//! marks where a bar was before, a dashed line where it is to be.

use super::frame::{Frame, Shape};
use super::markup::{Key, Label, SAMPLE, fitted, legend, line, mark, width};
use super::palette;

/// The width of the chart, in user units.
pub(super) const WIDTH: i32 = 360;
const NAME: u8 = 12;
const NOTE: u8 = 11;
/// From one bar to the next, from the base line of its name to its upper edge, and its height.
const ROW: f64 = 36.0;
const BELOW: f64 = 6.0;
const THICK: f64 = 9.0;
/// The height of a heading.
const HEADING: f64 = 24.0;
/// Bars keep away from the edges, so that a tick at the end is seen.
const EDGE: f64 = 1.0;

/// One bar.
#[derive(Debug)]
pub(super) struct Bar {
    /// What it is of.
    pub(super) name: String,
    /// How long it is, in [0, 1] of the whole width.
    pub(super) length: f64,
    /// The value as a number.
    pub(super) number: String,
    /// What stands muted beside the name.
    pub(super) note: String,
    /// Where it was before, in [0, 1].
    pub(super) before: Option<f64>,
    /// Where it is to be, in [0, 1].
    pub(super) target: Option<f64>,
    /// All of that in words.
    pub(super) told: String,
}

/// Bars under a heading, which may be empty.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) heading: &'static str,
    pub(super) bars: Vec<Bar>,
}

/// What the ends of the scale are called, and what tick and dashed line mean where they occur.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) ends: [&'static str; 2],
    /// Into how many equal parts lines divide the scale.
    pub(super) parts: u8,
    pub(super) before: Option<String>,
    pub(super) target: Option<String>,
}

/// The groups with their scale and legend, and how high it all is.
pub(super) fn bars(groups: &[Group], meaning: &Meaning) -> (String, i32) {
    let (mut marks, mut places) = (String::new(), Vec::new());
    let mut y = 0.0;
    for Group { heading, bars } in groups {
        if !heading.is_empty() {
            let at = (0.0, y + 14.0);
            marks +=
                &Label { at, anchor: "start", size: NOTE, weight: None, ink: &palette::MUTED, text: heading }.svg();
            y += HEADING;
        }
        for bar in bars {
            let top = y + f64::from(NAME) + BELOW;
            marks += &mark(&bar.told, &text(bar, y + f64::from(NAME)));
            places.push((bar, top));
            y += ROW;
        }
        y += 4.0;
    }
    let bottom = y - 4.0;
    let across = |share: f64| EDGE + share.clamp(0.0, 1.0) * (f64::from(WIDTH) - 2.0 * EDGE);
    let mut scale = String::new();
    let ends = meaning.ends.iter().zip([("start", 0.0), ("end", 1.0)]);
    for (text, (anchor, share)) in ends {
        let at = (across(share), bottom + 10.0);
        scale += &Label { at, anchor, size: NOTE, weight: None, ink: &palette::MUTED, text }.svg();
    }
    let (legend, height) = legend(&keys(meaning), 0.0, bottom + 22.0, f64::from(WIDTH), NOTE);
    let height = if legend.is_empty() { bottom + 16.0 } else { height };
    let size = (WIDTH, height.ceil() as i32);
    let drawn = draw(&places, meaning, &across, size);
    (format!("{drawn}\n{marks}{scale}{legend}"), size.1)
}

/// The bars themselves.
fn draw(places: &[(&Bar, f64)], meaning: &Meaning, across: &dyn Fn(f64) -> f64, size: (i32, i32)) -> String {
    let area = |top: f64, from: f64, to: f64, ink| {
        let bottom = top + THICK;
        Shape::Area(vec![(from, top), (to, top), (to, bottom), (from, bottom)], ink)
    };
    let (mut shapes, mut targets) = (Vec::new(), String::new());
    let (track, _) = palette::ramp(0);
    for &(bar, top) in places {
        shapes.push(area(top, across(0.0), across(1.0), track));
        for part in 1..meaning.parts {
            let x = across(f64::from(part) / f64::from(meaning.parts));
            shapes.push(Shape::Line(vec![(x, top), (x, top + THICK)], &palette::SURFACE, 1.0));
        }
        if bar.length > 0.0 {
            shapes.push(area(top, across(0.0), across(bar.length), &palette::LINE));
        }
        if let Some(before) = bar.before {
            // A rim of the ground keeps the tick apart from a bar that ends there.
            for (ink, width) in [(&palette::SURFACE, 5.0), (&palette::TEXT, 2.0)] {
                let x = across(before);
                shapes.push(Shape::Line(vec![(x, top - 3.0), (x, top + THICK + 3.0)], ink, width));
            }
        }
        if let Some(target) = bar.target {
            let x = across(target);
            let points = [(x, top - 4.0), (x, top + THICK + 4.0)];
            targets += &line(&points, &palette::SURFACE, 4.0, "");
            targets += &line(&points, &palette::TEXT, 2.0, "3 2");
        }
    }
    Frame::plain(size).draw(&shapes) + &targets
}

/// Name, note and number above a bar, and its place for the pointer.
fn text(bar: &Bar, base: f64) -> String {
    let right = f64::from(WIDTH);
    let label =
        |x, anchor, size, weight, ink, text: &str| Label { at: (x, base), anchor, size, weight, ink, text }.svg();
    let number = label(right, "end", NAME, Some(600), &palette::TEXT, &bar.number);
    let noted = if bar.note.is_empty() { 0.0 } else { width(&bar.note, NOTE) + 8.0 };
    let numbered = right - width(&bar.number, NAME) - 10.0;
    let name = fitted(&bar.name, NAME, numbered - noted);
    let note = label(numbered, "end", NOTE, None, &palette::MUTED, &bar.note);
    format!(
        "<rect class=\"chart-edge\" x=\"-6\" y=\"{:.1}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"none\" pointer-events=\"all\"/>{}{}{number}",
        base - f64::from(NAME),
        right + 12.0,
        ROW - 4.0,
        label(0.0, "start", NAME, None, &palette::TEXT, &name),
        if bar.note.is_empty() { String::new() } else { note },
    )
}

fn keys(meaning: &Meaning) -> Vec<Key> {
    let upright = |dash| line(&[(SAMPLE / 2.0, -2.0), (SAMPLE / 2.0, 12.0)], &palette::TEXT, 2.0, dash);
    let entries = [(&meaning.before, ""), (&meaning.target, "3 2")];
    let entries = entries.into_iter().filter_map(|(text, dash)| Some((text.as_ref()?, dash)));
    entries.map(|(text, dash)| Key { sample: upright(dash), meaning: text.clone() }).collect()
}
