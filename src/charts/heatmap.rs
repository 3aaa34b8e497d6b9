//! The round heatmap of the model: the sub-dimensions around, grouped by dimension, and the levels from
//! the inside outwards, each piece filled by how far its activities are implemented.

use std::f64::consts::{PI, TAU};
use std::fmt::Write;

use super::markup::{Key, Label, escape, fitted, legend, plain_id, polar, sector, width, wrapped};
use super::{Chart, Parts, bounded, count, palette};
use crate::domain::catalog::{Catalog, Dimension, Level, MAX_LEVEL, SubDimension};
use crate::domain::scoring::{Measure, Scorecard, Scored, shown};

/// The middle of the wheel, in user units, which is also half of the width of the chart.
const MIDDLE: f64 = 330.0;
const CENTRE: (f64, f64) = (MIDDLE, MIDDLE);
/// The hub, with the score of the whole, and what a level takes.
const HUB: f64 = 31.0;
const RING: f64 = 31.0;
const RIM: f64 = HUB + RING * MAX_LEVEL as f64;
/// From the rim to the names of the dimensions, and to those of the sub-dimensions.
const DIMENSIONS: f64 = 7.0;
const SUB_DIMENSIONS: f64 = 27.0;
/// What is left open at the top, for the figures of the levels, and between two dimensions, in radians.
const TOP: f64 = 0.26;
const BETWEEN: f64 = 0.05;
const NAME: u8 = 11;
const GROUP: u8 = 12;
const LINE: f64 = 13.0;

/// The wheel. `measures` has one entry for each activity of the catalog; `link` gives the address of what
/// a piece shows, by the position of its dimension, that of its sub-dimension in it, and its level.
pub fn heatmap(
    catalog: &Catalog,
    card: &Scorecard,
    measures: &[Measure],
    link: &dyn Fn(usize, usize, Level) -> String,
    scope: &str,
    id: &str,
) -> Chart {
    let wheel = Wheel { catalog, card, measures, id: plain_id(id) };
    let (content, height) = wheel.draw(link);
    Chart::new(&Parts {
        id,
        size: ((MIDDLE * 2.0) as i32, height),
        natural: false,
        role: "group",
        title: &format!("Heatmap of implementation, {scope}"),
        description: &format!(
            "The sub-dimensions stand around, grouped by dimension, and the levels 1 to {MAX_LEVEL} from the inside \
             outwards. Each piece is a link with the percentage to which its activities are implemented. The whole \
             has the score {} and is at level {}.",
            shown(bounded(card.overall.score.score)),
            card.overall.score.level
        ),
        content: &content,
    })
}

/// How far the activities of a sub-dimension and a level are.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    /// How many activities apply.
    applicable: usize,
    /// How many of them are fully implemented.
    done: usize,
    /// How many do not apply.
    not_applicable: usize,
    /// The mean worth of those that apply, in percent; 0 if none does.
    percent: f64,
}

impl Piece {
    /// `None` when the level has no activities here.
    fn new(catalog: &Catalog, sub: &SubDimension, level: Level, measures: &[Measure]) -> Option<Self> {
        let of_level = sub.activities().filter(|&index| catalog.activity(index).level == level);
        let worths = of_level.map(|index| measures.get(index.position()).and_then(|measure| measure.worth));
        let worths: Vec<Option<f64>> = worths.collect();
        let applicable: Vec<f64> = worths.iter().flatten().copied().filter(|worth| !worth.is_nan()).collect();
        (!worths.is_empty()).then(|| Self {
            applicable: applicable.len(),
            done: applicable.iter().filter(|worth| **worth >= 100.0).count(),
            not_applicable: worths.len() - applicable.len(),
            percent: applicable.iter().sum::<f64>() / applicable.len().max(1) as f64,
        })
    }

    /// The step of the ramp.
    fn step(&self) -> Level {
        match self.percent {
            percent if percent <= 0.0 => 0,
            percent if self.done == self.applicable || percent >= 100.0 => 5,
            percent => (1..4).rev().find(|step| percent >= 25.0 * f64::from(*step)).map_or(1, |step| step + 1),
        }
    }

    /// The percentage, rounded down, so that 100 means all of it.
    fn number(&self) -> String {
        match (self.percent + 1e-6).floor() {
            0.0 if self.percent > 0.0 => "<1".to_owned(),
            percent => percent.to_string(),
        }
    }

    fn told(&self) -> String {
        if self.applicable == 0 {
            return format!("none of {} applies", count(self.not_applicable, "activity", "activities"));
        }
        let of = count(self.applicable, "activity", "activities");
        let left_out = match self.not_applicable {
            0 => String::new(),
            n => format!(", {n} not applicable"),
        };
        format!("{} of {of} fully implemented, {} %{left_out}", self.done, self.number())
    }
}

