//! Where plans lead: the score in each quarter if everything is done as planned, of one plan or of several side by side.

use std::collections::BTreeMap;

use super::aims::Aims;
use super::frame::Shape;
use super::markup::{Key, legend, line};
use super::quarters::{Ground, NOTE, SIZE};
use super::{Chart, Parts, bounded, called, palette};
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::period::Period;
use crate::domain::roadmap::Roadmap;
use crate::domain::scoring::shown;
use crate::domain::standing::{Trend, TrendPoint};

/// What the legend takes below the plot.
const BELOW: i32 = 20;
/// How many plans can be told apart; more are left out.
const STYLES: [(&str, Mark); 3] = [("", Mark::Disc), ("5 3", Mark::Ring), ("1 3", Mark::Square)];

/// One plan in the chart.
#[derive(Debug, Clone, Copy)]
pub struct Projected<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its scores by quarter, as [`projection`](crate::domain::plan::projection::projection) gives them.
    pub trend: &'a Trend,
}

/// The form of the points of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Disc,
    Ring,
    Square,
}

/// The projected scores of up to three plans in a dimension, or in the whole, on one scale with the targets of the stages.
/// The first is the one that matters: the levels that it reaches are shaded. `None` where it has no such dimension.
pub fn projection(plans: &[Projected<'_>], dimension: &str, roadmap: &Roadmap, id: &str) -> Option<Chart> {
    let (first, plans) = (plans.first()?, plans.get(..STYLES.len()).unwrap_or(plans));
    let main: Vec<&TrendPoint> = first.trend.line(dimension).collect();
    let last = main.last()?;
    let quarters = quarters(plans, dimension);
    let aims = Aims::new(first.trend, dimension, roadmap, &quarters);
    let ground = Ground::new(&quarters, aims.aside());
    let courses: Vec<_> = plans.iter().zip(STYLES).map(|(plan, style)| Course::new(plan, dimension, style)).collect();
    let head = format!("{} · level {}", shown(bounded(last.score)), last.level.min(MAX_LEVEL));
    let (legend, _) = legend(&keys(&courses), 0.0, f64::from(SIZE.1), f64::from(SIZE.0), NOTE);
    let content = [
        Ground::head(called(dimension), &head),
        ground.axes(),
        ground.frame.draw(&shapes(&ground, &main)),
        aims.draw(&ground),
        // The one that matters lies on top.
        courses.iter().rev().map(|course| course.draw(&ground)).collect(),
        points(&ground, &courses),
        legend,
    ];
    let told: Vec<String> = courses.iter().map(|course| format!("{} {}", course.name, course.told())).collect();
    Some(Chart::new(&Parts {
        id,
        size: (SIZE.0, SIZE.1 + BELOW),
        natural: false,
        role: "img",
        title: &format!("Projected score, {}, {}. {}", called(dimension), first.trend.scope.name, told.join("; ")),
        description: &format!(
            "The score if everything is done as planned, by quarter, from 0 to {MAX_LEVEL}; the shaded steps are the level \
             reached with {}.{}",
            first.name,
            aims.told()
        ),
        content: &content.concat(),
    }))
}

/// All quarters from the first of any plan to the last, also those between plans.
fn quarters(plans: &[Projected<'_>], dimension: &str) -> Vec<Period> {
    let all = || plans.iter().flat_map(|plan| plan.trend.line(dimension)).map(|point| point.period);
    let (Some(first), Some(last)) = (all().min(), all().max()) else { return Vec::new() };
    let quarters = std::iter::successors(Some(first), |period| Some(period.next()));
    quarters.take_while(|period| *period <= last).collect()
}

/// The levels of the plan that matters, and the grid.
fn shapes(ground: &Ground<'_>, points: &[&TrendPoint]) -> Vec<Shape> {
    let ends = |point: &&TrendPoint| {
        let (x, y) = (ground.across(point.period), f64::from(point.level.min(MAX_LEVEL)));
        [(x - 0.5, y), (x + 0.5, y)]
    };
    let steps: Vec<(f64, f64)> = points.iter().flat_map(ends).collect();
    let mut outline = steps.clone();
    if let (Some(&(left, _)), Some(&(right, _))) = (steps.first(), steps.last()) {
        outline.extend([(right, 0.0), (left, 0.0)]);
    }
    let mut shapes = vec![Shape::Area(outline, &palette::AREA)];
    shapes.extend(ground.grid());
    shapes.push(Shape::Line(steps, &palette::LEVEL, 1.0));
    shapes
}

/// The course of one plan.
struct Course<'a> {
    name: &'a str,
    points: Vec<&'a TrendPoint>,
    dash: &'static str,
    mark: Mark,
}

impl<'a> Course<'a> {
    fn new(plan: &Projected<'a>, dimension: &'a str, (dash, mark): (&'static str, Mark)) -> Self {
        Self { name: plan.name, points: plan.trend.line(dimension).collect(), dash, mark }
    }

    fn draw(&self, ground: &Ground<'_>) -> String {
        let place = |point: &&TrendPoint| ground.frame.place(ground.across(point.period), bounded(point.score));
        let places: Vec<_> = self.points.iter().map(place).collect();
        let radius = (ground.apart() / 4.0).clamp(1.2, 3.0);
        let marks: String = places.iter().map(|place| self.mark.svg(*place, radius)).collect();
        let course = if places.len() > 1 { line(&places, &palette::LINE, 2.0, self.dash) } else { String::new() };
        format!("{course}{marks}\n")
    }

    /// Where it ends, in words.
    fn told(&self) -> String {
        self.points
            .last()
            .map_or_else(|| "has nothing".to_owned(), |point| format!("{} in {}", value(point), point.period))
    }
}

impl Mark {
    fn svg(self, (x, y): (f64, f64), radius: f64) -> String {
        let (line, ground) = (palette::LINE.variable, palette::SURFACE.variable);
        match self {
            Self::Disc => format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\" fill=\"{line}\"/>"),
            Self::Ring => format!(
                "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\" fill=\"{ground}\" stroke=\"{line}\" stroke-width=\"1.5\"/>"
            ),
            Self::Square => {
                let (left, top, side) = (x - radius, y - radius, radius * 2.0);
                format!(
                    "<rect x=\"{left:.2}\" y=\"{top:.2}\" width=\"{side:.2}\" height=\"{side:.2}\" fill=\"{ground}\" stroke=\"{line}\" stroke-width=\"1.5\"/>"
                )
            }
        }
    }
}

/// What each quarter has in each plan.
fn points(ground: &Ground<'_>, courses: &[Course<'_>]) -> String {
    let mut told: BTreeMap<Period, Vec<String>> = BTreeMap::new();
    for course in courses {
        for point in &course.points {
            let name = if courses.len() > 1 { format!("{}: ", course.name) } else { String::new() };
            told.entry(point.period).or_default().push(format!("{name}{}", value(point)));
        }
    }
    told.iter().map(|(period, told)| ground.point(*period, &format!("{period}: {}", told.join("; ")), "")).collect()
}

