//! Everything that can be asked for.

use actix_web::http::header;
use actix_web::web::{self, FormConfig, PathConfig, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder};

use super::failure::Failure;
use super::{api, assets, pages};

/// The largest form that is read: a whole assessment with long notes in any script.
const MAX_FORM_BYTES: usize = 4_000_000;

/// The largest form of somebody who is not signed in.
const MAX_OPEN_FORM_BYTES: usize = 10_000;

/// Paths with a secret in them begin like this.
pub(super) const SECRET: [&str; 2] = ["/set-up/", "/welcome/"];

/// The routes that programs ask every few seconds whether all is well.
pub(super) const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// The table of routes.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .app_data(forms(MAX_FORM_BYTES))
        .app_data(PathConfig::default().error_handler(|_, _| Failure::NoSuchPage.into()))
        .service(
            page_and_action("/sign-in", pages::sign_in::show, pages::sign_in::sign_in)
                .app_data(forms(MAX_OPEN_FORM_BYTES)),
        )
        .service(action("/sign-out", pages::sign_in::sign_out))
        .service(
            page_and_action("/set-up/{secret}", pages::sign_in::set_up_form, pages::sign_in::set_up)
                .app_data(forms(MAX_OPEN_FORM_BYTES)),
        )
        .service(
            page_and_action("/welcome/{secret}", pages::sign_in::welcome, pages::sign_in::set_password)
                .app_data(forms(MAX_OPEN_FORM_BYTES)),
        )
        .service(page("/account", pages::account::show))
        .service(action("/account/password", pages::account::change_password))
        .service(action("/account/sessions", pages::account::end_sessions))
        .service(page("/", pages::dashboard::show))
        .service(page_and_action("/assessments", pages::assessments::list, pages::assessments::open))
        .service(page("/assessments/new", pages::assessments::new))
        .service(page("/assessments/{id}", pages::questionnaire::show))
        .service(page_and_action("/assessments/{id}/answers", pages::questionnaire::back, pages::questionnaire::save))
        .service(action("/assessments/{id}/undo", pages::questionnaire::undo))
        .service(page("/assessments/{id}/questions/{activity}", pages::questionnaire::question))
        .service(page_and_action(
            "/assessments/{id}/questions/{activity}/provider",
            pages::questionnaire::back_to_question,
            pages::questionnaire::take_from,
        ))
        .service(page_and_action(
            "/assessments/{id}/review",
            pages::questionnaire::review,
            pages::questionnaire::submit,
        ))
        .service(action("/assessments/{id}/reopen", pages::questionnaire::reopen))
        .service(page_and_action("/assessments/{id}/proposals", pages::proposals::show, pages::proposals::decide))
        .app_data(pages::import::limits())
        .service(page_and_action("/import", pages::import::choose, pages::import::preview))
        .service(action("/import/confirm", pages::import::confirm))
        .service(page("/scopes", pages::scopes::list))
        .service(page("/gaps", pages::gaps::list))
        .service(page_and_action("/evidence", pages::evidence::list, pages::evidence::add))
        .service(page("/evidence/new", pages::evidence::new))
        .service(page_and_action("/evidence/{id}", pages::evidence::show, pages::evidence::update))
        .service(page("/evidence/{id}/edit", pages::evidence::edit))
        .service(page_and_action("/evidence/{id}/withdraw", pages::evidence::back, pages::evidence::withdraw))
        .service(page_and_action("/evidence/{id}/restore", pages::evidence::back, pages::evidence::restore))
        .service(page("/trend", pages::trend::show))
        .service(page("/heatmap", pages::heatmap::show))
        .service(page("/charts/{file}", pages::charts::picture))
        .service(page("/portfolio", pages::portfolio::list))
        .service(page("/compare", pages::compare::show))
        .service(page("/unusual", pages::unusual::list))
        .service(page("/mappings", pages::catalog::mappings))
        .service(page("/roadmap", pages::roadmap::show))
        .service(page("/roadmap/plans", pages::plans::list))
        .service(page_and_action("/roadmap/plans/new", pages::plans::propose, pages::plans::make))
        .service(page("/roadmap/plans/compare", pages::plans::compare))
        .service(page("/roadmap/plans/{id}", pages::plans::show))
        .service(page_and_action("/roadmap/plans/{id}/edit", pages::plans::edit, pages::plans::remake))
        .service(page_and_action(
            "/roadmap/plans/{id}/items/{team}/{activity}",
            pages::plans::practice,
            pages::plans::own,
        ))
        .service(action("/roadmap/plans/{id}/archive", pages::plans::archive))
        .service(action("/roadmap/plans/{id}/restore", pages::plans::restore))
        .service(page_and_action("/roadmap/stages", pages::stages::show, pages::stages::change))
        .service(page("/roadmap/stages/{number}", pages::stage::show))
        .service(page("/roadmap/profiles", pages::profiles::list))
        .service(action("/roadmap/profiles/teams", pages::profiles::assign))
        .service(page_and_action("/roadmap/profiles/new", pages::profiles::new, pages::profiles::add))
        .service(page_and_action("/roadmap/profiles/{id}", pages::profiles::show, pages::profiles::update))
        .service(action("/roadmap/profiles/{id}/remove", pages::profiles::remove))
        .service(page_and_action("/threat-models", pages::threat_portfolio::list, pages::threat_models::add))
        .service(page("/threat-models/new", pages::threat_models::new))
        .service(
            page_and_action(
                "/threat-models/import",
                pages::threat_model_files::choose,
                pages::threat_model_files::import,
            )
            .app_data(pages::threat_model_files::limits()),
        )
        .service(page("/threat-models/{id}", pages::threat_models::show))
        .service(page_and_action(
            "/threat-models/{id}/about",
            pages::threat_models::about,
            pages::threat_models::change,
        ))
        .service(
            page_and_action(
                "/threat-models/{id}/import",
                pages::threat_model_files::choose_revision,
                pages::threat_model_files::import_revision,
            )
            .app_data(pages::threat_model_files::limits()),
        )
        .service(page("/threat-models/{id}/analysis", pages::threat_models::analysis))
        .service(page("/threat-models/{id}/steps/{step}", pages::threat_models::step))
        .service(page("/threat-models/{id}/revisions", pages::threat_model_revisions::latest))
        .service(page("/threat-models/{id}/revisions/{number}", pages::threat_model_revisions::show))
        .service(page_and_action(
            "/threat-models/{id}/revisions/{number}/take-back",
            pages::threat_model_revisions::back,
            pages::threat_model_revisions::take_back,
        ))
        .service(page("/threat-models/{id}/images/{digest}", pages::threat_models::image))
        .service(page("/threat-models/{id}/files/{file}", pages::threat_model_files::download))
        .service(page_and_action(
            "/threat-models/{id}/records",
            pages::threat_models::back,
            pages::threat_models::record,
        ))
        .service(page_and_action(
            "/threat-models/{id}/archive",
            pages::threat_models::back,
            pages::threat_models::archive,
        ))
        .service(page_and_action(
            "/threat-models/{id}/restore",
            pages::threat_models::back,
            pages::threat_models::restore,
        ))
        .service(page_and_action(
            "/threat-models/{id}/{kind}/new",
            pages::threat_models::new_part,
            pages::threat_models::add_part,
        ))
        .service(page_and_action(
            "/threat-models/{id}/{kind}/{part}",
            pages::threat_models::part,
            pages::threat_models::change_part,
        ))
        .service(page_and_action(
            "/threat-models/{id}/{kind}/{part}/remove",
            pages::threat_models::back_to_part,
            pages::threat_models::remove_part,
        ))
        .service(page("/report", pages::report::show))
        .service(page("/report/download", pages::report::download))
        .service(page("/guide", pages::catalog::guide))
        .service(page("/catalogs", pages::catalog::versions))
        .service(page("/catalog", pages::catalog::list))
        .service(page("/catalog/{id}", pages::catalog::show))
        .service(page_and_action("/teams", pages::teams::list, pages::teams::add))
        .service(page_and_action("/teams/{id}", pages::teams::edit, pages::teams::update))
        .service(action("/teams/{id}/retire", pages::teams::retire))
        .service(action("/teams/{id}/bring-back", pages::teams::bring_back))
        .service(action("/groups", pages::teams::add_group))
        .service(action("/groups/{id}", pages::teams::rename_group))
        .service(action("/groups/{id}/remove", pages::teams::remove_group))
        .service(page_and_action("/settings", pages::settings::show, pages::settings::change))
        .service(page_and_action("/admin/users", pages::accounts::list, pages::accounts::add))
        .service(page_and_action("/admin/users/{id}", pages::accounts::show, pages::accounts::update))
        .service(page_and_action("/admin/users/{id}/link", pages::accounts::back, pages::accounts::make_link))
        .service(action("/admin/users/{id}/sign-out", pages::accounts::sign_out))
        .service(action("/admin/users/{id}/disable", pages::accounts::disable))
        .service(action("/admin/users/{id}/enable", pages::accounts::enable))
        .service(action("/admin/separation", pages::accounts::separate))
        .service(page_and_action("/admin/tokens", pages::tokens::list, pages::tokens::create))
        .service(page_and_action("/admin/tokens/{id}", pages::tokens::one, pages::tokens::trust))
        .service(action("/admin/tokens/{id}/revoke", pages::tokens::revoke))
        .service(page("/admin/audit", pages::audit::list))
        .service(page_and_action("/admin/audit/check", pages::audit::back, pages::audit::check))
        .service(page("/admin/backups", pages::backups::show))
        .service(page("/export/{file}", pages::export::download))
        .service(page("/api/docs", pages::api_docs::show))
        .configure(api::configure)
        .service(page("/assets/{name}", assets::serve))
        .service(page("/healthz", pages::operations::healthz))
        .service(page("/readyz", pages::operations::readyz))
        .service(page("/metrics", pages::operations::metrics))
        .default_service(web::to(pages::not_found));
}

