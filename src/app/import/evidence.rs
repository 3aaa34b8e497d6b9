//! The evidence of files.
//!
//! A row is a piece that is there when all of it is the same; several equal rows of one file are as many
//! pieces. Where just one row and one piece are left that have title, link, teams and activities in common,
//! the row is what became of the piece. Everything else is new.

use std::collections::{HashMap, HashSet};

use super::Import;
use super::answers::unknown_activity;
use crate::app::Error;
use crate::app::access::sight;
use crate::app::evidence::{EvidenceInput, about, check};
use crate::domain::access::Action;
use crate::domain::audit::Deed;
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::{Evidence, EvidenceContent};
use crate::domain::import::{Difference, Fate, Subject};
use crate::domain::organization::TeamId;
use crate::domain::view::EvidenceSubjects;
use crate::formats::intake::EvidenceRow;

/// A row, and what it says once it is found to be good.
struct Checked<'r> {
    row: &'r EvidenceRow,
    content: EvidenceContent,
}

/// What a row is of what is recorded.
#[derive(Clone, Copy)]
enum Meant<'e> {
    /// It is this piece as it is.
    Same(Option<&'e Evidence>),
    /// It is what became of this piece.
    Changed(&'e Evidence),
    New,
}

/// What a piece keeps when it is changed: title, link, teams and activities.
type Core<'e> = (&'e str, &'e str, &'e [TeamId], &'e [ActivityId]);

fn core(content: &EvidenceContent) -> Core<'_> {
    (&content.title, &content.link, &content.teams, &content.activities)
}

