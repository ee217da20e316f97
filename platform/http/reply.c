/* Fills answers: headers, redirects, downloads, the status of an error. */
#include "http/reply.h"

#include <assert.h>
#include <string.h>

#include "http/cookie.h"
#include "http/csrf_cookie.h"
#include "http/flash.h"
#include "http/language.h"

#define YEAR_SECONDS (365 * 24 * 60 * 60)

void
reply_header(
    const struct req *r, struct reply *re, const char *name, const char *value)
{
	size_t n = 0;

	while ((unsigned char)value[n] >= ' ' && value[n] != 0x7f)
		n++;
	assert(re->n_headers < REPLY_HEADERS_MAX);
	re->headers[re->n_headers++] = (struct reply_header){
	    .name = name, .value = arena_strndup(r->arena, value, n)};
}

enum err
reply_redirect(const struct req *r, struct reply *re, struct url to)
{
	re->status = 303;
	reply_header(r, re, "Location", to.text);
	return ERR_OK;
}

enum err
reply_redirect_saying(
    const struct req *r, struct reply *re, struct url to, int message)
{
	flash_set(r, re, message);
	return reply_redirect(r, re, to);
}

void
reply_download(const struct req *r, struct reply *re, const char *content_type,
    const char *file_name)
{
	char *name = arena_strdup(r->arena, file_name);

	for (char *s = name; *s != '\0'; s++)
		if (*s <= ' ' || *s >= 0x7f || strchr("\"\\/:*?<>|%;", *s))
			*s = '_';
	re->content_type = content_type;
	reply_header(r, re, "Content-Disposition",
	    arena_printf(r->arena, "attachment; filename=\"%s\"", name));
}

void
reply_session_cookie(const struct req *r, struct reply *re, const char *token,
    int max_age_seconds)
{
	if (token == NULL)
		cookie_set(r, re, SESSION_COOKIE, "", 0);
	else
		cookie_set(r, re, SESSION_COOKIE, token, max_age_seconds);
}

int
reply_status_of(enum err e)
{
	static const int status[ERR__MAX] = {[ERR_OK] = 200,
	    [ERR_INVALID] = 422,
	    [ERR_SIGN_IN] = 401,
	    [ERR_FORBIDDEN] = 403,
	    [ERR_NOT_FOUND] = 404,
	    [ERR_METHOD] = 405,
	    [ERR_CONFLICT] = 409,
	    [ERR_GONE] = 410,
	    [ERR_TOO_LARGE] = 413,
	    [ERR_THROTTLED] = 429,
	    [ERR_BUSY] = 503,
	    [ERR_NO_SPACE] = 507,
	    [ERR_UNAVAILABLE] = 503,
	    [ERR_INTERNAL] = 500};

	assert(e < ERR__MAX);
	return status[e];
}

enum err
reply_keep(struct reply *re, enum err e)
{
	re->keeps_page = true;
	re->status = reply_status_of(e);
	return e;
}

enum err
reply_invalid(struct reply *re)
{
	return reply_keep(re, ERR_INVALID);
}

/*
 * SECURITY: every answer, pages of errors too. Nothing is loaded from
 * elsewhere, nothing inline runs, no other site frames us or learns where the
 * reader came from.
 */
static void
add_safety(const struct req *r, struct reply *re)
{
	static const struct reply_header always[] = {
	    {"Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self'; "
		"img-src 'self'; font-src 'self'; connect-src 'self'; "
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
		"require-trusted-types-for 'script'"},
	    {"X-Content-Type-Options", "nosniff"},
	    {"Referrer-Policy", "same-origin"},
	    {"Cross-Origin-Opener-Policy", "same-origin"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Permissions-Policy",
		"camera=(), microphone=(), geolocation=(), payment=(), "
		"usb=(), browsing-topics=()"},
	    {"Vary", "Cookie, Accept-Language"}};

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		reply_header(r, re, always[i].name, always[i].value);
}

/*
 * A page that caches may keep gets no cookie: it would be another reader's.
 */
static void
add_cookies(const struct req *r, struct reply *re)
{
	const struct request_marks *m = r->marks;

	if (m == NULL || re->may_be_cached)
		return;
	if (m->csrf_used && m->csrf_is_new)
		cookie_set(
		    r, re, CSRF_COOKIE, m->csrf_cookie, COOKIE_SESSION_END);
	if (m->message_shown)
		cookie_set(r, re, FLASH_COOKIE, "", 0);
	if (m->language_chosen)
		cookie_set(
		    r, re, LANGUAGE_COOKIE, lang_codes[r->lang], YEAR_SECONDS);
}

void
reply_finish(const struct req *r, struct reply *re)
{
	if (re->finished)
		return;
	re->finished = true;
	if (re->status == 0)
		re->status = 200;
	if (re->content_type == NULL)
		re->content_type = "text/html; charset=utf-8";
	add_safety(r, re);
	if (!re->may_be_cached)
		reply_header(r, re, "Cache-Control", "no-store");
	if (text_starts(re->content_type, "text/html"))
		reply_header(r, re, "Content-Language", lang_codes[r->lang]);
	if (re->retry_after_seconds > 0)
		reply_header(r, re, "Retry-After",
		    arena_printf(r->arena, "%d", re->retry_after_seconds));
	add_cookies(r, re);
}
