//! `cairn catalog check`, `diff` and `use`.

use std::path::{Path, PathBuf};

use crate::harness::{CommandLine, Output, activity_ids, assert_golden};

fn check(path: &Path) -> Output {
    CommandLine::new().run(&["catalog", "check", path.to_str().unwrap()])
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name)
}

/// The faults of a sample, without the folder it is in.
fn faults(name: &str) -> Vec<String> {
    let folder = format!("{}/", sample("").display()).replace("//", "/");
    check(&sample(name)).expect_failure().lines().map(|line| line.replace(&folder, "")).collect()
}

#[test]
fn the_counts_of_the_bundled_catalog_are_known() {
    let output = check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/catalog"));
    assert_eq!(output.stderr, "");
    let counts = output.expect_done();
    // The identity follows every change of a text; the counts change with the activities only.
    let (first, rest) = counts.split_once('\n').unwrap();
    let (first, digest) = first.rsplit_once(' ').unwrap();
    assert!(digest.len() == 12 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    assert_golden("catalog-counts.txt", &format!("{first} …\n{rest}"));
}

#[test]
fn every_fault_is_reported_at_once_with_its_place() {
    assert_golden("catalog-faults.txt", &(faults("catalog-with-faults.yaml").join("\n") + "\n"));
}

#[test]
fn prerequisites_that_go_round_are_named() {
    let faults = faults("catalog-with-cycle.yaml");
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("catalog-with-cycle.yaml:"), "{faults:?}");
    for name in ["Reviews", "Signatures", "Branches"] {
        assert!(faults[0].contains(name), "{faults:?}");
    }
}

#[test]
fn files_that_are_made_to_do_harm_are_refused() {
    let faults = faults("alias-bomb.yaml");
    assert!(faults[0].starts_with("alias-bomb.yaml:") && faults[0].contains("not readable as YAML"), "{faults:?}");

    let commands = CommandLine::new();
    let deep_mapping: String = (0..5_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for (name, content) in [
        ("lists.yaml", "[".repeat(100_000)),
        ("mappings.yaml", "{a: ".repeat(100_000)),
        ("indented.yaml", deep_mapping),
        ("open.yaml", "a: [1, 2\nb: 3\n".to_owned()),
        ("twice.yaml", "a: 1\na: 2\n".to_owned()),
        ("tabs.yaml", "a:\n\tb: 1\n".to_owned()),
    ] {
        commands.write(name, content);
        let message = commands.run(&["catalog", "check", name]).expect_failure();
        assert!(message.starts_with(&format!("{name}:")), "{message}");
        assert!(
            message.contains("not readable as YAML") || message.contains("is there twice in one mapping"),
            "{message}"
        );
        assert!(message.len() < 1000, "{message}");
    }
}

#[test]
fn what_is_no_catalog_is_said_to_be_none() {
    let commands = CommandLine::new();
    std::fs::create_dir(commands.path("empty")).unwrap();
    commands.write("empty.yaml", "");
    commands.write("binary.yaml", b"\x89PNG\r\n\x1a\n\0\0");
    commands.write("latin1.yaml", b"meta:\n  version: M\xfcller\n");
    commands.write("list.yaml", "- a\n- b\n");
    commands.write("text.yaml", "just a sentence\n");
    let file = std::fs::File::create(commands.path("huge.yaml")).unwrap();
    file.set_len(50_000_000).unwrap();
    for (name, message) in [
        ("empty", "empty: there is no YAML file in it"),
        ("empty.yaml", "empty.yaml: there is no activity in it"),
        ("binary.yaml", "binary.yaml:1: not UTF-8"),
        ("latin1.yaml", "latin1.yaml:2: not UTF-8"),
        ("list.yaml", "list.yaml:1:1: expected dimensions with their sub-dimensions, found a list"),
        ("text.yaml", "text.yaml:1:1: expected dimensions with their sub-dimensions, found a text"),
        ("huge.yaml", "huge.yaml: larger than 16 MB"),
        ("missing.yaml", "missing.yaml: cannot be read"),
    ] {
        let found = commands.run(&["catalog", "check", name]).expect_failure();
        assert!(found.contains(message), "{name}: {found}");
    }
}

#[test]
fn published_models_are_read() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CAIRN_SHARED").map_or(beside, PathBuf::from);
    let model = |version: &str| shared.join(format!("dsomm/model-{version}.yaml"));
    if !model("4.3.1").exists() {
        eprintln!("skipped: there are no published models in {}; set CAIRN_SHARED", shared.display());
        return;
    }
    for (version, counts) in [("4.3.1", "194 activities in 5 dimensions"), ("1.17.0", "190 activities in 5 dimensions")]
    {
        let output = check(&model(version));
        let printed = output.expect_done();
        assert!(printed.starts_with(counts), "{printed}");
    }
    let clauses = check(&model("4.3.1")).stderr;
    assert!(clauses.lines().all(|line| line.contains("is not the id of a clause and was not read")), "{clauses}");
    // This one gave the same id to several activities.
    let faults = check(&model("1.13.0")).expect_failure();
    let shared_id = "the id 123e4567-e89b-12d3-a456-426614174000 is taken by";
    assert_eq!(faults.lines().filter(|line| line.contains(shared_id)).count(), 4, "{faults}");
    assert!(faults.lines().all(|line| line.contains("model-1.13.0.yaml:")), "every fault has its place: {faults}");
}

