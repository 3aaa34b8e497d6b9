//! Besides what the full report has: what each clause of another standard rests on, and who submitted what.

use maud::{Markup, html};

use super::Paper;
use crate::domain::answer::Mark;
use crate::domain::catalog::ActivityIndex;
use crate::domain::mapping::Standard;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::report::{Audit, SubmittedAssessment};
use crate::domain::statement::{Conclusion, Finding, Mapping, Piece, Remark, Statement};
use crate::web::views::components::{activity_link, calendar_day, count, moment, percent};
use crate::web::views::evidence::{end, state_tag};
use crate::web::views::layout::{address, with_parameter};

/// How many activities a sentence names; the table below it has all.
const NAMED: usize = 6;

/// The sections.
pub(super) fn sections(paper: &Paper<'_>, audit: &Audit) -> Markup {
    let mapping = &audit.mapping;
    html! {
        section.begins-page {
            h2 { "What serves the clauses of " (mapping.standard.title()) }
            (limits(mapping))
            @if mapping.statements.is_empty() {
                p { "The catalog refers to no clause of " (mapping.standard.title()) "." }
            } @else {
                (files(paper, mapping.standard))
                (summary(mapping))
            }
        }
        @if !mapping.statements.is_empty() {
            section.begins-page {
                h2 { "Statements by clause" }
                p.explain {
                    @if mapping.has_notes { "Notes are those that were recorded with the answers, shortened where they are long. " }
                    @else { "Notes of more than " (Finding::NOTES) " teams are left out; the export of answers and reports of single teams have them. " }
                    "Of each activity at most " (Finding::PIECES) " pieces of evidence are listed, valid ones first."
                }
                @for statement in &mapping.statements { (clause(paper, mapping, statement)) }
            }
        }
        (submissions(paper, audit))
    }
}

/// What a mapping can tell, and what it cannot.
fn limits(mapping: &Mapping) -> Markup {
    html! {
        div.notice {
            p {
                strong { "A mapping of activities is not a proof of conformity. " }
                "The catalog says which of its activities serve a clause of " (mapping.standard.title())
                "; that they are in place does not mean that they fulfil it, and a clause can ask for more than any of them. "
                "The statements tell what the teams say and which evidence they recorded. What that is worth is for an auditor to judge. "
                "Clauses that no activity serves do not appear; their texts are in the standard itself."
            }
        }
    }
}

fn files(paper: &Paper<'_>, standard: Standard) -> Markup {
    let file = |format: &str| {
        with_parameter(&address(&format!("/export/statement.{format}"), paper.selection), "standard", standard.name())
    };
    html! {
        @if !paper.is_file {
            p.files { "Statements as " a href=(file("csv")) { "CSV" } " or " a href=(file("xlsx")) { "Excel" } }
        }
    }
}

/// A row for each clause.
fn summary(mapping: &Mapping) -> Markup {
    html! {
        div.table-wrap {
            table.stack {
                thead {
                    tr {
                        th scope="col" { "Clause" }
                        th.num scope="col" { "Activities that apply" }
                        th.num scope="col" { "Fully done" }
                        th.num scope="col" { "With valid evidence" }
                        th.num scope="col" { "Not fully answered" }
                        th.num scope="col" { "Completion" }
                        th scope="col" { "What can be concluded" }
                    }
                }
                tbody {
                    @for statement in &mapping.statements {
                        tr {
                            th scope="row" { a href=(format!("#{}", anchor(statement))) { (statement.clause.id) } }
                            td.num data-name="Activities" { (statement.applicable()) }
                            td.num data-name="Fully done" { (statement.full.len()) }
                            td.num data-name="With evidence" { (statement.supported) }
                            td.num data-name="Not answered" { (statement.unanswered.len()) }
                            td.num data-name="Completion" { @match statement.clause.completion { Some(share) => (percent(share)), None => span.quiet { "n/a" } } }
                            td { (conclusion_tag(statement.conclusion())) }
                        }
                    }
                }
            }
        }
    }
}

/// Where a clause stands on the page. Ids may hold anything that a catalog has.
fn anchor(statement: &Statement) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' };
    format!("clause-{}", statement.clause.id.chars().map(plain).collect::<String>())
}

fn conclusion_tag(conclusion: Conclusion) -> Markup {
    let (class, words) = match conclusion {
        Conclusion::Nothing => ("state", "nothing: none applies"),
        Conclusion::Incomplete => ("state draft", "not all is in place"),
        Conclusion::Claimed => ("state", "all claimed, not all evidenced"),
        Conclusion::Supported => ("state done", "all claimed and evidenced"),
    };
    html! { span class=(class) { (words) } }
}

