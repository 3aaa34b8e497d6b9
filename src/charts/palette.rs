//! The inks of all charts: which part of the page's palette a stroke or a fill takes.
//!
//! Plotters writes colours as `#RRGGBB`, which cannot follow the theme of a page. So it draws with
//! a sentinel for each ink, and [`themed`] puts the stylesheet's variable in its place.

use plotters::style::RGBColor;

/// One colour with a meaning.
#[derive(Debug)]
pub(super) struct Ink {
    /// How it stands in an attribute of a chart that is part of a page.
    pub(super) variable: &'static str,
    /// What plotters draws with.
    pub(super) sentinel: RGBColor,
    /// Its colour in a file of its own, on light ground.
    light: &'static str,
    /// Its colour in a file of its own, on dark ground.
    dark: &'static str,
}

/// Names and values.
pub(super) const TEXT: Ink = ink("var(--chart-text)", 1, "#1a2220", "#e4e9e7");
/// What stands at the axes and in legends.
pub(super) const MUTED: Ink = ink("var(--chart-muted)", 2, "#55615d", "#a2aeaa");
/// The lines of the levels.
pub(super) const GRID: Ink = ink("var(--chart-grid)", 3, "#e3e8e6", "#2a3230");
/// The score.
pub(super) const LINE: Ink = ink("var(--chart-line)", 4, "#0d6b66", "#63c2b9");
/// The edge of the level reached.
pub(super) const LEVEL: Ink = ink("var(--chart-level)", 7, "#5f8f8b", "#4f8f88");
/// The level reached, as a faint surface.
pub(super) const AREA: Ink = ink("var(--chart-area)", 5, "#d8ecea", "#1b3a36");
/// The ground, which also fills hollow points.
pub(super) const SURFACE: Ink = ink("var(--chart-surface)", 6, "#ffffff", "#1a201e");

const INKS: [Ink; 7] = [TEXT, MUTED, GRID, LINE, LEVEL, AREA, SURFACE];

const fn ink(variable: &'static str, number: u8, light: &'static str, dark: &'static str) -> Ink {
    Ink { variable, sentinel: RGBColor(0xFE, 0xED, number), light, dark }
}

/// Puts the variables of the page in the place of the sentinels. Only whole attribute values are
/// looked at: inside a text a quotation mark is escaped, so no name can pass for one.
pub(super) fn themed(plotted: &str) -> String {
    INKS.iter().fold(plotted.to_owned(), |svg, ink| {
        let RGBColor(red, green, blue) = ink.sentinel;
        svg.replace(&format!("=\"#{red:02X}{green:02X}{blue:02X}\""), &format!("=\"{}\"", ink.variable))
    })
}

/// Puts fixed colours in the place of the page's variables, for a file that has no stylesheet:
/// office programs know no variables. [`dark_rules`] adds what browsers do in the dark.
pub(super) fn fixed(svg: &str) -> String {
    INKS.iter()
        .fold(svg.to_owned(), |svg, ink| svg.replace(&format!("=\"{}\"", ink.variable), &format!("=\"{}\"", ink.light)))
}

/// The style rules which exchange the fixed colours where dark is preferred.
pub(super) fn dark_rules() -> String {
    let rule = |ink: &Ink| {
        let Ink { light, dark, .. } = ink;
        format!("[fill=\"{light}\"]{{fill:{dark}}}[stroke=\"{light}\"]{{stroke:{dark}}}")
    };
    format!("@media (prefers-color-scheme:dark){{{}}}", INKS.iter().map(rule).collect::<String>())
}
