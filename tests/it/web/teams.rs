//! `/teams` and `/groups`: names of every kind, changes, and what is refused.

use crate::harness::{TestApp, activity_ids};

#[test]
fn names_of_every_kind_are_shown_as_they_are() {
    let app = TestApp::new();
    let names = [
        "مدفوعات",
        "支払い 👩‍💻🏳️‍🌈",
        "<script>alert('x')</script>",
        "\"quoted\" & 'so' on",
        "=HYPERLINK(\"http://x\")",
        "a/b?c=d#e%20",
        "ÄÖÜ ß ﬁ",
    ];
    for name in names {
        let team = app.add_team(name);
        app.add_group(&format!("Group {name}"));
        let page = app.visit(&format!("/teams/{team}"));
        assert_eq!(page.texts("h1"), [format!("Who is {name}?")]);
        assert_eq!(page.form("main form.fields").value("name"), name);
    }
    for path in ["/teams", "/", "/assessments", "/trend", "/gaps"] {
        let page = app.visit(path);
        assert!(page.select("script").is_empty(), "{path}");
        for name in names.iter().filter(|_| !path.ends_with('s') || path == "/teams") {
            assert!(page.words("main").contains(name), "{name} on {path}");
        }
    }
}

#[test]
fn a_name_is_tidied_and_taken_once() {
    let app = TestApp::new();
    app.add_group("Shop");
    let page = app.visit("/teams");
    let mut form = page.form("form[action='/teams']");
    form.fill("name", "  Web   Shop ");
    app.submit(&form).location();
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Web Shop"]);

    form.fill("name", "WEB SHOP");
    form.fill("description", "Sells <things>");
    form.choose("group", &app.group("Shop").to_string());
    let refused = app.submit(&form).expect_status(422);
    assert!(refused.words("#add p.fault").contains("there is already a team called WEB SHOP"));
    let again = refused.form("form[action='/teams']");
    assert_eq!(again.fields, form.fields, "everything entered is kept");
    assert_eq!(app.visit("/teams").texts("tbody th a").len(), 1);
}

#[test]
fn names_that_cannot_be_are_refused_at_the_field() {
    let app = TestApp::new();
    app.add_team("Payments");
    for (name, message) in [
        ("", "a name is needed"),
        ("   ", "a name is needed"),
        (&"x".repeat(101), "at most 100 characters; this has 101"),
        ("two\nlines", "no line breaks"),
        ("Payments\u{202E}", "no line breaks, control or direction-changing"),
        ("bell\u{7}", "no line breaks, control"),
    ] {
        let refused = app.post("/teams", &[("name", name)]).expect_status(422);
        assert!(refused.words("#add p.fault").contains(message), "{name:?}: {}", refused.words("p.fault"));
        let refused = app.post("/groups", &[("name", name)]).expect_status(422);
        assert!(refused.words("#groups p.fault").contains(message), "{name:?}: {}", refused.words("p.fault"));
    }
    let long = "x".repeat(501);
    let refused = app.post("/teams", &[("name", "Shop"), ("description", &long)]).expect_status(422);
    assert!(refused.words("#add p.fault").contains("at most 500 characters"));
    assert_eq!(refused.form("form[action='/teams']").value("description"), long);
    let refused = app.post("/teams", &[("name", "Shop"), ("group", "99")]).expect_status(422);
    assert!(refused.words("main").contains("does not exist any more"), "{}", refused.words("main"));
    app.post("/teams", &[("name", "Shop"), ("group", "x")]).expect_status(400);
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Payments"]);
}

#[test]
fn a_team_is_changed() {
    let app = TestApp::new();
    let (team, group) = (app.add_team("Payments"), app.add_group("Shared services"));
    app.add_team("Web Shop");
    let address = format!("/teams/{team}");
    let mut form = app.visit(&address).form("main form.fields");
    form.fill("name", "PAYMENTS");
    form.fill("description", "Takes the money.");
    form.choose("group", &group.to_string());
    app.follow(&app.submit(&form));
    let page = app.visit("/teams");
    assert_eq!(page.row("PAYMENTS Takes the money.")[1], "Shared services");
    let now = app.visit(&address).form("main form.fields");
    assert_eq!(now.said(), form.said());

    form = now;
    form.fill("name", "web shop");
    let refused = app.submit(&form).expect_status(422);
    assert!(refused.words("p.fault").contains("already a team called web shop"));
    assert_eq!(refused.form("main form.fields").fields, form.fields, "everything entered is kept");
    assert_eq!(app.visit("/teams").row("PAYMENTS Takes the money.")[1], "Shared services");

    // A box that is not ticked is not sent.
    app.put_into_groups("PAYMENTS", &[]);
    assert_eq!(app.visit("/teams").row("PAYMENTS")[1], "");
    app.get("/teams/99").expect_status(404);
    app.post("/teams/99", &[("name", "x")]).expect_status(404);
}

