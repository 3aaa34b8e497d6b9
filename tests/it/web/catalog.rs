//! `/catalog`, `/catalogs`, `/guide` and `/mappings`.

use std::collections::BTreeSet;

use crate::harness::{Table, TestApp, activity_ids};

const SIMPLE_MODELING: &str = "47419324-e263-415b-815d-e7161b6b905e";

#[test]
fn the_catalog_is_narrowed_down() {
    let app = TestApp::new();
    let names = |query: &str| app.visit(&format!("/catalog{query}")).texts(".matrix li a");
    assert_eq!(names("").len(), activity_ids().len());
    assert_eq!(names("?dimension=Culture+and+Organization&level=1").len(), 4);
    let organic = names("?capability=organic");
    assert!(organic.len() > 40 && organic.len() + names("?capability=tooling").len() == activity_ids().len());
    let lenses = ["shift+left", "stay+right", "do+right"].map(|lens| names(&format!("?lens={lens}")).len());
    assert_eq!(lenses.iter().sum::<usize>(), activity_ids().len());
    assert_eq!(names("?tag=sbom").len(), 1);
    let found = names("?text=THREAT+modeling+stride");
    assert!(found.iter().any(|name| name.contains("threat modeling")), "{found:?}");
    assert!(app.visit("/catalog?text=xyzzy").words("main").contains("No activity is like that"));
    app.get("/catalog?level=x").expect_status(422);
    app.get("/catalog?lens=sideways").expect_status(422);
    let page = app.visit("/catalog?text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(page.select("script").is_empty());
}

#[test]
fn an_activity_can_be_answered_from_its_page() {
    let app = TestApp::demo();
    let page = app.visit(&format!("/catalog/{SIMPLE_MODELING}"));
    let words = page.words("main");
    for part in [
        "What it is",
        "The risk without it",
        "What to do",
        "How to assess it",
        "Started",
        "Evidence",
        "organic",
        "shift left",
    ] {
        assert!(words.contains(part), "{part}");
    }
    assert_eq!(page.select(".texts section").len(), 4);
    assert_eq!(page.texts("tbody th").len(), 6, "what each team answered");
    let links = page.attributes(".graph a", "href");
    assert!(links.len() >= 4 && links.iter().all(|link| link.starts_with("/catalog/")), "{links:?}");
    for link in &links {
        app.visit(link);
    }
}

#[test]
fn the_guide_says_how_to_begin() {
    let app = TestApp::new();
    assert!(app.visit("/").attributes("main a", "href").contains(&"/guide".to_owned()));
    let words = app.visit("/guide").words("main");
    assert!(words.contains("risk appetite") && words.contains("Initial adoption"), "{words}");
}

#[test]
fn clauses_are_as_far_as_the_activities_that_serve_them() {
    let app = TestApp::demo();
    for (standard, clause) in [("iso27001-2022", "8.25"), ("iso27001-2017", "14.2.1"), ("samm2", "D-TA-B-2")] {
        let page = app.visit(&format!("/mappings?standard={standard}"));
        let head = page.texts("tbody th").into_iter().find(|head| head.starts_with(&format!("{clause} "))).unwrap();
        let row = page.row(&head);
        let csv = app.visit(&format!("/export/mappings.csv?standard={standard}"));
        let table = Table::read(csv.text());
        let of_clause: Vec<_> = table.rows.iter().filter(|row| table.cell(row, "clause") == clause).collect();
        let applies = |row: &&&Vec<String>| table.cell(row, "applicable") == "true";
        let worths: Vec<f64> =
            of_clause.iter().filter(applies).map(|row| table.cell(row, "progress").parse().unwrap()).collect();
        let mean = worths.iter().sum::<f64>() / worths.len() as f64;
        assert_eq!(row[1], format!("{} %", (mean * 100.0 + 1e-6).floor()), "{standard} {clause}");
        assert!(of_clause.iter().all(|row| row.len() == 12));
    }
    // What there is to show for a clause is where its number leads.
    let page = app.visit("/mappings");
    let counts = page.texts("td[data-name='Evidence'] a");
    let to = page.attributes("td[data-name='Evidence'] a", "href");
    assert!(!to.is_empty());
    let valid = page.texts("td[data-name='Evidence'] small");
    for ((said, to), valid) in counts.iter().zip(&to).zip(&valid) {
        let found = app.visit(to);
        assert_eq!(found.select("#pieces tbody tr").len().to_string(), said.split(' ').next().unwrap(), "{said}: {to}");
        let states = found.texts("#pieces tbody .state");
        let holds = states.iter().filter(|state| ["Valid", "Expires soon"].contains(&state.as_str())).count();
        assert_eq!(*valid, format!("{holds} valid"), "{to}");
    }
    let workbook = app.visit("/export/mappings.xlsx?team=1");
    assert!(workbook.body.starts_with(b"PK"));
    assert!(workbook.header("content-type").contains("spreadsheetml"));
    assert_eq!(app.visit("/export/mappings.xlsx?team=1").body, workbook.body, "equal content, equal bytes");
    app.get("/mappings?standard=cobit").expect_status(404);
    assert!(TestApp::new().visit("/mappings").words("main").contains("nothing to map yet"));
}

#[test]
fn answers_stay_in_the_next_quarter() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let ids = activity_ids();
    let before = app.open(team, "2026-Q3");
    app.answer(&before, &[(&ids[0], "fully_implemented"), (&ids[1], "started")]);
    app.hand_in(&before);
    let now = app.open(team, "2026-Q4");
    let page = app.visit(&now);
    assert!(page.words("main").contains("2 answers are from 2026-Q3"), "{}", page.words("main"));
    assert_eq!(page.select("legend .state.draft").len(), 2);
    let form = page.form("form.questions");
    assert_eq!(form.value(&format!("status[{}]", ids[0])), "fully_implemented");
    // Who changes one makes it their own; the other stays as it was.
    app.answer(&now, &[(&ids[1], "partly_implemented")]);
    assert_eq!(app.visit(&now).select("legend .state.draft").len(), 1);
    assert_eq!(app.visit("/export/answers.csv?period=2026-Q3").text().matches(",started,").count(), 1);
}

