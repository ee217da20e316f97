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

/* Sends that, waits for the end of the stream, not for ever, and closes it. */
void http_feed(int stream, const void *data, size_t n);

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
 * Files of an archive, below a directory that is ours: those below `top` of
 * it, of plain names. In the place of what is neither a regular file nor a
 * directory, or cannot be read, or has more than LABD_FILES_BYTES_MAX, stands a
 * FIFO: there is something, and it is refused. 0 or -1.
 */
int tar_unpack(const struct buf *tar, const char *top, int directory);

/* --------------------------------------------------------------------- box */

#define CONTAINER_ID_BYTES 80

struct container_size {
	unsigned rows, columns;
	bool is_due;
};

/* The process that speaks for a box. */
struct speaker {
	const struct live_spec *spec;
	struct http http;
	char name[CONTAINER_ID_BYTES]; /* volumes end in -lab, -home */
	char image[CONTAINER_ID_BYTES]; /* its id */
	char root[BOX_DIGEST_CHARS + 1]; /* as struct container_found has it */
	/* of terminals: ids of what runs there, sizes that are to be told */
	char shells[LIVE_TERMINALS_MAX][CONTAINER_ID_BYTES];
	struct container_size sizes[LIVE_TERMINALS_MAX];
	bool size_due;
	char copy[128]; /* a directory, while all stands still; "" */
};

_Noreturn void container_box_main(const struct live_spec *spec, int control);

/* Host and limits of a container: "HostConfig"; volumes NULL: none. */
json_t *container_limits(const struct live_spec *spec, const char *name);

/* Container and volumes of that name. True: they are gone. */
bool container_remove(struct http *h, const char *name);

/*
 * The id of the host's image, and the digest by which it is known: that of
 * CONTAINER_IMAGE_LABEL, or its own. False: it has none (logged).
 */
bool container_image(struct http *h, char id[CONTAINER_ID_BYTES],
    char root[BOX_DIGEST_CHARS + 1]);

/* Something to run, whose reference is taken; its id. False: logged. */
bool
container_exec(struct speaker *s, json_t *what, char id[CONTAINER_ID_BYTES]);

/* ------------------------------------------------------------------- files */

/* Those of its start. */
bool container_put_files(struct speaker *s);

/* As live_put; 0 or what errno would be. */
int container_put_one(struct speaker *s, const char *name, int fd);

/* A directory with what lies in /lab/out; -1: there is none. */
int container_copy_out(struct speaker *s);
void container_forget_copy(struct speaker *s);

/* Those that were forgotten when somebody was killed. */
void container_sweep_copies(const struct container_host *host);

#endif
