//! What Cairn does inside, measured in this process: scoring, rendering, saving, importing and planning.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use cairn::app::{AnswerChange, Cairn, ImportOptions, OpenOptions, Saving, Source, bundled_catalog};
use cairn::clock;
use cairn::domain::access::{Actor, Caller};
use cairn::domain::answer::{AssessmentId, Revision, Sheet, Status};
use cairn::domain::catalog::{ActivityId, Catalog};
use cairn::domain::period::Period;
use cairn::domain::scale::ProgressScale;
use cairn::domain::scoring::{Scorecard, Scores, Threshold, combine};
use cairn::web::{Access, Reached, Site};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};

use super::Size;
use super::client::{Visitor, get};
use super::figures::{Durations, shown, table, verdict};
use super::planning;
use super::savers::{Place, places};
use super::service::Copy;

/// How long it may take to compute every level and score of all teams in all quarters.
const HISTORY: Duration = Duration::from_millis(30);

/// How many teams are imported.
const IMPORTED: u32 = 50;

/// Measures something several times. It is a row of a table: what, how long, and whether that is soon enough.
pub(crate) fn measured<T>(
    what: &str,
    tries: usize,
    limit: Option<Duration>,
    mut run: impl FnMut() -> T,
) -> Vec<String> {
    let one = |_| {
        let began = Instant::now();
        black_box(run());
        began.elapsed()
    };
    let durations: Durations = (0..tries).map(one).collect();
    row(what, &durations, limit)
}

fn row(what: &str, durations: &Durations, limit: Option<Duration>) -> Vec<String> {
    let median = durations.median();
    vec![
        what.to_owned(),
        shown(median),
        shown(durations.worst()),
        durations.count().to_string(),
        limit.map(|limit| format!("{}: {}", shown(limit), verdict(median < limit))).unwrap_or_default(),
    ]
}

pub(crate) fn run(reference: &Path, size: &Size) {
    let mut rows = Vec::new();
    let catalog = bundled_catalog().unwrap();
    let history = sheets(&catalog, reference);
    rows.extend(scores(&catalog, &history, size));
    drop(history);
    let copy = Copy::of(reference);
    let place = places(&copy, 1).remove(0);
    rows.extend(pages(&copy, &place, size));
    rows.extend(changes(&copy, &catalog, &place, size));
    rows.extend(planning::run(size.organization.0.min(1_000), size.repetitions));
    let head = ["in one process", "median", "worst", "times", "limit"];
    table("Functions", &head, &rows);
}

#[derive(QueryableByName)]
struct Given {
    #[diesel(sql_type = sql_types::BigInt)]
    team: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    activity: i64,
    #[diesel(sql_type = sql_types::Text)]
    status: String,
    #[diesel(sql_type = sql_types::Text)]
    reason: String,
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = sql_types::BigInt)]
    id: i64,
    #[diesel(sql_type = sql_types::Text)]
    name: String,
}

/// The answers of all submitted assessments, by quarter, the latest last.
fn sheets(catalog: &Catalog, reference: &Path) -> Vec<Vec<Sheet>> {
    let mut database = SqliteConnection::establish(reference.to_str().unwrap()).unwrap();
    let activities: Vec<Known> =
        sql_query("SELECT id, activity_id AS name FROM activities").load(&mut database).unwrap();
    let activities: BTreeMap<i64, ActivityId> =
        activities.into_iter().map(|known| (known.id, ActivityId(known.name))).collect();
    let periods: Vec<Known> =
        sql_query("SELECT 0 AS id, period AS name FROM assessments GROUP BY period ORDER BY period")
            .load(&mut database)
            .unwrap();
    let scale = ProgressScale::default();
    let of_quarter = |period: Known| {
        let given: Vec<Given> = sql_query(
            "SELECT team_id AS team, activity, status, not_applicable_reason AS reason FROM assessments
             JOIN answers ON assessment_id = assessments.id AND superseded_at IS NULL
             WHERE period = ? AND submitted_at IS NOT NULL ORDER BY team_id",
        )
        .bind::<sql_types::Text, _>(period.name)
        .load(&mut database)
        .unwrap();
        let of_team = |given: &[Given]| {
            let statuses: Vec<(&ActivityId, Status)> = given
                .iter()
                .map(|given| {
                    (&activities[&given.activity], Status::parse(&given.status, &given.reason, &scale).unwrap())
                })
                .collect();
            Sheet::new(catalog, &scale, statuses.iter().map(|(id, status)| (*id, status)))
        };
        given.chunk_by(|one, next| one.team == next.team).map(of_team).collect()
    };
    periods.into_iter().map(of_quarter).collect()
}