#[test]
fn a_new_catalog_keeps_the_answers_and_says_what_to_look_at() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let before = app.open(team, "2026-Q3");
    app.answer(&before, &[(SIMPLE_MODELING, "fully_implemented")]);
    app.hand_in(&before);
    let levels = app.visit("/export/levels.json?period=2026-Q3").json();

    let overlay = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/overlay.yaml");
    app.commands().run(&["catalog", "use", overlay.to_str().unwrap()]).expect_done();
    assert_eq!(app.visit("/export/levels.json?period=2026-Q3").json(), levels, "what was assessed stays readable");
    assert_eq!(
        app.visit("/catalog").texts(".matrix li a").len(),
        activity_ids().len() - 25,
        "the running service sees it at once"
    );

    let now = app.open(team, "2026-Q4");
    let page = app.visit(&now);
    assert_eq!(page.form("form.questions").value(&format!("status[{SIMPLE_MODELING}]")), "fully_implemented");
    let words = page.words("main");
    assert!(words.contains("New: 1 Threat model of the payment flow"), "{words}");
    assert!(words.contains("With another name: 1") && words.contains("On another level: 1"), "{words}");

    // Past quarters stay as they were seen, whatever is assessed later; the new one is seen in the new catalog.
    app.hand_in(&now);
    assert_eq!(app.visit("/export/levels.json?period=2026-Q3").json(), levels);
    let newer = app.visit("/export/levels.json?period=2026-Q4").json();
    assert_ne!(newer["catalog"]["digest"], levels["catalog"]["digest"]);
    let activities = |levels: &serde_json::Value| levels["overall"]["activities"].as_u64().unwrap();
    let all = activity_ids().len() as u64;
    assert_eq!((activities(&levels), activities(&newer)), (all, all - 25));
    let trend = app.visit("/trend");
    let quarters: BTreeSet<String> = trend.texts("tbody th").into_iter().collect();
    assert_eq!(quarters.into_iter().collect::<Vec<_>>(), ["2026-Q3", "2026-Q4"]);
    assert!(trend.words("main").contains("2026-Q4 Measured with catalog"), "{}", trend.words("main"));
    assert!(app.visit("/").words("ul.causes").contains("Catalog."), "what the catalog did to the score is said");

    // Who looks at an activity from a past quarter sees it as it was then.
    let path = format!("/catalog/{SIMPLE_MODELING}");
    assert!(app.visit(&format!("{path}?period=2026-Q3")).words("main").contains("This is how an older catalog has it"));
    assert!(!app.visit(&path).words("main").contains("older catalog"));
    let hardening = app.visit("/catalog?period=2026-Q3&text=Simple+access+control+for+systems").texts(".matrix li a");
    assert!(hardening.is_empty(), "it is not in the catalog in use any more");
    let gone = app.visit("/gaps?period=2026-Q3&dimension=Implementation").attributes("tbody th a", "href");
    let words =
        gone.iter().map(|link| app.visit(link).words("main")).find(|words| words.contains("Infrastructure Hardening"));
    assert!(words.unwrap().contains("does not have this activity any more"));

    let versions = app.visit("/catalogs");
    let link = versions.attributes("main li a", "href").remove(0);
    let words = app.visit(&link).words("main");
    assert!(words.contains("Added: 1") && words.contains("Removed: 26") && words.contains("Moved: 1"), "{words}");
    app.get("/catalogs?from=0123").expect_status(404);
}

