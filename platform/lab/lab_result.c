/* Reads what a checker printed, and keeps it as JSON lines. */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "lab/lab_result.h"

#define LINE_BYTES_MAX 200
#define FIELD_BYTES_MAX 64

struct line {
	char id[FIELD_BYTES_MAX], points[FIELD_BYTES_MAX],
	    message[FIELD_BYTES_MAX];
};

/* ----------------------------------------------------------------- parsing */

/* One field up to its end; small letters, digits and those of `more` only. */
static bool
cut_field(
    const char **at, const char *end, char stop, const char *more, char *out)
{
	const char *p = *at;
	size_t n = 0;

	for (; p < end && *p != stop; p++) {
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
			(*p != '\0' && strchr(more, *p) != NULL)) ||
		    n == FIELD_BYTES_MAX - 1)
			return false;
		out[n++] = *p;
	}
	out[n] = '\0';
	*at = p;
	return n > 0;
}

static bool
cut_line(const char *at, const char *end, struct line *l)
{
	if (end - at > LINE_BYTES_MAX)
		return false;
	if (!cut_field(&at, end, '\t', "_", l->id) || at++ == end ||
	    !cut_field(&at, end, '\t', "_", l->points) || at++ == end)
		return false;
	return cut_field(&at, end, '\n', "_", l->message) && at == end;
}

static const struct lab_message *
find_message(const struct lab *lab, const char *key)
{
	size_t i;

	for (i = 0; i < lab->n_messages; i++)
		if (text_eq(lab->messages[i].key, key))
			return &lab->messages[i];
	return NULL;
}

/* The place of the check whose id begins a line, whatever follows. */
static size_t
find_check(const struct lab *lab, const char *at, const char *end)
{
	const char *tab = memchr(at, '\t', (size_t)(end - at));
	size_t len = (size_t)((tab == NULL ? end : tab) - at), i;

	for (i = 0; i < lab->n_checks; i++)
		if (strlen(lab->checks[i].id) == len &&
		    memcmp(lab->checks[i].id, at, len) == 0)
			break;
	return i;
}

/* ------------------------------------------------------------------- marks */

struct mark_line {
	char kind[FIELD_BYTES_MAX], key[FIELD_BYTES_MAX],
	    given[FIELD_BYTES_MAX], truth[FIELD_BYTES_MAX];
};

static bool
is_digest(const char *s)
{
	return strlen(s) == LAB_MARK_CHARS &&
	    strspn(s, "0123456789abcdef") == LAB_MARK_CHARS;
}

/* Keys may hold a dot: they are those of the files handed in. */
static bool
cut_mark(const char *at, const char *end, struct mark_line *l)
{
	if (end - at > LINE_BYTES_MAX)
		return false;
	return cut_field(&at, end, '\t', "_", l->kind) && at++ != end &&
	    cut_field(&at, end, '\t', "_.", l->key) && at++ != end &&
	    cut_field(&at, end, '\t', "", l->given) && at++ != end &&
	    cut_field(&at, end, '\n', "", l->truth) && at == end &&
	    (text_eq(l->given, "none") || is_digest(l->given)) &&
	    is_digest(l->truth);
}

static bool
has_mark(const struct lab_result *r, bool is_canary, const char *key)
{
	size_t i;

	for (i = 0; i < r->n_marks; i++)
		if (text_eq(r->marks[i].key, key) ||
		    (is_canary && r->marks[i].canary))
			return true;
	return false;
}

static bool
take_mark(
    const char *at, const char *end, struct arena *a, struct lab_result *out)
{
	struct mark_line l;
	bool is_canary;

	if (!cut_mark(at, end, &l))
		return false;
	is_canary = text_eq(l.kind, "canary");
	if ((!is_canary && !text_eq(l.kind, "answer")) ||
	    out->n_marks == LAB_MARKS_MAX || has_mark(out, is_canary, l.key))
		return false;
	*ARENA_PUSH(a, out->marks, out->n_marks) = (struct lab_mark){
	    .canary = is_canary,
	    .key = arena_strdup(a, l.key),
	    .given = text_eq(l.given, "none") ? NULL : arena_strdup(a, l.given),
	    .truth = arena_strdup(a, l.truth),
	};
	return true;
}

/* ------------------------------------------------------------------ checks */

/* seen: how many lines began with the id of each check. */
static void
take_line(const char *at, const char *end, const struct lab *lab,
    unsigned *seen, struct arena *a, struct lab_result *out)
{
	const struct lab_message *message;
	size_t i = find_check(lab, at, end);
	int64_t points;
	struct line l;

	if (i == lab->n_checks) {
		out->wrong_lines += !take_mark(at, end, a, out);
		return;
	}
	if (seen[i]++ > 0) { /* which of them is forged? */
		out->checks[i].points = 0;
		out->checks[i].message = "";
		out->wrong_lines++;
		return;
	}
	if (!cut_line(at, end, &l) || !text_to_int(l.points, &points) ||
	    points > lab->checks[i].points ||
	    (message = find_message(lab, l.message)) == NULL) {
		out->wrong_lines++;
		return;
	}
	out->checks[i].points = points;
	out->checks[i].message = message->key;
}

void
lab_result_parse(const char *text, size_t n, const struct lab *lab,
    struct arena *a, struct lab_result *out)
{
	unsigned *seen = ARENA_ARRAY(a, unsigned, lab->n_checks);
	const char *at = text, *end = text + n, *newline;
	size_t i;

	*out = (struct lab_result){
	    .checks = ARENA_ARRAY(a, struct check_result, lab->n_checks),
	    .n = lab->n_checks,
	};
	for (i = 0; i < lab->n_checks; i++)
		out->checks[i] = (struct check_result){
		    .id = lab->checks[i].id,
		    .message = "",
		};
	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL) { /* it was cut off */
			out->wrong_lines++;
			break;
		}
		take_line(at, newline, lab, seen, a, out);
	}
	for (i = 0; i < out->n; i++) {
		out->points += out->checks[i].points;
		out->believed += *out->checks[i].message != '\0';
	}
}

/* --------------------------------------------------------------- JSON lines */

char *
lab_result_write(struct arena *a, const struct lab_result *r)
{
	struct buf b = BUF_EMPTY;
	char *text;
	size_t i;

	for (i = 0; i < r->n; i++) {
		buf_puts(&b, "{\"id\":");
		json_quote(&b, r->checks[i].id);
		buf_puts(&b, ",\"points\":");
		buf_int(&b, r->checks[i].points);
		buf_puts(&b, ",\"message\":");
		json_quote(&b, r->checks[i].message);
		buf_puts(&b, "}\n");
	}
	buf_puts(&b, "{\"hints\":");
	buf_int(&b, r->hints);
	buf_puts(&b, "}\n");
	text = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return text;
}

char *
lab_result_failed(struct arena *a, const char *why)
{
	struct buf b = BUF_EMPTY;
	char *text;

	buf_puts(&b, "{\"failed\":");
	json_quote(&b, why);
	buf_puts(&b, "}\n");
	text = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return text;
}
