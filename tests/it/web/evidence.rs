//! `/evidence`: what it is for, its versions, its age, and what is refused.

use crate::harness::{Browser, Page, Table, TestApp, activity_ids};

/// A piece for some activities and teams, entered as in the form; other fields are added to it.
fn piece<'a>(teams: &'a [String], activities: &'a [String], others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("title", "Scan report"), ("recorded_on", "2026-01-05")];
    fields.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
    fields.extend(others);
    fields.extend(teams.iter().map(|team| ("team", team.as_str())));
    fields.extend(activities.iter().map(|activity| ("activity", activity.as_str())));
    fields
}

/// Adds evidence and gives its address.
fn add(app: &Browser, teams: &[String], activities: &[String], others: &[(&str, &str)]) -> String {
    let address = app.post("/evidence", &piece(teams, activities, others)).location();
    assert!(address.starts_with("/evidence/"), "{address}");
    address
}

/// Teams by the names `A`, `B`, …, and the first activities of the catalog.
fn teams(app: &Browser, count: u8) -> Vec<String> {
    (0..count).map(|i| app.add_team(&char::from(b'A' + i).to_string()).to_string()).collect()
}

fn activities(count: usize) -> Vec<String> {
    activity_ids().into_iter().take(count).collect()
}

/// The name of an activity, as its page has it.
fn name(app: &Browser, activity: &str) -> String {
    app.visit(&format!("/catalog/{activity}")).words("h1")
}

/// The figures above the list: score, score without stale answers, stale now, stale soon.
fn figures(page: &Page) -> Vec<String> {
    let mut figures = page.texts("#freshness dd:not(.note)");
    figures.remove(2);
    figures
}

/// Assesses a team and submits it.
fn assess(app: &Browser, team: &str, answers: &[(&str, &str)]) {
    let assessment = app.open(team.parse().unwrap(), "2026-Q4");
    app.answer(&assessment, answers);
    app.hand_in(&assessment);
}

#[test]
fn one_piece_is_for_several_teams_and_activities() {
    let app = TestApp::new();
    assert!(app.visit("/evidence").words("main .empty").contains("nobody yet"));
    let (teams, activities) = (teams(&app, 3), activities(3));
    assert!(app.visit("/evidence").words("main .empty").contains("No evidence is recorded here yet"));

    let new = format!("/evidence/new?team={}&activity={}", teams[0], activities[0]);
    let mut form = app.visit(&new).form("main form");
    assert_eq!((form.value("team"), form.value("activity")), (teams[0].as_str(), activities[0].as_str()));
    assert_eq!(form.value("recorded_on"), "2026-11-24", "today, unless said otherwise");
    form.fill("title", "  Scan   report ");
    form.fill("link", "https://wiki.example/scan?a=1&b=2");
    form.fill("text", "Two\r\nlines");
    form.fill("recorded_on", "2026-11-01");
    form.fill("expires_on", "2027-11-01");
    form.fill("reviewer", "Ada");
    form.press("team", &teams[1]);
    form.press("team", &teams[1]);
    form.press("activity", &activities[2]);
    let address = app.submit(&form).location();
    let page = app.visit(&address);
    assert_eq!(page.texts("h1"), ["Scan report"]);
    assert_eq!(page.attributes("dl.clauses a[rel=noreferrer]", "href"), ["https://wiki.example/scan?a=1&b=2"]);
    let facts = page.words("dl.clauses");
    for fact in
        ["1 Nov 2026", "1 Nov 2027", "Ada", "Of A , B", &name(&app, &activities[0]), &name(&app, &activities[2])]
    {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    assert!(page.text().contains("Two\nlines"));

    for (team, pieces) in teams.iter().zip([1, 1, 0]) {
        let list = app.visit(&format!("/evidence?team={team}"));
        assert_eq!(list.texts("#pieces tbody th a").len(), pieces);
    }
    let list = app.visit("/evidence");
    assert_eq!(list.row("Scan report reviewed by Ada")[2..], ["A , B", "1 Nov 2026", "1 Nov 2027", "Valid"]);
    assert_eq!(list.attributes("#pieces tbody th a", "href"), [address]);
    app.get("/evidence/99").expect_status(404);
    app.get("/evidence/99/edit").expect_status(404);
    app.get("/evidence/x").expect_status(404);
    app.get("/evidence?team=99").expect_status(404);
}

#[test]
fn changes_keep_what_was_before() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 2), activities(2));
    let address = add(&app, &teams[..1], &activities[..1], &[("text", "Old words")]);
    let edit = format!("{address}/edit");
    let mut form = app.visit(&edit).form("main form");

    assert_eq!(app.submit(&form).location(), address);
    assert_eq!(app.visit(&address).select("#history tbody tr").len(), 1, "saving without a change is no change");

    form.fill("title", "Scan of October");
    form.fill("text", "New words");
    form.fill("expires_on", "2027-01-01");
    form.press("team", &teams[1]);
    app.submit(&form).location();
    let page = app.visit(&address);
    assert_eq!(page.texts("h1"), ["Scan of October"]);
    let history = page.texts("#history tbody tr");
    assert_eq!(history.len(), 2);
    for words in
        ["Ada", "Title: Scan report → Scan of October", "Old words", "Expires: never → 1 Jan 2027", "Teams: added B"]
    {
        assert!(history[0].contains(words), "{words}: {}", history[0]);
    }
    assert!(history[1].ends_with("Ada Added"), "{}", history[1]);
    assert!(!history[0].contains("Activities"), "{}", history[0]);

    let form = app.visit(&edit).form("main form");
    let mut without = form.clone();
    without.fields.retain(|(field, value)| field != "team" || *value == teams[1]);
    app.submit(&without).location();
    assert!(app.visit(&address).words("#history").contains("Teams: removed A"));
    assert!(app.visit(&format!("/evidence?team={}", teams[0])).select("#pieces").is_empty());
}

