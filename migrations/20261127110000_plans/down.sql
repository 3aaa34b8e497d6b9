DROP TABLE plan_owners;
DROP TABLE plan_version_teams;
DROP TABLE plan_versions;
DROP TABLE plans;
