//! XML as a tree, read as a stream. What is not needed of a file is passed over while it is read, so that a
//! library of many megabytes inside it costs nothing.
//!
//! Documents that declare a type are refused: entities of a file's own, which could name other files or grow
//! without end, are then impossible.

use std::borrow::Cow;

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::notes::clip;
use crate::domain::fault::{Faults, Place};
use crate::formats::Source;

/// How deep elements may stand in each other.
const MAX_DEPTH: usize = 200;
/// How many elements are kept of a file.
const MAX_ELEMENTS: usize = 500_000;
/// How many attributes an element may have.
const MAX_ATTRIBUTES: usize = 200;
/// How many characters of a name are shown in a message.
const NAME_SHOWN: usize = 60;

/// An element. Names are without their prefixes.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// What it is called.
    pub(super) name: String,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// The value of an attribute; empty when there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The text that stands in it, without that of its children; empty when there is none or it is said to be nothing.
    pub(super) fn text(&self) -> &str {
        if self.attribute("nil") == "true" { "" } else { self.text.trim() }
    }

    /// All elements in it, in their order.
    pub(super) fn children(&self) -> impl Iterator<Item = &Element> {
        self.children.iter()
    }

    /// The elements in it with a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element in it with a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The element at the end of a way of names, of each the first.
    pub(super) fn find(&self, names: &[&str]) -> Option<&Element> {
        names.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text of the first element in it with a name; empty when there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", Element::text)
    }
}

/// The text of a file that is written in XML.
pub(super) fn text_of(source: Source<'_>) -> Result<&str, Faults> {
    std::str::from_utf8(source.bytes).map(|text| text.trim_start_matches('\u{FEFF}')).map_err(|error| {
        let read = source.bytes.get(..error.valid_up_to()).unwrap_or_default();
        let place = Place { source: source.name.to_owned(), line: 1 + line_ends(read), ..Place::default() };
        Faults::one(place, "not UTF-8 text; save the file as UTF-8")
    })
}

/// The name of the outermost element, without its prefix; `None` where there is none, or something that is no XML.
pub(super) fn root_name(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => return Some(start.local_name().into_inner().to_owned()),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Reads a whole document. What `is_needed` says no to is left out, with all that stands in it; it is asked with the
/// names of the elements from the outermost to the one in question.
pub(super) fn parse(name: &str, text: &str, is_needed: fn(&[String]) -> bool) -> Result<Element, Faults> {
    let mut tree = Tree { lines: Lines { text, seen: 0, line: 1 }, is_needed, ..Tree::new() };
    tree.read().map_err(|message| {
        let place = Place { source: name.to_owned(), line: tree.lines.line, ..Place::default() };
        Faults::one(place, message)
    })
}

/// Every element is needed.
pub(super) fn everything(_path: &[String]) -> bool {
    true
}

/// Which line a place in a text is on, for places that only go forward.
struct Lines<'a> {
    text: &'a str,
    seen: usize,
    line: u64,
}

impl Lines<'_> {
    fn advance(&mut self, to: usize) {
        self.line += line_ends(self.text.as_bytes().get(self.seen..to).unwrap_or_default());
        self.seen = self.seen.max(to);
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// A tree while it grows.
struct Tree<'a> {
    lines: Lines<'a>,
    is_needed: fn(&[String]) -> bool,
    /// The elements that are not at their end yet, from the outermost on.
    open: Vec<Element>,
    /// Their names, and at most one more that is asked about.
    path: Vec<String>,
    /// How many elements are open below one that is not needed, and that one.
    passing_over: usize,
    count: usize,
    root: Option<Element>,
}

impl Tree<'_> {
    fn new() -> Self {
        Self {
            lines: Lines { text: "", seen: 0, line: 1 },
            is_needed: everything,
            open: Vec::new(),
            path: Vec::new(),
            passing_over: 0,
            count: 0,
            root: None,
        }
    }

    fn read(&mut self) -> Result<Element, String> {
        let mut reader = Reader::from_str(self.lines.text);
        loop {
            let event = reader.read_event();
            let begins = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
            let ends = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = event.map_err(|error| {
                self.lines.advance(begins);
                format!("not readable as XML: {}", plain(&error.to_string()))
            })?;
            match event {
                Event::Start(start) => self.start(&start)?,
                Event::Empty(start) => {
                    self.start(&start)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.text(&text.xml10_content()),
                Event::CData(text) => self.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let text = resolved(&reference)?;
                    self.text(&text);
                }
                Event::DocType(_) => {
                    return Err("it declares a document type, which is not read because entities come with it; \
                                take the line with <!DOCTYPE out"
                        .to_owned());
                }
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
            self.lines.advance(ends);
        }
        if let Some(open) = self.path.last() {
            return Err(format!("the file ends within <{}>; it may have been cut off", clip(open, NAME_SHOWN)));
        }
        self.root.take().ok_or_else(|| "there is no element in it".to_owned())
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        if self.open.len() + self.passing_over >= MAX_DEPTH {
            return Err(format!("elements stand in each other more than {MAX_DEPTH} deep"));
        }
        if self.passing_over > 0 {
            self.passing_over += 1;
            return Ok(());
        }
        if self.root.is_some() {
            return Err("there is a second element beside the outermost one".to_owned());
        }
        let name = start.local_name().into_inner().to_owned();
        self.path.push(name.clone());
        if !(self.is_needed)(&self.path) {
            self.passing_over = 1;
            return Ok(());
        }
        self.count += 1;
        if self.count > MAX_ELEMENTS {
            return Err(format!("more than {MAX_ELEMENTS} elements, which is the most that is read"));
        }
        let attributes = attributes(start)?;
        self.open.push(Element { name, line: self.lines.line, attributes, ..Element::default() });
        Ok(())
    }

    fn end(&mut self) {
        if self.passing_over > 1 {
            self.passing_over -= 1;
            return;
        }
        self.path.pop();
        if self.passing_over == 1 {
            self.passing_over = 0;
            return;
        }
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    /// Text is split where a reference stands in it, so it is put together again here.
    fn text(&mut self, text: &str) {
        if self.passing_over == 0
            && let Some(element) = self.open.last_mut()
        {
            element.text.push_str(text);
        }
    }
}

fn attributes(start: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("not readable as XML: {}", plain(&error.to_string())))?;
        if all.len() >= MAX_ATTRIBUTES {
            return Err(format!("an element has more than {MAX_ATTRIBUTES} attributes"));
        }
        if attribute.key.as_namespace_binding().is_none() {
            all.push((attribute.key.local_name().into_inner().to_owned(), value(&attribute)?.into_owned()));
        }
    }
    Ok(all)
}

fn value<'a>(attribute: &Attribute<'a>) -> Result<Cow<'a, str>, String> {
    attribute
        .normalized_value(XmlVersion::Implicit1_0)
        .map_err(|error| format!("not readable as XML: {}", plain(&error.to_string())))
}

/// What a reference like `&lt;` or `&#65;` stands for.
fn resolved(reference: &BytesRef<'_>) -> Result<String, String> {
    let unknown = || {
        format!(
            "“&{};” is no entity of XML; entities of a file's own are not read",
            clip(&plain(reference), NAME_SHOWN)
        )
    };
    if let Some(character) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(character.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(ToOwned::to_owned).ok_or_else(unknown)
}

/// A message of the parser, which may quote the file: short, and without control characters.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
