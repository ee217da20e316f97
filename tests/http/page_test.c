/* What every page has around its own content. */
#include "http/support.h"

#include "http/message.h"
#include "http/page.tmpl.h"
#include "http/viewer.h"

static void
two_items(const struct req *r, struct page_frame *f)
{
	f->nav[0] = (struct nav_item){url_path(r->arena, "/"), "Home", true};
	f->nav[1] = (struct nav_item){url_path(r->arena, "/x"), "A & B", false};
	f->n_nav = 2;
	if (r->viewer != NULL) {
		f->person = r->viewer->name;
		f->organisation = "甲銀行";
	}
}

static const struct site site = {
    .origin = "http://127.0.0.1:8080", .demo = true, .frame = two_items};

static const struct viewer viewer = {.person = 1,
    .name = "鈴木 <一郎>",
    .lang = LANG_JA,
    .roles = WHO_SIGNED_IN};

static const char *
render(struct page *p)
{
	struct buf b = BUF_EMPTY;
	struct out o = {&b, p->r->lang};
	const char *html;

	page_start(&o, p);
	template_raw(&o, "CONTENT\n", 8);
	page_end(&o, p);
	html = arena_strdup(p->r->arena, buf_text(&b));
	buf_free(&b);
	return html;
}

static size_t
count(const char *html, const char *word)
{
	size_t n = 0;

	for (; (html = strstr(html, word)) != NULL; html++)
		n++;
	return n;
}

/* The words stand in the page, in this order. */
static void
assert_order(const char *html, const char *const *words)
{
	const char *at = html;

	for (size_t i = 0; words[i] != NULL; i++) {
		at = strstr(at, words[i]);
		if (at == NULL)
			fail_msg(
			    "%s is missing in its place: %s", words[i], html);
	}
}

static void
the_frame_stands_around_the_content(void **state)
{
	static const char *const order[] = {"<!doctype html>\n",
	    "<html lang=\"ja\"", "<title>", "講座 &lt;E&gt; – Tanren",
	    "</title>", "/static/app", "/static/exam", "href=\"#main\"",
	    "<header", "class=\"tanren-demo\"", "href=\"/\"", "Tanren(鍛錬)",
	    "鈴木 &lt;一郎&gt;", "甲銀行", "action=\"/sign-out\"",
	    "name=\"csrf\"", "?lang=en", "</header>", "<nav",
	    "aria-current=\"true\">Home", "href=\"/x\">A &amp; B", "</nav>",
	    "href=\"/back\">戻る", "<main", "id=\"main\"",
	    "<h1 class=\"govuk-heading-l\">講座 &lt;E&gt;</h1>", "CONTENT",
	    "</main>", "<footer", "</html>", NULL};
	struct req r = request(*state, &site, HTTP_GET, "/courses");
	struct page p;
	const char *html;

	r.viewer = &viewer;
	request_prepare(&r);
	page_init(&p, &r, "講座 <E>");
	p.script = "exam.js";
	page_back(&p, url_path(*state, "/back"), "戻る");
	html = render(&p);
	assert_order(html, order);
	assert_int_equal(count(html, "<h1"), 1);
	assert_int_equal(count(html, "<main"), 1);
	assert_int_equal(count(html, "<script"),
	    count(html, "<script type=\"module\" src=\"/static/"));
	assert_int_equal(count(html, "<style"), 0);
	assert_int_equal(count(html, "govuk-error-summary"), 0);
	assert_int_equal(count(html, "govuk-notification-banner"), 0);
}

static void
nobody_signed_in_sees_no_sign_out(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/sign-in");
	struct page p;
	const char *html;

	request_prepare(&r);
	page_init(&p, &r, "title");
	html = render(&p);
	assert_int_equal(count(html, "/sign-out"), 0);
	assert_true(p.csrf[0] != '\0');
}

static void
mistakes_link_to_their_fields(void **state)
{
	static const char *const order[] = {"<title>Error: title – Tanren",
	    "govuk-error-summary__title\">There is a problem",
	    "<a href=\"#mail\">Enter a mail &amp; more</a>",
	    "<a href=\"#a%23b\">Enter b</a>", "<h1", NULL};
	struct req r = request(*state, &site, HTTP_POST, "/form");
	struct page p;

	r.accept_language = "en";
	request_prepare(&r);
	page_init(&p, &r, "title");
	page_problem(&p, "mail", "Enter a mail & more");
	page_problem(&p, "a#b", "Enter b");
	assert_order(render(&p), order);
	for (size_t i = 0; i < 2 * PAGE_PROBLEMS_MAX; i++)
		page_problem(&p, "x", "y");
	assert_int_equal(p.n_problems, PAGE_PROBLEMS_MAX);
}

static void
the_other_language_is_the_same_page(void **state)
{
	struct req r = request(*state, &site, HTTP_GET, "/search/鍛");
	struct page p;

	add_field(*state, &r.query, "q", "a&b");
	add_field(*state, &r.query, "lang", "ja");
	add_field(*state, &r.query, "page", "2");
	request_prepare(&r);
	page_init(&p, &r, "title");
	assert_string_equal(
	    p.to_en.text, "/search/%E9%8D%9B?q=a%26b&page=2&lang=en");
	assert_string_equal(
	    p.to_ja.text, "/search/%E9%8D%9B?q=a%26b&page=2&lang=ja");
	/* What a POST answers cannot be asked for again. */
	r.method = HTTP_POST;
	page_init(&p, &r, "title");
	assert_int_equal(count(render(&p), "hreflang"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(the_frame_stands_around_the_content),
	    WITH_ARENA(nobody_signed_in_sees_no_sign_out),
	    WITH_ARENA(mistakes_link_to_their_fields),
	    WITH_ARENA(the_other_language_is_the_same_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
