//! Files that are written in UTF-16, as some Windows programs do, brought to UTF-8.

use super::Source;
use crate::domain::fault::{Faults, Place};

/// The order of the two bytes of a unit.
#[derive(Clone, Copy)]
enum Order {
    LittleEndian,
    BigEndian,
}

/// Whether a file is written in UTF-16, by its mark or by what its first character must be.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    order(bytes).is_some()
}

fn order(bytes: &[u8]) -> Option<Order> {
    match bytes {
        [0xFF, 0xFE, ..] | [b'<' | b'{' | b'[', 0, ..] => Some(Order::LittleEndian),
        [0xFE, 0xFF, ..] | [0, b'<' | b'{' | b'[', ..] => Some(Order::BigEndian),
        _ => None,
    }
}

/// The text of a file in UTF-16; `None` if it is not written so.
pub(super) fn decoded(source: Source<'_>) -> Result<Option<String>, Faults> {
    let Some(order) = order(source.bytes) else { return Ok(None) };
    let refused = || {
        let place = Place { source: source.name.to_owned(), ..Place::default() };
        Faults::one(place, "not a whole text in UTF-16; save the file as UTF-8")
    };
    let pairs = source.bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(refused());
    }
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(|pair| match order {
        Order::LittleEndian => u16::from_le_bytes(pair),
        Order::BigEndian => u16::from_be_bytes(pair),
    });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    Ok(Some(text.map_err(|_| refused())?))
}
