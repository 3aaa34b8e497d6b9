//! What an import would do, in lines for people: what changes from what to what, what is new, and where the
//! file says so.

use crate::app::ThreatModelImport;
use crate::domain::import::{Change, Changes, Difference, Fate, Subject};
use crate::domain::named::Named;
use crate::domain::threat_model::changes::{self as of_model, AspectChange, What};

/// How many changes of each kind are printed; further ones are only counted.
const SHOWN: usize = Changes::KEPT;

/// What becomes of everything in some files.
pub(super) fn of_files(changes: &Changes) -> String {
    let mut lines = Vec::new();
    for (title, fate) in [("What changes", Fate::Changed), ("What is new", Fate::New)] {
        let all = changes.count_of(fate);
        if all == 0 {
            continue;
        }
        lines.push(format!("{title}: {all}"));
        let shown = changes.of(fate);
        for change in shown {
            describe(change, &mut lines);
        }
        say_how_many_more(all - shown.len().min(all), &mut lines);
    }
    lines.push(format!("What stays as it is: {}", changes.count_of(Fate::Same)));
    lines.join("\n")
}

fn describe(change: &Change, lines: &mut Vec<String>) {
    // The scale has no name but what it is.
    let kind = if change.subject == Subject::Scale { String::new() } else { format!("{} ", change.subject.name()) };
    lines.push(format!("  {kind}{} ({})", in_one_line(&change.name), in_one_line(&change.place.to_string())));
    for Difference { field, from, to } in &change.differences {
        let field = field.replace('_', " ");
        lines.push(match change.fate {
            Fate::Changed => format!("    {field}: {} → {}", or_nothing(from), or_nothing(to)),
            Fate::New | Fate::Same => format!("    {field}: {}", or_nothing(to)),
        });
    }
}

/// What becomes of a threat model.
pub(super) fn of_threat_model(import: &ThreatModelImport) -> String {
    let inspection = &import.inspection;
    let mut lines = vec![format!("“{}” from {}", in_one_line(&inspection.title), inspection.format.title())];
    let Some(changes) = &import.changes else {
        let elements: usize = inspection.elements.values().sum();
        lines.push("  a new threat model".to_owned());
        lines.push(format!("  elements: {elements}"));
        lines.push(format!("  threats: {}", inspection.threats));
        lines.extend(inspection.status.iter().map(|(status, n)| format!("    {}: {n}", status.replace('_', " "))));
        return lines.join("\n");
    };
    if !import.is_change {
        lines.push("  nothing changes".to_owned());
    }
    lines.extend(changes.of_model.iter().map(|change| format!("  {}", difference(change))));
    for part in changes.parts.iter().take(SHOWN) {
        describe_part(part, &mut lines);
    }
    say_how_many_more(changes.parts.len().saturating_sub(SHOWN), &mut lines);
    lines.join("\n")
}

fn describe_part(part: &of_model::Change, lines: &mut Vec<String>) {
    let name = if part.name.is_empty() { "without a name".to_owned() } else { in_one_line(&part.name) };
    let (what, aspects): (_, &[AspectChange]) = match &part.what {
        What::Added => ("new", &[]),
        What::Removed => ("taken out", &[]),
        What::Changed(aspects) => ("changed", aspects),
    };
    lines.push(format!("  {what}: {} {name}", part.kind.noun()));
    lines.extend(aspects.iter().map(|aspect| format!("    {}", difference(aspect))));
}

/// Long texts have no from and to.
fn difference(change: &AspectChange) -> String {
    match (change.from.as_str(), change.to.as_str()) {
        ("", "") => change.aspect.to_owned(),
        (from, to) => format!("{}: {} → {}", change.aspect, or_nothing(from), or_nothing(to)),
    }
}

fn say_how_many_more(more: usize, lines: &mut Vec<String>) {
    if more > 0 {
        lines.push(format!("  … and {more} more"));
    }
}

fn or_nothing(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { in_one_line(text) }
}

/// A text of a file without ends of lines, and without what would steer a terminal.
fn in_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
