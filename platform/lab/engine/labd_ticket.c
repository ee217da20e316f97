/* Tickets: 128 random bits, used once, soon. */
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "lab/engine/labd_parts.h"

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

enum err
ticket_new(
    struct ticket *list, struct ticket what, char out[LABD_TICKET_CHARS + 1])
{
	int64_t now = clock_real();
	size_t i;

	for (i = 0; i < TICKETS_MAX; i++)
		if (!list[i].valid || list[i].until < now)
			break;
	if (i == TICKETS_MAX)
		return ERR_THROTTLED;
	make_text(what.text);
	what.valid = true;
	what.until = now + LABD_TICKET_SECONDS * SECOND_MS;
	list[i] = what;
	explicit_bzero(what.text, sizeof(what.text));
	memcpy(out, list[i].text, LABD_TICKET_CHARS);
	out[LABD_TICKET_CHARS] = '\0';
	return ERR_OK;
}

bool
ticket_use(struct ticket *list, const char text[LABD_TICKET_CHARS], int64_t now,
    struct ticket *out)
{
	bool found = false, same;
	size_t i;

	/* SECURITY: every ticket is looked at, and each takes the same time */
	for (i = 0; i < TICKETS_MAX; i++) {
		same = digest_equal(list[i].text, text, LABD_TICKET_CHARS);
		if (!same || !list[i].valid)
			continue;
		found = list[i].until >= now;
		*out = list[i];
		list[i] = (struct ticket){0};
	}
	return found;
}

void
ticket_forget(struct ticket *list, int64_t box)
{
	size_t i;

	for (i = 0; i < TICKETS_MAX; i++)
		if (list[i].box == box)
			list[i] = (struct ticket){0};
}
