//! What an activity builds on and what builds on it, over all steps, as a graph from left to right.
//!
//! Every activity stands in the column of its longest way. Of a prerequisite that another one implies
//! only the longer way is drawn, and what leads past a column has a lane of its own in it, so that no
//! line ever runs behind a box.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use super::markup::{Label, escape, wrapped};
use super::{Chart, Parts, palette};
use crate::domain::catalog::{ActivityIndex, Catalog};

/// The size of a box, and what lies between two.
const BOX: (i32, i32) = (264, 42);
const GAP: (i32, i32) = (46, 10);
/// The height of a lane.
const LANE: i32 = 6;
const SIZE: u8 = 12;
/// From one line of text to the next.
const LINE: f64 = 15.0;

/// With more boxes than this a graph tells nobody anything.
const MOST: usize = 150;
/// With more boxes and lanes than this neither.
const MOST_PLACES: usize = 1_000;

/// How often the columns are put in the order of their neighbours.
const SWEEPS: usize = 8;

/// The graph around an activity; `None` when nothing hangs on it and it hangs on nothing, or when it
/// would be too large to be read. `link` gives the address of an activity's page.
pub fn prerequisites(
    catalog: &Catalog,
    index: ActivityIndex,
    link: &dyn Fn(ActivityIndex) -> String,
    id: &str,
) -> Option<Chart> {
    let (before, after) = (catalog.all_prerequisites(index), catalog.all_dependents(index));
    let boxes = before.len() + after.len();
    if boxes == 0 || boxes > MOST {
        return None;
    }
    let farthest = before.values().copied().max().unwrap_or(0);
    let mut columns: BTreeMap<ActivityIndex, usize> = BTreeMap::from([(index, farthest)]);
    columns.extend(before.iter().map(|(&needed, steps)| (needed, farthest - steps)));
    columns.extend(after.iter().map(|(&needing, steps)| (needing, farthest + steps)));
    let layout = Layout::new(&columns, &reduced(catalog, &columns))?;
    let graph = Graph { catalog, index, layout };
    Some(Chart::new(&Parts {
        id,
        size: graph.layout.size,
        natural: true,
        role: "group",
        title: &format!("Prerequisites of {}", catalog.activity(index).name),
        description: &format!(
            "It builds on {} activities, directly or over others, and {} build on it.",
            before.len(),
            after.len()
        ),
        content: &graph.draw(link),
    }))
}

/// The prerequisites among the activities of some columns, each as (needed, needing), without those
/// that others imply.
fn reduced(catalog: &Catalog, columns: &BTreeMap<ActivityIndex, usize>) -> Vec<(ActivityIndex, ActivityIndex)> {
    // What is needed stands further left, so its own needs are known when it is needed.
    let mut in_order: Vec<ActivityIndex> = columns.keys().copied().collect();
    in_order.sort_by_key(|index| columns.get(index).copied());
    let mut reach: HashMap<ActivityIndex, HashSet<ActivityIndex>> = HashMap::new();
    let mut edges = Vec::new();
    for index in in_order {
        let needs = || catalog.prerequisites(index).iter().filter(|needed| columns.contains_key(needed));
        let beyond: HashSet<ActivityIndex> =
            needs().filter_map(|needed| reach.get(needed)).flatten().copied().collect();
        edges.extend(needs().filter(|needed| !beyond.contains(needed)).map(|&needed| (needed, index)));
        reach.insert(index, needs().copied().chain(beyond.iter().copied()).collect());
    }
    edges
}

/// What takes up room in a column: a box, or a lane for the edge of this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Box(ActivityIndex),
    Lane(usize, usize),
}

/// Where everything stands.
struct Layout {
    /// The left upper corner of each place.
    corners: HashMap<Place, (i32, i32)>,
    /// Each edge as the places that it leads through, from left to right.
    edges: Vec<Vec<Place>>,
    size: (i32, i32),
}