#[test]
fn what_somebody_else_changed_is_not_overwritten_unseen() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 1), activities(1));
    let address = add(&app, &teams, &activities, &[]);
    let mut mine = app.visit(&format!("{address}/edit")).form("main form");
    let mut theirs = mine.clone();
    theirs.fill("title", "Theirs");
    app.submit(&theirs).location();
    mine.fill("title", "Mine");
    let refused = app.submit(&mine).expect_status(409);
    assert!(refused.words(".notice").contains("Ada changed this evidence meanwhile"), "{}", refused.words("main"));
    assert!(refused.words("#recorded").contains("Theirs"), "{}", refused.words("#recorded"));
    let again = refused.form("main form");
    assert_eq!(again.value("title"), "Mine", "what was entered is still there");
    assert_eq!(app.visit(&address).texts("h1"), ["Theirs"]);

    let seen = mine.value("seen").to_owned();
    for action in ["withdraw", "restore"] {
        let fields = [("seen", seen.as_str()), ("reason", "wrong")];
        app.post(&format!("{address}/{action}"), &fields).expect_status(409);
    }
    assert_eq!(app.visit(&address).select("#history tbody tr").len(), 2);
    // Having seen both, it is their decision.
    app.submit(&again).location();
    assert_eq!(app.visit(&address).texts("h1"), ["Mine"]);
}

#[test]
fn withdrawn_evidence_counts_for_nothing_and_stays_to_be_seen() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 1), activities(1));
    assess(&app, &teams[0], &[(&activities[0], "fully_implemented")]);
    let address = add(&app, &teams, &activities, &[]);
    assert!(app.visit("/evidence").words("#freshness").contains("1 of 1 answers"));

    let mut form = app.visit(&address).form("#withdraw form");
    let refused = app.submit(&form).expect_status(422);
    assert!(refused.words("#withdraw p.fault").contains("a reason is needed"));
    let long = "x".repeat(2_001);
    form.fill("reason", &long);
    let refused = app.submit(&form).expect_status(422);
    assert_eq!(refused.form("#withdraw form").value("reason"), long);
    form.fill("reason", "The report is about <another> service");
    app.submit(&form).location();

    let page = app.visit(&address);
    assert!(page.words(".notice").contains("Withdrawn: The report is about <another> service"));
    assert!(page.words("#history").contains("Withdrawn: The report is about <another> service"));
    let list = app.visit("/evidence");
    assert!(list.words("#freshness").contains("0 of 1 answers"), "{}", list.words("#freshness"));
    assert_eq!(list.row("Scan report")[5], "Withdrawn");
    app.submit(&form).expect_status(409);
    let mut edit = app.visit(&format!("{address}/edit")).form("main form");
    edit.fill("title", "Changed");
    assert!(app.submit(&edit).expect_status(409).words(".notice").contains("is withdrawn"));

    app.submit(&page.form("#withdraw form")).location();
    let page = app.visit(&address);
    assert!(page.words("#history").contains("Withdrawal taken back"));
    assert!(app.visit("/evidence").words("#freshness").contains("1 of 1 answers"));
    assert_eq!(app.get(&format!("{address}/withdraw")).location(), address);
}

