//! What programs ask that watch over the service: whether it lives, whether it is ready, and its numbers.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::harness::{Browser, TestApp, activity_ids};

/// A number of `/metrics`, by its name with its labels.
fn number(browser: &Browser, name: &str) -> Option<f64> {
    let page = browser.visit("/metrics");
    assert_eq!(page.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let line = page.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
    line.map(|number| number.parse().unwrap())
}

#[test]
fn a_service_that_is_well_says_so() {
    let app = TestApp::new();
    for (path, word) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let page = app.visit(path);
        assert_eq!((page.text(), page.header("content-type")), (word, "text/plain; charset=utf-8"));
        assert_eq!(page.header("cache-control"), "no-store");
        let head = app.send("HEAD", path, &[], None).unwrap();
        assert_eq!((head.status, head.body.len()), (200, 0));
        app.post(path, &[]).expect_status(405);
        let elsewhere = app.send("GET", path, &[("host", "evil.example")], None).unwrap();
        assert_eq!(elsewhere.status, 421, "a foreign name is refused here, too");
    }
}

#[test]
fn more_than_can_be_answered_is_refused_at_once() {
    const LIMIT: usize = 12;
    let app = TestApp::narrow(LIMIT);
    let mut other = SqliteConnection::establish(app.database().to_str().unwrap()).unwrap();
    other.batch_execute("PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        for n in 0..LIMIT {
            let app = &app;
            scope.spawn(move || {
                let add = || app.post("/teams", &[("name", &format!("Team {n:02}")), ("description", "")]);
                // Those who look whether it is full take a place, too.
                let added = std::iter::repeat_with(add).find(|page| page.status != 503).unwrap();
                assert!(added.location().starts_with("/teams?added="));
            });
        }
        while app.get("/teams").status != 503 {
            std::thread::yield_now();
        }
        // All of them wait for the lock, and will do so for long; nobody waits behind them.
        let refused = app.get("/teams");
        assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
        let words = refused.words("main");
        assert!(words.contains("Too many requests at once; try again in a moment."), "{words}");
        assert!(words.contains(refused.header("x-request-id")), "{words}");
        assert!(refused.header("content-security-policy").starts_with("default-src 'none'"));
        let refused = app.post("/teams", &[("name", "New"), ("description", "")]);
        assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
        assert!(refused.words("main").contains("Nothing was changed"));
        let refused = app.get("/api/v1/teams");
        assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
        assert_eq!(refused.json()["code"], "service_unavailable");
        assert_eq!(app.visit("/healthz").text(), "ok");
        assert_eq!(app.stranger().visit("/healthz").text(), "ok");
        other.batch_execute("ROLLBACK").unwrap();
    });
    let teams = app.visit("/teams").texts("tbody th a");
    assert_eq!(teams, (0..LIMIT).map(|n| format!("Team {n:02}")).collect::<Vec<_>>());
    assert_eq!(app.visit("/readyz").text(), "ready");
}

#[test]
fn requests_are_counted_by_their_route() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    app.visit(&format!("{address}?text=hidden"));
    for path in ["/nothing", "/nothing/else", "/assessments/99"] {
        app.get(path).expect_status(404);
    }
    app.send("TRACE", "/teams", &[], None).unwrap().expect_status(405);
    let of = |labels: &str| number(&app, &format!("cairn_http_requests_total{{{labels}}}"));
    assert_eq!(of(r#"method="GET",route="/assessments/{id}",status="2xx""#), Some(1.0));
    assert_eq!(of(r#"method="GET",route="/assessments/{id}",status="4xx""#), Some(1.0));
    assert_eq!(of(r#"method="GET",route="none",status="4xx""#), Some(2.0));
    assert_eq!(of(r#"method="POST",route="/teams",status="3xx""#), Some(1.0));
    assert_eq!(of(r#"method="other",route="/teams",status="4xx""#), Some(1.0));
    let count = r#"cairn_http_request_duration_seconds_count{method="GET",route="/assessments/{id}"}"#;
    assert_eq!(number(&app, count), Some(2.0));
    let text = app.visit("/metrics").text().to_owned();
    for sent in ["hidden", "nothing", "/99", "TRACE"] {
        assert!(!text.contains(sent), "{sent}: nothing that is sent becomes a label");
    }
}

#[test]
fn what_is_recorded_is_counted() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    app.open(app.add_team("Web"), "2026-Q4");
    app.answer(&address, &[(&activity_ids()[0], "started")]);
    app.hand_in(&address);
    for (name, expected) in [
        (r#"cairn_teams{state="active"}"#, 2.0),
        (r#"cairn_teams{state="retired"}"#, 0.0),
        (r#"cairn_assessments{state="draft"}"#, 1.0),
        (r#"cairn_assessments{state="submitted"}"#, 1.0),
        (r#"cairn_database_failures_total{reason="busy"}"#, 0.0),
        ("cairn_database_waiting_changes", 0.0),
        ("cairn_http_requests_under_way", 1.0),
        (concat!(r#"cairn_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""}"#), 1.0),
        ("process_start_time_seconds", 1_795_521_600.0),
    ] {
        assert_eq!(number(&app, name), Some(expected), "{name}");
    }
    assert!(number(&app, "cairn_database_size_bytes").unwrap() > 100_000.0);
}

#[test]
fn every_answer_has_a_number_and_a_fault_shows_it() {
    let app = TestApp::new();
    let id = |page: &crate::harness::Page| page.header("x-request-id").to_owned();
    let (first, second) = (id(&app.visit("/teams")), id(&app.get("/nothing")));
    assert!(first.len() == 16 && first != second, "{first} {second}");
    let given = app.send("GET", "/teams", &[("x-request-id", "theirs")], None).unwrap();
    assert_ne!(id(&given), "theirs");
    assert!(!app.get("/nothing").words("main").contains("Give this number"), "a wrong address is nothing to report");

    // A table that is missing is a fault that nobody expects.
    let mut database = SqliteConnection::establish(app.database().to_str().unwrap()).unwrap();
    database.batch_execute("PRAGMA foreign_keys = OFF; ALTER TABLE teams RENAME TO elsewhere").unwrap();
    let page = app.get("/teams").expect_status(500);
    assert!(page.words("main").contains(&format!("Give this number to whoever runs Cairn: {}", id(&page))));
    assert!(!page.text().contains("no such table"));
    let ready = app.get("/readyz");
    assert_eq!((ready.status, ready.text()), (503, "failed"));
    app.visit("/healthz");
}

#[test]
fn numbers_of_the_whole_are_for_who_may_see_all_teams() {
    let app = TestApp::new();
    app.add_team("Payments");
    assert_eq!(app.stranger().get("/metrics").location(), "/sign-in?next=%2Fmetrics");
    app.program("watcher", &["--scope", "read"]).visit("/metrics");
    app.program("limited", &["--scope", "read", "--team", "Payments"]).get("/metrics").expect_status(403);
    app.program("importer", &["--scope", "import"]).get("/metrics").expect_status(403);
}
