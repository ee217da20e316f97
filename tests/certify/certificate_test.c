/* Issued once, with a number nobody can walk; programmes; taken back once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/random.h"
#include "certify/certify.h"
#include "learn/learn.h"
#include "record/record.h"
#include "support/pages.h"

#define TREE "tests/certify/tree"
#define NUMBERS 10000
#define EXAM_ATTEMPT INT64_C(77)

static const struct route *const rooms[] = {certify_routes, NULL};

/* ------------------------------------------------------------------ numbers */

static int
compare_texts(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void
a_number_is_tr_and_twelve_characters_of_base_32(void **state)
{
	static const char shape[] = "TR-xxxx-xxxx-xxxx";
	struct arena *a = arena_new();
	const char *number;
	size_t i;
	int round;

	(void)state;
	for (round = 0; round < 200; round++) {
		number = certificate_number_new(a);
		assert_int_equal(strlen(number), sizeof(shape) - 1);
		for (i = 0; shape[i] != '\0'; i++)
			if (shape[i] == 'x')
				assert_non_null(
				    strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ",
					number[i]));
			else
				assert_int_equal(number[i], shape[i]);
	}
	arena_free(a);
}

static void
ten_thousand_numbers_are_all_different(void **state)
{
	struct arena *a = arena_new();
	const char **list = ARENA_ARRAY(a, const char *, NUMBERS);
	size_t i;

	(void)state;
	for (i = 0; i < NUMBERS; i++)
		list[i] = certificate_number_new(a);
	qsort(list, NUMBERS, sizeof(*list), compare_texts);
	for (i = 1; i < NUMBERS; i++)
		assert_string_not_equal(list[i - 1], list[i]);
	arena_free(a);
}

static void
a_number_is_read_as_people_type_it(void **state)
{
	static const struct {
		const char *typed;
		const char *number; /* NULL: none */
	} cases[] = {
	    {"TR-7K3M-Q0ZD-H4WX", "TR-7K3M-Q0ZD-H4WX"},
	    {"tr-7k3m-q0zd-h4wx", "TR-7K3M-Q0ZD-H4WX"},
	    {"TR7K3MQ0ZDH4WX", "TR-7K3M-Q0ZD-H4WX"},
	    {"7k3mq0zdh4wx", "TR-7K3M-Q0ZD-H4WX"},
	    {"TR 7K3M Q0ZD H4WX", "TR-7K3M-Q0ZD-H4WX"},
	    {"ＴＲ－７Ｋ３Ｍ－Ｑ０ＺＤ－Ｈ４ＷＸ", "TR-7K3M-Q0ZD-H4WX"},
	    {"TRー7K3MーQ0ZDーH4WX", "TR-7K3M-Q0ZD-H4WX"},
	    {"TR–7K3M–Q0ZD–H4WX", "TR-7K3M-Q0ZD-H4WX"},
	    {"TR-7K3M-QOZD-H4WX", "TR-7K3M-Q0ZD-H4WX"}, /* O is 0 */
	    {"TR-ILil-0000-0000", "TR-1111-0000-0000"},
	    {"TRTR-TRTR-TRTR", "TR-TRTR-TRTR-TRTR"}, /* no prefix missing */
	    {"TRTRTRTRTRTRTR", "TR-TRTR-TRTR-TRTR"},
	    {"", NULL},
	    {"TR-", NULL},
	    {"TR-7K3M-Q0ZD-H4W", NULL},
	    {"TR-7K3M-Q0ZD-H4WXX", NULL},
	    {"TX-7K3M-Q0ZD-H4WX", NULL},
	    {"TR-7K3M-QUZD-H4WX", NULL}, /* U is in no number */
	    {"TR-7K3M-Q0ZD-H4W!", NULL},
	    {"TR-7K3M-Q0ZD-H4W鍛", NULL},
	    {"TR/7K3M/Q0ZD/H4WX", NULL},
	};
	struct arena *a = arena_new();
	const char *number;
	char *longest;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		number = NULL;
		if (certificate_number_read(a, cases[i].typed, &number) !=
		    (cases[i].number != NULL))
			fail_msg("\"%s\"", cases[i].typed);
		if (cases[i].number != NULL)
			assert_string_equal(number, cases[i].number);
	}
	longest = arena_alloc(a, 2001);
	memset(longest, '7', 2000);
	assert_false(certificate_number_read(a, longest, &number));
	arena_free(a);
}