fn clause(paper: &Paper<'_>, mapping: &Mapping, statement: &Statement) -> Markup {
    html! {
        section.clause id=(anchor(statement)) {
            div.clause-head {
                h3 { "Clause " (statement.clause.id) " " (conclusion_tag(statement.conclusion())) }
                p { (sentence(paper, statement)) }
            }
            div.table-wrap {
                table.stack.findings {
                    thead {
                        tr {
                            th scope="col" { "Activity" }
                            th scope="col" { @if mapping.has_notes { "Answers and notes" } @else { "Answers" } }
                            th scope="col" { "Evidence as of " (calendar_day(paper.report.day)) }
                        }
                    }
                    tbody {
                        @for index in &statement.clause.activities {
                            @if let Some(finding) = mapping.findings.get(index) { (row(paper, *index, finding)) }
                        }
                    }
                }
            }
        }
    }
}

/// What can and what cannot be concluded.
fn sentence(paper: &Paper<'_>, statement: &Statement) -> Markup {
    let Statement { clause, full, open, unanswered, not_applicable, supported, partly_supported } = statement;
    let (all, teams) = (statement.applicable(), paper.report.overview.standings.len());
    let whom = match teams {
        1 if paper.is_one_team() => paper.view.scope.name.clone(),
        1 => "the one team that is assessed".to_owned(),
        _ => "every team to which it applies".to_owned(),
    };
    let names = |activities: &[ActivityIndex]| {
        let names = activities.iter().take(NAMED).map(|&index| paper.catalog.activity(index).name.as_str());
        let names = names.collect::<Vec<_>>().join("; ");
        match activities.len().saturating_sub(NAMED) {
            0 => names,
            rest => format!("{names}; and {rest} more, as listed below"),
        }
    };
    html! {
        @if all == 0 {
            "No activity that serves clause " (clause.id) " applies. Nothing can be concluded about it."
        } @else {
            (full.len()) " of " (count(all, "activity", "activities")) " that serve" @if all == 1 { "s" } " clause " (clause.id)
            " " @if full.len() == 1 || all == 1 { "is" } @else { "are" } " fully implemented by " (whom) "; "
            (supported) " " @if *supported == 1 { "has" } @else { "have" } " valid evidence"
            @if teams > 1 { " from every team that claims " @if *supported == 1 { "it" } @else { "them" } }
            @if *partly_supported > 0 { ", " (partly_supported) " from some of these teams" }
            ". "
            @if !open.is_empty() { "Not fully implemented: " (names(open)) ". " }
            @if !unanswered.is_empty() { @if teams > 1 { "Not answered by everybody: " } @else { "Not answered: " } (names(unanswered)) ". " }
            @if !not_applicable.is_empty() { "Not applicable: " (names(not_applicable)) ". " }
            @match statement.conclusion() {
                Conclusion::Nothing => {},
                Conclusion::Incomplete => "It cannot be concluded that what serves this clause is in place.",
                Conclusion::Claimed => {
                    "It can be concluded that everything that serves this clause is said to be in place; for "
                    (count(all - supported, "activity", "activities")) " that rests on the word of the teams alone, at least in part."
                },
                Conclusion::Supported => "It can be concluded that everything that serves this clause is said to be in place, with valid evidence for each activity; not that this is enough for the clause.",
            }
        }
    }
}

fn row(paper: &Paper<'_>, index: ActivityIndex, finding: &Finding) -> Markup {
    let home = paper.catalog.home(index);
    html! {
        tr {
            th scope="row" {
                (activity_link(paper.catalog, index, paper.selection))
                br;
                small { "level " (paper.catalog.activity(index).level) @if let Some(home) = home { ", " (home.dimension.name) } }
            }
            td data-name="Answers" {
                @for (mark, teams) in &finding.answers {
                    p { (mark_tag(paper, *mark)) @if !paper.is_one_team() { " " (teams.count) @if !teams.named.is_empty() { ": " (teams.named.join(", ")) } } }
                }
                @for remark in &finding.remarks { (remarked(paper, remark)) }
            }
            td data-name="Evidence" { (evidence(paper, finding)) }
        }
    }
}

fn mark_tag(paper: &Paper<'_>, mark: Mark) -> Markup {
    match mark {
        Mark::Worth(100) => html! { span.state.done { (paper.step(1.0)) } },
        Mark::Worth(0) => html! { span.state { (paper.step(0.0)) } },
        Mark::Worth(percent) => html! { span.state.draft { (paper.step(f64::from(percent) / 100.0)) } },
        Mark::NotApplicable => html! { span.state { "Not applicable" } },
        Mark::Unanswered => html! { span.state.expired { "Unanswered" } },
    }
}

