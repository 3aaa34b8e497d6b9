//! Answers made up so that everything occurs in them, and answers read back for comparison.

use std::sync::LazyLock;

use cairn::app::bundled_catalog;

/// The teams of the made-up answers.
pub(crate) const TEAMS: [&str; 3] = ["Payments", "=Web Shop", "Müller & Söhne \"Core\", Berlin"];

/// Their quarters.
pub(crate) const QUARTERS: [&str; 4] = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"];

const HEAD: [&str; 8] =
    ["team", "period", "activity_id", "activity", "status", "not_applicable_reason", "note", "inherited_from"];

const NOTES: [&str; 12] = [
    "",
    "a plain note",
    "one, two, three",
    "a \"quoted\" word",
    "two\nlines",
    "=SUM(A1:A9)",
    "+49 30 1234",
    "-1",
    "@everyone",
    "'quoted'",
    "'=guarded",
    "ünïcode 🪨 مرحبا",
];

/// The ids of all activities, in the order of the catalog.
pub(crate) fn activity_ids() -> Vec<String> {
    static IDS: LazyLock<Vec<String>> =
        LazyLock::new(|| bundled_catalog().unwrap().activities().map(|(_, activity)| activity.id.0.clone()).collect());
    IDS.clone()
}

/// A file of answers: three teams, four quarters, every status, every kind of note. Teams rise by
/// about a level in every quarter; the last joins late and leaves a quarter out; one sub-dimension
/// does not apply to two of them, and some activities to none.
pub(crate) fn made_up_answers() -> String {
    let catalog = bundled_catalog().unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD).unwrap();
    for (t, team) in TEAMS.iter().enumerate() {
        for (q, quarter) in QUARTERS.iter().enumerate() {
            if t == 2 && (q == 0 || q == 2) {
                continue;
            }
            for (i, (index, home)) in catalog.homes().enumerate() {
                let activity = catalog.activity(index);
                let draw = draw([t, q, i]);
                let nowhere = i % 31 == 7 || (home.sub_dimension.name == "Process" && t < 2);
                let (status, reason) = if nowhere || draw.is_multiple_of(23) {
                    ("not_applicable", ["nothing like it here", "=no, \"really\" not"][draw % 2])
                } else if usize::from(activity.level) <= t + q || draw.is_multiple_of(3) {
                    ("fully_implemented", "")
                } else {
                    let rest = ["", "unanswered", "not_implemented", "started", "partly_implemented"];
                    (rest[draw % rest.len()], "")
                };
                if status.is_empty() && draw.is_multiple_of(2) {
                    // Left out of the file, which is as good as unanswered.
                    continue;
                }
                let inherited = if t == 2 && draw.is_multiple_of(7) { TEAMS[draw % 2] } else { "" };
                let note = NOTES[draw / 7 % NOTES.len()];
                writer
                    .write_record([team, *quarter, &activity.id.0, &activity.name, status, reason, note, inherited])
                    .unwrap();
            }
        }
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A small catalog as a file: dimensions of one part each, with activities of these levels. Their ids and names are
/// `a0`, `a1`, … through all of it.
pub(crate) fn small_catalog(dimensions: &[(&str, &[u8])]) -> String {
    let mut file = String::from("meta: {version: small}\n");
    let mut number = 0;
    for (dimension, levels) in dimensions {
        file.push_str(&format!("{dimension}:\n  Part:\n"));
        for level in *levels {
            file.push_str(&format!(
                "    a{number}: {{uuid: a{number}, level: {level}, usefulness: 3, \
                 difficultyOfImplementation: {{knowledge: 1, time: 1, resources: 1}}}}\n"
            ));
            number += 1;
        }
    }
    file
}

/// Answers to such a catalog as a file: team, quarter, and a sign for each activity: `x` fully implemented, `h`
/// partly, `0` not implemented, `n` not applicable, `-` unanswered. A name after them is from whom all are taken.
pub(crate) fn signed_answers(rows: &[(&str, &str, &str, &str)]) -> String {
    let mut file = String::from("team,period,activity_id,status,not_applicable_reason,inherited_from\n");
    for (team, quarter, signs, from) in rows {
        for (i, sign) in signs.chars().enumerate().filter(|(_, sign)| *sign != ' ') {
            let (status, reason) = match sign {
                'x' => ("fully_implemented", ""),
                'h' => ("partly_implemented", ""),
                '0' => ("not_implemented", ""),
                'n' => ("not_applicable", "nothing like it"),
                _ => ("unanswered", ""),
            };
            file.push_str(&format!("{team},{quarter},a{i},{status},{reason},{from}\n"));
        }
    }
    file
}

/// The same number for the same place, and another one for another.
fn draw(place: [usize; 3]) -> usize {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for part in place {
        state = (state ^ part as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 29;
    }
    usize::try_from(state % 100_000).unwrap()
}

/// The rows of any CSV file that we write, with the cells by their columns.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a file; the apostrophe before what a spreadsheet would run is taken off.
    pub(crate) fn read(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let cell = |text: &str| match text.strip_prefix('\'') {
            Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                rest.to_owned()
            }
            _ => text.to_owned(),
        };
        let rows = reader.records().map(|record| record.unwrap().iter().map(cell).collect()).collect();
        Self { head, rows }
    }

    /// The cell of a row in this column.
    pub(crate) fn cell<'a>(&self, row: &'a [String], column: &str) -> &'a str {
        &row[self.head.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"))]
    }
}
