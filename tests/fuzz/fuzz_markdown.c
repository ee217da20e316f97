/*
 * Any text as Markdown: it ends, stays in its memory, and what comes out
 * holds no tag that the renderer does not make.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "content/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct term terms[] = {
    {"phishing", {{"フィッシング", "Phishing"}}, {{"手口", "A method"}}},
};
static const struct glossary glossary = {terms, 1};

static void
expect_safe(const char *html)
{
	static const char *const bad[] = {"<script", "<img", "<iframe",
	    "<style", "<b>", "<b ", "href=\"j", "href=\"d", "href=\"h",
	    "href=\"//"};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strstr(html, bad[i]) != NULL)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct report report = {.a = a};
	struct names names = {.a = a};
	struct parts parts = {0};
	struct rendered out;
	char *text;

	/* What reaches the renderer has been checked at the door. */
	if (text_is_utf8((const char *)data, size)) {
		text = arena_strndup(a, (const char *)data, size);
		markdown_render(
		    &(struct markdown){
			.file = "x.md",
			.text = text,
			.size = size,
			.lang = size % 2 == 0 ? LANG_JA : LANG_EN,
			.glossary = &glossary,
			.names = &names,
			.report = &report,
			.a = a,
		    },
		    &out, &parts);
		expect_safe(out.html);
		if (!text_is_utf8(out.html, strlen(out.html)))
			abort();
	}
	arena_free(a);
	return 0;
}