fn remarked(paper: &Paper<'_>, remark: &Remark) -> Markup {
    let name = |id: TeamId| {
        paper.view.teams.iter().find(|team| team.id == id).map_or("another team", |team| team.name.as_str())
    };
    html! {
        p.note-text {
            @if !paper.is_one_team() { strong { (remark.team) ": " } }
            @if let Some(from) = remark.inherited_from { "Taken from " (name(from)) ". " }
            (super::shortened(&remark.note))
        }
    }
}

fn evidence(paper: &Paper<'_>, finding: &Finding) -> Markup {
    let Finding { claiming, supported, evidence, more_evidence, withdrawn, .. } = finding;
    html! {
        @if *claiming > 0 && !paper.is_one_team() {
            p { "Valid evidence from " (supported) " of " (count(*claiming, "team", "teams")) " with something in place." }
        }
        @if evidence.is_empty() { p.quiet { "None recorded." } }
        @for piece in evidence { (told(paper, piece)) }
        @if *more_evidence > 0 { p.quiet { "And " (count(*more_evidence, "other piece", "other pieces")) "." } }
        @if *withdrawn > 0 { p.quiet { (count(*withdrawn, "piece was", "pieces were")) " withdrawn and " @if *withdrawn == 1 { "counts" } @else { "count" } " for nothing." } }
    }
}

fn told(paper: &Paper<'_>, piece: &Piece) -> Markup {
    html! {
        p.piece {
            (state_tag(piece.state)) " "
            a href=(address(&format!("/evidence/{}", piece.id), paper.selection)) { (piece.title) }
            @if !piece.link.is_empty() { ", " a.outside href=(piece.link) rel="noreferrer" { (piece.link) } }
            br;
            small {
                "recorded on " (calendar_day(piece.recorded_on)) ", "
                @if piece.expires_on.is_some() { "expires on " (end(piece.expires_on)) } @else { "does not expire" }
                ", " @if piece.reviewer.is_empty() { "no reviewer named" } @else { "reviewed by " (piece.reviewer) }
                @if !paper.is_one_team() { ", for " (paper.teams(&piece.teams)) }
            }
        }
    }
}

/// Who submitted what the teams stand on, and what holds that down.
fn submissions(paper: &Paper<'_>, audit: &Audit) -> Markup {
    html! {
        section.begins-page {
            h2 { "What the figures rest on" }
            p.explain {
                "The assessments that the teams stand on. The digest is the SHA-256 of what was submitted, as it is kept with the submission and in the audit record; "
                "whoever looks after the service can compare them at any time."
            }
            @if audit.submissions_left_out > 0 {
                p.quiet { "The first " (audit.submissions.len()) " teams are listed; the other " (audit.submissions_left_out) " are in the audit record and in reports of groups." }
            }
            div.table-wrap {
                table.stack.submissions {
                    thead {
                        tr {
                            th scope="col" { "Team" }
                            th scope="col" { "Quarter" }
                            th scope="col" { "Submitted" }
                            th scope="col" { "By" }
                            th scope="col" { "Digest" }
                        }
                    }
                    tbody { @for submitted in &audit.submissions { (submission(paper, submitted)) } }
                }
            }
            @match &audit.head {
                Some(head) => p { "When this report was made, the audit record ended with row " (head.number) "; the head of its chain was " code { (head) } ". Kept outside of the service, it shows later whether anything before it was altered." },
                None => p.quiet { "The head of the audit record is shown to administrators only." },
            }
        }
    }
}

fn submission(paper: &Paper<'_>, submitted: &SubmittedAssessment) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(format!("/assessments/{}", submitted.id)) { (submitted.team) } }
            td.date data-name="Quarter" { (submitted.period) @if submitted.period < paper.period() { " " span.state.draft { "carried" } } }
            td.date data-name="Submitted" { (moment(submitted.submission.at)) }
            td data-name="By" { (submitted.submission.by) }
            td data-name="Digest" {
                code { (submitted.digest) }
                @for reopening in &submitted.reopenings {
                    p { small { "Submitted on " (moment(reopening.submission.at)) " by " (reopening.submission.by) ", reopened on " (moment(reopening.at)) " by " (reopening.by) ": " (super::shortened(&reopening.reason)) } }
                }
            }
        }
    }
}
