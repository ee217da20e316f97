/* The pages of assess/: what their templates are given. */
#ifndef ASSESS_ASSESS_PAGES_H
#define ASSESS_ASSESS_PAGES_H

#include "assess/assess.h"
#include "http/page.h"
#include "http/template.h"

struct past_attempt {
	struct url to;
	const char *at, *score;
	bool passed;
};

struct exam_about_page {
	struct page page;
	enum exam_gate gate;
	int questions, minutes, pass, attempts, wait_hours;
	int64_t left; /* attempts that are left */
	const char *opens_at; /* with EXAM_WAIT */
	struct url start, course, running, passed;
	const char *course_title;
	struct past_attempt *past;
	size_t n_past;
};

struct shown_choice {
	size_t position;
	const char *text;
	bool chosen, right;
};

struct shown_question {
	size_t place; /* in the form, from 0 */
	size_t number; /* for people, from 1 */
	const char *name; /* of its inputs: "q0" */
	const char *text;
	bool multiple, answered;
	bool missing; /* handed in without an answer to it */
	struct shown_choice *choices;
	size_t n_choices;
	/* after the end */
	const char *points, *explanation;
	bool full, none;
};

struct exam_page {
	struct page page;
	struct url submit, review, save, answers;
	struct shown_question *questions;
	size_t n_questions;
	int64_t now, deadline;
	const char *deadline_text;
	/* texts that exam.js shows; it holds none itself */
	const char *saving, *saved, *unsaved, *left, *minutes_left, *leave;
	bool ended; /* the time is over, the result is on its way */
};

struct review_page {
	struct page page;
	struct url submit, back;
	size_t answered, unanswered, all;
	const char *deadline_text;
	struct shown_question *questions;
	struct url *question_urls;
	size_t n_questions;
};

struct check_page {
	struct page page;
	struct url post;
	int64_t draw;
	struct shown_question *questions;
	size_t n_questions;
};

struct result_page {
	struct page page;
	bool exam, passed, by_server;
	const char *score, *pass_mark, *at;
	struct url next; /* passed: what comes next; failed: try again */
	const char *next_text;
	struct shown_question *questions;
	size_t n_questions;
	const char *revision;
};

#endif
