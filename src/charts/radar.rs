//! Where the dimensions stand, each on an axis from 0 to 5, against the last quarter and a target.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use super::bars::{Bar, Group, Meaning, WIDTH, bars};
use super::frame::{Frame, Shape};
use super::markup::{Key, Label, SAMPLE, legend, line, mark, polar, sector, wrapped};
use super::{Chart, Parts, bounded, palette};
use crate::domain::catalog::{Level, MAX_LEVEL};
use crate::domain::period::Period;
use crate::domain::scoring::{Score, Scorecard, shown};

/// From the centre to level 5, in user units.
const RADIUS: f64 = 92.0;
/// From the web to the names.
const GAP: f64 = 8.0;
const NAME: u8 = 12;
const NOTE: u8 = 11;
/// From one line of text to the next.
const LINE: f64 = 14.0;
/// With fewer axes there is no surface, with more no telling them apart.
const AXES: std::ops::RangeInclusive<usize> = 3..=12;
const DASH: &str = "4 3";
const UNANSWERED: &str = "no answer yet";

/// The scores of the dimensions as a web, with those of an earlier quarter as a thin outline and the targets
/// of a named stage as a dashed one. Fewer than 3 dimensions, or more than 12, are drawn as bars. Those that are
/// `unanswered` have a name and no score, which is not the same as a score of 0.
pub fn radar(
    card: &Scorecard,
    unanswered: &[&str],
    before: Option<(&Scorecard, Period)>,
    target: Option<(&str, &BTreeMap<String, Level>)>,
    scope: &str,
    id: &str,
) -> Chart {
    let axis = |name: &str, score: &Score| Axis {
        name: name.to_owned(),
        now: (!unanswered.contains(&name)).then(|| bounded(score.score)),
        level: score.level.min(MAX_LEVEL),
        before: before.map(|(card, period)| (earlier(card, name), period)),
        target: target.map(|(_, targets)| targets.get(name).copied().unwrap_or(0).min(MAX_LEVEL)),
    };
    let axes = card.dimensions.iter().map(|dimension| axis(&dimension.total.name, &dimension.total.score));
    let web = Web {
        axes: axes.collect(),
        before: before.map(|(_, period)| format!("Score in {period}")),
        target: target.map(|(stage, _)| format!("Target: {stage}")),
    };
    let (content, size) = if AXES.contains(&web.axes.len()) { web.draw() } else { web.as_bars() };
    Chart::new(&Parts {
        id,
        size,
        natural: false,
        role: "group",
        title: &format!("Score by dimension, {scope}"),
        description: &web.description(),
        content: &content,
    })
}

/// The earlier score of a dimension; 0 if there was none of this name.
fn earlier(card: &Scorecard, name: &str) -> f64 {
    let mut dimensions = card.dimensions.iter().map(|dimension| &dimension.total);
    dimensions.find(|total| total.name == name).map_or(0.0, |total| bounded(total.score.score))
}

struct Axis {
    name: String,
    /// `None`: nothing is answered yet.
    now: Option<f64>,
    level: Level,
    before: Option<(f64, Period)>,
    target: Option<Level>,
}

impl Axis {
    /// Its values in words, without its name.
    fn values(&self) -> String {
        let before = self.before.map(|(score, period)| format!("; {period}: {}", shown(score))).unwrap_or_default();
        let target = self.target.map(|level| format!("; target: level {level}")).unwrap_or_default();
        match self.now {
            Some(now) => format!("score {}, level {}{before}{target}", shown(now), self.level),
            None => format!("{UNANSWERED}{before}{target}"),
        }
    }

    /// Its score, or that there is none.
    fn score(&self) -> String {
        self.now.map_or_else(|| UNANSWERED.to_owned(), shown)
    }
}

struct Web {
    axes: Vec<Axis>,
    before: Option<String>,
    target: Option<String>,
}

/// Where the name and the value of an axis stand.
struct Place {
    x: f64,
    top: f64,
    anchor: &'static str,
    lines: Vec<String>,
    value: Vec<String>,
}

impl Place {
    fn bottom(&self) -> f64 {
        self.top + LINE * (self.lines.len() + self.value.len()) as f64
    }
}

impl Web {
    fn draw(&self) -> (String, (i32, i32)) {
        let middle = f64::from(WIDTH) / 2.0;
        let places = self.places(middle);
        let highest = places.iter().map(|place| place.top).fold(0.0, f64::min);
        let centre = (middle, 4.0 - highest);
        let lowest = places.iter().map(Place::bottom).fold(RADIUS + GAP, f64::max) + centre.1;
        let told = lowest + 16.0;
        let (legend, height) = legend(&self.keys(), 0.0, told + 10.0, f64::from(WIDTH), NOTE);
        let size = (WIDTH, height.ceil() as i32);
        let lines = Frame::plain(size).draw(&self.shapes(centre));
        let marks: String = self
            .axes
            .iter()
            .zip(&places)
            .enumerate()
            .map(|(i, (axis, place))| self.mark(i, axis, place, centre, told))
            .collect();
        (format!("{lines}\n{}{}{marks}{legend}", rings(centre), self.outlines(centre)), size)
    }

