//! `/report`: what it tells at each depth, of whom, and as a file of its own.
//!
//! The small sample has two teams and five activities, so that everything can be computed by hand:
//!
//! | activity | level | clauses | Payments | Web Shop | worth |
//! |---|---|---|---|---|---|
//! | a Threat model | 1 | 5.1, 6.1 | full | full | 100 |
//! | b Review | 1 | 5.1, 8.28 | full | partly | 75 |
//! | c Pipeline | 1 | 8.28, 6.2 | full | not applicable | 100 |
//! | d Signing | 2 | 8.28, 5.10 | unanswered | full | 50 |
//! | e Mainframe jobs | 2 | 5.9, 5.10 | not applicable | not applicable | none |

use std::path::Path;

use crate::harness::{CommandLine, Page, Table, TestApp, assert_golden};

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Puts the small catalog to use and imports answers to it.
fn fill(commands: &CommandLine, answers: &str) {
    commands.write("catalog.yaml", sample("small-catalog.yaml"));
    commands.run(&["catalog", "use", "--whole", "catalog.yaml"]).expect_done();
    commands.write("answers.csv", answers);
    commands.run(&["import", "--submit", "answers.csv"]).expect_done();
}

/// The small sample.
fn small() -> TestApp {
    let app = TestApp::new();
    fill(app.commands(), &sample("small-answers.csv"));
    app
}

/// Adds evidence and gives its address.
fn evidence(app: &TestApp, title: &str, activity: &str, teams: &[&str], others: &[(&str, &str)]) -> String {
    let teams: Vec<String> = teams.iter().map(|team| app.team(team).to_string()).collect();
    let mut fields = vec![("title", title), ("recorded_on", "2025-11-01"), ("activity", activity)];
    fields.extend(others);
    fields.extend(teams.iter().map(|team| ("team", team.as_str())));
    let address = app.post("/evidence", &fields).location();
    address.split('?').next().unwrap().to_owned()
}

/// The small sample with evidence: for the threat model from both teams, for the review an expired one from
/// Payments and a valid one from Web Shop.
fn with_evidence() -> TestApp {
    let app = small();
    let until = |day| [("expires_on", day), ("reviewer", "Ada <Lovelace>"), ("link", "https://wiki.example/a?b=1&c=2")];
    evidence(&app, "Workshop \"notes\"", "a", &["Payments", "Web Shop"], &until("2027-11-01"));
    evidence(&app, "Old review", "b", &["Payments"], &until("2026-06-01"));
    evidence(&app, "New review", "b", &["Web Shop"], &[]);
    let withdrawn = evidence(&app, "Mistake", "b", &["Web Shop"], &[]);
    app.post(&format!("{withdrawn}/withdraw"), &[("seen", "4"), ("reason", "wrong")]).location();
    app
}

/// What the title block says, by the names of its facts.
fn fact(page: &Page, name: &str) -> String {
    let names = page.texts(".facts dt");
    let place = names.iter().position(|found| found == name).unwrap_or_else(|| panic!("no {name} in {names:?}"));
    page.texts(".facts dd")[place].clone()
}

/// The sentence about a clause.
fn statement(page: &Page, clause: &str) -> String {
    page.words(&format!("[id='clause-{clause}'] .clause-head p"))
}

