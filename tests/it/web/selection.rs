//! Of whom and when a view speaks: in the address, on every view, the same everywhere.

use crate::harness::{Page, TestApp, activity_ids};

const VIEWS: [&str; 5] = ["/", "/heatmap", "/trend", "/gaps", "/report"];
const EXPORTS: [&str; 10] = [
    "/export/answers.csv",
    "/export/answers.json",
    "/export/levels.csv",
    "/export/levels.json",
    "/export/gaps.csv",
    "/export/gaps.json",
    "/export/trend.csv",
    "/export/trend.json",
    "/export/statement.csv",
    "/report/download",
];

/// Two teams, of which the second was not assessed in the last quarter, and a group of the second.
struct Two {
    app: TestApp,
    shop: i64,
    group: i64,
}

fn two() -> Two {
    let app = TestApp::new();
    let activity = &activity_ids()[0];
    for (team, quarters) in [("Payments", &["2026-Q3", "2026-Q4"][..]), ("Web Shop", &["2026-Q3"])] {
        let number = app.add_team(team);
        for quarter in quarters {
            let assessment = app.open(number, quarter);
            let status = if *quarter == "2026-Q4" { "fully_implemented" } else { "started" };
            app.answer(&assessment, &[(activity, status)]);
            app.hand_in(&assessment);
        }
    }
    let (shop, group) = (app.team("Web Shop"), app.add_group("Sales"));
    app.put_into_groups("Web Shop", &[group]);
    Two { app, shop, group }
}

/// What the picker of a page shows as chosen.
fn picked(page: &Page) -> (String, String) {
    let form = page.form("form.picker:has([name=scope])");
    (form.value("scope").to_owned(), form.value("period").to_owned())
}

#[test]
fn every_view_takes_a_scope_and_a_quarter() {
    let Two { app, shop, group } = two();
    for view in VIEWS {
        for (query, chosen) in [
            (String::new(), (String::new(), String::new())),
            (format!("?team={shop}"), (format!("team-{shop}"), String::new())),
            (format!("?group={group}"), (format!("group-{group}"), String::new())),
            ("?period=2026-Q3".to_owned(), (String::new(), "2026-Q3".to_owned())),
            (format!("?team={shop}&period=2026-Q4"), (format!("team-{shop}"), "2026-Q4".to_owned())),
            ("?team=&group=&period=".to_owned(), (String::new(), String::new())),
        ] {
            let page = app.visit(&format!("{view}{query}"));
            assert_eq!(picked(&page), chosen, "{view}{query}");
            // Whoever follows a link to another view keeps what they chose.
            let links = page.attributes("nav.pages a", "href");
            let query = if query.contains("=&") { "" } else { &query };
            for other in VIEWS {
                assert!(links.contains(&format!("{other}{query}")), "{other}{query} in {links:?}");
            }
        }
    }
}

#[test]
fn the_picker_leads_to_the_usual_address() {
    let Two { app, shop, group } = two();
    for view in VIEWS {
        for (query, target) in [
            (format!("scope=team-{shop}&period="), format!("?team={shop}")),
            (format!("scope=group-{group}&period=2026-Q3"), format!("?group={group}&period=2026-Q3")),
            ("scope=&period=".to_owned(), String::new()),
            ("scope=&period=2026-Q3".to_owned(), "?period=2026-Q3".to_owned()),
        ] {
            let page = app.get(&format!("{view}?{query}"));
            assert_eq!(page.location(), format!("{view}{target}"));
            app.follow(&page);
        }
    }
}

#[test]
fn views_speak_of_the_scope_that_was_chosen() {
    let Two { app, shop, group } = two();
    let name = |query: &str| app.visit(&format!("/export/levels.json{query}")).json()["scope"].clone();
    assert_eq!(name(""), serde_json::json!({"kind": "organization", "name": "Organization"}));
    assert_eq!(name(&format!("?team={shop}")), serde_json::json!({"kind": "team", "name": "Web Shop"}));
    assert_eq!(name(&format!("?group={group}")), serde_json::json!({"kind": "group", "name": "Sales"}));

    let page = app.visit(&format!("/gaps?group={group}"));
    assert!(
        page.words(".coverage").starts_with("194 gaps of teams, in 194 activities as of 2026-Q3"),
        "{}",
        page.words(".coverage")
    );
    let page = app.visit("/?period=2026-Q2");
    assert!(page.words("main").contains("for 2026-Q2 or before"), "{}", page.words("main"));
    assert_eq!(app.get("/export/levels.csv?period=2026-Q2").status, 404);
    let answers = app.visit("/export/answers.csv?period=2026-Q3");
    assert_eq!(answers.text().lines().count(), 3);
    assert_eq!(answers.header("content-disposition"), "attachment; filename=\"cairn-answers-2026-Q3.csv\"");
}

