-- Marks the file as Cairn's: "Carn" in ASCII.
PRAGMA application_id = 0x4361726e;

-- Every catalog that an assessment was made with, whole, so that old assessments stay readable.
CREATE TABLE catalogs (
    id INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    content TEXT NOT NULL,
    added_at TEXT NOT NULL
) STRICT;

-- What holds for the whole organization, by name, as far as it is not the default. 'catalog': the
-- digest of the catalog in use. 'scale': the steps of the progress scale, as JSON. 'threshold': percent.
-- 'separation': who sees which teams.
CREATE TABLE settings (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The ids of activities of all catalogs, so that millions of answers need not repeat them.
CREATE TABLE activities (
    id INTEGER PRIMARY KEY NOT NULL,
    activity_id TEXT NOT NULL UNIQUE CHECK (activity_id <> '')
) STRICT;

CREATE TABLE teams (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    -- The name in lower case: no two teams differ in case alone.
    name_key TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- Since when it is not assessed any more; what was assessed stays.
    retired_at TEXT
) STRICT;

CREATE TABLE team_groups (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE team_group_members (
    group_id INTEGER NOT NULL REFERENCES team_groups (id) ON DELETE CASCADE,
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (group_id, team_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX team_group_members_by_team ON team_group_members (team_id);

CREATE TABLE assessments (
    id INTEGER PRIMARY KEY NOT NULL,
    team_id INTEGER NOT NULL REFERENCES teams (id),
    -- Like 2026-Q4, so that the order of the text is the order of time.
    period TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-Q[1-4]'),
    catalog_id INTEGER NOT NULL REFERENCES catalogs (id),
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    submitted_at TEXT,
    submitted_by TEXT,
    -- The SHA-256 of what was submitted.
    digest TEXT,
    UNIQUE (team_id, period),
    CHECK ((submitted_at IS NULL) = (submitted_by IS NULL)),
    CHECK ((submitted_at IS NULL) = (digest IS NULL))
) STRICT;

-- Append-only. A change adds a row and marks the one before as superseded; the id is the revision.
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    activity INTEGER NOT NULL REFERENCES activities (id),
    -- 'unanswered', 'not_applicable' or the key of a step of the progress scale.
    status TEXT NOT NULL CHECK (status <> ''),
    not_applicable_reason TEXT NOT NULL,
    note TEXT NOT NULL,
    inherited_from INTEGER REFERENCES teams (id),
    -- 1: taken over from the assessment before when this one was opened, and not touched since.
    carried INTEGER NOT NULL CHECK (carried IN (0, 1)),
    answered_at TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    superseded_at TEXT,
    CHECK ((status = 'not_applicable') = (not_applicable_reason <> ''))
) STRICT;

CREATE UNIQUE INDEX answers_current ON answers (assessment_id, activity) WHERE superseded_at IS NULL;

CREATE INDEX answers_inherited ON answers (inherited_from) WHERE superseded_at IS NULL AND inherited_from IS NOT NULL;

CREATE TRIGGER answers_are_kept BEFORE DELETE ON answers
BEGIN
    SELECT RAISE (ABORT, 'answers are append-only');
END;

CREATE TRIGGER answers_are_only_superseded BEFORE UPDATE ON answers
WHEN OLD.superseded_at IS NOT NULL
    OR NEW.superseded_at IS NULL
    OR (NEW.id, NEW.assessment_id, NEW.activity, NEW.status, NEW.not_applicable_reason, NEW.note, NEW.carried, NEW.answered_at, NEW.answered_by)
        <> (OLD.id, OLD.assessment_id, OLD.activity, OLD.status, OLD.not_applicable_reason, OLD.note, OLD.carried, OLD.answered_at, OLD.answered_by)
    OR NEW.inherited_from IS NOT OLD.inherited_from
BEGIN
    SELECT RAISE (ABORT, 'answers are append-only');
END;

CREATE TRIGGER answers_are_added_to_drafts BEFORE INSERT ON answers
WHEN (SELECT submitted_at FROM assessments WHERE id = NEW.assessment_id) IS NOT NULL
BEGIN
    SELECT RAISE (ABORT, 'the assessment is submitted');
END;

CREATE TRIGGER answers_are_superseded_in_drafts BEFORE UPDATE ON answers
WHEN (SELECT submitted_at FROM assessments WHERE id = OLD.assessment_id) IS NOT NULL
BEGIN
    SELECT RAISE (ABORT, 'the assessment is submitted');
END;

-- Why a submitted assessment became a draft again, and what its submission was.
CREATE TABLE reopenings (
    id INTEGER PRIMARY KEY NOT NULL,
    assessment_id INTEGER NOT NULL REFERENCES assessments (id),
    submitted_at TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    reopened_at TEXT NOT NULL,
    reopened_by TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> '')
) STRICT;

CREATE INDEX reopenings_by_assessment ON reopenings (assessment_id);

CREATE TRIGGER reopenings_are_not_changed BEFORE UPDATE ON reopenings
BEGIN
    SELECT RAISE (ABORT, 'reopenings are append-only');
END;

CREATE TRIGGER reopenings_are_kept BEFORE DELETE ON reopenings
BEGIN
    SELECT RAISE (ABORT, 'reopenings are append-only');
END;

CREATE TRIGGER assessments_are_only_submitted_and_reopened BEFORE UPDATE ON assessments
WHEN (OLD.submitted_at IS NOT NULL AND (
        NEW.submitted_at IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM reopenings
            WHERE assessment_id = OLD.id AND submitted_at = OLD.submitted_at AND submitted_by = OLD.submitted_by
        )
    ))
    OR (NEW.id, NEW.team_id, NEW.period, NEW.catalog_id, NEW.opened_at, NEW.opened_by)
        <> (OLD.id, OLD.team_id, OLD.period, OLD.catalog_id, OLD.opened_at, OLD.opened_by)
BEGIN
    SELECT RAISE (ABORT, 'an assessment changes only by being submitted or reopened');
END;

CREATE TRIGGER assessments_are_kept BEFORE DELETE ON assessments
BEGIN
    SELECT RAISE (ABORT, 'assessments are kept');
END;

-- What shows that answers are true. Each change adds a version and marks the one before as superseded.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY NOT NULL,
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL
) STRICT;

