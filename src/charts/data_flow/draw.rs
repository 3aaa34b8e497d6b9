//! The SVG of a data-flow diagram whose places are known.

use std::collections::HashMap;

use super::geometry::{Form, Place, Rect, along, head};
use super::marks::{
    BADGE, LEADING, LIKELY, NOTE, Sign, badge, badge_width, boundary, clear, grounds, name, shape, signs, stroke,
    taken_by, text, wrapped,
};
use super::picture::{Area, Line, NAME, Node, Picture};
use super::{Links, ThreatCount};
use crate::charts::count;
use crate::charts::markup::{Key, Label, broken, legend, width};
use crate::charts::palette::{self, Ink};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId};

/// Around everything.
const MARGIN: f64 = 8.0;
/// How wide the text at a flow may be, and in how many lines.
const FLOW_TEXT: (f64, usize) = (136.0, 3);
/// How large the sign of what is encrypted or public is, with the space after it.
const SIGN: f64 = 14.0;
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