#[test]
fn versions_are_compared() {
    let commands = CommandLine::new();
    let activity = |name: &str, id: &str, level: u8, text: &str| {
        format!(
            "    {name}:\n      uuid: {id}\n      level: {level}\n      usefulness: 3\n      \
             difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}\n      description: {text}\n"
        )
    };
    let old = [
        "Build:\n  Part:\n",
        &activity("Stays", "a", 1, "as it is"),
        &activity("Old name", "b", 1, "x"),
        &activity("Climbs", "c", 1, "x"),
        &activity("Goes", "d", 1, "x"),
        &activity("First of two", "shared", 1, "x"),
        &activity("Second of two", "shared", 2, "x"),
    ];
    let new = [
        "Build:\n  Part:\n",
        &activity("Stays", "a", 1, "as it\n        is"),
        &activity("New name", "b", 1, "other words"),
        &activity("Climbs", "c", 2, "x"),
        &activity("First of two", "shared", 1, "x"),
        "  Other:\n",
        &activity("Second of two", "own", 2, "x"),
        &activity("Comes", "e", 5, "x"),
    ];
    commands.write("old.yaml", old.concat());
    commands.write("new.yaml", new.concat());
    let printed = commands.run(&["catalog", "diff", "old.yaml", "new.yaml"]).expect_done();
    assert_eq!(
        printed,
        "1 added, 1 removed, 1 renamed, 1 moved, 1 re-levelled, 1 reworded, 0 with other changes\n\n\
         added:\n  Comes (Build > Other, level 5)\n\n\
         removed:\n  Goes (Build > Part, level 1)\n\n\
         renamed:\n  Old name -> New name\n\n\
         moved:\n  Second of two: Build > Part -> Build > Other\n\n\
         re-levelled:\n  Climbs: level 1 -> 2\n\n\
         reworded:\n  New name\n"
    );
    let warnings = commands.run(&["catalog", "diff", "--whole", "old.yaml", "new.yaml"]).stderr;
    assert!(
        warnings.starts_with("warning: old.yaml:34:7: Build > Part > Second of two > uuid: the id shared"),
        "{warnings}"
    );
    let message = commands.run(&["catalog", "diff", "new.yaml", "nothing.yaml"]).expect_failure();
    assert!(message.contains("\nnothing.yaml: cannot be read"), "{message}");
}

#[test]
fn published_versions_differ_as_they_are_known_to() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CAIRN_SHARED").map_or(beside, PathBuf::from);
    let model = |version: &str| shared.join(format!("dsomm/model-{version}.yaml")).to_str().unwrap().to_owned();
    if !Path::new(&model("4.3.1")).exists() {
        eprintln!("skipped: there are no published models in {}; set CAIRN_SHARED", shared.display());
        return;
    }
    let diff = |old: &str| CommandLine::new().run(&["catalog", "diff", &model(old), &model("4.3.1")]).expect_done();
    let from = diff("1.17.0");
    assert!(from.starts_with("5 added, 1 removed, 5 renamed, 6 moved, 3 re-levelled, "), "{from}");
    // Five activities share an id there; they are known again by their names.
    let from = diff("1.13.0");
    assert!(from.starts_with("10 added, 2 removed, "), "{from}");
    let (taken, _) = from.split_once("\nmoved:").unwrap();
    assert!(!taken.contains("SLA per criticality"), "{from}");
}

