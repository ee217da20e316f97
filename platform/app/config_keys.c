/* The keys of tanren.conf: one table, each with the function that checks it. */
#include "app/config_keys.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define IMAGE_NAME_MAX 200 /* of a container image */

void
config_mistake(struct config_reader *r, const char *what, const char *value)
{
	fprintf(stderr, "%s:%d: %s: %s\n", r->file, r->line, what, value);
	r->mistakes++;
}

static void
set_database(struct config_reader *r, const char *value)
{
	if (!text_starts(value, "sqlite:/") &&
	    !text_starts(value, "postgresql:"))
		config_mistake(r,
		    "database is sqlite:/PATH or postgresql:CONNECTION", value);
	r->c->database = value;
}

static void
set_content(struct config_reader *r, const char *value)
{
	char *list = arena_strdup(r->a, value), *one;

	r->c->n_content = 0;
	while ((one = strsep(&list, ",")) != NULL) {
		one = text_trim(r->a, one);
		if (*one != '/')
			config_mistake(r, "content is absolute paths", value);
		else if (r->c->n_content == CONFIG_CONTENT_MAX)
			config_mistake(
			    r, "too many repositories in content", value);
		else
			r->c->content[r->c->n_content++] = one;
	}
}

static void
set_ref(struct config_reader *r, const char *value)
{
	if (*value == '-' || *value == '\0')
		config_mistake(r, "ref is a branch or a commit", value);
	r->c->ref = value;
}

bool
config_port_is_right(const char *s)
{
	int64_t n;

	return text_to_int(s, &n) && n >= 1 && n <= 65535;
}

/* It goes into the edge's configuration as it stands. */
bool
config_listen_is_right(const char *s)
{
	const char *colon = strrchr(s, ':');

	return colon != NULL && colon != s && config_port_is_right(colon + 1) &&
	    strspn(s, "0123456789abcdefABCDEF.:[]") == strlen(s);
}

static void
set_listen(struct config_reader *r, const char *value)
{
	if (!config_listen_is_right(value))
		config_mistake(r, "listen is ADDRESS:PORT", value);
	r->c->listen = value;
}

static void
set_origin(struct config_reader *r, const char *value)
{
	const char *host = strstr(value, "://");

	if ((!text_starts(value, "http://") &&
		!text_starts(value, "https://")) ||
	    host[3] == '\0' || strpbrk(host + 3, "/?#@ \"\\") != NULL)
		config_mistake(r,
		    "origin is http(s)://HOST or http(s)://HOST:PORT", value);
	r->c->origin = value;
}

static bool
path_is_right(struct config_reader *r, const char *value)
{
	if (*value == '/' && strpbrk(value, "\"\\;{}$\n") == NULL)
		return true;
	config_mistake(
	    r, "an absolute path without special characters is needed", value);
	return false;
}

static void
set_certificate(struct config_reader *r, const char *value)
{
	if (path_is_right(r, value))
		r->c->tls_certificate = value;
}

static void
set_key(struct config_reader *r, const char *value)
{
	if (path_is_right(r, value))
		r->c->tls_key = value;
}

static void
set_test_clock(struct config_reader *r, const char *value)
{
	r->c->test_clock = text_eq(value, "yes");
	if (!r->c->test_clock && !text_eq(value, "no"))
		config_mistake(r, "test_clock is yes or no", value);
}

static void
set_workers(struct config_reader *r, const char *value)
{
	int64_t n;

	if (!text_to_int(value, &n) || n < 1 || n > CONFIG_WORKERS_MAX)
		config_mistake(r, "workers is a number from 1 to 6", value);
	else
		r->c->workers = (unsigned)n;
}

static void
set_lab_level(struct config_reader *r, const char *value)
{
	if (*value < 'A' || *value > 'D' || value[1] != '\0')
		config_mistake(r, "lab_level is A, B, C or D", value);
	r->c->lab_level = *value;
}

static void
set_lab_boxes_max(struct config_reader *r, const char *value)
{
	int64_t n;

	if (!text_to_int(value, &n) || n < 1 || n > CONFIG_LAB_BOXES_MAX)
		config_mistake(
		    r, "lab_boxes_max is a number from 1 to 1000", value);
	else
		r->c->lab_boxes_max = (int)n;
}

static void
set_lab_workers(struct config_reader *r, const char *value)
{
	int64_t n;

	if (!text_to_int(value, &n) || n < 1 || n > CONFIG_LAB_WORKERS_MAX)
		config_mistake(r, "lab_workers is a number from 1 to 8", value);
	else
		r->c->lab_workers = (unsigned)n;
}

/* "none" is told from "nothing said" by being there: config.c ends it. */
static void
set_lab_image(struct config_reader *r, const char *value)
{
	if (text_eq(value, CONFIG_NO_LAB_IMAGE) || path_is_right(r, value))
		r->c->lab_image = value;
}

static void
set_lab_container_socket(struct config_reader *r, const char *value)
{
	if (path_is_right(r, value))
		r->c->lab_container_socket = value;
}

static void
set_lab_container_image(struct config_reader *r, const char *value)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789._:/@-";
	size_t n = strspn(value, good);

	if (n == 0 || n > IMAGE_NAME_MAX || value[n] != '\0')
		config_mistake(
		    r, "lab_container_image is an image's name", value);
	else
		r->c->lab_container_image = value;
}

static const struct key {
	const char *name;
	void (*set)(struct config_reader *r, const char *value);
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
    {"lab_level", set_lab_level},
    {"lab_boxes_max", set_lab_boxes_max},
    {"lab_workers", set_lab_workers},
    {"lab_image", set_lab_image},
    {"lab_container_socket", set_lab_container_socket},
    {"lab_container_image", set_lab_container_image},
};

_Static_assert(sizeof(keys) / sizeof(keys[0]) <= CONFIG_KEYS_MAX,
    "the reader remembers that many keys");

void
config_set(struct config_reader *r, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!text_eq(name, keys[i].name))
			continue;
		if (r->seen[i])
			config_mistake(r, "this key stands twice", name);
		r->seen[i] = true;
		keys[i].set(r, value);
		return;
	}
	config_mistake(r, "there is no such key", name);
}