#[test]
fn management_reads_where_it_stands_and_why() {
    let page = small().visit("/report");
    assert_eq!(page.words(".report-name"), "Organization 2025-Q4");
    assert_eq!(fact(&page, "Quarter"), "2025-Q4, compared with 2025-Q3");
    assert_eq!(fact(&page, "Made on"), "24 Nov 2026, 12:00 UTC");
    assert_eq!(fact(&page, "Measured with"), "OWASP DSOMM 7, 5 activities");
    assert_eq!(fact(&page, "A level counts from"), "100 % of its activities");
    assert_eq!((fact(&page, "Teams"), fact(&page, "Carried")), ("2 of 2 assessed".into(), "none".into()));
    assert_eq!(fact(&page, "Not assessed yet"), "none");
    assert_eq!(fact(&page, "Unanswered"), "1 of 10 answers, count as not done");
    assert_eq!(fact(&page, "Not applicable"), "3 of 10 answers, are left out");
    assert_eq!(fact(&page, "Evidence as of"), "24 Nov 2026");

    // Level 1 is (100 + 75 + 100) / 3 complete, level 2 is 50: 0.91… + 0.5. Before it was (60 + 0 + 0) / 3 and 50.
    let figures = page.texts(".figures dd:not(.note)");
    assert_eq!(figures[..3], ["0 of 2", "1.41 +0.71", "81 %"]);
    // Not applicable as 0: Pipeline and the review of level 1 are (100 + 75 + 50) / 3, level 2 (50 + 0) / 2.
    assert_eq!(figures[3], "1.00");
    assert_eq!(
        page.row("Build and Deployment")[1..],
        ["1 was 0", "1", page.row("Build and Deployment")[3].as_str(), "1.50", "+1.00"]
    );
    assert_eq!(page.row("Culture and Organization")[4..], ["0.87", "+0.57"]);

    let text = page.words(".report");
    for told in [
        "From 2025-Q3 to 2025-Q4 the score rose by 0.71, from 0.70 to 1.41. The level reached stays 0.",
        "A level was gained in Build and Deployment from 0 to 1.",
        "+0.71 Answers raised. 3 activities, with the most weight",
        "What the causes contributed sums to the whole change of +0.71",
        "Of what tools carry (tooling), 75 % is in place; of what people and process carry (organic), 87 % .",
        "People are ahead of tools by 12 percentage points.",
        "0 of 6 answers that say something is done have valid evidence.",
        "None rests on evidence that has expired.",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    for chart in ["report-radar", "report-trend-0", "report-balance"] {
        assert_eq!(page.select(&format!("svg[aria-labelledby^='{chart}']")).len(), 1, "{chart}");
    }
    // What only others need is not there.
    assert!(page.select(".parts, .clause, .method, .submissions").is_empty());
}

#[test]
fn tools_ahead_of_people_are_a_warning() {
    let app = small();
    let page = app.visit(&format!("/report?team={}", app.team("Web Shop")));
    let warning = page.words(".report .notice.warn");
    assert!(warning.starts_with("Tools are ahead of people by 25 percentage points."), "{warning}");
    assert!(warning.contains("threat modeling"), "{warning}");
    assert_eq!(fact(&page, "Unanswered"), "0 of 5 answers, count as not done");
    assert!(!page.texts(".facts dt").contains(&"Teams".to_owned()));
    assert!(app.visit("/report").select(".report .notice.warn").is_empty());
}

#[test]
fn the_full_report_has_every_part_team_and_gap() {
    let app = small();
    let page = app.visit("/report?depth=full");
    assert_eq!(page.row("Design")[1..4], ["0", "87 %", "—"]);
    assert_eq!(page.row("Build")[1..4], ["1", "100 %", "50 %"]);
    assert_eq!(page.row("Payments")[1..], ["1", "1.00", "1", "1", "1", "1", "2025-Q4"].map(String::from));
    assert_eq!(page.row("Web Shop")[1..4], ["0", "1.75", "2"]);
    // Stage 1 of the bundled roadmap wants the levels 1 and 2; the review is what it lacks.
    let missing: Vec<Vec<String>> = ["Review Culture and Organization · Design"].map(|head| page.row(head)).to_vec();
    assert_eq!(missing[0][1..], ["1", "1", "1 of 2 Web Shop", "0", "75 %", "4", "5"].map(String::from));
    assert_eq!(page.select("td[data-name='Missing in']").len(), 1);
    assert_eq!(
        page.row("Mainframe jobs")[1..],
        ["2", "2", "we have no mainframe (Payments, Web Shop)"].map(String::from)
    );
    assert_eq!(page.row("Pipeline")[1..], ["1", "1", "the platform builds it (Web Shop)"].map(String::from));
    let levels = app.visit("/export/levels.json").json();
    let digest = levels["catalog"]["digest"].as_str().unwrap();
    let method = page.words(".method");
    assert!(method.contains(digest) && method.contains("Partly implemented 50 %"), "{method}");
    assert!(page.select("svg[aria-labelledby^='report-heatmap']").len() == 1);
    assert_eq!(page.texts(".report-charts h3"), ["Overall", "Build and Deployment", "Culture and Organization"]);
    assert!(page.select(".clause, .submissions").is_empty());
}

#[test]
fn each_clause_says_what_can_be_concluded_and_what_not() {
    let app = with_evidence();
    let page = app.visit("/report?depth=auditor");
    assert!(page.words(".notice").contains("A mapping of activities is not a proof of conformity."));
    let clauses = page.texts(".clause h3");
    assert_eq!(
        clauses,
        [
            "Clause 5.1 not all is in place",
            "Clause 5.9 nothing: none applies",
            "Clause 5.10 not all is in place",
            "Clause 6.1 all claimed and evidenced",
            "Clause 6.2 all claimed, not all evidenced",
            "Clause 8.28 not all is in place",
        ]
    );
    assert_eq!(
        statement(&page, "5.1"),
        "1 of 2 activities that serve clause 5.1 is fully implemented by every team to which it applies; \
         1 has valid evidence from every team that claims it, 1 from some of these teams. \
         Not fully implemented: Review. It cannot be concluded that what serves this clause is in place."
    );
    assert_eq!(
        statement(&page, "5.9"),
        "No activity that serves clause 5.9 applies. Nothing can be concluded about it."
    );
    let said = statement(&page, "5.10");
    assert!(said.contains("Not answered by everybody: Signing. Not applicable: Mainframe jobs."), "{said}");
    assert!(
        statement(&page, "6.1")
            .ends_with("with valid evidence for each activity; not that this is enough for the clause.")
    );
    let said = statement(&page, "6.2");
    assert!(said.contains("for 1 activity that rests on the word of the teams alone"), "{said}");
    assert!(statement(&page, "8.28").starts_with("1 of 3 activities that serve"));

    let row = page.texts("[id='clause-5.1'] tbody tr");
    assert!(row[0].contains("Fully implemented 2: Payments, Web Shop"), "{row:?}");
    assert!(row[0].contains("Payments: drawn anew every quarter"), "{row:?}");
    assert!(row[0].contains("Web Shop: Taken from Payments."), "{row:?}");
    let told = "Valid evidence from 2 of 2 teams with something in place. Valid Workshop \"notes\" , https://wiki.example/a?b=1&c=2 \
         recorded on 1 Nov 2025 , expires on 1 Nov 2027 , reviewed by Ada <Lovelace>, for Payments, Web Shop";
    assert!(row[0].contains(told), "{row:?}");
    assert!(row[1].contains("Fully implemented 1: Payments Partly implemented 1: Web Shop"), "{row:?}");
    assert!(row[1].contains("Valid evidence from 1 of 2 teams with something in place. Valid New review"), "{row:?}");
    assert!(row[1].contains("Expired Old review") && row[1].contains("1 piece was withdrawn and counts for nothing."));
    assert!(!row[1].contains("Mistake"), "{row:?}");
    assert_eq!(page.attributes("a.outside", "href")[0], "https://wiki.example/a?b=1&c=2");

    // On the last day of the quarter the old review was still valid, and so was not needed again.
    let then = app.visit("/report?depth=auditor&period=2025-Q4");
    assert_eq!(fact(&then, "Evidence as of"), "31 Dec 2025");
    assert!(statement(&then, "5.1").contains("2 have valid evidence from every team that claims them."));
    // Another standard is another choice; this catalog does not refer to it.
    let other = app.visit("/report?depth=auditor&standard=samm2");
    assert!(other.words(".report").contains("The catalog refers to no clause of OWASP SAMM 2"));
}

#[test]
fn submissions_are_told_with_their_digests_and_what_was_reopened() {
    let app = small();
    let address = app.visit("/report?depth=auditor").attributes(".submissions tbody a", "href")[1].clone();
    app.post(&format!("{address}/reopen"), &[("reason", "a <b>mistake</b>")]).location();
    app.hand_in(&address);
    let page = app.visit("/report?depth=auditor");
    let digests = page.texts(".submissions code");
    assert_eq!(digests.len(), 2);
    assert!(digests.iter().all(|digest| digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit())));
    let audit = app.visit("/export/audit.csv").text().to_owned();
    assert!(digests.iter().all(|digest| audit.contains(digest)), "they are those of the record");
    let row = page.texts(".submissions tbody tr:last-child > *");
    assert!(row[4].contains("Submitted on") && row[4].ends_with(": a <b>mistake</b>"), "{row:?}");
    assert_eq!(row[3], "Ada", "who submitted it again");
    let head = page.words(".report section:not(.method) > p code");
    let shown = app.visit("/admin/audit").words("main");
    assert!(shown.contains(head.split_once(':').unwrap().1), "{head} is the head of the record: {shown}");
    // Who may not see the record does not see its head.
    let viewer = app.person("Vera", &["--role", "viewer"]);
    let page = viewer.visit("/report?depth=auditor");
    assert!(page.select(".report p code").len() == 1, "the catalog's digest is for all");
    assert!(page.words(".report").contains("The head of the audit record is shown to administrators only."));
    assert!(viewer.get("/report/download?depth=auditor").text().contains("is shown to administrators only"));
}

