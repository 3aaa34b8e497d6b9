//! `/compare`: what differs between two scopes or quarters.

use crate::harness::{Page, Table, TestApp, signed_answers, small_catalog};

/// Two dimensions, each with an activity of level 1 and one of level 2.
const DIMENSIONS: &[(&str, &[u8])] = &[("Build", &[1, 2]), ("Culture", &[1, 2])];

fn two() -> TestApp {
    TestApp::small(
        DIMENSIONS,
        &[("Bank", "2026-Q2", "x-0-", ""), ("Bank", "2026-Q3", "xhxn", ""), ("Shop", "2026-Q3", "x00x", "")],
    )
}

/// The activities with what both sides have and by how much they differ.
fn differences(page: &Page) -> Vec<String> {
    page.texts("#activities tbody tr:not(.part)")
}

#[test]
fn two_teams_stand_side_by_side() {
    let app = two();
    let (bank, shop) = (app.team("Bank"), app.team("Shop"));
    let page = app.visit(&format!("/compare?a=team-{bank}&b=team-{shop}"));
    // Bank: all of level 1 and half of what applies of level 2. Shop: half of each.
    assert_eq!(page.row("Overall"), ["Overall", "1 1.50", "0 1.00", "+0.50"]);
    assert_eq!(page.row("Build"), ["Build", "1 1.50", "1 1.00", "+0.50"]);
    assert_eq!(page.row("Culture"), ["Culture", "1 1.00", "0 1.00", "±0"]);
    assert_eq!(
        differences(&page),
        [
            "Level 2 a1 Partly implemented Not implemented +50 points",
            "Level 1 a2 Fully implemented Not implemented +100 points",
            "Level 2 a3 Not applicable Fully implemented —",
        ]
    );
    assert_eq!(page.texts("#activities .part"), ["Build · Part", "Culture · Part"]);
    assert!(
        page.words("#activities")
            .contains("3 activities differ of 4. Bank, 2026-Q3 is ahead in 2, Shop, 2026-Q3 in 0.")
    );
    let links = page.attributes("nav.pages a", "href");
    assert!(links.contains(&format!("/gaps?team={bank}")), "other pages speak of the first side");

    let all = app.visit(&format!("/compare?a=team-{bank}&b=team-{shop}&all=1"));
    assert_eq!(differences(&all)[0], "Level 1 a0 Fully implemented Fully implemented ±0 points");
    let culture = app.visit(&format!("/compare?a=team-{bank}&b=team-{shop}&dimension=Culture&ahead=a"));
    assert_eq!(differences(&culture), ["Level 1 a2 Fully implemented Not implemented +100 points"]);
    assert!(culture.form("form.picker").value("dimension") == "Culture");
    let swapped = culture.attributes(".shortcuts a", "href")[0].clone();
    let swapped = app.visit(&swapped);
    assert_eq!(differences(&swapped), ["Level 1 a2 Not implemented Fully implemented −100 points"]);
    let none = app.visit(&format!("/compare?a=team-{bank}&b=team-{shop}&ahead=b"));
    assert!(none.words("#activities").contains("None of them is like what you look for"));
}

#[test]
fn nothing_chosen_is_what_is_selected_against_its_quarter_before() {
    let app = two();
    let (bank, shop) = (app.team("Bank"), app.team("Shop"));
    let form = |page: &Page| {
        let form = page.form("form.picker");
        ["a", "a_period", "b", "b_period"].map(|field| form.value(field).to_owned())
    };
    let page = app.visit("/compare");
    assert_eq!(form(&page), ["", "", "", "2026-Q2"]);
    // Two teams now, one then.
    assert_eq!(
        differences(&page),
        [
            "Level 2 a1 25 % 0 of 2 fully 0 % 0 of 1 fully, 1 unanswered +25 points"
                .replace("0 % 0 of 1 fully, 1 unanswered", "Unanswered"),
            "Level 1 a2 50 % 1 of 2 fully Not implemented +50 points".into(),
            "Level 2 a3 100 % 1 of 1 fully, 1 not applicable Unanswered +100 points".into(),
        ]
    );
    let page = app.visit(&format!("/compare?team={bank}"));
    assert_eq!(form(&page), [format!("team-{bank}"), String::new(), format!("team-{bank}"), "2026-Q2".into()]);
    let others = page.attributes(".shortcuts a", "href");
    assert_eq!(others.last().unwrap(), &format!("/compare?a=team-{bank}&a_period=&b=team-{shop}&b_period=2026-Q3"));
    let page = app.visit(&others[others.len() - 1]);
    assert_eq!(form(&page)[2], format!("team-{shop}"));
    let ago = page.attributes(".shortcuts a", "href")[1].clone();
    assert_eq!(ago, format!("/compare?a=team-{bank}&a_period=&b=team-{bank}&b_period=2026-Q2"));
    // Another scope is compared in the same quarter, the same one a quarter before.
    let page = app.visit(&format!("/compare?team={bank}&period=2026-Q2&b="));
    assert_eq!(form(&page)[3], "2026-Q2");
    let page = app.visit(&format!("/compare?a=team-{shop}"));
    assert!(page.words("main .empty").contains("Shop has no submitted assessment of 2026-Q2 or before"));
    let same = app.visit("/compare?a=&b=&a_period=&b_period=");
    assert!(same.words("#activities").contains("Both sides are the same"), "{}", same.words("#activities"));
    let first = app.visit(&format!("/compare?a=team-{bank}&a_period=2026-Q2&b=team-{shop}&b_period="));
    assert!(!first.words(".shortcuts").contains("a quarter ago"), "there is nothing before the first quarter");
}

