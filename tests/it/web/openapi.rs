//! The description of the interface for programs: that it is as reviewed, and that it describes all there is.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::permissions::routes_for_programs;
use crate::harness::{TestApp, assert_golden};

/// The operations that a description has, as methods and patterns.
fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap();
    let methods = |path: &str, item: &Value| -> Vec<String> {
        item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())).collect()
    };
    paths.iter().flat_map(|(path, item)| methods(path, item)).collect()
}

#[test]
fn the_description_is_as_reviewed() {
    let app = TestApp::new();
    let document = app.visit("/api/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_golden("openapi.json", &format!("{document:#}\n"));
}

#[test]
fn everything_that_programs_can_ask_for_is_described_and_nothing_else() {
    let app = TestApp::new();
    let described = operations(&app.visit("/api/openapi.json").json());
    let mut there = routes_for_programs();
    there.remove("GET /api/openapi.json");
    assert_eq!(described, there);
}

#[test]
fn every_operation_says_what_it_does_and_what_can_be_wrong() {
    let app = TestApp::new();
    let document = app.visit("/api/openapi.json").json();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{what}");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{what}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{what}: {}", parameter["name"]);
            }
            for status in ["400", "401", "403", "503", "default"] {
                let problem = operation["responses"][status]["$ref"].as_str().unwrap_or_default();
                let name =
                    problem.strip_prefix("#/components/responses/").unwrap_or_else(|| panic!("{what}: {status}"));
                assert!(document["components"]["responses"][name].is_object(), "{what}: {status}");
            }
        }
    }
    let says = |schema: &Value| schema["description"].is_string() || schema["$ref"].is_string();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            // What may be missing is one of two.
            let one_says = || schema["oneOf"].as_array().is_some_and(|some| some.iter().any(says));
            assert!(says(schema) || one_says(), "{name}: {property}");
        }
    }
}

/// What schemathesis looks at in every answer. Who is let in is looked at with the permissions; everybody is,
/// in the demo.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,unsupported_method";

#[test]
fn whatever_programs_send_is_answered_as_described() {
    let app = TestApp::demo();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let program = target.join("tools/python/bin/schemathesis");
    assert!(program.exists(), "run tests/tools once, which fetches {}", program.display());
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(program)
        .current_dir(folder.path())
        .args(["run", &format!("{}/api/openapi.json", app.base()), "--checks", CHECKS])
        // The same requests each time: a test is not the place for luck.
        .args(["--phases", "examples,coverage,fuzzing", "--generation-deterministic", "--max-examples", "15"])
        .args(["--no-color", "--continue-on-failure", "--warnings", "off"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_documentation_has_every_code() {
    let app = TestApp::new();
    let page = app.visit("/api/docs");
    let documented = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).unwrap();
    let rows = page.select("#problems tbody tr");
    assert!(rows.len() > 10);
    for row in rows {
        let words: Vec<String> =
            row.text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
        let [status, code, when, _] = words.as_slice() else { panic!("{words:?}") };
        assert!(documented.contains(&format!("| {status} | `{code}` | {when} |")), "{words:?}");
    }
}

/// The names of the schemas that are described in the sources of the handlers.
fn described_in_sources() -> Vec<String> {
    let folder = format!("{}/src/web/api", env!("CARGO_MANIFEST_DIR"));
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for rest in source.split("ToSchema)]").skip(1) {
            let head = rest.split_once('{').unwrap().0;
            let other = head.split_once("schema(as = ").map(|(_, rest)| rest);
            let own = head.split_once("struct ").or_else(|| head.split_once("enum ")).map(|(_, rest)| rest);
            let name = other.or(own).unwrap_or_else(|| panic!("{head}"));
            names.push(name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned());
        }
        let words = source.split("const SCHEMA: &'static str = \"").skip(1);
        names.extend(words.map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    names
}

#[test]
fn no_two_schemas_have_the_same_name() {
    // One of them would be described as the other.
    let mut names = described_in_sources();
    names.sort();
    let twice: Vec<&str> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].as_str()).collect();
    assert!(names.len() > 20 && twice.is_empty(), "{twice:?}");
}
