/* Uploaded forms: what is read, what is refused, and that time is linear. */
#include "http/support.h"

#include <time.h>

#define TYPE "multipart/form-data; boundary=XX"
#define PART(name)                                                             \
	"--XX\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(name, file)                                                  \
	"--XX\r\nContent-Disposition: form-data; name=\"" name                 \
	"\"; filename=\"" file "\"\r\nContent-Type: text/csv\r\n\r\n"

static enum err
decode(struct arena *a, const char *body, struct fields *out)
{
	return form_decode_multipart(a, TYPE, body, strlen(body), out);
}

static void
fields_and_files_are_read(void **state)
{
	static const char body[] =
	    PART("a") "one\r\n" PART("b") "two\r\nlines\r\n" FILE_PART(
		"f", "名簿.csv") "x,y\r\n1,\r\n\r\n" PART("c") "\r\n--XX--\r\n";
	struct fields f;
	const struct field *file;

	assert_int_equal(decode(*state, body, &f), ERR_OK);
	assert_int_equal(f.n, 4);
	assert_string_equal(field_value(&f, "a"), "one");
	assert_string_equal(field_value(&f, "b"), "two\nlines");
	assert_string_equal(field_value(&f, "c"), "");
	assert_true(field_present(&f, "c"));
	file = field_file(&f, "f");
	assert_non_null(file);
	assert_string_equal(file->file_name, "名簿.csv");
	assert_int_equal(file->size, 9);
	assert_memory_equal(file->data, "x,y\r\n1,\r\n", 9);
	assert_null(field_file(&f, "a"));
}

static void
a_part_may_end_behind_its_headers(void **state)
{
	struct fields f;

	assert_int_equal(decode(*state,
			     "--XX\r\nContent-Disposition: form-data; "
			     "name=\"a\"\r\n\r\n--XX\r\n"
			     "Content-Disposition: form-data; name=\"f\"; "
			     "filename=\"x\"\r\n\r\n--XX--",
			     &f),
	    ERR_OK);
	assert_int_equal(f.n, 2);
	assert_string_equal(field_value(&f, "a"), "");
	assert_int_equal(field_file(&f, "f")->size, 0);
}

static void
a_file_may_hold_any_bytes(void **state)
{
	static const char body[] =
	    FILE_PART("f", "x") "\0\xff--XX\r\n--X\r\n--\r\n--XX--";
	struct fields f;

	assert_int_equal(
	    form_decode_multipart(*state, TYPE, body, sizeof(body) - 1, &f),
	    ERR_OK);
	assert_int_equal(field_file(&f, "f")->size, 15);
	assert_memory_equal(
	    field_file(&f, "f")->data, "\0\xff--XX\r\n--X\r\n--", 15);
}

static void
a_file_name_loses_its_folders(void **state)
{
	static const struct {
		const char *body, *name;
	} cases[] = {
	    {FILE_PART("f", "C:\\Users\\a\\b.csv") "\r\n--XX--", "b.csv"},
	    {FILE_PART("f", "../../etc/passwd") "\r\n--XX--", "passwd"},
	    {FILE_PART("f", "a%22b.csv") "\r\n--XX--", "a\"b.csv"},
	    {FILE_PART("f", "100%.csv") "\r\n--XX--", "100%.csv"},
	    {FILE_PART("f", "") "\r\n--XX--", ""},
	};
	struct fields f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(decode(*state, cases[i].body, &f), ERR_OK);
		assert_non_null(field_file(&f, "f"));
		assert_string_equal(
		    field_file(&f, "f")->file_name, cases[i].name);
	}
}

