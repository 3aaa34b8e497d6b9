//! What the files of the DSOMM application say, and that what is written for it is read again.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::answer::Status;
use crate::domain::catalog::{ActivityId, samples};
use crate::domain::evidence::EvidenceContent;
use crate::domain::organization::{Name, TeamId, tidy_text};
use crate::domain::scale::{ProgressScale, Step};
use crate::formats::intake::AnswerRow;

const TODAY: &str = "2026-05-20";

fn read_all(files: &[(&str, &str)]) -> Result<Reading<Intake>, Vec<String>> {
    let (scale, catalog) = (ProgressScale::default(), samples::catalog(&[&[1, 2], &[1]]));
    let sources: Vec<_> = files.iter().map(|(name, text)| Source { name, bytes: text.as_bytes() }).collect();
    let context = Known { scale: &scale, catalog: &catalog, today: TODAY.parse().unwrap() };
    read(&sources, context).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn taken(files: &[(&str, &str)]) -> (Intake, Vec<String>) {
    let reading = read_all(files).unwrap();
    (reading.value, reading.warnings.iter().map(ToString::to_string).collect())
}

fn faults(text: &str) -> Vec<String> {
    read_all(&[("f.yaml", text)]).unwrap_err()
}

/// An answer on one line: quarter, team, activity, status, since when, and what was passed.
fn line(row: &AnswerRow) -> String {
    let since = |day: Option<NaiveDate>| day.map_or("?".to_owned(), |day| day.to_string());
    let passed: Vec<String> =
        row.passed.iter().map(|passed| format!(" < {} {}", passed.status.word(), since(passed.since))).collect();
    let AnswerRow { period, team, activity, .. } = row;
    format!("{period} {team} {} {} {}{}", activity.0, row.status.word(), since(row.since), passed.concat())
}

fn lines(intake: &Intake) -> Vec<String> {
    intake.answers.iter().map(line).collect()
}

const PROGRESS: &str = "\
progress:
  a0:  # a name
    'Payments':
      'Started': 2025-02-03
      'Fully implemented': '2025-08-20'
      'Partly implemented': 2025-07-11T22:30:00-03:00
    \"Tom's \\\"App\\\": 1\":
      Started: 2026-04-02
  a2:
    payments:
      STARTED: 2025-03-01
";

#[test]
fn the_days_of_stages_become_quarters() {
    let (intake, warnings) = taken(&[("p.yaml", PROGRESS)]);
    assert_eq!(
        lines(&intake),
        [
            "2025-Q1 Payments a0 started 2025-02-03",
            "2025-Q1 Payments a2 started 2025-03-01",
            "2025-Q3 Payments a0 fully_implemented 2025-08-20 < partly_implemented 2025-07-12",
            "2025-Q3 Payments a2 started 2025-03-01",
            "2026-Q2 Tom's \"App\": 1 a0 started 2026-04-02",
        ]
    );
    assert_eq!(warnings, Vec::<String>::new());
    let place = intake.answers[2].at.place().to_string();
    assert_eq!(place, "p.yaml:5:7: progress > a0 > Payments > Fully implemented");
    let teams: Vec<_> = intake.teams.iter().map(|team| (team.name.as_str(), &team.groups)).collect();
    assert_eq!(teams, [("Payments", &None), ("Tom's \"App\": 1", &None)]);
}

#[test]
fn a_fresh_file_says_nothing() {
    for text in ["progress:", "progress: {}\n", "progress:\n  # nothing yet\n", "evidence:\n", "teams:\nteamGroups:\n"]
    {
        assert!(is_dsomm(text.as_bytes()), "{text}");
        assert_eq!(taken(&[("f.yaml", text)]), (Intake::default(), vec![]), "{text}");
    }
}

#[test]
fn what_nobody_knows_is_listed_once_and_not_taken() {
    let text = "\
progress:
  gone:
    A: {Started: 2025-01-01}
  a0:
    A: {Started: 2025-01-01, Begun: 2025-01-02, 'Fully implemented': 2026-05-21}
    B: {Begun: 2025-01-02, Started: 1999-12-31, 'Partly implemented': }
    C: {'Fully implemented': 2025-01-01, Started: 2025-02-01}
    D: {Started: 2025-01-01}
";
    let teams = "teams: [A, B, C]\nteamGroups:\n  All: [A, E]\n  None: []\ncolour: red\n";
    let (intake, warnings) = taken(&[("p.yaml", text), ("t.yaml", teams)]);
    assert_eq!(lines(&intake), ["2025-Q1 A a0 started 2025-01-01", "2025-Q1 C a0 fully_implemented 2025-01-01"]);
    let starts = [
        "p.yaml:2:3: progress > gone: there is no activity “gone” in the catalog in use",
        "p.yaml:6:49: progress > a0 > B > Partly implemented: a stage without a day",
        "t.yaml:4:3: teamGroups > None: a group without teams is not made",
        "t.yaml:5:1: colour: this key is not known",
        "t.yaml:3:12: teamGroups > All: E is in the group All but not among the teams",
        "p.yaml:5:30: progress > a0 > A > Begun: no step of the scale is called “Begun”",
        "p.yaml:5:49: progress > a0 > A > Fully implemented: a day after today, 2026-05-20",
        "p.yaml:6:28: progress > a0 > B > Started: a day before 2000-01-01",
        "p.yaml:8:9: progress > a0 > D > Started: D is not among the teams",
        "p.yaml:7:42: progress > a0 > C > Started: a higher stage was reached before that day",
    ];
    assert_eq!(warnings.len(), starts.len(), "{warnings:#?}");
    for (warning, start) in warnings.iter().zip(starts) {
        assert!(warning.starts_with(start), "{warning} / {start}");
    }
    assert!(warnings[5].ends_with("(2 times)"), "{}", warnings[5]);
    let groups: Vec<_> = intake.teams.iter().map(|team| team.groups.as_ref().unwrap().len()).collect();
    assert_eq!(groups, [1, 0, 0]);
}

#[test]
fn stages_of_ones_own_become_the_scale() {
    let meta = "\
progressDefinition:
  Überall!: {score: 1, definition: everywhere}
  Started: {score: 20%}
  Rolled out: {score: '80 %'}
  半分: {score: 0.333}
  Rolled-out: {score: 90.4%}
  Nothing: {score: 0}
teams: {$ref: 'teams.yaml#/teams'}
";
    let progress = "progress:\n  a0:\n    A: {rolled out: 2026-01-01, überall!: 2026-02-01}\n";
    let (intake, warnings) = taken(&[("p.yaml", progress), ("meta.yaml", meta)]);
    let steps: Vec<_> = intake.scale.as_ref().unwrap().1.steps().iter().map(|s| (s.key.as_str(), s.percent)).collect();
    assert_eq!(
        steps,
        [("nothing", 0), ("started", 20), ("step_33", 33), ("rolled_out", 80), ("rolled_out_2", 90), ("berall", 100)]
    );
    assert_eq!(lines(&intake), ["2026-Q1 A a0 berall 2026-02-01 < rolled_out 2026-01-01"]);
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn stages_that_make_no_scale_are_faults_with_their_reasons() {
    let text = "progressDefinition:\n  A: {score: 120%}\n  B: {definition: x}\n  C: {score: high}\n  D: {score: [1]}\n";
    let found = faults(text);
    let starts = [
        "f.yaml:2:7: progressDefinition > A > score: expected 0% to 100%, or a number from 0 to 1, found “120%”",
        "f.yaml:3:3: progressDefinition > B: score is missing",
        "f.yaml:4:7: progressDefinition > C > score: expected 0% to 100%",
        "f.yaml:5:7: progressDefinition > D > score: expected 0% to 100%",
        "f.yaml:5:14: progressDefinition > D > score: expected a text, found a list",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (fault, start) in found.iter().zip(starts) {
        assert!(fault.starts_with(start), "{fault} / {start}");
    }
    let found = faults("progressDefinition:\n  A: {score: 10%}\n  B: {score: 0.1}\n");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].starts_with("f.yaml:2:3: progressDefinition > A: these stages make no scale: the first step"));
}

#[test]
fn evidence_at_several_activities_is_one_piece() {
    let text = "\
evidence:
  a0:
    - &it
      id: one
      teams: [Payments, payments, Web]
      title: ' A
        title '
      description: \"**all**\\nof it\"
      evidenceRecorded: 2026-04-01T00:00:00.000Z
      reviewer: Lead
      attachment:
        - {type: document, externalLink: 'file:///x'}
        - {type: link, externalLink: https://wiki.example/a}
        - {type: image, externalLink: https://wiki.example/b}
    - {teams: [Web], evidenceRecorded: 2026-01-01, description: untitled}
    - {id: late, teams: [Web], title: T, evidenceRecorded: 2027-01-01}
    - {id: of nobody, title: T, evidenceRecorded: 2026-01-01}
    - {id: of no day, teams: [Web], title: T}
  a1: [*it]
  gone: [*it]
";
    let (intake, warnings) = taken(&[("e.yaml", text)]);
    let pieces: Vec<_> = intake
        .evidence
        .iter()
        .map(|row| {
            let names = row.teams.iter().map(Name::as_str).collect::<Vec<_>>().join("+");
            let ids = row.activities.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join("+");
            format!("{ids} {names} {} | {} | {} | {} {}", row.title, row.text, row.link, row.recorded_on, row.reviewer)
        })
        .collect();
    assert_eq!(
        pieces,
        [
            "a0+a1 Payments+Web A title | **all**\nof it\ndocument: file:///x\nimage: https://wiki.example/b | \
             https://wiki.example/a | 2026-04-01 Lead",
            "a0 Web untitled | untitled |  | 2026-01-01 ",
        ]
    );
    assert_eq!(warnings.len(), 4, "{warnings:#?}");
}

const GENERATED: &str = "\
---
meta: {version: 3}
---
All:
  Part 0:
    Renamed:
      uuid: a0
      level: 1
      teamsImplemented: {Default: true, B: false, C: }
      teamsEvidence:
        Default: \"It is **so**.\\n\"
        B: ''
    Ours:
      uuid: ours
      level: 1
      teamsImplemented: {Default: true}
  Part 1:
    Activity a1: {uuid: shared, teamsImplemented: {Default: true}}
    Activity a2: {uuid: shared, teamsImplemented: {Default: yes}}
";

#[test]
fn the_older_single_file_tells_what_is_implemented_now() {
    assert!(is_dsomm(GENERATED.as_bytes()));
    let (intake, warnings) = taken(&[("generated.yaml", GENERATED)]);
    let row = |id: &str| format!("2026-Q2 Default {id} fully_implemented ?");
    assert_eq!(lines(&intake), [row("a0"), row("a1"), row("a2")]);
    assert_eq!(intake.evidence.len(), 1);
    assert_eq!(intake.evidence[0].text, "It is **so**.");
    assert!(warnings[0].contains("“Ours”") && warnings[0].contains("cairn catalog add"), "{warnings:?}");
}

#[test]
fn everything_that_cannot_be_read_is_a_fault_with_its_place() {
    let text = "\
progress:
  a0:
    A: {Started: soon, Partly implemented: [2025-01-01]}
    \"\": {Started: 2025-01-01}
    B: yes
  a1: [x]
evidence:
  a0: text
  a1: [text, {teams: B, title: T, evidenceRecorded: yesterday}]
teams: {A: 1}
teamGroups: {G: [{}]}
All:
  P:
    N: {uuid: a0, teamsImplemented: {A: perhaps}, teamsEvidence: [x]}
";
    let found = faults(text);
    let starts = [
        "f.yaml:3:18: progress > a0 > A > Started: expected a day, like 2026-04-01, found “soon”",
        "f.yaml:3:44: progress > a0 > A > Partly implemented: expected a day, like 2026-04-01, found a list",
        "f.yaml:4:5: progress > a0 > : a name is needed",
        "f.yaml:5:8: progress > a0 > B: expected stages with their days, found a text",
        "f.yaml:6:7: progress > a1: expected teams with their stages, found a list",
        "f.yaml:8:7: evidence > a0: expected a list of evidence, found a text",
        "f.yaml:9:8: evidence > a1: expected a piece of evidence, found a text",
        "f.yaml:9:22: evidence > a1 > teams: expected a list of names, found a text",
        "f.yaml:9:53: evidence > a1 > evidenceRecorded: expected a day, like 2026-04-01, found “yesterday”",
        "f.yaml:10:8: teams: expected a list of names, found a mapping",
        "f.yaml:11:18: teamGroups > G: expected a name, found a mapping",
        "f.yaml:14:41: All > P > N > teamsImplemented > A: expected true or false, found “perhaps”",
        "f.yaml:14:66: All > P > N > teamsEvidence: expected teams with their evidence, found a list",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (fault, start) in found.iter().zip(starts) {
        assert!(fault.starts_with(start), "{fault} / {start}");
    }
    let one = "progress:\n  a0:\n    A: {Started: 2025-01-01}\n";
    let found = read_all(&[("a.yaml", one), ("b.yaml", &one.replace("-01\n", "-02\n").replace("-01}", "-02}"))]);
    let found = found.unwrap_err();
    assert!(
        found[0].starts_with(
            "b.yaml:3:9: progress > a0 > A > Started: the same stage has another day, 2025-01-01, at a.yaml:3:9"
        ),
        "{found:?}"
    );
    assert!(read_all(&[("a.yaml", one), ("b.yaml", one)]).is_ok(), "to say the same twice is no contradiction");
}

#[test]
fn a_file_is_known_by_its_keys_alone() {
    for text in [
        "# c\n\"progress\" : {}\n",
        "\u{FEFF}evidence:\n",
        "lang: en\nteamProgressFile: x\n",
        "A:\n  B:\n    C:\n      uuid: x\n",
        "'teams':\n",
    ] {
        assert!(is_dsomm(text.as_bytes()), "{text}");
    }
    for text in
        ["", "team,period\nprogress,2\n", "a:\n  progress:\n", "my progress: 1\n", "{\"progress\": 1}", "<progress:/>"]
    {
        assert!(!is_dsomm(text.as_bytes()), "{text}");
    }
}

#[test]
fn long_names_do_not_multiply() {
    let id = "x".repeat(1_000_000);
    let teams: String = (0..1_000).map(|i| format!("    T{i}: {{Started: never}}\n")).collect();
    let (_, warnings) = taken(&[("p.yaml", &format!("progress:\n  ? {id}\n  :\n{teams}"))]);
    assert!(warnings.len() == 1 && warnings[0].len() < 400, "{}", warnings[0].len());
}

/// Names that YAML would take for something else unless they are quoted well.
fn names() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "yes",
        "no",
        "null",
        "~",
        "true",
        "1",
        "1.5",
        "0x1F",
        "1e3",
        "2026-01-01",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "'",
        "\"",
        "''",
        "\\",
        "\\n",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "{a}",
        "[a]",
        "?",
        ":",
        ",",
        "<<",
        "=",
        "$ref",
        "---",
        "...",
        "Müller & Söhne's App",
        "支払い 👩‍💻",
        "مدفوعات",
        "\u{FFFD}",
        "a\u{AD}b",
        "\u{301}",
        "NaN",
        ".inf",
        "teams",
        "Off",
    ]);
    prop_oneof![odd.prop_map(str::to_owned), "\\PC{1,12}", "[-:'\"#\\\\ a]{1,8}"]
}

fn name() -> impl Strategy<Value = Name> {
    names().prop_filter_map("a name", |text| Name::new(&text).ok())
}

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(names(), 0..4).prop_filter_map("a text", |lines| tidy_text(&lines.join("\n  "), 1_000).ok())
}

