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

-- Which team has which target profile. The profiles themselves stand in the settings with the stages.
CREATE TABLE team_profiles (
    team_id INTEGER PRIMARY KEY NOT NULL REFERENCES teams (id),
    -- The number of the profile.
    profile INTEGER NOT NULL
) STRICT;

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

CREATE INDEX assessments_by_period ON assessments (period);

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
    -- The day from which an answer was so, where somebody said it; NULL: only when it was recorded is known.
    since TEXT CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
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
    OR NEW.since IS NOT OLD.since
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

-- How many recorded answers take each step of the progress scale, superseded ones too: counted as they are recorded,
-- since counting them all when somebody asks takes a second per three million.
CREATE TABLE step_uses (
    step TEXT PRIMARY KEY NOT NULL,
    uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER answers_use_steps AFTER INSERT ON answers WHEN NEW.status NOT IN ('unanswered', 'not_applicable')
BEGIN
    INSERT INTO step_uses (step, uses) VALUES (NEW.status, 1) ON CONFLICT (step) DO UPDATE SET uses = uses + 1;
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

-- The submissions that hold, each with what it says in one short row: reading a thousand teams takes a thousand rows
-- then, not two hundred thousand. Numbers rise and are never used twice, so that what came since can be told.
CREATE TABLE submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    assessment_id INTEGER NOT NULL UNIQUE REFERENCES assessments (id),
    -- The words of the answers' statuses, then a character for each activity in the order of the catalog.
    statuses TEXT NOT NULL,
    -- The answers that are taken over: the activity's place in the catalog, a colon, the number of the team.
    taken_over TEXT NOT NULL
) STRICT;

CREATE TRIGGER submissions_are_of_submitted_assessments BEFORE INSERT ON submissions
WHEN (SELECT submitted_at FROM assessments WHERE id = NEW.assessment_id) IS NULL
BEGIN
    SELECT RAISE (ABORT, 'the assessment is not submitted');
END;

CREATE TRIGGER submissions_stay BEFORE UPDATE ON submissions
BEGIN
    SELECT RAISE (ABORT, 'submissions do not change');
END;

CREATE TRIGGER submissions_go_with_their_assessments BEFORE DELETE ON submissions
WHEN (SELECT submitted_at FROM assessments WHERE id = OLD.assessment_id) IS NOT NULL
BEGIN
    SELECT RAISE (ABORT, 'the assessment is submitted');
END;

CREATE TRIGGER reopened_assessments_have_no_submission AFTER UPDATE ON assessments
WHEN OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NULL
BEGIN
    DELETE FROM submissions WHERE assessment_id = NEW.id;
END;

-- What shows that answers are true. Each change adds a version and marks the one before as superseded.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY NOT NULL,
    added_at TEXT NOT NULL,
    added_by TEXT NOT NULL
) STRICT;

-- What a program recorded itself is found again when it records it anew.
CREATE INDEX evidence_by_who_added ON evidence (added_by);

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

