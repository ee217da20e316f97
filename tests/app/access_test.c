/*
 * Who may see what: every row of every room, as every role, for what is the
 * own institution's and for what is another's. A row that the table below
 * does not name fails, and so does one that is not there any more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/rooms.h"
#include "assess/assess.h"
#include "base/clock.h"
#include "certify/certify.h"
#include "db/db.h"
#include "http/route.h"
#include "learn/learn.h"
#include "record/record.h"
#include "support/sector.h"
#include "support/sql.h"

/* The columns of the table. */
enum who {
	ANONYMOUS,
	LEARNER,
	LINE_MANAGER,
	TRAINING_MANAGER,
	AUTHOR,
	SUPERVISOR, /* of the category RGB */
	OPERATOR,
	WHO__MAX
};

static const enum sector_person sector_persons[WHO__MAX] = {
    [LEARNER] = SECTOR_LEARNER,
    [LINE_MANAGER] = SECTOR_LINE_MANAGER,
    [TRAINING_MANAGER] = SECTOR_TRAINING_MANAGER,
    [AUTHOR] = SECTOR_AUTHOR,
    [SUPERVISOR] = SECTOR_SUPERVISOR,
    [OPERATOR] = SECTOR_OPERATOR,
};

/*
 * The answers, a letter for each role: 2 shown, 3 sent elsewhere, f not
 * allowed, n not there, i the form again, c done before, g gone, b cannot be
 * read, u cannot be had now, s signed in first.
 */
static char
letter(int status)
{
	static const struct {
		int status;
		char letter;
	} letters[] = {{200, '2'}, {303, '3'}, {400, 'b'}, {401, 's'},
	    {403, 'f'}, {404, 'n'}, {409, 'c'}, {410, 'g'}, {422, 'i'},
	    {503, 'u'}};
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].status == status)
			return letters[i].letter;
	return '?';
}

/*
 * What stands for a parameter: `own` is of the learner of the own
 * institution, or an institution of the supervisor's scope; `other` of
 * another institution. NULL: the thing belongs to nobody (a course).
 */
struct things {
	const char *attempt[2], *membership[2], *assignment[2], *institution[2],
	    *certificate[2], *file[2], *signal[2];
};

enum of { OWN, OTHER };

