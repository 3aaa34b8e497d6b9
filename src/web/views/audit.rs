//! “Who did what?”: the audit record, narrowed down, and whether it is still as it was written.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::components::{count, day, described_by, field_faults};
use super::downloads;
use super::layout::{self, Frame, address, with_parameter};
use crate::domain::audit::{AuditSeen, AuditVerdict, Deed, Entry};
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;

/// How many faults of the record are told on the page.
const FAULTS: usize = 50;

/// Which rows are wanted, as it was entered.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Entered {
    /// Done by this one.
    pub(in crate::web) actor: String,
    /// The word of what was done.
    pub(in crate::web) deed: String,
    /// On this day or later.
    pub(in crate::web) since: String,
    /// On this day or before.
    pub(in crate::web) until: String,
    /// With these words.
    pub(in crate::web) text: String,
    /// Older than the row with this number.
    pub(in crate::web) before: String,
    /// A head that was noted before, for the check.
    pub(in crate::web) head: String,
}

impl Entered {
    /// What narrows the record down, by the names of the fields.
    fn filters(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("actor", self.actor.as_str()),
            ("deed", &self.deed),
            ("since", &self.since),
            ("until", &self.until),
            ("text", &self.text),
        ];
        all.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()
    }
}

/// The page. `verdict`: what a check found that was made just now.
pub(in crate::web) fn page(
    frame: &Frame<'_>,
    seen: &AuditSeen,
    entered: &Entered,
    faults: &[FieldFault],
    verdict: Option<&AuditVerdict>,
) -> Markup {
    let is_readable = faults.iter().all(|fault| fault.field == "head");
    let body = html! {
        @if let Some(verdict) = verdict { (found(verdict)) }
        (filter(frame, seen, entered, faults))
        section.card {
            @if !is_readable {
                p { "Nothing is shown, since what is wanted is not clear. Correct it above, or " a href=(address("/admin/audit", frame.selection)) { "show everything" } "." }
            } @else if seen.head.number == 0 {
                p.lead { "Nothing is recorded yet." }
                p { "Everything that is changed from now on stands here: who did it, when and from where." }
            } @else if seen.entries.is_empty() {
                p { "No row is like that. " a href=(address("/admin/audit", frame.selection)) { "Show everything" } }
            } @else {
                (table(&seen.entries))
                (paging(frame, seen, entered))
            }
        }
        (soundness(seen, entered, faults))
    };
    layout::page(frame, "Who did what?", &downloads::record(), &body)
}

fn filter(frame: &Frame<'_>, seen: &AuditSeen, entered: &Entered, faults: &[FieldFault]) -> Markup {
    let invalid = |field: &str| described_by(faults, field).map(|_| "true");
    let unknown = Some(&entered.actor).filter(|actor| !actor.is_empty() && !seen.actors.contains(actor));
    html! {
        form.picker method="get" action=(frame.path.strip_suffix("/check").unwrap_or(frame.path)) {
            (layout::kept(frame.selection))
            label {
                span { "Who" }
                select name="actor" {
                    option value="" { "anybody" }
                    @for actor in unknown.into_iter().chain(&seen.actors) { option value=(actor) selected[*actor == entered.actor] { (actor) } }
                }
            }
            label {
                span { "What" }
                select name="deed" aria-invalid=[invalid("deed")] aria-describedby=[described_by(faults, "deed")] {
                    option value="" { "anything" }
                    @for (word, deed) in Deed::NAMED { option value=(word) selected[*word == entered.deed] { (what(*deed)) } }
                }
            }
            label { span { "From" } input type="date" name="since" value=(entered.since) aria-invalid=[invalid("since")] aria-describedby=[described_by(faults, "since")]; }
            label { span { "To" } input type="date" name="until" value=(entered.until) aria-invalid=[invalid("until")] aria-describedby=[described_by(faults, "until")]; }
            label { span { "Search" } input type="search" name="text" value=(entered.text) maxlength="100" aria-invalid=[invalid("text")] aria-describedby=[described_by(faults, "text")]; }
            button { "Show" }
            @if !entered.filters().is_empty() { a href=(address("/admin/audit", frame.selection)) { "Show everything" } }
        }
        @for field in ["deed", "since", "until", "text", "before"] { (field_faults(faults, field)) }
    }
}

fn table(entries: &[Entry]) -> Markup {
    html! {
        div.table-wrap {
            table.stack.audit {
                thead {
                    tr {
                        th scope="col" { "When " small { "(UTC)" } }
                        th scope="col" { "Who" }
                        th scope="col" { "What" }
                        th scope="col" { "About" }
                        th.num scope="col" { "Row" }
                    }
                }
                tbody { @for sitting in entries.chunk_by(is_of_one_sitting) { (row(sitting)) } }
            }
        }
    }
}

/// Whether two rows say that the same person went on with the same assessment in the same way: whoever answers it saves
/// many times.
fn is_of_one_sitting(a: &Entry, b: &Entry) -> bool {
    let of = |entry: &Entry| entry.detail("assessment").filter(|_| entry.deed == Deed::AnswersRecorded.name());
    of(a).is_some() && of(a) == of(b) && (&a.actor, &a.means, &a.from) == (&b.actor, &b.means, &b.from)
}

