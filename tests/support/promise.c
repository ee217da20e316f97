/* What learners were told, compared with what is left of a database. */
#include "support/promise.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* How many rows a question counts; -1: it cannot be asked. */
static int
ask(sqlite3 *db, const char *sql, int64_t id, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	int n = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_int64(stmt, 1, id) == SQLITE_OK &&
	    (text == NULL ||
		sqlite3_bind_text(stmt, 2, text, -1, SQLITE_STATIC) ==
		    SQLITE_OK) &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return n;
}

static void
judge_learner(
    sqlite3 *db, const struct promise *p, bool knows, struct verdict *v)
{
	char key_and_chosen[PROMISE_CHOSEN_BYTES + 16];
	int i;

	if (p->attempt != 0)
		v->lost += ask(db, "SELECT count(*) FROM attempt WHERE id = ?1",
			       p->attempt, NULL) != 1;
	for (i = 0; i < p->saves; i++) {
		(void)snprintf(key_and_chosen, sizeof(key_and_chosen),
		    "s%d.0 %s", i, p->chosen[i]);
		v->lost += ask(db,
			       "SELECT count(*) FROM draft_answer"
			       " WHERE attempt = ?1"
			       " AND client_key || ' ' || chosen = ?2",
			       p->attempt, key_and_chosen) != 1;
	}
	v->saves += p->saves;
	if (!p->ended)
		return;
	v->ends++;
	v->lost += ask(db,
		       "SELECT count(*) FROM attempt WHERE id = ?1"
		       " AND state = 1 AND passed = ?2 AND points_max = 200",
		       p->attempt, knows ? "1" : "0") != 1;
	v->lost += ask(db,
		       "SELECT count(*) FROM evidence WHERE reference = ?1"
		       " AND source = 'exam'",
		       p->attempt, NULL) != 1;
	v->lost +=
	    ask(db, "SELECT count(*) FROM certificate WHERE attempt = ?1",
		p->attempt, NULL) != (knows ? 1 : 0);
}

/* Half an act: what no moment of a working platform may show. */
static int
half_written(sqlite3 *db)
{
	static const char *const rules[] = {
	    "SELECT count(*) FROM attempt t WHERE kind = 'exam' AND state = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.source = 'exam'"
	    "  AND e.reference = t.id AND e.points = t.points)",
	    "SELECT count(*) FROM attempt t WHERE kind = 'exam' AND passed = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM certificate c"
	    "  WHERE c.attempt = t.id)",
	    "SELECT count(*) FROM certificate c WHERE ?1 = 1"
	    " AND NOT EXISTS (SELECT 1 FROM evidence e"
	    "  WHERE e.source = 'certificate' AND e.reference = c.id)",
	    "SELECT count(*) FROM attempt t WHERE kind = 'exam'"
	    " AND (state <> ?1) <> EXISTS (SELECT 1 FROM dated d"
	    "  WHERE d.kind = 'attempt_deadline' AND d.subject = t.id)",
	};
	int n = 0, found;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		n += (found = ask(db, rules[i], 1, NULL)) < 0 ? 1 : found;
	return n;
}

void
promises_judge(const char *path, const struct promise *list, const bool *knows,
    size_t n, struct verdict *v)
{
	sqlite3 *db;
	size_t i;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		abort();
	v->is_whole = ask(db,
			  "SELECT count(*) FROM pragma_integrity_check"
			  " WHERE ?1 = 1 AND integrity_check = ?2",
			  1, "ok") == 1;
	for (i = 0; i < n; i++)
		judge_learner(db, &list[i], knows[i], v);
	v->half += half_written(db);
	(void)sqlite3_close(db);
}
