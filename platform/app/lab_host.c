#include "app/lab_host.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"

#define LABEL_BYTES 8
#define NAME_MAX_BYTES 256
#define MACHINE_BYTES 64

/* A container_host that can be sent. */
struct asked {
	char socket[PATH_MAX], image[NAME_MAX_BYTES], label[NAME_MAX_BYTES];
};

/* Of this machine, for ever; what it says is nobody's secret. */
static size_t
machine(char *out, size_t size)
{
	FILE *f = fopen("/etc/machine-id", "re");
	size_t n = 0;

	if (f != NULL) {
		n = fread(out, 1, size, f);
		(void)fclose(f);
	}
	return n;
}

/*
 * A host may serve several installations, also of several machines: each ends
 * what has its own label, and nothing else.
 */
struct container_host
lab_host(struct arena *a, const struct config *c)
{
	char text[PATH_MAX + MACHINE_BYTES];
	uint8_t digest[DIGEST_BYTES];
	size_t n = machine(text, MACHINE_BYTES);

	n += (size_t)snprintf(text + n, PATH_MAX, "%s", c->var);
	digest_sha256(text, n, digest);
	return (struct container_host){
	    .socket = c->lab_container_socket,
	    .image = c->lab_container_image,
	    .label = hex_encode(a, digest, LABEL_BYTES),
	};
}

static _Noreturn void
look(int socket)
{
	struct container_found found;
	struct asked asked;
	struct container_host host = {
	    .socket = asked.socket,
	    .image = asked.image,
	    .label = asked.label,
	};

	if (recv(socket, &asked, sizeof(asked), 0) != (ssize_t)sizeof(asked))
		_exit(0);
	container_look(&host, false, &found);
	(void)send(socket, &found, sizeof(found), MSG_NOSIGNAL);
	_exit(0);
}

int
lab_looker_start(struct lab_looker *l)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	if ((l->pid = fork()) == 0) {
		(void)close(pair[0]);
		look(pair[1]);
	}
	(void)close(pair[1]);
	l->socket = pair[0];
	return l->pid == -1 ? -1 : 0;
}

void
lab_looker_end(struct lab_looker *l, const struct container_host *host,
    struct container_found *out)
{
	struct asked asked = {0};

	*out = (struct container_found){.sentence = "it could not be asked"};
	if (host != NULL) {
		(void)snprintf(
		    asked.socket, sizeof(asked.socket), "%s", host->socket);
		(void)snprintf(
		    asked.image, sizeof(asked.image), "%s", host->image);
		(void)snprintf(
		    asked.label, sizeof(asked.label), "%s", host->label);
		if (send(l->socket, &asked, sizeof(asked), MSG_NOSIGNAL) !=
			(ssize_t)sizeof(asked) ||
		    recv(l->socket, out, sizeof(*out), 0) !=
			(ssize_t)sizeof(*out))
			*out = (struct container_found){
			    .sentence = "whoever asks it ended"};
	}
	(void)close(l->socket);
	(void)waitpid(l->pid, NULL, 0);
}
