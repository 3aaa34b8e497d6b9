//! How problems are described.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app;
use crate::web::failure::Failure;

/// What is wrong. Every answer with a status of 400 or more has it.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    /// The word by which programs tell the kind of problem. It never changes.
    #[schema(example = "unprocessable_entity")]
    code: String,
    /// What is wrong, for people; one line for each fault, with its place.
    #[schema(example = "name: a name is needed")]
    message: String,
    /// What to do.
    hint: String,
}

/// Faults under the names that fields have in JSON, where forms call them otherwise: pairs of both.
pub(super) fn renamed(names: &[(&str, &str)]) -> impl Fn(Failure) -> Failure {
    move |failure| match failure {
        Failure::App(app::Error::Invalid(mut faults)) => {
            for fault in &mut faults {
                if let Some((_, name)) = names.iter().find(|(form, _)| *form == fault.field) {
                    fault.field = (*name).to_owned();
                }
            }
            app::Error::Invalid(faults).into()
        }
        other => other,
    }
}
