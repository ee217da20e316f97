/* Makes and checks the tokens that keep other sites from posting here. */
#include "http/csrf.h"

#include <assert.h>
#include <string.h>

#include "http/csrf_cookie.h"
#include "http/site.h"
#include "http/viewer.h"

#define COOKIE_BYTES 16

const char *
csrf_token_for(struct arena *a, const uint8_t key[DIGEST_BYTES])
{
	static const char what[] = "form";
	uint8_t mac[DIGEST_BYTES];

	digest_hmac(key, what, sizeof(what) - 1, mac);
	return base64url_encode(a, mac, sizeof(mac));
}

/* Before sign-in the key is made of the cookie and the site's secret. */
static const char *
token_for_cookie(const struct req *r, const char *cookie)
{
	uint8_t key[DIGEST_BYTES];
	const char *what = arena_printf(r->arena, "csrf cookie %s", cookie);

	digest_hmac(r->site->secret, what, strlen(what), key);
	return csrf_token_for(r->arena, key);
}

static const char *
cookie_of(const struct req *r)
{
	uint8_t bytes[COOKIE_BYTES];
	const char *c = cookie_value(r->arena, r->cookies, CSRF_COOKIE);

	if (c != NULL && base64url_decode(c, bytes, sizeof(bytes)))
		return c;
	return NULL;
}

const char *
csrf_token(const struct req *r)
{
	struct request_marks *m = r->marks;
	uint8_t bytes[COOKIE_BYTES];

	if (r->viewer != NULL)
		return csrf_token_for(r->arena, r->viewer->csrf_key);
	assert(m != NULL); /* see request_prepare */
	if (m->csrf_cookie == NULL) {
		m->csrf_cookie = cookie_of(r);
		m->csrf_is_new = m->csrf_cookie == NULL;
	}
	if (m->csrf_cookie == NULL) {
		random_bytes(bytes, sizeof(bytes));
		m->csrf_cookie =
		    base64url_encode(r->arena, bytes, sizeof(bytes));
	}
	m->csrf_used = true;
	return token_for_cookie(r, m->csrf_cookie);
}

static const char *
expected(const struct req *r)
{
	const char *cookie;

	if (r->viewer != NULL)
		return csrf_token_for(r->arena, r->viewer->csrf_key);
	cookie = cookie_of(r);
	return cookie == NULL ? NULL : token_for_cookie(r, cookie);
}

enum err
csrf_check(const struct req *r)
{
	const char *sent = field_value(&r->form, "csrf"), *right;

	if (*r->origin != '\0' && !text_eq(r->origin, r->site->origin))
		return ERR_FORBIDDEN;
	if (*r->fetch_site != '\0' && !text_eq(r->fetch_site, "same-origin") &&
	    !text_eq(r->fetch_site, "none"))
		return ERR_FORBIDDEN;
	if (*sent == '\0' && r->csrf_header != NULL)
		sent = r->csrf_header;
	right = expected(r);
	if (right == NULL || strlen(sent) != strlen(right) ||
	    !digest_equal(sent, right, strlen(right)))
		return ERR_FORBIDDEN;
	return ERR_OK;
}
