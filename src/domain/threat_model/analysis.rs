//! What a threat model leaves open: kinds of threat that nobody thought of, threats that are not decided or not
//! rated, and threats that are said to be treated while nothing is in place against them.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::category::{Category, Stride};
use super::crossings::Crossings;
use super::rating::{Band, Rating};
use super::words::{MitigationStatus, Origin, Severity, ThreatStatus};
use super::{Element, Mitigation, PartId, Threat, ThreatModel};

/// The share of the pairs of an element and a kind of STRIDE from which on a model counts as gone through. Not all are
/// asked for: many a pair is plainly harmless, and nobody writes that down.
pub const STRIDE_ENOUGH: f64 = 0.6;

/// Everything that is to be known of a model on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis<'a> {
    /// Which kinds of threat were looked for at each element.
    pub stride: StrideCoverage<'a>,
    /// Which flows cross a boundary.
    pub crossings: Crossings<'a>,
    /// How likely the open threats are, and what they do.
    pub matrix: RiskMatrix<'a>,
    /// How severe the open threats are.
    pub open: OpenThreats<'a>,
    /// The threats that are said to be treated while that is not to be seen, in the order of the model.
    pub treated: Vec<Treated<'a>>,
    /// How long the open threats are known, the oldest first, those without a day last.
    pub ages: Vec<Aged<'a>>,
}

impl<'a> Analysis<'a> {
    /// Analyses a model.
    pub fn of(model: &'a ThreatModel, today: NaiveDate) -> Self {
        let open = || model.threats.iter().filter(|threat| threat.status.is_open());
        Self {
            stride: StrideCoverage::of(model),
            crossings: Crossings::of(model),
            matrix: RiskMatrix::of(open()),
            open: OpenThreats::of(open()),
            treated: treated(model),
            ages: ages(open(), today),
        }
    }
}

/// The mitigations of each threat, in the order of the model.
pub fn mitigations_by_threat(model: &ThreatModel) -> HashMap<&PartId, Vec<&Mitigation>> {
    let mut all: HashMap<&PartId, Vec<&Mitigation>> = HashMap::new();
    for mitigation in &model.mitigations {
        for threat in &mitigation.threats {
            all.entry(threat).or_default().push(mitigation);
        }
    }
    all
}

/// The elements that some threat is about.
pub(super) fn threatened(model: &ThreatModel) -> HashSet<&PartId> {
    model.threats.iter().flat_map(|threat| &threat.affects).collect()
}

/// Which kinds of threat of STRIDE were looked for at each element that they concern.
#[derive(Debug, Clone, PartialEq)]
pub struct StrideCoverage<'a> {
    /// The elements that any kind concerns, in the order of the model.
    pub rows: Vec<StrideRow<'a>>,
    /// How many pairs of an element and a kind there are.
    pub applicable: usize,
    /// How many of them have a threat.
    pub covered: usize,
}

/// One element.
#[derive(Debug, Clone, PartialEq)]
pub struct StrideRow<'a> {
    /// The element.
    pub element: &'a Element,
    /// The kinds that concern it and of which it has a threat, however that stands: somebody thought of it.
    pub covered: Vec<Stride>,
    /// The kinds that concern it and of which it has none.
    pub left: Vec<Stride>,
}

impl<'a> StrideCoverage<'a> {
    /// Looks at each element that is in scope.
    pub fn of(model: &'a ThreatModel) -> Self {
        let mut found: HashSet<(&PartId, Stride)> = HashSet::new();
        for threat in &model.threats {
            for kind in threat.categories.iter().filter_map(Category::stride) {
                found.extend(threat.affects.iter().map(|element| (element, kind)));
            }
        }
        let row = |element: &'a Element| {
            let has = |kind: &Stride| found.contains(&(&element.id, *kind));
            let (covered, left): (Vec<Stride>, Vec<Stride>) =
                Stride::concerning(element).iter().partition(|kind| has(kind));
            (!covered.is_empty() || !left.is_empty()).then_some(StrideRow { element, covered, left })
        };
        let rows: Vec<StrideRow<'a>> = model.elements.iter().filter_map(row).collect();
        let covered = rows.iter().map(|row| row.covered.len()).sum();
        let applicable = covered + rows.iter().map(|row| row.left.len()).sum::<usize>();
        Self { rows, applicable, covered }
    }

    /// The share of the pairs that has a threat, in [0, 1]; `None` without any pair.
    pub fn share(&self) -> Option<f64> {
        share(self.covered, self.applicable)
    }
}

