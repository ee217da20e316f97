/* The daemon's socket: whose it is, and what another daemon left there. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/labd_parts.h"

#define BACKLOG 128

static enum err
failed(const char *what)
{
	log_error("labd", "%s: %s", what, strerror(errno));
	return ERR_INTERNAL;
}

/* A socket file without a daemon behind it. */
static enum err
remove_stale(const struct sockaddr_un *name)
{
	int fd, rc;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return failed("socket");
	rc = connect(fd, (const struct sockaddr *)name, sizeof(*name));
	if (rc == -1 && errno == EAGAIN) /* there, and its queue is full */
		rc = 0;
	(void)close(fd);
	if (rc == 0) {
		log_error("labd", "another daemon serves this socket");
		return ERR_CONFLICT;
	}
	if (unlink(name->sun_path) == -1 && errno != ENOENT)
		return failed(name->sun_path);
	return ERR_OK;
}

static enum err
bind_to(int fd, const struct sockaddr_un *name)
{
	mode_t before = umask(0177);
	int rc = bind(fd, (const struct sockaddr *)name, sizeof(*name));

	(void)umask(before);
	return rc == -1 ? failed(name->sun_path) : ERR_OK;
}

struct labd_rights
labd_rights_drop(uid_t uid, gid_t gid)
{
	struct labd_rights before = {.parent = getppid()};

	if (prctl(PR_GET_PDEATHSIG, &before.death_signal) == -1)
		before.death_signal = 0;
	(void)setfsgid(gid);
	(void)setfsuid(uid);
	return before;
}

void
labd_rights_take(const struct labd_rights *before)
{
	(void)setfsuid(geteuid());
	(void)setfsgid(getegid());
	if (before->death_signal == 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, before->death_signal);
	if (getppid() != before->parent)
		(void)kill(getpid(), before->death_signal);
}

/*
 * SECURITY: made as the user whom it is for, so that it is theirs from the
 * start: root never changes the owner of a name in a directory of theirs.
 */
enum err
listener_open(const struct labd_options *o, int *out)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct labd_rights before;
	enum err e;
	int fd;

	if (strlen(o->socket) >= sizeof(name.sun_path)) {
		log_error("labd", "the socket's path is too long");
		return ERR_INTERNAL;
	}
	memcpy(name.sun_path, o->socket, strlen(o->socket));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return failed("socket");
	before = labd_rights_drop(o->uid, o->gid);
	if ((e = remove_stale(&name)) == ERR_OK)
		e = bind_to(fd, &name);
	labd_rights_take(&before);
	if (e == ERR_OK && listen(fd, BACKLOG) == -1)
		e = failed("listen");
	if (e == ERR_OK)
		*out = fd;
	else
		(void)close(fd);
	return e;
}
