//! Why a score moved: from the earlier score through what each cause contributed to the later one.
//!
//! The way goes down the page, a row for each step, so that the names of the causes stand level on a phone,
//! too. The scale begins where the scores are, not at 0: so the two scores are points, and only the steps,
//! which are differences, are bars. They point where they go, and those that fall are hatched.

use super::frame::{Frame, Shape};
use super::markup::{Label, fitted, mark};
use super::{Chart, Parts, called, palette};
use crate::domain::attribution::{Attribution, Cause, ScoreMove};
use crate::domain::scoring::shown;

/// The width of the chart, in user units, and where the bars lie in it.
const WIDTH: i32 = 360;
const LEFT: f64 = 138.0;
const RIGHT: f64 = 302.0;
/// From one row to the next, and the height of a bar.
const ROW: f64 = 27.0;
const THICK: f64 = 14.0;
/// The height of the point of a bar, at most.
const POINT: f64 = 6.0;
const SIZE: u8 = 12;
const NOTE: u8 = 11;
/// How many names are told.
const NAMED: usize = 5;

/// How the score of a dimension, or of the whole, moved. Numbers are rounded such that they sum to the later score
/// as it is printed. `None` when there is no such dimension, or when nothing moved it by as much as is shown.
pub fn waterfall(attribution: &Attribution, dimension: &str, scope: &str, id: &str) -> Option<Chart> {
    let moved = attribution.moves.iter().find(|moved| moved.name == dimension)?;
    let steps: Vec<(Cause, i64)> = moved.steps().into_iter().filter(|(_, by)| *by != 0).collect();
    if steps.is_empty() {
        return None;
    }
    let fall = Fall { attribution, before: hundredths(moved), steps };
    let (content, height) = fall.draw();
    let told: Vec<String> = fall.steps.iter().map(|(cause, by)| fall.told(*cause, *by)).collect();
    Some(Chart::new(&Parts {
        id,
        size: (WIDTH, height),
        natural: false,
        role: "group",
        title: &format!(
            "Why the score moved, {}, {scope}: from {} in {} to {} in {}",
            called(dimension),
            written(fall.before),
            attribution.from,
            written(fall.after()),
            attribution.to
        ),
        description: &told.join(". "),
        content: &content,
    }))
}

/// The earlier score in hundredths, as it is shown.
fn hundredths(moved: &ScoreMove) -> i64 {
    shown(moved.before).parse::<f64>().map_or(0, |score| (score * 100.0).round() as i64)
}

/// A score given in hundredths.
fn written(hundredths: i64) -> String {
    format!("{:.2}", hundredths as f64 / 100.0)
}

/// A change with its sign.
fn signed(by: i64) -> String {
    if by < 0 { format!("−{}", written(-by)) } else { format!("+{}", written(by)) }
}

struct Fall<'a> {
    attribution: &'a Attribution,
    /// The earlier score, in hundredths.
    before: i64,
    /// The causes that moved it, in hundredths, none of them 0.
    steps: Vec<(Cause, i64)>,
}

