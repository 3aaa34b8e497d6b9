//! How scores developed over the quarters: one panel for the whole and one for each dimension,
//! all on the same scales so that they can be compared at a glance.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::frame::{Frame, Shape};
use super::markup::{Label, escape, fitted, line, width};
use super::{Chart, Parts, bounded, called, palette};
use crate::domain::catalog::{Level, MAX_LEVEL};
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};
use crate::domain::scoring::{Scorecard, shown};
use crate::domain::standing::{Marker, Trend, TrendPoint};

/// The size of a panel, in user units. A page that shows it wider or narrower scales its text too,
/// so it is made for 300 to 500 pixels, from a phone to a third of a wide screen.
const SIZE: (i32, i32) = (320, 200);
/// From the left edge to the plot: the figures of the levels stand in it.
const LEFT: i32 = 20;
/// From the upper edge to the plot: name and value stand in it.
const TOP: i32 = 34;
/// Below the plot, for the quarters.
const BOTTOM: i32 = 30;
const RIGHT: i32 = 4;
/// The size of the name and the value.
const NAME: u8 = 13;
/// The size of the text at the axes.
const NOTE: u8 = 11;
/// What the label of a quarter takes.
const LABEL: f64 = 58.0;
/// The width of the line of the score.
const LINE: f64 = 2.0;
/// Fewer quarters do not fill the plot: a first assessment is a beginning, not a whole width.
const LEAST_QUARTERS: usize = 4;
/// How many names, and how many changes, are told.
const TOLD: usize = 5;

/// The score and the level reached over the quarters: one chart for each line of the trend, in its
/// order and of one size, so that a page can lay them out. Each has the targets of the roadmap's stages; the
/// whole has the least over the dimensions, since that is what its level needs. Ids are made from `id`, which is
/// unique on the page. A trend without points has no charts.
pub fn trend(trend: &Trend, roadmap: &Roadmap, id: &str) -> Vec<Chart> {
    let quarters = quarters(&[trend]);
    let panel = |(number, dimension): (usize, &str)| {
        let panel = Panel::new(trend, dimension, roadmap, &quarters);
        panel.chart(called(dimension), &format!("{id}-{number}"))
    };
    trend.dimensions().into_iter().enumerate().map(panel).collect()
}

/// One dimension, or the whole, of several scopes: a chart for each, in their order, headed by its name, all over
/// the same quarters and on the same scales. A scope that was never measured in it has an empty one.
pub fn trend_of(scopes: &[&Trend], dimension: &str, roadmap: &Roadmap, id: &str) -> Vec<Chart> {
    let quarters = quarters(scopes);
    let panel = |(number, trend): (usize, &&Trend)| {
        let panel = Panel::new(trend, dimension, roadmap, &quarters);
        panel.chart(&trend.scope.name, &format!("{id}-{number}"))
    };
    scopes.iter().enumerate().map(panel).collect()
}

/// All quarters of some trends, rising.
fn quarters(trends: &[&Trend]) -> Vec<Period> {
    let quarters: BTreeSet<Period> = trends.iter().flat_map(|trend| &trend.points).map(|point| point.period).collect();
    quarters.into_iter().collect()
}

/// The levels that the stages aim at in a dimension, or in all, with the stages that do; levels of 0 are no aim.
fn targets(trend: &Trend, dimension: &str, roadmap: &Roadmap) -> BTreeMap<Level, Vec<StageNumber>> {
    let dimensions = trend.dimensions();
    let aim = |stage: &Stage| match dimension {
        Scorecard::OVERALL => {
            let parts = dimensions.iter().filter(|name| **name != Scorecard::OVERALL);
            parts.map(|name| stage.target(name)).min().unwrap_or(0)
        }
        name => stage.target(name),
    };
    let mut targets: BTreeMap<Level, Vec<StageNumber>> = BTreeMap::new();
    for (number, stage) in (1..).map(StageNumber).zip(roadmap.stages()) {
        let level = aim(stage).min(MAX_LEVEL);
        if level > 0 {
            targets.entry(level).or_default().push(number);
        }
    }
    targets
}

