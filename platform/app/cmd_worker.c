/* `tanren worker`: Kore with our lanes. Started by `tanren run` or systemd. */
#include <stdio.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/edge.h"
#include "app/follow.h"
#include "app/shells_watch.h"
#include "app/site.h"
#include "base/bell.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/lane.h"
#include "http/server.h"
#include "lab/engine/labd.h"
#include "lab/shells.h"

#define READERS 2
#define READER_QUEUE 256
#define WRITERS 2 /* of PostgreSQL; SQLite has one whatever this says */
#define WRITER_QUEUE 512
#define PASSWORD_QUEUE 128
#define CALLERS 4 /* threads that wait for the lab daemon */
#define CALLS_QUEUE 64

static const char usage[] =
    "usage: tanren worker [--var DIR] [--config FILE]\n"
    "\n"
    "The web worker behind the edge. `tanren run` starts it.\n";

struct worker {
	struct config config;
	struct site site;
	struct server_lanes lanes;
	struct follow *follow;
	struct shells shells;
	struct shells_watch *watch;
};

/* Hashing a password keeps a core busy: leave one for everything else. */
static unsigned
password_threads(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > 2 ? 2 : 1;
}

static enum err
open_lanes(struct worker *w)
{
	const char *dsn = w->config.database;
	struct lane_options reader = {
	    "reader", dsn, LANE_READ, READERS, READER_QUEUE};
	struct lane_options writer = {
	    "writer", dsn, LANE_WRITE, WRITERS, WRITER_QUEUE};
	struct lane_options password = {
	    "password", dsn, LANE_FREE, password_threads(), PASSWORD_QUEUE};
	struct lane_options calls = {
	    "calls", dsn, LANE_FREE, CALLERS, CALLS_QUEUE};
	enum err e;

	if ((e = lane_open(&writer, &w->lanes.writer)) != ERR_OK ||
	    (e = lane_open(&reader, &w->lanes.reader)) != ERR_OK ||
	    (e = lane_open(&calls, &w->lanes.calls)) != ERR_OK)
		return e;
	return lane_open(&password, &w->lanes.password);
}

/* Once a demo, always a demo: every page says so. */
static enum err
read_settings(struct worker *w, struct db *db)
{
	struct arena *a = arena_new();
	struct db_rows *rows;
	enum err e;

	e = db_rows(db, Q_SETTING_GET, DB_ARGS(db_text("demo")), &rows);
	if (e == ERR_OK) {
		if (db_next(rows))
			w->site.demo = text_eq(db_col_text(rows, 0, a), "1");
		e = db_done(rows);
	}
	arena_free(a);
	return e;
}

/*
 * Before the first request is taken: without content every page would be
 * "unavailable" for a moment after each start. A revision that cannot be
 * opened (said by then) keeps nobody from the pages that need none.
 */
static enum err
read_first(struct worker *w)
{
	struct db *db;
	enum err e;

	if ((e = db_open(w->config.database, DB_READ, &db)) != ERR_OK)
		return e;
	e = read_settings(w, db);
	if (e == ERR_OK && follow_once(db, w->site.content) != ERR_OK)
		log_warning("worker", "begins without content");
	db_close(db);
	return e;
}

static enum err
worker_open(void *ctx, unsigned number, const struct site **site,
    struct server_lanes *lanes)
{
	struct worker *w = ctx;
	enum err e;

	id_set_lane(PROCESS_WORKER + number);
	if ((e = read_first(w)) != ERR_OK || (e = open_lanes(w)) != ERR_OK)
		return e;
	w->site.writer = w->lanes.writer;
	w->site.lanes = &w->lanes;
	w->site.shells = &w->shells;
	w->watch = shells_watch_new(w->lanes.calls, &w->shells);
	w->follow = follow_new(w->lanes.reader, w->site.content);
	*site = &w->site;
	*lanes = w->lanes;
	return ERR_OK;
}

static void
worker_tick(void *ctx)
{
	struct worker *w = ctx;

	follow_tick(w->follow);
	shells_watch_tick(w->watch);
}

/* These two lanes write through the writer: they go first. */
static void
worker_close(void *ctx)
{
	struct worker *w = ctx;

	lane_close(w->lanes.password);
	lane_close(w->lanes.calls);
	lane_close(w->lanes.reader);
	lane_close(w->lanes.writer);
	follow_free(w->follow);
	shells_watch_free(w->watch);
	site_close(&w->site);
}

/* From browsers to the lab daemon's terminals. */
static struct server_bridge
terminals(const struct config *c)
{
	return (struct server_bridge){
	    .path = SHELL_TERMINALS,
	    .socket = LABD_SOCKET,
	    .origin = c->origin,
	    .greeting_type = LABD_ATTACH,
	    .first_type = LABD_TERMINAL_INPUT,
	    .last_type = LABD_TERMINAL_RENEW,
	    .refused_type = LABD_TERMINAL_ENDED,
	    .token_digits = LABD_TICKET_CHARS,
	    .greeting_bytes = 1 + LABD_TICKET_CHARS + 2 * sizeof(uint16_t),
	};
}

int
cmd_worker(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct worker w = {.shells = {.socket = LABD_SOCKET}};
	struct options o;
	int status;
	struct server server = {
	    .socket = RUN_WEB_SOCKET,
	    .open = worker_open,
	    .tick = worker_tick,
	    .close = worker_close,
	    .ctx = &w,
	};

	status = cmd_begin(&argc, argv, 0, usage, a, &o, &w.config);
	if (status != -1)
		return status;
	if (process_start(a, &w.config, "worker", PROCESS_WORKER) != ERR_OK ||
	    site_open(a, &w.config, &w.site) != ERR_OK ||
	    bell_open(config_path(a, &w.config, RUN_LAB_BELL)) != ERR_OK)
		return EXIT_NOT_DONE;
	server.directory = config_path(a, &w.config, "run");
	server.workers = w.config.workers;
	server.database_is_remote = config_database_is_remote(&w.config);
	server.bridge = terminals(&w.config);
	status = server_run(&server, argv[0]);
	/* Kore's parent comes back here; workers have closed theirs */
	site_close(&w.site);
	return status;
}
