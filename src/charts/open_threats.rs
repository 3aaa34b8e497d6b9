//! Open threats quarter by quarter, one severity on another, the most severe at the bottom.

use super::frame::Shape;
use super::markup::{Key, legend};
use super::palette::Ink;
use super::points::{NOTE, PointGround, note};
use super::{Chart, Parts, count, palette};
use crate::domain::period::Period;

/// The size of the chart, in user units.
const SIZE: (i32, i32) = (960, 250);
/// Above the plot, for the legend and the number above the highest column.
const TOP: i32 = 46;
/// How much of a quarter its column is wide, and at most, in user units.
const SHARE: f64 = 0.72;
const WIDEST: f64 = 56.0;
/// How many quarters are drawn, up to the latest.
const MOST: usize = 24;
/// What the number above a column takes.
const FIGURE: f64 = 30.0;

/// What the severities are called, in the order of [`OpenThreatsPoint::by_severity`].
const NAMES: [&str; 6] = ["critical", "high", "medium", "low", "note", "not rated"];

/// The open threats at the end of a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenThreatsPoint {
    /// The quarter.
    pub period: Period,
    /// How many are critical, high, medium, low, worth a note, and not rated.
    pub by_severity: [u32; 6],
    /// In how many threat models.
    pub models: u32,
}

impl OpenThreatsPoint {
    /// How many are open in all.
    pub fn total(&self) -> u32 {
        self.by_severity.iter().fold(0, |sum, &n| sum.saturating_add(n))
    }

    /// How many are critical or high.
    pub fn severe(&self) -> u32 {
        let [critical, high, ..] = self.by_severity;
        critical.saturating_add(high)
    }
}

/// The open threats of quarters that follow each other, the latest 24 of them. `None` when there are none.
pub fn open_threats(points: &[OpenThreatsPoint], id: &str) -> Option<Chart> {
    let shown = points.get(points.len().saturating_sub(MOST)..).unwrap_or(points);
    let (first, last) = (shown.first()?, shown.last()?);
    let periods: Vec<Period> = shown.iter().map(|point| point.period).collect();
    let highest = shown.iter().map(OpenThreatsPoint::total).max()?;
    // Threats are whole, and the axis has four parts.
    let ground = PointGround::new(SIZE, TOP, &periods, f64::from(highest.max(4)));
    let mut shapes: Vec<Shape> = ground.grid().collect();
    for (place, point) in shown.iter().enumerate() {
        shapes.extend(column(ground.apart(), place as f64, point));
    }
    let (legend, _) = legend(&keys(shown), 0.0, 4.0, f64::from(SIZE.0), NOTE);
    let told: String = shown.iter().map(|point| ground.told(point.period, &in_words(point))).collect();
    let content =
        [legend, ground.axes(), ground.frame.draw(&shapes), "\n".to_owned(), figures(&ground, shown), told].concat();
    Some(Chart::new(&Parts {
        id,
        size: SIZE,
        natural: false,
        role: "img",
        title: &format!(
            "Open threats: {} at the end of {}, {} of them critical or high",
            last.total(),
            last.period,
            last.severe()
        ),
        description: &format!(
            "From {} to {}: each column is what was open at the end of a quarter, made of the severities, the most severe \
             at the bottom. At the beginning {} were open.",
            first.period,
            last.period,
            first.total()
        ),
        content: &content,
    }))
}

/// The colour of a severity, by its place.
fn surface(severity: usize) -> &'static Ink {
    match severity {
        0 => &palette::FALL,
        other => palette::ramp(u8::try_from(6_usize.saturating_sub(other)).unwrap_or(0)).0,
    }
}

/// A quarter, severity by severity, on quarters that are so far apart.
fn column(apart: f64, at: f64, point: &OpenThreatsPoint) -> Vec<Shape> {
    let half = SHARE.min(WIDEST / apart) / 2.0;
    let (left, right) = (at - half, at + half);
    let (mut bottom, mut shapes) = (0.0, Vec::new());
    for (severity, &threats) in point.by_severity.iter().enumerate().filter(|(_, threats)| **threats > 0) {
        let top = bottom + f64::from(threats);
        shapes.push(Shape::Area(vec![(left, bottom), (right, bottom), (right, top), (left, top)], surface(severity)));
        if bottom > 0.0 {
            shapes.push(Shape::Line(vec![(left, bottom), (right, bottom)], &palette::SURFACE, 1.0));
        }
        bottom = top;
    }
    shapes
}

