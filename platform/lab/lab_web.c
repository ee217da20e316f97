/* The list of labs, the page of a lab, its state, its files. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "http/site.h"
#include "lab/handlers.h"
#include "lab/lab.tmpl.h"
#include "people/viewer.h"

/* -------------------------------------------------------------- what is shared
 */

const char *
lab_missing_text(const struct req *r, const struct lab_isolation *isolation)
{
	static const struct {
		const char *what;
		enum message text;
	} texts[] = {
	    {"user_namespaces", M_lab_missing_user_namespaces},
	    {"mounts", M_lab_missing_mounts},
	    {"seccomp", M_lab_missing_seccomp},
	    {"python", M_lab_missing_python},
	};
	size_t i;

	if (isolation->level != 0)
		return NULL;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (text_eq(texts[i].what, isolation->what))
			return message(r->lang, texts[i].text);
	return message(r->lang, M_lab_missing_mounts);
}

const char *
lab_lacking_text(const struct req *r, const struct lab_isolation *isolation,
    const struct lab *lab)
{
	const char *text = lab_missing_text(r, isolation), *programs;

	if (text != NULL)
		return text;
	programs = lab_lacks(isolation, lab->id, r->arena);
	return programs == NULL ? NULL
				: message_args(r->arena, r->lang,
				      M_lab_missing_programs, programs, NULL);
}

const char *
lab_image_text(const struct req *r, const char *image)
{
	if (image == NULL)
		return NULL;
	if (text_eq(image, LAB_HOST))
		return message(r->lang, M_lab_root_host);
	return message_args(r->arena, r->lang, M_lab_root_image,
	    arena_printf(r->arena, "%.12s", image), NULL);
}

static const char *
competency_names(
    const struct req *r, const struct content *c, const struct lab *lab)
{
	const struct framework *f = content_framework(c);
	const char *text = "", *name;
	size_t i, j;

	for (i = 0; i < lab->n_levels; i++)
		for (j = 0; j < f->n_competencies; j++) {
			if (!text_eq(f->competencies[j].id,
				lab->levels[i].competency))
				continue;
			name = f->competencies[j].text.in[r->lang];
			text = *text == '\0'
			    ? name
			    : message_args(r->arena, r->lang, M_lab_list_two,
				  text, name, NULL);
		}
	return text;
}

static enum lab_tag
tag_of(const struct lab_standing *s, enum run_state run)
{
	if (s->grading)
		return TAG_GRADING;
	if (run == RUN_PREPARING)
		return TAG_PREPARING;
	if (s->passed)
		return TAG_PASSED;
	if (run == RUN_READY)
		return TAG_READY;
	return run == RUN_FAILED || s->counted > 0 || s->gave_up_at != 0
	    ? TAG_TRY_AGAIN
	    : TAG_NEW;
}

struct lab_card
lab_card_of(const struct req *r, const struct content *c, const struct lab *lab,
    const struct lab_standing *s, enum run_state run)
{
	return (struct lab_card){
	    .to = url_path(r->arena, "/labs/%s", lab->id),
	    .id = lab->id,
	    .title = lab->title.in[r->lang],
	    .summary = lab->summary.in[r->lang],
	    .minutes = minutes_text(r->arena, r->lang, lab->minutes),
	    .competencies = competency_names(r, c, lab),
	    .tag = tag_of(s, run),
	    .scored = s->scored,
	    .best = s->best,
	    .pass = lab->pass,
	};
}

enum lab_stage
lab_stage_of(const struct lab_look *look)
{
	if (look->standing.grading)
		return STAGE_GRADING;
	switch (look->run.state) {
	case RUN_PREPARING:
		return STAGE_PREPARING;
	case RUN_READY:
		return STAGE_READY;
	case RUN_FAILED:
		return STAGE_FAILED;
	case RUN_NONE:
		break;
	}
	return STAGE_NEW;
}

const char *
lab_stage_name(enum lab_stage s)
{
	static const char *const names[STAGE__MAX] = {
	    [STAGE_NEW] = "new",
	    [STAGE_PREPARING] = "preparing",
	    [STAGE_FAILED] = "failed",
	    [STAGE_READY] = "ready",
	    [STAGE_GRADING] = "grading",
	};

	return names[s];
}

enum err
lab_view_find(struct req *r, struct lab_view *v)
{
	const char *id = param_text(r, "lab");
	struct content *c;
	enum err e;

	*v = (struct lab_view){0};
	if ((c = content_current(r->site->content)) == NULL)
		return ERR_UNAVAILABLE;
	v->c = c;
	e = lab_look(r->db, scope_own(r), id, r->arena, &v->look);
	if (e == ERR_OK)
		e = lab_isolation(r->db, r->arena, &v->isolation);
	/* what was begun is gone on with as it was begun */
	if (e == ERR_OK && v->look.run.state >= RUN_PREPARING &&
	    v->look.run.state != RUN_FAILED) {
		content_release(c);
		v->c = NULL;
		e = content_named(
		    r->site->content, v->look.run.manifest, &v->c);
	}
	if (e != ERR_OK)
		return e;
	v->lab = content_lab(v->c, id);
	return v->lab == NULL ? ERR_NOT_FOUND : ERR_OK;
}

