//! What differs between two versions of a catalog, and where the answers to the old one go.
//!
//! Activities are matched by id. Old files gave one id to several activities; those are matched by
//! their names.

use std::collections::{HashMap, HashSet};

use super::catalog::{Activity, ActivityId, Content};

/// An activity with the names of where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The dimension.
    pub dimension: &'a str,
    /// The sub-dimension.
    pub sub_dimension: &'a str,
    /// The activity.
    pub activity: &'a Activity,
}

/// An activity that both versions have, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed<'a> {
    /// As it was.
    pub old: Placed<'a>,
    /// As it is.
    pub new: Placed<'a>,
}

impl Changed<'_> {
    /// It has another name.
    pub fn is_renamed(&self) -> bool {
        self.old.activity.name != self.new.activity.name
    }

    /// It stands in another dimension or sub-dimension.
    pub fn is_moved(&self) -> bool {
        (self.old.dimension, self.old.sub_dimension) != (self.new.dimension, self.new.sub_dimension)
    }

    /// It belongs to another level.
    pub fn is_relevelled(&self) -> bool {
        self.old.activity.level != self.new.activity.level
    }

    /// What it says about itself has changed: description, risk, measure or assessment.
    pub fn is_reworded(&self) -> bool {
        let texts = |activity: &Activity| {
            // How lines are broken says nothing.
            activity.texts().map(|(_, text)| text.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        texts(self.old.activity) != texts(self.new.activity)
    }

    /// The names of other properties that are not what they were: ratings, lens, capability,
    /// prerequisites, tools, references and tags.
    pub fn otherwise(&self) -> Vec<&'static str> {
        let (old, new) = (self.old.activity, self.new.activity);
        let properties = [
            ("difficulty", old.difficulty != new.difficulty),
            ("usefulness", old.usefulness != new.usefulness),
            ("lens", old.lens != new.lens),
            ("capability", old.capability != new.capability),
            ("prerequisites", old.depends_on != new.depends_on),
            ("tools", old.tools != new.tools),
            ("references", old.references != new.references),
            ("tags", old.tags != new.tags),
        ];
        properties.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// Whether an answer given before should be looked at again: it may ask for something else now.
    pub fn asks_anew(&self) -> bool {
        self.is_renamed() || self.is_relevelled() || self.is_reworded()
    }
}

/// The differences between two versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogChange<'a> {
    /// What only the new one has, in its order.
    pub added: Vec<Placed<'a>>,
    /// What only the old one has, in its order.
    pub removed: Vec<Placed<'a>>,
    /// What both have, in the order of the new one, changed or not.
    pub kept: Vec<Changed<'a>>,
}

impl<'a> CatalogChange<'a> {
    /// Compares two versions.
    pub fn between(old: &'a Content, new: &'a Content) -> Self {
        let (old, new) = (placed(old), placed(new));
        let matches = matched(&old, &new);
        let mut change = Self::default();
        let mut taken = vec![false; old.len()];
        for (placed, position) in new.iter().zip(matches) {
            match position.and_then(|position| Some((old.get(position)?, taken.get_mut(position)?))) {
                Some((before, taken)) => {
                    *taken = true;
                    change.kept.push(Changed { old: *before, new: *placed });
                }
                None => change.added.push(*placed),
            }
        }
        change.removed = old.iter().zip(taken).filter(|(_, taken)| !taken).map(|(placed, _)| *placed).collect();
        change
    }

    /// What was kept and satisfies a condition.
    pub fn kept_and(&self, condition: impl Fn(&Changed<'a>) -> bool) -> impl Iterator<Item = &Changed<'a>> {
        self.kept.iter().filter(move |changed| condition(changed))
    }
}

fn placed(content: &Content) -> Vec<Placed<'_>> {
    let subs = content.dimensions.iter().flat_map(|d| d.sub_dimensions.iter().map(move |sub| (d, sub)));
    subs.flat_map(|(dimension, sub)| {
        sub.activities.iter().map(|activity| Placed { dimension: &dimension.name, sub_dimension: &sub.name, activity })
    })
    .collect()
}

/// For each new activity the position of the old one that it was: the one with its id, where the id
/// is unique in both versions; or else the only one with its name, among those whose id is of no use
/// in one version or the other. No old activity is two new ones.
fn matched(old: &[Placed<'_>], new: &[Placed<'_>]) -> Vec<Option<usize>> {
    let (old_ids, new_ids) =
        (positions(old, |placed| &placed.activity.id.0), positions(new, |placed| &placed.activity.id.0));
    let by_id = |placed: &Placed<'_>| {
        let id = placed.activity.id.0.as_str();
        if new_ids.get(id).is_some_and(|sharing| sharing.len() == 1) { only(old_ids.get(id)) } else { None }
    };
    let mut found: Vec<Option<usize>> = new.iter().map(by_id).collect();
    let claimed: HashSet<usize> = found.iter().flatten().copied().collect();
    let shared = |id: &ActivityId| {
        [&old_ids, &new_ids].iter().any(|ids| ids.get(id.0.as_str()).is_some_and(|sharing| sharing.len() > 1))
    };
    let (old_names, new_names) =
        (positions(old, |placed| &placed.activity.name), positions(new, |placed| &placed.activity.name));
    for (placed, found) in new.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
        let name = placed.activity.name.as_str();
        let namesake = only(old_names.get(name)).filter(|_| only(new_names.get(name)).is_some());
        *found = namesake.filter(|position| {
            let before = old.get(*position).is_some_and(|before| shared(&before.activity.id));
            !claimed.contains(position) && (before || shared(&placed.activity.id))
        });
    }
    found
}

