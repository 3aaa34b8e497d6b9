//! `/gaps`: what is missing, by the activities.

use crate::harness::{Page, Table, TestApp, made_up_answers};

/// Two dimensions, each with an activity of level 1 and one of level 2.
const DIMENSIONS: &[(&str, &[u8])] = &[("Build", &[1, 2]), ("Culture", &[1, 2])];

/// Three teams that have 1, 3 and 2 gaps.
fn three() -> TestApp {
    TestApp::small(
        DIMENSIONS,
        &[("Bank", "2026-Q3", "xxxh", ""), ("Cards", "2026-Q3", "00x-", ""), ("Shop", "2026-Q3", "x00x", "")],
    )
}

/// The activities on a page, in its order.
fn activities(page: &Page) -> String {
    page.texts("tbody th > a").join(" ")
}

#[test]
fn an_activity_stands_there_once_with_its_teams() {
    let app = three();
    let page = app.visit("/gaps");
    assert!(page.words(".coverage").starts_with("6 gaps of teams, in 4 activities as of 2026-Q3."));
    assert_eq!(activities(&page), "a1 a3 a0 a2", "the greatest sum of priorities first, then the lowest level");
    let row = page.row("a1 Build · Part");
    assert_eq!(row[2..], ["2", "—", "0 %", "3", "3", "200", "2 of 2"]);
    let teams = page.texts("tbody tr:first-child details li");
    assert_eq!(teams, ["Cards Not implemented", "Shop Not implemented"]);
    let to = page.attributes("tbody tr:first-child details a", "href");
    assert_eq!(to, [format!("/gaps?team={}", app.team("Cards")), format!("/gaps?team={}", app.team("Shop"))]);
    assert_eq!(page.row("a0 Build · Part")[1], "Cards", "a single team is named");

    let of_one = app.visit(&to[0]);
    assert!(of_one.words(".coverage").starts_with("3 gaps as of 2026-Q3."));
    assert_eq!(activities(&of_one), "a0 a1 a3");
    assert_eq!(of_one.row("a3 Culture · Part")[3], "Unanswered");
    assert!(of_one.texts("thead th").iter().all(|name| name != "Teams" && name != "Ready now"));
}

#[test]
fn many_teams_are_counted_and_the_first_of_them_named() {
    let names: Vec<String> = (0..25).map(|i| format!("Team {i:02}")).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "2026-Q3", "0xxx", "")).collect();
    let app = TestApp::small(DIMENSIONS, &rows);
    let page = app.visit("/gaps");
    assert_eq!(page.words("tbody details summary"), "25 teams with a gap in a0");
    let named = page.texts("tbody details li");
    assert_eq!((named.len(), named[20].as_str()), (21, "and 5 more"));
    let rest = page.attributes("tbody details li:last-child a", "href");
    let of_activity = app.visit(&rest[0]).words("main");
    assert!(names.iter().all(|name| of_activity.contains(name)), "the page of the activity has them all");
    assert_eq!(Table::read(app.visit("/export/gaps.csv").text()).rows.len(), 25, "the file has a row for each");
}

#[test]
fn the_address_sorts_and_narrows_down() {
    let app = three();
    for (query, expected) in [
        ("?sort=activity", "a0 a1 a2 a3"),
        ("?sort=activity&order=descending", "a3 a2 a1 a0"),
        ("?sort=teams", "a1 a3 a0 a2"),
        ("?sort=level", "a0 a2 a1 a3"),
        ("?sort=progress", "a3 a0 a2 a1"),
        ("?sort=priority&order=ascending", "a0 a2 a3 a1"),
        ("?q=A2", "a2"),
        ("?q=&sort=&order=&ready=&stage=&dimension=", "a1 a3 a0 a2"),
        ("?dimension=Build&q=a", "a1 a0"),
        ("?page=9", "a1 a3 a0 a2"),
    ] {
        assert_eq!(activities(&app.visit(&format!("/gaps{query}"))), expected, "{query}");
    }
    let page = app.visit("/gaps?q=a&sort=level");
    let sorted = page.select("th[aria-sort]");
    assert_eq!((sorted.len(), sorted[0].attr("aria-sort")), (1, Some("ascending")));
    let heads = page.attributes("thead a", "href");
    assert_eq!(heads[2], "/gaps?q=a&sort=level&order=descending", "once more turns the order");
    assert_eq!(heads[0], "/gaps?q=a&sort=activity&order=ascending");
    let form = page.form("form.picker");
    assert_eq!((form.value("q"), form.value("sort"), form.value("order")), ("a", "level", "ascending"));
    let files = page.attributes(".downloads a", "href");
    assert_eq!(files, ["/export/gaps.csv?q=a", "/export/gaps.xlsx?q=a"]);
    let page = app.visit("/gaps?q=zzz");
    assert!(page.words("main .empty").contains("No gap is like that"));
    for (query, message) in [
        ("sort=team", "“team” is not one of activity, teams"),
        ("order=up", "“up” is not one of ascending"),
        ("stage=one", "a stage is named by its number"),
        ("page=0", "a page is named by its number"),
    ] {
        let page = app.get(&format!("/gaps?{query}")).expect_status(422);
        assert!(page.words("main .lead").contains(message), "{query}: {}", page.words("main"));
    }
    app.get(&format!("/gaps?q={}", "x".repeat(101))).expect_status(422);
}

#[test]
fn what_the_dashboard_offers_next_is_where_it_leads_to() {
    let app = TestApp::with_answers(&made_up_answers());
    for query in ["".to_owned(), format!("?team={}", app.team("Payments"))] {
        let dashboard = app.visit(&format!("/{query}"));
        let next = "section:has(a[href*='ready=1'])";
        let (to, said) = (dashboard.attributes("a[href*='ready=1']", "href"), dashboard.words("a[href*='ready=1']"));
        let listed = app.visit(&to[0]);
        let found: Vec<String> = listed.texts("tbody th > a");
        assert_eq!(said, format!("All {} that are ready now", found.len()));
        let offered = dashboard.texts(&format!("{next} tbody th > a"));
        assert_eq!(offered, found[..offered.len()], "the same ones, in the same order");
        let shown = |page: &Page, column: &str| page.texts(&format!("td[data-name='{column}']"));
        assert_eq!(shown(&dashboard, "Priority"), shown(&listed, "Priority")[..offered.len()]);
        // Nothing holds them back, which is what the file says as well.
        let file = Table::read(app.visit(&listed.attributes(".downloads a", "href")[0]).text());
        assert!(file.rows.iter().all(|row| file.cell(row, "blocked_by").is_empty()));
        let left = dashboard.attributes(&format!("{next} .explain a"), "href");
        let words = dashboard.words(&format!("{next} .explain a"));
        let all = app.visit(&left[0]).words(".coverage");
        assert_eq!(all.split(' ').next(), words.split(' ').next(), "{words}: {all}");
    }
}
