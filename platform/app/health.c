/*
 * /healthz: JSON for whoever starts and restarts us. /metrics: Prometheus'
 * text format 0.0.4, of the worker that answers. Both for this machine only.
 */
#include "app/health.h"

#include <inttypes.h>

#include "base/json.h"
#include "content/content.h"
#include "db/db.h"
#include "db/lane.h"
#include "db/migrate.h"
#include "http/server.h"
#include "http/site.h"

static const char *
revision(const struct req *r)
{
	struct content *c = content_current(r->site->content);
	const char *commit;

	if (c == NULL)
		return "";
	commit = arena_strdup(r->arena, content_commit(c));
	content_release(c);
	return commit;
}

/* A page of the database is read: an answer says that it can be. */
static enum err
healthz_get(struct req *r, struct reply *re)
{
	int64_t waiting;
	enum err e;

	e = db_one_int(r->db, Q_JOBS_WAITING, DB_NO_ARGS, &waiting);
	if (e != ERR_OK)
		return e;
	re->content_type = "application/json";
	buf_puts(&re->body, "{\"status\":\"ok\",\"revision\":");
	json_quote(&re->body, revision(r));
	buf_printf(&re->body, ",\"schema\":%d,\"engine\":\"%s\"}\n",
	    migrate_newest(),
	    db_engine(r->db) == DB_SQLITE ? "sqlite" : "postgresql");
	return ERR_OK;
}

static void
put_help(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_answers(struct buf *b, const struct server_figures *f)
{
	int class;

	put_help(b, "tanren_answers_total", "counter",
	    "Answers by class of status since this worker was started.");
	for (class = 1; class < 6; class ++)
		buf_printf(b,
		    "tanren_answers_total{class=\"%dxx\"} %" PRIu64 "\n", class,
		    f->answers[class]);
	put_help(b, "tanren_requests_open", "gauge",
	    "Requests that wait for their answer.");
	buf_printf(b, "tanren_requests_open %" PRIu64 "\n", f->requests_open);
	put_help(
	    b, "tanren_body_bytes_open", "gauge", "Bytes of their bodies.");
	buf_printf(
	    b, "tanren_body_bytes_open %" PRIu64 "\n", f->body_bytes_open);
	put_help(b, "tanren_bridges_open", "gauge",
	    "Terminals of labs that are open in browsers.");
	buf_printf(b, "tanren_bridges_open %" PRIu64 "\n", f->bridges_open);
	put_help(b, "tanren_bridges_opened_total", "counter",
	    "Terminals that were opened since this worker was started.");
	buf_printf(
	    b, "tanren_bridges_opened_total %" PRIu64 "\n", f->bridges_opened);
	put_help(b, "tanren_bridges_refused_total", "counter",
	    "Terminals that were refused: origin, greeting, too many.");
	buf_printf(b, "tanren_bridges_refused_total %" PRIu64 "\n",
	    f->bridges_refused);
}

struct lane_row {
	const char *name;
	struct lane_figures f;
};

#define LANES 4

static void
put_lanes(struct buf *b, const struct server_lanes *lanes)
{
	static const struct {
		const char *name, *type, *help;
		size_t at;
	} figures[] = {
	    {"tanren_lane_tasks_total", "counter", "Tasks a lane has run.",
		offsetof(struct lane_figures, tasks)},
	    {"tanren_lane_refused_total", "counter",
		"Tasks a full lane has refused.",
		offsetof(struct lane_figures, refused)},
	    {"tanren_lane_commits_total", "counter",
		"Transactions a lane has committed.",
		offsetof(struct lane_figures, commits)},
	    {"tanren_lane_waiting", "gauge", "Tasks in a lane's queue.",
		offsetof(struct lane_figures, waiting)},
	};
	struct lane_row row[LANES] = {{.name = "reader"}, {.name = "writer"},
	    {.name = "password"}, {.name = "calls"}};
	size_t i, k;

	lane_figures(lanes->reader, &row[0].f);
	lane_figures(lanes->writer, &row[1].f);
	lane_figures(lanes->password, &row[2].f);
	lane_figures(lanes->calls, &row[3].f);
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		put_help(b, figures[i].name, figures[i].type, figures[i].help);
		for (k = 0; k < LANES; k++)
			buf_printf(b, "%s{lane=\"%s\"} %" PRIu64 "\n",
			    figures[i].name, row[k].name,
			    *(const uint64_t *)(const void
				    *)((const char *)&row[k].f +
				figures[i].at));
	}
}

static enum err
put_counts(struct req *r, struct buf *b)
{
	static const struct {
		const char *name, *help;
		enum query q;
	} counts[] = {
	    {"tanren_jobs_waiting", "Jobs that wait for their turn.",
		Q_JOBS_WAITING},
	    {"tanren_jobs_failed", "Jobs that were given up.", Q_JOBS_FAILED},
	    {"tanren_mails_waiting", "Mails that were not sent.",
		Q_OUTBOX_WAITING},
	};
	int64_t n;
	size_t i;
	enum err e;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		e = db_one_int(r->db, counts[i].q, DB_NO_ARGS, &n);
		if (e != ERR_OK)
			return e;
		put_help(b, counts[i].name, "gauge", counts[i].help);
		buf_printf(b, "%s %" PRId64 "\n", counts[i].name, n);
	}
	return ERR_OK;
}

static enum err
metrics_get(struct req *r, struct reply *re)
{
	struct server_figures figures;

	re->content_type = "text/plain; version=0.0.4; charset=utf-8";
	server_figures(&figures);
	put_answers(&re->body, &figures);
	if (r->site->lanes != NULL)
		put_lanes(&re->body, r->site->lanes);
	return put_counts(r, &re->body);
}

const struct route health_routes[] = {
    {HTTP_GET, "/healthz", healthz_get, WHO_ANYONE, ROUTE_LOOPBACK},
    {HTTP_GET, "/metrics", metrics_get, WHO_ANYONE, ROUTE_LOOPBACK},
    ROUTES_END,
};
