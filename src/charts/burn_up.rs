//! A saved plan against what happened: what was to be done by the end of each quarter, and what was.

use super::frame::Shape;
use super::markup::{Key, legend, line};
use super::points::{NOTE, PointGround, drawable, told};
use super::{Chart, Parts, palette, percent};
use crate::domain::period::Period;
use crate::domain::plan::progress::{BurnUpPoint, PlanProgress};

/// The size of the chart, in user units.
const SIZE: (i32, i32) = (960, 250);
/// Above the plot, for the legend.
const TOP: i32 = 38;
/// How many quarters are drawn.
const MOST: usize = 28;

/// The progress of a plan over its quarters, the first 28 of them: what was planned as a dashed line, what is done as a line
/// with points, and what is due as an upright line. `None` where there is no quarter of which anything is known.
pub fn burn_up(progress: &PlanProgress, id: &str) -> Option<Chart> {
    let points = progress.burn_up.get(..MOST).unwrap_or(&progress.burn_up);
    let quarters: Vec<Period> = points.iter().map(|point| point.period).collect();
    let (first, last) = (quarters.first()?, quarters.last()?);
    let planned: Vec<_> = points.iter().map(|point| (point.period, drawable(point.planned.value()))).collect();
    let done: Vec<_> = points.iter().filter_map(|point| Some((point.period, drawable(point.done?)))).collect();
    let (latest, _) = done.last()?;
    let values = || planned.iter().chain(&done).map(|(_, points)| *points);
    let ground = PointGround::from(SIZE, TOP, &quarters, (values().fold(0.0, f64::min), values().fold(1.0, f64::max)));
    let shapes: Vec<Shape> = ground.grid().collect();
    let (legend, _) = legend(&keys(progress), 0.0, 4.0, f64::from(SIZE.0), NOTE);
    let content = [
        legend,
        ground.axes(),
        ground.frame.draw(&shapes),
        "\n".to_owned(),
        due(&ground, progress.due),
        course(&ground, &planned, "5 3"),
        course(&ground, &done, ""),
        done.iter().map(|(at, points)| dot(&ground, *at, *points)).collect(),
        points.iter().map(|point| ground.told(point.period, &in_words(point))).collect(),
    ];
    let (share_done, share_due) = (percent(progress.done_share()), percent(progress.due_share()));
    Some(Chart::new(&Parts {
        id,
        size: SIZE,
        natural: false,
        role: "img",
        title: &format!(
            "Planned and done: {share_done} of the plan is done by {latest}, {share_due} was due by the end of {}",
            progress.due
        ),
        description: &format!(
            "From {first} to {last}, in points of work: the dashed line is what was to be done by the end of each quarter, {} in \
             all; the line with points is what is done, {} so far. What was planned up to the upright line is due.",
            told(progress.planned.value()),
            told(progress.done)
        ),
        content: &content.concat(),
    }))
}

/// The last quarter that is due.
fn due(ground: &PointGround<'_>, due: Period) -> String {
    let Some(at) = ground.across(due) else { return String::new() };
    let ends = [ground.frame.y.end, ground.frame.y.start].map(|value| ground.frame.place(at, value));
    line(&ends, &palette::MUTED, 1.0, "1 3")
}

fn course(ground: &PointGround<'_>, points: &[(Period, f64)], dash: &str) -> String {
    let place = |(at, points): &(Period, f64)| Some(ground.frame.place(ground.across(*at)?, *points));
    let places: Vec<_> = points.iter().filter_map(place).collect();
    if places.len() > 1 { line(&places, &palette::LINE, 2.0, dash) } else { String::new() }
}

fn dot(ground: &PointGround<'_>, at: Period, points: f64) -> String {
    let Some(at) = ground.across(at) else { return String::new() };
    let (x, y) = ground.frame.place(at, points);
    format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{}\"/>", palette::LINE.variable)
}

