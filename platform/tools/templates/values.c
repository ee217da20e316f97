/* {{ value }} and {{ t message }}: written as the place of each demands. */
#include "tools/templates/compiler.h"

#include <string.h>

void
value_put(struct compiler *k, const char *c)
{
	struct html *h = &k->html;
	const char *macro = "TEMPLATE_VALUE";
	size_t word = name_bytes(c);

	if (word > 0 && is_blank(c[word]) &&
	    (is_name(c[word + 1]) || c[word + 1] == '"'))
		fail(k->file, k->line, "unknown directive: %.*s", (int)word, c);
	html_check_value(k);
	check_c(k, c);
	if (html_in_url(k)) {
		if (h->url_value || h->url_bytes > 0)
			fail(k->file, k->line,
			    "%s: one address and nothing beside it",
			    h->attribute);
		h->url_value = true;
		macro = "TEMPLATE_URL";
	} else if (h->place != PLACE_TEXT) {
		macro = "TEMPLATE_ATTRIBUTE";
	}
	emit(k, "%s(o, %s);\n", macro, c);
	k->writes = true;
}

void
value_message(struct compiler *k, const char *c)
{
	char id[128];
	size_t n = strspn(c, MESSAGE_ID_CHARACTERS);
	size_t bytes;

	html_check_value(k);
	if (html_in_url(k))
		fail(k->file, k->line, "%s: a message is no address",
		    k->html.attribute);
	if (n == 0 || n >= sizeof(id) || (c[n] != '\0' && c[n] != ','))
		fail(k->file, k->line, "not the id of a message: %s", c);
	message_name(id, c, n);
	k->writes = true;
	if (c[n] == '\0') {
		emit(k, "TEMPLATE_MESSAGE(o, %s);\n", id);
		return;
	}
	check_c(k, c + n + 1);
	emit(k, "TEMPLATE_MESSAGE_ARGS(o, %s", id);
	for (c += n; *c == ','; c += bytes) {
		c++;
		c += strspn(c, " \t\n");
		bytes = argument_bytes(c);
		if (bytes == 0)
			fail(k->file, k->line, "an argument is empty");
		text_printf(&k->c, ",\n");
		emit(k, "    TEMPLATE_ARG(o, %.*s)", (int)bytes, c);
	}
	text_printf(&k->c, ");\n");
}
