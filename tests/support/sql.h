/* Behind the platform's back: what a tamperer or a broken disk would do. */
#ifndef TESTS_SQL_H
#define TESTS_SQL_H

#include "support/fixture.h"

/* Runs a statement on a connection of its own; a failure ends the test. */
void fixture_sql(const struct fixture *f, const char *sql);

/* The one number that a question answers; anything else ends the test. */
int64_t fixture_sql_int(const struct fixture *f, const char *sql);

#endif
