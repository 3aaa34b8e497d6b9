//! Of whom and when, as all that is computed is asked for. The extractor `Selection` reads it.

use serde::Deserialize;
use utoipa::IntoParams;

/// Of whom and when. Without team and group: of the organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what the extractor `Selection` reads")]
pub(in crate::web) struct OfScope {
    /// The number of a team.
    team: Option<i64>,
    /// The number of a group; not together with a team.
    group: Option<i64>,
    /// A quarter, like `2026-Q4`; the latest one that the scope was assessed in unless said.
    #[param(pattern = r"^\d{4}-Q[1-4]$", example = "2026-Q4")]
    period: Option<String>,
}

/// Of whom and when. Without team and group: of the organization; without a period: of all quarters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what the extractor `Selection` reads")]
pub(in crate::web) struct OfScopeEver {
    /// The number of a team.
    team: Option<i64>,
    /// The number of a group; not together with a team.
    group: Option<i64>,
    /// A quarter, like `2026-Q4`; all of them unless said.
    #[param(pattern = r"^\d{4}-Q[1-4]$", example = "2026-Q4")]
    period: Option<String>,
}
