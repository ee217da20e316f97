/* Recounting everything: the parts in order, on one snapshot. */
#include "app/verify.h"

#include <stdarg.h>

#include "content/content.h"
#include "db/db.h"
#include "http/site.h"
#include "record/record.h"

void
verify_wrong(struct verify *v, const char *fmt, ...)
{
	struct arena *a = arena_new();
	va_list ap;

	v->figures.wrong++;
	va_start(ap, fmt);
	v->say(v->ctx, arena_vprintf(a, fmt, ap));
	va_end(ap);
	arena_free(a);
}

static enum err
verify_chains(struct verify *v)
{
	struct verify_report report = {0};
	enum err e;

	e = audit_verify(v->db, &report, v->say, v->ctx);
	v->figures.chains = report.chains;
	v->figures.audit_rows = report.audit_rows;
	v->figures.wrong += report.wrong;
	return e;
}

/* Every manifest that a row names must be there and whole. */
enum err
verify_manifests(struct verify *v)
{
	struct arena *a = arena_new();
	struct content *c;
	struct db_rows *rows;
	const char *name;
	enum err e, read;

	e = db_rows(v->db, Q_VERIFY_MANIFESTS, DB_NO_ARGS, &rows);
	if (e == ERR_OK) {
		while (db_next(rows)) {
			name = db_col_text(rows, 0, a);
			v->figures.manifests++;
			read = content_named(v->site->content, name, &c);
			if (read == ERR_OK)
				content_release(c);
			else
				verify_wrong(v,
				    "content %s, named by rows, cannot be "
				    "read: %s",
				    name, err_name(read));
		}
		e = db_done(rows);
	}
	arena_free(a);
	return e;
}

static enum err
count_all(struct verify *v)
{
	const struct {
		enum query q;
		int64_t *to;
	} figures[] = {
	    {Q_VERIFY_EVIDENCE_COUNT, &v->figures.evidence},
	    {Q_VERIFY_CERTIFICATE_COUNT, &v->figures.certificates},
	    {Q_VERIFY_ORGANISATION_COUNT, &v->figures.organisations},
	    {Q_PERSON_COUNT, &v->figures.persons},
	};
	size_t i;
	enum err e = ERR_OK;

	for (i = 0; e == ERR_OK && i < sizeof(figures) / sizeof(figures[0]);
	     i++)
		e = db_one_int(v->db, figures[i].q, DB_NO_ARGS, figures[i].to);
	return e;
}

static enum err
look(struct db *db, void *ctx)
{
	static enum err (*const parts[])(struct verify * v) = {
	    count_all,
	    verify_chains,
	    verify_manifests,
	    verify_attempts,
	    verify_counts,
	    verify_rows,
	};
	size_t i;
	enum err e = ERR_OK;

	(void)db;
	for (i = 0; e == ERR_OK && i < sizeof(parts) / sizeof(parts[0]); i++)
		e = parts[i](ctx);
	return e;
}

enum err
verify_all(struct db *db, const struct site *site, verify_say *say, void *ctx,
    struct verify_figures *out)
{
	struct verify v = {.db = db, .site = site, .say = say, .ctx = ctx};
	enum err e;

	if ((e = db_read(db, look, &v)) == ERR_OK)
		*out = v.figures;
	return e;
}
