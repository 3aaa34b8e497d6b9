//! Errors are pages that say what to do; every answer carries what keeps browsers safe.

use crate::harness::{Page, TestApp};

/// The page of an error: our layout, a title, a message and a hint.
fn assert_is_error_page(page: &Page, status: u16) {
    assert_eq!(page.status, status, "{}", page.words("main"));
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.select("nav.pages a").len() > 10, "the navigation leads on");
    assert_eq!(page.select("h1").len(), 1);
    assert!(page.words("main .lead").ends_with(['.', '!', '?']), "{}", page.words("main"));
    assert!(page.texts("main .empty p").len() >= 3, "a message, a hint and a way on: {}", page.words("main"));
    assert!(page.words("main").contains(&format!("Status {status}")));
    assert_is_guarded(page);
}

fn assert_is_guarded(page: &Page) {
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
}

#[test]
fn what_does_not_exist_is_a_page() {
    let app = TestApp::new();
    for path in [
        "/nothing",
        "/assessments/99",
        "/assessments/x",
        "/catalog/x",
        "/catalog/%FF",
        "/teams/1/",
        "/export/levels.pdf",
        "/export/levels",
        "/export/secrets.csv",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e%2fCargo.toml",
        "/.git/config",
        "//evil.example",
    ] {
        assert_is_error_page(&app.get(path), 404);
    }
    let page = app.get("/%3Cscript%3Ealert(1)%3C/script%3E?x=%22%3E%3Cscript%3E").text().to_owned();
    assert!(!page.contains("<script>"));
}

#[test]
fn the_wrong_method_is_a_page() {
    let app = TestApp::new();
    for (method, path) in [("DELETE", "/teams"), ("PUT", "/assessments"), ("PATCH", "/groups")] {
        assert_is_error_page(&app.send(method, path, &[], Some(b"")).unwrap(), 405);
    }
    for path in ["/", "/gaps", "/trend", "/catalog", "/export/gaps.csv"] {
        assert_is_error_page(&app.post(path, &[]), 405);
    }
    let refused = app.get("/groups");
    assert_is_error_page(&refused, 405);
    assert_eq!(refused.header("allow"), "POST", "what may be done is said");
    assert_is_error_page(
        &app.send("POST", "/teams", &[("content-type", "application/json")], Some(b"{}")).unwrap(),
        415,
    );
}

#[test]
fn a_form_of_fifty_megabytes_is_refused() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let huge = [b"name=".as_slice(), &vec![b'x'; 50_000_000]].concat();
    for path in ["/teams", "/groups", "/assessments", &format!("{address}/answers")] {
        // The service need not read what it refuses; then the connection may end before the answer is there.
        if let Ok(page) = app.send("POST", path, &form, Some(&huge)) {
            assert_is_error_page(&page, 413);
        }
    }
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Payments"]);
}

#[test]
fn a_foreign_host_is_refused() {
    let app = TestApp::new();
    app.add_team("Payments");
    for host in ["evil.example", "127.0.0.1.evil.example:80", "192.168.0.1", "localhost.evil.example"] {
        let page = app.send("GET", "/teams", &[("host", host)], None).unwrap();
        assert_is_error_page(&page, 421);
        assert!(!page.text().contains("Payments"), "nothing is told");
    }
    let port = app.base().rsplit_once(':').unwrap().1;
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", &format!("localhost:{port}"), "[::1]:8080"] {
        assert_eq!(app.send("GET", "/teams", &[("host", host)], None).unwrap().status, 200, "{host}");
    }
}

#[test]
fn a_page_of_another_site_changes_nothing() {
    let app = TestApp::new();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let post = |headers: &[(&str, &str)]| app.send("POST", "/teams", headers, Some(b"name=Payments")).unwrap();
    for from in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:1"),
        ("origin", "null"),
    ] {
        assert_is_error_page(&post(&[form, from]), 403);
    }
    assert!(app.visit("/teams").texts("tbody th a").is_empty());
    // Following a link from elsewhere is no change.
    assert_eq!(app.send("GET", "/teams", &[("sec-fetch-site", "cross-site")], None).unwrap().status, 200);
    // What does not say where it comes from may be from anywhere.
    assert_is_error_page(&app.send_bare("POST", "/teams", &[form], Some(b"name=Payments")).unwrap(), 403);
    assert!(app.visit("/teams").texts("tbody th a").is_empty());
    post(&[form, ("sec-fetch-site", "same-origin")]).location();
    post(&[form, ("origin", app.base())]).expect_status(422);
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Payments"]);
}

#[test]
fn every_answer_is_guarded() {
    let app = TestApp::new();
    for path in ["/", "/teams", "/catalog", "/assessments", "/export/answers.csv", "/export/answers.json"] {
        let page = app.visit(path);
        assert_is_guarded(&page);
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
    let redirect = app.post("/teams", &[("name", "Payments")]);
    redirect.location();
    assert_is_guarded(&redirect);
    assert_is_guarded(&app.post("/teams", &[("name", "")]).expect_status(422));
}

#[test]
fn what_pages_load_may_be_kept_for_ever() {
    let app = TestApp::new();
    let page = app.visit("/");
    let mut assets = page.attributes("head link", "href");
    assets.extend(page.attributes("img", "src"));
    assert!(assets.len() >= 3);
    for asset in &assets {
        let answer = app.visit(asset);
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        let kind = if asset.ends_with(".css") { "text/css; charset=utf-8" } else { "image/svg+xml" };
        assert_eq!(answer.header("content-type"), kind);
        assert_is_guarded(&answer);
        let (stem, rest) = asset.rsplit_once('-').unwrap();
        let (hash, extension) = rest.split_once('.').unwrap();
        assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{asset}");
        // An old name must not give new content, so that nothing wrong is kept for ever.
        app.get(&format!("{stem}.{extension}")).expect_status(404);
        app.get(&format!("{stem}-0123456789abcdef.{extension}")).expect_status(404);
    }
    let css = assets.iter().find(|asset| asset.ends_with(".css")).unwrap();
    assert!(!app.visit(css).text().contains("http"), "nothing is loaded from elsewhere");
}

#[test]
fn pages_are_compressed_for_those_who_can_read_it() {
    let app = TestApp::new();
    let page = app.send("GET", "/catalog", &[("accept-encoding", "gzip")], None).unwrap();
    assert_eq!(page.header("content-encoding"), "gzip");
    assert!(page.body.len() < app.visit("/catalog").body.len() / 2);
}

#[test]
fn heads_are_answered_like_pages_without_a_body() {
    let app = TestApp::new();
    for path in ["/", "/teams", "/catalog"] {
        let head = app.send("HEAD", path, &[], None).unwrap();
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-type"), "text/html; charset=utf-8");
    }
}

#[test]
fn the_address_of_a_form_leads_back_to_its_page() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    assert_eq!(app.get(&format!("{address}/answers")).location(), address);
}
