//! The round heatmap of the model: the sub-dimensions around, grouped by dimension, and the levels from
//! the inside outwards, each piece filled by how far its activities are implemented.
//!
//! It has two forms: with the names around the wheel, and for narrow screens, where those could not be
//! read, with numbers around it and a list of the names below.

use std::f64::consts::{PI, TAU};

use super::markup::{Key, Label, escape, fitted, legend, plain_id, polar, sector, width, wrapped};
use super::{Chart, Parts, bounded, count, palette};
use crate::domain::catalog::{Catalog, Dimension, Level, MAX_LEVEL, SubDimension};
use crate::domain::heat::{self, Extent};
use crate::domain::scoring::{Measure, Scorecard, Scored, shown};

/// What is left open at the top, for the figures of the levels, and between two dimensions, in radians.
const TOP: f64 = 0.26;
const BETWEEN: f64 = 0.05;
/// Half of the gap between two pieces, in user units: what is around a focused one takes it.
const BETWEEN_PIECES: f64 = 0.9;
/// The size of most text, in user units, and from one line of it to the next.
const TEXT: u8 = 11;
const LINE: f64 = 13.0;
/// The size of the names of the dimensions.
const GROUP: u8 = 12;
/// From the rim to the names of the dimensions, to those of the sub-dimensions, and to their numbers.
const DIMENSIONS: f64 = 7.0;
const SUB_DIMENSIONS: f64 = 27.0;
const NUMBERS: f64 = 11.0;
/// What the name of a sub-dimension may take.
const ROOM: f64 = 118.0;
/// From one row of the list of names to the next.
const ROW: f64 = 17.0;

/// Where the names stand, and how large the wheel is for it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// Around the wheel.
    Around,
    /// Below it.
    Below,
}

impl Form {
    /// The radius of the hub, with the score of the whole.
    fn hub(self) -> f64 {
        match self {
            Self::Around => 31.0,
            Self::Below => 27.0,
        }
    }

    /// What a level takes.
    fn ring(self) -> f64 {
        match self {
            Self::Around => 31.0,
            Self::Below => 24.0,
        }
    }

    /// What is left below the wheel, for what the piece that is pointed at shows.
    fn told(self) -> f64 {
        match self {
            Self::Around => 22.0,
            Self::Below => 36.0,
        }
    }

    /// The radius of the wheel.
    fn rim(self) -> f64 {
        self.hub() + self.ring() * f64::from(MAX_LEVEL)
    }
}

/// The wheel with the names around it, for 600 pixels and more. `measures` has one entry for each activity of the
/// catalog; `link` gives the address of what a piece shows, by the position of its dimension, that of its
/// sub-dimension in it, and its level.
pub fn heatmap(
    catalog: &Catalog,
    card: &Scorecard,
    measures: &[Measure],
    link: &dyn Fn(usize, usize, Level) -> String,
    scope: &str,
    id: &str,
) -> Chart {
    Wheel::new(catalog, card, measures, Form::Around, id).chart(link, scope, id)
}

/// The same for narrow screens: the sub-dimensions have numbers, and their names stand below with their scores.
pub fn narrow_heatmap(
    catalog: &Catalog,
    card: &Scorecard,
    measures: &[Measure],
    link: &dyn Fn(usize, usize, Level) -> String,
    scope: &str,
    id: &str,
) -> Chart {
    Wheel::new(catalog, card, measures, Form::Below, id).chart(link, scope, id)
}

/// How far the activities of a sub-dimension and a level are, as it is drawn and told.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece(Extent);

impl Piece {
    /// The share that is done, in [0, 1]; 0 if none applies.
    fn share(&self) -> f64 {
        self.0.completion.filter(|share| !share.is_nan()).unwrap_or(0.0)
    }

    /// The step of the ramp.
    fn step(&self) -> Level {
        heat::step(self.share())
    }

    /// The percentage, rounded down, so that 100 means all of it.
    fn number(&self) -> String {
        match (self.share() * 100.0 + 1e-6).floor() {
            0.0 if self.share() > 0.0 => "<1".to_owned(),
            percent => percent.to_string(),
        }
    }

    fn told(&self) -> String {
        let Extent { applicable, done, not_applicable, .. } = self.0;
        if applicable == 0 {
            return format!("none of {} applies", count(not_applicable, "activity", "activities"));
        }
        let of = count(applicable, "activity", "activities");
        let left_out = match not_applicable {
            0 => String::new(),
            n => format!(", {n} not applicable"),
        };
        format!("{done} of {of} fully implemented, {} %{left_out}", self.number())
    }
}

