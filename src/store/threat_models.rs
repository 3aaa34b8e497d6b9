//! Threat models: append-only revisions, what was recorded of them, and the pictures they came with.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::schema::{threat_model_images, threat_model_records, threat_model_revisions, threat_models};
use super::{Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::named::Named;
use crate::domain::organization::TeamId;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::diagram::{Image, ImageDigest, ImageKind};
use crate::domain::threat_model::format::Format;
use crate::domain::threat_model::register::{
    FileOrigin, RecordKind, Registered, ReviewRecord, Revision, RevisionHead, ThreatModelId,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = threat_models)]
struct ModelRow {
    id: i64,
    team_id: i64,
    interval_days: Option<i64>,
    archived_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = threat_model_revisions)]
struct HeadRow {
    model_id: i64,
    number: i64,
    saved_at: DateTime<Utc>,
    saved_by: String,
    summary: String,
    format: Option<String>,
    file: Option<String>,
    facts: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = threat_model_records)]
struct RecordRow {
    model_id: i64,
    kind: String,
    happened_on: NaiveDate,
    note: String,
    participants: String,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
}

impl HeadRow {
    fn restored(self) -> Result<RevisionHead, Error> {
        let damaged = || unreadable(self.model_id, self.number);
        let file = match (self.format.as_deref(), self.file.clone()) {
            (Some(word), Some(name)) => Some(FileOrigin { format: Format::from_name(word).ok_or_else(damaged)?, name }),
            _ => None,
        };
        Ok(RevisionHead {
            number: u32::try_from(self.number).map_err(|_| damaged())?,
            saved_at: self.saved_at,
            facts: serde_json::from_str(&self.facts).map_err(|_| damaged())?,
            file,
            saved_by: self.saved_by,
            summary: self.summary,
        })
    }
}

impl RecordRow {
    fn restored(self) -> Result<ReviewRecord, Error> {
        let kind = RecordKind::from_name(&self.kind)
            .ok_or_else(|| Error::Damaged(format!("a record of threat model {} cannot be read", self.model_id)))?;
        Ok(ReviewRecord {
            kind,
            on: self.happened_on,
            note: self.note,
            participants: self.participants,
            by: self.recorded_by,
            at: self.recorded_at,
        })
    }
}

