DROP INDEX evidence_by_who_added;
DROP TABLE proposals;
DROP TABLE token_trusted;

CREATE TABLE old_tokens (
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

-- Tokens that only propose are not known any more.
INSERT INTO old_tokens SELECT * FROM tokens WHERE scope <> 'propose';

CREATE TABLE old_token_teams (
    token_id INTEGER NOT NULL REFERENCES old_tokens (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (token_id, team_id)
) STRICT, WITHOUT ROWID;

INSERT INTO old_token_teams SELECT * FROM token_teams WHERE token_id IN (SELECT id FROM old_tokens);

DROP TABLE token_teams;
DROP TABLE tokens;
ALTER TABLE old_tokens RENAME TO tokens;
ALTER TABLE old_token_teams RENAME TO token_teams;
