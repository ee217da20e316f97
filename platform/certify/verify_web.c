/* Whether a certificate is genuine: for anybody who was shown one. */
#include "base/clock.h"
#include "base/json.h"
#include "certify/certify.h"
#include "certify/certify.tmpl.h"
#include "certify/certify_pages.h"
#include "certify/handlers.h"
#include "http/site.h"

static const enum verify_result results[] = {
    [CERTIFICATE_VALID] = VERIFY_VALID,
    [CERTIFICATE_EXPIRED] = VERIFY_EXPIRED,
    [CERTIFICATE_REVOKED] = VERIFY_REVOKED,
};

static const char *const result_words[] = {
    [VERIFY_VALID] = "valid",
    [VERIFY_EXPIRED] = "expired",
    [VERIFY_REVOKED] = "revoked",
    [VERIFY_UNKNOWN] = "unknown",
};

static const char *
holder_text(const struct req *r, const struct certificate *c)
{
	return *c->holder == '\0' ? message(r->lang, M_certify_no_name)
				  : c->holder;
}

static int64_t
ended_at(const struct certificate *c, enum verify_result result)
{
	return result == VERIFY_REVOKED ? c->revoked_at : c->expires_at;
}

static enum err
show_page(const struct req *r, struct reply *re, struct verify_page *p)
{
	struct out o = {&re->body, r->lang};

	p->post = url_path(r->arena, "/verify");
	page_init(&p->page, r, message(r->lang, M_certify_verify));
	if (p->empty)
		page_problem(&p->page, "number",
		    message(r->lang, M_certify_number_empty));
	verify_page(&o, p);
	if (p->empty)
		return reply_invalid(re);
	if (p->result == VERIFY_UNKNOWN)
		return reply_keep(re, ERR_NOT_FOUND);
	return ERR_OK;
}

static void
put_pair(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, ", \"%s\": ", key);
	if (value == NULL)
		buf_puts(b, "null");
	else
		json_quote(b, value);
}

/* c is NULL for a number that nobody has. */
static enum err
show_json(const struct req *r, struct reply *re, enum verify_result result,
    const struct certificate *c)
{
	struct bilingual title;
	struct buf *b = &re->body;

	re->content_type = "application/json";
	buf_puts(b, "{\"status\": ");
	json_quote(b, result_words[result]);
	if (c != NULL) {
		title = certificate_title(r->site, c, r->arena);
		put_pair(b, "number", c->number);
		put_pair(b, "kind", c->kind);
		put_pair(b, "holder", *c->holder == '\0' ? NULL : c->holder);
		put_pair(b, "course", c->thing);
		put_pair(b, "title_ja", title.in[LANG_JA]);
		put_pair(b, "title_en", title.in[LANG_EN]);
		put_pair(b, "issued_on", date_iso(r->arena, c->issued_at));
		if (result != VERIFY_VALID)
			put_pair(b, "ended_on",
			    date_iso(r->arena, ended_at(c, result)));
	}
	buf_puts(b, "}\n");
	return result == VERIFY_UNKNOWN ? reply_keep(re, ERR_NOT_FOUND)
					: ERR_OK;
}

static enum err
show_result(const struct req *r, struct reply *re, const struct certificate *c)
{
	enum verify_result result = results[certificate_state(c, r->now)];
	struct verify_page p = {
	    .typed = c->number,
	    .result = result,
	    .number = c->number,
	    .holder = holder_text(r, c),
	    .title = certificate_title(r->site, c, r->arena).in[r->lang],
	    .issued = date_formal(r->arena, r->lang, c->issued_at),
	};

	if (r->wants_json)
		return show_json(r, re, result, c);
	if (result != VERIFY_VALID)
		p.ended = date_formal(r->arena, r->lang, ended_at(c, result));
	return show_page(r, re, &p);
}

static enum err
answer(const struct req *r, struct reply *re, const char *typed)
{
	struct verify_page unknown = {
	    .typed = typed,
	    .result = VERIFY_UNKNOWN,
	};
	struct certificate c;
	const char *number;
	enum err e = ERR_NOT_FOUND;

	/* A name stands on the page: not for search engines. */
	reply_header(r, re, "X-Robots-Tag", "noindex");
	if (certificate_number_read(r->arena, typed, &number))
		e = certificate_verify(r->db, number, r->arena, &c);
	if (e == ERR_OK)
		return show_result(r, re, &c);
	if (e != ERR_NOT_FOUND)
		return e;
	if (r->wants_json)
		return show_json(r, re, VERIFY_UNKNOWN, NULL);
	return show_page(r, re, &unknown);
}

enum err
verify_number_get(struct req *r, struct reply *re)
{
	return answer(r, re, param_text(r, "number"));
}

/* The form, and what it was sent with: /verify?number=… */
enum err
verify_get(struct req *r, struct reply *re)
{
	const char *typed =
	    text_trim(r->arena, field_value(&r->query, "number"));
	struct verify_page p = {
	    .typed = "",
	    .empty = field_present(&r->query, "number"),
	};
	const char *number;

	if (*typed == '\0')
		return show_page(r, re, &p);
	if (!certificate_number_read(r->arena, typed, &number))
		return answer(r, re, typed);
	/* an address that can be kept and passed on */
	return reply_redirect(r, re, url_path(r->arena, "/verify/%s", number));
}
