//! The work of a plan, quarter by quarter: what each stage takes, one on another, below what the teams can do.

use super::frame::Shape;
use super::markup::{fitted, width};
use super::points::{NOTE, PointGround, note};
use super::{Chart, Parts, palette};
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::plan::calendar::PlannedQuarter;
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};

/// The size of the chart, in user units.
const SIZE: (i32, i32) = (960, 250);
/// Above the plot, for the legend.
const TOP: i32 = 38;
/// How much of a quarter its column is wide, and at most, in user units.
const SHARE: f64 = 0.72;
const WIDEST: f64 = 56.0;
/// How many quarters are drawn; what comes later is far and little.
const MOST: usize = 24;
const CHIP: f64 = 12.0;

/// The quarters of a plan, the first 24 of them. `None` when there are none.
pub fn workload(quarters: &[PlannedQuarter<'_>], roadmap: &Roadmap, id: &str) -> Option<Chart> {
    let shown = quarters.get(..MOST).unwrap_or(quarters);
    let last = shown.last()?;
    let highest = shown.iter().map(|quarter| quarter.capacity.max(quarter.work)).max()?;
    let periods: Vec<Period> = shown.iter().map(|quarter| quarter.period).collect();
    let ground = PointGround::new(SIZE, TOP, &periods, highest.value());
    let stages: Vec<StageNumber> = (1..=roadmap.stages().len()).map(StageNumber).collect();
    let mut shapes: Vec<Shape> = ground.grid().collect();
    for (place, quarter) in shown.iter().enumerate() {
        shapes.extend(column(ground.apart(), place as f64, quarter, &stages));
    }
    shapes.push(Shape::Line(capacity(shown), &palette::TEXT, 1.5));
    let told: String = shown.iter().map(|quarter| ground.told(quarter.period, &in_words(quarter, roadmap))).collect();
    let content = [legend(roadmap), ground.axes(), ground.frame.draw(&shapes), "\n".to_owned(), told].concat();
    let until = if quarters.len() > shown.len() {
        format!("first {MOST} of {} quarters", quarters.len())
    } else {
        format!("until {}", last.period)
    };
    Some(Chart::new(&Parts {
        id,
        size: SIZE,
        natural: false,
        role: "img",
        title: &format!("Work of the plan by quarter, in points, {until}"),
        description: "Each column is the work of a quarter, made of what the stages take, the first at the bottom. \
                      The line is what the teams can do.",
        content: &content,
    }))
}

impl PlannedQuarter<'_> {
    /// The work of one stage.
    fn of_stage(&self, stage: StageNumber) -> Points {
        let of_stage = self.rows.iter().flat_map(|row| &row.teams).filter(|work| work.item.stage == stage);
        of_stage.map(|work| work.work).sum()
    }
}

/// The work of a quarter, whose neighbours are so far apart, stage by stage.
fn column(apart: f64, at: f64, quarter: &PlannedQuarter<'_>, stages: &[StageNumber]) -> Vec<Shape> {
    let half = SHARE.min(WIDEST / apart) / 2.0;
    let mut bottom = 0.0;
    let mut shapes = Vec::new();
    for stage in stages {
        let work = quarter.of_stage(*stage).value();
        if work > 0.0 {
            let top = bottom + work;
            let outline = vec![(at - half, bottom), (at + half, bottom), (at + half, top), (at - half, top)];
            shapes.push(Shape::Area(outline, surface(*stage)));
            if bottom > 0.0 {
                shapes.push(Shape::Line(vec![(at - half, bottom), (at + half, bottom)], &palette::SURFACE, 1.0));
            }
            bottom = top;
        }
    }
    shapes
}

/// What the teams can do, as steps.
fn capacity(shown: &[PlannedQuarter<'_>]) -> Vec<(f64, f64)> {
    let ends = |(place, quarter): (usize, &PlannedQuarter<'_>)| {
        let (at, value) = (place as f64, quarter.capacity.value());
        [(at - 0.5, value), (at + 0.5, value)]
    };
    shown.iter().enumerate().flat_map(ends).collect()
}

fn surface(stage: StageNumber) -> &'static palette::Ink {
    palette::ramp(u8::try_from(stage.0 + 1).unwrap_or(u8::MAX)).0
}

