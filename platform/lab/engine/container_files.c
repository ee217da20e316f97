/*
 * Files of a container: those of its start as an archive; one that is sent
 * later by a program in the container, so that the learner's rights and the
 * container's limits are its; and a copy of what is handed in.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/container_parts.h"
#include "lab/engine/labd.h"

#define PATH_BYTES 300
#define LEARNER 1000L
#define FILES_OPEN_MAX 8
#define COPY "/tmp/tanren-lab-" /* then the label, and what nobody guesses */

static long
put_archive(struct speaker *s, const char *where, const struct buf *tar)
{
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "/containers/%s/archive?path=%s",
	    s->name, where);
	return http_tar(&s->http, path, tar);
}

static bool
is_in(const struct box_file *f)
{
	return strncmp(f->path, "in/", 3) == 0;
}

/* The directories above a file have its owner; said twice is no harm. */
static int
put_file(struct tar *t, const struct box_file *f)
{
	long id = is_in(f) ? 0 : LEARNER;
	char above[256];
	const char *slash = strchr(f->path, '/');
	size_t n;

	while (slash != NULL && (slash = strchr(slash + 1, '/')) != NULL) {
		if ((n = (size_t)(slash - f->path)) >= sizeof(above))
			return -1;
		memcpy(above, f->path, n);
		above[n] = '\0';
		if (tar_directory(t, above, id) == -1)
			return -1;
	}
	return tar_file(t, f->path, f->data, f->size, id);
}

bool
container_put_files(struct speaker *s)
{
	struct buf b = BUF_EMPTY;
	struct tar t;
	bool good;
	size_t i;

	tar_open(&t, &b);
	good = tar_directory(&t, "in", 0) == 0 &&
	    tar_directory(&t, "work", LEARNER) == 0 &&
	    tar_directory(&t, "out", LEARNER) == 0;
	for (i = 0; i < s->spec->n_files && good; i++)
		good = put_file(&t, &s->spec->files[i]) == 0;
	good = tar_close(&t) == 0 && good &&
	    http_worked(&s->http, put_archive(s, BOX_WORK, &b), "its files");
	buf_free(&b);
	return good;
}

/* ----------------------------------------------------------- one that is sent
 */

#define IS_DIRECTORY 21
#define IS_FULL 28
#define IS_KILLED 137 /* for want of memory, where files count as that */
#define TRIES 40
#define TRY_MS 50

/*
 * As live_inside_put: beside its place, and then moved there. A link or FIFO
 * of that name is not opened (-C), nor is a directory gone into (-T).
 */
static const char script[] =
    "umask 022; set -C; rm -rf .sent\n"
    "if [ -d \"$1\" ] && [ ! -L \"$1\" ]; then exit 21; fi\n"
    "head -c \"$2\" >.sent && [ \"$(stat -c %s .sent)\" = \"$2\" ] ||"
    " { rm -f .sent; exit 28; }\n"
    "mv -fT .sent \"$1\"\n";

/* Its status; -1: it does not end, or nobody knows. */
static int
status_of(struct speaker *s, const char *id)
{
	const struct timespec pause = {.tv_nsec = TRY_MS * 1000000L};
	int i, code, running;
	char path[PATH_BYTES];
	json_t *j;

	(void)snprintf(path, sizeof(path), "/exec/%s/json", id);
	for (i = 0; i < TRIES; i++) {
		if (http_call(&s->http, "GET", path) != 200)
			return -1;
		j = http_body(&s->http);
		code = running = -1;
		(void)json_unpack(
		    j, "{s:b, s?i}", "Running", &running, "ExitCode", &code);
		json_decref(j);
		if (running == 0)
			return code;
		(void)nanosleep(&pause, NULL);
	}
	return -1;
}

static int
send_one(struct speaker *s, const char *name, const void *data, size_t n)
{
	char id[CONTAINER_ID_BYTES], path[PATH_BYTES], size[24];
	int fd;

	(void)snprintf(size, sizeof(size), "%zu", n);
	if (!container_exec(s,
		json_pack("{s:[s,s,s,s,s,s], s:b, s:b, s:b, s:b, s:s, s:s}",
		    "Cmd", "/bin/bash", "-c", script, "put", name, size,
		    "AttachStdin", 1, "AttachStdout", 1, "AttachStderr", 1,
		    "Tty", 0, "User", "1000:1000", "WorkingDir",
		    BOX_WORK "/work"),
		id))
		return EIO;
	(void)snprintf(path, sizeof(path), "/exec/%s/start", id);
	fd = http_stream(s->spec->host, path,
	    json_pack("{s:b, s:b}", "Detach", 0, "Tty", 0));
	if (fd == -1)
		return EIO;
	/* what does not fit is not read: its status says so */
	http_feed(fd, data, n);
	switch (status_of(s, id)) {
	case 0:
		return 0;
	case IS_DIRECTORY:
		return EISDIR;
	case IS_FULL:
	case IS_KILLED:
		return ENOSPC;
	default:
		return EIO;
	}
}

int
container_put_one(struct speaker *s, const char *name, int fd)
{
	void *data = malloc(LABD_PUT_BYTES_MAX);
	ssize_t n;
	int error;

	if (data == NULL)
		abort();
	n = pread(fd, data, LABD_PUT_BYTES_MAX, 0);
	error = n == -1 ? errno : send_one(s, name, data, (size_t)n);
	free(data);
	return error;
}

/* --------------------------------------------------------------- a copy of it
 */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static void
remove_copy(const char *path)
{
	if (nftw(path, remove_one, FILES_OPEN_MAX, FTW_DEPTH | FTW_PHYS) != 0)
		log_warning("container", "a copy stays: %s", strerror(errno));
}

void
container_forget_copy(struct speaker *s)
{
	if (s->copy[0] != '\0')
		remove_copy(s->copy);
	s->copy[0] = '\0';
}

void
container_sweep_copies(const struct container_host *host)
{
	char pattern[PATH_BYTES];
	glob_t found;
	struct stat st;
	size_t i;

	(void)snprintf(pattern, sizeof(pattern), COPY "%s-*", host->label);
	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return;
	for (i = 0; i < found.gl_pathc; i++)
		/* SECURITY: anybody may make names there, but not ours */
		if (lstat(found.gl_pathv[i], &st) == 0 && S_ISDIR(st.st_mode) &&
		    st.st_uid == geteuid())
			remove_copy(found.gl_pathv[i]);
	globfree(&found);
}

int
container_copy_out(struct speaker *s)
{
	char path[PATH_BYTES];
	int fd;

	container_forget_copy(s);
	(void)snprintf(path, sizeof(path),
	    "/containers/%s/archive?path=" BOX_WORK "/out", s->name);
	if (!http_worked(&s->http, http_call(&s->http, "GET", path),
		"a copy of /lab/out"))
		return -1;
	(void)snprintf(
	    s->copy, sizeof(s->copy), COPY "%s-XXXXXX", s->spec->host->label);
	if (mkdtemp(s->copy) == NULL) {
		log_error("container", "%s: %s", s->copy, strerror(errno));
		s->copy[0] = '\0';
		return -1;
	}
	fd = open(s->copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd != -1 && tar_unpack(&s->http.body, "out/", fd) == 0)
		return fd;
	log_warning("container", "a copy of /lab/out cannot be read");
	if (fd != -1)
		(void)close(fd);
	return -1;
}
