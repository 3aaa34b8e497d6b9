//! How many answers are saved in a second, each on the disk when it is acknowledged: by people at the same time,
//! through the use case and over HTTP, against a bare loop of the same statements with a commit for each. `cargo
//! bench --bench saving` says so. As a test, it goes the same way with a few answers.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that meets something unexpected is none"
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cairn::app::{
    AnswerChange, Cairn, Credentials, ImportOptions, OpenFrom, OpenOptions, Saving, Source, TeamInput, bundled_catalog,
};
use cairn::domain::access::{Actor, Caller};
use cairn::domain::account::Secret;
use cairn::domain::answer::{AssessmentId, Revision};
use cairn::domain::catalog::ActivityId;
use cairn::web::{Access, Reached, Site};
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// How many people save at the same time.
const PEOPLE: [usize; 3] = [1, 8, 64];

/// What the use case is to reach of the bare loop, which is in the same process too.
const TARGET: f64 = 0.7;

const STATUSES: [&str; 4] = ["not_implemented", "started", "partly_implemented", "fully_implemented"];

/// About as much as people write.
const NOTE: &str = "Agreed with the platform team; see the minutes of the last review.";

mod schema {
    diesel::table! {
        answers (id) {
            id -> BigInt,
            assessment_id -> BigInt,
            activity -> BigInt,
            status -> Text,
            not_applicable_reason -> Text,
            note -> Text,
            inherited_from -> Nullable<BigInt>,
            carried -> Bool,
            answered_at -> TimestamptzSqlite,
            answered_by -> Text,
            superseded_at -> Nullable<TimestamptzSqlite>,
            since -> Nullable<Date>,
        }
    }

    diesel::table! {
        audit (number) {
            number -> BigInt,
            at -> Text,
            means -> Text,
            actor -> Text,
            address -> Text,
            deed -> Text,
            subject -> Text,
            details -> Text,
            hash -> Text,
        }
    }
}

use schema::{answers, audit};

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// An organization that saves, with a session of its administrator.
struct Organization {
    cairn: Arc<Cairn>,
    caller: Caller,
    session: Secret,
    assessments: Vec<AssessmentId>,
    activities: Vec<ActivityId>,
}

fn main() {
    // That is how cargo says that it measures and does not test.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let (time, people) = if measures { (Duration::from_secs(3), &PEOPLE[..]) } else { (Duration::ZERO, &[1, 2][..]) };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let database = folder.path().join("cairn.db");
    let organization = Organization::new(&database, people[people.len() - 1]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let site = Site::new(Arc::clone(&organization.cairn), now, Access::SignIn, Reached::default());
    std::thread::spawn(move || cairn::web::serve(listener, site));
    let before = recorded(&database);

    // Before and after the others, since the disk may have become slower or faster meanwhile.
    let first = bare(&database, time);
    let mut saved = Vec::new();
    for &many in people {
        let by = |person| organization.in_process(person);
        saved.push((many, "in process", at_once(many, time, by)));
        let by = |person| organization.over_http(address, person);
        saved.push((many, "over HTTP", at_once(many, time, by)));
    }
    let last = bare(&database, time);

    let all =
        [&first, &last].into_iter().chain(saved.iter().map(|(.., rate)| rate)).map(|rate| rate.saved).sum::<usize>();
    assert_eq!(recorded(&database) - before, all, "what was acknowledged is what is recorded");
    let bare = (first.per_second() + last.per_second()) / 2.0;
    println!("bare loop, a commit for each: {:.0}/s and {:.0}/s", first.per_second(), last.per_second());
    let mut best = 0.0_f64;
    for (many, way, rate) in &saved {
        let ratio = rate.per_second() / bare;
        println!("{many:3} {way:10}: {:6.0}/s, {:3.0} % of the bare loop", rate.per_second(), ratio * 100.0);
        if *way == "in process" {
            best = best.max(ratio);
        }
    }
    beside_an_import(&organization, if measures { (50, 20) } else { (1, 1) });
    let verdict = if best >= TARGET { "met" } else { "**missed**" };
    println!("\nin process at least {:.0} % of the bare loop: {verdict}", TARGET * 100.0);
}

/// Saves while a file is imported, which is one change, and says how long the longest save took.
fn beside_an_import(organization: &Organization, (teams, quarters): (u32, u32)) {
    let mut csv = String::from("team,period,activity_id,status\n");
    for (team, quarter) in (0..teams).flat_map(|team| (0..quarters).map(move |quarter| (team, quarter))) {
        let since = 2026 * 4 + 2 - quarter;
        for activity in &organization.activities {
            writeln!(csv, "Other {team},{}-Q{},{activity},started", since / 4, since % 4 + 1).unwrap();
        }
    }
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let import = scope.spawn(|| {
            let source = Source { name: "answers.csv", bytes: csv.as_bytes() };
            let options = ImportOptions { submit: true, ..ImportOptions::default() };
            let began = Instant::now();
            organization.cairn.import(&organization.caller, &[source], options).unwrap();
            is_over.store(true, Ordering::Relaxed);
            began.elapsed()
        });
        let (mut longest, mut refused) = (Duration::ZERO, 0);
        loop {
            let changes = vec![change(&organization.activities[0], Revision(i64::MAX))];
            let saving = Saving { changes, ..Saving::default() };
            let began = Instant::now();
            // Whether it conflicts with an answer before it does not matter here.
            let saved = organization.cairn.save_answers(&organization.caller, organization.assessments[0], &saving);
            refused += u32::from(matches!(saved, Err(cairn::app::Error::Store(_))));
            longest = longest.max(began.elapsed());
            if is_over.load(Ordering::Relaxed) {
                break;
            }
        }
        let took = import.join().unwrap();
        println!(
            "an import of {teams} teams x {quarters} quarters took {took:.1?}; beside it a save took at most {longest:.1?}, and {refused} were refused"
        );
    });
}