impl Fall<'_> {
    fn after(&self) -> i64 {
        self.before + self.steps.iter().map(|(_, by)| by).sum::<i64>()
    }

    /// The scores that the way touches, first the earlier one.
    fn stations(&self) -> Vec<i64> {
        let mut here = self.before;
        let after = self.steps.iter().map(|(_, by)| {
            here += by;
            here
        });
        std::iter::once(self.before).chain(after.collect::<Vec<_>>()).collect()
    }

    fn draw(&self) -> (String, i32) {
        let stations = self.stations();
        let (least, most) = (stations.iter().min().copied().unwrap_or(0), stations.iter().max().copied().unwrap_or(0));
        let unit = unit(most - least);
        let (low, high) = (least.div_euclid(unit) * unit, (most + unit - 1).div_euclid(unit) * unit);
        let across = |score: i64| LEFT + (RIGHT - LEFT) * (score - low) as f64 / (high - low).max(1) as f64;
        let bottom = ROW * (self.steps.len() as f64 + 2.0);
        let size = (WIDTH, (bottom + 18.0).ceil() as i32);
        let mut shapes = Vec::new();
        let mut text = String::new();
        for score in (low..=high).step_by(usize::try_from(unit).unwrap_or(1)) {
            shapes.push(Shape::Line(vec![(across(score), 0.0), (across(score), bottom)], &palette::GRID, 1.0));
            let at = (across(score), bottom + 13.0);
            text +=
                &Label { at, anchor: "middle", size: NOTE, weight: None, ink: &palette::MUTED, text: &written(score) }
                    .svg();
        }
        let mut marks = vec![self.end(0, self.before, &format!("{}", self.attribution.from), across(self.before))];
        for (i, (&(cause, by), (&from, &to))) in
            self.steps.iter().zip(stations.iter().zip(stations.iter().skip(1))).enumerate()
        {
            let top = ROW * (i as f64 + 1.0);
            let (from, to) = (across(from), across(to));
            shapes.push(Shape::Line(vec![(from, top - ROW / 2.0), (from, top + ROW / 2.0)], &palette::LEVEL, 1.0));
            shapes.extend(arrow(from, to, top + (ROW - THICK) / 2.0));
            let beside = (from.max(to) + 5.0, "start");
            let row = row(i + 1, cause.title(), None) + &number(i + 1, &signed(by), beside);
            marks.push(mark(&self.told(cause, by), &row));
        }
        let (after, last) = (across(self.after()), self.steps.len() + 1);
        let top = ROW * last as f64;
        shapes.push(Shape::Line(vec![(after, top - ROW / 2.0), (after, top + ROW / 2.0)], &palette::LEVEL, 1.0));
        marks.push(self.end(last, self.after(), &format!("{}", self.attribution.to), after));
        (format!("{}\n{text}{}", Frame::plain(size).draw(&shapes), marks.concat()), size.1)
    }

    /// The row of one of the two scores.
    fn end(&self, i: usize, score: i64, period: &str, x: f64) -> String {
        let y = ROW * i as f64 + ROW / 2.0;
        let ink = palette::LINE.variable;
        let point = format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"4.5\" fill=\"{ink}\"/>");
        let value = written(score);
        let row = row(i, period, Some(600)) + &point + &number(i, &value, (x + 9.0, "start"));
        mark(&format!("{period}: score {value}"), &row)
    }

    /// A step in words, with what there is to say about its cause.
    fn told(&self, cause: Cause, by: i64) -> String {
        let names = |names: &[String]| {
            let named: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
            let more = if names.len() > NAMED { ", …" } else { "" };
            if named.is_empty() { String::new() } else { format!(" ({}{more})", named.join(", ")) }
        };
        let detail = match cause {
            Cause::Catalog => {
                let catalog = self.attribution.catalog.as_ref();
                catalog.map(|moved| format!(" ({} to {})", moved.from, moved.to)).unwrap_or_default()
            }
            Cause::Left => names(&self.attribution.left),
            Cause::Joined => names(&self.attribution.joined),
            Cause::NotApplicable | Cause::Raised | Cause::Lowered => String::new(),
        };
        format!("{}{detail}: {}", cause.title(), signed(by))
    }
}

/// From one line of the scale to the next, in hundredths: such that there are few.
fn unit(range: i64) -> i64 {
    [5, 10, 25, 50, 100].into_iter().find(|unit| range <= unit * 3).unwrap_or(200)
}

/// The name of a row, and its place for the pointer.
fn row(i: usize, name: &str, weight: Option<u16>) -> String {
    let top = ROW * i as f64;
    let at = (0.0, top + ROW / 2.0 + 4.0);
    let name = fitted(name, SIZE, LEFT - 6.0);
    format!(
        "<rect class=\"chart-edge\" x=\"-6\" y=\"{:.1}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"none\" pointer-events=\"all\"/>{}",
        top + 1.0,
        WIDTH + 12,
        ROW - 2.0,
        Label { at, anchor: "start", size: SIZE, weight, ink: &palette::TEXT, text: &name }.svg()
    )
}

