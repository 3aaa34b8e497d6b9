//! What an import does to what is recorded, thing by thing: what is new, what changes from what to what, and
//! what is the same already. Everything is counted; what people read of it is bounded.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::digits::hex;
use super::fault::Place;
use super::named::Named;

/// What an import is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The progress scale.
    Scale,
    /// A group of teams.
    Group,
    /// A team.
    Team,
    /// An assessment: opened, or submitted.
    Assessment,
    /// An answer.
    Answer,
    /// A piece of evidence.
    Evidence,
}

impl Named for Subject {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("scale", Self::Scale),
        ("group", Self::Group),
        ("team", Self::Team),
        ("assessment", Self::Assessment),
        ("answer", Self::Answer),
        ("evidence", Self::Evidence),
    ];
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What becomes of a thing that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is not there yet.
    New,
    /// It is there, and says something else.
    Changed,
    /// It is there, and says the same.
    Same,
}

impl Named for Fate {
    const NAMED: &'static [(&'static str, Self)] =
        &[("new", Self::New), ("changed", Self::Changed), ("same", Self::Same)];
}

impl Serialize for Fate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// How many things of a kind have a fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// What they are.
    pub subject: Subject,
    /// What becomes of them.
    pub fate: Fate,
    /// How many there are; at least 1.
    pub count: usize,
}

/// One aspect in which a thing changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which: the name of its column.
    pub field: &'static str,
    /// What is recorded; empty for a new thing.
    pub from: String,
    /// What the file says.
    pub to: String,
}

impl Difference {
    /// The difference between two texts, if there is one.
    pub fn between(field: &'static str, from: &str, to: &str) -> Option<Self> {
        (from != to).then(|| Self { field, from: from.to_owned(), to: to.to_owned() })
    }

    fn shortened(mut self) -> Self {
        for text in [&mut self.from, &mut self.to] {
            if let Some((cut, _)) = text.char_indices().nth(Changes::TEXT_KEPT) {
                text.truncate(cut);
                text.push('…');
            }
        }
        self
    }
}

/// What becomes of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where the file speaks of it.
    #[serde(serialize_with = "in_words")]
    pub place: Place,
    /// What it is.
    pub subject: Subject,
    /// What becomes of it.
    pub fate: Fate,
    /// What people call it, for example “Payments 2026-Q4: Threat modeling”.
    pub name: String,
    /// In what it changes; for a new thing what it says.
    pub differences: Vec<Difference>,
}

/// Writes a place as people read it.
fn in_words<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

/// What becomes of everything that is imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    counts: BTreeMap<(Subject, Fate), usize>,
    kept: BTreeMap<Fate, Vec<Change>>,
    digest: Vec<u8>,
}

impl Changes {
    /// How many changes of each fate are kept with their text; further ones are only counted.
    pub const KEPT: usize = 500;
    /// How many characters of a text are kept.
    pub const TEXT_KEPT: usize = 200;

    /// Notes what becomes of one thing.
    pub fn note(&mut self, change: Change) {
        *self.counts.entry((change.subject, change.fate)).or_default() += 1;
        self.digest = digest_with(&self.digest, &change);
        let kept = self.kept.entry(change.fate).or_default();
        if kept.len() < Self::KEPT {
            let differences = change.differences.into_iter().map(Difference::shortened).collect();
            kept.push(Change { differences, ..change });
        }
    }

    /// How many things of a kind have a fate.
    pub fn count(&self, subject: Subject, fate: Fate) -> usize {
        self.counts.get(&(subject, fate)).copied().unwrap_or_default()
    }

    /// How many things there are of each kind and fate.
    pub fn counts(&self) -> Vec<Count> {
        self.counts.iter().map(|(&(subject, fate), &count)| Count { subject, fate, count }).collect()
    }

    /// Everything that is kept with its text, by fate.
    pub fn kept(&self) -> impl Iterator<Item = &Change> {
        self.kept.values().flatten()
    }

    /// How many things have a fate.
    pub fn count_of(&self, fate: Fate) -> usize {
        self.counts.iter().filter(|((_, other), _)| *other == fate).map(|(_, count)| count).sum()
    }

    /// The things of a fate that are kept with their text, in the order in which they were found.
    pub fn of(&self, fate: Fate) -> &[Change] {
        self.kept.get(&fate).map_or(&[], Vec::as_slice)
    }

    /// Whether anything is different afterwards.
    pub fn is_something(&self) -> bool {
        self.count_of(Fate::New) + self.count_of(Fate::Changed) > 0
    }

    /// What tells these changes from others, those included that are only counted.
    pub fn fingerprint(&self) -> String {
        hex(&self.digest)
    }
}

/// The digest of some changes followed by another one. Lengths keep two texts from running into one.
fn digest_with(before: &[u8], change: &Change) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    text(change.subject.name());
    text(change.fate.name());
    text(&change.place.to_string());
    text(&change.name);
    for Difference { field, from, to } in &change.differences {
        text(field);
        text(from);
        text(to);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, fate: Fate, to: &str) -> Change {
        let differences = Difference::between("status", "", to).into_iter().collect();
        Change { place: Place::default(), subject: Subject::Answer, fate, name: name.into(), differences }
    }

    #[test]
    fn all_are_counted_and_some_are_kept() {
        let mut changes = Changes::default();
        assert!(!changes.is_something());
        for n in 0..Changes::KEPT + 5 {
            changes.note(change(&n.to_string(), Fate::New, &"x".repeat(1_000)));
        }
        changes.note(change("a", Fate::Same, ""));
        assert_eq!(changes.count(Subject::Answer, Fate::New), Changes::KEPT + 5);
        assert_eq!((changes.of(Fate::New).len(), changes.of(Fate::Same).len()), (Changes::KEPT, 1));
        assert_eq!(changes.of(Fate::New)[0].differences[0].to.chars().count(), Changes::TEXT_KEPT + 1);
        assert!(changes.is_something() && changes.of(Fate::Changed).is_empty());
    }

    #[test]
    fn what_is_only_counted_makes_another_fingerprint_too() {
        let fingerprint = |last: &str| {
            let mut changes = Changes::default();
            (0..=Changes::KEPT).for_each(|_| changes.note(change("a", Fate::New, "x")));
            changes.note(change("a", Fate::New, &format!("{}{last}", "x".repeat(500))));
            changes.fingerprint()
        };
        assert_eq!(fingerprint("a"), fingerprint("a"));
        assert_ne!(fingerprint("a"), fingerprint("b"));
    }
}