/// A part of a whole in [0, 1]; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "there are not so many parts")]
pub(super) fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Threats by how likely they are and what they do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RiskMatrix<'a> {
    cells: BTreeMap<(Band, Band), Vec<&'a Threat>>,
    /// Those of which likelihood or impact is not rated.
    pub unrated: Vec<&'a Threat>,
}

impl<'a> RiskMatrix<'a> {
    /// Puts threats in their places, each in their order.
    pub fn of(threats: impl IntoIterator<Item = &'a Threat>) -> Self {
        let mut matrix = Self::default();
        for threat in threats {
            let place = |rating: &Rating| Some((rating.likelihood()?, rating.impact()?));
            match threat.rating.as_ref().and_then(place) {
                Some(place) => matrix.cells.entry(place).or_default().push(threat),
                None => matrix.unrated.push(threat),
            }
        }
        matrix
    }

    /// The threats with this likelihood and this impact.
    pub fn at(&self, likelihood: Band, impact: Band) -> &[&'a Threat] {
        self.cells.get(&(likelihood, impact)).map_or(&[], Vec::as_slice)
    }

    /// How many threats have a place in it.
    pub fn rated(&self) -> usize {
        self.cells.values().map(Vec::len).sum()
    }
}

/// Open threats by how severe they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OpenThreats<'a> {
    by_severity: BTreeMap<Severity, Vec<&'a Threat>>,
    /// Those of which nobody says how severe they are.
    pub unrated: Vec<&'a Threat>,
}

impl<'a> OpenThreats<'a> {
    fn of(threats: impl IntoIterator<Item = &'a Threat>) -> Self {
        let mut open = Self::default();
        for threat in threats {
            match threat.severity() {
                Some(severity) => open.by_severity.entry(severity).or_default().push(threat),
                None => open.unrated.push(threat),
            }
        }
        open
    }

    /// Those that are so severe.
    pub fn with(&self, severity: Severity) -> &[&'a Threat] {
        self.by_severity.get(&severity).map_or(&[], Vec::as_slice)
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.by_severity.values().map(Vec::len).sum::<usize>() + self.unrated.len()
    }
}

/// A threat that is said to be treated while that is not to be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Treated<'a> {
    /// The threat.
    pub threat: &'a Threat,
    /// What is to be seen instead.
    pub gap: TreatmentGap,
    /// The mitigations that are not known to be in place.
    pub mitigations: Vec<&'a Mitigation>,
}

/// Why it is not to be seen that a threat is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TreatmentGap {
    /// Nothing says what is done against it.
    NothingSaid,
    /// Something that is done against it is not done yet.
    NotInPlace,
    /// It is said what is done against it, and not whether it is in place.
    NotKnown,
}

impl TreatmentGap {
    /// What pages say of it.
    pub fn text(self) -> &'static str {
        match self {
            Self::NothingSaid => "Nothing says what is done against it.",
            Self::NotInPlace => "A mitigation of it is not in place.",
            Self::NotKnown => "It is not known whether its mitigation is in place.",
        }
    }
}

/// The threats of a model that are said to be treated while that is not to be seen.
pub fn treated(model: &ThreatModel) -> Vec<Treated<'_>> {
    let by_threat = mitigations_by_threat(model);
    let said = model.threats.iter().filter(|threat| threat.status.is_said_to_be_treated());
    said.filter_map(|threat| gap(threat, by_threat.get(&threat.id).map_or(&[], Vec::as_slice))).collect()
}

