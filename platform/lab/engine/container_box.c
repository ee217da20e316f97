/*
 * The process that speaks for a container: notes on one side, HTTP on the
 * other. It may wait, nobody waits for it but its own box. When the daemon
 * closes its socket, or dies, the container goes, and then this process.
 */
#include <errno.h>
#include <ftw.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/container_parts.h"
#include "lab/engine/labd.h"

#define PATH_BYTES 300
#define ID_BYTES 80
#define LEARNER 1000L
#define FILES_OPEN_MAX 8
#define PAGES_OF_MB 256 /* of tmpfs: 4 KiB */
#define INODES_MAX 20000

struct speaker {
	const struct live_spec *spec;
	struct http http;
	char name[ID_BYTES]; /* of the container; volumes end in -lab, -home */
	char shells[LIVE_TERMINALS_MAX][ID_BYTES]; /* ids of what runs there */
	char copy[64]; /* a directory, while all stands still; "" */
};

static long
post(struct speaker *s, const char *what)
{
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "/containers/%s/%s", s->name, what);
	return http_call(&s->http, "POST", path);
}

static long
put_archive(struct speaker *s, const char *where, const struct buf *tar)
{
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "/containers/%s/archive?path=%s",
	    s->name, where);
	return http_tar(&s->http, path, tar);
}

/* ------------------------------------------------------------------- making */

/*
 * Limited in pages: podman takes the word "size" for a quota of the file
 * system below, and refuses it where there is none.
 */
static bool
make_volume(struct speaker *s, const char *which, const char *options)
{
	char name[ID_BYTES + 8], limited[160];
	long status;

	(void)snprintf(name, sizeof(name), "%s-%s", s->name, which);
	(void)snprintf(limited, sizeof(limited),
	    "nr_blocks=%d,nr_inodes=%d,nosuid,nodev,%s",
	    s->spec->disk_mb * PAGES_OF_MB, INODES_MAX, options);
	status = http_json(&s->http, "POST", "/volumes/create",
	    json_pack("{s:s, s:s, s:{s:s}, s:{s:s, s:s, s:s}}", "Name", name,
		"Driver", "local", "Labels", "tanren.labd",
		s->spec->host->label, "DriverOpts", "type", "tmpfs", "device",
		"tmpfs", "o", limited));
	return http_worked(&s->http, status, "a volume");
}