struct Wheel<'a> {
    catalog: &'a Catalog,
    card: &'a Scorecard,
    measures: &'a [Measure],
    id: String,
}

impl Wheel<'_> {
    fn draw(&self, link: &dyn Fn(usize, usize, Level) -> String) -> (String, i32) {
        let dimensions = self.catalog.dimensions();
        let spokes: usize = dimensions.iter().map(|dimension| dimension.sub_dimensions.len()).sum();
        let slice = (TAU - TOP - BETWEEN * dimensions.len().saturating_sub(1) as f64) / spokes.max(1) as f64;
        let (mut from, mut svg) = (TOP / 2.0, self.hatch());
        for (d, dimension) in dimensions.iter().enumerate() {
            let end = from + slice * dimension.sub_dimensions.len() as f64;
            svg += &self.dimension(d, dimension, from, end);
            for (s, sub) in dimension.sub_dimensions.iter().enumerate() {
                let from = from + slice * s as f64;
                let scored = self.card.dimensions.get(d).and_then(|dimension| dimension.sub_dimensions.get(s));
                svg += &name(sub, scored, from + slice / 2.0, slice);
                for level in 1..=MAX_LEVEL {
                    svg += &self.piece(sub, level, from, slice, &|| link(d, s, level));
                }
            }
            from = end + BETWEEN;
        }
        svg += &self.hub();
        svg += &levels();
        let (legend, height) = legend(&self.keys(), 20.0, 2.0 * MIDDLE + 26.0, 2.0 * MIDDLE - 40.0, NAME);
        (svg + &legend, height.ceil() as i32)
    }

    /// What fills pieces to which nothing applies.
    fn hatch(&self) -> String {
        format!(
            "<defs><pattern id=\"{}-hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><path d=\"M0 0V5\" stroke=\"{}\" stroke-width=\"2\"/></pattern></defs>\n",
            self.id,
            palette::MUTED.variable
        )
    }

    /// The name of a dimension along its arc; below the middle it runs the other way round, to be read.
    fn dimension(&self, d: usize, dimension: &Dimension, from: f64, to: f64) -> String {
        if dimension.sub_dimensions.is_empty() {
            return String::new();
        }
        let middle = (from + to) / 2.0;
        let is_below = (PI / 2.0..PI * 1.5).contains(&middle);
        let radius = RIM + DIMENSIONS + if is_below { f64::from(GROUP) * 0.75 } else { 0.0 };
        // A whole turn would be no arc at all.
        let (from, to) = (from, to.min(from + TAU * 0.99));
        let (start, end) = if is_below { (to, from) } else { (from, to) };
        let ((a, b), (c, d_)) = (polar(CENTRE, radius, start), polar(CENTRE, radius, end));
        let name = fitted(&dimension.name, GROUP, (to - from) * radius);
        format!(
            "<path id=\"{id}-{d}\" d=\"M{a:.2} {b:.2}A{radius:.2} {radius:.2} 0 {} {} {c:.2} {d_:.2}\" fill=\"none\"/>\
             <text font-size=\"{GROUP}\" font-weight=\"650\" fill=\"{}\" text-anchor=\"middle\"><title>{}</title>\
             <textPath href=\"#{id}-{d}\" startOffset=\"50%\">{}</textPath></text>\n",
            u8::from(to - from > PI),
            u8::from(!is_below),
            palette::TEXT.variable,
            escape(&dimension.name),
            escape(&name),
            id = self.id,
        )
    }

    fn piece(&self, sub: &SubDimension, level: Level, from: f64, slice: f64, link: &dyn Fn() -> String) -> String {
        let inner = HUB + RING * f64::from(level - 1);
        let outline = sector(CENTRE, inner, inner + RING, from, from + slice.min(TAU * 0.99));
        let Some(piece) = Piece::new(self.catalog, sub, level, self.measures) else {
            return format!("<path d=\"{outline}\" fill=\"none\" stroke=\"{}\"/>\n", palette::GRID.variable);
        };
        let told = format!("{}, level {level}: {}", sub.name, piece.told());
        let (surface, ink) = palette::ramp(piece.step());
        let (fill, number) = match piece.applicable {
            0 => (format!("url(#{}-hatch)", self.id), String::new()),
            _ => (
                surface.variable.to_owned(),
                number(&piece.number(), ink, inner + RING / 2.0, from + slice / 2.0, slice),
            ),
        };
        let value = fitted(&told, NAME + 1, 2.0 * MIDDLE);
        let at = (MIDDLE, 2.0 * MIDDLE + 12.0);
        let value =
            Label { at, anchor: "middle", size: NAME + 1, weight: Some(600), ink: &palette::TEXT, text: &value };
        format!(
            "<a class=\"chart-mark\" href=\"{}\" aria-label=\"{told}\"><title>{told}</title>\
             <path class=\"chart-edge\" d=\"{outline}\" fill=\"{fill}\" stroke=\"{}\" pointer-events=\"all\"/>{number}{}</a>\n",
            escape(&link()),
            palette::SURFACE.variable,
            value.value(),
            told = escape(&told),
        )
    }

    /// The score and the level of the whole.
    fn hub(&self) -> String {
        let score = &self.card.overall.score;
        let label = |y, size, weight, ink, text: &str| {
            Label { at: (MIDDLE, MIDDLE + y), anchor: "middle", size, weight, ink, text }.svg()
        };
        label(2.0, 16, Some(650), &palette::TEXT, &shown(bounded(score.score)))
            + &label(16.0, NAME, None, &palette::MUTED, &format!("level {}", score.level.min(MAX_LEVEL)))
    }

    fn keys(&self) -> Vec<Key> {
        let sample = |fill: &str| {
            let edge = palette::MUTED.variable;
            format!(
                "<rect y=\"-1\" width=\"18\" height=\"12\" rx=\"2\" fill=\"{fill}\" stroke=\"{edge}\" stroke-width=\"0.5\"/>"
            )
        };
        let steps = ["0 % implemented", "below 25 %", "below 50 %", "below 75 %", "below 100 %", "100 %"];
        let key = |(step, meaning): (Level, &str)| Key {
            sample: sample(palette::ramp(step).0.variable),
            meaning: meaning.to_owned(),
        };
        let mut keys: Vec<Key> = (0..).zip(steps).map(key).collect();
        let hatched = sample(&format!("url(#{}-hatch)", self.id));
        keys.push(Key { sample: hatched, meaning: "nothing applies".to_owned() });
        let empty = sample("none");
        keys.push(Key { sample: empty, meaning: "no activities".to_owned() });
        keys
    }
}

