//! What an activity builds on and what builds on it, over all steps, as a graph from left to right.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use super::markup::{Label, escape, fitted};
use super::{Chart, Parts, palette};
use crate::domain::catalog::{ActivityIndex, Catalog};

/// The size of a box, and what lies between two.
const BOX: (i32, i32) = (264, 34);
const GAP: (i32, i32) = (46, 10);
const SIZE: u8 = 12;

/// With more boxes than this a graph tells nobody anything.
const MOST: usize = 150;

/// The graph around an activity; `None` when nothing hangs on it and it hangs on nothing, or when it
/// would be too large to be read. `link` gives the address of an activity's page.
pub fn prerequisites(
    catalog: &Catalog,
    index: ActivityIndex,
    link: &dyn Fn(ActivityIndex) -> String,
    id: &str,
) -> Option<Chart> {
    let mut needs: HashMap<ActivityIndex, Vec<ActivityIndex>> = HashMap::new();
    let mut needed_for: HashMap<ActivityIndex, Vec<ActivityIndex>> = HashMap::new();
    for (other, _) in catalog.activities() {
        needs.insert(other, catalog.prerequisites(other).to_vec());
        for &needed in catalog.prerequisites(other) {
            needed_for.entry(needed).or_default().push(other);
        }
    }
    let (before, after) = (distances(index, &needs), distances(index, &needed_for));
    let boxes = before.len() + after.len();
    if boxes == 0 || boxes > MOST {
        return None;
    }
    let mut columns: BTreeMap<i32, Vec<ActivityIndex>> = BTreeMap::from([(0, vec![index])]);
    for (&needed, &distance) in &before {
        columns.entry(-distance).or_default().push(needed);
    }
    for (&needing, &distance) in &after {
        columns.entry(distance).or_default().push(needing);
    }
    let graph = Graph::new(catalog, index, columns);
    let name = &catalog.activity(index).name;
    Some(Chart::new(&Parts {
        id,
        size: graph.size,
        natural: true,
        title: &format!("Prerequisites of {name}"),
        description: &format!(
            "It builds on {} activities, directly or over others, and {} build on it.",
            before.len(),
            after.len()
        ),
        content: &graph.draw(link),
    }))
}

/// The longest way to each activity that can be reached, in steps. Catalogs have no cycles, so the
/// ways end; every activity is settled once, when all that lead to it are, however dense the graph is.
fn distances(start: ActivityIndex, next: &HashMap<ActivityIndex, Vec<ActivityIndex>>) -> BTreeMap<ActivityIndex, i32> {
    let neighbours = |index: ActivityIndex| next.get(&index).map_or(&[][..], Vec::as_slice);
    let mut leading: BTreeMap<ActivityIndex, usize> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(index) = open.pop() {
        for &neighbour in neighbours(index) {
            let count = leading.entry(neighbour).or_insert(0);
            if *count == 0 {
                open.push(neighbour);
            }
            *count += 1;
        }
    }
    let mut found: BTreeMap<ActivityIndex, i32> = BTreeMap::new();
    let mut settled = vec![(start, 0)];
    while let Some((index, distance)) = settled.pop() {
        for &neighbour in neighbours(index) {
            let longest = found.entry(neighbour).or_insert(0);
            *longest = (*longest).max(distance + 1);
            if let Some(count) = leading.get_mut(&neighbour) {
                *count -= 1;
                if *count == 0 {
                    settled.push((neighbour, *longest));
                }
            }
        }
    }
    found
}

struct Graph<'a> {
    catalog: &'a Catalog,
    index: ActivityIndex,
    /// The left upper corner of each box.
    places: HashMap<ActivityIndex, (i32, i32)>,
    size: (i32, i32),
}

impl<'a> Graph<'a> {
    /// Columns side by side, each in the middle of the height.
    fn new(catalog: &'a Catalog, index: ActivityIndex, columns: BTreeMap<i32, Vec<ActivityIndex>>) -> Self {
        let tallest = columns.values().map(|column| height(column.len())).max().unwrap_or(0);
        let mut places = HashMap::new();
        let mut x = 1;
        for column in columns.values() {
            let mut y = 1 + (tallest - height(column.len())) / 2;
            for &index in column {
                places.insert(index, (x, y));
                y += BOX.1 + GAP.1;
            }
            x += BOX.0 + GAP.0;
        }
        Self { catalog, index, places, size: (x - GAP.0 + 1, tallest + 2) }
    }

