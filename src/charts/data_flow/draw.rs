//! The SVG of a data-flow diagram whose places are known.

use std::collections::HashMap;

use super::geometry::{Form, Outline, Place, Rect, Route, along, head};
use super::picture::{Area, Line, NAME, Node, Picture};
use super::{Links, ThreatCount};
use crate::charts::count;
use crate::charts::markup::{Key, Label, broken, escape, legend, width};
use crate::charts::palette::{self, Ink};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId};

/// The size of the text at flows, in badges and in the legend.
const NOTE: u8 = 11;
/// From one line of text to the next, by its size.
const LEADING: f64 = 1.25;
/// Around everything.
const MARGIN: f64 = 8.0;
/// How wide the text at a flow may be, and in how many lines.
const FLOW_TEXT: (f64, usize) = (136.0, 3);
/// How wide a name may be below an element that is too small for it.
const BELOW: f64 = 120.0;
/// How high a badge is.
const BADGE: f64 = 18.0;
/// How large the sign of what is encrypted or public is, with the space after it.
const SIGN: f64 = 14.0;
/// How much of the width that text may take it is likely to take.
const LIKELY: f64 = 0.86;
/// How much of it text takes in any font.
const SURELY: f64 = 0.74;
/// What the head of an arrow takes.
const HEAD: f64 = 16.0;
/// How wide the legend is at least, so that it stands in few rows.
const LEGEND: f64 = 420.0;

/// What is drawn with: where it leads to, and what is known of the elements.
pub(super) struct Pen<'a> {
    pub(super) links: &'a Links<'a>,
    pub(super) threats: &'a HashMap<&'a PartId, ThreatCount>,
    pub(super) elements: &'a HashMap<&'a PartId, &'a Element>,
}

/// What was drawn.
pub(super) struct Drawing {
    pub(super) content: String,
    pub(super) size: (i32, i32),
}

/// Text that stands on lines, and what it takes.
struct Caption {
    lines: Vec<String>,
    rect: Rect,
}

