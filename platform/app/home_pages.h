/* The home page: what its templates are given. */
#ifndef APP_HOME_PAGES_H
#define APP_HOME_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "learn/learn_pages.h"

/* Nobody is signed in. */
struct landing_page {
	struct page page;
	struct url sign_in, verify;
};

#define HOME_CARDS_MAX 6

struct home_cards {
	struct course_card list[HOME_CARDS_MAX];
	size_t n;
};

struct home_page {
	struct page page;
	bool has_attempt; /* an exam is running */
	struct url attempt;
	const char *attempt_title, *attempt_until;
	bool has_next, next_begun; /* the module to go on with */
	struct url next;
	const char *next_title, *next_course;
	struct home_cards due, started, suggested;
	struct url courses, certificates, me;
	int64_t n_certificates;
	const char **programmes; /* names of those that were met */
	size_t n_programmes;
	const char *gap; /* the competency with the largest one; NULL: none */

	int64_t team_waiting; /* answers of a line manager */
	struct url team;

	bool manages;
	int64_t late, open;
	struct url institution, to_late, assign;

	bool supervises;
	int64_t institutions, people, able;
	int share; /* of those who are able; -1: nobody */
	struct url sector;

	bool writes; /* author or reviewer */
	const char *commit, *published_at; /* NULL: nothing is published */

	bool operates;
	int64_t jobs_waiting, jobs_failed, mails_waiting;
	struct url outbox;
};

#endif
