//! Lays what a file says over a catalog, or over nothing, and finds the places of what is wrong then.
//!
//! An activity is found by its id, or without one by its name: that of its sub-dimension first, or
//! else the only one that is called so. What is not found is new and needs everything. Standing
//! elsewhere moves it.

use std::collections::{HashMap, HashSet};

use super::document::{Document, Found, LeftOut, Patch};
use super::{Built, Kind};
use crate::domain::catalog::{
    Activity, ActivityId, Catalog, Content, ContentFault, DimensionContent, SubDimensionContent,
};
use crate::domain::fault::{Fault, Faults, Place};

const NOT_IN_A_WHOLE: &str = "only an overlay can leave something out, and this was read as a whole catalog";
const NOTHING_TO_LEAVE_OUT: &str = "there is nothing of this name to leave out";

/// An activity where it stands, with what the file says about it.
struct Entry {
    dimension: String,
    sub_dimension: String,
    activity: Activity,
    found: Option<Found>,
    /// Standing elsewhere than before, it comes after all that stayed.
    moved: bool,
    ignored: bool,
}

impl Entry {
    fn path(&self) -> String {
        format!("{} > {} > {}", self.dimension, self.sub_dimension, self.activity.name)
    }
}

/// Puts the content together and checks it.
pub(super) fn lay(document: Document, kind: Kind, under: &Content, name: &str) -> Built {
    let Document { version, patches, left_out, incomplete: _, faults, warnings } = document;
    let empty = Content::default();
    let under = if kind == Kind::Whole { &empty } else { under };
    let mut laying = Laying { kind, entries: entries(under), faults, warnings };
    laying.patch(patches);
    let removed = laying.leave_out(&left_out);
    laying.resolve_names(&removed);
    laying.drop_prerequisites(&removed, name);
    laying.finish(version.or_else(|| under.version.clone()), name)
}

fn entries(content: &Content) -> Vec<Entry> {
    let subs = content.dimensions.iter().flat_map(|d| d.sub_dimensions.iter().map(move |sub| (d, sub)));
    subs.flat_map(|(dimension, sub)| {
        sub.activities.iter().map(|activity| Entry {
            dimension: dimension.name.clone(),
            sub_dimension: sub.name.clone(),
            activity: activity.clone(),
            found: None,
            moved: false,
            ignored: false,
        })
    })
    .collect()
}

struct Laying {
    kind: Kind,
    entries: Vec<Entry>,
    faults: Faults,
    warnings: Vec<Fault>,
}

