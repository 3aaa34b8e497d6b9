//! Reads the roadmap: the stages of the transformation with their targets.

use super::Source;
use super::yaml::{self, Entry, Node, Value};
use crate::domain::fault::{Faults, Place};
use crate::domain::roadmap::{Roadmap, Stage};

/// Reads a YAML file with a list `stages`, each with `name`, `goal`, `exit_check` and `targets`
/// (dimension to level), and perhaps `wished` (a quarter).
pub fn read(source: Source<'_>) -> Result<Roadmap, Faults> {
    let mut faults = Faults::default();
    let mut stages = Vec::new();
    for document in yaml::parse(source)? {
        for entry in mapping(document, source.name, &mut faults) {
            let Value::Sequence(items) = entry.node.value else {
                faults.push(place(source.name, entry.line, &entry.key), "expected a list of stages");
                continue;
            };
            for item in items {
                stages.push(stage(item, source.name, &mut faults));
            }
        }
    }
    match Roadmap::new(stages) {
        Ok(roadmap) => faults.or(roadmap),
        Err(error) => {
            faults.push(place(source.name, 0, ""), error.to_string());
            Err(faults)
        }
    }
}

fn place(source: &str, line: u64, path: &str) -> Place {
    Place { source: source.to_owned(), line, column: 0, path: path.to_owned() }
}

fn mapping(node: Node, source: &str, faults: &mut Faults) -> Vec<Entry> {
    if let Value::Mapping(entries) = node.value {
        return entries;
    }
    faults.push(place(source, node.line, ""), format!("expected a mapping, found {}", node.kind()));
    Vec::new()
}

fn stage(node: Node, source: &str, faults: &mut Faults) -> Stage {
    let mut stage = Stage::default();
    for Entry { key, line, node, .. } in mapping(node, source, faults) {
        match (key.as_str(), node.value) {
            ("name", Value::Scalar(text)) => stage.name = text,
            ("goal", Value::Scalar(text)) => stage.goal = text,
            ("exit_check", Value::Scalar(text)) => stage.exit_check = text,
            ("wished", Value::Scalar(text)) => match text.parse() {
                Ok(period) => stage.wished = Some(period),
                Err(error) => faults.push(place(source, line, &key), error.to_string()),
            },
            ("targets", Value::Mapping(targets)) => {
                for target in targets {
                    match target.node.value {
                        Value::Scalar(text) if text.parse::<u8>().is_ok() => {
                            stage.targets.insert(target.key, text.parse().unwrap_or(0));
                        }
                        _ => faults.push(place(source, target.line, &target.key), "expected a level from 0 to 5"),
                    }
                }
            }
            _ => faults.push(
                place(source, line, &key),
                "expected name, goal, exit_check and wished as texts and targets as a mapping",
            ),
        }
    }
    stage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_may_have_a_date() {
        let read_text = |text: &str| read(Source { name: "r.yaml", bytes: text.as_bytes() });
        let roadmap =
            read_text("stages:\n  - {name: A, wished: 2027-Q2, targets: {All: 1}}\n  - {name: B, targets: {All: 2}}\n");
        let dates: Vec<_> = roadmap.unwrap().stages().iter().map(|stage| stage.wished).collect();
        assert_eq!(dates, ["2027-Q2".parse().ok(), None]);
        let faults = read_text("stages:\n  - {name: A, wished: soon}\n").unwrap_err().to_string();
        assert!(faults.contains("r.yaml:2") && faults.contains("“soon” is not a quarter"), "{faults}");
    }
}
