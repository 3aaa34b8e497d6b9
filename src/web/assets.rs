//! Style sheet, scripts and icons: embedded in the program and served under names that carry a hash of the
//! content, so that browsers may keep them for ever.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use rust_embed::RustEmbed;

use super::failure::Failure;

/// The files of `assets/`, as they were when the program was built.
#[derive(RustEmbed)]
#[folder = "assets"]
struct Assets;

/// The address of a file of `assets/`.
pub(super) fn address(name: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match Assets::get(name) {
        Some(file) => format!("/assets/{stem}-{}.{extension}", hash(&file)),
        None => format!("/assets/{name}"),
    }
}

/// The style sheet, for pages that stand alone.
pub(super) fn style_sheet() -> String {
    Assets::get("cairn.css").map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default()
}

/// Serves a file under its hashed name, and only under that.
pub(super) async fn serve(name: Path<String>) -> Result<HttpResponse, Failure> {
    let found = Assets::iter().find(|file| address(file) == format!("/assets/{name}"));
    let (name, file) =
        found.and_then(|name| Some((name.to_string(), Assets::get(&name)?))).ok_or(Failure::NoSuchPage)?;
    let kind = match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(file.data.into_owned()))
}

/// The first half of the content's SHA-256, in hexadecimal.
fn hash(file: &rust_embed::EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