#[test]
fn an_overlay_changes_what_it_names_and_nothing_else() {
    let commands = CommandLine::new();
    let overlay = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/overlay.yaml");
    let output = commands.run(&["catalog", "use", overlay.to_str().unwrap()]);
    let left = activity_ids().len() - 25;
    let message = format!("the bundled catalog under this overlay ({left} activities");
    assert!(output.stderr.contains(&message), "{}", output.stderr);
    let printed = output.expect_done();
    assert!(
        printed
            .starts_with("1 added, 26 removed, 1 renamed, 1 moved, 1 re-levelled, 1 reworded, 3 with other changes\n"),
        "{printed}"
    );
    // The same again is no change, and there is a way back.
    let again = commands.run(&["catalog", "use", overlay.to_str().unwrap()]).expect_done();
    assert!(again.starts_with("0 added, 0 removed, 0 renamed"), "{again}");
    let back = commands.run(&["catalog", "use", "--bundled"]).expect_done();
    assert!(back.starts_with("26 added, 1 removed, 1 renamed"), "{back}");
}

#[test]
fn an_overlay_can_be_checked_and_lie_over_another_catalog() {
    let commands = CommandLine::new();
    let overlay = sample("overlay.yaml");
    let counts = check(&overlay).expect_done();
    let left = activity_ids().len() - 25;
    assert!(counts.starts_with(&format!("{left} activities in 5 dimensions")), "{counts}");
    let activity =
        "uuid: a, level: 1, usefulness: 3, difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}";
    commands.write("own.yaml", format!("meta: {{version: 7}}\nBuild:\n  Part:\n    One: {{{activity}}}\n"));
    commands.write("changes.yaml", "Build:\n  Part:\n    One:\n      level: 2\n");
    let counts = commands.run(&["catalog", "check", "changes.yaml", "--over", "own.yaml"]).expect_done();
    assert!(counts.starts_with("1 activities in 1 dimensions, version 7"), "{counts}");
    let output = commands.run(&["catalog", "use", "changes.yaml", "--over", "own.yaml"]);
    assert!(output.stderr.contains("own.yaml under this overlay (1 activities, version 7"), "{}", output.stderr);
    let diff = commands.run(&["catalog", "diff", "own.yaml", "changes.yaml", "--over", "own.yaml"]).expect_done();
    assert!(diff.starts_with("0 added, 0 removed, 0 renamed, 0 moved, 1 re-levelled"), "{diff}");
    // What is small and names no version is an overlay, unless it is said to be whole.
    let message = commands.run(&["catalog", "check", "changes.yaml"]).expect_failure();
    assert!(message.contains("if it is a whole catalog, add --whole"), "{message}");
    let output = commands.run(&["catalog", "diff", "changes.yaml", "own.yaml", "--over", "own.yaml"]);
    assert_eq!(output.stderr, "changes.yaml: read as an overlay\n");
    let message = commands.run(&["catalog", "check", "--whole", "changes.yaml"]).expect_failure();
    assert!(message.contains("uuid is missing") && !message.contains("add --whole"), "{message}");
}

