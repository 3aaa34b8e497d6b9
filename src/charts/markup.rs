//! The SVG that plotters cannot write: text with anchors, points that tell their value, and the
//! escaping that lets any name stand in it.

use std::fmt::Write;

use super::palette::{self, Ink};

/// The style rules which show the value of a mark that is pointed at or focused, as `assets/cairn.css` has them
/// for pages.
pub(super) const VALUE_RULES: &str = ".chart-mark:hover .chart-value,.chart-mark:focus .chart-value,.chart-mark:hover+.chart-value,.chart-mark:focus+.chart-value{visibility:visible}";

/// The attributes of a value.
const VALUE: &str = " class=\"chart-value\" visibility=\"hidden\"";

/// The chart without the values that are hidden. Each stands on a line of its own, and in names there are neither line
/// breaks nor quotation marks.
pub(super) fn without_values(svg: &str) -> String {
    let shown = svg.lines().filter(|line| !(line.starts_with("<text") && line.contains(VALUE)));
    shown.flat_map(|line| [line, "\n"]).collect()
}

/// The chart without the addresses that lead out of it, and nowhere from a file.
pub(super) fn without_links(svg: &str) -> String {
    let mut pieces = svg.split(" href=\"");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('"') {
            Some((address, rest)) if !address.starts_with('#') => kept += rest,
            _ => kept.extend([" href=\"", piece]),
        }
    }
    kept
}

/// One line of text.
#[derive(Debug)]
pub(super) struct Label<'a> {
    /// Where its anchor and its base line lie.
    pub(super) at: (f64, f64),
    /// `start`, `middle` or `end`.
    pub(super) anchor: &'static str,
    /// The size of the font.
    pub(super) size: u8,
    /// The weight of the font, if not the usual one.
    pub(super) weight: Option<u16>,
    /// The colour.
    pub(super) ink: &'static Ink,
    /// What it says.
    pub(super) text: &'a str,
}

impl Label<'_> {
    /// The element. It names no font: the one of the page is inherited.
    pub(super) fn svg(&self) -> String {
        self.with("")
    }

    /// The element, turned clockwise about a place by some degrees.
    pub(super) fn turned(&self, degrees: f64, (x, y): (f64, f64)) -> String {
        self.with(&format!(" transform=\"rotate({degrees:.1} {x:.1} {y:.1})\""))
    }

    /// The element with a rim of the ground, for text that stands on lines.
    pub(super) fn on_lines(&self) -> String {
        let ground = palette::SURFACE.variable;
        self.with(&format!(" stroke=\"{ground}\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""))
    }

    /// The element as the value of the mark that it is in: seen only while that is pointed at or focused. It is
    /// hidden by an attribute, so that programs which know no styles do not show all values at once.
    pub(super) fn value(&self) -> String {
        format!("\n{}", self.with(VALUE))
    }

    fn with(&self, attributes: &str) -> String {
        let Label { at: (x, y), anchor, size, weight, ink, text } = self;
        let weight = weight.map(|weight| format!(" font-weight=\"{weight}\"")).unwrap_or_default();
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\"{weight} fill=\"{}\"{attributes}>{}</text>\n",
            ink.variable,
            escape(text)
        )
    }
}

/// A part of a chart that can be focused and says what it shows.
pub(super) fn mark(told: &str, content: &str) -> String {
    let told = escape(told);
    format!(
        "<g class=\"chart-mark\" tabindex=\"0\" role=\"img\" aria-label=\"{told}\"><title>{told}</title>{content}</g>\n"
    )
}

/// A line through some points, open and without surface; `dash` as in `stroke-dasharray`.
pub(super) fn line(points: &[(f64, f64)], ink: &Ink, width: f64, dash: &str) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
    format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dash}/>\n",
        points.join(" "),
        ink.variable
    )
}

/// The place at a distance from a centre, in a direction that is given clockwise from the top, in radians.
pub(super) fn polar(centre: (f64, f64), radius: f64, angle: f64) -> (f64, f64) {
    (centre.0 + radius * angle.sin(), centre.1 - radius * angle.cos())
}

/// The outline of a piece of a ring, between two radii and two directions, as the data of a path. It is to be
/// less than the whole ring, and keeps away from its edges by a gap.
pub(super) fn sector(centre: (f64, f64), radii: (f64, f64), angles: (f64, f64), gap: f64) -> String {
    let ((inner, outer), (from, to)) = ((radii.0 + gap, radii.1 - gap), angles);
    let large = u8::from(to - from > std::f64::consts::PI);
    // The same gap is a wider angle further inside.
    let aside = |radius: f64| if gap > 0.0 { (gap / radius).min((to - from) / 2.0) } else { 0.0 };
    let (near, far) = (aside(inner), aside(outer));
    let ((a, b), (c, d)) = (polar(centre, outer, from + far), polar(centre, outer, to - far));
    let ((e, f), (g, h)) = (polar(centre, inner, to - near), polar(centre, inner, from + near));
    format!(
        "M{a:.2} {b:.2}A{outer:.2} {outer:.2} 0 {large} 1 {c:.2} {d:.2}L{e:.2} {f:.2}A{inner:.2} {inner:.2} 0 {large} 0 {g:.2} {h:.2}Z"
    )
}

