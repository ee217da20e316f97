-- The class: who works on labs now, and what instructors did for them.

-- active_at: the last sign of progress (begun, prepared, shell opened, hint,
-- handed in). extra: submissions that an instructor added to this draw.
ALTER TABLE lab_run ADD COLUMN active_at BIGINT;
ALTER TABLE lab_run ADD COLUMN extra BIGINT NOT NULL DEFAULT 0;
UPDATE lab_run SET active_at = coalesce(ready_at, created_at);
CREATE INDEX lab_run_class ON lab_run (organisation, active_at);

-- What an instructor did to a run, told to its learner. kind: watched (for
-- some time from then on), message (text), extended (until_at: the box's new
-- end), unlocked (one submission more), prepared (once more). Each has its row
-- in the organisation's audit chain: act "lab.KIND", subject the run.
CREATE TABLE lab_notice (
	id ID NOT NULL PRIMARY KEY,
	run ID NOT NULL REFERENCES lab_run (id),
	person ID NOT NULL REFERENCES person (id),
	organisation ID NOT NULL REFERENCES organisation (id),
	actor ID NOT NULL REFERENCES person (id),
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	until_at BIGINT,
	at BIGINT NOT NULL
);
CREATE INDEX lab_notice_run ON lab_notice (run, id);
CREATE INDEX lab_notice_person ON lab_notice (person, id);
CREATE INDEX lab_notice_actor ON lab_notice (actor, at);
CREATE INDEX lab_notice_organisation ON lab_notice (organisation);