impl Pen<'_> {
    /// The whole picture with its legend; `None` if there is nothing in it.
    pub(super) fn draw(&self, picture: &Picture<'_>) -> Option<Drawing> {
        let mut bounds = picture.bounds()?;
        let mut taken: Vec<Rect> = picture.nodes.iter().map(|node| taken_by(&node.outline).grown(2.0)).collect();
        let mut svg = String::new();
        for area in &picture.areas {
            let (drawn, name) = self.area(area);
            svg += &drawn;
            taken.extend(name);
        }
        for flow in &picture.flows {
            let ends = [flow.route.places.last(), flow.route.places.first().filter(|_| flow.element.bidirectional)];
            taken.extend(ends.into_iter().flatten().map(|&end| Rect::around(end, (HEAD, HEAD))));
        }
        let lines: String = picture.flows.iter().map(|flow| self.line(flow)).collect();
        let nodes: String = picture.nodes.iter().map(|node| self.node(node)).collect();
        let mut texts = String::new();
        for line in picture.boundaries.iter().chain(&picture.flows) {
            let flat = line.route.flat();
            let caption = self.caption(line.element, &flat, &taken);
            taken.extend(caption.iter().map(|caption| caption.rect));
            texts += &self.told_line(line, caption.as_ref());
        }
        let boundaries: String = picture.boundaries.iter().map(|line| boundary(&line.route)).collect();
        bounds = Rect::holding(taken.iter().chain([&bounds]).flat_map(Rect::corners)).unwrap_or(bounds);
        // Badges stand out of their elements.
        let bounds = bounds.grown(MARGIN + BADGE / 2.0);
        let (keys, bottom) =
            legend(&self.keys(picture), MARGIN, bounds.height + 6.0, bounds.width.max(LEGEND) - MARGIN, NOTE);
        let (x, y) = (-bounds.x, -bounds.y);
        let whole = |length: f64| length.ceil() as i32;
        Some(Drawing {
            content: format!(
                "<g transform=\"translate({x:.1} {y:.1})\">\n{svg}{boundaries}{lines}{nodes}{texts}</g>\n{keys}"
            ),
            size: (whole(bounds.width.max(LEGEND)), whole(bottom)),
        })
    }

    fn count(&self, element: &Element) -> ThreatCount {
        self.threats.get(&element.id).copied().unwrap_or_default()
    }

    /// A zone or a boundary as a box, and where its name stands.
    fn area(&self, area: &Area<'_>) -> (String, Option<Rect>) {
        let Area { element, rect } = area;
        let is_zone = element.kind == ElementKind::TrustZone;
        let fill = if is_zone { palette::AREA.variable } else { "none" };
        let edge = format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"8\" fill=\"{fill}\" fill-opacity=\"0.35\" \
             stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"8 5\"/>",
            rect.x,
            rect.y,
            rect.width,
            rect.height,
            palette::LINE.variable
        );
        let lines = broken(&element.name, NAME, (rect.width - 20.0).max(40.0), 1);
        let wide = lines.iter().map(|line| width(line, NAME)).fold(0.0, f64::max);
        let name = lines.first().map(|_| Rect { x: rect.x + 10.0, y: rect.y + 6.0, width: wide, height: 18.0 });
        let text: String = lines
            .iter()
            .map(|text| {
                let at = (rect.x + 10.0, rect.y + 19.0);
                let ink = &palette::MUTED;
                Label { at, anchor: "start", size: NAME, weight: Some(600), ink, text }.on_lines()
            })
            .collect();
        let badge = self.badge(element, (rect.right() - 18.0, rect.y));
        (self.linked(element, &(edge + &text)) + &badge, name)
    }

    /// An actor, a process, a store or a note.
    fn node(&self, node: &Node<'_>) -> String {
        let Node { element, outline } = node;
        let shape = shape(element, outline, self.count(element).open > 0);
        let text = name(element, outline);
        let corner = (outline.rect.right(), outline.rect.y);
        let at = if outline.form == Form::Angular { corner } else { outline.border(corner) };
        self.linked(element, &(shape + &text)) + &self.badge(element, at)
    }

    /// The line of a flow with its head or heads.
    fn line(&self, flow: &Line<'_>) -> String {
        let element = flow.element;
        let is_open = self.count(element).open > 0;
        let (ink, wide, dash) = stroke(element, is_open);
        let flat = flow.route.flat();
        let mut heads: Vec<String> = head(flat.iter()).into_iter().collect();
        if element.bidirectional {
            heads.extend(head(flat.iter().rev()));
        }
        let heads: String =
            heads.iter().map(|points| format!("<polygon points=\"{points}\" fill=\"{}\"/>", ink.variable)).collect();
        format!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{wide}\"{dash}/>{heads}\n",
            flow.route.data(),
            ink.variable
        )
    }

    /// What is written at a line, where it covers as little as can be.
    fn caption(&self, element: &Element, flat: &[Place], taken: &[Rect]) -> Option<Caption> {
        const SHARES: [f64; 9] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
        let lines = broken(&element.name, NOTE, FLOW_TEXT.0, FLOW_TEXT.1);
        let aside = self.beside(element);
        if lines.is_empty() && aside == 0.0 {
            return None;
        }
        let wide = lines.iter().map(|line| width(line, NOTE)).fold(0.0, f64::max) * LIKELY + aside + 6.0;
        let high = (lines.len() as f64 * f64::from(NOTE) * LEADING + 4.0).max(BADGE);
        let mut best: Option<(f64, Rect)> = None;
        for place in along(flat, &SHARES) {
            let rect = Rect::around(place, (wide, high));
            let covered: f64 = taken.iter().map(|other| rect.shared(other)).sum();
            if best.is_none_or(|(least, _)| covered < least) {
                best = Some((covered, rect));
            }
            if covered <= 0.0 {
                break;
            }
        }
        best.map(|(_, rect)| Caption { lines, rect })
    }

    /// How much room badge and signs take before the text at a line.
    fn beside(&self, element: &Element) -> f64 {
        let badge = match self.count(element) {
            ThreatCount { all: 0, .. } => 0.0,
            threats => badge_width(threats) + 3.0,
        };
        badge + signs(element).len() as f64 * SIGN
    }

    /// What tells a line: a wide band on it that cannot be seen, and its text. How wide that is depends on a font that is
    /// unknown, so badge and signs stand before it.
    fn told_line(&self, line: &Line<'_>, caption: Option<&Caption>) -> String {
        let element = line.element;
        let band = format!(
            "<path class=\"flow-band\" d=\"{}\" fill=\"none\" stroke=\"none\" stroke-width=\"12\" pointer-events=\"stroke\"/>",
            line.route.data()
        );
        let Some(Caption { lines, rect }) = caption else { return self.linked(element, &band) };
        let (left, middle) = (rect.x + 3.0, rect.y + rect.height / 2.0);
        let text_at = left + self.beside(element);
        let signs = signs(element);
        let first_sign = text_at - SIGN * signs.len() as f64;
        let (x, anchor) = if text_at > left { (text_at, "start") } else { (rect.middle().0, "middle") };
        let mut drawn = grounds(lines, (x, middle), anchor == "middle");
        if !signs.is_empty() {
            drawn += &clear(&Rect { x: first_sign, y: middle - 7.0, width: text_at - first_sign, height: 14.0 });
        }
        for (i, sign) in signs.iter().enumerate() {
            let x = first_sign + SIGN * i as f64;
            drawn += &format!("<g transform=\"translate({x:.1} {:.1})\">{}</g>", middle - 6.0, sign.svg());
        }
        let ink = if element.out_of_scope || element.kind.divides() { &palette::MUTED } else { &palette::TEXT };
        let text = text(lines, (x, middle), anchor, NOTE, ink, true);
        let badge = self.badge(element, (left + badge_width(self.count(element)) / 2.0, middle));
        self.linked(element, &(band + &drawn + &text)) + &badge
    }

    /// The number of threats, with a sign if any is open.
    fn badge(&self, element: &Element, (x, y): Place) -> String {
        let threats = self.count(element);
        if threats.all == 0 {
            return String::new();
        }
        let told = format!("Threats to {}: {}", called(element), counted(threats));
        let drawn = badge(threats, (x, y));
        wrapped(&(self.links.threats)(&element.id), &told, &drawn)
    }

    /// What is drawn of an element, as a link that tells what it is.
    fn linked(&self, element: &Element, content: &str) -> String {
        wrapped(&(self.links.element)(&element.id), &self.told(element), content)
    }

    /// An element in words.
    fn told(&self, element: &Element) -> String {
        let mut told = match element.name.as_str() {
            "" => element.kind.title().to_owned(),
            name => format!("{name}, {}", element.kind.title().to_lowercase()),
        };
        let end = |id: &Option<PartId>| id.as_ref().and_then(|id| self.elements.get(id)).map(|element| called(element));
        if element.kind == ElementKind::DataFlow {
            let way = match (end(&element.source), end(&element.target)) {
                (Some(from), Some(to)) if element.bidirectional => format!(" between {from} and {to}"),
                (Some(from), Some(to)) => format!(" from {from} to {to}"),
                (Some(from), None) => format!(" from {from}"),
                (None, Some(to)) => format!(" to {to}"),
                (None, None) => String::new(),
            };
            told += &way;
        }
        if !element.protocol.is_empty() {
            told += &format!(", {}", element.protocol);
        }
        for sign in signs(element) {
            told += &format!(", {}", sign.meaning());
        }
        if element.out_of_scope {
            told += ", out of scope";
            if !element.reason.is_empty() {
                told += &format!(": {}", element.reason);
            }
        }
        if element.kind.can_be_threatened() || self.count(element).all > 0 {
            told += &format!(", {}", counted(self.count(element)));
        }
        told
    }

    /// What the signs mean that are in the picture.
    fn keys(&self, picture: &Picture<'_>) -> Vec<Key> {
        let nodes = picture.nodes.iter().map(|node| node.element);
        let areas = picture.areas.iter().map(|area| area.element);
        let lines = picture.flows.iter().chain(&picture.boundaries).map(|line| line.element);
        let shown: Vec<&Element> = nodes.chain(areas).chain(lines).collect();
        let has = |is: &dyn Fn(&Element) -> bool| shown.iter().any(|element| is(element));
        let mut keys = Vec::new();
        let mut key = |is_shown: bool, sample: String, meaning: &str| {
            if is_shown {
                keys.push(Key { sample, meaning: meaning.to_owned() });
            }
        };
        let of = |all, open| badge(ThreatCount { all, open }, (9.0, 5.0));
        let is_open = |element: &Element| self.count(element).open > 0;
        key(has(&is_open), of(2, 1), "threats, some of them open");
        key(has(&|element| self.count(element).all > 0 && !is_open(element)), of(2, 0), "threats, none open");
        let frame = |ink: &Ink, dash: &str, wide: &str| {
            format!(
                "<rect x=\"0.5\" y=\"-0.5\" width=\"17\" height=\"11\" rx=\"2\" fill=\"none\" stroke=\"{}\" stroke-width=\"{wide}\" stroke-dasharray=\"{dash}\"/>",
                ink.variable
            )
        };
        key(has(&|element| element.kind.divides()), frame(&palette::LINE, "5 3", "1.5"), "trust boundary or zone");
        key(has(&|element| element.out_of_scope), frame(&palette::MUTED, "2 2", "1"), "out of scope");
        for sign in [Sign::Encrypted, Sign::Public] {
            let sample = format!("<g transform=\"translate(3 -1)\">{}</g>", sign.svg());
            key(has(&|element| signs(element).contains(&sign)), sample, sign.meaning());
        }
        keys
    }
}

