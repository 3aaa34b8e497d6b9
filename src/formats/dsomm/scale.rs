//! The stages of a progress definition as a scale.

use std::collections::HashSet;

use super::document::{Stage, clip};
use crate::domain::answer::Status;
use crate::domain::fault::Faults;
use crate::domain::organization::Name;
use crate::domain::scale::{Percent, ProgressScale, Step};

/// The scale of some stages, in the order of their worth; `None`: they are none, and why is a fault.
///
/// A stage that the scale in use has by its name keeps the key that answers are recorded with; any other gets
/// its name in plain letters. The application counts in shares of any precision, a scale in whole percent.
pub(super) fn scale(stages: &[Stage], current: &ProgressScale, faults: &mut Faults) -> Option<ProgressScale> {
    let before = faults.total();
    let mut steps: Vec<(&Stage, Step)> = Vec::new();
    for stage in stages {
        match &stage.score {
            None => faults.push(stage.place.clone(), "score is missing; write what it is worth, like 20%"),
            Some((place, text)) => match percent(text) {
                Some(percent) => {
                    let name = Name::new(&stage.title).map_or_else(|_| stage.title.clone(), |name| name.to_string());
                    steps.push((stage, Step { key: String::new(), name, percent }));
                }
                None => {
                    let message = format!("expected 0% to 100%, or a number from 0 to 1, found “{}”", clip(text));
                    faults.push(place.clone(), message);
                }
            },
        }
    }
    steps.sort_by_key(|(_, step)| step.percent);
    let mut taken = HashSet::from([Status::UNANSWERED.to_owned(), Status::NOT_APPLICABLE.to_owned()]);
    let known = |name: &str| current.steps().iter().find(|step| step.name.to_lowercase() == name.to_lowercase());
    for (_, step) in &mut steps {
        if let Some(known) = known(&step.name) {
            step.key.clone_from(&known.key);
            taken.insert(known.key.clone());
        }
    }
    for (_, step) in steps.iter_mut().filter(|(_, step)| step.key.is_empty()) {
        step.key = free_key(&step.name, step.percent, &mut taken);
    }
    if faults.total() > before {
        return None;
    }
    let (stages, steps): (Vec<&Stage>, Vec<Step>) = steps.into_iter().unzip();
    for found in ProgressScale::faults(&steps) {
        let stage = found.place().and_then(|(at, _)| stages.get(at)).or(stages.first());
        let place = stage.map(|stage| stage.place.clone()).unwrap_or_default();
        faults.push(place, format!("these stages make no scale: {found}"));
    }
    ProgressScale::new(steps).ok()
}

/// What a stage is worth: `20%`, `0.2`, or `1`.
fn percent(text: &str) -> Option<Percent> {
    let text = text.trim();
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().ok()?,
        None => text.parse::<f64>().ok()? * 100.0,
    };
    // From 0 to 100 any number fits.
    (0.0..=100.0).contains(&share).then(|| share.round() as Percent)
}

/// A key in plain letters that no other step has.
fn free_key(name: &str, percent: Percent, taken: &mut HashSet<String>) -> String {
    let mut key = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c);
        } else if !key.ends_with('_') && !key.is_empty() {
            key.push('_');
        }
    }
    let mut key = key.trim_end_matches('_').to_owned();
    if key.is_empty() {
        key = format!("step_{percent}");
    }
    let mut free = key.clone();
    let mut number = 2;
    while taken.contains(&free) {
        free = format!("{key}_{number}");
        number += 1;
    }
    taken.insert(free.clone());
    free
}
