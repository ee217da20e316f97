/* Opens a manifest and reads it into memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "content/codec.h"
#include "content/content_parts.h"
#include "content/manifest.h"
#include "content/manifest_sql.h"

struct loading {
	struct content *c;
	sqlite3_stmt *meta, *unit;
};

static enum err
damaged(const struct loading *l, const char *what)
{
	log_error("content", "%s is damaged: %s: %s", l->c->name, what,
	    sqlite3_errmsg(l->c->db));
	return ERR_INTERNAL;
}

/* A row's blob, copied; a NUL follows it. */
static enum err
get(struct loading *l, sqlite3_stmt *s, const char *key, const char **out,
    size_t *n)
{
	const void *body;

	(void)sqlite3_reset(s);
	(void)sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(s) != SQLITE_ROW)
		return damaged(l, key);
	body = sqlite3_column_blob(s, 0);
	*n = (size_t)sqlite3_column_bytes(s, 0);
	*out = arena_strndup(l->c->a, body == NULL ? "" : body, *n);
	return ERR_OK;
}

static enum err
get_text(struct loading *l, const char *key, const char **out)
{
	size_t n;
	enum err e = get(l, l->unit, key, out, &n);

	if (e == ERR_OK && strlen(*out) != n)
		return damaged(l, key);
	return e;
}

static enum err
load_model(struct loading *l)
{
	struct content *c = l->c;
	const char *format, *bytes;
	size_t n;
	enum err e;

	if ((e = get(l, l->meta, "commit", &c->commit, &n)) != ERR_OK ||
	    (e = get(l, l->meta, "format", &format, &n)) != ERR_OK ||
	    (e = get(l, l->unit, "model", &bytes, &n)) != ERR_OK)
		return e;
	if (codec_read(bytes, n, atoi(format), c->a, &c->model) != ERR_OK)
		return damaged(l, "model");
	return ERR_OK;
}

static enum err
load_module(struct loading *l, struct module_text *t)
{
	enum err e = ERR_OK;
	int lang;

	for (lang = 0; lang < LANG__MAX && e == ERR_OK; lang++) {
		e = get_text(l, manifest_module_key(l->c->a, t, lang, "html"),
		    &t->in[lang].html);
		if (e == ERR_OK)
			e = get_text(l,
			    manifest_module_key(l->c->a, t, lang, "plain"),
			    &t->in[lang].plain);
	}
	return e;
}

static enum err
load_task(struct loading *l, struct lab_text *t)
{
	enum err e = ERR_OK;
	int lang;

	for (lang = 0; lang < LANG__MAX && e == ERR_OK; lang++)
		e = get_text(l, manifest_task_key(l->c->a, t, lang, "html"),
		    &t->in[lang].html);
	return e;
}

static enum err
load_solution(struct loading *l, struct lab_text *t)
{
	enum err e = ERR_OK;
	int lang;

	for (lang = 0; lang < LANG__MAX && e == ERR_OK; lang++)
		e = get_text(l, manifest_solution_key(l->c->a, t, lang, "html"),
		    &t->in[lang].html);
	return e;
}

/* The lists that the codec left without their units. */
static enum err
load_units(struct loading *l)
{
	struct model *m = &l->c->model;
	struct arena *a = l->c->a;
	struct module_text *texts;
	struct lab_text *tasks, *solutions;
	struct script *scripts;
	enum err e = ERR_OK;
	size_t i;

	texts = ARENA_ARRAY(a, struct module_text, m->n_texts);
	for (i = 0; i < m->n_texts && e == ERR_OK; i++) {
		texts[i] = m->texts[i];
		e = load_module(l, &texts[i]);
	}
	tasks = ARENA_ARRAY(a, struct lab_text, m->n_tasks);
	for (i = 0; i < m->n_tasks && e == ERR_OK; i++) {
		tasks[i] = m->tasks[i];
		e = load_task(l, &tasks[i]);
	}
	solutions = ARENA_ARRAY(a, struct lab_text, m->n_solutions);
	for (i = 0; i < m->n_solutions && e == ERR_OK; i++) {
		solutions[i] = m->solutions[i];
		e = load_solution(l, &solutions[i]);
	}
	scripts = ARENA_ARRAY(a, struct script, m->n_scripts);
	for (i = 0; i < m->n_scripts && e == ERR_OK; i++) {
		scripts[i] = m->scripts[i];
		e = get(l, l->unit, manifest_script_key(a, &scripts[i]),
		    &scripts[i].data, &scripts[i].size);
	}
	m->texts = texts;
	m->tasks = tasks;
	m->solutions = solutions;
	m->scripts = scripts;
	return e;
}

static enum err
prepare(struct loading *l, const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v3(l->c->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
		out, NULL) != SQLITE_OK)
		return damaged(l, "prepare");
	return ERR_OK;
}

/* A path inside a file: URI (RFC 3986; sqlite.org/uri.html). */
static const char *
uri_of(struct arena *a, const char *path)
{
	struct buf b = BUF_EMPTY;
	const char *uri;

	buf_puts(&b, "file:");
	for (; *path != '\0'; path++)
		if (strchr("?#%", *path) != NULL)
			buf_printf(&b, "%%%02X", (unsigned)*path);
		else
			buf_putc(&b, *path);
	/* Nobody ever changes a manifest: no locks, no journal is looked for.
	 */
	buf_puts(&b, "?immutable=1");
	uri = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return uri;
}

static enum err
load(struct loading *l, const char *path)
{
	struct content *c = l->c;
	enum err e;

	if (sqlite3_open_v2(uri_of(c->a, path), &c->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		return damaged(l, "open");
	if ((e = prepare(l, MANIFEST_GET_META, &l->meta)) != ERR_OK ||
	    (e = prepare(l, MANIFEST_GET_UNIT, &l->unit)) != ERR_OK ||
	    (e = prepare(l, MANIFEST_SEARCH_JA, &c->search[LANG_JA])) !=
		ERR_OK ||
	    (e = prepare(l, MANIFEST_SEARCH_EN, &c->search[LANG_EN])) !=
		ERR_OK ||
	    (e = load_model(l)) != ERR_OK)
		return e;
	return load_units(l);
}

enum err
content_load(const char *dir, const char *name, struct content **out)
{
	struct content *c;
	struct loading l = {0};
	const char *path;
	enum err e;

	if ((c = calloc(1, sizeof(*c))) == NULL ||
	    pthread_mutex_init(&c->search_lock, NULL) != 0)
		abort();
	atomic_init(&c->references, 1);
	c->a = arena_new();
	c->name = arena_strdup(c->a, name);
	l.c = c;
	path = arena_printf(c->a, "%s/%s", dir, name);
	e = access(path, R_OK) == 0 || errno != ENOENT ? load(&l, path)
						       : ERR_NOT_FOUND;
	(void)sqlite3_finalize(l.meta);
	(void)sqlite3_finalize(l.unit);
	if (e != ERR_OK) {
		content_release(c);
		return e;
	}
	*out = c;
	return ERR_OK;
}

void
content_hold(struct content *c)
{
	(void)atomic_fetch_add(&c->references, 1);
}

void
content_release(struct content *c)
{
	if (c == NULL || atomic_fetch_sub(&c->references, 1) > 1)
		return;
	(void)sqlite3_finalize(c->search[LANG_JA]);
	(void)sqlite3_finalize(c->search[LANG_EN]);
	(void)sqlite3_close(c->db);
	(void)pthread_mutex_destroy(&c->search_lock);
	arena_free(c->a);
	free(c);
}