impl Layout {
    fn new(columns: &BTreeMap<ActivityIndex, usize>, edges: &[(ActivityIndex, ActivityIndex)]) -> Option<Self> {
        let column = |index: &ActivityIndex| columns.get(index).copied().unwrap_or(0);
        let edges: Vec<Vec<Place>> = edges
            .iter()
            .enumerate()
            .map(|(number, (needed, needing))| {
                let lanes = (column(needed) + 1..column(needing)).map(|column| Place::Lane(number, column));
                std::iter::once(Place::Box(*needed)).chain(lanes).chain([Place::Box(*needing)]).collect()
            })
            .collect();
        let mut places: Vec<Vec<Place>> = vec![Vec::new(); columns.values().max()? + 1];
        for (&index, &column) in columns {
            places.get_mut(column)?.push(Place::Box(index));
        }
        for place in edges.iter().flatten() {
            if let Place::Lane(_, column) = place {
                places.get_mut(*column)?.push(*place);
            }
        }
        if places.iter().map(Vec::len).sum::<usize>() > MOST_PLACES {
            return None;
        }
        untangle(&mut places, &edges);
        let tallest = places.iter().map(|column| height(column)).max()?;
        let (mut corners, mut x) = (HashMap::new(), 1);
        for column in &places {
            let mut y = 1 + (tallest - height(column)) / 2;
            for &place in column {
                corners.insert(place, (x, y));
                y += tall(place) + GAP.1;
            }
            x += BOX.0 + GAP.0;
        }
        Some(Self { corners, edges, size: (x - GAP.0 + 1, tallest + 2) })
    }
}

/// Puts every column in the order of what its places are joined to, to and fro, so that few lines cross.
fn untangle(places: &mut [Vec<Place>], edges: &[Vec<Place>]) {
    let mut joined: HashMap<Place, Vec<Place>> = HashMap::new();
    for (left, right) in edges.iter().flat_map(|edge| edge.iter().zip(edge.iter().skip(1))) {
        joined.entry(*left).or_default().push(*right);
        joined.entry(*right).or_default().push(*left);
    }
    for sweep in 0..SWEEPS {
        let mut order: Vec<usize> = (0..places.len()).collect();
        if sweep % 2 == 1 {
            order.reverse();
        }
        for column in order {
            // The middle of a column is zero, since columns are centred.
            let standing: HashMap<Place, f64> = places
                .iter()
                .flat_map(|column| {
                    let middle = (column.len() as f64 - 1.0) / 2.0;
                    column.iter().enumerate().map(move |(i, place)| (*place, i as f64 - middle))
                })
                .collect();
            let Some(column) = places.get_mut(column) else { continue };
            column.sort_by(|a, b| {
                let wanted = |place: &Place| {
                    let at: Vec<f64> = joined
                        .get(place)
                        .into_iter()
                        .flatten()
                        .filter_map(|other| standing.get(other).copied())
                        .collect();
                    at.iter().sum::<f64>() / at.len().max(1) as f64
                };
                wanted(a).total_cmp(&wanted(b))
            });
        }
    }
}

fn tall(place: Place) -> i32 {
    match place {
        Place::Box(_) => BOX.1,
        Place::Lane(..) => LANE,
    }
}

/// The height of a column.
fn height(column: &[Place]) -> i32 {
    column.iter().map(|&place| tall(place) + GAP.1).sum::<i32>() - GAP.1
}

struct Graph<'a> {
    catalog: &'a Catalog,
    index: ActivityIndex,
    layout: Layout,
}