impl Laying {
    /// Applies all patches. Each is about what was there before any of them.
    fn patch(&mut self, patches: Vec<Patch>) {
        let mut by_id: HashMap<ActivityId, usize> = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, entry) in self.entries.iter().enumerate() {
            by_id.entry(entry.activity.id.clone()).or_insert(position);
            by_name.entry(entry.activity.name.clone()).or_default().push(position);
        }
        let by_id = |patch: &Patch| patch.id.as_ref().and_then(|id| by_id.get(id)).copied();
        let claimed: HashSet<usize> = patches.iter().filter_map(by_id).collect();
        let positions: Vec<Result<Option<usize>, (Place, String)>> = patches
            .iter()
            .map(|patch| match by_id(patch) {
                Some(position) => Ok(Some(position)),
                None => self.named(patch, by_name.get(&patch.name).map_or(&[][..], Vec::as_slice), &claimed),
            })
            .collect();
        for (patch, position) in patches.into_iter().zip(positions) {
            match position {
                Ok(Some(position)) => self.change(position, patch),
                Ok(None) => self.add(patch),
                Err((place, message)) => self.faults.push(place, message),
            }
        }
    }

    /// Which of the activities of its name a patch is about. With an id of its own it is a new one, unless
    /// its namesake stands in the same sub-dimension and is not spoken of by its id elsewhere.
    fn named(
        &self,
        patch: &Patch,
        named: &[usize],
        claimed: &HashSet<usize>,
    ) -> Result<Option<usize>, (Place, String)> {
        let beside = named.iter().copied().find(|position| {
            self.entries
                .get(*position)
                .is_some_and(|entry| entry.dimension == patch.dimension && entry.sub_dimension == patch.sub_dimension)
        });
        if patch.id.is_some() {
            let namesake = beside.filter(|position| !claimed.contains(position));
            return match namesake.and_then(|position| self.entries.get(position)) {
                None => Ok(None),
                Some(entry) => {
                    let message = format!(
                        "“{}” has the id {}; with another id the answers to it would be lost, so leave the id out or keep it",
                        patch.name, entry.activity.id
                    );
                    Err((patch.found.place("uuid"), message))
                }
            };
        }
        match (named, beside) {
            ([], _) => Ok(None),
            (_, Some(position)) => Ok(Some(position)),
            ([position], None) => Ok(Some(*position)),
            _ => {
                let message = format!("several activities are called “{}”; say which by its uuid", patch.name);
                Err((patch.found.whole(), message))
            }
        }
    }

    fn change(&mut self, position: usize, patch: Patch) {
        let Some(entry) = self.entries.get_mut(position) else { return };
        if let Some(first) = &entry.found {
            let message = format!("“{}” is changed twice, first in {}; keep one of them", patch.name, first.line());
            self.faults.push(patch.found.whole(), message);
            return;
        }
        entry.found = Some(patch.found.clone());
        if patch.ignored {
            entry.ignored = true;
            return;
        }
        if entry.dimension != patch.dimension || entry.sub_dimension != patch.sub_dimension {
            entry.dimension.clone_from(&patch.dimension);
            entry.sub_dimension.clone_from(&patch.sub_dimension);
            entry.moved = true;
        }
        patch.apply(&mut entry.activity);
    }

    fn add(&mut self, patch: Patch) {
        if patch.ignored {
            let message = if self.kind == Kind::Whole { NOT_IN_A_WHOLE } else { NOTHING_TO_LEAVE_OUT };
            self.faults.push(patch.found.whole(), message);
            return;
        }
        let why = if self.kind == Kind::Overlay { "; a new activity needs it" } else { "" };
        for (needed, place) in patch.missing() {
            self.faults.push(place, format!("{needed} is missing{why}"));
        }
        let stand_in = ActivityId(format!("missing-{}", self.entries.len()));
        let mut activity = Activity::named(stand_in, patch.name.clone());
        let (dimension, sub_dimension) = (patch.dimension.clone(), patch.sub_dimension.clone());
        let found = Some(patch.found.clone());
        patch.apply(&mut activity);
        self.entries.push(Entry { dimension, sub_dimension, activity, found, moved: true, ignored: false });
    }

    /// Takes away what is left out, and gives the ids and names of it.
    fn leave_out(&mut self, left_out: &[LeftOut]) -> Vec<(ActivityId, String)> {
        for LeftOut { dimension, sub_dimension, place } in left_out {
            if self.kind == Kind::Whole {
                self.faults.push(place.clone(), NOT_IN_A_WHOLE);
                continue;
            }
            let mut any = false;
            for entry in self.entries.iter_mut().filter(|entry| entry.dimension == *dimension) {
                if sub_dimension.as_ref().is_none_or(|name| *name == entry.sub_dimension) {
                    // What the file itself puts there stands in the place of what is left out.
                    entry.ignored |= entry.found.is_none();
                    any = true;
                }
            }
            if !any {
                self.faults.push(place.clone(), NOTHING_TO_LEAVE_OUT);
            }
        }
        let gone = self.entries.iter().filter(|entry| entry.ignored);
        let gone = gone.map(|entry| (entry.activity.id.clone(), entry.activity.name.clone())).collect();
        self.entries.retain(|entry| !entry.ignored);
        gone
    }

    /// Older files give the names of prerequisites; a name that only one activity has becomes its id.
    /// Others are left for the catalog to complain about.
    fn resolve_names(&mut self, removed: &[(ActivityId, String)]) {
        let mut ids: HashMap<String, Option<ActivityId>> = HashMap::new();
        let here = self.entries.iter().map(|entry| (&entry.activity.id, &entry.activity.name));
        for (id, name) in here.chain(removed.iter().map(|(id, name)| (id, name))) {
            ids.entry(name.clone()).and_modify(|id| *id = None).or_insert_with(|| Some(id.clone()));
        }
        for needed in self.entries.iter_mut().flat_map(|entry| &mut entry.activity.depends_on) {
            if let Some(Some(id)) = ids.get(&needed.0) {
                *needed = id.clone();
            }
        }
    }

    /// What was left out is no prerequisite any more.
    fn drop_prerequisites(&mut self, removed: &[(ActivityId, String)], name: &str) {
        let removed: HashMap<&ActivityId, &str> = removed.iter().map(|(id, name)| (id, name.as_str())).collect();
        for entry in &mut self.entries {
            let path = entry.path();
            let Entry { activity, found, .. } = entry;
            let gone: Vec<&str> =
                activity.depends_on.iter().filter_map(|needed| removed.get(needed).copied()).collect();
            if !gone.is_empty() && self.warnings.len() < Faults::KEPT {
                let place = found.as_ref().map_or_else(
                    || Place { source: name.to_owned(), path, ..Place::default() },
                    |found| found.place("dependsOn"),
                );
                let message = format!("“{}” is left out and is no prerequisite any more", gone.join("”, “"));
                self.warnings.push(Fault { place, message });
            }
            activity.depends_on.retain(|needed| !removed.contains_key(needed));
        }
    }

    fn finish(mut self, version: Option<String>, name: &str) -> Built {
        self.entries = in_order(self.entries);
        let mut content = Content { version, dimensions: Vec::new() };
        let (mut found, mut paths) = (Vec::new(), Vec::new());
        for entry in self.entries {
            paths.push(entry.path());
            found.push(entry.found);
            put(&mut content, entry.dimension, entry.sub_dimension, entry.activity);
        }
        let place = |fault: &ContentFault| {
            let own = fault.activity.and_then(|position| found.get(position)?.as_ref());
            // Where several are at fault together, what the file says about any of them will do.
            let own = own.or_else(|| fault.with.iter().find_map(|position| found.get(*position)?.as_ref()));
            own.map_or_else(
                || {
                    let path = fault.activity.and_then(|position| paths.get(position));
                    let path = path.map_or_else(|| fault.field.to_owned(), |path| format!("{path} > {}", fault.field));
                    Place { source: name.to_owned(), path, ..Place::default() }
                },
                |found| found.place(fault.field),
            )
        };
        let catalog = Catalog::new(content.clone()).map_err(|unsound| {
            for fault in unsound {
                self.faults.push(place(&fault), fault.message);
            }
        });
        let faults = self.faults.from_top_to_bottom();
        let catalog = match catalog {
            Ok(catalog) => faults.or(catalog),
            Err(()) => Err(faults),
        };
        Built { content, catalog, warnings: self.warnings }
    }
}

