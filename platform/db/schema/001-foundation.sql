-- The tables of Tanren. Ids are ours (base/random.h): 53 bits, ordered by
-- time. Times are UTC milliseconds. A name ending in _at is a time, or NULL
-- when it has not happened. Personal data stands in person only, so that
-- everything else survives correction and erasure.

-- ---------------------------------------------------------------- platform

-- Facts about this installation: "installation" (its id), "demo" (1: every
-- page says so), "session_epoch".
CREATE TABLE setting (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

-- Every revision ever published; the one with the highest id is served.
-- manifest is the file's name in the content store: commit and renderer.
CREATE TABLE revision (
	id ID NOT NULL PRIMARY KEY,
	commit_id TEXT NOT NULL,
	manifest TEXT NOT NULL,
	published_at BIGINT NOT NULL,
	published_by ID
);

-- ------------------------------------------------------------------ people

-- kind: institution, authority, association, centre. code is what people
-- type at sign-in. category and size_band are set for institutions only.
CREATE TABLE organisation (
	id ID NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL,
	code TEXT NOT NULL UNIQUE,
	name_ja TEXT NOT NULL,
	name_en TEXT NOT NULL,
	category TEXT,
	size_band BIGINT,
	created_at BIGINT NOT NULL
);

CREATE TABLE person (
	id ID NOT NULL PRIMARY KEY,
	email TEXT UNIQUE,
	name TEXT NOT NULL,
	kana TEXT NOT NULL,
	sort_key TEXT NOT NULL,
	lang TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	erased_at BIGINT
);

CREATE TABLE credential (
	person ID NOT NULL PRIMARY KEY REFERENCES person (id),
	hash TEXT NOT NULL,
	changed_at BIGINT NOT NULL
);

-- A person in an organisation, with a work role and time. role is a work
-- role of the framework (T-SOC); its tier is kept beside it, as it was.
CREATE TABLE membership (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	organisation ID NOT NULL REFERENCES organisation (id),
	employee_number TEXT NOT NULL,
	department TEXT NOT NULL,
	role TEXT NOT NULL,
	tier TEXT NOT NULL,
	line_manager ID,
	from_at BIGINT NOT NULL,
	until_at BIGINT
);
CREATE INDEX membership_person ON membership (person);
CREATE INDEX membership_line_manager
	ON membership (line_manager, organisation);
CREATE UNIQUE INDEX membership_number
	ON membership (organisation, employee_number) WHERE until_at IS NULL;

-- What a person may do beyond learning. kind: line_manager,
-- training_manager, author, reviewer, assessor, exercise_controller,
-- supervisor, operator. Over what: reach is all, category (value: RGB)
-- or institution (value: its code).
CREATE TABLE role_grant (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	organisation ID NOT NULL REFERENCES organisation (id),
	kind TEXT NOT NULL,
	reach TEXT NOT NULL,
	value TEXT NOT NULL,
	from_at BIGINT NOT NULL,
	until_at BIGINT
);
CREATE INDEX role_grant_person ON role_grant (person);

-- token_hash: SHA-256 of the 256 random bits in the cookie.
CREATE TABLE session (
	token_hash BYTES NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person);

-- Failed sign-ins, counted per account and per address ("account:…",
-- "address:…", hashed).
CREATE TABLE throttle (
	key TEXT NOT NULL PRIMARY KEY,
	failures BIGINT NOT NULL,
	window_at BIGINT NOT NULL,
	blocked_until BIGINT NOT NULL
);

-- Invitations and password resets: purpose is invite or reset.
CREATE TABLE one_time_link (
	token_hash BYTES NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	purpose TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE INDEX one_time_link_person ON one_time_link (person);

-- ---------------------------------------------------------------- learning

-- A course due by a date, for one person (受講指定).
CREATE TABLE assignment (
	id ID NOT NULL PRIMARY KEY,
	organisation ID NOT NULL REFERENCES organisation (id),
	person ID NOT NULL REFERENCES person (id),
	course TEXT NOT NULL,
	due_at BIGINT NOT NULL,
	assigned_by ID NOT NULL,
	assigned_at BIGINT NOT NULL,
	completed_at BIGINT,
	overdue_at BIGINT,
	cancelled_at BIGINT
);
CREATE UNIQUE INDEX assignment_open ON assignment (person, course)
	WHERE completed_at IS NULL AND cancelled_at IS NULL;
CREATE INDEX assignment_organisation ON assignment (organisation, due_at);

-- How far a person is in a module. manifest: the one it was last read in.
CREATE TABLE progress (
	person ID NOT NULL REFERENCES person (id),
	course TEXT NOT NULL,
	module BIGINT NOT NULL,
	opened_at BIGINT NOT NULL,
	read_at BIGINT,
	passed_at BIGINT,
	manifest TEXT NOT NULL,
	PRIMARY KEY (person, course, module)
);

-- -------------------------------------------------------------- assessment

-- One sitting. kind: exam or check. thing: E-101 (exam), E-101/2 (check).
-- state: 0 open, 1 finalised. finalised_by: learner or server. The score is
-- points of points_max, in hundredths of a question (so that partial credit
-- stays a whole number).
CREATE TABLE attempt (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	organisation ID,
	kind TEXT NOT NULL,
	thing TEXT NOT NULL,
	manifest TEXT NOT NULL,
	draw BIGINT NOT NULL,
	started_at BIGINT NOT NULL,
	deadline BIGINT,
	state BIGINT NOT NULL,
	submitted_at BIGINT,
	finalised_by TEXT,
	points BIGINT,
	points_max BIGINT,
	passed BIGINT
);
CREATE INDEX attempt_person ON attempt (person, kind, thing);
CREATE UNIQUE INDEX attempt_open ON attempt (person, kind, thing)
	WHERE state = 0;

-- Draft answers: appended, never changed; the last one of a question counts.
-- chosen: the ids of the choices as shown in the question, "0,2". client_key
-- makes a repeated save the same save.
CREATE TABLE draft_answer (
	attempt ID NOT NULL REFERENCES attempt (id),
	seq BIGINT NOT NULL,
	question TEXT NOT NULL,
	chosen TEXT NOT NULL,
	client_key TEXT NOT NULL,
	saved_at BIGINT NOT NULL,
	PRIMARY KEY (attempt, seq)
);
CREATE UNIQUE INDEX draft_answer_key ON draft_answer (attempt, client_key);

-- -------------------------------------------------------------------- labs

-- One draw of a lab for a person: artefacts are made from the seed by a job.
-- state: preparing, ready, failed. isolation: the level the box reported.
CREATE TABLE lab_run (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	organisation ID,
	lab TEXT NOT NULL,
	manifest TEXT NOT NULL,
	draw BIGINT NOT NULL,
	state TEXT NOT NULL,
	isolation TEXT,
	created_at BIGINT NOT NULL,
	ready_at BIGINT,
	hints TEXT NOT NULL
);
CREATE UNIQUE INDEX lab_run_draw ON lab_run (person, lab, draw);

-- A handing-in: number counts from 1 within the person and lab. state:
-- grading, graded, failed. result: JSON lines of the checks.
CREATE TABLE lab_submission (
	id ID NOT NULL PRIMARY KEY,
	run ID NOT NULL REFERENCES lab_run (id),
	person ID NOT NULL REFERENCES person (id),
	number BIGINT NOT NULL,
	state TEXT NOT NULL,
	submitted_at BIGINT NOT NULL,
	graded_at BIGINT,
	points BIGINT,
	result TEXT,
	isolation TEXT
);
CREATE INDEX lab_submission_run ON lab_submission (run);
CREATE INDEX lab_submission_person ON lab_submission (person);

-- Files of a run (kind artefact, or key: what check compares with) and of a
-- submission (kind answer).
CREATE TABLE lab_file (
	id ID NOT NULL PRIMARY KEY,
	run ID NOT NULL REFERENCES lab_run (id),
	submission ID,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	data BYTES NOT NULL
);
CREATE INDEX lab_file_run ON lab_file (run);
CREATE INDEX lab_file_submission ON lab_file (submission);

-- ------------------------------------------------------------ certification

-- 修了証 (kind completion, thing: the course) and 認定証 (kind professional,
-- thing: the programme). number is public and random.
CREATE TABLE certificate (
	id ID NOT NULL PRIMARY KEY,
	number TEXT NOT NULL UNIQUE,
	person ID NOT NULL REFERENCES person (id),
	organisation ID,
	kind TEXT NOT NULL,
	thing TEXT NOT NULL,
	attempt ID,
	manifest TEXT NOT NULL,
	issued_at BIGINT NOT NULL,
	expires_at BIGINT,
	revoked_at BIGINT,
	revoked_reason TEXT
);
CREATE UNIQUE INDEX certificate_once ON certificate (person, kind, thing)
	WHERE revoked_at IS NULL AND expires_at IS NULL;
CREATE INDEX certificate_person ON certificate (person);

-- ------------------------------------------------------------------ career

-- What a line manager said about a competency of somebody whose lab and check
-- were there. decided: confirmed, not_yet (then note is a sentence to the
-- person, else ""). number counts from 1 within person, competency and level,
-- so that what was seen before is never answered twice.
CREATE TABLE confirmation (
	id ID NOT NULL PRIMARY KEY,
	membership ID NOT NULL REFERENCES membership (id),
	person ID NOT NULL REFERENCES person (id),
	organisation ID NOT NULL REFERENCES organisation (id),
	competency TEXT NOT NULL,
	level BIGINT NOT NULL,
	number BIGINT NOT NULL,
	line_manager ID NOT NULL REFERENCES person (id),
	decided TEXT NOT NULL,
	note TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE UNIQUE INDEX confirmation_number
	ON confirmation (person, competency, level, number);
CREATE INDEX confirmation_membership ON confirmation (membership);
CREATE INDEX confirmation_organisation ON confirmation (organisation);
CREATE INDEX confirmation_line_manager ON confirmation (line_manager);

-- ------------------------------------------------------------------ record

-- The evidence ledger: append-only. source: check, exam, lab, course,
-- programme, certificate, confirmation. competencies: "C01:1,C03:1".
CREATE TABLE evidence (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	organisation ID,
	tier TEXT NOT NULL,
	source TEXT NOT NULL,
	thing TEXT NOT NULL,
	reference ID,
	points BIGINT,
	points_max BIGINT,
	competencies TEXT NOT NULL,
	manifest TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX evidence_person ON evidence (person, at);

-- Acts of power, one chain per organisation. hash = SHA-256 over the fields
-- and the hash before, 32 zero bytes for the first. subject and detail hold
-- ids, never names.
CREATE TABLE audit (
	organisation ID NOT NULL REFERENCES organisation (id),
	seq BIGINT NOT NULL,
	at BIGINT NOT NULL,
	actor ID NOT NULL,
	act TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail TEXT NOT NULL,
	hash BYTES NOT NULL,
	PRIMARY KEY (organisation, seq)
);

-- The end of each chain: the row that writers of one chain wait for.
CREATE TABLE audit_head (
	organisation ID NOT NULL PRIMARY KEY REFERENCES organisation (id),
	seq BIGINT NOT NULL,
	hash BYTES NOT NULL
);

-- Counts for dashboards. A delta is written with the act; jobs fold deltas
-- into rollup and delete them. metric: people, completed (key: course),
-- programme (key: programme), exam_taken, exam_passed (key: course),
-- lab_passed (key: lab), overdue (key: course), assigned (key: course).
-- period is the month in Japan, 202611.
CREATE TABLE rollup_delta (
	id ID NOT NULL PRIMARY KEY,
	organisation ID NOT NULL,
	metric TEXT NOT NULL,
	key TEXT NOT NULL,
	tier TEXT NOT NULL,
	period BIGINT NOT NULL,
	amount BIGINT NOT NULL,
	fold ID
);
CREATE INDEX rollup_delta_fold ON rollup_delta (fold);
CREATE TABLE rollup (
	organisation ID NOT NULL,
	metric TEXT NOT NULL,
	key TEXT NOT NULL,
	tier TEXT NOT NULL,
	period BIGINT NOT NULL,
	amount BIGINT NOT NULL,
	PRIMARY KEY (organisation, metric, key, tier, period)
);
CREATE INDEX rollup_metric ON rollup (metric, key, period);
-- The same over all periods: a view of today costs no more after ten years.
CREATE TABLE rollup_total (
	organisation ID NOT NULL,
	metric TEXT NOT NULL,
	key TEXT NOT NULL,
	tier TEXT NOT NULL,
	amount BIGINT NOT NULL,
	PRIMARY KEY (organisation, metric, key, tier)
);

-- Messages to persons. Without a mail server the operator sees them.
CREATE TABLE outbox (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	kind TEXT NOT NULL,
	lang TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	sent_at BIGINT
);
CREATE INDEX outbox_person ON outbox (person);
CREATE INDEX outbox_waiting ON outbox (id) WHERE sent_at IS NULL;

-- Work for `tanren jobs`. state: waiting, running, done, failed. same_as:
-- while a job with this text is waiting, another one is not added.
CREATE TABLE job (
	id ID NOT NULL PRIMARY KEY,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	same_as TEXT,
	state TEXT NOT NULL,
	tries BIGINT NOT NULL,
	run_at BIGINT NOT NULL,
	claimed_at BIGINT,
	finished_at BIGINT,
	progress BIGINT NOT NULL,
	error TEXT
);
CREATE INDEX job_waiting ON job (run_at) WHERE state = 'waiting';
CREATE INDEX job_failed ON job (id) WHERE state = 'failed';
CREATE UNIQUE INDEX job_same ON job (same_as) WHERE state = 'waiting';

-- What happens when time passes: the kinds of app/job_kinds.c
-- (attempt_deadline, assignment_due, …). Turned into acts by jobs.
CREATE TABLE dated (
	id ID NOT NULL PRIMARY KEY,
	at BIGINT NOT NULL,
	kind TEXT NOT NULL,
	subject ID NOT NULL
);
CREATE INDEX dated_at ON dated (at);
CREATE INDEX dated_subject ON dated (subject, kind);
