//! What is left of a stage: as it was in past quarters, and as a fan of what it can be in coming ones.

use super::frame::Shape;
use super::markup::fitted;
use super::points::{NOTE, PointGround, note};
use super::{Chart, Parts, palette};
use crate::domain::forecast::{Done, FanPoint, Forecast, StageForecast};
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::roadmap::{Roadmap, Stage};

/// The size of a panel, in user units: a third of a wide screen, or a phone.
const SIZE: (i32, i32) = (400, 240);
/// Above the plot, for the name and the dates.
const TOP: i32 = 44;
/// How many coming quarters are drawn at least and at most, and how many past ones.
const LEAST: usize = 4;
const MOST: usize = 20;
const PAST: usize = 8;

/// A panel for each stage of which something is left, in their order: what is left of it and of those before it. Ids are
/// made from `id`, which is unique on the page.
pub fn forecast(forecast: &Forecast, roadmap: &Roadmap, id: &str) -> Vec<Chart> {
    let open = forecast.stages.iter().filter(|stage| !stage.fan.is_empty());
    let panel = |of: &StageForecast| {
        let stage = roadmap.stage(of.number)?;
        Some(Panel { forecast, of, stage }.chart(&format!("{id}-{}", of.number.0)))
    };
    open.filter_map(panel).collect()
}

struct Panel<'a> {
    forecast: &'a Forecast,
    of: &'a StageForecast,
    stage: &'a Stage,
}

impl Panel<'_> {
    fn chart(&self, id: &str) -> Chart {
        let (past, coming) = (self.past(), self.coming());
        let periods: Vec<Period> =
            past.iter().map(|(period, _)| *period).chain(coming.iter().map(|point| point.period)).collect();
        let most = past.iter().map(|(_, left)| *left).chain(coming.iter().map(|point| point.ninety_five.1)).max();
        let ground = PointGround::new(SIZE, TOP, &periods, most.unwrap_or_default().value());
        let mut shapes: Vec<Shape> = ground.grid().collect();
        shapes.extend(self.fan(&ground, coming));
        let line: Vec<(f64, f64)> =
            past.iter().filter_map(|(period, left)| Some((ground.across(*period)?, left.value()))).collect();
        shapes.push(Shape::Line(line, &palette::TEXT, 2.0));
        let wished = self.stage.wished.map(|wished| ground.upright(wished, "wished")).unwrap_or_default();
        let told =
            past.iter().map(|(period, left)| ground.told(*period, &format!("{period}: {left} points were left")));
        let told: String = told.chain(coming.iter().map(|point| ground.told(point.period, &in_words(point)))).collect();
        let drawn = ground.frame.draw(&shapes);
        let content = [self.head(), ground.axes(), drawn, "\n".to_owned(), wished, told].concat();
        Chart::new(&Parts {
            id,
            size: SIZE,
            natural: false,
            role: "img",
            title: &format!("Points left of “{}” and the stages before it: {}", self.stage.name, self.dates()),
            description: "The dark line is what was left in past quarters. Right of it the line is the median of what can \
                          be left, in bands that hold the middle 50, 80 and 95 of 100 cases.",
            content: &content,
        })
    }

    /// What was left in the last quarters, the present one included.
    fn past(&self) -> Vec<(Period, Points)> {
        let place = self.of.number.0.wrapping_sub(1);
        let all = &self.forecast.past;
        let last = all.get(all.len().saturating_sub(PAST)..).unwrap_or(all);
        last.iter().filter_map(|quarter| Some((quarter.period, *quarter.left.get(place)?))).collect()
    }

    /// The coming quarters until the stage is done in 95 of 100 cases.
    fn coming(&self) -> &[FanPoint] {
        let fan = &self.of.fan;
        let done = fan.iter().position(|point| point.ninety_five.1.is_zero()).map_or(MOST, |place| place + 1);
        fan.get(..done.clamp(LEAST, MOST)).unwrap_or(fan)
    }

    /// The bands, the widest at the bottom, and the median. They begin at what is left now.
    fn fan(&self, ground: &PointGround<'_>, coming: &[FanPoint]) -> Vec<Shape> {
        let Some(now) = ground.across(self.forecast.from) else { return Vec::new() };
        let start = (now, self.of.left.value());
        let along = |value: &dyn Fn(&FanPoint) -> Points| -> Vec<(f64, f64)> {
            let points = coming.iter().filter_map(|point| Some((ground.across(point.period)?, value(point).value())));
            std::iter::once(start).chain(points).collect()
        };
        let band = |range: &dyn Fn(&FanPoint) -> (Points, Points), level| {
            let mut outline = along(&|point| range(point).1);
            outline.extend(along(&|point| range(point).0).into_iter().rev());
            Shape::Area(outline, palette::ramp(level).0)
        };
        vec![
            band(&|point| point.ninety_five, 1),
            band(&|point| point.eighty, 2),
            band(&|point| point.half, 3),
            Shape::Line(along(&|point| point.median), &palette::TEXT, 1.0),
        ]
    }

    fn head(&self) -> String {
        let base = f64::from(NOTE) + 2.0;
        let name = fitted(&format!("{}. {}", self.of.number.0, self.stage.name), NOTE, f64::from(SIZE.0));
        note((0.0, base), "start", &name) + &note((0.0, base + 16.0), "start", &self.dates())
    }

    fn dates(&self) -> String {
        match self.of.done {
            Done::Already => "nothing is left".to_owned(),
            Done::By { .. } => {
                let date = |(likelihood, date): (u8, Option<Period>)| match date {
                    Some(date) => format!("{likelihood} % by {date}"),
                    None => format!("{likelihood} % later"),
                };
                self.of.dates().map(date).join(", ")
            }
        }
    }
}

