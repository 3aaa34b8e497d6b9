//! `/unusual`: what somebody should look at.

use crate::harness::{Page, Table, TestApp, signed_answers};

/// Forty activities of level 1, so that each is worth a fortieth of the score.
const FORTY: &[(&str, &[u8])] = &[("Build", &[1; 40])];

/// Forty signs: so many of one, and the rest of another.
fn signs(many: usize, sign: &str, rest: &str) -> String {
    sign.repeat(many) + &rest.repeat(40 - many)
}

/// Four teams: one that rose by half, one with two activities that do not apply any more, one whose last
/// assessment is older, and one that was not assessed before.
fn four() -> TestApp {
    let (nothing, half, two) = (signs(0, "", "0"), signs(20, "x", "0"), signs(2, "n", "0"));
    TestApp::small(
        FORTY,
        &[
            ("Bank", "2026-Q2", &nothing, ""),
            ("Shop", "2026-Q2", &nothing, ""),
            ("Cards", "2026-Q2", &half, ""),
            ("Bank", "2026-Q3", &half, ""),
            ("Shop", "2026-Q3", &two, ""),
            ("Tills", "2026-Q3", half.get(..29).unwrap(), ""),
        ],
    )
}

/// The rows of a part of the page, cell by cell.
fn rows(page: &Page, part: &str) -> Vec<String> {
    page.texts(&format!("{part} tbody tr"))
}

#[test]
fn each_kind_says_who_and_how_much() {
    let app = four();
    let page = app.visit("/unusual");
    let coverage = page.words(".coverage");
    assert_eq!(
        coverage,
        "2026-Q3: 3 assessments were submitted and looked at; 1 team that stands on an earlier quarter is not. 4 entries."
    );
    assert!(page.words("main").contains("To be looked at, not accused."));
    assert_eq!(page.texts("main strong").iter().filter(|text| *text == "Usually innocent:").count(), 3);
    for threshold in [
        "by 0.5 or more",
        "10 or more activities",
        "fewer than one in 3",
        "5 percentage points",
        "30 or more",
        "last 15 minutes",
    ] {
        assert!(page.words(".explain").contains(threshold), "{threshold}: {}", page.words(".explain"));
    }
    // Half of forty activities of level 1 is half a level.
    assert_eq!(rows(&page, "#rises"), ["Bank 0.00 2026-Q2 0.50 +0.50 20 answers 20 0 of 20 What differs at Bank"]);
    // Two of forty are exactly five percentage points.
    assert_eq!(rows(&page, "#not-applicable"), ["Shop 2 of 40 5.0 % 0.0 % in 2026-Q2 What differs at Shop"]);
    // They were imported and submitted at once; 29 answers are fewer than thirty.
    let bulk = rows(&page, "#bulk");
    assert_eq!(bulk.len(), 2, "{bulk:?}");
    assert!(bulk[0].starts_with("Bank 40 of 40 100 % 1 minute operator"), "{bulk:?}");
    assert!(bulk[1].starts_with("Shop 40 of 40 100 % 1 minute operator"), "{bulk:?}");
    for link in page.attributes("main tbody a", "href") {
        app.visit(&link);
    }

    // A team is examined only in the quarter of its assessment, and needs one before it to have risen.
    let earlier = app.visit("/unusual?period=2026-Q2");
    assert_eq!((rows(&earlier, "#rises").len(), rows(&earlier, "#bulk").len()), (0, 3));
    assert!(app.visit(&format!("/unusual?team={}", app.team("Cards"))).words("#bulk").contains("Cards"));
    assert!(TestApp::new().visit("/unusual").words("main .empty").contains("There is nothing to look at yet"));
}

#[test]
fn evidence_for_a_third_is_enough() {
    let app = four();
    let bank = app.team("Bank").to_string();
    let mut fields = vec![("title", "Report"), ("recorded_on", "2026-01-01"), ("team", &*bank)];
    let activities: Vec<String> = (0..7).map(|i| format!("a{i}")).collect();
    fields.extend(activities[..6].iter().map(|id| ("activity", id.as_str())));
    app.post("/evidence", &fields).location();
    assert!(rows(&app.visit("/unusual"), "#rises")[0].contains("6 of 20"));
    app.post("/evidence", &[&fields[..3], &[("activity", &activities[6])]].concat()).location();
    assert!(rows(&app.visit("/unusual"), "#rises").is_empty(), "7 of 20 are more than a third");
}

#[test]
fn what_was_answered_long_before_the_submission_is_not_listed() {
    let app = four();
    let answers = signed_answers(&[("Slow", "2026-Q3", &signs(0, "", "0"), "")]);
    app.commands().write("draft.csv", answers);
    app.commands().run(&["import", "draft.csv"]).expect_done();
    let later = app.a_quarter_later();
    let draft = later.open(later.team("Slow"), "2026-Q3");
    later.hand_in(&draft);
    let page = app.visit("/unusual");
    assert!(page.words(".coverage").contains("4 assessments were"), "{}", page.words(".coverage"));
    assert!(rows(&page, "#bulk").iter().all(|row| !row.contains("Slow")), "{:?}", rows(&page, "#bulk"));
}

#[test]
fn the_file_has_the_same_and_only_the_teams_that_are_seen() {
    let app = four();
    let table = Table::read(app.visit("/export/unusual.csv").text());
    let found: Vec<String> =
        table.rows.iter().map(|row| format!("{} {}", table.cell(row, "kind"), table.cell(row, "team"))).collect();
    assert_eq!(found, ["rise Bank", "not_applicable Shop", "bulk Bank", "bulk Shop"]);
    assert_eq!((table.cell(&table.rows[0], "score"), table.cell(&table.rows[0], "raised_to_full")), ("0.5", "20"));
    assert_eq!((table.cell(&table.rows[1], "share"), table.cell(&table.rows[2], "answers")), ("0.05", "40"));
    assert_eq!(app.commands().export(&["unusual"]).expect_done(), app.visit("/export/unusual.csv").text());
    app.visit("/export/unusual.xlsx");

    app.post("/admin/separation", &[("separation", "separated")]).location();
    let vera = app.person("Vera", &["--role", "viewer", "--team", "Shop"]);
    let page = vera.visit("/unusual");
    assert!(!page.text().contains("Bank") && page.words(".coverage").contains("1 assessment was"));
    assert!(
        page.attributes("main a", "href").iter().all(|link| !link.starts_with("/admin")),
        "the record is not theirs"
    );
    let table = Table::read(vera.visit("/export/unusual.csv").text());
    assert!(table.rows.iter().all(|row| table.cell(row, "team") == "Shop"));
}