fn value(point: &TrendPoint) -> String {
    format!("score {}, level {}", shown(bounded(point.score)), point.level.min(MAX_LEVEL))
}

fn keys(courses: &[Course<'_>]) -> Vec<Key> {
    let key = |course: &Course<'_>| Key {
        sample: line(&[(0.0, 5.0), (18.0, 5.0)], &palette::LINE, 2.0, course.dash) + &course.mark.svg((9.0, 5.0), 3.0),
        meaning: course.name.to_owned(),
    };
    courses.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::organization::Scope;
    use crate::domain::roadmap::Stage;

    /// A trend with these scores from 2026-Q4 on.
    fn course(dimension: &str, scores: &[f64]) -> Trend {
        let first: Period = "2026-Q4".parse().unwrap();
        let periods = std::iter::successors(Some(first), |period| Some(period.next()));
        let point = |(period, score): (Period, &f64)| TrendPoint {
            period,
            dimension: dimension.to_owned(),
            level: *score as u8,
            ceiling: 5,
            score: *score,
            completion: 0.5,
            levels: Default::default(),
            carried: false,
        };
        let points = periods.zip(scores).map(point).collect();
        Trend { scope: Scope::organization(), points, markers: Vec::new() }
    }

    fn roadmap(dimension: &str) -> Roadmap {
        let stage = |target, wished: Option<&str>| Stage {
            targets: [(dimension.to_owned(), target)].into(),
            wished: wished.map(|wished| wished.parse().unwrap()),
            ..Stage::default()
        };
        Roadmap::new(vec![stage(1, Some("2027-Q1")), stage(2, Some("2027-Q4")), stage(4, None)]).unwrap()
    }

    #[test]
    fn a_projection_is_drawn_as_it_always_was() {
        let (before, after) = (
            course("Build", &[0.75, 1.1, 1.4, 1.8, 2.0, 2.3, 2.6, 3.0, 3.4, 3.7, 4.0]),
            course("Build", &[0.75, 1.4, 2.1, 2.6, 3.2, 3.6, 4.0]),
        );
        let plans =
            [Projected { name: "With these changes", trend: &after }, Projected { name: "Plan & <b>", trend: &before }];
        let chart = projection(&plans, "Build", &roadmap("Build"), "p").unwrap();
        assert!(is_sound(&chart));
        assert_golden("projection.svg", chart.svg());
        assert!(chart.svg().contains(
            "Projected score, Build, Organization. With these changes score 4.00, level 4 in 2028-Q2; \
             Plan &amp; &lt;b&gt; score 4.00, level 4 in 2029-Q2</title>"
        ));
        assert!(chart.svg().contains(
            "<title>2027-Q1: With these changes: score 1.40, level 1; Plan &amp; &lt;b&gt;: score 1.10, level 1</title>"
        ));
        assert!(
            chart.svg().contains("<title>2029-Q2: Plan &amp; &lt;b&gt;: score 4.00, level 4</title>"),
            "the longer one to its end"
        );
        assert!(chart.svg().contains("level 2 for stage 2 by 2027-Q4"));
    }

    #[test]
    fn one_plan_and_one_quarter_are_drawn_too_and_no_dimension_is_no_chart() {
        let (one, empty) = (course("Build", &[1.0]), course("Build", &[]));
        let of = |name: &'static str| Projected { name, trend: &one };
        let chart = projection(&[of("Plan")], "Build", &roadmap("Build"), "p").unwrap();
        assert!(is_sound(&chart) && chart.svg().contains("<title>2026-Q4: score 1.00, level 1</title>"));
        assert_eq!(projection(&[of("Plan")], "Elsewhere", &roadmap("Build"), "p"), None);
        assert_eq!(projection(&[], "Build", &roadmap("Build"), "p"), None);
        let many = [of("A"), Projected { name: HOSTILE, trend: &empty }, of("C"), of("D")];
        let chart = projection(&many, "Build", &roadmap("Build"), "p").unwrap();
        assert!(is_sound(&chart) && chart.svg().contains(">C</text>") && !chart.svg().contains(">D</text>"));
    }

    proptest! {
        #[test]
        fn any_scores_make_a_sound_chart(
            one in prop::collection::vec(prop::num::f64::ANY, 1..20), other in prop::collection::vec(prop::num::f64::ANY, 0..20),
            name in any::<String>()
        ) {
            let (one, other) = (course(&name, &one), course(&name, &other));
            let plans = [Projected { name: &name, trend: &one }, Projected { name: "Other", trend: &other }];
            let chart = projection(&plans, &name, &roadmap(&name), &name).unwrap();
            prop_assert!(is_sound(&chart), "{}", chart.svg());
        }
    }
}