    /// The direction of an axis.
    fn angle(&self, i: usize) -> f64 {
        TAU * i as f64 / self.axes.len() as f64
    }

    fn around(&self, centre: (f64, f64), value: impl Fn(&Axis) -> f64) -> Vec<(f64, f64)> {
        let at = |(i, axis)| polar(centre, RADIUS * value(axis) / f64::from(MAX_LEVEL), self.angle(i));
        let mut points: Vec<(f64, f64)> = self.axes.iter().enumerate().map(at).collect();
        points.extend(points.first().copied());
        points
    }

    /// The present scores all around or, where some axes have none, the runs of neighbours between those.
    fn runs(&self, centre: (f64, f64)) -> Vec<Vec<(f64, f64)>> {
        let points = self.around(centre, |axis| axis.now.unwrap_or(0.0));
        let Some(gap) = self.axes.iter().position(|axis| axis.now.is_none()) else { return vec![points] };
        let axes: Vec<_> = self.axes.iter().zip(points).cycle().skip(gap).take(self.axes.len()).collect();
        let runs = axes.split(|(axis, _)| axis.now.is_none());
        runs.map(|run| run.iter().map(|(_, point)| *point).collect()).filter(|run: &Vec<_>| run.len() > 1).collect()
    }

    /// The web on the surface of the present scores.
    fn shapes(&self, centre: (f64, f64)) -> Vec<Shape> {
        let is_whole = self.axes.iter().all(|axis| axis.now.is_some());
        let area = |mut run: Vec<_>| {
            run.extend((!is_whole).then_some(centre));
            Shape::Area(run, &palette::AREA)
        };
        let mut shapes: Vec<Shape> = self.runs(centre).into_iter().map(area).collect();
        for level in 1..=MAX_LEVEL {
            shapes.push(Shape::Line(self.around(centre, |_| f64::from(level)), &palette::GRID, 1.0));
        }
        for i in 0..self.axes.len() {
            shapes.push(Shape::Line(vec![centre, polar(centre, RADIUS, self.angle(i))], &palette::GRID, 1.0));
        }
        shapes
    }

    /// The earlier scores, the targets and the present scores.
    fn outlines(&self, centre: (f64, f64)) -> String {
        let mut outlines = String::new();
        if self.before.is_some() {
            let points = self.around(centre, |axis| axis.before.map_or(0.0, |(score, _)| score));
            outlines += &line(&points, &palette::LEVEL, 1.25, "");
        }
        if self.target.is_some() {
            let points = self.around(centre, |axis| axis.target.map_or(0.0, f64::from));
            outlines += &line(&points, &palette::TEXT, 1.25, DASH);
        }
        outlines.extend(self.runs(centre).iter().map(|run| line(run, &palette::LINE, 2.0, "")));
        outlines
    }

    /// Where the names stand, from the centre: outside of their axes, and pushed down where two would overlap.
    fn places(&self, half: f64) -> Vec<Place> {
        let n = self.axes.len();
        let mut ends = [f64::MIN; 2];
        let mut place = |i: usize| {
            let angle = self.angle(i);
            let (x, y) = polar((0.0, 0.0), RADIUS + GAP, angle);
            let is_middle = x.abs() < 1.0;
            let room =
                if is_middle { 2.0 * (RADIUS * angle_between(n).sin() - 9.0).abs().min(half) } else { half - x.abs() };
            let axis = self.axes.get(i)?;
            let (lines, value) = (wrapped(&axis.name, NAME, room), wrapped(&axis.score(), NAME, room));
            let height = LINE * (lines.len() + value.len()) as f64;
            let mut top = y - height * (1.0 + angle.cos()) / 2.0;
            let anchor = if is_middle {
                "middle"
            } else if x > 0.0 {
                "start"
            } else {
                "end"
            };
            if let Some(end) = ends.get_mut(usize::from(x > 0.0)).filter(|_| !is_middle) {
                top = top.max(*end + 2.0);
                *end = top + height;
            }
            Some((i, Place { x: half + x, top, anchor, lines, value }))
        };
        // Each side from the top to the bottom.
        let (right, left) = (0..n.div_ceil(2), (n.div_ceil(2)..n).rev());
        let mut places: Vec<(usize, Place)> = right.chain(left).filter_map(&mut place).collect();
        places.sort_by_key(|(i, _)| *i);
        places.into_iter().map(|(_, place)| place).collect()
    }

