//! The ten steps of threat modeling as a process that does not end: what each is for, what is to be done, and how far
//! a model is with it. After the tenth comes the second again.

use super::analysis::{Analysis, STRIDE_ENOUGH, concerning, is_meant, mitigations_by_threat};
use super::category::Category;
use super::freshness::{DueReason, Freshness, FreshnessState};
use super::pasta;
use super::rating::Rating;
use super::words::{ElementKind, Method, MitigationStatus, ThreatStatus};
use super::{Threat, ThreatModel};
use crate::domain::digits::written;
use crate::domain::named::{Named, named_in_files};

/// A step of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// What is worth protecting.
    IdentifyAssets,
    /// What could go wrong.
    DefineThreats,
    /// How data flows.
    DataFlowDiagram,
    /// Where trust changes.
    TrustBoundaries,
    /// A method, so that nothing is overlooked.
    ApplyFramework,
    /// How likely, and how bad.
    ImpactAndLikelihood,
    /// What comes first.
    Prioritize,
    /// What is to be done.
    DefineMitigations,
    /// Doing it.
    ImplementControls,
    /// Looking again.
    MonitorAndReview,
}

impl Named for Step {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("identify-assets", Self::IdentifyAssets),
        ("define-threats", Self::DefineThreats),
        ("data-flow-diagram", Self::DataFlowDiagram),
        ("trust-boundaries", Self::TrustBoundaries),
        ("apply-framework", Self::ApplyFramework),
        ("impact-and-likelihood", Self::ImpactAndLikelihood),
        ("prioritize", Self::Prioritize),
        ("define-mitigations", Self::DefineMitigations),
        ("implement-controls", Self::ImplementControls),
        ("monitor-and-review", Self::MonitorAndReview),
    ];
}

named_in_files!(Step);

impl Step {
    /// All ten, in their order.
    pub const ALL: [Self; 10] = [
        Self::IdentifyAssets,
        Self::DefineThreats,
        Self::DataFlowDiagram,
        Self::TrustBoundaries,
        Self::ApplyFramework,
        Self::ImpactAndLikelihood,
        Self::Prioritize,
        Self::DefineMitigations,
        Self::ImplementControls,
        Self::MonitorAndReview,
    ];

    /// Its number, 1 to 10.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).map_or(0, |at| at + 1)
    }

    /// The step that comes after it: after the tenth, the second.
    pub fn following(self) -> Self {
        Self::ALL.get(self.number()).copied().unwrap_or(Self::DefineThreats)
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::IdentifyAssets => "Identify assets",
            Self::DefineThreats => "Define threats",
            Self::DataFlowDiagram => "Draw the data-flow diagram",
            Self::TrustBoundaries => "Mark trust boundaries",
            Self::ApplyFramework => "Apply STRIDE, PASTA or another method",
            Self::ImpactAndLikelihood => "Rate impact and likelihood",
            Self::Prioritize => "Prioritize",
            Self::DefineMitigations => "Define mitigations",
            Self::ImplementControls => "Implement controls",
            Self::MonitorAndReview => "Monitor and review",
        }
    }

    /// What it is for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::IdentifyAssets => {
                "Who knows what is worth protecting can tell a threat from a nuisance. Everything later is measured by it."
            }
            Self::DefineThreats => {
                "Threats that are written down can be discussed, decided and followed up. Those in people's heads cannot."
            }
            Self::DataFlowDiagram => {
                "A picture of where data comes from, goes to and stays lets people with different knowledge talk about \
                 the same thing."
            }
            Self::TrustBoundaries => {
                "Most attacks come from where trust changes. Boundaries show which flows have to be looked at first."
            }
            Self::ApplyFramework => {
                "A method asks the same questions everywhere, so that what nobody thought of is found as well."
            }
            Self::ImpactAndLikelihood => {
                "Not every threat deserves the same effort. A rating says why one matters more than another."
            }
            Self::Prioritize => "Time is short. An order makes sure that it goes where the risk is greatest.",
            Self::DefineMitigations => {
                "A threat is settled by a decision: something is done about it, or somebody takes the risk and says why."
            }
            Self::ImplementControls => "Only what is in place protects. A plan for it does not.",
            Self::MonitorAndReview => {
                "What is built changes, and so do those who attack it. A model that nobody looks at turns wrong unseen."
            }
        }
    }

    /// What is to be done.
    pub fn task(self) -> &'static str {
        match self {
            Self::IdentifyAssets => {
                "List data, functions and reputation that somebody would miss. Say how much it matters that each stays \
                 secret, right and available."
            }
            Self::DefineThreats => {
                "Ask of each asset who could harm it and how. Write each threat down as who does what to what."
            }
            Self::DataFlowDiagram => {
                "Draw actors, processes and stores, and the flows between them. What people use every day comes first."
            }
            Self::TrustBoundaries => {
                "Draw a line wherever data passes between parts that are trusted differently, such as the internet and \
                 an internal network."
            }
            Self::ApplyFramework => {
                "Go through every element with the questions of the method, and note each threat with its category."
            }
            Self::ImpactAndLikelihood => "Rate for each threat how likely it is and what it does, on one scale.",
            Self::Prioritize => "Look at the most severe threats first, and give the rest a severity as well.",
            Self::DefineMitigations => {
                "Say for each threat what is done against it, or record that it is accepted, transferred or avoided."
            }
            Self::ImplementControls => "Follow each mitigation up until it is in place, and note it here.",
            Self::MonitorAndReview => {
                "Go through the model after the interval and after each significant change, record the review, and go on \
                 with new threats."
            }
        }
    }
}

