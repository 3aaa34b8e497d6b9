DROP TRIGGER removed_profiles_move_standings;
DROP TRIGGER profiles_move_standings;
DROP TRIGGER new_profiles_move_standings;
DROP TABLE team_profiles;