impl Import<'_, '_> {
    /// Adds the evidence that is new, and changes what was changed.
    pub(super) fn take_evidence(&mut self, rows: &[EvidenceRow]) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let sight = sight(self.change, self.caller)?;
        let subjects = self.cairn.evidence_subjects(self.change, &sight)?;
        let existing = self.existing(rows)?;
        let kept: HashSet<&ActivityId> = existing.iter().flat_map(|piece| &piece.content.activities).collect();
        let mut checked = Vec::new();
        for row in rows {
            if let Some(content) = self.content(row, &subjects, &kept)? {
                checked.push(Checked { row, content });
            }
        }
        for (Checked { row, content }, meant) in checked.iter().zip(meant(&checked, &existing)) {
            self.piece(row, content, meant, &subjects)?;
        }
        Ok(())
    }

    /// The evidence of the teams that the rows speak of, its links in order.
    fn existing(&mut self, rows: &[EvidenceRow]) -> Result<Vec<Evidence>, Error> {
        let mut teams: Vec<TeamId> = Vec::new();
        for name in rows.iter().flat_map(|row| &row.teams) {
            teams.push(self.team(name)?);
        }
        teams.sort_unstable();
        teams.dedup();
        let mut existing = self.change.evidence_of(&teams)?;
        for piece in &mut existing {
            piece.content.activities.sort();
            piece.content.teams.sort();
        }
        Ok(existing)
    }

    /// What a row says, unless something is wrong with it. `kept`: the activities that evidence is for already.
    fn content(
        &mut self,
        row: &EvidenceRow,
        subjects: &EvidenceSubjects,
        kept: &HashSet<&ActivityId>,
    ) -> Result<Option<EvidenceContent>, Error> {
        let Some(activities) = self.activities_of(row, subjects, kept) else { return Ok(None) };
        let mut teams = Vec::new();
        for name in &row.teams {
            teams.push(self.team(name)?);
        }
        let input = EvidenceInput {
            title: row.title.clone(),
            link: row.link.clone(),
            text: row.text.clone(),
            recorded_on: row.recorded_on.to_string(),
            expires_on: row.expires_on.map(|day| day.to_string()).unwrap_or_default(),
            reviewer: row.reviewer.clone(),
            activities,
            teams,
        };
        // Whether they are known was asked above, each for itself.
        let content = match check(subjects, self.caller.at.date_naive(), &input, &input.activities) {
            Ok(content) => content,
            Err(Error::Invalid(faults)) => {
                for fault in faults {
                    let column = match fault.field.as_str() {
                        "team" => "teams",
                        "activity" => "activity_ids",
                        other => other,
                    };
                    self.faults.push(row.at.cell(column), fault.message);
                }
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        if let Err(forbidden) = subjects.authorize(&self.caller.actor, Action::Import, &content.teams) {
            self.faults.push(row.at.cell("teams"), forbidden.to_string());
            return Ok(None);
        }
        Ok(Some(content))
    }

    /// The activities of a row, or `None` when it is not to be read.
    fn activities_of(
        &mut self,
        row: &EvidenceRow,
        subjects: &EvidenceSubjects,
        kept: &HashSet<&ActivityId>,
    ) -> Option<Vec<ActivityId>> {
        let is_known = |id: &ActivityId| subjects.activity(id).is_some() || kept.contains(id);
        // People may write the names of activities, too.
        let named = |id: &ActivityId| {
            let found = if is_known(id) { None } else { by_name(subjects, &id.0) };
            found.unwrap_or_else(|| id.clone())
        };
        let (known, unknown): (Vec<_>, Vec<_>) = row.activities.iter().map(named).partition(is_known);
        let catalog = subjects.catalogs.first();
        let place = row.at.cell("activity_ids");
        for id in &unknown {
            let message = catalog.map(|catalog| unknown_activity(id, catalog)).unwrap_or_default();
            if self.options.skip_unknown {
                self.warn(place.clone(), format!("{message}; the evidence is taken without it"));
            } else {
                self.faults.push(place.clone(), message);
            }
        }
        if unknown.is_empty() {
            return Some(known);
        }
        if self.options.skip_unknown && known.is_empty() {
            self.warn(place, "the evidence is for no activity that is known, so it was not read".to_owned());
        }
        (self.options.skip_unknown && !known.is_empty()).then_some(known)
    }

    fn piece(
        &mut self,
        row: &EvidenceRow,
        content: &EvidenceContent,
        meant: Meant<'_>,
        subjects: &EvidenceSubjects,
    ) -> Result<(), Error> {
        let teams: Vec<&str> = content.teams.iter().map(|team| self.name_of(*team)).collect();
        let name = format!("{} ({})", content.title, teams.join(", "));
        let (by, at) = (self.caller.actor.name(), self.caller.at);
        let (fate, differences) = match meant {
            Meant::Same(piece) => {
                if piece.is_some_and(|piece| piece.withdrawn.is_some()) {
                    self.warn(row.at.place(), format!("“{}” is withdrawn, and stays so", content.title));
                }
                (Fate::Same, Vec::new())
            }
            Meant::Changed(piece) => {
                self.change.change_evidence(piece.id, content, None, by, at)?;
                self.events.push(about(Deed::EvidenceChanged, piece.id, content));
                (Fate::Changed, differences(&piece.content, content))
            }
            Meant::New => {
                let id = self.change.add_evidence(content, by, at)?;
                self.events.push(about(Deed::EvidenceAdded, id, content));
                (Fate::New, described(content, subjects))
            }
        };
        self.note(row.at.place(), Subject::Evidence, fate, name, differences);
        Ok(())
    }
}

/// The only activity of the catalog in use that is called so.
fn by_name(subjects: &EvidenceSubjects, name: &str) -> Option<ActivityId> {
    let mut named = subjects.catalogs.first()?.activities().filter(|(_, activity)| activity.name == name);
    match (named.next(), named.next()) {
        (Some((_, found)), None) => Some(found.id.clone()),
        _ => None,
    }
}

/// What each row is of what is recorded.
fn meant<'e>(checked: &[Checked<'_>], existing: &'e [Evidence]) -> Vec<Meant<'e>> {
    let mut pieces: HashMap<&EvidenceContent, Vec<Option<&'e Evidence>>> = HashMap::new();
    for piece in existing {
        pieces.entry(&piece.content).or_default().push(Some(piece));
    }
    let mut seen: HashMap<(&str, &EvidenceContent), usize> = HashMap::new();
    let mut claimed = HashSet::new();
    let mut meant = Vec::new();
    for Checked { row, content } in checked {
        // The second row of a file that says something is the second piece that does so.
        let before = seen.entry((row.at.source(), content)).or_default();
        let of_content = pieces.entry(content).or_default();
        meant.push(match of_content.get(*before).copied() {
            Some(piece) => {
                claimed.extend(piece.map(|piece| piece.id));
                Meant::Same(piece)
            }
            None => {
                of_content.push(None);
                Meant::New
            }
        });
        *before += 1;
    }
    let mut left: HashMap<Core<'_>, Vec<&'e Evidence>> = HashMap::new();
    for piece in existing.iter().filter(|piece| piece.withdrawn.is_none() && !claimed.contains(&piece.id)) {
        left.entry(core(&piece.content)).or_default().push(piece);
    }
    let mut new: HashMap<Core<'_>, usize> = HashMap::new();
    for (Checked { content, .. }, meant) in checked.iter().zip(&meant) {
        *new.entry(core(content)).or_default() += usize::from(matches!(meant, Meant::New));
    }
    for (Checked { content, .. }, meant) in checked.iter().zip(&mut meant) {
        if let (Meant::New, Some([piece]), Some(1)) =
            (*meant, left.get(&core(content)).map(Vec::as_slice), new.get(&core(content)))
        {
            *meant = Meant::Changed(piece);
        }
    }
    meant
}

/// In what a piece changes, by the columns of the file.
fn differences(from: &EvidenceContent, to: &EvidenceContent) -> Vec<Difference> {
    let expires = |content: &EvidenceContent| content.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let compared = [
        Difference::between("text", &from.text, &to.text),
        Difference::between("recorded_on", &from.recorded_on.to_string(), &to.recorded_on.to_string()),
        Difference::between("expires_on", &expires(from), &expires(to)),
        Difference::between("reviewer", &from.reviewer, &to.reviewer),
    ];
    compared.into_iter().flatten().collect()
}

/// What a new piece says, by the columns of the file.
fn described(content: &EvidenceContent, subjects: &EvidenceSubjects) -> Vec<Difference> {
    let expires = content.expires_on.map(|day| day.to_string()).unwrap_or_default();
    let activities: Vec<&str> = content.activities.iter().map(|id| subjects.name_of(id)).collect();
    let said = [
        ("link", content.link.as_str()),
        ("text", &content.text),
        ("recorded_on", &content.recorded_on.to_string()),
        ("expires_on", &expires),
        ("reviewer", &content.reviewer),
        ("activity_ids", &activities.join("; ")),
    ];
    said.into_iter().filter_map(|(field, to)| Difference::between(field, "", to)).collect()
}