impl Snapshot<'_> {
    /// The threat models that somebody sees, those included that are put aside, in the order in which they were added.
    pub fn threat_models(&mut self, sight: &Sight) -> Result<Vec<Registered>, Error> {
        self.registered(sight, None)
    }

    /// The threat models of a team that somebody sees.
    pub fn threat_models_of(&mut self, sight: &Sight, team: TeamId) -> Result<Vec<Registered>, Error> {
        self.registered(sight, Some(team))
    }

    fn registered(&mut self, sight: &Sight, team: Option<TeamId>) -> Result<Vec<Registered>, Error> {
        let mut models = threat_model_revisions::table.inner_join(threat_models::table).into_boxed();
        let mut recorded = threat_model_records::table.inner_join(threat_models::table).into_boxed();
        if let Some(team) = team {
            models = models.filter(threat_models::team_id.eq(team.0));
            recorded = recorded.filter(threat_models::team_id.eq(team.0));
        }
        let rows: Vec<(ModelRow, HeadRow)> = models
            .filter(threat_model_revisions::number.eq(threat_models::revision))
            .order(threat_models::id)
            .select((ModelRow::as_select(), HeadRow::as_select()))
            .load(self.connection)?;
        let found: Vec<RecordRow> = recorded
            .order((threat_model_records::happened_on, threat_model_records::id))
            .select(RecordRow::as_select())
            .load(self.connection)?;
        let mut records: BTreeMap<i64, Vec<ReviewRecord>> = BTreeMap::new();
        for row in found {
            records.entry(row.model_id).or_default().push(row.restored()?);
        }
        let seen = rows.into_iter().filter(|(model, _)| sight.sees(TeamId(model.team_id)));
        let registered = seen.map(|(model, head)| {
            Ok(Registered {
                id: ThreatModelId(model.id),
                team: TeamId(model.team_id),
                interval_days: model.interval_days.and_then(|days| u32::try_from(days).ok()),
                archived_at: model.archived_at,
                latest: head.restored()?,
                records: records.remove(&model.id).unwrap_or_default(),
            })
        });
        registered.collect()
    }

    /// A threat model that somebody sees.
    pub fn threat_model(&mut self, sight: &Sight, id: ThreatModelId) -> Result<Option<Registered>, Error> {
        let team: Option<i64> =
            threat_models::table.find(id.0).select(threat_models::team_id).first(self.connection).optional()?;
        let Some(team) = team else { return Ok(None) };
        Ok(self.threat_models_of(sight, TeamId(team))?.into_iter().find(|model| model.id == id))
    }

    /// What a threat model was in a revision; `None` when there is no such revision.
    pub fn threat_model_revision(&mut self, id: ThreatModelId, number: u32) -> Result<Option<Revision>, Error> {
        let row: Option<(HeadRow, String, Vec<u8>)> = threat_model_revisions::table
            .filter(threat_model_revisions::model_id.eq(id.0))
            .filter(threat_model_revisions::number.eq(i64::from(number)))
            .select((HeadRow::as_select(), threat_model_revisions::warnings, threat_model_revisions::content))
            .first(self.connection)
            .optional()?;
        let Some((head, warnings, content)) = row else { return Ok(None) };
        let model = unpacked(&content).ok_or_else(|| unreadable(head.model_id, head.number))?;
        let warnings = serde_json::from_str(&warnings).map_err(|_| unreadable(head.model_id, head.number))?;
        Ok(Some(Revision { head: head.restored()?, warnings, model }))
    }

    /// The revisions of a threat model without their contents, the latest first.
    pub fn threat_model_heads(&mut self, id: ThreatModelId) -> Result<Vec<RevisionHead>, Error> {
        let rows: Vec<HeadRow> = threat_model_revisions::table
            .filter(threat_model_revisions::model_id.eq(id.0))
            .order(threat_model_revisions::number.desc())
            .select(HeadRow::as_select())
            .load(self.connection)?;
        rows.into_iter().map(HeadRow::restored).collect()
    }

    /// All revisions of the models that somebody sees without their contents, in the order in which they were saved.
    pub fn threat_model_history(&mut self, sight: &Sight) -> Result<Vec<(ThreatModelId, TeamId, RevisionHead)>, Error> {
        let rows: Vec<(i64, HeadRow)> = threat_model_revisions::table
            .inner_join(threat_models::table)
            .order(threat_model_revisions::id)
            .select((threat_models::team_id, HeadRow::as_select()))
            .load(self.connection)?;
        let seen = rows.into_iter().filter(|(team, _)| sight.sees(TeamId(*team)));
        seen.map(|(team, head)| Ok((ThreatModelId(head.model_id), TeamId(team), head.restored()?))).collect()
    }

    /// A picture that came with a threat model.
    pub fn threat_model_image(&mut self, id: ThreatModelId, digest: &ImageDigest) -> Result<Option<Image>, Error> {
        let bytes: Option<Vec<u8>> = threat_model_images::table
            .find((id.0, &digest.0))
            .select(threat_model_images::content)
            .first(self.connection)
            .optional()?;
        Ok(bytes.and_then(|bytes| Some(Image { kind: ImageKind::of(&bytes)?, bytes })))
    }
}