/// An entry of a legend.
#[derive(Debug)]
pub(super) struct Key {
    /// Its sample, 18 units wide and 10 high, from (0, 0).
    pub(super) sample: String,
    /// What it means.
    pub(super) meaning: String,
}

/// The width of a sample.
pub(super) const SAMPLE: f64 = 18.0;

/// A legend below `top` in rows as wide as `room`, and where it ends.
pub(super) fn legend(keys: &[Key], left: f64, top: f64, room: f64, size: u8) -> (String, f64) {
    const ROW: f64 = 18.0;
    let (mut x, mut y, mut svg) = (left, top, String::new());
    for Key { sample, meaning } in keys {
        let meaning = fitted(meaning, size, room - SAMPLE - 6.0);
        let wide = SAMPLE + 6.0 + width(&meaning, size) + 12.0;
        if x > left && x + wide - 12.0 > left + room {
            (x, y) = (left, y + ROW);
        }
        let at = (x + SAMPLE + 6.0, y + 9.0);
        let label = Label { at, anchor: "start", size, weight: None, ink: &palette::MUTED, text: &meaning };
        // Writing into a string cannot fail.
        let _ = write!(svg, "<g transform=\"translate({x:.1} {y:.1})\">{sample}</g>{}", label.svg());
        x += wide;
    }
    (svg, y + ROW)
}

/// The text in one or two lines, cut where it does not fit.
pub(super) fn wrapped(text: &str, size: u8, room: f64) -> Vec<String> {
    let mut first = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let longer = if first.is_empty() { (*word).to_owned() } else { format!("{first} {word}") };
        if width(&longer, size) > room {
            break;
        }
        first = longer;
        words.next();
    }
    let rest: Vec<&str> = words.collect();
    let lines = [first, fitted(&rest.join(" "), size, room)];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// The text in as many lines as there may be, cut where it does not fit. A word that is wider than a line is broken.
pub(super) fn broken(text: &str, size: u8, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut left = text.trim_start();
    while !left.is_empty() && lines.len() + 1 < most {
        let (line, rest) = split_line(left, size, room);
        lines.push(line.trim_end().to_owned());
        left = rest.trim_start();
    }
    if !left.is_empty() && most > 0 {
        lines.push(fitted(left.trim_end(), size, room));
    }
    lines
}

/// What fits into a line, up to the end of a word if there is one, else up to a sign after which names are broken, and
/// the rest. There is always a character that fits.
fn split_line(text: &str, size: u8, room: f64) -> (&str, &str) {
    let (mut taken, mut end_of_word, mut end_of_part) = (0.0, None, None);
    for (at, c) in text.char_indices() {
        taken += em(c) * f64::from(size);
        if c.is_whitespace() {
            end_of_word = Some(at);
        } else if taken > room && at > 0 {
            return text.split_at(end_of_word.or(end_of_part).unwrap_or(at));
        }
        if matches!(c, '-' | '_' | '/' | '.' | ':' | '>' | ',') {
            end_of_part = Some(at + c.len_utf8());
        }
    }
    (text, "")
}

/// The text as it may stand in an element or an attribute. Characters that XML does not know,
/// even escaped, become replacement characters.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The id without characters that would make a reference to it mean something else.
pub(super) fn plain_id(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).collect()
}

/// The text, cut with `…` where it would be wider than `room` at the size of font.
pub(super) fn fitted(text: &str, size: u8, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size);
    let kept: String = text
        .chars()
        .take_while(|&c| {
            left -= em(c) * f64::from(size);
            left >= 0.0
        })
        .collect();
    // A joiner at the end would wait for the character that was cut off.
    format!("{}…", kept.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{200D}'))
}

/// About how wide the text is, rather too wide than too narrow: which font will be used is unknown.
pub(super) fn width(text: &str, size: u8) -> f64 {
    text.chars().map(em).sum::<f64>() * f64::from(size)
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.36,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '-' | '/' | '·' => 0.46,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '&' | '…' => 1.0,
        '\u{1100}'.. => 1.25,
        c if c.is_uppercase() => 0.76,
        _ => 0.66,
    }
}
