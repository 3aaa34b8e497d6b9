//! Pages that are kept: the same as if they were made anew, whatever was done in between and by whom.

use super::permissions::{Organization, changes};
use crate::harness::{Browser, TestApp, activity_ids};

/// The pages that are kept.
const PAGES: [&str; 10] = [
    "/",
    "/compare",
    "/gaps",
    "/heatmap",
    "/mappings",
    "/portfolio",
    "/roadmap",
    "/threat-models",
    "/trend",
    "/unusual",
];

/// Asks for pages so that they cannot be those that were made before: nobody asked for this address yet.
struct Anew(usize);

impl Anew {
    fn get(&mut self, browser: &Browser, page: &str) -> String {
        self.0 += 1;
        browser.get(&format!("{page}?anew={}", self.0)).text().to_owned()
    }
}

#[test]
fn a_page_that_is_kept_is_what_it_would_be_anew_whatever_is_done() {
    let organization = Organization::new();
    let (app, of) = organization.first();
    let mut anew = Anew(0);
    for page in PAGES {
        app.visit(page);
    }
    let mut done = 0;
    for change in changes() {
        let answer = organization.ask(app, of, change);
        done += usize::from(answer.status < 400);
        for page in PAGES {
            let (kept, made) = (app.visit(page), anew.get(app, page));
            assert!(kept.text() == made, "{page} is not what it would be after {} {}", change.0, change.1);
        }
    }
    assert!(done > 60, "only {done} of the changes were made");
}

#[test]
fn what_another_program_changes_is_seen_at_once() {
    let app = TestApp::new();
    let answered = |team: &str| {
        let activity = &activity_ids()[0];
        app.commands().fill(&format!("team,period,activity_id,status\n{team},2026-Q3,{activity},fully_implemented\n"));
    };
    answered("Payments");
    assert!(!app.visit("/portfolio").text().contains("Zebrafish"));
    answered("Zebrafish");
    assert!(app.visit("/portfolio").text().contains("Zebrafish"));
}

#[test]
fn everybody_gets_the_page_that_is_theirs() {
    let organization = Organization::new();
    let (app, _) = organization.first();
    let first = app.visit("/portfolio");
    assert!(first.text().contains("Zebrafish"));
    let viewer = app.person("Vera", &["--role", "viewer", "--team", "Payments"]);
    let hers = viewer.get("/portfolio");
    assert!(hers.text().contains("Vera") && !hers.text().contains("Import"), "what she may not is not offered");
    app.post("/admin/separation", &[("separation", "separated")]);
    let hers = viewer.get("/portfolio");
    assert!(!hers.text().contains("Zebrafish"), "{}", hers.text());
    assert!(app.visit("/portfolio").text().contains("Zebrafish"));
    // A page that is kept is not for who is not let in, nor under another name.
    assert_eq!(app.stranger().get("/portfolio").status, 303);
    let elsewhere = app.send("GET", "/portfolio", &[("host", "elsewhere.example")], None).unwrap();
    assert_eq!(elsewhere.status, 421);
    viewer.post("/sign-out", &[]);
    assert_eq!(viewer.get("/portfolio").status, 303);
}

#[test]
fn a_page_that_is_kept_is_sent_as_it_was_made() {
    let app = TestApp::demo();
    for encoding in ["gzip", "identity"] {
        let get = || app.send("GET", "/trend", &[("accept-encoding", encoding)], None).unwrap();
        let (made, kept) = (get(), get());
        assert_eq!(made.body, kept.body);
        for header in ["content-type", "content-security-policy", "cache-control", "vary", "x-content-type-options"] {
            assert!(!made.header(header).is_empty(), "{header}");
            assert_eq!(made.header(header), kept.header(header), "{header}");
        }
        assert_ne!(made.header("x-request-id"), kept.header("x-request-id"));
    }
    assert_eq!(app.send("HEAD", "/trend", &[], None).unwrap().status, 200);
}

#[test]
fn a_program_is_not_recognized_by_a_cookie_with_its_token() {
    let app = TestApp::new();
    let made = app.commands().run(&["token", "create", "reader", "--scope", "read"]).expect_done();
    let token = made.trim();
    let shown = format!("Bearer {token}");
    let by_token = |browser: &Browser| browser.send("GET", "/trend", &[("authorization", &shown)], None).unwrap();
    let cookie = format!("cairn_session={token}");
    let stranger = app.stranger();
    assert_eq!(by_token(&stranger).status, 200);
    assert_eq!(stranger.send("GET", "/trend", &[("cookie", &cookie)], None).unwrap().status, 303);
}