static const char *
value_of(const struct things *t, const char *name, enum of of)
{
	const struct {
		const char *name, *value;
	} values[] = {
	    {"course", "C-901"},
	    {"module", "1"},
	    {"exam", "C-901"},
	    {"lab", "L91"},
	    {"hint", "h1"},
	    {"place", "1"},
	    {"file", t->file[of]},
	    {"signal", t->signal[of]},
	    {"run", t->file[of]}, /* it has the same number */
	    {"token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
	    {"number", t->certificate[of]},
	    {"attempt", t->attempt[of]},
	    {"competency", "C08"},
	    {"membership", t->membership[of]},
	    {"assignment", t->assignment[of]},
	    {"institution", t->institution[of]},
	};
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (text_eq(values[i].name, name))
			return values[i].value;
	fail_msg("nothing stands for :%s", name);
	return NULL;
}

static const char *
path_of(
    struct arena *a, const struct things *t, const char *pattern, enum of of)
{
	struct buf b = BUF_EMPTY;
	const char *s = pattern;
	char *path;
	size_t n;

	while (*s != '\0') {
		if (*s != ':') {
			buf_putc(&b, *s++);
			continue;
		}
		n = strcspn(++s, "/");
		buf_puts(&b, value_of(t, arena_strndup(a, s, n), of));
		s += n;
	}
	path = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return path;
}

struct row {
	enum http_method method;
	const char *pattern;
	const char *own, *other; /* letters; other NULL: nobody's */
	const char *form;
};

#define GET HTTP_GET
#define POST HTTP_POST

static const struct row table[] = {
    /* anonymous, learner, line manager, training manager, author,
     * supervisor, operator: of the own, then of another's */
    {GET, "/exams/:exam", "s222222", NULL, NULL},
    {POST, "/exams/:exam/start", "s333333", NULL, NULL},
    {GET, "/attempts/:attempt", "s2nnnnn", "snnnnnn", NULL},
    {POST, "/attempts/:attempt/answers", "sinnnnn", "snnnnnn", NULL},
    {POST, "/attempts/:attempt/save", "s3nnnnn", "snnnnnn", NULL},
    {GET, "/attempts/:attempt/review", "s2nnnnn", "snnnnnn", NULL},
    {POST, "/attempts/:attempt/review", "s3nnnnn", "snnnnnn", NULL},
    {POST, "/attempts/:attempt/submit", "s3nnnnn", "snnnnnn", NULL},
    {GET, "/courses/:course/:module/check", "s222222", NULL, NULL},
    {POST, "/courses/:course/:module/check", "s333333", NULL, NULL},
    {GET, "/me", "s222222", NULL, NULL},
    {GET, "/me.csv", "s222222", NULL, NULL},
    {GET, "/team", "s222222", NULL, NULL},
    {GET, "/team/:membership/:competency", "sn2nnnn", "snnnnnn", NULL},
    {POST, "/team/:membership/:competency/confirm", "sn3nnnn", "snnnnnn",
	"number=1"},
    {POST, "/team/:membership/:competency/not-yet", "sn3nnnn", "snnnnnn",
	"number=1&note=x"},
    {GET, "/certificates", "s222222", NULL, NULL},
    {GET, "/certificates/:number", "s2nnnnn", "snnnnnn", NULL},
    {GET, "/verify", "2222222", NULL, NULL},
    {GET, "/verify/:number", "2222222", "2222222", NULL},
    {GET, "/labs", "s222222", NULL, NULL},
    {GET, "/labs/:lab", "s222222", NULL, NULL},
    {GET, "/labs/:lab/state", "s222222", NULL, NULL},
    {GET, "/labs/:lab/files/:file", "s2nnnnn", "snnnnnn", NULL},
    {POST, "/labs/:lab/start", "s333333", NULL, NULL},
    {POST, "/labs/:lab/submit", "si33333", NULL, NULL},
    {GET, "/labs/:lab/solution", "sffffff", NULL, NULL},
    {GET, "/labs/:lab/give-up", "s233333", NULL, NULL},
    {POST, "/labs/:lab/give-up", "s333333", NULL, NULL},
    {GET, "/labs/:lab/hints/:hint", "s222222", NULL, NULL},
    {POST, "/labs/:lab/hints/:hint", "s333333", NULL, NULL},
    {GET, "/labs/:lab/signals", "s222222", NULL, NULL},
    {POST, "/labs/:lab/signals/:signal", "s3nnnnn", "snnnnnn", "text=x"},
    {GET, "/institution/signals", "sff2fff", NULL, NULL},
    {GET, "/institution/signals.csv", "sff2fff", NULL, NULL},
    {GET, "/institution/signals/:signal", "sff2fff", "sffnfff", NULL},
    {POST, "/institution/signals/:signal", "sff3fff", "sffnfff",
	"number=1&decided=explained&reason=x"},
    /* a shell is found by the viewer's own run: nobody names another's */
    {GET, "/labs/:lab/shell", "s233333", NULL, NULL},
    {POST, "/labs/:lab/box", "s333333", NULL, NULL},
    {GET, "/labs/:lab/box/reset", "s233333", NULL, NULL},
    {POST, "/labs/:lab/box/reset", "s333333", NULL, NULL},
    {POST, "/labs/:lab/box/extend", "s333333", NULL, NULL},
    {POST, "/labs/:lab/box/submit", "s333333", NULL, NULL},
    {POST, "/labs/:lab/box/files", "s333333", NULL, NULL},
    {GET, "/labs/:lab/box/files/:place", "sunnnnn", NULL, NULL},
    {POST, "/labs/:lab/ticket", "sunnnnn", NULL, "terminal=0"},
    {GET, "/labs/:lab/notices", "s222222", NULL, NULL},
    {GET, "/institution/labs", "sff2fff", NULL, NULL},
    {GET, "/institution/labs.csv", "sff2fff", NULL, NULL},
    {GET, "/institution/labs/:run", "sff2fff", "sffnfff", NULL},
    {GET, "/institution/labs/:run/watch", "sff2fff", "sffnfff", NULL},
    {POST, "/institution/labs/:run/ticket", "sffufff", "sffnfff", "terminal=0"},
    {POST, "/institution/labs/:run/extend", "sff3fff", "sffnfff", NULL},
    {POST, "/institution/labs/:run/prepare", "sff3fff", "sffnfff", NULL},
    {POST, "/institution/labs/:run/add", "sff3fff", "sffnfff", NULL},
    {POST, "/institution/labs/:run/message", "sff3fff", "sffnfff", "text=x"},
    {GET, "/courses", "s222222", NULL, NULL},
    {GET, "/courses/:course", "s222222", NULL, NULL},
    {GET, "/courses/:course/:module", "s222222", NULL, NULL},
    {GET, "/search", "s222222", NULL, NULL},
    {GET, "/sector", "sffff2f", NULL, NULL},
    {GET, "/sector.csv", "sffff2f", NULL, NULL},
    {GET, "/sector/institutions", "sffff2f", NULL, NULL},
    {GET, "/sector/institutions/:institution", "sffff2f", "sffffnf", NULL},
    {GET, "/institution", "sff2fff", NULL, NULL},
    {GET, "/institution/progress.csv", "sff2fff", NULL, NULL},
    {GET, "/institution/assignments", "sff2fff", NULL, NULL},
    {GET, "/institution/assignments.csv", "sff2fff", NULL, NULL},
    {GET, "/institution/assignments/new", "sff2fff", NULL, NULL},
    {POST, "/institution/assignments/new", "sffifff", NULL, NULL},
    {GET, "/institution/assignments/:assignment/cancel", "sff2fff", "sffnfff",
	NULL},
    {POST, "/institution/assignments/:assignment/cancel", "sff3fff", "sffnfff",
	NULL},
    {GET, "/sign-in", "2333333", NULL, NULL},
    {POST, "/sign-in", "iiiiiii", NULL, NULL},
    {POST, "/sign-out", "s333333", NULL, NULL},
    {GET, "/forgot", "2222222", NULL, NULL},
    {POST, "/forgot", "2222222", NULL, NULL},
    {GET, "/links/:token", "ggggggg", NULL, NULL},
    {POST, "/links/:token", "ggggggg", NULL, NULL},
    {GET, "/account", "s222222", NULL, NULL},
    {POST, "/account/password", "siiiiii", NULL, NULL},
    {POST, "/account/language", "s333333", NULL, NULL},
    {GET, "/institution/roster", "sff2fff", NULL, NULL},
    {GET, "/institution/roster.csv", "sff2fff", NULL, NULL},
    {GET, "/institution/roster/import", "sff2fff", NULL, NULL},
    {POST, "/institution/roster/import", "sffifff", NULL, NULL},
    {GET, "/institution/roster/sample.csv", "sff2fff", NULL, NULL},
    {GET, "/institution/memberships/:membership/end", "sff2fff", "sffnfff",
	NULL},
    {POST, "/institution/memberships/:membership/end", "sff3fff", "sffnfff",
	NULL},
    {GET, "/operator/outbox", "sfffff2", NULL, NULL},
    {GET, "/healthz", "nnnnnnn", NULL, NULL},
    {GET, "/metrics", "nnnnnnn", NULL, NULL},
    {GET, "/", "2222222", NULL, NULL},
};

#define ROWS (sizeof(table) / sizeof(table[0]))

/* ------------------------------------------------------------ what there is */

struct made {
	struct sector_fixture *s;
	struct things *things;
};

static const char *
text(struct made *m, int64_t id)
{
	return arena_printf(m->s->pages.f->arena, "%lld", (long long)id);
}

/* A lab that waits for the line manager's confirmation. */
static enum err
pass_lab(struct db *db, const struct learner *who, const struct content *c,
    int64_t now)
{
	const struct evidence ev = {
	    .person = who->person,
	    .organisation = who->organisation,
	    .tier = who->tier,
	    .source = "lab",
	    .thing = "L91",
	    .points = 80,
	    .points_max = 100,
	    .competencies = "C08:2",
	    .manifest = content_manifest(c),
	    .at = now,
	};

	return evidence_add(db, &ev);
}

/* An exam that runs, an assignment that is open, a certificate. */
static enum err
make_of(struct db *db, struct made *m, enum sector_person who,
    enum sector_person manager, int institution, enum of of)
{
	struct sector_fixture *s = m->s;
	const struct content *c = pages_content(&s->pages);
	const struct course *course = content_course(c, "C-901");
	int64_t now = s->pages.f->now, id, made, moved, due;
	struct learner learner = {
	    s->persons[who], s->institutions[institution], "technician"};
	struct scope own = {.reach = SCOPE_OWN,
	    .person = learner.person,
	    .organisation = learner.organisation,
	    .now = now};
	struct scope managed = {.reach = SCOPE_ORGANISATION,
	    .person = s->persons[manager],
	    .organisation = learner.organisation,
	    .now = now};
	struct certificate *certificates;
	struct assignment_line *lines;
	struct arena *a = s->pages.f->arena;
	size_t n;
	enum err e = ERR_OK;
	int i;

	for (i = 1; i <= 2 && e == ERR_OK; i++)
		e = progress_passed(db, &s->pages.site, &learner, c, course, i,
		    "check", 1, 100, 100, now);
	if (e == ERR_OK)
		e = exam_start(db, &s->pages.site, own, &learner, c,
		    content_exam(c, course->exam), now, a, &id);
	if (e != ERR_OK)
		return e;
	m->things->attempt[of] = text(m, id);
	due = now + DAY_MS;
	e = assignment_make(
	    db, managed, "T-901", &learner.person, 1, due, now, &made, &moved);
	if (e == ERR_OK)
		e = assignment_lines(db, managed, "open", "", 1, a, &lines, &n);
	if (e != ERR_OK)
		return e;
	m->things->assignment[of] = text(m, lines[0].id);
	e = course_exam_passed(
	    db, &s->pages.site, &learner, c, course, id, now);
	if (e == ERR_OK)
		e = certificates_of(db, own, own.person, a, &certificates, &n);
	if (e != ERR_OK)
		return e;
	m->things->certificate[of] = certificates[0].number;
	if ((e = pass_lab(db, &learner, c, now)) != ERR_OK)
		return e;
	m->things->membership[of] = text(m, s->memberships[who]);
	m->things->institution[of] = text(m, learner.organisation);
	return ERR_OK;
}

static enum err
make(struct db *db, void *ctx)
{
	struct made *m = ctx;
	enum err e;

	e = make_of(
	    db, m, SECTOR_LEARNER, SECTOR_TRAINING_MANAGER, SECTOR_OWN, OWN);
	return e == ERR_OK ? make_of(db, m, SECTOR_OTHER_LEARNER,
				 SECTOR_OTHER_MANAGER, SECTOR_OTHER, OTHER)
			   : e;
}

/* A file that a lab was drawn with: rows of another room, made by hand. */
static void
make_file(struct made *m, enum sector_person who, int institution, int64_t id,
    enum of of)
{
	struct fixture *f = m->s->pages.f;

	fixture_sql(f,
	    arena_printf(f->arena,
		"INSERT INTO lab_run (id, person, organisation, lab, manifest,"
		" draw, state, created_at, ready_at, active_at, hints) VALUES"
		" (%lld, %lld, %lld, 'L91', '%s', 1, 'ready', 1, 1, %lld, '')",
		(long long)id, (long long)m->s->persons[who],
		(long long)m->s->institutions[institution],
		content_manifest(pages_content(&m->s->pages)),
		(long long)f->now));
	fixture_sql(f,
	    arena_printf(f->arena,
		"INSERT INTO lab_file (id, run, kind, name, data) VALUES"
		" (%lld, %lld, 'artefact', 'access.log', %s)",
		(long long)id, (long long)id,
		f->engine == DB_SQLITE ? "x'41'" : "'\\x41'"));
	m->things->file[of] = text(m, id);
}

/* A point to check about what was handed in for it. */
static void
make_signal(struct made *m, enum sector_person who, int institution, int64_t id,
    enum of of)
{
	struct fixture *f = m->s->pages.f;
	long long run = (long long)id, person = (long long)m->s->persons[who];

	fixture_sql(f,
	    arena_printf(f->arena,
		"INSERT INTO lab_submission (id, run, person, number, state,"
		" submitted_at, graded_at, points, result) VALUES (%lld, %lld,"
		" %lld, 1, 'graded', 1, 1, 50, '{\"hints\":0}')",
		run, run, person));
	fixture_sql(f,
	    arena_printf(f->arena,
		"INSERT INTO lab_signal (id, submission, run, person,"
		" organisation, lab, kind, other, keys, seconds, raised_at,"
		" state, decisions) VALUES (%lld, %lld, %lld, %lld, %lld,"
		" 'L91', 'fast', 0, '', 60, 1, 'open', 0)",
		run, run, run, person,
		(long long)m->s->institutions[institution]));
	m->things->signal[of] = text(m, id);
}

/* ------------------------------------------------------------------ requests
 */

struct
try {
	struct sector_fixture *s;
	const struct row *row;
	const char *path;
	enum who who;
	int status;
};

/* Undone afterwards, so that each finds what was made. */
static enum err
try_one(struct db *db, void *ctx)
{
	struct try *t = ctx;
	struct reply re = {0};

	(void)db;
	t->status = request_as(t->s,
	    t->who == ANONYMOUS ? 0 : t->s->persons[sector_persons[t->who]],
	    LANG_JA, t->row->method, t->path,
	    t->row->form == NULL ? "" : t->row->form, &re);
	/* who is nobody may be asked to sign in, and is shown nothing */
	if (t->who == ANONYMOUS && t->status == 303 &&
	    strncmp(pages_header(&re, "Location"), "/sign-in", 8) == 0)
		t->status = 401;
	buf_free(&re.body);
	return ERR_CONFLICT;
}

static void
answers(struct sector_fixture *s, const struct things *things,
    const struct row *row, enum of of, char out[WHO__MAX + 1])
{
	struct try t = {.s = s,
	    .row = row,
	    .path = path_of(s->pages.f->arena, things, row->pattern, of)};

	for (t.who = 0; t.who < WHO__MAX; t.who++) {
		assert_int_equal(
		    db_write(s->pages.f->db, try_one, &t), ERR_CONFLICT);
		out[t.who] = letter(t.status);
	}
	out[WHO__MAX] = '\0';
}

static void
every_row_answers_every_role_as_the_table_says(void **state)
{
	static const char *const names[] = {"own", "another's"};
	struct sector_fixture s;
	struct things things;
	struct made made = {&s, &things};
	const char *expected;
	char is[WHO__MAX + 1];
	size_t i, wrong = 0;
	enum of of;

	sector_fixture_open(&s, *state, rooms);
	sector_act(&s, make, &made, "make");
	make_file(&made, SECTOR_LEARNER, SECTOR_OWN, 1001, OWN);
	make_file(&made, SECTOR_OTHER_LEARNER, SECTOR_OTHER, 1002, OTHER);
	make_signal(&made, SECTOR_LEARNER, SECTOR_OWN, 1001, OWN);
	make_signal(&made, SECTOR_OTHER_LEARNER, SECTOR_OTHER, 1002, OTHER);
	for (i = 0; i < ROWS; i++)
		for (of = OWN; of <= OTHER; of++) {
			expected = of == OWN ? table[i].own : table[i].other;
			if (expected == NULL)
				continue;
			answers(&s, &things, &table[i], of, is);
			if (strcmp(is, expected) == 0)
				continue;
			print_error("%s %s (%s): %s, not %s\n",
			    table[i].method == HTTP_GET ? "GET" : "POST",
			    table[i].pattern, names[of], is, expected);
			wrong++;
		}
	assert_int_equal(wrong, 0);
	sector_fixture_close(&s);
}

/* ----------------------------------------------------------------- the table
 */

static bool
is_in_table(const struct route *route)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (table[i].method == route->method &&
		    text_eq(table[i].pattern, route->pattern))
			return true;
	return false;
}

