/* Reading a roster file: encoding, CSV (RFC 4180, by libcsv), cells. */
#include "people/roster_read.h"

#include <csv.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const roster_column_names[COLUMN__MAX] = {
    [COLUMN_NUMBER] = "employee_number",
    [COLUMN_NAME] = "name",
    [COLUMN_KANA] = "kana",
    [COLUMN_EMAIL] = "email",
    [COLUMN_DEPARTMENT] = "department",
    [COLUMN_ROLE] = "role",
    [COLUMN_MANAGER] = "line_manager",
};

static const char *const japanese_names[COLUMN__MAX] = {
    [COLUMN_NUMBER] = "職員番号",
    [COLUMN_NAME] = "氏名",
    [COLUMN_KANA] = "フリガナ",
    [COLUMN_EMAIL] = "メールアドレス",
    [COLUMN_DEPARTMENT] = "部署",
    [COLUMN_ROLE] = "役割",
    [COLUMN_MANAGER] = "上司",
};

const char *
roster_column_title(enum lang lang, const char *column)
{
	int i;

	for (i = 0; i < COLUMN__MAX; i++)
		if (lang == LANG_JA && text_eq(column, roster_column_names[i]))
			return japanese_names[i];
	return column;
}

static const bool required[COLUMN__MAX] = {
    [COLUMN_NUMBER] = true,
    [COLUMN_NAME] = true,
    [COLUMN_ROLE] = true,
};

static const size_t chars_max[COLUMN__MAX] = {
    [COLUMN_NUMBER] = EMPLOYEE_NUMBER_MAX,
    [COLUMN_NAME] = NAME_CHARS_MAX,
    [COLUMN_KANA] = NAME_CHARS_MAX,
    [COLUMN_EMAIL] = EMAIL_BYTES_MAX,
    [COLUMN_DEPARTMENT] = DEPARTMENT_CHARS_MAX,
    [COLUMN_ROLE] = 16,
    [COLUMN_MANAGER] = EMPLOYEE_NUMBER_MAX,
};

/* -------------------------------------------------------------- encoding */

/* Shift_JIS as Windows writes it; NULL when the bytes are none. */
static char *
from_shift_jis(struct arena *a, const char *s, size_t n, size_t *out_n)
{
	size_t room = n * 3 + 1, left = room - 1, in_left = n;
	char *text = arena_alloc(a, room), *to = text;
	char *from = arena_strndup(a, s, n);
	iconv_t cd = iconv_open("UTF-8", "CP932");
	size_t r;

	if (cd == (iconv_t)-1)
		return NULL;
	r = iconv(cd, &from, &in_left, &to, &left);
	(void)iconv_close(cd);
	if (r == (size_t)-1 || in_left != 0)
		return NULL;
	*out_n = (size_t)(to - text);
	return text;
}

static bool
to_utf8(struct arena *a, const char **s, size_t *n, bool *converted)
{
	if (*n >= 3 && memcmp(*s, "\xef\xbb\xbf", 3) == 0) {
		*s += 3;
		*n -= 3;
	}
	if (text_is_utf8(*s, *n))
		return true;
	*converted = true;
	*s = from_shift_jis(a, *s, *n, n);
	return *s != NULL && text_is_utf8(*s, *n);
}

/* ------------------------------------------------------------------- CSV */

struct reading {
	struct arena *a;
	struct roster_file *file;
	int where[COLUMN__MAX]; /* the column's place in the file, -1: absent */
	bool have_header;
	bool bad_header;
	struct roster_cells now;
	int place;
	int64_t line;
	bool after_cr; /* a line feed that follows belongs to its line */
	bool any; /* a cell with something in it */
};

static void
header_cell(struct reading *rd, const char *cell)
{
	const char *lower = text_lower(rd->a, cell);
	int i;

	for (i = 0; i < COLUMN__MAX; i++)
		if (text_eq(lower, roster_column_names[i]) ||
		    text_eq(cell, japanese_names[i])) {
			if (rd->where[i] != -1)
				rd->bad_header = true;
			rd->where[i] = rd->place;
		}
}

/* Sign-in does not tell a1 from A1, so neither does a roster. */
static bool
is_number_column(int column)
{
	return column == COLUMN_NUMBER || column == COLUMN_MANAGER;
}

static const char *
upper(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s), *p;

	for (p = copy; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return copy;
}

static void
on_cell(void *p, size_t n, void *ctx)
{
	struct reading *rd = ctx;
	const char *cell;
	int i;

	cell = text_trim(rd->a, n == 0 ? "" : arena_strndup(rd->a, p, n));
	if (*cell != '\0')
		rd->any = true;
	if (!rd->have_header) {
		header_cell(rd, cell);
	} else {
		for (i = 0; i < COLUMN__MAX; i++)
			if (rd->where[i] == rd->place)
				rd->now.cell[i] = is_number_column(i)
				    ? upper(rd->a, cell)
				    : cell;
	}
	rd->place++;
}

