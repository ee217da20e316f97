/*
 * The measure of `make bench`: Kore alone, answering GET /N with N bytes from
 * its main thread, without lanes, database or templates. Everything that
 * Tanren spends is told as a multiple of this.
 *
 *	bare DIRECTORY		serves on DIRECTORY/bare.sock
 */
#include <kore/kore.h>
#include <kore/hooks.h>
#include <kore/http.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <kore/seccomp.h>

#define BYTES_MAX (1024 * 1024)

int kore_main(int argc, char **argv);
int bare_handle(struct http_request *req);

KORE_SECCOMP_FILTER("bare", KORE_SYSCALL_ALLOW(newfstatat))

static char text[BYTES_MAX];

int
bare_handle(struct http_request *req)
{
	unsigned long n = strtoul(req->path + 1, NULL, 10);

	http_response_header(req, "content-type", "text/html; charset=utf-8");
	http_response(req, 200, text, n > BYTES_MAX ? BYTES_MAX : n);
	return KORE_RESULT_OK;
}

int
main(int argc, char **argv)
{
	char *only_name[] = {argv[0], NULL}, path[64];
	FILE *f;
	int fd;

	if (argc != 2 || chdir(argv[1]) == -1)
		return 2;
	memset(text, 'x', sizeof(text));
	fd = memfd_create("bare.conf", 0);
	if (fd == -1 || (f = fdopen(fd, "w")) == NULL)
		return 1;
	(void)fprintf(f,
	    "server bare {\n\tunix bare.sock\n\ttls no\n}\n"
	    "workers 1\nworker_max_connections 1024\n"
	    "worker_rlimit_nofiles 4096\nworker_accept_threshold 1\n"
	    "worker_set_affinity 0\nroot .\npidfile bare.pid\n"
	    "http_header_max 16384\nhttp_hsts_enable 0\n"
	    "domain * {\n\tattach bare\n\troute ^/ bare_handle\n}\n");
	(void)fflush(f);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	config_file = strdup(path);
	kore_foreground = kore_quiet = 1;
	skip_chroot = skip_runas = 1;
	return kore_main(1, only_name);
}
