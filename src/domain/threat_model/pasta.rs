//! The seven stages of PASTA, the process for attack simulation and threat analysis, and how far a model is with each.

use super::steps::{Progress, State, count, each_threat, is_rated};
use super::words::{ElementKind, StoryKind};
use super::{AbuseStory, ThreatModel};
use crate::domain::named::{Named, named_in_files};

/// A stage of PASTA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What the business wants.
    Objectives,
    /// What belongs to it.
    TechnicalScope,
    /// What it is made of, and how that works together.
    Decomposition,
    /// Who could do what.
    ThreatAnalysis,
    /// Which weaknesses let them.
    Weaknesses,
    /// How they would go about it.
    AttackModeling,
    /// What it would mean.
    RiskAndImpact,
}

impl Named for Stage {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("objectives", Self::Objectives),
        ("technical-scope", Self::TechnicalScope),
        ("decomposition", Self::Decomposition),
        ("threat-analysis", Self::ThreatAnalysis),
        ("weaknesses", Self::Weaknesses),
        ("attack-modeling", Self::AttackModeling),
        ("risk-and-impact", Self::RiskAndImpact),
    ];
}

named_in_files!(Stage);

impl Stage {
    /// All seven, in their order.
    pub const ALL: [Self; 7] = [
        Self::Objectives,
        Self::TechnicalScope,
        Self::Decomposition,
        Self::ThreatAnalysis,
        Self::Weaknesses,
        Self::AttackModeling,
        Self::RiskAndImpact,
    ];

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Objectives => "Define business objectives",
            Self::TechnicalScope => "Define the technical scope",
            Self::Decomposition => "Decompose the application",
            Self::ThreatAnalysis => "Analyse threats",
            Self::Weaknesses => "Analyse vulnerabilities and weaknesses",
            Self::AttackModeling => "Model attacks",
            Self::RiskAndImpact => "Analyse risk and impact",
        }
    }

    /// What it is for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Objectives => "Says what the business wants and must not lose, so that risk is seen from its side.",
            Self::TechnicalScope => "Says which parts and which data belong to it, so that the rest can be left aside.",
            Self::Decomposition => "Shows how the parts work together and where trust changes.",
            Self::ThreatAnalysis => "Says who could do what to which part.",
            Self::Weaknesses => "Says which weaknesses would let a threat come true.",
            Self::AttackModeling => "Plays through how an attack gets to its aim, step by step.",
            Self::RiskAndImpact => "Says what an attack would mean for the business, and what to do about it first.",
        }
    }
}

/// How far a model is with each of the seven stages.
pub fn progress(model: &ThreatModel) -> Vec<(Stage, Progress)> {
    let of = |stage| match stage {
        Stage::Objectives => objectives(model),
        Stage::TechnicalScope => technical_scope(model),
        Stage::Decomposition => decomposition(model),
        Stage::ThreatAnalysis => each_threat(model, |threat| !threat.affects.is_empty(), "about an element"),
        Stage::Weaknesses => each_threat(model, |threat| !threat.cwe.is_empty(), "with a weakness of CWE"),
        Stage::AttackModeling => attacks(model),
        Stage::RiskAndImpact => each_threat(model, is_rated, "rated by likelihood and impact"),
    };
    Stage::ALL.into_iter().map(|stage| (stage, of(stage))).collect()
}

fn objectives(model: &ThreatModel) -> Progress {
    match (model.objectives.trim().is_empty(), model.criticality) {
        (false, _) => Progress::new(State::Done, "The objectives are written down."),
        (true, Some(_)) => Progress::new(State::Begun, "It is said how critical it is, and no objective."),
        (true, None) => Progress::new(State::NotBegun, "No objective is written down."),
    }
}

fn technical_scope(model: &ThreatModel) -> Progress {
    let nodes = model.elements.iter().filter(|element| element.kind.is_node()).count();
    match (nodes, model.description.trim().is_empty()) {
        (0, true) => Progress::new(State::NotBegun, "Neither the scope nor an element is there."),
        (0, false) => Progress::new(State::Begun, "The scope is written down, and there is no element."),
        (nodes, true) => {
            Progress::new(State::Begun, format!("{}, and the scope is not written down.", count(nodes, "element")))
        }
        (nodes, false) => {
            Progress::new(State::Done, format!("{}, and the scope is written down.", count(nodes, "element")))
        }
    }
}

fn decomposition(model: &ThreatModel) -> Progress {
    let has = |is: fn(ElementKind) -> bool| model.elements.iter().any(|element| is(element.kind));
    let parts = [
        (has(|kind| kind == ElementKind::Process), "process"),
        (has(|kind| kind == ElementKind::DataFlow), "data flow"),
        (has(ElementKind::divides), "trust boundary"),
    ];
    let missing: Vec<&str> = parts.iter().filter(|(is_there, _)| !is_there).map(|(_, name)| *name).collect();
    let state = State::of_share(parts.len() - missing.len(), parts.len());
    match state {
        State::Done => Progress::new(state, "Processes, data flows and trust boundaries are there."),
        State::Begun | State::NotBegun => Progress::new(state, format!("There is no {}.", missing.join(" and no "))),
    }
}

fn attacks(model: &ThreatModel) -> Progress {
    let is_tree = |story: &&AbuseStory| story.kind == StoryKind::AttackTree;
    let trees = model.abuse_stories.iter().filter(is_tree).count();
    if trees > 0 {
        return Progress::new(State::Done, format!("{}.", count(trees, "attack tree")));
    }
    each_threat(model, |threat| !threat.capec.is_empty(), "with an attack pattern of CAPEC")
}

#[cfg(test)]
mod tests {
    use super::super::rating::{Rating, Scale};
    use super::super::samples::{element, flow, threat};
    use super::super::words::{Criticality, ThreatStatus};
    use super::super::{AbuseStory, Threat};
    use super::*;

    fn states(model: &ThreatModel) -> Vec<State> {
        progress(model).into_iter().map(|(_, progress)| progress.state).collect()
    }

    #[test]
    fn stages_follow_from_what_is_in_the_model() {
        let mut model = ThreatModel::default();
        assert_eq!(states(&model), [State::NotBegun; 7]);
        model.criticality = Some(Criticality::High);
        model.elements = vec![element(ElementKind::Process, "web"), element(ElementKind::Actor, "user")];
        model.threats = vec![threat("1", ThreatStatus::Open, &["web"]), threat("2", ThreatStatus::Open, &[])];
        model.threats[0] = Threat { cwe: vec![79], capec: vec![63], ..model.threats[0].clone() };
        model.threats[0].rating = Rating::of(Scale::Three, 1, 1);
        assert_eq!(states(&model), [State::Begun; 7]);
        assert_eq!(progress(&model)[2].1.found, "There is no data flow and no trust boundary.");
        model.objectives = "Sell things.".into();
        model.description = "The shop, not the warehouse.".into();
        model.elements.extend([flow("ask", "user", "web"), element(ElementKind::TrustBoundary, "lan")]);
        model.threats.pop();
        model.threats[0].capec.clear();
        model.abuse_stories = vec![AbuseStory { kind: StoryKind::AttackTree, ..AbuseStory::default() }];
        assert_eq!(states(&model), [State::Done; 7]);
    }
}
