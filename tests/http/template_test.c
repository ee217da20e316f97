/* Compiled templates: every place escapes, white space and flow are right. */
#include "http/support.h"

#include "tests/http/sample.tmpl.c"

#define NASTY "<b>&\"'</b>"
#define NASTY_ESCAPED "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;"

static const struct sample_item items[] = {
    {"one & two", {"/a?b=1&c=2"}, false},
    {"three", {"/x\"><script>"}, true},
};

static struct sample
sample(void)
{
	return (struct sample){.text = NASTY,
	    .code = "<x>",
	    .both = {{"日本語 &", "English <"}},
	    .html = {"<em>raw</em>"},
	    .number = -1234,
	    .large = INT64_C(9007199254740991),
	    .items = items,
	    .n_items = 2};
}

/* Renders into a buffer that starts with `room` bytes. */
static char *
render(void (*template)(struct out *, const struct sample *),
    const struct sample *p, enum lang lang, size_t room)
{
	struct buf b = BUF_EMPTY;
	struct out o = {&b, lang};

	if (room > 0) {
		b.data = malloc(room);
		assert_non_null(b.data);
		b.data[0] = '\0';
		b.cap = room;
	}
	template(&o, p);
	return buf_take(&b, NULL);
}

static void
values_are_escaped_by_their_place(void **state)
{
	const struct sample p = sample();
	char *html = render(sample_values, &p, LANG_EN, 0);

	(void)state;
	assert_string_equal(html,
	    "<p class=\"a " NASTY_ESCAPED "\" title='" NASTY_ESCAPED
	    "'>" NASTY_ESCAPED "</p>\n"
	    "<p data-n=\"9007199254740991\" data-size=\"2\">"
	    "9,007,199,254,740,991|-1,234|2</p>\n"
	    "<p>&lt;x&gt;|English &lt;|<em>raw</em></p>\n"
	    "<p title=\"English &lt;\">" NASTY_ESCAPED " – -1,234</p>\n"
	    "<p title=\"English &lt; – 2\">This is a demonstration. Its "
	    "institutions and people are invented, and what you enter may be "
	    "erased.</p>\n"
	    "<p>You can try again in about -1,234 minutes.</p>\n"
	    "<textarea name=\"x\">\n" NASTY_ESCAPED "</textarea>\n");
	free(html);
}

static void
a_bilingual_text_is_in_the_readers_language(void **state)
{
	const struct sample p = sample();
	char *html = render(sample_values, &p, LANG_JA, 0);

	(void)state;
	assert_non_null(strstr(html, "|日本語 &amp;|"));
	assert_non_null(strstr(html, "<p title=\"日本語 &amp;\">"));
	assert_null(strstr(html, "English"));
	free(html);
}

static void
branches_and_loops_leave_clean_lines(void **state)
{
	struct sample p = sample();
	char *html = render(sample_flow, &p, LANG_JA, 0);

	(void)state;
	assert_string_equal(html,
	    "<p>none</p>\n"
	    "<ul>\n"
	    "<li>\n"
	    "<a href=\"/a?b=1&amp;c=2\">one &amp; two</a>\n"
	    "</li>\n"
	    "<li class=\"chosen\">\n"
	    "<a href=\"/x&quot;&gt;&lt;script&gt;\">three</a>\n"
	    "</li>\n"
	    "</ul>\n"
	    "<p class=\"x z\">&lt;</p>\n"
	    "<section>\n"
	    "<h2>}}</h2>\n"
	    "<div>\n"
	    "<br>\n"
	    "<svg viewBox=\"0 0 1 1\"><title>t</title>"
	    "<path d=\"M0 0\"/></svg>\n"
	    "</div>\n"
	    "</section>\n"
	    "<pre>\n\n"
	    "	kept\n"
	    "		" NASTY_ESCAPED "\n"
	    "</pre>\n");
	free(html);
	p.number = 1;
	html = render(sample_flow, &p, LANG_JA, 0);
	assert_ptr_equal(strstr(html, "<p>one</p>\n<ul>"), html);
	assert_non_null(strstr(html, "<p class=\"x y\">"));
	free(html);
	p.number = 0;
	html = render(sample_flow, &p, LANG_JA, 0);
	assert_ptr_equal(strstr(html, "<p>none</p>\n<ul>"), html);
	assert_non_null(strstr(html, "<p class=\"x z\" hidden>"));
	free(html);
	p.number = 2;
	p.n_items = 0;
	html = render(sample_flow, &p, LANG_JA, 0);
	assert_ptr_equal(strstr(html, "<p>many</p>\n<ul>\n</ul>\n"), html);
	free(html);
}

static void
a_small_buffer_gives_the_same_page(void **state)
{
	const struct sample p = sample();
	char *right = render(sample_values, &p, LANG_JA, 0), *html;

	(void)state;
	for (size_t room = 1; room < 8; room++) {
		html = render(sample_values, &p, LANG_JA, room);
		assert_string_equal(html, right);
		free(html);
	}
	free(right);
}

static void
an_empty_template_writes_nothing(void **state)
{
	struct buf b = BUF_EMPTY;
	struct out o = {&b, LANG_JA};

	(void)state;
	sample_nothing(&o);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_escaped_by_their_place),
	    cmocka_unit_test(a_bilingual_text_is_in_the_readers_language),
	    cmocka_unit_test(branches_and_loops_leave_clean_lines),
	    cmocka_unit_test(a_small_buffer_gives_the_same_page),
	    cmocka_unit_test(an_empty_template_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
