-- Tokens may be made that only propose: their scope is one word more, which SQLite learns by a new table.
CREATE TABLE new_tokens (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
    scope TEXT NOT NULL CHECK (scope IN ('read', 'propose', 'import', 'administer')),
    is_of_all INTEGER NOT NULL CHECK (is_of_all IN (0, 1)),
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    last_used_at TEXT,
    last_used_from TEXT,
    revoked_at TEXT,
    CHECK ((last_used_at IS NULL) = (last_used_from IS NULL))
) STRICT;

INSERT INTO new_tokens SELECT * FROM tokens;

CREATE TABLE new_token_teams (
    token_id INTEGER NOT NULL REFERENCES new_tokens (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (token_id, team_id)
) STRICT, WITHOUT ROWID;

INSERT INTO new_token_teams SELECT * FROM token_teams;

DROP TABLE token_teams;
DROP TABLE tokens;
ALTER TABLE new_tokens RENAME TO tokens;
ALTER TABLE new_token_teams RENAME TO token_teams;

-- The activities for which what a token proposes is put into the draft without a person.
CREATE TABLE token_trusted (
    token_id INTEGER NOT NULL REFERENCES tokens (id),
    activity INTEGER NOT NULL REFERENCES activities (id),
    PRIMARY KEY (token_id, activity)
) STRICT, WITHOUT ROWID;

-- Answers that programs propose. A row stands for one status that was detected, however often; another status
-- of the same activity is another row, which supersedes the one before.
CREATE TABLE proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    team_id INTEGER NOT NULL REFERENCES teams (id),
    activity INTEGER NOT NULL REFERENCES activities (id),
    -- As in the audit record, like 'token ci'. Names are not used twice.
    proposed_by TEXT NOT NULL CHECK (proposed_by <> ''),
    -- The key of a step of the progress scale.
    status TEXT NOT NULL CHECK (status NOT IN ('', 'unanswered', 'not_applicable')),
    -- What was detected the last time, in words, and where it can be seen: http or https, or empty.
    note TEXT NOT NULL,
    link TEXT NOT NULL,
    -- The first and the last day on which it was detected, when that was told, and how often.
    first_on TEXT NOT NULL CHECK (first_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    last_on TEXT NOT NULL CHECK (last_on >= first_on),
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    superseded_at TEXT,
    -- What became of it; NULL: nobody has decided.
    decision TEXT CHECK (decision IN ('taken', 'trusted', 'declined')),
    decided_at TEXT,
    decided_by TEXT,
    reason TEXT NOT NULL,
    -- The answer that it became.
    answer_id INTEGER REFERENCES answers (id),
    assessment_id INTEGER REFERENCES assessments (id),
    CHECK ((decision IS NULL) = (decided_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL)),
    CHECK ((decision IN ('taken', 'trusted')) = (answer_id IS NOT NULL)),
    CHECK ((answer_id IS NULL) = (assessment_id IS NULL))
) STRICT;

CREATE UNIQUE INDEX proposals_latest ON proposals (team_id, activity, proposed_by) WHERE superseded_at IS NULL;

CREATE INDEX proposals_of_activity ON proposals (team_id, activity);

CREATE INDEX proposals_open ON proposals (proposed_by) WHERE superseded_at IS NULL AND decision IS NULL;

-- What a program recorded itself is found again when it records it anew.
CREATE INDEX evidence_by_who_added ON evidence (added_by);