CREATE TABLE token_teams (
    token_id INTEGER NOT NULL REFERENCES tokens (id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    PRIMARY KEY (token_id, team_id)
) STRICT, WITHOUT ROWID;

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

-- How often that was changed from which something is computed, so that what was computed before can be
-- used as long as nothing was. Counted by the database itself, whoever changes it.
CREATE TABLE epochs (
    -- 'standings': submissions, teams, groups, profiles and settings. 'evidence': evidence. 'shown': all that pages of
    -- standings show, so that a page which was made once can be sent again; answers to drafts, proposals, sessions and
    -- the audit record are not among it. 'accounts': who is recognized by what, and as whom.
    subject TEXT PRIMARY KEY NOT NULL,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO epochs (subject, number) VALUES ('standings', 0), ('evidence', 0), ('shown', 0), ('accounts', 0);

CREATE TRIGGER assessments_move_standings AFTER UPDATE ON assessments
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER new_teams_move_standings AFTER INSERT ON teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER teams_move_standings AFTER UPDATE ON teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER new_groups_move_standings AFTER INSERT ON team_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER groups_move_standings AFTER UPDATE ON team_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER removed_groups_move_standings AFTER DELETE ON team_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER new_members_move_standings AFTER INSERT ON team_group_members
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER removed_members_move_standings AFTER DELETE ON team_group_members
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER new_settings_move_standings AFTER INSERT ON settings
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER settings_move_standings AFTER UPDATE ON settings
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER removed_settings_move_standings AFTER DELETE ON settings
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER new_profiles_move_standings AFTER INSERT ON team_profiles
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER profiles_move_standings AFTER UPDATE ON team_profiles
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER removed_profiles_move_standings AFTER DELETE ON team_profiles
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'standings';
END;

CREATE TRIGGER new_evidence_moves_evidence AFTER INSERT ON evidence_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'evidence';
END;

CREATE TRIGGER evidence_moves_evidence AFTER UPDATE ON evidence_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'evidence';
END;

CREATE TRIGGER new_catalogs_move_shown AFTER INSERT ON catalogs
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_settings_move_shown AFTER INSERT ON settings
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_settings_move_shown AFTER UPDATE ON settings
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER removed_settings_move_shown AFTER DELETE ON settings
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_teams_move_shown AFTER INSERT ON teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_teams_move_shown AFTER UPDATE ON teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_team_groups_move_shown AFTER INSERT ON team_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_team_groups_move_shown AFTER UPDATE ON team_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER removed_team_groups_move_shown AFTER DELETE ON team_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_team_group_members_move_shown AFTER INSERT ON team_group_members
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_team_group_members_move_shown AFTER UPDATE ON team_group_members
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER removed_team_group_members_move_shown AFTER DELETE ON team_group_members
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_team_profiles_move_shown AFTER INSERT ON team_profiles
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_team_profiles_move_shown AFTER UPDATE ON team_profiles
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER removed_team_profiles_move_shown AFTER DELETE ON team_profiles
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_assessments_move_shown AFTER INSERT ON assessments
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_assessments_move_shown AFTER UPDATE ON assessments
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_evidence_versions_move_shown AFTER INSERT ON evidence_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_evidence_versions_move_shown AFTER UPDATE ON evidence_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_plans_move_shown AFTER INSERT ON plans
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_plans_move_shown AFTER UPDATE ON plans
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_plan_versions_move_shown AFTER INSERT ON plan_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_plan_owners_move_shown AFTER INSERT ON plan_owners
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_plan_owners_move_shown AFTER UPDATE ON plan_owners
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER removed_plan_owners_move_shown AFTER DELETE ON plan_owners
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_threat_models_move_shown AFTER INSERT ON threat_models
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_threat_models_move_shown AFTER UPDATE ON threat_models
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_threat_model_revisions_move_shown AFTER INSERT ON threat_model_revisions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_threat_model_records_move_shown AFTER INSERT ON threat_model_records
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER changed_threat_model_records_move_shown AFTER UPDATE ON threat_model_records
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'shown';
END;

CREATE TRIGGER new_users_move_accounts AFTER INSERT ON users
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER changed_users_move_accounts AFTER UPDATE ON users
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER new_user_teams_move_accounts AFTER INSERT ON user_teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER changed_user_teams_move_accounts AFTER UPDATE ON user_teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER removed_user_teams_move_accounts AFTER DELETE ON user_teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER new_user_groups_move_accounts AFTER INSERT ON user_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER changed_user_groups_move_accounts AFTER UPDATE ON user_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER removed_user_groups_move_accounts AFTER DELETE ON user_groups
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER sessions_move_accounts AFTER UPDATE OF ended_at ON sessions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER tokens_move_accounts AFTER UPDATE OF revoked_at ON tokens
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER new_token_teams_move_accounts AFTER INSERT ON token_teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER changed_token_teams_move_accounts AFTER UPDATE ON token_teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;

CREATE TRIGGER removed_token_teams_move_accounts AFTER DELETE ON token_teams
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'accounts';
END;
