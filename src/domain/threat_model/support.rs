//! What the register says about the activities of DSOMM on threat modeling and abuse stories: which facts hold, which
//! do not, and which only a person can judge. It proposes an answer and gives none: whoever answers decides.
//!
//! Only models that are fresh support an answer. A model whose review is due, or of which nobody says when it was
//! right, stops doing so.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::analysis::{STRIDE_ENOUGH, StrideCoverage, concerning, is_meant, mitigations_by_threat, share};
use super::crossings::Crossings;
use super::freshness::Freshness;
use super::register::{Facts, Registered, RevisionHead, ThreatModelId};
use super::steps::{State, count, diagram, is_rated};
use super::words::{Method, StoryKind};
use super::{Asset, Threat, ThreatModel};
use crate::domain::catalog::ActivityId;
use crate::domain::organization::TeamId;
use crate::domain::scale::{Percent, ProgressScale, Step};

/// An activity of DSOMM that the register says something about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Supported {
    /// Conduction of simple threat modeling on technical level.
    Technical,
    /// Information security targets are communicated.
    Targets,
    /// Conduction of simple threat modeling on business level.
    Business,
    /// Creation of threat modeling processes and standards.
    Processes,
    /// Creation of simple abuse stories.
    SimpleStories,
    /// Conduction of advanced threat modeling.
    Advanced,
    /// Creation of advanced abuse stories.
    AdvancedStories,
}

impl Supported {
    /// All seven, as DSOMM orders them.
    pub const ALL: [Self; 7] = [
        Self::Technical,
        Self::Targets,
        Self::Business,
        Self::Processes,
        Self::SimpleStories,
        Self::Advanced,
        Self::AdvancedStories,
    ];

    /// The id that DSOMM gives it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Technical => "47419324-e263-415b-815d-e7161b6b905e",
            Self::Targets => "1b9281b9-48e2-4c01-9ac6-9db9931c4885",
            Self::Business => "48f97f31-931c-46eb-9b3e-e2fec0cd0426",
            Self::Processes => "dd5ed7c1-bdbf-400f-b75f-6d3953a1a04e",
            Self::SimpleStories => "bacf85b6-5bc0-405d-b5ba-a5d971467cc1",
            Self::Advanced => "ae22dafd-bcd6-41ee-ba01-8b7fe6fc1ad9",
            Self::AdvancedStories => "0a929c3e-ab9a-4206-8761-adf84b74622e",
        }
    }

    /// The activity with an id.
    pub fn of(activity: &ActivityId) -> Option<Self> {
        Self::ALL.into_iter().find(|supported| supported.id() == activity.0)
    }

    /// What only a person can judge.
    fn for_a_person(self) -> &'static [&'static str] {
        match self {
            Self::Technical => &["Technical features are looked at when a sprint is planned."],
            Self::Targets => &["Senior management tells everybody what information security is to achieve."],
            Self::Business => &["Functions for the business are looked at when the backlog is made."],
            Self::Processes => &["A process and standards for threat modeling are written down and known everywhere."],
            Self::SimpleStories => &["Abuse stories are written together with user stories."],
            Self::Advanced => &[
                "User stories are reviewed for what they do to security.",
                "The diagrams follow from that, and are kept up to date with the code.",
            ],
            Self::AdvancedStories => &["Advanced abuse stories are written as part of threat modeling."],
        }
    }
}

/// The least share of the threats that is to be rated for advanced threat modeling.
pub const RATED_ENOUGH: f64 = 0.8;
/// The least share of the teams that is to have a fresh model for a process of the organization.
pub const TEAMS_ENOUGH: f64 = 0.8;
/// How many people are to take part at least.
pub const PEOPLE_ENOUGH: usize = 2;
/// How often a model is to be revised within its interval at least, for advanced threat modeling.
pub const REVISIONS_ENOUGH: usize = 2;

/// Whether a fact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holds {
    /// It does.
    Yes,
    /// It does not, or not of all models.
    No,
    /// The models do not say enough.
    NotKnown,
    /// Only a person can judge.
    OnlyAPerson,
}

/// Something that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in a sentence.
    pub text: String,
    /// Whether it holds.
    pub holds: Holds,
    /// The models of which it does not hold, or is not known.
    pub models: Vec<ThreatModelId>,
    /// Whether it only helps to judge, and is not asked for.
    pub is_extra: bool,
}

