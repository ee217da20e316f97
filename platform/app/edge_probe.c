/* Is the whole way through? Asked as a client would, over the edge's socket. */
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/edge.h"

static const char question[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
			       "Connection: close\r\n\r\n";
static const char right[] = "HTTP/1.1 200 ";

static bool
ask(int fd)
{
	const struct timeval second = {.tv_sec = 1};
	char answer[sizeof(right)] = {0};
	size_t n = 0;
	ssize_t got;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)) ==
		-1 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second)) ==
		-1)
		return false;
	if (send(fd, question, sizeof(question) - 1, MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(question) - 1)
		return false;
	while (n < sizeof(right) - 1) {
		got = recv(fd, answer + n, sizeof(right) - 1 - n, 0);
		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	return memcmp(answer, right, sizeof(right) - 1) == 0;
}

/* The supervisor stands in VAR/run: the name is short enough for a socket. */
bool
edge_answers(void)
{
	struct sockaddr_un to = {
	    .sun_family = AF_UNIX, .sun_path = RUN_EDGE_SOCKET};
	bool answers;
	int fd;

	/* before it is there, the edge would only complain */
	if (access(RUN_WEB_SOCKET, F_OK) == -1)
		return false;
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return false;
	answers =
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 && ask(fd);
	(void)close(fd);
	return answers;
}
