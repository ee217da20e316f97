/* What a process knows of the daemon of live boxes. */
#include "lab/shells.h"

enum shells_state
shells_state(const struct shells *s)
{
	return s == NULL ? SHELLS_SILENT
			 : (enum shells_state)atomic_load(&s->state);
}

const char *
shells_socket(const struct shells *s)
{
	return s == NULL || atomic_load(&s->hangs) ? NULL : s->socket;
}

enum err
shells_heard(struct shells *s, enum err e)
{
	if (e == ERR_UNAVAILABLE && labd_is_there(s->socket))
		atomic_store(&s->hangs, true);
	return e;
}

/*
 * Whether the daemon could make a box is what it says first when it is asked
 * for one; a box without a number is none, and nothing is made.
 */
static enum shells_state
ask(const char *socket)
{
	static const struct labd_spec none = {.box = 0};
	struct labd_status status;
	enum err e;

	switch (e = labd_start(socket, &none, &status)) {
	case ERR_INVALID:
		return SHELLS_OFFERED;
	case ERR_UNAVAILABLE:
		/* an answer, or none? */
		e = labd_status(socket, 1, &status);
		return e == ERR_UNAVAILABLE ? SHELLS_SILENT : SHELLS_REFUSED;
	default:
		return SHELLS_SILENT;
	}
}

void
shells_ask(struct shells *s)
{
	enum shells_state state = ask(s->socket);

	atomic_store(&s->state, (int)state);
	atomic_store(
	    &s->hangs, state == SHELLS_SILENT && labd_is_there(s->socket));
}
