/*
 * Reading a directive: where it ends, which word it begins with, and whether
 * the C in it is one expression.
 */
#include "tools/templates/compiler.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool
is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

bool
is_name(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

size_t
name_bytes(const char *s)
{
	size_t n = 0;

	while (is_name(s[n]))
		n++;
	return n;
}

const char *
directive_end(const struct compiler *k, const char *s, int line)
{
	char quote = '\0';
	bool comment = s[2] == '#';

	for (s += 2; *s != '\0'; s++) {
		if (quote != '\0') {
			if (*s == '\\' && s[1] != '\0')
				s++;
			else if (*s == quote)
				quote = '\0';
		} else if (!comment && (*s == '"' || *s == '\'')) {
			quote = *s;
		} else if (s[0] == '}' && s[1] == '}') {
			return s + 2;
		}
	}
	fail(k->file, line, "{{ without }}");
}

char *
directive_words(const char *from, const char *to)
{
	char *c;

	from += 2;
	to -= 2;
	while (from < to && is_blank(*from))
		from++;
	while (from < to && is_blank(to[-1]))
		to--;
	c = strndup(from, (size_t)(to - from));
	if (c == NULL)
		abort();
	return c;
}

bool
directive_begins(char *c, const char *word, char **rest)
{
	size_t n = strlen(word);

	if (strncmp(c, word, n) != 0 || is_name(c[n]))
		return false;
	/* A variable of that name: {{ t->x }}, {{ t.x }}. */
	if (c[n] != '\0' && !is_blank(c[n]) &&
	    !(c[n] == '(' &&
		(strcmp(word, "if") == 0 || strcmp(word, "elif") == 0)))
		return false;
	*rest = c + n + strspn(c + n, " \t\n");
	return true;
}

void
check_c(const struct compiler *k, const char *s)
{
	char open[32];
	size_t depth = 0;
	char quote = '\0';

	if (*s == '\0')
		fail(k->file, k->line, "the directive is empty");
	for (; *s != '\0'; s++) {
		if (quote != '\0') {
			if (*s == '\\')
				s++;
			else if (*s == quote)
				quote = '\0';
		} else if (*s == '"' || *s == '\'') {
			quote = *s;
		} else if (strchr("([{", *s) != NULL) {
			if (depth == sizeof(open))
				fail(k->file, k->line, "too many parentheses");
			open[depth++] = *s == '(' ? ')' : *s == '[' ? ']' : '}';
		} else if (strchr(")]}", *s) != NULL) {
			if (depth == 0 || open[--depth] != *s)
				fail(k->file, k->line, "stray %c", *s);
		} else if (*s == ';' || strncmp(s, "//", 2) == 0 ||
		    strncmp(s, "/*", 2) == 0) {
			fail(k->file, k->line, "one expression, no %.2s", s);
		}
	}
	if (depth != 0)
		fail(k->file, k->line, "%c is missing", open[depth - 1]);
}

size_t
argument_bytes(const char *s)
{
	int depth = 0;
	char quote = '\0';
	size_t n;

	for (n = 0; s[n] != '\0'; n++) {
		if (quote != '\0') {
			if (s[n] == '\\')
				n++;
			else if (s[n] == quote)
				quote = '\0';
		} else if (s[n] == '"' || s[n] == '\'') {
			quote = s[n];
		} else if (strchr("([{", s[n]) != NULL) {
			depth++;
		} else if (strchr(")]}", s[n]) != NULL) {
			depth--;
		} else if (s[n] == ',' && depth == 0) {
			break;
		}
	}
	return n;
}
