/*
 * What an installation is told: the command line first, then its file
 * (tanren.conf, `key = value` lines), then defaults.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define CONFIG_WORKERS_MAX 6
#define CONFIG_LAB_WORKERS_MAX 8
#define CONFIG_CONTENT_MAX 8
#define CONFIG_LISTEN_FILE "run/listen" /* below VAR: where it last served */
#define CONFIG_LAB_BOXES_MAX 1000 /* as LABD_BOXES_MAX */

/* What every subcommand understands, taken out of its arguments. */
struct options {
	const char *var; /* --var DIR; NULL: ./var */
	const char *file; /* --config FILE; NULL: VAR/tanren.conf if there */
	const char *port; /* --port N; NULL: as configured, else as before */
	bool demo; /* --demo */
	bool json; /* --json */
	bool help; /* --help */
};

struct config {
	const char *var; /* absolute */
	const char *file; /* absolute; NULL: none */
	const char *home; /* the source tree, or where it is installed */
	const char *assets; /* the static files with hashed names */
	const char *database; /* for db_open */
	const char *content[CONFIG_CONTENT_MAX]; /* repositories */
	size_t n_content;
	const char *ref; /* what `tanren publish` publishes */
	const char *listen; /* 127.0.0.1:8080 */
	const char *origin; /* http://127.0.0.1:8080 */
	const char *tls_certificate, *tls_key; /* NULL: no TLS */
	bool test_clock;
	unsigned workers; /* of Kore; more than 1 with PostgreSQL only */
	char lab_level; /* A to D: below it no live box is made */
	int lab_boxes_max;
	unsigned lab_workers; /* processes that prepare and grade labs */
	const char *lab_image; /* directory of images; NULL: none is used */
	/* where live labs are containers; NULL: they are boxes of here */
	const char *lab_container_socket, *lab_container_image;
	bool demo;
};

/*
 * Takes the common options out of argv (argv[0] stays) and leaves the rest in
 * order. False after a message to stderr.
 */
bool options_take(int *argc, char **argv, struct options *out);

/*
 * VAR is made when it is missing. Every mistake of the file is printed to
 * stderr as FILE:LINE: message; then ERR_INVALID.
 */
MUST_USE enum err
config_load(struct arena *a, const struct options *o, struct config *out);

/* VAR/name, and so on. */
const char *
config_path(struct arena *a, const struct config *c, const char *name);

/* True for PostgreSQL on another machine or over TCP on this one. */
bool config_database_is_remote(const struct config *c);

#endif
