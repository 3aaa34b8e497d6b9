//! `/settings`: what is counted how, and what a change does before it is made.

use crate::harness::{Form, Page, TestApp, activity_ids, made_up_answers};

/// The fields of the page as they were sent.
fn form(app: &TestApp) -> Form {
    app.visit("/settings").form("form:has([name=threshold])")
}

/// What somebody entered, sent to be looked at.
fn looked_at(app: &TestApp, form: &Form) -> Page {
    let mut form = form.clone();
    form.press("do", "preview");
    app.submit(&form)
}

/// Puts into force what a page shows.
fn apply(app: &TestApp, page: &Page) -> Page {
    let mut form = page.form("#preview form");
    form.press("do", "apply");
    app.submit(&form)
}

/// The level and the score of the organization in each quarter, latest first, as a page writes them.
fn quarters(app: &TestApp) -> Vec<(String, String)> {
    let trend = app.visit("/export/trend.json").json();
    let points = trend["points"].as_array().unwrap().iter().filter(|point| point["dimension"] == "overall");
    points.rev().map(|point| (point["period"].as_str().unwrap().to_owned(), reached(point))).collect()
}

/// The same of the dimensions in the latest quarter.
fn dimensions(app: &TestApp) -> Vec<(String, String)> {
    let levels = app.visit("/export/levels.json").json();
    let of = |dimension: &serde_json::Value| (dimension["name"].as_str().unwrap().to_owned(), reached(dimension));
    levels["dimensions"].as_array().unwrap().iter().map(of).collect()
}

fn reached(scored: &serde_json::Value) -> String {
    let score = (scored["score"].as_f64().unwrap() * 100.0 + 1e-6).floor() / 100.0;
    format!("{} {score:.2}", scored["level"])
}

/// A column of one of the two tables of a preview.
fn shown(page: &Page, table: usize, column: &str) -> Vec<(String, String)> {
    let table = format!("#preview .pair > :nth-child({table}) tbody");
    let heads = page.texts(&format!("{table} th"));
    heads.into_iter().zip(page.texts(&format!("{table} td[data-name={column}]"))).collect()
}

#[test]
fn a_change_does_what_its_preview_says() {
    let app = TestApp::with_answers(&made_up_answers());
    let (quarters_before, dimensions_before) = (quarters(&app), dimensions(&app));
    let mut entered = form(&app);
    entered.fill("percent-2", "35");
    entered.fill("percent-3", "80");
    entered.fill("name-3", "Mostly implemented");
    entered.fill("key-9", "nearly");
    entered.fill("name-9", "Nearly");
    entered.fill("percent-9", "90 %");
    entered.fill("threshold", "70");
    let page = looked_at(&app, &entered).expect_status(200);
    assert_eq!(page.form("form:has([name=threshold]):not(#preview form)").fields, entered.fields);
    assert_eq!((shown(&page, 1, "Now"), shown(&page, 2, "Now")), (quarters_before.clone(), dimensions_before));
    assert_eq!(quarters(&app), quarters_before, "nothing is changed yet");

    let answers = app.visit("/export/answers.csv");
    let uses = |key: &str| answers.text().matches(&format!(",{key},")).count().to_string();
    let started = page.row("Started started");
    assert_eq!(started[1..4], ["20 %", "35 %", &uses("started")]);
    let partly = page.row("Mostly implemented partly_implemented");
    assert_eq!(partly[1..4], ["50 %", "80 %", &uses("partly_implemented")]);
    assert!(partly[4].contains("was called “Partly implemented”, counts more"), "{}", partly[4]);
    assert_eq!(page.row("Nearly nearly")[1..], ["—", "90 %", "0", "new"]);

    assert_eq!(apply(&app, &page).location(), "/settings?changed=1");
    assert_eq!((shown(&page, 1, "Then"), shown(&page, 2, "Then")), (quarters(&app), dimensions(&app)));
    assert_ne!(quarters(&app), quarters_before);
    assert_eq!(app.visit("/export/answers.csv").body, answers.body, "answers stay as they are");
    let now = form(&app);
    let steps: Vec<_> = (1..=6).map(|row| now.value(&format!("name-{row}"))).collect();
    assert_eq!(steps, ["Not implemented", "Started", "Mostly implemented", "Nearly", "Fully implemented", ""]);
    assert_eq!(now.value("threshold"), "70");

    let again = looked_at(&app, &now).expect_status(200);
    assert!(again.select("#preview").is_empty() && again.words("main").contains("nothing would change"));
}

#[test]
fn the_threshold_decides_over_a_level() {
    let app = TestApp::new();
    let catalog = cairn::app::bundled_catalog().unwrap();
    let first: Vec<_> = catalog.activities().filter(|(_, a)| a.level == 1).map(|(_, a)| a.id.0.as_str()).collect();
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    let answers: Vec<_> = first.iter().map(|id| (*id, "partly_implemented")).collect();
    app.answer(&assessment, &answers);
    app.hand_in(&assessment);
    for (threshold, level) in [("51", "0"), ("50", "1"), ("100", "0")] {
        let mut entered = form(&app);
        entered.fill("threshold", threshold);
        let page = looked_at(&app, &entered);
        if threshold == "50" {
            let lead = page.words("#preview .lead");
            assert!(lead.contains("rises from level 0 to 1, and its score stays 0.50"), "{lead}");
        }
        apply(&app, &page).location();
        let overall = app.visit("/export/levels.json").json()["overall"].clone();
        assert_eq!(overall["level"].to_string(), level, "{threshold}");
    }
}

