/* Writes a manifest. */
#include "content/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "content/codec.h"
#include "content/manifest_sql.h"
#include "content/markdown.h"
#include "content/words.h"
#include "content/yaml.h"

struct writing {
	sqlite3 *db;
	sqlite3_stmt *meta, *unit, *search[LANG__MAX];
	struct arena *a;
};

bool
manifest_name_is_good(const char *name)
{
	return text_matches(
	    name, "content-[0-9a-f]{40}-[1-9][0-9]{0,5}[.]sqlite");
}

const char *
manifest_module_key(
    struct arena *a, const struct module_text *t, int lang, const char *what)
{
	return arena_printf(a, "module/%s/%d/%s/%s", t->course, t->module,
	    lang_codes[lang], what);
}

const char *
manifest_task_key(
    struct arena *a, const struct lab_text *t, int lang, const char *what)
{
	return arena_printf(a, "task/%s/%s/%s", t->lab, lang_codes[lang], what);
}

const char *
manifest_solution_key(
    struct arena *a, const struct lab_text *t, int lang, const char *what)
{
	return arena_printf(
	    a, "solution/%s/%s/%s", t->lab, lang_codes[lang], what);
}

const char *
manifest_script_key(struct arena *a, const struct script *s)
{
	return arena_printf(a, "script/%s/%s", s->lab, s->name);
}

static enum err
failed(sqlite3 *db, const char *what)
{
	int code = sqlite3_errcode(db);

	log_error("content", "manifest: %s: %s", what, sqlite3_errmsg(db));
	return code == SQLITE_FULL ? ERR_NO_SPACE : ERR_INTERNAL;
}

