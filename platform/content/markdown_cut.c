/*
 * Cuts tables and footnotes out of a text before cmark sees it. As passes
 * over cmark's tree both fail: a code span may cross the cells of a row, and
 * a Japanese footnote, which has no spaces, is read as a link definition and
 * vanishes.
 */
#include <stdlib.h>
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"

#define NOTES_MAX 200

struct line {
	const char *text; /* not terminated */
	size_t n;
	size_t prefix; /* spaces and '>' in front */
	bool verbatim; /* part of a code block or HTML block */
};

struct cutting {
	struct md *md;
	struct line *lines;
	size_t n;
	struct buf out;
};

static struct line *
split_lines(struct md *md, size_t *n)
{
	const char *p = md->in->text, *end = p + md->in->size, *nl;
	struct line *lines = NULL, *l;

	*n = 0;
	while (p < end) {
		nl = memchr(p, '\n', (size_t)(end - p));
		l = LIST_ADD(md->in->a, lines, *n);
		l->text = p;
		l->n = nl == NULL ? (size_t)(end - p) : (size_t)(nl - p);
		while (l->prefix < l->n &&
		    (p[l->prefix] == ' ' || p[l->prefix] == '>'))
			l->prefix++;
		p += l->n + 1;
	}
	return lines;
}

/* Where code and HTML blocks are is cmark's decision. */
static void
find_verbatim(struct cutting *c)
{
	cmark_node *doc = cmark_parse_document(
	    c->md->in->text, c->md->in->size, CMARK_OPT_DEFAULT);
	cmark_iter *it = cmark_iter_new(doc);
	cmark_event_type event;
	cmark_node_type type;
	cmark_node *node;
	int i, first, last;

	while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		node = cmark_iter_get_node(it);
		type = cmark_node_get_type(node);
		if (event != CMARK_EVENT_ENTER ||
		    (type != CMARK_NODE_CODE_BLOCK &&
			type != CMARK_NODE_HTML_BLOCK))
			continue;
		first = cmark_node_get_start_line(node);
		last = cmark_node_get_end_line(node);
		for (i = first; i <= last; i++)
			if (i >= 1 && (size_t)i <= c->n)
				c->lines[i - 1].verbatim = true;
	}
	cmark_iter_free(it);
	cmark_node_free(doc);
}

static const char *
body(const struct line *l, size_t *n)
{
	*n = l->n - l->prefix;
	return l->text + l->prefix;
}

static bool
starts(const struct line *l, const char *with)
{
	size_t n, m = strlen(with);
	const char *s = body(l, &n);

	return !l->verbatim && n >= m && memcmp(s, with, m) == 0;
}

static bool
is_row(const struct line *l)
{
	return starts(l, "|");
}

static bool
is_blank(const struct line *l)
{
	return l->prefix == l->n;
}

static bool
same_prefix(const struct line *x, const struct line *y)
{
	return x->prefix == y->prefix &&
	    memcmp(x->text, y->text, x->prefix) == 0;
}

/* "表: …" or "Table: …": the caption's length and start; NULL: none. */
static const char *
caption_of(const struct line *l, size_t *n)
{
	static const char *const words[] = {"表: ", "表:", "表:", "Table: "};
	const char *s = body(l, n);
	size_t i, m;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		m = strlen(words[i]);
		if (starts(l, words[i])) {
			*n -= m;
			return s + m;
		}
	}
	return NULL;
}

static void
put_line(struct cutting *c, const char *s, size_t n, size_t source)
{
	struct md *md = c->md;

	buf_put(&c->out, s, n);
	buf_putc(&c->out, '\n');
	*LIST_ADD(md->in->a, md->lines, md->n_lines) = (int)source + 1;
}

/* An empty line inside the same quotes. */
static void
put_empty(struct cutting *c, size_t source)
{
	const struct line *l = &c->lines[source];
	size_t n = l->prefix;

	while (n > 0 && l->text[n - 1] == ' ')
		n--;
	put_line(c, l->text, n, source);
}

static size_t
cut_table(struct cutting *c, size_t i, const char *caption, size_t bytes)
{
	struct md *md = c->md;
	const struct line *first = &c->lines[i];
	struct md_table *t = LIST_ADD(md->in->a, md->tables, md->n_tables);
	const char *s;
	struct buf b = BUF_EMPTY;
	size_t n;

	t->line = (int)i + 1;
	if (caption != NULL)
		t->caption = arena_strndup(md->in->a, caption, bytes);
	put_empty(c, i);
	buf_put(&b, first->text, first->prefix);
	buf_printf(&b, MARK_TABLE "%zu" MARK_TABLE_END, md->n_tables - 1);
	put_line(c, b.data, b.len, i);
	buf_free(&b);
	put_empty(c, i);
	for (; i < c->n && is_row(&c->lines[i]) &&
	     same_prefix(first, &c->lines[i]);
	     i++) {
		s = body(&c->lines[i], &n);
		*LIST_ADD(md->in->a, t->rows, t->n_rows) =
		    arena_strndup(md->in->a, s, n);
	}
	return i;
}

