/*
 * The published content. A manifest is one SQLite file made from one commit:
 * every process opens it read-only and immutable; a new revision is another
 * file. struct content is a manifest held in memory: its tables of courses,
 * exams, labs and the framework are read once when it is opened; texts come
 * by key. It is shared by threads and counted.
 *
 * Everything a person does is recorded with the manifest's name, and shown
 * and graded with that manifest for ever: content_named() finds an old one.
 */
#ifndef CONTENT_CONTENT_H
#define CONTENT_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "http/template.h" /* struct safe_html */

struct content; /* one revision */
struct content_store; /* the directory of manifests, and the published one */

/* ------------------------------------------------------------- the store */

/* dir: VAR/content; made when missing. */
MUST_USE enum err
content_store_open(const char *dir, struct content_store **out);
void content_store_close(struct content_store *s);

/*
 * Moves to the revision named by the database's newest row when it is not
 * the one served now. Cheap; called at most every half second. On an error
 * (ERR_NOT_FOUND, ERR_INTERNAL; logged once) the old one stays.
 */
MUST_USE enum err content_follow(struct content_store *s, const char *manifest);

/* The published revision, held until content_release. NULL: none yet. */
struct content *content_current(struct content_store *s);

/* An older one; the few used last stay open. ERR_NOT_FOUND. */
MUST_USE enum err content_named(
    struct content_store *s, const char *manifest, struct content **out);
void content_release(struct content *c);

const char *content_manifest(const struct content *c); /* its name */
const char *content_commit(const struct content *c); /* 40 hex digits */

/* --------------------------------------------------------------- courses */

struct objective {
	const char *id; /* E-101-1.a */
	struct bilingual text;
};

struct level_of {
	const char *competency; /* C01 */
	int level;
};

struct module {
	int number;
	bool planned;
	const char *slug;
	struct bilingual title;
	int minutes;
	const struct objective *objectives;
	size_t n_objectives;
	const char *const *csf, *const *scope, *const *guideline, *const *roles;
	size_t n_csf, n_scope, n_guideline, n_roles;
	const struct level_of *levels;
	size_t n_levels;
	const char *lab; /* L02; NULL: none */
	bool has_check;
	const struct bilingual *sources;
	size_t n_sources;
};

struct course {
	const char *id; /* E-101 */
	const char *tier; /* everyone, executive, … */
	bool planned; /* named in the catalogue, not yet written */
	struct bilingual title, summary;
	const struct module *modules; /* in order */
	size_t n_modules;
	const char *exam; /* its id; NULL: none */
	const char *reviewed_on, *review_due; /* ISO dates, NULL if planned */
};

const struct course *content_courses(const struct content *c, size_t *n);
/* NULL when there is none. */
const struct course *content_course(const struct content *c, const char *id);
const struct module *content_module(const struct course *co, int number);

/*
 * Whether somebody can complete it: it is written, and so are all its
 * modules.
 */
bool content_course_is_whole(const struct course *co);

/* Minutes of the modules that are written. */
int content_course_minutes(const struct course *co);

struct heading {
	const char *anchor, *text;
	int level;
};

/* A module's text and its headings, from the arena. */
MUST_USE enum err content_module_text(const struct content *c,
    const char *course, int module, enum lang lang, struct arena *a,
    struct safe_html *html, const struct heading **headings, size_t *n);

/* ------------------------------------------------------------- questions */

enum question_type { QUESTION_SINGLE, QUESTION_MULTIPLE };

struct choice {
	struct bilingual text;
	bool right;
};

struct question {
	const char *id;
	enum question_type type;
	const char *objective;
	int module;
	struct bilingual text;
	const struct choice *choices; /* in the author's order */
	size_t n_choices;
	struct bilingual explanation;
};

/* The check of a module ("E-101/1"); ERR_NOT_FOUND if it has none. */
MUST_USE enum err content_check(const struct content *c, const char *course,
    int module, const struct question **out, size_t *n);

struct exam_draw {
	int module, questions;
};

struct exam {
	const char *id, *course;
	struct bilingual title;
	int minutes, attempts, wait_hours, pass; /* pass in percent */
	const struct exam_draw *draws;
	size_t n_draws;
	const struct question *bank;
	size_t n_bank;
};

const struct exam *content_exam(const struct content *c, const char *id);

/* ------------------------------------------------------------------ labs */

struct lab_check {
	const char *id; /* c1 */
	int points;
	struct bilingual text;
};