/// The positions of what has the same key.
fn positions<'p>(all: &'p [Placed<'_>], key: impl Fn(&'p Placed<'_>) -> &'p String) -> HashMap<&'p str, Vec<usize>> {
    let mut positions: HashMap<&str, Vec<usize>> = HashMap::new();
    for (position, placed) in all.iter().enumerate() {
        positions.entry(key(placed)).or_default().push(position);
    }
    positions
}

fn only(positions: Option<&Vec<usize>>) -> Option<usize> {
    match positions.map(Vec::as_slice) {
        Some([position]) => Some(*position),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::samples;

    fn names(placed: &[Placed<'_>]) -> Vec<String> {
        placed.iter().map(|placed| placed.activity.name.clone()).collect()
    }

    #[test]
    fn every_kind_of_change_is_told_apart() {
        let old = samples::content(&[&[1, 1, 1, 1, 1], &[2]]);
        let mut new = old.clone();
        let parts = &mut new.dimensions[0].sub_dimensions;
        parts[0].activities.remove(0);
        parts[0].activities[0].name = "Another name".into();
        parts[0].activities[1].level = 3;
        parts[0].activities[2].description = "Other words".into();
        let moved = parts[0].activities.pop().unwrap();
        parts[1].activities.push(moved);
        parts[1].activities.push(samples::activity("new", 1));
        let change = CatalogChange::between(&old, &new);
        assert_eq!(names(&change.added), ["Activity new"]);
        assert_eq!(names(&change.removed), ["Activity a0"]);
        let of = |condition: fn(&Changed<'_>) -> bool| -> Vec<&str> {
            change.kept_and(condition).map(|changed| changed.new.activity.id.0.as_str()).collect()
        };
        assert_eq!(of(|c| c.is_renamed()), ["a1"]);
        assert_eq!(of(|c| c.is_relevelled()), ["a2"]);
        assert_eq!(of(|c| c.is_reworded()), ["a3"]);
        assert_eq!(of(|c| c.is_moved()), ["a4"]);
        assert_eq!(of(|c| c.asks_anew()), ["a1", "a2", "a3"]);
    }

    #[test]
    fn an_id_that_several_share_counts_for_nothing_and_the_name_does() {
        let mut old = samples::content(&[&[1, 2, 3]]);
        for activity in &mut old.dimensions[0].sub_dimensions[0].activities {
            activity.id = ActivityId("shared".into());
        }
        let mut new = samples::content(&[&[1, 2]]);
        new.dimensions[0].sub_dimensions[0].activities[1].id = ActivityId("shared".into());
        let change = CatalogChange::between(&old, &new);
        assert_eq!(change.kept.len(), 2, "one got an id of its own, one kept the shared one");
        assert!(change.kept.iter().all(|changed| !changed.is_renamed()));
        assert_eq!(names(&change.removed), ["Activity a2"]);
    }

    #[test]
    fn no_old_activity_is_two_new_ones() {
        let old = samples::content(&[&[1, 2]]);
        let mut new = samples::content(&[&[1, 1, 2]]);
        for activity in &mut new.dimensions[0].sub_dimensions[0].activities {
            activity.id = ActivityId("a0".into());
        }
        let change = CatalogChange::between(&old, &new);
        let kept: Vec<_> = change.kept.iter().map(|c| (&*c.old.activity.name, &*c.new.activity.name)).collect();
        assert_eq!(kept, [("Activity a0", "Activity a0"), ("Activity a1", "Activity a1")]);
        assert_eq!((names(&change.added), change.removed.len()), (vec!["Activity a2".to_owned()], 0));
        // Nor is one that is known by its id taken by another that has its name.
        let activities = &mut new.dimensions[0].sub_dimensions[0].activities;
        for (i, id) in ["s", "s", "a0"].into_iter().enumerate() {
            activities[i].id = ActivityId(id.into());
        }
        let change = CatalogChange::between(&old, &new);
        let kept: Vec<_> = change.kept.iter().map(|c| (&*c.old.activity.name, &*c.new.activity.name)).collect();
        assert_eq!(kept, [("Activity a1", "Activity a1"), ("Activity a0", "Activity a2")]);
    }

    #[test]
    fn other_properties_are_named() {
        let old = samples::content(&[&[1, 2]]);
        let mut new = old.clone();
        let first = &mut new.dimensions[0].sub_dimensions[0].activities[0];
        (first.usefulness, first.tags) = (5, vec!["new".into()]);
        let change = CatalogChange::between(&old, &new);
        assert_eq!(
            change.kept.iter().map(Changed::otherwise).collect::<Vec<_>>(),
            [vec!["usefulness", "tags"], vec![]]
        );
        assert!(!change.kept.iter().any(Changed::asks_anew), "the question is the same");
    }

    #[test]
    fn nothing_changes_between_a_catalog_and_itself() {
        let content = samples::content(&[&[1, 2], &[3]]);
        let change = CatalogChange::between(&content, &content);
        assert!(change.added.is_empty() && change.removed.is_empty());
        assert!(!change.kept.iter().any(|changed| changed.is_moved() || changed.asks_anew()));
    }
}