#[test]
fn a_team_that_was_not_assessed_stands_where_it_stood() {
    let Two { app, shop, .. } = two();
    let page = app.visit("/");
    let coverage = page.words(".coverage");
    assert!(coverage.contains("As of 2026-Q4: 2 of 2 teams assessed, 1 of them carried"), "{coverage}");
    assert!(coverage.contains("Web Shop 2026-Q3"), "{coverage}");
    let coverage = app.visit(&format!("/?team={shop}&period=2026-Q4")).words(".coverage");
    assert!(coverage.contains("carried from the assessment of 2026-Q3"), "{coverage}");

    let trend = app.visit("/export/trend.json").json();
    for point in trend["points"].as_array().unwrap() {
        assert_eq!(point["carried"], point["period"] == "2026-Q4", "{point}");
    }
    let overall = |quarter: &str| {
        let points = trend["points"].as_array().unwrap();
        let point = points.iter().find(|point| point["dimension"] == "overall" && point["period"] == quarter);
        point.unwrap()["completion"].as_f64().unwrap()
    };
    // 20 % of one of 194 activities by both; then 100 % by the first and still 20 % by the second.
    assert!((overall("2026-Q3") - 0.2 / activity_ids().len() as f64).abs() < 1e-9);
    assert!((overall("2026-Q4") - 0.6 / activity_ids().len() as f64).abs() < 1e-9);
    assert!(app.visit("/trend").row("2026-Q4 partly carried").len() > 6);
}

#[test]
fn addresses_that_speak_of_nobody_are_refused_on_every_view() {
    let Two { app, shop, group } = two();
    for path in VIEWS.iter().chain(&EXPORTS) {
        app.get(&format!("{path}?team=99")).expect_status(404);
        app.get(&format!("{path}?group=99")).expect_status(404);
        for (query, message) in [
            ("team=abc".to_owned(), "“abc” is not the number of a team"),
            ("group=-".to_owned(), "“-” is not the number of a group"),
            ("team=99999999999999999999".to_owned(), "is not the number of a team"),
            ("scope=team-x".to_owned(), "“x” is not the number of a team"),
            ("period=2026-Q5".to_owned(), "“2026-Q5” is not a quarter; write it like 2026-Q4"),
            ("period=%3Cscript%3E".to_owned(), "“<script>” is not a quarter"),
            (format!("team={shop}&group={group}"), "choose a team or a group, not both"),
        ] {
            let page = app.get(&format!("{path}?{query}")).expect_status(422);
            assert!(page.words("main .lead").contains(message), "{path}?{query}: {}", page.words("main"));
            assert!(page.select("script").is_empty());
        }
        assert_eq!(app.get(&format!("{path}?team={shop}&team={shop}")).status, 400);
    }
}

#[test]
fn many_teams_are_chosen_from_on_a_page_of_their_own() {
    let names: Vec<String> = (0..105).map(|i| format!("Team {i:03}")).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "2026-Q3", "0x", "")).collect();
    let app = TestApp::small(&[("Build", &[1, 2])], &rows);
    let (group, team) = (app.add_group("Team leads"), app.team("Team 007"));
    let page = app.visit(&format!("/gaps?team={team}&period=2026-Q3&dimension=Build"));
    let mut form = page.form("form.picker");
    assert!(page.select("form.picker [name=scope]").is_empty() && page.words("form.picker").starts_with("Of Team 007"));
    assert_eq!(form.value("team"), team.to_string(), "who narrows the page down stays with the team");
    assert_eq!(page.attributes("form.picker button[formaction]", "formaction"), ["/scopes"]);

    form.press("to", "/gaps");
    let sent: Vec<String> = form.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let scopes = app.visit(&format!("/scopes?{}", sent.join("&")));
    let rest = "period=2026-Q3&dimension=Build&sort=priority&order=descending";
    let links = scopes.attributes("main li a", "href");
    assert_eq!(links[0], format!("/gaps?group={group}&{rest}"));
    assert_eq!((links.len(), links[1].as_str()), (101, &*format!("/gaps?team={}&{rest}", app.team("Team 000"))));
    assert_eq!(scopes.words("main a[aria-current]"), "Team 007");
    let next = scopes.attributes(".paging a", "href");
    assert_eq!(app.visit(&next[0]).select("#teams li").len(), 5);
    assert_eq!(app.visit(&links[1]).words("form.picker strong"), "Team 000");

    assert_eq!(scopes.form("form.picker").value("to"), "/gaps");
    let found = app.visit(&format!("/scopes?to=/gaps&{rest}&find=EAM+05"));
    assert_eq!(found.select("#teams li").len(), 11, "005, and 050 to 059");
    assert_eq!(found.attributes("main p > a", "href"), [format!("/gaps?{rest}")], "all of them together");
    assert!(app.visit("/scopes?find=zzz").words("main").contains("No team is called like that"));
    for elsewhere in ["//evil.example", "https://evil.example", "javascript:alert(1)", ""] {
        let links = app.visit(&format!("/scopes?to={elsewhere}")).attributes("main li a", "href");
        assert!(links.iter().all(|link| link.starts_with("/?")), "{elsewhere}: {}", links[0]);
    }
}

