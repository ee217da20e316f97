/*
 * Points to check: what is unusual about a submission, with what it rests on
 * and a place for a person's decision. Never a verdict: nothing follows from
 * one by itself, no score changes, no certificate waits.
 *
 *	graded ──10 min──▶ job lab.compare ──▶ signal (open)
 *	                                         │ the learner writes statements
 *	                                         ▼
 *	              explained ◀──a training manager, with a reason──▶ upheld
 *
 * Five detectors, after CyberRangeCZ's (issue 3, point 13), and what keeps
 * each from honest people:
 *
 *	canary
 *		The number of somebody else's artefacts. A typing mistake hits
 *		another's 24 bits once in millions; one's own earlier draw is
 *		no other person.
 *	others_answer
 *		An answer that is right for somebody else's draw and not for
 *		one's own. Only telling keys are marked (kit/marks.py).
 *	same_answer
 *		The same wrong answer as somebody else. One that more than
 *		SIGNAL_COMMON_MAX others gave is a common mistake; the task's
 *		example is no answer.
 *	close
 *		Two of one institution within two minutes, both passing, alike
 *		check by check. Full marks look alike for everybody and are
 *		none; neither is a class that hands in together (more than
 *		SIGNAL_CLASS_MAX others at that time).
 *	fast
 *		Passed in less than a tenth of the stated time from when the
 *		artefacts were there. Only the first submission: who has been
 *		through it may have a program ready.
 *
 * A study pair that talks and works on two draws has different answers and
 * raises nothing; where one of them sends the other's file it does, and the
 * decision may well be "explained".
 *
 * Not here of CyberRangeCZ's: location (a whole bank works behind one address,
 * which tells nothing; none is stored), no commands used (answers can be made
 * on one's own machine, and downloads are not recorded), forbidden commands
 * (what is typed is not recorded).
 *
 * Marks stand in lab_mark as hashes with the site's secret, so a copy of the
 * database tells no answer; both sides are found by index, whoever hands in
 * first. The institution at the time of the run sees its own people: somebody
 * of another one is "a person of another institution", with no name, time or
 * score.
 */
#ifndef LAB_SIGNAL_H
#define LAB_SIGNAL_H

#include "lab/lab.h"
#include "lab/lab_result.h"

#define JOB_COMPARE "lab.compare" /* subject: a submission */
#define SIGNAL_WAIT_MS (INT64_C(10) * 60 * 1000) /* so that a class is seen */
#define SIGNAL_TEXT_MAX 1000 /* characters of a reason or a statement */
#define SIGNAL_STATEMENTS_MAX 5 /* of one signal */

enum signal_kind {
	SIGNAL_CANARY,
	SIGNAL_OTHERS_ANSWER,
	SIGNAL_SAME_ANSWER,
	SIGNAL_CLOSE,
	SIGNAL_FAST,
	SIGNAL__MAX
};

enum signal_state { SIGNAL_OPEN, SIGNAL_EXPLAINED, SIGNAL_UPHELD };

const char *signal_kind_name(enum signal_kind k); /* as in the rows */
const char *signal_state_name(enum signal_state s);

struct signal {
	int64_t id, person, organisation;
	const char *lab;
	enum signal_kind kind;
	const char *keys; /* "ticket,bot_ips"; "" of those without marks */
	int64_t seconds; /* close: between the two; fast: until handed in */
	int64_t raised_at;
	enum signal_state state;
	int64_t decisions;
	/* the submission it is about */
	const char *name, *number; /* of the person; employee number */
	int64_t submission, submitted_at, points, nth, draw;
	/* what it was compared with; other NULL: nobody, or not to be named */
	bool has_other;
	const char *other;
	int64_t other_submission, other_at, other_points, other_nth;
};

struct signal_decision {
	enum signal_state decided;
	const char *reason, *by; /* by: a name */
	int64_t at;
};

struct signal_statement {
	const char *text;
	int64_t at;
};

/* What was said about one, oldest first. */
struct signal_words {
	struct signal_decision *decisions;
	size_t n_decisions;
	struct signal_statement *statements;
	size_t n_statements;
};

/* ------------------------------------------------------------------ acts */

/*
 * The marks of a submission that was just graded. Runs of nobody's
 * organisation have no one to decide: nothing. In the grading's write.
 */
MUST_USE enum err signals_mark(struct db *db,
    const uint8_t secret[DIGEST_BYTES], const struct lab_run *run,
    int64_t submission, const struct lab_result *result, struct arena *a);

/* The same, and the job that compares them. */
MUST_USE enum err
signals_note(struct db *db, const uint8_t secret[DIGEST_BYTES],
    const struct lab_run *run, int64_t submission, int64_t submitted_at,
    const struct lab_result *result, struct arena *a);

/*
 * Compares one submission with those of others and writes down what is new.
 * Again: nothing. lab is that of its run. In a write.
 */
MUST_USE enum err signals_compare(struct db *db, const struct lab *lab,
    int64_t submission, int64_t now, struct arena *a);

/* Kind "lab.compare". As the jobs of lab.h. */
MUST_USE enum err lab_compare_job(
    struct db *db, const struct site *site, const char *subject, int64_t now);

/* Of the managed institution, newest first. which: "open", "decided", "". */
MUST_USE enum err
signals_managed(struct db *db, struct scope managed, const char *which,
    int64_t limit, struct arena *a, struct signal **out, size_t *n);

/* One of those, with what was said. Another institution's: ERR_NOT_FOUND. */
MUST_USE enum err
signal_managed(struct db *db, struct scope managed, int64_t id, struct arena *a,
    struct signal *out, struct signal_words *words);

/* The line of a key in the files handed in; NULL: it has none of its own. */
MUST_USE enum err
signal_answer(struct db *db, struct scope managed, const struct signal *s,
    bool others, const char *key, struct arena *a, const char **out);

struct signal_choice {
	int64_t signal;
	int64_t number; /* of the decision: seen before is not decided twice */
	enum signal_state decided; /* explained or upheld */
	const char *reason;
};

/*
 * Written down with who and when, and audited. ERR_INVALID: the reason or the
 * choice; ERR_CONFLICT: somebody decided meanwhile; ERR_FORBIDDEN: nobody
 * decides about oneself. In a write.
 */
MUST_USE enum err signal_decide(struct db *db, struct scope managed,
    const struct signal_choice *choice, int64_t now, struct arena *a);

/* One's own, of one lab ("": all), newest first; no other is ever named. */
MUST_USE enum err signals_own(struct db *db, struct scope own, const char *lab,
    struct arena *a, struct signal **out, size_t *n);
MUST_USE enum err signal_own_words(struct db *db, struct scope own, int64_t id,
    struct arena *a, struct signal_words *out);

/*
 * ERR_NOT_FOUND: not one's own of this lab; ERR_INVALID: the text;
 * ERR_CONFLICT: SIGNAL_STATEMENTS_MAX are there. In a write.
 */
MUST_USE enum err signal_state_own(struct db *db, struct scope own,
    const char *lab, int64_t id, const char *text, int64_t now);

#endif
