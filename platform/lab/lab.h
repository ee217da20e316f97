/*
 * Labs: a task with artefacts made for one person, files handed in, a score
 * with reasons. The lab's own programs (setup, check) run only in a box
 * (lab/engine), as jobs; everything else is rows.
 *
 *	start   -> lab_run (preparing) -> job lab.prepare -> ready, artefacts
 *	                               -> job lab.key, when idle -> answer key
 *	hand in -> lab_submission (grading) -> job lab.grade -> graded, points
 *
 * A run is one draw: its seed is HMAC(site secret, "person|lab|version|draw").
 * Two graded submissions belong to a draw, and those that an instructor added
 * to it; unless the lab is passed, the next one has another draw and so other
 * artefacts and other answers.
 *
 * The worked solution opens to whoever passed the lab as well as level 2 asks
 * for, or gave it up, and what is handed in afterwards is practice: graded and
 * shown, but neither score nor evidence. A pass below that is a pass; better
 * points can follow, so that nobody is shut out of level 2 by having passed.
 *
 *	counted ──passed, 75 points──▶ practice, without end
 *	   │
 *	   └──given up──▶ next draw: practice for 7 days ──▶ counted as ever
 *
 * Days, because what was only read fades and what was understood stays: a
 * score after them says again what a person can do. Giving up happens once in
 * a lab and cannot be undone; the score so far stays.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "content/content.h"
#include "db/scope.h"
#include "http/route.h"
#include "learn/learn.h"

struct db;
struct site;

#define LAB_POINTS_MAX 100
#define LAB_SUBMISSIONS_PER_DRAW 2
#define LAB_DIGEST_CHARS 64
#define LAB_MANIFEST_CHARS 1023
#define LAB_PRACTICE_DAYS 7 /* from giving up until submissions count */

/* What level 2 asks of a submission that passes a lab; see career/. */
#define LAB_PERCENT_FOR_2 75

/* The setting that says what isolation the jobs have: "A own-range v1". */
#define LAB_ISOLATION_SETTING "lab_isolation"

/*
 * The setting that says what their boxes are made of, and which programs that
 * labs need are not in it: "host L04:sshd L04:nginx".
 */
#define LAB_ROOT_SETTING "lab_root"
#define LAB_HOST "host" /* in place of an image's digest */

/* ------------------------------------------------------------------ rows */

enum run_state { RUN_NONE, RUN_PREPARING, RUN_READY, RUN_FAILED };

struct lab_run {
	int64_t id; /* 0: there is none */
	int64_t person, organisation;
	const char *lab, *manifest;
	int64_t draw;
	enum run_state state;
	const char *isolation; /* NULL: not yet known */
	/* what setup ran in, and the last shell: a digest, "host"; NULL */
	const char *image, *shell_image;
	int64_t created_at, ready_at;
	const char *hints; /* ids of those opened: "h1,h3" */
};

enum submission_state {
	SUBMISSION_GRADING,
	SUBMISSION_GRADED,
	SUBMISSION_FAILED, /* the checker broke: it does not count */
};

struct lab_submission {
	int64_t id, run, person, draw, number;
	const char *lab, *manifest;
	enum submission_state state;
	int64_t submitted_at, graded_at;
	int64_t points; /* hints taken off */
	const char *result; /* JSON lines, see lab_result.h */
	const char *image; /* what check ran in: a digest, "host"; NULL */
	bool passing; /* there is evidence of it */
	int64_t extra; /* submissions that were added to its draw */
	bool practice; /* set by lab_stand */
};

/* A lab was given up by a person. */
struct lab_give_up {
	int64_t id; /* 0: it was not */
	int64_t draw; /* that was in turn; the next one follows */
	int64_t gave_up_at, counts_from_at; /* until then it is practice */
};

struct lab_file {
	int64_t id;
	const char *name;
	const void *data; /* NULL in lists */
	size_t size;
};

/* ----------------------------------------------------------------- rules */

/* Where a person stands in a lab, from the submissions. */
struct lab_standing {
	int64_t counted; /* graded submissions */
	int64_t draw; /* the one that is in turn, from 1 */
	int64_t left; /* submissions until the draw moves; 0: settled */
	bool grading; /* one is being graded now */
	bool passed;
	bool scored; /* best and first are set */
	int64_t best, first; /* practice left out */
	int64_t gave_up_at, counts_from_at; /* 0: was not given up */
	bool settled; /* passed as well as level 2 asks for */
};

/*
 * Submissions of one person and lab, in order of their numbers; says of each
 * whether it is practice.
 */
void lab_stand(struct lab_submission *list, size_t n,
    const struct lab_give_up *gave_up, struct lab_standing *out);

/* Handed in while the days after giving up were running. */
bool lab_is_after_giving_up(
    const struct lab_give_up *gave_up, const struct lab_submission *s);

/* Are so many points enough for level 2? */
bool lab_is_enough_for_2(int64_t points);

bool lab_solution_is_open(const struct lab_standing *s);

/* What a pass needs to open it. */
int lab_points_for_solution(const struct lab *lab);

/* Is what is handed in now practice? */
bool lab_is_practice_now(const struct lab_standing *s, int64_t now);

bool lab_hint_is_open(const char *hints, const char *id);
int64_t lab_hint_cost(const struct lab *lab, const char *hints);

/* Points of the checks less the hints, not below 0. */
int64_t lab_score(const struct lab *lab, int64_t checks, const char *hints);

void lab_seed(const uint8_t secret[DIGEST_BYTES], int64_t person,
    const struct lab *lab, int64_t draw, uint8_t out[DIGEST_BYTES]);

/* ".txt" and the like: may be typed into the page, must be UTF-8. */
bool lab_file_is_text(const char *path);