#[test]
fn expired_evidence_makes_answers_stale() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 2), activities(3));
    let done: Vec<(&str, &str)> = activities.iter().map(|id| (id.as_str(), "fully_implemented")).collect();
    assess(&app, &teams[0], &done);
    assess(&app, &teams[1], &done);
    let (first, second) = (name(&app, &activities[0]), name(&app, &activities[1]));

    add(&app, &teams[..1], &activities[..1], &[("expires_on", "2026-11-25")]);
    let page = app.visit("/evidence");
    let before = figures(&page);
    assert_eq!(
        (before[0].as_str(), &before[2..]),
        (before[1].split(' ').next().unwrap(), &["0", "1"].map(Into::into)[..])
    );
    assert_eq!(page.row(&first)[1..3], ["A", "25 Nov 2026"]);
    assert!(page.words("#stale").contains("No answer rests on evidence that has expired"));

    add(&app, &teams[..1], &activities[1..2], &[("expires_on", "2026-11-24")]);
    let page = app.visit("/evidence");
    let after = figures(&page);
    assert_eq!((&after[0], &after[2..]), (&before[0], &["1", "1"].map(Into::into)[..]));
    let without = after[1].split(' ').next().unwrap();
    assert!(without < after[0].as_str(), "{after:?}");
    let says = format!(
        "1 answer rests on evidence that has expired; without it the score would be {without} instead of {}",
        after[0]
    );
    assert!(page.words("#stale").contains(&says), "{}", page.words("#stale"));
    assert_eq!(page.row(&second)[1..3], ["A", "24 Nov 2026"]);
    add(&app, &teams[1..], &activities, &[("title", "Of others")]);
    let others = figures(&app.visit(&format!("/evidence?team={}", teams[1])));
    assert_eq!(others[2..], ["0", "0"], "other teams are not touched");
    assert_eq!(figures(&app.visit("/evidence?period=2026-Q4"))[2..], ["1", "1"]);

    // The way to newer evidence, and back.
    let refresh = page.attributes("#stale td.action a", "href")[0].clone();
    let mut form = app.visit(&refresh).form("main form");
    assert_eq!((form.value("team"), form.value("activity")), (teams[0].as_str(), activities[1].as_str()));
    form.fill("title", "Newer");
    assert_eq!(app.submit(&form).location(), "/evidence");
    assert_eq!(figures(&app.visit("/evidence"))[2..], ["0", "1"]);
}

#[test]
fn a_past_quarter_is_seen_as_of_its_last_day() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 1), activities(1));
    add(&app, &teams, &activities, &[("title", "Old"), ("expires_on", "2026-07-01")]);
    add(&app, &teams, &activities, &[("title", "New"), ("recorded_on", "2026-08-01")]);
    assert_eq!(app.visit("/evidence").texts("#pieces tbody th a"), ["New", "Old"]);
    assert_eq!(app.visit("/evidence").row("Old")[5], "Expired");
    let then = app.visit("/evidence?period=2026-Q2");
    assert_eq!(then.texts("#pieces tbody th a"), ["Old"]);
    assert_eq!(then.row("Old")[5], "Expires soon");
    assert!(then.words("#pieces h2").contains("as of 30 Jun 2026"));
}

