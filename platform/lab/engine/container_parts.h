/* What the files of the container driver share; nobody else includes it. */
#ifndef LAB_ENGINE_CONTAINER_PARTS_H
#define LAB_ENGINE_CONTAINER_PARTS_H

#include <jansson.h>

#include "base/buf.h"
#include "lab/engine/container.h"
#include "lab/engine/live.h"

#define CONTAINER_WORK_BYTES_MAX ((size_t)40 * 1024 * 1024)

/* -------------------------------------------------------------------- http */

/* One host, asked by one process: one call after another. */
struct http {
	const struct container_host *host;
	void *curl;
	struct buf body; /* of the last answer */
};

/* 0 or -1 (logged). */
int http_open(struct http *h, const struct container_host *host);
void http_close(struct http *h);

/*
 * The status of the answer, whose body is in h->body. 0: none came in time, or
 * one of more than CONTAINER_WORK_BYTES_MAX (logged). Bodies: JSON, whose
 * reference is taken, or a tar archive.
 */
long http_call(struct http *h, const char *method, const char *path);
long http_json(struct http *h, const char *method, const char *path, json_t *j);
long http_tar(struct http *h, const char *path, const struct buf *tar);

/* The body as JSON; NULL: it is none. The caller's. */
json_t *http_body(const struct http *h);

/* Logs a status that is none of success. True when it was one. */
bool http_worked(const struct http *h, long status, const char *what);

/* A connection that is a stream from the answer on; -1 (logged). */
int http_stream(const struct container_host *host, const char *path, json_t *j);

/* --------------------------------------------------------------------- tar */

/* Appends; dir: with a slash at its end, file NULL. 0 or -1. */
struct tar {
	void *archive;
	struct buf *out;
};

void tar_open(struct tar *t, struct buf *out);
int tar_directory(struct tar *t, const char *path, long id);
int
tar_file(struct tar *t, const char *path, const void *data, size_t n, long id);
/* 0 or -1: it is not whole. */
int tar_close(struct tar *t);

/*
 * Regular files of an archive, below a directory that is ours: those below
 * `top` of it, of plain names, up to LABD_FILES_BYTES_MAX each. 0 or -1.
 */
int tar_unpack(const struct buf *tar, const char *top, int directory);

/* --------------------------------------------------------------------- box */

/* Host and limits of a container: "HostConfig"; volumes NULL: none. */
json_t *container_limits(const struct live_spec *spec, const char *name);

/* Container and volumes of that name. True: they are gone. */
bool container_remove(struct http *h, const char *name);

/* The process that speaks for a box. */
_Noreturn void container_box_main(const struct live_spec *spec, int control);

#endif
