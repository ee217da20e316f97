/* Writing C: the statements of a template, and its static HTML as strings. */
#include "tools/templates/compiler.h"

#include <stdarg.h>

static void
indent(struct compiler *k)
{
	for (size_t i = 0; i < k->n_blocks; i++)
		text_put(&k->c, "\t", 1);
}

void
emit_html(struct compiler *k)
{
	size_t from = 0, to;

	if (k->raw.len == 0)
		return;
	indent(k);
	text_printf(&k->c, "template_raw(o,");
	while (from < k->raw.len) {
		for (to = from; to < k->raw.len && k->raw.data[to] != '\n';
		     to++)
			;
		if (to < k->raw.len)
			to++;
		text_put(&k->c, "\n", 1);
		indent(k);
		text_put(&k->c, "    \"", 5);
		text_put_c(&k->c, k->raw.data + from, to - from);
		text_put(&k->c, "\"", 1);
		from = to;
	}
	text_printf(&k->c, ",\n");
	indent(k);
	text_printf(&k->c, "    %zu);\n", k->raw.len);
	k->raw.len = 0;
	k->writes = true;
}

void
emit(struct compiler *k, const char *format, ...)
{
	va_list ap;

	emit_html(k);
	indent(k);
	va_start(ap, format);
	text_vprintf(&k->c, format, ap);
	va_end(ap);
}