#[test]
fn an_overlay_with_faults_changes_nothing() {
    let commands = CommandLine::new();
    commands.run(&["catalog", "use", sample("overlay.yaml").to_str().unwrap()]).expect_done();
    let name = "Conduction of simple threat modeling on technical level";
    for (text, message) in [
        (
            format!("Culture and Organization:\n  Design:\n    {name}:\n      uuid: other\n"),
            "bad.yaml:4:7: Culture and Organization > Design > Conduction of simple threat modeling on technical level > \
             uuid: “Conduction of simple threat modeling on technical level” has the id",
        ),
        (
            "A:\n  B:\n    C:\n      level: 1\n".into(),
            "bad.yaml:3:5: A > B > C: uuid is missing; a new activity needs it",
        ),
        (
            format!("Culture and Organization:\n  Design:\n    {name}:\n      level: 9\n"),
            "bad.yaml:4:7: Culture and Organization > Design > Conduction of simple threat modeling on technical level > \
             level: 9 is not between 1 and 5",
        ),
        (String::new(), "bad.yaml: there is no activity in it, and nothing that it leaves out"),
        ("Nothing:\n  ignore: true\n".into(), "bad.yaml:2:3: Nothing: there is nothing of this name to leave out"),
        (
            format!("Culture and Organization:\n  Design:\n    {name}:\n      lens: sideways\n"),
            "expected one of shift left, stay right, do right",
        ),
        ("Build: {Part: {X: [}}\n".into(), "bad.yaml:1:"),
        ("A:\n  B:\n    C: {level: 1}\n    C: {level: 2}\n".into(), "bad.yaml:4:"),
    ] {
        commands.write("bad.yaml", &text);
        let found = commands.run(&["catalog", "use", "bad.yaml"]).expect_failure();
        assert!(found.contains(message), "{found}\n{message}");
    }
    let again = commands.run(&["catalog", "use", sample("overlay.yaml").to_str().unwrap()]).expect_done();
    assert!(again.starts_with("0 added, 0 removed, 0 renamed"), "it was never out of use: {again}");
}

#[test]
fn a_catalog_without_end_is_refused() {
    let commands = CommandLine::new();
    let mut text = String::from("Build:\n  Part:\n");
    for i in 0..100_000 {
        text.push_str(&format!(
            "    A{i}: {{uuid: a{i}, level: 1, usefulness: 1, difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}}}\n"
        ));
    }
    commands.write("huge.yaml", &text);
    let message = commands.run(&["catalog", "use", "huge.yaml"]).expect_failure();
    assert!(message.starts_with("huge.yaml:") && message.contains("it has too many entries"), "{message}");
}

#[test]
fn a_catalog_that_would_orphan_answers_is_refused_unless_that_is_wanted() {
    let commands = CommandLine::new();
    let ids = activity_ids();
    let rows: String = ids.iter().take(3).map(|id| format!("Payments,2025-Q1,{id},started\n")).collect();
    commands.write("a.csv", format!("team,period,activity_id,status\n{rows}"));
    commands.run(&["import", "--submit", "a.csv"]).expect_done();
    let activity = |id: &str| {
        format!(
            "    {id}: {{uuid: {id}, level: 1, usefulness: 1, difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}}}\n"
        )
    };
    let whole = |known: usize| -> String {
        ["meta: {version: 9}\nBuild:\n  Part:\n".to_owned(), activity("another")]
            .into_iter()
            .chain(ids.iter().take(known).map(|id| activity(id)))
            .collect()
    };
    // A newer whole catalog may lack some, but not most of what was answered.
    commands.write("foreign.yaml", whole(1));
    let message = commands.run(&["catalog", "use", "foreign.yaml"]).expect_failure();
    assert!(
        message.starts_with("2 of the 3 activities that teams have answered would not be asked any more: “"),
        "{message}"
    );
    assert!(message.contains("with --leave-out-answered"), "{message}");
    let back = commands.run(&["catalog", "use", "--bundled"]).expect_done();
    assert!(back.starts_with("0 added, 0 removed"), "it was never in use: {back}");
    commands.write("related.yaml", whole(2));
    let output = commands.run(&["catalog", "use", "related.yaml"]);
    assert!(
        output.stderr.starts_with("1 of the activities that teams have answered are not in it"),
        "{}",
        output.stderr
    );
    output.expect_done();
    // An overlay says itself what it leaves out, and must not do it by the way.
    commands.write("overlay.yaml", format!("A:\n  B:\n    C: {{uuid: {}, ignore: true}}\n", ids[0]));
    let message = commands.run(&["catalog", "use", "overlay.yaml"]).expect_failure();
    assert!(message.contains("\n1 of the 3 activities"), "{message}");
    commands.run(&["catalog", "use", "overlay.yaml", "--leave-out-answered"]).expect_done();
}