/// How far a model is with something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing is there.
    NotBegun,
    /// Something is there, and something is missing.
    Begun,
    /// What is asked for is there.
    Done,
}

impl Named for State {
    const NAMED: &'static [(&'static str, Self)] =
        &[("not-begun", Self::NotBegun), ("begun", Self::Begun), ("done", Self::Done)];
}

named_in_files!(State);

impl State {
    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::NotBegun => "Not begun",
            Self::Begun => "Begun",
            Self::Done => "Done",
        }
    }

    /// The state of something that is asked of each of so many.
    pub(super) fn of_share(having: usize, all: usize) -> Self {
        match having {
            0 => Self::NotBegun,
            having if having < all => Self::Begun,
            _ => Self::Done,
        }
    }
}

/// How far a model is with something, and what is there or missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How far.
    pub state: State,
    /// What is there or missing, in a sentence.
    pub found: String,
}

impl Progress {
    pub(super) fn new(state: State, found: impl Into<String>) -> Self {
        Self { state, found: found.into() }
    }

    /// Something that is asked of each threat.
    pub(super) fn of_threats(having: usize, all: usize, has: &str) -> Self {
        match all {
            0 => Self::new(State::NotBegun, "There are no threats yet."),
            all => Self::new(State::of_share(having, all), format!("{having} of {} {has}.", count(all, "threat"))),
        }
    }
}

/// A number with its noun.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// How far a model is with each of the ten steps.
pub fn progress(model: &ThreatModel, analysis: &Analysis<'_>, freshness: &Freshness) -> Vec<(Step, Progress)> {
    let of = |step| match step {
        Step::IdentifyAssets => assets(model),
        Step::DefineThreats => threats(model, freshness),
        Step::DataFlowDiagram => diagram(model),
        Step::TrustBoundaries => boundaries(model, analysis),
        Step::ApplyFramework => framework(model, analysis),
        Step::ImpactAndLikelihood => each_threat(model, is_rated, "rated by likelihood and impact"),
        Step::Prioritize => each_threat(model, |threat| threat.severity().is_some(), "with a severity"),
        Step::DefineMitigations => mitigations(model),
        Step::ImplementControls => controls(model),
        Step::MonitorAndReview => review(freshness),
    };
    Step::ALL.into_iter().map(|step| (step, of(step))).collect()
}

/// The step to go on with: the first that is not done.
pub fn next(progress: &[(Step, Progress)]) -> Option<Step> {
    progress.iter().find(|(_, progress)| progress.state != State::Done).map(|(step, _)| *step)
}

fn assets(model: &ThreatModel) -> Progress {
    let all = model.assets.len();
    let rated = model.assets.iter().filter(|asset| asset.says_what_it_needs()).count();
    match all {
        0 => Progress::new(State::NotBegun, "There are no assets yet."),
        all => Progress::new(State::Done, format!("{}; {rated} with what they need.", count(all, "asset"))),
    }
}