proptest! {
    #[test]
    fn progress_that_is_written_is_read_again(
        teams in prop::collection::vec((name(), prop::collection::btree_set(1usize..4, 0..4), 0u64..400), 1..5),
        stages in prop::collection::vec(name(), 4),
    ) {
        let mut teams = teams;
        teams.sort_by_key(|(name, ..)| name.key());
        teams.dedup_by_key(|(name, ..)| name.key());
        let steps = stages.iter().zip([0, 20, 50, 100]).enumerate().map(|(i, (name, percent))| Step {
            key: format!("s{i}"), name: name.to_string(), percent,
        });
        let Ok(scale) = ProgressScale::new(steps.collect()) else { return Ok(()) };
        let first: NaiveDate = "2024-12-01".parse().unwrap();
        let days: Vec<_> = teams.iter().map(|(name, steps, after)| {
            let day = |step: &usize| (*step, first + chrono::Days::new(after + 30 * *step as u64));
            (name.as_str(), steps.iter().map(day).collect::<std::collections::BTreeMap<_, _>>())
        }).collect();
        let activity = WrittenActivity { id: "a0", name: "A name: it's #1", teams: days.clone() };
        let written = progress(&ProgressFile { activities: vec![activity], scale: &scale, not_applicable: 0 });
        let files = [("p.yaml", written.as_str()), ("m.yaml", &meta(&scale))];
        let (intake, warnings) = taken(&files);
        prop_assert_eq!(warnings, Vec::<String>::new());
        let read_scale = &intake.scale.as_ref().unwrap().1;
        prop_assert_eq!(
            read_scale.steps().iter().map(|step| (&step.name, step.percent)).collect::<Vec<_>>(),
            scale.steps().iter().map(|step| (&step.name, step.percent)).collect::<Vec<_>>()
        );
        let mut found: Vec<(String, usize, NaiveDate)> = Vec::new();
        let step = |status: &Status| read_scale.steps().iter().position(|step| status.word() == step.key).unwrap();
        for row in &intake.answers {
            found.extend(row.passed.iter().map(|passed| (row.team.to_string(), step(&passed.status), passed.since.unwrap())));
            found.push((row.team.to_string(), step(&row.status), row.since.unwrap()));
        }
        let mut expected: Vec<(String, usize, NaiveDate)> = days.iter()
            .flat_map(|(name, days)| days.iter().map(|(step, day)| ((*name).to_owned(), *step, *day))).collect();
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn teams_and_evidence_that_are_written_are_read_again(
        written_teams in prop::collection::btree_map("[a-c]{1,2}", name(), 1..4),
        group in name(),
        (title, reviewer) in (name(), prop::option::of(name())),
        text in texts(),
    ) {
        let mut team_names: Vec<&str> = written_teams.values().map(Name::as_str).collect();
        team_names.sort_by_key(|name| name.to_lowercase());
        team_names.dedup_by_key(|name| name.to_lowercase());
        let content = EvidenceContent {
            title: title.to_string(),
            link: "https://wiki.example/a?b=c#d".into(),
            text: text.clone(),
            recorded_on: "2026-01-02".parse().unwrap(),
            expires_on: None,
            reviewer: reviewer.map(|name| name.to_string()).unwrap_or_default(),
            activities: vec![ActivityId("a0".into()), ActivityId("a2".into())],
            teams: vec![TeamId(1)],
        };
        let pieces = [WrittenEvidence { id: 7, content: &content, teams: &team_names }];
        let files = [evidence(&[("a0", "n"), ("a1", "n"), ("a2", "")], &pieces), teams(&team_names, &[(group.as_str(), team_names.clone())])];
        let (intake, warnings) = taken(&[("e.yaml", &files[0]), ("t.yaml", &files[1])]);
        prop_assert_eq!(warnings, Vec::<String>::new());
        prop_assert_eq!(intake.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), team_names.clone());
        prop_assert!(intake.teams.iter().all(|team| team.groups == Some(vec![group.clone()])));
        let [row] = intake.evidence.as_slice() else { return Err(TestCaseError::fail("one piece")) };
        prop_assert_eq!(
            (&row.title, &row.link, &row.text, row.recorded_on, &row.reviewer, &row.activities),
            (&content.title, &content.link, &content.text, content.recorded_on, &content.reviewer, &content.activities)
        );
        prop_assert_eq!(row.teams.iter().map(Name::as_str).collect::<Vec<_>>(), team_names);
    }
}
