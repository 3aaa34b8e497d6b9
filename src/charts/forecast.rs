//! When each stage will be done: what was left of it in the past, and the range of what will be left.

use super::frame::Shape;
use super::markup::{Key, Label, fitted, legend, line, width};
use super::palette::{self, Ink};
use super::points::{NOTE, PointGround, drawable, told};
use super::{Chart, Parts, count};
use crate::domain::forecast::{Done, FanPoint, Forecast, HORIZON, StageForecast};
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::roadmap::{Roadmap, Stage};

/// How many quarters of the past are drawn at most, and how many to come at least and at most.
const PAST: usize = 12;
const AHEAD: (u32, u32) = (4, 24);
/// The size of a panel, in user units: a third of a wide screen, or a phone.
const SIZE: (i32, i32) = (400, 264);
/// Above the plot, for the name, the dates and the legend.
const TOP: i32 = 66;
/// The size of the name.
const NAME: u8 = 14;
/// The width of a date.
const COLUMN: f64 = 132.0;

/// A panel for each stage of which something is left, in their order, over the same quarters: what was left of it and of
/// those before it, then the middle 50, 80 and 95 of 100 ways in which it can go on, and the quarters by whose end nothing
/// is left with a likelihood of 50, 80 and 95 %. Ids are made from `id`, which is unique on the page.
pub fn forecast(forecast: &Forecast, roadmap: &Roadmap, id: &str) -> Vec<Chart> {
    let quarters = quarters(forecast, roadmap);
    let open = forecast.stages.iter().filter(|stage| !stage.fan.is_empty());
    let chart = |stage: &StageForecast| {
        let fan = Fan::new(forecast, stage, roadmap.stage(stage.number)?, &quarters);
        Some(fan.chart(&format!("{id}-{}", stage.number.0)))
    };
    open.filter_map(chart).collect()
}

/// The quarters that are drawn.
fn quarters(forecast: &Forecast, roadmap: &Roadmap) -> Vec<Period> {
    let from = forecast.from;
    let after = |date: Option<Period>| date.map_or(AHEAD.1, |date| date.quarters_after(from) + 1);
    let is_open = |stage: &&StageForecast| stage.done != Done::Already;
    let dates = forecast.stages.iter().filter(is_open).flat_map(StageForecast::dates).map(|(_, date)| after(date));
    let wishes = roadmap.stages().iter().filter_map(|stage| stage.wished).map(|wished| after(Some(wished)));
    // A wish that is too far away is only told.
    let ahead = dates.chain(wishes.filter(|wish| *wish <= AHEAD.1)).max().unwrap_or_default().clamp(AHEAD.0, AHEAD.1);
    let shown = forecast.past.len().saturating_sub(PAST);
    let first = forecast.past.get(shown).map_or(from, |quarter| quarter.period);
    let quarters = std::iter::successors(Some(first), |period| Some(period.next()));
    quarters.take_while(|period| period.quarters_after(from) <= ahead).collect()
}

/// One of the ranges of a quarter.
type Range = fn(&FanPoint) -> (Points, Points);

/// One stage on its way to a chart.
struct Fan<'a> {
    name: &'a str,
    stage: &'a StageForecast,
    from: Period,
    wished: Option<Period>,
    ground: PointGround<'a>,
    /// What was left in the past, with how many teams there were.
    past: Vec<(Period, f64, usize)>,
    fan: Vec<&'a FanPoint>,
}

impl<'a> Fan<'a> {
    fn new(forecast: &'a Forecast, stage: &'a StageForecast, planned: &'a Stage, quarters: &'a [Period]) -> Self {
        let is_drawn = |period: &Period| quarters.binary_search(period).is_ok();
        let past = forecast.past.iter().filter(|quarter| is_drawn(&quarter.period));
        let place = stage.number.0.wrapping_sub(1);
        let left = past.filter_map(|quarter| Some((quarter.period, value(*quarter.left.get(place)?), quarter.teams)));
        let past: Vec<_> = left.collect();
        let fan: Vec<&FanPoint> = stage.fan.iter().filter(|point| is_drawn(&point.period)).collect();
        let greatest = fan.iter().map(|point| value(point.ninety_five.1));
        let highest = past.iter().map(|(_, left, _)| *left).chain(greatest).fold(1.0, f64::max);
        let ground = PointGround::new(SIZE, TOP, quarters, highest);
        Self { name: &planned.name, stage, from: forecast.from, wished: planned.wished, ground, past, fan }
    }

