/* Which lines of the class were asked for, in which order. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "content/content.h"
#include "lab/class.h"

static bool
course_has(const struct course *course, const char *lab)
{
	size_t i;

	for (i = 0; i < course->n_modules; i++)
		if (course->modules[i].lab != NULL &&
		    text_eq(course->modules[i].lab, lab))
			return true;
	return false;
}

/* Lines of another lab, or of none of the course's, go. */
static void
keep_asked(const struct class_asked *asked, const struct content *c,
    struct class_line *list, size_t *n)
{
	const char *lab = asked->lab, *course = asked->course;
	const struct course *of = content_course(c, course);
	size_t i, kept = 0;

	for (i = 0; i < *n; i++) {
		if (*lab != '\0' && !text_eq(lab, list[i].run.lab))
			continue;
		if (*course != '\0' &&
		    (of == NULL || !course_has(of, list[i].run.lab)))
			continue;
		list[kept++] = list[i];
	}
	*n = kept;
}

/* Stuck ones first, the longest first; those who are through last. */
static int
by_need(const void *a, const void *b)
{
	const struct class_line *x = a, *y = b;
	bool x_done = x->state == CLASS_PASSED,
	     y_done = y->state == CLASS_PASSED;

	if (x->stuck != y->stuck)
		return x->stuck ? -1 : 1;
	if (x_done != y_done)
		return x_done ? 1 : -1;
	if (x->active_at != y->active_at)
		return x->active_at < y->active_at ? -1 : 1;
	return x->run.id < y->run.id ? -1 : x->run.id > y->run.id;
}

static int
by_number(const void *a, const void *b)
{
	const struct class_line *x = a, *y = b;
	int order = strcmp(x->number, y->number);

	return order != 0 ? order : strcmp(x->run.lab, y->run.lab);
}

static int
by_lab(const void *a, const void *b)
{
	const struct class_line *x = a, *y = b;
	int order = strcmp(x->run.lab, y->run.lab);

	return order != 0 ? order : by_need(a, b);
}

static int
by_state(const void *a, const void *b)
{
	const struct class_line *x = a, *y = b;

	return x->state != y->state ? (int)x->state - (int)y->state
				    : by_need(a, b);
}

static const struct {
	const char *name;
	int (*order)(const void *a, const void *b);
} orders[CLASS_ORDER__MAX] = {
    [CLASS_BY_NEED] = {"need", by_need},
    [CLASS_BY_NUMBER] = {"number", by_number},
    [CLASS_BY_LAB] = {"lab", by_lab},
    [CLASS_BY_STATE] = {"state", by_state},
};

const char *
class_order_name(enum class_order order)
{
	return orders[order].name;
}

enum class_order
class_order_find(const char *name)
{
	enum class_order o;

	for (o = 0; o < CLASS_ORDER__MAX; o++)
		if (text_eq(orders[o].name, name))
			return o;
	return CLASS_BY_NEED;
}

void
class_choose(const struct class_asked *asked, const struct content *c,
    struct class_line *list, size_t *n)
{
	keep_asked(asked, c, list, n);
	if (*n > 0)
		qsort(list, *n, sizeof(*list), orders[asked->order].order);
}