/// What a small picture at a flow or a store says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Encrypted,
    Public,
}

impl Sign {
    fn meaning(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Public => "over a public network",
        }
    }

    /// 12 units wide and high, from (0, 0).
    fn svg(self) -> String {
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
fn signs(element: &Element) -> Vec<Sign> {
    let is_flow = element.kind == ElementKind::DataFlow;
    let encrypted = (is_flow && element.encrypted == Some(true)).then_some(Sign::Encrypted);
    let public = (is_flow && element.public_network == Some(true)).then_some(Sign::Public);
    encrypted.into_iter().chain(public).collect()
}

/// The ink, the width and the dashes of an edge or a line.
fn stroke(element: &Element, is_open: bool) -> (&'static Ink, &'static str, &'static str) {
    match (element.out_of_scope, is_open) {
        (true, _) => (&palette::MUTED, "1", " stroke-dasharray=\"3 3\""),
        (false, true) => (&palette::FALL, "2.5", ""),
        (false, false) => (&palette::TEXT, "1.3", ""),
    }
}

/// What an element looks like without its name.
fn shape(element: &Element, outline: &Outline, is_open: bool) -> String {
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
fn is_too_small(outline: &Outline) -> bool {
    outline.rect.width < 44.0 || outline.rect.height < 20.0
}

/// What an element and its name take.
fn taken_by(outline: &Outline) -> Rect {
    let rect = outline.rect;
    if !is_too_small(outline) {
        return rect;
    }
    let name = Rect::around((rect.middle().0, rect.bottom() + 10.0), (BELOW * LIKELY, 18.0));
    Rect::holding([rect, name].iter().flat_map(Rect::corners)).unwrap_or(rect)
}

/// The name of an element, in it or, where it is too small, below it.
fn name(element: &Element, outline: &Outline) -> String {
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
fn text(lines: &[String], (x, y): Place, anchor: &'static str, size: u8, ink: &'static Ink, on_lines: bool) -> String {
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
fn boundary(route: &Route) -> String {
    format!(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-dasharray=\"8 5\"/>\n",
        route.data(),
        palette::LINE.variable
    )
}

/// The ground behind lines of text, rather too narrow than too wide: the rim of the text does the rest.
fn grounds(lines: &[String], (x, y): Place, is_centred: bool) -> String {
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
fn clear(rect: &Rect) -> String {
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
fn badge_text(threats: ThreatCount) -> String {
    format!("{}{}", threats.all, if threats.open > 0 { "!" } else { "" })
}

/// How wide a badge is.
fn badge_width(threats: ThreatCount) -> f64 {
    (width(&badge_text(threats), NOTE) + 7.0).max(BADGE)
}

/// A number of threats around a place.
fn badge(threats: ThreatCount, (x, y): Place) -> String {
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
fn wrapped(address: &str, told: &str, content: &str) -> String {
    let told = escape(told);
    match address {
        "" => format!("<g role=\"img\" aria-label=\"{told}\"><title>{told}</title>{content}</g>\n"),
        address => {
            format!("<a href=\"{}\" aria-label=\"{told}\"><title>{told}</title>{content}</a>\n", escape(address))
        }
    }
}

/// What an element is called in a sentence.
fn called(element: &Element) -> &str {
    if element.name.is_empty() { "an element without a name" } else { &element.name }
}

/// Threats in words.
fn counted(threats: ThreatCount) -> String {
    let ThreatCount { all, open } = threats;
    match (all, open) {
        (0, _) => "no threats".to_owned(),
        (_, 0) => format!("{}, none open", count(all as usize, "threat", "threats")),
        _ => format!("{}, {open} open", count(all as usize, "threat", "threats")),
    }
}
