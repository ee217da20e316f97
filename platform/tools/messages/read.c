/*
 * Reading a catalogue: its entries, checked one by one.
 *
 * The subset of gettext's format: comments, msgid, msgid_plural, msgstr,
 * msgstr[0], msgstr[1], strings over several lines, the escapes \n \t \" \\.
 * The entry with the empty id is gettext's header.
 */
#include "tools/messages/messages.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES_MAX 8192
#define TEXT_BYTES_MAX 8192

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

static char *
copy(const char *s)
{
	char *c = strdup(s);

	if (c == NULL)
		abort();
	return c;
}

static void
check_id(const struct entry *en)
{
	const char *s = en->id;

	if (strlen(s) >= ID_BYTES_MAX)
		fail(en->file, en->line, "the id is too long: %s", s);
	if (strspn(s, MESSAGE_ID_CHARACTERS) != strlen(s))
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

static struct message *
message_for(struct messages *all, const struct entry *en)
{
	struct message *m;

	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->list[i].id, en->id) == 0)
			return &all->list[i];
	if (all->n == MESSAGES_MAX)
		fail(en->file, en->line, "more than %d messages", MESSAGES_MAX);
	m = &all->list[all->n++];
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
take_entry(struct messages *all, const struct entry *en, enum language lang)
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
	m = message_for(all, en);
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

/* Checks a line and takes its end off; what stands behind its indentation. */
static const char *
line_begin(const char *file, int line, char *text)
{
	size_t n = strlen(text);
	const char *s;

	if (n == 0 || text[n - 1] != '\n')
		fail(file, line, "the line is too long, or not ended");
	text[n - 1] = '\0';
	if (mbstowcs(NULL, text, 0) == (size_t)-1)
		fail(file, line, "not UTF-8");
	s = text + strspn(text, " \t");
	if (s[0] == '#' && s[1] == ',' && strstr(s, "fuzzy") != NULL)
		fail(file, line, "the text is marked fuzzy");
	return s;
}

void
read_catalogue(struct messages *all, const char *file, enum language lang)
{
	struct entry en = {.file = file};
	char line_text[LINE_BYTES_MAX];
	const char *s;
	enum member m = MEMBER_NONE, next;
	int line = 0;
	FILE *f = fopen(file, "r");

	if (f == NULL) {
		perror(file);
		exit(1);
	}
	while (fgets(line_text, sizeof(line_text), f) != NULL) {
		line++;
		s = line_begin(file, line, line_text);
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
				take_entry(all, &en, lang);
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
		take_entry(all, &en, lang);
}
