/* What the files of an import share; nobody else includes it. */
#ifndef PEOPLE_ROSTER_PARTS_H
#define PEOPLE_ROSTER_PARTS_H

#include "people/roster.h"
#include "people/roster_known.h"
#include "people/roster_read.h"

struct import {
	struct db *db;
	struct scope scope;
	int64_t actor;
	const struct site *site;
	roster_tier_of *tier_of;
	void *ctx;
	bool invite;
	int64_t now;
	struct arena *a;
	const struct roster_file *file;
	struct known_list known;
	struct roster_report *report;
};

/* Names a line, what is wrong with it and where. */
void roster_add_wrong(struct import *im, const struct roster_cells *line,
    enum roster_problem problem, enum roster_column column);

/* After all lines went in: their line managers. */
MUST_USE enum err roster_set_managers(struct import *im);

#endif
