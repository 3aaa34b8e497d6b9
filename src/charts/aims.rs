//! The levels that the stages aim at in a dimension, or in all, as dashed lines over the quarters: each up to the date by
//! which it is wished for, or all the way where none is.

use std::collections::BTreeMap;

use super::markup::{Label, line, width};
use super::palette;
use super::quarters::{Ground, NOTE};
use crate::domain::catalog::{Level, MAX_LEVEL};
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};
use crate::domain::scoring::Scorecard;
use crate::domain::standing::Trend;

/// The aims of stages over some quarters.
#[derive(Debug)]
pub(super) struct Aims {
    /// By level and by the quarter where the line ends, those that go all the way last; levels of 0 are no aim.
    lines: BTreeMap<(Level, End), Vec<StageNumber>>,
    /// All of them in words.
    told: Vec<String>,
}

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// With a quarter, by whose end the level should be reached; perhaps one before those that are drawn.
    By(Period),
    /// Not before the right edge: no date is wished, or a later one.
    Open,
}

impl Aims {
    /// Those in a dimension. The whole has the least over the dimensions, since that is what its level needs.
    pub(super) fn new(trend: &Trend, dimension: &str, roadmap: &Roadmap, quarters: &[Period]) -> Self {
        let dimensions = trend.dimensions();
        let level_of = |stage: &Stage| match dimension {
            Scorecard::OVERALL => {
                let parts = dimensions.iter().filter(|name| **name != Scorecard::OVERALL);
                parts.map(|name| stage.target(name)).min().unwrap_or(0)
            }
            name => stage.target(name),
        };
        let last = quarters.last().copied();
        let mut lines: BTreeMap<(Level, End), Vec<StageNumber>> = BTreeMap::new();
        let mut by_date: BTreeMap<(Level, Option<Period>), Vec<StageNumber>> = BTreeMap::new();
        for (number, stage) in (1..).map(StageNumber).zip(roadmap.stages()) {
            let level = level_of(stage).min(MAX_LEVEL);
            if level > 0 {
                let end = stage.wished.filter(|wished| Some(*wished) < last).map_or(End::Open, End::By);
                lines.entry((level, end)).or_default().push(number);
                by_date.entry((level, stage.wished)).or_default().push(number);
            }
        }
        let told = by_date.iter().map(|((level, wished), stages)| {
            let by = wished.map_or_else(String::new, |wished| format!(" by {wished}"));
            format!("level {level} for {}{by}", staged(stages))
        });
        Self { told: told.collect(), lines }
    }

    /// The room that the names at the right edge need.
    pub(super) fn aside(&self) -> i32 {
        let open = self.lines.iter().filter(|((_, end), _)| *end == End::Open);
        let widths = open.map(|(_, stages)| width(&staged(stages), NOTE));
        // The lint would have a checked conversion; `as` saturates, and names are short.
        widths.fold(0.0, f64::max).ceil() as i32
    }

    /// The lines with the names of their stages.
    pub(super) fn draw(&self, ground: &Ground<'_>) -> String {
        let frame = &ground.frame;
        // Names lie on all lines.
        let (mut lines, mut names) = (String::from("\n"), String::new());
        for ((level, end), stages) in &self.lines {
            let (left, y) = frame.place(-0.5, f64::from(*level));
            let text = staged(stages);
            let label = |at, anchor| Label { at, anchor, size: NOTE, weight: None, ink: &palette::MUTED, text: &text };
            match end {
                End::Open => {
                    let (right, _) = frame.place(ground.end(), 0.0);
                    lines += &line(&[(left, y), (right, y)], &palette::LEVEL, 1.25, "5 3");
                    names += &label((right + 4.0, y + f64::from(NOTE) * 0.35), "start").svg();
                }
                End::By(quarter) => {
                    let Some(number) = ground.number(*quarter) else { continue };
                    let (right, _) = frame.place(number + 0.5, 0.0);
                    lines += &line(&[(left, y), (right, y)], &palette::LEVEL, 1.25, "5 3");
                    lines += &line(&[(right, y - 5.0), (right, y + 5.0)], &palette::LEVEL, 2.0, "");
                    // Beside the end of the line, where a score that is on time is already above it; or else above it.
                    let edge = f64::from(frame.across.end);
                    names += &if right + 5.0 + width(&text, NOTE) <= edge {
                        label((right + 5.0, y + f64::from(NOTE) * 0.35), "start").on_lines()
                    } else {
                        label((right - 4.0, y - 4.0), "end").on_lines()
                    };
                }
            }
        }
        lines + &names
    }

    /// All of them in a sentence; empty when there is none.
    pub(super) fn told(&self) -> String {
        let is_dated = self.lines.keys().any(|(_, end)| *end != End::Open);
        let ends = if is_dated { ", each up to the quarter by whose end it should be reached" } else { "" };
        match self.told.as_slice() {
            [] => String::new(),
            told => format!(" Dashed lines are targets{ends}: {}.", told.join(", ")),
        }
    }
}

/// The stages in words.
fn staged(stages: &[StageNumber]) -> String {
    match stages {
        [] => String::new(),
        [StageNumber(only)] => format!("stage {only}"),
        [StageNumber(first), .., StageNumber(last)] if last - first + 1 == stages.len() => {
            format!("stage {first}–{last}")
        }
        // One between them has another date.
        all => format!("stage {}", all.iter().map(|stage| stage.0.to_string()).collect::<Vec<_>>().join(", ")),
    }
}
