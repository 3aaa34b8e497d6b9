//! What programs read of what comes of the answers: the same as the exports give, and as the description says.

use serde_json::{Value, json};

use crate::harness::{CommandLine, TestApp, activity_ids, assert_described, made_up_answers};

/// What the command line exports as JSON.
fn exported(commands: &CommandLine, arguments: &[&str]) -> Value {
    let bytes = commands.export(&[arguments, &["--format", "json"]].concat()).expect_done();
    serde_json::from_str(&bytes).unwrap()
}

#[test]
fn results_are_those_of_the_command_line() {
    let app = TestApp::with_answers(&made_up_answers());
    let payments = app.team("Payments");
    for (path, arguments) in [
        ("/levels", &["levels"][..]),
        ("/levels?period=2025-Q2", &["levels", "--period", "2025-Q2"]),
        ("/gaps", &["gaps"]),
        ("/gaps?stage=1&team={team}", &["gaps", "--stage", "1", "--team", "Payments"]),
        ("/trend?team={team}", &["trend", "--team", "Payments"]),
        ("/roadmap", &["roadmap"]),
        ("/roadmap?stage=2", &["roadmap", "--stage", "2"]),
        ("/mappings?standard=samm2", &["mappings", "--standard", "samm2"]),
        ("/mappings", &["mappings"]),
        ("/exports/portfolio", &["portfolio"]),
        ("/exports/heatmap?format=json&period=2025-Q3", &["heatmap", "--period", "2025-Q3"]),
    ] {
        let path = path.replace("{team}", &payments.to_string());
        assert_eq!(app.give(&path), exported(app.commands(), arguments), "{path}");
    }
    let dimension = app.give("/levels")["dimensions"][0]["name"].as_str().unwrap().to_owned();
    let gaps = app.give(&format!("/gaps?dimension={}", dimension.replace(' ', "%20")));
    let gaps = gaps.as_array().unwrap();
    assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap["dimension"] == dimension.as_str()));
}

