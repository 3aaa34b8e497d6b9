//! What stands in the parts of a workbook that the library which reads it takes at its word: it makes room for as many
//! texts as a part says that it has, copies a format into everything that is formatted with it, and computes with the
//! address of a cell whether or not there can be such a cell.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// How many texts the cells of a workbook may share.
const MOST_TEXTS: u64 = 4_000_000;

/// How many combinations of formats a workbook may have: twice what Excel takes, since styles with names count, too.
const MOST_FORMATS: u64 = 131_000;

/// How many bytes all names of fonts and all codes of numbers may have when each combination has its own copy.
const FORMATS_LIMIT: u64 = 32_000_000;

/// How many letters and how many digits the address of a cell may have: the last cell of all is XFD1048576, and with one
/// more of either it may not fit into 32 bits.
const MOST_LETTERS: usize = 6;
const MOST_DIGITS: usize = 9;

/// Looks through a part of a workbook, whatever it is called: a workbook may call its parts as it likes. Elements are
/// found as the library finds them, with the same parser, set in the same way; where that ends, the library ends, too.
pub(super) fn look_through(part: impl Read) -> Result<(), String> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    config.expand_empty_elements = true;
    let (mut formats, mut code, mut font) = (0_u64, 0, 0);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "sst" => check_texts(&element)?,
                "xf" => formats += 1,
                "numFmt" => code = code.max(longest(&element)),
                "name" => font = font.max(longest(&element)),
                "c" | "row" | "dimension" => check_addresses(&element)?,
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if formats > MOST_FORMATS {
        return Err(format!("{formats} formats of cells; at most {MOST_FORMATS} are read"));
    }
    if formats.saturating_mul(code + font) > FORMATS_LIMIT {
        return Err("its formats of numbers or names of fonts are too long to be read".to_owned());
    }
    Ok(())
}

/// Whether the texts are as many as may be, as far as their number is said.
fn check_texts(element: &BytesStart<'_>) -> Result<(), String> {
    for attribute in element.attributes().with_checks(false).flatten() {
        let is_number = attribute.key.as_ref() == "uniqueCount";
        if is_number && !attribute.value.trim().parse::<u64>().is_ok_and(|count| count <= MOST_TEXTS) {
            return Err(format!("it says that it has more texts than {MOST_TEXTS}, which is the most that is read"));
        }
    }
    Ok(())
}

/// Whether the addresses that it has, such as `B7` or `A1:C12`, may be those of cells.
fn check_addresses(element: &BytesStart<'_>) -> Result<(), String> {
    for attribute in element.attributes().with_checks(false).flatten() {
        if !["r", "ref"].contains(&attribute.key.as_ref()) {
            continue;
        }
        for address in attribute.value.split(':') {
            let letters = address.bytes().filter(u8::is_ascii_alphabetic).count();
            let digits = address.bytes().filter(u8::is_ascii_digit).count();
            if letters > MOST_LETTERS || digits > MOST_DIGITS {
                let shown: String = address.chars().take(20).collect();
                return Err(format!("“{shown}” is the address of no cell"));
            }
        }
    }
    Ok(())
}

/// How long its longest attribute is.
fn longest(element: &BytesStart<'_>) -> u64 {
    let mut attributes = element.attributes();
    attributes.with_checks(false).flatten().map(|attribute| attribute.value.len() as u64).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(part: &str) -> String {
        look_through(part.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_excel_writes_is_no_fault() {
        let formats = r#"<xf numFmtId="164" fontId="0"/>"#.repeat(60_000);
        let styles = format!(
            r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="{}"/></numFmts><fonts><font><name val="Calibri"/></font></fonts><cellXfs>{formats}</cellXfs></styleSheet>"#,
            "0".repeat(255)
        );
        for part in [styles.as_str(), r#"<sst count="9" uniqueCount="250000"><si><t>a</t></si></sst>"#, "\0PNG<", ""] {
            look_through(part.as_bytes()).unwrap();
        }
    }

    #[test]
    fn a_number_of_texts_that_is_only_said_is_not_believed() {
        for count in ["4000001", "1000000000000", "18446744073709551615", "99999999999999999999", "-1", "x"] {
            assert!(
                fault(&format!("<a/><x:sst uniqueCount='{count}'/>")).contains("more texts than 4000000"),
                "{count}"
            );
        }
    }

    #[test]
    fn addresses_that_no_cell_has_are_refused() {
        for sound in ["<dimension ref='A1:XFD1048576'/>", "<x:row r='1048576'><x:c r='b7'/></x:row>", "<c/>"] {
            look_through(sound.as_bytes()).unwrap();
        }
        // The first is what a fuzzer found.
        let long = format!("<sheet xmlns='x<'><dimension ref=\"nu{}3\"/><\u{b}>", "L".repeat(120));
        for wrong in [long.as_str(), "<row r='10000000000'/>", "<c r='ABCDEFG1'/>", "<c r='A1:A4294967297'/>"] {
            assert!(fault(wrong).contains("is the address of no cell"), "{wrong}");
        }
    }

    #[test]
    fn formats_are_not_copied_without_end() {
        let many = format!("<cellXfs>{}</cellXfs>", "<xf/>".repeat(131_001));
        assert_eq!(fault(&many), "131001 formats of cells; at most 131000 are read");
        for long in ["<numFmt numFmtId='1' formatCode='LONG'/>", "<font><name val='LONG'/></font>"] {
            let long = long.replace("LONG", &"x".repeat(100_000));
            let part = format!("<styleSheet>{long}<cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(400));
            assert!(fault(&part).contains("too long to be read"));
        }
    }
}
