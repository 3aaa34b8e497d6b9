//! How the figures of the report come about, so that they can be computed again.

use maud::{Markup, html};

use super::Paper;
use crate::domain::standing::version_of;
use crate::web::views::components::{calendar_day, count};

/// The section.
pub(super) fn section(paper: &Paper<'_>) -> Markup {
    let Paper { catalog, settings, report, .. } = paper;
    let threshold = settings.threshold.percent();
    html! {
        section.method {
            h2 { "How this is computed" }
            p {
                "Each activity of the model is worth what its answer says: "
                @for (i, step) in settings.scale.steps().iter().enumerate() { @if i > 0 { ", " } (step.name) " " (step.percent) "\u{a0}%" }
                ". An activity that is not answered is worth 0; one that does not apply is left out, with the reason that the team gave."
            }
            ul {
                li { strong { "Several teams. " } "An activity is worth the mean over the teams to which it applies, each with its latest submitted assessment of the quarter or before. Where that is an older one, it is carried, and the report says so." }
                li { strong { "Completion of a level. " } "The mean worth of the activities of this level that apply." }
                li { strong { "Level. " } "The greatest level such that it and every level below it that has anything that applies is complete to at least " (threshold) "\u{a0}%." }
                li { strong { "Score. " } "The sum over these levels of completion times the distance to the level below, so from 0 to 5. Scores and percentages are rounded down, so that nothing is shown before it is reached." }
                li { strong { "What changed and why. " } "The way from the earlier to the later quarter is walked in steps, each of which changes one thing: the catalog, teams that left, what applies, answers, teams that joined. What a step changes in the score is what its cause contributed." }
                li { strong { "Stages. " } "A stage is reached when every dimension is at its target, or at the greatest level that applies. To target is 1 less what the scores of the dimensions miss of the targets, over the sum of the targets." }
                li { strong { "Next steps. " } "The gaps of the first stage that has any, as far as nothing has to be done before them, by usefulness times what is missing over effort, summed over the teams." }
                li { strong { "Evidence. " } "It is valid from the day on which it was true until the day before it expires. It was judged as of " (calendar_day(report.day)) ", as it is recorded now." }
            }
            p {
                "The catalog is OWASP DSOMM " (version_of(catalog)) " with " (count(catalog.len(), "activity", "activities")) "; the SHA-256 of its content is "
                code { (catalog.digest().as_str()) } ". Assessments that were made with another one are read with this one by the ids of the activities."
            }
        }
    }
}
