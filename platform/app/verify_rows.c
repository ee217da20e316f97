/*
 * Rows that must go together: a certificate and its evidence, evidence and
 * its attempt or confirmation, an open attempt and the moment that ends it.
 * Each rule is a query that answers the rows that break it (id, a word about
 * it).
 */
#include "app/verify.h"
#include "db/db.h"
#include "lab/lab.h"

struct rule {
	enum query broken_by;
	const char *says;
};

static const struct rule rules[] = {
    {Q_VERIFY_CHAIN_WITHOUT_END, "audit chain without its noted end"},
    {Q_VERIFY_CHAIN_END_DIFFERS, "audit chain that does not end as noted"},
    {Q_VERIFY_CERTIFICATE_BARE, "certificate without evidence"},
    {Q_VERIFY_CERTIFICATE_UNEARNED, "certificate for what was never completed"},
    {Q_VERIFY_CERTIFICATE_EXAM, "certificate for an exam that was not passed"},
    {Q_VERIFY_EVIDENCE_CERTIFICATE,
	"evidence of a certificate that is not there"},
    {Q_VERIFY_EVIDENCE_ATTEMPT, "evidence that its attempt does not bear out"},
    {Q_VERIFY_EVIDENCE_LAB, "evidence of a lab that nobody handed in"},
    {Q_VERIFY_EVIDENCE_PRACTICE, "evidence of a lab by what was practice"},
    {Q_VERIFY_EVIDENCE_CONFIRMATION,
	"evidence of a confirmation that nobody gave"},
    {Q_VERIFY_CONFIRMATION_BARE, "confirmation without its one evidence"},
    {Q_VERIFY_CONFIRMATION_OWN, "confirmation by oneself, or for another"},
    {Q_VERIFY_EVIDENCE_COURSE, "completion by an exam that was not passed"},
    {Q_VERIFY_EVIDENCE_TWICE, "completion that stands twice"},
    {Q_VERIFY_EVIDENCE_NOBODY, "evidence of nobody"},
    {Q_VERIFY_EXAM_EVIDENCE, "exam attempt without its one evidence"},
    {Q_VERIFY_CHECK_EVIDENCE, "passed check without evidence"},
    {Q_VERIFY_ATTEMPT_ENDLESS, "open attempt that nothing will end"},
    {Q_VERIFY_ASSIGNMENT_ENDLESS, "open assignment whose date nothing watches"},
    {Q_VERIFY_ASSIGNMENT_DONE, "completed assignment without completion"},
    {Q_VERIFY_ROLLUP_TOTAL, "roll-up total that is not its months together"},
    {Q_VERIFY_NO_ORGANISATION, "row of an organisation that is not there"},
    {Q_VERIFY_NO_MANAGER, "membership with a line manager who is nobody"},
    {Q_VERIFY_MARK_BARE, "mark of a submission that was not graded"},
    {Q_VERIFY_SIGNAL_BARE, "point to check of another submission"},
    {Q_VERIFY_SIGNAL_OTHER, "point to check against what is not there"},
    {Q_VERIFY_SIGNAL_STATE,
	"point to check that stands otherwise than decided"},
    {Q_VERIFY_SIGNAL_DECIDER,
	"decision about oneself, or that no audit row tells of"},
    {Q_VERIFY_NOTICE_BARE, "lab notice without its one audit row"},
    {Q_VERIFY_NOTICE_OTHER, "lab notice of another's run"},
    {Q_VERIFY_NOTICE_NONE, "act on a lab run that its learner was not told"},
    {Q_VERIFY_LAB_EXTRA, "lab run with submissions that nobody added"},
    {Q_VERIFY_LAB_FILE, "lab file of a submission that is not there"},
    {Q_VERIFY_LAB_IMAGE, "lab run in a system that has no such name"},
};

/* Asked with the percent that level 2 asks of a lab. */
static const struct rule rules_of_level_2[] = {
    {Q_VERIFY_EVIDENCE_LAB_TWICE, "evidence of a lab that stands twice"},
    {Q_VERIFY_GIVE_UP, "lab given up that was not begun, or was settled"},
};

static enum err
check(struct verify *v, const struct rule *rule, struct db_args args,
    struct arena *a)
{
	struct db_rows *rows;
	enum err e;

	e = db_rows(v->db, rule->broken_by, args, &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		verify_wrong(v, "%s: %lld %s", rule->says,
		    (long long)db_col_int(rows, 0), db_col_text(rows, 1, a));
		arena_reset(a);
	}
	return db_done(rows);
}

static enum err
check_all(
    struct verify *v, const struct rule *list, size_t n, struct db_args args)
{
	struct arena *a = arena_new();
	enum err e = ERR_OK;
	size_t i;

	for (i = 0; e == ERR_OK && i < n; i++)
		e = check(v, &list[i], args, a);
	arena_free(a);
	return e;
}

enum err
verify_rows(struct verify *v)
{
	enum err e;

	e = check_all(v, rules, sizeof(rules) / sizeof(rules[0]), DB_NO_ARGS);
	if (e != ERR_OK)
		return e;
	return check_all(v, rules_of_level_2,
	    sizeof(rules_of_level_2) / sizeof(rules_of_level_2[0]),
	    DB_ARGS(db_int(LAB_PERCENT_FOR_2)));
}