/// A sub-dimension and its place in the wheel.
struct Spoke<'a> {
    /// The positions of its dimension and of itself in it, and its number among all, from 1.
    at: (usize, usize),
    number: usize,
    sub: &'a SubDimension,
    scored: Option<&'a Scored>,
    /// Where it begins and how wide it is, clockwise from the top, in radians.
    from: f64,
    slice: f64,
}

impl Spoke<'_> {
    fn middle(&self) -> f64 {
        self.from + self.slice / 2.0
    }

    /// How to turn text that runs along it and is not upside down, in degrees, and whether that is towards the hub.
    fn turn(&self) -> (f64, bool) {
        let degrees = self.middle().to_degrees();
        if self.middle() > PI { (degrees - 270.0, true) } else { (degrees - 90.0, false) }
    }

    /// Its name in the lines that there is room for.
    fn lines(&self, near: f64) -> Vec<String> {
        match (near * self.slice / LINE) as usize {
            0 => Vec::new(),
            1 => vec![fitted(&self.sub.name, TEXT, ROOM)],
            _ => wrapped(&self.sub.name, TEXT, ROOM),
        }
    }

    fn told(&self) -> String {
        let score = self.scored.map(|scored| &scored.score);
        let values = score.map(|score| {
            format!(": level {} of {}, score {}", score.level, score.ceiling, shown(bounded(score.score)))
        });
        format!("{}{}", self.sub.name, values.unwrap_or_default())
    }
}

struct Wheel<'a> {
    catalog: &'a Catalog,
    card: &'a Scorecard,
    measures: &'a [Measure],
    form: Form,
    id: String,
    spokes: Vec<Spoke<'a>>,
    /// The middle of the wheel, in user units, and where it ends below with all that is around it.
    centre: (f64, f64),
    bottom: f64,
}

impl<'a> Wheel<'a> {
    fn new(catalog: &'a Catalog, card: &'a Scorecard, measures: &'a [Measure], form: Form, id: &str) -> Self {
        let dimensions = catalog.dimensions();
        let count: usize = dimensions.iter().map(|dimension| dimension.sub_dimensions.len()).sum();
        // However many dimensions there are, most of the circle is theirs.
        let gap = BETWEEN.min(1.0 / dimensions.len().max(1) as f64);
        let slice = (TAU - TOP - gap * dimensions.len().saturating_sub(1) as f64) / count.max(1) as f64;
        let (mut spokes, mut from) = (Vec::with_capacity(count), TOP / 2.0);
        for (d, dimension) in dimensions.iter().enumerate() {
            for (s, sub) in dimension.sub_dimensions.iter().enumerate() {
                let scored = card.dimensions.get(d).and_then(|dimension| dimension.sub_dimensions.get(s));
                spokes.push(Spoke { at: (d, s), number: spokes.len() + 1, sub, scored, from, slice });
                from += slice;
            }
            from += gap;
        }
        let (half, above, below) = match form {
            Form::Around => extent(&spokes, form.rim()),
            Form::Below => (170.0, form.rim() + 18.0, form.rim() + 18.0),
        };
        let wheel = (half, above);
        Self { catalog, card, measures, form, id: plain_id(id), spokes, centre: wheel, bottom: above + below }
    }

    fn chart(&self, link: &dyn Fn(usize, usize, Level) -> String, scope: &str, id: &str) -> Chart {
        let (content, height) = self.draw(link);
        Chart::new(&Parts {
            id,
            size: (self.width().ceil() as i32, height.ceil() as i32),
            natural: false,
            role: "group",
            title: &format!("Heatmap of implementation, {scope}"),
            description: &format!(
                "The sub-dimensions stand around, grouped by dimension, and the levels 1 to {MAX_LEVEL} from the \
                 inside outwards. Each piece is a link with the percentage to which its activities are implemented. \
                 The whole has the score {} and is at level {}.",
                shown(bounded(self.card.overall.score.score)),
                self.card.overall.score.level
            ),
            content: &content,
        })
    }

    fn width(&self) -> f64 {
        self.centre.0 * 2.0
    }

