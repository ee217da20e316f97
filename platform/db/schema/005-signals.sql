-- Points to check (lab/signal.h): whose answers were handed in, what was
-- noticed about a submission, and what people said about it.

-- What a submission gave for a key and what its draw asks for, each as
-- HMAC(site secret, lab and key and digest): equal answers are found, no
-- answer can be read. given NULL: nothing that can be compared.
CREATE TABLE lab_mark (
	submission ID NOT NULL REFERENCES lab_submission (id),
	key TEXT NOT NULL,
	canary BIGINT NOT NULL,
	person ID NOT NULL REFERENCES person (id),
	given BYTES,
	truth BYTES NOT NULL,
	PRIMARY KEY (submission, key)
);
CREATE INDEX lab_mark_given ON lab_mark (given);
CREATE INDEX lab_mark_truth ON lab_mark (truth);

-- A point to check, never a verdict. kind: canary, others_answer,
-- same_answer, close, fast. other: the person it was compared with, 0 for
-- nobody; of one draw, kind and other there is one. keys: those of the marks,
-- "ticket,bot_ips". seconds: what was measured. state: open, explained,
-- upheld, as the last decision says.
CREATE TABLE lab_signal (
	id ID NOT NULL PRIMARY KEY,
	submission ID NOT NULL REFERENCES lab_submission (id),
	run ID NOT NULL REFERENCES lab_run (id),
	person ID NOT NULL REFERENCES person (id),
	organisation ID NOT NULL REFERENCES organisation (id),
	lab TEXT NOT NULL,
	kind TEXT NOT NULL,
	other ID NOT NULL,
	other_submission ID,
	keys TEXT NOT NULL,
	seconds BIGINT NOT NULL,
	raised_at BIGINT NOT NULL,
	state TEXT NOT NULL,
	decisions BIGINT NOT NULL
);
CREATE UNIQUE INDEX lab_signal_once ON lab_signal (run, kind, other);
CREATE INDEX lab_signal_organisation ON lab_signal (organisation, raised_at);
CREATE INDEX lab_signal_person ON lab_signal (person, lab);
CREATE INDEX lab_signal_submission ON lab_signal (submission);

-- What a person decided and why; number counts from 1 within the signal.
CREATE TABLE lab_signal_decision (
	id ID NOT NULL PRIMARY KEY,
	signal ID NOT NULL REFERENCES lab_signal (id),
	number BIGINT NOT NULL,
	decided TEXT NOT NULL,
	reason TEXT NOT NULL,
	decider ID NOT NULL REFERENCES person (id),
	at BIGINT NOT NULL
);
CREATE UNIQUE INDEX lab_signal_decision_number
	ON lab_signal_decision (signal, number);

-- What the person asked about wrote.
CREATE TABLE lab_signal_statement (
	id ID NOT NULL PRIMARY KEY,
	signal ID NOT NULL REFERENCES lab_signal (id),
	text TEXT NOT NULL,
	at BIGINT NOT NULL
);
CREATE INDEX lab_signal_statement_signal ON lab_signal_statement (signal);

CREATE INDEX lab_submission_at ON lab_submission (submitted_at);
