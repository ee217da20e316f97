/* What instructors did and wrote: sentences for pages, and as JSON. */
#include "lab/notice_web.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "http/message.h"
#include "lab/handlers.h"
#include "people/viewer.h"

static const char *
title_of(struct req *r, const struct class_notice *n)
{
	switch (n->kind) {
	case NOTICE_WATCHED:
		return message_args(
		    r->arena, r->lang, M_lab_notice_watched, n->by, NULL);
	case NOTICE_EXTENDED:
		return message_args(r->arena, r->lang, M_lab_notice_extended,
		    n->by, date_time_text(r->arena, r->lang, n->until_at),
		    NULL);
	case NOTICE_UNLOCKED:
		return message_args(
		    r->arena, r->lang, M_lab_notice_unlocked, n->by, NULL);
	case NOTICE_PREPARED:
		return message_args(
		    r->arena, r->lang, M_lab_notice_prepared, n->by, NULL);
	default:
		return message_args(
		    r->arena, r->lang, M_lab_notice_message, n->by, NULL);
	}
}

static void
fill_line(struct req *r, const struct class_notice *n, struct notice_line *line)
{
	*line = (struct notice_line){
	    .id = n->id,
	    .title = title_of(r, n),
	    .text = n->text,
	    .at = date_time_text(r->arena, r->lang, n->at),
	};
}

enum err
notice_fill(
    struct req *r, struct scope own, const char *lab, struct notice_list *out)
{
	struct class_notice *list;
	struct notice_line *lines;
	size_t i, n;
	enum err e;

	e = class_notices(r->db, own, lab, r->arena, &list, &n);
	if (e != ERR_OK)
		return e;
	lines = ARENA_ARRAY(r->arena, struct notice_line, n);
	for (i = 0; i < n; i++)
		fill_line(r, &list[i], &lines[i]);
	*out = (struct notice_list){
	    .lines = lines,
	    .n = n,
	    .ask = url_path(r->arena, "/labs/%s/notices", lab),
	};
	return ERR_OK;
}

static void
put(struct buf *b, const char *name, const char *text)
{
	buf_printf(b, ",\"%s\":", name);
	json_quote(b, text);
}

static void
put_notice(struct req *r, struct buf *b, const struct class_notice *n)
{
	struct notice_line line;

	fill_line(r, n, &line);
	buf_printf(b, "{\"id\":%lld", (long long)n->id);
	put(b, "title", line.title);
	put(b, "text", line.text);
	put(b, "at", line.at);
	if (n->kind == NOTICE_EXTENDED) {
		buf_printf(b, ",\"deadline_at\":%lld", (long long)n->until_at);
		put(b, "until",
		    message_args(r->arena, r->lang, M_lab_shell_until,
			date_time_text(r->arena, r->lang, n->until_at), NULL));
	}
	buf_puts(b, "}");
}

/*
 * Who may be watching now; "" when it may be one of several: whoever watches
 * is recorded again after CLASS_WATCHED_MS.
 */
static const char *
watcher_of(const struct class_notice *list, size_t n, int64_t now)
{
	int64_t since = now - CLASS_WATCHED_MS - LABD_WATCH_SECONDS * SECOND_MS;
	const char *name = "";
	size_t i;

	for (i = 0; i < n; i++) {
		if (list[i].kind != NOTICE_WATCHED || list[i].at <= since)
			continue;
		if (*name != '\0' && !text_eq(name, list[i].by))
			return "";
		name = list[i].by;
	}
	return name;
}

/* {"now":N,"watcher":"…","notices":[{…}, …]}, newest first. */
enum err
notices_get(struct req *r, struct reply *re)
{
	const char *lab = param_text(r, "lab");
	struct class_notice *list;
	struct buf *b = &re->body;
	size_t i, n;
	enum err e;

	e = class_notices(r->db, scope_own(r), lab, r->arena, &list, &n);
	if (e != ERR_OK)
		return e;
	re->content_type = "application/json";
	buf_printf(b, "{\"now\":%lld", (long long)r->now);
	put(b, "watcher", watcher_of(list, n, r->now));
	buf_puts(b, ",\"notices\":[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		put_notice(r, b, &list[i]);
	}
	buf_puts(b, "]}\n");
	return ERR_OK;
}
