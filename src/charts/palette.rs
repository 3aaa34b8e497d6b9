//! The inks of all charts: which part of the page's palette a stroke or a fill takes.
//!
//! Plotters writes colours as `#RRGGBB`, which cannot follow the theme of a page. So it draws with
//! a sentinel for each ink, and [`themed`] puts the stylesheet's variable in its place.

use plotters::style::RGBColor;

use crate::domain::catalog::Level;

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
/// What falls; never without a sign and a hatch.
pub(super) const FALL: Ink = ink("var(--chart-fall)", 8, "#a8281d", "#ff9a8f");

static INKS: [Ink; 8] = [TEXT, MUTED, GRID, LINE, LEVEL, AREA, SURFACE, FALL];

/// The ramp of the levels 0 to 5, each as a surface and as the text on it. A file tells inks apart by their
/// light colours, so those of two inks which differ in the dark differ in light, too, be it by a shade.
static RAMP: [(Ink, Ink); 6] = [
    (ink("var(--l0)", 10, "#e6eae9", "#2b3331"), ink("var(--l0-text)", 20, "#37423f", "#c3ccc9")),
    (ink("var(--l1)", 11, "#cbe5e1", "#1d4541"), ink("var(--l1-text)", 21, "#12332f", "#d7f0ed")),
    (ink("var(--l2)", 12, "#97cfc8", "#22635d"), ink("var(--l2-text)", 22, "#0a2b28", "#e3f6f4")),
    (ink("var(--l3)", 13, "#56b0a7", "#2b7a73"), ink("var(--l3-text)", 23, "#04211f", "#fffffe")),
    (ink("var(--l4)", 14, "#1f827a", "#55b3aa"), ink("var(--l4-text)", 24, "#fffffe", "#04211f")),
    (ink("var(--l5)", 15, "#07544f", "#9ae0d8"), ink("var(--l5-text)", 25, "#fffffe", "#04211f")),
];

/// A level's surface and the text on it; levels above the ramp are its end.
pub(super) fn ramp(level: Level) -> (&'static Ink, &'static Ink) {
    let [.., last] = &RAMP;
    let (surface, text) = RAMP.get(usize::from(level)).unwrap_or(last);
    (surface, text)
}

fn inks() -> impl Iterator<Item = &'static Ink> {
    INKS.iter().chain(RAMP.iter().flat_map(|(surface, text)| [surface, text]))
}

const fn ink(variable: &'static str, number: u8, light: &'static str, dark: &'static str) -> Ink {
    Ink { variable, sentinel: RGBColor(0xFE, 0xED, number), light, dark }
}

/// Puts the variables of the page in the place of the sentinels. Only whole attribute values are
/// looked at: inside a text a quotation mark is escaped, so no name can pass for one.
pub(super) fn themed(plotted: &str) -> String {
    inks().fold(plotted.to_owned(), |svg, ink| {
        let RGBColor(red, green, blue) = ink.sentinel;
        svg.replace(&format!("=\"#{red:02X}{green:02X}{blue:02X}\""), &format!("=\"{}\"", ink.variable))
    })
}

/// Puts fixed colours in the place of the page's variables, for a file that has no stylesheet:
/// office programs know no variables. [`dark_rules`] adds what browsers do in the dark.
pub(super) fn fixed(svg: &str) -> String {
    inks()
        .fold(svg.to_owned(), |svg, ink| svg.replace(&format!("=\"{}\"", ink.variable), &format!("=\"{}\"", ink.light)))
}

/// The style rules which exchange the fixed colours of a picture where dark is preferred.
pub(super) fn dark_rules(fixed: &str) -> String {
    let rule = |ink: &Ink| {
        let Ink { light, dark, .. } = ink;
        let on = |what: &str| {
            let is_used = fixed.contains(&format!("{what}=\"{light}\""));
            if is_used { format!("[{what}=\"{light}\"]{{{what}:{dark}}}") } else { String::new() }
        };
        on("fill") + &on("stroke")
    };
    let mut rules: Vec<String> = inks().map(rule).collect();
    rules.dedup();
    format!("@media screen and (prefers-color-scheme:dark){{{}}}", rules.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_that_differ_in_the_dark_are_told_apart_in_a_file() {
        let all: Vec<&Ink> = inks().collect();
        for (i, one) in all.iter().enumerate() {
            for other in all.iter().skip(i + 1) {
                assert!(one.light != other.light || one.dark == other.dark, "{} {}", one.variable, other.variable);
                assert_ne!(one.sentinel, other.sentinel, "{} {}", one.variable, other.variable);
                assert_ne!(one.variable, other.variable);
            }
        }
    }

    #[test]
    fn inks_are_the_colours_of_the_stylesheet() {
        let css = include_str!("../../assets/cairn.css");
        let (light, rest) = css.split_once("@media screen and (prefers-color-scheme: dark)").unwrap();
        let (dark, _) = rest.split_once("/* --- ground").unwrap();
        let value = |of: &str, name: &str| {
            let (_, rest) = of.split_once(&format!("{name}: "))?;
            Some(rest.split_once(';')?.0.to_owned())
        };
        for ink in inks() {
            let name = ink.variable.trim_start_matches("var(").trim_end_matches(')');
            for (part, of_file) in [(light, ink.light), (dark, ink.dark)] {
                let Some(mut found) = value(part, name).or_else(|| value(light, name)) else { panic!("{name}") };
                if let Some(other) = found.strip_prefix("var(") {
                    found = value(part, other.trim_end_matches(')')).unwrap();
                }
                assert_eq!(found, of_file.replace("#fffffe", "#ffffff"), "{name}");
            }
        }
    }
}