/// Scoring one assessment, and all of them.
fn scores(catalog: &Catalog, history: &[Vec<Sheet>], size: &Size) -> Vec<Vec<String>> {
    let threshold = Threshold::default();
    let score = |sheet: &Sheet| Scores::of_sheet(catalog, sheet, threshold);
    let one = history.last().and_then(|sheets| sheets.first()).unwrap();
    let first = measured("scoring one assessment", size.repetitions * 100, None, || score(one));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (sheets, quarters) = (history.iter().map(Vec::len).sum::<usize>(), history.len());
    let what = format!("scoring {sheets} assessments of {quarters} quarters, and the organization in each");
    let all = measured(&what, size.repetitions, Some(HISTORY), || {
        std::thread::scope(|scope| {
            for share in history.chunks(history.len().div_ceil(threads)) {
                scope.spawn(move || {
                    for sheets in share {
                        sheets.iter().for_each(|sheet| drop(black_box(score(sheet))));
                        let all: Vec<&Sheet> = sheets.iter().collect();
                        black_box(Scorecard::new(catalog, &combine(catalog, &all), threshold));
                    }
                });
            }
        });
    });
    vec![first, all]
}

fn operator() -> Caller {
    Caller { actor: Actor::operator(), at: clock::now(), from: String::new() }
}

/// Making pages that were never asked for since the last change, over HTTP but in this process.
fn pages(copy: &Copy, place: &Place, size: &Size) -> Vec<Vec<String>> {
    let cairn = std::sync::Arc::new(Cairn::open(&copy.database(), OpenOptions::default()).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let site = Site::new(std::sync::Arc::clone(&cairn), clock::now, Access::Demo, Reached::default());
    std::thread::spawn(move || cairn::web::serve(listener, site));
    let mut visitor = Visitor::new(address);
    let questionnaire = format!("/assessments/{}", place.assessment);
    let mut changes = 0;
    [
        ("the dashboard", "/"),
        ("the questionnaire", &questionnaire),
        ("the heatmap", "/heatmap"),
        ("the trend", "/trend"),
    ]
    .into_iter()
    .map(|(name, path)| {
        let request = get(path, "");
        let mut first = || {
            changes += 1;
            cairn.add_group(&operator(), &format!("Function {changes}")).unwrap();
            let began = Instant::now();
            assert_eq!(visitor.must(&request).status, 200);
            began.elapsed()
        };
        let durations: Durations = (0..size.repetitions).map(|_| first()).collect();
        row(&format!("{name}, computed and rendered anew"), &durations, None)
    })
    .collect()
}

/// Saving one answer, and importing many.
fn changes(copy: &Copy, catalog: &Catalog, place: &Place, size: &Size) -> Vec<Vec<String>> {
    let cairn = Cairn::open(&copy.database(), OpenOptions::default()).unwrap();
    let (id, mut seen, mut tried) = (AssessmentId(place.assessment), Revision::default(), 0);
    let activity = catalog.activities().next().map(|(_, activity)| activity.id.clone()).unwrap();
    let mut save = || {
        tried += 1;
        let change = AnswerChange {
            activity: activity.clone(),
            seen,
            status: ["started", "partly_implemented"][tried % 2].to_owned(),
            reason: String::new(),
            note: format!("function {tried}"),
            confirmed: false,
        };
        let saving = Saving { changes: vec![change], touched: true, ..Saving::default() };
        match cairn.save_answers(&operator(), id, &saving) {
            Ok(saved) => seen = saved.recorded[0].1,
            Err(cairn::app::Error::Conflict(conflicts)) => seen = conflicts[0].theirs.revision,
            Err(error) => panic!("{error}"),
        }
    };
    // The first one only sees what stands there.
    save();
    let saved = measured("saving an answer, until it is on the disk", size.repetitions * 20, None, save);
    let present = Period::containing(clock::now()).previous();
    let mut round = 0;
    let what = format!("importing a CSV of {IMPORTED} new teams, {} answers", IMPORTED as usize * catalog.len());
    let imported = measured(&what, size.repetitions.div_ceil(5), None, || {
        round += 1;
        let mut csv = String::from("team,period,activity_id,status\n");
        for team in 0..IMPORTED {
            for (_, activity) in catalog.activities() {
                csv.push_str(&format!("Imported {round}.{team},{present},{},started\n", activity.id.0));
            }
        }
        let source = Source { name: "answers.csv", bytes: csv.as_bytes() };
        let options = ImportOptions { submit: true, ..ImportOptions::default() };
        assert_eq!(cairn.import(&operator(), &[source], options).unwrap().recorded, IMPORTED as usize * catalog.len());
    });
    vec![saved, imported]
}
