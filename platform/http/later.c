/* A small write that nobody waits for. */
#include "http/later.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db/db.h"
#include "db/lane.h"
#include "http/site.h"

struct later {
	struct task task;
	enum err (*act)(struct db *db, void *context);
	_Alignas(16) unsigned char context[LATER_BYTES_MAX];
};

static enum err
later_run(struct db *db, struct task *t)
{
	struct later *l = (struct later *)(void *)t;

	return l->act(db, l->context);
}

static void
later_done(struct task *t, enum err result)
{
	if (result != ERR_OK && result != ERR_CONFLICT)
		log_warning("later", "not written: %s", err_name(result));
	free(t);
}

void
write_later(const struct req *r, enum err (*act)(struct db *db, void *context),
    const void *context, size_t size)
{
	struct later *l;
	enum err e;

	if (size > LATER_BYTES_MAX || (l = calloc(1, sizeof(*l))) == NULL)
		abort();
	l->task.run = later_run;
	l->task.done = later_done;
	l->act = act;
	memcpy(l->context, context, size);
	if (r->site->writer == NULL) {
		e = db_write(r->db, act, l->context);
		later_done(&l->task, e);
		return;
	}
	if (lane_submit(r->site->writer, &l->task) != ERR_OK)
		free(l);
}
