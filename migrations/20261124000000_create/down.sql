DROP TABLE answers;
DROP TABLE assessments;
DROP TABLE team_group_members;
DROP TABLE team_groups;
DROP TABLE teams;
DROP TABLE activities;
DROP TABLE settings;
DROP TABLE catalogs;
PRAGMA application_id = 0;
