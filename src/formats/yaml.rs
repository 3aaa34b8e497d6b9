//! YAML as a tree in which every node knows its place and every scalar is kept as it was written,
//! so that `5.10` stays `5.10` and a fault can be reported without giving up the rest of the file.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::{Source, too_large};
use crate::domain::fault::{Faults, Place};

/// The largest YAML file that is read.
pub(super) const MAX_BYTES: usize = 16_000_000;

/// A node of the tree.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Line, from 1.
    pub(super) line: u64,
    /// Column, from 1.
    pub(super) column: u64,
    /// What it is.
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    /// The text of a scalar, as written and without its quotes.
    Scalar(String),
    Sequence(Vec<Node>),
    /// Entries in the order of the file. Keys are unique.
    Mapping(Vec<Entry>),
}

/// An entry of a mapping.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key, and its place.
    pub(super) key: String,
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) node: Node,
}

impl Node {
    /// What kind of thing it is, in the words of messages.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

impl Node {
    /// The place of the first key in it of more than `limit` bytes.
    pub(super) fn key_longer_than(&self, limit: usize) -> Option<(u64, u64)> {
        match &self.value {
            Value::Null | Value::Scalar(_) => None,
            Value::Sequence(items) => items.iter().find_map(|item| item.key_longer_than(limit)),
            Value::Mapping(entries) => entries.iter().find_map(|entry| {
                let place = (entry.key.len() > limit).then_some((entry.line, entry.column));
                place.or_else(|| entry.node.key_longer_than(limit))
            }),
        }
    }

    /// The entries of a mapping; of nothing, none. Anything else comes back.
    pub(super) fn into_entries(self) -> Result<Vec<Entry>, Self> {
        match self.value {
            Value::Mapping(entries) => Ok(entries),
            Value::Null => Ok(Vec::new()),
            value => Err(Self { value, ..self }),
        }
    }

    /// The items of a list; of nothing, none. Anything else comes back.
    pub(super) fn into_items(self) -> Result<Vec<Node>, Self> {
        match self.value {
            Value::Sequence(items) => Ok(items),
            Value::Null => Ok(Vec::new()),
            value => Err(Self { value, ..self }),
        }
    }

    /// The text of a scalar; of nothing, the empty one. Anything else comes back.
    pub(super) fn into_text(self) -> Result<String, Self> {
        match self.value {
            Value::Scalar(text) => Ok(text),
            Value::Null => Ok(String::new()),
            value => Err(Self { value, ..self }),
        }
    }
}

/// Parses all documents of a source; empty ones are left out.
pub(super) fn parse(source: Source<'_>) -> Result<Vec<Node>, Faults> {
    let place = |line, column| Place { source: source.name.to_owned(), line, column, path: String::new() };
    too_large(source, MAX_BYTES)?;
    let text = match std::str::from_utf8(source.bytes) {
        Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text),
        Err(error) => {
            let line = source.bytes.iter().take(error.valid_up_to()).filter(|&&b| b == b'\n').count() as u64 + 1;
            return Err(Faults::one(place(line, 0), "not UTF-8 text; save the file as UTF-8"));
        }
    };
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 24,
            max_documents: 16,
            max_nodes: 600_000,
            max_events: 2_000_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_recorded_anchor_events: 100_000,
        },
        with_snippet: false,
        null_as_string: true,
    };
    let documents: Vec<Spanned<Raw>> = serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        let at = error.location().unwrap_or(Location::UNKNOWN);
        Faults::one(place(at.line(), at.column()), plain_message(&error))
    })?;
    Ok(documents.into_iter().map(|document| node(document, text)).collect())
}

/// The parser's message without the place, which the fault carries, and without control characters
/// that it may quote from the file.
fn plain_message(error: &serde_saphyr::Error) -> String {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect::<String>().trim().to_owned()
    };
    match error.without_snippet() {
        serde_saphyr::Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("“{}” is there twice in one mapping; keep one of them", plain(key))
        }
        serde_saphyr::Error::Budget { breach, .. } => {
            use serde_saphyr::budget::BudgetBreach as B;
            let what = match breach {
                B::Depth { .. } => "it is nested too deep",
                B::Aliases { .. } | B::Anchors { .. } | B::AliasAnchorRatio { .. } => "it has too many aliases",
                B::Documents { .. } => "it has too many documents",
                _ => "it has too many entries",
            };
            format!("not readable as YAML: {what}")
        }
        other => {
            let text = other.to_string();
            format!("not readable as YAML: {}", plain(text.split(" at line ").next().unwrap_or(&text)))
        }
    }
}