#[test]
fn groups_are_added_renamed_and_removed() {
    let app = TestApp::new();
    app.add_team("Payments");
    let (first, second) = (app.add_group("Shared services"), app.add_group("Customer channels"));
    app.put_into_groups("Payments", &[first, second]);
    assert_eq!(app.visit("/teams").row("Payments")[1], "Customer channels , Shared services");

    let refused = app.post("/groups", &[("name", "SHARED services")]).expect_status(422);
    assert!(refused.words("#groups p.fault").contains("already a group called SHARED services"));
    assert_eq!(refused.form("form[action='/groups']").value("name"), "SHARED services");
    app.post(&format!("/groups/{second}"), &[("name", "shared SERVICES")]).expect_status(422);

    app.post(&format!("/groups/{first}"), &[("name", "SHARED services")]).location();
    assert_eq!(app.group("SHARED services"), first);
    app.post(&format!("/groups/{second}/remove"), &[]).location();
    assert_eq!(app.visit("/teams").row("Payments")[1], "SHARED services");
    app.get(&format!("/?group={second}")).expect_status(404);
    app.post(&format!("/groups/{second}"), &[("name", "x")]).expect_status(404);
    app.post(&format!("/groups/{second}/remove"), &[]).expect_status(404);
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Payments"], "its teams stay");
}

#[test]
fn a_group_that_is_chosen_twice_is_one() {
    let app = TestApp::new();
    app.add_team("Payments");
    let group = app.add_group("Sales");
    app.put_into_groups("Payments", &[group, group]);
    assert_eq!(app.visit("/teams").row("Payments")[1], "Sales");
}

#[test]
fn a_retired_team_counts_up_to_its_last_quarter() {
    let app = TestApp::new();
    let activity = &activity_ids()[0];
    for (team, status) in [("Payments", "fully_implemented"), ("Web Shop", "not_implemented")] {
        let assessment = app.open(app.add_team(team), "2026-Q4");
        app.answer(&assessment, &[(activity, status)]);
        app.hand_in(&assessment);
    }
    app.add_team("Never assessed");
    let (payments, shop) = (app.team("Payments"), app.team("Web Shop"));
    let before = app.visit("/export/trend.csv").body;

    for team in ["Web Shop", "Never assessed"] {
        let form = app.visit(&format!("/teams/{}", app.team(team))).form("#retire form");
        assert_eq!(app.submit(&form).location(), "/teams#retired");
    }
    let page = app.visit("/teams");
    assert_eq!(page.texts("section:not([id]) tbody th a"), ["Payments"]);
    assert_eq!(page.texts("#retired tbody th a"), ["Never assessed", "Web Shop"]);
    assert!(page.words("#retired tbody").contains("counts up to 2026-Q4"));
    assert_eq!(app.visit("/export/trend.csv").body, before, "in the present quarter it still counts");
    assert!(app.visit("/").words(".coverage").contains("2 of 3 teams assessed"));

    let later = app.a_quarter_later();
    let coverage = |query: &str| later.visit(&format!("/{query}")).words(".coverage");
    assert_eq!(coverage("?period=2027-Q1"), "As of 2027-Q1, carried from the assessment of 2026-Q4 .");
    assert!(coverage("?period=2026-Q4").contains("2 of 3 teams assessed"));
    let overall = |path: &str| later.visit(path).json()["overall"].clone();
    assert_eq!(
        overall("/export/levels.json?period=2027-Q1"),
        overall(&format!("/export/levels.json?team={payments}")),
        "only the other team is left"
    );
    let trend = later.visit("/export/trend.csv?period=2027-Q1");
    assert!(trend.text().starts_with(std::str::from_utf8(&before).unwrap()), "what was stays as it was");
    assert_eq!(later.visit("/").texts("optgroup[label='Retired teams'] option"), ["Never assessed", "Web Shop"]);

    // Its own history is there up to its last quarter, which is its latest; then there is nothing.
    assert!(later.visit(&format!("/?team={shop}")).words(".coverage").contains("2026-Q4"));
    assert_eq!(later.visit(&format!("/?team={shop}&period=2027-Q1")).select(".empty").len(), 1);
    later.get(&format!("/export/levels.csv?team={shop}&period=2027-Q1")).expect_status(404);
    let answers = later.visit(&format!("/catalog/{activity}"));
    assert!(!answers.words("main").contains("Web Shop"));

    let refused = later.post("/teams", &[("name", "WEB shop")]).expect_status(422);
    assert!(refused.words("#add p.fault").contains("it is retired and can be brought back"));
    later.submit(&later.visit("/teams").form(&format!("form[action='/teams/{shop}/bring-back']"))).location();
    assert!(coverage("?period=2027-Q1").contains("2 of 2 teams assessed"));
}

#[test]
fn a_team_is_retired_once() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let address = format!("/teams/{team}/retire");
    app.post(&address, &[]).location();
    app.a_quarter_later().post(&address, &[]).location();
    assert!(app.visit("/teams").words("#retired").contains("counts up to 2026-Q4"), "since when does not move");
    app.post("/teams/99/retire", &[]).expect_status(404);
    app.post("/teams/99/bring-back", &[]).expect_status(404);
    app.get(&address).expect_status(405);
}

#[test]
fn a_group_cannot_lose_its_name() {
    let app = TestApp::new();
    let group = app.add_group("Sales");
    let refused = app.post(&format!("/groups/{group}"), &[("name", &*"x".repeat(101))]).expect_status(422);
    assert!(refused.words(".group-row .fault").contains("at most 100 characters"), "{}", refused.words("#groups"));
    assert_eq!(
        refused.attributes(".group-row input[name=name]", "value"),
        ["x".repeat(101)],
        "what was entered is there"
    );
    assert_eq!(app.visit("/teams").attributes(".group-row input[name=name]", "value"), ["Sales"]);
}
