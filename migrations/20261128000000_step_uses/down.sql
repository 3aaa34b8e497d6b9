DROP TRIGGER answers_use_steps;
DROP TABLE step_uses;
