/* What an instructor does for a learner: recorded, told, done. */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "content/content.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/class.h"
#include "lab/lab_job.h"
#include "lab/lab_store.h"
#include "people/account.h"
#include "record/record.h"

/* One act on its way through the writer. */
struct act {
	const struct class_of *of;
	struct class_line line; /* as it is in the transaction */
	struct class_notice notice;
	const struct content *content; /* of class_prepare */
};

/* The look was of a moment ago: whose run it is is asked again. */
static enum err
find(struct db *db, struct act *act)
{
	const struct class_of *of = act->of;

	return class_store_line(db, of->class, of->run, of->arena, &act->line);
}

static enum err
note(struct db *db, struct act *act)
{
	const struct class_of *of = act->of;

	return class_store_notice(
	    db, of->class, &act->line, &act->notice, of->arena);
}

/* Whoever works in the box looks for what is new. It is kept anyway. */
static void
tell(const struct class_of *of)
{
	const char *socket = shells_socket(of->site->shells);
	enum err e;

	if (socket == NULL)
		return;
	e = shells_heard(of->site->shells, labd_tell(socket, of->run));
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		log_warning("lab", "a learner is told later: %s", err_name(e));
}

static enum err
do_and_tell(struct act *act, enum err (*what)(struct db *db, void *ctx))
{
	const struct class_of *of = act->of;
	enum err e = lane_write_on(of->site, of->db, what, act);

	if (e == ERR_OK)
		tell(of);
	return e;
}

/* ------------------------------------------------------------------- watch */

static enum err
write_watched(struct db *db, void *ctx)
{
	struct act *act = ctx;
	const struct class_of *of = act->of;
	int64_t there;
	enum err e;

	if ((e = find(db, act)) != ERR_OK)
		return e;
	e = class_store_count(db, of->class.person,
	    of->class.now - CLASS_WATCHED_MS, NOTICE_WATCHED, of->run, &there);
	return e == ERR_OK && there == 0 ? note(db, act) : e;
}

enum err
class_watch(const struct class_of *of, int64_t terminal,
    char out[LABD_TICKET_CHARS + 1])
{
	const char *socket = shells_socket(of->site->shells);
	struct act act = {
	    .of = of, .notice = {.kind = NOTICE_WATCHED, .text = ""}};
	enum err e;

	if (terminal < 0 || terminal >= LABD_TERMINALS_MAX)
		return ERR_INVALID;
	if ((e = class_look(of, &act.line)) != ERR_OK)
		return e;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	if (!act.line.live)
		return ERR_GONE;
	/* SECURITY: written down before there is anything to see */
	if ((e = lane_write_on(of->site, of->db, write_watched, &act)) !=
	    ERR_OK)
		return e;
	e = shells_heard(of->site->shells,
	    labd_watch_ticket(
		socket, of->run, (int)terminal, of->class.person, out));
	return e == ERR_NOT_FOUND ? ERR_GONE : e;
}

/* ------------------------------------------------------------------ extend */

static enum err
write_note(struct db *db, void *ctx)
{
	enum err e = find(db, ctx);

	return e == ERR_OK ? note(db, ctx) : e;
}

enum err
class_extend(const struct class_of *of)
{
	const char *socket = shells_socket(of->site->shells);
	struct act act = {
	    .of = of, .notice = {.kind = NOTICE_EXTENDED, .text = ""}};
	int64_t before;
	enum err e;

	if ((e = class_look(of, &act.line)) != ERR_OK)
		return e;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	if (!act.line.live)
		return ERR_GONE;
	before = act.line.deadline_at;
	act.notice.until_at = shell_next_deadline(act.line.started_at, before);
	if (act.notice.until_at == before)
		return ERR_CONFLICT;
	e = labd_extend(socket, of->run, act.notice.until_at);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_GONE : e;
	e = do_and_tell(&act, write_note);
	/* what could not be written down has not happened */
	if (e != ERR_OK && labd_extend(socket, of->run, before) != ERR_OK)
		log_warning("lab", "a shell stays extended without a record");
	return e;
}

