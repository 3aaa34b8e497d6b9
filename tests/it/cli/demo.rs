//! The demo of another size, and one that is kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{CommandLine, activity_ids};

/// Pages that look at the whole organization, and some that look at one team.
const PAGES: [&str; 16] = [
    "/",
    "/assessments",
    "/trend",
    "/gaps",
    "/heatmap",
    "/portfolio",
    "/compare",
    "/unusual",
    "/roadmap",
    "/threat-models",
    "/evidence",
    "/teams",
    "/report",
    "/admin/users",
    "/admin/tokens",
    "/trend?team=1",
];

/// The teams of the table of teams.
fn teams(demo: &crate::harness::Browser) -> Vec<String> {
    demo.visit("/teams").texts("tbody th a")
}

#[test]
fn one_team_and_one_quarter_are_an_organization_too() {
    let demo = CommandLine::new().demo(&["--teams", "1", "--quarters", "1"]);
    for path in PAGES {
        let page = demo.visit(path);
        assert!(page.words("main > .banner").ends_with("nothing is kept when the program stops."), "{path}");
    }
    assert_eq!(teams(&demo), ["Delivery Platform"]);
    assert_eq!(demo.visit("/").select("form.picker select[name=period] option").len(), 1 + 1, "the latest, by name");
}

#[test]
fn a_larger_organization_is_whole() {
    let commands = CommandLine::new();
    let demo = commands.demo(&["--teams", "40", "--quarters", "2", "--keep", "large.db"]);
    for path in PAGES {
        demo.visit(path);
    }
    let names: BTreeSet<String> = teams(&demo).into_iter().collect();
    demo.stop();
    commands.run(&["audit", "verify", "--database", "large.db"]).expect_done();
    let csv = commands.export(&["answers", "--database", "large.db"]).expect_done();
    let mut answered: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for row in reader.records().map(|row| row.unwrap()) {
        assert_ne!(&row[4], "unanswered");
        *answered.entry((row[0].to_owned(), row[1].to_owned())).or_default() += 1;
    }
    let of_team = |name: &String| answered.keys().filter(|(team, _)| team == name).count();
    assert!(names.iter().filter(|name| of_team(name) == 2).count() > 30, "nearly all are assessed in each quarter");
    let last = answered.keys().map(|(_, period)| period.clone()).max().unwrap();
    let mut partly = answered.iter().filter(|(_, count)| **count < activity_ids().len());
    assert!(partly.all(|((_, period), _)| *period == last), "drafts of the present quarter only");
    assert_eq!(answered.values().max(), Some(&activity_ids().len()));
    assert!(names.len() > 35, "{}", names.len());
}

#[test]
fn what_is_kept_is_there_again() {
    let commands = CommandLine::new();
    let demo = commands.demo(&["--teams", "2", "--quarters", "2", "--keep", "kept.db"]);
    assert!(demo.visit("/").words("main > .banner").ends_with("what you change is kept in its file."));
    demo.add_team("Ours");
    demo.kill();
    let demo = commands.demo(&["--keep", "kept.db"]);
    assert_eq!(teams(&demo), ["Delivery Platform", "Ours", "Payments"]);
    demo.kill();
    let message = commands.run(&["demo", "--teams", "2", "--keep", "kept.db", "--listen", "127.0.0.1:0"]);
    let message = message.expect_failure();
    assert!(message.starts_with("kept.db has a made-up organization already, of 3 teams and 2 quarters."), "{message}");
    assert_eq!(teams(&commands.demo(&["--teams", "3", "--quarters", "2", "--keep", "kept.db"])).len(), 3);
}

#[test]
fn the_demo_shows_no_real_records() {
    let commands = CommandLine::new();
    let served = commands.serve();
    served.add_team("Payments");
    served.stop();
    let before = commands.run(&["export", "audit"]).expect_done();
    let message = commands.run(&["demo", "--keep", "cairn.db", "--listen", "127.0.0.1:0"]).expect_failure();
    assert!(message.starts_with("cairn.db was not made by the demo"), "{message}");
    assert_eq!(commands.run(&["export", "audit"]).expect_done(), before, "it is as it was");
}
