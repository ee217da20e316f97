/* The roster of an institution: list, CSV in and out. */
#include "base/buf.h"
#include "content/content.h"
#include "http/csv.h"
#include "http/route.h"
#include "http/site.h"
#include "people/people.h"
#include "people/people_pages.h"
#include "people/people.tmpl.h"
#include "people/roster.h"
#include "people/roster_read.h"
#include "people/viewer.h"

#define WORDS_CHARS_MAX 50

static const enum message problem_messages[ROSTER__MAX] = {
    [ROSTER_MISSING] = M_people_roster_missing,
    [ROSTER_TOO_LONG] = M_people_roster_too_long,
    [ROSTER_BAD_NUMBER] = M_people_roster_bad_number,
    [ROSTER_BAD_EMAIL] = M_people_roster_bad_email,
    [ROSTER_EMAIL_TAKEN] = M_people_roster_email_taken,
    [ROSTER_EMAIL_FIXED] = M_people_roster_email_fixed,
    [ROSTER_BAD_ROLE] = M_people_roster_bad_role,
    [ROSTER_TWICE] = M_people_roster_twice,
    [ROSTER_FORMULA] = M_people_roster_formula,
    [ROSTER_BAD_MANAGER] = M_people_roster_bad_manager,
    [ROSTER_MUTUAL_MANAGERS] = M_people_roster_mutual_managers,
    [ROSTER_OWN_MANAGER] = M_people_roster_own_manager,
    [ROSTER_CONTROL] = M_people_roster_control,
};

static const enum message refusal_messages[ROSTER_REFUSAL__MAX] = {
    [ROSTER_EMPTY] = M_people_roster_empty,
    [ROSTER_NOT_TEXT] = M_people_roster_not_text,
    [ROSTER_NO_HEADER] = M_people_roster_no_header,
    [ROSTER_NOT_CSV] = M_people_roster_not_csv,
};

/* -------------------------------------------------------------------- list */

static const char *
role_text(const struct content *c, enum lang lang, const char *id)
{
	const struct work_role *role;

	role = c == NULL ? NULL : content_role(c, id);
	return role == NULL ? id : role->text.in[lang];
}

static void
fill_rows(struct req *r, const struct content *c,
    const struct roster_line *lines, size_t n, struct roster_list_page *p)
{
	struct roster_row *rows = ARENA_ARRAY(r->arena, struct roster_row, n);
	size_t i;

	for (i = 0; i < n; i++)
		rows[i] = (struct roster_row){
		    .number = lines[i].employee_number,
		    .name = lines[i].name,
		    .kana = lines[i].kana,
		    .department = lines[i].department,
		    .role = role_text(c, r->lang, lines[i].role),
		    .line_manager = lines[i].line_manager,
		    .end = url_path(r->arena, "/institution/memberships/%d/end",
			lines[i].membership),
		};
	p->rows = rows;
	p->n_rows = n;
}

static struct url
page_at(struct req *r, const char *words, int64_t offset)
{
	struct url u = url_path(r->arena, "/institution/roster");

	if (*words != '\0')
		u = url_query(r->arena, u, "q", words);
	return url_query(r->arena, u, "from",
	    arena_printf(r->arena, "%lld", (long long)offset));
}

