/*
 * tanren.conf: one table of keys, each with the function that checks it.
 *
 *	database = postgresql:host=/run/postgresql dbname=tanren
 *	content = /srv/tanren, /srv/tanren-confidential
 *	listen = 0.0.0.0:443
 */
#include "app/config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define FILE_BYTES_MAX ((size_t)64 * 1024)
#define INSTALLED_HOME "/usr/share/tanren"
#define DEFAULT_LISTEN "127.0.0.1:8080"

struct reader {
	struct arena *a;
	struct config *c;
	const char *file;
	int line;
	int mistakes;
};

static void
mistake(struct reader *r, const char *what, const char *value)
{
	fprintf(stderr, "%s:%d: %s: %s\n", r->file, r->line, what, value);
	r->mistakes++;
}

/* ------------------------------------------------------------------ keys */

static void
set_database(struct reader *r, const char *value)
{
	if (!text_starts(value, "sqlite:/") &&
	    !text_starts(value, "postgresql:"))
		mistake(r, "database is sqlite:/PATH or postgresql:CONNECTION",
		    value);
	r->c->database = value;
}

static void
set_content(struct reader *r, const char *value)
{
	char *list = arena_strdup(r->a, value), *one;

	r->c->n_content = 0;
	while ((one = strsep(&list, ",")) != NULL) {
		one = text_trim(r->a, one);
		if (*one == '\0')
			mistake(r, "an empty name in content", value);
		else if (r->c->n_content == CONFIG_CONTENT_MAX)
			mistake(r, "too many repositories in content", value);
		else
			r->c->content[r->c->n_content++] = one;
	}
}

static void
set_ref(struct reader *r, const char *value)
{
	if (*value == '-' || *value == '\0')
		mistake(r, "ref is a branch or a commit", value);
	r->c->ref = value;
}

static bool
port_is_right(const char *s)
{
	int64_t n;

	return text_to_int(s, &n) && n >= 1 && n <= 65535;
}

/* It goes into the edge's configuration as it stands. */
static bool
listen_is_right(const char *s)
{
	const char *colon = strrchr(s, ':');

	return colon != NULL && colon != s && port_is_right(colon + 1) &&
	    strspn(s, "0123456789abcdefABCDEF.:[]") == strlen(s);
}

static void
set_listen(struct reader *r, const char *value)
{
	if (!listen_is_right(value))
		mistake(r, "listen is ADDRESS:PORT", value);
	r->c->listen = value;
}

static void
set_origin(struct reader *r, const char *value)
{
	const char *host = strstr(value, "://");

	if ((!text_starts(value, "http://") &&
		!text_starts(value, "https://")) ||
	    host[3] == '\0' || strpbrk(host + 3, "/?#@ \"\\") != NULL)
		mistake(r, "origin is http(s)://HOST or http(s)://HOST:PORT",
		    value);
	r->c->origin = value;
}

static bool
path_is_right(struct reader *r, const char *value)
{
	if (*value == '/' && strpbrk(value, "\"\\;{}$\n") == NULL)
		return true;
	mistake(
	    r, "an absolute path without special characters is needed", value);
	return false;
}

static void
set_certificate(struct reader *r, const char *value)
{
	if (path_is_right(r, value))
		r->c->tls_certificate = value;
}

static void
set_key(struct reader *r, const char *value)
{
	if (path_is_right(r, value))
		r->c->tls_key = value;
}

static void
set_test_clock(struct reader *r, const char *value)
{
	r->c->test_clock = text_eq(value, "yes");
	if (!r->c->test_clock && !text_eq(value, "no"))
		mistake(r, "test_clock is yes or no", value);
}

static void
set_workers(struct reader *r, const char *value)
{
	int64_t n;

	if (!text_to_int(value, &n) || n < 1 || n > CONFIG_WORKERS_MAX)
		mistake(r, "workers is a number from 1 to 6", value);
	else
		r->c->workers = (unsigned)n;
}

