/*
 * The process that speaks for a container: notes on one side, HTTP on the
 * other. It may wait, nobody waits for it but its own box. When the daemon
 * closes its socket, or dies, the container goes, and then this process.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/container_parts.h"

#define PATH_BYTES 300
#define PAGES_OF_MB 256 /* of tmpfs: 4 KiB */
#define INODES_MAX 20000

static long
post(struct speaker *s, const char *what)
{
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "/containers/%s/%s", s->name, what);
	return http_call(&s->http, "POST", path);
}

/* ------------------------------------------------------------------- making */

/*
 * Limited in pages: podman takes the word "size" for a quota of the file
 * system below, and refuses it where there is none.
 */
static bool
make_volume(struct speaker *s, const char *which, const char *options)
{
	char name[CONTAINER_ID_BYTES + 8], limited[160];
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
		    "Image", s->image, "Cmd", "/bin/bash", "-c",
		    "while :; do sleep 86400 & wait $!; done", "User",
		    "1000:1000", "WorkingDir", BOX_WORK, "Hostname", "lab",
		    "NetworkDisabled", 1, "Labels", "tanren.labd",
		    s->spec->host->label, "HostConfig",
		    container_limits(s->spec, s->name))),
	    "a container");
}

static bool
make(struct speaker *s)
{
	/* by its id: what a name means may change at any moment */
	return container_image(&s->http, s->image, s->root) &&
	    make_volume(s, "lab", "mode=0755") &&
	    make_volume(s, "home", "mode=0755,uid=1000,gid=1000") &&
	    make_container(s) &&
	    http_worked(&s->http, post(s, "start"), "starting it") &&
	    container_put_files(s);
}

/* ---------------------------------------------------------------- terminals */

bool
container_exec(struct speaker *s, json_t *what, char id[CONTAINER_ID_BYTES])
{
	const char *got = "";
	char path[PATH_BYTES];
	json_t *j = NULL;
	bool good;

	(void)snprintf(path, sizeof(path), "/containers/%s/exec", s->name);
	good = http_worked(&s->http, http_json(&s->http, "POST", path, what),
	    "something to run");
	if (good)
		j = http_body(&s->http);
	good = json_unpack(j, "{s:s}", "Id", &got) == 0 &&
	    strlen(got) < CONTAINER_ID_BYTES;
	(void)snprintf(id, CONTAINER_ID_BYTES, "%s", good ? got : "");
	json_decref(j);
	return good;
}

static int
open_shell(struct speaker *s, const struct note *n)
{
	char *id = s->shells[n->terminal], path[PATH_BYTES];

	if (!container_exec(s,
		json_pack("{s:[s,s], s:b, s:b, s:b, s:b, s:s, s:s,"
			  " s:[s,s,s,s,s,s]}",
		    "Cmd", "/bin/bash", "-l", "AttachStdin", 1, "AttachStdout",
		    1, "AttachStderr", 1, "Tty", 1, "User", "1000:1000",
		    "WorkingDir", BOX_WORK "/work", "Env", "HOME=" LIVE_HOME,
		    "USER=learner", "SHELL=/bin/bash", "TERM=xterm-256color",
		    "LANG=C.UTF-8", "PS1=learner@lab:$PWD$ "),
		id))
		return -1;
	(void)snprintf(path, sizeof(path), "/exec/%s/start", id);
	return http_stream(s->spec->host, path,
	    json_pack("{s:b, s:b}", "Detach", 0, "Tty", 1));
}

static void
size_shell(struct speaker *s, int terminal)
{
	const struct container_size *size = &s->sizes[terminal];
	char path[PATH_BYTES];

	if (s->shells[terminal][0] == '\0')
		return;
	(void)snprintf(path, sizeof(path), "/exec/%s/resize?h=%u&w=%u",
	    s->shells[terminal], size->rows, size->columns);
	(void)http_worked(
	    &s->http, http_call(&s->http, "POST", path), "a size");
}

/* Only the newest: a window that is being drawn larger has many. */
static void
set_sizes(struct speaker *s)
{
	int i;

	for (i = 0; i < LIVE_TERMINALS_MAX; i++)
		if (s->sizes[i].is_due)
			size_shell(s, i);
	memset(s->sizes, 0, sizeof(s->sizes));
	s->size_due = false;
}

/* -------------------------------------------------------------------- notes */

static int
stand_still(struct speaker *s, bool on)
{
	if (!on) {
		container_forget_copy(s);
		(void)http_worked(&s->http, post(s, "unpause"), "going on");
		return -1;
	}
	if (!http_worked(&s->http, post(s, "pause"), "standing still"))
		return -1;
	return container_copy_out(s);
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
		s->sizes[n->terminal] = (struct container_size){
		    .rows = n->rows, .columns = n->columns, .is_due = true};
		s->size_due = true;
		return;
	case STEP_STILL:
		with = stand_still(s, n->status != 0);
		break;
	case STEP_FILE:
		n->error = container_put_one(s, n->name, fd);
		break;
	default:
		return;
	}
	(void)note_send(ENTER_CONTROL, n, with);
	if (with != -1)
		(void)close(with);
}

/*
 * The end of the socket is the end of the box, at once: what was asked for
 * before it and is still there does not matter any more.
 */
static void
serve(struct speaker *s)
{
	struct pollfd p = {.fd = ENTER_CONTROL, .events = POLLIN};
	struct note n;
	int fd, rc;

	for (;;) {
		rc = poll(&p, 1, s->size_due ? 0 : -1);
		if (rc == 0)
			set_sizes(s);
		if (rc <= 0)
			continue;
		if ((p.revents & POLLHUP) != 0 ||
		    note_receive(ENTER_CONTROL, &n, &fd) == -1)
			return;
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
	(void)snprintf(n.name, sizeof(n.name), "%s", s.root);
	(void)note_send(ENTER_CONTROL, &n, -1);
	serve(&s);
	container_forget_copy(&s);
	if (!container_remove(&s.http, s.name))
		log_error("container", "a container is left: %s", s.name);
	http_close(&s.http);
	_exit(0);
}