    /// The name and the value of an axis, its point, and the piece of the web that tells its values.
    fn mark(&self, i: usize, axis: &Axis, place: &Place, centre: (f64, f64), told: f64) -> String {
        let half = TAU / self.axes.len() as f64 / 2.0;
        let angle = self.angle(i);
        let mut content = format!(
            "<path d=\"{}\" fill=\"none\" pointer-events=\"all\"/>",
            sector(centre, (0.0, RADIUS + GAP), (angle - half, angle + half), 0.0)
        );
        let label = |n: usize, weight, text: &str| {
            let at = (place.x, centre.1 + place.top + LINE * n as f64 + f64::from(NAME));
            Label { at, anchor: place.anchor, size: NAME, weight, ink: &palette::TEXT, text }.svg()
        };
        content.extend(place.lines.iter().enumerate().map(|(n, text)| label(n, None, text)));
        let weight = axis.now.map(|_| 600);
        content.extend((place.lines.len()..).zip(&place.value).map(|(n, text)| label(n, weight, text)));
        if let Some(now) = axis.now {
            let (x, y) = polar(centre, RADIUS * now / f64::from(MAX_LEVEL), angle);
            let ink = palette::LINE.variable;
            content += &format!(
                "<circle class=\"chart-edge\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"3.5\" fill=\"{ink}\" stroke=\"{ink}\"/>\n"
            );
        }
        let at = (f64::from(WIDTH) / 2.0, told);
        let values = axis.values();
        content +=
            &Label { at, anchor: "middle", size: NAME, weight: None, ink: &palette::TEXT, text: &values }.value();
        mark(&format!("{}: {values}", axis.name), &content)
    }

    fn keys(&self) -> Vec<Key> {
        let middle = [(0.0, 5.0), (SAMPLE, 5.0)];
        let mut keys = vec![Key { sample: line(&middle, &palette::LINE, 2.0, ""), meaning: "Score".to_owned() }];
        let before =
            |meaning: &String| Key { sample: line(&middle, &palette::LEVEL, 1.25, ""), meaning: meaning.clone() };
        keys.extend(self.before.iter().map(before));
        let target =
            |meaning: &String| Key { sample: line(&middle, &palette::TEXT, 1.25, DASH), meaning: meaning.clone() };
        keys.extend(self.target.iter().map(target));
        keys
    }

    fn as_bars(&self) -> (String, (i32, i32)) {
        let share = |value: f64| value / f64::from(MAX_LEVEL);
        let bar = |axis: &Axis| Bar {
            name: axis.name.clone(),
            length: share(axis.now.unwrap_or(0.0)),
            number: axis.now.map(shown).unwrap_or_default(),
            note: axis.now.map_or_else(|| UNANSWERED.to_owned(), |_| format!("level {}", axis.level)),
            before: axis.before.map(|(score, _)| share(score)),
            target: axis.target.filter(|level| *level > 0).map(|level| share(level.into())),
            told: format!("{}: {}", axis.name, axis.values()),
        };
        let groups = [Group { heading: "", bars: self.axes.iter().map(bar).collect() }];
        let meaning =
            Meaning { ends: ["0", "5"], parts: MAX_LEVEL, before: self.before.clone(), target: self.target.clone() };
        let (content, height) = bars(&groups, &meaning);
        (content, (WIDTH, height))
    }

    fn description(&self) -> String {
        let told: Vec<String> = self.axes.iter().map(|axis| format!("{}: {}", axis.name, axis.values())).collect();
        if told.is_empty() { "The catalog has no dimensions.".to_owned() } else { told.join(". ") }
    }
}

/// The angle between two axes of so many, as far as it is an acute one.
fn angle_between(n: usize) -> f64 {
    (TAU / n as f64).min(TAU / 4.0)
}