/// The numbers above the columns, where there is room for them.
fn figures(ground: &PointGround<'_>, shown: &[OpenThreatsPoint]) -> String {
    if ground.apart() < FIGURE {
        return String::new();
    }
    let figure = |point: &OpenThreatsPoint| {
        let (x, y) = ground.frame.place(ground.across(point.period)?, f64::from(point.total()));
        Some(note((x, y - 5.0), "middle", &point.total().to_string()))
    };
    shown.iter().filter_map(figure).collect()
}

/// The severities that occur.
fn keys(shown: &[OpenThreatsPoint]) -> Vec<Key> {
    let occurs = |severity: usize| shown.iter().any(|point| point.by_severity.get(severity).is_some_and(|&n| n > 0));
    let key = |(severity, name): (usize, &&str)| Key {
        sample: format!(
            "<rect x=\"3\" y=\"-1\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{}\"/>",
            surface(severity).variable
        ),
        meaning: (*name).to_owned(),
    };
    NAMES.iter().enumerate().filter(|(severity, _)| occurs(*severity)).map(key).collect()
}

/// A quarter in words.
fn in_words(point: &OpenThreatsPoint) -> String {
    let named = point.by_severity.iter().zip(NAMES).filter(|(threats, _)| **threats > 0);
    let named: Vec<String> = named.map(|(threats, name)| format!("{threats} {name}")).collect();
    let models = count(point.models as usize, "model", "models");
    match named.as_slice() {
        [] => format!("{}: no open threats in {models}", point.period),
        named => format!("{}: {} open in {models}: {}", point.period, point.total(), named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{assert_golden, is_sound};

    fn points(severities: &[[u32; 6]]) -> Vec<OpenThreatsPoint> {
        let first: Period = "2025-Q3".parse().unwrap();
        let periods = std::iter::successors(Some(first), |period| Some(period.next()));
        let point = |(period, by_severity): (Period, &[u32; 6])| OpenThreatsPoint {
            period,
            by_severity: *by_severity,
            models: by_severity.iter().copied().min().unwrap_or(0).saturating_add(1),
        };
        periods.zip(severities).map(point).collect()
    }

    #[test]
    fn open_threats_are_drawn_as_they_always_were() {
        let severities = [
            [1, 4, 9, 3, 0, 12],
            [2, 6, 11, 5, 1, 8],
            [1, 7, 8, 6, 2, 3],
            [0, 3, 9, 6, 2, 1],
            [0, 0, 0, 0, 0, 0],
            [0, 1, 6, 5, 2, 0],
        ];
        let chart = open_threats(&points(&severities), "o").unwrap();
        assert!(is_sound(&chart));
        assert!(chart.svg().contains("Open threats: 14 at the end of 2026-Q4, 1 of them critical or high</title>"));
        assert!(
            chart.svg().contains(
                "<title>2025-Q3: 29 open in 1 model: 1 critical, 4 high, 9 medium, 3 low, 12 not rated</title>"
            )
        );
        assert!(chart.svg().contains("<title>2026-Q3: no open threats in 1 model</title>"));
        assert_golden("open-threats.svg", chart.svg());
    }

    #[test]
    fn without_a_quarter_there_is_no_chart_and_of_many_the_latest_are_shown() {
        assert_eq!(open_threats(&[], "o"), None);
        let chart = open_threats(&points(&[[0, 0, 1, 0, 0, 0]; 100]), "o").unwrap();
        assert_eq!(chart.svg().matches("<title>").count(), MOST);
        assert!(chart.svg().contains("<title>2050-Q2: ") && !chart.svg().contains("<title>2044-Q2: "));
    }

    proptest! {
        #[test]
        fn any_numbers_make_a_sound_chart(severities in prop::collection::vec(any::<[u32; 6]>(), 1..30), id in any::<String>()) {
            let chart = open_threats(&points(&severities), &id).unwrap();
            prop_assert!(is_sound(&chart), "{}", chart.svg());
        }
    }
}
