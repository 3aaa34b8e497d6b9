//! `/roadmap/stages` and `/roadmap/profiles`: what the stages ask for, of all and of some, and who has reached them.

use crate::harness::{Browser, Form, Page, Table, TestApp};

/// Three levels of one dimension, which the default stages have targets in, and two of one that they have none in.
const DIMENSIONS: &[(&str, &[u8])] = &[("Build and Deployment", &[1, 2, 3]), ("Culture", &[1, 2])];

/// A team that has reached the first stage, and one that has not.
fn two() -> TestApp {
    TestApp::small(DIMENSIONS, &[("Bank", "2026-Q3", "xh-x-", ""), ("Cards", "2026-Q3", "0--xx", "")])
}

const FORM: &str = "main form:has(#targets)";

/// The stages as the page sends them.
fn form(app: &Browser) -> Form {
    app.visit("/roadmap/stages").form(FORM)
}

/// What somebody entered, sent to be looked at.
fn looked_at(app: &Browser, form: &Form) -> Page {
    let mut form = form.clone();
    form.press("do", "preview");
    app.submit(&form)
}

/// Puts into force what a page shows.
fn apply(app: &Browser, page: &Page) -> Page {
    let mut form = page.form("#preview form");
    form.press("do", "apply");
    app.submit(&form)
}

/// Enters stages and puts them into force.
fn change(app: &Browser, form: &Form) {
    let page = looked_at(app, form).expect_status(200);
    assert_eq!(apply(app, &page).location(), "/roadmap/stages?done=changed");
}

/// Adds a profile with targets in the fields of its form.
fn add_profile(app: &Browser, name: &str, targets: &[(&str, &str)]) {
    let mut form = app.visit("/roadmap/profiles/new").form("main form:has([name=name])");
    form.fill("name", name);
    targets.iter().for_each(|(field, level)| form.choose(field, level));
    let page = looked_at(app, &form).expect_status(200);
    assert_eq!(apply(app, &page).location(), "/roadmap/profiles?done=saved");
}

/// Gives a team the profile with this number.
fn assign(app: &Browser, team: i64, profile: &str) {
    let mut form = app.visit("/roadmap/profiles").form("#teams form[method=post]");
    form.press("team", &team.to_string());
    form.choose("profile", profile);
    assert_eq!(app.submit(&form).location(), "/roadmap/profiles?done=assigned#teams");
}

/// What is left of the stages, as lines like `Bank 2 a1`.
fn practices(app: &Browser, query: &str) -> Vec<String> {
    let table = Table::read(app.visit(&format!("/export/practices.csv{query}")).text());
    let line =
        |row: &Vec<String>| ["team", "stage", "activity_id"].map(|column| table.cell(row, column).to_owned()).join(" ");
    let mut lines: Vec<String> = table.rows.iter().map(line).collect();
    lines.sort();
    lines
}