enum file_problem {
	FILE_FINE,
	FILE_MISSING,
	FILE_TOO_LARGE,
	FILE_NOT_TEXT, /* another encoding than UTF-8 */
};

/* data NULL: it was not handed in. */
enum file_problem
lab_file_check(const struct lab_file_spec *spec, const void *data, size_t size);

/* ------------------------------------------------------------------ acts */

/* One lab as its person sees it. */
struct lab_look {
	struct lab_standing standing;
	int64_t gave_up_draw; /* 0: it was not given up */
	struct lab_run run; /* of the draw in turn; id 0: not started */
	const struct lab_submission *submissions;
	size_t n_submissions;
	const struct lab_file *artefacts; /* of the run, without data */
	size_t n_artefacts;
	const struct lab_file *answers; /* handed in last, with data */
	size_t n_answers;
};

MUST_USE enum err lab_look(struct db *db, struct scope own, const char *lab,
    struct arena *a, struct lab_look *out);

/* All labs that a person has begun, for the list. */
struct lab_line {
	const char *lab;
	struct lab_standing standing;
	enum run_state run; /* of the draw in turn */
};

MUST_USE enum err lab_lines(struct db *db, struct scope own, struct arena *a,
    struct lab_line **out, size_t *n);

/*
 * Begins the draw that is in turn, or again one that could not be prepared.
 * ERR_CONFLICT: it is prepared or ready already, or a submission is being
 * graded. ERR_UNAVAILABLE: no box can be made on this machine, or none with
 * what the lab needs.
 */
MUST_USE enum err lab_open(struct db *db, struct scope own,
    const struct learner *who, const struct content *c, const struct lab *lab,
    int64_t now, struct arena *a);

/*
 * Hands files in: durable with the caller's write, graded by a job. `files`
 * were checked. ERR_CONFLICT: the run is not ready, or the submission before
 * is being graded, or the draw has moved.
 */
MUST_USE enum err lab_submit(struct db *db, struct scope own,
    const struct lab *lab, const struct lab_file *files, size_t n, int64_t now,
    struct arena *a, int64_t *number);

/*
 * Opens a hint: from now on every submission of this lab costs it. Opening
 * it twice is opening it once. ERR_NOT_FOUND without such a hint,
 * ERR_CONFLICT while a submission is being graded or the run is not ready.
 */
MUST_USE enum err lab_hint_open(struct db *db, struct scope own,
    const struct lab *lab, const char *hint, struct arena *a);

/*
 * Begun, neither settled nor given up, and nothing of it is being prepared or
 * graded.
 */
bool lab_may_give_up(const struct lab_look *look);

/*
 * Gives the lab up; in the audit chain of who's organisation. ERR_CONFLICT:
 * see lab_may_give_up.
 */
MUST_USE enum err lab_give_up(struct db *db, struct scope own,
    const struct learner *who, const char *lab, int64_t now, struct arena *a);

/* An artefact of one's own run of this lab. Another's: ERR_NOT_FOUND. */
MUST_USE enum err lab_artefact(struct db *db, struct scope own, const char *lab,
    int64_t file, struct arena *a, struct lab_file *out);

/*
 * What the jobs have reported: level 'A' to 'D', 0: no box can be made, '?':
 * not reported yet. what: the name of what is missing ("user_namespaces"),
 * or the level's text.
 */
struct lab_isolation {
	char level;
	const char *what;
	const char *root; /* the text of LAB_ROOT_SETTING; "" before it is */
};

/* What a lab needs and boxes here do not have: "nginx, sshd"; NULL: nothing. */
const char *lab_lacks(
    const struct lab_isolation *isolation, const char *lab, struct arena *a);

MUST_USE enum err
lab_isolation(struct db *db, struct arena *a, struct lab_isolation *out);

/* ------------------------------------------------------------------ jobs */

#define JOB_PREPARE "lab.prepare"
#define JOB_GRADE "lab.grade"
#define JOB_KEY "lab.key"

/*
 * How many of others come before what a look waits for: its run's artefacts
 * or its last submission's score. 0: none, or nothing is waited for.
 */
MUST_USE enum err
lab_ahead(struct db *db, const struct lab_look *look, int64_t *out);

/*
 * Job kinds JOB_PREPARE and JOB_KEY (subject: a run), JOB_GRADE (subject: a
 * submission). The caller has one thread and is in no transaction: the box
 * runs between two short ones. Doing the same twice does it once. What is
 * wrong with a lab becomes a state, not an error.
 */
MUST_USE enum err lab_prepare_job(
    struct db *db, const struct site *site, const char *subject, int64_t now);
MUST_USE enum err lab_key_job(
    struct db *db, const struct site *site, const char *subject, int64_t now);
MUST_USE enum err lab_grade_job(
    struct db *db, const struct site *site, const char *subject, int64_t now);

/*
 * The job was given up: the run or submission says so, and the learner may
 * try again. In a write.
 */
MUST_USE enum err lab_prepare_gave_up(struct db *db, const char *subject);
MUST_USE enum err
lab_grade_gave_up(struct db *db, const char *subject, int64_t now);

/*
 * Tries a box and writes what it has, and what the published labs lack in it,
 * into the settings.
 */
MUST_USE enum err lab_isolation_report(struct db *db, const struct site *site);

/* What the settings were last written about: begin with zeros. */
struct lab_reported {
	bool done;
	char image[LAB_DIGEST_CHARS + 1]; /* in use then; "" without one */
	char manifest[LAB_MANIFEST_CHARS + 1];
};

/* As lab_isolation_report, when another image or revision is in use. */
MUST_USE enum err lab_isolation_follow(
    struct db *db, const struct site *site, struct lab_reported *last);

/* ----------------------------------------------------------------- pages */

extern const struct route lab_routes[];

#endif
