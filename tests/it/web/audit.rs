//! `/admin/audit`: who did what, and whether the record is still as it was written.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::harness::{Browser, TestApp, activity_ids};

/// What the rows say was done, latest first.
fn deeds(app: &Browser, query: &str) -> Vec<String> {
    app.visit(&format!("/admin/audit{query}")).texts("tbody td:nth-of-type(2)")
}

/// Goes past the service to the database.
fn tamper(app: &TestApp, sql: &str) {
    let mut database = SqliteConnection::establish(app.database().to_str().unwrap()).unwrap();
    database.batch_execute(sql).unwrap();
}

fn head(app: &Browser) -> String {
    app.visit("/admin/audit").words(".head code")
}

#[test]
fn the_record_says_who_did_what_when_and_from_where() {
    let app = TestApp::new();
    app.add_team("Payments");
    app.add_group("Shared");
    let page = app.visit("/admin/audit");
    assert_eq!(deeds(&app, ""), ["Added a group", "Added a team", "Signed in", "Set Cairn up"]);
    let rows = page.texts("tbody tr");
    assert_eq!(
        rows[1],
        "24 Nov 2026 12:00:00 Ada signed in, 127.0.0.1 Added a team Payments Details of row 3 team 1 groups none 3"
    );
    assert!(page.words(".head code").starts_with("4:"), "{}", page.words(".head code"));
    let downloads = page.attributes(".page-head a", "href");
    assert_eq!(downloads, ["/export/audit.csv", "/export/audit.xlsx", "/export/audit.json"]);
    for download in &downloads {
        app.visit(download);
    }
    assert_eq!(app.visit("/export/audit.json").json().as_array().map(Vec::len), Some(4));
}

#[test]
fn what_somebody_saves_in_one_sitting_is_one_row() {
    let app = TestApp::new();
    let (payments, shop) = (app.add_team("Payments"), app.add_team("Shop"));
    let (payments, shop) = (app.open(payments, "2026-Q4"), app.open(shop, "2026-Q4"));
    let ids = activity_ids();
    app.answer(&payments, &[(&ids[0], "started"), (&ids[1], "started")]);
    app.answer(&payments, &[(&ids[2], "started")]);
    app.answer(&shop, &[(&ids[0], "started")]);
    app.answer(&payments, &[(&ids[3], "started")]);
    let page = app.visit("/admin/audit?deed=answers-recorded");
    let rows = page.texts("tbody td:nth-of-type(2)");
    assert_eq!(rows, ["Recorded 1 answer", "Recorded 1 answer", "Recorded 3 answers"]);
    let numbers = page.texts("tbody td.num");
    assert_eq!(numbers, ["10", "9", "7–8"]);
    let about = page.attributes("tbody td.subject > span a", "href");
    assert_eq!(about, [payments.clone(), shop, payments], "each leads to what it is about");
    let entries = page.texts("tbody tr:last-child ol > li");
    assert_eq!(entries.len(), 2);
    assert!(entries[0].starts_with("Row 8, 24 Nov 2026 12:00:00 : Recorded 1 answer"), "{}", entries[0]);
    assert_eq!(app.visit("/export/audit.json").json().as_array().unwrap().len(), 10, "the record has a row for each");
}

