//! Reads overlays: files in the form of a catalog that change another one.
//!
//! An activity is found by its id, or without one by its name. What the file says about it replaces
//! what was there, property by property; what the file does not repeat stays. An activity that is
//! not found is added and needs everything. Standing elsewhere moves it. `ignore: true` leaves out a
//! dimension, a sub-dimension or an activity.

use std::collections::HashSet;

use super::catalog::{Changes, Found, Ignored, Patch, read_overlay, resolve_names};
use super::{Reading, Source};
use crate::domain::catalog::{
    Activity, ActivityId, Catalog, Content, ContentFault, DimensionContent, SubDimensionContent,
};
use crate::domain::fault::{Fault, Faults, Place};

/// Whether a file reads like an overlay rather than a whole catalog: it leaves something out, or an
/// activity lacks what a whole catalog says of each.
pub fn is_overlay(source: Source<'_>) -> bool {
    read_overlay(source).is_ok_and(|Changes { patches, ignored, .. }| {
        !ignored.is_empty()
            || patches.len() < WHOLE
            || patches.iter().any(|patch| patch.found.missing().next().is_some())
    })
}

/// With fewer activities than this a file is taken for additions to a catalog, not for one.
const WHOLE: usize = 50;

/// Applies an overlay to the content of a catalog.
pub fn read(source: Source<'_>, base: &Content) -> Result<Reading<Catalog>, Faults> {
    let Changes { patches, ignored, warnings } = read_overlay(source)?;
    let mut overlay = Overlay { content: base.clone(), faults: Faults::default(), warnings };
    for patch in patches {
        overlay.patch(patch);
    }
    for ignored in ignored {
        overlay.ignore(&ignored);
    }
    overlay.finish(source.name)
}

struct Overlay {
    content: Content,
    faults: Faults,
    warnings: Vec<Fault>,
}

/// Where an activity stands: the positions of dimension, sub-dimension and activity.
type Position = (usize, usize, usize);

impl Overlay {
    fn all(&self) -> impl Iterator<Item = (Position, &Activity)> {
        self.content.dimensions.iter().enumerate().flat_map(|(d, dimension)| {
            dimension.sub_dimensions.iter().enumerate().flat_map(move |(s, sub)| {
                sub.activities.iter().enumerate().map(move |(a, activity)| ((d, s, a), activity))
            })
        })
    }

    fn take(&mut self, (d, s, a): Position) -> Option<Activity> {
        let sub = self.content.dimensions.get_mut(d)?.sub_dimensions.get_mut(s)?;
        (a < sub.activities.len()).then(|| sub.activities.remove(a))
    }

    /// The activity that a patch is about: that of its id, or without an id the only one of its name.
    fn find(&mut self, patch: &Patch) -> Option<Position> {
        if patch.found.has("uuid") {
            let by_id = self.all().find(|(_, activity)| activity.id == patch.activity.id).map(|(position, _)| position);
            if by_id.is_some() {
                return by_id;
            }
        }
        let named: Vec<(Position, ActivityId)> = self
            .all()
            .filter(|(_, activity)| activity.name == patch.activity.name)
            .map(|(position, activity)| (position, activity.id.clone()))
            .collect();
        match named.as_slice() {
            [] => None,
            [(_, id)] if patch.found.has("uuid") => {
                let message = format!(
                    "“{}” has the id {id}; with another id the answers to it would be lost, so leave the id out or keep it",
                    patch.activity.name
                );
                self.faults.push(patch.found.place("uuid"), message);
                None
            }
            [(position, _)] => Some(*position),
            _ => {
                let message = format!("several activities are called “{}”; say which by its uuid", patch.activity.name);
                self.faults.push(patch.found.place(""), message);
                None
            }
        }
    }

    fn patch(&mut self, patch: Patch) {
        let known = self.faults.total();
        let position = self.find(&patch);
        if self.faults.total() > known {
            return;
        }
        let Patch { dimension, sub_dimension, activity, found } = patch;
        match position {
            Some(position) => {
                let stays = self.stands_in(position, &dimension, &sub_dimension);
                let Some(before) = self.take(position) else { return };
                let changed = merged(before, activity, &found);
                if stays {
                    self.put_at(position, changed);
                } else {
                    self.put(&dimension, &sub_dimension, changed);
                }
            }
            None => {
                for needed in found.missing() {
                    let place = found.place(needed);
                    self.faults.push(place, "is missing; a new activity needs it");
                }
                self.put(&dimension, &sub_dimension, activity);
            }
        }
    }

    fn stands_in(&self, (d, s, _): Position, dimension: &str, sub_dimension: &str) -> bool {
        let found = self.content.dimensions.get(d);
        found.is_some_and(|found| {
            found.name == dimension && found.sub_dimensions.get(s).is_some_and(|sub| sub.name == sub_dimension)
        })
    }

