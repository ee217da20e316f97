/* The search over modules. */
#include <string.h>

#include "base/log.h"
#include "content/content_parts.h"
#include "content/words.h"

/* Places of the modules found, best first. */
static enum err
find_places(struct content *c, const char *match, enum lang lang,
    size_t places[SEARCH_HITS_MAX], size_t *n)
{
	sqlite3_stmt *s = c->search[lang];
	sqlite3_int64 place;
	enum err e = ERR_OK;
	int code;

	*n = 0;
	(void)pthread_mutex_lock(&c->search_lock);
	(void)sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int(s, 2, SEARCH_HITS_MAX);
	while ((code = sqlite3_step(s)) == SQLITE_ROW) {
		place = sqlite3_column_int64(s, 0) - 1;
		if (place >= 0 && (size_t)place < c->model.n_texts &&
		    *n < SEARCH_HITS_MAX)
			places[(*n)++] = (size_t)place;
	}
	if (code != SQLITE_DONE) {
		log_error("content", "search: %s", sqlite3_errmsg(c->db));
		e = ERR_INTERNAL;
	}
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	(void)pthread_mutex_unlock(&c->search_lock);
	return e;
}

static void
fill_hit(const struct content *c, const struct module_text *t, enum lang lang,
    const struct words *w, struct arena *a, struct search_hit *hit)
{
	const struct course *co = content_course(c, t->course);
	const struct module *mo =
	    co == NULL ? NULL : content_module(co, t->module);
	int i;

	hit->course = arena_strdup(a, t->course);
	hit->module = t->module;
	for (i = 0; i < LANG__MAX; i++)
		hit->title.in[i] =
		    mo == NULL ? "" : arena_strdup(a, mo->title.in[i]);
	hit->excerpt = words_excerpt(a, t->in[lang].plain, w);
}

enum err
content_search(const struct content *c, const char *query, enum lang lang,
    struct arena *a, struct search_hit **out, size_t *n)
{
	size_t places[SEARCH_HITS_MAX], found, i;
	struct search_hit *hits;
	struct words w;
	enum err e;

	if (!text_is_utf8(query, strlen(query)) ||
	    text_length(query) > SEARCH_QUERY_CHARS_MAX)
		return ERR_INVALID;
	words_of_query(a, query, &w);
	found = 0;
	/* The lock and the connection are the only things that move in it. */
	if (w.n > 0 &&
	    (e = find_places((struct content *)(uintptr_t)c, words_match(a, &w),
		 lang, places, &found)) != ERR_OK)
		return e;
	hits = ARENA_ARRAY(a, struct search_hit, found);
	for (i = 0; i < found; i++)
		fill_hit(c, &c->model.texts[places[i]], lang, &w, a, &hits[i]);
	*out = hits;
	*n = found;
	return ERR_OK;
}
