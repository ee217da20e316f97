/* Time becomes rows. */
#include "app/dated.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"

enum err
dated_do(struct db *db, const struct site *site, const struct dated *d)
{
	const struct dated_kind *k;

	for (k = dated_kinds; k->kind != NULL; k++)
		if (text_eq(k->kind, d->kind))
			return k->run(db, site, d);
	log_error("dated", "nobody knows what to do for %s", d->kind);
	return ERR_INTERNAL;
}

enum err
dated_pass(struct db *db, const struct site *site, int64_t now)
{
	struct arena *a = arena_new();
	struct dated d;
	enum err e;

	while ((e = dated_take(db, now, a, &d)) == ERR_OK) {
		if ((e = dated_do(db, site, &d)) != ERR_OK)
			break;
		arena_reset(a);
	}
	arena_free(a);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