#[test]
fn another_catalog_is_read_as_the_later_one() {
    let app = two();
    let later = small_catalog(&[("Build", &[1, 2]), ("Other", &[1])]).replace("a2", "a4").replace("small", "later");
    app.commands().write("later.yaml", later);
    app.commands().run(&["catalog", "use", "--whole", "later.yaml"]).expect_done();
    app.commands().write("late.csv", signed_answers(&[("Late", "2026-Q3", "hx  x", "")]));
    app.commands().run(&["import", "--submit", "late.csv"]).expect_done();
    let (bank, late) = (app.team("Bank"), app.team("Late"));
    for (a, b, sign) in [(bank, late, "−"), (late, bank, "+")] {
        let page = app.visit(&format!("/compare?a=team-{a}&b=team-{b}"));
        let notice = page.words(".notice");
        assert!(notice.contains("Bank, 2026-Q3 was assessed with the catalog small."), "{notice}");
        assert!(notice.contains("in the later one, later:") && notice.contains("the score is 1.50"), "{notice}");
        assert!(
            notice.contains("2 activities that only the earlier catalog knows are not compared a2, a3"),
            "{notice}"
        );
        let found = differences(&page);
        assert_eq!(found.len(), 3);
        assert!(found[1].contains(&format!("{sign}50 points")), "{found:?}");
        assert!(found[2].contains("not in its catalog") && found[2].contains("Fully implemented"), "{found:?}");
    }
}

#[test]
fn the_file_has_the_scores_and_the_activities() {
    let app = two();
    let (bank, shop) = (app.team("Bank"), app.team("Shop"));
    let page = app.visit(&format!("/compare?a=team-{bank}&b=team-{shop}&all=1"));
    let links = page.attributes(".downloads a", "href");
    assert_eq!(
        links[0],
        format!("/export/comparison.csv?a=team-{bank}&a_period=&b=team-{shop}&b_period=2026-Q3&all=1")
    );
    let csv = app.visit(&links[0]);
    let table = Table::read(csv.text());
    let cells = |row: usize, names: &[&str]| -> String {
        names.iter().map(|name| table.cell(&table.rows[row], name)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(table.rows.len(), 3 + 4);
    assert_eq!(
        cells(0, &["row", "dimension", "a", "a_level", "a_score", "b", "b_score", "difference"]),
        "score overall Bank 1 1.5 Shop 1 0.5"
    );
    assert_eq!(
        cells(4, &["row", "activity_id", "a_status", "b_status", "a_progress", "difference"]),
        "activity a1 partly_implemented not_implemented 0.5 0.5"
    );
    assert_eq!(
        cells(6, &["a_status", "a_progress", "a_not_applicable", "b_progress", "difference"]),
        "not_applicable  1 1 "
    );
    for link in &links[1..] {
        app.visit(link);
    }
    let arguments = ["comparison", "--team", "Bank", "--against-team", "Shop", "--all"];
    assert_eq!(app.commands().export(&arguments).expect_done(), csv.text());
    let narrowed =
        app.commands().export(&["comparison", "--team", "Bank", "--against-period", "2026-Q2"]).expect_done();
    assert_eq!(Table::read(&narrowed).rows.len(), 3 + 3);
    assert!(
        app.commands()
            .export(&["comparison", "--team", "Shop"])
            .expect_failure()
            .contains("no assessment was submitted")
    );
}

#[test]
fn sides_that_are_not_there_are_refused() {
    let app = two();
    for query in ["a=team-99", "b=group-99", "b=team-99&a=", "dimension=Nothing"] {
        app.get(&format!("/compare?{query}")).expect_status(404);
        app.get(&format!("/export/comparison.csv?{query}")).expect_status(404);
    }
    for (query, message) in [
        ("a=team-x", "a side is a team like team-3"),
        ("b=3", "a side is a team like team-3"),
        ("a_period=2026-Q5", "“2026-Q5” is not a quarter"),
        ("b_period=2027-Q1", "has not begun yet"),
        ("ahead=c", "the side that is ahead is a or b"),
    ] {
        let page = app.get(&format!("/compare?{query}")).expect_status(422);
        assert!(page.words("main .lead").contains(message), "{query}: {}", page.words("main"));
    }
    let empty = TestApp::new().visit("/compare");
    assert!(empty.words("main .empty").contains("has no submitted assessment yet"), "{}", empty.words("main"));

    app.post("/admin/separation", &[("separation", "separated")]).location();
    let (bank, shop) = (app.team("Bank"), app.team("Shop"));
    let vera = app.person("Vera", &["--role", "viewer", "--team", "Shop"]);
    for query in [format!("a=team-{bank}"), format!("a=team-{shop}&b=team-{bank}"), format!("b=team-{bank}")] {
        vera.get(&format!("/compare?{query}")).expect_status(404);
        vera.get(&format!("/export/comparison.json?{query}")).expect_status(404);
    }
    // The organization is what they see of it.
    let page = vera.visit(&format!("/compare?a=team-{shop}&b="));
    assert!(page.words("#activities").contains("say the same about every activity") && !page.text().contains("Bank"));
}