    fn draw(&self, link: &dyn Fn(usize, usize, Level) -> String) -> (String, f64) {
        let mut svg = self.hatch();
        if self.form == Form::Around {
            svg.extend(self.catalog.dimensions().iter().enumerate().map(|(d, dimension)| self.dimension(d, dimension)));
        }
        for spoke in &self.spokes {
            svg += &match self.form {
                Form::Around => self.name(spoke),
                Form::Below => self.number(spoke),
            };
            let (d, s) = spoke.at;
            svg.extend((1..=MAX_LEVEL).map(|level| self.piece(spoke, level, &|| link(d, s, level))));
        }
        svg += &self.hub();
        svg += &self.levels();
        let (legend, mut bottom) = legend(&self.keys(), 0.0, self.bottom + self.form.told(), self.width(), TEXT);
        svg += &legend;
        if self.form == Form::Below {
            let (list, end) = self.list(bottom + 6.0);
            svg += &list;
            bottom = end;
        }
        (svg, bottom)
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
    fn dimension(&self, d: usize, dimension: &Dimension) -> String {
        let mut own = self.spokes.iter().filter(|spoke| spoke.at.0 == d);
        let Some(first) = own.next() else { return String::new() };
        let last = own.next_back().unwrap_or(first);
        // A whole turn would be no arc at all.
        let (from, to) = (first.from, (last.from + last.slice).min(first.from + TAU * 0.99));
        let is_below = (PI / 2.0..PI * 1.5).contains(&((from + to) / 2.0));
        let radius = self.form.rim() + DIMENSIONS + if is_below { f64::from(GROUP) * 0.75 } else { 0.0 };
        let (start, end) = if is_below { (to, from) } else { (from, to) };
        let ((x, y), (to_x, to_y)) = (polar(self.centre, radius, start), polar(self.centre, radius, end));
        let name = fitted(&dimension.name, GROUP, (to - from) * radius);
        format!(
            "<path id=\"{id}-{d}\" d=\"M{x:.2} {y:.2}A{radius:.2} {radius:.2} 0 {} {} {to_x:.2} {to_y:.2}\" fill=\"none\"/>\
             <text font-size=\"{GROUP}\" font-weight=\"600\" fill=\"{}\" text-anchor=\"middle\"><title>{}</title>\
             <textPath href=\"#{id}-{d}\" startOffset=\"50%\">{}</textPath></text>\n",
            u8::from(to - from > PI),
            u8::from(!is_below),
            palette::TEXT.variable,
            escape(&dimension.name),
            escape(&name),
            id = self.id,
        )
    }

    /// The name of a sub-dimension, from the wheel outwards.
    fn name(&self, spoke: &Spoke<'_>) -> String {
        let near = self.form.rim() + SUB_DIMENSIONS;
        let ((degrees, is_inwards), (middle, level)) = (spoke.turn(), self.centre);
        let (x, anchor) = if is_inwards { (middle - near, "end") } else { (middle + near, "start") };
        let lines = spoke.lines(near);
        let mut svg = format!("<g><title>{}</title>", escape(&spoke.told()));
        for (i, text) in lines.iter().enumerate() {
            let y = level + LINE * (i as f64 - (lines.len() as f64 - 1.0) / 2.0) + f64::from(TEXT) * 0.35;
            let label = Label { at: (x, y), anchor, size: TEXT, weight: None, ink: &palette::TEXT, text };
            svg += &label.turned(degrees, self.centre);
        }
        svg + "</g>\n"
    }

    /// The number of a sub-dimension, outside of the wheel.
    fn number(&self, spoke: &Spoke<'_>) -> String {
        let radius = self.form.rim() + NUMBERS;
        if radius * spoke.slice < f64::from(TEXT) * 1.6 {
            return String::new();
        }
        let (x, y) = polar(self.centre, radius, spoke.middle());
        let (at, text) = ((x, y + f64::from(TEXT) * 0.35), spoke.number.to_string());
        let label = Label { at, anchor: "middle", size: TEXT, weight: Some(600), ink: &palette::TEXT, text: &text };
        format!("<g><title>{}</title>{}</g>\n", escape(&spoke.told()), label.svg())
    }

    /// The names of the sub-dimensions by their numbers, with their scores, and where it ends.
    fn list(&self, top: f64) -> (String, f64) {
        let (mut svg, mut y) = (String::new(), top);
        let label = |x, y, anchor, weight, text: &str| {
            Label { at: (x, y), anchor, size: GROUP, weight, ink: &palette::TEXT, text }.svg()
        };
        let right = self.width();
        for (d, dimension) in self.catalog.dimensions().iter().enumerate() {
            y += ROW + 4.0;
            svg += &label(0.0, y, "start", Some(600), &fitted(&dimension.name, GROUP, right));
            for spoke in self.spokes.iter().filter(|spoke| spoke.at.0 == d) {
                y += ROW;
                svg += &label(20.0, y, "end", None, &spoke.number.to_string());
                svg += &label(28.0, y, "start", None, &fitted(&spoke.sub.name, GROUP, right - 68.0));
                let score = spoke.scored.map(|scored| shown(bounded(scored.score.score)));
                svg += &label(right, y, "end", None, &score.unwrap_or_default());
            }
        }
        (svg, y + 8.0)
    }

    fn piece(&self, spoke: &Spoke<'_>, level: Level, link: &dyn Fn() -> String) -> String {
        let ring = self.form.ring();
        let inner = self.form.hub() + ring * f64::from(level - 1);
        let angles = (spoke.from, spoke.from + spoke.slice.min(TAU * 0.99));
        let outline = sector(self.centre, (inner, inner + ring), angles, BETWEEN_PIECES);
        let Some(piece) = Extent::at(self.catalog, spoke.sub, level, self.measures).map(Piece) else {
            return format!("<path d=\"{outline}\" fill=\"none\" stroke=\"{}\"/>\n", palette::GRID.variable);
        };
        let name = &spoke.sub.name;
        let told = format!("{name}, level {level}: {}", piece.told());
        let (surface, ink) = palette::ramp(piece.step());
        let (fill, number) = match piece.0.applicable {
            0 => (format!("url(#{}-hatch)", self.id), String::new()),
            _ => (surface.variable.to_owned(), self.share(&piece.number(), ink, inner + ring / 2.0, spoke)),
        };
        // A narrow wheel has two lines for it.
        let values = piece.told();
        let lines = match self.form {
            Form::Around => vec![fitted(&told, GROUP, self.width())],
            Form::Below => vec![fitted(&format!("{name}, level {level}"), GROUP, self.width()), values],
        };
        let mut value = String::new();
        for (i, text) in (0..).zip(&lines) {
            let at = (self.centre.0, self.bottom + 10.0 + LINE * f64::from(i));
            let weight = (i == 0).then_some(600);
            value += &Label { at, anchor: "middle", size: GROUP, weight, ink: &palette::TEXT, text }.svg();
        }
        // The texts stand beside the link, whose name says all of it.
        format!(
            "<a class=\"chart-mark\" href=\"{}\" aria-label=\"{told}\"><title>{told}</title>\
             <path class=\"chart-edge\" d=\"{outline}\" fill=\"{fill}\" pointer-events=\"all\"/></a>\
             <g class=\"chart-value\" visibility=\"hidden\" aria-hidden=\"true\">{value}</g>\
             <g pointer-events=\"none\" aria-hidden=\"true\">{number}</g>\n",
            escape(&link()),
            told = escape(&told),
        )
    }

    /// The percentage in a piece: level where there is room, or else along its spoke, or else not at all.
    fn share(&self, text: &str, ink: &'static palette::Ink, radius: f64, spoke: &Spoke<'_>) -> String {
        let size = TEXT - u8::from(self.form == Form::Below);
        let (x, y) = polar(self.centre, radius, spoke.middle());
        let at = (x, y + f64::from(size) * 0.35);
        let label = Label { at, anchor: "middle", size, weight: None, ink, text };
        let chord = 2.0 * radius * (spoke.slice / 2.0).min(PI / 2.0).sin();
        if chord >= width(text, size) + 2.0 {
            label.svg()
        } else if chord >= f64::from(size) {
            label.turned(spoke.turn().0, (x, y))
        } else {
            String::new()
        }
    }

    /// The score and the level of the whole.
    fn hub(&self) -> String {
        let score = &self.card.overall.score;
        let (x, middle) = self.centre;
        let label = |y, size, weight, ink, text: &str| {
            Label { at: (x, middle + y), anchor: "middle", size, weight, ink, text }.svg()
        };
        label(2.0, 16, Some(600), &palette::TEXT, &shown(bounded(score.score)))
            + &label(16.0, TEXT, None, &palette::MUTED, &format!("level {}", score.level.min(MAX_LEVEL)))
    }

    /// The figures of the levels, in the gap at the top.
    fn levels(&self) -> String {
        let (x, middle) = self.centre;
        let label = |y, text: &str| {
            let at = (x, middle - y);
            Label { at, anchor: "middle", size: TEXT, weight: None, ink: &palette::MUTED, text }.svg()
        };
        let (hub, ring) = (self.form.hub(), self.form.ring());
        let figure = |level: Level| label(hub + ring * (f64::from(level) - 0.5) - 4.0, &level.to_string());
        label(self.form.rim() + 5.0, "level") + &(1..=MAX_LEVEL).map(figure).collect::<String>()
    }

    fn keys(&self) -> Vec<Key> {
        let sample = |fill: &str| {
            let edge = palette::MUTED.variable;
            format!(
                "<rect x=\"1\" y=\"-1\" width=\"17\" height=\"12\" rx=\"2\" fill=\"{fill}\" stroke=\"{edge}\" \
                 stroke-width=\"0.5\"/>"
            )
        };
        let steps = ["0 % implemented", "below 25 %", "below 50 %", "below 75 %", "below 100 %", "100 %"];
        let key = |(step, meaning): (Level, &'static str)| (sample(palette::ramp(step).0.variable), meaning);
        let mut keys: Vec<(String, &'static str)> = (0..).zip(steps).map(key).collect();
        keys.push((sample(&format!("url(#{}-hatch)", self.id)), "nothing applies"));
        keys.push((sample("none"), "no activities"));
        keys.into_iter().map(|(sample, meaning)| Key { sample, meaning: meaning.to_owned() }).collect()
    }
}

/// How far the names reach from the middle of the wheel: to the sides, upwards and downwards.
fn extent(spokes: &[Spoke<'_>], rim: f64) -> (f64, f64, f64) {
    let near = rim + SUB_DIMENSIONS;
    let (mut side, mut above, mut below) = (near, near, near);
    for spoke in spokes {
        let lines = spoke.lines(near);
        let far = near + lines.iter().map(|line| width(line, TEXT)).fold(0.0, f64::max);
        let thick = LINE * lines.len() as f64 / 2.0;
        let (sin, cos) = spoke.middle().sin_cos();
        side = side.max(far * sin.abs() + thick * cos.abs());
        let reach = |cos: f64| far * cos + thick * sin.abs();
        (above, below) = (above.max(reach(cos)), below.max(reach(-cos)));
    }
    (side.ceil(), above.ceil(), below.ceil())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::samples::{assert_golden, is_sound};
    use crate::domain::answer::Mark;
    use crate::domain::catalog::{DimensionContent, samples};
    use crate::domain::scoring::Threshold;

    /// A catalog of dimensions with so many sub-dimensions, each with an activity on each of the levels.
    fn catalog(dimensions: &[(&str, usize)], levels: &[Level]) -> Catalog {
        let total: usize = dimensions.iter().map(|(_, count)| count).sum();
        let mut content = samples::content(&vec![levels; total]);
        let mut subs = std::mem::take(&mut content.dimensions[0].sub_dimensions).into_iter();
        content.dimensions = dimensions
            .iter()
            .map(|(name, count)| DimensionContent {
                name: (*name).to_owned(),
                sub_dimensions: subs.by_ref().take(*count).collect(),
            })
            .collect();
        for (i, sub) in content.dimensions.iter_mut().flat_map(|d| &mut d.sub_dimensions).enumerate() {
            sub.name = if i % 2 == 0 { format!("Part {i}") } else { format!("Dynamic depth for infrastructure {i}") };
        }
        Catalog::new(content).unwrap()
    }

    fn drawn(catalog: &Catalog, marks: &[Mark], form: Form) -> Chart {
        let measures: Vec<Measure> = marks.iter().map(|&mark| mark.into()).collect();
        let card = Scorecard::new(catalog, &measures, Threshold::default());
        let link = |d: usize, s: usize, level: Level| format!("/heatmap/{d}/{s}/{level}?a&b");
        match form {
            Form::Around => heatmap(catalog, &card, &measures, &link, "Organization", "h"),
            Form::Below => narrow_heatmap(catalog, &card, &measures, &link, "Organization", "h"),
        }
    }

    const LONG: &str = "Implementation & <b>\"everything\"</b> that is long beyond all reason and measure";
    const MARKS: [Mark; 6] =
        [Mark::Worth(100), Mark::Worth(20), Mark::NotApplicable, Mark::Unanswered, Mark::Worth(50), Mark::Worth(75)];

    #[test]
    fn a_heatmap_is_drawn_as_it_always_was() {
        let small = catalog(&[("Build & <Deployment>", 2), ("Culture", 1)], &[1, 3]);
        assert_golden("heatmap.svg", drawn(&small, &MARKS, Form::Around).svg());
        assert_golden("heatmap-narrow.svg", drawn(&small, &MARKS, Form::Below).svg());
        assert_golden("heatmap-standalone.svg", &drawn(&small, &MARKS, Form::Around).standalone());
    }

    #[test]
    fn a_piece_is_a_link_that_says_what_it_shows() {
        let small = catalog(&[("Build", 2), ("Culture", 1)], &[1, 3]);
        for form in [Form::Around, Form::Below] {
            let chart = drawn(&small, &MARKS, form);
            let svg = chart.svg();
            assert!(is_sound(&chart));
            assert_eq!(svg.matches("<a class").count(), 6, "one for each sub-dimension and level with activities");
            assert!(svg.contains("href=\"/heatmap/1/0/3?a&amp;b\" aria-label=\"Part 2, level 3: 0 of 1 activity fully implemented, 75 %\""));
            let left_out = "Dynamic depth for infrastructure 1, level 1: none of 1 activity applies";
            assert!(svg.contains(&format!("aria-label=\"{left_out}\"><title>{left_out}</title>")));
            assert_eq!(
                svg.matches("fill=\"url(#h-hatch)\"").count(),
                2,
                "the piece to which nothing applies, and the legend"
            );
            assert!(svg.contains("role=\"group\""), "an image would hide its links");
        }
    }

    #[test]
    fn alone_it_has_no_links_that_lead_nowhere() {
        let alone = drawn(&catalog(&[("Build", 2), ("Culture", 1)], &[1, 3]), &MARKS, Form::Around).standalone();
        assert!(!alone.contains("/heatmap/") && alone.contains("<a class=\"chart-mark\" aria-label="));
        assert!(alone.contains("<textPath href=\"#h-0\""), "the names of the dimensions still have their arcs");
    }

    #[test]
    fn the_ramp_has_a_step_for_nothing_and_one_for_all() {
        let piece = |percent: f64, done: usize| {
            Piece(Extent { applicable: 4, done, not_applicable: 0, completion: Some(percent / 100.0) })
        };
        for (percent, done, step, number) in [
            (0.0, 0, 0, "0"),
            (0.2, 0, 1, "<1"),
            (24.99, 0, 1, "24"),
            (25.0, 1, 2, "25"),
            (50.0, 2, 3, "50"),
            (74.9, 2, 3, "74"),
            (75.0, 3, 4, "75"),
            (99.99, 3, 4, "99"),
            (100.0, 4, 5, "100"),
        ] {
            assert_eq!(
                (piece(percent, done).step(), piece(percent, done).number().as_str()),
                (step, number),
                "{percent}"
            );
        }
    }

    #[test]
    fn names_are_never_upside_down_and_never_overlap() {
        let model = catalog(&[("Build", 3), ("Culture", 3), (LONG, 3), ("Gathering", 3), ("Test", 7)], &[1, 2]);
        let marks = vec![Mark::Unanswered; model.len()];
        let measures: Vec<Measure> = marks.iter().map(|&mark| mark.into()).collect();
        let card = Scorecard::new(&model, &measures, Threshold::default());
        let wheel = Wheel::new(&model, &card, &measures, Form::Around, "h");
        let near = Form::Around.rim() + SUB_DIMENSIONS;
        for spoke in &wheel.spokes {
            let (degrees, _) = spoke.turn();
            assert!((-90.0..=90.0).contains(&degrees), "{degrees}");
            let tall = spoke.lines(near).len() as f64 * LINE;
            assert!(tall <= spoke.slice * near, "two lines are higher than the place between two spokes");
        }
        let (side, above) = wheel.centre;
        assert!(side <= near + ROOM + LINE && above <= near + ROOM + LINE);
        assert!(is_sound(&drawn(&model, &marks, Form::Around)));
    }

    #[test]
    fn from_one_to_hundreds_is_drawn_too() {
        let sizes: [&[(&str, usize)]; 3] = [&[("One", 1)], &[("One", 1), ("None", 0), ("Two", 2)], &[("Many", 400)]];
        for dimensions in sizes {
            let model = catalog(dimensions, &[5]);
            for form in [Form::Around, Form::Below] {
                let chart = drawn(&model, &vec![Mark::Worth(100); model.len()], form);
                assert!(is_sound(&chart), "{dimensions:?} {form:?}");
                assert_eq!(chart.svg().matches("<a class").count(), model.len());
            }
        }
    }
}
