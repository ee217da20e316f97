/*
 * The message compiler: usage messages OUT.c OUT.h FILE.po… . Reads the
 * catalogues of both languages ("ja.po", "en.po"), checks that
 * they say the same things, and writes an enum and a table, sorted by id. A
 * mistake is told as "file:line: message" and nothing is written.
 *
 * The subset of gettext's format: comments, msgid, msgid_plural, msgstr,
 * msgstr[0], msgstr[1], strings over several lines, the escapes \n \t \" \\.
 * The entry with the empty id is gettext's header.
 */
#include <ctype.h>
#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES_MAX 8192
#define TEXT_BYTES_MAX 8192
#define ID_BYTES_MAX 100
#define MESSAGES_MAX 8192
#define ARGUMENTS_MAX 9

enum language { JA, EN, LANGUAGES };

enum member {
	MEMBER_NONE,
	MEMBER_ID,
	MEMBER_PLURAL,
	MEMBER_TEXT,
	MEMBER_ONE,
	MEMBER_MANY
};

/* One entry as it stands in a file. */
struct entry {
	const char *file;
	int line;
	bool has[MEMBER_MANY + 1];
	char id[TEXT_BYTES_MAX];
	char plural[TEXT_BYTES_MAX];
	char text[TEXT_BYTES_MAX]; /* msgstr, or the form for many */
	char one[TEXT_BYTES_MAX]; /* the form for one; "" without plural */
};

struct message {
	char id[ID_BYTES_MAX];
	struct place {
		const char *file; /* NULL: not in this language */
		int line;
		char *text;
	} in[LANGUAGES];
	char *one; /* English for 1; NULL without plural */
};

static struct message messages[MESSAGES_MAX];
static size_t n_messages;