static void
clear_line(struct reading *rd)
{
	int i;

	for (i = 0; i < COLUMN__MAX; i++)
		rd->now.cell[i] = "";
	rd->place = 0;
	rd->any = false;
}

static void
on_line(int end, void *ctx)
{
	struct reading *rd = ctx;
	int i;

	/* libcsv tells the two characters of a CR LF as two lines */
	if (end == '\n' && rd->after_cr && rd->place == 0) {
		rd->after_cr = false;
		return;
	}
	rd->after_cr = end == '\r';
	rd->line++;
	if (!rd->have_header) {
		rd->have_header = true;
		for (i = 0; i < COLUMN__MAX; i++)
			if (required[i] && rd->where[i] == -1)
				rd->bad_header = true;
	} else if (rd->any) {
		if (rd->file->n == ROSTER_LINES_MAX) {
			rd->file->cut = true;
		} else {
			rd->now.line = rd->line;
			*ARENA_PUSH(rd->a, rd->file->lines, rd->file->n) =
			    rd->now;
		}
	}
	clear_line(rd);
}

static enum roster_refusal
parse(struct reading *rd, const char *s, size_t n)
{
	struct csv_parser csv;
	bool broken;

	if (csv_init(&csv,
		CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL |
		    CSV_REPALL_NL) != 0)
		abort();
	/* every line is told, also an empty one, so that numbers stay true */
	broken = csv_parse(&csv, s, n, on_cell, on_line, rd) != n ||
	    csv_fini(&csv, on_cell, on_line, rd) != 0;
	csv_free(&csv);
	if (broken)
		return ROSTER_NOT_CSV;
	if (!rd->have_header)
		return ROSTER_EMPTY;
	if (rd->bad_header)
		return ROSTER_NO_HEADER;
	return rd->file->n == 0 ? ROSTER_EMPTY : ROSTER_FINE;
}

enum err
roster_read(const void *csv, size_t size, struct arena *a,
    enum roster_refusal *refusal, struct roster_file *out)
{
	struct reading rd = {.a = a, .file = out};
	const char *s = csv;
	size_t n = size;
	int i;

	*out = (struct roster_file){0};
	for (i = 0; i < COLUMN__MAX; i++)
		rd.where[i] = -1;
	clear_line(&rd);
	if (size > ROSTER_BYTES_MAX)
		return ERR_TOO_LARGE;
	if (size == 0)
		*refusal = ROSTER_EMPTY;
	else if (!to_utf8(a, &s, &n, &out->converted))
		*refusal = ROSTER_NOT_TEXT;
	else
		*refusal = parse(&rd, s, n);
	for (i = 0; i < COLUMN__MAX; i++)
		out->has[i] = rd.where[i] != -1;
	return *refusal == ROSTER_FINE ? ERR_OK : ERR_INVALID;
}

/* ----------------------------------------------------------------- cells */

static bool
is_number(const char *s)
{
	for (; *s != '\0'; s++)
		if (!((*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z') ||
			(*s >= 'a' && *s <= 'z') || *s == '_'))
			return false;
	return true;
}

/* What mail needs, no more: one @, no white space, a dot in the domain. */
static bool
is_email(const char *s)
{
	const char *at = strchr(s, '@'), *p;

	if (at == NULL || at == s || strchr(at + 1, '@') != NULL ||
	    strchr(at + 1, '.') == NULL || at[1] == '.' || text_ends(s, "."))
		return false;
	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f ||
		    strchr("\"(),:;<>[\\]", *p) != NULL)
			return false;
	return true;
}

static bool
cell_problem(
    enum roster_column i, const char *cell, enum roster_problem *problem)
{
	if (*cell == '\0') {
		*problem = ROSTER_MISSING;
		return required[i];
	}
	if (text_has_control(cell, "")) {
		*problem = ROSTER_CONTROL;
		return true;
	}
	if (strchr("=+-@\t", *cell) != NULL) {
		*problem = ROSTER_FORMULA;
		return true;
	}
	if (text_length(cell) > chars_max[i]) {
		*problem = ROSTER_TOO_LONG;
		return true;
	}
	if (is_number_column((int)i) && !is_number(cell)) {
		*problem = ROSTER_BAD_NUMBER;
		return true;
	}
	*problem = ROSTER_BAD_EMAIL;
	return i == COLUMN_EMAIL && !is_email(cell);
}

bool
roster_check(const struct roster_cells *line, enum roster_problem *problem,
    enum roster_column *column)
{
	int i;

	for (i = 0; i < COLUMN__MAX; i++)
		if (cell_problem(
			(enum roster_column)i, line->cell[i], problem)) {
			*column = (enum roster_column)i;
			return true;
		}
	return false;
}
