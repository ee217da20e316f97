/* What a learner was told by instructors, on the pages where they work. */
#ifndef LAB_NOTICE_PAGES_H
#define LAB_NOTICE_PAGES_H

#include "http/template.h"
#include "http/url.h"

struct notice_line {
	int64_t id;
	const char *title; /* a sentence: who did what */
	const char *text; /* of a message; "" otherwise */
	const char *at;
};

struct notice_list {
	const struct notice_line *lines; /* newest first */
	size_t n;
	struct url ask; /* where notices.js asks for them */
};

#endif