static void __attribute__((format(printf, 3, 4), noreturn))
fail(const char *file, int line, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", file, line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static char *
copy(const char *s)
{
	char *c = strdup(s);

	if (c == NULL)
		abort();
	return c;
}

/* ------------------------------------------------------ checking a text */

/* Which {n} a text has, as bits; any other brace is a mistake. */
static unsigned
placeholders(const char *file, int line, const char *s)
{
	unsigned bits = 0;

	for (; *s != '\0'; s++) {
		if (*s == '}')
			fail(file, line, "a } that ends no {1}");
		if (*s != '{')
			continue;
		if (s[1] < '1' || s[1] > '0' + ARGUMENTS_MAX || s[2] != '}')
			fail(file, line, "a { that begins no {1}");
		bits |= 1u << (s[1] - '1');
		s += 2;
	}
	return bits;
}

static void
check_id(const struct entry *en)
{
	const char *s = en->id;

	if (strlen(s) >= ID_BYTES_MAX)
		fail(en->file, en->line, "the id is too long: %s", s);
	if (strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.") != strlen(s))
		fail(en->file, en->line, "an id has a-z, 0-9, _ and . only: %s",
		    s);
	if (strchr(s, '.') == NULL)
		fail(en->file, en->line, "an id is room.name: %s", s);
}

/* Blanks at the ends are slips: they would show in one language only. */
static void
check_text(const struct entry *en, const char *s)
{
	size_t n = strlen(s);

	if (n == 0)
		fail(en->file, en->line, "%s: the text is empty", en->id);
	if (isspace((unsigned char)s[0]) || isspace((unsigned char)s[n - 1]))
		fail(en->file, en->line, "%s: white space around the text",
		    en->id);
}

static void
check_forms(const struct entry *en, enum language lang)
{
	const bool *has = en->has;

	if (!has[MEMBER_PLURAL] && (has[MEMBER_ONE] || has[MEMBER_MANY]))
		fail(en->file, en->line, "%s: msgid_plural is missing", en->id);
	if (has[MEMBER_PLURAL] && has[MEMBER_TEXT])
		fail(en->file, en->line, "%s: msgstr[0] is due, not msgstr",
		    en->id);
	if (!has[MEMBER_PLURAL] && !has[MEMBER_TEXT])
		fail(en->file, en->line, "%s: msgstr is missing", en->id);
	if (has[MEMBER_PLURAL] && !has[MEMBER_ONE])
		fail(en->file, en->line, "%s: msgstr[0] is missing", en->id);
	if (has[MEMBER_PLURAL] && lang == EN && !has[MEMBER_MANY])
		fail(en->file, en->line, "%s: msgstr[1] is missing", en->id);
	if (has[MEMBER_PLURAL] && lang == JA && has[MEMBER_MANY])
		fail(en->file, en->line, "%s: Japanese has one form", en->id);
}

/* ---------------------------------------------------------- collecting */

static struct message *
message_for(const struct entry *en)
{
	struct message *m;

	for (size_t i = 0; i < n_messages; i++)
		if (strcmp(messages[i].id, en->id) == 0)
			return &messages[i];
	if (n_messages == MESSAGES_MAX)
		fail(en->file, en->line, "more than %d messages", MESSAGES_MAX);
	m = &messages[n_messages++];
	memcpy(m->id, en->id, strlen(en->id) + 1); /* see check_id */
	return m;
}

/* The header must name the charset, as msgfmt demands. */
static void
take_header(const struct entry *en)
{
	if (strstr(en->text, "Content-Type: text/plain; charset=UTF-8\n") ==
	    NULL)
		fail(en->file, en->line, "the header names no charset=UTF-8");
}

static void
take_entry(struct entry *en, enum language lang)
{
	struct message *m;
	struct place *p;
	const char *text = en->text;

	if (en->id[0] == '\0') {
		take_header(en);
		return;
	}
	check_id(en);
	check_forms(en, lang);
	if (en->has[MEMBER_PLURAL] && lang == JA)
		text = en->one;
	check_text(en, text);
	m = message_for(en);
	p = &m->in[lang];
	if (p->file != NULL)
		fail(en->file, en->line, "%s stands in %s:%d already", en->id,
		    p->file, p->line);
	*p = (struct place){en->file, en->line, copy(text)};
	if (en->has[MEMBER_PLURAL] && lang == EN) {
		check_text(en, en->one);
		m->one = copy(en->one);
	}
}

/* -------------------------------------------------------------- reading */

/* Adds the quoted string at s to a member. */
static void
add_string(const struct entry *en, int line, const char *s, char *out)
{
	size_t n = strlen(out);
	char ch;

	if (*s++ != '"')
		fail(en->file, line, "a quoted string is due");
	for (; *s != '"'; s++) {
		if (*s == '\0')
			fail(en->file, line, "the string is not closed");
		ch = *s;
		if (ch == '\\') {
			s++;
			if (*s == 'n')
				ch = '\n';
			else if (*s == 't')
				ch = '\t';
			else if (*s == '"' || *s == '\\')
				ch = *s;
			else
				fail(en->file, line, "unknown escape \\%c", *s);
		}
		if (n + 1 == TEXT_BYTES_MAX)
			fail(en->file, line, "the text is too long");
		out[n++] = ch;
		out[n] = '\0';
	}
	if (s[1 + strspn(s + 1, " \t")] != '\0')
		fail(en->file, line, "something follows the string: %s", s + 1);
}

static char *
member_text(struct entry *en, enum member m)
{
	switch (m) {
	case MEMBER_ID:
		return en->id;
	case MEMBER_PLURAL:
		return en->plural;
	case MEMBER_ONE:
		return en->one;
	default:
		return en->text;
	}
}

/* The keyword at s and what follows it. */
static enum member
keyword(const struct entry *en, int line, const char *s, const char **rest)
{
	static const struct {
		const char *word;
		enum member member;
	} words[] = {{"msgid", MEMBER_ID}, {"msgid_plural", MEMBER_PLURAL},
	    {"msgstr", MEMBER_TEXT}, {"msgstr[0]", MEMBER_ONE},
	    {"msgstr[1]", MEMBER_MANY}};
	size_t n = strcspn(s, " \t\"");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == n &&
		    strncmp(words[i].word, s, n) == 0) {
			*rest = s + n + strspn(s + n, " \t");
			return words[i].member;
		}
	fail(en->file, line, "unknown keyword: %.*s", (int)n, s);
}

static void
read_catalogue(const char *file, enum language lang)
{
	static struct entry en;
	char line_text[LINE_BYTES_MAX];
	const char *s;
	enum member m = MEMBER_NONE, next;
	int line = 0;
	size_t n;
	FILE *f = fopen(file, "r");

	if (f == NULL) {
		perror(file);
		exit(1);
	}
	en = (struct entry){.file = file};
	while (fgets(line_text, sizeof(line_text), f) != NULL) {
		line++;
		n = strlen(line_text);
		if (n == 0 || line_text[n - 1] != '\n')
			fail(file, line, "the line is too long, or not ended");
		line_text[n - 1] = '\0';
		if (mbstowcs(NULL, line_text, 0) == (size_t)-1)
			fail(file, line, "not UTF-8");
		s = line_text + strspn(line_text, " \t");
		if (s[0] == '#' && s[1] == ',' && strstr(s, "fuzzy") != NULL)
			fail(file, line, "the text is marked fuzzy");
		if (*s == '\0' || *s == '#')
			continue;
		if (*s == '"') {
			if (m == MEMBER_NONE)
				fail(file, line, "a string without msgid");
			add_string(&en, line, s, member_text(&en, m));
			continue;
		}
		next = keyword(&en, line, s, &s);
		if (next == MEMBER_ID) {
			if (m != MEMBER_NONE)
				take_entry(&en, lang);
			en = (struct entry){.file = file, .line = line};
		} else if (m == MEMBER_NONE || en.has[next]) {
			fail(file, line, "out of its place");
		}
		m = next;
		en.has[m] = true;
		add_string(&en, line, s, member_text(&en, m));
	}
	if (ferror(f) || fclose(f) != 0)
		fail(file, line, "cannot be read");
	if (m != MEMBER_NONE)
		take_entry(&en, lang);
}

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

/* -------------------------------------------------------- both languages */

static void
check_both(const struct message *m)
{
	const struct place *ja = &m->in[JA], *en = &m->in[EN];
	const struct place *there = ja->file != NULL ? ja : en;
	unsigned ja_bits, en_bits, one_bits;

	if (ja->file == NULL || en->file == NULL)
		fail(there->file, there->line, "%s has no %s text", m->id,
		    ja->file == NULL ? "Japanese" : "English");
	ja_bits = placeholders(ja->file, ja->line, ja->text);
	en_bits = placeholders(en->file, en->line, en->text);
	if (ja_bits != en_bits)
		fail(en->file, en->line,
		    "%s: not the same {1}, {2} … as in %s:%d", m->id, ja->file,
		    ja->line);
	if (m->one == NULL)
		return;
	/* "one day" may leave the number out. */
	one_bits = placeholders(en->file, en->line, m->one);
	if ((one_bits | 1u) != (en_bits | 1u) || (en_bits & 1u) == 0)
		fail(en->file, en->line, "%s: the forms differ in {1}, {2} …",
		    m->id);
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
c_name(const char *id, char out[ID_BYTES_MAX])
{
	snprintf(out, ID_BYTES_MAX, "%s", id);
	for (char *s = out; *s != '\0'; s++)
		if (*s == '.')
			*s = '_';
}

static int
compare_ids(const void *a, const void *b)
{
	const struct message *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* a.b_c and a_b.c would be one name in C. */
static void
check_names(void)
{
	char a[ID_BYTES_MAX], b[ID_BYTES_MAX];

	for (size_t i = 0; i < n_messages; i++)
		for (size_t j = i + 1; j < n_messages; j++) {
			if (strlen(messages[i].id) != strlen(messages[j].id))
				continue;
			c_name(messages[i].id, a);
			c_name(messages[j].id, b);
			if (strcmp(a, b) == 0)
				fail(messages[j].in[JA].file,
				    messages[j].in[JA].line,
				    "%s and %s are one name in C",
				    messages[i].id, messages[j].id);
		}
}

/* -------------------------------------------------------------- writing */

static void
put_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s != '\0'; s++) {
		if (*s == '\n')
			fputs("\\n", f);
		else if (*s == '\t')
			fputs("\\t", f);
		else if (*s == '"' || *s == '\\' || *s == '?')
			fprintf(f, "\\%c", *s);
		else
			fputc(*s, f);
	}
	fputc('"', f);
}

static void
write_header(FILE *f)
{
	char name[ID_BYTES_MAX];

	fputs("/* Generated from platform/messages. */\n"
	      "#ifndef MESSAGES_GEN_H\n#define MESSAGES_GEN_H\n\n"
	      "enum message {\n",
	    f);
	for (size_t i = 0; i < n_messages; i++) {
		c_name(messages[i].id, name);
		fprintf(f, "\tM_%s,\n", name);
	}
	fputs("\tM__MAX\n};\n\n/* How many arguments each takes. */\n"
	      "enum message_arguments {\n",
	    f);
	for (size_t i = 0; i < n_messages; i++) {
		c_name(messages[i].id, name);
		fprintf(f, "\tARGUMENTS_%s = %d,\n", name,
		    arguments_of(&messages[i]));
	}
	fputs("\tARGUMENTS__NONE = 0\n};\n\n#endif\n", f);
}

static void
write_table(FILE *f)
{
	const struct message *m;
	char name[ID_BYTES_MAX];

	fputs("/* Generated from platform/messages. */\n"
	      "#include \"http/message_table.h\"\n\n"
	      "const struct message_row message_rows[M__MAX + 1] = {\n",
	    f);
	for (size_t i = 0; i < n_messages; i++) {
		m = &messages[i];
		c_name(m->id, name);
		fprintf(f, "\t[M_%s] = {{", name);
		put_string(f, m->in[JA].text);
		fputs(",\n\t    ", f);
		put_string(f, m->in[EN].text);
		fputs("},\n\t    ", f);
		if (m->one != NULL)
			put_string(f, m->one);
		else
			fputs("NULL", f);
		fprintf(f, ", %d},\n", arguments_of(m));
	}
	fputs("};\n", f);
}

static void
write_file(const char *name, void (*write)(FILE *))
{
	FILE *f = fopen(name, "w");

	if (f != NULL)
		write(f);
	if (f == NULL || ferror(f) || fclose(f) != 0) {
		perror(name);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: messages OUT.c OUT.h FILE.po...\n");
		return 2;
	}
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		abort();
	for (int i = 3; i < argc; i++)
		read_catalogue(argv[i], language_of(argv[i]));
	for (size_t i = 0; i < n_messages; i++)
		check_both(&messages[i]);
	check_names();
	qsort(messages, n_messages, sizeof(messages[0]), compare_ids);
	write_file(argv[1], write_table);
	write_file(argv[2], write_header);
	return 0;
}