/// How many answers were saved in what time.
struct Rate {
    saved: usize,
    took: Duration,
}

impl Rate {
    fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.saved).unwrap()) / self.took.as_secs_f64()
    }
}

/// Lets some people save, each one answer after the other, until the time is over.
fn at_once<F: FnMut(usize)>(many: usize, time: Duration, by: impl Fn(usize) -> F + Sync) -> Rate {
    let began = Instant::now();
    let saved = std::thread::scope(|scope| {
        let one = |person| {
            let mut save = by(person);
            (0..).take_while(|&n| n < 3 || began.elapsed() < time).inspect(|&n| save(n)).count()
        };
        let all: Vec<_> = (0..many).map(|person| scope.spawn(move || one(person))).collect();
        all.into_iter().map(|one| one.join().unwrap()).sum()
    });
    Rate { saved, took: began.elapsed() }
}

impl Organization {
    fn new(database: &Path, people: usize) -> Self {
        let cairn = Cairn::open(database, OpenOptions::default()).unwrap();
        let nobody = Caller { actor: Actor::nobody("nobody"), at: now(), from: "127.0.0.1".into() };
        let link = cairn.begin_set_up().unwrap().unwrap();
        let password = "correct horse battery staple";
        let input = Credentials { name: "Ada".into(), password: password.into(), browser: String::new() };
        let session = cairn.set_up(&nobody, &link, &input).unwrap();
        let actor = cairn.recognize_session(&session, &nobody).unwrap().unwrap().actor;
        let caller = Caller { actor, ..nobody };
        let team = |n| TeamInput { name: format!("Team {n}"), ..TeamInput::default() };
        let teams: Vec<_> = (0..people).map(|n| cairn.add_team(&caller, &team(n)).unwrap()).collect();
        let assessments = cairn.open_assessments(&caller, &teams, "2026-Q4".parse().unwrap(), OpenFrom::Blank).unwrap();
        let activities: Vec<_> =
            bundled_catalog().unwrap().activities().map(|(_, activity)| activity.id.clone()).collect();
        // Everything is answered, as in the middle of a quarter, so that each save supersedes an answer.
        for id in &assessments {
            let changes = activities.iter().map(|activity| change(activity, Revision(0))).collect();
            cairn.save_answers(&caller, *id, &Saving { changes, ..Saving::default() }).unwrap();
        }
        Self { cairn: Arc::new(cairn), caller, session, assessments, activities }
    }

    /// The answers of somebody, and the record that they saw of each.
    fn seen(&self, person: usize) -> Vec<(ActivityId, Revision)> {
        let seen = self.cairn.assessment(&self.caller, self.assessments[person]).unwrap();
        self.activities.iter().map(|id| (id.clone(), seen.answers[id].revision)).collect()
    }

    /// Saves by the use case.
    fn in_process(&self, person: usize) -> impl FnMut(usize) {
        let (mut seen, id) = (self.seen(person), self.assessments[person]);
        move |n| {
            let place = n % seen.len();
            let (activity, revision) = &mut seen[place];
            let changes = vec![change(activity, *revision)];
            let saving = Saving { changes, touched: true, ..Saving::default() };
            *revision = self.cairn.save_answers(&self.caller, id, &saving).unwrap().recorded[0].1;
        }
    }