static bool
is_route(const struct row *row)
{
	size_t i;
	const struct route *r;

	for (i = 0; rooms[i] != NULL; i++)
		for (r = rooms[i]; r->pattern != NULL; r++)
			if (r->method == row->method &&
			    text_eq(r->pattern, row->pattern))
				return true;
	return false;
}

static void
the_table_names_every_row_of_every_room(void **state)
{
	const struct route *r;
	size_t i, wrong = 0;

	(void)state;
	for (i = 0; rooms[i] != NULL; i++)
		for (r = rooms[i]; r->pattern != NULL; r++)
			if (!is_in_table(r)) {
				print_error("missing: %d %s\n", (int)r->method,
				    r->pattern);
				wrong++;
			}
	for (i = 0; i < ROWS; i++)
		if (!is_route(&table[i])) {
			print_error("no row: %s\n", table[i].pattern);
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

/* What is another institution's is not there, for anybody. */
static void
nothing_of_another_institution_is_shown_to_anybody(void **state)
{
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < ROWS; i++) {
		if (table[i].other == NULL ||
		    strncmp(table[i].pattern, "/verify/", 8) == 0)
			continue;
		n++;
		if (strpbrk(table[i].other, "23ic") != NULL)
			fail_msg("%s: %s", table[i].pattern, table[i].other);
	}
	assert_true(n > 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_table_names_every_row_of_every_room),
	    cmocka_unit_test(
		nothing_of_another_institution_is_shown_to_anybody),
	    ON_BOTH_ENGINES(every_row_answers_every_role_as_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
