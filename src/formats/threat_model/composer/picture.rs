//! Pictures that stand in a file as text.

use base64::Engine as _;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

use crate::domain::threat_model::diagram::{Image, ImageKind};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::Notes;

/// Base64 as programs write it: with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The picture at a place, if there is one of a kind that is kept. Its kind is told by its bytes, whatever it is said to
/// be.
pub(super) fn read(at: &At<'_>, notes: &mut Notes) -> Option<Image> {
    let text = at.text();
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match decode(text) {
        Ok(image) => Some(image),
        Err(problem) => {
            notes.warn(at.path(), format!("{problem}; the picture is left out"));
            None
        }
    }
}

fn decode(text: &str) -> Result<Image, String> {
    let Some((kind, data)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else {
        return Err("the picture is not in the file itself: expected an address that begins with “data:”".to_owned());
    };
    let too_large = || format!("the picture has more than {} MB", Image::LIMIT / 1_000_000);
    // Base64 has four letters for three bytes, an escape three for one.
    if data.len() > Image::LIMIT * 3 {
        return Err(too_large());
    }
    let bytes = if kind.trim_end().ends_with(";base64") {
        let letters: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        BASE64.decode(letters).map_err(|error| format!("the picture is not base64: {error}"))?
    } else {
        percent_encoding::percent_decode_str(data).collect()
    };
    if bytes.len() > Image::LIMIT {
        return Err(too_large());
    }
    let kind = ImageKind::of(&bytes).ok_or("the picture is of no kind that is kept (PNG, JPEG, GIF, WebP, SVG)")?;
    Ok(Image { kind, bytes })
}
