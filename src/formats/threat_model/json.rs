//! JSON or YAML as a tree in which every value knows the way that leads to it.

use serde_json::{Map, Value};

use super::notes::clip;
use crate::domain::fault::{Faults, Place};
use crate::formats::Source;
use crate::formats::yaml::{self, Node};

/// How many characters of a key are kept in a way.
const KEY_KEPT: usize = 60;

/// How many values a JSON file may have. The largest real ones have some ten thousand.
const MOST_VALUES: usize = 1_000_000;

/// A value, and the way that leads to it.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> At<'a> {
    /// The whole of a file.
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    /// The value itself.
    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// The way that leads here, like `detail.diagrams[0].cells[4]`.
    pub(super) fn path(&self) -> String {
        self.path.clone()
    }

    /// The way to something that this value has or should have.
    pub(super) fn path_to(&self, key: &str) -> String {
        let key = clip(key, KEY_KEPT);
        if self.path.is_empty() { key } else { format!("{}.{key}", self.path) }
    }

    /// What stands under a key, unless it is nothing.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self { value, path: self.path_to(key) })
    }

    /// What stands at the end of a way of keys.
    pub(super) fn find(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |at, key| at.get(key))
    }

    /// The entries of a list; none if it is no list.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let path = self.path.clone();
        let items = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().enumerate().map(move |(i, value)| Self { value, path: format!("{path}[{i}]") })
    }

    /// The entries of the list under a key; none if there is no list.
    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.get(key).map(|at| at.items()).into_iter().flatten()
    }

    /// The keys of a mapping with what stands under them; none if it is no mapping.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let here = Self { value: self.value, path: self.path.clone() };
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(move |(key, value)| (key.as_str(), Self { value, path: here.path_to(key) }))
    }

    /// The text, or the number or truth as a text; empty for anything else.
    pub(super) fn text(&self) -> String {
        match self.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        }
    }

    /// The text under a key; empty when there is none.
    pub(super) fn text_of(&self, key: &str) -> String {
        self.get(key).map(|at| at.text()).unwrap_or_default()
    }

    /// The number, or the number that a text is; `None` for anything else and for what is not finite.
    pub(super) fn number(&self) -> Option<f64> {
        let number = match self.value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    /// The number under a key.
    pub(super) fn number_of(&self, key: &str) -> Option<f64> {
        self.get(key)?.number()
    }

    /// The truth, or the truth that a text is.
    pub(super) fn flag(&self) -> Option<bool> {
        match self.value {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The truth under a key.
    pub(super) fn flag_of(&self, key: &str) -> Option<bool> {
        self.get(key)?.flag()
    }
}

/// Parses JSON. What is nested deeper than 128 is refused, and so is what has so many values that the tree would take
/// many times the memory of the file.
pub(super) fn parse(source: Source<'_>) -> Result<Value, Faults> {
    let bytes = source.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(source.bytes);
    if most_values(bytes) > MOST_VALUES {
        let place = Place { source: source.name.to_owned(), ..Place::default() };
        return Err(Faults::one(place, format!("more than {MOST_VALUES} values, which is the most that is read")));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let place = Place { source: source.name.to_owned(), line, column, path: String::new() };
        let message = error.to_string();
        let plain = message.split(" at line ").next().unwrap_or(&message);
        Faults::one(place, format!("not readable as JSON: {plain}"))
    })
}

/// How many values a JSON text may have: each follows a comma or what opens a list or a mapping, outside of texts.
fn most_values(bytes: &[u8]) -> usize {
    let (mut values, mut is_text, mut is_escaped) = (1, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b',' | b'[' | b'{' if !is_text => values += 1,
            _ => {}
        }
    }
    values
}

/// Parses YAML, of which the first document counts. All scalars are texts.
pub(super) fn parse_yaml(source: Source<'_>) -> Result<Value, Faults> {
    let first = yaml::parse(source)?.into_iter().next();
    let place = || Place { source: source.name.to_owned(), ..Place::default() };
    first.map(tree).ok_or_else(|| Faults::one(place(), "the file is empty"))
}

/// A tree of YAML as one of JSON.
fn tree(node: Node) -> Value {
    match node.value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Scalar(text) => Value::String(text),
        yaml::Value::Sequence(items) => Value::Array(items.into_iter().map(tree).collect()),
        yaml::Value::Mapping(entries) => {
            Value::Object(entries.into_iter().map(|entry| (entry.key, tree(entry.node))).collect::<Map<_, _>>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_before_there_is_a_tree() {
        for (text, expected) in [("0", 1), ("[1,2]", 3), (r#"{"a,[{": "\"\\,[", "b": {"c": []}}"#, 5)] {
            assert!(most_values(text.as_bytes()) >= expected, "{text}");
        }
        assert_eq!(most_values(br#"["a,b\",{\\", ",\\", 1]"#), 4);
        let zeros = format!("[{}0]", "0,".repeat(MOST_VALUES));
        let refused = parse(Source { name: "a.json", bytes: zeros.as_bytes() }).unwrap_err().to_string();
        assert_eq!(refused, "a.json: more than 1000000 values, which is the most that is read");
        let texts = format!("[\"{}\"]", ",".repeat(MOST_VALUES));
        assert!(parse(Source { name: "a.json", bytes: texts.as_bytes() }).is_ok());
    }
}