static void
a_certificate_is_valid_until_it_ends(void **state)
{
	static const struct {
		int64_t expires_at, revoked_at, now;
		enum certificate_state state;
	} cases[] = {
	    {0, 0, 1000, CERTIFICATE_VALID},
	    {1001, 0, 1000, CERTIFICATE_VALID},
	    {1000, 0, 1000, CERTIFICATE_EXPIRED},
	    {0, 900, 1000, CERTIFICATE_REVOKED},
	    {950, 900, 1000, CERTIFICATE_REVOKED},
	};
	struct certificate c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c = (struct certificate){
		    .expires_at = cases[i].expires_at,
		    .revoked_at = cases[i].revoked_at,
		};
		assert_int_equal(
		    certificate_state(&c, cases[i].now), cases[i].state);
	}
}

/* ------------------------------------------------------------------ issuing */

struct act {
	struct pages *p;
	int64_t person, attempt;
	const char *course;
};

static enum err
complete_act(struct db *db, void *ctx)
{
	struct act *act = ctx;
	struct content *c = pages_content(act->p);
	struct learner who = {act->person, act->p->organisation, "technician"};

	return course_exam_passed(db, &act->p->site, &who, c,
	    content_course(c, act->course), act->attempt, act->p->f->now);
}

static enum err
hook_act(struct db *db, void *ctx)
{
	struct act *act = ctx;
	struct content *c = pages_content(act->p);

	return certify_course_completed(db, &act->p->site, c,
	    content_course(c, act->course), act->person, act->p->organisation,
	    act->attempt, act->p->f->now);
}

static void
open_site(struct pages *p, void **state)
{
	pages_open(p, *state, TREE, rooms);
	p->site.course_completed = certify_course_completed;
}

static void
complete(struct pages *p, int64_t person, const char *course, int64_t attempt)
{
	struct act act = {p, person, attempt, course};

	assert_int_equal(db_write(p->f->db, complete_act, &act), ERR_OK);
}

