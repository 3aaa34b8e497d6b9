//! Charts: from the domain to SVG, drawn with plotters. Knows no store, no page and no request.
//!
//! A chart has no size and no colours of its own. It fills the width that it is given, inherits the
//! font of the page, and takes its colours from `--chart-text`, `--chart-muted`, `--chart-grid`,
//! `--chart-line`, `--chart-level`, `--chart-area` and `--chart-surface`, so that one SVG is right in light and dark
//! and under a policy that forbids inline styles. It has a title and a description; the page that shows it gives its figures as a table as well.

mod balance;
mod bars;
mod frame;
mod heatmap;
mod markup;
mod palette;
mod prerequisites;
mod radar;
mod trend;
mod waterfall;

pub use balance::balance;
pub use heatmap::heatmap;
pub use prerequisites::prerequisites;
pub use radar::radar;
pub use trend::{trend, trend_of};
pub use waterfall::waterfall;

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
    /// Unique on the page.
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
        palette::fixed(&svg.replacen(&view(0, 0, width, height), &wider, 1))
    }

    fn new(parts: &Parts<'_>) -> Self {
        let Parts { size: (width, height), content, role, .. } = parts;
        let natural = if parts.natural { format!(" width=\"{width}\" height=\"{height}\"") } else { String::new() };
        let id = plain_id(parts.id);
        let (title, description) = (escape(parts.title), escape(parts.description));
        // The direction is set so that a page in a script from right to left does not turn the anchors round.
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"0 0 {width} {height}\"{natural} \
             direction=\"ltr\" role=\"{role}\" aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-desc\">{description}</desc>\n\
             {content}</svg>"
        );
        Self { svg, size: parts.size }
    }
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