/* ------------------------------------------------------------------ unlock */

static enum err
write_prepare(struct db *db, void *ctx)
{
	struct act *act = ctx;
	const struct class_of *of = act->of;
	struct scope own = {.reach = SCOPE_OWN, .now = of->class.now};
	const char *subject;
	bool done = false;
	enum err e;

	if ((e = find(db, act)) != ERR_OK)
		return e;
	/* SECURITY: in the name of the run's own learner */
	own.person = act->line.run.person;
	e = store_run_again(db, own, &act->line.run,
	    content_manifest(act->content), of->class.now, &done);
	if (e == ERR_OK && !done)
		e = ERR_CONFLICT;
	if (e != ERR_OK)
		return e;
	subject = arena_printf(of->arena, "%lld", (long long)of->run);
	e = job_add(db, "lab.prepare", subject,
	    arena_printf(of->arena, "lab.prepare:%s", subject), of->class.now);
	return e == ERR_OK ? note(db, act) : e;
}

enum err
class_prepare(const struct class_of *of, const struct content *c)
{
	struct act act = {.of = of,
	    .notice = {.kind = NOTICE_PREPARED, .text = ""},
	    .content = c};

	return do_and_tell(&act, write_prepare);
}

static enum err
write_extra(struct db *db, void *ctx)
{
	struct act *act = ctx;
	const struct class_of *of = act->of;
	enum err e;

	e = class_line_load(db, of->class, of->run, of->arena, &act->line);
	if (e != ERR_OK)
		return e;
	if (!class_may_add(&act->line))
		return ERR_CONFLICT;
	e = class_store_extra(db, of->run, of->class.now);
	return e == ERR_OK ? note(db, act) : e;
}

enum err
class_add_submission(const struct class_of *of)
{
	struct act act = {
	    .of = of, .notice = {.kind = NOTICE_UNLOCKED, .text = ""}};

	return do_and_tell(&act, write_extra);
}

/* ----------------------------------------------------------------- message */

static enum err
write_message(struct db *db, void *ctx)
{
	struct act *act = ctx;
	const struct class_of *of = act->of;
	int64_t sent;
	enum err e;

	if ((e = find(db, act)) != ERR_OK)
		return e;
	e = class_store_count(db, of->class.person,
	    of->class.now - CLASS_MESSAGES_MS, NOTICE_MESSAGE, of->run, &sent);
	if (e == ERR_OK && sent >= CLASS_MESSAGES_MAX)
		return ERR_THROTTLED;
	return e == ERR_OK ? note(db, act) : e;
}

enum err
class_message(const struct class_of *of, const char *text)
{
	struct act act = {.of = of, .notice = {.kind = NOTICE_MESSAGE}};

	act.notice.text = text_trim(of->arena, text);
	if (*act.notice.text == '\0' ||
	    text_length(act.notice.text) > CLASS_TEXT_MAX ||
	    text_has_control(act.notice.text, "\n"))
		return ERR_INVALID;
	return do_and_tell(&act, write_message);
}

/* -------------------------------------------------------------------- jobs */

static enum err
unwatch(const struct site *site, int64_t person)
{
	const char *socket = shells_socket(site->shells);
	enum err e;

	if (socket == NULL || !labd_is_there(socket))
		return ERR_OK;
	e = labd_unwatch(socket, person);
	/* it has gone meanwhile, and every terminal with it */
	return e == ERR_UNAVAILABLE && !labd_is_there(socket) ? ERR_OK : e;
}

enum err
class_signed_out(const struct site *site, const char *subject)
{
	int64_t person;

	return job_subject(subject, &person) ? unwatch(site, person) : ERR_OK;
}

enum err
class_left(struct db *db, const struct site *site, const char *subject)
{
	int64_t membership, person;
	enum err e;

	if (!job_subject(subject, &membership))
		return ERR_OK;
	e = db_one_int(db, Q_LAB_LEAVER, DB_ARGS(db_int(membership)), &person);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	return unwatch(site, person);
}
