/*
 * The message compiler: usage messages OUT.c OUT.h FILE.po… . Reads the
 * catalogues of both languages ("ja.po", "en.po"), checks that they say the
 * same things, and writes an enum and a table, sorted by id. A mistake is told
 * as "file:line: message" and nothing is written.
 */
#include "tools/messages/messages.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "ja.po", or "http.ja.po" in tests. */
static enum language
language_of(const char *file)
{
	size_t n = strlen(file);
	const char *tail;

	if (n >= 5) {
		tail = file + n - 5;
		if (n == 5 || tail[-1] == '.' || tail[-1] == '/') {
			if (strcmp(tail, "ja.po") == 0)
				return JA;
			if (strcmp(tail, "en.po") == 0)
				return EN;
		}
	}
	fail(file, 1, "the name ends neither in ja.po nor in en.po");
}

static int
compare_ids(const void *a, const void *b)
{
	const struct message *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static int
arguments_of(const struct message *m)
{
	int n = 0;

	for (const char *s = m->in[JA].text; *s != '\0'; s++)
		if (*s == '{' && s[1] - '0' > n)
			n = s[1] - '0';
	return n;
}

static void
put_string(struct text *t, const char *s)
{
	text_put(t, "\"", 1);
	text_put_c(t, s, strlen(s));
	text_put(t, "\"", 1);
}

static void
put_header(struct text *t, const struct messages *all)
{
	char name[ID_BYTES_MAX];
	const struct message *m;

	text_printf(t,
	    "/* Generated from platform/messages. */\n"
	    "#ifndef MESSAGES_GEN_H\n#define MESSAGES_GEN_H\n\n"
	    "enum message {\n");
	for (size_t i = 0; i < all->n; i++) {
		m = &all->list[i];
		message_name(name, m->id, strlen(m->id));
		text_printf(t, "\tM_%s,\n", name);
	}
	text_printf(t,
	    "\tM__MAX\n};\n\n/* How many arguments each takes. */\n"
	    "enum message_arguments {\n");
	for (size_t i = 0; i < all->n; i++) {
		m = &all->list[i];
		message_name(name, m->id, strlen(m->id));
		text_printf(t, "\tARGUMENTS_%s = %d,\n", name, arguments_of(m));
	}
	text_printf(t, "\tARGUMENTS__NONE = 0\n};\n\n#endif\n");
}

static void
put_table(struct text *t, const struct messages *all)
{
	char name[ID_BYTES_MAX];
	const struct message *m;

	text_printf(t,
	    "/* Generated from platform/messages. */\n"
	    "#include \"http/message_table.h\"\n\n"
	    "const struct message_row message_rows[M__MAX + 1] = {\n");
	for (size_t i = 0; i < all->n; i++) {
		m = &all->list[i];
		message_name(name, m->id, strlen(m->id));
		text_printf(t, "\t[M_%s] = {{", name);
		put_string(t, m->in[JA].text);
		text_printf(t, ",\n\t    ");
		put_string(t, m->in[EN].text);
		text_printf(t, "},\n\t    ");
		if (m->one != NULL)
			put_string(t, m->one);
		else
			text_printf(t, "NULL");
		text_printf(t, ", %d},\n", arguments_of(m));
	}
	text_printf(t, "};\n");
}

int
main(int argc, char **argv)
{
	static struct messages all;
	struct text c = {0}, h = {0};

	if (argc < 3) {
		fprintf(stderr, "usage: messages OUT.c OUT.h FILE.po...\n");
		return 2;
	}
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		abort();
	for (int i = 3; i < argc; i++)
		read_catalogue(&all, argv[i], language_of(argv[i]));
	check_languages(&all);
	check_names(&all);
	qsort(all.list, all.n, sizeof(all.list[0]), compare_ids);
	put_table(&c, &all);
	put_header(&h, &all);
	write_file(argv[1], &c);
	write_file(argv[2], &h);
	free(c.data);
	free(h.data);
	return 0;
}