enum err
roster_get(struct req *r, struct reply *re)
{
	const char *words = text_trim(r->arena, field_value(&r->query, "q"));
	struct roster_list_page p = {.words = words};
	struct content *c = content_current(r->site->content);
	struct out o = {&re->body, r->lang};
	struct roster_line *lines;
	int64_t offset;
	size_t n;
	enum err e;

	if (!text_to_int(field_value(&r->query, "from"), &offset))
		offset = 0;
	if (text_length(words) > WORDS_CHARS_MAX)
		p.words = words = "";
	e = roster_page(r->db, scope_managed(r), r->viewer->organisation, words,
	    offset, r->arena, &lines, &n, &p.total);
	if (e == ERR_OK) {
		fill_rows(r, c, lines, n, &p);
		p.first = n == 0 ? 0 : offset + 1;
		p.last = offset + (int64_t)n;
		p.has_previous = offset > 0;
		p.has_next = p.last < p.total;
		p.previous = page_at(
		    r, words, offset > ROSTER_PAGE ? offset - ROSTER_PAGE : 0);
		p.next = page_at(r, words, p.last);
		p.search = url_path(r->arena, "/institution/roster");
		p.import = url_path(r->arena, "/institution/roster/import");
		p.csv = url_path(r->arena, "/institution/roster.csv");
		page_init(&p.page, r, message(r->lang, M_people_roster));
		page_back(&p.page, url_path(r->arena, "/institution"),
		    message(r->lang, M_people_institution));
		p.page.wide = true;
		roster_list_page(&o, &p);
	}
	content_release(c);
	return e;
}

/*
 * The columns of an import, so that the file can be imported again; after
 * them names, which an import does not read.
 */
static void
csv_head(const struct req *r, struct buf *b)
{
	int i;

	for (i = 0; i < COLUMN__MAX; i++)
		csv_cell(b,
		    roster_column_title(r->lang, roster_column_names[i]),
		    i == 0);
	csv_cell(b, message(r->lang, M_people_csv_role_name), 0);
	csv_cell(b, message(r->lang, M_people_csv_manager_name), 0);
	csv_end_line(b);
}

static void
csv_person(const struct req *r, const struct content *c,
    const struct roster_line *line, struct buf *b)
{
	const char *const cells[COLUMN__MAX] = {
	    [COLUMN_NUMBER] = line->employee_number,
	    [COLUMN_NAME] = line->name,
	    [COLUMN_KANA] = line->kana,
	    [COLUMN_EMAIL] = line->email,
	    [COLUMN_DEPARTMENT] = line->department,
	    [COLUMN_ROLE] = line->role,
	    [COLUMN_MANAGER] = line->line_manager_number,
	};
	int i;

	for (i = 0; i < COLUMN__MAX; i++)
		csv_cell(b, cells[i], i == 0);
	csv_cell(b, role_text(c, r->lang, line->role), 0);
	csv_cell(b, line->line_manager, 0);
	csv_end_line(b);
}

enum err
roster_csv_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);
	struct roster_line *lines;
	size_t i, n;
	enum err e;

	e = roster_all(r->db, scope_managed(r), r->viewer->organisation,
	    r->arena, &lines, &n);
	if (e == ERR_OK) {
		reply_download(r, re, "text/csv; charset=utf-8", "roster.csv");
		csv_start(&re->body);
		csv_head(r, &re->body);
		for (i = 0; i < n; i++)
			csv_person(r, c, &lines[i], &re->body);
	}
	content_release(c);
	return e;
}

/* ------------------------------------------------------------------ import */

static void
fill_roles(struct req *r, const struct content *c, struct roster_import_page *p)
{
	const struct framework *f = content_framework(c);
	struct roster_role *roles;
	size_t i;

	roles = ARENA_ARRAY(r->arena, struct roster_role, f->n_roles);
	for (i = 0; i < f->n_roles; i++) {
		if (!tier_is_offered(
			r->viewer->organisation_kind, f->roles[i].tier))
			continue;
		roles[p->n_roles].id = f->roles[i].id;
		roles[p->n_roles++].text = f->roles[i].text.in[r->lang];
	}
	p->roles = roles;
}