    fn chart(&self, id: &str) -> Chart {
        let (legend, _) = legend(&keys(), 0.0, 42.0, f64::from(SIZE.0), NOTE);
        let content = [
            self.head(),
            legend,
            self.ground.axes(),
            self.ground.frame.draw(&self.shapes()),
            self.lines(),
            self.dates(),
            self.points(),
        ];
        Chart::new(&Parts {
            id,
            size: SIZE,
            natural: false,
            role: "img",
            title: &format!("Forecast of stage {}, {}: {}", self.stage.number.0, self.name, self.told()),
            description: &self.description(),
            content: &content.concat(),
        })
    }

    /// The name at the left, what is left at the right.
    fn head(&self) -> String {
        let (right, base) = (f64::from(SIZE.0), f64::from(NAME));
        let left = format!("{} points left", told(value(self.stage.left)));
        let name = format!("{}. {}", self.stage.number.0, self.name);
        let name = fitted(&name, NAME, right - width(&left, NAME) - f64::from(NAME));
        let label = |x, anchor, text: &str, weight| {
            Label { at: (x, base), anchor, size: NAME, weight, ink: &palette::TEXT, text }.svg()
        };
        label(0.0, "start", &name, Some(600)) + &label(right, "end", &left, None)
    }

    /// The grid, and the three ranges, the widest below.
    fn shapes(&self) -> Vec<Shape> {
        let mut shapes: Vec<Shape> = self.ground.grid().collect();
        let ranges: [Range; 3] = [|point| point.half, |point| point.eighty, |point| point.ninety_five];
        let now = self.past.last().and_then(|(period, left, _)| Some((self.ground.across(*period)?, *left)));
        for (range, ink) in ranges.into_iter().zip(bands()).rev() {
            let edge = |of: fn((Points, Points)) -> Points| {
                self.fan
                    .iter()
                    .filter_map(move |point| Some((self.ground.across(point.period)?, value(of(range(point))))))
            };
            let upper = now.into_iter().chain(edge(|(_, upper)| upper));
            let lower: Vec<_> = edge(|(lower, _)| lower).collect();
            let outline: Vec<(f64, f64)> = upper.chain(lower.into_iter().rev()).collect();
            if outline.len() > 2 {
                shapes.push(Shape::Area(outline, ink));
            }
        }
        shapes
    }

    /// The past, the median, the quarter from which it looks ahead, and the date that is wished for.
    fn lines(&self) -> String {
        let frame = &self.ground.frame;
        let (top, bottom) = (f64::from(frame.down.start), f64::from(frame.down.end));
        let place = |period: Period, left: f64| Some(frame.place(self.ground.across(period)?, left));
        let past: Vec<_> = self.past.iter().filter_map(|(period, left, _)| place(*period, *left)).collect();
        // Once nothing is left there is nothing to follow.
        let open = self.fan.iter().filter(|point| !point.median.is_zero()).count();
        let ahead = self.fan.iter().take(open + 1).filter_map(|point| place(point.period, value(point.median)));
        let median: Vec<_> = past.last().copied().into_iter().chain(ahead).collect();
        let mut lines = String::from("\n");
        if let Some((now, _)) = place(self.from, 0.0) {
            lines += &line(&[(now, top), (now, bottom)], &palette::MUTED, 1.0, "1 3");
        }
        for (points, dash) in [(past, ""), (median, "5 3")] {
            if points.len() > 1 {
                lines += &line(&points, &palette::LINE, 2.0, dash);
            }
        }
        let wished = self.wished.map(|wished| self.ground.upright(wished, &format!("wished by {wished}")));
        lines + &wished.unwrap_or_default()
    }

