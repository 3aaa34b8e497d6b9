//! Tables of answers, evidence and teams: as spreadsheets write them, and the workbook to fill in.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::harness::{CommandLine, Table, activity_ids, made_up_answers};

const HEAD: &str = "team,period,activity_id,status,note";

/// A workbook of these sheets, each with rows of texts.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (number, row) in (0..).zip(*rows) {
            for (column, text) in (0..).zip(*row) {
                sheet.write_string(number, column, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// The same workbook, as programs write it that compute no formulas: without the values of those that are 0.
fn without_values(workbook: &[u8]) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        to.start_file(part.name().unwrap().to_string(), SimpleFileOptions::default()).unwrap();
        to.write_all(text.replace("</f><v>0</v>", "</f><v/>").as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// An archive that begins like a workbook, with one sheet of this content.
fn archive(sheet: &[u8], times: usize) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("[Content_Types].xml", SimpleFileOptions::default()).unwrap();
    archive.write_all(b"<Types/>").unwrap();
    archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    for _ in 0..times {
        archive.write_all(sheet).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What an import says is wrong, after which nothing is recorded.
fn refused(commands: &CommandLine, file: &str) -> String {
    let message = commands.run(&["import", file]).expect_failure();
    assert!(!commands.database().exists(), "nothing is recorded");
    message
}

#[test]
fn what_is_exported_imports_to_the_same_bytes() {
    let first = CommandLine::with_answers(&made_up_answers());
    let ids = activity_ids();
    first.write(
        "teams.csv",
        "name;description;groups;retired_on\nPayments;=the \"money\", mostly;\"Bank; Core\"\nOld;;\"\"\"Odd; Group\"\"\";2025-03-31\n",
    );
    first.write(
        "evidence.csv",
        format!(
            "title,link,text,recorded_on,expires_on,reviewer,activity_ids,teams\n\
             Scan,https://example.org/a,,2026-01-02,2027-01-02,Ada,{0}; {1},Payments\n\
             Scan,https://example.org/a,,2026-02-02,,,{0},\"Payments; Old\"\n\
             Scan,https://example.org/a,,2026-02-02,,,{0},\"Payments; Old\"\n\
             -2+3,,\"two\nlines\",2026-02-03,,,{1},Old\n",
            ids[0], ids[1]
        ),
    );
    let done = first.run(&["import", "teams.csv", "evidence.csv"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let kinds = ["answers", "teams", "evidence"];
    let exported = kinds.map(|kind| first.export(&[kind]).expect_done());
    assert!(exported[1].contains("Payments,\"'=the \"\"money\"\", mostly\",Bank; Core,"), "{}", exported[1]);
    assert_eq!(Table::read(&exported[2]).rows.len(), 4, "{}", exported[2]);
    for format in ["csv", "xlsx"] {
        let second = CommandLine::new();
        let names = kinds.map(|kind| format!("{kind}.{format}"));
        for (kind, name) in kinds.iter().zip(&names) {
            let path = second.path(name);
            first.export(&[kind, "--format", format, "-o", path.to_str().unwrap()]).expect_done();
        }
        let arguments = ["import", &names[0], &names[1], &names[2]];
        let done = second.run(&arguments);
        assert_eq!(done.code, Some(0), "{format}: {}", done.stderr);
        assert_eq!(kinds.map(|kind| second.export(&[kind]).expect_done()), exported, "{format}");
        second.run(&arguments).expect_done();
        assert_eq!(kinds.map(|kind| second.export(&[kind]).expect_done()), exported, "{format}: again is the same");
    }
}

#[test]
fn a_csv_is_read_as_spreadsheets_of_all_countries_write_it() {
    let id = &activity_ids()[0];
    let comma = format!("{HEAD}\r\nMüller,2026-Q3,{id},started,\"a, b; c\"\r\n");
    let semicolon = format!("{}\r\nMüller;2026-Q3;{id};started;\"a, b; c\"\r\n", HEAD.replace(',', ";"));
    let tab = format!("{}\r\nMüller\t2026-Q3\t{id}\tStarted\ta, b; c\r\n", HEAD.replace(',', "\t"));
    let utf16 = |text: &str| [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let windows = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let mut expected = None;
    for (what, bytes, warning) in [
        ("commas", comma.clone().into_bytes(), ""),
        ("semicolons", semicolon.clone().into_bytes(), ""),
        ("tabs in UTF-16", utf16(&tab), ""),
        ("a byte order mark", format!("\u{FEFF}{semicolon}").into_bytes(), ""),
        ("sep=", format!("sep=;\r\n{semicolon}").into_bytes(), ""),
        ("old line ends", comma.replace("\r\n", "\r").into_bytes(), ""),
        ("empty cells and rows", format!("{}\r\n,,,,,\r\n\r\n", comma.trim_end()).into_bytes(), ""),
        ("Windows-1252", windows(&semicolon), "warning: a.csv: this is not UTF-8, so it was read as Windows-1252"),
    ] {
        let commands = CommandLine::new();
        commands.write("a.csv", bytes);
        let done = commands.run(&["import", "a.csv"]);
        assert_eq!(done.code, Some(0), "{what}: {}", done.stderr);
        assert_eq!(done.stderr.contains("warning"), !warning.is_empty(), "{what}: {}", done.stderr);
        assert!(done.stderr.contains(warning), "{what}: {}", done.stderr);
        let everything = commands.everything();
        assert!(everything.contains("Müller,2026-Q3") && everything.contains("\"a, b; c\""), "{what}: {everything}");
        assert_eq!(*expected.get_or_insert(everything.clone()), everything, "{what}");
    }
}

#[test]
fn what_libreoffice_saves_says_the_same() {
    let sample = |name: &str| std::fs::read(format!("{}/tests/samples/sheets/{name}", env!("CARGO_MANIFEST_DIR")));
    let expected = String::from_utf8(sample("answers.csv").unwrap()).unwrap();
    for name in ["libreoffice-answers.xlsx", "libreoffice-semicolon-1252.csv", "libreoffice-tab-utf16.csv"] {
        let commands = CommandLine::new();
        commands.write(name, sample(name).unwrap());
        let done = commands.run(&["import", name]);
        assert_eq!(done.code, Some(0), "{name}: {}", done.stderr);
        assert_eq!(commands.everything(), expected, "{name}");
    }
    let commands = CommandLine::new();
    commands.write("a.xlsx", sample("libreoffice-evidence.xlsx").unwrap());
    commands.run(&["import", "a.xlsx"]).expect_done();
    let table = Table::read(&commands.export(&["evidence"]).expect_done());
    let days: Vec<_> =
        table.rows.iter().map(|row| (table.cell(row, "recorded_on"), table.cell(row, "expires_on"))).collect();
    assert_eq!(days, [("2026-04-03", "2027-01-02"), ("2026-05-13", "")]);
    commands.write("a.ods", sample("libreoffice-answers.ods").unwrap());
    let message = commands.run(&["import", "a.ods"]).expect_failure();
    assert_eq!(message, "a.ods: this is an OpenDocument file; save it as a workbook (.xlsx) or as CSV\n");
}

#[test]
fn days_that_may_be_two_are_a_fault_unless_the_column_decides() {
    let id = &activity_ids()[0];
    let file = |days: &[&str]| {
        let row = |(number, day): (usize, &&str)| format!("Scan {number};{day};{id};Payments\n");
        let rows: String = days.iter().enumerate().map(row).collect();
        format!("title;recorded_on;activity_ids;teams\n{rows}")
    };
    let commands = CommandLine::new();
    commands.write("a.csv", file(&["03/04/2026", "2026-04-03", "04/05/2026"]));
    let message = refused(&commands, "a.csv");
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines.len(), 2, "{message}");
    assert_eq!(
        lines[0],
        "a.csv:2: recorded_on: “03/04/2026” may be 3 Apr 2026 or 4 Mar 2026; write it like 2026-11-27"
    );
    commands.write("a.csv", file(&["03/04/2026", "27/04/2026", "5.4.2026"]));
    commands.run(&["import", "a.csv"]).expect_done();
    let table = Table::read(&commands.export(&["evidence"]).expect_done());
    let days: Vec<&str> = table.rows.iter().map(|row| table.cell(row, "recorded_on")).collect();
    assert_eq!(days, ["2026-04-03", "2026-04-27", "2026-04-05"]);
}

/// What a workbook keeps as a day is held to what can be written and read again, as texts are.
#[test]
fn a_day_in_a_thousand_years_is_a_slip() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Teams").unwrap();
    for (column, (name, text)) in (0..).zip([("name", "Payments"), ("description", ""), ("groups", "")]) {
        sheet.write_string(0, column, name).unwrap();
        sheet.write_string(1, column, text).unwrap();
    }
    sheet.write_string(0, 3, "retired_on").unwrap();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_datetime_with_format(1, 3, ExcelDateTime::from_ymd(3162, 3, 4).unwrap(), &day).unwrap();
    let commands = CommandLine::new();
    commands.write("a.xlsx", workbook.save_to_buffer().unwrap());
    let expected = "a.xlsx: Teams!D2: retired_on: 3162-03-04 is no day; write it like 2026-11-27\n";
    assert_eq!(refused(&commands, "a.xlsx"), expected);
}

#[test]
fn a_workbook_says_all_its_faults_with_sheet_and_cell() {
    let ids = activity_ids();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Answers").unwrap();
    for (column, name) in (0..).zip(["team", "period", "activity", "activity_id", "status"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    for (row, status) in (1..).zip(["Fully implemented", "nonsense", "STARTED", "started"]) {
        sheet.write_string(row, 0, "Payments").unwrap();
        sheet.write_string(row, 1, "2026-Q3").unwrap();
        sheet.write_string(row, 3, &ids[usize::try_from(row.min(3)).unwrap()]).unwrap();
        sheet.write_string(row, 4, status).unwrap();
    }
    sheet.write_formula(4, 0, Formula::new("=NA()").set_result("#N/A")).unwrap();
    let evidence = workbook.add_worksheet();
    evidence.set_name("Proof").unwrap();
    for (column, name) in (0..).zip(["Title", "Recorded on", "Activity IDs", "Teams"]) {
        evidence.write_string(0, column, name).unwrap();
    }
    let day = Format::new().set_num_format("dd.mm.yyyy");
    evidence.write_datetime_with_format(1, 1, ExcelDateTime::from_ymd(2026, 4, 3).unwrap(), &day).unwrap();
    evidence.write_number(2, 1, 46_115.0).unwrap();
    for row in 1..3 {
        evidence.write_string(row, 0, if row == 1 { "" } else { "Scan" }).unwrap();
        evidence.write_string(row, 2, if row == 1 { &ids[0] } else { "nobody" }).unwrap();
        evidence.write_string(row, 3, "Payments").unwrap();
    }
    let other = workbook.add_worksheet();
    other.set_name("Notes").unwrap();
    other.write_string(0, 0, "what we talked about").unwrap();
    let commands = CommandLine::new();
    commands.write("a.xlsx", workbook.save_to_buffer().unwrap());
    let message = refused(&commands, "a.xlsx");
    for start in [
        "a.xlsx: Answers!E3: status: “nonsense” is not a status",
        "a.xlsx: Answers!A5: team: the formula here gives #N/A",
        "a.xlsx: Proof!A2: title: a title is needed",
        "a.xlsx: Proof!C3: activity_ids: there is no activity “nobody”",
    ] {
        assert!(message.lines().any(|line| line.starts_with(start)), "{start}\n{message}");
    }
    assert_eq!(message.lines().count(), 4, "{message}");

    commands.write(
        "twice.xlsx",
        self::workbook(&[(
            "Answers",
            &[
                &["team", "period", "activity_id", "status"],
                &["Payments", "2026-Q3", &ids[0], "started"],
                &[],
                &["payments", "2026-Q3", &ids[0], "Fully implemented"],
            ],
        )]),
    );
    let message = refused(&commands, "twice.xlsx");
    assert_eq!(
        message,
        "twice.xlsx: Answers!4: the same team, quarter and activity as in Answers!2; keep one of them, or add the \
         column activity with the names if an old catalog gave one id to several\n"
    );
}

#[test]
fn the_sheets_of_a_workbook_are_read_together_and_others_are_passed_over() {
    let id = &activity_ids()[0];
    let commands = CommandLine::new();
    let sheets: [(&str, &[&[&str]]); 3] = [
        ("Notes", &[&["nothing", "of", "it"]]),
        ("Quarter", &[&["team", "period", "activity_id", "status"], &["Payments", "2026-Q3", id, "started"]]),
        ("Teams", &[&["name", "groups"], &["Payments", "Bank\nCore"]]),
    ];
    commands.write("a.xlsx", workbook(&sheets));
    let done = commands.run(&["import", "a.xlsx"]);
    assert!(done.stderr.contains("a.xlsx: Notes!1: this sheet is no table of answers, evidence or teams"), "{done:?}");
    done.expect_done();
    assert_eq!(
        commands.export(&["teams"]).expect_done(),
        "name,description,groups,retired_on\r\nPayments,,Bank; Core,\r\n"
    );
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let commands = CommandLine::new();
    let mut file = std::fs::File::create(commands.path("huge.xlsx")).unwrap();
    file.write_all(b"PK\x03\x04").unwrap();
    file.set_len(100_000_000).unwrap();
    assert_eq!(refused(&commands, "huge.xlsx"), "huge.xlsx: larger than 16 MB, which is the most that is read\n");

    // A hundred megabytes packed into a hundred kilobytes.
    commands.write("bomb.xlsx", archive(&[b' '; 1_000_000], 100));
    let message = refused(&commands, "bomb.xlsx");
    assert!(message.starts_with("bomb.xlsx: larger than 64 MB when it is unpacked"), "{message}");

    let wide: Vec<String> = (0..300).map(|n| format!("column {n}")).collect();
    let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    commands.write("wide.xlsx", workbook(&[("Answers", &[&wide])]));
    let message = refused(&commands, "wide.xlsx");
    assert_eq!(message, "wide.xlsx: Answers: more than 256 columns, which is the most that is read\n");
    commands.write("wide.csv", format!("{HEAD}{}\n", ",".repeat(1_000_000)));
    let message = refused(&commands, "wide.csv");
    assert_eq!(message, "wide.csv:1: more than 256 columns, which is the most that is read\n");
}

#[test]
fn a_broken_workbook_is_said_to_be_one() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    let rows: &[&[&str]] = &[&["team", "period", "activity_id", "status"], &["Payments", "2026-Q3", id, "started"]];
    let whole = workbook(&[("Answers", rows)]);
    for end in [10, whole.len() / 2, whole.len() - 5] {
        commands.write("a.xlsx", &whole[..end]);
        let message = refused(&commands, "a.xlsx");
        assert!(message.starts_with("a.xlsx: not readable as a workbook (.xlsx)"), "{end}: {message}");
    }
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    commands.write("a.zip", other.finish().unwrap().into_inner());
    assert_eq!(refused(&commands, "a.zip"), "a.zip: this is an archive, but no workbook (.xlsx)\n");
}

#[test]
fn evidence_again_is_the_same_and_another_day_is_a_change() {
    let id = &activity_ids()[0];
    let commands = CommandLine::new();
    let file = |day: &str, text: &str| {
        format!("title,link,text,recorded_on,activity_ids,teams\nScan,https://example.org,{text},{day},{id},Payments\n")
    };
    commands.write("a.csv", file("2026-01-02", "good"));
    commands.write("b.csv", file("2026-02-02", "better"));
    for name in ["a.csv", "a.csv", "b.csv", "b.csv"] {
        commands.run(&["import", name]).expect_done();
    }
    let table = Table::read(&commands.export(&["evidence"]).expect_done());
    assert_eq!(table.rows.len(), 1, "{:?}", table.rows);
    assert_eq!(table.cell(&table.rows[0], "text"), "better");
    let audit = commands.export(&["audit"]).expect_done();
    let count = |word: &str| audit.matches(word).count();
    assert_eq!((count(",evidence-added,"), count(",evidence-changed,")), (1, 1), "{audit}");
    // The same in two files at once is one piece.
    let other = CommandLine::new();
    other.write("a.csv", file("2026-01-02", "good"));
    other.write("b.csv", file("2026-01-02", "good"));
    other.run(&["import", "a.csv", "b.csv"]).expect_done();
    assert_eq!(Table::read(&other.export(&["evidence"]).expect_done()).rows.len(), 1);
}

#[test]
fn rows_that_say_different_things_of_a_team_name_each_other() {
    let commands = CommandLine::new();
    commands.write("a.csv", "name,description\nPayments,one\npayments,two\n");
    let message = refused(&commands, "a.csv");
    assert_eq!(message, "a.csv:3: a.csv:2 says something else of the same team; keep one of them\n");
}

#[test]
fn a_template_says_what_is_recorded_and_is_the_same_each_time() {
    let commands = CommandLine::with_answers(&made_up_answers());
    let ids = activity_ids();
    commands.write(
        "evidence.csv",
        format!("title,recorded_on,activity_ids,teams\n'=Scan,2026-01-02,{}; {},Payments\n", ids[0], ids[1]),
    );
    commands.run(&["import", "evidence.csv"]).expect_done();
    let team = Table::read(&commands.export(&["teams"]).expect_done()).rows[0][0].clone();
    let template = |name: &str| {
        let arguments = ["template", "--team", &team, "--period", "2025-Q4", "-o", name];
        let path = commands.path(name);
        let arguments = arguments.map(|argument| if argument == name { path.to_str().unwrap() } else { argument });
        commands.export(&arguments).expect_done();
        std::fs::read(path).unwrap()
    };
    assert_eq!(template("a.xlsx"), template("b.xlsx"));
    let before = commands.everything();
    let done = commands.run(&["import", "a.xlsx"]);
    assert!(done.stderr.contains("0 answers recorded, 194 rows unchanged"), "{}", done.stderr);
    assert!(!done.stderr.contains("warning"), "{}", done.stderr);
    assert_eq!(commands.everything(), before);
    let message = commands.export(&["template"]).expect_failure();
    assert!(message.contains("a template is for one team"), "{message}");
}

#[test]
fn a_fault_names_the_line_that_editors_show() {
    let id = &activity_ids()[0];
    let commands = CommandLine::new();
    for end in ["\n", "\r\n", "\r"] {
        let lines = [HEAD, &format!("P,2026-Q3,{id},started,\"two{end}lines\""), "", &format!("P,2026-Q2,{id},bogus,")];
        commands.write("a.csv", lines.join(end));
        let message = refused(&commands, "a.csv");
        assert!(message.starts_with("a.csv:5: status: “bogus” is not a status"), "{end:?}: {message}");
    }
}

#[test]
fn a_formula_without_its_value_erases_no_answer() {
    let id = &activity_ids()[0];
    let commands = CommandLine::new();
    let file = |value: Option<&str>| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name("Answers").unwrap();
        for (column, (name, text)) in
            (0..).zip([("team", "Payments"), ("period", "2026-Q3"), ("activity_id", id), ("note", "kept")])
        {
            sheet.write_string(0, column, name).unwrap();
            sheet.write_string(1, column, text).unwrap();
        }
        sheet.write_string(0, 4, "status").unwrap();
        let formula = Formula::new("=IF(TRUE,\"started\",\"\")");
        let formula = if let Some(value) = value { formula.set_result(value) } else { formula };
        sheet.write_formula(1, 4, formula).unwrap();
        without_values(&workbook.save_to_buffer().unwrap())
    };
    commands.write("a.xlsx", file(None));
    assert_eq!(
        refused(&commands, "a.xlsx"),
        "a.xlsx: Answers!E2: status: this is a formula whose value is not stored; open the workbook in a spreadsheet \
         program and save it, or write the value\n"
    );
    commands.write("a.xlsx", file(Some("started")));
    commands.run(&["import", "a.xlsx"]).expect_done();
    let before = commands.everything();
    assert!(before.contains("started"), "{before}");
    commands.write("b.xlsx", file(None));
    commands.run(&["import", "b.xlsx"]).expect_failure();
    assert_eq!(commands.everything(), before);
}

/// The process that read these would be ended, or would panic, before anybody could say what is wrong.
#[test]
fn a_workbook_gets_no_more_memory_than_it_has_content() {
    let commands = CommandLine::new();
    for (name, expected) in [
        ("hostile-texts.xlsx", "it says that it has more texts than 4000000, which is the most that is read"),
        ("hostile-formats.xlsx", "its formats of numbers or names of fonts are too long to be read"),
        ("hostile-cells.xlsx", "“99999999999” is the address of no cell"),
    ] {
        let sample = format!("{}/tests/samples/sheets/{name}", env!("CARGO_MANIFEST_DIR"));
        commands.write(name, std::fs::read(sample).unwrap());
        assert_eq!(refused(&commands, name), format!("{name}: {expected}\n"));
    }
}
