//! `POST /api/v1/threat-models`: threat models from a pipeline.

use actix_web::web::{Json, Payload, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::app::{self, ImportInto, Source};
use crate::domain::access::Action;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// The largest body: what the readers of threat models take as well.
const MAX_BYTES: usize = 32_000_000;

/// Whose the threat model is, what its file is called, and whether anything is changed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// The name of the team whose threat model it is.
    team: String,
    /// What the file is called, for messages.
    file: Option<String>,
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Takes in the threat model that is the body of the request. What kind of file it is is seen from its content.
#[utoipa::path(post, path = "/api/v1/threat-models", tag = "Threat models", params(Wanted),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "What was done, or would be", body = Object)))]
pub(in crate::web) async fn import(visit: Visit, wanted: Query<Wanted>, body: Payload) -> Result<Json<Value>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    // Only now is read what was sent: who may not import cannot fill the memory.
    let body = body.to_bytes_limited(MAX_BYTES).await.map_err(|_| Failure::TooLarge)?;
    let body = body.map_err(|_| Failure::unreadable("the body ended before its end"))?;
    let Wanted { team, file, dry_run } = wanted.into_inner();
    let name = file.unwrap_or_else(|| "body".to_owned());
    let import = visit.ask(move |cairn, caller| {
        let (source, into) = (Source { name: &name, bytes: &body }, ImportInto::TeamNamed(team));
        if dry_run {
            cairn.look_at_threat_model(caller, source, &into)
        } else {
            cairn.import_threat_model(caller, source, &into)
        }
    });
    let import = import.await?;
    let inspection = json!(import.inspection);
    if !visit.caller.actor.may(Action::View) {
        // The rest would tell what was there before.
        return Ok(Json(json!({ "dry_run": dry_run, "file": inspection })));
    }
    Ok(Json(json!({
        "dry_run": dry_run,
        "id": import.id,
        "changed": import.is_change,
        "changes": import.changes.map(|changes| changes.summary()),
        "file": inspection,
    })))
}