    /// The quarters by whose end nothing is left: a mark for each likelihood at the foot of the plot, and above the plot
    /// what it means.
    fn dates(&self) -> String {
        let frame = &self.ground.frame;
        let base = f64::from(NAME) + 20.0;
        let mut drawn = String::from("\n");
        let mut taken: Vec<Period> = Vec::new();
        for (column, (likelihood, date)) in (0..).zip(self.stage.dates()) {
            let left = f64::from(column) * COLUMN;
            let text = date.map_or_else(|| "later".to_owned(), |date| format!("by {date}"));
            let text = format!("{likelihood} % {text}");
            let at = (left + 14.0, base);
            drawn += &glyph(column, (left + 6.0, base - 4.0));
            drawn += &Label { at, anchor: "start", size: NOTE, weight: None, ink: &palette::TEXT, text: &text }.svg();
            if let Some((date, number)) = date.and_then(|date| Some((date, self.ground.across(date)?))) {
                let (x, y) = frame.place(number, 0.0);
                // Those of the same quarter stand one on another.
                let below = taken.iter().filter(|other| **other == date).count();
                drawn += &glyph(column, (x, y - 9.0 * below as f64));
                taken.push(date);
            }
        }
        drawn
    }

    fn points(&self) -> String {
        let past = self.past.iter().map(|(period, left, teams)| {
            let teams = count(*teams, "team", "teams");
            (*period, format!("{period}: {} points left, {teams}", told(*left)))
        });
        let ahead = self.fan.iter().map(|point| (point.period, in_words(point)));
        past.chain(ahead).map(|(period, words)| self.ground.told(period, &words)).collect()
    }

    /// When it will be done, in words.
    fn told(&self) -> String {
        let dates = self.stage.dates().map(|(likelihood, date)| match date {
            Some(date) => format!("by {date} with a likelihood of {likelihood} %"),
            None => format!("not within {HORIZON} quarters with a likelihood of {likelihood} %"),
        });
        format!("nothing is left {}", dates.join(", "))
    }

    fn description(&self) -> String {
        let wished = match self.wished {
            Some(wished) => format!(" It is wished for by the end of {wished}, the upright dashed line."),
            None => String::new(),
        };
        format!(
            "The line is what was left of the stage and of those before it, in points of work; from {} on, at the dotted \
             line, the dashed line is the median of many ways drawn from the past quarters, and the bands hold the middle 50, \
             80 and 95 of 100 of them, the darkest the 50. At the foot a disc, a diamond and a triangle mark the quarters \
             by whose end nothing is left with a likelihood of 50, 80 and 95 %; a band goes on for longer, since it leaves \
             out as many ways below as above.{wished}",
            self.from
        )
    }
}

/// What the lines and the bands are.
fn keys() -> Vec<Key> {
    let stroke = |dash| line(&[(0.0, 5.0), (18.0, 5.0)], &palette::LINE, 2.0, dash);
    let band = |(place, ink): (u8, &Ink)| {
        let left = u32::from(place) * 6;
        format!("<rect x=\"{left}\" width=\"6\" height=\"10\" fill=\"{}\"/>", ink.variable)
    };
    let key = |sample, meaning: &str| Key { sample, meaning: meaning.to_owned() };
    let bands = (0..).zip(bands()).map(band).collect();
    vec![key(stroke(""), "past"), key(stroke("5 3"), "median"), key(bands, "50, 80, 95 % of all ways")]
}

/// The surfaces of the ranges of 50, 80 and 95 %.
fn bands() -> [&'static Ink; 3] {
    [palette::ramp(3).0, palette::ramp(2).0, &palette::AREA]
}

/// Points as a number that can be drawn.
fn value(points: Points) -> f64 {
    drawable(points.value())
}

/// A coming quarter in words.
fn in_words(point: &FanPoint) -> String {
    let range = |(least, most): (Points, Points)| format!("{} to {}", told(value(least)), told(value(most)));
    format!(
        "{}: {} points left in the middle; 50 %: {}; 80 %: {}; 95 %: {}",
        point.period,
        told(value(point.median)),
        range(point.half),
        range(point.eighty),
        range(point.ninety_five)
    )
}