/// What serde gives: like [`Value`], but a scalar that looks like a number or a truth value has
/// lost its spelling, which [`node`] takes from the source again.
enum Raw {
    Null,
    Text(String),
    Typed(String),
    Sequence(Vec<Spanned<Raw>>),
    Mapping(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Typed(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(Raw::Sequence(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut all = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            all.push(entry);
        }
        Ok(Raw::Mapping(all))
    }
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let at = raw.referenced;
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Text(scalar) => Value::Scalar(scalar),
        Raw::Typed(meant) => Value::Scalar(spelling(&raw.defined, text).unwrap_or(meant)),
        Raw::Sequence(items) => Value::Sequence(items.into_iter().map(|item| node(item, text)).collect()),
        Raw::Mapping(entries) => Value::Mapping(
            entries
                .into_iter()
                .map(|(key, value)| Entry {
                    line: key.referenced.line(),
                    column: key.referenced.column(),
                    key: key.value,
                    node: node(value, text),
                })
                .collect(),
        ),
    };
    Node { line: at.line(), column: at.column(), value }
}

/// How a plain scalar stands in the source. `5.10` and `5.1` are the same number but not the same clause.
fn spelling(at: &Location, text: &str) -> Option<String> {
    let start = usize::try_from(at.span().byte_offset()?).ok()?;
    let len = usize::try_from(at.span().byte_len()?).ok()?;
    Some(text.get(start..start.checked_add(len)?)?.trim().to_owned()).filter(|found| !found.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<Node> {
        parse(Source { name: "x.yaml", bytes: text.as_bytes() }).unwrap()
    }

    fn fault(bytes: &[u8]) -> String {
        parse(Source { name: "x.yaml", bytes }).unwrap_err().to_string()
    }

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "~".into(),
            Value::Scalar(text) => format!("{text:?}@{}:{}", node.line, node.column),
            Value::Sequence(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
            Value::Mapping(entries) => {
                format!(
                    "{{{}}}",
                    entries
                        .iter()
                        .map(|e| format!("{}@{}={}", e.key, e.line, show(&e.node)))
                        .collect::<Vec<_>>()
                        .join(" ")
                )
            }
        }
    }

    #[test]
    fn scalars_are_kept_as_written() {
        let documents = parsed("a: [5.10, '5.10', 0x1F, yes, 007, 1e3, ~, \"q\"]\nü: 8.20\n---\nb: 5.1\n");
        assert_eq!(
            documents.iter().map(show).collect::<Vec<_>>(),
            [
                r#"{a@1=["5.10"@1:5 "5.10"@1:11 "0x1F"@1:19 "yes"@1:25 "007"@1:30 "1e3"@1:35 ~ "q"@1:43] ü@2="8.20"@2:4}"#,
                r#"{b@4="5.1"@4:4}"#
            ]
        );
    }

    #[test]
    fn aliases_keep_the_spelling_of_what_they_stand_for() {
        assert_eq!(show(&parsed("a: &x 5.10\nb: *x\n")[0]), r#"{a@1="5.10"@1:7 b@2="5.10"@2:4}"#);
    }

    #[test]
    fn what_is_not_yaml_is_a_fault_with_its_place() {
        assert!(fault(b"a: 1\nb: [1, 2\nc: 3\n").starts_with("x.yaml:"), "{}", fault(b"a: 1\nb: [1, 2\nc: 3\n"));
        assert!(fault(b"a: 1\nb: \xff\n").starts_with("x.yaml:2: not UTF-8"));
        assert!(fault(b"a: 1\na: 2\n").starts_with("x.yaml:2"), "{}", fault(b"a: 1\na: 2\n"));
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..10 {
            let before = format!("*a{}", i - 1);
            laughs += &format!("a{i}: &a{i} [{}]\n", vec![before; 10].join(", "));
        }
        assert!(fault(laughs.as_bytes()).contains("not readable as YAML"));
        assert!(fault("[".repeat(10_000).as_bytes()).contains("not readable as YAML"));
        let deep: String = (0..1000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        assert!(fault(deep.as_bytes()).contains("not readable as YAML"));
        assert!(fault(&vec![b'a'; MAX_BYTES + 1]).contains("larger than 16 MB"));
    }
}