fn threats(model: &ThreatModel, freshness: &Freshness) -> Progress {
    let all = model.threats.len();
    let untouched = model.threats.iter().filter(|threat| threat.is_untouched).count();
    if all == 0 {
        return Progress::new(State::NotBegun, "There are no threats yet.");
    }
    let found = count(all, "threat");
    if untouched == all {
        return Progress::new(State::Begun, format!("{found} of a tool; nobody looked at them yet."));
    }
    match &freshness.state {
        FreshnessState::Due { because: DueReason::SignificantChange { .. }, since } => Progress::new(
            State::Begun,
            format!("{found}; look for more, since what is modeled changed on {}.", written(*since)),
        ),
        FreshnessState::Due { because: DueReason::Age, since } => Progress::new(
            State::Begun,
            format!("{found}; look for more, since a review is due since {}.", written(*since)),
        ),
        FreshnessState::Unknown | FreshnessState::Fresh { .. } => Progress::new(State::Done, format!("{found}.")),
    }
}

/// How far the drawing is.
pub(super) fn diagram(model: &ThreatModel) -> Progress {
    let of_kind = |kind| model.elements.iter().filter(|element| element.kind == kind).count();
    let (processes, flows) = (of_kind(ElementKind::Process), of_kind(ElementKind::DataFlow));
    if processes > 0 && flows > 0 {
        let found = format!("{} and {}.", processes_text(processes), count(flows, "data flow"));
        return Progress::new(State::Done, found);
    }
    if model.diagrams.iter().any(|diagram| diagram.image.is_some()) {
        return Progress::new(State::Done, "There is a picture; its elements are not known.");
    }
    let nodes = model.elements.iter().filter(|element| element.kind.is_node()).count();
    match nodes + flows {
        0 => Progress::new(State::NotBegun, "Nothing is drawn yet."),
        _ if processes == 0 => Progress::new(State::Begun, "There is no process yet."),
        _ => Progress::new(State::Begun, "There is no data flow yet."),
    }
}

fn processes_text(processes: usize) -> String {
    if processes == 1 { "1 process".to_owned() } else { format!("{processes} processes") }
}

fn boundaries(model: &ThreatModel, analysis: &Analysis<'_>) -> Progress {
    let all = model.elements.iter().filter(|element| element.kind.divides()).count();
    match all {
        0 => Progress::new(State::NotBegun, "There is no trust boundary yet."),
        all => {
            let boundaries = if all == 1 { "1 boundary".to_owned() } else { format!("{all} boundaries") };
            let crossing = count(analysis.crossings.flows.len(), "data flow");
            let state = if analysis.crossings.flows.is_empty() { State::Begun } else { State::Done };
            Progress::new(state, format!("{boundaries}, crossed by {crossing}."))
        }
    }
}

/// The method with which the model is furthest; STRIDE where none is named.
fn framework(model: &ThreatModel, analysis: &Analysis<'_>) -> Progress {
    let methods = if model.methods.is_empty() { &[Method::Stride][..] } else { &model.methods };
    let of = |method: &Method| match method {
        Method::Stride => stride(model, analysis),
        Method::Pasta => seven_stages(model),
        Method::Linddun => each_threat(
            model,
            |threat| threat.categories.iter().any(|category| matches!(category, Category::Linddun(_))),
            "with a category of LINDDUN",
        ),
        Method::Other => each_threat(model, |threat| !threat.categories.is_empty(), "with a category"),
    };
    let best = methods.iter().map(of).max_by_key(|progress| progress.state);
    best.unwrap_or_else(|| Progress::new(State::NotBegun, "No method is named."))
}

fn stride(model: &ThreatModel, analysis: &Analysis<'_>) -> Progress {
    let Some(share) = analysis.stride.share() else {
        let has_kind = |threat: &Threat| threat.categories.iter().any(|category| category.stride().is_some());
        return each_threat(model, has_kind, "with a category of STRIDE");
    };
    let (covered, applicable) = (analysis.stride.covered, analysis.stride.applicable);
    let state = match covered {
        0 => State::NotBegun,
        _ if share < STRIDE_ENOUGH => State::Begun,
        _ => State::Done,
    };
    Progress::new(state, format!("{covered} of {} of element and kind of STRIDE looked at.", count(applicable, "pair")))
}

fn seven_stages(model: &ThreatModel) -> Progress {
    let stages = pasta::progress(model);
    let of_state = |state| stages.iter().filter(|(_, progress)| progress.state == state).count();
    let state = if of_state(State::NotBegun) == stages.len() {
        State::NotBegun
    } else {
        State::of_share(of_state(State::Done).max(1), stages.len())
    };
    Progress::new(state, format!("{} of {} stages of PASTA done.", of_state(State::Done), stages.len()))
}

/// Whether both likelihood and impact are rated.
pub(super) fn is_rated(threat: &Threat) -> bool {
    threat.rating.as_ref().is_some_and(|rating: &Rating| rating.likelihood().is_some() && rating.impact().is_some())
}

