//! The description of the interface as OpenAPI 3.1, made of what stands at the handlers.

use std::sync::OnceLock;

use actix_web::web::Json;
use serde_json::Value;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::problem::Problem;
use super::{
    answer_rows, answers, assessments, audit, backups, catalogs, computed, evidence, exports, files, imports, plans,
    proposals, roadmap, settings, teams, threat_model_files, threat_model_parts, threat_model_revisions, threat_models,
    tokens, users,
};
use crate::web::failure::Failure;
use crate::web::problem;

/// The description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cairn",
        description = "What the pages of Cairn can do, for programs. Lists are arrays, cut into pages: the header `Link` leads to the next one. What others change, too, has an `ETag`; send it as `If-Match` with a change.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        teams::list, teams::add, teams::show, teams::change, teams::retire, teams::bring_back,
        teams::groups, teams::add_group, teams::group, teams::rename_group, teams::remove_group,
        assessments::periods, assessments::list, assessments::open, assessments::show, assessments::submit,
        assessments::reopen,
        answers::list, answers::change_many, answers::undo, answers::show, answers::change, answers::take,
        answers::history, answer_rows::list,
        evidence::list, evidence::add, evidence::show, evidence::change, evidence::withdraw, evidence::restore,
        evidence::history,
        computed::levels, computed::gaps, computed::trend, computed::roadmap, computed::mappings,
        exports::list, exports::export,
        imports::import,
        proposals::add, proposals::list, proposals::show, proposals::take, proposals::decline,
        catalogs::list, catalogs::put_to_use, catalogs::changes, catalogs::activities, catalogs::activity,
        roadmap::stages, roadmap::change_stages, roadmap::profiles, roadmap::add_profile, roadmap::profile,
        roadmap::change_profile, roadmap::remove_profile, roadmap::team_profile, roadmap::assign_profile,
        plans::list, plans::make, plans::show, plans::change, plans::roadmap, plans::versions, plans::progress,
        plans::archive, plans::restore, plans::owner, plans::own, plans::forecast,
        users::list, users::add, users::show, users::change, users::sessions, users::link, users::sign_out,
        users::disable, users::enable, users::separation, users::separate,
        tokens::list, tokens::make, tokens::show, tokens::trust, tokens::revoke,
        audit::entries, audit::head, audit::check,
        backups::show,
        settings::show, settings::change,
        threat_models::list, threat_models::import, threat_models::show, threat_models::state,
        threat_models::archive, threat_models::restore, threat_models::records, threat_models::record,
        threat_model_revisions::list, threat_model_revisions::import, threat_model_revisions::show,
        threat_model_revisions::take_back,
        threat_model_files::file, threat_model_files::image,
        threat_model_parts::about, threat_model_parts::change_about,
        threat_model_parts::list, threat_model_parts::add, threat_model_parts::show, threat_model_parts::change,
        threat_model_parts::remove,
    ),
    components(schemas(Problem)),
    modifiers(&Common),
    security(("token" = [])),
    tags(
        (name = "Teams and groups", description = "Who is assessed."),
        (name = "Assessments", description = "A team in a quarter, and what it answers."),
        (name = "Answers", description = "What teams say about activities, and what they said before."),
        (name = "Evidence", description = "What shows that answers are true."),
        (name = "Results", description = "What comes of the answers: where teams stand, what is missing, what is planned."),
        (name = "Exports", description = "Everything as files."),
        (name = "Proposals", description = "What pipelines detect, for people to take or decline."),
        (name = "Imports", description = "Taking in files."),
        (name = "Catalog", description = "What is asked, and what it means."),
        (name = "Roadmap and plans", description = "What is to be reached, and what is done in which quarter."),
        (name = "Settings", description = "What holds for the whole organization."),
        (name = "Users and tokens", description = "Who may come in, and what they may do."),
        (name = "Operation", description = "What was done, and what is kept of it."),
        (name = "Threat models", description = "What can go wrong, and what is done about it."),
    )
)]
struct Api;

/// The name of the answer that stands for all problems that an operation does not name.
const ANY: &str = "problem";

/// What all operations have in common.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        if let Some(components) = &mut document.components {
            let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("cairn_…").build();
            components.add_security_scheme("token", SecurityScheme::Http(token));
            let problems = problem::ALL.iter().map(|problem| (problem.code.to_owned(), response(problem.meaning)));
            let any = [(ANY.to_owned(), response("Any other problem, as its code says."))];
            components.responses.extend(problems.chain(any).map(|(name, response)| (name, RefOr::T(response))));
        }
        for (path, item) in &mut document.paths.paths {
            let operations = [
                ("get", &mut item.get),
                ("put", &mut item.put),
                ("post", &mut item.post),
                ("delete", &mut item.delete),
                ("patch", &mut item.patch),
            ];
            for (method, operation) in operations {
                let Some(operation) = operation else { continue };
                operation.operation_id = Some(name_of(method, path));
                add_problems(operation);
            }
        }
    }
}

/// What an operation is called, as programs made from the description call it.
fn name_of(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1/").split(['/', '-', '.']);
    let words = words.map(|word| word.trim_matches(['{', '}']).to_lowercase());
    words.fold(method.to_owned(), |name, word| format!("{name}_{word}"))
}

/// Adds the answers that tell of problems.
fn add_problems(operation: &mut Operation) {
    let parameters = operation.parameters.iter().flatten();
    let (in_path, in_header): (Vec<_>, Vec<_>) =
        parameters.filter(|p| p.parameter_in != ParameterIn::Query).partition(|p| p.parameter_in == ParameterIn::Path);
    let mut problems = vec![&problem::BAD_REQUEST, &problem::UNAUTHORIZED, &problem::FORBIDDEN];
    if !in_path.is_empty() {
        problems.push(&problem::NOT_FOUND);
    }
    if in_header.iter().any(|parameter| parameter.name == "If-Match") {
        problems.extend([&problem::CONFLICT, &problem::PRECONDITION_FAILED, &problem::PRECONDITION_REQUIRED]);
    }
    if operation.request_body.is_some() {
        problems.extend([
            &problem::CONFLICT,
            &problem::PAYLOAD_TOO_LARGE,
            &problem::UNSUPPORTED_MEDIA_TYPE,
            &problem::UNPROCESSABLE_ENTITY,
        ]);
    }
    problems.push(&problem::SERVICE_UNAVAILABLE);
    let responses = &mut operation.responses.responses;
    for problem in problems {
        let status = problem.status.as_str().to_owned();
        responses.entry(status).or_insert_with(|| RefOr::Ref(Ref::from_response_name(problem.code)));
    }
    responses.entry("default".to_owned()).or_insert_with(|| RefOr::Ref(Ref::from_response_name(ANY)));
}

fn response(description: &str) -> Response {
    let problem = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(problem)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

/// Gives the description.
pub(super) async fn openapi() -> Result<Json<&'static Value>, Failure> {
    described().map(Json)
}

/// The whole description as it is given, with what is described in files of their own. It is made once.
pub(super) fn described() -> Result<&'static Value, Failure> {
    static DESCRIBED: OnceLock<Value> = OnceLock::new();
    if let Some(described) = DESCRIBED.get() {
        return Ok(described);
    }
    let document = serde_json::to_value(document()).map_err(|error| Failure::Broken(error.to_string()))?;
    let described = files::describe(document)?;
    Ok(DESCRIBED.get_or_init(|| described))
}

/// The description, as far as the handlers tell it.
pub(super) fn document() -> Document {
    let mut document = Api::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    document
}