/* Lines that were refused, or lines of which something is missing. */
static struct roster_wrong_list
wrong_list(struct req *r, const struct roster_report *report, bool small)
{
	struct roster_wrong_list out = {
	    .caption = message(r->lang,
		small ? M_people_roster_in_part : M_people_roster_wrong)};
	const struct roster_wrong *w;
	size_t i;

	for (i = 0; i < report->n_wrong; i++) {
		w = &report->wrong[i];
		if (roster_problem_is_small(w->problem) != small)
			continue;
		*ARENA_PUSH(
		    r->arena, out.rows, out.n) = (struct roster_wrong_row){
		    .line = w->line,
		    .column = roster_column_title(r->lang, w->column),
		    .cell = w->cell,
		    .reason = message(r->lang, problem_messages[w->problem]),
		};
	}
	return out;
}

static void
show_import(struct req *r, struct reply *re, const struct content *c,
    const char *error, const struct roster_report *report)
{
	struct roster_import_page p = {
	    .post = url_path(r->arena, "/institution/roster/import"),
	    .sample = url_path(r->arena, "/institution/roster/sample.csv"),
	    .error = error,
	    .report = report,
	};
	struct out o = {&re->body, r->lang};

	fill_roles(r, c, &p);
	if (report != NULL) {
		p.refused = wrong_list(r, report, false);
		p.in_part = wrong_list(r, report, true);
	}
	page_init(&p.page, r, message(r->lang, M_people_roster_import));
	page_back(&p.page, url_path(r->arena, "/institution/roster"),
	    message(r->lang, M_people_roster));
	p.page.error_title = error;
	roster_import_page(&o, &p);
}

enum err
roster_import_get(struct req *r, struct reply *re)
{
	struct content *c = content_current(r->site->content);

	if (c == NULL)
		return ERR_UNAVAILABLE;
	show_import(r, re, c, NULL, NULL);
	content_release(c);
	return ERR_OK;
}

static const char *
tier_of(void *ctx, const char *role)
{
	const struct work_role *w = content_role(ctx, role);

	return w == NULL ? NULL : w->tier;
}

enum err
roster_import_post(struct req *r, struct reply *re)
{
	const struct field *file = field_file(&r->form, "file");
	struct content *c = content_current(r->site->content);
	enum roster_refusal refusal = ROSTER_EMPTY;
	struct roster_report report;
	enum err e = ERR_INVALID;

	if (c == NULL)
		return ERR_UNAVAILABLE;
	if (file != NULL && file->size > 0)
		e = roster_import(r->db, scope_managed(r), r->site,
		    r->viewer->person, file->data, file->size, tier_of, c,
		    field_present(&r->form, "invite"), r->now, r->arena,
		    &refusal, &report);
	if (e == ERR_OK) {
		show_import(r, re, c, NULL, &report);
	} else if (e == ERR_INVALID) {
		show_import(r, re, c,
		    message(r->lang, refusal_messages[refusal]), NULL);
		e = reply_invalid(re);
	}
	content_release(c);
	return e;
}

enum err
roster_sample_get(struct req *r, struct reply *re)
{
	reply_download(r, re, "text/csv; charset=utf-8", "roster-sample.csv");
	csv_start(&re->body);
	if (r->lang == LANG_EN) {
		csv_line(&re->body, "employee_number", "name", "kana", "email",
		    "department", "role", "line_manager", NULL);
		csv_line(&re->body, "A001", "Hanako Sato", "",
		    "hanako.sato@bank.example", "Systems", "T-SOC", "A002",
		    NULL);
		csv_line(&re->body, "A002", "Taro Suzuki", "",
		    "taro.suzuki@bank.example", "Risk", "M-RISK", "", NULL);
		return ERR_OK;
	}
	csv_line(&re->body, "職員番号", "氏名", "フリガナ", "メールアドレス",
	    "部署", "役割", "上司", NULL);
	csv_line(&re->body, "A001", "佐藤 花子", "サトウ ハナコ",
	    "hanako.sato@bank.example", "システム部", "T-SOC", "A002", NULL);
	csv_line(&re->body, "A002", "鈴木 太郎", "スズキ タロウ",
	    "taro.suzuki@bank.example", "リスク統括部", "M-RISK", "", NULL);
	return ERR_OK;
}