fn gap<'a>(threat: &'a Threat, linked: &[&'a Mitigation]) -> Option<Treated<'a>> {
    let counts = |mitigation: &&Mitigation| is_meant(mitigation);
    let meant: Vec<&Mitigation> = linked.iter().copied().filter(counts).collect();
    let is_in_place = |mitigation: &&Mitigation| mitigation.status == MitigationStatus::Implemented;
    let mitigations: Vec<&Mitigation> = meant.iter().copied().filter(|one| !is_in_place(one)).collect();
    let gap = if meant.is_empty() {
        TreatmentGap::NothingSaid
    } else if mitigations.iter().any(|one| one.status != MitigationStatus::Unknown) {
        TreatmentGap::NotInPlace
    } else if !mitigations.is_empty() {
        TreatmentGap::NotKnown
    } else {
        return None;
    };
    Some(Treated { threat, gap, mitigations })
}

/// Whether somebody means to do it: no tool's proposal, and not decided against.
pub(super) fn is_meant(mitigation: &Mitigation) -> bool {
    mitigation.origin != Origin::Template && mitigation.status != MitigationStatus::Rejected
}

/// How many threats are said to be treated while nothing is said of how, or it is not in place. That it is not known
/// is another matter.
pub fn treated_without_mitigation(model: &ThreatModel) -> usize {
    treated(model).iter().filter(|treated| treated.gap != TreatmentGap::NotKnown).count()
}

/// How long an open threat is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Aged<'a> {
    /// The threat.
    pub threat: &'a Threat,
    /// Since how many days; `None`: nobody says when it was found.
    pub days: Option<u32>,
}

fn ages<'a>(threats: impl Iterator<Item = &'a Threat>, today: NaiveDate) -> Vec<Aged<'a>> {
    let days = |on: NaiveDate| u32::try_from((today - on).num_days().max(0)).unwrap_or(u32::MAX);
    let mut ages: Vec<Aged<'a>> = threats.map(|threat| Aged { threat, days: threat.identified_on.map(days) }).collect();
    ages.sort_by_key(|aged| (aged.days.is_none(), std::cmp::Reverse(aged.days)));
    ages
}