    /// Saves as the script of the questionnaire does, over a connection that stays.
    fn over_http(&self, address: SocketAddr, person: usize) -> impl FnMut(usize) {
        let (mut seen, id) = (self.seen(person), self.assessments[person]);
        let mut connection = BufReader::new(TcpStream::connect(address).unwrap());
        connection.get_ref().set_nodelay(true).unwrap();
        let cookie = self.session.reveal().to_owned();
        let many = self.activities.len();
        move |n| {
            let place = n % many;
            let (activity, revision) = &mut seen[place];
            let AnswerChange { status, note, .. } = change(activity, *revision);
            let note = note.replace(' ', "+").replace(';', "%3B");
            let body = format!(
                "status%5B{activity}%5D={status}&note%5B{activity}%5D={note}&seen%5B{activity}%5D={}&touched=1",
                revision.0
            );
            let head = format!(
                "POST /assessments/{id}/answers HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
                 Sec-Fetch-Site: same-origin\r\nCookie: cairn_session={cookie}\r\nAccept: application/json\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            connection.get_mut().write_all(head.as_bytes()).unwrap();
            let answer: serde_json::Value = serde_json::from_slice(&answer(&mut connection)).unwrap();
            *revision = Revision(answer["answers"][&activity.0].as_i64().unwrap());
        }
    }
}

/// Reads an answer that must be as it should.
fn answer(connection: &mut BufReader<TcpStream>) -> Vec<u8> {
    let (mut line, mut length) = (String::new(), 0);
    let mut is_first = true;
    loop {
        line.clear();
        connection.read_line(&mut line).unwrap();
        assert!(!is_first || line.starts_with("HTTP/1.1 200"), "{line}");
        is_first = false;
        if line == "\r\n" {
            break;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).unwrap();
    body
}

/// An answer that is another one than all before.
fn change(activity: &ActivityId, seen: Revision) -> AnswerChange {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    AnswerChange {
        activity: activity.clone(),
        seen,
        status: STATUSES[number % STATUSES.len()].into(),
        reason: String::new(),
        note: format!("{NOTE} {number}"),
        confirmed: true,
    }
}

/// The rows of an answer that is saved, and nothing else: no question who may do it, what was there before, and what
/// follows from it.
fn bare(database: &Path, time: Duration) -> Rate {
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection
        .batch_execute(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;",
        )
        .unwrap();
    let current: Vec<(i64, i64)> = answers::table
        .filter(answers::superseded_at.is_null())
        .select((answers::assessment_id, answers::activity))
        .load(&mut connection)
        .unwrap();
    let (at, hash) = (now(), "0".repeat(64));
    at_once_alone(time, |n| {
        let (assessment, activity) = current[n % current.len()];
        connection.batch_execute("BEGIN IMMEDIATE").unwrap();
        diesel::update(answers::table)
            .filter(answers::assessment_id.eq(assessment))
            .filter(answers::activity.eq(activity))
            .filter(answers::superseded_at.is_null())
            .set(answers::superseded_at.eq(Some(at)))
            .execute(&mut connection)
            .unwrap();
        diesel::insert_into(answers::table)
            .values((
                answers::assessment_id.eq(assessment),
                answers::activity.eq(activity),
                answers::status.eq(STATUSES[n % STATUSES.len()]),
                answers::not_applicable_reason.eq(""),
                answers::note.eq(format!("{NOTE} {n}")),
                answers::carried.eq(false),
                answers::answered_at.eq(at),
                answers::answered_by.eq("Ada"),
            ))
            .returning(answers::id)
            .get_result::<i64>(&mut connection)
            .unwrap();
        let last: i64 = audit::table.select(audit::number).order(audit::number.desc()).first(&mut connection).unwrap();
        diesel::insert_into(audit::table)
            .values((
                audit::number.eq(last + 1),
                audit::at.eq("2026-11-24T12:00:00.000Z"),
                audit::means.eq("session 1"),
                audit::actor.eq("Ada"),
                audit::address.eq("127.0.0.1"),
                audit::deed.eq("answers_recorded"),
                audit::subject.eq("Team 1 2026-Q4"),
                audit::details
                    .eq(r#"{"assessment":1,"answers":1,"records":[100000,100000],"activity":"Threat modeling"}"#),
                audit::hash.eq(&hash),
            ))
            .execute(&mut connection)
            .unwrap();
        connection.batch_execute("COMMIT").unwrap();
    })
}

/// Like [`at_once`], for one.
fn at_once_alone(time: Duration, mut save: impl FnMut(usize)) -> Rate {
    let began = Instant::now();
    let saved = (0..).take_while(|&n| n < 3 || began.elapsed() < time).inspect(|&n| save(n)).count();
    Rate { saved, took: began.elapsed() }
}

/// How many answers were ever recorded.
fn recorded(database: &Path) -> usize {
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    let count: i64 = answers::table.count().get_result(&mut connection).unwrap();
    usize::try_from(count).unwrap()
}