static void
a_broken_body_is_refused(void **state)
{
	static const char *const bodies[] = {
	    "",
	    "--XX",
	    "--XX\r\n",
	    "--YY--",
	    "preamble\r\n--XX--",
	    PART("a") "no end",
	    PART("a") "one\r\n--XX",
	    PART("a") "one\r\n--XXY\r\n",
	    PART("a") "one\n--XX--",
	    "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n",
	    "--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--",
	    "--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n"
	    "--XX--",
	    "--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--",
	    PART("a") "\xff\r\n--XX--",
	    PART("\xff") "x\r\n--XX--",
	};
	struct fields f = {NULL, 77};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(decode(*state, bodies[i], &f), ERR_INVALID);
		assert_int_equal(f.n, 77);
	}
	assert_int_equal(
	    form_decode_multipart(*state, TYPE, PART("a") "x\0y\r\n--XX--",
		sizeof(PART("a") "x\0y\r\n--XX--") - 1, &f),
	    ERR_INVALID);
}

static void
a_boundary_is_one_to_seventy_bytes(void **state)
{
	static const struct {
		const char *type;
		enum err e;
	} cases[] = {
	    {"multipart/form-data; boundary=XX", ERR_OK},
	    {"multipart/form-data; boundary=\"XX\"", ERR_OK},
	    {"multipart/form-data;boundary=XX; charset=utf-8", ERR_OK},
	    {"multipart/form-data; charset=utf-8; Boundary=XX", ERR_OK},
	    {"multipart/form-data", ERR_INVALID},
	    {"multipart/form-data; boundary=", ERR_INVALID},
	    {"multipart/form-data; boundary=\"XX", ERR_INVALID},
	    {"multipart/form-data; boundary=YY", ERR_INVALID},
	    {"multipart/form-data; boundary="
	     "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
	     "XXXX"
	     "XX",
		ERR_INVALID},
	};
	static const char body[] = PART("a") "one\r\n--XX--";
	struct fields f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(form_decode_multipart(*state, cases[i].type,
				     body, sizeof(body) - 1, &f),
		    cases[i].e);
}

static void
too_many_parts_are_refused(void **state)
{
	const size_t part = sizeof(PART("a") "\r\n") - 1;
	char *body = arena_alloc(*state, part * (REQUEST_FIELDS_MAX + 1) + 16);
	char *to = body;
	struct fields f;

	for (size_t i = 0; i < REQUEST_FIELDS_MAX; i++)
		to = stpcpy(to, PART("a") "\r\n");
	strcpy(to, "--XX--");
	assert_int_equal(decode(*state, body, &f), ERR_OK);
	assert_int_equal(f.n, REQUEST_FIELDS_MAX);
	strcpy(to, PART("a") "\r\n--XX--");
	assert_int_equal(decode(*state, body, &f), ERR_TOO_LARGE);
}

/* One megabyte that looks like the beginning of a delimiter everywhere. */
static void
time_is_linear(void **state)
{
	static const char boundary[] =
	    "---------------------------------------------------------------";
	const size_t n = (size_t)1024 * 1024;
	char *body = arena_alloc(*state, n), *to;
	char type[200] = "multipart/form-data; boundary=";
	struct fields f;
	clock_t start;

	strcat(strcat(type, boundary), "X");
	memset(body, '-', n);
	to = stpcpy(stpcpy(stpcpy(body, "--"), boundary),
	    "X\r\nContent-Disposition: form-data; name=\"f\"; "
	    "filename=\"f\"\r\n\r\n\r\n");
	*to = '-'; /* stpcpy's NUL */
	start = clock();
	assert_int_equal(
	    form_decode_multipart(*state, type, body, n, &f), ERR_INVALID);
	assert_true(clock() - start < CLOCKS_PER_SEC / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_ARENA(fields_and_files_are_read),
	    WITH_ARENA(a_part_may_end_behind_its_headers),
	    WITH_ARENA(a_file_may_hold_any_bytes),
	    WITH_ARENA(a_file_name_loses_its_folders),
	    WITH_ARENA(a_broken_body_is_refused),
	    WITH_ARENA(a_boundary_is_one_to_seventy_bytes),
	    WITH_ARENA(too_many_parts_are_refused),
	    WITH_ARENA(time_is_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
