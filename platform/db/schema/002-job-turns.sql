-- Jobs stand in queues, each with processes of its own: 'main' for what is
-- short, 'lab' for boxes. In 'lab' people and institutions take turns
-- (record/job.c); what is added without a share has turn 0 and goes by time.
ALTER TABLE job ADD COLUMN queue TEXT NOT NULL DEFAULT 'main';
ALTER TABLE job ADD COLUMN organisation BIGINT;
ALTER TABLE job ADD COLUMN person BIGINT;
ALTER TABLE job ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
-- Which of the queue's processes runs it, from 1.
ALTER TABLE job ADD COLUMN worker BIGINT;
UPDATE job SET queue = 'lab' WHERE kind IN ('lab.prepare', 'lab.grade');

DROP INDEX job_waiting;
CREATE INDEX job_waiting ON job (queue, turn, run_at, id)
	WHERE state = 'waiting';
CREATE INDEX job_of_subject ON job (kind, subject) WHERE state = 'waiting';
CREATE INDEX job_running ON job (queue, worker) WHERE state = 'running';
