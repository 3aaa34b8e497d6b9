-- The threat models of teams.
CREATE TABLE threat_models (
    id INTEGER PRIMARY KEY NOT NULL,
    team_id INTEGER NOT NULL REFERENCES teams (id),
    -- The number of the latest revision.
    revision INTEGER NOT NULL,
    -- After how many days it is to be looked at again; NULL: as its criticality asks for.
    interval_days INTEGER CHECK (interval_days > 0),
    -- Since when it is put aside.
    archived_at TEXT
) STRICT;

CREATE INDEX threat_models_by_team ON threat_models (team_id);

-- What a threat model was each time it was saved.
CREATE TABLE threat_model_revisions (
    id INTEGER PRIMARY KEY NOT NULL,
    model_id INTEGER NOT NULL REFERENCES threat_models (id),
    -- From 1 in each model.
    number INTEGER NOT NULL,
    saved_at TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    -- What changed, in a sentence.
    summary TEXT NOT NULL,
    -- The kind of the file that it comes from, and what it was called; NULL: it was entered here.
    format TEXT,
    file TEXT,
    -- What was odd in the file, as a JSON list of sentences.
    warnings TEXT NOT NULL,
    -- What the model says, as JSON that is compressed by deflate: one revision is much like the next.
    content BLOB NOT NULL,
    -- What that comes to, as JSON: what lists of many models need.
    facts TEXT NOT NULL,
    UNIQUE (model_id, number),
    CHECK ((format IS NULL) = (file IS NULL))
) STRICT;

-- When somebody went through a model, and when what it models changed.
CREATE TABLE threat_model_records (
    id INTEGER PRIMARY KEY NOT NULL,
    model_id INTEGER NOT NULL REFERENCES threat_models (id),
    kind TEXT NOT NULL CHECK (kind IN ('review', 'significant-change')),
    -- The day on which it happened, like 2026-11-24.
    happened_on TEXT NOT NULL,
    note TEXT NOT NULL,
    participants TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
) STRICT;

CREATE INDEX threat_model_records_by_model ON threat_model_records (model_id);

-- The pictures that came with models, by the SHA-256 of their bytes.
CREATE TABLE threat_model_images (
    model_id INTEGER NOT NULL REFERENCES threat_models (id),
    digest TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (model_id, digest)
) STRICT;

CREATE TRIGGER threat_model_revisions_stay BEFORE UPDATE ON threat_model_revisions
BEGIN
    SELECT RAISE (ABORT, 'a revision of a threat model does not change');
END;

CREATE TRIGGER threat_model_revisions_are_kept BEFORE DELETE ON threat_model_revisions
BEGIN
    SELECT RAISE (ABORT, 'a revision of a threat model does not change');
END;

CREATE TRIGGER threat_model_records_stay BEFORE UPDATE ON threat_model_records
BEGIN
    SELECT RAISE (ABORT, 'what was recorded of a threat model does not change');
END;

CREATE TRIGGER threat_model_records_are_kept BEFORE DELETE ON threat_model_records
BEGIN
    SELECT RAISE (ABORT, 'what was recorded of a threat model does not change');
END;