/// Something that is asked of each threat that concerns what is modeled.
pub(super) fn each_threat(model: &ThreatModel, has: impl Fn(&Threat) -> bool, text: &str) -> Progress {
    let having = concerning(model).filter(|threat| has(threat)).count();
    Progress::of_threats(having, concerning(model).count(), text)
}

fn mitigations(model: &ThreatModel) -> Progress {
    let by_threat = mitigations_by_threat(model);
    let has = |threat: &Threat| {
        is_decided_against(threat.status)
            || by_threat.get(&threat.id).is_some_and(|all| all.iter().any(|mitigation| is_meant(mitigation)))
    };
    each_threat(model, has, "with a mitigation or a decision to do without")
}

/// Whether it was decided that nothing is done against a threat, or nothing need be.
fn is_decided_against(status: ThreatStatus) -> bool {
    matches!(
        status,
        ThreatStatus::Accepted | ThreatStatus::Transferred | ThreatStatus::Avoided | ThreatStatus::Eliminated
    )
}

fn controls(model: &ThreatModel) -> Progress {
    let meant = || model.mitigations.iter().filter(|mitigation| is_meant(mitigation));
    let with = |status| meant().filter(|mitigation| mitigation.status == status).count();
    let (all, done, doing) = (meant().count(), with(MitigationStatus::Implemented), with(MitigationStatus::InProgress));
    if all == 0 {
        return Progress::new(State::NotBegun, "There are no mitigations yet.");
    }
    let state = State::of_share(done, all).max(if doing > 0 { State::Begun } else { State::NotBegun });
    Progress::new(state, format!("{done} of {} in place.", count(all, "mitigation")))
}

