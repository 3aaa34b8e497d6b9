//! Bytes as text: the ways in which spreadsheets write it.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What a text was found to be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, or UTF-16 that says so.
    Unicode,
    /// Neither: taken for Windows-1252.
    Windows,
}

/// The text, and what it was found to be written in. Bytes that mean nothing there become characters that no
/// text can have, so that they are found later, where they stand.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return (UTF_16LE.decode_without_bom_handling(rest).0, Encoding::Unicode);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return (UTF_16BE.decode_without_bom_handling(rest).0, Encoding::Unicode);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Encoding::Unicode),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, Encoding::Windows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_in_what_it_is_written_in() {
        let text = "Müller;“x”;€";
        let utf16 = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [b"\xFF\xFE".to_vec(), utf16(u16::to_le_bytes)].concat(),
            [b"\xFE\xFF".to_vec(), utf16(u16::to_be_bytes)].concat(),
        ] {
            assert_eq!(decode(&bytes), (text.into(), Encoding::Unicode));
        }
        assert_eq!(decode(b"M\xfcller;\x93x\x94;\x80"), (text.into(), Encoding::Windows));
        assert!(decode(b"\x81\xff").0.contains('\u{81}'));
    }
}