/// The stages with their colours, and the line.
fn legend(roadmap: &Roadmap) -> String {
    let room = f64::from(SIZE.0) / (roadmap.stages().len() + 1) as f64;
    let base = f64::from(NOTE) + 2.0;
    let entry = |(at, stage): (usize, &Stage)| {
        let x = at as f64 * room;
        let name = fitted(&format!("{}. {}", at + 1, stage.name), NOTE, room - CHIP - 20.0);
        format!(
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{CHIP}\" height=\"{CHIP}\" rx=\"2\" fill=\"{}\"/>{}",
            base - CHIP + 2.0,
            surface(StageNumber(at + 1)).variable,
            note((x + CHIP + 6.0, base), "start", &name)
        )
    };
    let stages: String = roadmap.stages().iter().enumerate().map(entry).collect();
    let line = "what the teams can do";
    let x = f64::from(SIZE.0) - width(line, NOTE) - 30.0;
    let (ink, middle) = (palette::TEXT.variable, base - CHIP / 2.0 + 2.0);
    format!(
        "{stages}<path d=\"M{x:.1} {middle:.1}h24\" stroke=\"{ink}\" stroke-width=\"1.5\" fill=\"none\"/>{}",
        note((x + 30.0, base), "start", line)
    )
}

/// A quarter in words.
fn in_words(quarter: &PlannedQuarter<'_>, roadmap: &Roadmap) -> String {
    let parts = (1..).map(StageNumber).zip(roadmap.stages()).filter_map(|(number, stage)| {
        let work = quarter.of_stage(number);
        (!work.is_zero()).then(|| format!("{} {work}", stage.name))
    });
    let parts: Vec<String> = parts.collect();
    format!("{}: {} of {} points; {}", quarter.period, quarter.work, quarter.capacity, parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{HOSTILE, assert_golden, is_sound};
    use crate::domain::catalog::samples;
    use crate::domain::organization::TeamId;
    use crate::domain::plan::{Because, Capacity, Item, Plan, PlanInput, TeamPlan, Then, There};

    fn roadmap(names: &[&str]) -> Roadmap {
        let stage = |name: &&str| Stage { name: (*name).to_owned(), ..Stage::default() };
        Roadmap::new(names.iter().map(stage).collect()).unwrap()
    }

    /// The chart of a plan whose items take so much of a stage, one a quarter.
    fn of(items: &[(usize, u32)], names: &[&str], capacity: u32) -> Option<Chart> {
        let catalog = samples::catalog(&[&[1, 2, 3]]);
        let (activity, _) = catalog.activities().next().unwrap();
        let start: Period = "2027-Q1".parse().unwrap();
        let item = |(at, &(stage, points)): (usize, &(usize, u32))| Item {
            activity,
            stage: StageNumber(stage),
            effort: Points::whole(points),
            usefulness: 3,
            progress: 0.0,
            work: vec![(start.plus(u32::try_from(at / 2).unwrap()), Points::whole(points))],
            because: Because { there: There::Target(1), then: Then::Worth, after: None },
        };
        let team = TeamPlan {
            team: TeamId(1),
            name: "Payments".into(),
            items: items.iter().enumerate().map(item).collect(),
            provided: vec![],
            excluded: vec![],
        };
        let plan = Plan { start, teams: vec![team] };
        let input = PlanInput {
            start,
            capacity: Capacity { each: Points::whole(capacity), exceptions: Default::default() },
            targets: Default::default(),
            wishes: Default::default(),
            left_out: Default::default(),
            decisions: Default::default(),
        };
        workload(&plan.calendar(&input), &roadmap(names), "w")
    }

    #[test]
    fn work_is_drawn_as_it_always_was() {
        let items = [(1, 6), (1, 9), (1, 5), (2, 7), (2, 12), (2, 3), (3, 4), (3, 8), (3, 10)];
        let chart = of(&items, &["Adoption", "Automation", "Improvement"], 15).unwrap();
        assert_golden("workload.svg", chart.svg());
        assert!(chart.svg().contains("2027-Q2: 12 of 15 points; Adoption 5, Automation 7"));
    }

    #[test]
    fn an_empty_plan_has_no_chart_and_a_long_one_its_first_quarters() {
        assert_eq!(of(&[], &["One"], 5), None);
        let many: Vec<(usize, u32)> = (0..100).map(|_| (1, 3)).collect();
        let chart = of(&many, &["One"], 5).unwrap();
        assert!(chart.svg().contains("first 24 of 50 quarters"));
        assert!(!chart.svg().contains("2033-Q1: "));
    }

    #[test]
    fn names_are_text() {
        assert!(is_sound(&of(&[(1, 3)], &[HOSTILE], 5).unwrap()));
    }
}
