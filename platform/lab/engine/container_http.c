/* HTTP to a container host, over its unix socket (Docker Engine API). */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/container_parts.h"

#define CALL_MS 4000L
#define HEAD_MAX 4096

int
http_open(struct http *h, const struct container_host *host)
{
	*h = (struct http){.host = host};
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		h->curl = curl_easy_init();
	if (h->curl == NULL)
		log_error("container", "libcurl cannot be used");
	return h->curl == NULL ? -1 : 0;
}

void
http_close(struct http *h)
{
	curl_easy_cleanup(h->curl);
	buf_free(&h->body);
	*h = (struct http){0};
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct buf *b = ctx;

	if (n > CONTAINER_WORK_BYTES_MAX - b->len)
		return 0; /* which ends the call */
	buf_put(b, p, n * size);
	return n;
}

static long
call(struct http *h, const char *method, const char *path, const char *type,
    const void *body, size_t n)
{
	struct curl_slist *headers = NULL;
	char url[512];
	long status = 0;
	CURLcode rc;

	buf_free(&h->body);
	(void)snprintf(url, sizeof(url), "http://host%s", path);
	headers = curl_slist_append(headers, type);
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_reset(h->curl);
	curl_easy_setopt(h->curl, CURLOPT_UNIX_SOCKET_PATH, h->host->socket);
	curl_easy_setopt(h->curl, CURLOPT_URL, url);
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, CALL_MS);
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &h->body);
	if (strcmp(method, "GET") != 0) {
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE, (long)n);
		curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(h->curl, CURLOPT_CUSTOMREQUEST, method);
	}
	if ((rc = curl_easy_perform(h->curl)) == CURLE_OK)
		curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	else
		log_warning("container", "%s %s: %s", method, path,
		    curl_easy_strerror(rc));
	curl_slist_free_all(headers);
	return status;
}

long
http_call(struct http *h, const char *method, const char *path)
{
	return call(h, method, path, "Content-Type: application/json", "", 0);
}

long
http_json(struct http *h, const char *method, const char *path, json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT);
	long status = 0;

	json_decref(j);
	if (text != NULL)
		status = call(h, method, path, "Content-Type: application/json",
		    text, strlen(text));
	free(text);
	return status;
}

long
http_tar(struct http *h, const char *path, const struct buf *tar)
{
	return call(h, "PUT", path, "Content-Type: application/x-tar",
	    buf_text(tar), tar->len);
}

json_t *
http_body(const struct http *h)
{
	return json_loadb(buf_text(&h->body), h->body.len, 0, NULL);
}

bool
http_worked(const struct http *h, long status, const char *what)
{
	const char *why = NULL;
	json_t *j;

	/* 304: it is so already */
	if ((status >= 200 && status < 300) || status == 304)
		return true;
	j = http_body(h);
	(void)json_unpack(j, "{s:s}", "message", &why);
	log_warning("container", "%s: status %ld%s%.200s", what, status,
	    why == NULL ? "" : ": ", why == NULL ? "" : why);
	json_decref(j);
	return false;
}

/* ------------------------------------------------------------------- stream */

static int
open_socket(const char *path)
{
	const struct timeval patience = {.tv_sec = CALL_MS / 1000};
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(name.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name.sun_path, path, strlen(path) + 1);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof(patience)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof(patience)) == -1 ||
	    connect(fd, (struct sockaddr *)&name, sizeof(name)) == -1) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* A byte at a time: what comes behind the head is the terminal's. */
static bool
is_stream(int fd)
{
	char head[HEAD_MAX + 1] = "";
	size_t n = 0;

	while (n < HEAD_MAX && recv(fd, head + n, 1, 0) == 1) {
		n++;
		if (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0)
			continue;
		return strncmp(head, "HTTP/1.1 101 ", 13) == 0 ||
		    strncmp(head, "HTTP/1.1 200 ", 13) == 0;
	}
	return false;
}

int
http_stream(const struct container_host *host, const char *path, json_t *j)
{
	const struct timeval for_ever = {0};
	struct buf b = BUF_EMPTY;
	char *text = json_dumps(j, JSON_COMPACT);
	int fd = open_socket(host->socket);
	bool good = text != NULL && fd != -1;

	json_decref(j);
	if (good) {
		buf_printf(&b,
		    "POST %s HTTP/1.1\r\nHost: host\r\n"
		    "Content-Type: application/json\r\n"
		    "Content-Length: %zu\r\n"
		    "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n%s",
		    path, strlen(text), text);
		good = send(fd, buf_text(&b), b.len, MSG_NOSIGNAL) ==
			(ssize_t)b.len &&
		    is_stream(fd) &&
		    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &for_ever,
			sizeof(for_ever)) == 0 &&
		    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &for_ever,
			sizeof(for_ever)) == 0;
	}
	buf_free(&b);
	free(text);
	if (good)
		return fd;
	log_warning("container", "POST %s: no stream", path);
	if (fd != -1)
		(void)close(fd);
	return -1;
}

void
http_feed(int stream, const void *data, size_t n)
{
	const struct timeval patience = {.tv_sec = CALL_MS / 1000};
	const char *p = data;
	char unread[HEAD_MAX];
	ssize_t sent;

	if (setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof(patience)) == 0 &&
	    setsockopt(stream, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof(patience)) == 0) {
		while (n > 0 && (sent = send(stream, p, n, MSG_NOSIGNAL)) > 0) {
			p += sent;
			n -= (size_t)sent;
		}
		/* its words, if it has any, are for nobody */
		while (recv(stream, unread, sizeof(unread), 0) > 0)
			;
	}
	(void)close(stream);
}
