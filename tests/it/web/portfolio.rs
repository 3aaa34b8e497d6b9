//! `/portfolio`: which team stands where, and what one could lift at the others.

use crate::harness::{Browser, Page, Table, TestApp};

/// Two dimensions, each with an activity of level 1 and one of level 2.
const DIMENSIONS: &[(&str, &[u8])] = &[("Build", &[1, 2]), ("Culture", &[1, 2])];

/// Four teams: one that rose, one that is carried, one that is new, and one that was never assessed.
fn four() -> TestApp {
    let app = TestApp::small(
        DIMENSIONS,
        &[
            ("Bank", "2026-Q2", "x-x-", ""),
            ("Cards", "2026-Q2", "hhn0", ""),
            ("Bank", "2026-Q3", "xxxh", ""),
            ("Shop", "2026-Q3", "00--", ""),
        ],
    );
    let money = app.add_group("Money");
    app.put_into_groups("Bank", &[money]);
    app.open(app.add_team("Tills"), "2026-Q4");
    let bank = app.team("Bank").to_string();
    for (activity, expires) in [("a0", ""), ("a2", "2026-10-01")] {
        let evidence = [("title", "Report"), ("recorded_on", "2026-01-01"), ("expires_on", expires)];
        app.post("/evidence", &[&evidence[..], &[("team", &bank), ("activity", activity)]].concat()).location();
    }
    app
}

/// The names of the teams on a page, in its order.
fn teams(page: &Page) -> String {
    page.texts("#teams tbody th > a").join(" ")
}

#[test]
fn every_team_stands_beside_the_others() {
    let app = four();
    let page = app.visit("/portfolio");
    // Bank: all of level 1, and three quarters of level 2; a quarter before nothing of level 2. The evidence
    // for one of its four claims holds, and that for another has expired.
    let bank =
        ["Bank Money", "1", "1.75", "+0.75", "2", "1", "100 % 4 of 4", "25 % 1 of 4", "1", "2026-Q3", "Not opened"];
    assert_eq!(page.row("Bank Money"), bank);
    // Cards: half of level 1 and a quarter of level 2 of what applies.
    let cards = [
        "Cards",
        "0",
        "0.75",
        "±0",
        "0",
        "0",
        "100 % 3 of 3",
        "0 % 0 of 2",
        "0",
        "2026-Q2 1 quarter ago",
        "Not opened",
    ];
    assert_eq!(page.row("Cards"), cards);
    let shop = ["Shop", "0", "0.00", "new", "0", "0", "50 % 2 of 4", "—", "0", "2026-Q3", "Not opened"];
    assert_eq!(page.row("Shop"), shop);
    assert_eq!(page.row("Tills"), ["Tills", "not assessed yet", "Draft"]);
    let coverage = page.words(".coverage");
    assert!(coverage.starts_with("As of 2026-Q3: 3 of 4 teams assessed, 1 of them carried"), "{coverage}");
    assert!(coverage.contains("For 2026-Q4: 0 submitted, 1 draft, 3 not opened."), "{coverage}");
    assert_eq!(page.attributes("#teams tbody th a", "href")[0], format!("/?team={}", app.team("Bank")));

    let earlier = app.visit("/portfolio?period=2026-Q2");
    assert_eq!(earlier.row("Bank Money")[1..4], ["1", "1.00", "new"], "nothing is told of the present quarter");
    assert_eq!(earlier.row("Bank Money").len(), 10);
    assert_eq!(earlier.row("Shop"), ["Shop", "not assessed yet"]);
    assert_eq!(teams(&app.visit(&format!("/portfolio?group={}", app.group("Money")))), "Bank");
    assert_eq!(teams(&app.visit(&format!("/portfolio?team={}", app.team("Shop")))), "Shop");
}

