/* From our answer to Kore's response. */
#include <kore/kore.h>
#include <kore/http.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/kore_job.h"

/* RFC 9110, 5.6.2 */
static bool
is_token(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (strchr("!#$%&'*+-.^_`|~", *p) == NULL &&
		    !(*p >= '0' && *p <= '9') && !(*p >= 'A' && *p <= 'Z') &&
		    !(*p >= 'a' && *p <= 'z'))
			return false;
	return p != s;
}

/* RFC 9110, 5.5: no controls but a tab. */
static bool
is_value(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

static void
put_header(struct http_request *to, const char *name, const char *value)
{
	assert(is_token(name));
	if (is_value(value))
		http_response_header(to, name, value);
	else
		log_error("server", "the value of %s holds controls", name);
}

static int
body_sent(struct netbuf *nb)
{
	free(nb->buf);
	return KORE_RESULT_OK;
}

/*
 * The length of what GET would have answered is not known any more: HEAD goes
 * without (RFC 9110, 8.6).
 */
static bool
has_no_body(const struct http_request *to, struct reply *re)
{
	return to->method == HTTP_METHOD_HEAD || re->body.len == 0;
}

void
kore_reply_send(struct http_request *to, struct reply *re)
{
	size_t i, length;
	char *body;

	for (i = 0; i < re->n_headers; i++)
		put_header(to, re->headers[i].name, re->headers[i].value);
	if (to->owner == NULL || has_no_body(to, re)) {
		if (to->method == HTTP_METHOD_HEAD) {
			put_header(to, "Content-Type", re->content_type);
			to->flags |= HTTP_REQUEST_NO_CONTENT_LENGTH;
		}
		http_response(to, re->status, NULL, 0);
		buf_free(&re->body);
		return;
	}
	put_header(to, "Content-Type", re->content_type);
	body = buf_take(&re->body, &length);
	http_response_stream(to, re->status, body, length, body_sent, NULL);
}