CREATE TABLE evidence_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    evidence_id INTEGER NOT NULL REFERENCES evidence (id),
    title TEXT NOT NULL CHECK (title <> ''),
    -- http or https, or empty.
    link TEXT NOT NULL,
    text TEXT NOT NULL,
    -- The day on which it was true, not the one on which it was entered.
    recorded_on TEXT NOT NULL CHECK (recorded_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    -- The first day on which it is not valid any more; NULL: it stays valid.
    expires_on TEXT CHECK (expires_on > recorded_on),
    reviewer TEXT NOT NULL,
    -- Why it does not count any more; NULL: it counts.
    withdrawn TEXT CHECK (withdrawn <> ''),
    changed_at TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    superseded_at TEXT
) STRICT;

CREATE UNIQUE INDEX evidence_current ON evidence_versions (evidence_id) WHERE superseded_at IS NULL;

CREATE TABLE evidence_activities (
    version_id INTEGER NOT NULL REFERENCES evidence_versions (id),
    activity INTEGER NOT NULL REFERENCES activities (id),
    PRIMARY KEY (version_id, activity)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence_teams (
    version_id INTEGER NOT NULL REFERENCES evidence_versions (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (version_id, team_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX evidence_teams_by_team ON evidence_teams (team_id);

CREATE TRIGGER evidence_is_kept BEFORE DELETE ON evidence_versions
BEGIN
    SELECT RAISE (ABORT, 'evidence is append-only');
END;

CREATE TRIGGER evidence_is_only_superseded BEFORE UPDATE ON evidence_versions
WHEN OLD.superseded_at IS NOT NULL
    OR NEW.superseded_at IS NULL
    OR (NEW.id, NEW.evidence_id, NEW.title, NEW.link, NEW.text, NEW.recorded_on, NEW.reviewer, NEW.changed_at, NEW.changed_by)
        <> (OLD.id, OLD.evidence_id, OLD.title, OLD.link, OLD.text, OLD.recorded_on, OLD.reviewer, OLD.changed_at, OLD.changed_by)
    OR NEW.expires_on IS NOT OLD.expires_on
    OR NEW.withdrawn IS NOT OLD.withdrawn
BEGIN
    SELECT RAISE (ABORT, 'evidence is append-only');
END;

-- People who can sign in. How they are recognized is kept apart from what they may do.
CREATE TABLE users (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'assessor', 'manager', 'administrator')),
    -- 1: the role is about all teams; 0: about those in the two tables below.
    is_of_all INTEGER NOT NULL CHECK (is_of_all IN (0, 1)),
    created_at TEXT NOT NULL,
    -- Since when they cannot sign in any more; what they did stays theirs.
    disabled_at TEXT
) STRICT;

CREATE TRIGGER users_are_kept BEFORE DELETE ON users
BEGIN
    SELECT RAISE (ABORT, 'accounts are disabled, never removed');
END;

CREATE TABLE user_teams (
    user_id INTEGER NOT NULL REFERENCES users (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (user_id, team_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_groups (
    user_id INTEGER NOT NULL REFERENCES users (id),
    group_id INTEGER NOT NULL REFERENCES team_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
) STRICT, WITHOUT ROWID;

-- One way to be recognized: a password, as an Argon2id hash with its parameters and salt.
CREATE TABLE passwords (
    user_id INTEGER PRIMARY KEY NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

-- Links that let somebody set a password once; at most one for each account.
CREATE TABLE password_links (
    user_id INTEGER PRIMARY KEY NOT NULL REFERENCES users (id),
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    expires_at TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    -- Of the random text in the cookie, which is kept nowhere.
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL,
    ended_at TEXT
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    scope TEXT NOT NULL CHECK (scope IN ('read', 'import', 'administer')),
    is_of_all INTEGER NOT NULL CHECK (is_of_all IN (0, 1)),
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    last_used_at TEXT,
    last_used_from TEXT,
    revoked_at TEXT,
    CHECK ((last_used_at IS NULL) = (last_used_from IS NULL))
) STRICT;

CREATE TABLE token_teams (
    token_id INTEGER NOT NULL REFERENCES tokens (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (token_id, team_id)
) STRICT, WITHOUT ROWID;

-- Who did what, when and from where. Each row's hash covers the row and the hash before it.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    means TEXT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX audit_by_actor ON audit (actor);

CREATE INDEX audit_by_deed ON audit (deed);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE (ABORT, 'the audit record is append-only');
END;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN
    SELECT RAISE (ABORT, 'the audit record is append-only');
END;

CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit)
BEGIN
    SELECT RAISE (ABORT, 'the audit record is append-only');
END;
