//! The threat models of the demo organization, and how they became what they are: each part is there from a day on,
//! and threats and mitigations change on days, so that a revision is what was there on its day.

mod forecasting;
mod parts;
mod payments;
mod platform;
mod shop;
mod shopper_app;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{History, days_before};
use crate::app::Error;
use crate::app::threat_models::{NewRevision, add, event, revise};
use crate::domain::access::{Caller, Sight};
use crate::domain::audit::Deed;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::diagram::{Diagram, Shape};
use crate::domain::threat_model::rating::Rating;
use crate::domain::threat_model::register::{FileOrigin, ReviewRecord};
use crate::domain::threat_model::words::{ElementKind, Origin, ThreatStatus};
use crate::domain::threat_model::{
    AbuseStory, Asset, Assumption, Element, Mitigation, PartId, Raw, Threat, ThreatModel,
};
use crate::store::Change;
use parts::{DemoElement, DemoMitigation, DemoModel, DemoRating, DemoThreat};

/// All of them, in the order of the teams.
const MODELS: [&DemoModel; 8] = [
    &platform::DEPLOYMENT,
    &platform::OLD_SERVERS,
    &payments::CARDS,
    &payments::REFUNDS,
    &shop::CHECKOUT,
    &shop::ACCOUNTS,
    &shopper_app::APP,
    &forecasting::NIGHT_JOBS,
];

/// The diagram of each model; they have one.
const DIAGRAM: &str = "diagram";

/// Keeps the threat models. `champion` is who acts for a team, and `teams` are those of the demo, in their order.
/// `others` are teams beyond the usual ones: each has a model much like one of theirs.
pub(super) fn add_demo_threat_models<'a>(
    change: &mut Change<'_>,
    now: DateTime<Utc>,
    teams: &[TeamId],
    others: impl Iterator<Item = usize>,
    champion: impl Fn(usize) -> &'a Caller,
    history: &mut History,
) -> Result<(), Error> {
    let of_usual_teams = MODELS.into_iter().map(|model| (model, model.team));
    for (model, team) in of_usual_teams.chain(MODELS.into_iter().cycle().zip(others)) {
        let by = Caller { at: now, ..champion(team).clone() };
        let Some(team) = teams.get(team).copied() else { continue };
        add_demo_threat_model(change, model, team, &by, history)?;
    }
    Ok(())
}

fn add_demo_threat_model(
    change: &mut Change<'_>,
    demo: &DemoModel,
    team: TeamId,
    by: &Caller,
    history: &mut History,
) -> Result<(), Error> {
    let sight = Sight::Everything;
    let of = change.team(&sight, team)?.ok_or(Error::NotFound("team"))?;
    let mut kept = None;
    for (ago, summary) in demo.revisions {
        let then = days_before(by, *ago);
        let file = demo.file.map(|(format, name)| FileOrigin { format, name: name.to_owned() });
        let model = demo.as_of(*ago, by.at.date_naive());
        let new = NewRevision { model, summary: (*summary).to_owned(), file, warnings: Vec::new(), images: Vec::new() };
        let event = match kept {
            None => {
                let (id, event) = add(change, &then, &of, demo.interval_days, new)?;
                kept = Some(id);
                event
            }
            Some(id) => {
                let registered = change.threat_model(&sight, id)?.ok_or(Error::NotFound("threat model"))?;
                revise(change, &then, &registered, &of, new)?
            }
        };
        history.push((then, event));
    }
    let Some(id) = kept else { return Ok(()) };
    for record in demo.records {
        let then = days_before(by, record.ago);
        let kept = ReviewRecord {
            kind: record.kind,
            on: then.at.date_naive(),
            note: record.note.to_owned(),
            participants: record.participants.to_owned(),
            by: then.actor.name().to_owned(),
            at: then.at,
        };
        change.add_threat_model_record(id, &kept)?;
        let event = event(Deed::ThreatModelReviewed, &of, demo.title).with("what", record.kind.name());
        history.push((then, event.with("on", kept.on.to_string())));
    }
    if let Some(days) = demo.aside {
        let then = days_before(by, days);
        change.archive_threat_model(id, Some(then.at))?;
        history.push((then, event(Deed::ThreatModelArchived, &of, demo.title)));
    }
    Ok(())
}