/* The only certificate of a person. */
static struct certificate
only_one(struct pages *p, int64_t person)
{
	struct certificate *list;
	size_t n;

	assert_int_equal(certificates_of(p->f->db, scope_machine(p->f->now),
			     person, p->f->arena, &list, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	return list[0];
}

static size_t
count_evidence(
    struct pages *p, int64_t person, const char *source, const char *thing)
{
	struct evidence_row *rows;
	size_t i, n, found = 0;

	assert_int_equal(evidence_of_person(p->f->db, scope_machine(p->f->now),
			     person, p->f->arena, &rows, &n),
	    ERR_OK);
	for (i = 0; i < n; i++)
		found += text_eq(rows[i].ev.source, source) &&
		    (thing == NULL || text_eq(rows[i].ev.thing, thing));
	return found;
}

static void
a_certificate_is_issued_once(void **state)
{
	struct act again;
	struct certificate first, later;
	struct pages p;
	int64_t person;

	open_site(&p, state);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	again = (struct act){&p, person, EXAM_ATTEMPT + 1, "C-901"};
	complete(&p, person, "C-901", EXAM_ATTEMPT);
	first = only_one(&p, person);
	complete(&p, person, "C-901", EXAM_ATTEMPT + 1);
	assert_int_equal(db_write(p.f->db, hook_act, &again), ERR_OK);
	later = only_one(&p, person);
	assert_int_equal(first.id, later.id);
	assert_string_equal(first.number, later.number);
	assert_string_equal(first.kind, "completion");
	assert_string_equal(first.thing, "C-901");
	assert_string_equal(
	    first.manifest, content_manifest(pages_content(&p)));
	assert_int_equal(first.organisation, p.organisation);
	assert_int_equal(count_evidence(&p, person, "certificate", "C-901"), 1);
	pages_close(&p);
}

static void
a_course_without_an_exam_gives_no_certificate(void **state)
{
	struct certificate *list;
	struct pages p;
	int64_t person;
	size_t n;

	open_site(&p, state);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	complete(&p, person, "T-901", 0);
	assert_int_equal(certificates_of(p.f->db, scope_machine(p.f->now),
			     person, p.f->arena, &list, &n),
	    ERR_OK);
	assert_int_equal(n, 0);
	assert_int_equal(count_evidence(&p, person, "certificate", NULL), 0);
	pages_close(&p);
}

/* Deltas are folded first: the count is what dashboards will see. */
static enum err
fold_act(struct db *db, void *ctx)
{
	return rollup_fold(db, 1000, ctx);
}

static void
a_programme_is_recorded_once_when_its_last_course_is_done(void **state)
{
	int64_t folded = 0, person;
	struct act again;
	struct pages p;

	open_site(&p, state);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	again = (struct act){&p, person, 0, "T-901"};
	complete(&p, person, "C-901", EXAM_ATTEMPT);
	assert_int_equal(
	    count_evidence(&p, person, "programme", "everyone-foundation"), 1);
	assert_int_equal(
	    count_evidence(&p, person, "programme", "technician-foundation"),
	    0);
	complete(&p, person, "T-901", 0);
	assert_int_equal(db_write(p.f->db, hook_act, &again), ERR_OK);
	assert_int_equal(
	    count_evidence(&p, person, "programme", "technician-foundation"),
	    1);
	assert_int_equal(count_evidence(&p, person, "programme", NULL), 2);
	/* people 1, completed 2, programme 2 */
	assert_int_equal(db_write(p.f->db, fold_act, &folded), ERR_OK);
	assert_int_equal(folded, 5);
	pages_close(&p);
}

static void
a_programme_with_a_planned_course_cannot_be_met(void **state)
{
	struct pages p;
	int64_t person;

	open_site(&p, state);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	complete(&p, person, "C-901", EXAM_ATTEMPT);
	/* no such thing happens; even then the programme stays open */
	complete(&p, person, "T-902", 0);
	assert_int_equal(
	    count_evidence(&p, person, "programme", "technician-recovery"), 0);
	pages_close(&p);
}

/* ----------------------------------------------------------------- revoking */

struct revocation {
	struct pages *p;
	struct scope scope;
	const char *number, *reason;
};

static enum err
revoke_act(struct db *db, void *ctx)
{
	struct revocation *r = ctx;

	return certificate_revoke(
	    db, r->scope, 0, r->number, r->reason, r->p->f->now);
}

static enum err
revoke(struct pages *p, struct scope s, const char *number, const char *reason)
{
	struct revocation r = {p, s, number, reason};

	return db_write(p->f->db, revoke_act, &r);
}

static void
a_revoked_certificate_is_kept_with_its_reason_and_audited_once(void **state)
{
	struct audit_row *rows;
	struct certificate c;
	struct scope machine;
	struct pages p;
	int64_t person;
	size_t n;

	open_site(&p, state);
	machine = scope_machine(p.f->now);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	complete(&p, person, "C-901", EXAM_ATTEMPT);
	c = only_one(&p, person);
	assert_int_equal(revoke(&p, machine, c.number, " 受験の不正 "), ERR_OK);
	assert_int_equal(
	    revoke(&p, machine, c.number, "もう一度"), ERR_CONFLICT);
	c = only_one(&p, person);
	assert_int_equal(c.revoked_at, p.f->now);
	assert_string_equal(c.revoked_reason, "受験の不正");
	assert_int_equal(certificate_state(&c, p.f->now), CERTIFICATE_REVOKED);
	assert_int_equal(audit_recent(p.f->db, machine, p.organisation,
			     "certificate.revoked", 10, p.f->arena, &rows, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].subject, c.number);
	assert_string_equal(rows[0].detail, "kind=completion thing=C-901");
	assert_null(strstr(rows[0].detail, "受験"));
	pages_close(&p);
}

static void
a_revocation_needs_a_number_a_reason_and_the_machine(void **state)
{
	struct scope machine, own;
	struct certificate c;
	struct pages p;
	int64_t person;
	char *reason;

	open_site(&p, state);
	machine = scope_machine(p.f->now);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	own = (struct scope){.reach = SCOPE_OWN, .person = person};
	complete(&p, person, "C-901", EXAM_ATTEMPT);
	c = only_one(&p, person);
	reason = arena_alloc(p.f->arena, CERTIFICATE_REASON_CHARS_MAX + 2);
	memset(reason, 'x', CERTIFICATE_REASON_CHARS_MAX + 1);
	assert_int_equal(revoke(&p, machine, c.number, "  "), ERR_INVALID);
	assert_int_equal(revoke(&p, machine, c.number, reason), ERR_INVALID);
	assert_int_equal(
	    revoke(&p, machine, "TR-0000-0000-0000", "x"), ERR_NOT_FOUND);
	assert_int_equal(revoke(&p, own, c.number, "x"), ERR_NOT_FOUND);
	assert_int_equal(only_one(&p, person).revoked_at, 0);
	reason[CERTIFICATE_REASON_CHARS_MAX] = '\0';
	assert_int_equal(revoke(&p, machine, c.number, reason), ERR_OK);
	pages_close(&p);
}

static void
another_reads_no_certificate_of_mine(void **state)
{
	struct certificate c, *list;
	struct scope other;
	struct pages p;
	int64_t person;
	size_t n;

	open_site(&p, state);
	person = pages_person(&p, "山田 太郎", "T-SOC", "technician");
	other = (struct scope){
	    .reach = SCOPE_OWN,
	    .person = pages_person(&p, "鈴木 花子", "T-SOC", "technician"),
	    .now = p.f->now,
	};
	complete(&p, person, "C-901", EXAM_ATTEMPT);
	c = only_one(&p, person);
	assert_int_equal(
	    certificate_get(p.f->db, other, c.number, p.f->arena, &c),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    certificates_of(p.f->db, other, person, p.f->arena, &list, &n),
	    ERR_OK);
	assert_int_equal(n, 0);
	pages_close(&p);
}

static int
start_random(void **state)
{
	(void)state;
	random_start();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_tr_and_twelve_characters_of_base_32),
	    cmocka_unit_test(ten_thousand_numbers_are_all_different),
	    cmocka_unit_test(a_number_is_read_as_people_type_it),
	    cmocka_unit_test(a_certificate_is_valid_until_it_ends),
	    ON_BOTH_ENGINES(a_certificate_is_issued_once),
	    ON_BOTH_ENGINES(a_course_without_an_exam_gives_no_certificate),
	    ON_BOTH_ENGINES(
		a_programme_is_recorded_once_when_its_last_course_is_done),
	    ON_BOTH_ENGINES(a_programme_with_a_planned_course_cannot_be_met),
	    ON_BOTH_ENGINES(
		a_revoked_certificate_is_kept_with_its_reason_and_audited_once),
	    ON_BOTH_ENGINES(
		a_revocation_needs_a_number_a_reason_and_the_machine),
	    ON_BOTH_ENGINES(another_reads_no_certificate_of_mine),
	};

	return cmocka_run_group_tests(tests, start_random, NULL);
}