/// The name of a sub-dimension, from the wheel outwards, and never upside down.
fn name(sub: &SubDimension, scored: Option<&Scored>, angle: f64, slice: f64) -> String {
    let near = RIM + SUB_DIMENSIONS;
    let lines = match (near * slice / LINE) as usize {
        0 => return String::new(),
        1 => vec![fitted(&sub.name, NAME, MIDDLE - near)],
        _ => wrapped(&sub.name, NAME, MIDDLE - near),
    };
    let (is_left, degrees) = (angle > PI, angle.to_degrees());
    let (x, anchor, degrees) =
        if is_left { (MIDDLE - near, "end", degrees - 270.0) } else { (MIDDLE + near, "start", degrees - 90.0) };
    let mut svg = String::from("<g>");
    if let Some(scored) = scored {
        let score = &scored.score;
        let told =
            format!("{}: level {} of {}, score {}", sub.name, score.level, score.ceiling, shown(bounded(score.score)));
        // Writing into a string cannot fail.
        let _ = write!(svg, "<title>{}</title>", escape(&told));
    }
    for (i, text) in lines.iter().enumerate() {
        let y = MIDDLE + LINE * (i as f64 - (lines.len() as f64 - 1.0) / 2.0) + f64::from(NAME) * 0.35;
        svg +=
            &Label { at: (x, y), anchor, size: NAME, weight: None, ink: &palette::TEXT, text }.turned(degrees, CENTRE);
    }
    svg + "</g>\n"
}

/// The percentage in a piece: level where there is room, or else along its spoke, or else not at all.
fn number(text: &str, ink: &'static palette::Ink, radius: f64, angle: f64, slice: f64) -> String {
    let at = polar(CENTRE, radius, angle);
    let label = |x, y| Label { at: (x, y), anchor: "middle", size: NAME, weight: None, ink, text };
    let (chord, half) = (2.0 * radius * (slice / 2.0).min(PI / 2.0).sin(), f64::from(NAME) * 0.35);
    let (x, y) = at;
    if chord >= width(text, NAME) + 2.0 {
        return label(x, y + half).svg();
    }
    if chord < f64::from(NAME) {
        return String::new();
    }
    let turn = if angle > PI { angle.to_degrees() - 270.0 } else { angle.to_degrees() - 90.0 };
    label(x, y + half).turned(turn, at)
}

/// The figures of the levels, in the gap at the top.
fn levels() -> String {
    let label = |y, text: &str| {
        Label { at: (MIDDLE, y), anchor: "middle", size: NAME, weight: None, ink: &palette::MUTED, text }.svg()
    };
    let figure = |level: Level| label(MIDDLE - HUB - RING * (f64::from(level) - 0.5) + 4.0, &level.to_string());
    label(MIDDLE - RIM - 5.0, "level") + &(1..=MAX_LEVEL).map(figure).collect::<String>()
}
