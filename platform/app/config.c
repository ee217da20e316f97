/*
 * What an installation is told, put together. tanren.conf:
 *
 *	database = postgresql:host=/run/postgresql dbname=tanren
 *	content = /srv/tanren, /srv/tanren-confidential
 *	listen = 0.0.0.0:443
 */
#include "app/config_keys.h"

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
#define LISTEN_CHARS_MAX 255
#define DEFAULT_LAB_LEVEL 'C' /* one cgroup, whatever the ids */
#define DEFAULT_LAB_BOXES_MAX 50

static void
read_line(struct config_reader *r, char *line)
{
	char *name = text_trim(r->a, line), *value;

	if (*name == '\0' || *name == '#')
		return;
	if ((value = strchr(name, '=')) == NULL) {
		config_mistake(r, "a line is `key = value`", name);
		return;
	}
	*value++ = '\0';
	config_set(r, text_trim(r->a, name), text_trim(r->a, value));
}

static enum err
read_file(struct config_reader *r)
{
	char *text = arena_alloc(r->a, FILE_BYTES_MAX + 1), *line;
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
		read_line(r, line);
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

/* Processes stand elsewhere. NULL when it is not there. */
static const char *
absolute(struct arena *a, const char *name)
{
	char path[PATH_MAX];

	return realpath(name, path) == NULL ? NULL : arena_strdup(a, path);
}

static enum err
make_var(struct arena *a, const char *wanted, struct config *c)
{
	if (mkdir(wanted, 0750) == -1 && errno != EEXIST) {
		fprintf(stderr, "tanren: %s: %s\n", wanted, strerror(errno));
		return ERR_INVALID;
	}
	if ((c->var = absolute(a, wanted)) == NULL) {
		fprintf(stderr, "tanren: %s: %s\n", wanted, strerror(errno));
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* Where `tanren run` served last; NULL: it never did. */
static const char *
last_listen(struct arena *a, const struct config *c)
{
	char *line = arena_alloc(a, LISTEN_CHARS_MAX + 1);
	FILE *f;

	if ((f = fopen(config_path(a, c, CONFIG_LISTEN_FILE), "re")) == NULL)
		return NULL;
	line[fread(line, 1, LISTEN_CHARS_MAX, f)] = '\0';
	(void)fclose(f);
	return config_listen_is_right(line) ? line : NULL;
}

static unsigned
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > CONFIG_LAB_WORKERS_MAX ? CONFIG_LAB_WORKERS_MAX
					  : (unsigned)n;
}

static void
add_defaults(struct arena *a, struct config *c)
{
	if (c->database == NULL)
		c->database = arena_printf(a, "sqlite:%s/tanren.db", c->var);
	if (c->n_content == 0)
		c->content[c->n_content++] = text_eq(c->home, INSTALLED_HOME)
		    ? absolute(a, ".")
		    : c->home;
	if (c->ref == NULL)
		c->ref = "HEAD";
	if (c->listen == NULL)
		c->listen = last_listen(a, c);
	if (c->listen == NULL)
		c->listen = DEFAULT_LISTEN;
	if (c->workers == 0)
		c->workers = 1;
	if (c->lab_level == 0)
		c->lab_level = DEFAULT_LAB_LEVEL;
	if (c->lab_boxes_max == 0)
		c->lab_boxes_max = DEFAULT_LAB_BOXES_MAX;
	if (c->lab_workers == 0)
		c->lab_workers = processors();
	if (c->lab_image == NULL)
		c->lab_image = config_path(a, c, "lab-image");
	else if (text_eq(c->lab_image, CONFIG_NO_LAB_IMAGE))
		c->lab_image = NULL;
}

static enum err
apply_port(struct arena *a, const char *port, struct config *c)
{
	const char *colon = strrchr(c->listen, ':');

	if (!config_port_is_right(port)) {
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
	else if ((c->lab_container_socket == NULL) !=
	    (c->lab_container_image == NULL))
		wrong =
		    "lab_container_socket and lab_container_image go together";
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
	struct config_reader r = {.a = a, .c = &c, .file = o->file};
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
	if (r.file != NULL)
		c.file = absolute(a, r.file);
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