#[test]
fn the_file_needs_nothing_else() {
    let app = with_evidence();
    let file = app.get("/report/download?depth=auditor").expect_status(200);
    assert_eq!(file.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"cairn-report-organization-2025-Q4.html\"");
    assert_eq!(file.header("content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    assert!(file.select("script, link, img, form, iframe, nav, [style]").is_empty());
    assert_eq!(file.select("style").len(), 1);
    assert_eq!(file.words("h1"), "Organization 2025-Q4");
    // Without a public address links lead within the file, or to what somebody entered.
    for link in file.attributes("a[href]", "href") {
        let place = link.strip_prefix('#');
        assert!(
            place.map_or(link.starts_with("https://wiki.example/"), |id| file.select(&format!("[id='{id}']")).len()
                == 1),
            "{link}"
        );
    }
    // It says the same as the page.
    let page = app.visit("/report?depth=auditor&period=2025-Q4");
    let file = app.get("/report/download?depth=auditor&period=2025-Q4");
    let words = |page: &Page| page.texts(".report h2, .report h3, .report p:not(.report-name, .files), .report td");
    assert_eq!(words(&file), words(&page));
    assert_eq!(file.words(".report-title"), page.words(".report-title"));
}

#[test]
fn links_of_the_file_lead_to_the_public_address() {
    let app = TestApp::public("https://cairn.example.org");
    fill(app.commands(), &sample("small-answers.csv"));
    let file = app.send("GET", "/report/download?depth=full", &[("host", "cairn.example.org")], None).unwrap();
    let links = file.expect_status(200).attributes("a[href]", "href");
    assert!(links.contains(&"https://cairn.example.org/catalog/b?period=2025-Q4".to_owned()), "{links:?}");
    assert!(links.iter().all(|link| link.starts_with("https://cairn.example.org/")), "{links:?}");
}

#[test]
fn hostile_names_are_shown_and_do_nothing() {
    let app = TestApp::new();
    let (team, other) = ("../\"><script>alert(1)</script>", "支払い");
    let csv = |team: &str| {
        format!(
            "\"{}\",2025-Q4,a,,fully_implemented,,\"</style><img src=x onerror=alert(1)>\",\n",
            team.replace('"', "\"\"")
        )
    };
    let head = sample("small-answers.csv").lines().next().unwrap().to_owned();
    fill(app.commands(), &format!("{head}\n{}{}", csv(team), csv(other)));
    evidence(&app, "<svg onload=alert(1)>", "a", &[team], &[("reviewer", "</td><script>")]);
    let number = app.team(team);
    for path in [
        "/report?depth=auditor".to_owned(),
        format!("/report?depth=auditor&team={number}"),
        format!("/report/download?depth=auditor&team={number}"),
    ] {
        let page = app.get(&path).expect_status(200);
        assert!(page.select("script:not([src^='/assets/']), .report img, [onerror], [onload]").is_empty(), "{path}");
        let text = page.words(".report");
        for shown in [team, "</style><img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "</td><script>"] {
            assert!(text.contains(shown), "{shown} on {path}");
        }
    }
    let name = |team: i64| {
        let file = app.get(&format!("/report/download?team={team}"));
        file.header("content-disposition").to_owned()
    };
    assert_eq!(name(number), "attachment; filename=\"cairn-report-script-alert-1-script-2025-Q4.html\"");
    let other = app.team(other);
    assert_eq!(name(other), format!("attachment; filename=\"cairn-report-team-{other}-2025-Q4.html\""));
    let running = app.visit(&format!("/report?team={number}")).attributes("html", "data-running");
    assert_eq!(running, [format!("{team} · 2025-Q4 · DSOMM maturity report")]);
}

#[test]
fn a_report_is_about_what_its_reader_sees() {
    let app = with_evidence();
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let reader = app.person("Vera", &["--role", "viewer", "--team", "Payments"]);
    for path in ["/report?depth=auditor", "/report/download?depth=auditor", "/export/statement.csv"] {
        let page = reader.get(path).expect_status(200);
        assert!(!page.text().contains("Web Shop"), "{path}");
        assert!(!page.text().contains("New review"), "{path}");
    }
    let page = reader.visit("/report?depth=auditor");
    assert_eq!(fact(&page, "Teams"), "1 of 1 assessed");
    assert!(page.words(".report-title .notice").contains("there may be others"));
    // Alone, the review is done by everybody.
    let said = statement(&page, "5.1");
    assert!(
        said.starts_with(
            "2 of 2 activities that serve clause 5.1 are fully implemented by the one team that is assessed"
        ),
        "{said}"
    );
    let other = app.team("Web Shop");
    for path in [format!("/report?team={other}"), format!("/report/download?team={other}")] {
        reader.get(&path).expect_status(404);
    }
}

#[test]
fn many_teams_are_counted_and_a_few_are_named() {
    let app = TestApp::new();
    let head = sample("small-answers.csv").lines().next().unwrap().to_owned();
    let rows = (1..=70).map(|i| {
        let (review, note) = if i <= 3 { ("not_implemented", "a note that is left out") } else { ("fully_implemented", "") };
        format!("Team {i:02},2025-Q4,a,,fully_implemented,,,\nTeam {i:02},2025-Q4,b,,{review},,{note},\nTeam {i:02},2025-Q4,e,,not_applicable,reason {},,\n", i % 5)
    });
    fill(app.commands(), &format!("{head}\n{}", rows.collect::<String>()));
    let page = app.visit("/report?depth=auditor");
    let text = page.words(".report");
    assert!(text.contains("Of 70 teams the 30 with the lowest scores are listed; the other 40"), "{text}");
    let listed: Vec<String> = page.texts("section:has(td[data-name=Assessed]) tbody th a");
    assert_eq!((listed.len(), &listed[..3]), (30, &["Team 01", "Team 02", "Team 03"].map(String::from)[..]));
    let row = page.texts("[id='clause-5.1'] tbody tr");
    assert!(row[0].contains("Fully implemented 70 Valid"), "{row:?}");
    assert!(row[1].contains("Fully implemented 67 Not implemented 3: Team 01, Team 02, Team 03"), "{row:?}");
    assert!(!text.contains("a note that is left out") && text.contains("Notes of more than 6 teams are left out"));
    assert_eq!(page.row("Mainframe jobs")[2], "70");
    assert!(page.row("Mainframe jobs")[3].ends_with("and 2 other reasons"), "{:?}", page.row("Mainframe jobs"));
    assert!(page.row("Mainframe jobs")[3].contains("reason 0 (14 teams)"), "{:?}", page.row("Mainframe jobs"));
    assert_eq!(page.select(".submissions tbody tr").len(), 70);
}

#[test]
fn what_is_asked_for_wrongly_is_told() {
    let app = TestApp::new();
    assert!(app.visit("/report").words("main .empty").contains("There is nothing to report yet."));
    app.get("/report/download").expect_status(404);
    let page = app.get("/report?depth=deep").expect_status(422);
    assert!(
        page.words("main").contains("a report is for management, full, or for an auditor"),
        "{}",
        page.words("main")
    );
    app.get("/report?depth=auditor&standard=cobit").expect_status(404);
    let app = small();
    let page = app.visit("/report?depth=auditor&standard=iso27001-2017&team=1");
    let form = page.form("form.picker");
    assert_eq!((form.value("depth"), form.value("standard")), ("auditor", "iso27001-2017"));
    let download = page.attributes("main .actions a[download]", "href");
    assert_eq!(download, ["/report/download?team=1&depth=auditor&standard=iso27001-2017"]);
    assert!(app.visit("/report").select("select[name=standard]").is_empty());
}

#[test]
fn statements_are_a_table_too() {
    let app = with_evidence();
    let csv = app.visit("/export/statement.csv?period=2025-Q4");
    assert_golden("statement.csv", csv.text());
    let table = Table::read(csv.text());
    assert_eq!(table.rows.len(), 10, "a row for each clause and activity");
    let workbook = app.visit("/export/statement.xlsx?period=2025-Q4");
    assert_eq!(&workbook.body[..2], b"PK");
    let json = app.visit("/export/statement.json").json();
    assert_eq!(json[0]["clause"], "5.1");
    assert_eq!(json[0]["conclusion"], "incomplete");
    let links = app.visit("/report?depth=auditor&standard=samm2").select(".files a").len();
    assert_eq!(links, 0, "an empty table is not offered");
    let links = app.visit("/report?depth=auditor").attributes(".files a", "href");
    assert_eq!(links, ["csv", "xlsx"].map(|format| format!("/export/statement.{format}?standard=iso27001-2022")));
}

#[test]
fn the_command_line_makes_the_same_file() {
    let app = small();
    let commands = app.commands();
    let made = |arguments: &[&str]| commands.run(&[&["report"], arguments].concat());
    let printed = made(&["--depth", "full", "--team", "payments", "--period", "2025-Q4"]).expect_done();
    let served = app.get(&format!("/report/download?depth=full&team={}&period=2025-Q4", app.team("Payments")));
    let moment = |text: &str| text.split_once("<dt>Made on</dt>").unwrap().1.split_once("</dd>").unwrap().0.to_owned();
    assert_eq!(printed.replace(&moment(&printed), ""), served.text().replace(&moment(served.text()), ""));

    assert_eq!(made(&["-o", "report.html"]).expect_done(), "");
    assert!(commands.read("report.html").starts_with("<!DOCTYPE html>"));
    made(&["-o", "report.html", "--public-url", "https://cairn.example.org"]).expect_done();
    assert!(commands.read("report.html").contains("href=\"https://cairn.example.org/catalog/b?period=2025-Q4\""));
    for (arguments, message) in [
        (&["--team", "Nobody"][..], "team: there is no team called “Nobody”"),
        (&["--period", "2001-Q1"], "no assessment was submitted by then"),
        (&["-o", "cairn.db"], "cairn.db is the database"),
    ] {
        let found = made(arguments).expect_failure();
        assert!(found.contains(message), "{found}");
    }
    assert_eq!(made(&["--depth", "deep"]).code, Some(2));
}
