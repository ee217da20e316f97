/* The handlers of career/, by file, and what they share. */
#ifndef CAREER_HANDLERS_H
#define CAREER_HANDLERS_H

#include "career/career.h"
#include "http/route.h"

route_handler me_get; /* career_web.c */
route_handler me_csv_get; /* career_csv.c */
route_handler team_get, team_one_get, /* team_web.c */
    team_confirm_post, team_not_yet_post;

/* "確認問題: E-101 第1単元 …", in the reader's language. */
const char *evidence_text(
    const struct req *r, const struct content *c, const struct evidence *ev);

/* What leads to level 2 now, in one sentence; *out NULL: nothing waits. */
MUST_USE enum err
next_step(const struct req *r, const struct career *career, const char **out);

/* "85 %", rounded down; "" for what is not scored. */
const char *evidence_score(struct arena *a, const struct evidence *ev);

#endif