/// The figures of the levels, beside the axis that goes up.
fn rings(centre: (f64, f64)) -> String {
    let label = |level: Level| {
        let y = centre.1 - RADIUS * f64::from(level) / f64::from(MAX_LEVEL) + 4.0;
        let text = level.to_string();
        let at = (centre.0 - 4.0, y);
        Label { at, anchor: "end", size: 10, weight: None, ink: &palette::MUTED, text: &text }.svg()
    };
    (1..=MAX_LEVEL).map(label).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::markup::width;
    use crate::charts::samples::{HOSTILE, assert_golden, card, is_sound};

    const FIVE: [(&str, f64); 5] = [
        ("Build and Deployment", 2.18),
        ("Culture and Organization", 0.0),
        ("Implementation", 5.0),
        ("Information Gathering", 3.3),
        ("Test & <Verification>", 1.0),
    ];

    fn drawn(dimensions: &[(&str, f64)]) -> Chart {
        let (now, before) = (card(dimensions), card(&[("Build and Deployment", 1.5), ("Implementation", 4.0)]));
        let targets = BTreeMap::from([("Build and Deployment".to_owned(), 3), ("Implementation".to_owned(), 2)]);
        let period = "2026-Q3".parse().unwrap();
        radar(&now, &[], Some((&before, period)), Some(("Initial <adoption>", &targets)), "Organization", "r")
    }

    #[test]
    fn a_radar_is_drawn_as_it_always_was() {
        assert_golden("radar.svg", drawn(&FIVE).svg());
        assert_golden("radar-standalone.svg", &drawn(&FIVE).standalone());
        assert_golden("radar-bars.svg", drawn(&FIVE[..2]).svg());
    }

    #[test]
    fn every_value_is_told_and_can_be_focused() {
        for chart in [drawn(&FIVE), drawn(&FIVE[..2])] {
            let svg = chart.svg();
            let told = "aria-label=\"Build and Deployment: score 2.18, level 2; 2026-Q3: 1.50; target: level 3\"";
            assert!(svg.contains(told), "{svg}");
            assert!(svg.contains("Culture and Organization: score 0.00, level 0; 2026-Q3: 0.00; target: level 0"));
            assert!(svg.contains(">Target: Initial &lt;adoption&gt;</text>"));
            assert!(svg.contains("role=\"group\""), "an image would hide what can be focused");
        }
        assert_eq!(drawn(&FIVE).svg().matches("tabindex").count(), 5);
    }

    #[test]
    fn alone_there_is_neither_a_quarter_before_nor_a_target() {
        let chart = radar(&card(&FIVE), &[], None, None, "Organization", "r");
        assert!(is_sound(&chart));
        assert!(!chart.svg().contains("stroke-dasharray") && !chart.svg().contains(">Target"));
    }

    #[test]
    fn what_is_not_answered_is_said_and_not_drawn_as_a_score_of_0() {
        let draw = |unanswered: &[&str]| radar(&card(&FIVE), unanswered, None, None, "Organization", "r");
        let points = |chart: &Chart| chart.svg().matches("<circle").count();
        let some = draw(&["Culture and Organization", "Implementation"]);
        assert!(is_sound(&some));
        assert!(some.svg().contains("aria-label=\"Culture and Organization: no answer yet\""));
        assert!(some.svg().contains(">no answer yet</text>"));
        assert_eq!((points(&draw(&[])), points(&some)), (5, 3));
        let names: Vec<&str> = FIVE.iter().map(|(name, _)| *name).collect();
        assert_eq!(points(&draw(&names)), 0);
        assert!(radar(&card(&FIVE[..2]), &names, None, None, "", "r").svg().contains("no answer yet"));
    }

    #[test]
    fn no_names_overlap() {
        for n in AXES {
            let axis = |i: usize| Axis {
                name: format!("{HOSTILE} {}", "word ".repeat(i % 4)),
                now: (!i.is_multiple_of(3)).then_some(5.0),
                level: 5,
                before: None,
                target: None,
            };
            let web = Web { axes: (0..n).map(axis).collect(), before: None, target: None };
            let half = f64::from(WIDTH) / 2.0;
            let places = web.places(half);
            assert_eq!(places.len(), n);
            let boxed = |place: &Place| {
                let wide = place.lines.iter().chain(&place.value).map(|line| width(line, NAME)).fold(30.0, f64::max);
                let left = match place.anchor {
                    "start" => place.x,
                    "middle" => place.x - wide / 2.0,
                    _ => place.x - wide,
                };
                (left, left + wide, place.top, place.bottom())
            };
            for (i, one) in places.iter().map(boxed).enumerate() {
                assert!(one.0 >= -1.0 && one.1 <= 2.0 * half + 1.0, "{n} axes: {i} leaves the chart, {one:?}");
                for (j, other) in places.iter().map(boxed).enumerate().skip(i + 1) {
                    let apart = one.1 <= other.0 || other.1 <= one.0 || one.3 <= other.2 || other.3 <= one.2;
                    assert!(apart, "{n} axes: {i} and {j} overlap, {one:?} {other:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_names_and_values_make_a_sound_chart(
            dimensions in prop::collection::vec((any::<String>(), prop::num::f64::ANY), 0..16), scope in any::<String>(),
            answered in 0..16_usize
        ) {
            let named: Vec<(&str, f64)> = dimensions.iter().map(|(name, score)| (name.as_str(), *score)).collect();
            let now = card(&named);
            let targets = named.iter().map(|(name, _)| ((*name).to_owned(), 9)).collect();
            let before = Some((&now, "2026-Q3".parse().unwrap()));
            let unanswered: Vec<&str> = named.iter().skip(answered).map(|(name, _)| *name).collect();
            prop_assert!(is_sound(&radar(&now, &unanswered, before, Some((&scope, &targets)), &scope, &scope)));
        }
    }
}
