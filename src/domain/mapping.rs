//! Which activities serve the clauses of other standards, and how far they are.

mod names;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::catalog::{Activity, ActivityId, ActivityIndex, Catalog, References};
use super::evidence::Evidence;
use super::named::Named;
use super::scoring::Measure;

/// A standard that activities refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// ISO/IEC 27001:2022.
    Iso27001V2022,
    /// ISO/IEC 27001:2017.
    Iso27001V2017,
    /// OWASP SAMM 2.
    Samm2,
}

impl Named for Standard {
    const NAMED: &'static [(&'static str, Self)] =
        &[("iso27001-2022", Self::Iso27001V2022), ("iso27001-2017", Self::Iso27001V2017), ("samm2", Self::Samm2)];
}

impl Standard {
    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Iso27001V2022 => "ISO/IEC 27001:2022",
            Self::Iso27001V2017 => "ISO/IEC 27001:2017",
            Self::Samm2 => "OWASP SAMM 2",
        }
    }

    /// The clauses that an activity refers to.
    pub fn clauses(self, references: &References) -> &[String] {
        match self {
            Self::Iso27001V2022 => &references.iso27001_2022,
            Self::Iso27001V2017 => &references.iso27001_2017,
            Self::Samm2 => &references.samm2,
        }
    }
}

/// A clause with the activities that serve it.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Its id, as written.
    pub id: String,
    /// The activities, in the order of the catalog.
    pub activities: Vec<ActivityIndex>,
    /// The mean worth of those that apply, in [0, 1]; `None` when none applies.
    pub completion: Option<f64>,
}

/// All clauses of a standard that the catalog refers to, in their natural order: 5.9 before 5.10.
pub fn clauses(catalog: &Catalog, measures: &[Measure], standard: Standard) -> Vec<Clause> {
    let mut by_id: BTreeMap<(Vec<Part>, &str), Vec<ActivityIndex>> = BTreeMap::new();
    for (index, activity) in catalog.activities() {
        for clause in standard.clauses(&activity.references) {
            let serving = by_id.entry((parts(clause), clause)).or_default();
            if serving.last() != Some(&index) {
                serving.push(index);
            }
        }
    }
    let completion = |activities: &[ActivityIndex]| {
        let worths: Vec<f64> = activities.iter().filter_map(|index| measures.get(index.position())?.worth).collect();
        (!worths.is_empty()).then(|| worths.iter().sum::<f64>() / worths.len() as f64 / 100.0)
    };
    by_id
        .into_iter()
        .map(|((_, id), activities)| Clause { id: id.to_owned(), completion: completion(&activities), activities })
        .collect()
}

/// The ids of the activities that serve a clause.
pub fn serving<'a>(catalog: &'a Catalog, standard: Standard, clause: &str) -> HashSet<&'a ActivityId> {
    let serves = |activity: &&Activity| standard.clauses(&activity.references).iter().any(|id| id == clause);
    catalog.activities().map(|(_, activity)| activity).filter(serves).map(|activity| &activity.id).collect()
}

/// How much evidence there is for the activities that serve a clause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EvidenceCount {
    /// How many pieces, in whatever state.
    pub pieces: usize,
    /// How many of them are valid.
    pub valid: usize,
}

/// How much evidence there is for each of some clauses on a day.
pub fn evidence_counts(
    catalog: &Catalog,
    clauses: &[Clause],
    evidence: &[Evidence],
    day: NaiveDate,
) -> Vec<EvidenceCount> {
    let mut of_activity: HashMap<&ActivityId, Vec<usize>> = HashMap::new();
    for (at, piece) in evidence.iter().enumerate() {
        for id in &piece.content.activities {
            of_activity.entry(id).or_default().push(at);
        }
    }
    let count = |clause: &Clause| {
        let ids = clause.activities.iter().map(|index| &catalog.activity(*index).id);
        let pieces: HashSet<usize> = ids.filter_map(|id| of_activity.get(id)).flatten().copied().collect();
        let holds = |at: &&usize| evidence.get(**at).is_some_and(|piece| piece.holds_on(day));
        EvidenceCount { pieces: pieces.len(), valid: pieces.iter().filter(holds).count() }
    };
    clauses.iter().map(count).collect()
}

/// A piece of an id between its points and hyphens.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

fn parts(id: &str) -> Vec<Part> {
    id.split(['.', '-']).map(|part| part.parse().map_or_else(|_| Part::Word(part.to_owned()), Part::Number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::Mark;
    use crate::domain::catalog::samples;

    #[test]
    fn clauses_are_in_their_natural_order_with_what_serves_them() {
        let mut content = samples::content(&[&[1, 1, 2]]);
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        for (activity, clauses) in activities.iter_mut().zip([&["5.10", "5.9"][..], &["5.9", "8.1"], &["8.1", "8.1"]]) {
            activity.references.iso27001_2022 = clauses.iter().map(ToString::to_string).collect();
        }
        let catalog = Catalog::new(content).unwrap();
        let measures: Vec<Measure> =
            [Mark::Worth(100), Mark::Worth(20), Mark::NotApplicable].map(Measure::from).to_vec();
        let found = clauses(&catalog, &measures, Standard::Iso27001V2022);
        let shown: Vec<_> = found.iter().map(|c| (c.id.as_str(), c.activities.len(), c.completion)).collect();
        assert_eq!(shown, [("5.9", 2, Some(0.6)), ("5.10", 1, Some(1.0)), ("8.1", 2, Some(0.2))]);
        assert!(clauses(&catalog, &measures, Standard::Samm2).is_empty());
    }
}
