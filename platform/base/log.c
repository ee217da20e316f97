/* The log. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

static const char *process_name = "tanren";

void
log_start(const char *process)
{
	process_name = process;
}

void
log_line(enum log_level level, const char *where, const char *fmt, ...)
{
	static const char *const levels[] = {"info", "warning", "error"};
	struct buf b = BUF_EMPTY;
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_puts(&b, "{\"at\":");
	buf_int(&b, clock_now());
	buf_printf(&b, ",\"level\":\"%s\",\"process\":", levels[level]);
	json_quote(&b, process_name);
	buf_puts(&b, ",\"where\":");
	json_quote(&b, where);
	buf_puts(&b, ",\"message\":");
	json_quote(&b, text);
	buf_puts(&b, "}\n");
	/* one write, so that lines of several threads do not mix */
	(void)!write(STDERR_FILENO, b.data, b.len);
	buf_free(&b);
}
