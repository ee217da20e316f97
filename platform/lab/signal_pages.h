/* The pages of points to check: what their templates are given. */
#ifndef LAB_SIGNAL_PAGES_H
#define LAB_SIGNAL_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "lab/signal.h"

#define POINTS_SHOWN 200
#define POINTS_CSV 100000

struct point_link {
	struct url to;
	const char *text;
	bool current;
};

struct point_row {
	struct url to;
	const char *name, *number, *lab, *kind, *at;
	enum signal_state state;
};

struct points_page {
	struct page page;
	struct point_link kinds[3]; /* open, decided, all */
	const char *none; /* why the list is empty */
	const struct point_row *rows;
	size_t n_rows;
	bool cut;
	struct url csv;
};

/* A submission that the point rests on. */
struct point_side {
	const char *who, *at, *nth;
	int64_t points;
	bool is_told; /* false: another institution's; only who is set */
};

struct point_key {
	const char *key;
	const char *mine,
	    *others; /* lines handed in; NULL: none of their own */
};

struct point_saying {
	const char *head, *text; /* when, who and what; the words */
};

struct point_page {
	struct page page;
	const char *name, *number, *lab, *kind, *says, *raised;
	enum signal_state state;
	struct point_side sides[2];
	size_t n_sides;
	const struct point_key *keys;
	size_t n_keys;
	bool others_said; /* the keys have a column of the other's */
	const struct point_saying *statements, *decisions;
	size_t n_statements, n_decisions;
	bool own; /* about the viewer: somebody else decides */
	struct url post;
	int64_t next; /* the number of the decision that the form makes */
	const char *decided, *reason; /* as sent, when it is shown again */
	const char *decided_wrong, *reason_wrong; /* NULL: fine */
};

/* One's own points of a lab. */
struct own_point {
	const char *anchor, *kind, *says, *raised, *about;
	enum signal_state state;
	const struct point_saying *statements, *decisions;
	size_t n_statements, n_decisions;
	struct url post;
	bool may_write;
	const char *text_id, *typed; /* of the form */
	const char *wrong; /* NULL: fine */
};

struct own_points_page {
	struct page page;
	const struct own_point *points;
	size_t n_points;
};

#endif
