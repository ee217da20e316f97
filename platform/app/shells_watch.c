/* Asks the lab daemon every few seconds whether it is there. */
#include "app/shells_watch.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "db/lane.h"
#include "lab/shells.h"

#define TICKS 8 /* from one question to the next: four seconds */

struct shells_watch {
	struct task task; /* first: the lane hands it back */
	struct lane *calls;
	struct shells *shells;
	atomic_bool is_asking;
	unsigned ticks;
};

static enum err
watch_run(struct db *db, struct task *t)
{
	struct shells_watch *w = (struct shells_watch *)(void *)t;

	(void)db;
	shells_ask(w->shells);
	return ERR_OK;
}

static void
watch_done(struct task *t, enum err result)
{
	struct shells_watch *w = (struct shells_watch *)(void *)t;

	(void)result;
	atomic_store(&w->is_asking, false);
}

struct shells_watch *
shells_watch_new(struct lane *calls, struct shells *s)
{
	struct shells_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	w->task.run = watch_run;
	w->task.done = watch_done;
	w->calls = calls;
	w->shells = s;
	return w;
}

void
shells_watch_tick(struct shells_watch *w)
{
	if (w->ticks++ % TICKS != 0 || atomic_exchange(&w->is_asking, true))
		return;
	/* a full lane: asked again in a few seconds */
	if (lane_submit(w->calls, &w->task) != ERR_OK)
		atomic_store(&w->is_asking, false);
}

void
shells_watch_free(struct shells_watch *w)
{
	free(w);
}
