/* Sentences about points to check. */
#include "lab/signal_text.h"

#include "base/clock.h"
#include "http/message.h"

const char *
point_kind_text(const struct req *r, enum signal_kind k)
{
	static const enum message texts[SIGNAL__MAX] = {
	    [SIGNAL_CANARY] = M_lab_point_canary,
	    [SIGNAL_OTHERS_ANSWER] = M_lab_point_others,
	    [SIGNAL_SAME_ANSWER] = M_lab_point_same,
	    [SIGNAL_CLOSE] = M_lab_point_close,
	    [SIGNAL_FAST] = M_lab_point_fast,
	};

	return message(r->lang, texts[k]);
}

const char *
point_says(const struct req *r, const struct signal *s, const struct lab *lab)
{
	const char *number = arena_printf(r->arena, "%lld",
	    (long long)(s->kind == SIGNAL_FAST ? (s->seconds + 59) / 60
					       : s->seconds));

	switch (s->kind) {
	case SIGNAL_CANARY:
		return message(r->lang, M_lab_point_canary_says);
	case SIGNAL_OTHERS_ANSWER:
		return message(r->lang, M_lab_point_others_says);
	case SIGNAL_SAME_ANSWER:
		return message(r->lang, M_lab_point_same_says);
	case SIGNAL_CLOSE:
		return message_args(
		    r->arena, r->lang, M_lab_point_close_says, number, NULL);
	case SIGNAL_FAST:
	case SIGNAL__MAX:
		break;
	}
	if (lab == NULL)
		return message_args(r->arena, r->lang,
		    M_lab_point_fast_says_only, number, NULL);
	return message_args(r->arena, r->lang, M_lab_point_fast_says, number,
	    arena_printf(r->arena, "%d", lab->minutes), NULL);
}

const char *
point_lab_text(
    const struct req *r, const struct signal *s, const struct lab *lab)
{
	return lab == NULL
	    ? s->lab
	    : arena_printf(r->arena, "%s %s", s->lab, lab->title.in[r->lang]);
}

const char *
point_state_text(const struct req *r, enum signal_state s)
{
	return message(r->lang,
	    s == SIGNAL_OPEN		? M_lab_point_open
		: s == SIGNAL_EXPLAINED ? M_lab_point_explained
					: M_lab_point_upheld);
}

struct point_saying *
point_statements(const struct req *r, const struct signal_words *w)
{
	struct point_saying *list;
	size_t i;

	list = ARENA_ARRAY(r->arena, struct point_saying, w->n_statements);
	for (i = 0; i < w->n_statements; i++)
		list[i] = (struct point_saying){
		    date_time_text(r->arena, r->lang, w->statements[i].at),
		    w->statements[i].text,
		};
	return list;
}

struct point_saying *
point_decisions(const struct req *r, const struct signal_words *w)
{
	struct point_saying *list;
	size_t i;

	list = ARENA_ARRAY(r->arena, struct point_saying, w->n_decisions);
	for (i = 0; i < w->n_decisions; i++)
		list[i] = (struct point_saying){
		    message_args(r->arena, r->lang, M_lab_point_decided,
			date_time_text(r->arena, r->lang, w->decisions[i].at),
			w->decisions[i].by,
			point_state_text(r, w->decisions[i].decided), NULL),
		    w->decisions[i].reason,
		};
	return list;
}
