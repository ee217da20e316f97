/* Tickets: 128 random bits, used once, soon. */
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "lab/engine/labd_parts.h"
#include "lab/engine/pages.h"

static void
make_text(char out[LABD_TICKET_CHARS])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[LABD_TICKET_CHARS / 2];
	size_t i;

	random_bytes(bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	explicit_bzero(bytes, sizeof(bytes));
}

void
tickets_open(struct tickets *t, int boxes_max)
{
	t->n = (size_t)boxes_max * LABD_TICKETS_MAX;
	t->list = pages_new(sizeof(struct ticket) * t->n);
}

void
tickets_close(struct tickets *t)
{
	pages_free(t->list, sizeof(struct ticket) * t->n);
	*t = (struct tickets){0};
}

/* Where a new one of a box goes: NULL when all are taken by others. */
static struct ticket *
place_of(struct tickets *t, int64_t box, int64_t now)
{
	struct ticket *free_one = NULL, *oldest = NULL, *k;
	int own = 0;

	for (k = t->list; k < t->list + t->n; k++) {
		if (!k->valid || k->until < now) {
			free_one = k;
		} else if (k->box == box) {
			own++;
			if (oldest == NULL || k->number < oldest->number)
				oldest = k;
		}
	}
	return own < LABD_TICKETS_MAX ? free_one : oldest;
}

enum err
ticket_new(
    struct tickets *t, struct ticket what, char out[LABD_TICKET_CHARS + 1])
{
	int64_t now = clock_real();
	struct ticket *place = place_of(t, what.box, now);

	if (place == NULL)
		return ERR_THROTTLED;
	make_text(what.text);
	what.valid = true;
	what.until = now + LABD_TICKET_SECONDS * SECOND_MS;
	what.number = ++t->made;
	*place = what;
	explicit_bzero(what.text, sizeof(what.text));
	memcpy(out, place->text, LABD_TICKET_CHARS);
	out[LABD_TICKET_CHARS] = '\0';
	return ERR_OK;
}

bool
ticket_use(struct tickets *t, const char text[LABD_TICKET_CHARS], int64_t now,
    struct ticket *out)
{
	bool found = false, same;
	struct ticket *k;

	/* SECURITY: every ticket is looked at, and each takes the same time */
	for (k = t->list; k < t->list + t->n; k++) {
		same = digest_equal(k->text, text, LABD_TICKET_CHARS);
		if (!same || !k->valid)
			continue;
		found = k->until >= now;
		*out = *k;
		*k = (struct ticket){0};
	}
	return found;
}

void
ticket_forget(struct tickets *t, int64_t box)
{
	struct ticket *k;

	for (k = t->list; k < t->list + t->n; k++)
		if (k->box == box)
			*k = (struct ticket){0};
}

void
ticket_forget_holder(struct tickets *t, int64_t holder)
{
	struct ticket *k;

	for (k = t->list; k < t->list + t->n; k++)
		if (k->holder == holder)
			*k = (struct ticket){0};
}
