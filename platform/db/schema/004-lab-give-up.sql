-- Labs that were given up: the worked solution is open, the draw is over, and
-- what is handed in before counts_from_at is practice. Once in a lab.

CREATE TABLE lab_give_up (
	id ID NOT NULL PRIMARY KEY,
	person ID NOT NULL REFERENCES person (id),
	organisation ID,
	lab TEXT NOT NULL,
	draw BIGINT NOT NULL,
	gave_up_at BIGINT NOT NULL,
	counts_from_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX lab_give_up_once ON lab_give_up (person, lab);
