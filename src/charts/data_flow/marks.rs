//! What a data-flow diagram is made of: the shapes of elements, their names, badges and signs.

use super::ThreatCount;
use super::geometry::{Form, Outline, Place, Rect, Route};
use super::picture::NAME;
use crate::charts::markup::{Label, broken, escape, width};
use crate::charts::palette::{self, Ink};
use crate::domain::threat_model::Element;
use crate::domain::threat_model::words::ElementKind;

/// The size of the text at flows, in badges and in the legend.
pub(super) const NOTE: u8 = 11;
/// From one line of text to the next, by its size.
pub(super) const LEADING: f64 = 1.25;
/// How wide a name may be below an element that is too small for it.
pub(super) const BELOW: f64 = 120.0;
/// How high a badge is.
pub(super) const BADGE: f64 = 18.0;
/// How much of the width that text may take it is likely to take.
pub(super) const LIKELY: f64 = 0.86;
/// How much of it text takes in any font.
pub(super) const SURELY: f64 = 0.74;

/// What a small picture at a flow or a store says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Encrypted,
    Public,
}

impl Sign {
    /// In words.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Public => "over a public network",
        }
    }

    /// 12 units wide and high, from (0, 0).
    pub(super) fn svg(self) -> String {
        let ink = palette::MUTED.variable;
        match self {
            // A lock.
            Self::Encrypted => format!(
                "<path d=\"M3.5 5.5V4a2.5 2.5 0 0 1 5 0V5.5\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.4\"/>\
                 <rect x=\"2\" y=\"5.5\" width=\"8\" height=\"5.5\" rx=\"1\" fill=\"{ink}\"/>"
            ),
            // A globe.
            Self::Public => format!(
                "<path d=\"M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0 -10M1 6H11M6 1a7 7 0 0 0 0 10a7 7 0 0 0 0 -10\" fill=\"none\" \
                 stroke=\"{ink}\" stroke-width=\"1\"/>"
            ),
        }
    }
}

/// The signs of an element.
pub(super) fn signs(element: &Element) -> Vec<Sign> {
    let is_flow = element.kind == ElementKind::DataFlow;
    let encrypted = (is_flow && element.encrypted == Some(true)).then_some(Sign::Encrypted);
    let public = (is_flow && element.public_network == Some(true)).then_some(Sign::Public);
    encrypted.into_iter().chain(public).collect()
}

/// The ink, the width and the dashes of an edge or a line.
pub(super) fn stroke(element: &Element, is_open: bool) -> (&'static Ink, &'static str, &'static str) {
    match (element.out_of_scope, is_open) {
        (true, _) => (&palette::MUTED, "1", " stroke-dasharray=\"3 3\""),
        (false, true) => (&palette::FALL, "2.5", ""),
        (false, false) => (&palette::TEXT, "1.3", ""),
    }
}

/// What an element looks like without its name.
pub(super) fn shape(element: &Element, outline: &Outline, is_open: bool) -> String {
    let Outline { rect, form } = outline;
    let (ink, wide, dash) = stroke(element, is_open);
    let fill = if element.kind == ElementKind::Text { "none" } else { palette::SURFACE.variable };
    let ink = ink.variable;
    let stroke = format!("stroke=\"{ink}\" stroke-width=\"{wide}\"{dash}");
    let (x, y) = rect.middle();
    let angular = |corner: f64, stroke: &str| {
        format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{corner:.1}\" fill=\"{fill}\" {stroke}/>",
            rect.x, rect.y, rect.width, rect.height
        )
    };
    match (element.kind, form) {
        // It has no surface, which would cover what it stands on, but the whole of it can be pointed at.
        (ElementKind::Text, _) => angular(0.0, "pointer-events=\"all\""),
        (ElementKind::DataStore, _) => {
            let lines = format!(
                "<path d=\"M{left:.1} {:.1}H{right:.1}M{left:.1} {:.1}H{right:.1}\" fill=\"none\" {stroke}/>",
                rect.y,
                rect.bottom(),
                left = rect.x,
                right = rect.right()
            );
            angular(0.0, "") + &lines
        }
        (_, Form::Round) => format!(
            "<ellipse cx=\"{x:.1}\" cy=\"{y:.1}\" rx=\"{:.1}\" ry=\"{:.1}\" fill=\"{fill}\" {stroke}/>",
            rect.width / 2.0,
            rect.height / 2.0
        ),
        (_, Form::Pill) => angular(rect.width.min(rect.height) / 2.0, &stroke),
        (ElementKind::Unclassified, _) => angular(8.0, &stroke),
        _ => angular(0.0, &stroke),
    }
}

/// Whether an element has no room for its name, which stands below it then.
pub(super) fn is_too_small(outline: &Outline) -> bool {
    outline.rect.width < 44.0 || outline.rect.height < 20.0
}