/// The threats that concern what is modeled: the others ask for no decision, no rating and no mitigation.
pub(super) fn concerning(model: &ThreatModel) -> impl Iterator<Item = &Threat> {
    model.threats.iter().filter(|threat| threat.status != ThreatStatus::NotApplicable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_model, element, mitigation, threat};
    use super::super::words::ElementKind;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn letters(kinds: &[Stride]) -> String {
        kinds.iter().map(|kind| kind.letter()).collect()
    }

    #[test]
    fn an_element_is_covered_by_threats_of_the_kinds_that_concern_it() {
        let of = |kind, mut threat: Threat| {
            threat.categories = vec![Category::Stride(kind)];
            threat
        };
        let model = ThreatModel {
            elements: vec![
                element(ElementKind::Actor, "user"),
                element(ElementKind::DataStore, "db"),
                Element { is_log: true, ..element(ElementKind::DataStore, "log") },
                Element { out_of_scope: true, ..element(ElementKind::Process, "out") },
                element(ElementKind::TrustZone, "zone"),
            ],
            threats: vec![
                of(Stride::Spoofing, threat("1", ThreatStatus::NotApplicable, &["user", "db", "out"])),
                of(Stride::Tampering, threat("2", ThreatStatus::Open, &["db", "log"])),
                of(Stride::Tampering, threat("3", ThreatStatus::Open, &["db"])),
                threat("4", ThreatStatus::Open, &["user"]),
            ],
            ..ThreatModel::default()
        };
        let stride = StrideCoverage::of(&model);
        let row =
            |row: &StrideRow<'_>| format!("{} {}/{}", row.element.name, letters(&row.covered), letters(&row.left));
        assert_eq!(stride.rows.iter().map(row).collect::<Vec<_>>(), ["user S/R", "db T/ID", "log T/RID"]);
        assert_eq!((stride.covered, stride.applicable), (3, 9));
        assert_eq!(StrideCoverage::of(&ThreatModel::default()).share(), None);
    }

    #[test]
    fn threats_said_to_be_treated_are_told_apart_by_what_is_missing() {
        use MitigationStatus::{Implemented, InProgress, Proposed, Rejected, Unknown};
        use Origin::{FreeText, Stated, Template};
        let said = |name| threat(name, ThreatStatus::Mitigated, &[]);
        let names = ["bare", "template", "rejected", "doing", "half", "free", "done", "both"];
        let mut threats: Vec<Threat> = names.into_iter().map(said).collect();
        threats.push(threat("accepted", ThreatStatus::Accepted, &[]));
        let mitigations = vec![
            mitigation("1", Template, Implemented, &["template"]),
            mitigation("2", Stated, Rejected, &["rejected", "done"]),
            mitigation("3", Stated, InProgress, &["doing", "half"]),
            mitigation("4", Stated, Implemented, &["half", "done", "free"]),
            mitigation("5", FreeText, Unknown, &["free", "both"]),
            mitigation("6", Stated, Proposed, &["both"]),
        ];
        let model = ThreatModel { threats, mitigations, ..ThreatModel::default() };
        let treated = treated(&model);
        let found: Vec<(&str, TreatmentGap, usize)> =
            treated.iter().map(|one| (one.threat.title.as_str(), one.gap, one.mitigations.len())).collect();
        use TreatmentGap::{NotInPlace, NotKnown, NothingSaid};
        assert_eq!(
            found,
            [
                ("bare", NothingSaid, 0),
                ("template", NothingSaid, 0),
                ("rejected", NothingSaid, 0),
                ("doing", NotInPlace, 1),
                ("half", NotInPlace, 1),
                ("free", NotKnown, 1),
                ("both", NotInPlace, 2),
            ]
        );
        assert_eq!(treated_without_mitigation(&model), 6);
    }

    #[test]
    fn open_threats_are_put_in_order_by_severity_rating_and_age() {
        let mut threats = vec![
            threat("new", ThreatStatus::Open, &[]),
            threat("old", ThreatStatus::InProgress, &[]),
            threat("no day", ThreatStatus::Undetermined, &[]),
            threat("closed", ThreatStatus::Accepted, &[]),
        ];
        threats[0].identified_on = Some(day("2026-01-10"));
        threats[1].identified_on = Some(day("2025-12-31"));
        threats[0].rating = Rating::of(super::super::rating::Scale::Three, 3, 2);
        threats[1].severity = Some(Severity::Critical);
        let model = ThreatModel { threats, ..ThreatModel::default() };
        let analysis = Analysis::of(&model, day("2026-01-01"));
        let ages: Vec<(&str, Option<u32>)> =
            analysis.ages.iter().map(|aged| (aged.threat.title.as_str(), aged.days)).collect();
        assert_eq!(ages, [("old", Some(1)), ("new", Some(0)), ("no day", None)]);
        assert_eq!(analysis.matrix.at(Band::High, Band::Medium), [&model.threats[0]]);
        assert_eq!((analysis.matrix.rated(), analysis.matrix.unrated.len()), (1, 2));
        let with = |severity| analysis.open.with(severity).len();
        assert_eq!((with(Severity::High), with(Severity::Critical), analysis.open.unrated.len()), (1, 1, 1));
        assert_eq!(analysis.open.total(), 3);
    }

    proptest! {
        #[test]
        fn parts_of_the_analysis_add_up(model in any_model()) {
            let analysis = Analysis::of(&model, day("2026-01-01"));
            let open = model.threats.iter().filter(|threat| threat.status.is_open()).count();
            prop_assert!(analysis.stride.covered <= analysis.stride.applicable);
            prop_assert_eq!(analysis.open.total(), open);
            prop_assert_eq!(analysis.ages.len(), open);
            prop_assert_eq!(analysis.matrix.rated() + analysis.matrix.unrated.len(), open);
            prop_assert!(treated_without_mitigation(&model) <= analysis.treated.len());
            for row in &analysis.stride.rows {
                let mut all = [row.covered.as_slice(), row.left.as_slice()].concat();
                all.sort();
                prop_assert_eq!(all, Stride::concerning(row.element));
            }
            prop_assert!(analysis.crossings.flows.iter().all(|crossing| !crossing.boundaries.is_empty()));
        }
    }
}