impl DemoModel {
    /// What the model was so many days ago.
    fn as_of(&self, ago: u64, today: NaiveDate) -> ThreatModel {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let threats: Vec<(u32, &DemoThreat)> =
            (1..).zip(self.threats).filter(|(_, threat)| threat.found >= ago).collect();
        let mitigations = (1..).zip(self.mitigations).filter(|(_, mitigation)| mitigation.since >= ago);
        let numbers: BTreeMap<u32, PartId> = threats.iter().map(|(number, _)| (*number, threat_id(*number))).collect();
        ThreatModel {
            title: self.title.to_owned(),
            description: self.description.to_owned(),
            objectives: self.objectives.to_owned(),
            owner: self.owner.to_owned(),
            reviewer: self.reviewer.to_owned(),
            participants: texts(self.participants),
            methods: self.methods.to_vec(),
            version: String::new(),
            criticality: self.criticality,
            scale: self.scale,
            stated_date: None,
            diagrams: vec![Diagram { id: id(DIAGRAM), title: self.diagram.to_owned(), ..Diagram::default() }],
            assets: self
                .assets
                .iter()
                .map(|asset| Asset {
                    id: id(asset.id),
                    name: asset.name.to_owned(),
                    description: asset.description.to_owned(),
                    confidentiality: Some(asset.needs.0),
                    integrity: Some(asset.needs.1),
                    availability: Some(asset.needs.2),
                    sensitivity: String::new(),
                })
                .collect(),
            elements: self.elements.iter().filter(|part| part.since >= ago).map(DemoElement::whole).collect(),
            threats: threats.iter().map(|(number, threat)| self.threat(*number, threat, ago, today)).collect(),
            mitigations: mitigations.map(|(number, part)| self.mitigation(number, part, ago, &numbers)).collect(),
            assumptions: (1..)
                .zip(self.assumptions)
                .map(|(number, (text, validity, about))| Assumption {
                    id: PartId(format!("assumption{number}")),
                    text: (*text).to_owned(),
                    validity: *validity,
                    about: ids(about),
                })
                .collect(),
            abuse_stories: (1..)
                .zip(self.stories)
                .map(|(number, story)| AbuseStory {
                    id: PartId(format!("story{number}")),
                    kind: story.kind,
                    title: story.title.to_owned(),
                    description: story.text.to_owned(),
                    threats: story.threats.iter().filter_map(|number| numbers.get(number).cloned()).collect(),
                })
                .collect(),
        }
    }

    fn threat(&self, number: u32, demo: &DemoThreat, ago: u64, today: NaiveDate) -> Threat {
        let course = demo.course.iter().rev().find(|(since, ..)| *since >= ago);
        let (status, reason) = course.map_or((demo.status, ""), |(_, status, reason)| (*status, *reason));
        let rating = match demo.rating {
            DemoRating::None => None,
            DemoRating::Steps(likelihood, impact) => Rating::of(self.scale, likelihood, impact),
            DemoRating::Factors(factors) => Some(Rating::Factors(factors.iter().copied().collect())),
        };
        let stride = demo.stride.iter().copied().map(Category::Stride);
        let linddun = demo.linddun.iter().copied().map(Category::Linddun);
        let is_read = self.file.is_some();
        Threat {
            id: threat_id(number),
            number,
            title: demo.title.to_owned(),
            description: demo.text.to_owned(),
            categories: stride.chain(linddun).collect(),
            affects: ids(demo.affects),
            assets: ids(demo.assets),
            status,
            reason: reason.to_owned(),
            impact: demo.impact.to_owned(),
            actor: demo.actor.to_owned(),
            severity: demo.severity,
            score: String::new(),
            rating,
            cwe: demo.cwe.to_vec(),
            capec: demo.capec.to_vec(),
            identified_on: today.checked_sub_days(Days::new(demo.found)),
            is_untouched: is_read && status == ThreatStatus::Undetermined,
            raw: if is_read { raw(status, demo) } else { Raw::default() },
        }
    }

    fn mitigation(&self, number: u32, demo: &DemoMitigation, ago: u64, threats: &BTreeMap<u32, PartId>) -> Mitigation {
        let course = demo.course.iter().rev().find(|(since, _)| *since >= ago);
        Mitigation {
            id: PartId(format!("mitigation{number}")),
            number,
            title: demo.title.to_owned(),
            description: demo.text.to_owned(),
            status: course.map_or(demo.status, |(_, status)| *status),
            raw_status: String::new(),
            threats: demo.threats.iter().filter_map(|number| threats.get(number).cloned()).collect(),
            origin: if self.file.is_some() { Origin::Template } else { Origin::ByHand },
            owner: demo.owner.to_owned(),
            link: demo.link.to_owned(),
        }
    }
}