#[test]
fn the_record_is_narrowed_down() {
    let app = TestApp::new();
    app.add_team("Payments");
    app.add_team("100 % sure_thing");
    app.a_quarter_later().add_team("Ledger");
    let all = deeds(&app, "");
    assert_eq!(all.len(), 6);
    let mut form = app.visit("/admin/audit").form("form.picker");
    form.choose("deed", "team-added");
    form.choose("actor", "Ada");
    assert_eq!(deeds(&app, "?deed=team-added&actor=Ada"), ["Added a team"; 3]);
    assert_eq!(deeds(&app, "?deed=set-up&since=&until=&text=&actor="), ["Set Cairn up"]);
    assert!(deeds(&app, "?actor=Nobody").is_empty());
    assert!(app.visit("/admin/audit?actor=Nobody").words("main").contains("No row is like that"));
    let subjects = |query: &str| app.visit(&format!("/admin/audit{query}")).texts("tbody td.subject > span");
    assert_eq!(subjects("?text=PAYM"), ["Payments"]);
    assert_eq!(subjects("?text=%25"), ["100 % sure_thing"], "a sign of patterns is a sign like others");
    assert_eq!(subjects("?text=e_t"), ["100 % sure_thing"]);
    assert_eq!(subjects("?since=2027-02-15"), ["Ledger", "Ada"]);
    assert_eq!(subjects("?since=2026-11-24&until=2026-11-24").len(), 4, "both days count");
    assert!(subjects("?until=2026-11-23").is_empty());
    let page = app.visit("/admin/audit?deed=team-added&text=pay&since=2026-01-01&until=2026-12-31&actor=Ada");
    let form = page.form("form.picker");
    let entered = ["deed", "text", "since", "until", "actor"].map(|field| form.value(field).to_owned());
    assert_eq!(entered, ["team-added", "pay", "2026-01-01", "2026-12-31", "Ada"], "what was chosen stays chosen");
}

#[test]
fn a_wrong_filter_is_explained() {
    let app = TestApp::new();
    let long = format!("text={}", "x".repeat(60_000));
    for (query, message) in [
        ("deed=everything", "nothing of this kind"),
        ("since=24.11.2026", "write a day like"),
        ("until=2025-02-29", "write a day like"),
        ("since=%2B12026-01-01", "write a day like"),
        ("since=2026-11-24&until=2026-11-23", "must not be before"),
        ("before=x", "named by its number"),
        ("before=99999999999999999999", "named by its number"),
        (&long, "at most 100 characters"),
    ] {
        let page = app.get(&format!("/admin/audit?{query}")).expect_status(422);
        assert!(
            page.words("p.fault").contains(message),
            "{}: {}",
            page.words("p.fault"),
            query.chars().take(20).collect::<String>()
        );
        assert!(page.select("tbody tr").is_empty() && page.words("main").contains("show everything"));
    }
    app.get("/admin/audit?deed=a&deed=b").expect_status(400);
    for odd in ["?before=-5", "?before=0", "?text=%00", "?actor=%27%3B--", "?team=99"] {
        app.visit(&format!("/admin/audit{odd}"));
    }
}

#[test]
fn long_records_are_paged() {
    let app = TestApp::new();
    let head = "team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from";
    let id = &activity_ids()[0];
    let rows = (0..205).map(|n| format!("Team {n},2026-Q4,{id},,started,,,"));
    let csv: Vec<String> = std::iter::once(head.to_owned()).chain(rows).collect();
    app.commands().write("many.csv", csv.join("\n"));
    app.commands().run(&["import", "many.csv"]).expect_done();
    let numbers = |page: &crate::harness::Page| -> Vec<u32> {
        page.texts("tbody td.num").iter().map(|number| number.parse().unwrap()).collect()
    };
    let mut page = app.visit("/admin/audit?deed=imported");
    let mut seen = Vec::new();
    loop {
        assert!(page.select("tbody tr").len() <= 100);
        seen.extend(numbers(&page));
        let Some(older) = page.attributes("a[rel=next]", "href").pop() else { break };
        assert!(older.contains("deed=imported"), "{older}");
        page = app.visit(&older);
    }
    assert!(seen.len() == 205 && seen.windows(2).all(|pair| pair[0] > pair[1]), "each row once, the latest first");
    let latest = page.select("nav.card-foot a").pop().unwrap().attr("href").unwrap().to_owned();
    assert_eq!(numbers(&app.visit(&latest))[0], seen[0]);
}

