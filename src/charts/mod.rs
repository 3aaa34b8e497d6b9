//! Charts: from the domain to SVG, drawn with plotters. Knows no store, no page and no request.
//!
//! A chart has no size and no colours of its own. It fills the width that it is given, inherits the
//! font of the page, and takes its colours from `--chart-text`, `--chart-muted`, `--chart-grid`,
//! `--chart-line`, `--chart-level`, `--chart-area` and `--chart-surface`, so that one SVG is right in light and dark
//! and under a policy that forbids inline styles. It has a title and a description; the page that shows it gives its figures as a table as well.

mod frame;
mod markup;
mod palette;
mod prerequisites;
mod trend;

pub use prerequisites::prerequisites;
pub use trend::trend;

use markup::{escape, plain_id};

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
    /// `img`; or `group` where there are links in it, which an image would hide from assistive technology.
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
        let ground = format!(
            "<rect x=\"-{MARGIN}\" y=\"-{MARGIN}\" width=\"100%\" height=\"100%\" fill=\"{}\"/>",
            palette::SURFACE.variable
        );
        let (width, height) = self.size;
        let view = |x, y, width, height| format!("viewBox=\"{x} {y} {width} {height}\"");
        let wider = view(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN);
        let style = format!("<style>text{{font-family:system-ui,sans-serif}}{}</style>", palette::dark_rules());
        let svg = self.svg.replacen("</desc>", &format!("</desc>\n{style}\n{ground}"), 1);
        let svg = svg.replacen(&view(0, 0, width, height), &wider, 1);
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", palette::fixed(&svg))
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
