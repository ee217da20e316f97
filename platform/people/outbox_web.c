/* The operator's view of mails that wait for a mail server. */
#include "base/clock.h"
#include "db/db.h"
#include "http/route.h"
#include "people/people.h"
#include "people/people_pages.h"
#include "people/people.tmpl.h"

#define OUTBOX_LINES 100

enum err
outbox_get(struct req *r, struct reply *re)
{
	struct out o = {&re->body, r->lang};
	struct outbox_row *list = NULL;
	struct outbox_page p = {0};
	struct db_rows *rows;
	const char *email, *name;
	size_t n = 0;
	enum err e;

	e = db_rows(
	    r->db, Q_OUTBOX_RECENT, DB_ARGS(db_int(OUTBOX_LINES)), &rows);
	if (e != ERR_OK)
		return e;
	while (db_next(rows)) {
		email = db_col_text(rows, 1, r->arena);
		name = db_col_text(rows, 2, r->arena);
		*ARENA_PUSH(r->arena, list, n) = (struct outbox_row){
		    .at =
			date_time_text(r->arena, r->lang, db_col_int(rows, 0)),
		    .to = arena_printf(r->arena, "%s <%s>", name, email),
		    .subject = db_col_text(rows, 3, r->arena),
		    .body = db_col_text(rows, 4, r->arena),
		};
	}
	if ((e = db_done(rows)) != ERR_OK)
		return e;
	p.rows = list;
	p.n_rows = n;
	page_init(&p.page, r, message(r->lang, M_people_outbox));
	page_back(
	    &p.page, url_path(r->arena, "/"), message(r->lang, M_people_home));
	outbox_page(&o, &p);
	return ERR_OK;
}
