//! Looking at the audit record, and finding out whether it and what was submitted are still as they were.

use std::collections::HashMap;

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Assessment, AssessmentId};
use crate::domain::audit::{AuditFilter, AuditSeen, AuditVerdict, Deed, Entry, Head, Verifier, assessment_digest};
use crate::domain::named::Named;
use crate::store::Snapshot;

/// How many rows one page shows.
const PAGE: usize = 100;
/// How many assessments are compared with their digests at a time.
const CHUNK: usize = 50;

impl Cairn {
    /// The rows that a filter wants, latest first.
    pub fn audit(&self, caller: &Caller, filter: &AuditFilter) -> Result<AuditSeen, Error> {
        self.read(caller, Action::Audit, |snapshot, _| {
            let mut entries = snapshot.audit_entries(filter, PAGE as i64 + 1)?;
            let more = entries.len() > PAGE;
            entries.truncate(PAGE);
            Ok(AuditSeen { entries, more, actors: snapshot.audit_actors()?, head: snapshot.audit_head()? })
        })
    }

    /// At most so many of the rows that a filter wants, latest first.
    pub fn audit_entries(&self, caller: &Caller, filter: &AuditFilter, most: usize) -> Result<Vec<Entry>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.read(caller, Action::Audit, |snapshot, _| Ok(snapshot.audit_entries(filter, most)?))
    }

    /// The end of the record.
    pub fn audit_head(&self, caller: &Caller) -> Result<Head, Error> {
        self.read(caller, Action::Audit, |snapshot, _| Ok(snapshot.audit_head()?))
    }

    /// All rows, first to last.
    pub(super) fn whole_audit(&self, caller: &Caller) -> Result<Vec<Entry>, Error> {
        self.read(caller, Action::Audit, |snapshot, _| {
            let mut entries = Vec::new();
            snapshot.each_audit_entry(|entry| entries.push(entry))?;
            Ok(entries)
        })
    }

    /// Goes over the whole record and compares every submitted assessment with its digest. `noted` is the
    /// head of the record as it was noted elsewhere before.
    pub fn verify_audit(&self, caller: &Caller, noted: Option<Head>) -> Result<AuditVerdict, Error> {
        self.read(caller, Action::Audit, |snapshot, _| {
            let mut verifier = Verifier::new(noted);
            let mut submitted: HashMap<AssessmentId, Submitted> = HashMap::new();
            snapshot.each_audit_entry(|entry| {
                verifier.look_at(&entry);
                let id = || entry.detail("assessment").and_then(|id| id.as_i64()).map(AssessmentId);
                if entry.deed == Deed::AssessmentSubmitted.name() {
                    let digest = entry.detail("digest").and_then(|digest| digest.as_str().map(str::to_owned));
                    let (number, subject) = (entry.number, entry.subject.clone());
                    submitted.extend(id().zip(digest.map(|digest| Submitted { number, subject, digest })));
                } else if entry.deed == Deed::AssessmentReopened.name()
                    && let Some(id) = id()
                {
                    submitted.remove(&id);
                }
            })?;
            let (head, mut faults) = verifier.finish();
            let assessments = compare(snapshot, submitted, &mut faults)?;
            Ok(AuditVerdict { head, assessments, faults })
        })
    }
}

/// A submission as the record has it.
struct Submitted {
    number: i64,
    subject: String,
    digest: String,
}

/// Compares the submitted assessments with the digests that are kept with them and with those of the
/// record. How many there are.
fn compare(
    snapshot: &mut Snapshot<'_>,
    mut recorded: HashMap<AssessmentId, Submitted>,
    faults: &mut Vec<String>,
) -> Result<usize, Error> {
    let names: HashMap<_, _> =
        snapshot.teams(&Sight::Everything)?.into_iter().map(|team| (team.id, team.name.to_string())).collect();
    let mut submitted = snapshot.assessments(&Sight::Everything)?;
    submitted.retain(|assessment| assessment.submitted.is_some());
    for chunk in submitted.chunks(CHUNK) {
        let ids: Vec<AssessmentId> = chunk.iter().map(|assessment| assessment.id).collect();
        let (mut answers, kept) = (snapshot.answers(&ids)?, snapshot.digests_of(&ids)?);
        for assessment in chunk {
            let digest = assessment_digest(assessment, &answers.remove(&assessment.id).unwrap_or_default());
            let recorded = recorded.remove(&assessment.id).map(|submitted| submitted.digest);
            let fault = match (kept.get(&assessment.id), recorded) {
                (_, None) => "is submitted, but no row of the record says so",
                (Some(kept), Some(recorded)) if *kept == digest && recorded == digest => continue,
                (Some(kept), Some(recorded)) if *kept == recorded => "does not say any more what was submitted",
                (Some(kept), _) if *kept == digest => {
                    "was changed together with its digest, which the record does not know"
                }
                _ => "does not say any more what was submitted, and its digest was changed, too",
            };
            let Assessment { id, team, period, .. } = assessment;
            let name = names.get(team).map_or("?", String::as_str);
            faults.push(format!("the assessment of {name} for {period} (number {id}) {fault}"));
        }
    }
    let mut missing: Vec<(AssessmentId, Submitted)> = recorded.into_iter().collect();
    missing.sort_by_key(|(_, submitted)| submitted.number);
    for (id, Submitted { number, subject, .. }) in missing {
        faults.push(format!(
            "the assessment of {subject} (number {id}) was submitted, as row {number} says, and is not any more: no row says \
             that it was reopened"
        ));
    }
    Ok(submitted.len())
}