/// Forms of at most this size.
fn forms(limit: usize) -> FormConfig {
    FormConfig::default().limit(limit).error_handler(|error, _| Failure::from(error).into())
}

/// Something to look at.
fn page<A: FromRequest + 'static>(path: &str, show: impl Ask<A>) -> Resource {
    refusing(web::resource(path).route(web::get().to(show)).route(web::head().to(show)), "GET, HEAD")
}

/// Something to do.
fn action<A: FromRequest + 'static>(path: &str, act: impl Ask<A>) -> Resource {
    refusing(web::resource(path).route(web::post().to(act)), "POST")
}

/// Something to look at where something can be done as well.
fn page_and_action<A, B>(path: &str, show: impl Ask<A>, act: impl Ask<B>) -> Resource
where
    A: FromRequest + 'static,
    B: FromRequest + 'static,
{
    let resource = web::resource(path).route(web::get().to(show)).route(web::head().to(show));
    refusing(resource.route(web::post().to(act)), "GET, HEAD, POST")
}

/// Answers all other methods by naming those that are there.
fn refusing(resource: Resource, allowed: &'static str) -> Resource {
    resource.default_service(web::to(move || async move {
        HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, allowed)).finish()
    }))
}

/// A handler that can stand on several routes.
trait Ask<A>: Handler<A, Output: Responder + 'static> + Copy {}

impl<A, H: Handler<A, Output: Responder + 'static> + Copy> Ask<A> for H {}
