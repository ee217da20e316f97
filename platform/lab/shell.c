/* Shells of runs: opened, looked at, extended, reset, handed in from. */
#include <stdio.h>

#include "base/text.h"
#include "db/db.h"
#include "http/site.h"
#include "lab/lab_store.h"
#include "lab/shells.h"
#include "people/account.h"

#define MEMORY_MB 512
#define DISK_MB 256
#define PROCESSES_MAX 128
#define IN "in/" /* where artefacts lie, below /lab */

/* There is no such box: to whoever asks for one it is over. */
static enum err
gone(enum err e)
{
	return e == ERR_NOT_FOUND ? ERR_GONE : e;
}

static void
take_status(const struct labd_status *s, struct shell *out)
{
	*out = (struct shell){
	    .is_live = true,
	    .level = s->level,
	    .started_at = s->started_at,
	    .deadline_at = s->deadline_at,
	};
	(void)snprintf(out->image, sizeof(out->image), "%s", s->root);
}

/* ---------------------------------------------------------------- its life */

enum err
shell_look(const struct shell_of *of, struct shell *out)
{
	const char *socket = shells_socket(of->site->shells);
	struct labd_status status;
	enum err e;

	*out = (struct shell){0};
	if (of->look->run.state != RUN_READY)
		return ERR_OK;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	e = shells_heard(
	    of->site->shells, labd_status(socket, of->look->run.id, &status));
	if (e == ERR_OK)
		take_status(&status, out);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* The artefacts as they were generated, below /lab/in. */
static enum err
read_artefacts(const struct shell_of *of, struct box_file **out)
{
	const struct lab_look *look = of->look;
	struct box_file *files;
	struct lab_file file;
	size_t i;
	enum err e;

	files = ARENA_ARRAY(of->arena, struct box_file, look->n_artefacts);
	for (i = 0; i < look->n_artefacts; i++) {
		e = lab_artefact(of->db, of->own, of->lab->id,
		    look->artefacts[i].id, of->arena, &file);
		if (e != ERR_OK)
			return e;
		files[i] = (struct box_file){
		    .path = arena_printf(of->arena, IN "%s", file.name),
		    .data = file.data,
		    .size = file.size,
		};
	}
	*out = files;
	return ERR_OK;
}

/* What is handed in belongs to the draw in turn: earlier boxes are over. */
static enum err
end_earlier(const struct shell_of *of, const char *socket)
{
	struct lab_run *runs;
	size_t i, n;
	enum err e;

	if ((e = store_runs(of->db, of->own, of->arena, &runs, &n)) != ERR_OK)
		return e;
	for (i = 0; i < n && e == ERR_OK; i++)
		if (text_eq(runs[i].lab, of->lab->id) &&
		    runs[i].id != of->look->run.id)
			e = labd_stop(socket, runs[i].id);
	return e;
}

struct isolation_note {
	const struct shell_of *of;
	const char *text, *image;
};

static enum err
write_isolation(struct db *db, void *ctx)
{
	const struct isolation_note *n = ctx;
	int64_t run = n->of->look->run.id;
	enum err e;

	e = store_run_isolation(db, n->of->own, run, n->text);
	return e != ERR_OK
	    ? e
	    : store_run_shell_image(db, n->of->own, run, n->image);
}

/*
 * The level, what the box is made of, and that somebody works there now, are
 * kept with the run.
 */
static enum err
note_level(const struct shell_of *of, const struct shell *s)
{
	const struct lab_run *run = &of->look->run;
	struct isolation_note n = {
	    of, shell_isolation(of->arena, run->isolation, s->level), s->image};

	return lane_write_on(of->site, of->db, write_isolation, &n);
}

enum err
shell_open(const struct shell_of *of, struct shell *out)
{
	const char *socket = shells_socket(of->site->shells);
	struct labd_spec spec = {
	    .box = of->look->run.id,
	    .n_files = of->look->n_artefacts,
	    .memory_mb = MEMORY_MB,
	    .disk_mb = DISK_MB,
	    .processes_max = PROCESSES_MAX,
	    .deadline_at = shell_first_deadline(of->now),
	    .idle_seconds = SHELL_IDLE_SECONDS,
	};
	struct lab_isolation isolation;
	struct box_file *files;
	struct labd_status status;
	enum err e;

	if (!of->is_member)
		return ERR_FORBIDDEN;
	if (of->look->run.state != RUN_READY)
		return ERR_CONFLICT;
	if ((e = lab_isolation(of->db, of->arena, &isolation)) != ERR_OK)
		return e;
	if (socket == NULL ||
	    lab_lacks(&isolation, of->lab->id, of->arena) != NULL)
		return ERR_UNAVAILABLE;
	if ((e = read_artefacts(of, &files)) != ERR_OK)
		return e;
	spec.files = files;
	if ((e = end_earlier(of, socket)) != ERR_OK ||
	    (e = labd_start(socket, &spec, &status)) != ERR_OK)
		return e;
	take_status(&status, out);
	return note_level(of, out);
}

enum err
shell_reset(const struct shell_of *of, struct shell *out)
{
	const char *socket = shells_socket(of->site->shells);
	enum err e;

	if (of->look->run.state != RUN_READY)
		return ERR_CONFLICT;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	e = labd_stop(socket, of->look->run.id);
	return e == ERR_OK ? shell_open(of, out) : e;
}

enum err
shell_extend(const struct shell_of *of, struct shell *out)
{
	const char *socket = shells_socket(of->site->shells);
	int64_t next;
	enum err e;

	if ((e = shell_look(of, out)) != ERR_OK)
		return e;
	if (!out->is_live)
		return ERR_GONE;
	next = shell_next_deadline(out->started_at, out->deadline_at);
	if (next == out->deadline_at)
		return ERR_CONFLICT;
	e = gone(labd_extend(socket, of->look->run.id, next));
	if (e == ERR_OK)
		out->deadline_at = next;
	return e;
}

enum err
shell_ticket(const struct shell_of *of, int64_t terminal,
    char out[LABD_TICKET_CHARS + 1])
{
	const char *socket = shells_socket(of->site->shells);

	if (terminal < 0 || terminal >= LABD_TERMINALS_MAX)
		return ERR_INVALID;
	if (of->look->run.state != RUN_READY)
		return ERR_NOT_FOUND;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	return gone(shells_heard(of->site->shells,
	    labd_ticket(socket, of->look->run.id, (int)terminal, false, out)));
}

enum err
shell_put(
    const struct shell_of *of, const char *name, const void *data, size_t size)
{
	const char *socket = shells_socket(of->site->shells);

	if (of->look->run.state != RUN_READY)
		return ERR_CONFLICT;
	if (socket == NULL)
		return ERR_UNAVAILABLE;
	return gone(shells_heard(of->site->shells,
	    labd_put(socket, of->look->run.id, name, data, size)));
}