static const struct key {
	const char *name;
	void (*set)(struct reader *r, const char *value);
} keys[] = {
    {"database", set_database},
    {"content", set_content},
    {"ref", set_ref},
    {"listen", set_listen},
    {"origin", set_origin},
    {"tls_certificate", set_certificate},
    {"tls_key", set_key},
    {"test_clock", set_test_clock},
    {"workers", set_workers},
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* ------------------------------------------------------------------ file */

static void
read_line(struct reader *r, char *line, bool seen[KEYS])
{
	char *name = text_trim(r->a, line), *value;
	size_t i;

	if (*name == '\0' || *name == '#')
		return;
	if ((value = strchr(name, '=')) == NULL) {
		mistake(r, "a line is `key = value`", name);
		return;
	}
	*value++ = '\0';
	name = text_trim(r->a, name);
	for (i = 0; i < KEYS; i++) {
		if (!text_eq(name, keys[i].name))
			continue;
		if (seen[i])
			mistake(r, "this key stands twice", name);
		seen[i] = true;
		keys[i].set(r, text_trim(r->a, value));
		return;
	}
	mistake(r, "there is no such key", name);
}

static enum err
read_file(struct reader *r)
{
	char *text = arena_alloc(r->a, FILE_BYTES_MAX + 1), *line;
	bool seen[KEYS] = {false};
	size_t n;
	FILE *f;

	if ((f = fopen(r->file, "re")) == NULL) {
		fprintf(stderr, "tanren: %s: %s\n", r->file, strerror(errno));
		return ERR_INVALID;
	}
	n = fread(text, 1, FILE_BYTES_MAX + 1, f);
	(void)fclose(f);
	if (n > FILE_BYTES_MAX || !text_is_utf8(text, n)) {
		fprintf(
		    stderr, "tanren: %s: this is no configuration\n", r->file);
		return ERR_INVALID;
	}
	while ((line = strsep(&text, "\n")) != NULL) {
		r->line++;
		read_line(r, line, seen);
	}
	return r->mistakes == 0 ? ERR_OK : ERR_INVALID;
}

/* -------------------------------------------------------------- defaults */

/*
 * The source tree when this program stands in its build/ (build/rel/tanren),
 * else where the package puts its files.
 */
static void
find_home(struct arena *a, struct config *c)
{
	char path[PATH_MAX], *slash;
	struct stat st;
	ssize_t n;
	int i;

	c->home = INSTALLED_HOME;
	c->assets = INSTALLED_HOME "/static";
	if ((n = readlink("/proc/self/exe", path, sizeof(path) - 1)) == -1)
		return;
	path[n] = '\0';
	for (i = 0; i < 3; i++) {
		if ((slash = strrchr(path, '/')) == NULL)
			return;
		*slash = '\0';
	}
	if (stat(arena_printf(a, "%s/deploy/nginx/nginx.conf.in", path), &st) ==
	    -1)
		return;
	c->home = arena_strdup(a, path);
	c->assets = arena_printf(a, "%s/build/static", path);
}

static enum err
make_var(struct arena *a, const char *wanted, struct config *c)
{
	char path[PATH_MAX];

	if (mkdir(wanted, 0750) == -1 && errno != EEXIST) {
		fprintf(stderr, "tanren: %s: %s\n", wanted, strerror(errno));
		return ERR_INVALID;
	}
	if (realpath(wanted, path) == NULL) {
		fprintf(stderr, "tanren: %s: %s\n", wanted, strerror(errno));
		return ERR_INVALID;
	}
	c->var = arena_strdup(a, path);
	return ERR_OK;
}

static void
add_defaults(struct arena *a, struct config *c)
{
	if (c->database == NULL)
		c->database = arena_printf(a, "sqlite:%s/tanren.db", c->var);
	if (c->n_content == 0)
		c->content[c->n_content++] =
		    text_eq(c->home, INSTALLED_HOME) ? "." : c->home;
	if (c->ref == NULL)
		c->ref = "HEAD";
	if (c->listen == NULL)
		c->listen = DEFAULT_LISTEN;
	if (c->workers == 0)
		c->workers = 1;
}

static enum err
apply_port(struct arena *a, const char *port, struct config *c)
{
	const char *colon = strrchr(c->listen, ':');

	if (!port_is_right(port)) {
		fprintf(stderr, "tanren: --port: a number from 1 to 65535\n");
		return ERR_INVALID;
	}
	c->listen = arena_printf(
	    a, "%.*s:%s", (int)(colon - c->listen), c->listen, port);
	return ERR_OK;
}

static enum err
check_together(struct arena *a, struct config *c)
{
	const char *wrong = NULL;

	if ((c->tls_certificate == NULL) != (c->tls_key == NULL))
		wrong = "tls_certificate and tls_key go together";
	else if (c->workers > 1 && text_starts(c->database, "sqlite:"))
		wrong = "several workers need PostgreSQL";
	if (wrong != NULL) {
		fprintf(stderr, "tanren: %s\n", wrong);
		return ERR_INVALID;
	}
	if (c->origin == NULL)
		c->origin = arena_printf(
		    a, "http%s://%s", c->tls_key == NULL ? "" : "s", c->listen);
	return ERR_OK;
}

enum err
config_load(struct arena *a, const struct options *o, struct config *out)
{
	struct config c = {.demo = o->demo};
	struct reader r = {.a = a, .c = &c, .file = o->file};
	enum err e;

	find_home(a, &c);
	if ((e = make_var(a, o->var == NULL ? "var" : o->var, &c)) != ERR_OK)
		return e;
	if (r.file == NULL) {
		r.file = config_path(a, &c, "tanren.conf");
		if (access(r.file, F_OK) == -1)
			r.file = NULL;
	}
	if (r.file != NULL && (e = read_file(&r)) != ERR_OK)
		return e;
	add_defaults(a, &c);
	if (o->port != NULL && (e = apply_port(a, o->port, &c)) != ERR_OK)
		return e;
	if ((e = check_together(a, &c)) != ERR_OK)
		return e;
	*out = c;
	return ERR_OK;
}

const char *
config_path(struct arena *a, const struct config *c, const char *name)
{
	return arena_printf(a, "%s/%s", c->var, name);
}

/* A host that begins with '/' is a directory with a unix socket. */
bool
config_database_is_remote(const struct config *c)
{
	const char *host;

	if (!text_starts(c->database, "postgresql:"))
		return false;
	host = strstr(c->database, "host=");
	return host == NULL
	    ? strstr(c->database, "://") != NULL
	    : host[5] != '/' && host[5] != '\'' && host[5] != '\0';
}
