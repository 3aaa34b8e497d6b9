//! Answers, evidence and teams: tables, workbooks, and the files of the DSOMM application.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::LazyLock;

use crate::domain::answer::{Answer, Status};
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::EvidenceContent;
use crate::domain::organization::{Name, Team, TeamId, tidy_text};
use crate::domain::scale::ProgressScale;
use crate::formats::dsomm::{self, ProgressFile, WrittenActivity, WrittenEvidence};
use crate::formats::incoming::{self, Incoming, Known};
use crate::formats::intake::{AnswerRow, EvidenceRow, Intake, TeamRow};
use crate::formats::table::Table;
use crate::formats::{Source, answers, evidence, teams, xlsx};
use chrono::{DateTime, NaiveDate, NaiveTime};

use super::catalogs::SMALL;
use super::{accepted, source, told};

/// The scale that answers are given in, unless a file defines another.
static SCALE: LazyLock<ProgressScale> = LazyLock::new(ProgressScale::default);

/// The present day.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");

fn known(scale: &ProgressScale) -> Known<'_> {
    Known { scale, catalog: &SMALL, today: TODAY }
}

/// Reads bytes as whatever can be imported.
pub fn any(bytes: &[u8]) {
    let incoming = incoming::read(&[source(bytes)], known(&SCALE));
    assert!(incoming::is_known(bytes) || !incoming.faults.is_empty(), "what is read is known before");
    follow(incoming);
}

/// Reads bytes as several files that are taken together, which begin where a zero byte stands.
pub fn together(bytes: &[u8]) {
    let names = ["meta.yaml", "teams.yaml", "team-progress.yaml", "team-evidence.yaml", "generated.yaml"];
    let parts = bytes.splitn(names.len(), |byte| *byte == 0);
    let sources: Vec<Source<'_>> = names.iter().zip(parts).map(|(name, bytes)| Source { name, bytes }).collect();
    follow(incoming::read(&sources, known(&SCALE)));
}

/// Reads a workbook whose parts are these bytes, each up to a zero byte; those that are left out are as they
/// usually are. What is mutated in a packed workbook hardly ever gets past its checksums.
pub fn workbook(bytes: &[u8]) {
    let mut given = bytes.split(|byte| *byte == 0);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, usual) in PARTS {
        let part = given.next().filter(|part| !part.is_empty()).unwrap_or(usual.as_bytes());
        archive.start_file(name, options).expect("memory can be written");
        archive.write_all(part).expect("memory can be written");
    }
    let workbook = archive.finish().expect("memory can be written").into_inner();
    follow(incoming::read(&[source(&workbook)], known(&SCALE)));
}

/// The parts of a workbook with what usually is in them, those first that are worth changing most.
const PARTS: [(&str, &str); 7] = [
    (
        "xl/worksheets/sheet1.xml",
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>name</t></si></sst>"#,
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="teams" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
    ),
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
];

/// What is taken in is exported again one day, in every form that there is, and read once more.
fn follow(incoming: Incoming) {
    let Incoming { intake, warnings: _, faults } = incoming;
    if !faults.is_empty() {
        told(&faults);
        return;
    }
    let Intake { scale, teams, answers, evidence } = intake;
    let scale = scale.map_or_else(|| SCALE.clone(), |(_, scale)| scale);
    // What cannot be kept is refused later, with its place.
    let answers: Vec<AnswerRow> = answers.into_iter().filter(|row| SMALL.find(&row.activity).is_some()).collect();
    let pieces: Vec<(EvidenceContent, &EvidenceRow)> =
        evidence.iter().filter_map(|row| Some((content(row)?, row))).collect();
    let teams: Vec<(Team, &TeamRow)> = teams.iter().filter_map(|row| Some((team(row)?, row))).collect();
    answers_again(&answers, &scale);
    evidence_again(&pieces, &scale);
    teams_again(&teams, &scale);
    dsomm_again(&answers, &pieces, &teams, &scale);
}

/// Reads a table as CSV and as a workbook.
fn again(table: &Table, sheet: &str, scale: &ProgressScale) -> [Intake; 2] {
    let workbook = xlsx::workbook(table, sheet).expect("a sheet has room for what was read");
    [table.to_csv(), workbook].map(|bytes| {
        let again = incoming::read(&[source(&bytes)], known(scale));
        assert!(again.faults.is_empty(), "{}\n{}", again.faults, String::from_utf8_lossy(&bytes));
        again.intake
    })
}

fn answers_again(rows: &[AnswerRow], scale: &ProgressScale) {
    if rows.is_empty() {
        return;
    }
    let mut table = answers::table();
    for row in rows {
        let answer = Answer {
            status: row.status.clone(),
            note: row.note.clone().unwrap_or_default(),
            inherited_from: None,
            carried: false,
            since: row.since,
        };
        answers::push(
            &mut table,
            answers::Written {
                team: row.team.as_str(),
                period: row.period,
                activity: &row.activity,
                activity_name: &row.activity_name,
                answer: &answer,
                inherited_from: row.inherited_from.as_ref().and_then(Option::as_ref).map(Name::as_str),
            },
        );
    }
    for again in again(&table, "answers", scale) {
        assert_eq!(again.answers.len(), rows.len());
        for (again, row) in again.answers.iter().zip(rows) {
            assert_eq!(again.key(), row.key());
            assert_eq!(again.status, row.status);
            assert_eq!(again.note.clone().unwrap_or_default(), row.note.clone().unwrap_or_default());
            assert_eq!(again.inherited_from.clone().flatten(), row.inherited_from.clone().flatten());
        }
    }
}

