-- Plans of the transformation that are kept.
CREATE TABLE plans (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    -- The name in lower case: no two plans of a scope differ in case alone.
    name_key TEXT NOT NULL,
    -- Of whom it is: a team, a group or, where both are NULL, the organization.
    team_id INTEGER REFERENCES teams (id),
    group_id INTEGER REFERENCES team_groups (id),
    -- Since when it is put aside.
    archived_at TEXT,
    CHECK (team_id IS NULL OR group_id IS NULL)
) STRICT;

CREATE UNIQUE INDEX plans_by_name ON plans (ifnull(team_id, 0), ifnull(group_id, 0), name_key);

-- What a plan was each time it was saved: the baselines against which progress is measured.
CREATE TABLE plan_versions (
    id INTEGER PRIMARY KEY NOT NULL,
    plan_id INTEGER NOT NULL REFERENCES plans (id),
    -- From 1 in each plan.
    number INTEGER NOT NULL,
    saved_at TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    -- The quarter in which the teams were looked at, like 2026-Q4.
    period TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-Q[1-4]'),
    -- The catalog in which the activities of the plan are counted.
    catalog_id INTEGER NOT NULL REFERENCES catalogs (id),
    -- What was decided, the stages as they were and where the scope stood, as JSON.
    content TEXT NOT NULL,
    UNIQUE (plan_id, number)
) STRICT;

-- What each team was to do, as JSON: row by team, so that one team's part can be read alone.
CREATE TABLE plan_version_teams (
    version_id INTEGER NOT NULL REFERENCES plan_versions (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    -- Its place in the plan.
    place INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (version_id, team_id)
) STRICT, WITHOUT ROWID;

-- Who takes care of an activity in a plan, for a team. It can change without the plan being made anew.
CREATE TABLE plan_owners (
    plan_id INTEGER NOT NULL REFERENCES plans (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    activity INTEGER NOT NULL REFERENCES activities (id),
    owner TEXT NOT NULL CHECK (owner <> ''),
    PRIMARY KEY (plan_id, team_id, activity)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER plan_versions_stay BEFORE UPDATE ON plan_versions
BEGIN
    SELECT RAISE (ABORT, 'a saved plan does not change');
END;

CREATE TRIGGER plan_versions_are_kept BEFORE DELETE ON plan_versions
BEGIN
    SELECT RAISE (ABORT, 'a saved plan does not change');
END;

CREATE TRIGGER plan_version_teams_stay BEFORE UPDATE ON plan_version_teams
BEGIN
    SELECT RAISE (ABORT, 'a saved plan does not change');
END;

CREATE TRIGGER plan_version_teams_are_kept BEFORE DELETE ON plan_version_teams
BEGIN
    SELECT RAISE (ABORT, 'a saved plan does not change');
END;
