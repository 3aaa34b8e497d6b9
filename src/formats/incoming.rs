//! What files are, seen from their content, and everything that they say together.

use chrono::NaiveDate;

use super::intake::Intake;
use super::sheet::{self, Columns, Grid};
use super::{Source, answers, dsomm, evidence, teams};
use crate::domain::catalog::Catalog;
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::scale::ProgressScale;

/// The largest file that is read, whatever it is.
pub const MAX_BYTES: usize = 32_000_000;

/// The tables that are known.
const TABLES: [Columns; 3] = [answers::TABLE, evidence::TABLE, teams::TABLE];

/// The name of a sheet that explains the others, which nobody misses.
pub(super) const HOW_TO: &str = "How to";

/// What readers have to know of what is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The steps that answers take, unless a file defines others.
    pub scale: &'a ProgressScale,
    /// The catalog in use.
    pub catalog: &'a Catalog,
    /// The present day.
    pub today: NaiveDate,
}

/// What some files say, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Incoming {
    /// What could be read. What has a fault is not in it.
    pub intake: Intake,
    /// What was not understood but does no harm.
    pub warnings: Vec<Fault>,
    /// What is wrong, in all files.
    pub faults: Faults,
}

/// Whether something is a file that can be read here.
pub fn is_known(bytes: &[u8]) -> bool {
    is_table(bytes) || dsomm::is_dsomm(bytes)
}

fn is_table(bytes: &[u8]) -> bool {
    sheet::is_archive(bytes) || sheet::is_delimited(bytes, &TABLES)
}

/// Reads files together. Those of the DSOMM application come first, as they may bring the scale of the others.
pub fn read(sources: &[Source<'_>], known: Known<'_>) -> Incoming {
    let mut incoming = Incoming::default();
    let (sheets, others): (Vec<Source<'_>>, Vec<Source<'_>>) =
        sources.iter().copied().partition(|source| is_table(source.bytes));
    let (of_dsomm, others): (Vec<Source<'_>>, Vec<Source<'_>>) =
        others.into_iter().partition(|source| dsomm::is_dsomm(source.bytes));
    match dsomm::read(&of_dsomm, known) {
        Ok(reading) => {
            incoming.warnings.extend(reading.warnings);
            if reading.value == Intake::default() {
                incoming.warnings.extend(of_dsomm.iter().map(nothing_in));
            }
            incoming.intake = reading.value;
        }
        Err(found) => incoming.faults.extend(found),
    }
    let scale = incoming.intake.scale.as_ref().map_or(known.scale, |(_, scale)| scale).clone();
    for source in sheets {
        tables(source, Known { scale: &scale, ..known }, &mut incoming);
    }
    for source in others {
        incoming.faults.push(Place { source: source.name.to_owned(), ..Place::default() }, unknown());
    }
    incoming
}

/// Reads the tables of a file.
fn tables(source: Source<'_>, known: Known<'_>, incoming: &mut Incoming) {
    let grids = sheet::open(source, &TABLES, incoming);
    let mut is_any = false;
    for grid in &grids {
        let Some(columns) = grid.kind_of(&TABLES) else {
            pass_over(grid, incoming);
            continue;
        };
        is_any = true;
        match columns.kind {
            "answers" => answers::read(grid, known.scale, incoming),
            "evidence" => evidence::read(grid, incoming),
            _ => teams::read(grid, incoming),
        }
    }
    if !is_any && !grids.is_empty() {
        let place = Place { source: source.name.to_owned(), ..Place::default() };
        incoming.faults.push(place, "none of its sheets is a table of answers, evidence or teams");
    }
}

fn pass_over(grid: &Grid, incoming: &mut Incoming) {
    if grid.sheet().is_some_and(|name| name != HOW_TO) {
        let message = "this sheet is no table of answers, evidence or teams and was not read".to_owned();
        incoming.warnings.push(Fault { place: grid.head_place(), message });
    }
}

/// Tells that a file of the DSOMM application was understood, but has nothing of any team.
fn nothing_in(source: &Source<'_>) -> Fault {
    let message = "nothing is in it that is imported: no answers, evidence, teams or progress scale; a model alone is \
                   a catalog, which is not imported but put to use";
    Fault { place: Place { source: source.name.to_owned(), ..Place::default() }, message: message.to_owned() }
}

fn unknown() -> String {
    let head = answers::COLUMNS.join(",");
    format!(
        "this is not a file that can be imported; answers are a CSV file with the head {head}, or a workbook (.xlsx) \
         with such a sheet, and files of the DSOMM application are YAML with progress, evidence, teams or activities"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalog::samples;
    use crate::domain::organization::tidy_text;
    use crate::formats::table::Table;
    use crate::formats::xlsx;

    fn read_one(bytes: &[u8]) -> Incoming {
        let (scale, catalog) = (ProgressScale::default(), samples::catalog(&[&[1]]));
        let known = Known { scale: &scale, catalog: &catalog, today: NaiveDate::default() };
        read(&[Source { name: "a", bytes }], known)
    }

    /// A workbook with a table of teams.
    fn workbook(name: &str, description: &str) -> Vec<u8> {
        let mut table = Table::new(&["name", "description"]);
        table.push([name.into(), description.into()]);
        xlsx::workbook(&table, "teams").unwrap()
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(
            head in prop::sample::select(vec!["name;groups\n", "title,recorded_on,activity_ids,teams\n", "sep=\t\n", ""]),
            bytes in prop::collection::vec(any::<u8>(), 0..100),
        ) {
            let _ = read_one(&[head.as_bytes(), &bytes].concat());
        }

        #[test]
        fn no_damage_makes_the_reader_panic(places in prop::collection::vec((any::<usize>(), any::<u8>()), 1..8)) {
            let mut bytes = workbook("Payments", "text");
            let length = bytes.len();
            for (place, byte) in places {
                bytes[place % length] = byte;
            }
            let _ = read_one(&bytes);
        }

        #[test]
        fn a_workbook_keeps_every_text(text in "['=+@_x0-9A-F\u{e4}\u{1F600}<&\n \t]{0,12}") {
            let read = read_one(&workbook("Payments", &text));
            prop_assert!(read.faults.is_empty());
            // White space at the ends says nothing, and is taken off when it is recorded.
            let tidy = |text: &str| tidy_text(text, 500).unwrap();
            prop_assert_eq!(read.intake.teams[0].description.as_deref().map(tidy), Some(tidy(&text)));
        }
    }
}