/// How far something is done, as far as facts can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Support {
    /// Nothing shows it.
    NotYet,
    /// Something does.
    Started,
    /// Much does.
    Partly,
    /// Everything does.
    Fully,
}

impl Support {
    /// What it is worth at most.
    pub fn percent(self) -> Percent {
        match self {
            Self::NotYet => 0,
            Self::Started => 20,
            Self::Partly => 50,
            Self::Fully => 100,
        }
    }

    /// The step of a scale that claims no more than this.
    pub fn step(self, scale: &ProgressScale) -> Option<&Step> {
        scale.steps().iter().rev().find(|step| step.percent <= self.percent())
    }
}

/// What the register proposes for an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The activity.
    pub activity: ActivityId,
    /// What it rests on, what only a person can judge last.
    pub facts: Vec<Fact>,
    /// What the facts show by themselves; `None`: they say nothing about it. Never fully, as a person is to judge the
    /// rest.
    pub proposes: Option<Support>,
    /// What they show if a person finds the rest to be so as well.
    pub if_confirmed: Option<Support>,
}

impl Proposal {
    /// The step of a scale that the facts show by themselves.
    pub fn step<'a>(&self, scale: &'a ProgressScale) -> Option<&'a Step> {
        self.proposes?.step(scale)
    }

    /// The step of a scale that they show if a person finds the rest to be so as well.
    pub fn step_if_confirmed<'a>(&self, scale: &'a ProgressScale) -> Option<&'a Step> {
        self.if_confirmed?.step(scale)
    }

    /// What is proposed, in a sentence or two.
    pub fn text(&self, scale: &ProgressScale) -> String {
        let (Some(step), Some(confirmed)) = (self.step(scale), self.step_if_confirmed(scale)) else {
            return "The register says nothing about this.".to_owned();
        };
        let rest: Vec<&str> =
            self.facts.iter().filter(|fact| fact.holds == Holds::OnlyAPerson).map(|fact| fact.text.as_str()).collect();
        if confirmed.percent > step.percent {
            format!("“{}”; “{}” if you also find this: {}", step.name, confirmed.name, rest.join(" "))
        } else {
            format!("“{}”.", step.name)
        }
    }
}

/// A threat model of a team, with all that its evidence rests on.
#[derive(Debug, Clone)]
pub struct TeamModel<'a> {
    /// What the register says of it.
    pub registered: &'a Registered,
    /// What it says.
    pub model: &'a ThreatModel,
    /// How it stands.
    pub freshness: Freshness,
    /// On how many days it was saved within its interval.
    pub revisions: usize,
}

impl<'a> TeamModel<'a> {
    /// A model as it stands on a day, with the heads of its revisions.
    pub fn new(registered: &'a Registered, model: &'a ThreatModel, heads: &[RevisionHead], today: NaiveDate) -> Self {
        let freshness = Freshness::of(registered, today);
        let first = today.checked_sub_days(Days::new(u64::from(freshness.interval_days))).unwrap_or(NaiveDate::MIN);
        let is_recent = |head: &&RevisionHead| (first..=today).contains(&head.saved_at.date_naive());
        // Many saves on one day are one revision of the model.
        let days: BTreeSet<NaiveDate> = heads.iter().filter(is_recent).map(|head| head.saved_at.date_naive()).collect();
        let revisions = days.len();
        Self { registered, model, freshness, revisions }
    }

    /// The people who are said to have taken part, each once. Who saved or recorded something may be one of them under
    /// another name, and is not counted.
    fn people(&self) -> BTreeSet<String> {
        let records = self.registered.records.iter().flat_map(|record| record.participants.split([',', ';', '\n']));
        let model = self.model;
        let named = [model.owner.as_str(), model.reviewer.as_str()].into_iter();
        let named = named.chain(model.participants.iter().map(String::as_str)).chain(records);
        named.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
    }
}

/// What many models come to that are in use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationFacts {
    /// How many teams there are that are in scope.
    pub teams: usize,
    /// How many of them have a fresh model.
    pub teams_fresh: usize,
    /// How many fresh models they have.
    pub models: usize,
    /// The method that most of these name.
    pub method: Option<Method>,
    /// How many name it.
    pub with_method: usize,
    /// How many name who answers for them and who looks them over.
    pub with_people: usize,
    /// For how many somebody chose when to look at them again, or said how critical they are, which decides it.
    pub with_interval: usize,
    /// How many models are not fresh.
    pub stale: usize,
}

