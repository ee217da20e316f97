/* Looking at a machine: the list of findings. */
#include "app/doctor.h"

#include <stdarg.h>

void
doctor_note(struct doctor *d, enum finding_state state, const char *what,
    const char *advice, const char *fmt, ...)
{
	struct finding *f = ARENA_PUSH(d->a, d->list, d->n);
	va_list ap;

	f->state = state;
	f->what = what;
	f->advice = advice;
	va_start(ap, fmt);
	f->text = arena_vprintf(d->a, fmt, ap);
	va_end(ap);
}

void
doctor_look(struct doctor *d)
{
	doctor_machine(d);
	doctor_data(d);
}

enum finding_state
doctor_worst(const struct doctor *d)
{
	enum finding_state worst = FINDING_OK;
	size_t i;

	for (i = 0; i < d->n; i++)
		if (d->list[i].state > worst)
			worst = d->list[i].state;
	return worst;
}
