/*
 * The class: who of an institution works on labs now, where they stand, for
 * how long nothing has moved; and what an instructor can do for them. Every
 * act is a row of the organisation's audit chain and a notice that the learner
 * keeps.
 *
 *	training manager, ──▶ lines of the own institution's members
 *	instructor            ├─ watch    see a terminal; the learner is told
 *	                      ├─ extend   the shell lives longer
 *	                      ├─ unlock   once more prepared, or one submission
 *	                      │           more before the data change
 *	                      └─ message  a short text, shown where they work
 *
 * Who may is decided by the scope (scope_class in people/viewer.h): a run that
 * is not of a member of the scope's organisation is ERR_NOT_FOUND.
 */
#ifndef LAB_CLASS_H
#define LAB_CLASS_H

#include "lab/lab.h"
#include "lab/shells.h"

#define CLASS_RECENT_MS (24 * HOUR_MS) /* of a sign of progress */
#define CLASS_STUCK_MS (15 * MINUTE_MS) /* without one */
#define CLASS_LINES_MAX 500
#define CLASS_EXTRA_MAX 2 /* submissions added to one draw */
#define CLASS_TEXT_MAX 500 /* characters of a message */
#define CLASS_MESSAGES_MAX 10 /* of one sender to one run … */
#define CLASS_MESSAGES_MS (10 * MINUTE_MS) /* … in this time */
#define CLASS_WATCHED_MS (30 * MINUTE_MS) /* one record of one who watches */
#define CLASS_NOTICES_MAX 20 /* shown; more are kept */

/* ------------------------------------------------------------------- lines */

enum class_state {
	CLASS_PREPARING,
	CLASS_FAILED, /* the data could not be made */
	CLASS_READY, /* there is no shell; perhaps they work elsewhere */
	CLASS_WORKING, /* in a shell */
	CLASS_GRADING,
	CLASS_MOVED, /* the submissions are used up: other data are next */
	CLASS_PASSED,
	CLASS__MAX
};

/* The newest run of one learner and lab. */
struct class_line {
	struct lab_run run;
	const char *name, *number, *department; /* of the learner */
	struct lab_give_up gave_up; /* id 0: it was not */
	struct lab_standing standing;
	const struct lab_submission *graded; /* the last; NULL: none */
	int64_t active_at; /* the last sign of progress, keys included */
	bool live; /* a shell: the three below */
	int64_t started_at, deadline_at;
	int watchers;
	enum class_state state;
	bool stuck;
};

/*
 * What follows from the rows, from a box (NULL: there is none, or nobody
 * knows) and the time.
 */
void class_line_judge(
    struct class_line *line, const struct labd_status *box, int64_t now);

/* May one submission more be added to this draw? */
bool class_may_add(const struct class_line *line);

/*
 * Those with a sign of progress in CLASS_RECENT_MS, the latest first, at most
 * CLASS_LINES_MAX. boxes: what the daemon has, in order of numbers.
 */
MUST_USE enum err
class_lines(struct db *db, struct scope class, const struct labd_status *boxes,
    size_t n_boxes, struct arena *a, struct class_line **out, size_t *n);

/* The same of one, without its box. ERR_NOT_FOUND. */
MUST_USE enum err class_line_load(struct db *db, struct scope class,
    int64_t run, struct arena *a, struct class_line *out);

/* All boxes; none while the daemon does not answer. */
MUST_USE enum err class_boxes(const struct site *site, struct arena *a,
    struct labd_status **out, size_t *n);

/* What a reader asked for; "": all. */
enum class_order {
	CLASS_BY_NEED, /* stuck ones first, who passed last */
	CLASS_BY_NUMBER,
	CLASS_BY_LAB,
	CLASS_BY_STATE,
	CLASS_ORDER__MAX
};

struct class_asked {
	const char *lab, *course;
	enum class_order order;
};

const char *class_order_name(enum class_order order);
enum class_order class_order_find(const char *name); /* BY_NEED for none */

/* Takes out what was not asked for, and puts the rest in order. */
void class_choose(const struct class_asked *asked, const struct content *c,
    struct class_line *list, size_t *n);

/* -------------------------------------------------------------------- acts */

struct class_of {
	const struct site *site;
	struct db *db; /* only read: writes go through lane_write_on */
	struct scope class; /* whose acts these are */
	int64_t run;
	struct arena *arena;
};

/*
 * All of them: ERR_NOT_FOUND for what is not the class's, or is not the newest
 * run of its learner and lab. They may wait for the daemon (ROUTE_CALLS).
 */

MUST_USE enum err class_look(const struct class_of *of, struct class_line *out);

/*
 * A ticket to watch a terminal, from 0; the record and the learner's notice
 * are there before it is. ERR_GONE: there is no shell. ERR_UNAVAILABLE.
 */
MUST_USE enum err class_watch(const struct class_of *of, int64_t terminal,
    char out[LABD_TICKET_CHARS + 1]);

/* As shell_extend. ERR_GONE, ERR_CONFLICT: it lives as long as it can. */
MUST_USE enum err class_extend(const struct class_of *of);

/* ERR_CONFLICT: it has not failed. A newer lab may help, as lab_open says. */
MUST_USE enum err
class_prepare(const struct class_of *of, const struct content *c);

/* ERR_CONFLICT: none is used, the next draw has begun, or all were added. */
MUST_USE enum err class_add_submission(const struct class_of *of);

/*
 * ERR_INVALID: empty, longer than CLASS_TEXT_MAX, with control characters.
 * ERR_THROTTLED: too many in a short time.
 */
MUST_USE enum err class_message(const struct class_of *of, const char *text);

/*
 * Jobs, as shells_signed_out: somebody signed out or left, and watches nobody
 * any more. subject: the person; the membership.
 */
MUST_USE enum err
class_signed_out(const struct site *site, const char *subject);
MUST_USE enum err
class_left(struct db *db, const struct site *site, const char *subject);

/* ----------------------------------------------------------------- notices */

enum notice_kind {
	NOTICE_WATCHED,
	NOTICE_MESSAGE,
	NOTICE_EXTENDED,
	NOTICE_UNLOCKED,
	NOTICE_PREPARED,
	NOTICE__MAX
};

struct class_notice {
	int64_t id;
	enum notice_kind kind;
	const char *text; /* of a message */
	int64_t until_at, at; /* until: of an extension */
	const char *by; /* the instructor's name */
};

/* What a person was told about a lab, newest first. */
MUST_USE enum err class_notices(struct db *db, struct scope own,
    const char *lab, struct arena *a, struct class_notice **out, size_t *n);

/* ------------------------------------------------------------------- store */

MUST_USE enum err class_store_lines(struct db *db, struct scope class,
    struct arena *a, struct class_line **out, size_t *n);
MUST_USE enum err class_store_line(struct db *db, struct scope class,
    int64_t run, struct arena *a, struct class_line *out);
MUST_USE enum err class_store_submissions(struct db *db, struct scope class,
    struct arena *a, struct lab_submission **out, size_t *n);
MUST_USE enum err class_store_extra(struct db *db, int64_t run, int64_t now);
/* The notice and its row in the chain. */
MUST_USE enum err class_store_notice(struct db *db, struct scope class,
    const struct class_line *line, const struct class_notice *notice,
    struct arena *a);
/* run 0: of any. */
MUST_USE enum err class_store_count(struct db *db, int64_t actor, int64_t since,
    enum notice_kind kind, int64_t run, int64_t *out);

#endif
