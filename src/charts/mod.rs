//! Charts: from the domain to SVG, drawn with plotters. Knows no store, no page and no request.
//!
//! A chart has no size and no colours of its own. It fills the width that it is given, inherits the
//! font of the page, and takes its colours from the properties `--chart-…` and from the ramp `--l0` to `--l5`, so
//! that one SVG is right in light and dark and under a policy that forbids inline styles.
//!
//! It has a title and a description, and every mark tells its value when it is pointed at. Where marks are few, or
//! are links, they can be focused as well; where they are many, the page gives the figures as a table beside it.

mod aims;
mod balance;
mod bars;
mod burn_up;
mod data_flow;
mod forecast;
mod frame;
mod heatmap;
mod levels;
mod markup;
mod open_threats;
mod palette;
mod points;
mod prerequisites;
mod projection;
mod quarters;
mod radar;
mod raster;
mod sparkline;
mod spread;
mod trend;
mod waterfall;
mod workload;

pub use balance::balance;
pub use burn_up::burn_up;
pub use data_flow::{DataFlowPart, DiagramPart, Diagrams, Links, NoDiagram, ThreatCount, data_flow_diagram};
pub use forecast::forecast;
pub use heatmap::{heatmap, narrow_heatmap};
pub use levels::levels;
pub use open_threats::{OpenThreatsPoint, open_threats};
pub use prerequisites::prerequisites;
pub use projection::{Projected, projection};
pub use radar::radar;
pub use raster::NotDrawn;
pub use sparkline::sparkline;
pub use spread::spread;
pub use trend::{trend, trend_of};
pub use waterfall::waterfall;
pub use workload::workload;

use markup::{escape, plain_id};

use crate::domain::catalog::MAX_LEVEL;
use crate::domain::scoring::Scorecard;

/// A finished chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    svg: String,
    size: (i32, i32),
}

/// The space around a chart that stands alone, in user units.
const MARGIN: i32 = 16;

/// What a chart is made of.
struct Parts<'a> {
    /// Unique on the page; empty for a chart that is labelled without one.
    id: &'a str,
    size: (i32, i32),
    /// Whether it is shown in its own size, rather than as wide as there is room.
    natural: bool,
    /// `img`; or `group` where there is something to be focused in it, which an image would hide from assistive
    /// technology.
    role: &'static str,
    title: &'a str,
    description: &'a str,
    /// Well-formed SVG.
    content: &'a str,
}

impl Chart {
    /// The chart as a part of a page, to be put there as it is. Names in it are escaped.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// The chart as a file of its own, with ground, font and colours, dark where dark is preferred.
    pub fn standalone(&self) -> String {
        let svg = self.grounded();
        let style = format!(
            "<style>text{{font-family:system-ui,sans-serif}}{}{}</style>\n",
            markup::VALUE_RULES,
            palette::dark_rules(&svg)
        );
        let svg = svg.replacen("</desc>\n", &format!("</desc>\n{style}"), 1);
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{svg}\n")
    }

    /// The chart on its ground, with a margin, in the fixed colours of the light.
    fn grounded(&self) -> String {
        let ground = format!(
            "<rect x=\"-{MARGIN}\" y=\"-{MARGIN}\" width=\"100%\" height=\"100%\" fill=\"{}\"/>",
            palette::SURFACE.variable
        );
        let (width, height) = self.size;
        let view = |x, y, width, height| format!("viewBox=\"{x} {y} {width} {height}\"");
        let wider = view(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN);
        let svg = self.svg.replacen("</desc>", &format!("</desc>\n{ground}"), 1);
        let natural = |width, height| format!("{} direction", natural(width, height));
        let svg = svg.replacen(&natural(width, height), &natural(width + 2 * MARGIN, height + 2 * MARGIN), 1);
        palette::fixed(&markup::without_links(&svg.replacen(&view(0, 0, width, height), &wider, 1)))
    }

