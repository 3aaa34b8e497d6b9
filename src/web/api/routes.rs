//! Everything that programs can ask for, and how.

use actix_web::http::{Method, header};
use actix_web::middleware::from_fn;
use actix_web::web::{self, QueryConfig, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route};

use super::{
    answer_rows, answers, assessments, audit, backups, body, catalogs, computed, document, evidence, exports, imports,
    plans, proposals, roadmap, settings, strict, teams, threat_model_files, threat_model_parts, threat_model_revisions,
    threat_models, tokens, users,
};
use crate::web::failure::Failure;

/// The table of routes. Each stands in [`document`], too.
pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(resource("/api/openapi.json", [get(document::openapi)]));
    config.service(
        web::scope("/api/v1")
            .wrap(from_fn(strict::check))
            .app_data(body::json())
            .app_data(QueryConfig::default().error_handler(|error, _| strict::unreadable(&error).into()))
            .service(resource("/teams", [get(teams::list), post(teams::add)]))
            .service(resource("/teams/{team}", [get(teams::show), patch(teams::change)]))
            .service(resource("/teams/{team}/retire", [post(teams::retire)]))
            .service(resource("/teams/{team}/bring-back", [post(teams::bring_back)]))
            .service(resource("/groups", [get(teams::groups), post(teams::add_group)]))
            .service(resource(
                "/groups/{group}",
                [get(teams::group), put(teams::rename_group), delete(teams::remove_group)],
            ))
            .service(resource("/periods", [get(assessments::periods)]))
            .service(resource("/assessments", [get(assessments::list), post(assessments::open)]))
            .service(resource("/assessments/{assessment}", [get(assessments::show)]))
            .service(resource("/assessments/{assessment}/submit", [post(assessments::submit)]))
            .service(resource("/assessments/{assessment}/reopen", [post(assessments::reopen)]))
            .service(resource("/assessments/{assessment}/answers", [get(answers::list), patch(answers::change_many)]))
            .service(resource("/assessments/{assessment}/answers/undo", [post(answers::undo)]))
            .service(resource(
                "/assessments/{assessment}/answers/{activity}",
                [get(answers::show), patch(answers::change)],
            ))
            .service(resource("/assessments/{assessment}/answers/{activity}/provider", [put(answers::take)]))
            .service(resource("/assessments/{assessment}/answers/{activity}/history", [get(answers::history)]))
            .service(resource("/answers", [get(answer_rows::list)]))
            .service(resource("/evidence", [get(evidence::list), post(evidence::add)]))
            .service(resource("/evidence/{evidence}", [get(evidence::show), patch(evidence::change)]))
            .service(resource("/evidence/{evidence}/withdraw", [post(evidence::withdraw)]))
            .service(resource("/evidence/{evidence}/restore", [post(evidence::restore)]))
            .service(resource("/evidence/{evidence}/history", [get(evidence::history)]))
            .service(resource("/levels", [get(computed::levels)]))
            .service(resource("/gaps", [get(computed::gaps)]))
            .service(resource("/trend", [get(computed::trend)]))
            .service(resource("/roadmap", [get(computed::roadmap)]))
            .service(resource("/mappings", [get(computed::mappings)]))
            .service(resource("/exports", [get(exports::list)]))
            .service(resource("/exports/{kind}", [get(exports::export)]))
            .service(resource("/proposals", [get(proposals::list), post(proposals::add)]))
            .service(resource("/proposals/{proposal}", [get(proposals::show)]))
            .service(resource("/proposals/{proposal}/take", [post(proposals::take)]))
            .service(resource("/proposals/{proposal}/decline", [post(proposals::decline)]))
            .service(resource("/imports", [post(imports::import)]))
            .service(resource("/catalogs", [get(catalogs::list), post(catalogs::put_to_use)]))
            .service(resource("/catalogs/{catalog}/changes", [get(catalogs::changes)]))
            .service(resource("/activities", [get(catalogs::activities)]))
            .service(resource("/activities/{activity}", [get(catalogs::activity)]))
            .service(resource("/threat-models", [get(threat_models::list), post(threat_models::import)]))
            .service(resource("/threat-models/{model}", [get(threat_models::show)]))
            .service(resource("/threat-models/{model}/state", [get(threat_models::state)]))
            .service(resource("/threat-models/{model}/archive", [post(threat_models::archive)]))
            .service(resource("/threat-models/{model}/restore", [post(threat_models::restore)]))
            .service(resource(
                "/threat-models/{model}/records",
                [get(threat_models::records), post(threat_models::record)],
            ))
            .service(resource(
                "/threat-models/{model}/revisions",
                [get(threat_model_revisions::list), post(threat_model_revisions::import)],
            ))
            .service(resource("/threat-models/{model}/revisions/{number}", [get(threat_model_revisions::show)]))
            .service(resource(
                "/threat-models/{model}/revisions/{number}/take-back",
                [post(threat_model_revisions::take_back)],
            ))
            .service(resource("/threat-models/{model}/files/{file}", [get(threat_model_files::file)]))
            .service(resource("/threat-models/{model}/images/{digest}", [get(threat_model_files::image)]))
            .service(resource(
                "/threat-models/{model}/about",
                [get(threat_model_parts::about), patch(threat_model_parts::change_about)],
            ))
            // What is behind a model and not one of the above is a kind of its parts.
            .service(resource(
                "/threat-models/{model}/{kind}",
                [get(threat_model_parts::list), post(threat_model_parts::add)],
            ))
            .service(resource(
                "/threat-models/{model}/{kind}/{part}",
                [get(threat_model_parts::show), patch(threat_model_parts::change), delete(threat_model_parts::remove)],
            ))
            .service(resource("/stages", [get(roadmap::stages), patch(roadmap::change_stages)]))
            .service(resource("/target-profiles", [get(roadmap::profiles), post(roadmap::add_profile)]))
            .service(resource(
                "/target-profiles/{profile}",
                [get(roadmap::profile), patch(roadmap::change_profile), delete(roadmap::remove_profile)],
            ))
            .service(resource(
                "/teams/{team}/target-profile",
                [get(roadmap::team_profile), patch(roadmap::assign_profile)],
            ))
            .service(resource("/plans", [get(plans::list), post(plans::make)]))
            .service(resource("/plans/{plan}", [get(plans::show), patch(plans::change)]))
            .service(resource("/plans/{plan}/roadmap", [get(plans::roadmap)]))
            .service(resource("/plans/{plan}/versions", [get(plans::versions)]))
            .service(resource("/plans/{plan}/progress", [get(plans::progress)]))
            .service(resource("/plans/{plan}/archive", [post(plans::archive)]))
            .service(resource("/plans/{plan}/restore", [post(plans::restore)]))
            .service(resource("/plans/{plan}/items/{team}/{activity}", [get(plans::owner), put(plans::own)]))
            .service(resource("/forecast", [get(plans::forecast)]))
            .service(resource("/settings", [get(settings::show), patch(settings::change)]))
            .service(resource("/users", [get(users::list), post(users::add)]))
            .service(resource("/users/{user}", [get(users::show), patch(users::change)]))
            .service(resource("/users/{user}/sessions", [get(users::sessions)]))
            .service(resource("/users/{user}/link", [post(users::link)]))
            .service(resource("/users/{user}/sign-out", [post(users::sign_out)]))
            .service(resource("/users/{user}/disable", [post(users::disable)]))
            .service(resource("/users/{user}/enable", [post(users::enable)]))
            .service(resource("/separation", [get(users::separation), put(users::separate)]))
            .service(resource("/tokens", [get(tokens::list), post(tokens::make)]))
            .service(resource("/tokens/{token}", [get(tokens::show)]))
            .service(resource("/tokens/{token}/trust", [put(tokens::trust)]))
            .service(resource("/tokens/{token}/revoke", [post(tokens::revoke)]))
            .service(resource("/audit-entries", [get(audit::entries)]))
            .service(resource("/audit/head", [get(audit::head)]))
            .service(resource("/audit/check", [post(audit::check)]))
            .service(resource("/backups", [get(backups::show)]))
            .default_service(web::to(nothing)),
    );
}

