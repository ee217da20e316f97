/* A table: rows of pipes to HTML, cell by cell. */
#include <string.h>

#include "content/list.h"
#include "content/markdown_parts.h"

#define COLUMNS_MAX 20

enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct table {
	struct md *md;
	const struct md_table *cut;
	enum align align[COLUMNS_MAX];
	size_t columns;
	struct buf out;
};

/* Splits at pipes that no backslash escapes; "\|" is a pipe of the cell. */
static size_t
split_row(struct arena *a, const char *row, const char *cells[COLUMNS_MAX])
{
	struct buf b = BUF_EMPTY;
	size_t n = 0;
	const char *p;

	row = text_trim(a, row);
	for (p = row + 1; *p != '\0'; p++) {
		if (p[0] == '\\' && p[1] == '|') {
			buf_putc(&b, *++p);
			continue;
		}
		if (*p != '|') {
			buf_putc(&b, *p);
			continue;
		}
		if (n < COLUMNS_MAX)
			cells[n] = text_trim(a, buf_text(&b));
		n++;
		buf_free(&b);
	}
	if (b.len > 0) { /* the last pipe was left out */
		if (n < COLUMNS_MAX)
			cells[n] = text_trim(a, buf_text(&b));
		n++;
	}
	buf_free(&b);
	return n;
}

/* ":--", ":-:" or "--:". */
static bool
read_align(const char *cell, enum align *out)
{
	size_t n = strlen(cell), dashes;
	bool left = n > 0 && cell[0] == ':', right;

	cell += left;
	dashes = strspn(cell, "-");
	right = cell[dashes] == ':';
	if (dashes == 0 || cell[dashes + right] != '\0')
		return false;
	*out = right ? (left ? ALIGN_CENTRE : ALIGN_RIGHT) : ALIGN_LEFT;
	return true;
}

static bool
read_form(struct table *t)
{
	const char *head[COLUMNS_MAX], *rule[COLUMNS_MAX];
	struct arena *a = t->md->in->a;
	int line = t->cut->line;
	size_t i;

	t->columns = split_row(a, t->cut->rows[0], head);
	if (t->columns == 0 || t->columns > COLUMNS_MAX) {
		md_report(
		    t->md, line, "a table has 1 to %d columns", COLUMNS_MAX);
		return false;
	}
	if (t->cut->n_rows < 3) {
		md_report(t->md, line,
		    "a table has a head, a line of dashes and rows");
		return false;
	}
	if (split_row(a, t->cut->rows[1], rule) != t->columns) {
		md_report(t->md, line + 1,
		    "the line of dashes does not fit %zu columns", t->columns);
		return false;
	}
	for (i = 0; i < t->columns; i++)
		if (!read_align(rule[i], &t->align[i])) {
			md_report(t->md, line + 1,
			    "a line of dashes (|---|---|) is expected below "
			    "the head");
			return false;
		}
	return true;
}

static void
put_row(struct table *t, size_t row, bool head)
{
	static const char *const classes[][2] = {
	    [ALIGN_LEFT] = {"", ""},
	    [ALIGN_CENTRE] = {" cell-centre", " cell-centre"},
	    [ALIGN_RIGHT] = {" govuk-table__cell--numeric",
		" govuk-table__header--numeric"},
	};
	const char *cells[COLUMNS_MAX];
	int line = t->cut->line + (int)row;
	size_t i, n;

	n = split_row(t->md->in->a, t->cut->rows[row], cells);
	if (n != t->columns)
		md_report(t->md, line,
		    "cells in this row: %zu; in the head: %zu "
		    "(a pipe inside a cell is written \\|)",
		    n, t->columns);
	buf_puts(&t->out, "<tr class=\"govuk-table__row\">");
	for (i = 0; i < t->columns; i++) {
		buf_printf(&t->out, "<%s class=\"govuk-table__%s%s\">",
		    head ? "th scope=\"col\"" : "td", head ? "header" : "cell",
		    classes[t->align[i]][head]);
		if (i < n)
			buf_puts(&t->out, md_inline(t->md, cells[i], line));
		buf_puts(&t->out, head ? "</th>" : "</td>");
	}
	buf_puts(&t->out, "</tr>\n");
}

static void
put_caption(struct table *t, size_t number)
{
	const char *text = t->cut->caption;
	struct arena *a = t->md->in->a;

	if (text == NULL) {
		md_report(t->md, t->cut->line,
		    "a line \"表: …\" or \"Table: …\" above the table is its "
		    "caption");
		text = "";
	}
	buf_printf(&t->out,
	    "<caption class=\"govuk-table__caption govuk-table__caption--s\" "
	    "id=\"table-%zu\">%s</caption>\n",
	    number, md_inline(t->md, text_trim(a, text), t->cut->line));
}

const char *
md_table_html(struct md *md, const struct md_table *cut, size_t number)
{
	struct table t = {.md = md, .cut = cut};
	const char *html;
	size_t i;

	if (!read_form(&t))
		return "";
	md_part(
	    md, PART_TABLE, cut->line, (int)t.columns, (int)cut->n_rows - 2);
	/* A wide table scrolls by itself, also with the keyboard. */
	buf_printf(&t.out,
	    "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-labelledby=\"table-%zu\">\n<table class=\"govuk-table\">\n",
	    number);
	put_caption(&t, number);
	buf_puts(&t.out, "<thead class=\"govuk-table__head\">\n");
	put_row(&t, 0, true);
	buf_puts(&t.out, "</thead>\n<tbody class=\"govuk-table__body\">\n");
	for (i = 2; i < cut->n_rows; i++)
		put_row(&t, i, false);
	buf_puts(&t.out, "</tbody>\n</table>\n</div>");
	html = arena_strndup(md->in->a, buf_text(&t.out), t.out.len);
	buf_free(&t.out);
	return html;
}
