//! Everything that can be asked for.

use actix_web::web::{self, FormConfig, QueryConfig, ServiceConfig, get, post};

use super::failure::Failure;
use super::{assets, pages};

/// The largest form that is read: a whole sub-dimension with the longest notes in any script.
const MAX_FORM_BYTES: usize = 4 * 1024 * 1024;

/// The table of routes.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .app_data(FormConfig::default().limit(MAX_FORM_BYTES).error_handler(|error, _| Failure::from(error).into()))
        .app_data(QueryConfig::default().error_handler(|error, _| Failure::unreadable(&error).into()))
        .route("/", get().to(pages::dashboard::show))
        .service(
            web::resource("/assessments")
                .route(get().to(pages::assessments::list))
                .route(post().to(pages::assessments::open)),
        )
        .route("/assessments/{id}", get().to(pages::assessments::show))
        .route("/assessments/{id}/answers", post().to(pages::assessments::save))
        .route("/assessments/{id}/submit", post().to(pages::assessments::submit))
        .route("/gaps", get().to(pages::gaps::list))
        .route("/trend", get().to(pages::trend::show))
        .route("/trend.svg", get().to(pages::trend::picture))
        .route("/catalog", get().to(pages::catalog::list))
        .route("/catalog/{id}", get().to(pages::catalog::show))
        .service(web::resource("/teams").route(get().to(pages::teams::list)).route(post().to(pages::teams::add)))
        .service(
            web::resource("/teams/{id}").route(get().to(pages::teams::edit)).route(post().to(pages::teams::update)),
        )
        .route("/groups", post().to(pages::teams::add_group))
        .route("/groups/{id}", post().to(pages::teams::rename_group))
        .route("/groups/{id}/remove", post().to(pages::teams::remove_group))
        .route("/export/{file}", get().to(pages::export::download))
        .route("/assets/{name}", get().to(assets::serve))
        .default_service(web::to(pages::not_found));
}