#[test]
fn files_are_those_of_the_pages() {
    let app = TestApp::with_answers(&made_up_answers());
    for (kind, format, media_type) in [
        ("gaps", "csv", "text/csv; charset=utf-8"),
        ("levels", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("answers", "json", "application/json"),
    ] {
        let file = app.get(&format!("/api/v1/exports/{kind}?format={format}&period=2025-Q4"));
        let page = app.visit(&format!("/export/{kind}.{format}?period=2025-Q4"));
        assert_eq!((file.status, file.header("content-type")), (200, media_type));
        assert_eq!(file.header("content-disposition"), page.header("content-disposition"));
        assert!(file.body == page.body || format == "xlsx", "{kind}");
    }
}

#[test]
fn everything_that_is_exported_can_be_had() {
    let app = TestApp::with_answers(&made_up_answers());
    let kinds = app.all_pages("/exports?limit=10").0;
    let team = app.team("Payments");
    assert!(kinds.len() > 25);
    for kind in &kinds {
        let name = kind["kind"].as_str().unwrap();
        let formats = kind["formats"].as_array().unwrap();
        assert!(!formats.is_empty(), "{name}");
        let parameters = kind["parameters"].as_array().unwrap();
        let is_of = |parameter: &str| parameters.contains(&json!(parameter));
        assert_eq!(is_of("team"), name != "audit");
        for format in formats.iter().map(|format| format.as_str().unwrap()) {
            let of = if is_of("team") { format!("&team={team}") } else { String::new() };
            let page = app.ask("GET", &format!("/exports/{name}?format={format}{of}"), None, None);
            assert!([200, 409].contains(&page.status), "{name} as {format}: {}", page.text());
        }
        // What would be passed over is refused.
        let other = if is_of("standard") { "stage=1" } else { "standard=samm2" };
        let page = app.ask("GET", &format!("/exports/{name}?{other}"), None, None);
        assert_eq!(page.status, 400, "{name}");
    }
    let statuses = [
        ("/exports/nothing", 404),
        ("/exports/levels?format=pdf", 422),
        ("/exports/template?format=csv", 422),
        ("/exports/template", 422),
        ("/exports/levels?format=json&format=csv", 400),
        ("/exports/gaps?stage=x", 422),
        ("/exports/gaps?stage=99", 422),
        ("/exports/roadmap?plan=x", 422),
        ("/exports/roadmap?plan=999", 404),
        ("/exports/roadmap?version=x", 400),
        ("/exports/mappings?standard=none", 404),
        ("/levels?stage=1", 400),
        ("/levels?team=x", 400),
        ("/levels?team=1&group=1", 422),
        ("/levels?scope=team-1", 400),
        ("/gaps?dimension=Nowhere", 404),
        ("/gaps?stage=99999999999999999999", 400),
    ];
    for (path, status) in statuses {
        let page = app.ask("GET", path, None, None);
        assert_eq!(page.status, status, "{path}: {}", page.text());
        assert!(page.json()["hint"].is_string(), "{path}");
    }
}

#[test]
fn without_a_submission_there_is_nothing_to_compute_from() {
    let app = TestApp::new();
    app.open(app.add_team("Payments"), "2026-Q4");
    for path in ["/levels", "/gaps", "/trend", "/roadmap", "/mappings", "/exports/levels"] {
        let page = app.ask("GET", path, None, None);
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(page.json()["code"], "nothing_submitted", "{path}");
    }
    assert_eq!(app.give("/answers"), json!([]));
}

#[test]
fn the_record_of_who_did_what_is_for_administrators() {
    let app = TestApp::new();
    let reader = app.program("reader", &["--scope", "read"]);
    assert_eq!(reader.ask("GET", "/exports/audit", None, None).status, 403);
    assert!(app.give("/exports/audit")[0]["deed"].as_str().is_some());
}

#[test]
fn answers_are_as_the_description_says() {
    let app = TestApp::organization();
    let document = app.visit("/api/openapi.json").json();
    let assessment = app.give("/assessments?state=draft")[0]["id"].clone();
    let submitted = app.give("/assessments?state=submitted")[0]["id"].clone();
    let id = &activity_ids()[0];
    let piece = app.give("/evidence?state=withdrawn");
    let piece = piece.get(0).cloned().unwrap_or_else(|| app.give("/evidence")[0].clone())["id"].clone();
    for (operation, path) in [
        ("GET /api/v1/periods", "/periods".to_owned()),
        ("GET /api/v1/assessments", "/assessments?limit=1000".to_owned()),
        ("GET /api/v1/assessments/{assessment}", format!("/assessments/{assessment}")),
        ("GET /api/v1/assessments/{assessment}", format!("/assessments/{submitted}")),
        ("GET /api/v1/assessments/{assessment}/answers", format!("/assessments/{assessment}/answers")),
        ("GET /api/v1/assessments/{assessment}/answers", format!("/assessments/{submitted}/answers")),
        ("GET /api/v1/assessments/{assessment}/answers/{activity}", format!("/assessments/{submitted}/answers/{id}")),
        (
            "GET /api/v1/assessments/{assessment}/answers/{activity}/history",
            format!("/assessments/{submitted}/answers/{id}/history"),
        ),
        ("GET /api/v1/answers", "/answers?limit=1000".to_owned()),
        ("GET /api/v1/evidence", "/evidence?limit=1000".to_owned()),
        ("GET /api/v1/evidence/{evidence}", format!("/evidence/{piece}")),
        ("GET /api/v1/evidence/{evidence}/history", format!("/evidence/{piece}/history")),
        ("GET /api/v1/levels", "/levels".to_owned()),
        ("GET /api/v1/gaps", "/gaps".to_owned()),
        ("GET /api/v1/trend", "/trend".to_owned()),
        ("GET /api/v1/roadmap", "/roadmap".to_owned()),
        ("GET /api/v1/mappings", "/mappings?standard=iso27001-2017".to_owned()),
        ("GET /api/v1/exports", "/exports".to_owned()),
    ] {
        assert_described(&document, operation, 200, &app.give(&path));
    }
    // A plan that is kept has all that a plan can have.
    for plan in 1..=3 {
        let page = app.ask("GET", &format!("/roadmap?plan={plan}"), None, None);
        if page.status == 200 {
            assert_described(&document, "GET /api/v1/roadmap", 200, &page.json());
        }
    }
}