/* Bash buries what loses its parent. */
static bool
make_container(struct speaker *s)
{
	char path[PATH_BYTES];

	(void)snprintf(
	    path, sizeof(path), "/containers/create?name=%s", s->name);
	return http_worked(&s->http,
	    http_json(&s->http, "POST", path,
		json_pack("{s:s, s:[s,s,s], s:s, s:s, s:s, s:b, s:{s:s}, s:o}",
		    "Image", s->spec->host->image, "Cmd", "/bin/bash", "-c",
		    "while :; do sleep 86400 & wait $!; done", "User",
		    "1000:1000", "WorkingDir", BOX_WORK, "Hostname", "lab",
		    "NetworkDisabled", 1, "Labels", "tanren.labd",
		    s->spec->host->label, "HostConfig",
		    container_limits(s->spec, s->name))),
	    "a container");
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

static bool
put_files(struct speaker *s)
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

static bool
make(struct speaker *s)
{
	return make_volume(s, "lab", "mode=0755") &&
	    make_volume(s, "home", "mode=0755,uid=1000,gid=1000") &&
	    make_container(s) &&
	    http_worked(&s->http, post(s, "start"), "starting it") &&
	    put_files(s);
}

/* ---------------------------------------------------------------- terminals */

static int
open_shell(struct speaker *s, const struct note *n)
{
	char *id = s->shells[n->terminal], path[PATH_BYTES];
	const char *got;
	json_t *j;
	bool good;

	(void)snprintf(path, sizeof(path), "/containers/%s/exec", s->name);
	good = http_worked(&s->http,
	    http_json(&s->http, "POST", path,
		json_pack("{s:[s,s], s:b, s:b, s:b, s:b, s:s, s:s,"
			  " s:[s,s,s,s,s,s]}",
		    "Cmd", "/bin/bash", "-l", "AttachStdin", 1, "AttachStdout",
		    1, "AttachStderr", 1, "Tty", 1, "User", "1000:1000",
		    "WorkingDir", BOX_WORK "/work", "Env", "HOME=" LIVE_HOME,
		    "USER=learner", "SHELL=/bin/bash", "TERM=xterm-256color",
		    "LANG=C.UTF-8", "PS1=learner@lab:$PWD$ ")),
	    "a shell");
	j = good ? http_body(&s->http) : NULL;
	good =
	    json_unpack(j, "{s:s}", "Id", &got) == 0 && strlen(got) < ID_BYTES;
	(void)snprintf(id, ID_BYTES, "%s", good ? got : "");
	json_decref(j);
	if (!good)
		return -1;
	(void)snprintf(path, sizeof(path), "/exec/%s/start", id);
	return http_stream(s->spec->host, path,
	    json_pack("{s:b, s:b}", "Detach", 0, "Tty", 1));
}

static void
size_shell(struct speaker *s, const struct note *n)
{
	char path[PATH_BYTES];

	if (s->shells[n->terminal][0] == '\0')
		return;
	(void)snprintf(path, sizeof(path), "/exec/%s/resize?h=%u&w=%u",
	    s->shells[n->terminal], n->rows, n->columns);
	(void)http_worked(
	    &s->http, http_call(&s->http, "POST", path), "a size");
}

/* -------------------------------------------------------------------- files */

static int
put_one(struct speaker *s, const char *name, int fd)
{
	struct buf b = BUF_EMPTY;
	void *data = malloc(LABD_PUT_BYTES_MAX);
	struct tar t;
	long status;
	ssize_t n;

	if (data == NULL)
		abort();
	n = pread(fd, data, LABD_PUT_BYTES_MAX, 0);
	tar_open(&t, &b);
	if (n >= 0)
		n = tar_file(&t, name, data, (size_t)n, LEARNER);
	if (tar_close(&t) == -1 || n == -1) {
		buf_free(&b);
		free(data);
		return EIO;
	}
	status = put_archive(s, BOX_WORK "/work", &b);
	buf_free(&b);
	free(data);
	return http_worked(&s->http, status, "a file") ? 0 : EIO;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static void
forget_copy(struct speaker *s)
{
	if (s->copy[0] != '\0' &&
	    nftw(s->copy, remove_one, FILES_OPEN_MAX, FTW_DEPTH | FTW_PHYS) !=
		0)
		log_warning("container", "a copy stays: %s", strerror(errno));
	s->copy[0] = '\0';
}

/* A directory with what lies in /lab/out; -1: there is none. */
static int
copy_out(struct speaker *s)
{
	char path[PATH_BYTES];
	int fd;

	forget_copy(s);
	(void)snprintf(path, sizeof(path),
	    "/containers/%s/archive?path=" BOX_WORK "/out", s->name);
	if (!http_worked(&s->http, http_call(&s->http, "GET", path),
		"a copy of /lab/out"))
		return -1;
	(void)snprintf(s->copy, sizeof(s->copy), "/tmp/tanren-lab-XXXXXX");
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

/* -------------------------------------------------------------------- notes */

static int
stand_still(struct speaker *s, bool on)
{
	if (!on) {
		forget_copy(s);
		(void)http_worked(&s->http, post(s, "unpause"), "going on");
		return -1;
	}
	if (!http_worked(&s->http, post(s, "pause"), "standing still"))
		return -1;
	return copy_out(s);
}

static void
obey(struct speaker *s, struct note *n, int fd)
{
	int with = -1;

	n->name[NOTE_NAME_MAX] = '\0';
	n->error = 0;
	switch (n->step) {
	case STEP_TERMINAL:
		if ((with = open_shell(s, n)) == -1)
			n->error = EIO;
		break;
	case STEP_SIZE:
		size_shell(s, n);
		return;
	case STEP_STILL:
		with = stand_still(s, n->status != 0);
		break;
	case STEP_FILE:
		n->error = put_one(s, n->name, fd);
		break;
	default:
		return;
	}
	(void)note_send(ENTER_CONTROL, n, with);
	if (with != -1)
		(void)close(with);
}

static void
serve(struct speaker *s)
{
	struct note n;
	int fd;

	/* the end of the socket is the end of the box */
	while (note_receive(ENTER_CONTROL, &n, &fd) == 0) {
		if (n.terminal >= 0 && n.terminal < LIVE_TERMINALS_MAX)
			obey(s, &n, fd);
		if (fd != -1)
			(void)close(fd);
	}
}

/* Words go to the log, notes to the maker; nothing else of it is open. */
static void
keep(int control)
{
	sigset_t none;

	if (control != ENTER_CONTROL)
		(void)dup2(control, ENTER_CONTROL);
	(void)close_range(ENTER_CONTROL + 1, ~0U, 0);
	(void)fcntl(ENTER_CONTROL, F_SETFD, FD_CLOEXEC);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* Ctrl-C is the daemon's: it closes the socket */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)prctl(PR_SET_NAME, "lab-container");
}

void
container_box_main(const struct live_spec *spec, int control)
{
	struct speaker s = {.spec = spec};
	struct note n = {.step = STEP_MADE};

	keep(control);
	(void)snprintf(s.name, sizeof(s.name), "tanren-%s-%lld",
	    spec->host->label, (long long)spec->box);
	if (http_open(&s.http, spec->host) == -1)
		_exit(ENTER_BROKEN);
	if (!make(&s)) {
		n.step = STEP_HOST;
		n.error = EIO;
	}
	(void)note_send(ENTER_CONTROL, &n, -1);
	serve(&s);
	forget_copy(&s);
	if (!container_remove(&s.http, s.name))
		log_error("container", "a container is left: %s", s.name);
	http_close(&s.http);
	_exit(0);
}
