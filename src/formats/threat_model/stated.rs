//! What files of several tools state alike: kinds of threats, days, and texts that were written for a browser.

use chrono::NaiveDate;

use super::notes::{clip, tidy};
use crate::domain::threat_model::category::{Category, Stride};
use crate::domain::threat_model::words::Method;
use crate::domain::threat_model::{Threat, ThreatModel};

/// A word as it is compared: its letters and digits in lower case.
pub(super) fn folded(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The kind of threat that English words name, in any of the spellings that tools have for STRIDE; what is none of
/// STRIDE stays what it is. `None` for nothing.
pub(super) fn category(text: &str) -> Option<Category> {
    let kind = match folded(text).as_str() {
        "" => return None,
        "spoofing" | "spoofingidentity" | "spoof" => Stride::Spoofing,
        "tampering" | "tamper" => Stride::Tampering,
        "repudiation" => Stride::Repudiation,
        "informationdisclosure" | "informationdisclosures" => Stride::InformationDisclosure,
        "denialofservice" | "dos" => Stride::DenialOfService,
        "elevationofprivilege" | "elevationofprivileges" | "escalationofprivilege" | "escalationofprivileges" => {
            Stride::ElevationOfPrivilege
        }
        _ => return Some(Category::Other(clip(&tidy(text), ThreatModel::NAME_LIMIT))),
    };
    Some(Category::Stride(kind))
}

/// The day at the beginning of a point in time like `2026-11-27T08:15:00+01:00`; `None` for anything else.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let head: String = text.trim().chars().take(10).collect();
    NaiveDate::parse_from_str(&head, "%Y-%m-%d").ok()
}

/// A heading of a longer text: the whole of it where it is short, else its first sentence or line, cut where people
/// stop reading.
pub(super) fn headline(text: &str) -> String {
    let tidy = tidy(text);
    let line = tidy.lines().next().unwrap_or_default();
    if line.chars().count() <= HEADLINE {
        return line.to_owned();
    }
    let sentence = line.split_inclusive(". ").next().unwrap_or_default().trim();
    if sentence.chars().count() <= HEADLINE {
        return sentence.to_owned();
    }
    clip(sentence, HEADLINE - 1).trim_end().to_owned() + "…"
}

/// How long a heading gets that is made from a text, in characters.
const HEADLINE: usize = 160;

/// The tags of HTML at which a line ends.
const ENDS_LINE: [&str; 9] = ["br", "p", "div", "li", "tr", "table", "h1", "h2", "h3"];

/// What a browser would show of HTML, as text: tags are taken out, and those that begin a line do; entities are what
/// they stand for. It is no parser of HTML: what comes out is text for people and is escaped like any other.
pub(super) fn text_of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        match after.split_once('>').filter(|_| is_tag) {
            Some((tag, after)) => {
                let name: String =
                    tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).take(8).collect();
                match name.to_ascii_lowercase().as_str() {
                    name if ENDS_LINE.contains(&name) => text.push('\n'),
                    "td" | "th" => text.push(' '),
                    _ => {}
                }
                rest = after;
            }
            None => {
                text.push('<');
                rest = after;
                if is_tag {
                    // No tag ends any more, so what is left is text.
                    break;
                }
            }
        }
    }
    text.push_str(rest);
    let lines: Vec<String> =
        unescaped(&text).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let mut shown = lines.join("\n");
    while shown.contains("\n\n\n") {
        shown = shown.replace("\n\n\n", "\n\n");
    }
    shown.trim().to_owned()
}

/// A text with its entities resolved; those that are not known stay as they are.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let name: String = after.chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '#').take(10).collect();
        let behind = after.strip_prefix(name.as_str()).and_then(|behind| behind.strip_prefix(';'));
        match (entity(&name), behind) {
            (Some(character), Some(behind)) => {
                plain.push(character);
                rest = behind;
            }
            _ => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => return None,
    })
}

/// What threats are looked for by, as far as their kinds tell.
pub(super) fn methods(threats: &[Threat]) -> Vec<Method> {
    let is_stride = threats.iter().flat_map(|threat| &threat.categories).any(|category| category.stride().is_some());
    if is_stride { vec![Method::Stride] } else { Vec::new() }
}

/// The numbers of weaknesses that are written like `CWE-79` or `79`.
pub(super) fn weakness(text: &str) -> Option<u32> {
    let text = text.trim();
    let number = text.get(..4).filter(|head| head.eq_ignore_ascii_case("CWE-")).and_then(|_| text.get(4..));
    number.unwrap_or(text).parse().ok().filter(|&number| number > 0)
}