    fn new(parts: &Parts<'_>) -> Self {
        let Parts { size: (width, height), content, role, .. } = parts;
        let natural = if parts.natural { natural(*width, *height) } else { String::new() };
        let id = plain_id(parts.id);
        let (title, description) = (escape(parts.title), escape(parts.description));
        let (label, title_id, description_id) = match id.as_str() {
            "" => (format!("aria-label=\"{title}\""), String::new(), String::new()),
            id => (
                format!("aria-labelledby=\"{id}-title {id}-desc\""),
                format!(" id=\"{id}-title\""),
                format!(" id=\"{id}-desc\""),
            ),
        };
        // The direction is set so that a page in a script from right to left does not turn the anchors round.
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\"{natural} \
             direction=\"ltr\" role=\"{role}\" {label}>\n\
             <title{title_id}>{title}</title>\n\
             <desc{description_id}>{description}</desc>\n\
             {content}</svg>"
        );
        Self { svg, size: parts.size }
    }
}

/// The attributes of a chart that is shown in its own size.
fn natural(width: i32, height: i32) -> String {
    format!(" width=\"{width}\" height=\"{height}\"")
}

/// A score, kept inside a plot whatever was stored.
fn bounded(score: f64) -> f64 {
    if score.is_nan() { 0.0 } else { score.clamp(0.0, f64::from(MAX_LEVEL)) }
}

/// A share in whole percent, rounded down so that 100 % means all of it.
fn percent(share: f64) -> String {
    let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
    format!("{} %", (share * 100.0 + 1e-6).floor())
}

/// The name of a dimension, or of the whole, as it stands in a chart.
fn called(dimension: &str) -> &str {
    if dimension == Scorecard::OVERALL { "Overall" } else { dimension }
}

/// A count with its noun.
fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod samples {
    //! What the tests of the charts share.
    use super::*;
    use crate::domain::scoring::{Score, Scored, ScoredDimension};

    /// A name as bad as names can be.
    pub(super) const HOSTILE: &str =
        "Build & <b>\"Deploy\"</b> 'ment' \u{202e}\u{0} that is long beyond all reason and measure";

    /// Compares with a file in `tests/golden/charts`, which `CAIRN_BLESS=1` writes anew.
    pub(super) fn assert_golden(name: &str, svg: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/charts").join(name);
        if std::env::var_os("CAIRN_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, svg).unwrap();
        }
        assert_eq!(svg, std::fs::read_to_string(&path).unwrap(), "{name}; CAIRN_BLESS=1 accepts the change");
    }

    /// Whether every element that begins ends, in the right order. Good enough where all text is escaped.
    fn is_balanced(svg: &str) -> bool {
        let mut open: Vec<&str> = Vec::new();
        for tag in svg.split('<').skip(1) {
            let Some((tag, _)) = tag.split_once('>') else { return false };
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            if tag.starts_with('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else if !tag.ends_with('/') && !tag.starts_with('?') {
                open.push(name);
            }
        }
        open.is_empty()
    }

    /// Whether it is well-formed, in the page and alone, with numbers only where there should be and no inline style.
    pub(super) fn is_sound(chart: &Chart) -> bool {
        let alone = chart.standalone();
        let attributes = |svg: &str| svg.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let is_number = |text: &str| !text.split([' ', ',']).any(|word| word.contains("NaN") || word == "inf");
        let numbers =
            attributes(chart.svg()).into_iter().filter(|value| value.starts_with(|c: char| c.is_ascii_digit()));
        is_balanced(chart.svg())
            && is_balanced(&alone)
            && numbers.into_iter().all(|value| is_number(&value))
            && !chart.svg().contains("=\"NaN\"")
            && !chart.svg().contains(" style=\"")
            && !alone.contains("=\"var(")
    }

    /// A score.
    pub(super) fn score(score: f64, level: u8) -> Score {
        Score {
            level,
            ceiling: 5,
            score,
            score_with_not_applicable_as_zero: score,
            completion: score / 5.0,
            activities: 10,
            answered: 9,
            not_applicable: 1,
            levels: Default::default(),
        }
    }

    /// A scorecard with dimensions of these names and scores.
    pub(super) fn card(dimensions: &[(&str, f64)]) -> Scorecard {
        let scored =
            |name: &str, of: f64| Scored { name: name.to_owned(), score: score(of, of as u8), blockers: Vec::new() };
        let mean = dimensions.iter().map(|(_, score)| score).sum::<f64>() / dimensions.len().max(1) as f64;
        let dimension = |(name, score): &(&str, f64)| ScoredDimension {
            total: scored(name, *score),
            sub_dimensions: vec![scored("Part", *score)],
        };
        Scorecard { overall: scored(Scorecard::OVERALL, mean), dimensions: dimensions.iter().map(dimension).collect() }
    }
}