#[test]
fn names_are_shown_as_they_are() {
    let app = TestApp::new();
    let name = "<script>alert('x')</script>";
    let team = app.add_team(name);
    let assessment = app.open(team, "2026-Q4");
    app.post(&format!("{assessment}/reopen"), &[("reason", "<img src=x>")]);
    app.post(
        "/admin/tokens",
        &[("name", name), ("scope", "read"), ("reach", "some"), ("team", &team.to_string()), ("days", "3")],
    );
    app.post("/admin/users", &[("name", name), ("role", "viewer"), ("reach", "some"), ("team", &team.to_string())]);
    for path in [
        "/admin/audit",
        "/admin/audit?text=%3Cscript",
        "/admin/audit?actor=%3Cscript%3E&text=%22%3E",
        "/admin/tokens",
        "/admin/users",
    ] {
        let page = app.visit(path);
        assert!(page.select("script, main img").is_empty(), "{path}");
    }
    assert!(app.visit("/admin/audit").words("tbody").contains(name));
    assert!(app.visit("/admin/users").words("tbody").contains(name));
}

#[test]
fn a_sound_record_is_found_sound() {
    let app = TestApp::new();
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    app.answer(&assessment, &[(&activity_ids()[0], "started")]);
    app.hand_in(&assessment);
    let noted = head(&app);
    let verdict = |head: &str| app.post("/admin/audit/check", &[("head", head)]).expect_status(200);
    let page = app.submit(&app.visit("/admin/audit").form("#soundness form")).expect_status(200);
    assert_eq!(
        page.words("[role=status]"),
        "The record is sound. All 6 rows fit together, and 1 submitted assessment says what was submitted."
    );
    app.add_group("Shared");
    assert!(verdict(&noted).words("[role=status]").starts_with("The record is sound."), "it has only grown");
    let made_up = format!("3:{}", "a".repeat(64));
    assert!(verdict(&made_up).words("[role=alert]").contains("row 3 is not the one whose hash was noted"));
    let wrong = app.post("/admin/audit/check", &[("head", "yesterday")]).expect_status(422);
    assert!(wrong.words("#soundness p.fault").contains("a number, a colon"));
    assert_eq!(wrong.form("#soundness form").value("head"), "yesterday");
    assert!(wrong.select("tbody tr").len() > 3, "the record is shown all the same");
    assert_eq!(app.get("/admin/audit/check").location(), "/admin/audit");
}

#[test]
fn a_tampered_record_is_found_out() {
    let app = TestApp::new();
    app.add_team("Payments");
    let noted = head(&app);
    let said =
        |fields: &[(&str, &str)]| app.post("/admin/audit/check", fields).expect_status(200).words("[role=alert]");
    tamper(&app, "DROP TRIGGER audit_is_not_changed; UPDATE audit SET actor = 'Eve' WHERE number = 2;");
    assert!(said(&[]).contains("row 2 (2026-11-24T12:00:00.000000Z, signed-in, Ada) was altered"), "{}", said(&[]));
    tamper(&app, "UPDATE audit SET actor = 'Ada' WHERE number = 2;");
    assert_eq!(said(&[]), "", "as it was");
    tamper(&app, "DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE number = 3;");
    assert_eq!(said(&[]), "", "the end can be cut off unseen");
    assert!(said(&[("head", &noted)]).contains("rows were removed"), "unless it was noted");
}

#[test]
fn an_answer_that_was_changed_behind_its_back_is_found_out() {
    let app = TestApp::new();
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    app.answer(&assessment, &[(&activity_ids()[0], "started")]);
    app.hand_in(&assessment);
    let mut database = SqliteConnection::establish(app.database().to_str().unwrap()).unwrap();
    let triggers = "SELECT name AS name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'answers'";
    #[derive(diesel::QueryableByName)]
    struct Trigger {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let triggers: Vec<Trigger> = diesel::RunQueryDsl::load(diesel::sql_query(triggers), &mut database).unwrap();
    for trigger in triggers {
        database.batch_execute(&format!("DROP TRIGGER {}", trigger.name)).unwrap();
    }
    database.batch_execute("UPDATE answers SET status = 'fully_implemented'").unwrap();
    let said = app.post("/admin/audit/check", &[]).expect_status(200).words("[role=alert]");
    assert!(said.contains("Payments for 2026-Q4 (number 1) does not say any more what was submitted"), "{said}");
}
