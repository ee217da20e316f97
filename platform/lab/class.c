/* Looking at the class: lines with where everybody stands. */
#include "lab/class.h"

#include "base/clock.h"
#include "base/text.h"
#include "http/site.h"
#include "lab/lab_store.h"

/* Submissions of one learner and lab, in order of their numbers. */
static void
take_submissions(struct class_line *line, struct lab_submission *list, size_t n)
{
	size_t i;

	lab_stand(list, n, &line->gave_up, &line->standing);
	for (i = 0; i < n; i++)
		if (list[i].state == SUBMISSION_GRADED)
			line->graded = &list[i];
}

static bool
is_of(const struct lab_submission *s, const struct class_line *line)
{
	return s->person == line->run.person && text_eq(s->lab, line->run.lab);
}

static void
find_submissions(struct class_line *line, struct lab_submission *list, size_t n)
{
	size_t from, to;

	for (from = 0; from < n && !is_of(&list[from], line); from++)
		;
	for (to = from; to < n && is_of(&list[to], line); to++)
		;
	take_submissions(line, list + from, to - from);
}

static const struct labd_status *
find_box(const struct labd_status *list, size_t n, int64_t run)
{
	size_t low = 0, high = n, at;

	while (low < high) {
		at = low + (high - low) / 2;
		if (list[at].box == run)
			return &list[at];
		if (list[at].box < run)
			low = at + 1;
		else
			high = at;
	}
	return NULL;
}

enum err
class_lines(struct db *db, struct scope class, const struct labd_status *boxes,
    size_t n_boxes, struct arena *a, struct class_line **out, size_t *n)
{
	struct lab_submission *submissions;
	struct class_line *list;
	size_t i, n_submissions;
	enum err e;

	if ((e = class_store_lines(db, class, a, &list, n)) != ERR_OK ||
	    (e = class_store_submissions(
		 db, class, a, &submissions, &n_submissions)) != ERR_OK)
		return e;
	for (i = 0; i < *n; i++) {
		find_submissions(&list[i], submissions, n_submissions);
		class_line_judge(&list[i],
		    find_box(boxes, n_boxes, list[i].run.id), class.now);
	}
	*out = list;
	return ERR_OK;
}

enum err
class_boxes(const struct site *site, struct arena *a, struct labd_status **out,
    size_t *n)
{
	const char *socket = shells_socket(site->shells);
	enum err e;

	*out = NULL;
	*n = 0;
	if (socket == NULL)
		return ERR_OK;
	e = shells_heard(site->shells, labd_list(socket, a, out, n));
	if (e != ERR_OK) {
		*out = NULL;
		*n = 0;
	}
	return e == ERR_UNAVAILABLE ? ERR_OK : e;
}

enum err
class_line_load(struct db *db, struct scope class, int64_t run, struct arena *a,
    struct class_line *out)
{
	struct scope own = {.reach = SCOPE_OWN, .now = class.now};
	struct lab_submission *list;
	enum err e;
	size_t n;

	if ((e = class_store_line(db, class, run, a, out)) != ERR_OK)
		return e;
	/* SECURITY: whose run it is was decided by class_store_line */
	own.person = out->run.person;
	e = store_submissions(db, own, out->run.lab, a, &list, &n);
	if (e != ERR_OK)
		return e;
	take_submissions(out, list, n);
	class_line_judge(out, NULL, class.now);
	return ERR_OK;
}

enum err
class_look(const struct class_of *of, struct class_line *out)
{
	const char *socket = shells_socket(of->site->shells);
	struct labd_status box;
	enum err e;

	e = class_line_load(of->db, of->class, of->run, of->arena, out);
	if (e != ERR_OK || socket == NULL)
		return e;
	e = shells_heard(of->site->shells, labd_status(socket, of->run, &box));
	if (e == ERR_OK)
		class_line_judge(out, &box, of->class.now);
	return e == ERR_NOT_FOUND || e == ERR_UNAVAILABLE ? ERR_OK : e;
}
