//! Brings the texts and lists of a model that somebody wrote to the lengths that are kept, with a warning for each.

use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::diagram::ImageDigest;
use crate::domain::threat_model::{PartId, Threat, ThreatModel};
use crate::formats::threat_model::notes::{Notes, clip, tidy};

/// How many characters an id has at most.
const ID_KEPT: usize = 500;

/// How many characters a word of another tool has at most.
const WORD_KEPT: usize = 100;

/// Cuts what is too long. What is wrong with links, shapes and ratings is left to
/// [`settle`](ThreatModel::settle).
pub(super) fn apply(model: &mut ThreatModel, notes: &mut Notes) {
    let mut at = Bounds { notes, path: "threat_model".to_owned() };
    at.names([
        ("title", &mut model.title),
        ("owner", &mut model.owner),
        ("reviewer", &mut model.reviewer),
        ("version", &mut model.version),
    ]);
    at.texts([("description", &mut model.description), ("objectives", &mut model.objectives)]);
    at.list("participants", &mut model.participants);
    for person in &mut model.participants {
        at.names([("participants", person)]);
    }
    at.list("methods", &mut model.methods);
    at.diagrams(model);
    at.assets_and_elements(model);
    for (i, threat) in model.threats.iter_mut().enumerate() {
        at.enter("threats", i);
        at.threat(threat);
    }
    at.mitigations(model);
    at.assumptions_and_stories(model);
}

/// Where in the model the texts are that are looked at.
struct Bounds<'n> {
    notes: &'n mut Notes,
    path: String,
}

impl Bounds<'_> {
    fn enter(&mut self, list: &str, position: usize) {
        self.path = format!("threat_model.{list}[{position}]");
    }

    fn names<const N: usize>(&mut self, texts: [(&str, &mut String); N]) {
        self.cut(texts, ThreatModel::NAME_LIMIT);
    }

    fn texts<const N: usize>(&mut self, texts: [(&str, &mut String); N]) {
        self.cut(texts, ThreatModel::TEXT_LIMIT);
    }

    fn cut<const N: usize>(&mut self, texts: [(&str, &mut String); N], limit: usize) {
        for (key, text) in texts {
            *text = self.notes.cut(text, limit, || format!("{}.{key}", self.path));
        }
    }

    fn list<T>(&mut self, key: &str, list: &mut Vec<T>) {
        let limit = ThreatModel::LINKS_LIMIT;
        if list.len() > limit {
            self.notes.warn(format!("{}.{key}", self.path), format!("more than {limit} entries; the rest is left out"));
            list.truncate(limit);
        }
    }

    fn diagrams(&mut self, model: &mut ThreatModel) {
        for (i, diagram) in model.diagrams.iter_mut().enumerate() {
            self.enter("diagrams", i);
            id(&mut diagram.id);
            self.names([("title", &mut diagram.title), ("raw_method", &mut diagram.raw_method)]);
            self.texts([("description", &mut diagram.description)]);
            if diagram.image.as_ref().is_some_and(|digest| !is_digest(digest)) {
                self.notes
                    .warn(format!("{}.image", self.path), "no digest of a picture: expected 64 hexadecimal digits");
                diagram.image = None;
            }
        }
    }

    fn assets_and_elements(&mut self, model: &mut ThreatModel) {
        for (i, asset) in model.assets.iter_mut().enumerate() {
            self.enter("assets", i);
            id(&mut asset.id);
            self.names([("name", &mut asset.name), ("sensitivity", &mut asset.sensitivity)]);
            self.texts([("description", &mut asset.description)]);
        }
        for (i, element) in model.elements.iter_mut().enumerate() {
            self.enter("elements", i);
            id(&mut element.id);
            let links = [&mut element.zone, &mut element.diagram, &mut element.source, &mut element.target];
            links.into_iter().flatten().for_each(id);
            self.names([
                ("name", &mut element.name),
                ("raw_kind", &mut element.raw_kind),
                ("protocol", &mut element.protocol),
            ]);
            self.texts([("description", &mut element.description), ("reason", &mut element.reason)]);
        }
    }

    fn threat(&mut self, threat: &mut Threat) {
        id(&mut threat.id);
        self.names([("title", &mut threat.title), ("actor", &mut threat.actor), ("score", &mut threat.score)]);
        self.texts([
            ("description", &mut threat.description),
            ("reason", &mut threat.reason),
            ("impact", &mut threat.impact),
        ]);
        let raw = &mut threat.raw;
        self.cut(
            [("raw.status", &mut raw.status), ("raw.severity", &mut raw.severity), ("raw.category", &mut raw.category)],
            WORD_KEPT,
        );
        self.list("categories", &mut threat.categories);
        for category in &mut threat.categories {
            if let Category::Other(text) = category {
                self.cut([("categories", text)], WORD_KEPT);
            }
        }
        self.list("cwe", &mut threat.cwe);
        self.list("capec", &mut threat.capec);
        self.links("affects", &mut threat.affects);
        self.links("assets", &mut threat.assets);
    }

    fn mitigations(&mut self, model: &mut ThreatModel) {
        for (i, mitigation) in model.mitigations.iter_mut().enumerate() {
            self.enter("mitigations", i);
            id(&mut mitigation.id);
            self.names([
                ("title", &mut mitigation.title),
                ("raw_status", &mut mitigation.raw_status),
                ("owner", &mut mitigation.owner),
                ("link", &mut mitigation.link),
            ]);
            self.texts([("description", &mut mitigation.description)]);
            self.links("threats", &mut mitigation.threats);
            let link = &mut mitigation.link;
            if !link.is_empty() && !["https://", "http://"].iter().any(|scheme| link.starts_with(scheme)) {
                self.notes.warn(format!("{}.link", self.path), "no address with http or https; it is left out");
                link.clear();
            }
        }
    }

    fn assumptions_and_stories(&mut self, model: &mut ThreatModel) {
        for (i, assumption) in model.assumptions.iter_mut().enumerate() {
            self.enter("assumptions", i);
            id(&mut assumption.id);
            self.texts([("text", &mut assumption.text)]);
            self.links("about", &mut assumption.about);
        }
        for (i, story) in model.abuse_stories.iter_mut().enumerate() {
            self.enter("abuse_stories", i);
            id(&mut story.id);
            self.names([("title", &mut story.title)]);
            self.texts([("description", &mut story.description)]);
            self.links("threats", &mut story.threats);
        }
    }

    fn links(&mut self, key: &str, links: &mut Vec<PartId>) {
        self.list(key, links);
        links.iter_mut().for_each(id);
    }
}

/// Cuts an id, and in the same way every link to it.
fn id(id: &mut PartId) {
    id.0 = clip(&tidy(&id.0), ID_KEPT);
}

fn is_digest(digest: &ImageDigest) -> bool {
    digest.0.len() == 64 && digest.0.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