/// A model of some team, as far as the organization's facts need it.
#[derive(Debug, Clone, Copy)]
pub struct ModelFacts<'a> {
    /// Whose it is.
    pub team: TeamId,
    /// What it comes to.
    pub facts: &'a Facts,
    /// How it stands.
    pub freshness: &'a Freshness,
    /// Whether somebody chose when to look at it again.
    pub has_interval: bool,
}

impl OrganizationFacts {
    /// What the models of so many teams come to. Models that are put aside do not belong to them.
    pub fn of<'a>(teams: usize, models: impl IntoIterator<Item = ModelFacts<'a>>) -> Self {
        let mut all = Self { teams, ..Self::default() };
        let mut fresh_teams = BTreeSet::new();
        let mut methods = std::collections::BTreeMap::<Method, usize>::new();
        for ModelFacts { team, facts, freshness, has_interval } in models {
            if !freshness.is_fresh() {
                all.stale += 1;
                continue;
            }
            fresh_teams.insert(team);
            all.models += 1;
            for method in facts.methods.iter().collect::<BTreeSet<_>>() {
                *methods.entry(*method).or_default() += 1;
            }
            all.with_people += usize::from(!facts.owner.is_empty() && !facts.reviewer.is_empty());
            all.with_interval += usize::from(has_interval || facts.criticality.is_some());
        }
        all.teams_fresh = fresh_teams.len();
        let most = methods.into_iter().max_by_key(|(method, count)| (*count, std::cmp::Reverse(*method)));
        (all.method, all.with_method) = most.map_or((None, 0), |(method, count)| (Some(method), count));
        all
    }
}