fn number(i: usize, text: &str, (x, anchor): (f64, &'static str)) -> String {
    let at = (x, ROW * i as f64 + ROW / 2.0 + 4.0);
    Label { at, anchor, size: SIZE, weight: Some(600), ink: &palette::TEXT, text }.on_lines()
}

/// A bar from one place to another that points there; one that goes to the left is hatched.
fn arrow(from: f64, to: f64, top: f64) -> Vec<Shape> {
    let (middle, bottom) = (top + THICK / 2.0, top + THICK);
    let rises = to >= from;
    let point = POINT.min((to - from).abs());
    let neck = if rises { to - point } else { to + point };
    let outline = vec![(from, top), (neck, top), (to, middle), (neck, bottom), (from, bottom), (from, top)];
    if rises {
        return vec![Shape::Area(outline, &palette::LINE)];
    }
    let mut shapes = vec![Shape::Area(outline.clone(), &palette::SURFACE)];
    // Slanted lines from the upper to the lower edge, each cut where the bar ends.
    let mut start = neck - THICK;
    while start < from {
        let (left, right) = (start.max(neck), (start + THICK).min(from));
        if left < right {
            shapes.push(Shape::Line(
                vec![(left, top + left - start), (right, top + right - start)],
                &palette::FALL,
                1.5,
            ));
        }
        start += 4.0;
    }
    shapes.push(Shape::Line(outline, &palette::FALL, 1.5));
    shapes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::attribution::CatalogMove;

    /// The way from a score over what the six causes contributed.
    fn attribution(before: f64, by: [f64; 6]) -> Attribution {
        let mut contributed = by.into_iter();
        let causes = Cause::ALL.map(|cause| (cause, contributed.next().unwrap()));
        let after = before + by.iter().sum::<f64>();
        let (level_before, level_after) = (before as u8, after as u8);
        Attribution {
            from: "2026-Q3".parse().unwrap(),
            to: "2026-Q4".parse().unwrap(),
            moves: vec![ScoreMove { name: "Build".into(), before, after, level_before, level_after, causes }],
            catalog: Some(CatalogMove { from: "3.1".into(), to: "3.2".into(), added: 1, removed: 0, relevelled: 0 }),
            joined: (0..7).map(|i| format!("Team {i} {HOSTILE}")).collect(),
            left: vec!["Payments".into()],
            applicability: Vec::new(),
            answers: Vec::new(),
        }
    }

    #[test]
    fn a_waterfall_is_drawn_as_it_always_was() {
        let chart = waterfall(&attribution(1.78, [0.21, -0.34, 0.0, 0.4, -0.13, 0.02]), "Build", "Organization", "w");
        assert_golden("waterfall.svg", chart.unwrap().svg());
    }

    #[test]
    fn the_printed_numbers_sum_to_the_printed_score() {
        let svg = waterfall(&attribution(1.004, [0.004, -0.004, 0.0, 0.333, 0.0, 0.333]), "Build", "All", "w");
        let svg = svg.unwrap().svg().to_owned();
        for number in [">1.00</text>", ">+0.33</text>", ">+0.34</text>", ">1.67</text>"] {
            assert!(svg.contains(number), "{number} in {svg}");
        }
        assert!(!svg.contains("Teams that left"), "what is shown as 0 is left out");
        assert!(svg.contains("from 1.00 in 2026-Q3 to 1.67 in 2026-Q4"));
    }

    #[test]
    fn causes_say_what_they_were() {
        let svg = waterfall(&attribution(2.0, [-1.5, 0.1, 0.0, 0.0, 0.0, 0.5]), "Build", "All", "w").unwrap();
        assert!(svg.svg().contains("aria-label=\"Catalog (3.1 to 3.2): −1.50\""));
        assert!(svg.svg().contains("aria-label=\"Teams that left (Payments): +0.10\""));
        assert!(svg.svg().contains(", …): +0.50\""), "five of seven names are enough");
    }

    #[test]
    fn what_falls_is_told_apart_without_colour() {
        let (rising, falling) = (arrow(10.0, 40.0, 0.0), arrow(40.0, 10.0, 0.0));
        assert_eq!(rising.len(), 1, "a plain surface");
        assert!(falling.len() > 5, "a hatched one");
        let furthest = |shape: &Shape, far: fn(f64, f64) -> f64| {
            let (Shape::Area(points, _) | Shape::Line(points, ..)) = shape;
            let x = points.iter().map(|point| point.0).reduce(far).unwrap();
            points.iter().filter(|point| point.0 == x).count()
        };
        assert_eq!(furthest(&rising[0], f64::max), 1, "it points to the right");
        assert_eq!(furthest(&falling[0], f64::min), 1, "it points to the left");
    }

    #[test]
    fn nothing_moved_or_no_such_dimension_is_no_chart() {
        assert_eq!(waterfall(&attribution(2.0, [0.0; 6]), "Build", "All", "w"), None);
        assert_eq!(waterfall(&attribution(2.0, [0.001, 0.0, 0.0, 0.0, 0.0, 0.001]), "Build", "All", "w"), None);
        assert_eq!(waterfall(&attribution(2.0, [1.0; 6]), "Elsewhere", "All", "w"), None);
    }

    proptest! {
        #[test]
        fn any_way_makes_a_sound_chart(before in 0.0f64..5.0, by in prop::array::uniform6(-5.0f64..5.0), name in any::<String>()) {
            let way = attribution(before, by);
            let expected: i64 = hundredths(&way.moves[0]) + way.moves[0].total();
            if let Some(chart) = waterfall(&way, "Build", &name, &name) {
                prop_assert!(is_sound(&chart));
                let end = format!("2026-Q4: score {}", written(expected));
                prop_assert!(chart.svg().contains(&end), "{end}");
            }
        }
    }
}
