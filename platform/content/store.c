/* The published revision and the older ones that were used last. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "content/content_parts.h"
#include "content/manifest.h"

#define OLD_OPEN_MAX 16

struct content_store {
	char *dir;
	pthread_mutex_t lock; /* of what follows; never held while loading */
	struct content *current;
	struct content *old[OLD_OPEN_MAX]; /* the last used first */
	size_t n_old;
	/* What could not be followed; told once, not twice a second. */
	char told[MANIFEST_NAME_BYTES];
};

enum err
content_store_open(const char *dir, struct content_store **out)
{
	struct content_store *s;

	if (mkdir(dir, 0750) < 0 && errno != EEXIST) {
		log_error("content", "%s: %s", dir, strerror(errno));
		return ERR_INTERNAL;
	}
	if ((s = calloc(1, sizeof(*s))) == NULL ||
	    (s->dir = strdup(dir)) == NULL ||
	    pthread_mutex_init(&s->lock, NULL) != 0)
		abort();
	*out = s;
	return ERR_OK;
}

void
content_store_close(struct content_store *s)
{
	size_t i;

	if (s == NULL)
		return;
	content_release(s->current);
	for (i = 0; i < s->n_old; i++)
		content_release(s->old[i]);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->dir);
	free(s);
}

/* Puts a revision, with its reference, in front; the oldest may go. */
static void
remember(struct content_store *s, struct content *c)
{
	if (s->n_old == OLD_OPEN_MAX)
		content_release(s->old[--s->n_old]);
	memmove(&s->old[1], &s->old[0], s->n_old * sizeof(s->old[0]));
	s->old[0] = c;
	s->n_old++;
}

/* Held for the caller; NULL: not open. Under the lock. */
static struct content *
find_open(struct content_store *s, const char *manifest)
{
	struct content *c;
	size_t i;

	if (s->current != NULL && text_eq(s->current->name, manifest)) {
		content_hold(s->current);
		return s->current;
	}
	for (i = 0; i < s->n_old; i++) {
		c = s->old[i];
		if (!text_eq(c->name, manifest))
			continue;
		memmove(&s->old[1], &s->old[0], i * sizeof(s->old[0]));
		s->old[0] = c;
		content_hold(c);
		return c;
	}
	return NULL;
}

/* An open revision or one loaded now, held for the caller. */
static enum err
obtain(struct content_store *s, const char *manifest, struct content **out)
{
	struct content *c, *other;
	enum err e;

	/* SECURITY: the name becomes part of a path. */
	if (!manifest_name_is_good(manifest))
		return ERR_NOT_FOUND;
	(void)pthread_mutex_lock(&s->lock);
	c = find_open(s, manifest);
	(void)pthread_mutex_unlock(&s->lock);
	if (c == NULL) {
		if ((e = content_load(s->dir, manifest, &c)) != ERR_OK)
			return e;
		(void)pthread_mutex_lock(&s->lock);
		/* Another thread may have been faster. */
		if ((other = find_open(s, manifest)) != NULL) {
			content_release(c);
			c = other;
		} else {
			content_hold(c);
			remember(s, c);
		}
		(void)pthread_mutex_unlock(&s->lock);
	}
	*out = c;
	return ERR_OK;
}

static void
tell_once(struct content_store *s, const char *manifest, enum err e)
{
	bool told;

	(void)pthread_mutex_lock(&s->lock);
	told = strncmp(s->told, manifest, sizeof(s->told) - 1) == 0;
	(void)snprintf(s->told, sizeof(s->told), "%s", manifest);
	(void)pthread_mutex_unlock(&s->lock);
	if (!told)
		log_error("content", "cannot follow to %.100s: %s", manifest,
		    err_name(e));
}

enum err
content_follow(struct content_store *s, const char *manifest)
{
	struct content *c, *before;
	bool same;
	enum err e;

	(void)pthread_mutex_lock(&s->lock);
	same = s->current != NULL && text_eq(s->current->name, manifest);
	(void)pthread_mutex_unlock(&s->lock);
	if (same)
		return ERR_OK;
	if ((e = obtain(s, manifest, &c)) != ERR_OK) {
		tell_once(s, manifest, e);
		return e;
	}
	(void)pthread_mutex_lock(&s->lock);
	before = s->current;
	s->current = c;
	s->told[0] = '\0';
	/* People are in the middle of it: it stays open for a while. */
	if (before != NULL)
		remember(s, before);
	(void)pthread_mutex_unlock(&s->lock);
	log_info("content", "serving %s", manifest);
	return ERR_OK;
}

struct content *
content_current(struct content_store *s)
{
	struct content *c;

	(void)pthread_mutex_lock(&s->lock);
	if ((c = s->current) != NULL)
		content_hold(c);
	(void)pthread_mutex_unlock(&s->lock);
	return c;
}

enum err
content_named(
    struct content_store *s, const char *manifest, struct content **out)
{
	return obtain(s, manifest, out);
}