/// Dimensions and sub-dimensions in the order in which they first occur, and in each what stayed
/// before what came.
fn in_order(entries: Vec<Entry>) -> Vec<Entry> {
    let (mut stayed, moved): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| !entry.moved);
    stayed.extend(moved);
    let mut dimensions: HashMap<String, usize> = HashMap::new();
    let mut subs: HashMap<(String, String), usize> = HashMap::new();
    let ranks: Vec<(usize, usize)> = stayed
        .iter()
        .map(|entry| {
            let next = dimensions.len();
            let dimension = *dimensions.entry(entry.dimension.clone()).or_insert(next);
            let next = subs.len();
            (dimension, *subs.entry((entry.dimension.clone(), entry.sub_dimension.clone())).or_insert(next))
        })
        .collect();
    let mut ranked: Vec<((usize, usize), Entry)> = ranks.into_iter().zip(stayed).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

/// Puts an activity at the end, in a dimension and sub-dimension of its own if the last ones are others.
fn put(content: &mut Content, dimension: String, sub_dimension: String, activity: Activity) {
    if content.dimensions.last().is_none_or(|last| last.name != dimension) {
        content.dimensions.push(DimensionContent { name: dimension, sub_dimensions: Vec::new() });
    }
    let Some(dimension) = content.dimensions.last_mut() else { return };
    match dimension.sub_dimensions.last_mut() {
        Some(last) if last.name == sub_dimension => last.activities.push(activity),
        _ => dimension.sub_dimensions.push(SubDimensionContent { name: sub_dimension, activities: vec![activity] }),
    }
}