#[test]
fn a_step_that_answers_take_cannot_go() {
    let app = TestApp::new();
    let (first, second) = (&activity_ids()[0], &activity_ids()[1]);
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    app.answer(&assessment, &[(first, "started"), (second, "started")]);
    // It is in the history even when no answer takes it any more.
    app.answer(&assessment, &[(first, "fully_implemented")]);
    let mut entered = form(&app);
    entered.fill("name-2", "");
    entered.fill("percent-2", "");
    for action in ["preview", "apply"] {
        let mut sent = entered.clone();
        sent.press("do", action);
        let refused = app.submit(&sent).expect_status(422);
        let fault = refused.words("#fault-name-2");
        assert!(fault.contains("“Started” (started) stays: 2 recorded answers take it"), "{fault}");
        assert_eq!(refused.form("form:has([name=threshold])").fields, entered.fields, "everything entered is kept");
    }
    // Another word in files would orphan the answers just as well; the page does not offer it.
    let mut renamed = form(&app);
    renamed.fill("key-2", "begun");
    assert!(looked_at(&app, &renamed).expect_status(422).words("#fault-steps").contains("2 recorded answers"));

    // A step that no answer takes goes.
    let mut less = form(&app);
    for field in ["key-3", "name-3", "percent-3"] {
        less.fill(field, "");
    }
    let page = looked_at(&app, &less).expect_status(200);
    assert_eq!(page.row("Partly implemented partly_implemented")[1..], ["50 %", "—", "0", "goes"]);
    apply(&app, &page).location();
    let choices = app.visit(&assessment);
    assert!(!choices.words("main").contains("Partly implemented"));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let app = TestApp::new();
    let before = app.visit("/settings").body;
    for (field, value, at, message) in [
        ("percent-2", "many", "percent-2", "a whole number from 0 to 100"),
        ("percent-2", "50", "percent-3", "worth more than the step before"),
        ("percent-1", "1", "percent-1", "must be worth 0 %"),
        ("percent-4", "99", "percent-4", "must be worth 100 %"),
        ("name-3", "STARTED", "name-3", "a name of its own"),
        ("name-3", " ", "name-3", "a name is needed"),
        ("name-9", "More", "percent-9", "a whole number"),
        ("key-3", "Partly done", "key-3", "lower-case letters"),
        ("key-3", "not_applicable", "key-3", "lower-case letters"),
        ("threshold", "0", "threshold", "from 1 to 100"),
        ("threshold", "101", "threshold", "from 1 to 100"),
    ] {
        let mut entered = form(&app);
        entered.fill(field, value);
        let refused = looked_at(&app, &entered).expect_status(422);
        let fault = refused.words(&format!("#fault-{at}"));
        assert!(fault.contains(message), "{field} {value}: {fault}");
        let marked = refused.attributes("[aria-invalid]", "aria-describedby");
        assert!(marked.contains(&format!("fault-{at}")), "{marked:?}");
        assert_eq!(refused.form("form:has([name=threshold])").fields, entered.fields, "everything entered is kept");
        entered.press("do", "apply");
        app.submit(&entered).expect_status(422);
    }
    assert_eq!(app.visit("/settings").body, before);
    app.post("/settings", &[("key-10", "x")]).expect_status(400);
}

#[test]
fn nobody_overwrites_settings_they_have_not_seen() {
    let app = TestApp::new();
    let mut mine = form(&app);
    mine.fill("name-2", "Begun");
    let previewed = looked_at(&app, &mine);
    let mut theirs = form(&app);
    theirs.fill("threshold", "90");
    apply(&app, &looked_at(&app, &theirs)).location();

    for refused in [apply(&app, &previewed), looked_at(&app, &mine)] {
        let refused = refused.expect_status(409);
        assert!(refused.words(".notice.bad").contains("changed by somebody else meanwhile"));
        assert!(refused.words("main").contains("reached from 90 % on"), "it shows how things are now");
        let form = refused.form("form:has([name=threshold])");
        assert_eq!((form.value("name-2"), form.value("threshold")), ("Begun", "100"), "what was entered is kept");
    }
    assert_eq!((form(&app).value("name-2"), form(&app).value("threshold")), ("Started", "90"));
    // Who has seen how things are now decides.
    let again = looked_at(&app, &mine).form("form:has([name=threshold])");
    apply(&app, &looked_at(&app, &again)).location();
    assert_eq!((form(&app).value("name-2"), form(&app).value("threshold")), ("Begun", "100"));
}

#[test]
fn a_name_can_hold_anything() {
    let app = TestApp::new();
    let mut entered = form(&app);
    entered.fill("name-2", "<b>\"Begun\"</b> & más");
    let page = looked_at(&app, &entered).expect_status(200);
    assert!(page.select("main b").is_empty());
    apply(&app, &page).location();
    assert_eq!(form(&app).value("name-2"), "<b>\"Begun\"</b> & más");
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    assert!(app.visit(&assessment).words("main").contains("<b>\"Begun\"</b> & más"));
}
