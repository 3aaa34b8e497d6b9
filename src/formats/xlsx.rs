//! Tables as Excel workbooks: typed cells, a head that stays in sight, filters, and widths that fit.
//! The same table gives the same bytes.

use std::borrow::Cow;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Table, guard};

/// The widest that a column gets, in characters.
const WIDEST: usize = 60;

/// The table as a workbook with one sheet. Fails only for a table that no sheet has room for.
pub fn workbook(table: &Table, sheet: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The present time would make every file another one.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(sheet)?;
    write(worksheet, table)?;
    workbook.save_to_buffer()
}

fn write(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    for (column, name) in (0..).zip(table.columns()) {
        sheet.write_string_with_format(0, column, name.as_ref(), &head)?;
        let cells = table.rows().iter().filter_map(|row| row.get(usize::from(column)));
        let widest = cells.map(width).chain([name.len()]).max().unwrap_or(0);
        sheet.set_column_width(column, widest.clamp(4, WIDEST) as f64 + 2.0)?;
    }
    for (number, row) in (1..).zip(table.rows()) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Empty => {}
                // A cell of a workbook is a text if it is written as one, whatever it begins with.
                Cell::Text(text) => drop(sheet.write_string(number, column, guarded(text))?),
                Cell::Integer(value) => drop(sheet.write_number(number, column, *value as f64)?),
                Cell::Number(value) => drop(sheet.write_number(number, column, *value)?),
                Cell::Flag(flag) => drop(sheet.write_boolean(number, column, *flag)?),
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    if let Ok(last_column) = u16::try_from(table.columns().len().saturating_sub(1)) {
        sheet.autofilter(0, 0, last(table.rows().len()), last_column)?;
    }
    Ok(())
}

/// A text as a cell of a workbook keeps it. It runs nothing there, but one that looks as if it were guarded, as in
/// CSV, is guarded once more, so that it is the same when it is read.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with('\'') { guard(text) } else { text.into() }
}

fn width(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text.lines().map(|line| line.chars().count()).max().unwrap_or(0),
        _ => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let mut table = Table::new(&["name", "score"]);
        table.push(["=1+1".into(), 0.5_f64.into()]);
        table.push([Cell::Empty, Cell::Flag(true)]);
        let once = workbook(&table, "gaps").unwrap();
        assert!(once.starts_with(b"PK"));
        assert_eq!(once, workbook(&table, "gaps").unwrap());
        assert!(workbook(&Table::new(&["nothing"]), "gaps").is_ok());
    }
}
