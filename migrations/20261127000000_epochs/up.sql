-- How often that was changed from which something is computed, so that what was computed before can be
-- used as long as nothing was. Counted by the database itself, whoever changes it.
CREATE TABLE epochs (
    -- 'standings': submissions, teams, groups and settings. 'evidence': evidence.
    subject TEXT PRIMARY KEY NOT NULL,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO epochs (subject, number) VALUES ('standings', 0), ('evidence', 0);

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

CREATE TRIGGER new_evidence_moves_evidence AFTER INSERT ON evidence_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'evidence';
END;

CREATE TRIGGER evidence_moves_evidence AFTER UPDATE ON evidence_versions
BEGIN
    UPDATE epochs SET number = number + 1 WHERE subject = 'evidence';
END;

CREATE INDEX assessments_by_period ON assessments (period);