/// What is asked for under an address that is none.
async fn nothing() -> Result<HttpResponse, Failure> {
    Err(Failure::NoSuchPage)
}

/// An address with what can be done there. All other methods are answered by naming these.
fn resource<const N: usize>(path: &str, routes: [(Method, Route); N]) -> Resource {
    let mut resource = web::resource(path);
    let mut allowed: Vec<&str> = Vec::new();
    let methods: Vec<Method> = routes.iter().map(|(method, _)| method.clone()).collect();
    for method in &methods {
        allowed.push(method.as_str());
        if method == Method::GET {
            allowed.push("HEAD");
        }
    }
    let allowed = allowed.join(", ");
    for (_, route) in routes {
        resource = resource.route(route);
    }
    resource.default_service(web::to(move || {
        let allowed = allowed.clone();
        async move { HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allowed)).finish() }
    }))
}

fn get<A: FromRequest + 'static>(handler: impl Handler<A, Output: Responder + 'static>) -> (Method, Route) {
    let is_looking = actix_web::guard::Any(actix_web::guard::Get()).or(actix_web::guard::Head());
    (Method::GET, web::route().guard(is_looking).to(handler))
}

fn post<A: FromRequest + 'static>(handler: impl Handler<A, Output: Responder + 'static>) -> (Method, Route) {
    (Method::POST, web::post().to(handler))
}

fn put<A: FromRequest + 'static>(handler: impl Handler<A, Output: Responder + 'static>) -> (Method, Route) {
    (Method::PUT, web::put().to(handler))
}

fn patch<A: FromRequest + 'static>(handler: impl Handler<A, Output: Responder + 'static>) -> (Method, Route) {
    (Method::PATCH, web::patch().to(handler))
}

fn delete<A: FromRequest + 'static>(handler: impl Handler<A, Output: Responder + 'static>) -> (Method, Route) {
    (Method::DELETE, web::delete().to(handler))
}
