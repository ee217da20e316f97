/* The schemas that are compiled in (tools/schemas.sh), lowest first. */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <stddef.h>

struct schema {
	int number; /* 0 ends the list */
	const char *name;
	const char *sql;
};

extern const struct schema schemas[];

#endif