/// A row of the record, or those of one sitting together, the latest first.
fn row(sitting: &[Entry]) -> Markup {
    let (Some(latest), Some(first)) = (sitting.first(), sitting.last()) else { return html! {} };
    let is_one = sitting.len() == 1;
    html! {
        tr {
            th.date scope="row" {
                (moment(latest))
                @if !is_one { small.below { " since " (moment(first)) } }
            }
            td data-name="Who" {
                (latest.actor)
                small.below { (means(&latest.means)) @if !latest.from.is_empty() { ", " (latest.from) } }
            }
            td { (done(latest, sitting)) }
            td.subject {
                span { @match page_of(latest) { Some(to) => a href=(to) { (latest.subject) }, None => (latest.subject) } }
                @if is_one { (details_of(latest)) }
                @else {
                    details {
                        summary { (sitting.len()) " entries" span.visually-hidden { " from row " (first.number) " to " (latest.number) } }
                        ol.plain {
                            @for entry in sitting {
                                li { "Row " (entry.number) ", " (moment(entry)) ": " (done(entry, std::slice::from_ref(entry))) (details_of(entry)) }
                            }
                        }
                    }
                }
            }
            td.num data-name="Row" { @if !is_one { (first.number) "–" } (latest.number) }
        }
    }
}

fn moment(entry: &Entry) -> Markup {
    html! {
        @match entry.moment() {
            Some(at) => { (day(at)) " " small { (at.format("%H:%M:%S")) } },
            None => (entry.at),
        }
    }
}

/// What was done, with how many answers that is.
fn done(latest: &Entry, sitting: &[Entry]) -> String {
    let answers = |entry: &Entry| entry.detail("answers").and_then(|number| number.as_u64());
    let recorded: Option<u64> = sitting.iter().map(answers).sum();
    match (Deed::from_name(&latest.deed), recorded.and_then(|number| usize::try_from(number).ok())) {
        (Some(Deed::AnswersRecorded), Some(number)) => format!("Recorded {}", count(number, "answer", "answers")),
        (Some(deed), _) => what(deed).to_owned(),
        (None, _) => latest.deed.clone(),
    }
}

/// The page of what a row is about, as far as the row says it by a number.
fn page_of(entry: &Entry) -> Option<String> {
    let pages =
        [("assessment", "/assessments/"), ("evidence", "/evidence/"), ("plan", "/roadmap/plans/"), ("team", "/?team=")];
    pages.iter().find_map(|(name, path)| Some(format!("{path}{}", entry.detail(name)?.as_i64()?)))
}

/// What else a row says, folded; nothing where it says no more.
fn details_of(entry: &Entry) -> Markup {
    let details = details(entry);
    html! {
        @if !details.is_empty() {
            details {
                summary { "Details" span.visually-hidden { " of row " (entry.number) } }
                dl.clauses { @for (name, value) in &details { dt { (name) } dd { (value) } } }
            }
        }
    }
}

fn paging(frame: &Frame<'_>, seen: &AuditSeen, entered: &Entered) -> Markup {
    let here = entered
        .filters()
        .into_iter()
        .fold(address("/admin/audit", frame.selection), |address, (name, value)| with_parameter(&address, name, value));
    let is_first = entered.before.trim().is_empty();
    html! {
        @if seen.more || !is_first {
            nav.card-foot aria-label="Parts of the record" {
                @if let Some(last) = seen.entries.last().filter(|_| seen.more) {
                    a.button.quiet rel="next" href=(with_parameter(&here, "before", &last.number.to_string())) { "Older" }
                }
                @if !is_first { a href=(here) { "To the latest" } }
            }
        }
    }
}

/// How one knows that nothing was changed afterwards.
fn soundness(seen: &AuditSeen, entered: &Entered, faults: &[FieldFault]) -> Markup {
    html! {
        section.card #soundness {
            h2 { "Is it still as it was written?" }
            p.explain {
                "Each row holds a hash of itself and of all rows before it, so a row that was altered or taken out shows. Only the end can be cut off unseen, "
                "unless you noted where it was. This is the end of the record now:"
            }
            p.head { code { (seen.head) } }
            p.explain {
                "Note it somewhere that this service cannot write to, such as a ticket or a letter to the auditor. Later " code { "cairn audit verify --head …" }
                " on the machine, or the check here, finds out whether all up to there is as it was."
            }
            form.fields method="post" action="/admin/audit/check" {
                label {
                    span { "A head that you noted before " small { "(may be left empty)" } }
                    input type="text" name="head" value=(entered.head) maxlength="100" autocomplete="off" spellcheck="false" placeholder="123:0a1b…" aria-invalid=[described_by(faults, "head").map(|_| "true")] aria-describedby=[described_by(faults, "head")];
                    (field_faults(faults, "head"))
                }
                button { "Check the record now" }
            }
        }
    }
}

