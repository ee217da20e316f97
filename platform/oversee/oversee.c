/* The acts of overseeing: the week, the headline, the look that is recorded. */
#include "oversee/oversee.h"

#include "base/clock.h"
#include "db/db.h"
#include "oversee/counts.h"
#include "oversee/due.h"
#include "record/record.h"

/* More looks within an hour than these, and one may be recorded twice. */
#define LOOKS_MAX 200

enum err
week_load(struct db *db, struct scope managed, struct week *out)
{
	struct arena *a = arena_new();
	struct week w = {0};
	struct due_course *list;
	size_t i, n;
	enum err e;

	e = due_courses(db, managed, a, &list, &n);
	for (i = 0; e == ERR_OK && i < n; i++) {
		w.open += list[i].open;
		w.late += list[i].late;
	}
	arena_free(a);
	if (e == ERR_OK)
		*out = w;
	return e;
}

enum err
headline_load(struct db *db, struct scope supervised, const struct content *c,
    struct headline *out)
{
	struct arena *a = arena_new();
	struct count_cell all;
	struct sector s;
	enum err e;

	e = sector_load(db, supervised, c, "", a, &s);
	if (e == ERR_OK) {
		all = sector_total(&s, s.now.rows);
		*out = (struct headline){
		    .institutions = (int64_t)s.n_institutions,
		    .people = s.people,
		    .able = all.people,
		    .share = share_percent(all.done, all.people),
		};
	}
	arena_free(a);
	return e;
}

enum err
look_record(struct db *db, int64_t institution, int64_t supervisor,
    int64_t authority, int64_t now)
{
	struct arena *a = arena_new();
	struct audit_row *rows;
	size_t i, n;
	enum err e;

	e = audit_recent(db, scope_machine(now), institution,
	    "authority.looked", LOOKS_MAX, a, &rows, &n);
	if (e != ERR_OK)
		goto out;
	for (i = 0; i < n; i++)
		if (rows[i].actor == supervisor &&
		    rows[i].at > now - LOOK_AGAIN_MS)
			goto out;
	e = audit_add(db, institution, supervisor, "authority.looked",
	    arena_printf(a, "%lld", (long long)authority), "", now);
out:
	arena_free(a);
	return e;
}