#[test]
fn the_list_is_narrowed_down() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 1), activities(2));
    add(&app, &teams, &activities[..1], &[("title", "Alpha"), ("expires_on", "2027-01-01")]);
    add(&app, &teams, &activities[..1], &[("title", "Beta"), ("expires_on", "2026-12-24")]);
    add(&app, &teams, &activities[1..], &[("title", "Gamma"), ("expires_on", "2026-11-01"), ("reviewer", "Ada")]);
    let found = |query: &str| app.visit(&format!("/evidence?{query}")).texts("#pieces tbody th a").join(" ");
    for (query, titles) in [
        ("", "Gamma Beta Alpha"),
        ("state=valid", "Alpha"),
        ("state=expiring", "Beta"),
        ("state=expired", "Gamma"),
        ("state=withdrawn", ""),
        (&format!("activity={}", activities[0]), "Beta Alpha"),
        (&format!("activity={}&state=valid", activities[0]), "Alpha"),
        ("text=gAMM+ada", "Gamma"),
        ("text=nothing", ""),
        ("sort=title", "Alpha Beta Gamma"),
        ("sort=title&order=descending", "Gamma Beta Alpha"),
        ("sort=expires", "Gamma Beta Alpha"),
        ("sort=recorded&order=ascending", "Gamma Beta Alpha"),
        ("sort=state", "Alpha Beta Gamma"),
        ("clause=none", ""),
    ] {
        assert_eq!(found(query), titles, "{query}");
    }
    assert_eq!(app.visit("/evidence").words("#pieces .counts"), "1 valid 1 expiring 1 expired");
    let heads = app.visit("/evidence?text=a&sort=state").attributes("#pieces thead a", "href");
    assert_eq!(heads[3], "/evidence?text=a&sort=state&order=descending#pieces", "once more turns the order");
    app.get("/evidence?state=old").expect_status(422);
    app.get("/evidence?sort=team").expect_status(422);
    app.get("/evidence?period=2027-Q1").expect_status(422);
    assert!(app.visit("/evidence?activity=no-such").words("#pieces").contains("No evidence is like that"));
}

#[test]
fn what_cannot_be_is_refused_at_the_field_and_nothing_is_lost() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 2), activities(2));
    let (long_title, long_text) = ("x".repeat(201), "x".repeat(1_000_000));
    let good = [("title", "T"), ("link", "https://x.example"), ("text", "Words"), ("recorded_on", "2026-01-05")];
    for (field, value, message) in [
        ("title", "", "a title is needed"),
        ("title", " \n ", "a title is needed"),
        ("title", long_title.as_str(), "at most 200 characters; this has 201"),
        ("title", "bell\u{7}", "no control or direction-changing characters"),
        ("title", "\u{202E}txt.exe", "no control or direction-changing characters"),
        ("link", "javascript:alert(1)", "a link begins with https:// or http://"),
        ("link", "//evil.example", "a link begins with https:// or http://"),
        ("link", "https://a.example/b c", "a link has no spaces"),
        ("text", long_text.as_str(), "at most 10000 characters; this has 1000000"),
        ("text", "nul\0", "no control or direction-changing characters"),
        ("reviewer", long_title.as_str(), "at most 100 characters; this has 201"),
        ("recorded_on", "", "the day on which it was true is needed"),
        ("recorded_on", "2026-02-30", "write a day like 2026-11-24"),
        ("recorded_on", "yesterday", "write a day like 2026-11-24"),
        ("recorded_on", "2026-11-25", "today, which is 2026-11-24 in UTC"),
        ("recorded_on", "0001-01-01", "write a day like 2026-11-24"),
        ("expires_on", "2026-01-05", "it must expire after the day on which it was true"),
        ("expires_on", "1999-01-05", "it must expire after the day on which it was true"),
        ("expires_on", "99999-01-05", "write a day like 2026-11-24"),
        ("team", "99", "a chosen team does not exist"),
        ("activity", "no-such-activity", "a chosen activity is in no catalog"),
    ] {
        let mut sent: Vec<_> = good.into_iter().filter(|(name, _)| *name != field).collect();
        sent.push((field, value));
        let sent = piece(&teams, &activities, &sent);
        let page = app.post("/evidence", &sent).expect_status(422);
        assert!(page.words("main p.fault").contains(message), "{field} {value:.20?}: {}", page.words("p.fault"));
        assert_eq!(page.attributes("main p.fault", "id"), [format!("fault-{field}")], "only there: {value:.20?}");
        assert!(!page.select(&format!("[aria-describedby='fault-{field}']")).is_empty(), "{field}");
        let again = page.form("main form");
        for (name, value) in &sent {
            // What does not exist cannot be offered, and a page cannot hold NUL.
            if !["99", "nul\0"].contains(value) {
                let normal = value.replace('\n', "\r\n");
                let kept = again.fields.iter().any(|(n, v)| n == name && (v == value || *v == normal));
                assert!(kept, "{name} {value:.20?} is lost");
            }
        }
    }
    for (without, message) in [("team", "choose at least one team"), ("activity", "choose at least one activity")] {
        let mut sent = piece(&teams, &activities, &[]);
        sent.retain(|(name, _)| *name != without);
        let page = app.post("/evidence", &sent).expect_status(422);
        assert!(page.words("main p.fault").contains(message), "{}", page.words("p.fault"));
    }
    let many: Vec<String> = (0..501).map(|i| format!("activity-{i}")).collect();
    let page = app.post("/evidence", &piece(&teams, &many, &[])).expect_status(422);
    assert!(page.words("main p.fault").contains("at most 500 can be chosen; this has 501"));
    app.post("/evidence", &piece(&["x".into()], &activities, &[])).expect_status(400);
    assert!(!app.visit("/evidence").select("main .empty").is_empty(), "nothing was added");

    // A change is checked like something new.
    let address = add(&app, &teams, &activities, &[]);
    let mut form = app.visit(&format!("{address}/edit")).form("main form");
    form.fill("link", "javascript:alert(1)");
    form.fill("expires_on", "2025-01-01");
    let refused = app.submit(&form).expect_status(422);
    assert_eq!(refused.attributes("main p.fault", "id"), ["fault-link", "fault-expires_on"]);
    assert_eq!(refused.form("main form").fields, form.fields);
    assert_eq!(app.visit(&address).select("#history tbody tr").len(), 1);
    app.post("/evidence/99", &piece(&teams, &activities, &[])).expect_status(404);
}

