/* Carries a message over a redirect. */
#include "http/flash.h"

#include <assert.h>
#include <string.h>

#include "base/random.h"
#include "http/cookie.h"
#include "http/message.h"
#include "http/site.h"

#define FLASH_SECONDS 60

/*
 * The count of messages is signed too: another release, with other numbers,
 * does not say something else.
 */
static const char *
signature(const struct req *r, const char *number)
{
	uint8_t mac[DIGEST_BYTES];
	const char *what =
	    arena_printf(r->arena, "message %s of %d", number, (int)M__MAX);

	digest_hmac(r->site->secret, what, strlen(what), mac);
	return base64url_encode(r->arena, mac, sizeof(mac));
}

void
flash_set(const struct req *r, struct reply *re, int message_id)
{
	const char *number;

	assert(message_id >= 0 && message_id < (int)M__MAX);
	number = arena_printf(r->arena, "%d", message_id);
	cookie_set(r, re, FLASH_COOKIE,
	    arena_printf(r->arena, "%s.%s", number, signature(r, number)),
	    FLASH_SECONDS);
}

const char *
flash_take(const struct req *r)
{
	const char *value, *dot, *number, *right;
	int64_t id;

	value = cookie_value(r->arena, r->cookies, FLASH_COOKIE);
	if (value == NULL || (dot = strchr(value, '.')) == NULL)
		return NULL;
	number = arena_strndup(r->arena, value, (size_t)(dot - value));
	right = signature(r, number);
	if (strlen(dot + 1) != strlen(right) ||
	    !digest_equal(dot + 1, right, strlen(right)) ||
	    !text_to_int(number, &id) || id >= (int64_t)M__MAX)
		return NULL;
	if (r->marks != NULL)
		r->marks->message_shown = true;
	return message(r->lang, (enum message)id);
}