/* A caption, and what follows it; an empty line between is fine. */
static size_t
cut_caption(struct cutting *c, size_t i, const char *caption, size_t bytes)
{
	size_t next = i + 1;

	if (next < c->n && is_blank(&c->lines[next]))
		next++;
	if (next < c->n && is_row(&c->lines[next]) &&
	    same_prefix(&c->lines[i], &c->lines[next]))
		return cut_table(c, next, caption, bytes);
	md_report(c->md, (int)i + 1, "a caption without a table below it");
	put_line(c, c->lines[i].text, c->lines[i].n, i);
	return i + 1;
}

size_t
md_note_mention(
    const char *s, size_t n, const char **label, size_t *label_bytes)
{
	size_t i;

	if (n < 4 || s[0] != '[' || s[1] != '^')
		return 0;
	for (i = 2; i < n && s[i] != ']'; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", s[i]) ==
			NULL ||
		    s[i] == '\0')
			return 0;
	if (i == n || i == 2 || i - 2 > NOTE_LABEL_MAX)
		return 0;
	*label = s + 2;
	*label_bytes = i - 2;
	return i + 1;
}

/*
 * The brackets are escaped, so that "[^1](…)" is no link, and stay, so that
 * emphasis beside them is found as CommonMark says: they are punctuation.
 */
void
md_mark_notes(struct buf *out, const char *s, size_t n)
{
	const char *label;
	size_t i, took, bytes;

	for (i = 0; i < n; i++) {
		took = i > 0 && s[i - 1] == '\\'
		    ? 0
		    : md_note_mention(s + i, n - i, &label, &bytes);
		if (took == 0) {
			buf_putc(out, s[i]);
			continue;
		}
		buf_puts(out, "\\[" MARK_NOTE);
		buf_put(out, label, bytes);
		buf_puts(out, MARK_NOTE_END "\\]");
		i += took - 1;
	}
}

/* "[^1]: text" at the start of a line; the next line, or the same. */
static size_t
cut_note(
    struct cutting *c, size_t i, size_t took, const char *label, size_t bytes)
{
	struct md *md = c->md;
	const struct line *l = &c->lines[i];
	struct md_note *note;
	size_t j, next = i + 1;

	if (md->n_notes == NOTES_MAX) {
		md_report(md, 0, "more than %d footnotes", NOTES_MAX);
		put_line(c, "", 0, i);
		return next;
	}
	note = LIST_ADD(md->in->a, md->notes, md->n_notes);
	note->label = arena_strndup(md->in->a, label, bytes);
	note->line = (int)i + 1;
	note->text = text_trim(md->in->a,
	    arena_strndup(md->in->a, l->text + took + 1, l->n - took - 1));
	md_part(md, PART_NOTE, note->line, 0, 0);
	for (j = 0; j + 1 < md->n_notes; j++)
		if (text_eq(md->notes[j].label, note->label)) {
			md_report(md, note->line,
			    "footnote %s is already defined in line %d",
			    note->label, md->notes[j].line);
			break;
		}
	if (*note->text == '\0')
		md_report(md, note->line, "footnote %s is empty", note->label);
	if (next < c->n && !is_blank(&c->lines[next]) &&
	    !starts(&c->lines[next], "[^"))
		md_report(md, (int)next + 1,
		    "a footnote is one line, with an empty line after the "
		    "last");
	put_line(c, "", 0, i);
	return next;
}

static size_t
cut_line(struct cutting *c, size_t i)
{
	const struct line *l = &c->lines[i];
	const char *caption, *label;
	size_t n, took, bytes;
	struct buf b = BUF_EMPTY;

	if (l->verbatim) {
		put_line(c, l->text, l->n, i);
		return i + 1;
	}
	if (is_row(l))
		return cut_table(c, i, NULL, 0);
	if ((caption = caption_of(l, &n)) != NULL)
		return cut_caption(c, i, caption, n);
	took = md_note_mention(l->text, l->n, &label, &bytes);
	if (took > 0 && took < l->n && l->text[took] == ':')
		return cut_note(c, i, took, label, bytes);
	md_mark_notes(&b, l->text, l->n);
	put_line(c, buf_text(&b), b.len, i);
	buf_free(&b);
	return i + 1;
}

char *
md_cut(struct md *md, size_t *size)
{
	struct cutting c = {.md = md};
	size_t i = 0;

	c.lines = split_lines(md, &c.n);
	find_verbatim(&c);
	while (i < c.n)
		i = cut_line(&c, i);
	return buf_take(&c.out, size);
}