/// One panel on its way to a chart.
struct Panel<'a> {
    scope: &'a str,
    dimension: &'a str,
    /// All quarters of the chart, rising.
    quarters: &'a [Period],
    /// The points of the line, by quarter.
    line: Vec<&'a TrendPoint>,
    /// What changed beside the answers.
    markers: &'a [Marker],
    /// The levels that stages aim at.
    targets: BTreeMap<Level, Vec<StageNumber>>,
}

impl Panel<'_> {
    fn new<'a>(trend: &'a Trend, dimension: &'a str, roadmap: &Roadmap, quarters: &'a [Period]) -> Panel<'a> {
        Panel {
            scope: &trend.scope.name,
            dimension,
            quarters,
            line: trend.line(dimension).collect(),
            markers: &trend.markers,
            targets: targets(trend, dimension, roadmap),
        }
    }

    fn chart(&self, name: &str, id: &str) -> Chart {
        let frame = self.frame();
        let content = [
            self.head(name),
            self.axes(&frame),
            frame.draw(&self.shapes()),
            self.aims(&frame),
            self.points(&frame),
            self.changes(&frame),
        ];
        Chart::new(&Parts {
            id,
            size: SIZE,
            natural: false,
            role: "img",
            title: &self.title(),
            description: &self.description(),
            content: &content.concat(),
        })
    }

    fn frame(&self) -> Frame {
        Frame {
            size: SIZE,
            across: LEFT..SIZE.0 - RIGHT,
            down: TOP..SIZE.1 - BOTTOM,
            x: -0.5..self.span() - 0.5,
            y: 0.0..f64::from(MAX_LEVEL),
        }
    }

    /// How many quarters the plot has room for.
    fn span(&self) -> f64 {
        self.quarters.len().max(LEAST_QUARTERS) as f64
    }

    /// Where a point stands across: the number of its quarter.
    fn across(&self, point: &TrendPoint) -> f64 {
        self.quarters.binary_search(&point.period).unwrap_or_default() as f64
    }

    /// The name at the left, the latest value at the right.
    fn head(&self, name: &str) -> String {
        let value = self.line.last().map_or_else(String::new, |point| self.value(point));
        let right = f64::from(SIZE.0 - RIGHT);
        let base = f64::from(NAME) + 2.0;
        let name = fitted(name, NAME, right - width(&value, NAME) - f64::from(NAME));
        let label = |x, anchor, text: &str, weight| {
            Label { at: (x, base), anchor, size: NAME, weight, ink: &palette::TEXT, text }.svg()
        };
        label(0.0, "start", &name, Some(600)) + &label(right, "end", &value, None)
    }

    /// Score and level, and the quarter where it is not the latest of the trend.
    fn value(&self, point: &TrendPoint) -> String {
        let value = format!("{} · level {}", shown(score(point)), level(point));
        if self.quarters.last() == Some(&point.period) { value } else { format!("{value} · {}", point.period) }
    }

    /// The figures of the levels at the left and the names of quarters below.
    fn axes(&self, frame: &Frame) -> String {
        let note =
            |at, anchor, text: &str| Label { at, anchor, size: NOTE, weight: None, ink: &palette::MUTED, text }.svg();
        let mut axes = String::new();
        for level in 0..=MAX_LEVEL {
            let (_, y) = frame.place(0.0, f64::from(level));
            axes += &note((f64::from(LEFT) - 7.0, y + f64::from(NOTE) * 0.35), "end", &level.to_string());
        }
        for (x, quarter) in self.labels(frame) {
            axes += &note((x, f64::from(SIZE.1) - 10.0), "middle", &quarter.to_string());
        }
        axes
    }

    /// The quarters that have room for a label, with its middle: all, or else the first, the last,
    /// and between them those that begin a year.
    fn labels(&self, frame: &Frame) -> Vec<(f64, Period)> {
        let (room, half) = (LABEL, LABEL * 0.45);
        let all: Vec<(f64, Period)> = self
            .quarters
            .iter()
            .enumerate()
            .map(|(i, quarter)| (frame.place(i as f64, 0.0).0.clamp(half, f64::from(frame.size.0) - half), *quarter))
            .collect();
        let apart = f64::from(frame.across.end - frame.across.start) / self.span();
        let &[first, ref between @ .., last] = all.as_slice() else { return all };
        if apart >= room {
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

    fn shapes(&self) -> Vec<Shape> {
        let mut outline = self.steps();
        if let (Some(&(left, _)), Some(&(right, _))) = (outline.first(), outline.last()) {
            outline.extend([(right, 0.0), (left, 0.0)]);
        }
        let mut shapes = vec![Shape::Area(outline, &palette::AREA)];
        for level in 0..=MAX_LEVEL {
            let y = f64::from(level);
            shapes.push(Shape::Line(vec![(-0.5, y), (self.span() - 0.5, y)], &palette::GRID, 1.0));
        }
        shapes.push(Shape::Line(self.steps(), &palette::LEVEL, 1.0));
        let course = self.line.iter().map(|point| (self.across(point), score(point))).collect();
        shapes.push(Shape::Line(course, &palette::LINE, LINE));
        shapes
    }

    /// The levels reached, each as wide as its quarter.
    fn steps(&self) -> Vec<(f64, f64)> {
        let ends = |point: &&TrendPoint| {
            let (x, y) = (self.across(point), f64::from(level(point)));
            [(x - 0.5, y), (x + 0.5, y)]
        };
        self.line.iter().flat_map(ends).collect()
    }

    /// The points of the score. The whole height of a quarter tells its value, so that nobody has to
    /// hit a dot of a few pixels.
    fn points(&self, frame: &Frame) -> String {
        let apart = f64::from(frame.across.end - frame.across.start) / self.span();
        let (top, height) = (frame.down.start, frame.down.end - frame.down.start);
        let mut points = String::from("\n");
        for point in &self.line {
            let (x, y) = frame.place(self.across(point), score(point));
            let fill = if point.carried { &palette::SURFACE } else { &palette::LINE };
            let radius = (apart / 4.0).clamp(1.5, LINE * 1.5);
            let _ = writeln!(
                points,
                "<g class=\"chart-point\"><title>{}</title>\
                 <rect x=\"{:.2}\" y=\"{top}\" width=\"{apart:.2}\" height=\"{height}\" fill=\"none\" pointer-events=\"all\"/>\
                 <circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/></g>",
                escape(&told(point)),
                x - apart / 2.0,
                fill.variable,
                palette::LINE.variable
            );
        }
        points
    }

    /// The targets, dashed, with the stages that have them at the right.
    fn aims(&self, frame: &Frame) -> String {
        let mut aims = String::from("\n");
        for (level, stages) in &self.targets {
            let (left, y) = frame.place(-0.5, f64::from(*level));
            let (right, _) = frame.place(self.span() - 0.5, 0.0);
            aims += &line(&[(left, y), (right, y)], &palette::MUTED, 1.0, "2 3");
            let text = staged(stages);
            let at = (right - 2.0, y + f64::from(NOTE) + 1.0);
            aims +=
                &Label { at, anchor: "end", size: NOTE, weight: None, ink: &palette::MUTED, text: &text }.on_lines();
        }
        aims
    }

    /// Where something changed beside the answers: an upright line before the first quarter in which it holds, with
    /// a diamond for another catalog and a triangle for other teams.
    fn changes(&self, frame: &Frame) -> String {
        let mut changes = String::new();
        for marker in self.markers {
            let Ok(quarter) = self.quarters.binary_search(&marker.period) else { continue };
            let (x, bottom) = frame.place(quarter as f64 - 0.5, 0.0);
            let top = f64::from(frame.down.start);
            let line = line(&[(x, top), (x, bottom)], &palette::MUTED, 1.0, "3 3");
            let glyph = if marker.catalog.is_some() { "l4 4l-4 4l-4 -4z" } else { "l4.5 7.5h-9z" };
            let _ = writeln!(
                changes,
                "<g class=\"chart-point\"><title>{}</title>{line}\
                 <rect x=\"{:.2}\" y=\"{:.2}\" width=\"12\" height=\"14\" fill=\"none\" pointer-events=\"all\"/>\
                 <path d=\"M{x:.2} {:.2}{glyph}\" fill=\"{}\"/></g>",
                escape(&changed(marker)),
                x - 6.0,
                top - 11.0,
                top - 8.0,
                palette::MUTED.variable
            );
        }
        changes
    }

    fn title(&self) -> String {
        let value = self.line.last().map_or_else(|| "Not measured".to_owned(), |point| told(point));
        format!("{}, {}. {value}", called(self.dimension), self.scope)
    }

    fn description(&self) -> String {
        let course = match self.line.as_slice() {
            [] | [_] => String::new(),
            [first, .., last] => format!(
                "From {} to {} the score went from {} to {} and the level from {} to {}. ",
                first.period,
                last.period,
                shown(score(first)),
                shown(score(last)),
                level(first),
                level(last)
            ),
        };
        let aims: Vec<String> =
            self.targets.iter().map(|(level, stages)| format!("level {level} for {}", staged(stages))).collect();
        let aims =
            if aims.is_empty() { String::new() } else { format!(" Dashed lines are targets: {}.", aims.join(", ")) };
        let markers: Vec<String> = self.markers.iter().take(TOLD).map(changed).collect();
        let more = if self.markers.len() > TOLD { "; …" } else { "" };
        let markers = if markers.is_empty() {
            String::new()
        } else {
            format!(" Upright lines mark what else changed: {}{more}.", markers.join("; "))
        };
        format!(
            "{course}The line is the score, the shaded steps are the level reached, both from 0 to {MAX_LEVEL}; \
             hollow points rest at least in part on assessments of an earlier quarter.{aims}{markers}"
        )
    }
}

/// The stages in words.
fn staged(stages: &[StageNumber]) -> String {
    match stages {
        [] => String::new(),
        [StageNumber(only)] => format!("stage {only}"),
        // Targets never fall, so those that have the same one follow each other.
        [StageNumber(first), .., StageNumber(last)] => format!("stages {first}–{last}"),
    }
}

/// What changed beside the answers, in words.
fn changed(marker: &Marker) -> String {
    let names = |names: &[String], verb: &str| {
        let named: Vec<&str> = names.iter().take(TOLD).map(String::as_str).collect();
        let more = names.len().saturating_sub(TOLD);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!named.is_empty()).then(|| format!("{}{more} {verb}", named.join(", ")))
    };
    let catalog = marker.catalog.as_ref().map(|version| format!("catalog {version}"));
    let parts = [catalog, names(&marker.joined, "joined"), names(&marker.left, "left")];
    format!("{}: {}", marker.period, parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// A point in words.
fn told(point: &TrendPoint) -> String {
    let carried = if point.carried { " (carried)" } else { "" };
    format!("{}: score {}, level {}{carried}", point.period, shown(score(point)), level(point))
}

/// The score, kept inside the plot.
fn score(point: &TrendPoint) -> f64 {
    bounded(point.score)
}

/// The level, kept inside the plot likewise.
fn level(point: &TrendPoint) -> u8 {
    point.level.min(MAX_LEVEL)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::organization::Scope;

    fn point(period: Period, dimension: &str, score: f64, level: u8, carried: bool) -> TrendPoint {
        let (dimension, completion, levels) = (dimension.into(), score / 5.0, Vec::new());
        TrendPoint { period, dimension, level, ceiling: 5, score, completion, levels, carried }
    }

    /// A trend of two lines over some quarters up to 2026-Q4, rising by a third of a level each.
    fn rising(quarters: usize, dimension: &str) -> Trend {
        let last: Period = "2026-Q4".parse().unwrap();
        let mut periods: Vec<Period> =
            std::iter::successors(Some(last), |p| Some(p.previous())).take(quarters).collect();
        periods.reverse();
        let scores = (0..).map(|i| f64::from(i) / 3.0).map(|score| score.min(5.0));
        let points = periods.into_iter().zip(scores).enumerate().flat_map(|(i, (period, score))| {
            let level = score.floor() as u8;
            [point(period, "overall", score, level, i == 1), point(period, dimension, score / 2.0, level / 2, false)]
        });
        Trend { scope: Scope::organization(), points: points.collect(), markers: Vec::new() }
    }

    fn roadmap() -> Roadmap {
        let stage = |name: &str, target| Stage {
            name: name.into(),
            goal: String::new(),
            exit_check: String::new(),
            targets: ["Build", "Build & <Deployment>"].map(|name| (name.to_owned(), target)).into(),
        };
        Roadmap::new(vec![stage("one", 1), stage("two", 1), stage("three", 3)]).unwrap()
    }

    /// Compares with a file in `tests/golden/charts`, which `CAIRN_BLESS=1` writes anew.
    fn assert_golden(name: &str, svg: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/charts").join(name);
        if std::env::var_os("CAIRN_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, svg).unwrap();
        }
        assert_eq!(svg, std::fs::read_to_string(&path).unwrap(), "{name}; CAIRN_BLESS=1 accepts the change");
    }

    /// Whether every element that begins ends, in the right order. Good enough where all text is escaped.
    fn is_balanced(svg: &str) -> bool {
        let mut open: Vec<&str> = Vec::new();
        for tag in svg.split('<').skip(1) {
            let Some((tag, _)) = tag.split_once('>') else { return false };
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            if tag.starts_with('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else if !tag.ends_with('/') && !tag.starts_with('?') {
                open.push(name);
            }
        }
        open.is_empty()
    }

    #[test]
    fn a_trend_is_drawn_as_it_always_was() {
        let charts = trend(&rising(8, "Build & <Deployment>"), &roadmap(), "t");
        let [whole, dimension] = charts.as_slice() else { panic!() };
        assert_golden("trend-overall.svg", whole.svg());
        assert_golden("trend-dimension.svg", dimension.svg());
        assert_golden("trend-standalone.svg", &whole.standalone());
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let charts = trend(&rising(8, "Build"), &roadmap(), "t");
        let svg = charts[1].svg();
        assert!(svg.contains("role=\"img\" aria-labelledby=\"t-1-title t-1-desc\""));
        assert!(svg.contains("<title id=\"t-1-title\">Build, Organization. 2026-Q4: score 1.16, level 1</title>"));
        assert!(svg.contains("From 2025-Q1 to 2026-Q4 the score went from 0.00 to 1.16 and the level from 0 to 1."));
        assert!(charts[0].svg().contains("<title>2025-Q2: score 0.33, level 0 (carried)</title>"));
        assert!(!svg.contains("style="), "a strict policy refuses inline styles");
    }

    #[test]
    fn nothing_and_one_quarter_are_drawn_too() {
        assert!(
            trend(&Trend { scope: Scope::organization(), points: Vec::new(), markers: Vec::new() }, &roadmap(), "t")
                .is_empty()
        );
        let charts = trend(&rising(1, "Build"), &roadmap(), "t");
        assert_eq!(charts[0].svg().matches("<circle").count(), 1);
    }

    #[test]
    fn alone_it_has_its_own_colours() {
        let alone = trend(&rising(2, "Build"), &roadmap(), "t")[0].standalone();
        assert!(!alone.contains("var("));
        assert!(alone.contains("prefers-color-scheme:dark"));
        assert!(is_balanced(&alone));
    }

    proptest! {
        #[test]
        fn any_names_and_values_make_a_sound_chart(
            name in any::<String>(), scope in any::<String>(), quarters in 0usize..50,
            values in prop::collection::vec((prop::num::f64::ANY, any::<u8>(), any::<bool>()), 50)
        ) {
            let mut drawn = rising(quarters, &name);
            drawn.scope.name = scope;
            for (point, (score, level, carried)) in drawn.points.iter_mut().zip(values) {
                (point.score, point.level, point.carried) = (score, level, carried);
            }
            for chart in trend(&drawn, &roadmap(), &name) {
                prop_assert!(is_balanced(chart.svg()), "{}", chart.svg());
                prop_assert!(!chart.svg().contains("NaN") || name.contains("NaN") || drawn.scope.name.contains("NaN"));
            }
        }
    }
}