fn keys(progress: &PlanProgress) -> Vec<Key> {
    let stroke = |dash| line(&[(0.0, 5.0), (18.0, 5.0)], &palette::LINE, 2.0, dash);
    let dot = format!("<circle cx=\"9\" cy=\"5\" r=\"3\" fill=\"{}\"/>", palette::LINE.variable);
    let upright = line(&[(9.0, -2.0), (9.0, 12.0)], &palette::MUTED, 1.0, "1 3");
    vec![
        Key { sample: stroke("5 3"), meaning: "planned".to_owned() },
        Key { sample: stroke("") + &dot, meaning: "done".to_owned() },
        Key { sample: upright, meaning: format!("due by {}", progress.due) },
    ]
}

/// A quarter in words.
fn in_words(point: &BurnUpPoint) -> String {
    let planned = told(point.planned.value());
    match point.done {
        Some(done) => format!("{}: {} points done, {planned} planned", point.period, told(done)),
        None => format!("{}: {planned} points planned", point.period),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{assert_golden, is_sound};
    use crate::domain::plan::Points;
    use crate::domain::plan::progress::LeftOut;

    fn progress(planned: &[u64], done: &[f64], due: &str) -> PlanProgress {
        let first: Period = "2026-Q1".parse().unwrap();
        let periods = std::iter::successors(Some(first), |period| Some(period.next()));
        let done_at = |place: usize| done.get(place).copied();
        let points = periods.zip(planned).enumerate().map(|(place, (period, planned))| BurnUpPoint {
            period,
            planned: Points::hundredths(*planned),
            done: done_at(place),
        });
        let burn_up: Vec<BurnUpPoint> = points.collect();
        let due: Period = due.parse().unwrap();
        let until_due = burn_up.iter().filter(|point| point.period <= due);
        PlanProgress {
            due,
            planned: burn_up.last().map_or(Points::ZERO, |point| point.planned),
            planned_to_date: until_due.map(|point| point.planned).max().unwrap_or_default(),
            done: done.last().copied().unwrap_or_default(),
            burn_up,
            stages: vec![],
            items: 0,
            finished: 0,
            slipped: vec![],
            ahead: vec![],
            teams: vec![],
            left_out: LeftOut::default(),
        }
    }

    #[test]
    fn a_burn_up_is_drawn_as_it_always_was() {
        let planned = [0, 6_000, 13_000, 21_000, 27_000, 32_000, 34_250];
        let found = progress(&planned, &[0.0, 48.0, 97.5, 131.0], "2026-Q3");
        let chart = burn_up(&found, "b").unwrap();
        assert!(is_sound(&chart));
        assert_golden("burn-up.svg", chart.svg());
        assert!(chart.svg().contains(
            "Planned and done: 38 % of the plan is done by 2026-Q4, 37 % was due by the end of 2026-Q3</title>"
        ));
        assert!(chart.svg().contains("<title>2026-Q3: 97.5 points done, 130 planned</title>"));
        assert!(chart.svg().contains("<title>2026-Q4: 131 points done, 210 planned</title>"));
        assert!(chart.svg().contains("<title>2027-Q1: 270 points planned</title>"));
        assert_eq!(chart.svg().matches("<circle").count(), 5, "one for each quarter so far, and one in the legend");
        let fell = burn_up(&progress(&[0, 5_000, 9_000], &[0.0, -20.0], "2026-Q2"), "b").unwrap();
        assert_golden("burn-up-below.svg", fell.svg());
    }

    #[test]
    fn without_a_quarter_there_is_no_chart() {
        assert_eq!(burn_up(&progress(&[], &[], "2026-Q2"), "b"), None);
        assert_eq!(burn_up(&progress(&[0, 100], &[], "2026-Q2"), "b"), None, "nothing is known yet");
        let long = burn_up(&progress(&[100; 99], &[0.0], "2026-Q2"), "b").unwrap();
        assert_eq!(long.svg().matches("<title>").count(), MOST);
        assert!(is_sound(&burn_up(&progress(&[0], &[0.0], "2030-Q2"), "b").unwrap()));
    }

    proptest! {
        #[test]
        fn any_values_make_a_sound_chart(
            planned in prop::collection::vec(any::<u64>(), 1..9), done in prop::collection::vec(prop::num::f64::ANY, 1..9),
            name in any::<String>()
        ) {
            let chart = burn_up(&progress(&planned, &done, "2026-Q3"), &name).unwrap();
            prop_assert!(is_sound(&chart), "{}", chart.svg());
        }
    }
}