#[test]
fn the_address_sorts_and_narrows_down() {
    let app = four();
    for (query, expected) in [
        ("", "Bank Cards Shop Tills"),
        ("?order=descending", "Tills Shop Cards Bank"),
        ("?sort=score", "Bank Cards Shop Tills"),
        ("?sort=score&order=ascending", "Shop Cards Bank Tills"),
        ("?sort=change", "Bank Cards Shop Tills"),
        ("?sort=Culture&order=ascending", "Cards Shop Bank Tills"),
        ("?sort=answered&order=ascending", "Shop Bank Cards Tills"),
        ("?sort=evidence", "Shop Bank Cards Tills"),
        ("?sort=stale", "Bank Cards Shop Tills"),
        ("?sort=assessed", "Cards Bank Shop Tills"),
        ("?sort=due", "Bank Cards Shop Tills"),
        ("?sort=due&order=descending", "Tills Bank Cards Shop"),
        ("?level=0", "Cards Shop"),
        ("?due=draft", "Tills"),
        ("?due=not-begun&level=0&sort=score&order=ascending", "Shop Cards"),
        ("?q=mon", "Bank"),
        ("?q=&level=&due=&sort=&order=", "Bank Cards Shop Tills"),
        ("?due=draft&period=2026-Q3", "Bank Cards Shop Tills"),
    ] {
        let page = app.visit(&format!("/portfolio{query}"));
        assert_eq!(teams(&page), expected, "{query}");
    }
    assert!(app.visit("/portfolio?q=zzz").words("main .empty").contains("No team is like that"));

    let page = app.visit("/portfolio?q=a&sort=score");
    let sorted = page.select("th[aria-sort]");
    assert_eq!((sorted.len(), sorted[0].attr("aria-sort")), (1, Some("descending")));
    let heads = page.attributes("#teams thead a", "href");
    assert_eq!(heads[2], "/portfolio?q=a&sort=score&order=ascending", "once more turns the order");
    assert_eq!(heads[3], "/portfolio?q=a&sort=change&order=descending");
    let form = page.form("form.picker");
    assert_eq!((form.value("q"), form.value("sort"), form.value("order")), ("a", "score", "descending"));
    let file = page.attributes(".actions a", "href")[0].clone();
    assert_eq!(file, "/export/portfolio.csv?q=a&sort=score");
    let table = Table::read(app.visit(&file).text());
    let column = |name: &str| table.rows.iter().map(|row| table.cell(row, name).to_owned()).collect::<Vec<_>>();
    assert_eq!(column("team"), ["Bank", "Cards"]);
    assert_eq!(column("Build: level"), ["2", "0"]);
    assert_eq!(column("change"), ["0.75", "0"]);
    assert_eq!(column("due"), ["not-begun", "not-begun"]);

    for (query, message) in [
        ("sort=Nothing", "sort by team, level"),
        ("order=up", "“up” is not one of ascending, descending"),
        ("due=late", "“late” is not one of submitted, draft, not-begun"),
        ("level=6", "a level is a number from 0 to 5"),
        ("page=0", "a page is named by its number"),
        ("period=2027-Q1", "has not begun yet"),
    ] {
        let page = app.get(&format!("/portfolio?{query}")).expect_status(422);
        assert!(page.words("main .lead").contains(message), "{query}: {}", page.words("main"));
    }
}

#[test]
fn a_hundred_teams_are_a_page() {
    let names: Vec<String> = (0..105).map(|i| format!("Team {i:03}")).collect();
    let rows: Vec<_> = names.iter().map(|name| (name.as_str(), "2026-Q3", "xx", "")).collect();
    let app = TestApp::small(DIMENSIONS, &rows);
    let first = app.visit("/portfolio?sort=team&order=descending");
    assert_eq!(first.texts("#teams tbody th").len(), 100);
    assert!(first.words(".paging").starts_with("Teams 1 to 100 of 105"), "{}", first.words(".paging"));
    let next = first.attributes(".paging a", "href");
    assert_eq!(next, ["/portfolio?sort=team&order=descending&page=2"]);
    let second = app.visit(&next[0]);
    assert_eq!(teams(&second), "Team 004 Team 003 Team 002 Team 001 Team 000");
    assert_eq!(teams(&app.visit("/portfolio?sort=team&order=descending&page=9")), teams(&second));
    assert_eq!(Table::read(app.visit("/export/portfolio.csv").text()).rows.len(), 105);
}