fn in_words(point: &FanPoint) -> String {
    let FanPoint { period, median, half, eighty, ninety_five } = point;
    let range = |(from, to): &(Points, Points)| format!("{from} to {to}");
    format!(
        "{period}: {median} points left in the median; 50 %: {}, 80 %: {}, 95 %: {}",
        range(half),
        range(eighty),
        range(ninety_five)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::forecast::PastQuarter;
    use crate::domain::roadmap::StageNumber;

    /// A forecast of two stages, the first of which is done.
    fn sample() -> Forecast {
        let from: Period = "2026-Q4".parse().unwrap();
        let quarter = |ahead: u32| {
            let left = |share: f64| Points::hundredths((20_000.0 - f64::from(ahead) * share).max(0.0) as u64);
            FanPoint {
                period: from.plus(ahead),
                median: left(2_500.0),
                half: (left(3_000.0), left(2_000.0)),
                eighty: (left(3_500.0), left(1_600.0)),
                ninety_five: (left(4_000.0), left(1_200.0)),
            }
        };
        let mut past: Vec<PastQuarter> = Vec::new();
        let mut period = from;
        for before in 0..6 {
            past.insert(0, PastQuarter::sample(period, &[Points::ZERO, Points::whole(200 + before * 25)]));
            period = period.previous();
        }
        let done = Done::By { half: Some(from.plus(8)), eighty: Some(from.plus(13)), ninety_five: Some(from.plus(17)) };
        let stage = |number, left, done, fan| StageForecast { number: StageNumber(number), left, done, fan };
        let stages = vec![
            stage(1, Points::ZERO, Done::Already, vec![]),
            stage(2, Points::whole(200), done, (1..=40).map(quarter).collect()),
        ];
        Forecast { from, teams: 3, past, steps: vec![], stages, check: None }
    }

    fn roadmap(name: &str, wished: Option<&str>) -> Roadmap {
        let stage = |name: &str, wished: Option<&str>| Stage {
            name: name.to_owned(),
            wished: wished.map(|text| text.parse().unwrap()),
            ..Stage::default()
        };
        Roadmap::new(vec![stage("First", None), stage(name, wished)]).unwrap()
    }

    #[test]
    fn a_fan_is_drawn_as_it_always_was() {
        let charts = forecast(&sample(), &roadmap("Automation of security testing", Some("2028-Q2")), "f");
        let [chart] = &charts[..] else { panic!("what is done has no fan") };
        assert_golden("forecast", chart.svg());
        assert!(chart.svg().contains("50 % by 2028-Q4, 80 % by 2030-Q1, 95 % by 2031-Q1"));
    }

    #[test]
    fn names_are_text() {
        assert!(forecast(&sample(), &roadmap(HOSTILE, None), HOSTILE).iter().all(is_sound));
    }
}
