//! Everything that programs can ask for, and how.

use actix_web::http::{Method, header};
use actix_web::middleware::from_fn;
use actix_web::web::{self, QueryConfig, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route};

use super::{
    answers, assessments, body, computed, document, evidence, exports, imports, proposals, strict, teams, threat_models,
};
use crate::web::failure::Failure;

/// The table of routes. Each stands in [`document`], too.
pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(resource("/api/openapi.json", [get(document::openapi)]));
    config.service(
        web::scope("/api/v1")
            .wrap(from_fn(strict::check))
            .app_data(body::json())
            .app_data(QueryConfig::default().error_handler(|error, _| Failure::unreadable(error.to_string()).into()))
            .service(resource("/teams", [get(teams::list), post(teams::add)]))
            .service(resource("/teams/{team}", [get(teams::show), put(teams::change)]))
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
                [get(answers::show), put(answers::change)],
            ))
            .service(resource("/assessments/{assessment}/answers/{activity}/provider", [put(answers::take)]))
            .service(resource("/assessments/{assessment}/answers/{activity}/history", [get(answers::history)]))
            .service(resource("/answers", [get(answers::all)]))
            .service(resource("/evidence", [get(evidence::list), post(evidence::add)]))
            .service(resource("/evidence/{evidence}", [get(evidence::show), put(evidence::change)]))
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
            .service(resource("/threat-models", [post(threat_models::import)]))
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
