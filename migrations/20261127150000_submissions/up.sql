-- The submissions that hold, each with what it says in one short row: reading a thousand teams takes a thousand rows
-- then, not two hundred thousand. Numbers rise and are never used twice, so that what came since can be told.
CREATE TABLE submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    assessment_id INTEGER NOT NULL UNIQUE REFERENCES assessments (id),
    -- The words of the answers' statuses, then a character for each activity in the order of the catalog. NULL for
    -- what was submitted before there were such rows: the answers themselves say it.
    statuses TEXT,
    -- The answers that are taken over: the activity's place in the catalog, a colon, the number of the team.
    taken_over TEXT
) STRICT;

INSERT INTO submissions (assessment_id) SELECT id FROM assessments WHERE submitted_at IS NOT NULL ORDER BY id;

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

-- Two more things that are counted, so that a page which was made once can be sent again, and somebody who was
-- recognized once need not be looked up, as long as nothing that matters to it has changed. 'shown': all that pages
-- of standings show. Answers to drafts, proposals, sessions and the audit record are not among it. 'accounts': who
-- is recognized by what, and as whom.
INSERT INTO epochs (subject, number) VALUES ('shown', 0), ('accounts', 0);

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