impl DemoElement {
    fn whole(&self) -> Element {
        let shape = self.place.and_then(|(x, y, width, height)| Shape::of_box(x, y, width, height));
        let is_flow = self.kind == ElementKind::DataFlow;
        let end = |end: &str| (!end.is_empty()).then(|| id(end));
        Element {
            id: id(self.id),
            kind: self.kind,
            name: self.name.to_owned(),
            description: self.text.to_owned(),
            out_of_scope: !self.out_of_scope.is_empty(),
            reason: self.out_of_scope.to_owned(),
            diagram: Some(id(DIAGRAM)),
            shape,
            source: end(self.from),
            target: end(self.to),
            protocol: self.protocol.to_owned(),
            encrypted: (is_flow || self.kind == ElementKind::DataStore).then_some(self.encrypted),
            public_network: is_flow.then_some(self.public_network),
            is_log: self.is_log,
            ..Element::default()
        }
    }
}

fn id(text: &str) -> PartId {
    PartId(text.to_owned())
}

fn ids(texts: &[&str]) -> Vec<PartId> {
    texts.iter().map(|text| id(text)).collect()
}

fn threat_id(number: u32) -> PartId {
    PartId(format!("threat{number}"))
}

/// What the Microsoft Threat Modeling Tool calls it.
fn raw(status: ThreatStatus, demo: &DemoThreat) -> Raw {
    let status = match status {
        ThreatStatus::Open => "NeedsInvestigation",
        ThreatStatus::Mitigated => "Mitigated",
        ThreatStatus::NotApplicable => "NotApplicable",
        _ => "AutoGenerated",
    };
    let severity = demo.severity.map(Named::name).unwrap_or_default();
    let category = demo.stride.first().map(|kind| kind.title()).unwrap_or_default();
    Raw { status: status.to_owned(), severity: capital(severity), category: category.to_owned() }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::demo::profiles::PROFILES;
    use crate::domain::threat_model::words::{MitigationStatus, StoryKind};

    /// Each revision of each model.
    fn revisions() -> impl Iterator<Item = (&'static DemoModel, u64, ThreatModel)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let revisions = |demo: &'static DemoModel| demo.revisions.iter().map(move |(ago, _)| (demo, *ago));
        MODELS.into_iter().flat_map(revisions).map(move |(demo, ago)| (demo, ago, demo.as_of(ago, today)))
    }

    #[test]
    fn every_revision_is_sound_and_none_is_the_one_before_it() {
        let mut before: Option<(&str, ThreatModel)> = None;
        for (demo, ago, mut model) in revisions() {
            assert!(demo.team < PROFILES.len());
            assert_eq!(model.settle(), Vec::<String>::new(), "{} {ago} days ago", demo.title);
            if let Some((title, before)) = before {
                assert!(title != demo.title || before != model, "{title} {ago} days ago");
            }
            before = Some((demo.title, model));
        }
    }

    #[test]
    fn what_happened_is_told_in_its_order_and_is_seen_in_a_revision() {
        for demo in MODELS {
            assert!(demo.revisions.is_sorted_by(|one, next| one.0 > next.0), "{}", demo.title);
            assert!(demo.records.is_sorted_by(|one, next| one.ago > next.ago), "{}", demo.title);
            let kept = |ago: u64| demo.revisions.iter().any(|(day, _)| *day == ago);
            for threat in demo.threats {
                assert!(kept(threat.found), "{}", threat.title);
                assert!(threat.course.is_sorted_by(|one, next| one.0 > next.0), "{}", threat.title);
                assert!(threat.course.iter().all(|(ago, ..)| *ago <= threat.found && kept(*ago)), "{}", threat.title);
            }
            for mitigation in demo.mitigations {
                assert!(kept(mitigation.since), "{}", mitigation.title);
                assert!(mitigation.course.is_sorted_by(|one, next| one.0 > next.0), "{}", mitigation.title);
                assert!(mitigation.course.iter().all(|(ago, _)| kept(*ago)), "{}", mitigation.title);
            }
        }
    }

    #[test]
    fn who_looks_around_finds_every_word_for_threats_mitigations_and_stories() {
        let all: Vec<ThreatModel> = revisions().map(|(.., model)| model).collect();
        let has_threat = |status| all.iter().flat_map(|model| &model.threats).any(|threat| threat.status == status);
        let missing = ThreatStatus::NAMED.iter().filter(|(_, status)| !has_threat(*status));
        // Only files of another tool call a threat resolved.
        assert_eq!(missing.map(|(name, _)| *name).collect::<Vec<_>>(), ["resolved"]);
        for (name, status) in MitigationStatus::NAMED.iter().filter(|(name, _)| *name != "unknown") {
            assert!(all.iter().flat_map(|model| &model.mitigations).any(|one| one.status == *status), "{name}");
        }
        for (name, kind) in StoryKind::NAMED {
            assert!(all.iter().flat_map(|model| &model.abuse_stories).any(|story| story.kind == *kind), "{name}");
        }
    }
}