impl Graph<'_> {
    fn draw(&self, link: &dyn Fn(ActivityIndex) -> String) -> String {
        let mut shown: Vec<ActivityIndex> = Vec::new();
        for place in self.layout.corners.keys() {
            if let Place::Box(index) = place {
                shown.push(*index);
            }
        }
        shown.sort_unstable();
        let edges: String = self.layout.edges.iter().map(|edge| self.edge(edge)).collect();
        let boxes: String = shown.iter().map(|&index| self.a_box(index, &link(index))).collect();
        edges + &boxes
    }

    /// A line through all places of an edge: curved between the columns, straight in its lanes.
    fn edge(&self, places: &[Place]) -> String {
        let mut path = String::new();
        let mut from: Option<(i32, i32)> = None;
        for &place in places {
            let Some(&(x, y)) = self.layout.corners.get(&place) else { continue };
            let y = y + tall(place) / 2;
            // Writing into a string cannot fail.
            let _ = match from {
                None => write!(path, "M{} {y}", x + BOX.0),
                Some((left, before)) => {
                    let middle = (left + x) / 2;
                    write!(path, "C{middle} {before} {middle} {y} {x} {y}")
                }
            };
            if matches!(place, Place::Lane(..)) {
                let _ = write!(path, "H{}", x + BOX.0);
            }
            from = Some((x + BOX.0, y));
        }
        let ink = palette::LEVEL.variable;
        format!("<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.5\"/>\n")
    }

    fn a_box(&self, index: ActivityIndex, address: &str) -> String {
        let Some(&(x, y)) = self.layout.corners.get(&Place::Box(index)) else { return String::new() };
        let activity = self.catalog.activity(index);
        let (ground, edge) =
            if index == self.index { (&palette::AREA, &palette::LINE) } else { (&palette::SURFACE, &palette::LEVEL) };
        let base = f64::from(y) + f64::from(BOX.1) / 2.0 + 4.0;
        let label = |at, anchor, text: &str, ink| Label { at, anchor, size: SIZE, weight: None, ink, text }.svg();
        let lines = wrapped(&activity.name, SIZE, f64::from(BOX.0) - 40.0);
        let name: String = (0..)
            .zip(&lines)
            .map(|(i, line)| {
                let base = base + LINE * (f64::from(i) - (lines.len() as f64 - 1.0) / 2.0);
                label((f64::from(x) + 10.0, base), "start", line, &palette::TEXT)
            })
            .collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{ActivityId, samples};

    fn catalog(needs: &[&[usize]]) -> Catalog {
        let mut content = samples::content(&[&vec![1; needs.len()]]);
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        for (activity, needs) in activities.iter_mut().zip(needs) {
            activity.depends_on = needs.iter().map(|i| ActivityId(format!("a{i}"))).collect();
        }
        Catalog::new(content).unwrap()
    }

    fn drawn(catalog: &Catalog, i: usize) -> Option<String> {
        let index = catalog.find(&ActivityId(format!("a{i}"))).unwrap();
        let link = |index: ActivityIndex| format!("/catalog/{}?a&b", index.position());
        Some(prerequisites(catalog, index, &link, "g")?.svg().to_owned())
    }

    #[test]
    fn the_graph_goes_over_all_steps_in_both_directions() {
        let catalog = catalog(&[&[], &[0], &[0, 1], &[2], &[3], &[]]);
        let svg = drawn(&catalog, 2).unwrap();
        assert_eq!(svg.matches("<a href=").count(), 5, "all but the one that nothing binds");
        assert_eq!(svg.matches("<path").count(), 4, "that it builds on the first is implied by the second");
        assert!(svg.contains("It builds on 2 activities, directly or over others, and 2 build on it."));
        assert!(svg.contains("href=\"/catalog/0?a&amp;b\""));
        assert!(svg.contains("role=\"group\""), "an image would hide its links");
        assert!(drawn(&catalog, 5).is_none());
    }

    #[test]
    fn no_line_runs_behind_a_box() {
        // The last builds on the first over three steps, and over one that leads past a column.
        let catalog = catalog(&[&[], &[0], &[1], &[0], &[2, 3]]);
        let index = catalog.find(&ActivityId("a4".into())).unwrap();
        let all = catalog.all_prerequisites(index);
        let farthest = *all.values().max().unwrap();
        let mut columns: BTreeMap<ActivityIndex, usize> = all.iter().map(|(&i, steps)| (i, farthest - steps)).collect();
        columns.insert(index, farthest);
        let layout = Layout::new(&columns, &reduced(&catalog, &columns)).unwrap();
        assert_eq!(layout.corners.len(), 6, "five boxes and a lane");
        for edge in &layout.edges {
            for pair in edge.windows(2) {
                let x = |place: &Place| layout.corners[place].0;
                assert_eq!(x(&pair[1]) - x(&pair[0]), BOX.0 + GAP.0, "{edge:?} leaves out a column");
            }
        }
        let mut taken: Vec<(i32, i32, i32)> =
            layout.corners.iter().map(|(&place, &(x, y))| (x, y, y + tall(place))).collect();
        taken.sort_unstable();
        for pair in taken.windows(2) {
            assert!(pair[0].0 < pair[1].0 || pair[0].2 < pair[1].1, "{pair:?} overlap");
        }
    }

    #[test]
    fn a_dense_graph_is_drawn_or_left_out_at_once() {
        let needs: Vec<Vec<usize>> = (0..120).map(|i| (0..i).collect()).collect();
        let dense = catalog(&needs.iter().map(Vec::as_slice).collect::<Vec<_>>());
        assert_eq!(drawn(&dense, 119).unwrap().matches("<path").count(), 119);
    }
}