#[test]
fn a_change_does_what_its_preview_says() {
    let app = two();
    assert_eq!(practices(&app, ""), ["Bank 2 a1", "Bank 3 a2", "Cards 1 a0", "Cards 2 a1", "Cards 3 a2"]);
    let mut entered = form(&app);
    for (stage, level) in [(1, "1"), (2, "2"), (3, "2")] {
        entered.choose(&format!("target-{stage}-Culture"), level);
    }
    entered.fill("name-2", " Automation ");
    entered.choose("wished-2", "2027-Q1");
    let page = looked_at(&app, &entered).expect_status(200);
    assert_eq!(page.form(FORM).fields, entered.fields, "what was entered is still there");
    assert_eq!(page.row("1. Initial adoption"), ["1. Initial adoption", "1 → 2", "1", "3", "1"]);
    assert_eq!(page.row("2. Automation"), ["2. Automation", "1 → 2", "2 → 3", "4.5 → 7.5", "0"]);
    let words = page.words("#preview ul");
    for part in [
        "was called “Automation of security testing”",
        "wished by 2027-Q1 instead of no date",
        "Culture to level 2 instead of 0",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(practices(&app, "?stage=2").len() == 2, "nothing is changed yet");

    assert_eq!(apply(&app, &page).location(), "/roadmap/stages?done=changed");
    assert_eq!(practices(&app, "?stage=2"), ["Bank 2 a1", "Bank 2 a4", "Cards 2 a1"]);
    let now = form(&app);
    assert_eq!((now.value("name-2"), now.value("wished-2")), ("Automation", "2027-Q1"));
    assert!(app.visit("/guide").words("main").contains("Automation"), "all pages speak of the new stages");
    let event = app.visit("/admin/audit").words("tbody tr:first-child");
    assert!(event.contains("Changed the roadmap") && event.contains("by 2027-Q1"), "{event}");

    let again = looked_at(&app, &now).expect_status(200);
    assert!(again.select("#preview").is_empty() && again.words("main").contains("nothing would change"));
}

#[test]
fn stages_are_added_removed_moved_and_set_back() {
    let app = two();
    let heads = |app: &Browser| app.visit("/roadmap/stages").texts("nav.jump a").join(", ");
    let default = heads(&app);
    let mut entered = form(&app);
    for field in ["name-2", "goal-2", "exit-check-2"] {
        entered.fill(field, "");
    }
    entered.fill("name-4", "Beyond");
    entered.choose("target-4-Build and Deployment", "5");
    let page = looked_at(&app, &entered).expect_status(200);
    assert_eq!(page.row("2. Automation of security testing")[1..], ["1 → —", "2 → —", "4.5 → —", "0 → —", "goes"]);
    assert_eq!(page.row("3. Beyond")[5], "new");
    apply(&app, &page).location();
    assert_eq!(heads(&app), "1. Initial adoption, 2. Continuous improvement, 3. Beyond");
    assert_eq!(practices(&app, "?stage=2"), ["Bank 2 a1", "Bank 2 a2", "Cards 2 a1", "Cards 2 a2"]);

    let mut moved = form(&app);
    moved.choose("position-3", "2");
    let fault = looked_at(&app, &moved).expect_status(422).words("#fault-target-2-Build_and_Deployment");
    assert!(fault.contains("falls from 5 in “Beyond” to 4"), "{fault}");
    moved.choose("target-2-Build and Deployment", "5");
    change(&app, &moved);
    assert_eq!(heads(&app), "1. Initial adoption, 2. Beyond, 3. Continuous improvement");

    let mut back = form(&app);
    back.press("do", "default");
    apply(&app, &app.submit(&back).expect_status(200)).location();
    assert_eq!(heads(&app), default);
    assert!(!app.visit("/roadmap/stages").words("main").contains("Back to the default"));
}

#[test]
fn every_fault_is_named_at_its_field() {
    let app = two();
    let mut entered = form(&app);
    for (field, value) in [
        ("name-1", " "),
        ("name-3", "automation of SECURITY testing"),
        ("wished-2", "2026-Q3"),
        ("target-2-Build and Deployment", "6"),
        ("target-3-Culture", "many"),
    ] {
        entered.fill(field, value);
    }
    for wanted in ["preview", "apply"] {
        let mut sent = entered.clone();
        sent.press("do", wanted);
        let refused = app.submit(&sent).expect_status(422);
        for (fault, part) in [
            ("name-1", "a name is needed"),
            ("name-3", "two stages are called"),
            ("wished-2", "2026-Q3 is over: choose 2026-Q4 or later"),
            ("target-2-Build_and_Deployment", "“6” is no target: choose a level from 0 to 5"),
            ("target-3-Culture", "“many” is no target"),
        ] {
            let words = refused.words(&format!("#fault-{fault}"));
            assert!(words.contains(part), "{fault}: {words}");
            assert_eq!(refused.select(&format!("[aria-describedby=fault-{fault}]")).len(), 1, "{fault}");
        }
        assert_eq!(refused.form(FORM).fields, entered.fields, "everything entered is kept");
    }
    let mut dates = form(&app);
    dates.choose("wished-1", "2027-Q2");
    dates.choose("wished-3", "2027-Q1");
    let fault = looked_at(&app, &dates).expect_status(422).words("#fault-wished-3");
    assert!(fault.contains("2027-Q1 is not after 2027-Q2, the wish for “Initial adoption”"), "{fault}");
    assert_eq!(app.post("/roadmap/stages", &[("target-9-Culture", "1")]).status, 400);
    assert_eq!(app.post("/roadmap/stages", &[("anything", "1")]).status, 400);
}

#[test]
fn nothing_that_somebody_else_changed_meanwhile_is_overwritten() {
    let app = two();
    let (mut mine, mut theirs) = (form(&app), form(&app));
    theirs.fill("name-1", "Theirs");
    change(&app, &theirs);
    mine.fill("name-1", "Mine");
    mine.press("do", "apply");
    let conflict = app.submit(&mine).expect_status(409);
    assert!(conflict.words("[role=alert]").contains("changed by somebody else meanwhile"));
    assert!(conflict.words("main").contains("Theirs"), "how things are now stands beside it");
    let decided = conflict.form(FORM);
    assert_eq!(decided.value("name-1"), "Mine");
    change(&app, &decided);
    assert_eq!(app.visit("/roadmap/stages").texts("nav.jump a")[0], "1. Mine");
}

#[test]
fn targets_of_another_catalog_are_kept() {
    let app = two();
    let page = app.visit("/roadmap/stages");
    assert!(page.words("#targets").contains("does not have “Culture and Organization”, “Implementation”"));
    let mut entered = form(&app);
    entered.fill("name-1", "First");
    change(&app, &entered);
    let kept = form(&app);
    assert_eq!(kept.value("target-3-Implementation"), "4");
    assert_eq!(kept.value("target-1-Culture and Organization"), "2");
}

#[test]
fn a_profile_changes_what_its_teams_have_left_and_nothing_else() {
    let app = two();
    add_profile(&app, "External", &[("target-1-Build and Deployment", "2"), ("target-2-Culture", "2")]);
    let before = practices(&app, "");
    assign(&app, app.team("Bank"), "1");
    let after = practices(&app, "");
    assert_eq!(before, ["Bank 2 a1", "Bank 3 a2", "Cards 1 a0", "Cards 2 a1", "Cards 3 a2"]);
    assert_eq!(after, ["Bank 1 a1", "Bank 2 a4", "Bank 3 a2", "Cards 1 a0", "Cards 2 a1", "Cards 3 a2"]);
    let bank = app.team("Bank");
    assert!(app.visit(&format!("/?team={bank}")).words("main").contains("Initial adoption"));
    let steps = |team: &str| app.visit(&format!("/gaps?stage=1&team={}", app.team(team))).texts("tbody th > a");
    assert_eq!((steps("Bank"), steps("Cards")), (vec!["a1".to_owned()], vec!["a0".to_owned()]));

    let profiles = app.visit("/roadmap/profiles");
    let row = profiles.row("External");
    assert!(row[1].starts_with('1') && row[2].contains("Build and Deployment 2 instead of 1"), "{row:?}");
    assert_eq!(profiles.row("Bank")[2], "External");
    let event = app.visit("/admin/audit").words("tbody tr:first-child");
    assert!(event.contains("Assigned a target profile") && event.contains("Bank"), "{event}");

    // A stage where the profile says nothing does not fall below what it says before.
    let mut entered = form(&app);
    entered.choose("target-1-Build and Deployment", "3");
    let fault = looked_at(&app, &entered).expect_status(422).words("#fault-target-2-Build_and_Deployment");
    assert!(fault.contains("falls from 3"), "{fault}");

    let removed = app.post("/roadmap/profiles/1/remove", &[("seen", "long ago")]).expect_status(409);
    assert!(removed.words("main").contains("changed by somebody else"));
    let form = app.visit("/roadmap/profiles/1").form("#remove form");
    assert_eq!(app.submit(&form).location(), "/roadmap/profiles?done=removed");
    assert_eq!(practices(&app, ""), before);
    assert_eq!(app.get("/roadmap/profiles/1").status, 404);
}

#[test]
fn the_faults_of_a_profile_are_named_at_their_fields() {
    let app = two();
    add_profile(&app, "External", &[]);
    let mut entered = app.visit("/roadmap/profiles/new").form("main form:has([name=name])");
    entered.fill("name", "external");
    entered.choose("target-1-Build and Deployment", "3");
    entered.choose("target-2-Build and Deployment", "2");
    entered.fill("target-3-Culture", "6");
    let refused = looked_at(&app, &entered).expect_status(422);
    for (fault, part) in [
        ("name", "there is a profile called “external” already"),
        ("target-2-Build_and_Deployment", "falls from 3 in the stage before to 2"),
        ("target-3-Culture", "“6” is no target"),
    ] {
        let words = refused.words(&format!("#fault-{fault}"));
        assert!(words.contains(part), "{fault}: {words}");
    }
    assert_eq!(refused.form("main form:has([name=name])").fields, entered.fields);
    // What is renamed keeps its teams.
    assign(&app, app.team("Cards"), "1");
    let mut renamed = app.visit("/roadmap/profiles/1").form("main form:has([name=name])");
    renamed.fill("name", "For everybody");
    apply(&app, &looked_at(&app, &renamed)).location();
    assert_eq!(app.visit("/roadmap/profiles").row("Cards")[2], "For everybody");
}

#[test]
fn many_teams_get_a_profile_at_once() {
    let app = two();
    for number in 0..120 {
        app.add_team(&format!("Team {number:03}"));
    }
    let group = app.add_group("Money");
    app.put_into_groups("Bank", &[group]);
    add_profile(&app, "External", &[("target-1-Build and Deployment", "2")]);
    let page = app.visit("/roadmap/profiles");
    assert_eq!(page.select("#teams tbody tr").len(), 100);
    assert!(page.words("#teams .paging").contains("Teams 1 to 100 of 122"));
    assert_eq!(app.visit("/roadmap/profiles?page=2").select("#teams tbody tr").len(), 22);

    let mut form = app.visit("/roadmap/profiles?q=team+10").form("#teams form[method=post]");
    form.choose("which", "found");
    assert_eq!(app.submit(&form).location(), "/roadmap/profiles?q=team%2010&done=assigned#teams");
    let with = |query: &str| app.visit(&format!("/roadmap/profiles{query}")).words("#teams .paging, #teams tbody");
    assert!(app.visit("/roadmap/profiles").row("External")[1].starts_with("12 "));
    assert!(with("?profile=none").contains("Bank") && !with("?profile=none").contains("Team 105"));
    assert_eq!(app.visit(&format!("/roadmap/profiles?of={group}")).texts("#teams tbody th"), ["Bank"]);
    assert!(app.visit("/roadmap/profiles?q=zzz").words("#teams").contains("No team is like that"));

    for (fields, fault) in [
        (vec![("profile", "1")], "choose at least one team"),
        (vec![("profile", "7"), ("team", "1")], "there is no such profile any more"),
    ] {
        let seen = page_seen(&app);
        let fields = [vec![("seen", seen.as_str())], fields].concat();
        let refused = app.post("/roadmap/profiles/teams", &fields).expect_status(422);
        assert!(refused.words("#teams").contains(fault), "{fault}");
    }
    let seen = page_seen(&app);
    assert_eq!(app.post("/roadmap/profiles/teams", &[("seen", &seen), ("profile", "1"), ("team", "999")]).status, 404);
    assert_eq!(app.post("/roadmap/profiles/teams", &[("seen", "x"), ("profile", "1"), ("team", "1")]).status, 409);
}

fn page_seen(app: &Browser) -> String {
    app.visit("/roadmap/profiles").form("#teams form[method=post]").value("seen").to_owned()
}

#[test]
fn a_stage_says_whether_it_is_reached_and_why_not() {
    let app = two();
    let page = app.visit("/roadmap/stages/1");
    assert!(page.words("h1").contains("Have we reached stage 1, Initial adoption?"));
    assert!(page.words("#reached").contains("Not reached as of 2026-Q3"), "{}", page.words("#reached"));
    assert!(page.words("#reached p").contains("Build and Deployment is below the target"));
    let build = page.row("Build and Deployment");
    assert_eq!(build[1..4], ["1", "0", "0.75"]);
    assert!(build[4].starts_with("to level 1: a0"), "{build:?}");
    assert_eq!(page.row("Culture")[1..], ["0", "1", "1.50", "nothing"]);
    assert_eq!(page.row("a0 Build and Deployment · Part")[1..], ["1", "50 %", "Cards", "3", "3"]);
    assert_eq!(page.row("Bank"), ["Bank", "Stage 2 reached", "100 %", "nothing", "0", "0"]);
    assert_eq!(page.row("Cards"), ["Cards", "Stage 1", "0 %", "Build and Deployment 0 of 1", "1", "3"]);

    let files = page.attributes("a[download]", "href");
    assert_eq!(files, ["/export/practices.csv?stage=1", "/export/practices.xlsx?stage=1"]);
    let table = Table::read(app.visit(&files[0]).text());
    assert_eq!(table.rows.len(), 1);
    let columns = ["stage_name", "target_level", "asked_as", "status", "points_left"];
    let cells = columns.map(|column| table.cell(&table.rows[0], column));
    assert_eq!(cells, ["Initial adoption", "1", "target", "not_implemented", "3"]);
    assert_eq!(app.get("/export/practices.csv?stage=4").status, 422);

    let cards = app.visit(&format!("/roadmap/stages/1?team={}", app.team("Cards")));
    assert_eq!(cards.row("a0 Build and Deployment · Part")[1..], ["1", "Not implemented", "", "3", "3"]);
    assert!(cards.select("#teams").is_empty());
    let bank = app.visit(&format!("/roadmap/stages/1?team={}", app.team("Bank")));
    assert!(bank.words("#reached h2").starts_with("Reached as of 2026-Q3"));
    assert!(bank.words("#practices").contains("no practice of this stage is left"));
    assert_eq!(bank.texts("#practices details li"), ["a0"]);

    let last = app.visit("/roadmap/stages/3");
    assert_eq!(last.row("Build and Deployment")[1], "4", "above the ceiling");
    assert_eq!(last.row("Bank")[3], "Build and Deployment 1 of 3");
    for missing in ["0", "4", "99999999999999999999", "x"] {
        assert_eq!(app.get(&format!("/roadmap/stages/{missing}")).status, 404, "{missing}");
    }
    let nothing = TestApp::new();
    assert!(nothing.visit("/roadmap/stages/2").words("main").contains("No team has submitted an assessment yet"));
    assert_eq!(nothing.get("/roadmap/stages/4").status, 404);
}

#[test]
fn the_teams_at_a_stage_are_narrowed_down_and_sorted() {
    let app = TestApp::small(
        DIMENSIONS,
        &[
            ("Bank", "2026-Q3", "xh-x-", ""),
            ("Cards", "2026-Q3", "0--xx", ""),
            ("Docks", "2026-Q3", "0-xxx", ""),
            ("Extra", "2026-Q3", "h--xx", ""),
            ("Ferry", "2026-Q3", "0xxxx", ""),
        ],
    );
    let teams = |query: &str| app.visit(&format!("/roadmap/stages/1{query}")).texts("#teams tbody th").join(" ");
    for (query, expected) in [
        ("", "Bank Cards Docks Extra Ferry"),
        ("?show=reached", "Bank"),
        ("?show=behind&order=descending", "Ferry Extra Docks Cards"),
        ("?q=ER", "Ferry"),
        ("?sort=points", "Cards Docks Ferry Extra Bank"),
        ("?sort=target", "Cards Extra Bank Docks Ferry"),
        ("?sort=present&order=descending", "Bank Cards Docks Extra Ferry"),
        ("?practice=a0", "Cards Docks Extra Ferry"),
        ("?practice=a0&q=c", "Cards Docks"),
    ] {
        assert_eq!(teams(query), expected, "{query}");
    }
    let page = app.visit("/roadmap/stages/1?q=zzz&practice=a0");
    assert!(
        page.words("#teams").contains("These have “a0” left.") && page.words("#teams").contains("No team is like that")
    );
    let who = app.visit("/roadmap/stages/1").attributes("#practices td[data-name='Left at'] a", "href");
    assert_eq!(who, ["/roadmap/stages/1?practice=a0#teams"], "many are a list of their own");
    for (query, message) in [
        ("show=all", "“all” is not one of reached, behind"),
        ("sort=x", "“x” is not one of team, present"),
        ("order=up", "“up” is not one of ascending, descending"),
        ("page=0", "from 1 on"),
    ] {
        let page = app.get(&format!("/roadmap/stages/1?{query}")).expect_status(422);
        assert!(page.words("main").contains(message), "{query}");
    }
}

#[test]
fn who_may_not_change_the_stages_sees_them() {
    let app = two();
    add_profile(&app, "External", &[("target-1-Build and Deployment", "2")]);
    let mia = app.person("Mia", &["--role", "manager"]);
    let page = mia.visit("/roadmap/stages");
    assert!(page.select("main form").is_empty() && page.words("main").contains("An administrator can change them"));
    assert_eq!(page.row("Build and Deployment"), ["Build and Deployment", "1", "2", "4"]);
    let profiles = mia.visit("/roadmap/profiles");
    assert_eq!(profiles.row("Bank")[2], "the organization's");
    assert!(profiles.select("main [type=checkbox], main [method=post]").is_empty());
    assert_eq!(mia.get("/roadmap/profiles/1").status, 403);
}

#[test]
fn who_sees_one_team_learns_nothing_of_the_stages_of_others() {
    let app = two();
    add_profile(&app, "External", &[("target-1-Build and Deployment", "2")]);
    assign(&app, app.team("Cards"), "1");
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let vera = app.person("Vera", &["--role", "viewer", "--team", "Bank"]);
    for path in ["/roadmap/stages", "/roadmap/stages/1", "/roadmap/stages/2", "/roadmap/profiles"] {
        let page = vera.visit(path);
        assert!(!page.text().contains("Cards"), "{path}");
    }
    assert!(vera.visit("/roadmap/profiles").row("External")[1].starts_with('0'), "others are not counted");
    let stage = vera.visit("/roadmap/stages/1");
    assert!(stage.words("#teams").contains("1 of 1 team reached it"), "{}", stage.words("#teams"));
    assert!(vera.visit("/export/practices.csv").text().lines().skip(1).all(|line| line.starts_with("Bank")));
    assert_eq!(vera.get(&format!("/roadmap/stages/1?team={}", app.team("Cards"))).status, 404);
}
