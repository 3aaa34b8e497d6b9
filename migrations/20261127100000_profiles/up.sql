-- Which team has which target profile. The profiles themselves stand in the settings with the stages.
CREATE TABLE team_profiles (
    team_id INTEGER PRIMARY KEY NOT NULL REFERENCES teams (id),
    -- The number of the profile.
    profile INTEGER NOT NULL
) STRICT;

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