    fn draw(&self, link: &dyn Fn(ActivityIndex) -> String) -> String {
        let mut shown: Vec<ActivityIndex> = self.places.keys().copied().collect();
        shown.sort_unstable();
        let edges: String = shown.iter().map(|&index| self.edges(index)).collect();
        let boxes: String = shown.iter().map(|&index| self.a_box(index, &link(index))).collect();
        edges + &boxes
    }

    /// A curve from each prerequisite that is shown.
    fn edges(&self, index: ActivityIndex) -> String {
        let mut edges = String::new();
        let Some(&(to_x, to_y)) = self.places.get(&index) else { return edges };
        for needed in self.catalog.prerequisites(index) {
            let Some(&(x, y)) = self.places.get(needed) else { continue };
            let (from, to) = ((x + BOX.0, y + BOX.1 / 2), (to_x, to_y + BOX.1 / 2));
            let middle = (from.0 + to.0) / 2;
            // Writing into a string cannot fail.
            let _ = writeln!(
                edges,
                "<path d=\"M{} {}C{middle} {} {middle} {} {} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>",
                from.0,
                from.1,
                from.1,
                to.1,
                to.0,
                to.1,
                palette::LEVEL.variable
            );
        }
        edges
    }

    fn a_box(&self, index: ActivityIndex, address: &str) -> String {
        let Some(&(x, y)) = self.places.get(&index) else { return String::new() };
        let activity = self.catalog.activity(index);
        let (ground, edge) =
            if index == self.index { (&palette::AREA, &palette::LINE) } else { (&palette::SURFACE, &palette::LEVEL) };
        let room = f64::from(BOX.0) - 44.0;
        let base = f64::from(y) + f64::from(BOX.1) / 2.0 + 4.0;
        let label = |at, anchor, text: &str, ink| Label { at, anchor, size: SIZE, weight: None, ink, text }.svg();
        let name = label((f64::from(x) + 10.0, base), "start", &fitted(&activity.name, SIZE, room), &palette::TEXT);
        let right = f64::from(x + BOX.0) - 10.0;
        let level = label((right, base), "end", &activity.level.to_string(), &palette::MUTED);
        format!(
            "<a href=\"{}\"><title>{}, level {}</title><rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"6\" \
             fill=\"{}\" stroke=\"{}\"/>{name}{level}</a>\n",
            escape(address),
            escape(&activity.name),
            activity.level,
            BOX.0,
            BOX.1,
            ground.variable,
            edge.variable
        )
    }
}

/// The height of a column of so many boxes.
fn height(boxes: usize) -> i32 {
    i32::try_from(boxes).unwrap_or(0) * (BOX.1 + GAP.1) - GAP.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{ActivityId, samples};

    #[test]
    fn the_graph_goes_over_all_steps_in_both_directions() {
        let mut content = samples::content(&[&[1, 1, 2, 3, 4, 5]]);
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        for (activity, needs) in activities.iter_mut().zip([&[][..], &["a0"], &["a0", "a1"], &["a2"], &["a3"], &[]]) {
            activity.depends_on = needs.iter().map(|id| ActivityId((*id).into())).collect();
        }
        let catalog = Catalog::new(content).unwrap();
        let find = |id: &str| catalog.find(&ActivityId(id.into())).unwrap();
        let link = |index: ActivityIndex| format!("/catalog/{}?a&b", index.position());
        let svg = prerequisites(&catalog, find("a2"), &link, "g").unwrap();
        assert_eq!(svg.svg().matches("<a href=").count(), 5, "all but the one that nothing binds");
        assert_eq!(svg.svg().matches("<path").count(), 5);
        assert!(svg.svg().contains("It builds on 2 activities, directly or over others, and 2 build on it."));
        assert!(svg.svg().contains("href=\"/catalog/0?a&amp;b\""));
        assert!(prerequisites(&catalog, find("a5"), &link, "g").is_none());
    }

    #[test]
    fn a_dense_graph_is_settled_at_once() {
        let mut content = samples::content(&[&[1; 120]]);
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        for (i, activity) in activities.iter_mut().enumerate() {
            activity.depends_on = (0..i).map(|needed| ActivityId(format!("a{needed}"))).collect();
        }
        let catalog = Catalog::new(content).unwrap();
        let needs = catalog.activities().map(|(index, _)| (index, catalog.prerequisites(index).to_vec())).collect();
        let last = catalog.find(&ActivityId("a119".into())).unwrap();
        let found = distances(last, &needs);
        assert_eq!((found.len(), found.values().max()), (119, Some(&119)));
        assert!(prerequisites(&catalog, last, &|_| String::new(), "g").is_some());
    }
}
