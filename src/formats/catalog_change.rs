//! What differs between two catalogs, as text for people.

use std::fmt::Write;

use crate::domain::catalog_change::{CatalogChange, Changed, Placed};

/// The counts of each kind of change, and below them every change.
pub fn text(change: &CatalogChange<'_>) -> String {
    let kinds: [(&str, Condition, Line); 5] = [
        ("renamed", |c| c.is_renamed(), |c| format!("{} -> {}", c.old.activity.name, c.new.activity.name)),
        ("moved", |c| c.is_moved(), |c| format!("{}: {} -> {}", c.new.activity.name, home(&c.old), home(&c.new))),
        (
            "re-levelled",
            |c| c.is_relevelled(),
            |c| format!("{}: level {} -> {}", c.new.activity.name, c.old.activity.level, c.new.activity.level),
        ),
        ("reworded", |c| c.is_reworded(), |c| c.new.activity.name.clone()),
        (
            "with other changes",
            |c| !c.otherwise().is_empty(),
            |c| format!("{}: {}", c.new.activity.name, c.otherwise().join(", ")),
        ),
    ];
    let mut lists = vec![
        ("added", change.added.iter().map(with_home).collect::<Vec<_>>()),
        ("removed", change.removed.iter().map(with_home).collect()),
    ];
    for (name, condition, line) in kinds {
        lists.push((name, change.kept_and(condition).map(line).collect()));
    }
    let counts: Vec<String> = lists.iter().map(|(name, lines)| format!("{} {name}", lines.len())).collect();
    let mut text = counts.join(", ") + "\n";
    for (name, lines) in lists.iter().filter(|(_, lines)| !lines.is_empty()) {
        // Writing into a string cannot fail.
        let _ = write!(text, "\n{name}:\n");
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

type Condition = fn(&Changed<'_>) -> bool;
type Line = fn(&Changed<'_>) -> String;

fn home(placed: &Placed<'_>) -> String {
    format!("{} > {}", placed.dimension, placed.sub_dimension)
}

fn with_home(placed: &Placed<'_>) -> String {
    format!("{} ({}, level {})", placed.activity.name, home(placed), placed.activity.level)
}
