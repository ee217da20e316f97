/* Lines of the log, JSON strings, passwords, names of errors. */
#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/password.h"
#include "base/random.h"

static void
json_quote_answers_a_valid_string(void **state)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
	    {"", "\"\""},
	    {"鍛錬", "\"鍛錬\""},
	    {"a\"b\\c", "\"a\\\"b\\\\c\""},
	    {"\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\""},
	    {"</script>&", "\"\\u003c/script\\u003e\\u0026\""},
	    {"a\xff"
	     "b",
		"\"a\\ufffdb\""},
	    {"\xe9\x8d", "\"\\ufffd\\ufffd\""}, /* cut in the middle */
	    {"\xed\xa0\x80!", "\"\\ufffd\\ufffd\\ufffd!\""},
	    {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
	};
	struct buf b;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		b = BUF_EMPTY;
		json_quote(&b, cases[i].text);
		assert_string_equal(buf_text(&b), cases[i].json);
		j = json_loads(buf_text(&b), JSON_DECODE_ANY, NULL);
		assert_non_null(j);
		json_decref(j);
		buf_free(&b);
	}
}

/* What log_line writes to stderr; free(3). */
static char *
logged(enum log_level level, const char *text)
{
	static char out[8192];
	int ends[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) != -1);
	log_line(level, "ro\"om", "%s", text);
	assert_true(dup2(saved, STDERR_FILENO) != -1);
	(void)close(saved);
	(void)close(ends[1]);
	n = read(ends[0], out, sizeof(out) - 1);
	(void)close(ends[0]);
	assert_true(n > 0);
	out[n] = '\0';
	return out;
}

static void
a_line_of_the_log_is_one_object_of_json(void **state)
{
	static const char *const levels[] = {"info", "warning", "error"};
	char *long_text = malloc(5001), *line;
	const char *texts[] = {
	    "plain", "two\nlines \"quoted\"", "\xff\xe9\x8d", "", NULL};
	json_t *j;
	size_t i;
	int level;

	(void)state;
	assert_non_null(long_text);
	for (i = 0; i < 5000; i++) /* cut, and not inside a character */
		long_text[i] = "鍛"[i % 3];
	long_text[4998] = '\0';
	texts[4] = long_text;
	for (i = 0; i < 5; i++) {
		level = (int)(i % 3);
		line = logged((enum log_level)level, texts[i]);
		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
		j = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(j);
		assert_string_equal(
		    json_string_value(json_object_get(j, "level")),
		    levels[level]);
		assert_string_equal(
		    json_string_value(json_object_get(j, "where")), "ro\"om");
		assert_true(json_is_integer(json_object_get(j, "at")));
		if (i < 2)
			assert_string_equal(
			    json_string_value(json_object_get(j, "message")),
			    texts[i]);
		json_decref(j);
	}
	free(long_text);
}

static void
only_the_right_password_fits_and_no_account_fits_none(void **state)
{
	static const char right[] = "正しい馬 電池 ホチキス";
	struct arena *a = arena_new();
	char *hash, *again;

	(void)state;
	random_start();
	password_set_cheap();
	assert_int_equal(password_hash(a, right, &hash), ERR_OK);
	assert_int_equal(password_hash(a, right, &again), ERR_OK);
	assert_string_not_equal(hash, again); /* a salt of its own */
	assert_memory_equal(hash, "$argon2id$", 10);
	assert_null(strstr(hash, right));
	assert_true(password_verify(hash, right));
	assert_false(password_verify(hash, "正しい馬 電池 ホチキズ"));
	assert_false(password_verify(hash, ""));
	assert_false(password_verify(NULL, right));
	assert_false(password_verify(NULL, ""));
	assert_false(password_verify("not a hash", right));
	arena_free(a);
}

static void
random_passwords_can_be_typed_and_are_long_enough(void **state)
{
	struct arena *a = arena_new();
	const char *p = password_random(a);

	(void)state;
	assert_int_equal(strlen(p), 23);
	assert_true(strlen(p) >= PASSWORD_CHARS_MIN);
	assert_int_equal(p[5], '-');
	assert_int_equal(p[11], '-');
	assert_int_equal(p[17], '-');
	assert_string_not_equal(p, password_random(a));
	arena_free(a);
}

static void
every_error_has_a_name_of_its_own(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < ERR__MAX; i++) {
		assert_string_not_equal(err_name((enum err)i), "unknown");
		for (j = 0; j < i; j++)
			assert_string_not_equal(
			    err_name((enum err)i), err_name((enum err)j));
	}
	assert_string_equal(err_name(ERR__MAX), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_quote_answers_a_valid_string),
	    cmocka_unit_test(a_line_of_the_log_is_one_object_of_json),
	    cmocka_unit_test(
		only_the_right_password_fits_and_no_account_fits_none),
	    cmocka_unit_test(random_passwords_can_be_typed_and_are_long_enough),
	    cmocka_unit_test(every_error_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
