//! `cairn catalog check`.

use std::path::{Path, PathBuf};

use crate::harness::{CommandLine, Output, assert_golden};

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
        assert!(message.starts_with(&format!("{name}:")) && message.contains("not readable as YAML"), "{message}");
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
        ("empty", "activities"),
        ("empty.yaml", "activities"),
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
        assert_eq!(output.stderr, "", "{version}");
        let printed = output.expect_done();
        assert!(printed.starts_with(counts), "{printed}");
    }
    // This one gave the same id to several activities.
    let faults = check(&model("1.13.0")).expect_failure();
    let shared_id = "the id 123e4567-e89b-12d3-a456-426614174000 is taken by";
    assert_eq!(faults.lines().filter(|line| line.contains(shared_id)).count(), 4, "{faults}");
    assert!(faults.lines().all(|line| line.contains("model-1.13.0.yaml:")), "every fault has its place: {faults}");
}
