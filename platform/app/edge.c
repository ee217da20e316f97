/*
 * nginx.conf and the edge's pages are templates: @{NAME} stands for a value of
 * the configuration, @{asset:NAME} for the address of a static file.
 */
#include "app/edge.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"
#include "http/url.h"

#define TEMPLATE_BYTES_MAX ((size_t)64 * 1024)

static enum err
failed(const char *path)
{
	log_error("edge", "%s: %s", path, strerror(errno));
	return errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_INTERNAL;
}

/* ---------------------------------------------------------------- values */

static const char *
tls_lines(struct arena *a, const struct config *c)
{
	if (c->tls_key == NULL)
		return "";
	return arena_printf(a,
	    "ssl_certificate %s;\n"
	    "\t\tssl_certificate_key %s;",
	    c->tls_certificate, c->tls_key);
}

static const char *
value_of(struct arena *a, const struct config *c, const char *name)
{
	if (text_starts(name, "asset:"))
		return url_asset(name + 6).text;
	if (text_eq(name, "LISTEN"))
		return arena_printf(a, "%s%s", c->listen,
		    c->tls_key == NULL ? "" : " ssl http2");
	if (text_eq(name, "TLS"))
		return tls_lines(a, c);
	if (text_eq(name, "HSTS"))
		return c->tls_key == NULL
		    ? ""
		    : "add_header Strict-Transport-Security"
		      " \"max-age=31536000\" always;";
	return NULL;
}

static enum err
fill(struct arena *a, const struct config *c, const char *path, char *text,
    struct buf *out)
{
	char *at, *end;
	const char *value;

	while ((at = strstr(text, "@{")) != NULL) {
		buf_put(out, text, (size_t)(at - text));
		at += 2;
		value = NULL;
		if ((end = strchr(at, '}')) != NULL) {
			*end = '\0';
			value = value_of(a, c, at);
		}
		if (value == NULL) {
			log_error("edge", "%s: no value for %.32s", path, at);
			return ERR_INTERNAL;
		}
		buf_puts(out, value);
		text = end + 1;
	}
	buf_puts(out, text);
	return ERR_OK;
}

/* ----------------------------------------------------------------- files */

static enum err
write_file(const char *path, const struct buf *b)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	enum err e = ERR_OK;

	if (fd == -1)
		return failed(path);
	if (write(fd, b->data, b->len) != (ssize_t)b->len)
		e = failed(path);
	(void)close(fd);
	return e;
}

static enum err
fill_file(
    struct arena *a, const struct config *c, const char *from, const char *to)
{
	char *text = arena_alloc(a, TEMPLATE_BYTES_MAX + 1);
	struct buf out = BUF_EMPTY;
	size_t n;
	enum err e;
	FILE *f;

	if ((f = fopen(from, "re")) == NULL)
		return failed(from);
	n = fread(text, 1, TEMPLATE_BYTES_MAX + 1, f);
	(void)fclose(f);
	if (n > TEMPLATE_BYTES_MAX) {
		errno = EFBIG;
		return failed(from);
	}
	if ((e = fill(a, c, from, text, &out)) == ERR_OK)
		e = write_file(to, &out);
	buf_free(&out);
	return e;
}

static enum err
copy_file(const char *from, const char *to)
{
	enum err e = ERR_OK;
	ssize_t n;
	int in, out;

	if ((in = open(from, O_RDONLY | O_CLOEXEC)) == -1)
		return failed(from);
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (out == -1) {
		e = failed(to);
	} else {
		while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
			;
		if (n == -1)
			e = failed(to);
		(void)close(out);
	}
	(void)close(in);
	return e;
}

static enum err
make_directory(const char *path)
{
	if (mkdir(path, 0750) == -1 && errno != EEXIST)
		return failed(path);
	return ERR_OK;
}

/* A directory that is not there is empty: nothing was built. */
static enum err
copy_tree(struct arena *a, const char *from, const char *to)
{
	const struct dirent *entry;
	const char *source, *target;
	struct stat st;
	enum err e;
	DIR *d;

	if ((e = make_directory(to)) != ERR_OK)
		return e;
	if ((d = opendir(from)) == NULL)
		return errno == ENOENT ? ERR_OK : failed(from);
	while (e == ERR_OK && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		source = arena_printf(a, "%s/%s", from, entry->d_name);
		target = arena_printf(a, "%s/%s", to, entry->d_name);
		if (stat(source, &st) == -1)
			e = failed(source);
		else if (S_ISDIR(st.st_mode))
			e = copy_tree(a, source, target);
		else if (S_ISREG(st.st_mode))
			e = copy_file(source, target);
	}
	(void)closedir(d);
	return e;
}

static enum err
write_pages(struct arena *a, const struct config *c, const char *to)
{
	static const char *const pages[] = {
	    "413.html", "429.html", "502.html", "503.html"};
	size_t i;
	enum err e;

	if ((e = make_directory(to)) != ERR_OK)
		return e;
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		e = fill_file(a, c,
		    arena_printf(
			a, "%s/deploy/nginx/errors/%s", c->home, pages[i]),
		    arena_printf(a, "%s/%s", to, pages[i]));
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

/* So that commands make links to where it serves, whatever --port said. */
static enum err
write_listen(const char *path, const struct config *c)
{
	struct buf b = BUF_EMPTY;
	enum err e;

	buf_puts(&b, c->listen);
	e = write_file(path, &b);
	buf_free(&b);
	return e;
}

enum err
edge_write(struct arena *a, const struct config *c)
{
	enum err e;

	if ((e = make_directory(config_path(a, c, "run"))) != ERR_OK ||
	    (e = make_directory(config_path(a, c, "run/www"))) != ERR_OK ||
	    (e = copy_tree(a, c->assets,
		 config_path(a, c, "run/www/static"))) != ERR_OK ||
	    (e = write_pages(a, c, config_path(a, c, "run/www/errors"))) !=
		ERR_OK)
		return e;
	e = fill_file(a, c,
	    arena_printf(a, "%s/deploy/nginx/proxy.conf", c->home),
	    config_path(a, c, "run/proxy.conf"));
	if (e == ERR_OK)
		e = write_listen(config_path(a, c, CONFIG_LISTEN_FILE), c);
	if (e != ERR_OK)
		return e;
	return fill_file(a, c,
	    arena_printf(a, "%s/deploy/nginx/nginx.conf.in", c->home),
	    config_path(a, c, "run/" RUN_NGINX_CONF));
}

bool
edge_port_is_low(const struct config *c)
{
	int64_t port;

	return text_to_int(strrchr(c->listen, ':') + 1, &port) && port < 1024;
}
