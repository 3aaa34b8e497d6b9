//! How scores developed over the quarters, with the level reached, the targets of the stages, and what else
//! changed: one panel for each dimension, or for each scope.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::aims::Aims;
use super::frame::Shape;
use super::markup::{escape, line};
use super::quarters::{Ground, SIZE};
use super::{Chart, Parts, bounded, called, palette};
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::period::Period;
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::shown;
use crate::domain::standing::{Marker, Trend, TrendPoint};

/// The width of the line of the score.
const LINE: f64 = 2.0;
/// How many names, and how many changes, are told.
const TOLD: usize = 5;

/// The score and the level reached over the quarters: one chart for each line of the trend, in its
/// order and of one size, so that a page can lay them out. Each has the targets of the roadmap's stages; the
/// whole has the least over the dimensions, since that is what its level needs. Ids are made from `id`, which is
/// unique on the page. A trend without points has no charts.
pub fn trend(trend: &Trend, roadmap: &Roadmap, id: &str) -> Vec<Chart> {
    let quarters = quarters([trend]);
    let line = |dimension| Line { trend, roadmap, dimension, name: called(dimension) };
    panels(&trend.dimensions().into_iter().map(line).collect::<Vec<_>>(), &quarters, id)
}

/// One dimension, or the whole, of several scopes: a chart for each, in their order, headed by its name, all over
/// the same quarters and on the same scales. A scope that was never measured in it has an empty one.
pub fn trend_of(scopes: &[(&Trend, &Roadmap)], dimension: &str, id: &str) -> Vec<Chart> {
    let quarters = quarters(scopes.iter().map(|(trend, _)| *trend));
    let line = |&(trend, roadmap): &(_, _)| Line { trend, roadmap, dimension, name: &trend.scope.name };
    panels(&scopes.iter().map(line).collect::<Vec<_>>(), &quarters, id)
}

/// What a panel shows.
struct Line<'a> {
    trend: &'a Trend,
    /// The stages with the targets that hold for the scope.
    roadmap: &'a Roadmap,
    dimension: &'a str,
    /// What stands above it.
    name: &'a str,
}

/// A panel for each line of a trend, with its name, all with the same space for the names of the stages.
fn panels(lines: &[Line<'_>], quarters: &[Period], id: &str) -> Vec<Chart> {
    let of = |line: &Line<'_>| Aims::new(line.trend, line.dimension, line.roadmap, quarters);
    let aims: Vec<Aims> = lines.iter().map(of).collect();
    let aside = aims.iter().map(Aims::aside).max().unwrap_or(0);
    let panel = |(number, (&Line { trend, dimension, name, .. }, aims)): (usize, (&Line<'_>, _))| {
        let panel = Panel {
            scope: &trend.scope.name,
            dimension,
            ground: Ground::new(quarters, aside),
            line: trend.line(dimension).collect(),
            markers: &trend.markers,
            aims,
        };
        panel.chart(name, &format!("{id}-{number}"))
    };
    lines.iter().zip(aims).enumerate().map(panel).collect()
}

/// All quarters of some trends, rising.
fn quarters<'a>(trends: impl IntoIterator<Item = &'a Trend>) -> Vec<Period> {
    let points = trends.into_iter().flat_map(|trend| &trend.points);
    let quarters: BTreeSet<Period> = points.map(|point| point.period).collect();
    quarters.into_iter().collect()
}

/// One panel on its way to a chart.
struct Panel<'a> {
    scope: &'a str,
    dimension: &'a str,
    ground: Ground<'a>,
    /// The points of the line, by quarter.
    line: Vec<&'a TrendPoint>,
    /// What changed beside the answers.
    markers: &'a [Marker],
    /// The levels that stages aim at.
    aims: Aims,
}

