/*
 * A template as a whole, a function in C: its parameters, the tags that it
 * opens for others or closes for them, and the call of another template.
 */
#include "tools/templates/compiler.h"

#include <stdio.h>
#include <string.h>

/*
 * What x_start opens, x_end closes, also when both stand in another file: the
 * pair nests like a tag.
 */
static void
follow_pair(struct compiler *k, const char *name, size_t n)
{
	struct html *h = &k->html;
	char tag[NAME_MAX_BYTES];

	if (n > 6 && strncmp(name + n - 6, "_start", 6) == 0) {
		snprintf(tag, sizeof(tag), "%.*s()", (int)n, name);
		tag_push(k, tag);
	} else if (n > 4 && strncmp(name + n - 4, "_end", 4) == 0) {
		snprintf(tag, sizeof(tag), "%.*s_start()", (int)n - 4, name);
		if (h->depth == 0 ||
		    strcmp(h->open[h->depth - 1].tag, tag) != 0)
			fail(k->file, k->line, "call %.*s where %s is not open",
			    (int)n, name, tag);
		h->depth--;
	}
}

void
template_call(struct compiler *k, const char *c)
{
	size_t n = name_bytes(c);
	const char *arguments;

	check_c(k, c);
	if (n == 0 || c[n] != '(' || c[strlen(c) - 1] != ')')
		fail(k->file, k->line, "call NAME(ARGUMENTS), not: call %s", c);
	if (k->html.place != PLACE_TEXT)
		fail(k->file, k->line, "call stands between tags");
	follow_pair(k, c, n);
	arguments = c + n + 1;
	emit(k, "%.*s(o%s%s;\n", (int)n, c, *arguments == ')' ? "" : ", ",
	    arguments);
	k->writes = true;
}

/* "html body main": opened for the template, or remembered for its end. */
static void
take_tags(struct compiler *k, const char *list, bool open)
{
	char word[NAME_MAX_BYTES];
	int n;

	if (!open) {
		snprintf(k->closes, sizeof(k->closes), "%s", list);
		return;
	}
	for (; sscanf(list, " %40[a-z0-9]%n", word, &n) == 1; list += n)
		tag_push(k, word);
}

void
template_begin(struct compiler *k, char *c)
{
	size_t n = name_bytes(c), end;
	char *tail;
	const char *parameters;

	if (n == 0 || c[n] != '(' || strrchr(c, ')') == NULL)
		fail(k->file, k->line, "template NAME(PARAMETERS), not: %s", c);
	end = (size_t)(strrchr(c, ')') - c);
	tail = c + end + 1;
	tail += strspn(tail, " \t\n");
	c[end] = '\0';
	parameters = c + n + 1;
	if (strcmp(parameters, "void") == 0)
		parameters = "";
	k->html = (struct html){.place = PLACE_TEXT};
	k->closes[0] = '\0';
	k->writes = false;
	if (strncmp(tail, "closes ", 7) == 0)
		take_tags(k, tail + 7, true);
	else if (strncmp(tail, "opens ", 6) == 0)
		take_tags(k, tail + 6, false);
	else if (*tail != '\0')
		fail(k->file, k->line, "opens TAGS or closes TAGS, not: %s",
		    tail);
	text_printf(&k->prototypes, "void %.*s(struct out *o%s%s);\n", (int)n,
	    c, *parameters ? ", " : "", parameters);
	text_printf(&k->c, "\nvoid\n%.*s(struct out *o%s%s)\n{\n", (int)n, c,
	    *parameters ? ", " : "", parameters);
}

void
template_end(struct compiler *k)
{
	struct html *h = &k->html;
	const char *list = k->closes;
	char word[NAME_MAX_BYTES];
	size_t i = 0;
	int n;

	if (h->place != PLACE_TEXT)
		fail(k->file, k->line, "the template ends within <%s>", h->tag);
	for (; sscanf(list, " %40[a-z0-9]%n", word, &n) == 1; list += n, i++)
		if (i >= h->depth || strcmp(h->open[i].tag, word) != 0)
			fail(k->file, k->line, "<%s> is not open at the end",
			    word);
	if (i < h->depth)
		fail(k->file, h->open[i].line, "<%s> is not closed",
		    h->open[i].tag);
	while (
	    k->raw.len > 0 && is_blank(k->raw.data[k->raw.len - 1]) && i == 0)
		k->raw.len--;
	if (k->raw.len > 0 && i == 0)
		text_put(&k->raw, "\n", 1);
}
