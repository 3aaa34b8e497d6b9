//! Style sheet, scripts and icons: embedded in the program and served under names that carry a hash of the
//! content, so that browsers may keep them for ever.

use std::borrow::Cow;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::compress;
use super::failure::Failure;

/// The files of `assets/`, as they were when the program was built.
#[derive(RustEmbed)]
#[folder = "assets"]
struct Assets;

/// A file as it is sent.
struct Asset {
    name: Cow<'static, str>,
    address: String,
    kind: &'static str,
    bytes: Bytes,
    /// The same compressed, once for all who ask.
    small: Option<Bytes>,
}

/// All of them, made ready when the first is asked for.
static ASSETS: LazyLock<Vec<Asset>> =
    LazyLock::new(|| Assets::iter().filter_map(|name| Some(Asset::new(Assets::get(&name)?, name))).collect());

impl Asset {
    fn new(file: EmbeddedFile, name: Cow<'static, str>) -> Self {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let kind = match extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        // The first half of the content's SHA-256.
        let hash: String = file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let address = format!("/assets/{stem}-{hash}.{extension}");
        let small = compress::gzip_for_keeps(&file.data).map(Bytes::from);
        Self { address, kind, bytes: Bytes::from(file.data.into_owned()), small, name }
    }
}

/// The address of a file of `assets/`.
pub(super) fn address(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.address)
}

/// The style sheet, for pages that stand alone.
pub(super) fn style_sheet() -> String {
    let found = ASSETS.iter().find(|asset| asset.name == "cairn.css");
    found.map(|asset| String::from_utf8_lossy(&asset.bytes).into_owned()).unwrap_or_default()
}

/// Serves a file under its hashed name, and only under that.
pub(super) async fn serve(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Failure> {
    let is_it = |asset: &&Asset| asset.address.strip_prefix("/assets/") == Some(name.as_str());
    let asset = ASSETS.iter().find(is_it).ok_or(Failure::NoSuchPage)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
    let small = asset.small.as_ref().filter(|_| compress::takes_gzip(&request));
    Ok(match small {
        Some(small) => response
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .insert_header((header::VARY, "accept-encoding"))
            .body(small.clone()),
        // What is said of the encoding is added where all answers leave.
        None => response.body(asset.bytes.clone()),
    })
}