#[test]
fn gaps_are_narrowed_down() {
    let Two { app, .. } = two();
    let all = app.visit("/gaps?period=2026-Q4");
    let form = all.form("form.picker:has([name=stage])");
    assert_eq!(form.value("period"), "2026-Q4", "the filter keeps the quarter");
    let rows = |page: &Page| page.words(".coverage").split(' ').next().unwrap().parse::<usize>().unwrap();
    let first = app.visit("/gaps?period=2026-Q4&stage=1&dimension=");
    assert!(rows(&first) < rows(&all));
    assert_eq!(first.attributes(".page-head a", "href")[0], "/export/gaps.csv?period=2026-Q4&stage=1");
    let csv = app.visit("/export/gaps.csv?period=2026-Q4&stage=1");
    assert_eq!(csv.text().lines().count(), rows(&first) + 1);
    let culture = app.visit("/gaps?stage=1&dimension=Culture+and+Organization");
    assert!((1..rows(&first)).contains(&rows(&culture)));
    assert!(culture.texts("tbody th small").iter().all(|home| home.starts_with("Culture and Organization")));
    for stage in ["0", "4", "x", "-1"] {
        let (page, csv) =
            (app.get(&format!("/gaps?stage={stage}")), app.get(&format!("/export/gaps.csv?stage={stage}")));
        assert!((400..500).contains(&page.status), "{stage}: {}", page.status);
        assert!((400..500).contains(&csv.status), "{stage}: {}", csv.status);
    }
}

#[test]
fn the_future_is_not_shown() {
    let Two { app, .. } = two();
    for path in
        ["/?period=2027-Q1", "/trend?period=2999-Q4", "/gaps?period=2027-Q1", "/export/trend.json?period=2999-Q4"]
    {
        let page = app.get(path).expect_status(422);
        assert!(page.words("main").contains("has not begun yet"), "{path}");
    }
}

#[test]
fn a_wrong_quarter_leads_to_the_latest_with_all_else_that_was_asked() {
    let app = two().app;
    let way_on = |query: &str| app.get(&format!("/gaps?{query}")).attributes("main a.button", "href");
    assert_eq!(way_on("period=2030-Q1&stage=1")[0], "/gaps?stage=1");
    assert_eq!(way_on("period=nonsense")[0], "/gaps");
    assert!(way_on("stage=nonsense&period=2026-Q3").iter().all(|to| !to.starts_with("/gaps")));
}

#[test]
fn the_gaps_keep_their_filter_when_the_scope_changes() {
    let Two { app, shop, .. } = two();
    let page = app.get(&format!("/gaps?scope=team-{shop}&period=&stage=1&dimension=Implementation"));
    assert_eq!(page.location(), format!("/gaps?team={shop}&stage=1&dimension=Implementation"));
    let page = app.follow(&page);
    let download = page.attributes(".actions a", "href")[0].clone();
    assert_eq!(download, format!("/export/gaps.csv?team={shop}&stage=1&dimension=Implementation"));
    let rows = app.visit(&download).text().lines().count() - 1;
    assert_eq!(page.select("tbody tr").len(), rows, "the file has what the page shows");
    app.get("/gaps?dimension=Nothing").expect_status(404);
    app.get("/export/gaps.csv?stage=99").expect_status(422);
}