fn evidence_again(pieces: &[(EvidenceContent, &EvidenceRow)], scale: &ProgressScale) {
    if pieces.is_empty() {
        return;
    }
    let mut table = evidence::table();
    for (content, row) in pieces {
        evidence::push(&mut table, content, &row.teams.iter().map(Name::as_str).collect::<Vec<_>>());
    }
    for again in again(&table, "evidence", scale) {
        assert_eq!(again.evidence.len(), pieces.len());
        for (again, (before, row)) in again.evidence.iter().zip(pieces) {
            assert_eq!(content(again).as_ref(), Some(before));
            assert_eq!(again.teams, row.teams);
        }
    }
}

fn teams_again(teams: &[(Team, &TeamRow)], scale: &ProgressScale) {
    if teams.is_empty() {
        return;
    }
    let mut table = teams::table();
    for (team, row) in teams {
        let groups: Vec<&str> = row.groups.iter().flatten().map(Name::as_str).collect();
        teams::push(&mut table, team, &groups);
    }
    for again in again(&table, "teams", scale) {
        assert_eq!(again.teams.len(), teams.len());
        for (again, (before, row)) in again.teams.iter().zip(teams) {
            assert_eq!(team(again).as_ref(), Some(before));
            assert_eq!(again.groups.clone().unwrap_or_default(), row.groups.clone().unwrap_or_default());
        }
    }
}

/// The files of the DSOMM application, all of them together.
fn dsomm_again(
    rows: &[AnswerRow],
    pieces: &[(EvidenceContent, &EvidenceRow)],
    teams: &[(Team, &TeamRow)],
    scale: &ProgressScale,
) {
    if rows.is_empty() && pieces.is_empty() && teams.is_empty() {
        return;
    }
    let mut by_activity: BTreeMap<&ActivityId, BTreeMap<&str, BTreeMap<usize, NaiveDate>>> = BTreeMap::new();
    for row in rows {
        let Status::Step(key) = &row.status else { continue };
        let step = scale.steps().iter().position(|step| step.key == *key).expect("a step of the scale");
        if step > 0 {
            let days = by_activity.entry(&row.activity).or_default().entry(row.team.as_str()).or_default();
            days.insert(step, row.since.unwrap_or(TODAY).min(TODAY));
        }
    }
    let activities = by_activity.into_iter().map(|(id, teams)| WrittenActivity {
        id: &id.0,
        name: SMALL.find(id).map_or("", |index| &SMALL.activity(index).name),
        teams: teams.into_iter().collect(),
    });
    let progress = dsomm::progress(&ProgressFile { activities: activities.collect(), scale, not_applicable: 0 });

    let mut ids: Vec<&ActivityId> = pieces.iter().flat_map(|(content, _)| &content.activities).collect();
    ids.sort();
    ids.dedup();
    let ids: Vec<(&str, &str)> = ids.into_iter().map(|id| (id.0.as_str(), "")).collect();
    let names: Vec<Vec<&str>> =
        pieces.iter().map(|(_, row)| row.teams.iter().map(Name::as_str).collect()).collect();
    let written: Vec<WrittenEvidence<'_>> = (1..)
        .zip(pieces.iter().zip(&names))
        .map(|(id, ((content, _), teams))| WrittenEvidence { id, content, teams })
        .collect();
    let evidence = dsomm::evidence(&ids, &written);

    let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (team, row) in teams {
        for group in row.groups.iter().flatten() {
            members.entry(group.as_str()).or_default().push(team.name.as_str());
        }
    }
    let members: Vec<(&str, Vec<&str>)> = members.into_iter().collect();
    let listed = dsomm::teams(&teams.iter().map(|(team, _)| team.name.as_str()).collect::<Vec<_>>(), &members);

    for text in [&progress, &evidence, &listed] {
        let _ = accepted(dsomm::read(&[source(text.as_bytes())], known(scale)).map_err(|faults| panic!("{faults}\n{text}")));
    }
    let meta = dsomm::meta(scale);
    let read = dsomm::read(&[Source { name: "meta.yaml", bytes: meta.as_bytes() }], known(&SCALE));
    let again = read.unwrap_or_else(|faults| panic!("{faults}\n{meta}")).value.scale.expect("the scale is in it").1;
    assert_eq!(worth(&again), worth(scale));
}

fn worth(scale: &ProgressScale) -> Vec<(String, String)> {
    scale.steps().iter().map(|step| (step.name.clone(), step.percent.to_string())).collect()
}

/// The piece of evidence that a row becomes, if it can be kept.
fn content(row: &EvidenceRow) -> Option<EvidenceContent> {
    let mut activities = row.activities.clone();
    activities.sort();
    activities.dedup();
    if row.teams.is_empty() || activities.is_empty() || activities.iter().any(|id| SMALL.find(id).is_none()) {
        return None;
    }
    Some(EvidenceContent {
        title: tidy_text(&row.title, EvidenceContent::TITLE_LIMIT).ok().filter(|title| !title.is_empty())?,
        link: tidy_text(&row.link, EvidenceContent::LINK_LIMIT).ok()?,
        text: tidy_text(&row.text, EvidenceContent::TEXT_LIMIT).ok()?,
        recorded_on: row.recorded_on,
        expires_on: row.expires_on,
        reviewer: tidy_text(&row.reviewer, EvidenceContent::REVIEWER_LIMIT).ok()?,
        activities,
        teams: Vec::new(),
    })
}

/// The team that a row becomes, if it can be kept.
fn team(row: &TeamRow) -> Option<Team> {
    let description = tidy_text(row.description.as_deref().unwrap_or_default(), 500).ok()?;
    let retired_at = row.retired_on.flatten().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let retired_at: Option<DateTime<chrono::Utc>> = retired_at;
    Some(Team { id: TeamId(1), name: row.name.clone(), description, groups: Vec::new(), retired_at })
}