/// The mark of a likelihood: a disc, a diamond, a triangle.
fn glyph(number: u8, (x, y): (f64, f64)) -> String {
    let path = match number {
        0 => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        1 => "m0 -5l5 5l-5 5l-5 -5z",
        _ => "m0 -5l5 9h-10z",
    };
    format!(
        "<path d=\"M{x:.2} {y:.2}{path}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1\"/>",
        palette::TEXT.variable,
        palette::SURFACE.variable
    )
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::catalog::samples as catalogs;
    use crate::domain::standing::samples::history;

    /// Three stages; the first is done, and so many of twenty activities in each quarter.
    fn forecasted(done: &[usize], wished: Option<&str>) -> (Forecast, Roadmap) {
        let catalog = Arc::new(catalogs::catalog(&[&[1, 1], &[2; 9], &[3; 9]]));
        let marks: Vec<Vec<i16>> =
            done.iter().map(|done| (0..20).map(|place| if place < *done { 100 } else { 0 }).collect()).collect();
        let teams: Vec<[(i64, &[i16]); 1]> = marks.iter().map(|marks| [(1, marks.as_slice())]).collect();
        let all = history(&catalog, &teams.iter().map(|teams| &teams[..]).collect::<Vec<_>>());
        let stage = |target, name: &str| Stage {
            name: name.into(),
            targets: [("All".to_owned(), target)].into(),
            wished: wished.filter(|_| target > 1).map(|wished| wished.parse().unwrap()),
            ..Stage::default()
        };
        let stages = vec![stage(1, "Initial adoption"), stage(2, "Automation & <more>"), stage(3, HOSTILE)];
        let roadmap = Roadmap::new(stages).unwrap();
        (crate::domain::forecast::forecast(&all, |_| &roadmap, 3).unwrap(), roadmap)
    }

    fn charts(done: &[usize], wished: Option<&str>) -> Vec<Chart> {
        let (found, roadmap) = forecasted(done, wished);
        forecast(&found, &roadmap, "f")
    }

    #[test]
    fn a_forecast_is_drawn_as_it_always_was() {
        let charts = charts(&[0, 2, 3, 3, 4, 7, 8], Some("2026-Q1"));
        let [middle, last] = charts.as_slice() else { panic!("what is done has no fan") };
        assert!(charts.iter().all(is_sound));
        assert_golden("forecast.svg", middle.svg());
        assert_golden("forecast-last.svg", last.svg());
        assert_golden("forecast-standalone.svg", &middle.standalone());
    }

    #[test]
    fn a_chart_says_what_it_shows() {
        let charts = charts(&[0, 1, 2, 3, 4], Some("2025-Q4"));
        let svg = charts[0].svg();
        assert!(svg.contains(
            "<title id=\"f-2-title\">Forecast of stage 2, Automation &amp; &lt;more&gt;: nothing is left \
             by 2026-Q4 with a likelihood of 50 %, by 2026-Q4 with a likelihood of 80 %, by 2026-Q4 with a likelihood of 95 %</title>"
        ));
        assert!(svg.contains("<title>2025-Q1: 35 points left, 1 team</title>"));
        assert!(svg.contains(
            "<title>2025-Q2: 30 points left in the middle; 50 %: 30 to 30; 80 %: 30 to 30; 95 %: 30 to 30</title>"
        ));
        assert!(svg.contains("wished for by the end of 2025-Q4") && svg.contains(">wished by 2025-Q4</text>"));
        assert_eq!(svg.matches("<path").count(), 7, "three marks, what they mean, and the wish");
    }

    #[test]
    fn what_is_beyond_the_horizon_is_said_to_be_later() {
        let charts = charts(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], None);
        let svg = charts[1].svg();
        assert!(charts.iter().all(is_sound));
        assert!(svg.contains(">95 % later</text>") && svg.contains("not within 40 quarters with a likelihood of 95 %"));
        let told = svg.matches("<g class=\"chart-point\">").count();
        assert_eq!(told, PAST + AHEAD.1 as usize, "neither all of the past nor all of the horizon");
    }

    proptest! {
        // Each draws three charts of up to 36 quarters.
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_points_make_a_sound_chart(
            points in prop::collection::vec(any::<u64>(), 8), name in any::<String>(), kept in 0..50_usize
        ) {
            // Made once, since it takes a while.
            static MADE: LazyLock<(Forecast, Roadmap)> = LazyLock::new(|| forecasted(&[2, 3, 4, 5, 6], None));
            let (mut found, roadmap) = MADE.clone();
            for stage in &mut found.stages {
                stage.fan.truncate(kept);
                for (point, at) in stage.fan.iter_mut().zip(0..) {
                    let of = |i: usize| Points::hundredths(points[(at + i) % points.len()]);
                    (point.median, point.half, point.ninety_five) = (of(0), (of(1), of(2)), (of(3), of(4)));
                }
            }
            for quarter in found.past.iter_mut().skip(kept % 4) {
                quarter.left = vec![Points::hundredths(points[0]); kept % 4];
            }
            for chart in forecast(&found, &roadmap, &name) {
                prop_assert!(is_sound(&chart), "{}", chart.svg());
            }
        }
    }
}