/* --------------------------------------------------------------------- list */

static const struct lab_line *
find_line(const struct lab_line *lines, size_t n, const char *lab)
{
	static const struct lab_line none = {.standing = {.draw = 1}};
	size_t i;

	for (i = 0; i < n; i++)
		if (text_eq(lines[i].lab, lab))
			return &lines[i];
	return &none;
}

static enum err
fill_list(struct req *r, const struct content *c, struct labs_page *p)
{
	struct lab_isolation isolation;
	const struct lab_line *line;
	struct lab_line *lines;
	struct lab_card *cards;
	const struct lab *labs;
	size_t i, n, n_lines;
	enum err e;

	if ((e = lab_lines(r->db, scope_own(r), r->arena, &lines, &n_lines)) !=
		ERR_OK ||
	    (e = lab_isolation(r->db, r->arena, &isolation)) != ERR_OK)
		return e;
	labs = content_labs(c, &n);
	cards = ARENA_ARRAY(r->arena, struct lab_card, n);
	for (i = 0; i < n; i++) {
		line = find_line(lines, n_lines, labs[i].id);
		cards[i] =
		    lab_card_of(r, c, &labs[i], &line->standing, line->run);
	}
	p->cards = cards;
	p->n_cards = n;
	p->missing = lab_missing_text(r, &isolation);
	return ERR_OK;
}

enum err
labs_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct labs_page p = {0};
	enum err e;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if ((e = fill_list(r, c, &p)) == ERR_OK) {
		page_init(&p.page, r, message(r->lang, M_lab_labs));
		labs_page(&o, &p);
	}
	content_release(c);
	return e;
}

/* --------------------------------------------------------------------- page */

enum err
lab_get(struct req *r, struct reply *re)
{
	struct lab_view v;
	enum err e;

	e = lab_view_find(r, &v);
	if (e == ERR_OK)
		e = lab_page_show(r, re, &v, NULL, false);
	content_release(v.c);
	return e;
}

enum err
lab_stage_text(struct req *r, const struct lab_look *look, const char **out)
{
	static const enum message texts[STAGE__MAX] = {
	    [STAGE_NEW] = M_lab_stage_new,
	    [STAGE_PREPARING] = M_lab_preparing,
	    [STAGE_FAILED] = M_lab_failed,
	    [STAGE_READY] = M_lab_stage_ready,
	    [STAGE_GRADING] = M_lab_grading,
	};
	const char *text = message(r->lang, texts[lab_stage_of(look)]);
	int64_t ahead;
	enum err e;

	if ((e = lab_ahead(r->db, look, &ahead)) != ERR_OK)
		return e;
	if (ahead > 0)
		text = message_count(r->arena, r->lang, M_lab_ahead, ahead);
	*out = text;
	return ERR_OK;
}

/* {"state":"grading","text":"…"}: what lab.js asks for. */
enum err
lab_state_get(struct req *r, struct reply *re)
{
	const char *text;
	struct lab_view v;
	enum lab_stage s;
	enum err e;

	if ((e = lab_view_find(r, &v)) == ERR_OK &&
	    (e = lab_stage_text(r, &v.look, &text)) == ERR_OK) {
		s = lab_stage_of(&v.look);
		re->content_type = "application/json";
		buf_puts(&re->body, "{\"state\":");
		json_quote(&re->body, lab_stage_name(s));
		buf_puts(&re->body, ",\"text\":");
		json_quote(&re->body, text);
		buf_puts(&re->body, "}\n");
	}
	content_release(v.c);
	return e;
}

/* --------------------------------------------------------------------- files
 */

/* SECURITY: never shown as a page of ours, whatever a generator wrote. */
enum err
lab_file_get(struct req *r, struct reply *re)
{
	struct lab_file file;
	const char *slash;
	int64_t id;
	enum err e;

	if ((e = param_id(r, "file", &id)) != ERR_OK ||
	    (e = lab_artefact(r->db, scope_own(r), param_text(r, "lab"), id,
		 r->arena, &file)) != ERR_OK)
		return e;
	slash = strrchr(file.name, '/');
	reply_download(r, re, "application/octet-stream",
	    slash == NULL ? file.name : slash + 1);
	buf_put(&re->body, file.data, file.size);
	return ERR_OK;
}
