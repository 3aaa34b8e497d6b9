//! What each clause of a standard rests on as a table, with a row for each clause and activity.

use super::table::Table;
use crate::domain::answer::Mark;
use crate::domain::evidence::EvidenceState;
use crate::domain::named::Named;
use crate::domain::standing::Overview;
use crate::domain::statement::{Finding, Mapping};

/// The table of all clauses of a standard that the catalog refers to.
pub fn table(overview: &Overview, mapping: &Mapping) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "standard",
        "clause",
        "conclusion",
        "activity_id",
        "activity",
        "level",
        "status",
        "progress",
        "teams",
        "fully_implemented",
        "in_progress",
        "not_implemented",
        "not_applicable",
        "unanswered",
        "claiming",
        "with_valid_evidence",
        "evidence_as_of",
        "evidence",
    ]);
    let catalog = &overview.catalog;
    let (scope, period, as_of) = (&overview.scope.name, overview.period.to_string(), mapping.day.to_string());
    for statement in &mapping.statements {
        for index in &statement.clause.activities {
            let Some(finding) = mapping.findings.get(index) else { continue };
            let activity = catalog.activity(*index);
            let worth = overview.measures.get(index.position()).and_then(|measure| measure.worth);
            table.push([
                scope.as_str().into(),
                period.as_str().into(),
                mapping.standard.title().into(),
                statement.clause.id.as_str().into(),
                statement.conclusion().name().into(),
                activity.id.0.as_str().into(),
                activity.name.as_str().into(),
                activity.level.into(),
                status(finding).into(),
                worth.map(|worth| worth / 100.0).into(),
                finding.teams(|_| true).into(),
                finding.teams(|mark| mark == Mark::Worth(100)).into(),
                finding.teams(|mark| matches!(mark, Mark::Worth(1..100))).into(),
                finding.teams(|mark| mark == Mark::Worth(0)).into(),
                finding.teams(|mark| mark == Mark::NotApplicable).into(),
                finding.teams(|mark| mark == Mark::Unanswered).into(),
                finding.claiming.into(),
                finding.supported.into(),
                as_of.as_str().into(),
                evidence(finding).as_str().into(),
            ]);
        }
    }
    table
}

/// What all teams together say, in a word.
fn status(finding: &Finding) -> &'static str {
    let all = finding.teams(|mark| mark != Mark::NotApplicable);
    match finding {
        _ if all == 0 => "not_applicable",
        _ if finding.is_full() => "fully_implemented",
        _ if finding.teams(|mark| mark == Mark::Unanswered) == all => "unanswered",
        _ if finding.claiming == 0 => "not_implemented",
        _ => "in_progress",
    }
}

/// The titles of the evidence that is listed, each with what it is worth where that is not valid.
fn evidence(finding: &Finding) -> String {
    let told = finding.evidence.iter().map(|piece| match piece.state {
        EvidenceState::Valid => piece.title.clone(),
        state => format!("{} ({})", piece.title, state.name()),
    });
    let mut all: Vec<String> = told.collect();
    if finding.more_evidence > 0 {
        all.push(format!("and {} more", finding.more_evidence));
    }
    all.join("; ")
}
