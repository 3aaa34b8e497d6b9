//! How good a plan is for the catalog that comes with Cairn.

use std::collections::HashMap;

use cairn::app::{Cairn, DraftFrom, OpenOptions, bundled_catalog};
use cairn::domain::access::{Actor, Caller};
use cairn::domain::catalog::Catalog;
use cairn::domain::plan::entry::{DecisionEntry, PlanEntry};
use cairn::domain::plan::order::{Task, blocks, cost};
use cairn::domain::view::Selection;

use crate::harness::TestApp;

/// Everything there is, with nothing done.
fn everything(catalog: &Catalog) -> Vec<Task> {
    let task = |(index, activity): (_, &cairn::domain::catalog::Activity)| Task {
        effort: u64::from(activity.difficulty.effort()) * 100,
        usefulness: activity.usefulness,
        needs: catalog.prerequisites(index).iter().map(|needed| needed.position()).collect(),
    };
    catalog.activities().map(task).collect()
}

/// Smith's rule: the best order if nothing needed anything.
fn by_density(tasks: &[Task], members: &[usize]) -> Vec<usize> {
    let mut order = members.to_vec();
    let density = |&i: &usize| f64::from(tasks[i].usefulness) / tasks[i].effort as f64;
    order.sort_by(|one, other| density(other).total_cmp(&density(one)));
    order
}

/// The least cost of a block by itself, over all sets of it that can be done first.
fn least(tasks: &[Task], block: &[usize]) -> u64 {
    let place: HashMap<usize, usize> = block.iter().enumerate().map(|(place, &i)| (i, place)).collect();
    let before =
        |i: usize| tasks[i].needs.iter().filter_map(|needed| place.get(needed)).fold(0_u64, |set, i| set | 1 << i);
    let mut layer: HashMap<u64, (u64, u64)> = HashMap::from([(0, (0, 0))]);
    for _ in block {
        let mut next: HashMap<u64, (u64, u64)> = HashMap::new();
        for (done, (time, cost)) in layer {
            for (place, &i) in block.iter().enumerate() {
                if done >> place & 1 == 0 && before(i) & !done == 0 {
                    let time = time + tasks[i].effort;
                    let cost = cost + time * u64::from(tasks[i].usefulness);
                    let known = next.entry(done | 1 << place).or_insert((time, cost));
                    known.1 = known.1.min(cost);
                }
            }
        }
        layer = next;
    }
    layer.into_values().map(|(_, cost)| cost).min().unwrap()
}

#[test]
fn the_order_of_the_whole_catalog_is_near_a_bound_that_nothing_can_be_below() {
    let catalog = bundled_catalog().unwrap();
    let tasks = everything(&catalog);
    let blocks = blocks(&tasks);
    let found = cost(&tasks, &blocks.concat());
    let all: Vec<usize> = (0..tasks.len()).collect();
    let ratio = |bound: u64| found as f64 / bound as f64;
    // As if nothing needed anything.
    let without = ratio(cost(&tasks, &by_density(&tasks, &all)));
    assert!((1.0..1.0301).contains(&without), "{without}");
    // Some best order does the blocks one after the other (Sidney), so it costs no less than each at its best.
    let sorted: Vec<Vec<usize>> = blocks.iter().map(|block| by_density(&tasks, block)).collect();
    let inside = ratio(cost(&tasks, &sorted.concat()));
    assert!((1.0..1.0023).contains(&inside), "{inside}");
    let of_block = |block: &Vec<usize>| cost(&tasks, block);
    let at_best: Vec<u64> = blocks.iter().map(|block| least(&tasks, block)).collect();
    assert_eq!(blocks.iter().map(of_block).collect::<Vec<_>>(), at_best, "so the whole of it is the best there is");
}

#[test]
fn a_kept_plan_is_read_back_as_it_was_made() {
    let app = TestApp::organization();
    let cairn = Cairn::open(&app.database(), OpenOptions::default()).unwrap();
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    let caller = Caller { actor: Actor::operator(), at, from: String::new() };
    let draft = |entry| {
        let from = DraftFrom { entry, ..DraftFrom::default() };
        cairn.draft_plan(&caller, Selection::ORGANIZATION, from).unwrap()
    };
    let proposed = draft(None);
    let (catalog, content) = (proposed.catalog.clone(), proposed.content.unwrap());
    let plan = content.made.unwrap().plan;
    let [first, second, ..] = &plan.teams[..] else { panic!("the organization has more teams") };
    let name = |team: &cairn::domain::plan::TeamPlan, at: usize| catalog.activity(team.items[at].activity).name.clone();
    let decision = |activity: String, team: &str, course: &str, value: &str| DecisionEntry {
        activity,
        team: team.to_owned(),
        course: course.to_owned(),
        value: value.to_owned(),
    };
    // What comes last is needed by nothing that comes later; what both have left can be provided.
    let last = second.items.len() - 1;
    let shared = (0..first.items.len()).find(|&at| {
        let activity = first.items[at].activity;
        second.items.iter().any(|item| item.activity == activity) && name(first, at) != name(second, last)
    });
    let entry = PlanEntry {
        name: "Kept".to_owned(),
        exceptions: format!("{}; 2027-Q2; 1.25\n2027-Q3; 0", first.name),
        wishes: [(1, "2027-Q1".to_owned()), (2, PlanEntry::NO_DATE.to_owned())].into(),
        targets: [((3, "Implementation".to_owned()), "3".to_owned())].into(),
        decisions: vec![
            decision(name(second, last), &second.name, "excluded", ""),
            decision(name(first, 3), &first.name, "locked", "2027-Q4"),
            decision(name(first, shared.unwrap()), &second.name, "provided", &first.name),
        ],
        ..content.entry
    };
    let made = draft(Some(entry.clone())).content.unwrap().made.unwrap();
    let from = DraftFrom { entry: Some(entry), ..DraftFrom::default() };
    let id = cairn.save_plan(&caller, Selection::ORGANIZATION, from).unwrap();
    let kept = cairn.plan(&caller, None, id, None).unwrap().content.unwrap();
    assert_eq!(kept.version.plan, made.plan);
    assert_eq!(kept.version.input, made.input);
    assert_eq!(kept.version.roadmap, made.roadmap);
    assert_eq!(kept.catalog.digest(), catalog.digest());
    let [first, second, ..] = &kept.version.plan.teams[..] else { panic!("the organization has more teams") };
    assert!(!second.provided.is_empty() && !second.excluded.is_empty(), "all that was decided is in it");
    assert!(first.items.iter().any(|item| item.until() == Some("2027-Q4".parse().unwrap())));
}
