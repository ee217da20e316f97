/* The pages of people/: what their templates are given. */
#ifndef PEOPLE_PEOPLE_PAGES_H
#define PEOPLE_PEOPLE_PAGES_H

#include "http/page.h"
#include "http/template.h"
#include "people/person.h"
#include "people/roster.h"

struct sign_in_page {
	struct page page;
	const char *identifier; /* as typed, kept */
	const char *error; /* a sentence; NULL: none */
	struct url post, forgot;
	const char *return_to;
};

struct forgot_page {
	struct page page;
	bool sent;
	struct url post, sign_in;
};

struct link_page {
	struct page page;
	const char *name;
	const char *error;
	struct url post;
};

struct account_page {
	struct page page;
	const char *name, *organisation, *work_role;
	const char *error; /* of the password form */
	struct url password_post, language_post;
	bool japanese;
};

struct roster_row {
	const char *number, *name, *kana, *department, *role, *line_manager;
	struct url end; /* ends the membership */
};

struct roster_list_page {
	struct page page;
	const char *words;
	struct url search, import, csv;
	const struct roster_row *rows;
	size_t n_rows;
	int64_t total, first, last;
	bool has_previous, has_next;
	struct url previous, next;
};

struct roster_wrong_row {
	int64_t line;
	const char *column, *cell, *reason;
};

struct roster_wrong_list {
	const char *caption;
	struct roster_wrong_row *rows;
	size_t n;
};

struct roster_import_page {
	struct page page;
	struct url post, sample;
	const char *error; /* why the file as a whole was refused */
	const struct roster_report *report; /* NULL before an import */
	struct roster_wrong_list refused, in_part;
	const struct roster_role {
		const char *id;
		const char *text;
	} * roles;
	size_t n_roles;
};

struct end_page {
	struct page page;
	const char *name, *number;
	struct url post;
};

struct outbox_row {
	const char *at, *to, *subject, *body;
};

struct outbox_page {
	struct page page;
	const struct outbox_row *rows;
	size_t n_rows;
};

#endif
