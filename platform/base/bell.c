/* A FIFO that everybody holds at both ends. */
#include "base/bell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static int bell = -1;

enum err
bell_open(const char *path)
{
	if (mkfifo(path, 0600) == -1 && errno != EEXIST) {
		log_error("bell", "%s: %s", path, strerror(errno));
		return ERR_INTERNAL;
	}
	/* both ends: no end of file, and it opens without waiting */
	bell = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (bell == -1) {
		log_error("bell", "%s: %s", path, strerror(errno));
		return ERR_INTERNAL;
	}
	return ERR_OK;
}

void
bell_ring(void)
{
	if (bell == -1)
		return;
	/* Full of rings that nobody has heard: one more says nothing new. */
	if (write(bell, "", 1) == -1 && errno != EAGAIN)
		log_error("bell", "%s", strerror(errno));
}

enum bell_heard
bell_wait(bool listens, const sigset_t *signals, int ms)
{
	struct signalfd_siginfo taken;
	struct pollfd p[2] = {
	    {.fd = listens ? bell : -1, .events = POLLIN}, {.events = POLLIN}};
	enum bell_heard heard = BELL_TIME;
	char ring;

	if ((p[1].fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		abort();
	if (poll(p, 2, ms) > 0) {
		if (read(p[1].fd, &taken, sizeof(taken)) > 0)
			heard = BELL_SIGNAL;
		/* another one may have been quicker */
		else if (p[0].revents != 0 && read(bell, &ring, 1) == 1)
			heard = BELL_RANG;
	}
	(void)close(p[1].fd);
	return heard;
}