/// A platform from which two teams take answers over, one of them two.
fn platform() -> TestApp {
    TestApp::small(
        DIMENSIONS,
        &[
            ("Platform", "2026-Q3", "xhx0", ""),
            ("Bank", "2026-Q3", "x x0", ""),
            ("Bank", "2026-Q3", " h  ", "Platform"),
            ("Shop", "2026-Q3", "x x ", ""),
            ("Shop", "2026-Q3", " h 0", "Platform"),
        ],
    )
}

#[test]
fn one_change_lifts_those_who_take_it_over() {
    let app = platform();
    let page = app.visit("/portfolio");
    // Level 2 is the mean of two activities. The last one rises from nothing to two of three teams: a third of
    // a level; the other by half in all three: a quarter.
    let words = page.words("#leverage");
    assert!(words.contains("One change at Platform lifts 2 teams : with “ a3 ” fully implemented"), "{words}");
    assert!(words.contains("the score of Organization would rise by 0.33 ."), "{words}");
    assert_eq!(page.row("a3 Culture · Part")[1..], ["Platform", "Not implemented", "Shop", "2 teams", "+0.33"]);
    assert_eq!(page.row("a1 Build · Part")[1..], ["Platform", "Partly implemented", "Bank, Shop", "3 teams", "+0.25"]);
    let file = Table::read(app.visit("/export/leverage.csv").text());
    let gains: Vec<&str> = file.rows.iter().map(|row| file.cell(row, "gain")).collect();
    assert_eq!(gains, ["0.333333333333", "0.25"]);

    // For one team it is worth more, and the provider does not belong to it.
    let shop = app.visit(&format!("/portfolio?team={}", app.team("Shop")));
    assert_eq!(shop.row("a3 Culture · Part")[1..], ["Platform", "Not implemented", "Shop", "1 team", "+0.50"]);
    assert_eq!(shop.row("a1 Build · Part")[4..], ["1 team", "+0.25"]);
    let alone = app.visit(&format!("/portfolio?team={}", app.team("Platform")));
    assert!(alone.words("#leverage").contains("No team inherits an answer"), "{}", alone.words("#leverage"));
    let empty = TestApp::new().visit("/portfolio");
    assert!(empty.words("main .empty").contains("No team stands anywhere yet"));
}

#[test]
fn what_a_provider_raised_is_no_lever_any_more() {
    let app = platform();
    app.commands().run(&["export", "leverage", "--team", "Bank"]).expect_done();
    let assessment = app.open(app.team("Platform"), "2026-Q4");
    app.answer(&assessment, &[("a1", "fully_implemented")]);
    app.hand_in(&assessment);
    let page = app.visit("/portfolio");
    assert_eq!(page.texts("#leverage tbody th a"), ["a3"], "those who follow have yet to take it over again");
    assert_eq!(app.visit("/portfolio?period=2026-Q3").texts("#leverage tbody th a"), ["a3", "a1"]);
}

#[test]
fn who_sees_one_team_sees_no_provider() {
    let app = platform();
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let people: [Browser; 2] = [
        app.person("Vera", &["--role", "viewer", "--team", "Shop"]),
        app.program("reader", &["--scope", "read", "--team", "Shop"]),
    ];
    for browser in &people {
        let page = browser.visit("/portfolio");
        assert_eq!(teams(&page), "Shop");
        let all =
            [page.text(), browser.visit("/export/leverage.json").text(), browser.visit("/export/portfolio.csv").text()]
                .map(str::to_owned);
        assert!(all.iter().all(|text| !text.contains("Platform") && !text.contains("Bank")), "{all:?}");
        assert!(page.words("#leverage").contains("No team inherits an answer"));
    }
    let both = app.person("Mara", &["--role", "viewer", "--team", "Shop", "--team", "Platform"]);
    let row = both.visit("/portfolio").row("a3 Culture · Part");
    assert_eq!(row[1..], ["Platform", "Not implemented", "Shop", "2 teams", "+0.50"], "of the two teams that are seen");
}
