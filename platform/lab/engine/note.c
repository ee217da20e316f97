/* What the box and its maker tell each other: notes, one per packet. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/engine/parts.h"

static const char *const step_names[] = {
    [STEP_STARTED] = "start",
    [STEP_CGROUP_NS] = "cgroup namespace",
    [STEP_IDS] = "its own id",
    [STEP_ROOT] = "a root of its own",
    [STEP_USR] = "/usr",
    [STEP_HOME] = "the scripts",
    [STEP_WORK] = "the work directory",
    [STEP_FILES] = "the files",
    [STEP_DEV] = "/dev",
    [STEP_PROC] = "/proc",
    [STEP_PIVOT] = "entering the root",
    [STEP_DROP] = "dropping capabilities",
    [STEP_FORK] = "fork",
    [STEP_LIMITS] = "limits",
    [STEP_SECCOMP] = "the system call filter",
    [STEP_EXEC] = "the program",
    [STEP_MADE] = "made",
    [STEP_ENDED] = "ended",
    [STEP_TERMINAL] = "a terminal",
    [STEP_STILL] = "standing still",
    [STEP_SHELL] = "a shell",
    [STEP_FILE] = "a file",
    [STEP_SIZE] = "a size",
    [STEP_HOST] = "the container host",
};

const char *
step_name(enum step s)
{
	return step_names[s];
}

/* Room for one descriptor, aligned as CMSG_* wants it. */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

int
note_send(int socket, const struct note *n, int fd)
{
	union control c = {0};
	struct note copy = *n;
	struct iovec part = {&copy, sizeof(copy)};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
	struct cmsghdr *h;

	if (fd >= 0) {
		m.msg_control = c.bytes;
		m.msg_controllen = sizeof(c.bytes);
		h = CMSG_FIRSTHDR(&m);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(h), &fd, sizeof(int));
	}
	return sendmsg(socket, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(copy) ? 0
									  : -1;
}

int
note_receive(int socket, struct note *n, int *fd)
{
	union control c = {0};
	struct iovec part = {n, sizeof(*n)};
	struct msghdr m = {
	    .msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = c.bytes,
	    .msg_controllen = sizeof(c.bytes),
	};
	struct cmsghdr *h;
	ssize_t got;

	*fd = -1;
	errno = EPIPE;
	got = TEMP_FAILURE_RETRY(recvmsg(socket, &m, MSG_CMSG_CLOEXEC));
	if (got != (ssize_t)sizeof(*n))
		return -1;
	h = CMSG_FIRSTHDR(&m);
	if (h != NULL && h->cmsg_level == SOL_SOCKET &&
	    h->cmsg_type == SCM_RIGHTS && h->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(h), sizeof(int));
	return 0;
}