    fn put_at(&mut self, (d, s, a): Position, activity: Activity) {
        let sub = self.content.dimensions.get_mut(d).and_then(|dimension| dimension.sub_dimensions.get_mut(s));
        if let Some(sub) = sub {
            sub.activities.insert(a.min(sub.activities.len()), activity);
        }
    }

    /// Puts an activity at the end of a sub-dimension, which is made if it is new.
    fn put(&mut self, dimension: &str, sub_dimension: &str, activity: Activity) {
        let dimensions = &mut self.content.dimensions;
        let d = dimensions.iter().position(|found| found.name == dimension).unwrap_or_else(|| {
            dimensions.push(DimensionContent { name: dimension.to_owned(), sub_dimensions: Vec::new() });
            dimensions.len() - 1
        });
        let Some(dimension) = dimensions.get_mut(d) else { return };
        match dimension.sub_dimensions.iter_mut().find(|sub| sub.name == sub_dimension) {
            Some(sub) => sub.activities.push(activity),
            None => dimension
                .sub_dimensions
                .push(SubDimensionContent { name: sub_dimension.to_owned(), activities: vec![activity] }),
        }
    }

    fn ignore(&mut self, ignored: &Ignored) {
        let mut found = false;
        for dimension in self.content.dimensions.iter_mut().filter(|d| d.name == ignored.dimension) {
            for sub in &mut dimension.sub_dimensions {
                if ignored.sub_dimension.as_ref().is_some_and(|name| *name != sub.name) {
                    continue;
                }
                let before = sub.activities.len();
                sub.activities.retain(|activity| {
                    ignored.activity.as_ref().is_some_and(|wanted| activity.id.0 != *wanted && activity.name != *wanted)
                });
                found |= sub.activities.len() < before;
            }
        }
        if !found {
            self.faults.push(ignored.place.clone(), "there is nothing of this name to leave out");
        }
    }

    fn finish(mut self, name: &str) -> Result<Reading<Catalog>, Faults> {
        self.content.dimensions.iter_mut().for_each(|dimension| {
            dimension.sub_dimensions.retain(|sub| !sub.activities.is_empty());
        });
        self.content.dimensions.retain(|dimension| !dimension.sub_dimensions.is_empty());
        resolve_names(&mut self.content);
        self.drop_missing_prerequisites(name);
        let names: Vec<String> = self.all().map(|(_, activity)| activity.name.clone()).collect();
        match Catalog::new(self.content) {
            Ok(catalog) => self.faults.or(Reading { value: catalog, warnings: self.warnings }),
            Err(found) => {
                for ContentFault { activity, field, message } in found {
                    let name_of = activity.and_then(|activity| names.get(activity));
                    let path = name_of.map_or_else(|| field.to_owned(), |name| format!("{name} > {field}"));
                    self.faults.push(Place { source: name.to_owned(), path, ..Place::default() }, message);
                }
                Err(self.faults)
            }
        }
    }

    /// What was left out is no prerequisite any more.
    fn drop_missing_prerequisites(&mut self, name: &str) {
        let ids: HashSet<ActivityId> = self.all().map(|(_, activity)| activity.id.clone()).collect();
        for activity in self.content.activities_mut() {
            let before = activity.depends_on.len();
            activity.depends_on.retain(|id| ids.contains(id));
            if activity.depends_on.len() < before {
                let place = Place { source: name.to_owned(), path: activity.name.clone(), ..Place::default() };
                let message = "a prerequisite is not in the catalog any more and was taken off".to_owned();
                self.warnings.push(Fault { place, message });
            }
        }
    }
}

/// The activity with the properties that the overlay names.
fn merged(before: Activity, overlay: Activity, found: &Found) -> Activity {
    fn pick<T>(has: bool, new: T, old: T) -> T {
        if has { new } else { old }
    }
    Activity {
        id: before.id,
        // Found by its id, it may have another name; found by its name, it has the same.
        name: overlay.name,
        level: pick(found.has("level"), overlay.level, before.level),
        difficulty: pick(found.has("difficultyOfImplementation"), overlay.difficulty, before.difficulty),
        usefulness: pick(found.has("usefulness"), overlay.usefulness, before.usefulness),
        lens: pick(found.has("lens"), overlay.lens, before.lens),
        capability: pick(found.has("capability"), overlay.capability, before.capability),
        depends_on: pick(found.has("dependsOn"), overlay.depends_on, before.depends_on),
        description: pick(found.has("description"), overlay.description, before.description),
        risk: pick(found.has("risk"), overlay.risk, before.risk),
        measure: pick(found.has("measure"), overlay.measure, before.measure),
        assessment: pick(found.has("assessment"), overlay.assessment, before.assessment),
        tools: pick(found.has("implementation"), overlay.tools, before.tools),
        references: pick(found.has("references"), overlay.references, before.references),
        tags: pick(found.has("tags"), overlay.tags, before.tags),
    }
}