static enum err
run(struct writing *w, const char *sql)
{
	if (sqlite3_exec(w->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return failed(w->db, "preparing");
	return ERR_OK;
}

static enum err
step(struct writing *w, sqlite3_stmt *s)
{
	int code = sqlite3_step(s);

	if (code != SQLITE_DONE)
		return failed(w->db, "writing");
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	return ERR_OK;
}

static enum err
put_meta(struct writing *w, const char *key, const char *value)
{
	(void)sqlite3_bind_text(w->meta, 1, key, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(w->meta, 2, value, -1, SQLITE_STATIC);
	return step(w, w->meta);
}

static enum err
put_unit(struct writing *w, const char *key, const void *body, size_t n)
{
	(void)sqlite3_bind_text(w->unit, 1, key, -1, SQLITE_STATIC);
	/* A NULL pointer would be bound as NULL. */
	(void)sqlite3_bind_blob64(
	    w->unit, 2, n == 0 ? "" : body, n, SQLITE_STATIC);
	return step(w, w->unit);
}

static enum err
put_text(struct writing *w, const char *key, const char *text)
{
	return put_unit(w, key, text, strlen(text));
}

static enum err
put_metas(
    struct writing *w, const char *commit, const char *const *commits, size_t n)
{
	enum err e;
	size_t i;

	if ((e = put_meta(w, "commit", commit)) != ERR_OK ||
	    (e = put_meta(w, "renderer",
		 arena_printf(w->a, "%d", RENDERER_VERSION))) != ERR_OK ||
	    (e = put_meta(w, "format",
		 arena_printf(w->a, "%d", CODEC_FORMAT))) != ERR_OK)
		return e;
	for (i = 0; i < n && e == ERR_OK; i++)
		e = put_meta(
		    w, arena_printf(w->a, "repository/%zu", i), commits[i]);
	return e;
}

/* The rowid is the module's place in the list of texts, from 1. */
static enum err
put_search(struct writing *w, int lang, size_t place, const char *title,
    const char *plain)
{
	struct buf head = BUF_EMPTY, body = BUF_EMPTY;
	sqlite3_stmt *s = w->search[lang];
	enum err e;

	words_tokens(title, &head);
	words_tokens(plain, &body);
	(void)sqlite3_bind_int64(s, 1, (sqlite3_int64)place + 1);
	(void)sqlite3_bind_text64(
	    s, 2, buf_text(&head), head.len, SQLITE_STATIC, SQLITE_UTF8);
	(void)sqlite3_bind_text64(
	    s, 3, buf_text(&body), body.len, SQLITE_STATIC, SQLITE_UTF8);
	e = step(w, s);
	buf_free(&head);
	buf_free(&body);
	return e;
}

static const struct module *
module_of(const struct model *m, const struct module_text *t)
{
	const struct course *c;
	size_t i, j;

	for (i = 0; i < m->n_courses; i++) {
		c = &m->courses[i];
		if (!text_eq(c->id, t->course))
			continue;
		for (j = 0; j < c->n_modules; j++)
			if (c->modules[j].number == t->module)
				return &c->modules[j];
	}
	return NULL;
}

static enum err
put_module(struct writing *w, const struct model *m, size_t place)
{
	const struct module_text *t = &m->texts[place];
	const struct module *mo = module_of(m, t);
	enum err e = ERR_OK;
	int lang;

	for (lang = 0; lang < LANG__MAX && e == ERR_OK; lang++) {
		e = put_text(w, manifest_module_key(w->a, t, lang, "html"),
		    t->in[lang].html);
		if (e == ERR_OK)
			e = put_text(w,
			    manifest_module_key(w->a, t, lang, "plain"),
			    t->in[lang].plain);
		if (e == ERR_OK)
			e = put_search(w, lang, place,
			    mo == NULL ? "" : mo->title.in[lang],
			    t->in[lang].plain);
	}
	return e;
}

static enum err
put_task(struct writing *w, const struct lab_text *t)
{
	enum err e = ERR_OK;
	int lang;

	for (lang = 0; lang < LANG__MAX && e == ERR_OK; lang++)
		e = put_text(w, manifest_task_key(w->a, t, lang, "html"),
		    t->in[lang].html);
	return e;
}

static enum err
put_solution(struct writing *w, const struct lab_text *t)
{
	enum err e = ERR_OK;
	int lang;

	for (lang = 0; lang < LANG__MAX && e == ERR_OK; lang++)
		e = put_text(w, manifest_solution_key(w->a, t, lang, "html"),
		    t->in[lang].html);
	return e;
}

static enum err
put_model(struct writing *w, const struct model *m)
{
	struct buf b = BUF_EMPTY;
	enum err e;
	size_t i;

	codec_write(m, &b);
	e = put_unit(w, "model", buf_text(&b), b.len);
	buf_free(&b);
	for (i = 0; i < m->n_texts && e == ERR_OK; i++)
		e = put_module(w, m, i);
	for (i = 0; i < m->n_tasks && e == ERR_OK; i++)
		e = put_task(w, &m->tasks[i]);
	for (i = 0; i < m->n_solutions && e == ERR_OK; i++)
		e = put_solution(w, &m->solutions[i]);
	for (i = 0; i < m->n_scripts && e == ERR_OK; i++)
		e = put_unit(w, manifest_script_key(w->a, &m->scripts[i]),
		    m->scripts[i].data, m->scripts[i].size);
	return e;
}

static enum err
prepare(struct writing *w, const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v2(w->db, sql, -1, out, NULL) != SQLITE_OK)
		return failed(w->db, "preparing");
	return ERR_OK;
}

static enum err
open_new(struct writing *w, const char *path)
{
	enum err e;

	if (sqlite3_open_v2(path, &w->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		return failed(w->db, path);
	if ((e = run(w, MANIFEST_PREPARE)) != ERR_OK ||
	    (e = prepare(w, MANIFEST_ADD_META, &w->meta)) != ERR_OK ||
	    (e = prepare(w, MANIFEST_ADD_UNIT, &w->unit)) != ERR_OK ||
	    (e = prepare(w, MANIFEST_ADD_SEARCH_JA, &w->search[LANG_JA])) !=
		ERR_OK)
		return e;
	return prepare(w, MANIFEST_ADD_SEARCH_EN, &w->search[LANG_EN]);
}

static void
close_new(struct writing *w)
{
	(void)sqlite3_finalize(w->meta);
	(void)sqlite3_finalize(w->unit);
	(void)sqlite3_finalize(w->search[LANG_JA]);
	(void)sqlite3_finalize(w->search[LANG_EN]);
	(void)sqlite3_close(w->db);
}

static enum err
write_file(const struct model *m, const char *commit,
    const char *const *commits, size_t n, const char *path, struct arena *a)
{
	struct writing w = {.a = a};
	enum err e;

	if ((e = open_new(&w, path)) == ERR_OK &&
	    (e = put_metas(&w, commit, commits, n)) == ERR_OK &&
	    (e = put_model(&w, m)) == ERR_OK)
		e = run(&w, MANIFEST_FINISH);
	close_new(&w);
	return e;
}

static enum err
sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	enum err e = ERR_OK;

	if (fd < 0 || fsync(fd) < 0) {
		e = errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;
		log_error("content", "%s: %s", path, strerror(errno));
	}
	if (fd >= 0)
		(void)close(fd);
	return e;
}

enum err
manifest_write(const struct model *m, const char *commit,
    const char *const *commits, size_t n, const char *dir, struct arena *a,
    const char **name)
{
	const char *own =
	    arena_printf(a, "content-%s-%d.sqlite", commit, RENDERER_VERSION);
	const char *path = arena_printf(a, "%s/%s", dir, own);
	const char *new =
	    arena_printf(a, "%s/.%s.%ld", dir, own, (long)getpid());
	enum err e;

	if (mkdir(dir, 0750) < 0 && errno != EEXIST) {
		log_error("content", "%s: %s", dir, strerror(errno));
		return errno == ENOSPC ? ERR_NO_SPACE : ERR_INTERNAL;
	}
	(void)unlink(new); /* of a process that died with this number */
	if ((e = write_file(m, commit, commits, n, new, a)) != ERR_OK ||
	    (e = sync_path(new, O_RDWR)) != ERR_OK)
		goto out;
	if (rename(new, path) < 0) {
		log_error("content", "%s: %s", path, strerror(errno));
		e = ERR_INTERNAL;
		goto out;
	}
	e = sync_path(dir, O_RDONLY | O_DIRECTORY);
	*name = own;
out:
	if (e != ERR_OK)
		(void)unlink(new);
	return e;
}