/// What an element and its name take.
pub(super) fn taken_by(outline: &Outline) -> Rect {
    let rect = outline.rect;
    if !is_too_small(outline) {
        return rect;
    }
    let name = Rect::around((rect.middle().0, rect.bottom() + 10.0), (BELOW * LIKELY, 18.0));
    Rect::holding([rect, name].iter().flat_map(Rect::corners)).unwrap_or(rect)
}

/// The name of an element, in it or, where it is too small, below it.
pub(super) fn name(element: &Element, outline: &Outline) -> String {
    let Outline { rect, form } = outline;
    // A circle is wider where most of the text is than where it begins.
    let room = match form {
        Form::Angular => rect.width - 10.0,
        Form::Round => rect.width * 0.82,
        Form::Pill => rect.width - rect.width.min(rect.height) * 0.45,
    } / LIKELY;
    let is_note = element.kind == ElementKind::Text;
    let room = if is_note { room.max(60.0) } else { room };
    let size = if is_note { NOTE } else { NAME };
    let leading = f64::from(size) * LEADING;
    let high = if *form == Form::Round { rect.height * 0.74 } else { rect.height - 6.0 };
    // A note has no edge, so it may be somewhat higher than its box.
    let rows = ((high / leading).floor() as usize + if is_note { 2 } else { 0 }).max(1);
    let ink = if element.out_of_scope || is_note { &palette::MUTED } else { &palette::TEXT };
    let (x, y) = rect.middle();
    if is_too_small(outline) && !is_note {
        let lines = broken(&element.name, NAME, BELOW, 1);
        return text(&lines, (x, rect.bottom() + leading * 0.7), "middle", NAME, ink, true);
    }
    text(&broken(&element.name, size, room, rows.min(10)), (x, y), "middle", size, ink, is_note)
}

/// Lines of text around the height of a place; with a rim where they stand on lines.
pub(super) fn text(
    lines: &[String],
    (x, y): Place,
    anchor: &'static str,
    size: u8,
    ink: &'static Ink,
    on_lines: bool,
) -> String {
    let leading = f64::from(size) * LEADING;
    let first = y - leading * (lines.len() as f64 - 1.0) / 2.0 + f64::from(size) * 0.35;
    let line = |(i, text): (usize, &String)| {
        let at = (x, first + leading * i as f64);
        let label = Label { at, anchor, size, weight: None, ink, text };
        if on_lines { label.on_lines() } else { label.svg() }
    };
    lines.iter().enumerate().map(line).collect()
}

/// A boundary as a line.
pub(super) fn boundary(route: &Route) -> String {
    format!(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"8 5\"/>\n",
        route.data(),
        palette::LINE.variable
    )
}

/// The ground behind lines of text, rather too narrow than too wide: the rim of the text does the rest.
pub(super) fn grounds(lines: &[String], (x, y): Place, is_centred: bool) -> String {
    let leading = f64::from(NOTE) * LEADING;
    let first = y - leading * lines.len() as f64 / 2.0;
    let ground = |(i, line): (usize, &String)| {
        let wide = width(line, NOTE) * SURELY;
        let left = if is_centred { x - wide / 2.0 } else { x };
        clear(&Rect { x: left, y: first + leading * i as f64, width: wide, height: leading })
    };
    lines.iter().enumerate().map(ground).collect()
}

/// A piece of the ground, on which signs can be seen that stand on lines.
pub(super) fn clear(rect: &Rect) -> String {
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
        rect.x,
        rect.y,
        rect.width,
        rect.height,
        palette::SURFACE.variable
    )
}

/// What a badge says: the number of threats, with a sign if any is open.
pub(super) fn badge_text(threats: ThreatCount) -> String {
    format!("{}{}", threats.all, if threats.open > 0 { "!" } else { "" })
}

/// How wide a badge is.
pub(super) fn badge_width(threats: ThreatCount) -> f64 {
    (width(&badge_text(threats), NOTE) + 7.0).max(BADGE)
}

/// A number of threats around a place.
pub(super) fn badge(threats: ThreatCount, (x, y): Place) -> String {
    let (fill, edge, ink) = match threats.open {
        0 => (&palette::SURFACE, &palette::MUTED, &palette::TEXT),
        _ => (&palette::FALL, &palette::SURFACE, &palette::SURFACE),
    };
    let (wide, text) = (badge_width(threats), badge_text(threats));
    let label = Label { at: (x, y + 4.0), anchor: "middle", size: NOTE, weight: Some(600), ink, text: &text };
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{BADGE}\" rx=\"9\" fill=\"{}\" stroke=\"{}\"/>{}",
        x - wide / 2.0,
        y - BADGE / 2.0,
        fill.variable,
        edge.variable,
        label.svg()
    )
}

/// Content that tells something, as a link unless there is no address.
pub(super) fn wrapped(address: &str, told: &str, content: &str) -> String {
    let told = escape(told);
    match address {
        "" => format!("<g role=\"img\" aria-label=\"{told}\"><title>{told}</title>{content}</g>\n"),
        address => {
            format!("<a href=\"{}\" aria-label=\"{told}\"><title>{told}</title>{content}</a>\n", escape(address))
        }
    }
}