/// What the register proposes for each of the seven activities: of a team's models, and of all for what the whole
/// organization does.
pub fn proposals(models: &[TeamModel<'_>], organization: &OrganizationFacts) -> Vec<Proposal> {
    Supported::ALL.into_iter().map(|supported| proposal(supported, models, organization)).collect()
}

/// What the register proposes for an activity.
pub fn proposal(supported: Supported, models: &[TeamModel<'_>], organization: &OrganizationFacts) -> Proposal {
    let in_use: Vec<&TeamModel<'_>> = models.iter().filter(|model| model.registered.archived_at.is_none()).collect();
    let mut found = match supported {
        Supported::Targets => Found::default(),
        Supported::Processes => processes(organization),
        Supported::Technical => of_models(&in_use, &TECHNICAL),
        Supported::Business => business(&in_use),
        Supported::SimpleStories => simple_stories(&in_use),
        Supported::Advanced => advanced(&in_use),
        Supported::AdvancedStories => of_models(&in_use, &ADVANCED_STORIES),
    };
    let proposed = found.proposed();
    let person = supported.for_a_person().iter().map(|text| Fact {
        text: (*text).to_owned(),
        holds: Holds::OnlyAPerson,
        models: Vec::new(),
        is_extra: false,
    });
    found.facts.extend(person);
    Proposal {
        activity: ActivityId(supported.id().to_owned()),
        facts: found.facts,
        proposes: proposed.map(|(alone, _)| alone),
        if_confirmed: proposed.map(|(_, confirmed)| confirmed),
    }
}

/// What was found.
#[derive(Default)]
struct Found {
    facts: Vec<Fact>,
    /// Whether there is something that can support an answer: a fresh model.
    says_something: bool,
    /// Whether any of the facts holds of any of the models.
    has_begun: bool,
    /// Whether something is missing without which the rest is only a beginning: what it builds on, or models that are
    /// fresh, of which there are fewer than of others.
    lacks_ground: bool,
}

impl Found {
    /// What the facts show by themselves, and with what only a person can judge: something where any holds anywhere,
    /// more where half of them hold, and all of it where all do.
    fn proposed(&self) -> Option<(Support, Support)> {
        if !self.says_something {
            return None;
        }
        // What only helps to judge is neither asked for nor missing.
        let asked: Vec<&Fact> = self.facts.iter().filter(|fact| !fact.is_extra).collect();
        let held = asked.iter().filter(|fact| fact.holds == Holds::Yes).count();
        Some(match held {
            held if held == asked.len() => (Support::Partly, Support::Fully),
            held if 2 * held >= asked.len() && self.has_begun && !self.lacks_ground => {
                (Support::Started, Support::Partly)
            }
            _ if self.has_begun => (Support::Started, Support::Started),
            _ => (Support::NotYet, Support::NotYet),
        })
    }
}

/// Something that is asked of each fresh model: what it is, and whether it holds; `None`: the model does not say.
type Question = (&'static str, fn(&TeamModel<'_>) -> Option<bool>);

const TECHNICAL: [Question; 4] = [
    ("A data-flow diagram is there", |one| Some(diagram(one.model).state == State::Done)),
    ("Threats are written down", |one| Some(!one.model.threats.is_empty())),
    ("Each threat has a decision or a mitigation", |one| each_threat_is_decided(one.model)),
    ("At least two people took part", |one| Some(one.people().len() >= PEOPLE_ENOUGH)),
];

const ADVANCED: [Question; 9] = [
    TECHNICAL[0],
    TECHNICAL[1],
    TECHNICAL[2],
    TECHNICAL[3],
    ("Trust boundaries are marked", |one| Some(one.model.elements.iter().any(|element| element.kind.divides()))),
    ("Each flow that crosses a boundary has a threat", |one| {
        let crossings = Crossings::of(one.model);
        let is_known = crossings.is_complete && !crossings.flows.is_empty();
        is_known.then(|| crossings.without_threat().next().is_none())
    }),
    ("At least 60 % of what STRIDE asks of the elements has a threat", |one| {
        StrideCoverage::of(one.model).share().map(|share| share >= STRIDE_ENOUGH)
    }),
    ("At least 80 % of the threats are rated", |one| {
        let rated = concerning(one.model).filter(|threat| is_rated(threat)).count();
        share(rated, concerning(one.model).count()).map(|share| share >= RATED_ENOUGH)
    }),
    ("The model was revised on at least two days within its interval", |one| Some(one.revisions >= REVISIONS_ENOUGH)),
];

const ADVANCED_STORIES: [Question; 1] =
    [("Attack trees, or personas with attack patterns of CAPEC, lead to threats", |one| Some(has_attacks(one.model)))];

const ASSETS: Question =
    ("Assets are rated, or threats say which asset they harm", |one| Some(assets_matter(one.model)));
const IMPACT: Question = ("Threats say what they do to the business or to people", |one| {
    Some(concerning(one.model).any(|threat| !threat.impact.trim().is_empty()))
});
const CRITICALITY: Question =
    ("It is said how much depends on what is modeled", |one| Some(one.model.criticality.is_some()));

const STORIES: Question = ("Abuse stories are written down", |one| Some(!one.model.abuse_stories.is_empty()));

/// Whether each threat that concerns what is modeled has a decision or something that is meant to be done against it;
/// `None` without any threat.
fn each_threat_is_decided(model: &ThreatModel) -> Option<bool> {
    let by_threat = mitigations_by_threat(model);
    let is_decided = |threat: &Threat| {
        threat.status.is_decided()
            || by_threat.get(&threat.id).is_some_and(|all| all.iter().any(|mitigation| is_meant(mitigation)))
    };
    (!model.threats.is_empty()).then(|| model.threats.iter().all(is_decided))
}

fn assets_matter(model: &ThreatModel) -> bool {
    model.assets.iter().any(Asset::says_what_it_needs) || model.threats.iter().any(|threat| !threat.assets.is_empty())
}

/// Whether attack trees lead to threats, or personas to threats with attack patterns.
fn has_attacks(model: &ThreatModel) -> bool {
    let has_pattern: BTreeSet<_> =
        model.threats.iter().filter(|threat| !threat.capec.is_empty()).map(|threat| &threat.id).collect();
    model.abuse_stories.iter().any(|story| match story.kind {
        StoryKind::Simple => false,
        StoryKind::AttackTree => !story.threats.is_empty(),
        StoryKind::Persona => story.threats.iter().any(|threat| has_pattern.contains(threat)),
    })
}

/// Asks each fresh model. How many are fresh is the first fact.
fn of_models(models: &[&TeamModel<'_>], questions: &[Question]) -> Found {
    let (fresh, stale): (Vec<&TeamModel<'_>>, Vec<&TeamModel<'_>>) =
        models.iter().copied().partition(|model| model.freshness.is_fresh());
    let mut found = Found {
        facts: vec![freshness(&fresh, &stale)],
        says_something: !fresh.is_empty(),
        has_begun: false,
        lacks_ground: stale.len() > fresh.len(),
    };
    if fresh.is_empty() {
        return found;
    }
    for (text, holds) in questions {
        let answers: Vec<(ThreatModelId, Option<bool>)> =
            fresh.iter().map(|model| (model.registered.id, holds(model))).collect();
        let held = answers.iter().filter(|(_, answer)| *answer == Some(true)).count();
        found.has_begun |= held > 0;
        let holds = match held {
            held if held == fresh.len() => Holds::Yes,
            _ if answers.iter().any(|(_, answer)| *answer == Some(false)) => Holds::No,
            _ => Holds::NotKnown,
        };
        let text = format!("{text}: {held} of {}.", count(fresh.len(), "fresh model"));
        let lacking = answers.iter().filter(|(_, answer)| *answer != Some(true)).map(|(id, _)| *id).collect();
        found.facts.push(Fact { text, holds, models: lacking, is_extra: false });
    }
    found
}

fn freshness(fresh: &[&TeamModel<'_>], stale: &[&TeamModel<'_>]) -> Fact {
    let all = fresh.len() + stale.len();
    let text = match (all, stale.len()) {
        (0, _) => "There is no threat model in the register.".to_owned(),
        (all, 0) => format!("All is fresh: {}.", count(all, "threat model")),
        (all, stale) => format!(
            "{stale} of {} {} nothing until reviewed: a review is due, or none is known.",
            count(all, "threat model"),
            if stale == 1 { "supports" } else { "support" }
        ),
    };
    let holds = if all > 0 && stale.is_empty() { Holds::Yes } else { Holds::No };
    Fact { text, holds, models: stale.iter().map(|model| model.registered.id).collect(), is_extra: false }
}

/// Advanced threat modeling builds on all that simple threat modeling asks for.
fn advanced(models: &[&TeamModel<'_>]) -> Found {
    let mut found = of_models(models, &ADVANCED);
    let simple = of_models(models, &TECHNICAL);
    found.lacks_ground |= simple.facts.iter().any(|fact| fact.holds != Holds::Yes);
    found
}

/// A drawing says nothing of the business: without assets that matter or an impact there is nothing to go by.
fn business(models: &[&TeamModel<'_>]) -> Found {
    let mut found = of_models(models, &[ASSETS, IMPACT, CRITICALITY]);
    let says = |(_, holds): &Question| models.iter().any(|one| one.freshness.is_fresh() && holds(one) == Some(true));
    found.says_something &= [ASSETS, IMPACT].iter().any(says);
    found
}

/// Stories are what is asked for. Threats that say who does what to whom are nearly such, and show a beginning.
fn simple_stories(models: &[&TeamModel<'_>]) -> Found {
    let mut found = of_models(models, &[STORIES]);
    let is_near =
        |threat: &&Threat| !threat.actor.is_empty() && !threat.description.is_empty() && !threat.impact.is_empty();
    let fresh = models.iter().filter(|model| model.freshness.is_fresh());
    // What is nearly a story is no story.
    found.lacks_ground |= !found.has_begun;
    let near: usize = fresh.map(|model| concerning(model.model).filter(is_near).count()).sum();
    if near > 0 && !found.facts.iter().all(|fact| fact.holds == Holds::Yes) {
        found.has_begun = true;
        let text = format!("{}, which is nearly an abuse story.", nearly(near));
        found.facts.push(Fact { text, holds: Holds::NotKnown, models: Vec::new(), is_extra: true });
    }
    found
}

fn nearly(threats: usize) -> String {
    match threats {
        1 => "1 threat says who does what and what comes of it".to_owned(),
        more => format!("{more} threats say who does what and what comes of it"),
    }
}

fn processes(all: &OrganizationFacts) -> Found {
    let says_something = all.models > 0;
    let stale = if all.stale > 0 { format!(" {} not fresh.", count(all.stale, "model")) } else { String::new() };
    let fact = |text: String, holds: bool| Fact {
        text,
        holds: if holds { Holds::Yes } else { Holds::No },
        models: Vec::new(),
        is_extra: false,
    };
    let of_all = |what: &str, having: usize| {
        fact(
            format!("{what}: {having} of {}.", count(all.models, "fresh model")),
            says_something && having == all.models,
        )
    };
    let is_enough = share(all.teams_fresh, all.teams).is_some_and(|share| share >= TEAMS_ENOUGH);
    let teams = format!(
        "At least 80 % of the teams have a fresh threat model: {} of {}.{stale}",
        all.teams_fresh,
        count(all.teams, "team")
    );
    let facts = vec![
        fact(teams, is_enough),
        of_all("One method is used everywhere", all.with_method),
        of_all("It is said who answers for a model and who looks it over", all.with_people),
        of_all("It is said when a model is looked at again", all.with_interval),
    ];
    let has_begun = facts.iter().any(|fact| fact.holds == Holds::Yes) || all.teams_fresh > 0;
    Found { facts, says_something, has_begun, lacks_ground: false }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::format::Format;
    use super::super::rating::{Rating, Scale};
    use super::super::register::FileOrigin;
    use super::super::samples::{any_model, element, flow, id, ids, mitigation, threat};
    use super::super::words::{Basis, Criticality, ElementKind, MitigationStatus, Origin, ThreatStatus};
    use super::super::{AbuseStory, Element, StatedDate};
    use super::*;
    use crate::domain::threat_model::category::{Category, Stride};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const TODAY: &str = "2026-06-01";

    fn head(saved: &str, model: &ThreatModel) -> RevisionHead {
        RevisionHead {
            number: 1,
            saved_at: day(saved).and_hms_opt(9, 0, 0).unwrap().and_utc(),
            saved_by: "Ada".into(),
            summary: String::new(),
            file: Some(FileOrigin { format: Format::Cairn, name: "shop.json".into() }),
            facts: Facts::of(model, 0),
        }
    }

    /// A model in the register, right as of a day.
    fn registered(number: i64, model: &ThreatModel) -> Registered {
        Registered {
            id: ThreatModelId(number),
            team: TeamId(1),
            interval_days: None,
            archived_at: None,
            latest: head("2026-05-01", model),
            records: Vec::new(),
        }
    }

    fn right_on(on: &str, model: ThreatModel) -> ThreatModel {
        ThreatModel { stated_date: Some(StatedDate { on: day(on), basis: Basis::Reviewed }), ..model }
    }

    /// A model that shows all that advanced threat modeling asks for.
    fn good() -> ThreatModel {
        let threat = Threat {
            categories: Stride::ALL.map(Category::Stride).to_vec(),
            rating: Rating::of(Scale::Three, 2, 2),
            capec: vec![63],
            ..threat("t", ThreatStatus::Open, &["web", "ask"])
        };
        let model = ThreatModel {
            owner: "Ada".into(),
            reviewer: "Ben".into(),
            elements: vec![
                Element { zone: Some(id("lan")), ..element(ElementKind::Process, "web") },
                element(ElementKind::Actor, "user"),
                element(ElementKind::TrustZone, "lan"),
                flow("ask", "user", "web"),
            ],
            threats: vec![threat],
            mitigations: vec![mitigation("m", Origin::ByHand, MitigationStatus::Proposed, &["t"])],
            ..ThreatModel::default()
        };
        right_on("2026-05-01", model)
    }

    fn proposed(supported: Supported, models: &[ThreatModel]) -> Proposal {
        let kept: Vec<Registered> = models.iter().zip(1..).map(|(model, number)| registered(number, model)).collect();
        let mut team = Vec::new();
        for (kept, model) in kept.iter().zip(models) {
            let heads = [head("2026-04-01", model), head("2026-05-01", model)];
            team.push(TeamModel::new(kept, model, &heads, day(TODAY)));
        }
        proposal(supported, &team, &OrganizationFacts::default())
    }

    fn holds(proposal: &Proposal) -> Vec<Holds> {
        proposal.facts.iter().map(|fact| fact.holds).collect()
    }

    use Holds::{No, NotKnown, OnlyAPerson, Yes};

    #[test]
    fn facts_alone_show_a_part_and_a_person_the_rest() {
        for supported in [Supported::Technical, Supported::Advanced] {
            let found = proposed(supported, &[good()]);
            assert_eq!(
                (found.proposes, found.if_confirmed),
                (Some(Support::Partly), Some(Support::Fully)),
                "{found:#?}"
            );
        }
        let found = proposed(Supported::Technical, &[good()]);
        assert_eq!(holds(&found), [Yes, Yes, Yes, Yes, Yes, OnlyAPerson]);
        assert_eq!(
            found.text(&ProgressScale::default()),
            "“Partly implemented”; “Fully implemented” if you also find this: Technical features are looked at when a \
             sprint is planned."
        );
    }

    #[test]
    fn models_that_are_not_fresh_support_nothing() {
        let old = right_on("2024-01-01", good());
        let undated = ThreatModel { stated_date: None, ..good() };
        let found = proposed(Supported::Technical, &[old.clone(), undated]);
        assert_eq!((found.proposes, holds(&found)), (None, vec![No, OnlyAPerson]));
        assert_eq!(found.facts[0].models, [ThreatModelId(1), ThreatModelId(2)]);
        let found = proposed(Supported::Technical, &[good(), old]);
        assert_eq!((found.proposes, found.if_confirmed), (Some(Support::Started), Some(Support::Partly)));
        assert_eq!(
            found.facts[0].text,
            "1 of 2 threat models supports nothing until reviewed: a review is due, or none is known."
        );
        assert_eq!(proposed(Supported::Technical, &[]).proposes, None);
    }

    #[test]
    fn a_fact_holds_only_of_all_models_and_names_those_that_lack_it() {
        let alone = ThreatModel { reviewer: String::new(), ..good() };
        let found = proposed(Supported::Technical, &[good(), alone]);
        assert_eq!(found.facts[4].text, "At least two people took part: 1 of 2 fresh models.");
        assert_eq!((found.facts[4].holds, found.facts[4].models.as_slice()), (No, &[ThreatModelId(2)][..]));
        let bare = right_on("2026-05-01", ThreatModel::default());
        let found = proposed(Supported::Technical, &[bare]);
        assert_eq!((found.proposes, found.if_confirmed), (Some(Support::NotYet), Some(Support::NotYet)));
    }

    #[test]
    fn what_advanced_threat_modeling_asks_for_can_be_missing_or_not_known() {
        let at = |number: usize, model: ThreatModel| proposed(Supported::Advanced, &[model]).facts[number].holds;
        let mut model = good();
        model.threats[0].affects = ids(&["web"]);
        assert_eq!(at(6, model.clone()), No, "a flow that crosses a boundary has no threat");
        model.elements.truncate(3);
        assert_eq!(at(6, model), NotKnown, "no flow crosses a boundary");
        let mut model = good();
        model.threats[0].categories.truncate(3);
        assert_eq!(at(7, model.clone()), No, "5 of 11 pairs");
        model.threats[0].rating = None;
        assert_eq!(at(8, model.clone()), No);
        model.elements.retain(|element| element.kind.divides());
        assert_eq!(at(7, model), NotKnown, "nothing can be threatened");
        let text = |number: usize| proposed(Supported::Advanced, &[good()]).facts[number].text.clone();
        assert!(text(7).contains(&format!("{:.0} %", STRIDE_ENOUGH * 100.0)), "the text says the same as the rule");
        assert!(text(8).contains(&format!("{:.0} %", RATED_ENOUGH * 100.0)));
    }

    #[test]
    fn a_drawing_says_nothing_of_the_business() {
        let drawing = ThreatModel { criticality: Some(Criticality::High), ..good() };
        assert_eq!(proposed(Supported::Business, std::slice::from_ref(&drawing)).proposes, None);
        let mut model = drawing;
        model.threats[0].impact = "Orders are lost.".into();
        assert_eq!(proposed(Supported::Business, std::slice::from_ref(&model)).if_confirmed, Some(Support::Partly));
        model.assets = vec![Asset { sensitivity: "secret".into(), ..Asset::default() }];
        assert_eq!(proposed(Supported::Business, &[model]).if_confirmed, Some(Support::Fully));
    }

    #[test]
    fn stories_are_asked_for_and_threats_told_like_stories_are_a_beginning() {
        let mut model = good();
        assert_eq!(proposed(Supported::SimpleStories, std::slice::from_ref(&model)).proposes, Some(Support::NotYet));
        model.threats[0] = Threat {
            actor: "A thief".into(),
            description: "steals".into(),
            impact: "loss".into(),
            ..model.threats[0].clone()
        };
        let found = proposed(Supported::SimpleStories, std::slice::from_ref(&model));
        assert_eq!((found.proposes, found.if_confirmed), (Some(Support::Started), Some(Support::Started)));
        model.abuse_stories = vec![AbuseStory { threats: ids(&["t"]), ..AbuseStory::default() }];
        assert_eq!(proposed(Supported::SimpleStories, std::slice::from_ref(&model)).proposes, Some(Support::Partly));
        assert_eq!(proposed(Supported::AdvancedStories, std::slice::from_ref(&model)).proposes, Some(Support::NotYet));
        model.abuse_stories[0].kind = StoryKind::Persona;
        assert_eq!(proposed(Supported::AdvancedStories, std::slice::from_ref(&model)).proposes, Some(Support::Partly));
        model.threats[0].capec.clear();
        assert_eq!(proposed(Supported::AdvancedStories, std::slice::from_ref(&model)).proposes, Some(Support::NotYet));
        model.abuse_stories[0].kind = StoryKind::AttackTree;
        assert_eq!(proposed(Supported::AdvancedStories, &[model]).proposes, Some(Support::Partly));
    }

    #[test]
    fn only_people_know_what_management_communicates() {
        let found = proposed(Supported::Targets, &[good()]);
        assert_eq!((found.proposes, holds(&found)), (None, vec![OnlyAPerson]));
        assert_eq!(found.text(&ProgressScale::default()), "The register says nothing about this.");
    }

    #[test]
    fn processes_are_those_of_the_whole_organization() {
        let facts =
            Facts { owner: "Ada".into(), reviewer: "Ben".into(), methods: vec![Method::Stride], ..Facts::default() };
        let fresh = Freshness::new(365, right_on("2026-05-01", ThreatModel::default()).stated_date, &[], day(TODAY));
        let of = |team: i64| ModelFacts { team: TeamId(team), facts: &facts, freshness: &fresh, has_interval: true };
        let all = |teams: usize| OrganizationFacts::of(teams, (1..=4).map(of));
        let found = proposal(Supported::Processes, &[], &all(5));
        assert_eq!((found.proposes, found.if_confirmed), (Some(Support::Partly), Some(Support::Fully)), "{found:#?}");
        let found = proposal(Supported::Processes, &[], &all(6));
        assert_eq!((found.facts[0].holds, found.if_confirmed), (No, Some(Support::Partly)));
        let other = Facts { methods: vec![Method::Pasta], ..facts.clone() };
        let mixed = OrganizationFacts::of(5, (1..=4).map(of).chain([ModelFacts { facts: &other, ..of(5) }]));
        assert_eq!((mixed.method, mixed.with_method), (Some(Method::Stride), 4));
        assert_eq!(proposal(Supported::Processes, &[], &mixed).facts[1].holds, No);
        assert_eq!(proposal(Supported::Processes, &[], &OrganizationFacts::of(5, [])).proposes, None);
    }

    #[test]
    fn models_that_are_put_aside_do_not_count() {
        let model = good();
        let aside = Registered {
            archived_at: Some(day(TODAY).and_hms_opt(0, 0, 0).unwrap().and_utc()),
            ..registered(1, &model)
        };
        let models = [TeamModel::new(&aside, &model, &[], day(TODAY))];
        assert_eq!(proposal(Supported::Technical, &models, &OrganizationFacts::default()).proposes, None);
    }

    #[test]
    fn a_step_claims_no_more_than_the_facts_show() {
        let step = |key: &str, percent| Step { key: key.into(), name: key.into(), percent };
        let scale = ProgressScale::new(vec![step("no", 0), step("third", 33), step("yes", 100)]).unwrap();
        let name = |support: Support| support.step(&scale).map(|step| step.key.as_str());
        assert_eq!(
            [Support::NotYet, Support::Started, Support::Partly, Support::Fully].map(name),
            ["no", "no", "third", "yes"].map(Some)
        );
    }

    proptest! {
        #[test]
        fn no_model_proposes_more_than_a_person_must_confirm(model in any_model(), other in any_model()) {
            let models = [right_on("2026-05-01", model), other];
            for supported in Supported::ALL {
                let found = proposed(supported, &models);
                prop_assert!(found.proposes < Some(Support::Fully));
                prop_assert!(found.proposes <= found.if_confirmed);
                prop_assert!(found.if_confirmed < Some(Support::Fully), "one of the models is not fresh");
                prop_assert_eq!(Supported::of(&found.activity), Some(supported));
            }
        }
    }
}
