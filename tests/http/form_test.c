/* Urlencoded forms: what is read, and what is refused. */
#include "http/support.h"

static enum err
decode(struct arena *a, const char *s, struct fields *out)
{
	return form_decode(a, s, strlen(s), out);
}

static void
pairs_are_decoded(void **state)
{
	static const struct {
		const char *body, *name, *value;
		size_t n;
	} cases[] = {
	    {"a=1", "a", "1", 1},
	    {"a=1&b=2", "b", "2", 2},
	    {"a=1&a=2", "a", "1", 2},
	    {"a", "a", "", 1},
	    {"a=", "a", "", 1},
	    {"=x", "", "x", 1},
	    {"a=b=c", "a", "b=c", 1},
	    {"a=1+2", "a", "1 2", 1},
	    {"a=1%2B2", "a", "1+2", 1},
	    {"a=%26%3D", "a", "&=", 1},
	    {"&&a=1&", "a", "1", 1},
	    {"a=x%0D%0Ay%0Dz%0A", "a", "x\ny\nz\n", 1},
	    {"a=%E9%8D%9B%E9%8C%AC", "a", "鍛錬", 1},
	    {"%E9%8D%9B=x", "鍛", "x", 1},
	    {"a=%e9%8d%9b", "a", "鍛", 1},
	};
	struct fields f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(decode(*state, cases[i].body, &f), ERR_OK);
		assert_int_equal(f.n, cases[i].n);
		assert_true(field_present(&f, cases[i].name));
		assert_string_equal(
		    field_value(&f, cases[i].name), cases[i].value);
	}
}

static void
what_is_no_text_is_refused(void **state)
{
	static const char *const bodies[] = {"a=%", "a=%4", "a=%zz", "a=%4g",
	    "%=1", "a=%00", "a=x%00y", "a=%FF", "a=%C0%80", "a=%ED%A0%80",
	    "a=\xff", "%ff=1", "a=%E9%8D"};
	struct fields f = {NULL, 77};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(decode(*state, bodies[i], &f), ERR_INVALID);
		assert_int_equal(f.n, 77);
	}
}

static void
too_many_fields_are_refused(void **state)
{
	char body[2 * (REQUEST_FIELDS_MAX + 1)];
	struct fields f;

	for (size_t i = 0; i < sizeof(body); i += 2)
		memcpy(body + i, "a&", 2);
	assert_int_equal(
	    form_decode(*state, body, 2 * REQUEST_FIELDS_MAX - 1, &f), ERR_OK);
	assert_int_equal(f.n, REQUEST_FIELDS_MAX);
	assert_int_equal(
	    form_decode(*state, body, sizeof(body) - 1, &f), ERR_TOO_LARGE);
}

static void
an_empty_form_has_no_fields(void **state)
{
	struct fields f = {NULL, 77};

	assert_int_equal(decode(*state, "", &f), ERR_OK);
	assert_int_equal(f.n, 0);
	assert_string_equal(field_value(&f, "a"), "");
	assert_false(field_present(&f, "a"));
}

static void
an_id_is_digits(void **state)
{
	static const char *const wrong[] = {"id=", "id=0", "id=01", "id=-1",
	    "id=1x", "id=9223372036854775808", "other=1", "id=+1"};
	struct fields f;
	int64_t id = 77;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(decode(*state, wrong[i], &f), ERR_OK);
		assert_int_equal(field_id(&f, "id", &id), ERR_INVALID);
		assert_int_equal(id, 77);
	}
	assert_int_equal(decode(*state, "id=9007199254740991", &f), ERR_OK);
	assert_int_equal(field_id(&f, "id", &id), ERR_OK);
	assert_int_equal(id, INT64_C(9007199254740991));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(pairs_are_decoded),
	    WITH_ARENA(what_is_no_text_is_refused),
	    WITH_ARENA(too_many_fields_are_refused),
	    WITH_ARENA(an_empty_form_has_no_fields),
	    WITH_ARENA(an_id_is_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
