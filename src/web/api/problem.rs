//! How problems are described.

use serde::Serialize;
use utoipa::ToSchema;

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
