//! The demo of another size, and one that is kept.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::CommandLine;

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
fn a_large_organization_is_whole_and_the_same_each_time() {
    let commands = CommandLine::new();
    let size = ["--teams", "60", "--quarters", "3"];
    let demo = commands.demo(&[&size[..], &["--keep", "one.db"]].concat());
    for path in PAGES {
        demo.visit(path);
    }
    let names: BTreeSet<String> = teams(&demo).into_iter().collect();
    demo.stop();
    commands.demo(&[&size[..], &["--keep", "other.db"]].concat()).stop();
    let export = |file: &str| commands.export(&["answers", "--database", file]).expect_done();
    let csv = export("one.db");
    assert!(csv == export("other.db"), "the same each time");
    commands.run(&["audit", "verify", "--database", "one.db"]).expect_done();

    let mut answered: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    for row in reader.records().map(|row| row.unwrap()) {
        assert_ne!(&row[4], "unanswered");
        *answered.entry((row[0].to_owned(), row[1].to_owned())).or_default() += 1;
    }
    let of_team = |name: &String| answered.keys().filter(|(team, _)| team == name).count();
    assert!(names.iter().filter(|name| of_team(name) == 3).count() > 45, "nearly all are assessed in each quarter");
    let last = answered.keys().map(|(_, period)| period.clone()).max().unwrap();
    let partly = answered.iter().filter(|(_, count)| **count < 194);
    let partly: Vec<_> = partly.map(|((_, period), _)| period).collect();
    assert!(!partly.is_empty() && partly.iter().all(|period| **period == last), "drafts of the present quarter only");
    assert!(names.len() < 60 && names.len() > 54, "some are retired: {}", names.len());
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