#[test]
fn what_was_never_asked_is_not_unanswered() {
    let app = TestApp::new();
    let (first, second) = (app.add_team("Payments"), app.add_team("Shop"));
    let before = app.open(first, "2026-Q3");
    app.answer(&before, &[(SIMPLE_MODELING, "started")]);
    app.hand_in(&before);
    // In this catalog everything stands one further up, and there is one activity more at the end.
    app.commands().write(
        "o.yaml",
        "Build and Deployment:\n  Build:\n    Defined build process: {ignore: true}\n\
        Test and Verification:\n  Consolidation:\n    Something new: {uuid: new, level: 1, usefulness: 1, \
        difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}}\n",
    );
    app.commands().run(&["catalog", "use", "o.yaml"]).expect_done();
    let now = app.open(second, "2026-Q4");
    app.answer(&now, &[(SIMPLE_MODELING, "started"), ("new", "started")]);
    app.hand_in(&now);

    let page = app.visit("/catalog/new");
    assert_eq!(page.row("Payments")[1], "Not asked: the catalog of that assessment does not have it");
    assert_eq!(page.row("Shop")[1], "Started");
    for link in app.visit(&format!("/catalog/{SIMPLE_MODELING}")).attributes("tbody td a", "href") {
        let (address, anchor) = link.split_once('#').unwrap();
        let legend = app.visit(address).texts(&format!("#{anchor}"));
        assert!(legend[0].contains("Conduction of simple threat modeling"), "{link}: {legend:?}");
    }
}

#[test]
fn a_hostile_catalog_is_harmless() {
    let app = TestApp::new();
    let hostile = "Culture and Organization:\n  Design:\n    \"<script>alert(1)</script>\":\n      uuid: \"x<y\"\n      level: 1\n      \
        usefulness: 1\n      difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}\n      description: |\n        \
        <script>alert(1)</script> [a](javascript:alert(1)) ![b](https://evil.example/b.png) <img src=x onerror=alert(1)>\n      \
        implementation:\n        - {name: tool, url: \"javascript:alert(1)\"}\n";
    app.commands().write("hostile.yaml", hostile);
    app.commands().run(&["catalog", "use", "hostile.yaml"]).expect_done();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    for path in ["/catalog?text=alert", "/catalog/x%3Cy", &address] {
        let page = app.visit(path);
        assert!(page.select("script:not([src^='/assets/']), main img, [onerror]").is_empty(), "{path}");
        assert!(page.attributes("a[href]", "href").iter().all(|href| !href.contains("javascript")), "{path}");
        assert!(page.words("main").contains("<script>alert(1)</script>"), "the name is shown as it is on {path}");
    }
}
