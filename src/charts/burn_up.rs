//! A saved plan against what happened: what was to be done by the end of each quarter, and what was.

use super::frame::Shape;
use super::markup::{Key, legend, line};
use super::quarters::{self, Ground, NOTE, SIZE};
use super::{Chart, Parts, palette, percent};
use crate::domain::period::Period;
use crate::domain::plan::progress::{BurnUpPoint, PlanProgress};

/// What the legend takes below the plot.
const BELOW: i32 = 20;

/// The progress of a plan of this name over its quarters: what was planned as a dashed line, what is done as a line with
/// points, and what is due as an upright line. `None` where it has no quarter.
pub fn burn_up(progress: &PlanProgress, name: &str, id: &str) -> Option<Chart> {
    let points = &progress.burn_up;
    let quarters: Vec<Period> = points.iter().map(|point| point.period).collect();
    let (first, last) = (quarters.first()?, quarters.last()?);
    let planned = points.iter().map(|point| (point.period, quarters::endless(point.planned.value())));
    let planned: Vec<_> = planned.collect();
    let done: Vec<_> = points.iter().filter_map(|point| Some((point.period, quarters::endless(point.done?)))).collect();
    let ground = Ground::of_points(&quarters, planned.iter().chain(&done).map(|(_, points)| *points));
    let shares = format!("{} done, {} due", percent(progress.done_share()), percent(progress.due_share()));
    let shapes: Vec<Shape> = ground.grid().collect();
    let (legend, _) = legend(&keys(progress), 0.0, f64::from(SIZE.1), f64::from(SIZE.0), NOTE);
    let content = [
        Ground::head(name, &shares),
        ground.axes(),
        ground.frame.draw(&shapes),
        "\n".to_owned(),
        due(&ground, progress.due),
        course(&ground, &planned, "5 3"),
        course(&ground, &done, ""),
        points.iter().map(|point| ground.point(point.period, &told(point), &dot(&ground, point))).collect(),
        legend,
    ];
    Some(Chart::new(&Parts {
        id,
        size: (SIZE.0, SIZE.1 + BELOW),
        natural: false,
        role: "img",
        title: &format!("Progress of the plan {name}: {shares} by the end of {}", progress.due),
        description: &format!(
            "From {first} to {last}, in points of work: the dashed line is what was to be done by the end of each quarter, {} in \
             all; the line with points is what is done, {} so far. What was planned up to the upright line is due.",
            quarters::told(progress.planned.value()),
            quarters::told(progress.done)
        ),
        content: &content.concat(),
    }))
}

/// The end of the last quarter that is due.
fn due(ground: &Ground<'_>, due: Period) -> String {
    let Some(number) = ground.number(due) else { return String::new() };
    let (x, bottom) = ground.frame.place(number, ground.frame.y.start);
    line(&[(x, f64::from(ground.frame.down.start)), (x, bottom)], &palette::MUTED, 1.0, "1 3")
}

fn course(ground: &Ground<'_>, points: &[(Period, f64)], dash: &str) -> String {
    let places: Vec<_> = points.iter().map(|(at, points)| ground.frame.place(ground.across(*at), *points)).collect();
    if places.len() > 1 { line(&places, &palette::LINE, 2.0, dash) } else { String::new() }
}

fn dot(ground: &Ground<'_>, point: &BurnUpPoint) -> String {
    let Some(done) = point.done else { return String::new() };
    let (x, y) = ground.frame.place(ground.across(point.period), quarters::endless(done));
    let radius = (ground.apart() / 4.0).clamp(1.5, 3.0);
    format!("<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius:.2}\" fill=\"{}\"/>", palette::LINE.variable)
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
fn told(point: &BurnUpPoint) -> String {
    let planned = quarters::told(point.planned.value());
    match point.done {
        Some(done) => format!("{}: {} points done, {planned} planned", point.period, quarters::told(done)),
        None => format!("{}: {planned} points planned", point.period),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
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
        let chart = burn_up(&found, "Plan & <b>", "b").unwrap();
        assert!(is_sound(&chart));
        assert_golden("burn-up.svg", chart.svg());
        assert!(
            chart.svg().contains(
                "Progress of the plan Plan &amp; &lt;b&gt;: 38 % done, 37 % due by the end of 2026-Q3</title>"
            )
        );
        assert!(chart.svg().contains("<title>2026-Q3: 97.5 points done, 130 planned</title>"));
        assert!(chart.svg().contains("<title>2026-Q4: 131 points done, 210 planned</title>"));
        assert!(chart.svg().contains("<title>2027-Q1: 270 points planned</title>"));
        assert_eq!(chart.svg().matches("<circle").count(), 5, "one for each quarter so far, and one in the legend");
        let fell = burn_up(&progress(&[0, 5_000, 9_000], &[0.0, -20.0], "2026-Q2"), HOSTILE, "b").unwrap();
        assert_golden("burn-up-below.svg", fell.svg());
    }

    #[test]
    fn without_a_quarter_there_is_no_chart() {
        assert_eq!(burn_up(&progress(&[], &[], "2026-Q2"), "Plan", "b"), None);
        assert!(is_sound(&burn_up(&progress(&[0], &[0.0], "2030-Q2"), "Plan", "b").unwrap()));
    }

    proptest! {
        #[test]
        fn any_values_make_a_sound_chart(
            planned in prop::collection::vec(any::<u64>(), 1..9), done in prop::collection::vec(prop::num::f64::ANY, 0..9),
            name in any::<String>()
        ) {
            let chart = burn_up(&progress(&planned, &done, "2026-Q3"), &name, &name).unwrap();
            prop_assert!(is_sound(&chart), "{}", chart.svg());
        }
    }
}
