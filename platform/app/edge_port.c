/* Whether the address that the edge shall listen on can be had. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/edge.h"

static bool
read_address(struct arena *a, const char *listen_at,
    struct sockaddr_storage *out, socklen_t *length)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	const char *colon = strrchr(listen_at, ':');
	uint16_t port = htons((uint16_t)atoi(colon + 1));
	char *host = arena_strndup(a, listen_at, (size_t)(colon - listen_at));

	memset(out, 0, sizeof(*out));
	if (*host == '[') {
		host[strlen(host) - 1] = '\0';
		v6->sin6_family = AF_INET6;
		v6->sin6_port = port;
		*length = sizeof(*v6);
		return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = port;
	*length = sizeof(*v4);
	return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

int
edge_port_error(struct arena *a, const struct config *c)
{
	struct sockaddr_storage to;
	const int yes = 1;
	socklen_t length;
	int fd, error;

	if (!read_address(a, c->listen, &to, &length))
		return EINVAL;
	if ((fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	error = bind(fd, (struct sockaddr *)&to, length) == 0 ? 0 : errno;
	(void)close(fd);
	return error;
}
