/* Sentences about points to check, for both kinds of page. */
#ifndef LAB_SIGNAL_TEXT_H
#define LAB_SIGNAL_TEXT_H

#include "http/request.h"
#include "lab/signal_pages.h"

const char *point_kind_text(const struct req *r, enum signal_kind k);

/* lab: as it is published now; NULL: it is there no more. */
const char *
point_says(const struct req *r, const struct signal *s, const struct lab *lab);
const char *point_lab_text(
    const struct req *r, const struct signal *s, const struct lab *lab);
const char *point_state_text(const struct req *r, enum signal_state s);

struct point_saying *
point_statements(const struct req *r, const struct signal_words *w);
struct point_saying *
point_decisions(const struct req *r, const struct signal_words *w);

#endif
