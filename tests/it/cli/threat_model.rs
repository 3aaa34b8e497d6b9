//! `cairn threat-model inspect`.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::CommandLine;

fn sample(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/threat-models").join(name).display().to_string()
}

#[test]
fn what_is_in_a_threat_model_is_printed_for_programs() {
    let commands = CommandLine::new();
    let output = commands.run(&["threat-model", "inspect", &sample("shop.otm.yaml"), "--format", "json"]);
    assert_eq!(output.stderr, "");
    let printed: Value = serde_json::from_str(&output.expect_done()).unwrap();
    let keys: Vec<&str> = printed.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["format", "title", "elements", "threats", "status", "stride", "with_mitigation", "warnings"],
        "programs rely on these"
    );
    assert_eq!((&printed["format"], &printed["title"]), (&json!("otm"), &json!("Shop")));
    assert_eq!(
        printed["elements"],
        json!({"actor": 1, "data_flow": 2, "data_store": 1, "process": 2, "trust_zone": 2})
    );
    assert_eq!(printed["threats"], 3);
    assert_eq!(printed["status"], json!({"open": 1, "undetermined": 2}));
    assert_eq!(printed["stride"], json!({"I": 1, "S": 1, "none": 1}));
    assert_eq!(printed["with_mitigation"], 1);
    let warning = &printed["warnings"][0];
    assert!(warning["message"].is_string() && warning["place"]["path"].is_string(), "{warning}");
    assert!(!commands.path("cairn.db").exists(), "nothing is kept");
}

#[test]
fn what_is_in_a_threat_model_is_printed_for_people() {
    let printed = CommandLine::new().run(&["threat-model", "inspect", &sample("shop.tm7")]).expect_done();
    for line in [
        "Shop, of Microsoft Threat Modeling Tool",
        "elements                      10",
        "  Data store                   1",
        "threats                        4",
        "  mitigated                    1",
        "with a mitigation              1",
        "  Elevation of privilege       1",
        "  of no kind of it             2",
    ] {
        assert!(printed.lines().any(|found| found == line), "{line}: {printed}");
    }
    assert!(printed.contains("warnings\n  ") && printed.contains("shop.tm7:"), "{printed}");
}

#[test]
fn what_is_no_threat_model_is_refused_with_the_reason() {
    let commands = CommandLine::new();
    commands.write("library.xml", "<mxlibrary>[]</mxlibrary>");
    commands.write("empty.json", "");
    commands.write("list.json", "[1]");
    commands.write("page.html", "<html></html>");
    for (name, reason) in [
        ("library.xml", "a library of shapes of draw.io"),
        ("empty.json", "the file is empty"),
        ("list.json", "a list of something else"),
        ("page.html", "XML of another kind"),
        ("missing.tm7", "cannot be read"),
    ] {
        let found = commands.run(&["threat-model", "inspect", name, "--format", "json"]).expect_failure();
        assert!(found.contains(name) && found.contains(reason), "{name}: {found}");
    }
    assert_eq!(commands.run(&["threat-model", "inspect"]).code, Some(2));
    assert_eq!(commands.run(&["threat-model", "inspect", "x", "--format", "csv"]).code, Some(2));
}
