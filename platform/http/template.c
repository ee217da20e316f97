/* The functions that compiled templates are made of: escaping, by place. */
#include "http/template.h"

#include <assert.h>
#include <string.h>

#include "http/message_table.h"

/* Escapes for text and for quoted attribute values alike. */
static void
put_escaped(struct buf *b, const char *s)
{
	static const char special[] = "&<>\"'";
	size_t n;

	while (*s != '\0') {
		n = strcspn(s, special);
		buf_put(b, s, n);
		s += n;
		switch (*s) {
		case '\0':
			return;
		case '&':
			buf_puts(b, "&amp;");
			break;
		case '<':
			buf_puts(b, "&lt;");
			break;
		case '>':
			buf_puts(b, "&gt;");
			break;
		case '"':
			buf_puts(b, "&quot;");
			break;
		case '\'':
			buf_puts(b, "&#39;");
			break;
		}
		s++;
	}
}

void
template_raw(struct out *o, const char *s, size_t n)
{
	buf_put(o->buf, s, n);
}

void
template_text(struct out *o, const char *s)
{
	assert(s != NULL);
	put_escaped(o->buf, s);
}

void
template_int(struct out *o, int64_t n)
{
	char number[NUMBER_BYTES];

	message_number(n, number);
	buf_puts(o->buf, number);
}

void
template_size(struct out *o, size_t n)
{
	template_int(o, (int64_t)n);
}

void
template_plain_int(struct out *o, int64_t n)
{
	buf_int(o->buf, n);
}

void
template_plain_size(struct out *o, size_t n)
{
	buf_int(o->buf, (int64_t)n);
}

void
template_html(struct out *o, struct safe_html h)
{
	assert(h.text != NULL);
	buf_puts(o->buf, h.text);
}

void
template_url(struct out *o, struct url u)
{
	assert(u.text != NULL);
	put_escaped(o->buf, u.text);
}

void
template_bilingual(struct out *o, struct bilingual b)
{
	template_text(o, b.in[o->lang]);
}

struct template_arg
template_arg_text(const struct out *o, const char *s)
{
	(void)o;
	assert(s != NULL);
	return (struct template_arg){.text = s};
}

struct template_arg
template_arg_int(const struct out *o, int64_t n)
{
	(void)o;
	return (struct template_arg){.number = n};
}

struct template_arg
template_arg_size(const struct out *o, size_t n)
{
	return template_arg_int(o, (int64_t)n);
}

struct template_arg
template_arg_bilingual(const struct out *o, struct bilingual b)
{
	return template_arg_text(o, b.in[o->lang]);
}

static void
put_argument(struct out *o, const struct template_arg *arg)
{
	if (arg->text != NULL)
		template_text(o, arg->text);
	else
		template_int(o, arg->number);
}

void
template_message(
    struct out *o, enum message id, const struct template_arg *args, size_t n)
{
	const char *s = message_form(
	    o->lang, id, n > 0 && args[0].text == NULL ? args[0].number : 0);
	char part[2] = {'\0', '\0'};
	size_t i;

	for (; *s != '\0'; s++) {
		if (*s == '{') {
			i = (size_t)(s[1] - '1');
			assert(i < n);
			put_argument(o, &args[i]);
			s += 2;
		} else {
			part[0] = *s;
			put_escaped(o->buf, part);
		}
	}
}
