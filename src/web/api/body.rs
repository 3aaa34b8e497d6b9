//! Reading what was sent: JSON, and files.

use actix_web::error::JsonPayloadError;
use actix_web::web::{Bytes, JsonConfig, Payload};

use crate::web::failure::Failure;

/// The largest body of JSON that is read: a whole assessment with long notes in any script.
const MAX_BYTES: usize = 4_000_000;

/// How bodies of JSON are read, and what is said of such as cannot be.
pub(super) fn json() -> JsonConfig {
    JsonConfig::default().limit(MAX_BYTES).error_handler(|error, _| failure(error).into())
}

/// The file that is the body, of at most this size. Ask whether somebody may send it first: who may not cannot fill
/// the memory.
pub(super) async fn file(body: Payload, most: usize) -> Result<Bytes, Failure> {
    let body = body.to_bytes_limited(most).await.map_err(|_| Failure::TooLarge)?;
    body.map_err(|_| Failure::unreadable("the body ended before its end"))
}

fn failure(error: JsonPayloadError) -> Failure {
    match error {
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => Failure::TooLarge,
        JsonPayloadError::ContentType => Failure::WrongKind("JSON, with the content type application/json,"),
        JsonPayloadError::Deserialize(error) if error.is_data() => Failure::Invalid(error.to_string()),
        JsonPayloadError::Deserialize(error) => Failure::unreadable(format!("this is not JSON: {error}")),
        _ => Failure::unreadable("the body ended before its end"),
    }
}
