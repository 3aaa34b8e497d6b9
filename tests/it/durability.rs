//! What is acknowledged is kept: when the process is killed, when an answer changes, and when
//! somebody goes past the program to the database itself.

use std::collections::HashMap;
use std::sync::mpsc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};

use crate::harness::{Browser, CommandLine, Table, TestApp, activity_ids};

const STATUSES: [&str; 4] = ["not_implemented", "started", "partly_implemented", "fully_implemented"];

/// Answers one activity after the other until the service is gone, and says each time what was acknowledged.
fn answer_on(browser: &Browser, assessment: &str, ids: &[String], round: usize, done: &mpsc::Sender<(String, String)>) {
    for n in 0.. {
        let (id, note) = (&ids[n % ids.len()], format!("{round}.{n}"));
        let status = STATUSES[(n + round) % STATUSES.len()];
        let Ok(page) = browser.send("GET", assessment, &[], None) else { return };
        let mut form = page.form("form.questions");
        form.choose(&format!("status[{id}]"), status);
        form.fill(&format!("note[{id}]"), &note);
        let Ok(page) = browser.try_submit(&form) else { return };
        assert!(page.location().contains("?saved=1"));
        done.send((id.clone(), note)).unwrap();
    }
}

#[test]
fn acknowledged_answers_survive_a_kill() {
    let commands = CommandLine::new();
    let ids = activity_ids()[..7].to_vec();
    let mut acknowledged: HashMap<String, String> = HashMap::new();
    for round in 0..4 {
        let served = commands.serve();
        let team = if round == 0 { served.add_team("Payments") } else { served.team("Payments") };
        let assessment = served.open(team, "2025-Q4");
        let (done, answered) = mpsc::channel();
        let (browser, ids) = (Browser::clone(&served), ids.clone());
        let writer = std::thread::spawn(move || answer_on(&browser, &assessment, &ids, round, &done));
        acknowledged.extend(answered.iter().take(5 + 3 * round));
        // Right while the next answers are under way.
        served.kill();
        writer.join().unwrap();
        acknowledged.extend(answered.try_iter());

        let table = Table::read(&commands.everything());
        let recorded: HashMap<&str, &str> =
            table.rows.iter().map(|row| (table.cell(row, "activity_id"), table.cell(row, "note"))).collect();
        for (id, note) in &acknowledged {
            // At most the one answer that was under way may be recorded without being acknowledged.
            let number = |note: &str| note.split('.').map(|part| part.parse().unwrap()).collect::<Vec<usize>>();
            assert!(number(recorded[id.as_str()]) >= number(note), "{note} of {id} is lost: {recorded:?}");
        }
    }
}

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = sql_types::Text)]
    status: String,
    #[diesel(sql_type = sql_types::Bool)]
    superseded: bool,
}

fn open(app: &TestApp) -> SqliteConnection {
    SqliteConnection::establish(app.database().to_str().unwrap()).unwrap()
}

fn answers(database: &mut SqliteConnection) -> Vec<(String, bool)> {
    let query = "SELECT status, superseded_at IS NOT NULL AS superseded FROM answers ORDER BY id";
    let rows: Vec<Recorded> = sql_query(query).load(database).unwrap();
    rows.into_iter().map(|row| (row.status, row.superseded)).collect()
}

/// A service with one activity that was answered three times, and the address of its assessment.
fn answered_three_times() -> (TestApp, String) {
    let app = TestApp::new();
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    let id = &activity_ids()[0];
    for status in &STATUSES[1..] {
        app.answer(&assessment, &[(id, status)]);
    }
    (app, assessment)
}

#[test]
fn a_change_adds_a_row_and_keeps_the_one_before() {
    let (app, _) = answered_three_times();
    let kept = answers(&mut open(&app));
    let expected = [("started", true), ("partly_implemented", true), ("fully_implemented", false)];
    assert_eq!(kept, expected.map(|(status, superseded)| (status.to_owned(), superseded)));
}

#[test]
fn the_database_itself_refuses_to_change_the_past() {
    let (app, assessment) = answered_three_times();
    let mut database = open(&app);
    let before = answers(&mut database);
    let refused = |database: &mut SqliteConnection, sql: &str| {
        let error = database.batch_execute(sql).unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("is submitted"), "{sql}: {error}");
    };
    for sql in [
        "DELETE FROM answers",
        "DELETE FROM answers WHERE superseded_at IS NOT NULL",
        "UPDATE answers SET status = 'started'",
        "UPDATE answers SET note = 'better'",
        "UPDATE answers SET answered_by = 'somebody else'",
        "UPDATE answers SET inherited_from = 1",
        "UPDATE answers SET superseded_at = NULL",
        "UPDATE answers SET superseded_at = '2020-01-01' WHERE superseded_at IS NOT NULL",
    ] {
        refused(&mut database, sql);
    }
    app.hand_in(&assessment);
    for sql in [
        "UPDATE answers SET superseded_at = '2026-12-01' WHERE superseded_at IS NULL",
        "INSERT INTO answers (assessment_id, activity, status, not_applicable_reason, note, answered_at, answered_by, superseded_at)
         SELECT assessment_id, activity, 'started', '', '', answered_at, answered_by, answered_at FROM answers LIMIT 1",
    ] {
        refused(&mut database, sql);
    }
    assert_eq!(answers(&mut database), before);
}
