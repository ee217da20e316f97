/* The line manager's pages: who waits, the evidence, and the answer. */
#include "base/clock.h"
#include "career/handlers.h"
#include "career/team.tmpl.h"
#include "career/team_pages.h"
#include "http/site.h"
#include "people/viewer.h"

/* ------------------------------------------------------------------ a line */

static struct team_evidence
evidence_of(
    const struct req *r, const struct content *c, const struct standing *s)
{
	struct team_evidence out = {0};

	/* confirmed once, and the module is no more */
	if (s->lab == NULL)
		return out;
	out.lab = evidence_text(r, c, &s->lab->ev);
	out.lab_score = evidence_score(r->arena, &s->lab->ev);
	out.lab_at = date_text(r->arena, r->lang, s->lab->ev.at);
	if (s->check == NULL)
		return out;
	out.check = evidence_text(r, c, &s->check->ev);
	out.check_score = evidence_score(r->arena, &s->check->ev);
	out.check_at = date_text(r->arena, r->lang, s->check->ev.at);
	return out;
}

static const char *
competency_text(const struct req *r, const struct competency *competency)
{
	return arena_printf(
	    r->arena, "%s %s", competency->id, competency->text.in[r->lang]);
}

static struct team_row *
fill_rows(const struct req *r, const struct content *c,
    const struct team_line *lines, size_t n)
{
	struct team_row *rows = ARENA_ARRAY(r->arena, struct team_row, n);
	const struct standing *s;
	size_t i;

	for (i = 0; i < n; i++) {
		s = &lines[i].standing;
		rows[i] = (struct team_row){
		    .name = lines[i].who->name,
		    .department = lines[i].who->department,
		    .competency = competency_text(r, s->competency),
		    .since = date_text(r->arena, r->lang, s->ready_at),
		    .evidence = evidence_of(r, c, s),
		    .to = url_path(r->arena, "/team/%d/%s",
			lines[i].who->membership, s->competency->id),
		};
		if (s->decision == NULL)
			continue;
		rows[i].said_at = date_text(r->arena, r->lang, s->decision->at);
		rows[i].said_by = s->decision->by;
		rows[i].note = s->decision->note;
	}
	return rows;
}

static size_t
at_most(size_t n)
{
	return n < TEAM_LINES_SHOWN ? n : TEAM_LINES_SHOWN;
}

enum err
team_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct team_page p = {.leads = r->viewer->leads};
	struct out o = {&re->body, r->lang};
	struct team team;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = team_of(r->db, scope_team(r), c, r->arena, &team);
	if (e == ERR_OK) {
		p.n_waiting = team.n_waiting;
		p.n_waiting_rows = at_most(team.n_waiting);
		p.waiting = fill_rows(r, c, team.waiting, p.n_waiting_rows);
		p.n_put_off_rows = at_most(team.n_put_off);
		p.put_off = fill_rows(r, c, team.put_off, p.n_put_off_rows);
		page_init(&p.page, r, message(r->lang, M_career_team));
		p.page.wide = true;
		team_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* --------------------------------------------------------------------- one */

static const char *
level_words(const struct req *r, const struct content *c)
{
	const struct framework *f = content_framework(c);
	const struct named *level;

	level = content_named_in(f->levels, f->n_levels,
	    arena_printf(r->arena, "%d", LEVEL_CONFIRMED));
	return level == NULL ? "" : level->text.in[r->lang];
}

static void
fill_one(const struct req *r, const struct content *c,
    const struct team_line *line, struct confirm_page *p)
{
	const struct standing *s = &line->standing;
	int64_t membership = line->who->membership;
	const char *id = s->competency->id;

	p->name = line->who->name;
	p->department = line->who->department;
	p->competency = competency_text(r, s->competency);
	p->level_words = level_words(r, c);
	p->since = date_text(r->arena, r->lang, s->ready_at);
	p->evidence = evidence_of(r, c, s);
	p->confirmed = s->confirmed;
	p->number = s->n_decisions + 1;
	p->confirm = url_path(r->arena, "/team/%d/%s/confirm", membership, id);
	p->not_yet = url_path(r->arena, "/team/%d/%s/not-yet", membership, id);
	if (s->decision == NULL)
		return;
	p->said_at = date_text(r->arena, r->lang, s->decision->at);
	p->said_by = s->decision->by;
	p->note = s->decision->note;
}

/* why: what the form was refused for; typed: the note in it. */
static enum err
show_one(struct req *r, struct reply *re, const struct content *c,
    int64_t membership, enum err why, const char *typed)
{
	const char *competency = param_text(r, "competency");
	struct confirm_page p = {.typed = typed};
	struct out o = {&re->body, r->lang};
	struct team_line line;
	enum err e;

	e = team_one(
	    r->db, scope_team(r), c, membership, competency, r->arena, &line);
	if (e != ERR_OK)
		return e;
	fill_one(r, c, &line, &p);
	page_init(&p.page, r,
	    message_args(r->arena, r->lang, M_career_confirm_title, p.name,
		line.standing.competency->text.in[r->lang], NULL));
	page_back(&p.page, url_path(r->arena, "/team"),
	    message(r->lang, M_career_team));
	if (why == ERR_INVALID) {
		p.note_wrong = true;
		page_problem(
		    &p.page, "note", message(r->lang, M_career_note_wrong));
	} else if (why == ERR_CONFLICT) {
		p.page.error_title = message(r->lang, M_career_answered_before);
		page_same(&p.page,
		    url_path(r->arena, "/team/%d/%s", membership, competency));
	}
	confirm_page(&o, &p);
	return why == ERR_OK ? ERR_OK : reply_keep(re, why);
}

enum err
team_one_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	int64_t membership;
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = param_id(r, "membership", &membership)) == ERR_OK)
		e = show_one(r, re, c, membership, ERR_OK, "");
	content_release(c);
	return e;
}

static enum err
answer(struct req *r, struct reply *re, const struct content *c, bool confirmed)
{
	struct answer answer = {
	    .competency = param_text(r, "competency"),
	    .confirmed = confirmed,
	    .note = text_trim(r->arena, field_value(&r->form, "note")),
	};
	enum err e;

	if ((e = param_id(r, "membership", &answer.membership)) != ERR_OK)
		return e;
	/* without a number it is no form of ours: 0 was answered before */
	if (!text_to_int(field_value(&r->form, "number"), &answer.number))
		answer.number = 0;
	e = confirmation_answer(
	    r->db, scope_team(r), c, &answer, r->now, r->arena);
	if (e == ERR_INVALID || e == ERR_CONFLICT)
		return show_one(r, re, c, answer.membership, e, answer.note);
	if (e != ERR_OK)
		return e;
	return reply_redirect_saying(r, re, url_path(r->arena, "/team"),
	    confirmed ? M_career_confirm_done : M_career_not_yet_done);
}

static enum err
answer_post(struct req *r, struct reply *re, bool confirmed)
{
	struct content *c = content_current(r->site->content);
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	e = answer(r, re, c, confirmed);
	content_release(c);
	return e;
}

enum err
team_confirm_post(struct req *r, struct reply *re)
{
	return answer_post(r, re, true);
}

enum err
team_not_yet_post(struct req *r, struct reply *re)
{
	return answer_post(r, re, false);
}