fn found(verdict: &AuditVerdict) -> Markup {
    let more = verdict.faults.len().saturating_sub(FAULTS);
    html! {
        @if verdict.faults.is_empty() {
            div.notice.good role="status" {
                p {
                    strong { "The record is sound. " }
                    "All " (count(usize::try_from(verdict.head.number).unwrap_or_default(), "row", "rows")) " fit together, and "
                    (count(verdict.assessments, "submitted assessment says", "submitted assessments say")) " what was submitted."
                }
            }
        } @else {
            div.notice.bad role="alert" {
                p { strong { "Not as it was recorded. " } "Somebody went past Cairn to its database. Keep a copy of the file, and compare it with a backup." }
                ul {
                    @for fault in verdict.faults.iter().take(FAULTS) { li { (fault) } }
                    @if more > 0 { li { "and " (more) " more" } }
                }
            }
        }
    }
}

/// What else there is to know, as names and values in words.
fn details(entry: &Entry) -> Vec<(String, String)> {
    let Ok(details) = serde_json::from_str::<Map<String, Value>>(&entry.details) else {
        return vec![("as recorded".to_owned(), entry.details.clone())];
    };
    details.into_iter().map(|(name, value)| (name.replace('_', " "), in_words(&value))).collect()
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Bool(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// How somebody was recognized.
fn means(word: &str) -> &str {
    match word {
        "user" => "signed in",
        "token" => "with a token",
        "operator" => "on the machine",
        "demo" => "in the demo",
        "nobody" => "not signed in",
        other => other,
    }
}

/// What was done.
fn what(deed: Deed) -> &'static str {
    match deed {
        Deed::SetUp => "Set Cairn up",
        Deed::SignedIn => "Signed in",
        Deed::SignInRefused => "Was refused when signing in",
        Deed::SignedOut => "Signed out",
        Deed::SessionsEnded => "Ended sessions",
        Deed::PasswordSet => "Set a password",
        Deed::PasswordLinkMade => "Made a password link",
        Deed::UserAdded => "Added an account",
        Deed::UserChanged => "Changed an account",
        Deed::UserDisabled => "Disabled an account",
        Deed::UserEnabled => "Enabled an account",
        Deed::TokenMade => "Made a token",
        Deed::TokenTrusted => "Said what a token is trusted for",
        Deed::TokenRevoked => "Revoked a token",
        Deed::TeamAdded => "Added a team",
        Deed::TeamChanged => "Changed a team",
        Deed::TeamRetired => "Retired a team",
        Deed::TeamBroughtBack => "Brought a team back",
        Deed::GroupAdded => "Added a group",
        Deed::GroupRenamed => "Renamed a group",
        Deed::GroupRemoved => "Removed a group",
        Deed::AssessmentOpened => "Opened an assessment",
        Deed::AnswersRecorded => "Recorded answers",
        Deed::ProposalsTaken => "Took what was proposed",
        Deed::ProposalsDeclined => "Declined what was proposed",
        Deed::ProposalsTrusted => "Answered what was detected",
        Deed::AssessmentSubmitted => "Submitted an assessment",
        Deed::AssessmentReopened => "Reopened an assessment",
        Deed::Imported => "Imported answers",
        Deed::EvidenceAdded => "Added evidence",
        Deed::EvidenceChanged => "Changed evidence",
        Deed::EvidenceWithdrawn => "Withdrew evidence",
        Deed::EvidenceRestored => "Let evidence count again",
        Deed::PlanSaved => "Saved a plan",
        Deed::PlanArchived => "Put a plan aside",
        Deed::PlanRestored => "Took a plan up again",
        Deed::PlanOwnerSet => "Named an owner",
        Deed::ThreatModelAdded => "Added a threat model",
        Deed::ThreatModelChanged => "Changed a threat model",
        Deed::ThreatModelReviewed => "Recorded a review or a change of a threat model",
        Deed::ThreatModelArchived => "Put a threat model aside",
        Deed::ThreatModelRestored => "Took a threat model up again",
        Deed::CatalogUsed => "Put a catalog to use",
        Deed::RoadmapChanged => "Changed the roadmap",
        Deed::ProfileAssigned => "Assigned a target profile",
        Deed::SettingsChanged => "Changed the settings",
        Deed::BackedUp => "Made a backup",
        Deed::Restored => "Restored a backup",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::Hash;

    fn entry(details: &str) -> Entry {
        let text = String::new;
        Entry {
            number: 1,
            at: text(),
            means: text(),
            actor: text(),
            from: text(),
            deed: text(),
            subject: text(),
            details: details.into(),
            hash: Hash::start(),
        }
    }

    #[test]
    fn details_are_said_in_words() {
        let found =
            details(&entry(r#"{"role_before":"viewer","teams":["A","B"],"groups":[],"n":3,"x":null,"y":true}"#));
        let values: Vec<_> = found.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(values, ["role before: viewer", "teams: A, B", "groups: none", "n: 3", "x: none", "y: yes"]);
        assert_eq!(details(&entry("{broken")), [("as recorded".to_owned(), "{broken".to_owned())]);
        assert!(details(&entry("{}")).is_empty());
    }
}
