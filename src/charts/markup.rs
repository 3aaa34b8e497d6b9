//! The SVG that plotters cannot write: text with anchors, points that tell their value, and the
//! escaping that lets any name stand in it.

use super::palette::Ink;

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
        let Label { at: (x, y), anchor, size, weight, ink, text } = self;
        let weight = weight.map(|weight| format!(" font-weight=\"{weight}\"")).unwrap_or_default();
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\"{weight} fill=\"{}\">{}</text>\n",
            ink.variable,
            escape(text)
        )
    }
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