fn review(freshness: &Freshness) -> Progress {
    let last = freshness.basis.as_ref().map(|basis| format!("{}: {}", written(basis.on()), basis.text()));
    match (&freshness.state, last) {
        (FreshnessState::Fresh { until }, last) => {
            let last = last.unwrap_or_default();
            Progress::new(State::Done, format!("{last}. The next review is due after {}.", written(*until)))
        }
        (FreshnessState::Due { since, .. }, _) => {
            Progress::new(State::Begun, format!("A review is due since {}.", written(*since)))
        }
        (FreshnessState::Unknown, _) => Progress::new(State::NotBegun, "No review is recorded."),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::super::StatedDate;
    use super::super::freshness::YEARLY;
    use super::super::rating::Scale;
    use super::super::register::{RecordKind, ReviewRecord};
    use super::super::samples::{any_model, element, flow, mitigation, threat};
    use super::super::words::{Basis, Origin, Severity};
    use super::super::{Asset, Element};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn freshness(stated: Option<&str>, changed: Option<&str>) -> Freshness {
        let stated = stated.map(|on| StatedDate { on: day(on), basis: Basis::Reviewed });
        let record = changed.map(|on| ReviewRecord {
            kind: RecordKind::SignificantChange,
            on: day(on),
            note: "a new API".into(),
            participants: String::new(),
            by: "Ada".into(),
            at: day(on).and_hms_opt(9, 0, 0).unwrap().and_utc(),
        });
        Freshness::new(YEARLY, stated, record.as_slice(), day("2026-06-01"))
    }

    fn steps(model: &ThreatModel, freshness: &Freshness) -> Vec<(Step, Progress)> {
        progress(model, &Analysis::of(model, day("2026-06-01")), freshness)
    }

    fn of(step: Step, model: &ThreatModel) -> Progress {
        let all = steps(model, &freshness(None, None));
        all.into_iter().find(|(other, _)| *other == step).unwrap().1
    }

    fn state(step: Step, model: &ThreatModel) -> State {
        of(step, model).state
    }

    /// A model with which everything is done.
    fn complete() -> ThreatModel {
        let kinds = super::super::category::Stride::ALL.map(Category::Stride).to_vec();
        let threat = Threat {
            categories: kinds,
            rating: Rating::of(Scale::Three, 2, 3),
            ..threat("t", ThreatStatus::Mitigated, &["web", "ask"])
        };
        ThreatModel {
            assets: vec![Asset { name: "orders".into(), ..Asset::default() }],
            elements: vec![
                Element { zone: Some(super::super::samples::id("lan")), ..element(ElementKind::Process, "web") },
                element(ElementKind::Actor, "user"),
                element(ElementKind::TrustZone, "lan"),
                flow("ask", "user", "web"),
            ],
            threats: vec![threat],
            mitigations: vec![mitigation("m", Origin::ByHand, MitigationStatus::Implemented, &["t"])],
            ..ThreatModel::default()
        }
    }

    #[test]
    fn nothing_is_begun_with_an_empty_model() {
        let all = steps(&ThreatModel::default(), &freshness(None, None));
        assert!(all.iter().all(|(_, progress)| progress.state == State::NotBegun), "{all:?}");
        assert_eq!(next(&all), Some(Step::IdentifyAssets));
    }

    #[test]
    fn everything_can_be_done() {
        let all = steps(&complete(), &freshness(Some("2026-01-01"), None));
        assert!(all.iter().all(|(_, progress)| progress.state == State::Done), "{all:#?}");
        assert_eq!(next(&all), None);
        assert_eq!(all[3].1.found, "1 boundary, crossed by 1 data flow.");
        let last = "1 Jan 2026: reviewed, as the file says. The next review is due after 1 Jan 2027.";
        assert_eq!(all[9].1.found, last);
    }

    #[test]
    fn after_the_tenth_step_comes_the_second_again() {
        assert_eq!(Step::IdentifyAssets.following(), Step::DefineThreats);
        assert_eq!(Step::MonitorAndReview.following(), Step::DefineThreats);
        for (stated, changed) in [("2024-01-01", None), ("2026-01-01", Some("2026-05-01"))] {
            let all = steps(&complete(), &freshness(Some(stated), changed));
            assert_eq!(next(&all), Some(Step::DefineThreats), "{changed:?}");
            assert_eq!((all[1].1.state, all[9].1.state), (State::Begun, State::Begun));
        }
    }

    #[test]
    fn a_step_is_begun_while_something_is_missing() {
        let mut model = complete();
        model.threats.push(threat("bare", ThreatStatus::Open, &[]));
        model.threats.push(threat("of something else", ThreatStatus::NotApplicable, &[]));
        model.mitigations.push(mitigation("planned", Origin::ByHand, MitigationStatus::Proposed, &["t"]));
        for step in [Step::ImpactAndLikelihood, Step::Prioritize, Step::DefineMitigations, Step::ImplementControls] {
            assert_eq!(state(step, &model), State::Begun, "{step:?}");
        }
        assert_eq!(of(Step::Prioritize, &model).found, "1 of 2 threats with a severity.");
        model.threats[1].severity = Some(Severity::Low);
        model.threats[1].status = ThreatStatus::Accepted;
        assert_eq!(state(Step::Prioritize, &model), State::Done);
        assert_eq!(state(Step::DefineMitigations, &model), State::Done, "a decision is enough");
        model.elements.retain(|element| element.kind != ElementKind::DataFlow);
        assert_eq!(of(Step::DataFlowDiagram, &model).found, "There is no data flow yet.");
    }

    #[test]
    fn what_a_tool_proposes_is_no_mitigation_and_its_threats_are_only_a_beginning() {
        let untouched = Threat { is_untouched: true, ..threat("t", ThreatStatus::Undetermined, &[]) };
        let model = ThreatModel {
            threats: vec![untouched],
            mitigations: vec![mitigation("m", Origin::Template, MitigationStatus::Unknown, &["t"])],
            ..ThreatModel::default()
        };
        assert_eq!(state(Step::DefineThreats, &model), State::Begun);
        assert_eq!(state(Step::DefineMitigations, &model), State::NotBegun);
        assert_eq!(state(Step::ImplementControls, &model), State::NotBegun);
    }

    #[test]
    fn the_method_with_which_a_model_is_furthest_counts() {
        let mut model = complete();
        model.threats[0].categories.truncate(1);
        assert_eq!(state(Step::ApplyFramework, &model), State::Begun, "2 of 11 pairs");
        model.methods = vec![Method::Stride, Method::Other];
        assert_eq!(state(Step::ApplyFramework, &model), State::Done);
        model.methods = vec![Method::Pasta];
        assert_eq!(state(Step::ApplyFramework, &model), State::Begun);
        model.methods = vec![Method::Linddun];
        assert_eq!(state(Step::ApplyFramework, &model), State::NotBegun);
    }

    proptest! {
        #[test]
        fn what_is_there_is_said_of_every_step_of_any_model(model in any_model()) {
            let all = steps(&model, &freshness(None, None));
            prop_assert_eq!(all.iter().map(|(step, _)| *step).collect::<Vec<_>>(), Step::ALL);
            prop_assert!(all.iter().all(|(_, progress)| progress.found.ends_with('.')));
        }
    }
}