#[test]
fn nothing_that_is_entered_becomes_markup() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 1), activities(1));
    let title = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";
    let hostile = [("title", title), ("text", title), ("reviewer", title), ("link", "https://x.example/\"><script>")];
    let address = add(&app, &teams, &activities, &hostile);
    let refused = [&hostile[..], &[("expires_on", title)]].concat();
    let refused = app.post("/evidence", &piece(&teams, &activities, &refused)).expect_status(422);
    let edit = format!("{address}/edit");
    for page in [app.visit("/evidence"), app.visit(&address), app.visit(&edit), refused] {
        assert!(page.select("script, main img").is_empty());
        assert!(page.text().contains("&lt;script&gt;"));
    }
    assert_eq!(app.visit(&address).texts("h1"), [title]);
    assert_eq!(app.visit(&edit).form("main form").value("title"), title);
}

#[test]
fn the_way_back_stays_here() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 1), activities(1));
    for (back, here) in [
        ("/gaps?team=1", true),
        ("https://evil.example", false),
        ("//evil.example", false),
        ("/\\evil.example", false),
        ("/\t/evil.example", false),
        ("javascript:alert(1)", false),
    ] {
        let saved = app.post("/evidence", &piece(&teams, &activities, &[("back", back)])).location();
        assert_eq!(saved == back, here, "{back:?}");
        assert!(here || saved.starts_with("/evidence/"), "{saved}");
        let query: String = back.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for form in [format!("/evidence/new?back={query}"), format!("/evidence/1/edit?back={query}")] {
            let links = app.visit(&form).attributes("main form .actions a", "href");
            assert_eq!(links[0] == back, here, "{back:?}: {links:?}");
        }
    }
}

#[test]
fn the_gaps_name_what_shows_what_is_done() {
    let app = TestApp::new();
    let (teams, activities) = (teams(&app, 2), activities(2));
    for team in &teams {
        assess(&app, team, &[(&activities[0], "partly_implemented")]);
    }
    add(&app, &teams[..1], &activities[..1], &[("title", "First"), ("expires_on", "2026-11-25")]);
    add(&app, &teams[..1], &activities[..1], &[("title", "=Second")]);
    add(&app, &teams[..1], &activities[..1], &[("title", "Expired"), ("expires_on", "2026-11-24")]);
    let withdrawn = add(&app, &teams[..1], &activities[..1], &[("title", "Withdrawn")]);
    let mut form = app.visit(&withdrawn).form("#withdraw form");
    form.fill("reason", "wrong");
    app.submit(&form).location();

    let csv = app.visit("/export/gaps.csv").text().to_owned();
    let table = Table::read(&csv);
    for row in &table.rows {
        let own = table.cell(row, "team") == "A" && table.cell(row, "activity_id") == activities[0];
        assert_eq!(table.cell(row, "evidence"), if own { "First; =Second" } else { "" });
    }
    assert!(csv.contains("First; =Second"));
}
