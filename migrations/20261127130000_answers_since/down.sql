DROP TRIGGER answers_are_only_superseded;

ALTER TABLE answers DROP COLUMN since;

CREATE TRIGGER answers_are_only_superseded BEFORE UPDATE ON answers
WHEN OLD.superseded_at IS NOT NULL
    OR NEW.superseded_at IS NULL
    OR (NEW.id, NEW.assessment_id, NEW.activity, NEW.status, NEW.not_applicable_reason, NEW.note, NEW.carried, NEW.answered_at, NEW.answered_by)
        <> (OLD.id, OLD.assessment_id, OLD.activity, OLD.status, OLD.not_applicable_reason, OLD.note, OLD.carried, OLD.answered_at, OLD.answered_by)
    OR NEW.inherited_from IS NOT OLD.inherited_from
BEGIN
    SELECT RAISE (ABORT, 'answers are append-only');
END;
