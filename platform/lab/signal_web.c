/* The training manager's pages of points to check. */
#include <string.h>

#include "base/clock.h"
#include "http/csv.h"
#include "http/site.h"
#include "lab/handlers.h"
#include "lab/signal.tmpl.h"
#include "lab/signal_text.h"
#include "people/viewer.h"

#define KEYS_MAX 32

/* -------------------------------------------------------------------- lists */

static const struct {
	const char *name; /* in the address */
	const char *which; /* in signals_managed */
	enum message text, none;
} lists[] = {
    {"open", "open", M_lab_points_open, M_lab_points_open_none},
    {"decided", "decided", M_lab_points_decided, M_lab_points_decided_none},
    {"all", "", M_lab_points_all, M_lab_points_all_none},
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* LISTS: there is no such. */
static size_t
list_asked(const struct req *r)
{
	const char *which = field_value(&r->query, "which");
	size_t i;

	for (i = 0; i < LISTS; i++)
		if (text_eq(which, lists[i].name))
			return i;
	return *which == '\0' ? 0 : LISTS;
}

static struct url
list_at(const struct req *r, const char *path, size_t kind)
{
	return url_query(
	    r->arena, url_path(r->arena, path), "which", lists[kind].name);
}

static void
fill_rows(struct req *r, const struct content *c, const struct signal *list,
    size_t n, struct points_page *p)
{
	struct point_row *rows;
	size_t i;

	p->cut = n > POINTS_SHOWN;
	p->n_rows = p->cut ? POINTS_SHOWN : n;
	rows = ARENA_ARRAY(r->arena, struct point_row, p->n_rows);
	for (i = 0; i < p->n_rows; i++)
		rows[i] = (struct point_row){
		    .to = url_path(
			r->arena, "/institution/signals/%d", list[i].id),
		    .name = list[i].name,
		    .number = list[i].number,
		    .lab = point_lab_text(
			r, &list[i], content_lab(c, list[i].lab)),
		    .kind = point_kind_text(r, list[i].kind),
		    .at =
			date_time_text(r->arena, r->lang, list[i].submitted_at),
		    .state = list[i].state,
		};
	p->rows = rows;
}

static void
show_list(struct req *r, struct reply *re, const struct content *c, size_t kind,
    const struct signal *list, size_t n)
{
	struct points_page p = {.none = message(r->lang, lists[kind].none)};
	struct out o = {&re->body, r->lang};
	size_t i;

	for (i = 0; i < LISTS; i++)
		p.kinds[i] =
		    (struct point_link){list_at(r, "/institution/signals", i),
			message(r->lang, lists[i].text), i == kind};
	p.csv = list_at(r, "/institution/signals.csv", kind);
	fill_rows(r, c, list, n, &p);
	page_init(&p.page, r, message(r->lang, M_lab_points_title));
	page_back(&p.page, url_path(r->arena, "/institution"),
	    message(r->lang, M_lab_to_institution));
	p.page.wide = true;
	points_page(&o, &p);
}

static void
show_csv(struct req *r, struct reply *re, const struct content *c, size_t kind,
    const struct signal *list, size_t n)
{
	size_t i;

	(void)kind;
	reply_download(r, re, "text/csv; charset=utf-8", "points-to-check.csv");
	csv_start(&re->body);
	csv_line(&re->body, message(r->lang, M_lab_point_number),
	    message(r->lang, M_lab_point_person),
	    message(r->lang, M_lab_point_lab),
	    message(r->lang, M_lab_point_kind),
	    message(r->lang, M_lab_point_handed_in),
	    message(r->lang, M_lab_point_raised),
	    message(r->lang, M_lab_point_state), NULL);
	for (i = 0; i < n; i++)
		csv_line(&re->body, list[i].number, list[i].name,
		    point_lab_text(r, &list[i], content_lab(c, list[i].lab)),
		    point_kind_text(r, list[i].kind),
		    date_iso(r->arena, list[i].submitted_at),
		    date_iso(r->arena, list[i].raised_at),
		    point_state_text(r, list[i].state), NULL);
}

/* The list that is asked for, at most that many, to whoever manages it. */
static enum err
points_list(struct req *r, struct reply *re, int64_t most,
    void (*show)(struct req *r, struct reply *re, const struct content *c,
	size_t kind, const struct signal *list, size_t n))
{
	struct content *c = content_current(r->site->content);
	size_t n, kind = list_asked(r);
	struct signal *list;
	enum err e = ERR_NOT_FOUND;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if (kind < LISTS)
		e = signals_managed(r->db, scope_managed(r), lists[kind].which,
		    most, r->arena, &list, &n);
	if (e == ERR_OK)
		show(r, re, c, kind, list, n);
	content_release(c);
	return e;
}

enum err
points_get(struct req *r, struct reply *re)
{
	return points_list(r, re, POINTS_SHOWN + 1, show_list);
}

enum err
points_csv_get(struct req *r, struct reply *re)
{
	return points_list(r, re, POINTS_CSV, show_csv);
}

/* ---------------------------------------------------------------------- one */

static void
fill_sides(struct req *r, const struct signal *s, struct point_page *p)
{
	p->n_sides = s->has_other ? 2 : 1;
	p->sides[0] = (struct point_side){
	    .who = s->name,
	    .at = date_time_text(r->arena, r->lang, s->submitted_at),
	    .nth = arena_printf(r->arena, "%lld", (long long)s->nth),
	    .points = s->points,
	    .is_told = true,
	};
	if (s->other == NULL) {
		p->sides[1] = (struct point_side){
		    .who = message(r->lang, M_lab_point_elsewhere)};
		return;
	}
	p->sides[1] = (struct point_side){
	    .who = s->other,
	    .at = date_time_text(r->arena, r->lang, s->other_at),
	    .nth = arena_printf(r->arena, "%lld", (long long)s->other_nth),
	    .points = s->other_points,
	    .is_told = true,
	};
}

/* Each key, with the lines that were handed in. */
static enum err
fill_keys(struct req *r, const struct signal *s, struct point_page *p)
{
	struct scope managed = scope_managed(r);
	struct point_key *list, *k;
	const char *at, *end;
	enum err e = ERR_OK;

	list = ARENA_ARRAY(r->arena, struct point_key, KEYS_MAX);
	p->keys = list;
	p->others_said = s->kind == SIGNAL_SAME_ANSWER && s->other != NULL;
	for (at = s->keys; *at != '\0' && p->n_keys < KEYS_MAX && e == ERR_OK;
	     at = *end == '\0' ? end : end + 1) {
		end = strchrnul(at, ',');
		k = &list[p->n_keys++];
		*k = (struct point_key){
		    .key = arena_strndup(r->arena, at, (size_t)(end - at))};
		e = signal_answer(
		    r->db, managed, s, false, k->key, r->arena, &k->mine);
		if (e == ERR_OK && p->others_said)
			e = signal_answer(r->db, managed, s, true, k->key,
			    r->arena, &k->others);
	}
	return e;
}

static void
fill_one(struct req *r, const struct content *c, const struct signal *s,
    const struct signal_words *w, struct point_page *p)
{
	const struct lab *lab = content_lab(c, s->lab);

	p->name = s->name;
	p->number = s->number;
	p->lab = point_lab_text(r, s, lab);
	p->kind = point_kind_text(r, s->kind);
	p->says = point_says(r, s, lab);
	p->raised = date_time_text(r->arena, r->lang, s->raised_at);
	p->state = s->state;
	p->own = s->person == r->viewer->person;
	p->next = s->decisions + 1;
	p->post = url_path(r->arena, "/institution/signals/%d", s->id);
	p->statements = point_statements(r, w);
	p->n_statements = w->n_statements;
	p->decisions = point_decisions(r, w);
	p->n_decisions = w->n_decisions;
	fill_sides(r, s, p);
}

static void
tell_problems(struct req *r, struct point_page *p, enum err why)
{
	if (why == ERR_CONFLICT) {
		p->page.error_title =
		    message(r->lang, M_lab_point_decided_before);
		page_same(&p->page, p->post);
		return;
	}
	if (*p->decided == '\0') {
		p->decided_wrong = message(r->lang, M_lab_point_choose);
		page_problem(&p->page, "decided-explained", p->decided_wrong);
	}
	if (*p->reason == '\0' || *p->decided != '\0') {
		p->reason_wrong = message(r->lang, M_lab_point_reason_wrong);
		page_problem(&p->page, "reason", p->reason_wrong);
	}
}

/* why: what the form was refused for. */
static enum err
show_one(struct req *r, struct reply *re, int64_t id, enum err why,
    const char *decided, const char *reason)
{
	struct content *c = content_current(r->site->content);
	struct point_page p = {.decided = decided, .reason = reason};
	struct out o = {&re->body, r->lang};
	struct signal_words words;
	struct signal s;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = signal_managed(r->db, scope_managed(r), id, r->arena, &s, &words);
	if (e == ERR_OK)
		e = fill_keys(r, &s, &p);
	if (e == ERR_OK) {
		fill_one(r, c, &s, &words, &p);
		page_init(&p.page, r,
		    message_args(r->arena, r->lang, M_lab_point_title, p.name,
			p.kind, NULL));
		page_back(&p.page, url_path(r->arena, "/institution/signals"),
		    message(r->lang, M_lab_points_title));
		if (why != ERR_OK)
			tell_problems(r, &p, why);
		point_page(&o, &p);
	}
	content_release(c);
	return e != ERR_OK || why == ERR_OK ? e : reply_keep(re, why);
}

enum err
point_get(struct req *r, struct reply *re)
{
	int64_t id;
	enum err e;

	if ((e = param_id(r, "signal", &id)) != ERR_OK)
		return e;
	return show_one(r, re, id, ERR_OK, "", "");
}

enum err
point_post(struct req *r, struct reply *re)
{
	const char *decided = field_value(&r->form, "decided");
	struct signal_choice choice = {
	    .reason = text_trim(r->arena, field_value(&r->form, "reason")),
	};
	enum err e;

	if ((e = param_id(r, "signal", &choice.signal)) != ERR_OK)
		return e;
	if (text_eq(decided, "explained"))
		choice.decided = SIGNAL_EXPLAINED;
	else if (text_eq(decided, "upheld"))
		choice.decided = SIGNAL_UPHELD;
	else
		decided = "";
	/* without a number it is no form of ours: 0 was decided before */
	if (!text_to_int(field_value(&r->form, "number"), &choice.number))
		choice.number = 0;
	e = signal_decide(r->db, scope_managed(r), &choice, r->now, r->arena);
	if (e == ERR_INVALID || e == ERR_CONFLICT)
		return show_one(
		    r, re, choice.signal, e, decided, choice.reason);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re,
	    url_path(r->arena, "/institution/signals"), M_lab_point_done);
}