struct lab_message {
	const char *key;
	struct bilingual text;
};

struct lab_hint {
	const char *id;
	int cost;
	struct bilingual text;
};

struct lab_file_spec {
	const char *path;
	int max_kb; /* of a file handed in; 0 for artefacts */
	struct bilingual text;
};

/* `solve ID` leaves a part of the solution: what it must score, for a proof. */
struct lab_partial {
	const char *id;
	int points;
};

/*
 * A lab whose learners hand in a program: the limits of the box in which it
 * is run. seconds 0: nothing handed in is run.
 */
struct lab_trial {
	int seconds, memory_mb, processes, output_kb, files;
};

struct lab {
	const char *id; /* L02 */
	struct bilingual title, summary;
	int minutes, pass, version;
	const char *const *scope, *const *csf, *const *roles;
	size_t n_scope, n_csf, n_roles;
	const struct level_of *levels;
	size_t n_levels;
	int limit_seconds, limit_memory_mb, limit_output_kb, limit_files;
	const struct lab_file_spec *artefacts, *collect;
	size_t n_artefacts, n_collect;
	const struct lab_check *checks;
	size_t n_checks;
	const struct lab_message *messages;
	size_t n_messages;
	const struct lab_hint *hints;
	size_t n_hints;
	const struct lab_partial *partial;
	size_t n_partial;
	/* programs that its boxes must have; without one it is not offered */
	const char *const *needs;
	size_t n_needs;
	struct lab_trial trial;
};

const struct lab *content_labs(const struct content *c, size_t *n);
const struct lab *content_lab(const struct content *c, const char *id);
MUST_USE enum err content_lab_task(const struct content *c, const char *lab,
    enum lang lang, struct arena *a, struct safe_html *html);

/*
 * The worked solution: for those who passed the lab or gave it up.
 * ERR_NOT_FOUND: no such lab, or it was published before there were any.
 */
MUST_USE enum err content_lab_solution(const struct content *c, const char *lab,
    enum lang lang, struct arena *a, struct safe_html *html);

/* Writes the lab's scripts (setup, check, solve, *.py) below a directory. */
MUST_USE enum err
content_lab_scripts(const struct content *c, const char *lab, const char *dir);

/* Only what the trial needs: no truth, no checker, no solution. */
MUST_USE enum err
content_lab_trial(const struct content *c, const char *lab, const char *dir);

/* ------------------------------------------------------------- framework */

struct named {
	const char *id;
	struct bilingual text;
};

struct competency {
	const char *id;
	struct bilingual text;
	const char *const *csf;
	size_t n_csf;
};

struct work_role {
	const char *id, *tier;
	struct bilingual text;
	const struct level_of *targets;
	size_t n_targets;
};

struct programme {
	const char *id, *tier;
	struct bilingual text;
	const char *const *courses;
	size_t n_courses;
};

struct framework {
	const struct named *tiers, *policy, *scope, *csf, *levels, *categories;
	size_t n_tiers, n_policy, n_scope, n_csf, n_levels, n_categories;
	const struct named *size_bands; /* id "1".."5" */
	size_t n_size_bands;
	const struct competency *competencies;
	size_t n_competencies;
	const struct work_role *roles;
	size_t n_roles;
	const struct programme *programmes;
	size_t n_programmes;
	/* career edges */
	const struct edge {
		const char *from, *to;
		struct bilingual text;
	} * edges;
	size_t n_edges;
};

const struct framework *content_framework(const struct content *c);
const struct work_role *content_role(const struct content *c, const char *id);
const struct programme *
content_programme(const struct content *c, const char *id);
const struct named *
content_named_in(const struct named *list, size_t n, const char *id);

/* ---------------------------------------------------------------- search */

struct search_hit {
	const char *course;
	int module;
	struct bilingual title;
	struct safe_html excerpt; /* escaped, the words in <mark> */
};

#define SEARCH_QUERY_CHARS_MAX 100
#define SEARCH_HITS_MAX 50

/*
 * Modules that hold all words of the query, best first. Japanese words of two
 * characters are found (bigrams), one character at any place; Latin words by
 * whole words without case. Nothing in a query is an operator. ERR_INVALID:
 * longer than SEARCH_QUERY_CHARS_MAX, or no UTF-8.
 */
MUST_USE enum err content_search(const struct content *c, const char *query,
    enum lang lang, struct arena *a, struct search_hit **out, size_t *n);

#endif