impl Change<'_> {
    /// Adds a threat model, which is to get its first revision.
    pub fn add_threat_model(&mut self, team: TeamId, interval_days: Option<u32>) -> Result<ThreatModelId, Error> {
        let id = diesel::insert_into(threat_models::table)
            .values((
                threat_models::team_id.eq(team.0),
                threat_models::revision.eq(0),
                threat_models::interval_days.eq(interval_days.map(i64::from)),
            ))
            .returning(threat_models::id)
            .get_result(self.connection)?;
        Ok(ThreatModelId(id))
    }

    /// Adds a revision to a threat model, which becomes its latest, with the pictures that it names.
    pub fn add_threat_model_revision(
        &mut self,
        id: ThreatModelId,
        revision: &Revision,
        images: &[Image],
    ) -> Result<(), Error> {
        let json = |error: serde_json::Error| Error::Other(error.to_string());
        let Revision { head, warnings, model } = revision;
        let number = i64::from(head.number);
        diesel::insert_into(threat_model_revisions::table)
            .values((
                threat_model_revisions::model_id.eq(id.0),
                threat_model_revisions::number.eq(number),
                threat_model_revisions::saved_at.eq(head.saved_at),
                threat_model_revisions::saved_by.eq(&head.saved_by),
                threat_model_revisions::summary.eq(&head.summary),
                threat_model_revisions::format.eq(head.file.as_ref().map(|file| file.format.name())),
                threat_model_revisions::file.eq(head.file.as_ref().map(|file| &file.name)),
                threat_model_revisions::warnings.eq(serde_json::to_string(warnings).map_err(json)?),
                threat_model_revisions::content.eq(packed(model)?),
                threat_model_revisions::facts.eq(serde_json::to_string(&head.facts).map_err(json)?),
            ))
            .execute(self.connection)?;
        diesel::update(threat_models::table.find(id.0))
            .set(threat_models::revision.eq(number))
            .execute(self.connection)?;
        for image in images {
            diesel::insert_or_ignore_into(threat_model_images::table)
                .values((
                    threat_model_images::model_id.eq(id.0),
                    threat_model_images::digest.eq(image.digest().0),
                    threat_model_images::content.eq(&image.bytes),
                ))
                .execute(self.connection)?;
        }
        Ok(())
    }

    /// Adds to what was recorded of a threat model.
    pub fn add_threat_model_record(&mut self, id: ThreatModelId, record: &ReviewRecord) -> Result<(), Error> {
        diesel::insert_into(threat_model_records::table)
            .values((
                threat_model_records::model_id.eq(id.0),
                threat_model_records::kind.eq(record.kind.name()),
                threat_model_records::happened_on.eq(record.on),
                threat_model_records::note.eq(&record.note),
                threat_model_records::participants.eq(&record.participants),
                threat_model_records::recorded_at.eq(record.at),
                threat_model_records::recorded_by.eq(&record.by),
            ))
            .execute(self.connection)?;
        Ok(())
    }

    /// Says after how many days a threat model is to be looked at again; `None`: as its criticality asks for.
    pub fn set_threat_model_interval(&mut self, id: ThreatModelId, days: Option<u32>) -> Result<(), Error> {
        diesel::update(threat_models::table.find(id.0))
            .set(threat_models::interval_days.eq(days.map(i64::from)))
            .execute(self.connection)?;
        Ok(())
    }

    /// Puts a threat model aside, or takes it up again (`None`).
    pub fn archive_threat_model(&mut self, id: ThreatModelId, at: Option<DateTime<Utc>>) -> Result<(), Error> {
        diesel::update(threat_models::table.find(id.0))
            .set(threat_models::archived_at.eq(at))
            .execute(self.connection)?;
        Ok(())
    }
}

/// A model as it is kept.
fn packed(model: &ThreatModel) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(model).map_err(|error| Error::Other(error.to_string()))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(&json).and_then(|()| encoder.finish());
    written.map_err(|error| Error::Other(error.to_string()))
}

/// A model that was kept; `None` when it cannot be read.
fn unpacked(content: &[u8]) -> Option<ThreatModel> {
    let mut json = Vec::new();
    DeflateDecoder::new(content).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}

/// What is stored was checked when it was written.
fn unreadable(model: i64, number: i64) -> Error {
    Error::Damaged(format!("revision {number} of threat model {model} cannot be read"))
}