impl Panel<'_> {
    fn chart(&self, name: &str, id: &str) -> Chart {
        let value = self.line.last().map_or_else(|| "not measured".to_owned(), |point| self.value(point));
        let content = [
            Ground::head(name, &value),
            self.ground.axes(),
            self.ground.frame.draw(&self.shapes()),
            self.aims.draw(&self.ground),
            self.points(),
            self.changes(),
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

    /// Score and level, and the quarter where it is not the latest of the trend.
    fn value(&self, point: &TrendPoint) -> String {
        let value = format!("{} · level {}", shown(score(point)), level(point));
        if self.ground.is_latest(point.period) { value } else { format!("{value} · {}", point.period) }
    }

    fn shapes(&self) -> Vec<Shape> {
        let mut outline = self.steps();
        if let (Some(&(left, _)), Some(&(right, _))) = (outline.first(), outline.last()) {
            outline.extend([(right, 0.0), (left, 0.0)]);
        }
        let mut shapes = vec![Shape::Area(outline, &palette::AREA)];
        shapes.extend(self.ground.grid());
        shapes.push(Shape::Line(self.steps(), &palette::LEVEL, 1.0));
        let course = self.line.iter().map(|point| (self.ground.across(point.period), score(point))).collect();
        shapes.push(Shape::Line(course, &palette::LINE, LINE));
        shapes
    }

    /// The levels reached, each as wide as its quarter.
    fn steps(&self) -> Vec<(f64, f64)> {
        let ends = |point: &&TrendPoint| {
            let (x, y) = (self.ground.across(point.period), f64::from(level(point)));
            [(x - 0.5, y), (x + 0.5, y)]
        };
        self.line.iter().flat_map(ends).collect()
    }

    /// The points of the score.
    fn points(&self) -> String {
        let radius = (self.ground.apart() / 4.0).clamp(1.5, LINE * 1.5);
        let mut points = String::from("\n");
        for point in &self.line {
            let (x, y) = self.ground.frame.place(self.ground.across(point.period), score(point));
            let fill = if point.carried { &palette::SURFACE } else { &palette::LINE };
            let dot = format!(
                "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.5\"/>",
                fill.variable,
                palette::LINE.variable
            );
            points += &self.ground.point(point.period, &told(point), &dot);
        }
        points
    }

    /// Where something changed beside the answers: an upright line before the first quarter in which it holds, with
    /// a diamond for another catalog and a triangle for other teams.
    fn changes(&self) -> String {
        let frame = &self.ground.frame;
        let mut changes = String::new();
        for marker in self.markers {
            let Some(quarter) = self.ground.number(marker.period) else { continue };
            let (x, bottom) = frame.place(quarter - 0.5, 0.0);
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
        let aims = self.aims.told();
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
    use crate::charts::samples::{assert_golden, is_sound};
    use crate::domain::organization::Scope;
    use crate::domain::roadmap::Stage;

    fn point(period: Period, dimension: &str, score: f64, level: u8, carried: bool) -> TrendPoint {
        let (dimension, completion, levels) = (dimension.into(), score / 5.0, Default::default());
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
            targets: ["Build", "Build & <Deployment>"].map(|name| (name.to_owned(), target)).into(),
            ..Stage::default()
        };
        Roadmap::new(vec![stage("one", 1), stage("two", 1), stage("three", 3)]).unwrap()
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
    fn targets_are_dashed_lines_with_the_stages_that_have_them() {
        let charts = trend(&rising(8, "Build"), &roadmap(), "t");
        for chart in &charts {
            let svg = chart.svg();
            assert!(svg.contains(">stage 1–2</text>") && svg.contains(">stage 3</text>"));
            assert!(svg.contains("Dashed lines are targets: level 1 for stage 1–2, level 3 for stage 3."));
        }
        let other = trend(&rising(8, "Elsewhere"), &roadmap(), "t");
        assert!(!other[1].svg().contains(">stage "), "a dimension without targets has none");
        assert!(!other[0].svg().contains(">stage "), "and the whole has the least");
    }

    #[test]
    fn a_target_with_a_date_ends_with_its_quarter() {
        let dated = |wished: [Option<&str>; 3]| {
            let stages = roadmap().stages().to_vec();
            let with = |(stage, wished): (Stage, Option<&str>)| Stage {
                wished: wished.map(|wished| wished.parse().unwrap()),
                ..stage
            };
            let roadmap = Roadmap::new(stages.into_iter().zip(wished).map(with).collect()).unwrap();
            trend(&rising(8, "Build"), &roadmap, "t").remove(1)
        };
        let chart = dated([Some("2025-Q3"), None, Some("2026-Q2")]);
        assert!(is_sound(&chart));
        assert_golden("trend-dates.svg", chart.svg());
        assert!(chart.svg().contains(
            "Dashed lines are targets, each up to the quarter by whose end it should be reached: level 1 for stage 2, \
             level 1 for stage 1 by 2025-Q3, level 3 for stage 3 by 2026-Q2."
        ));
        let ends = |chart: &Chart, name: &str| {
            let (before, _) = chart.svg().split_once(&format!(">{name}</text>")).unwrap();
            before.rsplit_once("text-anchor=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
        };
        assert_eq!((ends(&chart, "stage 1"), ends(&chart, "stage 3")), ("start".into(), "start".into()));
        // A date after the last quarter is as good as none for the drawing, and one before the first has no line.
        let chart = dated([Some("2020-Q1"), Some("2026-Q4"), Some("2027-Q3")]);
        assert!(!chart.svg().contains(">stage 1</text>"));
        assert_eq!((ends(&chart, "stage 2"), ends(&chart, "stage 3")), ("start".into(), "start".into()));
        assert!(chart.svg().contains("level 3 for stage 3 by 2027-Q3."));
    }

    #[test]
    fn what_else_changed_is_marked_where_it_did() {
        let mut drawn = rising(8, "Build");
        let names: Vec<String> = (1..=7).map(|i| format!("Team <{i}>")).collect();
        let marker = |period: &str, catalog: Option<&str>, joined: &[String], left: &[String]| Marker {
            period: period.parse().unwrap(),
            catalog: catalog.map(str::to_owned),
            joined: joined.to_vec(),
            left: left.to_vec(),
        };
        drawn.markers = vec![marker("2025-Q3", Some("3.2"), &[], &names[..1]), marker("2026-Q2", None, &names, &[])];
        let chart = trend(&drawn, &roadmap(), "t").remove(1);
        assert!(is_sound(&chart));
        let svg = chart.svg();
        assert!(svg.contains("<title>2025-Q3: catalog 3.2; Team &lt;1&gt; left</title>"));
        assert!(svg.contains("Team &lt;5&gt; and 2 more joined</title>"));
        assert!(svg.contains("Upright lines mark what else changed: 2025-Q3: catalog 3.2;"));
        assert_golden("trend-markers.svg", svg);
    }

    #[test]
    fn several_scopes_are_drawn_over_the_same_quarters() {
        let (long, mut short, mut other) = (rising(8, "Build"), rising(3, "Build"), rising(8, "Elsewhere"));
        short.scope.name = "Payments & <b>".into();
        other.scope.name = "No build".into();
        let stages = roadmap();
        let charts = trend_of(&[&long, &short, &other].map(|trend| (trend, &stages)), "Build", "t");
        let [long, short, other] = charts.as_slice() else { panic!() };
        assert!(charts.iter().all(is_sound));
        assert!(short.svg().contains(">Payments &amp; &lt;b&gt;</text>"), "headed by the scope");
        assert!(short.svg().contains("<title id=\"t-1-title\">Build, Payments &amp; &lt;b&gt;. 2026-Q4: score "));
        let last = |chart: &Chart| {
            let circle = chart.svg().rsplit_once("<circle cx=\"").unwrap().1;
            circle.split_once('"').unwrap().0.to_owned()
        };
        assert_eq!(last(long), last(short), "the same quarter stands at the same place");
        assert!(other.svg().contains(">not measured</text>"));
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
                prop_assert!(is_sound(&chart), "{}", chart.svg());
            }
        }
    }
}
