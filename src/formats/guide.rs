//! Reads the guide: what is said about dimensions, levels and the first assessment.

use std::collections::HashMap;

use super::Source;
use super::yaml::{self, Entry, Node, Value};
use crate::domain::fault::{Faults, Place};
use crate::domain::guide::{DimensionGuide, Guide, LevelGuide};

/// Reads a YAML file with `dimensions`, `levels` and `first_assessment`.
pub fn read(source: Source<'_>) -> Result<Guide, Faults> {
    let mut reader = Reader { source: source.name, faults: Faults::default() };
    let mut guide = Guide::default();
    for document in yaml::parse(source)? {
        for entry in reader.entries(document) {
            match entry.key.as_str() {
                "dimensions" => guide.dimensions = reader.dimensions(entry.node),
                "levels" => guide.levels = reader.levels(entry.node),
                "first_assessment" => guide.first_assessment = reader.text(entry.node),
                _ => reader.unknown(&entry),
            }
        }
    }
    reader.faults.or(guide)
}

struct Reader<'a> {
    source: &'a str,
    faults: Faults,
}

impl Reader<'_> {
    fn fault(&mut self, line: u64, column: u64, message: String) {
        let place = Place { source: self.source.to_owned(), line, column, path: String::new() };
        self.faults.push(place, message);
    }

    fn unknown(&mut self, entry: &Entry) {
        self.fault(entry.line, entry.column, format!("“{}” is not a part of the guide", entry.key));
    }

    fn entries(&mut self, node: Node) -> Vec<Entry> {
        if let Value::Mapping(entries) = node.value {
            return entries;
        }
        self.fault(node.line, node.column, format!("expected a mapping, found {}", node.kind()));
        Vec::new()
    }

    fn text(&mut self, node: Node) -> String {
        if let Value::Scalar(text) = node.value {
            return text.trim().to_owned();
        }
        self.fault(node.line, node.column, format!("expected a text, found {}", node.kind()));
        String::new()
    }

    fn dimensions(&mut self, node: Node) -> HashMap<String, DimensionGuide> {
        let mut dimensions = HashMap::new();
        for dimension in self.entries(node) {
            let mut guide = DimensionGuide::default();
            for entry in self.entries(dimension.node) {
                match entry.key.as_str() {
                    "description" => guide.description = self.text(entry.node),
                    "sub_dimensions" => {
                        let entries = self.entries(entry.node);
                        guide.sub_dimensions = entries.into_iter().map(|sub| (sub.key, self.text(sub.node))).collect();
                    }
                    _ => self.unknown(&entry),
                }
            }
            dimensions.insert(dimension.key, guide);
        }
        dimensions
    }

    fn levels(&mut self, node: Node) -> Vec<LevelGuide> {
        let Value::Sequence(items) = node.value else {
            self.fault(node.line, node.column, format!("expected a list, found {}", node.kind()));
            return Vec::new();
        };
        items.into_iter().map(|item| self.level(item)).collect()
    }

    fn level(&mut self, node: Node) -> LevelGuide {
        let mut level = LevelGuide::default();
        for entry in self.entries(node) {
            match entry.key.as_str() {
                "name" => level.name = self.text(entry.node),
                "description" => level.description = self.text(entry.node),
                _ => self.unknown(&entry),
            }
        }
        level
    }
}
