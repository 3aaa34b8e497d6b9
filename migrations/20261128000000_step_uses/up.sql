-- How many recorded answers take each step of the progress scale, superseded ones too: counted as they are recorded,
-- since counting them all when somebody asks takes a second per three million.
CREATE TABLE step_uses (
    step TEXT PRIMARY KEY NOT NULL,
    uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO step_uses (step, uses)
SELECT status, count(*) FROM answers WHERE status NOT IN ('unanswered', 'not_applicable') GROUP BY status;

CREATE TRIGGER answers_use_steps AFTER INSERT ON answers WHEN new.status NOT IN ('unanswered', 'not_applicable')
BEGIN
    INSERT INTO step_uses (step, uses) VALUES (new.status, 1) ON CONFLICT (step) DO UPDATE SET uses = uses + 1;
END;
